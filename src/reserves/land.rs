//! Areas put together and taken from each other, safely.
//!
//! Outlines come from files, drawings and buffers: rings that cross themselves, turn the wrong way, hold no area or numbers
//! that are none. Everything here takes such input and gives clean polygons: finite, with area, outer rings
//! counterclockwise. It knows no peat and no law.

use crate::geostat::Grid;
use crate::units::{CubicMetres, Metres, SquareMetres};
use geo::algorithm::buffer::{BufferStyle, LineJoin};
use geo::{Area, BooleanOps, Buffer, Coord, LineString, MultiPolygon, Polygon, unary_union};

/// No coordinate of a metric system of the Earth is greater, m; what is, is an error, and would cost the integer overlay
/// the precision of all others.
const GREATEST_COORDINATE: f64 = 1e8;
/// Parts smaller than this, m², are rounding of overlays and no land.
const CRUMB: f64 = 1e-3;
/// The overlay that undoes a shrinking reaches a little farther than the shrinking did, so that straight edges come back
/// whole in spite of rounding.
const OVERREACH: f64 = 1.001;

/// A clean copy: rings with numbers that are none, or with fewer than three corners, are left out, crossings resolved by
/// the even-odd rule polygon by polygon, overlapping parts united.
#[must_use]
pub fn cleaned(area: &MultiPolygon) -> MultiPolygon {
    let nothing = MultiPolygon::new(Vec::new());
    let sound: Vec<MultiPolygon> = area
        .iter()
        .filter_map(|polygon| {
            let exterior = sound_ring(polygon.exterior())?;
            let holes = polygon.interiors().iter().filter_map(sound_ring).collect();
            Some(MultiPolygon::new(vec![Polygon::new(exterior, holes)]).union(&nothing))
        })
        .collect();
    match sound.len() {
        0 => nothing,
        1 => without_crumbs(sound.into_iter().next().unwrap_or(nothing)),
        _ => without_crumbs(unary_union(&sound)),
    }
}

/// A ring that the overlay can take: finite, of three places at least.
fn sound_ring(ring: &LineString) -> Option<LineString> {
    let fits = |c: &Coord| c.x.abs() <= GREATEST_COORDINATE && c.y.abs() <= GREATEST_COORDINATE;
    if !ring.coords().all(fits) {
        return None;
    }
    let mut coords: Vec<Coord> = ring.coords().copied().collect();
    coords.dedup();
    (coords.len() >= 4).then(|| LineString::new(coords))
}

fn without_crumbs(area: MultiPolygon) -> MultiPolygon {
    MultiPolygon::new(area.into_iter().filter(|part| part.unsigned_area() > CRUMB).collect())
}

/// The union of areas, each cleaned; the same in whatever order they come, up to rounding.
#[must_use]
pub fn united<'a>(areas: impl IntoIterator<Item = &'a MultiPolygon>) -> MultiPolygon {
    let clean: Vec<MultiPolygon> = areas.into_iter().map(cleaned).filter(|area| !area.0.is_empty()).collect();
    match clean.len() {
        0 => MultiPolygon::new(Vec::new()),
        1 => clean.into_iter().next().unwrap_or_else(|| MultiPolygon::new(Vec::new())),
        _ => without_crumbs(unary_union(&clean)),
    }
}

/// What is left of a clean area when a clean other one is taken away.
#[must_use]
pub fn without(area: &MultiPolygon, taken: &MultiPolygon) -> MultiPolygon {
    if area.0.is_empty() || taken.0.is_empty() {
        return area.clone();
    }
    without_crumbs(area.difference(taken))
}

/// What a clean area has in common with a clean other one.
#[must_use]
pub fn common(area: &MultiPolygon, other: &MultiPolygon) -> MultiPolygon {
    if area.0.is_empty() || other.0.is_empty() {
        return MultiPolygon::new(Vec::new());
    }
    without_crumbs(area.intersection(other))
}

