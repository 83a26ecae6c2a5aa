//! Places where a plant could stand: nodes of the haul network near those who need heat.

use crate::supply::Place;
use serde::Serialize;
use std::collections::HashMap;
use thiserror::Error;

/// Most nodes that are looked at.
const MOST_NODES: usize = 5_000_000;
/// Most consumers.
const MOST_CONSUMERS: usize = 10_000;
/// Most candidates.
const MOST_CANDIDATES: usize = 10_000;

/// Somebody who needs heat, as a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatPlace {
    /// Working system: east, north, m.
    pub working: [f64; 2],
    /// Heat needed, MWh a year.
    pub heat_mwh_a: f64,
}

/// Which nodes become candidates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CandidateRules {
    /// Greatest distance to a consumer, straight, m.
    pub reach_m: f64,
    /// Least distance between candidates, straight, m.
    pub spacing_m: f64,
    /// At most so many: those that see most heat.
    pub most: usize,
}

/// A place where a plant could stand.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Candidate {
    /// Which of the nodes it is, by its place in the input.
    pub node: usize,
    /// Working system: east, north, m.
    pub working: [f64; 2],
    /// CRS84.
    pub crs84: [f64; 2],
    /// To the nearest consumer, straight, m.
    pub nearest_consumer_m: f64,
    /// Heat needed within reach, MWh a year.
    pub heat_within_reach_mwh_a: f64,
    /// The same, each consumer weighed by `1 - distance / reach`, MWh a year: what puts candidates in order.
    pub nearness_mwh_a: f64,
}

