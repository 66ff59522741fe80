//! The conversations of a topic, by network, near copies as one row.

use std::collections::BTreeMap;

use discover_model::ConversationId;
use jiff::tz::TimeZone;

use crate::i18n::{Msg, msg};
use crate::pages::view::{Row, nearly_the_same};
use crate::shapes::Conversation;
use crate::text::inline::Text;

#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: Text,
    pub(super) rows: Vec<Member>,
}

/// A conversation, and those of the page that are nearly the same.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) row: Row,
    /// How many are nearly the same, at how many networks; none where it stands alone.
    pub(super) same: Option<Msg>,
    pub(super) folded: Vec<Row>,
    /// Names the fold.
    pub(super) show: Msg,
}

/// Conversations under their network, networks in the order in which they first come. `nearly` leads from a near copy to
/// the first of the page.
pub(super) fn groups(
    conversations: &[Conversation],
    nearly: &BTreeMap<ConversationId, ConversationId>,
    zone: &TimeZone,
) -> Vec<Group> {
    let mut slugs: Vec<&str> = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    // Where each that stands in a row of its own stands.
    let mut places: BTreeMap<ConversationId, (usize, usize)> = BTreeMap::new();
    for conversation in conversations {
        let first = nearly
            .get(&conversation.id)
            .and_then(|first| places.get(first));
        if let Some((group, member)) = first {
            let first = &mut groups[*group].rows[*member];
            first.folded.push(Row::new(conversation, zone));
            first.show = msg!("copies-show", count = first.folded.len());
            continue;
        }
        let slug = conversation.network.slug.as_str();
        let at = slugs
            .iter()
            .position(|known| *known == slug)
            .unwrap_or_else(|| {
                slugs.push(slug);
                groups.push(Group {
                    name: Text::unknown(&conversation.network.name),
                    rows: Vec::new(),
                });
                groups.len() - 1
            });
        let copies = conversation.copies.filter(|copies| copies.count > 0);
        places.insert(conversation.id, (at, groups[at].rows.len()));
        groups[at].rows.push(Member {
            row: Row::new(conversation, zone),
            same: copies.map(nearly_the_same),
            folded: Vec::new(),
            show: "".into(),
        });
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::sample;

    #[test]
    fn near_copies_stand_under_the_first_of_them() {
        let list = sample::conversations().items;
        let nearly = BTreeMap::from([(list[2].id, list[0].id)]);
        let count = |groups: &[Group]| groups.iter().map(|group| group.rows.len()).sum::<usize>();
        let folded = groups(&list, &nearly, &TimeZone::UTC);
        assert_eq!(count(&folded), list.len() - 1);
        let first = &folded[0].rows[0];
        assert_eq!(
            (first.folded.len(), first.show.to_string()),
            (1, "Show the other one".to_owned())
        );
        assert_eq!(
            count(&groups(&list, &BTreeMap::new(), &TimeZone::UTC)),
            list.len()
        );
    }
}
