//! The cells of a grid in a moving neighbourhood, square tile by square tile, on all processors.

use super::nearest::{Nearest, Source, Workspace};
use super::{CellWeights, Kriged, Kriging};
use crate::geostat::Grid;
use crate::geostat::progress::{Cancelled, Steps};
use rayon::prelude::*;

/// Tiles that one thread takes at a time.
const TILES_AT_ONCE: usize = 32;

/// Cells along the edge of the largest tile.
const LARGEST_TILE: f64 = 16.0;

/// A tile with more candidates than this for each neighbour is cut in two: there are clusters in it.
const CANDIDATES_PER_NEIGHBOUR: usize = 6;

/// The cells of a request, tile after tile.
struct Tiles {
    /// Positions in the request.
    positions: Vec<u32>,
    /// Where each tile starts among them, and the end.
    start: Vec<usize>,
}

/// What one run of tiles gave: weights of samples, cell by cell.
#[derive(Default)]
struct WeightsPart {
    counts: Vec<u32>,
    samples: Vec<u32>,
    weights: Vec<f32>,
    found: Vec<(u32, f64)>,
}

impl Kriging {
    /// Values and variances of cells, in the order given.
    pub(super) fn nearest_over(
        &self,
        nearest: &Nearest,
        grid: &Grid,
        cells: &[usize],
        steps: &Steps,
    ) -> Result<Vec<Kriged>, Cancelled> {
        let tiles = self.tiles(nearest, grid, cells);
        let parts = self.over_tiles(nearest, grid, cells, &tiles, steps, |part: &mut Vec<Kriged>, work, place, source| {
            part.push(work.kriged(self, &self.target, place, source));
        })?;
        let mut kriged = vec![Kriged { value: 0.0, variance: 0.0 }; cells.len()];
        for (answer, position) in parts.into_iter().flatten().zip(&tiles.positions) {
            kriged[*position as usize] = answer;
        }
        Ok(kriged)
    }

    /// Weights of samples for cells, in the order given.
    pub(super) fn nearest_weights(
        &self,
        nearest: &Nearest,
        grid: &Grid,
        cells: &[usize],
        steps: &Steps,
    ) -> Result<CellWeights, Cancelled> {
        let tiles = self.tiles(nearest, grid, cells);
        let parts = self.over_tiles(nearest, grid, cells, &tiles, steps, |part: &mut WeightsPart, work, place, source| {
            work.weights(self, place, source, &mut part.found);
            let before = part.samples.len();
            for (index, weight) in &part.found {
                self.share(*index, *weight, &mut part.samples, &mut part.weights);
            }
            part.counts.push(count(part.samples.len() - before));
        })?;
        let mut start = vec![0; cells.len() + 1];
        for (counted, position) in parts.iter().flat_map(|part| &part.counts).zip(&tiles.positions) {
            start[*position as usize + 1] = *counted as usize;
        }
        for index in 0..cells.len() {
            start[index + 1] += start[index];
        }
        let total = start[cells.len()];
        let mut all = CellWeights { start, samples: vec![0; total], weights: vec![0.0; total] };
        let mut positions = tiles.positions.iter();
        for part in parts {
            let mut from = 0;
            for (counted, position) in part.counts.iter().zip(&mut positions) {
                let (at, length) = (all.start[*position as usize], *counted as usize);
                all.samples[at..at + length].copy_from_slice(&part.samples[from..from + length]);
                all.weights[at..at + length].copy_from_slice(&part.weights[from..from + length]);
                from += length;
            }
        }
        Ok(all)
    }

