//! The passages of a conversation that answer a query, with the words marked.
//!
//! Contract: pure, over the store's text, with the same analysis as the index, so that what was found by its stem is
//! marked too. All passages together have at most 300 characters; marks are half-open ranges of code points in the
//! passage's own text. Nothing is returned where only the title or a filter matched.

use std::collections::{BTreeMap, HashMap};

use discover_model::conversation::EXCERPT_CHARS;
use discover_model::text::{
    Joint, Segments, Stemmer, bare, fold, folded, normalise, segments, spellings,
    without_placeholders,
};
use discover_model::{Conversation, ConversationPost, PostId};

use crate::analysis::MAX_PARTS;
use crate::query::{Node, Query};

/// One passage of one post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Highlight {
    /// White space folded; `…` where the post goes on.
    pub text: String,
    pub marks: Vec<(usize, usize)>,
    pub post: PostId,
}

/// Text looked at in one conversation; a longer one may have its best passage further on.
const MAX_BYTES: usize = 1024 * 1024;
const MAX_PASSAGES: usize = 3;
/// Characters of a passage where there are several.
const SHORT: usize = 140;
/// Characters before the first mark.
const LEAD: usize = 50;
/// Fewest characters that are worth a passage.
const LEAST: usize = 60;

/// What may stand at one place of a row, folded.
type Slot = Vec<String>;

/// Words one behind the other: phrases, words with signs in them, and runs of scripts without spaces.
struct Row {
    slots: Vec<Slot>,
    /// The last is a beginning.
    prefix: bool,
}

/// What to mark.
#[derive(Default)]
struct Wanted {
    /// Words as typed; they match by their folded form, another spelling or their stem.
    words: Vec<String>,
    prefixes: Vec<String>,
    rows: Vec<Row>,
}

fn forms(word: &str) -> Slot {
    std::iter::once(folded(word))
        .chain(spellings(word))
        .collect()
}

impl Wanted {
    fn new(query: &Query) -> Self {
        let mut wanted = Self::default();
        for node in query.wanted() {
            match node {
                Node::Word(text)
                | Node::Phrase {
                    text, slop: 1.., ..
                } => wanted.add(text, false),
                Node::Prefix(text) => wanted.add(text, true),
                Node::Phrase {
                    text,
                    slop: 0,
                    prefix,
                } => {
                    let said = segments(text).filter(|part| part.joint != Joint::Possessive);
                    let slots = said.map(|part| forms(&text[part.from..part.to])).collect();
                    wanted.rows.push(Row {
                        slots,
                        prefix: *prefix,
                    });
                }
                _ => {}
            }
        }
        wanted.rows.retain(|row| !row.slots.is_empty());
        wanted
    }

    fn add(&mut self, text: &str, prefix: bool) {
        let mut run: Vec<Slot> = Vec::new();
        let mut rest = segments(text);
        while let Some(first) = rest.next() {
            let others = rest.joined_to(first);
            let part = &text[first.from..first.to];
            let last = prefix && rest.clone().next().is_none();
            if !(run.is_empty() || first.joint == Joint::Adjacent) {
                self.add_row(&mut run, false);
            }
            if first.unspaced {
                run.push(forms(part));
                continue;
            }
            let all = || std::iter::once(&first).chain(&others);
            let said = all().filter(|part| part.joint != Joint::Possessive);
            let mut row: Vec<Slot> = said.map(|part| forms(&text[part.from..part.to])).collect();
            if row.len() > 1 {
                self.add_row(&mut row, last);
            } else if last {
                self.prefixes.push(folded(part));
            } else {
                self.words.push(part.to_owned());
            }
            if !others.is_empty() && others.len() < MAX_PARTS {
                self.words
                    .push(all().map(|part| &text[part.from..part.to]).collect());
            }
        }
        if !run.is_empty() {
            self.add_row(&mut run, false);
        }
    }

    fn add_row(&mut self, slots: &mut Vec<Slot>, prefix: bool) {
        let slots = std::mem::take(slots);
        self.rows.push(Row { slots, prefix });
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.prefixes.is_empty() && self.rows.is_empty()
    }
}

