//! Who needs heat, steam and power.

use super::{Feature, FeatureId, Layer};
use geo::{Centroid, Point};
use serde::Serialize;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant),* }

        impl $name {
            /// By its word in the layer.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }

            /// Its word in the layer.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    };
}

words! {
    /// Kind of consumer.
    ConsumerKind {
        /// Glass works.
        GlassWorks = "glass_works",
        /// Boiler house.
        BoilerHouse = "boiler_house",
        /// District heating.
        DistrictHeating = "district_heating",
        /// Other industry.
        Industry = "industry",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// Fuel that a consumer uses now.
    PresentFuel {
        /// Natural gas.
        Gas = "gas",
        /// Fuel oil.
        Oil = "oil",
        /// Coal.
        Coal = "coal",
        /// Peat.
        Peat = "peat",
        /// Wood.
        Wood = "wood",
        /// Electricity.
        Power = "power",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// When a process runs.
    OperatingProfile {
        /// Round the clock, every day.
        Continuous = "continuous",
        /// Round the clock, Monday to Friday.
        ThreeShifts = "three_shifts",
        /// 6 to 22 h, Monday to Friday.
        TwoShifts = "two_shifts",
        /// 8 to 17 h, Monday to Friday.
        OneShift = "one_shift",
    }
}

impl ConsumerKind {
    /// Whether it works with process heat in the first place.
    #[must_use]
    pub const fn is_industry(self) -> bool {
        matches!(self, Self::GlassWorks | Self::Industry)
    }
}

/// A consumer; what a row does not give stays open.
#[derive(Debug, Clone)]
pub struct Consumer {
    /// Row in `consumers`; none for one that is only asked about.
    pub id: Option<FeatureId>,
    /// Identifier in the source.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Kind.
    pub kind: ConsumerKind,
    /// Place, CRS84; of an area its centroid.
    pub position_crs84: Point,
    /// Heat a year, MWh.
    pub heat_demand_mwh_a: Option<f64>,
    /// Greatest heat load, MW.
    pub peak_heat_mw: Option<f64>,
    /// Electricity a year, MWh.
    pub power_demand_mwh_a: Option<f64>,
    /// Absolute pressure of the steam in use, megapascals.
    pub steam_pressure_mpa: Option<f64>,
    /// Temperature of the steam in use, °C.
    pub steam_temperature_c: Option<f64>,
    /// Steam in full operation, t/h.
    pub steam_flow_t_h: Option<f64>,
    /// Temperature of what comes back, °C.
    pub return_temperature_c: Option<f64>,
    /// Share of process heat in the annual heat.
    pub process_share: Option<f64>,
    /// Share of hot water in the annual heat.
    pub hot_water_share: Option<f64>,
    /// Heated floor area, m².
    pub floor_area_m2: Option<f64>,
    /// Share of the heat sent that its own network loses; where given, its heat is that of the end users.
    pub network_loss_share: Option<f64>,
    /// When the process runs.
    pub operating_profile: Option<OperatingProfile>,
    /// Weeks a year in which the process stands.
    pub shutdown_weeks: Option<f64>,
    /// Fuel used now.
    pub present_fuel: Option<PresentFuel>,
    /// Invented for demonstration.
    pub synthetic: bool,
}

impl Consumer {
    /// A consumer of which nothing is known but name, kind and place.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: ConsumerKind, position_crs84: Point) -> Self {
        Self {
            id: None,
            code: None,
            name: name.into(),
            name_ru: None,
            kind,
            position_crs84,
            heat_demand_mwh_a: None,
            peak_heat_mw: None,
            power_demand_mwh_a: None,
            steam_pressure_mpa: None,
            steam_temperature_c: None,
            steam_flow_t_h: None,
            return_temperature_c: None,
            process_share: None,
            hot_water_share: None,
            floor_area_m2: None,
            network_loss_share: None,
            operating_profile: None,
            shutdown_weeks: None,
            present_fuel: None,
            synthetic: false,
        }
    }

    /// Reads a consumer from its row.
    #[must_use]
    pub fn from_feature(feature: &Feature) -> Option<Self> {
        let layer = Layer::Consumers;
        let position = feature.geometry.as_ref()?.centroid()?;
        let text = |name| feature.text(layer, name).map(str::to_owned);
        let number = |name| feature.number(layer, name);
        let kind = ConsumerKind::from_word(feature.text(layer, "kind")?)?;
        Some(Self {
            id: Some(feature.id),
            code: text("code"),
            name_ru: text("name_ru"),
            heat_demand_mwh_a: number("heat_demand_mwh_a"),
            peak_heat_mw: number("peak_heat_mw"),
            power_demand_mwh_a: number("power_demand_mwh_a"),
            steam_pressure_mpa: number("steam_pressure_mpa"),
            steam_temperature_c: number("steam_temperature_c"),
            steam_flow_t_h: number("steam_flow_t_h"),
            return_temperature_c: number("return_temperature_c"),
            process_share: number("process_share"),
            hot_water_share: number("hot_water_share"),
            floor_area_m2: number("floor_area_m2"),
            network_loss_share: number("network_loss_share"),
            operating_profile: feature.text(layer, "operating_profile").and_then(OperatingProfile::from_word),
            shutdown_weeks: number("shutdown_weeks"),
            present_fuel: feature.text(layer, "present_fuel").and_then(PresentFuel::from_word),
            synthetic: feature.flag(layer, "synthetic"),
            ..Self::new(text("name")?, kind, position)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;
    use geo::{Geometry, polygon};

    fn row(values: &[(&str, Value)]) -> Feature {
        let schema = Layer::Consumers.schema();
        let mut feature = Feature { id: 7, geometry: None, values: vec![Value::Null; schema.properties.len()] };
        for (name, value) in values {
            feature.values[schema.index_of(name).unwrap()] = value.clone();
        }
        feature
    }

    #[test]
    fn an_area_is_a_consumer_at_its_centroid() {
        let text = |word: &str| Value::Text(word.to_owned());
        let mut feature = row(&[
            ("name", text("Quarter")),
            ("kind", text("district_heating")),
            ("operating_profile", text("two_shifts")),
            ("hot_water_share", Value::Number(0.2)),
            ("present_fuel", text("gas")),
        ]);
        assert!(Consumer::from_feature(&feature).is_none(), "without a place it is none");
        let square = polygon![(x: 40.0, y: 55.0), (x: 41.0, y: 55.0), (x: 41.0, y: 56.0), (x: 40.0, y: 56.0)];
        feature.geometry = Some(Geometry::Polygon(square));
        let consumer = Consumer::from_feature(&feature).unwrap();
        assert_eq!(consumer.position_crs84, Point::new(40.5, 55.5));
        assert_eq!(consumer.operating_profile, Some(OperatingProfile::TwoShifts));
        assert_eq!(consumer.present_fuel, Some(PresentFuel::Gas));
        assert_eq!((consumer.hot_water_share, consumer.heat_demand_mwh_a), (Some(0.2), None));
    }

    #[test]
    fn the_words_of_the_schema_are_all_known() {
        let values = |name: &str| {
            let schema = Layer::Consumers.schema();
            schema.properties[schema.index_of(name).unwrap()].values.iter().map(|allowed| allowed.value.as_str())
        };
        assert!(values("kind").all(|word| ConsumerKind::from_word(word).unwrap().word() == word));
        assert!(values("present_fuel").all(|word| PresentFuel::from_word(word).unwrap().word() == word));
        assert!(values("operating_profile").all(|word| OperatingProfile::from_word(word).unwrap().word() == word));
    }
}
