//! The program as its builder states it.

use super::ProgramError;
use super::optimum::RELATIVE_TOLERANCE;

/// A variable of a [`LinearProgram`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Variable(pub(super) usize);

/// A row of a [`LinearProgram`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row(pub(super) usize);

#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) cost: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) integer: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Limit {
    pub(super) name: String,
    pub(super) low: f64,
    pub(super) high: f64,
    /// Variable and coefficient, by variable, each once.
    pub(super) terms: Vec<(usize, f64)>,
}

impl Limit {
    pub(super) fn activity(&self, values: &[f64]) -> f64 {
        self.terms.iter().map(|(variable, coefficient)| coefficient * values[*variable]).sum()
    }

    /// Size of what is added up, against which a miss is judged.
    pub(super) fn magnitude(&self, values: &[f64]) -> f64 {
        let terms: f64 = self.terms.iter().map(|(variable, coefficient)| (coefficient * values[*variable]).abs()).sum();
        let bounds = [self.low, self.high].into_iter().filter(|bound| bound.is_finite()).map(f64::abs);
        terms.max(bounds.fold(0.0, f64::max))
    }
}

/// A linear program: the least `sum c_k x_k` with `low_k <= x_k <= high_k` and `low_r <= sum a_rk x_k <= high_r`.
///
/// The cheapest way to make 4 of two things, the first at 2 but at most 3 of it, the second at 5:
///
/// ```
/// use peatplan::optimisation::{LinearProgram, SolveLimits};
/// let mut program = LinearProgram::new();
/// let cheap = program.variable(2.0, 0.0, 3.0);
/// let dear = program.variable(5.0, 0.0, f64::INFINITY);
/// let need = program.row("need", 4.0, [(cheap, 1.0), (dear, 1.0)], 4.0);
/// let optimum = program.minimum(&SolveLimits::default()).unwrap();
/// assert_eq!((optimum.value(cheap), optimum.value(dear), optimum.objective()), (3.0, 1.0, 11.0));
/// assert_eq!(program.prices(&optimum).unwrap().row(need), 5.0, "one more costs what the dear one costs");
/// ```
#[derive(Debug, Clone, Default)]
pub struct LinearProgram {
    pub(super) columns: Vec<Column>,
    pub(super) limits: Vec<Limit>,
}

impl LinearProgram {
    /// A program without variables and rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A variable between `low` and `high` (either may be infinite) that costs `cost` each.
    pub fn variable(&mut self, cost: f64, low: f64, high: f64) -> Variable {
        self.columns.push(Column { cost, low, high, integer: false });
        Variable(self.columns.len() - 1)
    }

    /// A variable that is 0 or 1.
    pub fn binary(&mut self, cost: f64) -> Variable {
        self.columns.push(Column { cost, low: 0.0, high: 1.0, integer: true });
        Variable(self.columns.len() - 1)
    }

    /// A limit `low <= sum <= high`; equal ends make an equation, an infinite end is open. A variable that stands in
    /// several terms counts with their sum. What is wrong with a row is said when the program is solved.
    pub fn row(&mut self, name: impl Into<String>, low: f64, terms: impl IntoIterator<Item = (Variable, f64)>, high: f64) -> Row {
        let mut terms: Vec<(usize, f64)> = terms.into_iter().map(|(variable, coefficient)| (variable.0, coefficient)).collect();
        terms.sort_by_key(|(variable, _)| *variable);
        terms.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        terms.retain(|(_, coefficient)| *coefficient != 0.0);
        self.limits.push(Limit { name: name.into(), low, high, terms });
        Row(self.limits.len() - 1)
    }

    /// Number of variables.
    #[must_use]
    pub fn variables(&self) -> usize {
        self.columns.len()
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.limits.len()
    }

    pub(super) fn has_integers(&self) -> bool {
        self.columns.iter().any(|column| column.integer)
    }

    /// The same program in which every variable may be a fraction.
    pub(super) fn relaxed(&self) -> Self {
        let mut relaxed = self.clone();
        for column in &mut relaxed.columns {
            column.integer = false;
        }
        relaxed
    }

    pub(super) fn cost_of(&self, values: &[f64]) -> f64 {
        // A sum of nothing is minus zero in Rust.
        self.columns.iter().zip(values).map(|(column, value)| column.cost * value).sum::<f64>() + 0.0
    }

    /// Refuses what is not a number, ranges without a number in them, and variables of another program.
    pub(super) fn check(&self) -> Result<(), ProgramError> {
        for (index, column) in self.columns.iter().enumerate() {
            let name = || format!("variable {index}");
            if !column.cost.is_finite() {
                return Err(ProgramError::NotANumber { what: format!("the cost of {}", name()), value: column.cost });
            }
            check_range(name, column.low, column.high)?;
        }
        for limit in &self.limits {
            check_range(|| format!("row {:?}", limit.name), limit.low, limit.high)?;
            for (variable, coefficient) in &limit.terms {
                if *variable >= self.columns.len() {
                    return Err(ProgramError::UnknownVariable { row: limit.name.clone() });
                }
                if !coefficient.is_finite() {
                    let what = format!("a coefficient of row {:?}", limit.name);
                    return Err(ProgramError::NotANumber { what, value: *coefficient });
                }
            }
        }
        Ok(())
    }

    /// The largest miss of any row, relative to what the row adds up, and its name; none where all hold.
    pub(super) fn worst_miss(&self, values: &[f64], typical: f64) -> Option<(String, f64)> {
        let mut worst: Option<(String, f64)> = None;
        let mut judge = |name: &dyn Fn() -> String, value: f64, low: f64, high: f64, magnitude: f64| {
            let miss = (low - value).max(value - high);
            // A NaN is a miss as well.
            if miss <= RELATIVE_TOLERANCE * magnitude {
                return;
            }
            let relative = miss / magnitude;
            if worst.as_ref().is_none_or(|(_, by)| relative > *by || relative.is_nan()) {
                worst = Some((name(), relative));
            }
        };
        for (index, (column, value)) in self.columns.iter().zip(values).enumerate() {
            let magnitude = if column.integer { 1.0 } else { typical.max(value.abs()) };
            judge(&|| format!("variable {index}"), *value, column.low, column.high, magnitude);
        }
        for limit in &self.limits {
            let unit = |variable: usize| if self.columns[variable].integer { 1.0 } else { typical };
            let units = limit.terms.iter().map(|(variable, coefficient)| coefficient.abs() * unit(*variable));
            let magnitude = units.fold(limit.magnitude(values), f64::max).max(f64::MIN_POSITIVE);
            judge(&|| limit.name.clone(), limit.activity(values), limit.low, limit.high, magnitude);
        }
        worst
    }
}

fn check_range(name: impl Fn() -> String, low: f64, high: f64) -> Result<(), ProgramError> {
    if low.is_nan() || low == f64::INFINITY {
        return Err(ProgramError::NotANumber { what: format!("the low end of {}", name()), value: low });
    }
    if high.is_nan() || high == f64::NEG_INFINITY {
        return Err(ProgramError::NotANumber { what: format!("the high end of {}", name()), value: high });
    }
    if low > high {
        return Err(ProgramError::EmptyRange { what: name(), low, high });
    }
    Ok(())
}
