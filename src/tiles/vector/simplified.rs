//! Shapes of the deepest grid brought to the grid of a zoom: simplified by Ramer (1972) and Douglas & Peucker (1973),
//! rounded, and kept simple.

use super::PIXEL;
use super::shape::{Bounds, Place, Shape, bounds_of, doubled_area, without_spikes};
use super::simple_rings::are_simple;
use crate::simplify::kept;
use geo::{BooleanOps, Coord, LineString, MultiPolygon, Polygon};

/// Half a pixel.
const TOLERANCE: f64 = PIXEL as f64 / 2.0;

/// What becomes of a shape at a zoom.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Drawn {
    Whole(Shape),
    /// A point, or what is smaller than a pixel: the middle of its bounds.
    Dot(Place),
}

/// A shape on a grid `2^shift` times as coarse as its own.
pub(super) fn simplified(shape: &Shape, bounds: Bounds, shift: u8) -> Drawn {
    let rounded = |place: Place| [coarse(place[0], shift), coarse(place[1], shift)];
    let pixel = i64::from(PIXEL) << shift;
    let is_small = |bounds: Bounds| {
        i64::from(bounds[2]) - i64::from(bounds[0]) < pixel && i64::from(bounds[3]) - i64::from(bounds[1]) < pixel
    };
    let middle = || Drawn::Dot(rounded([i32::midpoint(bounds[0], bounds[2]), i32::midpoint(bounds[1], bounds[3])]));
    if is_small(bounds) {
        return middle();
    }
    match shape {
        Shape::Points(places) => {
            // One a pixel.
            let mut seen = std::collections::HashSet::new();
            let kept = places.iter().map(|place| rounded(*place));
            Drawn::Whole(Shape::Points(
                kept.filter(|place| seen.insert([place[0].div_euclid(PIXEL), place[1].div_euclid(PIXEL)])).collect(),
            ))
        }
        Shape::Lines(lines) => {
            let large = lines.iter().filter(|line| bounds_of(*line).is_some_and(|bounds| !is_small(bounds)));
            let mut kept: Vec<Vec<Place>> = large.map(|line| simple_line(line, shift)).filter(|line| line.len() > 1).collect();
            if kept.is_empty() {
                // Many pieces, each smaller than a pixel, over more than one.
                kept.extend(lines.iter().map(|line| simple_line(line, shift)).filter(|line| line.len() > 1));
            }
            if kept.is_empty() { middle() } else { Drawn::Whole(Shape::Lines(kept)) }
        }
        Shape::Polygons(polygons) => {
            let large = |rings: &&Vec<Vec<Place>>| rings.first().and_then(bounds_of).is_some_and(|bounds| !is_small(bounds));
            let is_seen = |hole: &Vec<Place>| bounds_of(hole).is_some_and(|bounds| !is_small(bounds));
            let kept: Vec<Vec<Vec<Place>>> =
                polygons.iter().filter(large).flat_map(|rings| simple_polygon(rings, &is_seen, shift)).collect();
            if kept.is_empty() { middle() } else { Drawn::Whole(Shape::Polygons(kept)) }
        }
    }
}

/// A number on a grid `2^shift` times as coarse, rounded half up.
pub(super) fn coarse(number: i32, shift: u8) -> i32 {
    if shift == 0 { number } else { (number + (1 << (shift - 1))) >> shift }
}

fn simple_line(line: &[Place], shift: u8) -> Vec<Place> {
    let mut kept = thinned(line, TOLERANCE, shift);
    kept.dedup();
    kept
}

/// A polygon with the holes that are seen; none where nothing of it is left, several where it falls apart.
fn simple_polygon(rings: &[Vec<Place>], is_seen: &impl Fn(&Vec<Place>) -> bool, shift: u8) -> Vec<Vec<Vec<Place>>> {
    let Some((outer, holes)) = rings.split_first() else { return Vec::new() };
    let holes: Vec<&Vec<Place>> = holes.iter().filter(|hole| is_seen(hole)).collect();
    let mut rounded_only = Vec::new();
    // A coarser outline that crosses itself is drawn finer.
    for tolerance in [TOLERANCE, TOLERANCE / 4.0, 0.0] {
        let Some(outer) = simple_ring(outer, tolerance, shift, true) else { continue };
        let mut rings = vec![outer];
        rings.extend(holes.iter().filter_map(|hole| simple_ring(hole, tolerance, shift, false)));
        if are_simple(&rings) {
            return vec![rings];
        }
        rounded_only = rings;
    }
    repaired(rounded_only)
}

