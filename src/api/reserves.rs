//! Reserves of a deposit or an area. Methods that take their time run as jobs.

use super::answer_or_job::{Preference, answer_or_job, json_answer};
use super::inputs::{area, from_body, from_query};
use super::problem::Problem;
use super::server::answering;
use super::state::{Queue, State};
use crate::jobs::JobProgress;
use crate::planning::ReservesQuery;
use actix_web::{HttpRequest, HttpResponse, web};

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
    let mut query = ReservesQuery { deposit, ..ReservesQuery::default() };
    let (drawn, inputs): (Vec<_>, Vec<_>) = inputs.into_iter().partition(|(name, _)| name == "area");
    for (name, text) in inputs {
        query.set(&name, &text)?;
    }
    let is_long = query.request.is_long();
    let (bench, most_vertices) = (state.bench(), state.config.area_vertices);
    let work = move |progress: &JobProgress| {
        let mut query = query;
        // Checking what was drawn takes its time, too.
        query.area = drawn.last().map(|(_, text)| area(text, most_vertices)).transpose()?;
        bench.deposit_reserves(&query, progress).map_err(Problem::from)
    };
    if is_long || Preference::of(request).is_stated() {
        return answer_or_job(state, request, "reserve-estimate", move |progress| json_answer(&work(progress)?)).await;
    }
    let reserves = state.compute(Queue::Estimates, move || work(&JobProgress::default())).await?;
    Ok(HttpResponse::Ok().json(reserves))
}
