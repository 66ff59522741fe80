//! Looking for an owner's proof of consent: the only fetch without a grant, and to the addresses of proofs only: that of
//! the origin, and where it says nothing that of the folder in question.
//!
//! A missing proof is a definite answer (404 or 410, no such DNS name, a page without the tag). Everything that may be
//! a passing failure is [`Checked::Unreachable`], and nobody loses consent by it at once.

use std::time::Duration;

use discover_model::proof::{
    self, BadProof, MAX_PROOF_BYTES, Proof, ProofAddress, ProofMethod, ProofSubject, read_file,
    read_short,
};
use discover_model::{NetworkId, Origin, Permit};
use hickory_resolver::TokioResolver;
use jiff::Timestamp;
use url::Url;

use crate::fetch::{FetchError, Fetcher, Request, Response, What};
use crate::page;

/// What was found where the proof should stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    Seen(Proof),
    /// It is definitely not there.
    Missing,
    /// Something is there, but it is no proof.
    Bad(BadProof),
    /// Nothing can be said now.
    Unreachable(String),
}

impl Checked {
    fn of(read: Result<Proof, BadProof>) -> Self {
        match read {
            Ok(proof) => Self::Seen(proof),
            Err(BadProof::Missing) => Self::Missing,
            Err(bad) => Self::Bad(bad),
        }
    }
}

/// Where a proof may stand beside the place of its origin.
#[derive(Debug, Default)]
pub struct Elsewhere<'a> {
    /// The profile of an account.
    pub profile: Option<&'a ProofAddress>,
    /// The folder that all sources lie in. It is asked only where the origin itself says nothing.
    pub folder: Option<&'a ProofSubject>,
}

/// Looks for the proof of `network` for `origin`.
///
/// Consent on paper ([`ProofMethod::Attested`]) has no place of its own on the site: the consent file is looked at,
/// as it may confirm the paper or withdraw it.
pub async fn check(
    fetcher: &Fetcher,
    network: NetworkId,
    origin: &Origin,
    method: ProofMethod,
    elsewhere: Elsewhere<'_>,
    instance_key: &[u8],
    now: Timestamp,
) -> Checked {
    let Elsewhere { profile, folder } = elsewhere;
    if method == ProofMethod::DnsTxt {
        return dns(network, origin, instance_key).await;
    }
    let address = match profile {
        Some(profile) if method == ProofMethod::Profile => Some(profile.clone()),
        _ => ProofAddress::new(method, origin),
    };
    let Some(address) = address.filter(|address| address.origin() == origin) else {
        return Checked::Missing;
    };
    let subject = ProofSubject::from(origin);
    let of_origin = check_at(
        fetcher,
        network,
        &subject,
        method,
        &address,
        instance_key,
        now,
    )
    .await;
    // A web page in the place of the file is how many sites say that there is none.
    let silent = matches!(
        of_origin,
        Checked::Missing | Checked::Bad(BadProof::Missing | BadProof::WebPage)
    );
    let in_folder = folder
        .filter(|folder| silent && folder.origin() == origin)
        .and_then(|folder| Some((folder, ProofAddress::new(method, folder)?)));
    let Some((folder, address)) = in_folder else {
        return of_origin;
    };
    check_at(
        fetcher,
        network,
        folder,
        method,
        &address,
        instance_key,
        now,
    )
    .await
}

