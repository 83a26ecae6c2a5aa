//! The haul network as a graph, and the cheapest ways from one place to everywhere on it.
//!
//! Adjacency is a compressed sparse row array and the search a plain Dijkstra with a binary heap: one
//! search from the plant reaches every field, 20 ms at 100,000 nodes. Every vertex of a line is a node, so that
//! roads meet wherever they share a vertex.

use super::graph::{Edge, NodeTable, compressed_rows, connected_pieces, index};
use crate::model::RoadClass;
use rstar::primitives::{GeomWithData, Line};
use rstar::{PointDistance, RTree};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Farther than this from a road, a place is taken to have no road, m.
pub const FARTHEST_ACCESS_M: f64 = 15_000.0;

/// A line of the network: its vertices in the working system and in CRS84, in step.
#[derive(Debug, Clone)]
pub struct NetworkLine {
    /// Class.
    pub class: RoadClass,
    /// Speed as stated, km/h.
    pub speed_km_h: Option<f64>,
    /// Cost as stated, RUB/(t·km).
    pub cost_rub_t_km: Option<f64>,
    /// Vertices, working system, m.
    pub vertices: Vec<[f64; 2]>,
    /// Vertices, CRS84.
    pub vertices_crs84: Vec<[f64; 2]>,
}

/// Speeds where roads do not say, km/h.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Speeds {
    pub main_road: f64,
    pub local_road: f64,
    pub track: f64,
}

impl Speeds {
    fn of(&self, class: RoadClass) -> f64 {
        match class {
            RoadClass::Trunk | RoadClass::Primary | RoadClass::Secondary => self.main_road,
            RoadClass::Tertiary | RoadClass::Unclassified => self.local_road,
            RoadClass::Track | RoadClass::NarrowGauge => self.track,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct LineProperties {
    class: RoadClass,
    speed_km_h: Option<f64>,
    cost_rub_t_km: Option<f64>,
}

type Stretch = GeomWithData<Line<[f64; 2]>, (u32, u32, u32)>;

/// The network as a graph.
#[derive(Debug)]
pub struct HaulNetwork {
    nodes: Vec<[f64; 2]>,
    nodes_crs84: Vec<[f64; 2]>,
    first_edge: Vec<u32>,
    edges: Vec<Edge>,
    lines: Vec<LineProperties>,
    stretches: RTree<Stretch>,
    /// By node, the number of the connected piece it belongs to, and which piece has most stretches.
    pieces: Vec<u32>,
    largest_piece: u32,
}

/// Where a place off the network reaches it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Access {
    /// The nodes at both ends of the stretch.
    ends: [u32; 2],
    /// The line of the stretch.
    line: u32,
    /// Distances along the stretch to its ends, m.
    to_ends_m: [f64; 2],
    /// Straight distance from the place to the stretch, m.
    pub off_road_m: f64,
    /// Where the stretch is reached, CRS84.
    pub reached_crs84: [f64; 2],
}

/// Cheapest ways from one access to every node.
#[derive(Debug)]
pub struct ShortestPaths<'a> {
    network: &'a HaulNetwork,
    from: Access,
    cost: Vec<f64>,
    /// The node before, and the edge that leads from it; `u32::MAX` at the start.
    before: Vec<(u32, u32)>,
}

/// A way over the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Cost as the search measured it.
    pub cost: f64,
    /// Length, m.
    pub length_m: f64,
    /// Time of a loaded vehicle, h.
    pub hours: f64,
    /// Cost of stretches that state their own, RUB/t.
    pub stated_cost_rub_t: f64,
    /// Length of stretches that do not, m.
    pub rated_length_m: f64,
    /// Time on those, h.
    pub rated_hours: f64,
    /// Vertices from the start to the end, CRS84.
    pub vertices_crs84: Vec<[f64; 2]>,
}

/// What a metre of a stretch costs, for the search.
pub trait StretchCost {
    /// Cost of this length at this speed, or with this stated cost a tonne-kilometre.
    fn cost(&self, length_m: f64, speed_km_h: f64, stated_rub_t_km: Option<f64>) -> f64;
}

