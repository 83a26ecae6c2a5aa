//! An import into the file: one transaction, all of it or nothing.

use super::binary::to_blob;
use super::schema::{add_lacking_columns, geometry_type};
use super::{Writer, extent, middle, settle_working_crs};
use crate::model::{Feature, Layer, Value};
use crate::store::{ImportRecord, ImportTransaction, StoreError};
use geo::{Geometry, MultiLineString, MultiPolygon};
use rusqlite::params_from_iter;
use rusqlite::types::Value as SqlValue;
use std::sync::MutexGuard;
use time::format_description::well_known::Rfc3339;

/// An import under way. While it lives nobody else writes; dropped without commit it rolls back.
pub(super) struct Import<'a> {
    writer: MutexGuard<'a, Writer>,
    layer: Layer,
    insert: String,
    /// The middle of the project before it.
    middle: Option<(f64, f64)>,
    added: usize,
    done: bool,
}

impl<'a> Import<'a> {
    pub(super) fn begin(writer: MutexGuard<'a, Writer>, layer: Layer, replace: bool) -> Result<Self, StoreError> {
        writer.connection.execute_batch("BEGIN IMMEDIATE")?;
        let middle = middle(&writer.connection)?;
        let import = Self { writer, layer, insert: insert_into(layer), middle, added: 0, done: false };
        add_lacking_columns(&import.writer.connection, layer)?;
        if replace {
            import.writer.connection.execute_batch(&format!("DELETE FROM \"{}\"", layer.table()))?;
        }
        Ok(import)
    }
}

impl ImportTransaction for Import<'_> {
    fn add(&mut self, feature: &Feature) -> Result<(), StoreError> {
        let values = cells(feature, self.layer)?;
        self.writer.connection.prepare_cached(&self.insert)?.execute(params_from_iter(values))?;
        self.added += 1;
        Ok(())
    }

    fn commit(mut self: Box<Self>, record: &ImportRecord) -> Result<usize, StoreError> {
        extent::measure(&self.writer.connection, self.layer)?;
        settle_working_crs(&self.writer.connection, self.middle)?;
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.writer.connection.execute(
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
        self.writer.connection.execute_batch("COMMIT")?;
        self.done = true;
        self.writer.own += 1;
        Ok(self.added)
    }
}

impl Drop for Import<'_> {
    fn drop(&mut self) {
        if !self.done
            && let Err(error) = self.writer.connection.execute_batch("ROLLBACK")
        {
            // SQLite rolls back by itself when the connection goes; nothing is lost, but it should be known.
            tracing::error!(%error, "an import could not be rolled back");
        }
    }
}

/// The statement that adds a row, its geometry first, then its values.
pub(super) fn insert_into(layer: Layer) -> String {
    let properties = &layer.schema().properties;
    let columns: String = properties.iter().map(|property| format!(", \"{}\"", property.name)).collect();
    let places: String = (0..properties.len()).map(|place| format!(", ?{}", place + 2)).collect();
    format!("INSERT INTO \"{}\" (geom{columns}) VALUES (?1{places})", layer.table())
}

/// What that statement takes of a row.
pub(super) fn cells(feature: &Feature, layer: Layer) -> Result<impl Iterator<Item = SqlValue> + '_, StoreError> {
    let unwritable = |reason: String| StoreError::Geometry { layer, reason };
    let geometry = feature.geometry.clone().map(|geometry| in_column_type(geometry, layer));
    let blob = match &geometry {
        None => SqlValue::Null,
        Some(geometry) => SqlValue::Blob(to_blob(geometry).map_err(|error| unwritable(error.to_string()))?),
    };
    Ok(std::iter::once(blob).chain(feature.values.iter().map(sql_value)))
}

/// Single parts become multi-part ones where the table's type is such.
pub(super) fn in_column_type(geometry: Geometry, layer: Layer) -> Geometry {
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
