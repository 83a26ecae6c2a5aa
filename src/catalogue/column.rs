//! A property of a layer as a column.

use crate::model::{PropertyType, Value};

/// The values of one property, one a row.
#[derive(Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Column {
    Text(Vec<Option<Box<str>>>),
    /// NaN where there is none.
    Number(Vec<f64>),
    Integer(Vec<Option<i64>>),
    Boolean(Vec<Option<bool>>),
    /// Written as JSON once, at load.
    Json(Vec<Option<Box<str>>>),
}

impl Column {
    /// An empty column of a type.
    #[must_use]
    pub fn of(kind: PropertyType, rows: usize) -> Self {
        match kind {
            PropertyType::Text | PropertyType::Date => Self::Text(Vec::with_capacity(rows)),
            PropertyType::Number => Self::Number(Vec::with_capacity(rows)),
            PropertyType::Integer => Self::Integer(Vec::with_capacity(rows)),
            PropertyType::Boolean => Self::Boolean(Vec::with_capacity(rows)),
            PropertyType::Layers => Self::Json(Vec::with_capacity(rows)),
        }
    }

    /// A row's value.
    #[must_use]
    pub fn value(&self, row: usize, kind: PropertyType) -> Value {
        match self {
            Self::Text(values) => match (&values[row], kind) {
                (None, _) => Value::Null,
                (Some(text), PropertyType::Date) => Value::Date(text.to_string()),
                (Some(text), _) => Value::Text(text.to_string()),
            },
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

    /// Adds a row's value; one of another type counts as none.
    pub fn push(&mut self, value: Value) {
        match (self, value) {
            (Self::Text(column), Value::Text(text) | Value::Date(text)) => column.push(Some(text.into())),
            (Self::Number(column), Value::Number(number)) => column.push(number),
            (Self::Integer(column), Value::Integer(number)) => column.push(Some(number)),
            (Self::Boolean(column), Value::Boolean(flag)) => column.push(Some(flag)),
            (Self::Json(column), Value::Layers(layers)) => {
                column.push(serde_json::to_string(&layers).ok().map(String::into_boxed_str));
            }
            (Self::Text(column) | Self::Json(column), _) => column.push(None),
            (Self::Number(column), _) => column.push(f64::NAN),
            (Self::Integer(column), _) => column.push(None),
            (Self::Boolean(column), _) => column.push(None),
        }
    }
}
