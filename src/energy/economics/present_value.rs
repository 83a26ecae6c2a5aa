//! What flows of later years are worth in year 0.

use super::EconomicsError;
use super::error::{amount, finite, rate};

/// The sum of numbers with the rounding of each step kept and given back (Neumaier 1974).
pub(super) fn exact_sum(numbers: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for number in numbers {
        let next = sum + number;
        lost += if sum.abs() >= number.abs() { (sum - next) + number } else { (number - next) + sum };
        sum = next;
    }
    sum + lost
}

/// Net present value `NPV = sum of CF_t / (1 + r)^t`, `t` from 0: the first flow is not discounted.
///
/// Unlike the function of spreadsheets by this name, which discounts the first flow too.
///
/// -100, 39, 59, 55, 20 at 28.1 % are worth -0.0085: a little less than nothing.
///
/// ```
/// let value = peatplan::energy::economics::net_present_value(0.281, &[-100.0, 39.0, 59.0, 55.0, 20.0]).unwrap();
/// assert!((value + 0.008_478_6).abs() < 5e-8);
/// ```
///
/// # Errors
/// A rate below -99 %, a flow that is not a number, or a value that no number can hold.
pub fn net_present_value(rate_a: f64, flows_rub: &[f64]) -> Result<f64, EconomicsError> {
    let discount = 1.0 + rate("the discount rate", rate_a)?;
    for (year, flow) in flows_rub.iter().enumerate() {
        amount(format!("the flow of year {year}"), *flow)?;
    }
    let mut factor = 1.0;
    let discounted = flows_rub.iter().map(|flow| {
        let worth = flow / factor;
        factor *= discount;
        // Beyond the numbers a factor is infinite: what it divides is nothing.
        worth
    });
    finite("the net present value", exact_sum(discounted))
}
