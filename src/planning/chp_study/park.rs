//! What is built: the plant's unit by its technology, the boiler beside it, a heat store; and how they serve a year of heat.

use super::ChpQuery;
use crate::energy::demand::TownDemand;
use crate::energy::dispatch::{DispatchRule, DispatchUnit, HeatStore, Schedule, System, availability_by_hour};
use crate::energy::plant::PlantUnit;
use crate::energy::sizing::{SizeCurve, SizingRequest, SizingRule, size_curve};
use crate::geostat::Progress;
use crate::model::{InputError, ParameterValues, Plant, Technology, technology};
use crate::planning::{PRICE_YEAR, PlanningError};

/// A pipe that would lose more is none.
const MOST_LOSS: f64 = 0.9;
/// Makes what the plant does not.
const BACKUP: &str = "gas_boiler";
/// The backup boiler could serve the peak alone, with some room.
const BACKUP_ROOM: f64 = 1.05;
/// Boilers, the smaller first.
const BOILERS: [&str; 2] = ["grate_boiler", "fluidised_boiler"];
/// Machines on a back pressure, the smaller first.
const BACK_PRESSURE: [&str; 2] = ["back_pressure_small", "back_pressure_medium"];
/// Ways to electricity, the smaller first.
const ELECTRIC: [&str; 4] = ["organic_rankine", "back_pressure_small", "back_pressure_medium", "extraction_condensing"];

/// The plant with its backup and store, and the prices of its fuels.
pub(super) struct Park {
    pub technology: &'static Technology,
    pub unit: PlantUnit,
    pub backup: PlantUnit,
    pub store: Option<HeatStore>,
    pub peat_share: f64,
    pub wood_rub_mwh: f64,
    pub backup_rub_mwh: f64,
    /// Share of the plant's heat that pipes lose on the way.
    pub pipe_loss_share: f64,
    /// Whether the technology that was asked for is of another kind than the plant's row.
    pub replaced: bool,
    power_rub_mwh: f64,
    unserved_rub_mwh: f64,
    /// Numbers of plants at the price level of the supply.
    numbers: ParameterValues,
}

impl Park {
    /// Sizes and prices of what serves a demand.
    pub(super) fn new(stored: &Plant, demand: &TownDemand, mean_pipe_km: f64, query: &ChpQuery) -> Result<Self, PlanningError> {
        if demand.heat.peak_mw <= 0.0 {
            let detail = "the consumers need no heat: give heat_demand_mwh_a, peak_heat_mw or floor_area_m2 of theirs".into();
            return Err(InputError { parameter: "consumers".into(), detail }.into());
        }
        let mut numbers = query.plants.clone();
        // One price level for all: that of the supply.
        numbers.set("plant_price_year", &PRICE_YEAR.to_string())?;
        let (technology, plant) = as_asked(stored, query)?;
        let lost = |had: Option<f64>, kept: Option<f64>| had.is_some() && kept.is_none();
        let replaced = lost(stored.fuel_power_mw, plant.fuel_power_mw) || lost(stored.total_efficiency, plant.total_efficiency);
        let unit = PlantUnit::of_plant(&plant, technology, &numbers)?;
        let priced = |name| query.economics.get(name);
        let peak_mw = demand.heat.peak_mw * BACKUP_ROOM;
        // The peaks of a town are the matter of many boilers, of which as few burn as are needed.
        let backup = PlantUnit { minimum_load_share: 0.0, ..PlantUnit::of_size(named(BACKUP)?, peak_mw, &numbers)? };
        Ok(Self {
            technology,
            backup,
            store: (query.store_mwh > 0.0).then(|| HeatStore::tank(query.store_mwh, &numbers)),
            peat_share: plant.peat_share.unwrap_or(1.0),
            wood_rub_mwh: query.blend.get("wood_chips_cost_rub_mwh"),
            backup_rub_mwh: priced("present_fuel_price_rub_mwh"),
            pipe_loss_share: (query.pipes.get("pipe_loss_share_km") * mean_pipe_km).min(MOST_LOSS),
            // What makes none has to buy it.
            power_rub_mwh: priced(if unit.conversion.electric_mw() > 0.0 {
                "electricity_sale_price_rub_mwh"
            } else {
                "electricity_purchase_price_rub_mwh"
            }),
            replaced,
            unit,
            unserved_rub_mwh: numbers.get("unserved_heat_cost_rub_mwh"),
            numbers,
        })
    }

    /// Whether the units use more electricity than they make.
    pub(super) fn buys_electricity(&self) -> bool {
        self.unit.conversion.electric_mw() < 0.0
    }

