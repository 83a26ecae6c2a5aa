//! Pages: cursors that hold while rows come and go, counts, links in headers, tags.

use crate::support::projects::copy_of;
use crate::support::server::{Answer, Server, demo};
use serde_json::Value;
use std::collections::BTreeSet;

fn link(page: &Value, rel: &str) -> Option<String> {
    let links = page["links"].as_array().unwrap();
    links.iter().find(|link| link["rel"] == rel).map(|link| link["href"].as_str().unwrap().to_owned())
}

fn path(server: &Server, href: &str) -> String {
    href.strip_prefix(&server.url("")).unwrap_or_else(|| panic!("{href} leads away")).to_owned()
}

fn ids(page: &Value) -> Vec<i64> {
    page["features"].as_array().unwrap().iter().map(|feature| feature["id"].as_i64().unwrap()).collect()
}

/// The address of a relation in the headers.
fn header_link(answer: &Answer, rel: &str) -> Option<String> {
    let mut links = answer.headers.get_all("link").iter().map(|link| link.to_str().unwrap());
    let wanted = format!("rel=\"{rel}\"");
    let link = links.find(|link| link.contains(&wanted))?;
    Some(link.split_once('<').unwrap().1.split_once('>').unwrap().0.to_owned())
}

#[test]
fn pages_lead_forth_and_back_to_both_ends() {
    let server = demo();
    let first = server.json("/ogc/collections/probes/items?limit=1000&sortby=-depth_m");
    assert!(link(&first, "prev").is_none());
    let second = server.json(&path(server, &link(&first, "next").unwrap()));
    let back = server.json(&path(server, &link(&second, "prev").unwrap()));
    assert_eq!(ids(&back), ids(&first));
    let last = server.json(&path(server, &link(&second, "last").unwrap()));
    assert!(link(&last, "next").is_none());
    let home = server.json(&path(server, &link(&last, "first").unwrap()));
    assert_eq!(ids(&home), ids(&first));
    // From the end to the start, page by page, every row once.
    let (mut page, mut seen) = (last, BTreeSet::new());
    loop {
        for id in ids(&page) {
            assert!(seen.insert(id), "{id} came twice");
        }
        let Some(before) = link(&page, "prev") else { break };
        page = server.json(&path(server, &before));
    }
    assert_eq!(seen.len() as u64, first["numberMatched"].as_u64().unwrap());
}

#[test]
fn a_cursor_holds_while_rows_are_made_and_removed() {
    let server = Server::start(&copy_of("demo.gpkg"));
    let all: Vec<i64> = ids(&server.json("/ogc/collections/settlements/items?limit=10000"));
    let first = server.json("/ogc/collections/settlements/items?limit=50");
    // A row of the page that was read goes, and so does the very row that the cursor stands at.
    for id in [all[3], all[49]] {
        assert_eq!(server.delete(&format!("/ogc/collections/settlements/items/{id}")).status, 204);
    }
    let made = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[40.1,55.2]},"properties":{"name":"New"}}"#;
    let made =
        server.request("POST", "/ogc/collections/settlements/items", &[("Content-Type", "application/geo+json")], Some(made));
    assert_eq!(made.status, 201, "{}", made.text);
    let mut seen = ids(&first);
    let mut next = link(&first, "next");
    while let Some(address) = next {
        let page = server.json(&path(&server, &address));
        seen.extend(ids(&page));
        next = link(&page, "next");
    }
    assert_eq!(seen[..all.len()], all, "no row was lost and none came twice");
    assert_eq!(seen.len(), all.len() + 1, "the new row is the last");
}

#[test]
fn a_cursor_belongs_to_its_query() {
    let page = demo().json("/ogc/collections/probes/items?limit=10");
    let cursor = link(&page, "next").unwrap().split_once("cursor=").unwrap().1.to_owned();
    let problem = demo().problem(&format!("/ogc/collections/probes/items?limit=10&sortby=-depth_m&cursor={cursor}"), 400);
    assert_eq!(problem["parameter"], "cursor");
    for wrong in ["after.", "before.AAAA", "x", "after.%00"] {
        assert_eq!(
            demo().problem(&format!("/ogc/collections/probes/items?cursor={wrong}"), 400)["parameter"],
            "cursor",
            "{wrong}"
        );
    }
    demo().problem(&format!("/ogc/collections/probes/items?offset=1&cursor={cursor}"), 400);
}

#[test]
fn only_the_count_may_be_asked_for() {
    let hits = demo().get("/ogc/collections/probes/items?resultType=hits&filter=depth_m%3E2");
    let page = demo().json("/ogc/collections/probes/items?limit=1&filter=depth_m%3E2");
    assert_eq!(hits.json()["numberMatched"], page["numberMatched"]);
    // QGIS looks for these letters to know that nothing more comes.
    assert!(hits.text.contains("\"features\":[]") && hits.text.contains("\"numberReturned\":0"), "{}", hits.text);
    demo().problem("/ogc/collections/probes/items?resultType=all", 400);
}

#[test]
fn an_offset_past_the_end_is_an_empty_page() {
    let page = demo().get("/ogc/collections/plants/items?offset=1000");
    assert!(page.text.contains("\"features\":[]"), "{}", page.text);
    assert_eq!(page.json()["numberMatched"], 3);
}

