//! A consumer's demand, hour by hour.

use super::calendar::whole_days;
use super::consumer_split::split;
use super::error::DemandError;
use super::hourly_load::HourlyLoad;
use super::load_summary::{LoadSummary, load_summary};
use super::network_loss::{WaterTemperatures, loss_from_share};
use super::operating_time::OperatingTime;
use super::power::{following_power, town_power_shape};
use super::request::{DemandRequest, Shapes};
use crate::model::{Consumer, ConsumerKind, DefaultUsed, FeatureId, OperatingProfile, ParameterValues, PresentFuel, WeatherYear};
use serde::Serialize;

/// Steps of a consumer's duration curve at most.
const CONSUMER_STEPS: usize = 50;

/// A number that the consumer's row does not give.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Derived {
    /// What was derived.
    pub quantity: &'static str,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// From what.
    pub from: Vec<&'static str>,
    /// How.
    pub how: String,
}

/// A consumer's demand over the weather year.
#[derive(Debug, Clone, Serialize)]
pub struct ConsumerDemand {
    /// Row in `consumers`.
    pub consumer: Option<FeatureId>,
    /// Identifier in the source.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Kind.
    pub kind: ConsumerKind,
    /// Fuel used now.
    pub present_fuel: Option<PresentFuel>,
    /// Invented for demonstration.
    pub synthetic: bool,
    /// Space heat of the year.
    pub space_heat_mwh_a: f64,
    /// Hot water of the year.
    pub hot_water_mwh_a: f64,
    /// Process heat of the year.
    pub process_heat_mwh_a: f64,
    /// Loss of the consumer's own network.
    pub network_loss_mwh_a: f64,
    /// Space heat at the design temperature.
    pub design_space_heat_mw: f64,
    /// Process heat in full operation.
    pub process_heat_mw: f64,
    /// Peak as stated; that of the hours is in `heat`.
    pub stated_peak_heat_mw: Option<f64>,
    /// All heat, loss included.
    pub heat: LoadSummary,
    /// Process heat alone.
    pub process: LoadSummary,
    /// Electricity.
    pub power: LoadSummary,
    /// What the row does not give, and from what it was derived.
    pub derived: Vec<Derived>,
    /// What does not fit together.
    pub warnings: Vec<String>,
    /// Defaults without a read source that it rests on.
    pub rests_on: Vec<DefaultUsed>,
}

/// The hours of a demand.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandHours {
    /// Heat, loss of the consumers' own networks included.
    pub heat: HourlyLoad,
    /// Process heat, a part of the heat.
    pub process: HourlyLoad,
    /// Electricity.
    pub power: HourlyLoad,
}

impl DemandHours {
    /// No demand.
    #[must_use]
    pub fn none() -> Self {
        Self { heat: HourlyLoad::none(), process: HourlyLoad::none(), power: HourlyLoad::none() }
    }

    /// Adds another demand to it, hour by hour.
    pub fn add(&mut self, other: &Self) {
        self.heat.add(&other.heat);
        self.process.add(&other.process);
        self.power.add(&other.power);
    }
}

/// A consumer's demand over a weather year. Heat is space heat by the outdoor temperature, hot water by season and hour, and process heat
/// by the working hours, with the loss of the consumer's own network where its row gives one (or where its heat is made from floor area and
/// it is a network). What the row does not say is derived by the climate and listed.
///
/// The energy of the hours is the annual heat of the row (plus that loss), unless it refers to the norm's year.
///
/// A district of 100,000 m² with 5,005.5 K·d and 120 kJ/(m²·K·d) needs 16,685 MWh of space heat:
///
/// ```
/// use peatplan::{energy::demand::*, model::*};
/// let mut district = Consumer::new("District", ConsumerKind::DistrictHeating, geo::Point::new(40.7, 55.6));
/// district.floor_area_m2 = Some(100_000.0);
/// let request = DemandRequest::default();
/// let (demand, hours) = consumer_demand(&district, &request.synthetic_weather().unwrap(), &request).unwrap();
/// assert!((demand.space_heat_mwh_a - 16_685.0).abs() < 20.0);
/// assert_eq!(demand.derived[0].from[0], "floor_area_m2");
/// assert_eq!(hours.heat.peak_mw(), demand.heat.peak_mw);
/// ```
///
/// # Errors
/// [`DemandError`]: a number of the consumer or of the request outside its limits.
pub fn consumer_demand(
    consumer: &Consumer,
    weather: &WeatherYear,
    request: &DemandRequest,
) -> Result<(ConsumerDemand, DemandHours), DemandError> {
    let shapes = Shapes::new(request, weather)?;
    demand_by_shapes(consumer, weather, request, &shapes)
}

/// The same with shapes that were made once for all consumers; an error names the consumer.
pub(super) fn demand_by_shapes(
    consumer: &Consumer,
    weather: &WeatherYear,
    request: &DemandRequest,
    shapes: &Shapes,
) -> Result<(ConsumerDemand, DemandHours), DemandError> {
    demand_of(consumer, weather, request, shapes)
        .map_err(|error| DemandError::Consumer { consumer: consumer.name.clone(), source: Box::new(error) })
}

