//! Finds the conversation of every new post, and what the new posts bring together.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{ConversationId, Post, PostId, Refusal};

use super::lookup::{Barred, Duplicate, StoredPost};
use crate::StoreError;
use crate::database::sequence::{self, Sequence};
use crate::database::{Connection, query, query_scalar};
use crate::keys::{self, Key, is_reply};
use crate::posts::gone::Gone;
use crate::posts::threading::{Joins, Links, Target, Thread, threads};
use crate::row::{id, id_list};

/// Where the new posts of a commit go.
#[derive(Default)]
pub(super) struct Assigned {
    /// Row number that each new post gets.
    pub(super) numbers: Vec<i64>,
    /// Row number of each new post's conversation.
    pub(super) conversations: Vec<i64>,
    /// Row number of the post each one replies to.
    pub(super) parents: Vec<Option<i64>>,
    /// Conversations to be made: row number, id, row number of the root.
    pub(super) opened: Vec<(i64, ConversationId, i64)>,
    /// What each new post waits for: position in the list, key, role.
    pub(super) waiting: Vec<(usize, Key, i64)>,
    /// Held posts whose parent is one of the new: row numbers of reply and parent.
    pub(super) answered: Vec<(i64, i64)>,
    /// What waits no longer: row number of the post, role.
    pub(super) ended: Vec<(i64, i64)>,
    /// Held conversations that are joined to others: row numbers.
    pub(super) joins: Vec<(i64, i64)>,
    pub(super) refused: u64,
}

/// Somebody who waits for a new post.
struct Waiter {
    post: i64,
    role: i64,
    conversation: i64,
    is_root: bool,
    /// The root of its conversation waits, too: the conversation may still be joined to another.
    unsettled: bool,
}

pub(super) async fn assign(
    connection: &mut Connection,
    new: &mut Vec<Post>,
    again: &mut Vec<Duplicate>,
    returned: &BTreeMap<PostId, Gone>,
    barred: &Barred,
    refusals: &mut Vec<(Refusal, String)>,
) -> Result<Assigned, StoreError> {
    if new.is_empty() && again.is_empty() {
        return Ok(Assigned::default());
    }
    let (mut links, mut missing) = link(connection, new).await?;
    join_returned(connection, new, returned, &mut links).await?;
    let mut threads_of = threads(&links);
    let out = barred_threads(connection, new, &threads_of, barred).await?;
    let refused = out.iter().filter(|out| **out).count() as u64;
    if refused > 0 {
        // Rare: what is left is looked at afresh, without what was refused.
        take_out(&out, new, again, refusals);
        (links, missing) = link(connection, new).await?;
        join_returned(connection, new, returned, &mut links).await?;
        threads_of = threads(&links);
    }

    let numbers = sequence::take(connection, Sequence::Posts, new.len()).await?;
    let parents = links
        .iter()
        .map(|links| match links.parent {
            Some(Target::Stored { post, .. }) => Some(post),
            Some(Target::New(at)) => Some(numbers[at]),
            Some(Target::Conversation(_)) | None => None,
        })
        .collect();

    let mut assigned = Assigned {
        numbers,
        conversations: Vec::new(),
        parents,
        opened: Vec::new(),
        waiting: missing,
        answered: Vec::new(),
        ended: Vec::new(),
        joins: Vec::new(),
        refused,
    };
    let joins = welcome(connection, new, again, &threads_of, &mut assigned).await?;
    number(connection, new, &threads_of, &joins, &mut assigned).await?;
    Ok(assigned)
}

