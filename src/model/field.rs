//! A working area of a deposit.

use super::deposit::polygons;
use super::{Feature, FeatureId, Layer};
use crate::units::{Hectares, TonnesPerHectare};
use geo::{Geometry, MultiPolygon};
use serde::Serialize;

/// State of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum FieldStatus {
    Undeveloped,
    Prepared,
    InProduction,
    WorkedOut,
    Rewetted,
}

impl FieldStatus {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "undeveloped" => Self::Undeveloped,
            "prepared" => Self::Prepared,
            "in_production" => Self::InProduction,
            "worked_out" => Self::WorkedOut,
            "rewetted" => Self::Rewetted,
            _ => return None,
        })
    }
}

/// How peat is won on a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum HarvestTechnology {
    Milled,
    Sod,
    Other,
}

impl HarvestTechnology {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "milled" => Self::Milled,
            "sod" => Self::Sod,
            "other" => Self::Other,
            _ => return None,
        })
    }
}

/// A field, with its outline in the working system.
#[derive(Debug, Clone)]
pub struct Field {
    /// Row in `fields`.
    pub id: FeatureId,
    /// Identifier in the source.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Deposit as the row names it, by code or name; by position where the row is silent.
    pub deposit: Option<String>,
    /// State.
    pub status: FieldStatus,
    /// How its peat is won, where the row says so.
    pub technology: Option<HarvestTechnology>,
    /// Outline, working system.
    pub outline: MultiPolygon,
    /// Gross area as stated.
    pub gross_area: Option<Hectares>,
    /// Net area as stated.
    pub net_area: Option<Hectares>,
    /// Seasonal yield as stated, at the reference moisture.
    pub seasonal_yield: Option<TonnesPerHectare>,
    /// Invented for demonstration.
    pub synthetic: bool,
}

impl Field {
    /// Reads a field from its row and its geometry in the working system.
    #[must_use]
    pub fn from_feature(feature: &Feature, working: Option<&Geometry>) -> Option<Self> {
        let layer = Layer::Fields;
        Some(Self {
            id: feature.id,
            code: feature.text(layer, "code").map(str::to_owned),
            name: feature.text(layer, "name")?.to_owned(),
            name_ru: feature.text(layer, "name_ru").map(str::to_owned),
            deposit: feature.text(layer, "deposit").map(str::to_owned),
            status: FieldStatus::parse(feature.text(layer, "status")?)?,
            technology: feature.text(layer, "technology").and_then(HarvestTechnology::parse),
            outline: polygons(working?)?,
            gross_area: feature.number(layer, "gross_area_ha").map(Hectares),
            net_area: feature.number(layer, "net_area_ha").map(Hectares),
            seasonal_yield: feature.number(layer, "seasonal_yield_t_ha").map(TonnesPerHectare),
            synthetic: feature.flag(layer, "synthetic"),
        })
    }
}
