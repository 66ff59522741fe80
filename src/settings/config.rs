//! Configuration: flags, then `DISCOVER_*` variables, then `discover.toml`, then defaults.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use discover_server::{Brand, Locales};
use discover_store::{Mailbox, PostgresAddress};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use toml::de::DeTable;
use url::{Host, Url};

use super::table::Table;
use super::{Collector, Mistakes, brand};
use crate::cli::Global;
use crate::mail::{MailServer, MailSettings};

/// Everything the binary needs to know, decided once at start.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// The folder that holds everything: store, index, graph, keys, lock and control socket.
    pub data: PathBuf,
    /// Where the database of the store is, where it is not in the folder.
    pub store: Option<PostgresAddress>,
    /// The registry file.
    pub sources: PathBuf,
    pub listen: SocketAddr,
    /// Where figures are given out; without it at `/metrics` of the site.
    pub metrics_listen: Option<SocketAddr>,
    /// Address under which people reach this instance; links in feeds and the user agent use it.
    pub base_url: Url,
    pub instance_name: String,
    /// Who runs this instance, and for which area; shown on the front page.
    pub operator: Option<String>,
    pub area: Option<String>,
    /// Where readers without a computer send what they write.
    pub reply_to: Option<String>,
    pub brand: Brand,
    /// Languages that pages are offered in.
    pub languages: Locales,
    /// How to reach the operator: shown to site owners. No contact, no crawl.
    pub contact: Option<String>,
    pub zone: TimeZone,
    /// How alerts are sent by mail; without it there are none.
    pub mail: Option<Arc<MailSettings>>,
    /// Whether readers may ask for digests by mail on a public page.
    pub digest_mails: bool,
    /// Whether readers may ask on public pages for what a search or topic finds by mail.
    pub alert_mails: bool,
    /// The file of the views that the operator names.
    pub views: Option<PathBuf>,
    /// Front servers whose `X-Forwarded-For` names the client that is limited.
    pub trusted_proxies: Vec<IpAddr>,
    /// Folder of the model of meaning; without it everything goes by words.
    pub model: Option<PathBuf>,
    pub crawl: CrawlSettings,
    /// A fixed clock for tests, with `--allow-loopback` only.
    pub clock: Option<Timestamp>,
}

/// Settings of the crawler; the last three are for tests and the demo, on loopback hosts only.
#[derive(Debug, Clone)]
pub(crate) struct CrawlSettings {
    /// Sources read at the same time.
    pub workers: usize,
    pub allow_loopback: bool,
    /// Least time between two requests to one host.
    pub gap: Duration,
    pub force_due: bool,
}

/// What `discover.toml` may say; all of it optional.
#[derive(Debug, Default)]
struct File {
    data: Option<PathBuf>,
    store: Option<PostgresAddress>,
    /// What `store_file` names.
    store_in: Option<PathBuf>,
    sources: Option<PathBuf>,
    listen: Option<SocketAddr>,
    metrics_listen: Option<SocketAddr>,
    base_url: Option<Url>,
    instance_name: Option<String>,
    operator: Option<String>,
    area: Option<String>,
    reply_to: Option<String>,
    brand: Brand,
    languages: Locales,
    contact: Option<String>,
    time_zone: Option<TimeZone>,
    smtp: Option<MailServer>,
    mail_from: Option<Mailbox>,
    digest_mails: bool,
    alert_mails: bool,
    views: Option<PathBuf>,
    workers: Option<usize>,
    trusted_proxies: Vec<IpAddr>,
    model: Option<PathBuf>,
}

/// The default address of the site.
pub(crate) const DEFAULT_LISTEN: &str = "127.0.0.1:7070";

