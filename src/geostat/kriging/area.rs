//! Block kriging of a whole area: the mean over it, and how far that mean can be off.

use super::system::System;
use super::target::Target;
use super::trend::{MOST_TERMS, Trend};
use super::{GLOBAL_SAMPLES, Kriged, Kriging, Reach};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Nodes that stand for an area: their covariances with each other are as many, squared.
const NODES: usize = 3_000;

/// Samples that are asked for an area; where there are more, those that share a small square are averaged.
const SAMPLES: usize = 2_000;

/// Samples beyond this many ranges from the area are left out where there are more than [`SAMPLES`]; but never all of them.
const REACH: f64 = 1.0;

/// Mean distance of two random points in a square of edge 1.
const MEAN_DISTANCE_IN_SQUARE: f64 = 0.521_405_433;

/// A place that stands for several, with their share of the whole.
#[derive(Debug, Clone, Copy)]
struct Node {
    place: [f64; 2],
    share: f64,
    value: f64,
}

/// What the places of an area have become.
struct Nodes {
    nodes: Vec<Node>,
    /// Edge of the square that a node stands for; 0 where it stands for itself.
    edge: f64,
}

impl Kriging {
    /// Value and variance of the mean over places of an area, all in one system.
    pub(super) fn area(&self, places: &[[f64; 2]]) -> Kriged {
        let places = places.iter().map(|[x, y]| self.place_of((*x, *y))).filter(|[x, y]| x.is_finite() && y.is_finite());
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let area = {
            let places: Vec<Node> = places.map(|place| Node { place, share: 1.0, value: 0.0 }).collect();
            let share = (places.len() as f64).recip();
            let mut area = gathered(places, NODES);
            area.nodes.iter_mut().for_each(|node| node.share *= share);
            area
        };
        if area.nodes.is_empty() {
            return self.nowhere();
        }
        match &self.reach {
            Reach::Global(global) => self.mean_of(&global.system, &self.places, &area),
            Reach::Nearest(_) if self.places.len() <= SAMPLES => {
                let system = self.all_samples.get_or_init(|| self.system_of(&self.places, &self.values));
                self.mean_of(system, &self.places, &area)
            }
            Reach::Nearest(_) => {
                let samples = self.samples_near(&area);
                let places: Vec<[f64; 2]> = samples.iter().map(|node| node.place).collect();
                let values: Vec<f64> = samples.iter().map(|node| node.value).collect();
                self.mean_of(&self.system_of(&places, &values), &places, &area)
            }
        }
    }

    fn system_of(&self, places: &[[f64; 2]], values: &[f64]) -> System {
        let mut system = System::default();
        let trend = Trend::around(self.drift, places.iter().copied());
        system.prepare(places.iter().copied(), values.iter().copied(), trend, |matrix| self.likeness.matrix(places, matrix));
        system
    }

    fn mean_of(&self, system: &System, samples: &[[f64; 2]], area: &Nodes) -> Kriged {
        let mut covariances: Vec<f64> = samples
            .par_iter()
            .map(|[x, y]| {
                let squared = area.nodes.iter().map(|node| (node.place[0] - x).powi(2) + (node.place[1] - y).powi(2));
                let mut structure: Vec<f64> = squared.collect();
                self.likeness.structure(&mut structure);
                structure.iter().zip(&area.nodes).map(|(covariance, node)| covariance * node.share).sum()
            })
            .collect();
        let mut drift = [0.0; MOST_TERMS];
        for node in &area.nodes {
            let terms = system.drift_at(node.place, &Target::point(&self.likeness).points);
            drift.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term * node.share);
        }
        let own = self.own_covariance(area);
        system.solve(&mut covariances);
        system.estimate(&covariances, &drift, own)
    }

    /// The mean covariance of two places of the area, without the nugget: over an area it averages out.
    fn own_covariance(&self, area: &Nodes) -> f64 {
        let mut itself = [(MEAN_DISTANCE_IN_SQUARE * area.edge).powi(2)];
        self.likeness.structure(&mut itself);
        let rows: Vec<f64> = area
            .nodes
            .par_iter()
            .enumerate()
            .map(|(index, node)| {
                let others = &area.nodes[..index];
                let [x, y] = node.place;
                let mut structure: Vec<f64> =
                    others.iter().map(|o| (o.place[0] - x).powi(2) + (o.place[1] - y).powi(2)).collect();
                self.likeness.structure(&mut structure);
                let pairs: f64 = structure.iter().zip(others).map(|(covariance, other)| covariance * other.share).sum();
                node.share * (2.0 * pairs + node.share * itself[0])
            })
            .collect();
        rows.iter().sum()
    }

    /// Samples within reach of an area, averaged where they are too many.
    fn samples_near(&self, area: &Nodes) -> Vec<Node> {
        let (least, most) = bounds(&area.nodes);
        let beyond = |[x, y]: [f64; 2]| (least[0] - x).max(x - most[0]).max(0.0).hypot((least[1] - y).max(y - most[1]).max(0.0));
        let mut order: Vec<(f64, usize)> = self.places.iter().enumerate().map(|(index, place)| (beyond(*place), index)).collect();
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let within = order.iter().filter(|(distance, _)| *distance <= REACH).count();
        order.truncate(within.max(GLOBAL_SAMPLES.min(SAMPLES) / 4));
        order.sort_unstable_by_key(|(_, index)| *index);
        let samples = order.iter().map(|(_, index)| Node { place: self.places[*index], share: 1.0, value: self.values[*index] });
        gathered(samples.collect(), SAMPLES).nodes
    }
}

fn bounds(nodes: &[Node]) -> ([f64; 2], [f64; 2]) {
    let start = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    nodes.iter().fold(start, |(least, most), Node { place: [x, y], .. }| {
        ([least[0].min(*x), least[1].min(*y)], [most[0].max(*x), most[1].max(*y)])
    })
}

/// About as many nodes as `wanted` at most: where there are more, those of one square become one at their middle, with
/// their shares together and the mean of their values.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "squares are numbered up to a few thousand")]
fn gathered(nodes: Vec<Node>, wanted: usize) -> Nodes {
    if nodes.len() <= wanted {
        return Nodes { nodes, edge: 0.0 };
    }
    let (least, most) = bounds(&nodes);
    let (width, height) = (most[0] - least[0], most[1] - least[1]);
    let wanted = wanted as f64;
    let edge = (width * height / wanted).sqrt().max(width / wanted).max(height / wanted);
    if edge <= 0.0 || !edge.is_finite() {
        return Nodes { nodes: nodes.into_iter().take(1).map(|node| Node { share: wanted, ..node }).collect(), edge: 0.0 };
    }
    let mut squares: BTreeMap<(i64, i64), Node> = BTreeMap::new();
    for node in nodes {
        let [x, y] = node.place;
        let key = (((x - least[0]) / edge).floor() as i64, ((y - least[1]) / edge).floor() as i64);
        let sum = squares.entry(key).or_insert(Node { place: [0.0, 0.0], share: 0.0, value: 0.0 });
        sum.place = [sum.place[0] + node.share * x, sum.place[1] + node.share * y];
        sum.value += node.share * node.value;
        sum.share += node.share;
    }
    let mean = |sum: &Node| Node {
        place: [sum.place[0] / sum.share, sum.place[1] / sum.share],
        share: sum.share,
        value: sum.value / sum.share,
    };
    Nodes { nodes: squares.values().map(mean).collect(), edge }
}
