//! What a site offers and what would be kept of it: for the preview of a registration, on the web or by
//! `discover sources add`, and for `discover sources preview`. In memory only; nothing is asked without a grant.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use discover_crawler::discovery::{self, Discovery, Found};
use discover_crawler::fetch::What;
use discover_crawler::{Batch, Fetcher, Request, SourceState, Task, crawl, strict_reader};
use discover_model::gate::{self, Policy};
use discover_model::grant::ProvisionalGrant;
use discover_model::{Item, Post, Refusal, Source, SourceKind, SourceOptions, VoiceKey};
use jiff::Timestamp;
use tokio::sync::mpsc;
use url::Url;

use crate::settings::registry::{self, DeclaredSource};

/// Items of a sample at most.
pub(crate) const SAMPLE: usize = 60;

/// A site's sources, and the first items of the best of them as they would be kept.
pub(crate) struct SiteSample {
    /// Nothing where a declared source was asked for.
    pub discovery: Option<Discovery>,
    /// What the items are of.
    pub source: Option<Source>,
    pub items: Vec<Judged>,
    /// There are more than [`SAMPLE`].
    pub more: bool,
    pub trouble: Option<Trouble>,
    /// What a strict reader says of the feed, where it is not simply taken.
    pub strict: Option<String>,
}

/// What stood in the way of reading a sample, and what helps.
pub(crate) struct Trouble {
    pub what: String,
    pub fix: String,
}

/// One item, and what the gate makes of it.
pub(crate) struct Judged {
    pub url: Url,
    pub verdict: Result<Post, Refusal>,
}

/// Looks what there is at `address`, or only at the source that is declared there, for at most `patience` of reading.
pub(crate) async fn sample_site(
    fetcher: &Fetcher,
    grant: &ProvisionalGrant,
    address: &Url,
    declared: Option<DeclaredSource>,
    link_only: bool,
    patience: Duration,
    now: Timestamp,
) -> anyhow::Result<SiteSample> {
    let (discovery, declared) = match declared {
        Some(declared) => (None, Some(declared)),
        None => {
            let permit = grant.permit(now)?;
            // Boxed, as are the first items: else whoever asks for a sample carries a visit's whole future.
            let found = Box::pin(discovery::discover(fetcher, &permit, address, now)).await?;
            let best = found.best().map(|best| {
                let settings = best.settings.as_deref();
                chosen(best.kind, best.url.clone(), settings)
            });
            (Some(found), best.transpose()?)
        }
    };
    let mut sample = SiteSample {
        discovery,
        source: None,
        items: Vec::new(),
        more: false,
        trouble: None,
        strict: None,
    };
    if let Some(declared) = declared {
        let source = Source::new(
            grant.network(),
            declared.kind,
            declared.url,
            declared.options,
        );
        let read = first_items(fetcher, grant, &source, patience, now);
        let (mut items, trouble) = Box::pin(read).await?;
        sample.more = items.len() > SAMPLE;
        items.truncate(SAMPLE);
        sample.items = judge(items, grant, &source, link_only, now);
        sample.trouble = trouble;
        if source.kind == SourceKind::Feed {
            sample.strict = strict_opinion(fetcher, grant, &source.url, now).await?;
        }
        sample.source = Some(source);
    }
    Ok(sample)
}

/// Whether other readers would take the feed: its owner would not hear of it otherwise.
async fn strict_opinion(
    fetcher: &Fetcher,
    grant: &ProvisionalGrant,
    feed: &Url,
    now: Timestamp,
) -> anyhow::Result<Option<String>> {
    let request = Request::new(feed.clone(), What::Feed);
    let Ok(response) = fetcher.get(&grant.permit(now)?, request, now).await else {
        return Ok(None);
    };
    if !response.is_success() {
        return Ok(None);
    }
    let opinion = tokio::task::spawn_blocking(move || strict_reader::opinion(&response.body));
    Ok(opinion.await?.words())
}

/// What the gate makes of items, under a voice key that is made for this and forgotten with it.
pub(crate) fn judge(
    items: Vec<Item>,
    grant: &ProvisionalGrant,
    source: &Source,
    link_only: bool,
    now: Timestamp,
) -> Vec<Judged> {
    let voice_key = VoiceKey::new([0; 32]);
    let taken_back = HashMap::new();
    let policy = Policy {
        source,
        voice_key: &voice_key,
        link_only,
        taken_back: &taken_back,
    };
    let judge = |item: Item| Judged {
        url: item.url.clone(),
        verdict: gate::preview(grant, &policy, item, now),
    };
    items.into_iter().map(judge).collect()
}

/// A source somebody chose among those found, with the settings it needs, read as the registry would read them.
pub(crate) fn chosen(
    kind: SourceKind,
    url: Url,
    settings: Option<&str>,
) -> anyhow::Result<DeclaredSource> {
    let Some(settings) = settings else {
        let options = SourceOptions {
            comments: true,
            ..SourceOptions::default()
        };
        return Ok(DeclaredSource { kind, url, options });
    };
    let text = format!(
        "[[network]]\nslug = \"preview\"\nname = \"Preview\"\nowner = \"Preview\"\nproof = \"well-known\"\n{}\n{settings}\n",
        as_toml(kind, &url)
    );
    let networks = registry::read(Path::new("sources.toml"), &text)?;
    let mut sources = networks.into_iter().flat_map(|network| network.sources);
    sources.next().context("the settings name no source")
}

/// A source as `sources.toml` declares it.
pub(crate) fn as_toml(kind: SourceKind, url: &Url) -> String {
    format!("[[network.source]]\nkind = \"{kind}\"\nurl = \"{url}\"")
}

/// One line of what was found.
pub(crate) fn found_line(found: &Found) -> String {
    let title = found.title.as_deref().unwrap_or("without a title");
    let side = if found.side {
        ", beside the main one"
    } else {
        ""
    };
    format!(
        "{} {} ({title}; {}{side})",
        found.kind, found.url, found.how
    )
}

/// The first items of a source, as they would come to the gate, and what went wrong with reading it.
async fn first_items(
    fetcher: &Fetcher,
    grant: &ProvisionalGrant,
    source: &Source,
    patience: Duration,
    now: Timestamp,
) -> anyhow::Result<(Vec<Item>, Option<Trouble>)> {
    let task = Task {
        source: source.clone(),
        permit: grant.permit(now)?,
        // Nothing of the state is kept.
        secret: VoiceKey::new([0; 32]),
        state: SourceState::default(),
        force_due: false,
    };
    let (sender, mut receiver) = mpsc::channel::<Batch>(1);
    let mut items = Vec::new();
    let collect = async {
        while let Some(batch) = receiver.recv().await {
            items.extend(batch.items);
            if items.len() > SAMPLE {
                // Ends the visit at its next batch.
                receiver.close();
            }
        }
    };
    let visit = async { tokio::join!(crawl(fetcher, task, now, sender), collect).0 };
    let trouble = match tokio::time::timeout(patience, visit).await {
        Ok(finish) if items.len() <= SAMPLE && !finish.health.is_ok() => Some(Trouble {
            what: finish.health.what.unwrap_or_default(),
            fix: finish.health.fix.unwrap_or_default(),
        }),
        Ok(_) => None,
        Err(_) => Some(Trouble {
            what: format!("not all was read within {} seconds", patience.as_secs()),
            fix: "nothing: a crawl takes the time that politeness needs".to_owned(),
        }),
    };
    Ok((items, trouble))
}
