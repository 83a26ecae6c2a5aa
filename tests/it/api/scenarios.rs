//! Scenarios: stored as rows of a layer, computed anew and compared as data.

use crate::support::projects::copy_of;
use crate::support::server::{Answer, Server};
use serde_json::{Value, json};
use std::sync::LazyLock;

const ITEMS: &str = "/ogc/collections/scenarios/items";

/// A server on a project of its own, with two scenarios of a fuel supply and one of reserves.
static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let server = Server::start(&copy_of("demo.gpkg"));
    let inputs = |share: f64| json!({ "plant": "Merlin CHP (proposed)", "peat_share": share, "routes": false });
    add(&server, "All peat", "fuel-supply", &inputs(1.0).to_string());
    add(&server, "Some wood", "fuel-supply", &inputs(0.8).to_string());
    add(&server, "Reserves of D7", "reserve-estimate", &json!({ "deposit": "D7", "method": "mean" }).to_string());
    server
});

fn add(server: &Server, name: &str, process: &str, inputs: &str) -> String {
    let row = json!({
        "type": "Feature",
        "geometry": null,
        "properties": { "name": name, "process": process, "inputs": inputs, "synthetic": true },
    });
    let answer = server.post_as(ITEMS, "application/geo+json", &row.to_string(), &[]);
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.headers["location"].to_str().unwrap().to_owned()
}

fn compared(scenarios: &Value) -> Answer {
    let body = json!({ "inputs": { "scenarios": scenarios } });
    SERVER.post("/ogc/processes/compare-scenarios/execution", &body.to_string())
}

fn row<'a>(rows: &'a Value, path: &str) -> &'a Value {
    rows.as_array().unwrap().iter().find(|row| row["path"] == path).unwrap_or_else(|| panic!("no {path} in {rows}"))
}

