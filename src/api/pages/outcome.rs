//! What a job found, to read: of a reserve estimate, a study and a fuel supply the figures that are asked for first, with
//! their units and their doubt. All that was answered stands below, folded.

use super::Visit;
use super::json::shown;
use super::numbers::{number, unit};
use super::supply_parts::sections;
use super::templates::word;
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
/// Figures of a supply: where they stand, member, unit.
const SUPPLY: [(Option<&str>, &str, &str); 8] = [
    (Some("need"), "fuel_mwh_a", "MWh/a"),
    (Some("need"), "mass_t_a", "t/a"),
    (None, "covered_share", "share"),
    (None, "covered_mwh_a", "MWh/a"),
    (None, "short_mwh_a", "MWh/a"),
    (None, "mean_cost_rub_mwh", "RUB/MWh"),
    (None, "marginal_cost_rub_mwh", "RUB/MWh"),
    (None, "years_of_full_supply", "a"),
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
    found("supply", "covered_share").map(|result| ("supply.html", supply(visit, result)))
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

/// A figure as it is read aloud: whole where it is large, to a hundredth where it is not.
pub(super) fn told(visit: &Visit, value: Option<f64>) -> Option<String> {
    let value = value?;
    let rounded = if value.abs() < 1_000.0 { (value * 100.0).round() / 100.0 } else { value.round() };
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
        json => visit.address_with(&[("f", Some("json")), ("lang", None)]),
        warnings => warnings(result),
        doc => shown(result),
    }
}

fn supply(visit: &Visit, result: &Json) -> Value {
    let language = visit.language;
    let figures: Vec<Value> = SUPPLY
        .iter()
        .filter_map(|(place, name, of)| {
            let value = place.map_or(result, |place| &result[place])[*name].as_f64()?;
            // A share reads as a part of a hundred.
            let (value, of) = if *of == "share" { (value * 100.0, "%") } else { (value, unit(language, of)) };
            Some(context! {
                title => word(language, &format!("figure_{name}")), value => told(visit, Some(value)), unit => of,
                is_main => *name == "covered_share",
            })
        })
        .collect();
    let used = result["fields"].as_array().into_iter().flatten().filter(|field| field["used_mwh_a"].as_f64() > Some(0.0));
    let names = if language == Language::Russian { ["name_ru", "name"] } else { ["name", "name_ru"] };
    let fields: Vec<Value> = used
        .map(|field| {
            let of = |name: &str| told(visit, field[name].as_f64());
            context! {
                name => names.iter().find_map(|name| field[*name].as_str()).or(field["code"].as_str()),
                href => field["field_id"].as_u64().map(|id| format!("{}/ogc/collections/fields/items/{id}", visit.base)),
                used => of("used_mwh_a"), distance => of("distance_km"), cost => of("delivered_cost_rub_mwh"),
            }
        })
        .collect();
    context! {
        subject => subject(visit, &result["plant"], "plants"),
        figures => figures, fields => fields, sections => sections(visit, result),
        unit_energy => unit(language, "MWh/a"), unit_distance => unit(language, "km"), unit_cost => unit(language, "RUB/MWh"),
        json => visit.address_with(&[("f", Some("json")), ("lang", None)]),
        warnings => warnings(result),
        doc => shown(result),
    }
}

pub(super) fn warnings(result: &Json) -> Vec<Value> {
    let listed = result["warnings"].as_array().into_iter().flatten();
    // That the data are invented stands on every page.
    listed
        .filter(|warning| warning["code"] != "synthetic")
        .map(|warning| Value::from(warning["message"].as_str().unwrap_or_default()))
        .collect()
}
