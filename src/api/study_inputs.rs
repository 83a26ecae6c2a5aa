//! The inputs of a plant's study as a project: those of its supply, and what its demand, machine, money, gases and doubt take.

use super::computation_inputs::{ComputationInput, supply_inputs};
use super::demand_inputs::weather_inputs;
use crate::model::{
    blend_parameters, demand_parameters, economics_parameters, emission_parameters, plant_parameters, siting_parameters,
    technologies, uncertainty_parameters,
};
use crate::planning::ChpQuery;
use serde_json::json;
use std::collections::HashSet;

/// Inputs of a study of a plant.
pub(super) fn study_inputs() -> Vec<ComputationInput> {
    let own = ComputationInput::new;
    let name = json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] });
    let words: Vec<&str> = technologies().iter().map(|technology| technology.name.as_str()).collect();
    let mut inputs = vec![
        own(
            "plant",
            ("Plant", "Станция"),
            (
                "Plant by identifier, code or name; where none is given, a place and a size must be",
                "Станция: идентификатор, код или название; если не задана, нужны место и мощность",
            ),
            name.clone(),
        ),
        own(
            "consumers",
            ("Consumers", "Потребители"),
            (
                "Who is heated, each by identifier, code or name; all that a pipe can reach where left out",
                "Кому станция даёт тепло: идентификатор, код или название каждого; если не заданы — все, до кого дотянется теплотрасса",
            ),
            json!({ "type": "array", "minItems": 1, "maxItems": 10_000, "items": name }),
        ),
        own(
            "technology",
            ("Technology", "Технология"),
            (
                "How fuel becomes heat and electricity; that of the plant, else the usual one of its size, where left out",
                "Как топливо превращается в тепло и электричество; если не задана — та, что указана у станции, иначе обычная для её мощности",
            ),
            json!({ "type": "string", "enum": words }),
        ),
        own(
            "store_mwh",
            ("Heat store", "Тепловой аккумулятор"),
            (
                "Size of a tank of hot water beside the plant, MWh; none at 0",
                "Ёмкость бака-аккумулятора у станции, МВт·ч; 0 — без бака",
            ),
            json!({ "type": "number", "minimum": 0, "maximum": ChpQuery::LARGEST_STORE_MWH, "default": 0 }),
        ),
        own(
            "build_backup",
            ("Build the peak boiler", "Строить пиковую котельную"),
            (
                "Whether the project builds and runs the boiler that serves the peaks and sells all heat; else the boilers that stand serve them",
                "Строит ли проект пиковую котельную и продаёт ли всё тепло; иначе пики покрывают существующие котельные",
            ),
            json!({ "type": "boolean", "default": false }),
        ),
        own(
            "sizing",
            ("Compare sizes", "Сравнить мощности"),
            (
                "Whether other sizes of the same technology are tried on the same demand",
                "Подбирать ли мощность той же технологии под тот же спрос",
            ),
            json!({ "type": "boolean", "default": true }),
        ),
        own(
            "uncertainty_drawn",
            ("Draw the uncertainty", "Считать неопределённость"),
            (
                "Whether reserves are simulated and prices, seasons and reserves are drawn",
                "Моделировать ли запасы и разыгрывать ли цены, сезоны и запасы",
            ),
            json!({ "type": "boolean", "default": true }),
        ),
    ];
    inputs.extend(weather_inputs());
    inputs.extend(supply_inputs().into_iter().filter(|input| ChpQuery::uses(&input.name)));
    inputs.extend(ChpQuery::PIPES.iter().filter_map(|name| siting_parameters().get(name)).map(ComputationInput::number));
    let tables = [
        plant_parameters(),
        economics_parameters(),
        demand_parameters(),
        emission_parameters(),
        blend_parameters(),
        uncertainty_parameters(),
    ];
    for table in tables {
        inputs.extend(table.choices().iter().map(ComputationInput::word));
        inputs.extend(table.iter().filter(|number| ChpQuery::uses(&number.name)).map(ComputationInput::number));
    }
    // A study has no plant without one of these: 0 is no word for that of the row.
    for input in &mut inputs {
        if matches!(input.name.as_str(), "electric_capacity_mw" | "heat_capacity_mw") {
            input.schema["exclusiveMinimum"] = true.into();
        }
    }
    let mut known = HashSet::new();
    inputs.retain(|input| known.insert(input.name.clone()));
    inputs
}
