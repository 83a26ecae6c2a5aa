//! A plant as a project: the heat it serves hour by hour, the fuel that the bog gives for it year by year, its money, its gases,
//! and how sure all that is.
//!
//! The order of the steps: consumers → [`town_demand`] → the plant's unit and a backup boiler → dispatch over a year by a [`DispatchRule`] →
//! fuel → [`Workbench::plant_supply`] for exactly that fuel → peat by year → cash flow → emissions → tornado and draws. The price of
//! peat decides the dispatch and the dispatch the amount of peat: the dispatch is done with the price of the plant's own need first,
//! and once more with that of the fuel it found.

mod doubt;
mod gases;
mod heat_pipes;
mod money;
mod notes;
mod operated;
mod park;
mod peat_years;
mod query;

pub use doubt::ReserveFactor;
pub use heat_pipes::HeatPipe;
pub use query::ChpQuery;

use super::inputs_hash::InputsHash;
use super::{CURRENCY, PRICE_YEAR, PlanningError, PlantLabel, PlantSupply, SOFTWARE_VERSION, SupplyQuery, Workbench};
use crate::energy::demand::{HourlyLoad, LoadSummary, LocalShare, TownDemand, WeatherUsed, local_share, town_demand};
use crate::energy::dispatch::{DispatchRule, DispatchYear, HeatStore, Schedule};
use crate::energy::economics::{EconomicResult, EconomicStudy};
use crate::energy::emissions::{EmissionAccount, EmissionFactors, Fuel, emission_account};
use crate::energy::plant::PlantUnit;
use crate::energy::sizing::SizeCurve;
use crate::energy::uncertainty::{Tornado, UncertaintyReport};
use crate::geostat::{Progress, Stretch};
use crate::model::{DefaultUsed, ParameterValues, uncertainty_parameters};
use crate::reserves::{AskedMethod, ConstraintUse, Method, ReserveRequest, Warning};
use doubt::Doubt;
use gases::activity;
use heat_pipes::mean_pipe_km;
use money::PlantMoney;
use notes::{rests_on, warnings};
use operated::Operation;
use park::Park;
use peat_years::{PeatSources, PeatYear, price_of_peat, price_of_peat_and_stand_in};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Fuel of a year of average operation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StudyFuel {
    /// All fuel of the plant.
    pub plant_fuel_mwh_a: f64,
    /// Peat that it wants.
    pub peat_need_mwh_a: f64,
    /// Peat that the fields give in the first year.
    pub peat_mwh_a: f64,
    /// Wood chips: the plant's own share, and what stands in for missing peat in the first year.
    pub wood_mwh_a: f64,
    /// Fuel of the backup boiler.
    pub backup_mwh_a: f64,
    /// Delivered price of peat.
    pub peat_rub_mwh: f64,
    /// Delivered price of wood chips.
    pub wood_rub_mwh: f64,
    /// Price of the backup's fuel.
    pub backup_rub_mwh: f64,
}

