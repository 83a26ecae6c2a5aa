//! Fewer vertices where nobody would see them.

use crate::exchange::is_valid;
use crate::simplify;
use geo::{Area, BoundingRect, CoordsIter, Geometry, LineString, MultiPolygon, Polygon};
use std::borrow::Cow;

/// Circumference of the Earth in Web Mercator, m.
const EQUATOR_M: f64 = 40_075_016.685_578_5;
/// Pixels across a tile.
const TILE_PIXELS: f64 = 256.0;
/// Vertices below which nothing is saved: a closed triangle.
const FEWEST: usize = 5;

/// Times that the tolerance is halved before an outline is left as it was.
const HALVINGS: i32 = 8;

/// The geometry with no line further than `tolerance` from where it was (Douglas and Peucker 1973). Outlines stay valid and
/// none vanishes: where lines would cross or an outline would lose its area, it is simplified less, by halves of the
/// tolerance; and where that helps as little, it stays as it was. Holes too small to be seen at the tolerance are filled.
pub(in crate::api::ogc::features) fn simplified(geometry: Cow<'_, Geometry>, tolerance: f64) -> Cow<'_, Geometry> {
    if geometry.coords_count() < FEWEST {
        return geometry;
    }
    let made: Option<Geometry> = match geometry.as_ref() {
        Geometry::LineString(line) => Some(simplify::line(line, tolerance).into()),
        Geometry::MultiLineString(lines) => Some(simplify::lines(lines, tolerance).into()),
        Geometry::Polygon(polygon) => Some(outline(polygon, tolerance).into()),
        Geometry::MultiPolygon(polygons) => {
            // Parts beside each other may come to overlap though each is valid.
            let halved = (0..HALVINGS).map(|halving| tolerance / f64::from(halving).exp2());
            let mut tried =
                halved.map(|tolerance| polygons.iter().map(|part| outline(part, tolerance)).collect::<MultiPolygon>());
            tried.find(|made| is_valid(&made.clone().into())).map(Geometry::from)
        }
        _ => None,
    };
    made.map_or(geometry, Cow::Owned)
}

fn outline(polygon: &Polygon, tolerance: f64) -> Polygon {
    let large = |ring: &&LineString| Polygon::new((*ring).clone(), vec![]).unsigned_area() >= tolerance * tolerance;
    let holes: Vec<LineString> = polygon.interiors().iter().filter(large).cloned().collect();
    let seen = Polygon::new(polygon.exterior().clone(), holes);
    // A ring of which nothing would be left is given back whole; an eighth of its span leaves it a shape.
    let span = seen.bounding_rect().map_or(0.0, |bounds| bounds.width().max(bounds.height()));
    let tolerance = tolerance.min(span / 8.0);
    let mut tried = (0..HALVINGS).map(|halving| simplify::polygon(&seen, tolerance / f64::from(halving).exp2()));
    tried.find(|made| made.unsigned_area() > 0.0 && is_valid(&made.clone().into())).unwrap_or(seen)
}

/// Half a pixel of a map at a zoom of the usual web tiles, in degrees or in metres at a latitude.
pub(in crate::api::ogc::features) fn at_zoom(zoom: u8, in_degrees: bool, latitude: f64) -> f64 {
    let pixels = TILE_PIXELS * f64::from(zoom).exp2();
    let half = if in_degrees { 180.0 } else { EQUATOR_M / 2.0 * latitude.to_radians().cos() };
    half / pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring of a thousand vertices with a bay so narrow that straightening its sides lets them cross.
    fn bay() -> Polygon {
        let circle = (0..1_000).map(|step| {
            let angle = f64::from(step) * std::f64::consts::TAU / 1_000.0;
            let radius = if step % 250 == 0 { 2.0 } else { 10.0 + 0.01 * (angle * 97.0).sin() };
            (radius * angle.cos(), radius * angle.sin())
        });
        Polygon::new(circle.collect::<LineString>(), vec![])
    }

    #[test]
    fn a_polygon_loses_vertices_and_stays_valid() {
        let polygon: Geometry = bay().into();
        assert!(is_valid(&polygon));
        for tolerance in [0.001, 0.01, 0.1, 1.0, 5.0, 100.0] {
            let made = simplified(Cow::Borrowed(&polygon), tolerance);
            assert!(is_valid(&made), "{tolerance}");
            assert!(made.unsigned_area() > 0.0, "{tolerance}: a polygon does not vanish");
            assert!(made.coords_count() < 1_000 || tolerance < 0.01, "{tolerance}: {}", made.coords_count());
        }
        assert!(simplified(Cow::Borrowed(&polygon), 0.1).coords_count() < 300);
    }

    #[test]
    fn half_a_pixel_is_as_wide_as_people_know_it() {
        assert!((at_zoom(0, true, 0.0) - 0.703_125).abs() < 1e-12);
        assert!((at_zoom(10, false, 0.0) - 76.437).abs() < 0.001);
        assert!((at_zoom(10, false, 60.0) - 38.218).abs() < 0.001);
    }
}
