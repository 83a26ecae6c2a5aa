//! The processes' part of the `OpenAPI` document: the processes, their execution, and jobs.

use super::operation;
use crate::api::language::Language;
use crate::api::ogc::processes::Process;
use crate::config::Config;
use serde_json::{Map, Value, json};

pub(super) fn paths(paths: &mut Map<String, Value>, config: &Config) {
    let (json, object) = ("application/json", json!({ "type": "object" }));
    let id =
        json!({ "name": "processID", "in": "path", "required": true, "schema": { "type": "string", "enum": Process::ids() } });
    let list = operation("processes", "The processes", &[limit(), offset()], json, &object);
    let described = operation("process", "A process with its inputs and outputs", std::slice::from_ref(&id), json, &object);
    paths.insert("/ogc/processes".into(), json!({ "get": list }));
    paths.insert("/ogc/processes/{processID}".into(), json!({ "get": described }));
    for process in Process::ALL {
        paths.insert(format!("/ogc/processes/{}/execution", process.id()), json!({ "post": execution(process, config) }));
    }
    job_paths(paths);
}

/// An execution: inputs with the schemas that the process describes, `Prefer` for who does not want to wait.
fn execution(process: Process, config: &Config) -> Value {
    let id = format!("execute-{}", process.id());
    let mut post =
        operation(&id, process.meaning(Language::English), &[prefer()], "application/json", &json!({ "type": "object" }));
    let inputs: Map<String, Value> = process
        .inputs(config)
        .into_iter()
        .map(|input| {
            let qualified = json!({ "type": "object", "description": "The value, or where it is", "properties": {
                "value": {}, "mediaType": { "type": "string" }, "href": { "type": "string" } } });
            let (name, mut schema) = input.about.described_schema();
            let description = schema["description"].take();
            if let Some(schema) = schema.as_object_mut() {
                schema.remove("description");
                content_words(schema);
            }
            (name, json!({ "description": description, "anyOf": [schema, qualified] }))
        })
        .collect();
    post["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": {
        "type": "object",
        "properties": {
            "inputs": { "type": "object", "properties": inputs },
            "outputs": { "type": "object" },
            "response": { "type": "string", "enum": ["raw", "document"], "default": "raw" },
        },
    } } } });
    let status = json!({ "$ref": "#/components/schemas/statusInfo" });
    post["responses"]["201"] = json!({
        "description": "A job was started",
        "headers": { "Location": { "description": "Address of the job", "schema": { "type": "string" } } },
        "content": { "application/json": { "schema": status } },
    });
    post["responses"]["503"] = json!({ "$ref": "#/components/responses/problem" });
    post
}

/// `OpenAPI` 3.0 does not know `contentMediaType`: extensions say the same.
fn content_words(schema: &mut Map<String, Value>) {
    if let Some(kind) = schema.remove("contentMediaType") {
        schema.insert("x-contentMediaType".into(), kind);
    }
    for option in schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(option) = option.as_object_mut() {
            content_words(option);
        }
    }
}

fn job_paths(paths: &mut Map<String, Value>) {
    let id = json!({ "name": "jobID", "in": "path", "required": true, "schema": { "type": "string" } });
    let status = json!({ "$ref": "#/components/schemas/statusInfo" });
    let list = json!({
        "type": "object",
        "required": ["jobs", "links"],
        "properties": {
            "jobs": { "type": "array", "items": status },
            "links": { "type": "array", "items": { "type": "object" } },
        },
    });
    let words = |name: &str, description: &str, schema: Value| {
        json!({
            "name": name, "in": "query", "required": false, "style": "form", "explode": false, "description": description,
            "schema": { "type": "array", "items": schema },
        })
    };
    let seconds = |name: &str, description: &str| json!({ "name": name, "in": "query", "required": false, "description": description, "schema": { "type": "integer", "minimum": 0 } });
    let created = json!({ "name": "datetime", "in": "query", "required": false, "description": "Moment or interval (RFC 3339) in which it was accepted", "schema": { "type": "string" } });
    let stands = json!({ "type": "string", "enum": ["accepted", "running", "successful", "failed", "dismissed"] });
    let filters = [
        limit(),
        offset(),
        words("type", "Kinds of job", json!({ "type": "string", "enum": ["process"] })),
        words("processID", "Processes", json!({ "type": "string" })),
        words("status", "States", stands),
        created,
        seconds("minDuration", "It took, or has taken so far, at least so many seconds"),
        seconds("maxDuration", "It took, or has taken so far, at most so many seconds"),
    ];
    let json = "application/json";
    let listed = operation("jobs", "The caller's jobs", &filters, json, &list);
    let get = operation("job", "State of a job", std::slice::from_ref(&id), json, &status);
    let mut delete =
        operation("dismiss-job", "Cancel a job, or throw its results away", std::slice::from_ref(&id), json, &status);
    let form = json!({
        "name": "f", "in": "query", "required": false, "schema": { "type": "string" },
        "description": "csv or xlsx for the reserve table of an estimate; html for a page",
    });
    let mut results = operation("job-results", "Results of a job", &[id, form], json, &json!({}));
    // A process says of each output what it is; some are files.
    results["responses"]["200"]["content"]["*/*"] = json!({ "schema": {} });
    for gone in [&mut delete, &mut results] {
        gone["responses"]["410"] = json!({ "$ref": "#/components/responses/problem" });
    }
    paths.insert("/ogc/jobs".into(), json!({ "get": listed }));
    paths.insert("/ogc/jobs/{jobID}".into(), json!({ "get": get, "delete": delete }));
    paths.insert("/ogc/jobs/{jobID}/results".into(), json!({ "get": results }));
}

pub(super) fn status_schema() -> Value {
    let moment = json!({ "type": "string", "format": "date-time" });
    json!({
        "type": "object",
        "required": ["jobID", "status", "type"],
        "properties": {
            "jobID": { "type": "string" },
            "processID": { "type": "string" },
            "type": { "type": "string", "enum": ["process"] },
            "status": { "type": "string", "enum": ["accepted", "running", "successful", "failed", "dismissed"] },
            "message": { "type": "string" },
            "progress": { "type": "integer", "minimum": 0, "maximum": 100 },
            "created": moment, "started": moment, "finished": moment, "updated": moment,
            "links": { "type": "array", "items": { "type": "object" } },
        },
    })
}

fn prefer() -> Value {
    json!({
        "name": "Prefer", "in": "header", "required": false,
        "description": "respond-async where the client does not want to wait; wait=N where it waits N seconds",
        "schema": { "type": "string" },
    })
}

fn limit() -> Value {
    json!({
        "name": "limit", "in": "query", "required": false, "style": "form", "explode": false,
        "description": "Most entries on a page",
        "schema": { "type": "integer", "minimum": 1, "maximum": 1_000, "default": 100 },
    })
}

fn offset() -> Value {
    json!({
        "name": "offset", "in": "query", "required": false, "style": "form", "explode": false,
        "description": "Entries before the page",
        "schema": { "type": "integer", "minimum": 0, "default": 0 },
    })
}
