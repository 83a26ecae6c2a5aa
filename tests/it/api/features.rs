//! OGC API Features, part 1.

use crate::support::server::demo;
use serde_json::Value;
use std::collections::BTreeSet;

const LAYERS: [&str; 14] = [
    "deposits",
    "fields",
    "probes",
    "cores",
    "reserve-statements",
    "constraints",
    "consumers",
    "plants",
    "scenarios",
    "weather-years",
    "haul-network",
    "settlements",
    "districts",
    "waters",
];

fn link<'a>(document: &'a Value, rel: &str) -> Option<&'a str> {
    document["links"].as_array()?.iter().find(|link| link["rel"] == rel)?["href"].as_str()
}

/// The path of a link to this very server.
fn path(href: &str) -> String {
    href.strip_prefix(&demo().url("")).unwrap_or_else(|| panic!("{href} leads away")).to_owned()
}

#[test]
fn the_landing_page_leads_to_everything() {
    let landing = demo().json("/ogc");
    for rel in ["self", "service-desc", "conformance", "data"] {
        let answer = demo().get(&path(link(&landing, rel).unwrap()));
        assert_eq!(answer.status, 200, "{rel}");
    }
    let description = landing["links"].as_array().unwrap().iter().find(|link| link["rel"] == "service-desc").unwrap();
    assert_eq!(description["type"], "application/vnd.oai.openapi+json;version=3.0");
    assert_eq!(landing["synthetic"], true);
}

