//! What platforms have in common: how addresses are made, and what is read of an answer.

use jiff::Timestamp;
use url::Url;

use crate::fetch::Response;
use crate::prepare;
use crate::trouble::Trouble;

/// The source's address as the folder its pages lie in.
pub(crate) fn base(address: &Url) -> Url {
    let mut base = address.clone();
    base.set_query(None);
    base.set_fragment(None);
    if !base.path().ends_with('/') {
        let path = format!("{}/", base.path());
        base.set_path(&path);
    }
    base
}

/// An address below (or on the origin of) the source's.
pub(crate) fn at(base: &Url, path: &str) -> Result<Url, Trouble> {
    base.join(path)
        .map_err(|error| Trouble::Setting(format!("the source's address is unusable: {error}")))
}

/// The elements of a list that can be read: one unreadable element does not spoil the others.
pub(crate) fn readable<T: serde::de::DeserializeOwned>(
    values: Option<&Vec<serde_json::Value>>,
) -> Vec<T> {
    values
        .into_iter()
        .flatten()
        .filter_map(|value| prepare::json::from_value(value.clone()).ok())
        .collect()
}

/// How many of a list's values none was made of.
pub(crate) fn lost(values: Option<&Vec<serde_json::Value>>, readable: usize) -> usize {
    values.map_or(0, Vec::len).saturating_sub(readable)
}

/// The platform's own word in an answer that is an error: `{"error": "…"}`. A proxy or a missing route says none.
pub(crate) fn own_error(response: &Response) -> Option<String> {
    let says = prepare::json::value(&response.body).ok()?;
    says["error"].as_str().map(str::to_owned)
}

/// Whether a text can be a platform's numeric id.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Milliseconds since 1970.
pub(crate) fn millis(at: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(at).ok().filter(|_| at > 0)
}