/// A study of a plant.
#[derive(Debug, Clone, Serialize)]
pub struct ChpStudy {
    /// The plant as it was studied.
    pub plant: PlantLabel,
    /// Its technology.
    pub technology: &'static str,
    /// The technology's name in English and Russian.
    pub technology_title: [&'static str; 2],
    /// The plant as a unit: efficiencies, outages, costs.
    pub unit: PlantUnit,
    /// The boiler beside it.
    pub backup: PlantUnit,
    /// The heat store, if there is one.
    pub store: Option<HeatStore>,
    /// Who is heated, by which pipe.
    pub consumers: Vec<HeatPipe>,
    /// Length of pipe, mean by heat.
    pub mean_pipe_km: f64,
    /// Share of the plant's heat that the pipes lose; heat of the plant in `dispatch` is what arrives.
    pub pipe_loss_share: f64,
    /// Whether the project builds the boiler that serves the peaks; else those that stand serve them, and neither their fuel nor
    /// their heat is the project's.
    pub build_backup: bool,
    /// Weather of the hours.
    pub weather: WeatherUsed,
    /// Heat that they need.
    pub heat_demand: LoadSummary,
    /// Electricity that they need.
    pub power_demand: LoadSummary,
    /// The year hour by hour, added up.
    pub dispatch: DispatchYear,
    /// Cost over size of the plant's technology for this demand; none where it was not asked for.
    pub sizing: Option<SizeCurve>,
    /// Share of the consumers' demand that local fuel meets in the first year.
    pub local_share: LocalShare,
    /// Fuel.
    pub fuel: StudyFuel,
    /// Years in which the fields meet the whole need for peat.
    pub years_of_full_supply: usize,
    /// Share of the need for peat that the fields give, year by year.
    pub covered_share_by_year: Vec<f64>,
    /// What is built, what it costs and brings a year: the inputs of the money.
    pub project: EconomicStudy,
    /// Cash flow, net present value, rates of return, levelised costs.
    pub economics: EconomicResult,
    /// Gases against those of the present fuel.
    pub emissions: EmissionAccount,
    /// How sure the peat of each deposit is that the plan counts on; empty where the uncertainty was not asked for.
    pub reserve_factors: Vec<ReserveFactor>,
    /// One factor at a time; none where it was not asked for.
    pub tornado: Option<Tornado>,
    /// All factors together; none where it was not asked for.
    pub uncertainty: Option<UncertaintyReport>,
    /// Every number with the value used.
    pub parameters: BTreeMap<&'static str, Value>,
    /// Currency of the amounts.
    pub currency: &'static str,
    /// Price level of the amounts.
    pub price_year: i32,
    /// Defaults without a read source.
    pub rests_on: Vec<DefaultUsed>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
    /// Whether anything it was computed from is invented.
    pub synthetic: bool,
    /// Fingerprint of the inputs.
    pub inputs_hash: String,
    /// Version of the software.
    pub software_version: &'static str,
}

impl Workbench {
    /// Studies a plant as a project.
    ///
    /// Prices are of the supply's price year. Where the fields give less peat than the plant wants, wood chips stand in at their own
    /// price. Electricity is sold at the sale price, heat at the heat price; what the consumers save is theirs. The uncertain factors
    /// act on the cash flow, not on the dispatch. In the draws the stock of each deposit and the weather of each season act on the
    /// peat that is to be had: seasons by `season_factor_mean` and its kin, reserves by the simulation of each deposit that the plan
    /// counts on, one deposit independent of the other; no peat is carried over from a good season to a bad one.
    ///
    /// # Errors
    /// [`PlanningError`]: no such plant or consumer, no heat to serve, no field to burn from, a number outside its limits, or
    /// the watcher wanted no more.
    pub fn chp_study(&self, query: &ChpQuery, progress: &dyn Progress) -> Result<ChpStudy, PlanningError> {
        let plant = self.plant(&query.supply)?;
        let mut heated = self.heated_consumers(&plant, query)?;
        let weather = self.weather_of(&query.demand, query.weather.as_deref(), query.weather_file.as_deref())?;
        let demand = town_demand(&heated.consumers, &weather, &query.demand)?;
        for pipe in &mut heated.pipes {
            let own = demand.consumers.iter().find(|own| own.consumer == pipe.consumer_id && own.name == pipe.name);
            pipe.heat_mwh_a = own.map_or(0.0, |own| own.heat.energy_mwh_a);
        }
        go_on(progress, 10)?;
        let mean_pipe_km = mean_pipe_km(&heated.pipes);
        let park = Park::new(&plant, &demand, mean_pipe_km, query)?;
        // The need of the plant's row gives a first price of peat.
        let first = price_of_peat_and_stand_in(&self.plant_supply(&query.supply)?, park.wood_rub_mwh)?;
        let (system, schedule) = park.dispatch(&demand, first, DispatchRule::LeastCost, &Stretch::new(progress, 10, 20))?;
        let wanted = self.supply_for(&query.supply, &park, schedule.year(&system).units[0].fuel_mwh)?;
        let second = price_of_peat_and_stand_in(&wanted, park.wood_rub_mwh)?;
        let (system, schedule) = park.dispatch(&demand, second, query.dispatch_rule, &Stretch::new(progress, 20, 30))?;
        let year = schedule.year(&system);
        let plant_fuel_mwh = year.units[0].fuel_mwh;
        let supply = self.supply_for(&query.supply, &park, plant_fuel_mwh)?;

        let peat = PeatSources::of(&supply, plant_fuel_mwh * park.peat_share, query.supply.request.numbers.get("weather_factor"));
        let factors = EmissionFactors::of(&query.emissions, &query.supply.request.reserve_numbers);
        let money = PlantMoney {
            query,
            unit: &park.unit,
            backup: &park.backup,
            store: park.store.as_ref(),
            year: &year,
            peat_need_mwh: peat.need_mwh,
            peat_rub_mwh: price_of_peat(&supply)?,
            wood_mwh: (plant_fuel_mwh - peat.need_mwh).max(0.0),
            wood_rub_mwh: park.wood_rub_mwh,
            backup_rub_mwh: park.backup_rub_mwh,
            mean_pipe_km,
            fossil_co2_t_mwh: [factors.co2_t_mwh(Fuel::Peat), factors.co2_t_mwh(Fuel::Gas)],
        };
        let average = peat.average(money.operation_years());
        let fuel = study_fuel(&money, &average, plant_fuel_mwh);
        let activity = activity(&supply, &fuel, &year, &demand, query);
        let emissions = emission_account(&activity, &factors)?;
        let project = money.with_working_capital(money.project(&money.operated(Operation::PLANNED), &average));
        let economics = project.result()?;
        // Sizes are compared by annuities, which a rate below zero has none of.
        let sized = query.sizing && query.economics.get("discount_rate") >= 0.0;
        let compared = || {
            let peat_rub_mwh = price_of_peat_and_stand_in(&supply, park.wood_rub_mwh)?;
            park.sizes(&system, peat_rub_mwh, query, &Stretch::new(progress, 30, 40))
        };
        let sizing = sized.then(compared).transpose()?;
        let (reserve_factors, tornado, uncertainty) = if query.uncertainty_drawn {
            let reserves = self.reserve_factors(&supply, &peat, money.operation_years(), &Stretch::new(progress, 40, 70))?;
            let doubt = Doubt { query, money: &money, peat: &peat, reserves: &reserves };
            let (bars, report) = doubt.drawn(&mut shares_of(&Stretch::new(progress, 70, 100)))?;
            (reserves, Some(bars), Some(report))
        } else {
            (Vec::new(), None, None)
        };
        let mut hash = InputsHash::new();
        hash.text(&supply.inputs_hash);
        hash.text(&format!("{query:?} {plant:?} {:?}", heated.consumers));
        for hour in weather.hourly_c() {
            hash.number(*hour);
        }
        Ok(ChpStudy {
            warnings: warnings(&supply, &demand, &heated, &park, &year, sizing.as_ref(), query),
            sizing,
            rests_on: rests_on(&supply, &demand, &park, &activity, sized, query)?,
            parameters: parameters(query),
            technology: &park.technology.name,
            technology_title: [&park.technology.title.en, &park.technology.title.ru],
            synthetic: supply.synthetic
                || heated.consumers.iter().any(|consumer| consumer.synthetic)
                || self.weather_is_invented(query.weather.as_deref())?,
            consumers: heated.pipes,
            mean_pipe_km,
            pipe_loss_share: park.pipe_loss_share,
            build_backup: query.build_backup,
            local_share: local_share_of(&demand, &schedule),
            weather: demand.weather,
            heat_demand: demand.heat,
            power_demand: demand.power,
            dispatch: year,
            fuel,
            years_of_full_supply: supply.supply.years_of_full_supply,
            covered_share_by_year: average.iter().map(|year| share(year.supplied_mwh, peat.need_mwh)).collect(),
            project,
            economics,
            emissions,
            reserve_factors,
            tornado,
            uncertainty,
            currency: CURRENCY,
            price_year: PRICE_YEAR,
            inputs_hash: hash.finish(),
            software_version: SOFTWARE_VERSION,
            plant: supply.plant,
            unit: park.unit,
            backup: park.backup,
            store: park.store,
        })
    }

