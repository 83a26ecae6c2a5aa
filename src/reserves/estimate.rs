//! The reserve estimate of one deposit: survey and request in, ladder and warnings out.

use super::fuel::FuelQuality;
use super::ladder::{Ladder, LadderInputs, StepName, ladder};
use super::request::{BoundaryRule, ConstraintUse, Method, ProbeChoice, ReserveRequest};
use super::result::{ConstraintTake, NetOfConstraints, ProbeErrors, ReserveEstimate, UsedInputs, Warning};
use super::survey::{ProbedDepth, Survey};
use super::thickness::{PeatColumn, Thickness, ThicknessError, ThicknessInputs, rings, thickness};
use crate::geostat::Sample;
use crate::model::{DefaultUsed, reserve_parameters};
use crate::units::{KilogramsPerCubicMetre, MassFraction, MegaJoulesPerKilogram, Metres, Share, SquareMetres};
use geo::{Area, BoundingRect, Intersects};
use std::collections::BTreeMap;
use thiserror::Error;

/// Fewer probes than this inside the outline, and the mean is taken where no method is asked for.
const PROBES_FOR_INTERPOLATION: usize = 10;

/// Why there is no estimate.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum EstimateError {
    #[error(transparent)]
    Thickness(#[from] ThicknessError),
    #[error(
        "method idw needs probes inside the outline and none is there; ask for method=mean, which takes the stated mean depth"
    )]
    NoProbes,
}

/// The method, and whether the stated mean depth stands in for probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReserveMethodUsed {
    /// Method.
    pub method: Method,
    /// Whether the stated mean depth stands in for probes.
    pub from_stated_depth: bool,
}

/// Chooses the method where the request leaves it open: inverse distance weighting from ten probes inside
/// on, else the mean; without probes the mean is the stated one.
///
/// # Errors
/// [`EstimateError::NoProbes`] where interpolation is asked for without probes, [`ThicknessError::NoDepth`] where
/// nothing is known.
pub fn resolve_method(survey: &Survey, request: &ReserveRequest) -> Result<ReserveMethodUsed, EstimateError> {
    let inside = survey.probes_inside.len();
    match request.method {
        Some(Method::InverseDistance) if inside == 0 => Err(EstimateError::NoProbes),
        Some(Method::InverseDistance) => Ok(ReserveMethodUsed { method: Method::InverseDistance, from_stated_depth: false }),
        None if inside >= PROBES_FOR_INTERPOLATION => {
            Ok(ReserveMethodUsed { method: Method::InverseDistance, from_stated_depth: false })
        }
        _ if inside > 0 => Ok(ReserveMethodUsed { method: Method::Mean, from_stated_depth: false }),
        _ if survey.stated_mean_depth.is_some() => Ok(ReserveMethodUsed { method: Method::Mean, from_stated_depth: true }),
        _ => Err(ThicknessError::NoDepth.into()),
    }
}

/// An estimate with what it was computed from, for who asks about a part of the deposit.
#[derive(Debug, Clone)]
pub struct ComputedReserves {
    /// The answer.
    pub estimate: ReserveEstimate,
    /// Depth over the deposit.
    pub thickness: Thickness,
    /// Inputs of the ladder.
    pub ladder_inputs: LadderInputs,
    /// What a cubic metre is as fuel.
    pub quality: FuelQuality,
}

/// Estimates the reserves of a deposit by the method, the ladder and the fuel chain of this room.
///
/// `most_cells` caps the grid. Depths at one place are averaged first. The mean uses the probes inside only:
/// a probe outside says nothing of the mean inside.
///
/// # Errors
/// [`EstimateError`]: nothing to estimate from, no area, or a grid past its cap.
pub fn reserve_estimate(survey: &Survey, request: &ReserveRequest, most_cells: usize) -> Result<ComputedReserves, EstimateError> {
    let used = resolve_method(survey, request)?;
    let mut warnings = Vec::new();
    let (samples, inside) = samples(survey, request, used, &mut warnings);
    let number = |name: &str| request.numbers.get(name);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of at most 200")]
    let inputs = ThicknessInputs {
        method: used.method,
        power: number("power"),
        neighbours: number("neighbours") as usize,
        boundary: request.boundary,
        boundary_step: number("boundary_step_m"),
        cell: request.cell_m,
        most_cells,
        validated: inside,
    };
    let mut thickness = thickness(&survey.outline, &samples, &inputs)?;
    let quality = fuel_quality(survey, request, &mut warnings);
    let takes = constraints_taken(survey, request, &mut thickness);

    let ladder_inputs = ladder_inputs(survey, request, &mut warnings);
    let steps = ladder(&thickness.columns, &ladder_inputs, &quality);
    let net = (!takes.is_empty()).then(|| net_of_constraints(&thickness.columns, &ladder_inputs, &quality));
    let constraints = takes.into_iter().map(|take| take.with_balance(&thickness, &ladder_inputs)).collect();

    let estimate = compose(survey, request, used, &samples, &thickness, &steps, &quality);
    let estimate = ReserveEstimate { constraints, net_of_constraints: net, warnings, ..estimate };
    Ok(ComputedReserves { estimate, thickness, ladder_inputs, quality })
}

