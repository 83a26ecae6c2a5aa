//! The computations' part of the OpenAPI document: reserves, supply, what is drawn of them, and jobs.

use super::operation;
use crate::model::{Choice, Parameter, reserve_parameters, supply_parameters};
use serde_json::{Map, Value, json};

pub(super) fn paths(paths: &mut Map<String, Value>) {
    computation_paths(paths);
    layer_paths(paths);
    job_paths(paths);
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

fn job_paths(paths: &mut Map<String, Value>) {
    let id = json!({ "name": "jobID", "in": "path", "required": true, "schema": { "type": "string" } });
    let status = json!({ "$ref": "#/components/schemas/statusInfo" });
    let (json, object) = ("application/json", json!({ "type": "object" }));
    let listed = operation("jobs", "Long computations", &[], json, &object);
    let get = operation("job", "State of a job", std::slice::from_ref(&id), json, &status);
    let delete = operation("dismiss-job", "Cancel a job", std::slice::from_ref(&id), json, &status);
    let results = operation("job-results", "Results of a job", &[id], json, &object);
    paths.insert("/jobs".into(), json!({ "get": listed }));
    paths.insert("/jobs/{jobID}".into(), json!({ "get": get, "delete": delete }));
    paths.insert("/jobs/{jobID}/results".into(), json!({ "get": results }));
}

pub(super) fn status_schema() -> Value {
    let moment = json!({ "type": "string", "format": "date-time" });
    json!({
        "type": "object",
        "required": ["jobID", "status", "type"],
        "properties": {
            "jobID": { "type": "string" },
            "processID": { "type": "string" },
            "type": { "type": "string", "enum": ["process"] },
            "status": { "type": "string", "enum": ["accepted", "running", "successful", "failed", "dismissed"] },
            "message": { "type": "string" },
            "progress": { "type": "integer", "minimum": 0, "maximum": 100 },
            "created": moment, "started": moment, "finished": moment, "updated": moment,
            "links": { "type": "array", "items": { "type": "object" } },
        },
    })
}

fn words(choice: &'static Choice) -> (String, Value) {
    let mut schema = json!({ "type": "string", "enum": choice.values().collect::<Vec<_>>(), "description": choice.meaning.en });
    if let Some(default) = &choice.default {
        schema["default"] = default.as_str().into();
    }
    (choice.name.clone(), schema)
}

fn number(parameter: &Parameter) -> (String, Value) {
    let unit = if parameter.unit.is_empty() { String::new() } else { format!(", {}", parameter.unit) };
    let mut schema = json!({
        "type": "number",
        "minimum": parameter.minimum,
        "maximum": parameter.maximum,
        "description": format!("{}{unit}", parameter.meaning.en),
    });
    if let Some(default) = parameter.value {
        schema["default"] = default.into();
    }
    (parameter.name.clone(), schema)
}

fn reserve_inputs() -> Vec<(String, Value)> {
    let mut inputs: Vec<(String, Value)> = reserve_parameters().choices().iter().map(words).collect();
    inputs.extend([
        ("crs".to_owned(), json!({ "type": "string", "description": "Working system of this estimate, such as EPSG:32637" })),
        ("area".to_owned(), json!({ "type": "string", "description": "GeoJSON polygon to clip to, CRS84" })),
    ]);
    inputs.extend(reserve_parameters().iter().map(number));
    inputs
}

fn supply_inputs() -> Vec<(String, Value)> {
    let size =
        |name: &str, description: &str| (name.to_owned(), json!({ "type": "number", "minimum": 0, "description": description }));
    let flag = |name: &str, description: &str| (name.to_owned(), json!({ "type": "boolean", "description": description }));
    let mut inputs = vec![
        ("at".to_owned(), json!({ "type": "string", "description": "Place of the plant: longitude,latitude" })),
        size("electric_capacity_mw", "Net electric capacity, MW"),
        size("heat_capacity_mw", "Useful heat capacity, MW"),
        size("fuel_power_mw", "Fuel input at full load, MW"),
        size("peat_share", "Share of peat in the fuel by energy"),
        flag("include_undeveloped", "Whether fields that are not prepared yet count"),
        flag("routes", "Whether routes are answered as lines"),
    ];
    inputs.extend(reserve_parameters().get("net_area_share").map(number));
    inputs.extend(supply_parameters().iter().map(number));
    inputs
}
