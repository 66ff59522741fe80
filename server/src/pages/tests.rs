//! What every page holds, whatever it is given: escaped, from ourselves only, without style or script, with one
//! heading and unique ids.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use jiff::civil::date;
use jiff::tz::TimeZone;
use url::Url;

use super::view::Frame;
use super::{
    about as about_page, answers, brief, compare, conversation, digest, error, home, map,
    matrix as matrix_page, networks, paths, problems, sample, search, topic, topics,
    tray as tray_page, views,
};
use crate::i18n::{self, Locale};
use crate::problem::{Code, Problem};
use crate::read::params::{
    CompareParams, DigestParams, MapParams, OtherSide, PageParams, PathForm, Query, SearchParams,
    TopicParams, TrayItem, TrayParams,
};
use crate::shapes::{MapAnswers, PathStep, Quote, Rank, SearchPage};
use crate::state::ServerConfig;
use crate::text::inline::Text;

const NAME: &str = "Discover";

/// A piece of markup that would do something if it ever reached a page unescaped.
const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}";
const HOSTILE_QUERY: &str = "from=%22%3E%3Cscript%3E&to=b&q=%22%3E%3Cscript%3E&q2=%22%3E%3Cimg%20src=x%3E&after=%22%3E%3Cscript%3E";
const SCRIPT_LINK: &str = "javascript:alert(document.domain)//https://site.example/";

fn poison(text: &mut String) {
    HOSTILE.clone_into(text);
}

fn html(page: &impl Template) -> String {
    i18n::render(page, None).expect("a page renders")
}

