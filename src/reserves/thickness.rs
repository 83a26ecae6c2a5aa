//! Depth of peat over the area of a deposit, by the method asked for.

use super::request::{BoundaryRule, Method};
use crate::geostat::{
    Bounds, CrossValidation, Grid, GridError, Interpolator, InverseDistance, Mean, Ring, Sample, leave_one_out, points_along,
    ring_length,
};
use crate::units::{CubicMetres, Metres, SquareMetres};
use geo::{Area, MultiPolygon};
use rayon::prelude::*;
use thiserror::Error;

/// Cells that a grid aims at when no size is asked for.
const CELLS_AIMED_AT: f64 = 60_000.0;
/// Fewer cells than this say nothing of an area.
const LEAST_CELLS: usize = 20;
/// Most zero depths that are set along an outline.
const MOST_BOUNDARY_POINTS: f64 = 200_000.0;
/// Most distances between cells and probes that are looked at for one answer: some seconds of work.
const MOST_DISTANCES: usize = 60_000_000;
/// Cells across the spacing of probes: finer shows nothing more.
const CELLS_PER_SPACING: f64 = 6.0;

/// A piece of a deposit with one depth: a cell of a grid, or a probe with its share of the area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeatColumn {
    /// Its area.
    pub area: SquareMetres,
    /// Depth of peat in it.
    pub depth: Metres,
    /// Share of it that no constraint takes, 0 to 1.
    pub permitted: f64,
}

/// Depth over a deposit.
#[derive(Debug, Clone)]
pub struct Thickness {
    /// Pieces that together make the deposit.
    pub columns: Vec<PeatColumn>,
    /// The grid whose cells those inside the outline are; the indices stand in `cells`, in the order of `columns`.
    pub grid: Grid,
    /// Cells of `grid` inside the outline.
    pub cells: Vec<usize>,
    /// By cell, whether a constraint takes it; empty where none does.
    pub taken: Vec<bool>,
    /// Whether `columns` are the cells (else they are probes with their shares).
    pub by_cell: bool,
    /// Errors of the method at probes it has not seen.
    pub cross_validation: Option<CrossValidation>,
}

impl Thickness {
    /// Volume of all columns.
    #[must_use]
    pub fn volume(&self) -> CubicMetres {
        self.columns.iter().map(|column| column.area * column.depth).sum()
    }
}

/// Why there is no thickness.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ThicknessError {
    #[error("no depth is known: no probe lies inside the outline and no mean depth is stated")]
    NoDepth,
    #[error("the outline has no area")]
    NoArea,
    #[error("cell_m: {0}")]
    Grid(#[from] GridError),
    #[error("boundary_step_m: the outline is {length_m:.0} m long; a step of {step_m} m would set more than 200000 points")]
    BoundaryTooFine { length_m: f64, step_m: f64 },
    #[error(
        "cell_m: {cells} cells with {neighbours} neighbours each are more than one answer computes; take larger cells or fewer neighbours"
    )]
    TooMuchWork { cells: usize, neighbours: usize },
}

/// What a method needs beside the samples.
#[derive(Debug, Clone, Copy)]
pub struct ThicknessInputs {
    /// Method.
    pub method: Method,
    /// Exponent of inverse distance weighting.
    pub power: f64,
    /// Nearest samples used by it.
    pub neighbours: usize,
    /// Boundary rule.
    pub boundary: BoundaryRule,
    /// Step of the zero depths along the outline, m.
    pub boundary_step: f64,
    /// Edge of a cell, m; chosen from the spacing of samples where none.
    pub cell: Option<f64>,
    /// Most cells that are computed.
    pub most_cells: usize,
    /// How many samples, from the first on, lie inside and are left out in turn to measure the errors.
    pub validated: usize,
}

/// Depth over an outline from measured depths (m), all in one metric system.
///
/// * `mean`: each sample stands for an equal share of the planar area `A`, so that `V = A Σ d_i / n` and a
///   cut-off takes the samples below it with their shares. The boundary rule has no meaning for it.
/// * `idw`: [`InverseDistance`] at the centre of each cell of a grid with its origin at `(x_min, y_max)` of the
///   outline; a cell counts, whole, when its centre is inside: `V = Σ d a`, without scaling to the outline's area.
///
/// # Errors
/// [`ThicknessError`]: nothing measured, no area, or too many cells.
pub fn thickness(outline: &MultiPolygon, samples: &[Sample], inputs: &ThicknessInputs) -> Result<Thickness, ThicknessError> {
    let area = outline.unsigned_area();
    if area.is_nan() || area <= 0.0 {
        return Err(ThicknessError::NoArea);
    }
    let rings = rings(outline);
    let bounds = Bounds::of(&rings).ok_or(ThicknessError::NoArea)?;
    let grid = match inputs.cell {
        Some(cell) => Grid::covering(bounds, cell, inputs.most_cells)?,
        None => chosen_grid(bounds, chosen_cell(area, samples.len()), inputs.most_cells)?,
    };
    let cells = grid.cells_inside(&rings);
    if cells.len() < LEAST_CELLS && inputs.cell.is_some() {
        return Err(GridError::TooCoarse { cells: cells.len(), least: LEAST_CELLS }.into());
    }
    let (columns, cross_validation) = match inputs.method {
        Method::Mean => by_mean(area, samples)?,
        Method::InverseDistance => by_inverse_distance(&rings, &grid, &cells, samples, inputs)?,
    };
    Ok(Thickness { columns, grid, cells, taken: Vec::new(), by_cell: inputs.method != Method::Mean, cross_validation })
}

