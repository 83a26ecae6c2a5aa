//! What an allocation of the project's peat to its plants answers. Lists by year are in the order of `years`.

use super::allocation_request::SourceKind;
use super::plant_supply::PlantLabel;
use crate::model::{DefaultUsed, FeatureId};
use crate::reserves::Warning;
use crate::supply::RouteKind;
use crate::supply::allocation::AllocationCost;
use serde::Serialize;
use std::collections::BTreeMap;

/// A plant over the years, MWh of fuel by net calorific value.
#[derive(Debug, Clone, Serialize)]
pub struct AllocatedPlant {
    /// The plant as it was computed.
    #[serde(flatten)]
    pub plant: PlantLabel,
    /// Fuel that peat or what takes its place must bring.
    pub need_mwh_a: Vec<f64>,
    /// Peat burnt.
    pub peat_mwh_a: Vec<f64>,
    /// Other fuels burnt.
    pub alternatives_mwh_a: Vec<f64>,
    /// Missing.
    pub unmet_mwh_a: Vec<f64>,
    /// Mean cost of what is burnt; none where nothing is.
    pub mean_cost_rub_mwh: Vec<Option<f64>>,
    /// What one more MWh of need would cost, in money of that year; none without proof.
    pub marginal_cost_rub_mwh: Vec<Option<f64>>,
    /// First year in which something is missing.
    pub first_short_year: Option<i32>,
}

/// A source of peat over the years.
#[derive(Debug, Clone, Serialize)]
pub struct AllocatedSource {
    /// Row in `fields`, or in `deposits` where those are the sources.
    pub id: FeatureId,
    /// What it is.
    pub kind: SourceKind,
    /// Code of a field.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Row in `deposits`.
    pub deposit_id: FeatureId,
    /// Name of the deposit.
    pub deposit_name: String,
    /// Name of the deposit in Russian.
    pub deposit_name_ru: Option<String>,
    /// Longitude, latitude: where its peat sets out; of a deposit, that of its largest field.
    pub coordinates: [f64; 2],
    /// Invented for demonstration.
    pub synthetic: bool,
    /// Fuel in the ground at the beginning.
    pub stock_mwh: f64,
    /// Net area that is ready at the beginning.
    pub prepared_ha: f64,
    /// Net area that can be prepared in all.
    pub largest_ha: f64,
    /// Fuel from a hectare in an average season.
    pub yield_mwh_ha: f64,
    /// Cost in the field stack.
    pub production_cost_rub_mwh: f64,
    /// Area on which works begin.
    pub newly_prepared_ha: Vec<f64>,
    /// Most that the season gives.
    pub capacity_mwh_a: Vec<f64>,
    /// Harvest.
    pub harvested_mwh_a: Vec<f64>,
    /// Delivered to plants.
    pub delivered_mwh_a: Vec<f64>,
    /// In stacks at the end of the year.
    pub stack_mwh: Vec<f64>,
    /// Lost from the stacks.
    pub lost_mwh_a: Vec<f64>,
    /// Left in the ground at the end of the year.
    pub remaining_mwh: Vec<f64>,
    /// What one more MWh of the year's harvest capacity would save, in money of that year; none without proof.
    pub capacity_value_rub_mwh: Vec<Option<f64>>,
    /// Present value of one more MWh of harvest capacity in every year.
    pub capacity_value_rub_mwh_a: Option<f64>,
    /// Present value of one more MWh in the ground.
    pub scarcity_rent_rub_mwh: Option<f64>,
    /// The year in which its last peat is harvested; none where it outlasts the plan.
    pub worked_out_year: Option<i32>,
}

/// Peat that goes from a source to a plant.
#[derive(Debug, Clone, Serialize)]
pub struct PeatFlow {
    /// Id of the source.
    pub source: FeatureId,
    /// Id of the plant.
    pub plant: Option<FeatureId>,
    /// Fuel by year.
    pub mwh_a: Vec<f64>,
    /// Of all years.
    pub total_mwh: f64,
    /// The same at the reference moisture.
    pub total_t: f64,
    /// Production, handling and haul together.
    pub delivered_cost_rub_mwh: f64,
    /// One way; of a deposit, the mean of its fields by their stock.
    pub distance_km: f64,
    /// How the distance was found.
    pub route: RouteKind,
    /// The way as a `GeoJSON` geometry; none where routes were not asked for.
    pub geometry: Option<serde_json::Value>,
}

/// Another fuel at a plant.
#[derive(Debug, Clone, Serialize)]
pub struct OtherFuel {
    /// `wood_chips` or `backup`.
    pub fuel: String,
    /// Id of the plant.
    pub plant: Option<FeatureId>,
    /// Price at the gate.
    pub price_rub_mwh: f64,
    /// Fuel by year.
    pub mwh_a: Vec<f64>,
}

/// Sums over plants, sources and years.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct AllocationTotals {
    pub need_mwh: f64,
    pub peat_mwh: f64,
    pub alternatives_mwh: f64,
    pub unmet_mwh: f64,
    pub covered_share: f64,
    pub stock_mwh: f64,
    pub harvested_mwh: f64,
    pub lost_mwh: f64,
    pub remaining_mwh: f64,
}

/// The cheapest supply of all plants over all years.
#[derive(Debug, Clone, Serialize)]
pub struct AllocationPlan {
    /// The years; counted from 1 where no calendar year was given.
    pub years: Vec<i32>,
    /// What stands as a source.
    pub by: SourceKind,
    /// Plants.
    pub plants: Vec<AllocatedPlant>,
    /// Sources.
    pub sources: Vec<AllocatedSource>,
    /// Peat from each source to each plant, where any goes.
    pub flows: Vec<PeatFlow>,
    /// Other fuels, where any are burnt.
    pub alternatives: Vec<OtherFuel>,
    /// Sums.
    pub totals: AllocationTotals,
    /// Cost of all years.
    pub cost: AllocationCost,
    /// By how much the cost and the worth of all limits differ, as a share: it proves cost and prices right. None where no
    /// prices could be proven.
    pub duality_gap: Option<f64>,
    /// Every input with the value used.
    pub parameters: BTreeMap<&'static str, serde_json::Value>,
    /// Defaults without a read source.
    pub rests_on: Vec<DefaultUsed>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
    /// Currency of the costs.
    pub currency: &'static str,
    /// Price level of the costs.
    pub price_year: i32,
    /// Whether anything it was computed from is invented.
    pub synthetic: bool,
    /// Fingerprint of the inputs.
    pub inputs_hash: String,
    /// Version of the software.
    pub software_version: &'static str,
}
