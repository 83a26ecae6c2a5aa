//! A page of a layer's rows by box and number, as clients of the first kind ask for it.

use super::bbox::Bbox;
use super::place::Place;
use super::selection::{Page, Position, Query, select};
use crate::catalogue::LayerTable;

/// Which rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageRequest {
    /// Only rows that meet this box; rows without geometry always do (OGC API Features, requirement 25).
    pub bbox: Option<Bbox>,
    /// Rows before the page.
    pub offset: usize,
    /// Most rows on the page.
    pub limit: usize,
}

/// The rows that a request asks for. The order is stable: pages neither lose nor repeat a row.
#[must_use]
pub fn page(table: &LayerTable, request: &PageRequest) -> Page {
    let query = Query { place: request.bbox.map(Place::Box), ..Query::default() };
    select(table, &query).page(table, &Position::Offset(request.offset), request.limit)
}
