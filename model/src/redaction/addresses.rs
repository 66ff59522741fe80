//! Personal details in web addresses: those of posts, and those that posts link to.
//!
//! A slug repeats a title, a query names a reader, a guid is often an address. Where a detail is found, a post is shown
//! under its platform's short form, which has no slug; where there is none, the page of its source is shown in its place,
//! and of the real address only a keyed hash is kept.

use std::collections::BTreeSet;

use url::Url;

use super::kind::{FILE, Kind, LINK};
use super::{Span, redact};
use crate::canonical::canonical;
use crate::voice::{Voice, VoiceKey};

/// Query parameters that say who somebody is, or let them in.
const PERSONAL: &[&str] = &[
    "access_token",
    "address",
    "api_key",
    "apikey",
    "auth",
    "code",
    "confirm",
    "contact",
    "dob",
    "e-mail",
    "email",
    "emailaddress",
    "first_name",
    "firstname",
    "invite",
    "key",
    "last_name",
    "lastname",
    "login",
    "magic",
    "mail",
    "member",
    "member_id",
    "memberid",
    "mobile",
    "name",
    "nhs",
    "nhs_number",
    "nhsnumber",
    "otp",
    "pass",
    "password",
    "patient",
    "patient_id",
    "phone",
    "postcode",
    "pwd",
    "recipient",
    "reset",
    "secret",
    "session",
    "session_id",
    "sessionid",
    "sid",
    "sig",
    "signature",
    "subscriber",
    "subscriber_id",
    "surname",
    "tel",
    "token",
    "uid",
    "user",
    "user_id",
    "userid",
    "username",
];

/// Hosts whose addresses lead to a person or a closed group.
const MESSENGERS: &[&str] = &[
    "wa.me",
    "whatsapp.com",
    "api.whatsapp.com",
    "chat.whatsapp.com",
    "web.whatsapp.com",
    "t.me",
    "telegram.me",
    "m.me",
    "signal.me",
    "signal.group",
    "facetime.apple.com",
    "imessage.com",
];

/// What begins the fragment of an address that is not a post's own.
const HIDDEN: &str = "h-";

/// Words that were taken out of a post, to be looked for in its address. Never stored.
#[derive(Debug, Clone, Default)]
pub struct Taken(BTreeSet<String>);

impl Taken {
    /// Adds what was taken out of `text`.
    pub(super) fn add(&mut self, text: &str, spans: &[Span]) {
        if spans.is_empty() {
            return;
        }
        let letters: Vec<char> = text.chars().collect();
        for span in spans {
            let piece: String = letters[span.start..span.end.min(letters.len())]
                .iter()
                .collect();
            let digits: String = piece.chars().filter(char::is_ascii_digit).collect();
            if digits.len() >= 6 {
                self.0.insert(digits);
            }
            // Days, places and streets are words that anybody may use.
            if matches!(span.kind, Kind::Person | Kind::Handle | Kind::Email) {
                let words = words(&piece).into_iter().filter(|word| word.len() >= 3);
                self.0.extend(words);
            }
        }
    }

