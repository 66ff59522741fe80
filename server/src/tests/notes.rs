//! The form by which notes are uploaded: shown first, kept only as it was shown, by the owner of such a network alone.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use discover_model::Network;
use discover_model::proof::ProofMethod;

use super::access::{Counting, Who, ask, log_in};
use super::world::World;
use crate::operations::{Note, OperationError, Upload, Uploaded, Upsert, Verdict};

const TEXT: &str = "# The bus\r\nIt <b>does not</b> stop.";

fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

fn field(page: &str, name: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .expect("a field");
    rest.split('"').next().expect("a value").to_owned()
}

async fn of_notes(world: &World, slug: &str) {
    let store = &world.parts.store;
    let network = store.network(World::id_of(slug)).await.expect("read");
    let network = Network {
        proof: ProofMethod::Document,
        ..network.expect("a network")
    };
    store.put_network(&network, None).await.expect("written");
}

/// A world in which the bakers' notes are taken, and what is asked of it.
pub(super) async fn world() -> (World, Arc<Mutex<Vec<Upload>>>) {
    let asked: Arc<Mutex<Vec<Upload>>> = Arc::default();
    let heard = Arc::clone(&asked);
    let sessions = AtomicU8::new(1);
    let world = World::with(move |config| {
        config.operations.random = Arc::new(move || [sessions.fetch_add(1, Ordering::Relaxed); 32]);
        config.operations.upload = Arc::new(move |upload: Upload| {
            let refused = upload.text.is_empty();
            heard.lock().expect("asked").push(upload);
            Box::pin(async move {
                if refused {
                    let words = "the text cannot be taken: nothing is written in it";
                    return Err(OperationError::Refused(words.to_owned()));
                }
                Ok(Uploaded {
                    items: vec![Note {
                        verdict: Verdict::Kept {
                            title: Some("The bus".to_owned()),
                            excerpt: "It <b>does not</b> stop.".to_owned(),
                            redacted: Vec::new(),
                        },
                        upsert: Upsert::Replaces,
                    }],
                    left_out: vec![(3, 4, "a heading".to_owned())],
                    kept: 1,
                    unchanged: 0,
                    refused: 0,
                })
            })
        });
    })
    .await;
    of_notes(&world, "bakers").await;
    (world, asked)
}