impl Config {
    /// Puts the four layers together. A configuration file named by flag must exist; the default one may be absent.
    pub(crate) fn load(global: &Global) -> anyhow::Result<Self> {
        let (path, required) = match &global.config {
            Some(path) => (path.clone(), true),
            None => (PathBuf::from("discover.toml"), false),
        };
        let file = match std::fs::read_to_string(&path) {
            Ok(text) => read(&path, &text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !required => {
                File::default()
            }
            Err(error) => {
                return Err(error).with_context(|| {
                    format!(
                        "cannot read the configuration file {}: check the path given by --config",
                        path.display()
                    )
                });
            }
        };
        let default_listen: SocketAddr = DEFAULT_LISTEN.parse().context("default address")?;
        let listen = global.listen.or(file.listen).unwrap_or(default_listen);
        let metrics_listen = global.metrics_listen.or(file.metrics_listen);
        anyhow::ensure!(
            metrics_listen.is_none_or(|figures| figures != listen || listen.port() == 0),
            "the site and its figures cannot both be at {listen}: give --metrics-listen or `metrics_listen` in discover.toml another port"
        );
        let base_url = match global.base_url.clone().or(file.base_url) {
            Some(url) => url,
            None => Url::parse(&format!("http://{listen}/")).context("base address")?,
        };
        let zone = match &global.time_zone {
            Some(name) => time_zone(name).with_context(|| {
                format!("unknown time zone {name:?}: use a name such as Europe/London")
            })?,
            None => file
                .time_zone
                .unwrap_or_else(|| time_zone("Europe/London").unwrap_or(TimeZone::UTC)),
        };
        let server = global.smtp.clone().or(file.smtp);
        let from = global.mail_from.clone().or(file.mail_from);
        let mail = match (server, from) {
            (Some(server), Some(from)) => Some(Arc::new(MailSettings { server, from })),
            (None, None) => None,
            (Some(_), None) => anyhow::bail!(
                "a mail server is set, but not whom alerts by mail come from: set --mail-from or `mail_from` in discover.toml"
            ),
            (None, Some(_)) => anyhow::bail!(
                "it is set whom alerts by mail come from, but no mail server: set DISCOVER_SMTP or `smtp` in discover.toml"
            ),
        };
        anyhow::ensure!(
            mail.is_some() || !file.digest_mails,
            "`digest_mails` is on, but no mail server is set: set `smtp` and `mail_from`, or leave it out"
        );
        let store = match (&global.store, file.store, file.store_in) {
            (Some(text), ..) => Some(store_address(&text.0, "DISCOVER_STORE or --store")?),
            (None, Some(_), Some(_)) => anyhow::bail!(
                "`store` and `store_file` both say where the database is: leave one of them out"
            ),
            (None, Some(address), None) => Some(address),
            (None, None, Some(path)) => {
                let text = std::fs::read_to_string(&path).with_context(|| {
                    format!("cannot read {}, which `store_file` names", path.display())
                })?;
                Some(store_address(&text, &path.display().to_string())?)
            }
            (None, None, None) => None,
        };
        anyhow::ensure!(
            mail.is_some() || !file.alert_mails,
            "`alert_mails` is on, but no mail server is set: set `smtp` and `mail_from`, or leave it out"
        );
        Ok(Self {
            digest_mails: file.digest_mails,
            alert_mails: file.alert_mails,
            views: file.views,
            store,
            data: global
                .data
                .clone()
                .or(file.data)
                .unwrap_or_else(|| PathBuf::from("data")),
            sources: global
                .sources
                .clone()
                .or(file.sources)
                .unwrap_or_else(|| PathBuf::from("sources.toml")),
            listen,
            metrics_listen,
            base_url,
            instance_name: file.instance_name.unwrap_or_else(|| "Discover".to_owned()),
            operator: file.operator,
            area: file.area,
            reply_to: file.reply_to,
            brand: file.brand,
            languages: file.languages,
            contact: global.contact.clone().or(file.contact),
            zone,
            mail,
            trusted_proxies: if file.trusted_proxies.is_empty() {
                // The usual front server is on this machine; other programs here could do as they like anyway.
                vec![
                    IpAddr::from(Ipv4Addr::LOCALHOST),
                    IpAddr::from(Ipv6Addr::LOCALHOST),
                ]
            } else {
                file.trusted_proxies
            },
            model: global.meaning_model.clone().or(file.model),
            crawl: CrawlSettings {
                workers: file.workers.unwrap_or(8),
                allow_loopback: global.test.allow_loopback,
                gap: Duration::from_secs_f64(global.test.gap.unwrap_or(1.0).clamp(0.0, 60.0)),
                force_due: global.test.force_due,
            },
            clock: global.test.clock,
        })
    }

    /// The moment it is: the system's clock, or the fixed one of a test.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.unwrap_or_else(system_now)
    }
}

/// The one place where the binary reads the clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the composition root hands `now` to everything else"
)]
pub(crate) fn system_now() -> Timestamp {
    Timestamp::now()
}

