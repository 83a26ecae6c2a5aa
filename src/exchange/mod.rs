//! Other people's files in and out: the only folder that names `gdal`.
//!
//! The way of a row: a [`source`](open_source) gives geometry and fields as the file has them → the mapping turns
//! fields into the layer's properties, units and words included → geometry is checked, repaired, brought to CRS84
//! → the sink takes a [`Feature`](crate::model::Feature). Every row that is refused is one line of the [`ImportReport`].
//! Bad data stops here; nothing of reserves, plants or HTTP is known.

mod archive;
mod axis_order;
mod cores;
mod delimited;
mod download;
mod error;
mod export;
mod feature_text;
mod flatgeobuf;
mod geometry;
mod import;
mod mapping;
mod osm;
mod raster;
mod received;
mod report;
mod result_layer;
mod source;
mod table_book;
mod text;
mod tile_archive;
mod unit;
mod vector;
mod weather;

pub use axis_order::northing_first;
pub use download::{DownloadError, geopackage_bytes, shapefile_archive};
pub use error::ImportError;
pub use export::{Export, ExportError, FORMATS as EXPORT_FORMATS, check_target, export_features, export_to};
pub use flatgeobuf::{FlatGeobufError, flatgeobuf};
pub use geometry::is_valid;
pub use import::{ImportRequest, Limits, OnError, Progress, import_features, row_fingerprint};
pub use raster::{GEOTIFF, RasterError, RasterResult, geotiff, surface_from_bytes, surface_from_file};
pub use received::{Refused, accept_geometry, accept_values, value_from_json};
pub use report::{ImportReport, RowNote};
pub use result_layer::{
    GEOJSON, GPKG, ResultArea, ResultLayerError, ResultLine, areas_geojson, areas_geopackage, lines_geojson, lines_geopackage,
};
pub use table_book::{SPREADSHEET_ROWS, TableError, XLSX, table_book_csv, table_book_xlsx};
pub use tile_archive::{ArchiveError, ArchiveHead, TileArchive, place_in_archive};
pub use weather::{WeatherFileError, weather_file_text, weather_from_file};
