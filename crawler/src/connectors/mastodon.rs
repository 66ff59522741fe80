//! Mastodon accounts, and those of servers with the same interface (GoToSocial, Pixelfed, Akkoma).
//!
//! Public means: a status with visibility `public`, written by a registered account that says `indexable`. Where the
//! server's accounts have no such word at all, our token in the account's own profile says it. Refused: accounts that are
//! suspended, limited, `noindex`, not `indexable`, or carry #nobot, #noindex or #nobots in their profile; unlisted, followers-only and direct statuses; boosts. Replies by
//! people who did not register are never asked for. An account that comes to say no, or is deleted, loses what is kept of
//! it, also where the source has other accounts. A server that wants signed requests answers 401; that is reported,
//! not signed around.

use std::collections::BTreeMap;

use discover_model::{Item, ItemState, Mark, Refusal};
use serde::Deserialize;
use url::Url;

use super::answers::{lost, readable};
use super::cursor::{Cursor, MastodonCursor, Timeline};
use super::items::{blank, withheld, without_names};
use crate::fetch::{Response, Validators, What};
use crate::frontier::{Pace, pace_of};
use crate::parse;
use crate::recheck::review::Review;
use crate::trouble::Trouble;
use crate::visit::{MAX_LISTINGS, Page, Visit, json};

/// Statuses remembered of one account.
const MAX_KNOWN: usize = 5000;

