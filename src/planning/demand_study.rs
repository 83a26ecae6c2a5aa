//! The demand of consumers for heat, steam and power as an answer: each consumer, the town, its months and load duration curve, the
//! weather it rests on.

use super::inputs_hash::InputsHash;
use super::weather_choice::check_weather_text;
use super::{PlanningError, SOFTWARE_VERSION, Workbench};
use crate::energy::demand::{DemandHours, DemandRequest, HourlyLoad, TownDemand, town_demand};
use crate::model::{Consumer, FeatureId, InputError, WeatherYear, demand_parameters, flag_from};
use crate::reserves::Warning;
use geo::{Distance, Haversine, Point};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A weather station farther away than this stands in another climate.
const FAR_STATION_KM: f64 = 150.0;
/// Consumers that a request may name.
const MOST_NAMED: usize = 10_000;
/// Names that a warning shows.
const MOST_SHOWN: usize = 12;
/// Parts of a megawatt that hours are told to: watts.
const WATTS: f64 = 1e6;

/// What a study of the demand is asked for.
#[derive(Debug, Clone, Default)]
pub struct DemandQuery {
    /// Consumers by identifier, code or name; all of the project where none is named.
    pub consumers: Vec<String>,
    /// A weather year of the project, by identifier, code or name.
    pub weather: Option<String>,
    /// The text of a weather file, EPW or TRY.
    pub weather_file: Option<String>,
    /// Whether the hours of all together are answered, too.
    pub hourly: bool,
    /// Climate, shares and shapes.
    pub demand: DemandRequest,
}

/// A weather year of the project.
#[derive(Debug, Clone, Serialize)]
pub struct WeatherLabel {
    /// Row in `weather-years`.
    pub id: FeatureId,
    /// Short identifier.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// From the station to the nearest of the consumers; none where it has no place.
    pub distance_km: Option<f64>,
}

/// The hours of all consumers together, from midnight to one on 1 January on, to the watt.
#[derive(Debug, Clone, Serialize)]
pub struct HoursOfDemand {
    /// Outdoor temperature.
    pub outdoor_c: Vec<f64>,
    /// Heat, loss of the consumers' own networks included.
    pub heat_mw: Vec<f64>,
    /// Process heat, a part of the heat.
    pub process_mw: Vec<f64>,
    /// Electricity.
    pub power_mw: Vec<f64>,
}

/// Energy of all consumers by what it is for, a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct DemandByUse {
    /// Space heat.
    pub space_heat_mwh_a: f64,
    /// Hot water.
    pub hot_water_mwh_a: f64,
    /// Process heat.
    pub process_heat_mwh_a: f64,
    /// Loss of the consumers' own networks.
    pub network_loss_mwh_a: f64,
    /// The four together: all heat.
    pub heat_mwh_a: f64,
    /// Electricity.
    pub power_mwh_a: f64,
}

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct DemandStudy {
    /// The heat by what it is for.
    pub by_use: DemandByUse,
    /// Consumers, sums, months, duration curves, degree days, coverage by base units.
    #[serde(flatten)]
    pub demand: TownDemand,
    /// The weather year of the project, where one was named.
    pub weather_year: Option<WeatherLabel>,
    /// Hours; none where they were not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hourly: Option<HoursOfDemand>,
    /// Every input with the value used.
    pub parameters: BTreeMap<&'static str, Value>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
    /// Whether a consumer or the weather year is invented.
    pub synthetic: bool,
    /// Fingerprint of the inputs: consumers, hours of the weather and numbers, wherever they came from.
    pub inputs_hash: String,
    /// Version of the software.
    pub software_version: &'static str,
}

impl DemandQuery {
    /// Inputs that stand in no table of parameters.
    pub const OWN: [&str; 4] = ["consumers", "weather", "weather_file", "hourly"];

