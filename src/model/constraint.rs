//! Land where extraction is forbidden.

use super::{Feature, FeatureId, Layer, ParameterValues, Value, reserve_parameters};
use crate::units::Metres;
use geo::{Euclidean, Geometry, Length};

/// Widths of the water protection zone by the length of the river (Water Code of Russia, article 65): less than this many
/// metres long, this wide.
const STRIP_BY_RIVER_LENGTH: [(f64, Metres); 2] = [(10_000.0, Metres(50.0)), (50_000.0, Metres(100.0))];
/// Width for longer rivers.
const STRIP_OF_LONG_RIVERS: Metres = Metres(200.0);
/// Width around lakes and springs (general knowledge).
const STRIP_OF_LAKES: Metres = Metres(50.0);

/// Where the width of a strip comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StripRule {
    /// The row says it.
    Stated,
    /// By the length of the river, which the row says.
    RiverLength,
    /// By the length of the line on the map: the river may be longer than what is drawn.
    LineLength,
    /// That of a lake or a spring.
    Lake,
    /// That of a fire break, from the reference parameters.
    FireBreak,
    /// The row says no width and its kind has none: the geometry alone is taken.
    Unknown,
}

/// What a constraint takes away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ConstraintEffect {
    /// Its own area.
    Exclude,
    /// Its area, line or point with a strip around.
    Buffer {
        /// Width of the strip.
        width: Metres,
        /// Where the width comes from.
        rule: StripRule,
    },
}

/// A constraint, with its geometry in the working system.
#[derive(Debug, Clone)]
pub struct Constraint {
    /// Row in `constraints`.
    pub id: FeatureId,
    /// Name.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Kind, as in the schema.
    pub kind: String,
    /// What it takes away.
    pub effect: ConstraintEffect,
    /// Geometry, working system.
    pub geometry: Geometry,
    /// Invented for demonstration.
    pub synthetic: bool,
}

impl Constraint {
    /// Reads a constraint from its row and its geometry in the working system.
    ///
    /// A strip without a width takes the width of its kind: water protection that of Water Code article 65 (rivers below
    /// 10 km 50 m, below 50 km 100 m, else 200 m, by `river_length_km` or else the length of the line; areas and points 50 m),
    /// a fire break `fire_break_m` of the reference parameters. Other kinds have none and take the geometry alone.
    #[must_use]
    pub fn from_feature(feature: &Feature, working: Option<&Geometry>) -> Option<Self> {
        let layer = Layer::Constraints;
        let kind = feature.text(layer, "kind")?.to_owned();
        let geometry = working?.clone();
        let effect = if feature.text(layer, "effect") == Some("buffer") {
            let stated = feature.number(layer, "buffer_m").map(Metres);
            let river = feature.number(layer, "river_length_km").map(|kilometres| Metres(kilometres * 1e3));
            let (width, rule) = strip(&kind, stated, river, &geometry);
            ConstraintEffect::Buffer { width, rule }
        } else {
            ConstraintEffect::Exclude
        };
        Some(Self {
            id: feature.id,
            name: feature.text(layer, "name")?.to_owned(),
            name_ru: feature.text(layer, "name_ru").map(str::to_owned),
            kind,
            effect,
            geometry,
            synthetic: feature.flag(layer, "synthetic"),
        })
    }

    /// Whether a strip of this kind of constraint has a width even where its row says none.
    #[must_use]
    pub fn kind_has_a_width(kind: &Value) -> bool {
        matches!(kind, Value::Text(kind) if matches!(kind.as_str(), "water_protection" | "fire_break"))
    }

    /// Whether the width of its strip is the `fire_break_m` that a request may set.
    #[must_use]
    pub fn is_fire_break_without_width(&self) -> bool {
        matches!(self.effect, ConstraintEffect::Buffer { rule: StripRule::FireBreak, .. })
    }

    /// What the reader of a result should know of its strip: a code and a sentence.
    #[must_use]
    pub fn strip_warning(&self) -> Option<(&'static str, String)> {
        let ConstraintEffect::Buffer { width, rule } = self.effect else { return None };
        match rule {
            StripRule::LineLength => Some((
                "river_length_assumed",
                format!(
                    "{}: neither buffer_m nor river_length_km is given; its line on the map was taken for the whole river, which \
                     gives a strip of {} m",
                    self.name, width.0
                ),
            )),
            StripRule::Unknown => Some((
                "strip_width_unknown",
                format!("{}: no width of its strip is known; its own area alone was taken", self.name),
            )),
            StripRule::Stated | StripRule::RiverLength | StripRule::Lake | StripRule::FireBreak => None,
        }
    }
}

