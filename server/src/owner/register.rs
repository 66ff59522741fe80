//! Registration: address, proof, what was found, preview, choice, grant.
//!
//! Nothing is kept, here or in the store, before the owner's choice: what must be known from one step to the next
//! travels in the address and in forms, bound together by a keyed hash, so that any number of people may begin. The
//! place of the proof is looked at only when the owner says that it is there, and in turns.

use askama::Template;
use axum::extract::{Form, Query, State as FromState};
use axum::response::Response;
use discover_model::network::{Sensitive, is_link_only, is_slug};
use discover_model::proof::{ProofMethod, ProofSubject, folder_placement, placement};
use discover_model::{NetworkId, Origin, SourceKind};
use discover_store::StoreError;
use serde::Deserialize;
use url::Url;

use super::areas::Fields;
use super::{begin, home, in_turn, internal, private, problem_of, see_other, set_cookie};
use crate::limits::Client;
use crate::operations::{Asked, ChosenSource, Found, Join, Preview, Verdict};
use crate::pages::view::{Frame, Nav};
use crate::problem::{Code, Problem};
use crate::read::about;
use crate::state::State;
use crate::text::{kinds, words};

/// Longest name and owner.
const MAX_NAME: usize = 120;
/// Why nobody registers by a profile here: it speaks for one account, and only a person can say which it is.
const BY_OPERATOR: &str = "Only the operator registers accounts by their profile: write to the operator of this instance.";
/// Label of the key that seals what an owner asked for.
const SEAL: &str = "registration";
/// Longest retention an owner may choose, in days.
const MAX_DAYS: u16 = 1095;

fn frame(state: &State) -> Frame {
    Frame::new(
        &state.config().instance_name,
        "Add your site",
        Nav::Register,
    )
}

#[derive(Debug, Template)]
#[template(path = "owner/register.html")]
struct AskPage {
    frame: Frame,
    address: String,
    trouble: Option<String>,
}

fn ask_page(state: &State, address: String, trouble: Option<String>) -> Result<Response, Problem> {
    let page = AskPage {
        frame: frame(state),
        address,
        trouble,
    };
    Ok(private(page.render().map_err(internal)?))
}

pub(super) async fn form(FromState(state): FromState<State>) -> Result<Response, Problem> {
    ask_page(&state, String::new(), None)
}

#[derive(Debug, Deserialize)]
pub(super) struct AskForm {
    #[serde(default)]
    address: String,
    #[serde(default)]
    method: String,
    /// Kind of a sensitive network, or nothing.
    #[serde(default)]
    sensitive: String,
    /// Excerpts are kept all the same.
    #[serde(default)]
    excerpts: Option<String>,
}

/// An address as an owner types it.
fn read_address(text: &str) -> Result<Url, String> {
    let text = text.trim();
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let mut url = Url::parse(&whole).map_err(|_| {
        "That is not a web address. Write for example https://forum.example.org/".to_owned()
    })?;
    Origin::of(&url).map_err(|error| format!("This address cannot be registered: {error}."))?;
    url.set_fragment(None);
    if url.as_str().len() > 1000 {
        return Err("The address is too long.".to_owned());
    }
    if url
        .domain()
        .is_some_and(|domain| !domain.contains('.') && domain != "localhost")
    {
        return Err("Write the whole host name, for example forum.example.org.".to_owned());
    }
    Ok(url)
}

/// What an owner asked for, as it travels through the browser.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Ticket {
    id: String,
    method: String,
    address: String,
    /// "links" where titles and links alone are kept, "sensitive" where excerpts are kept of a sensitive network, else
    /// "excerpts".
    brake: String,
    seal: String,
}

const LINKS: &str = "links";
const SENSITIVE: &str = "sensitive";

impl Ticket {
    fn new(state: &State, asked: &Asked) -> Self {
        let (id, method, address) = (
            asked.network.to_string(),
            asked.method.as_str().to_owned(),
            asked.address.to_string(),
        );
        let brake = match (asked.link_only, asked.sensitive) {
            (true, _) => LINKS,
            (false, true) => SENSITIVE,
            (false, false) => "excerpts",
        }
        .to_owned();
        let seal = state.store().seal(SEAL, &[&id, &method, &address, &brake]);
        Self {
            id,
            method,
            address,
            brake,
            seal,
        }
    }

