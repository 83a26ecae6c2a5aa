//! Asks the solver, in the solver's units, in stretches that can be stopped, and trusts nothing it says.

use super::optimum::Optimum;
use super::program::LinearProgram;
use super::scaling::Scaling;
use super::{ProgramError, relief};
use core::time::Duration;
use microlp::{ComparisonOp, OptimizationDirection, Problem, ResumeOptions, SolveOptions, SolveOutcome, TerminationReason};
use rand::RngExt;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;

/// How long the simplex method runs before it is asked whether anybody still wants it. Its steps do not depend on where
/// it was asked.
const LOOK: Duration = Duration::from_millis(200);

/// The same for a program that must be solved by the primal method: there a look renews the reduced costs, so the last
/// bits could depend on the machine's speed. Such programs are looked at only when they are long.
const LONG_LOOK: Duration = Duration::from_secs(20);

/// Nodes between two looks.
const NODES_A_LOOK: u64 = 64;

/// Costs are raised by about this share of the typical one where the simplex method goes round in circles.
const COST_SHIFT: f64 = 1e-8;

/// Chance that breaks ties is always the same.
const SEED: u64 = 1;

/// How large a program may be, and how long it may take.
#[derive(Debug, Clone, PartialEq)]
pub struct SolveLimits {
    /// Most variables.
    pub variables: usize,
    /// Most rows.
    pub rows: usize,
    /// Most terms of all rows together.
    pub terms: usize,
    /// Most steps of the simplex method, looked at a few times a second.
    pub steps: u64,
    /// Most nodes of the search over yes-or-no variables. If a solution is known by then, it is the answer, with its
    /// [`Optimum::proven_gap`].
    pub nodes: u64,
    /// A solution this near to the bound (a share of the objective) ends the search; 0 asks for the optimum itself.
    pub gap: f64,
}

impl Default for SolveLimits {
    fn default() -> Self {
        Self { variables: 500_000, rows: 500_000, terms: 5_000_000, steps: 5_000_000, nodes: 200_000, gap: 0.0 }
    }
}

impl LinearProgram {
    /// The values that cost least, by the simplex method (dual where costs allow, with steepest edges) and, with
    /// yes-or-no variables, branch and bound.
    ///
    /// Every answer has been put into all rows again: none is missed by more than 1e-7 of what it adds up. A program is
    /// called infeasible only after its elastic form was seen to need relief, and unbounded only with a ray along which
    /// it falls; only where the fractions can be had but no whole numbers, the search's own word is taken.
    ///
    /// # Errors
    /// [`ProgramError`]: what is wrong with the program, that it has no optimum, or which limit ended the search.
    pub fn minimum(&self, limits: &SolveLimits) -> Result<Optimum, ProgramError> {
        self.minimum_watched(limits, &mut |_| true)
    }

