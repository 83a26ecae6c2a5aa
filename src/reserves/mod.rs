//! From thickness to fuel: what a deposit holds, what may be taken, and what that is worth as energy.
//!
//! The way of a number: probes and cores → [`Thickness`] (depth over area) → the [`ladder`] from geological
//! to delivered → [`PeatContent`] of the layers is dry matter, tonnes and energy → [`ReserveEstimate`].
//! Everything here is pure: the same survey and the same request give the same tonnes, on any number of
//! threads. It knows no files, no layers and no plants.

mod blocks;
mod carbon;
mod category;
mod choices;
mod constraint_takes;
mod content;
mod core_layers;
mod depth_model;
mod difference;
mod division;
mod estimate;
mod fuel;
mod funnel;
mod gap_filling;
mod interbeds;
mod ladder;
mod land;
mod panels;
mod method_choice;
mod probes;
mod products;
mod profile;
mod quality;
mod request;
mod result;
mod simulated;
mod spatial_structure;
mod survey;
mod thickness;
mod uncertainty;

pub use blocks::{Block, BlockCell, BlockInputs, BlockReason, blocks, polygons};
pub use carbon::{
    Carbon, CarbonInputs, CombustionFactors, CombustionGases, SiteFactors, SiteGases, WarmingPotentials, carbon, carbon_stock,
    combustion_gases, site_gases,
};
pub use category::{Category, CategoryLimit, CategoryLimits, PanelError};
pub use choices::{
    BoundaryRule, CensoredUse, ConstraintUse, DrainedChoice, Drift, IsopachRule, IsopachSurface, Method, NeighbourhoodChoice,
    ProbeChoice, QualityChoice, SupportChoice, Transform, VariogramChoice,
};
pub use content::PeatContent;
pub use core_layers::{CoreAtPlace, DerivedProperty, LayerPeat, ProfileInputs};
pub use difference::{SurfaceCell, SurfaceDifference, surface_difference};
pub(crate) use estimate::is_of_division;
pub use estimate::{ComputedReserves, reserve_estimate};
pub use fuel::Fuel;
pub use funnel::{Exclusion, ExclusionClass, FunnelInputs, FunnelLand, FunnelStep, FunnelStepName, funnel, funnel_steps};
pub use gap_filling::{
    calorific_value_of_decomposition, decomposition_of_von_post, dry_density_of_moisture, dry_density_of_von_post,
    von_post_of_decomposition,
};
pub use interbeds::{BalanceClass, BalanceColumn, BalanceReason, LayerLimits, balance_column};
pub use ladder::{ColumnContent, Ladder, LadderInputs, LadderStep, StepName, ladder};
pub use land::{cleaned, common, united, volume_under, without, workable};
pub use method_choice::{Candidate, MethodChoice};
pub use panels::{Panel, Panels, panel_side, panels};
pub use probes::{Campaign, SelectedDepths, SurveyReport, selected_depths};
pub use products::{Product, ProductColumn, ProductLimits, ProductSum, product_sums};
pub use profile::{CoreProfile, CoreProfiles, Slice};
pub use quality::{QualityReport, QualitySource};
pub use request::{AskedMethod, Choices, ReserveRequest};
pub use result::{ConstraintTake, Histogram, NetOfConstraints, ProbeErrors, ReserveEstimate, UsedInputs, Warning};
pub use spatial_structure::{CurvePoint, LagReport, VariogramReport};
pub use survey::{ConstraintArea, CoreMeans, ProbedDepth, Stop, Survey, core_means};
pub use thickness::{PeatColumn, Thickness, ThicknessError, isopach_levels, rings};
pub use uncertainty::{Exceedance, Quantiles, TornadoBar, UncertaintyReport};