impl Config {
    /// What is wrong with the address that this instance gives out, where nobody elsewhere can reach it: it stands in
    /// feeds, mails, proofs and the crawler's name.
    pub(crate) fn unreachable_base_url(&self) -> Option<String> {
        let host = self.base_url.host()?;
        let (nowhere, here) = match host {
            Host::Ipv4(address) => (address.is_unspecified(), address.is_loopback()),
            Host::Ipv6(address) => (address.is_unspecified(), address.is_loopback()),
            Host::Domain(name) => (false, name == "localhost" || name.ends_with(".localhost")),
        };
        let open = !self.listen.ip().is_loopback();
        (nowhere || (here && open)).then(|| {
            format!(
                "nobody else can reach {}, which stands in feeds, mails and in the crawler's name: set `base_url` in discover.toml or --base-url to the public address of this site",
                self.base_url
            )
        })
    }
}

/// The address is not said again: it may hold a password.
fn store_address(text: &str, place: &str) -> anyhow::Result<PostgresAddress> {
    text.parse()
        .map_err(|error| anyhow::anyhow!("{place} is not the address of a database: {error}"))
}

fn time_zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// An address to listen on.
fn address(
    root: &mut Table<'_, '_>,
    key: &'static str,
    example: &str,
    mistakes: &mut Collector,
) -> Option<SocketAddr> {
    let found = root.string(key, mistakes)?;
    let address = found.value.parse().ok();
    if address.is_none() {
        mistakes.add(
            found.at,
            format!("{:?} is not an address and port", found.value),
            format!("write for example {key} = \"{example}\""),
        );
    }
    address
}

