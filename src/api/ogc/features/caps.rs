//! How much of what is found one answer holds: a page of it, or, where the form is a file that people keep, all of it.

use crate::api::http::Format;
use crate::config::Config;
use crate::exchange::SPREADSHEET_ROWS;

/// The caps of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Caps {
    /// Rows where the client does not say.
    pub usual_rows: usize,
    /// Most rows.
    pub most_rows: usize,
    /// Size past which it ends early.
    pub most_bytes: usize,
}

impl Caps {
    /// Those of a form. What is written while it is sent holds no memory, however long it is.
    pub(super) fn of(format: Format, config: &Config) -> Self {
        let whole = |rows, most_bytes| Self { usual_rows: rows, most_rows: rows, most_bytes };
        match format {
            Format::Csv | Format::GeoJsonSequence => whole(config.streamed_rows, usize::MAX),
            // One row of the sheet is the header.
            Format::Xlsx => whole(config.file_rows.min(SPREADSHEET_ROWS - 1), config.file_bytes),
            Format::FlatGeobuf | Format::GeoPackage | Format::Shapefile => whole(config.file_rows, config.file_bytes),
            _ => Self { usual_rows: config.page_default, most_rows: config.page_most, most_bytes: config.page_bytes },
        }
    }
}
