//! The first drawing of a map: every subject gets a part of the picture, every topic a cell within its subject's.
//!
//! Deterministic. Cells are as large as what stands in them, so that the picture is filled and subjects lie apart; topics
//! of a subject then change places until each stands beside what it has most to do with.

/// Width of the picture, where its height is 1.
pub(crate) const ASPECT: f32 = 1.5;
/// Circles that count as beside a topic.
const BESIDE: usize = 3;
/// Room that a subject keeps around its topics, in heights of the picture.
const PADDING: f32 = 0.035;
/// Rounds in which topics change places; each ends early where nothing is gained.
const ROUNDS: usize = 30;
/// What it costs that the strongest link is not beside; and a height's distance to it, and to the second strongest.
const APART: f32 = 1.0;
const FAR: [f32; 2] = [0.6, 0.2];

/// What is to be placed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tile {
    pub(crate) at: (f32, f32),
    pub(crate) size: u32,
    /// The subject it lies in.
    pub(crate) group: u64,
}

#[derive(Debug, Clone, Copy)]
struct Rect {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

/// Something with a place and a need of room.
#[derive(Debug, Clone, Copy)]
struct Piece {
    number: usize,
    x: f32,
    y: f32,
    room: f32,
}

fn distance(a: (f32, f32), b: (f32, f32)) -> f32 {
    ((a.0 - b.0) * ASPECT).hypot(a.1 - b.1)
}

/// Of each tile its two strongest links, strongest first.
fn strongest(count: usize, links: &[(usize, usize, f32)]) -> Vec<[Option<usize>; 2]> {
    let mut of: Vec<Vec<(f32, usize)>> = vec![Vec::new(); count];
    for &(a, b, weight) in links {
        of[a].push((weight, b));
        of[b].push((weight, a));
    }
    of.into_iter()
        .map(|mut links| {
            links.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
            [0, 1].map(|n| links.get(n).map(|link| link.1))
        })
        .collect()
}

/// The places beside each place.
fn beside(places: &[(f32, f32)]) -> Vec<Vec<usize>> {
    (0..places.len())
        .map(|own| {
            let mut others: Vec<usize> = (0..places.len()).filter(|n| *n != own).collect();
            others.sort_by(|a, b| {
                let of = |n: &usize| distance(places[own], places[*n]);
                of(a).total_cmp(&of(b)).then(a.cmp(b))
            });
            others.truncate(BESIDE);
            others
        })
        .collect()
}

/// Of the tiles that have links, the share whose strongest leads to one of the three nearest.
pub(crate) fn share_beside(places: &[(f32, f32)], links: &[(usize, usize, f32)]) -> f32 {
    let beside = beside(places);
    let strongest = strongest(places.len(), links);
    let linked = strongest.iter().enumerate();
    let linked: Vec<(usize, usize)> = linked.filter_map(|(own, of)| Some((own, of[0]?))).collect();
    if linked.is_empty() {
        return 1.0;
    }
    let near = linked
        .iter()
        .filter(|(own, other)| beside[*own].contains(other));
    near.count() as f32 / linked.len() as f32
}

/// Places of all tiles, by number.
pub(crate) fn fill(tiles: &[Tile], links: &[(usize, usize, f32)]) -> Vec<(f32, f32)> {
    let mut places = cells(tiles);
    trade(&mut places, tiles, links, 8.0);
    // Cells are cut anew for what stands in them now; then only what is of a size changes places.
    let moved: Vec<Tile> = tiles
        .iter()
        .zip(&places)
        .map(|(tile, at)| Tile { at: *at, ..*tile })
        .collect();
    let mut places = cells(&moved);
    trade(&mut places, tiles, links, 2.0);
    places
}

fn room(size: u32, mean: f32) -> f32 {
    1.0 + (size as f32 / mean.max(1.0)).min(8.0)
}

fn cells(tiles: &[Tile]) -> Vec<(f32, f32)> {
    let mean = tiles.iter().map(|tile| tile.size as f32).sum::<f32>() / tiles.len().max(1) as f32;
    let piece = |number: usize| Piece {
        number,
        x: tiles[number].at.0 * ASPECT,
        y: tiles[number].at.1,
        room: room(tiles[number].size, mean),
    };
    let mut groups: Vec<u64> = tiles.iter().map(|tile| tile.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let members = |group: usize| {
        let all = tiles.iter().enumerate();
        let wanted = groups[group];
        let of = all.filter(move |(_, tile)| tile.group == wanted);
        of.map(|(number, _)| piece(number)).collect::<Vec<Piece>>()
    };
    let mut parts: Vec<Piece> = (0..groups.len())
        .map(|group| {
            let members = members(group);
            let count = members.len() as f32;
            Piece {
                number: group,
                x: members.iter().map(|member| member.x).sum::<f32>() / count,
                y: members.iter().map(|member| member.y).sum::<f32>() / count,
                room: members.iter().map(|member| member.room).sum(),
            }
        })
        .collect();
    let whole = Rect {
        x: 0.0,
        y: 0.0,
        width: ASPECT,
        height: 1.0,
    };
    let mut rects = vec![whole; groups.len()];
    cut(&mut parts, whole, &mut |group, rect| rects[group] = rect);
    let padding = if groups.len() > 1 { PADDING } else { 0.0 };
    let mut places = vec![(0.5, 0.5); tiles.len()];
    for (group, rect) in rects.into_iter().enumerate() {
        let inner = Rect {
            x: rect.x + padding.min(rect.width / 4.0),
            y: rect.y + padding.min(rect.height / 4.0),
            width: rect.width - 2.0 * padding.min(rect.width / 4.0),
            height: rect.height - 2.0 * padding.min(rect.height / 4.0),
        };
        cut(&mut members(group), inner, &mut |number, cell| {
            places[number] = (
                (cell.x + cell.width / 2.0) / ASPECT,
                cell.y + cell.height / 2.0,
            );
        });
    }
    places
}

/// Halves a rectangle across its longer side until every piece has one.
fn cut(pieces: &mut [Piece], rect: Rect, place: &mut impl FnMut(usize, Rect)) {
    match pieces {
        [] => return,
        [only] => return place(only.number, rect),
        _ => {}
    }
    let wide = rect.width >= rect.height;
    pieces.sort_by(|one, other| {
        let key = |piece: &Piece| if wide { piece.x } else { piece.y };
        key(one)
            .total_cmp(&key(other))
            .then(one.number.cmp(&other.number))
    });
    let all: f32 = pieces.iter().map(|piece| piece.room).sum();
    let (mut at, mut before) = (1, pieces[0].room);
    while at + 1 < pieces.len() && before + pieces[at].room / 2.0 < all / 2.0 {
        before += pieces[at].room;
        at += 1;
    }
    let part = before / all;
    let (first, second) = pieces.split_at_mut(at);
    let (mut one, mut other) = (rect, rect);
    if wide {
        one.width = rect.width * part;
        other.x = rect.x + one.width;
        other.width = rect.width - one.width;
    } else {
        one.height = rect.height * part;
        other.y = rect.y + one.height;
        other.height = rect.height - one.height;
    }
    cut(first, one, place);
    cut(second, other, place);
}

/// Tiles of a group change places while that brings them to what they have most to do with; `unlike` is how many times
/// more room one of the two may need.
fn trade(places: &mut [(f32, f32)], tiles: &[Tile], links: &[(usize, usize, f32)], unlike: f32) {
    let count = tiles.len();
    let strongest = strongest(count, links);
    let mut named_by: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (own, of) in strongest.iter().enumerate() {
        for other in of.iter().flatten() {
            named_by[*other].push(own);
        }
    }
    // Trading moves no place: what lies beside a place stays.
    let spots = places.to_vec();
    let beside = beside(&spots);
    let mut spot: Vec<usize> = (0..count).collect();
    let cost = |own: usize, spot: &[usize]| -> f32 {
        let mut cost = 0.0;
        for (other, far) in strongest[own].iter().zip(FAR) {
            if let Some(other) = other {
                cost += far * distance(spots[spot[own]], spots[spot[*other]]);
            }
        }
        match strongest[own][0] {
            Some(other) if !beside[spot[own]].contains(&spot[other]) => cost + APART,
            _ => cost,
        }
    };
    let mean = tiles.iter().map(|tile| tile.size as f32).sum::<f32>() / count.max(1) as f32;
    let fits = |a: usize, b: usize| {
        let (a, b) = (room(tiles[a].size, mean), room(tiles[b].size, mean));
        a.max(b) <= unlike * a.min(b)
    };
    for _ in 0..ROUNDS {
        let mut gained = false;
        for a in 0..count {
            for b in a + 1..count {
                if tiles[a].group != tiles[b].group || !fits(a, b) {
                    continue;
                }
                let mut touched: Vec<usize> = [a, b]
                    .into_iter()
                    .chain(named_by[a].iter().copied())
                    .chain(named_by[b].iter().copied())
                    .collect();
                touched.sort_unstable();
                touched.dedup();
                let of = |spot: &[usize]| touched.iter().map(|own| cost(*own, spot)).sum::<f32>();
                let before = of(&spot);
                spot.swap(a, b);
                if of(&spot) < before - 1e-4 {
                    gained = true;
                } else {
                    spot.swap(a, b);
                }
            }
        }
        if !gained {
            break;
        }
    }
    for (place, spot) in places.iter_mut().zip(spot) {
        *place = spots[spot];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Subjects of ten topics each, in a row of strongest links within each; weak links everywhere.
    fn world(groups: usize) -> (Vec<Tile>, Vec<(usize, usize, f32)>) {
        let count = groups * 10;
        let tile = |n: usize| Tile {
            at: ((n * 37 % 101) as f32 / 101.0, (n * 53 % 97) as f32 / 97.0),
            size: 5 + (n * n % 90) as u32,
            group: n as u64 % groups as u64,
        };
        let mut links: Vec<(usize, usize, f32)> = (groups..count)
            .map(|n| (n - groups, n, 1.0 + n as f32 / 100.0))
            .collect();
        links.extend((1..count).map(|n| (n - 1, n, 0.1)));
        ((0..count).map(tile).collect(), links)
    }

    #[test]
    fn most_topics_stand_beside_what_they_have_most_to_do_with() {
        for groups in [1, 4, 9] {
            let (tiles, links) = world(groups);
            let places = fill(&tiles, &links);
            let share = share_beside(&places, &links);
            assert!(share >= 0.8, "{groups} subjects: {share}");
            assert_eq!(places, fill(&tiles, &links), "the same input, the same map");
        }
    }

    #[test]
    fn subjects_lie_apart_and_the_picture_is_filled() {
        let (tiles, links) = world(6);
        let places = fill(&tiles, &links);
        let bounds = |group: u64| {
            let own = tiles
                .iter()
                .zip(&places)
                .filter(|(tile, _)| tile.group == group);
            own.fold((1.0_f32, 0.0_f32, 1.0_f32, 0.0_f32), |all, (_, at)| {
                (
                    all.0.min(at.0),
                    all.1.max(at.0),
                    all.2.min(at.1),
                    all.3.max(at.1),
                )
            })
        };
        for one in 0..6 {
            let a = bounds(one);
            for other in one + 1..6 {
                let b = bounds(other);
                let apart = a.1 < b.0 || b.1 < a.0 || a.3 < b.2 || b.3 < a.2;
                assert!(apart, "{one} and {other}: {a:?} {b:?}");
            }
        }
        let across = |pick: fn(&(f32, f32)) -> f32| {
            let all = places.iter().map(pick);
            all.clone().fold(0.0_f32, f32::max) - all.fold(1.0_f32, f32::min)
        };
        assert!(across(|at| at.0) > 0.75 && across(|at| at.1) > 0.75);
    }

    #[test]
    fn little_is_placed_as_well() {
        assert!(fill(&[], &[]).is_empty());
        let (tiles, _) = world(1);
        assert_eq!(fill(&tiles[..1], &[]), [(0.5, 0.5)]);
        assert!((share_beside(&[(0.5, 0.5)], &[]) - 1.0).abs() < f32::EPSILON);
    }
}
