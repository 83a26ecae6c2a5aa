//! The last hand on every answer: its caching, its tag, its coding. Handlers write plain bodies and plain tags; what leaves
//! here is coded as the client likes it best, under a tag of its own (RFC 9110, 8.8.3.3), with `Vary` that says so.

use super::caching::{self, NO_STORE};
use super::coded_body::{Announced, CodedStream, OFF_WORKER_BYTES};
use super::coding::{Accepted, Coding, Effort, is_compressible};
use super::kept::{KeptAnswer, WorthKeeping, headers_of, name_of, strong_tag};
use super::sending::counted;
use super::surroundings::Surroundings;
use super::validator::{KnownTags, Validator, tag_of_coding};
use crate::api::problem::Problem;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    HeaderMap, HeaderValue, IF_RANGE, RANGE, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{self, Bytes};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};

/// Below this a coding saves less than its own words cost.
const WORTH_CODING_BYTES: usize = 1_024;
/// Files up to this are read whole, coded once and kept.
const WHOLE_FILE_BYTES: u64 = 8_000_000;

/// What is known of the client when its request comes in.
struct Client {
    accepted: Accepted,
    known: KnownTags,
    method: Method,
}

impl Client {
    fn reads(&self) -> bool {
        self.method == Method::GET || self.method == Method::HEAD
    }
}

/// The middleware.
pub(in crate::api) async fn finished<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // Whether the client's part is still a part of what there is, is not asked by those that serve ranges; the whole is always right
    // (RFC 9110, 14.2).
    if request.headers().contains_key(IF_RANGE) {
        request.headers_mut().remove(RANGE);
    }
    let client = Client {
        accepted: Accepted::of(request.headers()),
        known: KnownTags::taken_from(request.headers_mut()),
        method: request.method().clone(),
    };
    let (request, response) = next.call(request).await?.map_body(|_, body| body.boxed()).into_parts();
    let response = match request.app_data::<web::Data<Surroundings>>() {
        Some(surroundings) => counted(surroundings, finish(surroundings, &request, &client, response).await),
        None => response,
    };
    Ok(ServiceResponse::new(request, response))
}

/// A body, or the stream of one.
enum Body {
    Whole(Bytes),
    Stream(BoxBody),
}

async fn finish(
    surroundings: &Surroundings,
    request: &HttpRequest,
    client: &Client,
    response: HttpResponse<BoxBody>,
) -> HttpResponse<BoxBody> {
    let (mut head, body) = response.into_parts();
    caching::say(&surroundings.caching, request, &mut head);
    let status = head.status();
    if status == StatusCode::NOT_MODIFIED {
        return not_modified(head, client);
    }
    // The framework's word against its own compression; on the wire there is no such coding (RFC 9110, 8.4.1).
    if head.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding == "identity") {
        head.headers_mut().remove(CONTENT_ENCODING);
    }
    let found = client.reads() && status == StatusCode::OK;
    let body = match body.try_into_bytes() {
        Ok(bytes) => Body::Whole(bytes),
        Err(body) => Body::Stream(body),
    };
    if found {
        if let (Body::Whole(bytes), None) = (&body, head.headers().get(ETAG)) {
            let keeps = head.headers().get(CACHE_CONTROL).is_none_or(|caching| caching != NO_STORE);
            if keeps {
                let (name, tag) = Validator::of(&bytes[..]).header();
                head.headers_mut().insert(name, tag);
            }
        }
        let tag = head.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
        if tag.is_some_and(|tag| client.known.has(tag)) {
            *head.status_mut() = StatusCode::NOT_MODIFIED;
            return not_modified(head, client);
        }
    }
    let sizeless = matches!(&body, Body::Stream(body) if body.size() == BodySize::None);
    if sizeless || matches!(status, StatusCode::NO_CONTENT | StatusCode::PARTIAL_CONTENT) || status.is_informational() {
        return with_body(head, client, body);
    }
    if head.headers().contains_key(CONTENT_ENCODING) {
        vary_by(head.headers_mut(), "Accept-Encoding");
        return with_body(head, client, body);
    }
    coded(surroundings, request, client, head, body, found).await
}

/// Chooses the coding and applies it; what is found may be kept.
async fn coded(
    surroundings: &Surroundings,
    request: &HttpRequest,
    client: &Client,
    mut head: HttpResponse<()>,
    body: Body,
    found: bool,
) -> HttpResponse<BoxBody> {
    let tag = found.then(|| strong_tag(head.headers())).flatten();
    let worth_keeping = request.extensions().contains::<WorthKeeping>();
    let effort = if is_lasting(head.headers()) { Effort::Lasting } else { Effort::Cheap };
    let codable = is_codable(head.headers());
    if codable {
        vary_by(head.headers_mut(), "Accept-Encoding");
    }
    let coding = client.accepted.best(effort).filter(|_| codable);
    let small = matches!(&body, Body::Whole(bytes) if bytes.len() < WORTH_CODING_BYTES) && !client.accepted.refuses_plain();
    let Some(coding) = coding.filter(|_| !small) else {
        if let (Body::Whole(bytes), Some(tag), true) = (&body, tag, worth_keeping) {
            keep(surroundings, name_of(request, &tag, None), &head, bytes, !codable || small);
        }
        return with_body(head, client, body);
    };
    let name = tag.as_ref().map(|tag| name_of(request, tag, Some(coding)));
    if let Some(kept) = name.as_ref().and_then(|name| surroundings.kept.get(name)) {
        surroundings.metrics.cache("coded", true);
        said_to_be_coded(head.headers_mut(), coding);
        return with_body(head, client, Body::Whole(kept.body.clone()));
    }
    let plain = match body {
        Body::Whole(bytes) => bytes,
        // A file of the map: small, asked for by everybody.
        Body::Stream(body) if name.is_some() && matches!(body.size(), BodySize::Sized(size) if size <= WHOLE_FILE_BYTES) => {
            match actix_web::body::to_bytes(body).await {
                Ok(bytes) => bytes,
                Err(error) => return Problem::internal(&error).error_response(),
            }
        }
        Body::Stream(body) => return stream(head, client, body, coding),
    };
    let Some(coded) = code(coding, effort, &plain).await.filter(|coded| {
        // Random bytes under a name of text: the plain ones are shorter.
        coded.len() < plain.len() || client.accepted.refuses_plain()
    }) else {
        return with_body(head, client, Body::Whole(plain));
    };
    said_to_be_coded(head.headers_mut(), coding);
    if let Some(name) = name {
        surroundings.metrics.cache("coded", false);
        keep(surroundings, name, &head, &coded, false);
    }
    with_body(head, client, Body::Whole(coded))
}

