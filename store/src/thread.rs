//! Which conversation a new post belongs to. Pure: everything it needs was looked up before.
//!
//! A reply belongs to the conversation of its root, else of the post it replies to; where neither is held it waits
//! as its own root. When what it waited for arrives, its conversation is joined to the newcomer's.

use std::collections::BTreeMap;

/// A post that a new post refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// Row number of a held post, and of its conversation.
    Held { post: i64, conversation: i64 },
    /// Another new post, by its place in the list.
    New(usize),
    /// A held conversation whose root is gone.
    Conversation(i64),
}

/// What a new post refers to, as far as it could be found.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Links {
    /// What else stands in its thread: it comes before what it answers.
    pub(crate) thread: Option<Target>,
    pub(crate) root: Option<Target>,
    pub(crate) parent: Option<Target>,
}

/// A conversation: a held one, or the one that a new post opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Held(i64),
    New(usize),
}

/// Places every new post. Order in, order out; references that go round in a circle end at the first post of it.
pub(crate) fn places(links: &[Links]) -> Vec<Place> {
    let mut places: Vec<Option<Place>> = vec![None; links.len()];
    for start in 0..links.len() {
        let mut path = Vec::new();
        let mut at = start;
        let place = loop {
            if let Some(place) = places[at] {
                break place;
            }
            if let Some(round) = path.iter().position(|passed| *passed == at) {
                break Place::New(path[round]);
            }
            path.push(at);
            match links[at].thread.or(links[at].root).or(links[at].parent) {
                None => break Place::New(at),
                Some(Target::Held { conversation, .. } | Target::Conversation(conversation)) => {
                    break Place::Held(conversation);
                }
                Some(Target::New(next)) => at = next,
            }
        };
        for passed in path {
            places[passed] = Some(place);
        }
    }
    places
        .into_iter()
        .enumerate()
        .map(|(at, place)| place.unwrap_or(Place::New(at)))
        .collect()
}

/// Held conversations that are joined to others.
#[derive(Debug, Default)]
pub(crate) struct Joins(BTreeMap<i64, Place>);

impl Joins {
    /// Joins `from` to `to`, unless they are one already.
    pub(crate) fn join(&mut self, from: i64, to: Place) {
        let Place::Held(from) = self.end(Place::Held(from)) else {
            return;
        };
        let to = self.end(to);
        if to != Place::Held(from) {
            self.0.insert(from, to);
        }
    }

    /// Where a conversation is after all joins.
    pub(crate) fn end(&self, mut place: Place) -> Place {
        while let Place::Held(at) = place
            && let Some(next) = self.0.get(&at)
        {
            place = *next;
        }
        place
    }

    /// Every joined conversation with its end.
    pub(crate) fn all(&self) -> impl Iterator<Item = (i64, Place)> {
        self.0
            .keys()
            .map(|from| (*from, self.end(Place::Held(*from))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(parent: usize) -> Links {
        Links {
            thread: None,
            root: None,
            parent: Some(Target::New(parent)),
        }
    }

    #[test]
    fn a_chain_in_any_order_ends_at_its_root() {
        // 2 <- 0 <- 3 <- 1
        let links = [reply(2), reply(3), Links::default(), reply(0)];
        assert_eq!(places(&links), [Place::New(2); 4]);
    }

    #[test]
    fn a_circle_of_replies_ends() {
        let links = [reply(1), reply(2), reply(0)];
        let places = places(&links);
        assert!(places.iter().all(|place| *place == places[0]));
    }

    #[test]
    fn joins_follow_each_other_and_never_go_round() {
        let mut joins = Joins::default();
        joins.join(1, Place::Held(2));
        joins.join(2, Place::New(7));
        joins.join(2, Place::Held(1));
        assert_eq!(joins.end(Place::Held(1)), Place::New(7));
        assert_eq!(joins.all().count(), 2);
        let mut round = Joins::default();
        round.join(1, Place::Held(2));
        round.join(2, Place::Held(1));
        assert_eq!(round.end(Place::Held(2)), Place::Held(2));
    }
}
