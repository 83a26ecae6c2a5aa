//! A property of a layer as a column.

use super::words::Words;
use crate::model::{PropertyType, Value};
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
}
