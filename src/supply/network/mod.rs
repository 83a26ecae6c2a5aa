//! The haul network as a graph: roads for trucks, narrow-gauge lines for trains, and the stations where peat is
//! reloaded from one to the other.
//!
//! Adjacency is a compressed sparse row array and the search a plain Dijkstra with a binary heap: one
//! search from the plant reaches every field, 20 ms at 100,000 nodes. Every vertex of a line is a node, so that
//! roads meet wherever they share a vertex. A place where a road and a line share a vertex is two nodes, one for each
//! mode, so that nothing changes over without being reloaded.

mod graph;
mod paths;
mod stations;

pub(super) use graph::{Arc, between, by_place, distance, index};
pub use paths::{ShortestPaths, Start, StretchCost, Way, WayLeg};
pub use stations::FARTHEST_STATION_M;

use crate::model::RoadClass;
use crate::supply::Place;
use geo::{Distance, Euclidean, MultiPolygon};
use graph::{Edge, NodeTable, compressed_rows, connected_pieces};
use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, PointDistance, RTree};
use serde::Serialize;
use stations::Station;

/// Farther than this from a road, a place is taken to have no road, m.
pub const FARTHEST_ACCESS_M: f64 = 15_000.0;
/// Farther than this from a narrow-gauge line, nothing is loaded into its wagons by itself, m; requests say how much less.
pub const FARTHEST_SIDING_M: f64 = 2_000.0;

/// What carries peat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HaulMode {
    /// Trucks, on roads.
    Truck,
    /// Trains, on narrow-gauge lines.
    NarrowGauge,
}

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

/// Speeds where roads and lines do not say, km/h.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Speeds {
    pub main_road: f64,
    pub local_road: f64,
    pub track: f64,
    pub narrow_gauge: f64,
}

