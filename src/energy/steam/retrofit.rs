//! A machine in place of the reducing valve of one boiler house: a year, its money, and what to mind.

use super::expansion::{Expansion, MachineEfficiency};
use super::investment::{MachineKind, SpecificCosts};
use super::load::{LoadError, SteamLoad};
use super::part_load::PartLoad;
use super::request::RetrofitRequest;
use super::sizing::{BoilerHouse, SizePoint};
use super::state::{SteamError, SteamState, saturation_temperature_c};
use crate::model::{DefaultUsed, ParameterValues};
use serde::Serialize;
use thiserror::Error;

/// Points of the duration curve that results show.
const DURATION_POINTS: u16 = 96;

/// Power that is not worth a study, kW.
const LEAST_MACHINE_KW: f64 = 1.0;

/// Why there is no study.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum RetrofitError {
    #[error("{0}")]
    Steam(#[from] SteamError),
    #[error("{0}")]
    Load(#[from] LoadError),
    #[error("{name} is needed: {meaning}, {unit}")]
    Missing { name: &'static str, meaning: &'static str, unit: &'static str },
    #[error(
        "the largest steam flow drives a machine of {filled_kw:.3} kW; a study needs {LEAST_MACHINE_KW} kW: more steam or a lower outlet_pressure_mpa"
    )]
    NoMachine { filled_kw: f64 },
    #[error("give inlet_temperature_c (°C) for superheated steam or inlet_dryness for saturated steam, not both")]
    InletTwice,
    #[error(
        "inlet_temperature_c must lie above the boiling point, {boiling_c:.1} °C at {pressure_mpa} MPa; it was {value}; leave it out for saturated steam"
    )]
    NotSuperheated { pressure_mpa: f64, boiling_c: f64, value: f64 },
}

/// Something that the reader of a study should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RetrofitWarning {
    /// A fixed word for programs and translations.
    pub code: &'static str,
    /// An English sentence.
    pub message: String,
}

/// A moment of the duration curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DurationPoint {
    /// Hours with more steam than here, of the hours of operation.
    pub hour_h_a: f64,
    /// Steam through the valve alone, before the retrofit.
    pub steam_t_h: f64,
    /// Through the machine.
    pub machine_steam_t_h: f64,
    /// Through the valve beside it.
    pub valve_steam_t_h: f64,
    /// Electricity sent out.
    pub net_kw: f64,
}

/// A study of one boiler house. Roubles are those of the price year, energies of fuel by net calorific value.
#[derive(Debug, Clone, Serialize)]
pub struct Retrofit {
    /// The machine.
    pub machine: MachineKind,
    /// Whether its size was chosen here, by the largest net gain.
    pub size_chosen: bool,
    /// The year of this size.
    #[serde(flatten)]
    pub year: SizePoint,
    /// A tonne of steam at full load.
    pub expansion: Expansion,
    /// The machine at part load.
    pub part_load: PartLoad,
    /// Hours a year with steam.
    pub operating_h_a: f64,
    /// Hours of them with too little steam for the machine, were it always ready.
    pub below_minimum_h_a: f64,
    /// Largest flow before the retrofit.
    pub peak_steam_t_h: f64,
    /// Steam of a year before the retrofit.
    pub steam_before_t_a: f64,
    /// And after it.
    pub steam_after_t_a: f64,
    /// Heat to the users, the same before and after.
    pub heat_mwh_a: f64,
    /// Electricity sent out for a tonne of steam before the retrofit.
    pub electricity_kwh_t: f64,
    /// Electricity sent out for a tonne through the machine; none where it never runs.
    pub machine_kwh_t: Option<f64>,
    /// Electricity sent out over the fuel burnt for it.
    pub marginal_electric_efficiency: f64,
    /// Fuel, operation and capital for a MWh sent out; none where it never runs.
    pub generation_cost_rub_mwh: Option<f64>,
    /// Year of all amounts in roubles.
    pub price_year: u16,
    /// The duration curve of steam, and what the machine makes of it.
    pub duration: Vec<DurationPoint>,
    /// Net gain and the rest by size, up to the one that the peak just fills.
    pub sizes: Vec<SizePoint>,
    /// What to mind.
    pub warnings: Vec<RetrofitWarning>,
    /// Defaults without a read source.
    pub rests_on: Vec<DefaultUsed>,
}