/// Every page, from the sample content or from one in which every foreign text is hostile.
fn pages(hostile: bool) -> Vec<(&'static str, String)> {
    let zone = TimeZone::UTC;
    let bad = |text: &mut String| {
        if hostile {
            poison(text);
        }
    };

    let bad_quote = |quote: &mut Quote| {
        bad(&mut quote.text);
        bad(&mut quote.title);
        bad(&mut quote.network.name);
        if hostile {
            SCRIPT_LINK.clone_into(&mut quote.url);
        }
    };

    let mut home = sample::home();
    for network in home.networks.items.iter_mut().chain(&mut home.unreachable) {
        bad(&mut network.name);
    }
    for list in [&mut home.emerging, &mut home.enduring, &mut home.quiet] {
        for topic in &mut list.items {
            bad(&mut topic.label);
            bad(&mut topic.title);
            topic.quotes.iter_mut().for_each(bad_quote);
        }
    }
    for not in home.not_listed.iter_mut().flatten() {
        bad(&mut not.topic.label);
        bad(&mut not.because);
    }
    if let Some(lead) = &mut home.lead {
        bad(&mut lead.label);
        lead.quotes.iter_mut().for_each(bad_quote);
    }

    let mut topic = sample::topic(0);
    topic.quotes.iter_mut().for_each(bad_quote);
    for bridge in &mut topic.bridges {
        bad(&mut bridge.conversation.title);
        bad(&mut bridge.conversation.network.name);
        bad(&mut bridge.cut_off[0].name);
    }
    for near in &mut topic.neighbours {
        bad(&mut near.topic.label);
        near.reasons
            .iter_mut()
            .for_each(|reason| bad(&mut reason.words));
    }
    if let Some(before) = &mut topic.before {
        before.words.iter_mut().for_each(bad);
    }
    bad(&mut topic.rank.quiet.because);
    let mut taking = sample::topic_networks();
    for network in &mut taking.items {
        bad(&mut network.name);
    }
    let mut matrix = sample::matrix();
    bad(&mut matrix.items[0].topic.label);
    for network in &mut matrix.networks {
        bad(&mut network.name);
    }
    let mut way = sample::path();
    for step in &mut way.steps {
        match step {
            PathStep::Conversation(conversation) => {
                bad(&mut conversation.title);
                bad(&mut conversation.network.name);
            }
            PathStep::Relation(relation) => {
                relation
                    .reasons
                    .iter_mut()
                    .for_each(|reason| bad(&mut reason.words));
            }
        }
    }
    bad(&mut topic.label);
    bad(&mut topic.title);
    topic.labels.values_mut().for_each(bad);
    topic.terms.iter_mut().for_each(bad);
    for network in &mut topic.networks {
        bad(&mut network.name);
    }
    if let Some(coordinated) = &mut topic.coordinated {
        bad(&mut coordinated.reason);
    }
    for event in &mut topic.history {
        if event.event == "grown" {
            bad(&mut event.event);
        }
    }
    topic.rank.emerging.terms.insert(
        if hostile {
            HOSTILE.to_owned()
        } else {
            "other".to_owned()
        },
        1.5,
    );
    let mut named: Vec<_> = [topic.parent]
        .into_iter()
        .flatten()
        .chain(topic.children.clone())
        .filter_map(sample::topic_ref)
        .collect();
    for topic in &mut named {
        bad(&mut topic.label);
    }
    let mut members = sample::conversations();
    for conversation in &mut members.items {
        bad(&mut conversation.title);
        bad(&mut conversation.network.name);
    }

    let mut happened = sample::answers();
    for entry in &mut happened.items {
        bad(&mut entry.by);
        entry.text.iter_mut().for_each(bad);
        entry
            .erased
            .iter_mut()
            .for_each(|erased| bad(&mut erased.reason));
        if hostile && entry.url.is_some() {
            entry.url = Some(SCRIPT_LINK.to_owned());
        }
    }
    happened.due.iter_mut().for_each(|due| bad(&mut due.by));
    for entry in &mut happened.items {
        let names = entry.networks.iter_mut();
        names.for_each(|network| bad(&mut network.name));
    }
    let mut noted = sample::annotations();
    for note in &mut noted {
        bad(&mut note.text);
        note.operator.iter_mut().for_each(bad);
        let network = note.network.iter_mut();
        network.for_each(|network| bad(&mut network.name));
    }
    topic.annotations = noted.clone();
    happened
        .topic
        .iter_mut()
        .for_each(|topic| bad(&mut topic.label));
    let mut due: Vec<_> = happened
        .topic
        .iter()
        .map(|topic| {
            let answers = MapAnswers {
                entries: 4,
                stage: "answered".to_owned(),
                by: "<b>Board</b>".to_owned(),
                at: date(2026, 11, 18),
                due: Some(date(2026, 11, 19)),
                overdue: true,
            };
            (topic.clone(), answers)
        })
        .collect();
    due.extend(due.clone().into_iter().map(|(topic, answers)| {
        let answers = MapAnswers {
            overdue: false,
            ..answers
        };
        (topic, answers)
    }));
    let mut briefs = [sample::topic_brief(), sample::search_brief()];
    for brief in &mut briefs {
        bad(&mut brief.label);
        brief.happened = brief.happened.as_ref().map(|_| happened.clone());
        if brief.topic.is_some() {
            brief.annotations = noted.clone();
        }
        brief.labels.values_mut().for_each(bad);
        brief.quotes.iter_mut().for_each(bad_quote);
        brief.headline.iter_mut().for_each(bad);
        let names = brief.networks.iter_mut().map(|one| &mut one.name);
        let names = names.chain(brief.could.iter_mut().map(|one| &mut one.name));
        let unknown = brief.not_comparable.iter_mut().map(|one| &mut one.name);
        names.chain(unknown).for_each(bad);
        if let Some(coordinated) = &mut brief.coordinated {
            bad(&mut coordinated.reason);
        }
    }

    let mut one = sample::conversation(0);
    let mut related = sample::related();
    let mut consent = sample::consent();
    bad(&mut one.title);
    bad(&mut one.excerpt);
    bad(&mut one.network.name);
    for relation in &mut related.items {
        bad(&mut relation.conversation.title);
        bad(&mut relation.conversation.network.name);
        for reason in &mut relation.reasons {
            bad(&mut reason.words);
            if hostile && reason.url.is_some() {
                reason.url = Some(SCRIPT_LINK.to_owned());
            }
        }
    }
    consent.scope.iter_mut().for_each(bad);
    if hostile {
        SCRIPT_LINK.clone_into(&mut one.url);
    }

    let mut found = sample::search_page(221);
    poison_search(&mut found, &bad);
    let query = if hostile { HOSTILE } else { "blood tests" };
    let params = SearchParams {
        q: query.to_owned(),
        ..SearchParams::parse("language=cy&after=2026-10-01").expect("parameters")
    };
    let mut compared = CompareParams {
        search: params.clone(),
        ..CompareParams::default()
    };
    for (side, letter) in compared.others.iter_mut().zip("bcde".chars()) {
        *side = OtherSide {
            q: Some(format!("{query}{letter}")),
            ..OtherSide::default()
        };
    }
    let comparison = sample::comparison(&found, query, &bad);
    let config = ServerConfig::default();
    let name = |_: &str| Some(if hostile { HOSTILE } else { "Leeds Carers" }.to_owned());

    let around = search::Around {
        elsewhere: &[],
        instance: NAME,
        zone: &zone,
        name: &name,
        topics: &[],
        today: sample::TODAY,
        mails: true,
    };
    let listed = || {
        let mut words = "Blood tests".to_owned();
        bad(&mut words);
        vec![views::Listed {
            href: "/views/blood-tests".to_owned(),
            title: Text::unknown(&words),
            description: Some(Text::unknown(&words)),
        }]
    };
    let mut tray = sample::tray();
    for item in &mut tray.items {
        bad_quote(&mut item.quote);
        bad(&mut item.reference);
    }
    let items = tray.items.iter().map(|item| TrayItem {
        conversation: item.quote.conversation,
        topic: None,
    });
    let in_tray = TrayParams {
        items: items.collect(),
    };
    let made = search::sheet::Made {
        config: &config,
        today: sample::TODAY,
        name: &name,
    };
    let mut picture = sample::map(1);
    for topic in &mut picture.topics {
        bad(&mut topic.label);
        bad(&mut topic.short_label);
    }
    for subject in &mut picture.subjects {
        bad(&mut subject.label);
    }

    let mut list = sample::networks();
    for network in &mut list.items {
        bad(&mut network.name);
        bad(&mut network.owner);
        network.scope.iter_mut().for_each(bad);
        for source in &mut network.sources {
            if hostile {
                SCRIPT_LINK.clone_into(&mut source.url);
                source.trouble = Some(HOSTILE.to_owned());
            }
        }
    }

    let mut about = sample::about();
    for row in about.refused.iter_mut().chain(&mut about.redacted) {
        bad(&mut row.words);
    }
    if hostile {
        SCRIPT_LINK.clone_into(&mut about.operator_contact);
    }
    let contact = about.operator_contact.clone();
    let mut problem = Problem::new(
        Code::QuerySyntax,
        if hostile {
            HOSTILE
        } else {
            "a quotation mark is never closed"
        },
    )
    .with_hint(if hostile { HOSTILE } else { "close it" });
    problem.column = Some(3);
    let base: Url = "https://discover.example/".parse().expect("an address");
    let topics_params = TopicParams {
        network: Some("leeds-carers".to_owned()),
        ..TopicParams::default()
    };
    let page = PageParams::default();
    let topic_content = topic::Content {
        topic: &topic,
        conversations: &members,
        nearly: &BTreeMap::new(),
        named: &named,
        networks: &taking,
        warning: home.warnings.items.first(),
        answers: &happened,
        params: &page,
        today: sample::TODAY,
        mails: true,
    };
    let form = PathForm::liberal(if hostile {
        HOSTILE_QUERY
    } else {
        "from=a&to=b"
    });
    let form = form.expect("a form");
    let conversation_content = conversation::Content {
        conversation: &one,
        topics: &named,
        related: &related,
        params: &page,
        consent: Some(&consent),
    };

    let [topic_brief, search_brief] = briefs.each_ref().map(|brief| {
        let around = brief::Around {
            config: &config,
            large: brief.topic.is_some(),
            path: "/search/brief",
            query: "q=blood",
            asked: vec![("Network", Text::unknown(query))],
            name: &name,
        };
        html(&brief::Page::new(brief, around))
    });

    let mut digests = [sample::digest(), sample::search_digest()];
    for digest in &mut digests {
        let sections = [
            &mut digest.warnings,
            &mut digest.emerging,
            &mut digest.enduring,
        ];
        for item in sections.into_iter().flatten() {
            bad(&mut item.topic.label);
            item.quote.iter_mut().for_each(bad_quote);
        }
        for one in &mut digest.answers {
            one.items.clone_from(&happened.items);
            one.due.clone_from(&happened.due);
        }
        if let Some(found) = &mut digest.search {
            found.quotes.iter_mut().for_each(bad_quote);
        }
    }
    let of_search = DigestParams {
        search: params.clone(),
    };
    let [weekly, searched] = digests.each_ref().map(|digest| {
        let around = digest::Around {
            config: &config,
            large: digest.search.is_none(),
            params: &of_search,
            areas: &list.items[1].areas,
            earlier: Some("2026-W46"),
        };
        html(&digest::Page::new(digest, &around))
    });

    vec![
        ("digest", weekly),
        ("digest of a search", searched),
        (
            "answers",
            html(&answers::Page::new(NAME, "aaaa", &happened)),
        ),
        ("brief of a topic", topic_brief),
        ("brief of a search", search_brief),
        ("home", html(&home::Page::new(&home, listed(), &zone))),
        ("tray", html(&tray_page::Page::new(NAME, &in_tray, &tray))),
        (
            "tray, unused",
            html(&tray_page::Page::new(
                NAME,
                &TrayParams::default(),
                &crate::shapes::Tray {
                    items: Vec::new(),
                    not_shown: 0,
                    ..tray.clone()
                },
            )),
        ),
        (
            "brief of a tray",
            html(&tray_page::Brief::new(&config, &in_tray, &tray, false)),
        ),
        (
            "topics",
            html(&topics::Page::new(
                NAME,
                &topics_params,
                &home.emerging,
                &list.items[1].areas,
            )),
        ),
        (
            "topic",
            html(&topic::Page::new(NAME, &topic_content, &zone)),
        ),
        (
            "conversation",
            html(&conversation::Page::new(NAME, &conversation_content, &zone)),
        ),
        (
            "search",
            html(&search::Page::new(&params, &found, &around, listed())),
        ),
        (
            "search, nothing found",
            html(&search::Page::new(
                &params,
                &sample::search_page(0),
                &around,
                Vec::new(),
            )),
        ),
        (
            "sheet",
            html(&search::sheet::Sheet::new(&params, &found, &made)),
        ),
        (
            "compare",
            html(&compare::Page::new(
                NAME,
                &compared,
                &comparison,
                &name,
                sample::TODAY,
            )),
        ),
        (
            "compare, asking",
            html(&compare::Page::asking(NAME, &compared, sample::TODAY)),
        ),
        (
            "compare error",
            html(&compare::Page::refused(NAME, HOSTILE_QUERY, &problem)),
        ),
        (
            "search error",
            html(&search::ErrorPage::new(NAME, query, &problem)),
        ),
        (
            "matrix",
            html(&matrix_page::Page::new(
                NAME,
                &topics_params,
                &matrix,
                sample::TODAY,
            )),
        ),
        (
            "paths",
            html(&paths::Page::new(NAME, &form, Some(&way), &zone)),
        ),
        (
            "map",
            html(&map::Page::new(
                NAME,
                &MapParams {
                    q: Some(HOSTILE_QUERY.to_owned()),
                    ..MapParams::default()
                },
                &crate::shapes::Map {
                    lit: picture
                        .topics
                        .iter()
                        .map(|topic| topic.id)
                        .take(3)
                        .collect(),
                    ..picture.clone()
                },
            )),
        ),
        (
            "networks",
            html(&networks::Page::new(NAME, &page, &list, &zone)),
        ),
        (
            "network",
            html(&networks::NetworkPage::new(
                NAME,
                &list.items[5],
                &happened.items,
                &due,
                &zone,
            )),
        ),
        (
            "about",
            html(&about_page::AboutPage::new(&about, query.to_owned())),
        ),
        (
            "bot",
            html(&about_page::BotPage::new(
                NAME,
                &contact,
                query.to_owned(),
                &base,
                sample::TODAY,
            )),
        ),
        (
            "privacy",
            html(&about_page::PrivacyPage::new(NAME, &contact)),
        ),
        (
            "accessibility",
            html(&about_page::AccessibilityPage::new(NAME, &contact)),
        ),
        ("api", html(&about_page::ApiPage::new(NAME, &base))),
        ("problems", html(&problems::ListPage::new(NAME))),
        (
            "problem",
            html(&problems::Page::new(NAME, Code::QuerySyntax)),
        ),
        (
            "error",
            html(&error::Page::new(NAME, &contact, &problem, "/topics/x")),
        ),
    ]
}

