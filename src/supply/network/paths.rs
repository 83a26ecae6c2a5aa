//! The cheapest ways from one place, or several, to everywhere on the network, over roads and narrow-gauge lines alike.

use super::graph::{TRANSFER, by_place};
use super::{Access, HaulMode, HaulNetwork, Speeds};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Before a node that a search started at there is no edge.
const NONE: u32 = u32::MAX;

/// What a search adds up: money, time or length. Nothing may be below zero.
pub trait StretchCost {
    /// Cost of this length at this speed, or with this stated cost a tonne-kilometre.
    fn cost(&self, mode: HaulMode, length_m: f64, speed_km_h: f64, stated_rub_t_km: Option<f64>) -> f64;

    /// Cost of changing, on the way from the start, to this mode at a station that is so far from its road; infinite
    /// where nothing is reloaded.
    fn transfer(&self, to: HaulMode, off_road_m: f64) -> f64;
}

/// Where a search starts, and with which cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Start {
    /// Where on the network.
    pub access: Access,
    /// What it costs there already; not below zero.
    pub cost: f64,
}

/// Cheapest ways from the starts to every node of the network.
#[derive(Debug)]
pub struct ShortestPaths<'a> {
    network: &'a HaulNetwork,
    starts: Vec<Start>,
    cost: Vec<f64>,
    /// The node before, and the edge that leads from it; the number of the start and `NONE` where the search started.
    before: Vec<(u32, u32)>,
}

/// A way over the network, from a place to the start of the search.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Cost as the search measured it.
    pub cost: f64,
    /// The start that it leads to, in the order given.
    pub start: usize,
    /// Its legs, the one at the place first. One leg follows another where peat is reloaded.
    pub legs: Vec<WayLeg>,
    /// Vertices from the place to the start, CRS84.
    pub vertices_crs84: Vec<[f64; 2]>,
}

/// A part of a way in one mode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WayLeg {
    /// What carries.
    pub mode: HaulMode,
    /// Length on roads or lines, m.
    pub length_m: f64,
    /// Time of a loaded vehicle on them, h.
    pub hours: f64,
    /// Cost of stretches that state their own, RUB/t.
    pub stated_cost_rub_t: f64,
    /// Length of stretches that do not, m.
    pub rated_length_m: f64,
    /// Time on those, h.
    pub rated_hours: f64,
    /// Straight distances between road and stations, m.
    pub off_road_m: f64,
}