/// Studies a machine in place of a reducing valve.
///
/// The users keep their heat: steam gives off work in the machine, so the boilers make more of it (see
/// [`PartLoad::flow`]). The year is the sum over the load's steps, times the availability; while the machine stands, the
/// valve works as before. Net gain is `electricity - fuel - operation - I r/(1 - (1+r)^-n)`, simple payback
/// `I/(electricity - fuel - operation)`. Where no size is given, the one with the largest net gain is taken, between the
/// least size offered and the one that the peak just fills.
///
/// A boiler house of saturated steam, 10 t/h from 1.3 to 0.12 MPa for 5,000 h, with a turbine that takes all of it:
///
/// ```
/// use peatplan::energy::steam::{RetrofitRequest, retrofit};
/// let mut request = RetrofitRequest::default();
/// let inputs = [("inlet_pressure_mpa", "1.3"), ("outlet_pressure_mpa", "0.12"), ("load", "5000:10"), ("size_kw", "700"),
///     ("isentropic_efficiency", "0.6"), ("availability", "1")];
/// for (name, text) in inputs {
///     request.set(name, text).unwrap();
/// }
/// let study = retrofit(&request).unwrap();
/// // 61.89 kWh from each tonne through the machine at full load, a little less on Willans' line.
/// assert!((study.expansion.net_kwh_t - 61.89).abs() < 0.005);
/// assert!((study.machine_kwh_t.unwrap() - 61.5).abs() < 0.5);
/// // Ten tonnes through the valve become 11.1 with the machine: the users keep their heat.
/// assert!((study.steam_after_t_a / study.steam_before_t_a - 1.115).abs() < 0.005);
/// ```
///
/// # Errors
/// [`RetrofitError`]: pressures that are missing or impossible, or no load.
pub fn retrofit(request: &RetrofitRequest) -> Result<Retrofit, RetrofitError> {
    let house = boiler_house(request)?;
    let number = |name: &str| request.numbers.get(name);
    let filled_kw = house.size_filled_by(house.load.peak_t_h())?;
    if filled_kw < LEAST_MACHINE_KW {
        return Err(RetrofitError::NoMachine { filled_kw });
    }
    let given = request.numbers.given("size_kw");
    let size_kw = if let Some(size) = given {
        size
    } else {
        // Where the peak cannot fill what is offered, smaller machines are looked at, and the study says so.
        let offered = number("least_size_kw");
        let from = if offered < 0.9 * filled_kw { offered.max(filled_kw / 50.0) } else { filled_kw / 50.0 };
        house.best_size(from, filled_kw)?
    };
    let year = house.year(size_kw)?;
    let (expansion, part_load) = house.machine(size_kw)?;
    let steam_before = house.load.steam_t_a();
    let costs = year.fuel_cost_rub_a + year.o_and_m_rub_a + year.capital_rub_a;
    let runs = year.electricity_mwh_a > 0.0;
    let below_minimum_h_a = house
        .load
        .steps()
        .iter()
        .filter(|step| house.flow(&expansion, &part_load, step.steam_t_h).shaft_kw <= 0.0)
        // Not `sum`: of nothing that is -0.
        .fold(0.0, |hours, step| hours + step.hours_h_a);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the reference file has 1990 to 2100")]
    let price_year = number("price_year").round() as u16;
    let mut study = Retrofit {
        machine: request.machine,
        size_chosen: given.is_none(),
        year,
        expansion,
        part_load,
        operating_h_a: house.load.hours_h_a(),
        below_minimum_h_a,
        peak_steam_t_h: house.load.peak_t_h(),
        steam_before_t_a: steam_before,
        steam_after_t_a: steam_before + year.extra_steam_t_a,
        heat_mwh_a: steam_before * expansion.throttled_heat_kj_kg() / 3.6e3,
        electricity_kwh_t: year.electricity_mwh_a * 1e3 / steam_before,
        machine_kwh_t: runs.then(|| year.electricity_mwh_a * 1e3 / year.machine_steam_t_a),
        marginal_electric_efficiency: expansion.marginal_electric_efficiency(house.boiler_efficiency, house.boiler_heat_kj_kg),
        generation_cost_rub_mwh: runs.then(|| costs / year.electricity_mwh_a),
        price_year,
        duration: duration(&house, &expansion, &part_load),
        sizes: house.curve(filled_kw.max(size_kw))?,
        warnings: Vec::new(),
        rests_on: request.numbers.unsourced_defaults(&names_used(request, &house.costs)),
    };
    study.warnings = warnings(&study, &house, request, filled_kw);
    Ok(study)
}

