//! The stockpile month by month: harvested in summer, burned in winter, losing a little all the time.
//!
//! A month keeps its balance: stock at its end = stock at its beginning × (1 - loss) + harvest - burned. Harvest and
//! burning are even within a month, so that stock is least and greatest at ends of months. Masses are tonnes of one
//! reference moisture, that is dry matter in other clothes; drying and wetting of the pile change no tonne here.
//!
//! The room `season` says how much comes and how it spreads; this one follows it, and knows no fields.

mod band;
mod certainty;
mod pile;
mod steady;
mod years;

pub use band::{BandMonth, BandYear, StockBand, StockRisk, stock_band};
pub use certainty::{CertainStore, certain_store};
pub use pile::Pile;
pub use steady::SteadyCycle;
pub use years::{StockMonth, StockYear};

use super::season::{DAYS_OF_MONTHS, MonthlyShares, SeasonError};
use crate::model::ParameterValues;
use crate::units::{Share, Tonnes};
use thiserror::Error;

/// Why a stockpile cannot be followed.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum StockpileError {
    #[error(transparent)]
    Season(#[from] SeasonError),
    #[error("{name} must lie between {low} and {high}{unit}; it was {value}")]
    OutOfRange { name: &'static str, value: f64, low: f64, high: f64, unit: &'static str },
    #[error(
        "{draws} draws of {years} years are too many; at most {most} years of all draws are followed, and at least one of each is needed"
    )]
    TooMany { draws: usize, years: usize, most: usize },
    #[error("the computation was stopped")]
    Cancelled,
}

/// More than this in a month would be more peat than the world has.
const MOST_T: f64 = 1e12;
/// A pile that loses more than half a month is a fire.
const MOST_LOSS: f64 = 0.5;

/// What a stockpile is for: a need by month, a harvest spread over its months, losses and a safety stock.
///
/// Months run in the order of the fuel year, which begins with the first month of harvest after the longest gap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FuelYear {
    /// Calendar month with which the fuel year begins, 1 to 12.
    first_month: u8,
    /// Shares of the harvest in the order of the fuel year.
    harvest: [f64; 12],
    /// Need in the order of the fuel year.
    need: [Tonnes; 12],
    /// What stays of a tonne after a month: one less the loss.
    kept: f64,
    /// Stock that an average season does not touch.
    safety: Tonnes,
    /// Age in months from which self-heating is warned of.
    age_limit_months: f64,
}

impl FuelYear {
    /// Harvest shares and need by calendar month, January first; loss of a month; safety stock in days of the month with
    /// the greatest daily need; age from which peat in the pile is too old.
    ///
    /// # Errors
    /// [`StockpileError::OutOfRange`]: a need below nothing or above 1e12 t, a loss above 0.5, days outside 0 to 365, an
    /// age outside 1 to 1,200 months.
    pub fn new(
        harvest: &MonthlyShares,
        need_t: [Tonnes; 12],
        loss_month: Share,
        safety_days: f64,
        age_limit_months: f64,
    ) -> Result<Self, StockpileError> {
        for need in need_t {
            within("the need of a month", need.0, (0.0, MOST_T), " t")?;
        }
        within("stock_loss_month", loss_month.value(), (0.0, MOST_LOSS), "")?;
        within("safety_stock_days", safety_days, (0.0, 365.0), " d")?;
        within("stock_age_limit_months", age_limit_months, (1.0, 1_200.0), " months")?;
        let shares = harvest.values();
        let first = first_of_season(shares);
        let daily = need_t.iter().zip(DAYS_OF_MONTHS).map(|(need, days)| need.0 / days).fold(0.0, f64::max);
        Ok(Self {
            first_month: u8::try_from(first + 1).unwrap_or(1),
            harvest: std::array::from_fn(|month| shares[(first + month) % 12]),
            need: std::array::from_fn(|month| need_t[(first + month) % 12]),
            kept: loss_month.rest().value(),
            safety: Tonnes(daily * safety_days),
            age_limit_months,
        })
    }

    /// With loss, safety stock, age limit and spread of the harvest by the parameters of `geodata/reference/season.toml`;
    /// `yearly` is spread over the months by `need`.
    ///
    /// # Errors
    /// As [`FuelYear::new`].
    pub fn from_numbers(yearly: Tonnes, need: &MonthlyShares, numbers: &ParameterValues) -> Result<Self, StockpileError> {
        let loss = Share::new(numbers.get("stock_loss_month")).unwrap_or_default();
        let need_t = need.values().map(|share| yearly * share);
        let (days, age) = (numbers.get("safety_stock_days"), numbers.get("stock_age_limit_months"));
        Self::new(&MonthlyShares::of_harvest(numbers)?, need_t, loss, days, age)
    }

    /// The same for a share of the need, safety stock included.
    #[must_use]
    pub fn scaled(&self, share: Share) -> Self {
        let factor = share.value();
        Self { need: self.need.map(|need| need * factor), safety: self.safety * factor, ..*self }
    }

    /// Need of the year.
    #[must_use]
    pub fn need_t_a(&self) -> Tonnes {
        self.need.iter().copied().sum()
    }

    /// Need of each month, in the order of the fuel year.
    #[must_use]
    pub fn needs(&self) -> &[Tonnes; 12] {
        &self.need
    }

    /// Stock that an average season does not touch.
    #[must_use]
    pub fn safety_stock(&self) -> Tonnes {
        self.safety
    }

    /// Calendar month with which the fuel year begins, 1 to 12.
    #[must_use]
    pub fn first_month(&self) -> u8 {
        self.first_month
    }

    /// The calendar month, 1 to 12, of a place in the fuel year.
    fn calendar_month(&self, place: usize) -> u8 {
        u8::try_from((usize::from(self.first_month) - 1 + place) % 12 + 1).unwrap_or(1)
    }
}

/// The month with harvest that follows the longest gap; January where the harvest never rests.
fn first_of_season(shares: &[f64; 12]) -> usize {
    let gap_before = |month: usize| (1..12).take_while(|back| shares[(month + 12 - back) % 12] <= 0.0).count();
    let begins = (0..12).filter(|month| shares[*month] > 0.0 && gap_before(*month) > 0);
    // Of equal gaps the first one in the calendar.
    begins.fold((0, 0), |best, month| if gap_before(month) > best.1 { (month, gap_before(month)) } else { best }).0
}

fn within(name: &'static str, value: f64, (low, high): (f64, f64), unit: &'static str) -> Result<f64, StockpileError> {
    if (low..=high).contains(&value) { Ok(value) } else { Err(StockpileError::OutOfRange { name, value, low, high, unit }) }
}

#[cfg(test)]
mod tests;
