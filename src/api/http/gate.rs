//! The gate: what a request must pass before any handler sees it. Caps on its head, where it comes from, whose key it has,
//! how often and how many at once, and how long it may take.

use super::access::{self, Access};
use super::rate::{Allowance, Counted};
use super::surroundings::{Limits, Surroundings};
use crate::api::pages::problem_response;
use crate::api::problem::Problem;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError, web};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// What each line of a head takes beside its name and its value.
const LINE_BYTES: usize = 4;

/// The middleware.
pub(in crate::api) async fn guarded<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(surroundings) = request.app_data::<web::Data<Surroundings>>().cloned() else {
        return Ok(next.call(request).await?.map_body(|_, body| body.boxed()));
    };
    if let Some(answer) = surroundings.origins.preflight(request.method(), request.headers()) {
        return Ok(request.into_response(answer));
    }
    let Entry { outcome, allowance } = enter(&surroundings, &request);
    let refused = |request: &ServiceRequest, reason: &'static str, problem: &Problem| {
        surroundings.metrics.refused(reason);
        // Who reads pages reads this one, too; it may hold a form for a key.
        let page = problem_response(request.request(), problem);
        let mut answer = page.unwrap_or_else(|| problem.error_response());
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(super::caching::NO_STORE));
        say_rate(&surroundings, allowance, &mut answer);
        answer
    };
    let access = match outcome {
        Ok(access) => access,
        Err((reason, problem)) => {
            let answer = refused(&request, reason, &problem);
            return Ok(request.into_response(answer));
        }
    };
    let Some(_turn) = Turn::take(&surroundings, request.path()) else {
        let problem = Problem::busy("too many requests are being answered at this moment; try again").retry_after(1);
        let answer = refused(&request, "busy", &problem);
        return Ok(request.into_response(answer));
    };
    request.extensions_mut().insert(access);
    let seconds = surroundings.limits.request_seconds;
    let Ok(answered) = tokio::time::timeout(Duration::from_secs(seconds), next.call(request)).await else {
        surroundings.metrics.refused("timeout");
        let detail =
            format!("{seconds} s passed and the request was not answered; ask for less, or for a job with Prefer: respond-async");
        return Err(Problem::busy(detail).retry_after(seconds).into());
    };
    let mut answer = answered?.map_body(|_, body| body.boxed());
    say_rate(&surroundings, allowance, answer.response_mut());
    Ok(answer)
}

/// How a request fares at the gate.
struct Entry {
    outcome: Result<Access, (&'static str, Problem)>,
    allowance: Option<Allowance>,
}

fn enter(surroundings: &Surroundings, request: &ServiceRequest) -> Entry {
    let refuse = |reason, problem| Entry { outcome: Err((reason, problem)), allowance: None };
    if let Err(problem) = check_head(&surroundings.limits, request) {
        return refuse("head", problem);
    }
    if let Err(problem) = check_body_coding(request.headers()) {
        return refuse("coding", problem);
    }
    if let Err(problem) = surroundings.origins.check(request.method(), request.headers()) {
        return refuse("origin", problem);
    }
    let access = surroundings.rights.of(request.headers());
    // Who guesses keys is counted by address.
    let key = access.as_ref().ok().and_then(Access::key);
    let client = || match key {
        Some(name) => Counted::Key(name.to_owned()),
        None => Counted::at(request.peer_addr().map(|address| address.ip())),
    };
    let rates = surroundings.rates.as_ref().filter(|_| !is_health(request.path()));
    let allowance = rates.map(|rates| rates.count(&client()));
    if let Some(seconds) = allowance.map(|allowance| allowance.wait_seconds).filter(|seconds| *seconds > 0) {
        let problem = Problem::too_many_requests(format!("too many requests in a short time; go on in {seconds} s"));
        return Entry { outcome: Err(("rate", problem.retry_after(seconds))), allowance };
    }
    let checked = access.and_then(|access| {
        access::check(&access, request.method(), request.match_info().as_str())?;
        Ok(access)
    });
    Entry { outcome: checked.map_err(|problem| ("access", problem)), allowance }
}

/// What the framework takes is larger than what anybody sends in earnest.
fn check_head(limits: &Limits, request: &ServiceRequest) -> Result<(), Problem> {
    let (path, query) = (request.path().len(), request.query_string().len());
    if path > limits.path_bytes {
        return Err(Problem::address_too_long(format!("the path has {path} bytes; at most {} are taken", limits.path_bytes)));
    }
    if query > limits.query_bytes {
        return Err(Problem::address_too_long(format!(
            "the query string has {query} bytes; at most {} are taken: send a body by POST where the resource takes one",
            limits.query_bytes
        )));
    }
    let size = |headers: &HeaderMap| headers.iter().map(|(name, value)| name.as_str().len() + value.len() + LINE_BYTES).sum();
    let head: usize = size(request.headers());
    if head > limits.header_bytes {
        return Err(Problem::head_too_large(format!("the headers have {head} bytes; at most {} are taken", limits.header_bytes)));
    }
    Ok(())
}

/// A body in a coding that the framework does not undo would be read as it is.
fn check_body_coding(headers: &HeaderMap) -> Result<(), Problem> {
    let codings = headers.get_all(CONTENT_ENCODING).flat_map(|value| value.to_str().unwrap_or("?").split(','));
    let unknown = codings
        .map(|coding| coding.trim().to_ascii_lowercase())
        .find(|coding| !matches!(coding.as_str(), "" | "identity" | "gzip" | "deflate"));
    unknown.map_or(Ok(()), |coding| Err(Problem::unsupported_coding(&coding)))
}

/// Whether somebody only asks how the service is: that is answered however busy it is.
fn is_health(path: &str) -> bool {
    path.starts_with("/health/")
}

fn say_rate(surroundings: &Surroundings, allowance: Option<Allowance>, answer: &mut HttpResponse) {
    if let (Some(rates), Some(allowance)) = (&surroundings.rates, allowance) {
        for (name, value) in rates.headers(allowance) {
            answer.headers_mut().insert(name, value);
        }
    }
}

/// A place among the requests that are answered at once; it is free again when this is dropped.
struct Turn(web::Data<Surroundings>);

impl Turn {
    fn take(surroundings: &web::Data<Surroundings>, path: &str) -> Option<Self> {
        let count: &AtomicUsize = &surroundings.under_way;
        let under_way = count.fetch_add(1, Ordering::Relaxed) + 1;
        let turn = Self(surroundings.clone());
        surroundings.metrics.under_way(under_way);
        (under_way <= surroundings.limits.requests_at_once || is_health(path)).then_some(turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let before = self.0.under_way.fetch_sub(1, Ordering::Relaxed);
        self.0.metrics.under_way(before.saturating_sub(1));
    }
}
