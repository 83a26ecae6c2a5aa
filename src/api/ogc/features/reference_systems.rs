//! Coordinate systems of requests: which are offered, and how a client names them.

use crate::api::problem::Problem;
use crate::catalogue::Catalogue;
use crate::crs::{Published, Reprojection, SystemName};
use crate::exchange::northing_first;
use crate::query::{Bbox, Place};

/// Points laid along each side of a box before it is brought to another system, where its sides are bent.
const POINTS_A_SIDE: u32 = 21;
/// Degrees, a millimetre, by which a box from another system is widened: a way there and back moves a point by less, and a
/// feature on the edge of the box belongs to it.
const ROUNDING: f64 = 1e-8;

/// The systems that a project's features are offered in; CRS84 is the first.
pub(in crate::api) fn systems(catalogue: &Catalogue) -> Vec<Published> {
    Published::for_project(&catalogue.project.working_crs, catalogue.extent(), northing_first)
}

/// The system that an input names.
///
/// # Errors
/// 400 with those that there are.
pub(super) fn system_named(parameter: &str, text: &str, catalogue: &Catalogue) -> Result<Published, Problem> {
    let name = SystemName::parse(text.trim()).map_err(|error| Problem::bad_request(parameter, error.to_string()))?;
    if name == SystemName::Crs84 {
        return Ok(Published::crs84());
    }
    let offered = systems(catalogue);
    let names = || offered.iter().map(|system| system.name.to_string()).collect::<Vec<_>>().join(", ");
    offered.iter().find(|system| system.name == name).cloned().ok_or_else(|| {
        Problem::bad_request(parameter, format!("features are not offered in {name}; the systems are {}", names()))
    })
}

/// A box in a system, in the order of its axes, as a place in CRS84. Of a box in metres it is the box round it in degrees.
///
/// # Errors
/// 400 where it is no box, or has no place on the globe.
pub(super) fn place_of_box(text: &str, system: &Published) -> Result<Place, Problem> {
    if system.crs.is_crs84() && !system.northing_first {
        return Ok(Place::Box(Bbox::parse(text)?));
    }
    let wrong = |detail: String| Problem::bad_request("bbox", detail);
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|part| part.trim().parse::<f64>()).collect();
    let corners = match numbers.as_deref() {
        Ok([a, b, c, d] | [a, b, _, c, d, _]) if [a, b, c, d].iter().all(|number| number.is_finite()) => {
            [system.ordered((*a, *b)), system.ordered((*c, *d))]
        }
        _ => {
            let order = if system.northing_first { "south,west,north,east" } else { "west,south,east,north" };
            return Err(wrong(format!("bbox in {} must be four numbers, {order}; it was {text:?}", system.name)));
        }
    };
    let [(west, south), (east, north)] = corners;
    if system.crs.is_crs84() {
        return Ok(Place::Box(Bbox::parse(&format!("{west},{south},{east},{north}"))?));
    }
    if west > east || south > north {
        return Err(wrong(format!("the first corner of bbox must lie south-west of the second; it was {text:?}")));
    }
    let [west, south, east, north] = box_round(system, [west, south, east, north]).map_err(wrong)?;
    Ok(Place::Box(Bbox::parse(&format!("{west},{south},{east},{north}"))?))
}

/// The box of degrees round a box of metres; a west edge east of the east edge spans the antimeridian.
fn box_round(system: &Published, [west, south, east, north]: [f64; 4]) -> Result<[f64; 4], String> {
    let way = Reprojection::new(&system.crs, &crate::crs::Crs::crs84()).map_err(|error| error.to_string())?;
    let along = |from: f64, to: f64, step: u32| from + (to - from) * f64::from(step) / f64::from(POINTS_A_SIDE - 1);
    let steps = 0..POINTS_A_SIDE;
    let edge = steps.flat_map(|step| {
        let (x, y) = (along(west, east, step), along(south, north, step));
        [(x, south), (x, north), (west, y), (east, y)]
    });
    let mut round: Option<[f64; 4]> = None;
    let mut first = 0.0;
    for (x, y) in edge {
        let (mut longitude, latitude) = way.point(x, y).map_err(|error| error.to_string())?;
        match &mut round {
            None => {
                first = longitude;
                round = Some([longitude, latitude, longitude, latitude]);
            }
            Some(round) => {
                // Longitudes go on past 180° where the box does.
                longitude += 360.0 * ((first - longitude) / 360.0).round();
                *round = [round[0].min(longitude), round[1].min(latitude), round[2].max(longitude), round[3].max(latitude)];
            }
        }
    }
    let [west, south, east, north] = round.ok_or("bbox has no corners")?;
    let (west, south, east, north) =
        (west - ROUNDING, (south - ROUNDING).max(-90.0), east + ROUNDING, (north + ROUNDING).min(90.0));
    if east - west >= 360.0 {
        return Ok([-180.0, south, 180.0, north]);
    }
    let turned = |longitude: f64| {
        if longitude > 180.0 {
            longitude - 360.0
        } else if longitude < -180.0 {
            longitude + 360.0
        } else {
            longitude
        }
    };
    Ok([turned(west), south, turned(east), north])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crs::Crs;

    fn project() -> Vec<Published> {
        let working = Crs::parse("EPSG:32637").expect("known");
        Published::for_project(&working, Some([38.0, 54.0, 42.5, 57.0]), northing_first)
    }

    fn parts(place: &Place) -> Vec<[f64; 4]> {
        match place {
            Place::Box(bbox) => bbox.parts(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_axes_of_each_system_are_those_of_its_authority() {
        let order = |code: u32| {
            let name = SystemName::Epsg(code);
            project().into_iter().find(|system| system.name == name).unwrap_or_else(|| panic!("{name}")).northing_first
        };
        assert_eq!([4_326, 3_857, 32_637, 28_407].map(order), [true, false, false, true]);
    }

    #[test]
    fn a_box_of_metres_is_the_box_of_degrees_round_it() {
        let zone = project().into_iter().find(|system| system.name == SystemName::Epsg(28_407)).expect("offered");
        // Northing first: 6 100 000 m north, and 7 500 000 m, which is the middle of zone 7.
        let found = parts(&place_of_box("6100000,7500000,6200000,7600000", &zone).expect("a box"));
        let [west, south, east, north] = found[0];
        assert!((west - 39.0).abs() < 0.01 && (40.5..40.7).contains(&east), "{found:?}");
        assert!((54.9..55.1).contains(&south) && (55.8..56.0).contains(&north), "{found:?}");
        let turned = parts(&place_of_box("7500000,6100000,7600000,6200000", &zone).expect("a box"));
        assert!(turned[0][1] > 60.0, "easting first is another place: {turned:?}");
    }

    #[test]
    fn latitude_comes_first_in_wgs_84() {
        let wgs84 = &project()[1];
        assert_eq!(parts(&place_of_box("55,40,56,41", wgs84).expect("a box")), [[40.0, 55.0, 41.0, 56.0]]);
        assert_eq!(parts(&place_of_box("65,177,70,-177", wgs84).expect("a box")).len(), 2);
        assert!(place_of_box("55,40,56", wgs84).is_err());
        assert!(place_of_box("55,NaN,56,41", wgs84).is_err());
    }
}
