//! A box of longitudes and latitudes, perhaps over the antimeridian.

use geo::{Coord, Geometry, Intersects, Rect};
use thiserror::Error;

/// Why a text is no box.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum BboxError {
    #[error("bbox must be four numbers, west,south,east,north (or six with heights); it was {0:?}")]
    Numbers(String),
    #[error("bbox must lie within -180..180 degrees of longitude and -90..90 of latitude; it was {0:?}")]
    OffTheGlobe(String),
    #[error("south edge of bbox lies north of its north edge: {0:?}")]
    UpsideDown(String),
}

/// A box in CRS84; a west edge east of the east edge means that it spans the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bbox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Bbox {
    /// Reads `west,south,east,north`, or six numbers with heights, which are not looked at.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, BboxError> {
        let numbers: Vec<f64> = text.split(',').map_while(|part| part.trim().parse().ok()).collect();
        let (west, south, east, north) = match numbers[..] {
            [west, south, east, north] | [west, south, _, east, north, _] if numbers.len() == text.split(',').count() => {
                (west, south, east, north)
            }
            _ => return Err(BboxError::Numbers(text.to_owned())),
        };
        let longitudes = [west, east].iter().all(|x| (-180.0..=180.0).contains(x));
        let latitudes = [south, north].iter().all(|y| (-90.0..=90.0).contains(y));
        if !longitudes || !latitudes {
            return Err(BboxError::OffTheGlobe(text.to_owned()));
        }
        if south > north {
            return Err(BboxError::UpsideDown(text.to_owned()));
        }
        Ok(Self { west, south, east, north })
    }

    /// The box as one or two that do not span the antimeridian: west, south, east, north.
    #[must_use]
    pub fn parts(&self) -> Vec<[f64; 4]> {
        let Self { west, south, east, north } = *self;
        if west <= east {
            vec![[west, south, east, north]]
        } else {
            vec![[west, south, 180.0, north], [-180.0, south, east, north]]
        }
    }
}

/// Whether a geometry with these bounds truly meets the box; the geometry itself is only looked at where
/// its bounds are neither wholly inside nor apart.
pub(super) fn meets(part: [f64; 4], bounds: [f64; 4], geometry: &Geometry) -> bool {
    let [west, south, east, north] = part;
    if bounds[0] >= west && bounds[1] >= south && bounds[2] <= east && bounds[3] <= north {
        return true;
    }
    Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north }).intersects(geometry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_over_the_antimeridian_is_two() {
        assert_eq!(Bbox::parse("177,65,-177,70").unwrap().parts().len(), 2);
        assert_eq!(Bbox::parse("40,55,41,56").unwrap().parts(), [[40.0, 55.0, 41.0, 56.0]]);
        assert_eq!(Bbox::parse("40,55,0,41,56,100").unwrap().parts(), [[40.0, 55.0, 41.0, 56.0]]);
    }

    #[test]
    fn what_is_no_box_is_refused_with_its_words() {
        for text in ["", "1,2,3", "a,b,c,d", "1,2,3,4,5", "40,56,41,55", "400,0,401,1", "NaN,0,1,1", "1,2,3,4,"] {
            assert!(Bbox::parse(text).is_err(), "{text}");
        }
    }
}
