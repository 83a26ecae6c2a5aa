//! Geometry from a file: checked, repaired, made the kind that the layer holds, brought to CRS84.

use super::source::RawGeometry;
use crate::crs::{Crs, Reprojection};
use crate::model::{GeometryKind, Layer};
use gdal::cpl::CslStringList;
use gdal::vector::ToGdal;
use geo::orient::{Direction, Orient};
use geo::{Area, CoordsIter, Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon};
use geozero::ToGeo;
use geozero::wkb::Wkb;

/// A geometry ready for the project, and what was done to it.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    pub geometry: Option<Geometry>,
    /// What was repaired.
    pub repaired: Option<String>,
    /// Whether heights were dropped.
    pub had_heights: bool,
}

/// Turns a row's geometry into the layer's, in CRS84.
pub(super) fn prepare(raw: RawGeometry, layer: Layer, to_crs84: &Reprojection, most_vertices: usize) -> Result<Prepared, String> {
    let kinds = &layer.schema().geometry;
    let mut prepared = Prepared::default();
    let geometry = match raw {
        RawGeometry::None if kinds.contains(&GeometryKind::None) => return Ok(prepared),
        RawGeometry::None => return Err("the row has no geometry".into()),
        RawGeometry::Broken(reason) => return Err(reason),
        RawGeometry::Point(x, y) => Point::new(x, y).into(),
        RawGeometry::Line(places) if places.len() > most_vertices => {
            return Err(format!("the geometry has {} vertices; at most {most_vertices} are accepted", places.len()));
        }
        RawGeometry::Line(places) => LineString::from(places).into(),
        RawGeometry::Ogr(geometry) => from_ogr(geometry, most_vertices, &mut prepared)?,
    };
    if let Some(c) = geometry.coords_iter().find(|c| !c.x.is_finite() || !c.y.is_finite()) {
        return Err(format!("coordinate ({}, {}) is not finite", c.x, c.y));
    }
    let geometry = valid(in_kind(geometry, kinds)?, &mut prepared)?;
    let geometry = to_crs84.geometry(&geometry).map_err(|error| error.to_string())?;
    prepared.geometry = Some(right_handed(geometry));
    Ok(prepared)
}

fn from_ogr(mut geometry: gdal::vector::Geometry, most_vertices: usize, prepared: &mut Prepared) -> Result<Geometry, String> {
    prepared.had_heights = gdal::vector::geometry_type_has_z(geometry.geometry_type());
    geometry.flatten_to_2d();
    let plain = plain(&geometry)?;
    let vertices = plain.coords_count();
    if vertices > most_vertices {
        return Err(format!("the geometry has {vertices} vertices; at most {most_vertices} are accepted"));
    }
    Ok(plain)
}

/// Through well-known binary: whatever stands in the file becomes a geometry or an error, never a panic.
fn plain(geometry: &gdal::vector::Geometry) -> Result<Geometry, String> {
    let kind = geometry.geometry_name();
    match kind.as_str() {
        // GML and ArcGIS write polygons as surfaces.
        "MULTISURFACE" => {
            let parts = (0..geometry.geometry_count()).map(|part| plain(&geometry.get_geometry(part)));
            let parts: Vec<Geometry> = parts.collect::<Result<_, _>>()?;
            Ok(MultiPolygon::new(parts.into_iter().flat_map(polygon_parts).collect()).into())
        }
        "CURVEPOLYGON" | "CIRCULARSTRING" | "COMPOUNDCURVE" | "MULTICURVE" | "TIN" | "POLYHEDRALSURFACE" | "TRIANGLE" => {
            Err(format!("a geometry of type {kind} is not read; convert the file with ogr2ogr -nlt CONVERT_TO_LINEAR"))
        }
        _ => {
            let bytes = geometry.wkb().map_err(|error| format!("a geometry of type {kind} cannot be read: {error}"))?;
            Wkb(bytes).to_geo().map_err(|error| format!("a geometry of type {kind} cannot be read: {error}"))
        }
    }
}

/// A geometry that somebody sends for a row, in a layer's kind and in CRS84. A polygon that crosses itself is refused, not
/// repaired: nobody would read a report of what was done to it.
pub(super) fn accepted(
    geometry: Geometry,
    layer: Layer,
    to_crs84: &Reprojection,
    most_vertices: usize,
) -> Result<Geometry, String> {
    let vertices = geometry.coords_count();
    if vertices == 0 || vertices > most_vertices {
        return Err(format!("the geometry has {vertices} vertices; 1 to {most_vertices} are accepted"));
    }
    if let Some(c) = geometry.coords_iter().find(|c| !c.x.is_finite() || !c.y.is_finite()) {
        return Err(format!("coordinate ({}, {}) is not finite", c.x, c.y));
    }
    let geometry = in_kind(geometry, &layer.schema().geometry)?;
    if !is_valid(&geometry) {
        return Err("the geometry is not valid: a line must have two places at least, and the boundary of a polygon must not cross itself".into());
    }
    if matches!(geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_)) && geometry.unsigned_area() <= 0.0 {
        return Err("the polygon has no area".into());
    }
    let geometry = to_crs84.geometry(&geometry).map_err(|error| error.to_string())?;
    Ok(right_handed(geometry))
}

/// Whether a geometry is valid in the sense of OGC Simple Features, by GEOS, whose sweep takes large outlines in its stride.
///
/// ```
/// use geo::{Geometry, polygon};
/// let bow: Geometry = polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 1.0), (x: 1.0, y: 0.0), (x: 0.0, y: 1.0)].into();
/// assert!(!peatplan::exchange::is_valid(&bow));
/// ```
#[must_use]
pub fn is_valid(geometry: &Geometry) -> bool {
    super::vector::quiet_gdal();
    geometry.to_gdal().is_ok_and(|drawn| drawn.is_valid())
}

