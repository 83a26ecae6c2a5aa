//! What a plant burns in a year.

use crate::model::{ParameterValues, Plant};
use crate::units::{GigaJoules, Hours, MegawattHours, Megawatts};
use serde::Serialize;
use thiserror::Error;

/// Fuel need of a plant, peat only.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FuelNeed {
    /// Fuel input at full load, all fuels.
    pub fuel_power_mw: Megawatts,
    /// Electricity and useful heat over fuel.
    pub total_efficiency: f64,
    /// Hours a year at full load.
    pub full_load_hours: Hours,
    /// Share of peat by energy.
    pub peat_share: f64,
    /// Peat a year by energy.
    pub fuel_mwh_a: MegawattHours,
    /// The same in GJ.
    pub fuel_gj_a: GigaJoules,
}

/// Why there is no need to speak of.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum NeedError {
    #[error("the plant has no size; give fuel_power_mw, or electric_capacity_mw and heat_capacity_mw (MW)")]
    NoSize,
    #[error("{name} must lie between {low} and {high} {unit}; it was {value}")]
    OutOfRange { name: &'static str, value: f64, low: f64, high: f64, unit: &'static str },
}

/// Peat a year: `E = P_fuel h s` with the fuel power as given, or `(P_el + Q) / eta` from the capacities and the
/// total efficiency by net calorific value. What the plant does not say comes from `numbers`.
///
/// 40 MW of fuel for 6,000 h are 240 GWh or 864 TJ:
///
/// ```
/// use peatplan::model::{ParameterValues, Plant, supply_parameters};
/// let plant = Plant { fuel_power_mw: Some(40.0), full_load_hours: Some(6000.0), ..Plant::default() };
/// let need = peatplan::supply::fuel_need(&plant, &ParameterValues::defaults(supply_parameters())).unwrap();
/// assert_eq!(need.fuel_mwh_a.0, 240_000.0);
/// assert!((need.fuel_gj_a.0 - 864_000.0).abs() < 1e-6);
/// ```
///
/// # Errors
/// [`NeedError`]: no size, or a number outside its limits.
pub fn fuel_need(plant: &Plant, numbers: &ParameterValues) -> Result<FuelNeed, NeedError> {
    let electric = checked("electric_capacity_mw", plant.electric_capacity_mw)?;
    let heat = checked("heat_capacity_mw", plant.heat_capacity_mw)?;
    let fuel = checked("fuel_power_mw", plant.fuel_power_mw)?;
    let efficiency = checked("total_efficiency", plant.total_efficiency)?;
    let efficiency = efficiency.unwrap_or_else(|| numbers.get("total_efficiency"));
    let hours = checked("full_load_hours", plant.full_load_hours)?;
    let hours = Hours(hours.unwrap_or_else(|| numbers.get("full_load_hours")));
    let peat_share = checked("peat_share", plant.peat_share)?.unwrap_or(1.0);
    let useful = electric.unwrap_or(0.0) + heat.unwrap_or(0.0);
    let power = Megawatts(fuel.filter(|power| *power > 0.0).unwrap_or(useful / efficiency));
    if power.0 <= 0.0 {
        return Err(NeedError::NoSize);
    }
    let energy = power * hours * peat_share;
    Ok(FuelNeed {
        fuel_power_mw: power,
        total_efficiency: efficiency,
        full_load_hours: hours,
        peat_share,
        fuel_mwh_a: energy,
        fuel_gj_a: energy.gigajoules(),
    })
}

fn checked(name: &'static str, value: Option<f64>) -> Result<Option<f64>, NeedError> {
    let (low, high, unit) = Plant::range(name);
    match value {
        Some(value) if !(low..=high).contains(&value) => Err(NeedError::OutOfRange { name, value, low, high, unit }),
        other => Ok(other),
    }
}
