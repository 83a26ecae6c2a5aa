//! Inverse distance weighting.

use super::{Grid, Interpolator, Sample};
use kiddo::SquaredEuclidean;
use kiddo::immutable::float::kdtree::ImmutableKdTree;
use rayon::prelude::*;
use std::num::NonZero;

/// Cells along the edge of a tile.
const TILE: usize = 8;

/// Inverse distance weighting over the nearest samples (Shepard 1968, doi 10.1145/800186.810616):
/// `z(x) = Σ w_i z_i / Σ w_i` with `w_i = |x - x_i|^-p` over the `neighbours` nearest samples.
///
/// At a sample's place its own value holds (the mean of them where several share the place). Exponent 0
/// gives the mean of the neighbours, a large one the value of the nearest: Thiessen's polygons.
/// Exponents below 2 let far samples leave rings and steps; 3 to 5 suit peat depths.
///
/// Half way between two samples any exponent gives their mean:
///
/// ```
/// use peatplan::geostat::{InverseDistance, Interpolator, Sample};
/// let samples = [Sample { x: 0.0, y: 0.0, value: 1.0 }, Sample { x: 10.0, y: 0.0, value: 3.0 }];
/// let depth = InverseDistance::new(&samples, 4.0, 20).unwrap();
/// assert_eq!(depth.value_at(5.0, 0.0), 2.0);
/// assert_eq!(depth.value_at(10.0, 0.0), 3.0);
/// ```
pub struct InverseDistance {
    tree: ImmutableKdTree<f64, u32, 2, 32>,
    samples: Vec<Sample>,
    power: f64,
    neighbours: NonZero<usize>,
}

impl InverseDistance {
    /// Prepares the samples: `power` is the exponent `p >= 0`, `neighbours` how many nearest samples are used.
    ///
    /// `None` without samples, without neighbours, or with an exponent below zero or not finite.
    #[must_use]
    pub fn new(samples: &[Sample], power: f64, neighbours: usize) -> Option<Self> {
        let neighbours = NonZero::new(neighbours)?;
        if samples.is_empty() || !power.is_finite() || power < 0.0 {
            return None;
        }
        let places: Vec<[f64; 2]> = samples.iter().map(|sample| [sample.x, sample.y]).collect();
        let tree = ImmutableKdTree::new_from_slice(&places);
        Some(Self { tree, samples: samples.to_vec(), power, neighbours })
    }

    /// The estimates at the centres of cells of a grid, in their order, on all threads.
    ///
    /// Cells are taken in square tiles. The nearest samples of the middle of a tile reach `r` far; whatever is among the nearest of
    /// a cell at most `d` away from the middle lies within `r + d` of the cell, thus within `r + 2 d` of the middle. So one search a
    /// tile finds the candidates of all its cells, and each cell only picks from them: the same estimates as
    /// [`Interpolator::value_at`], several times as fast.
    #[must_use]
    pub fn over_cells(&self, grid: &Grid, cells: &[usize]) -> Vec<f64> {
        let tile_of = |cell: usize| (cell / grid.columns() / TILE, cell % grid.columns() / TILE);
        let mut positions: Vec<usize> = (0..cells.len()).collect();
        positions.sort_by_key(|position| tile_of(cells[*position]));
        let tiles: Vec<&[usize]> = positions.chunk_by(|one, other| tile_of(cells[*one]) == tile_of(cells[*other])).collect();
        let tile = |tile: &&[usize]| -> Vec<f64> {
            let places: Vec<(f64, f64)> = tile.iter().map(|position| grid.centre(cells[*position])).collect();
            let candidates = self.candidates(&places);
            let mut found = Vec::with_capacity(candidates.len());
            places.iter().map(|place| self.among(*place, &candidates, &mut found)).collect()
        };
        let mut values = vec![0.0; cells.len()];
        for (position, value) in positions.iter().zip(tiles.par_iter().map(tile).collect::<Vec<_>>().into_iter().flatten()) {
            values[*position] = value;
        }
        values
    }

    /// Samples among which are the nearest of each of some places close together.
    fn candidates(&self, places: &[(f64, f64)]) -> Vec<u32> {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let share = (places.len() as f64).recip();
        let sum = places.iter().fold((0.0, 0.0), |sum, place| (sum.0 + place.0, sum.1 + place.1));
        let middle = [sum.0 * share, sum.1 * share];
        let off = places.iter().map(|(x, y)| (x - middle[0]).hypot(y - middle[1])).fold(0.0, f64::max);
        let nearest = self.tree.nearest_n::<SquaredEuclidean>(&middle, self.neighbours);
        let reach = nearest.last().map_or(0.0, |farthest| farthest.distance.sqrt());
        // A hair more than the proof asks for, against rounding.
        let radius = (reach + 2.0 * off) * (1.0 + 1e-9) + f64::MIN_POSITIVE;
        let mut candidates: Vec<u32> = if nearest.len() < self.neighbours.get() {
            nearest.iter().map(|neighbour| neighbour.item).collect()
        } else {
            let within = self.tree.within_unsorted::<SquaredEuclidean>(&middle, radius * radius);
            within.iter().map(|neighbour| neighbour.item).collect()
        };
        candidates.sort_unstable();
        candidates
    }

