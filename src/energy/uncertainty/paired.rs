//! Two scenarios under the same chances.

use super::summary::{probability_above, summary};
use super::{MonteCarlo, Probability, Summary, UncertaintyError};
use serde::Serialize;

/// What one scenario is above another, draw by draw.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairedDifference {
    /// The output.
    pub output: String,
    /// Distribution of second less first.
    pub difference: Option<Summary>,
    /// Share of the draws in which the second is greater.
    pub second_greater: Option<Probability>,
}

/// Compares an output of two scenarios draw by draw: second less first. Factors that both have take the same values in the same
/// draw, so what chance does to both falls out, and the difference is known far better than either (common random numbers).
///
/// ```
/// use peatplan::energy::uncertainty::{Distribution, Factor, monte_carlo, paired_difference};
/// let price = [Factor::new("price", "", 1.0, Distribution::Lognormal { mean: 1.0, variation: 0.5 }).unwrap()];
/// let run = |more: f64| monte_carlo(&price, &["npv"], 100, 1, &mut |_| true, |v| vec![100.0 * v[0] + more]).unwrap();
/// let difference = paired_difference(&run(0.0), &run(7.0), "npv").unwrap().difference.unwrap();
/// assert!((difference.p10 - 7.0).abs() < 1e-9 && (difference.p90 - 7.0).abs() < 1e-9);
/// ```
///
/// # Errors
/// Another seed or number of draws, or an output that one of them does not have.
pub fn paired_difference(first: &MonteCarlo, second: &MonteCarlo, output: &str) -> Result<PairedDifference, UncertaintyError> {
    let same = |what, a: u64, b: u64| if a == b { Ok(()) } else { Err(UncertaintyError::NotPaired { what, a, b }) };
    same("the seed", first.seed, second.seed)?;
    same("the number of draws", first.draws as u64, second.draws as u64)?;
    let (a, b) = (first.output(output)?, second.output(output)?);
    let differences: Vec<f64> = a.values.iter().zip(&b.values).map(|(a, b)| b - a).collect();
    Ok(PairedDifference {
        output: output.to_owned(),
        difference: summary(&differences),
        second_greater: probability_above(&differences, 0.0),
    })
}
