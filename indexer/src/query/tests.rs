use jiff::civil::date;
use proptest::prelude::*;

use super::suggest::nearest;
use super::*;

fn word(text: &str) -> Node {
    Node::Word(text.into())
}

fn not(node: Node) -> Node {
    Node::Not(Box::new(node))
}

fn root(text: &str) -> Node {
    parse(text)
        .unwrap_or_else(|error| panic!("{text:?}: {error}"))
        .root
}

#[test]
fn dashes_alone_and_fields_cut_off_from_their_value_are_told_and_headings_are_words() {
    for (text, column) in [
        ("-", 1),
        ("  —", 3),
        ("-- ->", 1),
        ("network: leeds", 1),
        ("bus network: leeds", 5),
        ("network: leeds bus", 1),
        ("bus lang: cy", 5),
        ("last: 30d bus", 1),
        ("lang:", 1),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(error.column, column, "{text}");
    }
    for text in [
        "The bus network: what now?",
        "At last: a new hall",
        "before: and after",
        "a - b",
    ] {
        assert!(parse(text).is_ok(), "{text}");
    }
}

#[test]
fn queries_mean_what_they_say() {
    let phrase = |text: &str, slop| Node::Phrase {
        text: text.into(),
        slop,
        prefix: false,
    };
    let cases = [
        ("", Node::All),
        ("   ", Node::All),
        ("blood", word("blood")),
        ("blood test", Node::And(vec![word("blood"), word("test")])),
        (
            "blood AND test",
            Node::And(vec![Node::And(vec![word("blood"), word("test")])]),
        ),
        (
            "a OR b c",
            Node::Or(vec![word("a"), Node::And(vec![word("b"), word("c")])]),
        ),
        (
            "(a OR b) c",
            Node::And(vec![Node::Or(vec![word("a"), word("b")]), word("c")]),
        ),
        ("-cost", not(word("cost"))),
        ("NOT cost", not(word("cost"))),
        ("-(a b)", not(Node::And(vec![word("a"), word("b")]))),
        ("walk-in", word("walk-in")),
        ("this - that", Node::And(vec![word("this"), word("that")])),
        ("\"walk in\"", phrase("walk in", 0)),
        ("“walk in”~2", phrase("walk in", 2)),
        ("phleb*", Node::Prefix("phleb".into())),
        ("診療*", Node::Prefix("診療".into())),
        ("10:30", word("10:30")),
        ("https://example.org/x", word("https://example.org/x")),
        (
            "or and not",
            Node::And(vec![word("or"), word("and"), word("not")]),
        ),
        (
            "lang:pt-BR",
            Node::Field(Filter::Language("pt".parse().unwrap())),
        ),
        (
            "Kind:Mastodon",
            Node::Field(Filter::Kind(discover_model::SourceKind::Mastodon)),
        ),
        ("after:2026", Node::Field(Filter::After(date(2026, 1, 1)))),
        (
            "after:2026-09",
            Node::Field(Filter::After(date(2026, 9, 1))),
        ),
        (
            "before:2026-09-14",
            Node::Field(Filter::Before(date(2026, 9, 14))),
        ),
        (
            "last:12w",
            Node::Field(Filter::Last(Period {
                count: 12,
                unit: Unit::Week,
            })),
        ),
        (
            "network:leeds-carers",
            Node::Field(Filter::Network {
                slug: "leeds-carers".into(),
                column: 9,
            }),
        ),
        ("طبيب الأسنان", Node::And(vec![word("طبيب"), word("الأسنان")])),
    ];
    for (text, meaning) in cases {
        assert_eq!(root(text), meaning, "{text:?}");
    }
}

#[test]
fn errors_point_at_the_column_in_code_points() {
    use QueryErrorCode::{Syntax, TooLarge, UnknownField};
    let deep = format!("{}x{}", "(".repeat(9), ")".repeat(9));
    let dashes = format!("{}x", "-".repeat(9));
    let many = "x ".repeat(33);
    let long = "é".repeat(513);
    let cases: [(&str, usize, QueryErrorCode); 19] = [
        ("żółć \"open", 6, Syntax),
        ("(a", 1, Syntax),
        ("a)", 2, Syntax),
        ("a OR", 5, Syntax),
        ("OR a", 1, Syntax),
        ("a ()", 3, Syntax),
        ("ab*", 1, Syntax),
        ("*", 1, Syntax),
        ("\"a b\"~", 6, Syntax),
        ("\"a b\"~99", 6, Syntax),
        ("lang:12", 6, Syntax),
        ("x kind:forum", 8, Syntax),
        ("after:2026-13", 7, Syntax),
        ("last:5x", 6, Syntax),
        ("x netwrok:leeds", 3, UnknownField),
        (&deep, 9, TooLarge),
        (&dashes, 9, TooLarge),
        (&many, 65, TooLarge),
        (&long, 513, TooLarge),
    ];
    for (text, column, code) in cases {
        let error = parse(text).expect_err(text);
        assert_eq!(
            (error.column, error.code),
            (column, code),
            "{text:?}: {error}"
        );
    }
}

