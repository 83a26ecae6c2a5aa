//! The OGC API: landing page, conformance, the document that describes all, and a folder a standard.

mod document;
mod features;
mod landing;
mod link;
mod openapi;
mod processes;
mod short_list;
mod tiles;

pub(super) use document::answer;
pub(super) use link::{JSON, Link, check_parameters, query_text};
pub(in crate::api) use processes::{Process, check_stored, in_asked_form};
pub(super) use short_list::page_of;
pub(in crate::api) use tiles::{TileKeeper, web_mercator};

pub(super) use features::Selections;

use super::server::readable;
use super::{jobs, pages};
use actix_web::web;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/ogc")
            .service(readable("", landing::landing))
            .service(readable("/", landing::landing))
            .service(readable("/conformance", landing::conformance))
            .service(readable("/api", openapi::document))
            .configure(tiles::routes)
            .configure(features::routes)
            .configure(processes::routes)
            .configure(jobs::routes)
            .configure(pages::routes),
    );
}
