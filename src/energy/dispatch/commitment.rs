//! Units that run or stand: minimum loads and starts, week by week.

use super::least_cost::{StoredHeatValue, check_power_prices, stored_heat_values};
use super::on_off::on_off;
use super::{DispatchError, LoadModel, Schedule, StoreEnd, System};
use crate::energy::plant::Conversion;
use crate::optimisation::{LinearProgram, ProgramError, SolveLimits, Variable};

/// A window is not made shorter than this, hours.
const SHORTEST_WINDOW_H: usize = 12;

/// How far ahead is looked, and how long it is searched.
#[derive(Debug, Clone, PartialEq)]
pub struct CommitmentLimits {
    /// Hours that are chosen together; 168 is a week.
    pub window_h: usize,
    /// Limits of the search in each window; its `gap` is the share of the cost that may be left.
    pub solve: SolveLimits,
}

impl Default for CommitmentLimits {
    /// Weeks, to 0.2 % of their cost or 2,000 nodes.
    fn default() -> Self {
        Self { window_h: 168, solve: SolveLimits { gap: 2e-3, nodes: 2_000, ..SolveLimits::default() } }
    }
}

/// The variables of a unit in an hour.
struct UnitVariables {
    /// Whether it runs, where that is a choice.
    on: Option<Variable>,
    /// Load, a share of the full fuel.
    load: Variable,
    /// Heat and electricity of an extraction turbine.
    chosen: Option<(Variable, Variable)>,
}

struct HourVariables {
    units: Vec<UnitVariables>,
    dumped: Option<Variable>,
    unserved: Variable,
    stored: Option<Variable>,
}

/// What is known before a window.
struct Before {
    stored_mwh: f64,
    /// Whether each unit ran; none before the first hour of all, in which running costs no start.
    on: Option<Vec<bool>>,
}

