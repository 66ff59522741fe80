//! How platforms give themselves away, and how each is best read.

use discover_model::SourceKind;
use url::Url;

use super::home::Home;

/// What is known of one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Platform {
    pub(super) name: &'static str,
    /// What gave it away, in plain words.
    pub(super) sign: &'static str,
    /// Its connector, where there is one.
    pub(super) kind: Option<SourceKind>,
    /// Else where its feeds are, below the forum's root.
    pub(super) feeds: &'static [&'static str],
    pub(super) note: Option<&'static str>,
    pub(super) settings: Option<&'static str>,
}

const HEADER: &str = "a header";
const GENERATOR: &str = "the generator";
const MARKUP: &str = "the markup";
const NODEINFO: &str = "nodeinfo";

const ACCOUNTS: &str = "name the accounts that are yours with kind = \"mastodon\", accounts = [\"@name@host\"]: a server cannot consent for the people on it";
const COMMUNITIES: &str =
    "name your own communities (communities = [\"name\"]); those of other servers are not read";
const PDS: &str = "name the accounts that are yours (accounts = [\"name.example.org\"]); the data server's other accounts are not read";

/// Selectors for Fossil's forum pages.
const FOSSIL: &str = r#"[network.source.list]
start = "forum"
thread = ".forumPosts a[href*='/forumpost/']@href"
[network.source.thread]
title = "h1"
post = ".forumTime"
id = ".forumPostHdr a[href$='?raw']@href"
link = "div:not(.forumSel) > h3 > a:nth-last-of-type(2)@href"
text = ".forumPostBody"
author = ".forumPostHdr a"
time = { css = ".forumPostHdr" }
depth = "style:margin-left/4ex""#;

const fn connector(name: &'static str, sign: &'static str, kind: SourceKind) -> Platform {
    Platform {
        name,
        sign,
        kind: Some(kind),
        feeds: &[],
        note: None,
        settings: None,
    }
}

const fn by_feed(
    name: &'static str,
    sign: &'static str,
    feeds: &'static [&'static str],
) -> Platform {
    Platform {
        name,
        sign,
        kind: None,
        feeds,
        note: None,
        settings: None,
    }
}

impl Platform {
    /// By what the home page itself gives: its headers before its generator before its markup.
    pub(super) fn of(home: &Home) -> Option<Self> {
        use SourceKind::{Discourse, Flarum, Html, Hyperkitty, Nodebb, PublicInbox, Wordpress};
        if home.wp_json.is_some() {
            return Some(connector("WordPress", HEADER, Wordpress));
        }
        if home.discourse_header {
            return Some(connector("Discourse", HEADER, Discourse));
        }
        if home.powered_by.contains("nodebb") {
            return Some(connector("NodeBB", HEADER, Nodebb));
        }
        if home.powered_by.contains("vanilla") {
            return Some(by_feed("Vanilla", HEADER, &["discussions/feed.rss"]));
        }
        let by_generator = [
            ("wordpress", connector("WordPress", GENERATOR, Wordpress)),
            ("discourse", connector("Discourse", GENERATOR, Discourse)),
            ("ghost", by_feed("Ghost", GENERATOR, &["rss/"])),
            (
                "vbulletin",
                by_feed(
                    "vBulletin",
                    GENERATOR,
                    &["external.php?type=RSS2&lastpost=1", "external?type=rss2"],
                ),
            ),
            ("phpbb", by_feed("phpBB", GENERATOR, PHPBB)),
            ("drupal", by_feed("Drupal", GENERATOR, &["rss.xml"])),
            (
                "joomla",
                by_feed("Joomla", GENERATOR, &["?format=feed&type=atom"]),
            ),
            ("hugo", by_feed("Hugo", GENERATOR, &["index.xml"])),
            (
                "jekyll",
                by_feed("Jekyll", GENERATOR, &["feed.xml", "atom.xml"]),
            ),
        ];
        for (word, platform) in by_generator {
            if home.generator.contains(word) {
                return Some(platform);
            }
        }
        let by_mark = [
            (
                &["#flarum-loading", "#flarum-content"][..],
                connector("Flarum", MARKUP, Flarum),
            ),
            (
                &["public inbox for "],
                connector("public-inbox", MARKUP, PublicInbox),
            ),
            (
                &["powered by hyperkitty"],
                connector("Mailman 3", MARKUP, Hyperkitty),
            ),
            (
                &["#discourse-modal", "#data-discourse-setup"],
                connector("Discourse", MARKUP, Discourse),
            ),
            (&["#phpbb"], by_feed("phpBB", MARKUP, PHPBB)),
            (
                &["powered by mybb"],
                by_feed("MyBB", MARKUP, &["syndication.php?type=atom1.0&limit=50"]),
            ),
            (
                &["powered by smf", "smf_header", "#smf_"],
                by_feed(
                    "SMF",
                    MARKUP,
                    &["index.php?action=.xml;type=atom;sa=recent;limit=50"],
                ),
            ),
            (
                &["#xf "],
                by_feed("XenForo", MARKUP, &["forums/-/index.rss", "index.rss"]),
            ),
        ];
        for (marks, platform) in by_mark {
            if marks.iter().any(|mark| home.marks.contains(mark)) {
                return Some(platform);
            }
        }
        if home.marks.contains("this page was generated in about") && home.marks.contains("fossil")
        {
            return Some(Self {
                note: Some(
                    "Fossil's feed also names posts that wait for a moderator: read the forum's pages instead",
                ),
                settings: Some(FOSSIL),
                ..connector("Fossil", MARKUP, Html)
            });
        }
        if home.cookies.contains("phpbb") {
            return Some(by_feed("phpBB", HEADER, PHPBB));
        }
        None
    }

