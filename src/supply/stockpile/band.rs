//! Many years with drawn seasons: how low the stock may fall, and how often the plant is short.

use super::years::checked;
use super::{FuelYear, MOST_T, StockpileError, within};
use crate::supply::SeasonWeather;
use crate::units::Tonnes;
use serde::Serialize;

/// Years of all draws together; 2.4 million months of stock and of shortage are 38 MB.
pub(super) const MOST_YEARS: usize = 200_000;
/// Of the need of a year, what rounding may leave short.
pub(super) const SHORT: f64 = 1e-9;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StockRisk {
    /// Stock before the first season.
    pub start: Tonnes,
    /// What fields can bring to the stack in a season of factor one.
    pub capacity: Tonnes,
    /// What the stack holds at most; fields rest when it is full.
    pub largest: Option<Tonnes>,
    /// Years followed.
    pub years: usize,
    /// How often.
    pub draws: usize,
    /// Seed; each draw and year has a stream of its own.
    pub seed: u64,
}

/// A month over all draws.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BandMonth {
    /// Fuel year, from one.
    pub year: usize,
    /// Calendar month, 1 to 12.
    pub month: u8,
    /// Stock at its end that one draw in ten falls below.
    pub p10_t: Tonnes,
    /// Half of the draws.
    pub p50_t: Tonnes,
    /// Nine in ten.
    pub p90_t: Tonnes,
    /// Share of the draws in which the plant is short.
    pub short_share: f64,
    /// What it lacks in the month: one draw in ten lacks less.
    pub short_p10_t: Tonnes,
    /// Half of the draws.
    pub short_p50_t: Tonnes,
    /// Nine in ten.
    pub short_p90_t: Tonnes,
}

/// A year over all draws.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BandYear {
    /// Fuel year, from one.
    pub year: usize,
    /// Share of the draws in which the plant is short in some month.
    pub short_share: f64,
    /// What it lacks, mean of all draws.
    pub mean_short_t: Tonnes,
    /// What nine draws in ten do not exceed.
    pub short_p90_t: Tonnes,
}

/// The stock over many draws of the seasons.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StockBand {
    /// Month by month.
    pub months: Vec<BandMonth>,
    /// Year by year.
    pub years: Vec<BandYear>,
    /// Years in which the plant is short, of all years of a draw: one draw in ten has fewer.
    pub years_short_p10: f64,
    /// Half of the draws.
    pub years_short_p50: f64,
    /// Nine in ten.
    pub years_short_p90: f64,
    /// Share of the draws in which it is never short.
    pub never_short_share: f64,
    /// Probability that a year is not covered: share of all years of all draws in which the plant is short.
    pub year_short_share: f64,
    /// Share of the need that is met, mean of all draws.
    pub covered_share: f64,
    /// Draws.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
}

