//! The tray: up to twenty quotations that a reader holds in an address, by ids alone.

use std::fmt;
use std::str::FromStr;

use discover_model::{ConversationId, TopicId};
use utoipa::IntoParams;

use super::Query;
use super::fields::{Fields, ID};
use crate::problem::Problem;

/// Quotations of one tray.
pub const MAX_TRAY: usize = 20;

/// One quotation: of a conversation, or of what it says on a topic. As a text: `ID`, or `ID-TOPIC`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrayItem {
    pub conversation: ConversationId,
    /// The topic that the passage was chosen for; else it is the conversation's beginning.
    pub topic: Option<TopicId>,
}

impl fmt::Display for TrayItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.conversation)?;
        match self.topic {
            Some(topic) => write!(f, "-{topic}"),
            None => Ok(()),
        }
    }
}

impl FromStr for TrayItem {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (conversation, topic) = match text.split_once('-') {
            Some((conversation, topic)) => (conversation, Some(topic)),
            None => (text, None),
        };
        Ok(Self {
            conversation: conversation.parse().map_err(|_| ID)?,
            topic: topic.map(str::parse).transpose().map_err(|_| ID)?,
        })
    }
}

/// Parameters of a tray.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrayParams {
    /// In their order; no conversation twice.
    pub items: Vec<TrayItem>,
}

/// As the document names them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters; `TrayParams` holds them")]
struct TrayText {
    /// Up to 20 quotations, joined by `.`: each the id of a conversation, or of a conversation and of the topic that its
    /// passage is chosen for, joined by `-`. No conversation twice.
    #[param(
        max_length = 1079,
        pattern = "^[a-z2-7]{26}(-[a-z2-7]{26})?(\\.[a-z2-7]{26}(-[a-z2-7]{26})?){0,19}$",
        required = false
    )]
    tray: String,
}

impl IntoParams for TrayParams {
    fn into_params(
        place: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
    ) -> Vec<utoipa::openapi::path::Parameter> {
        TrayText::into_params(place)
    }
}

impl Query for TrayParams {
    fn read(fields: &mut Fields) -> Result<Self, Problem> {
        let mut tray = Self::default();
        let Some(text) = fields.one("tray")? else {
            return Ok(tray);
        };
        let wrong = |detail: String| Problem::parameter("tray", detail);
        // Counted before any of it is read.
        let count = text.split('.').count();
        if count > MAX_TRAY {
            let detail = format!("a tray holds {MAX_TRAY} quotations, and these are {count}");
            return Err(wrong(detail).with_hint("take some out, or begin a second tray"));
        }
        for (at, text) in text.split('.').enumerate() {
            let at = at + 1;
            let item: TrayItem = text
                .parse()
                .map_err(|expected| wrong(format!("quotation {at}: {expected}")))?;
            if tray.holds(item.conversation) {
                let detail = format!("quotation {at} is of a conversation that is there already");
                return Err(wrong(detail).with_hint("take one of the two out"));
            }
            tray.items.push(item);
        }
        Ok(tray)
    }
}

impl TrayParams {
    /// The parameter's value.
    pub fn to_text(&self) -> String {
        let items: Vec<String> = self.items.iter().map(ToString::to_string).collect();
        items.join(".")
    }

    /// The query string that reads as this tray; empty for an empty one.
    pub fn to_query(&self) -> String {
        if self.items.is_empty() {
            return String::new();
        }
        // Ids, `-` and `.` stand for themselves in a query.
        format!("tray={}", self.to_text())
    }

    pub fn holds(&self, conversation: ConversationId) -> bool {
        let mut items = self.items.iter();
        items.any(|item| item.conversation == conversation)
    }

    /// With one more at its end; nothing where it is full or holds it already.
    pub fn with(&self, item: TrayItem) -> Option<Self> {
        if self.items.len() >= MAX_TRAY || self.holds(item.conversation) {
            return None;
        }
        let mut more = self.clone();
        more.items.push(item);
        Some(more)
    }

    #[must_use]
    pub fn without(&self, conversation: ConversationId) -> Self {
        let mut less = self.clone();
        less.items.retain(|item| item.conversation != conversation);
        less
    }

    /// With two of them exchanged; nothing where there are no such places.
    pub fn exchanged(&self, one: usize, other: usize) -> Option<Self> {
        let mut moved = self.clone();
        if one >= moved.items.len() || other >= moved.items.len() {
            return None;
        }
        moved.items.swap(one, other);
        Some(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

    fn item(n: u128) -> TrayItem {
        TrayItem {
            conversation: ConversationId::from_u128(n),
            topic: None,
        }
    }

    fn of(count: u128) -> TrayParams {
        TrayParams {
            items: (1..=count).map(item).collect(),
        }
    }

    #[test]
    fn a_tray_reads_as_it_is_written_and_keeps_its_order() {
        let mut tray = of(3);
        tray.items[1].topic = Some(TopicId::from_u128(9));
        let tray = tray.exchanged(0, 2).expect("places");
        assert_eq!(TrayParams::parse(&tray.to_query()), Ok(tray.clone()));
        assert_eq!(tray.without(item(2).conversation).items, [item(3), item(1)]);
        assert_eq!(tray.with(item(1)), None, "it is there already");
        assert_eq!(of(20).with(item(21)), None, "it is full");
        assert_eq!(tray.exchanged(2, 3), None);
        assert_eq!(TrayParams::parse("tray="), Ok(TrayParams::default()));
    }

    #[test]
    fn what_is_no_id_too_many_or_there_twice_is_said_with_its_place() {
        let one = item(1).to_string();
        let many = of(21).to_text();
        for (text, said) in [
            (format!("{one}.x"), "quotation 2: expected an id"),
            (format!("{one}.."), "quotation 2: expected an id"),
            (format!("{one}-x"), "quotation 1: expected an id"),
            (format!("{one}.{one}"), "quotation 2 is of a conversation"),
            (
                format!("{one}.{one}-{}", TopicId::from_u128(3)),
                "quotation 2 is of a conversation",
            ),
            (many, "a tray holds 20 quotations, and these are 21"),
        ] {
            let problem = TrayParams::liberal(&format!("tray={text}")).expect_err(&text);
            assert_eq!(problem.code, Code::BadParameter);
            assert_eq!(problem.parameter.as_deref(), Some("tray"));
            assert!(problem.detail.starts_with(said), "{}", problem.detail);
        }
    }

    /// Front servers take request lines of 8 KiB (nginx: `large_client_header_buffers`), and so do we.
    #[test]
    fn a_full_tray_beside_the_longest_query_stays_below_what_servers_take() {
        let mut full = of(20);
        for item in &mut full.items {
            item.topic = Some(TopicId::from_u128(u128::MAX));
        }
        assert_eq!(full.to_text().len(), 1079);
        // The longest query that is read: 512 characters of four bytes, each written with three signs.
        let search = super::super::SearchParams {
            q: "\u{10ffff}".repeat(512),
            ..super::super::SearchParams::default()
        };
        let line = format!(
            "GET /ur/search?{}&{} HTTP/1.1\r\n",
            search.to_query(),
            full.to_query()
        );
        assert!(line.len() < 8 * 1024, "{}", line.len());
    }
}
