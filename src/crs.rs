//! Coordinate reference systems: the only file that names `proj`.
//!
//! Everything inside peatplan is x = east, y = north. PROJ's handles are expensive to build (tens of
//! milliseconds) and stay on one thread, so each thread keeps the ones it has used.
//!
//! ```
//! use peatplan::crs::{Crs, Reprojection};
//! let to_utm = Reprojection::new(&Crs::crs84(), &Crs::parse("EPSG:32637").unwrap()).unwrap();
//! let (east, north) = to_utm.point(39.0, 55.0).unwrap();
//! assert!((east - 500_000.0).abs() < 1e-3, "39° E is the middle of zone 37");
//! assert!((north - 6_094_791.4).abs() < 1.0);
//! ```

mod published;

pub use published::{Published, SystemName};

use crate::units::SquareMetres;
use geo::orient::{Direction, Orient};
use geo::{Coord, GeodesicArea, Geometry, MapCoords, MapCoordsInPlace, MultiPolygon};
use proj::Proj;
use serde::{Serialize, Serializer};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use thiserror::Error;

/// Longest definition that a stranger may send (a verbose WKT has some 4 kB).
const LONGEST_DEFINITION: usize = 16_384;
/// Pairs of systems that one thread keeps ready.
const KEPT_PER_THREAD: usize = 64;

/// What can go wrong with coordinate systems and coordinates.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum CrsError {
    /// PROJ does not know the definition.
    #[error("coordinate system {0:?} is not known; give EPSG:<number>, OGC:CRS84 or a WKT definition")]
    Unknown(String),
    /// A text that is no name of a system.
    #[error("{0:?} names no coordinate system; give http://www.opengis.net/def/crs/EPSG/0/<number>, EPSG:<number> or OGC:CRS84")]
    Unnamed(String),
    /// A definition that names a file, a pipeline or a network address, or is too long.
    #[error("coordinate system definition is not accepted; give EPSG:<number>, OGC:CRS84 or a WKT definition")]
    Refused,
    /// No way between the two systems.
    #[error("no transformation from {from} to {to}")]
    NoTransformation {
        /// Source system.
        from: String,
        /// Target system.
        to: String,
    },
    /// A coordinate that is not finite, or that the system cannot hold.
    #[error("coordinate ({}, {}) lies outside what {crs} can hold", plain(*x), plain(*y))]
    Outside {
        /// East or longitude.
        x: f64,
        /// North or latitude.
        y: f64,
        /// The system it was said to be in.
        crs: String,
    },
    /// A working system must be metric.
    #[error(
        "{0} does not measure in metres here; a working coordinate system must be projected, in metres, and true to scale within 5 % (for example EPSG:32637)"
    )]
    NotMetric(String),
}

/// A coordinate in a sentence: absurdly large ones with their exponent, not with three hundred digits.
fn plain(number: f64) -> String {
    if number.abs() < 1e9 { format!("{number}") } else { format!("{number:e}") }
}

/// A coordinate reference system by its definition: `EPSG:n`, `OGC:CRS84` or WKT.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Crs(String);

impl Crs {
    /// WGS 84 longitude, latitude: the system of stored geometry.
    #[must_use]
    pub fn crs84() -> Self {
        Self("OGC:CRS84".into())
    }

    /// The system of the web's maps, which is not true to scale: for pictures and tiles only.
    #[must_use]
    pub fn web_mercator() -> Self {
        Self("EPSG:3857".into())
    }

    /// A system from text: an authority code such as `EPSG:28407`, a bare EPSG number, or WKT.
    ///
    /// PROJ strings, pipelines and URLs are refused: they can name files and the network.
    ///
    /// # Errors
    /// [`CrsError::Refused`] or [`CrsError::Unknown`].
    pub fn parse(definition: &str) -> Result<Self, CrsError> {
        let text = definition.trim();
        if text.is_empty() || text.len() > LONGEST_DEFINITION || text.contains('\0') {
            return Err(CrsError::Refused);
        }
        let canonical = if text.chars().all(|c| c.is_ascii_digit()) {
            format!("EPSG:{text}")
        } else if is_authority_code(text) {
            text.to_ascii_uppercase()
        } else if is_wkt(text) && !names_files(text) {
            text.to_owned()
        } else {
            return Err(CrsError::Refused);
        };
        let crs = Self(canonical);
        Reprojection::new(&crs, &Self::crs84()).map_err(|_| CrsError::Unknown(crs.to_string()))?;
        Ok(crs)
    }

