//! Depth of peat over the area of a deposit, by the method asked for.

use super::choices::{BoundaryRule, IsopachRule, IsopachSurface, Method, NeighbourhoodChoice, SupportChoice};
use super::depth_model::{CellDepths, DepthModel, MOST_DISTANCES, Recipe, neighbours};
use super::method_choice::{MethodChoice, by_number, kriging, least_error, method_of};
use super::probes::SelectedDepths;
use super::request::{AskedMethod, ReserveRequest};
use super::spatial_structure::SpatialStructure;
use crate::geostat::{
    self, Bounds, Cancelled, CrossValidation, Grid, GridError, Isopachs, KrigingError, NormalScoresError, Progress, Ring, Sample,
    SimulationError, TriangulationError, points_along, ring_length,
};
use crate::model::InputError;
use crate::units::{CubicMetres, Metres, SquareMetres};
use geo::{Area, MultiPolygon};
use thiserror::Error;

/// Cells that a grid aims at when no size is asked for.
const CELLS_AIMED_AT: f64 = 60_000.0;
/// Fewer cells than this say nothing of an area.
const LEAST_CELLS: usize = 20;
/// Most zero depths that are set along an outline.
const MOST_BOUNDARY_POINTS: f64 = 200_000.0;
/// Most products that kriging with all samples takes, for each cell the square of their number: about a minute of work.
const MOST_GLOBAL_PRODUCTS: usize = 2_000_000_000_000;
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
    /// Method used.
    pub method: Method,
    /// Pieces that together make the deposit.
    pub columns: Vec<PeatColumn>,
    /// Where each column stands: the centre of its cell, or the place of its probe.
    pub places: Vec<[f64; 2]>,
    /// The grid whose cells those inside the outline are; the indices stand in `cells`, in the order of `columns`.
    pub grid: Grid,
    /// Cells of `grid` inside the outline.
    pub cells: Vec<usize>,
    /// By cell, whether a constraint takes it; empty where none does.
    pub taken: Vec<bool>,
    /// Whether `columns` are the cells (else they are probes with their shares).
    pub by_cell: bool,
    /// Standard deviation of the error by column, m, where the method knows it.
    pub deviations: Option<Vec<f64>>,
    /// Area inside the outline that the method says nothing of.
    pub uncovered: SquareMetres,
    /// By column, whether the method says nothing of it; empty where it says something everywhere.
    pub unknown: Vec<bool>,
    /// Errors of the method at probes it has not seen.
    pub cross_validation: Option<CrossValidation>,
}

impl Thickness {
    /// Volume of all columns.
    #[must_use]
    pub fn volume(&self) -> CubicMetres {
        self.columns.iter().map(|column| column.area * column.depth).sum()
    }

    /// Area of all columns that the method says something of.
    #[must_use]
    pub fn covered(&self) -> SquareMetres {
        self.columns.iter().map(|column| column.area).sum::<SquareMetres>() - self.uncovered
    }
}

