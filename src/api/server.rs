//! The server: routes, what stands around them, the tasks that follow the project and keep the house.

use super::http::{SetupError, Surroundings, access, finished, guarded, watched};
use super::pages::problem_response;
use super::state::State;
use super::{difference, health, map, metrics, ogc, parameters, problem::Problem, project};
use super::{reserves, reserves_layers, session, supply, supply_layers};
use crate::config::Config;
use crate::store::{Store, StoreError};
use actix_web::dev::{Server, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderValue};
use actix_web::middleware::{DefaultHeaders, ErrorHandlerResponse, ErrorHandlers, from_fn};
use actix_web::{App, FromRequest, Handler, HttpRequest, HttpResponse, HttpServer, Resource, Responder, ResponseError, web};
use std::any::Any;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

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

/// The server cannot start.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The project cannot be loaded.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What stands around the handlers cannot be set up.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The address cannot be listened at.
    #[error("cannot listen at {address}: {error}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        error: std::io::Error,
    },
}

/// Loads the project, binds the address and starts to answer.
///
/// # Errors
/// The project's or the keys', or the address is taken.
pub fn serve(config: Config, store: Arc<dyn Store>) -> Result<Running, ServeError> {
    let surroundings = Arc::new(Surroundings::new(&config)?);
    let state = Arc::new(State::new(config, store)?);
    let (shared, around) = (web::Data::from(Arc::clone(&state)), web::Data::from(Arc::clone(&surroundings)));
    // The last one named is the first that a request meets.
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(around.clone())
            .app_data(web::PayloadConfig::new(shared.config.body_bytes))
            .wrap(ErrorHandlers::new().default_handler(as_problem))
            .wrap(from_fn(finished))
            .wrap(from_fn(guarded))
            .wrap(
                DefaultHeaders::new()
                    .add(("X-Content-Type-Options", "nosniff"))
                    .add(("Referrer-Policy", "same-origin"))
                    .add(("Content-Security-Policy", CONTENT_SECURITY_POLICY)),
            )
            .wrap(from_fn(watched))
            .configure(|config| routes(config, &shared.config))
    });
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let Config { listen, header_seconds, keep_alive_seconds, connections, stalled_seconds, .. } = state.config;
    let server = server
        // The end of a body that takes several packets must not wait 40 ms for the client to confirm the ones before.
        .tcp_nodelay(true)
        .on_connect(move |connection, _| cut_when_stalled(connection, Duration::from_secs(stalled_seconds)))
        .workers(workers)
        .max_connections(connections.div_ceil(workers))
        .client_request_timeout(Duration::from_secs(header_seconds))
        .keep_alive(Duration::from_secs(keep_alive_seconds))
        // A client that closes its side has gone: what is computed for it alone is cancelled.
        .h1_allow_half_closed(false)
        .shutdown_timeout(5)
        .bind(listen)
        .map_err(|error| ServeError::Listen { address: listen, error })?;
    let address = server.addrs().first().copied().unwrap_or(listen);
    let server = server.run();
    actix_web::rt::spawn(surroundings.keep_house(Arc::clone(&state)));
    actix_web::rt::spawn(state.follow());
    Ok(Running { address, server })
}

/// The framework waits without end for a client to take what was written; the system need not.
fn cut_when_stalled(connection: &dyn Any, after: Duration) {
    let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>() else { return };
    if let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(after)) {
        tracing::debug!(%error, "a connection has no limit for a client that does not read");
    }
}

fn routes(config: &mut web::ServiceConfig, settings: &Config) {
    health::routes(config);
    metrics::routes(config);
    project::routes(config);
    parameters::routes(config);
    reserves::routes(config);
    reserves_layers::routes(config);
    difference::routes(config, settings.raster_bytes);
    supply_layers::routes(config);
    supply::routes(config);
    session::routes(config);
    ogc::routes(config);
    // The map takes every address that nothing else has taken.
    map::routes(config, &settings.map_folder);
}

/// Errors that the framework makes itself (an unknown address, a method that is not answered) are problems too; and a
/// problem is a page to who reads pages.
#[expect(clippy::unnecessary_wraps, reason = "the framework's signature")]
fn as_problem<B: 'static>(response: ServiceResponse<B>) -> actix_web::Result<ErrorHandlerResponse<B>> {
    let status = response.status();
    let path = || response.request().path().chars().take(200).collect::<String>();
    let known = response.response().extensions().get::<Problem>().cloned();
    let is_ours = known.is_some();
    let problem = known.or_else(|| match response.status().as_u16() {
        404 => Some(Problem::not_found(format!("there is nothing at {}", path()))),
        405 => Some(Problem::not_allowed("other methods; see /ogc/api")),
        413 => Some(Problem::too_large("the request's body is larger than the service takes")),
        400 => Some(Problem::bad_request("request", "the request could not be read")),
        416 => Some(Problem::of_status(status, "the range asked for lies outside of the file")),
        500.. => Some(Problem::internal(&format!("the framework answered {status} at {}", path()))),
        406.. => Some(Problem::of_status(status, "the request could not be answered as it was asked")),
        _ => None,
    });
    let read = problem.and_then(|problem| {
        let other = problem_response(response.request(), &problem);
        if is_ours { other } else { other.or_else(|| Some(problem.error_response())) }
    });
    let Some(mut read) = read else { return Ok(ErrorHandlerResponse::Response(response.map_into_left_body())) };
    for (name, value) in response.headers() {
        // What the answer says beside its body (such as `Allow`) stands.
        if !matches!(*name, CONTENT_TYPE | CONTENT_LENGTH) && !read.headers().contains_key(name) {
            read.headers_mut().append(name.clone(), value.clone());
        }
    }
    let (request, _) = response.into_parts();
    Ok(ErrorHandlerResponse::Response(ServiceResponse::new(request, read).map_into_right_body()))
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
    taking(allowed, path).route(web::get().to(handler.clone())).route(web::head().to(handler))
}

/// A resource that answers the methods for which the caller adds routes; `allowed` names all, OPTIONS among them. A client is
/// told of those alone that it may use.
pub(super) fn taking(allowed: &'static str, path: &str) -> Resource {
    let said = |request: &HttpRequest, allowed| {
        let allowed = access::methods(request, allowed);
        (HeaderValue::from_str(&allowed).unwrap_or(HeaderValue::from_static("GET, HEAD, OPTIONS")), allowed)
    };
    web::resource(path)
        .route(web::method(Method::OPTIONS).to(move |request: HttpRequest| async move {
            HttpResponse::NoContent().insert_header((ALLOW, said(&request, allowed).0)).finish()
        }))
        .default_service(web::to(move |request: HttpRequest| async move {
            let (header, allowed) = said(&request, allowed);
            let mut refusal = Problem::not_allowed(&allowed).error_response();
            refusal.headers_mut().insert(ALLOW, header);
            refusal
        }))
}
