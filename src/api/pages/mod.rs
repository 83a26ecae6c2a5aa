//! Every resource as a page to read, Russian and English: the same documents that programs get, laid out. A page loads
//! nothing but its style sheet, from here, and holds no script; what is in the data is text and never markup.

mod api_document;
mod compared_outcome;
mod features;
mod json;
mod links;
mod numbers;
mod outcome;
mod outcome_plan;
mod outcome_tables;
mod path;
mod process_form;
mod properties;
mod sketch;
mod study_outcome;
mod supply_parts;
mod templates;
mod tilesets;
mod view;

pub(super) use features::{DEFAULT_ROWS, ItemsPage, item_page, items_page};
pub(super) use numbers::unit;
pub(super) use view::document_page;

use super::http::{Format, Validator, access, negotiate};
use super::inputs::from_query;
use super::language::Language;
use super::ogc::query_text;
use super::problem::Problem;
use super::server::{base_address, readable};
use super::state::State;
use crate::planning::Workbench;
use actix_web::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, ORIGIN, VARY,
};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use std::sync::Arc;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

pub(super) fn routes(scope: &mut web::ServiceConfig) {
    scope.service(readable("/pages.css", style));
}

/// The style sheet. Its address carries its content's tag, so that it may be kept for good.
async fn style(request: HttpRequest) -> HttpResponse {
    let validator = Validator::of(templates::STYLE);
    if let Some(known) = validator.not_modified(&request) {
        return known;
    }
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")))
        .insert_header(validator.header())
        .body(templates::STYLE)
}

/// Who reads a page and where it stands. Plain data that may go to another thread.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    /// Scheme and host.
    pub base: String,
    /// Path of the resource.
    pub path: String,
    /// Names and texts of the query string.
    pub query: Vec<(String, String)>,
    /// Language of the page.
    pub language: Language,
    /// The name of the key that the reader's browser keeps for the session.
    session: Option<String>,
    /// The picture in force: for titles, counts and sketches.
    bench: Option<Arc<Workbench>>,
}

impl Visit {
    pub(super) fn of(request: &HttpRequest, inputs: &[(String, String)]) -> Self {
        Self {
            base: base_address(request),
            path: request.path().to_owned(),
            query: inputs.to_vec(),
            language: Language::of(request, inputs),
            session: access::of(request).session().map(str::to_owned),
            bench: request.app_data::<web::Data<State>>().map(|state| state.bench()),
        }
    }

    /// An input of the query string.
    fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(given, _)| given == name).map(|(_, text)| text.as_str())
    }

    /// This address with other inputs: `None` takes one away.
    fn address_with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let kept = self.query.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name)).cloned();
        let set = changes.iter().filter_map(|(name, text)| Some(((*name).to_owned(), (*text)?.to_owned())));
        let pairs: Vec<_> = kept.chain(set).collect();
        if pairs.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, query_text(&pairs)) }
    }

    /// Whether it is of results that were sent at once, at an address that takes inputs and gives nothing to read.
    fn is_execution(&self) -> bool {
        self.path.ends_with("/execution")
    }

    /// What a reader chose by hand and keeps from page to page.
    fn kept_choices(&self) -> String {
        query_text(self.query.iter().filter(|(name, _)| name == "lang" || name == "f"))
    }
}

/// Whether the client would rather have a page than JSON.
pub(super) fn is_wanted(request: &HttpRequest, inputs: &[(String, String)]) -> bool {
    negotiate(request, inputs, &[Format::Json, Format::Html]).is_ok_and(|format| format == Format::Html)
}

/// 200 with a page, in its language, and the validator of [`page_validator`].
pub(super) fn page_response(visit: &Visit, validator: Option<&Validator>, page: String) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(validator) = validator {
        response.insert_header(validator.header());
    }
    response
        .content_type(Format::Html.media_type())
        .insert_header((CONTENT_LANGUAGE, HeaderValue::from_static(visit.language.code())))
        .append_header((VARY, HeaderValue::from_static("Accept, Accept-Language")))
        .body(page)
}

/// The validator of the page of a resource that `validator` names: with form, language, and what the page shows of the
/// project and of the request beside the resource.
pub(super) fn page_validator(visit: &Visit, validator: &Validator) -> Validator {
    let project = visit.bench.as_ref().map(|bench| bench.catalogue().data_version);
    let reader = (visit.language, &visit.session);
    Validator::of((validator.tag(), "html", reader, &visit.base, &visit.query, project, templates::fingerprint()))
}

/// A problem in the form that its client reads: a page for browsers, and for those who say that they read only
/// `application/json` that. `None` where it may stay as it is.
pub(super) fn problem_response(request: &HttpRequest, problem: &Problem) -> Option<HttpResponse> {
    let most_bytes = request.app_data::<web::Data<State>>().map_or(0, |state| state.config.query_bytes);
    let inputs = from_query(request, most_bytes).unwrap_or_default();
    if is_wanted(request, &inputs) {
        let mut visit = Visit::of(request, &inputs);
        // Who may not read the project is not told what it is called.
        if matches!(problem.status_code().as_u16(), 401 | 403) {
            visit.bench = None;
        }
        let page = view::problem_page(&visit, &request.match_pattern().unwrap_or_default(), problem).ok()?;
        let mut response = page_response(&visit, None, page);
        *response.status_mut() = problem.status_code();
        for (name, value) in problem.error_response().headers() {
            if *name != CONTENT_TYPE {
                response.headers_mut().insert(name.clone(), value.clone());
            }
        }
        return Some(response);
    }
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let reads = |kind: &str| accept.contains(kind);
    if reads("application/json") && !reads("application/problem+json") && !reads("*/*") && !reads("application/*") {
        let mut response = problem.error_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        return Some(response);
    }
    None
}

/// Sends the browser on after a form, in the language and form that it reads.
pub(super) fn see_other(request: &HttpRequest, path: &str) -> HttpResponse {
    let visit = Visit::of(request, &from_query(request, usize::MAX).unwrap_or_default());
    let (base, kept) = (&visit.base, visit.kept_choices());
    let query = if kept.is_empty() { kept } else { format!("?{kept}") };
    HttpResponse::SeeOther().insert_header((LOCATION, format!("{base}{path}{query}"))).finish()
}

/// Turns away a form that another site's page sends: a browser says where it comes from.
///
/// # Errors
/// 403.
pub(super) fn same_origin(request: &HttpRequest) -> Result<(), Problem> {
    let header = |name: &HeaderName| request.headers().get(name).and_then(|text| text.to_str().ok());
    let same = match (header(&FETCH_SITE), header(&ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin.eq_ignore_ascii_case(&base_address(request)),
        (None, None) => true,
    };
    if same { Ok(()) } else { Err(Problem::forbidden("this form belongs to the service's own pages; it came from elsewhere")) }
}
