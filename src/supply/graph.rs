//! The bare graph under the haul network: nodes by place, edges in compressed rows, connected pieces.

use std::collections::HashMap;

/// Vertices nearer than this are one node, m: coordinates of seven decimals differ by less.
const SAME_PLACE_M: f64 = 0.05;

/// A stretch between two neighbouring vertices.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
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
    pub fn at(&mut self, place: [f64; 2], place_crs84: [f64; 2]) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "metres of a metric system fit")]
        let key = ((place[0] / SAME_PLACE_M).round() as i64, (place[1] / SAME_PLACE_M).round() as i64);
        // A place near the edge of its square may have its twin in the next one.
        let twin = (-1..=1).flat_map(|i| (-1..=1).map(move |j| (i, j))).find_map(|(i, j)| {
            let node = *self.by_place.get(&(key.0 + i, key.1 + j))?;
            let other = self.places[node as usize];
            ((other[0] - place[0]).hypot(other[1] - place[1]) <= SAME_PLACE_M).then_some(node)
        });
        twin.unwrap_or_else(|| {
            let node = index(self.places.len());
            self.places.push(place);
            self.places_crs84.push(place_crs84);
            self.by_place.insert(key, node);
            node
        })
    }
}

/// Both directions of every arc, sorted by their start.
pub(super) fn compressed_rows(nodes: usize, arcs: &[(u32, u32, f64, u32)]) -> (Vec<u32>, Vec<Edge>) {
    let mut first = vec![0_u32; nodes + 1];
    for (from, to, _, _) in arcs {
        first[*from as usize + 1] += 1;
        first[*to as usize + 1] += 1;
    }
    for node in 0..nodes {
        first[node + 1] += first[node];
    }
    let mut next = first.clone();
    let mut edges = vec![Edge { to: 0, length_m: 0.0, line: 0 }; arcs.len() * 2];
    for (from, to, length_m, line) in arcs {
        for (start, end) in [(*from, *to), (*to, *from)] {
            edges[next[start as usize] as usize] = Edge { to: end, length_m: *length_m, line: *line };
            next[start as usize] += 1;
        }
    }
    (first, edges)
}

/// Numbers the connected pieces, and says which has most edges.
pub(super) fn connected_pieces(first_edge: &[u32], edges: &[Edge]) -> (Vec<u32>, u32) {
    const NONE: u32 = u32::MAX;
    let nodes = first_edge.len() - 1;
    let mut pieces = vec![NONE; nodes];
    let mut sizes: Vec<usize> = Vec::new();
    for start in 0..nodes {
        if pieces[start] != NONE {
            continue;
        }
        let piece = index(sizes.len());
        let (mut size, mut open) = (0, vec![start]);
        pieces[start] = piece;
        while let Some(node) = open.pop() {
            for edge in &edges[first_edge[node] as usize..first_edge[node + 1] as usize] {
                size += 1;
                if pieces[edge.to as usize] == NONE {
                    pieces[edge.to as usize] = piece;
                    open.push(edge.to as usize);
                }
            }
        }
        sizes.push(size);
    }
    let largest = sizes.iter().enumerate().max_by_key(|(_, size)| **size).map_or(0, |(piece, _)| piece);
    (pieces, index(largest))
}

pub(super) fn index(position: usize) -> u32 {
    u32::try_from(position).expect("a network of four thousand million vertices does not fit the caps of a project")
}
