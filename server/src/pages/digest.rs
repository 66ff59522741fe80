//! The digest of a week or a month, on screen, for the printer, and in large print for post and waiting rooms.
//!
//! Contract: what stands on it is the API's digest of the same. It is read by people without a computer, so it says what is to
//! be struck out on paper.

use askama::Template;
use axum::Router;
use axum::extract::{Path, RawQuery, State as FromState};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use discover_store::DigestEvery;
use jiff::civil::Date;

use super::answers::{Line, lines};
use super::digest_mail::MailForm;
use super::reader::Reader;
use super::respond;
use super::view::{Feed, Frame, Languages, Link, Nav, Voice, label};
use crate::i18n::{Arg, Msg, filters, msg};
use crate::picture::qr::Qr;
use crate::problem::Problem;
use crate::read;
use crate::read::answers::latest_first;
use crate::read::params::{DigestListParams, DigestParams, PrintParams, Query};
use crate::read::period::Period;
use crate::shapes::{AreaRef, Digest, DigestGone, DigestItem, DigestRef};
use crate::state::{ServerConfig, State};
use crate::text::inline::Text;
use crate::text::{coordinated, links, say};

/// Languages named of what a search found.
const LANGUAGES: usize = 8;

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/digest", get(latest))
        .route("/digest/{period}", get(page))
}

#[derive(Debug, Template)]
#[template(path = "digest.html")]
pub(super) struct Page {
    frame: Frame,
    large: bool,
    size: Link,
    others: [Link; 2],
    earlier: Option<String>,
    atom: Option<String>,
    data: String,
    areas: Vec<Choice>,
    /// Where the form of areas leads.
    form: String,
    when: Msg,
    what: Msg,
    so_far: Option<Msg>,
    runs: String,
    qr: Qr,
    /// Who a slip of the large print goes back to, where the settings say so.
    reply_to: Option<Text>,
    address: String,
    found: Option<Found>,
    warnings: Vec<Item>,
    emerging: Vec<Item>,
    enduring: Vec<Item>,
    quiet: Vec<Item>,
    answers: Vec<Line>,
    overdue: Vec<Msg>,
    since: Option<Msg>,
    mail: Option<MailForm>,
    errata: Vec<Msg>,
    foot: Msg,
    unreachable: Option<Msg>,
}

/// An area to choose.
#[derive(Debug)]
struct Choice {
    slug: String,
    name: Msg,
    chosen: bool,
}

#[derive(Debug)]
struct Item {
    href: String,
    label: Text,
    title: Option<Text>,
    said: Msg,
    odds: Option<Msg>,
    /// Of a warning, that it does not hold any more; and what was said before some of it went.
    over: Option<Msg>,
    less: Option<Msg>,
    sign: Option<Msg>,
    languages: Languages,
    voice: Option<Voice>,
}

#[derive(Debug)]
struct Found {
    words: Msg,
    href: String,
    languages: Languages,
    voices: Vec<Voice>,
}

/// What a page needs besides the digest.
pub(super) struct Around<'a> {
    pub(super) config: &'a ServerConfig,
    pub(super) large: bool,
    pub(super) params: &'a DigestParams,
    /// All areas that can be asked for.
    pub(super) areas: &'a [AreaRef],
    /// The digest before this one.
    pub(super) earlier: Option<&'a str>,
}

