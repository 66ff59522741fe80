//! Which conversation a new post belongs to. Pure: everything it needs was looked up before.
//!
//! A reply belongs to the conversation of its root, else of the post it replies to; where neither is held it waits
//! as its own root. When what it waited for arrives, its conversation is joined to the newcomer's.

use std::collections::BTreeMap;

/// A post that a new post refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// Row number of a held post, and of its conversation.
    Stored { post: i64, conversation: i64 },
    /// Another new post, by its position in the list.
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
pub(crate) enum Thread {
    Stored(i64),
    New(usize),
}

/// Places every new post. Order in, order out; references that go round in a circle end at the first post of it.
pub(crate) fn threads(links: &[Links]) -> Vec<Thread> {
    let mut threads: Vec<Option<Thread>> = vec![None; links.len()];
    for start in 0..links.len() {
        let mut path = Vec::new();
        let mut at = start;
        let thread = loop {
            if let Some(thread) = threads[at] {
                break thread;
            }
            if let Some(round) = path.iter().position(|passed| *passed == at) {
                break Thread::New(path[round]);
            }
            path.push(at);
            match links[at].thread.or(links[at].root).or(links[at].parent) {
                None => break Thread::New(at),
                Some(Target::Stored { conversation, .. } | Target::Conversation(conversation)) => {
                    break Thread::Stored(conversation);
                }
                Some(Target::New(next)) => at = next,
            }
        };
        for passed in path {
            threads[passed] = Some(thread);
        }
    }
    threads
        .into_iter()
        .enumerate()
        .map(|(at, thread)| thread.unwrap_or(Thread::New(at)))
        .collect()
}

/// Held conversations that are joined to others.
#[derive(Debug, Default)]
pub(crate) struct Joins(BTreeMap<i64, Thread>);

impl Joins {
    /// Joins `from` to `to`, unless they are one already.
    pub(crate) fn join(&mut self, from: i64, to: Thread) {
        let Thread::Stored(from) = self.end(Thread::Stored(from)) else {
            return;
        };
        let to = self.end(to);
        if to != Thread::Stored(from) {
            self.0.insert(from, to);
        }
    }

    /// Where a conversation is after all joins.
    pub(crate) fn end(&self, mut thread: Thread) -> Thread {
        while let Thread::Stored(at) = thread
            && let Some(next) = self.0.get(&at)
        {
            thread = *next;
        }
        thread
    }

    /// Every joined conversation with its end.
    pub(crate) fn all(&self) -> impl Iterator<Item = (i64, Thread)> {
        self.0
            .keys()
            .map(|from| (*from, self.end(Thread::Stored(*from))))
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
        assert_eq!(threads(&links), [Thread::New(2); 4]);
    }

    #[test]
    fn a_circle_of_replies_ends() {
        let links = [reply(1), reply(2), reply(0)];
        let threads = threads(&links);
        assert!(threads.iter().all(|thread| *thread == threads[0]));
    }

    #[test]
    fn joins_follow_each_other_and_never_go_round() {
        let mut joins = Joins::default();
        joins.join(1, Thread::Stored(2));
        joins.join(2, Thread::New(7));
        joins.join(2, Thread::Stored(1));
        assert_eq!(joins.end(Thread::Stored(1)), Thread::New(7));
        assert_eq!(joins.all().count(), 2);
        let mut round = Joins::default();
        round.join(1, Thread::Stored(2));
        round.join(2, Thread::Stored(1));
        assert_eq!(round.end(Thread::Stored(2)), Thread::Stored(2));
    }
}
