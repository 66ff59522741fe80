//! The sample networks' words: reads `content/*.toml` and gives every post its number and its time.
//!
//! In the files, `ago` is in days before the start of today (UTC) and `after` in hours after a conversation began, so that
//! what is sudden stays sudden on whatever day the demo runs. `[words](address)` in a text is a link, an empty line
//! a new paragraph. Names, places and addresses are invented; numbers are from ranges kept for tests and drama.

use anyhow::{Context, ensure};
use discover_model::source::SourceOptions;
use discover_model::{Area, SourceKind};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

const FILES: [(&str, &str); 12] = [
    ("aberwen", include_str!("content/aberwen.toml")),
    (
        "ashmere-patients",
        include_str!("content/ashmere-patients.toml"),
    ),
    ("awaaz-ashmere", include_str!("content/awaaz-ashmere.toml")),
    (
        "brackenford-carers",
        include_str!("content/brackenford-carers.toml"),
    ),
    ("hiwar-ashmere", include_str!("content/hiwar-ashmere.toml")),
    ("kirkhollow", include_str!("content/kirkhollow.toml")),
    ("llais-caerlas", include_str!("content/llais-caerlas.toml")),
    (
        "polski-ashmere",
        include_str!("content/polski-ashmere.toml"),
    ),
    ("port-ellery", include_str!("content/port-ellery.toml")),
    ("shobar-kotha", include_str!("content/shobar-kotha.toml")),
    (
        "type-one-table",
        include_str!("content/type-one-table.toml"),
    ),
    ("wexmoor", include_str!("content/wexmoor.toml")),
];

/// One file of `content/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Network {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) contact: String,
    /// What most of its posts are written in.
    pub(super) language: String,
    pub(super) about: String,
    pub(super) retention_days: u16,
    /// Areas it serves.
    #[serde(default)]
    pub(super) areas: Vec<Area>,
    #[serde(default)]
    pub(super) newcomers: bool,
    /// Paths the owner agrees to; also stands in the consent file.
    pub(super) scope: Vec<String>,
    #[serde(default)]
    pub(super) robots: String,
    #[serde(rename = "source")]
    pub(super) sources: Vec<Source>,
    /// A Discourse's categories.
    #[serde(default, rename = "category")]
    pub(super) categories: Vec<Category>,
    #[serde(rename = "conversation")]
    pub(super) conversations: Vec<Conversation>,
    /// Near-identical posts, pushed by a few accounts.
    #[serde(default)]
    copies: Vec<Copies>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub(super) format: Format,
    pub(super) path: String,
    #[serde(default)]
    pub(super) holds: Holds,
}

impl Source {
    pub(super) fn options(&self, network: &Network) -> SourceOptions {
        SourceOptions {
            language: (self.format != Format::Discourse).then(|| network.language.clone()),
            ..SourceOptions::default()
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Format {
    Rss,
    Atom,
    JsonFeed,
    Discourse,
}

impl Format {
    pub(super) fn kind(self) -> SourceKind {
        match self {
            Self::Rss | Self::Atom | Self::JsonFeed => SourceKind::Feed,
            Self::Discourse => SourceKind::Discourse,
        }
    }
}

/// Which posts a feed lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Holds {
    #[default]
    All,
    Roots,
    Replies,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    pub(super) id: u32,
    pub(super) slug: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) restricted: bool,
}

/// How a post is held back, if it is. All but `Live` must be refused by whoever reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    #[default]
    Live,
    /// Listed, but waits for a moderator; nobody can read it yet.
    Held,
    /// Listed, but its page asks for a password.
    Password,
    /// Its page asks not to be indexed.
    Noindex,
    /// Lies outside the scope its owner agreed to.
    Outside,
    /// robots.txt keeps its page away.
    Robots,
    /// Taken over from another site that did not register.
    Syndicated,
    /// A Discourse topic that is left out of lists, or a post only staff can see.
    Unlisted,
    Whisper,
    /// Hidden after members flagged it.
    Flagged,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Conversation {
    ago: f64,
    pub(super) title: String,
    by: String,
    text: String,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    state: State,
    /// Id of a Discourse's category.
    #[serde(default)]
    pub(super) category: u32,
    #[serde(default)]
    replies: Vec<Reply>,
    /// Root first, then the replies in their order; filled when loaded.
    #[serde(skip)]
    pub(super) posts: Vec<Post>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    after: f64,
    by: String,
    text: String,
    /// Position of the reply it answers, from 1; 0 is the opening post.
    #[serde(default)]
    to: usize,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    state: State,
}

/// One post with its number in the network and its time.
#[derive(Debug, Clone)]
pub(super) struct Post {
    pub(super) number: u32,
    pub(super) by: String,
    pub(super) text: String,
    pub(super) language: String,
    pub(super) state: State,
    pub(super) at: Timestamp,
    /// Position in the conversation of the post it answers; none for the opening post.
    pub(super) answers: Option<usize>,
}

/// The parts near-identical posts are put together from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Copies {
    count: usize,
    /// Days ago of the first and the last.
    from: f64,
    to: f64,
    by: Vec<String>,
    titles: Vec<String>,
    openings: Vec<String>,
    middle: String,
    closings: Vec<String>,
}

