//! Units that run or stand, as a shortest path over the sets of running units: exact where nothing but starts ties the hours together.

use super::{DispatchError, HeatStore, LoadModel, Schedule, StoreEnd, System};
use crate::energy::plant::{Conversion, ExtractionTurbine};

/// Most units whose running is a choice of its own; each doubles the states of an hour.
const MOST_CHOICES: usize = 6;
/// Fewest and most levels of a store that are looked at.
const LEVELS: [usize; 2] = [41, 501];
/// Levels that an hour's charge or discharge should pass.
const LEVELS_AN_HOUR: f64 = 4.0;
/// With fewer of them the path would find nothing that the store is good for.
const LEAST_LEVELS_AN_HOUR: f64 = 2.0;
/// Hours between two questions whether to go on.
const HOURS_A_LOOK: usize = 500;
/// A load may be missed by so much, MW.
const ROUNDING_MW: f64 = 1e-9;

/// Heat of a unit, or heat that is not served, at one marginal cost.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// None: it is not served.
    unit: Option<usize>,
    rub_mwh: f64,
    heat_mw: f64,
}

/// A unit that runs in an hour: what it gives and costs at least, and what more it can give, the cheaper piece first.
#[derive(Debug, Clone)]
struct Running {
    heat_mw: f64,
    cost_rub: f64,
    pieces: Vec<Piece>,
}

/// The schedule of least cost with minimum loads, part-load lines, running costs and starts over all hours, where no heat is thrown
/// away, electricity has one price, and at most six units are to be chosen. None for any other system.
///
/// In an hour and for a set of running units, costs are convex in each unit's heat, so the cheapest pieces serve what the minimum
/// loads leave; over the hours the sets are a shortest path, `V_t(s) = c_t(s) + min_r (V_(t-1)(r) + starts from r to s)`. That is
/// exact. With a store the path goes over the sets and levels of the store, four to an hour's charge and 41 at least, and what is
/// stored between them is not looked at: its cost lies above the optimum by some thousandths. None where a store takes more than
/// 240 hours to charge.
///
/// # Errors
/// [`DispatchError`]: input that makes no sense, or a stop.
pub fn on_off(system: &System, keep_going: &mut dyn FnMut(f64) -> bool) -> Result<Option<Schedule>, DispatchError> {
    system.check()?;
    let Some(path) = Path::new(system) else { return Ok(None) };
    let hours = system.hours();
    let mut best = path.start();
    let mut before: Vec<Vec<u16>> = Vec::with_capacity(hours);
    for hour in 0..hours {
        if hour % HOURS_A_LOOK == 0 {
            #[expect(clippy::cast_precision_loss, reason = "a year has few hours")]
            let done = hour as f64 / hours as f64;
            if !keep_going(done) {
                return Err(DispatchError::Cancelled);
            }
        }
        before.push(path.step(hour, &mut best));
    }
    let ends = best.iter().enumerate().filter(|(state, _)| path.may_end(*state));
    let (mut state, least) =
        ends.fold((0, f64::INFINITY), |kept, (state, cost)| if *cost < kept.1 { (state, *cost) } else { kept });
    // A store that cannot be kept within its limits level by level is a matter for the program.
    if least.is_infinite() {
        return Ok(None);
    }
    let mut schedule = Schedule::empty(system, LoadModel::Committed);
    for hour in (0..hours).rev() {
        let from = usize::from(before[hour][state]);
        let charge_mw = path.charge_mw(hour, from, state);
        write_hour(&path, hour, charge_mw, state, &mut schedule);
        schedule.stored_mwh[hour] = path.level_mwh(state);
        state = from;
    }
    schedule.check(system)?;
    Ok(Some(schedule))
}

/// A way through the hours. A state is a set of running units with a level of the store.
struct Path<'a> {
    system: &'a System,
    /// Units by name.
    order: Vec<usize>,
    /// Units whose running is a choice: a bit each.
    choices: Vec<usize>,
    /// Levels of the store, MWh; the one of an empty store where there is none.
    levels: Vec<f64>,
    /// By set after and set before.
    start_rub: Vec<Vec<f64>>,
}

