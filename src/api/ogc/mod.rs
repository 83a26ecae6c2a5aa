//! OGC API Features, part 1: landing page, conformance, collections, items, and the document that describes them.

mod collections;
mod feature_writer;
mod items;
mod landing;
mod link;
mod openapi;
mod schema;

use super::server::readable;
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
            .service(readable("/collections", collections::collections))
            .service(readable("/collections/", collections::collections))
            .service(readable("/collections/{layer}", collections::collection))
            .service(readable("/collections/{layer}/schema", schema::schema))
            .service(readable("/collections/{layer}/feature-schema", schema::feature_schema))
            .service(readable("/collections/{layer}/items", items::items))
            .service(readable("/collections/{layer}/items/{id}", items::item)),
    );
}
