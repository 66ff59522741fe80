//! What an owner answered so far, as it travels from page to page in hidden fields. Bounded when it is read, checked
//! again when it is used.

use discover_model::SourceKind;
use discover_model::network::{Sensitive, is_slug};
use discover_model::{Origin, proof::ProofMethod};
use discover_store::Mailbox;
use url::Url;

use super::ticket::Ticket;
use crate::i18n::{Msg, msg};
use crate::operations::ChosenSource;
use crate::owner::areas::Fields;
use crate::text::platforms::offers_no_proof;

/// Longest name and owner.
const MAX_NAME: usize = 120;
/// Longest contact.
const MAX_CONTACT: usize = 200;
/// Longest retention an owner may choose, in days.
const MAX_DAYS: u16 = 1095;
/// Longest answer that is read, in characters.
const LONGEST: usize = 4000;
/// Most fields that are read.
const MOST: usize = 80;

/// Every answer there is, each by the name of its question. `found` are the sources that can be chosen from.
const NAMES: [&str; 15] = [
    "address", "groups", "excerpts", "method", "found", "sources", "name", "owner", "councils",
    "wards", "boards", "days", "contact", "told", "agreed",
];

/// The fields of the question about areas.
const AREAS: [&str; 3] = ["councils", "wards", "boards"];

/// Values of `groups` besides those of [`discover_model::network::Sensitive`].
pub(super) const NONE: &str = "none";

#[derive(Debug, Clone, Default)]
pub(super) struct Answers {
    pairs: Vec<(&'static str, String)>,
    pub(super) ticket: Ticket,
    /// The question that was answered just now.
    pub(super) step: String,
    /// The question that the owner goes back to.
    pub(super) back: Option<String>,
}

impl Answers {
    /// None yet, of what was asked for.
    pub(super) fn of(ticket: Ticket) -> Self {
        Self {
            ticket,
            ..Self::default()
        }
    }

    pub(super) fn read(body: &[u8]) -> Self {
        let mut answers = Self::default();
        for (name, value) in url::form_urlencoded::parse(body).take(MOST) {
            let value: String = value.chars().take(LONGEST).collect();
            match &*name {
                "id" => answers.ticket.id = value,
                "brake" => answers.ticket.brake = value,
                "seal" => answers.ticket.seal = value,
                "step" => answers.step = value,
                "back" => answers.back = Some(value),
                other => {
                    if let Some(name) = NAMES.into_iter().find(|known| *known == other) {
                        answers.pairs.push((name, value));
                    }
                }
            }
        }
        answers.ticket.method = answers.one("method").to_owned();
        answers.ticket.address = answers.one("address").to_owned();
        answers
    }

    /// The answer to a question with one.
    pub(super) fn one(&self, name: &str) -> &str {
        let mut pairs = self.pairs.iter();
        pairs
            .find(|(known, _)| *known == name)
            .map_or("", |(_, value)| value)
    }

    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let pairs = self.pairs.iter().filter(|(known, _)| *known == name);
        pairs.map(|(_, value)| value.clone()).collect()
    }

    pub(super) fn put(&mut self, name: &'static str, value: String) {
        self.pairs.push((name, value));
    }

