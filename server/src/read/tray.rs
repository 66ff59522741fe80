//! The quotations of a tray, as they may be shown now.
//!
//! Contract: nothing is kept of a tray: it is the ids that it is asked with. Every quotation is taken from a row that passed
//! visibility, at most 300 characters of its opening post; how many ids nothing is shown of is counted, and not which.

use std::collections::BTreeSet;
use std::sync::Arc;

use discover_model::ConversationId;
use discover_model::conversation::Conversation as Stored;
use discover_store::Uses;

use super::params::{TrayItem, TrayParams};
use super::row_cache::Rows;
use super::{brief, conversation, quotes, rows, topics};
use crate::problem::{Code, Problem};
use crate::shapes::{Coordinated, Tray, TrayQuotation};
use crate::state::View;
use crate::text::{links, quotation};
use crate::uses;

/// The quotations of a tray.
pub async fn tray(view: &View, params: &TrayParams) -> Result<Tray, Problem> {
    let ids: Vec<ConversationId> = params.items.iter().map(|item| item.conversation).collect();
    let rows = rows::visible(view, &ids).await?;
    let mut quoted: BTreeSet<ConversationId> = BTreeSet::new();
    let mut items = Vec::with_capacity(params.items.len());
    for item in &params.items {
        // Two ids may have become one since.
        let row = row(view, &rows, item.conversation).await?;
        let row = row.filter(|row| quoted.insert(row.id));
        items.extend(row.and_then(|row| quotation(view, *item, &row)));
    }
    let networks: BTreeSet<&str> = items
        .iter()
        .map(|item: &TrayQuotation| item.quote.network.slug.as_str())
        .collect();
    Ok(Tray {
        not_shown: (params.items.len() - items.len()) as u64,
        networks: networks.len() as u64,
        url: brief::here(view, &links::with_query("/tray", &params.to_query())),
        check: brief::check(view).await?,
        generation: view.generation(),
        items,
    })
}

/// As [`tray`], to be taken away: counted for the owners of the networks that are quoted.
pub async fn take(view: &View, params: &TrayParams) -> Result<Tray, Problem> {
    let tray = tray(view, params).await?;
    let one = Uses {
        exported: 1,
        ..Uses::default()
    };
    let slugs = tray
        .items
        .iter()
        .map(|item| item.quote.network.slug.as_str());
    uses::count(view, slugs, one);
    Ok(tray)
}

/// The conversation with this id, or with one that it had before its root was found; nothing where it may not be shown.
async fn row(view: &View, rows: &Rows, id: ConversationId) -> Result<Option<Arc<Stored>>, Problem> {
    if let Some(row) = rows.get(&id) {
        return Ok(Some(Arc::clone(row)));
    }
    match conversation::stored(view, id).await {
        Ok(row) => Ok(Some(Arc::new(row))),
        Err(problem) if matches!(problem.code, Code::NotFound | Code::GoneWithdrawn) => Ok(None),
        Err(problem) => Err(problem),
    }
}

fn quotation(view: &View, item: TrayItem, row: &Stored) -> Option<TrayQuotation> {
    // A topic that is gone, too small to be shown, or of other conversations chooses no passage: else an opening post could be
    // read piece by piece, by the words of one topic after another.
    let topic = item.topic.and_then(|id| topics::shown(view, id));
    let topic = topic.filter(|topic| rows::topics_of(view, row.id).contains(&topic.id));
    let passage = topic.and_then(|topic| quotes::passage(row, &quotes::subject(topic)));
    let quote = quotes::quote(view, row, passage.unwrap_or_else(|| row.excerpt()))?;
    let here = links::conversation(quote.conversation);
    let page = brief::here(view, &here);
    let own = rows::topics_of(view, row.id);
    let mut own = own.iter().filter_map(|id| topics::shown(view, *id));
    let coordinated = own.find_map(|topic| Coordinated::by(topic.coordinated.as_ref()));
    Some(TrayQuotation {
        item: item.to_string(),
        reference: quotation::reference(&quote, &page, coordinated.as_ref()),
        coordinated,
        consent: format!("{}{here}/consent", links::API),
        quote,
        page,
    })
}
