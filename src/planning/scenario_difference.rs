//! Scenarios laid side by side: which inputs differ, and what that does to each figure of the result. It knows no
//! process: documents come in, rows of figures go out, each under its path and with its unit.

use super::figure_units::{unit_of, unit_of_name};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Rows beyond these are left out, and counted.
const MOST_ROWS: usize = 4_000;
/// What tells one entry of a list from another, where every entry has it and no two the same: the place in the list says little
/// where two scenarios order fields by cost.
const KEYS: [&str; 14] = [
    "field_id",
    "deposit_id",
    "plant_id",
    "site_id",
    "consumer_id",
    "id",
    "code",
    "year",
    "month",
    "parameter",
    "factor",
    "output",
    "stream",
    "name",
];
/// What says whose a result is and not what came out, and curves of hundreds of points: their sums are figures of their own.
const NOT_FIGURES: [&str; 9] = [
    "inputs_hash",
    "software_version",
    "rests_on",
    "parameters",
    "heat_map_mw",
    "duration_curve",
    "duration",
    "histogram",
    "exceedance",
];

/// A figure in every scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DifferenceRow {
    /// Where it stands: `years[year=3].covered_share`.
    pub path: String,
    /// Its unit, as the document, the parameter of its name, or the name itself says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// By scenario; null where it has none.
    pub values: Vec<Value>,
    /// By scenario less that of the first one; null where they are no numbers.
    pub changes: Vec<Option<f64>>,
    /// The same over that of the first one; null where that is zero.
    pub relative_changes: Vec<Option<f64>>,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScenarioDifference {
    /// Inputs that are not the same in all.
    pub inputs: Vec<DifferenceRow>,
    /// Figures of the results that are not the same in all.
    pub results: Vec<DifferenceRow>,
    /// Figures that are the same in all.
    pub same_results: usize,
    /// Rows that were too many to be told.
    pub rows_left_out: usize,
}

/// Lays inputs and results of scenarios side by side, in the order given; changes are counted from the first. Entries of
/// lists are matched by what names them (`field_id`, `year`, ...) and else by their place. Lines of coordinates are not
/// figures and are passed over.
///
/// ```
/// use serde_json::json;
/// let inputs = [json!({ "peat_share": 1.0 }), json!({ "peat_share": 0.8 })];
/// let results = [json!({ "need": { "fuel_mwh_a": 200.0 } }), json!({ "need": { "fuel_mwh_a": 160.0 } })];
/// let difference = peatplan::planning::scenario_difference(&inputs, &results);
/// let row = &difference.results[0];
/// assert_eq!((row.path.as_str(), row.unit.as_deref()), ("need.fuel_mwh_a", Some("MWh/a")));
/// assert_eq!((row.changes[1], row.relative_changes[1]), (Some(-40.0), Some(-0.2)));
/// ```
#[must_use]
pub fn scenario_difference(inputs: &[Value], results: &[Value]) -> ScenarioDifference {
    let (mut inputs, _) = rows(inputs);
    let (mut results, same_results) = rows(results);
    // Sums stand before the entries of lists, so that a long list crowds none of them out.
    results.sort_by_key(|row| row.path.matches('[').count());
    let all = inputs.len() + results.len();
    inputs.truncate(MOST_ROWS);
    results.truncate(MOST_ROWS - inputs.len());
    let rows_left_out = all - inputs.len() - results.len();
    ScenarioDifference { inputs, results, same_results, rows_left_out }
}

/// The rows that differ, in the order in which they first appear, and how many do not.
fn rows(documents: &[Value]) -> (Vec<DifferenceRow>, usize) {
    let mut order: Vec<String> = Vec::new();
    let mut by_path: BTreeMap<String, (Option<String>, Vec<Value>)> = BTreeMap::new();
    for (place, document) in documents.iter().enumerate() {
        leaves(document, String::new(), None, &mut |path, value, said| {
            let (known, values) = by_path.entry(path).or_insert_with_key(|path| {
                order.push(path.clone());
                (None, vec![Value::Null; documents.len()])
            });
            if known.is_none() && value.is_number() {
                *known = said.map(str::to_owned);
            }
            values[place] = value.clone();
        });
    }
    let all = order.len();
    let differing: Vec<DifferenceRow> = order
        .into_iter()
        .filter_map(|path| {
            let (said, values) = by_path.remove(&path)?;
            let differs = values.windows(2).any(|pair| pair[0] != pair[1]);
            differs.then(|| row(path, said.as_deref(), values))
        })
        .collect();
    let same = all - differing.len();
    (differing, same)
}

fn row(path: String, said: Option<&str>, values: Vec<Value>) -> DifferenceRow {
    let unit = values.iter().any(Value::is_number).then(|| unit_of(&path, said)).flatten();
    let first = values.first().and_then(Value::as_f64);
    let change = |value: &Value| value.as_f64().zip(first).map(|(own, first)| own - first);
    let changes: Vec<Option<f64>> = values.iter().map(change).collect();
    let relative =
        |change: &Option<f64>| change.zip(first).filter(|(_, first)| *first != 0.0).map(|(own, first)| own / first.abs());
    DifferenceRow { unit, relative_changes: changes.iter().map(relative).collect(), path, values, changes }
}

