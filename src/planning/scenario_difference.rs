//! Scenarios laid side by side: which inputs differ, and what that does to each figure of the result. It knows no
//! process: documents come in, rows of figures go out, each under its path and with its unit.

use super::figure_units::{unit_of, unit_of_name};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Rows beyond these are left out, and counted.
const MOST_ROWS: usize = 4_000;
/// Members that together tell one entry of a list from another.
type Key = &'static [&'static str];
/// What tells one entry of a list from another, where every entry has it and no two the same: the place in the list says little
/// where two scenarios order fields by cost. An entry's own `id` goes before those of what it belongs to.
const KEYS: [Key; 18] = [
    &["field_id"],
    &["id"],
    &["deposit_id"],
    &["plant_id"],
    &["site_id"],
    &["consumer_id"],
    &["code"],
    &["year"],
    &["month"],
    &["parameter"],
    &["factor"],
    &["output"],
    &["stream"],
    &["limit"],
    &["source", "plant"],
    &["fuel", "plant"],
    &["fuel"],
    &["name"],
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
/// lists are matched by what names them in all documents (`field_id`, `year`, `source` and `plant` together, ...) and else by
/// their place. Lines of coordinates are not figures and are passed over.
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
    let keys = keys_of_lists(documents);
    for (place, document) in documents.iter().enumerate() {
        leaves(document, Address::default(), None, &keys, &mut |path, value, said| {
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

/// Where a value stands in a document.
#[derive(Default)]
struct Address {
    /// As it is told: `years[year=3].covered_share`.
    path: String,
    /// The same for all entries of a list: `years[].covered_share`.
    of_all: String,
}

impl Address {
    fn member(&self, name: &str) -> Self {
        Self { path: joined(&self.path, name), of_all: joined(&self.of_all, name) }
    }

    fn entry(&self, which: &str) -> Self {
        Self { path: format!("{}[{which}]", self.path), of_all: format!("{}[]", self.of_all) }
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Every figure, text and truth of a document, with its path; `said` is the unit that the document says beside it or further up.
fn leaves(
    value: &Value,
    address: Address,
    said: Option<&str>,
    keys: &BTreeMap<String, Key>,
    visit: &mut impl FnMut(String, &Value, Option<&str>),
) {
    match value {
        Value::Object(members) => {
            let of_output = members.get("output").and_then(Value::as_str).and_then(unit_of_name);
            let said = of_output.as_deref().or(members.get("unit").and_then(Value::as_str)).or(said);
            for (name, member) in figures(members) {
                leaves(member, address.member(name), said, keys, visit);
            }
        }
        Value::Array(entries) if is_line(entries) => {}
        Value::Array(entries) => {
            let key = keys.get(&address.of_all).copied();
            for (place, entry) in entries.iter().enumerate() {
                let which = key.and_then(|key| named_by(key, entry)).unwrap_or_else(|| (place + 1).to_string());
                leaves(entry, address.entry(&which), said, keys, visit);
            }
        }
        _ => visit(address.path, value, said),
    }
}

fn figures(members: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    members.iter().filter(|(name, _)| !NOT_FIGURES.contains(&name.as_str()))
}

fn is_line(entries: &[Value]) -> bool {
    let numbers = entries.first().and_then(Value::as_array);
    numbers.is_some_and(|numbers| numbers.len() >= 2 && numbers.iter().all(Value::is_number))
}

/// What names the entries of the lists, where something does: the same key in all documents, as entries that are named by
/// different ones would never meet.
fn keys_of_lists(documents: &[Value]) -> BTreeMap<String, Key> {
    let mut fitting = BTreeMap::new();
    for document in documents {
        fit_keys(document, "", &mut fitting);
    }
    fitting.into_iter().filter_map(|(of_all, keys)| Some((of_all, *keys.first()?))).collect()
}

/// Leaves of the keys of each list those that name the entries of this document's, too.
fn fit_keys(value: &Value, of_all: &str, fitting: &mut BTreeMap<String, Vec<Key>>) {
    match value {
        Value::Object(members) => {
            for (name, member) in figures(members) {
                fit_keys(member, &joined(of_all, name), fitting);
            }
        }
        Value::Array(entries) if !is_line(entries) => {
            let keys = fitting.entry(of_all.to_owned()).or_insert_with(|| KEYS.to_vec());
            keys.retain(|key| names_all(key, entries));
            let of_entries = format!("{of_all}[]");
            for entry in entries {
                fit_keys(entry, &of_entries, fitting);
            }
        }
        _ => {}
    }
}

/// Whether every entry has the key and no two the same.
fn names_all(key: &[&str], entries: &[Value]) -> bool {
    let mut seen = BTreeSet::new();
    entries.iter().all(|entry| named_by(key, entry).is_some_and(|name| seen.insert(name)))
}

/// `source=3,plant=1`; none where the entry lacks a part of the key.
fn named_by(key: &[&str], entry: &Value) -> Option<String> {
    let part = |name: &&str| Some(format!("{name}={}", plain(entry.get(*name)?)));
    Some(key.iter().map(part).collect::<Option<Vec<String>>>()?.join(","))
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
    fn a_list_is_named_by_one_key_in_all_scenarios() {
        let source = |id: i64, deposit: i64, stock: f64| json!({ "id": id, "deposit_id": deposit, "stock_mwh": stock });
        // One field of each deposit here, two of one there.
        let one = json!({ "sources": [source(1, 7, 10.0), source(3, 8, 10.0)] });
        let two = json!({ "sources": [source(1, 7, 10.0), source(2, 7, 10.0), source(3, 8, 4.0)] });
        let difference = scenario_difference(&[], &[one, two]);
        let row = difference.results.iter().find(|row| row.path == "sources[id=3].stock_mwh").expect("the field is in both");
        assert_eq!((row.changes[1], difference.same_results), (Some(-6.0), 5));
    }

    #[test]
    fn a_key_that_names_all_of_one_scenario_alone_names_none() {
        let list = |names: [&str; 2]| json!({ "rows": names.map(|name| json!({ "code": name, "name": name, "used_mwh": 1.0 })) });
        let mut two = list(["b", "a"]);
        two["rows"][0]["code"] = Value::Null;
        two["rows"][1]["code"] = Value::Null;
        let difference = scenario_difference(&[], &[list(["a", "b"]), two]);
        let paths: Vec<&str> = difference.results.iter().map(|row| row.path.as_str()).collect();
        assert_eq!((paths, difference.same_results), (vec!["rows[name=a].code", "rows[name=b].code"], 4));
    }

    #[test]
    fn flows_are_matched_by_both_their_ends_and_fuels_by_their_plant() {
        let flow = |source: i64, plant: i64, total: f64| json!({ "source": source, "plant": plant, "total_mwh": total });
        let fuel = |fuel: &str, plant: Option<i64>| json!({ "fuel": fuel, "plant": plant, "mwh_a": [1.0] });
        let limit = |limit: &str, value: f64| json!({ "limit": limit, "value": value });
        let one = json!({
            "flows": [flow(3, 1, 10.0), flow(3, 2, 20.0)],
            "alternatives": [fuel("backup", Some(1))],
            "limits": [limit("ash", 0.1), limit("moisture", 0.5)],
        });
        let two = json!({
            "flows": [flow(2, 1, 5.0), flow(3, 1, 8.0), flow(3, 2, 20.0)],
            "alternatives": [fuel("wood_chips", Some(1)), fuel("backup", Some(1))],
            "limits": [limit("moisture", 0.5), limit("ash", 0.2)],
        });
        let difference = scenario_difference(&[], &[one, two]);
        let change = |path: &str| {
            let row = difference.results.iter().find(|row| row.path == path);
            row.unwrap_or_else(|| panic!("no {path} in {difference:?}")).changes[1]
        };
        assert_eq!(change("flows[source=3,plant=1].total_mwh"), Some(-2.0));
        assert_eq!(change("flows[source=2,plant=1].total_mwh"), None, "it is in one alone");
        assert_eq!(change("alternatives[fuel=wood_chips,plant=1].mwh_a[1]"), None);
        assert_eq!(change("limits[limit=ash].value"), Some(0.1));
        assert!(!difference.results.iter().any(|row| row.path.starts_with("alternatives[fuel=backup")), "the same in both");
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
