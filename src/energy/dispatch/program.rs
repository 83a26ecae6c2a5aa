//! The cheapest schedule as a linear program.

use super::merit::heat_line;
use super::{DispatchError, LoadModel, Schedule, StoreEnd, System};
use crate::energy::plant::Conversion;
use crate::optimisation::{LinearProgram, ProgramError, SolveLimits, Variable};

/// The variables of an hour.
struct HourVariables {
    /// Heat by unit, in the order of names.
    heat: Vec<Variable>,
    /// Electricity of extraction turbines, in the order of names.
    electric: Vec<Option<Variable>>,
    dumped: Option<Variable>,
    unserved: Variable,
    stored: Option<Variable>,
}

/// The schedule of least cost as a linear program, minimum loads and starts left out, as in [`super::least_cost`].
///
/// Per hour a variable for each unit's heat, for heat thrown away, not served and in store, and for the electricity of an
/// extraction turbine with `P >= Cb Q` and `P + Cv Q <= E`. Own use of power adds what is bought and what is sold, with
/// `P + bought - sold = use`, for any number of units. It takes seconds where [`super::least_cost`] takes milliseconds, and is
/// there to check it, and for more units with two prices than that takes.
///
/// # Errors
/// [`DispatchError`]: input that makes no sense, a program that cannot be solved, or a stop.
pub fn least_cost_by_program(
    system: &System,
    limits: &SolveLimits,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<Schedule, DispatchError> {
    system.check()?;
    let order = system.unit_order();
    let mut program = LinearProgram::new();
    let mut hours: Vec<HourVariables> = Vec::with_capacity(system.hours());
    for hour in 0..system.hours() {
        let before = hours.last().and_then(|before: &HourVariables| before.stored);
        let variables = add_hour(&mut program, system, &order, hour, before);
        hours.push(variables);
    }
    let optimum = program.minimum_watched(limits, keep_going).map_err(|error| match error {
        ProgramError::Interrupted => DispatchError::Cancelled,
        error => DispatchError::Program { hour: 0, error },
    })?;
    let mut schedule = Schedule::empty(system, LoadModel::Proportional);
    schedule.proven_gap = optimum.proven_gap();
    for (hour, variables) in hours.iter().enumerate() {
        let value = |variable: Option<Variable>| variable.map_or(0.0, |variable| optimum.value(variable));
        for (place, &unit) in order.iter().enumerate() {
            let heat = optimum.value(variables.heat[place]);
            let electric = match &system.units[unit].conversion {
                Conversion::FixedRatio(ratio) => ratio.electric_mw / ratio.heat_mw * heat,
                Conversion::Extraction(_) => value(variables.electric[place]),
            };
            schedule.unit_heat_mw[unit][hour] = heat;
            schedule.unit_electric_mw[unit][hour] = electric;
            schedule.unit_on[unit][hour] = heat != 0.0 || electric != 0.0;
        }
        schedule.dumped_mw[hour] = value(variables.dumped);
        schedule.unserved_mw[hour] = optimum.value(variables.unserved);
        schedule.stored_mwh[hour] = value(variables.stored);
    }
    schedule.check(system)?;
    let cost = schedule.cost(system).total_rub;
    let by = (cost - optimum.objective()).abs();
    if by > 1e-6 * (1.0 + cost.abs()) {
        let what = "the cost that the program tells".to_owned();
        return Err(super::Violation { hour: 0, what, by }.into());
    }
    Ok(schedule)
}

fn add_hour(
    program: &mut LinearProgram,
    system: &System,
    order: &[usize],
    hour: usize,
    before: Option<Variable>,
) -> HourVariables {
    let load = system.heat_load_mw[hour];
    // With own use, electricity is worth what the grid's rows make of it.
    let power = if system.own_power.is_some() { 0.0 } else { system.power_price_rub_mwh[hour] };
    let (mut heat, mut electric, mut made) = (Vec::new(), Vec::new(), Vec::new());
    let (mut most_made, mut most_used) = (0.0, 0.0);
    for &unit in order {
        let dispatched = &system.units[unit];
        let available = dispatched.available(hour);
        match &dispatched.conversion {
            Conversion::FixedRatio(ratio) => {
                let line = heat_line(system, unit, hour, power);
                let made_heat = program.variable(line.cost_rub_mwh, 0.0, line.heat_mw);
                let most = line.electric_share * line.heat_mw;
                most_made += most.max(0.0);
                most_used -= most.min(0.0);
                if ratio.electric_mw != 0.0 {
                    made.push((made_heat, line.electric_share));
                }
                heat.push(made_heat);
                electric.push(None);
            }
            Conversion::Extraction(turbine) => {
                let power_cost = dispatched.full_hour_rub() / turbine.condensing_mw;
                let most = available * turbine.condensing_mw;
                let q = program.variable(dispatched.heat_cost_rub_mwh + turbine.cv * power_cost, 0.0, turbine.heat_mw);
                let p = program.variable(power_cost + dispatched.power_cost_rub_mwh - power, 0.0, most);
                let name = |what: &str| format!("{what} of {} in hour {hour}", dispatched.id);
                program.row(name("back-pressure line"), 0.0, [(p, 1.0), (q, -turbine.cb)], f64::INFINITY);
                program.row(name("full load"), f64::NEG_INFINITY, [(p, 1.0), (q, turbine.cv)], most);
                most_made += most;
                made.push((p, 1.0));
                heat.push(q);
                electric.push(Some(p));
            }
        }
    }
    let unserved = program.variable(system.unserved_cost_rub_mwh, 0.0, load);
    let dumped = system.dump.map(|dump| program.variable(dump.cost_rub_mwh, 0.0, dump.limit_mw.unwrap_or(f64::INFINITY)));
    let mut balance: Vec<(Variable, f64)> = heat.iter().map(|heat| (*heat, 1.0)).collect();
    balance.push((unserved, 1.0));
    balance.extend(dumped.map(|dumped| (dumped, -1.0)));
    let kept = system.kept_share();
    let mut need = load;
    let stored = system.store.map(|store| {
        let at_end = hour + 1 == system.hours();
        let least = if at_end && store.end == StoreEnd::AsStart { store.start_mwh } else { 0.0 };
        let stored = program.variable(0.0, least, store.size_mwh);
        let mut charge = vec![(stored, 1.0)];
        charge.extend(before.map(|before| (before, -kept)));
        // What was there before the first hour is no variable.
        let there = if hour == 0 { kept * store.start_mwh } else { 0.0 };
        need -= there;
        balance.extend(charge.iter().map(|(variable, share)| (*variable, -share)));
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
        let imported = program.variable(own.purchase_price_rub_mwh[hour], 0.0, demand + most_used);
        let exported = program.variable(-system.power_price_rub_mwh[hour], 0.0, most_made);
        made.extend([(imported, 1.0), (exported, -1.0)]);
        program.row(format!("power in hour {hour}"), demand, made, demand);
    }
    HourVariables { heat, electric, dumped, unserved, stored }
}