/// A clean area without what machines cannot turn on: stretches narrower than `width`, and parts smaller than `least`.
///
/// Morphological opening: the area is shrunk by half the width and grown again; what does not come back is too narrow.
/// Growing rounds off corners, which are no narrow places: of what does not come back, pieces smaller than a square of the
/// width are kept. A part that vanishes when it is shrunk is dropped whole. Then parts smaller than `least` are dropped.
///
/// A strip of 30 m along a field is cut off at a width of 40 m; the field keeps its corners.
#[must_use]
pub fn workable(area: &MultiPolygon, width: Metres, least: SquareMetres) -> MultiPolygon {
    let parts = area.iter().flat_map(|part| {
        let part = MultiPolygon::new(vec![part.clone()]);
        wide_enough(&part, width)
    });
    MultiPolygon::new(parts.filter(|part| part.unsigned_area() >= least.0).collect())
}

fn wide_enough(part: &MultiPolygon, width: Metres) -> MultiPolygon {
    let half = width.0 / 2.0;
    if half.is_nan() || half <= 0.0 {
        return part.clone();
    }
    let core = without_crumbs(part.buffer_with_style(style(-half)));
    if core.0.is_empty() {
        return core;
    }
    let narrow = without(part, &cleaned(&core.buffer_with_style(style(half * OVERREACH))));
    let square = width.0 * width.0;
    let strips = MultiPolygon::new(narrow.into_iter().filter(|piece| piece.unsigned_area() >= square).collect());
    without(part, &strips)
}

/// Corners cut straight: round ones would have many corners each, and what they lose is smaller than the pieces that are kept.
fn style(distance: f64) -> BufferStyle<f64> {
    BufferStyle::new(distance).line_join(LineJoin::Bevel)
}

