//! What is known of one deposit when its reserves are estimated, in one metric system.

use crate::model::{Core, FeatureId};
use crate::units::{KilogramsPerCubicMetre, MassFraction, MegaJoulesPerKilogram, Metres, SquareMetres};
use geo::MultiPolygon;

/// What stopped a probe before the bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Wood.
    Wood,
    /// The end of the rod, or the row says no more than that the depth is censored.
    Rod,
}

/// A probed depth at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProbedDepth {
    /// East, m.
    pub x: f64,
    /// North, m.
    pub y: f64,
    /// Depth of peat.
    pub depth: Metres,
    /// What stopped the probe before the bottom: the true depth may be greater.
    pub stopped: Option<Stop>,
    /// Year of the measurement.
    pub year: Option<i32>,
    /// Whether the peat was drained.
    pub drained: Option<bool>,
    /// Elevation of the surface.
    pub surface_elevation: Option<Metres>,
}

impl ProbedDepth {
    /// A depth down to the mineral bottom, of which nothing else is known.
    #[must_use]
    pub fn measured(x: f64, y: f64, depth: Metres) -> Self {
        Self { x, y, depth, stopped: None, year: None, drained: None, surface_elevation: None }
    }
}

/// Land that a constraint takes, as an area.
#[derive(Debug, Clone)]
pub struct ConstraintArea {
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
    /// The land, its strip included.
    pub area: MultiPolygon,
}

/// Means over the cores of a deposit; `None` where no core has the property.
#[derive(Debug, Clone, Default)]
pub struct CoreMeans {
    /// Cores inside the outline.
    pub cores: usize,
    /// Dry density.
    pub dry_density: Option<KilogramsPerCubicMetre>,
    /// Ash of dry matter.
    pub ash: Option<MassFraction>,
    /// Net calorific value of dry matter.
    pub net_calorific_value_dry: Option<MegaJoulesPerKilogram>,
}

/// The survey of one deposit: everything in one metric system, east before north.
#[derive(Debug, Clone)]
pub struct Survey {
    /// Name of the system.
    pub crs: String,
    /// Zero boundary.
    pub outline: MultiPolygon,
    /// Its area on the ellipsoid.
    pub area_ellipsoidal: SquareMetres,
    /// Probes inside the outline.
    pub probes_inside: Vec<ProbedDepth>,
    /// Probes around it that lie in no other deposit.
    pub probes_outside: Vec<ProbedDepth>,
    /// Cores inside the outline, placed in the same system.
    pub cores: Vec<Core>,
    /// Constraints that may touch it.
    pub constraints: Vec<ConstraintArea>,
    /// Mean depth as stated, where there are no probes.
    pub stated_mean_depth: Option<Metres>,
}

impl Default for Survey {
    /// Nothing known of nowhere.
    fn default() -> Self {
        Self {
            crs: String::new(),
            outline: MultiPolygon::new(Vec::new()),
            area_ellipsoidal: SquareMetres::ZERO,
            probes_inside: Vec::new(),
            probes_outside: Vec::new(),
            cores: Vec::new(),
            constraints: Vec::new(),
            stated_mean_depth: None,
        }
    }
}

/// Means over cores: density by the mean of the cores' means, ash and calorific value likewise (each
/// core's own mean is weighted by dry matter), so that a long core counts as one place, not as many.
#[must_use]
pub fn core_means<'a>(cores: impl IntoIterator<Item = &'a Core>) -> CoreMeans {
    let cores: Vec<&Core> = cores.into_iter().collect();
    let mean = |values: Vec<f64>| -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let count = values.len() as f64;
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / count)
    };
    CoreMeans {
        cores: cores.len(),
        dry_density: mean(cores.iter().filter_map(|core| core.dry_density()).map(|d| d.0).collect()).map(KilogramsPerCubicMetre),
        ash: mean(cores.iter().filter_map(|core| core.ash()).map(MassFraction::value).collect()).and_then(MassFraction::new),
        net_calorific_value_dry: mean(cores.iter().filter_map(|core| core.net_calorific_value_dry()).map(|q| q.0).collect())
            .map(MegaJoulesPerKilogram),
    }
}
