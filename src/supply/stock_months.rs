//! The stockpile of a plant month by month, in an average and in a wet season.

use super::fuel_supply::FieldSource;
use super::need::FuelNeed;
use super::request::SupplyRequest;
use super::season::{HeatProfile, LooseFuel, MonthlyShares, need_by_month};
use super::stockpile::{FuelYear, SteadyCycle, StockMonth, StockYear, StockpileError};
use super::warning::SupplyWarning;
use crate::model::DefaultUsed;
use crate::units::{CubicMetres, MassFraction, MegawattHours, Share, Tonnes};
use serde::Serialize;

/// A season and the year that it feeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StockSeason {
    /// Harvest over the average one.
    pub weather_factor: f64,
    /// What all counted fields could bring to the stack.
    pub possible_harvest_t: Tonnes,
    /// Brought to the stack.
    pub harvest_t: Tonnes,
    /// Burned.
    pub burned_t: Tonnes,
    /// Dry matter that the stack lost, as fuel.
    pub lost_t: Tonnes,
    /// What the plant lacked.
    pub short_t: Tonnes,
    /// Share of the need that was met.
    pub covered_share: f64,
    /// Month by month, from the first month of harvest on.
    pub months: Vec<StockMonth>,
}

/// The stockpile of a plant. Tonnes are at the reference moisture, of the mean calorific value of the fields.
#[derive(Debug, Clone, Serialize)]
pub struct StockMonths {
    /// Need of a year.
    pub need_t_a: Tonnes,
    /// Stock that an average season does not touch.
    pub safety_stock_t: Tonnes,
    /// Greatest stock of an average year: the room that the stack needs.
    pub size_needed_t: Tonnes,
    /// The same by energy.
    pub size_needed_mwh: MegawattHours,
    /// The same as loose volume at the moisture of the stack.
    pub size_needed_m3_loose: CubicMetres,
    /// Calendar month at the end of which the stack is largest, 1 to 12.
    pub size_needed_month: u8,
    /// What must come to the stack in a year: the need and the losses.
    pub planned_harvest_t_a: Tonnes,
    /// Share of it that the stack loses.
    pub lost_share: f64,
    /// What must lie there before a wet season, beyond the stock of an average year, so that nobody is short.
    pub carry_over_t: Tonnes,
    /// The same as loose volume.
    pub carry_over_m3_loose: CubicMetres,
    /// An average year, which ends as it began.
    pub mean: StockSeason,
    /// A wet season after average years.
    pub wet: StockSeason,
    /// What a reader should know.
    pub warnings: Vec<SupplyWarning>,
    /// Defaults without a read source that the stockpile rests on, beside those of the supply.
    pub rests_on: Vec<DefaultUsed>,
}

/// What fields can bring in one season.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PossibleHarvest {
    pub(super) weather_factor: f64,
    /// By energy, before the loss in the stack.
    pub(super) energy: MegawattHours,
}

