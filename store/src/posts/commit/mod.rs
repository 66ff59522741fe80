//! The one transaction: posts, change log, frontier state and refusal counts.
//!
//! Looked up in batches, decided in memory, written in batches: the number of statements does not grow with the
//! number of posts, apart from the rows themselves.

mod assignment;
mod counters;
mod lookup;
pub(crate) mod marks;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use discover_model::network::NetworkState;
use discover_model::{Post, PostId, Refusal, SourceKind};
use jiff::Timestamp;

use crate::consent::{grants, network_state, objections};
use crate::database::Connection;
use crate::keys::{self, Key, is_reply};
use crate::posts::gone::{self, Gone};
use crate::posts::{frontier, opting_out, remove};
use crate::row::micros;
use crate::{Commit, Committed, ObjectionReason, Store, StoreError, Writer, change_log};

use lookup::{Barred, Duplicate, StoredPost};

impl Store {
    /// Stores one step of a visit, all of it or nothing. The same commit again stores nothing.
    pub async fn commit(
        &self,
        commit: Commit<'_>,
        now: Timestamp,
    ) -> Result<Committed, StoreError> {
        let zone = self.zone();
        let day = commit
            .finish
            .as_ref()
            .map(|finish| finish.fetched_at.to_zoned(zone.clone()).date());
        let mut writer = self.write().await?;
        let secrets = [self.tombstone_key(), self.sub_key(objections::CODE)];
        let result = run(&mut writer, commit, day, secrets, now).await;
        writer.finish(result).await
    }
}

async fn run(
    writer: &mut Writer<'_>,
    commit: Commit<'_>,
    day: Option<jiff::civil::Date>,
    [key, codes]: [[u8; 32]; 2],
    now: Timestamp,
) -> Result<Committed, StoreError> {
    let source = commit.source;
    let connection = writer.connection();
    let state = match network_state::state_of(connection, source.network).await {
        Ok(state) => state,
        // A visit that began before the purge ends after it: there is nothing left to write to.
        Err(StoreError::NotFound { .. }) => NetworkState::Withdrawn,
        Err(error) => return Err(error),
    };
    let mut done = Committed::default();
    if matches!(
        state,
        NetworkState::Withdrawn | NetworkState::Paused | NetworkState::Lapsed
    ) {
        done.closed = true;
        done.refused = (commit.posts.len() + commit.unchanged.len()) as u64;
        done.seq = change_log::last(connection).await?;
        return Ok(done);
    }
    done.closed = !grants::is_granted(connection, source, now).await?;
    let open = frontier::check(connection, source.id, commit.fence).await?;

    let mut refusals = commit.refusals;
    let mut posts = distinct(
        commit
            .posts
            .into_iter()
            .map(discover_model::Admitted::into_inner),
    );
    for post in posts.values() {
        if post.network != source.network || post.source != source.id {
            return Err(StoreError::Foreign {
                post: post.id,
                source_id: source.id,
            });
        }
    }
    let barred = Barred::load(connection, source, &posts, open, key, now).await?;
    posts.retain(|_, post| match barred.refusal(post) {
        None => true,
        Some(refusal) => {
            done.refused += 1;
            refusals.push((refusal, post.url.to_string()));
            false
        }
    });

    let held = lookup::held(connection, &posts).await?;
    let (mut updates, mut seen, mut new) = (Vec::new(), Vec::new(), Vec::new());
    let known: Vec<PostId> = posts
        .keys()
        .filter(|id| held.contains_key(&id.to_bytes()))
        .copied()
        .collect();
    // Posts that stand as they did, in threads whose title may not.
    let mut again_seen: Vec<(StoredPost, Post)> = Vec::new();
    for (id, post) in posts {
        match held.get(&id.to_bytes()) {
            None => new.push(post),
            Some(held) if held.changed_by(&post, source.kind) => updates.push((held.clone(), post)),
            Some(held) => {
                seen.push(held.clone());
                if post.thread.is_some() {
                    again_seen.push((held.clone(), post));
                }
            }
        }
    }
    let gone = gone::known(connection, &key, source, &new).await?;
    new.retain(|post| match stays_away(gone.get(&post.id), &barred) {
        None => true,
        Some(refusal) => {
            done.refused += 1;
            refusals.push((refusal, post.url.to_string()));
            false
        }
    });
    // The order in which posts were written: it decides which of two equal posts is the first.
    new.sort_by_key(|post| (post.published.unwrap_or(post.first_seen), post.id));
    let Split {
        mut new,
        mut again,
        returned,
    } = without_copies(connection, source, new, gone).await?;
    // Under the id that it had and has again another item may have been said.
    let mut item_marks = commit.marks;
    item_marks.retain(|id, _| !returned.contains_key(id));

    let mut touched: BTreeSet<i64> = updates.iter().map(|(held, _)| held.conversation).collect();
    let assigned = assignment::assign(
        connection,
        &mut new,
        &mut again,
        &returned,
        &barred,
        &mut refusals,
    )
    .await?;
    done.refused += assigned.refused;
    write::new_posts(connection, &new, &item_marks, &assigned, &mut touched, now).await?;
    remove::release(connection, source.network, &new).await?;
    write::returned(connection, source.network, &new, &assigned, &returned).await?;
    write::other_sources(connection, source, &again, &assigned).await?;
    // Before anything is moved, which voids the marks of what moves.
    marks::note(connection, known.into_iter(), &item_marks).await?;
    done.visibility_changed =
        write::joins(connection, source.network, &assigned, &mut touched).await?;
    write::updates(connection, &updates, now).await?;
    let moves = assignment::moves(connection, &updates).await?;
    write::moved(connection, &moves, &mut touched).await?;
    remove::drop_left(
        connection,
        source.network,
        moves.iter().map(|step| step.from),
    )
    .await?;
    let standing = new
        .iter()
        .enumerate()
        .map(|(at, post)| (post, assigned.conversations[at], Some(assigned.numbers[at])))
        .chain(
            again_seen
                .iter()
                .map(|(held, post)| (post, held.conversation, None)),
        )
        .chain(
            updates
                .iter()
                .map(|(held, post)| (post, held.conversation, None)),
        );
    write::threads(connection, standing, &mut touched).await?;
    marks::named_again(connection, source, &commit.unchanged, now).await?;
    write::seen(
        connection,
        seen.iter()
            .filter(|held| held.source == source.id.to_bytes())
            // A feed may be stale: an item's own page is what is looked at again.
            .filter(|_| source.kind != SourceKind::Feed)
            .filter(|held| micros(now) - held.checked > marks::CHECKED_EVERY)
            .map(|held| held.post),
        now,
    )
    .await?;
    done.stored = new.len() as u64;
    done.updated = updates.len() as u64;
    done.unchanged = (seen.len() + again.len()).saturating_sub(returned.len()) as u64
        + commit.unchanged.len() as u64;

    let removed = remove::take_back(
        connection,
        &key,
        source.network,
        &commit.gone,
        Refusal::Withdrawn,
        now,
    )
    .await?;
    done.removed = removed.posts;
    change_log::touch(connection, touched).await?;

    counters::refusals(connection, source.network, &refusals, &key, now).await?;
    counters::redactions(connection, source.network, &new, &updates).await?;
    if open {
        frontier::remember(
            connection,
            source,
            commit.state_json.as_deref(),
            commit.finish.as_ref(),
            day,
            now,
        )
        .await?;
    }
    let updated: Vec<(PostId, &Post)> =
        updates.iter().map(|(held, post)| (held.id, post)).collect();
    let proved = objections::prove(writer, source.network, &updated, &codes, &key, now).await?;
    done.visibility_changed |= !proved.is_empty();
    for (post, ground) in proved {
        // Who can put a code into a post wrote it: "I wrote it" is said for all that this author has here.
        if ground == ObjectionReason::Author
            && let Some((network, voice)) = opting_out::note(writer, &key, post, now).await?
        {
            while opting_out::take_out(writer.connection(), &key, network, voice, now).await? > 0 {}
        }
    }
    done.seq = change_log::last(writer.connection()).await?;
    Ok(done)
}

