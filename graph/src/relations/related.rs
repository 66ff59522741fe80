//! Relations of one conversation or text: candidates through bounded postings, likeness from all terms, reasons kept.
//!
//! Computed when asked, from what is held then: nothing of a removed conversation can linger, and score and reasons of a
//! pair are the same from either side.

use std::collections::BTreeSet;

use discover_model::{ConversationId, Language};

use crate::clustering::meaning::{Alike, Meaning};
use crate::corpus::doc::Doc;
use crate::corpus::facts::Facts;
use crate::corpus::near_copies::likeness;
use crate::corpus::reading::{Raw, read_text};
use crate::corpus::scores::Scores;
use crate::graph::{Graph, address};
use crate::relations::naming::names;
use crate::relations::similarity::{Effort, Query, unit};
use crate::relations::{Reason, Relation};

/// Words named in a reason.
const NAMED: usize = 5;
/// Pages that more conversations than this link to say nothing about any two of them.
const COMMON_LINK: u32 = 100;
/// Part of all conversations from which a word is no reason, and how many that must be at least.
const COMMON_WORD: f32 = 0.25;
const COMMON_WORD_LEAST: u32 = 10;
/// Likeness of words from which two conversations may be about the same event.
const EVENT_LIKENESS: f32 = 0.35;
/// Days between two conversations about the same event.
const EVENT_DAYS: i64 = 3;
/// Part at which likeness by meaning counts within a language, where words speak too (docs/meaning.md).
const WITHIN_A_LANGUAGE: f32 = 0.3;
/// How soon likeness by meaning saturates between languages, as likeness of words does within one.
const SATURATION: f32 = 4.0;
/// Part at which shared words count where a model finds nothing in common, and the likeness from which they count in full.
const WORDS_WITHOUT_MEANING: f32 = 0.4;
const WORDS_IN_FULL: f32 = 0.5;

/// One side of a relation.
struct Side<'a> {
    links: Vec<u32>,
    signature: &'a [u32],
    facts: Option<&'a Facts>,
    language: Option<Language>,
}

impl Graph {
    /// The conversations most related to one by words and links, best first; empty where it is unknown.
    pub fn related(&self, id: ConversationId, limit: usize) -> Vec<Relation> {
        self.related_with(id, limit, None)
    }

    /// The conversations most related to one, by meaning too where a model is there.
    pub fn related_with(
        &self,
        id: ConversationId,
        limit: usize,
        meaning: Option<Meaning<'_>>,
    ) -> Vec<Relation> {
        let Some(slot) = self.slot(id) else {
            return Vec::new();
        };
        let Some(doc) = &self.docs[slot as usize] else {
            return Vec::new();
        };
        let terms: Vec<(u32, u16)> = doc.terms().map(|term| (term.number, term.count)).collect();
        let near = meaning
            .map(|meaning| (meaning.nearest)(id))
            .unwrap_or_default();
        let alike = |other| meaning.and_then(|meaning| (meaning.likeness)(id, other));
        self.relations(
            (&self.side(doc), &terms),
            Some(slot),
            limit,
            (&near, &alike),
        )
    }

    /// The conversations most related to a text that need not be kept. `near` are those that a model finds most like it.
    pub fn related_to_text(
        &self,
        text: &str,
        language: Option<Language>,
        limit: usize,
        near: &Alike,
    ) -> Vec<Relation> {
        let raw: Raw = read_text(text, language, &self.parameters);
        let known = raw
            .terms
            .iter()
            .filter_map(|term| Some((self.lexicon.number(&term.folded)?, term.count)));
        let side = Side {
            links: Vec::new(),
            signature: &raw.signature,
            facts: None,
            language,
        };
        let alike = |other| {
            let found = near.iter().find(|(id, _)| *id == other);
            found.map(|(_, likeness)| *likeness)
        };
        let terms: Vec<(u32, u16)> = known.collect();
        self.relations((&side, &terms), None, limit, (near, &alike))
    }

