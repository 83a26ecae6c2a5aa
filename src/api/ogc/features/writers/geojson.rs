//! A row as a GeoJSON feature (RFC 7946).

use super::text::{Pen, write_geometry, write_integer, write_text, write_value};
use crate::api::problem::Problem;

/// Writes a row as a GeoJSON feature.
pub(super) fn write(out: &mut Vec<u8>, pen: &Pen<'_>, row: usize) -> Result<(), Problem> {
    out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
    write_integer(out, pen.rendering.table.id(row));
    out.extend_from_slice(b",\"geometry\":");
    match pen.geometry(row)? {
        Some(geometry) => write_geometry(out, &geometry, pen.digits()),
        None => out.extend_from_slice(b"null"),
    }
    write_properties(out, pen, row);
    out.push(b'}');
    Ok(())
}

/// Writes the member `properties`, with the comma before it.
pub(super) fn write_properties(out: &mut Vec<u8>, pen: &Pen<'_>, row: usize) {
    out.extend_from_slice(b",\"properties\":{");
    let table = &pen.rendering.table;
    let (properties, columns) = (&table.schema().properties, table.columns());
    for (number, place) in pen.rendering.properties.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        write_text(out, &properties[*place].name);
        out.push(b':');
        write_value(out, &columns[*place], row);
    }
    out.push(b'}');
}
