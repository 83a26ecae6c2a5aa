//! Maths of scattered measurements: grids, neighbours, interpolation, cross-validation.
//!
//! It has never heard of peat: it takes places and values as plain numbers in one planar system and
//! gives numbers back, so that it can be checked against other people's programs and leave as a crate.
//! Distances are planar; who has heights drops them before.
//!
//! What estimates a value anywhere stands behind [`Interpolator`]: [`Mean`] and [`DeclusteredMean`], [`Nearest`],
//! [`Triangulation`], [`InverseDistance`], [`Kriging`]. [`Simulation`] gives many surfaces in place of one.

mod cross_validation;
mod declustering;
mod experimental;
mod fit;
mod grid;
mod inverse_distance;
mod isobands;
mod isopach;
mod kriging;
mod mean;
mod nearest;
mod normal_scores;
mod outline;
mod places;
mod progress;
mod regions;
mod simulation;
mod triangulation;
mod variogram;

pub use cross_validation::{CrossValidation, leave_one_out};
pub use declustering::DeclusteredMean;
pub use experimental::{Direction, ExperimentalVariogram, Lag, VariogramOptions, experimental_variogram};
pub use fit::{FittedVariogram, fitted_variogram};
pub use grid::{Bounds, Grid, GridError, Ring, points_along, ring_length};
pub use inverse_distance::InverseDistance;
pub use isobands::{Isoband, isobands};
pub use isopach::{IsopachLayer, IsopachRule, Isopachs};
pub use kriging::{
    CellWeights, Drift, GLOBAL_SAMPLES, Kriged, Kriging, KrigingError, KrigingOptions, MOST_NEIGHBOURS, Neighbourhood, Support,
};
pub use mean::Mean;
pub use nearest::Nearest;
pub use normal_scores::{NormalScores, NormalScoresError};
pub use outline::{CellPolygon, cell_outline, region_outlines};
pub use progress::{Cancelled, Progress, Stretch, Unwatched};
pub use regions::{connected_cells, join_small_regions};
pub use simulation::{SIMULATION_NODES, Simulation, SimulationError, Spread};
pub use triangulation::{Triangulation, TriangulationError};
pub use variogram::{Anisotropy, Variogram, VariogramError, VariogramShape};

/// A measured value at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// East, in the unit of the system.
    pub x: f64,
    /// North.
    pub y: f64,
    /// What was measured.
    pub value: f64,
}

/// Estimates a value anywhere from samples.
pub trait Interpolator: Sync {
    /// The estimate at a place.
    fn value_at(&self, x: f64, y: f64) -> f64;

    /// The estimate at the place of the sample with this index, as if that sample had not been taken.
    /// `None` where no other sample is left.
    fn value_without(&self, index: usize) -> Option<f64>;
}