    /// Sizes of the plant's technology for this demand, beside the boilers that stand; what pipes lose is not counted in it.
    pub(super) fn sizes(
        &self,
        system: &System,
        peat_rub_mwh: f64,
        query: &ChpQuery,
        progress: &dyn Progress,
    ) -> Result<SizeCurve, PlanningError> {
        let boilers = System { units: system.units[1..].to_vec(), ..system.clone() };
        let fuel = self.fuel_rub_mwh(peat_rub_mwh);
        let rate = query.economics.get("discount_rate");
        // With a store the year of each size takes a second, too long to wait for thirty of them.
        let rule = if self.store.is_none() { SizingRule::Committed } else { SizingRule::HeatLed };
        let request = SizingRequest { rule, ..SizingRequest::new(boilers, self.technology, fuel, rate, &self.numbers) };
        Ok(size_curve(&request, &self.numbers, &mut super::shares_of(progress))?)
    }

    /// Price of the mix of peat and wood chips.
    fn fuel_rub_mwh(&self, peat_rub_mwh: f64) -> f64 {
        self.peat_share * peat_rub_mwh + (1.0 - self.peat_share) * self.wood_rub_mwh
    }

    /// The year by a rule.
    pub(super) fn dispatch(
        &self,
        demand: &TownDemand,
        peat_rub_mwh: f64,
        rule: DispatchRule,
        progress: &dyn Progress,
    ) -> Result<(System, Schedule), PlanningError> {
        let load = demand.hours.heat.hours_mw().to_vec();
        let available = availability_by_hour(&load, self.unit.planned_outage_h, self.unit.forced_outage_share)?;
        let plant = PlantUnit { conversion: self.unit.conversion.behind_pipe(self.pipe_loss_share), ..self.unit.clone() };
        let fuel = self.fuel_rub_mwh(peat_rub_mwh);
        let system = System {
            power_price_rub_mwh: vec![self.power_rub_mwh; load.len()],
            own_power: None,
            units: vec![
                DispatchUnit::of(&plant, "plant", fuel, Some(available)),
                DispatchUnit::of(&self.backup, "backup boiler", self.backup_rub_mwh, None),
            ],
            store: self.store,
            dump: None,
            unserved_cost_rub_mwh: self.unserved_rub_mwh,
            heat_load_mw: load,
        };
        let schedule = rule.schedule(&system, &mut super::shares_of(progress))?;
        Ok((system, schedule))
    }
}

/// The technology that was asked for, or the plant's own, with the plant as far as it speaks of that: what a row says of the fuel of
/// one kind of plant holds for no other.
fn as_asked(plant: &Plant, query: &ChpQuery) -> Result<(&'static Technology, Plant), PlanningError> {
    let own = own_technology(plant)?;
    let asked = query.technology.as_deref().map_or(Ok(own), named)?;
    let mut plant = plant.clone();
    if asked.kind != own.kind {
        plant.fuel_power_mw = query.supply.changes.fuel_power_mw;
        plant.total_efficiency = query.supply.changes.total_efficiency;
    }
    Ok((asked, plant))
}

/// The technology of the plant's row, or the smallest one whose usual sizes reach the plant's.
fn own_technology(plant: &Plant) -> Result<&'static Technology, PlanningError> {
    let electric = plant.electric_capacity_mw.unwrap_or(0.0);
    let heat = plant.heat_capacity_mw.unwrap_or(0.0);
    match plant.technology.as_deref() {
        Some("boiler") => reaching(&BOILERS, heat),
        Some("back_pressure_steam") => reaching(&BACK_PRESSURE, electric),
        Some("extraction_steam") => named("extraction_condensing"),
        Some("organic_rankine") => named("organic_rankine"),
        Some("gasifier") => named("gasifier_engine"),
        _ if electric > 0.0 => reaching(&ELECTRIC, electric),
        _ => reaching(&BOILERS, heat),
    }
}

/// The first whose largest usual size is not below the size; the last where none is.
fn reaching(names: &[&'static str], size_mw: f64) -> Result<&'static Technology, PlanningError> {
    let mut last = None;
    for name in names {
        let technology = named(name)?;
        if technology.figure("largest_size_mw").is_some_and(|largest| size_mw <= largest.value) {
            return Ok(technology);
        }
        last = Some(technology);
    }
    last.ok_or_else(|| InputError::unknown("", names.iter().copied()).into())
}

fn named(name: &str) -> Result<&'static Technology, PlanningError> {
    let known = crate::model::technologies().iter().map(|technology| technology.name.as_str());
    technology(name).ok_or_else(|| InputError::unknown(name, known).into())
}