    /// By the name of the software that nodeinfo gives.
    pub(super) fn of_software(name: &str) -> Option<Self> {
        use SourceKind::{Discourse, Lemmy, Nodebb, Wordpress};
        let accounts = |name| {
            Some(Self {
                note: Some(ACCOUNTS),
                ..by_feed(name, NODEINFO, &[])
            })
        };
        match name.to_ascii_lowercase().as_str() {
            "lemmy" => Some(Self {
                note: Some(COMMUNITIES),
                ..connector("Lemmy", NODEINFO, Lemmy)
            }),
            "nodebb" => Some(connector("NodeBB", NODEINFO, Nodebb)),
            "discourse" => Some(connector("Discourse", NODEINFO, Discourse)),
            "wordpress" => Some(connector("WordPress", NODEINFO, Wordpress)),
            "mastodon" => accounts("Mastodon"),
            "gotosocial" => accounts("GoToSocial"),
            "pixelfed" => accounts("Pixelfed"),
            "akkoma" | "pleroma" => accounts("Akkoma"),
            "peertube" => Some(by_feed(
                "PeerTube",
                NODEINFO,
                &["feeds/videos.xml?isLocal=true"],
            )),
            "mbin" | "kbin" => Some(by_feed("Mbin", NODEINFO, &["rss"])),
            _ => None,
        }
    }

    pub(super) fn atproto() -> Self {
        Self {
            note: Some(PDS),
            ..connector(
                "AT Protocol data server",
                "describeServer",
                SourceKind::Atproto,
            )
        }
    }

    /// The address its connector reads.
    pub(super) fn root(&self, home: &Home) -> Url {
        // The data interface lies in the root of the site: `…/wp-json/`.
        if let Some(wp_json) = &home.wp_json
            && wp_json.path().ends_with("/wp-json/")
            && let Ok(root) = wp_json.join("../")
        {
            return root;
        }
        if self.kind == Some(SourceKind::PublicInbox) {
            // A message's page lies below its inbox's.
            let mut url = home.root();
            let first = url
                .path_segments()
                .and_then(|mut steps| steps.next().map(str::to_owned));
            if let Some(first) = first.filter(|first| !first.is_empty()) {
                url.set_path(&format!("/{first}/"));
            }
            return url;
        }
        if self.kind == Some(SourceKind::Hyperkitty)
            && let Some((before, behind)) = home.url.path().split_once("/list/")
        {
            // A message's page lies below its list's.
            let list = behind.split('/').next().unwrap_or_default();
            let mut url = home.root();
            url.set_path(&format!("{before}/list/{list}/"));
            return url;
        }
        if self.kind == Some(SourceKind::Html) {
            // The folder its pages lie in.
            return home.url.join("./").unwrap_or_else(|_| home.root());
        }
        if matches!(self.kind, Some(SourceKind::Lemmy | SourceKind::Atproto)) {
            let mut url = home.root();
            url.set_path("/");
            return url;
        }
        home.root()
    }
}

const PHPBB: &[&str] = &["app.php/feed", "feed.php", "feed"];