impl Speeds {
    fn of(&self, class: RoadClass) -> f64 {
        match class {
            RoadClass::Trunk | RoadClass::Primary | RoadClass::Secondary => self.main_road,
            RoadClass::Tertiary | RoadClass::Unclassified => self.local_road,
            RoadClass::Track => self.track,
            RoadClass::NarrowGauge => self.narrow_gauge,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct LineProperties {
    class: RoadClass,
    speed_km_h: Option<f64>,
    cost_rub_t_km: Option<f64>,
    /// Its place among the lines that the network was made of.
    given: u32,
}

type Stretch = GeomWithData<Line<[f64; 2]>, u32>;

/// The network as a graph.
#[derive(Debug)]
pub struct HaulNetwork {
    nodes: Vec<[f64; 2]>,
    nodes_crs84: Vec<[f64; 2]>,
    /// Nodes before this one are of roads, the others of narrow-gauge lines.
    rail_from: u32,
    first_edge: Vec<u32>,
    edges: Vec<Edge>,
    arcs: Vec<Arc>,
    lines: Vec<LineProperties>,
    roads: RTree<Stretch>,
    rails: RTree<Stretch>,
    stations: usize,
    /// By node of a road, the number of the connected piece it belongs to, and which piece has most stretches.
    pieces: Vec<u32>,
    largest_piece: u32,
}

/// Where a place off the network reaches it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Access {
    /// The stretch.
    arc: u32,
    /// The nodes at both its ends.
    ends: [u32; 2],
    /// Its line.
    line: u32,
    /// Distances along the stretch to its ends, m.
    to_ends_m: [f64; 2],
    /// Straight distance from the place to the stretch, m.
    pub off_road_m: f64,
    /// Where the stretch is reached, CRS84.
    pub reached_crs84: [f64; 2],
}

impl HaulNetwork {
    /// Builds the graph. Vertices that are not finite are left out.
    ///
    /// Peat is reloaded where a narrow-gauge line and a road share a vertex, and where a line ends within
    /// [`FARTHEST_STATION_M`] of a road: there the road gets a node. Where they only cross, nothing is reloaded.
    #[must_use]
    pub fn new(lines: &[NetworkLine]) -> Self {
        let (mut roads, mut rails) = (NodeTable::default(), NodeTable::default());
        let mut properties = Vec::new();
        let is_rail = |line: &NetworkLine| line.class == RoadClass::NarrowGauge;
        let mut road_arcs = arcs_of(lines, |line| !is_rail(line), &mut roads, &mut properties);
        let mut rail_arcs = arcs_of(lines, is_rail, &mut rails, &mut properties);
        let stations = stations::found(&mut roads, &mut road_arcs, &rails, &rail_arcs);

        let rail_from = index(roads.places.len());
        for arc in &mut rail_arcs {
            arc.from += rail_from;
            arc.to += rail_from;
        }
        let (road_count, mut arcs) = (road_arcs.len(), road_arcs);
        arcs.append(&mut rail_arcs);
        let mut linked = arcs.clone();
        linked.extend(stations.iter().map(|station| station.arc(rail_from)));
        let (mut nodes, mut nodes_crs84) = (roads.places, roads.places_crs84);
        nodes.append(&mut rails.places);
        nodes_crs84.append(&mut rails.places_crs84);
        let (first_edge, edges) = compressed_rows(nodes.len(), &linked);
        let (pieces, largest_piece) = connected_pieces(&first_edge, &edges, &nodes[..rail_from as usize]);
        Self {
            roads: stretches(&arcs[..road_count], &nodes, 0),
            rails: stretches(&arcs[road_count..], &nodes, road_count),
            nodes,
            nodes_crs84,
            rail_from,
            first_edge,
            edges,
            arcs,
            lines: properties,
            stations: stations.iter().map(|station| station.rail).collect::<std::collections::BTreeSet<_>>().len(),
            pieces,
            largest_piece,
        }
    }

    /// Whether there is neither road nor line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// Nodes, of roads and of narrow-gauge lines.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Places where peat can be reloaded between roads and narrow-gauge lines.
    #[must_use]
    pub fn station_count(&self) -> usize {
        self.stations
    }

    /// The nodes of the roads' largest connected piece, where trucks come from everywhere else on it.
    pub fn road_places(&self) -> impl Iterator<Item = Place> + '_ {
        let nodes = self.nodes.iter().zip(&self.nodes_crs84).zip(&self.pieces);
        let connected = nodes.filter(|(_, piece)| **piece == self.largest_piece);
        connected.map(|((working, crs84), _)| Place { working: *working, crs84: *crs84 })
    }

    /// Where a place reaches the roads: the nearest stretch of their largest connected piece within
    /// [`FARTHEST_ACCESS_M`], so that a stray track beside it does not cut it off; else the nearest stretch of all.
    /// `None` without roads.
    #[must_use]
    pub fn access(&self, place: [f64; 2]) -> Option<Access> {
        let near = self.roads.nearest_neighbor_iter_with_distance_2(&place);
        let reachable = near.take_while(|(_, squared)| *squared <= FARTHEST_ACCESS_M * FARTHEST_ACCESS_M);
        let of_largest = |stretch: &&Stretch| self.pieces[self.arcs[stretch.data as usize].from as usize] == self.largest_piece;
        let mut connected = reachable.filter(|(stretch, _)| of_largest(stretch));
        let Some((nearest, squared)) = connected.next() else {
            let stretch = self.roads.nearest_neighbor(&place)?;
            return Some(self.access_on(stretch.data, place, stretch.geom().distance_2(&place).sqrt()));
        };
        // A road that is there twice is as near by either line: the better one is taken, whichever was read first.
        let ties = connected.take_while(|(_, other)| *other <= squared).map(|(stretch, _)| stretch.data);
        let arc = std::iter::once(nearest.data).chain(ties).min_by(|a, b| self.better_road(*a, *b))?;
        Some(self.access_on(arc, place, squared.sqrt()))
    }

    /// The order of stretches that are equally near: by class, by the speed and the cost that they state, by their place.
    fn better_road(&self, a: u32, b: u32) -> std::cmp::Ordering {
        let line = |arc: u32| self.lines[self.arcs[arc as usize].line as usize];
        let (one, other) = (line(a), line(b));
        let speed = |line: LineProperties| line.speed_km_h.unwrap_or(0.0);
        let cost = |line: LineProperties| line.cost_rub_t_km.unwrap_or(f64::INFINITY);
        (one.class as u8)
            .cmp(&(other.class as u8))
            .then_with(|| speed(other).total_cmp(&speed(one)))
            .then_with(|| cost(one).total_cmp(&cost(other)))
            .then_with(|| self.earlier(a, b))
    }

    /// Where the wagons of a narrow-gauge line are loaded or unloaded at a place itself: on the nearest stretch within
    /// [`FARTHEST_SIDING_M`].
    #[must_use]
    pub fn siding(&self, place: [f64; 2]) -> Option<Access> {
        let stretch = self.rails.nearest_neighbor(&place)?;
        let away = stretch.geom().distance_2(&place).sqrt();
        (away <= FARTHEST_SIDING_M).then(|| self.access_on(stretch.data, place, away))
    }

    /// The same of a field: the stretch nearest to its outline within [`FARTHEST_SIDING_M`], and of those that touch it the
    /// one nearest to its middle; wagons stand on it where it is nearest to the middle. Distances are from the outline.
    #[must_use]
    pub fn siding_of(&self, outline: &MultiPolygon, middle: [f64; 2]) -> Option<Access> {
        let corners = outline.iter().flat_map(|polygon| polygon.exterior().coords()).map(|c| [c.x, c.y]);
        let corners: Vec<[f64; 2]> = corners.filter(|place| place[0].is_finite() && place[1].is_finite()).collect();
        let envelope = AABB::from_points(corners.first().map(|_| corners.iter())?);
        let reach = |corner: [f64; 2], by: f64| [corner[0] + by, corner[1] + by];
        let around = AABB::from_corners(reach(envelope.lower(), -FARTHEST_SIDING_M), reach(envelope.upper(), FARTHEST_SIDING_M));
        let near = self.rails.locate_in_envelope_intersecting(&around).map(|stretch| {
            let (from, to) = (stretch.geom().from, stretch.geom().to);
            let line = geo::Line::new(from, to);
            (Euclidean.distance(&line, outline), stretch.geom().distance_2(&middle), stretch.data)
        });
        let nearer = |a: &(f64, f64, u32), b: &(f64, f64, u32)| {
            a.0.total_cmp(&b.0).then_with(|| a.1.total_cmp(&b.1)).then_with(|| self.earlier(a.2, b.2))
        };
        let (away, _, arc) = near.filter(|(away, ..)| *away <= FARTHEST_SIDING_M).min_by(nearer)?;
        Some(self.access_on(arc, middle, away))
    }

    fn earlier(&self, a: u32, b: u32) -> std::cmp::Ordering {
        let ends = |arc: u32| [self.arcs[arc as usize].from, self.arcs[arc as usize].to].map(|node| self.nodes[node as usize]);
        by_place(ends(a)[0], ends(b)[0]).then_with(|| by_place(ends(a)[1], ends(b)[1]))
    }

    fn access_on(&self, arc: u32, place: [f64; 2], off_road_m: f64) -> Access {
        let Arc { from, to, line, .. } = self.arcs[arc as usize];
        let (a, b) = (self.nodes[from as usize], self.nodes[to as usize]);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let squared = dx * dx + dy * dy;
        let share = (((place[0] - a[0]) * dx + (place[1] - a[1]) * dy) / squared).clamp(0.0, 1.0);
        let length = squared.sqrt();
        Access {
            arc,
            ends: [from, to],
            line,
            to_ends_m: [share * length, (1.0 - share) * length],
            off_road_m,
            reached_crs84: between(self.nodes_crs84[from as usize], self.nodes_crs84[to as usize], share),
        }
    }

    fn mode(&self, node: u32) -> HaulMode {
        if node < self.rail_from { HaulMode::Truck } else { HaulMode::NarrowGauge }
    }

    fn speed(&self, line: u32, speeds: &Speeds) -> f64 {
        let properties = self.lines[line as usize];
        properties.speed_km_h.unwrap_or_else(|| speeds.of(properties.class))
    }
}

/// What the other files of this room read of the graph.
impl HaulNetwork {
    pub(super) fn arcs(&self) -> &[Arc] {
        &self.arcs
    }

