//! A layer out into a file that other programs open.

use crate::crs::Crs;
use crate::model::{Feature, Layer, Property, PropertyType, Value};
use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};
use gdal::vector::{FieldDefn, Geometry as OgrGeometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType, ToGdal};
use gdal::{DriverManager, errors::GdalError};
use std::path::Path;
use thiserror::Error;
use time::format_description::well_known::Rfc3339;

/// Formats that are written: extension, GDAL's driver.
pub const FORMATS: [(&str, &str); 5] =
    [("gpkg", "GPKG"), ("geojson", "GeoJSON"), ("fgb", "FlatGeobuf"), ("shp", "ESRI Shapefile"), ("csv", "CSV")];

/// Why a layer was not written.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ExportError {
    #[error("format .{extension} is not written; give one of {}", FORMATS.map(|(known, _)| known).join(", "))]
    Format { extension: String },
    #[error("layer {layer} holds several kinds of geometry, and a shapefile only one; give gpkg, geojson or fgb")]
    Mixed { layer: Layer },
    #[error("{0} exists already; remove it or give another name")]
    Exists(String),
    #[error("the file could not be written: {0}")]
    Gdal(#[from] GdalError),
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
    /// Whether the features' numbers are written: as the key of a GeoPackage, else as a first column `id`.
    pub with_ids: bool,
}

/// Writes the rows of a layer in CRS84 to a new file, its format by the extension. CSV gets the geometry as
/// well-known text in a column `WKT`.
///
/// # Errors
/// [`ExportError`].
pub fn export_features<'a>(
    layer: Layer,
    features: impl Iterator<Item = Feature> + 'a,
    path: &Path,
) -> Result<usize, ExportError> {
    let properties: Vec<usize> = (0..layer.schema().properties.len()).collect();
    let crs = Crs::crs84();
    let export = Export { layer, name: layer.name(), properties: &properties, crs: &crs, with_geometry: true, with_ids: false };
    if extension_of(path) == "shp" && layer.schema().geometry.len() > 1 {
        return Err(ExportError::Mixed { layer });
    }
    export_to(&export, features, path)
}

fn extension_of(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The same in any system, with chosen properties. Who writes a shapefile gives features of one kind of geometry only.
///
/// # Errors
/// [`ExportError`].
pub fn export_to(export: &Export<'_>, features: impl Iterator<Item = Feature>, path: &Path) -> Result<usize, ExportError> {
    let extension = extension_of(path);
    let driver = FORMATS.iter().find(|(known, _)| *known == extension).map(|(_, driver)| *driver);
    let driver = driver.ok_or_else(|| ExportError::Format { extension: extension.clone() })?;
    super::vector::quiet_gdal();
    if path.exists() {
        return Err(ExportError::Exists(path.display().to_string()));
    }
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
    let kind = if export.with_geometry { OGRwkbGeometryType::wkbUnknown } else { OGRwkbGeometryType::wkbNone };
    // Thousands of rows one by one would each be a transaction of their own in a GeoPackage.
    let written = if driver == "GPKG" {
        let mut transaction = dataset.start_transaction()?;
        let written = {
            // The layer ends before its transaction does.
            let layer = transaction.create_layer(LayerOptions { name: export.name, srs: Some(&system), ty: kind, options })?;
            write_rows(export, driver, &layer, features)?
        };
        transaction.commit()?;
        written
    } else {
        let layer = dataset.create_layer(LayerOptions { name: export.name, srs: Some(&system), ty: kind, options })?;
        write_rows(export, driver, &layer, features)?
    };
    dataset.close()?;
    Ok(written)
}

fn write_rows(
    export: &Export<'_>,
    driver: &str,
    target: &gdal::vector::Layer<'_>,
    features: impl Iterator<Item = Feature>,
) -> Result<usize, GdalError> {
    if export.with_ids {
        // GDAL takes what stands in a field of this name for the key of a GeoPackage's table.
        let name = if driver == "GPKG" { "fid" } else { "id" };
        FieldDefn::new(name, OGRFieldType::OFTInteger64)?.add_to_layer(target)?;
    }
    for place in export.properties {
        let property = &export.layer.schema().properties[*place];
        FieldDefn::new(&property.name, field_type(property))?.add_to_layer(target)?;
    }
    let first = usize::from(export.with_ids);
    let mut written = 0;
    for feature in features {
        let mut row = gdal::vector::Feature::new(target.defn())?;
        if let Some(geometry) = &feature.geometry {
            let geometry: OgrGeometry = geometry.to_gdal()?;
            row.set_geometry(geometry)?;
        }
        if export.with_ids {
            row.set_field_integer64(0, feature.id)?;
        }
        for (place, value) in feature.values.iter().enumerate() {
            set_field(&mut row, first + place, value)?;
        }
        row.create(target)?;
        written += 1;
    }
    Ok(written)
}

fn field_type(property: &Property) -> OGRFieldType::Type {
    match property.kind {
        PropertyType::Number => OGRFieldType::OFTReal,
        PropertyType::Integer => OGRFieldType::OFTInteger64,
        PropertyType::Boolean => OGRFieldType::OFTInteger,
        PropertyType::Text | PropertyType::Date | PropertyType::Moment | PropertyType::Layers => OGRFieldType::OFTString,
    }
}

fn set_field(row: &mut gdal::vector::Feature<'_>, place: usize, value: &Value) -> Result<(), GdalError> {
    match value {
        Value::Null => row.set_field_null(place),
        Value::Text(text) | Value::Date(text) => row.set_field_string(place, text),
        Value::Moment(moment) => row.set_field_string(place, &moment.format(&Rfc3339).unwrap_or_default()),
        Value::Number(number) => row.set_field_double(place, *number),
        Value::Integer(number) => row.set_field_integer64(place, *number),
        Value::Boolean(flag) => row.set_field_integer(place, i32::from(*flag)),
        Value::Layers(layers) => row.set_field_string(place, &serde_json::to_string(layers).unwrap_or_default()),
    }
}
