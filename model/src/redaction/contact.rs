//! Ways to reach a person: e-mail, telephone, handle, network address.
//!
//! Sources: e-mail by RFC 5321 as people write it, and the usual disguises; UK numbers by Ofcom's National Telephone
//! Numbering Plan (01 and 02 places, 07 mobiles; 03, 08, 09 and the short codes belong to organisations and are
//! kept, helplines above all); handles as the fediverse, Bluesky and the large platforms write them.

use std::net::Ipv6Addr;

use super::cue::{Words, is_one_of, words};
use super::finding::{Found, Look};
use super::kind::Kind;
use super::plane::{HIDDEN, LETTER, UPPER, ends_word, is_word, starts_word};

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'.' | b'_' | b'%' | b'+' | b'-' | b'\'' | LETTER | UPPER
        )
}

fn is_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | LETTER | UPPER)
}

/// The e-mail address or handle around the `@` at `at`.
pub(super) fn around_at(plane: &[u8], at: usize) -> Option<Found> {
    // What a link escaped ("%3A") does not belong to the address.
    let start = local_start(plane, at);
    if start < at
        && let Some(end) = host_end(plane, at + 1).or_else(|| broken_host_end(plane, at + 1))
    {
        return Some(Found {
            start,
            end,
            kind: Kind::Email,
        });
    }
    spaced(plane, at).or_else(|| {
        // "5@door" is neither.
        (start == at).then(|| handle(plane, at)).flatten()
    })
}

/// Where the local part that ends before `end` begins.
fn local_start(plane: &[u8], end: usize) -> usize {
    let mut start = end;
    while start > 0 && is_local(plane[start - 1]) && end - start < 128 {
        start -= 1;
    }
    while start < end && matches!(plane[start], b'.' | b'\'' | b'-' | b'%') {
        start += 1;
    }
    start
}

/// Spaces, or a broken line, on one side of an `@`.
const AROUND: usize = 4;

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// `sam @ clinic.example`, or an address that a line break parts at its `@`: the name of a host must end as hosts do.
fn spaced(plane: &[u8], at: usize) -> Option<Found> {
    let mut left = at;
    while left > 0 && at - left < AROUND && is_blank(plane[left - 1]) {
        left -= 1;
    }
    let mut right = at + 1;
    while right - at <= AROUND && plane.get(right).is_some_and(|byte| is_blank(*byte)) {
        right += 1;
    }
    if left == at && right == at + 1 {
        return None;
    }
    let start = local_start(plane, left);
    if start == left {
        return None;
    }
    let end = host_end(plane, right)?;
    let ending = plane[right..end].rsplit(|byte| *byte == b'.').next()?;
    is_one_of(ending, ENDINGS).then_some(Found {
        start,
        end,
        kind: Kind::Email,
    })
}

/// Where a host ends whose line was broken at its last dot, on either side of it.
fn broken_host_end(plane: &[u8], from: usize) -> Option<usize> {
    let run = |from: usize, fits: fn(u8) -> bool| {
        let rest = plane.get(from..).unwrap_or_default();
        from + rest
            .iter()
            .take(254)
            .take_while(|byte| fits(**byte))
            .count()
    };
    let end = run(from, is_host);
    let dotted = plane[from..end].ends_with(b".");
    let mut next = run(end, is_blank);
    if next - end > AROUND || !plane[end..next].contains(&b'\n') {
        return None;
    }
    if !dotted {
        next += usize::from(plane.get(next) == Some(&b'.'));
    }
    let last = run(next, |byte| byte.is_ascii_lowercase());
    let parted = dotted || plane.get(next.wrapping_sub(1)) == Some(&b'.');
    let fits = parted
        && end > from + usize::from(dotted)
        && ends_word(plane, last)
        && is_one_of(&plane[next..last], ENDINGS);
    fits.then_some(last)
}

/// Where the host name that begins at `from` ends, if it has a dot and an ending of letters.
fn host_end(plane: &[u8], from: usize) -> Option<usize> {
    let mut end = from;
    while end - from < 254 && plane.get(end).is_some_and(|byte| is_host(*byte)) {
        end += 1;
    }
    while end > from && matches!(plane[end - 1], b'.' | b'-') {
        end -= 1;
    }
    let host = &plane[from..end];
    let literal = host
        .split(|byte| *byte == b'.')
        .all(|part| part.iter().all(u8::is_ascii_digit));
    let ending = host.rsplit(|byte| *byte == b'.').next()?;
    let letters = ending.len() >= 2 && !ending.iter().all(u8::is_ascii_digit);
    (host.contains(&b'.') && !host.starts_with(b".") && letters && !literal).then_some(end)
}

