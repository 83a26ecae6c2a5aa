//! A key for a browser, which cannot send headers of its own: given once, by a form, it stays for the session in a cookie
//! that scripts do not see and that goes nowhere with what another site begins. It opens reading and computing and nothing
//! that changes a layer, so that no page of others can edit by it. What a key may do is known where requests are let in.

use super::http::Format;
use super::http::access::{self, COOKIE};
use super::inputs::from_query;
use super::ogc::{answer, check_parameters};
use super::pages::{is_wanted, same_origin};
use super::problem::Problem;
use super::server::{answering, base_address};
use super::state::State;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

/// Most of an address to go on to.
const ADDRESS_BYTES: usize = 2_000;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let session = answering("GET, HEAD, POST, DELETE, OPTIONS", "/session", state_of);
    config
        .service(session.route(web::post().to(begin)).route(web::delete().to(end)))
        // The button of a page: a page without scripts cannot say DELETE.
        .service(web::resource("/session/end").route(web::post().to(end)));
}

/// Whose session it is.
async fn state_of(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &["to"])?;
    let to = inputs.iter().find(|(name, _)| name == "to").map(|(_, to)| own_address(to));
    let document = json!({ "key": access::of(&request).session(), "to": to });
    let mut response = answer(&request, &inputs, Format::Json, None, &document)?;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Takes a key.
async fn begin(state: web::Data<State>, request: HttpRequest, body: web::Bytes) -> Result<HttpResponse, Problem> {
    same_origin(&request)?;
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &["to"])?;
    let unreadable = |reason: String| Problem::bad_request("body", format!("the form could not be read: {reason}"));
    let text = std::str::from_utf8(&body).map_err(|error| unreadable(error.to_string()))?;
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map_err(|error| unreadable(error.to_string()))?;
    let key = pairs.iter().find(|(name, _)| name == "key").map(|(_, key)| key.trim());
    let key = key.ok_or_else(|| Problem::bad_request("key", "the form must hold the key as key=…"))?;
    if !access::is_known(&request, key) {
        return Err(Problem::unauthorized("the key is not one that the service knows"));
    }
    let to = inputs.iter().find(|(name, _)| name == "to").map_or("/", |(_, to)| own_address(to));
    finish(&request, &inputs, &format!("{COOKIE}={key}"), to)
}

/// Forgets the key.
async fn end(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    same_origin(&request)?;
    let inputs = from_query(&request, state.config.query_bytes)?;
    finish(&request, &inputs, &format!("{COOKIE}=; Max-Age=0"), "/session")
}

/// Sets the cookie, and sends a browser on.
fn finish(request: &HttpRequest, inputs: &[(String, String)], cookie: &str, to: &str) -> Result<HttpResponse, Problem> {
    let base = base_address(request);
    let secure = if base.starts_with("https:") { "; Secure" } else { "" };
    let cookie = format!("{cookie}; Path=/; HttpOnly; SameSite=Strict{secure}");
    let cookie = HeaderValue::from_str(&cookie).map_err(|error| Problem::internal(&error))?;
    let mut response = if is_wanted(request, inputs) { HttpResponse::SeeOther() } else { HttpResponse::NoContent() };
    if is_wanted(request, inputs) {
        response.insert_header((LOCATION, format!("{base}{to}")));
    }
    Ok(response.insert_header((SET_COOKIE, cookie)).insert_header((CACHE_CONTROL, "no-store")).finish())
}

/// An address of this service, else its map: nobody is sent elsewhere by a form that came from here.
fn own_address(to: &str) -> &str {
    let is_path = to.starts_with('/') && !to.starts_with("//") && to.len() <= ADDRESS_BYTES;
    let is_plain = to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path && is_plain { to } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_sent_on_within_the_service_only() {
        for own in ["/", "/ogc/collections?lang=ru", "/#map=9/55/40"] {
            assert_eq!(own_address(own), own);
        }
        for other in ["", "ogc", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: b", "/торф"]
        {
            assert_eq!(own_address(other), "/", "{other}");
        }
    }
}
