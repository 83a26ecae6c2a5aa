//! The form that runs a process: a field an input, by what it accepts. What is asked for by name stands open; the many
//! numbers of a method are folded away, by what they are about.

use super::json::shown;
use super::numbers::number;
use super::templates::word;
use crate::api::language::Language;
use crate::model::{
    Parameter, Parameters, allocation_parameters, blend_parameters, demand_parameters, economics_parameters, emission_parameters,
    plant_parameters, reserve_parameters, season_parameters, siting_parameters, steam_parameters, supply_parameters,
    uncertainty_parameters,
};
use minijinja::{Value, context};
use serde_json::Value as Json;

/// Inputs that are not folded away.
const MAIN: [&str; 52] = [
    "deposit",
    "area",
    "method",
    "constraints",
    "plant",
    "plants",
    "by",
    "years",
    "first_year",
    "wet_years",
    "dry_years",
    "wood_chips",
    "backup",
    "must_be_met",
    "at",
    "electric_capacity_mw",
    "heat_capacity_mw",
    "fuel_power_mw",
    "peat_share",
    "include_undeveloped",
    "consumer",
    "stock_band",
    "preparation",
    "blend",
    "machine",
    "inlet_pressure_mpa",
    "inlet_temperature_c",
    "outlet_pressure_mpa",
    "load",
    "nominal_steam_t_h",
    "size_kw",
    "candidates",
    "candidate_source",
    "consumers",
    "technology",
    "store_mwh",
    "build_backup",
    "sizing",
    "uncertainty_drawn",
    "sizes_mw",
    "fewest_plants",
    "most_plants",
    "budget_rub",
    "heat_price_rub_mwh",
    "weather",
    "weather_file",
    "hourly",
    "climate",
    "heat_profile",
    "scenarios",
    "string",
    "pause",
];

/// The groups of the folded inputs: by name, else by a part of it; the first that fits.
const GROUPS: [(&str, &[&str], &[&str]); 9] = [
    (
        "inputs_method",
        &[
            "surface",
            "isopach_rule",
            "isopach_step_m",
            "power",
            "neighbours",
            "neighbourhood",
            "drift",
            "variogram",
            "nugget_m2",
            "partial_sill_m2",
            "range_m",
            "smoothness",
            "azimuth_deg",
            "anisotropy_ratio",
            "support",
            "cell_m",
            "crs",
        ],
        &[],
    ),
    ("inputs_survey", &["probes", "boundary", "boundary_step_m", "censored", "drained"], &["surveyed_"]),
    (
        "inputs_limits",
        &[
            "min_depth_m",
            "bottom_layer_m",
            "max_ash",
            "min_interbed_m",
            "min_decomposition",
            "min_part_ha",
            "min_part_width_m",
            "fire_break_m",
            "stumps",
            "net_area_share",
            "loss_extraction",
            "loss_storage",
        ],
        &[],
    ),
    ("inputs_uncertainty", &["transform", "realisations", "seed", "boundary_error_m"], &[]),
    ("inputs_blocks", &[], &["category_", "block"]),
    ("inputs_carbon", &[], &["carbon", "co2", "ch4", "n2o", "site_", "ditch"]),
    ("inputs_products", &[], &["horticultural", "chemical", "fuel_max", "fuel_min", "slice"]),
    (
        "inputs_haul",
        &[],
        &[
            "speed",
            "truck",
            "tortuosity",
            "turnaround",
            "routes",
            "cost",
            "narrow_gauge",
            "rail_",
            "track_",
            "transfer_",
            "reach_m",
        ],
    ),
    (
        "inputs_fuel",
        &["quality"],
        &["density", "calorific", "moisture", "saturated", "ash", "yield", "efficiency", "load", "factor"],
    ),
];

/// What is asked of the preparation of fields.
const PREPARATION: [&str; 11] = [
    "decisions",
    "decision_year",
    "permit_years",
    "works_years",
    "preparation_ha_a",
    "preparation_cost_rub_ha",
    "first_year_yield_share",
    "second_year_yield_share",
    "restoration_delay_years",
    "restoration_years",
    "restoration_cost_rub_ha",
];

fn group_of(name: &str) -> &'static str {
    if name == "carry_over" || allocation_parameters().get(name).is_some() {
        return "inputs_preparation";
    }
    if blend_parameters().get(name).is_some() {
        return if name.contains("_cost_") { "inputs_money" } else { "inputs_blend" };
    }
    if PREPARATION.contains(&name) {
        return "inputs_preparation";
    }
    if season_parameters().get(name).is_some() || matches!(name, "yield_by_cycles" | "need_by_month") {
        return "inputs_season";
    }
    if let Some(parameter) = steam_parameters().get(name) {
        return group_of_steam(parameter);
    }
    if siting_parameters().get(name).is_some() || matches!(name, "heat_all" | "fuel_for_life") {
        return if name.starts_with("weight_") { "inputs_weights" } else { "inputs_sites" };
    }
    if economics_parameters().get(name).is_some() {
        return "inputs_money";
    }
    let within = |table: &'static Parameters| table.get(name).is_some() || table.choice(name).is_some();
    if within(uncertainty_parameters()) {
        return "inputs_uncertainty";
    }
    if within(plant_parameters()) {
        return "inputs_plant";
    }
    if demand_parameters().get(name).is_some() || demand_parameters().choice(name).is_some() {
        return "inputs_demand";
    }
    // Of what an estimate of carbon also takes, the estimate's group holds.
    if within(emission_parameters()) && reserve_parameters().get(name).is_none() {
        return "inputs_emissions";
    }
    let found = GROUPS.iter().find(|(_, names, parts)| names.contains(&name) || parts.iter().any(|part| name.contains(part)));
    found.map_or("inputs_other", |(group, ..)| group)
}

