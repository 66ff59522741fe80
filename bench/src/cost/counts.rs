//! A collector that counts what facets and a timeline show, as tightly as it can be written on bare tantivy: by column
//! ordinals, without the networks and voices that our thresholds need behind every number.

use std::collections::BTreeMap;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

/// Counts conversations by network, language and kind, and by so many days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) days: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Counted {
    facets: [BTreeMap<Arc<[u8]>, u64>; 2],
    kinds: Vec<u64>,
    buckets: BTreeMap<i64, u64>,
}

impl Counted {
    /// All that was counted by day, so that no compiler leaves the work out.
    pub(crate) fn sum(&self) -> u64 {
        self.buckets.values().sum::<u64>()
            + self.kinds.iter().sum::<u64>()
            + self
                .facets
                .iter()
                .flat_map(|facet| facet.values())
                .sum::<u64>()
    }
}

/// A column of words, its values, and how often each was met.
type Words = (Column<u64>, Vec<Arc<[u8]>>, Vec<u64>);

pub(crate) struct OfSegment {
    words: [Words; 2],
    kind: Column<u64>,
    kinds: Vec<u64>,
    day: Column<i64>,
    first: i64,
    width: i64,
    buckets: Vec<u64>,
}

impl Collector for Counts {
    type Fruit = Counted;
    type Child = OfSegment;

    fn for_segment(
        &self,
        _ordinal: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<OfSegment> {
        let fast = segment.fast_fields();
        let words = |name: &str| -> tantivy::Result<_> {
            let bytes = fast
                .bytes(name)?
                .ok_or_else(|| TantivyError::FieldNotFound(name.to_owned()))?;
            let mut values = Vec::with_capacity(bytes.num_terms());
            for ord in 0..bytes.num_terms() as u64 {
                let mut value = Vec::new();
                bytes.ord_to_bytes(ord, &mut value)?;
                values.push(value.into());
            }
            let counts = vec![0; values.len()];
            Ok((bytes.ords().clone(), values, counts))
        };
        let day = fast.i64("post_day")?;
        let (first, last) = (day.min_value(), day.max_value());
        Ok(OfSegment {
            words: [words("network")?, words("language")?],
            kind: fast.u64("kind")?,
            kinds: vec![0; 32],
            first,
            width: self.days,
            buckets: vec![0; ((last - first).max(0) / self.days + 1) as usize],
            day,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Counted>) -> tantivy::Result<Counted> {
        let mut all = Counted {
            kinds: vec![0; 32],
            ..Counted::default()
        };
        for segment in segments {
            for (into, from) in all.facets.iter_mut().zip(segment.facets) {
                for (value, count) in from {
                    *into.entry(value).or_default() += count;
                }
            }
            for (into, from) in all.kinds.iter_mut().zip(segment.kinds) {
                *into += from;
            }
            for (bucket, count) in segment.buckets {
                *all.buckets.entry(bucket).or_default() += count;
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for OfSegment {
    type Fruit = Counted;

    fn collect(&mut self, doc: DocId, _score: Score) {
        for (column, _, counts) in &mut self.words {
            if let Some(ord) = column.first(doc) {
                counts[ord as usize] += 1;
            }
        }
        if let Some(kind) = self.kind.first(doc) {
            self.kinds[kind as usize] += 1;
        }
        for day in self.day.values_for_doc(doc) {
            self.buckets[((day - self.first) / self.width) as usize] += 1;
        }
    }

    fn harvest(self) -> Counted {
        Counted {
            facets: self
                .words
                .map(|(_, values, counts)| values.into_iter().zip(counts).collect()),
            kinds: self.kinds,
            buckets: self
                .buckets
                .into_iter()
                .enumerate()
                .map(|(at, count)| (self.first + at as i64 * self.width, count))
                .collect(),
        }
    }
}