/// The wanted words as they look in texts of one language.
struct Forms {
    stemmer: Option<&'static Stemmer>,
    /// Folded words and marked stems, with the number of the word.
    known: BTreeMap<String, usize>,
    /// First letters of the stems: a word that begins otherwise has none of them, and stemming is what costs.
    letters: Vec<char>,
    /// ASCII characters that something wanted begins with, as words of a text are written.
    initials: [bool; 128],
    /// Words stemmed before, as most of a text is made of few words.
    stemmed: HashMap<String, Option<usize>>,
}

impl Forms {
    fn new(wanted: &Wanted, stemmer: Option<&'static Stemmer>) -> Self {
        let mut known = BTreeMap::new();
        let mut letters = Vec::new();
        let mut initials = [stemmer.is_some_and(Stemmer::strips_beginnings); 128];
        for (number, word) in wanted.words.iter().enumerate() {
            for form in forms(word) {
                known.entry(form).or_insert(number);
            }
            if let Some(stemmer) = stemmer.filter(|stemmer| stemmer.stems(word)) {
                for stem in stemmer.wanted(word) {
                    letters.extend(stem.chars().nth(stemmer.tag.len() + 1));
                    known.entry(stem).or_insert(number);
                }
            }
        }
        let plain: Vec<String> = wanted.words.iter().flat_map(|word| forms(word)).collect();
        let begin = plain.iter().chain(&wanted.prefixes).chain(
            wanted
                .rows
                .iter()
                .filter_map(|row| row.slots.first())
                .flatten(),
        );
        let plain = begin.filter_map(|text| undotted(text).chars().next());
        for initial in plain.chain(letters.iter().copied()).filter(char::is_ascii) {
            initials[initial as usize] = true;
            initials[initial.to_ascii_uppercase() as usize] = true;
        }
        Self {
            stemmer,
            known,
            letters,
            initials,
            stemmed: HashMap::new(),
        }
    }

    /// Whether a word that begins like this one can be wanted at all: most of a text is passed over by its first byte.
    fn may_begin(&self, word: &str) -> bool {
        let first = undotted(word).as_bytes().first().copied().map(usize::from);
        first.is_some_and(|byte| self.initials.get(byte).is_none_or(|wanted| *wanted))
    }

    /// Which wanted word this is a form of. `plain` is the word folded.
    fn form_of(&mut self, word: &str, plain: &str) -> Option<usize> {
        if let Some(what) = self.known.get(plain) {
            return Some(*what);
        }
        let others = bare(word).map(folded).into_iter().chain(spellings(word));
        if let Some(what) = others.into_iter().find_map(|form| self.known.get(&form)) {
            return Some(*what);
        }
        let stemmer = self.stemmer?;
        let begins = plain.chars().next()?;
        if !(stemmer.strips_beginnings() || self.letters.contains(&begins)) || !stemmer.stems(word)
        {
            return None;
        }
        if let Some(what) = self.stemmed.get(word) {
            return *what;
        }
        let mut stem = String::new();
        stemmer.stem(word, &mut stem);
        let what = self.known.get(&stem).copied();
        self.stemmed.insert(word.to_owned(), what);
        what
    }
}

/// A word without the dot that its name may begin with.
fn undotted(word: &str) -> &str {
    word.strip_prefix('.').unwrap_or(word)
}

/// A marked stretch of a post, in bytes, and which of the wanted things it is.
#[derive(Debug, Clone, Copy)]
struct Mark {
    from: usize,
    to: usize,
    what: usize,
}

fn marks(original: &str, wanted: &Wanted, forms: &mut Forms) -> Vec<Mark> {
    let mut found = Vec::new();
    let blanked = without_placeholders(original);
    let form = normalise(&blanked);
    let text = form.as_str();
    let mark = |from: usize, to: usize, what: usize| Mark {
        from: form.start(from),
        to: form.end(to),
        what,
    };
    let mut buffer = String::new();
    let mut rest = segments(text);
    while let Some(segment) = rest.next() {
        let word = &text[segment.from..segment.to];
        if !forms.may_begin(word) {
            continue;
        }
        buffer.clear();
        fold(word, &mut buffer);
        if !segment.unspaced {
            let prefix = || {
                let mut prefixes = wanted.prefixes.iter();
                prefixes.position(|prefix| buffer.starts_with(prefix.as_str()))
            };
            let what = forms
                .form_of(word, &buffer)
                .or_else(|| prefix().map(|at| wanted.words.len() + at));
            if let Some(what) = what {
                found.push(mark(segment.from, segment.to, what));
            }
            // Written with signs in it, wanted as one word.
            let others = rest.clone().joined_to(segment);
            if let Some(last) = others
                .last()
                .filter(|_| what.is_none() && others.len() < MAX_PARTS)
            {
                let parts = std::iter::once(&segment).chain(&others);
                let whole: String = parts.map(|part| &text[part.from..part.to]).collect();
                if let Some(what) = forms.form_of(&whole, &folded(&whole)) {
                    found.push(mark(segment.from, last.to, what));
                }
            }
        }
        for (number, row) in wanted.rows.iter().enumerate() {
            let what = wanted.words.len() + wanted.prefixes.len() + number;
            if let Some(to) = row.end(text, word, segment.to, rest.clone()) {
                found.push(mark(segment.from, to, what));
            }
        }
    }
    found.sort_unstable_by_key(|mark| (mark.from, mark.to));
    found
}

