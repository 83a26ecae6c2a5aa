//! The API's description to read: its operations by what they are about, made from the `OpenAPI` document itself.

use super::Visit;
use super::json::shown as value;
use super::templates::{known_word, word};
use crate::api::computation_inputs::{reserve_inputs, supply_inputs, supply_layer_inputs};
use crate::api::language::Language;
use crate::model::Layer;
use crate::planning::SupplyLayer;
use minijinja::{Value, context};
use serde_json::Value as Json;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Operations in groups, in the document's order.
pub(super) fn operations(visit: &Visit, document: &Json) -> Value {
    let mut groups: Vec<(&'static str, Vec<Value>)> = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let operation = &item[method];
            if !operation.is_object() {
                continue;
            }
            // What names no server of its own stands below the document's.
            let path = if item["servers"].is_array() { path.clone() } else { format!("/ogc{}", path.trim_end_matches('/')) };
            let shown = shown(visit.language, &path, method, operation, item);
            let group = group_of(&path);
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, operations)) => operations.push(shown),
                None => groups.push((group, vec![shown])),
            }
        }
    }
    let groups: Vec<Value> = groups
        .into_iter()
        .map(|(group, operations)| context! { title => word(visit.language, group), operations => operations })
        .collect();
    context! { groups => groups }
}

/// A value as JSON writes it, a text without its quotes and a whole number without a fraction; none where there is none.
fn json_text(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => number.as_f64().map(|number| super::numbers::number(Language::English, number, false)),
        other => Some(other.to_string()),
    }
}

fn group_of(path: &str) -> &'static str {
    const GROUPS: [(&str, &str); 9] = [
        ("/ogc/collections/", "group_features"),
        ("/ogc/processes", "group_processes"),
        ("/ogc/jobs", "group_jobs"),
        ("/ogc/tile", "group_tiles"),
        ("/ogc/styles", "group_tiles"),
        ("/ogc", "group_service"),
        ("/reserves", "group_reserves"),
        ("/supply", "group_supply"),
        ("/", "group_other"),
    ];
    if path.contains("/tiles") {
        return "group_tiles";
    }
    GROUPS.iter().find(|(start, _)| path.starts_with(start)).map_or("group_other", |(_, group)| group)
}

/// What an operation does: in Russian where the words know it by its name.
fn summary(language: Language, operation: &Json) -> (Option<String>, bool) {
    let own = operation["summary"].as_str().map(str::to_owned);
    let id = operation["operationId"].as_str().unwrap_or_default();
    if language == Language::English {
        return (own, false);
    }
    if let Some(known) = known_word(language, &format!("op_{id}")) {
        return (Some(known.to_owned()), false);
    }
    // Of a layer: what is done, and to which.
    let of_layer = id.split_once('-').and_then(|(verb, layer)| {
        let layer = layer.parse::<Layer>().ok()?;
        Some(format!(
            "{}: {}",
            known_word(language, &format!("op_{verb}"))?,
            language.title(&layer.schema().title).to_lowercase()
        ))
    });
    of_layer.map_or((own, true), |known| (Some(known), false))
}

/// What a parameter means, in Russian: of a layer's property and of an input of a computation as their tables say it.
fn local_meaning(language: Language, path: &str, name: &str) -> Option<String> {
    if language == Language::English {
        return None;
    }
    if let Some(layer) = path.strip_prefix("/ogc/collections/").and_then(|rest| rest.split('/').next()?.parse::<Layer>().ok()) {
        let schema = layer.schema();
        if let Some(property) = schema.index_of(name).map(|place| &schema.properties[place]) {
            return Some(format!("{}: {}", word(language, "whose_value"), property.meaning_ru));
        }
    }
    let of_layers = || SupplyLayer::ALL.into_iter().flat_map(supply_layer_inputs);
    let of_an_estimate =
        || reserve_inputs().into_iter().chain(supply_inputs()).chain(of_layers()).find(|input| input.name == name);
    if ["/reserves", "/supply"].iter().any(|start| path.starts_with(start))
        && let Some(input) = of_an_estimate()
    {
        return Some(input.meaning.ru);
    }
    known_word(language, &format!("par_{name}")).map(str::to_owned)
}

fn shown(language: Language, path: &str, method: &str, operation: &Json, item: &Json) -> Value {
    let lists = [&item["parameters"], &operation["parameters"]];
    let parameters: Vec<Value> = lists
        .iter()
        .flat_map(|list| list.as_array().into_iter().flatten())
        .filter_map(|parameter| {
            let schema = &parameter["schema"];
            let name = parameter["name"].as_str()?;
            let known = local_meaning(language, path, name);
            Some(context! {
                name => name,
                is_foreign => known.is_none() && language == Language::Russian,
                place => value(&parameter["in"]),
                required => value(&parameter["required"]),
                description => known.or_else(|| parameter["description"].as_str().or(schema["description"].as_str()).map(str::to_owned)),
                kind => value(&schema["type"]),
                words => value(&schema["enum"]),
                default => json_text(&schema["default"]),
                minimum => json_text(&schema["minimum"]),
                maximum => json_text(&schema["maximum"]),
            })
        })
        .collect();
    let content = operation["responses"]["200"]["content"].as_object();
    let media_types: Vec<Value> = content.into_iter().flatten().map(|(kind, _)| Value::from(kind)).collect();
    let can_be_tried = method == "get" && !path.contains('{');
    let (summary, is_foreign) = summary(language, operation);
    context! {
        id => value(&operation["operationId"]), method => method.to_uppercase(), path => path, summary => summary, is_foreign => is_foreign,
        parameters => parameters, media_types => media_types, can_be_tried => can_be_tried,
    }
}
