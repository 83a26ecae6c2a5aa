//! What a demand is asked for beside the consumers.

use super::bdew::bdew_shape;
use super::error::DemandError;
use super::hot_water::{HotWater, hot_water_hours};
use super::rossander::Rossander;
use super::space_heat::SpaceHeatLaw;
use super::synthetic_weather::synthetic_weather;
use crate::model::{Choice, Climate, InputError, ParameterValues, WeatherYear, climate, climates, demand_parameters};
use serde::Serialize;

/// How the heat of buildings is spread over the hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeatProfile {
    /// Space heat by the outdoor temperature, hot water by the hour of the day.
    DegreeHours,
    /// Both by the German standard profile of a block of flats.
    Bdew,
}

/// The year for which annual heat is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AnnualReference {
    /// The weather year in use: its hours add up to the annual heat.
    WeatherYear,
    /// The norm's: a milder year needs less than the annual heat.
    Norm,
}

/// A request, with its numbers checked against their limits.
#[derive(Debug, Clone)]
pub struct DemandRequest {
    /// Numbers, by the names of `geodata/reference/demand.toml`.
    pub numbers: ParameterValues,
    /// How the heat of buildings is spread over the hours.
    pub heat_profile: HeatProfile,
    /// The year for which annual heat is stated.
    pub annual_reference: AnnualReference,
    climate: &'static Climate,
}

impl Default for DemandRequest {
    fn default() -> Self {
        Self {
            numbers: ParameterValues::defaults(demand_parameters()),
            heat_profile: HeatProfile::DegreeHours,
            annual_reference: AnnualReference::WeatherYear,
            climate: &climates()[0],
        }
    }
}

impl DemandRequest {
    /// Sets an input by its name.
    ///
    /// ```
    /// let mut request = peatplan::energy::demand::DemandRequest::default();
    /// request.set("climate", "moscow-1999").unwrap();
    /// request.set("heating_mean_c", "-2,2").unwrap();
    /// assert_eq!(request.climate().heating_mean_c, -2.2);
    /// assert!(request.set("climate", "atlantis").unwrap_err().to_string().contains("vladimir-1999"));
    /// ```
    ///
    /// # Errors
    /// Names the input, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        let table = demand_parameters();
        let refused = || match table.choice(name) {
            Some(choice) => Choice::refusal(choice, text),
            None => InputError::unknown(name, table.names()),
        };
        match name {
            "climate" => self.climate = climate(text).ok_or_else(refused)?,
            "heat_profile" => {
                self.heat_profile = match text {
                    "degree_hours" => HeatProfile::DegreeHours,
                    "bdew" => HeatProfile::Bdew,
                    _ => return Err(refused()),
                }
            }
            "annual_heat_refers_to" => {
                self.annual_reference = match text {
                    "weather_year" => AnnualReference::WeatherYear,
                    "norm" => AnnualReference::Norm,
                    _ => return Err(refused()),
                }
            }
            _ if self.numbers.knows(name) => self.numbers.set(name, text)?,
            _ => {
                let choices = table.choices().iter().map(|choice| choice.name.as_str());
                return Err(InputError::unknown(name, choices.chain(table.names())));
            }
        }
        Ok(())
    }

    /// The climate, with the numbers that the request gives in place of the norm's.
    #[must_use]
    pub fn climate(&self) -> Climate {
        let mut climate = self.climate.clone();
        let mut edited = false;
        let fields = [
            ("design_temperature_c", &mut climate.design_temperature_c),
            ("heating_days", &mut climate.heating_days),
            ("heating_mean_c", &mut climate.heating_mean_c),
            ("heating_limit_c", &mut climate.heating_limit_c),
        ];
        for (name, field) in fields {
            if let Some(given) = self.numbers.given(name) {
                *field = given;
                edited = true;
            }
        }
        if edited {
            climate.edition.push_str(", changed by the request");
        }
        climate
    }

    /// The weather year made from the climate, where no file is at hand.
    ///
    /// # Errors
    /// [`DemandError`]: the climate contradicts itself, or no such year can be made of it.
    pub fn synthetic_weather(&self) -> Result<WeatherYear, DemandError> {
        synthetic_weather(&self.climate(), &self.numbers)
    }
}

/// Shapes and hours that all consumers share.
pub(super) struct Shapes {
    pub law: SpaceHeatLaw,
    pub heating_limit_c: f64,
    /// Space heat over design load.
    pub space: Vec<f64>,
    /// Hot water over its mean in winter.
    pub hot_water: Vec<f64>,
    /// Hot water in its greatest hour over its mean in winter.
    pub hot_water_peak: f64,
    /// The German profile, where it is asked for.
    pub bdew: Option<Vec<f64>>,
    /// Hours a year at design load of the space heat, in the year that annual heat refers to.
    pub space_hours: f64,
    /// The same of hot water, at its winter mean.
    pub hot_water_hours: f64,
    /// Degree days of the same year.
    pub degree_days_k_d: f64,
}

impl Shapes {
    pub(super) fn new(request: &DemandRequest, weather: &WeatherYear) -> Result<Self, DemandError> {
        let (climate, indoor_c) = (request.climate(), request.numbers.get("indoor_temperature_c"));
        let law = SpaceHeatLaw::new(&climate, indoor_c)?;
        let water = HotWater::from_numbers(&request.numbers)?;
        let means = weather.daily_means_c();
        let heating_days: Vec<bool> = means.iter().map(|mean| law.is_heating_day(*mean)).collect();
        let space = law.shape(weather);
        let hot_water = water.shape(&heating_days);
        let (space_hours, hot_water_hours, degree_days_k_d) = match request.annual_reference {
            AnnualReference::WeatherYear => {
                let cold = means.iter().filter(|mean| law.is_heating_day(**mean));
                (space.iter().sum(), hot_water.iter().sum(), cold.map(|mean| indoor_c - mean).sum())
            }
            AnnualReference::Norm => {
                let curve = Rossander::new(&climate, indoor_c)?;
                let degree_days = (indoor_c - climate.heating_mean_c) * climate.heating_days;
                (curve.full_load_hours(), hot_water_hours(&water, climate.heating_days), degree_days)
            }
        };
        Ok(Self {
            law,
            heating_limit_c: climate.heating_limit_c,
            space,
            hot_water,
            hot_water_peak: water.hours_of_day.iter().copied().fold(0.0, f64::max),
            bdew: (request.heat_profile == HeatProfile::Bdew).then(|| bdew_shape(weather)),
            space_hours,
            hot_water_hours,
            degree_days_k_d,
        })
    }
}
