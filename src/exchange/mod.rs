//! Other people's files in and out: the only folder that names `gdal`.
//!
//! The way of a row: a [`source`](open_source) gives geometry and fields as the file has them → the mapping turns
//! fields into the layer's properties, units and words included → geometry is checked, repaired, brought to CRS84
//! → the sink takes a [`Feature`](crate::model::Feature). Every row that is refused is one line of the [`ImportReport`].
//! Bad data stops here; nothing of reserves, plants or HTTP is known.

mod archive;
mod cores;
mod delimited;
mod error;
mod export;
mod geometry;
mod import;
mod mapping;
mod report;
mod source;
mod table_book;
mod text;
mod unit;
mod vector;

pub use error::ImportError;
pub use export::{ExportError, FORMATS as EXPORT_FORMATS, export_features};
pub use import::{ImportRequest, Limits, OnError, Progress, import_features, row_fingerprint};
pub use report::{ImportReport, RowNote};
pub use table_book::{TableError, XLSX, table_book_csv, table_book_xlsx};
