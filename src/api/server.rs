//! The server: routes, caps, the task that follows the project.

use super::state::State;
use super::{difference, health, jobs, map, ogc, parameters, problem::Problem, project, reserves, reserves_layers, supply};
use crate::config::Config;
use crate::store::{Store, StoreError};
use actix_web::dev::{Server, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HOST, HeaderValue};
use actix_web::middleware::{Compress, DefaultHeaders, ErrorHandlerResponse, ErrorHandlers};
use actix_web::{App, FromRequest, Handler, HttpRequest, HttpResponse, HttpServer, Resource, Responder, ResponseError, web};
use std::net::SocketAddr;
use std::sync::Arc;

/// The page may load nothing from anywhere else; MapLibre's workers come from a blob of its own code.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; \
     worker-src 'self' blob:; child-src blob:; font-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'self'";

/// A server that is listening.
pub struct Running {
    /// Where.
    pub address: SocketAddr,
    /// Runs until it is told to stop.
    pub server: Server,
}

/// Loads the project, binds the address and starts to answer.
///
/// # Errors
/// The project's, or the address is taken.
pub fn serve(config: Config, store: Arc<dyn Store>) -> Result<Running, StoreError> {
    let listen = config.listen;
    let state = Arc::new(State::new(config, store)?);
    let shared = web::Data::from(Arc::clone(&state));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(web::PayloadConfig::new(shared.config.body_bytes))
            .wrap(ErrorHandlers::new().default_handler(as_problem))
            .wrap(
                DefaultHeaders::new()
                    .add(("X-Content-Type-Options", "nosniff"))
                    .add(("Referrer-Policy", "no-referrer"))
                    .add(("Content-Security-Policy", CONTENT_SECURITY_POLICY)),
            )
            .wrap(Compress::default())
            .configure(|config| routes(config, &shared.config))
    });
    // A client that closes its side has gone: what is computed for it alone is cancelled.
    let server = server.h1_allow_half_closed(false).shutdown_timeout(5).bind(listen)?;
    let address = server.addrs().first().copied().unwrap_or(listen);
    let server = server.run();
    actix_web::rt::spawn(state.follow());
    Ok(Running { address, server })
}

fn routes(config: &mut web::ServiceConfig, settings: &Config) {
    health::routes(config);
    project::routes(config);
    parameters::routes(config);
    reserves::routes(config);
    reserves_layers::routes(config);
    difference::routes(config, settings.raster_bytes);
    supply::routes(config);
    jobs::routes(config);
    ogc::routes(config);
    // The map takes every address that nothing else has taken.
    map::routes(config, &settings.map_folder);
}

/// Errors that the framework makes itself (an unknown address, a method that is not answered) are problems too.
#[expect(clippy::unnecessary_wraps, reason = "the framework's signature")]
fn as_problem<B: 'static>(response: ServiceResponse<B>) -> actix_web::Result<ErrorHandlerResponse<B>> {
    let is_problem =
        response.headers().get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"application/problem"));
    let problem = match response.status().as_u16() {
        _ if is_problem => None,
        404 => Some(Problem::not_found(format!("there is nothing at {}", response.request().path()))),
        405 => Some(Problem::not_allowed("other methods; see /ogc/api")),
        413 => Some(Problem::too_large("the request's body is larger than the service takes")),
        400 => Some(Problem::bad_request("request", "the request could not be read")),
        _ => None,
    };
    let Some(problem) = problem else { return Ok(ErrorHandlerResponse::Response(response.map_into_left_body())) };
    let (request, _) = response.into_parts();
    let response = ServiceResponse::new(request, problem.error_response()).map_into_right_body();
    Ok(ErrorHandlerResponse::Response(response))
}

/// Scheme and host for links: as configured, else as the client called them. Forwarded headers are not believed, and a
/// host with letters that no host has is not repeated.
pub(super) fn base_address(request: &HttpRequest) -> String {
    let state = request.app_data::<web::Data<State>>();
    if let Some(address) = state.and_then(|state| state.config.public_address.as_ref()) {
        return address.trim_end_matches('/').to_owned();
    }
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).filter(|host| is_host(host));
    let listening = state.map_or_else(String::new, |state| state.config.listen.to_string());
    format!("http://{}", host.unwrap_or(&listening))
}

fn is_host(host: &str) -> bool {
    host.len() <= 255
        && !host.is_empty()
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'))
}

/// A resource that is only read: GET, HEAD, and OPTIONS that says so; other methods get a 405 with `Allow`.
pub(super) fn readable<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args> + Clone,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    answering("GET, HEAD, OPTIONS", path, handler)
}

/// A resource that is read, and that answers further methods, for which the caller adds routes; `allowed` names all.
pub(super) fn answering<F, Args>(allowed: &'static str, path: &str, handler: F) -> Resource
where
    F: Handler<Args> + Clone,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(handler.clone()))
        .route(web::head().to(handler))
        .route(web::method(Method::OPTIONS).to(move || async move {
            HttpResponse::NoContent().insert_header((ALLOW, HeaderValue::from_static(allowed))).finish()
        }))
        .default_service(web::to(move || async move {
            let mut refusal = Problem::not_allowed(allowed).error_response();
            refusal.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
            refusal
        }))
}
