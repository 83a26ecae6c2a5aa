//! Rows as files for other programs: made in whole, since their formats cannot be written in order.

use super::{Rendering, table};
use crate::api::http::Format;
use crate::api::language::Language;
use crate::api::problem::Problem;
use crate::exchange::{Export, flatgeobuf, geopackage_bytes, shapefile_archive, table_book_xlsx};
use crate::model::Feature;

/// Which part of what was found a file holds, for the forms that can say it.
#[derive(Debug)]
pub(in crate::api::ogc::features) struct FilePart {
    /// Rows before it.
    pub first: usize,
    /// Rows that match in all.
    pub matched: usize,
    /// Where the rest is, where the file ends early.
    pub next: Option<String>,
    /// The language of what people read.
    pub language: Language,
}

/// The rows as a file of a binary form.
///
/// # Errors
/// 422 where a coordinate has no place in the system; 500 where the form could not be written, or is no file.
pub(in crate::api::ogc::features) fn file_bytes(
    rendering: &Rendering,
    rows: &[u32],
    format: Format,
    in_order: bool,
    part: &FilePart,
) -> Result<Vec<u8>, Problem> {
    if format == Format::Xlsx {
        return table_book_xlsx(&table::book(rendering, rows, part)?).map_err(|error| Problem::internal(&error));
    }
    let way = rendering.way().map_err(|error| Problem::internal(&error))?;
    let feature = |row: &u32| {
        let row = *row as usize;
        rendering.feature(row, way.as_ref()).map_err(|error| {
            let (id, layer) = (rendering.table.id(row), rendering.layer);
            Problem::unprocessable(format!("feature {id} of {layer} cannot be given in {}: {error}", rendering.system.name))
        })
    };
    let features = rows.iter().map(feature).collect::<Result<Vec<Feature>, Problem>>()?;
    let export = Export {
        layer: rendering.layer,
        name: rendering.layer.name(),
        properties: &rendering.properties,
        crs: &rendering.system.crs,
        // A layer none of whose features has a place is a table.
        with_geometry: rendering.with_geometry
            && (features.is_empty() || features.iter().any(|feature| feature.geometry.is_some())),
        with_ids: true,
    };
    match format {
        Format::FlatGeobuf => {
            // The index sorts the rows.
            flatgeobuf(&export, features.into_iter(), !in_order).map_err(|error| Problem::internal(&error))
        }
        Format::GeoPackage => geopackage_bytes(&export, features.into_iter()).map_err(|error| Problem::internal(&error)),
        Format::Shapefile => shapefile_archive(&export, features.into_iter()).map_err(|error| Problem::internal(&error)),
        other => Err(Problem::internal(&format!("{} is no form of a file", other.name()))),
    }
}
