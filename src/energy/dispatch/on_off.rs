//! Units that run or stand, hour after hour at the least cost: exact where nothing but starts ties the hours together.

use super::hour::{HeatCurve, Hour, Piece, electric_with};
use super::{DispatchError, LoadModel, Schedule, StoreEnd, System};

/// Most units whose running is a choice of its own; each doubles the states of an hour.
const MOST_CHOICES: usize = 6;
/// Levels of a store at which the cost to the end is computed; between them it is taken as straight.
const LEVELS: u32 = 61;
/// A load or a level may be missed by so much, MW and MWh.
const ROUNDING: f64 = 1e-9;
/// What a MWh that is missing in the store at the end costs, over heat that is not served: more than any way to fill it.
const MISSING_AT_END: f64 = 100.0;
/// Hours between two questions whether to go on.
const HOURS_A_LOOK: usize = 500;

/// The schedule of least cost with minimum loads, part-load lines, running costs and starts over all hours, where no heat is thrown
/// away, electricity has one price, and at most six units are to be chosen. None for any other system.
///
/// In an hour and for a set of running units, costs are convex in each unit's heat, so the cheapest pieces serve what the minimum
/// loads leave; over the hours the sets are a shortest path, `V_t(r) = min_s (starts from r to s + c_t(s) + V_(t+1)(s))`. That is
/// exact. With a store `V` is computed backwards at 61 levels of the store and taken as straight between them (Johnson et al., Numerical
/// solution of continuous-state dynamic programs using linear and spline interpolation, Operations Research 41, 1993, 484-500). With
/// the hour's costs it is least at a level, at a corner of the costs, or where a limit of the store binds, and all of these are looked
/// at. The schedule goes forward from what the store holds by the same choice, to levels of any height, and keeps every limit; its cost
/// lies above the optimum by some thousandths, by more where the store holds months. None where the store cannot be brought back to
/// what it held.
///
/// # Errors
/// [`DispatchError`]: input that makes no sense, or a stop.
pub fn on_off(system: &System, keep_going: &mut dyn FnMut(f64) -> bool) -> Result<Option<Schedule>, DispatchError> {
    system.check()?;
    let Some(path) = Path::new(system) else { return Ok(None) };
    let hours = system.hours();
    // From the last hour to the first: the cost to the end by what ran before and the level.
    let mut onward = vec![path.at_end()];
    for hour in (1..hours).rev() {
        if hour % HOURS_A_LOOK == 0 {
            #[expect(clippy::cast_precision_loss, reason = "a year has few hours")]
            let done = 1.0 - hour as f64 / hours as f64;
            if !keep_going(done) {
                return Err(DispatchError::Cancelled);
            }
        }
        let after = onward.last().map_or(&[][..], Vec::as_slice);
        onward.push(path.before(hour, after));
    }
    let mut schedule = Schedule::empty(system, LoadModel::Committed);
    let mut held_mwh = system.store.map_or(0.0, |store| store.start_mwh);
    let mut ran = None;
    for (hour, after) in onward.iter().rev().enumerate() {
        let choice = Hour::new(system, hour, &path.order);
        let ways = (0..path.sets()).filter_map(|set| {
            let way = path.way(&choice, &choice.curve(|unit| path.runs(set, unit))?, held_mwh, path.of_set(after, set))?;
            Some((set, way.level_mwh, way.cost_rub + ran.map_or(0.0, |ran: usize| path.start_rub[set][ran])))
        });
        let Some((set, level_mwh, _)) = ways.min_by(|a, b| a.2.total_cmp(&b.2)) else { return Ok(None) };
        let heat_mw = choice.load_mw + level_mwh - system.kept_share() * held_mwh;
        write_hour(&path, hour, &choice, heat_mw, set, &mut schedule);
        schedule.stored_mwh[hour] = level_mwh;
        (held_mwh, ran) = (level_mwh, Some(set));
    }
    if system.store.is_some_and(|store| store.end == StoreEnd::AsStart && held_mwh < store.start_mwh - ROUNDING) {
        return Ok(None);
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
    /// Levels of the store, MWh, rising; the one of an empty store where there is none.
    levels: Vec<f64>,
    /// By set after and set before.
    start_rub: Vec<Vec<f64>>,
}

/// Where an hour leads.
struct Way {
    /// In the store after it.
    level_mwh: f64,
    /// Of it and of all that follows.
    cost_rub: f64,
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
        let mut levels = vec![0.0];
        if let Some(store) = system.store.as_ref().filter(|store| store.size_mwh > 0.0) {
            levels.extend((1..LEVELS).map(|nth| store.size_mwh * f64::from(nth) / f64::from(LEVELS - 1)));
            // What the store must come back to has a level of its own.
            levels.push(store.start_mwh);
            levels.sort_by(f64::total_cmp);
            levels.dedup();
        }
        Some(Self { system, order, choices, levels, start_rub })
    }

    fn sets(&self) -> usize {
        self.start_rub.len()
    }

    fn runs(&self, set: usize, unit: usize) -> bool {
        self.choices.iter().position(|choice| *choice == unit).is_none_or(|bit| (set >> bit) & 1 == 1)
    }

    /// Of costs by set and level, those of a set.
    fn of_set<'b>(&self, costs: &'b [f64], set: usize) -> &'b [f64] {
        &costs[set * self.levels.len()..][..self.levels.len()]
    }

    /// Costs after the last hour, by set and level.
    fn at_end(&self) -> Vec<f64> {
        let store = self.system.store.as_ref().filter(|store| store.end == StoreEnd::AsStart);
        let missing_rub_mwh = MISSING_AT_END * (1.0 + self.system.unserved_cost_rub_mwh);
        let cost = |level: &f64| store.map_or(0.0, |store| missing_rub_mwh * (store.start_mwh - level).max(0.0));
        (0..self.sets()).flat_map(|_| self.levels.iter().map(cost)).collect()
    }

    /// The least costs from an hour to the end, by the set that ran before it and the level, from those after it.
    fn before(&self, hour: usize, after: &[f64]) -> Vec<f64> {
        let choice = Hour::new(self.system, hour, &self.order);
        let mut least = vec![f64::INFINITY; after.len()];
        for (set, start_rub) in self.start_rub.iter().enumerate() {
            let Some(curve) = choice.curve(|unit| self.runs(set, unit)) else { continue };
            for (place, level_mwh) in self.levels.iter().enumerate() {
                let Some(way) = self.way(&choice, &curve, *level_mwh, self.of_set(after, set)) else { continue };
                for (ran, start_rub) in start_rub.iter().enumerate() {
                    let kept = &mut least[ran * self.levels.len() + place];
                    *kept = kept.min(start_rub + way.cost_rub);
                }
            }
        }
        least
    }

    /// The cheapest way on from what the store holds; none where these units can neither serve nor store what they must.
    fn way(&self, hour: &Hour, curve: &HeatCurve, held_mwh: f64, after: &[f64]) -> Option<Way> {
        let kept_mwh = self.system.kept_share() * held_mwh;
        // What the store has after the hour is what it kept and what was made beyond the load.
        let level_at = |heat_mw: f64| kept_mwh + heat_mw - hour.load_mw;
        let (mut low, mut high) = (level_at(curve.least_mw), level_at(curve.most_mw()));
        let most = |limit: Option<f64>| limit.unwrap_or(f64::INFINITY);
        let (size_mwh, charge_mw, discharge_mw) = self
            .system
            .store
            .as_ref()
            .map_or((0.0, 0.0, 0.0), |store| (store.size_mwh, most(store.charge_mw), most(store.discharge_mw)));
        low = low.max(kept_mwh - discharge_mw).max(0.0);
        high = high.min(kept_mwh + charge_mw).min(size_mwh);
        if low > high + ROUNDING {
            return None;
        }
        let high = high.max(low);
        let cost = |level_mwh: f64, after_rub: f64| {
            let cost_rub = curve.cost(level_mwh - kept_mwh + hour.load_mw) + after_rub;
            Way { level_mwh, cost_rub }
        };
        let between = self.levels.iter().zip(after).skip(self.levels.partition_point(|level| *level <= low));
        let levels = between.take_while(|(level, _)| **level < high).map(|(level, after_rub)| cost(*level, *after_rub));
        let corners = curve.corners().map(level_at).filter(|level| (low..high).contains(level));
        let others = [low, high].into_iter().chain(corners).map(|level| cost(level, self.interpolated(after, level)));
        levels.chain(others).filter(|way| way.cost_rub.is_finite()).min_by(|a, b| a.cost_rub.total_cmp(&b.cost_rub))
    }

    /// A cost between two levels.
    fn interpolated(&self, costs: &[f64], level_mwh: f64) -> f64 {
        let above = self.levels.partition_point(|level| *level < level_mwh).min(self.levels.len() - 1);
        let below = above.saturating_sub(1);
        let span = self.levels[above] - self.levels[below];
        let share = if span > 0.0 { ((level_mwh - self.levels[below]) / span).clamp(0.0, 1.0) } else { 1.0 };
        // What cannot be stays so beside it, and says nothing of the level itself.
        let part = |share: f64, cost: f64| if share > 0.0 { share * cost } else { 0.0 };
        part(1.0 - share, costs[below]) + part(share, costs[above])
    }
}

