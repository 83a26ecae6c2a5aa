//! Where plants should stand, as a process.

use super::input_values::Given;
use super::process::{Execution, ProcessInput, ProcessOutput};
use crate::api::computation_inputs::siting_inputs;
use crate::api::problem::Problem;
use crate::api::state::{Queue, State};
use crate::api::written_json::json_bytes;
use crate::jobs::Progress;
use crate::planning::SitingQuery;
use serde_json::json;

pub(super) fn inputs() -> Vec<ProcessInput> {
    siting_inputs().into_iter().map(|about| ProcessInput { about, required: false }).collect()
}

pub(super) fn outputs() -> Vec<ProcessOutput> {
    let plan = (
        "The cheapest plan, its alternatives, and the candidates by weighted criteria",
        "Самый дешёвый план, варианты и площадки по взвешенным критериям",
    );
    let sites =
        ("Plants and candidates as points, heat and fuel as lines", "Станции и площадки точками, тепло и топливо линиями");
    vec![
        ProcessOutput { id: "plan", title: plan, schema: json!({ "type": "object", "contentMediaType": "application/json" }) },
        ProcessOutput {
            id: "sites",
            title: sites,
            schema: json!({ "type": "object", "contentMediaType": "application/geo+json" }),
        },
    ]
}

pub(super) fn prepare(state: &State, given: Given) -> Result<Execution, Problem> {
    let mut query = SitingQuery::default();
    for (name, text) in given.into_texts() {
        query.set(&name, &text)?;
    }
    let bench = state.bench();
    let work = move |progress: &dyn Progress| {
        let study = bench.siting_study(&query, progress)?;
        Ok(vec![("plan", json_bytes(&study)?), ("sites", json_bytes(&study.drawing)?)])
    };
    Ok(Execution { is_long: true, queue: Queue::Estimates, work: Box::new(work) })
}
