//! What hostile or careless clients send and ask, and what it may not cost anybody else.

use crate::support::projects::{copy_of, demo_folder};
use crate::support::server::{Server, demo};
use peatplan::config::Config;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Up and down at each step: the worst that Douglas and Peucker's method can be given.
fn comb(teeth: u32) -> Value {
    let mut ring: Vec<[f64; 2]> = (0..teeth)
        .map(|tooth| [40.0 + 0.2 * f64::from(tooth) / f64::from(teeth), if tooth % 2 == 0 { 55.1 } else { 55.05 }])
        .collect();
    ring.extend([[40.2, 55.0], [40.0, 55.0], ring[0]]);
    json!({ "type": "Polygon", "coordinates": [ring] })
}

#[test]
fn an_outline_of_many_teeth_is_simplified_without_end_of_stack() {
    let server = Server::start(&copy_of("demo.gpkg"));
    let body = json!({ "type": "Feature", "geometry": comb(20_000), "properties": { "name": "Comb" } }).to_string();
    let made =
        server.request("POST", "/ogc/collections/deposits/items", &[("Content-Type", "application/geo+json")], Some(&body));
    assert_eq!(made.status, 201, "{}", made.text);
    let address = made.headers["location"].to_str().unwrap().strip_prefix(&server.url("")).unwrap().to_owned();
    for inputs in ["max-allowable-offset=0.0001", "zoom-level=12", "max-allowable-offset=20&crs=EPSG:32637"] {
        let feature = server.json(&format!("{address}?{inputs}"));
        let places = feature["geometry"]["coordinates"][0].as_array().map(Vec::len);
        assert!(places.is_some(), "{inputs}: {}", feature["geometry"]["type"]);
    }
    assert_eq!(server.get("/ogc/collections/deposits/items?zoom-level=10").status, 200);
}

#[test]
fn a_filter_ends_with_its_time_and_the_service_goes_on() {
    let server = Server::start_with(&demo_folder().join("demo.gpkg"), |config| Config { filter_seconds: 1, ..config });
    let crossing = vec!["S_CROSSES(geometry,geometry)"; 200].join(" OR ");
    let heavy = format!("/ogc/collections/districts/items?filter={}%20OR%20id=-1", crossing.replace(' ', "%20"));
    let start = Instant::now();
    let late = server.get(&heavy);
    if late.status == 503 {
        assert!(late.text.contains("filter takes longer than 1 s"), "{}", late.text);
    } else {
        assert_eq!(late.status, 200, "a fast machine is done in time: {}", late.text);
    }
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    // The work has stopped: its place in the queue is free.
    for number in 0..4 {
        assert_eq!(server.get(&format!("/ogc/collections/probes/items?limit=1&filter=depth_m%3E{number}")).status, 200);
    }
}

#[test]
fn text_that_is_no_text_is_refused_and_not_guessed() {
    for query in ["q=%ff", "q=%C3", "code=%zz", "q=100%"] {
        let problem = demo().problem(&format!("/ogc/collections/probes/items?{query}"), 400);
        assert_eq!(problem["parameter"], query.split('=').next().unwrap(), "{query}");
    }
    assert_eq!(demo().get("/ogc/collections/probes/items?limit=1&q=%D1%82%D0%BE%D1%80%D1%84").status, 200);
}

#[test]
fn a_star_asks_whether_there_is_anything_and_mistakes_stay_mistakes() {
    let with_star = |path: &str| demo().get_with(path, &[("If-None-Match", "*")]).status;
    assert_eq!(with_star("/ogc/collections/probes/items?limit=1"), 304);
    for (path, status) in [
        ("/ogc/collections/probes/items?limit=abc", 400),
        ("/ogc/collections/probes/items?filter=((", 400),
        ("/ogc/collections/probes/tiles/WebMercatorQuad/8/0/0", 404),
    ] {
        assert_eq!(with_star(path), status, "{path}");
    }
}

#[test]
fn what_nobody_reads_holds_no_more_memory_than_is_set() {
    let server = Server::start_with(&demo_folder().join("demo.gpkg"), |config| Config { sending_bytes: 3_000_000, ..config });
    let path = "/ogc/collections/probes/items?limit=10000&f=geojson";
    let mut open: Vec<TcpStream> = Vec::new();
    let mut refused = 0;
    for _ in 0..12 {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut head = [0_u8; 12];
        stream.read_exact(&mut head).unwrap();
        refused += usize::from(&head[9..] == b"503");
        open.push(stream);
    }
    assert!(refused > 0, "clients that do not read are bounded");
    drop(open);
    let deadline = Instant::now() + Duration::from_secs(20);
    while server.get(path).status != 200 {
        assert!(Instant::now() < deadline, "what they held is free when they go");
        std::thread::sleep(Duration::from_millis(50));
    }
}
