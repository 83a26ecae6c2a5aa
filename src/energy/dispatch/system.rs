//! What must be served, and what can serve it.

use crate::energy::plant::{Conversion, ConversionError, PlantUnit};
use crate::model::ParameterValues;
use crate::optimisation::ProgramError;
use serde::Serialize;
use thiserror::Error;

/// Most hours of a run: a leap year.
pub(super) const MOST_HOURS: usize = 8_784;
/// Most units of a run.
const MOST_UNITS: usize = 50;
/// Greatest load, MW.
const MOST_MW: f64 = 100_000.0;
/// Price year of the energy storage catalogue, taken as that of the plants'.
const CATALOGUE_PRICE_YEAR: f64 = 2015.0;
/// Greatest price or cost, RUB.
const MOST_RUB: f64 = 1e9;

/// Heat to be served by the hour, prices, units, and a store. Hours may be any number up to a leap year's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct System {
    /// Heat load by the hour, MW, with the losses of the network.
    pub heat_load_mw: Vec<f64>,
    /// What a MWh of electricity brings when it is sold, by the hour.
    pub power_price_rub_mwh: Vec<f64>,
    /// Own use of electricity, if there is any.
    pub own_power: Option<OwnPower>,
    /// The units.
    pub units: Vec<DispatchUnit>,
    /// The heat store, if there is one.
    pub store: Option<HeatStore>,
    /// Heat may be thrown away, if here is how.
    pub dump: Option<HeatDump>,
    /// What a MWh of heat that is not served counts. It also decides whether a unit is worth its cost.
    pub unserved_cost_rub_mwh: f64,
}

/// A unit as the choice of operation sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DispatchUnit {
    /// Its name; no two units share one.
    pub id: String,
    /// Fuel to heat and electricity.
    pub conversion: Conversion,
    /// Least load as a share of the full fuel.
    pub minimum_load_share: f64,
    /// Price of its fuel, as fired.
    pub fuel_price_rub_mwh: f64,
    /// Further cost of a MWh of heat.
    pub heat_cost_rub_mwh: f64,
    /// Further cost of a MWh of electricity.
    pub power_cost_rub_mwh: f64,
    /// Cost of an hour in which it runs.
    pub running_cost_rub_h: f64,
    /// Cost of a start.
    pub start_cost_rub: f64,
    /// Share of its capacity that can run, by the hour; none means all of it, always.
    pub availability: Option<Vec<f64>>,
}

/// A store of heat: it holds hot water, and loses a share of it each hour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HeatStore {
    /// Most heat that it holds, MWh.
    pub size_mwh: f64,
    /// Share of the stored heat lost in an hour.
    pub loss_share_h: f64,
    /// Greatest charge, MW; none means no limit.
    pub charge_mw: Option<f64>,
    /// Greatest discharge, MW; none means no limit.
    pub discharge_mw: Option<f64>,
    /// Heat in it before the first hour, MWh.
    pub start_mwh: f64,
    /// What must be in it after the last hour.
    pub end: StoreEnd,
}

/// What must be in a store after the last hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreEnd {
    /// Anything.
    Free,
    /// At least what was in it at the start.
    AsStart,
}

/// Heat that is thrown away, as by a cooler.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HeatDump {
    /// Most of it, MW; none means no limit.
    pub limit_mw: Option<f64>,
    /// Its cost.
    pub cost_rub_mwh: f64,
}

/// Electricity that is used on the spot: made here it need not be bought.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnPower {
    /// Use by the hour, MW.
    pub demand_mw: Vec<f64>,
    /// What a MWh costs from the grid, by the hour; never below what one brings.
    pub purchase_price_rub_mwh: Vec<f64>,
}

