//! Codings, tags and what caches are told, as they go over the wire.

use crate::support::files::fresh_folder;
use crate::support::projects::demo_folder;
use crate::support::server::{Server, demo};
use crate::support::wire::{Exchange, exchange};
use std::sync::OnceLock;

const CODINGS: [&str; 3] = ["gzip", "br", "zstd"];
/// Answers whose bytes are the same each time, small and large.
const LASTING: [&str; 3] = ["/parameters", "/ogc/collections/deposits/schema", "/reserves/1?method=mean"];

fn get(path: &str, headers: &[(&str, &str)]) -> Exchange {
    exchange(demo().address(), "GET", path, headers, "")
}

/// A service with a built map: a page, parts that are named by their content, a picture, a large text.
fn with_map() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let folder = fresh_folder("map");
        std::fs::create_dir(folder.join("assets")).unwrap();
        std::fs::write(folder.join("index.html"), "<!doctype html><title>Map</title>".repeat(100)).unwrap();
        std::fs::write(folder.join("assets/app-1a2b3c.js"), script()).unwrap();
        std::fs::write(folder.join("assets/picture-4d5e.png"), vec![7_u8; 5_000]).unwrap();
        std::fs::write(folder.join("large.txt"), "peat and more peat\n".repeat(500_000)).unwrap();
        Server::start_with(&demo_folder().join("demo.gpkg"), move |mut config| {
            config.map_folder = folder;
            config
        })
    })
}

fn script() -> String {
    (0..5_000).map(|number| format!("export const value{number} = {number};\n")).collect()
}

#[test]
fn every_coding_holds_the_same_and_has_a_tag_of_its_own() {
    for path in LASTING {
        let plain = get(path, &[]);
        assert_eq!((plain.status, plain.header("Content-Encoding")), (200, None), "{path}");
        let tag = plain.header("ETag").unwrap();
        let mut tags = vec![tag.clone()];
        for coding in CODINGS {
            let coded = get(path, &[("Accept-Encoding", coding)]);
            assert_eq!(coded.header("Content-Encoding").as_deref(), Some(coding), "{path}");
            assert!(coded.body.len() < plain.body.len() / 2, "{path} {coding}: {} of {}", coded.body.len(), plain.body.len());
            assert_eq!(coded.plain(), plain.body, "{path} {coding}");
            let expected = format!("{}-{coding}\"", tag.trim_end_matches('"'));
            assert_eq!(coded.header("ETag").as_deref(), Some(expected.as_str()), "{path}");
            tags.push(expected);
        }
        for answer in [plain, get(path, &[("Accept-Encoding", "br")])] {
            assert!(answer.header("Vary").unwrap().contains("Accept-Encoding"), "{path}");
            assert_eq!(answer.header("Cache-Control").as_deref(), Some("public, no-cache"), "{path}");
        }
        // Whoever has it in one coding has it.
        for known in &tags {
            for accepted in ["gzip", "br", "zstd", "identity", "*;q=0"] {
                let list = format!("\"other\", {known}");
                let answer = get(path, &[("If-None-Match", &list), ("Accept-Encoding", accepted)]);
                assert_eq!((answer.status, answer.body.len()), (304, 0), "{path} {known} {accepted}");
                assert_eq!(answer.header("ETag").as_ref(), Some(known), "{path} {accepted}");
                assert!(answer.header("Vary").unwrap().contains("Accept-Encoding"));
                assert_eq!(answer.header("Cache-Control").as_deref(), Some("public, no-cache"));
                assert_eq!(answer.header("Content-Encoding"), None);
            }
        }
        let weak = format!("W/{tag}");
        assert_eq!(get(path, &[("If-None-Match", &weak)]).status, 304);
        assert_eq!(get(path, &[("If-None-Match", "\"other\"")]).status, 200);
        let foreign = format!("{}-deflate\"", tag.trim_end_matches('"'));
        assert_eq!(get(path, &[("If-None-Match", &foreign)]).status, 200);
    }
}

