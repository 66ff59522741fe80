//! Invented content for tests of pages: several languages, a coordinated topic, gaps, things too small to show.

mod annotations;
mod answers;
mod brief;
mod digest;
mod found;
mod networks;
mod topics;

use discover_model::{ConversationId, Language, SourceKind, TopicId};
use jiff::Timestamp;
use jiff::civil::{Date, date};

pub(crate) use self::annotations::annotations;
pub(crate) use self::answers::answers;
pub(crate) use self::brief::{search_brief, topic_brief, tray};
pub(crate) use self::digest::{digest, search_digest};
pub(crate) use self::found::{comparison, consent, path, related, search_page};
pub(crate) use self::networks::{about, home, networks};
pub(crate) use self::topics::{
    map, matrix, timeline, topic, topic_networks, topic_page, topic_ref,
};
use crate::shapes::{AreaRef, Conversation, Copies, List, NetworkRef};

pub(crate) const TODAY: Date = date(2026, 11, 22);

pub(crate) fn now() -> Timestamp {
    at("2026-11-22T20:40:00Z")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn topic_id(n: usize) -> TopicId {
    TopicId::from_u128(0x7000 + n as u128)
}

fn language(code: &str) -> Language {
    code.parse().expect("a language code")
}

const NETWORKS: [(&str, &str, SourceKind); 8] = [
    ("leeds-carers", "Leeds Carers", SourceKind::Discourse),
    (
        "bradford-urdu-health-radio",
        "بریڈفورڈ اردو ہیلتھ ریڈیو",
        SourceKind::Feed,
    ),
    (
        "polski-klub-zdrowia",
        "Polski Klub Zdrowia",
        SourceKind::Flarum,
    ),
    (
        "fforwm-diabetes-cymru",
        "Fforwm Diabetes Cymru",
        SourceKind::Discourse,
    ),
    (
        "rural-buses-cornwall",
        "Rural Buses Cornwall",
        SourceKind::Wordpress,
    ),
    (
        "midwives-voices",
        "Midwives’ Voices",
        SourceKind::PublicInbox,
    ),
    (
        "sheffield-kidney-friends",
        "Sheffield Kidney Friends",
        SourceKind::Nodebb,
    ),
    (
        "hooyooyinka-bristol",
        "Hooyooyinka Bristol",
        SourceKind::Mastodon,
    ),
];

fn network_ref(n: usize) -> NetworkRef {
    let (slug, name, _) = NETWORKS[n % NETWORKS.len()];
    NetworkRef {
        slug: slug.to_owned(),
        name: name.to_owned(),
    }
}

const TITLES: [(&str, &str, &str); 8] = [
    (
        "Walk-in blood tests stopped",
        "en",
        "My mum cannot book online, and the walk-in blood tests at the health centre have stopped. We were told to ring a line that nobody answers. Last week we waited 50 minutes and were cut off. Has anybody found another place that still takes people without an appointment?",
    ),
    (
        "خون کے ٹیسٹ کے لیے اب وقت لینا ضروری ہے",
        "ur",
        "سننے والوں نے بتایا کہ خون کے ٹیسٹ کے لیے اب پہلے سے وقت لینا پڑتا ہے، اور فون پر ترجمان نہیں ملتا۔",
    ),
    (
        "Gdzie teraz zrobić badania bez umawiania?",
        "pl",
        "Od listopada nie ma już kolejki bez zapisów. Badania krwi tylko przez internet, a strona jest po angielsku.",
    ),
    (
        "Aros tair wythnos am brawf",
        "cy",
        "Mae’r profion gwaed blynyddol wedi symud i’r ysbyty, a does dim bws yn ôl ar ôl pedwar o’r gloch.",
    ),
    (
        "Two buses for a ten-minute appointment",
        "en",
        "The practice sends everybody to the hospital for blood tests now. The 36 leaves before the clinic opens, so people miss the slot.",
    ),
    (
        "Needle fear and a busy clinic: what helped you?",
        "en",
        "Long queues for blood tests are the hard part for our children. A quiet room and a morning slot made all the difference.",
    ),
    (
        "Monthly bloods moved to the hospital",
        "en",
        "I need blood tests every four weeks after my transplant. Nobody could say who cancels the standing appointment.",
    ),
    (
        "Baaritaanka dhiigga ee carruurta",
        "so",
        "Waxaan sugnay laba toddobaad. Turjubaan ma jiro.",
    ),
];

pub(crate) fn conversation(n: usize) -> Conversation {
    let (title, code, excerpt) = TITLES[n % TITLES.len()];
    let id = ConversationId::from_u128(0x1000 + n as u128);
    let language = language(code);
    Conversation {
        id,
        title: title.to_owned(),
        url: format!("https://forum.leedscarers.example/t/walk-in-blood-tests/{n}"),
        links_to: None,
        network: network_ref(n),
        kind: NETWORKS[n % NETWORKS.len()].2,
        language: Some(language),
        direction: language.direction(),
        started: Some(at("2026-11-02T09:14:00Z")),
        last_active: Some(at("2026-11-20T18:00:00Z")),
        undated: false,
        posts: 14 + n as u64 * 3,
        voices: 9,
        excerpt: excerpt.to_owned(),
        text: None,
        copies: n.is_multiple_of(3).then_some(Copies {
            count: 3,
            networks: 3,
        }),
        topics: vec![topic_id(0)],
        consent: format!("/api/v1/conversations/{id}/consent"),
    }
}

/// Areas that the `n`th network serves.
fn areas(n: usize) -> Vec<AreaRef> {
    let all = [
        ("council", "Ashmere"),
        ("council", "Brackenford"),
        ("health-board", "Wexmoor"),
    ];
    let serves = all.into_iter().skip(n % 3).take(1 + n % 2);
    let area = |(kind, name): (&str, &str)| AreaRef {
        slug: format!("{kind}-{}", name.to_lowercase()),
        kind: kind.to_owned(),
        name: name.to_owned(),
    };
    serves.map(area).collect()
}

/// A page of a topic's conversations.
pub(crate) fn conversations() -> List<Conversation> {
    List {
        items: [0, 8, 1, 2, 10].into_iter().map(conversation).collect(),
        next: Some("bmV4dA".to_owned()),
        total: 93,
        generation: 17,
    }
}