impl HaulNetwork {
    /// Builds the graph. Narrow-gauge lines carry no trucks and are left out; so are vertices that are not finite.
    #[must_use]
    pub fn new(lines: &[NetworkLine]) -> Self {
        let mut nodes = NodeTable::default();
        let mut arcs: Vec<(u32, u32, f64, u32)> = Vec::new();
        let mut properties = Vec::new();
        for line in lines.iter().filter(|line| line.class != RoadClass::NarrowGauge) {
            let number = index(properties.len());
            properties.push(LineProperties { class: line.class, speed_km_h: line.speed_km_h, cost_rub_t_km: line.cost_rub_t_km });
            let mut last: Option<u32> = None;
            for (place, place_crs84) in line.vertices.iter().zip(&line.vertices_crs84) {
                let node = nodes.at(*place, *place_crs84);
                if let Some(from) = last.filter(|from| *from != node) {
                    let (a, b) = (nodes.places[from as usize], nodes.places[node as usize]);
                    arcs.push((from, node, (a[0] - b[0]).hypot(a[1] - b[1]), number));
                }
                last = Some(node);
            }
        }
        let stretches = arcs.iter().map(|(from, to, _, line)| {
            let ends = Line::new(nodes.places[*from as usize], nodes.places[*to as usize]);
            GeomWithData::new(ends, (*from, *to, *line))
        });
        let stretches = RTree::bulk_load(stretches.collect());
        let (first_edge, edges) = compressed_rows(nodes.places.len(), &arcs);
        let (pieces, largest_piece) = connected_pieces(&first_edge, &edges);
        Self {
            nodes: nodes.places,
            nodes_crs84: nodes.places_crs84,
            first_edge,
            edges,
            lines: properties,
            stretches,
            pieces,
            largest_piece,
        }
    }

    /// Whether there is no road.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// Where a place reaches the network: the nearest stretch of its largest connected piece within
    /// [`FARTHEST_ACCESS_M`], so that a stray track beside it does not cut it off; else the nearest stretch of all.
    /// `None` without roads.
    #[must_use]
    pub fn access(&self, place: [f64; 2]) -> Option<Access> {
        let near = self.stretches.nearest_neighbor_iter_with_distance_2(&place);
        let reachable = near.take_while(|(_, squared)| *squared <= FARTHEST_ACCESS_M * FARTHEST_ACCESS_M);
        let connected = reachable.map(|(stretch, _)| stretch).find(|s| self.pieces[s.data.0 as usize] == self.largest_piece);
        let stretch = connected.or_else(|| self.stretches.nearest_neighbor(&place))?;
        let (from, to, line) = stretch.data;
        let (a, b) = (self.nodes[from as usize], self.nodes[to as usize]);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let squared = dx * dx + dy * dy;
        let share = (((place[0] - a[0]) * dx + (place[1] - a[1]) * dy) / squared).clamp(0.0, 1.0);
        let length = squared.sqrt();
        let (ga, gb) = (self.nodes_crs84[from as usize], self.nodes_crs84[to as usize]);
        Some(Access {
            ends: [from, to],
            line,
            to_ends_m: [share * length, (1.0 - share) * length],
            off_road_m: stretch.geom().distance_2(&place).sqrt(),
            reached_crs84: [ga[0] + share * (gb[0] - ga[0]), ga[1] + share * (gb[1] - ga[1])],
        })
    }

    /// The cheapest ways from an access to every node (Dijkstra 1959, doi 10.1007/BF01386390). Roads are taken
    /// to be open both ways.
    #[must_use]
    pub fn shortest_paths(&self, from: Access, cost: &impl StretchCost, speeds: &Speeds) -> ShortestPaths<'_> {
        let mut paths = ShortestPaths {
            network: self,
            from,
            cost: vec![f64::INFINITY; self.nodes.len()],
            before: vec![(u32::MAX, u32::MAX); self.nodes.len()],
        };
        let price = |length: f64, line: u32| {
            let properties = self.lines[line as usize];
            cost.cost(length, self.speed(line, speeds), properties.cost_rub_t_km)
        };
        let mut queue = BinaryHeap::new();
        for (end, length) in from.ends.into_iter().zip(from.to_ends_m) {
            let cost = price(length, from.line);
            if cost < paths.cost[end as usize] {
                paths.cost[end as usize] = cost;
                queue.push(Visit { cost, node: end });
            }
        }
        while let Some(Visit { cost, node }) = queue.pop() {
            if cost > paths.cost[node as usize] {
                continue;
            }
            for number in self.first_edge[node as usize]..self.first_edge[node as usize + 1] {
                let edge = self.edges[number as usize];
                let reached = cost + price(edge.length_m, edge.line);
                if reached < paths.cost[edge.to as usize] {
                    paths.cost[edge.to as usize] = reached;
                    paths.before[edge.to as usize] = (node, number);
                    queue.push(Visit { cost: reached, node: edge.to });
                }
            }
        }
        paths
    }

    fn speed(&self, line: u32, speeds: &Speeds) -> f64 {
        let properties = self.lines[line as usize];
        properties.speed_km_h.unwrap_or_else(|| speeds.of(properties.class))
    }
}

