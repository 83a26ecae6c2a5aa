//! Features out as GeoJSON, to the numbers of which other programs' writers do not keep: truths are truths, lists are lists.

use super::export::Export;
use crate::model::{Feature, Value};
use geo::{Geometry, MapCoords};
use serde_json::{Map, Value as Json, json};
use std::io::{self, Write};
use time::format_description::well_known::Rfc3339;

/// Coordinates in degrees are written to this many parts of one: a centimetre.
const DEGREE_PARTS: f64 = 1e7;

/// The rows as a `FeatureCollection` (RFC 7946), a feature a line; or each as a record of its own (RFC 8142).
///
/// # Errors
/// What the writer says.
pub(super) fn geojson(
    export: &Export<'_>,
    features: impl Iterator<Item = Feature>,
    as_sequence: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    if !as_sequence {
        write!(out, "{{\"type\":\"FeatureCollection\",\"name\":{},\"features\":[", Json::from(export.name))?;
    }
    for (number, feature) in features.enumerate() {
        let before = match (as_sequence, number) {
            (true, _) => "\u{1e}",
            (false, 0) => "\n",
            (false, _) => ",\n",
        };
        write!(out, "{before}{}", object(export, &feature))?;
        if as_sequence {
            writeln!(out)?;
        }
    }
    if !as_sequence {
        writeln!(out, "\n]}}")?;
    }
    out.flush()
}

fn object(export: &Export<'_>, feature: &Feature) -> Json {
    let schema = export.layer.schema();
    let values = export.properties.iter().zip(&feature.values);
    let properties: Map<String, Json> =
        values.map(|(place, value)| (schema.properties[*place].name.clone(), json_of(value))).collect();
    let mut object = Map::from_iter([("type".to_owned(), Json::from("Feature"))]);
    if export.with_ids {
        object.insert("id".into(), feature.id.into());
    }
    let geometry = feature.geometry.as_ref().map(|geometry| geojson::Geometry::from(&rounded(geometry)));
    object.insert("geometry".into(), json!(geometry));
    object.insert("properties".into(), properties.into());
    object.into()
}

fn rounded(geometry: &Geometry) -> Geometry {
    let rounded = |degrees: f64| (degrees * DEGREE_PARTS).round() / DEGREE_PARTS;
    geometry.map_coords(|c| geo::coord! { x: rounded(c.x), y: rounded(c.y) })
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Text(text) | Value::Date(text) => text.as_str().into(),
        Value::Number(number) => (*number).into(),
        Value::Integer(number) => (*number).into(),
        Value::Boolean(flag) => (*flag).into(),
        Value::Moment(moment) => moment.format(&Rfc3339).unwrap_or_default().into(),
        Value::Layers(layers) => json!(layers),
    }
}
