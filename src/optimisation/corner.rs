//! Where an optimum lies: on which ends, and between which.

use super::program::LinearProgram;
use super::scaling::Scaling;
use super::system;

/// A value this near to an end (a share of the typical quantity) lies on it: twice the solver's own tolerance.
pub(super) const ON_THE_END: f64 = 2e-10;

/// The same for a row of values that have drifted.
const DRIFTED: f64 = 3e-6;

fn inside(value: f64, low: f64, high: f64, close: f64) -> bool {
    value > low + close && value < high - close
}

/// Variables that lie on neither end of theirs.
pub(super) fn variables_between(program: &LinearProgram, values: &[f64], close: f64) -> Vec<usize> {
    let columns = program.columns.iter().zip(values).enumerate();
    columns.filter(|(_, (column, value))| inside(**value, column.low, column.high, close)).map(|(index, _)| index).collect()
}

/// Rows that lie on an end of theirs, with that end. What a row adds up is known to the size of its coefficients.
pub(super) fn rows_on_an_end(program: &LinearProgram, values: &[f64], close: f64) -> Vec<(usize, f64)> {
    let mut tight = Vec::new();
    for (row, limit) in program.limits.iter().enumerate() {
        let size = limit.terms.iter().map(|term| term.1.abs()).fold(f64::MIN_POSITIVE, f64::max);
        let activity = limit.activity(values);
        if !inside(activity / size, limit.low / size, limit.high / size, close) {
            let to_low = (activity - limit.low).abs() <= (activity - limit.high).abs();
            tight.push((row, if to_low { limit.low } else { limit.high }));
        }
    }
    tight
}

/// The same corner with its values computed anew: those between their ends from the rows that lie on theirs. None where that does
/// not determine them.
pub(super) fn renewed(program: &LinearProgram, values: &[f64], scaling: Scaling) -> Option<Vec<f64>> {
    let between = variables_between(program, values, ON_THE_END * scaling.quantity);
    let mut unknown = vec![usize::MAX; values.len()];
    for (place, column) in between.iter().enumerate() {
        unknown[*column] = place;
    }
    let (mut equations, mut right) = (Vec::new(), Vec::new());
    for (row, end) in rows_on_an_end(program, values, DRIFTED * scaling.quantity) {
        let (mut terms, mut rest) = (Vec::new(), end);
        for (column, coefficient) in &program.limits[row].terms {
            match unknown[*column] {
                usize::MAX => rest -= coefficient * values[*column],
                place => terms.push((place, *coefficient)),
            }
        }
        if !terms.is_empty() {
            equations.push(terms);
            right.push(rest);
        }
    }
    let found = system::solution_of_many(&equations, &right, between.len())?;
    let mut renewed = values.to_vec();
    for (column, value) in between.into_iter().zip(found) {
        renewed[column] = value;
    }
    Some(renewed)
}
