//! The reserve estimate of one deposit: survey and request in, ladder and warnings out.

use super::choices::{BoundaryRule, ConstraintUse, Method};
use super::constraint_takes::{constraints_taken, net_of_constraints};
use super::depth_model::{DepthModel, Recipe};
use super::division::Divided;
use super::interbeds::{BalanceReason, LayerLimits, balance_column};
use super::ladder::{ColumnContent, Ladder, LadderInputs, StepName, ladder};
use super::probes::{SelectedDepths, SurveyReport, selected_depths};
use super::quality::PeatQuality;
use super::request::{AskedMethod, ReserveRequest};
use super::result::{Histogram, ProbeErrors, ReserveEstimate, UsedInputs, Warning};
use super::simulated::uncertainty;
use super::survey::Survey;
use super::thickness::{Interpolated, Thickness, ThicknessError, interpolated};
use crate::geostat::{Progress, Sample, Stretch};
use crate::model::{DefaultUsed, reserve_parameters};
use crate::units::{CubicMetres, MassFraction, Metres, Share, SquareMetres};
use geo::Area;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Fewer depths than this say nothing of how depth varies with distance.
const LEAST_FOR_VARIOGRAM: usize = 10;
/// What blocks, funnel, products and gases rest on.
const DIVISION_PARAMETERS: [&str; 33] = [
    "min_decomposition",
    "horticultural_max_decomposition",
    "horticultural_max_ash",
    "chemical_min_decomposition",
    "chemical_max_ash",
    "fuel_min_decomposition",
    "fuel_max_ash",
    "min_slice_m",
    "block_panel_m",
    "min_block_ha",
    "category_a_error",
    "category_a_spacing_m",
    "category_b_error",
    "category_b_spacing_m",
    "category_c1_error",
    "category_c1_spacing_m",
    "category_c2_error",
    "category_c2_spacing_m",
    "min_part_ha",
    "min_part_width_m",
    "fire_break_m",
    "carbon_of_organic",
    "combustion_co2_t_tj",
    "combustion_ch4_kg_tj",
    "combustion_n2o_kg_tj",
    "gwp_ch4",
    "gwp_n2o",
    "site_co2_c_t_ha",
    "site_doc_t_ha",
    "site_ch4_land_kg_ha",
    "site_ch4_ditch_kg_ha",
    "ditch_share",
    "site_n2o_n_kg_ha",
];
/// What stands in for properties that nobody measured.
const STAND_IN_PARAMETERS: [&str; 3] = ["saturated_share", "von_post_density_factor", "default_ash"];

/// Whether a default matters to blocks, funnel, products and gases alone, and not to how much fuel lies there.
pub(crate) fn is_of_division(parameter: &str) -> bool {
    DIVISION_PARAMETERS.contains(&parameter)
}

/// Share of a long estimate's way that ends with the depths.
const DEPTHS_PERCENT: u8 = 20;
/// Cells that stand for the deposit when it is kriged as one block.
const ERROR_PLACES: usize = 400;
/// With more depths than this, kriging the deposit as one block takes too long for an answer at once.
const MOST_SAMPLES_OF_ERROR: usize = 1_200;

/// An estimate with what it was computed from, for who asks about a part of the deposit.
#[derive(Debug, Clone)]
pub struct ComputedReserves {
    /// The answer.
    pub estimate: ReserveEstimate,
    /// Depth over the deposit.
    pub thickness: Thickness,
    /// What each column holds, in the order of `thickness.columns`.
    pub contents: Vec<ColumnContent>,
    /// Inputs of the ladder.
    pub ladder_inputs: LadderInputs,
}

/// What a simulation is drawn around.
pub(super) struct Estimated {
    pub recipe: Recipe,
    pub samples: Vec<Sample>,
    pub thickness: Thickness,
    pub contents: Vec<ColumnContent>,
    pub ladder_inputs: LadderInputs,
    pub steps: Ladder,
}

