//! How much longer ways over the network are than straight lines, measured on the network itself.

use super::network::{Arc, HaulMode, HaulNetwork, Speeds, Start, StretchCost, by_place, distance};
use rand::RngExt;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;
use serde::Serialize;
use thiserror::Error;

/// Pairs that share their first place, and so one search.
const PAIRS_OF_A_SEARCH: usize = 40;
/// Draws for a pair before a search is given up: places too near to one another are drawn again.
const DRAWS_OF_A_PAIR: usize = 20;
/// Pairs that may be asked for.
pub const MOST_PAIRS: usize = 100_000;

/// Way over straight line, of pairs of places on the roads.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NetworkTortuosity {
    /// Pairs measured.
    pub pairs: usize,
    /// One in ten is straighter.
    pub p10: f64,
    /// Half are straighter.
    pub median: f64,
    /// Nine in ten are straighter.
    pub p90: f64,
    /// Mean of them.
    pub mean: f64,
    /// Least straight distance of a pair.
    pub least_km: f64,
    /// What chance started from.
    pub seed: u64,
}

/// Why there is no tortuosity.
#[derive(Debug, Clone, PartialEq, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum TortuosityError {
    #[error("the number of pairs must lie between 1 and {MOST_PAIRS}; it was {0}")]
    Pairs(usize),
    #[error("the least straight distance of a pair must be a number above 0 km; it was {0}")]
    Distance(f64),
    #[error("the roads hold no pairs of places {least_km} km apart")]
    TooSmall { least_km: f64 },
    #[error("the computation was stopped")]
    Cancelled,
}

struct Length;

impl StretchCost for Length {
    fn cost(&self, _: HaulMode, length_m: f64, _: f64, _: Option<f64>) -> f64 {
        length_m
    }

    fn transfer(&self, _: HaulMode, _: f64) -> f64 {
        f64::INFINITY
    }
}