/// The steam that a boiler house sends through its reducing valve for a heat load, hour by hour: `D = 3.6 Q / (h - h')`, kW by kJ/kg
/// to t/h, with the enthalpy of the steam before the valve and that of boiling water behind it.
///
/// 10 MW from saturated steam of 1.3 MPa, condensate at 0.12 MPa, are 15.4 t/h:
///
/// ```
/// use peatplan::energy::steam::{RetrofitRequest, steam_of_heat};
/// let mut request = RetrofitRequest::default();
/// request.set("inlet_pressure_mpa", "1.3").unwrap();
/// request.set("outlet_pressure_mpa", "0.12").unwrap();
/// assert!((steam_of_heat(&request, &[10.0]).unwrap().peak_t_h() - 15.35).abs() < 0.05);
/// ```
///
/// # Errors
/// [`RetrofitError`]: a pressure that is missing or impossible, a load that is none.
pub fn steam_of_heat(request: &RetrofitRequest, heat_mw: &[f64]) -> Result<SteamLoad, RetrofitError> {
    let outlet_mpa = outlet_pressure(&request.numbers)?;
    let heat_kj_kg = inlet(&request.numbers)?.enthalpy_kj_kg() - SteamState::saturated_water(outlet_mpa)?.enthalpy_kj_kg();
    let steam: Vec<f64> = heat_mw.iter().map(|mw| 3.6e3 * mw / heat_kj_kg).collect();
    Ok(SteamLoad::hourly(&steam)?)
}

fn outlet_pressure(numbers: &ParameterValues) -> Result<f64, RetrofitError> {
    needed(numbers, "outlet_pressure_mpa", "the absolute pressure behind the reducing valve", "MPa")
}

fn needed(
    numbers: &ParameterValues,
    name: &'static str,
    meaning: &'static str,
    unit: &'static str,
) -> Result<f64, RetrofitError> {
    numbers.known(name).ok_or(RetrofitError::Missing { name, meaning, unit })
}

fn inlet(numbers: &ParameterValues) -> Result<SteamState, RetrofitError> {
    let pressure_mpa = needed(numbers, "inlet_pressure_mpa", "the absolute pressure before the reducing valve", "MPa")?;
    match (numbers.given("inlet_temperature_c"), numbers.given("inlet_dryness")) {
        (Some(_), Some(_)) => Err(RetrofitError::InletTwice),
        (Some(value), None) => {
            let boiling_c = saturation_temperature_c(pressure_mpa)?;
            if value <= boiling_c {
                return Err(RetrofitError::NotSuperheated { pressure_mpa, boiling_c, value });
            }
            Ok(SteamState::at_temperature(pressure_mpa, value)?)
        }
        (None, _) => Ok(SteamState::at_dryness(pressure_mpa, numbers.get("inlet_dryness"))?),
    }
}

