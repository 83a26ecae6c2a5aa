//! Shapes cut with the window of a tile, an upright rectangle of the grid.
//!
//! A polygon is cut by one side after the other. Where its rings cross a side, the crossings are sorted along it; between
//! the first and the second, the third and the fourth the polygon is inside. The pieces of rings on the kept side are joined along these
//! stretches. So a polygon that falls apart becomes several, without the bridges along the edge that the way
//! of Sutherland & Hodgman (1974) leaves.

use super::shape::{Bounds, Place, bounds_of};
use super::simple_rings::are_simple;
use super::simplified::{repaired, wound};

type Ring = Vec<Place>;

/// Whether bounds lie within a window, their edges on its edges too.
pub(super) fn is_within(bounds: Bounds, window: Bounds) -> bool {
    bounds[0] >= window[0] && bounds[1] >= window[1] && bounds[2] <= window[2] && bounds[3] <= window[3]
}

/// Whether bounds meet a window.
pub(super) fn meets(bounds: Bounds, window: Bounds) -> bool {
    bounds[0] <= window[2] && bounds[2] >= window[0] && bounds[1] <= window[3] && bounds[3] >= window[1]
}

/// The parts of a line within a window.
pub(super) fn cut_line(line: &[Place], window: Bounds) -> Vec<Vec<Place>> {
    let mut parts: Vec<Vec<Place>> = Vec::new();
    let mut goes_on = false;
    for pair in line.windows(2) {
        let Some((from, to)) = cut_segment(pair[0], pair[1], window) else {
            goes_on = false;
            continue;
        };
        if !goes_on {
            parts.push(vec![from]);
        }
        if let Some(part) = parts.last_mut()
            && part.last() != Some(&to)
        {
            part.push(to);
        }
        goes_on = to == pair[1];
    }
    parts.retain(|part| part.len() > 1);
    parts
}

/// The part of a segment within a window (Liang & Barsky 1984), rounded to the grid.
#[expect(clippy::cast_possible_truncation, reason = "between the ends of the segment")]
fn cut_segment(from: Place, to: Place, window: Bounds) -> Option<(Place, Place)> {
    let ends = bounds_of([&from, &to])?;
    if is_within(ends, window) {
        return Some((from, to));
    }
    if !meets(ends, window) {
        return None;
    }
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        let (start, way) = (f64::from(from[axis]), f64::from(to[axis]) - f64::from(from[axis]));
        let (low, high) = (f64::from(window[axis]), f64::from(window[axis + 2]));
        if way == 0.0 {
            // Along the window: within, since the bounds meet.
            continue;
        }
        let (one, other) = ((low - start) / way, (high - start) / way);
        enter = enter.max(one.min(other));
        leave = leave.min(one.max(other));
    }
    if enter > leave {
        return None;
    }
    let at = |share: f64, end: Place| {
        if share <= 0.0 || share >= 1.0 {
            return end;
        }
        let along = |axis: usize| {
            let (start, way) = (f64::from(from[axis]), f64::from(to[axis]) - f64::from(from[axis]));
            ((start + share * way).round() as i32).clamp(window[axis], window[axis + 2])
        };
        [along(0), along(1)]
    };
    Some((at(enter, from), at(leave, to)))
}

/// The polygons that a polygon leaves within a window, holes after their rings, wound as before.
pub(super) fn cut_polygon(rings: &[Ring], window: Bounds) -> Vec<Vec<Ring>> {
    let mut polygons = vec![rings.to_vec()];
    for side in [
        Side { axis: 0, limit: window[0], keeps_greater: true },
        Side { axis: 0, limit: window[2], keeps_greater: false },
        Side { axis: 1, limit: window[1], keeps_greater: true },
        Side { axis: 1, limit: window[3], keeps_greater: false },
    ] {
        polygons = polygons.into_iter().flat_map(|rings| side.cut(rings)).collect();
    }
    // Two crossings that round to one place of a side leave a ring that touches itself there.
    polygons.into_iter().flat_map(|rings| if are_simple(&rings) { vec![rings] } else { repaired(rings) }).collect()
}

/// A side of the window.
#[derive(Debug, Clone, Copy)]
struct Side {
    axis: usize,
    limit: i32,
    keeps_greater: bool,
}

/// A piece of a ring on the kept side, from where it comes in to where it goes out, and these places along the side.
struct Piece {
    places: Vec<Place>,
    comes_in: f64,
    goes_out: f64,
}

impl Side {
    fn keeps(self, place: Place) -> bool {
        if self.keeps_greater { place[self.axis] >= self.limit } else { place[self.axis] <= self.limit }
    }

