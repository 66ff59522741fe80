//! Writing an answer on a page: nothing is recorded unseen or without the right key, and what was typed is never lost.

use axum::http::StatusCode;
use discover_store::KeyScope;
use url::form_urlencoded::Serializer;

use super::access::{Who, ask, key_for};
use super::world::{Answer, World};

const TYPED: &str = "We have read this, and will ask jo.blue@board.example who cannot book.";

async fn topic(world: &World) -> String {
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    topics["items"][0]["id"].as_str().expect("id").to_owned()
}

fn secret(who: &Who) -> String {
    match who {
        Who::Analyst(key) => key.clone(),
        _ => panic!("a key"),
    }
}

async fn send(world: &World, id: &str, fields: &[(&str, &str)]) -> Answer {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    let path = format!("/topics/{id}/answers/write");
    ask(world, "POST", &path, &Who::Anybody, &body).await
}

async fn recorded(world: &World, id: &str) -> usize {
    let all = world.json(&format!("/api/v1/topics/{id}/answers")).await;
    all["items"].as_array().map_or(0, Vec::len)
}

/// The seal of what the page shows.
fn seal(page: &str) -> String {
    let after = page.split("name=\"agreed\" value=\"").nth(1);
    let seal = after.and_then(|rest| rest.split('"').next());
    seal.expect("a seal").to_owned()
}

#[tokio::test]
async fn an_answer_is_shown_redacted_then_recorded_in_the_name_of_the_keys_holder() {
    let world = World::new().await;
    let id = topic(&world).await;
    let key = secret(&key_for(&world, &[KeyScope::Answer], 60).await);
    let form = world.get(&format!("/topics/{id}/answers/write")).await;
    assert_eq!(form.status, StatusCode::OK);
    let entry = [("stage", "heard"), ("text", TYPED), ("due", "2026-12-19")];
    let shown = send(&world, &id, &entry).await;
    assert_eq!(shown.status, StatusCode::OK);
    let page = shown.text();
    let (_, preview) = page.split_once("<article").expect("what would stand");
    let (preview, rest) = preview.split_once("</article>").expect("its end");
    assert!(
        !preview.contains("jo.blue") && preview.contains("[e-mail]"),
        "{preview}"
    );
    assert!(rest.contains(TYPED), "what was typed stands in the form");
    assert_eq!(
        recorded(&world, &id).await,
        0,
        "nothing before it was agreed"
    );

    let seal = seal(&page);
    let agreed = |key| [&entry[..], &[("agreed", seal.as_str()), ("key", key)]].concat();
    let written = send(&world, &id, &agreed(key.as_str())).await;
    assert_eq!(written.status, StatusCode::SEE_OTHER);
    let twice = send(&world, &id, &agreed(key.as_str())).await;
    assert_eq!(twice.status, StatusCode::OK, "it is shown anew");
    assert_eq!(recorded(&world, &id).await, 1, "and recorded once");
    let all = world.json(&format!("/api/v1/topics/{id}/answers")).await;
    let entry = &all["items"][0];
    assert_eq!(entry["by"], "County Insight Team");
    assert!(!entry["text"].as_str().expect("a text").contains("jo.blue"));
    let page = world.get(&format!("/topics/{id}/answers")).await.text();
    let title = entry["cites"][0]["title"].as_str().expect("a title");
    assert!(page.contains(title), "each conversation by its title");
}

#[tokio::test]
async fn whatever_is_refused_what_was_typed_stands_in_the_form_again() {
    let world = World::new().await;
    let id = topic(&world).await;
    let other = secret(&key_for(&world, &[KeyScope::Follow], 60).await);
    let entry = [("stage", "heard"), ("text", TYPED)];
    let seal = seal(&send(&world, &id, &entry).await.text());
    let wrong = format!("disc_00000000_{}", "0".repeat(64));
    for (what, fields) in [
        ("no stage", vec![("text", TYPED)]),
        ("a bad day", [&entry[..], &[("due", "Friday")]].concat()),
        (
            "a day that is over",
            [&entry[..], &[("due", "2020-01-01")]].concat(),
        ),
        (
            "a bad address",
            [&entry[..], &[("url", "javascript:x")]].concat(),
        ),
        (
            "another's entry",
            [&entry[..], &[("corrects", "7")]].concat(),
        ),
        (
            "an unknown key",
            [&entry[..], &[("agreed", &*seal), ("key", &*wrong)]].concat(),
        ),
        (
            "a key for something else",
            [&entry[..], &[("agreed", &*seal), ("key", &*other)]].concat(),
        ),
    ] {
        let answer = send(&world, &id, &fields).await;
        assert!(answer.status.is_client_error(), "{what}: {}", answer.status);
        let page = answer.text();
        assert!(page.contains(TYPED), "{what}: the text is lost");
        assert!(page.contains("<title>Error: "), "{what}: not in the title");
        assert!(
            !page.contains(&wrong) && !page.contains(&other),
            "{what}: the key"
        );
        let summary = page.split("error-summary__list\"").nth(1);
        let field = summary.and_then(|rest| rest.split("<a href=\"#").nth(1));
        let field = field
            .and_then(|rest| rest.split('"').next())
            .expect("a link");
        assert!(page.contains(&format!("id=\"{field}\"")), "{what}: {field}");
    }
    assert_eq!(recorded(&world, &id).await, 0);
    // A seal of other words agrees to nothing.
    let changed = [
        ("stage", "heard"),
        ("text", "Something else."),
        ("agreed", &seal),
    ];
    assert_eq!(send(&world, &id, &changed).await.status, StatusCode::OK);
    assert_eq!(recorded(&world, &id).await, 0);
}

#[tokio::test]
async fn one_line_says_how_far_things_have_come_wherever_the_topic_is_listed() {
    let world = World::new().await;
    let id = topic(&world).await;
    let board = key_for(&world, &[KeyScope::Answer], 60).await;
    let path = format!("/api/v1/topics/{id}/answers");
    let entry = r#"{"stage":"heard","text":"We have read this.","due":"2026-12-19"}"#;
    let written = ask(&world, "POST", &path, &board, entry).await;
    assert_eq!(written.status, StatusCode::CREATED);
    for page in ["/", "/topics"] {
        let text = world.get(page).await.text();
        assert!(
            text.contains("Heard 22 November 2026 by <bdi>County Insight Team</bdi>. Due ")
                && text.contains("19 December 2026"),
            "{page}"
        );
    }
    for feed in ["atom", "json"] {
        let text = world.get(&format!("/topics/{id}/{feed}")).await.text();
        let line = "Heard 22 November 2026 by County Insight Team. Due 19 December 2026.";
        assert!(text.contains(line), "{feed}");
    }
    let answers = world.get(&format!("/topics/{id}/answers")).await.text();
    assert!(answers.contains("An answer is due on "), "{answers}");
    let map = world.json("/api/v1/map").await.to_string();
    assert!(map.contains(r#""stage":"heard""#), "{map}");
    let answered = r#"{"stage":"answered","text":"We will open it.","due":"2026-12-20"}"#;
    ask(&world, "POST", &path, &board, answered).await;
    let answers = world.get(&format!("/topics/{id}/answers")).await.text();
    assert!(
        !answers.contains("A decision"),
        "an answer promises no decision"
    );
    assert!(answers.contains("What was promised in the answer"));
}
