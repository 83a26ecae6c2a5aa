//! Pages of a collection's features and of one feature, straight from the columns.

use super::numbers::{is_number, unit, value, yes_or_no};
use super::sketch::{Shape, sketch};
use super::view::page;
use super::{Visit, numbers};
use crate::api::language::Language;
use crate::api::ogc::Link;
use crate::api::problem::Problem;
use crate::catalogue::{Column, LayerTable};
use crate::model::{Layer, Property, PropertyType};
use minijinja::{Value, context};
use serde_json::Value as Json;

/// Rows of a page of features where the client does not say.
pub(in crate::api) const DEFAULT_ROWS: usize = 50;
/// Most rows that a page shows, whatever was asked for.
const MOST_ROWS: usize = 1_000;
/// Letters that are shown of a text that is too large for a page.
const LETTERS_SHOWN: usize = 48;

/// What the page of features shows: whatever a query found.
#[derive(Debug, Clone, Copy)]
pub(in crate::api) struct ItemsPage<'a> {
    pub layer: Layer,
    pub table: &'a LayerTable,
    /// Rows of this page, in order.
    pub rows: &'a [u32],
    /// Place of the first row among those that match, from 0 on.
    pub first: usize,
    /// Features that match.
    pub matched: usize,
    /// As in the JSON: `next`, `prev`, `first`, `last` make the pager, `alternate` the other forms.
    pub links: &'a [Link],
}

/// The page of features: a filter, a sketch, a table that sorts by its heads, a pager.
pub(in crate::api) fn items_page(visit: &Visit, shown: &ItemsPage<'_>) -> Result<String, Problem> {
    let (language, table, schema) = (visit.language, shown.table, shown.layer.schema());
    let rows = &shown.rows[..shown.rows.len().min(MOST_ROWS)];
    let name_of = |row: usize| name(language, table, row);
    let href_of = |row: usize| format!("{}/ogc/collections/{}/items/{}", visit.base, shown.layer, table.id(row));

    // A column in which no row of the page says anything is only named.
    let columns = schema.properties.iter().zip(table.columns()).filter(|(property, _)| !property.on_request);
    let columns: Vec<(&Property, &Column)> = columns.collect();
    let (full, empty): (Vec<_>, Vec<_>) =
        columns.into_iter().partition(|(_, column)| rows.iter().any(|row| !column.is_null(*row as usize)));
    let heads: Vec<Value> = full.iter().map(|(property, _)| head(visit, property)).collect();
    let body: Vec<Value> = rows
        .iter()
        .map(|row| {
            let row = *row as usize;
            let cells: Vec<Value> = full.iter().map(|(property, column)| cell(language, property, column, row)).collect();
            context! { id => table.id(row), href => href_of(row), cells => cells }
        })
        .collect();
    let shapes = rows.iter().filter_map(|row| {
        let row = *row as usize;
        let title = name_of(row).unwrap_or_else(|| format!("№ {}", table.id(row)));
        Some(Shape { geometry: table.geometry(row)?, href: Some(href_of(row)), title })
    });
    let drawing = sketch(language, rows.iter().filter_map(|row| table.bounds(*row as usize)), shapes);

    let empty: Vec<&str> = empty.iter().map(|(property, _)| language.title(&property.title)).collect();
    let title = language.title(&schema.title);
    let content = context! {
        layer => shown.layer.name(), heads => heads, rows => body, empty => empty, sketch => drawing,
        form => form(visit, shown.layer),
        from => shown.first + 1, to => shown.first + rows.len(), matched => shown.matched,
        links => shown_links(shown.links), cut => rows.len() < shown.rows.len(),
        layer_synthetic => table.has_synthetic(), is_wide => true,
    };
    page(visit, "items.html", title, formats(visit, shown.links), content)
}

/// The form that asks for features, with what was typed into it.
pub(super) fn form(visit: &Visit, layer: Layer) -> Value {
    let carried: Vec<Value> = visit
        .query
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "filter" | "filter-lang" | "limit") && !is_place(name))
        .map(|(name, text)| context! { name => name, text => text })
        .collect();
    let asked = visit.asked("limit").and_then(|limit| limit.parse::<usize>().ok());
    let rows = asked.unwrap_or(DEFAULT_ROWS).min(MOST_ROWS);
    let mut sizes = vec![10, DEFAULT_ROWS, 200, MOST_ROWS];
    sizes.push(rows);
    sizes.sort_unstable();
    sizes.dedup();
    context! {
        layer => layer.name(), filter => visit.asked("filter").unwrap_or_default(), example => example(layer), carried => carried,
        rows => rows, sizes => sizes, unfiltered => visit.address_with(&[("filter", None), ("filter-lang", None)]),
    }
}

/// The page of one feature: its properties with title, value, unit and meaning, its sketch, the way to the map.
pub(in crate::api) fn item_page(
    visit: &Visit,
    layer: Layer,
    table: &LayerTable,
    row: usize,
    links: &[Link],
) -> Result<String, Problem> {
    let language = visit.language;
    let properties: Vec<Value> = layer
        .schema()
        .properties
        .iter()
        .zip(table.columns())
        .map(|(property, column)| {
            let unit = property.unit.as_deref().map(|name| unit(language, name));
            context! {
                name => &property.name, title => language.title(&property.title), meaning => language.pick(&property.meaning, &property.meaning_ru),
                unit => unit, ..cell(language, property, column, row)
            }
        })
        .collect();
    let layers = layer_table(language, layer, table, row);
    let title =
        name(language, table, row).unwrap_or_else(|| format!("{} № {}", language.title(&layer.schema().title), table.id(row)));
    let shapes = table.geometry(row).map(|geometry| Shape { geometry, href: None, title: title.clone() });
    let drawing = sketch(language, table.bounds(row).into_iter(), shapes.into_iter());
    let invented = matches!(table.column("synthetic"), Some(Column::Boolean(flags)) if flags[row] == Some(true));
    let content = context! {
        layer => layer.name(), layer_title => language.title(&layer.schema().title), id => table.id(row),
        properties => properties, layers => layers, sketch => drawing, layer_synthetic => invented,
        map => table.geometry(row).map(|_| format!("{}/#sel={layer}.{}&lang={}", visit.base, table.id(row), language.code())),
    };
    page(visit, "item.html", &title, formats(visit, links), content)
}

