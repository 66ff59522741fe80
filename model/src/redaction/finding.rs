//! What a family of rules sees of a text, and what it finds there.

use super::kind::Kind;
use super::tokens::Tokens;

/// A piece to take out, in the plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
}

/// What a rule sees.
#[derive(Debug)]
pub(super) struct Look<'a> {
    pub(super) tokens: Tokens<'a>,
    /// The web addresses.
    pub(super) addresses: &'a [(usize, usize)],
    /// Nothing before this is looked at: it was taken out.
    pub(super) floor: usize,
}

/// A finding that needs no other, and where the words begin that it rests on.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) from: usize,
    pub(super) found: Found,
}

impl Ready {
    /// Takes it out unless something else took out what it rests on.
    pub(super) fn take(self, look: &mut Look<'_>, all: &mut Vec<Found>) {
        if self.from >= look.floor && self.found.start >= look.floor {
            look.floor = self.found.end;
            all.push(self.found);
        }
    }
}
