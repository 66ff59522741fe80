//! `discover doctor`: looks at the machine, the settings and the data folder, and says what to do.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use discover_graph::Graph;
use discover_indexer::Index;
use discover_model::grant::GrantState;
use discover_model::network::NetworkState;
use discover_model::{Grant, Network};
use discover_store::{Store, StoreError};
use jiff::SignedDuration;

use rustix::fs::Access;

use crate::commands::say;
use crate::control::{self, Request};
use crate::data_folder;
use crate::pipeline::behind_ledger;
use crate::pipeline::{Meaning, graph_file, index_dir, saved_graph};
use crate::settings::Mistakes;
use crate::settings::config::Config;
use crate::settings::{registry, views};

/// Prints one finding a line; ends with a failure if one needs doing something about.
pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let mut findings = Findings::default();
    match registry::load(&config.sources) {
        Ok(declared) => findings.good(&format!(
            "registry {}: {} networks",
            config.sources.display(),
            declared.len()
        )),
        Err(error) => match error.downcast_ref::<Mistakes>() {
            Some(mistakes) => findings.bad(&format!("{mistakes}: run `discover sources check`")),
            None => findings.bad(&format!("{error:#}")),
        },
    }
    match &config.contact {
        Some(contact) => findings.good(&format!("contact for site owners: {contact}")),
        None => findings.bad("no contact for site owners, so nothing is crawled: set --contact or `contact` in discover.toml"),
    }
    match &config.mail {
        Some(mail) => findings.good(&format!(
            "alerts by mail: by {}, from {}",
            mail.server,
            mail.from.as_str()
        )),
        None => findings.note("no mail server, so alerts go to webhooks alone: set `smtp` and `mail_from` in discover.toml to send them by mail too"),
    }
    if let Some(file) = &config.views {
        named_views(file, config, &mut findings).await;
    }
    meaning(config, &mut findings).await;
    match tokio::net::TcpListener::bind(config.listen).await {
        Ok(_) => findings.good(&format!("{} is free", config.listen)),
        Err(error) => findings.note(&format!(
            "{} cannot be listened on ({error}): is the site running already?",
            config.listen
        )),
    }
    match config.metrics_listen {
        Some(address) => findings.good(&format!("figures: at http://{address}/metrics alone")),
        None => findings.note("figures: anybody can read them at /metrics; set `metrics_listen` in discover.toml to give them an address of their own"),
    }
    match config.unreachable_base_url() {
        Some(trouble) => findings.note(&format!("base_url: {trouble}")),
        None => findings.good(&format!("base_url: {}", config.base_url)),
    }
    if super::has_store(config) {
        data(config, &mut findings).await;
    } else {
        writable(config, &mut findings);
    }
    for line in &findings.lines {
        say(line)?;
    }
    Ok(if findings.failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// What is wrong with the file of named views, and which views are not shown for what they name.
async fn named_views(file: &Path, config: &Config, findings: &mut Findings) {
    let shown = file.display();
    let views = match views::load(file) {
        Ok(views) => views,
        Err(error) => {
            return match error.downcast_ref::<Mistakes>() {
                Some(mistakes) => {
                    findings.bad(&format!("views {shown}:\n{}", mistakes.render()));
                }
                None => findings.bad(&format!("{error:#}")),
            };
        }
    };
    findings.good(&format!("views {shown}: {}", views.len()));
    if !super::has_store(config) {
        return;
    }
    let networks = match super::open_to_read(config).await {
        Ok(store) => store.networks().await,
        // Said of the data folder.
        Err(_) => return,
    };
    let live: BTreeSet<String> = networks
        .into_iter()
        .flatten()
        .filter(|network| network.state == NetworkState::Live)
        .map(|network| network.slug)
        .collect();
    for view in &views {
        for slug in view.networks.iter().filter(|slug| !live.contains(*slug)) {
            findings.note(&format!(
                "view {} names the network {slug}, of which nothing is shown here, and so is not shown itself",
                view.name
            ));
        }
    }
}

async fn meaning(config: &Config, findings: &mut Findings) {
    let Some(folder) = config.model.clone() else {
        return findings.note("no model of meaning, so what is said in two languages is not compared: docs/meaning.md says where to get one");
    };
    let shown = folder.display().to_string();
    match tokio::task::spawn_blocking(move || Meaning::open(&folder)).await {
        Ok(Ok(_)) => findings.good(&format!(
            "model of meaning {shown}: reads (try `discover meaning check`)"
        )),
        Ok(Err(error)) => findings.bad(&format!("model of meaning: {error:#}")),
        Err(error) => findings.bad(&format!(
            "model of meaning {shown}: it failed while it was loaded: {error}"
        )),
    }
}

fn writable(config: &Config, findings: &mut Findings) {
    if !config.data.exists() {
        return may_be_made(&config.data, findings);
    }
    let probe = config.data.join(".doctor");
    let tried = std::fs::write(&probe, b"probe").and_then(|()| std::fs::remove_file(&probe));
    match tried {
        Ok(()) => findings.good(&format!("data folder {}: no instance yet, and writable", config.data.display())),
        Err(error) => findings.bad(&format!(
            "data folder {} cannot be written ({error}): make it writable, free some space, or choose another with --data",
            config.data.display()
        )),
    }
}

/// Looks, and makes nothing: a folder that is named wrongly is not there afterwards.
fn may_be_made(data: &Path, findings: &mut Findings) {
    let around = data
        .ancestors()
        .skip(1)
        .find(|path| path.exists() || path.as_os_str().is_empty());
    let around = around
        .filter(|path| !path.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let shown = data.display();
    let allowed = rustix::fs::access(around, Access::WRITE_OK | Access::EXEC_OK);
    match (allowed, around.is_dir()) {
        (Ok(()), true) => findings.good(&format!(
            "data folder {shown}: no instance there; it is made at the first start"
        )),
        (Err(error), true) => findings.bad(&format!(
            "data folder {shown} cannot be made ({error}): make {} writable, or choose another with --data",
            around.display()
        )),
        (_, false) => findings.bad(&format!(
            "data folder {shown} cannot be made: {} is no folder; choose another with --data",
            around.display()
        )),
    }
}

async fn data(config: &Config, findings: &mut Findings) {
    match data_folder::exposed(&config.data) {
        Ok(exposed) if exposed.is_empty() => findings.good("data folder: for this user alone"),
        Ok(exposed) => findings.bad(&format!(
            "data folder: {} files or folders may be read by others, {} first: run `chmod -R go= {}`",
            exposed.len(),
            exposed[0].display(),
            config.data.display()
        )),
        Err(error) => findings.bad(&format!(
            "data folder {}: {error}: run `discover doctor` as the user that runs discover",
            config.data.display()
        )),
    }
    match data_folder::fullness(&config.data) {
        None => findings.good("disk: there is room"),
        Some(full) => findings.bad(&format!("disk: {full}")),
    }
    match control::ask(&config.data, &Request::Signs).await {
        // What it knows and no file says, above all.
        Ok(Some(signs)) => {
            for (sign, advice) in signs.as_object().into_iter().flatten() {
                let advice = advice.as_str().unwrap_or_default();
                findings.bad(&format!("the process that serves says {sign}: {advice}"));
            }
        }
        Ok(None) => {}
        Err(error) => findings.bad(&format!(
            "the process that serves does not answer ({error:#}): look at its log"
        )),
    }
    let store = match super::open_to_read(config).await {
        Ok(store) => store,
        Err(error) => return findings.bad(&format!("store: {error}")),
    };
    if let Some(address) = &config.store {
        findings.good(&format!("store: on {address}"));
        match store.server_log_keeps().await {
            Ok(why) if why.is_empty() => {
                findings.good("server's log: lets go of what was erased");
            }
            Ok(why) => findings.note(&format!(
                "server's log: it keeps bytes of what was erased for a while: {}",
                why.join("; ")
            )),
            Err(error) => findings.bad(&format!("server's log: {error}")),
        }
    }
    match store.integrity_check().await {
        Ok(()) => findings.good("store: whole"),
        Err(error) => findings.bad(&format!(
            "store: {error}: restore a backup with `discover restore`"
        )),
    }
    match store.verify_ledger().await {
        Ok((seq, _)) => findings.good(&format!("ledger: whole, {seq} entries")),
        Err(error) => findings.bad(&format!(
            "ledger: {error}: restore a backup with `discover restore`"
        )),
    }
    match consent(&store, config).await {
        Ok(remarks) => {
            for (remark, waits) in remarks {
                if waits {
                    findings.bad(&remark);
                } else {
                    findings.note(&remark);
                }
            }
        }
        Err(error) => findings.bad(&format!("consent: {error}")),
    }
    match store.pending_withdrawals() {
        Ok(pending) if pending.is_empty() => {}
        Ok(pending) => findings.bad(&format!(
            "withdrawals: {} are hidden and wait for the store: end whatever locks it; a process that serves goes on by itself, else run `discover admin withdrawals`",
            pending.len()
        )),
        Err(error) => findings.bad(&format!("withdrawals: {error}")),
    }
    match store.clock_record().await {
        Ok(record) => match behind_ledger(config.now(), &record) {
            Some(trouble) => findings.bad(&format!("clock: {trouble}: set it")),
            None => findings.good("clock: not behind the ledger"),
        },
        Err(error) => findings.bad(&format!("clock: {error}")),
    }
    match store.expiry_wait().await {
        Ok(None) => {}
        Ok(Some(wait)) => findings.bad(&format!(
            "retention: {} posts past their term are hidden and wait since {}: if the clock is right, run `discover admin expire --confirm`; else set the clock. They go after {} more hours of running in any case",
            wait.posts,
            wait.since,
            wait.left.as_hours()
        )),
        Err(error) => findings.bad(&format!("retention: {error}")),
    }
    let last = store.last_seq().await.unwrap_or_default();
    match Index::open_read_only(&index_dir(config)) {
        Ok(index) if index.committed_seq() <= last => {
            findings.good(&format!(
                "index: whole, {} of {last} changes taken in",
                index.committed_seq()
            ));
        }
        Ok(_) => findings.bad("index: ahead of the store: run `discover rebuild index`"),
        Err(error) => findings.bad(&format!("index: {error}: run `discover rebuild index`")),
    }
    match saved_graph::read(&graph_file(config))
        .map_err(|error| error.to_string())
        .and_then(|bytes| Graph::load(&bytes).map_err(|error| error.to_string()))
    {
        Ok(graph) => findings.good(&format!(
            "graph: whole, {} of {last} changes taken in",
            graph.seq
        )),
        Err(error) => findings.note(&format!(
            "graph: {error}: it is made anew at the next start"
        )),
    }
}

/// What owners have to mend in their proofs, and whether a person has to look before anything is shown again.
async fn consent(store: &Store, config: &Config) -> Result<Vec<(String, bool)>, StoreError> {
    let mut found = Vec::new();
    let checks = store.proof_checks(None).await?;
    for network in store.networks().await? {
        if !network.proof.has_place() {
            let grants = store.grants(Some(network.id)).await?;
            found.extend(on_paper(config, &network, &grants));
        }
        for check in checks.iter().filter(|check| check.network == network.id) {
            let (slug, origin) = (&network.slug, &check.origin);
            let waits = check.status.doubted_since.is_some();
            for remark in &check.remarks {
                let line = format!("consent of {slug}, {origin}: {remark}");
                let line = if waits {
                    format!(
                        "{line} It is hidden until the owner has mended the proof: ask, and if they leave run `discover withdraw {slug}`."
                    )
                } else {
                    line
                };
                found.push((line, waits));
            }
        }
    }
    Ok(found)
}

/// So long before it ends, the operator is told that consent on paper has to be renewed.
const PAPER_ENDS_SOON: SignedDuration = SignedDuration::from_hours(60 * 24);

/// Nobody but the operator can renew the consent of a network of notes.
fn on_paper(config: &Config, network: &Network, grants: &[Grant]) -> Option<(String, bool)> {
    let slug = &network.slug;
    let how = format!("see a new document and run `discover sources renew {slug} --document FILE`");
    let grant = grants.last()?;
    match grant.state {
        GrantState::Withdrawn => None,
        GrantState::Live | GrantState::Paused => {
            let left = grant.expires.duration_since(config.now());
            let day = grant.expires.to_zoned(config.zone.clone()).date();
            (left < PAPER_ENDS_SOON).then(|| {
                (
                    format!("consent of {slug} is on paper and ends on {day}: {how}"),
                    false,
                )
            })
        }
        GrantState::Lapsed => Some((
            format!("consent of {slug} is on paper and has ended, so all of it is hidden: {how}"),
            true,
        )),
    }
}

#[derive(Default)]
struct Findings {
    lines: Vec<String>,
    failed: bool,
}

impl Findings {
    fn good(&mut self, text: &str) {
        self.lines.push(format!("ok       {text}"));
    }
    fn note(&mut self, text: &str) {
        self.lines.push(format!("note     {text}"));
    }
    fn bad(&mut self, text: &str) {
        self.lines.push(format!("problem  {text}"));
        self.failed = true;
    }
}