/// A schedule with minimum loads, part-load lines, running costs and starts. Where there is no store, no heat thrown away and one price
/// of electricity, it is the optimum of all hours, by a shortest path over the sets of running units. Else it is a program with yes-or-no variables for each
/// window of hours, one after the other.
///
/// For a unit of a fixed ratio with `u` (runs) and `l` (load): `l_min u <= l <= a u`, heat
/// `Q_full ((r - 1) u + (2 - r) l)`, electricity likewise, fuel `F l`; a start is `v >= u_t - u_(t-1)`. An extraction turbine has
/// `P + Cv Q = E_full ((r - 1) u + (2 - r) l)` and `P >= Cb Q`. The state before the first hour is that of the first hour.
///
/// Heat left in store at the end of a window is worth what [`super::least_cost`] says it is worth to the hours after it; with
/// own use of power at two prices and more than eight units the store ends each window as it began. The answer of each window
/// lies within its `gap` of the window's least cost, as a share of that cost and of the most that electricity can bring; over
/// several windows it is not the optimum of all hours, for nobody sees a start ahead. A window that the search cannot end within its
/// nodes is halved, down to half a day.
/// `proven_gap` is the greatest of the windows.
///
/// # Errors
/// [`DispatchError`]: input that makes no sense, a window that cannot be solved, or a stop.
pub fn committed(
    system: &System,
    limits: &CommitmentLimits,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<Schedule, DispatchError> {
    system.check()?;
    if system.store.is_none()
        && let Some(schedule) = on_off(system, keep_going)?
    {
        return Ok(schedule);
    }
    committed_by_windows(system, limits, keep_going)
}

/// The same by windows alone, whatever the system is.
pub(super) fn committed_by_windows(
    system: &System,
    limits: &CommitmentLimits,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<Schedule, DispatchError> {
    let hours = system.hours();
    let values = if check_power_prices(system).is_ok() {
        Some(stored_heat_values(system, &mut |done| keep_going(0.05 * done))?)
    } else {
        None
    };
    let mut schedule = Schedule::empty(system, LoadModel::Committed);
    let mut before = Before { stored_mwh: system.store.map_or(0.0, |store| store.start_mwh), on: None };
    let (mut first, mut window_h) = (0, limits.window_h.max(1));
    while first < hours {
        let last = (first + window_h).min(hours);
        let value = values.as_ref().filter(|_| last < hours).map(|values| &values[last]);
        match solve_window(system, limits, first..last, &before, value, &mut schedule, keep_going) {
            // Fewer hours have fewer choices: what is too long for a week is not for a day.
            Err(DispatchError::Program { error: ProgramError::TooLong { .. }, .. }) if last - first > SHORTEST_WINDOW_H => {
                window_h = (last - first).div_ceil(2).max(SHORTEST_WINDOW_H);
                continue;
            }
            solved => solved?,
        }
        window_h = limits.window_h.max(1);
        before.stored_mwh = schedule.stored_mwh[last - 1];
        before.on = Some(schedule.unit_on.iter().map(|on| on[last - 1]).collect());
        first = last;
    }
    schedule.check(system)?;
    Ok(schedule)
}

fn solve_window(
    system: &System,
    limits: &CommitmentLimits,
    window: std::ops::Range<usize>,
    before: &Before,
    value: Option<&StoredHeatValue>,
    schedule: &mut Schedule,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<(), DispatchError> {
    let order = system.unit_order();
    let mut program = LinearProgram::new();
    let mut hours: Vec<HourVariables> = Vec::with_capacity(window.len());
    for hour in window.clone() {
        let variables = add_hour(&mut program, system, &order, hour, before, hours.last());
        hours.push(variables);
    }
    // Gaps are shares of the cost. Sold electricity may bring as much as all else costs, and a share of nothing is nothing: so
    // what it brings at most is added, as a constant.
    let offset: f64 = window.clone().map(|hour| most_power_value(system, hour)).sum();
    program.variable(offset, 1.0, 1.0);
    if let (Some(store), Some(stored)) = (system.store, hours.last().and_then(|hour| hour.stored)) {
        end_of_window(&mut program, system, window.end, before, value, stored, store.size_mwh);
    }
    #[expect(clippy::cast_precision_loss, reason = "a year has few hours")]
    let (from, part) = (window.start as f64 / system.hours() as f64, window.len() as f64 / system.hours() as f64);
    let mut watched = |done: f64| keep_going(0.05 + 0.95 * (from + part * done));
    let optimum = program.minimum_watched(&limits.solve, &mut watched).map_err(|error| match error {
        ProgramError::Interrupted => DispatchError::Cancelled,
        error => DispatchError::Program { hour: window.start, error },
    })?;
    schedule.proven_gap = schedule.proven_gap.max(optimum.proven_gap());
    for (hour, variables) in window.zip(&hours) {
        let value = |variable: Option<Variable>| variable.map_or(0.0, |variable| optimum.value(variable));
        for (unit_variables, &unit) in variables.units.iter().zip(&order) {
            let load = optimum.value(unit_variables.load);
            let on = unit_variables.on.map_or(load > 0.0, |on| optimum.value(on) > 0.5);
            let (heat, electric) = match (&system.units[unit].conversion, unit_variables.chosen) {
                _ if !on => (0.0, 0.0),
                (Conversion::Extraction(_), Some((heat, electric))) => (optimum.value(heat), optimum.value(electric)),
                (Conversion::Extraction(_), None) => (0.0, 0.0),
                (Conversion::FixedRatio(ratio), _) => (ratio.heat_at(load), ratio.electric_at(load)),
            };
            schedule.unit_on[unit][hour] = on;
            schedule.unit_heat_mw[unit][hour] = heat;
            schedule.unit_electric_mw[unit][hour] = electric;
        }
        schedule.dumped_mw[hour] = value(variables.dumped);
        schedule.unserved_mw[hour] = optimum.value(variables.unserved);
        schedule.stored_mwh[hour] = value(variables.stored);
    }
    Ok(())
}

fn add_hour(
    program: &mut LinearProgram,
    system: &System,
    order: &[usize],
    hour: usize,
    before: &Before,
    previous: Option<&HourVariables>,
) -> HourVariables {
    let load = system.heat_load_mw[hour];
    let power = if system.own_power.is_some() { 0.0 } else { system.power_price_rub_mwh[hour] };
    let mut balance = Vec::new();
    let mut made = Vec::new();
    let mut most_power = 0.0;
    let mut units: Vec<UnitVariables> = Vec::with_capacity(order.len());
    for (place, &unit) in order.iter().enumerate() {
        let ran = match (previous, &before.on) {
            (Some(previous), _) => Ran::Variable(previous.units[place].on),
            (None, Some(on)) => Ran::Known(on[unit]),
            (None, None) => Ran::Unknown,
        };
        most_power += system.units[unit].conversion.electric_mw() + system.units[unit].conversion.heat_mw();
        units.push(add_unit(program, system, unit, hour, power, &ran, &mut balance, &mut made));
    }
    let unserved = program.variable(system.unserved_cost_rub_mwh, 0.0, load);
    let dumped = system.dump.map(|dump| program.variable(dump.cost_rub_mwh, 0.0, dump.limit_mw.unwrap_or(f64::INFINITY)));
    balance.push((unserved, 1.0));
    balance.extend(dumped.map(|dumped| (dumped, -1.0)));
    let mut need = load;
    let stored = system.store.map(|store| {
        let at_end = hour + 1 == system.hours();
        let least = if at_end && store.end == StoreEnd::AsStart { store.start_mwh } else { 0.0 };
        let stored = program.variable(0.0, least, store.size_mwh);
        let earlier = previous.and_then(|previous| previous.stored);
        let there = if earlier.is_none() { system.kept_share() * before.stored_mwh } else { 0.0 };
        let mut charge = vec![(stored, 1.0)];
        charge.extend(earlier.map(|earlier| (earlier, -system.kept_share())));
        balance.extend(charge.iter().map(|(variable, share)| (*variable, -share)));
        need -= there;
        if store.charge_mw.is_some() || store.discharge_mw.is_some() {
            let low = there - store.discharge_mw.unwrap_or(f64::INFINITY);
            let high = there + store.charge_mw.unwrap_or(f64::INFINITY);
            program.row(format!("charge in hour {hour}"), low, charge, high);
        }
        stored
    });
    program.row(format!("heat in hour {hour}"), need, balance, need);
    if let Some(own) = &system.own_power {
        let demand = own.demand_mw[hour];
        let imported = program.variable(own.purchase_price_rub_mwh[hour], 0.0, demand + most_power);
        let exported = program.variable(-system.power_price_rub_mwh[hour], 0.0, most_power);
        made.extend([(imported, 1.0), (exported, -1.0)]);
        program.row(format!("power in hour {hour}"), demand, made, demand);
    }
    HourVariables { units, dumped, unserved, stored }
}

/// Most that electricity can bring in an hour.
fn most_power_value(system: &System, hour: usize) -> f64 {
    let made: f64 = system.unit_order().into_iter().map(|unit| system.units[unit].conversion.electric_mw()).sum();
    made * system.power_price_rub_mwh[hour].abs()
}

/// Whether a unit ran in the hour before.
enum Ran {
    Variable(Option<Variable>),
    Known(bool),
    Unknown,
}

#[expect(clippy::too_many_arguments, reason = "the rows of an hour are filled by all of its units")]
fn add_unit(
    program: &mut LinearProgram,
    system: &System,
    unit: usize,
    hour: usize,
    power: f64,
    ran: &Ran,
    balance: &mut Vec<(Variable, f64)>,
    made: &mut Vec<(Variable, f64)>,
) -> UnitVariables {
    let dispatched = &system.units[unit];
    let available = dispatched.available(hour);
    let name = |what: &str| format!("{what} of {} in hour {hour}", dispatched.id);
    let fuel_cost = dispatched.conversion.fuel_mw() * dispatched.fuel_price_rub_mwh;
    let committed = dispatched.must_be_committed();
    let most = if committed { 1.0 } else { available };
    // Heat (cost h), electricity (gain g) as lines of `u` and `l`.
    let line = |full: f64, ratio: f64| (full * (ratio - 1.0), full * (2.0 - ratio));
    let (on_cost, load_cost, heat_line, electric_line) = match &dispatched.conversion {
        Conversion::FixedRatio(ratio) => {
            let heat = line(ratio.heat_mw, ratio.half_load_heat_ratio);
            let electric = line(ratio.electric_mw, ratio.half_load_electric_ratio);
            let gain = if ratio.electric_mw > 0.0 { power - dispatched.power_cost_rub_mwh } else { power };
            let cost = |heat: f64, electric: f64| heat * dispatched.heat_cost_rub_mwh - electric * gain;
            (cost(heat.0, electric.0), cost(heat.1, electric.1), heat, electric)
        }
        Conversion::Extraction(_) => (0.0, 0.0, (0.0, 0.0), (0.0, 0.0)),
    };
    let load = program.variable(fuel_cost + load_cost, 0.0, most);
    balance.push((load, heat_line.1));
    made.push((load, electric_line.1));
    let on = committed.then(|| {
        let on = program.binary(dispatched.running_cost_rub_h + on_cost);
        program.row(name("greatest load"), f64::NEG_INFINITY, [(load, 1.0), (on, -available)], 0.0);
        program.row(name("minimum load"), 0.0, [(load, 1.0), (on, -dispatched.minimum_load_share)], f64::INFINITY);
        balance.push((on, heat_line.0));
        made.push((on, electric_line.0));
        if dispatched.start_cost_rub > 0.0 {
            let start = |program: &mut LinearProgram| program.variable(dispatched.start_cost_rub, 0.0, 1.0);
            match ran {
                Ran::Variable(Some(earlier)) => {
                    let start = start(program);
                    program.row(name("start"), 0.0, [(start, 1.0), (on, -1.0), (*earlier, 1.0)], f64::INFINITY);
                }
                Ran::Known(false) => {
                    let start = start(program);
                    program.row(name("start"), 0.0, [(start, 1.0), (on, -1.0)], f64::INFINITY);
                }
                Ran::Variable(None) | Ran::Known(true) | Ran::Unknown => {}
            }
        }
        on
    });
    let chosen = match &dispatched.conversion {
        Conversion::FixedRatio(_) => None,
        Conversion::Extraction(turbine) => {
            let heat = program.variable(dispatched.heat_cost_rub_mwh, 0.0, turbine.heat_mw);
            let electric = program.variable(dispatched.power_cost_rub_mwh - power, 0.0, turbine.condensing_mw);
            let (idle, slope) = line(turbine.condensing_mw, turbine.half_load_ratio);
            let mut steam = vec![(electric, 1.0), (heat, turbine.cv), (load, -slope)];
            steam.extend(on.map(|on| (on, -idle)));
            program.row(name("steam"), 0.0, steam, 0.0);
            program.row(name("back-pressure line"), 0.0, [(electric, 1.0), (heat, -turbine.cb)], f64::INFINITY);
            balance.push((heat, 1.0));
            made.push((electric, 1.0));
            Some((heat, electric))
        }
    };
    UnitVariables { on, load, chosen }
}

/// What heat left at the end of a window is worth, or where it must end.
fn end_of_window(
    program: &mut LinearProgram,
    system: &System,
    end: usize,
    before: &Before,
    value: Option<&StoredHeatValue>,
    stored: Variable,
    size_mwh: f64,
) {
    if end == system.hours() {
        return;
    }
    let Some(value) = value else {
        program.row("store at the end of the window", before.stored_mwh.min(size_mwh), [(stored, 1.0)], f64::INFINITY);
        return;
    };
    let mut terms = vec![(stored, 1.0)];
    for (slope, length) in &value.pieces {
        terms.push((program.variable(*slope, 0.0, *length), -1.0));
    }
    program.row("store at the end of the window", value.least_mwh, terms, value.least_mwh);
}