/// Estimates the reserves of a deposit by the method, the layers, the ladder and the fuel chain of this room.
///
/// `most_cells` caps the grid; `progress` is told how far the long methods are and may stop them.
///
/// # Errors
/// [`ThicknessError`]: nothing to estimate from, no area, a grid past its cap, a variogram that is none, cancelled.
pub fn reserve_estimate(
    survey: &Survey,
    request: &ReserveRequest,
    most_cells: usize,
    progress: &dyn Progress,
) -> Result<ComputedReserves, ThicknessError> {
    let mut warnings = Vec::new();
    let (depths, from_stated_depth) = depths(survey, request, &mut warnings)?;
    let request = &if from_stated_depth { stated_depth_request(request) } else { request.clone() };
    let Interpolated { mut thickness, recipe, model, samples, structure, choice } =
        interpolated(&survey.outline, &depths, request, most_cells, &Stretch::new(progress, 0, DEPTHS_PERCENT))?;
    warn_of_method(&thickness, request, &mut warnings);

    let quality = PeatQuality::of(survey, request, &mut warnings);
    let limits = layer_limits(request);
    let contents = column_contents(&thickness, &quality, &limits);
    let takes = constraints_taken(survey, request, &mut thickness);
    let ladder_inputs = ladder_inputs(request);
    let steps = ladder(thickness.columns.iter().zip(&contents), &ladder_inputs, balance_parameter(&thickness, &contents));
    warn_of_quality(&steps, &quality, request, &mut warnings);
    let net = (!takes.is_empty()).then(|| net_of_constraints(&thickness, &contents, &ladder_inputs));

    let divided = Divided {
        request,
        depths: &depths,
        samples: &samples,
        from_stated_depth,
        thickness: &thickness,
        contents: &contents,
        quality: &quality,
        recipe: &recipe,
        structure: &structure,
        limits: &limits,
    };
    let (blocks, products) = (divided.blocks(), divided.products(ladder_inputs.apply_constraints));
    let (funnel, carbon) = (divided.funnel(survey), divided.carbon(&steps));
    let volume_error = volume_error(&model, &thickness, samples.len());
    let variogram = (samples.len() >= LEAST_FOR_VARIOGRAM).then(|| structure.report());
    let constraints = takes.into_iter().map(|take| take.with_balance(&thickness, &contents)).collect();
    let parts = Parts {
        survey,
        request,
        depths: &depths,
        from_stated_depth,
        thickness: &thickness,
        steps: &steps,
        quality: &quality,
        recipe: &recipe,
    };
    let estimate = ReserveEstimate {
        method_choice: choice,
        volume_error_m3: volume_error,
        variogram,
        constraints,
        net_of_constraints: net,
        blocks,
        funnel,
        products,
        carbon: Some(carbon),
        ..compose(&parts)
    };
    let estimated = Estimated { recipe, samples, thickness, contents, ladder_inputs, steps };
    let uncertainty = match estimated.thickness.method {
        Method::Simulation => Some(uncertainty(survey, request, &estimated, &Stretch::new(progress, DEPTHS_PERCENT, 100))?),
        _ => None,
    };
    let estimate = ReserveEstimate { uncertainty, warnings, ..estimate };
    let Estimated { thickness, contents, .. } = estimated;
    Ok(ComputedReserves { estimate, thickness, contents, ladder_inputs })
}

/// Standard deviation of the volume: kriging of the deposit as one block, discretised by some of its cells.
fn volume_error(model: &DepthModel, thickness: &Thickness, samples: usize) -> Option<CubicMetres> {
    let DepthModel::Kriging(kriging) = model else { return None };
    if samples > MOST_SAMPLES_OF_ERROR {
        return None;
    }
    let step = thickness.places.len().div_ceil(ERROR_PLACES).max(1);
    let places: Vec<[f64; 2]> = thickness.places.iter().copied().step_by(step).collect();
    let mean = kriging.mean_over(&places);
    Some(thickness.covered() * Metres(mean.variance.max(0.0).sqrt()))
}

/// The depths to use; where no probe lies inside, the stated mean depth, for methods that need no more.
fn depths(
    survey: &Survey,
    request: &ReserveRequest,
    warnings: &mut Vec<Warning>,
) -> Result<(SelectedDepths, bool), ThicknessError> {
    let given = match request.method {
        AskedMethod::Given(method) => Some(method),
        AskedMethod::Open | AskedMethod::Auto => None,
    };
    let selected = selected_depths(survey, request, given, warnings);
    if selected.inside > 0 {
        return Ok((selected, false));
    }
    if !survey.probes_inside.is_empty() {
        return Err(ThicknessError::NoneSelected);
    }
    match given {
        Some(method) if method != Method::Mean => Err(ThicknessError::NoProbes(method)),
        _ => {
            let depth = survey.stated_mean_depth.ok_or(ThicknessError::NoDepth)?;
            let text = format!("no probe lies inside the outline; the stated mean depth of {} m is taken", depth.0);
            warnings.push(Warning::new("mean_of_stated_depth", text));
            let samples = vec![Sample { x: 0.0, y: 0.0, value: depth.0 }];
            Ok((SelectedDepths { samples, inside: 1, report: SurveyReport::default() }, true))
        }
    }
}

fn stated_depth_request(request: &ReserveRequest) -> ReserveRequest {
    ReserveRequest { method: AskedMethod::Given(Method::Mean), ..request.clone() }
}

