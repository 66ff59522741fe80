//! What a tray's page, brief and Markdown all say of it.

use crate::i18n::{Msg, msg};
use crate::shapes::Tray;
use crate::text::say;

/// How many quotations, from how many networks.
pub(super) fn heading(tray: &Tray) -> Msg {
    msg!(
        "tray-heading",
        quotations = msg!("count-quotations", count = tray.items.len()),
        networks = say::networks(tray.networks),
    )
}

/// That nothing is shown of some of its ids; nothing where all are shown.
pub(super) fn not_shown(tray: &Tray) -> Option<Msg> {
    (tray.not_shown > 0).then(|| msg!("tray-not-shown", count = tray.not_shown))
}

/// When it was said, and what it takes to check it.
pub(super) fn check(tray: &Tray) -> Msg {
    let days = || tray.items.iter().filter_map(|one| one.quote.day);
    let when = match (days().min(), days().max()) {
        (Some(first), Some(last)) => say::days_between(first, last),
        _ => msg!("tray-undated"),
    };
    let head: String = tray.check.ledger_head.chars().take(16).collect();
    msg!(
        "tray-check",
        when = when,
        generation = tray.check.generation,
        seq = tray.check.seq,
        ledger = tray.check.ledger_seq,
        head = head,
    )
}
