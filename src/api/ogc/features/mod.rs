//! OGC API Features: the layers as collections; their features page by page and one by one, in many forms and systems;
//! filters, order and choice of properties; their schemas; and features made, changed and removed.

mod body;
mod caps;
mod change;
mod collections;
mod conformance;
mod functions;
mod item;
mod items;
mod paging;
mod parameters;
mod reference_systems;
mod response;
mod schema;
mod selections;
mod writers;

pub(in crate::api) use collections::layer_named;
pub(in crate::api) use conformance::CONFORMANCE;
pub(in crate::api) use items::FORMATS as ITEMS_FORMATS;
pub(in crate::api) use parameters::is_queryable;
pub(in crate::api::ogc) use parameters::{OF_ROWS, rows_asked};
pub(in crate::api) use schema::property_schema;
pub(in crate::api) use selections::Selections;
pub(in crate::api::ogc) use selections::found;

use crate::api::server::{answering, readable};
use actix_web::middleware::DefaultHeaders;
use actix_web::web;

pub(super) fn routes(scope: &mut web::ServiceConfig) {
    let items = answering("GET, HEAD, POST, OPTIONS", "/collections/{layer}/items", items::items)
        .route(web::post().to(change::create))
        .wrap(DefaultHeaders::new().add(("Accept-Post", change::WHOLE_TYPES)));
    let item = answering("GET, HEAD, PUT, PATCH, DELETE, OPTIONS", "/collections/{layer}/items/{id}", item::item)
        .route(web::put().to(change::replace))
        .route(web::patch().to(change::update))
        .route(web::delete().to(change::remove))
        .wrap(DefaultHeaders::new().add(("Accept-Patch", change::PATCH_TYPES)));
    scope
        .service(readable("/functions", functions::list))
        .service(readable("/collections", collections::collections))
        .service(readable("/collections/", collections::collections))
        .service(readable("/collections/{layer}", collections::collection))
        .service(readable("/collections/{layer}/schema", schema::schema))
        .service(readable("/collections/{layer}/queryables", schema::queryables))
        .service(readable("/collections/{layer}/sortables", schema::sortables))
        .service(readable("/collections/{layer}/feature-schema", schema::feature_schema))
        .service(items)
        .service(item);
}
