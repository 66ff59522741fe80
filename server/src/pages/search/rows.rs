//! What was found, with near copies folded: one row for all that say nearly the same.

use discover_model::ConversationId;
use jiff::tz::TimeZone;

use crate::i18n::{Msg, msg};
use crate::pages::view::{Hit, Row, nearly_the_same};
use crate::shapes;

/// A hit, and those of the page that are nearly the same.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) hit: Hit,
    /// How many are nearly the same, at how many networks; none where it stands alone.
    pub(super) same: Option<Msg>,
    pub(super) folded: Vec<Row>,
    /// Names the fold.
    pub(super) show: Msg,
}

/// Hits in their order, each near copy under the first of them.
pub(super) fn folded(hits: &[shapes::Hit], zone: &TimeZone) -> Vec<Found> {
    let mut rows: Vec<(ConversationId, Found)> = Vec::with_capacity(hits.len());
    for hit in hits {
        let first = hit.nearly;
        let first = rows.iter_mut().find(|(id, _)| Some(*id) == first);
        if let Some((_, first)) = first {
            first.folded.push(Row::new(&hit.conversation, zone));
            first.show = msg!("copies-show", count = first.folded.len());
            continue;
        }
        let copies = hit.conversation.copies.filter(|copies| copies.count > 0);
        let found = Found {
            hit: Hit::new(hit, zone),
            same: copies.map(nearly_the_same),
            folded: Vec::new(),
            show: Msg::Text(String::new()),
        };
        rows.push((hit.conversation.id, found));
    }
    rows.into_iter().map(|(_, found)| found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::sample;
    use crate::shapes::Copies;

    #[test]
    fn near_copies_are_one_row_that_says_how_many_and_lists_them() {
        let mut hits = sample::search_page(9).items;
        assert!(hits.len() >= 4);
        let first = hits[1].conversation.id;
        hits[1].conversation.copies = Some(Copies {
            count: 39,
            networks: 1,
        });
        for copy in [2, 3] {
            hits[copy].nearly = Some(first);
        }
        let rows = folded(&hits, &TimeZone::UTC);
        assert_eq!(rows.len(), hits.len() - 2);
        let said = rows[1].same.as_ref().map(ToString::to_string);
        assert_eq!(said.as_deref(), Some("40 nearly the same, one network"));
        assert_eq!(rows[1].show.to_string(), "Show the other 2 of this page");
        assert_eq!(rows[1].folded.len(), 2);
        assert!(rows[0].folded.is_empty());
    }
}
