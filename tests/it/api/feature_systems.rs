//! OGC API Features, part 2: systems by reference, in the authority's order of axes, both ways.

use crate::support::server::demo;
use peatplan::crs::{Crs, Reprojection};
use serde_json::{Value, json};

const EPSG: &str = "http://www.opengis.net/def/crs/EPSG/0/";
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// Systems of the demo project, and whether the northing comes first in each, as the EPSG's register says.
const SYSTEMS: [(u32, bool); 4] = [(4_326, true), (3_857, false), (32_637, false), (28_407, true)];

fn coordinates(feature: &Value) -> (f64, f64) {
    let place = &feature["geometry"]["coordinates"];
    (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
}

#[test]
fn every_collection_lists_its_systems_and_the_one_it_is_stored_in() {
    for collection in demo().json("/ogc/collections")["collections"].as_array().unwrap() {
        // Rows without a place have no system that they are stored in.
        if collection["id"] == "reserve-statements" {
            assert_eq!((&collection["crs"], &collection["storageCrs"]), (&json!([CRS84]), &Value::Null), "{collection}");
            continue;
        }
        let systems: Vec<&str> = collection["crs"].as_array().unwrap().iter().map(|uri| uri.as_str().unwrap()).collect();
        assert_eq!(systems[0], CRS84);
        assert_eq!(collection["storageCrs"], CRS84);
        for (code, _) in SYSTEMS {
            assert!(systems.contains(&format!("{EPSG}{code}").as_str()), "{code}: {systems:?}");
        }
        for system in systems {
            let answer = demo().get(&format!("/ogc/collections/probes/items?limit=1&crs={system}"));
            assert_eq!(answer.status, 200, "{system} is offered: {}", answer.text);
        }
    }
}

#[test]
fn coordinates_stand_in_the_order_of_the_authority() {
    let plain = demo().json("/ogc/collections/probes/items?limit=20");
    for (code, northing_first) in SYSTEMS {
        let answer = demo().get(&format!("/ogc/collections/probes/items?limit=20&crs={EPSG}{code}"));
        assert_eq!(answer.headers["content-crs"], format!("<{EPSG}{code}>"));
        let projected = answer.json();
        let way = Reprojection::new(&Crs::crs84(), &Crs::parse(&format!("EPSG:{code}")).unwrap()).unwrap();
        let tolerance = if code == 4_326 { 2e-7 } else { 0.02 };
        for (before, after) in plain["features"].as_array().unwrap().iter().zip(projected["features"].as_array().unwrap()) {
            let (x, y) = way.point(coordinates(before).0, coordinates(before).1).unwrap();
            let (first, second) = coordinates(after);
            let (east, north) = if northing_first { (second, first) } else { (first, second) };
            assert!((east - x).abs() < tolerance && (north - y).abs() < tolerance, "{code}: {first} {second}, not {x} {y}");
        }
    }
}

#[test]
fn one_feature_is_in_the_system_that_its_page_is_in() {
    let address = format!("/ogc/collections/fields/items?limit=1&crs={EPSG}28407");
    let listed = demo().json(&address)["features"][0].clone();
    let alone = demo().get(&format!("/ogc/collections/fields/items/{}?crs={EPSG}28407", listed["id"]));
    assert_eq!(alone.headers["content-crs"], format!("<{EPSG}28407>"));
    assert_eq!(alone.json()["geometry"], listed["geometry"]);
    let plain = demo().get(&format!("/ogc/collections/fields/items/{}", listed["id"]));
    assert_eq!(plain.headers["content-crs"], format!("<{CRS84}>"));
}

#[test]
fn a_box_in_any_system_finds_the_same() {
    let box84 = [40.5, 55.5, 40.6, 55.55];
    let [west, south, east, north] = box84;
    let plain = demo().json(&format!("/ogc/collections/probes/items?limit=10000&bbox={west},{south},{east},{north}"));
    let inside = plain["numberMatched"].as_u64().unwrap();
    assert!(inside > 20, "{inside}");
    let turned = format!("{south},{west},{north},{east}");
    let geographic = format!("/ogc/collections/probes/items?limit=10000&bbox={turned}&bbox-crs={EPSG}4326");
    assert_eq!(demo().json(&geographic)["numberMatched"], inside);
    // The corners of a box on the middle meridian of a zone: the box round it in degrees is a little larger, never smaller.
    for (code, northing_first) in &SYSTEMS[1..] {
        let way = Reprojection::new(&Crs::crs84(), &Crs::parse(&format!("EPSG:{code}")).unwrap()).unwrap();
        let corners = [(west, south), (west, north), (east, south), (east, north)].map(|(x, y)| way.point(x, y).unwrap());
        let least = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let (x, y) = ([least(|c| c.0), most(|c| c.0)], [least(|c| c.1), most(|c| c.1)]);
        let [a, b] = if *northing_first { [y, x] } else { [x, y] };
        let address =
            format!("/ogc/collections/probes/items?limit=10000&bbox={},{},{},{}&bbox-crs={EPSG}{code}", a[0], b[0], a[1], b[1]);
        let found = demo().json(&address)["numberMatched"].as_u64().unwrap();
        assert!((inside..inside + inside / 5 + 5).contains(&found), "{code}: {found}, of {inside}");
        let swapped = format!("/ogc/collections/probes/items?bbox={},{},{},{}&bbox-crs={EPSG}{code}", b[0], a[0], b[1], a[1]);
        let swapped = demo().get(&swapped);
        assert!(swapped.status == 400 || swapped.json()["numberMatched"] == 0, "{code}: the order of the axes matters");
    }
}

#[test]
fn systems_may_be_named_in_every_way_in_use() {
    let plain = demo().json(&format!("/ogc/collections/plants/items?crs={EPSG}32637"))["features"].clone();
    for name in ["https://www.opengis.net/def/crs/EPSG/0/32637", "urn:ogc:def:crs:EPSG::32637", "%5BEPSG:32637%5D", "EPSG:32637"]
    {
        let answer = demo().get(&format!("/ogc/collections/plants/items?crs={name}"));
        assert_eq!(answer.headers["content-crs"], format!("<{EPSG}32637>"), "{name}");
        assert_eq!(answer.json()["features"], plain, "{name}");
    }
}

#[test]
fn systems_that_are_not_offered_are_refused_with_those_that_are() {
    for parameter in ["crs", "bbox-crs", "filter-crs"] {
        for wrong in ["http://www.opengis.net/def/crs/EPSG/0/27700", "nonsense", "EPSG:999999", "%2Bproj=utm"] {
            let problem = demo().problem(&format!("/ogc/collections/probes/items?{parameter}={wrong}"), 400);
            assert_eq!(problem["parameter"], parameter, "{wrong}");
        }
    }
    let problem = demo().problem("/ogc/collections/probes/items?crs=EPSG:27700", 400);
    assert!(problem["detail"].as_str().unwrap().contains("EPSG:32637"), "{problem}");
    demo().problem("/ogc/collections/probes/items/1?crs=EPSG:27700", 400);
}

#[test]
fn a_filter_may_be_drawn_in_another_system() {
    let area = |ring: &[(f64, f64)]| {
        let ring: Vec<String> = ring.iter().map(|(a, b)| format!("{a}%20{b}")).collect();
        format!("S_INTERSECTS(geometry,POLYGON(({})))", ring.join(","))
    };
    let ring = [(40.5, 55.5), (40.6, 55.5), (40.6, 55.55), (40.5, 55.55), (40.5, 55.5)];
    let plain = demo().json(&format!("/ogc/collections/probes/items?limit=1&filter={}", area(&ring)))["numberMatched"].clone();
    assert!(plain.as_u64().unwrap() > 20);
    for (code, northing_first) in SYSTEMS {
        let way = Reprojection::new(&Crs::crs84(), &Crs::parse(&format!("EPSG:{code}")).unwrap()).unwrap();
        let turned = ring.map(|(x, y)| {
            let (x, y) = way.point(x, y).unwrap();
            if northing_first { (y, x) } else { (x, y) }
        });
        let address =
            format!("/ogc/collections/probes/items?limit=1&filter={}&filter-crs={EPSG}{code}", area(&turned).replace('+', "%2B"));
        let found = demo().json(&address)["numberMatched"].as_i64().unwrap();
        assert!((found - plain.as_i64().unwrap()).abs() <= 2, "{code}: {found}, not {plain}");
    }
}