impl<'a> Path<'a> {
    fn new(system: &'a System) -> Option<Self> {
        let order = system.unit_order();
        let choices: Vec<usize> = order.iter().copied().filter(|unit| system.units[*unit].must_be_committed()).collect();
        if system.dump.is_some() || !system.one_power_price() || choices.len() > MOST_CHOICES {
            return None;
        }
        let sets = 1_usize << choices.len();
        let start_rub = |from: usize, to: usize| -> f64 {
            let started = choices.iter().enumerate().filter(|(bit, _)| ((to & !from) >> bit) & 1 == 1);
            started.map(|(_, unit)| system.units[*unit].start_cost_rub).sum()
        };
        let start_rub = (0..sets).map(|to| (0..sets).map(|from| start_rub(from, to)).collect()).collect();
        let levels = match &system.store {
            Some(store) if store.size_mwh > 0.0 => levels_of(store)?,
            _ => vec![0.0],
        };
        Some(Self { system, order, choices, levels, start_rub })
    }

    fn states(&self) -> usize {
        self.levels.len() * self.start_rub.len()
    }

    fn set(&self, state: usize) -> usize {
        state / self.levels.len()
    }

    fn level_mwh(&self, state: usize) -> f64 {
        self.levels[state % self.levels.len()]
    }

    fn runs(&self, set: usize, unit: usize) -> bool {
        self.choices.iter().position(|choice| *choice == unit).is_none_or(|bit| (set >> bit) & 1 == 1)
    }

    /// Costs before the first hour: nothing for any set, for the first hour is no start.
    fn start(&self) -> Vec<f64> {
        vec![0.0; self.states()]
    }

    /// What goes into the store in an hour; before the first one it holds what it starts with.
    fn charge_mw(&self, hour: usize, from: usize, to: usize) -> f64 {
        let Some(store) = &self.system.store else { return 0.0 };
        let held = if hour == 0 { store.start_mwh } else { self.level_mwh(from) };
        self.level_mwh(to) - self.system.kept_share() * held
    }

    fn may_charge(&self, charge_mw: f64) -> bool {
        self.system.store.as_ref().is_none_or(|store| {
            let most = |limit: Option<f64>| limit.unwrap_or(f64::INFINITY);
            (-most(store.discharge_mw) - ROUNDING_MW..=most(store.charge_mw) + ROUNDING_MW).contains(&charge_mw)
        })
    }

