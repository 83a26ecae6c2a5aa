//! Figures and tables of a result, made of the result itself and of what `OutcomePlan` says of it. A long table is cut: the rest is in
//! the JSON.

use super::Visit;
use super::numbers::{number, readable, yes_or_no};
use super::outcome::told;
use super::outcome_plan::{Figure, Reading, Table};
use super::templates::{known_word, word};
use crate::api::language::Language;
use crate::model::Layer;
use minijinja::{Value, context};
use serde_json::Value as Json;

/// Rows that a table shows.
pub(super) const MOST_ROWS: usize = 60;
/// Tables of a kind, where each entry of a list has one.
const MOST_TABLES: usize = 12;

/// A row: what stands first beside an entry, the entry, and where the lists of the columns are read.
struct Row<'a> {
    first: Option<String>,
    entry: &'a Json,
    place: Option<usize>,
}

/// The figures of a result that it has.
pub(super) fn figures(visit: &Visit, result: &Json, figures: &[Figure]) -> Vec<Value> {
    figures
        .iter()
        .filter_map(|figure| {
            let value = result.pointer(&figure.path)?;
            let (_, of) = readable(visit.language, None, &figure.unit);
            let text = text_of(visit, figure, result, value);
            let of = if text.is_some() { of } else { "" };
            Some(context! {
                title => word(visit.language, &figure.word()), value => text.unwrap_or_else(|| "—".to_owned()), unit => of,
                is_main => figure.main, is_text => figure.unit.is_empty() && figure.reading != Reading::Number,
            })
        })
        .collect()
}

/// The sections of a table: one, or one for each entry of a list.
pub(super) fn sections(visit: &Visit, result: &Json, table: &Table) -> Vec<Value> {
    let title = word(visit.language, &table.word);
    let Some(of_each) = &table.of_each else {
        return section(visit, result, result, table, title).into_iter().collect();
    };
    let owners = result.pointer(of_each).and_then(Json::as_array).into_iter().flatten();
    let of = |own: &Json| section(visit, result, own, table, format!("{title}: {}", called(visit.language, own)));
    owners.take(MOST_TABLES).filter_map(of).collect()
}

fn section(visit: &Visit, result: &Json, own: &Json, table: &Table, title: String) -> Option<Value> {
    let rows = rows_of(visit.language, result, own, table)?;
    if rows.is_empty() && table.empty.is_none() {
        return None;
    }
    let mut heads: Vec<Value> = Vec::new();
    if let Some(first) = rows.first().filter(|row| row.first.is_some()) {
        let title = match (&table.along, first.place) {
            (Some(along), _) if along == "months" => "result_month",
            (Some(_), _) => "year",
            _ => "state_of",
        };
        heads.push(context! { text => word(visit.language, title), is_number => false });
    }
    heads.extend(table.columns.iter().flat_map(|column| heads_of(visit.language, column)));
    let cells: Vec<Vec<Value>> = rows.iter().take(MOST_ROWS).map(|row| cells_of(visit, result, row, &table.columns)).collect();
    Some(context! {
        title => title, heads => heads, rows => cells, more => rows.len().saturating_sub(MOST_ROWS), folded => table.folded,
        empty => table.empty.as_deref().map(|name| word(visit.language, name)),
    })
}

fn rows_of<'a>(language: Language, result: &'a Json, own: &'a Json, table: &Table) -> Option<Vec<Row<'a>>> {
    if let Some(along) = &table.along {
        let firsts: Vec<String> = if along == "months" {
            (1..=12).map(|month| word(language, &format!("month_{month}"))).collect()
        } else {
            result.pointer(along)?.as_array()?.iter().map(Json::to_string).collect()
        };
        let row = |(place, first)| Row { first: Some(first), entry: own, place: Some(place) };
        return Some(firsts.into_iter().enumerate().map(row).collect());
    }
    let list = own.pointer(&table.rows)?;
    if !table.members.is_empty() {
        let row = |name: &String| {
            let first = Some(word(language, &format!("state_of_{name}")));
            list.get(name).filter(|entry| entry.is_object()).map(|entry| Row { first, entry, place: None })
        };
        return Some(table.members.iter().filter_map(row).collect());
    }
    let holds = |entry: &&Json| {
        table.only.as_ref().is_none_or(|path| entry.pointer(path).and_then(Json::as_f64).is_some_and(|value| value > 0.0))
    };
    let row = |entry| Row { first: None, entry, place: None };
    Some(list.as_array()?.iter().filter(holds).map(row).collect())
}

