//! Reading answer headers: exact validators, lifetimes, `Retry-After`, `X-Robots-Tag`.

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{
    AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, HeaderMap, HeaderValue, LAST_MODIFIED, LINK,
    RETRY_AFTER,
};
use serde::{Deserialize, Serialize};

/// Longest wait we keep from `Retry-After` or a lifetime: beyond it the owner is told, and we look again.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Longer validators are no validators but a way to fill our store.
const MAX_VALIDATOR: usize = 1024;

/// `ETag` and `Last-Modified` as the server wrote them. They are sent back byte for byte and never read.
/// Header bytes are kept as the characters U+0000 to U+00FF.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

impl Validators {
    pub fn of(headers: &HeaderMap) -> Self {
        let exact = |value: Option<&HeaderValue>| {
            let bytes = value?.as_bytes();
            (!bytes.is_empty() && bytes.len() <= MAX_VALIDATOR)
                .then(|| bytes.iter().copied().map(char::from).collect())
        };
        Self {
            etag: exact(headers.get(ETAG)),
            last_modified: exact(headers.get(LAST_MODIFIED)),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }

    /// What a 304 said anew replaces what we had (RFC 9111 3.2); what it left out stays. Another strong tag means that
    /// it speaks of something else than what we hold (4.3.4): then everything stays.
    #[must_use]
    pub fn updated(&self, newer: Self) -> Self {
        let strong = |tag: &Option<String>| tag.clone().filter(|tag| !tag.starts_with("W/"));
        if let (Some(ours), Some(theirs)) = (strong(&self.etag), strong(&newer.etag))
            && ours != theirs
        {
            return self.clone();
        }
        Self {
            etag: newer.etag.or_else(|| self.etag.clone()),
            last_modified: newer.last_modified.or_else(|| self.last_modified.clone()),
        }
    }
}

/// A kept validator as a header value again.
pub(crate) fn exact_value(kept: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = kept.chars().map(|c| u8::try_from(c).ok()).collect();
    HeaderValue::from_bytes(&bytes?).ok()
}

pub(crate) fn text(headers: &HeaderMap, name: impl reqwest::header::AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// An HTTP date (in any of the three old forms) as seconds since 1970.
fn http_date(value: &str) -> Option<i64> {
    let time = httpdate::parse_http_date(value.trim()).ok()?;
    let since = time
        .duration_since(std::time::SystemTime::UNIX_EPOCH)
        .ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// When the answer was made, in seconds since 1970; `None` where it comes from somebody's cache.
pub(super) fn date(headers: &HeaderMap) -> Option<i64> {
    if headers.contains_key(AGE) {
        return None;
    }
    text(headers, DATE).and_then(http_date)
}

/// How long the answer stays fresh: `max-age` less `Age`, else `Expires` less the server's own `Date`, so that
/// a server whose clock is years off is still understood. Clamped to a week.
pub fn lifetime(headers: &HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    let control = text(headers, CACHE_CONTROL).unwrap_or_default();
    let mut max_age = None;
    for directive in control.split(',') {
        let directive = directive.trim().to_ascii_lowercase();
        if directive == "no-store" || directive == "no-cache" {
            return None;
        }
        if let Some(seconds) = directive.strip_prefix("max-age=") {
            max_age = seconds.trim_matches('"').parse::<i64>().ok();
        }
    }
    let seconds = if let Some(seconds) = max_age {
        let age = text(headers, AGE).and_then(|age| age.trim().parse::<i64>().ok());
        seconds.saturating_sub(age.unwrap_or(0).max(0))
    } else {
        let expires = http_date(text(headers, EXPIRES)?)?;
        let date = text(headers, DATE).and_then(http_date);
        expires.saturating_sub(date.unwrap_or_else(|| now.as_second()))
    };
    (seconds > 0).then(|| SignedDuration::from_secs(seconds).min(LONGEST_WAIT))
}

/// `Retry-After` in seconds or as a date, measured against the server's own `Date`; clamped to a week. Garbage,
/// zero and what lies in the past are no answer.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    let value = text(headers, RETRY_AFTER)?.trim();
    let seconds = if value.bytes().all(|byte| byte.is_ascii_digit()) {
        if value.is_empty() {
            return None;
        }
        value.parse::<i64>().unwrap_or(i64::MAX)
    } else {
        let date = text(headers, DATE).and_then(http_date);
        http_date(value)?.saturating_sub(date.unwrap_or_else(|| now.as_second()))
    };
    (seconds > 0)
        .then(|| SignedDuration::from_secs(seconds.min(LONGEST_WAIT.as_secs())).min(LONGEST_WAIT))
}

/// The target of the first `Link` header of relation `rel` (RFC 8288 3), resolved against `base`.
pub fn link(headers: &HeaderMap, rel: &str, base: &url::Url) -> Option<url::Url> {
    let values = headers.get_all(LINK).iter();
    values
        .filter_map(|value| std::str::from_utf8(value.as_bytes()).ok())
        .find_map(|value| linked(value, rel))
        .and_then(|target| base.join(target.trim()).ok())
}

/// Finds a separator; inside quotes it belongs to the parameter.
fn unquoted(separator: char) -> impl FnMut(char) -> bool {
    let mut quoted = false;
    move |c| {
        quoted ^= c == '"';
        c == separator && !quoted
    }
}

fn linked<'v>(value: &'v str, rel: &str) -> Option<&'v str> {
    let mut rest = value;
    while let Some(start) = rest.find('<') {
        let (target, after) = rest[start + 1..].split_once('>')?;
        let end = after.find(unquoted(','));
        let (parameters, next) = after.split_at(end.unwrap_or(after.len()));
        let is_it = parameters.split(unquoted(';')).any(|parameter| {
            let Some((name, relations)) = parameter.split_once('=') else {
                return false;
            };
            name.trim().eq_ignore_ascii_case("rel")
                && relations
                    .trim()
                    .trim_matches('"')
                    .split_ascii_whitespace()
                    .any(|word| word.eq_ignore_ascii_case(rel))
        });
        if is_it {
            return Some(target);
        }
        rest = next;
    }
    None
}

