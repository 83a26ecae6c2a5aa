//! The value of the nearest sample: Thiessen's polygons.

use super::places::Places;
use super::{Interpolator, Sample};
use kiddo::SquaredEuclidean;
use kiddo::immutable::float::kdtree::ImmutableKdTree;
use std::num::NonZero;

/// How many equally near places are looked at: a square lattice has four round the middle of its meshes.
const TIES: NonZero<usize> = NonZero::new(4).expect("four is not zero");

/// The value of the nearest sample (Thiessen 1911, doi 10.1175/1520-0493(1911)39<1082b:PAFLA>2.0.CO;2): each sample stands
/// for its polygon of Voronoi, so a volume is `Σ A_i z_i`.
///
/// Samples at one place count as one with their mean. Where up to four places are equally near, their mean holds:
/// so the answer does not hang on the order of the samples, and a place half way between two lies between them.
///
/// ```
/// use peatplan::geostat::{Interpolator, Nearest, Sample};
/// let samples = [Sample { x: 0.0, y: 0.0, value: 1.0 }, Sample { x: 10.0, y: 0.0, value: 3.0 }];
/// let nearest = Nearest::new(&samples).unwrap();
/// assert_eq!(nearest.value_at(4.0, 2.0), 1.0);
/// assert_eq!(nearest.value_at(5.0, 0.0), 2.0);
/// assert_eq!(nearest.value_without(0), Some(3.0));
/// ```
pub struct Nearest {
    tree: ImmutableKdTree<f64, u32, 2, 32>,
    samples: Vec<Sample>,
    places: Places,
}

impl Nearest {
    /// Prepares the samples. `None` of none, or with coordinates or values that are no finite numbers.
    #[must_use]
    pub fn new(samples: &[Sample]) -> Option<Self> {
        let places = Places::of(samples).filter(|places| !places.means.is_empty())?;
        let coordinates: Vec<[f64; 2]> = places.means.iter().map(|place| [place.x, place.y]).collect();
        Some(Self { tree: ImmutableKdTree::new_from_slice(&coordinates), samples: samples.to_vec(), places })
    }

    fn estimate(&self, x: f64, y: f64, without: Option<u32>) -> Option<f64> {
        let wanted = TIES.saturating_add(usize::from(without.is_some()));
        let found = self.tree.nearest_n::<SquaredEuclidean>(&[x, y], wanted);
        let mut nearest = found.iter().filter(|neighbour| Some(neighbour.item) != without);
        let first = nearest.next()?;
        let (mut sum, mut count) = (self.places.means[first.item as usize].value, 1_u32);
        for neighbour in nearest.take_while(|neighbour| neighbour.distance <= first.distance) {
            sum += self.places.means[neighbour.item as usize].value;
            count += 1;
        }
        Some(sum / f64::from(count))
    }
}

impl Interpolator for Nearest {
    fn value_at(&self, x: f64, y: f64) -> f64 {
        // A place that is no number has no neighbours; the first sample is as near as any.
        self.estimate(x, y, None).unwrap_or(self.samples[0].value)
    }

    fn value_without(&self, index: usize) -> Option<f64> {
        let sample = self.samples.get(index)?;
        self.places
            .others_at_place_of(index, sample.value)
            .or_else(|| self.estimate(sample.x, sample.y, Some(self.places.place_of[index])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(x: f64, y: f64, value: f64) -> Sample {
        Sample { x, y, value }
    }

    #[test]
    fn a_doubled_sample_changes_nothing() {
        let once = [sample(0.0, 0.0, 1.0), sample(10.0, 0.0, 3.0), sample(0.0, 10.0, 8.0)];
        let twice = [once[0], once[1], once[1], once[2]];
        let (once, twice) = (Nearest::new(&once).expect("samples"), Nearest::new(&twice).expect("samples"));
        for step in 0..100 {
            let (x, y) = (f64::from(step % 10) * 1.3 - 1.0, f64::from(step / 10) * 1.1);
            assert_eq!(once.value_at(x, y).to_bits(), twice.value_at(x, y).to_bits());
        }
    }

    #[test]
    fn the_middle_of_a_mesh_has_the_mean_of_its_corners() {
        let corners = [sample(0.0, 0.0, 1.0), sample(2.0, 0.0, 2.0), sample(0.0, 2.0, 4.0), sample(2.0, 2.0, 5.0)];
        let nearest = Nearest::new(&corners).expect("samples");
        assert!((nearest.value_at(1.0, 1.0) - 3.0).abs() < 1e-15);
    }

    #[test]
    fn what_is_left_out_does_not_answer() {
        let samples = [sample(0.0, 0.0, 1.0), sample(0.0, 0.0, 5.0), sample(9.0, 0.0, 7.0)];
        let nearest = Nearest::new(&samples).expect("samples");
        assert_eq!(nearest.value_without(0), Some(5.0));
        assert_eq!(nearest.value_without(2), Some(3.0));
        assert_eq!(nearest.value_without(9), None);
        assert_eq!(Nearest::new(&samples[..1]).expect("a sample").value_without(0), None);
    }

    #[test]
    fn samples_that_are_no_numbers_are_refused() {
        assert!(Nearest::new(&[]).is_none());
        assert!(Nearest::new(&[sample(f64::NAN, 0.0, 1.0)]).is_none());
        assert!(Nearest::new(&[sample(0.0, 0.0, f64::INFINITY)]).is_none());
    }

    #[test]
    fn many_samples_on_a_few_lines_are_found() {
        let samples: Vec<Sample> =
            (0..4_000).map(|i| sample(f64::from(i / 2_000) * 100.0, f64::from(i % 2_000), f64::from(i))).collect();
        let nearest = Nearest::new(&samples).expect("samples");
        assert!(samples.iter().all(|s| (nearest.value_at(s.x + 0.2, s.y - 0.1) - s.value).abs() < 1e-12));
    }
}
