//! What a consent file says, and the short form of it in records and tags. A mistake is answered with one sentence.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::MAX_PROOF_BYTES;
use super::error::BadProof;
use super::hash::sha256_hex;
use super::place::{ProofSubject, token_matches};
use crate::grant::{Purpose, RETENTION_DAYS};
use crate::ids::NetworkId;
use crate::scope::Scope;

/// The consent file at `/.well-known/discover-consent.json`. Only these fields mean anything ([`FIELDS`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// Every field, whether its value can be read, and what to write.
type Field = (&'static str, fn(&Value) -> bool, &'static str);
const FIELDS: [Field; 10] = [
    (
        "discover",
        |value| {
            value
                .as_u64()
                .is_some_and(|version| u32::try_from(version).is_ok())
        },
        "1",
    ),
    (
        "token",
        Value::is_string,
        "the token you were given, in quotes",
    ),
    (
        "scope",
        is_list_of_texts,
        "a list of addresses, such as [\"https://your.site/forum/\"]",
    ),
    (
        "purposes",
        is_list_of_purposes,
        "[\"search\", \"topics\"] or one of them",
    ),
    (
        "retention_days",
        |value| {
            value
                .as_u64()
                .is_some_and(|days| u32::try_from(days).is_ok())
        },
        "a number from 1 to 1095, without quotes",
    ),
    (
        "expires",
        |value| {
            value
                .as_str()
                .is_some_and(|day| day.parse::<Date>().is_ok())
        },
        "a day such as \"2027-11-22\"",
    ),
    ("contact", Value::is_string, "an address in quotes"),
    (
        "members_told",
        Value::is_boolean,
        "true or false, without quotes",
    ),
    (
        "withdrawn",
        Value::is_boolean,
        "true or false, without quotes",
    ),
    (
        "nonce",
        Value::is_string,
        "the code you were given, in quotes",
    ),
];

fn is_list_of_texts(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|list| list.iter().all(Value::is_string))
}

fn is_list_of_purposes(value: &Value) -> bool {
    serde_json::from_value::<Vec<Purpose>>(value.clone()).is_ok()
}

fn all_purposes() -> Vec<Purpose> {
    vec![Purpose::Search, Purpose::Topics]
}

/// What a valid proof says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    pub scope: Scope,
    /// The folder that the proof stands in and speaks for; nothing where it speaks for the origin.
    pub folder: Option<String>,
    pub purposes: Vec<Purpose>,
    pub retention_days: Option<u16>,
    pub expires: Option<Date>,
    pub members_told: bool,
    /// The owner says, with the right token, that consent is withdrawn.
    pub withdrawn: bool,
    /// A code that an owner was given to log in with.
    pub nonce: Option<String>,
    /// Names of fields that mean nothing here: the owner is told.
    pub unknown: Vec<String>,
    /// Hex SHA-256 of the bytes seen.
    pub sha256: String,
}

/// Reads the consent file's bytes as seen at [`super::well_known_url`].
pub fn read_file(
    bytes: &[u8],
    instance_key: &[u8],
    network: NetworkId,
    subject: impl Into<ProofSubject>,
) -> Result<Proof, BadProof> {
    let subject = subject.into();
    if bytes.len() > MAX_PROOF_BYTES {
        return Err(BadProof::TooLarge);
    }
    let text = decoded(bytes)?;
    let (file, unknown) = consent_file(&text)?;
    if file.discover != 1 {
        return Err(BadProof::Version(file.discover));
    }
    if !token_matches(&file.token, instance_key, network, &subject) {
        return Err(BadProof::WrongToken);
    }
    finish(&file, unknown, &subject, bytes)
}

/// The text of a file as editors save it: UTF-8 or UTF-16, with or without a byte order mark.
fn decoded(bytes: &[u8]) -> Result<String, BadProof> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
        String::from_utf16(&units).ok().filter(|_| rest.is_empty())
    };
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // The first sign of JSON is ASCII (RFC 4627, section 3).
        [first, 0, ..] if *first != 0 => utf16(bytes, u16::from_le_bytes),
        [0, first, ..] if *first != 0 => utf16(bytes, u16::from_be_bytes),
        _ => String::from_utf8(bytes.to_vec()).ok(),
    };
    text.ok_or(BadProof::Encoding)
}

