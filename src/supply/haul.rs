//! What it costs to bring a tonne from a field to the plant.

use super::network::{Access, FARTHEST_ACCESS_M, HaulNetwork, ShortestPaths, Speeds, StretchCost};
use crate::model::ParameterValues;
use crate::simplify;
use crate::units::RoublesPerTonne;
use geo::LineString;
use serde::Serialize;

/// Routes are drawn to some 20 m: a screen shows no more.
const LINE_TOLERANCE_DEGREES: f64 = 2e-4;

/// How the distance of a haul was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteKind {
    /// Along the haul network.
    Network,
    /// Straight line times tortuosity: no network there, or no way on it.
    StraightLine,
}

/// A haul from a field to the plant, one way.
#[derive(Debug, Clone, PartialEq)]
pub struct Haul {
    /// How the distance was found.
    pub route: RouteKind,
    /// Length in all, km.
    pub distance_km: f64,
    /// Of it off the roads, tortuosity included, km.
    pub off_road_km: f64,
    /// Time of a loaded truck, h.
    pub travel_h: f64,
    /// Cost of a tonne.
    pub cost: RoublesPerTonne,
    /// The line from the field to the plant, CRS84.
    pub line_crs84: Vec<[f64; 2]>,
}

/// Rates of a truck.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the parameters")]
pub struct HaulRates {
    pub payload_t: f64,
    pub cost_rub_h: f64,
    pub cost_rub_km: f64,
    pub turnaround_h: f64,
    pub tortuosity: f64,
    pub off_road_speed_km_h: f64,
    pub straight_line_speed_km_h: f64,
    pub speeds: Speeds,
}

impl HaulRates {
    /// The rates of a request.
    #[must_use]
    pub fn from_numbers(numbers: &ParameterValues) -> Self {
        let number = |name| numbers.get(name);
        Self {
            payload_t: number("truck_payload_t"),
            cost_rub_h: number("truck_cost_rub_h"),
            cost_rub_km: number("truck_cost_rub_km"),
            turnaround_h: number("turnaround_h"),
            tortuosity: number("tortuosity"),
            off_road_speed_km_h: number("off_road_speed_km_h"),
            straight_line_speed_km_h: number("straight_line_speed_km_h"),
            speeds: Speeds {
                main_road: number("main_road_speed_km_h"),
                local_road: number("local_road_speed_km_h"),
                track: number("off_road_speed_km_h"),
            },
        }
    }
}

impl StretchCost for HaulRates {
    fn cost(&self, length_m: f64, speed_km_h: f64, stated_rub_t_km: Option<f64>) -> f64 {
        let kilometres = length_m / 1_000.0;
        match stated_rub_t_km {
            Some(stated) => stated * kilometres,
            None => 2.0 * kilometres * (self.cost_rub_h / speed_km_h + self.cost_rub_km) / self.payload_t,
        }
    }
}

/// Cost of a tonne by truck, bottom-up: `c = [(2 t + t_turn) C_h + 2 d C_km] / payload`, with `t` the hours and
/// `d` the kilometres of one way; the truck returns empty.
///
/// 20 km at 50 km/h with 2,500 RUB/h, 40 RUB/km, 25 t and 0.9 h of turnaround cost 234 RUB/t:
///
/// ```
/// use peatplan::model::{ParameterValues, supply_parameters};
/// use peatplan::supply::{HaulRates, haul_cost};
/// let rates = HaulRates::from_numbers(&ParameterValues::defaults(supply_parameters()));
/// assert!((haul_cost(&rates, 20.0, 0.4).0 - 234.0).abs() < 1e-9);
/// ```
#[must_use]
pub fn haul_cost(rates: &HaulRates, distance_km: f64, travel_h: f64) -> RoublesPerTonne {
    let hours = 2.0 * travel_h + rates.turnaround_h;
    RoublesPerTonne((hours * rates.cost_rub_h + 2.0 * distance_km * rates.cost_rub_km) / rates.payload_t)
}

/// A place in both systems.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Working system: east, north, m.
    pub working: [f64; 2],
    /// CRS84.
    pub crs84: [f64; 2],
}

/// Hauls from places to the plant, with one search from the plant. `accesses` are the places' own, found
/// once; the network is used where both ends reach it within 15 km and it connects them, else the straight line
/// times tortuosity. A place nearer to the plant than to the roads goes straight, too.
#[must_use]
pub fn hauls_to(plant: Place, places: &[(Place, Option<Access>)], network: &HaulNetwork, rates: &HaulRates) -> Vec<Haul> {
    let near = |access: &Access| access.off_road_m <= FARTHEST_ACCESS_M;
    let gate = network.access(plant.working).filter(near);
    let paths = gate.map(|gate| (gate, network.shortest_paths(gate, rates, &rates.speeds)));
    let haul = |(place, access): &(Place, Option<Access>)| {
        let crow = (place.working[0] - plant.working[0]).hypot(place.working[1] - plant.working[1]);
        let by_road = match (&paths, access.filter(near)) {
            (Some((gate, paths)), Some(access)) if crow > gate.off_road_m + access.off_road_m => {
                by_network(*place, plant, access, gate, paths, rates)
            }
            _ => None,
        };
        by_road.unwrap_or_else(|| straight(*place, plant, crow / 1_000.0, rates))
    };
    places.iter().map(haul).collect()
}

fn by_network(
    from: Place,
    plant: Place,
    access: Access,
    gate: &Access,
    paths: &ShortestPaths<'_>,
    rates: &HaulRates,
) -> Option<Haul> {
    let way = paths.way_to(&access, rates, &rates.speeds)?;
    let off_road_km = rates.tortuosity * (access.off_road_m + gate.off_road_m) / 1_000.0;
    let off_road_h = off_road_km / rates.off_road_speed_km_h;
    let truck_cost = haul_cost(rates, off_road_km + way.rated_length_m / 1_000.0, off_road_h + way.rated_hours);
    let vertices = way.vertices_crs84.iter().rev();
    let line: LineString = std::iter::once(&from.crs84).chain(vertices).chain(std::iter::once(&plant.crs84)).copied().collect();
    let line = simplify::line(&line, LINE_TOLERANCE_DEGREES);
    Some(Haul {
        route: RouteKind::Network,
        distance_km: off_road_km + way.length_m / 1_000.0,
        off_road_km,
        travel_h: off_road_h + way.hours,
        cost: truck_cost + RoublesPerTonne(way.stated_cost_rub_t),
        line_crs84: line.coords().map(|c| [c.x, c.y]).collect(),
    })
}

fn straight(from: Place, plant: Place, crow_km: f64, rates: &HaulRates) -> Haul {
    let distance_km = crow_km * rates.tortuosity;
    let travel_h = distance_km / rates.straight_line_speed_km_h;
    Haul {
        route: RouteKind::StraightLine,
        distance_km,
        off_road_km: distance_km,
        travel_h,
        cost: haul_cost(rates, distance_km, travel_h),
        line_crs84: vec![from.crs84, plant.crs84],
    }
}
