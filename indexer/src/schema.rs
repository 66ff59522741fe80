//! The fields of one document per conversation.
//!
//! Contract: no text is stored, no name exists. `any` (neutral view, with positions) decides what is found; `title`,
//! `opening` and `replies` (stemmed view, frequencies only) decide the order. Every id, source and address a
//! conversation holds is a term, so that whatever visibility hides can be excluded inside the query.

use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema,
    TextFieldIndexing, TextOptions,
};

use crate::analysis::{NEUTRAL, STEMMED};

/// Part of the payload of every commit; another version means the index is rebuilt. It rises with the schema and with
/// what [`discover_model::text`] makes of a text.
pub(crate) const VERSION: u32 = 5;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    pub(crate) id_high: Field,
    pub(crate) id_low: Field,
    pub(crate) network: Field,
    pub(crate) source: Field,
    pub(crate) kind: Field,
    pub(crate) language: Field,
    pub(crate) started: Field,
    pub(crate) last_active: Field,
    /// Days since 1970 on which posts happened, each once, ascending.
    pub(crate) post_day: Field,
    pub(crate) posts: Field,
    /// The voices as 32-bit hashes of keyed hashes: enough to count them across conversations, nothing else.
    pub(crate) voice: Field,
    pub(crate) post: Field,
    /// Hashes of every path prefix of every post's address, for hidden paths.
    pub(crate) path: Field,
    pub(crate) any: Field,
    pub(crate) title: Field,
    pub(crate) opening: Field,
    pub(crate) replies: Field,
}

pub(crate) mod column {
    pub(crate) const ID_HIGH: &str = "id_high";
    pub(crate) const ID_LOW: &str = "id_low";
    pub(crate) const NETWORK: &str = "network";
    pub(crate) const KIND: &str = "kind";
    pub(crate) const LANGUAGE: &str = "language";
    pub(crate) const STARTED: &str = "started";
    pub(crate) const LAST_ACTIVE: &str = "last_active";
    pub(crate) const POST_DAY: &str = "post_day";
    pub(crate) const POSTS: &str = "posts";
    pub(crate) const VOICE: &str = "voice";
}

fn text(tokenizer: &str, option: IndexRecordOption) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(option)
            .set_fieldnorms(true),
    )
}

pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let fast_bytes = || BytesOptions::default().set_indexed().set_fast();
    let fast_number = || NumericOptions::default().set_fast();
    let positions = text(NEUTRAL, IndexRecordOption::WithFreqsAndPositions);
    let stems = text(STEMMED, IndexRecordOption::WithFreqs);
    let fields = Fields {
        id: builder.add_bytes_field("id", INDEXED),
        id_high: builder.add_u64_field(column::ID_HIGH, fast_number()),
        id_low: builder.add_u64_field(column::ID_LOW, fast_number()),
        network: builder.add_bytes_field(column::NETWORK, fast_bytes()),
        source: builder.add_bytes_field("source", INDEXED),
        kind: builder.add_u64_field(column::KIND, FAST | INDEXED),
        language: builder.add_bytes_field(column::LANGUAGE, fast_bytes()),
        started: builder.add_i64_field(column::STARTED, fast_number()),
        last_active: builder.add_i64_field(column::LAST_ACTIVE, fast_number()),
        post_day: builder.add_i64_field(column::POST_DAY, fast_number()),
        posts: builder.add_u64_field(column::POSTS, fast_number()),
        voice: builder.add_u64_field(column::VOICE, fast_number()),
        post: builder.add_bytes_field("post", INDEXED),
        path: builder.add_u64_field("path", INDEXED),
        any: builder.add_text_field("any", positions),
        title: builder.add_text_field("title", stems.clone()),
        opening: builder.add_text_field("opening", stems.clone()),
        replies: builder.add_text_field("replies", stems),
    };
    (builder.build(), fields)
}
