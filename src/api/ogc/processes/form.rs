//! An execute request from the form of a process's page: names and texts. It becomes a job, and the browser is sent to
//! the job's page. A form of another site is turned away.

use super::input_values::Given;
use super::process::{Process, ProcessInput};
use super::results::{Shape, render};
use crate::api::http::access;
use crate::api::pages::{same_origin, see_other};
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

pub(super) const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

pub(super) fn execute(state: &State, process: Process, request: &HttpRequest, body: &[u8]) -> Result<HttpResponse, Problem> {
    same_origin(request)?;
    let text = std::str::from_utf8(body).map_err(|_| Problem::bad_request("body", "the form is not UTF-8"))?;
    let pairs = Query::<Vec<(String, String)>>::from_query(text)
        .map_err(|error| Problem::bad_request("body", format!("the form could not be read: {error}")))?;
    let known = process.inputs(&state.config);
    let mut values = Map::new();
    // A field that was left empty is an input that was not given.
    for (name, text) in pairs.into_inner().into_iter().filter(|(_, text)| !text.trim().is_empty()) {
        let value = typed(&known, &name, text)?;
        values.insert(name, value);
    }
    let given = Given::read(&known, &values, state, &base_address(request))?;
    let work = process.prepare(state, given)?.work;
    let job = state
        .jobs
        .start(access::of(request).owner(), process.id(), move |progress| Ok(render(work(progress)?, &[], Shape::Document)))
        .map_err(|full| Problem::busy(full.to_string()).retry_after(5))?;
    Ok(see_other(request, &format!("/ogc/jobs/{}", job.id())))
}

/// A field's text as a value of the kind that its input asks for.
fn typed(known: &[ProcessInput], name: &str, text: String) -> Result<Value, Problem> {
    let Some(input) = known.iter().find(|input| input.about.name == name) else { return Ok(Value::String(text)) };
    let schema = &input.about.schema;
    let json_of = |text: &str| {
        let wrong = |error| Problem::bad_request(name, format!("{name} is no JSON: {error}"));
        serde_json::from_str::<Value>(text).map_err(wrong)
    };
    let first = if schema["oneOf"].is_array() { &schema["oneOf"][0] } else { schema };
    Ok(match first["type"].as_str().unwrap_or_default() {
        "number" => json!(crate::model::number_from(name, &text)?),
        "boolean" => Value::Bool(crate::model::flag_from(name, &text)?),
        // One entry a line, as a text field has them.
        "array" => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            let items = &schema["items"];
            // A name or a number: a text is both.
            let is_text = items["type"] == "string" || items["oneOf"][0]["type"] == "string";
            lines.map(|line| if is_text { Ok(Value::from(line)) } else { json_of(line) }).collect::<Result<_, _>>()?
        }
        "object" if schema["format"] == "ogc-bbox" => json_of(&text)?,
        "object" => json!({ "value": json_of(&text)? }),
        _ => Value::String(text),
    })
}
