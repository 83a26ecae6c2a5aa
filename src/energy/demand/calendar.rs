//! Days, weeks and months of a year of 365 days.

use crate::model::DAYS_OF_YEAR;

/// Days of the months; there is no 29 February.
const DAYS_OF_MONTHS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The month, 0 to 11, of a day of the year that counts from 0; days beyond the year are of December.
///
/// ```
/// use peatplan::energy::demand::month_of_day;
/// assert_eq!((month_of_day(0), month_of_day(58), month_of_day(59), month_of_day(364)), (0, 1, 2, 11));
/// ```
#[must_use]
pub fn month_of_day(day: usize) -> usize {
    let mut before = 0;
    for (month, days) in DAYS_OF_MONTHS.iter().enumerate() {
        before += days;
        if day < before {
            return month;
        }
    }
    11
}

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "counts here are hours and days, far below 2^53")]
pub(super) fn number(count: usize) -> f64 {
    count as f64
}

/// A number of days that a parameter gives, rounded, within the year.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the days of a year")]
pub(super) fn whole_days(value: f64) -> usize {
    value.round().clamp(0.0, number(DAYS_OF_YEAR)) as usize
}

/// Where the season stands on a day of the year that counts from 1: `cos(2 pi (d - 20) / 365)`, 1 in the depth of winter, 20
/// January, and -1 in the height of summer.
pub(super) fn winter_phase(day_of_year: f64) -> f64 {
    (std::f64::consts::TAU * (day_of_year - COLDEST_DAY) / number(DAYS_OF_YEAR)).cos()
}

/// Day of the year about which the cold half lies; general knowledge for a continental climate of the north.
const COLDEST_DAY: f64 = 20.0;
