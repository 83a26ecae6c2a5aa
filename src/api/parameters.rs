//! The parameters of the computations with default, range, unit and source: what the map's forms are made from.

use super::server::readable;
use crate::model::{
    allocation_parameters, blend_parameters, demand_parameters, economics_parameters, emission_parameters, plant_parameters,
    reserve_parameters, season_parameters, siting_parameters, steam_parameters, supply_parameters, uncertainty_parameters,
};
use actix_web::{HttpResponse, web};
use serde_json::{Map, json};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(readable("/parameters", parameters));
}

/// Each table under the name of what it is about, its words beside it.
async fn parameters() -> HttpResponse {
    let tables = [
        ("reserves", "reserve_choices", reserve_parameters()),
        ("supply", "supply_choices", supply_parameters()),
        ("season", "season_choices", season_parameters()),
        ("blend", "blend_choices", blend_parameters()),
        ("allocation", "allocation_choices", allocation_parameters()),
        ("siting", "siting_choices", siting_parameters()),
        ("steam", "steam_choices", steam_parameters()),
        ("demand", "demand_choices", demand_parameters()),
        ("plants", "plants_choices", plant_parameters()),
        ("economics", "economics_choices", economics_parameters()),
        ("emissions", "emissions_choices", emission_parameters()),
        ("uncertainty", "uncertainty_choices", uncertainty_parameters()),
    ];
    let mut document = Map::new();
    for (numbers, words, table) in tables {
        document.insert(numbers.to_owned(), json!(table.iter().collect::<Vec<_>>()));
        document.insert(words.to_owned(), json!(table.choices()));
    }
    HttpResponse::Ok().json(document)
}
