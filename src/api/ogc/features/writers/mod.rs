//! Rows as features of an answer: which properties, in which system, how exact; and a file a form. Bytes come straight from
//! the columns: no tree of values is built on the way. It knows nothing of pages and links.

mod csv;
mod files;
mod geojson;
mod json_fg;
mod simplified;
mod table;
mod text;

pub(super) use csv::header as csv_header;
pub(super) use files::{FilePart, file_bytes};
pub(super) use simplified::{at_zoom, simplified};
pub(super) use text::{TextForm, TextWriter};

use crate::catalogue::{Column, LayerTable};
use crate::crs::{Crs, CrsError, Published, Reprojection};
use crate::model::{Feature, Layer};
use geo::{CoordsIter, Geometry};
use std::borrow::Cow;
use std::sync::Arc;

/// What a vertex takes in text, and what a property takes beside its name: pages are cut by such guesses, which are made
/// before anything is written.
const VERTEX_BYTES: usize = 26;
const VALUE_BYTES: usize = 12;
const FEATURE_BYTES: usize = 80;

/// What of the rows is written, and how.
#[derive(Debug)]
pub(super) struct Rendering {
    /// The layer.
    pub layer: Layer,
    /// Its rows.
    pub table: Arc<LayerTable>,
    /// Places of the properties that are written.
    pub properties: Vec<usize>,
    /// Whether the geometry is written.
    pub with_geometry: bool,
    /// The system of the coordinates.
    pub system: Published,
    /// How far a line may be moved to save vertices, in units of the system.
    pub tolerance: Option<f64>,
}

impl Rendering {
    /// About how many bytes a row takes in GeoJSON.
    pub(super) fn weight(&self, row: usize) -> usize {
        let vertices = match self.with_geometry {
            true if self.table.points().is_some() => 1,
            true => self.table.geometry(row).map_or(0, |geometry| geometry.coords_count()),
            false => 0,
        };
        let properties = self.properties.iter().map(|place| {
            let text = match &self.table.columns()[*place] {
                Column::Text(words) => words.get(row).map_or(0, str::len),
                Column::Json(values) => values[row].as_deref().map_or(0, str::len),
                _ => 0,
            };
            self.table.schema().properties[*place].name.len() + VALUE_BYTES + text
        });
        FEATURE_BYTES + vertices * VERTEX_BYTES + properties.sum::<usize>()
    }

    /// The way of the coordinates into the system, on this thread.
    pub(super) fn way(&self) -> Result<Option<Reprojection>, CrsError> {
        (!self.system.crs.is_crs84()).then(|| Reprojection::new(&Crs::crs84(), &self.system.crs)).transpose()
    }

    /// A row's geometry, x = east, in the system and simplified.
    fn geometry(&self, row: usize, way: Option<&Reprojection>) -> Result<Option<Cow<'_, Geometry>>, CrsError> {
        if !self.with_geometry {
            return Ok(None);
        }
        let Some(stored) = stored_geometry(&self.table, row) else { return Ok(None) };
        let projected = match way {
            Some(way) => Cow::Owned(way.geometry(&stored)?),
            None => stored,
        };
        Ok(Some(match self.tolerance {
            Some(tolerance) => simplified(projected, tolerance),
            None => projected,
        }))
    }

    /// A row as a feature for a file, its values those that are written.
    pub(super) fn feature(&self, row: usize, way: Option<&Reprojection>) -> Result<Feature, CrsError> {
        let values = self.properties.iter().map(|place| self.table.columns()[*place].value(row)).collect();
        Ok(Feature { id: self.table.id(row), geometry: self.geometry(row, way)?.map(Cow::into_owned), values })
    }
}

impl Rendering {
    /// Whether every geometry is a point, so that two columns of a table hold it.
    fn has_only_points(&self) -> bool {
        self.table.points().is_some()
    }
}

/// A row's geometry as it is stored.
fn stored_geometry(table: &LayerTable, row: usize) -> Option<Cow<'_, Geometry>> {
    table.geometry(row)
}
