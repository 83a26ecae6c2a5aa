//! When an outlay has come back.

use super::EconomicsError;
use super::error::{amount, number, rate};

/// Simple payback in years from year 0: the moment from which on the sum of the flows never again lies below zero; within
/// a year the flow is taken as even, so that the moment is `t - 1 + |S_(t-1)| / CF_t`. None where the money does not come back for good; 0 where
/// it never was out.
///
/// A later outlay (a replacement, the closing down) can take the sum below zero again; then the last return counts.
///
/// -100 followed by 40 a year is back after two and a half years:
///
/// ```
/// use peatplan::energy::economics::payback_years;
/// assert_eq!(payback_years(&[-100.0, 40.0, 40.0, 40.0]).unwrap(), Some(2.5));
/// assert_eq!(payback_years(&[-100.0, 40.0, 40.0]).unwrap(), None);
/// ```
///
/// # Errors
/// A flow that is not a number.
pub fn payback_years(flows_rub: &[f64]) -> Result<Option<f64>, EconomicsError> {
    discounted_payback_years(0.0, flows_rub)
}

/// Payback of discounted flows, in years from year 0: [`payback_years`] of `CF_t / (1 + r)^t`.
///
/// -100 followed by 60 a year at 10 % is back after 1.92 years: 54.55 in the first, and 45.45 of 49.59 in the second.
///
/// ```
/// let years = peatplan::energy::economics::discounted_payback_years(0.10, &[-100.0, 60.0, 60.0]).unwrap();
/// assert!((years.unwrap() - 1.916_667).abs() < 1e-6);
/// ```
///
/// # Errors
/// A rate below -99 %, or a flow that is not a number.
pub fn discounted_payback_years(rate_a: f64, flows_rub: &[f64]) -> Result<Option<f64>, EconomicsError> {
    let discount = 1.0 + rate("the discount rate", rate_a)?;
    let (mut sum, mut size, mut factor) = (0.0_f64, 0.0_f64, 1.0_f64);
    let mut back = Some(0.0);
    for (year, flow) in flows_rub.iter().enumerate() {
        let flow = amount(format!("the flow of year {year}"), *flow)? / factor;
        factor *= discount;
        sum += flow;
        size += flow.abs();
        // A sum that is rounding of what was added counts as nothing.
        let least = -size * f64::EPSILON * 4.0;
        if sum < least {
            back = None;
        } else if back.is_none() {
            back = Some(number(year) - (sum / flow).clamp(0.0, 1.0));
        }
    }
    Ok(back)
}