/// Looks up what the posts refer to. Also returns what could not be found: position in the list, key, role.
async fn link(
    connection: &mut Connection,
    new: &[Post],
) -> Result<(Vec<Links>, Vec<(usize, Key, i64)>), StoreError> {
    let mut offered: BTreeMap<Key, usize> = BTreeMap::new();
    for (at, post) in new.iter().enumerate() {
        for (key, _) in keys::offers(post) {
            offered.entry(key).or_insert(at);
        }
    }
    let mut wanted: Vec<(usize, i64, Vec<Key>, Key)> = Vec::new();
    for (at, post) in new.iter().enumerate() {
        for role in [keys::ROOT, keys::PARENT] {
            if let Some(reference) = keys::reference(post, role) {
                let conversation = ConversationId::derive(post.network, reference).to_bytes();
                wanted.push((at, role, keys::wants(post, reference), conversation));
            }
        }
    }
    let mut links = vec![Links::default(); new.len()];
    let mut missing = Vec::new();
    let Some(network) = new.first().map(|post| post.network) else {
        return Ok((links, missing));
    };
    join_threads(connection, network, new, &mut links).await?;
    if wanted.is_empty() {
        return Ok((links, missing));
    }
    let all: BTreeSet<Key> = wanted
        .iter()
        .flat_map(|(_, _, keys, _)| keys)
        .copied()
        .collect();
    let rows = query(
        "SELECT k.key, p.post, p.conversation, p.reply FROM post_keys k JOIN posts p ON p.post = k.post
         WHERE k.key IN (SELECT unhex(value) FROM json_each(?)) AND k.network_id = ?
         ORDER BY p.reply DESC, p.post DESC",
    )
    .bind(id_list(all))
    .bind(network.to_bytes().to_vec())
    .fetch_all(&mut *connection)
    .await?;
    // Where several posts offer a key, the first that is no reply is meant.
    let mut held: BTreeMap<Key, Target> = BTreeMap::new();
    for row in &rows {
        let target = Target::Stored {
            post: row.try_get("post")?,
            conversation: row.try_get("conversation")?,
        };
        held.insert(id(row, "key")?, target);
    }
    let find = |at: usize, keys: &[Key]| {
        keys.iter().find_map(|key| {
            let fresh = offered.get(key).filter(|found| **found != at);
            held.get(key).copied().or(fresh.map(|at| Target::New(*at)))
        })
    };
    let mut rootless = Vec::new();
    for (at, role, keys, conversation) in &wanted {
        let found = find(*at, keys);
        if found.is_none() {
            missing.extend(keys.iter().map(|key| (*at, *key, *role)));
        }
        if *role == keys::ROOT {
            links[*at].root = found;
            if found.is_none() {
                rootless.push((*at, *conversation));
            }
        } else {
            links[*at].parent = found;
        }
    }
    join_rootless(connection, network, &rootless, &mut links).await?;
    Ok((links, together(missing)))
}

/// Posts of one thread belong together, whether or not its opening post is held.
async fn join_threads(
    connection: &mut Connection,
    network: discover_model::NetworkId,
    new: &[Post],
    links: &mut [Links],
) -> Result<(), StoreError> {
    let threads: Vec<Option<Key>> = new.iter().map(keys::thread).collect();
    if threads.iter().all(Option::is_none) {
        return Ok(());
    }
    let rows = query(
        "SELECT thread, arrival FROM conversations
         WHERE thread IN (SELECT unhex(value) FROM json_each(?)) AND +network_id = ?",
    )
    .bind(id_list(
        threads.iter().flatten().copied().collect::<BTreeSet<_>>(),
    ))
    .bind(network.to_bytes().to_vec())
    .fetch_all(connection)
    .await?;
    let mut held: BTreeMap<Key, i64> = BTreeMap::new();
    for row in &rows {
        held.insert(id(row, "thread")?, row.try_get("arrival")?);
    }
    // The opening post, else the first that is there.
    let mut first: BTreeMap<Key, usize> = BTreeMap::new();
    for opens in [true, false] {
        for (at, thread) in threads.iter().enumerate() {
            if let Some(thread) = thread.filter(|_| opens != is_reply(&new[at])) {
                first.entry(thread).or_insert(at);
            }
        }
    }
    for (at, thread) in threads.into_iter().enumerate() {
        let Some(thread) = thread else { continue };
        let fresh = first.get(&thread).copied().filter(|first| *first != at);
        links[at].thread = match held.get(&thread) {
            Some(arrival) => Some(Target::Conversation(*arrival)),
            None => fresh.map(Target::New),
        };
    }
    Ok(())
}

