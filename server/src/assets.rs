//! Style sheets, icon and logo: built into the binary, or made of what an instance's settings say of its looks.
//!
//! Contract: every asset has an address that carries a hash of its bytes, so that it can be cached for ever;
//! a page asks for it by name through [`href`], or takes it from [`Branding`]. Nothing is ever loaded from anywhere else.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use sha2::{Digest as _, Sha256};

use crate::brand::Brand;

#[derive(Debug)]
struct Asset {
    name: &'static str,
    media: &'static str,
    bytes: Cow<'static, [u8]>,
}

impl Asset {
    fn href(&self) -> String {
        format!("/assets/{}/{}", tag(&self.bytes), self.name)
    }
}

static ALL: [Asset; 4] = [
    Asset {
        name: "govuk-frontend.css",
        media: "text/css; charset=utf-8",
        bytes: Cow::Borrowed(include_bytes!("../assets/govuk-frontend.min.css")),
    },
    Asset {
        name: "discover.css",
        media: "text/css; charset=utf-8",
        bytes: Cow::Borrowed(include_bytes!("../assets/discover.css")),
    },
    Asset {
        name: "icon.svg",
        media: "image/svg+xml",
        bytes: Cow::Borrowed(include_bytes!("../assets/icon.svg")),
    },
    Asset {
        name: "govuk-frontend.LICENSE.txt",
        media: "text/plain; charset=utf-8",
        bytes: Cow::Borrowed(include_bytes!("../assets/govuk-frontend.LICENSE.txt")),
    },
];

/// The addresses, in the order of [`ALL`].
static HREFS: LazyLock<Vec<String>> = LazyLock::new(|| ALL.iter().map(Asset::href).collect());

/// What the settings say of an instance's looks, as pages and feeds ask for it. Addresses are of this site.
#[derive(Debug, Default)]
pub(crate) struct Branding {
    assets: Vec<Asset>,
    pub(crate) tag_line: Option<String>,
    /// A style sheet that goes behind `discover.css`.
    pub(crate) style: Option<String>,
    pub(crate) logo: Option<Picture>,
    /// In the place of our own sign, where colours or a logo are set.
    icon: Option<Picture>,
}

/// A picture with its size.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) href: String,
    pub(crate) media: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Branding {
    pub(crate) fn new(brand: &Brand) -> Self {
        let mut branding = Self {
            tag_line: brand.tag_line.clone(),
            ..Self::default()
        };
        if let Some(palette) = &brand.palette {
            branding.style = Some(branding.add(Asset {
                name: "brand.css",
                media: "text/css; charset=utf-8",
                bytes: palette.css().into_bytes().into(),
            }));
            let svg = palette.icon(include_str!("../assets/icon.svg"));
            let href = branding.add(Asset {
                name: "brand.svg",
                media: "image/svg+xml",
                bytes: svg.into_bytes().into(),
            });
            branding.icon = Some(Picture {
                href,
                ..Self::sign()
            });
        }
        if let Some(logo) = &brand.logo {
            let (width, height) = logo.size();
            let href = branding.add(Asset {
                name: logo.name(),
                media: logo.media(),
                bytes: logo.bytes().to_vec().into(),
            });
            let picture = Picture {
                href,
                media: logo.media(),
                width,
                height,
            };
            branding.logo = Some(picture.clone());
            branding.icon = Some(picture);
        }
        branding
    }

    fn add(&mut self, asset: Asset) -> String {
        let href = asset.href();
        self.assets.push(asset);
        href
    }

    /// Our own sign.
    fn sign() -> Picture {
        Picture {
            href: href("icon.svg").to_owned(),
            media: "image/svg+xml",
            width: 32,
            height: 32,
        }
    }

    /// What stands for this site in a row of tabs or feeds.
    pub(crate) fn icon(&self) -> Picture {
        self.icon.clone().unwrap_or_else(Self::sign)
    }

    fn get(&self, name: &str) -> Option<&Asset> {
        let mut all = ALL.iter().chain(&self.assets);
        all.find(|asset| asset.name == name)
    }
}

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

pub(crate) fn routes<S: Clone + Send + Sync + 'static>(branding: &Arc<Branding>) -> Router<S> {
    let icon = branding.icon().href;
    let branding = Arc::clone(branding);
    Router::new()
        .route(
            "/assets/{tag}/{name}",
            get(
                move |Path((asked, name)): Path<(String, String)>| async move {
                    serve(&branding, &asked, &name)
                },
            ),
        )
        .route(
            "/favicon.ico",
            get(move || async move { Redirect::temporary(&icon) }),
        )
}

fn serve(branding: &Branding, asked: &str, name: &str) -> Response {
    let Some(asset) = branding.get(name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A page that was rendered by an older version asks under an older hash: it gets today's
    // bytes, which must then not be kept under that name.
    let cache = if asked == tag(&asset.bytes) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let bytes = match &asset.bytes {
        Cow::Borrowed(bytes) => Body::from(*bytes),
        Cow::Owned(bytes) => Body::from(bytes.clone()),
    };
    (
        [
            (CONTENT_TYPE, HeaderValue::from_static(asset.media)),
            (CACHE_CONTROL, HeaderValue::from_static(cache)),
        ],
        bytes,
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
            let text = std::str::from_utf8(&asset.bytes).expect("assets are text");
            if asset.media.starts_with("text/css") {
                assert!(!text.contains("url(http") && !text.contains("@import"));
                assert!(!text.contains("url(data:") && !text.contains("@font-face"));
            }
        }
        assert_eq!(href("nothing.css"), "/assets/missing");
    }
}
