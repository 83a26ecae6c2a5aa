//! What each kind of page shows of its document, and what stands round all of them.

use super::json::shown;
use super::numbers::number;
use super::path::{crumbs, own_title};
use super::properties::properties;
use super::sketch::{Shape, sketch};
use super::templates::{STYLE, known_word, render, word, words};
use super::{Visit, api_document, features, links, outcome, process_form, tilesets};
use crate::api::http::Validator;
use crate::api::language::Language;
use crate::api::problem::Problem;
use crate::model::Layer;
use minijinja::{Value, context};
use serde_json::Value as Json;

/// Rows of a layer that the sketch of its collection draws.
const SKETCHED_ROWS: usize = 4_000;

/// The page of a JSON document, by the route that it was found at.
pub(in crate::api) fn document_page(visit: &Visit, route: &str, document: &Json) -> Result<String, Problem> {
    let layer = || visit.path.split('/').nth(3).and_then(|name| name.parse::<Layer>().ok());
    let (template, extra) = match route.trim_end_matches('/') {
        "/ogc" => ("landing.html", landing(visit, document)),
        "/ogc/conformance" => ("conformance.html", context! { standards => standards(document) }),
        "/ogc/api" => ("api.html", api_document::operations(visit, document)),
        "/ogc/collections" => ("collections.html", collections(visit, document)),
        "/ogc/collections/{layer}" => {
            ("collection.html", layer().map(|layer| collection(visit, layer, document)).unwrap_or_default())
        }
        "/ogc/processes" => ("processes.html", Value::UNDEFINED),
        "/ogc/processes/{process}" => ("process.html", process_form::fields(visit.language, document)),
        "/ogc/jobs" => ("jobs.html", Value::UNDEFINED),
        "/ogc/jobs/{job}" => ("job.html", Value::UNDEFINED),
        "/ogc/jobs/{job}/results" | "/ogc/processes/{process}/execution" => {
            outcome::outcome(visit, document).unwrap_or(("tree.html", Value::UNDEFINED))
        }
        "/ogc/functions" => ("functions.html", Value::UNDEFINED),
        "/session" => ("session.html", Value::UNDEFINED),
        route if ["/schema", "/feature-schema", "/queryables", "/sortables"].iter().any(|end| route.ends_with(end)) => {
            ("properties.html", properties(visit.language, layer(), document))
        }
        _ if ["tilesets", "tileMatrixSets", "tileMatrices"].iter().any(|list| document[list].is_array()) => {
            ("tilesets.html", tilesets::list(visit, document))
        }
        _ if document["tileMatrixSetLimits"].is_array() => ("tileset.html", tilesets::one(visit, document)),
        _ => ("tree.html", Value::UNDEFINED),
    };
    page(visit, template, &document_title(visit, layer()), json_formats(visit), context! { doc => shown(document), ..extra })
}

/// What a page is of: of a layer's own resources, the layer is named.
fn document_title(visit: &Visit, layer: Option<Layer>) -> String {
    let own = own_title(visit);
    match layer.filter(|_| visit.path.trim_end_matches('/').split('/').count() > 4) {
        Some(layer) => format!("{}: {}", layer_title(visit.language, layer), own.to_lowercase()),
        None => own,
    }
}

/// The corners of a box in degrees.
fn extent(language: Language, [west, south, east, north]: [f64; 4]) -> String {
    let [west, south, east, north] = [west, south, east, north].map(|degrees| number(language, degrees, false));
    format!("{west}° … {east}° {}, {south}° … {north}° {}", word(language, "east"), word(language, "north"))
}

/// The page of a problem. Where a filter failed, its form stands below with what was typed; where a key is needed, it can be
/// given.
pub(super) fn problem_page(visit: &Visit, route: &str, problem: &Problem) -> Result<String, Problem> {
    let document = serde_json::to_value(problem).map_err(|error| Problem::internal(&error))?;
    let title = known_word(visit.language, &format!("status_{}", document["status"]));
    let title = title.map_or_else(|| document["title"].as_str().unwrap_or_default().to_owned(), str::to_owned);
    let layer = visit.path.split('/').nth(3).and_then(|name| name.parse::<Layer>().ok());
    let form = layer.filter(|_| route.ends_with("/items") && document["status"] == 400).map(|layer| features::form(visit, layer));
    let back = visit.asked("to").map_or_else(|| visit.address_with(&[]), str::to_owned);
    page(visit, "problem.html", &title, Vec::new(), context! { doc => shown(&document), form => form, back => back })
}