/// What comes again goes where it was, as long as anything else stands there.
async fn join_returned(
    connection: &mut Connection,
    new: &[Post],
    returned: &BTreeMap<PostId, Gone>,
    links: &mut [Links],
) -> Result<(), StoreError> {
    if returned.is_empty() {
        return Ok(());
    }
    let rows = query(
        "SELECT w.id, c.arrival FROM (SELECT unhex(value) AS id FROM json_each(?)) w
           JOIN conversations c ON c.conversation_id = coalesce((SELECT new_id FROM aliases WHERE old_id = w.id), w.id)",
    )
    .bind(id_list(
        returned.values().map(|gone| gone.conversation.to_bytes()),
    ))
    .fetch_all(connection)
    .await?;
    let mut held: BTreeMap<Key, i64> = BTreeMap::new();
    for row in &rows {
        held.insert(id(row, "id")?, row.try_get("arrival")?);
    }
    for (post, links) in new.iter().zip(links) {
        let was = returned
            .get(&post.id)
            .and_then(|gone| held.get(&gone.conversation.to_bytes()));
        if links.thread.is_none()
            && let Some(arrival) = was
        {
            links.thread = Some(Target::Conversation(*arrival));
        }
    }
    Ok(())
}

/// A held post that answers another than it did.
pub(super) struct Move {
    pub(super) post: i64,
    pub(super) parent: Option<i64>,
    pub(super) from: i64,
    pub(super) to: i64,
}

/// Where held posts go that say anew what they answer, as far as that is held.
pub(super) async fn moves(
    connection: &mut Connection,
    updates: &[(StoredPost, Post)],
) -> Result<Vec<Move>, StoreError> {
    let changed: Vec<&(StoredPost, Post)> = updates
        .iter()
        .filter(|(held, post)| held.answers_differently(post))
        .collect();
    let posts: Vec<Post> = changed.iter().map(|(_, post)| post.clone()).collect();
    let (links, _) = link(connection, &posts).await?;
    let mut moves = Vec::new();
    for ((held, _), links) in changed.iter().zip(links) {
        let held_target = |target: Option<Target>| match target? {
            Target::Stored { post, conversation } if post != held.post => {
                Some((Some(post), conversation))
            }
            Target::New(at) => {
                let other = &changed[at].0;
                (other.post != held.post).then_some((Some(other.post), other.conversation))
            }
            Target::Conversation(conversation) => Some((None, conversation)),
            Target::Stored { .. } => None,
        };
        let parent = held_target(links.parent).or_else(|| held_target(links.root));
        let home = held_target(links.thread)
            .or_else(|| held_target(links.root))
            .or(parent);
        if let Some((_, to)) = home {
            moves.push(Move {
                post: held.post,
                parent: parent.and_then(|(post, _)| post),
                from: held.conversation,
                to,
            });
        }
    }
    Ok(moves)
}

/// A root that was held once and is gone: its conversation may still be there.
async fn join_rootless(
    connection: &mut Connection,
    network: discover_model::NetworkId,
    rootless: &[(usize, Key)],
    links: &mut [Links],
) -> Result<(), StoreError> {
    if rootless.is_empty() {
        return Ok(());
    }
    // The plus keeps SQLite from walking all conversations of the network instead.
    let rows = query(
        "SELECT conversation_id, arrival FROM conversations
         WHERE conversation_id IN (SELECT unhex(value) FROM json_each(?)) AND +network_id = ?",
    )
    .bind(id_list(rootless.iter().map(|(_, id)| *id)))
    .bind(network.to_bytes().to_vec())
    .fetch_all(connection)
    .await?;
    let mut found: BTreeMap<Key, i64> = BTreeMap::new();
    for row in &rows {
        found.insert(id(row, "conversation_id")?, row.try_get("arrival")?);
    }
    for (at, conversation) in rootless {
        links[*at].root = found.get(conversation).copied().map(Target::Conversation);
    }
    Ok(())
}

