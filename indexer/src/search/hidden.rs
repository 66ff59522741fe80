//! From a visibility to the documents it hides.
//!
//! A conversation is hidden where its network or itself is, and also where *any* of its posts, sources or addresses is:
//! its text was indexed as one, so it must not be found by a word of the hidden part. It comes back as soon as its
//! visible remainder is put into the index.

use std::collections::HashMap;
use std::sync::Arc;

use discover_model::Visibility;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocSet, SegmentReader, TERMINATED, Term};

use super::sets::DocSets;
use crate::document::{MANY_PATHS, path_term};
use crate::schema::Fields;

/// Whether nothing at all is hidden.
pub(super) fn nothing(visibility: &Visibility) -> bool {
    visibility.networks.is_empty()
        && visibility.conversations.is_empty()
        && !visibility.hides_parts()
}

/// The hidden documents of one segment, deleted ones included; nothing where there are none.
pub(super) fn of_segment(
    segment: &SegmentReader,
    fields: &Fields,
    visibility: &Visibility,
) -> tantivy::Result<Option<Arc<BitSet>>> {
    let mut found = Matcher {
        segment,
        documents: BitSet::with_max_value(segment.max_doc()),
    };
    let bytes = |field: Field, id: [u8; 16]| Term::from_field_bytes(field, &id);
    for network in &visibility.networks {
        found.add(&bytes(fields.network, network.to_bytes()))?;
    }
    for conversation in &visibility.conversations {
        found.add(&bytes(fields.id, conversation.to_bytes()))?;
    }
    for source in &visibility.sources {
        found.add(&bytes(fields.source, source.to_bytes()))?;
    }
    for post in &visibility.posts {
        found.add(&bytes(fields.post, post.to_bytes()))?;
    }
    for (network, origin, prefix) in &visibility.paths {
        let mut of_network = Matcher {
            segment,
            documents: BitSet::with_max_value(segment.max_doc()),
        };
        of_network.add(&bytes(fields.network, network.to_bytes()))?;
        for path in [path_term(origin, prefix), MANY_PATHS] {
            let mut under = Matcher {
                segment,
                documents: BitSet::with_max_value(segment.max_doc()),
            };
            under.add(&Term::from_field_u64(fields.path, path))?;
            for document in 0..segment.max_doc() {
                if under.documents.contains(document) && of_network.documents.contains(document) {
                    found.documents.insert(document);
                }
            }
        }
    }
    Ok((found.documents.len() > 0).then(|| Arc::new(found.documents)))
}

struct Matcher<'a> {
    segment: &'a SegmentReader,
    documents: BitSet,
}

impl Matcher<'_> {
    fn add(&mut self, term: &Term) -> tantivy::Result<()> {
        let terms = self.segment.inverted_index(term.field())?;
        if let Some(mut postings) = terms.read_postings(term, IndexRecordOption::Basic)? {
            let mut document = postings.doc();
            while document != TERMINATED {
                self.documents.insert(document);
                document = postings.advance();
            }
        }
        Ok(())
    }
}

pub(super) fn of_all<'a>(
    segments: impl Iterator<Item = &'a SegmentReader>,
    fields: &Fields,
    visibility: &Visibility,
    known: &DocSets,
    looked_at: &[tantivy::index::SegmentId],
) -> tantivy::Result<DocSets> {
    let mut sets = HashMap::new();
    for segment in segments {
        let id = segment.segment_id();
        let documents = if looked_at.contains(&id) {
            known.0.get(&id).cloned()
        } else {
            of_segment(segment, fields, visibility)?
        };
        if let Some(documents) = documents {
            sets.insert(id, documents);
        }
    }
    Ok(DocSets(Arc::new(sets)))
}
