//! The service's figures for Prometheus.

use super::http::{Now, Surroundings, access};
use super::problem::Problem;
use super::server::readable;
use super::state::State;
use crate::access::Role;
use actix_web::{HttpRequest, HttpResponse, web};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(readable("/metrics", metrics));
}

/// Open at a loopback address and where the settings say so; else for admins.
async fn metrics(
    state: web::Data<State>,
    surroundings: web::Data<Surroundings>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    if !state.config.metrics_open && !state.config.is_local() {
        access::of(&request).require(Role::Admin, None)?;
    }
    let bench = state.bench();
    let (kept_bytes, rate_clients) = surroundings.sizes();
    let catalogue_age = surroundings.catalogue_age(&bench);
    let now = Now { bench: &bench, jobs: &state.jobs.all(), catalogue_age, kept_bytes, rate_clients };
    let text = surroundings.metrics.text(&now).map_err(|error| Problem::internal(&error))?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}
