//! A row as a JSON-FG feature (OGC 21-045r1): the place in the system that was asked for, its day, and beside them the
//! geometry in CRS84 for programs that know GeoJSON only.

use super::geojson::write_properties;
use super::text::{Digits, Pen, write_geometry, write_integer, write_text, write_value};
use super::{simplified, stored_geometry};
use crate::api::problem::Problem;
use crate::model::PropertyType;
use crate::query::primary_date;

/// Writes a row as a JSON-FG feature.
pub(super) fn write(out: &mut Vec<u8>, pen: &Pen<'_>, row: usize) -> Result<(), Problem> {
    let rendering = pen.rendering;
    out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
    write_integer(out, rendering.table.id(row));
    out.extend_from_slice(b",\"featureType\":");
    write_text(out, rendering.layer.name());
    out.extend_from_slice(b",\"time\":");
    write_time(out, pen, row);
    let place = pen.geometry(row)?;
    out.extend_from_slice(b",\"place\":");
    // In CRS84 the geometry says it all.
    match place.as_ref().filter(|_| rendering.system.northing_first || !rendering.system.crs.is_crs84()) {
        Some(place) => write_geometry(out, place, pen.digits()),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\"geometry\":");
    let in_degrees = Digits::of(true, false);
    match place {
        Some(place) if rendering.system.crs.is_crs84() => write_geometry(out, &place, in_degrees),
        Some(_) => match stored_geometry(&rendering.table, row) {
            // Metres of the tolerance are no degrees; a degree of latitude has some 111 km.
            Some(stored) => {
                let stored = match rendering.tolerance {
                    Some(tolerance) => simplified(stored, tolerance / 111_320.0),
                    None => stored,
                };
                write_geometry(out, &stored, in_degrees);
            }
            None => out.extend_from_slice(b"null"),
        },
        None => out.extend_from_slice(b"null"),
    }
    write_properties(out, pen, row);
    out.push(b'}');
    Ok(())
}

fn write_time(out: &mut Vec<u8>, pen: &Pen<'_>, row: usize) {
    let table = &pen.rendering.table;
    let dated = primary_date(table.schema()).and_then(|property| Some((property, table.column(&property.name)?)));
    match dated.filter(|(_, column)| !column.is_null(row)) {
        Some((property, column)) => {
            let member: &[u8] = if property.kind == PropertyType::Moment { b"{\"timestamp\":" } else { b"{\"date\":" };
            out.extend_from_slice(member);
            write_value(out, column, row);
            out.push(b'}');
        }
        None => out.extend_from_slice(b"null"),
    }
}
