//! The consent under which something is kept.

use discover_model::{NetworkId, PostId};
use discover_store::{ConsentProof, Subject};

use super::conversation;
use crate::problem::Problem;
use crate::shapes::{Consent, Evidence, LedgerProof};
use crate::state::View;

/// The consent under which a conversation is kept: that of its root.
pub async fn of_conversation(view: &View, id: &str) -> Result<Consent, Problem> {
    let stored = conversation::stored(view, conversation::parse(id)?).await?;
    proof(view, Subject::Conversation(stored.id), "conversation").await
}

/// The consent under which a post is kept.
pub async fn of_post(view: &View, id: &str) -> Result<Consent, Problem> {
    let missing = || Problem::not_found("post");
    let id: PostId = id
        .parse()
        .map_err(|_| missing().with_hint("an id has 26 characters of a-z and 2-7"))?;
    let at = view
        .state
        .store()
        .post(id)
        .await
        .map_err(|error| Problem::internal(&error))?
        .ok_or_else(missing)?;
    let shown = view.network(at.network).is_some()
        && view
            .visibility
            .shows_post(at.network, at.source, at.conversation, at.id, &at.url);
    if !shown {
        return Err(view.gone(at.network, "post"));
    }
    proof(view, Subject::Post(at.id), "post").await
}

async fn proof(view: &View, subject: Subject, what: &str) -> Result<Consent, Problem> {
    let proof = view
        .state
        .store()
        .consent_proof(subject)
        .await
        .map_err(|error| Problem::internal(&error))?
        .ok_or_else(|| Problem::not_found(what))?;
    shown(view, proof.network, what)?;
    Ok(shape(proof))
}

fn shown(view: &View, network: NetworkId, what: &str) -> Result<(), Problem> {
    view.network(network)
        .map(|_| ())
        .ok_or_else(|| view.gone(network, what))
}

fn shape(proof: ConsentProof) -> Consent {
    let grant = proof.grant;
    Consent {
        grant: grant.id,
        scope: if grant.evidence.method.has_place() {
            grant.scope.addresses()
        } else {
            Vec::new()
        },
        purposes: grant
            .purposes
            .iter()
            .map(|purpose| match purpose {
                discover_model::grant::Purpose::Search => "search".to_owned(),
                discover_model::grant::Purpose::Topics => "topics".to_owned(),
            })
            .collect(),
        retention_days: grant.retention_days,
        evidence: Evidence {
            method: grant.evidence.method.as_str().to_owned(),
            sha256: grant.evidence.sha256.clone(),
            seen: grant.evidence.seen,
        },
        expires: grant.expires,
        ledger: LedgerProof {
            seq: proof.entry.seq,
            hash: proof.entry.hash,
            head: proof.head.1,
            head_seq: proof.head.0,
            signed: proof.signed.map(super::ledger::head),
            path: proof.path,
        },
    }
}
