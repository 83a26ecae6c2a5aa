//! Rows of a layer out of the file.

use super::binary::from_blob;
use super::schema::lacking;
use crate::catalogue::{Catalogue, LoadedFeature};
use crate::crs::{Crs, Reprojection};
use crate::model::{CoreLayer, Feature, Layer, Property, PropertyType, Value};
use crate::store::StoreError;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// All rows of a layer, by identifier. What another program has written into a row is taken as far as it fits the
/// schema: a value of a wrong type or outside its limits and a geometry that cannot be read count as none, and the
/// log names the row. One bad row must not keep the others from being served.
pub(super) fn layer_rows(connection: &Connection, layer: Layer, working: &Crs) -> Result<Vec<LoadedFeature>, StoreError> {
    let properties = &layer.schema().properties;
    // SQLite would take the name of a column that is not there for a text.
    let lacking: Vec<&str> = lacking(connection, layer)?.into_iter().map(|property| property.name.as_str()).collect();
    let column = |name: &str| if lacking.contains(&name) { ", NULL".to_owned() } else { format!(", \"{name}\"") };
    let columns: String = properties.iter().map(|property| column(&property.name)).collect();
    let sql = format!("SELECT fid, geom{columns} FROM \"{}\" ORDER BY fid", layer.table());
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let to_working = Catalogue::needs_working_geometry(layer).then(|| Reprojection::new(&Crs::crs84(), working)).transpose()?;
    let mut loaded = Vec::new();
    while let Some(row) = rows.next()? {
        let feature = feature(row, layer, properties)?;
        let working = to_working.as_ref().zip(feature.geometry.as_ref());
        let working = working.and_then(|(way, geometry)| {
            let moved = way.geometry(geometry);
            if let Err(error) = &moved {
                tracing::warn!(%layer, id = feature.id, %error, "row has no place in the working system");
            }
            moved.ok()
        });
        loaded.push(LoadedFeature { feature, working });
    }
    Ok(loaded)
}

fn feature(row: &Row<'_>, layer: Layer, properties: &[Property]) -> Result<Feature, StoreError> {
    let id = row.get(0)?;
    let geometry = match row.get_ref(1)? {
        ValueRef::Blob(blob) => from_blob(blob).unwrap_or_else(|reason| {
            tracing::error!(%layer, id, %reason, "geometry cannot be read; draw the row anew or delete it");
            None
        }),
        ValueRef::Null => None,
        _ => {
            tracing::error!(%layer, id, "geometry is no GeoPackage blob; draw the row anew or delete it");
            None
        }
    };
    let values = properties.iter().enumerate().map(|(place, property)| {
        let stored = value(property, row.get_ref(place + 2)?);
        // Another program may have written what an import would have refused.
        Ok(if property.check(&stored).is_ok() {
            stored
        } else {
            tracing::warn!(%layer, id, property = property.name, ?stored, "value outside the schema's limits; taken as none");
            Value::Null
        })
    });
    Ok(Feature { id, geometry, values: values.collect::<Result<_, rusqlite::Error>>()? })
}

fn value(property: &Property, stored: ValueRef<'_>) -> Value {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match (property.kind, stored) {
        (PropertyType::Text, ValueRef::Text(bytes)) => Value::Text(text(bytes)),
        (PropertyType::Date, ValueRef::Text(bytes)) => Value::Date(text(bytes)),
        (PropertyType::Moment, ValueRef::Text(bytes)) => OffsetDateTime::parse(&text(bytes), &Rfc3339)
            .map_or(Value::Null, |moment| Value::Moment(moment.to_offset(UtcOffset::UTC))),
        (PropertyType::Number, ValueRef::Real(number)) => Value::Number(number),
        #[expect(clippy::cast_precision_loss, reason = "a column of reals holds no such integers")]
        (PropertyType::Number, ValueRef::Integer(number)) => Value::Number(number as f64),
        (PropertyType::Integer, ValueRef::Integer(number)) => Value::Integer(number),
        (PropertyType::Boolean, ValueRef::Integer(flag)) => Value::Boolean(flag != 0),
        (PropertyType::Layers, ValueRef::Text(bytes)) => {
            serde_json::from_slice::<Vec<CoreLayer>>(bytes).map_or(Value::Null, Value::Layers)
        }
        _ => Value::Null,
    }
}
