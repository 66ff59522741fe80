//! Proof of consent: where it stands, what it says, and the token that binds it to one registration.
//!
//! The token is `HMAC-SHA256(instance key, network id | origin)`. It proves consent, never identity.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, Mac};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use crate::grant::{Purpose, RETENTION_DAYS};
use crate::ids::NetworkId;
use crate::scope::{BadScope, Origin, Scope};
use crate::source::SourceKind;

/// Largest consent file that is read.
pub const MAX_PROOF_BYTES: usize = 16 * 1024;

/// How an owner shows that a site is theirs and that they agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProofMethod {
    /// A file at `/.well-known/discover-consent.json`.
    WellKnown,
    /// A TXT record at `_discover.HOST`.
    DnsTxt,
    /// `<meta name="discover-consent">` on the home page.
    Meta,
    /// A token in the profile of a social account.
    Profile,
    /// Consent on paper; its hash stands in the ledger.
    Attested,
}

impl ProofMethod {
    pub const ALL: [Self; 5] = [
        Self::WellKnown,
        Self::DnsTxt,
        Self::Meta,
        Self::Profile,
        Self::Attested,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WellKnown => "well-known",
            Self::DnsTxt => "dns-txt",
            Self::Meta => "meta",
            Self::Profile => "profile",
            Self::Attested => "attested",
        }
    }
}

impl fmt::Display for ProofMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProofMethod {
    type Err = BadProof;
    fn from_str(text: &str) -> Result<Self, BadProof> {
        Self::ALL
            .into_iter()
            .find(|method| method.as_str() == text)
            .ok_or_else(|| BadProof::Method(text.chars().take(40).collect()))
    }
}

/// Why what stands at the proof address is no proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadProof {
    #[error("unknown proof method {0:?}: use well-known, dns-txt, meta, profile or attested")]
    Method(String),
    #[error("the consent file is larger than 16 KiB")]
    TooLarge,
    #[error("the consent file cannot be read as JSON: {0}")]
    Syntax(String),
    #[error("the consent file says version {0}; this instance reads version 1")]
    Version(u32),
    #[error("the token is not the one given for this network and origin")]
    WrongToken,
    #[error("no proof was found where it should stand")]
    Missing,
    #[error(transparent)]
    Scope(#[from] BadScope),
    #[error("retention_days must be between 1 and 1095, not {0}")]
    Retention(u32),
    #[error("no purpose is named: use \"search\", \"topics\" or both")]
    NoPurpose,
}

/// The consent file at `/.well-known/discover-consent.json`. Only these fields exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentFile {
    pub discover: u32,
    pub token: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<String>,
    #[serde(default = "all_purposes")]
    pub purposes: Vec<Purpose>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    #[serde(default)]
    pub members_told: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// A code that an owner was given to log in with; it means nothing for consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
}

fn all_purposes() -> Vec<Purpose> {
    vec![Purpose::Search, Purpose::Topics]
}

/// What a valid proof says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    pub scope: Scope,
    pub purposes: Vec<Purpose>,
    pub retention_days: Option<u16>,
    pub expires: Option<Date>,
    pub members_told: bool,
    /// The owner says, with the right token, that consent is withdrawn.
    pub withdrawn: bool,
    /// A code that an owner was given to log in with.
    pub nonce: Option<String>,
    /// Hex SHA-256 of the bytes seen.
    pub sha256: String,
}

/// The one address at which a proof may stand. Made from method and origin alone, so that a permit for it can never be
/// a permit for any other page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofAddress {
    origin: Origin,
    url: Url,
}

