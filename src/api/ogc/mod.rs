//! The OGC API: landing page, conformance, the document that describes all, and a folder a standard.

mod document;
mod features;
mod landing;
mod link;
mod openapi;
mod processes;
mod short_list;

pub(super) use document::answer;
pub(super) use link::{JSON, Link, check_parameters, query_text};
pub(super) use processes::Process;
pub(super) use short_list::page_of;

use super::server::readable;
use super::{jobs, pages};
use actix_web::middleware::DefaultHeaders;
use actix_web::web;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    // Maps on other sites may read what is public here.
    let open = DefaultHeaders::new().add(("Access-Control-Allow-Origin", "*"));
    config.service(
        web::scope("/ogc")
            .wrap(open)
            .service(readable("", landing::landing))
            .service(readable("/", landing::landing))
            .service(readable("/conformance", landing::conformance))
            .service(readable("/api", openapi::document))
            .configure(features::routes)
            .configure(processes::routes)
            .configure(jobs::routes)
            .configure(pages::routes),
    );
}