#[derive(Debug, Default, Deserialize)]
struct Account {
    id: Option<String>,
    acct: Option<String>,
    username: Option<String>,
    display_name: Option<String>,
    note: Option<String>,
    /// Servers before 4.2 and of other makes do not know it.
    #[serde(default, deserialize_with = "said")]
    indexable: Said,
    noindex: Option<bool>,
    suspended: Option<bool>,
    limited: Option<bool>,
    memorial: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
struct Status {
    id: String,
    url: Option<String>,
    uri: Option<String>,
    visibility: Option<String>,
    content: Option<String>,
    spoiler_text: Option<String>,
    language: Option<String>,
    created_at: Option<String>,
    edited_at: Option<String>,
    in_reply_to_id: Option<String>,
    reblog: Option<serde_json::Value>,
    account: Option<Writer>,
    poll: Option<Poll>,
    media_attachments: Option<Vec<serde_json::Value>>,
    card: Option<Card>,
    quote: Option<serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
struct Poll {
    options: Option<Vec<serde_json::Value>>,
}

/// A poll's answer.
#[derive(Debug, Default, Deserialize)]
struct Choice {
    title: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Media {
    description: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Card {
    url: Option<String>,
    title: Option<String>,
}

/// The account within a status, of which only the names are used: not every server fills in the rest.
#[derive(Debug, Default, Deserialize)]
struct Writer {
    id: Option<String>,
    acct: Option<String>,
    username: Option<String>,
    display_name: Option<String>,
}

/// How the owner of an account is called there.
fn names(display_name: Option<&String>, username: Option<&String>) -> Vec<String> {
    [display_name, username]
        .into_iter()
        .flatten()
        .cloned()
        .collect()
}

impl Timeline {
    fn remember(&mut self, statuses: Vec<Mark>) {
        self.known.extend(statuses);
        while self.known.len() > MAX_KNOWN {
            self.known.pop_first();
        }
    }
}

/// What an account says of being found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Said {
    /// The server's accounts have no word for it.
    #[default]
    Unasked,
    Yes,
    No,
}

/// A word that is there and is no yes is a no.
fn said<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Said, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(if value == true { Said::Yes } else { Said::No })
}

impl Account {
    /// `token`: the account put our token into its own profile, which says the same where the server has no word for it.
    fn refusal(&self, token: bool) -> Option<Refusal> {
        let note = self.note.as_deref().unwrap_or_default().to_lowercase();
        let note: String = parse_note(&note);
        let tagged = note
            .split(|c: char| !c.is_alphanumeric() && c != '#')
            .any(|word| matches!(word, "#nobot" | "#nobots" | "#noindex"));
        if self.suspended == Some(true) || self.limited == Some(true) || self.memorial == Some(true)
        {
            return Some(Refusal::NotPublic);
        }
        let found = match self.indexable {
            Said::Yes => true,
            Said::Unasked => token,
            Said::No => false,
        };
        (self.noindex == Some(true) || !found || tagged).then_some(Refusal::AuthorOptedOut)
    }
}

/// Tags in a profile are links: `<a …>#<span>nobot</span></a>`.
fn parse_note(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut within = false;
    for c in html.chars() {
        match c {
            '<' => within = true,
            '>' => within = false,
            c if !within => text.push(c),
            _ => {}
        }
    }
    text
}

pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    let names = accounts(visit, address)?;
    let mut refused = None;
    let mut read = false;
    for name in &names {
        match lookup(visit, address, name).await? {
            AccountStatus::Open(about) => {
                account(visit, address, name, about).await?;
                read = true;
            }
            // One account's no is not the others'. A source of one account is lost by what its visit says.
            AccountStatus::Away { trouble, .. } => {
                if names.len() > 1 {
                    forget(visit, name).await?;
                }
                if refused.is_none() || matches!(trouble, Trouble::Refused { .. }) {
                    refused = Some(trouble);
                }
            }
        }
    }
    match refused {
        Some(trouble) if !read => Err(trouble),
        _ => {
            let unfinished = cursor(visit)
                .accounts
                .values()
                .any(|timeline| timeline.before.is_some());
            visit.state.first_done |= !unfinished;
            Ok(pace_of(visit.lifetime, unfinished))
        }
    }
}

fn cursor<'v>(visit: &'v mut Visit<'_>) -> &'v mut MastodonCursor {
    if !matches!(visit.state.cursor, Cursor::Mastodon(_)) {
        visit.state.cursor = Cursor::Mastodon(MastodonCursor::default());
    }
    match &mut visit.state.cursor {
        Cursor::Mastodon(cursor) => cursor,
        _ => unreachable!("set above"),
    }
}

/// The registered accounts on this server: those named, or the one whose profile the source's address is.
fn accounts(visit: &Visit<'_>, address: &Url) -> Result<Vec<String>, Trouble> {
    let host = address.host_str().unwrap_or_default();
    let mut names = Vec::new();
    for account in &visit.source.options.accounts {
        let account = account.trim().trim_start_matches('@');
        match account.split_once('@') {
            None => names.push(account.to_owned()),
            Some((name, at)) if at.eq_ignore_ascii_case(host) => names.push(name.to_owned()),
            Some((_, at)) => {
                return Err(Trouble::Setting(format!(
                    "an account on {at} is named, but the source is on {host}: give it a source of its own"
                )));
            }
        }
    }
    if names.is_empty() {
        let profile = address
            .path()
            .trim_matches('/')
            .strip_prefix('@')
            .map(str::to_owned);
        names.extend(profile.filter(|name| !name.is_empty() && !name.contains(['/', '@'])));
    }
    if names.is_empty() {
        return Err(Trouble::Setting("no account is named".to_owned()));
    }
    Ok(names)
}

/// How an account is to be dealt with now.
enum AccountStatus {
    Open(Account),
    /// It says no, or is not there any more.
    Away {
        id: Option<String>,
        refusal: Refusal,
        trouble: Trouble,
    },
}

async fn lookup(
    visit: &mut Visit<'_>,
    address: &Url,
    name: &str,
) -> Result<AccountStatus, Trouble> {
    let mut url = super::answers::at(address, "/api/v1/accounts/lookup")?;
    url.query_pairs_mut().append_pair("acct", name);
    let response = visit.get(&url, What::Json, &Validators::default()).await?;
    if let Err(trouble) = visit.require(&response) {
        // A missing route or a proxy says nothing of the account.
        let deleted =
            matches!(response.status, 404 | 410) && super::answers::own_error(&response).is_some();
        return if deleted {
            Ok(AccountStatus::Away {
                id: None,
                refusal: Refusal::Withdrawn,
                trouble,
            })
        } else {
            Err(trouble)
        };
    }
    let account: Account = json(&response)?;
    let profile = super::answers::at(address, &format!("/@{name}"))?;
    let token = visit.permit.proved_by_profile(&profile);
    let Some(refusal) = account.refusal(token) else {
        return Ok(AccountStatus::Open(account));
    };
    if account.id.is_none() {
        return Err(Trouble::Unreadable {
            url: Box::new(url),
            why: "the account has no id".to_owned(),
        });
    }
    Ok(AccountStatus::Away {
        id: account.id,
        refusal,
        trouble: Trouble::Refused {
            refusal,
            what: format!(
                "the account @{name} does not want to be found (its profile decides: \"include public posts in search results\")"
            ),
        },
    })
}

/// Takes back what was handed over of one account, which begins anew should it come back.
async fn forget(visit: &mut Visit<'_>, name: &str) -> Result<(), Trouble> {
    let known = cursor(visit).accounts.get(name);
    let gone = known.map(|timeline| timeline.known.clone());
    visit.miss(gone.unwrap_or_default());
    cursor(visit).accounts.remove(name);
    visit.state.pages.remove(&page_key(name));
    visit.flush().await
}

fn page_key(name: &str) -> String {
    format!("account {name}")
}

async fn account(
    visit: &mut Visit<'_>,
    address: &Url,
    name: &str,
    account: Account,
) -> Result<(), Trouble> {
    let Some(id) = account
        .id
        .filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric()))
    else {
        return Err(Trouble::Unreadable {
            url: Box::new(address.clone()),
            why: "the account has no id".to_owned(),
        });
    };
    let names = names(account.display_name.as_ref(), account.username.as_ref());
    let author = account.acct.unwrap_or_else(|| name.to_owned());
    let key = page_key(name);
    for page in 0..MAX_LISTINGS {
        let timeline = cursor(visit)
            .accounts
            .entry(name.to_owned())
            .or_default()
            .clone();
        let mut url = super::answers::at(address, &format!("/api/v1/accounts/{id}/statuses"))?;
        url.query_pairs_mut()
            .append_pair("limit", "40")
            .append_pair("exclude_reblogs", "true");
        if let Some(before) = &timeline.before {
            url.query_pairs_mut().append_pair("max_id", before);
        }
        let (response, state) = if timeline.before.is_none() && page == 0 {
            match visit.page(&key, &url, What::Json).await? {
                Page::Unchanged => return Ok(()),
                Page::New(response, state) => (*response, Some(state)),
            }
        } else {
            (visit.get_ok(&url, What::Json).await?, None)
        };
        let asked = timeline.before.clone();
        let values: Vec<serde_json::Value> = json(&response)?;
        let statuses = readable::<Status>(Some(&values));
        let unreadable = lost(Some(&values), statuses.len());
        visit.unreadable_rows(unreadable, statuses.len(), &response.url)?;
        let newest = statuses
            .iter()
            .map(|status| status.id.clone())
            .max_by(|a, b| order(a, b));
        let oldest = statuses
            .iter()
            .map(|status| status.id.clone())
            .min_by(|a, b| order(a, b));
        let known = timeline.since.as_ref().is_some_and(|since| {
            oldest
                .as_ref()
                .is_some_and(|oldest| order(oldest, since).is_le())
        });
        let items: Vec<Item> = statuses
            .into_iter()
            .filter_map(|status| item(visit, &author, &names, status))
            .collect();
        let live = items.iter().filter(|item| item.state == ItemState::Live);
        let live: Vec<Mark> = live.map(|item| visit.item_mark(&item.key)).collect();
        visit.push(items, Vec::new()).await?;
        // A server that leaves rows out afterwards gives short and empty pages; its Link header says what follows.
        let next = link_next(&response).filter(|next| Some(next) != asked.as_ref());
        let oldest = oldest.or_else(|| next.clone());
        // A server that gives the same again for every page has no further one.
        let further = oldest.as_ref().is_some_and(|oldest| {
            asked
                .as_ref()
                .is_none_or(|asked| order(oldest, asked).is_lt())
        });
        let ended = known || !further;
        let timeline = cursor(visit).accounts.entry(name.to_owned()).or_default();
        timeline.remember(live);
        if timeline.newest.is_none() {
            timeline.newest = newest;
        }
        if ended {
            timeline.before = None;
            timeline.since = timeline.newest.take().or(timeline.since.take());
        } else {
            timeline.before = oldest;
        }
        if let Some(state) = state {
            visit.state.remember_page(&key, state);
        }
        visit.flush().await?;
        if ended {
            return Ok(());
        }
    }
    Ok(())
}

