//! Which stretches of the network a plant reaches within a limit of cost, distance or time, and which of several plants
//! reaches each the cheapest.
//!
//! What is drawn is the network itself, cut exactly where the limit lies; a hull around it would cover bogs and
//! water that no road leads to.

use super::haul::{HaulRates, Place, starts_at};
use super::network::{Arc, HaulMode, HaulNetwork, ShortestPaths, Start, StretchCost, between};
use crate::simplify;
use serde::Serialize;
use thiserror::Error;

/// Parts shorter than this are roundings, m.
const LEAST_PART_M: f64 = 1e-3;

/// What a catchment is limited by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CatchmentMeasure {
    /// Cost of the haul, RUB/t: of vehicles, their loading, and reloading.
    CostRubT,
    /// Length of the haul, km.
    DistanceKm,
    /// Time of loaded vehicles and of reloading, h.
    TimeH,
}

/// What plants reach.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Catchment {
    /// What limits it.
    pub measure: CatchmentMeasure,
    /// The limit, in the measure's unit.
    pub most: f64,
    /// The plants, in the order given.
    pub plants: Vec<CatchmentPlant>,
    /// The stretches reached.
    pub lines: Vec<ReachedLine>,
}

/// A plant of a catchment.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct CatchmentPlant {
    /// Whether a road or line is near enough.
    pub reaches_network: bool,
    /// Length of roads that it reaches cheaper than the others, km.
    pub roads_km: f64,
    /// Length of narrow-gauge lines, km.
    pub narrow_gauge_km: f64,
}

/// Consecutive stretches of one line, reached by one plant. Along it the measure rises or falls evenly with the length from its
/// value at the first vertex to that at the last one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReachedLine {
    /// The line, by its place among those that the network was made of.
    pub line: u32,
    /// What carries on it.
    pub mode: HaulMode,
    /// The plant that it is cheapest for, by its place among those given.
    pub plant: u32,
    /// The measure at both ends: of a tonne from there to the plant.
    pub values: [f64; 2],
    /// Length, km.
    pub length_km: f64,
    /// Vertices, CRS84.
    pub vertices_crs84: Vec<[f64; 2]>,
}

/// Why there is no catchment.
#[derive(Debug, Clone, PartialEq, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum CatchmentError {
    #[error("a catchment needs a plant at least")]
    NoPlant,
    #[error("the place of plant {plant} must be two finite numbers; it was {x}, {y}")]
    Place { plant: usize, x: f64, y: f64 },
    #[error("the limit of a catchment must be a number above 0 {unit}; it was {most}")]
    Limit { unit: &'static str, most: f64 },
    #[error("the tolerance of the lines must be a number of degrees from 0; it was {0}")]
    Tolerance(f64),
}

impl CatchmentMeasure {
    /// Its unit.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::CostRubT => "RUB/t",
            Self::DistanceKm => "km",
            Self::TimeH => "h",
        }
    }
}

