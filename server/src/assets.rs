//! Style sheets and icon, built into the binary.
//!
//! Contract: every asset has an address that carries a hash of its bytes, so that it can be cached for ever;
//! a page asks for it by name through [`href`]. Nothing is ever loaded from anywhere else.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use sha2::{Digest as _, Sha256};

#[derive(Debug)]
struct Asset {
    name: &'static str,
    media: &'static str,
    bytes: &'static [u8],
}

const ALL: [Asset; 4] = [
    Asset {
        name: "govuk-frontend.css",
        media: "text/css; charset=utf-8",
        bytes: include_bytes!("../assets/govuk-frontend.min.css"),
    },
    Asset {
        name: "discover.css",
        media: "text/css; charset=utf-8",
        bytes: include_bytes!("../assets/discover.css"),
    },
    Asset {
        name: "icon.svg",
        media: "image/svg+xml",
        bytes: include_bytes!("../assets/icon.svg"),
    },
    Asset {
        name: "govuk-frontend.LICENSE.txt",
        media: "text/plain; charset=utf-8",
        bytes: include_bytes!("../assets/govuk-frontend.LICENSE.txt"),
    },
];

/// The addresses, in the order of [`ALL`].
static HREFS: LazyLock<Vec<String>> = LazyLock::new(|| {
    ALL.iter()
        .map(|asset| format!("/assets/{}/{}", tag(asset.bytes), asset.name))
        .collect()
});

fn tag(bytes: &[u8]) -> String {
    let mut tag = String::with_capacity(16);
    for byte in Sha256::digest(bytes).iter().take(8) {
        // Writing to a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag
}

/// The address of an asset; of a name that does not exist, an address that answers 404.
pub(crate) fn href(name: &str) -> &'static str {
    ALL.iter()
        .position(|asset| asset.name == name)
        .map_or("/assets/missing", |index| HREFS[index].as_str())
}

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/{tag}/{name}", get(serve))
        .route(
            "/favicon.ico",
            get(|| async { Redirect::temporary(href("icon.svg")) }),
        )
}

async fn serve(Path((asked, name)): Path<(String, String)>) -> Response {
    let Some(asset) = ALL.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A page that was rendered by an older version asks under an older hash: it gets today's
    // bytes, which must then not be kept under that name.
    let cache = if asked == tag(asset.bytes) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    (
        [
            (CONTENT_TYPE, HeaderValue::from_static(asset.media)),
            (CACHE_CONTROL, HeaderValue::from_static(cache)),
        ],
        asset.bytes,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_changes_with_the_bytes_and_nothing_remote_is_named_in_a_sheet() {
        assert_ne!(tag(b"a"), tag(b"b"));
        for asset in &ALL {
            assert!(href(asset.name).ends_with(asset.name));
            let text = std::str::from_utf8(asset.bytes).expect("assets are text");
            if asset.media.starts_with("text/css") {
                assert!(!text.contains("url(http") && !text.contains("@import"));
                assert!(!text.contains("url(data:") && !text.contains("@font-face"));
            }
        }
        assert_eq!(href("nothing.css"), "/assets/missing");
    }
}
