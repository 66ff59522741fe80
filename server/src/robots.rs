//! `GET /robots.txt`: what robots need not ask for (RFC 9309). Conversations, topics and networks stay open.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use crate::i18n::Locale;

/// A search has no end of addresses, and a form is nobody's but its reader's.
const PAGES: [&str; 8] = [
    "/search",
    "/compare",
    "/tray",
    "/views/",
    "/owner",
    "/register/",
    "/object",
    "/mail/",
];
/// What is no page has one address, and the API has terms of its own. Beside a tray every page has addresses without end.
const OTHERS: [&str; 3] = ["/api/v1/", "/websub/", "/*tray="];

/// A rule is the beginning of a path, so that every language in which a page has an address needs its own.
fn rules() -> String {
    let plain = PAGES.into_iter().chain(OTHERS).map(str::to_owned);
    let languages = Locale::ALL.into_iter().flat_map(|locale| {
        let pages = PAGES.into_iter();
        pages.map(move |path| format!("/{}{path}", locale.code()))
    });
    let disallowed: Vec<String> = plain.chain(languages).collect();
    format!(
        "User-agent: *\nDisallow: {}\n",
        disallowed.join("\nDisallow: ")
    )
}

pub(crate) async fn robots() -> Response {
    let mut response = rules().into_response();
    let media = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, media);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_robots_need_not_ask_for_is_none_in_any_language() {
        let rules = rules();
        for page in PAGES {
            for before in ["", "/en", "/cy", "/ur"] {
                let rule = format!("\nDisallow: {before}{page}\n");
                assert!(rules.contains(&rule), "{rule}");
            }
        }
    }
}
