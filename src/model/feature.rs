//! A row of a layer: an identifier, perhaps a geometry, and values in the order of the schema.

use super::{CoreLayer, Layer};
use geo::Geometry;
use time::OffsetDateTime;

/// The number of a row within its layer, kept for the life of the row.
pub type FeatureId = i64;

/// A value of a property.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Value {
    #[default]
    Null,
    Text(String),
    Number(f64),
    Integer(i64),
    Boolean(bool),
    /// `YYYY-MM-DD`.
    Date(String),
    /// A date with its time, UTC.
    Moment(OffsetDateTime),
    /// The layers of a core, from the surface down.
    Layers(Vec<CoreLayer>),
}

/// A row of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Its number; zero before the store has given one.
    pub id: FeatureId,
    /// Its geometry: CRS84 in the project file, the working system where the noun's doc says so.
    pub geometry: Option<Geometry>,
    /// Its values, one a property of the schema.
    pub values: Vec<Value>,
}

impl Feature {
    /// The value of a named property; `Null` where the layer has no such property.
    #[must_use]
    pub fn value(&self, layer: Layer, name: &str) -> &Value {
        layer.schema().index_of(name).and_then(|index| self.values.get(index)).unwrap_or(&Value::Null)
    }

    /// A text, where there is one.
    #[must_use]
    pub fn text(&self, layer: Layer, name: &str) -> Option<&str> {
        match self.value(layer, name) {
            Value::Text(text) | Value::Date(text) => Some(text),
            _ => None,
        }
    }

    /// A number, where there is one.
    #[must_use]
    pub fn number(&self, layer: Layer, name: &str) -> Option<f64> {
        match self.value(layer, name) {
            Value::Number(number) => Some(*number),
            #[expect(clippy::cast_precision_loss, reason = "years and counts are far below 2^53")]
            Value::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// A yes or no; no where nothing is said.
    #[must_use]
    pub fn flag(&self, layer: Layer, name: &str) -> bool {
        matches!(self.value(layer, name), Value::Boolean(true))
    }
}