/// Why there is no thickness.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ThicknessError {
    #[error("no depth is known: no probe lies inside the outline and no mean depth is stated")]
    NoDepth,
    #[error(
        "no probe inside the outline is left by the inputs `censored`, `drained` and the years of the survey; allow more of them"
    )]
    NoneSelected,
    #[error(
        "method {} needs probes inside the outline and none is there; ask for method=mean, which takes the stated mean depth", .0.word()
    )]
    NoProbes(Method),
    #[error("method tin: {0}")]
    Triangulation(#[from] TriangulationError),
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
    #[error("cell_m: {cells} cells are too many to simulate; at most {limit} are, so take larger ones")]
    TooManyToSimulate { cells: usize, limit: usize },
    #[error("kriging: {0}")]
    Kriging(#[from] KrigingError),
    #[error("simulation: {0}")]
    Simulation(#[from] SimulationError),
    #[error("transform: {0}")]
    NormalScores(#[from] NormalScoresError),
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Depth over an outline with what it was made from.
pub(super) struct Interpolated {
    pub thickness: Thickness,
    pub recipe: Recipe,
    pub model: DepthModel,
    /// Selected depths, and the zero depths of the outline after them.
    pub samples: Vec<Sample>,
    pub structure: SpatialStructure,
    pub choice: Option<MethodChoice>,
}

/// Depth over an outline from selected depths, all in one metric system.
///
/// * `mean`, `declustered_mean`: each sample stands for its share of the planar area `A` (equal, or by cell declustering),
///   so that `V = A Σ w_i d_i` and a cut-off takes the samples below it with their shares. The boundary rule has no
///   meaning for them.
/// * the others: depth at (or over) each cell of a grid with its origin at `(x_min, y_max)` of the outline; a cell counts,
///   whole, when its centre is inside: `V = Σ d a`, without scaling to the outline's area.
/// * `isopach`: each cell takes the mean depth of its band between two isopachs, so that the sum over cells is the volume by
///   the trapezoid or cone rule.
/// * `simulation`: the depths are those of kriging; the realisations are drawn around them.
///
/// # Errors
/// [`ThicknessError`]: nothing measured, no area, too many cells, numbers that make no variogram, cancelled.
pub(super) fn interpolated(
    outline: &MultiPolygon,
    depths: &SelectedDepths,
    request: &ReserveRequest,
    most_cells: usize,
    progress: &dyn Progress,
) -> Result<Interpolated, ThicknessError> {
    let area = outline.unsigned_area();
    if area.is_nan() || area <= 0.0 {
        return Err(ThicknessError::NoArea);
    }
    let rings = rings(outline);
    let bounds = Bounds::of(&rings).ok_or(ThicknessError::NoArea)?;
    let asked_cell = request.numbers.given("cell_m");
    let grid = match asked_cell {
        Some(cell) => Grid::covering(bounds, cell, most_cells)?,
        None => chosen_grid(bounds, chosen_cell(area, depths.samples.len()), most_cells)?,
    };
    let cells = grid.cells_inside(&rings);
    if cells.len() < LEAST_CELLS && asked_cell.is_some() {
        return Err(GridError::TooCoarse { cells: cells.len(), least: LEAST_CELLS }.into());
    }
    let structure = SpatialStructure::of(&depths.samples, request)?;
    let (method, recipe, choice) = resolve(depths, &structure, request, progress)?;
    if matches!(recipe, Recipe::Mean | Recipe::DeclusteredMean) {
        let inside = &depths.samples[..depths.inside.min(depths.samples.len())];
        let (columns, places, model, cross_validation) = by_shares(area, inside, &recipe)?;
        let thickness = Thickness {
            method,
            columns,
            places,
            grid,
            cells,
            taken: Vec::new(),
            by_cell: false,
            deviations: None,
            uncovered: SquareMetres::ZERO,
            unknown: Vec::new(),
            cross_validation,
        };
        return Ok(Interpolated { thickness, recipe, model, samples: inside.to_vec(), structure, choice });
    }
    let neighbours = neighbours(request);
    if cells.len().saturating_mul(neighbours) > MOST_DISTANCES {
        return Err(ThicknessError::TooMuchWork { cells: cells.len(), neighbours });
    }
    let samples = with_boundary(&depths.samples, &rings, request)?;
    let all = samples.len();
    let is_global = matches!(recipe, Recipe::Kriging { neighbourhood: NeighbourhoodChoice::Global, .. });
    if is_global && cells.len().saturating_mul(all).saturating_mul(all) > MOST_GLOBAL_PRODUCTS {
        return Err(ThicknessError::TooMuchWork { cells: cells.len(), neighbours: all });
    }
    let model = DepthModel::new(&recipe, &samples, grid.cell())?;
    let mut found = model.over_cells(&grid, &cells, progress)?;
    if method == Method::Isopach {
        into_bands(&mut found, grid.cell() * grid.cell(), request);
    }
    let cross_validation = validated(&recipe, &samples, &model, depths.inside);
    let thickness = by_cells(method, grid, cells, &found, cross_validation);
    Ok(Interpolated { thickness, recipe, model, samples, structure, choice })
}

/// The method to use, how, and why where it was not asked for by name.
fn resolve(
    depths: &SelectedDepths,
    structure: &SpatialStructure,
    request: &ReserveRequest,
    progress: &dyn Progress,
) -> Result<(Method, Recipe, Option<MethodChoice>), ThicknessError> {
    let recipe = |method: Method| match method {
        Method::Mean => Recipe::Mean,
        Method::DeclusteredMean => Recipe::DeclusteredMean,
        Method::Thiessen => Recipe::Nearest,
        Method::Triangulation => Recipe::Triangulation,
        Method::InverseDistance => inverse_distance(request),
        Method::Kriging | Method::Simulation => kriging(structure, request, request.choices.drift),
        Method::Isopach => match request.choices.surface {
            IsopachSurface::Kriging => kriging(structure, request, request.choices.drift),
            IsopachSurface::InverseDistance => inverse_distance(request),
            IsopachSurface::Triangulation => Recipe::Triangulation,
        },
    };
    match request.method {
        AskedMethod::Given(method) => Ok((method, recipe(method), None)),
        AskedMethod::Auto if depths.inside >= super::method_choice::PROBES_FOR_INTERPOLATION => {
            let (recipe, choice) = least_error(&depths.samples, depths.inside, structure, request, progress)?;
            Ok((method_of(&recipe), recipe, Some(choice)))
        }
        asked => {
            let (method, choice) = by_number(asked, depths.inside).ok_or(ThicknessError::NoDepth)?;
            Ok((method, recipe(method), Some(choice)))
        }
    }
}

fn inverse_distance(request: &ReserveRequest) -> Recipe {
    Recipe::InverseDistance { power: request.numbers.get("power"), neighbours: neighbours(request) }
}

type Shares = (Vec<PeatColumn>, Vec<[f64; 2]>, DepthModel, Option<CrossValidation>);

/// Samples with their shares of the area.
fn by_shares(area: f64, samples: &[Sample], recipe: &Recipe) -> Result<Shares, ThicknessError> {
    let model = DepthModel::new(recipe, samples, 0.0)?;
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let equal = 1.0 / samples.len() as f64;
    let share = |index: usize| match &model {
        DepthModel::DeclusteredMean(mean) => mean.weights().get(index).copied().unwrap_or(equal),
        _ => equal,
    };
    let column = |(index, sample): (usize, &Sample)| PeatColumn {
        area: SquareMetres(area * share(index)),
        depth: Metres(sample.value),
        permitted: 1.0,
    };
    let columns = samples.iter().enumerate().map(column).collect();
    let places = samples.iter().map(|sample| [sample.x, sample.y]).collect();
    let cross_validation = model.leave_one_out(samples, samples.len());
    Ok((columns, places, model, cross_validation))
}

fn by_cells(
    method: Method,
    grid: Grid,
    cells: Vec<usize>,
    found: &CellDepths,
    cross_validation: Option<CrossValidation>,
) -> Thickness {
    let area = SquareMetres(grid.cell() * grid.cell());
    let column = |depth: &Option<f64>| PeatColumn { area, depth: Metres(depth.unwrap_or(0.0)), permitted: 1.0 };
    let columns = found.depths.iter().map(column).collect();
    let places = cells.iter().map(|cell| grid.centre(*cell)).map(|(x, y)| [x, y]).collect();
    let missing = found.depths.iter().filter(|depth| depth.is_none()).count();
    let unknown = if missing > 0 { found.depths.iter().map(Option::is_none).collect() } else { Vec::new() };
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let uncovered = area * missing as f64;
    Thickness {
        method,
        columns,
        places,
        grid,
        cells,
        taken: Vec::new(),
        by_cell: true,
        deviations: found.deviations.clone(),
        uncovered,
        unknown,
        cross_validation,
    }
}

/// Cells take the mean depth of their band.
fn into_bands(found: &mut CellDepths, cell_area: f64, request: &ReserveRequest) {
    let rule = match request.choices.isopach_rule {
        IsopachRule::Trapezoid => geostat::IsopachRule::Trapezoid,
        IsopachRule::Cone => geostat::IsopachRule::Cone,
    };
    let known: Vec<f64> = found.depths.iter().flatten().copied().collect();
    let deepest = known.iter().copied().fold(0.0, f64::max);
    let levels = isopach_levels(deepest, request.numbers.get("isopach_step_m"));
    if let Some(isopachs) = Isopachs::of_cells(&known, cell_area, &levels, rule) {
        for depth in found.depths.iter_mut().flatten() {
            *depth = isopachs.band_mean(*depth);
        }
    }
    found.deviations = None;
}

/// Levels of isopachs from zero up to the greatest depth.
#[must_use]
pub fn isopach_levels(deepest: f64, step: f64) -> Vec<f64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "depths of some metres in steps of at least 5 cm"
    )]
    let steps = (deepest / step).ceil().clamp(1.0, 2_000.0) as u32;
    (0..steps).map(|level| f64::from(level) * step).collect()
}

/// The samples, and zero depths along the outline after them where the boundary rule says so.
fn with_boundary(samples: &[Sample], rings: &[Ring], request: &ReserveRequest) -> Result<Vec<Sample>, ThicknessError> {
    let mut all = samples.to_vec();
    if request.choices.boundary == BoundaryRule::Zero {
        let step_m = request.numbers.get("boundary_step_m");
        let length_m: f64 = rings.iter().map(ring_length).sum();
        if length_m / step_m > MOST_BOUNDARY_POINTS {
            return Err(ThicknessError::BoundaryTooFine { length_m, step_m });
        }
        // Equal steps, so that none is left over where the ring closes: a short last one counts as a cluster.
        let even = |ring: &Ring| {
            let length = ring_length(ring);
            // A hair more, so that rounding sets no second point where the first is.
            points_along(ring, length / (length / step_m).ceil().max(1.0) * (1.0 + 1e-9))
        };
        let points = rings.iter().flat_map(even);
        all.extend(points.map(|[x, y]| Sample { x, y, value: 0.0 }));
    }
    Ok(all)
}

/// Leaves probes out in turn. Kriging over blocks estimates means over cells, but a probe is a point: it is judged as
/// kriging of points.
fn validated(recipe: &Recipe, samples: &[Sample], model: &DepthModel, count: usize) -> Option<CrossValidation> {
    match recipe {
        Recipe::Kriging { support: SupportChoice::Block, variogram, drift, neighbourhood, neighbours } => {
            let points = Recipe::Kriging {
                support: SupportChoice::Point,
                variogram: *variogram,
                drift: *drift,
                neighbourhood: *neighbourhood,
                neighbours: *neighbours,
            };
            DepthModel::new(&points, samples, 0.0).ok()?.leave_one_out(samples, count)
        }
        _ => model.leave_one_out(samples, count),
    }
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
