//! OGC API Features: the layers as collections, their features page by page and one by one, their schemas.

mod collections;
mod geojson;
mod items;
mod schema;

pub(in crate::api) use collections::layer_named;
pub(in crate::api) use schema::property_schema;

use crate::api::server::readable;
use actix_web::web;

pub(super) fn routes(scope: &mut web::ServiceConfig) {
    scope
        .service(readable("/collections", collections::collections))
        .service(readable("/collections/", collections::collections))
        .service(readable("/collections/{layer}", collections::collection))
        .service(readable("/collections/{layer}/schema", schema::schema))
        .service(readable("/collections/{layer}/feature-schema", schema::feature_schema))
        .service(readable("/collections/{layer}/items", items::items))
        .service(readable("/collections/{layer}/items/{id}", items::item));
}
