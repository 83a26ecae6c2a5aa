//! What a reserve estimate answers; the names are those of the public interface.

use super::blocks::Block;
use super::carbon::Carbon;
use super::choices::Method;
use super::funnel::FunnelStep;
use super::ladder::LadderStep;
use super::method_choice::MethodChoice;
use super::probes::SurveyReport;
use super::products::ProductSum;
use super::quality::QualityReport;
use super::request::Choices;
use super::spatial_structure::VariogramReport;
use super::uncertainty::UncertaintyReport;
use crate::geostat::Sample;
use crate::model::{DefaultUsed, FeatureId};
use crate::units::{CubicMetres, GigaJoules, Hectares, MassFraction, MegawattHours, Metres, Tonnes, TonnesCoalEquivalent};
use serde::Serialize;
use std::collections::BTreeMap;

/// Something that the reader of a result should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// A fixed word for programs and translations.
    pub code: &'static str,
    /// An English sentence.
    pub message: String,
}

impl Warning {
    /// A warning.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// What one constraint alone takes from the deposit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConstraintTake {
    /// Row in `constraints`.
    pub id: FeatureId,
    /// Name.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Kind.
    pub kind: String,
    /// Invented for demonstration.
    pub synthetic: bool,
    /// Area taken.
    pub area_ha: Hectares,
    /// Geological volume under it.
    pub geological_volume_m3: CubicMetres,
    /// Balance volume under it.
    pub balance_volume_m3: CubicMetres,
}

/// What all constraints together leave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NetOfConstraints {
    /// Area left.
    pub area_ha: Hectares,
    /// Geological volume left.
    pub geological_volume_m3: CubicMetres,
    /// Balance volume left.
    pub balance_volume_m3: CubicMetres,
    /// Extractable volume left.
    pub extractable_volume_m3: CubicMetres,
}

/// Errors of the method at probes that it has not seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProbeErrors {
    /// Mean absolute error.
    pub mae_m: f64,
    /// Root of the mean squared error.
    pub rmse_m: f64,
    /// Mean of estimate minus probe.
    pub bias_m: f64,
    /// Probes left out, each in turn.
    pub probes: usize,
}

/// How many probes have which depth.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Histogram {
    /// Edges of the classes, m, one more than there are counts.
    pub edges_m: Vec<f64>,
    /// Probes in each class, the lower edge included.
    pub counts: Vec<usize>,
}

/// Most classes of a histogram.
const MOST_CLASSES: f64 = 24.0;
/// Widths of classes, m, of which the first that suits is taken.
const CLASS_WIDTHS_M: [f64; 7] = [0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0];

impl Histogram {
    /// Depths in classes of a round width.
    pub(super) fn of(samples: &[Sample]) -> Self {
        let deepest = samples.iter().map(|sample| sample.value).fold(0.0, f64::max);
        let width = CLASS_WIDTHS_M.into_iter().find(|width| deepest / width <= MOST_CLASSES).unwrap_or(deepest / MOST_CLASSES);
        if samples.is_empty() {
            return Self::default();
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a few dozen classes")]
        let class = |depth: f64| (depth.max(0.0) / width + 1e-9).floor() as usize;
        let mut counts = vec![0; class(deepest) + 1];
        for sample in samples {
            counts[class(sample.value)] += 1;
        }
        #[expect(clippy::cast_precision_loss, reason = "a few dozen classes")]
        let edges_m = (0..=counts.len()).map(|edge| edge as f64 * width).collect();
        Self { edges_m, counts }
    }
}

/// Every input with the value used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsedInputs {
    /// Words by name.
    #[serde(flatten)]
    pub choices: Choices,
    /// Working system.
    pub crs: String,
    /// Numbers by name.
    #[serde(flatten)]
    pub numbers: BTreeMap<&'static str, f64>,
}

/// Reserves of a deposit. Mass and energy are those of the last step of the ladder, delivered fuel.
#[derive(Debug, Clone, Serialize)]
pub struct ReserveEstimate {
    /// Method used.
    pub method: Method,
    /// Why it is this one, where it was not asked for by name.
    pub method_choice: Option<MethodChoice>,
    /// Every input with the value used.
    pub parameters: UsedInputs,
    /// Planar area of the outline in the working system.
    pub area_ha: Hectares,
    /// Area on the ellipsoid.
    pub area_ellipsoidal_ha: Hectares,
    /// Area inside the outline that the method says nothing of.
    pub uncovered_area_ha: Hectares,
    /// Probes used.
    pub probes_used: usize,
    /// Cores used.
    pub cores_used: usize,
    /// Geological volume over the area that carries it.
    pub mean_depth_m: Metres,
    /// Greatest depth of a column.
    pub max_depth_m: Metres,
    /// All peat inside the outline.
    pub geological_volume_m3: CubicMetres,
    /// Standard deviation of the geological volume, by kriging the deposit as one block; none where the method knows none.
    pub volume_error_m3: Option<CubicMetres>,
    /// Peat that the cut-offs leave.
    pub balance_volume_m3: CubicMetres,
    /// Peat that machines can take.
    pub extractable_volume_m3: CubicMetres,
    /// Dry matter delivered.
    pub dry_mass_t: Tonnes,
    /// Mass delivered at the reference moisture.
    pub mass_t: Tonnes,
    /// Reference moisture.
    pub reference_moisture: MassFraction,
    /// Energy delivered.
    pub energy_gj: GigaJoules,
    /// The same in MWh.
    pub energy_mwh: MegawattHours,
    /// The same in tonnes of coal equivalent.
    pub tonnes_coal_equivalent: TonnesCoalEquivalent,
    /// Step by step.
    pub ladder: Vec<LadderStep>,
    /// What each constraint alone takes; empty where they are ignored.
    pub constraints: Vec<ConstraintTake>,
    /// What all of them leave; none where they are ignored or none touches the deposit.
    pub net_of_constraints: Option<NetOfConstraints>,
    /// Errors at probes not seen.
    pub cross_validation: Option<ProbeErrors>,
    /// How depth varies with distance; none with too few probes.
    pub variogram: Option<VariogramReport>,
    /// Depths of the probes inside.
    pub histogram: Histogram,
    /// Which probes were used, and as what.
    pub survey: SurveyReport,
    /// What the peat is.
    pub quality: QualityReport,
    /// Geological blocks with their categories.
    pub blocks: Vec<Block>,
    /// What land is left, step by step.
    pub funnel: Vec<FunnelStep>,
    /// What the columns are cut into, from above.
    pub products: Vec<ProductSum>,
    /// Carbon, and gases of use.
    pub carbon: Option<Carbon>,
    /// How sure it is; only of a simulation.
    pub uncertainty: Option<UncertaintyReport>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
    /// Defaults without a read source.
    pub rests_on: Vec<DefaultUsed>,
}
