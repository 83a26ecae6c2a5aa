//! Internal rates of return: all of them.

use super::EconomicsError;
use super::error::{amount, number};
use super::present_value::exact_sum;
use serde::Serialize;

/// Flows smaller than this share of the greatest are rounding: at either end they would make rates beyond all measure.
const NOTHING: f64 = 1e-14;
/// Intervals are halved at most so often: 2^-60 is below the spacing of numbers near one.
const MOST_HALVINGS: u32 = 60;

/// The rates at which flows are worth nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum RateOfReturn {
    /// There is none: the flows have one sign, or their worth keeps away from zero at every rate.
    None,
    /// There is exactly one.
    One {
        /// Share a year.
        rate: f64,
    },
    /// There are several, and none of them is *the* rate of return; the net present value decides.
    Several {
        /// Shares a year, from the lowest up.
        rates: Vec<f64>,
    },
}

impl RateOfReturn {
    /// The rate, where there is exactly one.
    #[must_use]
    pub fn only(&self) -> Option<f64> {
        match self {
            Self::One { rate } => Some(*rate),
            Self::None | Self::Several { .. } => None,
        }
    }

    /// The rate above zero, where there is exactly one. Flows that end with an outlay, such as the closing down of a works, have a second rate, as a rule far
    /// below zero, that says nothing of them; where their running sum changes its sign once, one rate above zero is theirs (Norstrom
    /// 1972, Journal of Financial and Quantitative Analysis 7(3)).
    #[must_use]
    pub fn only_above_zero(&self) -> Option<f64> {
        match self {
            Self::None => None,
            Self::One { rate } => Some(*rate).filter(|rate| *rate > 0.0),
            Self::Several { rates } => {
                let mut above = rates.iter().copied().filter(|rate| *rate > 0.0);
                above.next().filter(|_| above.next().is_none())
            }
        }
    }
}

/// All internal rates of return above -100 %: the roots of `sum of CF_t / (1 + r)^t = 0`.
///
/// With `v = 1 / (1 + r)` the sum is a polynomial, and its roots in `0 < v < 1` (rates above zero) and, turned round, in
/// `0 < 1/v < 1` (rates below zero) are looked for completely: the polynomial is written in Bernstein's form on the interval, whose changes of
/// sign are no fewer than the roots there (Descartes' rule); none means no root, one means one root, more means
/// that the interval is halved (Collins and Akritas 1976; Lane and Riesenfeld 1981). Single roots are then closed in by bisection. A root
/// that the flows only touch is told where rounding allows to see it. Flows below 1e-14 of the greatest count as none.
///
/// -100, 39, 59, 55, 20 return 28.09484 % a year. -100, 230, -132 return both 10 % and 20 %: no single number says what they are worth.
///
/// ```
/// use peatplan::energy::economics::{RateOfReturn, rates_of_return};
/// let one = rates_of_return(&[-100.0, 39.0, 59.0, 55.0, 20.0]).unwrap();
/// assert!((one.only().unwrap() - 0.280_948_4).abs() < 5e-8);
/// let RateOfReturn::Several { rates } = rates_of_return(&[-100.0, 230.0, -132.0]).unwrap() else { panic!() };
/// assert!((rates[0] - 0.1).abs() < 1e-12 && (rates[1] - 0.2).abs() < 1e-12);
/// assert_eq!(rates_of_return(&[100.0, 39.0]).unwrap(), RateOfReturn::None);
/// ```
///
/// # Errors
/// A flow that is not a number.
pub fn rates_of_return(flows_rub: &[f64]) -> Result<RateOfReturn, EconomicsError> {
    for (year, flow) in flows_rub.iter().enumerate() {
        amount(format!("the flow of year {year}"), *flow)?;
    }
    let greatest = flows_rub.iter().fold(0.0_f64, |most, flow| most.max(flow.abs()));
    let is_flow = |flow: &f64| flow.abs() > NOTHING * greatest;
    let (Some(first), Some(last)) = (flows_rub.iter().position(is_flow), flows_rub.iter().rposition(is_flow)) else {
        return Ok(RateOfReturn::None);
    };
    let flows: Vec<f64> = flows_rub[first..=last].iter().map(|flow| flow / greatest).collect();
    if sign_changes(&flows) == 0 {
        return Ok(RateOfReturn::None);
    }
    let turned: Vec<f64> = flows.iter().rev().copied().collect();
    // At v = 1 both ways of looking meet: one sum for both, so that no root there is lost or told twice.
    let plain_sum = exact_sum(flows.iter().copied());
    let rounding = 4.0 * f64::EPSILON * flows.iter().map(|flow| flow.abs()).sum::<f64>();
    let at_one = if plain_sum.abs() <= rounding { 0.0 } else { plain_sum };
    let mut rates: Vec<f64> = roots_below_one(&flows, at_one).into_iter().map(|v| (1.0 - v) / v).collect();
    rates.extend(roots_below_one(&turned, at_one).into_iter().map(|growth| growth - 1.0));
    if at_one == 0.0 {
        rates.push(0.0);
    }
    rates.retain(|rate| rate.is_finite() && *rate > -1.0);
    rates.sort_by(f64::total_cmp);
    // Two roots with nothing but rounding between them are one.
    rates.dedup_by(|later, kept| {
        let between = 0.5 * (*later + *kept);
        let (form, x) = if between < 0.0 { (&turned, 1.0 + between) } else { (&flows, 1.0 / (1.0 + between)) };
        value(form, x).abs() <= 2.0 * rounding_at(form, x)
    });
    Ok(match rates.as_slice() {
        [] => RateOfReturn::None,
        [rate] => RateOfReturn::One { rate: *rate },
        _ => RateOfReturn::Several { rates },
    })
}