    fn is_in(&self, words: &[String]) -> bool {
        if self.0.is_empty() {
            return false;
        }
        // "943-476-5919" is one number.
        let mut run = String::new();
        for word in words {
            if word.bytes().all(|byte| byte.is_ascii_digit()) {
                run.push_str(word);
            } else {
                run.clear();
            }
            if self.0.contains(word) || self.0.contains(&run) {
                return true;
            }
        }
        false
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escaped = (*byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(escaped) => {
                out.push(escaped);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Whether a piece of an address holds a personal detail.
fn is_personal(piece: &str, taken: &Taken) -> bool {
    let text = decoded(piece);
    let words = words(&text);
    if taken.is_in(&words) {
        return true;
    }
    let digits_only = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits_only {
        // A bare number names a page, unless it is written as no page's is.
        return (text.len() == 11 && text.starts_with("07"))
            || (text.len() == 12 && text.starts_with("447"));
    }
    if !text.chars().any(char::is_alphanumeric) {
        return false;
    }
    // As it stands for addresses, and as the sentence that a slug is made of.
    let spaced: String = text
        .chars()
        .map(|c| {
            if matches!(c, '-' | '_' | '+' | '~' | ',') {
                ' '
            } else {
                c
            }
        })
        .collect();
    !redact(without_ending(&spaced)).spans.is_empty()
        || (text.contains('@') && !redact(&text).spans.is_empty())
}

/// A name without what says which kind of file it is, which a detail at its end would run into.
fn without_ending(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((before, ending))
            if (1..=5).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
                // The end of a number is a part of it.
                && ending.starts_with(|c: char| c.is_ascii_alphabetic())
                && !before.is_empty() =>
        {
            before
        }
        _ => name,
    }
}

fn path_is_personal(url: &Url, taken: &Taken) -> bool {
    let pieces = url.path_segments().into_iter().flatten();
    pieces
        .chain(url.fragment())
        .any(|piece| is_personal(piece, taken))
}

/// An address without the segments that its owner declared: the path of the source's page, and its accounts.
fn undeclared(url: &Url, page: &Url, accounts: &[String]) -> Url {
    // One address may be written with other letters escaped than another.
    let own = |piece: &str| decoded(piece).trim_start_matches('@').to_lowercase();
    let accounts = accounts
        .iter()
        .filter_map(|account| account.trim_start_matches('@').split('@').next());
    let declared: BTreeSet<String> = page
        .path_segments()
        .into_iter()
        .flatten()
        .chain(accounts)
        .map(own)
        .collect();
    let rest: Vec<&str> = url
        .path_segments()
        .into_iter()
        .flatten()
        .filter(|piece| !declared.contains(&own(piece)))
        .collect();
    let mut url = url.clone();
    url.set_path(&rest.join("/"));
    url
}

/// Takes parameters out of the query that name somebody.
fn without_personal_query(url: &Url, taken: &Taken) -> Url {
    let Some(query) = url.query() else {
        return url.clone();
    };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = decoded(name).to_ascii_lowercase();
            !PERSONAL.contains(&name.as_str()) && !is_personal(value, taken)
        })
        .collect();
    let mut clean = url.clone();
    let kept = kept.join("&");
    clean.set_query((!kept.is_empty()).then_some(kept.as_str()));
    clean
}

fn without_login(url: &Url) -> Url {
    let mut clean = url.clone();
    // Refused for addresses that can have none.
    let _ = clean.set_username("");
    let _ = clean.set_password(None);
    clean
}

/// A link that a post has, as it may be shown: canonical, without what names anybody; `None` where nothing is left.
pub fn link(url: &Url) -> Option<String> {
    if url.host_str().is_some_and(is_messenger) {
        return None;
    }
    let taken = Taken::default();
    let clean = without_personal_query(&without_login(url), &taken);
    if path_is_personal(&clean, &taken) {
        return None;
    }
    canonical(&clean)
}

fn is_messenger(host: &str) -> bool {
    let host = host.trim_start_matches("www.").to_ascii_lowercase();
    MESSENGERS.contains(&host.as_str())
}

/// The address of what is not kept, for the list that its network's owner sees; `None` where it holds a detail.
pub fn listed(address: &str) -> Option<String> {
    let shown = shown_in_text(address);
    (shown != LINK).then_some(shown)
}

/// A text whose web addresses hold no personal detail.
pub fn in_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = next_address(rest) {
        out.push_str(&rest[..start]);
        let address = &rest[start..];
        let end = address
            .find(|c: char| {
                c.is_whitespace() || matches!(c, '"' | '<' | '>' | '|' | '`' | '[' | ']')
            })
            .unwrap_or(address.len());
        let end = address[..end]
            .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\''])
            .len();
        out.push_str(&shown_in_text(&address[..end]));
        rest = &address[end..];
        if end == 0 {
            // Never without a step.
            let step = rest.chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[..step]);
            rest = &rest[step..];
        }
    }
    out.push_str(rest);
    without_joined(&out)
}