#[test]
fn two_scenarios_are_compared_input_by_input_and_figure_by_figure() {
    let answer = compared(&json!(["All peat", "Some wood"]));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let comparison = answer.json();
    assert_eq!(comparison["process"], "fuel-supply");
    assert_eq!(comparison["scenarios"][1]["name"], "Some wood");
    assert_eq!(comparison["scenarios"][0]["currency"], "RUB");
    let inputs = comparison["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 1, "only what differs: {inputs:?}");
    assert_eq!(row(&comparison["inputs"], "peat_share")["values"], json!([1.0, 0.8]));

    // A fifth less peat, and each figure is that of the supply itself.
    let need = row(&comparison["results"], "need.fuel_mwh_a");
    assert_eq!(need["unit"], "MWh/a");
    assert!((need["relative_changes"][1].as_f64().unwrap() + 0.2).abs() < 1e-12);
    let alone = SERVER.json("/supply/Merlin%20CHP%20(proposed)?peat_share=0.8&routes=false");
    assert_eq!(need["values"][1], alone["need"]["fuel_mwh_a"]);
    assert_eq!(comparison["scenarios"][1]["inputs_hash"], alone["inputs_hash"], "the plan can be made again");
}

#[test]
fn what_cannot_be_compared_is_refused_by_name() {
    let cases = [
        (json!(["All peat"]), "2 to 4"),
        (json!(["All peat", "All peat"]), "named twice"),
        (json!(["All peat", "nowhere"]), "there is no scenario \\\"nowhere\\\"; there are Peat alone"),
        (json!(["All peat", "Reserves of D7"]), "must all be of one computation"),
    ];
    for (scenarios, word) in cases {
        let answer = compared(&scenarios);
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert!(answer.text.contains(word), "{word}: {}", answer.text);
    }
}

/// Inputs of a fuel supply that its process refuses, the input that is named, and what is said.
const REFUSED: [(&str, &str, &str); 5] = [
    ("plant = 1", "inputs", "no JSON object"),
    ("[1]", "inputs", "no JSON object"),
    ("{\"plantt\": 1}", "plantt", "there is no input"),
    ("{\"plant\": 1, \"peat_share\": 7}", "peat_share", "peat_share must"),
    ("{\"plant\": 1, \"routes\": \"no\"}", "routes", "true or false"),
];

#[test]
fn inputs_that_their_process_refuses_are_not_stored() {
    let server = Server::start(&copy_of("demo.gpkg"));
    let good = add(&server, "good", "fuel-supply", "{\"plant\": 1}");
    let good = &good[good.find("/ogc/").unwrap()..];
    let kind = [("Content-Type", "application/geo+json")];
    for (inputs, parameter, word) in REFUSED {
        let properties = json!({ "name": "bad", "process": "fuel-supply", "inputs": inputs });
        let row = json!({ "type": "Feature", "geometry": null, "properties": properties }).to_string();
        let change = json!({ "properties": { "inputs": inputs } }).to_string();
        let patch = [("Content-Type", "application/merge-patch+json")];
        for (method, path, kind, body) in
            [("POST", ITEMS, &kind, &row), ("PUT", good, &kind, &row), ("PATCH", good, &patch, &change)]
        {
            let answer = server.request(method, path, kind, Some(body));
            assert_eq!(
                (answer.status, &answer.json()["parameter"]),
                (400, &json!(parameter)),
                "{method} {inputs}: {}",
                answer.text
            );
            assert!(answer.text.contains(word), "{method} {inputs}: {}", answer.text);
        }
    }
    let required = json!({ "name": "steam", "process": "steam-retrofit", "inputs": "{}" });
    let row = json!({ "type": "Feature", "geometry": null, "properties": required }).to_string();
    let answer = server.request("POST", ITEMS, &kind, Some(&row));
    assert_eq!((answer.status, &answer.json()["parameter"]), (400, &json!("outlet_pressure_mpa")), "{}", answer.text);
    assert_eq!(server.json(good)["properties"]["inputs"], "{\"plant\": 1}", "what was refused has changed nothing");
}

#[test]
fn a_stored_scenario_whose_inputs_are_not_understood_says_which_and_why_and_can_be_renamed() {
    for (inputs, _, word) in [REFUSED[0], REFUSED[3]] {
        let project = copy_of("demo.gpkg");
        // As an older program or another one has stored them, without the functions that a GeoPackage's triggers call.
        let file = rusqlite::Connection::open(&project).unwrap();
        let triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'scenarios'";
        let mut found = file.prepare(triggers).unwrap();
        let names: Vec<String> = found.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        drop(found);
        for name in names {
            file.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        }
        file.execute("UPDATE scenarios SET inputs = ?1 WHERE code = 'S-2'", [inputs]).unwrap();
        drop(file);
        let server = Server::start(&project);
        let body = json!({ "inputs": { "scenarios": ["S-1", "S-2"] } });
        let answer = server.post("/ogc/processes/compare-scenarios/execution", &body.to_string());
        assert!((400..500).contains(&answer.status), "{inputs}: {}", answer.text);
        assert!(answer.text.contains(word) && answer.text.contains("A fifth of wood"), "{inputs}: {}", answer.text);
        let kind = [("Content-Type", "application/merge-patch+json")];
        let renamed = server.request("PATCH", &format!("{ITEMS}/2"), &kind, Some("{\"properties\": {\"name\": \"Old\"}}"));
        assert_eq!(renamed.status, 204, "{}", renamed.text);
    }
}

#[test]
fn a_comparison_runs_as_a_job_too() {
    let body = json!({ "inputs": { "scenarios": ["All peat", "Some wood"] } });
    let path = "/ogc/processes/compare-scenarios/execution";
    let answer = SERVER.post_with(path, &body.to_string(), &[("Prefer", "respond-async")]);
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[test]
fn a_project_made_before_there_were_scenarios_gets_their_table() {
    let project = copy_of("demo.gpkg");
    let sql = "DROP TABLE scenarios; DROP TABLE rtree_scenarios_geom; DELETE FROM gpkg_contents WHERE table_name = 'scenarios'; \
               DELETE FROM gpkg_geometry_columns WHERE table_name = 'scenarios'; \
               DELETE FROM gpkg_data_columns WHERE table_name = 'scenarios'; \
               DELETE FROM gpkg_extensions WHERE table_name IN ('scenarios', 'rtree_scenarios_geom')";
    rusqlite::Connection::open(&project).unwrap().execute_batch(sql).unwrap();
    let server = Server::start(&project);
    add(&server, "first", "fuel-supply", "{}");
    assert_eq!(server.json(ITEMS)["numberMatched"], 1, "the table is new");
}
