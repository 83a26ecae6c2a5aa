//! Which rows a client asked for: pure functions of a catalogue's table.

mod bbox;
mod cql2;
mod cursor;
mod datetime;
mod fold;
mod moment;
mod place;
mod search;
mod selection;
mod sort;

pub use bbox::{Bbox, BboxError};
pub use cql2::{
    ArgumentDescription, Filter, FilterError, FunctionDescription, Limits, Syntax, ToCrs84, functions, parse_json, parse_text,
};
pub use cursor::{Cursor, CursorError};
pub use datetime::{Datetime, DatetimeError, primary_date};
pub use fold::{without_accents, without_case};
pub use place::Place;
pub use search::{Search, SearchError};
pub use selection::{Page, Position, Query, Selection, select, select_unless};
pub use sort::{Sort, SortError, sortables};

#[cfg(test)]
mod tests;
