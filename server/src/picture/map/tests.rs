//! What the map of topics must hold whatever it is given.

use super::*;
use crate::shapes::MapLink;
use std::collections::BTreeMap;

/// A map with positions all over the page, as the layout evens them, from a fixed sequence; some fall on others.
fn crowded(count: usize, label: &str) -> Map {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % 10_000) as f64 / 10_000.0
    };
    let topics: Vec<MapTopic> = (0..count)
        .map(|n| MapTopic {
            id: TopicId::from_u128(n as u128 + 1),
            label: format!("{label} number {n}"),
            labels: BTreeMap::new(),
            short_label: label.to_owned(),
            x: next(),
            y: next(),
            size: 5 + (next().powi(4) * 900.0) as u64,
            networks: 3 + n as u64 % 9,
            posts: None,
            since: jiff::civil::date(2026, 11, 1),
            parent: None,
            coordinated: None,
            list: [
                None,
                Some(Rank::Emerging),
                Some(Rank::Enduring),
                Some(Rank::Quiet),
            ][n % 4],
            answers: None,
        })
        .collect();
    let links = (0..count * 4)
        .map(|n| MapLink {
            a: topics[n % count].id,
            b: topics[(n * 31 + 7) % count].id,
            weight: next(),
            reason: Some(
                "both speak of the booking page and of being told to ring again at eight"
                    .to_owned(),
            ),
        })
        .collect();
    Map {
        level: 2,
        topics,
        links,
        lit: Vec::new(),
        subjects: Vec::new(),
        week: None,
        weeks: Vec::new(),
        drawn: jiff::civil::date(2026, 11, 22),
        parameters: BTreeMap::new(),
        generation: 1,
        too_small: 0,
    }
}

#[test]
fn circles_and_labels_lie_within_the_picture_and_apart() {
    for count in [1, 2, 12, 40, 126, 300] {
        let map = crowded(count, "Walk-in blood tests");
        let height = height(count);
        let circles = place(&map.topics, height);
        for (n, circle) in circles.iter().enumerate() {
            let area = Area::around(circle.x, circle.y, circle.radius);
            assert!(
                area.within(&Area::new(0.0, 0.0, WIDTH, height)),
                "{count}: {circle:?}"
            );
            for other in &circles[n + 1..] {
                let distance = (circle.x - other.x).hypot(circle.y - other.y);
                assert!(
                    distance > circle.radius.max(other.radius),
                    "{count}: {circle:?} covers the middle of {other:?}"
                );
            }
        }
        let labels = labels(&map.topics, &circles, height, &mut Vec::new());
        let areas: Vec<Area> = labels.iter().flatten().map(|(_, area)| *area).collect();
        for (n, area) in areas.iter().enumerate() {
            assert!(area.within(&Area::new(0.0, 0.0, WIDTH, height)));
            assert!(areas[n + 1..].iter().all(|other| !area.overlaps(other)));
        }
        let share = areas.len() as f64 / count as f64;
        assert!(
            count > 60 || share > 0.8,
            "{count}: only {share:.2} of the labels found a place"
        );
    }
}

#[test]
fn three_hundred_topics_take_less_than_200_kilobytes_and_200_milliseconds() {
    let map = crowded(300, "Letters in large print");
    let started = std::time::Instant::now();
    let svg = Picture::new(&map).render().expect("a map renders");
    let took = started.elapsed();
    println!(
        "300 topics: {} bytes, {took:?} (unoptimised unless built for release), {} labels",
        svg.len(),
        svg.matches("class=\"halo\"").count()
    );
    assert!(svg.len() < 200_000, "{} bytes", svg.len());
    assert!(!svg.contains("style="));
}

