//! What it costs to bring a tonne from a field to the plant: by truck, by narrow-gauge train, or by both with reloading.

mod rates;

pub use rates::{HaulRates, RailRates, haul_cost, rail_cost, track_cost};

use super::network::{Access, FARTHEST_ACCESS_M, HaulMode, HaulNetwork, ShortestPaths, Start, Way, WayLeg, distance};
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
    /// Of it off roads and lines, tortuosity included, km.
    pub off_road_km: f64,
    /// Time of loaded vehicles, reloading included, h.
    pub travel_h: f64,
    /// Cost of a tonne.
    pub cost: RoublesPerTonne,
    /// Its legs, the field's first.
    pub legs: Vec<HaulLeg>,
    /// How often peat is reloaded between them.
    pub transfers: usize,
    /// What that costs, contained in `cost`.
    pub transfer_cost: RoublesPerTonne,
    /// The line from the field to the plant, CRS84.
    pub line_crs84: Vec<[f64; 2]>,
}

/// A part of a haul in one mode.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HaulLeg {
    /// What carries.
    pub mode: HaulMode,
    /// Length, ways off the roads included.
    pub distance_km: f64,
    /// Time of a loaded vehicle.
    pub travel_h: f64,
    /// Cost, loading and unloading of the vehicle included.
    pub cost_rub_t: RoublesPerTonne,
}

/// A place in both systems.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Working system: east, north, m.
    pub working: [f64; 2],
    /// CRS84.
    pub crs84: [f64; 2],
}

/// A place that peat comes from, and where it reaches the network, found once for all plants.
#[derive(Debug, Clone, Copy)]
pub struct HaulOrigin {
    /// The place.
    pub place: Place,
    /// Where trucks reach a road: [`HaulNetwork::access`].
    pub access: Option<Access>,
    /// Where wagons are loaded at the field itself: [`HaulNetwork::siding_of`].
    pub siding: Option<Access>,
}

/// Where a plant reaches the network, and what a tonne costs from there to its gate.
pub(super) fn starts_at(plant: Place, network: &HaulNetwork, rates: &HaulRates) -> Vec<Start> {
    let road = network.access(plant.working).filter(|gate| gate.off_road_m <= FARTHEST_ACCESS_M);
    let road = road.map(|access| {
        let cost = rates.begin(HaulMode::Truck) + rates.off_road_rub_t(access.off_road_m);
        Start { access, cost }
    });
    let reach = rates.rail.map(|rail| rail.siding_reach_m);
    let rail = reach.and_then(|reach| network.siding(plant.working).filter(|siding| siding.off_road_m <= reach));
    let rail = rail.map(|access| Start { access, cost: rates.begin(HaulMode::NarrowGauge) });
    road.into_iter().chain(rail).collect()
}

/// Hauls from places to the plant, with one search from the plant over roads and narrow-gauge lines, each way by the cheapest
/// modes. The network is used where both ends reach a road within 15 km, or a line within reach of a siding, and it connects
/// them; else the straight line times tortuosity. A place nearer to the plant than to the roads goes straight, too, where no
/// train is cheaper.
///
/// Every trip by truck has its turnaround and every one by rail its loading; reloading costs by itself. Lines that state a
/// cost a tonne-kilometre cost that; narrow-gauge lines that state none cost [`rail_cost`], roads [`haul_cost`].
#[must_use]
pub fn hauls_to(plant: Place, origins: &[HaulOrigin], network: &HaulNetwork, rates: &HaulRates) -> Vec<Haul> {
    let mut starts = starts_at(plant, network, rates);
    // Costs count from what every haul pays at the gate: with trucks alone they start at nothing.
    let paid = starts.iter().map(|start| start.cost).fold(f64::INFINITY, f64::min);
    for start in &mut starts {
        start.cost -= paid;
    }
    let gate = starts.iter().map(|start| start.access).find(|access| network.mode_of(access) == HaulMode::Truck);
    let paths = network.shortest_paths(&starts, rates, &rates.speeds);
    let reach = rates.rail.map(|rail| rail.siding_reach_m);
    let haul = |origin: &HaulOrigin| {
        let crow = distance(origin.place.working, plant.working);
        let near = |access: &Access| access.off_road_m <= FARTHEST_ACCESS_M;
        let worth = |access: &Access| gate.is_none_or(|gate| crow > gate.off_road_m + access.off_road_m);
        let straight = || straight(origin.place, plant, crow / 1_000.0, rates);
        let by_road = origin.access.filter(near).filter(worth);
        let by_road = by_road.and_then(|access| {
            let found = by_network(origin.place, plant, &access, &paths, rates)?;
            // Where trucks alone would go straight, a train is a choice, not a must.
            let by_truck = gate.is_some_and(|gate| network.roads_connect(&access, &gate));
            Some(found).filter(|found| by_truck || found.cost.0 < straight().cost.0)
        });
        let by_road = by_road.unwrap_or_else(straight);
        let siding = origin.siding.filter(|siding| reach.is_some_and(|reach| siding.off_road_m <= reach));
        let by_rail = siding.and_then(|siding| by_network(origin.place, plant, &siding, &paths, rates));
        by_rail.filter(|by_rail| by_rail.cost.0 < by_road.cost.0).unwrap_or(by_road)
    };
    origins.iter().map(haul).collect()
}

