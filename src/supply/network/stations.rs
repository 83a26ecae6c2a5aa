//! Where a narrow-gauge line comes near a road, and peat changes from wagons to trucks or back.

use super::graph::{Arc, NodeTable, between, distance};
use super::{Stretch, stretches};
use rstar::{PointDistance, RTree};

/// Farther than this from its end, no road belongs to a line, m; requests say how much less.
pub const FARTHEST_STATION_M: f64 = 2_000.0;

/// A node of a line and one of a road between which peat is reloaded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Station {
    /// Among the nodes of lines.
    pub rail: u32,
    /// Among the nodes of roads.
    pub road: u32,
    /// Way of the truck between both, straight, m.
    pub off_road_m: f64,
}

/// A road is to get a node at this share of one of its stretches.
struct Cut {
    arc: u32,
    share: f64,
    rail: u32,
    off_road_m: f64,
}

/// The stations: vertices that a line shares with a road, and ends of lines near roads, which get a node there.
pub(super) fn found(roads: &mut NodeTable, road_arcs: &mut Vec<Arc>, rails: &NodeTable, rail_arcs: &[Arc]) -> Vec<Station> {
    let mut neighbours = vec![0_u32; rails.places.len()];
    for arc in rail_arcs {
        neighbours[arc.from as usize] += 1;
        neighbours[arc.to as usize] += 1;
    }
    let mut stations = Vec::new();
    let mut ends = Vec::new();
    for ((rail, place), neighbours) in (0_u32..).zip(&rails.places).zip(neighbours) {
        match roads.found(*place) {
            Some(road) => stations.push(Station { rail, road, off_road_m: 0.0 }),
            None if neighbours == 1 => ends.push((rail, *place)),
            None => (),
        }
    }
    if ends.is_empty() || road_arcs.is_empty() {
        return stations;
    }
    let tree = stretches(road_arcs, &roads.places, 0);
    let cuts = ends.into_iter().filter_map(|(rail, place)| cut_near(&tree, road_arcs, roads, rail, place));
    let mut cuts: Vec<Cut> = cuts.collect();
    cuts.sort_by(|a, b| a.arc.cmp(&b.arc).then_with(|| a.share.total_cmp(&b.share)).then_with(|| a.rail.cmp(&b.rail)));
    stations.extend(cut(roads, road_arcs, &cuts));
    stations
}

fn cut_near(tree: &RTree<Stretch>, arcs: &[Arc], roads: &NodeTable, rail: u32, place: [f64; 2]) -> Option<Cut> {
    let stretch = tree.nearest_neighbor(&place)?;
    let off_road_m = stretch.geom().distance_2(&place).sqrt();
    let arc = arcs[stretch.data as usize];
    let (a, b) = (roads.places[arc.from as usize], roads.places[arc.to as usize]);
    let along = (place[0] - a[0]) * (b[0] - a[0]) + (place[1] - a[1]) * (b[1] - a[1]);
    let share = (along / (arc.length_m * arc.length_m)).clamp(0.0, 1.0);
    (off_road_m <= FARTHEST_STATION_M).then_some(Cut { arc: stretch.data, share, rail, off_road_m })
}

/// Gives the roads their nodes; the cuts are in the order of the stretches and along each.
fn cut(roads: &mut NodeTable, arcs: &mut Vec<Arc>, cuts: &[Cut]) -> Vec<Station> {
    let mut stations = Vec::with_capacity(cuts.len());
    let mut whole = Vec::with_capacity(arcs.len() + cuts.len());
    let mut cuts = cuts.iter().peekable();
    for (number, arc) in (0_u32..).zip(arcs.iter()) {
        let (a, b) = (arc.from as usize, arc.to as usize);
        let (places, places_crs84) = ([roads.places[a], roads.places[b]], [roads.places_crs84[a], roads.places_crs84[b]]);
        let mut from = arc.from;
        let mut was_cut = false;
        while let Some(cut) = cuts.next_if(|cut| cut.arc == number) {
            // A cut at an end of the stretch finds the node that is there.
            let at = between(places[0], places[1], cut.share);
            let road = roads.at(at, between(places_crs84[0], places_crs84[1], cut.share));
            stations.push(Station { rail: cut.rail, road, off_road_m: cut.off_road_m });
            if road != from && road != arc.to {
                let length_m = distance(roads.places[from as usize], roads.places[road as usize]);
                whole.push(Arc { from, to: road, length_m, line: arc.line });
                (from, was_cut) = (road, true);
            }
        }
        let length_m = if was_cut { distance(roads.places[from as usize], places[1]) } else { arc.length_m };
        whole.push(Arc { from, to: arc.to, length_m, line: arc.line });
    }
    *arcs = whole;
    stations
}
