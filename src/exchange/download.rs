//! Files of a layer as bytes: what GDAL can only write to disk is written to a folder that goes with the answer.

use super::export::{Export, ExportError, export_to};
use crate::model::Feature;
use geo::Geometry;
use std::fs::File;
use std::io::{self, Cursor};
use std::path::Path;
use thiserror::Error;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Why a file was not made.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum DownloadError {
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error("the file could not be made: {0}")]
    File(#[from] io::Error),
    #[error("the archive could not be made: {0}")]
    Archive(#[from] zip::result::ZipError),
}

/// The rows as a GeoPackage with one table.
///
/// # Errors
/// [`DownloadError`].
pub fn geopackage_bytes(export: &Export<'_>, features: impl Iterator<Item = Feature>) -> Result<Vec<u8>, DownloadError> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("layer.gpkg");
    export_to(export, features, &path)?;
    Ok(std::fs::read(path)?)
}

/// The rows as zipped shapefiles. A shapefile holds one kind of geometry, so a layer with several gives one a kind, and rows
/// without geometry a table.
///
/// # Errors
/// [`DownloadError`].
pub fn shapefile_archive(export: &Export<'_>, features: impl Iterator<Item = Feature>) -> Result<Vec<u8>, DownloadError> {
    let mut groups: [(&str, Vec<Feature>); 4] = [("", vec![]), ("_points", vec![]), ("_lines", vec![]), ("_polygons", vec![])];
    for feature in features {
        let group = match &feature.geometry {
            None => 0,
            Some(Geometry::Point(_) | Geometry::MultiPoint(_)) => 1,
            Some(Geometry::LineString(_) | Geometry::MultiLineString(_) | Geometry::Line(_)) => 2,
            Some(_) => 3,
        };
        groups[group].1.push(feature);
    }
    let folder = tempfile::tempdir()?;
    let kinds = groups.iter().filter(|(_, features)| !features.is_empty()).count();
    for (suffix, features) in groups {
        if features.is_empty() && !(kinds == 0 && suffix.is_empty()) {
            continue;
        }
        let name = if kinds > 1 { format!("{}{suffix}", export.name) } else { export.name.to_owned() };
        let export = Export { name: &name, with_geometry: !suffix.is_empty(), ..*export };
        export_to(&export, features.into_iter(), &folder.path().join(format!("{name}.shp")))?;
    }
    zipped(folder.path())
}

/// The files of a folder as an archive, in the order of their names.
fn zipped(folder: &Path) -> Result<Vec<u8>, DownloadError> {
    let mut files = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    files.sort();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        archive.start_file(name, SimpleFileOptions::default())?;
        io::copy(&mut File::open(&path)?, &mut archive)?;
    }
    Ok(archive.finish()?.into_inner())
}
