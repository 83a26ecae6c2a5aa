//! A probe: the depth of peat at a point.

use super::{Feature, FeatureId, Layer, Value};
use crate::units::Metres;
use geo::{Geometry, Point};

/// What stopped a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the schema file carries the meaning of each")]
pub enum Refusal {
    MineralBottom,
    Wood,
    RodLength,
    Unknown,
}

impl Refusal {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "mineral_bottom" => Self::MineralBottom,
            "wood" => Self::Wood,
            "rod_length" => Self::RodLength,
            "unknown" => Self::Unknown,
            _ => return None,
        })
    }

    /// Whether the peat may go on below: the probe did not reach the mineral bottom.
    #[must_use]
    pub fn leaves_the_bottom_open(self) -> bool {
        matches!(self, Self::Wood | Self::RodLength)
    }
}

/// A probe at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// Row in `probes`.
    pub id: FeatureId,
    /// Place, working system.
    pub position: Point,
    /// Place, CRS84, for other working systems.
    pub position_crs84: Point,
    /// Depth of peat.
    pub depth: Metres,
    /// The true depth may be greater: the rod ended or wood stopped it, or the row says so.
    pub censored: bool,
    /// What stopped it, where the row says.
    pub refusal: Option<Refusal>,
    /// Calendar year of the measurement, where the row has a date.
    pub surveyed_year: Option<i32>,
    /// Whether the peat was drained when it was probed; `None` where the row does not say.
    pub drained: Option<bool>,
    /// Elevation of the surface when it was probed, in the height system of the source.
    pub surface_elevation: Option<Metres>,
    /// Invented for demonstration.
    pub synthetic: bool,
}

impl Probe {
    /// The properties that [`Probe::from_feature`] looks at: of a million rows the others need not be taken out.
    pub const PROPERTIES: [&str; 7] = ["depth_m", "refusal", "censored", "date", "drained", "surface_elevation_m", "synthetic"];

    /// Reads a probe from its row and its geometry in the working system.
    #[must_use]
    pub fn from_feature(feature: &Feature, working: Option<&Geometry>) -> Option<Self> {
        let layer = Layer::Probes;
        let (Some(Geometry::Point(position)), Some(Geometry::Point(stored))) = (working, &feature.geometry) else {
            return None;
        };
        let refusal = feature.text(layer, "refusal").and_then(Refusal::parse);
        Some(Self {
            id: feature.id,
            position: *position,
            position_crs84: *stored,
            depth: Metres(feature.number(layer, "depth_m")?),
            censored: feature.flag(layer, "censored") || refusal.is_some_and(Refusal::leaves_the_bottom_open),
            refusal,
            surveyed_year: feature.text(layer, "date").and_then(year),
            drained: match feature.value(layer, "drained") {
                Value::Boolean(drained) => Some(*drained),
                _ => None,
            },
            surface_elevation: feature.number(layer, "surface_elevation_m").map(Metres),
            synthetic: feature.flag(layer, "synthetic"),
        })
    }
}

/// The year of a date `YYYY-MM-DD`.
fn year(date: &str) -> Option<i32> {
    date.split('-').next().and_then(|year| year.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(values: &[(&str, Value)]) -> Probe {
        let schema = Layer::Probes.schema();
        let mut row = vec![Value::Null; schema.properties.len()];
        for (name, value) in values {
            row[schema.index_of(name).expect("a property of probes")] = value.clone();
        }
        let place = Geometry::Point(Point::new(40.6, 55.6));
        let feature = Feature { id: 1, geometry: Some(place.clone()), values: row };
        Probe::from_feature(&feature, Some(&place)).expect("a probe with a depth")
    }

    #[test]
    fn a_probe_keeps_its_year_its_state_and_what_stopped_it() {
        let full = probe(&[
            ("depth_m", Value::Number(2.4)),
            ("date", Value::Date("1987-07-03".into())),
            ("drained", Value::Boolean(false)),
            ("refusal", Value::Text("rod_length".into())),
            ("surface_elevation_m", Value::Number(118.2)),
        ]);
        assert_eq!((full.surveyed_year, full.drained, full.refusal), (Some(1987), Some(false), Some(Refusal::RodLength)));
        assert_eq!(full.surface_elevation, Some(Metres(118.2)));
        assert!(full.censored, "the rod ended before the bottom");
    }

    #[test]
    fn other_properties_than_those_named_make_no_difference() {
        let value = |property: &crate::model::Property| match property.name.as_str() {
            "refusal" => Value::Text("wood".into()),
            "surface_elevation_m" => Value::Number(118.2),
            _ => match property.kind {
                crate::model::PropertyType::Number => Value::Number(2.5),
                crate::model::PropertyType::Boolean => Value::Boolean(true),
                crate::model::PropertyType::Date => Value::Date("1987-07-03".into()),
                _ => Value::Text("a text".into()),
            },
        };
        let all: Vec<(&str, Value)> = Layer::Probes.schema().properties.iter().map(|p| (p.name.as_str(), value(p))).collect();
        let named: Vec<_> = all.iter().filter(|(name, _)| Probe::PROPERTIES.contains(name)).cloned().collect();
        assert_eq!(named.len(), Probe::PROPERTIES.len(), "each is a property of the schema");
        assert_eq!(probe(&all), probe(&named));
    }

    #[test]
    fn what_a_row_does_not_say_stays_unknown() {
        let bare = probe(&[("depth_m", Value::Number(1.0))]);
        assert_eq!((bare.surveyed_year, bare.drained, bare.refusal, bare.surface_elevation), (None, None, None, None));
        assert!(!bare.censored);
    }
}
