//! Reserves as officially stated, to stand beside the computed ones.

use super::{Feature, FeatureId, Layer};
use serde::Serialize;

/// A stated reserve; it serialises under the names of the schema.
#[derive(Debug, Clone, Serialize)]
pub struct ReserveStatement {
    /// Row in `reserve-statements`.
    pub id: FeatureId,
    /// Deposit, by code or name.
    #[serde(skip)]
    pub deposit: String,
    /// Category: A to P3.
    pub category: String,
    /// Balance or off-balance.
    pub balance_class: Option<String>,
    /// Volume in place, m³.
    pub volume_m3: Option<f64>,
    /// Mass at the stated moisture, t.
    pub mass_t: Option<f64>,
    /// Moisture of the stated mass, share.
    pub moisture: Option<f64>,
    /// Year of the statement.
    pub year: Option<f64>,
    /// Where it stands.
    pub source: Option<String>,
    /// Invented for demonstration.
    pub synthetic: bool,
}

impl ReserveStatement {
    /// Reads a statement from its row.
    #[must_use]
    pub fn from_feature(feature: &Feature) -> Option<Self> {
        let layer = Layer::ReserveStatements;
        let text = |name| feature.text(layer, name).map(str::to_owned);
        Some(Self {
            id: feature.id,
            deposit: text("deposit")?,
            category: text("category")?,
            balance_class: text("balance_class"),
            volume_m3: feature.number(layer, "volume_m3"),
            mass_t: feature.number(layer, "mass_t"),
            moisture: feature.number(layer, "moisture"),
            year: feature.number(layer, "year"),
            source: text("source"),
            synthetic: feature.flag(layer, "synthetic"),
        })
    }
}
