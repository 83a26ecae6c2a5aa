//! What a boiler takes, as rows that are linear in the shares of the energy.

use super::BlendError;
use super::fuel::BlendFuel;
use super::quality::BlendQuality;
use crate::model::ParameterValues;
use serde::Serialize;
use std::fmt;

/// Atomic masses, g/mol (IUPAC, conventional).
pub(super) const SULPHUR_G_MOL: f64 = 32.06;
pub(super) const CHLORINE_G_MOL: f64 = 35.45;
/// mg in a tonne over MJ in a MWh.
pub(super) const MG_MJ_PER_T_MWH: f64 = 1e9 / 3_600.0;

/// Limits of the mixture; none holds where it is not given.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BlendLimits {
    /// Most ash in the dry matter.
    pub ash: Option<f64>,
    /// Most water, share of the wet mass.
    pub moisture: Option<f64>,
    /// Most sulphur in the dry matter.
    pub sulphur: Option<f64>,
    /// Most sulphur by net calorific value, mg/MJ.
    pub sulphur_mg_mj: Option<f64>,
    /// Most chlorine in the dry matter.
    pub chlorine: Option<f64>,
    /// Least atoms of sulphur for one of chlorine: alkali chlorides then turn to sulphates before they meet the superheater.
    pub sulphur_to_chlorine: Option<f64>,
    /// Least net calorific value as received, MJ/kg.
    pub calorific_value_mj_kg: Option<f64>,
}

/// Which limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum LimitName {
    AshLimit,
    MoistureLimit,
    SulphurLimit,
    SulphurLimitMgMj,
    ChlorineLimit,
    SulphurChlorineMolarLeast,
    CalorificValueLeastMjKg,
    LeastShare,
    MostShare,
}

impl fmt::Display for LimitName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::AshLimit => "ash_limit",
            Self::MoistureLimit => "moisture_limit",
            Self::SulphurLimit => "sulphur_limit",
            Self::SulphurLimitMgMj => "sulphur_limit_mg_mj",
            Self::ChlorineLimit => "chlorine_limit",
            Self::SulphurChlorineMolarLeast => "sulphur_chlorine_molar_least",
            Self::CalorificValueLeastMjKg => "calorific_value_least_mj_kg",
            Self::LeastShare => "least_share",
            Self::MostShare => "most_share",
        })
    }
}

impl LimitName {
    /// Its unit behind a number, empty for shares.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::SulphurLimitMgMj => " mg/MJ",
            Self::CalorificValueLeastMjKg => " MJ/kg",
            _ => "",
        }
    }

    /// What a mixture has of it; none where it has no chlorine to compare with, or nothing is mixed.
    #[must_use]
    pub fn of(self, quality: &BlendQuality) -> Option<f64> {
        match self {
            Self::AshLimit => quality.ash,
            Self::MoistureLimit => quality.moisture,
            Self::SulphurLimit => quality.sulphur,
            Self::SulphurLimitMgMj => quality.sulphur_mg_mj,
            Self::ChlorineLimit => quality.chlorine,
            Self::SulphurChlorineMolarLeast => quality.sulphur_to_chlorine,
            Self::CalorificValueLeastMjKg => quality.calorific_value_mj_kg.map(|heat| heat.0),
            Self::LeastShare | Self::MostShare => None,
        }
    }

    /// Whether the limit is a least value.
    #[must_use]
    pub fn is_least(self) -> bool {
        matches!(self, Self::SulphurChlorineMolarLeast | Self::CalorificValueLeastMjKg | Self::LeastShare)
    }
}

impl LimitName {
    /// The greatest accepted value.
    pub(super) fn greatest(self) -> f64 {
        QUALITIES.iter().find(|(name, _)| *name == self).map_or(1.0, |(_, greatest)| *greatest)
    }
}

/// Greatest accepted value of each limit.
const QUALITIES: [(LimitName, f64); 7] = [
    (LimitName::AshLimit, 1.0),
    (LimitName::MoistureLimit, 1.0),
    (LimitName::SulphurLimit, 1.0),
    (LimitName::SulphurLimitMgMj, 1e6),
    (LimitName::ChlorineLimit, 1.0),
    (LimitName::SulphurChlorineMolarLeast, 1e4),
    (LimitName::CalorificValueLeastMjKg, 150.0),
];

impl BlendLimits {
    /// All limits of `geodata/reference/blend.toml`; of the calorific value there is none.
    #[must_use]
    pub fn from_numbers(numbers: &ParameterValues) -> Self {
        let limit = |name| Some(numbers.get(name));
        Self {
            ash: limit("ash_limit"),
            moisture: limit("moisture_limit"),
            sulphur: limit("sulphur_limit"),
            sulphur_mg_mj: limit("sulphur_limit_mg_mj"),
            chlorine: limit("chlorine_limit"),
            sulphur_to_chlorine: limit("sulphur_chlorine_molar_least"),
            calorific_value_mj_kg: None,
        }
    }

    fn value(&self, name: LimitName) -> Option<f64> {
        match name {
            LimitName::AshLimit => self.ash,
            LimitName::MoistureLimit => self.moisture,
            LimitName::SulphurLimit => self.sulphur,
            LimitName::SulphurLimitMgMj => self.sulphur_mg_mj,
            LimitName::ChlorineLimit => self.chlorine,
            LimitName::SulphurChlorineMolarLeast => self.sulphur_to_chlorine,
            LimitName::CalorificValueLeastMjKg => self.calorific_value_mj_kg,
            LimitName::LeastShare | LimitName::MostShare => None,
        }
    }

    /// The limits that are given.
    pub fn given(&self) -> impl Iterator<Item = (LimitName, f64)> {
        QUALITIES.iter().filter_map(|(name, _)| Some((*name, self.value(*name)?)))
    }

    pub(super) fn check(&self) -> Result<(), BlendError> {
        for (limit, high) in QUALITIES {
            if let Some(value) = self.value(limit)
                && !(0.0..=high).contains(&value)
            {
                return Err(BlendError::LimitOutOfRange { limit, value, low: 0.0, high, unit: limit.unit() });
            }
        }
        Ok(())
    }
}

/// The coefficient of a fuel's energy share in the row `Σ a_i x_i <= 0` of a limit; nothing for a fuel that is fired apart.
pub(super) fn coefficient(name: LimitName, limit: f64, fuel: &BlendFuel) -> f64 {
    if fuel.fired_apart {
        return 0.0;
    }
    let (wet, dry) = (fuel.mass_t_mwh(), fuel.dry_mass_t_mwh());
    let (sulphur, chlorine) = (fuel.sulphur.value(), fuel.chlorine.value());
    match name {
        LimitName::AshLimit => dry * (fuel.ash.value() - limit),
        LimitName::MoistureLimit => wet * (fuel.moisture.value() - limit),
        LimitName::SulphurLimit => dry * (sulphur - limit),
        LimitName::SulphurLimitMgMj => dry * sulphur * MG_MJ_PER_T_MWH - limit,
        LimitName::ChlorineLimit => dry * (chlorine - limit),
        LimitName::SulphurChlorineMolarLeast => dry * (limit * chlorine / CHLORINE_G_MOL - sulphur / SULPHUR_G_MOL),
        LimitName::CalorificValueLeastMjKg => wet * (limit - fuel.calorific_value().0),
        LimitName::LeastShare | LimitName::MostShare => 0.0,
    }
}
