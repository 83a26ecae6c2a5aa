//! What a unit of energy must cost on average.

use super::EconomicsError;
use super::error::{finite, within};
use super::present_value::{exact_sum, net_present_value};

/// Levelised cost `L = [sum of C_t / (1 + r)^t] / [sum of E_t / (1 + r)^t]` in RUB/MWh: the constant price at which the energy pays all its costs
/// and the discount rate (IEA and NEA, Projected Costs of Generating Electricity, 2020).
///
/// `costs_rub` are positive; credits for a joint product are subtracted from them before (heat credit for the cost of
/// electricity, electricity credit for the cost of heat). With flows in money of one year and a real rate it is a real cost.
///
/// 1,000 now and 50 a year for 100 MWh a year over two years at 0 %: 1,100 / 200 = 5.5 RUB/MWh.
///
/// ```
/// use peatplan::energy::economics::levelised_cost;
/// assert_eq!(levelised_cost(0.0, &[1_000.0, 50.0, 50.0], &[0.0, 100.0, 100.0]).unwrap(), 5.5);
/// ```
///
/// # Errors
/// A rate below -99 %, years that do not match, energy below zero, or none at all.
pub fn levelised_cost(rate_a: f64, costs_rub: &[f64], energy_mwh: &[f64]) -> Result<f64, EconomicsError> {
    if costs_rub.len() != energy_mwh.len() {
        let (name, each) = ("the energy by year".to_owned(), "years that have costs");
        return Err(EconomicsError::WrongLength { name, expected: costs_rub.len(), given: energy_mwh.len(), each });
    }
    for (year, energy) in energy_mwh.iter().enumerate() {
        within(format!("the energy of year {year}"), *energy, [0.0, 1e15], " MWh")?;
    }
    if exact_sum(energy_mwh.iter().copied()) <= 0.0 {
        return Err(EconomicsError::Missing { what: "energy to share the costs", allowed: "give more than 0 MWh in some year" });
    }
    let energy = net_present_value(rate_a, energy_mwh)?;
    finite("the levelised cost", net_present_value(rate_a, costs_rub)? / energy)
}
