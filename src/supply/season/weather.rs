//! How seasons differ: the weather factor, harvest of a season over the average one.

use super::{SeasonError, within};
use crate::model::ParameterValues;
use crate::normal::{density, probability};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;
use serde::Serialize;

/// A season by its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum SeasonKind {
    Wet,
    Mean,
    Dry,
}

/// Weather factors of seasons: a normal distribution cut at its bounds, independent from year to year, common to the fields of
/// a year. It is cut, not clipped: no share of the seasons piles up at a bound.
///
/// By default about half of the seasons are below 0.94, one in ten below 0.55; the mean is 0.91:
///
/// ```
/// use peatplan::{model::{ParameterValues, season_parameters}, supply::SeasonWeather};
/// let weather = SeasonWeather::from_numbers(&ParameterValues::defaults(season_parameters())).unwrap();
/// assert!((weather.quantile(0.5) - 0.937).abs() < 5e-4 && (weather.mean() - 0.914).abs() < 5e-4);
/// assert_eq!(weather.years(30, 1), weather.years(30, 1), "the same seed, the same years");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeasonWeather {
    middle: f64,
    deviation: f64,
    least: f64,
    greatest: f64,
    below: f64,
    within: f64,
}

impl SeasonWeather {
    /// Mean and standard deviation of the normal distribution before it is cut, and its bounds. A deviation of nothing gives
    /// every season the mean.
    ///
    /// # Errors
    /// [`SeasonError`]: a number outside its limits, or a mean so far outside the bounds that nothing is left between.
    pub fn new(middle: f64, deviation: f64, bounds: (f64, f64)) -> Result<Self, SeasonError> {
        let (least, greatest) = bounds;
        within("season_factor_least", least, (0.0, 10.0), "")?;
        within("season_factor_greatest", greatest, (0.0, 10.0), "")?;
        if least >= greatest {
            return Err(SeasonError::NoSpread { least, greatest });
        }
        let middle = within("season_factor_mean", middle, bounds, "")?;
        let deviation = within("season_factor_sd", deviation, (0.0, 10.0), "")?;
        let mut weather = Self { middle, deviation, least, greatest, below: 0.0, within: 1.0 };
        if deviation > 0.0 {
            weather.below = probability(weather.score(least));
            weather.within = probability(weather.score(greatest)) - weather.below;
        }
        Ok(weather)
    }

    /// By the parameters of `geodata/reference/season.toml`.
    ///
    /// # Errors
    /// As [`SeasonWeather::new`].
    pub fn from_numbers(numbers: &ParameterValues) -> Result<Self, SeasonError> {
        let bounds = (numbers.get("season_factor_least"), numbers.get("season_factor_greatest"));
        let (middle, deviation) = (numbers.get("season_factor_mean"), numbers.get("season_factor_sd"));
        Self::new(middle, deviation, bounds)
    }

    fn score(&self, factor: f64) -> f64 {
        (factor - self.middle) / self.deviation
    }

    /// Probability of a factor of this much or less.
    #[must_use]
    pub fn probability(&self, factor: f64) -> f64 {
        if factor <= self.least {
            return 0.0;
        }
        if factor >= self.greatest {
            return 1.0;
        }
        if self.deviation <= 0.0 {
            return if factor >= self.middle { 1.0 } else { 0.0 };
        }
        ((probability(self.score(factor)) - self.below) / self.within).clamp(0.0, 1.0)
    }

    /// The factor that this share of the seasons does not exceed, to the last digits.
    #[must_use]
    pub fn quantile(&self, share: f64) -> f64 {
        if self.deviation <= 0.0 {
            return self.middle;
        }
        let (mut low, mut high) = (self.least, self.greatest);
        // Each step halves the bracket: 60 of them end below the distance of two numbers.
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if self.probability(middle) < share { low = middle } else { high = middle }
        }
        f64::midpoint(low, high)
    }

    /// Mean of the factors: `μ + σ (φ(a) - φ(b)) / (Φ(b) - Φ(a))` with the bounds' scores `a`, `b` (Johnson, Kotz and
    /// Balakrishnan 1994, Continuous Univariate Distributions 1, 13.10).
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.deviation <= 0.0 {
            return self.middle;
        }
        let (a, b) = (self.score(self.least), self.score(self.greatest));
        self.middle + self.deviation * (density(a) - density(b)) / self.within
    }

    /// One factor for all fields of each year.
    #[must_use]
    pub fn years(&self, years: usize, seed: u64) -> Vec<f64> {
        self.draw(years, seed, 0)
    }

    /// The same for one of many draws of the same seed.
    #[must_use]
    pub fn draw(&self, years: usize, seed: u64, draw: u64) -> Vec<f64> {
        (0..years).map(|year| self.factor(year_score(seed, draw, year))).collect()
    }

    fn factor(&self, score: f64) -> f64 {
        self.quantile(probability(score))
    }
}

