//! The landing page and what the service conforms to.

use super::document::answer;
use super::features;
use super::link::{HTML, JSON, Link, OPENAPI, check_parameters};
use super::processes;
use super::tiles::{self, TILESETS, TILING_SCHEMES};
use crate::api::http::{Format, Validator};
use crate::api::inputs::from_query;
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

const FUNCTIONS: &str = "http://www.opengis.net/def/rel/ogc/1.0/functions";
const PROCESSES: &str = "http://www.opengis.net/def/rel/ogc/1.0/processes";
const JOB_LIST: &str = "http://www.opengis.net/def/rel/ogc/1.0/job-list";

pub(in crate::api) async fn landing(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let bench = state.bench();
    let project = &bench.catalogue().project;
    let base = base_address(&request);
    let links = [
        Link::new(format!("{base}/ogc"), "self", JSON, "This document"),
        Link::new(format!("{base}/ogc/api"), "service-desc", OPENAPI, "The API's description"),
        Link::new(format!("{base}/ogc/api?f=html"), "service-doc", HTML, "The API's description to read"),
        Link::new(format!("{base}/"), "related", HTML, "The map"),
        Link::new(format!("{base}/ogc/conformance"), "conformance", JSON, "Conformance classes"),
        Link::new(format!("{base}/ogc/collections"), "data", JSON, "The layers"),
        Link::new(format!("{base}/ogc/tiles"), TILESETS, JSON, "All layers as vector tiles"),
        Link::new(format!("{base}/ogc/tileMatrixSets"), TILING_SCHEMES, JSON, "Grids of tiles"),
        Link::new(format!("{base}/ogc/functions"), FUNCTIONS, JSON, "Functions of filters"),
        Link::new(format!("{base}/ogc/processes"), PROCESSES, JSON, "The processes"),
        Link::new(format!("{base}/ogc/jobs"), JOB_LIST, JSON, "The jobs"),
    ];
    let document = json!({
        "title": format!("peatplan: {}", project.title),
        "description": description(bench.catalogue().is_synthetic()),
        "synthetic": bench.catalogue().is_synthetic(),
        "links": links,
    });
    answer(&request, &inputs, Format::Json, None, &document)
}

fn description(synthetic: bool) -> &'static str {
    if synthetic {
        "Peat deposits, their reserves and the fuel supply of plants. The peat data of this project are invented for demonstration."
    } else {
        "Peat deposits, their reserves and the fuel supply of plants."
    }
}

pub(in crate::api) async fn conformance(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let classes: Vec<&str> = [&features::CONFORMANCE[..], &tiles::CONFORMANCE, &processes::CONFORMANCE].concat();
    let validator = Validator::of(&classes);
    answer(&request, &inputs, Format::Json, Some(&validator), &json!({ "conformsTo": classes }))
}
