//! What has been taken from a deposit since it was surveyed, and what remains: a new surface against the old one.

use super::deposit_reserves::label;
use super::{DepositLabel, PlanningError, ReservesQuery, SOFTWARE_VERSION, Workbench};
use crate::crs::{Crs, CrsError, Reprojection};
use crate::geostat::{Bounds, Grid, GridError, Interpolator, InverseDistance, Sample};
use crate::model::{InputError, Surface};
use crate::reserves::{SurfaceCell, SurfaceDifference, Warning, rings, surface_difference};
use crate::units::{Metres, SquareMetres};
use geo::MultiPolygon;
use serde::Serialize;

/// Cells that are compared where no size is asked for: finer shows nothing more of a volume.
const CELLS_AIMED_AT: f64 = 400_000.0;
/// A mean step of this size between two surfaces is no extraction but another height datum, or another unit, m.
const STRANGE_STEP_M: f64 = 15.0;
/// Exponent and neighbours for elevations between probes: the defaults of depth.
const POWER: f64 = 4.0;
const NEIGHBOURS: usize = 20;

/// What is compared.
#[derive(Debug)]
pub struct DifferenceQuery {
    /// Deposit or area, working system, size of a cell; nothing else of it is used.
    pub reserves: ReservesQuery,
    /// The surface now.
    pub new_top: Surface,
    /// The surface before; from the elevations of the probes where none is given.
    pub old_top: Option<Surface>,
    /// The bottom; from the probes, their elevation less their depth, where none is given.
    pub bottom: Option<Surface>,
    /// Vertical error that all cells share.
    pub surface_error: Option<Metres>,
}

/// Where a surface comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SurfaceSource {
    /// A raster.
    Raster,
    /// Elevations of the probes.
    Probes,
    /// It is not known.
    None,
}

/// The difference with what it was computed from.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the names are those of the public interface")]
pub struct DepositDifference {
    pub deposit: Option<DepositLabel>,
    #[serde(flatten)]
    pub difference: SurfaceDifference,
    pub cell_m: f64,
    pub crs: String,
    pub raster_crs: String,
    pub old_top_from: SurfaceSource,
    pub bottom_from: SurfaceSource,
    pub probes_with_elevation: usize,
    pub surface_error_m: Option<Metres>,
    pub warnings: Vec<Warning>,
    pub synthetic: bool,
    pub software_version: &'static str,
}

impl Workbench {
    /// Compares a new surface of a deposit with the old one.
    ///
    /// # Errors
    /// As [`Workbench::deposit_reserves`]; besides, a raster that lies elsewhere, no old surface, a grid past its cap.
    pub fn deposit_difference(&self, query: &DifferenceQuery) -> Result<DepositDifference, PlanningError> {
        let place = query.reserves.deposit.as_deref().map(|name| self.deposit_place(name)).transpose()?;
        let outline = self.survey(place, &query.reserves)?.outline;
        let crs = query.reserves.crs.as_ref().unwrap_or(&self.catalogue.project.working_crs);
        let grid = self.difference_grid(&outline, query, crs)?;
        let cells = grid.cells_inside(&rings(&outline));
        let probes = self.probe_elevations(place, crs)?;
        let near = |samples: Vec<Sample>| InverseDistance::new(&samples, POWER, NEIGHBOURS);
        let old = Heights::of(query.old_top.as_ref(), near(probes.iter().map(|probe| probe.top).collect()), crs)?;
        let bottom = Heights::of(query.bottom.as_ref(), near(probes.iter().map(|probe| probe.bottom).collect()), crs)?;
        if matches!(old, Heights::Unknown) {
            let detail = "nothing is known of the surface before: no probe of the deposit has a surface_elevation_m, and no former raster is given";
            return Err(InputError { parameter: "before".into(), detail: detail.into() }.into());
        }
        let new = Heights::of(Some(&query.new_top), None, crs)?;
        let compared: Vec<SurfaceCell> = cells
            .iter()
            .map(|cell| {
                let (x, y) = grid.centre(*cell);
                SurfaceCell { new_top: new.at(x, y), old_top: old.at(x, y), bottom: bottom.at(x, y) }
            })
            .collect();
        if compared.iter().all(|cell| cell.new_top.is_none()) {
            let detail = format!(
                "the raster does not overlap the deposit, or has no value there; it is in {}, the deposit's system is {crs}",
                query.new_top.crs()
            );
            return Err(InputError { parameter: "top".into(), detail }.into());
        }
        let deposit = place.map(|place| &self.catalogue.nouns.deposits[place]);
        let difference = surface_difference(compared, SquareMetres(grid.cell() * grid.cell()), query.surface_error);
        Ok(DepositDifference {
            deposit: deposit.map(label),
            warnings: warnings(&difference, &old, &bottom),
            difference,
            cell_m: grid.cell(),
            crs: crs.to_string(),
            raster_crs: query.new_top.crs().to_string(),
            old_top_from: old.source(),
            bottom_from: bottom.source(),
            probes_with_elevation: probes.len(),
            surface_error_m: query.surface_error,
            synthetic: deposit.map_or_else(|| self.catalogue.is_synthetic(), |deposit| deposit.synthetic),
            software_version: SOFTWARE_VERSION,
        })
    }