/// The stretches of the network from which a tonne reaches one of the plants within the limit, by the cheapest, shortest or
/// quickest way over roads and narrow-gauge lines, and for each the plant that is best by that measure.
///
/// One search from all plants together (Dijkstra 1959 with several sources; Erwig 2000, Networks 36(3),
/// 156-163, for the division between them). Within a stretch the measure is the
/// lesser of the ways over its two ends, so that it is cut exactly: where the limit lies, where the ways over both ends are equal,
/// and so where plants divide it. The cost of the production of peat, and of the way from a field to the road, is not
/// contained; the way from the plant to its road is. `tolerance_degrees` leaves out vertices, 0 none.
///
/// On a straight road of 100 km with the plant in its middle, a limit of 20 km reaches 40 km of it:
///
/// ```
/// use peatplan::model::{ParameterValues, RoadClass, supply_parameters};
/// use peatplan::supply::{CatchmentMeasure, HaulNetwork, HaulRates, NetworkLine, Place, catchment};
/// let vertices = vec![[0.0, 0.0], [100_000.0, 0.0]];
/// let vertices_crs84 = vec![[40.0, 55.0], [41.6, 55.0]];
/// let (class, speed_km_h, cost_rub_t_km) = (RoadClass::Primary, None, None);
/// let network = HaulNetwork::new(&[NetworkLine { class, speed_km_h, cost_rub_t_km, vertices, vertices_crs84 }]);
/// let rates = HaulRates::from_numbers(&ParameterValues::defaults(supply_parameters()));
/// let plant = Place { working: [50_000.0, 0.0], crs84: [40.8, 55.0] };
/// let reached = catchment(&network, &[plant], &rates, CatchmentMeasure::DistanceKm, 20.0, 0.0).unwrap();
/// assert!((reached.plants[0].roads_km - 40.0).abs() < 1e-9);
/// assert!((reached.lines[0].values[0] - 20.0).abs() < 1e-9);
/// ```
///
/// # Errors
/// [`CatchmentError`]: no plant, a place or a limit that is no number or out of range.
pub fn catchment(
    network: &HaulNetwork,
    plants: &[Place],
    rates: &HaulRates,
    measure: CatchmentMeasure,
    most: f64,
    tolerance_degrees: f64,
) -> Result<Catchment, CatchmentError> {
    if plants.is_empty() {
        return Err(CatchmentError::NoPlant);
    }
    if !(most.is_finite() && most > 0.0) {
        return Err(CatchmentError::Limit { unit: measure.unit(), most });
    }
    if !(tolerance_degrees.is_finite() && tolerance_degrees >= 0.0) {
        return Err(CatchmentError::Tolerance(tolerance_degrees));
    }
    let measured = Measured { rates, measure };
    let mut found = Catchment { measure, most, plants: vec![CatchmentPlant::default(); plants.len()], lines: Vec::new() };
    let (mut starts, mut plant_of_start) = (Vec::new(), Vec::new());
    for (number, plant) in plants.iter().enumerate() {
        let [x, y] = plant.working;
        if !(x.is_finite() && y.is_finite()) {
            return Err(CatchmentError::Place { plant: number, x, y });
        }
        for start in starts_at(*plant, network, rates) {
            found.plants[number].reaches_network = true;
            plant_of_start.push(super::network::index(number));
            starts.push(Start { cost: measured.at_gate(network, &start), ..start });
        }
    }
    let paths = network.shortest_paths_within(most, &starts, &measured, &rates.speeds);
    let prices = (0..network.line_count()).map(|line| network.price_of_a_metre(line, &measured, &rates.speeds)).collect();
    let mut drawn = Drawn {
        network,
        starts: paths.starts_by_node(),
        paths,
        plant_of_start,
        most,
        prices,
        tolerance_degrees,
        open: None,
        found: &mut found,
    };
    drawn.draw();
    Ok(found)
}

/// A measure as what a search adds up.
struct Measured<'a> {
    rates: &'a HaulRates,
    measure: CatchmentMeasure,
}

impl Measured<'_> {
    /// What the way from the network to the gate adds.
    fn at_gate(&self, network: &HaulNetwork, start: &Start) -> f64 {
        let by_truck = network.mode_of(&start.access) == HaulMode::Truck;
        let (kilometres, hours) = self.rates.off_road(if by_truck { start.access.off_road_m } else { 0.0 });
        match self.measure {
            CatchmentMeasure::CostRubT => start.cost,
            CatchmentMeasure::DistanceKm => kilometres,
            CatchmentMeasure::TimeH => hours,
        }
    }
}

