//! Stored scenarios as a process: each is computed as its own process computes it, and what differs is told as data.

use super::input_values::Given;
use super::process::{Execution, Process, ProcessInput, ProcessOutput, Work};
use super::stored_inputs::inputs_of;
use crate::api::computation_inputs::ComputationInput;
use crate::api::problem::Problem;
use crate::api::state::{Queue, State};
use crate::api::written_json::json_bytes;
use crate::jobs::{Progress, Stretch};
use crate::model::{FeatureId, Scenario};
use crate::planning::{SOFTWARE_VERSION, ScenarioDifference, scenario_difference};
use serde::Serialize;
use serde_json::{Value, json};

/// Columns of a comparison.
const FEWEST: usize = 2;
const MOST: usize = 4;

/// A column of the comparison.
#[derive(Serialize)]
struct Compared {
    id: FeatureId,
    code: Option<String>,
    name: String,
    name_ru: Option<String>,
    synthetic: bool,
    /// Inputs as they are stored.
    inputs: Value,
    /// Fingerprint of everything that its result was computed from.
    inputs_hash: Option<String>,
    currency: Option<String>,
    price_year: Option<i64>,
}

#[derive(Serialize)]
struct Comparison {
    process: &'static str,
    /// Changes are counted from the first.
    scenarios: Vec<Compared>,
    #[serde(flatten)]
    difference: ScenarioDifference,
    software_version: &'static str,
}

pub(super) fn inputs() -> Vec<ProcessInput> {
    let scenarios = ComputationInput::new(
        "scenarios",
        ("Scenarios", "Сценарии"),
        (
            "Two to four scenarios of one computation, each by identifier, code or name; changes are counted from the first",
            "От двух до четырёх сценариев одного расчёта: идентификатор, код или название каждого; изменения считаются от первого",
        ),
        json!({
            "type": "array",
            "minItems": FEWEST,
            "maxItems": MOST,
            "items": { "oneOf": [{ "type": "string" }, { "type": "integer" }] },
        }),
    );
    vec![ProcessInput { about: scenarios, required: true }]
}

pub(super) fn outputs() -> Vec<ProcessOutput> {
    let title = ("Inputs and results that differ", "Различия входных данных и результатов");
    vec![ProcessOutput { id: "comparison", title, schema: json!({ "type": "object", "contentMediaType": "application/json" }) }]
}

pub(super) fn prepare(state: &State, given: &Given) -> Result<Execution, Problem> {
    let bench = state.bench();
    let scenarios = &bench.catalogue().nouns.scenarios;
    let wanted = given.value("scenarios").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut chosen: Vec<&Scenario> = Vec::with_capacity(wanted.len());
    for name in wanted {
        let name = name.as_str().map_or_else(|| name.to_string(), str::to_owned);
        let place = bench.catalogue().nouns.scenario_meant(&name);
        let place = place.map_err(|namesakes| Problem::bad_request("scenarios", format!("scenarios: {namesakes}")))?;
        let scenario = place.map(|place| &scenarios[place]).ok_or_else(|| no_such(&name, scenarios))?;
        if chosen.iter().any(|other| other.id == scenario.id) {
            let detail = format!("scenarios: {name:?} is named twice; a scenario does not differ from itself");
            return Err(Problem::bad_request("scenarios", detail));
        }
        chosen.push(scenario);
    }
    let process = common_process(&chosen)?;
    let mut executions = Vec::with_capacity(chosen.len());
    let mut columns = Vec::with_capacity(chosen.len());
    for scenario in chosen {
        let (execution, inputs) = execution_of(state, process, scenario)?;
        executions.push(execution);
        columns.push(Compared {
            id: scenario.id,
            code: scenario.code.clone(),
            name: scenario.name.clone(),
            name_ru: scenario.name_ru.clone(),
            synthetic: scenario.synthetic,
            inputs,
            inputs_hash: None,
            currency: None,
            price_year: None,
        });
    }
    let is_long = executions.iter().any(|execution| execution.is_long);
    let queue = executions.first().map_or(Queue::Supplies, |execution| execution.queue);
    let works: Vec<Work> = executions.into_iter().map(|execution| execution.work).collect();
    let work = move |progress: &dyn Progress| Ok(vec![("comparison", json_bytes(&compare(process, columns, works, progress)?)?)]);
    Ok(Execution { is_long, queue, work: Box::new(work) })
}

