//! The demand of all consumers together.

use super::consumer_demand::{ConsumerDemand, DemandHours, demand_by_shapes};
use super::coverage::{BaseCoverage, hourly_coverage};
use super::degree_days::{DegreeDays, degree_days_of_climate, degree_days_of_weather};
use super::error::DemandError;
use super::load_summary::{DURATION_STEPS, LoadSummary, load_summary};
use super::request::{AnnualReference, DemandRequest, HeatProfile, Shapes};
use super::rossander::Rossander;
use crate::model::{Climate, Consumer, DefaultUsed, PresentFuel, WeatherKind, WeatherYear};
use serde::Serialize;

/// Capacities of a base unit over the peak that a town's demand is asked for.
const BASE_UNITS: [f64; 9] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0];

/// Consumers of a town at most.
pub const MOST_CONSUMERS: usize = 5_000;

/// The weather that a demand rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeatherUsed {
    /// Where it comes from.
    pub kind: WeatherKind,
    /// Place, in the source's words.
    pub place: String,
    /// Mean of the year.
    pub mean_c: f64,
    /// Coldest hour.
    pub coldest_hour_c: f64,
    /// Hours that were missing and are interpolated.
    pub filled_hours: usize,
    /// What should be known of how it was made or read.
    pub remarks: Vec<String>,
}

/// The demand of all consumers.
#[derive(Debug, Clone, Serialize)]
pub struct TownDemand {
    /// Climate of the norm.
    pub climate: Climate,
    /// Degree days of the norm.
    pub degree_days: DegreeDays,
    /// Weather of the hours.
    pub weather: WeatherUsed,
    /// Degree days of that weather.
    pub weather_degree_days: DegreeDays,
    /// How the heat of buildings is spread over the hours.
    pub heat_profile: HeatProfile,
    /// The year that annual heat refers to.
    pub annual_heat_refers_to: AnnualReference,
    /// Each consumer, in the order of their rows.
    pub consumers: Vec<ConsumerDemand>,
    /// Heat of all.
    pub heat: LoadSummary,
    /// Process heat of all, a part of the heat.
    pub process: LoadSummary,
    /// Electricity of all.
    pub power: LoadSummary,
    /// Sum of the consumers' own peaks over the peak of all together; none without heat.
    pub sum_of_peaks_over_peak: Option<f64>,
    /// Share of the heat that consumers make from peat or wood now; none without heat.
    pub present_local_heat_share: Option<f64>,
    /// What a base unit of the first guess (`base_unit_share`) covers of the heat.
    pub base_unit: BaseCoverage,
    /// What base units of some sizes cover of the heat.
    pub coverage: Vec<BaseCoverage>,
    /// The same for space heat alone by the closed form.
    pub space_heat_coverage: Vec<BaseCoverage>,
    /// Defaults without a read source that it rests on.
    pub rests_on: Vec<DefaultUsed>,
    /// The hours of all together.
    #[serde(skip)]
    pub hours: DemandHours,
}

/// The demand of consumers over a weather year, each by [`consumer_demand`](super::consumer_demand) and all together. Consumers are taken
/// in the order of their rows, then codes, then names, whatever order they come in.
///
/// # Errors
/// [`DemandError`]: a number of a consumer or of the request outside its limits, with the consumer's name; more than
/// [`MOST_CONSUMERS`].
pub fn town_demand(consumers: &[Consumer], weather: &WeatherYear, request: &DemandRequest) -> Result<TownDemand, DemandError> {
    if consumers.len() > MOST_CONSUMERS {
        return Err(DemandError::TooMany { consumers: consumers.len(), allowed: MOST_CONSUMERS });
    }
    let climate = request.climate();
    let indoor_c = request.numbers.get("indoor_temperature_c");
    let shapes = Shapes::new(request, weather)?;
    let mut ordered: Vec<&Consumer> = consumers.iter().collect();
    ordered.sort_by(|a, b| (a.id, &a.code, &a.name).cmp(&(b.id, &b.code, &b.name)));
    let mut hours = DemandHours::none();
    let mut demands = Vec::with_capacity(ordered.len());
    for consumer in ordered {
        // The hours of one consumer are 200 kB: they go into the sum and are forgotten.
        let (demand, own) = demand_by_shapes(consumer, weather, request, &shapes)?;
        hours.add(&own);
        demands.push(demand);
    }
    let heat = load_summary(&hours.heat, DURATION_STEPS);
    let peaks: f64 = demands.iter().map(|demand| demand.heat.peak_mw).sum();
    let burns_local = |demand: &&ConsumerDemand| matches!(demand.present_fuel, Some(PresentFuel::Peat | PresentFuel::Wood));
    let local: f64 = demands.iter().filter(burns_local).map(|demand| demand.heat.energy_mwh_a).sum();
    let curve = Rossander::new(&climate, indoor_c)?;
    Ok(TownDemand {
        degree_days: degree_days_of_climate(&climate, indoor_c)?,
        weather: weather_used(weather),
        weather_degree_days: degree_days_of_weather(weather, indoor_c, shapes.heating_limit_c)?,
        heat_profile: request.heat_profile,
        annual_heat_refers_to: request.annual_reference,
        sum_of_peaks_over_peak: (heat.peak_mw > 0.0).then(|| peaks / heat.peak_mw),
        present_local_heat_share: (heat.energy_mwh_a > 0.0).then(|| local / heat.energy_mwh_a),
        base_unit: hourly_coverage(&hours.heat, request.numbers.get("base_unit_share"))?,
        coverage: BASE_UNITS.iter().map(|alpha| hourly_coverage(&hours.heat, *alpha)).collect::<Result<_, _>>()?,
        space_heat_coverage: BASE_UNITS.iter().map(|alpha| curve.coverage(*alpha)).collect::<Result<_, _>>()?,
        rests_on: all_defaults(&demands, weather, request),
        process: load_summary(&hours.process, DURATION_STEPS),
        power: load_summary(&hours.power, DURATION_STEPS),
        climate,
        heat,
        consumers: demands,
        hours,
    })
}

fn weather_used(weather: &WeatherYear) -> WeatherUsed {
    let hours = weather.hourly_c();
    WeatherUsed {
        kind: weather.kind,
        place: weather.place.clone(),
        mean_c: hours.iter().sum::<f64>() / super::calendar::number(hours.len()),
        coldest_hour_c: hours.iter().copied().fold(f64::INFINITY, f64::min),
        filled_hours: weather.filled_hours,
        remarks: weather.remarks.clone(),
    }
}

/// The defaults of all consumers once each, and those of the synthetic weather.
fn all_defaults(demands: &[ConsumerDemand], weather: &WeatherYear, request: &DemandRequest) -> Vec<DefaultUsed> {
    let mut names: Vec<&str> = demands.iter().flat_map(|demand| &demand.rests_on).map(|used| used.parameter).collect();
    if weather.kind == WeatherKind::Synthetic {
        names.extend(["day_to_day_correlation", "winter_noise_c", "summer_noise_c", "winter_diurnal_c", "summer_diurnal_c"]);
    }
    request.numbers.unsourced_defaults(&names)
}