fn poison_search(found: &mut SearchPage, bad: &impl Fn(&mut String)) {
    for hit in &mut found.items {
        bad(&mut hit.conversation.title);
        bad(&mut hit.conversation.network.name);
        if hit.conversation.title == HOSTILE {
            SCRIPT_LINK.clone_into(&mut hit.conversation.url);
        }
        for highlight in &mut hit.highlight {
            bad(&mut highlight.text);
        }
    }
    let facets = &mut found.facets;
    for row in facets.network.iter_mut().chain(&mut facets.topic) {
        bad(&mut row.label);
    }
}

/// The values of an attribute, wherever it stands.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    html.split(&format!(" {name}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn foreign_text_is_escaped_on_every_page_and_only_web_addresses_are_links() {
    for (page, html) in pages(true) {
        assert!(!html.contains("<script"), "{page}: a script got through");
        assert!(!html.contains("<img"), "{page}: an image got through");
        for name in ["href", "action", "cite"] {
            for value in attributes(&html, name) {
                let lower = value.to_lowercase();
                assert!(
                    ["/", "#", "https://", "http://", "mailto:"]
                        .iter()
                        .any(|start| lower.starts_with(start)),
                    "{page}: {name}={value}"
                );
            }
        }
    }
}

#[test]
fn nothing_is_loaded_from_elsewhere_and_there_is_no_style_or_script() {
    for (page, html) in pages(false) {
        for (start, attribute) in [("<link ", "href"), ("<form ", "action")] {
            for element in html.split(start).skip(1) {
                let element = element.split('>').next().unwrap_or_default();
                let element = format!(" {element}");
                for value in attributes(&element, attribute) {
                    assert!(
                        value.starts_with('/') && !value.starts_with("//"),
                        "{page}: {value}"
                    );
                }
            }
        }
        for banned in [
            "<script",
            "<style",
            " style=\"",
            " src=\"",
            "<iframe",
            "<img",
            "@import",
            " onclick",
            "<base",
        ] {
            assert!(!html.contains(banned), "{page}: {banned}");
        }
    }
}

