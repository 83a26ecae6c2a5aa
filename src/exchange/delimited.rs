//! Tables of text: CSV with `,`, `;` or tabs, decimal points or commas, UTF-8 or CP1251, coordinates in columns.

use super::error::OpenError;
use super::import::{ImportRequest, Limits};
use super::source::{RawGeometry, RawRow, RawValue, RowTaker, SourceHead};
use super::text;
use crate::crs::Crs;
use crate::model::GeometryKind;
use encoding_rs::Encoding;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// Names that columns of coordinates go by, and whether they say longitude and latitude.
const X_NAMES: [(&str, bool); 12] = [
    ("x", false),
    ("lon", true),
    ("long", true),
    ("longitude", true),
    ("lng", true),
    ("east", false),
    ("easting", false),
    ("e", false),
    ("utm_e", false),
    ("долгота", true),
    ("восток", false),
    ("х", false),
];
const Y_NAMES: [(&str, bool); 11] = [
    ("y", false),
    ("lat", true),
    ("latitude", true),
    ("north", false),
    ("northing", false),
    ("n", false),
    ("utm_n", false),
    ("широта", true),
    ("север", false),
    ("у", false),
    ("laty", true),
];
const WKT_NAMES: [&str; 3] = ["wkt", "geom", "geometry"];

enum Coordinates {
    None,
    Columns(usize, usize),
    Wkt(usize),
}

/// A table of text.
pub(super) struct DelimitedSource {
    pub head: SourceHead,
    reader: csv::Reader<LimitedLines<File>>,
    encoding: Option<&'static Encoding>,
    coordinates: Coordinates,
    /// Zone of a Gauss-Krüger system whose columns of coordinates were guessed by their names.
    zone: Option<i64>,
}

impl DelimitedSource {
    pub(super) fn open(path: &Path, request: &ImportRequest, limits: &Limits) -> Result<Self, OpenError> {
        let shown = path.display().to_string();
        let unreadable = |error: std::io::Error| OpenError::Path(format!("{shown} cannot be read: {error}"));
        let encoding = named_encoding(request)?;
        let delimiter = sniff_delimiter(File::open(path).map_err(unreadable)?, &shown)?;
        let lines = LimitedLines::new(File::open(path).map_err(unreadable)?, limits.line_bytes);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(lines);
        let header = reader.byte_headers().map_err(|error| OpenError::Format(format!("{shown}: {error}")))?;
        let fields: Vec<String> =
            header.iter().map(|name| text::decode(name, encoding).trim_start_matches('\u{feff}').trim().to_owned()).collect();
        if fields.iter().all(String::is_empty) {
            return Err(OpenError::Format(format!("{shown} has no header row")));
        }
        let coordinates = coordinates(&fields, request)?;
        let mut remarks = Vec::new();
        let crs = match coordinates {
            Coordinates::Columns(x, y) if is_geographic(&fields[x], &X_NAMES) && is_geographic(&fields[y], &Y_NAMES) => {
                let text = format!("columns {} and {} were taken as WGS 84 longitude and latitude", fields[x], fields[y]);
                if request.crs.is_none() {
                    remarks.push(text);
                }
                Some(Crs::crs84())
            }
            _ => None,
        };
        let guessed = !request.map.contains_key("x") && !request.map.contains_key("y");
        let zone = request.crs.as_ref().and_then(gauss_krueger_zone).filter(|_| guessed);
        let coordinate_fields = match coordinates {
            Coordinates::None => Vec::new(),
            Coordinates::Columns(x, y) => vec![fields[x].clone(), fields[y].clone()],
            Coordinates::Wkt(column) => vec![fields[column].clone()],
        };
        let has_geometry = !coordinate_fields.is_empty();
        let head = SourceHead { fields, crs, rows: None, has_geometry, coordinate_fields, remarks };
        Ok(Self { head, reader, encoding, coordinates, zone })
    }

    pub(super) fn rows(mut self, take: &mut RowTaker<'_>) -> Result<(), OpenError> {
        let columns = self.head.fields.len();
        let mut record = csv::ByteRecord::new();
        loop {
            match self.reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => return Err(OpenError::Format(format!("line {}: {error}", self.reader.position().line()))),
            }
            let cells = record.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
            if cells == 0 {
                continue;
            }
            if cells > columns {
                let text = format!(
                    "the row has {cells} cells and the header {columns}; a decimal comma needs quotes, or ; between cells"
                );
                if !take(RawRow { geometry: RawGeometry::Broken(text), fields: vec![RawValue::Null; columns] }) {
                    return Ok(());
                }
                continue;
            }
            let cell = |index: usize| record.get(index).map(|bytes| text::decode(bytes, self.encoding)).unwrap_or_default();
            let geometry = match self.coordinates {
                Coordinates::None => RawGeometry::None,
                Coordinates::Columns(x, y) => not_swapped(point(&cell(x), &cell(y)), self.zone),
                Coordinates::Wkt(column) => wkt(&cell(column)),
            };
            let fields =
                (0..columns).map(|index| Some(cell(index)).filter(|t| !t.is_empty()).map_or(RawValue::Null, RawValue::Text));
            if !take(RawRow { geometry, fields: fields.collect() }) {
                return Ok(());
            }
        }
    }
}

/// The zone of a system of EPSG 28401 to 28432 (Pulkovo 1942) or 20004 to 20032 (Pulkovo 1995).
fn gauss_krueger_zone(crs: &Crs) -> Option<i64> {
    let code: i64 = crs.definition().strip_prefix("EPSG:")?.parse().ok()?;
    match code {
        28_401..=28_432 => Some(code - 28_400),
        20_004..=20_032 => Some(code - 20_000),
        _ => None,
    }
}

