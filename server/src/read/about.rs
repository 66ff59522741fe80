//! What is kept and what is refused, in live figures.

use std::collections::BTreeMap;

use discover_model::Refusal;
use discover_model::redaction::Kind;
use discover_model::threshold::{EXACT_FROM, MIN_NETWORKS, MIN_VOICES, ROUND_TO, rounded};

use crate::figures::figures;
use crate::problem::Problem;
use crate::shapes::{About, CodeCount, Thresholds};
use crate::state::View;

/// Figures and rules of this instance.
pub async fn about(view: &View) -> Result<About, Problem> {
    let figures = figures(view).await?;
    let (ledger_seq, ledger_head) = figures.head.clone();
    let config = view.state.config();
    let (mut sources, mut conversations, mut posts) = (0, 0, 0);
    let mut refused: BTreeMap<Refusal, u64> = BTreeMap::new();
    let mut redacted: BTreeMap<Kind, u64> = BTreeMap::new();
    for network in view.networks() {
        let counts = figures.of(network.id);
        sources += figures.sources(view, network.id).count() as u64;
        conversations += counts.conversations;
        posts += counts.posts;
        for (code, count) in counts.refused {
            *refused.entry(code).or_default() += count;
        }
        for (kind, count) in counts.redacted {
            *redacted.entry(kind).or_default() += count;
        }
    }
    Ok(About {
        instance: config.instance_name.clone(),
        operator: config.operator.clone(),
        area: config.area.clone(),
        tag_line: config.brand.tag_line.clone(),
        operator_contact: config.operator_contact.clone(),
        user_agent: config.user_agent.clone(),
        networks: view.networks().count() as u64,
        sources,
        conversations,
        posts: rounded(posts),
        topics: view
            .topics
            .topics
            .iter()
            .filter(|topic| topic.shown)
            .count() as u64,
        refused: counted(
            refused
                .into_iter()
                .map(|(code, count)| (code.code().to_owned(), code.words().to_owned(), count)),
        ),
        redacted: counted(
            redacted
                .into_iter()
                .map(|(kind, count)| (kind.as_str().to_owned(), words(kind).to_owned(), count)),
        ),
        ledger_seq,
        ledger_head,
        thresholds: Thresholds {
            networks: MIN_NETWORKS as u64,
            voices: MIN_VOICES as u64,
            exact_from: EXACT_FROM,
            round_to: ROUND_TO,
        },
        generation: view.generation(),
    })
}

/// Most frequent first, then by code; rounded.
fn counted(rows: impl Iterator<Item = (String, String, u64)>) -> Vec<CodeCount> {
    let mut rows: Vec<CodeCount> = rows
        .filter(|(_, _, count)| *count > 0)
        .map(|(code, words, count)| CodeCount {
            code,
            words,
            count: rounded(count),
        })
        .collect();
    rows.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
    rows
}

/// A kind of personal detail in plain words, many of them.
pub(crate) fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::NhsNumber => "NHS numbers",
        Kind::Nino => "National Insurance numbers",
        Kind::Email => "e-mail addresses",
        Kind::Phone => "telephone numbers",
        Kind::Postcode => "full postcodes",
        Kind::Person => "names",
        Kind::Dob => "dates of birth",
        Kind::Address => "addresses",
        Kind::Handle => "account names",
        Kind::Card => "card numbers",
        Kind::Bank => "bank details",
        Kind::Ip => "network addresses",
        Kind::Vehicle => "vehicle registrations",
        Kind::HospitalId => "hospital numbers",
        Kind::DrivingLicence => "driving licence numbers",
    }
}
