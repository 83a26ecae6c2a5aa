//! What a feature of a layer is made of, as JSON Schema (OGC API Common, part 3): its properties, those that can be asked
//! for, and those that pages can be sorted by.

use super::collections::layer_named;
use super::parameters::is_queryable;
use crate::api::http::{Format, Validator};
use crate::api::inputs::from_query;
use crate::api::ogc::document::answer;
use crate::api::ogc::link::check_parameters;
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use crate::model::{GeometryKind, HOURS_TEXT_LETTERS, Layer, Property, PropertyType, TextFormat};
use crate::planning::SOFTWARE_VERSION;
use crate::query::primary_date;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The properties as they come back and as they are taken.
pub(super) async fn schema(
    state: web::Data<State>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let layer = layer_named(&name)?;
    let about = layer.schema();
    let required: Vec<&str> = about.properties.iter().filter(|p| p.required).map(|p| p.name.as_str()).collect();
    let mut document = described(layer, &address(&request, layer, "schema"), about.properties.iter());
    document["required"] = required.into();
    reply(&no_inputs(&state, &request)?, &request, &document)
}

/// The properties that filters and parameters of their own name may ask for.
pub(super) async fn queryables(
    state: web::Data<State>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let layer = layer_named(&name)?;
    let queryable = layer.schema().properties.iter().filter(|property| is_queryable(property));
    let mut document = described(layer, &address(&request, layer, "queryables"), queryable);
    // A name that is not here is an error in a filter.
    document["additionalProperties"] = false.into();
    reply(&no_inputs(&state, &request)?, &request, &document)
}

/// The properties that `sortby` takes.
pub(super) async fn sortables(
    state: web::Data<State>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let layer = layer_named(&name)?;
    let sortable = layer.schema().properties.iter().filter(|property| is_queryable(property));
    let mut document = described(layer, &address(&request, layer, "sortables"), sortable);
    if let Some(properties) = document["properties"].as_object_mut() {
        properties.shift_remove("geometry");
    }
    document["additionalProperties"] = false.into();
    reply(&no_inputs(&state, &request)?, &request, &document)
}

/// The schema of a GeoJSON feature, its properties nested. With `types=plain` the types do not say that values may be missing:
/// GDAL reads the types of fields from this form.
pub(super) async fn feature_schema(
    state: web::Data<State>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let layer = layer_named(&name)?;
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &["types"])?;
    let types = inputs.iter().find(|(name, _)| name == "types").map(|(_, text)| text.as_str());
    let (resource, or_null): (&str, fn(Value) -> Value) = match types {
        None | Some("nullable") => ("feature-schema", or_null),
        Some("plain") => ("feature-schema?types=plain", std::convert::identity),
        Some(other) => {
            return Err(Problem::bad_request("types", format!("types is nullable or plain; it was {other:?}")));
        }
    };
    let properties = layer.schema().properties.iter();
    let properties: Map<String, Value> = properties.map(|p| (p.name.clone(), or_null(property_schema(layer, p)))).collect();
    let document = json!({
        "$schema": DRAFT,
        "$id": address(&request, layer, resource),
        "type": "object",
        "title": layer.schema().title.en,
        "properties": {
            "type": { "type": "string", "enum": ["Feature"] },
            "id": { "type": "integer" },
            "geometry": or_null(json!({ "type": "object" })),
            "properties": { "type": "object", "properties": properties },
        },
    });
    reply(&inputs, &request, &document)
}

/// A schema that a missing value, which features write as null, keeps to as well.
fn or_null(mut schema: Value) -> Value {
    schema["type"] = json!([schema["type"], "null"]);
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(Value::Null);
    }
    if let Some(columns) = schema.pointer_mut("/items/properties").and_then(Value::as_object_mut) {
        columns.values_mut().for_each(|column| *column = or_null(column.take()));
    }
    schema
}

