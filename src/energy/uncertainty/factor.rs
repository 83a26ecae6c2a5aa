//! An uncertain input.

use super::error::within;
use super::{Distribution, UncertaintyError};
use serde::Serialize;

/// An uncertain input: its name, from which its draws follow, its base for studies without uncertainty, and its distribution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Factor {
    name: String,
    unit: String,
    base: f64,
    distribution: Distribution,
}

impl Factor {
    /// A factor; its distribution is checked here, once.
    ///
    /// ```
    /// use peatplan::energy::uncertainty::{Distribution, Factor};
    /// let cost = Factor::new("capital_cost_factor", "", 1.0, Distribution::Triangular { low: 0.85, mode: 1.0, high: 1.3 }).unwrap();
    /// assert_eq!(cost.name(), "capital_cost_factor");
    /// assert!(Factor::new("availability", "", 0.9, Distribution::Uniform { low: 0.95, high: 0.75 }).is_err());
    /// ```
    ///
    /// # Errors
    /// A base that is not a number, or a distribution that is none.
    pub fn new(
        name: impl Into<String>,
        unit: impl Into<String>,
        base: f64,
        distribution: Distribution,
    ) -> Result<Self, UncertaintyError> {
        let name = name.into();
        within(&format!("the base of {name}"), base, [-1e15, 1e15])?;
        distribution.check(&name)?;
        Ok(Self { name, unit: unit.into(), base, distribution })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Unit of its values; empty where it has none.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Its value in a study without uncertainty.
    #[must_use]
    pub fn base(&self) -> f64 {
        self.base
    }

    /// Its distribution.
    #[must_use]
    pub fn distribution(&self) -> &Distribution {
        &self.distribution
    }

    /// The value below which it lies with a probability; one outside 0 to 1 counts as the nearer end.
    #[must_use]
    pub fn value_at(&self, probability: f64) -> f64 {
        let probability = if probability.is_nan() { 0.0 } else { probability.clamp(0.0, 1.0) };
        self.distribution.value_at(probability)
    }
}
