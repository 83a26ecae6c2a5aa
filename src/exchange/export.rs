//! A layer out into a file that other programs open.

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
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let driver = FORMATS.iter().find(|(known, _)| *known == extension).map(|(_, driver)| *driver);
    let driver = driver.ok_or_else(|| ExportError::Format { extension: extension.clone() })?;
    if driver == "ESRI Shapefile" && layer.schema().geometry.len() > 1 {
        return Err(ExportError::Mixed { layer });
    }
    super::vector::quiet_gdal();
    if path.exists() {
        return Err(ExportError::Exists(path.display().to_string()));
    }
    let mut dataset = DriverManager::get_driver_by_name(driver)?.create_vector_only(path)?;
    let mut wgs84 = SpatialRef::from_epsg(4326)?;
    wgs84.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let options: Option<&[&str]> = match driver {
        "CSV" => Some(&["GEOMETRY=AS_WKT"]),
        // Its default code page has no Russian letters.
        "ESRI Shapefile" => Some(&["ENCODING=UTF-8"]),
        _ => None,
    };
    let target = dataset.create_layer(LayerOptions {
        name: layer.name(),
        srs: Some(&wgs84),
        ty: OGRwkbGeometryType::wkbUnknown,
        options,
    })?;
    let properties = &layer.schema().properties;
    for property in properties {
        FieldDefn::new(&property.name, field_type(property))?.add_to_layer(&target)?;
    }
    let mut written = 0;
    for feature in features {
        let mut row = gdal::vector::Feature::new(target.defn())?;
        if let Some(geometry) = &feature.geometry {
            let geometry: OgrGeometry = geometry.to_gdal()?;
            row.set_geometry(geometry)?;
        }
        for (place, value) in feature.values.iter().enumerate() {
            set_field(&mut row, place, value)?;
        }
        row.create(&target)?;
        written += 1;
    }
    dataset.close()?;
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
