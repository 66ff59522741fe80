//! How platforms give themselves away, and how each is best read.

use discover_model::SourceKind;
use url::Url;

use super::home::Home;
use crate::connectors::presets::{self, Preset};

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
    /// Selectors for its pages.
    pub(super) preset: Option<&'static Preset>,
}

const HEADER: &str = "a header";
const GENERATOR: &str = "the generator";
const MARKUP: &str = "the markup";
const NODEINFO: &str = "nodeinfo";

const ACCOUNTS: &str = "name the accounts that are yours with kind = \"mastodon\", accounts = [\"@name@host\"]: a server cannot consent for the people on it";
const COMMUNITIES: &str =
    "name your own communities (communities = [\"name\"]); those of other servers are not read";
const PDS: &str = "name the accounts that are yours (accounts = [\"name.example.org\"]); the data server's other accounts are not read";

const fn connector(name: &'static str, sign: &'static str, kind: SourceKind) -> Platform {
    Platform {
        name,
        sign,
        kind: Some(kind),
        feeds: &[],
        note: None,
        preset: None,
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
        preset: None,
    }
}

/// Read by its pages where they show what the selectors look for, else by its feeds.
fn by_preset(preset: &'static Preset, sign: &'static str) -> Platform {
    let feeds: &[&str] = match preset.name.as_str() {
        "phpbb" => &["app.php/feed", "feed.php", "feed"],
        "smf" => &["index.php?action=.xml;type=atom;sa=recent;limit=50"],
        "mybb" => &["syndication.php?type=atom1.0&limit=50"],
        "xenforo" => &["forums/-/index.rss", "index.rss"],
        "vanilla" => &["discussions/feed.rss"],
        _ => &[],
    };
    let note = (preset.name == "fossil").then_some(
        "Fossil's feed also names posts that wait for a moderator: its forum's pages are read instead",
    );
    Platform {
        note,
        preset: Some(preset),
        ..by_feed(preset.title.as_str(), sign, feeds)
    }
}

impl Platform {
    /// By what the home page itself gives: its headers before its generator before its markup.
    pub(super) fn of(home: &Home) -> Option<Self> {
        use SourceKind::{Discourse, Flarum, Hyperkitty, Nodebb, PublicInbox, Wordpress};
        let by_markup = presets::given_away(&home.generator, &home.marks);
        // A forum within a blog is the forum.
        if let Some(bbpress) = by_markup.filter(|preset| preset.name == "bbpress") {
            return Some(by_preset(bbpress, MARKUP));
        }
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
            return presets::named("vanilla").map(|preset| by_preset(preset, HEADER));
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
        ];
        for (marks, platform) in by_mark {
            if marks.iter().any(|mark| home.marks.contains(mark)) {
                return Some(platform);
            }
        }
        if let Some(preset) = by_markup {
            return Some(by_preset(preset, MARKUP));
        }
        if home.cookies.contains("phpbb") {
            return presets::named("phpbb").map(|preset| by_preset(preset, HEADER));
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
        if matches!(self.kind, Some(SourceKind::Lemmy | SourceKind::Atproto)) {
            let mut url = home.root();
            url.set_path("/");
            return url;
        }
        home.root()
    }
}
