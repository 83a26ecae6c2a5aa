//! Distributions of an uncertain number.

use super::UncertaintyError;
use super::error::{number, within};
use super::truncated_normal::truncated_quantile;
use crate::normal;
use serde::{Deserialize, Serialize};

/// Numbers beyond this are mistakes.
const GREATEST: f64 = 1e15;
/// Most points of an empirical distribution.
const MOST_POINTS: usize = 10_000;

/// A point of an empirical distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct QuantilePoint {
    /// Probability of a smaller value, 0 to 1.
    pub probability: f64,
    /// The value.
    pub value: f64,
}

/// How an uncertain number is distributed. Each is given by its quantile function `x(p)`, the value below which the number lies with probability `p`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Distribution {
    /// Surely this value.
    Fixed {
        /// The value.
        value: f64,
    },
    /// Every value between the bounds alike: `x = a + p (b - a)`.
    Uniform {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// Rising to the mode and falling from it: `x = a + sqrt(p (b - a)(c - a))` up to the mode `c`, mirrored beyond.
    Triangular {
        /// Least value.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Greatest value.
        high: f64,
    },
    /// Normal, cut off at both bounds. Mean and deviation are those before the cut.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        deviation: f64,
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// Lognormal by its mean `m` and coefficient of variation `v`: `ln x` is normal with variance `s^2 = ln(1 + v^2)` and mean `ln m - s^2/2`.
    Lognormal {
        /// Mean of the value itself, above zero.
        mean: f64,
        /// Standard deviation over mean.
        variation: f64,
    },
    /// By some of its quantiles, such as P10, P50 and P90 of a reserve: straight between them, and straight on beyond the outermost ones up to
    /// the probabilities 0 and 1, but not past the bounds.
    Quantiles {
        /// Two or more, rising in probability and not falling in value.
        points: Vec<QuantilePoint>,
        /// Bound below; none where there is none.
        least: Option<f64>,
        /// Bound above; none where there is none.
        most: Option<f64>,
    },
}

