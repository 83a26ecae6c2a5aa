//! Geometry as GeoPackage blobs, and the SQL functions that the triggers of its spatial index call.

use crate::catalogue::bounds_of;
use geo::Geometry;
use geozero::wkb::GpkgWkb;
use geozero::{CoordDimensions, ToGeo, ToWkb};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, Error, Result};

/// Spatial reference of stored geometry: WGS 84, longitude first, as GeoPackage orders it.
pub(super) const SRS_ID: i32 = 4326;

/// A geometry as a blob with its envelope.
pub(super) fn to_blob(geometry: &Geometry) -> geozero::error::Result<Vec<u8>> {
    let envelope = match bounds_of(geometry) {
        Some([west, south, east, north]) => vec![west, east, south, north],
        None => Vec::new(),
    };
    geometry.to_gpkg_wkb(CoordDimensions::xy(), Some(SRS_ID), envelope)
}

/// A geometry from a blob; heights are dropped. `None` of an empty geometry.
pub(super) fn from_blob(blob: &[u8]) -> geozero::error::Result<Option<Geometry>> {
    let empty = blob.get(3).is_some_and(|flags| flags & 0b0001_0000 != 0);
    if empty { Ok(None) } else { GpkgWkb(blob).to_geo().map(Some) }
}

/// Registers `ST_IsEmpty`, `ST_MinX`, `ST_MaxX`, `ST_MinY` and `ST_MaxY` (GeoPackage annex F.3).
pub(super) fn register_functions(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("ST_IsEmpty", 1, flags, |context| {
        Ok(geometry_of(context)?.map(|geometry| geometry.bounds().is_none()))
    })?;
    for (name, place) in [("ST_MinX", 0), ("ST_MinY", 1), ("ST_MaxX", 2), ("ST_MaxY", 3)] {
        connection.create_scalar_function(name, 1, flags, move |context| {
            Ok(geometry_of(context)?.and_then(|geometry| geometry.bounds()).map(|bounds| bounds[place]))
        })?;
    }
    Ok(())
}

/// What a blob holds; nothing where it is an empty geometry.
struct Held(Option<Geometry>);

impl Held {
    fn bounds(&self) -> Option<[f64; 4]> {
        self.0.as_ref().and_then(bounds_of)
    }
}

/// What the blob that a function was called with holds; `None` of SQL's NULL.
fn geometry_of(context: &Context<'_>) -> Result<Option<Held>> {
    let Some(blob) = context.get_raw(0).as_blob_or_null().map_err(|error| Error::UserFunctionError(error.into()))? else {
        return Ok(None);
    };
    from_blob(blob).map(|geometry| Some(Held(geometry))).map_err(|error| Error::UserFunctionError(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{line_string, point, polygon};

    #[test]
    fn geometry_survives_the_way_to_the_file_and_back_bit_for_bit() {
        let geometries: [Geometry; 3] = [
            point!(x: 40.123_456_789_012_3, y: 55.0).into(),
            line_string![(x: 0.1, y: 0.2), (x: 0.3, y: 0.4)].into(),
            polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0)].into(),
        ];
        for geometry in geometries {
            let blob = to_blob(&geometry).expect("written");
            assert_eq!(&blob[..2], b"GP");
            assert_eq!(from_blob(&blob).expect("read"), Some(geometry));
        }
    }

    #[test]
    fn garbage_is_an_error_not_a_panic() {
        assert!(from_blob(b"").is_err());
        assert!(from_blob(b"GP\0\x01garbage").is_err());
    }
}