/// The depths to use, those inside first, and how many lie inside.
fn samples(
    survey: &Survey,
    request: &ReserveRequest,
    used: ReserveMethodUsed,
    warnings: &mut Vec<Warning>,
) -> (Vec<Sample>, usize) {
    if used.from_stated_depth {
        let depth = survey.stated_mean_depth.unwrap_or(Metres::ZERO);
        let text = format!("no probe lies inside the outline; the stated mean depth of {} m is taken", depth.0);
        warnings.push(Warning::new("mean_of_stated_depth", text));
        return (vec![Sample { x: 0.0, y: 0.0, value: depth.0 }], 1);
    }
    let mut probes: Vec<&ProbedDepth> = survey.probes_inside.iter().collect();
    if request.probes == ProbeChoice::All && used.method != Method::Mean {
        probes.extend(&survey.probes_outside);
    }
    let censored = probes.iter().filter(|probe| probe.censored).count();
    if censored > 0 {
        let text = format!(
            "{censored} of {} probes were stopped by wood or by the end of the rod: the true depth may be greater there",
            probes.len()
        );
        warnings.push(Warning::new("probes_censored", text));
    }
    if used.method == Method::Mean && request.boundary == BoundaryRule::Zero {
        warnings.push(Warning::new("boundary_without_effect", "the boundary rule has no effect on the mean"));
    }
    let inside = merge_coincident(&survey.probes_inside.iter().collect::<Vec<_>>()).len();
    let samples = merge_coincident(&probes);
    if samples.len() < probes.len() {
        let text = format!("{} probes share a place with another; their depths were averaged", probes.len() - samples.len());
        warnings.push(Warning::new("probes_coincide", text));
    }
    (samples, inside)
}

/// Averages depths at one place (to the millimetre), keeping the order of first appearance.
fn merge_coincident(probes: &[&ProbedDepth]) -> Vec<Sample> {
    #[expect(clippy::cast_possible_truncation, reason = "metres of a metric system times 1000 fit")]
    let key = |probe: &ProbedDepth| ((probe.x * 1e3).round() as i64, (probe.y * 1e3).round() as i64);
    let mut places: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    let mut merged: Vec<(Sample, f64)> = Vec::with_capacity(probes.len());
    for probe in probes {
        let index = *places.entry(key(probe)).or_insert(merged.len());
        if let Some((sample, count)) = merged.get_mut(index) {
            sample.value += probe.depth.0;
            *count += 1.0;
        } else {
            merged.push((Sample { x: probe.x, y: probe.y, value: probe.depth.0 }, 1.0));
        }
    }
    merged.into_iter().map(|(sample, count)| Sample { value: sample.value / count, ..sample }).collect()
}

fn fuel_quality(survey: &Survey, request: &ReserveRequest, warnings: &mut Vec<Warning>) -> FuelQuality {
    let numbers = &request.numbers;
    let density = numbers.given("dry_density_kg_m3").map(KilogramsPerCubicMetre).or(survey.cores.dry_density);
    let calorific =
        numbers.given("net_calorific_value_dry_mj_kg").map(MegaJoulesPerKilogram).or(survey.cores.net_calorific_value_dry);
    if density.is_none() {
        warnings.push(Warning::new("default_density", "no core has a density; the default stands in"));
    }
    if calorific.is_none() {
        warnings.push(Warning::new("default_calorific_value", "no core has a calorific value; the default stands in"));
    }
    let quality = FuelQuality {
        dry_density: density.unwrap_or(KilogramsPerCubicMetre(numbers.get("dry_density_kg_m3"))),
        reference_moisture: MassFraction::new(numbers.get("reference_moisture")).unwrap_or_default(),
        net_calorific_value_dry: calorific.unwrap_or(MegaJoulesPerKilogram(numbers.get("net_calorific_value_dry_mj_kg"))),
    };
    if quality.as_received().0 <= 0.0 {
        let text = "at this moisture the water takes more heat than the peat gives: it is no fuel, and its energy is below zero";
        warnings.push(Warning::new("fuel_too_wet", text));
    }
    quality
}