/// Whether any `X-Robots-Tag` that speaks to everybody or to `agent` says `noindex`, `none` or `noai`:
/// an index that topics are drawn from is no place for what is to be kept from machines.
pub fn noindex(headers: &HeaderMap, agent: &str) -> bool {
    headers
        .get_all("x-robots-tag")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| robots_tag_noindex(value, agent))
}

/// The rules that keep a page out.
const REFUSING: [&str; 3] = ["noindex", "none", "noai"];

/// `noindex, nofollow`, `otherbot: noindex`, or both in one line: a name ends in a colon and holds until the next.
pub(crate) fn robots_tag_noindex(value: &str, agent: &str) -> bool {
    let mut for_us = true;
    for part in value.split(',') {
        let mut part = part.trim();
        if let Some((name, rest)) = part.split_once(':') {
            let name = name.trim();
            // `unavailable_after: DATE` and `max-snippet: 20` are rules with a value, not names of crawlers.
            if !name.contains('_') && !name.starts_with("max-") {
                for_us = name.eq_ignore_ascii_case(agent) || name == "*";
                part = rest.trim();
            }
        }
        if for_us && REFUSING.iter().any(|rule| part.eq_ignore_ascii_case(rule)) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(
                *name,
                HeaderValue::from_bytes(value.as_bytes()).expect("value"),
            );
        }
        map
    }

    #[test]
    fn a_link_header_is_found_by_its_relation() {
        let mut headers = HeaderMap::new();
        let base = url::Url::parse("https://site.example/blog/").expect("url");
        for value in [
            "</a>; rel=next; title=\"a, <b>; rel=hub\", <https://hub.example/>; rel=\"other hub\"",
            "<feed.xml>; rel=self",
        ] {
            headers.append(LINK, HeaderValue::from_static(value));
        }
        let found = |rel| link(&headers, rel, &base).map(String::from);
        assert_eq!(found("hub").as_deref(), Some("https://hub.example/"));
        assert_eq!(
            found("self").as_deref(),
            Some("https://site.example/blog/feed.xml")
        );
        assert_eq!(found("prev"), None);
    }

    #[test]
    fn row_12_validators_are_kept_byte_for_byte() {
        let mut map = headers(&[("last-modified", "Sonntag, irgendwann")]);
        let odd = HeaderValue::from_bytes(b"W/\"\xe9\xff x\"").expect("value");
        map.insert("etag", odd.clone());
        let kept = Validators::of(&map);
        let json = serde_json::to_string(&kept).expect("json");
        let back: Validators = serde_json::from_str(&json).expect("validators");
        assert_eq!(exact_value(&back.etag.expect("etag")), Some(odd));
        assert_eq!(back.last_modified.as_deref(), Some("Sonntag, irgendwann"));
    }

    #[test]
    fn row_49_a_lifetime_is_measured_on_the_servers_own_clock() {
        let two_years_off = headers(&[
            ("date", "Tue, 01 Oct 2024 10:00:00 GMT"),
            ("expires", "Tue, 01 Oct 2024 12:00:00 GMT"),
        ]);
        assert_eq!(
            lifetime(&two_years_off, NOW),
            Some(SignedDuration::from_hours(2))
        );
        let aged = headers(&[("cache-control", "public, max-age=3600"), ("age", "600")]);
        assert_eq!(lifetime(&aged, NOW), Some(SignedDuration::from_secs(3000)));
        let long = headers(&[("cache-control", "max-age=99999999")]);
        assert_eq!(lifetime(&long, NOW), Some(LONGEST_WAIT));
        let none = headers(&[("cache-control", "no-store, max-age=60"), ("expires", "0")]);
        assert_eq!(lifetime(&none, NOW), None);
    }

    #[test]
    fn row_28_retry_after_is_clamped_and_garbage_ignored() {
        let wait = |value: &str| retry_after(&headers(&[("retry-after", value)]), NOW);
        assert_eq!(wait("120"), Some(SignedDuration::from_secs(120)));
        assert_eq!(wait("2592000"), Some(LONGEST_WAIT));
        assert_eq!(wait("99999999999999999999999"), Some(LONGEST_WAIT));
        for garbage in [
            "-5",
            "soon",
            "",
            "0",
            "1.5",
            "Sun, 06 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(wait(garbage), None, "{garbage}");
        }
        let dated = headers(&[
            ("date", "Tue, 01 Oct 2024 10:00:00 GMT"),
            ("retry-after", "Tue, 01 Oct 2024 10:05:00 GMT"),
        ]);
        assert_eq!(retry_after(&dated, NOW), Some(SignedDuration::from_mins(5)));
    }

    #[test]
    fn row_09_noindex_is_heard_when_it_is_said_to_us_or_to_all() {
        for (value, expected) in [
            ("noindex", true),
            ("nofollow, NOINDEX", true),
            ("none", true),
            ("noai, noimageai", true),
            ("noimageai", false),
            ("discover: noindex", true),
            ("otherbot: noindex, nofollow", false),
            ("otherbot: nofollow, discover: noindex", true),
            ("unavailable_after: 25 Jun 2030 15:00:00 PST", false),
            ("noarchive", false),
        ] {
            assert_eq!(robots_tag_noindex(value, "Discover"), expected, "{value}");
        }
    }
}
