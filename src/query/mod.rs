//! Which rows a client asked for: pure functions of a catalogue's table.

mod bbox;
mod page;

pub use bbox::{Bbox, BboxError};
pub use page::{Page, PageRequest, page};