    /// What was asked for, if it was sealed here.
    fn open(&self, state: &State) -> Result<Asked, Problem> {
        let broken = || {
            Problem::new(Code::BadParameter, "this registration was not begun here")
                .with_hint("begin again at /register")
        };
        let seal = state
            .store()
            .seal(SEAL, &[&self.id, &self.method, &self.address, &self.brake]);
        if seal != self.seal {
            return Err(broken());
        }
        Ok(Asked {
            network: self.id.parse::<NetworkId>().map_err(|_| broken())?,
            method: self.method.parse().map_err(|_| broken())?,
            address: Url::parse(&self.address).map_err(|_| broken())?,
            link_only: self.brake == LINKS,
            sensitive: self.brake == LINKS || self.brake == SENSITIVE,
        })
    }

    fn query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("id", &self.id)
            .append_pair("method", &self.method)
            .append_pair("address", &self.address)
            .append_pair("brake", &self.brake)
            .append_pair("seal", &self.seal)
            .finish()
    }
}

pub(super) async fn ask(
    FromState(state): FromState<State>,
    Form(form): Form<AskForm>,
) -> Result<Response, Problem> {
    let method = match form.method.parse() {
        Ok(ProofMethod::Attested) | Err(_) => ProofMethod::WellKnown,
        Ok(ProofMethod::Profile) => {
            return ask_page(&state, form.address, Some(BY_OPERATOR.to_owned()));
        }
        Ok(method) => method,
    };
    match read_address(&form.address) {
        Ok(address) => {
            let kind = Sensitive::parse(&form.sensitive);
            let asked = Asked {
                network: (state.config().operations.fresh_id)(),
                address,
                method,
                link_only: is_link_only(kind, form.excerpts.is_some().then_some(false)),
                sensitive: kind.is_some(),
            };
            let query = Ticket::new(&state, &asked).query();
            Ok(see_other(&format!("/register/proof?{query}")))
        }
        Err(trouble) => ask_page(&state, form.address, Some(trouble)),
    }
}

#[derive(Debug, Template)]
#[template(path = "owner/proof.html")]
struct ProofPage {
    frame: Frame,
    ticket: Ticket,
    origin: String,
    place: String,
    what: String,
    /// The same for who may write in the folder of the address alone.
    folder: Option<(String, String)>,
    trouble: Option<String>,
}

fn proof_page(
    state: &State,
    ticket: Ticket,
    asked: &Asked,
    trouble: Option<String>,
) -> Result<Response, Problem> {
    let origin = Origin::of(&asked.address).map_err(internal)?;
    let token = &state.config().operations.token;
    let of_origin = token(asked.network, &ProofSubject::from(&origin));
    let (place, what) = placement(asked.method, &origin, &asked.address, &of_origin);
    let folder = ProofSubject::folder_around(&origin, [&asked.address]).and_then(|subject| {
        let of_folder = token(asked.network, &subject);
        folder_placement(asked.method, &subject, &of_folder)
    });
    let page = ProofPage {
        frame: frame(state),
        ticket,
        origin: origin.to_string(),
        place,
        what,
        folder,
        trouble,
    };
    Ok(private(page.render().map_err(internal)?))
}

pub(super) async fn proof(
    FromState(state): FromState<State>,
    Query(ticket): Query<Ticket>,
) -> Result<Response, Problem> {
    let asked = ticket.open(&state)?;
    proof_page(&state, ticket, &asked, None)
}

#[derive(Debug, Template)]
#[template(path = "owner/preview.html")]
struct PreviewPage {
    frame: Frame,
    ticket: Ticket,
    origin: String,
    scope: Vec<String>,
    purposes: String,
    members_told: bool,
    expires: Option<String>,
    platform: Option<String>,
    link_only: bool,
    sources: Vec<SourceChoice>,
    notes: Vec<String>,
    items: Vec<Item>,
    more: bool,
    kept: usize,
    redacted: usize,
    refused: usize,
    trouble: Option<String>,
    days: String,
    name: String,
    owner: String,
    contact: String,
    slug: String,
    areas: Fields,
    told: bool,
    members: String,
    mistake: Option<String>,
}