impl StretchCost for Measured<'_> {
    fn cost(&self, mode: HaulMode, length_m: f64, speed_km_h: f64, stated_rub_t_km: Option<f64>) -> f64 {
        match self.measure {
            CatchmentMeasure::CostRubT => self.rates.cost(mode, length_m, speed_km_h, stated_rub_t_km),
            CatchmentMeasure::DistanceKm => length_m / 1_000.0,
            CatchmentMeasure::TimeH => length_m / 1_000.0 / speed_km_h,
        }
    }

    fn transfer(&self, to: HaulMode, off_road_m: f64) -> f64 {
        let cost = self.rates.transfer(to, off_road_m);
        let (kilometres, hours) = self.rates.off_road(off_road_m);
        match (self.measure, self.rates.rail) {
            (CatchmentMeasure::DistanceKm, Some(_)) if cost.is_finite() => kilometres,
            (CatchmentMeasure::TimeH, Some(rail)) if cost.is_finite() => rail.transfer_h + hours,
            _ => cost,
        }
    }
}

/// A place along a stretch: metres from its first node, the measure there, and the start it is reached from.
#[derive(Clone, Copy)]
struct Mark {
    along_m: f64,
    value: f64,
    start: u32,
}

/// A part of a stretch that is reached from one of its ends.
#[derive(Clone, Copy)]
struct Part {
    from_m: f64,
    to_m: f64,
    values: [f64; 2],
    start: u32,
}

/// A line that the next stretch may continue.
struct Open {
    line: u32,
    rising: bool,
    plant: u32,
    /// The node it has reached; none where it ended within a stretch.
    node: Option<u32>,
    reached: ReachedLine,
}

/// A place on a stretch where a plant reaches it, or an end of it, as the cheapest of all these places makes it.
fn cheapest(place: Mark, given: &[Mark], price: f64) -> Mark {
    let through = |other: &Mark| Mark { value: other.value + price * (other.along_m - place.along_m).abs(), ..*other };
    let better = |best: Mark, other: Mark| if other.value < best.value { other } else { best };
    Mark { along_m: place.along_m, ..given.iter().map(through).fold(place, better) }
}

/// The drawing of a catchment, stretch by stretch.
struct Drawn<'a> {
    network: &'a HaulNetwork,
    paths: ShortestPaths<'a>,
    starts: Vec<u32>,
    plant_of_start: Vec<u32>,
    most: f64,
    prices: Vec<f64>,
    tolerance_degrees: f64,
    open: Option<Open>,
    found: &'a mut Catchment,
}

