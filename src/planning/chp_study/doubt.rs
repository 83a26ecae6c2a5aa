//! How sure the plan is: reserves, seasons and prices drawn together, and one factor at a time.

use super::ChpQuery;
use super::money::{PlantMoney, whole};
use super::operated::Operation;
use super::peat_years::{PeatSources, PeatYear};
use crate::energy::economics::Multipliers;
use crate::energy::uncertainty::{
    Distribution, Factor, Tornado, UncertaintyError, UncertaintyReport, default_factors, default_factors_rest_on,
    monte_carlo_numbered, tornado,
};
use crate::model::{DefaultUsed, FeatureId};
use crate::supply::{SeasonError, SeasonWeather};
use serde::Serialize;

/// Outputs that are drawn.
const OUTPUTS: [&str; 5] = [
    "net_present_value_rub",
    "levelised_cost_heat_rub_mwh",
    "levelised_cost_electricity_rub_mwh",
    "peat_covered_share",
    "years_of_full_supply",
];
/// The factor of the price of what boilers burn now.
const PRESENT_FUEL: &str = "present_fuel_price_factor";
/// Share of the hours in which the plant can run; the plan has one of its own.
const AVAILABILITY: &str = "availability";
/// What the plant makes of its fuel over what it is nominally said to; the plan has one of its own.
const EFFICIENCY: &str = "efficiency_factor";
/// Harvest of all seasons alike; draws have a weather for each season instead.
const HARVEST: &str = "harvest_factor";
/// What the seasons of a draw are drawn from.
const SEASON_FACTORS: [&str; 4] = ["season_factor_mean", "season_factor_sd", "season_factor_least", "season_factor_greatest"];
/// A tornado goes from P10 to P90.
const LOW_AND_HIGH: [f64; 2] = [0.1, 0.9];
/// Peat that is missing by rounding alone is not missing.
const WHOLE_NEED: f64 = 1.0 - 1e-9;

/// How sure the peat of a deposit is, by conditional simulation of its depth with its density, ash, moisture and calorific value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReserveFactor {
    /// Row in `deposits`.
    pub deposit_id: FeatureId,
    /// Name.
    pub deposit_name: String,
    /// Name in Russian.
    pub deposit_name_ru: Option<String>,
    /// Energy of the estimate that the plan counts on.
    pub estimate_mwh: f64,
    /// Energy over that of the estimate that one drawn deposit in ten stays below.
    pub p10: f64,
    /// Half of them.
    pub p50: f64,
    /// Nine in ten.
    pub p90: f64,
    /// Place among the deposits of the supply.
    #[serde(skip)]
    pub place: usize,
}

impl ReserveFactor {
    /// The factor's name among the others.
    fn name(&self) -> String {
        format!("reserve_factor_{}", self.deposit_id)
    }
}

/// A plan that is not sure.
pub(super) struct Doubt<'a> {
    pub query: &'a ChpQuery,
    pub money: &'a PlantMoney<'a>,
    pub peat: &'a PeatSources,
    pub reserves: &'a [ReserveFactor],
}

/// Factors with what reads them.
struct Drawn<'a> {
    doubt: &'a Doubt<'a>,
    factors: Vec<Factor>,
    /// Weather of the seasons of a draw.
    weather: &'a SeasonWeather,
    seed: u64,
}

impl Doubt<'_> {
    /// One factor at a time, and all of them together with seasons of their own.
    pub(super) fn drawn(
        &self,
        keep_going: &mut dyn FnMut(f64) -> bool,
    ) -> Result<(Tornado, UncertaintyReport), UncertaintyError> {
        let numbers = &self.query.uncertainty;
        let mut factors = default_factors(numbers, &self.query.shapes)?;
        factors.retain(|factor| acts(factor.name(), self.query));
        for factor in &mut factors {
            *factor = Factor::new(factor.name(), factor.unit(), self.base_of(factor), factor.distribution().clone())?;
        }
        for reserve in self.reserves {
            let distribution = Distribution::from_p10_p50_p90(reserve.p10, reserve.p50, reserve.p90);
            factors.push(Factor::new(reserve.name(), "", 1.0, distribution)?);
        }
        let seed = seed_of(numbers.get("uncertainty_seed"));
        let draws = whole(numbers.get("uncertainty_draws")) as usize;
        let weather =
            &SeasonWeather::from_numbers(&self.query.supply.request.season_numbers).map_err(|error| season_refused(&error))?;
        let plan = Drawn { doubt: self, weather, seed, factors };
        let one = |values: &[f64]| plan.outputs(values, None)[0];
        let bars = tornado(&plan.factors, LOW_AND_HIGH[0], LOW_AND_HIGH[1], &mut |share| keep_going(0.1 * share), one)?;
        // The seasons of a draw say what its harvests are: drawn beside them, the factor would count the weather twice.
        let together = plan.factors.iter().filter(|factor| factor.name() != HARVEST).cloned().collect();
        let plan = Drawn { factors: together, ..plan };
        let all = |draw: usize, values: &[f64]| plan.outputs(values, Some(draw)).to_vec();
        let rest = &mut |share: f64| keep_going(0.1 + 0.9 * share);
        let run = monte_carlo_numbered(&plan.factors, &OUTPUTS, draws, seed, rest, all)?;
        Ok((bars, run.report()))
    }

    /// Where the study stands without doubt: what it counts on itself, else the base of the factor's numbers.
    fn base_of(&self, factor: &Factor) -> f64 {
        let unit = self.money.unit;
        match factor.name() {
            AVAILABILITY => unit.availability(),
            EFFICIENCY => unit.counted_efficiency,
            HARVEST => 1.0,
            _ => factor.base(),
        }
    }
}

