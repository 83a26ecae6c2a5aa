//! OGC API Features, part 4: features made, replaced, changed and removed, with and without If-Match.

use crate::support::projects::copy_of;
use crate::support::server::{Answer, Server};
use peatplan::config::Config;
use serde_json::{Value, json};

const GEOJSON: (&str, &str) = ("Content-Type", "application/geo+json");
const PATCH: (&str, &str) = ("Content-Type", "application/merge-patch+json");
const PROBES: &str = "/ogc/collections/probes/items";

fn server() -> Server {
    Server::start(&copy_of("demo.gpkg"))
}

fn probe(x: f64, y: f64, properties: &Value) -> String {
    json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [x, y] }, "properties": properties }).to_string()
}

fn made(server: &Server, body: &str) -> String {
    let answer = server.request("POST", PROBES, &[GEOJSON], Some(body));
    assert_eq!(answer.status, 201, "{}", answer.text);
    let location = answer.headers["location"].to_str().unwrap();
    location.strip_prefix(&server.url("")).expect("an address of this server").to_owned()
}

fn problem(answer: &Answer, status: u16) -> Value {
    assert_eq!((answer.status, answer.content_type.as_str()), (status, "application/problem+json"), "{}", answer.text);
    answer.json()
}

#[test]
fn who_makes_a_feature_reads_it_at_once() {
    let server = server();
    let before = server.json(&format!("{PROBES}?limit=1"))["numberMatched"].as_u64().unwrap();
    let body = probe(40.612_345_6, 55.501_234_5, &json!({ "depth_m": 2.75, "date": "2025-08-01", "synthetic": true }));
    let address = made(&server, &body);
    let feature = server.json(&address);
    assert_eq!(feature["geometry"]["coordinates"], json!([40.612_345_6, 55.501_234_5]));
    assert_eq!(feature["properties"]["depth_m"], 2.75);
    assert_eq!(feature["properties"]["synthetic"], true);
    assert_eq!(feature["properties"]["source"], Value::Null);
    assert_eq!(server.json(&format!("{PROBES}?limit=1"))["numberMatched"].as_u64().unwrap(), before + 1);
    let found = server.json(&format!("{PROBES}?filter=depth_m=2.75%20AND%20date=DATE(%272025-08-01%27)&sortby=-id"));
    assert_eq!(found["features"][0]["id"], feature["id"], "filters and indexes have it, too");
}

