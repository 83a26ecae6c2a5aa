//! The normal distribution between bounds.

use crate::normal::{probability, quantile};

/// Value of a standard normal variable cut off to `low..high` below which it lies with probability `p`:
/// `x = F^-1(F(low) + p (F(high) - F(low)))`. Above the middle it is mirrored, so that tails keep their digits. None where the normal variable has
/// no chance to lie between the bounds.
pub(super) fn truncated_quantile(p: f64, low: f64, high: f64) -> Option<f64> {
    if low > 0.0 {
        return truncated_quantile(1.0 - p, -high, -low).map(|x| -x);
    }
    let (from, to) = (probability(low), probability(high));
    if to - from < 1e-290 {
        return None;
    }
    // From the end that is nearer to a tail.
    let lower = from + p * (to - from);
    let x = if lower <= 0.5 { quantile(lower) } else { -quantile(probability(-high) + (1.0 - p) * (to - from)) };
    Some(x.clamp(low, high))
}