/// Looks at one address for what speaks for `subject`.
async fn check_at(
    fetcher: &Fetcher,
    network: NetworkId,
    subject: &ProofSubject,
    method: ProofMethod,
    address: &ProofAddress,
    instance_key: &[u8],
    now: Timestamp,
) -> Checked {
    let what = match method {
        ProofMethod::WellKnown | ProofMethod::Attested => What::Proof,
        _ => What::Page,
    };
    let permit = Permit::for_proof(network, address);
    let url = address.url();
    let answer = match fetch(fetcher, &permit, url.clone(), what, now).await {
        Ok(answer) => answer,
        Err(checked) => return checked,
    };
    if what == What::Proof {
        return Checked::of(read_file(&answer.body, instance_key, network, subject));
    }
    let Some(text) = page::text(&answer.body, answer.content_type()) else {
        return Checked::Unreachable("the page is empty".to_owned());
    };
    let signs = page::signs(&text, fetcher.agent());
    Checked::of(if method == ProofMethod::Meta {
        signs.consent.map_or(Err(BadProof::Missing), |consent| {
            read_short(&consent, instance_key, network, subject)
        })
    } else {
        let described = signs.descriptions.iter().flatten();
        read_profile(described, url, instance_key, network, subject.origin())
    })
}

async fn fetch(
    fetcher: &Fetcher,
    permit: &Permit,
    url: Url,
    what: What,
    now: Timestamp,
) -> Result<Response, Checked> {
    match fetcher.get(permit, Request::new(url, what), now).await {
        Ok(answer) => match answer.status {
            200 => Ok(answer),
            404 | 410 => Err(Checked::Missing),
            status => Err(Checked::Unreachable(format!("answer {status}"))),
        },
        Err(FetchError::TooLarge(MAX_PROOF_BYTES)) => Err(Checked::Bad(BadProof::TooLarge)),
        Err(error) => Err(Checked::Unreachable(error.to_string())),
    }
}

/// A profile proves itself by the token in its description, which is the account's owner's to write. In the page's text
/// it proves nothing: others answer there. The consent covers the profile and the platform's interfaces for reading it;
/// the connector limits itself to the account.
fn read_profile<'a>(
    described: impl Iterator<Item = &'a String>,
    page: &Url,
    instance_key: &[u8],
    network: NetworkId,
    origin: &Origin,
) -> Result<Proof, BadProof> {
    const TOKEN: usize = 64;
    const MOST: usize = 200;
    let tokens = described
        .flat_map(|text| text.split(|c: char| !c.is_ascii_hexdigit()))
        .filter(|run| run.len() == TOKEN)
        .take(MOST);
    let mut failure = BadProof::Missing;
    let scope = format!("{} /api/ /xrpc/", page.path());
    for token in tokens {
        let short = format!("discover=1; token={token}; scope={scope}");
        match read_short(&short, instance_key, network, origin) {
            Ok(proof) => return Ok(proof),
            Err(bad) => failure = bad,
        }
    }
    Err(failure)
}

/// The TXT records at `_discover.HOST`.
async fn dns(network: NetworkId, origin: &Origin, instance_key: &[u8]) -> Checked {
    let Some(name) = proof::dns_name(origin) else {
        return Checked::Bad(BadProof::Missing);
    };
    tracing::info!(%name, "looks for a proof of consent in DNS");
    let resolver =
        match TokioResolver::builder_tokio().and_then(hickory_resolver::ResolverBuilder::build) {
            Ok(resolver) => resolver,
            Err(error) => return Checked::Unreachable(error.to_string()),
        };
    // With the final dot the name is not tried below the machine's own domains.
    let query = resolver.txt_lookup(format!("{name}."));
    let answer = match tokio::time::timeout(Duration::from_secs(15), query).await {
        Ok(Ok(answer)) => answer,
        // A name server that says so knows; SERVFAIL and time-outs do not.
        Ok(Err(error)) if error.is_nx_domain() || error.is_no_records_found() => {
            return Checked::Missing;
        }
        Ok(Err(error)) => return Checked::Unreachable(error.to_string()),
        Err(_) => return Checked::Unreachable("the name server does not answer".to_owned()),
    };
    let records = answer
        .answers()
        .iter()
        .filter_map(|record| match &record.data {
            hickory_resolver::proto::rr::RData::TXT(txt) => Some(txt.txt_data.concat()),
            _ => None,
        });
    Checked::of(read_txt(records, instance_key, network, origin))
}

