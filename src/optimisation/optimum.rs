//! The answer to a program.

use super::Variable;

/// A row may be missed by this much of what it adds up.
pub(super) const RELATIVE_TOLERANCE: f64 = 1e-7;

/// The values that cost least, put into every row again before they were given out.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimum {
    pub(super) values: Vec<f64>,
    pub(super) objective: f64,
    pub(super) gap: f64,
    pub(super) steps: u64,
    pub(super) nodes: u64,
}

impl Optimum {
    /// The least cost.
    #[must_use]
    pub fn objective(&self) -> f64 {
        self.objective
    }

    /// Value of a variable; nothing for a variable of another program.
    #[must_use]
    pub fn value(&self, variable: Variable) -> f64 {
        self.values.get(variable.0).copied().unwrap_or(0.0)
    }

    /// Most by which the objective may lie above the true least one, as a share of it: zero but where the gap that was
    /// allowed, or the limit of nodes, ended a search over yes-or-no variables.
    #[must_use]
    pub fn proven_gap(&self) -> f64 {
        self.gap
    }

    /// Steps of the simplex method that it took.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Nodes of the search over yes-or-no variables.
    #[must_use]
    pub fn nodes(&self) -> u64 {
        self.nodes
    }
}
