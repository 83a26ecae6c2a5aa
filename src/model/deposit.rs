//! A peat deposit inside its zero boundary.

use super::{Feature, FeatureId, Layer};
use crate::units::{CubicMetres, Metres};
use geo::{Geometry, MultiPolygon};

/// A deposit, with its outline in the working system.
#[derive(Debug, Clone)]
pub struct Deposit {
    /// Row in `deposits`.
    pub id: FeatureId,
    /// Identifier in the source.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Zero boundary, working system.
    pub outline: MultiPolygon,
    /// Zero boundary, CRS84, for ellipsoidal areas and other working systems.
    pub outline_crs84: MultiPolygon,
    /// Mean depth as stated, for a deposit without probes.
    pub stated_mean_depth: Option<Metres>,
    /// Volume in place as stated.
    pub stated_volume: Option<CubicMetres>,
    /// Invented for demonstration.
    pub synthetic: bool,
}

impl Deposit {
    /// Reads a deposit from its row and its geometry in the working system.
    #[must_use]
    pub fn from_feature(feature: &Feature, working: Option<&Geometry>) -> Option<Self> {
        let layer = Layer::Deposits;
        Some(Self {
            id: feature.id,
            code: feature.text(layer, "code").map(str::to_owned),
            name: feature.text(layer, "name")?.to_owned(),
            name_ru: feature.text(layer, "name_ru").map(str::to_owned),
            outline: polygons(working?)?,
            outline_crs84: polygons(feature.geometry.as_ref()?)?,
            stated_mean_depth: feature.number(layer, "stated_mean_depth_m").map(Metres),
            stated_volume: feature.number(layer, "stated_volume_m3").map(CubicMetres),
            synthetic: feature.flag(layer, "synthetic"),
        })
    }
}

/// The polygons of a polygonal geometry.
pub(super) fn polygons(geometry: &Geometry) -> Option<MultiPolygon> {
    match geometry {
        Geometry::Polygon(polygon) => Some(MultiPolygon::new(vec![polygon.clone()])),
        Geometry::MultiPolygon(polygons) => Some(polygons.clone()),
        _ => None,
    }
}
