//! Executing a process: the request, sync or async, and what is sent back.

use super::asked_form::in_asked_form;
use super::form;
use super::input_schema::told;
use super::input_values::Given;
use super::process::{Outputs, Process};
use super::results::{Shape, render};
use crate::api::answer_or_job::{Manner, Preference, answer_or_job};
use crate::api::http::{Format, negotiate};
use crate::api::inputs::from_query;
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use crate::jobs::JobProgress;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};

/// What an execute request asks for.
#[derive(Debug)]
struct Asked {
    inputs: Map<String, Value>,
    /// Outputs that are wanted; all where none is named.
    selected: Vec<String>,
    shape: Shape,
}

pub(super) async fn execute(
    state: web::Data<State>,
    id: web::Path<String>,
    request: HttpRequest,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let process = Process::named(&id)?;
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    // curl calls a JSON body a form where it is not told better; no form begins with a brace.
    if kind.starts_with(form::MEDIA_TYPE) && !body.trim_ascii_start().starts_with(b"{") {
        return form::execute(&state, process, &request, &body);
    }
    let query = from_query(&request, state.config.query_bytes)?;
    if query.iter().any(|(name, _)| name == "f") {
        negotiate(&request, &query, &[Format::Json, Format::Html])?;
    }
    let asked = Asked::read(process, &body, &state)?;
    let given = Given::read(&process.inputs(&state.config), &asked.inputs, &state, &base_address(&request))?;
    let execution = process.prepare(&state, given)?;
    let (is_long, queue, work) = (execution.is_long, execution.queue, execution.work);
    let shaped = move |outputs: Outputs| render(outputs, &asked.selected, asked.shape);
    if is_long || Preference::of(&request).is_stated() {
        let work = move |progress: &JobProgress| Ok(shaped(work(progress)?));
        let response = answer_or_job(&state, &request, Manner::Execution, process.id(), work).await?;
        return in_asked_form(&request, &query, response);
    }
    let answer = state.compute(queue, move || Ok(shaped(work(&JobProgress::default())?))).await?;
    in_asked_form(&request, &query, HttpResponse::Ok().content_type(&*answer.media_type).body(answer.bytes))
}

impl Asked {
    fn read(process: Process, body: &[u8], state: &State) -> Result<Self, Problem> {
        let wrong = |detail: String| Problem::bad_request("body", detail);
        let body: Value = serde_json::from_slice(body).map_err(|error| wrong(format!("the body is no JSON: {error}")))?;
        let Value::Object(members) = body else { return Err(wrong("the body must be a JSON object with inputs".into())) };
        let mut asked = Self { inputs: Map::new(), selected: Vec::new(), shape: Shape::Raw };
        for (name, value) in members {
            match (name.as_str(), value) {
                ("inputs", Value::Object(inputs)) => asked.inputs = inputs,
                ("inputs", other) => {
                    return Err(Problem::bad_request("inputs", format!("inputs must be an object; it was {}", told(&other))));
                }
                ("outputs", outputs) => asked.selected = selection(process, &outputs, state)?,
                ("response", value) => {
                    asked.shape = match value.as_str() {
                        Some("raw") => Shape::Raw,
                        Some("document") => Shape::Document,
                        _ => {
                            let detail = format!("response must be raw or document; it was {}", told(&value));
                            return Err(Problem::bad_request("response", detail));
                        }
                    }
                }
                ("subscriber", _) => {
                    let detail = "subscriber: this service calls nobody back; ask for the job's state";
                    return Err(Problem::bad_request("subscriber", detail));
                }
                (name, _) => {
                    let detail = format!("there is no member {name:?}; an execute request has inputs, outputs and response");
                    return Err(Problem::bad_request(name, detail));
                }
            }
        }
        Ok(asked)
    }
}

fn selection(process: Process, outputs: &Value, state: &State) -> Result<Vec<String>, Problem> {
    let wrong = |detail: String| Problem::bad_request("outputs", detail);
    let Value::Object(outputs) = outputs else {
        return Err(wrong(format!("outputs must be an object of outputs; it was {}", told(outputs))));
    };
    let known = process.outputs(&state.config);
    for (id, wanted) in outputs {
        let Some(output) = known.iter().find(|output| output.id == id) else {
            let known = known.iter().map(|output| output.id).collect::<Vec<_>>().join(", ");
            return Err(wrong(format!("outputs: there is no output {id:?}; the outputs are {known}")));
        };
        if wanted["transmissionMode"].as_str().is_some_and(|mode| mode != "value") {
            return Err(wrong(format!("outputs: {id} is sent by value only")));
        }
        let media_type = wanted["format"]["mediaType"].as_str();
        let own = output.schema["contentMediaType"].as_str().unwrap_or("application/json");
        if let Some(other) = media_type.filter(|kind| *kind != own && *kind != "application/json") {
            return Err(wrong(format!("outputs: {id} is sent as {own}; {other:?} was asked for")));
        }
    }
    Ok(outputs.keys().cloned().collect())
}