type Columns = (Vec<PeatColumn>, Option<CrossValidation>);

fn by_mean(area: f64, samples: &[Sample]) -> Result<Columns, ThicknessError> {
    let mean = Mean::new(samples).ok_or(ThicknessError::NoDepth)?;
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let share = SquareMetres(area / samples.len() as f64);
    let column = |sample: &Sample| PeatColumn { area: share, depth: Metres(sample.value), permitted: 1.0 };
    Ok((samples.iter().map(column).collect(), leave_one_out(&mean, samples, samples.len())))
}

fn by_inverse_distance(
    rings: &[Ring],
    grid: &Grid,
    cells: &[usize],
    samples: &[Sample],
    inputs: &ThicknessInputs,
) -> Result<Columns, ThicknessError> {
    if cells.len().saturating_mul(inputs.neighbours) > MOST_DISTANCES {
        return Err(ThicknessError::TooMuchWork { cells: cells.len(), neighbours: inputs.neighbours });
    }
    let mut all = samples.to_vec();
    let length_m: f64 = rings.iter().map(ring_length).sum();
    if inputs.boundary == BoundaryRule::Zero && length_m / inputs.boundary_step > MOST_BOUNDARY_POINTS {
        return Err(ThicknessError::BoundaryTooFine { length_m, step_m: inputs.boundary_step });
    }
    if inputs.boundary == BoundaryRule::Zero {
        let points = rings.iter().flat_map(|ring| points_along(ring, inputs.boundary_step));
        all.extend(points.map(|[x, y]| Sample { x, y, value: 0.0 }));
    }
    let depth = InverseDistance::new(&all, inputs.power, inputs.neighbours).ok_or(ThicknessError::NoDepth)?;
    let area = SquareMetres(grid.cell() * grid.cell());
    let column = |cell: &usize| {
        let (x, y) = grid.centre(*cell);
        PeatColumn { area, depth: Metres(depth.value_at(x, y).max(0.0)), permitted: 1.0 }
    };
    Ok((cells.par_iter().map(column).collect(), leave_one_out(&depth, &all, inputs.validated)))
}

/// The rings of polygons, outer and inner alike, for even-odd counting.
#[must_use]
pub fn rings(polygons: &MultiPolygon) -> Vec<Ring> {
    let of = |polygon: &geo::Polygon| -> Vec<Ring> {
        std::iter::once(polygon.exterior())
            .chain(polygon.interiors())
            .map(|ring| ring.coords().map(|c| [c.x, c.y]).collect())
            .collect()
    };
    polygons.iter().flat_map(of).collect()
}

/// The grid with the chosen cell, or one as much coarser as the box round scattered parts needs.
fn chosen_grid(bounds: Bounds, cell: f64, most_cells: usize) -> Result<Grid, GridError> {
    let width = (bounds.max_x - bounds.min_x).max(bounds.max_y - bounds.min_y);
    let mut cell = cell;
    loop {
        match Grid::covering(bounds, cell, most_cells) {
            Err(GridError::TooManyCells { .. }) if cell < width => cell *= 2.0,
            other => return other,
        }
    }
}

/// A round cell size (1, 2 or 5 times a power of ten) from the mean spacing of samples `sqrt(A / n)`, not
/// so small that the grid would grow past what an answer at once allows.
fn chosen_cell(area: f64, samples: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let spacing = (area / samples.max(1) as f64).sqrt();
    let finest = (area / CELLS_AIMED_AT).sqrt();
    let wanted = (spacing / CELLS_PER_SPACING).min(area.sqrt() / 10.0).max(finest).max(0.1);
    let magnitude = 10_f64.powf(wanted.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|step| step * magnitude >= wanted * 0.999).unwrap_or(10.0);
    step * magnitude
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_cell_is_a_round_number_near_a_sixth_of_the_spacing() {
        let is = |area, samples, cell: f64| assert!((chosen_cell(area, samples) - cell).abs() < 1e-9, "{cell}");
        is(37_923.0, 104, 5.0);
        is(60e6, 1_500, 50.0);
        // Without probes, the size comes from the area alone.
        is(1e6, 0, 100.0);
    }
}
