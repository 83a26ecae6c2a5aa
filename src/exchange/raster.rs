//! Rasters in and out: `GeoTIFF` only. Read: the first band as a surface of elevations. Written: results on a grid.

use super::error::OpenError;
use super::import::Limits;
use super::source::checked_path;
use super::vector::{crs_of, forget_failures, last_failure, quiet_gdal};
use crate::crs::Crs;
use crate::model::Surface;
use gdal::errors::GdalError;
use gdal::raster::{Buffer, ColorInterpretation, GdalDataType, RasterBand, RasterCreationOptions};
use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};
use gdal::{Dataset, DatasetOptions, DriverManager, GdalOpenFlags, Metadata};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;

/// Media type of a `GeoTIFF`.
pub const GEOTIFF: &str = "image/tiff; application=geotiff";
/// Value of a cell of which nothing is known.
pub const NO_DATA: f32 = -9_999.0;
/// Beyond this no number is an elevation in metres; programs mark holes with numbers such as 3.4e38 and -32768.
const HIGHEST_M: f64 = 12_000.0;
/// Rows that are read at once.
const STRIP: usize = 256;

/// Why a raster is not read or written.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum RasterError {
    #[error("{0}")]
    Path(String),
    #[error("the raster cannot be read as a GeoTIFF: {0}")]
    Format(String),
    #[error("{0}")]
    Crs(String),
    #[error("{0}")]
    Place(String),
    #[error("{0}")]
    Values(String),
    #[error("{0}")]
    Limit(String),
    #[error("the raster could not be written: {0}")]
    Gdal(#[from] GdalError),
}

impl From<OpenError> for RasterError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Limit(text) => Self::Limit(text),
            OpenError::Crs(text) => Self::Crs(text),
            OpenError::Path(text) | OpenError::Format(text) | OpenError::Layer(text) | OpenError::Fields(text) => {
                Self::Path(text)
            }
        }
    }
}

/// Reads a surface from a user's file.
///
/// # Errors
/// [`RasterError`]: no ordinary file, no `GeoTIFF`, too large, no place or no system and none given, rotated, no heights.
pub fn surface_from_file(path: &Path, crs: Option<&Crs>, limits: &Limits) -> Result<Surface, RasterError> {
    surface_at(&checked_path(path, limits)?, crs, limits)
}

/// Reads a surface from bytes that somebody sent.
///
/// # Errors
/// As [`surface_from_file`].
pub fn surface_from_bytes(mut bytes: Vec<u8>, crs: Option<&Crs>, limits: &Limits) -> Result<Surface, RasterError> {
    if bytes.is_empty() {
        return Err(RasterError::Format("there are no bytes; send the file as the body of the request".into()));
    }
    quiet_gdal();
    let path = memory_path();
    // The name goes with this value, which lives no longer than the bytes.
    let _name = gdal::vsi::create_mem_file_from_ref(&path, &mut bytes).map_err(|error| RasterError::Format(error.to_string()))?;
    surface_at(&path, crs, limits)
}

/// A name in GDAL's memory that no other thread uses; it is ours, never a user's.
pub(super) fn memory_path() -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    PathBuf::from(format!("/vsimem/peatplan-{}", NEXT.fetch_add(1, Ordering::Relaxed)))
}

