//! Features of a collection, page by page, and one by one.

use super::collections::layer_named;
use super::geojson::write_feature;
use crate::api::http::{Format, negotiate};
use crate::api::inputs::from_query;
use crate::api::ogc::link::{GEOJSON, JSON, Link, check_parameters};
use crate::api::pages::{DEFAULT_ROWS, ItemsPage, Visit, item_page, items_page, page_response};
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use crate::catalogue::LayerTable;
use crate::config::Config;
use crate::model::Layer;
use crate::query::{Bbox, Page, PageRequest, page};
use actix_web::{HttpRequest, HttpResponse, web};
use std::fmt::Write;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub(super) async fn items(
    state: web::Data<State>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let layer = layer_named(&name)?;
    let inputs = from_query(&request, state.config.query_bytes)?;
    // No layer has a time of its own, and a feature without time matches every `datetime` (requirement 26).
    check_parameters(&inputs, &["bbox", "limit", "offset", "datetime"])?;
    let format = negotiate(&request, &inputs, &[Format::GeoJson, Format::Html])?;
    let mut wanted = page_request(&inputs, &state.config)?;
    if format == Format::Html {
        if !inputs.iter().any(|(name, _)| name == "limit") {
            wanted.limit = DEFAULT_ROWS;
        }
        return items_as_page(&state, layer, &request, inputs, wanted).await;
    }
    let (bench, base, most_bytes) = (state.bench(), base_address(&request), state.config.page_bytes);
    // Off the workers: a page of large outlines takes its time.
    let written =
        web::block(move || write_page(layer, bench.catalogue().table(layer), &inputs, &wanted, &base, most_bytes)).await;
    let written = written.map_err(|error| Problem::internal(&error))??;
    Ok(HttpResponse::Ok()
        .content_type(GEOJSON)
        .insert_header(("OGC-NumberMatched", written.matched.to_string()))
        .insert_header(("OGC-NumberReturned", written.returned.to_string()))
        .body(written.body))
}

/// The same page to read.
async fn items_as_page(
    state: &State,
    layer: Layer,
    request: &HttpRequest,
    inputs: Vec<(String, String)>,
    wanted: PageRequest,
) -> Result<HttpResponse, Problem> {
    let (visit, bench, base) = (Visit::of(request, &inputs), state.bench(), base_address(request));
    let reader = visit.clone();
    let written = web::block(move || {
        let table = bench.catalogue().table(layer);
        let found = page(table, &wanted);
        let links = page_links(&base, layer, &inputs, &wanted, &found);
        let shown = ItemsPage { layer, table, rows: &found.rows, first: wanted.offset, matched: found.matched, links: &links };
        items_page(&visit, &shown)
    });
    Ok(page_response(&reader, None, written.await.map_err(|error| Problem::internal(&error))??))
}

struct WrittenPage {
    body: Vec<u8>,
    matched: usize,
    returned: usize,
}

fn write_page(
    layer: Layer,
    table: &LayerTable,
    inputs: &[(String, String)],
    wanted: &PageRequest,
    base: &str,
    most_bytes: usize,
) -> Result<WrittenPage, Problem> {
    let mut found = page(table, wanted);
    let mut out = Vec::with_capacity(256 + found.rows.len() * 512);
    out.extend_from_slice(b"{\"type\":\"FeatureCollection\",\"features\":[");
    let mut returned = 0;
    for row in &found.rows {
        // A page of very large features ends early; its `next` goes on from there.
        if returned > 0 && out.len() > most_bytes {
            break;
        }
        if returned > 0 {
            out.push(b',');
        }
        write_feature(&mut out, table, *row as usize);
        returned += 1;
    }
    found.rows.truncate(returned);
    let links = page_links(base, layer, inputs, wanted, &found);
    let links = serde_json::to_string(&links).map_err(|error| Problem::internal(&error))?;
    let moment = OffsetDateTime::now_utc().format(&Rfc3339).map_err(|error| Problem::internal(&error))?;
    let (matched, synthetic) = (found.matched, table.has_synthetic());
    let tail = format!(
        "],\"numberMatched\":{matched},\"numberReturned\":{returned},\"timeStamp\":\"{moment}\",\"synthetic\":{synthetic},\"links\":{links}}}"
    );
    out.extend_from_slice(tail.as_bytes());
    Ok(WrittenPage { body: out, matched, returned })
}

