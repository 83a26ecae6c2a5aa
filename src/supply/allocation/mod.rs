//! Several deposits, several plants, many years: who burns whose peat, when, at the least discounted cost.
//!
//! The way of a number: [`AllocationStudy`] → a canonical case → a linear program → its optimum and prices → an
//! [`Allocation`], which is then checked against the case without the program. All flows are fuel energy in MWh by net calorific
//! value, so peat, chips and gas add up. Prices say what the last MWh costs at each plant, what a MWh in the ground is worth, and
//! what a MWh of yearly harvest would bring.
//!
//! Peat that is not burnt in the year of its harvest stays in the stacks at its field, where it is of one kind: a blend at a plant
//! stays a weighted mean, and the program stays linear.

mod answer;
mod case;
mod check;
mod error;
mod program;
mod reading;
mod study;

#[cfg(test)]
mod tests;

pub use answer::{Allocation, AllocationCost, AlternativeUse, Delivery, PlantSupply, PlantYear, SourceUse, SourceYear};
pub use error::{AllocationError, Shortfall, ShortfallKind};
pub use study::{
    AllocationNumbers, AllocationStudy, AlternativeFuel, AlternativeOffer, BlendLimits, DeliveryWay, FuelPlant, FuelQuality,
    HarvestSource, Reach, ShareRange,
};

use crate::optimisation::{ProgramError, SolveLimits};

/// Most years of a study.
pub const MOST_YEARS: usize = 100;
/// Most sources, plants, and alternative fuels of a study, each.
pub const MOST_PLACES: usize = 2_000;
/// Most flows of a study: ways and offers of alternative fuels, times years.
pub const MOST_FLOWS: usize = 100_000;

/// The cheapest supply of all plants over all years.
///
/// Minimised is `sum_y df_y (sum (c_harvest + c_way) x + sum p_alternative a + sum p_short u + sum c_preparation p)` with
/// `df_y = (1 + r)^-(y+1)`, the first year being `y = 0`: payments are at the ends of years. It holds that
///
/// - peat, alternatives and what is short make up each plant's need of each year;
/// - a source gives no more a year than yield × prepared area × weather factor, and over all years no more than its stock, and by each
///   year's end no more than its prepared land can have given in its own seasons, where that is stated;
/// - prepared area grows by at most the ramp a year, over all sources by what crews can do, up to its largest; it begins after the
///   years of permits, and is harvested after the years of works, with less than the full yield at first;
/// - stacks carried over the year's end lose their share, and stay below their limit;
/// - ash, moisture and sulphur of what a plant burns, weighted by mass as received, stay within its limits.
///
/// A multi-period transport problem (Dantzig 1951) with depletable sources; the price of a reserve is its scarcity rent (Hotelling 1931).
/// The order of sources, plants, ways and fuels changes nothing: they are sorted by their ids, and ids break ties. At the horizon's
/// end nothing is worth anything: what is left in the ground or prepared has no value there.
///
/// Two plants of 100 MWh, a field that gives 150 MWh a year at 300 RUB/MWh, and chips at 900: the last MWh of both plants is chips.
///
/// ```
/// use peatplan::supply::allocation::*;
/// let plant = |id: &str| FuelPlant { id: id.into(), need_mwh: vec![100.0], ..FuelPlant::default() };
/// let way = |plant: &str| DeliveryWay { source: "F".into(), plant: plant.into(), cost_rub_mwh: 100.0, most_mwh_a: None };
/// let offer = |plant: &str| AlternativeOffer { plant: plant.into(), price_rub_mwh: Some(900.0), most_mwh_a: None, unlimited: true };
/// let study = AllocationStudy {
///     first_year: 2026,
///     years: 1,
///     discount_rate: 0.0,
///     weather: vec![],
///     preparation_most_ha_a: None,
///     sources: vec![HarvestSource {
///         id: "F".into(), stock_mwh: 1e4, yield_mwh_ha: 1.5, prepared_ha: 100.0, largest_ha: 100.0, harvest_cost_rub_mwh: 200.0,
///         carry_over_most_mwh: Some(0.0), ..HarvestSource::default()
///     }],
///     plants: vec![plant("A"), plant("B")],
///     ways: vec![way("A"), way("B")],
///     alternatives: vec![AlternativeFuel { id: "chips".into(), offers: vec![offer("A"), offer("B")], ..AlternativeFuel::default() }],
///     numbers: AllocationNumbers::default(),
/// };
/// let plan = allocation(&study, &mut |_| true).unwrap();
/// assert!((plan.cost.total_rub - (150.0 * 300.0 + 50.0 * 900.0)).abs() < 1e-6);
/// assert!((plan.plants[0].years[0].marginal_cost_rub_mwh.unwrap() - 900.0).abs() < 1e-9);
/// assert!((plan.sources[0].years[0].capacity_value_rub_mwh.unwrap() - 600.0).abs() < 1e-9);
/// ```
///
/// # Errors
/// [`AllocationError`]: which input is not allowed and what is; what cannot be met and by how little; that it was stopped.
pub fn allocation(study: &AllocationStudy, keep_going: &mut dyn FnMut(f64) -> bool) -> Result<Allocation, AllocationError> {
    let case = case::Case::of(study)?;
    let built = program::Built::of(&case);
    let limits = SolveLimits::default();
    let optimum = match built.program.minimum_watched(&limits, &mut |share| keep_going(0.7 * share)) {
        Err(ProgramError::Infeasible) => return Err(error::infeasible(&case, &built, &limits, keep_going)),
        other => other?,
    };
    if !keep_going(0.7) {
        return Err(AllocationError::Cancelled);
    }
    let prices = match built.program.prices_watched(&optimum, &mut |share| keep_going(0.7 + 0.3 * share)) {
        Err(ProgramError::Interrupted) => return Err(AllocationError::Cancelled),
        other => other.ok(),
    };
    let plan = reading::read(&case, &built, &optimum, prices.as_ref());
    check::check(&case, &plan)?;
    keep_going(1.0);
    Ok(plan)
}
