//! Many equally likely deposits around one estimate: depths by conditional simulation, taken down the ladder one by one.

use super::choices::{Method, Transform, VariogramChoice};
use super::depth_model::kriging_options;
use super::estimate::Estimated;
use super::interbeds::BalanceReason;
use super::ladder::{ColumnContent, StepName};
use super::request::ReserveRequest;
use super::spatial_structure::SpatialStructure;
use super::survey::Survey;
use super::thickness::{ThicknessError, rings};
use super::uncertainty::{DepthsToVolumes, Factors, Uncertain, UncertaintyReport, Volumes, uncertainty_report};
use crate::geostat::{
    DeclusteredMean, KrigingOptions, NormalScores, Progress, Sample, Simulation, Support, Variogram, ring_length,
};
use crate::model::Core;
use crate::units::MassFraction;

/// More cells than this are not simulated: the weights of each take memory for as long as the simulation runs.
const MOST_CELLS: usize = 500_000;
/// Simulated depths reach at most so far past the deepest probe.
const DEEPEST_FACTOR: f64 = 1.25;

/// Draws deposits around an estimate by kriging and says how sure it is.
///
/// Depths are simulated as they are, as means of cells (one below zero counts as zero, and the share of them is reported) or as normal scores
/// of points, declustered, between zero and a quarter more than the deepest probe.
///
/// # Errors
/// Too many cells, what kriging and simulation refuse, cancelled.
pub(super) fn uncertainty(
    survey: &Survey,
    request: &ReserveRequest,
    estimated: &Estimated,
    progress: &dyn Progress,
) -> Result<UncertaintyReport, ThicknessError> {
    let thickness = &estimated.thickness;
    if thickness.cells.len() > MOST_CELLS {
        return Err(ThicknessError::TooManyToSimulate { cells: thickness.cells.len(), limit: MOST_CELLS });
    }
    let Some(options) = kriging_options(&estimated.recipe, thickness.grid.cell()) else {
        return Err(ThicknessError::NoProbes(Method::Simulation));
    };
    let kept: Vec<f64> = estimated.contents.iter().map(kept_share).collect();
    let permitted: Vec<f64> = thickness.columns.iter().map(|column| column.permitted).collect();
    let cell_area = thickness.grid.cell() * thickness.grid.cell();
    let chain = DepthsToVolumes { cell_area, kept: &kept, permitted: &permitted, inputs: estimated.ladder_inputs };
    let along_edge = chain.along_edge(thickness);

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole numbers within their limits")]
    let (realisations, seed) = (request.numbers.get("realisations") as usize, request.numbers.get("seed") as u64);
    let scores = match request.choices.transform {
        Transform::None => None,
        Transform::NormalScore => Some(Scores::of(&estimated.samples, request, &options)?),
    };
    let (samples, options) = match &scores {
        // A cell is no point: its mean scatters less than a probe does.
        None => {
            (estimated.samples.clone(), KrigingOptions { support: Support::Block { width: thickness.grid.cell() }, ..options })
        }
        Some(scores) => (scores.samples.clone(), scores.options),
    };
    let simulation = Simulation::new(&samples, &thickness.grid, &thickness.cells, options, progress)?;
    let draws: Vec<(Volumes, usize)> = simulation.simulate(realisations, seed, progress, |_, values| match &scores {
        None => (chain.volumes(values), values.iter().filter(|depth| **depth < 0.0).count()),
        Some(scores) => {
            let depths: Vec<f64> = values.iter().map(|score| scores.transform.value(*score)).collect();
            (chain.volumes(&depths), 0)
        }
    })?;
    let volumes: Vec<Volumes> = draws.iter().map(|(volumes, _)| *volumes).collect();
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let below_zero =
        draws.iter().map(|(_, below)| *below as f64).sum::<f64>() / (thickness.cells.len() * realisations).max(1) as f64;
    let factors = Factors { along_edge, ..factors(survey, request, estimated) };
    Ok(uncertainty_report(&volumes, below_zero, &factors, request))
}

