//! Names of people in what sites serve: who wrote, who is quoted, who quotes. None is kept, indexed, drawn or logged.

use serde_json::json;

use crate::support::data::files_holding;
use crate::support::networks::World;

/// Who writes, quotes and is quoted below. Each is a name that stands nowhere else.
const NAMES: [&str; 12] = [
    "Zephyrine Quillfeather",
    "Ottoline Farthingale",
    "Barnaby Thistlewood",
    "quillfeather_z",
    "Ignatius Merriweather",
    "Cressida Bramblewick",
    "thistlewood77",
    "Peregrine Ashdown-Vole",
    "Marigold Pennyfarthing",
    "Leopold Winterbourne",
    "Philippa Nightjar",
    "Cornelius Hedgerow",
];

fn signed(writer: &str, word: &str) -> String {
    format!("<p>The {word} clinic is open again.</p><p>Posted by {writer}</p><p>— {writer}</p>")
}

fn quoting(quoted: &str, word: &str) -> String {
    format!(
        "<blockquote><p>{quoted} wrote:</p><p>Somebody else's words.</p></blockquote>\
         <aside class=\"quote\" data-username=\"{quoted}\"><div class=\"title\">{quoted}:</div><blockquote>More of them.</blockquote></aside>\
         <p>The {word} bus runs on Mondays.</p>"
    )
}

fn escaped(html: &str) -> String {
    html.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn feed(base: &str) -> String {
    let [writer, quoted, by_mail, login, ..] = NAMES;
    let item = |n: u8, title: &str, body: &str| {
        format!(
            "<item><guid>{n}</guid><link>{base}/p/{n}</link><title>{title}</title><dc:creator>{writer}</dc:creator>\
             <description>{}</description></item>",
            escaped(body)
        )
    };
    let mail = format!(
        "<p>On Mon, 5 Jan 2026 at 10:00, {by_mail} wrote:</p><blockquote type=\"cite\">Old words.</blockquote>\
         <p>The feed meeting is moved, <a class=\"mention\" href=\"/u/{login}\">@{login}</a>.</p><p>Signed-off-by: {by_mail} &lt;b@site.example&gt;</p>"
    );
    format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>T</title><link>{base}/</link>{}{}{}</channel></rss>",
        item(
            1,
            &format!("Open days, by {writer}"),
            &signed(writer, "feed")
        ),
        item(2, "Buses", &quoting(quoted, "feed")),
        item(3, "Meeting", &mail),
    )
}

