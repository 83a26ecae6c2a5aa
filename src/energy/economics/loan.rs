//! A loan that is paid back in equal payments.

use super::EconomicsError;
use super::annuity::capital_recovery_factor;
use super::error::{number, parameter};
use serde::{Deserialize, Serialize};

/// Part of the investment is borrowed, at a nominal rate, and paid back by equal payments (an annuity) from the first year of operation on. Interest
/// during construction is added to the debt.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Loan {
    /// Share of the investment that is borrowed.
    pub share: f64,
    /// Nominal interest a year.
    pub rate: f64,
    /// Years of equal payments.
    pub years: u32,
}

/// The loan year by year in money of its day, from year 0 to the last year of operation.
pub(super) struct LoanSchedule {
    /// Borrowed.
    pub drawn: Vec<f64>,
    /// Interest that falls due: added to the debt during construction, paid from then on. A cost before profit tax.
    pub interest: Vec<f64>,
    /// Of it, paid in cash.
    pub paid_interest: Vec<f64>,
    /// Debt paid back.
    pub repaid: Vec<f64>,
}

impl Loan {
    pub(super) fn check(&self, operation_years: u32) -> Result<(), EconomicsError> {
        parameter("loan_share", self.share)?;
        parameter("loan_rate", self.rate)?;
        parameter("loan_years", f64::from(self.years))?;
        if self.years > operation_years {
            return Err(EconomicsError::OutOfRange {
                name: "loan_years".to_owned(),
                value: f64::from(self.years),
                low: 1.0,
                high: f64::from(operation_years),
                unit: " years, the years of operation",
            });
        }
        Ok(())
    }

    /// From the outlays in money of the day, one a year of construction, and the number of years in all.
    pub(super) fn schedule(&self, outlays: &[f64], years: usize) -> Result<LoanSchedule, EconomicsError> {
        let nothing = vec![0.0; years];
        let mut schedule =
            LoanSchedule { drawn: nothing.clone(), interest: nothing.clone(), paid_interest: nothing.clone(), repaid: nothing };
        let mut debt = 0.0;
        for (year, outlay) in outlays.iter().enumerate() {
            schedule.interest[year] = debt * self.rate;
            schedule.drawn[year] = outlay * self.share;
            debt += schedule.interest[year] + schedule.drawn[year];
        }
        let payment = debt * capital_recovery_factor(self.rate, self.years)?;
        let first = outlays.len();
        for year in first..(first + self.years as usize).min(years) {
            let interest = debt * self.rate;
            let left = number(first + self.years as usize - year);
            // The last payment takes what rounding has left.
            let repaid = if left <= 1.0 { debt } else { payment - interest };
            schedule.interest[year] = interest;
            schedule.paid_interest[year] = interest;
            schedule.repaid[year] = repaid;
            debt -= repaid;
        }
        Ok(schedule)
    }
}
