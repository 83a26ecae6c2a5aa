//! A single row that somebody sends: the checks of an import, without a file.

use super::geometry::{accepted, way_to_crs84};
use super::mapping::check_together;
use crate::crs::Crs;
use crate::model::{CoreLayer, Feature, GeometryKind, Layer, Property, PropertyType, Value};
use geo::Geometry;
use serde_json::Value as Json;
use thiserror::Error;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime, UtcOffset};

/// A row as it was sent, its values in the order of the schema.
#[derive(Debug, Clone)]
pub struct Received {
    /// The row's number; zero where the store is to give one.
    pub id: i64,
    /// Its geometry, x = east.
    pub geometry: Option<Geometry>,
    /// Its values.
    pub values: Vec<Value>,
}

/// Why a row is refused.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{reason}")]
pub struct Refused {
    /// The property that is wrong, or `geometry`.
    pub property: String,
    /// What is wrong with it and what is allowed.
    pub reason: String,
}

impl Refused {
    fn new(property: &str, reason: impl Into<String>) -> Self {
        Self { property: property.to_owned(), reason: reason.into() }
    }
}

/// Checks a row as an import does: types, limits and words of the schema, rules over several properties, the kind and
/// validity of the geometry, which is brought to CRS84. Defaults of the schema stand where nothing was sent.
///
/// # Errors
/// [`Refused`], for the first thing that is wrong.
pub fn accept_feature(layer: Layer, received: Received, crs: &Crs, most_vertices: usize) -> Result<Feature, Refused> {
    let schema = layer.schema();
    let mut values = received.values;
    values.resize(schema.properties.len(), Value::Null);
    for (property, value) in schema.properties.iter().zip(&mut values) {
        if let (Value::Null, Some(default)) = (&*value, property.default) {
            *value = Value::Boolean(default);
        }
        property.check(value).map_err(|error| Refused::new(&property.name, error.to_string()))?;
    }
    check_together(layer, &values).map_err(|reason| Refused::new("properties", reason))?;
    let geometry = match received.geometry {
        None if schema.geometry.contains(&GeometryKind::None) => None,
        None => return Err(Refused::new("geometry", format!("a feature of {layer} needs a geometry"))),
        Some(geometry) => {
            let way = way_to_crs84(crs).map_err(|error| Refused::new("geometry", error.to_string()))?;
            let ready = accepted(geometry, layer, &way, most_vertices);
            Some(ready.map_err(|reason| Refused::new("geometry", reason))?)
        }
    };
    Ok(Feature { id: received.id, geometry, values })
}

/// A property's value from JSON. Text is not read as a number, nor a number as a text.
///
/// # Errors
/// Names the property, the value and what is wanted.
pub fn value_from_json(property: &Property, json: &Json) -> Result<Value, Refused> {
    let wrong = || {
        let shown: String = json.to_string().chars().take(120).collect();
        Refused::new(&property.name, format!("{} = {shown} is no {}", property.name, property.expected()))
    };
    let read = match (property.kind, json) {
        (_, Json::Null) => Some(Value::Null),
        (PropertyType::Text, Json::String(text)) => Some(Value::Text(text.clone())),
        (PropertyType::Number, Json::Number(number)) => number.as_f64().map(Value::Number),
        (PropertyType::Integer, Json::Number(number)) => whole(number).map(Value::Integer),
        (PropertyType::Boolean, Json::Bool(flag)) => Some(Value::Boolean(*flag)),
        (PropertyType::Date, Json::String(text)) => {
            Date::parse(text, &Iso8601::DATE).ok().map(|date| Value::Date(date.to_string()))
        }
        (PropertyType::Moment, Json::String(text)) => {
            OffsetDateTime::parse(text, &Rfc3339).ok().map(|moment| Value::Moment(moment.to_offset(UtcOffset::UTC)))
        }
        (PropertyType::Layers, Json::Array(_)) => {
            let layers: Result<Vec<CoreLayer>, _> = serde_json::from_value(json.clone());
            let layers = layers.map_err(|error| Refused::new(&property.name, format!("{}: {error}", property.name)))?;
            Some(Value::Layers(layers))
        }
        _ => None,
    };
    read.ok_or_else(wrong)
}

