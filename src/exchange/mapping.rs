//! Fields of the file to properties of the layer: names, units, words.

use super::error::OpenError;
use super::import::ImportRequest;
use super::source::{RawValue, SourceHead};
use super::text;
use super::unit::factor;
use crate::model::{Constraint, CoreLayer, Layer, Property, PropertyType, Value};

/// A field that becomes a property.
#[derive(Debug, Clone, Copy)]
struct FieldUse {
    field: usize,
    factor: f64,
}

/// What becomes of the fields.
#[derive(Debug)]
pub(super) struct Mapping {
    layer: Layer,
    properties: Vec<(Option<FieldUse>, Option<Value>)>,
    /// Of a core's layer, where the file has one row a layer.
    layer_properties: Vec<Option<FieldUse>>,
    pub mapped: Vec<(String, String)>,
    pub unused_fields: Vec<String>,
}

impl Mapping {
    /// Finds for each property the field that the request names, else one of its own name.
    pub(super) fn new(request: &ImportRequest, head: &SourceHead) -> Result<Self, OpenError> {
        let schema = request.layer.schema();
        let all: Vec<&Property> = schema.properties.iter().chain(&schema.layer_properties).collect();
        for key in request
            .map
            .keys()
            .filter(|key| !matches!(key.as_str(), "x" | "y"))
            .chain(request.units.keys())
            .chain(request.set.keys())
        {
            if find(&all, key).is_none() {
                let names = all.iter().map(|property| property.name.as_str()).collect::<Vec<_>>().join(", ");
                return Err(OpenError::Fields(format!("layer {} has no property {key:?}; it has {names}", request.layer)));
            }
        }
        let mut mapping = Self {
            layer: request.layer,
            properties: Vec::new(),
            layer_properties: Vec::new(),
            mapped: Vec::new(),
            unused_fields: Vec::new(),
        };
        for property in &schema.properties {
            let field = mapping.field_for(property, request, head)?;
            let constant = constant(property, request)?;
            if property.required && field.is_none() && constant.is_none() {
                return Err(missing(property, request, head));
            }
            mapping.properties.push((field, constant));
        }
        for property in &schema.layer_properties {
            let field = mapping.field_for(property, request, head)?;
            mapping.layer_properties.push(field);
        }
        let used: Vec<&String> = mapping.mapped.iter().map(|(_, field)| field).chain(&head.coordinate_fields).collect();
        mapping.unused_fields = head.fields.iter().filter(|field| !used.contains(field)).cloned().collect();
        if let Some(key) = request.units.keys().find(|key| !mapping.takes_unit(key, &all)) {
            return Err(OpenError::Fields(format!("--unit {key}: no field of the file becomes {key}")));
        }
        Ok(mapping)
    }

    fn field_for(
        &mut self,
        property: &Property,
        request: &ImportRequest,
        head: &SourceHead,
    ) -> Result<Option<FieldUse>, OpenError> {
        let named = lookup(&request.map, property);
        let place = |name: &str| {
            let exact = head.fields.iter().position(|field| field == name);
            exact.or_else(|| head.fields.iter().position(|field| field.to_lowercase() == name.to_lowercase()))
        };
        let field = match named {
            Some(name) => Some(place(name).ok_or_else(|| {
                let fields = head.fields.join(", ");
                OpenError::Fields(format!("--map {}={name}: the file has no field {name:?}; it has {fields}", property.name))
            })?),
            // A shapefile cuts names to ten letters.
            None => place(&property.name).or_else(|| place(&property.name.chars().take(10).collect::<String>())),
        };
        let factor = match (lookup(&request.units, property), &property.unit) {
            (Some(from), Some(to)) => {
                factor(from, to).map_err(|text| OpenError::Fields(format!("--unit {}={from}: {text}", property.name)))?
            }
            (Some(_), None) => return Err(OpenError::Fields(format!("--unit {}: {} has no unit", property.name, property.name))),
            (None, _) => 1.0,
        };
        Ok(field.map(|field| {
            self.mapped.push((property.name.clone(), head.fields[field].clone()));
            FieldUse { field, factor }
        }))
    }

    fn takes_unit(&self, key: &str, all: &[&Property]) -> bool {
        find(all, key).is_some_and(|property| self.mapped.iter().any(|(name, _)| *name == property.name))
    }

    /// Whether the file has one row a layer of a core.
    pub(super) fn has_core_layers(&self) -> bool {
        self.layer_properties.iter().take(2).all(Option::is_some) && !self.layer_properties.is_empty()
    }

    /// The values of a row, checked against the schema.
    pub(super) fn values(&self, fields: &[RawValue]) -> Result<Vec<Value>, String> {
        let schema = self.layer.schema();
        let pairs = schema.properties.iter().zip(&self.properties);
        let values = pairs.map(|(property, (field, constant))| {
            let read = match field {
                Some(field) => converted(property, &fields[field.field], field.factor)?,
                None => Value::Null,
            };
            let value = match (read, constant, property.default) {
                (Value::Null, Some(constant), _) => constant.clone(),
                (Value::Null, None, Some(default)) => Value::Boolean(default),
                (value, _, _) => value,
            };
            property.check(&value).map_err(|error| error.to_string())?;
            Ok(value)
        });
        let values: Vec<Value> = values.collect::<Result<_, String>>()?;
        check_together(self.layer, &values)?;
        Ok(values)
    }

