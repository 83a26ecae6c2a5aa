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

    /// Adds a row's value; one of another type counts as none.
    pub fn push(&mut self, value: Value) {
        match (self, value) {
            (Self::Text(column), Value::Text(text) | Value::Date(text)) => column.push(Some(text.into())),
            (Self::Text(column) | Self::Json(column), Value::Null) => column.push(None),
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
