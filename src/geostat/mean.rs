//! The arithmetic mean: the rough estimate that needs nothing but the values.

use super::{Interpolator, Sample};

/// The same value everywhere: the mean of the samples.
///
/// It is biased where samples cluster. The samples 1, 2 and 6 give 3 everywhere, and 4 where the first
/// is left out.
///
/// ```
/// use peatplan::geostat::{Interpolator, Mean, Sample};
/// let samples = [1.0, 2.0, 6.0].map(|value| Sample { x: 0.0, y: 0.0, value });
/// let mean = Mean::new(&samples).unwrap();
/// assert_eq!(mean.value_at(5.0, 5.0), 3.0);
/// assert_eq!(mean.value_without(0), Some(4.0));
/// ```
#[derive(Debug)]
pub struct Mean {
    values: Vec<f64>,
    sum: f64,
}

impl Mean {
    /// The mean of some samples; `None` of none.
    #[must_use]
    pub fn new(samples: &[Sample]) -> Option<Self> {
        let values: Vec<f64> = samples.iter().map(|sample| sample.value).collect();
        let sum = values.iter().sum();
        (!values.is_empty()).then_some(Self { values, sum })
    }
}

impl Interpolator for Mean {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn value_at(&self, _: f64, _: f64) -> f64 {
        self.sum / self.values.len() as f64
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn value_without(&self, index: usize) -> Option<f64> {
        let others = self.values.len().checked_sub(1).filter(|others| *others > 0)?;
        Some((self.sum - self.values.get(index)?) / others as f64)
    }
}
