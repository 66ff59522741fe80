//! The pages over the small world: every link on every page leads somewhere, and refusals are pages too.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::world::{Answer, World};

async fn page(world: &World, address: &str) -> Answer {
    let request = Request::get(address)
        .header("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
        .body(Body::empty())
        .expect("request");
    world.send(request).await
}

/// Addresses of this site that a page links to or loads.
fn links(html: &str) -> Vec<String> {
    html.split(" href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.replace("&#38;", "&").replace("&#39;", "'"))
        .filter(|href| href.starts_with('/'))
        .filter_map(|href| href.split('#').next().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn every_link_on_every_page_leads_somewhere() {
    let world = World::new().await;
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut open: VecDeque<String> = VecDeque::from([
        "/".to_owned(),
        "/search?q=phlebotomy".to_owned(),
        "/search?q=nothingatallhere&language=cy".to_owned(),
        "/map?level=0".to_owned(),
        "/compare".to_owned(),
    ]);
    known.extend(open.iter().cloned());
    let mut pages = 0;
    while let Some(address) = open.pop_front() {
        let answer = page(&world, &address).await;
        if answer.status.is_redirection() {
            continue;
        }
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{address}: {}",
            answer.text()
        );
        let html = answer.header("content-type").starts_with("text/html");
        if !html {
            continue;
        }
        pages += 1;
        for link in links(&answer.text()) {
            let elsewhere = ["/en/", "/cy/", "/ur/"]
                .iter()
                .any(|of| link.starts_with(of));
            // Beside a tray every page has addresses without end.
            let further = address.contains("tray=") && link.contains("tray=");
            if !elsewhere && !further && known.len() < 1200 && known.insert(link.clone()) {
                open.push_back(link);
            }
        }
    }
    assert!(pages > 40, "{pages} pages only: {known:?}");
    for prefix in [
        "/topics/",
        "/conversations/",
        "/networks/",
        "/assets/",
        "/search.atom",
        "/problems/",
    ] {
        assert!(
            known.iter().any(|link| link.starts_with(prefix)),
            "no page links to {prefix}"
        );
    }
}

#[tokio::test]
async fn every_link_of_a_welsh_page_leads_to_a_welsh_page_or_to_a_file() {
    let world = World::new().await;
    let mut known: BTreeSet<String> = BTreeSet::from(["/cy/".to_owned()]);
    let mut open: VecDeque<String> = known.iter().cloned().collect();
    let mut pages = 0;
    while let Some(address) = open.pop_front() {
        let answer = page(&world, &address).await;
        if answer.status.is_redirection() {
            assert!(answer.header("location").starts_with("/cy/"), "{address}");
            continue;
        }
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        pages += 1;
        let html = answer.text();
        assert!(html.contains("<html lang=\"cy\" dir=\"ltr\">"), "{address}");
        for language in ["en", "ur"] {
            assert!(html.contains(&format!("href=\"/{language}/")), "{address}");
        }
        for link in links(&html) {
            if ["/en/", "/ur/"].iter().any(|of| link.starts_with(of)) {
                continue;
            }
            let path = link.split('?').next().unwrap_or_default();
            let last = path.rsplit('/').next().unwrap_or_default();
            let file =
                path.starts_with("/api/") || last.contains('.') || matches!(last, "atom" | "json");
            assert!(
                file || link.starts_with("/cy/"),
                "{address} links to {link}"
            );
            let further = address.contains("tray=") && link.contains("tray=");
            if !further && known.len() < 250 && known.insert(link.clone()) {
                open.push_back(link);
            }
        }
    }
    assert!(pages > 30, "{pages} pages only");
}

#[tokio::test]
async fn the_language_is_that_of_the_address_else_that_of_the_browser() {
    let world = World::new().await;
    let ask = |address: &'static str, asked: &'static str| {
        let request = Request::get(address)
            .header("accept", "text/html")
            .header("accept-language", asked)
            .body(Body::empty())
            .expect("request");
        world.send(request)
    };
    for (address, asked, language) in [
        ("/", "cy-GB, en;q=0.8", "cy"),
        ("/", "pl, ur;q=0.5, en;q=0.4", "ur"),
        ("/", "de", "en-GB"),
        ("/en/", "cy", "en-GB"),
        ("/ur", "cy", "ur"),
        ("/cy/topics?rank=enduring", "en", "cy"),
        ("/cy/nothing", "en", "cy"),
        ("/register", "cy", "cy"),
    ] {
        let answer = ask(address, asked).await;
        assert!(
            answer
                .text()
                .contains(&format!("<html lang=\"{language}\"")),
            "{address} for {asked}: {}",
            answer.text()
        );
        let vary = answer.header("vary").to_owned();
        let kept = answer.header("cache-control") == "no-store";
        assert!(
            kept || vary.contains("accept-language"),
            "{address}: {vary}"
        );
    }
    // A page in the browser's language keeps plain links: they follow the browser too.
    let plain = ask("/", "cy").await.text();
    assert!(plain.contains("<a href=\"/topics\""), "{plain}");
    // The API has one address and one language.
    let missing = ask("/cy/api/v1/topics", "cy").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let api = ask("/api/v1/topics/warnings", "cy").await.text();
    assert!(!api.contains("rhwydwaith"), "{api}");
}

#[tokio::test]
async fn errors_are_pages_for_readers_and_json_for_programs() {
    let world = World::new().await;
    let missing = page(&world, "/conversations/aaaaaaaaaaaaaaaaaaaaaaaaae").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.text().contains("Page not found"));
    assert_eq!(missing.header("content-type"), "text/html; charset=utf-8");
    let plain = world.get("/conversations/aaaaaaaaaaaaaaaaaaaaaaaaae").await;
    assert_eq!(plain.header("content-type"), "application/problem+json");

    let unread = page(&world, "/search?q=dentist+%22new+patients").await;
    assert_eq!(unread.status, StatusCode::BAD_REQUEST);
    let html = unread.text();
    assert!(
        html.contains("The search cannot be read") && html.contains("<mark>&#34;</mark>"),
        "{html}"
    );
    assert!(html.contains("value=\"dentist &#34;new patients\""));
}

#[tokio::test]
async fn a_page_is_asked_about_again_and_an_asset_is_kept_for_ever() {
    let world = World::new().await;
    let home = page(&world, "/").await;
    assert_eq!(home.header("cache-control"), "no-cache");
    let tag = home.header("etag").to_owned();
    let again = Request::get("/")
        .header("accept", "text/html")
        .header("if-none-match", &tag)
        .body(Body::empty())
        .expect("request");
    assert_eq!(world.send(again).await.status, StatusCode::NOT_MODIFIED);
    let sheet = links(&home.text())
        .into_iter()
        .find(|link| link.ends_with("/discover.css"))
        .expect("a style sheet");
    let sheet = world.get(&sheet).await;
    assert!(sheet.header("cache-control").contains("immutable"));
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn a_comparison_counts_small_networks_and_names_words_only_of_many() {
    let world = World::new().await;
    world.crowd(60).await;
    let html = page(&world, "/compare?q=phlebotomy&q2=gardens")
        .await
        .text();
    let row = html
        .split("<tr>")
        .find(|row| row.contains("Kidney &#60;Friends&#62;"))
        .expect("the network is named");
    assert!(
        !row.contains("too few to show") && row.contains("none"),
        "{row}"
    );
    let side = |letter: &str| {
        html.split(&format!("More in {letter} than"))
            .nth(1)
            .and_then(|rest| rest.split("</div>").next())
            .expect("a side")
    };
    assert!(side("A").contains("booking"), "{html}");
    // All of B is one voice.
    assert!(
        side("B").contains("No word is so much more frequent"),
        "{html}"
    );
    assert!(!side("B").contains("number"), "{html}");
}

#[tokio::test]
async fn a_comparison_says_what_to_fill_in_and_which_field_is_wrong() {
    let world = World::new().await;
    let empty = page(&world, "/compare").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.text().contains("Fill in a second search"));
    // A form as it is sent with one side filled in.
    let one = "/compare?q=blood&after=&before=&q2=&after2=&before2=";
    let one = page(&world, one).await.text();
    assert!(one.contains("Fill in a second search") && one.contains("value=\"blood\""));
    for (query, field) in [
        ("q=blood&q2=%22open", "q2"),
        ("q=%22open&q2=blood", "q"),
        ("q=blood&after2=2026-11-02&before2=2026-11-01", "before2"),
    ] {
        let wrong = page(&world, &format!("/compare?{query}")).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{query}");
        let html = wrong.text();
        assert!(
            html.contains(&format!("<a href=\"#{field}\">")),
            "{query}: {html}"
        );
        let data = world.get(&format!("/api/v1/compare?{query}")).await;
        assert_eq!(data.json()["parameter"], field, "{query}");
    }
    let nothing = page(&world, "/compare?q=zzzz&q2=yyyy").await.text();
    assert!(nothing.contains("Nothing was found on any side."));
}

#[tokio::test]
async fn a_printed_sheet_holds_addresses_in_full_and_says_what_it_leaves_out() {
    let world = World::new().await;
    world.crowd(150).await;
    let html = page(&world, "/search/print?q=phlebotomy&language=en")
        .await
        .text();
    assert!(
        html.contains(">https://aire-carers.example/t/0</a>"),
        "{html}"
    );
    assert!(html.contains(">https://discover.example/conversations/"));
    assert!(html.contains("https://discover.example/search?q=phlebotomy&#38;language=en"));
    assert!(html.contains("English") && html.contains("22 November 2026"));
    let many = page(&world, "/search/print?q=gardens").await.text();
    assert!(
        many.contains("Printed are 100 of 150 conversations"),
        "{many}"
    );
    assert_eq!(many.matches("<li class=\"hit\">").count(), 100);
}

#[tokio::test]
async fn every_picture_is_a_file_too_and_says_where_it_is_from() {
    let world = World::new().await;
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let topic = topics["items"][0]["id"]
        .as_str()
        .expect("a topic")
        .to_owned();
    let pages = [
        format!("/topics/{topic}"),
        "/search?q=phlebotomy".to_owned(),
        "/compare?q=phlebotomy&q2=bread".to_owned(),
        "/map?level=1".to_owned(),
        "/topics/matrix?rank=emerging".to_owned(),
    ];
    let mut files = BTreeSet::new();
    for at in &pages {
        let html = page(&world, at).await.text();
        assert!(html.contains("Cite as: "), "{at}");
        let taken = links(&html).into_iter().filter(|link| {
            let path = link.split('?').next().unwrap_or_default();
            [".svg", ".csv", ".xlsx"]
                .iter()
                .any(|end| path.ends_with(end))
                && !path.starts_with("/assets/")
        });
        files.extend(taken);
    }
    assert_eq!(files.len(), 10, "{files:?}");
    for file in &files {
        let answer = world.get(file).await;
        assert_eq!(answer.status, StatusCode::OK, "{file}");
        let path = file.split('?').next().unwrap_or_default();
        if path.ends_with(".svg") {
            let svg = answer.text();
            assert!(
                svg.starts_with("<svg xmlns=") && svg.contains("As of 22 November 2026"),
                "{file}"
            );
            assert!(
                svg.contains("https://discover.example/"),
                "{file}: where it is from"
            );
        } else if path.ends_with(".csv") {
            assert!(answer.text().lines().count() > 1, "{file}");
        } else {
            assert!(
                answer.header("content-disposition").contains(".xlsx"),
                "{file}"
            );
        }
    }
}

#[tokio::test]
async fn a_topic_is_called_by_its_readers_language_where_it_has_a_name_in_it() {
    let world = World::new().await;
    let answer = page(&world, "/topics").await;
    assert!(answer.header("vary").contains("accept-language"));
}

#[tokio::test]
async fn a_site_that_is_missed_is_counted_by_its_host_alone() {
    let world = World::new().await;
    let name = |site: &str| {
        let site: String = url::form_urlencoded::byte_serialize(site.as_bytes()).collect();
        Request::post("/missing")
            .header("origin", "https://discover.example")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("site={site}")))
            .expect("request")
    };
    for _ in 0..2 {
        let done = world.send(name("https://Forum.example.org/")).await.text();
        assert!(done.contains("forum.example.org</bdi> is noted"), "{done}");
    }
    let refused = world.send(name("facebook.com/groups/<7>")).await.text();
    assert!(refused.contains("<title>Error: "), "{refused}");
    assert!(refused.contains("value=\"facebook.com/groups/&#60;7&#62;\""));
    let store = &world.parts.store;
    let today = jiff::civil::date(2026, 11, 22);
    let held = store.missing_sites(today).await.expect("sites");
    assert_eq!(held.len(), 1);
    assert_eq!(
        (held[0].host.as_str(), held[0].times, held[0].last),
        ("forum.example.org", 2, today)
    );
    let later = jiff::civil::date(2027, 2, 21);
    assert_eq!(store.missing_sites(later).await.expect("sites"), []);
    store.forget_missing_sites(later).await.expect("forgotten");
    assert_eq!(store.missing_sites(today).await.expect("sites"), []);
    let network = world.json("/api/v1/networks").await;
    let source = network["items"][0]["sources"][0]["url"]
        .as_str()
        .expect("a source")
        .to_owned();
    let host = url::Url::parse(&source).expect("an address");
    let here = world
        .send(name(host.host_str().expect("a host")))
        .await
        .text();
    assert!(here.contains("It is here already"), "{here}");
}