    /// The supply of exactly this much fuel a year.
    fn supply_for(&self, query: &SupplyQuery, park: &Park, fuel_mwh: f64) -> Result<PlantSupply, PlanningError> {
        let mut query = query.clone();
        let fuel_mw = park.unit.conversion.fuel_mw();
        query.changes.electric_capacity_mw = None;
        query.changes.heat_capacity_mw = None;
        query.changes.total_efficiency = None;
        query.changes.fuel_power_mw = Some(fuel_mw);
        query.changes.full_load_hours = Some(fuel_mwh / fuel_mw);
        self.plant_supply(&query)
    }

    /// How sure the peat is of every deposit that gives the plant any within its years: its energy by simulation over that of
    /// the estimate.
    fn reserve_factors(
        &self,
        supply: &PlantSupply,
        peat: &PeatSources,
        years: usize,
        progress: &dyn Progress,
    ) -> Result<Vec<ReserveFactor>, PlanningError> {
        let mut request = ReserveRequest { method: AskedMethod::Given(Method::Simulation), ..ReserveRequest::default() };
        request.choices.constraints = ConstraintUse::Apply;
        let used = peat.deposits_used(years);
        let mut factors = Vec::with_capacity(used.len());
        for (nth, place) in used.iter().enumerate() {
            let percent = |nth: usize| u8::try_from(100 * nth / used.len()).unwrap_or(100);
            let deposit = &supply.supply.deposits[*place];
            let known = self.catalogue.nouns.deposits.iter().position(|known| known.id == deposit.deposit_id);
            let Some(known) = known else { continue };
            let stretch = Stretch::new(progress, percent(nth), percent(nth + 1));
            let estimate = self.computed_reserves(known, &request, &stretch)?.estimate;
            let energy = estimate.uncertainty.as_ref().and_then(|report| report.quantities.get("energy_mwh"));
            // A deposit that holds nothing has no share of it.
            let Some(energy) = energy.filter(|_| estimate.energy_mwh.0 > 0.0) else { continue };
            factors.push(ReserveFactor {
                deposit_id: deposit.deposit_id,
                deposit_name: deposit.name.clone(),
                deposit_name_ru: deposit.name_ru.clone(),
                estimate_mwh: estimate.energy_mwh.0,
                p10: energy.p10 / estimate.energy_mwh.0,
                p50: energy.p50 / estimate.energy_mwh.0,
                p90: energy.p90 / estimate.energy_mwh.0,
                place: *place,
            });
        }
        Ok(factors)
    }
}

/// Tells the watcher, who may want no more.
fn go_on(progress: &dyn Progress, percent: usize) -> Result<(), PlanningError> {
    if progress.go_on(percent, 100) { Ok(()) } else { Err(PlanningError::Cancelled) }
}

/// A watcher of shares of the way.
fn shares_of(progress: &dyn Progress) -> impl FnMut(f64) -> bool {
    |share| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "parts of a thousand")]
        let done = (1_000.0 * share.clamp(0.0, 1.0)) as usize;
        progress.go_on(done, 1_000)
    }
}