/// One post for each id; the last one said counts.
fn distinct(posts: impl Iterator<Item = Post>) -> BTreeMap<PostId, Post> {
    posts.map(|post| (post.id, post)).collect()
}

/// Why a post that comes again must stay away, if it must.
fn stays_away(gone: Option<&Gone>, barred: &Barred) -> Option<Refusal> {
    let gone = gone?;
    gone.refusal.or_else(|| {
        barred
            .bars_conversation(gone.conversation.to_bytes())
            .then_some(Refusal::Withdrawn)
    })
}

/// Posts that are not held under the id they come with.
struct Split {
    new: Vec<Post>,
    /// Those that are held, or new, under another id.
    again: Vec<Duplicate>,
    /// Those of the new that come again, by the id that they had and have again.
    returned: BTreeMap<PostId, Gone>,
}

/// Tells posts that are new from those that another source carries already, or that this source carries under
/// another guid.
async fn without_copies(
    connection: &mut Connection,
    source: &discover_model::Source,
    posts: Vec<Post>,
    gone: BTreeMap<PostId, Gone>,
) -> Result<Split, StoreError> {
    let addresses: Vec<Key> = posts.iter().map(keys::address).collect();
    let mut at_address = lookup::at_addresses(connection, source, &addresses).await?;
    let mut new: Vec<Post> = Vec::with_capacity(posts.len());
    let mut again: Vec<Duplicate> = Vec::new();
    let mut returned: BTreeMap<PostId, Gone> = BTreeMap::new();
    let mut new_at: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (mut post, address) in posts.into_iter().zip(addresses) {
        if let Some(gone) = gone.get(&post.id) {
            if let Some(at) = new.iter().position(|new| new.id == gone.id) {
                again.push(Duplicate { of: Err(at), post });
                continue;
            }
            // Its own id stays among its keys.
            again.push(Duplicate {
                of: Err(new.len()),
                post: post.clone(),
            });
            post.id = gone.id;
            returned.insert(gone.id, gone.clone());
            new_at.entry(address).or_default().push(new.len());
            new.push(post);
            continue;
        }
        let candidates = at_address
            .get_mut(&address)
            .map_or(&mut [][..], |held| held);
        if let Some(candidate) = lookup::same_post(candidates, &post) {
            candidate.carried = true;
            let of = Ok(candidate.held.clone());
            again.push(Duplicate { of, post });
            continue;
        }
        let same = new_at
            .get(&address)
            .and_then(|these| these.iter().find(|at| is_copy(&new[**at], &post)));
        if let Some(at) = same {
            again.push(Duplicate { of: Err(*at), post });
            continue;
        }
        new_at.entry(address).or_default().push(new.len());
        new.push(post);
    }
    Ok(Split {
        new,
        again,
        returned,
    })
}

/// Two items of one source at one address with the same words by the same voice: the guid changed, not the post.
/// Posts without words (pictures) may look alike and are kept apart.
fn is_copy(a: &Post, b: &Post) -> bool {
    !b.text.is_empty()
        && a.content_hash == b.content_hash
        && a.voice == b.voice
        && is_reply(a) == is_reply(b)
}