/// Why there is no schedule.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum DispatchError {
    #[error("heat_load_mw must have between 1 and {most} hours; it had {hours}")]
    Hours { hours: usize, most: usize },
    #[error("{name} must have as many hours as heat_load_mw, {expected}; it had {hours}")]
    Length { name: String, hours: usize, expected: usize },
    #[error("{name} must lie between {low} and {high}{unit}; it was {value}{place}")]
    OutOfRange { name: String, value: f64, low: f64, high: f64, unit: &'static str, place: String },
    #[error("there must be at most {most} units; there were {count}")]
    TooManyUnits { count: usize, most: usize },
    #[error("two units are called {id:?}; each must have a name of its own")]
    UnitTwice { id: String },
    #[error("unit {id:?}: {error}")]
    Conversion { id: String, error: ConversionError },
    #[error(
        "unit {id:?} makes no heat at its minimum_load_share of {minimum_load_share}: its part-load line reaches zero above it"
    )]
    NoHeatAtMinimumLoad { id: String, minimum_load_share: f64 },
    #[error(
        "in hour {hour} electricity costs {purchase} RUB/MWh and brings {sale}: whoever could buy it cheaper than sell it would do so without end"
    )]
    PurchaseBelowSale { hour: usize, purchase: f64, sale: f64 },
    #[error("with own use of power at a price other than that of sale there may be at most {most} units; there were {count}")]
    TwoPowerPrices { count: usize, most: usize },
    #[error("no schedule keeps the store within its limits and ends as it must; the first impossible hour, backwards, is {hour}")]
    Impossible { hour: usize },
    #[error("the computation was stopped before its end")]
    Cancelled,
    #[error("the linear program of the hours from {hour} on: {error}")]
    Program { hour: usize, error: ProgramError },
    #[error("a schedule that was found is none: {0}")]
    Check(#[from] super::Violation),
}

impl HeatStore {
    /// An empty tank of some size with the loss and the hours to charge of `plants.toml`.
    ///
    /// A tank of 120 MWh takes and gives 2 MW.
    ///
    /// ```
    /// use peatplan::{energy::dispatch::HeatStore, model::{ParameterValues, plant_parameters}};
    /// let store = HeatStore::tank(120.0, &ParameterValues::defaults(plant_parameters()));
    /// assert_eq!(store.charge_mw, Some(2.0));
    /// ```
    #[must_use]
    pub fn tank(size_mwh: f64, numbers: &ParameterValues) -> Self {
        let power = Some(size_mwh / numbers.get("store_hours"));
        Self {
            size_mwh,
            loss_share_h: numbers.get("store_loss_share_h"),
            charge_mw: power,
            discharge_mw: power,
            start_mwh: 0.0,
            end: StoreEnd::Free,
        }
    }

    /// Investment in a tank of this size, in roubles of `plant_price_year`.
    ///
    /// 100 MWh at 3,040 EUR/MWh of 2015, 3 % a year for ten years and 100 RUB/EUR are 40.86 million.
    #[must_use]
    pub fn investment_rub(&self, numbers: &ParameterValues) -> f64 {
        let years = numbers.get("plant_price_year") - CATALOGUE_PRICE_YEAR;
        let price = numbers.get("store_investment_eur_mwh") * (1.0 + numbers.get("equipment_price_rise")).powf(years);
        self.size_mwh * price * numbers.get("rub_per_eur")
    }
}

impl DispatchUnit {
    /// A plant unit with the price of its fuel. Costs for a MWh go to electricity where the unit makes any, else to heat.
    #[must_use]
    pub fn of(unit: &PlantUnit, id: impl Into<String>, fuel_price_rub_mwh: f64, availability: Option<Vec<f64>>) -> Self {
        let electric = unit.conversion.electric_mw() > 0.0;
        Self {
            id: id.into(),
            conversion: unit.conversion,
            minimum_load_share: unit.minimum_load_share,
            fuel_price_rub_mwh,
            heat_cost_rub_mwh: if electric { 0.0 } else { unit.variable_cost_rub_mwh },
            power_cost_rub_mwh: if electric { unit.variable_cost_rub_mwh } else { 0.0 },
            running_cost_rub_h: 0.0,
            start_cost_rub: unit.start_cost_rub,
            availability,
        }
    }

