//! What happened about a topic: who has heard, who has answered, what is due and what is overdue.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use discover_model::Language;

use super::reader::Reader;
use super::respond;
use super::view::{Feed, Frame, Nav, label, title};
use crate::i18n::{Msg, filters, msg};
use crate::problem::Problem;
use crate::read;
use crate::read::answers::latest_first;
use crate::shapes::{AnswerEntry, Answers, Due};
use crate::state::View;
use crate::text::answered::{next, stage};
use crate::text::inline::{Day, Text, outside};
use crate::text::{coordinated, links, say, words};

/// Entries in a summary, and signs of a text in it.
const SUMMED: usize = 3;
const SIGNS: usize = 160;
/// The same on one sheet of A4: signs of a name and of what it says together, of a name, and the fewest of what it says.
const ON_A_SHEET: usize = 2;
const SIGNS_ON_A_SHEET: usize = 75;
const NAME_ON_A_SHEET: usize = 40;
const FEWEST_ON_A_SHEET: usize = 30;

#[derive(Debug, Template)]
#[template(path = "answers.html")]
pub(super) struct Page {
    frame: Frame,
    heading: Text,
    /// The topic's page, while there is one.
    topic: Option<String>,
    sign: Option<Msg>,
    overdue: Option<Msg>,
    due: Vec<Waiting>,
    entries: Vec<Entry>,
    atom: String,
    json: String,
    data: String,
    /// Where an entry is written, while there is a topic.
    write: Option<String>,
}

#[derive(Debug)]
struct Waiting {
    late: bool,
    badge: Msg,
    by: Text,
    words: Msg,
    due: Day,
}

#[derive(Debug)]
struct Entry {
    seq: u64,
    badge: Msg,
    by: Text,
    at: Day,
    late: Option<Msg>,
    corrected_by: Option<u64>,
    text: Option<Text>,
    erased: Option<Msg>,
    url: Option<String>,
    due: Option<(Msg, Day)>,
    conversations: Vec<(String, Text, Text)>,
    lost: Option<Msg>,
    whom: Option<Whom>,
    hash: String,
    ledger: String,
}

/// The networks that had raised it.
#[derive(Debug)]
struct Whom {
    raised: Msg,
    networks: Vec<(String, Text)>,
    withdrawn: Option<Msg>,
    absent: Option<Msg>,
    told: Option<Msg>,
}

/// In one line each: what happened, on another page.
#[derive(Debug)]
pub(super) struct Happened {
    pub(super) lines: Vec<Line>,
    /// What is due, in English and in the reader's language.
    pub(super) due: Vec<String>,
    said: Vec<Msg>,
    pub(super) href: String,
    pub(super) all: Msg,
}

#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) what: Msg,
    pub(crate) by: Text,
    pub(crate) at: Day,
    pub(crate) text: Text,
    pub(crate) href: String,
}

impl Happened {
    pub(super) fn new(href: String, answers: &Answers) -> Self {
        Self {
            lines: lines(latest_first(&answers.items).into_iter()),
            due: answers.due.iter().map(due_words).collect(),
            said: answers.due.iter().map(due_said).collect(),
            all: match answers.items.len() as u64 {
                0 => msg!("happened-none"),
                count => msg!("happened-all", count = count),
            },
            href,
        }
    }