impl Row {
    fn holds(&self, place: usize, word: &str) -> bool {
        let begun = self.prefix && place + 1 == self.slots.len();
        let plain = folded(word);
        let is = |wanted: &String| {
            plain == *wanted
                || begun && plain.starts_with(wanted.as_str())
                || spellings(word).any(|form| form == *wanted)
                || bare(word).is_some_and(|bare| folded(bare) == *wanted)
        };
        self.slots[place].iter().any(is)
    }

    /// Where the row ends that begins with `first`, which ends at `to`, if the segments that follow are its other words.
    fn end(&self, text: &str, first: &str, mut to: usize, rest: Segments<'_>) -> Option<usize> {
        if !self.holds(0, first) {
            return None;
        }
        let mut rest = rest.filter(|part| part.joint != Joint::Possessive);
        for place in 1..self.slots.len() {
            let segment = rest.next()?;
            if !self.holds(place, &text[segment.from..segment.to]) {
                return None;
            }
            to = segment.to;
        }
        Some(to)
    }
}

/// A window of a post that could be shown.
struct Passage<'a> {
    post: &'a ConversationPost,
    order: usize,
    from: usize,
    to: usize,
    marks: Vec<Mark>,
}

/// Moves `at` back by at most `chars` characters, to the beginning of a word where one is near.
fn back(text: &str, at: usize, chars: usize) -> usize {
    let Some((far, _)) = text[..at].char_indices().rev().take(chars).last() else {
        return at;
    };
    if far == 0 {
        return 0;
    }
    match text[far..at].find(char::is_whitespace) {
        Some(space) => {
            far + space + 1.min(text[far + space..].chars().next().map_or(1, char::len_utf8))
        }
        None => far,
    }
}

/// Moves `at` on by at most `chars` characters, to the end of a word where one is near.
fn on(text: &str, at: usize, chars: usize) -> usize {
    let end = text[at..]
        .char_indices()
        .nth(chars)
        .map_or(text.len(), |(offset, _)| at + offset);
    if end == text.len() {
        return end;
    }
    match text[at..end].rfind(char::is_whitespace) {
        Some(space) if space > 0 => at + space,
        _ => end,
    }
}

fn passages<'a>(
    post: &'a ConversationPost,
    order: usize,
    found: &[Mark],
    length: usize,
) -> Vec<Passage<'a>> {
    let text = post.text.as_str();
    let mut passages = Vec::new();
    let mut next = 0;
    while let Some(first) = found.get(next) {
        let from = snapped(text, back(text, first.from, LEAD));
        let used = text[from..first.to].chars().count();
        let to = on(text, first.to, length.saturating_sub(used)).max(first.to);
        let inside: Vec<Mark> = found[next..]
            .iter()
            .take_while(|mark| mark.from < to)
            .filter(|mark| mark.to <= to)
            .copied()
            .collect();
        next += inside.len().max(1);
        passages.push(Passage {
            post,
            order,
            from,
            to,
            marks: inside,
        });
    }
    passages
}

