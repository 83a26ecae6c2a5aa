//! A layer out into a file that other programs open.

use super::feature_text::geojson;
use super::flatgeobuf::{FlatGeobufError, flatgeobuf};
use crate::crs::Crs;
use crate::model::{Feature, GeometryKind, Layer, Property, PropertyType, Value};
use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};
use gdal::vector::sql::Dialect;
use gdal::vector::{FieldDefn, Geometry as OgrGeometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType, ToGdal};
use gdal::{Dataset, DriverManager, errors::GdalError};
use geo::{Geometry, MultiLineString, MultiPolygon};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use thiserror::Error;
use time::format_description::well_known::Rfc3339;

/// Formats that are written, by the extension of the file.
pub const FORMATS: [&str; 6] = ["gpkg", "geojson", "geojsons", "fgb", "shp", "csv"];

/// Why a layer was not written.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ExportError {
    #[error("format .{extension} is not written; give one of {}", FORMATS.join(", "))]
    Format { extension: String },
    #[error("layer {layer} holds several kinds of geometry, and a shapefile only one; give gpkg, geojson or fgb")]
    Mixed { layer: Layer },
    #[error("layer {layer} has no geometry, and a shapefile is made of it; give csv, gpkg or geojson")]
    NoGeometry { layer: Layer },
    #[error("{0} exists already; remove it or give another name")]
    Exists(String),
    #[error("the file could not be written: {0}")]
    Gdal(#[from] GdalError),
    #[error(transparent)]
    FlatGeobuf(#[from] FlatGeobufError),
    #[error("the file could not be written: {0}")]
    File(#[from] std::io::Error),
}

/// What is written: a layer's rows with some of its properties, coordinates in a system with x = east.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// The layer.
    pub layer: Layer,
    /// Its name in the file.
    pub name: &'a str,
    /// Places of the properties that are written; the features' values are in this order.
    pub properties: &'a [usize],
    /// The system that the coordinates are in.
    pub crs: &'a Crs,
    /// Whether there is any geometry; a table of rows alone has no column for it.
    pub with_geometry: bool,
    /// Whether the features' numbers are written: as the key of a GeoPackage, the member `id` of GeoJSON, else as a first
    /// column `id`.
    pub with_ids: bool,
}

/// Checks that a file of this name can be made, before anything is done for it.
///
/// # Errors
/// [`ExportError::Format`], [`ExportError::Exists`].
pub fn check_target(path: &Path) -> Result<(), ExportError> {
    format_of(path)?;
    if path.exists() { Err(ExportError::Exists(path.display().to_string())) } else { Ok(()) }
}

/// Writes the rows of a layer in CRS84, with their numbers, to a new file, its format by the extension. CSV gets the geometry
/// as well-known text in a column `WKT`.
///
/// # Errors
/// [`ExportError`].
pub fn export_features<'a>(
    layer: Layer,
    features: impl Iterator<Item = Feature> + 'a,
    with_geometry: bool,
    path: &Path,
) -> Result<usize, ExportError> {
    let properties: Vec<usize> = (0..layer.schema().properties.len()).collect();
    let crs = Crs::crs84();
    let export = Export { layer, name: layer.name(), properties: &properties, crs: &crs, with_geometry, with_ids: true };
    if format_of(path)? == "shp" {
        if !with_geometry {
            return Err(ExportError::NoGeometry { layer });
        }
        if layer.schema().geometry.iter().filter(|kind| **kind != GeometryKind::None).count() > 1 {
            return Err(ExportError::Mixed { layer });
        }
    }
    export_to(&export, features, path)
}

/// The format of a file by its extension.
fn format_of(path: &Path) -> Result<&'static str, ExportError> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    FORMATS.iter().find(|known| **known == extension).copied().ok_or(ExportError::Format { extension })
}

/// The same in any system, with chosen properties. Who writes a shapefile gives features of one kind of geometry only.
///
/// # Errors
/// [`ExportError`].
pub fn export_to(export: &Export<'_>, features: impl Iterator<Item = Feature>, path: &Path) -> Result<usize, ExportError> {
    check_target(path)?;
    let mut written = 0;
    let features = features.inspect(|_| written += 1);
    let create = || File::create_new(path).map(BufWriter::new);
    match format_of(path)? {
        "fgb" => create()?.write_all(&flatgeobuf(export, features, true)?)?,
        "geojson" => geojson(export, features, false, &mut create()?)?,
        "geojsons" => geojson(export, features, true, &mut create()?)?,
        "gpkg" => through_gdal(export, "GPKG", features, path)?,
        "shp" => through_gdal(export, "ESRI Shapefile", features, path)?,
        _ => through_gdal(export, "CSV", features, path)?,
    }
    Ok(written)
}

fn through_gdal(
    export: &Export<'_>,
    driver: &str,
    features: impl Iterator<Item = Feature>,
    path: &Path,
) -> Result<(), GdalError> {
    super::vector::quiet_gdal();
    let mut dataset = DriverManager::get_driver_by_name(driver)?.create_vector_only(path)?;
    let mut system =
        if export.crs.is_crs84() { SpatialRef::from_epsg(4326)? } else { SpatialRef::from_definition(export.crs.definition())? };
    system.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let options: Option<&[&str]> = match driver {
        "CSV" => Some(&["GEOMETRY=AS_WKT"]),
        // Its default code page has no Russian letters.
        "ESRI Shapefile" => Some(&["ENCODING=UTF-8"]),
        _ => None,
    };
    let kind = if export.with_geometry { geometry_type(export.layer) } else { OGRwkbGeometryType::wkbNone };
    let about = LayerOptions { name: export.name, srs: Some(&system), ty: kind, options };
    if driver != "GPKG" {
        let layer = dataset.create_layer(about)?;
        write_rows(export, driver, &layer, features)?;
        return dataset.close();
    }
    // Thousands of rows one by one would each be a transaction of their own.
    let mut transaction = dataset.start_transaction()?;
    {
        // The layer ends before its transaction does.
        let layer = transaction.create_layer(about)?;
        write_rows(export, driver, &layer, features)?;
    }
    transaction.commit()?;
    name_truths(&dataset, export.name)?;
    dataset.close()
}

