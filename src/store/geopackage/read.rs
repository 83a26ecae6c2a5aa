//! Rows of a layer out of the file: straight into columns, without a value or a text of its own for every cell.

use super::binary::{from_blob, point_from_blob};
use super::schema::lacking;
use crate::catalogue::{Column, LayerRows};
use crate::model::{CoreLayer, Feature, FeatureId, Layer, Property, PropertyType, Value};
use crate::store::StoreError;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicUsize, Ordering};
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, Month, OffsetDateTime, UtcOffset};

/// Values of a column that the log names one by one; of the others it says how many there were.
const NAMED_IN_LOG: usize = 10;
/// Room that is taken before it is known how many rows there are.
const MOST_ROOM: usize = 65_536;

/// What could not be taken of a layer's rows: a count a column, geometry last.
#[derive(Debug)]
pub(super) struct LeftOut {
    layer: Layer,
    counts: Vec<AtomicUsize>,
}

impl LeftOut {
    pub(super) fn new(layer: Layer) -> Self {
        Self { layer, counts: (0..=layer.schema().properties.len()).map(|_| AtomicUsize::new(0)).collect() }
    }

    fn value(&self, place: usize, id: FeatureId, stored: ValueRef<'_>) {
        if self.counts[place].fetch_add(1, Ordering::Relaxed) < NAMED_IN_LOG {
            let property = &self.layer.schema().properties[place].name;
            tracing::warn!(layer = %self.layer, id, property, ?stored, "value outside the schema's limits; taken as none");
        }
    }

    fn geometry(&self, id: FeatureId, reason: &str) {
        let count = self.counts.last().map(|count| count.fetch_add(1, Ordering::Relaxed));
        if count.is_some_and(|count| count < NAMED_IN_LOG) {
            tracing::error!(layer = %self.layer, id, reason, "geometry cannot be read; draw the row anew or delete it");
        }
    }

    /// Says in the log how many there were in all, where not every one was named.
    pub(super) fn summarise(&self) {
        let names = self.layer.schema().properties.iter().map(|property| property.name.as_str()).chain(["geometry"]);
        for (name, count) in names.zip(&self.counts) {
            let rows = count.load(Ordering::Relaxed);
            if rows > NAMED_IN_LOG {
                tracing::warn!(layer = %self.layer, column = name, rows, "rows whose value was taken as none, in all");
            }
        }
    }
}

/// The rows of a layer with these identifiers, in their order. What another program has written into a row is taken as
/// far as it fits the schema: a value of a wrong type or outside its limits and a geometry that cannot be read count as
/// none, and the log names the row. One bad row must not keep the others from being served.
pub(super) fn layer_rows(
    connection: &Connection,
    layer: Layer,
    ids: RangeInclusive<FeatureId>,
    left_out: &LeftOut,
) -> Result<LayerRows, StoreError> {
    let schema = layer.schema();
    // SQLite would take the name of a column that is not there for a text.
    let lacking: Vec<&str> = lacking(connection, layer)?.into_iter().map(|property| property.name.as_str()).collect();
    let column = |name: &str| if lacking.contains(&name) { ", NULL".to_owned() } else { format!(", \"{name}\"") };
    let columns: String = schema.properties.iter().map(|property| column(&property.name)).collect();
    let sql = format!("SELECT fid, geom{columns} FROM \"{}\" WHERE fid BETWEEN ?1 AND ?2 ORDER BY fid", layer.table());
    let mut statement = connection.prepare_cached(&sql)?;
    let span = usize::try_from(ids.end().saturating_sub(*ids.start()).saturating_add(1)).unwrap_or(0);
    let mut loaded = LayerRows::with_capacity(schema, span.min(MOST_ROOM));
    let mut rows = statement.query((ids.start(), ids.end()))?;
    while let Some(row) = rows.next()? {
        take(row, &mut loaded, &schema.properties, left_out)?;
    }
    Ok(loaded)
}

