//! The fuel supply of a plant.

use super::inputs::{from_body, from_query};
use super::problem::Problem;
use super::server::answering;
use super::state::{Queue, State};
use super::written_json::json_bytes;
use crate::jobs::{JobProgress, Progress};
use crate::planning::{PlantSupply, SupplyQuery, Workbench};
use actix_web::{HttpRequest, HttpResponse, web};
use std::sync::Arc;

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
    let supply = Supply::of(state, plant, inputs)?;
    let supply = state.compute(supply.queue(), move || supply.run(&JobProgress::default())).await?;
    Ok(HttpResponse::Ok().content_type("application/json").body(json_bytes(&supply)?))
}

/// A fuel supply whose inputs are read, over the picture that was in force then.
pub(super) struct Supply {
    query: SupplyQuery,
    bench: Arc<Workbench>,
}

impl Supply {
    /// Reads the inputs of a stored plant's supply, or of one at a place.
    ///
    /// # Errors
    /// Names the input and what it accepts.
    pub(super) fn of(state: &State, plant: Option<String>, inputs: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut query = SupplyQuery { plant, ..SupplyQuery::default() };
        for (name, text) in inputs {
            query.set(&name, &text)?;
        }
        Ok(Self { query, bench: state.bench() })
    }

    /// Whether a part is asked for that takes its time.
    pub(super) fn is_long(&self) -> bool {
        self.query.request.parts.any()
    }

    /// Where it queues: the plain answer must not wait for the parts that take their time.
    pub(super) fn queue(&self) -> Queue {
        if self.is_long() { Queue::Estimates } else { Queue::Supplies }
    }

    /// Computes it.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn run(&self, progress: &dyn Progress) -> Result<PlantSupply, Problem> {
        self.bench.plant_supply_watched(&self.query, progress).map_err(Problem::from)
    }
}
