//! Reserves of a deposit or an area. Methods that take their time run as jobs.

use super::answer_or_job::{Manner, Preference, answer_or_job, json_answer};
use super::inputs::{area, from_body, from_query};
use super::problem::Problem;
use super::server::answering;
use super::state::{Queue, State};
use super::written_json::json_bytes;
use crate::jobs::{JobProgress, Progress};
use crate::planning::{DepositReserves, ReservesQuery, Workbench};
use actix_web::{HttpRequest, HttpResponse, web};
use std::sync::Arc;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(answering("GET, HEAD, POST, OPTIONS", "/reserves", by_query_of_area).route(web::post().to(by_body_of_area)))
        .service(answering("GET, HEAD, POST, OPTIONS", "/reserves/{deposit}", by_query).route(web::post().to(by_body)));
}

async fn by_query(state: web::Data<State>, deposit: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    answer(&state, &request, Some(deposit.into_inner()), inputs).await
}

async fn by_body(
    state: web::Data<State>,
    deposit: web::Path<String>,
    request: HttpRequest,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    answer(&state, &request, Some(deposit.into_inner()), from_body(&body)?).await
}

async fn by_query_of_area(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    answer(&state, &request, None, inputs).await
}

async fn by_body_of_area(state: web::Data<State>, request: HttpRequest, body: web::Bytes) -> Result<HttpResponse, Problem> {
    answer(&state, &request, None, from_body(&body)?).await
}

async fn answer(
    state: &State,
    request: &HttpRequest,
    deposit: Option<String>,
    inputs: Vec<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let estimate = Estimate::of(state, deposit, inputs)?;
    if estimate.is_long() || Preference::of(request).is_stated() {
        let work = move |progress: &JobProgress| json_answer(&estimate.run(progress)?);
        return answer_or_job(state, request, Manner::Ordinary, "reserve-estimate", work).await;
    }
    let reserves = state.compute(Queue::Estimates, move || estimate.run(&JobProgress::default())).await?;
    Ok(HttpResponse::Ok().content_type("application/json").body(json_bytes(&reserves)?))
}

/// An estimate whose inputs are read, over the picture that was in force then.
pub(super) struct Estimate {
    query: ReservesQuery,
    drawn: Option<String>,
    bench: Arc<Workbench>,
    most_vertices: usize,
}

impl Estimate {
    /// Reads the inputs of a deposit's estimate, or of an area's.
    ///
    /// # Errors
    /// Names the input and what it accepts.
    pub(super) fn of(state: &State, deposit: Option<String>, inputs: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut query = ReservesQuery { deposit, ..ReservesQuery::default() };
        let (mut drawn, inputs): (Vec<_>, Vec<_>) = inputs.into_iter().partition(|(name, _)| name == "area");
        for (name, text) in inputs {
            query.set(&name, &text)?;
        }
        let drawn = drawn.pop().map(|(_, text)| text);
        Ok(Self { query, drawn, bench: state.bench(), most_vertices: state.config.area_vertices })
    }

    /// Whether its method takes its time.
    pub(super) fn is_long(&self) -> bool {
        self.query.request.is_long()
    }

    /// Estimates. What was drawn is checked here, off the workers, since that takes its time, too.
    ///
    /// # Errors
    /// The area's, or why there is no estimate.
    pub(super) fn run(mut self, progress: &dyn Progress) -> Result<DepositReserves, Problem> {
        self.query.area = self.drawn.map(|text| area(&text, self.most_vertices)).transpose()?;
        self.bench.deposit_reserves(&self.query, progress).map_err(Problem::from)
    }
}
