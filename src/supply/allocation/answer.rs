//! The plan: who delivers what to whom, when, and what limits are worth. All lists are in the order of ids and years.

use crate::model::DefaultUsed;
use serde::Serialize;

/// Undiscounted and discounted cost of all years.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AllocationCost {
    /// Present value of all cost: what was made least.
    pub discounted_rub: f64,
    /// Sum of what follows, undiscounted.
    pub total_rub: f64,
    /// Peat in the field stack.
    pub harvest_rub: f64,
    /// Handling and haul.
    pub delivery_rub: f64,
    /// Area prepared.
    pub preparation_rub: f64,
    /// Alternative fuels.
    pub alternatives_rub: f64,
    /// Penalty of what is missing.
    pub shortage_rub: f64,
}

/// Peat of a source that a plant burns in a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Delivery {
    /// Id of the source.
    pub source: String,
    /// Id of the plant.
    pub plant: String,
    /// Calendar year.
    pub year: i32,
    /// Fuel.
    pub fuel_mwh: f64,
    /// Its mass as received; none where the source's quality is not given.
    pub fuel_t: Option<f64>,
    /// Harvest and way together.
    pub cost_rub_mwh: f64,
}

/// Alternative fuel that a plant buys in a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlternativeUse {
    /// Id of the fuel.
    pub fuel: String,
    /// Id of the plant.
    pub plant: String,
    /// Calendar year.
    pub year: i32,
    /// Fuel.
    pub fuel_mwh: f64,
    /// Price at the gate.
    pub price_rub_mwh: f64,
}

/// A plant in a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlantYear {
    /// Calendar year.
    pub year: i32,
    /// Fuel needed.
    pub need_mwh: f64,
    /// Peat burnt.
    pub peat_mwh: f64,
    /// Alternative fuels burnt.
    pub alternatives_mwh: f64,
    /// Missing.
    pub unmet_mwh: f64,
    /// Mean cost of what is burnt; none where nothing is.
    pub mean_cost_rub_mwh: Option<f64>,
    /// What one more MWh of need would cost, in money of that year; none without need or proof.
    pub marginal_cost_rub_mwh: Option<f64>,
    /// Mean ash of the blend by mass as received; none where a quality is not known.
    pub ash_share: Option<f64>,
    /// Mean water of the blend.
    pub moisture_share: Option<f64>,
    /// Mean sulphur of the blend.
    pub sulphur_share: Option<f64>,
}

/// A plant over the years.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlantSupply {
    /// Id of the plant.
    pub plant: String,
    /// Year by year.
    pub years: Vec<PlantYear>,
    /// First year in which something is missing.
    pub first_short_year: Option<i32>,
}

/// A source in a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceYear {
    /// Calendar year.
    pub year: i32,
    /// Area that can be harvested; new hectares count by their yield over the full one.
    pub area_ha: f64,
    /// Area that is prepared in this year, for later.
    pub newly_prepared_ha: f64,
    /// Most that the season gives on that area.
    pub capacity_mwh: f64,
    /// Harvest.
    pub harvested_mwh: f64,
    /// Delivered to plants.
    pub delivered_mwh: f64,
    /// In stacks at the end of the year.
    pub stack_mwh: f64,
    /// Lost from the stacks that were carried into the year, and what was left to rot.
    pub lost_mwh: f64,
    /// Left in the ground at the end of the year.
    pub remaining_mwh: f64,
    /// What one more MWh of this year's harvest capacity would save, in money of that year; none without proof.
    pub capacity_value_rub_mwh: Option<f64>,
    /// What one more MWh in the ground that can be cut in this year is worth in money of that year: of the whole stock, where it grows
    /// with the discount rate, and of prepared land that is worked out before its deposit is.
    pub scarcity_rent_rub_mwh: Option<f64>,
}

/// A source over the years.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceUse {
    /// Id of the source.
    pub source: String,
    /// Year by year.
    pub years: Vec<SourceYear>,
    /// The year in which its last peat is harvested; none where it outlasts the horizon.
    pub worked_out_year: Option<i32>,
    /// Present value of one more MWh in the whole stock; none without proof.
    pub scarcity_rent_rub_mwh: Option<f64>,
    /// Present value of one more MWh of harvest capacity in every year; none without proof.
    pub capacity_value_rub_mwh_a: Option<f64>,
}

/// The cheapest supply.
#[derive(Debug, Clone, Serialize)]
pub struct Allocation {
    /// Cost.
    pub cost: AllocationCost,
    /// Real rate a year, as a share.
    pub discount_rate: f64,
    /// Peat delivered.
    pub deliveries: Vec<Delivery>,
    /// Alternative fuels bought.
    pub alternatives: Vec<AlternativeUse>,
    /// Plants.
    pub plants: Vec<PlantSupply>,
    /// Sources.
    pub sources: Vec<SourceUse>,
    /// By how much the cost and the worth of all limits differ, as a share: it proves cost and prices right. None where
    /// no prices could be proven.
    pub duality_gap: Option<f64>,
    /// Steps of the simplex method.
    pub steps: u64,
    /// Defaults without a read source.
    pub rests_on: Vec<DefaultUsed>,
}
