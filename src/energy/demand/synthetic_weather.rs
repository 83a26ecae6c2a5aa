//! A weather year made from the four numbers of a norm.

use super::calendar::{number, winter_phase};
use super::error::{DemandError, within};
use crate::model::{Climate, DAYS_OF_YEAR, ParameterValues, WeatherKind, WeatherYear};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;
use serde::Serialize;
use std::f64::consts::{PI, TAU};

/// Days of noise that are drawn and thrown away, so that the first day of the year remembers a December.
const DAYS_BEFORE: usize = 60;
/// The daily swing is greatest at this hour of the day; general knowledge.
const WARMEST_HOUR: f64 = 15.0;
/// Bounds of the exponent that stretches cold days, and halvings of the way between: enough for all bits.
const STRETCHES: [f64; 2] = [0.01, 30.0];
const HALVINGS: usize = 200;
/// No day's mean lies nearer to the heating limit, K.
const OFF_THE_LIMIT_K: f64 = 1e-7;
/// The five days of a norm's design temperature.
const COLD_SPELL_DAYS: usize = 5;

/// The mean year of a climate: `T(d) = T_m - A cos(2 pi (d - 20) / 365)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SeasonalSinusoid {
    /// Annual mean `T_m`.
    pub mean_c: f64,
    /// Amplitude `A`.
    pub amplitude_k: f64,
}

impl SeasonalSinusoid {
    /// The sinusoid that is below the heating limit `t_l` for `n` days with the mean `t_m`: with `th = pi n / 365`,
    /// `A = (t_l - t_m) / (sin(th)/th - cos(th))` and `T_m = t_l + A cos(th)`.
    ///
    /// ```
    /// use peatplan::{energy::demand::SeasonalSinusoid, model::climate};
    /// let year = SeasonalSinusoid::new(climate("vladimir-1999").unwrap()).unwrap();
    /// assert!((year.amplitude_k - 14.626).abs() < 5e-4 && (year.mean_c - 4.204).abs() < 5e-4);
    /// ```
    ///
    /// # Errors
    /// [`DemandError::Climate`]: the climate contradicts itself.
    pub fn new(climate: &Climate) -> Result<Self, DemandError> {
        climate.check()?;
        let half_season = PI * climate.heating_days / number(DAYS_OF_YEAR);
        let below = climate.heating_limit_c - climate.heating_mean_c;
        let amplitude_k = below / (half_season.sin() / half_season - half_season.cos());
        Ok(Self { mean_c: climate.heating_limit_c + amplitude_k * half_season.cos(), amplitude_k })
    }

    /// Temperature of a day of the year that counts from 1, °C.
    #[must_use]
    pub fn daily_c(&self, day_of_year: f64) -> f64 {
        self.mean_c - self.amplitude_k * winter_phase(day_of_year)
    }
}

/// A year of weather from the four numbers of a norm and a seed. Its days are those of the [`SeasonalSinusoid`] with noise that
/// remembers the day before (`e_d = phi e_(d-1) + sqrt(1 - phi²) z`, times a deviation between winter's and summer's) and a daily
/// swing. Then they are brought to the norm, keeping their order:
///
/// - all are moved by one number, so that as many days as the norm says are at most at the heating limit;
/// - the cold ones are stretched from there, `y = t_l - a (t_l - x)^p`, with `a` and `p` such that their mean is the norm's and the
///   coldest five days in a row have the design temperature.
///
/// So the year is one in which the norm's cold spell comes: a design year, not a mean one. The seed and the numbers of the noise are
/// parameters (`weather_seed`, `day_to_day_correlation`, `winter_noise_c`, `summer_noise_c`, `winter_diurnal_c`, `summer_diurnal_c`); the
/// noise is an assumption without a source. The same seed gives the same year.
///
/// ```
/// use peatplan::{energy::demand::synthetic_weather, model::*};
/// let numbers = ParameterValues::defaults(demand_parameters());
/// let year = synthetic_weather(climate("vladimir-1999").unwrap(), &numbers).unwrap();
/// assert_eq!(year.daily_means_c().iter().filter(|mean| **mean <= 8.0).count(), 213);
/// ```
///
/// # Errors
/// [`DemandError`]: the climate contradicts itself, or no such year can be made of it.
pub fn synthetic_weather(climate: &Climate, numbers: &ParameterValues) -> Result<WeatherYear, DemandError> {
    let sinusoid = SeasonalSinusoid::new(climate)?;
    let raw = noisy_days(&sinusoid, numbers)?;
    let days = to_the_norm(&raw, climate)?;
    let swing = Seasonal { winter: numbers.get("winter_diurnal_c"), summer: numbers.get("summer_diurnal_c") };
    let hours = days.iter().enumerate().flat_map(|(day, mean)| {
        let amplitude = swing.at(number(day + 1));
        // The middle of the hour; the swing adds up to nothing over a day.
        (0..24).map(move |hour| mean + amplitude * (TAU * (number(hour) + 0.5 - WARMEST_HOUR) / 24.0).cos())
    });
    let place = format!("{}, {}", climate.place.en, climate.edition);
    let mut year = WeatherYear::new(hours.collect(), WeatherKind::Synthetic, place)?;
    year.remarks
        .push(format!("made from the norm's numbers, seed {}; noise and daily swing are assumed", numbers.get("weather_seed")));
    Ok(year)
}

