//! Gaussian fields on a lattice by circulant embedding: exact, and as fast as Fourier's transform.
//!
//! It knows no samples: what it makes has mean zero and the covariance of a variogram, nothing else.

use super::SimulationError;
use crate::geostat::variogram::Variogram;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};
use std::f64::consts::PI;
use std::sync::Arc;

/// Most nodes of the torus, but for the few that make it quick to transform: a field then takes 64 MB a thread.
pub const SIMULATION_NODES: usize = 4_000_000;

/// A larger torus is tried as long as more than this share of the variance would be clipped.
const TOLERATED_SHARE: f64 = 1e-3;
/// Correlation below this counts as none where the torus closes.
const NO_CORRELATION: f64 = 1e-4;
/// Columns that are transformed together: a line of the processor's memory holds four complex numbers.
const COLUMNS_AT_ONCE: usize = 8;

/// A stationary field on a lattice of `width` × `height` nodes, cut from a torus on which its covariance is periodic (Wood &
/// Chan 1994, doi 10.1080/10618600.1994.10474655; Dietrich & Newsam 1997, doi 10.1137/S1064827592240555).
///
/// The eigenvalues of a covariance matrix on a torus are the Fourier transform of its first row: `λ`. Then
/// `FFT(√(λ / N) (ε₁ + i ε₂))` with standard normal `ε` has in its real and its imaginary part two independent fields.
pub(super) struct Embedding {
    pub width: usize,
    pub height: usize,
    /// Columns and rows of the torus.
    columns: usize,
    rows: usize,
    /// `√(λ / N)`, row by row.
    amplitudes: Vec<f64>,
    /// Share of the variance that negative eigenvalues would have had.
    pub clipped_share: f64,
    along_rows: Arc<dyn Fft<f64>>,
    along_columns: Arc<dyn Fft<f64>>,
}

/// Memory for one pair of fields, used again for the next.
pub(super) struct Torus {
    nodes: Vec<Complex<f64>>,
    block: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

impl Embedding {
    /// Prepares the torus: the smallest on which the lattice does not feel its own other side, larger where eigenvalues
    /// would be negative. What is still negative is set to zero and the rest scaled so that the variance stays right.
    pub fn new(variogram: &Variogram, cell: f64, width: usize, height: usize) -> Result<Self, SimulationError> {
        let reach = reach(variogram).map(|reach| (reach / cell).ceil());
        let least = |nodes: usize, reach: f64| {
            let others = nodes.saturating_sub(1);
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the number of nodes")]
            let beyond = reach.min(others as f64) as usize;
            nodes + beyond
        };
        let (mut columns, mut rows) = (least(width, reach[0]), least(height, reach[1]));
        // Before a good number is looked for, which for a monstrous one would take long.
        let nodes = columns.saturating_mul(rows);
        if nodes > SIMULATION_NODES {
            return Err(SimulationError::TooManyNodes { nodes, limit: SIMULATION_NODES });
        }
        (columns, rows) = (smooth(columns), smooth(rows));
        let mut planner = FftPlanner::new();
        loop {
            let embedding = Self::on_torus(variogram, cell, [width, height], [columns, rows], &mut planner);
            (columns, rows) = (smooth(columns + columns / 2 + 1), smooth(rows + rows / 2 + 1));
            if embedding.clipped_share <= TOLERATED_SHARE || columns.saturating_mul(rows) > SIMULATION_NODES {
                return Ok(embedding);
            }
        }
    }