    /// The UTM zone (WGS 84) of a place, the default working system of a project there.
    #[must_use]
    pub fn utm_at(longitude: f64, latitude: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "a small number")]
        let zone = (((longitude + 180.0) / 6.0).floor() as i32).clamp(0, 59) + 1;
        Self(format!("EPSG:{}", if latitude < 0.0 { 32_700 } else { 32_600 } + zone))
    }

    /// The definition as PROJ takes it.
    #[must_use]
    pub fn definition(&self) -> &str {
        &self.0
    }

    /// Whether this is WGS 84 longitude, latitude.
    #[must_use]
    pub fn is_crs84(&self) -> bool {
        matches!(self.0.as_str(), "OGC:CRS84" | "EPSG:4326")
    }

    /// Checks that lengths in this system are metres, by laying out some 100 m at a place and measuring
    /// them in the system: the ratio must lie within 5 % of one. Degrees, feet and Web Mercator fail.
    ///
    /// # Errors
    /// [`CrsError::NotMetric`], or why the place cannot be transformed.
    pub fn check_metric_at(&self, longitude: f64, latitude: f64) -> Result<(), CrsError> {
        use geo::{Destination, Geodesic, Point};
        let reprojection = Reprojection::new(&Self::crs84(), self)?;
        let here = reprojection.point(longitude, latitude)?;
        for bearing in [0.0, 90.0] {
            let there = Geodesic.destination(Point::new(longitude, latitude), bearing, 100.0);
            let there = reprojection.point(there.x(), there.y())?;
            let measured = (there.0 - here.0).hypot(there.1 - here.1);
            if !(95.0..=105.0).contains(&measured) {
                return Err(CrsError::NotMetric(self.to_string()));
            }
        }
        Ok(())
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of a WKT, its name says enough, where it has one.
        match self.0.split_once('"').and_then(|(_, rest)| rest.split_once('"')) {
            Some(("unnamed" | "unknown" | "", _)) => write!(f, "a local system, {}", self.0),
            Some((name, _)) => f.write_str(name),
            None => f.write_str(&self.0),
        }
    }
}

impl Serialize for Crs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