fn ladder_inputs(survey: &Survey, request: &ReserveRequest, warnings: &mut Vec<Warning>) -> LadderInputs {
    let number = |name: &str| request.numbers.get(name);
    let share = |name: &str| Share::new(number(name)).unwrap_or(Share::ZERO);
    let ash = survey.cores.ash.map(MassFraction::value);
    let ash_within_limit = ash.is_none_or(|ash| ash <= number("max_ash"));
    match ash {
        None => warnings.push(Warning::new("ash_unknown", "no core has an ash content; the ash limit was not checked")),
        Some(ash) if !ash_within_limit => {
            let text = format!("the mean ash of {:.1} % is above the limit of {:.1} %", ash * 100.0, number("max_ash") * 100.0);
            warnings.push(Warning::new("ash_above_limit", text));
        }
        Some(_) => {}
    }
    LadderInputs {
        min_depth: Metres(number("min_depth_m")),
        ash_within_limit,
        apply_constraints: request.constraints == ConstraintUse::Apply,
        bottom_layer: Metres(number("bottom_layer_m")),
        stumps: share("stumps"),
        net_area_share: share("net_area_share"),
        loss_extraction: share("loss_extraction"),
        loss_storage: share("loss_storage"),
    }
}

/// Land of one constraint: the cells of the grid that it covers.
struct Taken {
    take: ConstraintTake,
    /// Places in `thickness.columns`, where columns are cells.
    columns: Vec<usize>,
    /// Share of the deposit's area.
    share: f64,
}

impl Taken {
    fn with_balance(mut self, thickness: &Thickness, inputs: &LadderInputs) -> ConstraintTake {
        let counts = |column: &&PeatColumn| inputs.ash_within_limit && column.depth >= inputs.min_depth;
        self.take.balance_volume_m3 = if thickness.by_cell {
            let under = self.columns.iter().map(|place| &thickness.columns[*place]);
            under.filter(counts).map(|column| column.area * column.depth).sum()
        } else {
            thickness.columns.iter().filter(counts).map(|column| column.area * column.depth * self.share).sum()
        };
        self.take
    }
}

