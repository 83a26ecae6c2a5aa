//! The normal distribution, both ways, in its lower half, where no digits are lost.

use statrs::function::erf::{erfc, erfc_inv};
use std::f64::consts::SQRT_2;

/// Probability that a standard normal variable lies below `x`; exact to about 14 digits for `x < 0`.
pub(super) fn below(x: f64) -> f64 {
    0.5 * erfc(-x / SQRT_2)
}

/// Value below which a standard normal variable lies with probability `p`, exact for `p <= 1/2`.
pub(super) fn quantile(p: f64) -> f64 {
    if p > 0.5 { -quantile_of_tail(1.0 - p) } else { quantile_of_tail(p) }
}

fn quantile_of_tail(p: f64) -> f64 {
    -SQRT_2 * erfc_inv(2.0 * p)
}

/// Value of a standard normal variable cut off to `low..high` below which it lies with probability `p`:
/// `x = F^-1(F(low) + p (F(high) - F(low)))`. Above the middle it is mirrored, so that tails keep their digits. None where the normal variable has
/// no chance to lie between the bounds.
pub(super) fn truncated_quantile(p: f64, low: f64, high: f64) -> Option<f64> {
    if low > 0.0 {
        return truncated_quantile(1.0 - p, -high, -low).map(|x| -x);
    }
    let (from, to) = (below(low), below(high));
    if to - from < 1e-290 {
        return None;
    }
    // From the end that is nearer to a tail.
    let lower = from + p * (to - from);
    let x = if lower <= 0.5 { quantile(lower) } else { -quantile(below(-high) + (1.0 - p) * (to - from)) };
    Some(x.clamp(low, high))
}
