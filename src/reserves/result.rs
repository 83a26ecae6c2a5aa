//! What a reserve estimate answers; the names are those of the public interface.

use super::ladder::LadderStep;
use super::request::{BoundaryRule, ConstraintUse, Method, ProbeChoice};
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
    /// Probes left out, each in turn.
    pub probes: usize,
}

/// Every input with the value used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsedInputs {
    /// Which probes.
    pub probes: ProbeChoice,
    /// Boundary rule.
    pub boundary: BoundaryRule,
    /// What constraints do.
    pub constraints: ConstraintUse,
    /// Edge of a cell.
    pub cell_m: f64,
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
    /// Every input with the value used.
    pub parameters: UsedInputs,
    /// Planar area of the outline in the working system.
    pub area_ha: Hectares,
    /// Area on the ellipsoid.
    pub area_ellipsoidal_ha: Hectares,
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
    /// What the reader should know.
    pub warnings: Vec<Warning>,
    /// Defaults without a read source.
    pub rests_on: Vec<DefaultUsed>,
}
