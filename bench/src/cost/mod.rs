//! `discover-bench cost`: what a query costs, row by row, beside two ceilings of the same run.
//!
//! The first ceiling is bare tantivy on *our* schema: the query that our compiler makes, run by tantivy's own
//! collectors. What is above it is our parsing, compiling, ranking and counting. The second is bare tantivy as one would
//! first write it: one stemmed field, no filter, nothing hidden. Each query is timed three times on this thread's CPU
//! clock and the least counts.

mod counts;
pub(crate) mod posts;

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use discover_indexer::{Index, Interval, Matching, SearchContext, SearchRequest, Sort, highlight};
use discover_model::{Conversation, ConversationId, NetworkId, TopicId, Visibility};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, FuzzyTermQuery, PhraseQuery, Query, RangeQuery, TermQuery,
};
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing,
    TextOptions, Value,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::TokenStream;
use tantivy::{DocAddress, Order, Searcher, TantivyDocument, Term, doc};

use crate::measure::{process_cpu, timed};
use counts::Counts;
use posts::{Post, SplitMix64};

const TOP: usize = 10;
const NEWEST: usize = 20;
const ROUNDS: usize = 3;
/// Posts put again in one commit, as live indexing does.
const UPSERTS: usize = 100;

/// Two words of one post, the one that follows the first, and the beginning of the first.
struct Words {
    one: String,
    other: String,
    follows: String,
}

/// What a row asks of our index.
#[derive(Clone, Copy)]
struct Asked {
    name: &'static str,
    q: fn(&Words) -> String,
    sort: Sort,
    limit: usize,
    counts: Option<Interval>,
    /// Snippets of the hits as well.
    snippets: bool,
    /// The exact total, on the side of the ceilings (ours always gives it).
    total: bool,
    bare: fn(&Bare, &Words) -> Box<dyn Query>,
    queries: usize,
}

struct Bare {
    index: tantivy::Index,
    body: Field,
    day: Field,
}

const fn days(interval: Interval) -> i64 {
    match interval {
        Interval::Day => 1,
        Interval::Week => 7,
        Interval::Month => 30,
    }
}

fn rows(queries: usize) -> Vec<Asked> {
    let plain = Asked {
        name: "",
        q: |_| String::new(),
        sort: Sort::Relevance,
        limit: TOP,
        counts: None,
        snippets: false,
        total: true,
        bare: |_, _| Box::new(AllQuery),
        queries,
    };
    let both: fn(&Words) -> String = |words| format!("{} {}", words.one, words.other);
    let all_words: fn(&Bare, &Words) -> Box<dyn Query> =
        |bare, words| Box::new(BooleanQuery::intersection(bare.terms(words)));
    vec![
        Asked {
            name: "two words, top 10, exact total",
            q: both,
            bare: all_words,
            ..plain
        },
        Asked {
            name: "two words, top 10",
            q: both,
            total: false,
            bare: all_words,
            ..plain
        },
        Asked {
            name: "either of two words, top 10",
            q: |words| format!("{} OR {}", words.one, words.other),
            total: false,
            bare: |bare, words| Box::new(BooleanQuery::union(bare.terms(words))),
            ..plain
        },
        Asked {
            name: "phrase of two words, top 10, exact total",
            q: |words| format!("\"{} {}\"", words.one, words.follows),
            bare: |bare, words| {
                let terms = vec![bare.term(&words.one), bare.term(&words.follows)];
                Box::new(PhraseQuery::new(terms))
            },
            ..plain
        },
        Asked {
            name: "one word, newest 20",
            q: |words| words.one.clone(),
            sort: Sort::Newest,
            limit: NEWEST,
            total: false,
            bare: |bare, words| bare.word(&words.one),
            ..plain
        },
        Asked {
            name: "one word, last 30 days, top 10, facets and weeks",
            q: |words| format!("{} last:30d", words.one),
            counts: Some(Interval::Week),
            bare: |bare, words| {
                let today = posts::today();
                let since = posts::day_number(today) - 30;
                let days = RangeQuery::new(
                    std::ops::Bound::Included(Term::from_field_i64(bare.day, since)),
                    std::ops::Bound::Unbounded,
                );
                Box::new(BooleanQuery::intersection(vec![
                    bare.word(&words.one),
                    Box::new(days),
                ]))
            },
            ..plain
        },
        Asked {
            name: "one word, facets and days",
            q: |words| words.one.clone(),
            counts: Some(Interval::Day),
            bare: |bare, words| bare.word(&words.one),
            ..plain
        },
        Asked {
            name: "everything, facets and weeks",
            sort: Sort::Newest,
            counts: Some(Interval::Week),
            queries: queries.min(20),
            ..plain
        },
        Asked {
            name: "two words, top 10, snippets",
            q: both,
            snippets: true,
            bare: all_words,
            ..plain
        },
        Asked {
            name: "beginning of a word, top 10, exact total",
            q: |words| format!("{}*", &words.one[..4]),
            bare: |bare, words| {
                Box::new(FuzzyTermQuery::new_prefix(
                    bare.term(&words.one[..4]),
                    0,
                    false,
                ))
            },
            ..plain
        },
    ]
}

