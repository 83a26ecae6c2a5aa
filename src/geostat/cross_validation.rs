//! Leave-one-out cross-validation.

use super::{Interpolator, Sample};
use rayon::prelude::*;
use serde::Serialize;

/// How far an interpolator misses samples that it has not seen, in the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CrossValidation {
    /// Mean of estimate minus sample: above zero where the interpolator overestimates.
    pub mean_error: f64,
    /// Mean absolute error.
    pub mean_absolute_error: f64,
    /// Root of the mean squared error.
    pub root_mean_squared_error: f64,
    /// Samples that were left out, each in turn.
    pub samples: usize,
}

/// Of more samples than this, only so many, evenly through their order, are left out: their errors are known as well.
const MOST_LEFT_OUT: usize = 20_000;

/// Leaves each of the first `count` samples out in turn and compares its value with the estimate of the
/// others (Isaaks & Srivastava 1989, chapter 15). Samples after them, such as boundary points, only help.
///
/// `None` with fewer than two samples. The order of summation is fixed: the same samples give the same
/// errors on any number of threads.
pub fn leave_one_out(interpolator: &impl Interpolator, samples: &[Sample], count: usize) -> Option<CrossValidation> {
    let count = count.min(samples.len());
    let left_out: Vec<usize> = (0..count).step_by(count.div_ceil(MOST_LEFT_OUT).max(1)).collect();
    let errors: Vec<f64> = left_out
        .par_iter()
        .filter_map(|index| interpolator.value_without(*index).map(|estimate| estimate - samples[*index].value))
        .collect();
    if errors.len() < 2 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let n = errors.len() as f64;
    Some(CrossValidation {
        mean_error: errors.iter().sum::<f64>() / n,
        mean_absolute_error: errors.iter().map(|error| error.abs()).sum::<f64>() / n,
        root_mean_squared_error: (errors.iter().map(|error| error * error).sum::<f64>() / n).sqrt(),
        samples: errors.len(),
    })
}
