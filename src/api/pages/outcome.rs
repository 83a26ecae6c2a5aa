//! What a job found, to read: the figures that are asked for first, with their units and their doubt, tables of the main lists,
//! warnings, and what it rests on. All that was answered stands below, folded.

use super::Visit;
use super::json::shown;
use super::numbers::{number, readable, unit};
use super::outcome_plan::{OutcomePlan, plans};
use super::outcome_tables::figures;
use super::process_form::input_title;
use super::templates::{known_word, word};
use crate::api::language::Language;
use crate::model::reserve_parameters;
use minijinja::{Value, context};
use serde_json::Value as Json;

/// Figures of an estimate: member, unit.
const RESERVES: [(&str, &str); 9] = [
    ("area_ha", "ha"),
    ("mean_depth_m", "m"),
    ("geological_volume_m3", "m3"),
    ("balance_volume_m3", "m3"),
    ("extractable_volume_m3", "m3"),
    ("dry_mass_t", "t"),
    ("mass_t", "t"),
    ("energy_mwh", "MWh"),
    ("tonnes_coal_equivalent", "tce"),
];
/// The page's template and what it shows; none where the result is of another kind.
pub(super) fn outcome(visit: &Visit, document: &Json) -> Option<(&'static str, Value)> {
    let found = |name: &str, sign: &str| {
        let inner = &document[name];
        [inner, document].into_iter().find(|result| !result[sign].is_null())
    };
    if let Some(result) = found("reserves", "geological_volume_m3") {
        return Some(("reserves.html", reserves(visit, result)));
    }
    if let Some(result) = found("study", "economics") {
        return Some(("study.html", super::study_outcome::study(visit, result)));
    }
    if let Some(result) = found("comparison", "same_results") {
        return Some(("compared.html", super::compared_outcome::compared(visit, result)));
    }
    plans().iter().find_map(|plan| {
        let result =
            [&document[plan.output.as_str()], document].into_iter().find(|result| result.pointer(&plan.sign).is_some())?;
        Some(("outcome.html", planned(visit, plan, result)))
    })
}

/// What the subject of a result is called, with its address and its place on the map.
pub(super) fn subject(visit: &Visit, about: &Json, layer: &str) -> Value {
    let names = if visit.language == Language::Russian { ["name_ru", "name"] } else { ["name", "name_ru"] };
    let name = names.iter().find_map(|name| about[*name].as_str());
    let id = about["id"].as_u64();
    context! {
        name => name, code => about["code"].as_str(),
        href => id.map(|id| format!("{}/ogc/collections/{layer}/items/{id}", visit.base)),
        map => id.map(|id| format!("{}/#sel={layer}.{id}&lang={}", visit.base, visit.language.code())),
    }
}

/// A figure as it is read aloud: whole where it is large, to a hundredth where it is not, and where it is small to three places.
pub(super) fn told(visit: &Visit, value: Option<f64>) -> Option<String> {
    let value = value?;
    let rounded = match value.abs() {
        // Three places that count, down to what is nothing in any of our units.
        small @ 1e-6..0.1 => {
            let scale = 10_f64.powf(2.0 - small.log10().floor());
            (value * scale).round() / scale
        }
        0.0..1_000.0 => (value * 100.0).round() / 100.0,
        _ => value.round(),
    };
    Some(number(visit.language, rounded, true))
}

