//! That part of a topic looks coordinated: one wording, wherever a topic is shown or handed on.
//!
//! Contract: says what was seen, never who.

use super::words;
use crate::i18n::{Msg, msg};
use crate::shapes::Coordinated;

/// The sign alone, for lists.
pub(crate) fn sign(seen: Option<&Coordinated>) -> Option<Msg> {
    seen.filter(|seen| seen.flag)
        .map(|_| msg!("looks-coordinated"))
}

/// What was seen, as a sentence of its own.
pub(crate) fn reason(seen: &Coordinated) -> String {
    let reason = seen.reason.trim().trim_end_matches('.');
    format!("{}.", words::sentence(reason))
}

/// The sign and what was seen.
pub(crate) fn said(seen: Option<&Coordinated>) -> Option<Msg> {
    let seen = seen.filter(|seen| seen.flag)?;
    Some(msg!(
        "coordinated-because",
        sign = msg!("looks-coordinated"),
        because = Msg::English(reason(seen)),
    ))
}

/// [`said`], in English: for feeds, mails and files.
pub(crate) fn sentence(seen: Option<&Coordinated>) -> Option<String> {
    let seen = seen.filter(|seen| seen.flag)?;
    Some(format!("{}. {}", msg!("looks-coordinated"), reason(seen)))
}

/// `note`, and the sign where there is one.
pub(crate) fn noted(note: Msg, seen: Option<&Coordinated>) -> Msg {
    match sign(seen) {
        Some(sign) => msg!("coordinated-noted", note = note, sign = sign),
        None => note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_is_said_in_the_same_words_with_and_without_what_was_seen() {
        let seen = Coordinated {
            flag: true,
            reason: "many of its conversations are near copies of each other".to_owned(),
        };
        let sign = sign(Some(&seen)).expect("a sign").to_string();
        assert_eq!(
            sentence(Some(&seen)).expect("a sentence"),
            format!("{sign}. Many of its conversations are near copies of each other.")
        );
        assert_eq!(
            noted("7 networks".into(), Some(&seen)).to_string(),
            format!("7 networks. {sign}")
        );
        assert_eq!(sentence(None), None);
    }
}
