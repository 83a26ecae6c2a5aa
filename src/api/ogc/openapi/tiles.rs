//! The tiles' part of the OpenAPI document. The tests of OGC API Tiles find its operations by the ends of their names
//! (20-057, requirement 24).

use super::features::of_rows;
use super::operation;
use crate::api::http::Format;
use crate::model::Layer;
use serde_json::{Map, Value, json};

pub(super) fn paths(paths: &mut Map<String, Value>) {
    let (object, binary) = (json!({ "type": "object" }), json!({ "type": "string", "format": "binary" }));
    let mut get = |path: String, id: &str, summary: &str, parameters: &[Value], kind: &str| {
        let schema = if kind == Format::VectorTile.media_type() { &binary } else { &object };
        paths.insert(path, json!({ "get": operation(id, summary, parameters, kind, schema) }));
    };
    let (json, mvt) = ("application/json", Format::VectorTile.media_type());
    get("/ogc/tileMatrixSets".into(), "getTileMatrixSetsList", "Grids of tiles", &[], json);
    get("/ogc/tileMatrixSets/{tileMatrixSetId}".into(), "getTileMatrixSet", "A grid of tiles", &[set()], json);
    get("/ogc/style.json".into(), "style", "A style for maps of the web over the tiles of all layers", &[language()], json);

    let form = tileset_form();
    let of = [
        ("/ogc/tiles", "dataset", vec![collections()]),
        ("/ogc/collections/{collectionId}/tiles", "collection", [vec![collection()], of_rows()].concat()),
    ];
    for (base, name, own) in of {
        let with = |more: Vec<Value>| own.iter().cloned().chain(more).collect::<Vec<Value>>();
        let id = |operation: &str| format!("{name}.vector.{operation}");
        get(base.to_owned(), &id("getTileSetsList"), "Tilesets", &with(vec![]), json);
        let tileset = format!("{base}/{{tileMatrixSetId}}");
        get(tileset.clone(), &id("getTileSet"), "A tileset", &with(vec![set(), form.clone()]), json);
        let place = ["tileMatrix", "tileRow", "tileCol"].map(number_in_path);
        let tile = with([set()].into_iter().chain(place).chain([version()]).collect());
        get(format!("{tileset}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"), &id("getTile"), "A vector tile", &tile, mvt);
    }
    for (layer, title) in
        [("isopachs", "The ground between isopachs"), ("blocks", "Reserve blocks"), ("funnel", "The land of each step")]
    {
        let deposit = json!({ "name": "deposit", "in": "path", "required": true, "schema": { "type": "string" } });
        let place = ["z", "x", "y"].map(number_in_path);
        let parameters: Vec<Value> = [deposit].into_iter().chain(place).chain([version()]).collect();
        let path = format!("/reserves/{{deposit}}/{layer}/{{z}}/{{x}}/{{y}}.mvt");
        let summary = format!("{title} as a vector tile of the web's grid; takes the inputs of the estimate, too");
        get(path, &format!("reserves-{layer}-tile"), &summary, &parameters, mvt);
    }
    for tileset in ["/ogc/tiles/{tileMatrixSetId}", "/ogc/collections/{collectionId}/tiles/{tileMatrixSetId}"] {
        other_forms(&mut paths[tileset]["get"]["responses"]);
    }
}

/// What else a tileset is answered as: a document for maps, an archive, or the job that makes the archive.
fn other_forms(responses: &mut Value) {
    let content = &mut responses["200"]["content"];
    content[Format::TileJson.media_type()] = json!({ "schema": { "type": "object" } });
    content[Format::TileArchive.media_type()] = json!({ "schema": { "type": "string", "format": "binary" } });
    responses["202"] = json!({
        "description": "The archive takes longer than the client waits: the job that makes it",
        "headers": { "Location": { "description": "Address of the job", "schema": { "type": "string" } } },
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/statusInfo" } } },
    });
    responses["503"] = json!({ "$ref": "#/components/responses/problem" });
}

fn set() -> Value {
    json!({
        "name": "tileMatrixSetId", "in": "path", "required": true,
        "description": "The web's grid, or that of the project's working system",
        "schema": { "type": "string", "enum": ["WebMercatorQuad", "Working"] },
    })
}

fn number_in_path(name: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "integer", "minimum": 0 } })
}

fn layer_names() -> Vec<&'static str> {
    Layer::ALL.iter().map(|layer| layer.name()).collect()
}

fn collection() -> Value {
    json!({ "name": "collectionId", "in": "path", "required": true, "schema": { "type": "string", "enum": layer_names() } })
}

fn collections() -> Value {
    json!({
        "name": "collections", "in": "query", "required": false, "style": "form", "explode": false,
        "description": "The layers of the tile; all where none is named",
        "schema": { "type": "array", "minItems": 1, "items": { "type": "string", "enum": layer_names() } },
    })
}

fn version() -> Value {
    json!({
        "name": "v", "in": "query", "required": false, "style": "form", "explode": false,
        "description": "The version that a TileJSON document names; a tile asked for by its version may be kept for good",
        "schema": { "type": "string" },
    })
}

fn tileset_form() -> Value {
    json!({
        "name": "f", "in": "query", "required": false, "style": "form", "explode": false,
        "description": "The form; tilejson and pmtiles for WebMercatorQuad only, pmtiles for all features only",
        "schema": { "type": "string", "enum": ["json", "tilejson", "pmtiles"] },
    })
}

fn language() -> Value {
    json!({
        "name": "lang", "in": "query", "required": false, "style": "form", "explode": false,
        "description": "Language of names",
        "schema": { "type": "string", "enum": ["en", "ru"], "default": "en" },
    })
}
