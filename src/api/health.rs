//! Whether the service lives, and whether it can answer.

use super::server::readable;
use super::state::State;
use actix_web::{HttpResponse, web};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(readable("/health/live", live)).service(readable("/health/ready", ready));
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "live" }))
}

/// The server listens only once the project is loaded, so an answer at all means ready.
async fn ready(state: web::Data<State>) -> HttpResponse {
    let version = state.bench().catalogue().data_version;
    HttpResponse::Ok().json(serde_json::json!({ "status": "ready", "data_version": version }))
}