impl Drawn<'_> {
    fn draw(&mut self) {
        let mut gates: Vec<(u32, u32)> = (0..).zip(self.paths.starts()).map(|(n, start)| (start.access.arc(), n)).collect();
        gates.sort_unstable();
        for (number, arc) in (0_u32..).zip(self.network.arcs()) {
            let first = gates.partition_point(|(on, _)| *on < number);
            let own = gates[first..].iter().take_while(|(on, _)| *on == number);
            let node = |node: u32, along_m| Mark { along_m, value: self.paths.cost_at(node), start: self.starts[node as usize] };
            let (from, to) = (node(arc.from, 0.0), node(arc.to, arc.length_m));
            if own.clone().next().is_none() {
                self.draw_between(arc, from, to);
                continue;
            }
            let gate = |(_, start): &(u32, u32)| {
                let gate = self.paths.starts()[*start as usize];
                Mark { along_m: gate.access.to_ends_m()[0], value: gate.cost, start: *start }
            };
            let given: Vec<Mark> = own.map(gate).chain([from, to]).collect();
            let mut marks: Vec<Mark> = given.iter().map(|mark| cheapest(*mark, &given, self.price(arc))).collect();
            marks.sort_by(|a, b| a.along_m.total_cmp(&b.along_m).then_with(|| a.value.total_cmp(&b.value)));
            for pair in marks.windows(2) {
                self.draw_between(arc, pair[0], pair[1]);
            }
        }
        self.close();
    }

    fn price(&self, arc: &Arc) -> f64 {
        self.prices[arc.line as usize]
    }

    /// What is reached between two places of a stretch without a gate between them.
    fn draw_between(&mut self, arc: &Arc, from: Mark, to: Mark) {
        if from.value.min(to.value) >= self.most {
            return;
        }
        let (length, price) = (to.along_m - from.along_m, self.price(arc));
        // Where the ways over both ends cost the same.
        let equal = if price > 0.0 && to.value.is_finite() && from.value.is_finite() {
            (to.value - from.value + price * length) / (2.0 * price)
        } else if from.value <= to.value {
            length
        } else {
            0.0
        };
        let equal = match equal {
            x if x <= LEAST_PART_M => 0.0,
            x if x >= length - LEAST_PART_M => length,
            x => x,
        };
        let reach = |value: f64| if price > 0.0 { ((self.most - value) / price).max(0.0) } else { f64::INFINITY };
        // The value where a part ends: of the node there, of the limit, or of where the ways meet.
        let rising = |part: f64, within: f64, begin: f64, end: f64, whole: bool| match () {
            () if part >= within => self.most,
            () if whole => end.min(self.most),
            () => begin + price * part,
        };
        let (up, down) = (equal.min(reach(from.value)), (length - equal).min(reach(to.value)));
        let up_value = rising(up, reach(from.value), from.value, to.value, up >= length);
        let down_value = rising(down, reach(to.value), to.value, from.value, down >= length);
        let end_of_up = if up >= length { to.along_m } else { from.along_m + up };
        let start_of_down = if down >= length { from.along_m } else { to.along_m - down };
        if up > 0.0 && from.value < self.most {
            let values = [from.value, up_value];
            self.add(arc, Part { from_m: from.along_m, to_m: end_of_up, values, start: from.start }, true);
        }
        if down > 0.0 && to.value < self.most {
            let values = [down_value, to.value];
            self.add(arc, Part { from_m: start_of_down, to_m: to.along_m, values, start: to.start }, false);
        }
    }

    fn add(&mut self, arc: &Arc, part: Part, rising: bool) {
        let plant = self.plant_of_start[part.start as usize];
        let (a, b) = (self.network.place_crs84(arc.from), self.network.place_crs84(arc.to));
        let place = |along_m: f64| if along_m >= arc.length_m { b } else { between(a, b, along_m / arc.length_m) };
        let at_from = (part.from_m <= 0.0).then_some(arc.from);
        let node = (part.to_m >= arc.length_m).then_some(arc.to);
        let length_km = (part.to_m - part.from_m) / 1_000.0;
        let total = &mut self.found.plants[plant as usize];
        let mode = self.network.mode_of_line(arc.line);
        match mode {
            HaulMode::Truck => total.roads_km += length_km,
            HaulMode::NarrowGauge => total.narrow_gauge_km += length_km,
        }
        let continues = |open: &&mut Open| {
            let same = (open.line, open.rising, open.plant) == (arc.line, rising, plant);
            same && at_from.is_some() && open.node == at_from
        };
        if let Some(open) = self.open.as_mut().filter(continues) {
            open.node = node;
            open.reached.values[1] = part.values[1];
            open.reached.length_km += length_km;
            open.reached.vertices_crs84.push(place(part.to_m));
            return;
        }
        self.close();
        let vertices_crs84 = vec![place(part.from_m), place(part.to_m)];
        let line = self.network.given_line(arc.line);
        let reached = ReachedLine { line, mode, plant, values: part.values, length_km, vertices_crs84 };
        self.open = Some(Open { line: arc.line, rising, plant, node, reached });
    }

    fn close(&mut self) {
        let Some(Open { mut reached, .. }) = self.open.take() else { return };
        if self.tolerance_degrees > 0.0 && reached.vertices_crs84.len() > 2 {
            let vertices = &reached.vertices_crs84;
            let stays = simplify::kept(vertices.len(), |number| vertices[number], self.tolerance_degrees);
            let mut stays = stays.into_iter();
            reached.vertices_crs84.retain(|_| stays.next().unwrap_or(true));
        }
        self.found.lines.push(reached);
    }
}

#[cfg(test)]
mod tests;
