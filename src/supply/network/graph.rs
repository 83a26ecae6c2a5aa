//! The bare graph under the haul network: nodes by place, edges in compressed rows, connected pieces.

use std::cmp::Ordering;
use std::collections::HashMap;

/// Vertices nearer than this are one node, m: coordinates of seven decimals differ by less.
const SAME_PLACE_M: f64 = 0.05;
/// The line of an edge that is no line: peat is reloaded there.
pub(in crate::supply) const TRANSFER: u32 = u32::MAX;

/// A stretch between two neighbouring vertices of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::supply) struct Arc {
    pub from: u32,
    pub to: u32,
    pub length_m: f64,
    pub line: u32,
}

/// One direction of a stretch.
#[derive(Debug, Clone, Copy)]
pub(in crate::supply) struct Edge {
    pub to: u32,
    pub length_m: f64,
    pub line: u32,
}

/// Nodes by place.
#[derive(Default)]
pub(super) struct NodeTable {
    pub places: Vec<[f64; 2]>,
    pub places_crs84: Vec<[f64; 2]>,
    by_place: HashMap<(i64, i64), u32>,
}

impl NodeTable {
    /// The node at a place, a new one where there is none.
    pub fn at(&mut self, place: [f64; 2], place_crs84: [f64; 2]) -> u32 {
        self.found(place).unwrap_or_else(|| {
            let node = index(self.places.len());
            self.places.push(place);
            self.places_crs84.push(place_crs84);
            self.by_place.insert(key(place), node);
            node
        })
    }

    /// The node at a place, where there is one.
    pub fn found(&self, place: [f64; 2]) -> Option<u32> {
        let key = key(place);
        // A place near the edge of its square may have its twin in the next one.
        (-1..=1).flat_map(|i| (-1..=1).map(move |j| (i, j))).find_map(|(i, j)| {
            let node = *self.by_place.get(&(key.0 + i, key.1 + j))?;
            (distance(self.places[node as usize], place) <= SAME_PLACE_M).then_some(node)
        })
    }
}

fn key(place: [f64; 2]) -> (i64, i64) {
    #[expect(clippy::cast_possible_truncation, reason = "metres of a metric system fit")]
    let squares = place.map(|metres| (metres / SAME_PLACE_M).round() as i64);
    // The neighbours of a square must be numbers, too, whatever a file says.
    let inside = squares.map(|square| square.clamp(i64::MIN + 1, i64::MAX - 1));
    (inside[0], inside[1])
}

pub(in crate::supply) fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// The place at a share of the way from one to another.
pub(in crate::supply) fn between(a: [f64; 2], b: [f64; 2], share: f64) -> [f64; 2] {
    [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
}

/// West before east, then south before north: an order of places that does not hang on the order of the lines.
pub(in crate::supply) fn by_place(a: [f64; 2], b: [f64; 2]) -> Ordering {
    a[0].total_cmp(&b[0]).then_with(|| a[1].total_cmp(&b[1]))
}

/// Both directions of every arc, sorted by their start.
pub(super) fn compressed_rows(nodes: usize, arcs: &[Arc]) -> (Vec<u32>, Vec<Edge>) {
    let mut first = vec![0_u32; nodes + 1];
    for arc in arcs {
        first[arc.from as usize + 1] += 1;
        first[arc.to as usize + 1] += 1;
    }
    for node in 0..nodes {
        first[node + 1] += first[node];
    }
    let mut next = first.clone();
    let mut edges = vec![Edge { to: 0, length_m: 0.0, line: 0 }; arcs.len() * 2];
    for arc in arcs {
        for (start, end) in [(arc.from, arc.to), (arc.to, arc.from)] {
            edges[next[start as usize] as usize] = Edge { to: end, length_m: arc.length_m, line: arc.line };
            next[start as usize] += 1;
        }
    }
    (first, edges)
}

/// Numbers the connected pieces of the first so many nodes, leaving out what lies beyond them, and says which piece has
/// most edges; of two with as many, the one that has the westernmost place.
pub(super) fn connected_pieces(first_edge: &[u32], edges: &[Edge], places: &[[f64; 2]]) -> (Vec<u32>, u32) {
    const NONE: u32 = u32::MAX;
    let nodes = places.len();
    let mut pieces = vec![NONE; nodes];
    let mut sizes: Vec<(usize, [f64; 2])> = Vec::new();
    for start in 0..nodes {
        if pieces[start] != NONE {
            continue;
        }
        let piece = index(sizes.len());
        let (mut size, mut least, mut open) = (0, places[start], vec![start]);
        pieces[start] = piece;
        while let Some(node) = open.pop() {
            if by_place(places[node], least) == Ordering::Less {
                least = places[node];
            }
            let own = &edges[first_edge[node] as usize..first_edge[node + 1] as usize];
            for edge in own.iter().filter(|edge| (edge.to as usize) < nodes) {
                size += 1;
                if pieces[edge.to as usize] == NONE {
                    pieces[edge.to as usize] = piece;
                    open.push(edge.to as usize);
                }
            }
        }
        sizes.push((size, least));
    }
    let larger = |a: &(usize, [f64; 2]), b: &(usize, [f64; 2])| a.0.cmp(&b.0).then_with(|| by_place(b.1, a.1));
    let largest = sizes.iter().enumerate().max_by(|(_, a), (_, b)| larger(a, b)).map_or(0, |(piece, _)| piece);
    (pieces, index(largest))
}

pub(in crate::supply) fn index(position: usize) -> u32 {
    u32::try_from(position).expect("a network of four thousand million vertices does not fit the caps of a project")
}
