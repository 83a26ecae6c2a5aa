//! Weights against clusters: where samples stand thick, each counts less.

use super::{Interpolator, Sample};
use rayon::prelude::*;
use std::collections::HashMap;

/// Origins of the lattice over which the weights are averaged, as in GSLIB's example.
const ORIGINS: u32 = 8;
/// Cell sizes that are tried for the automatic one.
const SIZES: u32 = 24;

/// One lattice of square cells over the samples.
struct Lattice {
    /// For each sample the cell it lies in.
    cell_of: Vec<u32>,
    /// Count and sum of the values of each occupied cell.
    cells: Vec<(u32, f64)>,
    /// Sum of the cells' means.
    sum_of_means: f64,
}

/// The mean of samples by cell declustering (Journel 1983, doi 10.1007/BF01031290; Deutsch & Journel 1998, GSLIB's `declus`):
/// a lattice of square cells is laid over the samples, each occupied cell has the same say, and the samples of a cell share it:
/// `w_i = 1 / (n_cell(i) · occupied cells)`. The weights are the mean over eight origins of the lattice along its diagonal.
///
/// Very small cells hold one sample each, very large ones hold all: both give the arithmetic mean.
/// Two samples beside each other and one far away count as two:
///
/// ```
/// use peatplan::geostat::{DeclusteredMean, Interpolator, Sample};
/// let samples = [(0.0, 4.0), (1.0, 6.0), (100.0, 2.0)].map(|(x, value)| Sample { x, y: 0.0, value });
/// let mean = DeclusteredMean::with_cell(&samples, 20.0).unwrap();
/// assert!((mean.value_at(0.0, 0.0) - 3.5).abs() < 1e-12); // of 5 and 2; the arithmetic mean is 4
/// assert!((mean.weights().iter().sum::<f64>() - 1.0).abs() < 1e-12);
/// ```
pub struct DeclusteredMean {
    lattices: Vec<Lattice>,
    values: Vec<f64>,
    cell: f64,
}

impl DeclusteredMean {
    /// With cells of this edge length. `None` without samples, with numbers that are not finite, or a length not above zero.
    #[must_use]
    pub fn with_cell(samples: &[Sample], cell: f64) -> Option<Self> {
        let finite = |sample: &Sample| sample.x.is_finite() && sample.y.is_finite() && sample.value.is_finite();
        if samples.is_empty() || !samples.iter().all(finite) || !cell.is_finite() || cell <= 0.0 {
            return None;
        }
        let (corner, _) = extent(samples);
        let lattices =
            (0..ORIGINS).map(|origin| lattice(samples, corner, cell, f64::from(origin) / f64::from(ORIGINS))).collect();
        Some(Self { lattices, values: samples.iter().map(|sample| sample.value).collect(), cell })
    }

    /// With the cell size that moves the mean furthest from the arithmetic one, as GSLIB advises where samples were taken by
    /// preference: 24 sizes in geometric steps, from half the spacing of as many samples spread evenly to half the extent.
    ///
    /// Where no size moves it, as on an even lattice of samples, the mean is the arithmetic one. `None` as in
    /// [`DeclusteredMean::with_cell`].
    #[must_use]
    pub fn automatic(samples: &[Sample]) -> Option<Self> {
        let (_, [width, height]) = extent(samples);
        let longest = width.max(height);
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let count = samples.len().max(1) as f64;
        // A line of samples has no area: its spacing is along the line.
        let spacing = (width * height / count).sqrt().max(longest / count);
        if !longest.is_finite() || longest <= 0.0 {
            return Self::with_cell(samples, 1.0);
        }
        let (least, greatest) = (0.5 * spacing, (0.5 * longest).max(0.5 * spacing));
        let size = |step: u32| least * (greatest / least).powf(f64::from(step) / f64::from(SIZES - 1));
        let plain = samples.iter().map(|sample| sample.value).sum::<f64>() / count;
        let tried: Vec<(f64, f64)> = (0..SIZES)
            .into_par_iter()
            .filter_map(|step| Self::with_cell(samples, size(step)).map(|mean| (size(step), (mean.mean() - plain).abs())))
            .collect();
        // The smallest of equals: it changes the weights least.
        let best = tried.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        Self::with_cell(samples, best.0)
    }

    /// Edge length of the cells.
    #[must_use]
    pub fn cell(&self) -> f64 {
        self.cell
    }

    /// The declustered mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.over_lattices(|lattice| Some(lattice.sum_of_means / occupied(lattice.cells.len()))).unwrap_or(self.values[0])
    }

    /// The weight of each sample; their sum is 1.
    #[must_use]
    pub fn weights(&self) -> Vec<f64> {
        let mut weights = vec![0.0; self.values.len()];
        for lattice in &self.lattices {
            for (weight, cell) in weights.iter_mut().zip(&lattice.cell_of) {
                let (count, _) = lattice.cells[*cell as usize];
                *weight += 1.0 / (f64::from(count) * occupied(lattice.cells.len()) * f64::from(ORIGINS));
            }
        }
        weights
    }

    fn over_lattices(&self, mean: impl Fn(&Lattice) -> Option<f64>) -> Option<f64> {
        let sum = self.lattices.iter().map(mean).sum::<Option<f64>>()?;
        Some(sum / f64::from(ORIGINS))
    }
}

impl Interpolator for DeclusteredMean {
    fn value_at(&self, _: f64, _: f64) -> f64 {
        self.mean()
    }

