//! The computations' part of the OpenAPI document: reserves, supply, and what is drawn of them.

use super::operation;
use crate::api::computation_inputs::{self, ComputationInput};
use crate::exchange::{GEOJSON, GPKG};
use crate::planning::SupplyLayer;
use serde_json::{Map, Value, json};

pub(super) fn paths(paths: &mut Map<String, Value>) {
    computation_paths(paths);
    layer_paths(paths);
    supply_layer_paths(paths);
}

fn computation_paths(paths: &mut Map<String, Value>) {
    let path = |name: &str, description: &str| json!({ "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string" } });
    let reserves = reserve_inputs();
    let supply = supply_inputs();
    let computations = [
        (
            "/reserves/{deposit}",
            "reserves",
            "Reserves of a deposit",
            Some(path("deposit", "Identifier, code or name")),
            &reserves,
        ),
        ("/reserves", "reserves-area", "Reserves of an area", None, &reserves),
        ("/supply/{plant}", "supply", "Fuel supply of a plant", Some(path("plant", "Identifier, code or name")), &supply),
        ("/supply", "supply-at", "Fuel supply of a plant at a place", None, &supply),
    ];
    for (address, id, summary, in_path, inputs) in computations {
        let mut parameters: Vec<Value> = in_path.iter().cloned().collect();
        let mut get = parameters.clone();
        get.extend(inputs.iter().map(|(name, schema)| {
            let description = schema["description"].clone();
            json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema })
        }));
        let body: Map<String, Value> = inputs.iter().cloned().collect();
        let answer = json!({ "type": "object" });
        let mut post = operation(&format!("{id}-post"), summary, &parameters, "application/json", &answer);
        post["requestBody"] =
            json!({ "content": { "application/json": { "schema": { "type": "object", "properties": body } } } });
        parameters.clear();
        let get = operation(id, summary, &get, "application/json", &answer);
        paths.insert(address.into(), json!({ "get": get, "post": post }));
    }
}

/// What is drawn and kept of an estimate: the same inputs as of the estimate, and each address's own.
fn layer_paths(paths: &mut Map<String, Value>) {
    let in_path = |name: &str, kind: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": kind } });
    let own = |name: &str, allowed: &[&str]| json!({ "name": name, "in": "query", "required": false, "schema": { "type": "string", "enum": allowed } });
    let inputs: Vec<Value> = reserve_inputs()
        .into_iter()
        .map(|(name, schema)| json!({ "name": name, "in": "query", "required": false, "schema": schema }))
        .collect();
    let (object, binary) = (json!({ "type": "object" }), json!({ "type": "string", "format": "binary" }));
    let form = own("f", &["geojson", "gpkg"]);
    let language = own("lang", &["en", "ru"]);
    let band = own("band", &["depth", "error"]);
    let geojson = ("application/geo+json", &object);
    let addresses = [
        ("isopachs", "Ground between isopachs", geojson, vec![form.clone()]),
        ("blocks", "Reserve blocks", geojson, vec![form.clone()]),
        ("funnel", "What is left at each step from the gross area on", geojson, vec![form]),
        ("thickness.tif", "Depth by cell as a GeoTIFF", ("image/tiff", &binary), vec![]),
        (
            "thickness",
            "TileJSON of the depth's picture tiles, with the legend",
            ("application/json", &object),
            vec![band.clone()],
        ),
        ("table.csv", "Reserve table as text", ("text/csv", &json!({ "type": "string" })), vec![language.clone()]),
        ("table.xlsx", "Reserve table as a spreadsheet", (crate::exchange::XLSX, &binary), vec![language]),
    ];
    for (name, summary, (media_type, schema), own) in addresses {
        let parameters: Vec<Value> = [in_path("deposit", "string")].into_iter().chain(own).chain(inputs.clone()).collect();
        let id = format!("reserves-{}", name.replace('.', "-"));
        paths.insert(
            format!("/reserves/{{deposit}}/{name}"),
            json!({ "get": operation(&id, summary, &parameters, media_type, schema) }),
        );
    }
    let place =
        [("deposit", "string"), ("z", "integer"), ("x", "integer"), ("y", "integer")].map(|(name, kind)| in_path(name, kind));
    let parameters: Vec<Value> = place.into_iter().chain([band]).chain(inputs.clone()).collect();
    let tile = operation("reserves-tile", "Picture tile of the depth", &parameters, "image/png", &binary);
    paths.insert("/reserves/{deposit}/thickness/{z}/{x}/{y}.png".into(), json!({ "get": tile }));
    let numbers = [
        json!({ "name": "surface_error_m", "in": "query", "required": false, "description": "Vertical error that all cells share", "schema": { "type": "number", "minimum": 0, "maximum": 10 } }),
        json!({ "name": "raster_crs", "in": "query", "required": false, "description": "System of a raster that does not say its own", "schema": { "type": "string" } }),
    ];
    let parameters: Vec<Value> = [in_path("deposit", "string")].into_iter().chain(numbers).chain(inputs).collect();
    let mut difference = operation(
        "reserves-difference",
        "What was extracted since the survey, and what remains",
        &parameters,
        "application/json",
        &object,
    );
    difference["requestBody"] = json!({ "required": true, "content": { "image/tiff": { "schema": binary } } });
    paths.insert("/reserves/{deposit}/difference".into(), json!({ "post": difference }));
}

