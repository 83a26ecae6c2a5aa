//! The functions that filters may call (CQL2, requirements class functions).

use crate::api::http::{Format, Validator};
use crate::api::inputs::from_query;
use crate::api::ogc::document::answer;
use crate::api::ogc::link::check_parameters;
use crate::api::problem::Problem;
use crate::api::state::State;
use crate::planning::SOFTWARE_VERSION;
use crate::query::functions;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

pub(super) async fn list(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let described = functions().iter().map(|function| {
        let arguments = function
            .arguments
            .iter()
            .map(|argument| json!({ "title": argument.title, "description": argument.description, "type": argument.types }));
        json!({
            "name": function.name,
            "description": function.description,
            "arguments": arguments.collect::<Vec<Value>>(),
            "returns": function.returns,
        })
    });
    let document = json!({ "functions": described.collect::<Vec<Value>>() });
    answer(&request, &inputs, Format::Json, Some(&Validator::of(("functions", SOFTWARE_VERSION))), &document)
}