/// Which cells the constraints take, one by one and all together; the latter is written into the columns.
///
/// Cells count by their centre, as for the outline. Columns that are no cells (the mean's) lose the share of
/// the area that all constraints take together.
fn constraints_taken(survey: &Survey, request: &ReserveRequest, thickness: &mut Thickness) -> Vec<Taken> {
    let Some(extent) = survey.outline.bounding_rect() else { return Vec::new() };
    if request.constraints == ConstraintUse::Ignore || thickness.cells.is_empty() {
        return Vec::new();
    }
    let mut taken_by_any = vec![false; thickness.cells.len()];
    let mut takes = Vec::new();
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let all = thickness.cells.len() as f64;
    let total: SquareMetres = thickness.columns.iter().map(|column| column.area).sum();
    for constraint in &survey.constraints {
        if !constraint.area.bounding_rect().is_some_and(|rect| rect.intersects(&extent)) {
            continue;
        }
        let under = thickness.grid.cells_inside(&rings(&constraint.area));
        let columns: Vec<usize> = under.iter().filter_map(|cell| thickness.cells.binary_search(cell).ok()).collect();
        if columns.is_empty() {
            continue;
        }
        for place in &columns {
            taken_by_any[*place] = true;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let share = columns.len() as f64 / all;
        let volume = if thickness.by_cell {
            columns.iter().map(|place| thickness.columns[*place].area * thickness.columns[*place].depth).sum()
        } else {
            thickness.volume() * share
        };
        takes.push(Taken {
            take: ConstraintTake {
                id: constraint.id,
                name: constraint.name.clone(),
                name_ru: constraint.name_ru.clone(),
                kind: constraint.kind.clone(),
                synthetic: constraint.synthetic,
                area_ha: (total * share).hectares(),
                geological_volume_m3: volume,
                balance_volume_m3: volume,
            },
            columns,
            share,
        });
    }
    thickness.taken.clone_from(&taken_by_any);
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let permitted_share = taken_by_any.iter().filter(|taken| !**taken).count() as f64 / all;
    if thickness.by_cell {
        for (column, taken) in thickness.columns.iter_mut().zip(&taken_by_any) {
            column.permitted = if *taken { 0.0 } else { 1.0 };
        }
    } else {
        thickness.columns.iter_mut().for_each(|column| column.permitted = permitted_share);
    }
    takes
}

fn net_of_constraints(columns: &[PeatColumn], inputs: &LadderInputs, quality: &FuelQuality) -> NetOfConstraints {
    let applied = LadderInputs { apply_constraints: true, ..*inputs };
    let steps = ladder(columns, &applied, quality);
    let kept = |column: &PeatColumn| column.area * column.permitted;
    NetOfConstraints {
        area_ha: columns.iter().map(kept).sum::<SquareMetres>().hectares(),
        geological_volume_m3: columns.iter().map(|column| kept(column) * column.depth).sum(),
        balance_volume_m3: steps.volume(StepName::Legal),
        extractable_volume_m3: steps.volume(StepName::Extractable),
    }
}

fn compose(
    survey: &Survey,
    request: &ReserveRequest,
    used: ReserveMethodUsed,
    samples: &[Sample],
    thickness: &Thickness,
    steps: &Ladder,
    quality: &FuelQuality,
) -> ReserveEstimate {
    let area = SquareMetres(survey.outline.unsigned_area());
    let counted: SquareMetres = thickness.columns.iter().map(|column| column.area).sum();
    let volume = thickness.volume();
    let delivered = quality.fuel(steps.volume(StepName::Delivered));
    ReserveEstimate {
        method: used.method,
        parameters: used_inputs(survey, request, thickness, quality),
        area_ha: area.hectares(),
        area_ellipsoidal_ha: survey.area_ellipsoidal.hectares(),
        probes_used: if used.from_stated_depth { 0 } else { samples.len() },
        cores_used: survey.cores.cores,
        mean_depth_m: if counted.0 > 0.0 { Metres(volume.0 / counted.0) } else { Metres::ZERO },
        max_depth_m: thickness.columns.iter().fold(Metres::ZERO, |deepest, column| deepest.max(column.depth)),
        geological_volume_m3: volume,
        balance_volume_m3: steps.volume(StepName::Balance),
        extractable_volume_m3: steps.volume(StepName::Extractable),
        dry_mass_t: delivered.dry_mass_t,
        mass_t: delivered.mass_t,
        reference_moisture: quality.reference_moisture,
        energy_gj: delivered.energy_gj,
        energy_mwh: delivered.energy_mwh,
        tonnes_coal_equivalent: delivered.tonnes_coal_equivalent,
        ladder: steps.0.clone(),
        constraints: Vec::new(),
        net_of_constraints: None,
        cross_validation: thickness.cross_validation.filter(|_| !used.from_stated_depth).map(|errors| ProbeErrors {
            mae_m: errors.mean_absolute_error,
            rmse_m: errors.root_mean_squared_error,
            probes: errors.samples,
        }),
        warnings: Vec::new(),
        rests_on: rests_on(survey, request, used),
    }
}

fn used_inputs(survey: &Survey, request: &ReserveRequest, thickness: &Thickness, quality: &FuelQuality) -> UsedInputs {
    let mut numbers: BTreeMap<&'static str, f64> =
        reserve_parameters().names().map(|name| (name, request.numbers.get(name))).collect();
    numbers.insert("dry_density_kg_m3", quality.dry_density.0);
    numbers.insert("net_calorific_value_dry_mj_kg", quality.net_calorific_value_dry.0);
    UsedInputs {
        probes: request.probes,
        boundary: request.boundary,
        constraints: request.constraints,
        cell_m: thickness.grid.cell(),
        crs: survey.crs.clone(),
        numbers,
    }
}

/// The defaults without a read source that this estimate used.
fn rests_on(survey: &Survey, request: &ReserveRequest, used: ReserveMethodUsed) -> Vec<DefaultUsed> {
    let mut names = vec!["min_depth_m", "bottom_layer_m", "stumps", "net_area_share", "loss_extraction", "loss_storage"];
    names.push("reference_moisture");
    if used.method == Method::InverseDistance && request.boundary == BoundaryRule::Zero {
        names.push("boundary_step_m");
    }
    if survey.cores.ash.is_some() {
        names.push("max_ash");
    }
    if survey.cores.dry_density.is_none() {
        names.push("dry_density_kg_m3");
    }
    if survey.cores.net_calorific_value_dry.is_none() {
        names.push("net_calorific_value_dry_mj_kg");
    }
    request.numbers.unsourced_defaults(&names)
}
