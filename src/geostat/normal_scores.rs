//! Values to standard normal scores and back.

use crate::normal;
use thiserror::Error;

/// Why there is no transform.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum NormalScoresError {
    /// No value at all.
    #[error("there are no values to transform")]
    NoValues,
    /// Weights that are not one a value, negative, or all zero; numbers that are not finite.
    #[error("values, weights and bounds must be finite numbers, with one weight a value, none negative, not all zero")]
    Numbers,
}

/// The normal-score transform (Deutsch & Journel 1998, GSLIB's `nscore` and `backtr`): each value gets the quantile of the
/// standard normal distribution at its own cumulative probability, `y = Φ⁻¹(p)`.
///
/// `p` of a value is the weight below it plus half of its own, of all weights. Equal values share one score, so the transform is
/// a function and needs no chance to break ties. Between the values both ways are linear in `z` and `y`. Beyond the least and the
/// greatest value the way back is linear in `p` down to `lower` at `p = 0` and up to `upper` at `p = 1`: bounded tails, that
/// of a uniform distribution.
///
/// ```
/// use peatplan::geostat::NormalScores;
/// let scores = NormalScores::new(&[1.0, 2.0, 4.0], None, 0.0, 5.0).unwrap();
/// assert!(scores.score(2.0).abs() < 1e-15);
/// assert!((scores.score(4.0) - 0.967_421_566).abs() < 1e-8); // Φ⁻¹(5/6)
/// assert!((scores.value(0.967_421_566) - 4.0).abs() < 1e-8);
/// assert!((scores.value(9.0) - 5.0).abs() < 1e-8);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct NormalScores {
    /// Distinct values, ascending, each with its score, which ascends strictly too.
    knots: Vec<(f64, f64)>,
    lower: f64,
    upper: f64,
}

impl NormalScores {
    /// From values and, where they are clustered, declustering weights of any sum. `lower` and `upper` bound what comes
    /// back; they are widened to the least and greatest value where they cut them off.
    ///
    /// # Errors
    /// No values, or numbers that cannot be: see [`NormalScoresError`].
    pub fn new(values: &[f64], weights: Option<&[f64]>, lower: f64, upper: f64) -> Result<Self, NormalScoresError> {
        if values.is_empty() {
            return Err(NormalScoresError::NoValues);
        }
        let weight = |index: usize| weights.map_or(1.0, |weights| weights[index]);
        let numbers = values.iter().chain(weights.unwrap_or_default()).chain([&lower, &upper]);
        let usable = weights.is_none_or(|weights| weights.len() == values.len() && weights.iter().all(|weight| *weight >= 0.0));
        if !usable || !numbers.copied().all(f64::is_finite) {
            return Err(NormalScoresError::Numbers);
        }
        let mut order: Vec<usize> = (0..values.len()).filter(|index| weight(*index) > 0.0).collect();
        order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        let total: f64 = order.iter().map(|index| weight(*index)).sum();
        let (Some(least), Some(greatest)) = (order.first(), order.last()) else { return Err(NormalScoresError::Numbers) };
        if !total.is_finite() {
            return Err(NormalScoresError::Numbers);
        }
        let (lower, upper) = (lower.min(values[*least]), upper.max(values[*greatest]));
        let mut knots: Vec<(f64, f64)> = Vec::new();
        let mut below = 0.0;
        #[expect(clippy::float_cmp, reason = "equal values are those that were typed alike")]
        for same in order.chunk_by(|a, b| values[*a] == values[*b]) {
            let own: f64 = same.iter().map(|index| weight(*index)).sum();
            let score = normal::quantile((below + 0.5 * own) / total);
            below += own;
            // A weight too small to move the probability leaves its value with the one below.
            if score.is_finite() && knots.last().is_none_or(|(_, last)| *last < score) {
                knots.push((values[same[0]], score));
            }
        }
        Ok(Self { knots, lower, upper })
    }

    /// The score of a value; beyond the least and greatest one the score of these.
    #[must_use]
    pub fn score(&self, value: f64) -> f64 {
        let above = self.knots.partition_point(|(knot, _)| *knot < value);
        match (above.checked_sub(1).map(|below| self.knots[below]), self.knots.get(above).copied()) {
            (Some((low, low_score)), Some((high, high_score))) => {
                low_score + (value - low) / (high - low) * (high_score - low_score)
            }
            (None, Some((_, score))) | (Some((_, score)), None) => score,
            (None, None) => 0.0,
        }
    }

