//! A page: which rows stand on it, and the ways to the pages beside it, in the body and as headers of every form.

use super::parameters::{AFTER, BEFORE, ItemsRequest, LAST};
use super::writers::Rendering;
use crate::api::http::Format;
use crate::api::ogc::link::{JSON, Link};
use crate::catalogue::LayerTable;
use crate::model::Layer;
use crate::query::{Page, Position, Selection};
use actix_web::HttpResponseBuilder;
use actix_web::http::header::LINK;
use std::fmt::Write;

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

    fn address_of_collection(&self) -> String {
        format!("{}/ogc/collections/{}", self.base, self.layer)
    }

    /// The address of this page in a form; with a cursor, of another page: none is the first.
    fn address(&self, format: Format, cursor: Option<&str>) -> String {
        self.written(format!("{}/items", self.address_of_collection()), format, cursor)
    }

    fn written(&self, mut address: String, format: Format, cursor: Option<&str>) -> String {
        let mut first = true;
        let mut add = |name: &str, text: &str| {
            let before = if std::mem::take(&mut first) { '?' } else { '&' };
            // Writing to a String cannot fail.
            let _ = write!(address, "{before}{}={}", percent_encoded(name), percent_encoded(text));
        };
        // A page of a form that was asked for by header leads to pages of the same form by its address, too.
        let named = self.inputs.iter().any(|(name, _)| name == "f");
        for (name, text) in self.inputs {
            match name.as_str() {
                "f" if format == self.format => add("f", text),
                "f" => {}
                "cursor" | "offset" if cursor.is_some() => {}
                name => add(name, text),
            }
        }
        if format != self.format || (!named && Some(&format) != self.offered.first()) {
            add("f", format.name());
        }
        if let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) {
            add("cursor", cursor);
        }
        address
    }
}

/// Puts links into the headers (RFC 8288), where programs that read no JSON find them.
pub(super) fn add_link_headers(response: &mut HttpResponseBuilder, links: &[Link], query_bytes: usize) {
    for link in links.iter().filter(|link| query_bytes <= LONG_QUERY || !link.is("alternate")) {
        response.append_header((LINK, link.header()));
    }
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
