use discover_model::{SourceKind, TopicId, Visibility};
use jiff::civil::date;

use super::support::{Home, conversation, home, id, language, network, post};
use crate::query::QueryErrorCode;
use crate::{Interval, Matched, Matching, SearchError, SearchRequest, Sort};

fn forum() -> Home {
    let mut tests = conversation(
        1,
        "Walk-in blood tests stopped",
        "The surgery now wants you to book.",
    );
    post(
        &mut tests,
        date(2026, 11, 9),
        "Phlebotomy closed its doors to drop-ins.",
    );
    post(
        &mut tests,
        date(2026, 11, 10),
        "Same here, the hospital as well.",
    );
    let parking = conversation(
        2,
        "Parking at the hospital",
        "Blood pressure rises while you test the meter.",
    );
    let mut two = conversation(
        3,
        "Phlebotomist training",
        "Booking a test course for blood work.",
    );
    two.network = network(2);
    two.kind = SourceKind::Mastodon;
    let mut welsh = conversation(4, "Profion gwaed", "Mae'r profion gwaed wedi dod i ben.");
    welsh.language = Some(language("cy"));
    home(&[tests, parking, two, welsh])
}

#[test]
fn every_part_of_the_query_language_finds_what_it_should() {
    let forum = forum();
    let cases: [(&str, &[u128]); 25] = [
        ("", &[1, 2, 3, 4]),
        ("blood", &[1, 2, 3]),
        ("Bloods", &[1, 2, 3]),
        ("tests book", &[1, 3]),
        ("walk-in", &[1]),
        ("phlebotomy hospital", &[1]),
        ("\"blood tests\"", &[1]),
        ("\"blood test\"", &[]),
        ("\"blood meter\"~7", &[2]),
        ("phleb*", &[1, 3]),
        ("-blood", &[4]),
        ("-blood -gwaed", &[]),
        ("parking OR phlebotomist", &[2, 3]),
        ("(parking OR phlebotomist) -meter", &[3]),
        ("blood OR -test", &[1, 2, 3, 4]),
        ("network:one blood", &[1, 2]),
        ("-network:one", &[3]),
        ("kind:mastodon", &[3]),
        ("lang:cy", &[4]),
        ("topic:aaaaaaaaaaaaaaaaaaaaaaaaae", &[]),
        ("after:2026-11-02", &[1]),
        ("after:2026-11-02 before:2026-11-09", &[]),
        ("before:2026-11-09", &[1, 2, 3, 4]),
        ("last:13d", &[1]),
        ("!!! blood ???", &[1, 2, 3]),
    ];
    for (q, wanted) in cases {
        let request = SearchRequest {
            q: q.into(),
            matching: Matching::All,
            ..SearchRequest::default()
        };
        let answer = forum.ask(&request, &Visibility::default()).expect(q);
        let mut found: Vec<u128> = answer.hits.iter().map(|hit| hit.id.as_u128()).collect();
        found.sort_unstable();
        assert_eq!(found, wanted, "{q:?}");
        assert_eq!(answer.total, wanted.len() as u64, "{q:?}");
    }
    let topic = TopicId::from_u128(5);
    assert_eq!(forum.all(&format!("topic:{topic}")), [1, 3]);
    assert_eq!(forum.all(&format!("-topic:{topic}")), [2, 4]);
}

#[test]
fn words_that_nothing_holds_together_are_loosened_and_the_answer_says_so() {
    let forum = forum();
    let two = forum.answer("parking gwaed");
    assert_eq!(two.matched, Matched::Any { of: 2 });
    assert_eq!(two.total, 2);
    let long = forum.answer("why was the phlebotomy department training cancelled");
    assert!(matches!(
        long.matched,
        Matched::Most { .. } | Matched::Any { .. }
    ));
    assert!(long.total > 0);
    assert_eq!(forum.answer("phlebotomy hospital").matched, Matched::All);
    let strict = SearchRequest {
        q: "parking gwaed".into(),
        matching: Matching::All,
        ..SearchRequest::default()
    };
    let strict = forum.ask(&strict, &Visibility::default()).expect("answer");
    assert_eq!((strict.total, strict.matched), (0, Matched::All));
    // What is not a plain word always holds.
    assert_eq!(forum.answer("parking gwaed -meter").total, 1);
    assert_eq!(forum.answer("parking gwaed lang:cy").total, 1);
}

