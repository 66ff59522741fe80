//! A brief in words: what its page and its Markdown both say.

use discover_model::Language;

use crate::i18n::{Msg, msg};
use crate::pages::search::widened;
use crate::shapes::{Brief, BriefWarning, Bucket, GapReason, NetworkRef, NotComparable};
use crate::text::inline::Text;
use crate::text::{coordinated, say, words};

/// Names in one sentence at most.
const NAMED: usize = 7;
/// Signs of a heading and of a title below it, so that a page stays a page.
const HEADING: usize = 100;
const TITLE: usize = 140;

/// What a brief says besides numbers in pictures and other people's words.
#[derive(Debug)]
pub(super) struct Sentences {
    pub(super) heading: Text,
    pub(super) headline: Option<Text>,
    pub(super) lead: String,
    /// What is counted, and how many.
    pub(super) figures: Vec<(Msg, String)>,
    pub(super) mentions: Names,
    pub(super) could: Names,
    pub(super) unknown: Names,
    pub(super) sure: Vec<String>,
    pub(super) left_out: Vec<String>,
    pub(super) check: Vec<String>,
}

/// Some names, each with a remark, and how many more there are.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) named: Vec<(Text, String)>,
    pub(super) more: Option<String>,
    pub(super) left: u64,
}

impl Names {
    fn new(all: impl ExactSizeIterator<Item = (Text, String)>) -> Self {
        let left = all.len().saturating_sub(NAMED) as u64;
        Self {
            named: all.take(NAMED).collect(),
            more: (left > 0).then(|| words::of(left, "more", "more")),
            left,
        }
    }

    fn of(networks: &[NetworkRef]) -> Self {
        let networks = networks.iter();
        Self::new(networks.map(|network| (Text::unknown(&network.name), String::new())))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.named.is_empty()
    }
}

impl Sentences {
    pub(super) fn new(brief: &Brief) -> Self {
        let heading = if brief.topic.is_some() {
            crate::pages::view::label(&brief.label, &brief.labels)
        } else if brief.label.is_empty() {
            Text::new("Conversations", Some(Language::ENGLISH))
        } else {
            Text::unknown(format!("Conversations found with “{}”", brief.label))
        };
        Self {
            heading: shortened(heading, HEADING),
            headline: headline(brief),
            lead: lead(brief),
            figures: figures(brief),
            mentions: Names::of(&brief.mentions),
            could: Names::of(&brief.could),
            unknown: Names::new(
                brief
                    .not_comparable
                    .iter()
                    .map(|one| (Text::unknown(&one.name), why_unknown(one))),
            ),
            sure: sure(brief),
            left_out: left_out(brief),
            check: check(brief),
        }
    }
}

fn shortened(text: Text, most: usize) -> Text {
    if text.text.chars().count() <= most {
        return text;
    }
    let cut: String = text.text.chars().take(most - 1).collect();
    Text::new(format!("{}…", cut.trim_end()), text.language)
}

fn headline(brief: &Brief) -> Option<Text> {
    let title = brief.headline.as_deref()?;
    let mut quotes = brief.quotes.iter();
    let language = quotes
        .find(|quote| quote.title.trim() == title)
        .and_then(|quote| quote.language);
    Some(shortened(Text::new(title, language), TITLE))
}

fn lead(brief: &Brief) -> String {
    let mut lead = format!(
        "{} at {} of {}",
        words::some_of(brief.once(), "conversation", "conversations"),
        words::exact(brief.networks.len() as u64),
        words::networks(brief.looked_at)
    );
    let languages = brief.languages.len() as u64;
    if languages > 1 {
        lead = format!(
            "{lead} in {}",
            words::of(languages, "language", "languages")
        );
    }
    let lead = match brief.topic.and(brief.since) {
        Some(since) => format!("Since {}: {lead}", words::day(since)),
        None => format!("Active {}: {lead}", words::when(brief.since, brief.before)),
    };
    match lately(brief) {
        (0, _) => format!("{lead}."),
        (active, when) => format!("{lead}; {} of them {when}.", words::exact(active)),
    }
}

/// Conversations that are active now, and since when: of a search those of the bucket that is this week's.
fn lately(brief: &Brief) -> (u64, Msg) {
    if let Some(active) = brief.last_7_days {
        return (active, msg!("brief-lately"));
    }
    let last = brief.timeline.buckets.last();
    let same = |start| brief.weeks.last() == Some(&start);
    let active = last
        .filter(|bucket| same(bucket.start))
        .map_or(0, Bucket::once);
    (active, msg!("brief-since-monday"))
}

fn figures(brief: &Brief) -> Vec<(Msg, String)> {
    let (active, when) = lately(brief);
    let mut figures = vec![
        (msg!("brief-conversations"), words::exact(brief.once())),
        (
            msg!("brief-of-speak", networks = say::networks(brief.looked_at)),
            words::exact(brief.networks.len() as u64),
        ),
        (when, words::exact(active)),
    ];
    if let Some(voices) = brief.voices {
        figures.push((msg!("brief-voices"), words::about(voices)));
    }
    if let Some(chance) = brief.warning.as_ref().and_then(|one| one.chance) {
        figures.push((msg!("brief-odds"), say::odds(chance).to_string()));
    } else {
        figures.push((
            msg!("brief-languages"),
            words::exact(brief.languages.len() as u64),
        ));
    }
    figures
}