pub(super) async fn item(
    state: web::Data<State>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let format = negotiate(&request, &inputs, &[Format::GeoJson, Format::Html])?;
    let layer = layer_named(&path.0)?;
    let bench = state.bench();
    let table = bench.catalogue().table(layer);
    let row = path.1.parse().ok().and_then(|id| table.row_of(id));
    let row = row.ok_or_else(|| Problem::not_found(format!("{layer} has no feature {:?}", path.1)))?;
    let mut out = Vec::with_capacity(1_024);
    write_feature(&mut out, table, row);
    let base = base_address(&request);
    let collection = format!("{base}/ogc/collections/{layer}");
    let links = [
        Link::new(format!("{collection}/items/{}", table.id(row)), "self", GEOJSON, "This feature"),
        Link::new(collection, "collection", JSON, &layer.schema().title.en),
    ];
    if format == Format::Html {
        let visit = Visit::of(&request, &inputs);
        return Ok(page_response(&visit, None, item_page(&visit, layer, table, row, &links)?));
    }
    let links = serde_json::to_string(&links).map_err(|error| Problem::internal(&error))?;
    // The feature is written whole; its links go before its closing brace.
    out.pop();
    out.extend_from_slice(format!(",\"links\":{links}}}").as_bytes());
    Ok(HttpResponse::Ok().content_type(GEOJSON).body(out))
}

fn page_request(inputs: &[(String, String)], config: &Config) -> Result<PageRequest, Problem> {
    let mut wanted = PageRequest { bbox: None, offset: 0, limit: config.page_default };
    for (name, text) in inputs {
        let whole = || text.parse::<usize>().ok();
        match name.as_str() {
            "bbox" => wanted.bbox = Some(Bbox::parse(text)?),
            "limit" => {
                // A limit past the cap gets the cap (recommendation 7), not an error.
                let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                let limit = whole().or(digits.then_some(usize::MAX)).filter(|limit| *limit > 0);
                let limit = limit.ok_or_else(|| {
                    Problem::bad_request("limit", format!("limit must be a whole number from 1 on; it was {text:?}"))
                })?;
                wanted.limit = limit.min(config.page_most);
            }
            "offset" => {
                wanted.offset = whole().ok_or_else(|| {
                    Problem::bad_request("offset", format!("offset must be a whole number from 0 on; it was {text:?}"))
                })?;
            }
            "datetime" => check_datetime(text)?,
            _ => {}
        }
    }
    Ok(wanted)
}

/// A moment or an interval of moments, open or closed (RFC 3339).
fn check_datetime(text: &str) -> Result<(), Problem> {
    let moment = |part: &str| {
        let date_only = time::Date::parse(part, time::macros::format_description!("[year]-[month]-[day]")).is_ok();
        date_only || OffsetDateTime::parse(part, &Rfc3339).is_ok()
    };
    let sound = match text.split_once('/') {
        Some((from, to)) => {
            let open = |part: &str| matches!(part, "" | "..");
            // RFC 3339 moments of one zone sort as text; days sort with them.
            [from, to].iter().all(|part| open(part) || moment(part)) && (open(from) || open(to) || from <= to)
        }
        None => moment(text),
    };
    let wrong = || format!("datetime must be a date, a moment or an interval of them (RFC 3339); it was {text:?}");
    if sound { Ok(()) } else { Err(Problem::bad_request("datetime", wrong())) }
}

fn page_links(base: &str, layer: Layer, inputs: &[(String, String)], wanted: &PageRequest, found: &Page) -> Vec<Link> {
    let collection = format!("{base}/ogc/collections/{layer}");
    let address = |offset: usize| {
        let mut address = format!("{collection}/items?limit={}", wanted.limit);
        if offset > 0 {
            // Writing to a String cannot fail.
            let _ = write!(address, "&offset={offset}");
        }
        for (name, text) in inputs.iter().filter(|(name, _)| matches!(name.as_str(), "bbox" | "datetime")) {
            let _ = write!(address, "&{name}={}", percent_encoded(text));
        }
        address
    };
    let mut links = vec![
        Link::new(address(wanted.offset), "self", GEOJSON, "This page"),
        Link::new(&collection, "collection", JSON, &layer.schema().title.en),
    ];
    let end = wanted.offset.saturating_add(found.rows.len());
    if !found.rows.is_empty() && end < found.matched {
        links.push(Link::new(address(end), "next", GEOJSON, "Next page"));
    }
    if wanted.offset > 0 {
        links.push(Link::new(address(wanted.offset.saturating_sub(wanted.limit)), "prev", GEOJSON, "Page before"));
    }
    links
}

/// Letters that mean something in a query string, written as their codes.
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~,/:".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
