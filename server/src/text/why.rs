//! Reasons that the graph gives in English sentences, as messages in the reader's language. Pure.
//!
//! Contract: the API's words are the graph's; here each of its sentences is found again with its figures. One that is not known
//! stays English and is marked so, so that nothing is ever left out.

use discover_model::Language;

use super::say;
use crate::i18n::{Arg, Msg, msg};
use crate::shapes::Reason;

/// Why a topic stands in a list, or does not.
pub(crate) fn in_list(because: &str) -> Msg {
    let known = if let Some(why) = because.strip_prefix("not here, because ") {
        reason(why).map(|why| msg!("why-not-here", why = why))
    } else if let Some(why) = because.strip_prefix("not yet, because ") {
        reason(why).map(|why| msg!("why-not-yet", why = why))
    } else {
        reason(because)
    };
    known.unwrap_or_else(|| Msg::English(because.to_owned()))
}

/// What stands in the gaps of `pattern` in `text`.
fn gaps<'t, const N: usize>(text: &'t str, pattern: &str) -> Option<[&'t str; N]> {
    let mut found = [""; N];
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    for (at, part) in parts.enumerate() {
        let end = if part.is_empty() {
            rest.len()
        } else {
            rest.find(part)?
        };
        *found.get_mut(at)? = &rest[..end];
        rest = &rest[end + part.len()..];
    }
    rest.is_empty().then_some(found)
}

/// `12 weeks`: a number with its noun.
fn counted(text: &str) -> Option<Msg> {
    let (number, noun) = text.split_once(' ')?;
    let whole = number.parse::<u64>().ok();
    Some(match (noun.trim_end_matches('s'), whole) {
        ("day", Some(count)) => say::days(count),
        ("week", Some(count)) => say::weeks(count),
        ("network", Some(count)) => say::networks(count),
        ("conversation", Some(count)) => say::conversations(count),
        ("conversation", None) if number.parse::<f64>().is_ok() => {
            msg!("why-conversations", count = number)
        }
        _ => return None,
    })
}

fn figures(text: &str) -> Option<Msg> {
    let [lately, before, _] = gaps(
        text,
        "{} of the last 7 days, {} a week in the {} weeks before, the network that grew most left out",
    )?;
    Some(msg!(
        "why-figures",
        lately = counted(lately)?,
        before = before
    ))
}

fn sized(text: &str) -> Option<Msg> {
    let [rate, below] = gaps(
        text,
        "{} a week, the busiest network left out, and small is below {} here",
    )?;
    Some(msg!("why-sized", rate = counted(rate)?, below = below))
}

/// The sentences of `discover_graph`'s lists.
fn reason(text: &str) -> Option<Msg> {
    Some(match text {
        "nobody knows when it began: none of its posts has a date" => msg!("why-undated"),
        "there is no more talk of the last days, in several networks, than of the last months" => {
            msg!("why-no-growth")
        }
        _ => {
            return growth(text).or_else(|| lasting(text)).or_else(|| {
                let [list] = gaps(text, "it stands under {}, which comes first")?;
                let list = match list {
                    "emerging" => msg!("why-list-emerging"),
                    "enduring" => msg!("why-list-enduring"),
                    "quiet" => msg!("why-list-quiet"),
                    _ => return None,
                };
                Some(msg!("why-elsewhere", list = list))
            });
        }
    })
}

fn growth(text: &str) -> Option<Msg> {
    if let Some([age, most]) = gaps(
        text,
        "it began {} ago, and this list is for what is at most {} old",
    ) {
        return Some(msg!(
            "why-began",
            age = counted(age)?,
            most = counted(most)?
        ));
    }
    if let Some([age, misses, rest]) = gaps(text, "it is {} old, and has not risen {}: {}") {
        let (age, figures) = (counted(age)?, figures(rest)?);
        return match misses {
            "threefold" => Some(msg!("why-not-threefold", age = age, figures = figures)),
            "by 3 conversations a week" => {
                Some(msg!("why-not-by-three", age = age, figures = figures))
            }
            "in two networks" => Some(msg!("why-not-in-two", age = age, figures = figures)),
            _ => None,
        };
    }
    if let Some([times, rest]) = gaps(text, "{} times as much: {}") {
        return Some(msg!(
            "why-times-as-much",
            times = times,
            figures = figures(rest)?
        ));
    }
    let [rest] = gaps(text, "it came back: {}")?;
    Some(msg!("why-came-back", figures = figures(rest)?))
}

