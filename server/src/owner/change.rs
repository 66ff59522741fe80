//! Changing what was agreed: the difference is shown first, and only what was shown is carried out.
//!
//! What may be read stands in the owner's own proof; this page says what the proof as it is now would change, and what
//! would be deleted by it.

use askama::Template;
use axum::extract::{Extension, Form, State as FromState};
use axum::response::Response;
use discover_model::grant::Purpose;
use discover_model::proof::Proof;
use discover_model::{Grant, Network};
use discover_store::WouldGo;
use jiff::tz::TimeZone;
use serde::Deserialize;
use url::Url;

use super::areas::{Fields, listed};
use super::register::{Item, item, plain, read_contact, read_days};
use super::reply::{
    as_limited, check_form, in_turn, internal, limited, private_page, problem_of, see_other,
};
use crate::access::Owner;
use crate::i18n::{Msg, filters};
use crate::limits::Client;
use crate::operations::{ChosenSource, OperationError, ProofNow, Settings, Terms, Thought};
use crate::pages::view::{Frame, Nav};
use crate::problem::Problem;
use crate::state::State;
use crate::text::{kinds, words};

/// Label of the key that seals what an owner was shown.
const SEAL: &str = "change";

#[derive(Debug, Template)]
#[template(path = "owner/change.html")]
struct ChangePage {
    frame: Frame,
    form: String,
    asked: ChangeForm,
    areas: Fields,
    /// Whether readers may ever be sent there to join in.
    may_welcome: bool,
    /// Whether it is one of notes, for which nothing is read.
    notes: bool,
    mistakes: Vec<Mistake>,
    shown: Option<Shown>,
}

/// What is wrong with a field, which is named.
#[derive(Debug)]
struct Mistake {
    field: &'static str,
    words: Msg,
}

impl Mistake {
    fn new(field: &'static str, words: Msg) -> Self {
        Self { field, words }
    }
}

impl ChangePage {
    fn mistake(&self, field: &str) -> Option<&Msg> {
        let mut mistakes = self.mistakes.iter();
        let own = mistakes.find(|mistake| mistake.field == field);
        own.map(|mistake| &mistake.words)
    }

    /// What an input with a mistake is marked with.
    fn marks(&self, field: &str) -> Marks {
        Marks(self.mistake(field).map(|_| field.to_owned()))
    }
}

/// Attributes of an input that leads to what is wrong with it, or none.
#[derive(Debug)]
struct Marks(Option<String>);

impl std::fmt::Display for Marks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Some(field) => write!(
                f,
                " aria-invalid=\"true\" aria-describedby=\"{field}-error\""
            ),
            None => Ok(()),
        }
    }
}

impl askama::filters::HtmlSafe for Marks {}

/// What would change.
#[derive(Debug)]
struct Shown {
    rows: Vec<Row>,
    /// What could be read then that was not agreed to.
    wider: Vec<String>,
    /// What would be deleted by it, and what stands in the way.
    consequences: Vec<String>,
    items: Vec<Item>,
    seal: String,
}