#[derive(Debug)]
struct SourceChoice {
    value: String,
    kind: &'static str,
    url: String,
    /// Its own title, and what it was found by.
    hint: String,
    checked: bool,
}

/// One item of a preview, as it is shown.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) class: &'static str,
    pub(super) verdict: &'static str,
    pub(super) title: String,
    pub(super) excerpt: String,
    pub(super) note: String,
}

pub(super) fn item(item: &crate::operations::PreviewItem) -> Item {
    match &item.verdict {
        Verdict::Kept {
            title,
            excerpt,
            redacted,
        } => {
            let total: u32 = redacted.iter().map(|(_, count)| count).sum();
            let kinds: Vec<&str> = redacted
                .iter()
                .map(|(kind, _)| about::words(*kind))
                .collect();
            Item {
                class: if total > 0 { "redacted" } else { "kept" },
                verdict: if total > 0 {
                    "Kept, details taken out"
                } else {
                    "Kept"
                },
                title: title.clone().unwrap_or_else(|| item.url.clone()),
                excerpt: excerpt.clone(),
                note: if total > 0 {
                    format!(
                        "{} taken out, of {}",
                        words::of(u64::from(total), "detail", "details"),
                        words::list(&kinds)
                    )
                } else {
                    String::new()
                },
            }
        }
        Verdict::Refused(refusal) => Item {
            class: "refused",
            verdict: "Refused",
            title: item.url.clone(),
            excerpt: String::new(),
            note: format!("{} ({})", words::sentence(refusal.words()), refusal.code()),
        },
    }
}

/// What the site calls itself, else its host name.
fn propose_name(asked: &Asked, found: &Found) -> String {
    let title = found
        .sources
        .first()
        .and_then(|source| source.title.as_deref());
    title
        .and_then(|title| plain(title, "a name").ok())
        .unwrap_or_else(|| asked.address.host_str().unwrap_or_default().to_owned())
}

/// A slug made of a host name.
fn propose_slug(address: &Url) -> String {
    let host = address.host_str().unwrap_or("network");
    let slug: String = host
        .trim_start_matches("www.")
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .take(64)
        .collect();
    slug.trim_matches('-').to_owned()
}

fn preview_page(
    state: &State,
    ticket: Ticket,
    asked: &Asked,
    found: &Found,
    again: Option<(&Choice, String)>,
) -> Result<Response, Problem> {
    let (choice, mistake) = again.unzip();
    let items: Vec<Item> = found.items.iter().map(item).collect();
    let count = |class: &str| items.iter().filter(|item| item.class == class).count();
    let purposes: Vec<String> = found
        .purposes
        .iter()
        .map(|purpose| match purpose {
            discover_model::grant::Purpose::Search => "search".to_owned(),
            discover_model::grant::Purpose::Topics => "topics".to_owned(),
        })
        .collect();
    let page = PreviewPage {
        frame: frame(state),
        ticket,
        origin: Origin::of(&asked.address).map_err(internal)?.to_string(),
        scope: found.scope.clone(),
        purposes: words::list(&purposes),
        members_told: found.members_told,
        expires: found.expires.map(|day| day.to_string()),
        sources: found
            .sources
            .iter()
            .enumerate()
            .map(|(n, source)| SourceChoice {
                value: match &source.settings {
                    Some(settings) => format!("{} {}\n{settings}", source.kind, source.url),
                    None => format!("{} {}", source.kind, source.url),
                },
                kind: kinds::long(source.kind),
                url: source.url.to_string(),
                hint: match &source.title {
                    Some(title) => format!("{title}; {}", source.how),
                    None => source.how.clone(),
                },
                // The best is what the items below are of.
                checked: choice.map_or(n == 0 && !source.side, |choice| {
                    let line = format!("{} {}", source.kind, source.url);
                    choice
                        .sources
                        .iter()
                        .any(|chosen| chosen.lines().next() == Some(line.as_str()))
                }),
            })
            .collect(),
        kept: count("kept"),
        redacted: count("redacted"),
        refused: count("refused"),
        items,
        platform: found.platform.clone(),
        link_only: asked.link_only,
        notes: found.notes.clone(),
        more: found.more,
        trouble: found.trouble.clone(),
        days: choice.map_or_else(
            || found.retention_days.unwrap_or(365).to_string(),
            |choice| choice.days.clone(),
        ),
        name: choice.map_or_else(|| propose_name(asked, found), |choice| choice.name.clone()),
        owner: choice.map_or_else(String::new, |choice| choice.owner.clone()),
        contact: choice.map_or_else(String::new, |choice| choice.contact.clone()),
        slug: choice.map_or_else(
            || propose_slug(&asked.address),
            |choice| choice.slug.clone(),
        ),
        areas: choice.map_or_else(Fields::default, |choice| choice.areas.clone()),
        told: choice.is_some_and(|choice| choice.told),
        members: home::members_text("Our site", state),
        mistake,
    };
    Ok(private(page.render().map_err(internal)?))
}

