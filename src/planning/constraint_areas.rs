//! Constraints as the land they take.

use crate::model::{Constraint, ConstraintEffect, StripRule};
use crate::reserves::ConstraintArea;
use crate::units::Metres;
use geo::{Buffer, Geometry, MultiPolygon};

/// The land of each constraint in the working system.
pub(super) fn areas_of(constraints: &[Constraint]) -> Vec<ConstraintArea> {
    constraints.iter().map(|constraint| area_of(constraint, None)).collect()
}

/// The land of a constraint in the working system: its own area, or that with its strip around. `fire_break` overrules the
/// width of a fire break whose row says none.
pub(super) fn area_of(constraint: &Constraint, fire_break: Option<Metres>) -> ConstraintArea {
    ConstraintArea {
        id: constraint.id,
        name: constraint.name.clone(),
        name_ru: constraint.name_ru.clone(),
        kind: constraint.kind.clone(),
        synthetic: constraint.synthetic,
        area: land(constraint, fire_break),
    }
}

fn land(constraint: &Constraint, fire_break: Option<Metres>) -> MultiPolygon {
    let width = match constraint.effect {
        ConstraintEffect::Exclude => Metres::ZERO,
        ConstraintEffect::Buffer { width, rule: StripRule::FireBreak } => fire_break.unwrap_or(width),
        ConstraintEffect::Buffer { width, .. } => width,
    };
    if width > Metres::ZERO { constraint.geometry.buffer(width.0) } else { own_area(&constraint.geometry) }
}

fn own_area(geometry: &Geometry) -> MultiPolygon {
    match geometry {
        Geometry::Polygon(polygon) => MultiPolygon::new(vec![polygon.clone()]),
        Geometry::MultiPolygon(polygons) => polygons.clone(),
        _ => MultiPolygon::new(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, LineString, Rect};

    fn constraint(effect: ConstraintEffect, geometry: Geometry) -> Constraint {
        let (name, kind) = ("a strip".to_owned(), "fire_break".to_owned());
        Constraint { id: 1, name, name_ru: None, kind, effect, geometry, synthetic: false }
    }

    fn area(effect: ConstraintEffect, geometry: Geometry, fire_break: Option<Metres>) -> f64 {
        area_of(&constraint(effect, geometry), fire_break).area.unsigned_area()
    }

    fn line() -> Geometry {
        LineString::from(vec![(0.0, 0.0), (1_000.0, 0.0)]).into()
    }

    #[test]
    fn a_fire_break_without_a_width_takes_that_of_the_request() {
        let unstated = ConstraintEffect::Buffer { width: Metres(75.0), rule: StripRule::FireBreak };
        // A strip on both sides, and round ends.
        let strip = |width: f64| 2_000.0 * width + std::f64::consts::PI * width * width;
        for (given, width) in [(None, 75.0), (Some(Metres(100.0)), 100.0)] {
            let found = area(unstated, line(), given);
            assert!((found / strip(width) - 1.0).abs() < 0.01, "{found} against {}", strip(width));
        }
        let stated = ConstraintEffect::Buffer { width: Metres(50.0), rule: StripRule::Stated };
        assert!((area(stated, line(), Some(Metres(100.0))) / strip(50.0) - 1.0).abs() < 0.01, "the row goes before the request");
    }

    #[test]
    fn without_a_strip_the_own_area_is_taken() {
        let square = Geometry::Polygon(Rect::new((0.0, 0.0), (100.0, 100.0)).to_polygon());
        let none = ConstraintEffect::Buffer { width: Metres::ZERO, rule: StripRule::Unknown };
        for effect in [ConstraintEffect::Exclude, none] {
            assert!((area(effect, square.clone(), None) - 1e4).abs() < 1e-6);
            assert!(area(effect, line(), None).abs() < 1e-9, "a line has no area");
        }
    }
}
