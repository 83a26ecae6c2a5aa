//! The layers of a plant's supply: flows, catchment, depletion by year.

use super::http::{Format, Validator, negotiate};
use super::inputs::from_query;
use super::problem::Problem;
use super::reserves_layers::{file, plain_name};
use super::server::readable;
use super::state::{Queue, State};
use crate::deliverables::{AreaForm, supply_layer};
use crate::planning::{SOFTWARE_VERSION, SupplyLayer, SupplyLayerQuery};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use std::sync::Arc;

/// These come before a plant's own address: a plant that is called as a layer is found by its number or code.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/supply/{layer:flows|catchment|depletion}", at_place))
        .service(readable("/supply/{plant}/{layer:flows|catchment|depletion}", of_plant));
}

async fn at_place(state: web::Data<State>, layer: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer(&state, None, &layer, &request).await
}

async fn of_plant(
    state: web::Data<State>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (plant, layer) = path.into_inner();
    answer(&state, Some(plant), &layer, &request).await
}

async fn answer(state: &State, plant: Option<String>, layer: &str, request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let layer = SupplyLayer::ALL.into_iter().find(|known| known.name() == layer);
    let layer = layer.ok_or_else(|| Problem::not_found("a supply has the layers flows, catchment and depletion"))?;
    let inputs = from_query(request, state.config.query_bytes)?;
    let format = negotiate(request, &inputs, &[Format::GeoJson, Format::GeoPackage])?;
    let name = plain_name(&format!("{}-{}", plant.as_deref().unwrap_or("supply"), layer.name()));
    let mut query = SupplyLayerQuery::new(layer, plant);
    for (name, text) in inputs.iter().filter(|(name, _)| name != "f") {
        query.set(name, text)?;
    }
    let bench = state.bench();
    let (asked, version) = (query.clone(), bench.catalogue().version());
    let known = Arc::clone(&bench);
    let hash = state.compute(Queue::Supplies, move || known.supply_layer_hash(&asked).map_err(Problem::from)).await?;
    // Names and outlines are of the catalogue and not of the fingerprint.
    let validator = Validator::of((hash, version, layer, format, SOFTWARE_VERSION));
    if let Some(mut not_modified) = validator.not_modified(request) {
        not_modified.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
        return Ok(not_modified);
    }
    let form = if format == Format::GeoPackage { AreaForm::GeoPackage } else { AreaForm::GeoJson };
    let work = move || {
        let drawing = bench.supply_layer(&query).map_err(Problem::from)?;
        supply_layer(drawing, form).map_err(|error| Problem::internal(&error))
    };
    let bytes = state.compute(Queue::Supplies, work).await?;
    let mut response = match form {
        AreaForm::GeoPackage => file(format.media_type(), &format!("{name}.gpkg"), bytes),
        AreaForm::GeoJson => HttpResponse::Ok().content_type(format.media_type()).body(bytes),
    };
    let (tag, value) = validator.header();
    response.headers_mut().insert(tag, value);
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    Ok(response)
}