fn lasting(text: &str) -> Option<Msg> {
    if let Some([spoken, begins]) = gaps(text, "it was spoken of in {}, and this list begins at {}")
    {
        return Some(msg!(
            "why-weeks-few",
            spoken = counted(spoken)?,
            begins = begins
        ));
    }
    if let Some([recent, of, asks]) = gaps(
        text,
        "it was spoken of in {} of the last {} weeks, and this list asks for {}",
    ) {
        return Some(msg!(
            "why-weeks-lately",
            recent = recent,
            of = of,
            asks = asks
        ));
    }
    if let Some([size]) = gaps(text, "it is small: {}") {
        return Some(msg!("why-small", sized = sized(size)?));
    }
    if let Some([size]) = gaps(text, "it is not small: {}") {
        return Some(msg!("why-not-small", sized = sized(size)?));
    }
    if let Some([weeks, recent, of, stays, networks]) = gaps(
        text,
        "spoken of in {}, {} of the last {}, and in {} weeks or more at {}",
    ) {
        return Some(msg!(
            "why-enduring",
            weeks = counted(weeks)?,
            recent = recent,
            of = of,
            stays = stays,
            networks = counted(networks)?,
        ));
    }
    if let Some([age, stays, networks, size]) = gaps(
        text,
        "small for {}, and spoken of in {} weeks or more at {}: {}",
    ) {
        let age = if age == "months" {
            msg!("why-months")
        } else {
            counted(age)?
        };
        return Some(msg!(
            "why-quiet-for",
            age = age,
            stays = stays,
            networks = counted(networks)?,
            sized = sized(size)?,
        ));
    }
    if let Some([age, begins]) = gaps(text, "it is {} old, and this list begins at {} weeks") {
        return Some(msg!("why-too-young", age = counted(age)?, begins = begins));
    }
    let [networks, stays, asks] = gaps(
        text,
        "{} spoke of it in {} weeks or more, and this list asks for {}",
    )?;
    let networks = match networks {
        "no network" => msg!("why-no-network"),
        some => counted(some)?,
    };
    Some(msg!(
        "why-few-stay",
        networks = networks,
        stays = stays,
        asks = asks
    ))
}

/// Why two conversations, or two topics, are linked.
pub(crate) fn related(reason: &Reason) -> Msg {
    match (reason.kind.as_str(), reason.day) {
        ("same_event", Some(day)) => msg!("reason-event", day = day),
        _ => linked(&reason.words),
    }
}

/// The same of a reason's words alone.
pub(crate) fn linked(words: &str) -> Msg {
    let known = match words {
        "both link to the same page" => Some(msg!("reason-same-page")),
        "nearly the same text" => Some(msg!("reason-near-copy")),
        "one links to the other" => Some(msg!("reason-quote")),
        "say much the same (found by a machine)" => Some(msg!("reason-meaning")),
        _ => terms(words).or_else(|| between_languages(words)),
    };
    known.unwrap_or_else(|| Msg::English(words.to_owned()))
}

/// Several, as one sentence.
pub(crate) fn all_linked<'a>(reasons: impl IntoIterator<Item = &'a Reason>) -> Option<Msg> {
    let mut reasons = reasons.into_iter().map(related);
    let first = reasons.next()?;
    Some(
        reasons
            .fold(first, |said, more| {
                msg!("reason-and-reason", said = said, more = more)
            })
            .sentence(),
    )
}

fn terms(words: &str) -> Option<Msg> {
    if let Some([day]) = gaps(words, "both speak of the same thing around {}") {
        let day: jiff::civil::Date = day.parse().ok()?;
        return Some(msg!("reason-event", day = day));
    }
    let [terms] = gaps(words, "both speak of {}")?;
    Some(msg!(
        "reason-terms",
        terms = Arg::Foreign(terms.to_owned(), None)
    ))
}

