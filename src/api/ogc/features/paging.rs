//! A page: which rows stand on it, and the ways to the pages beside it, in the body and as headers of every form.

use super::collections::QUERYABLES;
use super::parameters::{AFTER, BEFORE, ItemsRequest, LAST};
use super::response::PIECE_BYTES;
use super::writers::Rendering;
use crate::api::http::Format;
use crate::api::ogc::link::{JSON, Link, SCHEMA_JSON, query_text};
use crate::catalogue::LayerTable;
use crate::model::Layer;
use crate::query::{Page, Position, Selection};
use actix_web::HttpResponseBuilder;
use actix_web::http::header::LINK;

/// Query strings longer than this are not repeated for every other form in the headers: clients and proxies refuse headers
/// of many kilobytes.
const LONG_QUERY: usize = 1_000;

/// Rows of a page that fit the byte budget, with what leads on from there.
pub(super) fn page_of(
    selection: &Selection,
    table: &LayerTable,
    wanted: &ItemsRequest,
    rendering: &Rendering,
    most_bytes: usize,
) -> (Page, usize) {
    let page = selection.page(table, &wanted.position, wanted.limit);
    let mut bytes = 0;
    if most_bytes == usize::MAX {
        // Nobody holds it: how much it is matters only where it is little.
        for row in &page.rows {
            bytes += rendering.weight(*row as usize);
            if bytes > PIECE_BYTES {
                break;
            }
        }
        return (page, bytes);
    }
    let mut fits = |row: &&u32| {
        let first = bytes == 0;
        bytes += rendering.weight(**row as usize);
        // One row is always given, or nobody would ever come past it.
        first || bytes <= most_bytes
    };
    let rows = page.rows.iter();
    // Of a page that was asked for backwards the last rows stay.
    let kept = match wanted.position {
        Position::Before(_) => rows.rev().take_while(&mut fits).count(),
        _ => rows.take_while(&mut fits).count(),
    };
    if kept == page.rows.len() {
        return (page, bytes);
    }
    (selection.page(table, &wanted.position, kept), most_bytes)
}

/// Where links lead and in which form.
pub(super) struct Links<'a> {
    pub base: &'a str,
    pub layer: Layer,
    pub inputs: &'a [(String, String)],
    pub format: Format,
    pub offered: &'a [Format],
}

impl Links<'_> {
    /// The links of a page of features.
    pub(super) fn of_page(&self, wanted: &ItemsRequest, page: &Page) -> Vec<Link> {
        let kind = self.format.media_type();
        let mut links = vec![Link::new(self.address(self.format, None), "self", kind, "This page")];
        links.extend(self.alternates(|format| self.address(format, None)));
        links.push(self.collection());
        let mut lead = |rel: &'static str, cursor: &str, title: &str| {
            links.push(Link::new(self.address(self.format, Some(cursor)), rel, kind, title));
        };
        if wanted.hits {
            return links;
        }
        if let Some(next) = &page.next {
            lead("next", &format!("{AFTER}{next}"), "Next page");
        }
        if let Some(prev) = &page.prev {
            lead("prev", &format!("{BEFORE}{prev}"), "Page before");
        }
        if page.next.is_some() || page.prev.is_some() {
            lead("first", "", "First page");
            lead("last", LAST, "Last page");
        }
        links
    }

    /// The links of one feature.
    pub(super) fn of_item(&self, id: i64) -> Vec<Link> {
        let address = |format| self.written(format!("{}/items/{id}", self.address_of_collection()), format, None);
        let mut links = vec![Link::new(address(self.format), "self", self.format.media_type(), "This feature")];
        links.extend(self.alternates(address));
        links.push(self.collection());
        links
    }

    fn collection(&self) -> Link {
        Link::new(self.address_of_collection(), "collection", JSON, &self.layer.schema().title.en)
    }

    fn alternates<'b>(&'b self, address: impl Fn(Format) -> String + 'b) -> impl Iterator<Item = Link> + 'b {
        let others = self.offered.iter().filter(|format| **format != self.format);
        others.map(move |format| Link::new(address(*format), "alternate", format.media_type(), format.title()))
    }

    /// Where it is said what filters may ask for.
    pub(super) fn queryables(&self) -> Link {
        let address = format!("{}/queryables", self.address_of_collection());
        Link::new(address, QUERYABLES, SCHEMA_JSON, "What filters may ask for")
    }

    fn address_of_collection(&self) -> String {
        format!("{}/ogc/collections/{}", self.base, self.layer)
    }

    /// The address of this page in a form; with a cursor, of another page: none is the first.
    fn address(&self, format: Format, cursor: Option<&str>) -> String {
        self.written(format!("{}/items", self.address_of_collection()), format, cursor)
    }

    fn written(&self, address: String, format: Format, cursor: Option<&str>) -> String {
        let mut query: Vec<(String, String)> = Vec::with_capacity(self.inputs.len() + 2);
        let other_page = |name: &str| cursor.is_some() && matches!(name, "cursor" | "offset");
        query.extend(self.inputs.iter().filter(|(name, _)| name != "f" && !other_page(name)).cloned());
        let asked = self.inputs.iter().find(|(name, _)| name == "f");
        match asked {
            Some(asked) if format == self.format => query.push(asked.clone()),
            // A form that a header asked for is named, so that what a page leads to is of the same form.
            None if format == self.format && Some(&format) == self.offered.first() => {}
            _ => query.push(("f".to_owned(), format.name().to_owned())),
        }
        if let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) {
            query.push(("cursor".to_owned(), cursor.to_owned()));
        }
        if query.is_empty() { address } else { format!("{address}?{}", query_text(&query)) }
    }
}

/// Puts links into the headers (RFC 8288), where programs that read no JSON find them: those of the page, and where its
/// filters are described (OGC API Features, part 3, requirement 3).
pub(super) fn add_link_headers(response: &mut HttpResponseBuilder, links: &[Link], queryables: &Link, query_bytes: usize) {
    let kept = links.iter().filter(|link| query_bytes <= LONG_QUERY || link.rel() != "alternate");
    for link in kept.chain([queryables]) {
        response.append_header((LINK, link.header()));
    }
}
