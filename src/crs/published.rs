//! The systems that features are offered in, and the names that clients call them by. It knows no order of axes by heart:
//! whoever reads the authority's database tells it.

use super::{Crs, CrsError};
use std::fmt;

/// Zones of one kind that a project is offered in; one that spans more is no local survey.
const MOST_ZONES: u32 = 8;
/// Systems of Pulkovo 1942 are made for the lands east of here, degrees of longitude.
const PULKOVO_WEST: f64 = 19.5;
/// The northern and southern end of those lands, degrees of latitude.
const PULKOVO_LATITUDES: std::ops::Range<f64> = 35.0..82.0;

/// The name of a system, whichever way it was written.
///
/// ```
/// use peatplan::crs::SystemName;
/// for text in [
///     "http://www.opengis.net/def/crs/EPSG/0/28407",
///     "https://www.opengis.net/def/crs/EPSG/0/28407",
///     "urn:ogc:def:crs:EPSG::28407",
///     "[EPSG:28407]",
///     "EPSG:28407",
/// ] {
///     assert_eq!(SystemName::parse(text).unwrap(), SystemName::Epsg(28_407));
/// }
/// assert_eq!(SystemName::Crs84.uri(), "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SystemName {
    /// WGS 84, longitude first.
    Crs84,
    /// A number of the EPSG's.
    Epsg(u32),
}

impl SystemName {
    /// Reads an address of OGC's, a URN, a safe CURIE or a plain code.
    ///
    /// # Errors
    /// [`CrsError::Unnamed`].
    pub fn parse(text: &str) -> Result<Self, CrsError> {
        let unnamed = || CrsError::Unnamed(text.chars().take(120).collect());
        let parts: Vec<&str> = if let Some(address) = text.split_once("://www.opengis.net/def/crs/") {
            if !matches!(address.0, "http" | "https") {
                return Err(unnamed());
            }
            address.1.split('/').collect()
        } else if let Some(rest) = text.strip_prefix("urn:ogc:def:crs:") {
            rest.split(':').collect()
        } else {
            let code = text.strip_prefix('[').map_or(Some(text), |rest| rest.strip_suffix(']')).ok_or_else(unnamed)?;
            let (authority, code) = code.split_once(':').ok_or_else(unnamed)?;
            vec![authority, "", code]
        };
        match parts[..] {
            [authority, _, code] if authority.eq_ignore_ascii_case("EPSG") && is_number(code) => {
                code.parse().map(Self::Epsg).map_err(|_| unnamed())
            }
            ["OGC", _, "CRS84"] => Ok(Self::Crs84),
            _ => Err(unnamed()),
        }
    }

    /// Its address, as OGC API names systems.
    #[must_use]
    pub fn uri(self) -> String {
        match self {
            Self::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84".to_owned(),
            Self::Epsg(code) => format!("http://www.opengis.net/def/crs/EPSG/0/{code}"),
        }
    }
}

impl fmt::Display for SystemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crs84 => f.write_str("OGC:CRS84"),
            Self::Epsg(code) => write!(f, "EPSG:{code}"),
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A system that features are offered in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Published {
    /// What it is called.
    pub name: SystemName,
    /// The system with x = east, y = north, as everything inside has it.
    pub crs: Crs,
    /// Whether its authority puts the northing or latitude first.
    pub northing_first: bool,
    /// Whether its coordinates are degrees.
    pub in_degrees: bool,
}

impl Published {
    /// WGS 84 longitude, latitude: what is answered where nobody asks for another.
    #[must_use]
    pub fn crs84() -> Self {
        Self { name: SystemName::Crs84, crs: Crs::crs84(), northing_first: false, in_degrees: true }
    }

    /// Its address.
    #[must_use]
    pub fn uri(&self) -> String {
        self.name.uri()
    }