    /// What a page that asks `asked` carries on.
    pub(super) fn hidden(&self, asked: &str) -> Vec<(&'static str, String)> {
        let mut hidden: Vec<(&'static str, String)> = self
            .pairs
            .iter()
            .filter(|(name, _)| *name != asked && *name != "agreed")
            .filter(|(name, _)| asked != "areas" || !AREAS.contains(name))
            .cloned()
            .collect();
        if !self.ticket.seal.is_empty() {
            let ticket = self.ticket.hidden().into_iter();
            hidden.extend(ticket.filter(|(name, _)| !matches!(*name, "method" | "address")));
        }
        hidden
    }

    /// Whether it is for, or about, one of the groups that have to be protected.
    pub(super) fn sensitive(&self) -> bool {
        self.all("groups").iter().any(|group| group != NONE)
    }

    /// Whether a question is answered, or what is wrong with its answer.
    pub(super) fn check(&self, step: &str) -> Result<(), Msg> {
        let value = self.one(step);
        match step {
            "address" => read_address(value).map(|_| ()),
            "groups" => groups(&self.all("groups")),
            "excerpts" => matches!(value, "yes" | "no")
                .then_some(())
                .ok_or_else(|| msg!("excerpts-missing")),
            "method" => match read_method(value)? {
                ProofMethod::Profile if !is_account(self.one("address")) => {
                    Err(msg!("method-no-account"))
                }
                _ => Ok(()),
            },
            "sources" => self.chosen().map(|_| ()),
            "name" => plain(value, "name").map(|_| ()),
            "owner" => plain(value, "owner").map(|_| ()),
            "areas" if !self.was_asked("councils") => Err(msg!("areas-question")),
            "areas" => self.areas().read().map(|_| ()).map_err(Msg::English),
            "days" => read_days(value).map(|_| ()),
            "contact" if !self.was_asked("contact") => Err(msg!("contact-missing")),
            "contact" => read_contact(value).map(|_| ()),
            "told" => match value {
                "yes" => Ok(()),
                "no" => Err(msg!("told-first")),
                _ => Err(msg!("told-missing")),
            },
            _ => Ok(()),
        }
    }

    /// Areas that the network serves; none is an answer too.
    pub(super) fn areas(&self) -> Fields {
        Fields {
            councils: self.one("councils").to_owned(),
            wards: self.one("wards").to_owned(),
            boards: self.one("boards").to_owned(),
        }
    }

    /// Whether a question was answered at all: an optional one is asked once.
    pub(super) fn was_asked(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| *known == name)
    }

    /// The sources that were chosen, of those that were found.
    pub(super) fn chosen(&self) -> Result<Vec<ChosenSource>, Msg> {
        let chosen = self.all("sources");
        if chosen.is_empty() {
            return Err(msg!("sources-missing"));
        }
        chosen
            .iter()
            .map(|text| read_choice(text).ok_or_else(|| msg!("sources-unreadable")))
            .collect()
    }
}

fn groups(groups: &[String]) -> Result<(), Msg> {
    let none = groups.iter().any(|group| group == NONE);
    let known = |group: &String| group == NONE || Sensitive::parse(group).is_some();
    if !groups.iter().all(known) {
        return Err(msg!("groups-missing"));
    }
    match groups.len() {
        0 => Err(msg!("groups-missing")),
        1 => Ok(()),
        _ if none => Err(msg!("groups-both")),
        _ => Ok(()),
    }
}

/// How an owner shows that a site is theirs. What is on paper comes by the operator.
pub(super) fn read_method(text: &str) -> Result<ProofMethod, Msg> {
    match text.parse() {
        Ok(ProofMethod::Attested | ProofMethod::Document) | Err(_) => Err(msg!("method-missing")),
        Ok(method) => Ok(method),
    }
}

/// Whether this is the address of one account on a social platform.
fn is_account(address: &str) -> bool {
    read_address(address).is_ok_and(|url| {
        let name = url.path().strip_prefix("/@");
        name.is_some_and(|name| !name.is_empty() && !name.contains(['/', '@']))
    })
}

/// An address as an owner types it.
pub(super) fn read_address(text: &str) -> Result<Url, Msg> {
    let text = text.trim();
    if text.is_empty() {
        return Err(msg!("address-missing"));
    }
    if text.contains(char::is_whitespace) {
        return Err(msg!("address-space"));
    }
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let mut url = Url::parse(&whole).map_err(|_| msg!("address-unreadable"))?;
    Origin::of(&url)
        .map_err(|error| msg!("address-refused", why = Msg::English(error.to_string())))?;
    url.set_fragment(None);
    if url.as_str().len() > 1000 {
        return Err(msg!("address-long"));
    }
    if url
        .domain()
        .is_some_and(|domain| !domain.contains('.') && domain != "localhost")
    {
        return Err(msg!("address-host"));
    }
    if url.domain().is_some_and(offers_no_proof) {
        return Err(msg!("address-social"));
    }
    Ok(url)
}

/// Words that will be shown: one line, not too long.
pub(in crate::owner) fn plain(text: &str, of: &str) -> Result<String, Msg> {
    let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    match (text.chars().count(), of) {
        (0, "owner") => Err(msg!("owner-missing")),
        (0, _) => Err(msg!("name-missing")),
        (count, _) if count > MAX_NAME => Err(msg!("name-long", most = MAX_NAME)),
        _ => Ok(text),
    }
}

