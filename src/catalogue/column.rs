//! A property of a layer as a column.

use super::fingerprint::{NOTHING, date_word, integer_word, moment_word, number_word, text_word};
use super::words::Words;
use crate::model::{PropertyType, Value};
use std::ops::Range;
use time::format_description::well_known::Iso8601;
use time::{Date, OffsetDateTime};

/// The values of one property, one a row.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Column {
    Text(Words),
    /// NaN where there is none.
    Number(Vec<f64>),
    Integer(Vec<Option<i64>>),
    Boolean(Vec<Option<bool>>),
    Date(Vec<Option<Date>>),
    /// In UTC.
    Moment(Vec<Option<OffsetDateTime>>),
    /// Written as JSON once, at load.
    Json(Vec<Option<Box<str>>>),
}

impl Column {
    /// An empty column of a type.
    #[must_use]
    pub fn of(kind: PropertyType, rows: usize) -> Self {
        match kind {
            PropertyType::Text => Self::Text(Words::with_capacity(rows)),
            PropertyType::Date => Self::Date(Vec::with_capacity(rows)),
            PropertyType::Moment => Self::Moment(Vec::with_capacity(rows)),
            PropertyType::Number => Self::Number(Vec::with_capacity(rows)),
            PropertyType::Integer => Self::Integer(Vec::with_capacity(rows)),
            PropertyType::Boolean => Self::Boolean(Vec::with_capacity(rows)),
            PropertyType::Layers => Self::Json(Vec::with_capacity(rows)),
        }
    }

    /// A row's value.
    #[must_use]
    pub fn value(&self, row: usize) -> Value {
        match self {
            Self::Text(words) => words.get(row).map_or(Value::Null, |text| Value::Text(text.to_owned())),
            Self::Date(values) => values[row].map_or(Value::Null, |date| Value::Date(date.to_string())),
            Self::Moment(values) => values[row].map_or(Value::Null, Value::Moment),
            Self::Number(values) if values[row].is_nan() => Value::Null,
            Self::Number(values) => Value::Number(values[row]),
            Self::Integer(values) => values[row].map_or(Value::Null, Value::Integer),
            Self::Boolean(values) => values[row].map_or(Value::Null, Value::Boolean),
            Self::Json(values) => {
                let layers = values[row].as_deref().and_then(|json| serde_json::from_str(json).ok());
                layers.map_or(Value::Null, Value::Layers)
            }
        }
    }

    /// Whether a row has no value.
    #[must_use]
    pub fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Text(words) => words.get(row).is_none(),
            Self::Date(values) => values[row].is_none(),
            Self::Moment(values) => values[row].is_none(),
            Self::Number(values) => values[row].is_nan(),
            Self::Integer(values) => values[row].is_none(),
            Self::Boolean(values) => values[row].is_none(),
            Self::Json(values) => values[row].is_none(),
        }
    }

    /// Adds a row's value; one of another type counts as none.
    pub fn push(&mut self, value: &Value) {
        match (self, value) {
            (Self::Text(column), Value::Text(text)) => column.push(Some(text)),
            (Self::Text(column), _) => column.push(None),
            (Self::Number(column), Value::Number(number)) => column.push(*number),
            (Self::Number(column), _) => column.push(f64::NAN),
            (Self::Integer(column), Value::Integer(number)) => column.push(Some(*number)),
            (Self::Integer(column), _) => column.push(None),
            (Self::Boolean(column), Value::Boolean(flag)) => column.push(Some(*flag)),
            (Self::Boolean(column), _) => column.push(None),
            (Self::Date(column), Value::Date(text)) => column.push(Date::parse(text, &Iso8601::DATE).ok()),
            (Self::Date(column), _) => column.push(None),
            (Self::Moment(column), Value::Moment(moment)) => column.push(Some(*moment)),
            (Self::Moment(column), _) => column.push(None),
            (Self::Json(column), Value::Layers(layers)) => {
                column.push(serde_json::to_string(layers).ok().map(String::into_boxed_str));
            }
            (Self::Json(column), _) => column.push(None),
        }
    }

    /// Puts other rows, of the same type, in the place of some.
    pub(super) fn splice(&mut self, rows: Range<usize>, with: Self) {
        match (self, with) {
            (Self::Text(column), Self::Text(new)) => column.splice(rows, new),
            (Self::Number(column), Self::Number(new)) => drop(column.splice(rows, new)),
            (Self::Integer(column), Self::Integer(new)) => drop(column.splice(rows, new)),
            (Self::Boolean(column), Self::Boolean(new)) => drop(column.splice(rows, new)),
            (Self::Date(column), Self::Date(new)) => drop(column.splice(rows, new)),
            (Self::Moment(column), Self::Moment(new)) => drop(column.splice(rows, new)),
            (Self::Json(column), Self::Json(new)) => drop(column.splice(rows, new)),
            _ => debug_assert!(false, "columns of one property have one type"),
        }
    }

    /// Gives back what only adding rows needs.
    pub(super) fn seal(&mut self) {
        if let Self::Text(words) = self {
            words.seal();
        }
    }

    /// A row's value as a word of its fingerprint.
    pub(super) fn word(&self, row: usize) -> u64 {
        match self {
            Self::Text(words) => words.get(row).map_or(NOTHING, text_word),
            Self::Number(values) => number_word(values[row]),
            Self::Integer(values) => values[row].map_or(NOTHING, integer_word),
            Self::Boolean(values) => values[row].map_or(NOTHING, u64::from),
            Self::Date(values) => values[row].map_or(NOTHING, date_word),
            Self::Moment(values) => values[row].map_or(NOTHING, moment_word),
            Self::Json(values) => values[row].as_deref().map_or(NOTHING, text_word),
        }
    }

    /// The words of all rows: a text that many rows have is hashed once.
    pub(super) fn words(&self) -> impl Iterator<Item = u64> + '_ {
        let (codes, texts): (&[u32], Vec<u64>) = match self {
            Self::Text(words) => (words.codes(), words.distinct().iter().map(|text| text_word(text)).collect()),
            _ => (&[], Vec::new()),
        };
        let word = move |row: usize| match codes.get(row) {
            Some(code) => texts.get(*code as usize).copied().unwrap_or(NOTHING),
            None => self.word(row),
        };
        (0..self.len()).map(word)
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(words) => words.len(),
            Self::Number(values) => values.len(),
            Self::Integer(values) => values.len(),
            Self::Boolean(values) => values.len(),
            Self::Date(values) => values.len(),
            Self::Moment(values) => values.len(),
            Self::Json(values) => values.len(),
        }
    }
}