fn is_authority_code(text: &str) -> bool {
    text.split_once(':').is_some_and(|(authority, code)| {
        ["EPSG", "ESRI", "OGC", "IGNF", "IAU_2015"].iter().any(|known| known.eq_ignore_ascii_case(authority))
            && !code.is_empty()
            && code.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

/// Well-known text may carry a PROJ string or a grid that is a file.
fn names_files(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    ["EXTENSION", "NADGRIDS", "GEOIDGRIDS", "PARAMETERFILE", "GRIDS="].iter().any(|word| upper.contains(word))
}

fn is_wkt(text: &str) -> bool {
    const KEYWORDS: [&str; 9] =
        ["PROJCS", "GEOGCS", "PROJCRS", "GEOGCRS", "GEODCRS", "COMPD_CS", "COMPOUNDCRS", "BOUNDCRS", "DERIVEDPROJCRS"];
    let upper: String = text.chars().take(16).collect::<String>().to_ascii_uppercase();
    KEYWORDS.iter().any(|keyword| upper.starts_with(keyword))
}

thread_local! {
    static KEPT: RefCell<HashMap<(Crs, Crs), Rc<Proj>>> = RefCell::new(HashMap::new());
}

/// The way from one system to another, on this thread.
pub struct Reprojection {
    proj: Option<Rc<Proj>>,
    from: Crs,
    to: Crs,
}

impl Reprojection {
    /// Finds the way. Cheap when this thread has used it before.
    ///
    /// # Errors
    /// [`CrsError::NoTransformation`] when PROJ finds none.
    pub fn new(from: &Crs, to: &Crs) -> Result<Self, CrsError> {
        let make = |proj| Self { proj, from: from.clone(), to: to.clone() };
        if from == to {
            return Ok(make(None));
        }
        let key = (from.clone(), to.clone());
        if let Some(proj) = KEPT.with_borrow(|kept| kept.get(&key).cloned()) {
            return Ok(make(Some(proj)));
        }
        let proj = Proj::new_known_crs(from.definition(), to.definition(), None)
            .map_err(|_| CrsError::NoTransformation { from: from.to_string(), to: to.to_string() })?;
        let proj = Rc::new(proj);
        KEPT.with_borrow_mut(|kept| {
            if kept.len() >= KEPT_PER_THREAD {
                kept.clear();
            }
            kept.insert(key, Rc::clone(&proj));
        });
        Ok(make(Some(proj)))
    }

    /// One point, x = east.
    ///
    /// # Errors
    /// [`CrsError::Outside`] when either side is not finite or the source cannot hold it.
    pub fn point(&self, x: f64, y: f64) -> Result<(f64, f64), CrsError> {
        let outside = || CrsError::Outside { x, y, crs: self.from.to_string() };
        if !x.is_finite() || !y.is_finite() || (self.from.is_crs84() && !on_the_globe(x, y)) {
            return Err(outside());
        }
        let result = match &self.proj {
            None => (x, y),
            Some(proj) => proj.convert((x, y)).map_err(|_| outside())?,
        };
        let sound = result.0.is_finite() && result.1.is_finite();
        if sound && (!self.to.is_crs84() || on_the_globe(result.0, result.1)) { Ok(result) } else { Err(outside()) }
    }

    /// Every coordinate of a geometry.
    ///
    /// # Errors
    /// As [`Reprojection::point`], for the first coordinate that fails.
    pub fn geometry(&self, geometry: &Geometry) -> Result<Geometry, CrsError> {
        geometry.try_map_coords(|c| self.coordinate(c))
    }

    /// The same for one kind of geometry, keeping its type.
    ///
    /// # Errors
    /// As [`Reprojection::geometry`].
    pub fn shape<G>(&self, shape: &G) -> Result<G, CrsError>
    where
        G: MapCoordsInPlace<f64> + Clone,
    {
        let mut copy = shape.clone();
        copy.try_map_coords_in_place(|c| self.coordinate(c))?;
        Ok(copy)
    }

    fn coordinate(&self, c: Coord) -> Result<Coord, CrsError> {
        self.point(c.x, c.y).map(|(x, y)| Coord { x, y })
    }
}

/// Area of CRS84 polygons on the WGS 84 ellipsoid (Karney 2013, doi 10.1007/s00190-012-0578-z), whichever way
/// their rings run.
///
/// A degree by a degree at the equator has 12,308.78 km²:
///
/// ```
/// use geo::{MultiPolygon, polygon};
/// let degree = MultiPolygon::new(vec![polygon![(x: 0.0, y: 0.0), (x: 0.0, y: 1.0), (x: 1.0, y: 1.0), (x: 1.0, y: 0.0)]]);
/// assert!((peatplan::crs::ellipsoidal_area(&degree).0 / 1e6 - 12_308.78).abs() < 0.01);
/// ```
#[must_use]
pub fn ellipsoidal_area(polygons: &MultiPolygon) -> SquareMetres {
    // The unsigned area of a ring that runs clockwise would be that of the rest of the Earth.
    SquareMetres(polygons.orient(Direction::Default).geodesic_area_unsigned())
}

fn on_the_globe(longitude: f64, latitude: f64) -> bool {
    (-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gauss_krueger_coordinates_are_east_first_inside() {
        let zone = Crs::parse("EPSG:28407").expect("Pulkovo 1942, zone 7");
        let (lon, lat) = Reprojection::new(&zone, &Crs::crs84()).expect("a way").point(7_600_000.0, 6_170_000.0).expect("inside");
        assert!((40.0..41.0).contains(&lon) && (55.0..56.5).contains(&lat), "{lon} {lat}");
    }

    #[test]
    fn pipelines_files_and_addresses_are_refused() {
        for definition in ["+proj=pipeline +step +proj=utm", "http://example.org/crs", "/etc/passwd", "", "x.prj"] {
            assert_eq!(Crs::parse(definition), Err(CrsError::Refused), "{definition}");
        }
        assert!(matches!(Crs::parse("EPSG:999999"), Err(CrsError::Unknown(_))));
    }

    #[test]
    fn degrees_and_web_mercator_are_no_working_systems() {
        for (definition, metric) in [("EPSG:4326", false), ("EPSG:3857", false), ("EPSG:32637", true), ("EPSG:28407", true)] {
            let crs = Crs::parse(definition).expect("known");
            assert_eq!(crs.check_metric_at(40.66, 55.62).is_ok(), metric, "{definition}");
        }
    }

    #[test]
    fn coordinates_that_are_no_place_are_errors() {
        let way = Reprojection::new(&Crs::crs84(), &Crs::utm_at(40.0, 55.0)).expect("a way");
        for (x, y) in [(f64::NAN, 55.0), (f64::INFINITY, 55.0), (40.0, 155.0), (640_000.0, 6_100_000.0)] {
            assert!(way.point(x, y).is_err(), "{x} {y}");
        }
    }
}
