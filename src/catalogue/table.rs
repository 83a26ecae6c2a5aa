//! A layer as columns, geometry and a packed tree of places.

use super::rows::LayerRows;
use super::spatial_index::SpatialIndex;
use super::{Changed, Column};
use crate::model::{Feature, FeatureId, LayerSchema};
use geo::{BoundingRect, Geometry};
use rayon::prelude::*;
use std::borrow::Cow;

/// A layer at one moment; rows are in the order of their identifiers.
#[derive(Debug)]
pub struct LayerTable {
    rows: LayerRows,
    index: SpatialIndex,
    extent: Option<[f64; 4]>,
    synthetic: bool,
    /// Sum of the rows' fingerprints.
    sum: u64,
    version: u64,
}

impl LayerTable {
    /// A table of rows that come in parts, one after the other.
    #[must_use]
    pub fn new(schema: &'static LayerSchema, mut parts: Vec<LayerRows>) -> Self {
        let sum = parts.par_iter().map(LayerRows::sum).reduce(|| 0, u64::wrapping_add);
        let count = parts.iter().map(LayerRows::len).sum();
        let mut rows = match parts.len() {
            1 => parts.remove(0),
            _ => LayerRows::with_capacity(schema, count),
        };
        for part in parts {
            rows.splice(rows.len()..rows.len(), part);
        }
        rows = rows.sorted();
        rows.seal();
        let index = SpatialIndex::new(&rows.shapes, count);
        Self::of(rows, index, sum)
    }

    /// A table of whole rows.
    #[must_use]
    pub fn of_features(schema: &'static LayerSchema, features: Vec<Feature>) -> Self {
        let mut rows = LayerRows::with_capacity(schema, features.len());
        features.into_iter().for_each(|feature| rows.push(feature));
        Self::new(schema, vec![rows])
    }

    fn of(rows: LayerRows, index: SpatialIndex, sum: u64) -> Self {
        let bounds = (0..rows.len()).filter_map(|row| rows.shapes.bounds(row));
        let extent = bounds.reduce(union);
        let synthetic = rows.schema.index_of("synthetic").is_some_and(|place| match &rows.columns[place] {
            Column::Boolean(flags) => flags.contains(&Some(true)),
            _ => false,
        });
        let version = rows.version(sum);
        Self { rows, index, extent, synthetic, sum, version }
    }

    /// The table with a row changed; none where the change does not fit the rows that are here.
    #[must_use]
    pub fn with(&self, changed: &Changed) -> Option<Self> {
        let place = self.rows.ids.binary_search(&changed.id());
        let old = place.ok();
        let (range, new) = match (changed, place) {
            (Changed::Inserted(feature), Err(row)) => (row..row, Some(feature)),
            (Changed::Replaced(feature), Ok(row)) => (row..row + 1, Some(feature)),
            (Changed::Deleted(_), Ok(row)) => (row..row + 1, None),
            _ => return None,
        };
        let mut one = LayerRows::with_capacity(self.rows.schema, 1);
        if let Some(feature) = new {
            one.push(feature.clone());
        }
        let gone = old.map_or(0, |row| self.rows.fingerprint(row));
        let sum = self.sum.wrapping_sub(gone).wrapping_add(one.sum());
        let mut rows = self.rows.clone();
        rows.splice(range.clone(), one);
        let count = rows.len();
        let index = self.index.clone().changed(&rows.shapes, range.start, old.is_some(), new.is_some(), count);
        Some(Self::of(rows, index, sum))
    }

    /// What its columns are.
    #[must_use]
    pub fn schema(&self) -> &'static LayerSchema {
        self.rows.schema
    }

    /// A number that differs whenever the content differs, and is the same for the same content in every process.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The same of one row: identifier, values and geometry.
    #[must_use]
    pub fn fingerprint(&self, row: usize) -> u64 {
        self.rows.fingerprint(row)
    }

    /// The column of a property.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.rows.schema.index_of(name).map(|place| &self.rows.columns[place])
    }

    /// Rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Extent: west, south, east, north.
    #[must_use]
    pub fn extent(&self) -> Option<[f64; 4]> {
        self.extent
    }

    /// The row of an identifier.
    #[must_use]
    pub fn row_of(&self, id: FeatureId) -> Option<usize> {
        self.rows.ids.binary_search(&id).ok()
    }

    /// The identifier of a row.
    #[must_use]
    pub fn id(&self, row: usize) -> FeatureId {
        self.rows.ids[row]
    }

    /// The geometry of a row, CRS84.
    #[must_use]
    pub fn geometry(&self, row: usize) -> Option<Cow<'_, Geometry>> {
        self.rows.shapes.get(row)
    }

    /// Every row's longitude and latitude, where the layer holds points alone; not numbers where a row has no geometry.
    #[must_use]
    pub fn points(&self) -> Option<&[[f64; 2]]> {
        self.rows.shapes.points()
    }

    /// The bounds of a row: west, south, east, north.
    #[must_use]
    pub fn bounds(&self, row: usize) -> Option<[f64; 4]> {
        self.rows.shapes.bounds(row)
    }

    /// A row as a feature.
    #[must_use]
    pub fn feature(&self, row: usize) -> Feature {
        self.rows.feature(row)
    }

    /// Columns, in the order of the schema.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.rows.columns
    }

    /// Rows whose bounds meet a box, in no order.
    #[must_use]
    pub fn rows_near(&self, bounds: [f64; 4]) -> Vec<u32> {
        self.index.rows_near(&self.rows.shapes, bounds)
    }

    /// Rows without a geometry.
    #[must_use]
    pub fn rows_without_geometry(&self) -> &[u32] {
        self.index.without_geometry()
    }

    /// Whether a row says that it is invented.
    #[must_use]
    pub fn has_synthetic(&self) -> bool {
        self.synthetic
    }
}

/// Bounds of a geometry: west, south, east, north.
#[must_use]
pub fn bounds_of(geometry: &Geometry) -> Option<[f64; 4]> {
    geometry.bounding_rect().map(|rect| [rect.min().x, rect.min().y, rect.max().x, rect.max().y])
}

/// The box round two boxes.
pub(super) fn union(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}
