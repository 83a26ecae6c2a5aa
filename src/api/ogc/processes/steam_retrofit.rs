//! The steam of a boiler house as a process.

use super::input_values::Given;
use super::process::{Execution, ProcessInput, ProcessOutput};
use crate::api::computation_inputs::{ComputationInput, steam_inputs};
use crate::api::problem::Problem;
use crate::api::state::{Queue, State};
use crate::api::written_json::json_bytes;
use crate::jobs::Progress;
use crate::planning::{RetrofitRequest, steam_study};
use serde_json::json;

/// A fact of the boiler house: there is no sensible default. That before the valve may be of a consumer's row.
const REQUIRED: [&str; 1] = ["outlet_pressure_mpa"];

pub(super) fn inputs() -> Vec<ProcessInput> {
    let consumer = ComputationInput::new(
        "consumer",
        ("Consumer", "Потребитель"),
        (
            "Boiler house or works, by identifier, code or name: its row gives the pressure before the reducing valve, its heat demand the steam over the year, where they are left out",
            "Котельная или завод (идентификатор, код или название): давление перед РОУ берётся из строки, пар по году — из спроса на тепло, если они не заданы",
        ),
        json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
    );
    let required = |about: &ComputationInput| REQUIRED.contains(&about.name.as_str());
    let all = std::iter::once(consumer).chain(steam_inputs());
    all.map(|about| ProcessInput { required: required(&about), about }).collect()
}

pub(super) fn outputs() -> Vec<ProcessOutput> {
    let title = ("Power, fuel and money of the machine", "Мощность, топливо и деньги машины");
    vec![ProcessOutput { id: "study", title, schema: json!({ "type": "object", "contentMediaType": "application/json" }) }]
}

pub(super) fn prepare(state: &State, mut given: Given) -> Result<Execution, Problem> {
    let mut request = RetrofitRequest::default();
    let consumer = given.take_text("consumer");
    for (name, text) in given.into_texts() {
        request.set(&name, &text)?;
    }
    let consumer = match consumer {
        Some(name) => state.bench().steam_of_consumer(&name, &mut request)?,
        None => None,
    };
    let work = move |_: &dyn Progress| Ok(vec![("study", json_bytes(&steam_study(&request, consumer).map_err(Problem::from)?)?)]);
    Ok(Execution { is_long: false, queue: Queue::Supplies, work: Box::new(work) })
}