/// Takes away words that are sentences, joined as in the name of a file or the step of an address, where the sentence
/// holds a detail: `my-name-is-jo-bloggs.pdf`.
fn without_joined(text: &str) -> String {
    let is_joint = |c: char| matches!(c, '-' | '_');
    if !text.contains(is_joint) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for piece in text
        .split_inclusive(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '<' | '>'))
    {
        let end = piece
            .trim_end_matches(|c: char| {
                c.is_whitespace()
                    || matches!(c, '(' | ')' | '"' | '<' | '>' | ',' | ';' | ':' | '!' | '?')
            })
            .len();
        let word = &piece[..end];
        let named = word
            .split(is_joint)
            .filter(|part| part.chars().filter(|c| c.is_alphabetic()).count() >= 2)
            .count();
        if named >= 3
            && !word.contains("://")
            && is_personal(word, &Taken::default())
            && redact(word).spans.is_empty()
        {
            out.push_str(FILE);
            out.push_str(&piece[end..]);
        } else {
            out.push_str(piece);
        }
    }
    out
}

fn next_address(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find("://") {
        let at = from + at;
        let before = &text[..at];
        for scheme in ["https", "http"] {
            if before.len() >= scheme.len()
                && before.is_char_boundary(before.len() - scheme.len())
                && before[before.len() - scheme.len()..].eq_ignore_ascii_case(scheme)
            {
                return Some(before.len() - scheme.len());
            }
        }
        from = at + 3;
    }
    None
}

fn shown_in_text(address: &str) -> String {
    let Ok(url) = Url::parse(address) else {
        return address.to_owned();
    };
    if url.host_str().is_some_and(is_messenger) {
        return LINK.to_owned();
    }
    let taken = Taken::default();
    let clean = without_personal_query(&without_login(&url), &taken);
    if path_is_personal(&clean, &taken) {
        return LINK.to_owned();
    }
    if clean == url {
        // As it was written: what is not changed keeps its form.
        address.to_owned()
    } else {
        clean.into()
    }
}

/// The address under which a post is shown, and its canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub url: Url,
    pub canonical: String,
}

/// Under which address a post is shown. `key` is the item's key, which may be a short form itself; `page` is the page of
/// its source and `accounts` those it declares; `taken` is what was taken out of its title and text. `None` for what is no web address.
pub fn shown(
    url: &Url,
    key: &str,
    page: &Url,
    accounts: &[String],
    taken: &Taken,
    voice_key: &VoiceKey,
) -> Option<Shown> {
    let whole = canonical(url)?;
    let clean = without_personal_query(&without_login(url), taken);
    if !path_is_personal(&undeclared(&clean, page, accounts), taken) {
        let canonical = if clean == *url {
            whole
        } else {
            canonical(&clean)?
        };
        return Some(Shown {
            url: clean,
            canonical,
        });
    }
    let by_key = Url::parse(key).ok().filter(|short| {
        short.host_str() == url.host_str()
            && short.query_pairs().any(|(name, value)| {
                matches!(name.as_ref(), "p" | "page_id")
                    && value.bytes().all(|b| b.is_ascii_digit())
            })
    });
    for short in short_form(&clean).into_iter().chain(by_key) {
        if !path_is_personal(&short, taken) && without_personal_query(&short, taken) == short {
            let canonical = canonical(&short)?;
            return Some(Shown {
                url: short,
                canonical,
            });
        }
    }
    let hash = data_encoding::HEXLOWER
        .encode(&Voice::of(voice_key, &format!("address {whole}")).to_bytes());
    let mut page = without_login(page);
    page.set_fragment(Some(&format!("{HIDDEN}{hash}")));
    let canonical = format!("{}#{HIDDEN}{hash}", canonical(&page)?);
    Some(Shown {
        url: page,
        canonical,
    })
}