/// Changes of sign, zeros left out.
fn sign_changes(numbers: &[f64]) -> usize {
    let mut signs = numbers.iter().filter(|number| **number != 0.0).map(|number| *number > 0.0);
    let Some(mut before) = signs.next() else { return 0 };
    let mut changes = 0;
    for sign in signs {
        changes += usize::from(sign != before);
        before = sign;
    }
    changes
}

/// Roots of `sum of a_k x^k` in `0 < x < 1`; `at_one` is its value at one.
fn roots_below_one(coefficients: &[f64], at_one: f64) -> Vec<f64> {
    let mut bernstein = bernstein_form(coefficients);
    if let Some(last) = bernstein.last_mut() {
        *last = at_one;
    }
    let mut roots = Vec::new();
    let mut open = vec![(0.0, 1.0, bernstein, 0)];
    while let Some((low, high, form, halvings)) = open.pop() {
        match sign_changes(&form) {
            0 => {}
            1 => roots.push(closed_in(coefficients, low, high, &form)),
            _ => {
                let middle = 0.5 * (low + high);
                let noise = rounding_at(coefficients, high);
                if halvings >= MOST_HALVINGS || form.iter().all(|number| number.abs() <= noise) {
                    // Roots that cannot be told apart: the flows touch zero here, as far as rounding lets one see.
                    roots.push(middle);
                    continue;
                }
                let (left, right) = halves(&form);
                // Else both halves hold the same number there, and the root falls to one of them.
                if left.last() == Some(&0.0) {
                    roots.push(middle);
                }
                open.push((low, middle, left, halvings + 1));
                open.push((middle, high, right, halvings + 1));
            }
        }
    }
    roots
}

/// Coefficients in Bernstein's form on `[0, 1]`: `b_j = sum over k of C(j, k) / C(n, k) a_k`. The weights lie between 0 and 1.
fn bernstein_form(coefficients: &[f64]) -> Vec<f64> {
    let degree = coefficients.len() - 1;
    let form = |j: usize| {
        let mut weight = 1.0;
        let terms = coefficients.iter().take(j + 1).enumerate().map(|(k, coefficient)| {
            let term = weight * coefficient;
            if k < j {
                weight *= number(j - k) / number(degree - k);
            }
            term
        });
        exact_sum(terms)
    };
    (0..=degree).map(form).collect()
}

/// Bernstein's forms on both halves of the interval (de Casteljau).
fn halves(form: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut points = form.to_vec();
    let (mut left, mut right) = (Vec::with_capacity(form.len()), Vec::with_capacity(form.len()));
    while let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) {
        left.push(first);
        right.push(last);
        points = points.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
    }
    right.reverse();
    (left, right)
}

/// The one root between `low` and `high`, by bisection; its side is known from the sign just above `low`.
fn closed_in(coefficients: &[f64], mut low: f64, mut high: f64, form: &[f64]) -> f64 {
    let rises = form.iter().find(|number| **number != 0.0).is_some_and(|number| *number < 0.0);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        let at = value(coefficients, middle);
        if at == 0.0 {
            return middle;
        }
        if (at < 0.0) == rises {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// Horner's rule.
fn value(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// How far rounding can take [`value`] from the truth (Higham 2002, section 5.1): `2 n u` times the sum of sizes.
fn rounding_at(coefficients: &[f64], x: f64) -> f64 {
    let sizes = coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient.abs());
    f64::EPSILON * number(coefficients.len()) * sizes
}
