//! What a schedule adds up to: totals by unit and month, the duration curve, the map of hours and days.

use super::{LoadModel, Schedule, ScheduleCost, System};
use serde::Serialize;

/// Hours of a day.
const DAY: usize = 24;
/// Days of the months of a common year.
const MONTHS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// Most points of a duration curve.
const MOST_POINTS: usize = 200;

/// What a run of hours adds up to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DispatchYear {
    /// Hours of the run.
    pub hours: usize,
    /// How fuel follows from output.
    pub load_model: LoadModel,
    /// Heat load.
    pub heat_load_mwh: f64,
    /// Greatest heat load of an hour.
    pub heat_peak_mw: f64,
    /// Heat that was not served.
    pub unserved_mwh: f64,
    /// Hours in which some was not.
    pub unserved_h: usize,
    /// Heat thrown away.
    pub dumped_mwh: f64,
    /// Electricity made, net of what boilers use.
    pub electric_mwh: f64,
    /// Fuel of all units.
    pub fuel_mwh: f64,
    /// Cost and its parts.
    pub cost: ScheduleCost,
    /// Cost over heat served.
    pub heat_cost_rub_mwh: Option<f64>,
    /// The units, in the order of the system's.
    pub units: Vec<UnitYear>,
    /// The store, if there is one.
    pub store: Option<StoreYear>,
    /// The months; none for a run that is no year.
    pub months: Vec<DispatchMonth>,
    /// Load from the highest to the lowest, with what serves it.
    pub duration_curve: Vec<DurationPoint>,
    /// Heat load by hour of the day (24 rows) and day of the run, MW; days that are not whole are left out.
    pub heat_map_mw: Vec<Vec<f64>>,
}

/// What a unit did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitYear {
    /// Its name.
    pub id: String,
    /// Heat.
    pub heat_mwh: f64,
    /// Its share of all heat made.
    pub heat_share: f64,
    /// Electricity, net.
    pub electric_mwh: f64,
    /// Fuel.
    pub fuel_mwh: f64,
    /// Cost of the fuel.
    pub fuel_rub: f64,
    /// Cost of operation beside fuel and starts.
    pub operation_rub: f64,
    /// Fuel over that of an hour at full load.
    pub full_load_hours: f64,
    /// Hours in which it ran.
    pub running_h: usize,
    /// Starts after the first hour.
    pub starts: usize,
    /// Hours in which it ran below its minimum load; none in a schedule that keeps it.
    pub below_minimum_load_h: usize,
}

/// What the store did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StoreYear {
    /// Heat that went in.
    pub charged_mwh: f64,
    /// Heat that came out.
    pub discharged_mwh: f64,
    /// Heat lost.
    pub lost_mwh: f64,
    /// Heat that came out over the size.
    pub cycles: f64,
}

/// Sums of a month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DispatchMonth {
    /// From 1 to 12.
    pub month: usize,
    /// Heat load.
    pub heat_load_mwh: f64,
    /// Heat by unit.
    pub unit_heat_mwh: Vec<f64>,
    /// Electricity by unit.
    pub unit_electric_mwh: Vec<f64>,
    /// Fuel by unit.
    pub unit_fuel_mwh: Vec<f64>,
    /// Heat not served.
    pub unserved_mwh: f64,
}

/// A stretch of the duration curve: means over hours of neighbouring load.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DurationPoint {
    /// Hours with a higher load than these.
    pub from_h: usize,
    /// How many hours they are.
    pub hours: usize,
    /// Mean load.
    pub heat_load_mw: f64,
    /// Mean heat by unit.
    pub unit_heat_mw: Vec<f64>,
    /// Mean heat out of the store, less heat into it and thrown away.
    pub from_store_mw: f64,
    /// Mean heat not served.
    pub unserved_mw: f64,
}

