//! The OpenAPI 3.0 document, built from the layers and the parameters: it cannot say other than what is there.

mod computations;
mod features;
mod processes;

use super::document::answer;
use super::link::check_parameters;
use crate::api::http::Format;
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
    let document = json!({
        "openapi": "3.0.3",
        "info": {
            "title": format!("peatplan: {}", bench.catalogue().project.title),
            "version": SOFTWARE_VERSION,
            "description": "Peat deposits, their reserves and the fuel supply of plants.",
        },
        "servers": [{ "url": base_address(&request) }],
        "paths": paths(&state.config),
        "components": { "schemas": schemas(), "responses": responses() },
    });
    answer(&request, &inputs, Format::OpenApi, None, &document)
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
    plain("/health/live", "live", "Whether the service lives");
    plain("/health/ready", "ready", "Whether the service can answer");
    features::paths(&mut paths, config);
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
    let schema = json!({ "$ref": "#/components/schemas/problem" });
    json!({ "problem": { "description": "A problem (RFC 9457)", "content": { "application/problem+json": { "schema": schema } } } })
}