/// Width of the water protection strip of a river of this length: less than 10 km 50 m, less than 50 km 100 m, else 200 m
/// (Water Code of Russia, article 65).
///
/// ```
/// use peatplan::{model::river_strip, units::Metres};
/// assert_eq!(river_strip(Metres(9_999.0)), Metres(50.0));
/// assert_eq!(river_strip(Metres(10_000.0)), Metres(100.0));
/// assert_eq!(river_strip(Metres(50_000.0)), Metres(200.0));
/// ```
#[must_use]
pub fn river_strip(length: Metres) -> Metres {
    let found = STRIP_BY_RIVER_LENGTH.iter().find(|(below, _)| length.0 < *below);
    found.map_or(STRIP_OF_LONG_RIVERS, |(_, width)| *width)
}

fn strip(kind: &str, stated: Option<Metres>, river: Option<Metres>, geometry: &Geometry) -> (Metres, StripRule) {
    if let Some(width) = stated {
        return (width, StripRule::Stated);
    }
    match (kind, river) {
        ("water_protection", Some(length)) => (river_strip(length), StripRule::RiverLength),
        ("water_protection", None) => match line_length(geometry) {
            Some(length) => (river_strip(length), StripRule::LineLength),
            None => (STRIP_OF_LAKES, StripRule::Lake),
        },
        ("fire_break", _) => (Metres(ParameterValues::defaults(reserve_parameters()).get("fire_break_m")), StripRule::FireBreak),
        _ => (Metres::ZERO, StripRule::Unknown),
    }
}

/// Length of a line; `None` of what is no line.
fn line_length(geometry: &Geometry) -> Option<Metres> {
    match geometry {
        Geometry::Line(line) => Some(Metres(Euclidean.length(line))),
        Geometry::LineString(line) => Some(Metres(Euclidean.length(line))),
        Geometry::MultiLineString(lines) => Some(Metres(Euclidean.length(lines))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{LineString, Point, Rect};

    fn constraint(kind: &str, geometry: &Geometry, values: &[(&str, f64)]) -> Constraint {
        let schema = Layer::Constraints.schema();
        let mut row = vec![Value::Null; schema.properties.len()];
        let mut set = |name: &str, value: Value| row[schema.index_of(name).expect("a property")] = value;
        set("name", Value::Text("Gus".into()));
        set("kind", Value::Text(kind.into()));
        set("effect", Value::Text("buffer".into()));
        for (name, value) in values {
            set(name, Value::Number(*value));
        }
        let feature = Feature { id: 1, geometry: Some(geometry.clone()), values: row };
        Constraint::from_feature(&feature, Some(geometry)).expect("a constraint")
    }

    fn line(length: f64) -> Geometry {
        Geometry::LineString(LineString::from(vec![[0.0, 0.0], [length * 0.6, length * 0.8]]))
    }

    fn lake() -> Geometry {
        Geometry::Polygon(Rect::new((0.0, 0.0), (100.0, 100.0)).to_polygon())
    }

    #[test]
    fn a_river_without_a_width_takes_that_of_its_length() {
        let strip = |kilometres| constraint("water_protection", &line(500.0), &[("river_length_km", kilometres)]);
        for (kilometres, width) in [(9.9, 50.0), (10.0, 100.0), (49.0, 100.0), (50.0, 200.0), (147.0, 200.0)] {
            let constraint = strip(kilometres);
            assert_eq!(constraint.effect, ConstraintEffect::Buffer { width: Metres(width), rule: StripRule::RiverLength });
            assert_eq!(constraint.strip_warning(), None);
        }
    }

    #[test]
    fn the_line_on_the_map_stands_in_for_the_river_with_a_warning() {
        let constraint = constraint("water_protection", &line(12_000.0), &[]);
        assert_eq!(constraint.effect, ConstraintEffect::Buffer { width: Metres(100.0), rule: StripRule::LineLength });
        let (code, sentence) = constraint.strip_warning().expect("a warning");
        assert_eq!(code, "river_length_assumed");
        assert!(sentence.contains("a strip of 100 m"), "{sentence}");
    }

    #[test]
    fn lakes_and_springs_take_fifty_metres() {
        for place in [lake(), Geometry::Point(Point::new(0.0, 0.0))] {
            let constraint = constraint("water_protection", &place, &[]);
            assert_eq!(constraint.effect, ConstraintEffect::Buffer { width: Metres(50.0), rule: StripRule::Lake });
        }
    }

    #[test]
    fn a_stated_width_goes_before_every_rule() {
        let river = constraint("water_protection", &line(500.0), &[("buffer_m", 30.0), ("river_length_km", 80.0)]);
        assert_eq!(river.effect, ConstraintEffect::Buffer { width: Metres(30.0), rule: StripRule::Stated });
    }

    #[test]
    fn a_fire_break_takes_the_width_of_the_rules_and_a_road_none() {
        let fire_break = constraint("fire_break", &line(500.0), &[]);
        assert_eq!(fire_break.effect, ConstraintEffect::Buffer { width: Metres(75.0), rule: StripRule::FireBreak });
        let road = constraint("road", &line(500.0), &[]);
        assert_eq!(road.effect, ConstraintEffect::Buffer { width: Metres::ZERO, rule: StripRule::Unknown });
        assert_eq!(road.strip_warning().expect("a warning").0, "strip_width_unknown");
    }
}