/// Columns of a GeoPackage that hold truths are called so. GDAL's binding has no word for them and calls them whole numbers
/// of 32 bits, which no other column is; what stands in the rows is the same. `SQLite` lets a column's declared type be changed
/// in this way where the content fits the new one (`PRAGMA writable_schema`).
fn name_truths(dataset: &Dataset, table: &str) -> Result<(), GdalError> {
    let table = table.replace('\'', "''");
    let rename = format!(
        "UPDATE sqlite_master SET sql = replace(sql, ' MEDIUMINT', ' BOOLEAN') WHERE type = 'table' AND name = '{table}'"
    );
    for statement in ["PRAGMA writable_schema = 1", &rename, "PRAGMA writable_schema = 0"] {
        dataset.execute_sql(statement, None, Dialect::DEFAULT)?;
    }
    Ok(())
}

/// What a file says about the geometry of a layer: the kind that all of it can have, as groups, since outlines and lines may
/// have several parts.
fn geometry_type(layer: Layer) -> OGRwkbGeometryType::Type {
    let kinds = &layer.schema().geometry;
    match kinds[..] {
        [GeometryKind::Point] => OGRwkbGeometryType::wkbPoint,
        [GeometryKind::Line] => OGRwkbGeometryType::wkbMultiLineString,
        [GeometryKind::Polygon] => OGRwkbGeometryType::wkbMultiPolygon,
        _ => OGRwkbGeometryType::wkbUnknown,
    }
}

/// A geometry as its layer's file declares it.
fn in_declared_type(geometry: Geometry, declared: OGRwkbGeometryType::Type) -> Geometry {
    match geometry {
        Geometry::LineString(line) if declared == OGRwkbGeometryType::wkbMultiLineString => {
            MultiLineString::new(vec![line]).into()
        }
        Geometry::Polygon(polygon) if declared == OGRwkbGeometryType::wkbMultiPolygon => MultiPolygon::new(vec![polygon]).into(),
        other => other,
    }
}

fn write_rows(
    export: &Export<'_>,
    driver: &str,
    target: &gdal::vector::Layer<'_>,
    features: impl Iterator<Item = Feature>,
) -> Result<(), GdalError> {
    if export.with_ids {
        // GDAL takes what stands in a field of this name for the key of a GeoPackage's table.
        let name = if driver == "GPKG" { "fid" } else { "id" };
        FieldDefn::new(name, OGRFieldType::OFTInteger64)?.add_to_layer(target)?;
    }
    for place in export.properties {
        let property = &export.layer.schema().properties[*place];
        FieldDefn::new(&property.name, field_type(property, driver))?.add_to_layer(target)?;
    }
    let first = usize::from(export.with_ids);
    let declared = geometry_type(export.layer);
    for feature in features {
        let mut row = gdal::vector::Feature::new(target.defn())?;
        if let Some(geometry) = feature.geometry {
            let geometry: OgrGeometry = in_declared_type(geometry, declared).to_gdal()?;
            row.set_geometry(geometry)?;
        }
        if export.with_ids {
            row.set_field_integer64(0, feature.id)?;
        }
        for (place, value) in feature.values.iter().enumerate() {
            set_field(&mut row, first + place, value, driver)?;
        }
        row.create(target)?;
    }
    Ok(())
}

fn field_type(property: &Property, driver: &str) -> OGRFieldType::Type {
    match property.kind {
        PropertyType::Number => OGRFieldType::OFTReal,
        PropertyType::Integer => OGRFieldType::OFTInteger64,
        PropertyType::Boolean if driver != "CSV" => OGRFieldType::OFTInteger,
        PropertyType::Date if driver != "CSV" => OGRFieldType::OFTDate,
        PropertyType::Moment if driver == "GPKG" => OGRFieldType::OFTDateTime,
        // The table of a shapefile has days, but no moments.
        PropertyType::Text | PropertyType::Boolean | PropertyType::Date | PropertyType::Moment | PropertyType::Layers => {
            OGRFieldType::OFTString
        }
    }
}

fn set_field(row: &mut gdal::vector::Feature<'_>, place: usize, value: &Value, driver: &str) -> Result<(), GdalError> {
    match value {
        Value::Null => row.set_field_null(place),
        Value::Text(text) | Value::Date(text) => row.set_field_string(place, &without_nul(text)),
        Value::Moment(moment) => row.set_field_string(place, &moment.format(&Rfc3339).unwrap_or_default()),
        Value::Number(number) => row.set_field_double(place, *number),
        Value::Integer(number) => row.set_field_integer64(place, *number),
        Value::Boolean(flag) if driver == "CSV" => row.set_field_string(place, if *flag { "true" } else { "false" }),
        Value::Boolean(flag) => row.set_field_integer(place, i32::from(*flag)),
        Value::Layers(layers) => row.set_field_string(place, &serde_json::to_string(layers).unwrap_or_default()),
    }
}

/// A text without the sign U+0000, at which programs in C take it to end.
pub(super) fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}
