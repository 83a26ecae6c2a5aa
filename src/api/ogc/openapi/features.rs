//! The collections' part of the OpenAPI document.

use super::operation;
use crate::api::ogc::features::property_schema;
use crate::config::Config;
use crate::model::Layer;
use serde_json::{Map, Value, json};

pub(super) fn paths(paths: &mut Map<String, Value>, config: &Config) {
    for layer in Layer::ALL {
        collection_paths(paths, *layer, config);
    }
}

/// A feature of each layer.
pub(super) fn schemas() -> Map<String, Value> {
    let feature = |layer: &Layer| {
        let properties = layer.schema().properties.iter();
        let properties: Map<String, Value> = properties
            .map(|property| {
                let mut schema = property_schema(*layer, property);
                schema["nullable"] = true.into();
                if let Some(values) = schema["enum"].as_array_mut() {
                    // OpenAPI 3.0: a value that may be null must be listed as one.
                    values.push(Value::Null);
                }
                (property.name.clone(), schema)
            })
            .collect();
        let feature = json!({
            "type": "object",
            "required": ["type", "geometry", "properties"],
            "properties": {
                "type": { "type": "string", "enum": ["Feature"] },
                "id": { "type": "integer" },
                "geometry": { "type": "object", "nullable": true },
                "properties": { "type": "object", "properties": properties },
            },
        });
        (layer.name().to_owned(), feature)
    };
    Layer::ALL.iter().map(feature).collect()
}

fn collection_paths(paths: &mut Map<String, Value>, layer: Layer, config: &Config) {
    let (name, title) = (layer.name(), &layer.schema().title.en);
    let base = format!("/ogc/collections/{name}");
    let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
    let collection = json!({
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": { "type": "string", "enum": ["FeatureCollection"] },
            "features": { "type": "array", "items": schema },
            "numberMatched": { "type": "integer" },
            "numberReturned": { "type": "integer" },
            "timeStamp": { "type": "string", "format": "date-time" },
            "links": { "type": "array", "items": { "type": "object" } },
        },
    });
    let about = operation(&format!("describe-{name}"), title, &[], "application/json", &json!({ "type": "object" }));
    let properties =
        operation(&format!("schema-{name}"), "Properties", &[], "application/schema+json", &json!({ "type": "object" }));
    let list = [bbox(), limit(config), offset(), datetime()];
    let items = operation(&format!("items-{name}"), title, &list, "application/geo+json", &collection);
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } });
    let item = operation(&format!("item-{name}"), "One feature", &[id], "application/geo+json", &schema);
    paths.insert(base.clone(), json!({ "get": about }));
    paths.insert(format!("{base}/schema"), json!({ "get": properties }));
    paths.insert(format!("{base}/items"), json!({ "get": items }));
    paths.insert(format!("{base}/items/{{id}}"), json!({ "get": item }));
}

fn bbox() -> Value {
    json!({
        "name": "bbox", "in": "query", "required": false, "style": "form", "explode": false,
        "description": "West, south, east, north in CRS84",
        "schema": { "type": "array", "minItems": 4, "maxItems": 6, "items": { "type": "number" } },
    })
}

fn limit(config: &Config) -> Value {
    json!({
        "name": "limit", "in": "query", "required": false, "style": "form", "explode": false,
        "description": "Most features on a page",
        "schema": { "type": "integer", "minimum": 1, "maximum": config.page_most, "default": config.page_default },
    })
}

fn offset() -> Value {
    json!({
        "name": "offset", "in": "query", "required": false, "style": "form", "explode": false,
        "description": "Features before the page",
        "schema": { "type": "integer", "minimum": 0, "default": 0 },
    })
}

fn datetime() -> Value {
    json!({
        "name": "datetime", "in": "query", "required": false, "style": "form", "explode": false,
        "description": "A moment or interval (RFC 3339); features of these layers have no time, so all match",
        "schema": { "type": "string" },
    })
}
