//! Rows as comma-separated values (RFC 4180): points as two columns, other geometry as well-known text, x = east.

use super::Rendering;
use super::text::{Digits, Pen, write_integer, write_number};
use crate::api::problem::Problem;
use crate::catalogue::Column;
use geo::{Coord, Geometry, LineString, Polygon};
use time::format_description::well_known::Rfc3339;

/// What a spreadsheet takes for the start of a formula.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The line of names.
pub(in crate::api::ogc::features) fn header(rendering: &Rendering) -> Vec<u8> {
    let mut out = b"id".to_vec();
    for place in &rendering.properties {
        out.push(b',');
        out.extend_from_slice(rendering.table.schema().properties[*place].name.as_bytes());
    }
    let geometry: &[u8] = match (rendering.with_geometry, rendering.has_only_points(), rendering.system.in_degrees) {
        (false, ..) => b"",
        (true, true, true) => b",longitude,latitude",
        (true, true, false) => b",x,y",
        // GDAL and QGIS look for this name.
        (true, false, _) => b",WKT",
    };
    out.extend_from_slice(geometry);
    out.extend_from_slice(b"\r\n");
    out
}

/// Writes a row as a line.
pub(super) fn write(out: &mut Vec<u8>, pen: &Pen<'_>, row: usize) -> Result<(), Problem> {
    let rendering = pen.rendering;
    write_integer(out, rendering.table.id(row));
    for place in &rendering.properties {
        out.push(b',');
        write_value(out, &rendering.table.columns()[*place], row);
    }
    if rendering.with_geometry {
        let digits = pen.digits().easting_first();
        out.push(b',');
        match pen.geometry(row)?.as_deref() {
            Some(Geometry::Point(point)) if rendering.has_only_points() => digits.pair(out, &point.0, b','),
            None if rendering.has_only_points() => out.push(b','),
            None => {}
            Some(geometry) => {
                out.push(b'"');
                write_well_known_text(out, geometry, digits);
                out.push(b'"');
            }
        }
    }
    out.extend_from_slice(b"\r\n");
    Ok(())
}

fn write_value(out: &mut Vec<u8>, column: &Column, row: usize) {
    match column {
        Column::Text(words) => write_text(out, words.get(row).unwrap_or_default()),
        Column::Json(values) => write_text(out, values[row].as_deref().unwrap_or_default()),
        Column::Date(values) => out.extend_from_slice(values[row].map(|date| date.to_string()).unwrap_or_default().as_bytes()),
        Column::Moment(values) => {
            let moment = values[row].and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default();
            out.extend_from_slice(moment.as_bytes());
        }
        Column::Number(values) if values[row].is_finite() => write_number(out, values[row]),
        Column::Number(_) => {}
        Column::Integer(values) => {
            if let Some(number) = values[row] {
                write_integer(out, number);
            }
        }
        Column::Boolean(values) => {
            let word: &[u8] = values[row].map_or(b"", |flag| if flag { b"true" } else { b"false" });
            out.extend_from_slice(word);
        }
    }
}

/// A text, with an apostrophe before what a spreadsheet would run as a formula.
fn write_text(out: &mut Vec<u8>, text: &str) {
    let guarded = text.starts_with(FORMULA_STARTS);
    let quoted = text.contains(['"', ',', '\n', '\r', ';']) || text.starts_with(' ') || text.ends_with(' ');
    if quoted {
        out.push(b'"');
    }
    if guarded {
        out.push(b'\'');
    }
    // A zero ends a text for programs in C.
    for byte in text.bytes().filter(|byte| *byte != 0) {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    if quoted {
        out.push(b'"');
    }
}

fn write_well_known_text(out: &mut Vec<u8>, geometry: &Geometry, digits: Digits) {
    let coordinate = |out: &mut Vec<u8>, c: &Coord| digits.pair(out, c, b' ');
    let line = |out: &mut Vec<u8>, line: &LineString| parts(out, line.coords(), coordinate);
    let polygon = |out: &mut Vec<u8>, polygon: &Polygon| {
        parts(out, std::iter::once(polygon.exterior()).chain(polygon.interiors()), line);
    };
    match geometry {
        Geometry::Point(point) => {
            out.extend_from_slice(b"POINT ");
            parts(out, std::iter::once(&point.0), coordinate);
        }
        Geometry::MultiPoint(points) => {
            out.extend_from_slice(b"MULTIPOINT ");
            parts(out, points.iter(), |out, point| parts(out, std::iter::once(&point.0), coordinate));
        }
        Geometry::LineString(string) => {
            out.extend_from_slice(b"LINESTRING ");
            line(out, string);
        }
        Geometry::MultiLineString(lines) => {
            out.extend_from_slice(b"MULTILINESTRING ");
            parts(out, lines.iter(), line);
        }
        Geometry::Polygon(area) => {
            out.extend_from_slice(b"POLYGON ");
            polygon(out, area);
        }
        Geometry::MultiPolygon(polygons) => {
            out.extend_from_slice(b"MULTIPOLYGON ");
            parts(out, polygons.iter(), polygon);
        }
        // The importer lets none of the other kinds in.
        _ => {}
    }
}

fn parts<T>(out: &mut Vec<u8>, items: impl Iterator<Item = T>, write: impl Fn(&mut Vec<u8>, T)) {
    out.push(b'(');
    for (place, item) in items.enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b')');
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    #[test]
    fn what_a_spreadsheet_would_run_is_only_a_text() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-5 °C", "'-5 °C"),
            ("a,b", "\"a,b\""),
            ("say \"peat\"", "\"say \"\"peat\"\"\""),
            ("=A1,\n", "\"'=A1,\n\""),
            ("peat", "peat"),
            ("pe\0at", "peat"),
        ] {
            let mut out = Vec::new();
            write_text(&mut out, text);
            assert_eq!(String::from_utf8(out).expect("text"), cell);
        }
    }

    #[test]
    fn a_polygon_is_well_known_text() {
        let mut out = Vec::new();
        let area = polygon![(x: 40.0, y: 55.0), (x: 41.5, y: 55.0), (x: 41.0, y: 56.0)];
        write_well_known_text(&mut out, &area.into(), Digits::of(true, true).easting_first());
        assert_eq!(String::from_utf8(out).expect("text"), "POLYGON ((40 55,41.5 55,41 56,40 55))");
    }
}