impl ShortestPaths<'_> {
    /// The way to another access; `None` where the roads do not connect.
    #[must_use]
    pub fn way_to(&self, to: &Access, cost: &impl StretchCost, speeds: &Speeds) -> Option<Way> {
        let properties = self.network.lines[to.line as usize];
        let price = |length| cost.cost(length, self.network.speed(to.line, speeds), properties.cost_rub_t_km);
        let through = |end: usize| self.cost[to.ends[end] as usize] + price(to.to_ends_m[end]);
        let end = usize::from(through(1) < through(0));
        let direct = self.along_one_stretch(to);
        if let Some(length) = direct.filter(|length| price(*length) <= through(end)) {
            let mut way = Way::start(self.from.reached_crs84, price(length));
            way.add(self.network, to.line, length, speeds, to.reached_crs84);
            return Some(way);
        }
        if !through(end).is_finite() {
            return None;
        }
        Some(self.walk(to, end, through(end), speeds))
    }

    /// Walks back from an end of the stretch reached, then turns the way round.
    fn walk(&self, to: &Access, end: usize, cost: f64, speeds: &Speeds) -> Way {
        let place = |node: u32| self.network.nodes_crs84[node as usize];
        let mut way = Way::start(to.reached_crs84, cost);
        let mut node = to.ends[end];
        way.add(self.network, to.line, to.to_ends_m[end], speeds, place(node));
        loop {
            let (before, number) = self.before[node as usize];
            if number == u32::MAX {
                break;
            }
            let edge = self.network.edges[number as usize];
            way.add(self.network, edge.line, edge.length_m, speeds, place(before));
            node = before;
        }
        let start = usize::from(self.from.ends[1] == node);
        way.add(self.network, self.from.line, self.from.to_ends_m[start], speeds, self.from.reached_crs84);
        way.vertices_crs84.reverse();
        way
    }

    /// Length between two accesses on the same stretch.
    fn along_one_stretch(&self, to: &Access) -> Option<f64> {
        let same = self.from.ends == to.ends && self.from.line == to.line;
        same.then(|| (self.from.to_ends_m[0] - to.to_ends_m[0]).abs())
    }
}

impl Way {
    fn start(place_crs84: [f64; 2], cost: f64) -> Self {
        Self {
            cost,
            length_m: 0.0,
            hours: 0.0,
            stated_cost_rub_t: 0.0,
            rated_length_m: 0.0,
            rated_hours: 0.0,
            vertices_crs84: vec![place_crs84],
        }
    }

