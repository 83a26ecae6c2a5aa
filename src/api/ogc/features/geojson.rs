//! Features as GeoJSON bytes, straight from the columns: no tree of values is built on the way.

use crate::catalogue::{Column, LayerTable};
use geo::{Coord, Geometry, LineString, Polygon};
use std::io::Write;
use time::format_description::well_known::Rfc3339;

/// Coordinates are written to this many decimals: a centimetre.
const DECIMALS: f64 = 1e7;

/// Writes a row as a GeoJSON feature. Writing to memory cannot fail.
pub(super) fn write_feature(out: &mut Vec<u8>, table: &LayerTable, row: usize) {
    out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
    write_integer(out, table.id(row));
    out.extend_from_slice(b",\"geometry\":");
    match &table.geometry(row) {
        Some(geometry) => write_geometry(out, geometry),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\"properties\":{");
    for (place, (property, column)) in table.schema().properties.iter().zip(table.columns()).enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write_text(out, &property.name);
        out.push(b':');
        write_value(out, column, row);
    }
    out.extend_from_slice(b"}}");
}

fn write_value(out: &mut Vec<u8>, column: &Column, row: usize) {
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

fn write_geometry(out: &mut Vec<u8>, geometry: &Geometry) {
    let mut open = |kind: &str| {
        out.extend_from_slice(b"{\"type\":\"");
        out.extend_from_slice(kind.as_bytes());
        out.extend_from_slice(b"\",\"coordinates\":");
    };
    match geometry {
        Geometry::Point(point) => {
            open("Point");
            write_position(out, &point.0);
        }
        Geometry::MultiPoint(points) => {
            open("MultiPoint");
            write_list(out, points.iter(), |out, point| write_position(out, &point.0));
        }
        Geometry::LineString(line) => {
            open("LineString");
            write_line(out, line);
        }
        Geometry::MultiLineString(lines) => {
            open("MultiLineString");
            write_list(out, lines.iter(), write_line);
        }
        Geometry::Polygon(polygon) => {
            open("Polygon");
            write_polygon(out, polygon);
        }
        Geometry::MultiPolygon(polygons) => {
            open("MultiPolygon");
            write_list(out, polygons.iter(), write_polygon);
        }
        // The importer lets none of the other kinds in; what another program has put there has no place on a map.
        _ => {
            out.extend_from_slice(b"null");
            return;
        }
    }
    out.push(b'}');
}

fn write_polygon(out: &mut Vec<u8>, polygon: &Polygon) {
    write_list(out, std::iter::once(polygon.exterior()).chain(polygon.interiors()), write_line);
}

fn write_line(out: &mut Vec<u8>, line: &LineString) {
    write_list(out, line.coords(), write_position);
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

fn write_position(out: &mut Vec<u8>, c: &Coord) {
    out.push(b'[');
    write_number(out, (c.x * DECIMALS).round() / DECIMALS);
    out.push(b',');
    write_number(out, (c.y * DECIMALS).round() / DECIMALS);
    out.push(b']');
}

fn write_number(out: &mut Vec<u8>, number: f64) {
    out.extend_from_slice(ryu_js::Buffer::new().format(number).as_bytes());
}

fn write_integer(out: &mut Vec<u8>, number: i64) {
    // Writing to memory cannot fail.
    let _ = write!(out, "{number}");
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    // Writing a text to memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}
