//! Inverse distance weighting.

use super::{Interpolator, Sample};
use kiddo::SquaredEuclidean;
use kiddo::immutable::float::kdtree::ImmutableKdTree;
use std::num::NonZero;

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

    fn estimate(&self, x: f64, y: f64, without: Option<usize>) -> Option<f64> {
        let wanted = self.neighbours.saturating_add(usize::from(without.is_some()));
        let nearest = self.tree.nearest_n::<SquaredEuclidean>(&[x, y], wanted);
        let found = nearest
            .iter()
            .map(|neighbour| (neighbour.distance, neighbour.item as usize))
            .filter(|(_, index)| Some(*index) != without)
            .take(self.neighbours.get());
        let (mut weighted, mut weights) = (0.0, 0.0);
        let (mut coincident, mut coincidents) = (0.0, 0.0);
        for (squared_distance, index) in found {
            let value = self.samples[index].value;
            if squared_distance == 0.0 {
                coincident += value;
                coincidents += 1.0;
            } else {
                let weight = squared_distance.powf(-0.5 * self.power);
                weighted += weight * value;
                weights += weight;
            }
        }
        if coincidents > 0.0 {
            Some(coincident / coincidents)
        } else if weights > 0.0 && weights.is_finite() {
            Some(weighted / weights)
        } else {
            // Weights under- or overflow far from or very near the samples: the nearest one rules there.
            nearest.iter().map(|n| n.item as usize).find(|index| Some(*index) != without).map(|i| self.samples[i].value)
        }
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