fn heads_of(language: Language, column: &Figure) -> Vec<Value> {
    let (_, of) = readable(language, None, &column.unit);
    let head = |title: &str| {
        let text = if of.is_empty() { title.to_owned() } else { format!("{title}, {of}") };
        context! { text => text, is_number => column.is_number() }
    };
    if column.reading == Reading::Months {
        return (1..=12).map(|month| head(&word(language, &format!("month_{month}")))).collect();
    }
    vec![head(&word(language, &column.word()))]
}

fn cells_of(visit: &Visit, result: &Json, row: &Row, columns: &[Figure]) -> Vec<Value> {
    let first = row.first.iter().map(|text| context! { text => text, is_number => false });
    let others = columns.iter().flat_map(|column| {
        let found = row.entry.pointer(&column.path).unwrap_or(&Json::Null);
        let found = row.place.map_or(found, |place| &found[place]);
        if column.reading == Reading::Months {
            return (0..12).map(|month| context! { text => told(visit, found[month].as_f64()), is_number => true }).collect();
        }
        let text = text_of(visit, column, result, found);
        vec![context! { text => text, href => href_of(visit, column, result, found), is_number => column.is_number() }]
    });
    first.chain(others).collect()
}

/// A value as it is read; none where there is none.
fn text_of(visit: &Visit, figure: &Figure, result: &Json, value: &Json) -> Option<String> {
    let language = visit.language;
    let both = |value: &Json| value[language.code()].as_str().map(str::to_owned);
    match figure.reading {
        Reading::Number | Reading::Months => told(visit, readable(language, value.as_f64(), &figure.unit).0),
        Reading::Year => value.as_i64().map(|year| year.to_string()),
        Reading::Month => value.as_i64().map(|month| word(language, &format!("month_{month}"))),
        Reading::Flag => value.as_bool().map(|flag| yes_or_no(language, flag).to_owned()),
        Reading::Title => both(value),
        Reading::Word => {
            let (name, text) = (figure.path.rsplit('/').next().unwrap_or_default(), value.as_str()?);
            Some(known_word(language, &format!("value_{name}_{text}")).unwrap_or(text).to_owned())
        }
        Reading::Consumers => value.as_str().map(|text| layer_word(language, Layer::Consumers, "kind", text)),
        Reading::Name => Some(called(language, named_entry(figure, result, value)?)).filter(|name| !name.is_empty()),
        Reading::Places => {
            let entries = value.as_array()?.iter().filter_map(|entry| named_entry(figure, result, entry));
            let names: Vec<String> = entries.map(|entry| called(language, entry)).collect();
            Some(names.join("; ")).filter(|names| !names.is_empty())
        }
    }
}

/// The entry that a value is, or that it names.
fn named_entry<'a>(figure: &Figure, result: &'a Json, value: &'a Json) -> Option<&'a Json> {
    let Some(among) = &figure.among else { return Some(value) };
    let list = result.pointer(among)?.as_array()?;
    list.iter().find(|entry| entry.pointer(&figure.id).is_some_and(|id| id == value))
}

fn href_of(visit: &Visit, figure: &Figure, result: &Json, value: &Json) -> Option<String> {
    let layer = figure.link.as_ref()?;
    let id = named_entry(figure, result, value)?.pointer(&figure.id)?.as_u64()?;
    Some(format!("{}/ogc/collections/{layer}/items/{id}", visit.base))
}

/// What an entry is called in a language; without a name, where it is.
pub(super) fn called(language: Language, entry: &Json) -> String {
    let names = if language == Language::Russian { ["name_ru", "name"] } else { ["name", "name_ru"] };
    if let Some(name) = names.iter().find_map(|name| entry[*name].as_str()).filter(|name| !name.is_empty()) {
        return name.to_owned();
    }
    let degrees =
        |place: usize| entry["coordinates"][place].as_f64().map(|value| number(language, (value * 1e5).round() / 1e5, false));
    match degrees(0).zip(degrees(1)) {
        Some((east, north)) => {
            let place = format!("{north}° {}, {east}° {}", word(language, "north"), word(language, "east"));
            place.replace(". ", ".\u{a0}").replace("° ", "°\u{a0}")
        }
        None => ["code", "site_id"].iter().find_map(|name| entry[*name].as_str()).unwrap_or_default().to_owned(),
    }
}

/// A word of a layer's property in a language.
fn layer_word(language: Language, layer: Layer, property: &str, text: &str) -> String {
    let schema = layer.schema();
    let values = schema.index_of(property).and_then(|place| schema.properties.get(place)).map(|property| &property.values);
    let known = values.and_then(|values| values.iter().find(|known| known.value == text));
    known.map_or(text, |known| language.pick(&known.en, &known.ru)).to_owned()
}
