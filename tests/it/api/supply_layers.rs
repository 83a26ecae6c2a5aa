//! The layers of a supply, with the supply itself and GDAL as their judges.

use crate::support::files::{file, run};
use crate::support::server::demo;
use serde_json::Value;
use std::collections::BTreeMap;

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("{name} is missing: {value}"))
}

fn properties(collection: &Value) -> Vec<&Value> {
    assert_eq!(collection["type"], "FeatureCollection");
    collection["features"].as_array().unwrap().iter().map(|feature| &feature["properties"]).collect()
}

fn sum(rows: &[&Value], name: &str) -> f64 {
    rows.iter().map(|row| number(row, name)).sum()
}

/// What `ogrinfo` says of one layer of a `GeoPackage`.
fn by_gdal(path: &str, layer: &str, figures: &str) -> BTreeMap<String, f64> {
    let (kind, bytes) = demo().bytes(path);
    assert_eq!(kind, "application/geopackage+sqlite3", "{path}");
    let package = file(&format!("{layer}.gpkg"), bytes);
    let sql = format!("SELECT {figures} FROM {layer}");
    let said = run("ogrinfo", &["-q", package.to_str().unwrap(), "-dialect", "SQLITE", "-sql", &sql]);
    let figure = |line: &str| {
        let (name, value) = line.split_once(" = ")?;
        Some((name.split_whitespace().next()?.to_owned(), value.trim().parse().ok()?))
    };
    said.lines().filter_map(figure).collect()
}

#[test]
fn flows_are_the_fields_in_use_and_add_up_to_what_is_covered() {
    for plant in [1, 2, 3] {
        let (supply, layer) = (demo().json(&format!("/supply/{plant}")), demo().json(&format!("/supply/{plant}/flows")));
        let flows = properties(&layer);
        let in_use: Vec<&Value> =
            supply["fields"].as_array().unwrap().iter().filter(|field| number(field, "used_mwh_a") > 0.0).collect();
        assert!(!flows.is_empty() && flows.len() == in_use.len());
        assert!((sum(&flows, "mwh_a") - number(&supply, "covered_mwh_a")).abs() < 1e-3);
        let spent: f64 = flows.iter().map(|flow| number(flow, "mwh_a") * number(flow, "cost_rub_mwh")).sum();
        let by_tonne: f64 = flows.iter().map(|flow| number(flow, "t_a") * number(flow, "cost_rub_t")).sum();
        assert!((spent / by_tonne - 1.0).abs() < 1e-9, "a rouble is the same by tonne and by energy");
        assert!((spent / number(&supply, "covered_mwh_a") - number(&supply, "mean_cost_rub_mwh")).abs() < 1e-6);
        for (flow, field) in flows.iter().zip(in_use) {
            assert_eq!((&flow["field_id"], &flow["marginal"]), (&field["field_id"], &field["marginal"]));
            assert_eq!((&flow["distance_km"], &flow["mwh_a"]), (&field["distance_km"], &field["used_mwh_a"]));
            let modes: Vec<&str> = field["legs"].as_array().unwrap().iter().map(|leg| leg["mode"].as_str().unwrap()).collect();
            assert_eq!(flow["modes"], modes.join(", "));
        }
        for feature in layer["features"].as_array().unwrap() {
            let end = feature["geometry"]["coordinates"].as_array().unwrap().last().unwrap();
            for axis in [0, 1] {
                let plant = &supply["plant"]["coordinates"][axis];
                assert!((end[axis].as_f64().unwrap() - plant.as_f64().unwrap()).abs() < 1e-6, "it ends at the plant");
            }
        }
        for name in
            ["inputs_hash", "rests_on", "parameters", "warnings", "currency", "price_year", "software_version", "synthetic"]
        {
            assert_eq!(layer[name], supply[name], "{name}");
        }
    }
    let drawn = demo().json("/supply/1/flows?routes=false");
    assert!(drawn["features"][0]["geometry"]["coordinates"].as_array().unwrap().len() > 1, "lines are what it is asked for");
}

#[test]
fn a_plant_at_a_place_has_layers_too() {
    let inputs = "at=40.66,55.62&fuel_power_mw=60";
    let supply = demo().json(&format!("/supply?{inputs}"));
    let flows = demo().json(&format!("/supply/flows?{inputs}"));
    assert!((sum(&properties(&flows), "mwh_a") - number(&supply, "covered_mwh_a")).abs() < 1e-3);
    assert!(flows["plant"]["id"].is_null());
    let catchment = demo().json(&format!("/supply/catchment?{inputs}"));
    assert_eq!(catchment["plants"][0]["coordinates"], supply["plant"]["coordinates"]);
    assert!(!properties(&catchment).is_empty());
    let depletion = demo().json(&format!("/supply/depletion?{inputs}&year=5"));
    assert_eq!(properties(&depletion).len(), supply["deposits"].as_array().unwrap().len());
}

