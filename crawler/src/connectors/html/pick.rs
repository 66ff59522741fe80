//! One selector of the settings: `selector@attribute` reads an attribute, a selector alone the text, `@attribute` alone
//! an attribute of the post itself, `+ selector` what stands within the element behind the post.

use scraper::{ElementRef, Selector};

/// Elements looked at for the first that belongs to the post itself.
const MAX_TRIED: usize = 500;

#[derive(Debug, Clone)]
pub(crate) struct Pick {
    css: Option<Selector>,
    pub(super) attribute: Option<String>,
    /// It stands in the element behind the post.
    behind: bool,
}

/// White space made single.
pub(super) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn selector(text: &str) -> Result<Selector, String> {
    Selector::parse(text).map_err(|error| format!("the selector {text:?} cannot be used: {error}"))
}

impl Pick {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (text, behind) = match text.strip_prefix('+') {
            Some(rest) => (rest.trim(), true),
            None => (text, false),
        };
        // An `@` within brackets belongs to the selector.
        let (css, attribute) = match text.rsplit_once('@') {
            Some((css, name))
                if !name.is_empty()
                    && name
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':')) =>
            {
                (css.trim(), Some(name.to_ascii_lowercase()))
            }
            _ => (text, None),
        };
        let css = match css {
            "" => None,
            css => Some(selector(css)?),
        };
        if css.is_none() && attribute.is_none() {
            return Err("an empty selector picks nothing".to_owned());
        }
        Ok(Self {
            css,
            attribute,
            behind,
        })
    }

    /// Picks the elements themselves.
    pub(super) fn of(css: Selector) -> Self {
        Self {
            css: Some(css),
            attribute: None,
            behind: false,
        }
    }

    pub(super) fn all<'a>(
        &'a self,
        within: ElementRef<'a>,
    ) -> impl Iterator<Item = ElementRef<'a>> + 'a {
        self.css.iter().flat_map(move |css| within.select(css))
    }

    pub(super) fn element<'a>(&self, within: ElementRef<'a>) -> Option<ElementRef<'a>> {
        match &self.css {
            None => Some(within),
            Some(css) => within.select(css).next(),
        }
    }

    /// The first element that belongs to `post` and not to one that stands within it.
    pub(super) fn own<'a>(&self, post: ElementRef<'a>, posts: &Selector) -> Option<ElementRef<'a>> {
        let within = if self.behind {
            post.next_siblings().find_map(ElementRef::wrap)?
        } else {
            post
        };
        let Some(css) = &self.css else {
            return Some(within);
        };
        let mut found = within.select(css).take(MAX_TRIED);
        found.find(|element| {
            let mut around = std::iter::once(**element).chain(element.ancestors());
            let other = around.find_map(|node| {
                let is_end = node.id() == within.id();
                let is_post = !is_end
                    && ElementRef::wrap(node).is_some_and(|element| posts.matches(&element));
                (is_end || is_post).then_some(is_post)
            });
            other != Some(true)
        })
    }

    pub(super) fn value(&self, element: ElementRef<'_>) -> Option<String> {
        let value = match &self.attribute {
            Some(name) => element.attr(name)?.trim().to_owned(),
            None => words(&element.text().collect::<String>()),
        };
        Some(value).filter(|value| !value.is_empty())
    }

    pub(super) fn first(&self, within: ElementRef<'_>) -> Option<String> {
        self.value(self.element(within)?)
    }

    /// The first value that belongs to `post` itself.
    pub(super) fn first_own(&self, post: ElementRef<'_>, posts: &Selector) -> Option<String> {
        self.value(self.own(post, posts)?)
    }
}