impl ProofAddress {
    /// Where the proof of `origin` stands, or that of one `folder` of it (`/~name/`, `/project/`), which speaks for
    /// that folder alone. Nothing for a DNS record, which has no address, for a profile ([`Self::profile`]), and for
    /// what is no folder below the root.
    pub fn new(method: ProofMethod, origin: &Origin, folder: Option<&str>) -> Option<Self> {
        let base = match folder {
            None => origin.root(),
            Some(folder) => {
                let url = origin.root().join(folder).ok()?;
                let one = folder.strip_prefix('/')?.strip_suffix('/')?;
                if one.is_empty() || one.contains('/') || url.path() != folder {
                    return None;
                }
                url
            }
        };
        let url = match method {
            // Consent on paper is confirmed, or withdrawn, by the file.
            ProofMethod::WellKnown | ProofMethod::Attested => base.join(WELL_KNOWN).ok()?,
            ProofMethod::Meta => base,
            ProofMethod::DnsTxt | ProofMethod::Profile => return None,
        };
        Some(Self {
            origin: origin.clone(),
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

/// `https://HOST/.well-known/discover-consent.json`
pub fn well_known_url(origin: &Origin) -> Url {
    let mut url = origin.root();
    url.set_path(WELL_KNOWN);
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
            format!("<meta name=\"discover-consent\" content=\"token={token}; scope={scope}\">"),
        ),
        ProofMethod::Profile => (format!("the profile text of {address}"), token.to_owned()),
        ProofMethod::WellKnown | ProofMethod::Attested => (
            format!("a file at {}", well_known_url(origin)),
            format!(
                "{{\n  \"discover\": 1,\n  \"token\": \"{token}\",\n  \"scope\": [\"{origin}{scope}\"],\n  \"purposes\": [\"search\", \"topics\"],\n  \"members_told\": false\n}}"
            ),
        ),
    }
}

/// The token an owner places on the site: hex HMAC over the network's id and the origin.
pub fn token(instance_key: &[u8], network: NetworkId, origin: &Origin) -> String {
    let mac = token_mac(instance_key, network, origin);
    hex(&mac.finalize().into_bytes())
}

fn token_mac(instance_key: &[u8], network: NetworkId, origin: &Origin) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(instance_key).expect("HMAC takes a key of any length");
    mac.update(network.to_string().as_bytes());
    mac.update(b"|");
    mac.update(origin.as_str().as_bytes());
    mac
}

/// Compares in constant time.
fn token_matches(given: &str, instance_key: &[u8], network: NetworkId, origin: &Origin) -> bool {
    let Ok(bytes) = data_encoding::HEXLOWER_PERMISSIVE.decode(given.trim().as_bytes()) else {
        return false;
    };
    token_mac(instance_key, network, origin)
        .verify_slice(&bytes)
        .is_ok()
}

/// Reads the consent file's bytes as seen at [`well_known_url`].
pub fn read_file(
    bytes: &[u8],
    instance_key: &[u8],
    network: NetworkId,
    origin: &Origin,
) -> Result<Proof, BadProof> {
    if bytes.len() > MAX_PROOF_BYTES {
        return Err(BadProof::TooLarge);
    }
    let file: ConsentFile =
        serde_json::from_slice(bytes).map_err(|error| BadProof::Syntax(error.to_string()))?;
    if file.discover != 1 {
        return Err(BadProof::Version(file.discover));
    }
    if !token_matches(&file.token, instance_key, network, origin) {
        return Err(BadProof::WrongToken);
    }
    finish(&file, origin, bytes)
}

/// Reads the short form `discover=1; token=…; scope=/forum/ /blog/; expires=…` of TXT records and meta tags.
pub fn read_short(
    text: &str,
    instance_key: &[u8],
    network: NetworkId,
    origin: &Origin,
) -> Result<Proof, BadProof> {
    if text.len() > MAX_PROOF_BYTES {
        return Err(BadProof::TooLarge);
    }
    let mut file = ConsentFile {
        discover: 1,
        token: String::new(),
        scope: Vec::new(),
        purposes: all_purposes(),
        retention_days: None,
        expires: None,
        contact: None,
        members_told: false,
        withdrawn: false,
        nonce: None,
    };
    for part in text.split(';') {
        let Some((name, value)) = part.split_once('=') else {
            continue;
        };
        let value = value.trim();
        match name.trim() {
            "discover" => {
                let version = value.parse().unwrap_or(0);
                if version != 1 {
                    return Err(BadProof::Version(version));
                }
            }
            "token" => value.clone_into(&mut file.token),
            "scope" => file.scope = value.split_whitespace().map(str::to_owned).collect(),
            "expires" => {
                file.expires = Some(
                    value
                        .parse()
                        .map_err(|error| BadProof::Syntax(format!("expires: {error}")))?,
                );
            }
            "withdrawn" => file.withdrawn = value == "true",
            _ => {}
        }
    }
    if !token_matches(&file.token, instance_key, network, origin) {
        return Err(BadProof::WrongToken);
    }
    finish(&file, origin, text.as_bytes())
}

fn finish(file: &ConsentFile, origin: &Origin, seen: &[u8]) -> Result<Proof, BadProof> {
    let scope = if file.scope.is_empty() {
        Scope::all(origin.clone())
    } else {
        Scope::new(origin.clone(), &file.scope)?
    };
    if file.purposes.is_empty() {
        return Err(BadProof::NoPurpose);
    }
    let retention_days = file
        .retention_days
        .map(|days| {
            u16::try_from(days)
                .ok()
                .filter(|days| RETENTION_DAYS.contains(days))
                .ok_or(BadProof::Retention(days))
        })
        .transpose()?;
    Ok(Proof {
        scope,
        purposes: file.purposes.clone(),
        retention_days,
        expires: file.expires,
        members_told: file.members_told,
        withdrawn: file.withdrawn,
        nonce: file.nonce.clone(),
        sha256: sha256_hex(seen),
    })
}

/// Lower-case hex SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"instance key of the test";

    fn origin() -> Origin {
        "https://site.example".parse().expect("origin")
    }

    #[test]
    fn a_token_is_worthless_for_another_network_or_origin() {
        let network = NetworkId::from_u128(7);
        let token = token(KEY, network, &origin());
        let file = format!(
            r#"{{"discover":1,"token":"{token}","scope":["https://site.example/forum/"]}}"#
        );
        let proof = read_file(file.as_bytes(), KEY, network, &origin()).expect("a right proof");
        assert_eq!(proof.scope.prefixes(), ["/forum/"]);
        let other = NetworkId::from_u128(8);
        assert_eq!(
            read_file(file.as_bytes(), KEY, other, &origin()),
            Err(BadProof::WrongToken)
        );
        let elsewhere: Origin = "https://other.example".parse().expect("origin");
        assert_eq!(
            read_file(file.as_bytes(), KEY, network, &elsewhere),
            Err(BadProof::WrongToken)
        );
    }

    #[test]
    fn a_field_that_does_not_exist_is_refused_and_named() {
        let file = br#"{"discover":1,"token":"00","identity":"me"}"#;
        let Err(BadProof::Syntax(message)) =
            read_file(file, KEY, NetworkId::from_u128(7), &origin())
        else {
            panic!("an unknown field must not pass");
        };
        assert!(message.contains("identity"), "{message}");
    }

    #[test]
    fn the_short_form_says_the_same_as_the_file() {
        let network = NetworkId::from_u128(7);
        let text = format!(
            "discover=1; token={}; scope=/forum/; expires=2027-11-22",
            token(KEY, network, &origin())
        );
        let proof = read_short(&text, KEY, network, &origin()).expect("a right proof");
        assert_eq!(proof.scope.prefixes(), ["/forum/"]);
        assert_eq!(proof.expires, Some(jiff::civil::date(2027, 11, 22)));
    }
}