    fn side<'a>(&self, doc: &'a Doc) -> Side<'a> {
        Side {
            links: doc.links().to_vec(),
            signature: doc.signature(),
            facts: Some(&doc.facts),
            language: doc.facts.language,
        }
    }

    fn relations(
        &self,
        (side, terms): (&Side<'_>, &[(u32, u16)]),
        own: Option<u32>,
        limit: usize,
        (by_meaning, alike): (&Alike, &dyn Fn(ConversationId) -> Option<f32>),
    ) -> Vec<Relation> {
        let effort = Effort {
            terms: self.parameters.relation_terms,
            postings: self.parameters.relation_postings,
            compared: self.parameters.relation_rerank,
        };
        let query = Query::of(self, terms);
        let mut scores = Scores::new(effort.terms * effort.postings);
        let near = query.nearest(self, own, effort, &mut scores);
        let unit = own.map_or_else(
            || unit(near.iter().map(|(score, _)| *score)),
            |slot| self.unit_of(slot, &mut scores),
        );
        let mut slots: BTreeSet<u32> = near.into_iter().map(|(_, slot)| slot).collect();
        slots.extend(self.linked(side));
        slots.extend(by_meaning.iter().filter_map(|(id, _)| self.slot(*id)));
        slots.retain(|slot| Some(*slot) != own);
        let mut found: Vec<(u32, Relation)> = slots
            .into_iter()
            .filter_map(|slot| {
                let doc = self.docs[slot as usize].as_ref()?;
                let far = self.unit_of(slot, &mut scores);
                let alike = alike(doc.facts.id);
                let relation = self.relation((side, &query), (slot, doc), unit * far, alike)?;
                Some((slot, relation))
            })
            .collect();
        found.sort_by(|a, b| {
            let keys = || self.content_key(a.0).cmp(&self.content_key(b.0));
            b.1.score.total_cmp(&a.1.score).then_with(keys)
        });
        found.truncate(limit);
        found.into_iter().map(|(_, relation)| relation).collect()
    }

    /// What a conversation has in common with its best neighbours on average; worked out where no pass has seen it yet.
    fn unit_of(&self, slot: u32, scores: &mut Scores) -> f32 {
        let known = self.place(slot).unit;
        if known > 0.0 {
            return known;
        }
        let terms = self.terms_of(slot);
        let terms: Vec<(u32, u16)> = terms.map(|term| (term.number, term.count)).collect();
        let effort = Effort::ONE_OF_ALL;
        let near = Query::of(self, &terms).nearest(self, Some(slot), effort, scores);
        unit(near.iter().map(|(score, _)| *score))
    }

    /// Slots that links lead to, or that link to the same page.
    fn linked(&self, side: &Side<'_>) -> BTreeSet<u32> {
        let mut slots = BTreeSet::new();
        for &link in &side.links {
            let entry = self.links.get(link);
            if entry.used <= COMMON_LINK {
                slots.extend(entry.postings.iter().map(|posting| posting.slot));
            }
            slots.extend(self.at_address(address(&entry.text)));
        }
        if let Some(link) = side.facts.and_then(|facts| self.own_link(facts)) {
            let postings = self.links.get(link).postings.iter();
            slots.extend(postings.map(|posting| posting.slot));
        }
        slots
    }

    /// The number under which others link to a conversation.
    fn own_link(&self, facts: &Facts) -> Option<u32> {
        let canonical = discover_model::canonical::canonical_str(facts.url());
        self.links
            .number(canonical.as_deref().unwrap_or(facts.url()))
    }

    fn relation(
        &self,
        (a, query): (&Side<'_>, &Query),
        (slot, doc): (u32, &Doc),
        units: f32,
        meaning: Option<f32>,
    ) -> Option<Relation> {
        let b = &self.side(doc);
        let mut reasons = Vec::new();
        let shared = query.shared(self, slot);
        let product: f32 = shared.iter().map(|(_, weight)| weight).sum();
        let alike = if units > 0.0 {
            product / units.sqrt()
        } else {
            0.0
        };
        let words = (1.0 - (-alike).exp()) * meaning.map_or(1.0, words_count);
        let best = shared.first().map(|(term, _)| self.lexicon.get(*term).used);
        if alike >= self.parameters.relation_floor && best.is_some_and(|used| !self.is_common(used))
        {
            // A word that adds next to nothing explains nothing, and one that everybody uses neither.
            let told = shared.iter().filter(|(term, weight)| {
                *weight >= product * 0.05 && self.tells(*term, [a.language, b.language])
            });
            let told: Vec<u32> = told.map(|(term, _)| *term).take(NAMED).collect();
            let all: Vec<u32> = shared.iter().map(|(term, _)| *term).collect();
            let titles = [a.facts, b.facts].map(|facts| facts.map_or("", Facts::title));
            let terms = names(self, &told, &all, &titles);
            if !terms.is_empty() {
                reasons.push(Reason::SharedTerms {
                    terms,
                    weight: words,
                });
            }
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
            && let Some(reason) = same_event(one, other, &shared, words)
        {
            reasons.push(reason);
        }
        let alike =
            meaning.filter(|alike| *alike >= self.parameters.meaning_floor.max(f32::MIN_POSITIVE));
        reasons.extend(alike.map(|alike| by_meaning(a.language, b.language, alike)));
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

    /// Whether a word is a reason between texts in these languages.
    fn tells(&self, term: u32, languages: [Option<Language>; 2]) -> bool {
        !self.is_common(self.lexicon.get(term).used)
            && languages
                .iter()
                .all(|language| !self.clustering.is_everyday(*language, term))
    }

    /// Whether so many of all use a word that it is no reason.
    fn is_common(&self, used: u32) -> bool {
        used > COMMON_WORD_LEAST && used as f32 > COMMON_WORD * self.len() as f32
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

/// Part at which shared words count by how alike a model finds two: the same words can say different things.
fn words_count(alike: f32) -> f32 {
    WORDS_WITHOUT_MEANING + (1.0 - WORDS_WITHOUT_MEANING) * (alike / WORDS_IN_FULL).min(1.0)
}

/// That both say much the same: at full weight between languages, where words say nothing, and a little within one.
fn by_meaning(a: Option<Language>, b: Option<Language>, alike: f32) -> Reason {
    let languages = match (a, b) {
        (Some(a), Some(b)) if a != b => Some([a.min(b), a.max(b)]),
        _ => None,
    };
    let weight = if languages.is_some() {
        1.0 - (-SATURATION * alike).exp()
    } else {
        WITHIN_A_LANGUAGE * alike
    };
    Reason::Meaning { languages, weight }
}

/// Two networks that use several telling words in common within days.
fn same_event(a: &Facts, b: &Facts, shared: &[(u32, f32)], words: f32) -> Option<Reason> {
    let (first, second) = (a.posts.first()?.day?, b.posts.first()?.day?);
    let apart = crate::corpus::days::days_between(first, second).abs();
    (a.network != b.network && shared.len() >= 3 && words >= EVENT_LIKENESS && apart <= EVENT_DAYS)
        .then(|| Reason::SameEvent {
            day: first.min(second),
            weight: 0.1 * words,
        })
}
