//! OGC API Features, part 3 and 5, and what else chooses rows and properties: filters, queryables, order, words, schemas.

use crate::support::server::demo;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn features(address: &str) -> Vec<Value> {
    demo().json(address)["features"].as_array().unwrap().clone()
}

fn ids(address: &str) -> Vec<i64> {
    features(address).iter().map(|feature| feature["id"].as_i64().unwrap()).collect()
}

#[test]
fn a_filter_in_text_and_one_in_json_find_the_same() {
    let all = features("/ogc/collections/probes/items?limit=10000");
    let deep = |feature: &&Value| feature["properties"]["depth_m"].as_f64().is_some_and(|depth| depth > 3.5);
    let expected: Vec<i64> = all.iter().filter(deep).map(|feature| feature["id"].as_i64().unwrap()).collect();
    assert!(expected.len() > 10 && expected.len() < all.len());
    let text = format!("/ogc/collections/probes/items?limit=10000&filter={}", encoded("depth_m > 3.5"));
    let json = json!({ "op": ">", "args": [{ "property": "depth_m" }, 3.5] }).to_string();
    let json = format!("/ogc/collections/probes/items?limit=10000&filter-lang=cql2-json&filter={}", encoded(&json));
    assert_eq!(ids(&text), expected);
    assert_eq!(ids(&json), expected);
    // GDAL sends the draft's name of the language.
    assert_eq!(ids(&format!("{text}&filter-lang=cql-text")), expected);
}

#[test]
fn every_queryable_is_a_parameter_of_its_own() {
    let all = features("/ogc/collections/fields/items");
    let status = |feature: &Value| feature["properties"]["status"].as_str().unwrap().to_owned();
    for word in all.iter().map(status).collect::<BTreeSet<String>>() {
        let expected = all.iter().filter(|feature| status(feature) == word).count();
        assert_eq!(ids(&format!("/ogc/collections/fields/items?status={word}")).len(), expected, "{word}");
    }
    let both = ids("/ogc/collections/fields/items?status=prepared&filter=gross_area_ha%20%3E%200");
    assert_eq!(both, ids("/ogc/collections/fields/items?filter=status=%27prepared%27%20AND%20gross_area_ha%3E0"));
    let queryables = demo().json("/ogc/collections/fields/queryables");
    for name in queryables["properties"].as_object().unwrap().keys().filter(|name| *name != "geometry") {
        let value = &all[0]["properties"][name];
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if value.is_null() {
            continue;
        }
        let found = demo().json(&format!("/ogc/collections/fields/items?{name}={}", encoded(&text)));
        assert!(found["numberMatched"].as_u64().unwrap() > 0, "{name}");
    }
    assert_eq!(demo().problem("/ogc/collections/fields/items?gross_area_ha=large", 400)["parameter"], "gross_area_ha");
}

#[test]
fn what_is_wrong_with_a_filter_is_said() {
    for (filter, word) in [
        ("depth_m >", "at character 10"),
        ("depht_m > 3", "depht_m"),
        ("depth_m > 'deep'", "depth_m"),
        ("S_INTERSECTS(geometry,POINT(90 180))", "180"),
        ("(((", ""),
    ] {
        let problem = demo().problem(&format!("/ogc/collections/probes/items?filter={}", encoded(filter)), 400);
        assert_eq!(problem["parameter"], "filter", "{filter}");
        assert!(problem["detail"].as_str().unwrap().contains(word), "{filter}: {problem}");
    }
    assert_eq!(demo().problem("/ogc/collections/probes/items?filter=true&filter-lang=sql", 400)["parameter"], "filter-lang");
    assert_eq!(demo().problem("/ogc/collections/probes/items?depht_m=3", 400)["parameter"], "depht_m");
    let deep = format!("{}true{}", "(".repeat(5_000), ")".repeat(5_000));
    demo().problem(&format!("/ogc/collections/probes/items?filter={deep}"), 400);
}

#[test]
fn pages_are_sorted_as_asked_and_ties_by_number() {
    let all = features("/ogc/collections/probes/items?limit=10000");
    let mut expected: Vec<(i64, Option<f64>)> =
        all.iter().map(|f| (f["id"].as_i64().unwrap(), f["properties"]["depth_m"].as_f64())).collect();
    expected.sort_by(|a, b| b.1.partial_cmp(&a.1).unwrap().then(a.0.cmp(&b.0)));
    let expected: Vec<i64> = expected.into_iter().map(|(id, _)| id).take(500).collect();
    assert_eq!(ids("/ogc/collections/probes/items?limit=500&sortby=-depth_m"), expected);
    assert_eq!(ids("/ogc/collections/plants/items?sortby=-id"), [3, 2, 1]);
    assert_eq!(demo().problem("/ogc/collections/probes/items?sortby=depht_m", 400)["parameter"], "sortby");
}

#[test]
fn properties_are_chosen_and_left_out() {
    let only = features("/ogc/collections/fields/items?limit=1&properties=status,name&skipGeometry=true");
    let names: Vec<&String> = only[0]["properties"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["name", "status"], "in the order of the schema");
    assert!(only[0]["geometry"].is_null());
    let without = features("/ogc/collections/fields/items?limit=1&exclude-properties=status");
    assert!(!without[0]["properties"].as_object().unwrap().contains_key("status"));
    assert!(without[0]["properties"].as_object().unwrap().contains_key("name"));
    let item = demo().json("/ogc/collections/fields/items/1?properties=name");
    assert_eq!(item["properties"].as_object().unwrap().len(), 1);
    assert_eq!(demo().problem("/ogc/collections/fields/items?properties=nme", 400)["parameter"], "properties");
}

