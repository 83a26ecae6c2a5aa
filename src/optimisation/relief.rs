//! By how little an impossible program must be relaxed to become possible.

use super::program::{Column, LinearProgram, Row};
use super::scaling::Scaling;
use super::{ProgramError, SolveLimits};

/// Less relief than this share of a row's size, or of the program's typical number, is rounding.
const NOTHING: f64 = 1e-8;

/// A row counts as no smaller than this share of the program's typical number.
const SMALLEST_SIZE: f64 = 1e-3;

/// The end of a row that is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowSide {
    /// The sum cannot reach its low end.
    Low,
    /// The sum cannot stay below its high end.
    High,
}

/// A row that must give way.
#[derive(Debug, Clone, PartialEq)]
pub struct Relief {
    /// The row.
    pub row: Row,
    /// Its name.
    pub name: String,
    /// Which end gives way.
    pub side: RowSide,
    /// That end as stated.
    pub bound: f64,
    /// By how much it must be moved outwards.
    pub amount: f64,
}

impl LinearProgram {
    /// The least relief that makes an infeasible program feasible: every row may be missed at a price, and the sum of
    /// misses, each as a share of its row's size, is made least (an elastic program; Chinneck 2008, Feasibility and
    /// Infeasibility in Optimization, ch. 6). The ranges of variables stay. Empty for a program that needs none.
    ///
    /// A need of 10 against a limit of 7 is 3 too much:
    ///
    /// ```
    /// use peatplan::optimisation::LinearProgram;
    /// let mut program = LinearProgram::new();
    /// let x = program.variable(1.0, 0.0, 7.0);
    /// program.row("need", 10.0, [(x, 1.0)], f64::INFINITY);
    /// let relief = program.smallest_relief().unwrap();
    /// assert_eq!((relief[0].name.as_str(), relief[0].amount), ("need", 3.0));
    /// ```
    ///
    /// # Errors
    /// [`ProgramError`]: what is wrong with the program, or why it could not be solved.
    pub fn smallest_relief(&self) -> Result<Vec<Relief>, ProgramError> {
        self.smallest_relief_within(&SolveLimits::default(), &mut |_| true)
    }

    /// The same within limits, and watched.
    ///
    /// # Errors
    /// As [`LinearProgram::smallest_relief`], and [`ProgramError::Interrupted`].
    pub fn smallest_relief_within(
        &self,
        limits: &SolveLimits,
        keep_going: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Vec<Relief>, ProgramError> {
        self.check()?;
        let elastic = Elastic::of(self);
        let optimum = elastic.program.minimum_watched(&widened(limits), keep_going)?;
        Ok(elastic.read(self, &optimum.values))
    }
}

/// Infeasible, as the relief needed shows; else says that the solver's word was wrong.
pub(super) fn proven_infeasible(
    program: &LinearProgram,
    limits: &SolveLimits,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<ProgramError, ProgramError> {
    let elastic = Elastic::of(program);
    let optimum = elastic.program.simplex(&widened(limits), None, keep_going)?;
    if elastic.read(program, &optimum.values).is_empty() {
        return Ok(ProgramError::Unproven { what: "that no values satisfy all rows".to_owned(), by: 0.0 });
    }
    Ok(ProgramError::Infeasible)
}

/// The elastic form has more variables than its program; it is not refused for that.
fn widened(limits: &SolveLimits) -> SolveLimits {
    SolveLimits {
        variables: limits.variables.saturating_add(limits.rows.saturating_mul(2)),
        terms: limits.terms.saturating_add(limits.rows.saturating_mul(2)),
        ..limits.clone()
    }
}

struct Elastic {
    program: LinearProgram,
    typical: f64,
    /// Variable, row, side, size of the row.
    misses: Vec<(usize, usize, RowSide, f64)>,
}

impl Elastic {
    fn of(program: &LinearProgram) -> Self {
        let typical = Scaling::of(program).quantity;
        let mut elastic = program.clone();
        for column in &mut elastic.columns {
            column.cost = 0.0;
        }
        let mut misses = Vec::new();
        for (row, limit) in elastic.limits.iter_mut().enumerate() {
            for (side, bound, sign) in [(RowSide::Low, limit.low, 1.0), (RowSide::High, limit.high, -1.0)] {
                if bound.is_finite() {
                    let size = if bound == 0.0 { typical } else { bound.abs().max(SMALLEST_SIZE * typical) };
                    let variable = elastic.columns.len();
                    elastic.columns.push(Column { cost: typical / size, low: 0.0, high: f64::INFINITY, integer: false });
                    limit.terms.push((variable, sign));
                    misses.push((variable, row, side, size));
                }
            }
        }
        Self { program: elastic, typical, misses }
    }

    fn read(&self, program: &LinearProgram, values: &[f64]) -> Vec<Relief> {
        let least = |size: f64| NOTHING * size.max(self.typical);
        let needed = self.misses.iter().filter(|(variable, _, _, size)| values[*variable] > least(*size));
        needed
            .map(|(variable, row, side, _)| {
                let limit = &program.limits[*row];
                let bound = if *side == RowSide::Low { limit.low } else { limit.high };
                Relief { row: Row(*row), name: limit.name.clone(), side: *side, bound, amount: values[*variable] }
            })
            .collect()
    }
}
