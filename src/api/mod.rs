//! The public face: the only folder that names `actix_web`. One file a resource; each parses, calls and renders.

mod answer_or_job;
mod computation_inputs;
mod demand_inputs;
mod difference;
mod health;
mod http;
mod inputs;
mod jobs;
mod language;
mod map;
mod metrics;
mod ogc;
mod pages;
mod parameters;
mod problem;
mod project;
mod reserves;
mod reserves_layers;
mod server;
mod session;
mod state;
mod study_inputs;
mod supply;
mod supply_layers;
mod written_json;

pub use http::SetupError;
pub use server::{Running, ServeError, serve};