#[tokio::test]
async fn networks_stand_in_the_order_in_which_a_reader_looks_for_them() {
    let world = World::new().await;
    let store = &world.parts.store;
    for (slug, name) in [
        ("aire-carers", "Network 10"),
        ("kidney-friends", "network 9"),
        ("rural-buses", "Élan"),
        ("bakers", "Network 1"),
    ] {
        let network = store.network_by_slug(slug).await.expect("read");
        let mut network = network.expect("a network");
        network.name = name.to_owned();
        store.put_network(&network, None).await.expect("changed");
    }
    let expected = ["Élan", "Network 1", "network 9", "Network 10", "اردو ریڈیو"];
    let list = world.json("/api/v1/networks").await;
    let rows = list["items"].as_array().expect("networks").iter();
    let names: Vec<&str> = rows.filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, expected);
    // Page by page it is the same.
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    for _ in 0..expected.len() {
        let page = world
            .json(&format!("/api/v1/networks?limit=1{cursor}"))
            .await;
        paged.push(
            page["items"][0]["name"]
                .as_str()
                .expect("a name")
                .to_owned(),
        );
        cursor = format!("&cursor={}", page["next"].as_str().unwrap_or_default());
    }
    assert_eq!(paged, expected);
    for page in ["/networks", "/networks.opml"] {
        let text = world.get(page).await.text();
        let at = |name: &&str| {
            text.find(&format!(">{name}<"))
                .or_else(|| text.find(&format!("\"{name}\"")))
        };
        let places: Vec<usize> = expected.iter().filter_map(at).collect();
        assert_eq!(places.len(), expected.len(), "{page}");
        assert!(places.is_sorted(), "{page}: {places:?}");
    }
}

