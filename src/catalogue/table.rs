//! A layer as columns, geometry and a packed R-tree.

use super::{Column, LoadedFeature};
use crate::model::{Feature, FeatureId, LayerSchema, Value};
use geo::{BoundingRect, Geometry};
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree, RTreeBuilder, RTreeIndex};

/// A layer at one moment; rows are in the order of their identifiers.
#[derive(Debug)]
pub struct LayerTable {
    schema: &'static LayerSchema,
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
    /// A table of rows, in whatever order they come.
    #[must_use]
    pub fn new(schema: &'static LayerSchema, mut rows: Vec<LoadedFeature>) -> Self {
        rows.sort_by_key(|row| row.feature.id);
        let count = rows.len();
        let mut columns: Vec<Column> = schema.properties.iter().map(|property| Column::of(property.kind, count)).collect();
        let mut table = Self {
            schema,
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
            let mut values = feature.values.iter();
            for column in &mut columns {
                column.push(values.next().unwrap_or(&Value::Null));
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

    /// What its columns are.
    #[must_use]
    pub fn schema(&self) -> &'static LayerSchema {
        self.schema
    }

    /// The column of a property.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.schema.index_of(name).map(|place| &self.columns[place])
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
        let values = self.columns.iter().map(|column| column.value(row)).collect();
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
        matches!(self.column("synthetic"), Some(Column::Boolean(flags)) if flags.contains(&Some(true)))
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