    fn on_torus(
        variogram: &Variogram,
        cell: f64,
        [width, height]: [usize; 2],
        [columns, rows]: [usize; 2],
        planner: &mut FftPlanner<f64>,
    ) -> Self {
        let (along_rows, along_columns) = (planner.plan_fft_forward(columns), planner.plan_fft_forward(rows));
        let covariance = |column: usize, row: usize| {
            let (dx, dy) = (wrapped(column, columns) * cell, wrapped(row, rows) * cell);
            let mut sum = variogram.covariance(dx, -dy);
            // Half way round both ways are equally long: their mean keeps the matrix symmetric.
            let (half_x, half_y) = (2 * column == columns, 2 * row == rows);
            if half_x || half_y {
                sum = 0.5 * (sum + variogram.covariance(if half_x { -dx } else { dx }, if half_y { dy } else { -dy }));
            }
            Complex::new(sum, 0.0)
        };
        let mut nodes: Vec<Complex<f64>> =
            (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row))).map(|(c, r)| covariance(c, r)).collect();
        along_rows.process(&mut nodes);
        let mut eigenvalues = vec![0.0; columns * rows];
        let mut line = vec![Complex::default(); rows];
        for column in 0..columns {
            for (row, value) in line.iter_mut().enumerate() {
                *value = nodes[row * columns + column];
            }
            along_columns.process(&mut line);
            for (row, value) in line.iter().enumerate() {
                eigenvalues[row * columns + column] = value.re;
            }
        }
        let (positive, negative) = eigenvalues
            .iter()
            .fold((0.0, 0.0), |(positive, negative), value: &f64| (positive + value.max(0.0), negative - value.min(0.0)));
        // The sum of all eigenvalues is the variance times the nodes; so it shall be without the negative ones.
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let scale = if positive > 0.0 { (positive - negative) / positive / eigenvalues.len() as f64 } else { 0.0 };
        let amplitudes = eigenvalues.into_iter().map(|value| (value.max(0.0) * scale).sqrt()).collect();
        let clipped_share = if positive > 0.0 { negative / positive } else { 0.0 };
        Self { width, height, columns, rows, amplitudes, clipped_share, along_rows, along_columns }
    }

    /// Nodes of the torus.
    pub fn nodes(&self) -> usize {
        self.amplitudes.len()
    }

    /// Memory for [`Embedding::fields`].
    pub fn torus(&self) -> Torus {
        let scratch = self.along_rows.get_inplace_scratch_len().max(self.along_columns.get_inplace_scratch_len());
        Torus {
            nodes: vec![Complex::default(); self.nodes()],
            block: vec![Complex::default(); self.rows * COLUMNS_AT_ONCE],
            scratch: vec![Complex::default(); scratch],
        }
    }

    /// Two independent fields in the real and imaginary part of the lattice's nodes, row by row.
    pub fn fields(&self, chance: &mut Pcg64, torus: &mut Torus, lattice: &mut Vec<Complex<f64>>) {
        for (node, amplitude) in torus.nodes.iter_mut().zip(&self.amplitudes) {
            let (real, imaginary): (f64, f64) = (StandardNormal.sample(chance), StandardNormal.sample(chance));
            *node = Complex::new(amplitude * real, amplitude * imaginary);
        }
        self.along_rows.process_with_scratch(&mut torus.nodes, &mut torus.scratch);
        lattice.resize(self.width * self.height, Complex::default());
        // Of the torus only the columns of the lattice are needed, a few at a time so that memory is read in lines.
        for first in (0..self.width).step_by(COLUMNS_AT_ONCE) {
            let count = COLUMNS_AT_ONCE.min(self.width - first);
            for (row, line) in torus.nodes.chunks_exact(self.columns).enumerate() {
                for (offset, value) in line[first..first + count].iter().enumerate() {
                    torus.block[offset * self.rows + row] = *value;
                }
            }
            let block = &mut torus.block[..count * self.rows];
            self.along_columns.process_with_scratch(block, &mut torus.scratch);
            for (row, line) in lattice.chunks_exact_mut(self.width).enumerate() {
                for (offset, value) in line[first..first + count].iter_mut().enumerate() {
                    *value = block[offset * self.rows + row];
                }
            }
        }
    }
}

/// How far along x and along y a variogram correlates.
fn reach(variogram: &Variogram) -> [f64; 2] {
    let (azimuth, ratio) = variogram.anisotropy.map_or((0.0, 1.0), |anisotropy| (anisotropy.azimuth_degrees, anisotropy.ratio));
    let (sin, cos) = (azimuth * PI / 180.0).sin_cos();
    let correlated = |ranges: &f64| {
        let distance = ranges * variogram.range;
        variogram.covariance(distance * sin, distance * cos) > NO_CORRELATION * variogram.partial_sill
    };
    let ranges = (4..40).map(|quarters| f64::from(quarters) * 0.25).find(|ranges| !correlated(ranges)).unwrap_or(10.0);
    let distance = ranges * variogram.range;
    [distance * sin.hypot(ratio * cos), distance * cos.hypot(ratio * sin)]
}

/// The signed number of steps the short way round.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn wrapped(step: usize, steps: usize) -> f64 {
    if 2 * step <= steps { step as f64 } else { step as f64 - steps as f64 }
}

/// The least number from here on without a prime factor above 5, which Fourier's transform is quick for.
fn smooth(least: usize) -> usize {
    let has_small_factors = |number: &usize| {
        let mut left = *number;
        for factor in [2, 3, 5] {
            while left.is_multiple_of(factor) {
                left /= factor;
            }
        }
        left == 1
    };
    // The next power of two is not farther than twice the number.
    (least.max(1)..=2 * least.max(1)).find(has_small_factors).unwrap_or(least)
}
