//! `sources.toml`: the registry a fresh checkout starts from. One `[[network]]` is one request for consent;
//! nothing is fetched until its proof is seen.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use anyhow::Context;
use discover_crawler::presets;
use discover_model::area::distinct;
use discover_model::network::{Sensitive, is_link_only, is_slug};
use discover_model::proof::ProofMethod;
use discover_model::source::{
    AtprotoVia, FeedItem, ListSelectors, SourceOptions, ThreadSelectors, TimeSelector,
};
use discover_model::{Area, Language, Origin, SourceKind};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use toml::de::DeTable;
use url::Url;

use super::table::{At, Table};
use super::{Collector, Mistakes};

/// Shortest interval an owner may ask for.
const FLOOR_SECONDS: i64 = 600;
const PROOFS: &str = "\"well-known\", \"dns-txt\", \"meta\", \"profile\" or \"attested\"";

/// A network as its file declares it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DeclaredNetwork {
    pub slug: String,
    pub name: String,
    pub owner: String,
    pub contact: Option<String>,
    pub proof: ProofMethod,
    pub attested: Option<Attested>,
    pub retention_days: u16,
    pub recheck_days: u16,
    /// Titles and links alone are kept.
    pub link_only: bool,
    pub sensitive: bool,
    /// Areas it serves; absent where the file leaves that to the owner.
    pub areas: Option<Vec<Area>>,
    /// Newcomers are welcome; absent where the file leaves that to the owner.
    pub newcomers: Option<bool>,
    pub sources: Vec<DeclaredSource>,
}

/// Consent on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attested {
    pub document: String,
    pub sha256: String,
    pub on: Date,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DeclaredSource {
    pub kind: SourceKind,
    pub url: Url,
    pub options: SourceOptions,
}

/// Reads the registry file, or says where one should be.
pub(crate) fn load(file: &Path) -> anyhow::Result<Vec<DeclaredNetwork>> {
    let text = std::fs::read_to_string(file).with_context(|| {
        format!(
            "cannot read the registry {}: name another file with --sources",
            file.display()
        )
    })?;
    Ok(read(file, &text)?)
}

/// Reads a registry file; `file` is only named in mistakes.
pub(crate) fn read(file: &Path, text: &str) -> Result<Vec<DeclaredNetwork>, Mistakes> {
    let mut mistakes = Collector::new(file, text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().unwrap_or(0..0);
        mistakes.add(
            at,
            error.message().to_owned(),
            "this is not TOML: see https://toml.io for how it is written",
        );
    }
    let mut root = Table::new(document.get_ref(), 0..0, "sources.toml");
    let mut networks = Vec::new();
    let mut slugs: BTreeSet<String> = BTreeSet::new();
    let mut addresses: BTreeMap<String, String> = BTreeMap::new();
    for table in root.tables("network", "[[network]]", &mut mistakes) {
        networks.extend(network(table, &mut slugs, &mut addresses, &mut mistakes));
    }
    root.finish(&mut mistakes);
    mistakes.finish(networks)
}

