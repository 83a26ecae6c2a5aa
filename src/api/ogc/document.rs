//! A resource that is one JSON document, answered in the form that the client wants.

use crate::api::http::{Format, Validator, negotiate};
use crate::api::problem::Problem;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

/// Answers a document whose first form is `json`. With a validator, a client that has it already gets a 304.
pub(in crate::api) fn answer(
    request: &HttpRequest,
    inputs: &[(String, String)],
    json: Format,
    validator: Option<&Validator>,
    document: &Value,
) -> Result<HttpResponse, Problem> {
    let format = negotiate(request, inputs, &[json])?;
    if let Some(known) = validator.and_then(|validator| validator.not_modified(request)) {
        return Ok(known);
    }
    let mut response = HttpResponse::Ok();
    if let Some(validator) = validator {
        response.insert_header(validator.header());
    }
    Ok(response.content_type(format.media_type()).body(document.to_string()))
}
