//! Names of people, where words announce one: "my name is", "my son", a greeting, a signature, a title.
//!
//! There is no recognition of names as such: a place or an illness must not vanish because it is spelt like a person.
//! A name is taken after a cue of `name_cues.txt`, and the cue decides how sure the name itself must look.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};

use super::contact;
use super::finding::{Found, Ready};
use super::kind::Kind;
use super::name_shape::{Name, name_at, small_name};
use super::plane::{HIDDEN, LETTER, ends_word, is_letter, is_upper, is_word};
use super::scripts;

/// What a cue says about the name behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cue {
    /// "my name is": anything that looks like a name, even in small letters.
    Strong,
    /// "name:", at the head of a field.
    Field,
    /// "patient:", a field that often holds something else.
    Holder,
    /// "I'm", which far more often announces a state than a name.
    Me,
    /// "call me".
    Call,
    /// "this is", "ask for": only a known first name.
    Known,
    /// "son", behind a possessive.
    Relation,
    /// "regards", before the end of a line.
    Closing,
    /// "Mrs".
    Title,
    /// "nurse": only a known first name.
    Job,
    /// "wrote:", behind a name at the head of a line.
    Wrote,
    /// "Dave here".
    Here,
    /// " at ", perhaps of a disguised e-mail address.
    At,
    /// "u/".
    User,
    /// "twitter.com/".
    Profile,
    /// `[quote="`, as forums write who is quoted.
    Quote,
    /// "instagram".
    Platform,
}

impl Cue {
    fn named(name: &str) -> Self {
        match name {
            "strong" => Self::Strong,
            "field" => Self::Field,
            "holder" => Self::Holder,
            "me" => Self::Me,
            "call" => Self::Call,
            "known" => Self::Known,
            "relation" => Self::Relation,
            "closing" => Self::Closing,
            "title" => Self::Title,
            "job" => Self::Job,
            "wrote" => Self::Wrote,
            "here" => Self::Here,
            "at" => Self::At,
            "user" => Self::User,
            "profile" => Self::Profile,
            "platform" => Self::Platform,
            "quote" => Self::Quote,
            other => unreachable!("no cue is called {other:?}"),
        }
    }
}

/// Finds the cues of `name_cues.txt`.
struct Cues {
    search: AhoCorasick,
    /// What each wording is a cue for; a few are for two things.
    meanings: Vec<Vec<Cue>>,
    /// Whether some wording begins with these three bytes, a bit for each: tells most words apart without a search.
    begins: Vec<u64>,
}

static CUES: LazyLock<Cues> = LazyLock::new(|| {
    let mut wordings: BTreeMap<&str, Vec<Cue>> = BTreeMap::new();
    let lines = include_str!("name_cues.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    for (cue, words) in lines.filter_map(|line| line.split_once(": ")) {
        for words in words.split('|') {
            wordings.entry(words).or_default().push(Cue::named(cue));
        }
    }
    let search = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .start_kind(StartKind::Anchored)
        .kind(Some(AhoCorasickKind::DFA))
        .build(wordings.keys())
        .expect("fixed patterns");
    let mut begins = vec![0; 1 << 9];
    for words in wordings.keys().map(|words| words.as_bytes()) {
        // A short wording may be followed by anything.
        let choices = |at: usize| words.get(at).map_or(0..=31, |byte| byte & 31..=byte & 31);
        for second in choices(1) {
            for third in choices(2) {
                let at = head(words[0], second, third);
                begins[at >> 6] |= 1 << (at & 63);
            }
        }
    }
    Cues {
        search,
        meanings: wordings.into_values().collect(),
        begins,
    }
});

/// A number for three bytes that is the same in capitals and small letters.
fn head(first: u8, second: u8, third: u8) -> usize {
    usize::from(first & 31) << 10 | usize::from(second & 31) << 5 | usize::from(third & 31)
}

impl Cues {
    /// The longest wording that begins at `at`: its end and what it is a cue for.
    fn at(&self, plane: &[u8], at: usize) -> Option<(usize, &[Cue])> {
        let byte = |at: usize| plane.get(at).copied().unwrap_or_default();
        let head = head(plane[at], byte(at + 1), byte(at + 2));
        if self.begins[head >> 6] >> (head & 63) & 1 == 0 {
            return None;
        }
        let hit = self
            .search
            .find(Input::new(plane).range(at..).anchored(Anchored::Yes))?;
        Some((hit.end(), &self.meanings[hit.pattern().as_usize()]))
    }
}

