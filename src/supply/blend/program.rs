//! A blend as a linear program, for more fuels than corners can be looked at, and for the question whether there is any.

use super::BlendError;
use super::fuel::BlendFuel;
use super::least_cost::Row;
use super::limits::LimitName;
use crate::optimisation::{LinearProgram, Optimum, ProgramError, SolveLimits, Variable};

/// The cheapest shares; none where no shares meet all rows.
pub(super) fn least_program(fuels: &[BlendFuel], rows: &[Row]) -> Result<Option<Vec<f64>>, BlendError> {
    let (shares, optimum) = solved(rows, fuels.iter().map(|fuel| fuel.cost_rub_mwh))?;
    Ok(optimum.map(|optimum| shares.into_iter().map(|share| optimum.value(share)).collect()))
}

/// Their cost.
pub(super) fn least_value(fuels: &[BlendFuel], rows: &[Row]) -> Result<Option<f64>, BlendError> {
    let (_, optimum) = solved(rows, fuels.iter().map(|fuel| fuel.cost_rub_mwh))?;
    Ok(optimum.map(|optimum| optimum.objective()))
}

/// Whether there are shares that meet all rows.
pub(super) fn is_possible(fuels: &[BlendFuel], rows: &[Row]) -> Result<bool, BlendError> {
    let (_, optimum) = solved(rows, fuels.iter().map(|_| 0.0))?;
    Ok(optimum.is_some())
}

fn solved(rows: &[Row], costs: impl Iterator<Item = f64>) -> Result<(Vec<Variable>, Option<Optimum>), BlendError> {
    let mut program = LinearProgram::new();
    let bound = |place: usize, limit: LimitName| {
        rows.iter().find(|row| row.fuel == Some(place) && row.limit == limit).map(|row| row.value)
    };
    let shares: Vec<Variable> = costs
        .enumerate()
        .map(|(place, cost)| {
            let least = bound(place, LimitName::LeastShare).unwrap_or(0.0);
            let most = bound(place, LimitName::MostShare).unwrap_or(1.0);
            program.variable(cost, least, most.max(least))
        })
        .collect();
    program.row("all shares", 1.0, shares.iter().map(|share| (*share, 1.0)), 1.0);
    for row in rows.iter().filter(|row| row.fuel.is_none()) {
        let terms = shares.iter().zip(&row.terms).map(|(share, term)| (*share, *term));
        program.row(row.limit.to_string(), f64::NEG_INFINITY, terms, 0.0);
    }
    match program.minimum(&SolveLimits::default()) {
        Ok(optimum) => Ok((shares, Some(optimum))),
        Err(ProgramError::Infeasible) => Ok((shares, None)),
        Err(error) => Err(BlendError::Unsolved(error)),
    }
}