fn read(path: &Path, text: &str) -> Result<File, Mistakes> {
    let mut mistakes = Collector::new(path, text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        mistakes.add(
            error.span().unwrap_or(0..0),
            error.message().to_owned(),
            "this is not TOML: see https://toml.io for how it is written",
        );
    }
    let mut root = Table::new(document.get_ref(), 0..0, "discover.toml");
    let listen = address(&mut root, "listen", DEFAULT_LISTEN, &mut mistakes);
    let metrics_listen = address(&mut root, "metrics_listen", "127.0.0.1:7071", &mut mistakes);
    let base_url =
        root.string("base_url", &mut mistakes)
            .and_then(|found| match Url::parse(&found.value) {
                Ok(url) if matches!(url.scheme(), "http" | "https") => Some(url),
                _ => {
                    mistakes.add(
                        found.at,
                        format!("{:?} is not a web address", found.value),
                        "write for example base_url = \"https://discover.example/\"",
                    );
                    None
                }
            });
    let zone = root.string("time_zone", &mut mistakes).and_then(|found| {
        let zone = time_zone(&found.value);
        if zone.is_none() {
            mistakes.add(
                found.at,
                format!("unknown time zone {:?}", found.value),
                "write for example time_zone = \"Europe/London\"",
            );
        }
        zone
    });
    let smtp = root.string("smtp", &mut mistakes).and_then(|found| {
        let server = found.value.parse();
        if let Err(error) = &server {
            // The value may hold a password.
            mistakes.add(
                found.at,
                format!("`smtp` is not a mail server: {error}"),
                "write for example smtp = \"smtps://discover:PASSWORD@mail.example\"",
            );
        }
        server.ok()
    });
    let store = root.string("store", &mut mistakes).and_then(|found| {
        let address = found.value.parse();
        if let Err(error) = &address {
            // The value may hold a password.
            mistakes.add(
                found.at,
                format!("`store` is not the address of a database: {error}"),
                "write for example store = \"postgres://discover:PASSWORD@db.example/discover\"",
            );
        }
        address.ok()
    });
    let mail_from = root.string("mail_from", &mut mistakes).and_then(|found| {
        let from = found.value.parse();
        if from.is_err() {
            mistakes.add(
                found.at,
                format!("{:?} is not a mail address", found.value),
                "write for example mail_from = \"alerts@discover.example\"",
            );
        }
        from.ok()
    });
    let mut trusted_proxies = Vec::new();
    for proxy in root.strings("trusted_proxies", &mut mistakes) {
        match proxy.value.parse() {
            Ok(address) => trusted_proxies.push(address),
            Err(_) => mistakes.add(
                proxy.at,
                format!("{:?} is not an IP address", proxy.value),
                "write for example trusted_proxies = [\"10.0.0.2\"]",
            ),
        }
    }
    let model = root
        .table("meaning", "[meaning]", &mut mistakes)
        .and_then(|mut inner| {
            let model = inner.string("model", &mut mistakes);
            inner.finish(&mut mistakes);
            model.map(|found| PathBuf::from(found.value))
        });
    let file = File {
        data: root
            .string("data", &mut mistakes)
            .map(|found| PathBuf::from(found.value)),
        store,
        store_in: root
            .string("store_file", &mut mistakes)
            .map(|found| PathBuf::from(found.value)),
        sources: root
            .string("sources", &mut mistakes)
            .map(|found| PathBuf::from(found.value)),
        listen,
        metrics_listen,
        base_url,
        instance_name: brand::line(&mut root, "instance_name", brand::NAME, &mut mistakes),
        operator: brand::short(&mut root, "operator", &mut mistakes),
        area: brand::short(&mut root, "area", &mut mistakes),
        reply_to: brand::short(&mut root, "reply_to", &mut mistakes),
        brand: brand::brand(&mut root, &mut mistakes),
        languages: brand::languages(&mut root, &mut mistakes),
        contact: root
            .string("contact", &mut mistakes)
            .map(|found| found.value),
        time_zone: zone,
        smtp,
        mail_from,
        digest_mails: root
            .boolean("digest_mails", &mut mistakes)
            .unwrap_or_default(),
        alert_mails: root
            .boolean("alert_mails", &mut mistakes)
            .unwrap_or_default(),
        views: root
            .string("views", &mut mistakes)
            .map(|found| PathBuf::from(found.value)),
        workers: root
            .integer("workers", 1..257, &mut mistakes)
            .and_then(|count| usize::try_from(count).ok()),
        trusted_proxies,
        model,
    };
    root.finish(&mut mistakes);
    mistakes.finish(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_shown_with_line_and_column() {
        let error = read(
            Path::new("discover.toml"),
            "listen = \"127.0.0.1:1\"\n\nworker = 3\n",
        )
        .expect_err("unknown key");
        let shown = error.render();
        assert!(
            shown.contains("discover.toml:3:1") && shown.contains("did you mean `workers`?"),
            "{shown}"
        );
    }

    #[test]
    fn a_model_stands_in_a_table_of_its_own() {
        let path = Path::new("discover.toml");
        let file = read(path, "[meaning]\nmodel = \"models/e5\"\n").expect("a folder");
        assert_eq!(file.model, Some(PathBuf::from("models/e5")));
        let error = read(path, "[meaning]\nmodle = \"x\"\n").expect_err("unknown key");
        assert!(error.render().contains("did you mean `model`?"));
    }

    #[test]
    fn front_servers_are_addresses_and_what_is_not_is_shown() {
        let path = Path::new("discover.toml");
        let file = read(path, "trusted_proxies = [\"10.0.0.2\", \"::1\"]\n");
        let expected: Vec<IpAddr> = vec![
            Ipv4Addr::new(10, 0, 0, 2).into(),
            Ipv6Addr::LOCALHOST.into(),
        ];
        assert_eq!(file.expect("addresses").trusted_proxies, expected);

        let error = read(path, "trusted_proxies = [\"proxy.example\"]\n").expect_err("a name");
        let shown = error.render();
        assert!(
            shown.contains("discover.toml:1:20") && shown.contains("not an IP address"),
            "{shown}"
        );
    }

    #[test]
    fn a_mail_server_is_read_and_a_wrong_one_is_shown_without_being_said_again() {
        let path = Path::new("discover.toml");
        let text = "smtp = \"smtps://user:secret@mail.example\"\nmail_from = \"alerts@discover.example\"\n";
        let file = read(path, text).expect("a server");
        assert!(file.smtp.is_some() && file.mail_from.is_some());
        assert!(!format!("{file:?}").contains("secret"));

        let text = "smtp = \"https://mail.example\"\nmail_from = \"alerts\"\n";
        let shown = read(path, text).expect_err("neither").render();
        for expected in [
            "discover.toml:1:8",
            "not a mail server",
            "discover.toml:2:13",
            "not a mail address",
        ] {
            assert!(shown.contains(expected), "{expected}: {shown}");
        }
    }

    #[test]
    fn a_database_is_read_and_a_wrong_one_is_shown_without_being_said_again() {
        let path = Path::new("discover.toml");
        let text = "store = \"postgres://ann:zyzzyva@db.example/discover\"\n";
        let file = read(path, text).expect("an address");
        assert!(file.store.is_some() && !format!("{file:?}").contains("zyzzyva"));
        let text = "store = \"postgres://ann:zyzzyva@db.example\"\n";
        let shown = read(path, text).expect_err("no database").render();
        assert!(shown.contains("discover.toml:1:9") && shown.contains("names no database"));
        assert!(!shown.contains("zyzzyva"), "{shown}");
        for beside in [
            "store = \"postgres://ann:zyzz@yva@db.example/discover\"\nmail_from = \"alerts\"\n",
            "mail_from = \"alerts\"\nsmtp = \"smtps://ann:zyzzyva@mail.example\"\n",
            "stroe = \"postgres://db.example/discover?user=ann&password=zyzzyva\"\n",
            "store = \"postgres://ann:zyzzyvaé@db.example\"\n",
        ] {
            let shown = read(path, beside).expect_err("a mistake").render();
            assert!(shown.contains("discover.toml:"), "{shown}");
            assert!(!shown.contains("zyzz") && !shown.contains("yva"), "{shown}");
        }
        let error =
            store_address("mysql://ann:zyzzyva@db/x", "DISCOVER_STORE").expect_err("another");
        assert!(!format!("{error:#}").contains("zyzzyva"));
    }

    #[test]
    fn looks_that_nobody_could_read_are_refused_with_what_to_write_instead() {
        let path = Path::new("discover.toml");
        let folder = tempfile::tempdir().expect("a folder");
        let logo = folder.path().join("logo.svg");
        std::fs::write(
            &logo,
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>",
        )
        .expect("written");
        for (line, said) in [
            ("tag_line = \" \"", "`tag_line` is empty"),
            ("area = \"a\\nb\"", "`area` is more than one line"),
            (
                format!("instance_name = \"{}\"", "a".repeat(61)).as_str(),
                "61 characters",
            ),
            ("languages = [\"cy\"]", "English must be among them"),
            ("languages = []", "English must be among them"),
            ("languages = [\"en\", \"pl\"]", "\"pl\" is no language"),
            ("languages = [\"en\", \"en\"]", "named twice"),
            ("[brand]\ncolour = \"teal\"", "is no colour"),
            ("[brand]\ncolour = \"#ffcc00\"", "such as colour = \"#"),
            (
                "[brand]\ncolour = \"#0b5a59\"\ncolour_in_dark = \"#0b5a59\"",
                "such as colour_in_dark = \"#",
            ),
            ("[brand]\ncolour_in_dark = \"#ffffff\"", "stands alone"),
            (
                "[brand]\nlogo = \"https://site.example/logo.svg\"",
                "is an address",
            ),
            ("[brand]\nlogo = \"nothing.svg\"", "cannot read nothing.svg"),
            (
                format!("[brand]\nlogo = {:?}", logo.display().to_string()).as_str(),
                "it says no size",
            ),
            ("[brand]\nlogos = \"a\"", "did you mean `logo`?"),
            (
                "metrics_listen = \"9100\"",
                "metrics_listen = \"127.0.0.1:7071\"",
            ),
        ] {
            let error = read(path, line).expect_err(line);
            // The frame around a mistake breaks long lines.
            let shown: String = error
                .render()
                .split(['\n', '│'])
                .map(str::trim)
                .collect::<Vec<_>>()
                .join(" ");
            assert!(shown.contains(said), "{line}: {shown}");
        }
    }

    #[test]
    fn an_instance_has_its_own_looks_and_languages() {
        let text = "tag_line = \"What Ashmere talks about\"\nlanguages = [\"cy\", \"en\"]\n[brand]\ncolour = \"#1d4f91\"\n";
        let file = read(Path::new("discover.toml"), text).expect("settings");
        assert_eq!(
            file.brand.tag_line.as_deref(),
            Some("What Ashmere talks about")
        );
        assert!(file.brand.palette.is_some() && file.brand.logo.is_none());
        assert_eq!(
            file.languages,
            Locales::new(&["cy", "en"]).expect("languages")
        );
    }
}