    /// Exact: the sample is taken out of its cells, the cells keep their size.
    fn value_without(&self, index: usize) -> Option<f64> {
        let value = *self.values.get(index)?;
        self.over_lattices(|lattice| {
            let (count, sum) = lattice.cells[lattice.cell_of[index] as usize];
            let others = lattice.sum_of_means - sum / f64::from(count);
            if count > 1 {
                let left = (sum - value) / f64::from(count - 1);
                Some((others + left) / occupied(lattice.cells.len()))
            } else {
                let cells = lattice.cells.len().checked_sub(1).filter(|cells| *cells > 0)?;
                Some(others / occupied(cells))
            }
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn occupied(cells: usize) -> f64 {
    cells as f64
}

/// Least corner and lengths of the box round the samples.
fn extent(samples: &[Sample]) -> ([f64; 2], [f64; 2]) {
    let start = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    let (least, greatest) = samples.iter().fold(start, |(least, greatest), Sample { x, y, .. }| {
        ([least[0].min(*x), least[1].min(*y)], [greatest[0].max(*x), greatest[1].max(*y)])
    });
    (least, [greatest[0] - least[0], greatest[1] - least[1]])
}

fn lattice(samples: &[Sample], corner: [f64; 2], cell: f64, shift: f64) -> Lattice {
    let mut index: HashMap<(u64, u64), u32> = HashMap::new();
    let mut lattice = Lattice { cell_of: Vec::with_capacity(samples.len()), cells: Vec::new(), sum_of_means: 0.0 };
    // Whole numbers as floats: cells beyond 2^63 would lose their index otherwise, and equal floats have equal bits.
    let along = |value: f64, from: f64| ((value - from) / cell + shift).floor().to_bits();
    for sample in samples {
        let next = u32::try_from(lattice.cells.len()).unwrap_or(u32::MAX);
        let cell = *index.entry((along(sample.x, corner[0]), along(sample.y, corner[1]))).or_insert(next);
        if cell == next {
            lattice.cells.push((0, 0.0));
        }
        let (count, sum) = &mut lattice.cells[cell as usize];
        *count += 1;
        *sum += sample.value;
        lattice.cell_of.push(cell);
    }
    lattice.sum_of_means = lattice.cells.iter().map(|(count, sum)| sum / f64::from(*count)).sum();
    lattice
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lattice of samples of value 1 with a cluster of value 5 in one corner.
    fn clustered() -> Vec<Sample> {
        let even = (0..100).map(|i| Sample { x: f64::from(i % 10) * 100.0, y: f64::from(i / 10) * 100.0, value: 1.0 });
        let cluster = (0..100).map(|i| Sample { x: f64::from(i % 10) * 5.0, y: f64::from(i / 10) * 5.0, value: 5.0 });
        even.chain(cluster).collect()
    }

    #[test]
    fn a_cluster_counts_little_more_than_its_ground() {
        let samples = clustered();
        let mean = DeclusteredMean::automatic(&samples).expect("samples");
        // The plain mean is 3; the cluster covers one or a few of a hundred cells.
        assert!(mean.mean() < 1.2, "{} at {}", mean.mean(), mean.cell());
        assert!((50.0..=200.0).contains(&mean.cell()), "{}", mean.cell());
    }

    #[test]
    fn weights_give_the_mean() {
        let samples = clustered();
        let mean = DeclusteredMean::with_cell(&samples, 70.0).expect("samples");
        let by_weights: f64 = mean.weights().iter().zip(&samples).map(|(weight, sample)| weight * sample.value).sum();
        assert!((by_weights - mean.mean()).abs() < 1e-12);
        assert!((mean.weights().iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn tiny_and_huge_cells_give_the_arithmetic_mean() {
        for cell in [1e-6, 1e9] {
            let mean = DeclusteredMean::with_cell(&clustered(), cell).expect("samples").mean();
            // Huge cells are cut by at most the lattice's shift, which keeps all in one cell.
            assert!((mean - 3.0).abs() < 0.05, "{cell}: {mean}");
        }
    }

    #[test]
    fn leaving_one_out_is_computing_without_it() {
        let uneven = |(i, s): (u32, Sample)| Sample { value: s.value + f64::from(i % 7), ..s };
        let samples: Vec<Sample> = (0..).zip(clustered()).map(uneven).collect();
        let whole = DeclusteredMean::with_cell(&samples, 70.0).expect("samples");
        // One that keeps the box round the samples as it is.
        for index in [55, 140, 163] {
            let mut others = samples.clone();
            others.remove(index);
            let again = DeclusteredMean::with_cell(&others, 70.0).expect("samples");
            assert!((whole.value_without(index).expect("others") - again.mean()).abs() < 1e-12);
        }
    }

    #[test]
    fn one_sample_and_none_are_no_trouble() {
        let one = [Sample { x: 3.0, y: 4.0, value: 2.5 }];
        let mean = DeclusteredMean::automatic(&one).expect("a sample");
        assert!((mean.mean() - 2.5).abs() < 1e-15);
        assert_eq!(mean.value_without(0), None);
        assert!(DeclusteredMean::automatic(&[]).is_none());
        assert!(DeclusteredMean::with_cell(&one, 0.0).is_none());
        assert!(DeclusteredMean::automatic(&[Sample { x: f64::NAN, y: 0.0, value: 1.0 }]).is_none());
    }
}
