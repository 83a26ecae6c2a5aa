//! From thickness to fuel: what a deposit holds, what may be taken, and what that is worth as energy.
//!
//! The way of a number: probes and cores → [`Thickness`] (depth over area) → the [`ladder`] from geological
//! to delivered → [`FuelQuality`] turns volume into dry matter, tonnes and energy → [`ReserveEstimate`].
//! Everything here is pure: the same survey and the same request give the same tonnes, on any number of
//! threads. It knows no files, no layers and no plants.

mod difference;
mod estimate;
mod fuel;
mod ladder;
mod request;
mod result;
mod survey;
mod thickness;

pub use difference::{SurfaceCell, SurfaceDifference, surface_difference};
pub use estimate::{ComputedReserves, EstimateError, ReserveMethodUsed, reserve_estimate, resolve_method};
pub use fuel::{Fuel, FuelQuality};
pub use ladder::{Ladder, LadderInputs, LadderStep, StepName, ladder};
pub use request::{BoundaryRule, ConstraintUse, Method, ProbeChoice, ReserveRequest};
pub use result::{ConstraintTake, NetOfConstraints, ProbeErrors, ReserveEstimate, UsedInputs, Warning};
pub use survey::{ConstraintArea, CoreMeans, ProbedDepth, Survey, core_means};
pub use thickness::{PeatColumn, Thickness, ThicknessError, ThicknessInputs, rings, thickness};
