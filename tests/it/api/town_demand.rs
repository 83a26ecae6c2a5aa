//! The demand of the project's consumers as a process: sums that add up, the same answer wherever the weather comes from, and files that
//! are no weather.

use crate::support::projects::copy_of;
use crate::support::server::{Answer, Server, demo};
use crate::support::weather::{chicago, fichtelberg};
use serde_json::{Value, json};
use std::sync::LazyLock;

const EXECUTION: &str = "/ogc/processes/town-demand/execution";
const ITEMS: &str = "/ogc/collections/weather-years/items";

fn asked(server: &Server, inputs: &Value) -> Answer {
    server.post(EXECUTION, &json!({ "inputs": inputs }).to_string())
}

fn demand(server: &Server, inputs: &Value) -> Value {
    let answer = asked(server, inputs);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn refused(inputs: &Value, parameter: &str) -> String {
    let answer = asked(demo(), inputs);
    assert_eq!((answer.status, answer.content_type.as_str()), (400, "application/problem+json"), "{}", answer.text);
    let problem = answer.json();
    assert_eq!(problem["parameter"], parameter, "{problem}");
    problem["detail"].as_str().unwrap().to_owned()
}

fn number(value: &Value, path: &str) -> f64 {
    value.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("no number at {path}"))
}

fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    value.pointer(path).and_then(Value::as_array).unwrap_or_else(|| panic!("no list at {path}"))
}

fn near(ours: f64, wanted: f64) {
    assert!((ours - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{ours} against {wanted}");
}

/// The text of the hours of a year, by a writer of its own.
fn base64(bytes: &[u8]) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<bool> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
    let six = |bits: &[bool]| bits.iter().fold(0_usize, |word, bit| 2 * word + usize::from(*bit));
    bits.chunks(6).map(|bits| char::from(letters[six(bits)])).collect()
}

fn row(name: &str, hourly_c: &str) -> Value {
    json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": [40.4, 56.1] },
        "properties": { "name": name, "kind": "other", "hourly_c": hourly_c },
    })
}

static TOWN: LazyLock<Value> = LazyLock::new(|| demand(demo(), &json!({})));

#[test]
fn a_town_is_the_sum_of_its_consumers() {
    let town = &*TOWN;
    let consumers = list(town, "/consumers");
    let rows = demo().json("/ogc/collections/consumers/items?resultType=hits");
    assert_eq!(rows["numberMatched"], consumers.len());
    let sum = |path: &str| consumers.iter().map(|one| number(one, path)).sum::<f64>();
    near(number(town, "/heat/energy_mwh_a"), sum("/heat/energy_mwh_a"));
    near(number(town, "/power/energy_mwh_a"), sum("/power/energy_mwh_a"));
    near(number(town, "/process/energy_mwh_a"), sum("/process_heat_mwh_a"));
    let parts = ["space_heat_mwh_a", "hot_water_mwh_a", "process_heat_mwh_a", "network_loss_mwh_a"];
    near(parts.iter().map(|part| number(town, &format!("/by_use/{part}"))).sum(), number(town, "/by_use/heat_mwh_a"));
    near(number(town, "/by_use/heat_mwh_a"), number(town, "/heat/energy_mwh_a"));
    near(list(town, "/heat/monthly_mwh").iter().map(|month| month.as_f64().unwrap()).sum(), number(town, "/heat/energy_mwh_a"));
    // Peaks at different hours do not add up to more than the sum of peaks.
    let peak = number(town, "/heat/peak_mw");
    assert!(peak <= sum("/heat/peak_mw") + 1e-9 && consumers.iter().all(|one| number(one, "/heat/peak_mw") <= peak));
    near(number(town, "/heat/full_load_hours"), number(town, "/heat/energy_mwh_a") / peak);
}

#[test]
fn the_area_under_the_duration_curve_is_the_energy() {
    for load in ["heat", "process", "power"] {
        let steps = list(&TOWN, &format!("/{load}/duration"));
        let area: f64 = steps.iter().map(|step| number(step, "/hours") * number(step, "/load_mw")).sum();
        near(area, number(&TOWN, &format!("/{load}/energy_mwh_a")));
        near(steps.iter().map(|step| number(step, "/hours")).sum(), 8_760.0);
        assert!(steps.windows(2).all(|pair| number(&pair[0], "/load_mw") >= number(&pair[1], "/load_mw")), "{load} falls");
    }
}