fn network(
    mut table: Table<'_, '_>,
    slugs: &mut BTreeSet<String>,
    addresses: &mut BTreeMap<String, String>,
    mistakes: &mut Collector,
) -> Option<DeclaredNetwork> {
    let header = table.at.clone();
    let slug = table.required("slug", "\"town-square\"", mistakes);
    if let Some(slug) = &slug {
        if !is_slug(&slug.value) {
            mistakes.add(
                slug.at.clone(),
                format!("slug {:?} cannot stand in an address", slug.value),
                "use 1 to 64 lower-case letters, digits and hyphens, for example \"town-square\"",
            );
        } else if !slugs.insert(slug.value.clone()) {
            mistakes.add(
                slug.at.clone(),
                format!("slug {:?} is used twice", slug.value),
                "give each network its own slug",
            );
        }
    }
    let name = table.required("name", "\"Town Square Forum\"", mistakes);
    let owner = table.required("owner", "\"Town Square Association\"", mistakes);
    let contact = table.string("contact", mistakes).map(|found| found.value);
    let proof = proof_method(&mut table, mistakes);
    let attested = attested(&mut table, proof, &header, mistakes);
    let retention_days = table
        .integer("retention_days", 1..1096, mistakes)
        .unwrap_or(365);
    let recheck_days = table.integer("recheck_days", 1..91, mistakes).unwrap_or(7);
    let kinds = Sensitive::ALL.map(|kind| (kind.as_str(), kind));
    let sensitive = table.choice("sensitive", &kinds, mistakes);
    let decided = table.boolean("link_only", mistakes);
    let areas = areas(&mut table, mistakes);
    let newcomers = table.boolean("newcomers", mistakes);
    if newcomers == Some(true) && sensitive.is_some() {
        mistakes.add(
            header.clone(),
            "`newcomers` stands beside `sensitive`",
            "remove it: readers are never sent to join in at a sensitive network",
        );
    }
    let declared = table.tables("source", "[[network.source]]", mistakes);
    if declared.is_empty() {
        mistakes.add(
            header.clone(),
            "[[network]] has no source",
            "add a [[network.source]] with kind and url, for example kind = \"feed\", url = \"https://site.example/feed\"",
        );
    }
    table.finish(mistakes);
    let mut sources = Vec::new();
    for table in declared {
        source(
            table,
            slug.as_ref().map_or("", |slug| slug.value.as_str()),
            addresses,
            &mut sources,
            mistakes,
        );
    }
    // A profile speaks for its account and for nothing else at the same address.
    if proof == Some(ProofMethod::Profile)
        && let Some(other) = sources.iter().find(|source| !source.kind.is_account())
    {
        mistakes.add(
            header,
            format!(
                "proof = \"profile\" stands beside a source of kind \"{}\"",
                other.kind
            ),
            "a profile proves accounts (mastodon, atproto) only: declare other sources in a network with another proof",
        );
    }
    Some(DeclaredNetwork {
        slug: slug?.value,
        name: name?.value,
        owner: owner?.value,
        contact,
        proof: proof?,
        attested,
        retention_days: u16::try_from(retention_days).unwrap_or(365),
        recheck_days: u16::try_from(recheck_days).unwrap_or(7),
        link_only: is_link_only(sensitive, decided),
        sensitive: sensitive.is_some(),
        areas,
        newcomers,
        sources,
    })
}

fn areas(table: &mut Table<'_, '_>, mistakes: &mut Collector) -> Option<Vec<Area>> {
    const EXAMPLE: &str = "write for example areas = [\"council: Ashmere\", \"health-board: Wexmoor\"], or [] for none";
    if !table.has("areas") {
        return None;
    }
    let written = table.strings("areas", mistakes);
    let at = written.first().map(|first| first.at.clone());
    let mut areas = Vec::new();
    for area in written {
        match area.value.parse::<Area>() {
            Ok(read) => areas.push(read),
            Err(error) => mistakes.add(area.at, error.to_string(), EXAMPLE),
        }
    }
    match distinct(areas) {
        Ok(areas) => Some(areas),
        Err(error) => {
            mistakes.add(at.unwrap_or(0..0), error.to_string(), EXAMPLE);
            None
        }
    }
}

fn proof_method(table: &mut Table<'_, '_>, mistakes: &mut Collector) -> Option<ProofMethod> {
    let found = table.required("proof", PROOFS, mistakes)?;
    match found.value.parse::<ProofMethod>() {
        Ok(method) if method.has_place() => Some(method),
        Ok(method) => {
            mistakes.add(
                found.at,
                format!("proof = \"{method}\" is for what is uploaded alone"),
                format!("write proof = {PROOFS}"),
            );
            None
        }
        Err(error) => {
            mistakes.add(
                found.at,
                format!("{error}"),
                format!("write proof = {PROOFS}"),
            );
            None
        }
    }
}