/// Looks at the proof, and into what it allows.
async fn look(
    state: &State,
    client: Client,
    asked: &Asked,
) -> Result<Result<Box<Found>, String>, Problem> {
    let origin = Origin::of(&asked.address).map_err(internal)?;
    in_turn(&state.owners().rates, client.0, origin.as_str())?;
    let seen = (state.config().operations.preview)(asked.clone())
        .await
        .map_err(problem_of)?;
    Ok(match seen {
        Preview::Seen(found) => Ok(found),
        Preview::NoProof => {
            Err("The proof is not there yet. Nothing else of your site was looked at.".to_owned())
        }
        Preview::BadProof(reason) => {
            Err(format!("Something is there, but it is no proof: {reason}."))
        }
        Preview::Unreachable(reason) => Err(format!("Your site could not be reached: {reason}.")),
    })
}

pub(super) async fn preview(
    FromState(state): FromState<State>,
    client: Client,
    Form(ticket): Form<Ticket>,
) -> Result<Response, Problem> {
    let asked = ticket.open(&state)?;
    match look(&state, client, &asked).await? {
        Ok(found) => preview_page(&state, ticket, &asked, &found, None),
        Err(trouble) => proof_page(&state, ticket, &asked, Some(trouble)),
    }
}

/// Words that will be shown: one line, not too long.
pub(super) fn plain(text: &str, what: &str) -> Result<String, String> {
    let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    match text.chars().count() {
        0 => Err(format!("Say {what}.")),
        count if count > MAX_NAME => Err(format!("Say {what} in at most {MAX_NAME} letters.")),
        _ => Ok(text),
    }
}

pub(super) fn read_days(text: &str) -> Result<u16, String> {
    let days = text.trim().parse().ok();
    days.filter(|days| (1..=MAX_DAYS).contains(days))
        .ok_or_else(|| format!("Posts may be kept for 1 to {MAX_DAYS} days."))
}

pub(super) fn read_contact(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().filter(|c| !c.is_control()).take(200).collect())
}

/// A source as it stands in a form: kind and address, and below them its settings where it needs any.
fn read_choice(text: &str) -> Option<ChosenSource> {
    let (line, settings) = match text.split_once('\n') {
        Some((line, settings)) => (line.trim_end(), Some(settings.to_owned())),
        None => (text, None),
    };
    let (kind, url) = line.split_once(' ')?;
    Some(ChosenSource {
        kind: kind.parse::<SourceKind>().ok()?,
        url: Url::parse(url).ok()?,
        settings,
    })
}

/// The owner's choice. Sources are ticked one by one, so the form is read as pairs.
struct Choice {
    ticket: Ticket,
    name: String,
    owner: String,
    contact: String,
    slug: String,
    days: String,
    areas: Fields,
    sources: Vec<String>,
    told: bool,
}

impl Choice {
    fn read(body: &[u8]) -> Self {
        let mut choice = Self {
            ticket: Ticket {
                id: String::new(),
                method: String::new(),
                address: String::new(),
                brake: String::new(),
                seal: String::new(),
            },
            name: String::new(),
            owner: String::new(),
            contact: String::new(),
            slug: String::new(),
            days: String::new(),
            areas: Fields::default(),
            sources: Vec::new(),
            told: false,
        };
        for (name, value) in url::form_urlencoded::parse(body) {
            let value = value.into_owned();
            match &*name {
                "id" => choice.ticket.id = value,
                "method" => choice.ticket.method = value,
                "address" => choice.ticket.address = value,
                "brake" => choice.ticket.brake = value,
                "seal" => choice.ticket.seal = value,
                "name" => choice.name = value,
                "owner" => choice.owner = value,
                "contact" => choice.contact = value,
                "slug" => choice.slug = value,
                "days" => choice.days = value,
                "councils" => choice.areas.councils = value,
                "wards" => choice.areas.wards = value,
                "boards" => choice.areas.boards = value,
                "source" => choice.sources.push(value),
                "told" => choice.told = true,
                _ => {}
            }
        }
        choice
    }

