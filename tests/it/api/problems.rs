//! What is wrong is said as a problem that names the input and what is allowed.

use crate::support::server::demo;

#[test]
fn an_unknown_address_collection_feature_deposit_or_plant_is_a_404() {
    for path in [
        "/nowhere",
        "/ogc/nowhere",
        "/ogc/collections/moons",
        "/ogc/collections/moons/items",
        "/ogc/collections/plants/items/999",
        "/ogc/collections/plants/items/x",
        "/reserves/Atlantis",
        "/supply/Atlantis",
    ] {
        demo().problem(path, 404);
    }
    let problem = demo().problem("/reserves/Atlantis", 404);
    assert!(problem["detail"].as_str().unwrap().contains("Krivogogolevoye"), "it names what there is: {problem}");
}

#[test]
fn a_wrong_query_parameter_is_a_400_that_names_it() {
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=unlimited", "limit"),
        ("offset=-5", "offset"),
        ("offset=x", "offset"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=40,56,41,55", "bbox"),
        ("bbox=NaN,0,1,1", "bbox"),
        ("bbox=0,0,inf,1", "bbox"),
        ("datetime=yesterday", "datetime"),
        ("colour=brown", "colour"),
        ("f=xml", "f"),
    ] {
        let problem = demo().problem(&format!("/ogc/collections/probes/items?{query}"), 400);
        assert_eq!(problem["parameter"], parameter, "{query}");
    }
    for address in ["/ogc?x=1", "/ogc/collections?x=1", "/ogc/conformance?x=1", "/ogc/collections/probes?x=1"] {
        demo().problem(address, 400);
    }
}

#[test]
fn a_wrong_input_of_an_estimate_is_a_400_that_says_what_is_allowed() {
    for (input, parameter, allowed) in [
        ("power=-1", "power", "between 0 and 10"),
        ("power=x", "power", "must be a number"),
        ("neighbours=2.5", "neighbours", "whole number"),
        ("neighbours=1e9", "neighbours", "between 1 and 200"),
        ("method=magic", "method", "auto, mean, declustered_mean, thiessen, tin, isopach, idw, kriging, simulation"),
        ("cell_m=0", "cell_m", "0.1"),
        ("cell_m=NaN", "cell_m", "must be a number"),
        ("probes=some", "probes", "inside, all"),
        ("boundary=1", "boundary", "none, zero"),
        ("constraints=maybe", "constraints", "apply, ignore, report"),
        ("reference_moisture=1", "reference_moisture", "0.95"),
        ("crs=EPSG:4326", "crs", "metres"),
        ("crs=EPSG:999999", "crs", "not known"),
        ("crs=%2Bproj=pipeline", "crs", "EPSG"),
        ("cell_m=10000", "cell_m", "take a smaller one"),
        ("cell_m=9&neighbours=200", "cell_m", "more than one answer"),
        ("crs=PROJCS%5B%22x%22%2CEXTENSION%5B%22PROJ4%22%5D%5D", "crs", "not accepted"),
        ("depth=3", "depth", "the inputs are"),
        ("area=%7B%7D", "area", "GeoJSON"),
        ("cell_m=0.1", "cell_m", "cells"),
    ] {
        let problem = demo().problem(&format!("/reserves/1?{input}"), 400);
        assert_eq!(problem["parameter"], parameter, "{input}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(allowed), "{input}: {problem}");
    }
}

#[test]
fn a_wrong_input_of_a_supply_is_a_400_that_says_what_is_allowed() {
    for (path, allowed) in [
        ("/supply", "at=longitude,latitude"),
        ("/supply?at=40.66,55.62", "no size"),
        ("/supply?at=here&fuel_power_mw=1", "40.66,55.62"),
        ("/supply?at=400,55&fuel_power_mw=1", "degrees"),
        ("/supply?at=0,0&fuel_power_mw=1", "km from the nearest field"),
        ("/supply?at=30.5,59.95&fuel_power_mw=1", "km from the nearest field"),
        ("/supply/1?at=NaN,55", "degrees"),
        ("/supply/1?total_efficiency=7", "between 0.05 and 1"),
        ("/supply/1?full_load_hours=9000", "between 0 and 8784"),
        ("/supply/1?truck_payload_t=0", "between 0.5 and 100"),
        ("/supply/1?peat_share=-1", "between 0 and 1"),
        ("/supply/1?include_undeveloped=perhaps", "true, false"),
        ("/supply/1?colour=brown", "the inputs are"),
    ] {
        let problem = demo().problem(path, 400);
        assert!(problem["detail"].as_str().unwrap().contains(allowed), "{path}: {problem}");
    }
}

#[test]
fn a_boundary_of_millions_of_points_is_refused_before_it_is_made() {
    // A comb: 900 teeth, thousands of kilometres of outline in a request of a few kilobytes.
    let mut ring: Vec<String> = Vec::new();
    for tooth in 0..450 {
        let x = 40.0 + f64::from(tooth) * 0.002;
        ring.push(format!("[{x:.4},55.0],[{x:.4},56.5],[{:.4},56.5],[{:.4},55.0]", x + 0.001, x + 0.001));
    }
    ring.push("[40.9,54.9],[40.0,54.9],[40.0,55.0]".into());
    let area = format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, ring.join(","));
    let body = format!(r#"{{"method":"idw","cell_m":5000,"boundary":"zero","boundary_step_m":0.5,"area":{area}}}"#);
    let answer = demo().post("/reserves", &body);
    assert_eq!((answer.status, answer.json()["parameter"].as_str()), (400, Some("boundary_step_m")), "{}", answer.text);
}

#[test]
fn a_body_that_is_no_object_or_too_large_is_refused() {
    for (body, parameter) in
        [("", "body"), ("[1]", "body"), ("{", "body"), ("{\"power\": [4]}", "power"), ("{\"power\": {\"a\": 1}}", "power")]
    {
        let answer = demo().post("/reserves/1", body);
        assert_eq!((answer.status, answer.json()["parameter"].as_str()), (400, Some(parameter)), "{body}: {}", answer.text);
    }
    let huge = format!("{{\"method\": \"{}\"}}", "x".repeat(3_000_000));
    assert_eq!(demo().post("/reserves/1", &huge).status, 413);
    let long = format!("/reserves/1?method={}", "x".repeat(20_000));
    assert_eq!(demo().get(&long).status, 414);
}

#[test]
fn an_area_that_is_no_area_is_refused() {
    for (area, says) in [
        ("{\"type\":\"Point\",\"coordinates\":[40,55]}", "Polygon"),
        ("{\"type\":\"Polygon\",\"coordinates\":[]}", "vertices"),
        ("{\"type\":\"Polygon\",\"coordinates\":[[[40,55],[41,56],[41,55],[40,56],[40,55]]]}", "crosses itself"),
        ("{\"type\":\"Polygon\",\"coordinates\":[[[4000,55],[4001,55],[4001,56],[4000,55]]]}", "longitude and latitude"),
        ("{\"type\":\"Polygon\",\"coordinates\":[[[10,10],[11,10],[11,11],[10,10]]]}", "outside the deposit"),
    ] {
        let answer = demo().post("/reserves/1", &format!("{{\"area\": {area}}}"));
        assert_eq!(answer.status, 400, "{area}: {}", answer.text);
        assert!(answer.json()["detail"].as_str().unwrap().contains(says), "{area}: {}", answer.text);
    }
}
