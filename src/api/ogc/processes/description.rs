//! A process as it describes itself (requirements class ogc-process-description).

use super::process::Process;
use crate::api::language::Language;
use crate::api::ogc::link::{JSON, Link};
use crate::config::Config;
use crate::planning::SOFTWARE_VERSION;
use serde_json::{Map, Value, json};

/// Relation of the address at which a process is executed.
const EXECUTE: &str = "http://www.opengis.net/def/rel/ogc/1.0/execute";

/// What a list says of it.
pub(super) fn summary(process: Process, language: Language) -> Value {
    json!({
        "id": process.id(),
        "title": process.title(language),
        "description": process.meaning(language),
        "version": SOFTWARE_VERSION,
        "jobControlOptions": ["sync-execute", "async-execute", "dismiss"],
        "outputTransmission": ["value"],
    })
}

/// All that it says of itself.
pub(super) fn describe(process: Process, language: Language, base: &str, config: &Config) -> Value {
    let mut described = summary(process, language);
    let address = format!("{base}/ogc/processes/{}", process.id());
    described["links"] = json!([
        Link::new(&address, "self", JSON, "This document"),
        Link::new(format!("{address}/execution"), EXECUTE, JSON, language.pick("Execute", "Выполнить")),
        Link::new(format!("{base}/ogc/processes"), "collection", JSON, language.pick("All processes", "Все процессы")),
    ]);
    let inputs: Map<String, Value> = process
        .inputs(config)
        .into_iter()
        .map(|input| {
            let about = json!({
                "title": language.title(&input.about.title),
                "description": language.title(&input.about.meaning),
                "schema": input.about.schema,
                "minOccurs": u8::from(input.required),
                "maxOccurs": 1,
            });
            (input.about.name, about)
        })
        .collect();
    let outputs: Map<String, Value> = process
        .outputs(config)
        .into_iter()
        .map(|output| {
            let title = language.pick(output.title.0, output.title.1);
            (output.id.to_owned(), json!({ "title": title, "schema": output.schema }))
        })
        .collect();
    described["inputs"] = inputs.into();
    described["outputs"] = outputs.into();
    described
}
