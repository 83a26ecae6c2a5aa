//! Factors between an amount now and amounts year by year.

use super::EconomicsError;
use super::error::{finite, rate, within};
use serde::{Deserialize, Serialize};

/// Years that a factor is asked for at most.
const MOST_YEARS: u32 = 300;

fn checked_years(years: u32) -> Result<f64, EconomicsError> {
    within("the number of years", f64::from(years), [1.0, f64::from(MOST_YEARS)], "")
}

/// Capital recovery factor `CRF = r (1 + r)^n / ((1 + r)^n - 1)`: the equal payment at the end of each of `n` years that is worth
/// one now. At `r = 0` it is `1 / n`.
///
/// 8 % and 20 years give 0.1018522: a loan of 1,000 costs 101.85 a year.
///
/// ```
/// let factor = peatplan::energy::economics::capital_recovery_factor(0.08, 20).unwrap();
/// assert!((factor - 0.101_852_2).abs() < 5e-8);
/// ```
///
/// # Errors
/// A rate below -99 %, or a number of years outside 1 to 300.
pub fn capital_recovery_factor(rate_a: f64, years: u32) -> Result<f64, EconomicsError> {
    let (r, n) = (rate("the rate", rate_a)?, checked_years(years)?);
    if r == 0.0 {
        return Ok(1.0 / n);
    }
    // r / (1 - (1 + r)^-n), without losing digits at small rates.
    finite("the capital recovery factor", r / -(-n * r.ln_1p()).exp_m1())
}

/// When a yearly amount begins to grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EscalationStart {
    /// The first payment has grown once: prices are those of the year before it. This is the convention of [`super::EconomicStudy`].
    FirstYear,
    /// The first payment is the stated amount; the second has grown once.
    SecondYear,
}

/// Present worth of `n` yearly payments, at the end of each year, that begin with one and grow by `e` a year:
/// `sum over k = 1..n of (1 + e)^k / (1 + r)^k` where they grow from the first year on, and the same over `1 + e` where they grow from
/// the second year on.
///
/// The two conventions differ by the factor `1 + e`, and both are in use, in one file of one program even (`REopt.jl`,
/// `src/core/utils.jl`: `annuity` and `annuity_escalation`). Ours is [`EscalationStart::FirstYear`].
///
/// 25 years, 2.3 % of growth, 8.3 % of discount: 12.94887.
///
/// ```
/// use peatplan::energy::economics::{EscalationStart, annuity_factor};
/// let factor = annuity_factor(25, 0.023, 0.083, EscalationStart::FirstYear).unwrap();
/// assert!((factor - 12.948_87).abs() < 5e-6);
/// ```
///
/// # Errors
/// A rate below -99 %, or a number of years outside 1 to 300.
pub fn annuity_factor(years: u32, escalation_a: f64, discount_a: f64, start: EscalationStart) -> Result<f64, EconomicsError> {
    checked_years(years)?;
    let growth = 1.0 + rate("the escalation", escalation_a)?;
    let yearly = growth / (1.0 + rate("the discount rate", discount_a)?);
    let (mut worth, mut sum) = (1.0, 0.0);
    for _ in 0..years {
        worth *= yearly;
        sum += worth;
    }
    let sum = match start {
        EscalationStart::FirstYear => sum,
        EscalationStart::SecondYear => sum / growth,
    };
    finite("the annuity factor", sum)
}

/// Nominal rate of a real one (Fisher 1930): `R = (1 + r)(1 + i) - 1`.
///
/// 8 % real at 4 % of inflation are 12.32 % nominal.
///
/// ```
/// assert!((peatplan::energy::economics::nominal_rate(0.08, 0.04).unwrap() - 0.1232).abs() < 1e-12);
/// ```
///
/// # Errors
/// A rate below -99 %.
pub fn nominal_rate(real_a: f64, inflation_a: f64) -> Result<f64, EconomicsError> {
    let (real, inflation) = (rate("the real rate", real_a)?, rate("inflation", inflation_a)?);
    Ok(real + inflation + real * inflation)
}

/// Real rate of a nominal one (Fisher 1930): `r = (1 + R)/(1 + i) - 1`.
///
/// 12.32 % nominal at 4 % of inflation are 8 % real.
///
/// ```
/// assert!((peatplan::energy::economics::real_rate(0.1232, 0.04).unwrap() - 0.08).abs() < 1e-12);
/// ```
///
/// # Errors
/// A rate below -99 %.
pub fn real_rate(nominal_a: f64, inflation_a: f64) -> Result<f64, EconomicsError> {
    let (nominal, inflation) = (rate("the nominal rate", nominal_a)?, rate("inflation", inflation_a)?);
    Ok((nominal - inflation) / (1.0 + inflation))
}
