//! What may be said of conversations held, beside topics: whether all of one may be shown, and which languages a network
//! writes in.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{ConversationId, Language, NetworkId, Visibility};
use jiff::civil::Date;

use crate::Graph;
use crate::publication::mask::{Seen, seen};

impl Graph {
    /// The network of a conversation of which nothing is hidden; none where it is not held, or a part must not be shown.
    pub fn network_of_whole(
        &self,
        id: ConversationId,
        visibility: &Visibility,
    ) -> Option<NetworkId> {
        let facts = self.facts(self.slot(id)?)?;
        matches!(seen(facts, visibility), Seen::All).then_some(facts.network)
    }

    /// The language of a conversation; none where it is not held or nobody knows.
    pub fn language_of(&self, id: ConversationId) -> Option<Language> {
        self.facts(self.slot(id)?)?.language
    }

    /// By network, the languages of its conversations with a post since a day, of what may be shown. A network whose posts
    /// are all of unknown language has an empty set; one without any post is not there.
    pub fn languages_since(
        &self,
        day: Date,
        visibility: &Visibility,
    ) -> BTreeMap<NetworkId, BTreeSet<Language>> {
        let mut languages: BTreeMap<NetworkId, BTreeSet<Language>> = BTreeMap::new();
        for doc in self.docs.iter().flatten() {
            let facts = &doc.facts;
            let known = languages.get(&facts.network);
            // Most are of a language that is known already.
            if known.is_some_and(|known| facts.language.is_none_or(|one| known.contains(&one))) {
                continue;
            }
            let mut posts = facts.posts.iter().rev();
            if !posts.any(|post| post.day.is_some_and(|at| at >= day)) {
                continue;
            }
            let seen_since = match seen(facts, visibility) {
                Seen::All => true,
                Seen::Part(left) => {
                    let mut posts = left.posts.iter();
                    posts.any(|post| post.day.is_some_and(|at| at >= day))
                }
                Seen::Nothing => false,
            };
            if seen_since {
                let of = languages.entry(facts.network).or_default();
                of.extend(facts.language);
            }
        }
        languages
    }
}
