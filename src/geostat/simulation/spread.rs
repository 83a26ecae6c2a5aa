//! Mean and deviation of each cell over all surfaces, without keeping them.

use super::{Cancelled, Progress, Simulation, Steps};
use rayon::prelude::*;

/// Blocks of pairs that are summed on their own and then joined in order. Their number is fixed: sums in another order have other
/// last digits, and the answer shall not hang on the number of threads.
const BLOCKS: usize = 8;

/// Mean and standard deviation of the surfaces, in the order of the cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Mean of all surfaces in each cell.
    pub mean: Vec<f64>,
    /// Standard deviation of the surfaces (with n - 1) in each cell; zero of a single one.
    pub deviation: Vec<f64>,
}

/// Sums of a block: of the differences from what is expected, and of their squares.
struct Sums {
    differences: Vec<f64>,
    squares: Vec<f64>,
}

impl Simulation {
    /// [`Simulation::simulate`], and the mean and standard deviation of each cell besides.
    ///
    /// It takes 128 bytes a cell for the sums, and runs on at most eight threads. The surfaces are the same as without.
    ///
    /// # Errors
    /// When `progress` wants no more.
    pub fn simulate_with_spread<T: Send>(
        &self,
        realisations: usize,
        seed: u64,
        progress: &dyn Progress,
        reduce: impl Fn(usize, &[f64]) -> T + Sync,
    ) -> Result<(Vec<T>, Spread), Cancelled> {
        let steps = Steps::new(progress, realisations);
        let expected = self.expected();
        let pairs = realisations.div_ceil(2);
        let sum_block = |block: usize| {
            let mut workspace = self.workspace();
            let mut sums = Sums { differences: vec![0.0; expected.len()], squares: vec![0.0; expected.len()] };
            let mut reduced = Vec::new();
            for pair in block * pairs / BLOCKS..(block + 1) * pairs / BLOCKS {
                let wanted = self.pair(pair, realisations, seed, &mut workspace);
                for (surface, values) in workspace.surfaces.iter().enumerate().take(wanted) {
                    sums.add(values, &expected);
                    reduced.push(reduce(2 * pair + surface, values));
                }
                steps.advance(wanted)?;
            }
            Ok((reduced, sums))
        };
        let blocks: Result<Vec<(Vec<T>, Sums)>, Cancelled> = (0..BLOCKS).into_par_iter().map(sum_block).collect();
        let (reduced, sums): (Vec<Vec<T>>, Vec<Sums>) = blocks?.into_iter().unzip();
        Ok((reduced.into_iter().flatten().collect(), spread(&expected, &sums, realisations)))
    }
}

impl Sums {
    fn add(&mut self, values: &[f64], expected: &[f64]) {
        let sums = self.differences.iter_mut().zip(&mut self.squares);
        for ((difference, square), (value, expected)) in sums.zip(values.iter().zip(expected)) {
            let off = value - expected;
            *difference += off;
            *square += off * off;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn spread(expected: &[f64], sums: &[Sums], realisations: usize) -> Spread {
    let count = realisations.max(1) as f64;
    let of_cell = |(cell, expected): (usize, &f64)| {
        let difference: f64 = sums.iter().map(|sums| sums.differences[cell]).sum();
        let squares: f64 = sums.iter().map(|sums| sums.squares[cell]).sum();
        let variance = (squares - difference * difference / count).max(0.0) / (count - 1.0).max(1.0);
        (expected + difference / count, variance.sqrt())
    };
    let (mean, deviation) = expected.par_iter().enumerate().map(of_cell).unzip();
    Spread { mean, deviation }
}
