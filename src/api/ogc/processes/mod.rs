//! OGC API Processes, part 1 (18-062r2): the computations as processes that describe themselves and are executed. The
//! jobs that come of it are everybody's, `api::jobs`; what is computed is known in the rooms behind.

mod allocate;
mod asked_form;
mod chp_study;
mod compare_scenarios;
mod description;
mod echo;
mod execution;
mod form;
mod fuel_supply;
mod input_schema;
mod input_values;
mod process;
mod reserve_estimate;
mod results;
mod site_plants;
mod steam_retrofit;
mod stored_inputs;
mod town_demand;

pub(in crate::api) use asked_form::in_asked_form;
pub(in crate::api) use process::Process;
pub(in crate::api) use stored_inputs::check_stored;

use super::document::answer;
use super::link::{JSON, Link, check_parameters};
use super::short_list::page_of;
use crate::api::http::Format;
use crate::api::inputs::from_query;
use crate::api::language::Language;
use crate::api::problem::Problem;
use crate::api::server::{base_address, readable};
use crate::api::state::State;
use actix_web::http::header::{CONTENT_LANGUAGE, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

/// Classes of OGC API Processes that are kept in full.
pub(in crate::api) const CONFORMANCE: [&str; 7] = [
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/ogc-process-description",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/job-list",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/dismiss",
];

pub(super) fn routes(scope: &mut web::ServiceConfig) {
    scope
        .service(readable("/processes", processes))
        .service(readable("/processes/{process}", process))
        .service(web::resource("/processes/{process}/execution").route(web::post().to(execution::execute)));
}

async fn processes(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &["limit", "offset"])?;
    let (base, language) = (base_address(&request), Language::of(&request, &inputs));
    let (shown, links) = page_of(&Process::ALL, &format!("{base}/ogc/processes"), &inputs)?;
    let summaries: Vec<Value> = shown
        .iter()
        .map(|process| {
            let mut summary = description::summary(*process, language);
            let address = format!("{base}/ogc/processes/{}", process.id());
            summary["links"] = json!([Link::new(address, "self", JSON, process.title(language))]);
            summary
        })
        .collect();
    spoken(language, answer(&request, &inputs, Format::Json, None, &json!({ "processes": summaries, "links": links }))?)
}

async fn process(state: web::Data<State>, id: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let process = Process::named(&id)?;
    let language = Language::of(&request, &inputs);
    let document = description::describe(process, language, &base_address(&request), &state.config);
    spoken(language, answer(&request, &inputs, Format::Json, None, &document)?)
}

/// Titles and descriptions are in one language: the answer says in which.
#[expect(clippy::unnecessary_wraps, reason = "what a handler gives")]
fn spoken(language: Language, mut response: HttpResponse) -> Result<HttpResponse, Problem> {
    response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.code()));
    Ok(response)
}