/// Other services keep records at names of their own, but one of ours may be stale.
fn read_txt(
    records: impl Iterator<Item = Vec<u8>>,
    instance_key: &[u8],
    network: NetworkId,
    origin: &Origin,
) -> Result<Proof, BadProof> {
    let mut failure = BadProof::Missing;
    for record in records.take(50) {
        let Ok(text) = String::from_utf8(record) else {
            continue;
        };
        if !text.trim_start().starts_with("discover") {
            continue;
        }
        match read_short(&text, instance_key, network, origin) {
            Ok(proof) => return Ok(proof),
            Err(bad) => failure = bad,
        }
    }
    Err(failure)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use discover_model::SourceKind;

    use super::*;
    use crate::testing::{NETWORK, NOW, Reply, Site, fetcher};

    const KEY: &[u8] = b"instance key of the test";

    async fn check_at(site: &Site, method: ProofMethod, page: Option<&str>) -> Checked {
        let profile =
            page.and_then(|path| ProofAddress::profile(SourceKind::Mastodon, &site.url(path)));
        let fetcher = fetcher();
        let origin = site.origin();
        check(
            &fetcher,
            NETWORK,
            &origin,
            method,
            Elsewhere {
                profile: profile.as_ref(),
                folder: None,
            },
            KEY,
            NOW,
        )
        .await
    }

    #[tokio::test]
    async fn a_folder_is_asked_only_where_its_origin_says_nothing() {
        let at_origin = "/.well-known/discover-consent.json";
        let file = |token: &str| Reply::json(&format!(r#"{{"discover":1,"token":"{token}"}}"#));
        for (said, of_origin, proves) in [
            ("nothing", 0, true),
            ("a page for everything", 1, true),
            ("a proof of somebody else", 2, false),
            ("nothing just now", 3, false),
            ("its own proof", 4, false),
        ] {
            let site = Site::start(move |hit| {
                let folder = ProofSubject::folder_of(&hit.origin, "/~ann/").expect("a folder");
                match hit.path.as_str() {
                    "/~ann/.well-known/discover-consent.json" => {
                        file(&proof::token(KEY, NETWORK, &folder))
                    }
                    path if path == at_origin => match of_origin {
                        0 => Reply::status(StatusCode::NOT_FOUND),
                        1 => Reply::html("<!doctype html><p>Hello"),
                        2 => file(&"00".repeat(32)),
                        3 => Reply::status(StatusCode::BAD_GATEWAY),
                        _ => file(&proof::token(KEY, NETWORK, &hit.origin)),
                    },
                    _ => Reply::status(StatusCode::NOT_FOUND),
                }
            })
            .await;
            let origin = site.origin();
            let ann = ProofSubject::folder_of(&origin, "/~ann/").expect("a folder");
            let elsewhere = Elsewhere {
                folder: Some(&ann),
                ..Elsewhere::default()
            };
            let method = ProofMethod::WellKnown;
            let found = check(&fetcher(), NETWORK, &origin, method, elsewhere, KEY, NOW).await;
            let of_folder = match &found {
                Checked::Seen(proof) => proof.folder.as_deref() == Some("/~ann/"),
                _ => false,
            };
            assert_eq!(of_folder, proves, "{said}: {found:?}");
            assert_eq!(site.paths().len(), 1 + usize::from(proves), "{said}");
        }
    }

    #[tokio::test]
    async fn a_consent_file_is_seen_and_nothing_else_is_asked_for() {
        let site = Site::start(|hit| {
            let token = proof::token(KEY, NETWORK, &hit.origin);
            Reply::json(&format!(
                r#"{{"discover":1,"token":"{token}","scope":["/forum/"]}}"#
            ))
        })
        .await;
        let Checked::Seen(proof) = check_at(&site, ProofMethod::WellKnown, None).await else {
            panic!("the proof is there");
        };
        assert_eq!(proof.scope.prefixes(), ["/forum/"]);
        assert_eq!(site.paths(), ["/.well-known/discover-consent.json"]);
    }

    #[tokio::test]
    async fn only_a_definite_answer_is_a_missing_proof() {
        for (status, missing) in [
            (404, true),
            (410, true),
            (500, false),
            (503, false),
            (403, false),
        ] {
            let site =
                Site::start(move |_| Reply::status(StatusCode::from_u16(status).expect("status")))
                    .await;
            let found = check_at(&site, ProofMethod::WellKnown, None).await;
            assert_eq!(found == Checked::Missing, missing, "{status}: {found:?}");
        }
        let elsewhere = Site::start(|hit| match hit.path.as_str() {
            "/other" => Reply::json("{}"),
            _ => Reply::redirect(302, "/other"),
        })
        .await;
        let found = check_at(&elsewhere, ProofMethod::WellKnown, None).await;
        assert!(matches!(found, Checked::Unreachable(_)), "{found:?}");
        assert_eq!(
            elsewhere.paths().len(),
            1,
            "the proof address and nothing else"
        );
    }

    #[tokio::test]
    async fn a_large_consent_file_is_refused() {
        let site = Site::start(|_| Reply::json(&format!("{:>20000}", "{}"))).await;
        let found = check_at(&site, ProofMethod::WellKnown, None).await;
        assert_eq!(found, Checked::Bad(BadProof::TooLarge));
    }

    #[tokio::test]
    async fn a_meta_tag_and_a_profile_prove_their_own_page() {
        let site = Site::start(|hit| {
            let token = proof::token(KEY, NETWORK, &hit.origin);
            match hit.path.as_str() {
                "/" => Reply::html(&format!(
                    r#"<html><head><meta name="discover-consent" content="token={token}; scope=/blog/">"#
                )),
                "/@council" => Reply::html(&format!(
                    "<head><title>Council</title><meta content='9 posts · Bio: see {token} here' name='description'>"
                )),
                "/@answered" => Reply::html(&format!(
                    "<head><meta name='description' content='Bio'></head><body><p>I answer {token}</p>\
                     <meta name='og:description' content='{token}'>"
                )),
                _ => Reply::html(&format!("<p>{token}</p><meta name='description' content='{token}'>")),
            }
        })
        .await;
        let Checked::Seen(meta) = check_at(&site, ProofMethod::Meta, None).await else {
            panic!("the tag is there");
        };
        assert_eq!(meta.scope.prefixes(), ["/blog/"]);
        let Checked::Seen(profile) = check_at(&site, ProofMethod::Profile, Some("/@council")).await
        else {
            panic!("the token is there");
        };
        assert!(!profile.scope.covers(&site.url("/@somebody-else")));
        // What others can write on the page is no word of the owner.
        for page in ["/@answered", "/topic/1"] {
            let found = check_at(&site, ProofMethod::Profile, Some(page)).await;
            assert_eq!(found, Checked::Missing, "{page}");
        }
        let bare = Site::start(|_| Reply::html("<html><body>hello")).await;
        assert_eq!(
            check_at(&bare, ProofMethod::Meta, None).await,
            Checked::Missing
        );
        assert_eq!(
            check_at(&bare, ProofMethod::Profile, None).await,
            Checked::Missing
        );
    }

    #[test]
    fn a_txt_record_proves_and_other_records_do_not_disturb() {
        let origin: Origin = "https://site.example".parse().expect("origin");
        let ours = format!("discover=1; token={}", proof::token(KEY, NETWORK, &origin));
        let records = [b"v=spf1 -all".to_vec(), vec![0xff, 0xfe], ours.into_bytes()];
        assert!(read_txt(records.into_iter(), KEY, NETWORK, &origin).is_ok());
        let stale = [b"discover=1; token=00".to_vec()];
        assert_eq!(
            read_txt(stale.into_iter(), KEY, NETWORK, &origin),
            Err(BadProof::WrongToken)
        );
    }
}
