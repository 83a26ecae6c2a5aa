//! The properties of a layer as a table: schema, queryables, sortables.

use super::numbers::{number, unit};
use super::templates::{known_word, word};
use crate::api::language::Language;
use crate::model::Layer;
use minijinja::{Value, context};
use serde_json::Value as Json;

/// Rows of the table, one a property of the document.
pub(super) fn properties(language: Language, layer: Option<Layer>, document: &Json) -> Value {
    // The schema of a whole feature holds them one step deeper.
    let nested = &document["properties"]["properties"]["properties"];
    let listed = if nested.is_object() { nested } else { &document["properties"] };
    let required = document["required"].as_array();
    let rows: Vec<Value> = listed
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, about)| {
            let known = layer.and_then(|layer| layer.schema().properties.get(layer.schema().index_of(name)?));
            let title = known.map(|property| language.title(&property.title).to_owned());
            let own = |name: &str| about[name].as_str().map(str::to_owned);
            let local = own("title_ru").filter(|_| language == Language::Russian);
            let title = title.or(local).or_else(|| own("title"));
            // Of the layer's own properties and of the number of a feature the meaning is known in both languages.
            let meaning = known.map(|property| language.pick(&property.meaning, &property.meaning_ru).to_owned());
            let meaning = meaning.or_else(|| known_word(language, &format!("meaning_{name}")).map(str::to_owned));
            let is_foreign = meaning.is_none() && language == Language::Russian;
            let is_required = known.is_some_and(|property| property.required)
                || required.is_some_and(|names| names.iter().any(|required| required == name));
            let named_unit = known.and_then(|property| property.unit.as_deref()).or(about["x-unit"].as_str());
            context! {
                name => name,
                title => title,
                meaning => meaning.or_else(|| own("description")), is_foreign => is_foreign,
                kind => kind(language, about),
                unit => named_unit.map(|name| unit(language, name)),
                range => range(language, about),
                values => values(language, about),
                required => is_required,
            }
        })
        .collect();
    context! { rows => rows }
}

fn kind(language: Language, about: &Json) -> String {
    let format = about["format"].as_str().unwrap_or_default();
    if format.starts_with("geometry") || about["x-ogc-role"] == "primary-geometry" {
        return word(language, "kind_geometry");
    }
    let kind = match (about["type"].as_str().unwrap_or_default(), format) {
        ("string", "date") => "date",
        ("string", "date-time") => "moment",
        (kind, _) => kind,
    };
    word(language, &format!("kind_{kind}"))
}

fn range(language: Language, about: &Json) -> Option<String> {
    let end = |name: &str| about[name].as_f64().map(|value| number(language, value, false));
    match (end("minimum"), end("maximum")) {
        (Some(low), Some(high)) => Some(format!("{low} … {high}")),
        (Some(low), None) => Some(format!("≥ {low}")),
        (None, Some(high)) => Some(format!("≤ {high}")),
        (None, None) => None,
    }
}

/// Allowed words with their titles.
fn values(language: Language, about: &Json) -> Vec<Value> {
    let titles = &about["x-enum-titles"];
    let words = about["enum"].as_array().into_iter().flatten().filter_map(Json::as_str);
    words.map(|word| context! { value => word, title => titles[word][language.code()].as_str().unwrap_or(word) }).collect()
}
