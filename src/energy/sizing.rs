//! How large a base unit should be: the least yearly cost over sizes. What a size covers of a load, in closed form and by the hours, is told by
//! [`Rossander`](super::demand::Rossander) and [`hourly_coverage`](super::demand::hourly_coverage).
//!
//! It knows no way of finance but an annuity and a net present value at one rate; a full study is the economics' task.

use super::dispatch::{
    CommitmentLimits, DispatchError, DispatchUnit, System, availability_by_hour, committed, heat_led, least_cost,
};
use super::plant::{PlantError, PlantUnit};
use crate::model::{DefaultUsed, ParameterValues, Technology, TechnologyKind};
use serde::Serialize;
use thiserror::Error;

/// Most sizes of the first sweep.
const MOST_STEPS: usize = 100;
/// Steps of the golden section: the stretch between two sizes of the sweep shrinks to a thousandth.
const GOLDEN_STEPS: usize = 14;
/// Sizes whose cost lies within this share of the least one are said to be as good.
const FLAT_SHARE: f64 = 0.01;

/// By which rule the units run while sizes are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SizingRule {
    /// [`heat_led`]: with minimum loads, part load and starts.
    #[default]
    HeatLed,
    /// [`committed`]: at least cost, with minimum loads, part load and starts.
    Committed,
    /// [`least_cost`]: with foresight and without minimum loads; a lower bound.
    LeastCost,
}

/// What is to be sized.
#[derive(Debug, Clone)]
pub struct SizingRequest {
    /// A year of load and prices, the store, and the units that are there in any case.
    pub system: System,
    /// Technology of the base unit.
    pub technology: &'static Technology,
    /// Price of its fuel.
    pub fuel_price_rub_mwh: f64,
    /// Smallest size; none means a twentieth of what serves the peak. Electricity where the technology makes any, else heat.
    pub smallest_mw: Option<f64>,
    /// Largest size; none means what serves the peak.
    pub largest_mw: Option<f64>,
    /// Sizes of the first sweep.
    pub steps: usize,
    /// Rate of the annuity and of the net present value, a year.
    pub discount_rate: f64,
    /// A size with fewer full-load hours is not chosen.
    pub least_full_load_hours: f64,
    /// By which rule the units run.
    pub rule: SizingRule,
}

/// A size and what comes of it, a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SizePoint {
    /// Nominal size: electricity where the technology makes any, else heat.
    pub size_mw: f64,
    /// Its heat capacity.
    pub heat_mw: f64,
    /// Its electric capacity, as expected.
    pub electric_mw: f64,
    /// Its fuel at full load.
    pub fuel_mw: f64,
    /// Its heat capacity over the peak load.
    pub alpha: f64,
    /// Its share of the heat.
    pub heat_share: f64,
    /// Its full-load hours.
    pub full_load_hours: f64,
    /// Electricity it makes.
    pub electric_mwh_a: f64,
    /// Fuel it burns.
    pub fuel_mwh_a: f64,
    /// Investment in it.
    pub investment_rub: f64,
    /// The investment as a yearly sum over its life.
    pub annuity_rub_a: f64,
    /// Its fixed cost.
    pub fixed_rub_a: f64,
    /// Operation of all units, less electricity.
    pub operation_rub_a: f64,
    /// The sum of the three.
    pub total_rub_a: f64,
    /// The sum over the heat served.
    pub heat_cost_rub_mwh: Option<f64>,
    /// Worth of building it against not building it, over its life.
    pub net_present_value_rub: f64,
    /// Heat that is not served.
    pub unserved_mwh_a: f64,
    /// Whether it has full-load hours enough.
    pub enough_full_load_hours: bool,
}