/// The one process of all.
fn common_process(chosen: &[&Scenario]) -> Result<Process, Problem> {
    let names: Vec<&str> = chosen.iter().map(|scenario| scenario.process.as_str()).collect();
    let Some(first) = names.first().filter(|first| names.iter().all(|name| name == *first)) else {
        let told: Vec<String> = chosen.iter().map(|scenario| format!("{} is of {}", scenario.name, scenario.process)).collect();
        let detail = format!("scenarios must all be of one computation; {}", told.join(", "));
        return Err(Problem::bad_request("scenarios", detail));
    };
    let process = Process::named(first)?;
    if matches!(process, Process::CompareScenarios | Process::Echo) {
        let detail = format!("scenarios of {first} cannot be compared: it computes nothing");
        return Err(Problem::bad_request("scenarios", detail));
    }
    Ok(process)
}

/// What a scenario asks for, with its inputs as JSON.
fn execution_of(state: &State, process: Process, scenario: &Scenario) -> Result<(Execution, Value), Problem> {
    let wrong = |detail: String| Problem::bad_request("scenarios", format!("scenario {:?}: {detail}", scenario.name));
    let inputs = inputs_of(scenario).map_err(|problem| wrong(problem.to_string()))?;
    // What it refers to lies in this service, wherever that is reached.
    let given = Given::read(&process.inputs(&state.config), &inputs, state, "").map_err(|problem| wrong(problem.to_string()))?;
    let execution = process.prepare(state, given).map_err(|problem| wrong(problem.to_string()))?;
    Ok((execution, Value::Object(inputs)))
}

fn compare(
    process: Process,
    mut columns: Vec<Compared>,
    works: Vec<Work>,
    progress: &dyn Progress,
) -> Result<Comparison, Problem> {
    let all = works.len();
    let mut results = Vec::with_capacity(all);
    for (place, (work, column)) in works.into_iter().zip(&mut columns).enumerate() {
        if !progress.go_on(place, all) {
            return Err(Problem::dismissed());
        }
        let percent = |done: usize| u8::try_from(100 * done / all).unwrap_or(100);
        let stretch = Stretch::new(progress, percent(place), percent(place + 1));
        let outputs = work(&stretch).map_err(|problem| problem.of_part(&format!("scenario {:?}", column.name)))?;
        let bytes = outputs.into_iter().next().map(|(_, bytes)| bytes).unwrap_or_default();
        let result: Value = serde_json::from_slice(&bytes).map_err(|error| Problem::internal(&error))?;
        column.inputs_hash = result["inputs_hash"].as_str().map(str::to_owned);
        column.currency = result["currency"].as_str().map(str::to_owned);
        column.price_year = result["price_year"].as_i64();
        results.push(result);
    }
    let inputs: Vec<Value> = columns.iter().map(|column| column.inputs.clone()).collect();
    let difference = scenario_difference(&inputs, &results);
    Ok(Comparison { process: process.id(), scenarios: columns, difference, software_version: SOFTWARE_VERSION })
}

fn no_such(name: &str, scenarios: &[Scenario]) -> Problem {
    let known: Vec<&str> = scenarios.iter().take(12).map(|scenario| scenario.name.as_str()).collect();
    let known = if known.is_empty() { "the project has none".to_owned() } else { format!("there are {}", known.join(", ")) };
    Problem::bad_request("scenarios", format!("there is no scenario {name:?}; {known}"))
}