    /// As much of it as one sheet has room for: what happened last, what has been due longest, and how many entries are
    /// only on the page.
    pub(super) fn on_a_sheet(href: String, answers: &Answers) -> Self {
        let mut lines = lines(latest_first(&answers.items).into_iter());
        lines.truncate(ON_A_SHEET);
        for line in &mut lines {
            line.by = Text::unknown(cut(&line.by.text, NAME_ON_A_SHEET));
            let left = SIGNS_ON_A_SHEET.saturating_sub(line.by.text.chars().count());
            line.text.text = cut(&line.text.text, left.max(FEWEST_ON_A_SHEET));
        }
        let more_due = answers.due.len().saturating_sub(1) as u64;
        let short = |due: &Due| Due {
            by: cut(&due.by, NAME_ON_A_SHEET),
            ..due.clone()
        };
        let first: Vec<Due> = answers.due.first().map(short).into_iter().collect();
        let more = (more_due > 0).then(|| msg!("happened-more-due", count = more_due));
        Self {
            all: match answers.items.len().saturating_sub(lines.len()) as u64 {
                _ if answers.items.is_empty() => msg!("happened-none"),
                0 => msg!("happened-whole"),
                earlier => msg!("happened-earlier", count = earlier),
            },
            due: first
                .iter()
                .map(due_words)
                .chain(more.iter().map(Msg::to_string))
                .collect(),
            said: first.iter().map(due_said).chain(more.clone()).collect(),
            lines,
            href,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// What is due, for pages in any language.
    pub(super) fn due_said(&self) -> impl Iterator<Item = &Msg> {
        self.said.iter()
    }
}

/// The first of some entries, in one line each: a correction beside what it corrects, which it seldom repeats.
pub(crate) fn lines<'a>(entries: impl Iterator<Item = &'a AnswerEntry>) -> Vec<Line> {
    entries
        .take(SUMMED)
        .map(|entry| Line {
            what: match (entry.corrects, entry.corrected_by) {
                (_, Some(_)) => msg!("happened-corrected", what = stage(&entry.stage)),
                (Some(_), None) => msg!("happened-correction", what = stage(&entry.stage)),
                (None, None) => stage(&entry.stage),
            },
            by: Text::unknown(&entry.by),
            at: Day(entry.at),
            text: match &entry.text {
                Some(text) => Text::unknown(shortened(text)),
                None => Text::new("the text was erased", Some(Language::ENGLISH)),
            },
            href: format!("{}/answers#e{}", links::topic(entry.topic), entry.seq),
        })
        .collect()
}

fn shortened(text: &str) -> String {
    cut(text, SIGNS)
}

fn cut(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= most {
        return text;
    }
    let cut: String = text.chars().take(most - 1).collect();
    // Between words, where the script has such places.
    let whole = cut.rfind(' ').filter(|at| *at > cut.len() / 2);
    format!("{}…", cut[..whole.unwrap_or(cut.len())].trim_end())
}

/// `An answer by Ashmere City Council was due on 27 November 2026, 3 days ago`
pub(super) fn due_words(due: &Due) -> String {
    let what = next(&due.stage);
    let day = words::day(due.due);
    match due.overdue_days {
        None => format!("{what} by {} is due on {day}.", due.by),
        Some(days) => format!(
            "{what} by {} was due on {day} and is overdue by {}.",
            due.by,
            words::of(days, "day", "days")
        ),
    }
}

/// [`due_words`], in the reader's language.
fn due_said(due: &Due) -> Msg {
    let (what, by) = (next(&due.stage), Text::unknown(&due.by));
    match due.overdue_days {
        None => msg!("answers-due-is", what = what, by = by, day = due.due),
        Some(days) => msg!(
            "answers-due-was",
            what = what,
            by = by,
            day = due.due,
            days = say::days(days),
        ),
    }
}

/// Sentences one after the other.
fn together(mut said: impl Iterator<Item = Msg>) -> Option<Msg> {
    let first = said.next()?;
    Some(said.fold(first, |all, next| {
        msg!("two-sentences", first = all, last = next)
    }))
}

impl Page {
    pub(super) fn new(instance: &str, id: &str, answers: &Answers) -> Self {
        let heading = match &answers.topic {
            Some(topic) => label(&topic.label, &topic.labels),
            None => Text::new("A topic that is gone", Some(Language::ENGLISH)),
        };
        let here = format!("{}/answers", links::topic(id));
        let late = answers.due.iter().filter(|due| due.overdue_days.is_some());
        let late = together(late.map(due_said));
        Self {
            frame: Frame::new(
                instance,
                msg!("answers-title", heading = heading.text),
                Nav::Topics,
            )
            .with_feeds(vec![
                Feed::atom(format!("{here}.atom"), heading.text.clone()),
                Feed::json(format!("{here}.json"), heading.text.clone()),
            ]),
            atom: format!("{here}.atom"),
            json: format!("{here}.json"),
            topic: answers.topic.as_ref().map(|topic| links::topic(topic.id)),
            sign: coordinated::said(
                answers
                    .topic
                    .as_ref()
                    .and_then(|topic| topic.coordinated.as_ref()),
            ),
            overdue: late,
            due: answers.due.iter().map(waiting).collect(),
            entries: answers.items.iter().rev().map(entry).collect(),
            data: format!("/api/v1/topics/{id}/answers"),
            write: answers.topic.as_ref().map(|_| format!("{here}/write")),
            heading,
        }
    }
}

fn waiting(due: &Due) -> Waiting {
    Waiting {
        late: due.overdue_days.is_some(),
        badge: match due.overdue_days {
            None => msg!("answers-badge-due"),
            Some(days) => msg!("answers-badge-late", days = say::days(days)),
        },
        by: Text::unknown(&due.by),
        words: msg!(
            "answers-as-entry",
            what = next(&due.stage),
            entry = due.entry,
        ),
        due: Day(due.due),
    }
}

fn entry(entry: &AnswerEntry) -> Entry {
    let lost = entry.cited.saturating_sub(entry.conversations.len() as u64);
    Entry {
        seq: entry.seq,
        badge: match entry.corrects {
            Some(seq) => msg!("answers-correction", entry = seq),
            None => stage(&entry.stage),
        },
        by: Text::unknown(&entry.by),
        at: Day(entry.at),
        late: entry
            .late_days
            .map(|days| msg!("answers-late", days = say::days(days))),
        corrected_by: entry.corrected_by,
        text: entry.text.as_ref().map(Text::unknown),
        erased: entry.erased.as_ref().map(|erased| {
            msg!(
                "answers-erased",
                day = erased.at,
                reason = Text::unknown(erased.reason.trim_end_matches('.')),
            )
        }),
        url: entry.url.as_deref().and_then(outside),
        due: entry.due.map(|due| (next(&entry.stage), Day(due))),
        conversations: entry
            .cites
            .iter()
            .map(|one| {
                (
                    links::conversation(one.id),
                    Text::new(title(&one.title), one.language),
                    Text::unknown(&one.network.name),
                )
            })
            .collect(),
        lost: (lost > 0).then(|| msg!("answers-lost", count = lost)),
        whom: (entry.raised > 0).then(|| whom(entry)),
        hash: entry.hash.chars().take(16).collect(),
        ledger: words::exact(entry.ledger),
    }
}

fn whom(entry: &AnswerEntry) -> Whom {
    let some = |count: u64| (count > 0).then_some(count);
    Whom {
        raised: msg!("answers-raised", networks = say::networks(entry.raised)),
        networks: entry
            .networks
            .iter()
            .map(|network| (links::network(&network.slug), Text::unknown(&network.name)))
            .collect(),
        withdrawn: some(entry.withdrawn).map(|count| msg!("answers-withdrawn", count = count)),
        absent: some(entry.absent).map(|count| msg!("answers-absent", count = count)),
        told: some(entry.asked).map(|asked| msg!("answers-told", asked = asked, told = entry.told)),
    }
}

pub(super) async fn page(
    view: View,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut answers = read::answers::of_topic(&view, &id).await?;
    Reader::of(&headers).name(&mut answers.topic);
    let own = answers
        .topic
        .as_ref()
        .map_or(id, |topic| topic.id.to_string());
    let at = format!("{}/answers", links::topic(&own));
    let page = Page::new(&view.state.config().instance_name, &own, &answers);
    respond(&headers, &view, &at, &page)
}
