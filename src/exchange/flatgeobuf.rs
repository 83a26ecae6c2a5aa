//! Features out as FlatGeobuf, written here rather than by GDAL: it needs no file, and the order of the rows can be kept.

use super::export::Export;
use crate::model::{Feature, GeometryKind, Property, PropertyType, Value};
use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geo::Geometry;
use geozero::error::GeozeroError;
use geozero::{ColumnValue, GeozeroGeometry, PropertyProcessor};
use thiserror::Error;
use time::format_description::well_known::Rfc3339;

/// Why features were not written.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum FlatGeobufError {
    #[error("the features could not be written: {0}")]
    Writer(#[from] flatgeobuf::Error),
    #[error("a feature could not be written: {0}")]
    Feature(#[from] GeozeroError),
}

/// The rows of a layer as FlatGeobuf, with a first column `id`, which clients take for the feature's number. With `indexed`
/// they are sorted along a Hilbert curve and have a spatial index; else they keep their order, as rows without a geometry
/// must, for which the index has no place.
///
/// # Errors
/// [`FlatGeobufError`].
pub fn flatgeobuf(
    export: &Export<'_>,
    features: impl Iterator<Item = Feature>,
    indexed: bool,
) -> Result<Vec<u8>, FlatGeobufError> {
    let schema = export.layer.schema();
    let kind = geometry_type(&schema.geometry);
    let code = export.crs.definition().strip_prefix("EPSG:").and_then(|code| code.parse().ok());
    let options = FgbWriterOptions {
        write_index: indexed,
        // Several kinds in one layer stay as they are, each feature says its own.
        detect_type: false,
        crs: FgbCrs { org: Some("EPSG"), code: code.unwrap_or(4_326), ..FgbCrs::default() },
        title: Some(&schema.title.en),
        description: Some(&schema.description),
        ..FgbWriterOptions::default()
    };
    let mut writer = FgbWriter::create_with_options(export.name, kind, options)?;
    writer.add_column("id", ColumnType::Long, |_, column| column.nullable = false);
    let properties: Vec<&Property> = export.properties.iter().map(|place| &schema.properties[*place]).collect();
    for property in &properties {
        writer.add_column(&property.name, column_type(property), |texts, column| {
            column.title = Some(texts.create_string(&property.title.en));
            column.description = Some(texts.create_string(&property.meaning));
        });
    }
    for feature in features {
        let mut outcome = Ok(());
        match &feature.geometry {
            Some(geometry) => writer.add_feature_geom(Drawn(geometry), |row| outcome = write_properties(row, &feature))?,
            None => writer.add_feature_geom(Nothing, |row| outcome = write_properties(row, &feature))?,
        }
        outcome?;
    }
    let mut bytes = Vec::new();
    writer.write(&mut bytes)?;
    Ok(bytes)
}

/// A geometry that is not given away.
struct Drawn<'a>(&'a Geometry);

impl GeozeroGeometry for Drawn<'_> {
    fn process_geom<P: geozero::GeomProcessor>(&self, processor: &mut P) -> geozero::error::Result<()> {
        self.0.process_geom(processor)
    }
}

/// Where a feature has none.
struct Nothing;

impl GeozeroGeometry for Nothing {
    fn process_geom<P: geozero::GeomProcessor>(&self, _: &mut P) -> geozero::error::Result<()> {
        Ok(())
    }
}

fn write_properties(writer: &mut impl PropertyProcessor, feature: &Feature) -> Result<(), GeozeroError> {
    writer.property(0, "id", &ColumnValue::Long(feature.id))?;
    for (place, value) in feature.values.iter().enumerate() {
        let mut write = |value: &ColumnValue<'_>| writer.property(place + 1, "", value).map(|_| ());
        match value {
            Value::Null => {}
            Value::Text(text) => write(&ColumnValue::String(text))?,
            Value::Number(number) => write(&ColumnValue::Double(*number))?,
            Value::Integer(number) => write(&ColumnValue::Long(*number))?,
            Value::Boolean(flag) => write(&ColumnValue::Bool(*flag))?,
            Value::Date(text) => write(&ColumnValue::DateTime(text))?,
            Value::Moment(moment) => write(&ColumnValue::DateTime(&moment.format(&Rfc3339).unwrap_or_default()))?,
            Value::Layers(layers) => write(&ColumnValue::Json(&serde_json::to_string(layers).unwrap_or_default()))?,
        }
    }
    Ok(())
}

fn geometry_type(kinds: &[GeometryKind]) -> GeometryType {
    let kinds: Vec<&GeometryKind> = kinds.iter().filter(|kind| **kind != GeometryKind::None).collect();
    match kinds[..] {
        [GeometryKind::Point] => GeometryType::Point,
        [GeometryKind::Line] => GeometryType::MultiLineString,
        [GeometryKind::Polygon] => GeometryType::MultiPolygon,
        _ => GeometryType::Unknown,
    }
}

fn column_type(property: &Property) -> ColumnType {
    match property.kind {
        PropertyType::Text => ColumnType::String,
        PropertyType::Number => ColumnType::Double,
        PropertyType::Integer => ColumnType::Long,
        PropertyType::Boolean => ColumnType::Bool,
        PropertyType::Date | PropertyType::Moment => ColumnType::DateTime,
        PropertyType::Layers => ColumnType::Json,
    }
}