/// One line for each post and key, with all its roles.
fn together(missing: Vec<(usize, Key, i64)>) -> Vec<(usize, Key, i64)> {
    let mut roles: BTreeMap<(usize, Key), i64> = BTreeMap::new();
    for (at, key, role) in missing {
        *roles.entry((at, key)).or_default() |= role;
    }
    roles
        .into_iter()
        .map(|((at, key), role)| (at, key, role))
        .collect()
}

/// Which posts would join a withdrawn conversation.
async fn barred_threads(
    connection: &mut Connection,
    new: &[Post],
    threads_of: &[Thread],
    barred: &Barred,
) -> Result<Vec<bool>, StoreError> {
    if !barred.any_conversation() {
        return Ok(vec![false; new.len()]);
    }
    let held: BTreeSet<i64> = threads_of
        .iter()
        .filter_map(|thread| match thread {
            Thread::Stored(at) => Some(*at),
            Thread::New(_) => None,
        })
        .collect();
    let rows = query(
        "SELECT arrival, conversation_id FROM conversations
         WHERE arrival IN (SELECT value FROM json_each(?))",
    )
    .bind(crate::row::number_list(held))
    .fetch_all(connection)
    .await?;
    let mut ids: BTreeMap<i64, Key> = BTreeMap::new();
    for row in &rows {
        ids.insert(row.try_get("arrival")?, id(row, "conversation_id")?);
    }
    Ok(threads_of
        .iter()
        .map(|thread| match thread {
            Thread::Stored(at) => ids.get(at).is_some_and(|id| barred.bars_conversation(*id)),
            Thread::New(root) => {
                let root = &new[*root];
                let id = ConversationId::derive(root.network, &root.key);
                barred.bars_conversation(id.to_bytes())
            }
        })
        .collect())
}

/// Takes refused posts out of the list, and copies of them.
fn take_out(
    out: &[bool],
    new: &mut Vec<Post>,
    again: &mut Vec<Duplicate>,
    refusals: &mut Vec<(Refusal, String)>,
) {
    let mut kept = 0;
    let moved: Vec<Option<usize>> = out
        .iter()
        .map(|out| {
            let at = (!out).then_some(kept);
            kept += usize::from(!out);
            at
        })
        .collect();
    again.retain_mut(|copy| match &mut copy.of {
        Ok(_) => true,
        Err(at) => match moved.get(*at).copied().flatten() {
            Some(to) => {
                *at = to;
                true
            }
            None => false,
        },
    });
    let mut out = out.iter();
    new.retain(|post| {
        let refused = out.next().copied().unwrap_or(false);
        if refused {
            refusals.push((Refusal::Withdrawn, post.url.to_string()));
        }
        !refused
    });
}