impl Drawn<'_> {
    /// The outputs with values of the factors; seasons are those of a draw, or all alike.
    fn outputs(&self, values: &[f64], draw: Option<usize>) -> [f64; 5] {
        let place = |name: &str| self.factors.iter().position(|factor| factor.name() == name);
        let value = |name: &str| place(name).map_or(1.0, |place| values[place]);
        // What the plan counts on itself is divided out.
        let over_plan = |name: &str| place(name).map_or(1.0, |place| values[place] / self.factors[place].base());
        let money = self.doubt.money;
        let years = money.operation_years();
        let seasons = match draw {
            Some(draw) => self.weather.draw(years, self.seed, draw as u64),
            None => vec![self.doubt.peat.weather_factor(); years],
        };
        let level = value(HARVEST);
        let weather: Vec<f64> = seasons.into_iter().map(|season| season * level).collect();
        let operation = Operation { output: over_plan(AVAILABILITY), fuel_use: 1.0 / over_plan(EFFICIENCY) };
        let operated = money.operated(operation);
        let peat = self.doubt.peat.years(&weather, &self.stock_factors(values), operated.peat_need_mwh);
        let project = money.with_working_capital(money.project(&operated, &peat).multiplied(&Multipliers {
            capital_cost: value("capital_cost_factor"),
            operation_cost: value("operation_cost_factor"),
            fuel_price: value("fuel_price_factor"),
            electricity_price: value("electricity_price_factor"),
            heat_price: value("heat_price_factor"),
            present_fuel_price: value(PRESENT_FUEL),
            // Output and use of fuel are those of the year above.
            ..Multipliers::default()
        }));
        let [share, full] = supply_of(&peat, operated.peat_need_mwh);
        // What cannot be computed in a draw has no number there, and is counted as such.
        project.result().map_or([f64::NAN, f64::NAN, f64::NAN, share, full], |result| {
            let levelised = [result.levelised_cost_heat_rub_mwh, result.levelised_cost_electricity_rub_mwh];
            let [heat, electricity] = levelised.map(|cost| cost.unwrap_or(f64::NAN));
            [result.measures.npv_rub, heat, electricity, share, full]
        })
    }

    /// By place among the supply's deposits.
    fn stock_factors(&self, values: &[f64]) -> Vec<f64> {
        let first = self.factors.len() - self.doubt.reserves.len();
        let most = self.doubt.reserves.iter().map(|reserve| reserve.place + 1).max().unwrap_or(0);
        let mut of_deposits = vec![1.0; most];
        for (reserve, value) in self.doubt.reserves.iter().zip(&values[first..]) {
            of_deposits[reserve.place] = value.max(0.0);
        }
        of_deposits
    }
}

/// Share of the need for peat that the fields give over all years, and years from the first on in which they give all.
fn supply_of(peat: &[PeatYear], need_mwh: f64) -> [f64; 2] {
    let met = |year: &&PeatYear| year.supplied_mwh >= need_mwh * WHOLE_NEED;
    let supplied: f64 = peat.iter().map(|year| year.supplied_mwh).sum();
    #[expect(clippy::cast_precision_loss, reason = "at most a hundred years")]
    let [years, full] = [peat.len(), peat.iter().take_while(met).count()].map(|count| count as f64);
    let wanted = years * need_mwh;
    [if wanted > 0.0 { (supplied / wanted).min(1.0) } else { 1.0 }, full]
}

/// A seed as it was given: the numbers of the reference file keep it whole and from nothing on.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and between nothing and 2^53")]
fn seed_of(number: f64) -> u64 {
    number as u64
}

/// Whether a study depends on a factor: only a boiler that is built buys the present fuel.
fn acts(factor: &str, query: &ChpQuery) -> bool {
    query.build_backup || factor != PRESENT_FUEL
}

/// Defaults without a read source that the draws rest on.
///
/// # Errors
/// As [`default_factors`].
pub(super) fn draws_rest_on(query: &ChpQuery) -> Result<Vec<DefaultUsed>, UncertaintyError> {
    let mut used = default_factors_rest_on(&query.uncertainty, &query.shapes)?;
    used.retain(|default| query.build_backup || !default.parameter.starts_with(PRESENT_FUEL));
    used.extend(query.supply.request.season_numbers.unsourced_defaults(&SEASON_FACTORS));
    Ok(used)
}

fn season_refused(error: &SeasonError) -> UncertaintyError {
    crate::model::InputError { parameter: "season_factor_mean".into(), detail: error.to_string() }.into()
}
