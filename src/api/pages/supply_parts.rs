//! The parts of a fuel supply that were asked for by name, to read: the stack over drawn seasons, the fields year by year, the
//! cheapest blend. Each is a section with its figures and its table.

use super::Visit;
use super::numbers::{readable, unit};
use super::outcome::{told, warnings};
use super::templates::{known_word, word};
use crate::api::language::Language;
use crate::model::blend_parameters;
use minijinja::{Value, context};
use serde_json::Value as Json;

/// The sections of the parts that a result has.
pub(super) fn sections(visit: &Visit, result: &Json) -> Vec<Value> {
    let there = |name: &str| Some(&result[name]).filter(|part| part.is_object());
    let stock = there("stock_band").map(|band| stock_band(visit, band));
    let plan = there("preparation").map(|plan| preparation(visit, plan));
    let blend = there("blend").map(|blend| blend_section(visit, blend));
    stock.into_iter().chain(plan).chain(blend).collect()
}

/// What a section is made of.
struct Section<'a> {
    visit: &'a Visit,
    title: &'static str,
    figures: Vec<Value>,
    heads: Vec<Value>,
    rows: Vec<Vec<Value>>,
}

impl<'a> Section<'a> {
    fn new(visit: &'a Visit, title: &'static str) -> Self {
        Self { visit, title, figures: Vec::new(), heads: Vec::new(), rows: Vec::new() }
    }

    fn figure(&mut self, title: &str, value: Option<f64>, of: &str) {
        let language = self.visit.language;
        let (value, of) = readable(language, value, of);
        let Some(value) = told(self.visit, value) else { return };
        self.figures.push(context! { title => word(language, title), value => value, unit => of, is_main => false });
    }

    fn head(&mut self, title: &str, of: &str) {
        let language = self.visit.language;
        let (_, of) = readable(language, None, of);
        let text = if of.is_empty() { word(language, title).clone() } else { format!("{}, {of}", word(language, title)) };
        self.heads.push(context! { text => text, is_number => !of.is_empty() });
    }

    fn number(&self, value: Option<f64>, of: &str) -> Value {
        let (value, _) = readable(self.visit.language, value, of);
        context! { text => told(self.visit, value), is_number => true }
    }

    fn finish(self, source: &Json) -> Value {
        let notes = warnings(self.visit.language, source);
        context! {
            title => word(self.visit.language, self.title), figures => self.figures, heads => self.heads, rows => self.rows,
            notes => notes,
        }
    }
}

fn text(text: impl Into<String>) -> Value {
    context! { text => text.into(), is_number => false }
}

fn named<'a>(language: Language, of: &'a Json, name: &str) -> &'a str {
    let russian = of[format!("{name}_ru")].as_str().filter(|_| language == Language::Russian);
    russian.or(of[name].as_str()).unwrap_or_default()
}

fn stock_band(visit: &Visit, band: &Json) -> Value {
    let mut section = Section::new(visit, "part_stock_band");
    let certain = &band["certain_store"];
    section.figure("figure_year_short_share", band["year_short_share"].as_f64(), "share");
    section.figure("figure_band_covered_share", band["covered_share"].as_f64(), "share");
    section.figure("figure_store_t", band["store_t"].as_f64(), "t");
    section.figure("figure_certainty", certain["certainty"].as_f64(), "share");
    section.figure("figure_certain_store_t", certain["store_t"].as_f64(), "t");
    section.figure("figure_safety_stock_t", certain["safety_stock_t"].as_f64(), "t");
    section.figure("figure_safety_stock_days", certain["safety_stock_days"].as_f64(), "d");
    section.figure("figure_reached", certain["reached"].as_f64(), "share");
    section.head("year", "");
    for (title, of) in [("year_short_share", "share"), ("mean_short", "t"), ("short_p90", "t")] {
        section.head(title, of);
    }
    for year in band["years"].as_array().into_iter().flatten() {
        let row = vec![
            text(year["year"].to_string()),
            section.number(year["short_share"].as_f64(), "share"),
            section.number(year["mean_short_t"].as_f64(), "t"),
            section.number(year["short_p90_t"].as_f64(), "t"),
        ];
        section.rows.push(row);
    }
    section.finish(band)
}

