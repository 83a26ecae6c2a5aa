//! How much of a combined plant's fuel goes with its electricity, and how much with its heat.

use super::EconomicsError;
use super::error::within;
use crate::units::{GIGAJOULES_PER_MEGAWATT_HOUR, GIGAJOULES_PER_TONNE_COAL_EQUIVALENT, MegawattHours};
use serde::{Deserialize, Serialize};

/// GJ in a Gcal, exact for the international calorie.
const GIGAJOULES_PER_GIGACALORIE: f64 = 4.1868;
/// Absolute temperature of 0 °C, K.
const ZERO_CELSIUS_K: f64 = 273.15;

/// A rule that shares fuel out. None is right or wrong: each says who has the benefit of producing both together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum AllocationMethod {
    /// The Russian 'physical' method (физический метод): heat is charged with the fuel that a boiler would burn for it, `B_q = Q / eta_boiler`,
    /// electricity with the rest. Electricity has the whole benefit.
    Physical {
        /// Efficiency of the plant's boilers, net.
        boiler_efficiency: f64,
    },
    /// By exergy: `B_q / B = f Q / (P + f Q)` with the Carnot factor `f = 1 - T_0 / T` of the heat (Directive (EU) 2018/2001,
    /// annex VI, part B, with `T_0` = 0 °C); see [`carnot_factor`].
    Exergy {
        /// Carnot factor of the heat, from 0 to 1.
        carnot_factor: f64,
    },
    /// By energy: a megawatt hour of heat counts as one of electricity.
    Energy,
    /// By the fuel of separate production, the benefit in proportion (hyödynjakomenetelmä; the proportional method, пропорциональный метод):
    /// `B_q / B = (Q / eta_q) / (Q / eta_q + P / eta_e)`.
    SeparateProduction {
        /// Efficiency of a plant that makes heat only.
        heat_efficiency: f64,
        /// Efficiency of a plant that makes electricity only.
        electric_efficiency: f64,
    },
}

/// What a combined plant burns and makes in a year, or any other time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct JointProduction {
    pub fuel_mwh: MegawattHours,
    pub electricity_mwh: MegawattHours,
    pub heat_mwh: MegawattHours,
}

/// The fuel of each product.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FuelAllocation {
    /// The rule.
    #[serde(flatten)]
    pub method: AllocationMethod,
    /// Fuel that goes with the electricity.
    pub electricity_fuel_mwh: MegawattHours,
    /// Fuel that goes with the heat.
    pub heat_fuel_mwh: MegawattHours,
    /// Share of the heat.
    pub heat_share: f64,
    /// Specific consumption of the electricity in grams of coal equivalent a kWh (г у.т./кВт·ч); none without electricity.
    pub electricity_coal_equivalent_g_kwh: Option<f64>,
    /// Specific consumption of the heat in kilograms of coal equivalent a Gcal (кг у.т./Гкал); none without heat.
    pub heat_coal_equivalent_kg_gcal: Option<f64>,
}

/// Carnot factor of heat that is handed over between two temperatures: `1 - T_0 / T_m`, with the thermodynamic mean
/// `T_m = (T_s - T_r) / ln(T_s / T_r)` of supply and return in K, or their common value (condensing steam), and the surroundings at `T_0`.
///
/// Heat of 150 °C against 0 °C: 0.3545 (the Directive rounds to 0.3546, with 273 K for 0 °C).
///
/// ```
/// let factor = peatplan::energy::economics::carnot_factor(150.0, 150.0, 0.0).unwrap();
/// assert!((factor - 0.354_484).abs() < 1e-6);
/// ```
///
/// # Errors
/// Temperatures outside -100 to 1,500 °C, a return above the supply, or surroundings above the mean.
pub fn carnot_factor(supply_c: f64, return_c: f64, surroundings_c: f64) -> Result<f64, EconomicsError> {
    let unit = " °C";
    let supply = within("the supply temperature", supply_c, [-100.0, 1_500.0], unit)? + ZERO_CELSIUS_K;
    let back = within("the return temperature", return_c, [-100.0, supply_c], unit)? + ZERO_CELSIUS_K;
    let ratio = (supply - back) / back;
    // (T_s - T_r) / ln(T_s / T_r), which tends to T_r as they meet.
    let mean = if ratio < 1e-12 { back } else { back * ratio / ratio.ln_1p() };
    let surroundings = within("the temperature of the surroundings", surroundings_c, [-100.0, mean - ZERO_CELSIUS_K], unit)?;
    Ok(1.0 - (surroundings + ZERO_CELSIUS_K) / mean)
}