    /// The grid that both are compared on: as fine as the new raster, within what an answer at once computes.
    fn difference_grid(&self, outline: &MultiPolygon, query: &DifferenceQuery, crs: &Crs) -> Result<Grid, PlanningError> {
        let wrong = |error: GridError| InputError { parameter: "cell_m".into(), detail: format!("cell_m: {error}") };
        let bounds = Bounds::of(&rings(outline)).ok_or_else(|| wrong(GridError::Cell))?;
        if let Some(cell) = query.reserves.request.numbers.given("cell_m") {
            return Ok(Grid::covering(bounds, cell, self.most_cells).map_err(wrong)?);
        }
        let extent = (bounds.max_x - bounds.min_x) * (bounds.max_y - bounds.min_y);
        // Pixels of another system may be degrees: then the number of cells alone decides.
        let pixel = query.new_top.pixel();
        let finest = if query.new_top.crs() == crs { pixel.0.max(pixel.1) } else { 0.0 };
        let cell = finest.max((extent / CELLS_AIMED_AT).sqrt()).max(0.1);
        Ok(Grid::covering(bounds, cell, self.most_cells).map_err(wrong)?)
    }

    /// Elevations of surface and bottom at the probes of a deposit, or of all where only an area is asked for.
    fn probe_elevations(&self, place: Option<usize>, crs: &Crs) -> Result<Vec<ProbeElevation>, CrsError> {
        let nouns = &self.catalogue.nouns;
        let way = Reprojection::new(&Crs::crs84(), crs)?;
        let mut found = Vec::new();
        for (probe, home) in nouns.probes.iter().zip(nouns.deposit_of_probe.iter()) {
            let Some(elevation) = probe.surface_elevation.filter(|_| place.is_none() || *home == place) else { continue };
            let (x, y) = way.point(probe.position_crs84.x(), probe.position_crs84.y())?;
            let sample = |value: Metres| Sample { x, y, value: value.0 };
            found.push(ProbeElevation { top: sample(elevation), bottom: sample(elevation - probe.depth) });
        }
        Ok(found)
    }
}

struct ProbeElevation {
    top: Sample,
    bottom: Sample,
}

/// Elevations by place in the working system.
enum Heights<'a> {
    Raster(&'a Surface, Reprojection),
    Probes(InverseDistance),
    Unknown,
}

impl<'a> Heights<'a> {
    fn of(raster: Option<&'a Surface>, probes: Option<InverseDistance>, crs: &Crs) -> Result<Self, CrsError> {
        Ok(match (raster, probes) {
            (Some(raster), _) => Self::Raster(raster, Reprojection::new(crs, raster.crs())?),
            (None, Some(probes)) => Self::Probes(probes),
            (None, None) => Self::Unknown,
        })
    }

    /// Elevation at a place: a raster of another system is asked where the place lies in it.
    fn at(&self, x: f64, y: f64) -> Option<Metres> {
        match self {
            Self::Raster(raster, way) => way.point(x, y).ok().and_then(|(x, y)| raster.value_at(x, y)).map(Metres),
            Self::Probes(probes) => Some(probes.value_at(x, y)).filter(|value| value.is_finite()).map(Metres),
            Self::Unknown => None,
        }
    }

    fn source(&self) -> SurfaceSource {
        match self {
            Self::Raster(..) => SurfaceSource::Raster,
            Self::Probes(_) => SurfaceSource::Probes,
            Self::Unknown => SurfaceSource::None,
        }
    }
}

fn warnings(difference: &SurfaceDifference, old: &Heights<'_>, bottom: &Heights<'_>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let compared = difference.compared_area_ha.square_metres();
    let step = if compared.0 > 0.0 { difference.net_change_m3.0 / compared.0 } else { 0.0 };
    if step.abs() > STRANGE_STEP_M {
        let text = format!(
            "the surfaces lie {:.1} m apart on average, which no extraction explains: check their units and height systems",
            step.abs()
        );
        warnings.push(Warning::new("surfaces_far_apart", text));
    }
    if difference.area_without_data_ha.0 > 0.0 {
        let text = format!("{:.2} ha of the deposit have no data in one of the surfaces", difference.area_without_data_ha.0);
        warnings.push(Warning::new("surface_incomplete", text));
    }
    if difference.below_bottom_area_ha.0 > 0.0 {
        let text = format!("on {:.2} ha the new surface lies below the bottom that is known", difference.below_bottom_area_ha.0);
        warnings.push(Warning::new("surface_below_bottom", text));
    }
    if matches!(old, Heights::Probes(_)) {
        let text = "the surface before is interpolated between the probes; a raster of it would be better";
        warnings.push(Warning::new("old_surface_from_probes", text));
    }
    if matches!(bottom, Heights::Unknown) {
        warnings.push(Warning::new("bottom_unknown", "no bottom is known, so nothing is said of what remains"));
    }
    warnings
}