fn between_languages(words: &str) -> Option<Msg> {
    let [one, other] = gaps(
        words,
        "say much the same, in {} and {} (found by a machine)",
    )?;
    let named = |name: &str| {
        let language = languages().find(|language| language.english_name() == name)?;
        Some(Arg::Foreign(language.endonym().to_owned(), Some(language)))
    };
    Some(msg!(
        "reason-languages",
        one = named(one)?,
        other = named(other)?
    ))
}

/// Every language with a code of two letters.
fn languages() -> impl Iterator<Item = Language> {
    let pairs = ('a'..='z').flat_map(|one| ('a'..='z').map(move |other| format!("{one}{other}")));
    pairs.filter_map(|tag| Language::from_tag(&tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    const FIGURES: &str = "7 conversations of the last 7 days, 1.5 a week in the 12 weeks before, the network that grew most left out";
    const SIZED: &str =
        "1.5 conversations a week, the busiest network left out, and small is below 2 here";

    /// One of each sentence that `graph/src/publication/lists.rs` makes.
    fn sentences() -> Vec<String> {
        let mut all = vec![
            "not here, because nobody knows when it began: none of its posts has a date".to_owned(),
            "not here, because there is no more talk of the last days, in several networks, than of the last months".to_owned(),
            "it began 1 day ago, and this list is for what is at most 30 days old".to_owned(),
            format!("6 times as much: {FIGURES}"),
            format!("it came back: {FIGURES}"),
            "not yet, because it was spoken of in 7 weeks, and this list begins at 12".to_owned(),
            "not here, because it was spoken of in 2 of the last 12 weeks, and this list asks for 6".to_owned(),
            format!("not here, because it is small: {SIZED}"),
            format!("not here, because it is not small: {SIZED}"),
            "spoken of in 14 weeks, 9 of the last 12, and in 3 weeks or more at 4 networks".to_owned(),
            format!("small for 20 weeks, and spoken of in 3 weeks or more at 3 networks: {SIZED}"),
            format!("small for months, and spoken of in 3 weeks or more at 3 networks: {SIZED}"),
            "not yet, because it is 13 days old, and this list begins at 12 weeks".to_owned(),
            "not here, because no network spoke of it in 3 weeks or more, and this list asks for 3".to_owned(),
            "not here, because 2 networks spoke of it in 3 weeks or more, and this list asks for 3".to_owned(),
            "not here, because it stands under emerging, which comes first".to_owned(),
        ];
        for misses in ["threefold", "by 3 conversations a week", "in two networks"] {
            all.push(format!(
                "not here, because it is 40 days old, and has not risen {misses}: {FIGURES}"
            ));
        }
        all
    }

    #[test]
    fn every_sentence_of_the_graph_is_said_in_every_language_with_its_figures() {
        for sentence in sentences() {
            let said = in_list(&sentence);
            assert!(matches!(said, Msg::Key { .. }), "{sentence}");
            let digits = |text: &str| {
                let mut digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
                digits.sort_unstable();
                digits
            };
            assert_eq!(said.html(Locale::English), sentence);
            for locale in [Locale::Welsh, Locale::Urdu] {
                let html = said.html(locale);
                assert!(!html.contains("lang=\"en\""), "{html}");
                assert!(digits(&html).len() + 2 >= digits(&sentence).len(), "{html}");
            }
        }
        for words in [
            "both link to the same page",
            "nearly the same text",
            "one links to the other",
            "both speak of blood tests, walk-in",
            "both speak of the same thing around 2026-11-20",
            "say much the same (found by a machine)",
            "say much the same, in English and Welsh (found by a machine)",
        ] {
            assert!(matches!(linked(words), Msg::Key { .. }), "{words}");
        }
        let unknown = in_list("a new reason").html(Locale::Welsh);
        assert_eq!(unknown, "<span lang=\"en\">a new reason</span>");
    }
}
