//! Month after month with what a season really gave.

use super::pile::Pile;
use super::{FuelYear, MOST_T, StockpileError, within};
use crate::units::Tonnes;
use serde::Serialize;

/// One month.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StockMonth {
    /// Calendar month, 1 to 12.
    pub month: u8,
    /// Brought to the stack.
    pub harvest_t: Tonnes,
    /// Could have been harvested, but the stack was full.
    pub left_in_field_t: Tonnes,
    /// What the plant wants.
    pub need_t: Tonnes,
    /// What it gets.
    pub burned_t: Tonnes,
    /// What it lacks.
    pub short_t: Tonnes,
    /// Dry matter that the stack lost, as fuel.
    pub lost_t: Tonnes,
    /// Stock at the end of the month.
    pub stock_t: Tonnes,
    /// Whole months since the oldest peat in the stack was harvested.
    pub oldest_age_months: Option<u32>,
    /// Peat in the stack that is older than it should be.
    pub too_old_t: Tonnes,
}

/// One fuel year, from the first month of harvest to the last before the next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StockYear {
    /// Counted from one.
    pub year: usize,
    /// Brought to the stack.
    pub harvest_t: Tonnes,
    /// Burned.
    pub burned_t: Tonnes,
    /// Lost in the stack.
    pub lost_t: Tonnes,
    /// What the plant lacked.
    pub short_t: Tonnes,
    /// Share of the need that was met.
    pub covered_share: f64,
    /// Month by month.
    pub months: Vec<StockMonth>,
}

impl FuelYear {
    /// Follows the stack over the years: `harvests` is what each season could give, `largest` what the stack holds at
    /// most (what does not fit stays in the field). The oldest peat is burned first; what is not there is short.
    ///
    /// ```
    /// use peatplan::{supply::{FuelYear, MonthlyShares, Pile}, units::*};
    /// let mut july = [0.0; 12];
    /// july[6] = 1.0;
    /// let harvest = MonthlyShares::new("harvest", july).unwrap();
    /// let year = FuelYear::new(&harvest, [Tonnes(10.0); 12], Share::ZERO, 0.0, 13.0).unwrap();
    /// let years = year.follow(&Pile::default(), &[Tonnes(120.0), Tonnes(90.0)], None).unwrap();
    /// assert_eq!((years[0].months[0].stock_t.0, years[0].short_t.0), (110.0, 0.0), "July: 120 in, 10 burned");
    /// assert_eq!((years[1].short_t.0, years[1].covered_share), (30.0, 0.75));
    /// ```
    ///
    /// # Errors
    /// [`StockpileError::OutOfRange`]: a harvest or a largest stock below nothing or above 1e12 t.
    pub fn follow(&self, start: &Pile, harvests: &[Tonnes], largest: Option<Tonnes>) -> Result<Vec<StockYear>, StockpileError> {
        checked(harvests, largest)?;
        let mut pile = start.clone();
        Ok(harvests.iter().enumerate().map(|(year, harvest)| self.year(year + 1, &mut pile, *harvest, largest)).collect())
    }

    pub(super) fn year(&self, year: usize, pile: &mut Pile, harvest: Tonnes, largest: Option<Tonnes>) -> StockYear {
        let months: Vec<StockMonth> = (0..12).map(|place| self.month(place, pile, harvest, largest)).collect();
        let sum = |of: fn(&StockMonth) -> Tonnes| months.iter().map(of).fold(Tonnes::ZERO, |sum, part| sum + part);
        let (burned, need) = (sum(|month| month.burned_t), sum(|month| month.need_t));
        StockYear {
            year,
            harvest_t: sum(|month| month.harvest_t),
            burned_t: burned,
            lost_t: sum(|month| month.lost_t),
            short_t: sum(|month| month.short_t),
            covered_share: if need.0 > 0.0 { (burned / need).min(1.0) } else { 1.0 },
            months,
        }
    }

    fn month(&self, place: usize, pile: &mut Pile, season: Tonnes, largest: Option<Tonnes>) -> StockMonth {
        let lost = pile.age(self.kept);
        let (offered, need) = (season * self.harvest[place], self.need[place]);
        // Room at the end of the month, after the need is taken.
        let room = largest.map_or(offered, |largest| (largest + need - pile.mass()).max(Tonnes::ZERO));
        let harvest = offered.min(room);
        pile.add(harvest);
        let burned = pile.take(need);
        StockMonth {
            month: self.calendar_month(place),
            harvest_t: harvest,
            left_in_field_t: offered - harvest,
            need_t: need,
            burned_t: burned,
            short_t: need - burned,
            lost_t: lost,
            stock_t: pile.mass(),
            oldest_age_months: pile.oldest_age_months(),
            too_old_t: pile.mass_from_age(self.age_limit_months),
        }
    }
}

pub(super) fn checked(harvests: &[Tonnes], largest: Option<Tonnes>) -> Result<(), StockpileError> {
    for harvest in harvests {
        within("the harvest of a season", harvest.0, (0.0, MOST_T), " t")?;
    }
    if let Some(largest) = largest {
        within("the largest stock", largest.0, (0.0, MOST_T), " t")?;
    }
    Ok(())
}