/// Asks for kept statuses by number, twenty at a time where the server can, and by themselves where it names fewer.
pub(crate) async fn recheck(
    visit: &mut Visit<'_>,
    address: &Url,
    looks: &mut Review<'_>,
) -> Result<(), Trouble> {
    let names = accounts(visit, address)?;
    let mut away = Vec::new();
    for name in &names {
        match lookup(visit, address, name).await? {
            AccountStatus::Open(_) => {}
            AccountStatus::Away {
                refusal,
                trouble: Trouble::Refused { .. },
                ..
            } if names.len() == 1 => {
                looks.all_lost(refusal);
                return Ok(());
            }
            AccountStatus::Away { trouble, .. } if names.len() == 1 => return Err(trouble),
            AccountStatus::Away { id, refusal, .. } => {
                away.push((name.to_lowercase(), id, refusal));
            }
        }
    }
    // By the address where it names the account, which saves asking; else by what the server says below.
    for (at, kept) in looks.kept.iter().enumerate() {
        let named = kept
            .url
            .path()
            .trim_start_matches("/users/")
            .trim_start_matches("/@");
        let named = named.split('/').next().unwrap_or_default().to_lowercase();
        if let Some((.., refusal)) = away.iter().find(|(name, ..)| *name == named) {
            looks.lost(at, *refusal);
        }
    }
    let ids: BTreeMap<String, usize> = looks
        .kept
        .iter()
        .enumerate()
        .filter_map(|(at, kept)| Some((kept.key.strip_prefix("s/")?.to_owned(), at)))
        .filter(|(id, at)| {
            looks.is_open(*at) && !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric())
        })
        .collect();
    let all: Vec<&String> = ids.keys().collect();
    for chunk in all.chunks(20) {
        let mut url = super::answers::at(address, "/api/v1/statuses")?;
        for id in chunk {
            url.query_pairs_mut().append_pair("id[]", id);
        }
        match visit.get(&url, What::Json, &Validators::default()).await {
            Ok(response) if response.is_success() => {
                let values: Vec<serde_json::Value> = json(&response).unwrap_or_default();
                for status in readable::<Status>(Some(&values)) {
                    if let Some(at) = ids.get(&status.id) {
                        judge(visit, status, &away, *at, looks);
                    }
                }
            }
            Err(trouble) if trouble.ends_visit() => return Err(trouble),
            _ => {}
        }
        for id in chunk {
            let at = ids[*id];
            if !looks.is_open(at) {
                continue;
            }
            let url = super::answers::at(address, &format!("/api/v1/statuses/{id}"))?;
            let response = visit.get(&url, What::Json, &Validators::default()).await?;
            let own = super::answers::own_error(&response).is_some();
            match visit.require(&response) {
                Ok(()) => {
                    if let Ok(status) = json::<Status>(&response)
                        && status.id == **id
                    {
                        judge(visit, status, &away, at, looks);
                    }
                }
                Err(
                    trouble @ Trouble::Status {
                        status: 404 | 410, ..
                    },
                ) if !own => {
                    drop(trouble);
                }
                Err(trouble) => looks.trouble(&[at], trouble)?,
            }
        }
    }
    Ok(())
}

