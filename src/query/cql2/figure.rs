//! Geometry literals: brought to CRS84, checked, with the boxes in which rows that meet them lie.

use super::typed::Figure;
use super::{FilterError, Syntax};
use crate::catalogue::bounds_of;
use geo::{Coord, CoordsIter, Geometry, LineString, MapCoords, MultiPolygon, Point, Polygon, Rect, Validation};

/// Brings a coordinate of the filter's system to CRS84: longitude and latitude, or why it cannot.
pub type ToCrs84<'a> = &'a dyn Fn(f64, f64) -> Result<(f64, f64), String>;

/// Points on each edge of a box that is brought to CRS84: its edges become curves there.
const EDGE_POINTS: u32 = 32;

pub(super) fn figure_of(syntax: &Syntax, to_crs84: Option<ToCrs84<'_>>) -> Result<Figure, FilterError> {
    match (syntax, to_crs84) {
        (Syntax::Box(sides), None) => box_figure(*sides),
        (Syntax::Box(sides), Some(to_crs84)) => of_geometry(&Geometry::Polygon(dense_box(*sides)?), Some(to_crs84)),
        (Syntax::Geometry(geometry), _) => of_geometry(geometry, to_crs84),
        _ => Err(FilterError::Shape { found: syntax.shown(), expected: "a geometry literal is needed" }),
    }
}

fn of_geometry(geometry: &Geometry, to_crs84: Option<ToCrs84<'_>>) -> Result<Figure, FilterError> {
    let geometry = geometry.try_map_coords(|Coord { x, y }| {
        let (longitude, latitude) = match to_crs84 {
            Some(to_crs84) => to_crs84(x, y).map_err(|problem| FilterError::Coordinate { x, y, problem })?,
            None => (x, y),
        };
        let on_the_globe = (-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude);
        if on_the_globe {
            return Ok(Coord { x: longitude, y: latitude });
        }
        let problem = "lies outside -180 to 180 degrees of longitude and -90 to 90 of latitude".to_owned();
        Err(FilterError::Coordinate { x, y, problem })
    })?;
    if geometry.coords_count() == 0 {
        return Err(FilterError::Shape { found: "an empty geometry".to_owned(), expected: "it needs coordinates" });
    }
    check_areas(&geometry)?;
    let bounds = bounds_of(&geometry).into_iter().collect();
    Ok(Figure { geometry, bounds, is_box: false })
}

/// Refuses areas that cross themselves or, in a collection, one another: what lies within such a one is not defined.
fn check_areas(geometry: &Geometry) -> Result<(), FilterError> {
    let sound = |outcome: Result<(), String>| outcome.map_err(FilterError::Unsound);
    sound(geometry.check_validation().map_err(|problem| problem.to_string()))?;
    let Geometry::GeometryCollection(members) = geometry else { return Ok(()) };
    let polygons = members.iter().flat_map(|member| match member {
        Geometry::Polygon(polygon) => vec![polygon.clone()],
        Geometry::MultiPolygon(polygons) => polygons.0.clone(),
        _ => Vec::new(),
    });
    sound(MultiPolygon::new(polygons.collect()).check_validation().map_err(|problem| problem.to_string()))
}

/// A box in CRS84; a west side east of the east side means that it spans the antimeridian.
fn box_figure([west, south, east, north]: [f64; 4]) -> Result<Figure, FilterError> {
    let longitudes = [west, east].iter().all(|x| (-180.0..=180.0).contains(x));
    let latitudes = [south, north].iter().all(|y| (-90.0..=90.0).contains(y));
    if !longitudes || !latitudes {
        return Err(FilterError::Box("its sides must lie within -180 to 180 degrees of longitude and -90 to 90 of latitude"));
    }
    if south > north {
        return Err(FilterError::Box("its south side lies north of its north side"));
    }
    if west <= east {
        let bounds = vec![[west, south, east, north]];
        return Ok(Figure { geometry: box_geometry(bounds[0]), bounds, is_box: true });
    }
    let bounds = vec![[west, south, 180.0, north], [-180.0, south, east, north]];
    let wide = bounds.iter().filter(|[west, south, east, north]| west < east && south < north);
    let polygons = wide
        .map(|[west, south, east, north]| Rect::new(Coord { x: *west, y: *south }, Coord { x: *east, y: *north }).to_polygon());
    Ok(Figure { geometry: Geometry::MultiPolygon(MultiPolygon::new(polygons.collect())), bounds, is_box: true })
}

/// A box without width or height is a line or a point: as a polygon it would have no inside.
fn box_geometry([west, south, east, north]: [f64; 4]) -> Geometry {
    let (low, high) = (Coord { x: west, y: south }, Coord { x: east, y: north });
    if low == high {
        Geometry::Point(Point::from(low))
    } else if west >= east || south >= north {
        Geometry::LineString(LineString::new(vec![low, high]))
    } else {
        Geometry::Polygon(Rect::new(low, high).to_polygon())
    }
}

/// A box of another system, with points on its edges.
fn dense_box([west, south, east, north]: [f64; 4]) -> Result<Polygon, FilterError> {
    if west > east || south > north {
        return Err(FilterError::Box("its first corner must be the least of both coordinates, its second the greatest"));
    }
    let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)];
    let mut ring = Vec::new();
    for pair in corners.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        ring.extend((0..EDGE_POINTS).map(|step| {
            let share = f64::from(step) / f64::from(EDGE_POINTS);
            Coord { x: x0 + (x1 - x0) * share, y: y0 + (y1 - y0) * share }
        }));
    }
    ring.push(Coord { x: west, y: south });
    Ok(Polygon::new(LineString::new(ring), Vec::new()))
}
