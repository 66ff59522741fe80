//! A refused form of an owner answers inside the form: what is wrong stands above and at its field, and nothing typed is lost.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::access::{Who, ask, log_in};
use super::world::{Answer, World};

fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

fn token(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"form\" value=\"").expect("a form");
    rest.split('"').next().expect("a token").to_owned()
}

/// The page says that something is wrong in its title, in a summary that leads to the field, and there.
fn says(answer: &Answer, status: StatusCode, field: &str, typed: &str) {
    let page = answer.text();
    assert_eq!(answer.status, status, "{page}");
    for part in [
        "<title>Error: ",
        "govuk-error-summary__title",
        &format!("href=\"#{field}\""),
        &format!("id=\"{field}\""),
        "aria-invalid=\"true\"",
        typed,
    ] {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
    let main = page.split("<main").nth(1).expect("a main part");
    assert!(
        main.find("govuk-error-summary") < main.find("<h1"),
        "{page}"
    );
}

#[tokio::test]
async fn a_refused_form_of_the_home_answers_inside_it_with_what_was_typed() {
    let world = World::new().await;
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let topic = topics["items"][0]["id"].as_str().expect("id");
    let owner = log_in(&world, "aire-carers").await;
    let form_of = token(&ask(&world, "GET", "/owner", &owner, "").await.text());
    let long = "x".repeat(201);
    for (day, text, field) in [
        ("soon", "Typed <b>words</b>", "note-day"),
        ("2036-11-17", "Typed <b>words</b>", "note-day"),
        ("2026-11-17", long.as_str(), "note-text"),
        ("2026-11-17", "two\nlines", "note-text"),
        ("2026-11-17", " ", "note-text"),
    ] {
        let sent = form(&[
            ("form", &form_of),
            ("topic", topic),
            ("day", day),
            ("text", text),
        ]);
        let answer = ask(&world, "POST", "/owner/annotations", &owner, &sent).await;
        let typed = text.replace('<', "&#60;").replace('>', "&#62;");
        says(
            &answer,
            StatusCode::BAD_REQUEST,
            field,
            &format!(">\n{typed}</textarea>"),
        );
        assert!(answer.text().contains(&format!("value=\"{day}\"")));
        assert!(
            answer
                .text()
                .contains(&format!("value=\"{topic}\" dir=\"auto\" selected"))
        );
    }
    // Of another session, of a topic that is gone.
    for (token, topic, status) in [
        ("0", topic, StatusCode::FORBIDDEN),
        (form_of.as_str(), "0", StatusCode::NOT_FOUND),
    ] {
        let sent = form(&[
            ("form", token),
            ("topic", topic),
            ("day", "2026-11-17"),
            ("text", "Typed"),
        ]);
        let answer = ask(&world, "POST", "/owner/annotations", &owner, &sent).await;
        says(&answer, status, "note-topic", ">\nTyped</textarea>");
    }
    for (token, to, status) in [
        (form_of.as_str(), "hooks.example", StatusCode::BAD_REQUEST),
        (
            form_of.as_str(),
            "clerk@parish.example",
            StatusCode::BAD_REQUEST,
        ),
        ("0", "https://hooks.example/told", StatusCode::FORBIDDEN),
    ] {
        let sent = form(&[("form", token), ("to", to)]);
        let answer = ask(&world, "POST", "/owner/told", &owner, &sent).await;
        says(
            &answer,
            status,
            "told-to",
            &format!("name=\"to\" value=\"{to}\""),
        );
    }
}

async fn send_parts(world: &World, owner: &Who, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        body.extend(
            format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n")
                .bytes(),
        );
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--cut--\r\n");
    let Who::Browser(cookie) = owner else {
        panic!("an owner's browser")
    };
    let request = Request::post("/owner/notes")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=cut")
        .header("cookie", cookie)
        .body(Body::from(body));
    world.send(request.expect("a request")).await
}

#[tokio::test]
async fn a_file_of_notes_is_shown_and_one_that_cannot_be_taken_leaves_the_text() {
    let (world, asked) = super::notes::world().await;
    let owner = log_in(&world, "bakers").await;
    let page = ask(&world, "GET", "/owner/notes", &owner, "").await.text();
    assert!(page.contains("enctype=\"multipart/form-data\"") && page.contains("type=\"file\""));
    assert!(page.contains("Your owner’s key") && page.contains("--network bakers"));
    let form_of = token(&page);
    let form_of = ("form", None, form_of.as_bytes());
    let file = (
        "file",
        Some("flipchart.md"),
        "# The bus\r\nIt does not stop.".as_bytes(),
    );
    let none = ("file", Some(""), &b""[..]);
    let shown = send_parts(&world, &owner, &[form_of, ("text", None, b""), file]).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
    assert!(shown.text().contains("What would be kept"));
    assert_eq!(
        asked.lock().expect("asked")[0].text,
        "# The bus\nIt does not stop."
    );
    // What the look filled in gives way to another file; what somebody typed does not.
    let page = shown.text();
    let (_, filled) = page.split_once("name=\"filled\" value=\"").expect("a seal");
    let filled = (
        "filled",
        None,
        filled.split('"').next().expect("a seal").as_bytes(),
    );
    let same = ("text", None, "# The bus\r\nIt does not stop.".as_bytes());
    let other = ("file", Some("b.md"), &b"# Another"[..]);
    let again = send_parts(&world, &owner, &[form_of, filled, same, other]).await;
    assert!(
        again.text().contains("# Another</textarea>"),
        "{}",
        again.text()
    );
    let typed = ("text", None, &b"My own words"[..]);
    let both = send_parts(&world, &owner, &[form_of, typed, file]).await;
    says(
        &both,
        StatusCode::BAD_REQUEST,
        "file",
        "My own words</textarea>",
    );
    let binary = ("file", Some("a.pdf"), &b"%PDF\xff\xfe"[..]);
    let binary = send_parts(&world, &owner, &[form_of, ("text", None, b""), binary]).await;
    says(&binary, StatusCode::BAD_REQUEST, "file", "no text in UTF-8");
    let large = vec![b'x'; 2 << 20];
    let large = [form_of, typed, ("file", Some("a.md"), large.as_slice())];
    let large = send_parts(&world, &owner, &large).await;
    says(
        &large,
        StatusCode::PAYLOAD_TOO_LARGE,
        "file",
        "My own words</textarea>",
    );
    let forged = ("form", None, &b"0"[..]);
    let forged = send_parts(&world, &owner, &[forged, typed, none]).await;
    says(
        &forged,
        StatusCode::FORBIDDEN,
        "text",
        "My own words</textarea>",
    );
}