/// An open ring, wound as outer rings or holes are; none where rounding leaves nothing of it.
fn simple_ring(ring: &[Place], tolerance: f64, shift: u8, outer: bool) -> Option<Vec<Place>> {
    let mut closed = Vec::with_capacity(ring.len() + 1);
    closed.extend_from_slice(ring);
    closed.push(*ring.first()?);
    let mut kept = thinned(&closed, tolerance, shift);
    kept.pop();
    wound(kept, outer)
}

/// A ring without spikes, wound as asked; none where it has no area.
pub(super) fn wound(mut ring: Vec<Place>, outer: bool) -> Option<Vec<Place>> {
    without_spikes(&mut ring);
    let area = doubled_area(&ring);
    if ring.len() < 3 || area == 0 {
        return None;
    }
    if (area > 0) != outer {
        ring.reverse();
    }
    Some(ring)
}

/// Places of a line within a tolerance, in units of the coarse grid, rounded to it.
fn thinned(line: &[Place], tolerance: f64, shift: u8) -> Vec<Place> {
    let rounded = |place: &Place| place.map(|number| coarse(number, shift));
    if tolerance > 0.0 {
        let is_kept = kept(line.len(), |number| line[number].map(f64::from), tolerance * f64::from(1_u32 << shift));
        line.iter().zip(is_kept).filter(|(_, is_kept)| *is_kept).map(|(place, _)| rounded(place)).collect()
    } else {
        line.iter().map(rounded).collect()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the grid of the deepest zoom fits 32 bits")]
fn on_grid(place: Coord) -> Place {
    [(place.x + 0.5).floor() as i32, (place.y + 0.5).floor() as i32]
}

/// Rings that cross, made sound: what an odd number of them holds, on the grid again. As they are where even that
/// cannot be drawn on this grid.
pub(super) fn repaired(rings: Vec<Vec<Place>>) -> Vec<Vec<Vec<Place>>> {
    let line =
        |ring: &Vec<Place>| -> LineString { ring.iter().map(|p| Coord { x: f64::from(p[0]), y: f64::from(p[1]) }).collect() };
    let Some((outer, holes)) = rings.split_first() else { return Vec::new() };
    let crossed = Polygon::new(line(outer), holes.iter().map(line).collect());
    let sound = MultiPolygon::new(vec![crossed]).union(&MultiPolygon::new(vec![]));
    let open = |ring: &LineString, outer: bool| {
        let mut places: Vec<Place> = ring.0.iter().map(|c| on_grid(*c)).collect();
        places.pop();
        wound(places, outer)
    };
    let polygons: Vec<Vec<Vec<Place>>> = sound
        .0
        .iter()
        .filter_map(|polygon| {
            let mut rings = vec![open(polygon.exterior(), true)?];
            rings.extend(polygon.interiors().iter().filter_map(|hole| open(hole, false)));
            Some(rings)
        })
        .collect();
    if polygons.is_empty() { vec![rings] } else { polygons }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(places: &[Place]) -> Shape {
        Shape::Polygons(vec![vec![places.to_vec()]])
    }

    #[test]
    fn a_shape_below_a_pixel_is_a_dot_and_a_larger_one_keeps_its_form() {
        let small = ring(&[[800, 800], [816, 800], [816, 816], [800, 816]]);
        assert_eq!(simplified(&small, [800, 800, 816, 816], 2), Drawn::Dot([202, 202]));
        let large = ring(&[[800, 800], [1_200, 801], [1_600, 800], [1_600, 1_600], [800, 1_600]]);
        let Drawn::Whole(Shape::Polygons(found)) = simplified(&large, [800, 800, 1_600, 1_600], 2) else { panic!("a polygon") };
        assert_eq!(found, [[[[200, 200], [400, 200], [400, 400], [200, 400]]]], "the corner half way went");
    }

    #[test]
    fn a_thin_strip_that_rounding_swallows_is_a_dot() {
        let strip = ring(&[[0, 0], [4_000, 0], [4_000, 1], [0, 1]]);
        assert_eq!(simplified(&strip, [0, 0, 4_000, 1], 5), Drawn::Dot([63, 0]));
    }

    #[test]
    fn an_outline_that_simplification_would_cross_is_drawn_finer() {
        // A deep, narrow bay whose mouth is narrower than the tolerance.
        let bay: Vec<Place> =
            vec![[0, 0], [400, 0], [400, 400], [202, 400], [201, 20], [200, 300], [199, 20], [198, 400], [0, 400]];
        let Drawn::Whole(Shape::Polygons(found)) = simplified(&ring(&bay), [0, 0, 400, 400], 2) else { panic!("a polygon") };
        assert!(found.iter().all(|rings| are_simple(rings)), "{found:?}");
    }
}