#[test]
fn every_condition_is_applied() {
    let begun = |text: &str| Node::Phrase {
        text: text.into(),
        slop: 0,
        prefix: true,
    };
    let cases = [
        ("clinic \u{200e}-private", "clinic -private"),
        ("\u{feff}clinic \u{200b}lang:en", "clinic lang:en"),
        ("clinic -\u{2060}private", "clinic -private"),
        ("clinic \u{200d}-private", "clinic -private"),
        ("\u{200c}lang:en clinic", "lang:en clinic"),
        ("clinic\u{a0}private", "clinic private"),
        ("clinic –private", "clinic -private"),
        ("clinic − private", "clinic private"),
        ("bread & butter", "bread butter"),
        ("comment faire ?", "comment faire"),
        ("import -> export", "import export"),
        ("tea or coffee", "tea OR coffee"),
        ("tea|coffee", "tea OR coffee"),
        ("tea | coffee", "tea OR coffee"),
        ("lang:en tea or coffee", "lang:en (tea OR coffee)"),
        ("clinic or -private", "clinic OR -private"),
        ("（tea or coffee） ＂ＧＰ＂", "(tea OR coffee) \"GP\""),
        ("test***", "test*"),
        ("cafe\u{301}", "café"),
    ];
    for (written, meant) in cases {
        assert_eq!(root(written), root(meant), "{written:?}");
    }
    assert_eq!(root("\"blood test*\""), begun("blood test"));
    assert_eq!(root("\"blood test\"*"), begun("blood test"));
    assert!(matches!(root("should I call or wait"), Node::And(words) if words.len() == 5));
    for emoji in ["🎉", "❤️", "-🎉", "\"❤️\""] {
        assert_ne!(root(emoji), Node::All, "{emoji}");
    }
    for refused in [
        "!!!",
        "???",
        "-!!!",
        "\"!!!\"",
        "clinic \"!!!\"",
        "clinic -&",
        "£",
        "clinic £",
        "*test",
        "te*t",
        "te?t",
        "\"blo*d test\"",
        "tea |",
    ] {
        assert!(parse(refused).is_err(), "{refused}");
    }
}

#[test]
fn a_limit_counts_characters_in_every_script() {
    for letter in ["a", "é", "ہ", "血", "🎉"] {
        assert!(parse(&letter.repeat(MAX_CHARS)).is_ok(), "{letter}");
        let error = parse(&letter.repeat(MAX_CHARS + 1)).expect_err(letter);
        assert_eq!(
            (error.code, error.column),
            (QueryErrorCode::TooLarge, MAX_CHARS + 1)
        );
    }
}

#[test]
fn a_mistyped_field_is_recognised() {
    let hint = |text: &str| parse(text).expect_err(text).hint;
    assert_eq!(hint("netwrok:x").as_deref(), Some("did you mean network:?"));
    assert_eq!(hint("langs:en").as_deref(), Some("did you mean lang:?"));
    assert_eq!(
        hint("kind:mastodn").as_deref(),
        Some("did you mean kind:mastodon?")
    );
    assert!(hint("author:bob").is_some_and(|hint| hint.starts_with("fields are")));
    assert_eq!(nearest("zzzzzz", &["lang", "kind"]), None);
}

#[test]
fn a_period_ends_today() {
    let start = |text: &str| match root(text) {
        Node::Field(Filter::Last(period)) => period.start(date(2026, 3, 31)),
        other => panic!("{other:?}"),
    };
    assert_eq!(start("last:1d"), date(2026, 3, 31));
    assert_eq!(start("last:7d"), date(2026, 3, 25));
    assert_eq!(start("last:1m"), date(2026, 3, 1));
    assert_eq!(start("last:1y"), date(2025, 4, 1));
    assert!(start("last:9999y").year() < 0);
}

fn any_query() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just("\"".to_owned()),
        Just("-".to_owned()),
        Just("OR".to_owned()),
        Just("*".to_owned()),
        Just("~3".to_owned()),
        Just("lang:en".to_owned()),
        Just("after:2026-01".to_owned()),
        Just("last:3d".to_owned()),
        "[a-c]{1,4}",
        "\\PC{0,6}",
    ];
    proptest::collection::vec(token, 0..40).prop_map(|tokens| tokens.join(" "))
}

proptest! {
    #[test]
    fn reading_never_panics_and_points_into_the_query(text in any_query()) {
        if let Err(error) = parse(&text) {
            prop_assert!(error.column >= 1 && error.column <= text.chars().count() + 1);
        }
    }

    #[test]
    fn reading_never_panics_on_any_text(text in "\\PC{0,200}") {
        let _ = parse(&text);
    }
}