/// A stream of chance of its own for each year of each draw.
fn year_score(seed: u64, draw: u64, year: usize) -> f64 {
    standard_normal([seed, draw, year as u64, 0])
}

fn standard_normal(of: [u64; 4]) -> f64 {
    // Steele, Lea and Flood 2014, SplitMix64: neighbouring numbers become seeds that have nothing in common.
    let mixed = of.iter().fold(0x9E37_79B9_7F4A_7C15_u64, |state, part| {
        let mut z = (state ^ part).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    });
    StandardNormal.sample(&mut Pcg64::seed_from_u64(mixed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::season_parameters;
    use proptest::prelude::*;

    fn default() -> SeasonWeather {
        SeasonWeather::from_numbers(&ParameterValues::defaults(season_parameters())).unwrap()
    }

    #[test]
    fn quantiles_and_mean_are_those_of_scipy() {
        // scipy.stats.truncnorm(-0.75/0.35, 1, 1.0, 0.35), SciPy 1.17: ppf, mean, cdf.
        let weather = default();
        let table = [(0.05, 0.447_832_82), (0.1, 0.548_631_42), (0.5, 0.937_113_44), (0.9, 1.245_875_23), (0.95, 1.294_668_24)];
        for (share, factor) in table {
            assert!((weather.quantile(share) - factor).abs() < 1e-8, "{share}: {}", weather.quantile(share));
        }
        assert!((weather.mean() - 0.914_413_090_292).abs() < 1e-11);
        for (factor, share) in [(0.29, 0.006_287_17), (0.37, 0.024_074_22), (0.5, 0.073_309_98), (1.2, 0.848_295_18)] {
            assert!((weather.probability(factor) - share).abs() < 1e-8);
        }
    }

    #[test]
    fn seasons_that_were_seen_are_neither_impossible_nor_common() {
        // Ireland 2012: the worst in 67 years; Ireland 2018 and Sweden 2018: good years.
        let weather = default();
        assert!((1.0 / 67.0..1.0 / 20.0).contains(&weather.probability(0.37)));
        assert!((0.05..0.25).contains(&(1.0 - weather.probability(1.2))));
        // A normal distribution of mean 0.81 and deviation 0.076, as between regions of one season, would not have it at all.
        assert!(probability((0.37 - 0.81) / 0.076) < 1e-8);
    }

    #[test]
    fn draws_have_the_distribution() {
        let weather = default();
        let years = weather.years(20_000, 3);
        let mean = years.iter().sum::<f64>() / 20_000.0;
        // The deviation of one is 0.258: five deviations of the mean.
        assert!((mean - weather.mean()).abs() < 5.0 * 0.258 / 20_000f64.sqrt(), "{mean}");
        assert_ne!(weather.years(20, 3), weather.years(20, 4));
    }

    #[test]
    fn wrong_weather_is_refused() {
        assert_eq!(SeasonWeather::new(1.0, 0.3, (1.2, 0.5)), Err(SeasonError::NoSpread { least: 1.2, greatest: 0.5 }));
        assert!(SeasonWeather::new(2.0, 0.3, (0.2, 1.3)).is_err());
        assert!(SeasonWeather::new(1.0, f64::NAN, (0.2, 1.3)).is_err());
        assert_eq!(SeasonWeather::new(1.0, 0.0, (0.2, 1.3)).unwrap().years(2, 1), [1.0, 1.0]);
    }

    proptest! {
        #[test]
        fn quantiles_invert_probabilities_and_stay_within_bounds(
            middle in 0.5..1.2f64, deviation in 0.01..0.6f64, share in 0.001..0.999f64,
        ) {
            let weather = SeasonWeather::new(middle, deviation, (0.25, 1.35)).unwrap();
            let factor = weather.quantile(share);
            prop_assert!((0.25..=1.35).contains(&factor));
            prop_assert!((weather.probability(factor) - share).abs() < 1e-9);
        }
    }
}
