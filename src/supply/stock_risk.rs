//! The stack of a plant over many drawn seasons: its band, the chance of a year that is not covered, and the store that a
//! wanted certainty asks for.

use super::fuel_supply::{FieldSource, possible_harvest};
use super::need::FuelNeed;
use super::request::SupplyRequest;
use super::season::SeasonWeather;
use super::stock_months::{StockPlan, loose_cubic_metres_of_a_tonne, rests_on};
use super::stockpile::{CertainStore, StockBand, StockRisk, StockpileError, certain_store, stock_band};
use super::warning::SupplyWarning;
use crate::model::DefaultUsed;
use crate::units::{CubicMetres, MegawattHours, Share, Tonnes};
use serde::Serialize;

/// Share of the work that the band takes; the search for a store takes the rest.
const OF_BAND: f64 = 0.3;

/// How many years are drawn, how often, and by which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BandDraws {
    /// Years followed.
    pub years: usize,
    /// How often.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
}

impl BandDraws {
    /// As a request asks for them: `season_years`, `season_draws`, `season_seed`.
    #[must_use]
    pub fn from_request(request: &SupplyRequest) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the limits of the parameters")]
        let whole = |name: &str| request.season_numbers.get(name).round().max(0.0) as u64;
        let count = |name: &str| usize::try_from(whole(name)).unwrap_or(usize::MAX);
        Self { years: count("season_years"), draws: count("season_draws"), seed: whole("season_seed") }
    }
}

/// The stack of a plant over drawn seasons. Tonnes are at the reference moisture, of the mean calorific value of the fields.
#[derive(Debug, Clone, Serialize)]
pub struct PlantStockBand {
    /// Need of a year.
    pub need_t_a: Tonnes,
    /// What all counted fields could bring to the stack in a season of weather factor one.
    pub possible_harvest_t: Tonnes,
    /// Mean of the drawn weather factors' distribution.
    pub mean_weather_factor: f64,
    /// Stock before the first season.
    pub start_t: Tonnes,
    /// What the stack holds at most: `store_capacity_t`, or what an average year and a wet season ask for.
    pub store_t: Tonnes,
    /// The same as loose volume at the moisture of the stack.
    pub store_m3_loose: CubicMetres,
    /// Stock and shortage by month and year.
    #[serde(flatten)]
    pub band: StockBand,
    /// The store that the wanted certainty asks for, whatever the one above holds.
    pub certain_store: CertainStore,
    /// Its room as loose volume.
    pub certain_store_m3_loose: Option<CubicMetres>,
    /// What a reader should know.
    pub warnings: Vec<SupplyWarning>,
    /// Defaults without a read source that it rests on, beside those of the supply.
    pub rests_on: Vec<DefaultUsed>,
}

/// The band of a plant's stack over drawn seasons: fields give what they can, the stack holds the average year's size and what
/// a wet season asks for beyond it (or `store_capacity_t`), and begins with the stock of an average year. See [`stock_band`] and
/// [`certain_store`].
///
/// Fields count as long-lived: what they still hold bounds one season, not the sum of the years. All fields have the same
/// weather in a year: by how much they differ is left out, so that the spread is rather too wide than too narrow.
///
/// # Errors
/// [`StockpileError`]: inputs that make no year, too many years, or stopped.
pub fn plant_stock_band(
    need: &FuelNeed,
    sources: &[FieldSource<'_>],
    used: &[MegawattHours],
    request: &SupplyRequest,
    mwh_per_tonne: f64,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<PlantStockBand, StockpileError> {
    let numbers = &request.season_numbers;
    let draws = BandDraws::from_request(request);
    let share = Share::new(request.reserve_numbers.get("net_area_share")).unwrap_or(Share::ONE);
    let possible = |weather: f64| Tonnes(possible_harvest(sources, share, weather, request).energy.0 / mwh_per_tonne);
    let mean = possible(request.numbers.get("weather_factor"));
    let StockPlan { whole, year, cycle } = StockPlan::of(need, mean, request, mwh_per_tonne)?;
    let in_wet = possible(request.numbers.get("wet_season_factor")).min(cycle.harvest);
    let store = match numbers.known("store_capacity_t") {
        Some(capacity) => Tonnes(capacity),
        None => cycle.largest + year.carry_over(&cycle, in_wet)?,
    };
    let risk = StockRisk {
        start: cycle.start.mass().min(store),
        capacity: possible(1.0),
        largest: Some(store),
        years: draws.years,
        draws: draws.draws,
        seed: draws.seed,
    };
    let weather = SeasonWeather::from_numbers(numbers)?;
    let band = stock_band(&whole, &risk, &weather, &mut |done| keep_going(done * OF_BAND))?;
    let certainty = numbers.get("stock_certainty");
    let certain = certain_store(&whole, &risk, &weather, certainty, &mut |done| keep_going(OF_BAND + done * (1.0 - OF_BAND)))?;
    let loose = loose_cubic_metres_of_a_tonne(sources, used, request);
    Ok(PlantStockBand {
        need_t_a: whole.need_t_a(),
        possible_harvest_t: risk.capacity,
        mean_weather_factor: weather.mean(),
        start_t: risk.start,
        store_t: store,
        store_m3_loose: CubicMetres(store.0 * loose),
        warnings: warnings(&certain, risk.capacity * weather.mean(), whole.steady_cycle().harvest),
        certain_store_m3_loose: certain.store_t.map(|store| CubicMetres(store.0 * loose)),
        certain_store: certain,
        band,
        rests_on: band_rests_on(request),
    })
}

fn warnings(certain: &CertainStore, mean_harvest: Tonnes, planned: Tonnes) -> Vec<SupplyWarning> {
    let mut warnings = Vec::new();
    if mean_harvest < planned {
        let text = format!(
            "in the mean of drawn seasons the fields give {:.0} t a year and the plant with its stack takes {:.0} t: in the \
             long run no store makes up for that",
            mean_harvest.0, planned.0
        );
        warnings.push(SupplyWarning::new("harvest_below_need", text));
    }
    if certain.safety_stock_t.is_none() {
        let text = format!(
            "no store that is turned over before peat is too old covers every year with a certainty of {:.0} %; the largest looked at, \
             with {:.0} t beyond an average year, reaches {:.0} %",
            certain.certainty * 100.0,
            certain.most_safety_stock_t.0,
            certain.reached * 100.0
        );
        warnings.push(SupplyWarning::new("certainty_out_of_reach", text));
    }
    warnings
}

fn band_rests_on(request: &SupplyRequest) -> Vec<DefaultUsed> {
    let mut used = rests_on(request);
    let of_weather = ["season_factor_mean", "season_factor_sd", "season_factor_least", "season_factor_greatest"];
    used.extend(request.season_numbers.unsourced_defaults(&of_weather));
    used
}
