//! A plant as a project, as a process.

use super::input_values::Given;
use super::process::{Execution, ProcessInput, ProcessOutput};
use crate::api::problem::Problem;
use crate::api::state::{Queue, State};
use crate::api::study_inputs::study_inputs;
use crate::api::written_json::json_bytes;
use crate::jobs::Progress;
use crate::planning::ChpQuery;
use serde_json::json;

pub(super) fn inputs() -> Vec<ProcessInput> {
    study_inputs().into_iter().map(|about| ProcessInput { about, required: false }).collect()
}

pub(super) fn outputs() -> Vec<ProcessOutput> {
    let title = (
        "Study: demand, dispatch, fuel by year, cash flow, emissions, uncertainty",
        "Расчёт: спрос, режим, топливо по годам, денежный поток, выбросы, неопределённость",
    );
    vec![ProcessOutput { id: "study", title, schema: json!({ "type": "object", "contentMediaType": "application/json" }) }]
}

pub(super) fn prepare(state: &State, given: Given) -> Result<Execution, Problem> {
    let mut query = ChpQuery::default();
    for (name, text) in given.into_texts() {
        query.set(&name, &text)?;
    }
    query.check()?;
    let bench = state.bench();
    let work = move |progress: &dyn Progress| Ok(vec![("study", json_bytes(&bench.chp_study(&query, progress)?)?)]);
    Ok(Execution { is_long: true, queue: Queue::Estimates, work: Box::new(work) })
}
