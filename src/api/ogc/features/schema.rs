//! A layer's properties as JSON Schema.

use super::collections::layer_named;
use crate::api::http::Format;
use crate::api::inputs::from_query;
use crate::api::ogc::document::answer;
use crate::api::ogc::link::check_parameters;
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use crate::model::{GeometryKind, Layer, Property, PropertyType};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

/// The same as the schema of a GeoJSON feature, its properties nested: GDAL reads the types of fields from this form.
pub(super) async fn feature_schema(
    state: web::Data<State>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let layer = layer_named(&name)?;
    let properties = layer.schema().properties.iter();
    let properties: Map<String, Value> = properties.map(|p| (p.name.clone(), property_schema(layer, p))).collect();
    let document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{}/ogc/collections/{layer}/feature-schema", base_address(&request)),
        "type": "object",
        "title": layer.schema().title.en,
        "properties": {
            "type": { "type": "string", "enum": ["Feature"] },
            "id": { "type": "integer" },
            "geometry": { "type": "object" },
            "properties": { "type": "object", "properties": properties },
        },
    });
    answer(&request, &inputs, Format::SchemaJson, None, &document)
}

pub(super) async fn schema(
    state: web::Data<State>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let layer = layer_named(&name)?;
    let about = layer.schema();
    let mut properties = Map::new();
    properties.insert("geometry".into(), geometry(&about.geometry));
    properties.extend(about.properties.iter().map(|property| (property.name.clone(), property_schema(layer, property))));
    let required: Vec<&str> = about.properties.iter().filter(|p| p.required).map(|p| p.name.as_str()).collect();
    let document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{}/ogc/collections/{layer}/schema", base_address(&request)),
        "type": "object",
        "title": about.title.en,
        "title_ru": about.title.ru,
        "description": about.description,
        "properties": properties,
        "required": required,
    });
    answer(&request, &inputs, Format::SchemaJson, None, &document)
}

fn geometry(kinds: &[GeometryKind]) -> Value {
    let format = match kinds {
        [GeometryKind::Point] => "geometry-point",
        [GeometryKind::Line] => "geometry-multilinestring",
        [GeometryKind::Polygon] => "geometry-multipolygon",
        _ => "geometry-any",
    };
    json!({ "x-ogc-role": "primary-geometry", "format": format })
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
    if let Some(unit) = &property.unit {
        schema["x-unit"] = unit.as_str().into();
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
