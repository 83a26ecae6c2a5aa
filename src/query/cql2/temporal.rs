//! Dates, moments and intervals of all rows at once, as whole numbers: days where all sides are days, microseconds
//! where one is not. In a comparison of a day with a moment the moment counts as its day; in a relation of intervals
//! a day lasts from its first to its last microsecond.

use super::numbers::calendar_part;
use super::truth::{Truth, bits};
use super::typed::{CalendarPart, Instant, Period, Relation, TemporalRelation};
use crate::catalogue::{Column, LayerTable};
use crate::query::moment::{FUTURE, Moment, NONE, PAST, day_of, day_with, first_of_day, last_of_day, micros_of};

/// One for every row, or one a row.
enum Numbers {
    One(i64),
    Many(Vec<i64>),
}

impl Numbers {
    #[inline]
    fn at(&self, row: usize) -> i64 {
        match self {
            Self::One(number) => *number,
            Self::Many(numbers) => numbers[row],
        }
    }

    fn each(self, change: impl Fn(i64) -> i64) -> Self {
        let change = |number: i64| if number == NONE { NONE } else { change(number) };
        match self {
            Self::One(number) => Self::One(change(number)),
            Self::Many(mut numbers) => {
                for number in &mut numbers {
                    *number = change(*number);
                }
                Self::Many(numbers)
            }
        }
    }
}

/// Days of a day, microseconds of a moment.
fn own_numbers(instant: &Instant, table: &LayerTable) -> Numbers {
    match instant {
        Instant::Literal(Moment::Day(number) | Moment::Instant(number)) => Numbers::One(*number),
        Instant::Days(column) | Instant::Moments(column) => match &table.columns()[*column] {
            Column::Date(dates) => Numbers::Many(dates.iter().map(|date| date.map_or(NONE, day_of)).collect()),
            Column::Moment(moments) => Numbers::Many(moments.iter().map(|moment| moment.map_or(NONE, micros_of)).collect()),
            // The checker takes instants from columns of dates and moments only.
            _ => Numbers::One(NONE),
        },
    }
}

fn days(instant: &Instant, table: &LayerTable) -> Numbers {
    let numbers = own_numbers(instant, table);
    if instant.is_day() { numbers } else { numbers.each(day_with) }
}

/// A comparison of two instants.
pub(super) fn compare(relation: Relation, left: &Instant, right: &Instant, table: &LayerTable) -> Truth {
    let moments = !left.is_day() && !right.is_day();
    let numbers = |instant: &Instant| if moments { own_numbers(instant, table) } else { days(instant, table) };
    let (left, right) = (numbers(left), numbers(right));
    let ask = |relation: Relation| {
        bits(table.len(), |row| {
            let (left, right) = (left.at(row), right.at(row));
            left != NONE && right != NONE && relation.holds(&left, &right)
        })
    };
    Truth { yes: ask(relation), no: ask(relation.opposite()) }
}

/// The beginning and the end of a period.
fn ends(period: &Period, in_days: bool, table: &LayerTable) -> (Numbers, Numbers) {
    let first = |instant: &Instant| {
        let numbers = own_numbers(instant, table);
        if in_days || !instant.is_day() { numbers } else { numbers.each(first_of_day) }
    };
    let last = |instant: &Instant| {
        let numbers = own_numbers(instant, table);
        if in_days || !instant.is_day() { numbers } else { numbers.each(last_of_day) }
    };
    match period {
        Period::At(instant) => (first(instant), last(instant)),
        Period::Between(from, to) => {
            (from.as_ref().map_or(Numbers::One(PAST), first), to.as_ref().map_or(Numbers::One(FUTURE), last))
        }
    }
}

fn is_in_days(period: &Period) -> bool {
    match period {
        Period::At(instant) => instant.is_day(),
        Period::Between(from, to) => [from, to].into_iter().flatten().all(Instant::is_day),
    }
}

/// A relation of two periods. A row whose interval ends before it begins is unknown, as one without a bound is.
pub(super) fn relate(relation: TemporalRelation, left: &Period, right: &Period, table: &LayerTable) -> Truth {
    let in_days = is_in_days(left) && is_in_days(right);
    let (a, b) = ends(left, in_days, table);
    let (c, d) = ends(right, in_days, table);
    let rows = table.len();
    let known = |row: usize| {
        let (a, b, c, d) = (a.at(row), b.at(row), c.at(row), d.at(row));
        (a != NONE && b != NONE && c != NONE && d != NONE && a <= b && c <= d).then_some(((a, b), (c, d)))
    };
    Truth {
        yes: bits(rows, |row| known(row).is_some_and(|(left, right)| relation.holds(left, right))),
        no: bits(rows, |row| known(row).is_some_and(|(left, right)| !relation.holds(left, right))),
    }
}

/// A part of each row's day; NaN where there is none.
pub(super) fn parts(part: CalendarPart, instant: &Instant, table: &LayerTable) -> Vec<f64> {
    let days = days(instant, table);
    let of = |row: usize| if days.at(row) == NONE { f64::NAN } else { calendar_part(part, days.at(row)) };
    (0..table.len()).map(of).collect()
}