/// Adds every name, disguised address and platform name that needs no number to be found.
pub(super) fn collect(plane: &[u8], text: &str, ready: &mut Vec<Ready>) {
    let cues = &*CUES;
    let mut inside = false;
    for (start, byte) in plane.iter().enumerate() {
        let word = is_word(*byte);
        let begins = (word && !inside) || matches!(byte, b'(' | b'[' | b'{' | b'<');
        inside = word;
        if !begins {
            continue;
        }
        let Some((end, meanings)) = cues.at(plane, start) else {
            continue;
        };
        if !ends_word(plane, end) && is_word(plane[end - 1]) {
            continue;
        }
        let found = meanings
            .iter()
            .find_map(|cue| judge(plane, *cue, start, end));
        ready.extend(found.map(|found| Ready {
            from: start.min(found.start),
            found,
        }));
    }
    if let Some(found) = last_line(plane) {
        ready.push(Ready {
            from: found.start,
            found,
        });
    }
    if plane.contains(&LETTER) {
        scripts::collect(plane, text, ready);
    }
}

fn judge(plane: &[u8], cue: Cue, start: usize, end: usize) -> Option<Found> {
    let name = match cue {
        Cue::Strong => strong(plane, end),
        Cue::Field => field(plane, start, end),
        Cue::Holder => {
            let at = behind_colon(plane, end)?;
            name_at(plane, at, true)
                .filter(|name| name.known || (name.words > 1 && ends_field(plane, name.end)))
        }
        Cue::Me => me(plane, end),
        Cue::Call => name_at(plane, skip_marks(plane, end, 3), false)
            .or_else(|| small_name(plane, skip_marks(plane, end, 1), false)),
        Cue::Known => name_at(plane, behind_space(plane, end)?, false).filter(|name| name.known),
        Cue::Relation => relation(plane, start, end),
        Cue::Closing => closing(plane, end),
        Cue::Title => title(plane, start, end),
        Cue::Job => name_at(plane, behind_space(plane, end)?, false).filter(|name| name.known),
        Cue::Wrote => wrote(plane, start),
        Cue::Here => here(plane, start),
        Cue::At => {
            let at = start + plane[start..end].iter().position(u8::is_ascii_alphabetic)?;
            return contact::disguised(plane, at);
        }
        Cue::User => return contact::user_path(plane, end),
        Cue::Quote => return contact::quoted(plane, end),
        Cue::Profile => return contact::profile_path(plane, end),
        Cue::Platform => return contact::platform_name(plane, end),
    }?;
    Some(Found {
        start: name.start,
        end: name.end,
        kind: Kind::Person,
    })
}

fn strong(plane: &[u8], end: usize) -> Option<Name> {
    let at = skip_marks(plane, end, 4);
    if at == end {
        return None;
    }
    name_at(plane, at, true).or_else(|| small_name(plane, at, true))
}

/// Words before "name:" that say it is no person's.
const NAMED_THINGS: &[&[u8]] = &[
    b"drug",
    b"brand",
    b"product",
    b"hospital",
    b"practice",
    b"surgery",
    b"file",
    b"company",
    b"street",
    b"domain",
    b"trade",
    b"generic",
    b"group",
    b"school",
    b"ward",
    b"clinic",
    b"pharmacy",
    b"medicine",
    b"place",
    b"organisation",
    b"app",
    b"user",
    b"team",
    b"service",
    b"department",
    b"road",
];

fn field(plane: &[u8], start: usize, end: usize) -> Option<Name> {
    let at = behind_colon(plane, end)?;
    let before = word_before(plane, start);
    if NAMED_THINGS
        .iter()
        .any(|thing| thing.eq_ignore_ascii_case(before))
    {
        return None;
    }
    name_at(plane, at, true)
        .or_else(|| small_name(plane, at, true))
        // A path or a name in a program goes on with a mark.
        .filter(|name| {
            !plane
                .get(name.end)
                .is_some_and(|byte| matches!(byte, b'/' | b'_' | b'(' | b'\\' | b'<'))
        })
}