#[test]
fn every_form_says_in_its_headers_what_it_holds_and_leads_on() {
    for form in ["geojson", "jsonfg", "csv", "geojsonseq", "fgb", "gpkg", "shp", "xlsx"] {
        let answer = demo().get(&format!("/ogc/collections/settlements/items?limit=10&f={form}"));
        assert_eq!(answer.status, 200, "{form}");
        assert_eq!(answer.headers["ogc-numberreturned"], "10", "{form}");
        assert!(answer.headers["ogc-numbermatched"].to_str().unwrap().parse::<usize>().unwrap() > 10, "{form}");
        assert!(answer.headers.contains_key("content-crs"), "{form}");
        assert!(header_link(&answer, "alternate").is_some(), "{form}");
        let next = header_link(&answer, "next").unwrap_or_else(|| panic!("{form} leads on"));
        let after = demo().get(&path(demo(), &next));
        assert_eq!(after.content_type, answer.content_type, "the next page of {form} is of the same form");
        let back = header_link(&after, "prev").unwrap();
        assert_eq!(demo().get(&path(demo(), &back)).status, 200, "{form}");
    }
}

#[test]
fn a_form_that_a_header_asks_for_leads_to_pages_of_that_form() {
    let answer = demo().get_with("/ogc/collections/settlements/items?limit=10", &[("Accept", "application/flatgeobuf")]);
    assert_eq!(answer.content_type, "application/flatgeobuf");
    let next = header_link(&answer, "next").unwrap();
    assert_eq!(demo().get(&path(demo(), &next)).content_type, "application/flatgeobuf");
}

#[test]
fn a_page_ends_where_its_bytes_end_and_goes_on() {
    let project = copy_of("demo.gpkg");
    let server = Server::start_with(&project, |config| {
        // What is written while it is sent ends after so many rows only.
        peatplan::config::Config { page_bytes: 30_000, file_bytes: 30_000, streamed_rows: 5, ..config }
    });
    for form in ["geojson", "csv", "gpkg"] {
        let (mut count, mut pages) = (0, 0);
        let mut next = Some(format!("/ogc/collections/districts/items?limit=1000&f={form}"));
        let mut matched = 0;
        while let Some(address) = next {
            let answer = server.get(&address);
            count += answer.headers["ogc-numberreturned"].to_str().unwrap().parse::<usize>().unwrap();
            matched = answer.headers["ogc-numbermatched"].to_str().unwrap().parse().unwrap();
            pages += 1;
            next = header_link(&answer, "next").map(|href| path(&server, &href));
        }
        assert_eq!(count, matched, "{form}");
        assert!(pages > 1, "{form}: {pages} pages of {matched}");
    }
}

#[test]
fn a_large_page_that_is_written_in_pieces_is_whole() {
    let answer = demo().get("/ogc/collections/probes/items?limit=10000");
    let page = answer.json();
    assert!(answer.text.len() > 1 << 20, "large enough for pieces: {}", answer.text.len());
    assert_eq!(page["features"].as_array().unwrap().len() as u64, page["numberReturned"].as_u64().unwrap());
}

#[test]
fn a_client_that_has_a_page_is_told_so_until_the_layer_changes() {
    let server = Server::start(&copy_of("demo.gpkg"));
    for address in
        ["/ogc/collections/plants/items", "/ogc/collections/plants/items/1", "/ogc/collections/plants", "/ogc/collections"]
    {
        let tag = server.get(address).headers["etag"].to_str().unwrap().to_owned();
        assert!(!tag.starts_with("W/"), "{address}: {tag}");
        let again = server.get_with(address, &[("If-None-Match", &tag)]);
        assert_eq!((again.status, again.text.len()), (304, 0), "{address}");
    }
    let page = "/ogc/collections/plants/items";
    let tag = server.get(page).headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(server.delete("/ogc/collections/plants/items/3").status, 204);
    assert_eq!(server.get_with(page, &[("If-None-Match", &tag)]).status, 200, "the page has changed");
    let other = "/ogc/collections/waters/items?limit=1";
    let untouched = server.get(other).headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(server.delete("/ogc/collections/plants/items/2").status, 204);
    assert_eq!(server.get_with(other, &[("If-None-Match", &untouched)]).status, 304, "another layer has not");
}

#[test]
fn the_same_tag_names_the_same_bytes() {
    for address in ["/ogc/collections/probes/items?limit=100", "/ogc/collections/probes/items?limit=7&f=csv"] {
        let (one, two) = (demo().get(address), demo().get(address));
        assert_eq!(one.headers["etag"], two.headers["etag"]);
        assert_eq!(one.text, two.text);
        let other = demo().get(&format!("{address}&crs=EPSG:4326"));
        assert_ne!(one.headers["etag"], other.headers["etag"]);
    }
}

#[test]
fn a_browser_gets_a_page_to_read_and_ways_to_the_others() {
    let browser = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    let page = demo().get_with("/ogc/collections/settlements/items?sortby=name", &browser);
    assert_eq!((page.status, page.content_type.as_str()), (200, "text/html; charset=utf-8"));
    assert!(page.text.contains("cursor=after."), "it leads to the next page");
    let first = demo().json("/ogc/collections/settlements/items?sortby=name&limit=1")["features"][0].clone();
    assert!(page.text.contains(first["properties"]["name"].as_str().unwrap()));
    let tag = page.headers["etag"].to_str().unwrap().to_owned();
    let again = demo().get_with("/ogc/collections/settlements/items?sortby=name", &[browser[0], ("If-None-Match", &tag)]);
    assert_eq!(again.status, 304);
    let item = demo().get_with(&format!("/ogc/collections/settlements/items/{}", first["id"]), &browser);
    assert!(item.text.contains(first["properties"]["name"].as_str().unwrap()));
}