fn study_fuel(money: &PlantMoney<'_>, peat: &[PeatYear], plant_fuel_mwh: f64) -> StudyFuel {
    let peat_mwh = peat.first().map_or(0.0, |year| year.supplied_mwh);
    StudyFuel {
        plant_fuel_mwh_a: plant_fuel_mwh,
        peat_need_mwh_a: money.peat_need_mwh,
        peat_mwh_a: peat_mwh,
        // Fields that meet the whole need may miss it by rounding.
        wood_mwh_a: (plant_fuel_mwh - peat_mwh).max(0.0),
        backup_mwh_a: money.year.units[1].fuel_mwh,
        peat_rub_mwh: money.peat_rub_mwh,
        wood_rub_mwh: money.wood_rub_mwh,
        backup_rub_mwh: money.backup_rub_mwh,
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 1.0 }
}

/// What local fuel meets hour by hour: heat that the backup boiler does not make, also out of the store, and the plant's
/// electricity. Peat and the wood chips that stand beside it are both of the region; the backup boiler's fuel is not.
fn local_share_of(demand: &TownDemand, schedule: &Schedule) -> LocalShare {
    let hours = |hours: Vec<f64>| HourlyLoad::new(hours).unwrap_or_else(|_| HourlyLoad::none());
    let load = demand.hours.heat.hours_mw().iter();
    let others = schedule.unit_heat_mw[1].iter().zip(&schedule.unserved_mw);
    let heat = load.zip(others).map(|(load, (backup, unserved))| (load - backup - unserved).max(0.0)).collect();
    let power = schedule.unit_electric_mw[0].iter().map(|mw| mw.max(0.0)).collect();
    local_share([&demand.hours.heat, &demand.hours.power], [&hours(heat), &hours(power)])
}

