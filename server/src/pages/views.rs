//! Views that the operator named: a list on other pages, and an address that leads to each.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use discover_model::Language;

use super::carried;
use crate::i18n;
use crate::problem::Problem;
use crate::read;
use crate::shapes::ViewRef;
use crate::state::View;
use crate::text::inline::Text;

/// A view as pages list it.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) href: String,
    pub(super) title: Text,
    pub(super) description: Option<Text>,
}

/// The views of this instance, each in the first language of the reader that it has words in.
pub(super) fn listed(view: &View, headers: &HeaderMap) -> Vec<Listed> {
    let asked = i18n::asked(headers);
    let shown = |one: ViewRef| {
        let mut wanted = asked
            .iter()
            .take_while(|language| **language != Language::ENGLISH);
        let other = wanted.find_map(|language| {
            let words = one.translations.get(language.as_str())?;
            Some((*language, words))
        });
        let (language, words) = other.unwrap_or((Language::ENGLISH, &one.words));
        let text = |text: &String| Text::new(text, Some(language));
        Listed {
            href: format!("/views/{}", one.name),
            title: text(&words.title),
            description: words.description.as_ref().map(text),
        }
    };
    let views = read::views::views(view);
    views.items.into_iter().map(shown).collect()
}

/// Leads to the page; the operator may let the name lead elsewhere tomorrow.
pub(super) async fn named(view: View, Path(name): Path<String>) -> Result<Response, Problem> {
    let named = read::views::named(&view, &name)?;
    let to = carried::on(named.address);
    Ok(Redirect::temporary(&to).into_response())
}