/// Cost over size.
#[derive(Debug, Clone, Serialize)]
pub struct SizeCurve {
    /// By which rule the units ran.
    pub rule: SizingRule,
    /// Sizes from the smallest to the largest.
    pub points: Vec<SizePoint>,
    /// The size of least cost with full-load hours enough; none where no size has them.
    pub best: Option<SizePoint>,
    /// The stretch of sizes round the best whose cost lies within 1 % of the span between it and building nothing, or of its own
    /// cost if that is more: how flat the optimum is.
    pub as_good_mw: Option<(f64, f64)>,
    /// The size that the first guess of alpha gives.
    pub first_guess: SizePoint,
    /// Operation of the other units alone, a year.
    pub without_rub_a: f64,
    /// Year of the prices.
    pub price_year: u16,
    /// What is unusual.
    pub warnings: Vec<String>,
    /// Figures and parameters without a read source.
    pub rests_on: Vec<DefaultUsed>,
}

/// Why there is no size.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SizingError {
    #[error("{name} must lie between {low} and {high}{unit}; it was {value}")]
    OutOfRange { name: &'static str, value: f64, low: f64, high: f64, unit: &'static str },
    #[error("a size is chosen over a year; heat_load_mw must have 8760 or 8784 hours, it had {hours}")]
    NoYear { hours: usize },
    #[error("there is no heat load to be served")]
    NoLoad,
    #[error("smallest_mw must lie below largest_mw; they were {smallest} and {largest} MW")]
    NoRange { smallest: f64, largest: f64 },
    #[error("the computation was stopped before its end")]
    Cancelled,
    #[error(transparent)]
    Plant(#[from] PlantError),
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
}

impl SizingRequest {
    /// Fifteen sizes between a twentieth of the peak and the peak, heat-led, with the least full-load hours of `plants.toml`.
    #[must_use]
    pub fn new(
        system: System,
        technology: &'static Technology,
        fuel_price_rub_mwh: f64,
        discount_rate: f64,
        numbers: &ParameterValues,
    ) -> Self {
        Self {
            system,
            technology,
            fuel_price_rub_mwh,
            smallest_mw: None,
            largest_mw: None,
            steps: 15,
            discount_rate,
            least_full_load_hours: numbers.get("least_full_load_hours"),
            rule: SizingRule::default(),
        }
    }
}