/// Runs every row on `count` generated posts.
pub(crate) fn run(input: &Path, count: usize, queries: usize) -> anyhow::Result<()> {
    let posts = posts::generate(input, count)?;
    let raw: usize = posts.iter().map(|post| post.text.len()).sum();
    let folder = tempfile::tempdir()?;
    let (index, indexing) = ours(&posts, folder.path())?;
    let bare_folder = tempfile::tempdir()?;
    let (bare, bare_indexing) = bare(&posts, bare_folder.path())?;
    println!(
        "{count} posts of {} bytes; posts indexed per CPU second: ours {:.0}, bare tantivy with one field {:.0}, ratio {:.2}",
        raw / count.max(1),
        count as f64 / indexing.as_secs_f64(),
        count as f64 / bare_indexing.as_secs_f64(),
        bare_indexing.as_secs_f64() / indexing.as_secs_f64(),
    );
    let conversations: Vec<Conversation> = posts.iter().map(posts::conversation).collect();
    let bench = Bench {
        index: &index,
        bare_searcher: bare.index.reader()?.searcher(),
        bare: &bare,
        conversations: &conversations,
        words: words(&posts, queries),
    };
    println!(
        "\n| query, CPU ms p50 / p99 | found | ours | same query, bare tantivy | ratio of p50 / p99 / sums | one field, no filter | ratio of p50 |\n|---|--:|--:|--:|--:|--:|--:|"
    );
    for row in rows(queries) {
        bench.row(&row)?;
    }
    bench.upserts(&posts)?;
    Ok(())
}

struct Bench<'a> {
    index: &'a Index,
    bare: &'a Bare,
    bare_searcher: Searcher,
    conversations: &'a [Conversation],
    words: Vec<Words>,
}

/// The least CPU time of a few rounds.
fn least<T>(mut work: impl FnMut() -> anyhow::Result<T>) -> anyhow::Result<(T, f64)> {
    let mut best: Option<(T, f64)> = None;
    for _ in 0..ROUNDS {
        let (value, cpu) = timed(&mut work);
        let cpu = cpu.as_secs_f64() * 1e3;
        if best.as_ref().is_none_or(|(_, least)| cpu < *least) {
            best = Some((value?, cpu));
        }
    }
    best.context("no round")
}

fn share(costs: &mut [f64], share: f64) -> f64 {
    costs.sort_unstable_by(f64::total_cmp);
    costs
        .get(((costs.len() as f64 - 1.0) * share).round() as usize)
        .copied()
        .unwrap_or(f64::NAN)
}