/// A polygon whose boundary crosses itself is made valid, keeping its areas (GEOS MakeValid); others stay as they are.
fn valid(geometry: Geometry, prepared: &mut Prepared) -> Result<Geometry, String> {
    if !matches!(geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_)) {
        return Ok(geometry);
    }
    let unrepairable = |reason: String| format!("the polygon's boundary crosses itself and cannot be repaired: {reason}");
    let drawn = geometry.to_gdal().map_err(|error| unrepairable(error.to_string()))?;
    if drawn.is_valid() {
        return with_area(geometry);
    }
    let made = drawn.make_valid(&CslStringList::new()).map_err(|error| unrepairable(error.to_string()))?;
    let repaired = MultiPolygon::new(polygon_parts(plain(&made)?));
    if repaired.unsigned_area() <= 0.0 {
        return Err(unrepairable("nothing with an area is left".into()));
    }
    prepared.repaired = Some(format!(
        "the polygon's boundary crossed or touched itself; repaired, {} part(s), area {:.6} as drawn and {:.6} now in the file's units",
        repaired.0.len(),
        drawn.area().abs(),
        repaired.unsigned_area()
    ));
    Ok(repaired.into())
}

/// Polygons as other programs accept them: where reprojecting or rounding has made lines cross or touch themselves by less
/// than anybody sees, GEOS `MakeValid` mends them. What cannot be mended stays as it was.
pub(super) fn sound(polygons: MultiPolygon) -> MultiPolygon {
    let Ok(drawn) = polygons.to_gdal() else { return polygons };
    if drawn.is_valid() {
        return polygons;
    }
    let made = drawn.make_valid(&CslStringList::new()).ok().and_then(|made| plain(&made).ok());
    let mended = made.map(|made| MultiPolygon::new(polygon_parts(made)));
    mended.filter(|mended| mended.unsigned_area() > 0.0).unwrap_or(polygons)
}

/// The polygons in whatever came; lines and points that a repair leaves over have no area and go.
fn polygon_parts(geometry: Geometry) -> Vec<Polygon> {
    match geometry {
        Geometry::Polygon(polygon) => vec![polygon],
        Geometry::MultiPolygon(polygons) => polygons.0,
        Geometry::GeometryCollection(parts) => parts.0.into_iter().flat_map(polygon_parts).collect(),
        _ => Vec::new(),
    }
}

/// The geometry as one of the kinds the layer holds.
fn in_kind(geometry: Geometry, kinds: &[GeometryKind]) -> Result<Geometry, String> {
    let holds = |kind: GeometryKind| kinds.contains(&kind);
    let geometry = unwrapped(geometry);
    match geometry {
        Geometry::Point(_) if holds(GeometryKind::Point) => Ok(geometry),
        Geometry::LineString(_) | Geometry::MultiLineString(_) if holds(GeometryKind::Line) => Ok(geometry),
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) if holds(GeometryKind::Polygon) => Ok(geometry),
        // A drawing has outlines as closed lines.
        Geometry::LineString(line) if holds(GeometryKind::Polygon) => ring(line).map(Geometry::from),
        Geometry::MultiLineString(MultiLineString(lines)) if holds(GeometryKind::Polygon) => {
            let polygons: Result<Vec<Polygon>, String> = lines.into_iter().map(ring).collect();
            Ok(MultiPolygon::new(polygons?).into())
        }
        other => {
            let wanted: Vec<String> = kinds.iter().filter(|k| **k != GeometryKind::None).map(GeometryKind::to_string).collect();
            Err(format!("the layer holds {}, and the row is a {}", wanted.join(" or "), kind_name(&other)))
        }
    }
}

/// A collection or multi-point of one is that one.
fn unwrapped(geometry: Geometry) -> Geometry {
    match geometry {
        Geometry::GeometryCollection(mut parts) if parts.0.len() == 1 => unwrapped(parts.0.remove(0)),
        Geometry::MultiPoint(points) if points.0.len() == 1 => points.0[0].into(),
        other => other,
    }
}

fn ring(line: LineString) -> Result<Polygon, String> {
    if line.0.len() < 4 || !line.is_closed() {
        return Err("the layer holds polygons, and the line is not closed; close the outline in the drawing".into());
    }
    Ok(Polygon::new(line, Vec::new()))
}

fn with_area(geometry: Geometry) -> Result<Geometry, String> {
    if geometry.unsigned_area() > 0.0 { Ok(geometry) } else { Err("the polygon has no area".into()) }
}

/// Outer rings run anticlockwise, as RFC 7946 wants them.
fn right_handed(geometry: Geometry) -> Geometry {
    match geometry {
        Geometry::Polygon(polygon) => polygon.orient(Direction::Default).into(),
        Geometry::MultiPolygon(polygons) => polygons.orient(Direction::Default).into(),
        other => other,
    }
}

fn kind_name(geometry: &Geometry) -> &'static str {
    match geometry {
        Geometry::Point(_) => "point",
        Geometry::Line(_) | Geometry::LineString(_) => "line",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "polygon",
        Geometry::MultiPoint(_) => "group of points",
        Geometry::MultiLineString(_) => "group of lines",
        Geometry::MultiPolygon(_) => "group of polygons",
        Geometry::GeometryCollection(_) => "collection of several kinds",
    }
}

/// The way from a source system to CRS84.
pub(super) fn way_to_crs84(source: &Crs) -> Result<Reprojection, crate::crs::CrsError> {
    Reprojection::new(source, &Crs::crs84())
}
