//! From thickness to fuel: what a deposit holds, what may be taken, and what that is worth as energy.
//!
//! The way of a number: probes and cores → [`Thickness`] (depth over area) → the [`ladder`] from geological
//! to delivered → [`FuelQuality`] turns volume into dry matter, tonnes and energy → [`ReserveEstimate`].
//! Everything here is pure: the same survey and the same request give the same tonnes, on any number of
//! threads. It knows no files, no layers and no plants.

mod blocks;
mod carbon;
mod category;
mod content;
mod core_layers;
mod estimate;
mod fuel;
mod funnel;
mod gap_filling;
mod interbeds;
mod ladder;
mod land;
mod panels;
mod products;
mod profile;
mod request;
mod result;
mod survey;
mod thickness;

pub use blocks::{Block, BlockCell, BlockInputs, BlockReason, blocks, polygons};
pub use carbon::{
    Carbon, CarbonInputs, CombustionFactors, CombustionGases, SiteFactors, SiteGases, WarmingPotentials, carbon, carbon_stock,
    combustion_gases, site_gases,
};
pub use category::{Category, CategoryLimit, CategoryLimits, PanelError};
pub use content::PeatContent;
pub use core_layers::{CoreAtPlace, DerivedProperty, LayerPeat, ProfileInputs};
pub use estimate::{ComputedReserves, EstimateError, ReserveMethodUsed, reserve_estimate, resolve_method};
pub use fuel::{Fuel, FuelQuality};
pub use funnel::{Exclusion, ExclusionClass, FunnelInputs, FunnelLand, FunnelStep, FunnelStepName, funnel, funnel_steps};
pub use gap_filling::{
    calorific_value_of_decomposition, decomposition_of_von_post, dry_density_of_moisture, dry_density_of_von_post,
    von_post_of_decomposition,
};
pub use interbeds::{BalanceClass, BalanceColumn, BalanceReason, LayerLimits, balance_column};
pub use ladder::{Ladder, LadderInputs, LadderStep, StepName, ladder};
pub use land::{cleaned, common, united, volume_under, without, workable};
pub use panels::{Panel, Panels, panel_side, panels};
pub use products::{Product, ProductColumn, ProductLimits, ProductSum, product_sums};
pub use profile::{CoreProfile, CoreProfiles, Slice};
pub use request::{BoundaryRule, ConstraintUse, Method, ProbeChoice, ReserveRequest};
pub use result::{ConstraintTake, NetOfConstraints, ProbeErrors, ReserveEstimate, UsedInputs, Warning};
pub use survey::{ConstraintArea, CoreMeans, ProbedDepth, Survey, core_means};
pub use thickness::{PeatColumn, Thickness, ThicknessError, ThicknessInputs, rings, thickness};