    pub(super) fn place(&self, node: u32) -> [f64; 2] {
        self.nodes[node as usize]
    }

    pub(super) fn place_crs84(&self, node: u32) -> [f64; 2] {
        self.nodes_crs84[node as usize]
    }

    pub(super) fn mode_of_line(&self, line: u32) -> HaulMode {
        match self.lines[line as usize].class {
            RoadClass::NarrowGauge => HaulMode::NarrowGauge,
            _ => HaulMode::Truck,
        }
    }

    pub(super) fn mode_of(&self, access: &Access) -> HaulMode {
        self.mode_of_line(access.line)
    }

    /// The place of a line among those that the network was made of.
    pub(super) fn given_line(&self, line: u32) -> u32 {
        self.lines[line as usize].given
    }

    pub(super) fn line_count(&self) -> u32 {
        index(self.lines.len())
    }

    /// What a metre of a line costs.
    pub(super) fn price_of_a_metre(&self, line: u32, cost: &impl StretchCost, speeds: &Speeds) -> f64 {
        cost.cost(self.mode_of_line(line), 1.0, self.speed(line, speeds), self.lines[line as usize].cost_rub_t_km)
    }

    /// Whether trucks come from one access to the other.
    pub(super) fn roads_connect(&self, a: &Access, b: &Access) -> bool {
        let piece = |access: &Access| self.pieces.get(access.ends[0] as usize);
        piece(a).is_some_and(|of_a| piece(b) == Some(of_a))
    }