/// The file, and the names of fields that mean nothing. A mistake is answered with one sentence that says what to write.
fn consent_file(text: &str) -> Result<(ConsentFile, Vec<String>), BadProof> {
    let text = text.trim();
    if text.is_empty() {
        return Err(BadProof::Empty);
    }
    if text.starts_with('<') {
        return Err(BadProof::WebPage);
    }
    let mut fields: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        if let Some(near) = words.find(|word| is_near_withdrawal(word)) {
            return BadProof::NearWithdrawal(near.to_owned());
        }
        BadProof::Syntax(if text.contains(['\u{201c}', '\u{201d}', '\u{201e}']) {
            format!("write straight quotes (\") in place of curly ones ({error})")
        } else {
            error.to_string()
        })
    })?;
    let is_field = |name: &str| FIELDS.iter().any(|(field, ..)| *field == name);
    let unknown: Vec<String> = fields
        .keys()
        .filter(|name| !is_field(name))
        .map(|name| name.chars().take(40).collect())
        .collect();
    let near = fields
        .iter()
        .filter(|(name, value)| {
            !is_field(name) && !matches!(value, Value::Bool(false) | Value::Null)
        })
        .find(|(name, _)| is_near_withdrawal(name));
    if let Some((near, _)) = near {
        return Err(BadProof::NearWithdrawal(near.chars().take(40).collect()));
    }
    fields.retain(|name, _| is_field(name));
    for (name, reads, write) in FIELDS {
        match fields.get(name) {
            Some(value) if !reads(value) => return Err(BadProof::Field(name, write)),
            None if matches!(name, "discover" | "token") => {
                return Err(BadProof::Lacks(name, write));
            }
            _ => {}
        }
    }
    let file = serde_json::from_value(Value::Object(fields));
    let file = file.map_err(|error| BadProof::Syntax(error.to_string()))?;
    Ok((file, unknown))
}

/// Whether somebody may have meant `withdrawn`: nothing is shown on a guess that they did not.
fn is_near_withdrawal(name: &str) -> bool {
    const MEANT: [&str; 5] = ["withdrawn", "withdraw", "withdrawal", "revoked", "optout"];
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let name: String = letters.flat_map(char::to_lowercase).collect();
    MEANT
        .iter()
        .any(|meant| strsim::osa_distance(meant, &name) <= 2)
}

/// Reads the short form `discover=1; token=…; scope=/forum/ /blog/; expires=…` of TXT records and meta tags.
pub fn read_short(
    text: &str,
    instance_key: &[u8],
    network: NetworkId,
    subject: impl Into<ProofSubject>,
) -> Result<Proof, BadProof> {
    let subject = subject.into();
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
    let mut unknown = Vec::new();
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
            "withdrawn" => {
                file.withdrawn = match value {
                    "true" => true,
                    "false" => false,
                    _ => return Err(BadProof::Field("withdrawn", "withdrawn=true or nothing")),
                }
            }
            name if is_near_withdrawal(name) && value != "false" => {
                return Err(BadProof::NearWithdrawal(name.chars().take(40).collect()));
            }
            "purposes" | "retention_days" | "contact" | "members_told" | "nonce" => {}
            name => unknown.push(name.chars().take(40).collect()),
        }
    }
    if !token_matches(&file.token, instance_key, network, &subject) {
        return Err(BadProof::WrongToken);
    }
    finish(&file, unknown, &subject, text.as_bytes())
}

fn finish(
    file: &ConsentFile,
    unknown: Vec<String>,
    subject: &ProofSubject,
    seen: &[u8],
) -> Result<Proof, BadProof> {
    let origin = subject.origin().clone();
    let scope = if file.scope.is_empty() {
        Scope::new(origin, &[subject.prefix()])?
    } else {
        Scope::new(origin, &file.scope)?
    };
    if let Some(outside) = scope
        .prefixes()
        .iter()
        .find(|prefix| !subject.speaks_for(prefix))
    {
        return Err(BadProof::OutsideFolder(
            outside.chars().take(200).collect(),
            subject.root().to_string(),
        ));
    }
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
        folder: subject.folder().map(str::to_owned),
        purposes: file.purposes.clone(),
        retention_days,
        expires: file.expires,
        members_told: file.members_told,
        withdrawn: file.withdrawn,
        nonce: file.nonce.clone(),
        unknown,
        sha256: sha256_hex(seen),
    })
}

#[cfg(test)]
mod tests {
    use super::super::place::token;
    use super::*;
    use crate::scope::Origin;

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
    fn a_folder_proves_itself_and_nothing_else() {
        let network = NetworkId::from_u128(7);
        let folder = |name: &str| ProofSubject::folder_of(&origin(), name).expect("a folder");
        let ann = folder("/~ann/");
        let of = |subject: &ProofSubject, scope: &str| {
            format!(
                "{{\"discover\":1,\"token\":\"{}\"{scope}}}",
                token(KEY, network, subject)
            )
        };
        let read =
            |file: &str, subject: &ProofSubject| read_file(file.as_bytes(), KEY, network, subject);
        let proof = read(&of(&ann, ""), &ann).expect("a proof");
        assert_eq!(proof.scope.prefixes(), ["/~ann/"]);
        assert_eq!(proof.folder.as_deref(), Some("/~ann/"));
        let within = of(&ann, ",\"scope\":[\"/~ann/blog/\"]");
        assert_eq!(
            read(&within, &ann).expect("a proof").scope.prefixes(),
            ["/~ann/blog/"]
        );
        for wider in ["/", "/~bob/", "/~ann", "/~ann/../", "/~anna/"] {
            let file = of(&ann, &format!(",\"scope\":[\"{wider}\"]"));
            assert!(
                matches!(read(&file, &ann), Err(BadProof::OutsideFolder(..))),
                "{wider}"
            );
        }
        let site = ProofSubject::from(&origin());
        for (token_of, read_as) in [(&ann, &site), (&site, &ann), (&folder("/~bob/"), &ann)] {
            let wrong = read(&of(token_of, ""), read_as);
            assert_eq!(wrong, Err(BadProof::WrongToken), "{token_of:?} {read_as:?}");
        }
    }

