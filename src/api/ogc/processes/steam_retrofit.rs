//! The steam of a boiler house as a process.

use super::input_values::Given;
use super::process::{Execution, ProcessInput, ProcessOutput};
use super::results::json_bytes;
use crate::api::computation_inputs::{ComputationInput, steam_inputs};
use crate::api::problem::Problem;
use crate::api::state::Queue;
use crate::jobs::Progress;
use crate::planning::{RetrofitRequest, steam_study};
use serde_json::json;

/// The pressures are facts of the boiler house: there is no sensible default.
const REQUIRED: [&str; 2] = ["inlet_pressure_mpa", "outlet_pressure_mpa"];

pub(super) fn inputs() -> Vec<ProcessInput> {
    let required = |about: &ComputationInput| REQUIRED.contains(&about.name.as_str());
    steam_inputs().into_iter().map(|about| ProcessInput { required: required(&about), about }).collect()
}

pub(super) fn outputs() -> Vec<ProcessOutput> {
    let title = ("Power, fuel and money of the machine", "Мощность, топливо и деньги машины");
    vec![ProcessOutput { id: "study", title, schema: json!({ "type": "object", "contentMediaType": "application/json" }) }]
}

pub(super) fn prepare(given: Given) -> Result<Execution, Problem> {
    let mut request = RetrofitRequest::default();
    for (name, text) in given.into_texts() {
        request.set(&name, &text)?;
    }
    let work = move |_: &dyn Progress| Ok(vec![("study", json_bytes(&steam_study(&request).map_err(Problem::from)?)?)]);
    Ok(Execution { is_long: false, queue: Queue::Supplies, work: Box::new(work) })
}