fn attested(
    table: &mut Table<'_, '_>,
    proof: Option<ProofMethod>,
    header: &Range<usize>,
    mistakes: &mut Collector,
) -> Option<Attested> {
    const EXAMPLE: &str = "attested = { document = \"consent/town-square.pdf\", sha256 = \"…64 hex digits…\", on = 2026-11-22 }";
    let Some(mut inner) = table.table("attested", "attested", mistakes) else {
        if proof == Some(ProofMethod::Attested) {
            mistakes.add(
                header.clone(),
                "proof = \"attested\" names no document",
                format!("add {EXAMPLE}"),
            );
        }
        return None;
    };
    if proof.is_some_and(|proof| proof != ProofMethod::Attested) {
        mistakes.add(
            inner.at.clone(),
            "`attested` stands beside another proof method",
            "remove it, or write proof = \"attested\"",
        );
    }
    let document = inner.required("document", "\"consent/town-square.pdf\"", mistakes);
    let sha256 = inner.required("sha256", "\"…64 hex digits…\"", mistakes);
    if let Some(hash) = &sha256
        && !(hash.value.len() == 64 && hash.value.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        mistakes.add(
            hash.at.clone(),
            "`sha256` is not a SHA-256 hash",
            "write the 64 hex digits that `sha256sum` prints",
        );
    }
    let on = inner.date_text("on", mistakes);
    if on.is_none() {
        mistakes.add(
            inner.at.clone(),
            "`attested` has no valid `on`",
            "add on = 2026-11-22, the day of the signature",
        );
    }
    inner.finish(mistakes);
    Some(Attested {
        document: document?.value,
        sha256: sha256?.value.to_ascii_lowercase(),
        on: on?.value,
    })
}

fn source(
    mut table: Table<'_, '_>,
    slug: &str,
    addresses: &mut BTreeMap<String, String>,
    sources: &mut Vec<DeclaredSource>,
    mistakes: &mut Collector,
) {
    let header = table.at.clone();
    let kind = table
        .required("kind", "\"feed\"", mistakes)
        .and_then(|found| {
            let kinds: Vec<&str> = SourceKind::ALL.iter().map(|kind| kind.as_str()).collect();
            match found.value.parse::<SourceKind>() {
                Ok(kind) if kind.is_uploaded() => {
                    mistakes.add(
                        found.at,
                        "notes are uploaded, and their network has no site to be asked",
                        "take the network out of the file, and make it with `discover sources add --kind notes`",
                    );
                    None
                }
                Ok(kind) => Some(kind),
                Err(error) => {
                    let fix = super::nearest(&found.value, &kinds).map_or_else(
                        || format!("possible: {}", kinds.join(", ")),
                        |near| format!("did you mean \"{near}\"?"),
                    );
                    mistakes.add(found.at, error.to_string(), fix);
                    None
                }
            }
        });
    let url = table
        .string("url", mistakes)
        .and_then(|found| address(found, mistakes));
    let accounts = table.strings("accounts", mistakes);
    let options = options(&mut table, &accounts, mistakes);
    table.finish(mistakes);
    let Some(kind) = kind else { return };
    if let Some(preset) = &options.preset
        && (kind != SourceKind::Html || options.list.is_some() || options.thread.is_some())
    {
        mistakes.add(
            header.clone(),
            format!(
                "preset = {preset:?} stands beside selectors, or in a source that has no pages"
            ),
            "use a preset with kind = \"html\" and without `list` and `thread`",
        );
    }

    let mut urls = Vec::new();
    let by_account = matches!(kind, SourceKind::Mastodon | SourceKind::Atproto)
        && !accounts.is_empty()
        // An account of the AT Protocol lives on a data server, which `url` names.
        && !(kind == SourceKind::Atproto && url.is_some());
    if by_account {
        for account in &accounts {
            urls.extend(
                account_address(kind, account, mistakes).map(|url| (url, account.at.clone())),
            );
        }
    } else if let Some(At { value, at }) = url {
        urls.push((value, at));
    } else if !mistakes
        .list
        .iter()
        .any(|mistake| header.contains(&mistake.at.offset()))
    {
        let (missing, example) = match kind {
            SourceKind::Mastodon => ("accounts", "[\"@council@social.example\"]"),
            SourceKind::Atproto => ("accounts", "[\"council.example.org\"]"),
            _ => ("url", "\"https://site.example/feed\""),
        };
        mistakes.add(
            header,
            format!("a source of kind \"{kind}\" needs `{missing}`"),
            format!("add {missing} = {example}"),
        );
    }
    for (url, at) in urls {
        let address = format!("{kind} {url}");
        if let Some(other) = addresses.insert(address, slug.to_owned()) {
            mistakes.add(
                at,
                format!("{url} is declared twice (also in network {other:?})"),
                "declare each source once, in the network that owns it",
            );
            continue;
        }
        let mut options = options.clone();
        match (kind, by_account) {
            (SourceKind::Atproto, true) => {
                let own = |account: &String| {
                    url.host_str() == Some(account.trim().trim_start_matches('@'))
                };
                options.accounts.retain(own);
            }
            (SourceKind::Atproto, false) => {}
            _ => options.accounts.clear(),
        }
        sources.push(DeclaredSource { kind, url, options });
    }
}