fn boiler_house(request: &RetrofitRequest) -> Result<BoilerHouse, RetrofitError> {
    let numbers = &request.numbers;
    let number = |name: &str| numbers.get(name);
    let inlet = inlet(numbers)?;
    let outlet_mpa = outlet_pressure(numbers)?;
    let costs = SpecificCosts::new(request.machine, numbers);
    let efficiency = MachineEfficiency {
        isentropic: costs.isentropic_efficiency(1_000.0),
        mechanical_electric: number("mechanical_electric_efficiency"),
        own_use_share: number("own_use_share"),
    };
    let expansion = Expansion::new(inlet, outlet_mpa, efficiency)?;
    let load = if let Some(load) = &request.load {
        load.clone()
    } else {
        let peak = needed(numbers, "nominal_steam_t_h", "the largest steam flow through the reducing valve, or load", "t/h")?;
        let hours = number("operating_hours_h_a");
        SteamLoad::duration_curve(peak, hours, number("mean_load_share"), number("least_load_share"))?
    };
    Ok(BoilerHouse {
        boiler_heat_kj_kg: expansion.boiler_heat_kj_kg(number("condensate_return_share"), number("make_up_temperature_c"))?,
        expansion,
        load,
        costs,
        no_load_steam_share: number("no_load_steam_share"),
        minimum_load_share: number("minimum_load_share"),
        boiler_limit_t_h: numbers.known("boiler_capacity_t_h").unwrap_or(f64::INFINITY),
        boiler_efficiency: number("boiler_efficiency"),
        availability: number("availability"),
        fuel_cost_rub_mwh: number("fuel_cost_rub_mwh"),
        electricity_value_rub_mwh: number("electricity_value_rub_mwh"),
        own_electric_load_kw: numbers.known("own_electric_load_kw").unwrap_or(f64::INFINITY),
        surplus_value_rub_mwh: number("surplus_value_rub_mwh"),
        capital_recovery: capital_recovery(number("discount_rate"), number("service_life_a")),
    })
}

/// Yearly sum for a rouble over `years`: `r/(1 - (1+r)^-n)`, and `1/n` where nothing is discounted.
fn capital_recovery(rate: f64, years: f64) -> f64 {
    if rate < 1e-9 { 1.0 / years } else { rate / (1.0 - (1.0 + rate).powf(-years)) }
}

/// The machine over the hours of operation, at the middle of equal parts of them.
fn duration(house: &BoilerHouse, expansion: &Expansion, machine: &PartLoad) -> Vec<DurationPoint> {
    let hours = house.load.hours_h_a();
    let mut steps = house.load.steps().iter().peekable();
    let mut passed = 0.0;
    (0..DURATION_POINTS)
        .filter_map(|point| {
            let hour_h_a = hours * (f64::from(point) + 0.5) / f64::from(DURATION_POINTS);
            while let Some(step) = steps.next_if(|step| passed + step.hours_h_a < hour_h_a) {
                passed += step.hours_h_a;
            }
            let steam_t_h = steps.peek()?.steam_t_h;
            let flow = house.flow(expansion, machine, steam_t_h);
            Some(DurationPoint {
                hour_h_a,
                steam_t_h,
                machine_steam_t_h: flow.machine_t_h,
                valve_steam_t_h: flow.valve_t_h,
                net_kw: flow.shaft_kw * expansion.efficiency.net(),
            })
        })
        .collect()
}