    fn cut(self, rings: Vec<Ring>) -> Vec<Vec<Ring>> {
        let (mut outers, mut holes, mut pieces) = (Vec::new(), Vec::new(), Vec::new());
        for (number, ring) in rings.into_iter().enumerate() {
            let kept = ring.iter().filter(|place| self.keeps(**place)).count();
            match (kept == ring.len(), number) {
                (true, 0) => outers.push(ring),
                (true, _) => holes.push(ring),
                (false, 0) if kept == 0 => return Vec::new(),
                (false, _) if kept == 0 => {}
                (false, _) => self.pieces_of(&ring, &mut pieces),
            }
        }
        outers.extend(joined(&pieces).into_iter().filter_map(|ring| wound(ring, true)));
        share_out(outers, holes)
    }

    /// The pieces of a ring that crosses the side.
    fn pieces_of(self, ring: &[Place], pieces: &mut Vec<Piece>) {
        let count = ring.len();
        let before = |place: usize| ring[(place + count - 1) % count];
        let starts = (0..count).filter(|place| self.keeps(ring[*place]) && !self.keeps(before(*place)));
        for start in starts {
            let (entry, comes_in) = self.crossing(before(start), ring[start]);
            let mut places = vec![entry];
            let mut place = start;
            while self.keeps(ring[place % count]) {
                places.push(ring[place % count]);
                place += 1;
            }
            let (exit, goes_out) = self.crossing(ring[(place - 1) % count], ring[place % count]);
            places.push(exit);
            pieces.push(Piece { places, comes_in, goes_out });
        }
    }

    /// Where a segment crosses the side, on the grid and exactly along the side.
    #[expect(clippy::cast_possible_truncation, reason = "between the ends of the segment")]
    fn crossing(self, from: Place, to: Place) -> (Place, f64) {
        let other = 1 - self.axis;
        // The same segment, run the other way by a neighbour, must cross at the same place.
        let (from, to) = if from <= to { (from, to) } else { (to, from) };
        let number = |place: Place, axis: usize| f64::from(place[axis]);
        let share = (f64::from(self.limit) - number(from, self.axis)) / (number(to, self.axis) - number(from, self.axis));
        let along = number(from, other) + share * (number(to, other) - number(from, other));
        let mut place = [self.limit; 2];
        place[other] = (along + 0.5).floor() as i32;
        (place, along)
    }
}

/// Rings of pieces, joined along the side between each odd crossing and the next.
fn joined(pieces: &[Piece]) -> Vec<Ring> {
    // Place along the side, piece, whether the piece comes in there.
    let mut crossings: Vec<(f64, usize, bool)> = Vec::with_capacity(pieces.len() * 2);
    for (number, piece) in pieces.iter().enumerate() {
        crossings.push((piece.comes_in, number, true));
        crossings.push((piece.goes_out, number, false));
    }
    crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut next = vec![None; pieces.len()];
    for place in (0..crossings.len()).step_by(2) {
        let first = crossings[place];
        // Of several crossings at one place, the next one the other way.
        let partner = (place + 1..crossings.len())
            .take_while(|other| *other == place + 1 || crossings[*other].0 <= crossings[place + 1].0)
            .find(|other| crossings[*other].2 != first.2);
        let Some(partner) = partner else { continue };
        crossings.swap(place + 1, partner);
        let second = crossings[place + 1];
        let (going_out, coming_in) = if first.2 { (second.1, first.1) } else { (first.1, second.1) };
        next[going_out] = Some(coming_in);
    }
    // Rings that cross each other may leave ends over; a piece is then closed along the side by itself.
    let mut rings = Vec::new();
    let mut used = vec![false; pieces.len()];
    for start in 0..pieces.len() {
        let (mut ring, mut piece) = (Vec::new(), start);
        while !used[piece] {
            used[piece] = true;
            ring.extend_from_slice(&pieces[piece].places);
            piece = next[piece].unwrap_or(start);
        }
        if !ring.is_empty() {
            rings.push(ring);
        }
    }
    rings
}

/// Gives each hole to the ring that holds it.
fn share_out(outers: Vec<Ring>, holes: Vec<Ring>) -> Vec<Vec<Ring>> {
    let mut polygons: Vec<Vec<Ring>> = outers.into_iter().map(|outer| vec![outer]).collect();
    for hole in holes {
        let home = match polygons.len() {
            0 => None,
            1 => Some(0),
            _ => polygons.iter().position(|rings| holds(&rings[0], &hole)),
        };
        if let Some(home) = home {
            polygons[home].push(hole);
        }
    }
    polygons
}

/// Whether a ring holds a hole, by the first of its places that does not lie on the ring's outline.
fn holds(ring: &[Place], hole: &[Place]) -> bool {
    hole.iter().find_map(|place| is_inside(ring, *place)).unwrap_or(true)
}

