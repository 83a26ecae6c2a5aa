//! Limits: how large, how long, how often, how many at once; and the framework's own refusals.

use crate::support::projects::demo_folder;
use crate::support::server::{Server, demo};
use crate::support::wire::{exchange, opened, raw, read};
use peatplan::config::{Config, RateLimit};
use std::time::{Duration, Instant};

fn start(settings: impl FnOnce(Config) -> Config + Send + 'static) -> Server {
    Server::start_with(&demo_folder().join("demo.gpkg"), settings)
}

/// A request whose body does not come.
fn unfinished(server: &Server) -> Vec<u8> {
    format!(
        "POST /reserves/1 HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
        server.address()
    )
    .into_bytes()
}

#[test]
fn a_client_that_asks_too_often_waits_and_goes_on_then() {
    let server = start(|config| Config { rate: Some(RateLimit { per_second: 2, burst: 4 }), ..config });
    let get = |path: &str| exchange(server.address(), "GET", path, &[], "");
    for left in [3, 2, 1, 0] {
        let answer = get("/parameters");
        assert_eq!(answer.status, 200);
        let state = answer.header("RateLimit").unwrap();
        assert!(state.starts_with("\"client\";r="), "{state}");
        let remaining: u32 = state.split(['=', ';']).nth(2).unwrap().parse().unwrap();
        assert!(remaining >= left && remaining < 4, "{state}");
        assert_eq!(answer.header("RateLimit-Policy").as_deref(), Some("\"client\";q=4;w=2"));
    }
    let refused = (0..10).map(|_| get("/parameters")).find(|answer| answer.status != 200).unwrap();
    assert!(refused.problem(429)["detail"].as_str().unwrap().contains("too many requests"));
    let wait: u64 = refused.header("Retry-After").unwrap().parse().unwrap();
    assert_eq!(wait, 1);
    assert_eq!(get("/health/live").status, 200, "how the service is, is always answered");
    std::thread::sleep(Duration::from_secs(wait));
    assert_eq!(get("/parameters").status, 200, "it goes on");
}

#[test]
fn rates_are_off_for_this_machine_and_on_for_the_world() {
    assert_eq!(exchange(demo().address(), "GET", "/project", &[], "").header("RateLimit"), None);
    let server = start(|config| Config { public_address: Some("http://peat.example".into()), ..config });
    let policy = exchange(server.address(), "GET", "/project", &[], "").header("RateLimit-Policy");
    assert_eq!(policy.as_deref(), Some("\"client\";q=500;w=5"));
}

#[test]
fn more_requests_at_once_than_are_taken_are_turned_away() {
    let server = start(|config| Config { requests_at_once: 1, ..config });
    let deadline = Instant::now() + Duration::from_secs(20);
    let (held, busy) = loop {
        let held = opened(server.address(), &unfinished(&server));
        // The one that is to be held might come second, and be turned away itself.
        std::thread::sleep(Duration::from_millis(100));
        let answer = exchange(server.address(), "GET", "/project", &[], "");
        if answer.status == 503 {
            break (held, answer);
        }
        assert!(Instant::now() < deadline, "nobody was turned away");
    };
    assert!(busy.problem(503)["detail"].as_str().unwrap().contains("too many requests"));
    assert_eq!(busy.header("Retry-After").as_deref(), Some("1"));
    assert_eq!(exchange(server.address(), "GET", "/health/live", &[], "").status, 200);
    drop(held);
    let deadline = Instant::now() + Duration::from_secs(20);
    while exchange(server.address(), "GET", "/project", &[], "").status != 200 {
        assert!(Instant::now() < deadline, "the place is free again");
    }
}

#[test]
fn a_request_that_takes_too_long_ends_with_a_problem() {
    let server = start(|config| Config { request_seconds: 1, header_seconds: 1, ..config });
    let began = Instant::now();
    let answer = read(&mut opened(server.address(), &unfinished(&server)), false);
    let problem = answer.problem(503);
    assert!(problem["detail"].as_str().unwrap().contains("Prefer: respond-async"), "{problem}");
    assert!(answer.header("X-Request-Id").is_some() && answer.header("Access-Control-Allow-Origin").is_some());
    assert!(began.elapsed() < Duration::from_secs(20));
    // Work that takes longer than that is cut short as well.
    let slow = exchange(server.address(), "GET", "/reserves/1?method=simulation&realisations=1000&cell_m=10", &[], "");
    assert!(slow.problem(503)["detail"].as_str().unwrap().contains("1 s passed"));
    let jobs = exchange(server.address(), "GET", "/ogc/jobs", &[], "").json();
    assert_eq!(jobs["jobs"][0]["status"], "dismissed", "nobody wants it any more: {jobs}");
    // A head that does not come.
    let began = Instant::now();
    let answer = read(&mut opened(server.address(), b"GET /project HTTP/1.1\r\nHost: x\r\nX-Slow: "), false);
    assert_eq!(answer.status, 408);
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn addresses_and_heads_have_their_caps() {
    let get = |path: &str, headers: &[(&str, &str)]| exchange(demo().address(), "GET", path, headers, "");
    assert!(
        get(&format!("/reserves/{}", "x".repeat(5_000)), &[]).problem(414)["detail"].as_str().unwrap().contains("at most 4096")
    );
    assert!(get(&format!("/reserves/1?a={}", "x".repeat(20_000)), &[]).problem(414)["detail"].as_str().unwrap().contains("POST"));
    get("/project", &[("X-Long", &"x".repeat(40_000))]).problem(431);
    let head = format!("GET /project HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(200_000));
    assert_eq!(raw(demo().address(), head.as_bytes(), false).status, 431, "past what the framework reads");
}

#[test]
fn what_is_no_request_is_refused_and_breaks_nothing() {
    let address = demo().address();
    for request in ["NONSENSE\r\n\r\n", "GET / HTTP/9.9\r\nHost: x\r\n\r\n", "GET /\u{0} HTTP/1.1\r\nHost: x\r\n\r\n"] {
        assert_eq!(raw(address, request.as_bytes(), false).status, 400, "{request:?}");
    }
    let chunks =
        format!("POST /reserves/1 HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    let answer = raw(address, chunks.as_bytes(), false);
    assert_eq!(answer.status, 400, "{}", answer.text());
    for path in ["/reserves/%ff%fe", "/reserves/%", "/reserves/%zz", "/ogc/collections/%2e%2e%2f", "/%2e%2e/%2e%2e/etc/passwd"] {
        let answer = exchange(address, "GET", path, &[], "");
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        answer.problem(answer.status);
    }
    // HTTP/1.0 has no Host.
    let old = raw(address, b"GET /ogc HTTP/1.0\r\n\r\n", false);
    assert_eq!(old.status, 200);
    assert!(old.json()["links"][0]["href"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    let old = raw(address, b"GET /parameters HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n", false);
    assert!(serde_json::from_slice::<serde_json::Value>(&old.plain()).is_ok());
}

#[test]
fn a_body_past_the_cap_is_refused_coded_or_plain() {
    let address = demo().address();
    let huge = format!("{{\"method\": \"{}\"}}", "x".repeat(3_000_000));
    exchange(address, "POST", "/reserves/1", &[("Content-Type", "application/json")], &huge).problem(413);
    // A kilobyte that unfolds into megabytes.
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut coder, huge.as_bytes()).unwrap();
    let packed = coder.finish().unwrap();
    assert!(packed.len() < 10_000);
    let mut request = format!(
        "POST /reserves/1 HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        packed.len()
    )
    .into_bytes();
    request.extend_from_slice(&packed);
    raw(address, &request, false).problem(413);
}