    /// A unit without limits of its own but its size: no minimum load, no start cost, always available.
    #[must_use]
    pub fn free(id: impl Into<String>, conversion: Conversion, fuel_price_rub_mwh: f64) -> Self {
        Self {
            id: id.into(),
            conversion,
            minimum_load_share: 0.0,
            fuel_price_rub_mwh,
            heat_cost_rub_mwh: 0.0,
            power_cost_rub_mwh: 0.0,
            running_cost_rub_h: 0.0,
            start_cost_rub: 0.0,
            availability: None,
        }
    }

    /// Share of its capacity that can run in an hour.
    #[must_use]
    pub fn available(&self, hour: usize) -> f64 {
        self.availability.as_ref().and_then(|shares| shares.get(hour)).copied().unwrap_or(1.0)
    }

    /// What an hour at full load costs but for electricity: fuel and running.
    pub(super) fn full_hour_rub(&self) -> f64 {
        self.conversion.fuel_mw() * self.fuel_price_rub_mwh + self.running_cost_rub_h
    }

    /// Whether running or not is a choice of its own.
    pub(super) fn must_be_committed(&self) -> bool {
        let is_one = |ratio: f64| (ratio - 1.0).abs() < 1e-12;
        let straight = match &self.conversion {
            Conversion::FixedRatio(unit) => is_one(unit.half_load_heat_ratio) && is_one(unit.half_load_electric_ratio),
            Conversion::Extraction(unit) => is_one(unit.half_load_ratio),
        };
        !straight || self.minimum_load_share > 0.0 || self.running_cost_rub_h != 0.0 || self.start_cost_rub > 0.0
    }
}

impl System {
    /// Number of hours.
    #[must_use]
    pub fn hours(&self) -> usize {
        self.heat_load_mw.len()
    }

    /// The units in the order of their names, so that the order in which they are given decides nothing.
    pub(super) fn unit_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.units.len()).collect();
        order.sort_by(|a, b| self.units[*a].id.cmp(&self.units[*b].id));
        order
    }

    /// Share of the stored heat that is there an hour later.
    pub(super) fn kept_share(&self) -> f64 {
        self.store.map_or(1.0, |store| 1.0 - store.loss_share_h)
    }

    /// Whether a MWh of electricity is worth the same, bought or sold, in every hour.
    pub(super) fn one_power_price(&self) -> bool {
        let same = |own: &OwnPower| own.purchase_price_rub_mwh == self.power_price_rub_mwh;
        self.own_power.as_ref().is_none_or(same)
    }

    /// Whether all numbers are what they must be.
    ///
    /// # Errors
    /// [`DispatchError`]: the first that is not, by name, hour and limits.
    pub fn check(&self) -> Result<(), DispatchError> {
        let hours = self.hours();
        if !(1..=MOST_HOURS).contains(&hours) {
            return Err(DispatchError::Hours { hours, most: MOST_HOURS });
        }
        series("heat_load_mw", &self.heat_load_mw, hours, 0.0, MOST_MW, " MW")?;
        series("power_price_rub_mwh", &self.power_price_rub_mwh, hours, -MOST_RUB, MOST_RUB, " RUB/MWh")?;
        within("unserved_cost_rub_mwh", self.unserved_cost_rub_mwh, 0.0, MOST_RUB, " RUB/MWh")?;
        if let Some(own) = &self.own_power {
            series("own_power.demand_mw", &own.demand_mw, hours, 0.0, MOST_MW, " MW")?;
            let prices = &own.purchase_price_rub_mwh;
            series("own_power.purchase_price_rub_mwh", prices, hours, -MOST_RUB, MOST_RUB, " RUB/MWh")?;
            for (hour, (purchase, sale)) in prices.iter().zip(&self.power_price_rub_mwh).enumerate() {
                if purchase < sale {
                    return Err(DispatchError::PurchaseBelowSale { hour, purchase: *purchase, sale: *sale });
                }
            }
        }
        if let Some(store) = &self.store {
            within("store.size_mwh", store.size_mwh, 0.0, 1e7, " MWh")?;
            within("store.loss_share_h", store.loss_share_h, 0.0, 0.5, " 1/h")?;
            within("store.charge_mw", store.charge_mw.unwrap_or(0.0), 0.0, MOST_MW, " MW")?;
            within("store.discharge_mw", store.discharge_mw.unwrap_or(0.0), 0.0, MOST_MW, " MW")?;
            within("store.start_mwh", store.start_mwh, 0.0, store.size_mwh, " MWh")?;
        }
        if let Some(dump) = &self.dump {
            within("dump.limit_mw", dump.limit_mw.unwrap_or(0.0), 0.0, MOST_MW, " MW")?;
            within("dump.cost_rub_mwh", dump.cost_rub_mwh, 0.0, MOST_RUB, " RUB/MWh")?;
        }
        if self.units.len() > MOST_UNITS {
            return Err(DispatchError::TooManyUnits { count: self.units.len(), most: MOST_UNITS });
        }
        let order = self.unit_order();
        if let Some(pair) = order.windows(2).find(|pair| self.units[pair[0]].id == self.units[pair[1]].id) {
            return Err(DispatchError::UnitTwice { id: self.units[pair[0]].id.clone() });
        }
        self.units.iter().try_for_each(|unit| unit.check(hours))
    }
}

