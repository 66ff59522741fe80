//! What several pages print: the frame around every page, and rows made from the API's shapes.

use std::collections::BTreeMap;

use discover_model::{Language, SourceKind, TopicId};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::carried::Keep;
use super::reasons;
use crate::i18n::block::{Begins, Ends};
use crate::i18n::markup::PageLanguage;
use crate::i18n::{Msg, msg};
use crate::picture::spark::Spark;
use crate::read::params::TrayItem;
use crate::shapes::{self, Conversation, Copies, Quote, Rank, Topic, TopicRef};
use crate::text::inline::{Day, Part, Tag, Text, host, outside, parts};
use crate::text::{answered, coordinated, links, say, why, words};

/// Languages named in a row; more are counted.
const LANGUAGES: usize = 5;

/// The entry of the main navigation a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nav {
    Search,
    Topics,
    Map,
    Networks,
    Register,
    None,
}

/// A feed of what the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Feed {
    pub(crate) media: &'static str,
    pub(crate) href: String,
    pub(crate) title: String,
}

impl Feed {
    pub(crate) fn atom(href: String, title: impl Into<String>) -> Self {
        Self {
            media: "application/atom+xml",
            href,
            title: title.into(),
        }
    }

    pub(crate) fn json(href: String, title: impl Into<String>) -> Self {
        Self {
            media: "application/feed+json",
            href,
            title: title.into(),
        }
    }
}

/// What stands around every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) instance: String,
    pub(crate) title: Msg,
    pub(crate) nav: Nav,
    /// Whether its main part is in English whatever language is asked for.
    pub(crate) english: bool,
    /// Whether it shows what is never shown again, so that nothing may lead to the same page in another language.
    pub(crate) once: bool,
    pub(crate) feeds: Vec<Feed>,
}

impl Frame {
    pub(crate) fn new(instance: &str, title: impl Into<Msg>, nav: Nav) -> Self {
        Self {
            instance: instance.to_owned(),
            title: title.into(),
            nav,
            english: false,
            once: false,
            feeds: Vec::new(),
        }
    }

    /// Of a page that is in English alone.
    pub(crate) fn english(instance: &str, title: impl Into<Msg>, nav: Nav) -> Self {
        Self {
            english: true,
            ..Self::new(instance, title, nav)
        }
    }

    /// `lang` and `dir` of the page.
    pub(crate) fn language(&self) -> PageLanguage {
        PageLanguage
    }

    pub(crate) fn main_begins(&self) -> Begins {
        Begins(self.english)
    }

    pub(crate) fn main_ends(&self) -> Ends {
        Ends
    }

    #[must_use]
    pub(crate) fn with_feeds(mut self, feeds: Vec<Feed>) -> Self {
        self.feeds = feeds;
        self
    }

    /// `aria-current` of a navigation entry.
    pub(crate) fn here(&self, nav: Nav) -> Here {
        Here(self.nav == nav)
    }
}

/// ` aria-current="page"`, or nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Here(bool);

impl std::fmt::Display for Here {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0 { " aria-current=\"page\"" } else { "" })
    }
}

impl askama::filters::HtmlSafe for Here {}

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) words: Msg,
    /// Whether this is where the reader is.
    pub(crate) current: bool,
}

impl Link {
    pub(crate) fn new(href: impl Into<String>, words: impl Into<Msg>) -> Self {
        Self {
            href: href.into(),
            words: words.into(),
            current: false,
        }
    }

    #[must_use]
    pub(crate) fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

/// What stands below a picture: where its files are, and how to name it.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) files: Vec<Link>,
    pub(crate) cite: Msg,
}

impl Taken {
    /// Files of `path` (without an ending) in these forms; `cite` as [`cite`] has it.
    pub(crate) fn new(path: &str, query: &str, forms: &[&'static str], cite: String) -> Self {
        Self {
            files: forms
                .iter()
                .map(|form| {
                    let href = links::with_query(&format!("{path}.{form}"), query);
                    Link::new(href, form.to_uppercase())
                })
                .collect(),
            cite: Msg::English(cite),
        }
    }
}

/// How a picture is named by whoever shows it elsewhere; where it stands is added to it.
pub(crate) fn cite(instance: &str, what: &str, as_of: Date) -> String {
    format!("{instance}: {what}. As of {}", words::day(as_of))
}

/// A figure with its name.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) what: Msg,
    pub(crate) value: Msg,
}

/// Languages as tags: some by name, the rest as a number.
#[derive(Debug)]
pub(crate) struct Languages {
    pub(crate) named: Vec<Tag>,
    pub(crate) more: usize,
}