/// Follows the stack with drawn weather factors: a season could give `capacity × factor`, and the fields rest while the
/// stack is full. Quantiles over the draws are interpolated (Hyndman and Fan 1996, type 7).
///
/// `keep_going` is told the share done and stops the computation with `false`. The same seed gives the same bits.
///
/// ```
/// use peatplan::{model::{ParameterValues, season_parameters}, supply::*, units::*};
/// let numbers = ParameterValues::defaults(season_parameters());
/// let need = MonthlyShares::new("need", [1.0; 12]).unwrap();
/// let year = FuelYear::from_numbers(Tonnes(86_700.0), &need, &numbers).unwrap();
/// let cycle = year.steady_cycle();
/// let ample = StockRisk {
///     start: cycle.start.mass(), capacity: cycle.harvest * 10.0, largest: Some(cycle.largest), years: 10, draws: 100, seed: 1,
/// };
/// let weather = SeasonWeather::from_numbers(&numbers).unwrap();
/// let band = stock_band(&year, &ample, &weather, &mut |_| true).unwrap();
/// assert_eq!(band.never_short_share, 1.0, "fields for ten plants keep one warm in any weather");
/// ```
///
/// # Errors
/// [`StockpileError`]: a number outside its limits, no or too many years, or stopped.
pub fn stock_band(
    year: &FuelYear,
    risk: &StockRisk,
    weather: &SeasonWeather,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<StockBand, StockpileError> {
    let (draws, years) = (risk.draws, risk.years);
    if draws == 0 || years == 0 || draws.saturating_mul(years) > MOST_YEARS {
        return Err(StockpileError::TooMany { draws, years, most: MOST_YEARS });
    }
    within("the stock before the first season", risk.start.0, (0.0, MOST_T), " t")?;
    checked(&[risk.capacity], risk.largest)?;
    let largest = risk.largest.map_or(f64::INFINITY, |largest| largest.0);
    let months = years * 12;
    let mut stocks = vec![Vec::with_capacity(draws); months];
    let mut shorts = vec![Vec::with_capacity(draws); months];
    let mut missing_in = vec![Vec::with_capacity(draws); years];
    let mut short_years = vec![0usize; years];
    let mut years_short = Vec::with_capacity(draws);
    let never = SHORT * year.need_t_a().0;
    for draw in 0..draws {
        let mut stock = risk.start.0;
        let mut count = 0usize;
        for (at, factor) in weather.draw(years, risk.seed, draw as u64).into_iter().enumerate() {
            let missing = year.drawn_year(&mut stock, risk.capacity.0 * factor, largest, &mut |place, stock, short| {
                stocks[at * 12 + place].push(stock);
                // What rounding leaves short is not short.
                shorts[at * 12 + place].push(if short > never { short } else { 0.0 });
            });
            let is_short = missing > never;
            count += usize::from(is_short);
            short_years[at] += usize::from(is_short);
            missing_in[at].push(if is_short { missing } else { 0.0 });
        }
        years_short.push(share_of(count, 1));
        if !keep_going(share_of(draw + 1, draws)) {
            return Err(StockpileError::Cancelled);
        }
    }
    let band_months = stocks.iter_mut().zip(&mut shorts).enumerate().map(|(at, (stocks, shorts))| {
        stocks.sort_by(f64::total_cmp);
        shorts.sort_by(f64::total_cmp);
        BandMonth {
            year: at / 12 + 1,
            month: year.calendar_month(at % 12),
            p10_t: Tonnes(quantile(stocks, 0.1)),
            p50_t: Tonnes(quantile(stocks, 0.5)),
            p90_t: Tonnes(quantile(stocks, 0.9)),
            short_share: share_of(shorts.iter().filter(|short| **short > 0.0).count(), draws),
            short_p10_t: Tonnes(quantile(shorts, 0.1)),
            short_p50_t: Tonnes(quantile(shorts, 0.5)),
            short_p90_t: Tonnes(quantile(shorts, 0.9)),
        }
    });
    let months = band_months.collect();
    years_short.sort_by(f64::total_cmp);
    let short_mass: Vec<f64> = missing_in.iter().map(|missing| missing.iter().sum()).collect();
    let all_short: f64 = short_mass.iter().sum();
    for missing in &mut missing_in {
        missing.sort_by(f64::total_cmp);
    }
    let all_need = year.need_t_a().0 * share_of(draws * years, 1);
    Ok(StockBand {
        months,
        years: (0..years)
            .map(|at| BandYear {
                year: at + 1,
                short_share: share_of(short_years[at], draws),
                mean_short_t: Tonnes(short_mass[at] / share_of(draws, 1)),
                short_p90_t: Tonnes(quantile(&missing_in[at], 0.9)),
            })
            .collect(),
        years_short_p10: quantile(&years_short, 0.1),
        years_short_p50: quantile(&years_short, 0.5),
        years_short_p90: quantile(&years_short, 0.9),
        never_short_share: share_of(years_short.iter().filter(|years| **years < 0.5).count(), draws),
        year_short_share: share_of(short_years.iter().sum(), draws * years),
        covered_share: if all_need > 0.0 { 1.0 - all_short / all_need } else { 1.0 },
        draws,
        seed: risk.seed,
    })
}

impl FuelYear {
    /// A year of a stack that is only weighed: what the season could give comes in while there is room, and `of_month` is
    /// told place, stock at the end and what is short. Gives what is short in the year.
    pub(super) fn drawn_year(
        &self,
        stock: &mut f64,
        season: f64,
        largest: f64,
        of_month: &mut dyn FnMut(usize, f64, f64),
    ) -> f64 {
        let mut missing = 0.0;
        for place in 0..12 {
            let need = self.need[place].0;
            let held = *stock * self.kept;
            let harvest = (season * self.harvest[place]).min((largest + need - held).max(0.0));
            let burned = need.min(held + harvest);
            *stock = (held + harvest - burned).max(0.0);
            of_month(place, *stock, need - burned);
            missing += need - burned;
        }
        missing
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts below a million")]
pub(super) fn share_of(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// Type 7 of Hyndman and Fan; `ascending` is not empty.
fn quantile(ascending: &[f64], share: f64) -> f64 {
    let last = ascending.len().saturating_sub(1);
    let place = share * share_of(last, 1);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the list")]
    let below = place.floor() as usize;
    let (low, high) = (ascending[below], ascending[(below + 1).min(last)]);
    low + (high - low) * (place - place.floor())
}