/// A page with what stands round it.
pub(super) fn page(visit: &Visit, template: &str, title: &str, formats: Vec<Value>, content: Value) -> Result<String, Problem> {
    let bench = visit.bench.as_ref();
    let project = bench.map(|bench| &bench.catalogue().project);
    let russian = project.and_then(|project| project.title_ru.as_deref()).filter(|_| visit.language == Language::Russian);
    let languages: Vec<Value> = [Language::English, Language::Russian]
        .into_iter()
        .map(|language| {
            let href = visit.address_with(&[("lang", Some(language.code()))]);
            context! { code => language.code(), href => href, is_current => language == visit.language }
        })
        .collect();
    // What was sent to be computed is not asked for again by its address.
    let is_sent = visit.is_execution();
    let (languages, formats) = if is_sent { (Vec::new(), Vec::new()) } else { (languages, formats) };
    let around = context! {
        t => words(visit.language),
        lang => visit.language.code(),
        languages => languages,
        title => title,
        project => russian.or(project.map(|project| project.title.as_str())),
        synthetic => bench.is_some_and(|bench| bench.catalogue().is_synthetic()),
        base => &visit.base,
        here => &visit.path,
        kept => visit.kept_choices(),
        session => &visit.session,
        crumbs => crumbs(visit),
        formats => formats,
        style => format!("{}/ogc/pages.css?v={}", visit.base, Validator::of(STYLE).tag()),
        software_version => crate::planning::SOFTWARE_VERSION,
    };
    render(template, context! { ..content, ..around })
}

/// The document itself, as the other form of its page.
fn json_formats(visit: &Visit) -> Vec<Value> {
    vec![context! { name => "JSON", href => visit.address_with(&[("f", Some("json"))]) }]
}

/// Cards of the landing page, in the order in which they are looked for.
const CARDS: [&str; 10] = [
    "data",
    "map",
    "processes",
    "job-list",
    "tilesets-vector",
    "tiling-schemes",
    "styles",
    "functions",
    "service-doc",
    "conformance",
];

fn landing(visit: &Visit, document: &Json) -> Value {
    let mut cards: Vec<(usize, Value)> = document["links"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|link| {
            let rel = link["rel"].as_str()?.rsplit('/').next()?;
            let href = link["href"].as_str()?;
            let rel = if rel == "related" && href == format!("{}/", visit.base) { "map" } else { rel };
            let title = known_word(visit.language, &format!("card_{rel}"))?;
            let meaning = known_word(visit.language, &format!("card_{rel}_about"));
            let place = CARDS.iter().position(|card| *card == rel).unwrap_or(CARDS.len());
            Some((place, context! { rel => rel, title => title, meaning => meaning, href => href }))
        })
        .collect();
    cards.sort_by_key(|(place, _)| *place);
    context! { cards => cards.into_iter().map(|(_, card)| card).collect::<Vec<_>>() }
}

/// Classes of conformance by their standard.
fn standards(document: &Json) -> Vec<Value> {
    let mut standards: Vec<(String, Vec<Value>)> = Vec::new();
    for class in document["conformsTo"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        let (standard, name) = class.split_once("/conf/").unwrap_or((class, ""));
        let standard = standard.split_once("/spec/").map_or(standard, |(_, short)| short).to_owned();
        let entry = context! { name => name, href => class };
        match standards.iter_mut().find(|(known, _)| *known == standard) {
            Some((_, classes)) => classes.push(entry),
            None => standards.push((standard, vec![entry])),
        }
    }
    standards.into_iter().map(|(standard, classes)| context! { standard => standard, classes => classes }).collect()
}

fn layer_title(language: Language, layer: Layer) -> String {
    language.title(&layer.schema().title).to_owned()
}

fn collections(visit: &Visit, document: &Json) -> Value {
    let rows: Vec<Value> = document["collections"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|collection| {
            let id = collection["id"].as_str().unwrap_or_default();
            let layer = id.parse::<Layer>().ok();
            let count = layer.zip(visit.bench.as_ref()).map(|(layer, bench)| bench.catalogue().table(layer).len());
            context! {
                id => id,
                title => layer.map_or_else(|| collection["title"].as_str().unwrap_or(id).to_owned(), |it| layer_title(visit.language, it)),
                description => known_word(visit.language, &format!("about_{id}")).or(collection["description"].as_str()),
                synthetic => collection["synthetic"].as_bool(),
                count => count,
            }
        })
        .collect();
    context! { rows => rows }
}

fn collection(visit: &Visit, layer: Layer, document: &Json) -> Value {
    let Some(bench) = &visit.bench else { return Value::UNDEFINED };
    let table = bench.catalogue().table(layer);
    // Of many rows some, from all over the layer, within the layer's own bounds.
    let step = table.len().div_ceil(SKETCHED_ROWS).max(1);
    let shapes = (0..table.len()).step_by(step).filter_map(|row| {
        let (geometry, id) = (table.geometry(row)?, table.id(row));
        Some(Shape { geometry, href: None, title: format!("№ {id}") })
    });
    let drawing = sketch(visit.language, table.extent().into_iter(), shapes);
    context! {
        about => known_word(visit.language, &format!("about_{layer}")), layer_synthetic => table.has_synthetic(), count => table.len(), sketch => drawing,
        is_part => step > 1, extent => table.extent().map(|bounds| extent(visit.language, bounds)),
        ..links::links(visit, document)
    }
}