/// Tortuosity of the roads' largest connected piece, `d_road / d_straight`, over pairs of its vertices that lie at least
/// `least_km` apart. Vertices are drawn by the length of the stretch that begins there, so that a winding road with many of them
/// counts no more than a straight one; quantiles are interpolated between the values in order (type 7 of Hyndman & Fan 1996).
///
/// The same seed gives the same figures, whatever the order of the lines. `keep_going` is told the share done, and stops the
/// computation by `false`.
///
/// On a square lattice the way is `|dx| + |dy|`: between the straight distance and √2 of it, 4/π = 1.273 in the mean over all
/// directions.
///
/// ```
/// use peatplan::model::RoadClass;
/// use peatplan::supply::{HaulNetwork, NetworkLine, network_tortuosity};
/// let line = |vertices: Vec<[f64; 2]>| NetworkLine {
///     class: RoadClass::Primary, speed_km_h: None, cost_rub_t_km: None, vertices_crs84: vertices.clone(), vertices,
/// };
/// let at = |i: u32| f64::from(i) * 500.0;
/// let lines: Vec<NetworkLine> = (0..40)
///     .flat_map(|i| [line((0..40).map(|j| [at(i), at(j)]).collect()), line((0..40).map(|j| [at(j), at(i)]).collect())])
///     .collect();
/// let found = network_tortuosity(&HaulNetwork::new(&lines), 2_000, 1.0, 7, &mut |_| true).unwrap();
/// assert!((found.mean - 1.273).abs() < 0.03);
/// ```
///
/// # Errors
/// [`TortuosityError`]: a number out of its limits, a network without such pairs, or stopped.
pub fn network_tortuosity(
    network: &HaulNetwork,
    pairs: usize,
    least_km: f64,
    seed: u64,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<NetworkTortuosity, TortuosityError> {
    if !(1..=MOST_PAIRS).contains(&pairs) {
        return Err(TortuosityError::Pairs(pairs));
    }
    if !(least_km.is_finite() && least_km > 0.0) {
        return Err(TortuosityError::Distance(least_km));
    }
    let places = Places::of(network).ok_or(TortuosityError::TooSmall { least_km })?;
    let mut chance = Pcg64::seed_from_u64(seed);
    let mut ratios: Vec<f64> = Vec::with_capacity(pairs);
    // None of these matters to a length.
    let speeds = Speeds { main_road: 1.0, local_road: 1.0, track: 1.0, narrow_gauge: 1.0 };
    for _ in 0..pairs.div_ceil(PAIRS_OF_A_SEARCH).saturating_mul(2) {
        if ratios.len() >= pairs {
            break;
        }
        #[expect(clippy::cast_precision_loss, reason = "a share for a reader")]
        if !keep_going(ratios.len() as f64 / pairs as f64) {
            return Err(TortuosityError::Cancelled);
        }
        let (from, _) = places.drawn(network, chance.random::<f64>());
        let access = network.access_at_end(from);
        let from = network.arcs()[from as usize].from;
        let paths = network.shortest_paths(&[Start { access, cost: 0.0 }], &Length, &speeds);
        let (mut measured, wanted) = (0, PAIRS_OF_A_SEARCH.min(pairs - ratios.len()));
        for _ in 0..DRAWS_OF_A_PAIR * wanted {
            let (_, to) = places.drawn(network, chance.random::<f64>());
            let straight_m = distance(network.place(from), network.place(to));
            let way_m = paths.cost_at(to);
            if straight_m >= least_km * 1_000.0 && way_m.is_finite() {
                ratios.push(way_m / straight_m);
                measured += 1;
            }
            if measured == wanted {
                break;
            }
        }
    }
    summary(ratios, least_km, seed)
}

fn summary(mut ratios: Vec<f64>, least_km: f64, seed: u64) -> Result<NetworkTortuosity, TortuosityError> {
    if ratios.is_empty() {
        return Err(TortuosityError::TooSmall { least_km });
    }
    ratios.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand")]
    let quantile = |share: f64| {
        let rank = share * (ratios.len() - 1) as f64;
        let (below, above) = (rank.floor() as usize, rank.ceil() as usize);
        ratios[below] + (rank - rank.floor()) * (ratios[above] - ratios[below])
    };
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
    let (p10, median, p90) = (quantile(0.1), quantile(0.5), quantile(0.9));
    Ok(NetworkTortuosity { pairs: ratios.len(), p10, median, p90, mean, least_km, seed })
}

/// The stretches of the roads' largest piece, from west to east, and the length up to the end of each.
struct Places {
    arcs: Vec<u32>,
    lengths_m: Vec<f64>,
}

impl Places {
    fn of(network: &HaulNetwork) -> Option<Self> {
        let largest = |arc: &Arc| network.mode_of_line(arc.line) == HaulMode::Truck && network.is_of_largest_piece(arc);
        let mut arcs: Vec<u32> = (0_u32..).zip(network.arcs()).filter(|(_, arc)| largest(arc)).map(|(n, _)| n).collect();
        let ends = |arc: &u32| {
            let arc = network.arcs()[*arc as usize];
            (network.place(arc.from), network.place(arc.to))
        };
        arcs.sort_by(|a, b| by_place(ends(a).0, ends(b).0).then_with(|| by_place(ends(a).1, ends(b).1)));
        let mut so_far_m = 0.0;
        let add = |arc: &u32| {
            so_far_m += network.arcs()[*arc as usize].length_m;
            so_far_m
        };
        let lengths_m: Vec<f64> = arcs.iter().map(add).collect();
        (!arcs.is_empty()).then_some(Self { arcs, lengths_m })
    }

    /// A stretch and the node it begins at, by a number of chance from 0 to 1.
    fn drawn(&self, network: &HaulNetwork, chance: f64) -> (u32, u32) {
        let length_m = chance * self.lengths_m.last().copied().unwrap_or_default();
        let place = self.lengths_m.partition_point(|end| *end <= length_m).min(self.arcs.len() - 1);
        let arc = self.arcs[place];
        (arc, network.arcs()[arc as usize].from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supply::NetworkLine;
    use crate::supply::network::tests::{grid, line};

    #[test]
    fn a_straight_road_has_no_tortuosity() {
        let road = HaulNetwork::new(&[line(&(0..200).map(|i| [f64::from(i) * 100.0, 0.0]).collect::<Vec<_>>())]);
        let found = network_tortuosity(&road, 500, 1.0, 1, &mut |_| true).unwrap();
        assert_eq!(found.pairs, 500);
        for figure in [found.p10, found.median, found.p90, found.mean] {
            assert!((figure - 1.0).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn the_mean_of_a_lattice_is_four_over_pi_and_no_pair_is_beyond_the_root_of_two() {
        // Over pairs within a square of side 1: E[|dx| + |dy|] / r weighs directions unevenly by a little; 0.02 covers it.
        let network = HaulNetwork::new(&grid(60, 500.0));
        let found = network_tortuosity(&network, 4_000, 1.0, 11, &mut |_| true).unwrap();
        assert!((found.mean - 4.0 / std::f64::consts::PI).abs() < 0.02, "{found:?}");
        assert!(1.0 <= found.p10 && found.p10 < found.median && found.median < found.p90, "{found:?}");
        assert!(found.p90 <= std::f64::consts::SQRT_2 + 1e-12, "{found:?}");
    }

    #[test]
    fn the_order_of_the_lines_and_a_pocket_change_nothing() {
        let mut lines = grid(20, 700.0);
        let found = |lines: &[NetworkLine]| network_tortuosity(&HaulNetwork::new(lines), 300, 2.0, 3, &mut |_| true).unwrap();
        let first = found(&lines);
        lines.reverse();
        lines.push(line(&[[90_000.0, 0.0], [99_000.0, 50.0]]));
        assert_eq!(found(&lines), first);
    }

    #[test]
    fn what_cannot_be_measured_is_said() {
        let small = HaulNetwork::new(&grid(3, 100.0));
        let asked = |pairs, least| network_tortuosity(&small, pairs, least, 1, &mut |_| true).unwrap_err();
        assert_eq!(asked(10, 5.0), TortuosityError::TooSmall { least_km: 5.0 });
        assert_eq!(asked(0, 5.0), TortuosityError::Pairs(0));
        assert_eq!(asked(10, 0.0), TortuosityError::Distance(0.0));
        let empty = HaulNetwork::new(&[]);
        assert_eq!(network_tortuosity(&empty, 10, 1.0, 1, &mut |_| true), Err(TortuosityError::TooSmall { least_km: 1.0 }));
        assert_eq!(network_tortuosity(&small, 10, 0.1, 1, &mut |_| false), Err(TortuosityError::Cancelled));
    }
}