fn reserves(visit: &Visit, result: &Json) -> Value {
    let language = visit.language;
    let band_of = |name: &str| {
        let band = &result["uncertainty"]["quantities"][name];
        let end = |place: &str| told(visit, band[place].as_f64());
        end("p10").zip(end("p90")).map(|(low, high)| format!("{low} … {high}"))
    };
    let figures: Vec<Value> = RESERVES
        .iter()
        .filter_map(|(name, of)| {
            let error = (*name == "geological_volume_m3").then(|| result["volume_error_m3"].as_f64()).flatten();
            Some(context! {
                title => word(language, &format!("figure_{name}")), value => told(visit, Some(result[*name].as_f64()?)),
                unit => unit(language, of), error => told(visit, error), band => band_of(name),
                is_main => matches!(*name, "extractable_volume_m3" | "energy_mwh"),
            })
        })
        .collect();
    let word_of = |choice: &str, value: &str| {
        let known = reserve_parameters().choice(choice).and_then(|choice| choice.words.iter().find(|known| known.value == value));
        known.map_or(value, |known| language.pick(&known.en, &known.ru)).to_owned()
    };
    let steps: Vec<Value> = result["ladder"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|step| {
            let of = |name: &str| told(visit, step[name].as_f64());
            context! {
                title => word(language, &format!("step_{}", step["step"].as_str().unwrap_or_default())),
                volume => of("volume_m3"), lost => of("lost_volume_m3"), mass => of("mass_t"), energy => of("energy_mwh"),
            }
        })
        .collect();
    let net = &result["net_of_constraints"];
    context! {
        subject => subject(visit, &result["deposit"], "deposits"),
        figures => figures,
        method => result["method"].as_str().map(|method| word_of("method", method)),
        constraints => result["parameters"]["constraints"].as_str().map(|rule| word_of("constraints", rule)),
        net_extractable => told(visit, net["extractable_volume_m3"].as_f64()),
        probes => result["probes_used"].as_u64(), cores => result["cores_used"].as_u64(),
        cross_validation => told(visit, result["cross_validation"]["mae_m"].as_f64()),
        bands_made => !result["uncertainty"].is_null(),
        steps => steps,
        moisture => result["reference_moisture"].as_f64().and_then(|share| told(visit, Some(share * 100.0))),
        unit_volume => unit(language, "m3"), unit_mass => unit(language, "t"), unit_energy => unit(language, "MWh"), unit_depth => unit(language, "m"),
        table_xlsx => visit.address_with(&[("f", Some("xlsx")), ("lang", Some(language.code()))]),
        table_csv => visit.address_with(&[("f", Some("csv")), ("lang", Some(language.code()))]),
        ..around(visit, result)
    }
}

/// The page of a result that has a plan.
fn planned(visit: &Visit, plan: &OutcomePlan, result: &Json) -> Value {
    let mut sections = sections(visit, &plan.process, result);
    if plan.process == "fuel-supply" {
        sections.extend(super::supply_parts::sections(visit, result));
    }
    let subject = plan.subject.as_ref().and_then(|own| Some(subject(visit, result.pointer(&own.path)?, &own.layer)));
    context! {
        subject => subject,
        process => word(visit.language, &format!("process_{}", plan.process)),
        price_year => result["price_year"].as_i64(), currency => result["currency"].as_str(),
        figures => figures(visit, result, &plan.figures), sections => sections,
        ..around(visit, result)
    }
}

/// The tables of a process's result.
pub(super) fn sections(visit: &Visit, process: &str, result: &Json) -> Vec<Value> {
    let plan = plans().iter().find(|plan| plan.process == process);
    let tables = plan.into_iter().flat_map(|plan| &plan.tables);
    tables.flat_map(|table| super::outcome_tables::sections(visit, result, table)).collect()
}

/// Where the whole answer is, where it can be asked for by an address.
pub(super) fn json_address(visit: &Visit) -> Option<String> {
    (!visit.is_execution()).then(|| visit.address_with(&[("f", Some("json")), ("lang", None)]))
}

/// What stands round the figures of every result.
pub(super) fn around(visit: &Visit, result: &Json) -> Value {
    context! {
        json => json_address(visit),
        warnings => warnings(visit.language, result), rests => rests_on(visit, result), doc => shown(result),
    }
}

/// The defaults that a result rests on, each once.
fn rests_on(visit: &Visit, result: &Json) -> Vec<Value> {
    let listed = result["rests_on"].as_array().into_iter().flatten();
    listed
        .filter_map(|used| {
            let (name, tag) = (used["parameter"].as_str()?, used["tag"].as_str().unwrap_or_default());
            let source = visit.language.pick("source", "source_ru");
            let (value, of) = readable(visit.language, used["value"].as_f64(), used["unit"].as_str().unwrap_or_default());
            Some(context! {
                name => name, title => input_title(visit.language, name), value => told(visit, value), unit => of,
                tag => known_word(visit.language, &format!("tag_{tag}")), source => used[source].as_str(),
            })
        })
        .collect()
}

/// The warnings of a result, or of a part of it. Their sentences are English; a reader of Russian is told first what each is about.
pub(super) fn warnings(language: Language, result: &Json) -> Vec<Value> {
    let listed = result["warnings"].as_array().into_iter().flatten();
    // That the data are invented stands on every page.
    listed
        .filter(|warning| warning["code"] != "synthetic")
        .map(|warning| {
            let code = warning["code"].as_str().unwrap_or_default();
            let about = known_word(language, &format!("warning_{code}")).filter(|_| language == Language::Russian);
            context! { about => about, text => warning["message"].as_str().unwrap_or_default() }
        })
        .collect()
}
