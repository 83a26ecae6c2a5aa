//! What makes a simulated field honour the samples: kriging of what it misses there.

use crate::geostat::kriging::{CellWeights, Kriging, KrigingOptions, Neighbourhood, Support};
use crate::geostat::progress::Progress;
use crate::geostat::{Grid, Sample};
use rustfft::num_complex::Complex;
use std::collections::BTreeMap;

use super::{SIMULATION_NODES, SimulationError};

/// Most weights that are kept, of eight bytes each.
const MOST_WEIGHTS: usize = 32_000_000;
/// Fewer neighbours than these would show as patches.
const LEAST_NEIGHBOURS: usize = 12;
/// More neighbours than these change nothing that can be seen.
const ENOUGH_NEIGHBOURS: usize = 64;

/// The grid's lattice of nodes, widened by the cells that samples beside the grid need.
pub(super) struct Lattice {
    pub width: usize,
    pub height: usize,
    /// Columns and rows added before the grid's own.
    west: usize,
    north: usize,
}

/// A sample moved to the middle of its cell, with its node of the lattice.
pub(super) struct Moved {
    sample: Sample,
    node: usize,
}

impl Lattice {
    /// The lattice round the grid and the samples within `margin` of it, and these samples moved to its nodes, one each with
    /// the mean of those that fall on it.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    #[expect(clippy::cast_possible_wrap, clippy::cast_possible_truncation, reason = "at most the margin, which is bounded")]
    pub fn around(grid: &Grid, samples: &[Sample], margin: f64) -> (Self, Vec<Moved>) {
        let (left, top) = grid.origin();
        let cell = grid.cell();
        let (columns, rows) = (grid.columns() as i64, grid.rows() as i64);
        // A margin beyond the most nodes is refused later; up to there whole numbers hold it.
        let margin = (margin / cell).ceil().min(SIMULATION_NODES as f64);
        // Columns and rows on which samples fall, those of the grid from 0 on.
        let mut fallen: BTreeMap<(i64, i64), (f64, f64)> = BTreeMap::new();
        for sample in samples {
            let (column, row) = (((sample.x - left) / cell).floor(), ((top - sample.y) / cell).floor());
            let near = |index: f64, count: i64| index >= -margin && index < count as f64 + margin;
            if near(column, columns) && near(row, rows) {
                let (sum, count) = fallen.entry((row as i64, column as i64)).or_default();
                *sum += sample.value;
                *count += 1.0;
            }
        }
        let spread = |index: fn(&(i64, i64)) -> i64, own: i64| {
            let all = || fallen.keys().map(index);
            (all().min().unwrap_or(0).min(0), all().max().unwrap_or(0).max(own - 1))
        };
        let (first_row, last_row) = spread(|(row, _)| *row, rows);
        let (first_column, last_column) = spread(|(_, column)| *column, columns);
        let number = |count: i64| usize::try_from(count).unwrap_or(0);
        let (width, height) = (number(last_column - first_column + 1), number(last_row - first_row + 1));
        let lattice = Self { width, height, west: number(-first_column), north: number(-first_row) };
        let moved = fallen.into_iter().map(|((row, column), (sum, count))| Moved {
            node: number(row - first_row) * width + number(column - first_column),
            sample: Sample { x: left + (column as f64 + 0.5) * cell, y: top - (row as f64 + 0.5) * cell, value: sum / count },
        });
        (lattice, moved.collect())
    }

    pub fn node_of_cell(&self, grid: &Grid, cell: usize) -> usize {
        let (row, column) = (cell / grid.columns(), cell % grid.columns());
        (row + self.north) * self.width + column + self.west
    }
}

/// The samples' values, their nodes, and the weights that they have in each cell.
pub(super) struct Conditioning {
    values: Vec<f64>,
    nodes: Vec<usize>,
    weights: CellWeights,
}

impl Conditioning {
    pub fn new(
        samples: &[Moved],
        grid: &Grid,
        cells: &[usize],
        options: KrigingOptions,
        progress: &dyn Progress,
    ) -> Result<Self, SimulationError> {
        let places: Vec<Sample> = samples.iter().map(|moved| moved.sample).collect();
        let neighbourhood = bounded(options.neighbourhood, places.len(), cells.len());
        let kriging = Kriging::new(&places, KrigingOptions { neighbourhood, support: Support::Point, ..options })?;
        let weights = kriging.weights_over_cells(grid, cells, progress)?;
        let values = places.iter().map(|place| place.value).collect();
        Ok(Self { values, nodes: samples.iter().map(|moved| moved.node).collect(), weights })
    }

    pub fn places(&self) -> usize {
        self.values.len()
    }

    pub fn kriged(&self) -> Vec<f64> {
        self.weights.values(&self.values)
    }

    /// What two fields miss at the samples.
    pub fn residuals(&self, lattice: &[Complex<f64>], residuals: &mut Vec<Complex<f64>>) {
        residuals.clear();
        let missed = self.values.iter().zip(&self.nodes).map(|(value, node)| Complex::new(*value, *value) - lattice[*node]);
        residuals.extend(missed);
    }

    /// The residuals of both fields kriged to a cell.
    pub fn kriged_residual(&self, cell: usize, residuals: &[Complex<f64>]) -> Complex<f64> {
        let CellWeights { start, samples, weights } = &self.weights;
        let own = start[cell]..start[cell + 1];
        let weighted = samples[own.clone()].iter().zip(&weights[own]);
        weighted.map(|(sample, weight)| residuals[*sample as usize] * f64::from(*weight)).sum()
    }
}

/// The neighbourhood, or the nearest samples where the weights of all would not fit into memory.
fn bounded(neighbourhood: Neighbourhood, samples: usize, cells: usize) -> Neighbourhood {
    let each = MOST_WEIGHTS / cells.max(1);
    match neighbourhood {
        Neighbourhood::Global if samples > each => {
            Neighbourhood::Nearest { count: each.clamp(LEAST_NEIGHBOURS, ENOUGH_NEIGHBOURS), radius: None }
        }
        Neighbourhood::Nearest { count, radius } if count > each => {
            Neighbourhood::Nearest { count: each.max(LEAST_NEIGHBOURS).min(count), radius }
        }
        other => other,
    }
}