/// The inputs of a schema that has none of its own.
fn no_inputs(state: &State, request: &HttpRequest) -> Result<Vec<(String, String)>, Problem> {
    let inputs = from_query(request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    Ok(inputs)
}

/// A schema is a document that changes with the program only.
fn reply(inputs: &[(String, String)], request: &HttpRequest, document: &Value) -> Result<HttpResponse, Problem> {
    let validator = Validator::of((document["$id"].as_str(), SOFTWARE_VERSION));
    answer(request, inputs, Format::SchemaJson, Some(&validator), document)
}

fn address(request: &HttpRequest, layer: Layer, name: &str) -> String {
    format!("{}/ogc/collections/{layer}/{name}", base_address(request))
}

fn described<'a>(layer: Layer, address: &str, chosen: impl Iterator<Item = &'a Property>) -> Value {
    let about = layer.schema();
    let mut properties = Map::new();
    let id = json!({
        "title": "Number", "title_ru": "Номер", "description": "Number of the feature, kept for its life",
        "type": "integer", "readOnly": true, "x-ogc-role": "id", "x-ogc-propertySeq": 1,
    });
    properties.insert("id".into(), id);
    properties.insert("geometry".into(), geometry(&about.geometry));
    let moment = primary_date(about).map(|property| property.name.as_str());
    for (place, property) in chosen.enumerate() {
        let mut schema = property_schema(layer, property);
        if moment == Some(property.name.as_str()) {
            schema["x-ogc-role"] = "primary-instant".into();
        }
        schema["x-ogc-propertySeq"] = (place + 3).into();
        properties.insert(property.name.clone(), schema);
    }
    json!({
        "$schema": DRAFT,
        "$id": address,
        "type": "object",
        "title": about.title.en,
        "title_ru": about.title.ru,
        "description": about.description,
        "properties": properties,
    })
}

fn geometry(kinds: &[GeometryKind]) -> Value {
    let format = match kinds {
        [GeometryKind::Point] => "geometry-point",
        [GeometryKind::Line] => "geometry-multilinestring",
        [GeometryKind::Polygon] => "geometry-multipolygon",
        _ => "geometry-any",
    };
    json!({
        "title": "Geometry", "title_ru": "Геометрия",
        "x-ogc-role": "primary-geometry", "format": format, "x-ogc-propertySeq": 2,
    })
}

pub(in crate::api) fn property_schema(layer: Layer, property: &Property) -> Value {
    let mut schema = json!({
        "title": property.title.en,
        "title_ru": property.title.ru,
        "description": property.meaning,
    });
    let kind = match property.kind {
        PropertyType::Text | PropertyType::Date | PropertyType::Moment => "string",
        PropertyType::Number => "number",
        PropertyType::Integer => "integer",
        PropertyType::Boolean => "boolean",
        PropertyType::Layers => "array",
    };
    schema["type"] = kind.into();
    match property.kind {
        PropertyType::Date => schema["format"] = "date".into(),
        PropertyType::Moment => schema["format"] = "date-time".into(),
        _ => {}
    }
    if property.kind == PropertyType::Layers {
        let columns = layer.schema().layer_properties.iter();
        let columns: Map<String, Value> = columns.map(|p| (p.name.clone(), property_schema(layer, p))).collect();
        schema["items"] = json!({ "type": "object", "properties": columns });
    }
    if property.format == Some(TextFormat::HourlyTemperatures) {
        schema["format"] = "byte".into();
        schema["minLength"] = HOURS_TEXT_LETTERS.into();
        schema["maxLength"] = HOURS_TEXT_LETTERS.into();
    }
    if let Some(unit) = &property.unit {
        schema["x-unit"] = unit.as_str().into();
        schema["x-ogc-unit"] = ucum(unit).into();
    }
    for (name, limit) in [("minimum", property.minimum), ("maximum", property.maximum)] {
        if let Some(limit) = limit {
            schema[name] = limit.into();
        }
    }
    if let Some(default) = property.default {
        schema["default"] = default.into();
    }
    if !property.values.is_empty() {
        let titles: Map<String, Value> =
            property.values.iter().map(|v| (v.value.clone(), json!({ "en": v.en, "ru": v.ru }))).collect();
        schema["enum"] = property.values.iter().map(|v| v.value.as_str()).collect::<Vec<_>>().into();
        schema["x-enum-titles"] = titles.into();
    }
    schema
}

/// A unit as the Unified Code for Units of Measure writes it, which is what `x-ogc-unit` holds.
fn ucum(unit: &str) -> String {
    match unit {
        "share" => "1".into(),
        "°C" => "Cel".into(),
        "RUB/(t·km)" => "{RUB}/t/km".into(),
        "MWh/a" => "MW.h/a".into(),
        unit => unit.split('/').map(|part| if part == "ha" { "har" } else { part }).collect::<Vec<_>>().join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_written_as_ucum_knows_them() {
        for (unit, code) in [("m", "m"), ("m3", "m3"), ("t/ha", "t/har"), ("kg/m3", "kg/m3"), ("km/h", "km/h"), ("MPa", "MPa")] {
            assert_eq!(ucum(unit), code);
        }
        let foreign = |unit: &str| ucum(unit).chars().any(|c| !c.is_ascii() || c == '(');
        let units = Layer::ALL.iter().flat_map(|layer| &layer.schema().properties).filter_map(|property| property.unit.as_ref());
        assert!(units.clone().count() > 10);
        assert!(!units.clone().any(|unit| foreign(unit)), "every unit of the schemas has a code");
    }
}
