//! Geometry as GeoPackage blobs, and the SQL functions that the triggers of its spatial index call.

use crate::catalogue::bounds_of;
use geo::Geometry;
use geozero::wkb::GpkgWkb;
use geozero::{CoordDimensions, ToGeo, ToWkb};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, Error};

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
///
/// The blob may be another program's: its counts are checked against its length before anything is taken from them.
pub(super) fn from_blob(blob: &[u8]) -> Result<Option<Geometry>, String> {
    let flags = *blob.get(3).ok_or("it is no GeoPackage blob")?;
    let envelope = envelope_length(flags).ok_or("its envelope is of no known kind")?;
    let body = blob.get(8 + envelope..).ok_or("it ends within its header")?;
    if blob[..2] != *b"GP" {
        return Err("it is no GeoPackage blob".into());
    }
    if flags & EMPTY_FLAG != 0 || !scan(body)? {
        return Ok(None);
    }
    GpkgWkb(blob).to_geo().map(Some).map_err(|error| error.to_string())
}

/// The place of a plain point without height: what survey data are made of need not be walked.
pub(super) fn point_from_blob(blob: &[u8]) -> Option<(f64, f64)> {
    let flags = *blob.get(3)?;
    let body = blob.get(8 + envelope_length(flags)?..)?;
    let point = body.strip_prefix(&[1, 1, 0, 0, 0])?;
    if blob[..2] != *b"GP" || flags & EMPTY_FLAG != 0 || point.len() != 16 {
        return None;
    }
    let number = |bytes: &[u8]| bytes.try_into().ok().map(f64::from_le_bytes).filter(|number| number.is_finite());
    Some((number(&point[..8])?, number(&point[8..])?))
}

const EMPTY_FLAG: u8 = 0b0001_0000;

fn envelope_length(flags: u8) -> Option<usize> {
    [0, 32, 48, 48, 64].get(usize::from(flags >> 1 & 0b111)).copied()
}

/// Walks the well-known binary: whether every count fits what is left, and nothing is nested deeper than a
/// collection of multi-parts. Says whether there is a coordinate at all: writers store an empty point as NaN.
fn scan(body: &[u8]) -> Result<bool, String> {
    let mut walk = Walk { rest: body, finite: false };
    walk.geometry(0)?;
    Ok(walk.finite)
}

struct Walk<'a> {
    rest: &'a [u8],
    finite: bool,
}

impl Walk<'_> {
    const DEEPEST: u32 = 4;

    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or("it ends too early")?;
        self.rest = rest;
        Ok(*taken)
    }

    fn number(&mut self, little: bool) -> Result<u32, String> {
        let bytes = self.take::<4>()?;
        Ok(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn geometry(&mut self, depth: u32) -> Result<(), String> {
        if depth > Self::DEEPEST {
            return Err("collections are nested too deep".into());
        }
        let little = self.take::<1>()?[0] == 1;
        let kind = self.number(little)?;
        // Heights by ISO (1000, 2000, 3000) or by the extended form's flags.
        let (base, has_flags) = (kind & 0x0fff_ffff, kind & 0xc000_0000 != 0);
        let dimensions = match (base / 1_000, kind >> 30) {
            (0, 0) => 2,
            (1 | 2, 0) | (0, 1 | 2) => 3,
            (3, 0) | (0, 3) => 4,
            _ => return Err(format!("geometry type {kind} is not known")),
        };
        let base = if has_flags { base } else { base % 1_000 };
        match base {
            1 => self.positions(1, dimensions, little),
            2 => self.line(dimensions, little),
            3 => {
                let rings = self.count(little, 4)?;
                (0..rings).try_for_each(|_| self.line(dimensions, little))
            }
            4..=7 => {
                let parts = self.count(little, 5)?;
                (0..parts).try_for_each(|_| self.geometry(depth + 1))
            }
            _ => Err(format!("geometry type {kind} is not read")),
        }
    }

    fn line(&mut self, dimensions: usize, little: bool) -> Result<(), String> {
        let count = self.count(little, 8 * dimensions)?;
        self.positions(count, dimensions, little)
    }

    fn count(&mut self, little: bool, least_bytes: usize) -> Result<usize, String> {
        let count = self.number(little)? as usize;
        if count.saturating_mul(least_bytes) > self.rest.len() {
            return Err(format!("it promises {count} parts and ends before"));
        }
        Ok(count)
    }

    fn positions(&mut self, count: usize, dimensions: usize, little: bool) -> Result<(), String> {
        for _ in 0..count {
            for axis in 0..dimensions {
                let bytes = self.take::<8>()?;
                let value = if little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) };
                self.finite |= axis < 2 && value.is_finite();
            }
        }
        Ok(())
    }
}

