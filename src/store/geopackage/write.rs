//! An import into the file: one transaction, all of it or nothing.

use super::binary::to_blob;
use super::schema::{add_lacking_columns, geometry_type};
use crate::model::{Feature, Layer, Value};
use crate::store::{ImportRecord, ImportTransaction, StoreError};
use geo::{Geometry, MultiLineString, MultiPolygon};
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, params_from_iter};
use std::sync::MutexGuard;
use time::format_description::well_known::Rfc3339;

/// An import under way. While it lives nobody else writes; dropped without commit it rolls back.
pub(super) struct Import<'a> {
    connection: MutexGuard<'a, Connection>,
    layer: Layer,
    insert: String,
    added: usize,
    done: bool,
}

impl<'a> Import<'a> {
    pub(super) fn begin(connection: MutexGuard<'a, Connection>, layer: Layer, replace: bool) -> Result<Self, StoreError> {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let properties = &layer.schema().properties;
        let columns: String = properties.iter().map(|property| format!(", \"{}\"", property.name)).collect();
        let places: String = (0..properties.len()).map(|place| format!(", ?{}", place + 2)).collect();
        let insert = format!("INSERT INTO \"{}\" (geom{columns}) VALUES (?1{places})", layer.table());
        let import = Self { connection, layer, insert, added: 0, done: false };
        add_lacking_columns(&import.connection, layer)?;
        if replace {
            import.connection.execute_batch(&format!("DELETE FROM \"{}\"", layer.table()))?;
        }
        Ok(import)
    }

    /// The layer's extent: what QGIS zooms to.
    fn update_extent(&self) -> Result<(), StoreError> {
        let table = self.layer.table();
        self.connection.execute(
            &format!(
                "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now'),
                   min_x = (SELECT min(ST_MinX(geom)) FROM \"{table}\"), min_y = (SELECT min(ST_MinY(geom)) FROM \"{table}\"),
                   max_x = (SELECT max(ST_MaxX(geom)) FROM \"{table}\"), max_y = (SELECT max(ST_MaxY(geom)) FROM \"{table}\")
                 WHERE table_name = ?1"
            ),
            [&table],
        )?;
        Ok(())
    }
}

impl ImportTransaction for Import<'_> {
    fn add(&mut self, feature: &Feature) -> Result<(), StoreError> {
        let unwritable = |reason: String| StoreError::Geometry { layer: self.layer, reason };
        let geometry = feature.geometry.clone().map(|geometry| in_column_type(geometry, self.layer));
        let blob = match &geometry {
            None => SqlValue::Null,
            Some(geometry) => SqlValue::Blob(to_blob(geometry).map_err(|error| unwritable(error.to_string()))?),
        };
        let values = std::iter::once(blob).chain(feature.values.iter().map(sql_value));
        self.connection.prepare_cached(&self.insert)?.execute(params_from_iter(values))?;
        self.added += 1;
        Ok(())
    }

    fn commit(mut self: Box<Self>, record: &ImportRecord) -> Result<usize, StoreError> {
        self.update_extent()?;
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.connection.execute(
            "INSERT INTO peatplan_imports (layer, file, source_crs, added, rejected, software_version) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                self.layer.name(),
                &record.file,
                &record.source_crs,
                count(self.added),
                count(record.rejected),
                env!("CARGO_PKG_VERSION"),
            ),
        )?;
        self.connection.execute_batch("COMMIT")?;
        self.done = true;
        Ok(self.added)
    }
}

impl Drop for Import<'_> {
    fn drop(&mut self) {
        if !self.done
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            // SQLite rolls back by itself when the connection goes; nothing is lost, but it should be known.
            tracing::error!(%error, "an import could not be rolled back");
        }
    }
}

/// Single parts become multi-part ones where the table's type is such.
fn in_column_type(geometry: Geometry, layer: Layer) -> Geometry {
    match (geometry_type(&layer.schema().geometry), geometry) {
        ("MULTIPOLYGON", Geometry::Polygon(polygon)) => MultiPolygon::new(vec![polygon]).into(),
        ("MULTILINESTRING", Geometry::LineString(line)) => MultiLineString::new(vec![line]).into(),
        (_, geometry) => geometry,
    }
}

fn sql_value(value: &Value) -> SqlValue {
    match value {
        Value::Null => SqlValue::Null,
        Value::Text(text) | Value::Date(text) => SqlValue::Text(text.clone()),
        Value::Moment(moment) => moment.format(&Rfc3339).map_or(SqlValue::Null, SqlValue::Text),
        Value::Number(number) => SqlValue::Real(*number),
        Value::Integer(number) => SqlValue::Integer(*number),
        Value::Boolean(flag) => SqlValue::Integer(i64::from(*flag)),
        Value::Layers(layers) => serde_json::to_string(layers).map_or(SqlValue::Null, SqlValue::Text),
    }
}
