//! Views that the operator named: where they are shown, and when they are not.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use discover_model::Visibility;

use super::withdrawal::publish;
use super::world::World;
use crate::views::{NamedView, ViewText};

fn view(name: &str, title: &str, address: &str) -> NamedView {
    let text = ViewText::new(title, Some("Looked at each week")).expect("a text");
    NamedView::new(name, address, text).expect("a view")
}

#[tokio::test]
async fn a_named_view_is_an_address_and_goes_with_the_network_that_it_names() {
    let welsh = ViewText::new("Profion gwaed", None).expect("a text");
    let world = World::with(|config| {
        config.views = [
            view(
                "blood",
                "Blood in three places",
                "/search?q=blood&sort=newest",
            )
            .with_text("cy", welsh)
            .expect("a language"),
            view(
                "carers",
                "Talk of carers",
                "/search?q=network%3Aaire-carers",
            ),
        ]
        .into();
    })
    .await;
    let listed = world.json("/api/v1/views").await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        listed["items"][0]["translations"]["cy"]["title"],
        "Profion gwaed"
    );
    for path in ["/", "/search", "/search?q=zzzz"] {
        let page = world.get(path).await.text();
        for said in [
            "Views of this instance",
            "Blood in three places",
            "/views/carers",
        ] {
            assert!(page.contains(said), "{path}: {said}");
        }
    }
    assert!(world.get("/cy/").await.text().contains("Profion gwaed"));
    let to = world.get("/views/blood").await;
    assert_eq!(to.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(to.header("location"), "/search?q=blood&sort=newest");
    let welsh = world.get("/cy/views/blood").await;
    assert_eq!(welsh.header("location"), "/cy/search?q=blood&sort=newest");

    publish(
        &world,
        Visibility {
            generation: 1,
            networks: [World::id_of("aire-carers")].into(),
            ..Visibility::default()
        },
    );
    for path in ["/", "/search", "/api/v1/views"] {
        let page = world.get(path).await.text();
        assert!(!page.contains("carers\""), "{path}: {page}");
        assert!(page.contains("Blood in three places"), "{path}");
    }
    for gone in ["/views/carers", "/views/nothing"] {
        let request = Request::get(gone).body(Body::empty()).expect("a request");
        assert_eq!(world.send(request).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn no_heading_of_views_is_shown_where_there_are_none() {
    let world = World::new().await;
    for path in ["/", "/search"] {
        assert!(
            !world
                .get(path)
                .await
                .text()
                .contains("Views of this instance")
        );
    }
}