/// Parameters that a study rests on.
fn names_used(request: &RetrofitRequest, costs: &SpecificCosts) -> Vec<&'static str> {
    let mut names = costs.names();
    names.extend([
        "mechanical_electric_efficiency",
        "own_use_share",
        "no_load_steam_share",
        "minimum_load_share",
        "availability",
        "boiler_efficiency",
        "condensate_return_share",
        "make_up_temperature_c",
        "fuel_cost_rub_mwh",
        "electricity_value_rub_mwh",
        "price_year",
        "service_life_a",
        "discount_rate",
    ]);
    if request.numbers.given("inlet_temperature_c").is_none() {
        names.push("inlet_dryness");
    }
    if request.load.is_none() {
        names.extend(["operating_hours_h_a", "mean_load_share", "least_load_share"]);
    }
    if request.numbers.given("own_electric_load_kw").is_some() {
        names.push("surplus_value_rub_mwh");
    }
    if request.numbers.given("size_kw").is_none() {
        names.push("least_size_kw");
    }
    names.push(match request.machine {
        MachineKind::Turbine => "turbine_least_dryness",
        MachineKind::Screw => "screw_least_dryness",
    });
    names
}

fn warnings(study: &Retrofit, house: &BoilerHouse, request: &RetrofitRequest, filled_kw: f64) -> Vec<RetrofitWarning> {
    let number = |name: &str| request.numbers.get(name);
    let mut warnings = Vec::new();
    let mut warn = |code, message: String| warnings.push(RetrofitWarning { code, message });
    let year = &study.year;
    let dryness = study.expansion.exhaust.dryness();
    let (least, machine) = match request.machine {
        MachineKind::Turbine => (number("turbine_least_dryness"), "a turbine"),
        MachineKind::Screw => (number("screw_least_dryness"), "a screw expander"),
    };
    if dryness < least {
        warn("wet_exhaust", format!("the exhaust has a dryness of {dryness:.3}; {machine} wants {least} at least"));
    }
    if year.size_kw < number("least_size_kw") {
        let offered = number("least_size_kw");
        warn("too_small", format!("a machine of {:.0} kW is below the {offered:.0} kW that are commonly offered", year.size_kw));
    }
    if year.size_kw > filled_kw * (1.0 + 1e-6) {
        let text =
            format!("the largest steam flow fills a machine of {filled_kw:.0} kW; {:.0} kW are never reached", year.size_kw);
        warn("never_full", text);
    }
    if study.below_minimum_h_a > 0.1 * study.operating_h_a {
        let (below, hours) = (study.below_minimum_h_a, study.operating_h_a);
        warn("below_minimum_load", format!("in {below:.0} of {hours:.0} hours there is too little steam for the machine to run"));
    }
    if study.peak_steam_t_h > house.boiler_limit_t_h {
        let (peak, limit) = (study.peak_steam_t_h, house.boiler_limit_t_h);
        warn("boilers_too_small", format!("the load reaches {peak:.1} t/h, more than the {limit:.1} t/h of the boilers"));
    } else if limited_by_boilers(study, house) {
        let text = "at high load the boilers cannot make the additional steam that the machine needs for the same heat";
        warn("boilers_at_limit", text.to_owned());
    }
    if year.net_gain_rub_a <= 0.0 {
        let text = if study.size_chosen { "no size has a net gain" } else { "this size has no net gain" };
        warn("no_gain", text.to_owned());
    }
    if year.simple_payback_a.is_none_or(|years| years > number("service_life_a")) {
        warn("never_pays_back", "the machine does not pay back within its service life".to_owned());
    }
    if request.load.is_none() {
        warn(
            "load_assumed",
            "the load is a heating curve made of the nominal flow; give the flows of the boiler house".to_owned(),
        );
    }
    warnings
}

/// Whether at some step the machine would take more steam if the boilers could make it.
fn limited_by_boilers(study: &Retrofit, house: &BoilerHouse) -> bool {
    house.load.steps().iter().any(|step| {
        let free = study.part_load.flow(&study.expansion, step.steam_t_h, f64::INFINITY);
        let bound = house.flow(&study.expansion, &study.part_load, step.steam_t_h);
        bound.shaft_kw < free.shaft_kw * (1.0 - 1e-9)
    })
}
