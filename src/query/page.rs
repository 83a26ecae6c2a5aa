//! A page of a layer's rows.

use super::bbox::{Bbox, meets};
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

/// Rows of a page and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Rows, in the order of their identifiers.
    pub rows: Vec<u32>,
    /// Rows that match, on this page or not.
    pub matched: usize,
}

/// The rows that a request asks for. The order is stable: pages neither lose nor repeat a row.
#[must_use]
pub fn page(table: &LayerTable, request: &PageRequest) -> Page {
    match request.bbox {
        None => {
            let end = table.len().min(request.offset.saturating_add(request.limit));
            let rows = (request.offset.min(end)..end).filter_map(|row| u32::try_from(row).ok()).collect();
            Page { rows, matched: table.len() }
        }
        Some(bbox) => {
            let mut rows = rows_in(table, &bbox);
            let matched = rows.len();
            rows.drain(..request.offset.min(matched));
            rows.truncate(request.limit);
            Page { rows, matched }
        }
    }
}

fn rows_in(table: &LayerTable, bbox: &Bbox) -> Vec<u32> {
    let mut rows = table.rows_without_geometry().to_vec();
    for part in bbox.parts() {
        let near = table.rows_near(part).into_iter();
        rows.extend(near.filter(|row| match (table.bounds(*row as usize), table.geometry(*row as usize)) {
            (Some(bounds), Some(geometry)) => meets(part, bounds, &geometry),
            _ => false,
        }));
    }
    rows.sort_unstable();
    rows.dedup();
    rows
}