#[test]
fn the_hours_that_are_asked_for_add_up_to_the_year() {
    let town = demand(demo(), &json!({ "hourly": true }));
    let hours = list(&town, "/hourly/heat_mw");
    assert_eq!(hours.len(), 8_760);
    let energy: f64 = hours.iter().map(|hour| hour.as_f64().unwrap()).sum();
    assert!((energy - number(&town, "/heat/energy_mwh_a")).abs() < 8_760.0 * 1e-6, "to the watt");
    let coldest = list(&town, "/hourly/outdoor_c").iter().map(|hour| hour.as_f64().unwrap()).fold(f64::INFINITY, f64::min);
    assert!((coldest - number(&town, "/weather/coldest_hour_c")).abs() <= 0.005 + 1e-9);
    assert_eq!(TOWN.get("hourly"), None);
}

#[test]
fn the_norms_year_is_that_of_vladimir_beside_its_closed_form() {
    assert_eq!(TOWN["weather"]["kind"], "synthetic");
    // (20 + 3.5) K times 213 days, of the norm and of the year that is made from it.
    near(number(&TOWN, "/degree_days/degree_days_k_d"), 5_005.5);
    assert!((number(&TOWN, "/weather_degree_days/degree_days_k_d") - 5_005.5).abs() < 0.1);
    // Rossander: half the peak covers 86.25 % of space heat.
    let half = list(&TOWN, "/space_heat_coverage").iter().find(|row| row["relative_capacity"] == 0.5).unwrap();
    assert!((number(half, "/heat_share") - 0.8625).abs() < 5e-5);
    let answered = ["parameters", "rests_on", "warnings", "inputs_hash", "software_version"];
    assert!(answered.iter().all(|name| !TOWN[name].is_null()));
    assert_eq!((&TOWN["synthetic"], &TOWN["parameters"]["design_temperature_c"]), (&json!(true), &json!(-28.0)));
}

#[test]
fn consumers_are_chosen_by_id_code_or_name() {
    let first = &list(&TOWN, "/consumers")[0];
    let by = |name: &Value| demand(demo(), &json!({ "consumers": [name] }));
    let (by_id, by_name) = (by(&first["consumer"]), by(&first["name"]));
    assert_eq!(by_id["consumers"], json!([first]), "a consumer alone is what it is in the town");
    assert_eq!(
        (&by_id["heat"]["energy_mwh_a"], &by_id["inputs_hash"]),
        (&by_name["heat"]["energy_mwh_a"], &by_name["inputs_hash"])
    );
    let said = refused(&json!({ "consumers": ["nobody"] }), "consumers");
    assert!(said.contains("there is no consumer \"nobody\"; there are"), "{said}");
}

#[test]
fn a_file_and_the_stored_year_give_the_same_answer() {
    let server = Server::start(&copy_of("demo.gpkg"));
    let by_file = demand(&server, &json!({ "weather_file": chicago(), "annual_heat_refers_to": "norm" }));
    assert_eq!((&by_file["weather"]["kind"], &by_file["weather"]["filled_hours"]), (&json!("energy_plus"), &json!(0)));
    let hours: Vec<u8> = chicago()
        .lines()
        .skip(8)
        .flat_map(|line| {
            // Two decimals in every row: without the point they are hundredths.
            let temperature = line.split(',').nth(6).unwrap().replace('.', "");
            temperature.parse::<i16>().unwrap().to_le_bytes()
        })
        .collect();
    let answer = server.post_as(ITEMS, "application/geo+json", &row("Chicago", &base64(&hours)).to_string(), &[]);
    assert_eq!(answer.status, 201, "{}", answer.text);
    let by_year = demand(&server, &json!({ "weather": "chicago", "annual_heat_refers_to": "norm" }));
    for part in ["heat", "power", "consumers", "weather_degree_days", "inputs_hash"] {
        let of =
            |town: &Value| if part == "weather_degree_days" { town[part]["degree_days_k_d"].clone() } else { town[part].clone() };
        assert_eq!(of(&by_file), of(&by_year), "{part}");
    }
    assert_eq!(by_year["weather_year"]["name"], "Chicago");
    assert!(number(&by_year, "/weather_year/distance_km") < 100.0, "the point that was sent");
    assert_ne!(by_file["inputs_hash"], TOWN["inputs_hash"]);

    // The hours are in no list, and in the row itself.
    let list = server.json(ITEMS);
    assert_eq!(list["numberMatched"], 1);
    assert_eq!(list["features"][0]["properties"].get("hourly_c"), None, "{list}");
    let named = server.json(&format!("{ITEMS}?properties=name,hourly_c"));
    assert_eq!(named["features"][0]["properties"]["hourly_c"].as_str().unwrap().len(), 23_360);
    let address = answer.headers["location"].to_str().unwrap();
    let alone = server.json(&address[address.find("/ogc").unwrap()..]);
    assert_eq!(alone["properties"]["hourly_c"], base64(&hours));
    assert_eq!(server.json(&format!("{ITEMS}?q=AAAA"))["numberMatched"], 0, "nobody looks for a word in numbers");
    let schema = server.json("/ogc/collections/weather-years/schema");
    assert_eq!(schema["properties"]["hourly_c"]["maxLength"], 23_360);
    let tiles = server.json("/ogc/tiles/WebMercatorQuad?f=tilejson");
    assert!(!tiles["vector_layers"].as_array().unwrap().iter().any(|layer| layer["id"] == "weather-years"));
    let page = server.get_with(&address[address.find("/ogc").unwrap()..], &[("Accept", "text/html")]);
    assert!(page.status == 200 && page.text.len() < 23_360, "a page shows a part");
}