/// A number that goes from its winter value to its summer value and back.
struct Seasonal {
    winter: f64,
    summer: f64,
}

impl Seasonal {
    fn at(&self, day_of_year: f64) -> f64 {
        f64::midpoint(self.winter, self.summer) + (self.winter - self.summer) / 2.0 * winter_phase(day_of_year)
    }
}

fn noisy_days(sinusoid: &SeasonalSinusoid, numbers: &ParameterValues) -> Result<Vec<f64>, DemandError> {
    let correlation = within("day_to_day_correlation", numbers.get("day_to_day_correlation"), [0.0, 0.99], "")?;
    let deviation = Seasonal { winter: numbers.get("winter_noise_c"), summer: numbers.get("summer_noise_c") };
    let fresh = (1.0 - correlation * correlation).sqrt();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a parameter within 0 and 2^53")]
    let mut chance = Pcg64::seed_from_u64(numbers.get("weather_seed").round().max(0.0) as u64);
    let mut draw = || -> f64 { StandardNormal.sample(&mut chance) };
    let mut noise: f64 = draw();
    for _ in 0..DAYS_BEFORE {
        noise = correlation * noise + fresh * draw();
    }
    let days = (1..=DAYS_OF_YEAR).map(|day| {
        noise = correlation * noise + fresh * draw();
        sinusoid.daily_c(number(day)) + deviation.at(number(day)) * noise
    });
    Ok(days.collect())
}

/// Brings daily means to heating days, mean and cold spell of the norm.
fn to_the_norm(raw: &[f64], climate: &Climate) -> Result<Vec<f64>, DemandError> {
    let limit = climate.heating_limit_c;
    let cold_days = super::calendar::whole_days(climate.heating_days).clamp(1, DAYS_OF_YEAR - 1);
    // The cold days are the coldest by rank, so that equal ones do not change their number.
    let mut ranked: Vec<usize> = (0..raw.len()).collect();
    ranked.sort_by(|a, b| raw[*a].total_cmp(&raw[*b]).then(a.cmp(b)));
    let border = f64::midpoint(raw[ranked[cold_days - 1]], raw[ranked[cold_days]]);
    let mut cold = vec![false; raw.len()];
    for day in &ranked[..cold_days] {
        cold[*day] = true;
    }
    // How far below the limit each day lies; below zero on warm days. None lies on the limit itself, where rounding would decide.
    let depths: Vec<f64> = raw.iter().map(|day| border - day).collect();
    let wanted_mean = limit - climate.heating_mean_c;
    let wanted_spell = limit - climate.design_temperature_c;
    let stretched = |power: f64| -> Vec<f64> {
        let part = |(depth, cold): (&f64, &bool)| if *cold { depth.max(0.0).powf(power) } else { 0.0 };
        let parts: Vec<f64> = depths.iter().zip(&cold).map(part).collect();
        let factor = wanted_mean * number(cold_days) / parts.iter().sum::<f64>();
        let day = |(place, part): (usize, f64)| {
            if cold[place] { (factor * part).max(OFF_THE_LIMIT_K) } else { depths[place].min(-OFF_THE_LIMIT_K) }
        };
        parts.into_iter().enumerate().map(day).collect()
    };
    let [mut low, mut high] = STRETCHES;
    let unreachable = || DemandError::NoSuchYear {
        design: climate.design_temperature_c,
        days: climate.heating_days,
        mean: climate.heating_mean_c,
    };
    if !(deepest_spell(&stretched(low)) <= wanted_spell && deepest_spell(&stretched(high)) >= wanted_spell) {
        return Err(unreachable());
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if deepest_spell(&stretched(middle)) < wanted_spell { low = middle } else { high = middle }
    }
    let depths = stretched(f64::midpoint(low, high));
    if (deepest_spell(&depths) - wanted_spell).abs() > 1e-6 {
        return Err(unreachable());
    }
    Ok(depths.into_iter().map(|depth| limit - depth).collect())
}

/// The greatest mean of five days in a row; the year closes into a ring.
fn deepest_spell(depths: &[f64]) -> f64 {
    let days = depths.len();
    let spell = |start: usize| (0..COLD_SPELL_DAYS).map(|day| depths[(start + day) % days]).sum::<f64>();
    (0..days).map(spell).fold(f64::NEG_INFINITY, f64::max) / number(COLD_SPELL_DAYS)
}
