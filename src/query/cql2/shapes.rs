//! Geometries of all rows against a literal: the R-tree names the rows that may meet it, the exact relation (DE-9IM)
//! is asked of those alone. It is not defined for an area that crosses itself, and the library that works it out may
//! panic on one: literals of that kind are refused before, and rows with one are unknown here. Meeting at all knows no such trouble.

use super::evaluate::Scope;
use super::truth::{Truth, bits};
use super::typed::{Figure, Shape, SpatialRelation};
use crate::catalogue::LayerTable;
use crate::query::bbox::meets;
use fixedbitset::FixedBitSet;
use geo::relate::IntersectionMatrix;
use geo::{Contains, Geodesic, GeodesicArea, Geometry, Intersects, Length, Point, PreparedGeometry, Relate, Validation};
use rayon::prelude::*;

/// Rows from which the threads share the work.
const MANY_ROWS: usize = 2_000;

/// A relation of two geometries, row by row. Rows without geometry are unknown.
pub(super) fn relate(relation: SpatialRelation, left: &Shape, right: &Shape, scope: Scope<'_>) -> Truth {
    let table = scope.table;
    let rows = table.len();
    // What is not disjoint intersects; every other relation but that needs the two to meet, so the R-tree serves all.
    if relation == SpatialRelation::Disjoint {
        return relate(SpatialRelation::Intersects, left, right, scope).not();
    }
    match (left, right) {
        (Shape::Literal(left), Shape::Literal(right)) => {
            Truth::known(rows, Some(related(relation, &left.geometry, &right.geometry)))
        }
        (Shape::Own, Shape::Own) => {
            let sound = |own: &Geometry| relation == SpatialRelation::Intersects || own.is_valid();
            let known = bits(rows, |row| scope.asks(row) && table.geometry(row).is_some_and(|own| sound(&own)));
            let holds = |row: usize| table.geometry(row).is_some_and(|own| related(relation, &own, &own));
            let yes = bits(rows, |row| known.contains(row) && !scope.is_stopped() && holds(row));
            Truth::with_unknown(yes, &Truth::certain(known).no)
        }
        (Shape::Own, Shape::Literal(figure)) => with_literal(relation, figure, scope, true),
        (Shape::Literal(figure), Shape::Own) => with_literal(relation, figure, scope, false),
    }
}

fn without_geometry(table: &LayerTable) -> FixedBitSet {
    let mut without = FixedBitSet::with_capacity(table.len());
    for row in table.rows_without_geometry() {
        without.insert(*row as usize);
    }
    without
}

fn with_literal(relation: SpatialRelation, figure: &Figure, scope: Scope<'_>, own_first: bool) -> Truth {
    let table = scope.table;
    let mut near: Vec<u32> = figure.bounds.iter().flat_map(|part| table.rows_near(*part)).collect();
    near.sort_unstable();
    near.dedup();
    near.retain(|row| scope.asks(*row as usize));
    let mut unknown = without_geometry(table);
    if relation != SpatialRelation::Intersects {
        let broken = chosen(
            &near,
            || (),
            |(), row| scope.asks(row as usize) && table.geometry(row as usize).is_some_and(|own| !own.is_valid()),
        );
        for row in &broken {
            unknown.insert(*row as usize);
        }
        near.retain(|row| broken.binary_search(row).is_err());
    }
    let mut yes = FixedBitSet::with_capacity(table.len());
    for row in exactly(relation, figure, scope, &near, own_first) {
        yes.insert(row as usize);
    }
    Truth::with_unknown(yes, &unknown)
}

fn related(relation: SpatialRelation, left: &Geometry, right: &Geometry) -> bool {
    match relation {
        SpatialRelation::Intersects => left.intersects(right),
        _ => holds(relation, &left.relate(right)),
    }
}

/// Those of the rows of which the relation is true.
fn exactly(relation: SpatialRelation, figure: &Figure, scope: Scope<'_>, near: &[u32], own_first: bool) -> Vec<u32> {
    let table = scope.table;
    if relation == SpatialRelation::Intersects {
        return chosen(near, || (), |(), row| !scope.is_stopped() && intersects(figure, table, row as usize));
    }
    // A prepared geometry belongs to one thread, so each makes its own.
    let prepared = || PreparedGeometry::from(figure.geometry.clone());
    chosen(near, prepared, |prepared, row| {
        let Some(own) = table.geometry(row as usize).filter(|_| !scope.is_stopped()) else { return false };
        if let (SpatialRelation::Within, true, Geometry::Point(point)) = (relation, own_first, &*own)
            && let Some(inside) = inside(&figure.geometry, point)
        {
            return inside;
        }
        let matrix = if own_first { own.relate(&*prepared) } else { prepared.relate(&*own) };
        holds(relation, &matrix)
    })
}