impl Languages {
    pub(crate) fn new(languages: &[Language]) -> Self {
        Self {
            named: languages
                .iter()
                .copied()
                .take(LANGUAGES)
                .map(Tag::new)
                .collect(),
            more: languages.len().saturating_sub(LANGUAGES),
        }
    }
}

/// A topic's name, with the language it is in where one of `labels` alone is the same.
pub(crate) fn label(label: &str, labels: &BTreeMap<String, String>) -> Text {
    let mut same = labels.iter().filter(|(_, other)| *other == label);
    let language = match (same.next(), same.next()) {
        (Some((code, _)), None) => code.parse().ok(),
        _ => None,
    };
    Text::new(words::sentence(label), language)
}

/// The title of the topic's most central conversation; none where that has none.
pub(crate) fn central_title(topic: &Topic) -> Option<Text> {
    let title = topic.title.trim();
    let mut quotes = topic.quotes.iter();
    let language = quotes
        .find(|quote| quote.title.trim() == title)
        .and_then(|quote| quote.language);
    (!title.is_empty()).then(|| Text::new(title, language))
}

/// The language of a topic's terms, where only one can be meant.
pub(crate) fn terms_language(languages: &[Language]) -> Option<Language> {
    match languages {
        [only] => Some(*only),
        _ => None,
    }
}

/// What somebody says on a topic, with the way to where it was said.
#[derive(Debug)]
pub(crate) struct Voice {
    pub(crate) text: Text,
    pub(crate) href: String,
    pub(crate) title: Text,
    pub(crate) network: Text,
    pub(crate) kind: Msg,
    pub(crate) language: Option<Tag>,
    pub(crate) day: Option<Day>,
    /// At its network; none where it is no address of the web.
    pub(crate) original: Option<String>,
    /// Where the original is at another site: its host.
    pub(crate) links_to: Option<String>,
    /// The way into a tray, where its page offers one.
    pub(crate) keep: Option<Keep>,
}

impl Voice {
    pub(crate) fn new(quote: &Quote) -> Self {
        Self {
            text: Text::new(quote.text.clone(), quote.language),
            href: links::conversation(quote.conversation),
            title: Text::new(title(&quote.title), quote.language),
            network: Text::unknown(&quote.network.name),
            kind: say::kind(quote.kind),
            language: quote.language.map(Tag::new),
            day: quote.day.map(Day),
            original: original(quote.kind, &quote.url),
            links_to: quote.links_to.clone(),
            keep: None,
        }
    }

    /// The same, to be put into a tray as it is quoted on this topic.
    pub(crate) fn on_topic(quote: &Quote, topic: TopicId) -> Self {
        let item = TrayItem {
            conversation: quote.conversation,
            topic: Some(topic),
        };
        let voice = Self::new(quote);
        Self {
            keep: Some(Keep::new(item, voice.title.clone())),
            ..voice
        }
    }
}

/// A topic in one of the three lists.
#[derive(Debug)]
pub(crate) struct TopicRow {
    pub(crate) href: String,
    pub(crate) label: Text,
    /// The title of its most central conversation.
    pub(crate) said: Option<Text>,
    pub(crate) spark: Spark,
    pub(crate) because: Msg,
    pub(crate) networks: Msg,
    pub(crate) languages: Languages,
    pub(crate) coordinated: Option<Msg>,
    pub(crate) happened: Option<Msg>,
}

impl TopicRow {
    pub(crate) fn new(topic: &Topic, rank: Rank) -> Self {
        Self {
            href: links::topic(topic.id),
            label: label(&topic.label, &topic.labels),
            said: central_title(topic),
            spark: Spark::new(&topic.timeline),
            because: reasons::because(topic, rank),
            networks: say::networks(topic.networks.len() as u64),
            languages: Languages::new(&topic.languages),
            coordinated: coordinated::sign(topic.coordinated.as_ref()),
            happened: topic.answers.as_ref().map(answered::state),
        }
    }
}

/// A topic by its name.
#[derive(Debug)]
pub(crate) struct TopicLink {
    pub(crate) href: String,
    pub(crate) label: Text,
    pub(crate) note: Msg,
}

impl TopicLink {
    pub(crate) fn new(topic: &TopicRef) -> Self {
        let networks = say::networks(topic.networks);
        Self {
            href: links::topic(topic.id),
            label: label(&topic.label, &topic.labels),
            note: coordinated::noted(
                match topic.list {
                    Some(list) => msg!(
                        "topic-note",
                        list = say::rank_within(list),
                        networks = networks,
                    ),
                    None => networks,
                },
                topic.coordinated.as_ref(),
            ),
        }
    }
}

