//! What the peat of a deposit is by depth: profiles from its cores, from their means, or from defaults, and how it says so.

use super::choices::QualityChoice;
use super::content::PeatContent;
use super::core_layers::{CoreAtPlace, DerivedProperty, LayerPeat, ProfileInputs};
use super::profile::CoreProfiles;
use super::request::ReserveRequest;
use super::result::Warning;
use super::survey::{CoreMeans, Survey, core_means};
use crate::units::{KilogramsPerCubicMetre, MassFraction, MegaJoulesPerKilogram, Share};
use serde::Serialize;

/// Where the quality comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QualitySource {
    /// Layers of the nearest core.
    Layers,
    /// Means of all cores.
    CoreMeans,
    /// Defaults: no core says anything.
    Defaults,
}

/// Quality of the geological reserve, and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QualityReport {
    /// Where it comes from.
    pub source: QualitySource,
    /// Cores inside the outline.
    pub cores: usize,
    /// Dry matter over volume.
    pub dry_density_kg_m3: Option<KilogramsPerCubicMetre>,
    /// Ash of dry matter.
    pub ash: Option<MassFraction>,
    /// Decomposition, by volume.
    pub decomposition: Option<Share>,
    /// Natural moisture, by volume.
    pub moisture: Option<MassFraction>,
    /// Net calorific value of dry matter, by dry matter.
    pub net_calorific_value_dry_mj_kg: Option<MegaJoulesPerKilogram>,
    /// What was derived and not measured.
    pub derived: Vec<DerivedProperty>,
}

/// The quality of a deposit's peat.
pub(super) struct PeatQuality {
    pub profiles: CoreProfiles,
    pub source: QualitySource,
    pub means: CoreMeans,
    cores: usize,
}

impl PeatQuality {
    /// By layers where the request allows it and a core has one, else by the means of all cores, else by defaults. A density
    /// or calorific value that the request gives holds for every layer.
    pub(super) fn of(survey: &Survey, request: &ReserveRequest, warnings: &mut Vec<Warning>) -> Self {
        let numbers = &request.numbers;
        let means = core_means(&survey.cores);
        let share = |name: &str| Share::new(numbers.get(name)).unwrap_or(Share::ZERO);
        let fraction = |value: f64| MassFraction::new(value).unwrap_or_default();
        let inputs = ProfileInputs {
            given_dry_density: numbers.given("dry_density_kg_m3").map(KilogramsPerCubicMetre),
            given_calorific_value: numbers.given("net_calorific_value_dry_mj_kg").map(MegaJoulesPerKilogram),
            default_dry_density: KilogramsPerCubicMetre(numbers.get("dry_density_kg_m3")),
            default_calorific_value: MegaJoulesPerKilogram(numbers.get("net_calorific_value_dry_mj_kg")),
            default_ash: fraction(numbers.get("default_ash")),
            saturated_share: share("saturated_share"),
            von_post_density_factor: numbers.get("von_post_density_factor"),
        };
        let layered = (request.choices.quality == QualityChoice::Layers).then(|| {
            let cores =
                survey.cores.iter().map(|core| CoreAtPlace { x: core.position.x(), y: core.position.y(), layers: &core.layers });
            CoreProfiles::of_cores(&cores.collect::<Vec<_>>(), &inputs)
        });
        let cores = survey.cores.len();
        if means.dry_density.or(inputs.given_dry_density).is_none() {
            warnings.push(Warning::new("default_density", "no core has a density; the default or what is derived stands in"));
        }
        if means.net_calorific_value_dry.or(inputs.given_calorific_value).is_none() {
            warnings.push(Warning::new("default_calorific_value", "no core has a calorific value; the default stands in"));
        }
        if means.ash.is_none() {
            warnings.push(Warning::new("ash_unknown", "no core has an ash content; the ash limit was not checked"));
        }
        if let Some(profiles) = layered.flatten() {
            return Self { profiles, source: QualitySource::Layers, means, cores };
        }
        let peat = LayerPeat {
            peat_type: None,
            decomposition: None,
            ash: means.ash,
            moisture: None,
            dry_density: inputs.given_dry_density.or(means.dry_density).unwrap_or(inputs.default_dry_density),
            net_calorific_value_dry: inputs
                .given_calorific_value
                .or(means.net_calorific_value_dry)
                .unwrap_or(inputs.default_calorific_value),
        };
        let said = means.ash.is_some() || means.dry_density.is_some() || means.net_calorific_value_dry.is_some();
        let source = if said { QualitySource::CoreMeans } else { QualitySource::Defaults };
        Self { profiles: CoreProfiles::uniform(peat), source, means, cores }
    }

    pub(super) fn report(&self, geological: &PeatContent) -> QualityReport {
        QualityReport {
            source: self.source,
            cores: self.cores,
            dry_density_kg_m3: geological.dry_density(),
            ash: geological.mean_ash(),
            decomposition: geological.mean_decomposition(),
            moisture: geological.mean_moisture(),
            net_calorific_value_dry_mj_kg: geological.net_calorific_value_dry(),
            derived: self.profiles.derived.clone(),
        }
    }

    /// Whether a property rests on the default parameter anywhere.
    pub(super) fn rests_on_default(&self, property: &str) -> bool {
        let derived = self.profiles.derived.iter().any(|derived| derived.property == property && derived.from == "default");
        let missing = match property {
            "dry_density_kg_m3" => self.means.dry_density.is_none(),
            _ => self.means.net_calorific_value_dry.is_none(),
        };
        if self.source == QualitySource::Layers { derived } else { missing }
    }
}
