//! Small conversations and an index in a folder of its own.

use discover_model::{
    Conversation, ConversationId, ConversationPost, GrantId, Language, NetworkId, PostId, SourceId,
    SourceKind, TopicId, Visibility, Voice,
};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use tempfile::TempDir;

use crate::{Index, SearchAnswer, SearchContext, SearchError, SearchRequest};

pub(super) const TODAY: Date = date(2026, 11, 22);

pub(super) fn network(number: u128) -> NetworkId {
    NetworkId::from_u128(number)
}

pub(super) fn source(number: u128) -> SourceId {
    SourceId::from_u128(number)
}

pub(super) fn id(number: u128) -> ConversationId {
    ConversationId::from_u128(number)
}

pub(super) fn language(code: &str) -> Language {
    code.parse().expect("a language code")
}

fn at(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).expect("a day").timestamp()
}

/// A conversation of network 1, with one post on 1 November 2026, to be changed by the test.
pub(super) fn conversation(number: u128, title: &str, text: &str) -> Conversation {
    let day = date(2026, 11, 1);
    let mut made = Conversation {
        id: id(number),
        network: network(1),
        kind: SourceKind::Discourse,
        url: format!("https://one.example/t/{number}"),
        title: title.into(),
        language: Some(Language::ENGLISH),
        started: Some(at(day)),
        last_active: Some(at(day)),
        posts: Vec::new(),
    };
    post(&mut made, day, text);
    made.posts[0].title = Some(title.into());
    made
}

/// Adds a reply by a new voice.
pub(super) fn post(to: &mut Conversation, day: Date, text: &str) {
    let number = to.id.as_u128() * 1000 + to.posts.len() as u128;
    to.last_active = to.last_active.max(Some(at(day)));
    to.posts.push(ConversationPost {
        id: PostId::from_u128(number),
        source: source(1),
        grant: GrantId::from_u128(1),
        parent: None,
        url: format!("{}/{}", to.url, to.posts.len() + 1),
        title: None,
        text: text.into(),
        language: to.language,
        voice: Voice::from_bytes(number.to_be_bytes()),
        published: Some(at(day)),
        first_seen: at(day),
        happened: Some(day),
        links: Vec::new(),
    });
}

pub(super) fn written_in(number: u128, code: Option<&str>, text: &str) -> Conversation {
    let mut made = conversation(number, "Untitled", text);
    made.language = code.map(language);
    made.posts[0].language = made.language;
    made.posts[0].title = None;
    made
}

pub(super) struct Home {
    pub(super) index: Index,
    pub(super) dir: TempDir,
}

pub(super) fn home(conversations: &[Conversation]) -> Home {
    let dir = tempfile::tempdir().expect("a folder");
    let index = Index::open(dir.path(), "UTC").expect("an index");
    for conversation in conversations {
        index.put(conversation).expect("put");
    }
    index.commit(1).expect("commit");
    Home { index, dir }
}

impl Home {
    pub(super) fn ask(
        &self,
        request: &SearchRequest,
        visibility: &Visibility,
    ) -> Result<SearchAnswer, SearchError> {
        let slugs = |slug: &str| match slug {
            "one" => Some(network(1)),
            "two" => Some(network(2)),
            _ => None,
        };
        let members = |topic: TopicId| {
            (topic == TopicId::from_u128(5)).then(|| vec![id(1), id(3), id(999)].into())
        };
        let topic =
            |of: ConversationId| matches!(of.as_u128(), 1 | 3).then(|| TopicId::from_u128(5));
        self.index.search(
            request,
            &SearchContext {
                visibility,
                slugs: &slugs,
                topic_members: &members,
                topic_of: &topic,
                copies_of: &|_| None,
                today: TODAY,
                may_be_long: true,
            },
        )
    }

    pub(super) fn answer(&self, q: &str) -> SearchAnswer {
        let request = SearchRequest {
            q: q.into(),
            // What is found is tested here, not how fast an unoptimised build finds it.
            deadline: std::time::Duration::from_mins(1),
            ..SearchRequest::default()
        };
        self.ask(&request, &Visibility::default())
            .unwrap_or_else(|error| panic!("{q:?}: {error}"))
    }

    /// The conversations found, by number, best first.
    pub(super) fn found(&self, q: &str) -> Vec<u128> {
        self.answer(q)
            .hits
            .iter()
            .map(|hit| hit.id.as_u128())
            .collect()
    }

    /// The same in ascending order.
    pub(super) fn all(&self, q: &str) -> Vec<u128> {
        let mut found = self.found(q);
        found.sort_unstable();
        found
    }
}