#[derive(Debug, PartialEq, Eq)]
struct Row {
    what: String,
    before: String,
    after: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct ChangeForm {
    #[serde(default)]
    form: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    councils: String,
    #[serde(default)]
    wards: String,
    #[serde(default)]
    boards: String,
    /// Newcomers are welcome: "yes", or nothing.
    #[serde(default)]
    newcomers: String,
    /// An address whose sources are to be read too.
    #[serde(default)]
    add: String,
    /// Seal of the difference that was agreed to.
    #[serde(default)]
    agreed: String,
}

impl ChangeForm {
    fn areas(&self) -> Fields {
        Fields {
            councils: self.councils.clone(),
            wards: self.wards.clone(),
            boards: self.boards.clone(),
        }
    }
}

fn page(
    state: &State,
    owner: &Owner,
    network: &Network,
    asked: ChangeForm,
    mistakes: Vec<Mistake>,
    shown: Option<Shown>,
) -> Result<Response, Problem> {
    let title = if mistakes.is_empty() {
        "Change what is read and kept"
    } else {
        "Error: Change what is read and kept"
    };
    let page = ChangePage {
        frame: Frame::english(&state.config().instance_name, title, Nav::None),
        form: owner.form.clone(),
        areas: asked.areas(),
        may_welcome: may_welcome(network),
        notes: !network.proof.has_place(),
        asked,
        mistakes,
        shown,
    };
    private_page(&page)
}

async fn own(state: &State, owner: &Owner) -> Result<Network, Problem> {
    let network = state.store().network(owner.network).await;
    network
        .map_err(internal)?
        .ok_or_else(|| Problem::not_found("network"))
}

pub(super) async fn form(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
) -> Result<Response, Problem> {
    let network = own(&state, &owner).await?;
    let areas = Fields::of(&network.areas);
    let asked = ChangeForm {
        name: network.name.clone(),
        owner: network.owner.clone(),
        contact: network.contact.clone().unwrap_or_default(),
        days: network.retention_days.to_string(),
        councils: areas.councils,
        wards: areas.wards,
        boards: areas.boards,
        newcomers: if network.welcomes() { "yes" } else { "" }.to_owned(),
        ..ChangeForm::default()
    };
    page(&state, &owner, &network, asked, Vec::new(), None)
}

pub(super) async fn change(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
    client: Client,
    Form(asked): Form<ChangeForm>,
) -> Result<Response, Problem> {
    check_form(&owner, &asked.form)?;
    let network = own(&state, &owner).await?;
    let (mut settings, add) = match read(&network, &asked) {
        Ok(read) => read,
        Err(mistakes) => return page(&state, &owner, &network, asked, mistakes, None),
    };
    let turns = super::leave::turns_of(&network);
    if let Err(problem) = in_turn(&state.owners().rates, client.0, &turns) {
        let limit = limited(&problem).map(|words| Mistake::new("name", words));
        let mistakes = limit.into_iter().collect();
        let page = page(&state, &owner, &network, asked, mistakes, None)?;
        return Ok(as_limited(page, &problem));
    }
    let thought = Thought {
        network: network.id,
        add,
    };
    let terms = match (state.config().operations.terms)(thought).await {
        Ok(terms) => terms,
        Err(error) => {
            let mistakes = vec![refused(error)?];
            return page(&state, &owner, &network, asked, mistakes, None);
        }
    };
    settings.add = to_add(&terms);
    let scopes = terms
        .proofs
        .iter()
        .filter_map(|proof| Some((proof.granted.id, proof.seen.as_ref().ok()?.scope.clone())))
        .collect();
    let now = (state.config().clock)();
    let days = kept_days(&terms, settings.retention_days);
    let would_go = state
        .store()
        .would_go(network.id, days, &scopes, now)
        .await
        .map_err(internal)?;
    let rows = rows(&network, &settings, &terms);
    let seal = seal(&state, &network, &settings, &terms);
    if !rows.is_empty() && asked.agreed == seal {
        if let Err(error) = (state.config().operations.settle)(settings).await {
            let mistakes = vec![refused(error)?];
            return page(&state, &owner, &network, asked, mistakes, None);
        }
        return Ok(see_other("/owner"));
    }
    let shown = Shown {
        wider: terms.proofs.iter().filter_map(wider).collect(),
        consequences: consequences(&terms, would_go, !rows.is_empty()),
        rows,
        items: terms
            .found
            .iter()
            .flat_map(|found| found.items.iter().map(item))
            .collect(),
        seal,
    };
    page(&state, &owner, &network, asked, Vec::new(), Some(shown))
}

/// What the instance refuses is said beside what was typed; anything else is a problem of its own.
fn refused(error: OperationError) -> Result<Mistake, Problem> {
    match error {
        // Only an address to be added can be refused: all else was read before.
        OperationError::Refused(words) => {
            let begins = if words.starts_with("http") {
                words
            } else {
                words::sentence(&words)
            };
            Ok(Mistake::new("add", Msg::English(begins)))
        }
        error => Err(problem_of(error)),
    }
}

/// The settings, or everything that is wrong with them.
fn read(network: &Network, asked: &ChangeForm) -> Result<(Settings, Option<Url>), Vec<Mistake>> {
    let add = match asked.add.trim() {
        "" => Ok(None),
        text => Url::parse(text).map(Some).map_err(|_| {
            Msg::English(
                "Write the address to be added in full, for example https://site.example/blog/feed"
                    .to_owned(),
            )
        }),
    };
    // What was agreed before the rule stays until it is changed.
    let contact = match &network.contact {
        Some(held) if *held == asked.contact => Ok(Some(held.clone())),
        _ => read_contact(&asked.contact),
    };
    let mut mistakes = Vec::new();
    let read = (
        noted(&mut mistakes, "name", plain(&asked.name, "name")),
        noted(&mut mistakes, "owner", plain(&asked.owner, "owner")),
        noted(&mut mistakes, "contact", contact),
        noted(&mut mistakes, "days", read_days(&asked.days)),
        noted(
            &mut mistakes,
            "councils",
            asked.areas().read().map_err(Msg::English),
        ),
        noted(&mut mistakes, "add", add),
    );
    let (Some(name), Some(owner), Some(contact), Some(retention_days), Some(areas), Some(add)) =
        read
    else {
        return Err(mistakes);
    };
    let settings = Settings {
        network: network.id,
        name,
        owner,
        contact,
        retention_days,
        areas,
        newcomers: asked.newcomers == "yes" && may_welcome(network),
        add: Vec::new(),
    };
    Ok((settings, add))
}

fn may_welcome(network: &Network) -> bool {
    !network.sensitive && !network.link_only && network.proof.has_place()
}

/// What was read of a field, or nothing and a mistake more.
fn noted<T>(mistakes: &mut Vec<Mistake>, field: &'static str, read: Result<T, Msg>) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(words) => {
            mistakes.push(Mistake::new(field, words));
            None
        }
    }
}

