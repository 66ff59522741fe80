//! Which networks could speak of a topic: silence is said of no other.
//!
//! A network is comparable with a topic when it has posts in the window in a language in which the topic can be found: one
//! in which it is talked about, or, with a model of meaning, any that the model knows.

use std::collections::BTreeSet;

use discover_model::Language;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::topic_cache::Languages;
use crate::problem::Problem;
use crate::state::View;

/// Days of the window: twelve weeks that end today.
const WINDOW_DAYS: i64 = 84;

/// First day of the window.
pub(super) fn since(view: &View) -> Date {
    view.today.saturating_sub((WINDOW_DAYS - 1).days())
}

/// What each network writes in; found once for a publication.
pub(super) async fn languages(view: &View) -> Result<&Languages, Problem> {
    if let Some(known) = view.languages.get() {
        return Ok(known);
    }
    let (asked, since) = (view.clone(), since(view));
    let found = view
        .state
        .compute(move || {
            let read =
                |graph: &discover_graph::Graph| graph.languages_since(since, &asked.visibility);
            asked.state.with_graph(read)
        })
        .await?;
    Ok(view.languages.get_or_init(|| found))
}

/// Whether a network that writes in these languages could speak of what is talked about in `of`.
pub(super) fn could(view: &View, of: &[Language], spoken: Option<&BTreeSet<Language>>) -> bool {
    let knows = |language: &Language| {
        let meaning = view.state.config().meaning.as_ref();
        meaning.is_some_and(|meaning| (meaning.knows)(*language))
    };
    let found_in =
        |language: &Language| of.contains(language) || (knows(language) && of.iter().any(knows));
    spoken.is_some_and(|spoken| spoken.iter().any(found_in))
}
