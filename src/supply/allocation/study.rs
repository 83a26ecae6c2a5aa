//! What is asked: sources, plants, ways between them, other fuels, years.

use crate::model::{DefaultUsed, ParameterValues, allocation_parameters, blend_parameters, season_parameters};

/// A fuel as it is burnt. All shares are of the mass as received; ash of dry matter `A_d` at moisture `W` is
/// `A_d (1 - W)` of it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct FuelQuality {
    pub net_calorific_value_mwh_t: f64,
    pub ash_share: f64,
    pub moisture_share: f64,
    pub sulphur_share: f64,
}

/// A deposit or a field that can be harvested.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HarvestSource {
    /// Its id; sorts and names it.
    pub id: String,
    /// Fuel that can still be harvested.
    pub stock_mwh: f64,
    /// Fuel from a prepared hectare in an average season.
    pub yield_mwh_ha: f64,
    /// Area that is harvested in the first year.
    pub prepared_ha: f64,
    /// Area that can be prepared in all; no less than what is prepared.
    pub largest_ha: f64,
    /// Most area prepared a year; the parameter `preparation_ha_a` where none is given.
    pub preparation_ha_a: Option<f64>,
    /// Whole years before works can begin, for permits.
    pub permit_years: usize,
    /// Cost of preparing a hectare, paid in the year of the works; else `preparation_cost_rub_ha`.
    pub preparation_cost_rub_ha: Option<f64>,
    /// Years from the works to the first harvest; else `works_years`.
    pub preparation_years: Option<usize>,
    /// Yield of a new hectare in its first years over the full one; full at once where none is given.
    pub first_yields: Vec<f64>,
    /// How much of the stock can be cut from the land that is prepared; all of it from any hectare where none is given.
    pub reach: Option<Reach>,
    /// Cost in the field stack.
    pub harvest_cost_rub_mwh: f64,
    /// Needed only where a plant limits its blend.
    pub quality: Option<FuelQuality>,
    /// Most fuel in stacks at the end of a year, 0 where nothing is carried over; else the parameter `carry_over_most_share` of
    /// an average harvest from the largest area.
    pub carry_over_most_mwh: Option<f64>,
    /// Fuel in stacks when the first year begins.
    pub carry_over_first_mwh: f64,
    /// Share of the stacks that is lost over the year's end; else `carry_over_loss_share`.
    pub carry_over_loss_share: Option<f64>,
}

/// Peat within reach: each hectare has its own, so prepared land is worked out before the whole stock is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reach {
    /// By year, what comes into reach on the land that is harvested in the first year: the most that its fields can have given by
    /// that year's end, each by its yearly harvest and its own stock, less the same of the year before.
    pub prepared_mwh: Vec<f64>,
    /// What a hectare holds that is prepared later; it gives it season by season.
    pub new_mwh_ha: f64,
}

/// A range of a share; an open side limits nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ShareRange {
    pub least: Option<f64>,
    pub most: Option<f64>,
}

/// Limits of what a plant burns, as means weighted by the mass as received.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct BlendLimits {
    pub ash: ShareRange,
    pub moisture: ShareRange,
    pub sulphur: ShareRange,
}

/// A plant that burns fuel.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FuelPlant {
    /// Its id; sorts and names it.
    pub id: String,
    /// Fuel needed: one number for each year, or one for all.
    pub need_mwh: Vec<f64>,
    /// What the blend must keep to. A fuel without quality (gas) is left out of it.
    pub blend: BlendLimits,
    /// What a missing MWh costs; the parameter `shortage_penalty_rub_mwh` where none is given.
    pub shortage_rub_mwh: Option<f64>,
    /// Whether nothing may be missing at any price.
    pub must_be_met: bool,
}

/// A way from a source to a plant. Pairs without a way are not connected.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeliveryWay {
    /// Id of the source.
    pub source: String,
    /// Id of the plant.
    pub plant: String,
    /// Handling and haul, on top of the cost in the stack.
    pub cost_rub_mwh: f64,
    /// Most fuel a year on this way.
    pub most_mwh_a: Option<f64>,
}

/// An alternative fuel at a plant.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlternativeOffer {
    /// Id of the plant.
    pub plant: String,
    /// Price at the gate; the parameter `wood_chips_cost_rub_mwh` where none is given.
    pub price_rub_mwh: Option<f64>,
    /// Most that the plant can burn of it a year; else the parameter `wood_chips_most_share` of its need.
    pub most_mwh_a: Option<f64>,
    /// Whether there is as much as anybody wants.
    pub unlimited: bool,
}

/// A fuel that is bought: chips, gas, other people's peat.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlternativeFuel {
    /// Its id; sorts and names it.
    pub id: String,
    /// Its part in the plants' blends; none for a fuel that is burnt apart.
    pub quality: Option<FuelQuality>,
    /// Most that all plants together can buy a year. Nothing limits it where none is given.
    pub most_mwh_a: Option<f64>,
    /// Where it can be had.
    pub offers: Vec<AlternativeOffer>,
}

/// A question of supply over years.
#[derive(Debug, Clone)]
pub struct AllocationStudy {
    /// Calendar year of the first one.
    pub first_year: i32,
    /// Number of years.
    pub years: usize,
    /// Real rate a year, as a share.
    pub discount_rate: f64,
    /// Harvest of each year's season over the average one; empty for average seasons.
    pub weather: Vec<f64>,
    /// Most area prepared a year over all sources; nothing but their own ramps limits it where none is given.
    pub preparation_most_ha_a: Option<f64>,
    /// Sources, in any order.
    pub sources: Vec<HarvestSource>,
    /// Plants, in any order.
    pub plants: Vec<FuelPlant>,
    /// Ways, in any order.
    pub ways: Vec<DeliveryWay>,
    /// Alternative fuels, in any order.
    pub alternatives: Vec<AlternativeFuel>,
    /// Numbers for what is not given.
    pub numbers: AllocationNumbers,
}

/// The numbers of an allocation: its own, and those that it shares with other computations.
#[derive(Debug, Clone)]
pub struct AllocationNumbers {
    /// By the names of `geodata/reference/allocation.toml`.
    pub allocation: ParameterValues,
    /// Preparation of fields, by the names of `geodata/reference/season.toml`.
    pub season: ParameterValues,
    /// Prices of other fuels, by the names of `geodata/reference/blend.toml`.
    pub blend: ParameterValues,
}

impl Default for AllocationNumbers {
    fn default() -> Self {
        Self {
            allocation: ParameterValues::defaults(allocation_parameters()),
            season: ParameterValues::defaults(season_parameters()),
            blend: ParameterValues::defaults(blend_parameters()),
        }
    }
}

impl AllocationNumbers {
    /// The value given, or else the default, of whichever table has the name.
    ///
    /// # Panics
    /// As [`ParameterValues::get`].
    #[must_use]
    pub fn get(&self, name: &str) -> f64 {
        let tables = [&self.allocation, &self.season, &self.blend];
        tables.into_iter().find(|table| table.knows(name)).unwrap_or(&self.allocation).get(name)
    }

    /// Of these parameters, the ones left at their default whose default has no read source.
    #[must_use]
    pub fn unsourced_defaults(&self, names: &[&str]) -> Vec<DefaultUsed> {
        let tables = [&self.allocation, &self.season, &self.blend];
        tables.into_iter().flat_map(|table| table.unsourced_defaults(names)).collect()
    }
}