fn me(plane: &[u8], end: usize) -> Option<Name> {
    let at = behind_space(plane, end)?;
    let name = name_at(plane, at, false).or_else(|| {
        small_name(plane, at, false).filter(|name| {
            // "i'm dave from hull"
            let rest = plane[name.end..].to_ascii_lowercase();
            rest.starts_with(b" from ") || rest.is_empty()
        })
    })?;
    if name.known {
        return Some(name);
    }
    let rest = &plane[name.end..];
    let from_place = rest.starts_with(b" from ") && rest.get(6).is_some_and(|byte| is_upper(*byte));
    let age = rest.starts_with(b", ") && rest.get(2).is_some_and(u8::is_ascii_digit);
    let role = [
        &b", a "[..],
        b", an ",
        b", mum ",
        b", dad ",
        b", mother ",
        b", father ",
        b", from ",
        b" and i ",
    ]
    .iter()
    .any(|next| rest.len() >= next.len() && rest[..next.len()].eq_ignore_ascii_case(next));
    let two = name.words > 1
        && (rest.is_empty()
            || matches!(rest[0], b',' | b'.' | b'!' | b'\n')
            || rest.starts_with(b" and "));
    (from_place || age || (role && !rest.starts_with(b" and ")) || two).then_some(name)
}

/// Words that make a relation somebody's.
const POSSESSIVES: &[&[u8]] = &[
    b"my",
    b"our",
    b"his",
    b"her",
    b"their",
    b"your",
    b"fy",
    b"ein",
    b"moj",
    b"moja",
    b"mojego",
    b"mojej",
    b"old",
    b"younger",
    b"older",
    b"late",
    b"elderly",
    b"little",
    b"disabled",
    b"eldest",
    b"youngest",
    b"best",
    b"own",
    b"dear",
    b"lovely",
    b"twin",
    b"teenage",
    b"other",
    b"adult",
    b"autistic",
    b"year-old",
    b"foster",
];

fn relation(plane: &[u8], start: usize, end: usize) -> Option<Name> {
    let owner = word_before(plane, start);
    let owned = POSSESSIVES
        .iter()
        .any(|word| word.eq_ignore_ascii_case(owner))
        || owner.ends_with(b"'s");
    if !owned {
        return None;
    }
    let rest = &plane[end..];
    let starts =
        |words: &[u8]| rest.len() > words.len() && rest[..words.len()].eq_ignore_ascii_case(words);
    for words in [
        &b" is called "[..],
        b" was called ",
        b" called ",
        b" named ",
        b" is named ",
        b"'s name is ",
        b"'s called ",
        b" (",
        b", ",
        b" - ",
        b": ",
        b" ",
    ] {
        if starts(words) {
            let at = end + words.len();
            let name = name_at(plane, at, false).filter(|name| {
                // After a comma a place or the next sentence may follow.
                name.known || !matches!(words, b", " | b" - " | b": ")
            });
            let said = words.len() > 6;
            return name
                .or_else(|| small_name(plane, at, said))
                .filter(|name| name.known || !plane[name.end..].starts_with(b" Hospital"));
        }
    }
    if starts(b" is ") {
        return name_at(plane, end + 4, false).filter(|name| name.known);
    }
    None
}

/// A name behind a closing formula: alone on the next line, or at the end of the text.
fn closing(plane: &[u8], end: usize) -> Option<Name> {
    let mut at = end;
    let mut lines = 0;
    while at - end < 12 {
        match plane.get(at).copied() {
            Some(b'\n') => lines += 1,
            Some(b' ' | b',' | b'.' | b'!' | b'-' | b'\r' | b'\t' | b'x' | HIDDEN) => {}
            Some(b'X') if !plane.get(at + 1).is_some_and(|byte| is_letter(*byte)) => {}
            _ => break,
        }
        at += 1;
    }
    // The x of a kiss may be the first letter of nothing else.
    if at == end || (at > 0 && is_word(plane[at - 1])) {
        return None;
    }
    let name = name_at(plane, at, lines > 0).or_else(|| small_name(plane, at, false))?;
    let ends = ends_line(plane, name.end);
    let comma = plane[end..at].contains(&b',') || plane[end..at].contains(&b'-');
    (ends && (lines > 0 || name.known || (comma && name.words <= 2))).then_some(name)
}

/// Whether nothing but kisses and marks stands between `at` and the end of its line.
fn ends_line(plane: &[u8], at: usize) -> bool {
    plane[at..]
        .iter()
        .take_while(|byte| **byte != b'\n')
        .all(|byte| {
            matches!(
                *byte,
                b' ' | b'.'
                    | b'!'
                    | b','
                    | b'x'
                    | b'X'
                    | b')'
                    | b'\r'
                    | b'\t'
                    | super::plane::OTHER
                    | HIDDEN
            )
        })
}

fn ends_field(plane: &[u8], at: usize) -> bool {
    plane.get(at).is_none_or(|byte| {
        matches!(
            *byte,
            b',' | b'.' | b';' | b'\n' | b')' | b'(' | b'|' | b'/' | b'\r'
        )
    }) || plane[at..].starts_with(b" -")
}

