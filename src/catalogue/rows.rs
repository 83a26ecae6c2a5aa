//! Rows of a layer as columns, before they are a table: what a store fills, value by value or a row at a time.

use super::Column;
use super::fingerprint::{row_word, word_of};
use super::shapes::Shapes;
use crate::model::{Feature, FeatureId, GeometryKind, LayerSchema, Value};
use geo::Geometry;
use rayon::prelude::*;
use std::borrow::Cow;
use std::hash::Hasher;
use std::ops::Range;

/// Rows in the making; a row is complete when its identifier, its geometry and a value of every column were pushed.
///
/// ```
/// use peatplan::catalogue::{Column, LayerRows, LayerTable};
/// use peatplan::model::{Layer, Value};
/// let mut rows = LayerRows::with_capacity(Layer::Probes.schema(), 1);
/// rows.push_id(7);
/// rows.push_point(40.6, 55.6);
/// for column in rows.columns_mut() {
///     match column {
///         Column::Number(depths) => depths.push(2.4),
///         other => other.push(&Value::Null),
///     }
/// }
/// let table = LayerTable::new(Layer::Probes.schema(), vec![rows]);
/// assert_eq!((table.len(), table.id(0)), (1, 7));
/// ```
#[derive(Debug, Clone)]
pub struct LayerRows {
    pub(super) schema: &'static LayerSchema,
    pub(super) ids: Vec<FeatureId>,
    pub(super) shapes: Shapes,
    pub(super) columns: Vec<Column>,
}

impl LayerRows {
    /// No rows yet, and room for some.
    #[must_use]
    pub fn with_capacity(schema: &'static LayerSchema, rows: usize) -> Self {
        let only_points = schema.geometry.iter().all(|kind| matches!(kind, GeometryKind::Point | GeometryKind::None));
        Self {
            schema,
            ids: Vec::with_capacity(rows),
            shapes: Shapes::with_capacity(only_points, rows),
            columns: schema.properties.iter().map(|property| Column::of(property.kind, rows)).collect(),
        }
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

    /// The identifier of a row.
    pub fn push_id(&mut self, id: FeatureId) {
        self.ids.push(id);
    }

    /// The geometry of a row that is a point, CRS84.
    pub fn push_point(&mut self, x: f64, y: f64) {
        self.shapes.push_point(x, y);
    }

    /// The geometry of a row, CRS84.
    pub fn push_geometry(&mut self, geometry: Option<Geometry>) {
        self.shapes.push(geometry);
    }

    /// The columns, in the order of the schema, for a row's values.
    pub fn columns_mut(&mut self) -> &mut [Column] {
        &mut self.columns
    }

    /// A whole row.
    pub fn push(&mut self, feature: Feature) {
        self.ids.push(feature.id);
        self.shapes.push(feature.geometry);
        let mut values = feature.values.iter();
        for column in &mut self.columns {
            column.push(values.next().unwrap_or(&Value::Null));
        }
    }

    /// A row as a feature.
    #[must_use]
    pub fn feature(&self, row: usize) -> Feature {
        let values = self.columns.iter().map(|column| column.value(row)).collect();
        Feature { id: self.ids[row], geometry: self.shapes.get(row).map(Cow::into_owned), values }
    }

    /// Puts a row into a feature that serves again and again; columns that are not wanted are left as they are.
    pub(super) fn take_out(&self, row: usize, wanted: &[usize], feature: &mut Feature) {
        feature.id = self.ids[row];
        feature.geometry = self.shapes.get(row).map(Cow::into_owned);
        for column in wanted {
            feature.values[*column] = self.columns[*column].value(row);
        }
    }

    /// Puts other rows in the place of some.
    pub(super) fn splice(&mut self, rows: Range<usize>, with: Self) {
        drop(self.ids.splice(rows.clone(), with.ids));
        self.shapes.splice(rows.clone(), with.shapes);
        for (column, new) in self.columns.iter_mut().zip(with.columns) {
            column.splice(rows.clone(), new);
        }
    }

    /// Parts one after the other; the columns are joined side by side, since those of texts take their time.
    pub(super) fn joined(schema: &'static LayerSchema, parts: Vec<Self>) -> Self {
        let count = parts.iter().map(Self::len).sum();
        let mut rows = Self::with_capacity(schema, count);
        let mut columns: Vec<Vec<Column>> = schema.properties.iter().map(|_| Vec::with_capacity(parts.len())).collect();
        for part in parts {
            let end = rows.ids.len();
            rows.ids.extend(part.ids);
            rows.shapes.splice(end..end, part.shapes);
            columns.iter_mut().zip(part.columns).for_each(|(column, part)| column.push(part));
        }
        rows.columns.par_iter_mut().zip(columns).for_each(|(column, parts)| {
            for part in parts {
                let end = column.len();
                column.splice(end..end, part);
            }
        });
        rows
    }

    /// In the order of their identifiers.
    pub(super) fn sorted(self) -> Self {
        if self.ids.is_sorted() {
            return self;
        }
        let mut features: Vec<Feature> = (0..self.len()).map(|row| self.feature(row)).collect();
        features.sort_by_key(|feature| feature.id);
        let mut sorted = Self::with_capacity(self.schema, features.len());
        for feature in features {
            sorted.push(feature);
        }
        sorted
    }

    /// Fingerprint of a row.
    pub(super) fn fingerprint(&self, row: usize) -> u64 {
        row_word(self.ids[row], self.columns.iter().map(|column| column.word(row)), self.shapes.word(row))
    }

    /// The sum of all rows' fingerprints: it can follow a changed row without looking at the others.
    pub(super) fn sum(&self) -> u64 {
        let mut columns: Vec<_> = self.columns.iter().map(Column::words).collect();
        let row = |row: usize| {
            // Each column has a word a row; the loop over columns keeps their order.
            let values = columns.iter_mut().map(|words| words.next().unwrap_or_default());
            row_word(self.ids[row], values, self.shapes.word(row))
        };
        (0..self.len()).map(row).fold(0, u64::wrapping_add)
    }

    /// A version of rows with this sum.
    pub(super) fn version(&self, sum: u64) -> u64 {
        word_of(|fingerprint| {
            for property in &self.schema.properties {
                fingerprint.write(property.name.as_bytes());
            }
            fingerprint.word(self.len() as u64);
            fingerprint.word(sum);
        })
    }
}
