//! Relations of one conversation or text: candidates through bounded postings, likeness from all terms, reasons kept.
//!
//! Computed when asked, from what is held then: nothing of a removed conversation can linger, and score and reasons of a
//! pair are the same from either side.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use discover_model::{ConversationId, Language};

use crate::corpus::doc::Doc;
use crate::corpus::facts::Facts;
use crate::corpus::near_copies::likeness;
use crate::corpus::reading::{Raw, read_text};
use crate::graph::{Graph, address};
use crate::relations::{Reason, Relation};

/// Words named in a reason.
const NAMED: usize = 5;
/// Pages that more conversations than this link to say nothing about any two of them.
const COMMON_LINK: u32 = 100;
/// Days between two conversations about the same event.
const EVENT_DAYS: i64 = 3;

/// Slots are our own small numbers: one multiplication spreads them well enough.
#[derive(Default)]
struct SlotHasher(u64);

impl Hasher for SlotHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }
    fn write_u32(&mut self, slot: u32) {
        self.0 = (self.0 ^ u64::from(slot))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(26);
    }
}

/// One side of a relation: weights by term number, in order of term number, of length 1.
struct Side<'a> {
    vector: Vec<(u32, f32)>,
    links: Vec<u32>,
    signature: &'a [u32],
    facts: Option<&'a Facts>,
}

impl Graph {
    /// The conversations most related to one, best first; empty where it is unknown.
    pub fn related(&self, id: ConversationId, limit: usize) -> Vec<Relation> {
        let Some(slot) = self.slot(id) else {
            return Vec::new();
        };
        let Some(doc) = &self.docs[slot as usize] else {
            return Vec::new();
        };
        self.relations(&self.side(doc), Some(slot), limit)
    }

    /// The conversations most related to a text that need not be kept.
    pub fn related_to_text(
        &self,
        text: &str,
        language: Option<Language>,
        limit: usize,
    ) -> Vec<Relation> {
        let raw: Raw = read_text(text, language, &self.parameters);
        let known = raw
            .terms
            .iter()
            .filter_map(|term| Some((self.lexicon.number(&term.folded)?, term.count)));
        let side = Side {
            vector: self.vector(known),
            links: Vec::new(),
            signature: &raw.signature,
            facts: None,
        };
        self.relations(&side, None, limit)
    }