impl Copies {
    fn conversations(&self) -> impl Iterator<Item = Conversation> + '_ {
        let step = (self.from - self.to) / self.count.max(2).saturating_sub(1) as f64;
        // The lists have lengths without a common factor, so that they run through their combinations.
        let pick = |list: &[String], n: usize| {
            list.get(n % list.len().max(1)).cloned().unwrap_or_default()
        };
        (0..self.count).map(move |n| Conversation {
            ago: self.from - step * n as f64,
            title: pick(&self.titles, n),
            by: pick(&self.by, n),
            text: format!(
                "{}{}{}",
                pick(&self.openings, n / 2),
                self.middle,
                pick(&self.closings, n / 3)
            ),
            lang: None,
            state: State::Live,
            category: 0,
            replies: Vec::new(),
            posts: Vec::new(),
        })
    }
}

/// All networks, by slug, as they stand at the start of the day of `now`.
pub(super) fn load(now: Timestamp) -> anyhow::Result<Vec<Network>> {
    let today = start_of_day(now);
    FILES
        .iter()
        .map(|(name, text)| read(text, today).with_context(|| format!("sample network {name}")))
        .collect()
}

fn start_of_day(now: Timestamp) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(86_400)).unwrap_or(now)
}

fn read(text: &str, today: Timestamp) -> anyhow::Result<Network> {
    let mut network: Network = toml::from_str(text)?;
    let copies: Vec<_> = network
        .copies
        .iter()
        .flat_map(Copies::conversations)
        .collect();
    network.conversations.extend(copies);
    let mut number = 100;
    let mut next = || {
        number += 1;
        number
    };
    for conversation in &mut network.conversations {
        let language = conversation
            .lang
            .as_ref()
            .unwrap_or(&network.language)
            .clone();
        let began = today.checked_sub(hours(conversation.ago * 24.0))?;
        let mut posts = vec![Post {
            number: next(),
            by: conversation.by.clone(),
            text: conversation.text.clone(),
            language: language.clone(),
            state: conversation.state,
            at: began,
            answers: None,
        }];
        for reply in &conversation.replies {
            let at = began.checked_add(hours(reply.after))?;
            ensure!(
                at < today,
                "a reply in {:?} lies in the future",
                conversation.title
            );
            ensure!(
                reply.to < posts.len(),
                "a reply in {:?} answers a later one",
                conversation.title
            );
            posts.push(Post {
                number: next(),
                by: reply.by.clone(),
                text: reply.text.clone(),
                language: reply.lang.clone().unwrap_or_else(|| language.clone()),
                state: reply.state,
                at,
                answers: Some(reply.to),
            });
        }
        conversation.posts = posts;
    }
    Ok(network)
}

fn hours(hours: f64) -> SignedDuration {
    SignedDuration::from_secs((hours * 3600.0).round() as i64)
}

impl Conversation {
    pub(super) fn root(&self) -> &Post {
        &self.posts[0]
    }

    /// When its latest post was written.
    pub(super) fn latest(&self) -> Timestamp {
        self.posts
            .iter()
            .map(|post| post.at)
            .max()
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// A forum's number of the topic: its opening post's.
    pub(super) fn topic_id(&self) -> u32 {
        self.root().number
    }

    /// The topic's path in a forum.
    pub(super) fn topic_path(&self) -> String {
        format!("/t/{}/{}", self.topic_slug(), self.topic_id())
    }

    pub(super) fn topic_slug(&self) -> String {
        let ascii: String = self
            .title
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
            .collect();
        let words: Vec<_> = ascii.split_whitespace().collect();
        if words.is_empty() {
            "topic".to_owned()
        } else {
            words.join("-")
        }
    }

    /// The opening post's path on a site with feeds.
    pub(super) fn path(&self) -> String {
        let root = self.root();
        match root.state {
            State::Outside => format!("/committee/{}", root.number),
            State::Robots => format!("/posts/quiet/{}", root.number),
            _ => format!("/posts/{}", root.number),
        }
    }

    /// A reply has an address of its own: a mere fragment would be the opening post's address again.
    pub(super) fn post_path(&self, position: usize) -> String {
        match (position, self.posts.get(position)) {
            (1.., Some(post)) => format!("{}/comment-{}", self.path(), post.number),
            _ => self.path(),
        }
    }
}