    fn add(&mut self, network: &HaulNetwork, line: u32, length_m: f64, speeds: &Speeds, place_crs84: [f64; 2]) {
        let hours = length_m / 1_000.0 / network.speed(line, speeds);
        self.length_m += length_m;
        self.hours += hours;
        if let Some(stated) = network.lines[line as usize].cost_rub_t_km {
            self.stated_cost_rub_t += stated * length_m / 1_000.0;
        } else {
            self.rated_length_m += length_m;
            self.rated_hours += hours;
        }
        if self.vertices_crs84.last() != Some(&place_crs84) {
            self.vertices_crs84.push(place_crs84);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Length;
    impl StretchCost for Length {
        fn cost(&self, length_m: f64, _: f64, _: Option<f64>) -> f64 {
            length_m
        }
    }

    const SPEEDS: Speeds = Speeds { main_road: 50.0, local_road: 30.0, track: 12.0 };

    fn line(vertices: &[[f64; 2]]) -> NetworkLine {
        NetworkLine {
            class: RoadClass::Primary,
            speed_km_h: None,
            cost_rub_t_km: None,
            vertices: vertices.to_vec(),
            vertices_crs84: vertices.to_vec(),
        }
    }

    /// A square of 1 km with a detour, and a pocket that nothing leads to.
    fn network() -> HaulNetwork {
        HaulNetwork::new(&[
            line(&[[0.0, 0.0], [1_000.0, 0.0], [1_000.0, 1_000.0]]),
            line(&[[0.0, 0.0], [0.0, 5_000.0], [1_000.0, 1_000.0]]),
            line(&[[50_000.0, 0.0], [51_000.0, 0.0]]),
        ])
    }

    fn way(from: [f64; 2], to: [f64; 2]) -> Option<Way> {
        let network = network();
        let paths = network.shortest_paths(network.access(from).unwrap(), &Length, &SPEEDS);
        paths.way_to(&network.access(to).unwrap(), &Length, &SPEEDS)
    }

    #[test]
    fn the_short_way_round_is_taken() {
        let way = way([0.0, 0.0], [1_000.0, 1_000.0]).expect("connected");
        assert!((way.length_m - 2_000.0).abs() < 1e-6);
        assert!((way.hours - 2.0 / 50.0).abs() < 1e-9);
        assert_eq!(way.vertices_crs84, [[0.0, 0.0], [1_000.0, 0.0], [1_000.0, 1_000.0]]);
    }

    #[test]
    fn a_way_within_one_stretch_does_not_go_to_its_ends() {
        let way = way([200.0, 30.0], [700.0, -40.0]).expect("connected");
        assert!((way.length_m - 500.0).abs() < 1e-6);
        assert_eq!(way.vertices_crs84, [[200.0, 0.0], [700.0, 0.0]]);
    }

    #[test]
    fn a_way_starts_and_ends_within_stretches() {
        let way = way([400.0, 10.0], [1_010.0, 600.0]).expect("connected");
        assert!((way.length_m - 1_200.0).abs() < 1e-6);
        assert_eq!(way.vertices_crs84, [[400.0, 0.0], [1_000.0, 0.0], [1_000.0, 600.0]]);
    }

    #[test]
    fn a_pocket_without_a_road_to_it_is_not_reached() {
        assert_eq!(way([0.0, 0.0], [50_500.0, 0.0]), None);
    }

    #[test]
    fn a_stray_track_beside_the_place_does_not_cut_it_off() {
        let network =
            HaulNetwork::new(&[line(&[[0.0, 0.0], [1_000.0, 0.0], [1_000.0, 1_000.0]]), line(&[[500.0, 100.0], [600.0, 100.0]])]);
        let access = network.access([550.0, 90.0]).unwrap();
        assert!((access.off_road_m - 90.0).abs() < 1e-9, "the road, not the track: {access:?}");
    }

    #[test]
    fn every_distance_is_that_of_relaxing_all_edges_until_nothing_changes() {
        // A ragged lattice; Bellman and Ford's slow way is the judge.
        let shift = |i: i32, j: i32| f64::from((i * 31 + j * 17) % 13) * 9.0;
        let place = |i: i32, j: i32| [f64::from(i) * 200.0 + shift(i, j), f64::from(j) * 200.0 + shift(j, i + 5)];
        let mut lines = Vec::new();
        for i in 0..12 {
            lines.push(line(&(0..12).map(|j| place(i, j)).collect::<Vec<_>>()));
            lines.push(line(&(0..12).filter(|j| (i + j) % 5 != 0).map(|j| place(j, i)).collect::<Vec<_>>()));
        }
        let network = HaulNetwork::new(&lines);
        let from = network.access(place(3, 4)).unwrap();
        let paths = network.shortest_paths(from, &Length, &SPEEDS);
        let mut slow = vec![f64::INFINITY; network.nodes.len()];
        for (end, length) in from.ends.into_iter().zip(from.to_ends_m) {
            slow[end as usize] = slow[end as usize].min(length);
        }
        for _ in 0..network.nodes.len() {
            for node in 0..network.nodes.len() {
                for edge in &network.edges[network.first_edge[node] as usize..network.first_edge[node + 1] as usize] {
                    slow[edge.to as usize] = slow[edge.to as usize].min(slow[node] + edge.length_m);
                }
            }
        }
        for (fast, slow) in paths.cost.iter().zip(&slow) {
            assert!((fast - slow).abs() < 1e-6, "{fast} {slow}");
        }
    }
}