#[test]
fn a_test_reference_year_is_read_as_its_kind() {
    let text: String = fichtelberg().iter().map(|byte| char::from(*byte)).collect();
    let town = demand(demo(), &json!({ "weather_file": text }));
    assert_eq!(town["weather"]["kind"], "test_reference_year");
    assert!(town["weather"]["place"].as_str().unwrap().contains("Fichtelberg"));
    // Where a row states its annual heat, the year in use carries it, whatever the weather.
    let rows = demo().json("/ogc/collections/consumers/items?limit=1000&skipGeometry=true");
    let mut checked = 0;
    for row in list(&rows, "/features") {
        let Some(stated) = row["properties"]["heat_demand_mwh_a"].as_f64() else { continue };
        for answer in [&town, &*TOWN] {
            let own = list(answer, "/consumers").iter().find(|own| own["consumer"] == row["id"]).unwrap();
            near(number(own, "/heat/energy_mwh_a") - number(own, "/network_loss_mwh_a"), stated);
        }
        checked += 1;
    }
    assert!(checked > 0);
}

#[test]
fn what_is_no_weather_is_refused_and_the_input_is_named() {
    let good = chicago();
    let lines: Vec<&str> = good.lines().collect();
    let with_first = |text: &str| good.replacen(",-12.20,", &format!(",{text},"), 1);
    let twice = format!("{good}{}\n", lines[100]);
    let binary = (0..=u8::MAX).map(|place| char::from(place.wrapping_mul(7))).collect::<String>().repeat(200);
    for (text, word) in [
        (lines[..5_000].join("\n"), "4992 hours were read and 3768 in a row are missing, from hour 1 of 28.07. on"),
        (lines[..8].join("\n"), "0 hours were read"),
        (twice, "stands in line 101 already"),
        (with_first("NaN"), "line 9: the temperature must lie between -90 and 60 °C; it was NaN"),
        (with_first("200"), "line 9: the temperature must lie between -90 and 60 °C; it was 200"),
        (with_first("cold"), "line 9: the temperature must be a number in °C; it was \"cold\""),
        (binary, "it is no hourly weather file"),
        ("x".repeat(1_900_001), "weather_file has 1900001 bytes; at most 1900000 are read"),
    ] {
        let said = refused(&json!({ "weather_file": text }), "weather_file");
        assert!(said.starts_with("weather_file") && said.contains(word), "{word}: {said}");
        assert!(said.len() < 400, "{said}");
    }
    assert!(refused(&json!({ "weather_file": 7 }), "weather_file").contains("must be a text"));
    let said = refused(&json!({ "weather": "Vladimir" }), "weather");
    assert_eq!(said, "there is no weather year \"Vladimir\"; the project has none");
    let said = refused(&json!({ "weather": "1", "weather_file": good }), "weather_file");
    assert!(said.contains("give one of the two"), "{said}");
}

