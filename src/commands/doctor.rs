//! `discover doctor`: looks at the machine, the settings and the data folder, and says what to do.

use std::process::ExitCode;

use discover_graph::Graph;
use discover_indexer::Index;
use discover_store::Store;

use crate::commands::{read_registry, say};
use crate::pipeline::{Meaning, graph_file, index_dir};
use crate::settings::Mistakes;
use crate::settings::config::Config;

/// Prints one finding a line; ends with a failure if one needs doing something about.
pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let mut findings = Findings::default();
    match read_registry(&config.sources) {
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
    meaning(config, &mut findings).await;
    match tokio::net::TcpListener::bind(config.listen).await {
        Ok(_) => findings.good(&format!("{} is free", config.listen)),
        Err(error) => findings.note(&format!(
            "{} cannot be listened on ({error}): is the site running already?",
            config.listen
        )),
    }
    match config.unreachable_base_url() {
        Some(trouble) => findings.note(&format!("base_url: {trouble}")),
        None => findings.good(&format!("base_url: {}", config.base_url)),
    }
    if config.data.join("store.sqlite3").exists() {
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
    let probe = config.data.join(".doctor");
    let tried = std::fs::create_dir_all(&config.data)
        .and_then(|()| std::fs::write(&probe, b"probe"))
        .and_then(|()| std::fs::remove_file(&probe));
    match tried {
        Ok(()) => findings.good(&format!("data folder {}: empty and writable", config.data.display())),
        Err(error) => findings.bad(&format!(
            "data folder {} cannot be written ({error}): make it writable, free some space, or choose another with --data",
            config.data.display()
        )),
    }
}

async fn data(config: &Config, findings: &mut Findings) {
    let store = match Store::open_read_only(&config.data, config.zone.clone()).await {
        Ok(store) => store,
        Err(error) => return findings.bad(&format!("store: {error}")),
    };
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
    match std::fs::read(graph_file(config))
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
