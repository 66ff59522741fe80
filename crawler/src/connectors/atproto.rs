//! Accounts of the AT Protocol (Bluesky), read from the owner's own data server.
//!
//! Public means: a post record that exists in the repository of a registered, active account. The data server gives
//! the records of accounts that opted out of being shown to visitors like any other, so the opt-out is honoured here:
//! the profile record is read first, and `!no-unauthenticated` or `!hide` refuses the account. Refused as well:
//! accounts taken down, suspended or deactivated. Other people's replies are not asked for. What is no longer listed
//! was deleted.

use std::collections::BTreeSet;

use discover_model::{Item, Mark, Refusal};
use serde::Deserialize;
use url::Url;

use super::answers::{lost, readable};
use super::cursor::{AtprotoCursor, Cursor, Repo};
use super::items::blank;
use crate::fetch::{Validators, What};
use crate::frontier::{Pace, pace_of};
use crate::parse;
use crate::recheck::review::Review;
use crate::trouble::Trouble;
use crate::visit::{MAX_LISTINGS, Visit, json};

/// Records remembered of one account for seeing deletions.
const MAX_KNOWN: usize = 5000;
const POSTS: &str = "app.bsky.feed.post";

#[derive(Debug, Default, Deserialize)]
struct Resolved {
    did: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Latest {
    rev: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct RepoStatus {
    active: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
struct ProfileRecord {
    value: Option<Profile>,
}

#[derive(Debug, Default, Deserialize)]
struct Profile {
    labels: Option<Labels>,
}

#[derive(Debug, Default, Deserialize)]
struct Labels {
    values: Option<Vec<Label>>,
}

#[derive(Debug, Default, Deserialize)]
struct Label {
    val: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Records {
    records: Option<Vec<serde_json::Value>>,
    cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Record {
    uri: String,
    value: Option<Post>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Post {
    text: Option<String>,
    created_at: Option<String>,
    langs: Option<Vec<String>>,
    reply: Option<Reply>,
    facets: Option<Vec<serde_json::Value>>,
    embed: Option<serde_json::Value>,
    labels: Option<Labels>,
}

#[derive(Debug, Default, Deserialize)]
struct Reply {
    root: Option<Reference>,
    parent: Option<Reference>,
}

#[derive(Debug, Default, Deserialize)]
struct Reference {
    uri: Option<String>,
}

impl Labels {
    fn opts_out(&self) -> bool {
        let values = self.values.iter().flatten();
        values.into_iter().any(|label| {
            matches!(
                label.val.as_deref(),
                Some("!no-unauthenticated" | "!hide" | "!takedown" | "!suspend")
            )
        })
    }
}

pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    let names = visit.source.options.accounts.clone();
    if names.is_empty() {
        return Err(Trouble::Setting("no account is named".to_owned()));
    }
    if visit.source.options.via == discover_model::source::AtprotoVia::Appview {
        return Err(Trouble::Setting(
            "this version reads accounts from their own data server only (via = \"pds\")"
                .to_owned(),
        ));
    }
    let (mut refused, mut read) = (None, false);
    for name in names {
        let name = name.trim().trim_start_matches('@').to_owned();
        match account(visit, address, &name).await {
            Ok(()) => read = true,
            Err(trouble @ Trouble::Refused { .. }) => refused = Some(trouble),
            Err(trouble) => return Err(trouble),
        }
    }
    match refused {
        Some(trouble) if !read => Err(trouble),
        _ => {
            let unfinished = cursor(visit)
                .accounts
                .values()
                .any(|repo| repo.page.is_some());
            visit.state.first_done |= !unfinished;
            Ok(pace_of(None, unfinished))
        }
    }
}

fn cursor<'v>(visit: &'v mut Visit<'_>) -> &'v mut AtprotoCursor {
    if !matches!(visit.state.cursor, Cursor::Atproto(_)) {
        visit.state.cursor = Cursor::Atproto(AtprotoCursor::default());
    }
    match &mut visit.state.cursor {
        Cursor::Atproto(cursor) => cursor,
        _ => unreachable!("set above"),
    }
}

fn repo<'v>(visit: &'v mut Visit<'_>, name: &str) -> &'v mut Repo {
    cursor(visit).accounts.entry(name.to_owned()).or_default()
}

fn call(address: &Url, method: &str, query: &[(&str, &str)]) -> Result<Url, Trouble> {
    let mut url = super::answers::at(address, &format!("/xrpc/{method}"))?;
    url.query_pairs_mut().extend_pairs(query);
    Ok(url)
}

async fn account(visit: &mut Visit<'_>, address: &Url, name: &str) -> Result<(), Trouble> {
    let did = did(visit, address, name).await?;
    if let Some(refusal) = refusal(visit, address, &did).await? {
        // What was kept of it goes.
        let gone = repo(visit, name).known.clone();
        visit.miss(gone);
        let repo = repo(visit, name);
        (repo.known, repo.rev) = (BTreeSet::new(), None);
        visit.settle().await?;
        return Err(Trouble::Refused {
            refusal,
            what: format!("the account {name} is not active, or asks not to be shown to visitors"),
        });
    }
    let url = call(
        address,
        "com.atproto.sync.getLatestCommit",
        &[("did", &did)],
    )?;
    let latest: Latest = json(&visit.get_ok(&url, What::Json).await?)?;
    if latest.rev.is_some() && repo(visit, name).rev == latest.rev {
        return Ok(());
    }
    for _ in 0..MAX_LISTINGS {
        let mut query = vec![
            ("repo", did.as_str()),
            ("collection", POSTS),
            ("limit", "100"),
        ];
        let page = repo(visit, name).page.clone();
        if let Some(page) = page.as_deref() {
            query.push(("cursor", page));
        }
        let url = call(address, "com.atproto.repo.listRecords", &query)?;
        let records: Records = json(&visit.get_ok(&url, What::Json).await?)?;
        let list = readable::<Record>(records.records.as_ref());
        let unreadable = lost(records.records.as_ref(), list.len());
        visit.unreadable_rows(unreadable, list.len(), &url)?;
        let mut seen = repo(visit, name).seen.clone();
        let fresh = list
            .iter()
            .any(|record| !seen.contains(&visit.item_mark(&record.uri)));
        seen.extend(list.iter().map(|record| visit.item_mark(&record.uri)));
        if unreadable > 0 {
            // Any of them may be one that is known.
            seen.extend(repo(visit, name).known.iter().copied());
        }
        let next = records
            .cursor
            .filter(|next| fresh && Some(next) != page.as_ref());
        let items = list
            .into_iter()
            .filter_map(|record| item(visit, &did, record))
            .collect();
        if next.is_none() {
            let known = &repo(visit, name).known;
            let missing: Vec<Mark> = known.difference(&seen).copied().collect();
            visit.miss(missing);
        }
        visit.push(items, Vec::new()).await?;
        let repo = repo(visit, name);
        repo.page.clone_from(&next);
        if next.is_some() {
            repo.seen = seen;
        } else {
            repo.seen = BTreeSet::new();
            repo.known = if seen.len() <= MAX_KNOWN {
                seen
            } else {
                BTreeSet::new()
            };
            repo.rev.clone_from(&latest.rev);
        }
        visit.flush().await?;
        if next.is_none() {
            break;
        }
    }
    Ok(())
}

/// Looks at kept records. A repository whose revision was read to its end holds what was seen there, without asking.
pub(crate) async fn recheck(
    visit: &mut Visit<'_>,
    address: &Url,
    looks: &mut Review<'_>,
) -> Result<(), Trouble> {
    for name in visit.source.options.accounts.clone() {
        let name = name.trim().trim_start_matches('@').to_owned();
        let did = did(visit, address, &name).await?;
        let prefix = format!("at://{did}/{POSTS}/");
        let places: Vec<usize> = (0..looks.kept.len())
            .filter(|at| looks.kept[*at].key.starts_with(&prefix))
            .collect();
        if places.is_empty() {
            continue;
        }
        if let Some(refusal) = refusal(visit, address, &did).await? {
            for at in places {
                looks.lost(at, refusal);
            }
            continue;
        }
        let url = call(
            address,
            "com.atproto.sync.getLatestCommit",
            &[("did", &did)],
        )?;
        let latest: Latest = json(&visit.get_ok(&url, What::Json).await?)?;
        let current = latest.rev.is_some() && repo(visit, &name).rev == latest.rev;
        for at in places {
            let key = &looks.kept[at].key;
            let mark = visit.item_mark(key);
            if current && repo(visit, &name).known.contains(&mark) {
                looks.there(at);
                continue;
            }
            let rkey = &key[prefix.len()..];
            let query = [
                ("repo", did.as_str()),
                ("collection", POSTS),
                ("rkey", rkey),
            ];
            let url = call(address, "com.atproto.repo.getRecord", &query)?;
            let response = visit.get(&url, What::Json, &Validators::default()).await?;
            let is_missing = matches!(response.status, 400 | 404)
                && super::answers::own_error(&response).as_deref() == Some("RecordNotFound");
            if is_missing {
                looks.lost(at, Refusal::Withdrawn);
                continue;
            }
            if let Err(trouble) = visit.require(&response) {
                if trouble.ends_visit() {
                    return Err(trouble);
                }
                continue;
            }
            let Ok(record) = json::<Record>(&response) else {
                continue;
            };
            let labels = record.value.as_ref().and_then(|post| post.labels.as_ref());
            if labels.is_some_and(Labels::opts_out) {
                looks.lost(at, Refusal::AuthorOptedOut);
            } else if record.uri == looks.kept[at].key {
                looks.there(at);
                looks.say(item(visit, &did, record));
            }
        }
    }
    Ok(())
}

async fn did(visit: &mut Visit<'_>, address: &Url, name: &str) -> Result<String, Trouble> {
    if name.starts_with("did:") {
        return Ok(name.to_owned());
    }
    if let Some(did) = &repo(visit, name).did {
        return Ok(did.clone());
    }
    let url = call(
        address,
        "com.atproto.identity.resolveHandle",
        &[("handle", name)],
    )?;
    let resolved: Resolved = json(&visit.get_ok(&url, What::Json).await?)?;
    let Some(did) = resolved
        .did
        .filter(|did| did.starts_with("did:") && did.len() <= 300)
    else {
        return Err(Trouble::Unreadable {
            url: Box::new(url),
            why: "the handle has no DID".to_owned(),
        });
    };
    repo(visit, name).did = Some(did.clone());
    Ok(did)
}

/// The account's own wishes and state, looked at on every visit.
async fn refusal(
    visit: &mut Visit<'_>,
    address: &Url,
    did: &str,
) -> Result<Option<Refusal>, Trouble> {
    let url = call(address, "com.atproto.sync.getRepoStatus", &[("did", did)])?;
    let response = visit.get(&url, What::Json, &Validators::default()).await?;
    match response.status {
        200 => {
            let status: RepoStatus = json(&response)?;
            if status.active == Some(false) {
                return Ok(Some(Refusal::NotPublic));
            }
        }
        // A proxy's 400 says nothing of the account.
        400 => match super::answers::own_error(&response).as_deref() {
            Some("RepoNotFound" | "RepoTakendown" | "RepoDeactivated" | "RepoSuspended") => {
                return Ok(Some(Refusal::NotPublic));
            }
            Some(error) if error.starts_with("MethodNotImpl") => {}
            _ => {
                return Err(Trouble::Status {
                    url: Box::new(url),
                    status: 400,
                    retry_after: None,
                });
            }
        },
        // Older servers do not know the call.
        404 | 501 => {}
        status => {
            return Err(Trouble::Status {
                url: Box::new(url),
                status,
                retry_after: response.retry_after(visit.now()),
            });
        }
    }
    let query = [
        ("repo", did),
        ("collection", "app.bsky.actor.profile"),
        ("rkey", "self"),
    ];
    let url = call(address, "com.atproto.repo.getRecord", &query)?;
    let response = visit.get(&url, What::Json, &Validators::default()).await?;
    match response.status {
        200 => {
            let profile: ProfileRecord = json(&response)?;
            let labels = profile.value.and_then(|profile| profile.labels);
            Ok(labels
                .filter(Labels::opts_out)
                .map(|_| Refusal::AuthorOptedOut))
        }
        // No profile record: nothing was said.
        400 | 404 => Ok(None),
        status => Err(Trouble::Status {
            url: Box::new(url),
            status,
            retry_after: response.retry_after(visit.now()),
        }),
    }
}

/// What a post carries beside its text (lexicons `app.bsky.embed.*`): cards, pictures, and posts it quotes, of which
/// only the address is taken.
#[derive(Debug, Default)]
struct Embedded {
    words: Vec<String>,
    links: Vec<String>,
}

impl Embedded {
    fn of(embed: Option<&serde_json::Value>) -> Self {
        let mut out = Self::default();
        let Some(embed) = embed else { return out };
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        // Beside a quoted post, the rest stands one step deeper.
        for media in [embed, &embed["media"]] {
            out.links.extend(text(&media["external"]["uri"]));
            out.words.extend(text(&media["external"]["title"]));
            let images = media["images"].as_array().into_iter().flatten();
            out.words
                .extend(images.filter_map(|image| text(&image["alt"])));
            out.words.extend(text(&media["alt"]));
        }
        for quoted in [&embed["record"]["uri"], &embed["record"]["record"]["uri"]] {
            out.links.extend(quoted.as_str().and_then(page_of));
        }
        out
    }
}

/// The page of a post by its address in the protocol.
fn page_of(uri: &str) -> Option<String> {
    let (did, rest) = uri.strip_prefix("at://")?.split_once('/')?;
    let rkey = rest.strip_prefix("app.bsky.feed.post/")?;
    Some(format!("https://bsky.app/profile/{did}/post/{rkey}"))
}

fn item(visit: &Visit<'_>, did: &str, record: Record) -> Option<Item> {
    let post = record.value?;
    let rkey = record
        .uri
        .rsplit('/')
        .next()
        .filter(|rkey| !rkey.is_empty())?;
    let url = Url::parse(&format!("https://bsky.app/profile/{did}/post/{rkey}")).ok()?;
    if post.labels.as_ref().is_some_and(Labels::opts_out) {
        return Some(super::items::withheld(
            visit.source,
            record.uri,
            url,
            Refusal::AuthorOptedOut,
        ));
    }
    let mut item = blank(visit.source, record.uri.clone(), url);
    let embedded = Embedded::of(post.embed.as_ref());
    let mut parts = vec![post.text.unwrap_or_default()];
    parts.extend(embedded.words);
    item.text = super::items::paragraphs(&parts);
    let reply = post.reply.unwrap_or_default();
    item.root = reply
        .root
        .and_then(|root| root.uri)
        .filter(|root| *root != record.uri);
    item.parent = reply.parent.and_then(|parent| parent.uri);
    item.author = Some(did.to_owned());
    item.published = post.created_at.as_deref().and_then(parse::date::parse);
    item.language = post
        .langs
        .and_then(|langs| langs.into_iter().next())
        .or(item.language);
    let facets = post.facets.into_iter().flatten();
    let features =
        facets.flat_map(|facet| facet["features"].as_array().cloned().unwrap_or_default());
    item.links = features
        .filter_map(|feature| feature["uri"].as_str().map(str::to_owned))
        .chain(embedded.links)
        .filter_map(|uri| Url::parse(&uri).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .take(50)
        .collect();
    Some(item)
}