/// What a proof lets be read that was not agreed to, in words.
fn wider(proof: &ProofNow) -> Option<String> {
    let seen = proof.seen.as_ref().ok().filter(|seen| !seen.withdrawn)?;
    let new: Vec<String> = seen
        .scope
        .addresses()
        .into_iter()
        .filter(|address| {
            let url = Url::parse(address).ok();
            url.is_none_or(|url| !proof.granted.scope.covers(&url))
        })
        .collect();
    (!new.is_empty()).then(|| {
        format!(
            "Your proof at {} allows more than was agreed: {}. If you change this, what is public there may be read and kept from then on too.",
            proof.granted.scope.origin(),
            words::list(&new)
        )
    })
}

/// The best of what was found at the address to be added.
fn to_add(terms: &Terms) -> Vec<ChosenSource> {
    let found = terms.found.iter().flat_map(|found| &found.sources);
    found
        .filter(|source| !source.side)
        .take(1)
        .map(|source| ChosenSource {
            kind: source.kind,
            url: source.url.clone(),
            settings: source.settings.clone(),
        })
        .collect()
}

/// Days that posts would be kept: a proof can only lower what the owner chose.
fn kept_days(terms: &Terms, chosen: u16) -> u16 {
    let proofs = terms
        .proofs
        .iter()
        .filter_map(|proof| proof.seen.as_ref().ok()?.retention_days);
    proofs.fold(chosen, u16::min)
}