impl DispatchUnit {
    fn check(&self, hours: usize) -> Result<(), DispatchError> {
        self.conversion.check().map_err(|error| DispatchError::Conversion { id: self.id.clone(), error })?;
        let name = |field: &str| format!("unit {:?}: {field}", self.id);
        within(&name("minimum_load_share"), self.minimum_load_share, 0.0, 1.0, "")?;
        within(&name("fuel_price_rub_mwh"), self.fuel_price_rub_mwh, 0.0, MOST_RUB, " RUB/MWh")?;
        within(&name("heat_cost_rub_mwh"), self.heat_cost_rub_mwh, 0.0, MOST_RUB, " RUB/MWh")?;
        within(&name("power_cost_rub_mwh"), self.power_cost_rub_mwh, 0.0, MOST_RUB, " RUB/MWh")?;
        within(&name("running_cost_rub_h"), self.running_cost_rub_h, 0.0, MOST_RUB, " RUB/h")?;
        within(&name("start_cost_rub"), self.start_cost_rub, 0.0, MOST_RUB, " RUB")?;
        if let Some(shares) = &self.availability {
            series(&name("availability"), shares, hours, 0.0, 1.0, "")?;
        }
        let (id, minimum_load_share) = (&self.id, self.minimum_load_share);
        let heat_at_least = match &self.conversion {
            Conversion::FixedRatio(unit) => unit.heat_at(minimum_load_share),
            Conversion::Extraction(unit) => unit.condensing_at(minimum_load_share),
        };
        // A unit that starts at no load idles there, and is not worth a message.
        if heat_at_least < 0.0 && minimum_load_share > 0.0 {
            return Err(DispatchError::NoHeatAtMinimumLoad { id: id.clone(), minimum_load_share });
        }
        Ok(())
    }
}

fn within(name: &str, value: f64, low: f64, high: f64, unit: &'static str) -> Result<(), DispatchError> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(DispatchError::OutOfRange { name: name.to_owned(), value, low, high, unit, place: String::new() })
}

fn series(name: &str, values: &[f64], hours: usize, low: f64, high: f64, unit: &'static str) -> Result<(), DispatchError> {
    if values.len() != hours {
        return Err(DispatchError::Length { name: name.to_owned(), hours: values.len(), expected: hours });
    }
    match values.iter().enumerate().find(|(_, value)| !(low..=high).contains(*value)) {
        Some((hour, &value)) => {
            let place = format!(" in hour {hour}");
            Err(DispatchError::OutOfRange { name: name.to_owned(), value, low, high, unit, place })
        }
        None => Ok(()),
    }
}