    /// Sets an input by its name.
    ///
    /// ```
    /// let mut query = peatplan::planning::DemandQuery::default();
    /// query.set("consumers", "[7, \"Glass works\"]").unwrap();
    /// query.set("design_temperature_c", "-27").unwrap();
    /// assert_eq!(query.consumers, ["7", "Glass works"]);
    /// assert!(query.set("wind", "5").unwrap_err().to_string().contains("weather_file"));
    /// ```
    ///
    /// # Errors
    /// Names the input, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        let table = demand_parameters();
        match name {
            "consumers" => self.consumers = names_from(name, text)?,
            "weather" => self.weather = Some(text.to_owned()),
            "weather_file" => {
                check_weather_text(text)?;
                self.weather_file = Some(text.to_owned());
            }
            "hourly" => self.hourly = flag_from(name, text)?,
            _ if table.get(name).is_some() || table.choice(name).is_some() => self.demand.set(name, text)?,
            _ => {
                let choices = table.choices().iter().map(|choice| choice.name.as_str());
                return Err(InputError::unknown(name, Self::OWN.into_iter().chain(choices).chain(table.names())));
            }
        }
        Ok(())
    }

    /// Every input with the value used.
    fn parameters(&self) -> BTreeMap<&'static str, Value> {
        let numbers = &self.demand.numbers;
        let mut used: BTreeMap<&'static str, Value> =
            demand_parameters().names().map(|name| (name, numbers.known(name).into())).collect();
        let climate = self.demand.climate();
        used.insert("design_temperature_c", climate.design_temperature_c.into());
        used.insert("heating_days", climate.heating_days.into());
        used.insert("heating_mean_c", climate.heating_mean_c.into());
        used.insert("heating_limit_c", climate.heating_limit_c.into());
        used.insert("climate", climate.id.into());
        used.insert("heat_profile", serde_json::to_value(self.demand.heat_profile).unwrap_or_default());
        used.insert("annual_heat_refers_to", serde_json::to_value(self.demand.annual_reference).unwrap_or_default());
        used.insert("consumers", if self.consumers.is_empty() { Value::Null } else { self.consumers.clone().into() });
        used.insert("weather", self.weather.clone().into());
        // The text itself would be the larger part of the answer; `weather` says what was read.
        used.insert("weather_file", self.weather_file.as_ref().map(|_| "given").into());
        used.insert("hourly", self.hourly.into());
        used
    }
}

impl Workbench {
    /// The demand of consumers over a weather year; see [`town_demand`] and [`Workbench::weather_of`].
    ///
    /// The town is the sum of its consumers hour by hour: a district of 16,685 MWh and a works of 8,760 MWh round the clock need 25,445 MWh,
    /// and at least 1 MW in every hour.
    ///
    /// # Errors
    /// [`PlanningError`]: no such consumer or weather year, a text that is no weather file, a number outside its limits.
    pub fn demand_study(&self, query: &DemandQuery) -> Result<DemandStudy, PlanningError> {
        let consumers: Vec<Consumer> = self.consumers_named(&query.consumers)?.into_iter().cloned().collect();
        let weather = self.weather_of(&query.demand, query.weather.as_deref(), query.weather_file.as_deref())?;
        let stored = query.weather.as_deref().map(|name| self.stored_weather(name)).transpose()?;
        let weather_year = stored.map(|stored| WeatherLabel {
            id: stored.id,
            code: stored.code.clone(),
            name: stored.name.clone(),
            name_ru: stored.name_ru.clone(),
            distance_km: stored.station_crs84.and_then(|station| nearest_km(station, &consumers)),
        });
        let demand = town_demand(&consumers, &weather, &query.demand)?;
        let synthetic = consumers.iter().any(|consumer| consumer.synthetic) || stored.is_some_and(|stored| stored.synthetic);
        let mut hash = InputsHash::new();
        hash.text(&format!("{consumers:?} {:?}", query.demand));
        for hour in weather.hourly_c() {
            hash.number(*hour);
        }
        Ok(DemandStudy {
            by_use: by_use(&demand),
            warnings: warnings(&demand, weather_year.as_ref(), synthetic),
            hourly: query.hourly.then(|| hours(&demand.hours, &weather)),
            parameters: query.parameters(),
            weather_year,
            demand,
            synthetic,
            inputs_hash: hash.finish(),
            software_version: SOFTWARE_VERSION,
        })
    }
}