fn warn_of_method(thickness: &Thickness, request: &ReserveRequest, warnings: &mut Vec<Warning>) {
    if !thickness.by_cell && request.choices.boundary == BoundaryRule::Zero {
        warnings.push(Warning::new("boundary_without_effect", "the boundary rule has no effect on the mean"));
    }
    if thickness.uncovered > SquareMetres::ZERO {
        let text = format!(
            "{:.2} ha inside the outline lie outside the triangles of the probes; nothing is counted there",
            thickness.uncovered.hectares().0
        );
        warnings.push(Warning::new("area_uncovered", text));
    }
}

fn warn_of_quality(steps: &Ladder, quality: &PeatQuality, request: &ReserveRequest, warnings: &mut Vec<Warning>) {
    let max_ash = request.numbers.get("max_ash");
    let ash = quality.means.ash.map(MassFraction::value).filter(|ash| *ash > max_ash);
    if let Some(ash) = ash {
        let text = format!("the mean ash of {:.1} % is above the limit of {:.1} %", ash * 100.0, max_ash * 100.0);
        warnings.push(Warning::new("ash_above_limit", text));
    }
    let geological = steps.content(StepName::Geological);
    if geological.fuel(reference_moisture(request)).energy_gj.0 < 0.0 {
        let text = "at this moisture the water takes more heat than the peat gives: it is no fuel, and its energy is below zero";
        warnings.push(Warning::new("fuel_too_wet", text));
    }
}

fn reference_moisture(request: &ReserveRequest) -> MassFraction {
    MassFraction::new(request.numbers.get("reference_moisture")).unwrap_or_default()
}

fn layer_limits(request: &ReserveRequest) -> LayerLimits {
    let number = |name: &str| request.numbers.get(name);
    LayerLimits {
        min_depth: Metres(number("min_depth_m")),
        max_ash: number("max_ash"),
        min_decomposition: Share::new(number("min_decomposition")).unwrap_or(Share::ZERO),
        min_interbed: Metres(number("min_interbed_m")),
        bottom_layer: Metres(number("bottom_layer_m")),
    }
}

fn ladder_inputs(request: &ReserveRequest) -> LadderInputs {
    let number = |name: &str| request.numbers.get(name);
    let share = |name: &str| Share::new(number(name)).unwrap_or(Share::ZERO);
    LadderInputs {
        min_depth: Metres(number("min_depth_m")),
        apply_constraints: request.choices.constraints == ConstraintUse::Apply,
        bottom_layer: Metres(number("bottom_layer_m")),
        stumps: share("stumps"),
        net_area_share: share("net_area_share"),
        loss_extraction: share("loss_extraction"),
        loss_storage: share("loss_storage"),
        reference_moisture: reference_moisture(request),
    }
}

/// What each column holds, by the profile of the core nearest to it.
fn column_contents(thickness: &Thickness, quality: &PeatQuality, limits: &LayerLimits) -> Vec<ColumnContent> {
    let columns = thickness.columns.par_iter().zip(&thickness.places);
    let content = |(column, place): (&super::PeatColumn, &[f64; 2])| {
        let profile = quality.profiles.at(place[0], place[1]);
        let balance = balance_column(profile, column.depth, limits);
        ColumnContent {
            geological: profile.content(column.depth, Metres::ZERO, column.depth),
            balance: balance.balance,
            above_bottom: balance.above_bottom,
            reason: balance.reason,
        }
    };
    columns.map(content).collect()
}

/// The input that takes most from the balance reserve.
fn balance_parameter(thickness: &Thickness, contents: &[ColumnContent]) -> &'static str {
    let mut lost: BTreeMap<&'static str, f64> = BTreeMap::new();
    for (column, content) in thickness.columns.iter().zip(contents) {
        let parameter = match content.reason {
            BalanceReason::TooShallow => "min_depth_m",
            BalanceReason::TooMuchAsh => "max_ash",
            BalanceReason::WithinLimits | BalanceReason::InterbedsTakeTooMuch => "min_interbed_m",
        };
        let volume = content.geological.volume - content.balance.volume;
        *lost.entry(parameter).or_default() += column.area.0 * volume.0;
    }
    let most = lost.into_iter().max_by(|(_, a), (_, b)| a.total_cmp(b)).filter(|(_, volume)| *volume > 0.0);
    most.map_or("min_depth_m", |(parameter, _)| parameter)
}

/// What an answer is composed of.
struct Parts<'a> {
    survey: &'a Survey,
    request: &'a ReserveRequest,
    depths: &'a SelectedDepths,
    from_stated_depth: bool,
    thickness: &'a Thickness,
    steps: &'a Ladder,
    quality: &'a PeatQuality,
    recipe: &'a Recipe,
}