/// `away`: name, id and refusal of each account that is.
fn judge(
    visit: &Visit<'_>,
    status: Status,
    away: &[(String, Option<String>, Refusal)],
    at: usize,
    looks: &mut Review<'_>,
) {
    let away = status.account.as_ref().and_then(|writer| {
        let acct = writer.acct.as_ref().map(|acct| acct.to_lowercase());
        let is_it = |(name, id, _): &&(String, Option<String>, Refusal)| {
            acct.as_ref() == Some(name) || id.is_some() && writer.id == *id
        };
        away.iter().find(is_it).map(|(.., refusal)| *refusal)
    });
    match away.or_else(|| refusal_of(&status)) {
        None => {
            looks.there(at);
            let writer = status.account.as_ref();
            if let Some(writer) = writer
                && let Some(author) = writer.acct.clone()
            {
                let names = names(writer.display_name.as_ref(), writer.username.as_ref());
                looks.say(item(visit, &author, &names, status));
            }
        }
        Some(refusal) => looks.lost(at, refusal),
    }
}

fn refusal_of(status: &Status) -> Option<Refusal> {
    match status.visibility.as_deref() {
        Some("public") => None,
        Some("unlisted") => Some(Refusal::Unlisted),
        Some("private") => Some(Refusal::FollowersOnly),
        _ => Some(Refusal::NotPublic),
    }
}