fn why_unknown(one: &NotComparable) -> String {
    if one.languages.is_empty() {
        return "no posts lately".to_owned();
    }
    let names: Vec<&str> = one.languages.iter().map(Language::english_name).collect();
    words::list(&names)
}

fn sure(brief: &Brief) -> Vec<String> {
    let mut sure = Vec::new();
    sure.extend(coordinated::sentence(brief.coordinated.as_ref()));
    sure.push(match &brief.warning {
        None => "No odds are given of a search: they are measured of topics alone.".to_owned(),
        Some(warning) => odds(warning),
    });
    sure.extend(brief.warning.as_ref().and_then(measured));
    sure.push(
        "Those who write in public, at networks that asked to be found, are not everybody."
            .to_owned(),
    );
    sure
}

fn odds(warning: &BriefWarning) -> String {
    if warning.tests == 0 {
        return "There is too little history to warn of anything, or to give odds.".to_owned();
    }
    let Some(chance) = warning.chance else {
        return format!(
            "No early warning is raised of it; {} tested.",
            words::of(warning.tests, "topic was", "topics were")
        );
    };
    let networks = warning.networks;
    format!(
        "{} {} of it more in the last {} days than {} used to in the {} before. The odds of that in an ordinary week: {}. About 1 such warning in {:.0} is expected to be false.",
        words::sentence(&words::networks(networks)),
        words::noun(networks, "speaks", "speak"),
        warning.days,
        words::noun(networks, "it is", "each is"),
        warning.compared_with,
        say::odds(chance),
        1.0 / warning.false_share
    )
}

fn measured(warning: &BriefWarning) -> Option<String> {
    let measured = warning.false_alarms?;
    let raised = words::some_of(measured.raised, "false warning", "false warnings");
    Some(format!(
        "Run over {} without a common wave, the rule raised {raised} in {}.",
        words::of(measured.days, "past day", "past days"),
        words::of(measured.tests, "test", "tests")
    ))
}

fn left_out(brief: &Brief) -> Vec<String> {
    let widened = brief.left_out.matched.and_then(widened);
    let mut left_out: Vec<String> = widened.iter().map(Msg::to_string).collect();
    match brief.left_out.near_copies {
        0 => {}
        copies => left_out.push(format!(
            "{} nearly the same as another one, and not counted again.",
            words::sentence(&words::of(
                copies,
                "more conversation is",
                "more conversations are"
            ))
        )),
    }
    if brief.left_out.undated > 0 {
        left_out.push(format!(
            "{} no known date and {} in no week.",
            words::sentence(&words::of(
                brief.left_out.undated,
                "conversation has",
                "conversations have"
            )),
            words::noun(brief.left_out.undated, "stands", "stand")
        ));
    }
    left_out.extend(gaps(brief));
    left_out.push(
        "Places that did not ask to be found, and what is not public, are not looked at."
            .to_owned(),
    );
    left_out
}

/// In how many weeks something is missing of how many networks, and how many joined within them.
fn gaps(brief: &Brief) -> Vec<String> {
    let before = brief.baseline.as_ref().map(|before| &before.timeline);
    let buckets = || {
        let all = before.into_iter().chain([&brief.timeline]);
        all.flat_map(|timeline| &timeline.buckets)
    };
    let of = |joined: bool| {
        let gaps = buckets().flat_map(|bucket| &bucket.gaps);
        let gaps = gaps.filter(|gap| (gap.reason == GapReason::Joined) == joined);
        let mut slugs: Vec<&str> = gaps.map(|gap| gap.network.as_str()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        slugs.len() as u64
    };
    let lacking = buckets().filter(|bucket| {
        let mut gaps = bucket.gaps.iter();
        gaps.any(|gap| gap.reason != GapReason::Joined)
    });
    let (missing, joined) = (of(false), of(true));
    let mut gaps = Vec::new();
    if missing > 0 {
        gaps.push(format!(
            "{} could not be reached, or {} not looked at, in {} of the chart (hatched).",
            words::sentence(&words::networks(missing)),
            words::noun(missing, "was", "were"),
            words::of(lacking.count() as u64, "bar", "bars")
        ));
    }
    if joined > 0 {
        gaps.push(format!(
            "{} joined within the chart: of earlier days there is only what {} still showed.",
            words::sentence(&words::networks(joined)),
            words::noun(joined, "it", "they")
        ));
    }
    gaps
}

fn check(brief: &Brief) -> Vec<String> {
    let check = &brief.check;
    let short = |hash: &str| hash.chars().take(16).collect::<String>();
    vec![format!(
        "Generation {}, change {}, topics of {}, parameters {}, ledger entry {} with head {}.",
        words::exact(check.generation),
        words::exact(check.seq),
        words::day(check.drawn),
        short(&check.parameters),
        words::exact(check.ledger_seq),
        short(&check.ledger_head)
    )]
}
