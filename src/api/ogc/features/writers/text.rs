//! Features as text, piece by piece: numbers, words and geometry, and the forms that are made of them.

use super::{Rendering, csv, geojson, json_fg};
use crate::api::problem::Problem;
use crate::catalogue::Column;
use crate::crs::Reprojection;
use geo::{Coord, Geometry, LineString, Polygon};
use time::format_description::well_known::Rfc3339;

/// Decimals of degrees: a centimetre.
const DEGREE_DECIMALS: u32 = 7;
/// Decimals of metres: a millimetre.
const METRE_DECIMALS: u32 = 3;
/// Room for a feature of a few values and a point.
const USUAL_FEATURE_BYTES: usize = 400;
/// Numbers past this are not exact as integers.
const EXACT: f64 = 9.0e15;

/// A form of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api::ogc::features) enum TextForm {
    GeoJson,
    JsonFg,
    Csv,
    /// Features apart, each after a record separator (RFC 8142).
    Sequence,
}

/// Writes rows one after the other, as much at a time as is asked for.
#[derive(Debug)]
pub(in crate::api::ogc::features) struct TextWriter {
    pub rendering: Rendering,
    pub form: TextForm,
    pub rows: Vec<u32>,
    /// What stands before the first row and after the last.
    pub head: Vec<u8>,
    pub tail: Vec<u8>,
    written: usize,
    ended: bool,
}

impl TextWriter {
    pub(in crate::api::ogc::features) fn new(
        rendering: Rendering,
        form: TextForm,
        rows: Vec<u32>,
        head: Vec<u8>,
        tail: Vec<u8>,
    ) -> Self {
        Self { rendering, form, rows, head, tail, written: 0, ended: false }
    }

    /// The next piece, of about so many bytes; `None` after the last.
    pub(in crate::api::ogc::features) fn piece(&mut self, bytes: usize) -> Result<Option<Vec<u8>>, Problem> {
        if self.ended {
            return Ok(None);
        }
        let pen = Pen::new(&self.rendering)?;
        let mut out = std::mem::take(&mut self.head);
        out.reserve(bytes.min((self.rows.len() - self.written) * USUAL_FEATURE_BYTES).min(1 << 20));
        while out.len() < bytes {
            let Some(row) = self.rows.get(self.written) else {
                out.append(&mut self.tail);
                self.ended = true;
                break;
            };
            pen.write(self.form, &mut out, *row as usize, self.written == 0)?;
            self.written += 1;
        }
        Ok(Some(out))
    }
}

/// A rendering on the thread that writes.
pub(super) struct Pen<'a> {
    pub rendering: &'a Rendering,
    pub way: Option<Reprojection>,
}

impl<'a> Pen<'a> {
    pub(super) fn new(rendering: &'a Rendering) -> Result<Self, Problem> {
        let way = rendering.way().map_err(|error| Problem::internal(&error))?;
        Ok(Self { rendering, way })
    }

    fn write(&self, form: TextForm, out: &mut Vec<u8>, row: usize, first: bool) -> Result<(), Problem> {
        match form {
            TextForm::GeoJson | TextForm::JsonFg => {
                if !first {
                    out.push(b',');
                }
                if form == TextForm::GeoJson { geojson::write(out, self, row)? } else { json_fg::write(out, self, row)? }
            }
            TextForm::Csv => csv::write(out, self, row)?,
            TextForm::Sequence => {
                out.push(0x1e);
                geojson::write(out, self, row)?;
                out.push(b'\n');
            }
        }
        Ok(())
    }

    /// A row's geometry as it is to be written.
    pub(super) fn geometry(&self, row: usize) -> Result<Option<std::borrow::Cow<'_, Geometry>>, Problem> {
        self.rendering.geometry(row, self.way.as_ref()).map_err(|error| {
            let (id, layer) = (self.rendering.table.id(row), self.rendering.layer);
            Problem::unprocessable(format!("feature {id} of {layer} cannot be given in {}: {error}", self.rendering.system.name))
        })
    }

    pub(super) fn digits(&self) -> Digits {
        Digits::of(self.rendering.system.in_degrees, self.rendering.system.northing_first)
    }
}

/// How coordinates are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Digits {
    decimals: u32,
    scale: f64,
    northing_first: bool,
}

impl Digits {
    pub(super) fn of(in_degrees: bool, northing_first: bool) -> Self {
        let decimals = if in_degrees { DEGREE_DECIMALS } else { METRE_DECIMALS };
        Self { decimals, scale: f64::from(10_u32.pow(decimals)), northing_first }
    }

    /// x = east first, whatever the authority says.
    pub(super) fn easting_first(self) -> Self {
        Self { northing_first: false, ..self }
    }

    pub(super) fn write(self, out: &mut Vec<u8>, number: f64) {
        let scaled = (number * self.scale).round();
        if scaled.abs() >= EXACT || !scaled.is_finite() {
            return write_number(out, number);
        }
        #[expect(clippy::cast_possible_truncation, reason = "checked to be exact")]
        write_scaled(out, scaled as i64, self.decimals);
    }

    pub(super) fn pair(self, out: &mut Vec<u8>, c: &Coord, between: u8) {
        let (first, second) = if self.northing_first { (c.y, c.x) } else { (c.x, c.y) };
        self.write(out, first);
        out.push(between);
        self.write(out, second);
    }
}

