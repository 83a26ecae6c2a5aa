//! `datetime`: a moment, or a stretch of time.

use super::moment::{FUTURE, Moment, PAST, day_of, first_of_day, last_of_day, micros_of};
use crate::catalogue::{Column, LayerTable};
use crate::model::{LayerSchema, Property, PropertyType};
use fixedbitset::FixedBitSet;
use thiserror::Error;

/// Why a text is no time.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum DatetimeError {
    #[error(
        "datetime must be a date, a moment (RFC 3339), or two of them with / between, an open end being .. or nothing; it was {0:?}"
    )]
    Unreadable(String),
    #[error("datetime ends before it begins: {0:?}")]
    Backwards(String),
}

/// A stretch of time with both its ends (RFC 3339, as OGC API Features has it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Datetime {
    from: i64,
    to: i64,
}

impl Datetime {
    /// Reads `2020-05-01`, `2020-05-01T12:00:00Z`, `2020-05-01/2020-06-01`, `../2020-06-01`, `2020-05-01/..`.
    /// A date lasts all day.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, DatetimeError> {
        let shown = || text.chars().take(80).collect::<String>();
        let end = |part: &str| match part {
            "" | ".." => Some(None),
            part => Moment::parse(part).map(Some),
        };
        let (from, to) = match text.split_once('/') {
            Some((from, to)) => match (end(from), end(to)) {
                (Some(from), Some(to)) => (from, to),
                _ => return Err(DatetimeError::Unreadable(shown())),
            },
            None => match Moment::parse(text) {
                Some(moment) => (Some(moment), Some(moment)),
                None => return Err(DatetimeError::Unreadable(shown())),
            },
        };
        let (from, to) = (from.map_or(PAST, Moment::first), to.map_or(FUTURE, Moment::last));
        if from > to { Err(DatetimeError::Backwards(shown())) } else { Ok(Self { from, to }) }
    }

    /// Rows that are of this time or say nothing of theirs (requirement 26).
    pub(super) fn rows(self, table: &LayerTable) -> Option<FixedBitSet> {
        let overlaps = |from: i64, to: i64| from <= self.to && to >= self.from;
        match table.column(&primary_date(table.schema())?.name)? {
            Column::Date(dates) => {
                let in_time = |date: time::Date| overlaps(first_of_day(day_of(date)), last_of_day(day_of(date)));
                Some(dates.iter().enumerate().filter(|(_, date)| date.is_none_or(in_time)).map(|(row, _)| row).collect())
            }
            Column::Moment(moments) => {
                let in_time = |moment: time::OffsetDateTime| overlaps(micros_of(moment), micros_of(moment));
                let rows = moments.iter().enumerate().filter(|(_, moment)| moment.is_none_or(in_time));
                Some(rows.map(|(row, _)| row).collect())
            }
            _ => None,
        }
    }

    pub(super) fn canonical(self) -> String {
        format!("{}/{}", self.from, self.to)
    }
}

/// The property that says when a row is of, if the layer has one: its first date or moment.
#[must_use]
pub fn primary_date(schema: &LayerSchema) -> Option<&Property> {
    schema.properties.iter().find(|property| matches!(property.kind, PropertyType::Date | PropertyType::Moment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_lasts_all_day_and_an_end_may_be_open() {
        let day = Datetime::parse("2020-05-01").unwrap();
        assert_eq!(day, Datetime::parse("2020-05-01T00:00:00Z/2020-05-01T23:59:59.999999Z").unwrap());
        assert_eq!(Datetime::parse("../2020-05-01").unwrap(), Datetime::parse("/2020-05-01").unwrap());
        assert_eq!(Datetime::parse("../..").unwrap(), Datetime { from: PAST, to: FUTURE });
    }

    #[test]
    fn what_is_no_time_is_refused_with_its_words() {
        for text in ["", "yesterday", "2020", "2020-13-01", "2020-02-01/2020-01-01", "a/b", "2020-01-01/2020-02-01/2020-03-01"] {
            assert!(Datetime::parse(text).is_err(), "{text}");
        }
    }
}
