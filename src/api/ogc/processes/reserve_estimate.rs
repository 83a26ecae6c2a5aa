//! The reserve estimate as a process: the same computation as `/reserves`, asked in the standard's way.

use super::input_values::Given;
use super::process::{Execution, ProcessInput, ProcessOutput};
use crate::api::computation_inputs::{ComputationInput, reserve_inputs};
use crate::api::problem::Problem;
use crate::api::reserves::Estimate;
use crate::api::state::{Queue, State};
use crate::api::written_json::json_bytes;
use crate::jobs::Progress;
use serde_json::json;

pub(super) fn inputs() -> Vec<ProcessInput> {
    let deposit = ComputationInput::new(
        "deposit",
        ("Deposit", "Месторождение"),
        (
            "Deposit by identifier, code or name; where none is given, an area must be",
            "Месторождение: идентификатор, код или название; если не задано, нужен участок",
        ),
        json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
    );
    let area = ComputationInput::new(
        "area",
        ("Area", "Участок"),
        (
            "GeoJSON polygon to clip to, longitude and latitude; by value, or by href to a feature of this service",
            "Полигон GeoJSON, по которому обрезать (долгота и широта): значением или ссылкой href на объект этой службы",
        ),
        json!({ "type": "object", "format": "geojson-geometry", "contentMediaType": "application/geo+json" }),
    );
    [deposit, area].into_iter().chain(reserve_inputs()).map(|about| ProcessInput { about, required: false }).collect()
}

pub(super) fn outputs() -> Vec<ProcessOutput> {
    let title = ("Reserves, as /reserves answers them", "Запасы, как их отвечает /reserves");
    vec![ProcessOutput { id: "reserves", title, schema: json!({ "type": "object", "contentMediaType": "application/json" }) }]
}

pub(super) fn prepare(state: &State, mut given: Given) -> Result<Execution, Problem> {
    let deposit = given.take_text("deposit");
    if deposit.is_none() && given.value("area").is_none() {
        return Err(Problem::bad_request("deposit", "deposit must be given, or area: there is nothing to estimate"));
    }
    let estimate = Estimate::of(state, deposit, given.into_texts())?;
    let is_long = estimate.is_long();
    let work = move |progress: &dyn Progress| Ok(vec![("reserves", json_bytes(&estimate.run(progress)?)?)]);
    Ok(Execution { is_long, queue: Queue::Estimates, work: Box::new(work) })
}