/// `@name` and `@name@host`, not `@ 6pm` and not `5@door`.
fn handle(plane: &[u8], at: usize) -> Option<Found> {
    if at > 0 && (is_word(plane[at - 1]) || plane[at - 1] == b'@') {
        return None;
    }
    let mut end = at + 1;
    while end - at < 128
        && plane
            .get(end)
            .is_some_and(|byte| is_word(*byte) || matches!(byte, b'.' | b'-'))
    {
        end += 1;
    }
    while end > at + 1 && matches!(plane[end - 1], b'.' | b'-') {
        end -= 1;
    }
    let name = &plane[at + 1..end];
    if name.len() < 2
        || !name
            .iter()
            .any(|byte| byte.is_ascii_alphabetic() || matches!(*byte, LETTER | UPPER))
    {
        return None;
    }
    let clock = name.len() <= 4
        && name[0].is_ascii_digit()
        && (name.ends_with(b"am") || name.ends_with(b"pm"));
    if clock {
        return None;
    }
    if plane.get(end) == Some(&b'@')
        && let Some(host) = host_end(plane, end + 1)
    {
        end = host;
    }
    Some(Found {
        start: at,
        end,
        kind: Kind::Handle,
    })
}

/// `u/name` and `/u/name`; `at` is behind the slash.
pub(super) fn user_path(plane: &[u8], at: usize) -> Option<Found> {
    let start = if at >= 3 && plane[at - 3] == b'/' {
        at - 3
    } else {
        at.checked_sub(2)?
    };
    let mut end = at;
    while end - at < 40
        && plane
            .get(end)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    {
        end += 1;
    }
    (end - at >= 3 && starts_word(plane, start)).then_some(Found {
        start,
        end,
        kind: Kind::Handle,
    })
}

/// What follows a platform's address and is no person's page.
const NOT_PROFILES: Words = words!(
    "groups|pages|events|watch|share|sharer|sharer.php|hashtag|search|intent|home|i|p|reel|status|explore|profile.php|posts|topics"
);

/// `twitter.com/name`; `at` is behind the slash.
pub(super) fn profile_path(plane: &[u8], at: usize) -> Option<Found> {
    let mut end = at;
    while end - at < 64
        && plane
            .get(end)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
    {
        end += 1;
    }
    while end > at && matches!(plane[end - 1], b'.' | b'-') {
        end -= 1;
    }
    let fits = end - at >= 3 && !is_one_of(&plane[at..end], NOT_PROFILES);
    fits.then_some(Found {
        start: at,
        end,
        kind: Kind::Handle,
    })
}

/// `[quote="name, post:3"]`; `at` is behind the equals sign.
pub(super) fn quoted(plane: &[u8], at: usize) -> Option<Found> {
    let start = at + usize::from(plane.get(at) == Some(&b'"'));
    let length = plane[start..]
        .iter()
        .take(64)
        .position(|byte| matches!(*byte, b',' | b'"' | b']' | b'\n'))?;
    let text = &plane[start..start + length];
    text.iter().any(|byte| is_word(*byte)).then_some(Found {
        start,
        end: start + length,
        kind: Kind::Handle,
    })
}

/// `instagram: name`, where the name has a digit, dot or underline, or follows a colon; `at` is behind the platform's name.
pub(super) fn platform_name(plane: &[u8], at: usize) -> Option<Found> {
    let mut start = at;
    let mut colon = false;
    while start - at < 6
        && plane
            .get(start)
            .is_some_and(|byte| matches!(*byte, b' ' | b':' | b'-' | b'='))
    {
        colon |= plane[start] == b':';
        start += 1;
    }
    let mut end = start;
    while end - start < 40
        && plane
            .get(end)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
    {
        end += 1;
    }
    while end > start && plane[end - 1] == b'.' {
        end -= 1;
    }
    let name = &plane[start..end];
    let odd = name.iter().any(|byte| matches!(*byte, b'_' | b'.'))
        || name.iter().any(u8::is_ascii_digit) && name[0].is_ascii_alphabetic();
    let fits =
        start > at && name.len() >= 3 && (odd || colon) && name.iter().any(u8::is_ascii_alphabetic);
    fits.then_some(Found {
        start,
        end,
        kind: Kind::Handle,
    })
}

const ENDINGS: Words =
    words!("com|org|net|uk|co|info|me|eu|wales|cymru|scot|example|pl|ie|io|nhs|ac");

