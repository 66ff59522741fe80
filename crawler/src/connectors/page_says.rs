//! What a page that came says of itself: whether a visitor without an account may read it.

use discover_model::Refusal;

use crate::fetch::{Response, headers};
use crate::page;
use crate::parse::text;
use crate::prepare::markup::{Piece, Pieces};

/// Readable text of a login page at most, in bytes.
const LOGIN_PAGE: usize = 1500;

/// What a page that came says of itself.
pub(super) enum Says {
    Live,
    Withheld(Refusal),
    /// It is a login page, or looks like one.
    Login,
    Nothing,
}

pub(super) fn says(response: &Response, agent: &str) -> Says {
    if headers::noindex(&response.headers, agent) {
        return Says::Withheld(Refusal::Noindex);
    }
    if is_file(response) {
        return Says::Live;
    }
    let Some(html) = page::text(&response.body, response.content_type()) else {
        return Says::Nothing;
    };
    if html.trim().is_empty() {
        return Says::Nothing;
    }
    let signs = page::signs(&html, agent);
    if signs.noindex {
        return Says::Withheld(Refusal::Noindex);
    }
    if !signs.password_form {
        return Says::Live;
    }
    let own_password = Pieces::new(&html).any(|piece| {
        matches!(piece, Piece::Start(tag) if tag.attribute("name") == Some("post_password"))
    });
    if own_password {
        return Says::Withheld(Refusal::Password);
    }
    // Many forums have a small login form on every page; a login page has little else.
    let text = text::html_to_text(&html, &response.url).text;
    if text.len() > LOGIN_PAGE {
        Says::Live
    } else {
        Says::Login
    }
}

/// A picture or a recording says nothing of itself but that it is there.
fn is_file(response: &Response) -> bool {
    const FILES: [&str; 5] = ["audio/", "video/", "image/", "font/", "application/pdf"];
    let kind = response.content_type().unwrap_or_default();
    let kind = kind.trim().to_ascii_lowercase();
    !response.body.is_empty() && FILES.iter().any(|file| kind.starts_with(file))
}
