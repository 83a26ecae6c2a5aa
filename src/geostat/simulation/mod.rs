//! Conditional Gaussian simulation: many surfaces that the samples allow, where kriging gives their mean.
//!
//! Chance comes from a seed alone: the same seed gives the same surfaces, bit for bit, on any number of threads.

mod conditioning;
mod embedding;
mod spread;

pub use embedding::SIMULATION_NODES;
pub use spread::Spread;

use super::kriging::{KrigingError, KrigingOptions};
use super::progress::{Cancelled, Progress, Steps};
use super::variogram::{Variogram, VariogramError};
use super::{Grid, Sample};
use conditioning::{Conditioning, Lattice};
use embedding::{Embedding, Torus};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;
use rayon::prelude::*;
use rustfft::num_complex::Complex;
use thiserror::Error;

/// Why there is no simulation.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SimulationError {
    #[error(
        "the simulation would need {nodes} nodes for this grid and range; at most {limit} are computed, so take larger cells"
    )]
    TooManyNodes { nodes: usize, limit: usize },
    #[error("no sample lies within the range of the variogram around the grid")]
    NoSamples,
    #[error(transparent)]
    Kriging(#[from] KrigingError),
    #[error(transparent)]
    Variogram(#[from] VariogramError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Gaussian simulation on the cells of a grid, given samples.
///
/// A field `S` without knowledge of the samples comes from circulant embedding; kriging of what it misses at the samples makes it
/// honour them (Journel & Huijbregts 1978, chapter VII; Chilès & Delfiner 2012, section 7.3):
///
/// `Z(x) = S(x) + Σ w_i(x) (z_i - S(x_i))`
///
/// with the kriging weights `w_i`, which are computed once for all surfaces. The mean of many surfaces is the kriged one, their
/// variance the kriging variance, and their variogram that of the model.
///
/// The values are simulated as they are, so their errors are taken for Gaussian. Skewed ones are first made normal with
/// [`NormalScores`](super::NormalScores) and turned back in `reduce`.
///
/// As in GSLIB's `sgsim` samples are moved to the middle of their cell, and several in a cell count as one with their mean: the
/// surfaces honour that value. Samples further from the grid than the range are left out.
///
/// The mean over the cells of each of 100 surfaces, of which one sample in the middle is known:
///
/// ```
/// use peatplan::geostat::*;
/// let grid = Grid::covering(Bounds { min_x: 0.0, min_y: 0.0, max_x: 90.0, max_y: 90.0 }, 10.0, 100).unwrap();
/// let cells: Vec<usize> = (0..grid.len()).collect();
/// let variogram = Variogram::new(VariogramShape::Spherical, 0.0, 1.0, 50.0, None).unwrap();
/// let (neighbourhood, support) = (Neighbourhood::Global, Support::Point);
/// let options = KrigingOptions { variogram, drift: Drift::Constant, neighbourhood, support };
/// let samples = [Sample { x: 45.0, y: 45.0, value: 2.0 }];
/// let simulation = Simulation::new(&samples, &grid, &cells, options, &Unwatched).unwrap();
/// let middles = simulation.simulate(100, 1, &Unwatched, |_, values| values[40]).unwrap();
/// assert!(middles.iter().all(|middle| (middle - 2.0).abs() < 1e-6));
/// ```
pub struct Simulation {
    embedding: Embedding,
    /// For each cell its node of the lattice.
    nodes: Vec<usize>,
    conditioning: Option<Conditioning>,
}

/// What one thread needs for a pair of surfaces.
struct Workspace {
    torus: Torus,
    lattice: Vec<Complex<f64>>,
    residuals: Vec<Complex<f64>>,
    surfaces: [Vec<f64>; 2],
}

impl Simulation {
    /// Prepares the field and the weights for some cells of a grid, with the samples to honour. The support of
    /// the options is not used: surfaces have point values, whose mean over cells is that of blocks.
    ///
    /// A global neighbourhood whose weights would take more than 256 MB gives way to the nearest samples that fit into it.
    ///
    /// # Errors
    /// No sample near the grid, a grid too large for the range, what kriging refuses, or when `progress` wants no more.
    pub fn new(
        samples: &[Sample],
        grid: &Grid,
        cells: &[usize],
        options: KrigingOptions,
        progress: &dyn Progress,
    ) -> Result<Self, SimulationError> {
        let variogram = options.variogram.checked()?;
        if samples.is_empty() {
            return Err(KrigingError::NoSamples.into());
        }
        if !samples.iter().all(|sample| sample.x.is_finite() && sample.y.is_finite() && sample.value.is_finite()) {
            return Err(KrigingError::NotFinite.into());
        }
        let (lattice, near) = Lattice::around(grid, samples, variogram.range);
        if near.is_empty() {
            return Err(SimulationError::NoSamples);
        }
        // First the field: a grid that is too large is refused before anything is kriged.
        let embedding = Embedding::new(&variogram, grid.cell(), lattice.width, lattice.height)?;
        let conditioning = Conditioning::new(&near, grid, cells, options, progress)?;
        let nodes = cells.iter().map(|cell| lattice.node_of_cell(grid, *cell)).collect();
        Ok(Self { embedding, nodes, conditioning: Some(conditioning) })
    }

    /// Without samples: fields with mean zero and the variogram's covariance.
    ///
    /// # Errors
    /// An impossible variogram or a grid too large for its range.
    pub fn unconditional(variogram: Variogram, grid: &Grid, cells: &[usize]) -> Result<Self, SimulationError> {
        let variogram = variogram.checked()?;
        let (lattice, _) = Lattice::around(grid, &[], variogram.range);
        let embedding = Embedding::new(&variogram, grid.cell(), lattice.width, lattice.height)?;
        let nodes = cells.iter().map(|cell| lattice.node_of_cell(grid, *cell)).collect();
        Ok(Self { embedding, nodes, conditioning: None })
    }

    /// Share of the variance that the embedding had to clip and scale back: 0 where it is exact; below 0.001 nobody will see it.
    #[must_use]
    pub fn clipped_share(&self) -> f64 {
        self.embedding.clipped_share
    }

    /// Nodes of the torus that each pair of surfaces is cut from.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.embedding.nodes()
    }

    /// Places of samples, one a cell, that the surfaces honour.
    #[must_use]
    pub fn places_honoured(&self) -> usize {
        self.conditioning.as_ref().map_or(0, Conditioning::places)
    }

    /// The kriged values of the cells from the same weights: what the surfaces have as their mean.
    #[must_use]
    pub fn expected(&self) -> Vec<f64> {
        self.conditioning.as_ref().map_or_else(|| vec![0.0; self.nodes.len()], Conditioning::kriged)
    }

    /// Simulates `realisations` surfaces and gives what `reduce` makes of each, in their order. It gets the number of the
    /// surface, from 0 on, and its values in the order of the cells.
    ///
    /// No surface is kept: memory does not grow with their number. Each pair has its own stream of chance from the seed and
    /// its number, so the first surfaces of a longer run are those of a shorter one.
    ///
    /// # Errors
    /// When `progress` wants no more; it counts surfaces.
    pub fn simulate<T: Send>(
        &self,
        realisations: usize,
        seed: u64,
        progress: &dyn Progress,
        reduce: impl Fn(usize, &[f64]) -> T + Sync,
    ) -> Result<Vec<T>, Cancelled> {
        let steps = Steps::new(progress, realisations);
        let pairs: Result<Vec<[Option<T>; 2]>, Cancelled> = (0..realisations.div_ceil(2))
            .into_par_iter()
            .map_init(
                || self.workspace(),
                |workspace, pair| {
                    let wanted = self.pair(pair, realisations, seed, workspace);
                    let mut reduced = [None, None];
                    for (surface, reduced) in reduced.iter_mut().enumerate().take(wanted) {
                        *reduced = Some(reduce(2 * pair + surface, &workspace.surfaces[surface]));
                    }
                    steps.advance(wanted).map(|()| reduced)
                },
            )
            .collect();
        Ok(pairs?.into_iter().flatten().flatten().collect())
    }

    fn workspace(&self) -> Workspace {
        Workspace {
            torus: self.embedding.torus(),
            lattice: Vec::new(),
            residuals: Vec::new(),
            surfaces: [Vec::new(), Vec::new()],
        }
    }

    /// Makes the surfaces `2 pair` and `2 pair + 1` in the workspace; how many of them are wanted.
    fn pair(&self, pair: usize, realisations: usize, seed: u64, workspace: &mut Workspace) -> usize {
        let Workspace { torus, lattice, residuals, surfaces } = workspace;
        self.embedding.fields(&mut stream(seed, pair), torus, lattice);
        for surface in surfaces.iter_mut() {
            surface.clear();
            surface.reserve_exact(self.nodes.len());
        }
        let [first, second] = surfaces;
        let mut put = |value: Complex<f64>| {
            first.push(value.re);
            second.push(value.im);
        };
        if let Some(conditioning) = &self.conditioning {
            conditioning.residuals(lattice, residuals);
            for (cell, node) in self.nodes.iter().enumerate() {
                put(lattice[*node] + conditioning.kriged_residual(cell, residuals));
            }
        } else {
            self.nodes.iter().for_each(|node| put(lattice[*node]));
        }
        2.min(realisations - 2 * pair)
    }
}

/// The stream of chance of a pair: seed and number mixed by splitmix64 (Steele, Lea & Flood 2014) into the state of a PCG
/// (O'Neill 2014), so that neighbouring numbers share nothing.
fn stream(seed: u64, pair: usize) -> Pcg64 {
    let mut state = seed ^ (pair as u64).wrapping_mul(0xd134_2543_de82_ef95).rotate_left(32);
    let mut bytes = [0; 32];
    for word in bytes.chunks_exact_mut(8) {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes());
    }
    Pcg64::from_seed(bytes)
}

#[cfg(test)]
mod tests;
