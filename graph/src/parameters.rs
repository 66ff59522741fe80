//! Every constant of the graph in one place, with its meaning. One set of values serves all data: short titles and long
//! threads, three conversations and a million. Nothing here was chosen per data set.

use serde::{Deserialize, Serialize};

/// What the graph's arithmetic depends on besides the conversations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parameters {
    /// Words read of one conversation; the rest adds cost, hardly meaning.
    pub max_tokens: usize,
    /// Distinct terms kept of one conversation, most used first.
    pub max_terms: usize,
    /// How often a word of the title counts.
    pub title_weight: u16,
    /// Share of MinHash values that two texts must agree in to be near copies.
    pub copy_similarity: f32,
    /// Postings kept of one term for relations, those with the highest impact over all time.
    pub relation_postings: usize,
    /// Terms of a conversation that are looked up for relations, heaviest first.
    pub relation_terms: usize,
    /// Candidates whose likeness is computed from all their terms.
    pub relation_rerank: usize,
    /// Relations by words alone that are below this likeness are not worth a reader's time: 1 is what a conversation has
    /// in common with its ten best neighbours on average, two at random have .1 to .2.
    pub relation_floor: f32,
    /// Likeness by meaning, beyond chance, from which two are said to say much the same.
    pub meaning_floor: f32,
    /// Terms of a conversation that decide its topic, heaviest first.
    pub topic_terms: usize,
    /// Newest postings kept of one term for topics.
    pub topic_postings: usize,
    /// Neighbours kept of one conversation for topics.
    pub neighbours: usize,
    /// Half-life of the short rate of *emerging*, in days.
    pub short_half_life: f64,
    /// Half-life of the long rate, in days.
    pub long_half_life: f64,
    /// A challenger replaces a topic's label only where it scores so many times the old label's score.
    pub label_margin: f32,
    /// Steps of the layout from cold and from the last positions.
    pub layout_cold: u32,
    pub layout_warm: u32,
    /// Topics drawn at one level of the map, largest first.
    pub map_topics: usize,
    /// Topics of one level between which links are kept, largest first.
    pub linked_topics: usize,
    /// Links kept of one topic, strongest first; a link that either end keeps is kept.
    pub topic_links: usize,
    /// Events and aliases remembered.
    pub max_aliases: usize,
    pub max_history: usize,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            max_tokens: 20_000,
            max_terms: 400,
            title_weight: 5,
            copy_similarity: 0.4,
            relation_postings: 512,
            relation_terms: 40,
            relation_rerank: 100,
            relation_floor: 0.6,
            meaning_floor: 0.3,
            topic_terms: 16,
            topic_postings: 256,
            neighbours: 15,
            short_half_life: 3.0,
            long_half_life: 30.0,
            label_margin: 1.25,
            layout_cold: 300,
            layout_warm: 40,
            map_topics: 300,
            linked_topics: 400,
            topic_links: 16,
            max_aliases: 10_000,
            max_history: 40,
        }
    }
}