#[test]
fn a_week_of_daily_updates_moves_no_circle_by_more_than_two_hundredths_of_the_width() {
    for count in [8, 40, 126, 290] {
        // What comes during the week is cut from the same cloth as what was there.
        let whole = crowded(count + 7, "Walk-in blood tests");
        let mut map = whole.clone();
        map.topics.truncate(count);
        let before = place(&map.topics, height(count));
        for day in 0..7 {
            map.topics.push(MapTopic {
                since: jiff::civil::date(2026, 11, 16 + day as i8),
                ..whole.topics[count + day].clone()
            });
            for topic in map.topics.iter_mut().skip(day % 3).step_by(3) {
                topic.size += topic.size / 50 + 1;
            }
        }
        let after = place(&map.topics, height(map.topics.len()));
        let moves = before.iter().zip(&after);
        let worst = moves
            .map(|(a, b)| (a.x - b.x).hypot(a.y - b.y))
            .fold(0.0, f64::max);
        assert!(
            worst < 0.02 * WIDTH,
            "{count}: a circle moved by {:.3} of the width",
            worst / WIDTH
        );
    }
}

#[test]
fn a_name_begins_with_the_words_in_the_picture() {
    let mut topic = crowded(1, "Large print").topics.remove(0);
    assert_eq!(spoken(&topic), "Large print (Large print number 0)");
    topic.label = "large print".to_owned();
    assert_eq!(spoken(&topic), "large print");
}

#[test]
fn the_same_map_is_drawn_with_the_same_bytes() {
    let draw = || {
        Picture::new(&crowded(90, "Large print"))
            .render()
            .expect("a map renders")
    };
    assert_eq!(draw(), draw());
}

#[test]
fn odd_input_is_drawn_all_the_same() {
    let mut map = crowded(3, "<script>alert(1)</script>");
    map.topics[0].x = f64::NAN;
    map.topics[1].size = 0;
    map.links.push(MapLink {
        a: TopicId::from_u128(99),
        b: map.topics[0].id,
        weight: f64::NAN,
        reason: None,
    });
    let svg = Picture::new(&map).render().expect("a map renders");
    assert!(!svg.contains("<script") && !svg.contains("NaN"));
    let empty = Map {
        topics: Vec::new(),
        links: Vec::new(),
        ..crowded(1, "x")
    };
    assert!(
        Picture::new(&empty)
            .render()
            .expect("a map renders")
            .contains("Map of 0 topics")
    );
}

#[test]
fn each_topic_keeps_its_two_strongest_links_and_no_line_is_drawn_for_others() {
    let map = crowded(40, "a topic");
    let drawn = strongest(&map);
    assert!(drawn.len() <= 2 * map.topics.len(), "{}", drawn.len());
    for (n, topic) in map.topics.iter().enumerate() {
        let of_topic = map.links.iter().filter(|link| link.a != link.b);
        let of_topic = of_topic.filter(|link| link.a == topic.id || link.b == topic.id);
        let most = of_topic.map(|link| link.weight).fold(0.0, f64::max);
        let own = drawn.iter().filter(|(_, a, b)| *a == n || *b == n);
        let own = own.map(|link| link.0).fold(0.0, f64::max);
        assert!(
            (own - most).abs() < f64::EPSILON,
            "the strongest of {n} is missing"
        );
    }
}

#[test]
fn a_circle_whose_name_finds_no_place_holds_a_letter_of_its_own() {
    for count in [12, 90, MANY] {
        let picture = Picture::new(&crowded(count, "Walk-in blood tests"));
        let mut letters: Vec<&str> = picture.lettered().map(|(letter, _)| letter).collect();
        let named = picture.topics.iter().filter(|one| one.label.is_some());
        assert_eq!(letters.len() + named.count(), count);
        letters.sort_unstable();
        assert!(
            letters.windows(2).all(|two| two[0] != two[1]),
            "{letters:?}"
        );
        assert!(count < 90 || !letters.is_empty());
        let svg = picture.render().expect("a map renders");
        assert_eq!(svg.matches("class=\"letter").count(), letters.len());
        let file = Picture::new(&crowded(count, "Walk-in blood tests")).still();
        assert!(
            !file
                .render()
                .expect("it renders")
                .contains("class=\"letter")
        );
    }
}