#[test]
fn every_page_has_language_title_one_heading_a_way_past_the_menu_and_unique_ids() {
    for (page, html) in pages(false) {
        assert!(html.contains("<html lang=\"en-GB\" dir=\"ltr\">"), "{page}");
        let head = html.split("</head>").next().unwrap_or_default();
        assert_eq!(head.matches("<title>").count(), 1, "{page}");
        assert_eq!(html.matches("<h1").count(), 1, "{page}");
        assert!(
            html.contains("href=\"#main\"") && html.contains("<main id=\"main\""),
            "{page}"
        );
        let ids = attributes(&html, "id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{page}: {ids:?}");
        for target in attributes(&html, "aria-labelledby")
            .iter()
            .flat_map(|ids| ids.split(' '))
        {
            assert!(
                unique.contains(target),
                "{page}: nothing has the id {target}"
            );
        }
        for target in attributes(&html, "for") {
            assert!(
                unique.contains(target),
                "{page}: no field has the id {target}"
            );
        }
        for target in attributes(&html, "href")
            .iter()
            .filter_map(|href| href.strip_prefix('#'))
        {
            assert!(unique.contains(target), "{page}: a link leads to #{target}");
        }
    }
}

#[test]
fn every_picture_has_its_words_and_a_table_below() {
    for (page, html) in pages(false) {
        for picture in html.split("<svg class=\"pic\"").skip(1) {
            let (svg, after) = picture.split_once("</svg>").expect("an end");
            assert!(
                svg.contains("<title id=") && svg.contains("<desc id="),
                "{page}"
            );
            assert!(after.contains("<table>"), "{page}: no table twin");
        }
        for tiny in html.split("<svg viewBox").skip(1) {
            let head = tiny.split('>').next().unwrap_or_default();
            assert!(head.contains("aria-hidden=\"true\""), "{page}: {head}");
        }
    }
}