impl Page {
    pub(super) fn new(digest: &Digest, around: &Around<'_>) -> Self {
        let Around {
            config,
            large,
            params,
            areas,
            earlier,
        } = around;
        let of = &digest.of;
        let query = params.to_query();
        let path = format!("/digest/{}", of.period);
        let here = links::with_query(&path, &query);
        let other = if *large {
            here.clone()
        } else {
            let sign = if query.is_empty() { '?' } else { '&' };
            format!("{here}{sign}print=large")
        };
        let every = |every: DigestEvery, words: Msg| {
            let mut asked = if every == DigestEvery::default() {
                String::new()
            } else {
                format!("every={}", every.as_str())
            };
            if !asked.is_empty() && !query.is_empty() {
                asked.push('&');
            }
            asked.push_str(&query);
            Link::new(links::with_query("/digest", &asked), words)
                .current(of.every == every.as_str())
        };
        let feed = DigestListParams {
            every: DigestEvery::ALL
                .into_iter()
                .find(|every| every.as_str() == of.every)
                .unwrap_or_default(),
            area: params.search.area.clone(),
        };
        let atom = links::with_query("/digest.atom", &feed.to_query());
        let atom = Some(atom).filter(|_| digest.search.is_none());
        let when = when(of);
        let what = area_names(digest).map_or_else(
            || msg!("digest-title"),
            |areas| msg!("digest-for", what = msg!("digest-title"), areas = areas),
        );
        let whole = links::absolute(&config.base_url, &here);
        let feeds = atom.iter().cloned();
        let odds = (digest.odds_days, digest.drawn.unwrap_or(of.last));
        let title = config.instance_name.clone();
        Self {
            frame: Frame::new(&config.instance_name, when.clone(), Nav::Topics)
                .with_feeds(feeds.map(|href| Feed::atom(href, title.clone())).collect()),
            large: *large,
            size: Link::new(
                other,
                if *large {
                    msg!("digest-usual")
                } else {
                    msg!("digest-large")
                },
            ),
            others: [
                every(DigestEvery::Week, msg!("digest-weeks")),
                every(DigestEvery::Month, msg!("digest-months")),
            ],
            earlier: earlier.map(|period| links::with_query(&format!("/digest/{period}"), &query)),
            atom,
            data: links::with_query(&format!("{}/digests/{}", links::API, of.period), &query),
            areas: areas
                .iter()
                .map(|area| Choice {
                    name: say::area(&area.kind, &area.name),
                    chosen: params.search.area.contains(&area.slug),
                    slug: area.slug.clone(),
                })
                .collect(),
            form: path,
            when,
            what,
            so_far: of.so_far.then(|| msg!("digest-so-far", last = of.last)),
            runs: config
                .operator
                .clone()
                .unwrap_or_else(|| config.instance_name.clone()),
            qr: Qr::new(&whole),
            address: whole,
            reply_to: config.reply_to.as_ref().map(Text::unknown),
            found: digest.search.as_ref().map(|found| {
                let conversations = say::conversations(found.once());
                let networks = say::networks(found.networks.len() as u64);
                let languages = found.languages.iter().take(LANGUAGES);
                let languages: Vec<_> =
                    languages.filter_map(|row| row.value.parse().ok()).collect();
                Found {
                    words: match params.search.q.trim() {
                        _ if found.total == 0 => msg!("digest-nothing-found"),
                        "" => msg!(
                            "digest-found-all",
                            conversations = conversations,
                            networks = networks,
                        ),
                        q => msg!(
                            "digest-found",
                            conversations = conversations,
                            networks = networks,
                            q = Text::unknown(q),
                        ),
                    },
                    href: links::search(&found.query),
                    languages: Languages::new(&languages),
                    voices: found.quotes.iter().map(Voice::new).collect(),
                }
            }),
            warnings: digest
                .warnings
                .iter()
                .map(|one| item(one, true, &odds))
                .collect(),
            emerging: digest
                .emerging
                .iter()
                .map(|one| item(one, false, &odds))
                .collect(),
            enduring: digest
                .enduring
                .iter()
                .map(|one| item(one, false, &odds))
                .collect(),
            quiet: digest
                .quiet
                .iter()
                .map(|one| item(one, false, &odds))
                .collect(),
            answers: lines(
                digest
                    .answers
                    .iter()
                    .flat_map(|one| latest_first(&one.items)),
            ),
            overdue: digest
                .answers
                .iter()
                .flat_map(|one| &one.due)
                .map(|due| {
                    let by = Text::unknown(&due.by);
                    msg!("digest-overdue", by = by, due = due.due)
                })
                .collect(),
            mail: (config.operations.digest_mails && digest.search.is_none())
                .then(|| MailForm::new(&feed)),
            since: gone(of.gone).map(|what| msg!("digest-since", what = what)),
            errata: digest
                .errata
                .iter()
                .filter_map(|of| {
                    let what = gone(of.gone)?;
                    let period = msg!(
                        "digest-period",
                        from = Arg::First(of.start, of.last),
                        to = of.last,
                    );
                    Some(msg!("digest-erratum", period = period, what = what))
                })
                .collect(),
            foot: msg!("digest-foot", networks = say::networks(digest.networks)),
            unreachable: (!digest.unreachable.is_empty())
                .then(|| msg!("digest-unreachable", count = digest.unreachable.len())),
        }
    }

    fn has_answers(&self) -> bool {
        !self.answers.is_empty() || !self.overdue.is_empty()
    }

    fn is_right(&self) -> bool {
        self.errata.is_empty() && self.since.is_none()
    }
}

fn when(of: &DigestRef) -> Msg {
    if of.every == DigestEvery::Month.as_str() {
        msg!("plain", text = Arg::Month(of.start))
    } else {
        msg!("digest-week", days = say::days_between(of.start, of.last))
    }
}

fn area_names(digest: &Digest) -> Option<Msg> {
    let names = digest.areas.iter();
    let names: Vec<Msg> = names
        .map(|area| say::area(&area.kind, &area.name))
        .collect();
    (!names.is_empty()).then(|| say::list(names))
}

/// What is not shown any more, in words; nothing where all of it is.
fn gone(gone: DigestGone) -> Option<Msg> {
    let quotations =
        (gone.quotations > 0).then(|| msg!("digest-quotations", count = gone.quotations));
    let topics = (gone.topics > 0).then(|| msg!("digest-gone-topics", count = gone.topics));
    let all: Vec<Msg> = quotations.into_iter().chain(topics).collect();
    (!all.is_empty()).then(|| say::list(all))
}