/// The groups of a study of steam: what has a price, what the boiler house is, what the machine is.
fn group_of_steam(parameter: &Parameter) -> &'static str {
    const MONEY: [&str; 7] = [
        "price_year",
        "service_life_a",
        "discount_rate",
        "usd_price_factor",
        "local_cost_factor",
        "screw_cost_factor",
        "exchange_rate_rub_usd",
    ];
    const HOUSE: [&str; 5] = ["boiler", "operating", "load_share", "condensate", "make_up"];
    let has = |parts: &[&str]| parts.iter().any(|part| parameter.name.contains(part));
    if MONEY.contains(&parameter.name.as_str()) || has(&["_rub", "_usd"]) {
        "inputs_money"
    } else if parameter.name != "minimum_load_share" && has(&HOUSE) {
        "inputs_boiler_house"
    } else {
        "inputs_machine"
    }
}

/// What an input of any process is called.
pub(super) fn input_title(language: Language, name: &str) -> Option<&'static str> {
    let tables = [
        reserve_parameters(),
        supply_parameters(),
        season_parameters(),
        blend_parameters(),
        steam_parameters(),
        demand_parameters(),
        plant_parameters(),
        economics_parameters(),
        emission_parameters(),
        siting_parameters(),
        allocation_parameters(),
        uncertainty_parameters(),
    ];
    let number = |table: &'static Parameters| table.get(name).map(|parameter| language.title(&parameter.title));
    let choice = |table: &'static Parameters| table.choice(name).map(|choice| language.title(&choice.title));
    tables.into_iter().find_map(|table| number(table).or_else(|| choice(table)))
}

/// The fields of a process's form.
pub(super) fn fields(language: Language, document: &Json) -> Value {
    let mut main = Vec::new();
    let mut folded: Vec<(&'static str, Vec<Value>)> = Vec::new();
    let inputs = document["inputs"].as_object();
    let count = inputs.map_or(0, serde_json::Map::len);
    for (name, input) in inputs.into_iter().flatten() {
        let shown = field(language, name, input);
        if count <= MAIN.len() || MAIN.contains(&name.as_str()) {
            main.push(shown);
            continue;
        }
        let group = group_of(name);
        match folded.iter_mut().find(|(known, _)| *known == group) {
            Some((_, fields)) => fields.push(shown),
            None => folded.push((group, vec![shown])),
        }
    }
    let groups: Vec<Value> =
        folded.into_iter().map(|(group, fields)| context! { title => word(language, group), fields => fields }).collect();
    context! { main => main, groups => groups }
}

fn field(language: Language, name: &str, input: &Json) -> Value {
    let schema = &input["schema"];
    let first = if schema["oneOf"].is_array() { &schema["oneOf"][0] } else { schema };
    let kind = match first["type"].as_str().unwrap_or_default() {
        _ if schema["enum"].is_array() => "choice",
        "number" | "integer" => "number",
        "boolean" => "flag",
        "array" | "object" => "lines",
        // A file that is pasted has lines.
        "string" if !schema["contentMediaType"].is_null() => "lines",
        _ => "text",
    };
    let choice = [
        reserve_parameters(),
        supply_parameters(),
        season_parameters(),
        steam_parameters(),
        demand_parameters(),
        uncertainty_parameters(),
    ]
    .into_iter()
    .find_map(|parameters| parameters.choice(name));
    let title_of = |word: &str| {
        let known = choice.and_then(|choice| choice.words.iter().find(|known| known.value == word));
        known.map_or(word, |known| language.pick(&known.en, &known.ru)).to_owned()
    };
    let words = schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let words: Vec<Value> = words.map(|word| context! { value => word, title => title_of(word) }).collect();
    let figure = |name: &str| schema[name].as_f64().map(|value| number(language, value, false));
    let default = schema["default"].as_str().map(title_of).or_else(|| figure("default"));
    let range = match (figure("minimum"), figure("maximum")) {
        (Some(low), Some(high)) => Some(format!("{low} … {high}")),
        (Some(low), None) => Some(format!("≥ {low}")),
        (None, Some(high)) => Some(format!("≤ {high}")),
        (None, None) => None,
    };
    context! { name => name, kind => kind, about => shown(input), words => words, default => default, range => range }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_an_estimate_has_a_group_of_its_kind() {
        for (name, group) in [
            ("power", "inputs_method"),
            ("surveyed_to_year", "inputs_survey"),
            ("max_ash", "inputs_limits"),
            ("default_ash", "inputs_fuel"),
            ("category_c1_error", "inputs_blocks"),
            ("site_n2o_n_kg_ha", "inputs_carbon"),
            ("fuel_max_ash", "inputs_products"),
            ("truck_cost_rub_h", "inputs_haul"),
            ("boiler_efficiency", "inputs_boiler_house"),
            ("isentropic_efficiency", "inputs_machine"),
            ("electricity_value_rub_mwh", "inputs_money"),
            ("backup_cost_rub_mwh", "inputs_money"),
            ("carry_over_loss_share", "inputs_preparation"),
            ("harvest_factor_low", "inputs_uncertainty"),
            ("store_hours", "inputs_plant"),
            ("present_boiler_efficiency", "inputs_emissions"),
            ("works_years", "inputs_preparation"),
            ("ash_limit", "inputs_blend"),
            ("season_draws", "inputs_season"),
        ] {
            assert_eq!(group_of(name), group, "{name}");
        }
        for parameter in reserve_parameters().iter() {
            assert!(group_of(&parameter.name) != "inputs_other" || MAIN.contains(&parameter.name.as_str()), "{}", parameter.name);
        }
    }
}
