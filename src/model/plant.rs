//! A combined heat and power plant, proposed or existing.

use super::{Feature, FeatureId, Layer};
use geo::{Geometry, Point};

/// A plant; sizes that a row does not give stay open.
#[derive(Debug, Clone, Default)]
pub struct Plant {
    /// Row in `plants`; none for a plant that is only asked about.
    pub id: Option<FeatureId>,
    /// Identifier in the source.
    pub code: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Place, CRS84.
    pub position_crs84: Point,
    /// Conversion technology, by the words of the layer.
    pub technology: Option<String>,
    /// Net electric capacity, MW.
    pub electric_capacity_mw: Option<f64>,
    /// Useful heat capacity, MW.
    pub heat_capacity_mw: Option<f64>,
    /// Fuel input at full load, MW.
    pub fuel_power_mw: Option<f64>,
    /// Electricity and useful heat over fuel.
    pub total_efficiency: Option<f64>,
    /// Hours a year at full load.
    pub full_load_hours: Option<f64>,
    /// Share of peat in the fuel by energy.
    pub peat_share: Option<f64>,
    /// Invented for demonstration.
    pub synthetic: bool,
}

impl Plant {
    /// Reads a plant from its row.
    #[must_use]
    pub fn from_feature(feature: &Feature) -> Option<Self> {
        let layer = Layer::Plants;
        let Some(Geometry::Point(position)) = &feature.geometry else { return None };
        let text = |name| feature.text(layer, name).map(str::to_owned);
        Some(Self {
            id: Some(feature.id),
            code: text("code"),
            name: text("name"),
            name_ru: text("name_ru"),
            position_crs84: *position,
            technology: text("technology"),
            electric_capacity_mw: feature.number(layer, "electric_capacity_mw"),
            heat_capacity_mw: feature.number(layer, "heat_capacity_mw"),
            fuel_power_mw: feature.number(layer, "fuel_power_mw"),
            total_efficiency: feature.number(layer, "total_efficiency"),
            full_load_hours: feature.number(layer, "full_load_hours"),
            peat_share: feature.number(layer, "peat_share"),
            synthetic: feature.flag(layer, "synthetic"),
        })
    }
}
