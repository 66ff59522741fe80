//! The views of this instance that may be shown: one that names a network or topic that may not be is left out.

use super::topics;
use crate::problem::Problem;
use crate::shapes::{ViewRef, ViewWords, Views};
use crate::state::View;
use crate::views::{NamedView, ViewText};

/// The views, in the operator's order.
pub fn views(view: &View) -> Views {
    let all = view.state.config().views.iter();
    Views {
        items: all.filter(|one| shows(view, one)).map(shape).collect(),
        generation: view.generation(),
    }
}

/// The view of this name.
pub fn named(view: &View, name: &str) -> Result<ViewRef, Problem> {
    let mut all = view.state.config().views.iter();
    all.find(|one| one.name == name)
        .filter(|one| shows(view, one))
        .map(shape)
        .ok_or_else(|| Problem::not_found("view"))
}

fn shows(view: &View, one: &NamedView) -> bool {
    let mut networks = one.networks.iter();
    let mut topics = one.topics.iter();
    networks.all(|slug| view.network_by_slug(slug).is_some())
        && topics.all(|id| topics::shown(view, *id).is_some())
}

fn shape(one: &NamedView) -> ViewRef {
    let words = |text: &ViewText| ViewWords {
        title: text.title.clone(),
        description: text.description.clone(),
    };
    let others = one.others.iter();
    ViewRef {
        name: one.name.clone(),
        words: words(&one.english),
        translations: others
            .map(|(code, text)| ((*code).to_owned(), words(text)))
            .collect(),
        address: one.address.clone(),
    }
}