fn address(found: At<String>, mistakes: &mut Collector) -> Option<At<Url>> {
    let parsed = Url::parse(&found.value).map_err(|error| error.to_string());
    let checked = parsed.and_then(|url| {
        Origin::of(&url)
            .map(|_| url)
            .map_err(|error| error.to_string())
    });
    match checked {
        Ok(value) => Some(At {
            value,
            at: found.at,
        }),
        Err(error) => {
            mistakes.add(
                found.at,
                format!("{:?} is not a usable address: {error}", found.value),
                "write the full address, for example \"https://site.example/feed\"",
            );
            None
        }
    }
}

/// `@name@host` is `https://host/@name`; an atproto handle is `https://handle/`.
fn account_address(
    kind: SourceKind,
    account: &At<String>,
    mistakes: &mut Collector,
) -> Option<Url> {
    let text = account.value.trim();
    let address = match kind {
        SourceKind::Mastodon => text
            .strip_prefix('@')
            .and_then(|rest| rest.split_once('@'))
            .filter(|(name, host)| !name.is_empty() && !host.is_empty())
            .map(|(name, host)| format!("https://{host}/@{name}")),
        _ => text
            .contains('.')
            .then(|| format!("https://{}/", text.trim_start_matches('@'))),
    };
    let url = address.and_then(|address| Url::parse(&address).ok());
    if url.is_none() {
        mistakes.add(
            account.at.clone(),
            format!("{text:?} is not an account"),
            "write \"@name@host.example\" (mastodon) or \"name.host.example\" (atproto)",
        );
    }
    url
}

fn options(
    table: &mut Table<'_, '_>,
    accounts: &[At<String>],
    mistakes: &mut Collector,
) -> SourceOptions {
    let every = table.duration("every", mistakes).and_then(|every| {
        let seconds = every.value.as_secs();
        if seconds < FLOOR_SECONDS {
            mistakes.add(
                every.at,
                "`every` is shorter than ten minutes",
                "write every = \"10m\" or longer",
            );
            return None;
        }
        u32::try_from(seconds).ok()
    });
    let max_rps = table.number("max_rps", mistakes).and_then(|rate| {
        if rate.value > 0.0 && rate.value <= 10.0 {
            return Some(rate.value);
        }
        mistakes.add(
            rate.at,
            "`max_rps` is out of range",
            "use requests a second above 0, at most 10, for example 0.5",
        );
        None
    });
    let language = table.string("language", mistakes).and_then(|found| {
        if Language::from_tag(&found.value).is_some() {
            return Some(found.value);
        }
        mistakes.add(
            found.at,
            format!("{:?} is not a language", found.value),
            "write a code such as \"en\", \"cy\" or \"pl\"",
        );
        None
    });
    let values = |list: Vec<At<String>>| {
        list.into_iter()
            .map(|found| found.value)
            .collect::<Vec<_>>()
    };
    SourceOptions {
        every_seconds: every,
        max_rps,
        comments: table.boolean("comments", mistakes).unwrap_or(false),
        item: table
            .choice(
                "item",
                &[("post", FeedItem::Post), ("topic", FeedItem::Topic)],
                mistakes,
            )
            .unwrap_or_default(),
        categories: values(table.strings("categories", mistakes)),
        communities: values(table.strings("communities", mistakes)),
        accounts: accounts
            .iter()
            .map(|account| account.value.clone())
            .collect(),
        allow: patterns(table.strings("allow", mistakes), mistakes),
        deny: values(table.strings("deny", mistakes)),
        language,
        preset: preset(table, mistakes),
        time_zone: time_zone(table, mistakes),
        list: list_selectors(table, mistakes),
        thread: thread_selectors(table, mistakes),
        via: table
            .choice(
                "via",
                &[("pds", AtprotoVia::Pds), ("appview", AtprotoVia::Appview)],
                mistakes,
            )
            .unwrap_or_default(),
    }
}