    fn side<'a>(&self, doc: &'a Doc) -> Side<'a> {
        Side {
            vector: self.vector(doc.terms().map(|term| (term.number, term.count))),
            links: doc.links().to_vec(),
            signature: doc.signature(),
            facts: Some(&doc.facts),
        }
    }

    fn vector(&self, terms: impl Iterator<Item = (u32, u16)>) -> Vec<(u32, f32)> {
        let all = self.slots.len() as f32;
        let mut vector: Vec<(u32, f32)> = terms
            .map(|(term, count)| {
                (
                    term,
                    f32::from(count).sqrt() * rarity(all, self.lexicon.get(term).used),
                )
            })
            .collect();
        vector.sort_unstable_by_key(|(term, _)| *term);
        let norm = vector
            .iter()
            .map(|(_, weight)| weight * weight)
            .sum::<f32>()
            .sqrt();
        if norm > 0.0 {
            for (_, weight) in &mut vector {
                *weight /= norm;
            }
        }
        vector
    }

    fn relations(&self, side: &Side<'_>, own: Option<u32>, limit: usize) -> Vec<Relation> {
        let mut found: Vec<Relation> = self
            .candidates(side, own)
            .into_iter()
            .filter_map(|slot| {
                let doc = self.docs[slot as usize].as_ref()?;
                self.relation(side, &self.side(doc))
            })
            .filter(|relation| relation.score >= self.parameters.relation_floor)
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.other.cmp(&b.other)));
        found.truncate(limit);
        found
    }

    /// Slots worth comparing, lowest first.
    fn candidates(&self, side: &Side<'_>, own: Option<u32>) -> BTreeSet<u32> {
        let all = self.slots.len() as f32;
        let mut heavy = side.vector.clone();
        heavy.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        heavy.truncate(self.parameters.relation_terms);
        let mut scores: HashMap<u32, f32, BuildHasherDefault<SlotHasher>> = HashMap::default();
        for (term, weight) in heavy {
            let entry = self.lexicon.get(term);
            let weight = weight * rarity(all, entry.used);
            for posting in &entry.postings {
                *scores.entry(posting.slot).or_default() += weight * posting.impact;
            }
        }
        let mut best: Vec<(u32, f32)> = scores
            .into_iter()
            .filter(|(slot, _)| Some(*slot) != own)
            .collect();
        best.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        best.truncate(self.parameters.relation_rerank);
        let mut slots: BTreeSet<u32> = best.into_iter().map(|(slot, _)| slot).collect();
        for &link in &side.links {
            let entry = self.links.get(link);
            if entry.used <= COMMON_LINK {
                slots.extend(entry.postings.iter().map(|posting| posting.slot));
            }
            slots.extend(self.at_address(address(&entry.text)));
        }
        if let Some(link) = side.facts.and_then(|facts| self.own_link(facts)) {
            slots.extend(
                self.links
                    .get(link)
                    .postings
                    .iter()
                    .map(|posting| posting.slot),
            );
        }
        slots.retain(|slot| Some(*slot) != own);
        slots
    }

    /// The number under which others link to a conversation.
    fn own_link(&self, facts: &Facts) -> Option<u32> {
        let canonical = discover_model::canonical::canonical_str(facts.url());
        self.links
            .number(canonical.as_deref().unwrap_or(facts.url()))
    }

    fn relation(&self, a: &Side<'_>, b: &Side<'_>) -> Option<Relation> {
        let mut reasons = Vec::new();
        let mut shared: Vec<(u32, f32)> = Vec::new();
        let (mut left, mut right) = (a.vector.iter().peekable(), b.vector.iter().peekable());
        while let (Some(x), Some(y)) = (left.peek(), right.peek()) {
            match x.0.cmp(&y.0) {
                std::cmp::Ordering::Less => drop(left.next()),
                std::cmp::Ordering::Greater => drop(right.next()),
                std::cmp::Ordering::Equal => {
                    shared.push((x.0, x.1 * y.1));
                    left.next();
                    right.next();
                }
            }
        }
        let cosine: f32 = shared.iter().map(|(_, weight)| weight).sum();
        shared.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        if !shared.is_empty() {
            let named = shared.iter().take(NAMED);
            // A word that adds next to nothing explains nothing.
            let terms: Vec<String> = named
                .filter(|(_, weight)| *weight >= cosine * 0.05)
                .map(|(term, _)| self.lexicon.surface(*term).to_owned())
                .collect();
            reasons.push(Reason::SharedTerms {
                terms,
                weight: cosine,
            });
        }
        let alike = likeness(a.signature, b.signature);
        if alike >= self.parameters.copy_similarity {
            reasons.push(Reason::NearCopy { weight: alike });
        }
        if let Some((link, weight)) = self.common_link(&a.links, &b.links) {
            let url = self.links.get(link).text.to_string();
            reasons.push(Reason::SharedLink { url, weight });
        }
        // A link says the more the fewer link to the same page: a farm of links must not push others out.
        let cites = |from: &Side<'_>, to: &Side<'_>| -> Option<f32> {
            if from.links.is_empty() {
                return None;
            }
            let link = self.own_link(to.facts?)?;
            let found = from.links.binary_search(&link).is_ok();
            found.then(|| 0.5 / (1.0 + self.links.get(link).used.max(1) as f32).log2())
        };
        let cited = cites(a, b).into_iter().chain(cites(b, a));
        if let Some(weight) = cited.max_by(f32::total_cmp) {
            reasons.push(Reason::Quote { weight });
        }
        let other = b.facts?;
        if let Some(one) = a.facts
            && let Some(reason) = same_event(one, other, &shared, cosine)
        {
            reasons.push(reason);
        }
        reasons.sort_by(|x, y| y.weight().total_cmp(&x.weight()));
        // Independent reasons add up without passing 1.
        let miss: f32 = reasons
            .iter()
            .map(|reason| 1.0 - reason.weight().clamp(0.0, 1.0))
            .product();
        (!reasons.is_empty()).then_some(Relation {
            other: other.id,
            score: 1.0 - miss,
            reasons,
        })
    }

    /// The rarest page that both link to.
    fn common_link(&self, a: &[u32], b: &[u32]) -> Option<(u32, f32)> {
        a.iter()
            .filter(|link| b.binary_search(link).is_ok())
            .map(|link| (*link, self.links.get(*link).used))
            .filter(|(_, used)| *used <= COMMON_LINK)
            .min_by(|a, b| {
                let text = |link: u32| &self.links.get(link).text;
                a.1.cmp(&b.1).then_with(|| text(a.0).cmp(text(b.0)))
            })
            .map(|(link, used)| (link, 0.6 / (used.max(2) as f32).log2()))
    }
}

/// How telling a term is that so many of all conversations use.
pub(crate) fn rarity(all: f32, used: u32) -> f32 {
    (1.0 + all / (used.max(1) as f32)).ln()
}

/// Two networks that use several telling words in common within days.
fn same_event(a: &Facts, b: &Facts, shared: &[(u32, f32)], cosine: f32) -> Option<Reason> {
    let (first, second) = (a.posts.first()?.day?, b.posts.first()?.day?);
    let apart = crate::publication::measure::days_between(first, second).abs();
    (a.network != b.network && shared.len() >= 3 && cosine >= 0.15 && apart <= EVENT_DAYS).then(
        || Reason::SameEvent {
            day: first.min(second),
            weight: 0.1 * cosine,
        },
    )
}