#[test]
fn titles_count_more_than_openings_and_words_together_more_than_apart() {
    let home = home(&[
        conversation(
            1,
            "Something else",
            "A long line about dentists and waiting.",
        ),
        conversation(2, "Dentists", "A long line about something and waiting."),
        conversation(
            3,
            "Ward notes",
            "waiting is long when the list of the ward was lost",
        ),
        conversation(
            4,
            "Ward notes",
            "the waiting list is lost when the ward was long of",
        ),
    ]);
    assert_eq!(home.found("dentists"), [2, 1]);
    assert_eq!(home.found("waiting list"), [4, 3]);
}

#[test]
fn facets_and_timeline_count_conversations_with_the_networks_and_voices_behind_them() {
    let forum = forum();
    let request = SearchRequest {
        interval: Interval::Week,
        ..SearchRequest::default()
    };
    let answer = forum.ask(&request, &Visibility::default()).expect("answer");
    let networks: Vec<_> = answer
        .facets
        .network
        .iter()
        .map(|f| (f.value, f.count, f.voices))
        .collect();
    assert_eq!(networks, [(network(1), 3, 5), (network(2), 1, 1)]);
    let english = answer.facets.language[0];
    assert_eq!(
        (
            english.value.as_str(),
            english.count,
            english.networks,
            english.voices
        ),
        ("en", 3, 2, 5)
    );
    assert_eq!(answer.facets.kind[0].value, SourceKind::Discourse);
    let topic = answer.facets.topic[0];
    assert_eq!(
        (topic.value, topic.count, topic.networks),
        (TopicId::from_u128(5), 2, 2)
    );
    let weeks: Vec<_> = answer
        .timeline
        .buckets
        .iter()
        .map(|b| (b.start, b.count))
        .collect();
    // 1 November 2026 is a Sunday; conversation 1 posts twice in the week of the 9th and counts once.
    assert_eq!(
        weeks,
        [
            (date(2026, 10, 26), 4),
            (date(2026, 11, 2), 0),
            (date(2026, 11, 9), 1)
        ]
    );
    let narrow = SearchRequest {
        after: Some(date(2026, 11, 9)),
        interval: Interval::Day,
        ..SearchRequest::default()
    };
    let answer = forum.ask(&narrow, &Visibility::default()).expect("answer");
    assert_eq!(answer.total, 1);
    let days: Vec<_> = answer
        .timeline
        .buckets
        .iter()
        .map(|b| (b.start, b.count))
        .collect();
    assert_eq!(days, [(date(2026, 11, 9), 1), (date(2026, 11, 10), 1)]);
}

#[test]
fn one_voice_in_many_conversations_is_one_voice() {
    let mut all: Vec<_> = (1..=9)
        .map(|n| conversation(n, "Same", "the same voice"))
        .collect();
    let voice = all[0].posts[0].voice;
    for conversation in &mut all {
        conversation.posts[0].voice = voice;
    }
    let facet = home(&all).answer("voice").facets.network[0];
    assert_eq!((facet.count, facet.voices), (9, 1));
}

#[test]
fn a_timeline_has_at_most_four_hundred_buckets() {
    let mut old = conversation(1, "Old", "words");
    post(&mut old, date(1995, 1, 1), "words");
    let request = SearchRequest {
        interval: Interval::Day,
        ..SearchRequest::default()
    };
    let answer = home(&[old])
        .ask(&request, &Visibility::default())
        .expect("answer");
    assert_eq!(answer.timeline.interval, Interval::Month);
    assert!(answer.timeline.buckets.len() <= 400);
    assert_eq!(
        answer.timeline.buckets.last().map(|b| b.start),
        Some(date(2026, 11, 1))
    );
}