impl Bench<'_> {
    fn row(&self, row: &Asked) -> anyhow::Result<()> {
        // One network of fifty is hidden, as an instance always has something to hide.
        let visibility = Visibility {
            networks: [NetworkId::from_u128(u128::from(posts::NETWORKS))].into(),
            ..Visibility::default()
        };
        let context = SearchContext {
            visibility: &visibility,
            slugs: &|_: &str| None::<NetworkId>,
            topic_members: &|_: TopicId| None,
            // Topics are the graph's, and no part of these rows.
            topic_of: &|_: ConversationId| None,
            copies_of: &|_: ConversationId| None,
            may_be_long: true,
            today: posts::today(),
        };
        let (mut ours, mut same, mut bare, mut found) = (vec![], vec![], vec![], 0);
        for words in self.words.iter().take(row.queries) {
            let request = SearchRequest {
                q: (row.q)(words),
                sort: row.sort,
                limit: row.limit,
                facets: row.counts.is_some(),
                interval: row.counts.unwrap_or_default(),
                matching: Matching::Auto,
                ..SearchRequest::default()
            };
            let (total, cost) = least(|| {
                let answer = self.index.search(&request, &context)?;
                if row.snippets {
                    let query = discover_indexer::query::parse(&request.q)?;
                    for hit in &answer.hits {
                        let of = &self.conversations[hit.id.as_u128() as usize];
                        std::hint::black_box(highlight(&query, of));
                    }
                }
                Ok(answer.total)
            })?;
            found += total;
            ours.push(cost);
            let (searcher, compiled) = self.index.compiled(&request, &context)?;
            let text = |address: DocAddress| {
                let fast = searcher.segment_reader(address.segment_ord).fast_fields();
                let number = fast.u64("id_low").ok()?.first(address.doc_id)?;
                let post = self.conversations[number as usize].posts.first()?;
                Some(post.text.clone())
            };
            let any = searcher.schema().get_field("any")?;
            let ((), cost) = least(|| Self::ceiling(row, &searcher, &*compiled, any, &text))?;
            same.push(cost);
            let ((), cost) = least(|| {
                let query = (row.bare)(self.bare, words);
                let text = |address: DocAddress| {
                    let stored: TantivyDocument = self.bare_searcher.doc(address).ok()?;
                    Some(stored.get_first(self.bare.body)?.as_str()?.to_owned())
                };
                Self::ceiling(row, &self.bare_searcher, &*query, self.bare.body, &text)
            })?;
            bare.push(cost);
        }
        let sums = ours.iter().sum::<f64>() / same.iter().sum::<f64>();
        let (mine, other, plain) = (
            (share(&mut ours, 0.5), share(&mut ours, 0.99)),
            (share(&mut same, 0.5), share(&mut same, 0.99)),
            (share(&mut bare, 0.5), share(&mut bare, 0.99)),
        );
        println!(
            "| {} | {} | {:.3} / {:.3} | {:.3} / {:.3} | {:.2} / {:.2} / {sums:.2} | {:.3} / {:.3} | {:.2} |",
            row.name,
            found / ours.len().max(1) as u64,
            mine.0,
            mine.1,
            other.0,
            other.1,
            mine.0 / other.0,
            mine.1 / other.1,
            plain.0,
            plain.1,
            mine.0 / plain.0,
        );
        Ok(())
    }

    /// What the row asks for, by tantivy's own means.
    fn ceiling(
        row: &Asked,
        searcher: &Searcher,
        query: &dyn Query,
        field: Field,
        text: &dyn Fn(DocAddress) -> Option<String>,
    ) -> anyhow::Result<()> {
        let top = TopDocs::with_limit(row.limit);
        let counts = row.counts.map(|interval| Counts {
            days: days(interval),
        });
        let addresses: Vec<DocAddress> = if row.sort == Sort::Relevance {
            let top = top.order_by_score();
            let (hits, counted) = match counts {
                Some(counts) => {
                    let (hits, total, counted) = searcher.search(query, &(top, Count, counts))?;
                    (hits, total as u64 + counted.sum())
                }
                None if row.total => {
                    let (hits, total) = searcher.search(query, &(top, Count))?;
                    (hits, total as u64)
                }
                None => (searcher.search(query, &top)?, 0),
            };
            std::hint::black_box(counted);
            hits.into_iter().map(|(_, address)| address).collect()
        } else {
            let top = top.order_by_fast_field::<i64>("last_active", Order::Desc);
            match counts {
                Some(counts) => {
                    let (hits, total, counted) = searcher.search(query, &(top, Count, counts))?;
                    std::hint::black_box(total as u64 + counted.sum());
                    hits.into_iter().map(|(_, address)| address).collect()
                }
                None => {
                    let hits = searcher.search(query, &top)?;
                    hits.into_iter().map(|(_, address)| address).collect()
                }
            }
        };
        if row.snippets {
            let snippets = SnippetGenerator::create(searcher, query, field)?;
            for address in addresses {
                let text = text(address).context("a post without text")?;
                std::hint::black_box(snippets.snippet(&text).to_html());
            }
        }
        Ok(())
    }

    /// A hundred posts put again, committed and seen, as while crawling: all threads together.
    fn upserts(&self, posts: &[Post]) -> anyhow::Result<()> {
        let mut writer: tantivy::IndexWriter =
            self.bare.index.writer_with_num_threads(1, 32 << 20)?;
        let reader = self.bare.index.reader()?;
        let number = self.bare.index.schema().get_field("number")?;
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for round in 0..20 {
            let from = (round * 997) % (posts.len() - UPSERTS);
            let before = process_cpu();
            for conversation in &self.conversations[from..from + UPSERTS] {
                self.index.put(conversation)?;
            }
            self.index.commit(2 + round as u64)?;
            ours.push((process_cpu() - before).as_secs_f64() * 1e3);
            let before = process_cpu();
            for post in &posts[from..from + UPSERTS] {
                writer.delete_term(Term::from_field_u64(number, post.number));
                writer.add_document(self.bare.document(post)?)?;
            }
            writer.commit()?;
            reader.reload()?;
            bare.push((process_cpu() - before).as_secs_f64() * 1e3);
        }
        let (ours, bare) = (share(&mut ours, 0.5), share(&mut bare, 0.5));
        println!(
            "| {UPSERTS} posts put again, commit, reload (whole process) | | {ours:.1} | | | {bare:.1} | {:.2} |",
            ours / bare
        );
        Ok(())
    }
}