/// `sam at example dot org`, `sam (at) example (dot) org`, `sam[at]example.org`; `at` is where the word "at" begins.
pub(super) fn disguised(plane: &[u8], at: usize) -> Option<Found> {
    let bracketed = at > 0 && matches!(plane[at - 1], b'(' | b'[' | b'{' | b'<');
    let mut left = at - usize::from(bracketed);
    while left > 0 && at - left < 4 && plane[left - 1] == b' ' {
        left -= 1;
    }
    let mut start = left;
    while start > 0 && left - start < 64 && is_local(plane[start - 1]) {
        start -= 1;
    }
    if start == left {
        return None;
    }
    // "sam dot jones at …": the words before belong to it as well.
    while let Some(more) = word_before_dot(plane, start) {
        start = more;
    }
    let mut position = skip(plane, at + 2, b" )]}>");
    let mut dots = 0_usize;
    let mut spelt = false;
    let mut end;
    loop {
        let word_start = position;
        while plane
            .get(position)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        {
            position += 1;
        }
        if position == word_start {
            return None;
        }
        end = position;
        let word = &plane[word_start..position];
        let after = skip(plane, position, b" ([{<");
        let dot_word = plane
            .get(after..after + 3)
            .is_some_and(|word| word.eq_ignore_ascii_case(b"dot"))
            && ends_word(plane, after + 3);
        let more = if dot_word && after > position {
            spelt = true;
            Some(skip(plane, after + 3, b" )]}>"))
        } else {
            let tight = plane.get(position) == Some(&b'.')
                && plane
                    .get(position + 1)
                    .is_some_and(u8::is_ascii_alphanumeric);
            tight.then_some(position + 1)
        };
        match more {
            Some(next) if dots < 5 => {
                dots += 1;
                position = next;
            }
            _ => {
                let known = is_one_of(word, ENDINGS);
                // Words have neither digits nor dots: "sam.jones_3 at site.example" is an address in plain sight.
                let telling = plane[start..left]
                    .iter()
                    .any(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_'))
                    && plane[start].is_ascii_alphabetic();
                let fits = dots > 0 && known && (spelt || bracketed || telling);
                return fits.then_some(Found {
                    start,
                    end,
                    kind: Kind::Email,
                });
            }
        }
    }
}

/// Where the word begins that " dot " parts from `start`.
fn word_before_dot(plane: &[u8], start: usize) -> Option<usize> {
    let end = start.checked_sub(5)?;
    if !plane[end..start].eq_ignore_ascii_case(b" dot ") {
        return None;
    }
    let mut from = end;
    while from > 0 && end - from < 64 && is_local(plane[from - 1]) {
        from -= 1;
    }
    (from < end).then_some(from)
}

fn skip(plane: &[u8], from: usize, marks: &[u8]) -> usize {
    let mut at = from;
    while at - from < 4 && plane.get(at).is_some_and(|byte| marks.contains(byte)) {
        at += 1;
    }
    at
}

const PHONE_CUES: Words = words!(
    "ring|call|phone|tel|telephone|text|mobile|mob|whatsapp|number|no|home|landline|sms|contact|\
    dial|ffon|ffonio|ffoniwch|dzwonic|telefon|fax|cell|me on|us on|msg|signal"
);
/// Words right before a number that say it is no telephone's.
const NOT_PHONE: Words = words!(
    "isbn|order|tracking|parcel|serial|invoice|reference|ref|barcode|model|policy|version|batch|\
    meter|imei|case|sku"
);

/// A UK number of a person or place, or one with a country code, that begins at token `index`.
pub(super) fn phone(look: &Look<'_>, index: usize) -> Option<Found> {
    let token = look.tokens.get(index)?;
    if !token.is_number() || look.tokens.tied_before(index) {
        return None;
    }
    let plane = look.tokens.plane;
    if look.in_address(token.start) && !(token.start > 0 && plane[token.start - 1] == b'=') {
        return None;
    }
    let plus = token.start > 0 && plane[token.start - 1] == b'+';
    let number = look.tokens.number(index, 16);
    if number.digits().len() < 10 {
        return None;
    }
    let (national, skipped) = national(number.digits(), plus)?;
    let cue = look.cue_before(token.start, 40, PHONE_CUES);
    let lengths: &[usize] = match national {
        National::Uk(first, second) => {
            let bare_44 = skipped == 2 && !plus;
            if !is_personal(first, second) || (bare_44 && first != 7 && !cue) {
                return None;
            }
            // A few places in 01 have nine digits behind the nought.
            if first == 1 && cue { &[10, 9] } else { &[10] }
        }
        National::Foreign => &[15, 14, 13, 12, 11, 10, 9],
        National::Unprefixed if cue && !look.cue_before(token.start, 40, words!("nhs|gig")) => {
            &[10]
        }
        National::Unprefixed => return None,
    };
    for length in lengths {
        let Some((groups, end)) = number.prefix(skipped + length) else {
            continue;
        };
        // "01 02 2026 1030" is a day and a time; a bare "0" before the number is not.
        let short_start =
            number.groups()[0] < 3 && skipped == 1 && !(number.digits()[1] == 7 && groups > 1);
        if short_start || look.tokens.tied_after(index + groups - 1) {
            return None;
        }
        if skipped <= 1 && look.cue_right_before(token.start, NOT_PHONE) {
            return None;
        }
        let mut start = token.start;
        if plus {
            start -= 1;
        }
        // An opening bracket belongs to the number when its closing one does.
        if start > look.floor && plane[start - 1] == b'(' && plane[token.start..end].contains(&b')')
        {
            start -= 1;
        }
        return Some(Found {
            start,
            end,
            kind: Kind::Phone,
        });
    }
    None
}

enum National {
    /// The first two digits of the national number.
    Uk(u8, u8),
    Foreign,
    /// A mobile without its nought.
    Unprefixed,
}

/// What kind of number this is, and how many digits come before the national number.
fn national(digits: &[u8], plus: bool) -> Option<(National, usize)> {
    let uk = |skipped: usize| {
        Some((
            National::Uk(*digits.get(skipped)?, *digits.get(skipped + 1)?),
            skipped,
        ))
    };
    match digits {
        [0, 0, 4, 4, 0, ..] => uk(5),
        [0, 0, 4, 4, ..] => uk(4),
        [4, 4, 0, ..] => uk(3),
        [4, 4, ..] => uk(2),
        [0, 0, _, ..] => (digits.len() >= 11).then_some((National::Foreign, 2)),
        [0, ..] if !plus => uk(1),
        [1..=9, ..] if plus => Some((National::Foreign, 0)),
        [7, ..] => Some((National::Unprefixed, 0)),
        _ => None,
    }
}

/// Places (01, 02) and mobiles (07). 03, 05, 08 and 09 are given to organisations.
fn is_personal(first: u8, second: u8) -> bool {
    match first {
        1 | 7 => second != 0,
        2 => matches!(second, 0 | 3 | 4 | 8 | 9),
        _ => false,
    }
}

/// An IPv4 address, but not the number of a version.
pub(super) fn ipv4(look: &Look<'_>, index: usize) -> Option<Found> {
    let token = look.tokens.get(index)?;
    let part = |position: usize| {
        let token = look.tokens.get(position)?;
        (token.is_number() && token.len() <= 3 && look.tokens.value(token) < 256).then_some(token)
    };
    part(index)?;
    let dotted = |position: usize| look.tokens.gap_before(position) == Some(b".");
    if dotted(index)
        || !(index + 1..index + 4).all(|position| dotted(position) && part(position).is_some())
    {
        return None;
    }
    let last = look.tokens.get(index + 3)?;
    let more = dotted(index + 4)
        && look
            .tokens
            .get(index + 4)
            .is_some_and(|token| token.digits > 0);
    let version =
        words!("version|ver|v|release|build|firmware|update|ios|android|section|chapter|app");
    let keep = more || look.cue_before(token.start, 24, version);
    (!keep).then_some(Found {
        start: token.start,
        end: last.end,
        kind: Kind::Ip,
    })
}

/// An IPv6 address of at least three groups.
pub(super) fn ipv6(look: &Look<'_>, index: usize) -> Option<Found> {
    let plane = look.tokens.plane;
    let token = look.tokens.get(index)?;
    let colon = |at: usize| plane.get(at) == Some(&b':');
    if token.len() > 4 || !(colon(token.end) || colon(token.start.wrapping_sub(1))) {
        return None;
    }
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
    let mut start = token.start;
    while start > look.floor && token.start - start < 40 && is_part(plane[start - 1]) {
        start -= 1;
    }
    let mut end = token.end;
    while end - token.start < 40 && plane.get(end).is_some_and(|byte| is_part(*byte)) {
        end += 1;
    }
    while end > start && plane[end - 1] == b':' && !plane[start..end].ends_with(b"::") {
        end -= 1;
    }
    let text = std::str::from_utf8(&plane[start..end]).ok()?;
    let groups = text.split(':').filter(|group| !group.is_empty()).count();
    let fits = groups >= 3
        && text.parse::<Ipv6Addr>().is_ok()
        && starts_word(plane, start)
        && ends_word(plane, end);
    fits.then_some(Found {
        start,
        end,
        kind: Kind::Ip,
    })
}

/// Where the web addresses of the plane are: their numbers name pages. In order.
pub(super) fn web_addresses(plane: &[u8]) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(colon) = plane[from..].windows(3).position(|part| part == b"://") {
        let start = from + colon + 3;
        let ends =
            |byte: &u8| byte.is_ascii_whitespace() || matches!(*byte, b'"' | b'<' | b'>' | HIDDEN);
        let end = plane[start..]
            .iter()
            .position(ends)
            .map_or(plane.len(), |length| start + length);
        all.push((start, end));
        from = end;
    }
    all
}

impl Look<'_> {
    /// Whether `at` lies in a web address.
    pub(super) fn in_address(&self, at: usize) -> bool {
        let before = self.addresses.partition_point(|(start, _)| *start <= at);
        before > 0 && at < self.addresses[before - 1].1
    }
}