/// Every figure, text and truth of a document, with its path; `said` is the unit that the document says beside it or further up.
fn leaves(value: &Value, path: String, said: Option<&str>, visit: &mut impl FnMut(String, &Value, Option<&str>)) {
    match value {
        Value::Object(members) => {
            let of_output = members.get("output").and_then(Value::as_str).and_then(unit_of_name);
            let said = of_output.as_deref().or(members.get("unit").and_then(Value::as_str)).or(said);
            for (name, member) in members.iter().filter(|(name, _)| !NOT_FIGURES.contains(&name.as_str())) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(member, path, said, visit);
            }
        }
        Value::Array(entries) if entries.first().is_some_and(is_position) => {}
        Value::Array(entries) => {
            let key = key_of(entries);
            for (place, entry) in entries.iter().enumerate() {
                let which = match key {
                    Some(key) => format!("{key}={}", plain(&entry[key])),
                    None => (place + 1).to_string(),
                };
                leaves(entry, format!("{path}[{which}]"), said, visit);
            }
        }
        _ => visit(path, value, said),
    }
}

fn is_position(value: &Value) -> bool {
    value.as_array().is_some_and(|numbers| numbers.len() >= 2 && numbers.iter().all(Value::is_number))
}

/// What names the entries of a list, where something does.
fn key_of(entries: &[Value]) -> Option<&'static str> {
    let objects: Vec<&Map<String, Value>> = entries.iter().map(Value::as_object).collect::<Option<_>>()?;
    KEYS.into_iter().find(|key| {
        let mut seen: Vec<String> = objects.iter().filter_map(|object| object.get(*key)).map(plain).collect();
        seen.sort_unstable();
        let all = seen.len();
        seen.dedup();
        all == objects.len() && seen.len() == all
    })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn entries_are_matched_by_what_names_them_and_not_by_their_place() {
        let one = json!({ "fields": [{ "field_id": 1, "used_mwh_a": 10.0 }, { "field_id": 2, "used_mwh_a": 0.0 }] });
        let two = json!({ "fields": [{ "field_id": 2, "used_mwh_a": 4.0 }, { "field_id": 1, "used_mwh_a": 10.0 }] });
        let difference = scenario_difference(&[], &[one, two]);
        assert_eq!(difference.results.len(), 1, "{difference:?}");
        let row = &difference.results[0];
        assert_eq!((row.path.as_str(), row.unit.as_deref()), ("fields[field_id=2].used_mwh_a", Some("MWh/a")));
        assert_eq!((row.changes[1], row.relative_changes[1]), (Some(4.0), None), "a share of nothing is none");
        assert_eq!(difference.same_results, 3);
    }

    #[test]
    fn a_long_list_crowds_no_sum_out() {
        let of = |used: f64| {
            let years: Vec<Value> = (1..=MOST_ROWS).map(|year| json!({ "year": year, "used_mwh_a": used })).collect();
            json!({ "years": years, "totals": { "used_mwh_a": used } })
        };
        let difference = scenario_difference(&[], &[of(1.0), of(2.0)]);
        assert_eq!((difference.results[0].path.as_str(), difference.rows_left_out), ("totals.used_mwh_a", 1));
    }

    #[test]
    fn what_one_scenario_lacks_is_null_there_and_has_no_change() {
        let difference = scenario_difference(&[json!({ "a": 1 }), json!({ "b": "x" })], &[]);
        let told: Vec<(&str, &[Value])> = difference.inputs.iter().map(|row| (row.path.as_str(), &row.values[..])).collect();
        assert_eq!(told, [("a", &[json!(1), Value::Null][..]), ("b", &[Value::Null, json!("x")][..])]);
        assert_eq!(difference.inputs[0].changes, [Some(0.0), None]);
    }

    #[test]
    fn lines_and_fingerprints_are_no_figures() {
        let document = |hash: &str, x: f64| json!({ "inputs_hash": hash, "line": [[x, 1.0], [2.0, 3.0]], "pair": [x, 1.0] });
        let difference = scenario_difference(&[], &[document("a", 1.0), document("b", 2.0)]);
        let paths: Vec<&str> = difference.results.iter().map(|row| row.path.as_str()).collect();
        assert_eq!(paths, ["pair[1]"]);
    }

    #[test]
    fn too_many_rows_are_counted_and_not_told() {
        let document = |value: f64| Value::Object((0..5_000).map(|place| (format!("x{place}"), json!(value))).collect());
        let difference = scenario_difference(&[], &[document(1.0), document(2.0)]);
        assert_eq!((difference.results.len(), difference.rows_left_out), (4_000, 1_000));
    }

    #[test]
    fn a_unit_that_the_document_says_goes_before_that_of_a_name() {
        let study = |npv: f64| {
            json!({ "outputs": [{ "output": "net_present_value_rub", "summary": { "p10": npv, "defined": 10.0 + npv } }],
                "bars": [{ "parameter": "peat_price", "unit": "RUB/t", "low": npv, "output_low": npv }],
                "tornado": { "base": npv, "bars": [{ "factor": "x", "unit": "", "low": npv, "output_low": npv, "swing": npv }] } })
        };
        let units: Vec<(String, Option<String>)> =
            scenario_difference(&[], &[study(1.0), study(2.0)]).results.into_iter().map(|row| (row.path, row.unit)).collect();
        let of = |path: &str| units.iter().find(|(known, _)| known == path).and_then(|(_, unit)| unit.as_deref());
        assert_eq!(of("outputs[output=net_present_value_rub].summary.p10"), Some("RUB"));
        assert_eq!(of("outputs[output=net_present_value_rub].summary.defined"), None, "a count");
        assert_eq!(of("bars[parameter=peat_price].low"), Some("RUB/t"));
        assert_eq!((of("tornado.base"), of("tornado.bars[factor=x].swing")), (Some("RUB"), Some("RUB")));
        assert_eq!(of("tornado.bars[factor=x].low"), None, "a bare factor");
    }
}
