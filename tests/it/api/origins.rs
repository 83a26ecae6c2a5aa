//! Pages of other sites may read; what they may send is said by the settings.

use crate::support::projects::demo_folder;
use crate::support::server::{Server, demo};
use crate::support::wire::{Exchange, exchange};
use std::sync::OnceLock;

const MAPS: &str = "https://maps.example";
const OTHER: &str = "https://other.example";
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A service that takes what the pages of one site send.
fn named() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        Server::start_with(&demo_folder().join("demo.gpkg"), |mut config| {
            config.allowed_origins = vec![MAPS.into()];
            config
        })
    })
}

fn post(server: &Server, headers: &[(&str, &str)]) -> Exchange {
    let headers: Vec<(&str, &str)> = headers.iter().copied().chain([JSON]).collect();
    exchange(server.address(), "POST", "/reserves/1", &headers, r#"{"method":"mean"}"#)
}

#[test]
fn every_page_may_read_and_sees_the_headers_that_matter() {
    for path in ["/ogc/collections/deposits/items?limit=1", "/reserves/1?method=mean", "/nowhere", "/parameters"] {
        let answer = exchange(demo().address(), "GET", path, &[("Origin", OTHER)], "");
        assert_eq!(answer.header("Access-Control-Allow-Origin").as_deref(), Some("*"), "{path}");
        let exposed = answer.header("Access-Control-Expose-Headers").unwrap();
        for name in [
            "ETag",
            "Link",
            "Content-Crs",
            "OGC-NumberMatched",
            "OGC-NumberReturned",
            "Location",
            "Retry-After",
            "Content-Disposition",
        ] {
            assert!(exposed.contains(name), "{path}: {name}");
        }
    }
    let figures = exchange(demo().address(), "GET", "/metrics", &[("Origin", OTHER)], "");
    assert_eq!(figures.header("Access-Control-Allow-Origin"), None, "the service's figures are not for pages");
}

#[test]
fn a_browser_that_asks_first_is_told_what_its_page_may_send() {
    let ask = |server: &Server, origin: &str| {
        let headers =
            [("Origin", origin), ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "if-match")];
        exchange(server.address(), "OPTIONS", "/ogc/collections/probes/items/1", &headers, "")
    };
    let other = ask(named(), OTHER);
    assert_eq!((other.status, other.header("Access-Control-Allow-Origin").as_deref()), (204, Some("*")));
    assert_eq!(other.header("Access-Control-Allow-Methods").as_deref(), Some("GET, HEAD, OPTIONS"));
    let maps = ask(named(), MAPS);
    assert!(maps.header("Access-Control-Allow-Methods").unwrap().contains("PUT"));
    let taken = maps.header("Access-Control-Allow-Headers").unwrap();
    for name in ["If-Match", "If-None-Match", "Content-Crs", "Prefer", "X-API-Key", "Authorization", "Content-Type"] {
        assert!(taken.contains(name), "{name}");
    }
    assert!(maps.header("Vary").unwrap().contains("Origin") && maps.header("Access-Control-Max-Age").is_some());
    let own = format!("http://{}", named().address());
    assert!(ask(named(), &own).header("Access-Control-Allow-Methods").unwrap().contains("DELETE"), "its own page");
}

#[test]
fn plain_options_names_the_methods_of_each_address() {
    for (path, methods) in [
        ("/ogc", "GET, HEAD, OPTIONS"),
        ("/reserves/1", "GET, HEAD, POST, OPTIONS"),
        ("/reserves", "GET, HEAD, POST, OPTIONS"),
        ("/supply/1", "GET, HEAD, POST, OPTIONS"),
        ("/supply/1/catchment", "GET, HEAD, OPTIONS"),
        ("/supply/flows", "GET, HEAD, OPTIONS"),
        ("/reserves/1/difference", "POST, OPTIONS"),
        ("/ogc/jobs/x", "GET, HEAD, DELETE, OPTIONS"),
        ("/metrics", "GET, HEAD, OPTIONS"),
    ] {
        let answer = exchange(demo().address(), "OPTIONS", path, &[], "");
        assert_eq!((answer.status, answer.header("Allow").as_deref()), (204, Some(methods)), "{path}");
        let refused = exchange(demo().address(), "PROPFIND", path, &[], "");
        refused.problem(405);
        assert_eq!(refused.header("Allow").as_deref(), Some(methods), "{path}");
    }
    let items = exchange(demo().address(), "OPTIONS", "/ogc/collections/probes/items", &[], "");
    assert!(items.header("Allow").unwrap().starts_with("GET, HEAD"));
}

#[test]
fn what_a_page_of_another_site_sends_is_refused_unless_it_is_named() {
    assert_eq!(post(demo(), &[]).status, 200, "a program, not a page");
    for origin in [OTHER, MAPS, "null", "http://localhost:1"] {
        let problem = post(demo(), &[("Origin", origin)]).problem(403);
        assert!(problem["detail"].as_str().unwrap().contains("--allow-origin"), "{origin}: {problem}");
    }
    assert_eq!(post(named(), &[("Origin", MAPS)]).status, 200);
    assert_eq!(post(named(), &[("Origin", OTHER)]).status, 403);
    let own = format!("http://{}", demo().address());
    assert_eq!(post(demo(), &[("Origin", &own)]).status, 200);
}

#[test]
fn a_name_that_only_points_to_this_machine_may_not_send_anything() {
    let rebound = [("Host", "rebound.example"), ("Origin", "http://rebound.example")];
    let problem = post(demo(), &rebound).problem(403);
    assert!(problem["detail"].as_str().unwrap().contains("--public-address"), "{problem}");
    for host in ["localhost", "localhost:8080", "[::1]:80", "127.0.0.1"] {
        assert_eq!(post(demo(), &[("Host", host)]).status, 200, "{host}");
    }
}

#[test]
fn reading_can_be_left_to_named_sites_alone() {
    let server = Server::start_with(&demo_folder().join("demo.gpkg"), |mut config| {
        config.allowed_origins = vec![MAPS.into()];
        config.reads_from_anywhere = false;
        config
    });
    let allowed = |origin: &str| {
        let answer = exchange(server.address(), "GET", "/parameters", &[("Origin", origin), ("Accept-Encoding", "gzip")], "");
        let vary = answer.header("Vary").unwrap();
        assert!(vary.contains("Origin") && vary.contains("Accept-Encoding"), "{vary}");
        answer.header("Access-Control-Allow-Origin")
    };
    assert_eq!(allowed(MAPS).as_deref(), Some(MAPS));
    assert_eq!(allowed(OTHER), None);
}
