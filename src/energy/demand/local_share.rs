//! How much of a demand local fuel meets.

use super::hourly_load::HourlyLoad;
use serde::Serialize;

/// Share of a demand that is met from local fuel; none where there is no demand.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LocalShare {
    /// Of the heat.
    pub heat: Option<f64>,
    /// Of the electricity.
    pub power: Option<f64>,
    /// Of both together, MWh by MWh.
    pub both: Option<f64>,
    /// Heat met.
    pub heat_met_mwh_a: f64,
    /// Electricity met.
    pub power_met_mwh_a: f64,
    /// Heat made from local fuel that nobody needed at that hour.
    pub heat_surplus_mwh_a: f64,
    /// Electricity made from local fuel beyond the demand of that hour; it may be sold, but it is not the town's share.
    pub power_surplus_mwh_a: f64,
}

/// The share met, hour by hour: `sum min(demand, supply) / sum demand`. What is made in hours of less demand does not count for
/// others; a supply from a store is one of the hours at which it leaves the store.
///
/// 1 MW of heat against a demand of 2 MW, and no electricity of 2 MW: half the heat, none of the power, a quarter of both:
///
/// ```
/// use peatplan::energy::demand::{HourlyLoad, local_share};
/// let load = |mw| HourlyLoad::new(vec![mw; 8_760]).unwrap();
/// let share = local_share([&load(2.0), &load(2.0)], [&load(1.0), &load(0.0)]);
/// assert_eq!((share.heat, share.power, share.both), (Some(0.5), Some(0.0), Some(0.25)));
/// ```
#[must_use]
pub fn local_share([heat, power]: [&HourlyLoad; 2], [local_heat, local_power]: [&HourlyLoad; 2]) -> LocalShare {
    let met = |demand: &HourlyLoad, supply: &HourlyLoad| -> f64 {
        demand.hours_mw().iter().zip(supply.hours_mw()).map(|(need, have)| need.min(*have)).sum()
    };
    let (heat_met_mwh_a, power_met_mwh_a) = (met(heat, local_heat), met(power, local_power));
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| (part / whole).min(1.0));
    let (heat_mwh, power_mwh) = (heat.energy_mwh(), power.energy_mwh());
    LocalShare {
        heat: share(heat_met_mwh_a, heat_mwh),
        power: share(power_met_mwh_a, power_mwh),
        both: share(heat_met_mwh_a + power_met_mwh_a, heat_mwh + power_mwh),
        heat_met_mwh_a,
        power_met_mwh_a,
        heat_surplus_mwh_a: (local_heat.energy_mwh() - heat_met_mwh_a).max(0.0),
        power_surplus_mwh_a: (local_power.energy_mwh() - power_met_mwh_a).max(0.0),
    }
}
