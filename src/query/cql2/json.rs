//! CQL2 JSON → [`Syntax`], after the standard's JSON Schema.

use super::literal::from_geojson;
use super::text::{box_of, temporal_literal};
use super::{FilterError, Limits, Syntax};
use serde_json::{Map, Value};

/// Reads CQL2 JSON. It knows nothing of a layer: names are not looked up, types are not checked.
///
/// # Errors
/// Says what is no expression, or which cap was passed.
///
/// ```
/// use peatplan::query::{Limits, parse_json, parse_text};
/// let json = r#"{"op":">","args":[{"property":"depth_m"},2]}"#;
/// assert_eq!(parse_json(json, &Limits::default()), parse_text("depth_m > 2", &Limits::default()));
/// ```
pub fn parse_json(text: &str, limits: &Limits) -> Result<Syntax, FilterError> {
    if text.len() > limits.bytes {
        return Err(FilterError::TooMuch { what: "bytes", most: limits.bytes });
    }
    // serde_json goes 128 levels down and no further.
    let value: Value = serde_json::from_str(text).map_err(|error| FilterError::Json(error.to_string()))?;
    let syntax = expression(&value)?;
    syntax.check_size(limits)?;
    Ok(syntax)
}

const EXPECTED: &str =
    "it is a literal, an array, or an object with op and args, property, date, timestamp, interval, bbox or a GeoJSON geometry";

fn expression(value: &Value) -> Result<Syntax, FilterError> {
    match value {
        Value::Null => Ok(Syntax::Null),
        Value::Bool(flag) => Ok(Syntax::Boolean(*flag)),
        Value::Number(number) => number.as_f64().map(Syntax::Number).ok_or_else(|| unshaped(value)),
        Value::String(text) => Ok(Syntax::Text(text.clone())),
        Value::Array(members) => Ok(Syntax::List(expressions(members)?)),
        Value::Object(object) => of_object(object, value),
    }
}

fn expressions(members: &[Value]) -> Result<Vec<Syntax>, FilterError> {
    members.iter().map(expression).collect()
}

fn unshaped(value: &Value) -> FilterError {
    FilterError::Shape { found: value.to_string().chars().take(60).collect(), expected: EXPECTED }
}

fn of_object(object: &Map<String, Value>, whole: &Value) -> Result<Syntax, FilterError> {
    let array = |name: &str| object.get(name).and_then(Value::as_array);
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    if let (Some(name), Some(arguments)) = (text("op"), array("args")) {
        return operation(name, expressions(arguments)?);
    }
    if let Some(name) = text("property") {
        return Ok(Syntax::Property(name.to_owned()));
    }
    if let Some(date) = text("date") {
        return Ok(Syntax::Date(date.to_owned()));
    }
    if let Some(timestamp) = text("timestamp") {
        return Ok(Syntax::Timestamp(timestamp.to_owned()));
    }
    if let Some(bounds) = array("interval") {
        return temporal_literal("interval", expressions(bounds)?);
    }
    if let Some(bounds) = array("bbox") {
        let numbers: Option<Vec<f64>> = bounds.iter().map(Value::as_f64).collect();
        return box_of(&numbers.ok_or_else(|| unshaped(whole))?);
    }
    if object.contains_key("coordinates") || object.contains_key("geometries") {
        return from_geojson(whole).map(Syntax::Geometry);
    }
    Err(unshaped(whole))
}

/// The arithmetic operators may hold a chain in JSON: `10 - 3 - 2` is taken from the left.
fn operation(name: &str, arguments: Vec<Syntax>) -> Result<Syntax, FilterError> {
    if !matches!(name, "+" | "-" | "*" | "/" | "%") || arguments.len() <= 2 {
        let name = if name == "!=" { "<>" } else { name };
        return Ok(Syntax::operation(name, arguments));
    }
    let chained = arguments.into_iter().reduce(|left, right| Syntax::operation(name, vec![left, right]));
    chained.ok_or_else(|| FilterError::Arguments { name: name.to_owned(), expected: "two or more", given: 0 })
}