#[test]
fn every_layer_is_a_collection_with_its_schema_and_extent() {
    let collections = demo().json("/ogc/collections");
    let ids: Vec<&str> = collections["collections"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(ids, LAYERS);
    for collection in collections["collections"].as_array().unwrap() {
        let id = collection["id"].as_str().unwrap();
        assert_eq!(demo().json(&format!("/ogc/collections/{id}")), *collection);
        let schema = demo().get(&path(link(collection, "describedby").unwrap()));
        assert_eq!((schema.status, schema.content_type.as_str()), (200, "application/schema+json"));
        assert!(link(collection, "describedBy").is_some(), "GDAL before 3.9 knows only this spelling");
        let has_extent = collection["extent"]["spatial"]["bbox"][0].as_array().is_some_and(|bbox| bbox.len() == 4);
        assert_eq!(has_extent, !["reserve-statements", "weather-years"].contains(&id), "{id}");
    }
}

#[test]
fn pages_neither_lose_nor_repeat_a_feature() {
    let mut next = Some("/ogc/collections/probes/items?limit=997".to_owned());
    let (mut seen, mut matched) = (BTreeSet::new(), 0);
    while let Some(address) = next {
        let page = demo().json(&address);
        matched = page["numberMatched"].as_u64().unwrap();
        let features = page["features"].as_array().unwrap();
        assert_eq!(page["numberReturned"].as_u64().unwrap(), features.len() as u64);
        for feature in features {
            assert!(seen.insert(feature["id"].as_i64().unwrap()), "{} came twice", feature["id"]);
        }
        next = link(&page, "next").map(path);
    }
    assert_eq!(seen.len() as u64, matched);
    assert!(matched > 3_000);
}

#[test]
fn a_page_in_the_middle_leads_both_ways() {
    let page = demo().json("/ogc/collections/settlements/items?limit=10&offset=20&bbox=39,55,42,57");
    let before = demo().json(&path(link(&page, "prev").unwrap()));
    assert_eq!(before["numberMatched"], page["numberMatched"]);
    let again = demo().json(&path(link(&before, "next").unwrap()));
    assert_eq!(again["features"], page["features"]);
    let by_offset = demo().json("/ogc/collections/settlements/items?limit=10&offset=10&bbox=39,55,42,57");
    assert_eq!(before["features"], by_offset["features"]);
}

#[test]
fn a_box_finds_what_truly_meets_it() {
    let all = demo().json("/ogc/collections/probes/items?limit=10000");
    let [west, south, east, north] = [40.5, 55.5, 40.7, 55.6];
    let inside = |feature: &&Value| {
        let position = feature["geometry"]["coordinates"].as_array().unwrap();
        let (x, y) = (position[0].as_f64().unwrap(), position[1].as_f64().unwrap());
        (west..=east).contains(&x) && (south..=north).contains(&y)
    };
    let expected = all["features"].as_array().unwrap().iter().filter(inside).count();
    let found = demo().json(&format!("/ogc/collections/probes/items?bbox={west},{south},{east},{north}&limit=1"));
    assert_eq!(found["numberMatched"].as_u64().unwrap(), expected as u64);
    assert!(expected > 50 && (expected as u64) < all["numberMatched"].as_u64().unwrap());
}

#[test]
fn a_box_over_the_antimeridian_finds_nothing_here_and_is_no_error() {
    assert_eq!(demo().json("/ogc/collections/deposits/items?bbox=177,65,-177,70")["numberMatched"], 0);
}

#[test]
fn rows_without_geometry_match_every_box() {
    let all = demo().json("/ogc/collections/reserve-statements/items");
    let boxed = demo().json("/ogc/collections/reserve-statements/items?bbox=-80,-5,-70,5");
    assert_eq!(boxed["numberMatched"], all["numberMatched"]);
    assert!(all["features"][0]["geometry"].is_null());
}

#[test]
fn one_feature_is_the_same_alone_and_in_its_page() {
    for layer in LAYERS {
        let page = demo().json(&format!("/ogc/collections/{layer}/items?limit=1&offset=1"));
        let listed = &page["features"][0];
        if listed.is_null() {
            assert_eq!(layer, "weather-years", "the demonstration has rows of every other layer");
            continue;
        }
        let answer = demo().get(&format!("/ogc/collections/{layer}/items/{}", listed["id"]));
        assert_eq!(answer.content_type, "application/geo+json");
        let mut alone = answer.json();
        assert!(link(&alone, "collection").is_some());
        alone.as_object_mut().unwrap().remove("links");
        assert_eq!(alone, *listed, "{layer}");
    }
}

#[test]
fn every_property_of_the_schema_is_there_and_no_other() {
    for layer in LAYERS {
        let schema = demo().json(&format!("/ogc/collections/{layer}/schema"));
        let mut expected: BTreeSet<&String> = schema["properties"].as_object().unwrap().keys().collect();
        expected.retain(|name| !matches!(name.as_str(), "geometry" | "id"));
        let page = demo().json(&format!("/ogc/collections/{layer}/items?limit=5"));
        for feature in page["features"].as_array().unwrap() {
            let names: BTreeSet<&String> = feature["properties"].as_object().unwrap().keys().collect();
            assert_eq!(names, expected, "{layer}");
        }
    }
}

#[test]
fn a_limit_past_the_cap_gets_the_cap() {
    let page = demo().json("/ogc/collections/probes/items?limit=1000000");
    assert_eq!(page["numberReturned"].as_u64().unwrap(), 5_844);
}

#[test]
fn counts_stand_in_the_headers_too() {
    let answer = demo().get("/ogc/collections/plants/items?limit=2");
    assert_eq!(answer.headers["OGC-NumberMatched"], "3");
    assert_eq!(answer.headers["OGC-NumberReturned"], "2");
    assert_eq!(answer.headers["Access-Control-Allow-Origin"], "*");
}

#[test]
fn what_is_only_read_says_so_to_other_methods() {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let url = demo().url("/ogc/collections/deposits/schema");
    assert_eq!(agent.head(&url).call().unwrap().status(), 200);
    assert_eq!(agent.head(demo().url("/health/live")).call().unwrap().status(), 200);
    let options = agent.options(&url).call().unwrap();
    assert_eq!((options.status().as_u16(), &options.headers()["allow"]), (204, &"GET, HEAD, OPTIONS".parse().unwrap()));
    let post = agent.post(&url).send("{}").unwrap();
    assert_eq!((post.status().as_u16(), &post.headers()["allow"]), (405, &"GET, HEAD, OPTIONS".parse().unwrap()));
}

#[test]
fn links_repeat_no_host_that_is_none_and_believe_no_forwarded_one() {
    let agent: ureq::Agent = ureq::Agent::new_with_defaults();
    let asked = agent.get(demo().url("/ogc")).header("X-Forwarded-Host", "evil.example").header("Forwarded", "host=evil.example");
    let text = asked.call().unwrap().body_mut().read_to_string().unwrap();
    assert!(!text.contains("evil"), "{text}");
}

#[test]
fn the_api_document_describes_every_path_that_it_names() {
    let answer = demo().get("/ogc/api");
    assert_eq!(answer.content_type, "application/vnd.oai.openapi+json;version=3.0");
    let document = answer.json();
    assert_eq!(document["openapi"], "3.0.3");
    let paths = document["paths"].as_object().unwrap();
    for layer in LAYERS {
        let items = &paths[&format!("/collections/{layer}/items")]["get"];
        let name_or_reference = |p: &Value| p["name"].as_str().or(p["$ref"].as_str()).unwrap().to_owned();
        let names: Vec<String> = items["parameters"].as_array().unwrap().iter().map(name_or_reference).collect();
        assert_eq!(names[..4], ["bbox", "#/components/parameters/limit", "offset", "datetime"]);
        let limit = &document["components"]["parameters"]["limit"]["schema"];
        assert_eq!(
            (limit["minimum"].as_u64(), limit["maximum"].as_u64(), limit["default"].as_u64()),
            (Some(1), Some(10_000), Some(1_000))
        );
    }
    let readable = paths.iter().filter(|(path, item)| item["get"].is_object() && !path.contains('{'));
    for (path, item) in readable {
        let root = if item.get("servers").is_some() { "" } else { "/ogc" };
        // These need a place, an area or a deposit.
        let wanted = if path.starts_with("/supply") || path == "/reserves" { 400 } else { 200 };
        assert_eq!(demo().get(&format!("{root}{path}")).status, wanted, "{path}");
    }
    // Every reference leads somewhere within the document.
    let text = answer.text;
    for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}
