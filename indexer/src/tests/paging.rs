use discover_model::Visibility;
use jiff::civil::date;

use super::support::{Home, conversation, home, post};
use crate::{Matching, SearchError, SearchRequest, Sort};

fn many() -> Home {
    let texts = [
        "blood",
        "blood blood test",
        "blood test and more words than the others have",
    ];
    let made: Vec<_> = (1..=57)
        .map(|n| {
            let mut made = conversation(n, "Same title", texts[n as usize % 3]);
            let active = format!("2026-11-{:02}T00:00:00Z", 1 + n % 20);
            made.last_active = Some(active.parse().expect("a time"));
            made
        })
        .collect();
    home(&made)
}

/// All pages, with something done between them.
fn pages(home: &Home, sort: Sort, between: impl Fn(usize)) -> Vec<u128> {
    let mut request = SearchRequest {
        q: "blood".into(),
        sort,
        limit: 10,
        matching: Matching::All,
        ..SearchRequest::default()
    };
    let mut seen = Vec::new();
    for page in 0.. {
        let answer = home.ask(&request, &Visibility::default()).expect("a page");
        seen.extend(answer.hits.iter().map(|hit| hit.id.as_u128()));
        request.cursor = answer.next;
        if request.cursor.is_none() {
            break;
        }
        between(page);
    }
    seen
}

#[test]
fn pages_follow_each_other_without_repeating_or_skipping() {
    let home = many();
    for sort in [Sort::Relevance, Sort::Newest, Sort::Oldest] {
        let all = SearchRequest {
            q: "blood".into(),
            sort,
            limit: 100,
            ..SearchRequest::default()
        };
        let all = home.ask(&all, &Visibility::default()).expect("all");
        let all: Vec<u128> = all.hits.iter().map(|hit| hit.id.as_u128()).collect();
        assert_eq!(pages(&home, sort, |_| {}), all, "{sort:?}");
        assert_eq!(all.len(), 57);
    }
}

#[test]
fn posts_that_come_in_between_pages_move_nothing() {
    for sort in [Sort::Relevance, Sort::Newest, Sort::Oldest] {
        let home = many();
        let before = pages(&home, sort, |_| {});
        let seen = pages(&home, sort, |page| {
            // Longer, more frequent and newer than all before: every figure of the ranking changes.
            for n in 0..9 {
                let number = 1000 + page as u128 * 100 + n;
                let mut new = conversation(number, "Blood", &"blood test ".repeat(50));
                post(
                    &mut new,
                    date(2026, 11, 21),
                    "more words about other things",
                );
                home.index.put(&new).expect("put");
            }
            home.index.commit(page as u64 + 2).expect("commit");
        });
        let old: Vec<u128> = seen
            .iter()
            .copied()
            .filter(|number| *number < 1000)
            .collect();
        assert_eq!(old, before, "{sort:?}");
        let mut once = seen.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), seen.len(), "{sort:?}");
    }
}

#[test]
fn a_cursor_is_good_for_its_own_query_only() {
    let home = many();
    let first = SearchRequest {
        q: "blood".into(),
        limit: 10,
        ..SearchRequest::default()
    };
    let cursor = home
        .ask(&first, &Visibility::default())
        .expect("a page")
        .next
        .expect("a cursor");
    let with = |q: &str, cursor: &str| SearchRequest {
        q: q.into(),
        limit: 10,
        cursor: Some(cursor.to_owned()),
        ..SearchRequest::default()
    };
    let ask = |request: &SearchRequest| home.ask(request, &Visibility::default());
    assert!(ask(&with("blood", &cursor)).is_ok());
    assert!(matches!(
        ask(&with("test", &cursor)),
        Err(SearchError::BadCursor)
    ));
    for bad in [
        "",
        "AQ",
        "!!",
        &cursor[..20],
        &format!("{cursor}AAAA"),
        &"A".repeat(5000),
    ] {
        let error = ask(&with("blood", bad)).expect_err(bad);
        assert!(
            matches!(error, SearchError::BadCursor | SearchError::CursorExpired),
            "{bad}: {error}"
        );
    }
    let mut changed = cursor.into_bytes();
    changed[12] = if changed[12] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).expect("ascii");
    assert!(matches!(
        ask(&with("blood", &changed)),
        Err(SearchError::BadCursor)
    ));
}