/// Words to ask for: two of one post and what follows the first, none of them a function word by its length.
fn words(posts: &[Post], count: usize) -> Vec<Words> {
    let mut numbers = SplitMix64::new(77);
    let fits = |word: &str| word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut found = Vec::new();
    while found.len() < count {
        let post = &posts[numbers.below(posts.len() as u64) as usize];
        let all: Vec<&str> = post.text.split_whitespace().collect();
        let at = numbers.below(all.len() as u64 - 1) as usize;
        let other = all[numbers.below(all.len() as u64) as usize];
        let (one, follows) = (all[at], all[at + 1]);
        if fits(one) && fits(follows) && fits(other) && one != other && one != follows {
            found.push(Words {
                one: one.to_owned(),
                other: other.to_owned(),
                follows: follows.to_owned(),
            });
        }
    }
    found
}

fn ours(posts: &[Post], folder: &Path) -> anyhow::Result<(Index, Duration)> {
    let index = Index::open(folder, "UTC")?;
    let mut spent = Duration::ZERO;
    for some in posts.chunks(5_000) {
        let conversations: Vec<Conversation> = some.iter().map(posts::conversation).collect();
        let before = process_cpu();
        for conversation in &conversations {
            index.put(conversation)?;
        }
        spent += process_cpu().saturating_sub(before);
    }
    let before = process_cpu();
    index.commit(1)?;
    Ok((index, spent + process_cpu().saturating_sub(before)))
}

impl Bare {
    fn term(&self, word: &str) -> Term {
        let mut analyzer = self.index.tokenizers().get("en_stem").unwrap_or_default();
        let mut stream = analyzer.token_stream(word);
        let stemmed = if stream.advance() {
            stream.token().text.clone()
        } else {
            word.to_owned()
        };
        Term::from_field_text(self.body, &stemmed)
    }

    fn word(&self, word: &str) -> Box<dyn Query> {
        Box::new(TermQuery::new(
            self.term(word),
            IndexRecordOption::WithFreqs,
        ))
    }

    fn terms(&self, words: &Words) -> Vec<Box<dyn Query>> {
        vec![self.word(&words.one), self.word(&words.other)]
    }

    fn document(&self, post: &Post) -> anyhow::Result<TantivyDocument> {
        let schema = self.index.schema();
        let field = |name: &str| schema.get_field(name);
        let day = posts::day_number(post.at.to_zoned(jiff::tz::TimeZone::UTC).date());
        Ok(doc!(
            self.body => post.text.as_str(),
            self.day => day,
            field("number")? => post.number,
            field("last_active")? => post.at.as_second(),
            field("kind")? => post.network % 10,
            field("network")? => post.network.to_le_bytes().as_slice(),
            field("language")? => b"en".as_slice(),
        ))
    }
}

fn bare(posts: &[Post], folder: &Path) -> anyhow::Result<(Bare, Duration)> {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("en_stem")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing) | STORED;
    let body = schema.add_text_field("body", text);
    let day = schema.add_i64_field("post_day", FAST);
    schema.add_u64_field("number", INDEXED);
    schema.add_i64_field("last_active", FAST);
    schema.add_u64_field("kind", FAST);
    schema.add_bytes_field("network", BytesOptions::default().set_fast());
    schema.add_bytes_field("language", BytesOptions::default().set_fast());
    let index = tantivy::Index::create_in_dir(folder, schema.build())?;
    let bare = Bare { index, body, day };
    let mut writer: tantivy::IndexWriter = bare.index.writer_with_num_threads(1, 32 << 20)?;
    let before = process_cpu();
    for post in posts {
        writer.add_document(bare.document(post)?)?;
    }
    writer.commit()?;
    let spent = process_cpu().saturating_sub(before);
    writer.wait_merging_threads()?;
    Ok((bare, spent))
}
