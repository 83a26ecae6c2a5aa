//! The map application, as it was built into a folder.

use super::server::readable;
use super::state::State;
use actix_files::{Files, NamedFile};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, guard, web};
use std::path::Path;

pub(super) fn routes(config: &mut web::ServiceConfig, folder: &Path) {
    config.service(readable("/", index));
    // Without a built map there is nothing to serve, and the page says so.
    if folder.is_dir() {
        // Of other methods there is nothing here, as there is nothing anywhere else.
        let read = guard::Any(guard::Get()).or(guard::Head());
        config.service(Files::new("/", folder).prefer_utf8(true).guard(read));
    }
}

async fn index(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let Ok(page) = NamedFile::open_async(state.config.map_folder.join("index.html")).await else {
        return HttpResponse::Ok().content_type("text/html; charset=utf-8").body(NOT_BUILT);
    };
    let mut response = page.into_response(&request);
    // The page names its parts by their content; it must itself be asked for anew.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

const NOT_BUILT: &str = "<!doctype html><title>peatplan</title><h1>peatplan</h1>\
<p>The map is not built yet: run <code>make map</code>. The service itself answers: <a href=\"/ogc\">/ogc</a>.</p>\
<p>Карта ещё не собрана: выполните <code>make map</code>. Сама служба работает: <a href=\"/ogc\">/ogc</a>.</p>";