impl HaulNetwork {
    /// The cheapest ways from the starts to every node (Dijkstra 1959, doi 10.1007/BF01386390). Roads and lines are taken
    /// to be open both ways, and a way back to cost what the way there costs but for the order of its legs.
    #[must_use]
    pub fn shortest_paths(&self, starts: &[Start], cost: &impl StretchCost, speeds: &Speeds) -> ShortestPaths<'_> {
        self.shortest_paths_within(f64::INFINITY, starts, cost, speeds)
    }

    /// The same, as far as nothing costs more than `most`: beyond, costs are infinite or more than they need be.
    pub(in crate::supply) fn shortest_paths_within(
        &self,
        most: f64,
        starts: &[Start],
        cost: &impl StretchCost,
        speeds: &Speeds,
    ) -> ShortestPaths<'_> {
        let mut paths = ShortestPaths {
            network: self,
            starts: starts.to_vec(),
            cost: vec![f64::INFINITY; self.nodes.len()],
            before: vec![(NONE, NONE); self.nodes.len()],
        };
        let price = |length: f64, line: u32| {
            let stated = self.lines[line as usize].cost_rub_t_km;
            cost.cost(self.mode_of_line(line), length, self.speed(line, speeds), stated)
        };
        let mut queue = BinaryHeap::new();
        for (number, start) in (0_u32..).zip(starts) {
            for (end, length) in start.access.ends.into_iter().zip(start.access.to_ends_m) {
                let cost = start.cost + price(length, start.access.line);
                if cost < paths.cost[end as usize] {
                    paths.cost[end as usize] = cost;
                    paths.before[end as usize] = (number, NONE);
                    queue.push(Visit { cost, node: end });
                }
            }
        }
        while let Some(Visit { cost: so_far, node }) = queue.pop() {
            if so_far > most {
                break;
            }
            if so_far > paths.cost[node as usize] {
                continue;
            }
            for number in self.first_edge[node as usize]..self.first_edge[node as usize + 1] {
                let edge = self.edges[number as usize];
                let step = match edge.line {
                    TRANSFER => cost.transfer(self.mode(edge.to), edge.length_m),
                    line => price(edge.length_m, line),
                };
                let reached = so_far + step;
                let known = paths.cost[edge.to as usize];
                if reached < known {
                    paths.cost[edge.to as usize] = reached;
                    paths.before[edge.to as usize] = (node, number);
                    queue.push(Visit { cost: reached, node: edge.to });
                } else if reached <= known && so_far < known && self.comes_first(node, paths.before[edge.to as usize]) {
                    paths.before[edge.to as usize] = (node, number);
                }
            }
        }
        paths
    }

    /// Of two ways that cost the same the one over the westernmost node is taken, whatever the order of the lines. A step
    /// that costs something keeps such a choice from leading round in a circle.
    fn comes_first(&self, node: u32, known: (u32, u32)) -> bool {
        known.1 != NONE && by_place(self.nodes[node as usize], self.nodes[known.0 as usize]) == Ordering::Less
    }
}

impl ShortestPaths<'_> {
    /// Cost at a node; infinite where it is not reached.
    pub(in crate::supply) fn cost_at(&self, node: u32) -> f64 {
        self.cost[node as usize]
    }

    /// For every node the start that it is reached from; `u32::MAX` where there is none.
    pub(in crate::supply) fn starts_by_node(&self) -> Vec<u32> {
        const UNKNOWN: u32 = u32::MAX - 1;
        let mut found = vec![UNKNOWN; self.cost.len()];
        let mut chain = Vec::new();
        for node in 0..found.len() {
            let mut at = node;
            while found[at] == UNKNOWN {
                let (before, edge) = self.before[at];
                if edge == NONE {
                    found[at] = before;
                } else {
                    chain.push(at);
                    at = before as usize;
                }
            }
            let start = found[at];
            for passed in chain.drain(..) {
                found[passed] = start;
            }
        }
        found
    }

    pub(in crate::supply) fn starts(&self) -> &[Start] {
        &self.starts
    }

    /// The way to the start from another access; `None` where the network does not connect them.
    #[must_use]
    pub fn way_to(&self, to: &Access, cost: &impl StretchCost, speeds: &Speeds) -> Option<Way> {
        let stated = self.network.lines[to.line as usize].cost_rub_t_km;
        let mode = self.network.mode_of_line(to.line);
        let price = |length| cost.cost(mode, length, self.network.speed(to.line, speeds), stated);
        let through = |end: usize| self.cost[to.ends[end] as usize] + price(to.to_ends_m[end]);
        let end = usize::from(through(1) < through(0));
        let direct = self.along_one_stretch(to, price);
        if let Some((start, length, cost)) = direct.filter(|(_, _, cost)| *cost <= through(end)) {
            let mut way = Way::begin(to.reached_crs84, cost, mode);
            way.start = start;
            way.add(self.network, to.line, length, speeds, self.starts[start].access.reached_crs84);
            return Some(way);
        }
        if !through(end).is_finite() {
            return None;
        }
        Some(self.walk(to, end, through(end), speeds))
    }

    /// Walks back from an end of the stretch reached.
    fn walk(&self, to: &Access, end: usize, cost: f64, speeds: &Speeds) -> Way {
        let network = self.network;
        let mut way = Way::begin(to.reached_crs84, cost, network.mode_of_line(to.line));
        let mut node = to.ends[end];
        way.add(network, to.line, to.to_ends_m[end], speeds, network.place_crs84(node));
        let start = loop {
            let (before, number) = self.before[node as usize];
            if number == NONE {
                break before as usize;
            }
            let edge = network.edges[number as usize];
            if edge.line == TRANSFER {
                way.change(network.mode(before), edge.length_m, network.place_crs84(before));
            } else {
                way.add(network, edge.line, edge.length_m, speeds, network.place_crs84(before));
            }
            node = before;
        };
        let from = &self.starts[start].access;
        let end = usize::from(from.ends[1] == node);
        way.start = start;
        way.add(network, from.line, from.to_ends_m[end], speeds, from.reached_crs84);
        way
    }

    /// The cheapest start on the same stretch, with the length between and the cost.
    fn along_one_stretch(&self, to: &Access, price: impl Fn(f64) -> f64) -> Option<(usize, f64, f64)> {
        let same = self.starts.iter().enumerate().filter(|(_, start)| start.access.arc == to.arc);
        let reached = same.map(|(number, start)| {
            let length = (start.access.to_ends_m[0] - to.to_ends_m[0]).abs();
            (number, length, start.cost + price(length))
        });
        reached.min_by(|a, b| a.2.total_cmp(&b.2))
    }
}