/// One row, as the picture has it.
pub(super) fn feature(connection: &Connection, layer: Layer, id: FeatureId) -> Result<Option<Feature>, StoreError> {
    let rows = layer_rows(connection, layer, id..=id, &LeftOut::new(layer))?;
    Ok((!rows.is_empty()).then(|| rows.feature(0)))
}

fn take(row: &Row<'_>, rows: &mut LayerRows, properties: &[Property], left_out: &LeftOut) -> Result<(), rusqlite::Error> {
    let id = row.get(0)?;
    rows.push_id(id);
    match row.get_ref(1)? {
        ValueRef::Null => rows.push_geometry(None),
        ValueRef::Blob(blob) => match point_from_blob(blob) {
            Some((x, y)) => rows.push_point(x, y),
            None => rows.push_geometry(from_blob(blob).unwrap_or_else(|reason| {
                left_out.geometry(id, &reason);
                None
            })),
        },
        _ => {
            left_out.geometry(id, "it is no GeoPackage blob");
            rows.push_geometry(None);
        }
    }
    for (place, (property, column)) in properties.iter().zip(rows.columns_mut()).enumerate() {
        let stored = row.get_ref(place + 2)?;
        if !push(column, property, stored) {
            left_out.value(place, id, stored);
        }
    }
    Ok(())
}

/// Puts a stored value into its column; says whether it fits the schema. One that does not is put in as none.
fn push(column: &mut Column, property: &Property, stored: ValueRef<'_>) -> bool {
    match (column, stored) {
        (column, ValueRef::Null) => {
            column.push(&Value::Null);
            !property.required
        }
        (Column::Text(words), ValueRef::Text(bytes)) => {
            let text = String::from_utf8_lossy(bytes);
            let fits = property.check_text(&text).is_ok();
            words.push(fits.then_some(&*text));
            fits
        }
        (Column::Number(numbers), ValueRef::Real(number)) => push_number(numbers, property, number),
        #[expect(clippy::cast_precision_loss, reason = "a column of reals holds no such integers")]
        (Column::Number(numbers), ValueRef::Integer(number)) => push_number(numbers, property, number as f64),
        (Column::Boolean(flags), ValueRef::Integer(flag)) => {
            flags.push(Some(flag != 0));
            true
        }
        (Column::Date(dates), ValueRef::Text(bytes)) => {
            let date = date(bytes);
            dates.push(date);
            date.is_some()
        }
        (column, stored) => {
            let value = value(property, stored);
            // A value of a wrong type has become none by now.
            let fits = value != Value::Null && property.check(&value).is_ok();
            column.push(if fits { &value } else { &Value::Null });
            fits
        }
    }
}

fn push_number(numbers: &mut Vec<f64>, property: &Property, number: f64) -> bool {
    let fits = property.check_range(number).is_ok();
    numbers.push(if fits { number } else { f64::NAN });
    fits
}

fn value(property: &Property, stored: ValueRef<'_>) -> Value {
    match (property.kind, stored) {
        (PropertyType::Moment, ValueRef::Text(bytes)) => OffsetDateTime::parse(&String::from_utf8_lossy(bytes), &Rfc3339)
            .map_or(Value::Null, |moment| Value::Moment(moment.to_offset(UtcOffset::UTC))),
        (PropertyType::Integer, ValueRef::Integer(number)) => Value::Integer(number),
        (PropertyType::Layers, ValueRef::Text(bytes)) => {
            serde_json::from_slice::<Vec<CoreLayer>>(bytes).map_or(Value::Null, Value::Layers)
        }
        _ => Value::Null,
    }
}

/// A date; the usual form `YYYY-MM-DD` is read by hand, ten times as fast.
fn date(bytes: &[u8]) -> Option<Date> {
    let number =
        |digits: &[u8]| digits.iter().try_fold(0_u16, |sum, c| c.is_ascii_digit().then(|| sum * 10 + u16::from(c - b'0')));
    if let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *bytes
        && let (Some(year), Some(month), Some(day)) = (number(&[y1, y2, y3, y4]), number(&[m1, m2]), number(&[d1, d2]))
    {
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        return Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok();
    }
    Date::parse(std::str::from_utf8(bytes).ok()?, &Iso8601::DATE).ok()
}
