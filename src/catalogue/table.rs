//! A layer as columns, geometry and a packed R-tree.

use super::{Column, LoadedFeature};
use crate::model::{Feature, FeatureId, Layer};
use geo::{BoundingRect, Geometry};
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree, RTreeBuilder, RTreeIndex};

/// A layer at one moment; rows are in the order of their identifiers.
#[derive(Debug)]
pub struct LayerTable {
    layer: Layer,
    ids: Vec<FeatureId>,
    geometries: Vec<Option<Geometry>>,
    bounds: Vec<Option<[f64; 4]>>,
    columns: Vec<Column>,
    /// Rows with a geometry, by their bounds; its numbers stand for places in `indexed`.
    index: Option<RTree<f64>>,
    indexed: Vec<u32>,
    without_geometry: Vec<u32>,
    extent: Option<[f64; 4]>,
}

impl LayerTable {
    pub(super) fn new(layer: Layer, mut rows: Vec<LoadedFeature>) -> Self {
        rows.sort_by_key(|row| row.feature.id);
        let count = rows.len();
        let properties = &layer.schema().properties;
        let mut columns: Vec<Column> = properties.iter().map(|property| Column::of(property.kind, count)).collect();
        let mut table = Self {
            layer,
            ids: Vec::with_capacity(count),
            geometries: Vec::with_capacity(count),
            bounds: Vec::with_capacity(count),
            columns: Vec::new(),
            index: None,
            indexed: Vec::new(),
            without_geometry: Vec::new(),
            extent: None,
        };
        for LoadedFeature { feature, .. } in rows {
            table.ids.push(feature.id);
            table.bounds.push(feature.geometry.as_ref().and_then(bounds_of));
            table.geometries.push(feature.geometry);
            let mut values = feature.values.into_iter();
            for column in &mut columns {
                column.push(values.next().unwrap_or_default());
            }
        }
        table.columns = columns;
        table.build_index();
        table
    }

    fn build_index(&mut self) {
        let row_number = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
        for (row, bounds) in self.bounds.iter().enumerate() {
            if bounds.is_some() { self.indexed.push(row_number(row)) } else { self.without_geometry.push(row_number(row)) }
        }
        self.extent = self.bounds.iter().flatten().copied().reduce(union);
        if self.indexed.is_empty() {
            return;
        }
        let mut builder = RTreeBuilder::<f64>::new(row_number(self.indexed.len()));
        for [west, south, east, north] in self.bounds.iter().flatten() {
            builder.add(*west, *south, *east, *north);
        }
        self.index = Some(builder.finish::<HilbertSort>());
    }

    /// Which layer it is.
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.layer
    }

    /// Rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Extent: west, south, east, north.
    #[must_use]
    pub fn extent(&self) -> Option<[f64; 4]> {
        self.extent
    }

    /// The row of an identifier.
    #[must_use]
    pub fn row_of(&self, id: FeatureId) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// The identifier of a row.
    #[must_use]
    pub fn id(&self, row: usize) -> FeatureId {
        self.ids[row]
    }

    /// The geometry of a row, CRS84.
    #[must_use]
    pub fn geometry(&self, row: usize) -> Option<&Geometry> {
        self.geometries[row].as_ref()
    }

    /// The bounds of a row: west, south, east, north.
    #[must_use]
    pub fn bounds(&self, row: usize) -> Option<[f64; 4]> {
        self.bounds[row]
    }

    /// A row as a feature.
    #[must_use]
    pub fn feature(&self, row: usize) -> Feature {
        let kinds = self.layer.schema().properties.iter().map(|property| property.kind);
        let values = self.columns.iter().zip(kinds).map(|(column, kind)| column.value(row, kind)).collect();
        Feature { id: self.ids[row], geometry: self.geometries[row].clone(), values }
    }

    /// Columns, in the order of the schema.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Rows whose bounds meet a box, in no order.
    #[must_use]
    pub fn rows_near(&self, [west, south, east, north]: [f64; 4]) -> Vec<u32> {
        let Some(index) = &self.index else { return Vec::new() };
        let mut rows = index.search(west, south, east, north);
        for row in &mut rows {
            *row = self.indexed[*row as usize];
        }
        rows
    }

    /// Rows without a geometry.
    #[must_use]
    pub fn rows_without_geometry(&self) -> &[u32] {
        &self.without_geometry
    }

    /// Whether a row says that it is invented.
    #[must_use]
    pub fn has_synthetic(&self) -> bool {
        let Some(place) = self.layer.schema().index_of("synthetic") else { return false };
        matches!(&self.columns[place], Column::Boolean(flags) if flags.contains(&Some(true)))
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
