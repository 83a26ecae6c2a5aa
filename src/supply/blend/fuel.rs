//! A fuel as a part of a blend.

use super::BlendError;
use crate::model::ParameterValues;
use crate::units::{GIGAJOULES_PER_MEGAWATT_HOUR, MassFraction, MegaJoulesPerKilogram, MegawattHours, Share};
use serde::Serialize;

/// What kind of fuel it is, for the rules of corrosion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum FuelFamily {
    Peat,
    Wood,
    Other,
}

/// A fuel.
#[derive(Debug, Clone, PartialEq)]
pub struct BlendFuel {
    /// Its name; no two of a blend have the same.
    pub name: String,
    /// Its family.
    pub family: FuelFamily,
    /// Cost of a MWh at the gate, by net calorific value as received.
    pub cost_rub_mwh: f64,
    /// Water, share of the wet mass.
    pub moisture: MassFraction,
    /// Ash, share of the dry mass.
    pub ash: MassFraction,
    /// Sulphur, share of the dry mass.
    pub sulphur: MassFraction,
    /// Chlorine, share of the dry mass.
    pub chlorine: MassFraction,
    /// Net calorific value of the dry matter, ash included.
    pub calorific_value_dry: MegaJoulesPerKilogram,
    /// Least share of the energy.
    pub least_share: Share,
    /// Greatest share of the energy.
    pub most_share: Share,
    /// Fired apart from the mixture, as gas is beside a grate: it counts in cost and shares, not in qualities.
    pub fired_apart: bool,
}

impl BlendFuel {
    /// Peat by the parameters of `geodata/reference/blend.toml`.
    #[must_use]
    pub fn peat(numbers: &ParameterValues) -> Self {
        Self::named("peat", FuelFamily::Peat, false, numbers)
    }

    /// Wood chips by the same.
    #[must_use]
    pub fn wood_chips(numbers: &ParameterValues) -> Self {
        Self::named("wood_chips", FuelFamily::Wood, false, numbers)
    }

    /// The backup fuel by the same; natural gas, fired apart.
    #[must_use]
    pub fn backup(numbers: &ParameterValues) -> Self {
        Self::named("backup", FuelFamily::Other, true, numbers)
    }

    fn named(name: &str, family: FuelFamily, fired_apart: bool, numbers: &ParameterValues) -> Self {
        let number = |of: &str| numbers.get(&format!("{name}_{of}"));
        let fraction = |of: &str| MassFraction::new(number(of)).unwrap_or_default();
        Self {
            name: name.to_owned(),
            family,
            cost_rub_mwh: number("cost_rub_mwh"),
            moisture: fraction("moisture"),
            ash: fraction("ash"),
            sulphur: fraction("sulphur"),
            chlorine: fraction("chlorine"),
            calorific_value_dry: MegaJoulesPerKilogram(number("net_calorific_value_dry_mj_kg")),
            least_share: Share::ZERO,
            most_share: Share::ONE,
            fired_apart,
        }
    }

    /// The same, of which no more than this is to be had for a need: `most_share` is their ratio.
    #[must_use]
    pub fn available(self, available: MegawattHours, need: MegawattHours) -> Self {
        let share = if need.0 > 0.0 { (available / need).clamp(0.0, 1.0) } else { 1.0 };
        Self { most_share: Share::new(share).unwrap_or(Share::ZERO), ..self }
    }

    /// Net calorific value as received.
    #[must_use]
    pub fn calorific_value(&self) -> MegaJoulesPerKilogram {
        self.calorific_value_dry.as_received(self.moisture)
    }

    /// Wet mass of a MWh, t: 3.6 GJ over GJ/t.
    #[must_use]
    pub fn mass_t_mwh(&self) -> f64 {
        GIGAJOULES_PER_MEGAWATT_HOUR / self.calorific_value().0
    }

    /// Dry mass of a MWh, t.
    #[must_use]
    pub fn dry_mass_t_mwh(&self) -> f64 {
        self.mass_t_mwh() * (1.0 - self.moisture.value())
    }

    pub(super) fn check(&self) -> Result<(), BlendError> {
        let within = |name, value: f64, low: f64, high: f64, unit| {
            if (low..=high).contains(&value) {
                return Ok(());
            }
            Err(BlendError::OutOfRange { fuel: self.name.clone(), name, value, low, high, unit })
        };
        within("cost_rub_mwh", self.cost_rub_mwh, 0.0, 1e9, " RUB/MWh")?;
        within("net_calorific_value_dry_mj_kg", self.calorific_value_dry.0, 0.1, 150.0, " MJ/kg")?;
        within("moisture", self.moisture.value(), 0.0, 0.95, "")?;
        within("most_share", self.most_share.value(), self.least_share.value(), 1.0, "")?;
        let heat = self.calorific_value().0;
        // Below this a fuel does not even dry itself.
        if heat < 0.1 {
            return Err(BlendError::TooWet { fuel: self.name.clone(), moisture: self.moisture.value(), mj_kg: heat });
        }
        Ok(())
    }
}
