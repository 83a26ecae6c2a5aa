//! The outermost skin: every request gets a name, every answer says it, and when its last byte is handed over there is one
//! line in the log and one more in the figures. Addresses are told by their route; keys and query strings stay out.

use super::access::{self, Access};
use super::origin::text;
use super::surroundings::Surroundings;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{self, Bytes};
use actix_web::{Error, HttpResponse, ResponseError};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ROWS: HeaderName = HeaderName::from_static("ogc-numberreturned");
/// Ids of clients that are longer are not theirs to give.
const MOST_ID_LETTERS: usize = 64;
/// What is logged where a client went before its answer was there (nginx's word for it).
const CLIENT_GONE: u16 = 499;

/// The middleware.
pub(in crate::api) async fn watched<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(surroundings) = request.app_data::<web::Data<Surroundings>>().cloned() else {
        return Ok(next.call(request).await?.map_body(|_, body| body.boxed()));
    };
    let id = request_id(request.headers());
    let origin = text(request.headers(), &ORIGIN).map(str::to_owned);
    let host = text(request.headers(), &HOST).filter(|_| surroundings.origins.depends_on_origin()).map(str::to_owned);
    let is_metrics = request.path() == "/metrics";
    let mut line = Line::new(surroundings.clone(), request.method().clone(), id.clone());
    let span = tracing::error_span!("request", id = id.to_str().unwrap_or_default());
    let outcome = next.call(request).instrument(span).await;
    let dress = |headers: &mut HeaderMap| {
        headers.insert(REQUEST_ID, id.clone());
        if !is_metrics {
            surroundings.origins.say(origin.as_deref(), host.as_deref(), headers);
        }
    };
    match outcome {
        Ok(mut response) => {
            dress(response.headers_mut());
            line.status = response.status().as_u16();
            line.route = response.request().match_pattern().filter(|route| !route.is_empty());
            line.who = Some(access::of(response.request()));
            let rows = text(response.headers(), &ROWS).and_then(|rows| rows.parse().ok());
            if let Some(rows) = rows.filter(|_| response.status() == StatusCode::OK && line.method == Method::GET) {
                surroundings.metrics.rows_served(rows);
            }
            Ok(response.map_body(|_, body| BoxBody::new(Watched { body: body.boxed(), line })))
        }
        Err(error) => {
            line.status = error.as_response_error().status_code().as_u16();
            let mut headers = HeaderMap::new();
            dress(&mut headers);
            Err(Dressed { error, headers }.into())
        }
    }
}

/// The client's own name for its request where it is a sane one, else one that is given here.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    static START: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one("start"));
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let sane = |id: &&HeaderValue| {
        let bytes = id.as_bytes();
        (1..=MOST_ID_LETTERS).contains(&bytes.len())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
    };
    headers.get(REQUEST_ID).filter(sane).cloned().unwrap_or_else(|| {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let id = format!("{:08x}-{number:x}", *START >> 32);
        HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("unnamed"))
    })
}

/// What is told of a request; it is told when this is dropped.
struct Line {
    surroundings: web::Data<Surroundings>,
    method: Method,
    id: HeaderValue,
    route: Option<String>,
    who: Option<Access>,
    status: u16,
    bytes: u64,
    began: Instant,
}

impl Line {
    fn new(surroundings: web::Data<Surroundings>, method: Method, id: HeaderValue) -> Self {
        Self { surroundings, method, id, route: None, who: None, status: CLIENT_GONE, bytes: 0, began: Instant::now() }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let time = self.began.elapsed();
        let route = self.route.as_deref().unwrap_or("none");
        self.surroundings.metrics.answered(route, &self.method, self.status, self.bytes, time);
        let (method, status, bytes) = (&self.method, self.status, self.bytes);
        let milliseconds = time.as_secs_f64() * 1e3;
        let id = self.id.to_str().unwrap_or_default();
        let who = self.who.as_ref().map_or("anyone", Access::who);
        // What only reads and goes well is told to whoever wants all of it.
        let reads = *method == Method::GET || *method == Method::HEAD || *method == Method::OPTIONS;
        match status {
            500.. => tracing::warn!(%method, route, status, milliseconds, bytes, who, id, "answered"),
            400.. => tracing::info!(%method, route, status, milliseconds, bytes, who, id, "answered"),
            _ if !reads => tracing::info!(%method, route, status, milliseconds, bytes, who, id, "answered"),
            _ => tracing::debug!(%method, route, status, milliseconds, bytes, who, id, "answered"),
        }
    }
}

/// A body whose bytes are counted.
struct Watched {
    body: BoxBody,
    line: Line,
}

impl MessageBody for Watched {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let polled = Pin::new(&mut self.body).poll_next(context);
        if let Poll::Ready(Some(Ok(chunk))) = &polled {
            self.line.bytes += chunk.len() as u64;
        }
        polled
    }
}

/// An error on its way past all middleware, with the headers that every answer has.
struct Dressed {
    error: Error,
    headers: HeaderMap,
}

impl fmt::Debug for Dressed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl fmt::Display for Dressed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Dressed {
    fn status_code(&self) -> StatusCode {
        self.error.as_response_error().status_code()
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = self.error.as_response_error().error_response();
        for (name, value) in &self.headers {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        response
    }
}
