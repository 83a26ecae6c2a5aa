//! Vector files that GDAL reads: opened with named drivers only, copied out row by row, closed.

use super::archive::Unpacked;
use super::error::OpenError;
use super::import::{ImportRequest, Limits};
use super::source::{RawGeometry, RawRow, RawValue, RowTaker, SourceHead, extension};
use super::text;
use crate::crs::Crs;
use encoding_rs::Encoding;
use gdal::errors::{CplErrType, GdalError};
use gdal::spatial_ref::SpatialRef;
use gdal::vector::{LayerAccess, OGRFieldType};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use std::cell::RefCell;
use std::path::Path;
use std::sync::Once;

/// Formats that are read: extension, GDAL's names of the drivers for it. A file is opened with the drivers of its own
/// extension only, so that none is tricked into a format that fetches what it names.
const DRIVERS: [(&str, &[&str]); 14] = [
    ("gpkg", &["GPKG"]),
    ("geojson", &["GeoJSON", "GeoJSONSeq"]),
    ("json", &["GeoJSON", "GeoJSONSeq"]),
    ("geojsonl", &["GeoJSONSeq"]),
    ("geojsons", &["GeoJSONSeq"]),
    ("shp", &["ESRI Shapefile"]),
    ("dbf", &["ESRI Shapefile"]),
    ("fgb", &["FlatGeobuf"]),
    ("tab", &["MapInfo File"]),
    ("mif", &["MapInfo File"]),
    ("kml", &["LIBKML", "KML"]),
    ("kmz", &["LIBKML"]),
    ("gml", &["GML"]),
    ("dxf", &["DXF"]),
];

const NUMERIC_TYPES: [OGRFieldType::Type; 3] = [OGRFieldType::OFTInteger, OGRFieldType::OFTInteger64, OGRFieldType::OFTReal];