/// An integer with its last `decimals` digits after the point, without zeros at the end.
fn write_scaled(out: &mut Vec<u8>, scaled: i64, decimals: u32) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    let mut rest = scaled.unsigned_abs();
    while rest > 0 {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let point = digits.len() - decimals as usize;
    // A number below one has a zero before the point.
    let start = at.min(point - 1);
    let end = digits.iter().rposition(|digit| *digit != b'0').map_or(point, |last| (last + 1).max(point));
    if scaled < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[start..point]);
    if end > point {
        out.push(b'.');
        out.extend_from_slice(&digits[point..end]);
    }
}

pub(super) fn write_number(out: &mut Vec<u8>, number: f64) {
    out.extend_from_slice(ryu_js::Buffer::new().format(number).as_bytes());
}

pub(super) fn write_integer(out: &mut Vec<u8>, number: i64) {
    write_scaled(out, number, 0);
}

pub(super) fn write_text(out: &mut Vec<u8>, text: &str) {
    // Writing a text to memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}

/// A value as JSON.
pub(super) fn write_value(out: &mut Vec<u8>, column: &Column, row: usize) {
    let null = b"null";
    match column {
        Column::Text(words) => match words.get(row) {
            Some(text) => write_text(out, text),
            None => out.extend_from_slice(null),
        },
        Column::Date(values) => match values[row] {
            Some(date) => write_text(out, &date.to_string()),
            None => out.extend_from_slice(null),
        },
        Column::Moment(values) => match values[row].and_then(|moment| moment.format(&Rfc3339).ok()) {
            Some(moment) => write_text(out, &moment),
            None => out.extend_from_slice(null),
        },
        Column::Number(values) if values[row].is_finite() => write_number(out, values[row]),
        Column::Number(_) => out.extend_from_slice(null),
        Column::Integer(values) => match values[row] {
            Some(number) => write_integer(out, number),
            None => out.extend_from_slice(null),
        },
        Column::Boolean(values) => match values[row] {
            Some(flag) => out.extend_from_slice(if flag { b"true" } else { b"false" }),
            None => out.extend_from_slice(null),
        },
        Column::Json(values) => out.extend_from_slice(values[row].as_deref().map_or(null, str::as_bytes)),
    }
}

/// A geometry as GeoJSON.
pub(super) fn write_geometry(out: &mut Vec<u8>, geometry: &Geometry, digits: Digits) {
    let mut open = |kind: &str| {
        out.extend_from_slice(b"{\"type\":\"");
        out.extend_from_slice(kind.as_bytes());
        out.extend_from_slice(b"\",\"coordinates\":");
    };
    match geometry {
        Geometry::Point(point) => {
            open("Point");
            write_position(out, &point.0, digits);
        }
        Geometry::MultiPoint(points) => {
            open("MultiPoint");
            write_list(out, points.iter(), |out, point| write_position(out, &point.0, digits));
        }
        Geometry::LineString(line) => {
            open("LineString");
            write_line(out, line, digits);
        }
        Geometry::MultiLineString(lines) => {
            open("MultiLineString");
            write_list(out, lines.iter(), |out, line| write_line(out, line, digits));
        }
        Geometry::Polygon(polygon) => {
            open("Polygon");
            write_polygon(out, polygon, digits);
        }
        Geometry::MultiPolygon(polygons) => {
            open("MultiPolygon");
            write_list(out, polygons.iter(), |out, polygon| write_polygon(out, polygon, digits));
        }
        // The importer lets none of the other kinds in; what another program has put there has no place on a map.
        _ => {
            out.extend_from_slice(b"null");
            return;
        }
    }
    out.push(b'}');
}

fn write_polygon(out: &mut Vec<u8>, polygon: &Polygon, digits: Digits) {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    write_list(out, rings, |out, ring| write_line(out, ring, digits));
}

fn write_line(out: &mut Vec<u8>, line: &LineString, digits: Digits) {
    write_list(out, line.coords(), |out, c| write_position(out, c, digits));
}

fn write_list<T>(out: &mut Vec<u8>, items: impl Iterator<Item = T>, write: impl Fn(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (place, item) in items.enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

fn write_position(out: &mut Vec<u8>, c: &Coord, digits: Digits) {
    out.push(b'[');
    digits.pair(out, c, b',');
    out.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(number: f64, in_degrees: bool) -> String {
        let mut out = Vec::new();
        Digits::of(in_degrees, false).write(&mut out, number);
        String::from_utf8(out).expect("digits")
    }

    #[test]
    fn coordinates_are_written_to_a_centimetre_and_no_further() {
        for (number, text) in [
            (0.0, "0"),
            (40.0, "40"),
            (-0.5, "-0.5"),
            (39.123_456_789, "39.1234568"),
            (1e-9, "0"),
            (-180.0, "-180"),
            (0.05, "0.05"),
        ] {
            assert_eq!(written(number, true), text);
        }
        assert_eq!(written(6_166_000.123_4, false), "6166000.123");
        assert_eq!(written(1e300, true), "1e+300");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_the_rounded_number(number in -1e8_f64..1e8) {
            let rounded = (number * 1e7).round() / 1e7;
            prop_assert!((written(number, true).parse::<f64>().expect("a number") - rounded).abs() < f64::EPSILON);
        }

        #[test]
        fn integers_are_written_whole(number in any::<i64>()) {
            let mut out = Vec::new();
            write_integer(&mut out, number);
            prop_assert_eq!(String::from_utf8(out).expect("digits"), number.to_string());
        }
    }
}