/// The share of a column's depth that is balance reserve where it is deep enough.
fn kept_share(content: &ColumnContent) -> f64 {
    match content.reason {
        BalanceReason::WithinLimits => content.balance.volume / content.geological.volume,
        // Shallow here, it may be deep in another draw.
        BalanceReason::TooShallow => 1.0,
        BalanceReason::InterbedsTakeTooMuch | BalanceReason::TooMuchAsh => 0.0,
    }
}

/// Depths as normal scores, with the kriging of the scores.
struct Scores {
    transform: NormalScores,
    samples: Vec<Sample>,
    options: KrigingOptions,
}

impl Scores {
    fn of(samples: &[Sample], request: &ReserveRequest, options: &KrigingOptions) -> Result<Self, ThicknessError> {
        let values: Vec<f64> = samples.iter().map(|sample| sample.value).collect();
        let weights = DeclusteredMean::automatic(samples).map(|mean| mean.weights());
        let deepest = values.iter().copied().fold(0.0, f64::max);
        let transform = NormalScores::new(&values, weights.as_deref(), 0.0, (deepest * DEEPEST_FACTOR).max(0.01))?;
        let score = |sample: &Sample| Sample { value: transform.score(sample.value), ..*sample };
        let samples: Vec<Sample> = samples.iter().map(score).collect();
        let open = request.choices.variogram == VariogramChoice::Fit
            && ["nugget_m2", "partial_sill_m2", "range_m"].iter().all(|name| request.numbers.given(name).is_none());
        let model = if open { SpatialStructure::of(&samples, request)?.variogram } else { options.variogram };
        // Scores have the variance one, and the numbers of a request are in square metres.
        let sill = model.sill();
        let variogram = Variogram { nugget: model.nugget / sill, partial_sill: model.partial_sill / sill, ..model };
        Ok(Self { transform, samples, options: KrigingOptions { variogram, support: Support::Point, ..*options } })
    }
}

/// What is uncertain beside the depths.
fn factors(survey: &Survey, request: &ReserveRequest, estimated: &Estimated) -> Factors {
    let delivered = estimated.steps.content(StepName::Delivered);
    // Where nothing is delivered, the whole deposit says what its peat is.
    let peat = if delivered.dry.0 > 0.0 { delivered } else { estimated.steps.content(StepName::Geological) };
    let of_cores = |value: &dyn Fn(&Core) -> Option<f64>| -> Vec<f64> { survey.cores.iter().filter_map(value).collect() };
    let number = |name: &str| request.numbers.get(name);
    let ash = peat.mean_ash().map_or_else(|| number("default_ash"), MassFraction::value);
    let middle = |value: Option<f64>, parameter: &str| value.unwrap_or_else(|| number(parameter));
    Factors {
        dry_density: Uncertain::of(
            "dry_density_kg_m3",
            middle(peat.dry_density().map(|density| density.0), "dry_density_kg_m3"),
            &of_cores(&|core| core.dry_density().map(|density| density.0)),
            [1.0, 1_500.0],
        ),
        calorific_value: Uncertain::of(
            "net_calorific_value_dry_mj_kg",
            middle(peat.net_calorific_value_dry().map(|value| value.0), "net_calorific_value_dry_mj_kg"),
            &of_cores(&|core| core.net_calorific_value_dry().map(|value| value.0)),
            [1.0, 30.0],
        ),
        ash: Uncertain::of("default_ash", ash, &of_cores(&|core| core.ash().map(MassFraction::value)), [0.0, 0.9]),
        moisture: Uncertain::of("reference_moisture", number("reference_moisture"), &[], [0.0, 0.85]),
        boundary: Uncertain {
            middle: 0.0,
            deviation_below: number("boundary_error_m"),
            deviation_above: number("boundary_error_m"),
            least: f64::NEG_INFINITY,
            most: f64::INFINITY,
        },
        outline_length: rings(&survey.outline).iter().map(ring_length).sum(),
        along_edge: Volumes::default(),
    }
}
