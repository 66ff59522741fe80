//! The brief of a tray: its quotations on one sheet of A4, in large print, and as Markdown.
//!
//! Contract: usual print stays one sheet, whatever the content: from eleven quotations on each is cut, evenly, and that is said.
//! Large print, Markdown and data have them whole.

use std::collections::BTreeSet;

use askama::Template;

use super::sentences;
use crate::i18n::{Msg, filters, msg};
use crate::pages::view::{Frame, Link, Nav, Voice, original};
use crate::picture::qr::Qr;
use crate::read::params::TrayParams;
use crate::shapes::{Tray, TrayQuotation};
use crate::state::ServerConfig;
use crate::text::inline::{Day, Tag, Text, host};
use crate::text::{coordinated, links, words};

/// Characters of all quotations for which a sheet has room.
const ROOM: usize = 2_600;
/// More quotations than these are set closer, and cut.
const WHOLE: usize = 10;
/// Characters of a network's name on the sheet.
const NAME: usize = 60;
/// A longer address makes a code that is too fine for paper.
const CODED: usize = 320;

#[derive(Debug, Template)]
#[template(path = "traybrief.html")]
pub(in crate::pages) struct Brief {
    frame: Frame,
    large: bool,
    many: bool,
    back: String,
    size: Link,
    markdown: String,
    data: String,
    made: Day,
    runs: String,
    qr: Qr,
    heading: Msg,
    figures: Vec<(Msg, String)>,
    tongues: Vec<Tag>,
    quotes: Vec<Said>,
    cut: Option<Msg>,
    not_shown: Option<Msg>,
    check: Msg,
}

/// A quotation with its reference.
#[derive(Debug)]
struct Said {
    text: Text,
    voice: Voice,
    network: Text,
    number: usize,
    /// Where it was said, if that is at the network itself.
    at_network: Option<String>,
    host: String,
    here: String,
    sign: Option<Msg>,
}

impl Brief {
    fn has_signs(&self) -> bool {
        self.quotes.iter().any(|quote| quote.sign.is_some())
    }

    pub(in crate::pages) fn new(
        config: &ServerConfig,
        params: &TrayParams,
        tray: &Tray,
        large: bool,
    ) -> Self {
        let query = params.to_query();
        let at = |path: &str| links::with_query(path, &query);
        let count = tray.items.len();
        let room = match (large, count) {
            (true, _) | (false, 0..=WHOLE) => usize::MAX,
            (false, more) => ROOM / more,
        };
        let heading = sentences::heading(tray);
        let languages: BTreeSet<_> = tray
            .items
            .iter()
            .filter_map(|one| one.quote.language)
            .collect();
        let figures = vec![
            (msg!("tray-quotations"), words::exact(count as u64)),
            (msg!("networks-title"), words::exact(tray.networks)),
            (
                msg!("languages-title"),
                words::exact(languages.len() as u64),
            ),
        ];
        let other = if large {
            at("/tray/brief")
        } else {
            let sign = if query.is_empty() { '?' } else { '&' };
            format!("{}{sign}print=large", at("/tray/brief"))
        };
        let quotes: Vec<Said> = tray
            .items
            .iter()
            .enumerate()
            .map(|(n, item)| said(n, item, room))
            .collect();
        let shortened = quotes
            .iter()
            .filter(|one| one.text != one.voice.text)
            .count();
        Self {
            frame: Frame::new(&config.instance_name, heading.clone(), Nav::None),
            large,
            many: count > WHOLE && !large,
            back: at("/tray"),
            size: Link::new(
                other,
                if large {
                    msg!("digest-usual")
                } else {
                    msg!("digest-large")
                },
            ),
            markdown: at("/tray/brief.md"),
            data: links::with_query(&format!("{}/tray", links::API), &query),
            made: Day(tray.check.made),
            runs: config
                .operator
                .clone()
                .unwrap_or_else(|| config.instance_name.clone()),
            qr: if tray.url.len() <= CODED {
                Qr::new(&tray.url)
            } else {
                Qr::none()
            },
            figures,
            tongues: languages.into_iter().map(Tag::new).collect(),
            cut: (shortened > 0).then(|| msg!("tray-cut", count = shortened, most = room)),
            not_shown: sentences::not_shown(tray),
            check: sentences::check(tray),
            heading,
            quotes,
        }
    }
}

fn said(n: usize, item: &TrayQuotation, room: usize) -> Said {
    let voice = Voice::new(&item.quote);
    let original = original(item.quote.kind, &item.quote.url);
    Said {
        text: shortened(&voice.text, room),
        network: shortened(&voice.network, NAME),
        number: n + 1,
        host: original.as_deref().and_then(host).unwrap_or_default(),
        at_network: original.filter(|_| item.quote.links_to.is_none()),
        here: item.page.clone(),
        sign: coordinated::sign(item.coordinated.as_ref()),
        voice,
    }
}

/// At most `most` characters, cut at a word.
fn shortened(text: &Text, most: usize) -> Text {
    if text.text.chars().count() <= most {
        return text.clone();
    }
    let cut: String = text.text.chars().take(most - 1).collect();
    let end = cut.rfind(char::is_whitespace).filter(|end| *end > most / 2);
    let cut = end.map_or(cut.as_str(), |end| &cut[..end]);
    Text::new(format!("{}…", cut.trim_end()), text.language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::sample;

    #[test]
    fn a_sheet_cuts_many_quotations_evenly_and_says_so_and_large_print_cuts_none() {
        let mut tray = sample::tray();
        let mut one = tray.items[0].clone();
        one.quote.text = "Nobody answers the booking line. ".repeat(12);
        one.quote.text.truncate(300);
        let params = TrayParams::default();
        let config = ServerConfig::default();
        let mut shown = |count: usize, large| {
            tray.items = vec![one.clone(); count];
            let brief = Brief::new(&config, &params, &tray, large);
            let longest = brief.quotes.iter().map(|one| one.text.text.chars().count());
            (longest.max(), brief.cut.map(|cut| cut.to_string()))
        };
        assert_eq!(shown(10, false).0, Some(300));
        let (longest, cut) = shown(20, false);
        assert!(longest <= Some(130) && longest > Some(100), "{longest:?}");
        let cut = cut.expect("it is said");
        assert!(cut.contains("20 are cut to 130 characters"), "{cut}");
        assert_eq!(shown(20, true), (Some(300), None));
    }
}
