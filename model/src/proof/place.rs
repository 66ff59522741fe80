//! Where a proof stands, what it speaks for, and the token in it.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use url::Url;

use super::hash::hex;
use super::method::ProofMethod;
use crate::ids::NetworkId;
use crate::scope::{Origin, path_within};
use crate::source::SourceKind;

/// What a proof speaks for: an origin, or one folder of it (`/~name/`, `/project/`) and nothing else there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofSubject {
    origin: Origin,
    folder: Option<String>,
}

impl From<&Origin> for ProofSubject {
    fn from(origin: &Origin) -> Self {
        Self {
            origin: origin.clone(),
            folder: None,
        }
    }
}

impl From<&Self> for ProofSubject {
    fn from(subject: &Self) -> Self {
        subject.clone()
    }
}

impl ProofSubject {
    /// One folder right below the root, written with both slashes. Nothing for what is none.
    pub fn folder_of(origin: &Origin, folder: &str) -> Option<Self> {
        let url = origin.root().join(folder).ok()?;
        let one = folder.strip_prefix('/')?.strip_suffix('/')?;
        if one.is_empty() || one.contains('/') || url.path() != folder || !origin.contains(&url) {
            return None;
        }
        Some(Self {
            origin: origin.clone(),
            folder: Some(folder.to_owned()),
        })
    }

    /// The one folder that all of some addresses of an origin lie in.
    pub fn folder_around<'a>(
        origin: &Origin,
        addresses: impl IntoIterator<Item = &'a Url>,
    ) -> Option<Self> {
        let mut around: Option<&str> = None;
        for address in addresses {
            let path = address.path();
            let end = path.get(1..)?.find('/')? + 2;
            let folder = path.get(..end)?;
            if around.is_some_and(|known| known != folder) {
                return None;
            }
            around = Some(folder);
        }
        Self::folder_of(origin, around?)
    }

    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The folder, where it is not the whole origin.
    pub fn folder(&self) -> Option<&str> {
        self.folder.as_deref()
    }

    /// The path everything it speaks for lies under.
    pub fn prefix(&self) -> &str {
        self.folder().unwrap_or("/")
    }

    pub(crate) fn speaks_for(&self, prefix: &str) -> bool {
        path_within(prefix, self.prefix())
    }

    /// Its address.
    pub fn root(&self) -> Url {
        let mut url = self.origin.root();
        url.set_path(self.prefix());
        url
    }
}

/// The one address at which a proof may stand. Made from method and subject alone, so that a permit for it can never be
/// a permit for any other page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofAddress {
    origin: Origin,
    url: Url,
}

impl ProofAddress {
    /// Nothing for a DNS record, which has no address, and for a profile ([`Self::profile`]).
    pub fn new(method: ProofMethod, subject: impl Into<ProofSubject>) -> Option<Self> {
        let subject = subject.into();
        let url = match method {
            // Consent on paper is confirmed, or withdrawn, by the file.
            ProofMethod::WellKnown | ProofMethod::Attested => {
                subject.root().join(WELL_KNOWN).ok()?
            }
            ProofMethod::Meta => subject.root(),
            ProofMethod::DnsTxt | ProofMethod::Profile | ProofMethod::Document => return None,
        };
        Some(Self {
            origin: subject.origin,
            url,
        })
    }

    /// The profile of a declared account, which bears the token in its description. Nothing for any other source.
    pub fn profile(kind: SourceKind, account: &Url) -> Option<Self> {
        if !kind.is_account() {
            return None;
        }
        Some(Self {
            origin: Origin::of(account).ok()?,
            url: account.clone(),
        })
    }

    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    pub fn url(&self) -> &Url {
        &self.url
    }
}

const WELL_KNOWN: &str = ".well-known/discover-consent.json";

/// `https://HOST/.well-known/discover-consent.json`, or the same in a folder.
pub fn well_known_url(subject: impl Into<ProofSubject>) -> Url {
    let mut url = subject.into().root();
    url.set_path(&format!("{}{WELL_KNOWN}", url.path()));
    url
}

/// The name whose TXT record may hold the proof, `_discover.HOST`.
pub fn dns_name(origin: &Origin) -> Option<String> {
    origin
        .root()
        .host_str()
        .map(|host| format!("_discover.{host}"))
}

/// What an owner places on the site, and where, in plain words; the scope proposed is the folder of `address`.
pub fn placement(
    method: ProofMethod,
    origin: &Origin,
    address: &Url,
    token: &str,
) -> (String, String) {
    let path = address.path();
    let scope = path.rfind('/').map_or("/", |end| &path[..=end]);
    match method {
        ProofMethod::DnsTxt => (
            format!(
                "a DNS TXT record at {}",
                dns_name(origin).unwrap_or_default()
            ),
            format!("discover=1; token={token}; scope={scope}"),
        ),
        ProofMethod::Meta => (
            format!("the head of your home page, {}", origin.root()),
            tag(token, scope),
        ),
        ProofMethod::Profile => (format!("the profile text of {address}"), token.to_owned()),
        ProofMethod::WellKnown | ProofMethod::Attested | ProofMethod::Document => (
            format!("a file at {}", well_known_url(origin)),
            file(token, origin, scope),
        ),
    }
}

