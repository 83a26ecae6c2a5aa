//! An import: a user's file in, checked features out, every refused row on its line.

use super::cores::CoreRows;
use super::error::{ImportError, OpenError};
use super::geometry::{prepare, way_to_crs84};
use super::mapping::Mapping;
use super::report::ImportReport;
use super::source::{RawRow, SourceHead, open_source};
use crate::crs::{Crs, Reprojection};
use crate::model::{Feature, GeometryKind, Layer};
use geo::CoordsIter;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

/// Caps on what a file may ask of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file.
    pub file_bytes: u64,
    /// Size of what an archive unpacks to.
    pub unpacked_bytes: u64,
    /// Entries of an archive.
    pub archive_entries: usize,
    /// Rows.
    pub rows: u64,
    /// Vertices of one geometry.
    pub vertices: usize,
    /// Bytes of one line of a table of text.
    pub line_bytes: usize,
    /// Pixels of a raster.
    pub raster_pixels: usize,
    /// Vertices of all roads and lines of an extract of OpenStreetMap; half a gigabyte of memory at the default.
    pub network_vertices: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 4_000_000_000,
            unpacked_bytes: 4_000_000_000,
            archive_entries: 1_000,
            rows: 10_000_000,
            vertices: 5_000_000,
            line_bytes: 4_000_000,
            raster_pixels: 50_000_000,
            network_vertices: 20_000_000,
        }
    }
}

/// What becomes of an import when a row is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// Nothing is imported.
    #[default]
    Reject,
    /// The good rows are imported, the others listed.
    Skip,
}

/// What is to be imported, and how it is to be understood.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// The layer that takes the rows.
    pub layer: Layer,
    /// The file.
    pub file: PathBuf,
    /// The layer in the file, where it has several.
    pub source_layer: Option<String>,
    /// West, south, east, north in degrees: of an extract of OpenStreetMap, only ways with a vertex inside.
    pub within: Option<[f64; 4]>,
    /// System of the file's coordinates; it rules over what the file says.
    pub crs: Option<Crs>,
    /// Field by property; `x` and `y` name columns of coordinates.
    pub map: BTreeMap<String, String>,
    /// Unit of the file by property.
    pub units: BTreeMap<String, String>,
    /// Value by property, for rows that do not give one.
    pub set: BTreeMap<String, String>,
    /// Encoding of text, where the file does not say it or says it wrong.
    pub encoding: Option<String>,
    /// What becomes of it when a row is refused.
    pub on_error: OnError,
}

impl ImportRequest {
    /// A plain request.
    #[must_use]
    pub fn new(layer: Layer, file: impl Into<PathBuf>) -> Self {
        Self {
            layer,
            file: file.into(),
            source_layer: None,
            within: None,
            crs: None,
            map: BTreeMap::new(),
            units: BTreeMap::new(),
            set: BTreeMap::new(),
            encoding: None,
            on_error: OnError::Reject,
        }
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows read.
    pub rows: u64,
    /// Rows in all, where that is known.
    pub of: Option<u64>,
}

/// Rows between two reports of progress.
const PROGRESS_EVERY: u64 = 500;

/// Reads a file and gives each good row to `sink`, in the file's order (cores after the last row). `known` are rows
/// that the layer has already, by [`row_fingerprint`]: an equal row is left out and reported.
///
/// `sink` writes into a transaction that the caller commits when this returns `Ok`, and drops when it does not.
///
/// # Errors
/// [`ImportError`]: the file, its system, its fields; refused rows where none may be; or the sink's own.
pub fn import_features<E>(
    request: &ImportRequest,
    limits: &Limits,
    known: impl IntoIterator<Item = u64>,
    mut sink: impl FnMut(&Feature) -> Result<(), E>,
    mut progress: impl FnMut(Progress),
) -> Result<ImportReport, ImportError<E>> {
    let source = open_source(request, limits)?;
    let head = source.head();
    let crs = source_crs(request, head)?;
    let to_crs84 = way_to_crs84(&crs).map_err(|error| ImportError::Crs(error.to_string()))?;
    let mapping = Mapping::new(request, head)?;
    let of = head.rows;
    let mut rows = Rows {
        request,
        limits,
        to_crs84,
        report: ImportReport {
            source_crs: if head.has_geometry { crs.to_string() } else { "none".into() },
            mapped: mapping.mapped.clone(),
            unused_fields: mapping.unused_fields.clone(),
            remarks: head.remarks.clone(),
            ..ImportReport::default()
        },
        mapping,
        seen: known.into_iter().collect(),
        places: HashSet::new(),
        cores: CoreRows::default(),
    };
    let mut failed: Option<ImportError<E>> = None;
    let outcome = source.rows(&mut |row| {
        rows.report.rows_read += 1;
        let number = rows.report.rows_read;
        if number.is_multiple_of(PROGRESS_EVERY) {
            progress(Progress { rows: number, of });
        }
        if number > limits.rows {
            failed = Some(ImportError::Limit(format!("the file has more than {} rows", limits.rows)));
        } else if let Some(feature) = rows.understand(number, row)
            && let Err(error) = sink(&feature)
        {
            failed = Some(ImportError::Sink(error));
        }
        failed.is_none()
    });
    if let Some(error) = failed {
        return Err(error);
    }
    rows.report.remarks.extend(outcome?);
    for feature in rows.finished_cores() {
        sink(&feature).map_err(ImportError::Sink)?;
    }
    let report = rows.report;
    progress(Progress { rows: report.rows_read, of });
    if report.rows_read == 0 {
        return Err(ImportError::Format(format!("{} has no rows", request.file.display())));
    }
    if report.rejected_total > 0 && request.on_error == OnError::Reject {
        return Err(ImportError::Rejected(Box::new(report)));
    }
    Ok(report)
}

/// The system of the file's coordinates: as asked, as the file says, or none where there is no geometry.
fn source_crs(request: &ImportRequest, head: &SourceHead) -> Result<Crs, OpenError> {
    let file = request.file.display();
    if !head.has_geometry {
        if request.layer.schema().geometry.contains(&GeometryKind::None) {
            return Ok(Crs::crs84());
        }
        return Err(OpenError::Layer(format!("{file} has no geometry, and layer {} needs it", request.layer)));
    }
    request.crs.clone().or_else(|| head.crs.clone()).ok_or_else(|| {
        let example = "--crs EPSG:28407 for Pulkovo 1942 zone 7, --crs EPSG:4326 for longitude and latitude";
        OpenError::Crs(format!("{file} does not say its coordinate system; give it, for example {example}"))
    })
}

/// What is known while rows come in.
struct Rows<'a> {
    request: &'a ImportRequest,
    limits: &'a Limits,
    to_crs84: Reprojection,
    mapping: Mapping,
    report: ImportReport,
    seen: HashSet<u64>,
    places: HashSet<u64>,
    cores: CoreRows,
}