fn preset(table: &mut Table<'_, '_>, mistakes: &mut Collector) -> Option<String> {
    let found = table.string("preset", mistakes)?;
    let names = presets::names();
    if names.contains(&found.value.as_str()) {
        return Some(found.value);
    }
    let fix = super::nearest(&found.value, &names).map_or_else(
        || format!("possible: {}", names.join(", ")),
        |near| format!("did you mean \"{near}\"?"),
    );
    mistakes.add(
        found.at,
        format!("there is no preset {:?}", found.value),
        fix,
    );
    None
}

fn time_zone(table: &mut Table<'_, '_>, mistakes: &mut Collector) -> Option<String> {
    let found = table.string("time_zone", mistakes)?;
    if TimeZone::get(&found.value).is_ok() {
        return Some(found.value);
    }
    mistakes.add(
        found.at,
        format!("{:?} is not a time zone", found.value),
        "write a name such as \"Europe/London\"",
    );
    None
}

fn patterns(list: Vec<At<String>>, mistakes: &mut Collector) -> Vec<String> {
    list.into_iter()
        .filter_map(|pattern| {
            if pattern.value.starts_with('/') {
                return Some(pattern.value);
            }
            mistakes.add(
                pattern.at,
                format!(
                    "path pattern {:?} does not begin with a slash",
                    pattern.value
                ),
                "write for example \"/topic/**\"",
            );
            None
        })
        .collect()
}

fn list_selectors(table: &mut Table<'_, '_>, mistakes: &mut Collector) -> Option<ListSelectors> {
    let mut inner = table.table("list", "[network.source.list]", mistakes)?;
    let start = inner.required("start", "\"/topic/active/\"", mistakes);
    let thread = inner.required("thread", "\"a[href^='/topic/']@href\"", mistakes);
    let mut optional = |key| inner.string(key, mistakes).map(|found| found.value);
    let (next, boards, activity) = (optional("next"), optional("boards"), optional("activity"));
    let max_pages = inner
        .integer("max_pages", 1..51, mistakes)
        .and_then(|pages| u32::try_from(pages).ok());
    inner.finish(mistakes);
    Some(ListSelectors {
        start: start?.value,
        thread: thread?.value,
        boards,
        activity,
        next,
        max_pages,
    })
}