#[test]
fn a_catchment_ends_where_its_limit_lies_and_its_lengths_are_those_gdal_measures() {
    let supply = demo().json("/supply/1");
    let marginal = supply["fields"].as_array().unwrap().iter().find(|field| field["marginal"] == true).unwrap();
    for (inputs, name, of_field) in
        [("", "rub_t", "haul_cost_rub_t"), ("?measure=distance", "km", "distance_km"), ("?measure=time", "h", "travel_h")]
    {
        let layer = demo().json(&format!("/supply/1/catchment{inputs}"));
        assert_eq!(layer["most"], marginal[of_field], "the marginal field's haul is the limit");
        let (most, lines) = (number(&layer, "most"), properties(&layer));
        let ends = lines.iter().flat_map(|line| [number(line, &format!("from_{name}")), number(line, &format!("to_{name}"))]);
        let ends: Vec<f64> = ends.collect();
        assert!(ends.iter().all(|value| (0.0..=most * (1.0 + 1e-12)).contains(value)));
        let plant = &layer["plants"][0];
        let told = number(plant, "roads_km") + number(plant, "narrow_gauge_km");
        assert!(told > 1.0 && (sum(&lines, "length_km") - told).abs() < 1e-6, "{inputs}");

        let join = if inputs.is_empty() { "?" } else { "&" };
        let figures = "count(*) AS n, sum(ST_Length(ST_Transform(geom, 32637))) / 1000 AS drawn, sum(length_km) AS said";
        let measured = by_gdal(&format!("/supply/1/catchment{inputs}{join}f=gpkg"), "catchment", figures);
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let count = lines.len() as f64;
        assert!((measured["n"] - count).abs() < 0.5);
        assert!((measured["drawn"] / told - 1.0).abs() < 2e-3, "{inputs}: {measured:?} {told}");
    }
}

#[test]
fn a_further_limit_reaches_more_and_plants_share_the_roads() {
    let length = |path: &str| sum(&properties(&demo().json(path)), "length_km");
    let (near, far) =
        (length("/supply/1/catchment?measure=distance&most=10"), length("/supply/1/catchment?measure=distance&most=30"));
    assert!(0.0 < near && near < far, "{near} {far}");
    let alone = [1, 2].map(|plant| length(&format!("/supply/{plant}/catchment?measure=distance&most=60")));
    let shared = demo().json("/supply/1/catchment?measure=distance&most=60&plants=2,2,1");
    assert_eq!(shared["plants"].as_array().unwrap().len(), 2, "each plant once");
    let together = sum(&properties(&shared), "length_km");
    assert!(together <= alone[0] + alone[1] + 1e-6 && together >= alone[0].max(alone[1]) - 1e-6, "{alone:?} {together}");
    for (place, plant) in shared["plants"].as_array().unwrap().iter().enumerate() {
        let own: Vec<&Value> =
            properties(&shared).into_iter().filter(|line| line["plant"].as_u64() == u64::try_from(place + 1).ok()).collect();
        assert!(own.iter().all(|line| line["plant_id"] == plant["id"]));
        assert!((sum(&own, "length_km") - number(plant, "roads_km") - number(plant, "narrow_gauge_km")).abs() < 1e-6);
    }
    let hash = |path: &str| demo().json(path)["inputs_hash"].as_str().unwrap().to_owned();
    assert_ne!(hash("/supply/1/catchment?most=300"), hash("/supply/1/catchment?most=400"), "another limit is another layer");
}

#[test]
fn a_place_without_roads_reaches_nothing_and_says_so() {
    let layer = demo().json("/supply/catchment?at=44.5,57.5&most=500");
    assert!(properties(&layer).is_empty());
    assert_eq!(layer["plants"][0]["reaches_network"], false);
    assert!(layer["warnings"].as_array().unwrap().iter().any(|warning| warning["code"] == "plant_off_network"), "{layer}");
    let empty = by_gdal("/supply/catchment?at=44.5,57.5&most=500&f=gpkg", "catchment", "count(*) AS n");
    assert!(empty["n"].abs() < 0.5, "a layer without rows is a layer");
    assert_eq!(demo().problem("/supply/flows?at=30,59&fuel_power_mw=10", 400)["parameter"], "at");
}

