//! Peat in the stack by its age: the oldest is burned first.

use crate::units::Tonnes;
use std::collections::VecDeque;

/// A lot below this is what rounding left.
const NOTHING_T: f64 = 1e-9;

/// A stack with lots by age, the oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pile {
    lots: VecDeque<Lot>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Lot {
    age_months: u32,
    mass: Tonnes,
}

impl Pile {
    /// A stack of one age.
    ///
    /// ```
    /// use peatplan::{supply::Pile, units::Tonnes};
    /// let pile = Pile::of(Tonnes(500.0), 8);
    /// assert_eq!((pile.mass(), pile.oldest_age_months()), (Tonnes(500.0), Some(8)));
    /// assert_eq!(Pile::of(Tonnes(-1.0), 0).mass(), Tonnes(0.0));
    /// ```
    #[must_use]
    pub fn of(mass: Tonnes, age_months: u32) -> Self {
        let mut pile = Self::default();
        if mass.0.is_finite() && mass.0 > 0.0 {
            pile.lots.push_back(Lot { age_months, mass });
        }
        pile
    }

    /// Its mass.
    #[must_use]
    pub fn mass(&self) -> Tonnes {
        // An empty float sum is -0.0; a mass of nothing is plain.
        self.lots.iter().fold(Tonnes::ZERO, |sum, lot| sum + lot.mass)
    }

    /// Whole months since the oldest peat came in; none where there is no peat.
    #[must_use]
    pub fn oldest_age_months(&self) -> Option<u32> {
        self.lots.front().map(|lot| lot.age_months)
    }

    /// Mass of this age or older.
    #[must_use]
    pub fn mass_from_age(&self, months: f64) -> Tonnes {
        self.lots.iter().filter(|lot| f64::from(lot.age_months) >= months).fold(Tonnes::ZERO, |sum, lot| sum + lot.mass)
    }

    /// A month passes: everything grows older and loses its share. Gives what was lost.
    pub(super) fn age(&mut self, kept: f64) -> Tonnes {
        let mut lost = Tonnes::ZERO;
        for lot in &mut self.lots {
            lost += lot.mass * (1.0 - kept);
            lot.mass = lot.mass * kept;
            lot.age_months = lot.age_months.saturating_add(1);
        }
        lost
    }

    pub(super) fn add(&mut self, mass: Tonnes) {
        if mass.0 > 0.0 {
            self.lots.push_back(Lot { age_months: 0, mass });
        }
    }

    /// Takes the oldest first. Gives what was there to take.
    pub(super) fn take(&mut self, wanted: Tonnes) -> Tonnes {
        let mut missing = wanted;
        while missing.0 > 0.0 {
            let Some(oldest) = self.lots.front_mut() else { break };
            if oldest.mass.0 > missing.0 + NOTHING_T {
                oldest.mass -= missing;
                return wanted;
            }
            missing -= oldest.mass;
            self.lots.pop_front();
        }
        // A lot that rounding left may have given a billionth too much.
        wanted - missing.max(Tonnes::ZERO)
    }

    /// The same lots, to within rounding.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let scale = self.mass().max(other.mass()).0;
        self.lots.len() == other.lots.len()
            && self
                .lots
                .iter()
                .zip(&other.lots)
                .all(|(one, two)| one.age_months == two.age_months && (one.mass.0 - two.mass.0).abs() <= 1e-9 * scale + NOTHING_T)
    }
}