/// How the text of a shapefile that does not say its code page is decoded.
#[derive(Debug, Clone, Copy)]
struct BytesAsText(Option<&'static Encoding>);

/// A vector file.
pub(super) struct VectorSource {
    pub head: SourceHead,
    dataset: Dataset,
    layer: usize,
    /// Which fields are numbers.
    numeric: Vec<bool>,
    /// Set where the text must be decoded here: a shapefile that does not say its code page.
    decode_as_bytes: Option<BytesAsText>,
    /// Kept until the rows are read.
    _unpacked: Option<Unpacked>,
}

impl VectorSource {
    pub(super) fn open(
        path: &Path,
        request: &ImportRequest,
        limits: &Limits,
        unpacked: Option<Unpacked>,
    ) -> Result<Self, OpenError> {
        quiet_gdal();
        let shown = request.file.display().to_string();
        let undeclared = is_shapefile(path) && !declares_code_page(path);
        let kind = extension(path);
        let drivers = DRIVERS.iter().find(|(known, _)| *known == kind).map(|(_, drivers)| *drivers).ok_or_else(|| {
            let known = DRIVERS.map(|(known, _)| known).join(", ");
            OpenError::Format(format!(
                "{shown}: files of kind .{kind} are not read; give one of {known}, osm.pbf, zip, csv, txt, tsv"
            ))
        })?;
        // Only in our own folder may GDAL make the index that a shapefile lacks.
        restore_index(unpacked.is_some());
        forget_failures();
        let dataset = open_dataset(path, request, undeclared, drivers).map_err(|error| {
            let reason = last_failure().unwrap_or_else(|| match error {
                GdalError::NullPointer { .. } => "it is no such file".to_owned(),
                other => other.to_string(),
            });
            let hint = sidecar_hint(path);
            OpenError::Format(format!("{shown} cannot be read as a vector file of kind .{kind}: {reason}{hint}"))
        });
        restore_index(false);
        let dataset = dataset?;
        let layer = chosen_layer(&dataset, request, &shown)?;
        let opened = dataset.layer(layer).map_err(|error| OpenError::Layer(format!("{shown}: {error}")))?;
        let fields: Vec<String> = opened.defn().fields().map(|field| field.name()).collect();
        let numeric: Vec<bool> = opened.defn().fields().map(|field| NUMERIC_TYPES.contains(&field.field_type())).collect();
        let has_geometry = opened.defn().geometry_type() != gdal::vector::OGRwkbGeometryType::wkbNone;
        let rows = opened.try_feature_count();
        if rows == Some(0) {
            return Err(OpenError::Format(format!("{shown}: layer {} is empty", opened.name())));
        }
        if let Some(rows) = rows.filter(|rows| *rows > limits.rows) {
            return Err(OpenError::Limit(format!("{shown} has {rows} rows; at most {} are read", limits.rows)));
        }
        let crs = opened.spatial_ref().and_then(|reference| crs_of(&reference));
        let mut remarks = Vec::new();
        let labelled = request.encoding.as_ref().and_then(|name| Encoding::for_label(name.to_lowercase().as_bytes()));
        if undeclared && labelled.is_none() {
            remarks
                .push("the shapefile does not say its code page; text was read as UTF-8 where it is that, else as CP1251".into());
        }
        let head = SourceHead { fields, crs, rows, has_geometry, coordinate_fields: Vec::new(), remarks };
        let decode_as_bytes = undeclared.then_some(BytesAsText(labelled));
        Ok(Self { head, dataset, layer, numeric, decode_as_bytes, _unpacked: unpacked })
    }

    pub(super) fn rows(self, take: &mut RowTaker<'_>) -> Result<(), OpenError> {
        let mut layer = self.dataset.layer(self.layer).map_err(|error| OpenError::Layer(error.to_string()))?;
        let count = self.head.fields.len();
        let (mut read, mut stopped) = (0_u64, false);
        let mut features = layer.features();
        loop {
            forget_failures();
            let Some(feature) = features.next() else { break };
            read += 1;
            let geometry = feature
                .geometry()
                // A row without geometry and one with an empty geometry are the same to us.
                .filter(|geometry| !geometry.is_empty())
                .map_or(RawGeometry::None, |geometry| RawGeometry::Ogr(geometry.clone()));
            let fields = (0..count).map(|field| self.raw(&feature, field));
            if !take(RawRow { geometry, fields: fields.collect() }) {
                stopped = true;
                break;
            }
        }
        // GDAL ends a file that breaks off as it ends one that is whole.
        let failure = last_failure();
        match self.head.rows {
            _ if stopped => Ok(()),
            Some(rows) if read < rows => {
                let reason = failure.map(|text| format!(": {text}")).unwrap_or_default();
                Err(OpenError::Format(format!(
                    "the file is damaged: it promises {rows} rows and breaks off after {read}{reason}"
                )))
            }
            _ => failure.map_or(Ok(()), |text| Err(OpenError::Format(format!("the file is damaged after row {read}: {text}")))),
        }
    }

    /// A field by way of its text: GDAL gives an unset number as 0 and hands out lists through pointers that may be
    /// null, but its text of a field that is not there is always empty.
    fn raw(&self, feature: &gdal::vector::Feature<'_>, field: usize) -> RawValue {
        let text = feature.field_as_string(field).ok().flatten().unwrap_or_default();
        if text.is_empty() {
            return RawValue::Null;
        }
        match feature.field_as_double(field) {
            Ok(Some(number)) if self.numeric[field] => RawValue::Number(number),
            _ => RawValue::Text(self.decoded(text)),
        }
    }

    /// Such a file was opened as Latin-1, which keeps every byte as one letter: the bytes are got back and decoded.
    fn decoded(&self, text: String) -> String {
        match self.decode_as_bytes {
            None => text,
            Some(BytesAsText(encoding)) => {
                let bytes: Option<Vec<u8>> = text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
                bytes.map_or(text, |bytes| text::decode(&bytes, encoding))
            }
        }
    }
}

fn open_dataset(path: &Path, request: &ImportRequest, undeclared: bool, drivers: &[&str]) -> gdal::errors::Result<Dataset> {
    let encoding = match (&request.encoding, undeclared) {
        _ if !is_shapefile(path) => None,
        (_, true) => Some("ENCODING=ISO-8859-1".to_owned()),
        (Some(name), false) => Some(format!("ENCODING={name}")),
        (None, false) => None,
    };
    let mut open_options: Vec<&str> = encoding.iter().map(String::as_str).collect();
    if extension(path) == "gml" {
        // A schema is taken from beside the file, never fetched.
        open_options.push("DOWNLOAD_SCHEMA=NO");
        // Nor does a reader leave files in the user's folder.
        open_options.push("WRITE_GFS=NO");
    }
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY,
        allowed_drivers: Some(drivers),
        open_options: Some(&open_options),
        sibling_files: None,
    };
    Dataset::open_ex(path, options)
}