    /// The choice, or what is wrong with it in words.
    fn check(&self, asked: &Asked) -> Result<Join, String> {
        let name = plain(&self.name, "the name of your network")?;
        let owner = plain(&self.owner, "which organisation owns it")?;
        let slug = self.slug.trim().to_owned();
        if !is_slug(&slug) {
            return Err("The short name may have small letters, digits and hyphens.".to_owned());
        }
        let retention_days = read_days(&self.days)?;
        let mut sources = Vec::new();
        for source in &self.sources {
            let read = read_choice(source);
            sources.push(read.ok_or("A source cannot be read; look again.")?);
        }
        if sources.is_empty() {
            return Err("Choose at least one source.".to_owned());
        }
        if !self.told {
            return Err("Tell your members first, and say that you did.".to_owned());
        }
        Ok(Join {
            asked: asked.clone(),
            slug,
            name,
            owner,
            contact: read_contact(&self.contact),
            retention_days,
            areas: self.areas.read()?,
            sources,
        })
    }
}

#[derive(Debug, Template)]
#[template(path = "owner/joined.html")]
struct JoinedPage {
    frame: Frame,
    slug: String,
    key: String,
    members: String,
}

pub(super) async fn join(
    FromState(state): FromState<State>,
    client: Client,
    body: axum::body::Bytes,
) -> Result<Response, Problem> {
    let choice = Choice::read(&body);
    let asked = choice.ticket.open(&state)?;
    let join = match choice.check(&asked) {
        Ok(join) => join,
        Err(mistake) => return again(&state, client, choice, &asked, mistake).await,
    };
    // The proof is fetched once more.
    let origin = Origin::of(&asked.address).map_err(internal)?;
    in_turn(&state.owners().rates, client.0, origin.as_str())?;
    let slug = join.slug.clone();
    let members = home::members_text(&join.name, &state);
    let network = match (state.config().operations.join)(join).await {
        Ok(network) => network,
        Err(crate::operations::OperationError::Refused(mistake)) => {
            return again(&state, client, choice, &asked, mistake).await;
        }
        Err(error) => return Err(problem_of(error)),
    };
    let now = (state.config().clock)();
    let key = match state.store().make_owner_key(network, now).await {
        Ok(key) => key,
        Err(StoreError::NotFound { .. }) => return Err(Problem::not_found("network")),
        Err(error) => return Err(internal(error)),
    };
    let random = (state.config().operations.random)();
    let id = begin(&state, network, random, now).await?;
    let page = JoinedPage {
        frame: frame(&state),
        slug,
        key,
        members,
    };
    let page = private(page.render().map_err(internal)?);
    Ok(set_cookie(&state, page, Some(&id)))
}

async fn again(
    state: &State,
    client: Client,
    choice: Choice,
    asked: &Asked,
    mistake: String,
) -> Result<Response, Problem> {
    let ticket = choice.ticket.clone();
    match look(state, client, asked).await? {
        Ok(found) => preview_page(state, ticket, asked, &found, Some((&choice, mistake))),
        Err(trouble) => proof_page(state, ticket, asked, Some(trouble)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_owners_type_it_and_nothing_else_is() {
        let read = |text: &str| read_address(text).map(String::from);
        assert_eq!(
            read(" forum.example.org ").as_deref(),
            Ok("https://forum.example.org/")
        );
        assert_eq!(
            read("http://site.example/a#b").as_deref(),
            Ok("http://site.example/a")
        );
        for bad in [
            "",
            "ftp://site.example",
            "https://u:p@site.example",
            "javascript://x",
            "intranet",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert_eq!(
            propose_slug(&Url::parse("https://www.Forum.example.org/").expect("url")),
            "forum-example-org"
        );
    }
}