pub(in crate::owner) fn read_days(text: &str) -> Result<u16, Msg> {
    let days = text.trim().replace(',', "").parse().ok();
    days.filter(|days| (1..=MAX_DAYS).contains(days))
        .ok_or_else(|| msg!("days-wrong", most = u64::from(MAX_DAYS)))
}

/// How an owner can be reached: a mail address or a page, where they say so.
pub(in crate::owner) fn read_contact(text: &str) -> Result<Option<String>, Msg> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let mail = text.strip_prefix("mailto:").unwrap_or(text);
    let page = || {
        let url = Url::parse(text).ok()?;
        let named = url.domain().is_some_and(|domain| domain.contains('.'));
        (url.scheme() == "https" && named && url.username().is_empty()).then_some(())
    };
    let fits = text.chars().count() <= MAX_CONTACT && !text.contains(char::is_whitespace);
    if fits && (mail.parse::<Mailbox>().is_ok() || page().is_some()) {
        Ok(Some(text.to_owned()))
    } else {
        Err(msg!("contact-wrong"))
    }
}

/// A source as it stands in a form: kind and address, and below them its settings where it needs any.
fn read_choice(text: &str) -> Option<ChosenSource> {
    let (line, settings) = match text.split_once('\n') {
        Some((line, settings)) => (line.trim_end(), Some(settings.to_owned())),
        None => (text, None),
    };
    let (kind, url) = line.split_once(' ')?;
    Some(ChosenSource {
        kind: kind.parse::<SourceKind>().ok()?,
        url: Url::parse(url).ok()?,
        settings,
    })
}

/// A slug made of a host name; the `n`th that is tried.
pub(super) fn propose_slug(address: &Url, n: u32) -> String {
    let host = address.host_str().unwrap_or("network");
    let mut slug: String = host
        .trim_start_matches("www.")
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    slug.truncate(slug.trim_end_matches('-').len());
    let slug = slug.trim_start_matches('-');
    let slug = if is_slug(slug) { slug } else { "network" };
    if n > 1 {
        format!("{slug}-{n}")
    } else {
        slug.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_owners_type_it_and_nothing_else_is() {
        let read = |text: &str| read_address(text).map(String::from);
        assert_eq!(
            read(" forum.example.org ").as_deref(),
            Ok("https://forum.example.org/")
        );
        assert_eq!(
            read("http://site.example/a#b").as_deref(),
            Ok("http://site.example/a")
        );
        for bad in [
            "",
            "ftp://site.example",
            "https://u:p@site.example",
            "javascript://x",
            "intranet",
            "https://forum.kirkhollow hearts.example",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        let address = Url::parse("https://www.Forum.example.org/").expect("url");
        assert_eq!(propose_slug(&address, 1), "forum-example-org");
        assert_eq!(propose_slug(&address, 3), "forum-example-org-3");
    }

    #[test]
    fn nothing_is_answered_that_was_not() {
        let asked = |body: &str| Answers::read(body.as_bytes());
        for step in [
            "address", "groups", "excerpts", "method", "sources", "name", "days", "told",
        ] {
            assert!(asked("").check(step).is_err(), "{step}");
        }
        assert!(asked("groups=none").check("groups").is_ok());
        assert!(asked("groups=none&groups=child").check("groups").is_err());
        assert!(asked("groups=child&groups=refuge").check("groups").is_ok());
        assert!(asked("contact=").check("contact").is_ok());
        for good in [
            "clerk@council.example",
            "mailto:clerk@council.example",
            "https://council.example/contact",
        ] {
            assert_eq!(read_contact(good), Ok(Some(good.to_owned())), "{good}");
        }
        for bad in [
            "ring us",
            "clerk@",
            "clerk@council",
            "a@b.example, c@d.example",
            "https://",
            "http://council.example/contact",
            "javascript:alert(1)",
            "@clerk",
        ] {
            let typed = form_urlencoded(bad);
            assert!(asked(&typed).check("contact").is_err(), "{bad}");
        }
        assert!(asked("told=no").check("told").is_err());
    }

    fn form_urlencoded(contact: &str) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("contact", contact).finish()
    }

    #[test]
    fn what_travels_on_is_what_is_known_and_bounded() {
        let long = "x".repeat(9000);
        let answers = Answers::read(format!("name={long}&evil=1&step=name&groups=none").as_bytes());
        assert_eq!(answers.one("name").len(), LONGEST);
        assert_eq!(answers.hidden("name"), [("groups", "none".to_owned())]);
    }
}
