//! A schedule, what it costs, and whether it is one.

use super::{StoreEnd, System};
use crate::energy::plant::Conversion;
use serde::Serialize;
use thiserror::Error;

/// A balance may be missed by this share of what it adds up.
const TOLERANCE: f64 = 1e-6;

/// How fuel follows from output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadModel {
    /// In proportion, as at full load; minimum loads and starts left out.
    Proportional,
    /// By the part-load line of each unit; minimum loads may be missed.
    PartLoad,
    /// By the part-load line, with minimum loads kept and starts paid.
    Committed,
}

/// What each unit does in each hour.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Schedule {
    /// How fuel follows from output.
    pub load_model: LoadModel,
    /// Heat by unit, in the order of the system's, and hour.
    pub unit_heat_mw: Vec<Vec<f64>>,
    /// Electricity by unit and hour; below zero where a boiler uses some.
    pub unit_electric_mw: Vec<Vec<f64>>,
    /// Whether a unit runs, by unit and hour.
    pub unit_on: Vec<Vec<bool>>,
    /// Heat in store after each hour.
    pub stored_mwh: Vec<f64>,
    /// Heat thrown away.
    pub dumped_mw: Vec<f64>,
    /// Heat not served.
    pub unserved_mw: Vec<f64>,
    /// What one more MWh of heat would cost; zero where the way to the schedule does not tell.
    pub heat_price_rub_mwh: Vec<f64>,
    /// Most by which the cost may lie above the least one, as a share of it, where a search was ended early.
    pub proven_gap: f64,
}

/// What a schedule costs. The total is the sum less `power_value_rub`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct ScheduleCost {
    /// Fuel.
    pub fuel_rub: f64,
    /// Cost by MWh of heat and electricity, and by hours of running.
    pub operation_rub: f64,
    /// Starts after the first hour.
    pub start_rub: f64,
    /// Heat thrown away.
    pub dump_rub: f64,
    /// Heat not served, as it was counted in the choice.
    pub unserved_rub: f64,
    /// Electricity sold, less electricity bought.
    pub power_value_rub: f64,
    /// All together.
    pub total_rub: f64,
}

/// What is wrong with a schedule.
#[derive(Debug, Error, Clone, PartialEq)]
#[error("in hour {hour} {what} is missed by {by:.3e}")]
pub struct Violation {
    /// The hour, from nought.
    pub hour: usize,
    /// The balance or limit.
    pub what: String,
    /// By how much, in its unit.
    pub by: f64,
}

impl Schedule {
    pub(super) fn empty(system: &System, load_model: LoadModel) -> Self {
        let (units, hours) = (system.units.len(), system.hours());
        Self {
            load_model,
            unit_heat_mw: vec![vec![0.0; hours]; units],
            unit_electric_mw: vec![vec![0.0; hours]; units],
            unit_on: vec![vec![false; hours]; units],
            stored_mwh: vec![0.0; hours],
            dumped_mw: vec![0.0; hours],
            unserved_mw: vec![0.0; hours],
            heat_price_rub_mwh: vec![0.0; hours],
            proven_gap: 0.0,
        }
    }

    /// Load of a unit in an hour, a share of its full fuel.
    #[must_use]
    pub fn load(&self, system: &System, unit: usize, hour: usize) -> f64 {
        let (heat, electric) = (self.unit_heat_mw[unit][hour], self.unit_electric_mw[unit][hour]);
        let conversion = &system.units[unit].conversion;
        match (self.load_model, conversion) {
            (LoadModel::Proportional, Conversion::FixedRatio(ratio)) => heat / ratio.heat_mw,
            (LoadModel::Proportional, Conversion::Extraction(turbine)) => (electric + turbine.cv * heat) / turbine.condensing_mw,
            _ if !self.unit_on[unit][hour] => 0.0,
            _ => conversion.load_for(heat, electric),
        }
    }

    /// Fuel of a unit in an hour, MW.
    #[must_use]
    pub fn fuel_mw(&self, system: &System, unit: usize, hour: usize) -> f64 {
        self.load(system, unit, hour) * system.units[unit].conversion.fuel_mw()
    }

