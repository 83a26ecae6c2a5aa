//! A blend as a linear program, for more fuels than corners can be looked at, and for the question whether there is any.

use super::BlendError;
use super::fuel::BlendFuel;
use super::least_cost::Row;
use super::limits::LimitName;
use crate::optimisation::{LinearProgram, SolveLimits, Variable};

/// Rows, whose largest coefficient is one, together may be missed by so much where there is a blend.
const POSSIBLE: f64 = 1e-9;

/// The cheapest shares; none where no shares meet all rows.
pub(super) fn least_program(fuels: &[BlendFuel], rows: &[Row]) -> Result<Option<Vec<f64>>, BlendError> {
    if possible_shares(fuels.len(), rows)?.is_none() {
        return Ok(None);
    }
    let costs: Vec<f64> = fuels.iter().map(|fuel| fuel.cost_rub_mwh).collect();
    Ok(Some(least_shares(&costs, rows)?))
}

/// The shares with the least sum of costs, where some shares meet all rows.
pub(super) fn least_shares(costs: &[f64], rows: &[Row]) -> Result<Vec<f64>, BlendError> {
    let (program, shares) = program(costs, rows, false);
    read(&program, &shares)
}

/// Shares that meet all rows; none where there are none. The rows may be missed at a price, and the least price is asked for: a
/// question that always has an answer.
pub(super) fn possible_shares(count: usize, rows: &[Row]) -> Result<Option<Vec<f64>>, BlendError> {
    let (program, shares) = program(&vec![0.0; count], rows, true);
    let found = read(&program, &shares)?;
    let missed: f64 = rows.iter().filter(|row| row.fuel.is_none()).map(|row| row.miss(&found).max(0.0)).sum();
    Ok((missed <= POSSIBLE).then_some(found))
}

fn program(costs: &[f64], rows: &[Row], may_miss: bool) -> (LinearProgram, Vec<Variable>) {
    let mut program = LinearProgram::new();
    let bound = |place: usize, limit: LimitName| {
        rows.iter().find(|row| row.fuel == Some(place) && row.limit == limit).map(|row| row.value)
    };
    let shares: Vec<Variable> = costs
        .iter()
        .enumerate()
        .map(|(place, cost)| {
            let least = bound(place, LimitName::LeastShare).unwrap_or(0.0);
            let most = bound(place, LimitName::MostShare).unwrap_or(1.0);
            program.variable(*cost, least, most.max(least))
        })
        .collect();
    program.row("all shares", 1.0, shares.iter().map(|share| (*share, 1.0)), 1.0);
    for row in rows.iter().filter(|row| row.fuel.is_none()) {
        let mut terms: Vec<(Variable, f64)> = shares.iter().zip(&row.terms).map(|(share, term)| (*share, *term)).collect();
        if may_miss {
            terms.push((program.variable(1.0, 0.0, f64::INFINITY), -1.0));
        }
        program.row(row.limit.to_string(), f64::NEG_INFINITY, terms, 0.0);
    }
    (program, shares)
}

fn read(program: &LinearProgram, shares: &[Variable]) -> Result<Vec<f64>, BlendError> {
    let optimum = program.minimum(&SolveLimits::default()).map_err(BlendError::Unsolved)?;
    Ok(shares.iter().map(|share| optimum.value(*share)).collect())
}