#[tokio::test]
async fn a_search_offers_the_same_in_other_languages_or_says_that_words_find_words() {
    let mut world = World::new().await;
    let urdu = world.json("/api/v1/search?language=ur").await;
    let urdu = &urdu["items"][0];
    let id: discover_model::ConversationId = urdu["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("id");
    let title = urdu["title"].as_str().expect("a title").to_owned();
    let words = "Words find words";
    let page = world.get("/search?q=phlebotomy").await.text();
    assert!(page.contains(words) && !page.contains(&title), "{page}");
    world.parts.config.meaning = Some(crate::ByMeaning {
        nearest: Arc::new(|_| Vec::new()),
        likeness: Arc::new(|_, _| None),
        knows: Arc::new(|_| true),
        nearest_to_text: Arc::new(move |_, _| vec![(id, 0.9)]),
    });
    world.router = crate::router(world.parts.clone());
    let page = world.get("/search?q=phlebotomy").await.text();
    assert!(
        page.contains("Found by meaning") && page.contains(&title),
        "{page}"
    );
    assert!(!page.contains(words), "{page}");
    // A brief offers its subject in each of its languages.
    let brief = world.get("/search/brief?q=phlebotomy").await.text();
    assert!(
        brief.contains("href=\"/search?q=phlebotomy&#38;language=en\""),
        "{brief}"
    );
}

#[tokio::test]
async fn every_listed_topic_and_warning_leads_to_its_brief() {
    let world = World::new().await;
    let home = world.get("/").await.text();
    let list = world.json("/api/v1/topics?rank=emerging").await;
    for topic in list["items"].as_array().expect("topics") {
        let href = format!(
            "href=\"/topics/{}/brief\"",
            topic["id"].as_str().expect("id")
        );
        assert!(home.contains(&href), "{href}: {home}");
    }
}

/// Every table that can be taken as CSV, whoever makes it; what programs read has its own test.
#[tokio::test]
async fn every_csv_has_a_mark_quoted_columns_and_lines_that_end_as_rfc_4180_has_it() {
    let world = World::new().await;
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let topic = topics["items"][0]["id"].as_str().expect("id");
    let found = world.json("/api/v1/search?q=phlebotomy").await;
    let one = found["items"][0]["id"].as_str().expect("id");
    let mut addresses: Vec<String> = crate::access::ROUTES
        .iter()
        .filter(|(_, path, _)| path.ends_with(".csv"))
        .map(|(_, path, _)| match *path {
            "/tray.csv" => format!("{path}?tray={one}"),
            "/compare.csv" => format!("{path}?q1=phlebotomy&q2=bread"),
            "/search/timeline.csv" => format!("{path}?q=phlebotomy"),
            path => path.replace("{id}", topic),
        })
        .collect();
    assert!(addresses.len() >= 6, "{addresses:?}");
    addresses.push("/api/v1/search/export?q=phlebotomy&format=csv".to_owned());
    addresses.push(format!("/api/v1/topics/{topic}/package/quotations.csv"));
    for address in addresses {
        let answer = world.get(&address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        let text = answer.text();
        assert!(text.starts_with("\u{feff}\""), "{address}: {text}");
        assert!(text.lines().count() > 1, "{address} has no row");
        let plain = text.replace("\r\n", "");
        assert!(text.ends_with("\r\n") && !plain.contains('\r'), "{address}");
    }
    let bare = "/api/v1/search/export?q=phlebotomy&format=csv&bom=false";
    assert!(world.get(bare).await.text().starts_with("\"id\""));
}