/// The `max_id` of the page that the answer names as the next (RFC 8288).
fn link_next(response: &Response) -> Option<String> {
    let links = response.header("link")?;
    let next = links.split(',').find(|link| {
        link.split(';').skip(1).any(|parameter| {
            let parameter = parameter.trim().replace(['"', '\''], "");
            parameter.eq_ignore_ascii_case("rel=next")
        })
    })?;
    let address = next.split('>').next()?.trim().trim_start_matches('<');
    let address = response.url.join(address).ok()?;
    let (_, id) = address.query_pairs().find(|(name, _)| name == "max_id")?;
    (!id.is_empty() && id.len() <= 64).then(|| id.into_owned())
}

/// Ids grow with time: numbers, or texts of one length.
fn order(a: &str, b: &str) -> std::cmp::Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// All that a status says: its warning, its text, what its poll asks, what its pictures show, what its card is called.
/// A quoted status is its writer's: it is linked to, and none of its words are taken.
fn words(status: &Status, text: String) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(status.spoiler_text.clone());
    parts.push(text);
    let choices = status.poll.as_ref().and_then(|poll| poll.options.as_ref());
    for choice in readable::<Choice>(choices) {
        parts.extend(choice.title.map(|title| format!("- {title}")));
    }
    for media in readable::<Media>(status.media_attachments.as_ref()) {
        parts.extend(media.description);
    }
    parts.extend(status.card.as_ref().and_then(|card| card.title.clone()));
    super::items::paragraphs(&parts)
}

fn item(visit: &Visit<'_>, author: &str, names: &[String], status: Status) -> Option<Item> {
    if status
        .reblog
        .as_ref()
        .is_some_and(|reblog| !reblog.is_null())
    {
        return None;
    }
    let url = Url::parse(status.url.as_deref().or(status.uri.as_deref())?).ok()?;
    let key = format!("s/{}", status.id);
    if let Some(refusal) = refusal_of(&status) {
        return Some(withheld(visit.source, key, url, refusal));
    }
    let text = parse::text::html_to_text(status.content.as_deref().unwrap_or_default(), &url);
    let mut item = blank(visit.source, key, url);
    let names = names.iter().map(String::as_str);
    item.text = without_names(&words(&status, text.text), names);
    item.links = text.links;
    let linked = [
        status.card.and_then(|card| card.url),
        status.quote.as_ref().and_then(|quote| {
            let quoted = quote.get("quoted_status").unwrap_or(quote);
            quoted["url"].as_str().map(str::to_owned)
        }),
    ];
    for link in linked.into_iter().flatten() {
        if let Ok(link) = Url::parse(&link)
            && matches!(link.scheme(), "http" | "https")
            && !item.links.contains(&link)
        {
            item.links.push(link);
        }
    }
    item.language = status.language.or(item.language);
    item.parent = status.in_reply_to_id.map(|id| format!("s/{id}"));
    item.author = Some(author.to_owned());
    item.published = status.created_at.as_deref().and_then(parse::date::parse);
    item.updated = status.edited_at.as_deref().and_then(parse::date::parse);
    Some(item)
}
