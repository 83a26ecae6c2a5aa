//! The parameters of the computations with default, range, unit and source: what the map's forms are made from.

use super::server::readable;
use crate::model::{
    allocation_parameters, blend_parameters, reserve_parameters, season_parameters, steam_parameters, supply_parameters,
};
use actix_web::{HttpResponse, web};
use serde_json::json;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(readable("/parameters", parameters));
}

async fn parameters() -> HttpResponse {
    let reserves: Vec<_> = reserve_parameters().iter().collect();
    let supply: Vec<_> = supply_parameters().iter().collect();
    let season: Vec<_> = season_parameters().iter().collect();
    let blend: Vec<_> = blend_parameters().iter().collect();
    let allocation: Vec<_> = allocation_parameters().iter().collect();
    let steam: Vec<_> = steam_parameters().iter().collect();
    HttpResponse::Ok().json(json!({
        "reserves": reserves,
        "supply": supply,
        "season": season,
        "blend": blend,
        "allocation": allocation,
        "steam": steam,
        "reserve_choices": reserve_parameters().choices(),
        "supply_choices": supply_parameters().choices(),
        "season_choices": season_parameters().choices(),
        "steam_choices": steam_parameters().choices(),
    }))
}