fn chosen_layer(dataset: &Dataset, request: &ImportRequest, shown: &str) -> Result<usize, OpenError> {
    let names: Vec<String> = dataset.layers().map(|layer| layer.name()).collect();
    match (&request.source_layer, names.len()) {
        (Some(wanted), _) => names
            .iter()
            .position(|name| name == wanted)
            .ok_or_else(|| OpenError::Layer(format!("{shown} has no layer {wanted:?}; its layers are {}", names.join(", ")))),
        (None, 0) => Err(OpenError::Format(format!("{shown} has no layer"))),
        (None, 1) => Ok(0),
        (None, _) => {
            names.iter().position(|name| *name == request.layer.name() || *name == request.layer.table()).ok_or_else(|| {
                OpenError::Layer(format!("{shown} has several layers; choose one with --source-layer: {}", names.join(", ")))
            })
        }
    }
}

/// A system by its authority where it has one, else by its whole text.
pub(super) fn crs_of(reference: &SpatialRef) -> Option<Crs> {
    let by_authority = reference.authority().ok().and_then(|code| Crs::parse(&code).ok());
    by_authority.or_else(|| reference.to_wkt().ok().and_then(|text| Crs::parse(&text).ok()))
}

fn is_shapefile(path: &Path) -> bool {
    matches!(extension(path).as_str(), "shp" | "dbf")
}

/// Whether a `.cpg` file stands beside a shapefile, or its table names a code page (byte 29).
fn declares_code_page(path: &Path) -> bool {
    let beside = ["cpg", "CPG"].iter().any(|extension| path.with_extension(extension).is_file());
    let table = ["dbf", "DBF"].iter().find_map(|extension| std::fs::File::open(path.with_extension(extension)).ok());
    let language = table.and_then(|mut table| {
        let mut header = [0_u8; 30];
        std::io::Read::read_exact(&mut table, &mut header).ok().map(|()| header[29])
    });
    beside || language.is_some_and(|code| code != 0 && code != 0x57)
}

/// What is missing beside a shapefile, where that may be why it cannot be opened.
fn sidecar_hint(path: &Path) -> String {
    if extension(path) != "shp" {
        return String::new();
    }
    let missing: Vec<&str> = ["shx", "dbf"].into_iter().filter(|extension| !path.with_extension(extension).is_file()).collect();
    if missing.is_empty() { String::new() } else { format!(" (beside the .shp, {} is missing)", missing.join(" and ")) }
}

thread_local! {
    /// What GDAL last complained of on this thread.
    static FAILURE: RefCell<Option<String>> = const { RefCell::new(None) };
}

pub(super) fn forget_failures() {
    FAILURE.with_borrow_mut(|failure| *failure = None);
}

pub(super) fn last_failure() -> Option<String> {
    FAILURE.with_borrow_mut(Option::take).filter(|text| !text.is_empty())
}

fn restore_index(allowed: bool) {
    let value = if allowed { "YES" } else { "NO" };
    if let Err(error) = gdal::config::set_thread_local_config_option("SHAPE_RESTORE_SHX", value) {
        tracing::warn!(%error, "a setting of GDAL was not taken");
    }
}

/// GDAL writes to standard error by itself; its words go to the log instead, and its failures are remembered.
pub(super) fn quiet_gdal() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        gdal::config::set_error_handler(|kind, number, message| {
            tracing::debug!(?kind, number, message, "gdal");
            if matches!(kind, CplErrType::Failure | CplErrType::Fatal) {
                FAILURE.with_borrow_mut(|failure| *failure = Some(message.to_owned()));
            }
        });
        for (option, value) in [("GML_SKIP_RESOLVE_ELEMS", "ALL"), ("OGR_GEOJSON_MAX_OBJ_SIZE", "200")] {
            if let Err(error) = gdal::config::set_config_option(option, value) {
                tracing::warn!(%error, option, "a setting of GDAL was not taken");
            }
        }
    });
}