    /// The levels from which an hour may lead to a level.
    fn reachable(&self, to: usize) -> std::ops::Range<usize> {
        let all = self.levels.len();
        let (Some(store), kept) = (&self.system.store, self.system.kept_share()) else { return 0..all };
        if all < 2 || kept <= 0.0 {
            return 0..all;
        }
        // One level more on either side than may be: `may_charge` says which are.
        let place = |held_mwh: f64| (held_mwh / kept / self.levels[1]).clamp(0.0, to_number(all));
        let lowest = store.charge_mw.map_or(0.0, |most| place(self.levels[to] - most).floor() - 1.0);
        let highest = store.discharge_mw.map_or(to_number(all), |most| place(self.levels[to] + most).ceil() + 1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between nothing and the number of levels")]
        let [first, last] = [lowest.max(0.0), highest.min(to_number(all - 1))].map(|place| place as usize);
        first..last + 1
    }

    fn may_end(&self, state: usize) -> bool {
        let store = self.system.store.as_ref().filter(|store| store.end == StoreEnd::AsStart);
        store.is_none_or(|store| self.level_mwh(state) >= store.start_mwh)
    }

    /// The least costs after an hour in the place of those before it, and where they come from.
    fn step(&self, hour: usize, best: &mut Vec<f64>) -> Vec<u16> {
        let choice = Hour::new(self.system, hour, &self.order);
        let (levels, sets) = (self.levels.len(), self.start_rub.len());
        let mut next = vec![f64::INFINITY; self.states()];
        let mut came = vec![0_u16; self.states()];
        for (set, started) in self.start_rub.iter().enumerate() {
            // The cheapest set before, by level.
            let cheapest = |level: usize| {
                let ways = (0..sets).map(|from| (from * levels + level, best[from * levels + level] + started[from]));
                let first = (level, if hour == 0 { 0.0 } else { f64::INFINITY });
                if hour == 0 { first } else { ways.fold(first, |kept, way| if way.1 < kept.1 { way } else { kept }) }
            };
            // Before the first hour all levels are the one that the store starts with.
            let befores: Vec<(usize, f64)> = (0..if hour == 0 { 1 } else { levels }).map(cheapest).collect();
            for level in 0..levels {
                let to = set * levels + level;
                let reachable = if hour == 0 { 0..1 } else { self.reachable(level) };
                for &(from, cost) in befores[reachable].iter().filter(|before| before.1.is_finite()) {
                    let charge_mw = self.charge_mw(hour, from, to);
                    if !self.may_charge(charge_mw) {
                        continue;
                    }
                    let served = choice.served(charge_mw, |unit| self.runs(set, unit), &mut |_, _| {});
                    let cost = served.map_or(f64::INFINITY, |served| served + cost);
                    if cost < next[to] {
                        next[to] = cost;
                        came[to] = u16::try_from(from).unwrap_or(u16::MAX);
                    }
                }
            }
        }
        *best = next;
        came
    }
}

/// Levels of a store, MWh, so close that an hour's charge passes some of them; none where that would be too many.
fn levels_of(store: &HeatStore) -> Option<Vec<f64>> {
    // What a charge leaves beside the loss, so that whole levels are passed with all of it.
    let charge = store.charge_mw.map(|most| most - store.loss_share_h * store.size_mwh);
    let hourly = [charge, store.discharge_mw].into_iter().flatten().fold(store.size_mwh, f64::min);
    let [fewest, most] = LEVELS.map(to_number);
    if hourly <= 0.0 {
        return None;
    }
    let count = (LEVELS_AN_HOUR * store.size_mwh / hourly + 1.0).ceil().clamp(fewest, most);
    if hourly * (count - 1.0) < LEAST_LEVELS_AN_HOUR * store.size_mwh {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between the fewest and the most levels")]
    let count = count as usize;
    Some((0..count).map(|nth| store.size_mwh * to_number(nth) / to_number(count - 1)).collect())
}

#[expect(clippy::cast_precision_loss, reason = "few levels")]
fn to_number(count: usize) -> f64 {
    count as f64
}

/// What can serve an hour.
struct Hour {
    load_mw: f64,
    /// By unit.
    running: Vec<Option<Running>>,
    /// Of all units, and heat that is not served; the cheapest first.
    pieces: Vec<Piece>,
}

impl Hour {
    fn new(system: &System, hour: usize, order: &[usize]) -> Self {
        let load_mw = system.heat_load_mw[hour];
        let running: Vec<Option<Running>> = (0..system.units.len()).map(|unit| running(system, unit, hour)).collect();
        let of_unit = |unit: &usize| running[*unit].iter().flat_map(|running| running.pieces.iter().copied());
        let mut pieces: Vec<Piece> = order.iter().flat_map(of_unit).collect();
        pieces.push(Piece { unit: None, rub_mwh: system.unserved_cost_rub_mwh, heat_mw: load_mw });
        pieces.sort_by(|a, b| a.rub_mwh.total_cmp(&b.rub_mwh));
        Self { load_mw, running, pieces }
    }

    /// The least cost with this charge of the store and these units running, and which heat it takes beyond their least; none where they give too much, or cannot run.
    fn served(&self, charge_mw: f64, runs: impl Fn(usize) -> bool, takes: &mut dyn FnMut(&Piece, f64)) -> Option<f64> {
        let mut left = self.load_mw + charge_mw;
        let mut cost_rub = 0.0;
        for (unit, running) in self.running.iter().enumerate().filter(|(unit, _)| runs(*unit)) {
            let running = running.as_ref()?;
            debug_assert!(running.heat_mw >= 0.0, "unit {unit} would cool");
            left -= running.heat_mw;
            cost_rub += running.cost_rub;
        }
        if left < -ROUNDING_MW {
            return None;
        }
        for piece in self.pieces.iter().filter(|piece| piece.unit.is_none_or(&runs)) {
            let heat = piece.heat_mw.min(left);
            if heat > 0.0 {
                left -= heat;
                cost_rub += heat * piece.rub_mwh;
                takes(piece, heat);
            }
        }
        Some(cost_rub)
    }
}

/// A unit that runs in an hour; none where less of it is available than it must give.
fn running(system: &System, unit: usize, hour: usize) -> Option<Running> {
    let dispatched = &system.units[unit];
    let (available, power) = (dispatched.available(hour), system.power_price_rub_mwh[hour]);
    let fuel_rub = dispatched.conversion.fuel_mw() * dispatched.fuel_price_rub_mwh;
    let at_least = least_load(system, unit);
    if available < at_least {
        // A unit that is not to be chosen stands at no load.
        return (!dispatched.must_be_committed()).then(|| Running { heat_mw: 0.0, cost_rub: 0.0, pieces: Vec::new() });
    }
    let running_rub = dispatched.running_cost_rub_h;
    match &dispatched.conversion {
        Conversion::FixedRatio(ratio) => {
            let gain = if ratio.electric_mw > 0.0 { power - dispatched.power_cost_rub_mwh } else { power };
            let cost =
                |load: f64| fuel_rub * load + ratio.heat_at(load) * dispatched.heat_cost_rub_mwh - ratio.electric_at(load) * gain;
            let (heat_mw, most) = (ratio.heat_at(at_least).max(0.0), ratio.heat_at(available));
            let more = most - heat_mw;
            let piece = (more > 0.0).then(|| Piece {
                unit: Some(unit),
                rub_mwh: (cost(available) - cost(at_least)) / more,
                heat_mw: more,
            });
            Some(Running { heat_mw, cost_rub: running_rub + cost(at_least), pieces: piece.into_iter().collect() })
        }
        Conversion::Extraction(turbine) => {
            let gain = power - dispatched.power_cost_rub_mwh;
            let by_heat = dispatched.heat_cost_rub_mwh + gain * turbine.cv;
            let load = most_worthwhile(turbine, fuel_rub, gain, at_least, available);
            let cost_rub = running_rub + fuel_rub * load - gain * turbine.condensing_at(load);
            let first = most_heat(turbine, load);
            let mut pieces = vec![Piece { unit: Some(unit), rub_mwh: by_heat, heat_mw: first }];
            let more = most_heat(turbine, available) - first;
            if more > 0.0 {
                // Along the back-pressure line each MWh of heat takes `cb + cv` of the electricity without heat.
                let by_load = (fuel_rub - gain * steam_slope(turbine)) / steam_slope(turbine);
                let rub_mwh = by_heat + by_load * (turbine.cb + turbine.cv);
                pieces.push(Piece { unit: Some(unit), rub_mwh, heat_mw: more });
            }
            Some(Running { heat_mw: 0.0, cost_rub, pieces })
        }
    }
}

/// The least load at which a unit gives neither heat nor electricity below zero.
fn least_load(system: &System, unit: usize) -> f64 {
    let dispatched = &system.units[unit];
    let idle = match &dispatched.conversion {
        Conversion::FixedRatio(ratio) => ratio.load_for_heat(0.0),
        Conversion::Extraction(turbine) => turbine.load_for(0.0, 0.0),
    };
    dispatched.minimum_load_share.max(idle)
}

/// Electricity without heat by the load, MW.
fn steam_slope(turbine: &ExtractionTurbine) -> f64 {
    turbine.condensing_at(1.0) - turbine.condensing_at(0.0)
}

/// The load of a turbine that heat does not ask for: all of it where electricity pays for the fuel, else the least.
fn most_worthwhile(turbine: &ExtractionTurbine, fuel_rub: f64, gain: f64, at_least: f64, available: f64) -> f64 {
    if fuel_rub <= gain * steam_slope(turbine) { available } else { at_least }
}

/// Most heat at a load.
fn most_heat(turbine: &ExtractionTurbine, load: f64) -> f64 {
    (turbine.condensing_at(load) / (turbine.cb + turbine.cv)).clamp(0.0, turbine.heat_mw)
}

fn write_hour(path: &Path<'_>, hour: usize, charge_mw: f64, state: usize, schedule: &mut Schedule) {
    let (system, set) = (path.system, path.set(state));
    let choice = Hour::new(system, hour, &path.order);
    let mut more = vec![0.0; system.units.len()];
    let mut take = |piece: &Piece, heat: f64| {
        schedule.heat_price_rub_mwh[hour] = piece.rub_mwh;
        match piece.unit {
            Some(unit) => more[unit] += heat,
            None => schedule.unserved_mw[hour] = heat,
        }
    };
    if choice.served(charge_mw, |unit| path.runs(set, unit), &mut take).is_none() {
        return;
    }
    for &unit in path.order.iter().filter(|unit| path.runs(set, **unit)) {
        let Some(least) = &choice.running[unit] else { continue };
        let dispatched = &system.units[unit];
        let heat = least.heat_mw + more[unit];
        let electric = match &dispatched.conversion {
            Conversion::FixedRatio(ratio) => ratio.electric_at(ratio.load_for_heat(heat)),
            Conversion::Extraction(turbine) => {
                let fuel_rub = turbine.fuel_mw * dispatched.fuel_price_rub_mwh;
                let gain = system.power_price_rub_mwh[hour] - dispatched.power_cost_rub_mwh;
                let (at_least, available) = (least_load(system, unit), dispatched.available(hour));
                let load = most_worthwhile(turbine, fuel_rub, gain, at_least.min(available), available);
                (turbine.condensing_at(load) - turbine.cv * heat).max(turbine.cb * heat)
            }
        };
        // A unit that is not to be chosen runs where it gives something.
        let on = dispatched.must_be_committed() || heat > 0.0 || electric > 0.0;
        schedule.unit_on[unit][hour] = on;
        schedule.unit_heat_mw[unit][hour] = heat;
        schedule.unit_electric_mw[unit][hour] = if on { electric } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::super::commitment::committed_by_windows;
    use super::super::tests::any_system;
    use super::super::{CommitmentLimits, HeatDump};
    use super::*;
    use crate::optimisation::SolveLimits;
    use proptest::prelude::*;
    use proptest::strategy::ValueTree;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_shortest_path_costs_what_the_program_does(
            mut system in any_system(), least in 0.2..0.6_f64, half in 0.8..1.0_f64, running in 0.0..40.0_f64, away in 0_usize..20,
        ) {
            let hours = system.hours().min(30);
            system.heat_load_mw.truncate(hours);
            system.power_price_rub_mwh.truncate(hours);
            (system.store, system.dump) = (None, None);
            if let Conversion::Extraction(turbine) = &mut system.units[1].conversion {
                turbine.half_load_ratio = half;
            }
            system.units[1].minimum_load_share = least;
            system.units[1].start_cost_rub = 30.0;
            system.units[0].running_cost_rub_h = running;
            let outage = |hour: usize| if (away..away + 5).contains(&hour) { 0.3 } else { 1.0 };
            system.units[0].availability = Some((0..hours).map(outage).collect());
            let exact = on_off(&system, &mut |_| true).unwrap().expect("hours that hang together by starts alone");
            let limits = CommitmentLimits { window_h: hours, solve: SolveLimits::default() };
            let program = committed_by_windows(&system, &limits, &mut |_| true).unwrap();
            let [exact, program] = [exact, program].map(|schedule| schedule.cost(&system).total_rub);
            prop_assert!((exact - program).abs() <= 1e-6 * exact.abs().max(100.0), "{exact} and {program}");
        }
    }

    #[test]
    fn with_a_store_it_costs_little_more_than_the_program() {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for _ in 0..6 {
            let mut system = any_system().new_tree(&mut runner).unwrap().current();
            let hours = system.hours().min(24);
            system.heat_load_mw.truncate(hours);
            system.power_price_rub_mwh.truncate(hours);
            system.dump = None;
            system.units[1].minimum_load_share = 0.4;
            let found = on_off(&system, &mut |_| true).unwrap().expect("one price and no dump");
            let limits = CommitmentLimits { window_h: hours, solve: SolveLimits::default() };
            let program = committed_by_windows(&system, &limits, &mut |_| true).unwrap().cost(&system);
            let (found, optimum) = (found.cost(&system).total_rub, program.total_rub);
            let turned_over = program.fuel_rub + program.power_value_rub.abs();
            assert!(found >= optimum - 1e-6 * turned_over && found <= optimum + 0.01 * turned_over, "{found} and {optimum}");
        }
    }

    #[test]
    fn a_tank_that_charges_slowly_is_used() {
        // Nights of 6 MW and days of 14; a plant of 10 MW for half the boiler's price can fill the tank at night for the day.
        let mut plant = crate::energy::dispatch::DispatchUnit::free(
            "plant",
            Conversion::FixedRatio(crate::energy::plant::FixedRatio::straight(10.0, 10.0, 0.0)),
            10.0,
        );
        plant.minimum_load_share = 0.4;
        let boiler = crate::energy::plant::FixedRatio::straight(20.0, 20.0, 0.0);
        let tank = HeatStore::tank(120.0, &crate::model::ParameterValues::defaults(crate::model::plant_parameters()));
        let mut system = System {
            heat_load_mw: (0..240).map(|hour| if hour % 24 < 10 { 6.0 } else { 14.0 }).collect(),
            power_price_rub_mwh: vec![0.0; 240],
            own_power: None,
            units: vec![plant, crate::energy::dispatch::DispatchUnit::free("boiler", Conversion::FixedRatio(boiler), 20.0)],
            store: Some(tank),
            dump: None,
            unserved_cost_rub_mwh: 1_000.0,
        };
        let with = on_off(&system, &mut |_| true).unwrap().expect("one price and no dump");
        let bound = crate::energy::dispatch::least_cost(&system, &mut |_| true).unwrap().cost(&system).total_rub;
        let cost = with.cost(&system).total_rub;
        system.store = None;
        let without = on_off(&system, &mut |_| true).unwrap().unwrap().cost(&system).total_rub;
        // 2 MW for ten hours of each night, less what the tank loses, at 10 RUB/MWh saved.
        assert!((1_900.0..2_000.0).contains(&(without - bound)), "{without} and {bound}");
        assert!(without - cost > 0.95 * (without - bound), "{without}, {cost} and at best {bound}");
    }

    #[test]
    fn a_store_that_takes_weeks_to_charge_is_a_matter_for_the_program() {
        let numbers = crate::model::ParameterValues::defaults(crate::model::plant_parameters());
        let levels = |hours: f64| {
            levels_of(&HeatStore { charge_mw: Some(100.0 / hours), ..HeatStore::tank(100.0, &numbers) })
                .map(|levels| levels.len())
        };
        assert_eq!(levels(5.0), Some(241), "it gives off its heat in 60 hours");
        assert_eq!((levels(240.0), levels(260.0), levels(1e9)), (Some(501), None, None));
    }

    #[test]
    fn a_unit_stands_where_the_load_is_below_its_least() {
        // 10 MW of heat at least 4, for half the boiler's price; a load of 3 MW is the boiler's, one of 6 MW the plant's.
        let mut plant = crate::energy::dispatch::DispatchUnit::free(
            "plant",
            Conversion::FixedRatio(crate::energy::plant::FixedRatio::straight(10.0, 10.0, 0.0)),
            10.0,
        );
        plant.minimum_load_share = 0.4;
        plant.start_cost_rub = 5.0;
        let boiler = crate::energy::plant::FixedRatio::straight(10.0, 10.0, 0.0);
        let system = System {
            heat_load_mw: vec![6.0, 3.0, 6.0],
            power_price_rub_mwh: vec![0.0; 3],
            own_power: None,
            units: vec![plant, crate::energy::dispatch::DispatchUnit::free("boiler", Conversion::FixedRatio(boiler), 20.0)],
            store: None,
            dump: None,
            unserved_cost_rub_mwh: 1_000.0,
        };
        let schedule = on_off(&system, &mut |_| true).unwrap().unwrap();
        assert_eq!(schedule.unit_on[0], [true, false, true]);
        let cost = schedule.cost(&system);
        // 6 · 10 twice, 3 · 20 and a start.
        assert!((cost.total_rub - (60.0 + 60.0 + 60.0 + 5.0)).abs() < 1e-9, "{cost:?}");
        let with_dump = System { dump: Some(HeatDump { limit_mw: None, cost_rub_mwh: 0.0 }), ..system };
        assert!(on_off(&with_dump, &mut |_| true).unwrap().is_none());
    }
}
