//! A combined heat and power plant, proposed or existing.

use super::{Feature, FeatureId, InputError, Layer};
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
    /// The least and the greatest value that a number of the layer may have, with its unit.
    ///
    /// ```
    /// use peatplan::model::Plant;
    /// assert_eq!(Plant::range("heat_capacity_mw"), (0.0, 5_000.0, "MW"));
    /// ```
    #[must_use]
    pub fn range(name: &str) -> (f64, f64, &'static str) {
        let schema = Layer::Plants.schema();
        let property = schema.index_of(name).and_then(|place| schema.properties.get(place));
        let limit = |limit: Option<f64>, open: f64| limit.unwrap_or(open);
        property.map_or((f64::MIN, f64::MAX, ""), |property| {
            let unit = property.unit.as_deref().unwrap_or_default();
            (limit(property.minimum, f64::MIN), limit(property.maximum, f64::MAX), unit)
        })
    }

    /// Checks a number that stands for one of the layer. A fuel power of 0 is refused: it is no plant, and no word for that of the
    /// row either.
    ///
    /// # Errors
    /// Names the number, its limits with their unit, and what it was.
    pub fn check(name: &str, value: f64) -> Result<(), InputError> {
        let (low, high, unit) = Self::range(name);
        let refused =
            |allowed: String| InputError { parameter: name.to_owned(), detail: format!("{name} must {allowed}; it was {value}") };
        if name == "fuel_power_mw" && value == 0.0 {
            return Err(refused(format!("lie above 0 and up to {high} {unit}; leave it out for that of the plant")));
        }
        if !(low..=high).contains(&value) {
            return Err(refused(format!("lie between {low} and {high} {unit}")));
        }
        Ok(())
    }

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