/// Follows the stack of a plant. Where fields give less than the plan even in an average season, peat keeps its share of
/// each month's need and the rest is short all year: nobody burns peat until it is gone and stops then.
///
/// The yearly answer takes a fixed share off the harvest for storage; here the stack loses its share month by month
/// instead, so that fields bring their harvest whole.
pub(super) fn stock_months(
    need: &FuelNeed,
    sources: &[FieldSource<'_>],
    used: &[MegawattHours],
    (mean, wet): (PossibleHarvest, PossibleHarvest),
    request: &SupplyRequest,
    mwh_per_tonne: f64,
) -> Result<StockMonths, StockpileError> {
    let numbers = &request.season_numbers;
    let tonnes = |energy: MegawattHours| Tonnes(energy.0 / mwh_per_tonne);
    let StockPlan { whole, year, cycle } = StockPlan::of(need, tonnes(mean.energy), request, mwh_per_tonne)?;
    let in_wet = tonnes(wet.energy).min(cycle.harvest);
    let carry_over = year.carry_over(&cycle, in_wet)?;
    let of_wet = year.follow(&cycle.start, &[in_wet], None)?.remove(0);

    let loose = loose_cubic_metres_of_a_tonne(sources, used, request);
    let lost = if cycle.harvest.0 > 0.0 { cycle.year.lost_t / cycle.harvest } else { 0.0 };
    let mean = season(&whole, &cycle.year, mean, tonnes(mean.energy));
    let wet = season(&whole, &of_wet, wet, tonnes(wet.energy));
    Ok(StockMonths {
        need_t_a: whole.need_t_a(),
        safety_stock_t: year.safety_stock(),
        size_needed_t: cycle.largest,
        size_needed_mwh: MegawattHours(cycle.largest.0 * mwh_per_tonne),
        size_needed_m3_loose: CubicMetres(cycle.largest.0 * loose),
        size_needed_month: cycle.largest_month,
        planned_harvest_t_a: cycle.harvest,
        lost_share: lost,
        carry_over_t: carry_over,
        carry_over_m3_loose: CubicMetres(carry_over.0 * loose),
        warnings: warnings(&mean, &wet, carry_over, numbers.get("stock_age_limit_months")),
        rests_on: rests_on(request),
        mean,
        wet,
    })
}

/// The year that a stack is planned for.
pub(super) struct StockPlan {
    /// With the whole need.
    pub(super) whole: FuelYear,
    /// With the part of it that fields cover in an average season.
    pub(super) year: FuelYear,
    pub(super) cycle: SteadyCycle,
}

impl StockPlan {
    pub(super) fn of(need: &FuelNeed, mean: Tonnes, request: &SupplyRequest, mwh_per_tonne: f64) -> Result<Self, StockpileError> {
        let numbers = &request.season_numbers;
        let by_month = match request.need_by_month {
            Some(shares) => shares,
            None => need_by_month(&HeatProfile::from_numbers(numbers), need.full_load_hours)?,
        };
        let whole = FuelYear::from_numbers(Tonnes(need.fuel_mwh_a.0 / mwh_per_tonne), &by_month, numbers)?;
        let planned = whole.steady_cycle().harvest;
        let covered = if planned.0 > 0.0 { (mean / planned).clamp(0.0, 1.0) } else { 1.0 };
        let year = whole.scaled(Share::new(covered).unwrap_or(Share::ONE));
        Ok(Self { whole, year, cycle: year.steady_cycle() })
    }
}

/// What the whole need lacks beyond what the plan covers is short in every month.
fn season(whole: &FuelYear, year: &StockYear, of: PossibleHarvest, possible: Tonnes) -> StockSeason {
    let mut months = year.months.clone();
    for (month, need) in months.iter_mut().zip(whole.needs()) {
        month.need_t = *need;
        month.short_t = (*need - month.burned_t).max(Tonnes::ZERO);
        // Less than a billionth is rounding.
        if month.short_t.0 <= 1e-9 * need.0 {
            month.short_t = Tonnes::ZERO;
        }
    }
    let need = whole.need_t_a();
    let short = months.iter().fold(Tonnes::ZERO, |sum, month| sum + month.short_t);
    StockSeason {
        weather_factor: of.weather_factor,
        possible_harvest_t: possible,
        harvest_t: year.harvest_t,
        burned_t: year.burned_t,
        lost_t: year.lost_t,
        short_t: short,
        covered_share: if need.0 > 0.0 { (1.0 - short / need).clamp(0.0, 1.0) } else { 1.0 },
        months,
    }
}

/// Mean of the fields by what is used of them; milled peat where nothing is.
pub(super) fn loose_cubic_metres_of_a_tonne(sources: &[FieldSource<'_>], used: &[MegawattHours], request: &SupplyRequest) -> f64 {
    let moisture = MassFraction::new(request.reserve_numbers.get("reference_moisture")).unwrap_or_default();
    let volume = |technology| LooseFuel::of(technology, &request.season_numbers).volume(Tonnes(1.0), moisture).0;
    // By the fields' numbers: their order changes no bit.
    let mut parts: Vec<_> = sources.iter().zip(used).map(|(source, energy)| (source.stock, energy.0)).collect();
    parts.sort_by_key(|(stock, _)| stock.field);
    let all: f64 = parts.iter().map(|(_, energy)| energy).sum();
    if all <= 0.0 {
        return volume(None);
    }
    parts.iter().map(|(stock, energy)| volume(stock.technology) * energy).sum::<f64>() / all
}

fn warnings(mean: &StockSeason, wet: &StockSeason, carry_over: Tonnes, age_limit: f64) -> Vec<SupplyWarning> {
    let mut warnings = Vec::new();
    if mean.short_t.0 > 0.0 {
        let percent = mean.covered_share * 100.0;
        let text = format!("the fields cover {percent:.0} % of the need in an average season; the stack is sized for that share");
        warnings.push(SupplyWarning::new("stock_below_need", text));
    }
    let first_short = |season: &StockSeason| {
        let short = |month: &&StockMonth| month.burned_t.0 < month.need_t.0 * (mean.covered_share - 1e-6);
        season.months.iter().find(short).map(|month| month.month)
    };
    if let Some(month) = first_short(wet).filter(|_| carry_over.0 > 0.0) {
        let text = format!(
            "after a wet season the stack is empty in month {month}; {:.0} t more before the season would last",
            carry_over.0
        );
        warnings.push(SupplyWarning::new("wet_season_empties_stock", text));
    }
    let old = mean.months.iter().max_by(|a, b| a.too_old_t.0.total_cmp(&b.too_old_t.0)).filter(|month| month.too_old_t.0 > 0.0);
    if let Some(month) = old {
        let text = format!(
            "{:.0} t in the stack are {age_limit:.0} months old or older at the end of month {}; old stacks heat up by themselves",
            month.too_old_t.0, month.month
        );
        warnings.push(SupplyWarning::new("stock_self_heating", text));
    }
    warnings
}

pub(super) fn rests_on(request: &SupplyRequest) -> Vec<DefaultUsed> {
    let mut names = vec![
        "harvest_weight_april",
        "harvest_weight_may",
        "harvest_weight_june",
        "harvest_weight_july",
        "harvest_weight_august",
        "harvest_weight_september",
        "stock_loss_month",
        "safety_stock_days",
        "stock_age_limit_months",
    ];
    if request.need_by_month.is_none() {
        names.extend(["heating_days", "heating_season_mean_c", "indoor_temperature_c", "hot_water_share"]);
    }
    request.season_numbers.unsourced_defaults(&names)
}

/// Twelve numbers from text, January first, apart by commas, semicolons or spaces.
pub(super) fn twelve_numbers(text: &str) -> Option<MonthlyShares> {
    let apart = |c: char| matches!(c, ',' | ';' | '[' | ']') || c.is_whitespace();
    let numbers: Option<Vec<f64>> = text.split(apart).filter(|word| !word.is_empty()).map(|word| word.parse().ok()).collect();
    MonthlyShares::new("need_by_month", numbers?.try_into().ok()?).ok()
}

#[cfg(test)]
mod tests;
