//! The peat of several deposits to several plants over years, as a process.

use super::input_values::Given;
use super::process::{Execution, ProcessInput, ProcessOutput};
use crate::api::computation_inputs::allocation_inputs;
use crate::api::problem::Problem;
use crate::api::state::{Queue, State};
use crate::api::written_json::json_bytes;
use crate::jobs::Progress;
use crate::planning::AllocationRequest;
use serde_json::json;

pub(super) fn inputs() -> Vec<ProcessInput> {
    allocation_inputs().into_iter().map(|about| ProcessInput { about, required: false }).collect()
}

pub(super) fn outputs() -> Vec<ProcessOutput> {
    let title = ("Plan: flows, costs, prices and stocks by year", "План: потоки, затраты, цены и запасы по годам");
    vec![ProcessOutput { id: "plan", title, schema: json!({ "type": "object", "contentMediaType": "application/json" }) }]
}

pub(super) fn prepare(state: &State, given: Given) -> Result<Execution, Problem> {
    let mut request = AllocationRequest::default();
    for (name, text) in given.into_texts() {
        request.set(&name, &text)?;
    }
    request.check()?;
    let bench = state.bench();
    let work = move |progress: &dyn Progress| {
        let plan = bench.allocation_plan(&request, progress).map_err(Problem::from)?;
        Ok(vec![("plan", json_bytes(&plan)?)])
    };
    Ok(Execution { is_long: true, queue: Queue::Supplies, work: Box::new(work) })
}