fn by_network(from: Place, plant: Place, access: &Access, paths: &ShortestPaths<'_>, rates: &HaulRates) -> Option<Haul> {
    let mut way = paths.way_to(access, rates, &rates.speeds)?;
    let gate = paths.starts()[way.start].access;
    // The ways between road and field, and road and plant, are the trucks'; wagons stand at the field and in the plant.
    if let Some(leg) = way.legs.first_mut().filter(|leg| leg.mode == HaulMode::Truck) {
        leg.off_road_m += access.off_road_m;
    }
    if let Some(leg) = way.legs.last_mut().filter(|leg| leg.mode == HaulMode::Truck) {
        leg.off_road_m += gate.off_road_m;
    }
    Some(haul_of(from, plant, &way, rates))
}

fn haul_of(from: Place, plant: Place, way: &Way, rates: &HaulRates) -> Haul {
    let legs: Vec<(HaulLeg, f64)> = way.legs.iter().map(|leg| haul_leg(leg, rates)).collect();
    let transfers = legs.len() - 1;
    #[expect(clippy::cast_precision_loss, reason = "a way has a few transfers")]
    let (times, rail) = (transfers as f64, rates.rail);
    let transfer_cost = RoublesPerTonne(rail.map_or(0.0, |rail| times * rail.transfer_rub_t));
    let vertices = way.vertices_crs84.iter();
    let line: LineString = std::iter::once(&from.crs84).chain(vertices).chain(std::iter::once(&plant.crs84)).copied().collect();
    let line = simplify::line(&line, LINE_TOLERANCE_DEGREES);
    Haul {
        route: RouteKind::Network,
        distance_km: legs.iter().map(|(leg, _)| leg.distance_km).sum(),
        off_road_km: legs.iter().map(|(_, off_road_km)| off_road_km).sum(),
        travel_h: legs.iter().map(|(leg, _)| leg.travel_h).sum::<f64>() + times * rail.map_or(0.0, |rail| rail.transfer_h),
        cost: legs.iter().map(|(leg, _)| leg.cost_rub_t).sum::<RoublesPerTonne>() + transfer_cost,
        legs: legs.into_iter().map(|(leg, _)| leg).collect(),
        transfers,
        transfer_cost,
        line_crs84: line.coords().map(|c| [c.x, c.y]).collect(),
    }
}

/// A leg with its cost, and the kilometres of it off the roads.
fn haul_leg(leg: &WayLeg, rates: &HaulRates) -> (HaulLeg, f64) {
    let (off_road_km, off_road_h) = rates.off_road(leg.off_road_m);
    let rated_km = leg.rated_length_m / 1_000.0;
    let by_rate = match (leg.mode, rates.rail) {
        (HaulMode::NarrowGauge, Some(rail)) => rail_cost(&rail, rated_km),
        _ => haul_cost(rates, off_road_km + rated_km, off_road_h + leg.rated_hours),
    };
    let leg = HaulLeg {
        mode: leg.mode,
        distance_km: off_road_km + leg.length_m / 1_000.0,
        travel_h: off_road_h + leg.hours,
        cost_rub_t: by_rate + RoublesPerTonne(leg.stated_cost_rub_t),
    };
    (leg, off_road_km)
}

fn straight(from: Place, plant: Place, crow_km: f64, rates: &HaulRates) -> Haul {
    let distance_km = crow_km * rates.tortuosity;
    let travel_h = distance_km / rates.straight_line_speed_km_h;
    let cost = haul_cost(rates, distance_km, travel_h);
    Haul {
        route: RouteKind::StraightLine,
        distance_km,
        off_road_km: distance_km,
        travel_h,
        cost,
        legs: vec![HaulLeg { mode: HaulMode::Truck, distance_km, travel_h, cost_rub_t: cost }],
        transfers: 0,
        transfer_cost: RoublesPerTonne::ZERO,
        line_crs84: vec![from.crs84, plant.crs84],
    }
}

#[cfg(test)]
mod tests;