impl Way {
    fn begin(place_crs84: [f64; 2], cost: f64, mode: HaulMode) -> Self {
        Self { cost, start: 0, legs: vec![WayLeg::new(mode)], vertices_crs84: vec![place_crs84] }
    }

    /// Length on roads and lines, m.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.legs.iter().map(|leg| leg.length_m).sum()
    }

    /// Time of loaded vehicles on them, h.
    #[must_use]
    pub fn hours(&self) -> f64 {
        self.legs.iter().map(|leg| leg.hours).sum()
    }

    fn add(&mut self, network: &HaulNetwork, line: u32, length_m: f64, speeds: &Speeds, place_crs84: [f64; 2]) {
        let hours = length_m / 1_000.0 / network.speed(line, speeds);
        if let Some(leg) = self.legs.last_mut() {
            leg.length_m += length_m;
            leg.hours += hours;
            if let Some(stated) = network.lines[line as usize].cost_rub_t_km {
                leg.stated_cost_rub_t += stated * length_m / 1_000.0;
            } else {
                leg.rated_length_m += length_m;
                leg.rated_hours += hours;
            }
        }
        self.reach(place_crs84);
    }

    /// Peat is reloaded; the way between the station and its road is the truck's.
    fn change(&mut self, to: HaulMode, off_road_m: f64, place_crs84: [f64; 2]) {
        self.legs.push(WayLeg::new(to));
        if let Some(leg) = self.legs.iter_mut().rev().take(2).find(|leg| leg.mode == HaulMode::Truck) {
            leg.off_road_m += off_road_m;
        }
        self.reach(place_crs84);
    }

    fn reach(&mut self, place_crs84: [f64; 2]) {
        if self.vertices_crs84.last() != Some(&place_crs84) {
            self.vertices_crs84.push(place_crs84);
        }
    }
}

impl WayLeg {
    fn new(mode: HaulMode) -> Self {
        let (length_m, hours, stated_cost_rub_t) = (0.0, 0.0, 0.0);
        Self { mode, length_m, hours, stated_cost_rub_t, rated_length_m: 0.0, rated_hours: 0.0, off_road_m: 0.0 }
    }
}

/// A node in the queue; the cheapest first.
struct Visit {
    cost: f64,
    node: u32,
}

impl Ord for Visit {
    fn cmp(&self, other: &Self) -> Ordering {
        other.cost.total_cmp(&self.cost).then_with(|| self.node.cmp(&other.node))
    }
}
impl PartialOrd for Visit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Visit {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Visit {}
