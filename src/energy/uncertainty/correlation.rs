//! Which factor goes with which output.

use super::error::number;
use serde::Serialize;

/// Rank correlation of a factor with an output.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankCorrelation {
    /// The factor.
    pub factor: String,
    /// Spearman's, -1 to 1; none where factor or output never changes.
    pub rank_correlation: Option<f64>,
}

/// Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of their ranks (Spearman 1904). None where one
/// of both never changes, or there are fewer than two pairs. Pairs with something that is not a number are left out.
///
/// ```
/// use peatplan::energy::uncertainty::spearman;
/// assert_eq!(spearman(&[1.0, 2.0, 3.0], &[10.0, 100.0, 1_000.0]), Some(1.0));
/// assert_eq!(spearman(&[1.0, 2.0, 3.0], &[5.0, 5.0, 5.0]), None);
/// ```
#[must_use]
pub fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    let pairs = || a.iter().zip(b).filter(|(a, b)| a.is_finite() && b.is_finite());
    // Both zeros are one value.
    let (a, b): (Vec<f64>, Vec<f64>) = pairs().map(|(a, b)| (a + 0.0, b + 0.0)).unzip();
    let (a, b) = (ranks(&a), ranks(&b));
    let middle = 0.5 * (number(a.len()) + 1.0);
    let spread = |ranks: &[f64]| ranks.iter().map(|rank| (rank - middle).powi(2)).sum::<f64>();
    let (spread_a, spread_b) = (spread(&a), spread(&b));
    if spread_a <= 0.0 || spread_b <= 0.0 {
        return None;
    }
    let together: f64 = a.iter().zip(&b).map(|(a, b)| (a - middle) * (b - middle)).sum();
    Some((together / (spread_a * spread_b).sqrt()).clamp(-1.0, 1.0))
}

/// Ranks from one, equal values sharing the mean.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = values.to_vec();
    let mut from = 0;
    for same in order.chunk_by(|a, b| values[*a].total_cmp(&values[*b]).is_eq()) {
        let rank = number(from) + 0.5 * (number(same.len()) + 1.0);
        for place in same {
            ranks[*place] = rank;
        }
        from += same.len();
    }
    ranks
}
