//! What the layers of vector tiles hold, as `TileJSON` 3.0 and archives of tiles say it.

use crate::model::{Layer, PropertyType};
use serde_json::{Map, Value, json};

/// `vector_layers` of a tileset: the fields of each layer with the type of their values in a tile.
#[must_use]
pub fn vector_layers(layers: &[Layer], least_zoom: u8, most_zoom: u8) -> Value {
    let about = |layer: &Layer| {
        let schema = layer.schema();
        let fields: Map<String, Value> = schema
            .properties
            .iter()
            .filter(|property| property.is_plain())
            .filter_map(|property| {
                let kind = match property.kind {
                    PropertyType::Text | PropertyType::Date | PropertyType::Moment => "String",
                    PropertyType::Number | PropertyType::Integer => "Number",
                    PropertyType::Boolean => "Boolean",
                    PropertyType::Layers => return None,
                };
                Some((property.name.clone(), kind.into()))
            })
            .collect();
        json!({
            "id": layer.name(),
            "description": schema.description,
            "minzoom": least_zoom,
            "maxzoom": most_zoom,
            "fields": fields,
        })
    };
    layers.iter().map(about).collect()
}
