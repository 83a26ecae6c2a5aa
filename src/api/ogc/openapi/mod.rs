//! The OpenAPI 3.0 document, built from the layers and the parameters: it cannot say other than what is there.

mod computations;
mod features;
mod processes;
mod tiles;

use super::document::answer;
use super::link::check_parameters;
use crate::api::http::{Format, Validator, negotiate};
use crate::api::inputs::from_query;
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use crate::config::Config;
use crate::planning::SOFTWARE_VERSION;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

pub(super) async fn document(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let bench = state.bench();
    let base = base_address(&request);
    let format = negotiate(&request, &inputs, &[Format::OpenApi, Format::Json, Format::Html])?;
    // All that it is built from; it is long, and clients begin with it.
    let validator = Validator::of((SOFTWARE_VERSION, &bench.catalogue().project.title, &base, format, state.settings_tag));
    if let Some(answer) = validator.not_modified(&request).or_else(|| validator.kept(&request)) {
        return Ok(answer);
    }
    let mut document = json!({
        "openapi": "3.0.3",
        "info": {
            "title": format!("peatplan: {}", bench.catalogue().project.title),
            "version": SOFTWARE_VERSION,
            "description": "Peat deposits, their reserves and the fuel supply of plants.",
        },
        "servers": [{ "url": format!("{base}/ogc") }],
        "paths": paths(&state.config),
        "components": { "schemas": schemas(), "responses": responses(), "securitySchemes": security_schemes() },
    });
    document["components"]["parameters"] = features::shared_parameters(&state.config);
    secure(&mut document, &state.config);
    let paths = document["paths"].take();
    document["paths"] = below_ogc(paths, &base);
    name_extensions(&mut document);
    answer(&request, &inputs, Format::OpenApi, Some(&validator), &document)
}

/// Clients look for `/collections/{layer}/items` below the server's address. What stands outside `/ogc` names a server of its own.
fn below_ogc(paths: Value, base: &str) -> Value {
    let Value::Object(paths) = paths else { return paths };
    let below = paths.into_iter().map(|(path, mut operations)| match path.strip_prefix("/ogc") {
        Some("") => ("/".to_owned(), operations),
        Some(rest) => (rest.to_owned(), operations),
        None => {
            operations["servers"] = json!([{ "url": base }]);
            (path, operations)
        }
    });
    Value::Object(below.collect())
}

/// Schemas of `OpenAPI` may have members of one's own only under names that begin with `x-`.
fn name_extensions(document: &mut Value) {
    match document {
        Value::Object(members) => {
            if let Some(title) = members.get("title_ru").filter(|title| title.is_string()).cloned() {
                members.remove("title_ru");
                members.insert("x-title-ru".into(), title);
            }
            members.values_mut().for_each(name_extensions);
        }
        Value::Array(items) => items.iter_mut().for_each(name_extensions),
        _ => {}
    }
}

/// How a key is sent.
fn security_schemes() -> Value {
    json!({
        "apiKey": { "type": "apiKey", "in": "header", "name": "X-API-Key" },
        "bearer": { "type": "http", "scheme": "bearer" },
    })
}

/// Says which operations need a key: changes of a layer, unless the service is for its own machine, and all where the settings
/// say so. What is said of nothing needs none.
fn secure(document: &mut Value, config: &Config) {
    let needs = || json!([{ "apiKey": [] }, { "bearer": [] }]);
    if config.reads_need_a_key {
        document["security"] = needs();
    }
    if config.keys_file.is_none() && config.is_local() {
        return;
    }
    let Some(paths) = document["paths"].as_object_mut() else { return };
    let layers = paths.iter_mut().filter(|(path, _)| path.starts_with("/ogc/collections/"));
    for operation in layers.filter_map(|(_, operations)| operations.as_object_mut()).flatten() {
        if let (true, Some(operation)) =
            (matches!(operation.0.as_str(), "post" | "put" | "patch" | "delete"), operation.1.as_object_mut())
        {
            operation.insert("security".into(), needs());
        }
    }
}

fn paths(config: &Config) -> Value {
    let mut paths = Map::new();
    let mut plain = |path: &str, id: &str, summary: &str| {
        paths
            .insert(path.into(), json!({ "get": operation(id, summary, &[], "application/json", &json!({ "type": "object" })) }));
    };
    plain("/ogc", "landing", "Landing page");
    plain("/ogc/conformance", "conformance", "Conformance classes");
    plain("/ogc/collections", "collections", "The layers");
    plain("/ogc/functions", "functions", "Functions of filters");
    plain("/project", "project", "What the project is");
    plain("/parameters", "parameters", "Parameters of the computations with default, range, unit and source");
    plain("/session", "session", "Whose key the browser keeps for its session");
    plain("/health/live", "live", "Whether the service lives");
    plain("/health/ready", "ready", "Whether the service can answer");
    features::paths(&mut paths);
    tiles::paths(&mut paths);
    computations::paths(&mut paths);
    processes::paths(&mut paths, config);
    paths.into()
}

fn operation(id: &str, summary: &str, parameters: &[Value], media_type: &str, schema: &Value) -> Value {
    json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": { "description": summary, "content": { media_type: { "schema": schema } } },
            "400": { "$ref": "#/components/responses/problem" },
            "404": { "$ref": "#/components/responses/problem" },
            "422": { "$ref": "#/components/responses/problem" },
            "500": { "$ref": "#/components/responses/problem" },
            "default": { "$ref": "#/components/responses/problem" },
        },
    })
}

fn schemas() -> Value {
    let mut schemas = features::schemas();
    let problem = json!({
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "What is wrong with which input, and what is allowed" },
            "parameter": { "type": "string", "description": "The input that is wrong" },
        },
    });
    schemas.insert("problem".into(), problem);
    schemas.insert("statusInfo".into(), processes::status_schema());
    schemas.into()
}

fn responses() -> Value {
    let content = json!({
        "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } },
        // For whoever asks for pages.
        "text/html": { "schema": { "type": "string" } },
    });
    json!({ "problem": { "description": "A problem (RFC 9457)", "content": content } })
}