/// Why there are no candidates.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum CandidateError {
    #[error("{name} must lie between {low} and {high} m; it was {value}")]
    OutOfRange { name: &'static str, value: f64, low: f64, high: f64 },
    #[error("{count} {what} are more than {most}")]
    TooMany { what: &'static str, count: usize, most: usize },
    #[error("a {what} has a coordinate or a heat need that is no number, or a need below zero")]
    NotANumber { what: &'static str },
    #[error("the search was stopped")]
    Cancelled,
}

/// A square grid of places, each cell as wide as the distance that is looked for.
struct Squares {
    width: f64,
    places: HashMap<(i64, i64), Vec<usize>>,
}

impl Squares {
    fn new(width: f64) -> Self {
        Self { width, places: HashMap::new() }
    }

    #[expect(clippy::cast_possible_truncation, reason = "metres of a metric system fit, others become the greatest number")]
    fn cell(&self, at: [f64; 2]) -> (i64, i64) {
        ((at[0] / self.width).floor() as i64, (at[1] / self.width).floor() as i64)
    }

    fn add(&mut self, at: [f64; 2], index: usize) {
        let cell = self.cell(at);
        self.places.entry(cell).or_default().push(index);
    }

    /// Those in the cell and its eight neighbours, row by row.
    fn around(&self, at: [f64; 2]) -> impl Iterator<Item = usize> + '_ {
        let (x, y) = self.cell(at);
        let near = move |step: i64| (x.saturating_add(step / 3 - 1), y.saturating_add(step % 3 - 1));
        (0..9).filter_map(move |step| self.places.get(&near(step))).flatten().copied()
    }
}

/// Nodes of the haul network near consumers, thinned so that no two stand closer than the spacing. Nodes that see most heat
/// near by (`Σ heat (1 - distance / reach)`) come first; a node that is nearer to a taken one than the spacing, or where `allowed`
/// says no (land under a constraint), is passed over. The order of the inputs changes nothing.
///
/// A node 500 m from a consumer of 100 MWh, at a reach of 1 km, sees half of it:
///
/// ```
/// use peatplan::supply::Place;
/// use peatplan::supply::siting::{CandidateRules, HeatPlace, candidate_sites};
/// let node = |x: f64| Place { working: [x, 0.0], crs84: [40.0, 55.0] };
/// let consumer = HeatPlace { working: [0.0, 0.0], heat_mwh_a: 100.0 };
/// let rules = CandidateRules { reach_m: 1000.0, spacing_m: 300.0, most: 10 };
/// let found = candidate_sites(&[node(500.0), node(600.0), node(1500.0)], &[consumer], &rules, &|_| true, &mut |_| true).unwrap();
/// assert_eq!((found.len(), found[0].node, found[0].nearness_mwh_a), (1, 0, 50.0));
/// ```
///
/// # Errors
/// [`CandidateError`]: rules outside their limits, too many inputs, coordinates that are no numbers, or stopped.
pub fn candidate_sites(
    nodes: &[Place],
    consumers: &[HeatPlace],
    rules: &CandidateRules,
    allowed: &dyn Fn(&Place) -> bool,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<Vec<Candidate>, CandidateError> {
    for (name, value, low, high) in [("reach_m", rules.reach_m, 1.0, 200_000.0), ("spacing_m", rules.spacing_m, 0.0, 100_000.0)] {
        if !(low..=high).contains(&value) {
            return Err(CandidateError::OutOfRange { name, value, low, high });
        }
    }
    let counts = [
        ("nodes", nodes.len(), MOST_NODES),
        ("consumers", consumers.len(), MOST_CONSUMERS),
        ("candidates", rules.most, MOST_CANDIDATES),
    ];
    if let Some((what, count, most)) = counts.into_iter().find(|(_, count, most)| count > most) {
        return Err(CandidateError::TooMany { what, count, most });
    }
    let sound = |at: &[f64; 2]| at.iter().all(|part| part.is_finite());
    if !consumers.iter().all(|consumer| sound(&consumer.working) && consumer.heat_mwh_a.is_finite() && consumer.heat_mwh_a >= 0.0)
    {
        return Err(CandidateError::NotANumber { what: "consumer" });
    }
    if !nodes.iter().all(|node| sound(&node.working)) {
        return Err(CandidateError::NotANumber { what: "node" });
    }
    // Sums of rounded numbers depend on their order: so the order is that of the places, not of the input.
    let mut ordered = consumers.to_vec();
    ordered.sort_by(|a, b| by_place(&a.working, &b.working).then(a.heat_mwh_a.total_cmp(&b.heat_mwh_a)));
    let mut squares = Squares::new(rules.reach_m);
    for (index, consumer) in ordered.iter().enumerate() {
        squares.add(consumer.working, index);
    }
    let mut seen: Vec<Candidate> = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "counts below five million")]
        if index % 1024 == 0 && !keep_going(index as f64 / nodes.len() as f64) {
            return Err(CandidateError::Cancelled);
        }
        seen.extend(sees(index, node, &ordered, &squares, rules.reach_m));
    }
    let order = |a: &Candidate, b: &Candidate| {
        let nearer = || a.nearest_consumer_m.total_cmp(&b.nearest_consumer_m);
        b.nearness_mwh_a.total_cmp(&a.nearness_mwh_a).then_with(nearer).then_with(|| by_place(&a.working, &b.working))
    };
    seen.sort_by(order);
    // Without a spacing the grid of taken places has no use.
    let mut taken = Squares::new(rules.spacing_m.max(1.0));
    let mut found: Vec<Candidate> = Vec::new();
    for candidate in seen {
        if found.len() >= rules.most {
            break;
        }
        let too_near = |other: usize| distance(&found[other].working, &candidate.working) < rules.spacing_m.max(1e-9);
        if !taken.around(candidate.working).any(too_near) && allowed(&nodes[candidate.node]) {
            taken.add(candidate.working, found.len());
            found.push(candidate);
        }
    }
    Ok(found)
}

fn sees(index: usize, node: &Place, consumers: &[HeatPlace], squares: &Squares, reach_m: f64) -> Option<Candidate> {
    let (mut nearest, mut heat, mut nearness) = (f64::INFINITY, 0.0, 0.0);
    for consumer in squares.around(node.working).map(|consumer| consumers[consumer]) {
        let away = distance(&consumer.working, &node.working);
        if away <= reach_m {
            nearest = nearest.min(away);
            heat += consumer.heat_mwh_a;
            nearness += consumer.heat_mwh_a * (1.0 - away / reach_m);
        }
    }
    nearest.is_finite().then_some(Candidate {
        node: index,
        working: node.working,
        crs84: node.crs84,
        nearest_consumer_m: nearest,
        heat_within_reach_mwh_a: heat,
        nearness_mwh_a: nearness,
    })
}

fn distance(a: &[f64; 2], b: &[f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

fn by_place(a: &[f64; 2], b: &[f64; 2]) -> std::cmp::Ordering {
    a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]))
}