    /// The value of a score, between the bounds. Of constant values it is that constant for any score.
    #[must_use]
    pub fn value(&self, score: f64) -> f64 {
        let (Some((least, least_score)), Some((greatest, greatest_score))) = (self.knots.first(), self.knots.last()) else {
            return self.lower;
        };
        if self.knots.len() == 1 || score.is_nan() {
            return *least;
        }
        if score <= *least_score {
            let share = normal::probability(score) / normal::probability(*least_score);
            return self.lower + share * (least - self.lower);
        }
        if score >= *greatest_score {
            // By symmetry the probability above, which keeps its digits in the tail.
            let share = normal::probability(-score) / normal::probability(-greatest_score);
            return self.upper - share * (self.upper - greatest);
        }
        let above = self.knots.partition_point(|(_, knot)| *knot < score);
        let ((low, low_score), (high, high_score)) = (self.knots[above - 1], self.knots[above]);
        low + (score - low_score) / (high_score - low_score) * (high - low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skewed() -> Vec<f64> {
        (0..500).map(|i| ((f64::from(i) * 0.618_033_988).fract() * 3.0).exp() - 1.0).collect()
    }

    #[test]
    fn scores_are_standard_normal_and_come_back() {
        let values = skewed();
        let scores = NormalScores::new(&values, None, 0.0, 25.0).expect("values");
        let transformed: Vec<f64> = values.iter().map(|value| scores.score(*value)).collect();
        let mean = transformed.iter().sum::<f64>() / 500.0;
        let variance = transformed.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / 500.0;
        assert!(mean.abs() < 1e-9 && (variance - 1.0).abs() < 0.01, "{mean} {variance}");
        for (value, score) in values.iter().zip(&transformed) {
            assert!((scores.value(*score) - value).abs() < 1e-9);
        }
    }

    #[test]
    fn the_way_back_ascends_between_its_bounds() {
        let scores = NormalScores::new(&skewed(), None, 0.0, 25.0).expect("values");
        let back: Vec<f64> = (-900..=900).map(|i| scores.value(f64::from(i) / 100.0)).collect();
        assert!(back.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(back[0].abs() < 1e-12 && (back[1_800] - 25.0).abs() < 1e-12);
        assert!((scores.value(f64::INFINITY) - 25.0).abs() < 1e-12 && scores.value(f64::NEG_INFINITY).abs() < 1e-12);
    }

    #[test]
    fn weights_move_the_median() {
        // 5 has two thirds of the weight: the middle of the distribution lies in it.
        let scores = NormalScores::new(&[1.0, 3.0, 5.0], Some(&[1.0, 1.0, 4.0]), 0.0, 6.0).expect("values");
        assert!((scores.score(5.0) - normal::quantile(4.0 / 6.0)).abs() < 1e-12);
        assert!((scores.score(1.0) - normal::quantile(0.5 / 6.0)).abs() < 1e-12);
    }

    #[test]
    fn constant_values_stay_constant() {
        let scores = NormalScores::new(&[2.5; 7], None, 0.0, 8.0).expect("values");
        assert!([-9.0, 0.0, 9.0, f64::NAN].iter().all(|score| (scores.value(*score) - 2.5).abs() < 1e-15));
        assert!(scores.score(2.5).abs() < 1e-15 && scores.score(7.0).abs() < 1e-15);
    }

    #[test]
    fn bounds_inside_the_values_are_widened() {
        let scores = NormalScores::new(&[1.0, 2.0], None, 1.5, 1.6).expect("values");
        assert!((scores.value(-40.0) - 1.0).abs() < 1e-12 && (scores.value(40.0) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert_eq!(NormalScores::new(&[], None, 0.0, 1.0), Err(NormalScoresError::NoValues));
        assert_eq!(NormalScores::new(&[f64::NAN], None, 0.0, 1.0), Err(NormalScoresError::Numbers));
        assert_eq!(NormalScores::new(&[1.0], Some(&[]), 0.0, 1.0), Err(NormalScoresError::Numbers));
        assert_eq!(NormalScores::new(&[1.0], Some(&[0.0]), 0.0, 1.0), Err(NormalScoresError::Numbers));
        assert_eq!(NormalScores::new(&[1.0], Some(&[-1.0]), 0.0, 1.0), Err(NormalScoresError::Numbers));
    }
}