/// The layers of a supply, of a stored plant and of one at a place: the inputs of the supply, but for its routes, and the layer's own.
fn supply_layer_paths(paths: &mut Map<String, Value>) {
    let in_query = |(name, schema): (String, Value)| {
        let description = schema["description"].clone();
        json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema })
    };
    let form = json!({
        "name": "f", "in": "query", "required": false, "description": "Form of the answer, before the header Accept",
        "schema": { "type": "string", "enum": ["geojson", "gpkg"] },
    });
    let plant = json!({
        "name": "plant", "in": "path", "required": true, "description": "Identifier, code or name", "schema": { "type": "string" },
    });
    let summaries = [
        (SupplyLayer::Flows, "Flows of peat from the fields in use to the plant"),
        (SupplyLayer::Catchment, "Roads and narrow-gauge lines that a plant reaches within a limit"),
        (SupplyLayer::Depletion, "What deposits or fields still hold at the end of a year"),
    ];
    for (layer, summary) in summaries {
        let own = computation_inputs::supply_layer_inputs(layer);
        let inputs = own.iter().map(ComputationInput::described_schema).chain(supply_inputs());
        // A layer is of the plain answer.
        let inputs = inputs.filter(|(name, _)| name != "routes" && !computation_inputs::is_supply_part(name)).map(in_query);
        let at_place: Vec<Value> = std::iter::once(form.clone()).chain(inputs).collect();
        let of_plant: Vec<Value> = std::iter::once(plant.clone()).chain(at_place.clone()).collect();
        let name = layer.name();
        for (address, id, parameters) in [
            (format!("/supply/{{plant}}/{name}"), format!("supply-{name}"), of_plant),
            (format!("/supply/{name}"), format!("supply-at-{name}"), at_place),
        ] {
            let mut get = operation(&id, summary, &parameters, GEOJSON, &json!({ "type": "object" }));
            get["responses"]["200"]["content"][GPKG] = json!({ "schema": { "type": "string", "format": "binary" } });
            paths.insert(address, json!({ "get": get }));
        }
    }
}

fn reserve_inputs() -> Vec<(String, Value)> {
    let area = json!({ "type": "string", "description": "GeoJSON polygon to clip to, CRS84" });
    let inputs = computation_inputs::reserve_inputs();
    std::iter::once(("area".to_owned(), area)).chain(inputs.iter().map(ComputationInput::described_schema)).collect()
}

fn supply_inputs() -> Vec<(String, Value)> {
    computation_inputs::supply_inputs().iter().map(ComputationInput::described_schema).collect()
}