impl Rows<'_> {
    /// A row as a feature; `None` where it is refused, repeats another, or is a layer of a core.
    fn understand(&mut self, number: u64, row: RawRow) -> Option<Feature> {
        let feature = match self.feature(number, row.geometry, &row.fields) {
            Ok(feature) => feature,
            Err(reason) => {
                self.report.reject(number, reason);
                return None;
            }
        };
        if self.request.layer == Layer::Cores && self.mapping.has_core_layers() {
            match self.mapping.core_layer(&row.fields) {
                Ok(layer) => self.cores.add(number, feature, layer),
                Err(reason) => self.report.reject(number, reason),
            }
            return None;
        }
        self.unless_repeated(number, feature)
    }

    fn feature(
        &mut self,
        number: u64,
        geometry: super::source::RawGeometry,
        fields: &[super::source::RawValue],
    ) -> Result<Feature, String> {
        let prepared = prepare(geometry, self.request.layer, &self.to_crs84, self.limits.vertices)?;
        let values = self.mapping.values(fields)?;
        self.report.heights_dropped += u64::from(prepared.had_heights);
        if let Some(text) = prepared.repaired {
            self.report.repair(number, text);
        }
        Ok(Feature { id: 0, geometry: prepared.geometry, values })
    }

    fn unless_repeated(&mut self, number: u64, feature: Feature) -> Option<Feature> {
        if !self.seen.insert(row_fingerprint(&feature)) {
            self.report.duplicate(number, "the row repeats another one wholly; left out".into());
            return None;
        }
        let is_point = matches!(feature.geometry, Some(geo::Geometry::Point(_)));
        if is_point && !self.places.insert(place_fingerprint(&feature)) {
            self.report.duplicate(number, "the row lies at the place of another one, with other values; kept".into());
        }
        self.report.added += 1;
        Some(feature)
    }

    fn finished_cores(&mut self) -> Vec<Feature> {
        let cores = std::mem::take(&mut self.cores);
        let mut finished = Vec::new();
        for (row, core) in cores.finish() {
            match core {
                Ok(core) => finished.extend(self.unless_repeated(row, core)),
                Err(reason) => self.report.reject(row, reason),
            }
        }
        finished
    }
}

/// A number that equal rows share: place and values, not the identifier.
#[must_use]
pub fn row_fingerprint(feature: &Feature) -> u64 {
    let mut hasher = DefaultHasher::new();
    place_fingerprint(feature).hash(&mut hasher);
    format!("{:?}", feature.values).hash(&mut hasher);
    hasher.finish()
}

fn place_fingerprint(feature: &Feature) -> u64 {
    let mut hasher = DefaultHasher::new();
    for c in feature.geometry.iter().flat_map(geo::CoordsIter::coords_iter) {
        (c.x.to_bits(), c.y.to_bits()).hash(&mut hasher);
    }
    feature.geometry.as_ref().map_or(0, CoordsIter::coords_count).hash(&mut hasher);
    hasher.finish()
}
