//! A probe: the depth of peat at a point.

use super::{Feature, FeatureId, Layer};
use crate::units::Metres;
use geo::{Geometry, Point};

/// A probe at its place.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Row in `probes`.
    pub id: FeatureId,
    /// Place, working system.
    pub position: Point,
    /// Place, CRS84, for other working systems.
    pub position_crs84: Point,
    /// Depth of peat.
    pub depth: Metres,
    /// The true depth may be greater: the rod ended or wood stopped it.
    pub censored: bool,
    /// Invented for demonstration.
    pub synthetic: bool,
}

impl Probe {
    /// Reads a probe from its row and its geometry in the working system.
    #[must_use]
    pub fn from_feature(feature: &Feature, working: Option<&Geometry>) -> Option<Self> {
        let layer = Layer::Probes;
        let (Some(Geometry::Point(position)), Some(Geometry::Point(stored))) = (working, &feature.geometry) else {
            return None;
        };
        let refusal = feature.text(layer, "refusal");
        Some(Self {
            id: feature.id,
            position: *position,
            position_crs84: *stored,
            depth: Metres(feature.number(layer, "depth_m")?),
            censored: feature.flag(layer, "censored") || matches!(refusal, Some("rod_length" | "wood")),
            synthetic: feature.flag(layer, "synthetic"),
        })
    }
}
