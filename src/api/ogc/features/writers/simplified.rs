//! Fewer vertices where nobody would see them.

use crate::exchange::is_valid;
use geo::{CoordsIter, Geometry, Simplify, SimplifyVwPreserve};
use std::borrow::Cow;

/// Circumference of the Earth in Web Mercator, m.
const EQUATOR_M: f64 = 40_075_016.685_578_5;
/// Pixels across a tile.
const TILE_PIXELS: f64 = 256.0;
/// Vertices below which nothing is saved: a closed triangle.
const FEWEST: usize = 5;

/// The geometry with no line further than `tolerance` from where it was (Douglas and Peucker 1973). A polygon stays valid
/// and never vanishes: where its lines would cross, triangles are cut off instead (Visvalingam and Whyatt 1993), as long as
/// that makes no crossing, and where that fails too it stays as it was.
pub(in crate::api::ogc::features) fn simplified(geometry: Cow<'_, Geometry>, tolerance: f64) -> Cow<'_, Geometry> {
    if geometry.coords_count() < FEWEST {
        return geometry;
    }
    let made: Option<Geometry> = match geometry.as_ref() {
        Geometry::LineString(line) => Some(line.simplify(tolerance).into()),
        Geometry::MultiLineString(lines) => Some(lines.simplify(tolerance).into()),
        Geometry::Polygon(polygon) => {
            let straight = || sound(polygon.simplify(tolerance).into());
            straight().or_else(|| sound(polygon.simplify_vw_preserve(tolerance * tolerance).into()))
        }
        Geometry::MultiPolygon(polygons) => {
            let straight = || sound(polygons.simplify(tolerance).into());
            straight().or_else(|| sound(polygons.simplify_vw_preserve(tolerance * tolerance).into()))
        }
        _ => None,
    };
    made.map_or(geometry, Cow::Owned)
}

/// The geometry where it is valid; one that has lost its rings is not.
fn sound(made: Geometry) -> Option<Geometry> {
    Some(made).filter(|made| made.coords_count() >= 4 && is_valid(made))
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
    use geo::{LineString, Polygon};

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
            assert!(made.coords_count() >= 4, "{tolerance}: a polygon does not vanish");
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
