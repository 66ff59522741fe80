//! What happened about a topic: who has heard, who has answered, what is due and what is overdue.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use discover_model::Language;

use super::reader::Reader;
use super::respond;
use super::view::{Feed, Frame, Nav, label};
use crate::i18n::{Msg, filters, msg};
use crate::problem::Problem;
use crate::read;
use crate::read::answers::latest_first;
use crate::shapes::{AnswerEntry, Answers, Due};
use crate::state::View;
use crate::text::inline::{Day, Text, outside};
use crate::text::{coordinated, links, say, words};

/// Entries in a summary, and signs of a text in it.
const SUMMED: usize = 3;
const SIGNS: usize = 160;

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
    due: Option<Day>,
    conversations: Vec<String>,
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

fn stage(stage: &str) -> Msg {
    match stage {
        "heard" => msg!("stage-heard"),
        "answered" => msg!("stage-answered"),
        "decided" => msg!("stage-decided"),
        _ => msg!("stage-changed"),
    }
}

fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= SIGNS {
        return text;
    }
    let cut: String = text.chars().take(SIGNS - 1).collect();
    // Between words, where the script has such places.
    let whole = cut.rfind(' ').filter(|at| *at > cut.len() / 2);
    format!("{}…", cut[..whole.unwrap_or(cut.len())].trim_end())
}

/// What comes after a stage, as it is waited for.
fn next(stage: &str) -> &'static str {
    match stage {
        "heard" => "An answer",
        "answered" => "A decision",
        "decided" => "A change",
        _ => "The next step",
    }
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

fn next_said(stage: &str) -> Msg {
    match stage {
        "heard" => msg!("answers-next-answer"),
        "answered" => msg!("answers-next-decision"),
        "decided" => msg!("answers-next-change"),
        _ => msg!("answers-next-step"),
    }
}

/// [`due_words`], in the reader's language.
fn due_said(due: &Due) -> Msg {
    let (what, by) = (next_said(&due.stage), Text::unknown(&due.by));
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
            what = next_said(&due.stage),
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
        due: entry.due.map(Day),
        conversations: entry
            .conversations
            .iter()
            .map(links::conversation)
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