    /// The same heat with fuel and electricity by the part-load lines, so that a lower bound can be seen for what it is.
    /// A schedule that knows part loads is returned as it is.
    #[must_use]
    pub fn at_part_load(&self, system: &System) -> Self {
        let mut schedule = self.clone();
        if self.load_model != LoadModel::Proportional {
            return schedule;
        }
        schedule.load_model = LoadModel::PartLoad;
        for (unit, dispatched) in system.units.iter().enumerate() {
            let Conversion::FixedRatio(ratio) = &dispatched.conversion else { continue };
            for hour in 0..system.hours() {
                if self.unit_on[unit][hour] {
                    let load = ratio.load_for_heat(self.unit_heat_mw[unit][hour]);
                    schedule.unit_electric_mw[unit][hour] = ratio.electric_at(load);
                }
            }
        }
        schedule
    }

    /// Starts of a unit: hours in which it runs and did not before. The first hour is none.
    #[must_use]
    pub fn starts(&self, unit: usize) -> usize {
        self.unit_on[unit].windows(2).filter(|pair| pair[1] && !pair[0]).count()
    }

    /// What the schedule costs.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of starts are small")]
    pub fn cost(&self, system: &System) -> ScheduleCost {
        let mut cost = ScheduleCost::default();
        for unit in system.unit_order() {
            let dispatched = &system.units[unit];
            for hour in 0..system.hours() {
                let load = self.load(system, unit, hour);
                cost.fuel_rub += load * dispatched.conversion.fuel_mw() * dispatched.fuel_price_rub_mwh;
            }
            cost.operation_rub += self.operation_rub(system, unit);
            if self.load_model != LoadModel::Proportional {
                cost.start_rub += self.starts(unit) as f64 * dispatched.start_cost_rub;
            }
        }
        let order = system.unit_order();
        for hour in 0..system.hours() {
            cost.dump_rub += self.dumped_mw[hour] * system.dump.map_or(0.0, |dump| dump.cost_rub_mwh);
            cost.unserved_rub += self.unserved_mw[hour] * system.unserved_cost_rub_mwh;
            let made: f64 = order.iter().map(|unit| self.unit_electric_mw[*unit][hour]).sum();
            let sale = system.power_price_rub_mwh[hour];
            cost.power_value_rub += match &system.own_power {
                None => made * sale,
                Some(own) => {
                    let over = made - own.demand_mw[hour];
                    over * if over < 0.0 { own.purchase_price_rub_mwh[hour] } else { sale }
                }
            };
        }
        let spent = cost.fuel_rub + cost.operation_rub + cost.start_rub + cost.dump_rub + cost.unserved_rub;
        cost.total_rub = spent - cost.power_value_rub;
        cost
    }

    /// What a unit's operation costs beside fuel and starts.
    pub(super) fn operation_rub(&self, system: &System, unit: usize) -> f64 {
        let dispatched = &system.units[unit];
        let of_hour = |hour: usize| {
            let running = match self.load_model {
                LoadModel::Proportional => self.load(system, unit, hour),
                _ => f64::from(u8::from(self.unit_on[unit][hour])),
            };
            running * dispatched.running_cost_rub_h
                + self.unit_heat_mw[unit][hour] * dispatched.heat_cost_rub_mwh
                + self.unit_electric_mw[unit][hour].max(0.0) * dispatched.power_cost_rub_mwh
        };
        (0..system.hours()).map(of_hour).sum()
    }

