//! The extent of a layer as the file says it: what QGIS zooms to, and what the working system is taken from.

use crate::model::Layer;
use crate::store::StoreError;
use rusqlite::Connection;

/// West, south, east, north.
pub(super) type Bounds = [f64; 4];

/// Columns of `gpkg_contents`, of the spatial index, and the function of a geometry, by side.
const SIDES: [(&str, &str, &str); 4] =
    [("min_x", "minx", "ST_MinX"), ("min_y", "miny", "ST_MinY"), ("max_x", "maxx", "ST_MaxX"), ("max_y", "maxy", "ST_MaxY")];

/// Measures the extent from every row, and says that the layer has changed now.
pub(super) fn measure(connection: &Connection, layer: Layer) -> Result<(), StoreError> {
    let table = layer.table();
    let sides = SIDES.map(|(column, _, function)| {
        let extreme = &column[..3];
        format!("{column} = (SELECT {extreme}({function}(geom)) FROM \"{table}\")")
    });
    connection.execute(&format!("UPDATE gpkg_contents SET {NOW}, {} WHERE table_name = ?1", sides.join(", ")), [&table])?;
    Ok(())
}

const NOW: &str = "last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now')";

/// Brings the extent up to date after one row has changed, without looking at the others: a side moves out with a row
/// that goes beyond it, and is searched anew through the spatial index only where the row that has gone touched it.
pub(super) fn follow(
    connection: &Connection,
    layer: Layer,
    gone: Option<Bounds>,
    come: Option<Bounds>,
) -> Result<(), StoreError> {
    let table = layer.table();
    let sql = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?1";
    let stored: [Option<f64>; 4] =
        connection.query_row(sql, [&table], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
    let [Some(west), Some(south), Some(east), Some(north)] = stored else { return measure(connection, layer) };
    let old = [west, south, east, north];
    let mut new = old;
    for side in 0..4 {
        let is_low = side < 2;
        let out = |a: f64, b: f64| if is_low { a.min(b) } else { a.max(b) };
        let touched = gone.is_some_and(|gone| if is_low { gone[side] <= old[side] } else { gone[side] >= old[side] });
        if touched {
            match search(connection, &table, old, side)? {
                Some(found) => new[side] = found,
                None => return measure(connection, layer),
            }
        } else if let Some(come) = come {
            new[side] = out(old[side], come[side]);
        }
    }
    let sql = format!("UPDATE gpkg_contents SET {NOW}, min_x = ?2, min_y = ?3, max_x = ?4, max_y = ?5 WHERE table_name = ?1");
    connection.execute(&sql, (&table, new[0], new[1], new[2], new[3]))?;
    Ok(())
}

/// The extreme of a side by the spatial index. That rounds boxes outwards to 32 bits, so a strip along the side holds
/// every row that reaches into it, and the exact extreme among those is that of all as soon as it lies in the strip. The
/// strip grows until it does. None where there is no index to ask, or nothing in it.
fn search(connection: &Connection, table: &str, extent: Bounds, side: usize) -> Result<Option<f64>, StoreError> {
    let (column, indexed, function) = SIDES[side];
    let (extreme, is_low) = (&column[..3], side < 2);
    let within = if is_low { "<=" } else { ">=" };
    let sql = format!(
        "SELECT {extreme}({function}(geom)) FROM \"{table}\" WHERE fid IN (SELECT id FROM \"rtree_{table}_geom\" WHERE {indexed} {within} ?1)"
    );
    let Ok(mut statement) = connection.prepare_cached(&sql) else { return Ok(None) };
    let width = extent[(side + 2) % 4] - extent[side];
    let mut share = 1.0 / 1_024.0;
    while share <= 2.0 {
        let border = extent[side] + width * share;
        let found: Option<f64> = statement.query_row([border], |row| row.get(0))?;
        if let Some(found) = found.filter(|found| if is_low { *found <= border } else { *found >= border }) {
            return Ok(Some(found));
        }
        share *= 4.0;
    }
    Ok(None)
}