fn keep(surroundings: &Surroundings, name: String, head: &HttpResponse<()>, body: &Bytes, is_plain_for_all: bool) {
    surroundings.kept.insert(name, KeptAnswer { headers: headers_of(head.headers()), body: body.clone(), is_plain_for_all });
}

/// Large bodies are coded off the workers, as are those that are worth more time.
async fn code(coding: Coding, effort: Effort, plain: &Bytes) -> Option<Bytes> {
    let coded = if plain.len() > OFF_WORKER_BYTES || effort == Effort::Lasting {
        let plain = plain.clone();
        web::block(move || coding.whole(&plain, effort)).await.ok()?
    } else {
        coding.whole(plain, effort)
    };
    coded.inspect_err(|error| tracing::error!(%error, coding = coding.name(), "a body could not be coded")).ok()
}

fn stream(mut head: HttpResponse<()>, client: &Client, plain: BoxBody, coding: Coding) -> HttpResponse<BoxBody> {
    if client.method == Method::HEAD {
        said_to_be_coded(head.headers_mut(), coding);
        return head.set_body(Announced(BodySize::Stream).boxed());
    }
    match CodedStream::new(plain, coding) {
        Ok(body) => {
            said_to_be_coded(head.headers_mut(), coding);
            head.set_body(body.boxed())
        }
        Err(error) => Problem::internal(&error).error_response(),
    }
}

fn with_body(head: HttpResponse<()>, client: &Client, body: Body) -> HttpResponse<BoxBody> {
    let body = match body {
        Body::Whole(bytes) => bytes.boxed(),
        Body::Stream(body) => body,
    };
    if client.method == Method::HEAD {
        let size = body.size();
        return head.set_body(Announced(size).boxed());
    }
    head.set_body(body)
}

fn said_to_be_coded(headers: &mut HeaderMap, coding: Coding) {
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    headers.remove(CONTENT_LENGTH);
    // Ranges of a coded form are not served.
    headers.remove(ACCEPT_RANGES);
    if let Some(tag) = headers.get(ETAG).and_then(|tag| tag_of_coding(tag, coding)) {
        headers.insert(ETAG, tag);
    }
}

/// The 304: what caches need (RFC 9110, 15.4.5), with the tag that the client itself has.
fn not_modified(mut head: HttpResponse<()>, client: &Client) -> HttpResponse<BoxBody> {
    let headers = head.headers_mut();
    for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, CONTENT_DISPOSITION, CONTENT_RANGE, ACCEPT_RANGES] {
        headers.remove(name);
    }
    let own = headers.get(ETAG).and_then(|tag| client.known.name_of(tag.to_str().ok()?));
    if let Some(own) = own.and_then(|own| HeaderValue::from_str(own).ok()) {
        headers.insert(ETAG, own);
    }
    vary_by(headers, "Accept-Encoding");
    head.set_body(BoxBody::new(()))
}

fn is_codable(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let as_it_is = |value: &HeaderValue| value.to_str().is_ok_and(|text| text.contains("no-transform"));
    is_compressible(kind) && !headers.contains_key(CONTENT_RANGE) && !headers.get(CACHE_CONTROL).is_some_and(as_it_is)
}

fn is_lasting(headers: &HeaderMap) -> bool {
    headers.get(CACHE_CONTROL).and_then(|value| value.to_str().ok()).is_some_and(|text| text.contains("immutable"))
}

/// Adds a header's name to `Vary`, which becomes one line of names that stand once.
pub(super) fn vary_by(headers: &mut HeaderMap, name: &str) {
    let mut names: Vec<String> = Vec::new();
    let given = headers.get_all(VARY).filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
    for part in given.chain([name]).map(str::trim).filter(|part| !part.is_empty()) {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(part)) {
            names.push(part.to_owned());
        }
    }
    // What varies by everything varies by nothing more.
    let names = if names.iter().any(|name| name == "*") { "*".to_owned() } else { names.join(", ") };
    if let Ok(value) = HeaderValue::from_str(&names) {
        headers.insert(VARY, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_answers_vary_by_is_one_line_of_names_that_stand_once() {
        let mut headers = HeaderMap::new();
        vary_by(&mut headers, "Accept-Encoding");
        assert_eq!(headers.get(VARY).unwrap(), "Accept-Encoding");
        headers.append(VARY, HeaderValue::from_static("accept, Accept-Crs"));
        headers.append(VARY, HeaderValue::from_static("accept-encoding"));
        vary_by(&mut headers, "Accept");
        assert_eq!(
            headers.get_all(VARY).map(|value| value.to_str().unwrap()).collect::<Vec<_>>(),
            ["Accept-Encoding, accept, Accept-Crs"]
        );
        headers.append(VARY, HeaderValue::from_static("*"));
        vary_by(&mut headers, "Origin");
        assert_eq!(headers.get(VARY).unwrap(), "*");
    }
}
