//! Tilesets to read: what they hold, how deep they go, and the addresses that maps are given.

use super::Visit;
use super::numbers::unit;
use super::templates::{known_word, word};
use crate::api::language::Language;
use crate::model::{Layer, Property};
use minijinja::{Value, context};
use serde_json::Value as Json;

/// What a grid is called.
fn grid_title(language: Language, id: &str, own: Option<&str>) -> String {
    known_word(language, &format!("grid_{id}")).or(own).unwrap_or(id).to_owned()
}

/// The list of tilesets, or of grids.
pub(super) fn list(visit: &Visit, document: &Json) -> Value {
    let listed = ["tilesets", "tileMatrixSets"].iter().find_map(|name| document[*name].as_array());
    let entries: Vec<Value> = listed
        .into_iter()
        .flatten()
        .map(|entry| {
            let id = entry["tileMatrixSetId"].as_str().or(entry["id"].as_str()).unwrap_or_default();
            let own = entry["links"].as_array().into_iter().flatten().find(|link| link["rel"] == "self");
            context! {
                id => id,
                title => grid_title(visit.language, id, entry["tileMatrixSetId"].is_null().then(|| entry["title"].as_str()).flatten()),
                crs => entry["crs"].as_str().map(short_crs),
                href => own.and_then(|link| link["href"].as_str()),
                ..addresses(entry)
            }
        })
        .collect();
    context! { entries => entries }
}

/// A tileset: its zooms, its layers with their properties, its addresses.
pub(super) fn one(visit: &Visit, document: &Json) -> Value {
    let limits = document["tileMatrixSetLimits"].as_array();
    let zoom = |limit: Option<&Json>| limit.and_then(|limit| limit["tileMatrix"].as_str()).map(str::to_owned);
    let layers: Vec<Value> = document["layers"].as_array().into_iter().flatten().map(|layer| layer_shown(visit, layer)).collect();
    let id = document["tileMatrixSetId"].as_str().unwrap_or_default();
    let limits: Vec<Value> = limits
        .into_iter()
        .flatten()
        .map(|limit| {
            let ends = |least: &str, most: &str| format!("{} … {}", limit[least], limit[most]);
            context! {
                zoom => limit["tileMatrix"].as_str(),
                rows => ends("minTileRow", "maxTileRow"),
                columns => ends("minTileCol", "maxTileCol"),
            }
        })
        .collect();
    context! {
        grid => grid_title(visit.language, id, None),
        grid_id => id,
        crs => document["crs"].as_str().map(short_crs),
        extent => extent(visit.language, &document["boundingBox"]),
        zooms => zoom(document["tileMatrixSetLimits"].as_array().and_then(|all| all.first()))
            .zip(zoom(document["tileMatrixSetLimits"].as_array().and_then(|all| all.last())))
            .map(|(first, last)| format!("{first} … {last}")),
        limits => limits,
        layers => layers,
        ..addresses(document)
    }
}

/// The addresses that a map is given.
fn addresses(entry: &Json) -> Value {
    let of = |rel: &str| {
        let mut links = entry["links"].as_array().into_iter().flatten();
        links.find(|link| link["rel"] == rel).and_then(|link| link["href"].as_str()).map(str::to_owned)
    };
    let template =
        of("item").map(|href| href.replace("{tileMatrix}", "{z}").replace("{tileRow}", "{y}").replace("{tileCol}", "{x}"));
    context! { template => template, tilejson => of("describedby"), archive => of("enclosure"), grid_href => of("http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme") }
}

fn layer_shown(visit: &Visit, about: &Json) -> Value {
    let language = visit.language;
    let id = about["id"].as_str().unwrap_or_default();
    let known = id.parse::<Layer>().ok();
    let features = known.zip(visit.bench.as_ref()).map(|(layer, bench)| bench.catalogue().table(layer).len());
    let property_of = |name: &str| -> Option<&'static Property> {
        let schema = known?.schema();
        schema.properties.get(schema.index_of(name)?)
    };
    let properties = about["propertiesSchema"]["properties"].as_object();
    let properties: Vec<Value> = properties
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            let property = property_of(name);
            let title = property.map(|property| language.title(&property.title)).or(schema["title"].as_str()).unwrap_or(name);
            let named_unit = property.and_then(|property| property.unit.as_deref()).map(|name| unit(language, name));
            context! { name => name, title => title, unit => named_unit }
        })
        .collect();
    let shape = match about["geometryDimension"].as_u64() {
        Some(0) => "shape_points",
        Some(1) => "shape_lines",
        Some(2) => "shape_areas",
        _ => "shape_mixed",
    };
    context! {
        id => id,
        title => known.map_or_else(|| about["title"].as_str().unwrap_or(id), |layer| language.title(&layer.schema().title)),
        shape => word(language, shape),
        features => features,
        properties => properties,
    }
}

/// The corners of a box, as a sketch says them.
fn extent(language: Language, bounds: &Json) -> Option<String> {
    let corner = |name: &str, place: usize| Some(super::numbers::number(language, bounds[name][place].as_f64()?, false));
    let (west, south) = (corner("lowerLeft", 0)?, corner("lowerLeft", 1)?);
    let (east, north) = (corner("upperRight", 0)?, corner("upperRight", 1)?);
    Some(format!("{west}° … {east}° {}, {south}° … {north}° {}", word(language, "east"), word(language, "north")))
}

/// `EPSG:3857` of `http://www.opengis.net/def/crs/EPSG/0/3857`.
pub(super) fn short_crs(uri: &str) -> String {
    let mut parts = uri.rsplit('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(code), Some(_), Some(authority)) if uri.contains("/def/crs/") => format!("{authority}:{code}"),
        _ => uri.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_named_by_its_authority_and_code() {
        assert_eq!(short_crs("http://www.opengis.net/def/crs/EPSG/0/3857"), "EPSG:3857");
        assert_eq!(short_crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84"), "OGC:CRS84");
        assert_eq!(short_crs("EPSG:1"), "EPSG:1");
    }
}
