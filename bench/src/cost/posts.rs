//! Generated posts: stitched from runs of words of real texts, so that words are as frequent as in real ones while
//! every post is new. The same number gives the same posts.

use std::path::Path;

use discover_model::{
    Conversation, ConversationId, ConversationPost, GrantId, Language, NetworkId, PostId, SourceId,
    SourceKind, Voice,
};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::corpus;

/// How many networks the posts are spread over.
pub(crate) const NETWORKS: u64 = 50;
const VOICES: u64 = 20_000;
/// The posts are spread over so many days before [`today`].
const DAYS: u64 = 730;
/// Bytes a post is filled up to: the mean of the measured corpus.
const BYTES: usize = 440;
/// Words of a run.
const RUN: std::ops::Range<u64> = 4..15;

/// The day on which the bench takes place.
pub(crate) const fn today() -> Date {
    date(2026, 11, 22)
}

/// Days since 1970.
pub(crate) fn day_number(day: Date) -> i64 {
    day.duration_since(date(1970, 1, 1)).as_hours() / 24
}

/// A small generator of numbers: SplitMix64. Good enough to spread posts, and the same everywhere.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix64(u64);

impl SplitMix64 {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) const fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// One generated post.
#[derive(Debug)]
pub(crate) struct Post {
    pub(crate) number: u64,
    pub(crate) network: u64,
    pub(crate) voice: u64,
    pub(crate) at: Timestamp,
    pub(crate) kind: SourceKind,
    pub(crate) text: String,
}

/// `count` posts made of the texts in `input` (JSON lines with `text`).
pub(crate) fn generate(input: &Path, count: usize) -> anyhow::Result<Vec<Post>> {
    let lines = corpus::read(input)?;
    let words: Vec<&str> = lines
        .iter()
        .flat_map(|line| line.text.split_whitespace())
        .filter(|word| word.len() < 30 && !word.contains("://"))
        .collect();
    anyhow::ensure!(words.len() > 1000, "too few words in {}", input.display());
    let mut numbers = SplitMix64::new(5);
    let last = today().to_zoned(TimeZone::UTC)?.timestamp();
    Ok((0..count as u64)
        .map(|number| {
            let mut text = String::with_capacity(BYTES + 100);
            while text.len() < BYTES {
                let length = RUN.start + numbers.below(RUN.end - RUN.start);
                let from = numbers.below(words.len() as u64 - length) as usize;
                for word in &words[from..from + length as usize] {
                    text.push_str(word);
                    text.push(' ');
                }
            }
            // Few networks write much and many write little, as in life.
            let network = numbers.below(numbers.clone().below(NETWORKS) + 1);
            Post {
                number,
                network,
                voice: numbers.below(VOICES),
                at: last - (numbers.below(DAYS * 24 * 60) as i64).minutes(),
                kind: SourceKind::ALL[(network as usize) % SourceKind::ALL.len()],
                text,
            }
        })
        .collect())
}

/// The post as a conversation of one.
pub(crate) fn conversation(post: &Post) -> Conversation {
    let number = u128::from(post.number);
    let network = u128::from(post.network) + 1;
    let url = format!("https://site-{network}.example/talk/{number}");
    let mut voice = [0; 16];
    voice[..8].copy_from_slice(&post.voice.to_le_bytes());
    Conversation {
        id: ConversationId::from_u128(number),
        network: NetworkId::from_u128(network),
        kind: post.kind,
        url: url.clone(),
        title: String::new(),
        language: Some(Language::ENGLISH),
        started: Some(post.at),
        last_active: Some(post.at),
        posts: vec![ConversationPost {
            id: PostId::from_u128(number),
            source: SourceId::from_u128(network),
            grant: GrantId::from_u128(network),
            parent: None,
            url,
            title: None,
            text: post.text.clone(),
            language: Some(Language::ENGLISH),
            voice: Voice::from_bytes(voice),
            published: Some(post.at),
            first_seen: post.at,
            happened: Some(post.at.to_zoned(TimeZone::UTC).date()),
            links: Vec::new(),
        }],
    }
}