    /// The layer of a core in a row.
    pub(super) fn core_layer(&self, fields: &[RawValue]) -> Result<CoreLayer, String> {
        let mut object = serde_json::Map::new();
        for (property, field) in self.layer.schema().layer_properties.iter().zip(&self.layer_properties) {
            let Some(field) = field else { continue };
            let value = converted(property, &fields[field.field], field.factor)?;
            property.check(&value).map_err(|error| error.to_string())?;
            let json = match value {
                Value::Number(number) => serde_json::Value::from(number),
                Value::Text(text) => serde_json::Value::from(text),
                _ => continue,
            };
            object.insert(property.name.clone(), json);
        }
        serde_json::from_value(serde_json::Value::Object(object)).map_err(|error| error.to_string())
    }
}

/// Rules over several properties.
pub(super) fn check_together(layer: Layer, values: &[Value]) -> Result<(), String> {
    let value = |name: &str| layer.schema().index_of(name).and_then(|place| values.get(place));
    if layer == Layer::Constraints
        && value("effect") == Some(&Value::Text("buffer".into()))
        && !matches!(value("buffer_m"), Some(Value::Number(_)))
        && !value("kind").is_some_and(Constraint::kind_has_a_width)
    {
        let text =
            "effect = buffer needs buffer_m, the width of the strip; only water_protection and fire_break have one of their own";
        return Err(text.into());
    }
    Ok(())
}

fn converted(property: &Property, raw: &RawValue, factor: f64) -> Result<Value, String> {
    let wrong = |value: String| format!("{} = {value:?} is no {}", property.name, expected(property));
    let value = match (property.kind, raw) {
        (_, RawValue::Null) => Value::Null,
        (PropertyType::Number, RawValue::Number(number)) => Value::Number(*number),
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        (PropertyType::Integer, RawValue::Number(number)) if number.fract() == 0.0 && number.abs() < 1e15 => {
            Value::Integer(*number as i64)
        }
        (PropertyType::Boolean, RawValue::Number(number)) => Value::Boolean(*number != 0.0),
        (_, RawValue::Number(number)) => text::value(property, &number.to_string()).map_err(wrong)?,
        (_, RawValue::Text(text)) => text::value(property, text).map_err(wrong)?,
    };
    match value {
        Value::Number(number) => Ok(Value::Number(scaled(number, factor))),
        other => Ok(other),
    }
}

/// What a file may have for a value: days also as Russian tables write them.
fn expected(property: &Property) -> &'static str {
    match property.kind {
        PropertyType::Date => "date (YYYY-MM-DD or DD.MM.YYYY)",
        _ => property.expected(),
    }
}

/// A number in another unit. Division by a whole number keeps what a person wrote: 125.5 cm are 1.255 m, where a
/// product with 0.01 would be a hair more.
fn scaled(number: f64, factor: f64) -> f64 {
    let whole = (1.0 / factor).round();
    if factor < 1.0 && (whole * factor - 1.0).abs() < 1e-12 { number / whole } else { number * factor }
}

fn constant(property: &Property, request: &ImportRequest) -> Result<Option<Value>, OpenError> {
    let Some(text) = lookup(&request.set, property) else { return Ok(None) };
    let wrong = |text: String| OpenError::Fields(format!("--set {}={text}: it is no {}", property.name, expected(property)));
    let value = text::value(property, text).map_err(wrong)?;
    property.check(&value).map_err(|error| OpenError::Fields(format!("--set: {error}")))?;
    Ok(Some(value))
}

fn missing(property: &Property, request: &ImportRequest, head: &SourceHead) -> OpenError {
    let name = &property.name;
    OpenError::Fields(format!(
        "layer {} needs {name} ({}); map a field to it with --map {name}=FIELD or give it with --set {name}=VALUE. The file's fields are {}",
        request.layer,
        property.meaning,
        if head.fields.is_empty() { "none".to_owned() } else { head.fields.join(", ") }
    ))
}

/// An entry for a property, by its name or by its name without the unit: `depth` for `depth_m`.
fn lookup<'a>(entries: &'a std::collections::BTreeMap<String, String>, property: &Property) -> Option<&'a String> {
    entries.get(&property.name).or_else(|| entries.iter().find(|(key, _)| is_short_name(key, property)).map(|(_, value)| value))
}

fn find<'a>(all: &[&'a Property], key: &str) -> Option<&'a Property> {
    let exact = all.iter().find(|property| property.name == key);
    exact.or_else(|| all.iter().find(|property| is_short_name(key, property))).copied()
}

fn is_short_name(key: &str, property: &Property) -> bool {
    let suffix = property.name.strip_prefix(key).and_then(|rest| rest.strip_prefix('_'));
    let unit = property.unit.as_ref().map(|unit| unit.to_lowercase().replace(['/', '(', ')', '·'], "_").replace("__", "_"));
    suffix.zip(unit).is_some_and(|(suffix, unit)| unit.trim_matches('_') == suffix)
}