/// Only what was shown is carried out: another word in a form or in a proof gives another seal.
fn seal(state: &State, network: &Network, settings: &Settings, terms: &Terms) -> String {
    let days = settings.retention_days.to_string();
    let mut parts = vec![
        network.id.to_string(),
        settings.name.clone(),
        settings.owner.clone(),
        settings.contact.clone().unwrap_or_default(),
        days,
        listed(&settings.areas),
        yes(settings.newcomers).to_owned(),
    ];
    for source in &settings.add {
        parts.push(format!("{} {}", source.kind, source.url));
    }
    for proof in &terms.proofs {
        parts.push(match &proof.seen {
            Ok(seen) => seen.sha256.clone(),
            Err(_) => String::new(),
        });
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    state.store().seal(SEAL, &parts)
}

fn rows(network: &Network, settings: &Settings, terms: &Terms) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |what: &str, before: String, after: String| {
        if before != after {
            rows.push(Row {
                what: what.to_owned(),
                before,
                after,
            });
        }
    };
    row("Name", network.name.clone(), settings.name.clone());
    row("Owner", network.owner.clone(), settings.owner.clone());
    let contact = |contact: &Option<String>| contact.clone().unwrap_or_else(|| "none".to_owned());
    row(
        "Contact",
        contact(&network.contact),
        contact(&settings.contact),
    );
    let days = |days: u16| words::of(u64::from(days), "day", "days");
    row(
        "Kept for",
        days(network.retention_days),
        days(settings.retention_days),
    );
    row(
        "Areas it serves",
        listed(&network.areas),
        listed(&settings.areas),
    );
    let welcome = |newcomers: bool| if newcomers { "welcome" } else { "not invited" }.to_owned();
    row(
        "Newcomers",
        welcome(network.newcomers),
        welcome(settings.newcomers),
    );
    for source in &settings.add {
        row(
            "Also read",
            "not yet".to_owned(),
            format!("{}: {}", kinds::long(source.kind), source.url),
        );
    }
    for proof in &terms.proofs {
        if let Ok(seen) = &proof.seen {
            of_proof(&proof.granted, seen, &mut row);
        }
    }
    rows
}

/// What a proof says now that it did not say when it was last acted on.
fn of_proof(granted: &Grant, seen: &Proof, row: &mut impl FnMut(&str, String, String)) {
    let site = granted.scope.origin();
    if seen.withdrawn {
        row(
            &format!("Consent for {site}"),
            granted.state.as_str().to_owned(),
            "withdrawn, by what your proof says".to_owned(),
        );
        return;
    }
    row(
        &format!("May be read at {site}"),
        granted.scope.addresses().join(", "),
        seen.scope.addresses().join(", "),
    );
    if granted.evidence.sha256 == seen.sha256 {
        return;
    }
    row(
        &format!("For, at {site}"),
        purposes(&granted.purposes),
        purposes(&seen.purposes),
    );
    if let Some(expires) = seen.expires {
        row(
            &format!("Consent for {site} ends"),
            words::day(granted.expires.to_zoned(TimeZone::UTC).date()),
            words::day(expires),
        );
    }
    row(
        "Members told",
        yes(granted.members_told).to_owned(),
        yes(seen.members_told || granted.members_told).to_owned(),
    );
}

fn yes(told: bool) -> &'static str {
    if told { "yes" } else { "not yet" }
}

fn purposes(purposes: &[Purpose]) -> String {
    let names: Vec<&str> = purposes
        .iter()
        .map(|purpose| match purpose {
            Purpose::Search => "search",
            Purpose::Topics => "topics",
        })
        .collect();
    words::list(&names)
}

fn consequences(terms: &Terms, would_go: WouldGo, changes: bool) -> Vec<String> {
    let mut said = Vec::new();
    for proof in &terms.proofs {
        if let Err(reason) = &proof.seen {
            said.push(format!(
                "Your proof at {} was not seen just now: {reason}.",
                proof.granted.scope.origin()
            ));
        }
    }
    if let Some(found) = &terms.found {
        said.extend(found.trouble.clone());
        said.extend(found.notes.iter().cloned());
    }
    let posts = |count: u64| words::of(count, "post", "posts");
    if changes && would_go.out_of_scope > 0 {
        said.push(format!(
            "{} would fall out of what may be read: hidden at once, then deleted.",
            posts(would_go.out_of_scope)
        ));
    }
    if changes && would_go.too_old > 0 {
        said.push(format!(
            "{} would be older than is kept, and deleted within a day.",
            posts(would_go.too_old)
        ));
    }
    if changes && would_go == WouldGo::default() {
        said.push("Nothing that is held would be deleted by this.".to_owned());
    }
    said
}