fn surface_at(path: &Path, crs: Option<&Crs>, limits: &Limits) -> Result<Surface, RasterError> {
    quiet_gdal();
    forget_failures();
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_RASTER | GdalOpenFlags::GDAL_OF_READONLY,
        allowed_drivers: Some(&["GTiff"]),
        ..DatasetOptions::default()
    };
    let broken = |error: &GdalError| match (last_failure(), error) {
        (Some(reason), _) => RasterError::Format(reason),
        (None, GdalError::NullPointer { .. }) => RasterError::Format("it is no such file".into()),
        (None, other) => RasterError::Format(other.to_string()),
    };
    let dataset = Dataset::open_ex(path, options).map_err(|error| broken(&error))?;
    let (columns, rows) = dataset.raster_size();
    if columns.saturating_mul(rows) > limits.raster_pixels {
        return Err(RasterError::Limit(format!(
            "the raster has {columns} × {rows} pixels; at most {} are read; cut it to the deposit or make its pixels larger",
            limits.raster_pixels
        )));
    }
    let frame = Frame::of(&dataset)?;
    let crs = match crs {
        Some(given) => given.clone(),
        None => dataset.spatial_ref().ok().and_then(|reference| crs_of(&reference)).ok_or_else(|| {
            RasterError::Crs("the raster does not say its coordinate system; name it (for example EPSG:32637)".into())
        })?,
    };
    if dataset.raster_count() == 0 {
        return Err(RasterError::Values("the raster has no band".into()));
    }
    let band = dataset.rasterband(1).map_err(|error| broken(&error))?;
    check_heights(&band)?;
    let mut values = values_of(&band).map_err(|error| broken(&error))?;
    if frame.south_up {
        values = values.chunks(columns.max(1)).rev().flatten().copied().collect();
    }
    check_values(&values)?;
    Surface::new(crs, frame.origin, frame.pixel, (columns, rows), values)
        .ok_or_else(|| RasterError::Place("the raster's place is no usable number".into()))
}

/// Where the raster lies.
struct Frame {
    origin: (f64, f64),
    pixel: (f64, f64),
    south_up: bool,
}

impl Frame {
    fn of(dataset: &Dataset) -> Result<Self, RasterError> {
        let missing = "the raster does not say where it lies (no geotransform); write it as a GeoTIFF with its place";
        let [x, width, tilt_x, y, tilt_y, height] = dataset.geo_transform().map_err(|_| RasterError::Place(missing.into()))?;
        if tilt_x != 0.0 || tilt_y != 0.0 {
            return Err(RasterError::Place("the raster is rotated; warp it north up first (gdalwarp does)".into()));
        }
        if !(width.is_finite() && height.is_finite()) || width <= 0.0 || height == 0.0 {
            return Err(RasterError::Place(missing.into()));
        }
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let rows = dataset.raster_size().1 as f64;
        let south_up = height > 0.0;
        let top = if south_up { y + rows * height } else { y };
        Ok(Self { origin: (x, top), pixel: (width, height.abs()), south_up })
    }
}

/// Whether the band can be heights in metres.
fn check_heights(band: &RasterBand<'_>) -> Result<(), RasterError> {
    use ColorInterpretation::{BlueBand, GreenBand, PaletteIndex, RedBand};
    let kind = band.band_type();
    let colour = matches!(band.color_interpretation(), RedBand | GreenBand | BlueBand | PaletteIndex);
    if kind == GdalDataType::UInt8 && colour {
        return Err(RasterError::Values("the raster is a picture; a surface of heights in metres is needed".into()));
    }
    if kind == GdalDataType::Unknown || kind.name().starts_with('C') {
        return Err(RasterError::Values(format!("values of type {} are no heights", kind.name())));
    }
    let unit = band.unit();
    if !matches!(unit.to_lowercase().as_str(), "" | "m" | "metre" | "metres" | "meter" | "meters" | "м") {
        return Err(RasterError::Values(format!(
            "the raster's heights are in {unit:?} and metres are needed; scale them first (gdal_calc.py does)"
        )));
    }
    Ok(())
}