#[test]
fn what_a_client_says_about_codings_is_kept_to() {
    for (accepted, coding) in [
        ("gzip, deflate, br, zstd", Some("zstd")),
        ("gzip;q=1.0, br;q=0.9", Some("gzip")),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("identity;q=0, br", Some("br")),
        ("zstd;q=0, *", Some("br")),
        ("gzip;q=0.5, identity;q=1", None),
        ("deflate", None),
        ("gzip;q=0", None),
        (";;;,", None),
    ] {
        let answer = get("/parameters", &[("Accept-Encoding", accepted)]);
        assert_eq!((answer.status, answer.header("Content-Encoding").as_deref()), (200, coding), "{accepted:?}");
    }
    let small = get("/health/live", &[("Accept-Encoding", "gzip")]);
    assert_eq!(small.header("Content-Encoding"), None, "small bodies are not worth it");
    let small = get("/health/live", &[("Accept-Encoding", "gzip, identity;q=0")]);
    assert_eq!(small.header("Content-Encoding").as_deref(), Some("gzip"), "unless the plain one is refused");
    let picture = get("/reserves/1/thickness/0/0/0.png", &[("Accept-Encoding", "gzip, identity;q=0")]);
    assert_eq!((picture.status, picture.header("Content-Encoding")), (200, None), "a picture is packed already");
}

#[test]
fn head_says_what_get_says_and_sends_nothing() {
    let collections = "/ogc/collections/deposits/items?limit=2";
    for path in LASTING.into_iter().chain([collections, "/project", "/nowhere", "/health/ready", "/ogc", "/"]) {
        for accepted in ["", "gzip", "br", "zstd"] {
            let headers = [("Accept-Encoding", accepted)];
            let (get, head) = (get(path, &headers), exchange(demo().address(), "HEAD", path, &headers, ""));
            assert_eq!(head.status, get.status, "{path}");
            let names =
                ["Content-Type", "Content-Encoding", "Vary", "Cache-Control", "OGC-NumberMatched", "Access-Control-Allow-Origin"];
            for name in names {
                assert_eq!(head.header(name), get.header(name), "{path} {accepted} {name}");
            }
            // The moment of a page of features is part of its body.
            if path != collections {
                assert_eq!(head.header("Content-Length"), get.header("Content-Length"), "{path} {accepted}");
                assert_eq!(head.header("ETag"), get.header("ETag"), "{path} {accepted}");
            }
        }
    }
}

#[test]
fn an_answer_that_is_kept_is_the_answer_that_was_made_and_of_one_address_alone() {
    let path = "/ogc/api";
    for accepted in ["", "gzip", "br", "zstd"] {
        let answers: Vec<Exchange> = (0..3).map(|_| get(path, &[("Accept-Encoding", accepted)])).collect();
        for answer in &answers {
            assert_eq!((answer.status, answer.header("Content-Encoding").unwrap_or_default().as_str()), (200, accepted));
            assert_eq!(answer.body, answers[0].body);
            for name in ["ETag", "Content-Type", "Vary", "Cache-Control"] {
                assert_eq!(answer.header(name), answers[0].header(name), "{name}");
            }
            let document: serde_json::Value = serde_json::from_slice(&answer.plain()).unwrap();
            assert_eq!(document["servers"][0]["url"], format!("http://{}/ogc", demo().address()));
        }
        let other = get(path, &[("Accept-Encoding", accepted), ("Host", "other.example")]);
        let document: serde_json::Value = serde_json::from_slice(&other.plain()).unwrap();
        assert_eq!(document["servers"][0]["url"], "http://other.example/ogc");
        assert_ne!(other.header("ETag"), answers[0].header("ETag"));
    }
}