fn chosen<T>(rows: &[u32], ready: impl Fn() -> T + Sync + Send, holds: impl Fn(&mut T, u32) -> bool + Sync + Send) -> Vec<u32> {
    if rows.len() < MANY_ROWS {
        let mut ready = ready();
        return rows.iter().copied().filter(|row| holds(&mut ready, *row)).collect();
    }
    let chunks = rows.par_chunks(MANY_ROWS / 4);
    let found =
        chunks.map_init(&ready, |ready, chunk| chunk.iter().copied().filter(|row| holds(ready, *row)).collect::<Vec<u32>>());
    found.flatten().collect()
}

fn intersects(figure: &Figure, table: &LayerTable, row: usize) -> bool {
    let (Some(bounds), Some(own)) = (table.bounds(row), table.geometry(row)) else { return false };
    if figure.is_box {
        return figure.bounds.iter().any(|part| meets(*part, bounds, &own));
    }
    figure.geometry.intersects(&*own)
}

/// Whether a point lies within an area, its outline excepted, without the whole matrix; points are most of what is asked.
fn inside(geometry: &Geometry, point: &Point) -> Option<bool> {
    match geometry {
        Geometry::Polygon(polygon) => Some(polygon.contains(point)),
        Geometry::MultiPolygon(polygons) => Some(polygons.contains(point)),
        _ => None,
    }
}

fn holds(relation: SpatialRelation, matrix: &IntersectionMatrix) -> bool {
    match relation {
        SpatialRelation::Intersects => matrix.is_intersects(),
        SpatialRelation::Equals => matrix.is_equal_topo(),
        SpatialRelation::Disjoint => matrix.is_disjoint(),
        SpatialRelation::Touches => matrix.is_touches(),
        SpatialRelation::Within => matrix.is_within(),
        SpatialRelation::Overlaps => matrix.is_overlaps(),
        SpatialRelation::Crosses => matrix.is_crosses(),
        SpatialRelation::Contains => matrix.is_contains(),
    }
}

/// A measure of each row's geometry; NaN where there is none or nobody asks.
pub(super) fn measure(shape: &Shape, scope: Scope<'_>, of: fn(&Geometry) -> f64) -> Vec<f64> {
    let table = scope.table;
    let rows = table.len();
    match shape {
        Shape::Literal(figure) => vec![of(&figure.geometry); rows],
        Shape::Own => {
            let one = |row: usize| match table.geometry(row) {
                Some(own) if scope.asks(row) => of(&own),
                _ => f64::NAN,
            };
            if rows < MANY_ROWS { (0..rows).map(one).collect() } else { (0..rows).into_par_iter().map(one).collect() }
        }
    }
}

/// Area on the ellipsoid WGS 84, hectares. Only areas have one.
pub(super) fn area_hectares(geometry: &Geometry) -> f64 {
    match geometry {
        Geometry::GeometryCollection(members) => members.iter().map(area_hectares).sum(),
        // Whichever way the rings turn.
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {
            geometry.geodesic_area_signed().abs() / 10_000.0
        }
        _ => 0.0,
    }
}

/// Length of lines, or of the rings of areas, on the ellipsoid WGS 84, metres.
pub(super) fn length_metres(geometry: &Geometry) -> f64 {
    match geometry {
        Geometry::Point(_) | Geometry::MultiPoint(_) => 0.0,
        Geometry::Line(line) => Geodesic.length(line),
        Geometry::LineString(line) => Geodesic.length(line),
        Geometry::MultiLineString(lines) => Geodesic.length(lines),
        Geometry::Polygon(polygon) => {
            Geodesic.length(polygon.exterior()) + polygon.interiors().iter().map(|ring| Geodesic.length(ring)).sum::<f64>()
        }
        Geometry::MultiPolygon(polygons) => polygons.iter().map(|polygon| length_metres(&polygon.clone().into())).sum(),
        Geometry::Rect(rect) => length_metres(&rect.to_polygon().into()),
        Geometry::Triangle(triangle) => length_metres(&triangle.to_polygon().into()),
        Geometry::GeometryCollection(members) => members.iter().map(length_metres).sum(),
    }
}