/// Values of a band as they are meant: scaled, and not a number where nothing is known.
fn values_of(band: &RasterBand<'_>) -> Result<Vec<f32>, GdalError> {
    let (columns, rows) = band.size();
    let no_data = band.no_data_value();
    let (scale, offset) = (band.scale().unwrap_or(1.0), band.offset().unwrap_or(0.0));
    // The value of a hole is written with few digits by some programs.
    let is_hole =
        |value: f64| !value.is_finite() || no_data.is_some_and(|hole| (value - hole).abs() <= 1e-6 * hole.abs().max(1e-30));
    let flags = band.mask_flags()?;
    let mask = (!flags.is_all_valid() && !flags.is_nodata()).then(|| band.open_mask_band()).transpose()?;
    let mut values = Vec::with_capacity(columns * rows);
    for top in (0..rows).step_by(STRIP) {
        let strip = (columns, STRIP.min(rows - top));
        let window = (0, isize::try_from(top)?);
        let read: Buffer<f64> = band.read_as(window, strip, strip, None)?;
        let hidden = mask.as_ref().map(|mask| mask.read_as::<u8>(window, strip, strip, None)).transpose()?;
        for (place, value) in read.data().iter().enumerate() {
            let hole = is_hole(*value) || hidden.as_ref().is_some_and(|hidden| hidden.data()[place] == 0);
            #[expect(clippy::cast_possible_truncation, reason = "heights to a tenth of a millimetre")]
            values.push(if hole { f32::NAN } else { (value * scale + offset) as f32 });
        }
    }
    Ok(values)
}

/// Holes that are not declared would make craters, and centimetres mountains: both are said.
fn check_values(values: &[f32]) -> Result<(), RasterError> {
    let known = values.iter().copied().filter(|value| value.is_finite());
    let range = known.fold(None, |range: Option<(f32, f32)>, value| {
        let (least, most) = range.unwrap_or((value, value));
        Some((least.min(value), most.max(value)))
    });
    let Some((least, most)) = range else {
        return Err(RasterError::Values("the raster has no value at all: every pixel is a hole".into()));
    };
    if f64::from(least) < -HIGHEST_M || f64::from(most) > HIGHEST_M {
        return Err(RasterError::Values(format!(
            "the raster's values reach from {least} to {most}, which are no heights in metres; they may be centimetres, or holes whose value is not declared (gdal_translate -a_nodata does that)"
        )));
    }
    if f64::from(least) <= -9_998.0 {
        return Err(RasterError::Values(format!(
            "the raster holds {least}, which looks like a hole whose value is not declared; declare it (gdal_translate -a_nodata {least})"
        )));
    }
    Ok(())
}

/// Results on a grid of square cells, north up, the origin the upper left corner.
#[derive(Debug, Clone)]
pub struct RasterResult<'a> {
    /// System of the grid.
    pub crs: &'a Crs,
    /// Upper left corner.
    pub origin: (f64, f64),
    /// Edge of a cell.
    pub cell: f64,
    /// Columns and rows.
    pub size: (usize, usize),
    /// Bands: what each is, its unit, and its values row by row, not a number where nothing is known.
    pub bands: Vec<(&'a str, &'a str, Vec<f32>)>,
    /// What the file says of itself, by name.
    pub about: Vec<(&'a str, &'a str)>,
}

/// A `GeoTIFF` of 32-bit numbers, tiled and deflated; holes have the value -9999, which it declares.
///
/// # Errors
/// Bands of another size than the grid, or what GDAL says.
pub fn geotiff(raster: &RasterResult<'_>) -> Result<Vec<u8>, RasterError> {
    quiet_gdal();
    let (columns, rows) = raster.size;
    if raster.bands.is_empty() || raster.bands.iter().any(|(_, _, values)| values.len() != columns * rows) {
        return Err(RasterError::Values("the bands do not fill the grid".into()));
    }
    let path = memory_path();
    let written = write_geotiff(raster, &path);
    let bytes = gdal::vsi::get_vsi_mem_file_bytes_owned(&path);
    written?;
    Ok(bytes?)
}

