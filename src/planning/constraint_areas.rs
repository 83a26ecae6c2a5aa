//! Constraints as the land they take.

use crate::model::{Constraint, ConstraintEffect};
use crate::reserves::ConstraintArea;
use geo::{Buffer, Geometry, MultiPolygon};

/// The land of each constraint in the working system: its own area, or that with its strip around.
pub(super) fn areas_of(constraints: &[Constraint]) -> Vec<ConstraintArea> {
    let area = |constraint: &Constraint| ConstraintArea {
        id: constraint.id,
        name: constraint.name.clone(),
        name_ru: constraint.name_ru.clone(),
        kind: constraint.kind.clone(),
        synthetic: constraint.synthetic,
        area: match constraint.effect {
            ConstraintEffect::Buffer { width, .. } if width.0 > 0.0 => constraint.geometry.buffer(width.0),
            _ => own_area(&constraint.geometry),
        },
    };
    constraints.iter().map(area).collect()
}

fn own_area(geometry: &Geometry) -> MultiPolygon {
    match geometry {
        Geometry::Polygon(polygon) => MultiPolygon::new(vec![polygon.clone()]),
        Geometry::MultiPolygon(polygons) => polygons.clone(),
        _ => MultiPolygon::new(Vec::new()),
    }
}