#[test]
fn no_template_marks_anything_as_safe() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let mut folders = vec![std::path::PathBuf::from(folder)];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("templates") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a template");
            let text = text.replace(' ', "");
            assert!(
                !text.contains("|safe") && !text.contains("|escape"),
                "{path:?}"
            );
            seen += 1;
        }
    }
    assert!(seen > 15);
}

#[test]
fn no_page_names_an_author_field() {
    for (page, html) in pages(false) {
        for name in attributes(&html, "name") {
            assert!(
                !name.contains("author") && !name.contains("voice"),
                "{page}: {name}"
            );
        }
    }
}

#[test]
fn a_list_says_which_one_it_is_and_pages_on_within_it() {
    let params = TopicParams {
        rank: Rank::Quiet,
        ..TopicParams::default()
    };
    let html = html(&topics::Page::new(
        NAME,
        &params,
        &sample::topic_page(Rank::Quiet, 20),
        &[],
    ));
    assert!(html.contains("Quiet but persistent topics"));
    assert!(html.contains("/topics?rank=quiet&#38;cursor=bmV4dA"));
    assert!(html.contains("11 topics are too small to show."));
}

#[test]
fn the_frame_points_at_one_entry_of_the_menu() {
    let frame = Frame::new(NAME, "Map", super::view::Nav::Map);
    assert_eq!(
        frame.here(super::view::Nav::Map).to_string(),
        " aria-current=\"page\""
    );
    assert_eq!(frame.here(super::view::Nav::Search).to_string(), "");
}