/// A whole number, also where it is written with a decimal point: clients in JavaScript know no other.
fn whole(number: &serde_json::Number) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    let from_float = |number: f64| (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64);
    number.as_i64().or_else(|| number.as_f64().and_then(from_float))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Point, polygon};
    use serde_json::json;

    fn probe(values: &Json, geometry: Geometry) -> Result<Feature, Refused> {
        let read = |property: &Property| value_from_json(property, &values[&property.name]);
        let values: Vec<Value> = Layer::Probes.schema().properties.iter().map(read).collect::<Result<_, _>>()?;
        accept_feature(Layer::Probes, Received { id: 0, geometry: Some(geometry), values }, &Crs::crs84(), 100)
    }

    #[test]
    fn a_row_is_checked_as_an_import_checks_it() {
        let place: Geometry = Point::new(40.0, 55.0).into();
        let good = probe(&json!({ "depth_m": 2.5, "date": "2024-07-01" }), place.clone()).expect("a probe");
        assert_eq!(good.number(Layer::Probes, "depth_m"), Some(2.5));
        assert!(!good.flag(Layer::Probes, "synthetic"), "the schema's default");
        for (values, property) in [
            (json!({}), "depth_m"),
            (json!({ "depth_m": -1 }), "depth_m"),
            (json!({ "depth_m": "2.5" }), "depth_m"),
            (json!({ "depth_m": 2.5, "date": "01.07.2024" }), "date"),
        ] {
            assert_eq!(probe(&values, place.clone()).expect_err("refused").property, property, "{values}");
        }
        let square: Geometry = polygon![(x: 40.0, y: 55.0), (x: 41.0, y: 55.0), (x: 41.0, y: 56.0)].into();
        let refused = probe(&json!({ "depth_m": 2.5 }), square).expect_err("no point");
        assert_eq!((refused.property.as_str(), refused.reason.as_str()), ("geometry", "the layer holds point, and the row is a polygon"));
        assert!(probe(&json!({ "depth_m": 2.5 }), Point::new(400.0, 55.0).into()).is_err());
    }

    #[test]
    fn a_polygon_that_crosses_itself_is_refused_and_one_that_runs_clockwise_is_turned() {
        let schema = Layer::Deposits.schema();
        let text = |property: &Property| if property.required { "raised" } else { "" };
        let values = || {
            let value = |property: &Property| match (property.kind, property.values.first()) {
                (PropertyType::Text, Some(word)) => Value::Text(word.value.clone()),
                (PropertyType::Text, None) => Value::Text(text(property).to_owned()),
                _ => Value::Null,
            };
            schema.properties.iter().map(value).collect::<Vec<_>>()
        };
        let accept = |geometry: Geometry| {
            accept_feature(Layer::Deposits, Received { id: 0, geometry: Some(geometry), values: values() }, &Crs::crs84(), 100)
        };
        let bow = polygon![(x: 40.0, y: 55.0), (x: 41.0, y: 56.0), (x: 41.0, y: 55.0), (x: 40.0, y: 56.0)];
        let refused = accept(bow.into()).expect_err("it crosses itself");
        assert!(refused.reason.contains("not valid"), "{refused}");
        let clockwise = polygon![(x: 40.0, y: 55.0), (x: 40.0, y: 56.0), (x: 41.0, y: 56.0), (x: 41.0, y: 55.0)];
        let accepted = accept(clockwise.into()).expect("a polygon");
        let Some(Geometry::Polygon(accepted)) = accepted.geometry else { panic!("{accepted:?}") };
        assert!(geo::Winding::is_ccw(accepted.exterior()));
    }
}