    /// Puts the schedule into the balance of every hour and against every limit again.
    ///
    /// # Errors
    /// [`Violation`]: the first hour in which something is missed by more than 1e-6 of what is added up.
    pub fn check(&self, system: &System) -> Result<(), Violation> {
        let kept = system.kept_share();
        let mut before = system.store.map_or(0.0, |store| store.start_mwh);
        for hour in 0..system.hours() {
            let load = system.heat_load_mw[hour];
            let judge = Judge { hour, scale: 1.0 + load + before + self.dumped_mw[hour] };
            let made: f64 = self.unit_heat_mw.iter().map(|heat| heat[hour]).sum();
            let charge = self.stored_mwh[hour] - kept * before;
            let missing = made + self.unserved_mw[hour] - self.dumped_mw[hour] - load - charge;
            judge.at_most("the heat balance", missing.abs(), 0.0)?;
            judge.at_most("the heat load, by heat that is not served,", self.unserved_mw[hour], load)?;
            judge.at_most("zero, by heat that is not served,", -self.unserved_mw[hour], 0.0)?;
            let dump = system.dump.map_or(0.0, |dump| dump.limit_mw.unwrap_or(f64::INFINITY));
            judge.at_most("the limit of heat thrown away", self.dumped_mw[hour], dump)?;
            judge.at_most("zero, by heat thrown away,", -self.dumped_mw[hour], 0.0)?;
            let size = system.store.map_or(0.0, |store| store.size_mwh);
            judge.at_most("the size of the store", self.stored_mwh[hour], size)?;
            judge.at_most("the bottom of the store", -self.stored_mwh[hour], 0.0)?;
            if let Some(store) = system.store {
                judge.at_most("the greatest charge", charge, store.charge_mw.unwrap_or(f64::INFINITY))?;
                judge.at_most("the greatest discharge", -charge, store.discharge_mw.unwrap_or(f64::INFINITY))?;
            }
            for unit in 0..system.units.len() {
                self.check_unit(system, unit, hour)?;
            }
            before = self.stored_mwh[hour];
        }
        match system.store {
            Some(store) if store.end == StoreEnd::AsStart => {
                let judge = Judge { hour: system.hours() - 1, scale: 1.0 + store.start_mwh };
                judge.at_most("the store's content at the start", store.start_mwh, before)
            }
            _ => Ok(()),
        }
    }

    fn check_unit(&self, system: &System, unit: usize, hour: usize) -> Result<(), Violation> {
        let dispatched = &system.units[unit];
        let conversion = &dispatched.conversion;
        let (heat, electric, on) = (self.unit_heat_mw[unit][hour], self.unit_electric_mw[unit][hour], self.unit_on[unit][hour]);
        let judge = Judge { hour, scale: 1.0 + conversion.fuel_mw() };
        let named = |what: &str| format!("{what} of unit {:?}", dispatched.id);
        judge.at_most(&named("zero heat"), -heat, 0.0)?;
        judge.at_most(&named("the greatest heat"), heat, conversion.heat_mw())?;
        let load = self.load(system, unit, hour);
        judge.at_most(
            &named("the available load"),
            load * conversion.fuel_mw(),
            dispatched.available(hour) * conversion.fuel_mw(),
        )?;
        if self.load_model == LoadModel::Committed && on {
            let least = dispatched.minimum_load_share * conversion.fuel_mw();
            judge.at_most(&named("the minimum load"), least, load * conversion.fuel_mw())?;
        }
        if !on {
            judge.at_most(&named("the standstill"), heat.abs() + electric.abs(), 0.0)?;
            return Ok(());
        }
        match conversion {
            Conversion::FixedRatio(ratio) => {
                let expected = match self.load_model {
                    LoadModel::Proportional => ratio.electric_mw / ratio.heat_mw * heat,
                    _ => ratio.electric_at(load),
                };
                judge.at_most(&named("the electricity that belongs to its heat"), (electric - expected).abs(), 0.0)
            }
            Conversion::Extraction(turbine) => judge.at_most(&named("the back-pressure line"), turbine.cb * heat, electric),
        }
    }
}

struct Judge {
    hour: usize,
    scale: f64,
}

impl Judge {
    fn at_most(&self, what: &str, value: f64, limit: f64) -> Result<(), Violation> {
        let by = value - limit;
        // Written so that what is not a number is a violation too.
        if by <= TOLERANCE * self.scale { Ok(()) } else { Err(Violation { hour: self.hour, what: what.to_owned(), by }) }
    }
}