/// Shares the fuel of a combined plant out between electricity and heat. Both shares add up to the whole fuel.
///
/// 100 MWh of fuel make 20 of electricity and 60 of heat. By the physical method with boilers of 80 % heat takes 75 MWh, and
/// electricity, at 25 for 20, has an efficiency of 80 %: 153.5 g of coal equivalent a kWh.
///
/// ```
/// use peatplan::energy::economics::{AllocationMethod, JointProduction, allocate_fuel};
/// use peatplan::units::MegawattHours;
/// let plant = JointProduction { fuel_mwh: MegawattHours(100.0), electricity_mwh: MegawattHours(20.0), heat_mwh: MegawattHours(60.0) };
/// let shares = allocate_fuel(plant, AllocationMethod::Physical { boiler_efficiency: 0.80 }).unwrap();
/// assert!((shares.heat_fuel_mwh.0 - 75.0).abs() < 1e-9);
/// assert!((shares.electricity_coal_equivalent_g_kwh.unwrap() - 153.54).abs() < 0.01);
/// ```
///
/// # Errors
/// Energies below zero or more of them than fuel, an efficiency outside 0.05 to 1.2 (above one by net calorific value,
/// with condensing flue gas), a Carnot factor outside 0 to 1, or heat that by the physical method takes more than the whole fuel.
pub fn allocate_fuel(production: JointProduction, method: AllocationMethod) -> Result<FuelAllocation, EconomicsError> {
    let fuel = within("the fuel", production.fuel_mwh.0, [1e-9, 1e12], " MWh")?;
    let electricity = within("the electricity", production.electricity_mwh.0, [0.0, 1e12], " MWh")?;
    let heat = within("the heat", production.heat_mwh.0, [0.0, 1e12], " MWh")?;
    if electricity + heat <= 0.0 {
        return Err(EconomicsError::Missing { what: "electricity or heat to share the fuel", allowed: "give more than 0 MWh" });
    }
    if electricity + heat > 1.2 * fuel {
        let allowed = "electricity and heat together cannot be more than 1.2 of the fuel by net calorific value";
        return Err(EconomicsError::Unphysical { products: "electricity and heat", value: fuel, allowed });
    }
    let heat_fuel = match method {
        AllocationMethod::Physical { boiler_efficiency } => {
            let heat_fuel = heat / efficiency("boiler_efficiency", boiler_efficiency)?;
            if heat_fuel > fuel * (1.0 + 1e-12) {
                let allowed = "by the physical method heat alone would take more than the fuel; the boiler efficiency is too low";
                return Err(EconomicsError::Unphysical { products: "heat", value: fuel, allowed });
            }
            heat_fuel.min(fuel)
        }
        AllocationMethod::Exergy { carnot_factor } => {
            let factor = within("carnot_factor", carnot_factor, [0.0, 1.0], "")?;
            shared(fuel, heat * factor, electricity)
        }
        AllocationMethod::Energy => shared(fuel, heat, electricity),
        AllocationMethod::SeparateProduction { heat_efficiency, electric_efficiency } => {
            let for_heat = heat / efficiency("heat_efficiency", heat_efficiency)?;
            shared(fuel, for_heat, electricity / efficiency("electric_efficiency", electric_efficiency)?)
        }
    };
    let electricity_fuel = fuel - heat_fuel;
    let tonnes = |fuel_mwh: f64| fuel_mwh * GIGAJOULES_PER_MEGAWATT_HOUR / GIGAJOULES_PER_TONNE_COAL_EQUIVALENT;
    let gigacalories = heat * GIGAJOULES_PER_MEGAWATT_HOUR / GIGAJOULES_PER_GIGACALORIE;
    Ok(FuelAllocation {
        method,
        electricity_fuel_mwh: MegawattHours(electricity_fuel),
        heat_fuel_mwh: MegawattHours(heat_fuel),
        heat_share: heat_fuel / fuel,
        electricity_coal_equivalent_g_kwh: (electricity > 0.0).then(|| tonnes(electricity_fuel) * 1e3 / electricity),
        heat_coal_equivalent_kg_gcal: (heat > 0.0).then(|| tonnes(heat_fuel) * 1e3 / gigacalories),
    })
}

fn efficiency(name: &'static str, value: f64) -> Result<f64, EconomicsError> {
    within(name, value, [0.05, 1.2], ", as a share by net calorific value")
}

/// Heat's part of the fuel, where one of the weights is above zero; all of it goes with the one product that is there.
fn shared(fuel: f64, heat: f64, electricity: f64) -> f64 {
    if heat + electricity > 0.0 { fuel * (heat / (heat + electricity)) } else { fuel }
}