    /// The same; `keep_going` is told the share that is done, as far as it can be known, and stops the search by `false`.
    ///
    /// # Errors
    /// As [`LinearProgram::minimum`]; [`ProgramError::Interrupted`] where `keep_going` said so.
    pub fn minimum_watched(
        &self,
        limits: &SolveLimits,
        keep_going: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Optimum, ProgramError> {
        self.check()?;
        self.check_size(limits)?;
        if !keep_going(0.0) {
            return Err(ProgramError::Interrupted);
        }
        if !self.has_integers() {
            return self.linear_minimum(limits, keep_going);
        }
        let relaxed = self.relaxed().linear_minimum(limits, keep_going)?;
        self.whole_minimum(relaxed.steps, limits, keep_going)
    }

    fn check_size(&self, limits: &SolveLimits) -> Result<(), ProgramError> {
        let terms = self.limits.iter().map(|limit| limit.terms.len()).sum();
        let sizes = [
            ("variables", self.columns.len(), limits.variables),
            ("rows", self.limits.len(), limits.rows),
            ("terms", terms, limits.terms),
        ];
        match sizes.into_iter().find(|(_, count, most)| count > most) {
            Some((what, count, most)) => Err(ProgramError::TooLarge { what, count, most }),
            None => Ok(()),
        }
    }

    /// The optimum of a program without yes-or-no variables.
    fn linear_minimum(&self, limits: &SolveLimits, keep_going: &mut dyn FnMut(f64) -> bool) -> Result<Optimum, ProgramError> {
        match self.simplex(limits, None, keep_going) {
            Err(ProgramError::Infeasible) => Err(relief::proven_infeasible(self, limits, keep_going)?),
            Err(ProgramError::Unbounded) => Err(self.proven_unbounded(limits, keep_going)?),
            Err(failure @ (ProgramError::TooLong { .. } | ProgramError::Solver(_) | ProgramError::Unproven { .. })) => {
                // A stall: other costs, by less than anybody would notice, break its ties. Duality then judges the answer.
                let Ok(optimum) = self.simplex(limits, Some(COST_SHIFT), keep_going) else { return Err(failure) };
                self.prices(&optimum)?;
                Ok(optimum)
            }
            other => other,
        }
    }

    /// One run of the simplex method; what it says of infeasible and unbounded programs is not judged here.
    pub(super) fn simplex(
        &self,
        limits: &SolveLimits,
        cost_shift: Option<f64>,
        keep_going: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Optimum, ProgramError> {
        let scaling = Scaling::of(self);
        if self.columns.is_empty() {
            return self.judged(Vec::new(), scaling).map_err(|_| ProgramError::Infeasible);
        }
        let (mut problem, variables) = self.solver_problem(scaling, cost_shift);
        problem.set_time_limit(if self.begins_dual_feasible() { LOOK } else { LONG_LOOK });
        let mut outcome = problem.solve().map_err(refusal)?;
        loop {
            match outcome.into_solution() {
                Ok(solution) => {
                    let raw = variables.iter().map(|variable| solution.var_value_raw(*variable)).collect();
                    let mut optimum = self.judged(raw, scaling)?;
                    optimum.steps = solution.stats().lp_iterations;
                    return Ok(optimum);
                }
                Err(interrupted) => {
                    let steps = interrupted.stats().lp_iterations;
                    if steps > limits.steps {
                        return Err(ProgramError::TooLong { what: "steps", most: limits.steps });
                    }
                    if !keep_going(share(steps, self.limits.len() as u64)) {
                        return Err(ProgramError::Interrupted);
                    }
                    outcome = SolveOutcome::Interrupted(interrupted).resume().map_err(refusal)?;
                }
            }
        }
    }

    /// The optimum over yes-or-no variables: searched, then solved again with them fixed, so that the rest fits exactly.
    fn whole_minimum(
        &self,
        steps: u64,
        limits: &SolveLimits,
        keep_going: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Optimum, ProgramError> {
        let scaling = Scaling::of(self);
        let (problem, variables) = self.solver_problem(scaling, None);
        let budget = |nodes: u64| NODES_A_LOOK.min(limits.nodes.saturating_sub(nodes)).max(1);
        let mut options = SolveOptions::default();
        options.node_limit = Some(budget(0));
        options.mip_gap = limits.gap;
        let mut outcome = problem.solve_with(options).map_err(refusal)?;
        loop {
            let stats = outcome.stats();
            let ended = outcome.termination_reason() != TerminationReason::NodeLimit;
            if ended || stats.nodes_solved >= limits.nodes {
                break;
            }
            if !keep_going(share(stats.nodes_solved, limits.nodes)) {
                return Err(ProgramError::Interrupted);
            }
            let mut more = ResumeOptions::default();
            more.node_limit = Some(budget(stats.nodes_solved));
            more.mip_gap = (limits.gap > 0.0).then_some(limits.gap);
            outcome = outcome.resume_with(more).map_err(refusal)?;
        }
        let stats = outcome.stats();
        let solution = outcome.into_solution().map_err(|_| ProgramError::TooLong { what: "nodes", most: limits.nodes })?;
        let mut fixed = self.relaxed();
        for ((column, whole), variable) in fixed.columns.iter_mut().zip(&self.columns).zip(&variables) {
            if whole.integer {
                let value = solution.var_value_raw(*variable).round().clamp(column.low, column.high);
                (column.low, column.high) = (value, value);
            }
        }
        let rest = fixed.linear_minimum(limits, keep_going).map_err(|error| match error {
            ProgramError::Infeasible => ProgramError::Unproven { what: "a choice of yes and no".to_owned(), by: 1.0 },
            other => other,
        })?;
        let gap = stats.gap.filter(|gap| gap.is_finite()).unwrap_or(1.0);
        Ok(Optimum { gap, steps: steps + stats.lp_iterations + rest.steps, nodes: stats.nodes_solved, ..rest })
    }

    fn solver_problem(&self, scaling: Scaling, cost_shift: Option<f64>) -> (Problem, Vec<microlp::Variable>) {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut chance = Pcg64::seed_from_u64(SEED);
        let variables: Vec<microlp::Variable> = self
            .columns
            .iter()
            .map(|column| {
                if column.integer {
                    return problem.add_binary_var(column.cost / scaling.cost / scaling.quantity);
                }
                let shift = cost_shift.map_or(0.0, |shift| shift * (0.5 + chance.random::<f64>()));
                let shift = if column.low.is_finite() { shift } else { -shift };
                let range = (column.low / scaling.quantity, column.high / scaling.quantity);
                problem.add_var(column.cost / scaling.cost + shift, range)
            })
            .collect();
        for limit in &self.limits {
            let terms: Vec<(microlp::Variable, f64)> = limit
                .terms
                .iter()
                .map(|(variable, coefficient)| {
                    let unit = if self.columns[*variable].integer { scaling.quantity } else { 1.0 };
                    (variables[*variable], coefficient / unit)
                })
                .collect();
            let (low, high) = (limit.low / scaling.quantity, limit.high / scaling.quantity);
            if low.total_cmp(&high).is_eq() {
                problem.add_constraint(terms, ComparisonOp::Eq, low);
                continue;
            }
            if low.is_finite() {
                problem.add_constraint(terms.clone(), ComparisonOp::Ge, low);
            }
            if high.is_finite() {
                problem.add_constraint(terms, ComparisonOp::Le, high);
            }
        }
        (problem, variables)
    }

    /// Whether every variable can begin at an end that its cost likes: then the dual method does it all.
    fn begins_dual_feasible(&self) -> bool {
        self.columns.iter().all(|column| {
            let ends = (column.low.is_finite(), column.high.is_finite());
            (column.cost > 0.0 && ends.0) || (column.cost < 0.0 && ends.1) || (column.cost == 0.0 && (ends.0 || ends.1))
        })
    }

    /// Back in the program's own units, put into every row.
    fn judged(&self, raw: Vec<f64>, scaling: Scaling) -> Result<Optimum, ProgramError> {
        let close = super::optimum::RELATIVE_TOLERANCE * scaling.quantity;
        let values: Vec<f64> = raw
            .into_iter()
            .zip(&self.columns)
            .map(|(value, column)| {
                let value = value * scaling.quantity;
                // Rounding beyond an end is put back onto it; more than rounding is for the check to find.
                let outside = (column.low - value).max(value - column.high);
                let value = if outside > 0.0 && outside <= close { value.clamp(column.low, column.high) } else { value };
                // No minus zero in answers.
                value + 0.0
            })
            .collect();
        if let Some((what, by)) = self.worst_miss(&values, scaling.quantity) {
            return Err(ProgramError::Unproven { what, by });
        }
        let objective = self.cost_of(&values);
        if !objective.is_finite() {
            return Err(ProgramError::Unproven { what: "the objective".to_owned(), by: f64::INFINITY });
        }
        Ok(Optimum { objective, values, gap: 0.0, steps: 0, nodes: 0 })
    }

    /// A direction within which every row and range goes on for ever and the cost falls: it proves that a program which
    /// has a feasible point has no least cost.
    fn proven_unbounded(
        &self,
        limits: &SolveLimits,
        keep_going: &mut dyn FnMut(f64) -> bool,
    ) -> Result<ProgramError, ProgramError> {
        let mut ray = self.clone();
        for column in &mut ray.columns {
            column.low = if column.low.is_finite() { 0.0 } else { -1.0 };
            column.high = if column.high.is_finite() { 0.0 } else { 1.0 };
        }
        for limit in &mut ray.limits {
            limit.low = if limit.low.is_finite() { 0.0 } else { limit.low };
            limit.high = if limit.high.is_finite() { 0.0 } else { limit.high };
        }
        let steepest = ray.simplex(limits, None, keep_going)?;
        let size: f64 = ray.columns.iter().map(|column| column.cost.abs()).fold(0.0, f64::max);
        if steepest.objective < -1e-9 * size {
            return Ok(ProgramError::Unbounded);
        }
        Ok(ProgramError::Unproven { what: "a fall without end".to_owned(), by: 0.0 })
    }
}

fn refusal(error: microlp::Error) -> ProgramError {
    match error {
        microlp::Error::Infeasible => ProgramError::Infeasible,
        microlp::Error::Unbounded => ProgramError::Unbounded,
        other => ProgramError::Solver(other.to_string()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share for a progress bar")]
fn share(done: u64, expected: u64) -> f64 {
    done as f64 / (done + expected.max(1)) as f64
}