#[test]
fn depletion_shows_what_the_years_of_the_supply_say() {
    let supply = demo().json("/supply/3");
    let (deposits, years) = (supply["deposits"].as_array().unwrap(), supply["years"].as_array().unwrap());
    for year in [0, 1, 20, 50] {
        let layer = demo().json(&format!("/supply/3/depletion?year={year}"));
        let rows = properties(&layer);
        assert_eq!(rows.len(), deposits.len());
        for (place, (row, deposit)) in rows.iter().zip(deposits).enumerate() {
            assert_eq!(row["deposit_id"], deposit["deposit_id"]);
            assert_eq!(row["worked_out_year"], deposit["worked_out_year"]);
            let left = match year {
                0 => &deposit["stock_mwh"],
                year => &years[year - 1]["remaining_by_deposit"][place],
            };
            assert_eq!(&row["remaining_mwh"], left);
            let share = number(row, "remaining_mwh") / number(row, "stock_mwh");
            assert!((number(row, "remaining_share") - share).abs() < 1e-12);
        }
        let layer = demo().json(&format!("/supply/3/depletion?year={year}&of=fields"));
        for row in &rows {
            let fields: Vec<&Value> =
                properties(&layer).into_iter().filter(|field| field["deposit_id"] == row["deposit_id"]).collect();
            for name in ["stock_mwh", "remaining_mwh", "taken_mwh_a"] {
                assert!((sum(&fields, name) - number(row, name)).abs() < 1.0, "{name} of year {year}: {row}");
            }
        }
        let taken = if year == 0 { 0.0 } else { number(&years[year - 1], "supplied_mwh") };
        assert!((sum(&rows, "taken_mwh_a") - taken).abs() < 1.0);
    }
    let (first, layer) = (demo().json("/supply/3/depletion"), demo().json("/supply/3/depletion?year=0"));
    assert_eq!(first, layer, "now, where no year is said");
    let figures = "count(*) AS n, sum(remaining_mwh) AS remaining, min(ST_IsValid(geom)) AS sound";
    let measured = by_gdal("/supply/3/depletion?year=20&of=fields&f=gpkg", "depletion", figures);
    let fields = demo().json("/supply/3/depletion?year=20&of=fields");
    assert!((measured["remaining"] - sum(&properties(&fields), "remaining_mwh")).abs() < 1.0);
    assert!(measured["sound"] > 0.5, "every area is valid");
}

#[test]
fn what_a_layer_cannot_be_asked_for_is_refused_by_name() {
    for (path, parameter) in [
        ("/supply/1/catchment?most=-1", "most"),
        ("/supply/1/catchment?most=0", "most"),
        ("/supply/1/catchment?most=far", "most"),
        ("/supply/1/catchment?most=1e300", "most"),
        ("/supply/1/catchment?measure=time&most=101", "most"),
        ("/supply/1/catchment?measure=roubles", "measure"),
        ("/supply/1/catchment?plants=Atlantis", "plants"),
        ("/supply/1/catchment?truck_cost_rub_km=-5", "truck_cost_rub_km"),
        ("/supply/1/depletion?year=-1", "year"),
        ("/supply/1/depletion?year=51", "year"),
        ("/supply/1/depletion?year=1.5", "year"),
        ("/supply/1/depletion?of=peat", "of"),
        ("/supply/1/flows?most=3", "most"),
        ("/supply/1/flows?routes=perhaps", "routes"),
        ("/supply/1/flows?f=dwg", "f"),
        ("/supply/flows", "at"),
    ] {
        assert_eq!(demo().problem(path, 400)["parameter"], parameter, "{path}");
    }
    assert!(demo().problem("/supply/1/catchment?plants=Atlantis", 400)["detail"].as_str().unwrap().contains("there are"));
    demo().problem("/supply/Atlantis/flows", 404);
    demo().problem("/supply/1/isochrones", 404);
}

#[test]
fn a_layer_is_had_by_accept_and_known_by_its_tag() {
    let path = "/supply/1/flows";
    let answer = demo().get_with(path, &[("Accept", "application/geo+json")]);
    assert_eq!((answer.status, answer.content_type.as_str()), (200, "application/geo+json"));
    assert!(answer.headers["vary"].to_str().unwrap().contains("Accept"));
    let tag = answer.headers["etag"].to_str().unwrap().to_owned();
    let again = demo().get_with(path, &[("If-None-Match", &tag)]);
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    let other = demo().get_with("/supply/1/flows?truck_cost_rub_km=99", &[("If-None-Match", &tag)]);
    assert_eq!(other.status, 200, "other costs are other flows");
    let (kind, bytes) = demo().bytes("/supply/1/flows?f=gpkg");
    assert!(kind.contains("geopackage") && bytes.starts_with(b"SQLite format 3\0"));
    assert_eq!(demo().get_with(path, &[("Accept", "image/png")]).status, 406);
    let flows = by_gdal("/supply/1/flows?f=gpkg", "flows", "count(*) AS n, sum(mwh_a) AS mwh");
    assert!((flows["mwh"] - number(&demo().json("/supply/1"), "covered_mwh_a")).abs() < 1e-2);
}

#[test]
fn the_description_of_the_api_names_them() {
    let api = demo().get_with("/ogc/api", &[("Accept", "application/vnd.oai.openapi+json;version=3.0")]).json();
    for (path, own) in [
        ("/supply/{plant}/flows", "f"),
        ("/supply/{plant}/catchment", "measure"),
        ("/supply/catchment", "plants"),
        ("/supply/depletion", "year"),
    ] {
        let parameters = api["paths"][path]["get"]["parameters"].as_array().unwrap_or_else(|| panic!("{path}"));
        assert!(parameters.iter().any(|parameter| parameter["name"] == own), "{path}: {own}");
        assert!(parameters.iter().all(|parameter| parameter["name"] != "routes"));
    }
}
