//! What a web page says about itself, read from its tags alone: no tree is built, so no nesting can hurt.

mod depth;

use crate::fetch::headers::robots_tag_noindex;
use crate::prepare;
use crate::prepare::entities::decode_html;
use crate::prepare::markup::{Piece, Pieces};

/// Signs that decide whether a page may be kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Signs {
    /// `<meta name="robots" content="noindex">`, to all or to us.
    pub(crate) noindex: bool,
    /// A form that asks for a password.
    pub(crate) password_form: bool,
    /// `<meta name="discover-consent">`.
    pub(crate) consent: Option<String>,
    /// How the head describes the page: `description` and `og:description`, the first of each. On a profile it is what
    /// the account's owner wrote; nobody else writes there.
    pub(crate) descriptions: [Option<String>; 2],
    /// Elements open at once, at most (see [`depth`]).
    pub(crate) depth: usize,
}

/// What may stand in a head.
const HEAD: [&str; 10] = [
    "html", "head", "meta", "title", "link", "script", "style", "base", "noscript", "template",
];

pub(crate) fn signs(html: &str, agent: &str) -> Signs {
    let mut signs = Signs {
        depth: depth::of(html),
        ..Signs::default()
    };
    let mut in_head = true;
    let mut pieces = Pieces::new(html);
    while let Some(piece) = pieces.next() {
        let Piece::Start(tag) = piece else { continue };
        let name = tag.name.to_ascii_lowercase();
        match name.as_str() {
            "meta" => {
                meta(&tag, agent, &mut signs);
                if in_head {
                    describes(&tag, &mut signs.descriptions);
                }
            }
            "input" => {
                signs.password_form |= tag
                    .attribute("type")
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("password"));
            }
            _ => {}
        }
        // As browsers read it: the first element of the body ends the head.
        in_head &= HEAD.contains(&name.as_str());
        pieces.skip_opaque(&name);
    }
    signs
}

fn meta(tag: &crate::prepare::scan::Tag<'_>, agent: &str, signs: &mut Signs) {
    let (Some(name), Some(content)) = (tag.attribute("name"), tag.attribute("content")) else {
        return;
    };
    let content = decode_html(content);
    if name.eq_ignore_ascii_case("robots") || name.eq_ignore_ascii_case(agent) {
        signs.noindex |= robots_tag_noindex(&content, agent);
    } else if name.eq_ignore_ascii_case("discover-consent") && signs.consent.is_none() {
        signs.consent = Some(content.into_owned());
    }
}

fn describes(tag: &crate::prepare::scan::Tag<'_>, descriptions: &mut [Option<String>; 2]) {
    let name = tag.attribute("name").or_else(|| tag.attribute("property"));
    let (Some(name), Some(content)) = (name, tag.attribute("content")) else {
        return;
    };
    let at = ["description", "og:description"]
        .into_iter()
        .position(|known| name.eq_ignore_ascii_case(known));
    if let Some(held) = at.and_then(|at| descriptions.get_mut(at))
        && held.is_none()
    {
        *held = Some(decode_html(content).into_owned());
    }
}

/// The page as text, whatever its charset; nothing where it is empty or too large.
pub(crate) fn text<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
) -> Option<std::borrow::Cow<'a, str>> {
    prepare::document(bytes, content_type).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_09_meta_robots_is_heard() {
        let page = |meta: &str| signs(&format!("<html><head>{meta}</head><body>x"), "Discover");
        assert!(page(r#"<meta name="robots" content="noindex, follow">"#).noindex);
        assert!(page(r"<META NAME=Robots CONTENT=NONE />").noindex);
        assert!(page(r#"<meta content="noindex" name="discover">"#).noindex);
        assert!(!page(r#"<meta name="otherbot" content="noindex">"#).noindex);
        assert!(!page(r#"<!-- <meta name="robots" content="noindex"> -->"#).noindex);
    }

    #[test]
    fn password_forms_and_depth_are_seen() {
        let html = format!("{}<input type='PASSWORD'>", "<div>".repeat(700));
        let signs = signs(&html, "Discover");
        assert!(signs.password_form && signs.depth == 700);
    }
}