fn snapped(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

impl Passage<'_> {
    fn new_things(&self, shown: &[usize]) -> usize {
        let mut things: Vec<usize> = self.marks.iter().map(|mark| mark.what).collect();
        things.sort_unstable();
        things.dedup();
        things.iter().filter(|what| !shown.contains(what)).count()
    }

    /// The passage as text of at most `budget` characters.
    fn write(&self, budget: usize) -> Option<(Highlight, usize)> {
        let source = self.post.text.as_str();
        let mut text = String::new();
        let mut count = 0;
        let mut marks: Vec<(usize, usize)> = Vec::new();
        let mut pending = self.marks.iter().peekable();
        let mut open: Option<(usize, usize)> = None;
        let mut push = |text: &mut String, c: char| {
            text.push(c);
            count += 1;
            count
        };
        let mut length = 0;
        if !source[..self.from].trim().is_empty() {
            push(&mut text, '…');
            length = push(&mut text, ' ');
        }
        let mut space = false;
        let limit = budget.saturating_sub(2);
        let mut cut = false;
        for (offset, c) in source[self.from..self.to].char_indices() {
            let at = self.from + offset;
            if let Some((start, to)) = open
                && at >= to
            {
                marks.push((start, length));
                open = None;
            }
            if c.is_whitespace() {
                space = length > 0;
                continue;
            }
            if length + usize::from(space) >= limit {
                cut = true;
                break;
            }
            if std::mem::take(&mut space) && !text.ends_with(' ') {
                length = push(&mut text, ' ');
            }
            while let Some(mark) = pending.next_if(|mark| mark.from <= at) {
                if mark.to > at {
                    let (start, to) = open.unwrap_or((length, mark.to));
                    open = Some((start, to.max(mark.to)));
                }
            }
            length = push(&mut text, c);
        }
        // A mark cut in two is no mark; one that ends with the passage is.
        if let Some((start, _)) = open.filter(|_| !cut) {
            marks.push((start, length));
        }
        if cut || !source[self.to..].trim().is_empty() {
            push(&mut text, ' ');
            length = push(&mut text, '…');
        }
        let highlight = Highlight {
            marks: joined(&text, marks),
            text,
            post: self.post.id,
        };
        (!highlight.marks.is_empty()).then_some((highlight, length))
    }
}

/// Marks with one space in between become one.
fn joined(text: &str, marks: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut joined: Vec<(usize, usize)> = Vec::with_capacity(marks.len());
    for (from, to) in marks {
        match joined.last_mut() {
            Some(last)
                if from <= last.1
                    || (from == last.1 + 1 && text.chars().nth(last.1) == Some(' ')) =>
            {
                last.1 = last.1.max(to);
            }
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// The best passages first: those with the most of the wanted words, then those that add words not yet shown.
pub fn highlight(query: &Query, conversation: &Conversation) -> Vec<Highlight> {
    let wanted = Wanted::new(query);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut forms: BTreeMap<&str, Forms> = BTreeMap::new();
    let mut candidates: Vec<Passage<'_>> = Vec::new();
    let mut looked_at = 0;
    for (order, post) in conversation.posts.iter().enumerate() {
        looked_at += post.text.len();
        if looked_at > MAX_BYTES && order > 0 {
            break;
        }
        let stemmer = Stemmer::of(post.language.or(conversation.language));
        let forms = forms
            .entry(stemmer.map_or("", |stemmer| stemmer.tag))
            .or_insert_with(|| Forms::new(&wanted, stemmer));
        let found = marks(&post.text, &wanted, forms);
        candidates.extend(passages(post, order, &found, SHORT - 4));
    }
    let mut shown: Vec<usize> = Vec::new();
    let mut chosen: Vec<Highlight> = Vec::new();
    let mut budget = EXCERPT_CHARS;
    let alone = candidates.len() == 1;
    while chosen.len() < MAX_PASSAGES && budget >= LEAST && !candidates.is_empty() {
        let Some(best) = (0..candidates.len()).max_by_key(|at| {
            let passage = &candidates[*at];
            (
                passage.new_things(&shown),
                passage.marks.len(),
                std::cmp::Reverse((passage.order, passage.from)),
            )
        }) else {
            break;
        };
        let mut passage = candidates.swap_remove(best);
        // Said again without anything new, a word tells the reader nothing.
        if !chosen.is_empty() && passage.new_things(&shown) == 0 && chosen.len() > 1 {
            break;
        }
        if alone {
            let used = passage.post.text[passage.from..passage.to].chars().count();
            passage.to = on(
                &passage.post.text,
                passage.to,
                (EXCERPT_CHARS - 4).saturating_sub(used),
            );
        }
        shown.extend(passage.marks.iter().map(|mark| mark.what));
        if let Some((highlight, length)) = passage.write(budget) {
            budget -= length.min(budget);
            chosen.push(highlight);
        }
    }
    chosen
}
