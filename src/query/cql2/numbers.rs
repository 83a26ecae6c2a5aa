//! Numbers of all rows at once. NULL is NaN.

use super::evaluate::Scope;
use super::truth::{Truth, bits};
use super::typed::{CalendarPart, Number, Relation, Rounding};
use super::{shapes, temporal, texts};
use crate::catalogue::Column;
use fixedbitset::FixedBitSet;
use std::borrow::Cow;

/// One number for every row, or one a row.
pub(super) enum Numbers<'a> {
    One(f64),
    Many(Cow<'a, [f64]>),
}

impl Numbers<'_> {
    pub(super) fn at(&self, row: usize) -> f64 {
        match self {
            Self::One(number) => *number,
            Self::Many(numbers) => numbers[row],
        }
    }

    fn each(self, change: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::One(number) => Self::One(change(number)),
            Self::Many(numbers) => Self::Many(numbers.iter().map(|number| change(*number)).collect()),
        }
    }
}

/// The values of a number; of rows that are not asked they may be anything where they are dear.
pub(super) fn values<'a>(number: &Number, scope: Scope<'a>) -> Numbers<'a> {
    let table = scope.table;
    let rows = table.len();
    let many = |values: Vec<f64>| Numbers::Many(Cow::Owned(values));
    match number {
        Number::Literal(number) => Numbers::One(*number),
        Number::Column(column) => match &table.columns()[*column] {
            Column::Number(values) => Numbers::Many(Cow::Borrowed(values)),
            #[expect(clippy::cast_precision_loss, reason = "years and counts are far below 2^53")]
            Column::Integer(values) => many(values.iter().map(|value| value.map_or(f64::NAN, |value| value as f64)).collect()),
            // The checker takes numbers from columns of numbers only.
            _ => Numbers::One(f64::NAN),
        },
        #[expect(clippy::cast_precision_loss, reason = "identifiers are counted up from 1")]
        Number::Id => many((0..rows).map(|row| table.id(row) as f64).collect()),
        Number::Arithmetic(operator, left, right) => match (values(left, scope), values(right, scope)) {
            (Numbers::One(left), right) => right.each(|right| operator.of(left, right)),
            (left, Numbers::One(right)) => left.each(|left| operator.of(left, right)),
            (Numbers::Many(left), Numbers::Many(right)) => {
                many(left.iter().zip(right.iter()).map(|(left, right)| operator.of(*left, *right)).collect())
            }
        },
        Number::Rounded(rounding, inner) => {
            let inner = values(inner, scope);
            match rounding {
                Rounding::Absolute => inner.each(f64::abs),
                Rounding::Down => inner.each(f64::floor),
                Rounding::Up => inner.each(f64::ceil),
            }
        }
        Number::Length(text) => {
            #[expect(clippy::cast_precision_loss, reason = "texts are far shorter than 2^53")]
            let lengths = |word: &str| word.chars().count() as f64;
            many(texts::map(text, table, lengths, f64::NAN))
        }
        Number::Part(part, instant) => many(temporal::parts(*part, instant, table)),
        Number::AreaHectares(shape) => many(shapes::measure(shape, scope, shapes::area_hectares)),
        Number::LengthMetres(shape) => many(shapes::measure(shape, scope, shapes::length_metres)),
    }
}

/// A comparison of two numbers.
pub(super) fn compare(relation: Relation, left: &Number, right: &Number, scope: Scope<'_>) -> Truth {
    match (values(left, scope), values(right, scope)) {
        (Numbers::One(left), Numbers::One(right)) => {
            let known = !left.is_nan() && !right.is_nan();
            Truth::known(scope.table.len(), known.then(|| relation.holds(&left, &right)))
        }
        (Numbers::Many(left), Numbers::One(right)) => with_one(relation, &left, right),
        (Numbers::One(left), Numbers::Many(right)) => with_one(relation.mirrored(), &right, left),
        (Numbers::Many(left), Numbers::Many(right)) => {
            let ask = |relation: Relation| bits(left.len(), |row| relation.holds(&left[row], &right[row]));
            Truth { yes: ask(relation), no: ask(relation.opposite()) }
        }
    }
}

fn with_one(relation: Relation, values: &[f64], one: f64) -> Truth {
    Truth { yes: bits_of(relation, values, one), no: bits_of(relation.opposite(), values, one) }
}

/// One loop a relation: what is compared does not change from row to row.
fn bits_of(relation: Relation, values: &[f64], one: f64) -> FixedBitSet {
    let rows = values.len();
    match relation {
        Relation::Equal => bits(rows, |row| Relation::Equal.holds(&values[row], &one)),
        Relation::Unequal => bits(rows, |row| Relation::Unequal.holds(&values[row], &one)),
        Relation::Less => bits(rows, |row| Relation::Less.holds(&values[row], &one)),
        Relation::LessOrEqual => bits(rows, |row| Relation::LessOrEqual.holds(&values[row], &one)),
        Relation::Greater => bits(rows, |row| Relation::Greater.holds(&values[row], &one)),
        Relation::GreaterOrEqual => bits(rows, |row| Relation::GreaterOrEqual.holds(&values[row], &one)),
    }
}

/// Whether a number is among sorted ones.
pub(super) fn among(number: &Number, wanted: &[f64], scope: Scope<'_>) -> Truth {
    let values = values(number, scope);
    // By value: -0 is 0, which the order of the bits would tell apart.
    let is_wanted = |value: f64| {
        let place = wanted.partition_point(|one| *one < value);
        wanted.get(place).is_some_and(|one| Relation::Equal.holds(one, &value))
    };
    let count = scope.table.len();
    Truth {
        yes: bits(count, |row| is_wanted(values.at(row))),
        no: bits(count, |row| !values.at(row).is_nan() && !is_wanted(values.at(row))),
    }
}

/// A part of a day, counted from 1970-01-01.
pub(super) fn calendar_part(part: CalendarPart, day: i64) -> f64 {
    let date = i32::try_from(day + 2_440_588).ok().and_then(|julian| time::Date::from_julian_day(julian).ok());
    date.map_or(f64::NAN, |date| match part {
        CalendarPart::Year => f64::from(date.year()),
        CalendarPart::Month => f64::from(u8::from(date.month())),
    })
}