#[test]
fn a_posted_estimate_and_a_page_of_features_are_coded_too() {
    for coding in CODINGS {
        let headers = [("Accept-Encoding", coding), ("Content-Type", "application/json")];
        let posted = exchange(demo().address(), "POST", "/reserves/1", &headers, r#"{"method":"mean"}"#);
        assert_eq!((posted.status, posted.header("Content-Encoding").as_deref()), (200, Some(coding)));
        let answer: serde_json::Value = serde_json::from_slice(&posted.plain()).unwrap();
        assert_eq!(answer["method"], "mean");
        let page = get("/ogc/collections/probes/items?limit=1000", &headers);
        assert_eq!(page.header("Content-Encoding").as_deref(), Some(coding));
        let page: serde_json::Value = serde_json::from_slice(&page.plain()).unwrap();
        assert_eq!(page["features"].as_array().unwrap().len() as u64, page["numberReturned"].as_u64().unwrap());
    }
}

#[test]
fn parts_of_the_map_last_and_are_coded_and_known_again() {
    let server = with_map();
    let get = |path: &str, headers: &[(&str, &str)]| exchange(server.address(), "GET", path, headers, "");
    let path = "/assets/app-1a2b3c.js";
    let plain = get(path, &[]);
    assert_eq!(plain.text(), script());
    assert_eq!(plain.header("Cache-Control").as_deref(), Some("public, max-age=31536000, immutable"));
    for coding in CODINGS {
        for again in [false, true] {
            let coded = get(path, &[("Accept-Encoding", coding)]);
            assert_eq!(coded.header("Content-Encoding").as_deref(), Some(coding), "{again}");
            assert_eq!(coded.plain(), plain.body);
            assert_eq!(coded.header("Accept-Ranges"), None, "ranges of a coded form are not served");
            let tag = coded.header("ETag").unwrap();
            let known = get(path, &[("Accept-Encoding", coding), ("If-None-Match", &tag)]);
            assert_eq!((known.status, known.header("ETag")), (304, Some(tag)));
            assert_eq!(known.header("Cache-Control").as_deref(), Some("public, max-age=31536000, immutable"));
        }
    }
    assert_eq!(get(path, &[("Accept-Encoding", "gzip, br, zstd")]).header("Content-Encoding").as_deref(), Some("br"));
    let page = get("/", &[("Accept-Encoding", "br")]);
    assert_eq!(
        (page.header("Content-Encoding").as_deref(), page.header("Cache-Control").as_deref()),
        (Some("br"), Some("no-cache"))
    );
    let picture = get("/assets/picture-4d5e.png", &[("Accept-Encoding", "br")]);
    assert_eq!((picture.header("Content-Encoding"), picture.body.len()), (None, 5_000));
    assert_eq!(get("/assets/nothing.js", &[]).header("Cache-Control").as_deref(), Some("no-store"));
}

#[test]
fn ranges_of_a_file_are_plain_bytes_of_it() {
    let server = with_map();
    let get = |headers: &[(&str, &str)]| exchange(server.address(), "GET", "/assets/app-1a2b3c.js", headers, "");
    let part = get(&[("Range", "bytes=10-29"), ("Accept-Encoding", "br, gzip")]);
    assert_eq!((part.status, part.header("Content-Encoding")), (206, None));
    assert_eq!(part.text(), script()[10..30]);
    // The tag of a coded form names no range of the plain one, and whoever asks whether its part still holds gets the whole.
    let coded = get(&[("Accept-Encoding", "br")]).header("ETag").unwrap();
    let whole = get(&[("Range", "bytes=10-29"), ("If-Range", &coded)]);
    assert_eq!((whole.status, whole.body.len()), (200, script().len()));
    let outside = get(&[("Range", "bytes=9999999-")]);
    assert_eq!(outside.problem(416)["title"], "Range Not Satisfiable");
}

#[test]
fn a_large_file_is_coded_as_it_is_read() {
    let server = with_map();
    for coding in CODINGS {
        let answer = exchange(server.address(), "GET", "/large.txt", &[("Accept-Encoding", coding)], "");
        assert_eq!(answer.header("Content-Encoding").as_deref(), Some(coding));
        assert_eq!((answer.header("Content-Length"), answer.header("Transfer-Encoding").as_deref()), (None, Some("chunked")));
        assert!(answer.body.len() < 1_000_000, "{}", answer.body.len());
        assert_eq!(answer.plain(), "peat and more peat\n".repeat(500_000).into_bytes());
        let head = exchange(server.address(), "HEAD", "/large.txt", &[("Accept-Encoding", coding)], "");
        assert_eq!((head.status, head.header("ETag")), (200, answer.header("ETag")));
    }
}

#[test]
fn states_of_the_service_and_problems_are_kept_by_nobody() {
    for (path, status) in
        [("/health/live", 200), ("/ogc/jobs", 200), ("/metrics", 200), ("/nowhere", 404), ("/reserves/1?power=-1", 400)]
    {
        let answer = get(path, &[]);
        assert_eq!((answer.status, answer.header("Cache-Control").as_deref()), (status, Some("no-store")), "{path}");
        assert_eq!(answer.header("ETag"), None, "{path}");
    }
}
