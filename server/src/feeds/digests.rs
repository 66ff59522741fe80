//! Digests as a feed: an entry for each period that is over, another where something that it named is not shown any more.

use super::entries::{absolute, tag};
use super::notes::{Note, Notes};
use crate::problem::Problem;
use crate::read;
use crate::read::params::DigestListParams;
use crate::state::View;
use crate::text::{digest, links};

/// The digests of weeks or months, latest first, with their errata.
pub(super) async fn notes(view: &View, params: &DigestListParams) -> Result<Notes, Problem> {
    let all = read::digest::in_brief(view, params.every, &params.area).await?;
    let config = view.state.config();
    let areas = params.area.join(" ");
    let mut entries = Vec::new();
    for one in &all {
        let period = &one.of.period;
        let query = DigestListParams {
            area: params.area.clone(),
            ..DigestListParams::default()
        }
        .to_query();
        let page = absolute(
            view,
            &links::with_query(&format!("/digest/{period}"), &query),
        );
        entries.push(Note {
            id: tag(view, &format!("digest/{period}?{areas}")),
            title: digest::title(&one.of),
            text: digest::lines(one),
            page: page.clone(),
            published: one.over,
        });
        // As in mails: that a topic is not drawn any more has no moment, and stands on the page.
        if let Some(erratum) = digest::erratum(&one.of)
            && one.of.gone.quotations > 0
        {
            entries.push(Note {
                // Another one whenever more is gone.
                id: tag(
                    view,
                    &format!("digest/{period}?{areas}/gone/{}", one.of.gone.quotations),
                ),
                title: format!("Put right: {}", digest::title(&one.of)),
                text: erratum,
                page,
                published: one.gone_at.unwrap_or(view.now).max(one.over),
            });
        }
    }
    entries.sort_by(|a, b| b.published.cmp(&a.published).then(b.id.cmp(&a.id)));
    let query = params.to_query();
    Ok(Notes {
        id: tag(view, &format!("digests?{query}")),
        title: format!("Digests: {}", config.instance_name),
        note: None,
        page: absolute(view, &links::with_query("/digest", &query)),
        own: absolute(view, &links::with_query("/digest.atom", &query)),
        entries,
    })
}