/// Topics by name, each name once: a topic and the wider one around it often share theirs.
pub(crate) fn named_once(topics: &[TopicRef]) -> Vec<TopicLink> {
    let mut links: Vec<TopicLink> = Vec::with_capacity(topics.len());
    for topic in topics {
        let link = TopicLink::new(topic);
        if links.iter().all(|known| known.label != link.label) {
            links.push(link);
        }
    }
    links
}

/// The address of an original, where it may stand in a link; what is uploaded has none but its page here.
pub(crate) fn original(kind: SourceKind, url: &str) -> Option<String> {
    outside(url).filter(|_| !kind.is_uploaded())
}

/// A conversation in a list.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) href: String,
    /// At its network; none where it is no address of the web.
    pub(crate) original: Option<String>,
    /// Where the original is at another site: its host.
    pub(crate) links_to: Option<String>,
    pub(crate) title: Text,
    pub(crate) network: Text,
    pub(crate) kind: Msg,
    pub(crate) language: Option<Tag>,
    /// None where nobody knows when it was written.
    pub(crate) last_active: Option<Day>,
    pub(crate) posts: Msg,
    pub(crate) copies: Option<Msg>,
}

impl Row {
    pub(crate) fn new(conversation: &Conversation, zone: &TimeZone) -> Self {
        Self {
            href: links::conversation(conversation.id),
            original: original(conversation.kind, &conversation.url),
            links_to: conversation.links_to.clone(),
            title: Text::new(title(&conversation.title), conversation.language),
            network: Text::unknown(&conversation.network.name),
            kind: say::kind(conversation.kind),
            language: conversation.language.map(Tag::new),
            last_active: conversation.last_active.map(|at| Day::of(at, zone)),
            posts: say::posts(conversation.posts),
            copies: conversation
                .copies
                .and_then(|copies| elsewhere(copies.networks))
                .map(|networks| msg!("copies-also", networks = networks)),
        }
    }
}

/// How often a text is held in nearly the same words.
pub(crate) fn nearly_the_same(copies: Copies) -> Msg {
    let networks = match copies.networks {
        0 | 1 => msg!("copies-one-network"),
        more => say::networks(u64::from(more)),
    };
    let all = u64::from(copies.count) + 1;
    msg!("copies-same", count = all, networks = networks)
}

/// Other networks that hold copies, of a number that includes the conversation's own.
pub(crate) fn elsewhere(networks: u32) -> Option<Msg> {
    (networks > 1).then(|| msg!("other-networks", count = u64::from(networks - 1)))
}

/// A link needs words, even where the original has none.
pub(crate) fn title(title: &str) -> String {
    let trimmed = title.trim();
    if trimmed.is_empty() {
        "Conversation without a title".to_owned()
    } else {
        trimmed.to_owned()
    }
}

/// A conversation that was found, with the passages that match.
#[derive(Debug)]
pub(crate) struct Hit {
    pub(crate) row: Row,
    pub(crate) keep: Keep,
    pub(crate) passages: Vec<Vec<Part>>,
}

impl Hit {
    pub(crate) fn new(hit: &shapes::Hit, zone: &TimeZone) -> Self {
        let passages = if hit.highlight.is_empty() {
            vec![parts(&hit.conversation.excerpt, &[])]
        } else {
            hit.highlight
                .iter()
                .map(|highlight| parts(&highlight.text, &highlight.marks))
                .collect()
        };
        let row = Row::new(&hit.conversation, zone);
        Self {
            keep: keep(&hit.conversation, &row),
            row,
            passages,
        }
    }
}

/// The way of a conversation's beginning into a tray.
pub(crate) fn keep(conversation: &Conversation, row: &Row) -> Keep {
    let item = TrayItem {
        conversation: conversation.id,
        topic: None,
    };
    Keep::new(item, row.title.clone())
}

/// A related conversation, and why.
#[derive(Debug)]
pub(crate) struct Related {
    pub(crate) row: Row,
    pub(crate) reasons: Vec<Why>,
}

/// A reason in words; where it is a page both link to, with its address.
#[derive(Debug)]
pub(crate) struct Why {
    pub(crate) words: Msg,
    pub(crate) page: Option<Link>,
}

impl Related {
    pub(crate) fn new(relation: &shapes::Relation, zone: &TimeZone) -> Self {
        Self {
            row: Row::new(&relation.conversation, zone),
            reasons: relation
                .reasons
                .iter()
                .map(|reason| Why {
                    words: why::related(reason),
                    page: reason
                        .url
                        .as_deref()
                        .and_then(outside)
                        .and_then(|href| host(&href).map(|host| Link::new(href, host))),
                })
                .collect(),
        }
    }
}