    /// Sorts cells into tiles whose diagonal is about half the reach of a neighbourhood, and runs through each tile row by
    /// row, there and back.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts are far below 2^53; the edge is clamped"
    )]
    fn tiles(&self, nearest: &Nearest, grid: &Grid, cells: &[usize]) -> Tiles {
        let reach = (nearest.count as f64 / (std::f64::consts::PI * self.density.max(f64::MIN_POSITIVE))).sqrt();
        let (step_x, step_y) = (self.metric.place(grid.cell(), 0.0), self.metric.place(0.0, grid.cell()));
        let diagonal =
            (step_x[0] + step_y[0]).hypot(step_x[1] + step_y[1]).max((step_x[0] - step_y[0]).hypot(step_x[1] - step_y[1]));
        let edge = (0.5 * reach / diagonal).clamp(1.0, LARGEST_TILE) as usize;
        let across = grid.columns().div_ceil(edge);
        let tile_of = |cell: usize| (cell / grid.columns() / edge) * across + (cell % grid.columns()) / edge;

        let mut start = vec![0_usize; across * grid.rows().div_ceil(edge) + 1];
        for cell in cells {
            start[tile_of(*cell) + 1] += 1;
        }
        for index in 1..start.len() {
            start[index] += start[index - 1];
        }
        let mut next = start.clone();
        let mut positions = vec![0_u32; cells.len()];
        for (position, cell) in cells.iter().enumerate() {
            let slot = &mut next[tile_of(*cell)];
            positions[*slot] = position as u32;
            *slot += 1;
        }
        start.dedup();
        let there_and_back = |position: &u32| {
            let cell = cells[*position as usize];
            let (row, column) = (cell / grid.columns(), cell % grid.columns());
            (row, if row % 2 == 0 { column } else { grid.columns() - column }, *position)
        };
        for tile in start.windows(2) {
            positions[tile[0]..tile[1]].sort_unstable_by_key(there_and_back);
        }
        Tiles { positions, start }
    }

    /// Runs over all tiles; what `take` gathers comes back in the order of the tiles' positions.
    fn over_tiles<S: Default + Send>(
        &self,
        nearest: &Nearest,
        grid: &Grid,
        cells: &[usize],
        tiles: &Tiles,
        steps: &Steps,
        take: impl Fn(&mut S, &mut Workspace, [f64; 2], Source) + Sync,
    ) -> Result<Vec<S>, Cancelled> {
        let runs: Vec<&[usize]> = (0..tiles.start.len().saturating_sub(1))
            .step_by(TILES_AT_ONCE)
            .map(|first| &tiles.start[first..tiles.start.len().min(first + TILES_AT_ONCE + 1)])
            .collect();
        let run = |work: &mut Workspace, bounds: &&[usize]| {
            let mut part = S::default();
            let mut places = Vec::new();
            for tile in bounds.windows(2) {
                places.clear();
                places.extend(
                    tiles.positions[tile[0]..tile[1]]
                        .iter()
                        .map(|position| self.place_of(grid.centre(cells[*position as usize]))),
                );
                self.walk(nearest, &places, work, &mut |work, place, source| take(&mut part, work, place, source));
            }
            steps.advance(bounds[bounds.len() - 1] - bounds[0]).map(|()| part)
        };
        runs.par_iter().map_init(Workspace::default, run).collect()
    }

    /// Aims at place after place with common candidates; halves the places where the candidates are too many.
    fn walk(
        &self,
        nearest: &Nearest,
        places: &[[f64; 2]],
        work: &mut Workspace,
        take: &mut impl FnMut(&mut Workspace, [f64; 2], Source),
    ) {
        let (mut least, mut most) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for place in places {
            for axis in 0..2 {
                least[axis] = least[axis].min(place[axis]);
                most[axis] = most[axis].max(place[axis]);
            }
        }
        let middle = [f64::midpoint(least[0], most[0]), f64::midpoint(least[1], most[1])];
        let reach = places.iter().map(|[x, y]| (x - middle[0]).hypot(y - middle[1])).fold(0.0, f64::max);
        work.gather(self, nearest, middle, reach, 0);
        if places.len() > 1 && work.candidates.len() > nearest.count.max(16) * CANDIDATES_PER_NEIGHBOUR {
            let (left, right) = places.split_at(places.len() / 2);
            self.walk(nearest, left, work, take);
            self.walk(nearest, right, work, take);
            return;
        }
        work.tabulate(self);
        for place in places {
            let source = work.aim(self, nearest, *place, None);
            take(work, *place, source);
        }
    }
}

/// A count that 32 bits hold: samples are numbered with 32 bits.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
