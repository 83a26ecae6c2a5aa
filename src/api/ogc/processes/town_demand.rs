//! The demand of consumers for heat, steam and power as a process.

use super::input_values::Given;
use super::process::{Execution, ProcessInput, ProcessOutput};
use crate::api::demand_inputs::demand_inputs;
use crate::api::problem::Problem;
use crate::api::state::{Queue, State};
use crate::api::written_json::json_bytes;
use crate::jobs::Progress;
use crate::planning::DemandQuery;
use serde_json::json;

/// Consumers from which on it takes its time: each is a millisecond or two.
const MANY_CONSUMERS: usize = 500;

pub(super) fn inputs() -> Vec<ProcessInput> {
    demand_inputs().into_iter().map(|about| ProcessInput { about, required: false }).collect()
}

pub(super) fn outputs() -> Vec<ProcessOutput> {
    let title = (
        "Consumers, sums, months and load duration curves, with the weather they rest on",
        "Потребители, суммы, месяцы и графики продолжительности нагрузки, погода, по которой они рассчитаны",
    );
    vec![ProcessOutput { id: "demand", title, schema: json!({ "type": "object", "contentMediaType": "application/json" }) }]
}

pub(super) fn prepare(state: &State, given: Given) -> Result<Execution, Problem> {
    let mut query = DemandQuery::default();
    for (name, text) in given.into_texts() {
        query.set(&name, &text)?;
    }
    let bench = state.bench();
    let asked = if query.consumers.is_empty() { bench.catalogue().nouns.consumers.len() } else { query.consumers.len() };
    let work = move |_: &dyn Progress| Ok(vec![("demand", json_bytes(&bench.demand_study(&query).map_err(Problem::from)?)?)]);
    Ok(Execution { is_long: asked >= MANY_CONSUMERS, queue: Queue::Supplies, work: Box::new(work) })
}