    /// A coordinate pair as the authority orders it, from x = east, y = north; and back.
    #[must_use]
    pub fn ordered(&self, (x, y): (f64, f64)) -> (f64, f64) {
        if self.northing_first { (y, x) } else { (x, y) }
    }

    /// The systems for a project with this working system and extent (west, south, east, north): CRS84, WGS 84, Web
    /// Mercator, the working system where it has a number, the UTM zones and the zones of Pulkovo 1942 (three-degree
    /// halves either side of the meridians 6 n - 3) that the extent touches. `northing_first` reads the order of axes of an
    /// EPSG number; a system that it does not know is not offered.
    #[must_use]
    pub fn for_project(working: &Crs, extent: Option<[f64; 4]>, northing_first: impl Fn(u32) -> Option<bool>) -> Vec<Self> {
        let mut codes = vec![4_326, 3_857];
        let number = working.definition().strip_prefix("EPSG:");
        codes.extend(number.and_then(|code| code.parse::<u32>().ok()));
        codes.extend(extent.map(zones).unwrap_or_default());
        let mut seen = std::collections::HashSet::new();
        let systems = codes.into_iter().filter(|code| seen.insert(*code)).filter_map(|code| {
            let in_degrees = code == 4_326;
            // Latitude first is only another order of what is stored: no way through PROJ is needed.
            let crs = if in_degrees { Crs::crs84() } else { Crs(format!("EPSG:{code}")) };
            Some(Self { name: SystemName::Epsg(code), crs, northing_first: northing_first(code)?, in_degrees })
        });
        std::iter::once(Self::crs84()).chain(systems).collect()
    }
}

/// Numbers of the zones that an extent touches.
fn zones([west, south, east, north]: [f64; 4]) -> Vec<u32> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "longitudes are small and shifted above zero")]
    let zone = |longitude: f64| (((longitude + 180.0) / 6.0).floor().clamp(0.0, 59.0)) as u32 + 1;
    let (first, last) = (zone(west), zone(east));
    let mut codes = Vec::new();
    if last.saturating_sub(first) >= MOST_ZONES {
        return codes;
    }
    for number in first..=last {
        codes.extend((north >= 0.0).then_some(32_600 + number));
        codes.extend((south < 0.0).then_some(32_700 + number));
        // Zone 1 of Gauss and Krüger is that of 3° E, which is zone 31 of UTM.
        let within = east >= PULKOVO_WEST && PULKOVO_LATITUDES.contains(&south) && PULKOVO_LATITUDES.contains(&north);
        codes.extend((within && number >= 34).then_some(28_400 + number.saturating_sub(30)));
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_near_moscow_is_offered_in_its_zones() {
        let working = Crs::parse("EPSG:32637").expect("known");
        let known = |code: u32| Some(matches!(code, 4_326 | 28_400..=28_432));
        let systems = Published::for_project(&working, Some([39.0, 54.9, 42.2, 56.8]), known);
        let names: Vec<String> = systems.iter().map(|system| system.name.to_string()).collect();
        let expected = ["OGC:CRS84", "EPSG:4326", "EPSG:3857", "EPSG:32637", "EPSG:28407", "EPSG:32638", "EPSG:28408"];
        assert_eq!(names, expected);
        assert_eq!(systems[1].ordered((39.0, 55.0)), (55.0, 39.0));
        assert_eq!(systems[3].ordered((500_000.0, 6_000_000.0)), (500_000.0, 6_000_000.0));
    }

    #[test]
    fn what_is_no_name_of_a_system_is_refused() {
        for text in ["", "EPSG", "[EPSG:4326", "EPSG:4326x", "ftp://www.opengis.net/def/crs/EPSG/0/4326", "EPSG:99999999999"] {
            assert!(SystemName::parse(text).is_err(), "{text}");
        }
        assert!(SystemName::parse("urn:ogc:def:crs:EPSG:9.9:4326").is_ok());
        assert_eq!(SystemName::parse("[OGC:CRS84]"), Ok(SystemName::Crs84));
    }
}
