//! The form in which a reader asks for results, `f=` before the header `Accept`: one JSON document, or one page. Who asks for no form gets
//! them as the execution said: parts, where several outputs stand bare.

use super::results::json_of;
use crate::api::http::{Format, negotiate};
use crate::api::pages::{Visit, document_page, is_wanted, page_response};
use crate::api::problem::Problem;
use actix_web::body::MessageBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

/// Results in the form that is asked for; what holds none, such as a job under way, as it is.
///
/// # Errors
/// 400 where `f` names another form.
pub(in crate::api) fn in_asked_form(
    request: &HttpRequest,
    inputs: &[(String, String)],
    response: HttpResponse,
) -> Result<HttpResponse, Problem> {
    let is_stated = inputs.iter().any(|(name, _)| name == "f");
    if is_stated {
        negotiate(request, inputs, &[Format::Json, Format::Html])?;
    }
    let as_page = is_wanted(request, inputs);
    if response.status() != StatusCode::OK || !(is_stated || as_page) {
        return Ok(response);
    }
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let (mut head, body) = response.into_parts();
    let bytes = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        Err(body) => return Ok(head.set_body(body)),
    };
    let document = json_of(&kind, &bytes)?;
    if as_page {
        let document = serde_json::from_slice(&document).map_err(|error| Problem::internal(&error))?;
        let visit = Visit::of(request, inputs);
        let page = document_page(&visit, &request.match_pattern().unwrap_or_default(), &document)?;
        return Ok(page_response(&visit, None, page));
    }
    head.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(head.set_body(document).map_into_boxed_body())
}