    fn read(make: impl Fn(&str) -> Vec<u8>) -> Result<Proof, BadProof> {
        let network = NetworkId::from_u128(7);
        let file = make(&token(KEY, network, &origin()));
        read_file(&file, KEY, network, &origin())
    }

    #[test]
    fn a_file_is_read_as_editors_save_it() {
        let text = |token: &str| format!("{{\"discover\": 1, \"token\": \"{token}\"}}\r\n");
        let utf16 = |token: &str, mark: &str, bytes: fn(u16) -> [u8; 2]| {
            format!("{mark}{}", text(token))
                .encode_utf16()
                .flat_map(bytes)
                .collect::<Vec<u8>>()
        };
        for read in [
            read(|token| text(token).into_bytes()),
            read(|token| format!("\u{feff}{}", text(token)).into_bytes()),
            read(|token| utf16(token, "\u{feff}", u16::to_le_bytes)),
            read(|token| utf16(token, "\u{feff}", u16::to_be_bytes)),
            read(|token| utf16(token, "", u16::to_le_bytes)),
            read(|token| utf16(token, "", u16::to_be_bytes)),
        ] {
            assert_eq!(read.expect("a proof").purposes, all_purposes());
        }
        assert_eq!(read(|_| vec![b'{', 0xe9, b'}']), Err(BadProof::Encoding));
    }

    #[test]
    fn a_mistake_is_answered_with_what_to_write() {
        for (file, expected) in [
            ("", "empty"),
            ("<!doctype html><p>hello", "web page"),
            ("{\"discover\": 1}", "no \"token\""),
            ("{\"token\": \"x\"}", "no \"discover\""),
            ("{\"discover\": \"1\", \"token\": \"TOKEN\"}", "write 1"),
            ("{\u{201c}discover\u{201d}: 1}", "straight quotes"),
            ("{\"discover\": 1, \"token\": \"TOKEN\",}", "JSON"),
            (
                "{\"discover\": 1, \"token\": \"TOKEN\", \"scope\": \"/\"}",
                "a list of addresses",
            ),
            (
                "{\"discover\": 1, \"token\": \"TOKEN\", \"members_told\": \"yes\"}",
                "true or false",
            ),
            (
                "{\"discover\": 1, \"token\": \"TOKEN\", \"expires\": \"22.11.2027\"}",
                "2027-11-22",
            ),
        ] {
            let problem = read(|token| file.replace("TOKEN", token).into_bytes());
            let problem = problem.expect_err(file).to_string();
            assert!(problem.contains(expected), "{file}: {problem}");
            assert!(!problem.contains('\n'), "one sentence: {problem}");
        }
    }

    #[test]
    fn an_unknown_field_is_named_and_a_near_withdrawal_is_no_consent() {
        let with = |field: &str| {
            read(|token| format!("{{\"discover\":1,\"token\":\"{token}\",{field}}}").into_bytes())
        };
        let proof = with("\"identity\":\"me\"").expect("a proof");
        assert_eq!(proof.unknown, ["identity"]);
        assert!(with("\"withdrawn\":true").expect("a proof").withdrawn);
        for field in [
            "Withdrawn",
            "withdraw",
            "widthdrawn",
            "with_drawn",
            "withdrawal",
            "opt-out",
        ] {
            let near = with(&format!("\"{field}\":true"));
            assert_eq!(near, Err(BadProof::NearWithdrawal(field.to_owned())));
        }
        assert!(
            with("\"withdrawn\":\"true\"")
                .unwrap_err()
                .may_be_withdrawal()
        );
        let broken =
            read(|token| format!("{{'token': '{token}', 'withdrawn': True}}").into_bytes());
        assert!(broken.unwrap_err().may_be_withdrawal());
        assert_eq!(
            with("\"withdrawal\":false").expect("a proof").unknown,
            ["withdrawal"],
            "who says no has not meant yes"
        );
        let network = NetworkId::from_u128(7);
        for said in ["withdrawn=yes", "withdrawl=true"] {
            let short = format!("token={}; {said}", token(KEY, network, &origin()));
            let near = read_short(&short, KEY, network, &origin()).unwrap_err();
            assert!(near.may_be_withdrawal(), "{said}");
        }
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
