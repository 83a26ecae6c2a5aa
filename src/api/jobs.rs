//! Long computations under way and done, as OGC API Processes shows them: state, results, cancelling. An id is a
//! secret in so far as nobody can guess it; the list is for whoever may use the service at all.

use super::answer_or_job::outcome_response;
use super::problem::Problem;
use super::server::{answering, base_address, readable};
use super::state::State;
use crate::jobs::{Job, JobState, JobStatus};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use std::sync::Arc;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/jobs", list))
        .service(answering("GET, HEAD, DELETE, OPTIONS", "/jobs/{job}", status).route(web::delete().to(dismiss)))
        .service(readable("/jobs/{job}/results", results));
}

async fn list(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let base = base_address(&request);
    let jobs: Vec<Value> = state.jobs.list().iter().map(|status| status_json(status, &base)).collect();
    let links = json!([{ "href": format!("{base}/jobs"), "rel": "self", "type": "application/json" }]);
    HttpResponse::Ok().json(json!({ "jobs": jobs, "links": links }))
}

async fn status(state: web::Data<State>, id: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let job = found(&state, &id)?;
    Ok(HttpResponse::Ok().json(status_json(&job.status(), &base_address(&request))))
}

async fn results(state: web::Data<State>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let job = found(&state, &id)?;
    let status = job.status();
    outcome_response(job.outcome().ok_or_else(|| Problem::result_not_ready(status.percent))?)
}

/// Cancels; of a job that has ended, throws the results away. What is dismissed already is gone.
async fn dismiss(state: web::Data<State>, id: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let job = found(&state, &id)?;
    if !state.jobs.dismiss(&job) {
        return Err(Problem::dismissed());
    }
    Ok(HttpResponse::Ok().json(status_json(&job.status(), &base_address(&request))))
}

fn found(state: &State, id: &str) -> Result<Arc<Job<Problem>>, Problem> {
    state.jobs.find(id).ok_or_else(|| Problem::no_such_job(id))
}

/// A job as OGC API Processes writes it (`statusInfo`).
pub(super) fn status_json(status: &JobStatus, base: &str) -> Value {
    let moment = |time: OffsetDateTime| time.format(&Rfc3339).unwrap_or_default();
    let own = format!("{base}/jobs/{}", status.id);
    let mut links = vec![json!({ "href": own, "rel": "self", "type": "application/json", "title": "This job" })];
    if status.state == JobState::Successful {
        links.push(json!({
            "href": format!("{own}/results"),
            "rel": "http://www.opengis.net/def/rel/ogc/1.0/results",
            "type": "application/json",
            "title": "Its results",
        }));
    }
    let mut info = json!({
        "jobID": status.id,
        "processID": status.process,
        "type": "process",
        "status": status.state,
        "message": status.message,
        "progress": status.percent,
        "created": moment(status.created),
        "updated": moment(status.updated),
    });
    // The standard's moments are no nulls: what has not happened has none.
    for (name, time) in [("started", status.started), ("finished", status.finished)] {
        if let Some(time) = time {
            info[name] = moment(time).into();
        }
    }
    info["links"] = links.into();
    info
}
