//! A single row that somebody sends: the checks of an import, without a file.

use super::geometry::{accepted, way_to_crs84};
use super::mapping::check_together;
use crate::crs::Crs;
use crate::model::{CoreLayer, GeometryKind, Layer, Property, PropertyType, Value};
use geo::Geometry;
use serde_json::Value as Json;
use thiserror::Error;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime, UtcOffset};

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

/// Checks the values of a row, one a property of the schema, as an import does: types, limits and words of the schema, and
/// the rules over several properties. Defaults of the schema stand where there is nothing.
///
/// # Errors
/// [`Refused`], for the first value that is wrong.
pub fn accept_values(layer: Layer, mut values: Vec<Value>) -> Result<Vec<Value>, Refused> {
    let schema = layer.schema();
    values.resize(schema.properties.len(), Value::Null);
    for (property, value) in schema.properties.iter().zip(&mut values) {
        if let (Value::Null, Some(default)) = (&*value, property.default) {
            *value = Value::Boolean(default);
        }
        property.check(value).map_err(|error| Refused::new(&property.name, error.to_string()))?;
    }
    check_together(layer, &values).map_err(|reason| Refused::new("properties", reason))?;
    Ok(values)
}

/// Checks a geometry, x = east in its system, as an import does: whether the layer needs one, its kind, vertices and validity;
/// and brings it to CRS84.
///
/// # Errors
/// [`Refused`], with the property `geometry`.
pub fn accept_geometry(
    layer: Layer,
    geometry: Option<Geometry>,
    crs: &Crs,
    most_vertices: usize,
) -> Result<Option<Geometry>, Refused> {
    let Some(geometry) = geometry else {
        let may_lack = layer.schema().geometry.contains(&GeometryKind::None);
        return may_lack
            .then_some(None)
            .ok_or_else(|| Refused::new("geometry", format!("a feature of {layer} needs a geometry")));
    };
    let way = way_to_crs84(crs).map_err(|error| Refused::new("geometry", error.to_string()))?;
    accepted(geometry, layer, &way, most_vertices).map(Some).map_err(|reason| Refused::new("geometry", reason))
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
    use geo::{Point, Winding, polygon};
    use serde_json::json;

    #[test]
    fn values_are_checked_as_an_import_checks_them() {
        let schema = Layer::Probes.schema();
        let accept = |values: &Json| {
            let read = |property: &Property| value_from_json(property, &values[&property.name]);
            accept_values(Layer::Probes, schema.properties.iter().map(read).collect::<Result<_, _>>()?)
        };
        let place = |name: &str| schema.index_of(name).expect("a property");
        let good = accept(&json!({ "depth_m": 2.5, "date": "2024-07-01" })).expect("a probe");
        assert_eq!(good[place("depth_m")], Value::Number(2.5));
        assert_eq!(good[place("synthetic")], Value::Boolean(false), "the schema's default");
        for (values, property) in [
            (json!({}), "depth_m"),
            (json!({ "depth_m": -1 }), "depth_m"),
            (json!({ "depth_m": "2.5" }), "depth_m"),
            (json!({ "depth_m": 2.5, "date": "01.07.2024" }), "date"),
        ] {
            assert_eq!(accept(&values).expect_err("refused").property, property, "{values}");
        }
    }

    #[test]
    fn a_geometry_of_another_kind_or_off_the_globe_is_refused() {
        let accept = |geometry: Geometry| accept_geometry(Layer::Probes, Some(geometry), &Crs::crs84(), 100);
        assert!(accept(Point::new(40.0, 55.0).into()).is_ok());
        let triangle = polygon![(x: 40.0, y: 55.0), (x: 41.0, y: 55.0), (x: 41.0, y: 56.0)];
        assert_eq!(accept(triangle.into()).expect_err("no point").reason, "the layer holds point, and the row is a polygon");
        assert!(accept(Point::new(400.0, 55.0).into()).is_err());
        assert!(accept_geometry(Layer::Probes, None, &Crs::crs84(), 100).is_err());
        assert_eq!(accept_geometry(Layer::ReserveStatements, None, &Crs::crs84(), 100), Ok(None));
    }

    #[test]
    fn a_polygon_that_crosses_itself_is_refused_and_one_that_runs_clockwise_is_turned() {
        let accept = |geometry: Geometry| accept_geometry(Layer::Deposits, Some(geometry), &Crs::crs84(), 100);
        let bow = polygon![(x: 40.0, y: 55.0), (x: 41.0, y: 56.0), (x: 41.0, y: 55.0), (x: 40.0, y: 56.0)];
        let refused = accept(bow.into()).expect_err("it crosses itself");
        assert!(refused.reason.contains("not valid"), "{refused}");
        let clockwise = polygon![(x: 40.0, y: 55.0), (x: 40.0, y: 56.0), (x: 41.0, y: 56.0), (x: 41.0, y: 55.0)];
        let Ok(Some(Geometry::Polygon(accepted))) = accept(clockwise.into()) else { panic!("a polygon") };
        assert!(accepted.exterior().is_ccw());
    }
}
