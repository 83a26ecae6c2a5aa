//! What the blend of a plant is answered as.

use crate::model::{DefaultUsed, FeatureId};
use crate::supply::{BindingLimit, BlendRelief, LimitName, SupplyWarning};
use crate::units::{MegaJoulesPerKilogram, MegawattHours, Tonnes};
use serde::Serialize;

/// Where a quality comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityFrom {
    /// Cores of the deposit.
    Cores,
    /// The request.
    Request,
    /// A default, named in `rests_on`.
    Default,
}

/// What the fuel of a lot is. Shares of ash, sulphur and chlorine are of the dry mass.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LotQuality {
    /// Water as fired, share of the wet mass.
    pub moisture: f64,
    /// Ash.
    pub ash: f64,
    /// Sulphur.
    pub sulphur: f64,
    /// Chlorine.
    pub chlorine: f64,
    /// Net calorific value of the dry matter.
    pub net_calorific_value_dry_mj_kg: MegaJoulesPerKilogram,
    /// Net calorific value as fired.
    pub net_calorific_value_mj_kg: MegaJoulesPerKilogram,
}

/// Peat of a field, or of a deposit's fields, in the blend.
#[derive(Debug, Clone, Serialize)]
pub struct PeatLot {
    /// What limits and errors call it.
    pub fuel: String,
    /// Name of the field, or of the deposit where it stands for its fields.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Row in `deposits`.
    pub deposit_id: FeatureId,
    /// Name of the deposit.
    pub deposit_name: String,
    /// Name in Russian.
    pub deposit_name_ru: Option<String>,
    /// Its fields: rows in `fields`.
    pub field_ids: Vec<FeatureId>,
    /// What it is.
    #[serde(flatten)]
    pub quality: LotQuality,
    /// Where the ash comes from.
    pub ash_from: QualityFrom,
    /// Where the sulphur comes from.
    pub sulphur_from: QualityFrom,
    /// Where the calorific value comes from.
    pub calorific_value_from: QualityFrom,
    /// Cost at the gate.
    pub cost_rub_mwh: f64,
    /// What a season gives, by energy as fired.
    pub available_mwh_a: MegawattHours,
    /// What the blend takes.
    pub used_mwh_a: MegawattHours,
    /// The same as mass as fired.
    pub used_t_a: Tonnes,
    /// The same as dry matter.
    pub used_dry_t_a: Tonnes,
    /// Share of the plant's fuel by energy.
    pub energy_share: f64,
}

/// Another fuel in the blend.
#[derive(Debug, Clone, Serialize)]
pub struct OtherLot {
    /// `wood_chips` or `backup`.
    pub fuel: String,
    /// What it is.
    #[serde(flatten)]
    pub quality: LotQuality,
    /// Fired beside the mixture, so that it dilutes nothing.
    pub fired_apart: bool,
    /// Cost at the gate.
    pub cost_rub_mwh: f64,
    /// What is to be had.
    pub available_mwh_a: MegawattHours,
    /// What the blend takes.
    pub used_mwh_a: MegawattHours,
    /// The same as mass as fired.
    pub used_t_a: Tonnes,
    /// Share of the plant's fuel by energy.
    pub energy_share: f64,
}

/// What fuels mix to, with cost and shares.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mixture {
    /// Cost of a MWh of all fuels.
    pub cost_rub_mwh: f64,
    /// Cost of a year.
    pub cost_rub_a: f64,
    /// Cost of a MWh were there no limits of quality: the difference is what they cost.
    pub cost_without_limits_rub_mwh: f64,
    /// Peat in all fuel by energy.
    pub peat_share: f64,
    /// Mass of the mixture as fired, without what is fired apart.
    pub mass_t_a: Tonnes,
    /// Net calorific value of the mixture as fired.
    pub net_calorific_value_mj_kg: Option<MegaJoulesPerKilogram>,
    /// Water, share of the wet mass.
    pub moisture: Option<f64>,
    /// Ash, share of the dry mass.
    pub ash: Option<f64>,
    /// Sulphur, share of the dry mass.
    pub sulphur: Option<f64>,
    /// Sulphur by energy.
    pub sulphur_mg_mj: Option<f64>,
    /// Chlorine, share of the dry mass.
    pub chlorine: Option<f64>,
    /// Atoms of sulphur for one of chlorine.
    pub sulphur_to_chlorine: Option<f64>,
    /// Wood in the energy of the mixture.
    pub wood_share: Option<f64>,
}

/// A limit of quality.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LimitState {
    /// Which.
    pub limit: LimitName,
    /// Its value.
    pub value: f64,
    /// Unit of the value, empty for shares.
    pub unit: &'static str,
    /// Whether it is a least value.
    pub is_least: bool,
    /// What the mixture has; none where there is no mixture.
    pub mixture: Option<f64>,
    /// Whether the mixture touches it.
    pub binds: bool,
}

/// A limit or an amount that the cheapest blend touches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlendPrice {
    /// Which, what it is worth a MWh.
    #[serde(flatten)]
    pub limit: BindingLimit,
    /// What a year would be cheaper were it relaxed by a hundredth of itself.
    pub saving_rub_a: f64,
}

/// Why there is no blend, and what would make one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlendRefusal {
    /// Fixed word: `fuel_missing`, `limit_unreachable`, `limits_conflict`.
    pub code: &'static str,
    /// An English sentence.
    pub message: String,
    /// The smallest relief of the limits; none where fuel is missing.
    pub relief: Option<BlendRelief>,
    /// Fuel that is missing, where it is.
    pub missing_mwh_a: Option<MegawattHours>,
}

/// The blend of a plant.
#[derive(Debug, Clone, Serialize)]
pub struct PlantBlend {
    /// All fuel of the plant.
    pub need_mwh_a: MegawattHours,
    /// The mixture; none where there is none.
    pub mixture: Option<Mixture>,
    /// Why there is none.
    pub refused: Option<BlendRefusal>,
    /// Limits of quality.
    pub limits: Vec<LimitState>,
    /// What binds, and its price.
    pub binding: Vec<BlendPrice>,
    /// Peat, by cost.
    pub peat: Vec<PeatLot>,
    /// Other fuels.
    pub other: Vec<OtherLot>,
    /// What a reader should know.
    pub warnings: Vec<SupplyWarning>,
    /// Defaults that it rests on, beside those of the supply.
    pub rests_on: Vec<DefaultUsed>,
}