    /// Whether a stretch is of the roads' largest connected piece.
    pub(super) fn is_of_largest_piece(&self, arc: &Arc) -> bool {
        self.pieces.get(arc.from as usize) == Some(&self.largest_piece)
    }

    /// An access in the middle of nothing but a node: the start of a search from there.
    pub(super) fn access_at_end(&self, arc: u32) -> Access {
        let Arc { from, to, line, length_m } = self.arcs[arc as usize];
        let reached_crs84 = self.place_crs84(from);
        Access { arc, ends: [from, to], line, to_ends_m: [0.0, length_m], off_road_m: 0.0, reached_crs84 }
    }
}

impl Access {
    pub(super) fn arc(self) -> u32 {
        self.arc
    }

    pub(super) fn to_ends_m(self) -> [f64; 2] {
        self.to_ends_m
    }
}

/// The stretches of some of the lines, their vertices as nodes.
fn arcs_of(
    lines: &[NetworkLine],
    carries: impl Fn(&NetworkLine) -> bool,
    nodes: &mut NodeTable,
    properties: &mut Vec<LineProperties>,
) -> Vec<Arc> {
    let mut arcs = Vec::new();
    for (given, line) in lines.iter().enumerate().filter(|(_, line)| carries(line)) {
        let number = index(properties.len());
        let (speed_km_h, cost_rub_t_km) = (line.speed_km_h, line.cost_rub_t_km);
        properties.push(LineProperties { class: line.class, speed_km_h, cost_rub_t_km, given: index(given) });
        let mut last: Option<u32> = None;
        let places = line.vertices.iter().zip(&line.vertices_crs84);
        for (place, place_crs84) in places.filter(|(place, _)| place[0].is_finite() && place[1].is_finite()) {
            let node = nodes.at(*place, *place_crs84);
            if let Some(from) = last.filter(|from| *from != node) {
                let length_m = distance(nodes.places[from as usize], nodes.places[node as usize]);
                arcs.push(Arc { from, to: node, length_m, line: number });
            }
            last = Some(node);
        }
    }
    arcs
}

fn stretches(arcs: &[Arc], nodes: &[[f64; 2]], first: usize) -> RTree<Stretch> {
    let stretches = arcs.iter().enumerate().map(|(number, arc)| {
        let ends = Line::new(nodes[arc.from as usize], nodes[arc.to as usize]);
        GeomWithData::new(ends, index(first + number))
    });
    RTree::bulk_load(stretches.collect())
}

impl Station {
    fn arc(&self, rail_from: u32) -> Arc {
        Arc { from: self.road, to: self.rail + rail_from, length_m: self.off_road_m, line: graph::TRANSFER }
    }
}

#[cfg(test)]
pub(super) mod tests;