#[test]
fn order_by_time_is_by_latest_and_by_first_post_and_without_words_newest_first() {
    let forum = forum();
    assert_eq!(forum.answer("").sort, Sort::Newest);
    assert_eq!(forum.found(""), [1, 2, 3, 4]);
    let mut old = conversation(9, "Old", "blood");
    old.started = Some("2020-01-01T00:00:00Z".parse().expect("a time"));
    forum.index.put(&old).expect("put");
    forum.index.commit(2).expect("commit");
    let request = SearchRequest {
        q: "blood".into(),
        sort: Sort::Oldest,
        ..SearchRequest::default()
    };
    let answer = forum.ask(&request, &Visibility::default()).expect("answer");
    assert_eq!(answer.hits[0].id, id(9));
}

#[test]
fn an_unknown_network_is_an_error_at_its_column_and_not_an_empty_answer() {
    let request = SearchRequest {
        q: "blood network:nowhere".into(),
        ..SearchRequest::default()
    };
    let error = forum()
        .ask(&request, &Visibility::default())
        .expect_err("no such network");
    let SearchError::Query(error) = error else {
        panic!("{error}");
    };
    assert_eq!((error.column, error.code), (15, QueryErrorCode::Syntax));
}

#[test]
fn a_hostile_query_is_bounded() {
    let many: Vec<_> = (1..=60)
        .map(|n| {
            conversation(
                n,
                "Words",
                &(0..50).map(|w| format!("aaa{n}x{w} ")).collect::<String>(),
            )
        })
        .collect();
    let home = home(&many);
    let prefixes = "aaa* ".repeat(32);
    assert_eq!(home.answer(&prefixes).total, home.answer("aaa*").total);
    assert!(home.answer("aaa*").total <= 50);
    let late = SearchRequest {
        deadline: std::time::Duration::ZERO,
        ..SearchRequest::default()
    };
    let error = home
        .ask(&late, &Visibility::default())
        .expect_err("no time");
    assert!(matches!(error, SearchError::TooSlow));
}

/// Words of a phrase that stand together nowhere are read to the end of their lists, which is where time runs out.
#[test]
fn a_phrase_that_time_does_not_allow_is_refused_and_never_answered_in_part() {
    let apart = format!("{} kestrel", "falcon heron ".repeat(60));
    let mut many: Vec<_> = (1..=1500)
        .map(|n| conversation(n, "Birds", &apart))
        .collect();
    many.push(conversation(1501, "Birds", "falcon kestrel"));
    let home = home(&many);
    let query = "\"falcon kestrel\" -sparrow";
    let truth = home.answer(query);
    assert_eq!(truth.total, 1, "the last one alone");
    let mut late = 0;
    let mut deadline = std::time::Duration::from_micros(50);
    loop {
        let request = SearchRequest {
            q: query.into(),
            deadline,
            ..SearchRequest::default()
        };
        match home.ask(&request, &Visibility::default()) {
            Err(SearchError::TooSlow) => late += 1,
            Err(other) => panic!("{deadline:?}: {other}"),
            Ok(answer) => {
                assert_eq!(answer.total, truth.total, "{deadline:?}");
                assert_eq!(answer.hits.len(), truth.hits.len(), "{deadline:?}");
                break;
            }
        }
        deadline = deadline * 5 / 4;
    }
    assert!(late > 0);
}

#[test]
fn what_has_no_known_date_comes_last_and_fits_no_condition_on_dates() {
    let mut undated = conversation(2, "Undated", "blood test");
    undated.started = None;
    undated.last_active = None;
    undated.posts[0].published = None;
    undated.posts[0].happened = None;
    let home = home(&[conversation(1, "Dated", "blood test"), undated]);
    for sort in [Sort::Newest, Sort::Oldest] {
        let request = SearchRequest {
            q: "blood".into(),
            sort,
            ..SearchRequest::default()
        };
        let answer = home
            .ask(&request, &Visibility::default())
            .expect("an answer");
        let found: Vec<u128> = answer.hits.iter().map(|hit| hit.id.as_u128()).collect();
        assert_eq!(found, [1, 2], "{sort:?}");
        assert_eq!(answer.timeline.undated, 1);
    }
    for asked in [
        "blood after:1990",
        "blood before:2100",
        "blood -after:2100",
        "blood -(after:2100 before:2101)",
        "blood last:99y",
    ] {
        assert_eq!(home.all(asked), [1], "{asked}");
    }
    assert_eq!(home.all("blood -pressure"), [1, 2]);
}
