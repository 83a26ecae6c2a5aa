//! The process that gives back what it is given.

use super::input_values::Given;
use super::process::{Execution, Outputs, ProcessInput, ProcessOutput};
use crate::api::computation_inputs::ComputationInput;
use crate::api::problem::Problem;
use crate::api::state::Queue;
use crate::config::Config;
use crate::jobs::Progress;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How often a pause asks whether somebody still wants its end.
const GLANCE: Duration = Duration::from_millis(20);

/// What is given back under its own name.
const ECHOED: [&str; 6] = ["string", "number", "boolean", "array", "complex", "bbox"];

pub(super) fn inputs(config: &Config) -> Vec<ProcessInput> {
    let input = |name: &str, title, schema| {
        let meaning = ("Given back as it is", "Возвращается как есть");
        ProcessInput { about: ComputationInput::new(name, title, meaning, schema), required: false }
    };
    let bbox = json!({
        "type": "object",
        "format": "ogc-bbox",
        "required": ["bbox"],
        "properties": {
            "bbox": { "type": "array", "minItems": 4, "maxItems": 6, "items": { "type": "number" } },
            "crs": { "type": "string" },
        },
    });
    let complex = json!({ "oneOf": [{ "type": "object" }, { "type": "string", "contentMediaType": "application/xml" }] });
    let pause = ComputationInput::new(
        "pause",
        ("Pause", "Пауза"),
        ("Seconds to wait before the answer", "Сколько секунд ждать перед ответом"),
        json!({ "type": "number", "minimum": 0, "maximum": config.echo_pause_seconds, "default": 0 }),
    );
    vec![
        input("string", ("Text", "Текст"), json!({ "type": "string" })),
        input("number", ("Number", "Число"), json!({ "type": "number" })),
        input("boolean", ("Yes or no", "Да или нет"), json!({ "type": "boolean" })),
        input(
            "array",
            ("List of whole numbers", "Список целых чисел"),
            json!({ "type": "array", "items": { "type": "integer" } }),
        ),
        input("complex", ("Object, or XML as text", "Объект или XML текстом"), complex),
        input("bbox", ("Box", "Прямоугольник"), bbox),
        ProcessInput { about: pause, required: false },
    ]
}

pub(super) fn outputs(config: &Config) -> Vec<ProcessOutput> {
    let echoed = inputs(config).into_iter().zip(ECHOED);
    let titles = [
        ("The text", "Текст"),
        ("The number", "Число"),
        ("Yes or no", "Да или нет"),
        ("The list", "Список"),
        ("The object or XML", "Объект или XML"),
        ("The box", "Прямоугольник"),
    ];
    echoed.zip(titles).map(|((input, id), title)| ProcessOutput { id, title, schema: input.about.schema }).collect()
}

pub(super) fn prepare(given: Given) -> Result<Execution, Problem> {
    let pause = given.value("pause").and_then(Value::as_f64).unwrap_or(0.0);
    if ECHOED.iter().all(|name| given.value(name).is_none()) {
        let detail = format!("inputs: there is nothing to give back; give at least one of {}", ECHOED.join(", "));
        return Err(Problem::bad_request("inputs", detail));
    }
    let work = move |progress: &dyn Progress| {
        wait(Duration::from_secs_f64(pause), progress);
        let echoed = |name: &'static str| Some((name, given.value(name)?.to_string().into_bytes()));
        Ok(ECHOED.into_iter().filter_map(echoed).collect::<Outputs>())
    };
    Ok(Execution { is_long: pause > 0.0, queue: Queue::Supplies, work: Box::new(work) })
}

/// Waits, and stops waiting when nobody wants the end any more.
fn wait(pause: Duration, progress: &dyn Progress) {
    let start = Instant::now();
    let milliseconds = |time: Duration| usize::try_from(time.as_millis()).unwrap_or(usize::MAX);
    while start.elapsed() < pause && progress.go_on(milliseconds(start.elapsed()), milliseconds(pause)) {
        std::thread::sleep(GLANCE.min(pause.saturating_sub(start.elapsed())));
    }
}
