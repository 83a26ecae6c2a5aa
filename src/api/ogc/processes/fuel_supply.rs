//! The fuel supply as a process: the same computation as `/supply`, asked in the standard's way.

use super::input_values::Given;
use super::process::{Execution, ProcessInput, ProcessOutput};
use crate::api::computation_inputs::{ComputationInput, supply_inputs};
use crate::api::problem::Problem;
use crate::api::state::State;
use crate::api::supply::Supply;
use crate::api::written_json::json_bytes;
use crate::jobs::Progress;
use serde_json::json;

pub(super) fn inputs() -> Vec<ProcessInput> {
    let plant = ComputationInput::new(
        "plant",
        ("Plant", "Станция"),
        (
            "Plant by identifier, code or name; where none is given, a place and a size must be",
            "Станция: идентификатор, код или название; если не задана, нужны место и мощность",
        ),
        json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
    );
    std::iter::once(plant).chain(supply_inputs()).map(|about| ProcessInput { about, required: false }).collect()
}

pub(super) fn outputs() -> Vec<ProcessOutput> {
    let title = ("Supply, as /supply answers it", "Снабжение, как его отвечает /supply");
    vec![ProcessOutput { id: "supply", title, schema: json!({ "type": "object", "contentMediaType": "application/json" }) }]
}

pub(super) fn prepare(state: &State, mut given: Given) -> Result<Execution, Problem> {
    let plant = given.take_text("plant");
    let supply = Supply::of(state, plant, given.into_texts())?;
    let (is_long, queue) = (supply.is_long(), supply.queue());
    let work = move |progress: &dyn Progress| Ok(vec![("supply", json_bytes(&supply.run(progress)?)?)]);
    Ok(Execution { is_long, queue, work: Box::new(work) })
}