/// Heat of the year that the project brings to the consumers: all of it where it builds the backup boiler, else what the
/// boilers that stand need not make. What a store loses is not in it.
fn heat_sold_mwh(year: &DispatchYear, query: &ChpQuery) -> f64 {
    let of_others = if query.build_backup { 0.0 } else { year.units[1].heat_mwh };
    (year.heat_load_mwh - year.unserved_mwh - of_others).max(0.0)
}

fn parameters(query: &ChpQuery) -> BTreeMap<&'static str, Value> {
    let tables = [&query.plants, &query.economics, &query.emissions, &query.demand.numbers, &query.uncertainty, &query.blend];
    let supply = &query.supply.request;
    let numbers = tables.into_iter().chain([&supply.numbers, &supply.season_numbers]).flat_map(ParameterValues::all);
    let mut used: BTreeMap<&'static str, Value> =
        numbers.filter(|(name, _)| ChpQuery::uses(name)).map(|(name, value)| (name, value.into())).collect();
    used.extend(ChpQuery::PIPES.map(|name| (name, query.pipes.known(name).into())));
    used.insert("net_area_share", supply.reserve_numbers.known("net_area_share").into());
    used.insert("include_undeveloped", supply.include_undeveloped.into());
    used.insert("yield_by_cycles", supply.yield_by_cycles.into());
    used.insert("narrow_gauge", if supply.narrow_gauge { "use" } else { "ignore" }.into());
    used.insert("consumers", if query.consumers.is_empty() { Value::Null } else { query.consumers.clone().into() });
    used.insert("weather", query.weather.clone().into());
    // The text itself would be the larger part of the answer; `weather` of the answer says what was read.
    used.insert("weather_file", query.weather_file.as_ref().map(|_| "given").into());
    used.insert("climate", query.demand.climate().id.into());
    used.insert("heat_profile", serde_json::to_value(query.demand.heat_profile).unwrap_or_default());
    used.insert("annual_heat_refers_to", serde_json::to_value(query.demand.annual_reference).unwrap_or_default());
    used.insert("dispatch_rule", serde_json::to_value(query.dispatch_rule).unwrap_or_default());
    used.insert("technology", query.technology.clone().into());
    used.insert("store_mwh", query.store_mwh.into());
    used.insert("build_backup", query.build_backup.into());
    used.insert("sizing", query.sizing.into());
    used.insert("uncertainty_drawn", query.uncertainty_drawn.into());
    for choice in uncertainty_parameters().choices() {
        let shape = query.shapes.get(choice.name.trim_end_matches("_distribution")).or(choice.default.as_ref());
        used.insert(&choice.name, shape.cloned().into());
    }
    used
}