/// Whether an input says which page of the list this is.
fn is_place(name: &str) -> bool {
    matches!(name, "offset" | "after" | "before" | "cursor" | "last")
}

fn head(visit: &Visit, property: &Property) -> Value {
    let sorted = visit.asked("sortby").and_then(|keys| keys.split(',').next()).unwrap_or_default();
    let (descending, key) = sorted.strip_prefix('-').map_or((false, sorted.trim_start_matches('+')), |key| (true, key));
    let is_key = key == property.name;
    let next = if is_key && !descending { format!("-{}", property.name) } else { property.name.clone() };
    let places = ["offset", "after", "before", "cursor", "last"].map(|name| (name, None));
    let changes: Vec<_> = places.into_iter().chain([("sortby", Some(next.as_str()))]).collect();
    context! {
        title => visit.language.title(&property.title), name => &property.name, is_number => is_number(property),
        unit => property.unit.as_deref().map(|name| unit(visit.language, name)),
        // The layers of a core and the hours of a year have no order.
        href => property.is_plain().then(|| visit.address_with(&changes)),
        sorted => is_key.then_some(if descending { "descending" } else { "ascending" }),
    }
}

fn cell(language: Language, property: &Property, column: &Column, row: usize) -> Value {
    let text = value(language, property, column, row);
    let text = match column {
        // A list within a cell is counted; the feature's own page shows it.
        Column::Json(_) => text.and_then(|json| serde_json::from_str::<Vec<Json>>(&json).ok()).map(|list| list.len().to_string()),
        // Whoever wants all of it takes the JSON.
        _ if property.on_request => text.map(|text| text.chars().take(LETTERS_SHOWN).chain(['…']).collect()),
        _ => text,
    };
    let is_address = matches!(column, Column::Text(_))
        && text.as_deref().is_some_and(|text| text.starts_with("https://") || text.starts_with("http://"));
    context! { text => text, is_number => is_number(property), is_address => is_address }
}

/// What a row is called: in the language of the page where the layer has a name in it.
fn name(language: Language, table: &LayerTable, row: usize) -> Option<String> {
    let text = |name: &str| match table.column(name)? {
        Column::Text(words) => words.get(row).map(str::to_owned),
        _ => None,
    };
    let local = if language == Language::Russian { text("name_ru") } else { None };
    local.or_else(|| text("name")).or_else(|| text("code"))
}

/// The layers of a core as a table; none for other layers.
fn layer_table(language: Language, layer: Layer, table: &LayerTable, row: usize) -> Option<Value> {
    let Some(Column::Json(values)) = table.columns().iter().find(|column| matches!(column, Column::Json(_))) else { return None };
    let list: Vec<Json> = serde_json::from_str(values[row].as_deref()?).ok()?;
    let properties = &layer.schema().layer_properties;
    let heads: Vec<Value> = properties
        .iter()
        .map(|property| {
            let unit = property.unit.as_deref().map(|name| unit(language, name));
            context! { title => language.title(&property.title), unit => unit, is_number => is_number(property), name => &property.name }
        })
        .collect();
    let shown = |property: &Property, value: &Json| match value {
        Json::Number(number) => Some(numbers::number(language, number.as_f64()?, true)),
        Json::Bool(flag) => Some(yes_or_no(language, *flag).to_owned()),
        Json::String(text) => {
            let known = property.values.iter().find(|allowed| allowed.value == *text);
            Some(known.map_or(text.as_str(), |known| language.pick(&known.en, &known.ru)).to_owned())
        }
        _ => None,
    };
    let rows: Vec<Value> = list
        .iter()
        .map(|entry| {
            let cells = properties.iter().map(|property| {
                context! { text => shown(property, &entry[&property.name]), is_number => is_number(property) }
            });
            cells.collect::<Value>()
        })
        .collect();
    Some(context! { heads => heads, rows => rows })
}

/// A filter that the layer understands, to begin with.
fn example(layer: Layer) -> String {
    let properties = &layer.schema().properties;
    let word = properties.iter().find_map(|property| Some((property, property.values.first()?)));
    let number = properties.iter().find(|property| property.kind == PropertyType::Number);
    let word = word.map(|(property, allowed)| format!("{} = '{}'", property.name, allowed.value));
    let number = number.map(|property| format!("{} > {}", property.name, property.minimum.unwrap_or(0.0)));
    match (word, number) {
        (Some(word), Some(number)) => format!("{word} AND {number}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "name LIKE 'А%'".to_owned(),
    }
}

/// The same in other forms: as the links say, else as GeoJSON.
fn formats(visit: &Visit, links: &[Link]) -> Vec<Value> {
    let others = links.iter().filter(|link| link.rel() == "alternate" && !link.kind().starts_with("text/html"));
    let mut formats: Vec<Value> = others.map(|link| context! { name => link.title(), href => link.href() }).collect();
    if formats.is_empty() {
        formats.push(context! { name => "GeoJSON", href => visit.address_with(&[("f", Some("geojson")), ("lang", None)]) });
    }
    formats
}

fn shown_links(links: &[Link]) -> Value {
    links.iter().map(|link| context! { rel => link.rel(), href => link.href() }).collect()
}
