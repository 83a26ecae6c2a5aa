//! The fuel supply of a plant.

use super::inputs::{from_body, from_query};
use super::problem::Problem;
use super::server::answering;
use super::state::{Queue, State};
use crate::planning::SupplyQuery;
use actix_web::{HttpRequest, HttpResponse, web};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(answering("GET, HEAD, POST, OPTIONS", "/supply", by_query_at).route(web::post().to(by_body_at)))
        .service(answering("GET, HEAD, POST, OPTIONS", "/supply/{plant}", by_query).route(web::post().to(by_body)));
}

async fn by_query(state: web::Data<State>, plant: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    answer(&state, Some(plant.into_inner()), inputs).await
}

async fn by_body(state: web::Data<State>, plant: web::Path<String>, body: web::Bytes) -> Result<HttpResponse, Problem> {
    answer(&state, Some(plant.into_inner()), from_body(&body)?).await
}

async fn by_query_at(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    answer(&state, None, inputs).await
}

async fn by_body_at(state: web::Data<State>, body: web::Bytes) -> Result<HttpResponse, Problem> {
    answer(&state, None, from_body(&body)?).await
}

async fn answer(state: &State, plant: Option<String>, inputs: Vec<(String, String)>) -> Result<HttpResponse, Problem> {
    let mut query = SupplyQuery { plant, ..SupplyQuery::default() };
    for (name, text) in inputs {
        query.set(&name, &text)?;
    }
    let bench = state.bench();
    let supply = state.compute(Queue::Supplies, move || bench.plant_supply(&query).map_err(Problem::from)).await?;
    Ok(HttpResponse::Ok().json(supply))
}
