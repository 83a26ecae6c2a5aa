//! Depth of peat by one method, ready to be asked anywhere: the methods of `geostat` under their names of this room.

use super::choices::{Drift, NeighbourhoodChoice, SupportChoice};
use super::request::ReserveRequest;
use super::thickness::ThicknessError;
use crate::geostat::{
    self, CrossValidation, DeclusteredMean, Grid, InverseDistance, Kriging, KrigingOptions, Mean, Nearest, Neighbourhood,
    Progress, Sample, Support, Triangulation, Variogram, leave_one_out,
};
use rayon::prelude::*;

/// Most distances between cells and probes that are looked at for one answer: some seconds of work.
pub(super) const MOST_DISTANCES: usize = 60_000_000;

/// A method with what it needs.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Recipe {
    Mean,
    DeclusteredMean,
    Nearest,
    Triangulation,
    InverseDistance { power: f64, neighbours: usize },
    Kriging { variogram: Variogram, drift: Drift, neighbourhood: NeighbourhoodChoice, support: SupportChoice, neighbours: usize },
}

/// Nearest probes used, as the request says.
pub(super) fn neighbours(request: &ReserveRequest) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of at most 200")]
    let neighbours = request.numbers.get("neighbours") as usize;
    neighbours
}

/// Kriging of a recipe, over blocks of this edge where it is over blocks; none where the recipe is another.
pub(super) fn kriging_options(recipe: &Recipe, cell: f64) -> Option<KrigingOptions> {
    let Recipe::Kriging { variogram, drift, neighbourhood, support, neighbours } = recipe else { return None };
    Some(KrigingOptions {
        variogram: *variogram,
        drift: match drift {
            Drift::None => geostat::Drift::Constant,
            Drift::Linear => geostat::Drift::Linear,
            Drift::Quadratic => geostat::Drift::Quadratic,
        },
        neighbourhood: match neighbourhood {
            NeighbourhoodChoice::Global => Neighbourhood::Global,
            NeighbourhoodChoice::Nearest => Neighbourhood::Nearest { count: *neighbours, radius: None },
        },
        support: match support {
            SupportChoice::Point => Support::Point,
            SupportChoice::Block => Support::Block { width: cell },
        },
    })
}

/// Depths of cells.
#[derive(Debug, Clone, Default)]
pub(super) struct CellDepths {
    /// By cell; none where the method says nothing.
    pub depths: Vec<Option<f64>>,
    /// Standard deviation of the error by cell, where the method knows it.
    pub deviations: Option<Vec<f64>>,
}

/// A recipe over some samples.
pub(super) enum DepthModel {
    Mean(Mean),
    DeclusteredMean(DeclusteredMean),
    Nearest(Nearest),
    Triangulation(Triangulation),
    InverseDistance(InverseDistance),
    Kriging(Box<Kriging>),
}

impl DepthModel {
    /// Prepares the samples; `cell` is the edge of the block where kriging is over blocks.
    pub(super) fn new(recipe: &Recipe, samples: &[Sample], cell: f64) -> Result<Self, ThicknessError> {
        let none = ThicknessError::NoDepth;
        Ok(match recipe {
            Recipe::Mean => Self::Mean(Mean::new(samples).ok_or(none)?),
            Recipe::DeclusteredMean => Self::DeclusteredMean(DeclusteredMean::automatic(samples).ok_or(none)?),
            Recipe::Nearest => Self::Nearest(Nearest::new(samples).ok_or(none)?),
            Recipe::Triangulation => Self::Triangulation(Triangulation::new(samples)?),
            Recipe::InverseDistance { power, neighbours } => {
                Self::InverseDistance(InverseDistance::new(samples, *power, *neighbours).ok_or(none)?)
            }
            Recipe::Kriging { .. } => {
                let options = kriging_options(recipe, cell).ok_or(none)?;
                Self::Kriging(Box::new(Kriging::new(samples, options)?))
            }
        })
    }

    /// Depths at the centres of cells, in their order, on all threads; never below zero.
    pub(super) fn over_cells(&self, grid: &Grid, cells: &[usize], progress: &dyn Progress) -> Result<CellDepths, ThicknessError> {
        let each = |depth: &(dyn Fn(f64, f64) -> Option<f64> + Sync)| -> Result<CellDepths, ThicknessError> {
            let depths = cells.par_iter().map(|cell| grid.centre(*cell)).map(|(x, y)| depth(x, y).map(|depth| depth.max(0.0)));
            let depths = depths.collect();
            Ok(CellDepths { depths, deviations: None })
        };
        match self {
            Self::Mean(model) => each(&|x, y| Some(geostat::Interpolator::value_at(model, x, y))),
            Self::DeclusteredMean(model) => each(&|x, y| Some(geostat::Interpolator::value_at(model, x, y))),
            Self::Nearest(model) => each(&|x, y| Some(geostat::Interpolator::value_at(model, x, y))),
            Self::InverseDistance(model) => {
                let depths = model.over_cells(grid, cells).into_iter().map(|depth| Some(depth.max(0.0))).collect();
                Ok(CellDepths { depths, deviations: None })
            }
            Self::Triangulation(model) => Ok(CellDepths { depths: model.over_cells(grid, cells), deviations: None }),
            Self::Kriging(model) => {
                let kriged = model.over_cells(grid, cells, progress)?;
                Ok(CellDepths {
                    depths: kriged.iter().map(|kriged| Some(kriged.value.max(0.0))).collect(),
                    deviations: Some(kriged.iter().map(|kriged| kriged.variance.max(0.0).sqrt()).collect()),
                })
            }
        }
    }

    /// Leaves the first `count` samples out in turn.
    pub(super) fn leave_one_out(&self, samples: &[Sample], count: usize) -> Option<CrossValidation> {
        match self {
            Self::Mean(model) => leave_one_out(model, samples, count),
            Self::DeclusteredMean(model) => leave_one_out(model, samples, count),
            Self::Nearest(model) => leave_one_out(model, samples, count),
            Self::Triangulation(model) => leave_one_out(model, samples, count),
            Self::InverseDistance(model) => leave_one_out(model, samples, count),
            Self::Kriging(model) => leave_one_out(model.as_ref(), samples, count),
        }
    }
}
