//! What the project is: for the map's first look.

use super::server::readable;
use super::state::State;
use crate::model::Layer;
use crate::planning::{CURRENCY, PRICE_YEAR, SOFTWARE_VERSION};
use actix_web::{HttpResponse, web};
use serde_json::{Map, Value, json};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(readable("/project", project));
}

async fn project(state: web::Data<State>) -> HttpResponse {
    let bench = state.bench();
    let catalogue = bench.catalogue();
    let layers: Map<String, Value> = Layer::ALL
        .iter()
        .map(|layer| {
            let about = json!({ "title": layer.schema().title, "features": catalogue.table(*layer).len() });
            (layer.name().to_owned(), about)
        })
        .collect();
    HttpResponse::Ok().json(json!({
        "title": catalogue.project.title,
        "title_ru": catalogue.project.title_ru,
        "synthetic": catalogue.is_synthetic(),
        "working_crs": catalogue.project.working_crs.to_string(),
        "bbox": catalogue.extent(),
        "software_version": SOFTWARE_VERSION,
        "data_version": catalogue.data_version,
        "layers": layers,
        "currency": CURRENCY,
        "price_year": PRICE_YEAR,
    }))
}
