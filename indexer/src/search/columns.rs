//! The fast fields of one segment, and what is counted of each document, decoded once: a query that counts a hundred
//! thousand documents would spend most of its time unpacking the same columns again.

use std::sync::OnceLock;

use discover_model::{ConversationId, Language, NetworkId, SourceKind};
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::{DocId, SegmentReader};

use crate::error::IndexError;
use crate::schema::column;

/// The fast fields of one segment.
#[derive(Debug)]
pub(crate) struct Columns {
    pub(crate) segment: SegmentId,
    documents: DocId,
    /// Decoded when first asked for.
    facts: OnceLock<Facts>,
    id_high: Column<u64>,
    id_low: Column<u64>,
    network: Column<u64>,
    pub(crate) networks: Vec<NetworkId>,
    kind: Column<u64>,
    language: Column<u64>,
    pub(crate) languages: Vec<Language>,
    pub(crate) started: Column<i64>,
    pub(crate) last_active: Column<i64>,
    pub(crate) post_day: Column<i64>,
    pub(crate) voice: Column<u64>,
}

impl Columns {
    pub(super) fn open(segment: &SegmentReader) -> Result<Self, IndexError> {
        let fast = segment.fast_fields();
        let max = segment.max_doc();
        let numbers = |name: &str| -> Result<Column<u64>, IndexError> {
            Ok(fast
                .column_opt(name)?
                .unwrap_or_else(|| Column::build_empty_column(max)))
        };
        let times = |name: &str| -> Result<Column<i64>, IndexError> {
            Ok(fast
                .column_opt(name)?
                .unwrap_or_else(|| Column::build_empty_column(max)))
        };
        let words = |name: &str| -> Result<(Column<u64>, Vec<Vec<u8>>), IndexError> {
            let Some(bytes) = fast.bytes(name)? else {
                return Ok((Column::build_empty_column(max), Vec::new()));
            };
            let mut values = Vec::with_capacity(bytes.num_terms());
            for ord in 0..bytes.num_terms() as u64 {
                let mut value = Vec::new();
                bytes.ord_to_bytes(ord, &mut value)?;
                values.push(value);
            }
            Ok((bytes.ords().clone(), values))
        };
        let damaged = |name: &str| IndexError::Corrupt(format!("column {name} cannot be read"));
        let (network, networks) = words(column::NETWORK)?;
        let networks = networks
            .into_iter()
            .map(|bytes| {
                bytes
                    .try_into()
                    .map(NetworkId::from_bytes)
                    .map_err(|_| damaged(column::NETWORK))
            })
            .collect::<Result<_, _>>()?;
        let (language, languages) = words(column::LANGUAGE)?;
        let languages = languages
            .into_iter()
            .map(|bytes| {
                std::str::from_utf8(&bytes)
                    .ok()
                    .and_then(|code| code.parse().ok())
                    .ok_or_else(|| damaged(column::LANGUAGE))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            segment: segment.segment_id(),
            documents: max,
            facts: OnceLock::new(),
            id_high: numbers(column::ID_HIGH)?,
            id_low: numbers(column::ID_LOW)?,
            network,
            networks,
            kind: numbers(column::KIND)?,
            language,
            languages,
            started: times(column::STARTED)?,
            last_active: times(column::LAST_ACTIVE)?,
            post_day: times(column::POST_DAY)?,
            voice: numbers(column::VOICE)?,
        })
    }

    pub(crate) fn id(&self, doc: DocId) -> ConversationId {
        let high = u128::from(self.id_high.first(doc).unwrap_or_default());
        let low = u128::from(self.id_low.first(doc).unwrap_or_default());
        ConversationId::from_u128(high << 64 | low)
    }

    pub(super) fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| Facts::of(self, self.documents))
    }

    /// Position in `networks`.
    pub(crate) fn network(&self, doc: DocId) -> Option<usize> {
        self.network.first(doc).map(|ord| ord as usize)
    }

    /// Position in `languages`.
    pub(crate) fn language(&self, doc: DocId) -> Option<usize> {
        self.language.first(doc).map(|ord| ord as usize)
    }

    /// Position in [`SourceKind::ALL`].
    pub(crate) fn kind_number(&self, doc: DocId) -> Option<usize> {
        let number = self.kind.first(doc)? as usize;
        (number < SourceKind::ALL.len()).then_some(number)
    }
}

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