/// Russian surveyors call the north X and the east Y. The easting begins with the zone's number: where the column
/// named x does not and the one named y does, they stand the other way round.
fn not_swapped(point: RawGeometry, zone: Option<i64>) -> RawGeometry {
    match (point, zone) {
        (RawGeometry::Point(x, y), Some(zone)) if millions(x) != zone && millions(y) == zone => RawGeometry::Broken(
            "the column named x holds the north and y the east, as surveyors write them; give --map x=Y y=X with the columns' names".into(),
        ),
        (point, _) => point,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what no integer holds is no zone")]
fn millions(metres: f64) -> i64 {
    (metres / 1e6).floor() as i64
}

fn point(x: &str, y: &str) -> RawGeometry {
    match (text::number(x), text::number(y)) {
        (Some(x), Some(y)) => RawGeometry::Point(x, y),
        _ if x.trim().is_empty() && y.trim().is_empty() => RawGeometry::None,
        _ => RawGeometry::Broken(format!("coordinates {x:?}, {y:?} are no numbers")),
    }
}

fn wkt(text: &str) -> RawGeometry {
    if text.trim().is_empty() {
        return RawGeometry::None;
    }
    gdal::vector::Geometry::from_wkt(text)
        .map_or_else(|_| RawGeometry::Broken("the geometry is no well-known text".into()), RawGeometry::Ogr)
}

fn named_encoding(request: &ImportRequest) -> Result<Option<&'static Encoding>, OpenError> {
    let Some(name) = &request.encoding else { return Ok(None) };
    let found = Encoding::for_label(name.to_lowercase().as_bytes());
    found
        .map(Some)
        .ok_or_else(|| OpenError::Format(format!("encoding {name:?} is not known; give UTF-8, CP1251 or another web name")))
}

fn position(fields: &[String], name: &str) -> Option<usize> {
    fields
        .iter()
        .position(|field| field == name)
        .or_else(|| fields.iter().position(|field| field.to_lowercase() == name.to_lowercase()))
}

fn coordinates(fields: &[String], request: &ImportRequest) -> Result<Coordinates, OpenError> {
    if request.layer.schema().geometry == [GeometryKind::None] {
        return Ok(Coordinates::None);
    }
    let named = |axis: &str| -> Result<Option<usize>, OpenError> {
        let Some(field) = request.map.get(axis) else { return Ok(None) };
        position(fields, field).map(Some).ok_or_else(|| {
            OpenError::Fields(format!("--map {axis}={field}: the file has no column {field:?}; it has {}", fields.join(", ")))
        })
    };
    let guessed = |names: &[(&str, bool)]| names.iter().find_map(|(name, _)| position(fields, name));
    let (x, y) = (named("x")?.or_else(|| guessed(&X_NAMES)), named("y")?.or_else(|| guessed(&Y_NAMES)));
    if let (Some(x), Some(y)) = (x, y) {
        return Ok(Coordinates::Columns(x, y));
    }
    let wkt = WKT_NAMES.iter().find_map(|name| position(fields, name)).map(Coordinates::Wkt);
    if wkt.is_none() && !request.layer.schema().geometry.contains(&GeometryKind::None) {
        let text = "no columns of coordinates were found; name them with --map x=COLUMN --map y=COLUMN. The columns are";
        return Err(OpenError::Fields(format!("{text} {}", fields.join(", "))));
    }
    Ok(wkt.unwrap_or(Coordinates::None))
}

fn is_geographic(field: &str, names: &[(&str, bool)]) -> bool {
    names.iter().any(|(name, geographic)| *geographic && field.to_lowercase() == *name)
}

/// The delimiter that splits the header into most columns.
fn sniff_delimiter(file: File, shown: &str) -> Result<u8, OpenError> {
    let mut start = Vec::new();
    let read = BufReader::new(file).take(65_536).read_to_end(&mut start);
    read.map_err(|error| OpenError::Path(format!("{shown} cannot be read: {error}")))?;
    if start.contains(&0) {
        return Err(OpenError::Format(format!("{shown} is no text: it contains zero bytes")));
    }
    let header = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| header.split(|byte| *byte == delimiter).count() - 1;
    let best = [b';', b'\t', b',', b'|'].into_iter().max_by_key(|delimiter| (count(*delimiter), *delimiter == b','));
    Ok(best.filter(|delimiter| count(*delimiter) > 0).unwrap_or(b','))
}

/// Ends in an error when a line is longer than any table has: 2 GB of garbage must not become one cell in memory.
struct LimitedLines<R> {
    inner: R,
    since_newline: usize,
    limit: usize,
}

impl<R> LimitedLines<R> {
    fn new(inner: R, limit: usize) -> Self {
        Self { inner, since_newline: 0, limit }
    }
}

impl<R: Read> Read for LimitedLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let mut rest = &buffer[..read];
        while let Some(newline) = rest.iter().position(|byte| *byte == b'\n') {
            self.check(newline)?;
            self.since_newline = 0;
            rest = &rest[newline + 1..];
        }
        self.check(rest.len())?;
        self.since_newline += rest.len();
        Ok(read)
    }
}

impl<R> LimitedLines<R> {
    fn check(&self, more: usize) -> std::io::Result<()> {
        if self.since_newline + more <= self.limit {
            return Ok(());
        }
        let text = format!("a line is longer than {} bytes: this is no table of text", self.limit);
        Err(std::io::Error::new(std::io::ErrorKind::InvalidData, text))
    }
}
