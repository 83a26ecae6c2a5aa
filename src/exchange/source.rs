//! A file as rows of geometry and fields, before anything is understood of them.

use super::archive;
use super::delimited::DelimitedSource;
use super::error::OpenError;
use super::import::{ImportRequest, Limits};
use super::osm::OsmSource;
use super::vector::VectorSource;
use super::weather::WeatherSource;
use crate::crs::Crs;
use crate::model::Layer;
use std::path::{Path, PathBuf};

/// A field as the file has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum RawValue {
    Null,
    Text(String),
    Number(f64),
}

/// A geometry as the file has it, in its own system.
pub(super) enum RawGeometry {
    None,
    Point(f64, f64),
    /// Longitudes and latitudes, or east and north.
    Line(Vec<[f64; 2]>),
    Ogr(gdal::vector::Geometry),
    /// What stands there is no geometry; why.
    Broken(String),
}

/// A row as the file has it; fields are in the order of [`Source::fields`].
pub(super) struct RawRow {
    pub geometry: RawGeometry,
    pub fields: Vec<RawValue>,
}

/// What a source says of itself before its rows.
pub(super) struct SourceHead {
    /// Names of the fields.
    pub fields: Vec<String>,
    /// Coordinate system, where the file says one.
    pub crs: Option<Crs>,
    /// Rows, where they can be counted beforehand.
    pub rows: Option<u64>,
    /// Whether the source has geometry at all.
    pub has_geometry: bool,
    /// Fields that are the coordinates, and so are not left over.
    pub coordinate_fields: Vec<String>,
    /// What should be known of how it was read.
    pub remarks: Vec<String>,
}

/// Takes rows one by one; `false` stops.
pub(super) type RowTaker<'a> = dyn FnMut(RawRow) -> bool + 'a;

/// An open file.
pub(super) enum Source {
    Vector(VectorSource),
    Delimited(DelimitedSource),
    Osm(OsmSource),
    Weather(WeatherSource),
}

impl Source {
    pub(super) fn head(&self) -> &SourceHead {
        match self {
            Self::Vector(source) => &source.head,
            Self::Delimited(source) => &source.head,
            Self::Osm(source) => &source.head,
            Self::Weather(source) => &source.head,
        }
    }

    /// Gives the rows; what should be known of them afterwards comes back.
    pub(super) fn rows(self, take: &mut RowTaker<'_>) -> Result<Vec<String>, OpenError> {
        match self {
            Self::Vector(source) => source.rows(take).map(|()| Vec::new()),
            Self::Delimited(source) => source.rows(take).map(|()| Vec::new()),
            Self::Osm(source) => source.rows(take),
            Self::Weather(source) => {
                source.rows(take);
                Ok(Vec::new())
            }
        }
    }
}

/// Opens a user's file: an ordinary file on this machine, not too large, of a known kind.
pub(super) fn open_source(request: &ImportRequest, limits: &Limits) -> Result<Source, OpenError> {
    let path = checked_path(&request.file, limits)?;
    let kind = extension(&path);
    if request.within.is_some() && kind != "pbf" {
        let text = "a box (--within) is for extracts of OpenStreetMap (.osm.pbf); of other files all rows are read";
        return Err(OpenError::Layer(format!("{}: {text}", path.display())));
    }
    match kind.as_str() {
        "pbf" => OsmSource::open(&path, request, limits).map(Source::Osm),
        "epw" => WeatherSource::open(request).map(Source::Weather),
        // A table of MapInfo may end so, too.
        "dat" if request.layer == Layer::WeatherYears => WeatherSource::open(request).map(Source::Weather),
        "zip" => {
            let unpacked = archive::unpack_shapefile(&path, limits)?;
            VectorSource::open(&unpacked.shapefile.clone(), request, limits, Some(unpacked)).map(Source::Vector)
        }
        "csv" | "txt" | "tsv" => DelimitedSource::open(&path, request, limits).map(Source::Delimited),
        _ => VectorSource::open(&path, request, limits, None).map(Source::Vector),
    }
}

/// The path's extension in small letters.
pub(super) fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// GDAL reads paths such as `/vsicurl/…` and `PG:…` as the network: only files that the system itself finds pass.
pub(super) fn checked_path(path: &Path, limits: &Limits) -> Result<PathBuf, OpenError> {
    let shown = path.display();
    let text = path.to_string_lossy();
    if text.to_lowercase().contains("/vsi") {
        return Err(OpenError::Path(format!("{shown}: virtual file systems (/vsi…) are not read; give an ordinary file")));
    }
    let about = std::fs::metadata(path).map_err(|error| OpenError::Path(format!("{shown} cannot be read: {error}")))?;
    if about.is_dir() {
        return Err(OpenError::Path(format!("{shown} is a folder; give the file in it")));
    }
    if !about.is_file() {
        return Err(OpenError::Path(format!("{shown} is no ordinary file")));
    }
    if about.len() == 0 {
        return Err(OpenError::Format(format!("{shown} is empty")));
    }
    if about.len() > limits.file_bytes {
        let (have, allowed) = (about.len() / 1_000_000, limits.file_bytes / 1_000_000);
        return Err(OpenError::Limit(format!("{shown} has {have} MB; at most {allowed} MB are read")));
    }
    path.canonicalize().map_err(|error| OpenError::Path(format!("{shown} cannot be read: {error}")))
}
