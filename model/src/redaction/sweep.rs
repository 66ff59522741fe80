//! The sweep: one walk over the text from left to right, in which every family of rules gets its say.
//!
//! What was taken out ends the view of everything behind it: a cue is never looked for beyond the last finding. A second
//! run over the result, which has a placeholder there, therefore sees the same.

use super::finding::{Found, Look, Ready};
use super::kind::Kind;
use super::tokens::{Tokens, tokens};
use super::{contact, dates, identifiers, money, names, places};

type Rule = fn(&Look<'_>, usize) -> Option<Found>;

/// The rules about codes and numbers, the surest first.
const RULES: [Rule; 14] = [
    contact::ipv4,
    contact::ipv6,
    dates::birth,
    money::iban,
    identifiers::driving_licence,
    identifiers::nino,
    money::card,
    identifiers::nhs_number,
    identifiers::hospital_id,
    contact::phone,
    money::bank,
    places::postcode,
    places::address,
    identifiers::vehicle,
];

/// All that must be taken out of `plane`, in order and apart. `text` is what the plane was folded from.
pub(super) fn find(plane: &[u8], text: &str) -> Vec<Found> {
    let mut ready: Vec<Ready> = Vec::new();
    if plane.contains(&b'@') {
        let signs = plane.iter().enumerate().filter(|(_, byte)| **byte == b'@');
        ready.extend(
            signs
                .filter_map(|(at, _)| contact::around_at(plane, at))
                .map(|found| Ready {
                    from: found.start,
                    found,
                }),
        );
    }
    names::collect(plane, text, &mut ready);
    let list = if plane.iter().any(u8::is_ascii_digit) {
        tokens(plane)
    } else {
        Vec::new()
    };
    if ready.is_empty() && list.is_empty() {
        return Vec::new();
    }
    ready.sort_by_key(|ready| (ready.found.start, std::cmp::Reverse(ready.found.end)));

    let addresses = if list.is_empty() {
        Vec::new()
    } else {
        contact::web_addresses(plane)
    };
    let mut look = Look {
        tokens: Tokens { plane, list: &list },
        addresses: &addresses,
        floor: 0,
    };
    let mut all = Vec::new();
    let mut ready = ready.into_iter().peekable();
    for (index, token) in list.iter().enumerate() {
        if token.digits == 0 {
            continue;
        }
        while let Some(next) = ready.next_if(|ready| ready.found.start <= token.start) {
            next.take(&mut look, &mut all);
        }
        if token.start < look.floor {
            continue;
        }
        let found = RULES
            .iter()
            .find_map(|rule| rule(&look, index))
            .filter(|found| found.start >= look.floor);
        if let Some(found) = found {
            // An address that begins inside the finding must not be cut in two.
            let cut = ready.peek().is_some_and(|ready| {
                ready.found.start < found.end && ready.found.kind == Kind::Email
            });
            if !cut {
                look.floor = found.end;
                all.push(found);
            }
        }
    }
    for next in ready {
        next.take(&mut look, &mut all);
    }
    all
}