fn title(plane: &[u8], start: usize, end: usize) -> Option<Name> {
    if !is_upper(plane[start]) && !matches!(&plane[start..end], b"pan" | b"pani") {
        return None;
    }
    let mut at = end;
    if plane.get(at) == Some(&b'.') {
        at += 1;
    }
    name_at(
        plane,
        behind_space(plane, at)
            .or((at > end && plane.get(at).is_some_and(|byte| is_upper(*byte))).then_some(at))?,
        false,
    )
}

/// "Jane Doe wrote:" at the head of a line, perhaps behind a date.
fn wrote(plane: &[u8], start: usize) -> Option<Name> {
    let from = start.saturating_sub(160);
    let line = match plane[from..start].iter().rposition(|byte| *byte == b'\n') {
        Some(at) => from + at + 1,
        None if from == 0 => 0,
        None => return None,
    };
    let mut at = line;
    if let Some(comma) = plane[line..start]
        .iter()
        .rposition(|byte| matches!(*byte, b',' | b'>'))
    {
        at = line + comma + 1;
    }
    at = skip_marks(plane, at, 3);
    let name = name_at(plane, at, false).or_else(|| small_name(plane, at, false))?;
    let colon = plane[start..].iter().take(8).any(|byte| *byte == b':');
    (name.end + 1 == start && (name.known || (colon && name.words <= 3 && at == line)))
        .then_some(name)
}

/// "Dave here" at the head of a sentence.
fn here(plane: &[u8], start: usize) -> Option<Name> {
    let before = start.checked_sub(1).filter(|at| plane[*at] == b' ')?;
    let mut at = before;
    while at > 0 && is_letter(plane[at - 1]) {
        at -= 1;
    }
    let head = plane[..at]
        .iter()
        .rev()
        .find(|byte| **byte != b' ')
        .is_none_or(|byte| matches!(*byte, b'.' | b',' | b'!' | b'\n' | b'?'));
    name_at(plane, at, false).filter(|name| name.end == before && name.known && head)
}

/// The text's last line, if it is a first name we know, perhaps with more names, below a finished sentence; or the same after a dash.
fn last_line(plane: &[u8]) -> Option<Found> {
    let end = plane.iter().rposition(|byte| !byte.is_ascii_whitespace())? + 1;
    let from = end.saturating_sub(60);
    let tail = &plane[from..end];
    let at = if let Some(line) = tail.iter().rposition(|byte| *byte == b'\n') {
        skip_marks(plane, from + line + 1, 4)
    } else {
        let dash = tail.windows(2).rposition(|part| part == b"- ")?;
        let closed = tail[..dash]
            .iter()
            .rev()
            .find(|byte| !matches!(byte, b' ' | b'-'))
            .is_some_and(|byte| matches!(*byte, b'.' | b'!' | b'?'));
        if !closed {
            return None;
        }
        from + dash + 2
    };
    let name = name_at(plane, at, true)
        .filter(|name| name.known && name.words <= 3 && ends_line(plane, name.end))?;
    Some(Found {
        start: name.start,
        end: name.end,
        kind: Kind::Person,
    })
}

fn word_before(plane: &[u8], start: usize) -> &[u8] {
    let end = if start > 0 && plane[start - 1] == b' ' {
        start - 1
    } else {
        return &[];
    };
    let mut at = end;
    while at > 0
        && end - at < 20
        && (is_word(plane[at - 1]) || matches!(plane[at - 1], b'-' | b'\''))
    {
        at -= 1;
    }
    &plane[at..end]
}

fn behind_space(plane: &[u8], at: usize) -> Option<usize> {
    (plane.get(at) == Some(&b' ')).then_some(at + 1)
}

fn behind_colon(plane: &[u8], at: usize) -> Option<usize> {
    let mut position = at;
    while plane.get(position) == Some(&b' ') && position - at < 3 {
        position += 1;
    }
    let colon = plane.get(position) == Some(&b':');
    colon.then(|| skip_marks(plane, position + 1, 4))
}

/// Skips at most `limit` spaces, marks and breaks that may stand before a name.
fn skip_marks(plane: &[u8], from: usize, limit: usize) -> usize {
    let mut at = from;
    while at - from < limit
        && plane.get(at).is_some_and(|byte| {
            matches!(
                *byte,
                b' ' | b':' | b',' | b'"' | b'*' | b'-' | b'>' | b'\n' | HIDDEN
            )
        })
    {
        at += 1;
    }
    at
}