/// `odds` are how many days odds are of, and the last of them.
fn item(item: &DigestItem, whole: bool, (days, last): &(u64, Date)) -> Item {
    let quote = item.quote.as_ref();
    Item {
        href: links::topic(item.topic.id),
        label: label(&item.topic.label, &item.topic.labels),
        title: quote
            .filter(|quote| !whole && !quote.title.trim().is_empty())
            .map(|quote| Text::new(quote.title.trim(), quote.language)),
        said: said(item),
        odds: item.chance.filter(|chance| *chance < 1.0).map(|chance| {
            msg!(
                "digest-odds",
                odds = say::odds(chance),
                days = say::days(*days),
                day = item.over_since.map_or(*last, |day| day.min(*last)),
            )
        }),
        over: item.over_since.map(|day| msg!("digest-over", day = day)),
        less: item.said.map(|said| {
            msg!(
                "digest-less",
                conversations = say::conversations(said.conversations),
                networks = say::networks(said.networks),
            )
        }),
        sign: coordinated::said(item.topic.coordinated.as_ref()),
        languages: Languages::new(&item.languages),
        voice: quote.filter(|_| whole).map(Voice::new),
    }
}

/// What was said of a topic in the days of a digest. A quiet one may stand in it without a word.
fn said(item: &DigestItem) -> Msg {
    match (item.once(), item.quiet_since) {
        (0, Some(day)) => msg!("digest-quiet-since", day = day),
        (0, None) => msg!("digest-quiet-then"),
        (once, _) => msg!(
            "digest-said",
            conversations = say::conversations(once),
            networks = say::networks(item.networks),
        ),
    }
}

async fn answer(
    state: &State,
    headers: &HeaderMap,
    period: Option<&str>,
    query: &str,
) -> Result<Response, Problem> {
    let params = DigestParams::liberal(query)?;
    let print = PrintParams::liberal(query)?;
    let (period, every) = match period {
        Some(code) => {
            let period = Period::parse(code)?;
            (Some(period), period.every)
        }
        None => (None, DigestListParams::liberal(query)?.every),
    };
    let view = state.view().await?;
    let mut digest = read::digest::digest(&view, period, every, &params).await?;
    Reader::of(headers).name_digest(&mut digest);
    let every = if digest.of.every == DigestEvery::Month.as_str() {
        DigestEvery::Month
    } else {
        DigestEvery::Week
    };
    let list = read::digest::list(&view, every, &[]).await?;
    let earlier = list.items.iter().find(|one| one.start < digest.of.start);
    let areas = read::areas::list(&view);
    let around = Around {
        config: state.config(),
        large: print.large,
        params: &params,
        areas: &areas,
        earlier: earlier.map(|one| one.period.as_str()),
    };
    let at = links::with_query(&format!("/digest/{}", digest.of.period), &params.to_query());
    respond(headers, &view, &at, &Page::new(&digest, &around))
}

async fn latest(
    FromState(state): FromState<State>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer(&state, &headers, None, &query.unwrap_or_default()).await
}

async fn page(
    FromState(state): FromState<State>,
    Path(period): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer(&state, &headers, Some(&period), &query.unwrap_or_default()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::sample;

    #[test]
    fn a_warning_that_is_over_says_so_and_odds_say_of_which_days_they_are() {
        let over = sample::digest().warnings.remove(0);
        let row = item(&over, true, &(7, super::Date::constant(2026, 11, 21)));
        assert_eq!(
            row.over.expect("it is over").to_string(),
            "Over since 20 November 2026."
        );
        let odds = row.odds.expect("odds").to_string();
        assert!(
            odds.starts_with("In the 7 days to 20 November 2026, the odds"),
            "{odds}"
        );
        let holds = sample::digest().emerging.remove(0);
        let row = item(&holds, false, &(7, super::Date::constant(2026, 11, 21)));
        assert!(row.over.is_none());
        let odds = row.odds.expect("odds").to_string();
        assert!(odds.contains("to 21 November 2026"), "{odds}");
    }

    #[test]
    fn a_quiet_topic_is_never_counted_at_no_networks() {
        let mut item = sample::digest().warnings.remove(0);
        assert_eq!(
            said(&item).to_string(),
            "In these days: 40 conversations at 5 networks."
        );
        (item.conversations, item.networks) = (0, 0);
        assert_eq!(said(&item).to_string(), "Nobody spoke of it in these days.");
        item.quiet_since = Some(jiff::civil::date(2026, 10, 3));
        assert_eq!(
            said(&item).to_string(),
            "Nobody spoke of it in these days; the last time was on 3 October 2026."
        );
    }
}