/// Who waited for the new posts: parents are filled in, conversations joined.
async fn welcome(
    connection: &mut Connection,
    new: &[Post],
    again: &[Duplicate],
    threads_of: &[Thread],
    assigned: &mut Assigned,
) -> Result<Joins, StoreError> {
    let mut joins = Joins::default();
    // Key -> row number of the post that answers it, and its conversation.
    let mut offered: BTreeMap<Key, (i64, Thread, bool)> = BTreeMap::new();
    for (at, post) in new.iter().enumerate() {
        for (key, _) in keys::offers(post) {
            offered
                .entry(key)
                .or_insert((assigned.numbers[at], threads_of[at], is_reply(post)));
        }
    }
    for copy in again {
        let Some(of) = (match &copy.of {
            Ok(held) => Some((held.post, Thread::Stored(held.conversation), true)),
            Err(at) => assigned
                .numbers
                .get(*at)
                .map(|number| (*number, threads_of[*at], true)),
        }) else {
            continue;
        };
        for (key, _) in keys::offers(&copy.post) {
            offered.entry(key).or_insert(of);
        }
    }
    let network = new.first().or_else(|| again.first().map(|copy| &copy.post));
    let Some(network) = network.map(|post| post.network) else {
        return Ok(joins);
    };
    let rows = query(
        "SELECT w.wanted, w.post, w.role, p.conversation, c.root = w.post AS is_root,
           EXISTS (SELECT 1 FROM waiting other WHERE other.post = c.root) AS unsettled
         FROM waiting w JOIN posts p ON p.post = w.post JOIN conversations c ON c.arrival = p.conversation
         WHERE w.wanted IN (SELECT unhex(value) FROM json_each(?)) AND w.network_id = ?
         ORDER BY w.post",
    )
    .bind(id_list(offered.keys().copied()))
    .bind(network.to_bytes().to_vec())
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let waiter = Waiter {
            post: row.try_get("post")?,
            role: row.try_get("role")?,
            conversation: row.try_get("conversation")?,
            is_root: row.try_get::<i64, _>("is_root")? != 0,
            unsettled: row.try_get::<i64, _>("unsettled")? != 0,
        };
        let Some((newcomer, thread, replies)) = offered.get(&id(row, "wanted")?).copied() else {
            continue;
        };
        assigned.ended.push((waiter.post, waiter.role));
        // The newcomer replies, perhaps by others, to the very one that waits for it.
        let circle = replies && thread == Thread::Stored(waiter.conversation) && waiter.is_root;
        if waiter.role & keys::PARENT != 0 && newcomer != waiter.post && !circle {
            assigned.answered.push((waiter.post, newcomer));
        }
        if waiter.is_root || waiter.unsettled {
            joins.join(waiter.conversation, thread);
        }
    }
    Ok(joins)
}

/// Gives row numbers to conversations, and ids to the new ones.
async fn number(
    connection: &mut Connection,
    new: &[Post],
    threads_of: &[Thread],
    joins: &Joins,
    assigned: &mut Assigned,
) -> Result<(), StoreError> {
    let ends: Vec<Thread> = threads_of.iter().map(|thread| joins.end(*thread)).collect();
    let roots: BTreeSet<usize> = ends
        .iter()
        .copied()
        .chain(joins.all().map(|(_, end)| end))
        .filter_map(|thread| match thread {
            Thread::New(root) => Some(root),
            Thread::Stored(_) => None,
        })
        .collect();
    let fresh = sequence::take(connection, Sequence::Conversations, roots.len()).await?;
    let derived: Vec<Key> = roots
        .iter()
        .map(|root| ConversationId::derive(new[*root].network, &new[*root].key).to_bytes())
        .collect();
    let taken: BTreeSet<Vec<u8>> = if derived.is_empty() {
        BTreeSet::new()
    } else {
        query_scalar(
            "SELECT conversation_id FROM conversations
             WHERE conversation_id IN (SELECT unhex(value) FROM json_each(?))",
        )
        .bind(id_list(derived.iter().copied()))
        .fetch_all(connection)
        .await?
        .into_iter()
        .collect()
    };
    let mut arrivals: BTreeMap<usize, i64> = BTreeMap::new();
    for ((root, derived), arrival) in roots.iter().zip(derived).zip(fresh) {
        let post = &new[*root];
        // Two sources of a network may number their posts alike: the second one's root gets an id of its own.
        let id = if taken.contains(derived.as_slice()) {
            ConversationId::derive(post.network, &format!("{} {}", post.source, post.key))
        } else {
            ConversationId::from_bytes(derived)
        };
        arrivals.insert(*root, arrival);
        assigned.opened.push((arrival, id, assigned.numbers[*root]));
    }
    let arrival = |thread: Thread| match thread {
        Thread::Stored(arrival) => arrival,
        Thread::New(root) => arrivals.get(&root).copied().unwrap_or_default(),
    };
    assigned.conversations = ends.iter().map(|thread| arrival(*thread)).collect();
    assigned.joins = joins
        .all()
        .map(|(from, end)| (from, arrival(end)))
        .collect();
    Ok(())
}