fn serve(world: &World) {
    let sites = &world.sites;
    let json = |number: usize, path: &str, value: &serde_json::Value| {
        sites.put(number, path, "application/json", value.to_string());
    };
    sites.put(0, "/feed", "application/rss+xml", feed(&sites.origin(0)));

    let (person, quoted, login) = (NAMES[4], NAMES[5], NAMES[6]);
    let post = json!({"id": 1, "name": format!("Lemmy hours, by {person}"), "local": true, "published": "2026-01-01T00:00:00Z",
        "body": format!("The lemmy pharmacy has new hours.\n\n— {person}")});
    let (community, creator) = (
        json!({"local": true, "visibility": "Public"}),
        json!({"name": login, "display_name": person, "actor_id": format!("{}/u/{login}", sites.origin(1))}),
    );
    let view = json!({"post": post, "community": community, "creator": creator, "counts": {"comments": 1}});
    json(1, "/api/v3/post/list", &json!({"posts": [view]}));
    json(1, "/api/v3/post", &json!({"post_view": view}));
    let comment =
        format!("> {quoted} wrote:\n> Words.\n\nThe lemmy desk is closed.\n\nPosted by {person}");
    json(
        1,
        "/api/v3/comment/list",
        &json!({"comments": [
        {"comment": {"id": 5, "path": "0.5", "content": comment, "local": true}, "creator": creator}]}),
    );

    let (person, quoted) = (NAMES[7], NAMES[8]);
    json(
        2,
        "/api/discussions",
        &json!({"data": [{"type": "discussions", "id": "1",
        "attributes": {"title": format!("Flarum walks with {person}"), "slug": "1-walks", "commentCount": 2}}], "links": {}}),
    );
    json(
        2,
        "/api/posts",
        &json!({
            "data": [
                {"type": "posts", "id": "4", "attributes": {"number": 1, "contentType": "comment", "contentHtml": signed(person, "flarum")},
                 "relationships": {"user": {"data": {"type": "users", "id": "3"}}}},
                {"type": "posts", "id": "5", "attributes": {"number": 2, "contentType": "comment", "contentHtml": quoting(quoted, "flarum")},
                 "relationships": {"user": {"data": {"type": "users", "id": "3"}}}},
            ],
            "included": [{"type": "users", "id": "3", "attributes": {"username": "walker", "displayName": person}}],
            "links": {},
        }),
    );

    let (person, quoted) = (NAMES[9], NAMES[10]);
    let account = json!({"id": "7", "acct": "desk", "username": "desk", "display_name": person, "indexable": true});
    json(3, "/api/v1/accounts/lookup", &account);
    json(
        3,
        "/api/v1/accounts/7/statuses",
        &json!([{"id": "9", "visibility": "public", "url": format!("{}/@desk/9", sites.origin(3)),
        "created_at": "2026-01-01T10:00:00Z", "account": account,
        "content": format!("{}{}", signed(person, "mastodon"), quoting(quoted, "mastodon"))}]),
    );
    let older = "/api/v1/accounts/7/statuses?limit=40&exclude_reblogs=true&max_id=9";
    json(3, older, &json!([]));

    let person = NAMES[11];
    let user = json!({"username": "hedge", "displayname": person, "fullname": person});
    json(
        4,
        "/api/recent",
        &json!({"topics": [{"tid": 1, "cid": 2, "slug": "1/one", "title": format!("Nodebb tools of {person}"),
        "lastposttime": 1_767_225_600_000_u64, "postcount": 1}], "pagination": {"pageCount": 1}}),
    );
    json(
        4,
        "/api/topic/1",
        &json!({"cid": 2, "slug": "1/one", "title": format!("Nodebb tools of {person}"), "pagination": {"pageCount": 1},
        "posts": [{"pid": 10, "content": signed(person, "nodebb"), "timestamp": 1_767_225_600_000_u64, "index": 0, "user": user}]}),
    );
}

#[test]
fn no_name_of_who_wrote_quotes_or_is_quoted_is_in_any_file_or_line() {
    let mut world = World::new();
    let kinds = [
        ("feed", "/feed"),
        ("lemmy", "/"),
        ("flarum", "/"),
        ("mastodon", "/@desk"),
        ("nodebb", "/"),
    ];
    for (number, (kind, path)) in kinds.into_iter().enumerate() {
        world.declare(number, kind, &format!("People of {kind}"), kind, path);
    }
    serve(&world);
    for (number, (kind, _)) in kinds.into_iter().enumerate() {
        world.consent(number, kind);
    }
    let output = world
        .command(&["crawl", "--once", "--json"])
        .env("DISCOVER_LOG", "debug")
        .output()
        .expect("the executable starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let round = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    let stored: serde_json::Value = serde_json::from_str(&round).expect("JSON");
    assert_eq!(stored["stored"], 9, "{round}\n{said}");
    let data = world.data();
    for (kind, _) in kinds {
        let words = format!("The {kind} ");
        let held = files_holding(&data, words.as_bytes());
        assert!(
            held.iter().any(|file| file.ends_with("store.sqlite3")),
            "{kind}: {held:?}"
        );
    }
    for name in NAMES {
        let held = files_holding(&data, name.as_bytes());
        assert!(held.is_empty(), "{name}: {held:?}");
        assert!(!said.contains(name) && !round.contains(name), "{name}");
    }
}
