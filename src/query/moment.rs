//! Days and moments as whole numbers, and how texts name them.

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// Julian day of 1970-01-01.
const EPOCH: i64 = 2_440_588;
/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;
/// No value.
pub(super) const NONE: i64 = i64::MIN;
/// Before every moment.
pub(super) const PAST: i64 = i64::MIN + 1;
/// After every moment.
pub(super) const FUTURE: i64 = i64::MAX;

/// A day, or a moment of it, as a text names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// Days since 1970-01-01.
    Day(i64),
    /// Microseconds since 1970-01-01T00:00:00Z; finer ones are cut off.
    Instant(i64),
}

impl Moment {
    /// `YYYY-MM-DD`.
    pub(super) fn date(text: &str) -> Option<Self> {
        let form = format_description!("[year repr:full padding:zero sign:automatic]-[month]-[day]");
        let sound = text.len() == 10 && text.as_bytes()[0].is_ascii_digit();
        sound.then(|| Date::parse(text, form).ok()).flatten().map(|date| Self::Day(day_of(date)))
    }

    /// `YYYY-MM-DDThh:mm:ss[.f]Z`; another offset than `Z` is understood.
    pub(super) fn timestamp(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339).ok().map(|moment| Self::Instant(micros_of(moment)))
    }

    /// Either.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::date(text).or_else(|| Self::timestamp(text))
    }

    /// Its first microsecond.
    pub(super) fn first(self) -> i64 {
        match self {
            Self::Day(day) => first_of_day(day),
            Self::Instant(micros) => micros,
        }
    }

    /// Its last microsecond.
    pub(super) fn last(self) -> i64 {
        match self {
            Self::Day(day) => last_of_day(day),
            Self::Instant(micros) => micros,
        }
    }
}

/// Days since 1970-01-01.
pub(super) fn day_of(date: Date) -> i64 {
    i64::from(date.to_julian_day()) - EPOCH
}

/// Microseconds since 1970-01-01T00:00:00Z; years to 9999 leave room to spare.
pub(super) fn micros_of(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000)).unwrap_or(FUTURE - 1)
}

/// The first microsecond of a day.
pub(super) fn first_of_day(day: i64) -> i64 {
    day.saturating_mul(DAY)
}

/// The last microsecond of a day.
pub(super) fn last_of_day(day: i64) -> i64 {
    day.saturating_add(1).saturating_mul(DAY) - 1
}

/// The day in which a moment lies, UTC.
pub(super) fn day_with(micros: i64) -> i64 {
    micros.div_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_counted_from_1970() {
        assert_eq!(Moment::date("1970-01-02"), Some(Moment::Day(1)));
        assert_eq!(Moment::date("1969-12-31"), Some(Moment::Day(-1)));
        assert_eq!(Moment::timestamp("1970-01-01T00:00:01.5Z"), Some(Moment::Instant(1_500_000)));
        assert_eq!(Moment::timestamp("1970-01-01T03:00:00+03:00"), Some(Moment::Instant(0)));
        assert_eq!(day_with(-1), -1);
        assert_eq!(Moment::Day(-1).last(), -1);
    }

    #[test]
    fn what_is_no_day_or_moment_is_none() {
        for text in
            ["", "2020-02-30", "2020-2-3", "20200203", "+020-01-01", "2020-01-01T00:00:00", "2020-01-01 00:00", "2020-W01-1"]
        {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