fn thread_selectors(
    table: &mut Table<'_, '_>,
    mistakes: &mut Collector,
) -> Option<ThreadSelectors> {
    let mut inner = table.table("thread", "[network.source.thread]", mistakes)?;
    let title = inner.required("title", "\"h1\"", mistakes);
    let post = inner.required("post", "\".post\"", mistakes);
    let text = inner.required("text", "\".post-text\"", mistakes);
    let mut optional = |key| {
        inner
            .string(key, mistakes)
            .map(|found| found.value)
            .filter(|value| !value.is_empty())
    };
    let (id, author, parent) = (optional("id"), optional("author"), optional("parent"));
    let (depth, link, next) = (optional("depth"), optional("link"), optional("next"));
    let time = inner.table("time", "time", mistakes).and_then(|mut time| {
        let css = time.required("css", "\"time@datetime\"", mistakes);
        let format = time.string("format", mistakes).map(|found| found.value);
        let tz = time.string("tz", mistakes).map(|found| found.value);
        time.finish(mistakes);
        Some(TimeSelector {
            css: css?.value,
            format,
            tz,
        })
    });
    let mut several = |key| {
        let found = inner.strings(key, mistakes).into_iter();
        found.map(|found| found.value).collect::<Vec<_>>()
    };
    let (withheld, without) = (several("withheld"), several("without"));
    inner.finish(mistakes);
    Some(ThreadSelectors {
        title: title?.value,
        post: post?.value,
        id,
        text: text?.value,
        author,
        time,
        parent,
        depth,
        link,
        next,
        withheld,
        without,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[[network]]
slug = "town-square"
name = "Town Square Forum"
owner = "Town Square Association"
proof = "well-known"
  [[network.source]]
  kind = "discourse"
  url = "https://forum.example.org/"
  categories = ["open-debate"]
  max_rps = 0.5
  every = "1h"
  [[network.source]]
  kind = "mastodon"
  accounts = ["@council@social.example", "@desk@social.example"]
"#;

    fn mistakes(text: &str) -> String {
        read(Path::new("sources.toml"), text)
            .expect_err("mistakes expected")
            .render()
    }

    #[test]
    fn a_preset_is_known_and_stands_alone() {
        let with = |lines: &str| {
            format!(
                "[[network]]\nslug = \"a\"\nname = \"A\"\nowner = \"A\"\nproof = \"well-known\"\n[[network.source]]\nurl = \"https://forum.example.org/\"\n{lines}"
            )
        };
        let good = with("kind = \"html\"\npreset = \"phpbb\"\ntime_zone = \"Europe/London\"");
        let networks = read(Path::new("sources.toml"), &good).expect("no mistakes");
        let options = &networks[0].sources[0].options;
        assert_eq!(options.preset.as_deref(), Some("phpbb"));
        assert_eq!(options.time_zone.as_deref(), Some("Europe/London"));
        for (lines, said) in [
            (
                "kind = \"html\"\npreset = \"phbb\"",
                "did you mean \"phpbb\"?",
            ),
            (
                "kind = \"html\"\ntime_zone = \"London\"",
                "is not a time zone",
            ),
            ("kind = \"feed\"\npreset = \"phpbb\"", "kind = \"html\""),
            (
                "kind = \"html\"\npreset = \"phpbb\"\n[network.source.list]\nstart = \"/\"\nthread = \"a\"",
                "without `list` and `thread`",
            ),
        ] {
            let told = mistakes(&with(lines));
            assert!(told.contains(said), "{lines}: {told}");
        }
    }

    #[test]
    fn a_good_registry_is_read_whole() {
        let networks = read(Path::new("sources.toml"), GOOD).expect("no mistakes");
        assert_eq!(networks.len(), 1);
        let urls: Vec<&str> = networks[0]
            .sources
            .iter()
            .map(|source| source.url.as_str())
            .collect();
        assert_eq!(
            urls,
            [
                "https://forum.example.org/",
                "https://social.example/@council",
                "https://social.example/@desk"
            ]
        );
        assert_eq!(networks[0].sources[0].options.every_seconds, Some(3600));
    }

    #[test]
    fn every_mistake_is_reported_at_once_with_line_column_and_fix() {
        let text = r#"
[[network]]
slug = "Town Square"
nmae = "Town"
name = "Town"
owner = "Owner"
  [[network.source]]
  kind = "fed"
  url = "https://a.example/feed"
  [[network.source]]
  kind = "feed"
  url = "not an address"
  every = "1m"
[[network]]
slug = "b"
name = "B"
owner = "B"
proof = "well-known"
  [[network.source]]
  kind = "feed"
  url = "https://a.example/x"
  [[network.source]]
  kind = "feed"
  url = "https://a.example/x"
"#;
        let shown = mistakes(text);
        for expected in [
            "sources.toml:3:8",
            "unknown key `nmae`",
            "did you mean `name`?",
            "[[network]] has no `proof`",
            "did you mean \"feed\"?",
            "sources.toml:12:9",
            "shorter than ten minutes",
            "is declared twice",
        ] {
            assert!(
                shown.contains(expected),
                "{expected} is missing in\n{shown}"
            );
        }
    }

    #[test]
    fn a_profile_proves_accounts_and_nothing_else() {
        let profile = GOOD.replace("\"well-known\"", "\"profile\"");
        let shown = mistakes(&profile);
        assert!(
            shown.contains("a profile proves accounts"),
            "a forum beside an account: {shown}"
        );
        let (head, accounts) = (
            profile
                .split("  [[network.source]]")
                .next()
                .unwrap_or_default(),
            profile
                .rsplit("  [[network.source]]")
                .next()
                .unwrap_or_default(),
        );
        let text = format!("{head}  [[network.source]]{accounts}");
        let networks = read(Path::new("sources.toml"), &text).expect("no mistakes");
        assert_eq!(networks[0].sources.len(), 2);
    }

    #[test]
    fn what_is_not_toml_is_pointed_at() {
        assert!(mistakes("[[network]\nslug = 1").contains("sources.toml:1:"));
    }
}