/// Whether a place lies inside a ring; none where it lies on it.
fn is_inside(ring: &[Place], place: Place) -> Option<bool> {
    let mut inside = false;
    for (number, from) in ring.iter().enumerate() {
        let to = ring[(number + 1) % ring.len()];
        let turn = super::shape::turn(*from, to, place);
        let beside = (from[0].min(to[0])..=from[0].max(to[0])).contains(&place[0])
            && (from[1].min(to[1])..=from[1].max(to[1])).contains(&place[1]);
        if turn == 0 && beside {
            return None;
        }
        if (from[1] > place[1]) != (to[1] > place[1]) && ((turn > 0) == (to[1] > from[1])) {
            inside = !inside;
        }
    }
    Some(inside)
}

#[cfg(test)]
mod tests {
    use super::super::shape::doubled_area;
    use super::*;

    const WINDOW: Bounds = [0, 0, 100, 100];

    fn area(polygons: &[Vec<Ring>]) -> i128 {
        polygons.iter().flatten().map(|ring| doubled_area(ring)).sum::<i128>() / 2
    }

    #[test]
    fn a_comb_that_falls_apart_becomes_its_teeth() {
        // Three teeth reach up into the window from a back below it.
        let comb = vec![
            [10, 150],
            [10, 50],
            [20, 50],
            [20, 120],
            [40, 120],
            [40, 50],
            [50, 50],
            [50, 120],
            [70, 120],
            [70, 50],
            [80, 50],
            [80, 150],
        ];
        let found = cut_polygon(&[comb], WINDOW);
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(area(&found), 3 * 10 * 50);
    }

    #[test]
    fn a_hole_across_the_side_opens_and_one_within_stays() {
        let outer = vec![[-50, -50], [150, -50], [150, 150], [-50, 150]];
        let across = vec![[90, 40], [90, 60], [130, 60], [130, 40]];
        let within = vec![[20, 20], [20, 30], [30, 30], [30, 20]];
        let found = cut_polygon(&[outer, across, within], WINDOW);
        assert_eq!((found.len(), found[0].len()), (1, 2));
        assert_eq!(area(&found), 10_000 - 200 - 100);
    }

    #[test]
    fn a_polygon_round_the_window_is_the_window_and_one_beside_is_nothing() {
        let round = vec![[-500, -500], [500, -500], [500, 500], [-500, 500]];
        assert_eq!(area(&cut_polygon(&[round], WINDOW)), 10_000);
        assert!(cut_polygon(&[vec![[200, 0], [300, 0], [300, 50]]], WINDOW).is_empty());
        // Its bounds meet the window, it does not.
        assert_eq!(area(&cut_polygon(&[vec![[90, -60], [160, -60], [160, 10]]], WINDOW)), 0);
    }

    #[test]
    fn teeth_that_touch_on_the_side_are_two() {
        // Two teeth reach up into the window; the way between them leaves the window and comes back at the same place.
        let teeth = vec![[10, 150], [10, 50], [40, 50], [49, 120], [51, 120], [60, 50], [90, 50], [90, 150]];
        let window = [0, 0, 100, 119];
        let found = cut_polygon(&[teeth], window);
        assert!(found.iter().all(|rings| are_simple(rings)), "{found:?}");
        let narrow = vec![[10, 150], [10, 50], [40, 50], [50, 101], [60, 50], [90, 50], [90, 150]];
        let found = cut_polygon(&[narrow], WINDOW);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().all(|rings| are_simple(rings)), "{found:?}");
    }

    #[test]
    fn holes_go_with_the_half_that_holds_them() {
        // A bridge outside the window joins two halves, each with its hole.
        let outer = vec![[10, 10], [40, 10], [40, 120], [60, 120], [60, 10], [90, 10], [90, 150], [10, 150]];
        let hole = |left: i32| vec![[left, 20], [left, 30], [left + 10, 30], [left + 10, 20]];
        let found = cut_polygon(&[outer, hole(70), hole(20)], WINDOW);
        assert_eq!(found.len(), 2);
        for polygon in found {
            let (outer, hole) = (bounds_of(&polygon[0]).expect("places"), bounds_of(&polygon[1]).expect("places"));
            assert!(is_within(hole, outer), "{hole:?} {outer:?}");
        }
    }

    #[test]
    fn a_line_in_and_out_is_cut_to_its_parts() {
        let line = [[-10, 50], [50, 50], [50, 150], [80, 150], [80, 50], [80, 20]];
        assert_eq!(cut_line(&line, WINDOW), [vec![[0, 50], [50, 50], [50, 100]], vec![[80, 100], [80, 50], [80, 20]]]);
        assert!(cut_line(&[[-10, 90], [10, 110]], [0, 0, 100, 99]).is_empty());
    }
}