/// Registers `ST_IsEmpty`, `ST_MinX`, `ST_MaxX`, `ST_MinY` and `ST_MaxY` (GeoPackage annex F.3).
pub(super) fn register_functions(connection: &Connection) -> rusqlite::Result<()> {
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
struct Held(Option<[f64; 4]>);

impl Held {
    fn bounds(&self) -> Option<[f64; 4]> {
        self.0
    }
}

/// The bounds in a blob's header, where it has them: an index over many rows need not read their geometry.
fn header_bounds(blob: &[u8]) -> Option<[f64; 4]> {
    let flags = *blob.get(3)?;
    if flags & EMPTY_FLAG != 0 || envelope_length(flags)? == 0 || blob[..2] != *b"GP" {
        return None;
    }
    let number = |place: usize| -> Option<f64> {
        let bytes = blob.get(8 + 8 * place..16 + 8 * place)?.try_into().ok()?;
        Some(if flags & 1 == 1 { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    };
    let bounds = [number(0)?, number(2)?, number(1)?, number(3)?];
    bounds.iter().all(|bound| bound.is_finite()).then_some(bounds)
}

/// What the blob that a function was called with holds; `None` of SQL's NULL.
fn geometry_of(context: &Context<'_>) -> rusqlite::Result<Option<Held>> {
    let Some(blob) = context.get_raw(0).as_blob_or_null().map_err(|error| Error::UserFunctionError(error.into()))? else {
        return Ok(None);
    };
    if let Some(bounds) = header_bounds(blob) {
        return Ok(Some(Held(Some(bounds))));
    }
    let geometry = from_blob(blob).map_err(|error| Error::UserFunctionError(error.into()))?;
    Ok(Some(Held(geometry.as_ref().and_then(bounds_of))))
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
            let point = point_from_blob(&blob).map(|(x, y)| Geometry::from(point!(x: x, y: y)));
            assert_eq!(point.is_some(), matches!(geometry, Geometry::Point(_)));
            assert!(point.is_none_or(|point| point == geometry));
            assert_eq!(from_blob(&blob).expect("read"), Some(geometry));
        }
    }

    #[test]
    fn garbage_is_an_error_not_a_panic() {
        assert!(from_blob(b"").is_err());
        assert!(from_blob(b"GP\0\x01garbage").is_err());
        // A ring of four thousand million corners in nine bytes; a nest of collections without end.
        let header = b"GP\0\x01\xe6\x10\0\0";
        let promised = [&header[..], &[1, 3, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]].concat();
        assert!(from_blob(&promised).is_err());
        let nested = [&header[..], &[1, 7, 0, 0, 0, 1, 0, 0, 0].repeat(200_000)].concat();
        assert!(from_blob(&nested).is_err());
    }

    #[test]
    fn an_empty_point_of_another_program_is_no_geometry() {
        let nan = f64::NAN.to_le_bytes();
        let blob = [&b"GP\0\x01\xe6\x10\0\0\x01\x01\0\0\0"[..], &nan, &nan].concat();
        assert_eq!(from_blob(&blob), Ok(None));
    }

    #[test]
    fn a_point_with_a_height_is_read_without_it() {
        let numbers: Vec<u8> = [40.0_f64, 55.0, 120.0].iter().flat_map(|number| number.to_le_bytes()).collect();
        let blob = [&b"GP\0\x01\xe6\x10\0\0\x01\xe9\x03\0\0"[..], &numbers].concat();
        assert_eq!(from_blob(&blob), Ok(Some(point!(x: 40.0, y: 55.0).into())));
    }
}
