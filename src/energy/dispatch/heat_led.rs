//! The schedule of an operator who follows the heat.

use super::merit::heat_line;
use super::{DispatchError, LoadModel, Schedule, StoreEnd, System};
use crate::energy::plant::Conversion;

/// Less heat than this is rounding.
const NO_HEAT_MW: f64 = 1e-9;

/// A unit as this rule sees it: one line of heat, with the electricity that belongs to it.
struct Follower {
    unit: usize,
    running: bool,
}

/// A schedule by rule, with minimum loads and part-load lines, in one pass over the hours.
///
/// Units are used in the order of what a MWh of their heat costs on average over all hours, electricity credited, whatever the
/// hour's price. In each hour:
///
/// 1. the cheapest unit serves the load and fills the store; where load and room in the store are below its minimum load it stands,
///    and once it stands it starts again only when the store cannot serve the hour;
/// 2. then the store serves, as far as heat, discharge and end condition allow;
/// 3. then the other units by their order, at least at their minimum load, with what is too much going into the store, thrown away
///    where that is allowed, or taken from a unit before that can go down;
/// 4. what is left is not served.
///
/// An extraction turbine runs along its back-pressure line. It is what an operator without a forecast can do: its cost lies above that
/// of [`super::least_cost`].
///
/// # Errors
/// [`DispatchError`]: input that makes no sense, or a store that does not end as it must.
pub fn heat_led(system: &System) -> Result<Schedule, DispatchError> {
    system.check()?;
    let mut followers: Vec<Follower> = merit_order(system).into_iter().map(|unit| Follower { unit, running: true }).collect();
    let mut schedule = Schedule::empty(system, LoadModel::Committed);
    let kept = system.kept_share();
    let mut stored = system.store.map_or(0.0, |store| store.start_mwh);
    for hour in 0..system.hours() {
        stored = serve_hour(system, &mut followers, hour, kept * stored, &mut schedule);
        schedule.stored_mwh[hour] = stored;
    }
    schedule.check(system)?;
    Ok(schedule)
}

/// Units by their mean cost of heat; of equals, by name.
fn merit_order(system: &System) -> Vec<usize> {
    let mut order: Vec<(f64, usize)> = Vec::new();
    for unit in system.unit_order() {
        let cost: f64 = (0..system.hours()).map(|hour| along_heat_rub_mwh(system, unit, hour)).sum();
        order.push((cost, unit));
    }
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    order.into_iter().map(|(_, unit)| unit).collect()
}

/// Cost of a MWh of heat with the electricity that comes with it.
fn along_heat_rub_mwh(system: &System, unit: usize, hour: usize) -> f64 {
    // Own use is worth what it saves as long as there is any.
    let own = system.own_power.as_ref().filter(|own| own.demand_mw[hour] > 0.0);
    let power = own.map_or(system.power_price_rub_mwh[hour], |own| own.purchase_price_rub_mwh[hour]);
    let dispatched = &system.units[unit];
    match &dispatched.conversion {
        Conversion::FixedRatio(_) => heat_line(system, unit, hour, power).cost_rub_mwh,
        Conversion::Extraction(turbine) => {
            let steam = dispatched.full_hour_rub() / turbine.condensing_mw * (turbine.cb + turbine.cv);
            steam + dispatched.heat_cost_rub_mwh - turbine.cb * (power - dispatched.power_cost_rub_mwh)
        }
    }
}

/// Least and most heat of a unit while it runs in an hour; none where it cannot run.
fn range(system: &System, unit: usize, hour: usize) -> Option<(f64, f64)> {
    let dispatched = &system.units[unit];
    let available = dispatched.available(hour);
    if available < dispatched.minimum_load_share || available <= 0.0 {
        return None;
    }
    let (least, most) = match &dispatched.conversion {
        Conversion::FixedRatio(ratio) => (ratio.heat_at(dispatched.minimum_load_share), ratio.heat_at(available)),
        Conversion::Extraction(turbine) => {
            let along = turbine.cb + turbine.cv;
            let heat = |load: f64| turbine.condensing_at(load) / along;
            (heat(dispatched.minimum_load_share).min(turbine.heat_mw), heat(available).min(turbine.heat_mw))
        }
    };
    (most > 0.0).then_some((least.max(0.0), most))
}