fn write_geotiff(raster: &RasterResult<'_>, path: &Path) -> Result<(), GdalError> {
    let (columns, rows) = raster.size;
    let options = ["TILED=YES", "COMPRESS=DEFLATE", "PREDICTOR=3", "BIGTIFF=IF_SAFER"];
    let options = RasterCreationOptions::from_iter(options);
    let driver = DriverManager::get_driver_by_name("GTiff")?;
    let mut dataset = driver.create_with_band_type_with_options::<f32, _>(path, columns, rows, raster.bands.len(), &options)?;
    let (x, y) = raster.origin;
    dataset.set_geo_transform(&[x, raster.cell, 0.0, y, 0.0, -raster.cell])?;
    let mut reference = SpatialRef::from_definition(raster.crs.definition())?;
    reference.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    dataset.set_spatial_ref(&reference)?;
    for (name, text) in &raster.about {
        dataset.set_metadata_item(name, text, "")?;
    }
    for (number, (name, unit, values)) in raster.bands.iter().enumerate() {
        let mut band = dataset.rasterband(number + 1)?;
        band.set_no_data_value(Some(f64::from(NO_DATA)))?;
        band.set_description(name)?;
        band.set_metadata_item("UNIT", unit, "")?;
        let values = values.iter().map(|value| if value.is_finite() { *value } else { NO_DATA }).collect();
        band.write((0, 0), raster.size, &mut Buffer::new(raster.size, values))?;
    }
    dataset.close()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(crs: &Crs, values: Vec<f32>) -> Vec<u8> {
        let raster = RasterResult {
            crs,
            origin: (600_000.0, 6_170_000.0),
            cell: 10.0,
            size: (3, 2),
            bands: vec![("depth", "m", values.clone()), ("error", "m", values)],
            about: vec![("inputs_hash", "0123")],
        };
        geotiff(&raster).expect("it can be written")
    }

    #[test]
    fn what_is_written_is_read_back() {
        let crs = Crs::parse("EPSG:32637").expect("known");
        let bytes = written(&crs, vec![1.5, 2.0, 2.5, f32::NAN, 3.25, 4.0]);
        let surface = surface_from_bytes(bytes, None, &Limits::default()).expect("it can be read");
        assert_eq!((surface.crs(), surface.size(), surface.pixel()), (&crs, (3, 2), (10.0, 10.0)));
        assert_eq!(surface.origin(), (600_000.0, 6_170_000.0));
        assert_eq!((surface.pixel_value(1, 1), surface.pixel_value(0, 1)), (Some(3.25), None));
    }

    #[test]
    fn every_crs_of_a_project_can_be_written() {
        let local = r#"PROJCS["local",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",40.5],PARAMETER["scale_factor",1],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]"#;
        for definition in ["EPSG:28407", "EPSG:25833", local] {
            let crs = Crs::parse(definition).expect("known");
            let surface = surface_from_bytes(written(&crs, vec![1.0; 6]), None, &Limits::default()).expect(definition);
            let way = crate::crs::Reprojection::new(&crs, surface.crs()).expect("a way");
            let (x, y) = way.point(600_000.0, 6_170_000.0).expect("inside");
            assert!((x - 600_000.0).abs() < 0.01 && (y - 6_170_000.0).abs() < 0.01, "{definition}: {x} {y}");
        }
    }

    #[test]
    fn more_pixels_than_the_cap_and_values_that_are_no_heights_are_refused() {
        let crs = Crs::parse("EPSG:32637").expect("known");
        let limits = Limits { raster_pixels: 5, ..Limits::default() };
        let says = |bytes, limits: &Limits| surface_from_bytes(bytes, None, limits).expect_err("refused").to_string();
        assert!(says(written(&crs, vec![1.0; 6]), &limits).contains("at most 5"));
        assert!(says(written(&crs, vec![f32::NAN; 6]), &Limits::default()).contains("every pixel is a hole"));
        assert!(says(written(&crs, vec![13_250.0; 6]), &Limits::default()).contains("centimetres"));
        assert!(says(b"II*\0no tiff at all".to_vec(), &Limits::default()).contains("GeoTIFF"));
        assert!(says(Vec::new(), &Limits::default()).contains("no bytes"));
    }
}
