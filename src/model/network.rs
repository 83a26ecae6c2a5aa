//! Roads and narrow-gauge lines that carry peat.

use super::{Feature, FeatureId, Layer};
use geo::{Geometry, LineString};
use serde::Serialize;

/// Class of a road or line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum RoadClass {
    Trunk,
    Primary,
    Secondary,
    Tertiary,
    Unclassified,
    Track,
    NarrowGauge,
}

impl RoadClass {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "trunk" => Self::Trunk,
            "primary" => Self::Primary,
            "secondary" => Self::Secondary,
            "tertiary" => Self::Tertiary,
            "unclassified" => Self::Unclassified,
            "track" => Self::Track,
            "narrow_gauge" => Self::NarrowGauge,
            _ => return None,
        })
    }
}

/// A line of the haul network in the working system.
#[derive(Debug, Clone)]
pub struct HaulLine {
    /// Row in `haul-network`.
    pub id: FeatureId,
    /// Class.
    pub class: RoadClass,
    /// Speed of a loaded vehicle as stated, km/h.
    pub speed_km_h: Option<f64>,
    /// Cost of hauling as stated, RUB/(t·km).
    pub cost_rub_t_km: Option<f64>,
    /// Parts, working system.
    pub lines: Vec<LineString>,
    /// Invented for demonstration.
    pub synthetic: bool,
}

impl HaulLine {
    /// Reads a line from its row and its geometry in the working system.
    #[must_use]
    pub fn from_feature(feature: &Feature, working: Option<&Geometry>) -> Option<Self> {
        let layer = Layer::HaulNetwork;
        let lines = match working? {
            Geometry::LineString(line) => vec![line.clone()],
            Geometry::MultiLineString(lines) => lines.0.clone(),
            _ => return None,
        };
        Some(Self {
            id: feature.id,
            class: RoadClass::parse(feature.text(layer, "class")?)?,
            // A search over roads needs times and costs that are not below zero.
            speed_km_h: feature.number(layer, "speed_km_h").filter(|speed| speed.is_finite() && *speed > 0.0),
            cost_rub_t_km: feature.number(layer, "cost_rub_t_km").filter(|cost| cost.is_finite() && *cost >= 0.0),
            lines,
            synthetic: feature.flag(layer, "synthetic"),
        })
    }
}
