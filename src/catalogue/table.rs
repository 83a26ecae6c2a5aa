//! A layer as columns, geometry and a packed tree of places.

use super::rows::LayerRows;
use super::spatial_index::SpatialIndex;
use super::{Changed, Column};
use crate::model::{Feature, FeatureId, LayerSchema, Value};
use geo::{BoundingRect, Geometry};
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

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
        let mut rows = if parts.len() == 1 { parts.remove(0) } else { LayerRows::joined(schema, parts) }.sorted();
        let count = rows.len();
        let LayerRows { shapes, columns, .. } = &mut rows;
        let ((), index) = rayon::join(|| columns.iter_mut().for_each(Column::seal), || SpatialIndex::new(shapes, count));
        Self::of(rows, index, sum)
    }

    /// A table of whole rows.
    #[must_use]
    pub fn of_features(schema: &'static LayerSchema, features: Vec<Feature>) -> Self {
        let mut rows = LayerRows::with_capacity(schema, features.len());
        for feature in features {
            rows.push(feature);
        }
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

    /// Rows as features, one after the other, with the values of these columns alone.
    pub(super) fn read_rows<T>(
        &self,
        rows: Range<usize>,
        columns: &[usize],
        mut read: impl FnMut(&Feature) -> Option<T>,
    ) -> Vec<T> {
        let mut feature = Feature { id: 0, geometry: None, values: vec![Value::Null; self.columns().len()] };
        let one = |row: usize| {
            self.rows.take_out(row, columns, &mut feature);
            read(&feature)
        };
        rows.filter_map(one).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::fingerprint_of;
    use crate::model::Layer;
    use geo::{Point, Rect};

    /// A row that says its number; every seventh has no geometry, and of a layer of polygons every third is a point.
    fn feature(layer: Layer, id: FeatureId, number: u32) -> Feature {
        let (x, y) = (f64::from(number % 97) / 97.0, f64::from(number % 89) / 89.0);
        let geometry: Geometry = match layer {
            Layer::Probes => Point::new(x, y).into(),
            _ if number.is_multiple_of(3) => Point::new(x, y).into(),
            _ => Rect::new((x, y), (x + 0.01, y + 0.02)).to_polygon().into(),
        };
        let values = layer.schema().properties.iter().map(|property| match property.name.as_str() {
            "depth_m" => Value::Number(f64::from(number) / 1_000.0),
            "code" => Value::Text(format!("C{number}")),
            "date" => Value::Date(format!("20{:02}-01-02", number % 100)),
            "synthetic" => Value::Boolean(number.is_multiple_of(2)),
            _ => Value::Null,
        });
        Feature { id, geometry: (!number.is_multiple_of(7)).then_some(geometry), values: values.collect() }
    }

    #[test]
    fn a_table_changed_row_by_row_is_the_table_made_at_once() {
        for layer in [Layer::Probes, Layer::Consumers] {
            let mut features: Vec<Feature> = (0..400).map(|number| feature(layer, i64::from(number) * 2 + 1, number)).collect();
            let mut table = LayerTable::of_features(layer.schema(), features.clone());
            let mut chance = 7_u32;
            // More changes than stay loose beside the tree.
            for step in 0..1_500_u32 {
                chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = (chance >> 8) as usize % features.len();
                let id = features[at].id;
                let last = features.last().map_or(1, |feature| feature.id);
                let changed = match chance >> 30 {
                    0 => Changed::Inserted(feature(layer, last + 1, step)),
                    1 => Changed::Deleted(id),
                    2 if !features.iter().any(|feature| feature.id == id + 1) => Changed::Inserted(feature(layer, id + 1, step)),
                    _ => Changed::Replaced(feature(layer, id, step)),
                };
                table = table.with(&changed).expect("the change fits");
                match changed {
                    Changed::Inserted(feature) => features.push(feature),
                    Changed::Replaced(feature) => features[at] = feature,
                    Changed::Deleted(_) => drop(features.remove(at)),
                }
                features.sort_by_key(|feature| feature.id);
                if step % 50 == 0 {
                    assert_same(&table, &LayerTable::of_features(layer.schema(), features.clone()), &features);
                }
            }
            assert!(table.with(&Changed::Deleted(-1)).is_none() && table.with(&Changed::Inserted(features[0].clone())).is_none());
        }
    }

    fn assert_same(table: &LayerTable, fresh: &LayerTable, features: &[Feature]) {
        assert_eq!(table.version(), fresh.version());
        assert_eq!((table.len(), table.extent(), table.has_synthetic()), (fresh.len(), fresh.extent(), fresh.has_synthetic()));
        assert_eq!(table.rows_without_geometry(), fresh.rows_without_geometry());
        for (row, feature) in features.iter().enumerate() {
            assert_eq!(table.feature(row), *feature);
            assert_eq!(table.fingerprint(row), fingerprint_of(feature));
        }
        for part in 0..10 {
            let west = f64::from(part) / 10.0;
            let bounds = [west, west / 2.0, west + 0.2, west / 2.0 + 0.3];
            let [mut near, mut expected] = [table, fresh].map(|table| table.rows_near(bounds));
            near.sort_unstable();
            expected.sort_unstable();
            assert_eq!(near, expected);
        }
    }

    #[test]
    fn the_version_names_the_content_however_it_came() {
        let features: Vec<Feature> = (1..=50_u32).map(|number| feature(Layer::Probes, number.into(), number)).collect();
        let version = |features: &[Feature]| LayerTable::of_features(Layer::Probes.schema(), features.to_vec()).version();
        let mut backwards = features.clone();
        backwards.reverse();
        assert_eq!(version(&features), version(&backwards));
        let mut parts = Vec::new();
        for chunk in features.chunks(7) {
            let mut rows = LayerRows::with_capacity(Layer::Probes.schema(), 7);
            chunk.iter().cloned().for_each(|feature| rows.push(feature));
            parts.push(rows);
        }
        assert_eq!(version(&features), LayerTable::new(Layer::Probes.schema(), parts).version());
        let place = Layer::Probes.schema().index_of("depth_m").expect("probes have a depth");
        let mut others: Vec<Vec<Feature>> = Vec::new();
        for change in [
            |feature: &mut Feature, _: usize| feature.geometry = None,
            |feature: &mut Feature, _: usize| feature.id = 1_000,
            |feature: &mut Feature, depth: usize| feature.values[depth] = Value::Number(0.5),
            |feature: &mut Feature, depth: usize| feature.values[depth] = Value::Null,
        ] {
            let mut other = features.clone();
            change(&mut other[3], place);
            others.push(other);
        }
        // Two rows that exchange their values.
        let mut exchanged = features.clone();
        (exchanged[3].values, exchanged[4].values) = (features[4].values.clone(), features[3].values.clone());
        others.push(exchanged);
        let mut versions: Vec<u64> = others.iter().map(|other| version(other)).chain([version(&features)]).collect();
        versions.sort_unstable();
        versions.dedup();
        assert_eq!(versions.len(), 6);
    }
}
