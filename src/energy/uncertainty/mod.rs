//! What an uncertain input does to a result.
//!
//! The way of a number: a [`Factor`] has a base and a [`Distribution`] → [`latin_hypercube`] draws it evenly over its
//! probabilities → [`monte_carlo`] runs the study for every draw → [`Summary`], [`Histogram`], exceedance and rank correlations say what came out.
//! [`tornado`] moves one factor at a time. [`paired_difference`] compares two scenarios draw by draw.
//!
//! A factor's draws follow from its name, the seed and the number of draws, and from nothing else. So the same factor has the same
//! draws in every scenario (common random numbers), and a further factor does not change those of the others.
//! The same input gives the same bits on any number of threads.
//!
//! Factors are drawn independently of each other. What a study is, it does not know: it hands numbers over and takes numbers back.

mod correlation;
mod default_factors;
mod distribution;
mod error;
mod factor;
mod hypercube;
mod monte_carlo;
mod paired;
mod summary;
#[cfg(test)]
mod tests;
mod tornado;
mod truncated_normal;

pub use correlation::{RankCorrelation, spearman};
pub use default_factors::{FACTOR_NAMES, default_factor, default_factors, default_factors_rest_on};
pub use distribution::{Distribution, QuantilePoint};
pub use error::UncertaintyError;
pub use factor::Factor;
pub use hypercube::latin_hypercube;
pub use monte_carlo::{DrawnFactor, DrawnOutput, MonteCarlo, OutputReport, UncertaintyReport, monte_carlo, monte_carlo_numbered};
pub use paired::{PairedDifference, paired_difference};
pub use summary::{Exceedance, Histogram, Probability, Summary, exceedance, histogram, percentile, probability_above, summary};
pub use tornado::{Tornado, TornadoBar, tornado};