#[tokio::test]
async fn notes_are_shown_before_they_are_kept_and_kept_only_as_they_were_shown() {
    let (world, asked) = world().await;
    let owner = log_in(&world, "bakers").await;
    let page = ask(&world, "GET", "/owner/notes", &owner, "").await.text();
    let token = field(&page, "form");
    let send = async |more: &[(&str, &str)]| {
        let fields = [&[("form", token.as_str())], more].concat();
        ask(&world, "POST", "/owner/notes", &owner, &form(&fields)).await
    };
    let shown = send(&[("text", TEXT), ("on", "2026-11-20")]).await;
    assert_eq!(shown.status, StatusCode::OK);
    let shown = shown.text();
    for said in [
        "&#60;b&#62;does not",
        "Lines 3 to 4: a heading.",
        "Takes the place of what is kept",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let seal = field(&shown, "agreed");
    // Another text or another day than was shown is shown, not kept.
    for (text, on) in [("# Other\nWords", "2026-11-20"), (TEXT, "2026-11-21")] {
        let again = send(&[("text", text), ("on", on), ("agreed", &seal)]).await;
        assert!(again.text().contains("What would be kept"));
    }
    // A browser may end lines otherwise when it sends the same text again.
    let same = TEXT.replace("\r\n", "\n");
    let kept = send(&[("text", &same), ("on", "2026-11-20"), ("agreed", &seal)]).await;
    let kept = kept.text();
    assert!(kept.contains("1 item is kept."), "{kept}");
    let asked: Vec<_> = asked.lock().expect("asked").drain(..).collect();
    let keeps: Vec<bool> = asked.iter().map(|upload| upload.keep).collect();
    assert_eq!(keeps, [false, false, false, true]);
    assert_eq!(asked[3].text, same);
    assert_eq!(asked[3].network, World::id_of("bakers"));
}

#[tokio::test]
async fn what_cannot_be_taken_is_said_at_its_field_and_stays_in_the_form() {
    let (world, asked) = world().await;
    let owner = log_in(&world, "bakers").await;
    let page = ask(&world, "GET", "/owner/notes", &owner, "").await.text();
    let token = field(&page, "form");
    let long = "x".repeat(1 << 20);
    for (text, on, status, said) in [
        (
            TEXT,
            "20 November",
            StatusCode::BAD_REQUEST,
            "Write the day as 2026-11-20",
        ),
        ("", "", StatusCode::CONFLICT, "Nothing is written in it"),
        (
            long.as_str(),
            "",
            StatusCode::PAYLOAD_TOO_LARGE,
            "at most 64 KiB",
        ),
    ] {
        let sent = form(&[("form", &token), ("text", text), ("on", on)]);
        let answer = ask(&world, "POST", "/owner/notes", &owner, &sent).await;
        assert_eq!(answer.status, status, "{said}");
        let page = answer.text();
        let lower = page.to_lowercase();
        assert!(lower.contains(&said.to_lowercase()), "{said}: {page}");
        assert!(
            page.contains(&format!("name=\"on\" value=\"{on}\"")),
            "{page}"
        );
    }
    asked.lock().expect("asked").clear();
    let forged = form(&[("form", "0"), ("text", TEXT)]);
    let refused = ask(&world, "POST", "/owner/notes", &owner, &forged).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let sent = form(&[("form", &token), ("text", TEXT)]);
    let nobody = ask(&world, "POST", "/owner/notes", &Who::Anybody, &sent).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    // The form of one owner's session is no other's.
    let other = log_in(&world, "aire-carers").await;
    let refused = ask(&world, "POST", "/owner/notes", &other, &sent).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(asked.lock().expect("asked").len(), 0);
}

#[tokio::test]
async fn a_network_with_a_site_uploads_nothing_and_one_of_notes_is_led_to_the_form() {
    let (world, _) = Counting::world().await;
    of_notes(&world, "bakers").await;
    for (slug, takes) in [("bakers", true), ("aire-carers", false)] {
        let owner = log_in(&world, slug).await;
        let home = ask(&world, "GET", "/owner", &owner, "").await.text();
        assert_eq!(home.contains("href=\"/owner/notes\""), takes, "{slug}");
        // What has no site has no place to look at.
        assert_eq!(home.contains("/owner/look-now"), !takes, "{slug}");
        let page = ask(&world, "GET", "/owner/notes", &owner, "").await.text();
        assert_eq!(page.contains("<textarea"), takes, "{slug}: {page}");
        assert_eq!(page.contains("Your network has a site"), !takes, "{slug}");
        let sent = form(&[("form", &field(&home, "form")), ("text", TEXT)]);
        let answer = ask(&world, "POST", "/owner/notes", &owner, &sent).await;
        // Nobody carries uploads out in this world: who may upload hears so, the other that there is nothing to upload.
        let expected = if takes {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::OK
        };
        assert_eq!(answer.status, expected, "{slug}");
    }
}

#[tokio::test]
async fn an_item_of_notes_is_shown_objected_to_and_left_without_an_address_elsewhere() {
    let mut world = World::with_notes().await;
    world.parts.config.operations.set = Arc::new(|_| Box::pin(async { Ok(()) }));
    world.router = crate::router(world.parts.clone());
    let network = world.get("/networks/drop-in").await.text();
    assert!(network.contains("What its owner uploads"), "{network}");
    assert!(!network.contains("look-now"), "{network}");
    let found = world
        .json("/api/v1/search?q=phlebotomy&network=drop-in")
        .await;
    let id = found["items"][0]["id"].as_str().expect("id");
    let page = world.get(&format!("/conversations/{id}")).await.text();
    assert!(page.contains("This is the whole of it"), "{page}");
    assert!(!page.contains("rel=\"external noreferrer\""), "{page}");
    // No code could stand on a page that there is not.
    let sent = form(&[
        ("post", &format!("/conversations/{id}")),
        ("ground", "detail"),
    ]);
    let objected = ask(&world, "POST", "/object", &Who::Anybody, &sent).await;
    assert_eq!(objected.status, StatusCode::OK);
    let objected = objected.text();
    assert!(
        objected.contains("there is no page on which you could show")
            && !objected.contains("<code>"),
        "{objected}"
    );
}