fn write_hour(path: &Path<'_>, hour: usize, choice: &Hour, heat_mw: f64, set: usize, schedule: &mut Schedule) {
    let system = path.system;
    let mut more = vec![0.0; system.units.len()];
    let Some(curve) = choice.curve(|unit| path.runs(set, unit)) else { return };
    curve.take(heat_mw, |piece: &Piece, heat| {
        schedule.heat_price_rub_mwh[hour] = piece.rub_mwh;
        match piece.unit {
            Some(unit) => more[unit] += heat,
            None => schedule.unserved_mw[hour] = heat,
        }
    });
    for &unit in path.order.iter().filter(|unit| path.runs(set, **unit)) {
        let Some(least) = &choice.running[unit] else { continue };
        let heat = least.heat_mw + more[unit];
        let electric = electric_with(system, unit, hour, heat);
        // A unit that is not to be chosen runs where it gives something.
        let on = system.units[unit].must_be_committed() || heat > 0.0 || electric > 0.0;
        schedule.unit_on[unit][hour] = on;
        schedule.unit_heat_mw[unit][hour] = heat;
        schedule.unit_electric_mw[unit][hour] = if on { electric } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::super::commitment::committed_by_windows;
    use super::super::tests::any_system;
    use super::super::{CommitmentLimits, DispatchUnit, HeatDump, HeatStore, heat_led, least_cost};
    use super::*;
    use crate::energy::plant::{Conversion, FixedRatio};
    use crate::model::{ParameterValues, plant_parameters};
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

    /// A unit that gives heat alone, one MWh of a fuel of this price each.
    fn heater(name: &str, heat_mw: f64, rub_mwh: f64) -> DispatchUnit {
        DispatchUnit::free(name, Conversion::FixedRatio(FixedRatio::straight(heat_mw, heat_mw, 0.0)), rub_mwh)
    }

    /// What it takes and gives in so many hours from empty to full.
    fn tank(size_mwh: f64, hours: f64) -> HeatStore {
        let numbers = ParameterValues::defaults(plant_parameters());
        let pace_mw = Some(size_mwh / hours);
        HeatStore { charge_mw: pace_mw, discharge_mw: pace_mw, ..HeatStore::tank(size_mwh, &numbers) }
    }

    #[test]
    fn a_tank_that_charges_slowly_is_used() {
        // Nights of 6 MW and days of 14; a plant of 10 MW for half the boiler's price can fill the tank at night for the day.
        let mut plant = heater("plant", 10.0, 10.0);
        plant.minimum_load_share = 0.4;
        let boiler = heater("boiler", 20.0, 20.0);
        let tank = HeatStore::tank(120.0, &ParameterValues::defaults(plant_parameters()));
        let mut system = System {
            heat_load_mw: (0..240).map(|hour| if hour % 24 < 10 { 6.0 } else { 14.0 }).collect(),
            power_price_rub_mwh: vec![0.0; 240],
            own_power: None,
            units: vec![plant, boiler],
            store: Some(tank),
            dump: None,
            unserved_cost_rub_mwh: 1_000.0,
        };
        let with = on_off(&system, &mut |_| true).unwrap().expect("one price and no dump");
        let bound = least_cost(&system, &mut |_| true).unwrap().cost(&system).total_rub;
        let cost = with.cost(&system).total_rub;
        system.store = None;
        let without = on_off(&system, &mut |_| true).unwrap().unwrap().cost(&system).total_rub;
        // 2 MW for ten hours of each night, less what the tank loses, at 10 RUB/MWh saved.
        assert!((1_900.0..2_000.0).contains(&(without - bound)), "{without} and {bound}");
        assert!(without - cost > 0.95 * (without - bound), "{without}, {cost} and at best {bound}");
    }

    /// A plant of 10 MW and at least 4 at half the boiler's price, over nights of less than that and days of more than it gives.
    fn town_with_nights() -> System {
        let mut plant = heater("plant", 10.0, 10.0);
        (plant.minimum_load_share, plant.start_cost_rub) = (0.4, 20.0);
        let boiler = heater("boiler", 20.0, 20.0);
        let load =
            |hour: i32| 6.5 + 6.0 * (f64::from(hour) * std::f64::consts::TAU / 24.0).cos() + f64::from(hour * 7 % 11) / 11.0;
        System {
            heat_load_mw: (0..480).map(load).collect(),
            power_price_rub_mwh: vec![0.0; 480],
            own_power: None,
            units: vec![plant, boiler],
            store: None,
            dump: None,
            unserved_cost_rub_mwh: 1_000.0,
        }
    }

    #[test]
    fn a_tank_of_any_size_and_pace_costs_no_more_than_a_rule_and_little_more_than_the_bound() {
        let cost = |schedule: Schedule, system: &System| schedule.cost(system).total_rub;
        for (size_mwh, hours) in [(20.0, 2.0), (60.0, 60.0), (200.0, 5.0), (1_000.0, 10.0), (1_000.0, 1.0), (50_000.0, 60.0)] {
            let system = System { store: Some(tank(size_mwh, hours)), ..town_with_nights() };
            let found = cost(on_off(&system, &mut |_| true).unwrap().expect("one price and no dump"), &system);
            let by_rule = cost(heat_led(&system).unwrap(), &system);
            let bound = cost(least_cost(&system, &mut |_| true).unwrap(), &system);
            assert!(found <= by_rule * 1.001, "{size_mwh} MWh in {hours} h: {found}, by the rule {by_rule}");
            // The bound knows of no least load: a tank that holds a night bridges it. Levels of one that holds months lie far apart.
            let most = bound * if (200.0..2_000.0).contains(&size_mwh) { 1.01 } else { 1.10 };
            assert!((bound * (1.0 - 1e-6)..most).contains(&found), "{size_mwh} MWh in {hours} h: {found}, at best {bound}");
        }
    }

    #[test]
    fn a_faster_tank_costs_no_more() {
        let mut before = f64::INFINITY;
        for hours in [200.0, 60.0, 20.0, 10.0, 5.0, 2.0, 1.0] {
            let system = System { store: Some(tank(300.0, hours)), ..town_with_nights() };
            let cost = on_off(&system, &mut |_| true).unwrap().unwrap().cost(&system).total_rub;
            assert!(cost <= before * 1.001, "{hours} h: {cost}, a slower one {before}");
            before = cost;
        }
    }

    #[test]
    fn a_unit_stands_where_the_load_is_below_its_least() {
        // 10 MW of heat at least 4, for half the boiler's price; a load of 3 MW is the boiler's, one of 6 MW the plant's.
        let mut plant = heater("plant", 10.0, 10.0);
        plant.minimum_load_share = 0.4;
        plant.start_cost_rub = 5.0;
        let boiler = heater("boiler", 10.0, 20.0);
        let system = System {
            heat_load_mw: vec![6.0, 3.0, 6.0],
            power_price_rub_mwh: vec![0.0; 3],
            own_power: None,
            units: vec![plant, boiler],
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
