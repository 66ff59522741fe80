//! The graph's state: what is kept of every conversation, and the postings that find relations among them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use discover_model::canonical::canonical_str;
use discover_model::text::Repeated;
use discover_model::{Conversation, ConversationId, NetworkId, SourceId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Parameters;
use crate::clustering::Clustering;
use crate::corpus::doc::{ContentKey, Doc, Term, content};
use crate::corpus::facts::Facts;
use crate::corpus::interner::Interner;
use crate::corpus::lexicon::{FOLDED, Lexicon, Posting, saturated};
use crate::corpus::near_copies::hash;
use crate::corpus::place::{NO_TOPIC, Place};
use crate::corpus::reading::{RawTerm, read};
use crate::corpus::repeated;
use crate::publication::identity::Memory;
use crate::publication::snapshot::Snapshot;

/// A saved graph cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    #[error("the saved graph is damaged or of another version: {0}")]
    Damaged(#[from] postcard::Error),
    #[error("the graph cannot be written: {0}")]
    Write(#[from] std::io::Error),
    #[error("the saved graph has version {0}, this program reads {VERSION}")]
    Version(u32),
}

const VERSION: u32 = 11;

/// The topic graph.
#[derive(Debug, Serialize, Deserialize)]
pub struct Graph {
    /// Change-log position this graph has consumed; the caller sets it.
    pub seq: u64,
    pub(crate) parameters: Arc<Parameters>,
    pub(crate) lexicon: Lexicon,
    pub(crate) links: Lexicon,
    /// In arrival order; a removed conversation leaves a gap until the next replay.
    pub(crate) docs: Vec<Option<Doc>>,
    pub(crate) memory: Memory,
    /// What sources repeat under their posts, by slot.
    #[serde(with = "repeated")]
    pub(crate) repeated: Repeated<u32>,
    /// Conversations whose own words are others since a text began or ceased to be repeated.
    outdated: BTreeSet<ConversationId>,
    /// Grows with every removal, so that a pass that began before it is not adopted.
    pub(crate) removals: u64,
    /// Whether anything came, changed or went since the last pass.
    pub(crate) due: bool,
    /// What the last pass learned; a function of what it saw, so it is not saved.
    #[serde(skip)]
    pub(crate) clustering: Clustering,
    /// Slots that came or changed and wait for the next pass or to join, some perhaps twice or gone since.
    #[serde(skip)]
    pub(crate) waiting: Vec<u32>,
    /// Topics that must be drawn anew; places in the memory's list.
    #[serde(skip)]
    pub(crate) touched: BTreeSet<u32>,
    /// Slots in every topic, by place in the memory's list.
    #[serde(skip)]
    pub(crate) rosters: Vec<Vec<u32>>,
    /// Near copies of a conversation that stands for them.
    #[serde(skip)]
    pub(crate) groups: BTreeMap<u32, Vec<u32>>,
    /// What the last pass published, so that only what changed is drawn anew.
    #[serde(skip)]
    pub(crate) drawn: Option<Arc<Snapshot>>,
    #[serde(skip)]
    pub(crate) slots: Interner,
    #[serde(skip)]
    addresses: Interner,
}

/// Keeps why writing failed, of which the format says nothing: a full disk is to be known for one.
struct Kept<W> {
    out: W,
    failed: Option<std::io::Error>,
}

impl<W: std::io::Write> std::io::Write for Kept<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.out.write(bytes).map_err(|error| {
            let kind = error.kind();
            self.failed = Some(error);
            kind.into()
        })
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// Writes the graph, or a part of it, in this version's format.
pub(crate) fn write(what: &impl Serialize, mut out: impl std::io::Write) -> Result<(), GraphError> {
    out.write_all(&VERSION.to_le_bytes())?;
    let mut out = Kept { out, failed: None };
    let written = postcard::to_io(what, &mut out).map(|_| ());
    if let Err(error) = written {
        let failed = out.failed.take();
        return Err(failed
            .unwrap_or_else(|| std::io::Error::other(error.to_string()))
            .into());
    }
    std::io::Write::flush(&mut out)?;
    Ok(())
}

/// Reads what [`write`] wrote.
pub(crate) fn read_saved<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, GraphError> {
    let (version, rest) = bytes
        .split_first_chunk::<4>()
        .ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
    let version = u32::from_le_bytes(*version);
    if version != VERSION {
        return Err(GraphError::Version(version));
    }
    Ok(postcard::from_bytes(rest)?)
}

impl Graph {
    pub fn new(parameters: Parameters) -> Self {
        Self {
            seq: 0,
            parameters: Arc::new(parameters),
            lexicon: Lexicon::default(),
            links: Lexicon::default(),
            docs: Vec::new(),
            memory: Memory::default(),
            repeated: Repeated::default(),
            outdated: BTreeSet::new(),
            removals: 0,
            due: true,
            clustering: Clustering::default(),
            waiting: Vec::new(),
            touched: BTreeSet::new(),
            rosters: Vec::new(),
            groups: BTreeMap::new(),
            drawn: None,
            slots: Interner::default(),
            addresses: Interner::default(),
        }
    }

    pub(crate) fn terms_of(&self, slot: u32) -> impl Iterator<Item = Term> + '_ {
        let doc = self.docs.get(slot as usize).and_then(Option::as_ref);
        doc.into_iter().flat_map(Doc::terms)
    }

    pub(crate) fn length_of(&self, slot: u32) -> f32 {
        let doc = self.docs.get(slot as usize).and_then(Option::as_ref);
        doc.map_or(0.0, length)
    }

    /// What orders conversations whatever order they came in.
    pub(crate) fn content_key(&self, slot: u32) -> Option<ContentKey> {
        content_key(&self.docs, slot)
    }

    pub(crate) fn place(&self, slot: u32) -> Place {
        let doc = self.docs.get(slot as usize).and_then(Option::as_ref);
        doc.map_or(Place::alone(slot), |doc| doc.place)
    }

    pub(crate) fn signature_of(&self, slot: u32) -> &[u32] {
        let doc = self.docs.get(slot as usize).and_then(Option::as_ref);
        doc.map_or(&[], Doc::signature)
    }

    /// Conversations held.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The conversations held, in order of their ids.
    pub fn conversations(&self) -> Vec<ConversationId> {
        let held = self.docs.iter().flatten();
        let mut ids: Vec<ConversationId> = held.map(|doc| doc.facts.id).collect();
        ids.sort_unstable();
        ids
    }

    pub(crate) fn slot(&self, id: ConversationId) -> Option<u32> {
        self.slots.get(id, id_of(&self.docs))
    }

    /// The conversation whose own address this is, by its hash.
    pub(crate) fn at_address(&self, address: u64) -> Option<u32> {
        self.addresses.get(address, address_of(&self.docs))
    }

    pub fn contains(&self, id: ConversationId) -> bool {
        self.slot(id).is_some()
    }

    /// Conversations that must be put again before a pass, as what their sources repeat is another now; one that
    /// cannot be put must be removed. Then the graph is a function of what it holds.
    pub fn outdated(&self) -> Vec<ConversationId> {
        self.outdated.iter().copied().collect()
    }

    fn note_outdated(&mut self, slots: Vec<u32>) {
        let docs = slots.into_iter().map(|slot| &self.docs[slot as usize]);
        let ids = docs.flatten().map(|doc| doc.facts.id);
        self.outdated.extend(ids);
    }

    /// Adds a conversation, or takes over its new state; it keeps its place in the order of arrival. Others may be
    /// [`Graph::outdated`] by it.
    pub fn upsert(&mut self, conversation: &Conversation) {
        let known = self.slot(conversation.id);
        let place = known.and_then(|slot| {
            let place = self.docs[slot as usize].as_ref().map(|doc| doc.place);
            self.unlink(slot);
            place
        });
        let slot = known.unwrap_or(self.docs.len() as u32);
        let others = repeated::put(&mut self.repeated, slot, conversation);
        self.note_outdated(others);
        self.outdated.remove(&conversation.id);
        let raw = read(conversation, &self.repeated, &self.parameters);
        let intern = |term: &RawTerm| {
            let (number, form) = self.lexicon.intern(&term.folded, &term.raw);
            let count = term.count;
            Term {
                number,
                count,
                form,
            }
        };
        let terms: Vec<Term> = raw.terms.iter().map(intern).collect();
        let links = raw.links.iter().map(|link| self.links.intern(link, "").0);
        let doc = Doc::new(
            Facts::of(conversation),
            &terms,
            &links.collect::<Vec<_>>(),
            &raw.signature,
            place.unwrap_or_else(|| Place::alone(slot)),
            address(&conversation.url),
        );
        self.due = true;
        if self.waiting.last() != Some(&slot) {
            self.waiting.push(slot);
        }
        self.touch(doc.place.topics);
        if known.is_some() {
            self.docs[slot as usize] = Some(doc);
        } else {
            self.docs.push(Some(doc));
        }
        self.link(slot);
        self.enter(slot);
    }

    /// What a model says of the conversations held is other than at the last pass: another must follow.
    pub fn meaning_changed(&mut self) {
        self.due = true;
    }

    /// Forgets a conversation.
    pub fn remove(&mut self, id: ConversationId) {
        if let Some(slot) = self.slot(id) {
            self.leave_group(slot);
            self.move_to(slot, [NO_TOPIC; 3]);
            self.unlink(slot);
            self.forget_repeated(id, slot);
            self.due = true;
            self.removals += 1;
        }
    }

    /// A post's text with what its source repeats under its posts blanked.
    pub fn own_words<'a>(&self, source: SourceId, text: &'a str) -> Cow<'a, str> {
        self.repeated.own_words(source, text)
    }

    fn forget_repeated(&mut self, id: ConversationId, slot: u32) {
        let others = self.repeated.remove(slot);
        self.note_outdated(others);
        self.outdated.remove(&id);
    }

    /// Makes postings a function of what is held, and closes gaps where they are many; to be called before a pass.
    pub(crate) fn tidy(&mut self) {
        self.refill();
        if self.docs.len() > self.slots.len() + self.slots.len() / 4 + 64 {
            self.close_gaps();
            self.list_members();
        }
    }

    pub(crate) fn touch(&mut self, topics: [u32; 3]) {
        self.touched
            .extend(topics.into_iter().filter(|topic| *topic != NO_TOPIC));
    }

    /// Everything must be drawn anew.
    pub(crate) fn forget_drawn(&mut self) {
        self.drawn = None;
        self.touched.clear();
    }

    /// Lists the members of every topic and group of near copies.
    pub(crate) fn list_members(&mut self) {
        let mut sizes = vec![0_usize; self.memory.topics.len()];
        for doc in self.docs.iter().flatten() {
            for topic in doc.place.topics {
                if let Some(size) = sizes.get_mut(topic as usize) {
                    *size += 1;
                }
            }
        }
        self.rosters = sizes.into_iter().map(Vec::with_capacity).collect();
        self.groups.clear();
        for (slot, doc) in (0..).zip(&self.docs) {
            let Some(doc) = doc else { continue };
            for topic in doc.place.topics {
                if let Some(roster) = self.rosters.get_mut(topic as usize) {
                    roster.push(slot);
                }
            }
            if doc.place.copies != slot {
                self.groups.entry(doc.place.copies).or_default().push(slot);
            }
        }
    }

    /// Forgets a network, and leaves lexicon, postings and numbers as if the rest had been put in order of arrival.
    pub fn remove_network(&mut self, network: NetworkId) {
        let held = (0..).zip(&self.docs);
        let leaving: Vec<(u32, ConversationId)> = held
            .filter_map(|(slot, doc)| Some((slot, &doc.as_ref()?.facts)))
            .filter(|(_, facts)| facts.network == network)
            .map(|(slot, facts)| (slot, facts.id))
            .collect();
        if leaving.is_empty() && !self.memory.names(network) {
            return;
        }
        for (slot, _) in &leaving {
            self.unlink(*slot);
        }
        for (slot, id) in leaving {
            self.forget_repeated(id, slot);
        }
        self.refill();
        self.close_gaps();
        self.memory.forget(network, &mut self.docs);
        self.list_members();
        self.removals += 1;
        self.due = true;
    }

    /// Numbers conversations, terms and addresses anew in order of arrival and first use. What the last pass said by
    /// such numbers is given up: a whole pass must follow.
    fn close_gaps(&mut self) {
        self.clustering = Clustering::default();
        self.due = true;
        self.waiting.clear();
        self.forget_drawn();
        let mut slots = vec![u32::MAX; self.docs.len()];
        let mut docs: Vec<Option<Doc>> = Vec::with_capacity(self.slots.len());
        let mut terms = vec![None; self.lexicon.len()];
        let mut links = vec![None; self.links.len()];
        let (mut next_term, mut next_link) = (0, 0);
        let number = |table: &mut Vec<Option<u32>>, next: &mut u32, at: u32| -> u32 {
            *table[at as usize].get_or_insert_with(|| {
                *next += 1;
                *next - 1
            })
        };
        for (slot, doc) in std::mem::take(&mut self.docs).into_iter().enumerate() {
            let Some(mut doc) = doc else { continue };
            slots[slot] = docs.len() as u32;
            doc.renumber(
                |term| number(&mut terms, &mut next_term, term),
                |link| number(&mut links, &mut next_link, link),
            );
            doc.place.copies = docs.len() as u32;
            docs.push(Some(doc));
        }
        self.docs = docs;
        self.lexicon.renumber(&terms, &slots);
        self.links.renumber(&links, &slots);
        self.repeated = repeated::renumbered(&self.repeated, &slots);
        self.index();
    }

    /// Makes the tables that are not saved.
    fn index(&mut self) {
        self.slots.clear();
        self.addresses.clear();
        for doc in self.docs.iter_mut().flatten() {
            doc.address = address(doc.facts.url());
            doc.content = content(&doc.facts, doc.signature());
        }
        for slot in 0..self.docs.len() as u32 {
            if self.docs[slot as usize].is_some() {
                self.enter(slot);
            }
        }
    }

    /// Lets a conversation be found by its id and its address.
    fn enter(&mut self, slot: u32) {
        self.slots.insert(slot, id_of(&self.docs));
        self.addresses.insert(slot, address_of(&self.docs));
    }

    fn link(&mut self, slot: u32) {
        let cap = self.parameters.relation_postings;
        let Some(doc) = self.docs[slot as usize].as_ref() else {
            return;
        };
        let key_of = |slot: u32| content_key(&self.docs, slot);
        let length = length(doc);
        for term in doc.terms() {
            let posting = Posting::new(slot, saturated(term.count, length), doc.content);
            self.lexicon
                .add(term.number, term.form, posting, cap, key_of);
        }
        for &link in doc.links() {
            let posting = Posting::new(slot, 1.0, doc.content);
            self.links.add(link, FOLDED, posting, cap, key_of);
        }
    }

    fn unlink(&mut self, slot: u32) {
        self.slots.remove(slot, id_of(&self.docs));
        self.addresses.remove(slot, address_of(&self.docs));
        let Some(doc) = self.docs[slot as usize].take() else {
            return;
        };
        for term in doc.terms() {
            self.lexicon.take(term.number, term.form, slot);
            // The number may go to another term.
            if self.lexicon.get(term.number).used == 0 {
                self.clustering.forget(term.number);
            }
        }
        for &link in doc.links() {
            self.links.take(link, FOLDED, slot);
        }
    }

    /// Gives lists that lost a posting what they once turned away.
    pub(crate) fn refill(&mut self) {
        let leaky = self.lexicon.leaky();
        if leaky.is_empty() {
            return;
        }
        for &term in &leaky {
            self.lexicon.drain(term);
        }
        let cap = self.parameters.relation_postings;
        for (slot, doc) in (0..).zip(&self.docs) {
            let Some(doc) = doc else { continue };
            let key_of = |slot: u32| content_key(&self.docs, slot);
            let length = length(doc);
            for term in doc.terms() {
                if leaky.binary_search(&term.number).is_ok() {
                    let posting = Posting::new(slot, saturated(term.count, length), doc.content);
                    self.lexicon.refill(term.number, posting, cap, key_of);
                }
            }
        }
    }

    /// Bytes of the lists from which relations are found; bounded by `relation_postings` for every term.
    pub fn relation_bytes(&self) -> usize {
        self.lexicon.posting_bytes() + self.links.posting_bytes()
    }

    /// Writes the whole state; [`Graph::load`] goes on as if nothing had happened.
    pub fn write_to(&self, out: impl std::io::Write) -> Result<(), GraphError> {
        write(self, out)
    }

    pub fn load(bytes: &[u8]) -> Result<Self, GraphError> {
        let mut graph: Self = read_saved(bytes)?;
        graph.check()?;
        graph.lexicon.restore();
        graph.links.restore();
        graph.index();
        graph.list_members();
        Ok(graph)
    }

    /// Numbers in a damaged file must not lead out of the tables.
    fn check(&self) -> Result<(), GraphError> {
        let (terms, links) = (self.lexicon.len() as u32, self.links.len() as u32);
        let slots = self.docs.len() as u32;
        let sound = self.docs.iter().flatten().all(|doc| {
            doc.is_sound()
                && doc.terms().all(|term| term.number < terms)
                && doc.links().iter().all(|link| *link < links)
                && doc.place.copies < slots
        });
        let listed = self.lexicon.within(slots) && self.links.within(slots);
        if sound && listed && repeated::within(&self.repeated, slots) {
            Ok(())
        } else {
            Err(postcard::Error::DeserializeBadEncoding.into())
        }
    }
}

/// Words of a conversation, titles counted as often as they weigh.
fn length(doc: &Doc) -> f32 {
    doc.terms().map(|term| f32::from(term.count)).sum()
}

fn content_key(docs: &[Option<Doc>], slot: u32) -> Option<ContentKey> {
    let doc = docs.get(slot as usize)?.as_ref()?;
    Some((
        doc.facts.first_day(),
        doc.content,
        doc.facts.place(),
        doc.facts.id,
    ))
}

fn id_of(docs: &[Option<Doc>]) -> impl Fn(u32) -> Option<ConversationId> + '_ {
    |slot| Some(docs.get(slot as usize)?.as_ref()?.facts.id)
}

fn address_of(docs: &[Option<Doc>]) -> impl Fn(u32) -> Option<u64> + '_ {
    |slot| Some(docs.get(slot as usize)?.as_ref()?.address)
}

pub(crate) fn address(url: &str) -> u64 {
    canonical_str(url).map_or_else(|| hash(url.as_bytes()), |url| hash(url.as_bytes()))
}