fn run(system: &System, schedule: &mut Schedule, unit: usize, hour: usize, heat: f64) {
    let dispatched = &system.units[unit];
    let electric = match &dispatched.conversion {
        Conversion::FixedRatio(ratio) => ratio.electric_at(ratio.load_for_heat(heat)),
        Conversion::Extraction(turbine) => {
            // Where the outlet for heat is smaller than the turbine, its minimum load is made up by electricity.
            let least = turbine.condensing_at(dispatched.minimum_load_share);
            (turbine.cb * heat).max(least - turbine.cv * heat)
        }
    };
    schedule.unit_heat_mw[unit][hour] = heat;
    schedule.unit_electric_mw[unit][hour] = electric;
    schedule.unit_on[unit][hour] = true;
}

/// The heat of an hour on its way to those who serve it.
struct Hour {
    load: f64,
    /// Heat that units make.
    made: f64,
    /// Heat that the store still gives.
    taken: f64,
    /// Heat that the store must still get to end as it must.
    short: f64,
    /// Heat that the store can still take.
    room: f64,
    /// Heat that can be thrown away.
    dump: f64,
}

impl Hour {
    fn missing(&self) -> f64 {
        self.load + self.short - self.made - self.taken
    }
}

/// Serves an hour with `there` in store after the loss; says what is in store after the hour.
fn serve_hour(system: &System, followers: &mut [Follower], hour: usize, there: f64, schedule: &mut Schedule) -> f64 {
    let load = system.heat_load_mw[hour];
    let (size, most_charge, most_discharge) = system.store.map_or((0.0, 0.0, 0.0), |store| {
        (store.size_mwh, store.charge_mw.unwrap_or(f64::INFINITY), store.discharge_mw.unwrap_or(f64::INFINITY))
    });
    let held = system.store.filter(|store| store.end == StoreEnd::AsStart).map_or(0.0, |store| store.start_mwh);
    let usable = (there - held).max(0.0).min(most_discharge);
    let room = (size - there).max(0.0).min(most_charge);
    let dump = system.dump.map_or(0.0, |dump| dump.limit_mw.unwrap_or(f64::INFINITY));
    let mut state = Hour { load, made: 0.0, taken: 0.0, short: (held - there).max(0.0).min(room), room, dump };
    // Heat, and the least of it, of the units that run, in the order of merit.
    let mut running: Vec<(usize, f64, f64)> = Vec::with_capacity(followers.len());
    for (place, follower) in followers.iter_mut().enumerate() {
        let unit = follower.unit;
        let first = place == 0;
        if !first && state.taken == 0.0 {
            state.taken = usable.min((load - state.made).max(0.0));
        }
        let heat = range(system, unit, hour).and_then(|(least, most)| {
            let waits = first && !follower.running && usable >= load && state.short == 0.0;
            if waits {
                return None;
            }
            let wanted = if first { load + room } else { state.missing() };
            let heat = if least <= wanted { wanted.min(most) } else { with_room(&mut state, &mut running, least)? };
            (heat > NO_HEAT_MW).then(|| {
                state.made += heat;
                running.push((unit, heat, least));
            })
        });
        follower.running = heat.is_some();
    }
    if state.taken == 0.0 {
        state.taken = usable.min((load - state.made).max(0.0));
    }
    for (unit, heat, _) in running {
        run(system, schedule, unit, hour, heat);
    }
    let served = (load - state.made - state.taken).max(0.0);
    let over = (state.made + state.taken - load).max(0.0);
    let charged = over.min(room);
    schedule.unserved_mw[hour] = served;
    schedule.dumped_mw[hour] = over - charged;
    (there - state.taken + charged).clamp(0.0, size)
}

/// Whether a unit that makes at least `least` can run though less is missing: the store gives less and takes more, units before it go down, the
/// rest is thrown away. None if nothing is missing, or if that is not enough.
fn with_room(hour: &mut Hour, running: &mut [(usize, f64, f64)], least: f64) -> Option<f64> {
    let missing = hour.missing();
    if missing <= NO_HEAT_MW {
        return None;
    }
    let mut over = least - missing;
    let down: f64 = running.iter().map(|(_, heat, at_least)| heat - at_least).sum();
    let charged = (hour.made + hour.taken - hour.load).max(0.0);
    let room = (hour.room - charged).max(0.0);
    if over > hour.taken + room + down + hour.dump {
        return None;
    }
    let less = over.min(hour.taken);
    hour.taken -= less;
    over -= less + (over - less).min(room);
    for (_, heat, at_least) in running.iter_mut().rev() {
        let lower = over.min(*heat - *at_least);
        *heat -= lower;
        hour.made -= lower;
        over -= lower;
    }
    Some(least)
}
