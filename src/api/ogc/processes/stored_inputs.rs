//! Inputs that are kept as a scenario: checked when they are stored by what their process says of its inputs, so that nobody finds out
//! only when they are computed. Whether the data allow an answer is not asked here.

use super::input_values::Given;
use super::process::Process;
use crate::api::problem::Problem;
use crate::api::state::State;
use crate::model::{Feature, Layer, Scenario};
use serde_json::{Map, Value};

/// Reads the inputs of a scenario.
///
/// # Errors
/// 400 that names the input, or `inputs` where they are no JSON object.
pub(super) fn inputs_of(scenario: &Scenario) -> Result<Map<String, Value>, Problem> {
    let wrong = |error| Problem::bad_request("inputs", format!("its inputs are no JSON object: {error}"));
    serde_json::from_str(&scenario.inputs).map_err(wrong)
}

/// Checks a row that is about to be stored in place of `before`. Rows of other layers than the scenarios' have nothing to be checked
/// here, nor has a change that leaves the inputs as they are.
///
/// # Errors
/// 400 that names the input and what its process accepts.
pub(in crate::api) fn check_stored(state: &State, layer: Layer, before: Option<&Feature>, row: &Feature) -> Result<(), Problem> {
    let Some(scenario) = (layer == Layer::Scenarios).then(|| Scenario::from_feature(row)).flatten() else { return Ok(()) };
    let same = |before: Scenario| before.process == scenario.process && before.inputs == scenario.inputs;
    if before.and_then(Scenario::from_feature).is_some_and(same) {
        return Ok(());
    }
    // The words of the layer name the processes that there are.
    let Ok(process) = Process::named(&scenario.process) else { return Ok(()) };
    let of_process = |problem: Problem| problem.of_part(&format!("inputs of {}", process.id()));
    let inputs = inputs_of(&scenario).map_err(of_process)?;
    Given::read(&process.inputs(&state.config), &inputs, state, "").map(drop).map_err(of_process)
}