fn demand_of(
    consumer: &Consumer,
    weather: &WeatherYear,
    request: &DemandRequest,
    shapes: &Shapes,
) -> Result<(ConsumerDemand, DemandHours), DemandError> {
    let numbers = &request.numbers;
    let profile = consumer.operating_profile.unwrap_or(OperatingProfile::Continuous);
    let time = OperatingTime::new(profile, consumer.shutdown_weeks.unwrap_or(0.0), numbers.get("shutdown_first_week"));
    let first_weekday = (whole_days(numbers.get("first_weekday")).max(1) - 1) % 7;
    let process_shape = time.shape(first_weekday, numbers.get("idle_steam_share"), 0.0);
    let process_full_hours = process_shape.iter().sum();
    let (parts, mut findings) = split(consumer, shapes, process_full_hours, numbers)?;

    let energy = |load: f64, shape: &[f64]| load * shape.iter().sum::<f64>();
    let space_mwh = energy(parts.space_mw, &shapes.space);
    let hot_water_mwh = energy(parts.hot_water_mw, &shapes.hot_water);
    let process_hours = HourlyLoad::from_shape(energy(parts.process_mw, &process_shape), &process_shape)?;
    let mut heat_hours = process_hours.clone();
    if let Some(shape) = &shapes.bdew {
        heat_hours.add(&HourlyLoad::from_shape(space_mwh + hot_water_mwh, shape)?);
    } else {
        heat_hours.add(&HourlyLoad::from_shape(space_mwh, &shapes.space)?);
        heat_hours.add(&HourlyLoad::from_shape(hot_water_mwh, &shapes.hot_water)?);
    }

    let is_network = matches!(consumer.kind, ConsumerKind::DistrictHeating | ConsumerKind::BoilerHouse);
    let from_area = is_network && consumer.heat_demand_mwh_a.is_none() && consumer.peak_heat_mw.is_none();
    let loss_share = consumer.network_loss_share.or_else(|| {
        from_area.then(|| {
            findings.defaults.push("network_loss_share");
            numbers.get("network_loss_share")
        })
    });
    let network_loss_mwh_a = match loss_share {
        Some(share) => {
            let water = WaterTemperatures::from_numbers(numbers)?;
            let loss = loss_from_share(&heat_hours, share, &water, &shapes.law, weather)?;
            heat_hours.add(&loss);
            loss.energy_mwh()
        }
        None => 0.0,
    };

    let power_shape = power_shape(consumer, &time, first_weekday, &heat_hours, numbers)?;
    let power_hours = HourlyLoad::from_shape(consumer.power_demand_mwh_a.unwrap_or(0.0), &power_shape)?;
    findings.defaults.extend(shape_defaults(consumer, parts.hot_water_mw > 0.0, parts.process_mw > 0.0));
    let rests_on = numbers.unsourced_defaults(&findings.defaults);
    let hours = DemandHours { heat: heat_hours, process: process_hours, power: power_hours };
    let demand = ConsumerDemand {
        consumer: consumer.id,
        code: consumer.code.clone(),
        name: consumer.name.clone(),
        name_ru: consumer.name_ru.clone(),
        kind: consumer.kind,
        present_fuel: consumer.present_fuel,
        synthetic: consumer.synthetic,
        space_heat_mwh_a: space_mwh,
        hot_water_mwh_a: hot_water_mwh,
        process_heat_mwh_a: hours.process.energy_mwh(),
        network_loss_mwh_a,
        design_space_heat_mw: parts.space_mw,
        process_heat_mw: parts.process_mw,
        stated_peak_heat_mw: consumer.peak_heat_mw,
        heat: load_summary(&hours.heat, CONSUMER_STEPS),
        process: load_summary(&hours.process, CONSUMER_STEPS),
        power: load_summary(&hours.power, CONSUMER_STEPS),
        derived: findings.derived,
        warnings: findings.warnings,
        rests_on,
    };
    Ok((demand, hours))
}

/// Electricity of industry goes by its working hours, that of boiler houses and networks by their heat, any other like a town's.
fn power_shape(
    consumer: &Consumer,
    time: &OperatingTime,
    first_weekday: usize,
    heat: &HourlyLoad,
    numbers: &ParameterValues,
) -> Result<Vec<f64>, DemandError> {
    let idle = numbers.get("idle_power_share");
    match consumer.kind {
        ConsumerKind::GlassWorks | ConsumerKind::Industry => {
            let shape = time.shape(first_weekday, idle, idle);
            // With nothing but standstill and no idle load, stated electricity is taken as constant.
            Ok(if shape.iter().sum::<f64>() > 0.0 { shape } else { vec![1.0; shape.len()] })
        }
        ConsumerKind::BoilerHouse | ConsumerKind::DistrictHeating => {
            following_power(heat.hours_mw(), numbers.get("pump_base_share"))
        }
        ConsumerKind::Other => town_power_shape(numbers.get("power_daily_swing"), numbers.get("power_seasonal_swing")),
    }
}

/// Parameters behind the shapes in use.
fn shape_defaults(consumer: &Consumer, hot_water: bool, process: bool) -> Vec<&'static str> {
    let mut names = vec!["indoor_temperature_c"];
    if hot_water {
        names.extend(["hot_water_summer_factor", "hot_water_outage_days", "hot_water_morning", "hot_water_evening"]);
    }
    if process && consumer.operating_profile.is_some_and(|profile| profile != OperatingProfile::Continuous) {
        names.push("idle_steam_share");
    }
    if consumer.power_demand_mwh_a.is_some() {
        names.extend(match consumer.kind {
            ConsumerKind::GlassWorks | ConsumerKind::Industry => &["idle_power_share"][..],
            ConsumerKind::BoilerHouse | ConsumerKind::DistrictHeating => &["pump_base_share"][..],
            ConsumerKind::Other => &["power_daily_swing", "power_seasonal_swing"][..],
        });
    }
    names
}