#[test]
fn a_feature_is_replaced_changed_and_removed() {
    let server = server();
    let address = made(&server, &probe(40.6, 55.5, &json!({ "depth_m": 2.0, "source": "Survey" })));
    let replaced = server.request("PUT", &address, &[GEOJSON], Some(&probe(40.7, 55.6, &json!({ "depth_m": 3.0 }))));
    assert_eq!(replaced.status, 204, "{}", replaced.text);
    let feature = server.json(&address);
    assert_eq!(feature["properties"]["source"], Value::Null, "what a PUT does not say is no longer there");
    assert_eq!(feature["geometry"]["coordinates"], json!([40.7, 55.6]));
    let patch = json!({ "properties": { "source": "Notes", "depth_m": 3.5 } }).to_string();
    let changed = server.request("PATCH", &address, &[PATCH], Some(&patch));
    assert_eq!(changed.status, 204, "{}", changed.text);
    let feature = server.json(&address);
    assert_eq!((&feature["properties"]["source"], &feature["properties"]["depth_m"]), (&json!("Notes"), &json!(3.5)));
    assert_eq!(feature["geometry"]["coordinates"], json!([40.7, 55.6]), "what a patch does not say stays");
    assert_eq!(server.request("PATCH", &address, &[PATCH], Some(r#"{"properties":{"source":null}}"#)).status, 204);
    assert_eq!(server.json(&address)["properties"]["source"], Value::Null);
    assert_eq!(server.delete(&address).status, 204);
    assert_eq!(server.get(&address).status, 404);
    for (method, headers, body) in
        [("DELETE", vec![], None), ("PATCH", vec![PATCH], Some(patch.as_str())), ("PUT", vec![GEOJSON], Some(patch.as_str()))]
    {
        let answer = server.request(method, &address, &headers, body);
        let expected = if method == "PUT" { 400 } else { 404 };
        assert_eq!(answer.status, expected, "{method}: {}", answer.text);
    }
    let nowhere = server.request("PUT", &address, &[GEOJSON], Some(&probe(40.7, 55.6, &json!({ "depth_m": 3.0 }))));
    problem(&nowhere, 404);
}

#[test]
fn an_edit_of_a_state_that_is_past_does_nothing() {
    let server = server();
    let address = made(&server, &probe(40.6, 55.5, &json!({ "depth_m": 2.0 })));
    let tag = server.get(&address).headers["etag"].to_str().unwrap().to_owned();
    let deeper = |depth: f64| json!({ "properties": { "depth_m": depth } }).to_string();
    let first = server.request("PATCH", &address, &[PATCH, ("If-Match", &tag)], Some(&deeper(2.5)));
    assert_eq!(first.status, 204, "{}", first.text);
    let late = server.request("PATCH", &address, &[PATCH, ("If-Match", &tag)], Some(&deeper(9.0)));
    assert_eq!(problem(&late, 412)["parameter"], "If-Match");
    assert_eq!(server.json(&address)["properties"]["depth_m"], 2.5, "the late edit did nothing");
    problem(&server.request("DELETE", &address, &[("If-Match", &tag)], None), 412);
    problem(&server.request("DELETE", &address, &[("If-Match", &format!("W/{tag}"))], None), 412);
    // The tag that came with the change is that of the feature as it is, and the tag of another form names the same state.
    let current = first.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(server.get(&address).headers["etag"], current);
    let as_json_fg = server.get(&format!("{address}?f=jsonfg")).headers["etag"].to_str().unwrap().to_owned();
    assert_ne!(as_json_fg, current);
    let put = probe(40.6, 55.5, &json!({ "depth_m": 3.0 }));
    assert_eq!(server.request("PUT", &address, &[GEOJSON, ("If-Match", &as_json_fg)], Some(&put)).status, 204);
    assert_eq!(server.request("DELETE", &address, &[("If-Match", "*")], None).status, 204);
}

#[test]
fn a_service_may_insist_on_if_match() {
    let server = Server::start_with(&copy_of("demo.gpkg"), |config| Config { require_if_match: true, ..config });
    let address = made(&server, &probe(40.6, 55.5, &json!({ "depth_m": 2.0 })));
    let patch = r#"{"properties":{"depth_m":2.5}}"#;
    problem(&server.request("PATCH", &address, &[PATCH], Some(patch)), 428);
    let tag = server.get(&address).headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(server.request("PATCH", &address, &[PATCH, ("If-Match", &tag)], Some(patch)).status, 204);
}

#[test]
fn coordinates_are_taken_in_the_order_of_their_system() {
    let server = server();
    let plain = made(&server, &probe(40.6, 55.5, &json!({ "depth_m": 2.0 })));
    for code in [4_326, 3_857, 32_637, 28_407] {
        let system = format!("<http://www.opengis.net/def/crs/EPSG/0/{code}>");
        let read = server.json(&format!("{plain}?crs=EPSG:{code}"));
        let body = json!({ "type": "Feature", "geometry": read["geometry"], "properties": { "depth_m": 2.0 } }).to_string();
        let answer = server.request("POST", PROBES, &[GEOJSON, ("Content-Crs", &system)], Some(&body));
        assert_eq!(answer.status, 201, "{}", answer.text);
        let place = server.json(answer.headers["location"].to_str().unwrap().strip_prefix(&server.url("")).unwrap());
        let (x, y) = (&place["geometry"]["coordinates"][0], &place["geometry"]["coordinates"][1]);
        let near = |a: &Value, b: f64| (a.as_f64().unwrap() - b).abs() < 2e-7;
        assert!(near(x, 40.6) && near(y, 55.5), "{code}: {place}");
    }
    let wrong = server.request("POST", PROBES, &[GEOJSON, ("Content-Crs", "<EPSG:27700>")], Some("{}"));
    assert_eq!(problem(&wrong, 400)["parameter"], "Content-Crs");
    // JSON-FG says its system itself.
    let fg = json!({
        "type": "Feature", "featureType": "probes", "coordRefSys": "http://www.opengis.net/def/crs/EPSG/0/4326",
        "place": { "type": "Point", "coordinates": [55.5, 40.6] }, "geometry": null, "time": null, "properties": { "depth_m": 1.0 },
    });
    let answer = server.request("POST", PROBES, &[("Content-Type", "application/vnd.ogc.fg+json")], Some(&fg.to_string()));
    let place = server.json(answer.headers["location"].to_str().unwrap().strip_prefix(&server.url("")).unwrap());
    assert_eq!(place["geometry"]["coordinates"], json!([40.6, 55.5]));
}

#[test]
fn what_is_wrong_with_a_feature_is_named() {
    let server = server();
    let before = server.json(&format!("{PROBES}?limit=1"))["numberMatched"].clone();
    let point = json!({ "type": "Point", "coordinates": [40.6, 55.5] });
    let feature = |geometry: &Value, properties: Value| {
        json!({ "type": "Feature", "geometry": geometry, "properties": properties }).to_string()
    };
    for (body, parameter) in [
        ("{".to_owned(), "body"),
        ("[]".to_owned(), "body"),
        (json!({ "type": "FeatureCollection", "features": [] }).to_string(), "type"),
        (feature(&point, json!({})), "depth_m"),
        (feature(&point, json!({ "depth_m": "deep" })), "depth_m"),
        (feature(&point, json!({ "depth_m": -2 })), "depth_m"),
        (feature(&point, json!({ "depth_m": 2, "depht": 1 })), "depht"),
        (feature(&point, json!({ "depth_m": 2, "date": "2025-13-01" })), "date"),
        (feature(&point, json!([])), "properties"),
        (feature(&Value::Null, json!({ "depth_m": 2 })), "geometry"),
        (feature(&json!({ "type": "Point", "coordinates": [40.6] }), json!({ "depth_m": 2 })), "geometry"),
        (feature(&json!({ "type": "Point", "coordinates": [400.0, 55.0] }), json!({ "depth_m": 2 })), "geometry"),
        (
            feature(&json!({ "type": "LineString", "coordinates": [[40.0, 55.0], [41.0, 55.0]] }), json!({ "depth_m": 2 })),
            "geometry",
        ),
    ] {
        let answer = server.request("POST", PROBES, &[GEOJSON], Some(&body));
        assert_eq!(problem(&answer, 400)["parameter"], parameter, "{body}: {}", answer.text);
    }
    let bow =
        json!({ "type": "Polygon", "coordinates": [[[40.0, 55.0], [40.1, 55.1], [40.1, 55.0], [40.0, 55.1], [40.0, 55.0]]] });
    let body = feature(&bow, json!({ "name": "Bow", "status": "prepared" }));
    let answer = server.request("POST", "/ogc/collections/fields/items", &[GEOJSON], Some(&body));
    assert_eq!(problem(&answer, 400)["parameter"], "geometry");
    let strip = feature(&point, json!({ "name": "x", "kind": "settlement", "effect": "buffer" }));
    let answer = server.request("POST", "/ogc/collections/constraints/items", &[GEOJSON], Some(&strip));
    assert_eq!(problem(&answer, 400)["parameter"], "properties", "{}", answer.text);
    problem(&server.request("POST", PROBES, &[("Content-Type", "text/plain")], Some("{}")), 415);
    problem(&server.request("POST", &format!("{PROBES}?crs=EPSG:4326"), &[GEOJSON], Some("{}")), 400);
    let huge = format!("{}{}", " ".repeat(3_000_000), "{}");
    assert_eq!(server.request("POST", PROBES, &[GEOJSON], Some(&huge)).status, 413);
    assert_eq!(server.json(&format!("{PROBES}?limit=1"))["numberMatched"], before, "nothing was made");
}

#[test]
fn a_feature_keeps_its_number() {
    let server = server();
    let address = made(&server, &probe(40.6, 55.5, &json!({ "depth_m": 2.0 })));
    let patch = json!({ "id": 1, "properties": { "depth_m": 2.5 } }).to_string();
    assert_eq!(problem(&server.request("PATCH", &address, &[PATCH], Some(&patch)), 400)["parameter"], "id");
    let id: i64 = address.rsplit('/').next().unwrap().parse().unwrap();
    for same in [json!(id), json!(id.to_string())] {
        let patch = json!({ "id": same, "properties": { "depth_m": 2.5 } }).to_string();
        assert_eq!(server.request("PATCH", &address, &[PATCH], Some(&patch)).status, 204);
    }
}

#[test]
fn who_wants_to_see_what_became_of_it_may() {
    let server = server();
    let body = probe(40.6, 55.5, &json!({ "depth_m": 2.0 }));
    let answer = server.request("POST", PROBES, &[GEOJSON, ("Prefer", "return=representation")], Some(&body));
    assert_eq!((answer.status, answer.content_type.as_str()), (201, "application/geo+json"));
    assert_eq!(answer.json()["properties"]["depth_m"], 2.0);
    let address = answer.headers["location"].to_str().unwrap().strip_prefix(&server.url("")).unwrap().to_owned();
    let put = server.request("PUT", &address, &[GEOJSON, ("Prefer", "return=representation")], Some(&body));
    assert_eq!((put.status, &put.headers["etag"]), (200, &server.get(&address).headers["etag"]));
}

#[test]
fn options_say_what_may_be_done() {
    let server = server();
    let items = server.request("OPTIONS", PROBES, &[], None);
    assert_eq!(items.headers["allow"], "GET, HEAD, POST, OPTIONS");
    // QGIS asks for a feature that there is not.
    for id in ["1", "unknown_id"] {
        let item = server.request("OPTIONS", &format!("{PROBES}/{id}"), &[], None);
        assert_eq!(item.headers["allow"], "GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
        assert!(item.headers["accept-patch"].to_str().unwrap().contains("application/merge-patch+json"));
    }
}

#[test]
fn nothing_that_is_sent_is_lost_in_silence() {
    let server = server();
    let address = made(&server, &probe(40.6, 55.5, &json!({ "depth_m": 2.0 })));
    let patch = |body: &str| server.request("PATCH", &address, &[PATCH], Some(body));
    let lost = problem(&patch(r#"{"depth_m":3.0}"#), 400);
    assert_eq!(lost["parameter"], "depth_m");
    assert!(lost["detail"].as_str().unwrap().contains("values stand in properties"), "{lost}");
    let crs = r#"{"type":"Feature","crs":{"type":"name"},"geometry":null,"properties":{}}"#;
    assert!(
        problem(&server.request("PUT", &address, &[GEOJSON], Some(crs)), 400)["detail"].as_str().unwrap().contains("Content-Crs")
    );
    assert_eq!(
        problem(&patch(r#"{"coordRefSys":7,"place":{"type":"Point","coordinates":[40.6,55.5]}}"#), 400)["parameter"],
        "coordRefSys"
    );
    assert_eq!(patch(r#"{"time":{"date":"2024-06-30"}}"#).status, 204);
    assert_eq!(server.json(&address)["properties"]["date"], "2024-06-30");
    assert_eq!(problem(&patch(r#"{"time":{"interval":["2024-06-30",".."]}}"#), 400)["parameter"], "time");
    let coded = server.request("PATCH", &address, &[PATCH, ("Content-Encoding", "br")], Some(r#"{"properties":{}}"#));
    assert_eq!(problem(&coded, 415)["parameter"], "Content-Encoding");
    let read = server.json(&address);
    assert_eq!(
        server.request("PUT", &address, &[GEOJSON], Some(&read.to_string())).status,
        204,
        "what was read can be sent back"
    );
}

#[test]
fn texts_that_other_programs_cannot_hold_are_refused() {
    let server = server();
    for (text, word) in [("a\0b".to_owned(), "U+0000"), ("x".repeat(32_768), "at most 32767")] {
        let body = probe(40.6, 55.5, &json!({ "depth_m": 2.0, "source": text }));
        let refused = problem(&server.request("POST", PROBES, &[GEOJSON], Some(&body)), 400);
        assert_eq!(refused["parameter"], "source");
        assert!(refused["detail"].as_str().unwrap().contains(word), "{refused}");
    }
    made(&server, &probe(40.6, 55.5, &json!({ "depth_m": 2.0, "source": "ж".repeat(32_767) })));
}

#[test]
fn a_feature_far_from_the_project_is_refused_and_changes_nothing_for_others() {
    let server = server();
    let systems = server.json("/ogc/collections/probes")["crs"].clone();
    for (x, y) in [(-120.0, -45.0), (40.6, 90.0), (55.5, -40.6)] {
        let answer = server.request("POST", PROBES, &[GEOJSON], Some(&probe(x, y, &json!({ "depth_m": 1.0 }))));
        let refused = problem(&answer, 400);
        assert_eq!(refused["parameter"], "geometry");
        assert!(refused["detail"].as_str().unwrap().contains("EPSG:32637"), "{refused}");
    }
    assert_eq!(server.json("/ogc/collections/probes")["crs"], systems);
    assert_eq!(server.json("/ogc/tileMatrixSets")["tileMatrixSets"].as_array().unwrap().len(), 2);
}
