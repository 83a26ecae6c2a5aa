//! Categories of reserves by how well they are known, and what other systems call them.
//!
//! A category follows from numbers: the error of the mean depth and the spacing of probes. It knows no blocks and no
//! geometry. The thresholds and the equivalences are general knowledge: the Russian guidelines on peat (2007) could not be
//! read, so the thresholds are parameters and the words are proposals for a competent person.

use super::interbeds::BalanceClass;
use crate::units::Metres;
use serde::Serialize;

/// Category of a reserve in the Russian system, the best known first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[expect(missing_docs, reason = "the names are those of the system")]
pub enum Category {
    A,
    B,
    C1,
    C2,
    P1,
}

/// Normal deviate of a two-sided interval of 95 %.
const DEVIATE_95: f64 = 1.96;

/// Mean depth of a piece of land and its standard deviation, as block kriging gives them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PanelError {
    /// Mean depth.
    pub mean: Metres,
    /// Standard deviation of that mean.
    pub standard_deviation: Metres,
}

impl PanelError {
    /// Relative error at 95 %: `1.96 s / m`. `None` where the mean is not above zero.
    ///
    /// ```
    /// use peatplan::{reserves::PanelError, units::Metres};
    /// let error = PanelError { mean: Metres(2.0178), standard_deviation: Metres(0.0504) };
    /// assert!((error.relative_95().unwrap() - 0.0490).abs() < 1e-4);
    /// ```
    #[must_use]
    pub fn relative_95(&self) -> Option<f64> {
        let relative = DEVIATE_95 * self.standard_deviation.0.max(0.0) / self.mean.0;
        (self.mean.0 > 0.0 && relative.is_finite()).then_some(relative)
    }
}

/// What a category asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CategoryLimit {
    /// Greatest relative error of the mean depth at 95 %.
    pub error: f64,
    /// Greatest mean spacing of probes, `√(area / probes)`.
    pub spacing: Metres,
}

/// The limits of A, B, C1 and C2.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the categories")]
pub struct CategoryLimits {
    pub a: CategoryLimit,
    pub b: CategoryLimit,
    pub c1: CategoryLimit,
    pub c2: CategoryLimit,
}

impl CategoryLimits {
    /// The best category whose limits on error and spacing are both kept, else P1.
    ///
    /// Without probes (`spacing` is `None`) it is P1, whatever else is known. Without an error it is C2 at best: no one can
    /// say how well the depth is known.
    #[must_use]
    pub fn category(&self, relative_error: Option<f64>, spacing: Option<Metres>) -> Category {
        let Some(spacing) = spacing else { return Category::P1 };
        let keeps = |limit: &CategoryLimit| relative_error.is_some_and(|error| error <= limit.error) && spacing <= limit.spacing;
        let known = [(Category::A, &self.a), (Category::B, &self.b), (Category::C1, &self.c1), (Category::C2, &self.c2)];
        match known.into_iter().find(|(_, limit)| keeps(limit)) {
            Some((category, _)) => category,
            None if relative_error.is_none() && spacing <= self.c2.spacing => Category::C2,
            None => Category::P1,
        }
    }
}

impl Category {
    /// Class by UNFC-2019, "E F G", of a project at the stage of a pre-investment study (general knowledge).
    ///
    /// | reserve | E | F |
    /// | --- | --- | --- |
    /// | balance, may be mined | E2 | F2 |
    /// | off-balance, may be mined | E3 | F2 |
    /// | taken by a constraint | E3 | F4 |
    ///
    /// G1 for A and B, G2 for C1, G3 for C2, G4 for P1.
    #[must_use]
    pub fn unfc(self, class: BalanceClass, legal_access: bool) -> String {
        let viability = match (legal_access, class) {
            (true, BalanceClass::Balance) => "E2 F2",
            (true, BalanceClass::OffBalance) => "E3 F2",
            (false, _) => "E3 F4",
        };
        let confidence = match self {
            Self::A | Self::B => "G1",
            Self::C1 => "G2",
            Self::C2 => "G3",
            Self::P1 => "G4",
        };
        format!("{viability} {confidence}")
    }

    /// Class of resource by CRIRSCO (guidelines of GKZ and CRIRSCO of 2010, indicative; for peat general knowledge). What
    /// is off-balance or taken by a constraint has no reasonable prospect of extraction and is no resource. No reserve
    /// (proved, probable) is named: that takes the modifying factors of a study and a competent person.
    #[must_use]
    pub fn crirsco(self, class: BalanceClass, legal_access: bool) -> &'static str {
        if class == BalanceClass::OffBalance || !legal_access {
            return "none";
        }
        match self {
            Self::A | Self::B => "measured resource",
            Self::C1 => "indicated resource",
            Self::C2 => "inferred resource",
            Self::P1 => "exploration result",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> CategoryLimits {
        let limit = |error, spacing| CategoryLimit { error, spacing: Metres(spacing) };
        CategoryLimits { a: limit(0.05, 140.0), b: limit(0.10, 170.0), c1: limit(0.20, 220.0), c2: limit(0.40, 630.0) }
    }

    #[test]
    fn a_category_needs_a_small_error_and_close_probes() {
        let category = |error, spacing| limits().category(Some(error), Some(Metres(spacing)));
        assert_eq!(category(0.049, 19.0), Category::A);
        assert_eq!(category(0.05, 140.0), Category::A, "the limits themselves count");
        assert_eq!(category(0.04, 150.0), Category::B, "too far apart for A");
        assert_eq!(category(0.15, 19.0), Category::C1, "too uncertain for B");
        assert_eq!(category(0.30, 500.0), Category::C2);
        assert_eq!(category(0.41, 19.0), Category::P1);
        assert_eq!(category(0.01, 700.0), Category::P1);
    }

    #[test]
    fn what_is_not_known_makes_no_good_category() {
        assert_eq!(limits().category(Some(0.01), None), Category::P1, "no probes");
        assert_eq!(limits().category(None, Some(Metres(20.0))), Category::C2, "no error");
        assert_eq!(limits().category(None, Some(Metres(900.0))), Category::P1);
        let none = PanelError { mean: Metres::ZERO, standard_deviation: Metres(0.1) };
        assert_eq!(none.relative_95(), None);
    }

    #[test]
    fn land_that_a_constraint_takes_is_no_resource() {
        assert_eq!(Category::A.unfc(BalanceClass::Balance, true), "E2 F2 G1");
        assert_eq!(Category::C1.unfc(BalanceClass::OffBalance, true), "E3 F2 G2");
        assert_eq!(Category::C2.unfc(BalanceClass::Balance, false), "E3 F4 G3");
        assert_eq!(Category::B.crirsco(BalanceClass::Balance, true), "measured resource");
        assert_eq!(Category::B.crirsco(BalanceClass::Balance, false), "none");
    }
}