#[test]
fn a_brief_reads_as_agreed_in_markdown() {
    let config = ServerConfig::default();
    let around = brief::Around {
        config: &config,
        large: false,
        path: "/topics/aaaa/brief",
        query: "",
        asked: Vec::new(),
        name: &|_| None,
    };
    let page = brief::Page::new(&sample::topic_brief(), around);
    insta::assert_snapshot!(brief::markdown::of(&page));
}

#[test]
fn the_page_of_a_conversation_reads_as_agreed() {
    let page = pages(false)
        .into_iter()
        .find(|(name, _)| *name == "conversation")
        .map(|(_, html)| html)
        .expect("the page");
    // The hash of a style sheet changes with every touch of it and says nothing about the page.
    let mut stable = String::new();
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once("/assets/") {
        stable.push_str(before);
        stable.push_str("/assets/HASH");
        rest = after.get(16..).unwrap_or_default();
    }
    stable.push_str(rest);
    insta::assert_snapshot!(stable);
}

/// Where the element of this name ends whose start tag `html` begins in; others of its name may stand inside.
fn end_of(html: &str, name: &str) -> usize {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let (mut depth, mut from) = (1_usize, 0);
    while let Some(end) = html[from..].find(&close) {
        let inside = &html[from..from + end];
        let opened = inside.match_indices(&open).filter(|(at, _)| {
            let next = inside[at + open.len()..].chars().next();
            next.is_some_and(|next| next == '>' || next.is_whitespace())
        });
        depth = depth + opened.count() - 1;
        from += end + close.len();
        if depth == 0 {
            return from;
        }
    }
    html.len()
}

/// What stands outside elements that say they are in English.
fn without_english(html: &str) -> String {
    let mut left = String::new();
    let mut rest = html;
    while let Some(at) = rest.find(" lang=\"en\"") {
        let begin = rest[..at].rfind('<').unwrap_or(at);
        let name: String = rest[begin + 1..]
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        left.push_str(&rest[..begin]);
        rest = &rest[at + end_of(&rest[at..], &name)..];
    }
    left + rest
}

#[test]
fn pages_in_another_language_hold_no_english_sentence_that_is_not_marked() {
    let english = i18n::tests::messages(Locale::English);
    for locale in [Locale::Welsh, Locale::Urdu] {
        let theirs = i18n::tests::messages(locale);
        for (name, html) in i18n::within(locale, false, || pages(false)) {
            let html = without_english(&html);
            for (key, text) in &english {
                let sentence = text.split_whitespace().count() > 2 && !text.contains('{');
                assert!(
                    !sentence || theirs[key] == *text || !html.contains(text.as_str()),
                    "{name} in {}: {key} = {text}",
                    locale.code()
                );
            }
        }
    }
}
