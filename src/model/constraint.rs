//! Land where extraction is forbidden.

use super::{Feature, FeatureId, Layer};
use crate::units::Metres;
use geo::Geometry;

/// What a constraint takes away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ConstraintEffect {
    /// Its own area.
    Exclude,
    /// Its area, line or point with a strip of this width around.
    Buffer(Metres),
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
    /// Reads a constraint from its row and its geometry in the working system. A strip without a width
    /// takes the geometry alone.
    #[must_use]
    pub fn from_feature(feature: &Feature, working: Option<&Geometry>) -> Option<Self> {
        let layer = Layer::Constraints;
        let width = Metres(feature.number(layer, "buffer_m").unwrap_or(0.0));
        let buffered = feature.text(layer, "effect") == Some("buffer");
        Some(Self {
            id: feature.id,
            name: feature.text(layer, "name")?.to_owned(),
            name_ru: feature.text(layer, "name_ru").map(str::to_owned),
            kind: feature.text(layer, "kind")?.to_owned(),
            effect: if buffered { ConstraintEffect::Buffer(width) } else { ConstraintEffect::Exclude },
            geometry: working?.clone(),
            synthetic: feature.flag(layer, "synthetic"),
        })
    }
}