/// Whether this is the page of a post's source, shown in place of an address of its own.
pub fn is_stand_in(url: &str) -> bool {
    url.rsplit_once('#').is_some_and(|(_, fragment)| {
        fragment
            .strip_prefix(HIDDEN)
            .is_some_and(|hash| hash.len() == 32 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
    })
}

/// The form without a slug that forums give their topics: Discourse `/t/slug/7/2`, Flarum `/d/7-slug`, NodeBB
/// `/topic/7/slug`, Stack Exchange `/questions/7/slug`, XenForo `/threads/slug.7/`.
fn short_form(url: &Url) -> Option<Url> {
    let segments: Vec<&str> = url.path_segments()?.collect();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let at = segments
        .iter()
        .position(|part| matches!(*part, "t" | "d" | "topic" | "questions" | "threads"))?;
    let rest = &segments[at + 1..];
    let short = match (segments[at], rest) {
        ("t", [_, id, tail @ ..]) if is_number(id) => {
            let number = tail.first().filter(|number| is_number(number));
            match number {
                Some(number) => format!("-/{id}/{number}"),
                None => format!("-/{id}"),
            }
        }
        ("d", [named, tail @ ..]) => {
            let (id, _) = named.split_once('-')?;
            if !is_number(id) {
                return None;
            }
            match tail.first().filter(|number| is_number(number)) {
                Some(number) => format!("{id}/{number}"),
                None => id.to_owned(),
            }
        }
        ("topic" | "questions", [id, ..]) if is_number(id) => (*id).to_owned(),
        ("threads", [named, ..]) => {
            let (_, id) = named.rsplit_once('.')?;
            if !is_number(id) {
                return None;
            }
            format!("{id}/")
        }
        _ => return None,
    };
    let before = segments[..=at].join("/");
    let mut url = url.clone();
    url.set_path(&format!("/{before}/{short}"));
    url.set_query(None);
    Some(url)
}

/// An item key, hashed where it holds a detail or is an address that does.
pub(crate) fn key_is_personal(key: &str) -> bool {
    match Url::parse(key) {
        Ok(url) if url.has_host() => {
            let taken = Taken::default();
            path_is_personal(&url, &taken) || without_personal_query(&url, &taken) != url
        }
        _ => is_personal(key, &Taken::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_number_is_no_kind_of_file() {
        assert_eq!(
            link(&url("https://elsewhere.example/people/from-81.2.69.14")),
            None
        );
        assert!(key_is_personal("from-81.2.69.14"));
    }

    #[test]
    fn a_sentence_that_is_joined_to_a_file_name_is_read_as_one() {
        for name in [
            "my-name-is-margaret-quillby.pdf",
            "my_name_is_Margaret_Quillby.docx",
            "margaret-at-clinic-dot-example.pdf",
        ] {
            assert_eq!(
                in_text(&format!("See {name} (1 KB).")),
                "See [file] (1 KB).",
                "{name}"
            );
        }
        for kept in [
            "A well-thought-out plan.",
            "minutes-of-the-meeting.pdf",
            "state-of-the-art and so-and-so",
        ] {
            assert_eq!(in_text(kept), kept);
        }
    }

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    fn taken(text: &str) -> Taken {
        let mut taken = Taken::default();
        taken.add(text, &redact(text).spans);
        taken
    }

    fn shown_as(address: &str, key: &str, title: &str) -> String {
        let page = url("https://site.example/forum/");
        let key_of_voices = VoiceKey::new([7; 32]);
        shown(
            &url(address),
            key,
            &page,
            &["@clinic_friends".to_owned()],
            &taken(title),
            &key_of_voices,
        )
        .expect("an address")
        .url
        .into()
    }

    #[test]
    fn a_slug_that_repeats_what_was_taken_from_its_title_is_not_shown() {
        let title = "My name is Sarah Jones, NHS number 943 476 5919";
        for (address, expected) in [
            (
                "https://site.example/t/sarah-jones-9434765919/7/2",
                "https://site.example/t/-/7/2",
            ),
            (
                "https://site.example/f/t/my-name-is-sarah/7",
                "https://site.example/f/t/-/7",
            ),
            (
                "https://site.example/d/7-sarah-jones",
                "https://site.example/d/7",
            ),
            (
                "https://site.example/topic/7/943-476-5919",
                "https://site.example/topic/7",
            ),
            (
                "https://site.example/threads/sarah-jones.7/",
                "https://site.example/threads/7/",
            ),
            (
                "https://site.example/t/blood-tests/7",
                "https://site.example/t/blood-tests/7",
            ),
        ] {
            assert_eq!(shown_as(address, "7", title), expected);
        }
        let by_key = shown_as(
            "https://site.example/2026/11/sarah-jones/",
            "https://site.example/?p=12",
            title,
        );
        assert_eq!(by_key, "https://site.example/?p=12");
    }

    #[test]
    fn without_a_short_form_the_page_of_the_source_stands_in_one_for_each_post() {
        let title = "My name is Sarah Jones";
        let one = shown_as("https://site.example/a/sarah-jones", "k", title);
        let other = shown_as("https://site.example/b/sarah-jones", "k", title);
        assert!(one.starts_with("https://site.example/forum/#h-"), "{one}");
        assert!(is_stand_in(&one) && one != other);
        assert!(!is_stand_in("https://site.example/forum/#comment-3"));
    }

    #[test]
    fn links_lose_what_names_somebody_and_nothing_else() {
        for (address, expected) in [
            (
                "https://x.example/a?email=sam%40x.example&page=2",
                Some("https://x.example/a?page=2"),
            ),
            ("https://x.example/a?token=abc", Some("https://x.example/a")),
            ("https://sam:pw@x.example/a", Some("https://x.example/a")),
            ("https://wa.me/447700900123", None),
            ("https://api.whatsapp.com/send?phone=447700900123", None),
            ("https://x.example/call/07700900123", None),
            ("https://x.example/u/sam.jones@clinic.example", None),
            (
                "https://x.example/2026/11/30/blood-tests",
                Some("https://x.example/2026/11/30/blood-tests"),
            ),
            (
                "https://x.example/status/1234567890",
                Some("https://x.example/status/1234567890"),
            ),
        ] {
            assert_eq!(link(&url(address)).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn the_name_of_a_declared_list_is_no_detail_however_it_is_escaped() {
        let page = url("https://site.example/list/town@lists.example.org/");
        let own = "https://site.example/list/town%40lists.example.org/message/ABC/";
        let other = "https://site.example/list/jo%40lists.example.org/message/ABC/";
        let shown_below = |address: &str| {
            let key = VoiceKey::new([0; 32]);
            let shown = shown(&url(address), "k", &page, &[], &Taken::default(), &key);
            shown.expect("an address").url.to_string()
        };
        assert_eq!(shown_below(own), own);
        assert!(is_stand_in(&shown_below(other)));
    }

    #[test]
    fn an_account_that_its_owner_declared_is_no_detail_and_any_other_is() {
        let own = "https://site.example/@clinic_friends/113";
        assert_eq!(shown_as(own, "113", "Open day"), own);
        assert!(is_stand_in(&shown_as(
            "https://site.example/@jo_jones/113",
            "113",
            "Open day"
        )));
    }

    #[test]
    fn addresses_within_a_text_are_cleaned_and_the_rest_stays() {
        for (text, expected) in [
            (
                "see https://x.example/a?email=s@x.example&b=1, ok",
                "see https://x.example/a?b=1, ok",
            ),
            ("(https://wa.me/447700900123)", "([link])"),
            ("as HTTPS://x.example/A is", "as HTTPS://x.example/A is"),
            ("ŵhttps://x.example/ŵ://", "ŵhttps://x.example/ŵ://"),
            ("no address://here", "no address://here"),
        ] {
            assert_eq!(in_text(text), expected);
            assert_eq!(in_text(expected), expected);
        }
    }
}
