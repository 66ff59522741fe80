//! The sign of a topic of which part looks coordinated goes wherever the topic goes, in the same words; what was copied is
//! no seed of a deliberation.

use super::world::World;

const SIGN: &str = "Part of this looks coordinated";
/// Near copies that one network holds of one text.
const COPIES: usize = 9;
const COPIED: &str = "have stopped and the phlebotomy booking line is never answered";

async fn text(world: &World, path: &str) -> String {
    let answer = world.get(path).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.status);
    String::from_utf8_lossy(&answer.body).into_owned()
}

/// The topic that the copies are in.
async fn topic(world: &World) -> String {
    let any = world.json("/api/v1/search").await;
    let topics = any["facets"]["topic"].as_array().expect("topics");
    let copied = topics.iter().max_by_key(|row| row["near_copies"].as_u64());
    let id = copied.expect("a topic")["value"].as_str().expect("an id");
    id.to_owned()
}

#[tokio::test]
async fn the_sign_stands_wherever_its_topic_is_shown_or_handed_on() {
    let world = World::with_copies(COPIES).await;
    let id = topic(&world).await;
    let found = world.json(&format!("/api/v1/search?topic={id}")).await;
    let member = found["items"][0]["id"].as_str().expect("a conversation");
    let of = |path: &str| path.replace("ID", &id).replace("MEMBER", member);
    for path in [
        "/",
        "/topics",
        "/topics/ID",
        "/topics/ID/atom",
        "/topics/ID/json",
        "/topics/ID/brief",
        "/topics/ID/brief?print=large",
        "/topics/ID/brief.md",
        "/topics/ID?embed=1",
        "/topics/ID/package",
        "/digest",
        "/digest?print=large",
        "/map",
        "/map.csv",
        "/topics/matrix",
        "/topics/matrix.csv",
        "/conversations/MEMBER",
        "/search?q=phlebotomy",
        "/compare?q=phlebotomy&q2=booking",
        "/tray?tray=MEMBER",
        "/tray/brief?tray=MEMBER",
        "/tray/brief.md?tray=MEMBER",
        "/tray.csv?tray=MEMBER",
        "/tray.txt?tray=MEMBER",
        "/api/v1/topics/ID/package/README.txt",
        "/api/v1/topics/ID/package/decidim.json",
        "/api/v1/topics/ID/package/quotations.csv",
    ] {
        let path = of(path);
        let text = text(&world, &path).await;
        assert!(text.contains(SIGN), "{path} lacks the sign:\n{text}");
    }
    // As data by its flag and what was seen.
    for path in [
        "/api/v1/topics",
        "/api/v1/topics/ID",
        "/api/v1/topics/ID/brief",
        "/api/v1/topics/ID/networks",
        "/api/v1/topics/ID/package",
        "/api/v1/topics/matrix",
        "/api/v1/map",
        "/api/v1/search?q=phlebotomy",
        "/api/v1/elsewhere?topic=ID",
        "/api/v1/tray?tray=MEMBER",
    ] {
        let path = of(path);
        let data = world.json(&path).await.to_string();
        assert!(data.contains("\"coordinated\":{\"flag\":true"), "{path}");
    }
}

#[tokio::test]
async fn a_topic_without_the_sign_is_nowhere_given_it() {
    let world = World::with_copies(COPIES).await;
    let any = world.json("/api/v1/search").await;
    let topics = any["facets"]["topic"].as_array().expect("topics");
    let other = topics.iter().find(|row| row["coordinated"].is_null());
    let id = other.expect("a topic")["value"].as_str().expect("an id");
    for path in ["brief", "brief.md", "package", "atom"] {
        let path = format!("/topics/{id}/{path}");
        assert!(!text(&world, &path).await.contains(SIGN), "{path}");
    }
}

#[tokio::test]
async fn what_was_copied_often_is_kept_for_people_and_is_no_statement_to_vote_on() {
    let world = World::with_copies(COPIES).await;
    let at = |file: &str| format!("/api/v1/search/package{file}?q=phlebotomy");
    let people = text(&world, &at("/quotations.csv")).await;
    assert!(people.contains(COPIED), "{people}");
    for file in ["polis.csv", "talk-to-the-city.csv", "decidim.json"] {
        let seeds = text(&world, &at(&format!("/{file}"))).await;
        assert!(!seeds.contains(COPIED), "{file}: {seeds}");
        assert!(seeds.contains("phlebotomy"), "{file} has the others");
    }
    let manifest = world.json(&at("")).await;
    let files = manifest["files"].as_array().expect("files");
    let polis = files.iter().find(|file| file["name"] == "polis.csv");
    let polis = polis.expect("a file");
    assert_eq!(polis["left_out"], 1, "{polis}");
    let because = polis["because"].as_str().expect("a reason");
    assert!(because.contains("nearly the same"), "{because}");
}