/// Names from a JSON list, or from a text with commas between them.
pub(super) fn names_from(input: &str, text: &str) -> Result<Vec<String>, InputError> {
    let word = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let names: Vec<String> = match serde_json::from_str::<Vec<Value>>(text) {
        Ok(list) => list.into_iter().map(word).collect(),
        Err(_) => text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect(),
    };
    if names.is_empty() {
        let detail = format!("{input} must name at least one; leave it out for all");
        return Err(InputError { parameter: input.to_owned(), detail });
    }
    if names.len() <= MOST_NAMED {
        return Ok(names);
    }
    let detail = format!("{input} may name {MOST_NAMED} at most; there were {}", names.len());
    Err(InputError { parameter: input.to_owned(), detail })
}

fn nearest_km(station: Point, consumers: &[Consumer]) -> Option<f64> {
    let distances = consumers.iter().map(|consumer| Haversine.distance(station, consumer.position_crs84) / 1_000.0);
    distances.reduce(f64::min)
}

fn by_use(demand: &TownDemand) -> DemandByUse {
    demand.consumers.iter().fold(DemandByUse::default(), |sum, one| DemandByUse {
        space_heat_mwh_a: sum.space_heat_mwh_a + one.space_heat_mwh_a,
        hot_water_mwh_a: sum.hot_water_mwh_a + one.hot_water_mwh_a,
        process_heat_mwh_a: sum.process_heat_mwh_a + one.process_heat_mwh_a,
        network_loss_mwh_a: sum.network_loss_mwh_a + one.network_loss_mwh_a,
        heat_mwh_a: sum.heat_mwh_a + one.heat.energy_mwh_a,
        power_mwh_a: sum.power_mwh_a + one.power.energy_mwh_a,
    })
}

fn hours(demand: &DemandHours, weather: &WeatherYear) -> HoursOfDemand {
    let to_the_watt =
        |load: &HourlyLoad| -> Vec<f64> { load.hours_mw().iter().map(|hour| (hour * WATTS).round() / WATTS).collect() };
    HoursOfDemand {
        outdoor_c: weather.hourly_c().iter().map(|hour| (hour * 100.0).round() / 100.0).collect(),
        heat_mw: to_the_watt(&demand.heat),
        process_mw: to_the_watt(&demand.process),
        power_mw: to_the_watt(&demand.power),
    }
}

/// Whether the weather and the climate of the norm may be of two places.
pub(super) fn unlike_climate(demand: &TownDemand) -> Option<Warning> {
    let (days, norm) = (demand.weather_degree_days.heating_days, demand.degree_days.heating_days);
    let text = format!("the weather year has {days:.0} heating days and the climate {norm:.0}: they may not be of one place");
    ((days - norm).abs() > 0.25 * norm).then(|| Warning::new("weather_unlike_climate", text))
}

fn warnings(demand: &TownDemand, weather_year: Option<&WeatherLabel>, synthetic: bool) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for own in &demand.consumers {
        warnings.extend(own.warnings.iter().map(|text| Warning::new("consumer_demand", format!("{}: {text}", own.name))));
    }
    let without: Vec<&str> =
        demand.consumers.iter().filter(|own| own.heat.energy_mwh_a <= 0.0).map(|own| own.name.as_str()).collect();
    if !without.is_empty() {
        let shown = without[..without.len().min(MOST_SHOWN)].join(", ");
        let more = if without.len() > MOST_SHOWN { ", and others" } else { "" };
        let count = without.len();
        let text = format!("{count} consumers state neither heat, peak nor floor area and count nothing: {shown}{more}");
        warnings.push(Warning::new("consumers_without_heat", text));
    }
    if let Some((name, far)) =
        weather_year.and_then(|year| Some((&year.name, year.distance_km.filter(|km| *km > FAR_STATION_KM)?)))
    {
        let text = format!("the station of weather year {name:?} stands {far:.0} km from the nearest of the consumers");
        warnings.push(Warning::new("weather_far", text));
    }
    warnings.extend(unlike_climate(demand));
    if synthetic {
        warnings.push(Warning::new("synthetic", "the data are invented for demonstration"));
    }
    warnings
}