#[test]
fn numbers_that_contradict_each_other_are_refused_by_name() {
    for (inputs, parameter) in [
        (json!({ "design_temperature_c": -3, "heating_mean_c": -3.5 }), "design_temperature_c"),
        (json!({ "indoor_temperature_c": 6 }), "indoor_temperature_c"),
        (json!({ "heating_days": 400 }), "heating_days"),
        (json!({ "climate": "atlantis" }), "climate"),
        (json!({ "wind": 5 }), "wind"),
    ] {
        refused(&inputs, parameter);
    }
}

#[test]
fn a_weather_year_that_holds_no_year_is_not_stored() {
    let server = Server::start(&copy_of("demo.gpkg"));
    let hot = base64(&20_000_i16.to_le_bytes().repeat(8_760));
    let short = base64(&400_i16.to_le_bytes().repeat(8_757));
    for (hours, word) in [
        (hot, "hour 1 of the year: 200 is no air temperature"),
        (short, "the text of 8760 hours has 23360 letters; this one has 23352"),
        ("4.0, ".repeat(5_000), "letter 2 ('.') is none of base64"),
        ("x".repeat(40_000), "at most 32767"),
        (String::new(), "letters"),
    ] {
        let answer = server.post_as(ITEMS, "application/geo+json", &row("no year", &hours).to_string(), &[]);
        assert!((400..500).contains(&answer.status), "{word}: {}", answer.text);
        assert!(answer.text.contains("hourly_c") && answer.text.contains(word), "{word}: {}", answer.text);
    }
    assert_eq!(server.json(ITEMS)["numberMatched"], 0);
}

#[test]
fn a_stored_year_that_another_program_spoilt_says_what_is_wrong() {
    let project = copy_of("demo.gpkg");
    let sql = "DROP TRIGGER rtree_weather_years_geom_insert; INSERT INTO weather_years (name, kind, hourly_c) VALUES ('spoilt', 'other', 'AAAA')";
    rusqlite::Connection::open(&project).unwrap().execute_batch(sql).unwrap();
    let answer = asked(&Server::start(&project), &json!({ "weather": "spoilt" }));
    assert_eq!(answer.status, 400, "{}", answer.text);
    assert!(answer.text.contains("this one has 4") && answer.text.contains("spoilt"), "{}", answer.text);
}

#[test]
fn a_project_made_before_there_were_weather_years_gets_their_table() {
    let project = copy_of("demo.gpkg");
    let sql = "DROP TABLE weather_years; DROP TABLE rtree_weather_years_geom; DELETE FROM gpkg_contents WHERE table_name = 'weather_years'; \
               DELETE FROM gpkg_geometry_columns WHERE table_name = 'weather_years'; \
               DELETE FROM gpkg_data_columns WHERE table_name = 'weather_years'; \
               DELETE FROM gpkg_extensions WHERE table_name IN ('weather_years', 'rtree_weather_years_geom')";
    rusqlite::Connection::open(&project).unwrap().execute_batch(sql).unwrap();
    assert_eq!(Server::start(&project).json(ITEMS)["numberMatched"], 0, "the table is new");
}

#[test]
fn two_towns_are_compared_by_their_figures_and_not_by_their_curves() {
    let server = Server::start(&copy_of("demo.gpkg"));
    for (name, inputs) in [("norm", json!({})), ("mild", json!({ "heating_mean_c": -1, "annual_heat_refers_to": "norm" }))] {
        let row = json!({ "type": "Feature", "geometry": null,
            "properties": { "name": name, "process": "town-demand", "inputs": inputs.to_string() } });
        let answer = server.post_as("/ogc/collections/scenarios/items", "application/geo+json", &row.to_string(), &[]);
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    let body = json!({ "inputs": { "scenarios": ["norm", "mild"] } });
    let answer = server.post("/ogc/processes/compare-scenarios/execution", &body.to_string());
    assert_eq!(answer.status, 200, "{}", answer.text);
    let comparison = answer.json();
    let results = list(&comparison, "/results");
    let degree_days = results.iter().find(|row| row["path"] == "degree_days.degree_days_k_d").unwrap();
    // (20 + 3.5) and (20 + 1) K times 213 days.
    assert_eq!(degree_days["values"], json!([5_005.5, 4_473.0]));
    assert_eq!(comparison["rows_left_out"], 0);
    assert!(!results.iter().any(|row| row["path"].as_str().unwrap().contains("duration")));
}
