//! What many draws of a number say.

use super::error::number;
use serde::Serialize;

/// A number as a distribution. P10 is the value that one draw in ten stays below.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Summary {
    /// Draws in which the output is a number; the others are left out.
    pub defined: usize,
    /// Draws in which it is none, such as a rate of return that does not exist.
    pub undefined: usize,
    /// Least draw.
    pub least: f64,
    /// One draw in ten stays below.
    pub p10: f64,
    /// Median.
    pub p50: f64,
    /// Nine draws in ten stay below.
    pub p90: f64,
    /// Greatest draw.
    pub most: f64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation of the draws (over n - 1).
    pub standard_deviation: f64,
    /// Standard error of the mean as of independent draws, `s / sqrt(n)`; a Latin hypercube's is smaller as a rule.
    pub standard_error: f64,
}

/// A share of the draws.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Probability {
    /// The bound.
    pub above: f64,
    /// Share of the draws above it.
    pub probability: f64,
    /// Its standard error as of independent draws, `sqrt(p (1 - p) / n)`.
    pub standard_error: f64,
}

/// A point of the curve of exceedance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Exceedance {
    /// The value.
    pub value: f64,
    /// Probability that the number is greater.
    pub probability: f64,
}

/// Counts in classes of equal width.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Histogram {
    /// Bounds of the classes, one more than there are classes. A class holds its lower bound; the last one holds both.
    pub bounds: Vec<f64>,
    /// Draws in each.
    pub counts: Vec<usize>,
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// The value at a share of the way through the sorted values: with `h = (n - 1) p`, `x_floor(h) + (h - floor(h)) (x_floor(h)+1 - x_floor(h))` (type 7 of
/// Hyndman and Fan 1996; `numpy.percentile` with `linear`). None without values. What is not a number is left out.
///
/// ```
/// assert_eq!(peatplan::energy::uncertainty::percentile(&[4.0, 1.0, 3.0, 2.0], 0.5), Some(2.5));
/// ```
#[must_use]
pub fn percentile(values: &[f64], p: f64) -> Option<f64> {
    of_sorted(&sorted(values), p)
}

fn of_sorted(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = number(last) * if p.is_nan() { 0.0 } else { p.clamp(0.0, 1.0) };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the last place")]
    let below = place.floor() as usize;
    let (low, high) = (*sorted.get(below)?, sorted[(below + 1).min(last)]);
    let along = place - number(below);
    // From the nearer end, so that the ends are exact and the result lies between them.
    Some(if along < 0.5 { low + along * (high - low) } else { high - (1.0 - along) * (high - low) })
}

/// The distribution of a number; none where it is not a number in any draw.
///
/// ```
/// let summary = peatplan::energy::uncertainty::summary(&[1.0, 2.0, 3.0, f64::NAN]).unwrap();
/// assert_eq!((summary.mean, summary.p50, summary.standard_deviation, summary.undefined), (2.0, 2.0, 1.0, 1));
/// ```
#[must_use]
pub fn summary(values: &[f64]) -> Option<Summary> {
    let sorted = sorted(values);
    let n = number(sorted.len());
    let (least, most) = (*sorted.first()?, *sorted.last()?);
    let mean = least + sorted.iter().map(|value| value - least).sum::<f64>() / n;
    let squares: f64 = sorted.iter().map(|value| (value - mean).powi(2)).sum();
    let standard_deviation = if sorted.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 };
    Some(Summary {
        defined: sorted.len(),
        undefined: values.len() - sorted.len(),
        least,
        p10: of_sorted(&sorted, 0.1)?,
        p50: of_sorted(&sorted, 0.5)?,
        p90: of_sorted(&sorted, 0.9)?,
        most,
        mean,
        standard_deviation,
        standard_error: standard_deviation / n.sqrt(),
    })
}

/// Share of the draws above a bound, such as the probability that the net present value is above zero. Draws without a number
/// count as not above. None without draws.
///
/// ```
/// let pays = peatplan::energy::uncertainty::probability_above(&[-5.0, 2.0, 3.0, 4.0], 0.0).unwrap();
/// assert_eq!(pays.probability, 0.75);
/// ```
#[must_use]
pub fn probability_above(values: &[f64], bound: f64) -> Option<Probability> {
    if values.is_empty() || !bound.is_finite() {
        return None;
    }
    let n = number(values.len());
    let probability = number(values.iter().filter(|value| value.is_finite() && **value > bound).count()) / n;
    let standard_error = (probability * (1.0 - probability) / n).sqrt();
    Some(Probability { above: bound, probability, standard_error })
}

/// Counts in `classes` classes (1 to 1,000) of equal width from the least to the greatest draw; one class where all draws are equal.
///
/// ```
/// let classes = peatplan::energy::uncertainty::histogram(&[0.0, 1.0, 2.0, 4.0], 2);
/// assert_eq!((classes.bounds, classes.counts), (vec![0.0, 2.0, 4.0], vec![2, 2]));
/// ```
#[must_use]
pub fn histogram(values: &[f64], classes: usize) -> Histogram {
    let sorted = sorted(values);
    let (Some(least), Some(most)) = (sorted.first().copied(), sorted.last().copied()) else {
        return Histogram { bounds: Vec::new(), counts: Vec::new() };
    };
    if least >= most {
        return Histogram { bounds: vec![least, most], counts: vec![sorted.len()] };
    }
    let classes = classes.clamp(1, 1_000);
    let mut bounds: Vec<f64> = (0..=classes).map(|k| least + (most - least) * (number(k) / number(classes))).collect();
    bounds[classes] = most;
    let starts: Vec<usize> = bounds.iter().map(|bound| sorted.partition_point(|value| value < bound)).collect();
    let mut counts: Vec<usize> = starts.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
    if let Some(last) = counts.last_mut() {
        *last += sorted.len() - starts[classes];
    }
    Histogram { bounds, counts }
}

/// The curve of exceedance at evenly spaced probabilities: `points` of them (2 to 1,000), from 1 to 0.
///
/// ```
/// let curve = peatplan::energy::uncertainty::exceedance(&[1.0, 2.0, 3.0], 3);
/// assert_eq!((curve[1].value, curve[1].probability), (2.0, 0.5));
/// ```
#[must_use]
pub fn exceedance(values: &[f64], points: usize) -> Vec<Exceedance> {
    let (sorted, points) = (sorted(values), points.clamp(2, 1_000));
    let at = |k: usize| {
        let p = number(k) / number(points - 1);
        of_sorted(&sorted, p).map(|value| Exceedance { value, probability: 1.0 - p })
    };
    (0..points).filter_map(at).collect()
}
