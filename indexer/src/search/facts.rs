//! What is counted of each document, decoded once for each segment: a query that counts a hundred thousand documents
//! would spend most of its time unpacking the same columns again.

use discover_model::ConversationId;
use tantivy::DocId;

use super::caches::Columns;

/// Stands for nothing.
const NONE: u16 = u16::MAX;

/// A document's network, language and kind, and where its days and voices end in the lists of all.
#[derive(Debug, Clone, Copy)]
struct Packed {
    network: u32,
    language: u16,
    kind: u16,
    days_end: u32,
    voices_end: u32,
}

/// The facts of one segment, by document.
#[derive(Debug)]
pub(super) struct Facts {
    ids: Vec<ConversationId>,
    rows: Vec<Packed>,
    days: Vec<i32>,
    voices: Vec<u32>,
}

/// The facts of one document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fact<'a> {
    pub(super) id: ConversationId,
    /// Position in the segment's networks.
    pub(super) network: usize,
    /// Position in the segment's languages.
    pub(super) language: Option<usize>,
    /// Position in `SourceKind::ALL`.
    pub(super) kind: Option<usize>,
    /// Days on which it was posted in, ascending.
    pub(super) days: &'a [i32],
    /// 32 bits of each voice's hash, which is what the index holds.
    pub(super) voices: &'a [u32],
}

impl Facts {
    pub(super) fn of(columns: &Columns, documents: DocId) -> Self {
        let mut facts = Self {
            ids: (0..documents).map(|doc| columns.id(doc)).collect(),
            rows: Vec::with_capacity(documents as usize),
            days: Vec::new(),
            voices: Vec::new(),
        };
        let small = |position: Option<usize>| {
            position
                .and_then(|position| u16::try_from(position).ok())
                .unwrap_or(NONE)
        };
        for doc in 0..documents {
            let days = columns.post_day.values_for_doc(doc);
            facts.days.extend(days.map(|day| day as i32));
            let voices = columns.voice.values_for_doc(doc);
            facts.voices.extend(voices.map(|voice| voice as u32));
            facts.rows.push(Packed {
                network: columns.network(doc).map_or(u32::MAX, |at| at as u32),
                language: small(columns.language(doc)),
                kind: small(columns.kind_number(doc)),
                days_end: facts.days.len() as u32,
                voices_end: facts.voices.len() as u32,
            });
        }
        facts.days.shrink_to_fit();
        facts.voices.shrink_to_fit();
        facts
    }

    /// Nothing for a document that names no network.
    pub(super) fn get(&self, doc: DocId) -> Option<Fact<'_>> {
        let at = doc as usize;
        let (row, id) = (self.rows.get(at)?, *self.ids.get(at)?);
        let before = at.checked_sub(1).and_then(|before| self.rows.get(before));
        let (days, voices) = before.map_or((0, 0), |row| (row.days_end, row.voices_end));
        let small = |position: u16| (position != NONE).then_some(position as usize);
        (row.network != u32::MAX).then(|| Fact {
            id,
            network: row.network as usize,
            language: small(row.language),
            kind: small(row.kind),
            days: &self.days[days as usize..row.days_end as usize],
            voices: &self.voices[voices as usize..row.voices_end as usize],
        })
    }
}