#[test]
fn words_are_searched_in_texts() {
    let all = features("/ogc/collections/settlements/items?limit=10000");
    let name = all[3]["properties"]["name"].as_str().unwrap().to_owned();
    let found = features(&format!("/ogc/collections/settlements/items?q={}", encoded(&name.to_uppercase())));
    assert!(found.iter().any(|feature| feature["id"] == all[3]["id"]), "{name}");
    assert!(found.len() < all.len());
}

#[test]
fn a_day_chooses_features_that_have_one() {
    let all = features("/ogc/collections/probes/items?limit=10000");
    let day = |feature: &Value| feature["properties"]["date"].as_str().map(str::to_owned);
    let first = all.iter().filter_map(day).min().expect("probes have days");
    let expected = all.iter().filter(|feature| day(feature).is_none_or(|day| day == first)).count();
    let found = demo().json(&format!("/ogc/collections/probes/items?limit=1&datetime={first}"));
    assert_eq!(found["numberMatched"].as_u64().unwrap(), expected as u64, "{first}");
    let extent = demo().json("/ogc/collections/probes")["extent"]["temporal"]["interval"][0][0].clone();
    assert_eq!(extent, format!("{first}T00:00:00Z"));
    assert_eq!(demo().problem("/ogc/collections/probes/items?datetime=yesterday", 400)["parameter"], "datetime");
}

#[test]
fn lines_lose_vertices_and_polygons_do_not_vanish() {
    let vertices = |feature: &Value| feature["geometry"].to_string().matches('[').count();
    let whole = features("/ogc/collections/deposits/items");
    for asked in ["max-allowable-offset=0.01", "zoom-level=8", "zoom-level=0"] {
        let simple = features(&format!("/ogc/collections/deposits/items?{asked}"));
        assert_eq!(simple.len(), whole.len());
        let (before, after): (usize, usize) = (whole.iter().map(vertices).sum(), simple.iter().map(vertices).sum());
        assert!(after < before, "{asked}: {after} of {before}");
        assert!(simple.iter().all(|feature| vertices(feature) > 4), "{asked}: each is a polygon still");
    }
    // The unit is that of the system: a hundred metres are little, a hundred degrees a world.
    let metres = features("/ogc/collections/deposits/items?crs=EPSG:32637&max-allowable-offset=100");
    assert!(metres.iter().map(vertices).sum::<usize>() > 4 * metres.len());
    assert_eq!(
        demo().problem("/ogc/collections/deposits/items?max-allowable-offset=-1", 400)["parameter"],
        "max-allowable-offset"
    );
}

#[test]
fn schemas_say_what_each_property_is() {
    let collection = demo().json("/ogc/collections/probes");
    let rels: BTreeSet<&str> = collection["links"].as_array().unwrap().iter().map(|link| link["rel"].as_str().unwrap()).collect();
    for name in ["schema", "queryables", "sortables"] {
        assert!(rels.contains(format!("http://www.opengis.net/def/rel/ogc/1.0/{name}").as_str()), "{name}");
        assert!(rels.contains(format!("[ogc-rel:{name}]").as_str()), "{name}");
        let address = format!("/ogc/collections/probes/{name}");
        assert_eq!(demo().get(&address).content_type, "application/schema+json");
        let plain = demo().get_with(&address, &[("Accept", "application/json")]);
        assert_eq!((plain.status, plain.content_type.as_str()), (200, "application/json"));
    }
    let schema = demo().json("/ogc/collections/probes/schema");
    assert_eq!(schema["properties"]["id"]["x-ogc-role"], "id");
    assert_eq!(schema["properties"]["id"]["readOnly"], true);
    assert_eq!(schema["properties"]["geometry"]["x-ogc-role"], "primary-geometry");
    assert_eq!(schema["properties"]["date"]["x-ogc-role"], "primary-instant");
    assert_eq!(schema["properties"]["depth_m"]["x-ogc-unit"], "m");
    assert!(demo().json("/ogc/collections/probes/sortables")["properties"].get("geometry").is_none());
    assert!(demo().json("/ogc/collections/cores/queryables")["properties"].get("layers").is_none());
}

#[test]
fn the_functions_of_filters_are_listed() {
    let functions = demo().json("/ogc/functions")["functions"].as_array().unwrap().clone();
    assert!(!functions.is_empty());
    for function in functions {
        assert!(function["name"].is_string() && function["returns"].is_array(), "{function}");
    }
}

#[test]
fn the_classes_that_clients_look_for_are_there() {
    let conformance = demo().json("/ogc/conformance");
    let classes: BTreeSet<&str> = conformance["conformsTo"].as_array().unwrap().iter().map(|uri| uri.as_str().unwrap()).collect();
    for class in [
        "ogcapi-features-2/1.0/conf/crs",
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/basic-spatial-operators",
        "ogcapi-common-3/1.0/conf/schemas",
        "ogcapi-features-5/1.0/conf/schemas",
        "ogcapi-features-4/1.0/conf/create-replace-delete",
    ] {
        assert!(classes.contains(format!("http://www.opengis.net/spec/{class}").as_str()), "{class}");
    }
    assert_eq!(classes.len(), conformance["conformsTo"].as_array().unwrap().len(), "none stands twice");
}
