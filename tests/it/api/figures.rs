//! What the service tells of itself: figures, names of requests.

use crate::support::projects::demo_folder;
use crate::support::server::{Server, demo};
use crate::support::wire::exchange;

/// A figure by its name with labels.
fn figure(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is missing in {text}")).parse().unwrap()
}

#[test]
fn requests_are_counted_by_route_method_and_status() {
    let server = Server::start(&demo_folder().join("demo.gpkg"));
    let get = |path: &str, headers: &[(&str, &str)]| exchange(server.address(), "GET", path, headers, "");
    let tag = get("/parameters", &[("Accept-Encoding", "gzip")]).header("ETag").unwrap();
    for _ in 0..2 {
        assert_eq!(get("/parameters", &[("Accept-Encoding", "gzip"), ("If-None-Match", &tag)]).status, 304);
        get("/parameters", &[("Accept-Encoding", "gzip")]);
    }
    for _ in 0..3 {
        assert_eq!(get("/ogc/api", &[("Accept-Encoding", "br")]).status, 200);
    }
    for deposit in ["1", "2", "nothing-of-that-name"] {
        get(&format!("/reserves/{deposit}?method=mean"), &[]);
    }
    get("/ogc/collections/deposits/items?limit=2", &[]);
    get("/ogc/collections/deposits/items?limit=3", &[]);
    get("/wp-login.php", &[]);
    get("/another/address/of/nothing", &[]);
    exchange(server.address(), "BREW", "/parameters", &[], "");
    let answer = get("/metrics", &[]);
    assert!(answer.header("Content-Type").unwrap().starts_with("text/plain; version=0.0.4"));
    let text = answer.text();
    let requests = |route: &str, method: &str, status: u16| {
        figure(&text, &format!("peatplan_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}"))
    };
    let all = |wanted: [f64; 8]| {
        let found = [
            requests("/parameters", "GET", 200),
            requests("/parameters", "GET", 304),
            requests("/parameters", "other", 405),
            requests("/reserves/{deposit}", "GET", 200),
            requests("/reserves/{deposit}", "GET", 404),
            requests("none", "GET", 404),
            figure(&text, "peatplan_rows_served_total"),
            figure(&text, "peatplan_http_request_seconds_count{route=\"/parameters\"}"),
        ];
        assert!(found.iter().zip(wanted).all(|(one, other)| (one - other).abs() < f64::EPSILON), "{found:?} {wanted:?}");
    };
    all([3.0, 2.0, 1.0, 2.0, 1.0, 2.0, 5.0, 6.0]);
    assert!(figure(&text, "peatplan_cache_lookups_total{cache=\"coded\",outcome=\"hit\"}") >= 2.0, "coded once, sent twice more");
    assert!(figure(&text, "peatplan_cache_lookups_total{cache=\"coded\",outcome=\"miss\"}") >= 1.0);
    let answers =
        |outcome: &str| figure(&text, &format!("peatplan_cache_lookups_total{{cache=\"answers\",outcome=\"{outcome}\"}}"));
    assert!(answers("miss") >= 1.0 && answers("hit") >= 2.0, "what is known before it is made is made once");
    assert!(figure(&text, "peatplan_http_answer_bytes_total{route=\"/parameters\"}") > 1_000.0);
    assert!(figure(&text, "peatplan_layer_features{layer=\"deposits\"}") > 1.0);
    assert!(figure(&text, "peatplan_catalogue_version") >= 1.0);
    assert!((0.0..600.0).contains(&figure(&text, "peatplan_catalogue_age_seconds")));
    assert!(figure(&text, "process_resident_memory_bytes") > 1e6);
    for state in ["accepted", "running", "successful", "failed", "dismissed"] {
        assert!(figure(&text, &format!("peatplan_jobs{{state=\"{state}\"}}")) >= 0.0);
    }
    assert!(!text.contains("wp-login") && !text.contains("nothing-of-that-name"), "no label is made of what strangers send");
}

#[test]
fn every_answer_has_a_name_and_a_client_may_give_it() {
    let name =
        |headers: &[(&str, &str)]| exchange(demo().address(), "GET", "/parameters", headers, "").header("X-Request-Id").unwrap();
    assert_eq!(name(&[("X-Request-Id", "a1B2-c3_d4.5")]), "a1B2-c3_d4.5");
    let (one, other) = (name(&[]), name(&[]));
    assert_ne!(one, other);
    for odd in ["a b", "", "<script>", &"x".repeat(65)] {
        assert_ne!(name(&[("X-Request-Id", odd)]), odd);
    }
    assert_eq!(
        exchange(demo().address(), "GET", "/nowhere", &[("X-Request-Id", "mine")], "").header("X-Request-Id").unwrap(),
        "mine"
    );
}
