//! The geometry of a layer's rows, as small as the layer allows.

use super::bounds_of;
use super::fingerprint::{Fingerprint, NOTHING, word_of};
use geo::{CoordsIter, Geometry, LineString, Point, Polygon};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// No place.
const NOWHERE: [f64; 2] = [f64::NAN; 2];
const NO_BOUNDS: [f64; 4] = [f64::NAN; 4];

/// Geometry by row, CRS84.
#[derive(Debug, Clone)]
pub(super) enum Shapes {
    /// Points alone, and rows without geometry: 16 bytes a row.
    Points(Vec<[f64; 2]>),
    /// Whatever comes, with bounds; shared, so that a layer with one changed row does not copy the others' vertices.
    Any { geometries: Vec<Option<Arc<Geometry>>>, bounds: Vec<[f64; 4]> },
}

impl Shapes {
    pub(super) fn with_capacity(only_points: bool, rows: usize) -> Self {
        if only_points {
            Self::Points(Vec::with_capacity(rows))
        } else {
            Self::Any { geometries: Vec::with_capacity(rows), bounds: Vec::with_capacity(rows) }
        }
    }

    pub(super) fn push_point(&mut self, x: f64, y: f64) {
        match self {
            Self::Points(points) => points.push(if x.is_finite() && y.is_finite() { [x, y] } else { NOWHERE }),
            Self::Any { .. } => self.push(Some(Point::new(x, y).into())),
        }
    }

    /// An empty geometry counts as none.
    pub(super) fn push(&mut self, geometry: Option<Geometry>) {
        match (&mut *self, geometry) {
            (Self::Points(points), None) => points.push(NOWHERE),
            (Self::Points(_), Some(Geometry::Point(point))) => self.push_point(point.x(), point.y()),
            (Self::Points(_), Some(other)) => {
                // Another program's row: the schema knows points alone.
                self.become_any();
                self.push(Some(other));
            }
            (Self::Any { geometries, bounds }, geometry) => {
                bounds.push(geometry.as_ref().and_then(bounds_of).unwrap_or(NO_BOUNDS));
                geometries.push(geometry.map(Arc::new));
            }
        }
    }

    fn become_any(&mut self) {
        if let Self::Points(points) = self {
            let mut any = Self::with_capacity(false, points.len() + 1);
            for point in std::mem::take(points) {
                any.push((!point[0].is_nan()).then(|| Point::from((point[0], point[1])).into()));
            }
            *self = any;
        }
    }

    /// Puts other rows in the place of some.
    pub(super) fn splice(&mut self, rows: Range<usize>, mut with: Self) {
        if matches!((&*self, &with), (Self::Any { .. }, Self::Points(_))) {
            with.become_any();
        }
        if matches!((&*self, &with), (Self::Points(_), Self::Any { .. })) {
            self.become_any();
        }
        match (self, with) {
            (Self::Points(points), Self::Points(new)) => drop(points.splice(rows, new)),
            (Self::Any { geometries, bounds }, Self::Any { geometries: new, bounds: new_bounds }) => {
                drop(geometries.splice(rows.clone(), new));
                drop(bounds.splice(rows, new_bounds));
            }
            _ => {}
        }
    }

    pub(super) fn points(&self) -> Option<&[[f64; 2]]> {
        match self {
            Self::Points(points) => Some(points),
            Self::Any { .. } => None,
        }
    }

    pub(super) fn get(&self, row: usize) -> Option<Cow<'_, Geometry>> {
        match self {
            Self::Points(points) => {
                let [x, y] = points[row];
                (!x.is_nan()).then(|| Cow::Owned(Point::new(x, y).into()))
            }
            Self::Any { geometries, .. } => geometries[row].as_deref().map(Cow::Borrowed),
        }
    }

    pub(super) fn bounds(&self, row: usize) -> Option<[f64; 4]> {
        match self {
            Self::Points(points) => {
                let [x, y] = points[row];
                (!x.is_nan()).then_some([x, y, x, y])
            }
            Self::Any { bounds, .. } => Some(bounds[row]).filter(|bounds| !bounds[0].is_nan()),
        }
    }

    pub(super) fn word(&self, row: usize) -> u64 {
        match self {
            Self::Points(points) => {
                let [x, y] = points[row];
                if x.is_nan() { NOTHING } else { point_word(x, y) }
            }
            Self::Any { geometries, .. } => geometry_word(geometries[row].as_deref()),
        }
    }
}

fn point_word(x: f64, y: f64) -> u64 {
    word_of(|fingerprint| {
        fingerprint.word(1);
        fingerprint.number(x);
        fingerprint.number(y);
    })
}

/// Kind, structure and coordinates of a geometry as a word.
pub(super) fn geometry_word(geometry: Option<&Geometry>) -> u64 {
    match geometry {
        None => NOTHING,
        Some(Geometry::Point(point)) => point_word(point.x(), point.y()),
        Some(other) => word_of(|fingerprint| mix_geometry(fingerprint, other)),
    }
}

/// The numbers of the kinds are those of well-known binary.
fn mix_geometry(fingerprint: &mut Fingerprint, geometry: &Geometry) {
    let parts = |fingerprint: &mut Fingerprint, kind: u64, count: usize| {
        fingerprint.word(kind);
        fingerprint.word(count as u64);
    };
    match geometry {
        Geometry::LineString(line) => mix_line(fingerprint, line),
        Geometry::Polygon(polygon) => mix_polygon(fingerprint, polygon),
        Geometry::MultiLineString(lines) => {
            parts(fingerprint, 5, lines.0.len());
            lines.iter().for_each(|line| mix_line(fingerprint, line));
        }
        Geometry::MultiPolygon(polygons) => {
            parts(fingerprint, 6, polygons.0.len());
            polygons.iter().for_each(|polygon| mix_polygon(fingerprint, polygon));
        }
        Geometry::GeometryCollection(collection) => {
            parts(fingerprint, 7, collection.0.len());
            collection.iter().for_each(|part| mix_geometry(fingerprint, part));
        }
        other => {
            let kind = if matches!(other, Geometry::MultiPoint(_)) { 4 } else { 1 };
            parts(fingerprint, kind, other.coords_count());
            mix_coordinates(fingerprint, other);
        }
    }
}

fn mix_polygon(fingerprint: &mut Fingerprint, polygon: &Polygon) {
    fingerprint.word(3);
    fingerprint.word(polygon.interiors().len() as u64);
    mix_line(fingerprint, polygon.exterior());
    polygon.interiors().iter().for_each(|ring| mix_line(fingerprint, ring));
}

fn mix_line(fingerprint: &mut Fingerprint, line: &LineString) {
    fingerprint.word(2);
    fingerprint.word(line.0.len() as u64);
    mix_coordinates(fingerprint, line);
}

fn mix_coordinates(fingerprint: &mut Fingerprint, shape: &impl CoordsIter<Scalar = f64>) {
    for coordinate in shape.coords_iter() {
        fingerprint.number(coordinate.x);
        fingerprint.number(coordinate.y);
    }
}
