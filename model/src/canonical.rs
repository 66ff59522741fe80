//! Canonical form of addresses, for telling whether two links lead to the same place.
//!
//! Only for comparing and as a part of ids: people are always shown, and sent to, the address as published.

use url::Url;

/// Query parameters that say who sent a reader, not what is read.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "yclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "ref_src",
    "ref_url",
    "wt_mc",
    "cmpid",
    "ito",
    "at_medium",
    "at_campaign",
    "at_custom1",
    "at_custom2",
    "vero_id",
    "oly_enc_id",
    "oly_anon_id",
    "__s",
    "rb_clickid",
    "s_cid",
    "ncid",
    "guccounter",
    "sr_share",
    "gbraid",
    "wbraid",
    "twclid",
    "li_fat_id",
];

/// Scheme and `www.` folded, default port, fragment, tracking parameters and a final slash dropped.
/// Only http(s) addresses have a canonical form.
pub fn canonical(url: &Url) -> Option<String> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let host = url.host_str()?.trim_end_matches('.').to_lowercase();
    let host = host
        .strip_prefix("www.")
        .filter(|rest| rest.contains('.'))
        .unwrap_or(&host);
    let mut text = String::with_capacity(url.as_str().len());
    text.push_str("https://");
    text.push_str(host);
    if let Some(port) = url.port().filter(|port| !matches!(port, 80 | 443)) {
        text.push(':');
        text.push_str(&port.to_string());
    }
    let path = url.path().trim_end_matches('/');
    text.push_str(path);
    let mut separator = '?';
    for part in url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|part| !part.is_empty())
    {
        let name = part
            .split('=')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if name.starts_with("utm_") || TRACKING.contains(&name.as_str()) {
            continue;
        }
        text.push(separator);
        text.push_str(part);
        separator = '&';
    }
    Some(text)
}

/// [`canonical`] for text that may be no address.
pub fn canonical_str(text: &str) -> Option<String> {
    Url::parse(text).ok().as_ref().and_then(canonical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_lead_to_the_same_place_are_one() {
        let forms = [
            "http://www.site.example/a/b/",
            "https://site.example:443/a/b",
            "https://SITE.example./a/b?utm_source=x&fbclid=1#top",
        ];
        for form in forms {
            assert_eq!(
                canonical_str(form).as_deref(),
                Some("https://site.example/a/b"),
                "{form}"
            );
        }
        assert_eq!(
            canonical_str("https://site.example/?p=1&utm_x=2&q=3").as_deref(),
            Some("https://site.example?p=1&q=3")
        );
        assert_eq!(canonical_str("mailto:a@b.example"), None);
    }
}