/// Volume under an area: the sum over the cells whose centre lies in it. `cells` are ascending, `depths` in their order.
///
/// Two metres of peat under a square of 100 m, in cells of 10 m, are 20,000 m³.
#[must_use]
pub fn volume_under(area: &MultiPolygon, grid: &Grid, cells: &[usize], depths: &[Metres]) -> CubicMetres {
    let cell_area = SquareMetres(grid.cell() * grid.cell());
    let mut places = 0;
    let mut sum = Metres::ZERO;
    // Both lists ascend: one walk along them.
    for inside in grid.cells_inside(&super::rings(area)) {
        while cells.get(places).is_some_and(|cell| *cell < inside) {
            places += 1;
        }
        if cells.get(places) == Some(&inside) {
            sum += depths.get(places).copied().unwrap_or_default();
        }
    }
    cell_area * sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geostat::Bounds;
    use proptest::prelude::*;

    fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Polygon {
        geo::Rect::new((x, y), (x + width, y + height)).to_polygon()
    }

    fn area(polygons: Vec<Polygon>) -> MultiPolygon {
        MultiPolygon::new(polygons)
    }

    fn ring(corners: &[(f64, f64)]) -> MultiPolygon {
        area(vec![Polygon::new(LineString::from(corners.to_vec()), Vec::new())])
    }

    #[test]
    fn odd_rings_are_cleaned_or_left_out() {
        let bow_tie = ring(&[(0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0)]);
        assert!((cleaned(&bow_tie).unsigned_area() - 50.0).abs() < 1e-6);
        let clockwise = ring(&[(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0)]);
        assert!((united([&clockwise, &area(vec![rectangle(5.0, 0.0, 10.0, 10.0)])]).unsigned_area() - 150.0).abs() < 1e-6);
        for nothing in [
            ring(&[]),
            ring(&[(0.0, 0.0), (1.0, 1.0)]),
            ring(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)]),
            ring(&[(0.0, 0.0), (f64::NAN, 1.0), (1.0, 0.0)]),
            ring(&[(0.0, 0.0), (f64::INFINITY, 1.0), (1.0, 0.0)]),
            ring(&[(0.0, 0.0), (1e200, 1.0), (1.0, 1e200)]),
            ring(&[(3.0, 3.0), (3.0, 3.0), (3.0, 3.0), (3.0, 3.0)]),
        ] {
            assert_eq!(cleaned(&nothing), area(vec![]), "{nothing:?}");
        }
        let twice = area(vec![rectangle(0.0, 0.0, 10.0, 10.0), rectangle(5.0, 0.0, 10.0, 10.0)]);
        assert!((cleaned(&twice).unsigned_area() - 150.0).abs() < 1e-6, "parts that overlap count once");
    }

    #[test]
    fn a_narrow_strip_is_cut_off_and_corners_stay() {
        let field = rectangle(0.0, 0.0, 400.0, 300.0);
        assert!((workable(&area(vec![field.clone()]), Metres(40.0), SquareMetres(1e4)).unsigned_area() - 120_000.0).abs() < 1e-3);
        let with_strip = united([&area(vec![field]), &area(vec![rectangle(390.0, 100.0, 400.0, 30.0)])]);
        let left = workable(&with_strip, Metres(40.0), SquareMetres(1e4));
        assert!((left.unsigned_area() - 120_000.0).abs() < 30.0 * 20.0, "{}", left.unsigned_area());
        let wide_strip = united([&left, &area(vec![rectangle(390.0, 100.0, 400.0, 50.0)])]);
        let kept = workable(&wide_strip, Metres(40.0), SquareMetres(1e4));
        assert!((kept.unsigned_area() - wide_strip.unsigned_area()).abs() < 1e-3, "50 m are wide enough");
    }

    #[test]
    fn small_and_narrow_parts_are_dropped_whole() {
        let parts = area(vec![
            rectangle(0.0, 0.0, 200.0, 200.0),
            rectangle(500.0, 0.0, 99.0, 99.0),
            rectangle(1_000.0, 0.0, 1_000.0, 39.0),
            rectangle(3_000.0, 0.0, 1_000.0, 41.0),
        ]);
        let left = workable(&parts, Metres(40.0), SquareMetres(1e4));
        assert_eq!(left.0.len(), 2, "{left:?}");
        assert!((left.unsigned_area() - 81_000.0).abs() < 1e-3);
        assert_eq!(workable(&parts, Metres::ZERO, SquareMetres::ZERO).0.len(), 4, "no limits drop nothing");
    }

    #[test]
    fn volume_counts_the_cells_whose_centre_is_inside() {
        let bounds = Bounds { min_x: 0.0, min_y: 0.0, max_x: 200.0, max_y: 100.0 };
        let grid = Grid::covering(bounds, 10.0, 10_000).expect("a grid");
        let cells: Vec<usize> = (0..grid.len()).filter(|cell| cell % 20 != 3).collect();
        let depths = vec![Metres(2.0); cells.len()];
        let under = |polygon| volume_under(&area(vec![polygon]), &grid, &cells, &depths);
        assert!((under(rectangle(100.0, 0.0, 100.0, 100.0)).0 - 20_000.0).abs() < 1e-9);
        assert!((under(rectangle(0.0, 0.0, 100.0, 100.0)).0 - 18_000.0).abs() < 1e-9, "one column of cells is no peat");
        assert_eq!(volume_under(&area(vec![]), &grid, &cells, &depths), CubicMetres::ZERO);
    }

    proptest! {
        #[test]
        fn no_ring_makes_the_overlay_panic_and_areas_add_up(
            corners in prop::collection::vec((-50_i32..50, -50_i32..50), 0..14),
            others in prop::collection::vec((-50_i32..50, -50_i32..50), 0..14),
        ) {
            let of = |corners: &[(i32, i32)]| {
                cleaned(&ring(&corners.iter().map(|(x, y)| (500_000.0 + f64::from(*x) * 7.3, 6e6 + f64::from(*y) * 7.3)).collect::<Vec<_>>()))
            };
            let (one, other) = (of(&corners), of(&others));
            let (left, shared) = (without(&one, &other), common(&one, &other));
            let whole = one.unsigned_area();
            prop_assert!((left.unsigned_area() + shared.unsigned_area() - whole).abs() < 1e-2 + whole * 1e-6);
            let opened = workable(&one, Metres(40.0), SquareMetres(100.0));
            prop_assert!(opened.unsigned_area() <= whole + 1e-2);
            prop_assert!(opened.iter().flat_map(|p| p.exterior().coords()).all(|c| c.x.is_finite() && c.y.is_finite()));
        }
    }
}