/// The size of least yearly cost: a sweep over sizes, then a golden section between the neighbours of the best one.
///
/// For each size the unit follows from its technology ([`PlantUnit::of_size`], costs with their size exponent), stands in its planned
/// outage when the least heat is needed, and all units run through the year. The yearly cost is
/// `I r (1 + r)^n / ((1 + r)^n - 1) + fixed cost + operation - electricity`; the net present value compares it with the other units alone:
/// `NPV = (operation without - operation with - fixed cost) ((1 + r)^n - 1) / (r (1 + r)^n) - I`. Only sizes with
/// `least_full_load_hours` (fuel over the fuel of an hour at full load) are chosen from.
///
/// # Errors
/// [`SizingError`]: input that makes no sense, or a stop.
pub fn size_curve(
    request: &SizingRequest,
    numbers: &ParameterValues,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<SizeCurve, SizingError> {
    let system = &request.system;
    if ![8_760, 8_784].contains(&system.hours()) {
        return Err(SizingError::NoYear { hours: system.hours() });
    }
    system.check()?;
    within("steps", as_number(request.steps), 3.0, as_number(MOST_STEPS), "")?;
    within("discount_rate", request.discount_rate, 0.0, 1.0, " 1/a")?;
    within("least_full_load_hours", request.least_full_load_hours, 0.0, 8_784.0, " h/a")?;
    let peak = system.heat_load_mw.iter().copied().fold(0.0, f64::max);
    if peak <= 0.0 {
        return Err(SizingError::NoLoad);
    }
    // Every size has the same efficiency, so the size that serves the peak follows from any one.
    let one = PlantUnit::of_size(request.technology, 1.0, numbers)?;
    let per_heat = 1.0 / one.conversion.heat_mw();
    let largest = request.largest_mw.unwrap_or(peak * per_heat);
    let smallest = request.smallest_mw.unwrap_or(peak * per_heat / 20.0);
    if !(smallest > 0.0 && smallest < largest && largest.is_finite()) {
        return Err(SizingError::NoRange { smallest, largest });
    }
    let evaluations = request.steps + GOLDEN_STEPS + 2;
    let mut done = 0;
    let without = operated(system, request.rule)?;
    let mut at = |size: f64| {
        if !keep_going(as_number(done) / as_number(evaluations)) {
            return Err(SizingError::Cancelled);
        }
        done += 1;
        evaluated(request, numbers, size, peak, without)
    };
    let step = |k: usize| smallest + (largest - smallest) * as_number(k) / as_number(request.steps - 1);
    let mut points = (0..request.steps).map(|k| at(step(k))).collect::<Result<Vec<_>, _>>()?;
    if let Some(place) = best_of(&points) {
        let (low, high) = (place.saturating_sub(1), (place + 1).min(points.len() - 1));
        points.extend(golden_section(points[low].size_mw, points[high].size_mw, &mut at)?);
    }
    let first_guess = at(numbers.get("first_alpha") * peak * per_heat)?;
    points.sort_by(|a, b| a.size_mw.total_cmp(&b.size_mw));
    let best = best_of(&points);
    let mut warnings = Vec::new();
    let chosen = best.map(|place| points[place].clone());
    match &chosen {
        None => warnings.push(format!("no size reaches {} full-load hours a year", request.least_full_load_hours)),
        Some(point) => {
            warnings.extend(PlantUnit::of_size(request.technology, point.size_mw, numbers)?.warnings);
            if point.net_present_value_rub < 0.0 {
                warnings.push("the best size costs more than it saves; without it the heat is cheaper".to_owned());
            }
            if point.unserved_mwh_a > 1e-6 {
                warnings.push(format!(
                    "{:.1} MWh of heat a year are not served; the other units are too small, or cannot run as low as the load",
                    point.unserved_mwh_a
                ));
            }
        }
    }
    Ok(SizeCurve {
        rule: request.rule,
        as_good_mw: best.map(|place| as_good(&points, place, without)),
        points,
        best: chosen,
        first_guess,
        without_rub_a: without,
        price_year: one.price_year,
        warnings,
        rests_on: one.rests_on,
    })
}

/// Cost of operation of a year.
fn operated(system: &System, rule: SizingRule) -> Result<f64, SizingError> {
    Ok(run(system, rule)?.cost(system).total_rub)
}

fn run(system: &System, rule: SizingRule) -> Result<super::dispatch::Schedule, DispatchError> {
    match rule {
        SizingRule::HeatLed => heat_led(system),
        SizingRule::Committed => committed(system, &CommitmentLimits::default(), &mut |_| true),
        SizingRule::LeastCost => least_cost(system, &mut |_| true),
    }
}

fn evaluated(
    request: &SizingRequest,
    numbers: &ParameterValues,
    size_mw: f64,
    peak_mw: f64,
    without_rub_a: f64,
) -> Result<SizePoint, SizingError> {
    let unit = PlantUnit::of_size(request.technology, size_mw, numbers)?;
    let mut system = request.system.clone();
    let availability = availability_by_hour(&system.heat_load_mw, unit.planned_outage_h, unit.forced_outage_share)?;
    let name = format!("base unit: {}", request.technology.name);
    system.units.push(DispatchUnit::of(&unit, name, request.fuel_price_rub_mwh, Some(availability)));
    system.check()?;
    let schedule = run(&system, request.rule)?;
    let place = system.units.len() - 1;
    let cost = schedule.cost(&system);
    let fuel_mwh_a: f64 = (0..system.hours()).map(|hour| schedule.fuel_mw(&system, place, hour)).sum();
    let heat_mwh_a: f64 = schedule.unit_heat_mw[place].iter().sum();
    let all_heat: f64 = schedule.unit_heat_mw.iter().flatten().sum();
    let unserved: f64 = schedule.unserved_mw.iter().sum();
    let served = system.heat_load_mw.iter().sum::<f64>() - unserved;
    let annuity = annuity_factor(request.discount_rate, unit.life_a);
    let annuity_rub_a = unit.investment_rub * annuity;
    let operation = cost.total_rub;
    let total = annuity_rub_a + unit.fixed_cost_rub_a + operation;
    let full_load_hours = fuel_mwh_a / unit.conversion.fuel_mw();
    Ok(SizePoint {
        size_mw,
        heat_mw: unit.conversion.heat_mw(),
        electric_mw: if request.technology.kind == TechnologyKind::Boiler { 0.0 } else { unit.conversion.electric_mw() },
        fuel_mw: unit.conversion.fuel_mw(),
        alpha: unit.conversion.heat_mw() / peak_mw,
        heat_share: if all_heat > 0.0 { heat_mwh_a / all_heat } else { 0.0 },
        full_load_hours,
        electric_mwh_a: schedule.unit_electric_mw[place].iter().sum(),
        fuel_mwh_a,
        investment_rub: unit.investment_rub,
        annuity_rub_a,
        fixed_rub_a: unit.fixed_cost_rub_a,
        operation_rub_a: operation,
        total_rub_a: total,
        heat_cost_rub_mwh: (served > 1e-9).then(|| total / served),
        net_present_value_rub: (without_rub_a - operation - unit.fixed_cost_rub_a) / annuity - unit.investment_rub,
        unserved_mwh_a: unserved,
        enough_full_load_hours: full_load_hours >= request.least_full_load_hours,
    })
}

/// `r (1 + r)^n / ((1 + r)^n - 1)`, and `1 / n` without interest.
fn annuity_factor(rate: f64, years: f64) -> f64 {
    if rate == 0.0 { 1.0 / years } else { rate / (1.0 - (1.0 + rate).powf(-years)) }
}

/// The cheapest of the sizes with full-load hours enough; of equals, the smallest.
fn best_of(points: &[SizePoint]) -> Option<usize> {
    let enough = points.iter().enumerate().filter(|(_, point)| point.enough_full_load_hours);
    enough.min_by(|(_, a), (_, b)| a.total_rub_a.total_cmp(&b.total_rub_a)).map(|(place, _)| place)
}

/// Sizes between two, nearer and nearer to the least cost; where one lacks full-load hours the smaller one is gone on with.
fn golden_section(
    mut low: f64,
    mut high: f64,
    at: &mut impl FnMut(f64) -> Result<SizePoint, SizingError>,
) -> Result<Vec<SizePoint>, SizingError> {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let mut seen = Vec::with_capacity(GOLDEN_STEPS);
    let (mut inner, mut outer) = (at(high - golden * (high - low))?, at(low + golden * (high - low))?);
    for _ in 2..GOLDEN_STEPS {
        let inner_wins =
            !outer.enough_full_load_hours || (inner.enough_full_load_hours && inner.total_rub_a <= outer.total_rub_a);
        if inner_wins {
            high = outer.size_mw;
            seen.push(std::mem::replace(&mut outer, inner));
            inner = at(high - golden * (high - low))?;
        } else {
            low = inner.size_mw;
            seen.push(std::mem::replace(&mut inner, outer));
            outer = at(low + golden * (high - low))?;
        }
    }
    seen.extend([inner, outer]);
    Ok(seen)
}

/// The stretch of sizes round the best with full-load hours enough and nearly its cost.
fn as_good(points: &[SizePoint], best: usize, without_rub_a: f64) -> (f64, f64) {
    let least = points[best].total_rub_a;
    let slack = FLAT_SHARE * least.abs().max((without_rub_a - least).abs());
    let good = |point: &&SizePoint| point.enough_full_load_hours && point.total_rub_a <= least + slack;
    let below = points[..=best].iter().rev().take_while(good).last();
    let above = points[best..].iter().take_while(good).last();
    let size = |point: Option<&SizePoint>| point.map_or(points[best].size_mw, |point| point.size_mw);
    (size(below), size(above))
}

#[expect(clippy::cast_precision_loss, reason = "counts of steps and hours are small")]
fn as_number(count: usize) -> f64 {
    count as f64
}

fn within(name: &'static str, value: f64, low: f64, high: f64, unit: &'static str) -> Result<(), SizingError> {
    if (low..=high).contains(&value) { Ok(()) } else { Err(SizingError::OutOfRange { name, value, low, high, unit }) }
}

#[cfg(test)]
mod tests;
