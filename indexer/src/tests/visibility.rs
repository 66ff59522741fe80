use std::sync::OnceLock;

use discover_model::{Conversation, Visibility};
use jiff::civil::date;
use proptest::prelude::*;

use super::support::{Home, conversation, home, id, network, post, source};
use crate::{Matching, SearchRequest};

const WORDS: [&str; 6] = ["blood", "test", "surgery", "parking", "hospital", "doctor"];

fn all() -> Vec<Conversation> {
    (0..40_u128)
        .map(|n| {
            let text = WORDS
                .iter()
                .enumerate()
                .filter(|(w, _)| (n >> w) & 1 == 1)
                .map(|(_, w)| *w);
            let text = text.collect::<Vec<_>>().join(" ") + " words";
            let mut made = conversation(n, WORDS[n as usize % 6], &text);
            made.network = network(n % 4);
            post(&mut made, date(2026, 11, 3), WORDS[(n as usize / 6) % 6]);
            made.posts[0].source = source(n % 7);
            made.posts[1].source = source(n % 5 + 10);
            made
        })
        .collect()
}

fn house() -> &'static (Home, Vec<Conversation>) {
    static HOUSE: OnceLock<(Home, Vec<Conversation>)> = OnceLock::new();
    HOUSE.get_or_init(|| (home(&all()), all()))
}

fn is_whole(conversation: &Conversation, visibility: &Visibility) -> bool {
    let posts = conversation.posts.len();
    conversation
        .clone()
        .visible(visibility)
        .is_some_and(|left| left.posts.len() == posts)
}

fn any_visibility() -> impl Strategy<Value = Visibility> {
    let set = |max: u128| proptest::collection::hash_set(0..max, 0..3);
    let paths = proptest::collection::vec((0..4_u128, 0..45_u128, 0..4_usize), 0..3);
    (set(4), set(17), set(40), set(40), 0..2_u128, paths).prop_map(
        |(networks, sources, conversations, posts, reply, paths)| Visibility {
            // The same for all: a cache that trusted it would be found out.
            generation: 1,
            networks: networks.into_iter().map(network).collect(),
            sources: sources.into_iter().map(source).collect(),
            conversations: conversations.into_iter().map(id).collect(),
            posts: posts
                .into_iter()
                .map(|n| discover_model::PostId::from_u128(n * 1000 + reply))
                .collect(),
            paths: paths
                .into_iter()
                .map(|(of, number, form)| {
                    let forms = [
                        format!("/t/{number}"),
                        format!("/t/{number}/"),
                        format!("/t/{number}/2"),
                        "/u/".into(),
                    ];
                    (
                        network(of),
                        "https://one.example".to_owned(),
                        forms[form].clone(),
                    )
                })
                .collect(),
        },
    )
}

fn any_query() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        (0..6_usize).prop_map(|at| WORDS[at].to_owned()),
        Just("sur*".to_owned()),
        Just("\"test words\"".to_owned()),
        Just("network:two".to_owned()),
        Just("lang:en".to_owned()),
        Just("kind:discourse".to_owned()),
        Just("last:1y".to_owned()),
        Just("topic:aaaaaaaaaaaaaaaaaaaaaaaaau".to_owned()),
    ];
    let join = prop_oneof![
        Just(" "),
        Just(" OR "),
        Just(" AND "),
        Just(" -"),
        Just(" -(doctor) ")
    ];
    let start = prop_oneof![Just(""), Just("-")];
    (start, proptest::collection::vec((word, join), 0..5), 0..2).prop_map(
        |(start, parts, group)| {
            let body: String = parts
                .iter()
                .map(|(word, join)| format!("{word}{join}"))
                .collect();
            let body = format!("{start}{body}words");
            if group == 0 {
                body
            } else {
                format!("({body}) OR words")
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_query_returns_or_counts_what_is_hidden(q in any_query(), visibility in any_visibility(), strict in any::<bool>()) {
        let (home, all) = house();
        let request = SearchRequest {
            q,
            limit: 100,
            matching: if strict { Matching::All } else { Matching::Auto },
            ..SearchRequest::default()
        };
        let answer = home.ask(&request, &visibility).expect("answer");
        let open = home.ask(&SearchRequest { matching: Matching::All, ..request.clone() }, &Visibility::default()).expect("open");
        for hit in &answer.hits {
            let of = all.iter().find(|c| c.id == hit.id).expect("one of ours");
            prop_assert!(is_whole(of, &visibility), "{:?} shows {:?}", request.q, hit.id);
        }
        prop_assert_eq!(answer.total, answer.hits.len() as u64);
        let counted: u64 = answer.facets.network.iter().map(|facet| facet.count).sum();
        prop_assert_eq!(counted, answer.total);
        for facet in &answer.facets.network {
            prop_assert!(visibility.shows_network(facet.value));
        }
        if strict {
            // Nor does it hide more than it must.
            let whole = open.hits.iter().filter(|hit| {
                let of = all.iter().find(|c| c.id == hit.id).expect("one of ours");
                is_whole(of, &visibility)
            });
            prop_assert_eq!(whole.count(), answer.hits.len());
        }
    }
}

#[test]
fn a_conversation_comes_back_when_it_is_put_without_its_hidden_part() {
    let mut made = conversation(1, "Parking", "The meter is broken.");
    post(&mut made, date(2026, 11, 2), "My secret is xyzzy.");
    let home = home(std::slice::from_ref(&made));
    let visibility = Visibility {
        posts: [made.posts[1].id].into(),
        ..Visibility::default()
    };
    let ask = |q: &str| {
        let request = SearchRequest {
            q: q.into(),
            ..SearchRequest::default()
        };
        home.ask(&request, &visibility).expect("answer").total
    };
    assert_eq!((ask("xyzzy"), ask("meter")), (0, 0));
    assert_eq!(home.index.touched_by(&visibility).expect("ids"), [id(1)]);
    let left = made.visible(&visibility).expect("the rest");
    home.index.put(&left).expect("put");
    home.index.commit(2).expect("commit");
    assert_eq!((ask("xyzzy"), ask("meter")), (0, 1));
    assert!(home.index.touched_by(&visibility).expect("ids").is_empty());
}
