//! What a client asked for, the rows that are it in the order asked for, and pages of them.

use super::cql2::Filter;
use super::cursor::{Cursor, checksum};
use super::datetime::Datetime;
use super::place::Place;
use super::search::Search;
use super::sort::Sort;
use crate::catalogue::LayerTable;
use fixedbitset::FixedBitSet;
use std::cmp::Ordering;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{self, AtomicBool};

/// What a client asked of one layer; all of it must hold. Nothing asked for is every row.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Query {
    pub filter: Option<Filter>,
    pub place: Option<Place>,
    pub datetime: Option<Datetime>,
    pub search: Option<Search>,
    pub sort: Sort,
}

impl Query {
    /// The query as one text: with the layer's name and version the key of a cache.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail. Each part stands on a line of its own kind; texts are quoted by their parts.
        if let Some(filter) = &self.filter {
            let _ = writeln!(text, "filter {}", filter.canonical());
        }
        if let Some(place) = &self.place {
            let _ = writeln!(text, "place {place}");
        }
        if let Some(datetime) = self.datetime {
            let _ = writeln!(text, "datetime {}", datetime.canonical());
        }
        if let Some(search) = &self.search {
            let _ = writeln!(text, "search {}", search.canonical());
        }
        if !self.sort.is_by_id() {
            let _ = writeln!(text, "sort {}", self.sort.canonical());
        }
        text
    }

    /// Whether every row is asked for, in whatever order.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.filter.is_none() && self.place.is_none() && self.datetime.is_none() && self.search.is_none()
    }
}

/// The rows that a query asks for, in its order.
#[must_use]
pub fn select(table: &LayerTable, query: &Query) -> Selection {
    selected(table, query, &AtomicBool::new(false))
}

/// The same, unless `stop` is set before it is done: a filter may take long, and whoever asked may have gone.
#[must_use]
pub fn select_unless(table: &LayerTable, query: &Query, stop: &AtomicBool) -> Option<Selection> {
    let selection = selected(table, query, stop);
    (!stop.load(atomic::Ordering::Relaxed)).then_some(selection)
}

fn selected(table: &LayerTable, query: &Query, stop: &AtomicBool) -> Selection {
    let found = found(table, query, stop);
    let order = match (found, query.sort.is_by_id()) {
        (None, true) => None,
        (found, by_id) => {
            let number = |row: usize| u32::try_from(row).ok();
            let mut rows: Vec<u32> = match found {
                Some(found) => found.ones().filter_map(number).collect(),
                None => (0..table.len()).filter_map(number).collect(),
            };
            if !by_id {
                query.sort.sort(table, &mut rows);
            }
            Some(rows.into())
        }
    };
    Selection { count: table.len(), order, sort: query.sort.clone(), checksum: checksum(table.schema(), query) }
}

/// Rows that match, or nothing where all do. The filter comes last and is asked of what is left.
fn found(table: &LayerTable, query: &Query, stop: &AtomicBool) -> Option<FixedBitSet> {
    let parts = [
        query.place.as_ref().map(|place| place.rows(table)),
        query.datetime.and_then(|datetime| datetime.rows(table)),
        query.search.as_ref().map(|search| search.rows(table)),
    ];
    let both = |mut a: FixedBitSet, b: FixedBitSet| {
        a.grow(table.len());
        a.intersect_with(&b);
        a
    };
    let found = parts.into_iter().flatten().reduce(both).map(|mut found| {
        found.grow(table.len());
        found
    });
    match &query.filter {
        Some(filter) => Some(filter.rows(table, found.as_ref(), stop)),
        None => found,
    }
}

/// Where a page begins or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// The first rows.
    Start,
    /// After so many rows.
    Offset(usize),
    /// The rows after a place.
    After(Cursor),
    /// The rows before a place, nearest to it.
    Before(Cursor),
    /// The last page, as counted from the start.
    Last,
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Rows, in the order asked for.
    pub rows: Vec<u32>,
    /// Rows before the page.
    pub first: usize,
    /// Rows that match, on this page or not.
    pub matched: usize,
    /// For [`Position::After`]: the next page, where there is one.
    pub next: Option<Cursor>,
    /// For [`Position::Before`]: the page before, where there is one.
    pub prev: Option<Cursor>,
}

/// Every row that a query asks for, in its order. It belongs to the table that it was made from.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Rows of the table.
    count: usize,
    /// Rows in their order; none where it is every row in the order of the table.
    order: Option<Arc<[u32]>>,
    sort: Sort,
    checksum: u64,
}

impl Selection {
    /// Rows that match.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.as_ref().map_or(self.count, |order| order.len())
    }

    /// Whether no row matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row at a place of the order.
    #[must_use]
    pub fn row(&self, place: usize) -> Option<u32> {
        match &self.order {
            Some(order) => order.get(place).copied(),
            None => u32::try_from(place).ok().filter(|_| place < self.count),
        }
    }

    /// Whether a row matches.
    #[must_use]
    pub fn holds(&self, row: u32) -> bool {
        match &self.order {
            None => (row as usize) < self.count,
            Some(order) if self.sort.is_by_id() => order.binary_search(&row).is_ok(),
            Some(order) => order.contains(&row),
        }
    }

    /// Every row, in the order.
    pub fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len()).filter_map(|place| self.row(place))
    }

    /// Bytes that it holds, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.order.as_ref().map_or(0, |order| order.len() * size_of::<u32>())
    }

    /// The place of a row: [`Position::After`] it or [`Position::Before`] it goes on where a page broke off.
    #[must_use]
    pub fn cursor(&self, table: &LayerTable, row: u32) -> Cursor {
        let row = row as usize;
        Cursor { values: self.sort.values(table, row), id: table.id(row), checksum: self.checksum }
    }

    /// A page. A cursor finds its place among the rows as they are now, whether its own row is still there or not.
    #[must_use]
    pub fn page(&self, table: &LayerTable, position: &Position, limit: usize) -> Page {
        let matched = self.len();
        let (first, end) = match position {
            Position::Start => (0, limit.min(matched)),
            Position::Offset(offset) => {
                let first = (*offset).min(matched);
                (first, first.saturating_add(limit).min(matched))
            }
            Position::After(cursor) => {
                let first = self.place(table, cursor, Ordering::is_le);
                (first, first.saturating_add(limit).min(matched))
            }
            Position::Before(cursor) => {
                let end = self.place(table, cursor, Ordering::is_lt);
                (end.saturating_sub(limit), end)
            }
            Position::Last => (matched.saturating_sub(1) / limit.max(1) * limit.max(1), matched),
        };
        let rows: Vec<u32> = (first..end).filter_map(|place| self.row(place)).collect();
        let cursor = |row: Option<&u32>, wanted: bool| row.filter(|_| wanted).map(|row| self.cursor(table, *row));
        Page { next: cursor(rows.last(), end < matched), prev: cursor(rows.first(), first > 0), rows, first, matched }
    }

    /// How many rows stand before a cursor's place.
    fn place(&self, table: &LayerTable, cursor: &Cursor, before: fn(Ordering) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let row = self.row(middle).map_or(0, |row| row as usize);
            if before(self.sort.compare(table, row, &cursor.values, cursor.id)) { low = middle + 1 } else { high = middle }
        }
        low
    }
}