fn compose(parts: &Parts) -> ReserveEstimate {
    let Parts { survey, request, depths, from_stated_depth, thickness, steps, quality, recipe } = *parts;
    let volume = thickness.volume();
    let covered = thickness.covered();
    let delivered = steps.content(StepName::Delivered).fuel(reference_moisture(request));
    ReserveEstimate {
        method: thickness.method,
        parameters: used_inputs(survey, request, recipe, thickness, quality),
        area_ha: SquareMetres(survey.outline.unsigned_area()).hectares(),
        area_ellipsoidal_ha: survey.area_ellipsoidal.hectares(),
        uncovered_area_ha: thickness.uncovered.hectares(),
        probes_used: if from_stated_depth { 0 } else { depths.samples.len() },
        cores_used: survey.cores.len(),
        mean_depth_m: if covered.0 > 0.0 { Metres(volume.0 / covered.0) } else { Metres::ZERO },
        max_depth_m: thickness.columns.iter().fold(Metres::ZERO, |deepest, column| deepest.max(column.depth)),
        geological_volume_m3: volume,
        balance_volume_m3: steps.volume(StepName::Balance),
        extractable_volume_m3: steps.volume(StepName::Extractable),
        dry_mass_t: delivered.dry_mass_t,
        mass_t: delivered.mass_t,
        reference_moisture: reference_moisture(request),
        energy_gj: delivered.energy_gj,
        energy_mwh: delivered.energy_mwh,
        tonnes_coal_equivalent: delivered.tonnes_coal_equivalent,
        ladder: steps.steps.clone(),
        cross_validation: thickness.cross_validation.filter(|_| !from_stated_depth).map(|errors| ProbeErrors {
            mae_m: errors.mean_absolute_error,
            rmse_m: errors.root_mean_squared_error,
            bias_m: errors.mean_error,
            probes: errors.samples,
        }),
        histogram: Histogram::of(&depths.samples[..depths.inside.min(depths.samples.len())]),
        survey: depths.report.clone(),
        quality: quality.report(&steps.content(StepName::Geological)),
        rests_on: rests_on(request, thickness, quality),
        method_choice: None,
        volume_error_m3: None,
        variogram: None,
        constraints: Vec::new(),
        net_of_constraints: None,
        blocks: Vec::new(),
        funnel: Vec::new(),
        products: Vec::new(),
        carbon: None,
        uncertainty: None,
        warnings: Vec::new(),
    }
}

fn used_inputs(
    survey: &Survey,
    request: &ReserveRequest,
    recipe: &Recipe,
    thickness: &Thickness,
    quality: &PeatQuality,
) -> UsedInputs {
    let known = |name: &'static str| request.numbers.known(name).map(|value| (name, value));
    let mut numbers: BTreeMap<&'static str, f64> = reserve_parameters().names().filter_map(known).collect();
    numbers.insert("cell_m", thickness.grid.cell());
    let mut replace = |name: &'static str, value: Option<f64>| {
        if let Some(value) = value.filter(|_| request.numbers.given(name).is_none()) {
            numbers.insert(name, value);
        }
    };
    replace("dry_density_kg_m3", quality.means.dry_density.map(|density| density.0));
    replace("net_calorific_value_dry_mj_kg", quality.means.net_calorific_value_dry.map(|value| value.0));
    // What was chosen by comparison stands with what was asked for.
    let mut choices = request.choices.clone();
    match recipe {
        Recipe::InverseDistance { power, .. } => {
            numbers.insert("power", *power);
        }
        Recipe::Kriging { drift, .. } => choices.drift = *drift,
        Recipe::Mean | Recipe::DeclusteredMean | Recipe::Nearest | Recipe::Triangulation => {}
    }
    UsedInputs { choices, crs: survey.crs.clone(), numbers }
}

/// The defaults without a read source that this estimate used.
fn rests_on(request: &ReserveRequest, thickness: &Thickness, quality: &PeatQuality) -> Vec<DefaultUsed> {
    let mut names = vec!["min_depth_m", "bottom_layer_m", "stumps", "net_area_share", "loss_extraction", "loss_storage"];
    names.push("reference_moisture");
    if thickness.by_cell && request.choices.boundary == BoundaryRule::Zero {
        names.push("boundary_step_m");
    }
    if thickness.method == Method::Isopach {
        names.push("isopach_step_m");
    }
    if quality.means.ash.is_some() {
        names.extend(["max_ash", "min_interbed_m"]);
    }
    names.extend(DIVISION_PARAMETERS);
    names.extend(STAND_IN_PARAMETERS);
    if thickness.method == Method::Simulation {
        names.push("boundary_error_m");
    }
    for property in ["dry_density_kg_m3", "net_calorific_value_dry_mj_kg"] {
        if quality.rests_on_default(property) {
            names.push(property);
        }
    }
    request.numbers.unsourced_defaults(&names)
}
