//! OGC API Features, part 1: landing page, conformance, collections, items, and the document that describes them.

mod collections;
mod feature_writer;
mod items;
mod landing;
mod link;
mod openapi;
mod schema;

use actix_web::middleware::DefaultHeaders;
use actix_web::web;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    // Maps on other sites may read what is public here.
    let open = DefaultHeaders::new().add(("Access-Control-Allow-Origin", "*"));
    config.service(
        web::scope("/ogc")
            .wrap(open)
            .route("", web::get().to(landing::landing))
            .route("/", web::get().to(landing::landing))
            .route("/conformance", web::get().to(landing::conformance))
            .route("/api", web::get().to(openapi::document))
            .route("/collections", web::get().to(collections::collections))
            .route("/collections/{layer}", web::get().to(collections::collection))
            .route("/collections/{layer}/schema", web::get().to(schema::schema))
            .route("/collections/{layer}/items", web::get().to(items::items))
            .route("/collections/{layer}/items/{id}", web::get().to(items::item)),
    );
}