    /// The estimate at a place from the nearest of some candidates.
    fn among(&self, (x, y): (f64, f64), candidates: &[u32], found: &mut Vec<(f64, u32)>) -> f64 {
        found.clear();
        found.extend(candidates.iter().map(|index| {
            let sample = &self.samples[*index as usize];
            ((sample.x - x) * (sample.x - x) + (sample.y - y) * (sample.y - y), *index)
        }));
        let wanted = self.neighbours.get();
        if found.len() > wanted {
            found.select_nth_unstable_by(wanted - 1, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            found.truncate(wanted);
        }
        self.weighted(found.iter().map(|(squared, index)| (*squared, *index as usize))).unwrap_or_else(|| self.value_at(x, y))
    }

    /// The weighted mean of samples at squared distances; none where weights under- or overflow.
    fn weighted(&self, found: impl Iterator<Item = (f64, usize)>) -> Option<f64> {
        let (mut weighted, mut weights) = (0.0, 0.0);
        let (mut coincident, mut coincidents) = (0.0, 0.0);
        for (squared_distance, index) in found {
            let value = self.samples[index].value;
            if squared_distance == 0.0 {
                coincident += value;
                coincidents += 1.0;
            } else {
                let weight = self.weight(squared_distance);
                weighted += weight * value;
                weights += weight;
            }
        }
        if coincidents > 0.0 {
            Some(coincident / coincidents)
        } else {
            (weights > 0.0 && weights.is_finite()).then(|| weighted / weights)
        }
    }

    /// `d^-p`; the common exponents need no general power.
    #[expect(clippy::float_cmp, reason = "exactly these exponents")]
    fn weight(&self, squared_distance: f64) -> f64 {
        if self.power == 4.0 {
            (squared_distance * squared_distance).recip()
        } else if self.power == 2.0 {
            squared_distance.recip()
        } else {
            squared_distance.powf(-0.5 * self.power)
        }
    }

    fn estimate(&self, x: f64, y: f64, without: Option<usize>) -> Option<f64> {
        let wanted = self.neighbours.saturating_add(usize::from(without.is_some()));
        let nearest = self.tree.nearest_n::<SquaredEuclidean>(&[x, y], wanted);
        let found = nearest
            .iter()
            .map(|neighbour| (neighbour.distance, neighbour.item as usize))
            .filter(|(_, index)| Some(*index) != without)
            .take(self.neighbours.get());
        self.weighted(found).or_else(|| {
            // Weights under- or overflow far from or very near the samples: the nearest one rules there.
            nearest.iter().map(|n| n.item as usize).find(|index| Some(*index) != without).map(|i| self.samples[i].value)
        })
    }
}

impl Interpolator for InverseDistance {
    fn value_at(&self, x: f64, y: f64) -> f64 {
        self.estimate(x, y, None).unwrap_or(f64::NAN)
    }

    fn value_without(&self, index: usize) -> Option<f64> {
        let sample = self.samples.get(index)?;
        self.estimate(sample.x, sample.y, Some(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of_probes() -> Vec<Sample> {
        // Survey lines share their x; a tree that splits on x alone would choke on them.
        let places = (0..400).map(|i| (f64::from(i / 200) * 100.0, f64::from(i % 200) * 10.0));
        places.map(|(x, y)| Sample { x, y, value: (x / 50.0) + (y * 0.01).sin() + 2.0 }).collect()
    }

    #[test]
    fn values_stay_between_the_least_and_the_greatest() {
        let samples = lines_of_probes();
        let field = InverseDistance::new(&samples, 4.0, 20).expect("samples");
        for step in 0..500 {
            let value = field.value_at(f64::from(step) * 0.7 - 100.0, f64::from(step) * 4.1);
            assert!((1.0..=5.0).contains(&value), "{value}");
        }
    }

    #[test]
    fn it_agrees_with_the_sum_over_all_samples_written_out() {
        let samples = lines_of_probes();
        let field = InverseDistance::new(&samples, 3.0, samples.len()).expect("samples");
        let (x, y) = (37.0, 411.0);
        let (mut top, mut bottom) = (0.0, 0.0);
        for sample in &samples {
            let weight = 1.0 / (sample.x - x).hypot(sample.y - y).powi(3);
            top += weight * sample.value;
            bottom += weight;
        }
        assert!((field.value_at(x, y) - top / bottom).abs() < 1e-12);
    }

    #[test]
    fn far_away_it_still_gives_a_number() {
        let field = InverseDistance::new(&lines_of_probes(), 10.0, 20).expect("samples");
        assert!(field.value_at(1e40, 1e40).is_finite());
    }
}

#[cfg(test)]
mod tile_tests {
    use super::*;
    use crate::geostat::Bounds;

    #[test]
    fn tiles_give_what_each_cell_alone_gives() {
        // No two equally far, one on a cell's centre, one far away.
        let place = |i: f64| (300.0 * (i * 0.754_877_666).fract().powi(2), 200.0 * (i * 0.569_840_291).fract());
        let sample = |i: u8| (place(f64::from(i)), f64::from(i));
        let mut samples: Vec<Sample> = (1..=150).map(sample).map(|((x, y), value)| Sample { x, y, value }).collect();
        samples.push(Sample { x: 2.5, y: 2.5, value: 4.0 });
        samples.push(Sample { x: 9e4, y: -9e4, value: 7.0 });
        let grid = Grid::covering(Bounds { min_x: 0.0, min_y: 0.0, max_x: 300.0, max_y: 200.0 }, 5.0, 10_000).expect("a grid");
        let cells: Vec<usize> = (0..grid.len()).filter(|cell| cell % 3 != 1).collect();
        for (power, neighbours) in [(4.0, 20), (2.0, 1), (2.7, 5), (0.0, 20), (3.0, 500)] {
            let depth = InverseDistance::new(&samples, power, neighbours).expect("samples");
            for (cell, value) in cells.iter().zip(depth.over_cells(&grid, &cells)) {
                let (x, y) = grid.centre(*cell);
                let alone = depth.value_at(x, y);
                assert!((value - alone).abs() < 1e-9 * alone.abs().max(1.0), "{power} {neighbours}: {value} {alone}");
            }
        }
    }
}