impl Distribution {
    /// P10, P50 and P90 (the values that one, five and nine draws in ten stay below) of a number that is not below zero.
    ///
    /// ```
    /// let reserve = peatplan::energy::uncertainty::Distribution::from_p10_p50_p90(80.0, 100.0, 130.0);
    /// assert!((reserve.quantile(0.3).unwrap() - 90.0).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn from_p10_p50_p90(p10: f64, p50: f64, p90: f64) -> Self {
        let point = |probability, value| QuantilePoint { probability, value };
        Self::Quantiles { points: vec![point(0.1, p10), point(0.5, p50), point(0.9, p90)], least: Some(0.0), most: None }
    }

    /// The distribution of a sample of 2 to 10,000 numbers: each percentile is that of the sample ([`super::percentile`]).
    ///
    /// ```
    /// let distribution = peatplan::energy::uncertainty::Distribution::from_sample(&[4.0, 1.0, 3.0, 2.0]).unwrap();
    /// assert!((distribution.quantile(0.5).unwrap() - 2.5).abs() < 1e-12);
    /// ```
    ///
    /// # Errors
    /// Fewer or more numbers, or something that is none.
    pub fn from_sample(sample: &[f64]) -> Result<Self, UncertaintyError> {
        let mut values = sample.to_vec();
        values.sort_by(f64::total_cmp);
        let last = number(values.len().saturating_sub(1).max(1));
        let point = |(place, value)| QuantilePoint { probability: number(place) / last, value };
        let points = values.into_iter().enumerate().map(point).collect();
        let distribution = Self::Quantiles { points, least: None, most: None };
        distribution.check("the sample").map(|()| distribution)
    }

    /// Whether it is a distribution; `name` is that of its factor.
    ///
    /// # Errors
    /// Names the factor and what must hold.
    pub fn check(&self, name: &str) -> Result<(), UncertaintyError> {
        let finite = |value: f64| within(name, value, [-GREATEST, GREATEST]).map(|_| ());
        let must = |holds: bool, what: &'static str| {
            let detail = format!("{self:?}");
            if holds { Ok(()) } else { Err(UncertaintyError::BadDistribution { name: name.to_owned(), what, detail }) }
        };
        match self {
            Self::Fixed { value } => finite(*value),
            Self::Uniform { low, high } => {
                [*low, *high].into_iter().try_for_each(finite)?;
                must(low <= high, "low <= high")
            }
            Self::Triangular { low, mode, high } => {
                [*low, *mode, *high].into_iter().try_for_each(finite)?;
                must(low <= mode && mode <= high, "low <= mode <= high")
            }
            Self::Normal { mean, deviation, low, high } => {
                [*mean, *deviation, *low, *high].into_iter().try_for_each(finite)?;
                must(low <= high, "low <= high")?;
                must(*deviation >= 0.0, "deviation >= 0")?;
                must(*deviation > 0.0 || (low..=high).contains(&mean), "a mean between the bounds, where deviation is 0")?;
                let possible =
                    *deviation == 0.0 || truncated_quantile(0.5, (low - mean) / deviation, (high - mean) / deviation).is_some();
                must(possible || low >= high, "bounds within 35 deviations of the mean")
            }
            Self::Lognormal { mean, variation } => {
                within(name, *mean, [1e-12, GREATEST])?;
                must((0.0..=10.0).contains(variation), "a variation from 0 to 10")
            }
            Self::Quantiles { points, least, most } => {
                must((2..=MOST_POINTS).contains(&points.len()), "2 to 10,000 points")?;
                points.iter().map(|point| point.value).chain(*least).chain(*most).try_for_each(finite)?;
                must(points.iter().all(|point| (0.0..=1.0).contains(&point.probability)), "probabilities from 0 to 1")?;
                must(points.windows(2).all(|pair| pair[0].probability < pair[1].probability), "rising probabilities")?;
                must(points.windows(2).all(|pair| pair[0].value <= pair[1].value), "values that do not fall")?;
                let (first, last) = (points[0].value, points[points.len() - 1].value);
                must(least.is_none_or(|least| least <= first) && most.is_none_or(|most| last <= most), "points within the bounds")
            }
        }
    }

    /// The value below which the number lies with probability `p`.
    ///
    /// A triangle of 0.85, 1 and 1.3 has its median at 1.0402:
    ///
    /// ```
    /// use peatplan::energy::uncertainty::Distribution;
    /// let cost = Distribution::Triangular { low: 0.85, mode: 1.0, high: 1.3 };
    /// assert!((cost.quantile(0.5).unwrap() - 1.040_192).abs() < 1e-6);
    /// ```
    ///
    /// # Errors
    /// A probability outside 0 to 1, or what [`Distribution::check`] refuses.
    pub fn quantile(&self, p: f64) -> Result<f64, UncertaintyError> {
        self.check("the distribution")?;
        Ok(self.value_at(within("the probability", p, [0.0, 1.0])?))
    }

    /// The quantile, of a distribution that has been checked. A lognormal one is cut at its last probability below one.
    pub(super) fn value_at(&self, p: f64) -> f64 {
        match self {
            Self::Fixed { value } => *value,
            Self::Uniform { low, high } => (low + p * (high - low)).clamp(*low, *high),
            Self::Triangular { low, mode, high } => {
                let (width, left) = (high - low, mode - low);
                let value = if p * width <= left {
                    low + (p * width * left).sqrt()
                } else {
                    high - ((1.0 - p) * width * (high - mode)).sqrt()
                };
                value.clamp(*low, *high)
            }
            Self::Normal { mean, deviation, low, high } => {
                if *deviation <= 0.0 || low >= high {
                    return mean.clamp(*low, *high);
                }
                let standard = truncated_quantile(p, (low - mean) / deviation, (high - mean) / deviation);
                (mean + deviation * standard.unwrap_or(0.0)).clamp(*low, *high)
            }
            Self::Lognormal { mean, variation } => {
                let variance = (variation * variation).ln_1p();
                let standard = if variance == 0.0 { 0.0 } else { normal::quantile(p.clamp(1e-300, 1.0 - 0.5 * f64::EPSILON)) };
                (mean.ln() - 0.5 * variance + variance.sqrt() * standard).exp()
            }
            Self::Quantiles { points, least, most } => {
                let after = points.partition_point(|point| point.probability < p).clamp(1, points.len() - 1);
                let (a, b) = (points[after - 1], points[after]);
                let value = a.value + (p - a.probability) / (b.probability - a.probability) * (b.value - a.value);
                value.max(least.unwrap_or(f64::NEG_INFINITY)).min(most.unwrap_or(f64::INFINITY))
            }
        }
    }
}
