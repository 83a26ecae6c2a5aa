//! Scenarios side by side, to read: inputs that differ, the main figures with their changes, and all other differences, folded.

use super::Visit;
use super::json::shown;
use super::numbers::{number, readable, yes_or_no};
use super::outcome::{json_address, told};
use super::outcome_plan::{Figure, plans};
use super::outcome_tables::{MOST_ROWS, called};
use super::process_form::input_title;
use super::templates::{known_word, word};
use crate::api::language::Language;
use crate::api::ogc::Process;
use crate::config::Config;
use minijinja::{Value, context};
use serde_json::Value as Json;

/// What a row is: an input of a process, a main figure of its result, another one.
#[derive(Clone, Copy)]
enum About<'a> {
    Input(&'a str),
    Main(&'a Figure),
    Other,
}

/// What the page shows.
pub(super) fn compared(visit: &Visit, result: &Json) -> Value {
    let language = visit.language;
    let process = result["process"].as_str().unwrap_or_default();
    let rows = |name: &str| result[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let scenarios: Vec<Value> = rows("scenarios")
        .iter()
        .map(|scenario| {
            let href = scenario["id"].as_u64().map(|id| format!("{}/ogc/collections/scenarios/items/{id}", visit.base));
            let money = scenario["currency"].as_str().zip(scenario["price_year"].as_i64());
            context! {
                name => called(language, scenario), code => scenario["code"].as_str(), href => href,
                money => money.map(|(currency, year)| format!("{currency} {year}")),
            }
        })
        .collect();
    let inputs: Vec<Value> = rows("inputs").iter().take(MOST_ROWS).map(|row| row_of(visit, row, About::Input(process))).collect();
    // The main figures are those of the process's own page, in its order.
    let plan = plans().iter().find(|plan| plan.process == process);
    let figures = plan.map(|plan| plan.figures.as_slice()).unwrap_or_default();
    let main: Vec<(&Json, &Figure)> = figures
        .iter()
        .filter_map(|figure| {
            let path = figure.path.trim_start_matches('/').replace('/', ".");
            Some((rows("results").iter().find(|row| row["path"] == path.as_str())?, figure))
        })
        .collect();
    let is_main = |row: &Json| main.iter().any(|(known, _)| known["path"] == row["path"]);
    let others: Vec<&Json> = rows("results").iter().filter(|row| !is_main(row)).collect();
    let told_others: Vec<Value> = others.iter().take(MOST_ROWS).map(|row| row_of(visit, row, About::Other)).collect();
    context! {
        process => known_word(language, &format!("process_{process}")),
        scenarios => scenarios, inputs => inputs,
        main => main.iter().map(|(row, figure)| row_of(visit, row, About::Main(figure))).collect::<Vec<_>>(),
        others => told_others, others_more => others.len().saturating_sub(MOST_ROWS), others_all => others.len(),
        same => result["same_results"].as_u64(), differ => rows("results").len(),
        left_out => result["rows_left_out"].as_u64().filter(|count| *count > 0),
        json => json_address(visit),
        doc => shown(result),
    }
}

/// A row: its title, its path, and the value of each scenario with the change from the first.
fn row_of(visit: &Visit, row: &Json, about: About) -> Value {
    let language = visit.language;
    let path = row["path"].as_str().unwrap_or_default();
    let stated = row["unit"].as_str().unwrap_or_default();
    let (title, of) = match about {
        About::Input(process) => (titled_input(language, process, path), stated),
        About::Main(figure) if figure.unit.is_empty() => (Some(word(language, &figure.word())), stated),
        About::Main(figure) => (Some(word(language, &figure.word())), figure.unit.as_str()),
        About::Other => (titled(language, path), stated),
    };
    let (_, unit) = readable(language, None, of);
    let values = row["values"].as_array().map(Vec::as_slice).unwrap_or_default();
    let cells: Vec<Value> = values
        .iter()
        .enumerate()
        .map(|(place, value)| {
            let text = match value {
                Json::Null => None,
                Json::Bool(flag) => Some(yes_or_no(language, *flag).to_owned()),
                Json::Number(_) => told(visit, readable(language, value.as_f64(), of).0),
                Json::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            };
            let change = row["changes"][place].as_f64().filter(|change| place > 0 && *change != 0.0);
            let relative = row["relative_changes"][place].as_f64();
            context! {
                text => text,
                change => change.and_then(|change| signed(visit, readable(language, Some(change), of).0?)),
                relative => relative.filter(|_| change.is_some()).map(|share| percent(language, share)),
            }
        })
        .collect();
    context! { title => title, path => path, unit => unit, cells => cells }
}

/// What an input of a process is called.
fn titled_input(language: Language, process: &str, name: &str) -> Option<String> {
    let inputs = Process::named(process).ok()?.inputs(&Config::default());
    let known = inputs.into_iter().find(|input| input.about.name == name)?;
    Some(language.title(&known.about.title).to_owned())
}

/// What the figure at a path is called, by the last name of it.
fn titled(language: Language, path: &str) -> Option<String> {
    let name = path.rsplit('.').next()?.split('[').next()?;
    let known = |group: &str| known_word(language, &format!("{group}_{name}"));
    known("result")
        .or_else(|| known("figure"))
        .or_else(|| known("study"))
        .or_else(|| input_title(language, name))
        .map(str::to_owned)
}

fn signed(visit: &Visit, value: f64) -> Option<String> {
    let text = told(visit, Some(value))?;
    Some(if value > 0.0 { format!("+{text}") } else { text })
}

fn percent(language: Language, share: f64) -> String {
    let percent = (share * 1_000.0).round() / 10.0;
    let sign = if percent > 0.0 { "+" } else { "" };
    format!("{sign}{} %", number(language, percent, true))
}
