//! When a process runs: shifts, working days, a yearly shutdown.

use crate::model::{DAYS_OF_YEAR, OperatingProfile};

/// When a process runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatingTime {
    /// Beginning and end of work by the clock, 0 to 24; over midnight where it begins later than it ends.
    pub hours: [u8; 2],
    /// Days of the week, Monday first.
    pub weekdays: [bool; 7],
    /// First day of the yearly shutdown, from 0.
    pub shutdown_from_day: usize,
    /// Days of the yearly shutdown; over New Year where it begins late.
    pub shutdown_days: usize,
}

impl OperatingTime {
    /// The hours of a profile of the consumers' layer, with a shutdown of so many weeks from a week of the year on that counts from 1.
    #[must_use]
    pub fn new(profile: OperatingProfile, shutdown_weeks: f64, first_week: f64) -> Self {
        let working = [true, true, true, true, true, false, false];
        let (hours, weekdays) = match profile {
            OperatingProfile::Continuous => ([0, 24], [true; 7]),
            OperatingProfile::ThreeShifts => ([0, 24], working),
            OperatingProfile::TwoShifts => ([6, 22], working),
            OperatingProfile::OneShift => ([8, 17], working),
        };
        let days = |weeks: f64| super::calendar::whole_days(7.0 * weeks);
        Self { hours, weekdays, shutdown_from_day: days(first_week - 1.0), shutdown_days: days(shutdown_weeks) }
    }

    /// The hours of a year: 1 at work, `idle` else, and `shutdown` in the yearly shutdown. `first_weekday` is that of 1 January, 0 for
    /// Monday.
    ///
    /// Two shifts on five days a week are 16 h on the 261 working days of a year that begins on a Monday:
    ///
    /// ```
    /// use peatplan::{energy::demand::OperatingTime, model::OperatingProfile};
    /// let time = OperatingTime::new(OperatingProfile::TwoShifts, 0.0, 27.0);
    /// assert_eq!(time.shape(0, 0.0, 0.0).iter().sum::<f64>(), 4_176.0);
    /// ```
    #[must_use]
    pub fn shape(&self, first_weekday: usize, idle: f64, shutdown: f64) -> Vec<f64> {
        let at_work = |hour: u8| {
            let [start, end] = self.hours;
            if start <= end { (start..end).contains(&hour) } else { hour >= start || hour < end }
        };
        let standing =
            |day: usize| (day + DAYS_OF_YEAR - self.shutdown_from_day % DAYS_OF_YEAR) % DAYS_OF_YEAR < self.shutdown_days;
        let load = |day: usize, hour: u8| {
            if standing(day) {
                shutdown
            } else if self.weekdays[(day + first_weekday) % 7] && at_work(hour) {
                1.0
            } else {
                idle
            }
        };
        (0..DAYS_OF_YEAR).flat_map(|day| (0..24).map(move |hour| load(day, hour))).collect()
    }
}