/// The same for who may write in one folder of the site alone; nothing for what cannot stand in a folder.
pub fn folder_placement(
    method: ProofMethod,
    subject: &ProofSubject,
    token: &str,
) -> Option<(String, String)> {
    let folder = subject.folder()?;
    match method {
        ProofMethod::WellKnown => Some((
            format!("a file at {}", well_known_url(subject)),
            file(token, &subject.origin, folder),
        )),
        ProofMethod::Meta => Some((
            format!("the head of the page {}", subject.root()),
            tag(token, folder),
        )),
        ProofMethod::DnsTxt
        | ProofMethod::Profile
        | ProofMethod::Attested
        | ProofMethod::Document => None,
    }
}

fn tag(token: &str, scope: &str) -> String {
    format!("<meta name=\"discover-consent\" content=\"token={token}; scope={scope}\">")
}

fn file(token: &str, origin: &Origin, scope: &str) -> String {
    format!(
        "{{\n  \"discover\": 1,\n  \"token\": \"{token}\",\n  \"scope\": [\"{origin}{scope}\"],\n  \"purposes\": [\"search\", \"topics\"],\n  \"members_told\": false\n}}"
    )
}

/// The token an owner places on the site: hex HMAC over the network's id and what the proof speaks for.
pub fn token(instance_key: &[u8], network: NetworkId, subject: impl Into<ProofSubject>) -> String {
    let mac = token_mac(instance_key, network, &subject.into());
    hex(&mac.finalize().into_bytes())
}

fn token_mac(instance_key: &[u8], network: NetworkId, subject: &ProofSubject) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(instance_key).expect("HMAC takes a key of any length");
    mac.update(network.to_string().as_bytes());
    mac.update(b"|");
    mac.update(subject.origin.as_str().as_bytes());
    // An origin holds no path: no origin can be written as a folder of another.
    mac.update(subject.folder().unwrap_or_default().as_bytes());
    mac
}

/// Compares in constant time.
pub(super) fn token_matches(
    given: &str,
    instance_key: &[u8],
    network: NetworkId,
    subject: &ProofSubject,
) -> bool {
    let Ok(bytes) = data_encoding::HEXLOWER_PERMISSIVE.decode(given.trim().as_bytes()) else {
        return false;
    };
    token_mac(instance_key, network, subject)
        .verify_slice(&bytes)
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_address_follows_from_method_and_subject_and_is_never_any_page() {
        let origin: Origin = "https://site.example".parse().expect("origin");
        let at = |method, folder: Option<&str>| {
            let subject = match folder {
                None => Some(ProofSubject::from(&origin)),
                Some(folder) => ProofSubject::folder_of(&origin, folder),
            };
            subject
                .and_then(|subject| ProofAddress::new(method, &subject))
                .map(|found| found.url().to_string())
        };
        let file = "https://site.example/.well-known/discover-consent.json";
        assert_eq!(at(ProofMethod::WellKnown, None).as_deref(), Some(file));
        assert_eq!(well_known_url(&origin).as_str(), file);
        assert_eq!(
            at(ProofMethod::Meta, None).as_deref(),
            Some("https://site.example/")
        );
        assert_eq!(
            at(ProofMethod::WellKnown, Some("/~ann/")).as_deref(),
            Some("https://site.example/~ann/.well-known/discover-consent.json")
        );
        assert_eq!(
            at(ProofMethod::Meta, Some("/project/")).as_deref(),
            Some("https://site.example/project/")
        );
        for page in [
            "/",
            "//",
            "/a/b/",
            "/a",
            "a/",
            "/../",
            "/a?b/",
            "//other.example/",
            "/./",
        ] {
            assert_eq!(at(ProofMethod::Meta, Some(page)), None, "{page}");
        }
        assert_eq!(at(ProofMethod::DnsTxt, None), None);
        let page = Url::parse("https://site.example/topic/1").expect("url");
        assert_eq!(ProofAddress::profile(SourceKind::Html, &page), None);
        assert!(ProofAddress::profile(SourceKind::Mastodon, &page).is_some());
    }

    #[test]
    fn a_folder_is_that_of_all_addresses_or_none() {
        let origin: Origin = "https://site.example".parse().expect("origin");
        let around = |paths: &[&str]| {
            let urls: Vec<Url> = paths
                .iter()
                .map(|path| origin.root().join(path).expect("url"))
                .collect();
            ProofSubject::folder_around(&origin, &urls)
                .and_then(|subject| subject.folder().map(str::to_owned))
        };
        assert_eq!(around(&["/~ann/feed.xml"]).as_deref(), Some("/~ann/"));
        assert_eq!(around(&["/p/", "/p/blog/feed.xml"]).as_deref(), Some("/p/"));
        for none in [
            &["/~ann/feed.xml", "/~bob/feed.xml"][..],
            &["/feed.xml"],
            &["/"],
            &[],
        ] {
            assert_eq!(around(none), None, "{none:?}");
        }
    }
}