impl Schedule {
    /// Adds the schedule up.
    ///
    /// Months are those of a year that begins on 1 January, of 8,760 or 8,784 hours. The duration curve has at most 200 points, each the
    /// mean of hours next to each other by load (the first of them the peak alone), so that their sum over hours is the heat.
    #[must_use]
    pub fn year(&self, system: &System) -> DispatchYear {
        let hours = system.hours();
        let order = system.unit_order();
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let cost = self.cost(system);
        let heat_load_mwh = sum(&system.heat_load_mw);
        let unserved_mwh = sum(&self.unserved_mw);
        let all_heat: f64 = order.iter().map(|unit| sum(&self.unit_heat_mw[*unit])).sum();
        let fuel: Vec<Vec<f64>> =
            (0..system.units.len()).map(|unit| (0..hours).map(|hour| self.fuel_mw(system, unit, hour)).collect()).collect();
        let units: Vec<UnitYear> =
            (0..system.units.len()).map(|unit| self.unit_year(system, unit, &fuel[unit], all_heat)).collect();
        let served = heat_load_mwh - unserved_mwh;
        DispatchYear {
            hours,
            load_model: self.load_model,
            heat_load_mwh,
            heat_peak_mw: system.heat_load_mw.iter().copied().fold(0.0, f64::max),
            unserved_mwh,
            unserved_h: self.unserved_mw.iter().filter(|unserved| **unserved > 1e-9).count(),
            dumped_mwh: sum(&self.dumped_mw),
            electric_mwh: order.iter().map(|unit| units[*unit].electric_mwh).sum(),
            fuel_mwh: order.iter().map(|unit| units[*unit].fuel_mwh).sum(),
            heat_cost_rub_mwh: (served > 1e-9).then(|| (cost.total_rub - cost.unserved_rub) / served),
            cost,
            units,
            store: self.store_year(system),
            months: self.months(system, &fuel),
            duration_curve: self.duration_curve(system),
            heat_map_mw: heat_map(&system.heat_load_mw),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a year has few hours")]
    fn unit_year(&self, system: &System, unit: usize, fuel: &[f64], all_heat: f64) -> UnitYear {
        let dispatched = &system.units[unit];
        let fuel_mwh: f64 = fuel.iter().sum();
        let heat_mwh: f64 = self.unit_heat_mw[unit].iter().sum();
        let below =
            |hour: &usize| self.unit_on[unit][*hour] && self.load(system, unit, *hour) < dispatched.minimum_load_share - 1e-6;
        let all = system.hours() as f64;
        UnitYear {
            id: dispatched.id.clone(),
            heat_mwh,
            heat_share: if all_heat > 0.0 { heat_mwh / all_heat } else { 0.0 },
            electric_mwh: self.unit_electric_mw[unit].iter().sum(),
            fuel_mwh,
            fuel_rub: fuel_mwh * dispatched.fuel_price_rub_mwh,
            operation_rub: self.operation_rub(system, unit),
            full_load_hours: (fuel_mwh / dispatched.conversion.fuel_mw()).clamp(0.0, all),
            running_h: self.unit_on[unit].iter().filter(|on| **on).count(),
            starts: self.starts(unit),
            below_minimum_load_h: (0..system.hours()).filter(below).count(),
        }
    }

    fn store_year(&self, system: &System) -> Option<StoreYear> {
        let store = system.store?;
        let mut before = store.start_mwh;
        let mut year = StoreYear { charged_mwh: 0.0, discharged_mwh: 0.0, lost_mwh: 0.0, cycles: 0.0 };
        for &after in &self.stored_mwh {
            let lost = before * store.loss_share_h;
            let charge = after - (before - lost);
            year.lost_mwh += lost;
            year.charged_mwh += charge.max(0.0);
            year.discharged_mwh += (-charge).max(0.0);
            before = after;
        }
        if store.size_mwh > 0.0 {
            year.cycles = year.discharged_mwh / store.size_mwh;
        }
        Some(year)
    }

    fn months(&self, system: &System, fuel: &[Vec<f64>]) -> Vec<DispatchMonth> {
        let leap = system.hours() == 366 * DAY;
        if !leap && system.hours() != 365 * DAY {
            return Vec::new();
        }
        let mut first = 0;
        let mut months = Vec::with_capacity(MONTHS.len());
        for (index, days) in MONTHS.into_iter().enumerate() {
            let days = days + usize::from(leap && index == 1);
            let span = first..first + days * DAY;
            first = span.end;
            let by_unit = |series: &[Vec<f64>]| series.iter().map(|values| values[span.clone()].iter().sum()).collect();
            months.push(DispatchMonth {
                month: index + 1,
                heat_load_mwh: system.heat_load_mw[span.clone()].iter().sum(),
                unit_heat_mwh: by_unit(&self.unit_heat_mw),
                unit_electric_mwh: by_unit(&self.unit_electric_mw),
                unit_fuel_mwh: by_unit(fuel),
                unserved_mwh: self.unserved_mw[span.clone()].iter().sum(),
            });
        }
        months
    }

    #[expect(clippy::cast_precision_loss, reason = "a year has few hours")]
    fn duration_curve(&self, system: &System) -> Vec<DurationPoint> {
        let hours = system.hours();
        let load = &system.heat_load_mw;
        let mut sorted: Vec<usize> = (0..hours).collect();
        sorted.sort_by(|a, b| load[*b].total_cmp(&load[*a]));
        let rest = hours - 1;
        let stretches = rest.min(MOST_POINTS - 1);
        // The peak stands alone, the other hours are shared out as evenly as whole hours allow.
        let bounds = std::iter::once(0).chain((0..=stretches).map(|k| 1 + (k * rest).checked_div(stretches).unwrap_or(0)));
        let bounds: Vec<usize> = bounds.collect();
        let mut points = Vec::with_capacity(bounds.len());
        for pair in bounds.windows(2).filter(|pair| pair[0] < pair[1]) {
            let part = &sorted[pair[0]..pair[1]];
            let mean = |values: &[f64]| part.iter().map(|hour| values[*hour]).sum::<f64>() / part.len() as f64;
            let unit_heat_mw: Vec<f64> = self.unit_heat_mw.iter().map(|heat| mean(heat)).collect();
            let (heat_load_mw, unserved_mw) = (mean(load), mean(&self.unserved_mw));
            let from_store_mw = heat_load_mw - unserved_mw - unit_heat_mw.iter().sum::<f64>();
            points.push(DurationPoint {
                from_h: pair[0],
                hours: part.len(),
                heat_load_mw,
                unit_heat_mw,
                from_store_mw,
                unserved_mw,
            });
        }
        points
    }
}

fn heat_map(load: &[f64]) -> Vec<Vec<f64>> {
    (0..DAY).map(|hour| load.chunks_exact(DAY).map(|day| day[hour]).collect()).collect()
}