fn preparation(visit: &Visit, plan: &Json) -> Value {
    let mut section = Section::new(visit, "part_preparation");
    section.figure("figure_next_decision_year", plan["next_decision_year"].as_f64(), "");
    section.figure("figure_years_of_full_supply", plan["years_of_full_supply"].as_f64(), "a");
    section.figure("figure_preparation_cost_rub", plan["preparation_cost_rub"].as_f64(), "RUB");
    section.figure("figure_restoration_cost_rub", plan["restoration_cost_rub"].as_f64(), "RUB");
    section.head("field", "");
    for title in ["state_now", "decision_year", "first_harvest_year", "worked_out_year", "rewetted_year"] {
        section.head(title, "");
    }
    for (title, of) in [("harvested", "t"), ("preparation", "RUB"), ("rewetting", "RUB")] {
        section.head(title, of);
    }
    // Fields that nobody needs, decides on or rewets say nothing here.
    let happens = |field: &&Json| {
        field["harvest_t"].as_f64() > Some(0.0) || !field["decision_year"].is_null() || !field["rewetted_year"].is_null()
    };
    for field in plan["fields"].as_array().into_iter().flatten().filter(happens) {
        let state = field["status"].as_str().unwrap_or_default();
        let state = known_word(visit.language, &format!("status_{state}")).unwrap_or(state);
        let year = |name: &str| text(field[name].as_u64().map_or_else(|| "—".to_owned(), |year| year.to_string()));
        let mut row = vec![text(named(visit.language, field, "name")), text(state)];
        row.extend(["decision_year", "first_harvest_year", "worked_out_year", "rewetted_year"].map(year));
        for (name, of) in [("harvest_t", "t"), ("preparation_cost_rub", "RUB"), ("restoration_cost_rub", "RUB")] {
            row.push(section.number(field[name].as_f64(), of));
        }
        section.rows.push(row);
    }
    section.finish(plan)
}

fn blend_section(visit: &Visit, blend: &Json) -> Value {
    let language = visit.language;
    let mut section = Section::new(visit, "part_blend");
    let mixture = &blend["mixture"];
    let of_mixture = [
        ("cost_rub_mwh", "RUB/MWh"),
        ("cost_without_limits_rub_mwh", "RUB/MWh"),
        ("peat_share", "share"),
        ("moisture", "share"),
        ("ash", "share"),
        ("sulphur", "share"),
        ("net_calorific_value_mj_kg", "MJ/kg"),
    ];
    for (name, of) in of_mixture {
        section.figure(&format!("figure_blend_{name}"), mixture[name].as_f64(), of);
    }
    for price in blend["binding"].as_array().into_iter().flatten().filter(|price| price["fuel"].is_null()) {
        let Some(parameter) = price["limit"].as_str().and_then(|limit| blend_parameters().get(limit)) else { continue };
        let title = format!("{}: {}", word(language, "binds"), language.title(&parameter.title));
        let saving = told(visit, price["saving_rub_mwh"].as_f64());
        section.figures.push(context! { title => title, value => saving, unit => unit(language, "RUB/MWh"), is_main => false });
    }
    section.head("fuel", "");
    let columns = [
        ("fuel_used", "used_mwh_a", "MWh/a"),
        ("of_it_available", "available_mwh_a", "MWh/a"),
        ("delivered_cost", "cost_rub_mwh", "RUB/MWh"),
        ("ash", "ash", "share"),
        ("moisture", "moisture", "share"),
        ("sulphur", "sulphur", "share"),
        ("heat_value", "net_calorific_value_mj_kg", "MJ/kg"),
    ];
    for (title, _, of) in columns {
        section.head(title, of);
    }
    // Of peat only what is taken: the other lots are many.
    let taken = |part: &&Json| part["fired_apart"].is_boolean() || part["used_mwh_a"].as_f64() > Some(0.0);
    let parts = ["peat", "other"].into_iter().flat_map(|kind| blend[kind].as_array().into_iter().flatten());
    for part in parts.filter(taken) {
        let fuel = part["fuel"].as_str().unwrap_or_default();
        let name = known_word(language, &format!("fuel_{fuel}"));
        let name = name.unwrap_or_else(|| named(language, part, "name"));
        let mut row = vec![text(name)];
        row.extend(columns.iter().map(|(_, name, of)| section.number(part[*name].as_f64(), of)));
        section.rows.push(row);
    }
    section.finish(blend)
}
