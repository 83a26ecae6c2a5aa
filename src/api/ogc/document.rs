//! A resource that is one JSON document, answered in the form that the client wants: as JSON, or as the page that is made
//! of the same document.

use super::link::{HTML, Link, query_text};
use crate::api::http::{Format, Validator, negotiate};
use crate::api::pages::{Visit, document_page, page_response, page_validator};
use crate::api::problem::Problem;
use crate::api::server::base_address;
use actix_web::http::header::{HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

/// Answers a document whose first form is `json`. With a validator, a client that has it already gets a 304.
pub(in crate::api) fn answer(
    request: &HttpRequest,
    inputs: &[(String, String)],
    json: Format,
    validator: Option<&Validator>,
    document: &Value,
) -> Result<HttpResponse, Problem> {
    // Whoever asks for plain JSON gets what is JSON, by whatever name.
    let mut offered = vec![json, Format::Json, Format::Html];
    offered.dedup();
    let format = negotiate(request, inputs, &offered)?;
    if format == Format::Html {
        let visit = Visit::of(request, inputs);
        let validator = validator.map(|validator| page_validator(&visit, validator));
        if let Some(known) = validator.as_ref().and_then(|validator| validator.not_modified(request)) {
            return Ok(known);
        }
        let page = document_page(&visit, &request.match_pattern().unwrap_or_default(), document)?;
        return Ok(page_response(&visit, validator.as_ref(), page));
    }
    if let Some(known) = validator.and_then(|validator| validator.not_modified(request)) {
        return Ok(known);
    }
    let mut response = HttpResponse::Ok();
    if let Some(validator) = validator {
        response.insert_header(validator.header());
    }
    response.append_header((VARY, HeaderValue::from_static("Accept, Accept-Language")));
    Ok(response.content_type(format.media_type()).body(with_page_link(request, inputs, document)))
}

/// The document with a link to its page, where it has links; collections in a list have the link of their own pages.
fn with_page_link(request: &HttpRequest, inputs: &[(String, String)], document: &Value) -> String {
    if !document["links"].is_array() {
        return document.to_string();
    }
    let html = ("f".to_owned(), "html".to_owned());
    let query = query_text(inputs.iter().filter(|(name, _)| name != "f").chain(std::iter::once(&html)));
    let mut document = document.clone();
    let address = format!("{}{}", base_address(request), request.path());
    add_page_link(&mut document, &address, &query);
    for collection in document.get_mut("collections").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(id) = collection["id"].as_str().map(str::to_owned) {
            add_page_link(collection, &format!("{}/{id}", address.trim_end_matches('/')), &query);
        }
    }
    document.to_string()
}

fn add_page_link(document: &mut Value, address: &str, query: &str) {
    if let Some(links) = document.get_mut("links").and_then(Value::as_array_mut) {
        links.push(json!(Link::new(format!("{address}?{query}"), "alternate", HTML, "This document to read")));
    }
}
