//! The German standard profile of heat, for comparison with the physical one.

use crate::model::WeatherYear;
use serde::Deserialize;
use std::sync::LazyLock;

/// The profile's sigmoid has its pole here, °C.
const POLE_C: f64 = 40.0;
/// The warmest temperature the sigmoid is asked for: the pole is no temperature of a heated day.
const WARMEST_C: f64 = 39.0;
/// Weights of a day and the three before it.
const WEIGHTS: [f64; 4] = [1.0, 0.5, 0.25, 0.125];
/// Upper ends of the first nine classes of temperature, °C.
const CLASS_ENDS_C: [f64; 9] = [-15.0, -10.0, -5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 25.0];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    hours: [[f64; 10]; 24],
}

static PROFILE: LazyLock<Profile> = LazyLock::new(|| {
    let text = include_str!("../../../geodata/reference/bdew-heat.toml");
    toml::from_str(text).expect("the reference files are part of the program and a test reads them")
});

/// Heat of a day over that of a day of about 8 °C, blocks of flats, hot water included: `h = a / (1 + (b / (T - 40))^c) + d` with the
/// weighted temperature `T` (BDEW/VKU/GEODE, Leitfaden Abwicklung von Standardlastprofilen Gas). It levels off in great cold, where a
/// physical load goes on rising; temperatures above 39 °C count as 39.
///
/// ```
/// use peatplan::energy::demand::bdew_daily_factor;
/// assert!((bdew_daily_factor(8.0) - 1.0627).abs() < 5e-5);
/// assert!(bdew_daily_factor(-38.0) > bdew_daily_factor(-28.0));
/// ```
#[must_use]
pub fn bdew_daily_factor(weighted_c: f64) -> f64 {
    let Profile { a, b, c, d, .. } = &*PROFILE;
    a / (1.0 + (b / (weighted_c.min(WARMEST_C) - POLE_C)).powf(*c)) + d
}

/// The hours of a year by the profile, in proportion to its heat: the daily factor of the weighted temperature
/// `(T0 + 0.5 T1 + 0.25 T2 + 0.125 T3) / 1.875` of the day and the three before it, spread over the day by the class of that
/// temperature. The published classes end at -15 °C; colder days have the hours of the coldest class. The year closes into a ring.
#[must_use]
pub fn bdew_shape(weather: &WeatherYear) -> Vec<f64> {
    let means = weather.daily_means_c();
    let days = means.len();
    let weighted = |day: usize| {
        let parts = WEIGHTS.iter().enumerate().map(|(back, weight)| weight * means[(day + days - back) % days]);
        parts.sum::<f64>() / WEIGHTS.iter().sum::<f64>()
    };
    let hours = |day: usize| {
        let temperature = weighted(day);
        let class = CLASS_ENDS_C.iter().position(|end| temperature <= *end).unwrap_or(CLASS_ENDS_C.len());
        let factor = bdew_daily_factor(temperature);
        (0..24).map(move |hour| factor * PROFILE.hours[hour][class])
    };
    (0..days).flat_map(hours).collect()
}
