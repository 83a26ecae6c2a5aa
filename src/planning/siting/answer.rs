//! The answer of a choice of sites, with names and places.

use super::fuel::{Delivered, FuelSources};
use super::places::{ConsumerPlace, SitePlace};
use crate::model::{ConsumerKind, DefaultUsed, FeatureId, PresentFuel};
use crate::reserves::Warning;
use crate::supply::siting::{AnnualCost, Criterion, CriterionScore, RankStability, SiteStatus, SitingPlan, SizeClass};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A site with a plant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct OpenSite {
    /// Longitude and latitude to a metre: the same in every answer.
    pub site_id: String,
    pub name: Option<String>,
    pub name_ru: Option<String>,
    /// Row in `plants`, where it is the place of one.
    pub plant_id: Option<FeatureId>,
    /// Longitude, latitude.
    pub coordinates: [f64; 2],
    /// Its size: heat that it can send out.
    pub heat_capacity_mw: f64,
    /// The same over a year of its full-load hours.
    pub heat_capacity_mwh_a: f64,
    pub heat_sent_mwh_a: f64,
    pub heat_delivered_mwh_a: f64,
    /// Heat sent out over what it could.
    pub utilisation_share: f64,
    pub electricity_mwh_a: f64,
    pub fuel_mwh_a: f64,
    /// Length of pipe, mean by heat delivered.
    pub mean_pipe_km: f64,
    pub investment_rub: f64,
    pub cost: AnnualCost,
    /// Cost of a MWh delivered; none where nothing is.
    pub heat_cost_rub_mwh: Option<f64>,
    /// Whom it heats.
    pub heats: Vec<HeatedConsumer>,
    /// What feeds it.
    pub fed_by: Vec<FeedingDeposit>,
}

/// A consumer that a plant heats.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct HeatedConsumer {
    pub consumer_id: Option<FeatureId>,
    pub name: String,
    pub name_ru: Option<String>,
    pub delivered_mwh_a: f64,
    /// Heat sent out for it: with the loss of the pipe.
    pub sent_mwh_a: f64,
    /// Length of the pipe.
    pub distance_km: f64,
    pub pipe_rub_a: f64,
}

/// A deposit that feeds a plant. Cost and way are the means of its fields, by what they give.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct FeedingDeposit {
    pub deposit_id: FeatureId,
    pub name: String,
    pub name_ru: Option<String>,
    pub fuel_mwh_a: f64,
    /// The same at the reference moisture.
    pub fuel_t_a: f64,
    pub delivered_cost_rub_mwh: f64,
    pub fuel_rub_a: f64,
    pub distance_km: f64,
}

/// A consumer of the question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the layer")]
pub struct ConsumerRow {
    pub consumer_id: Option<FeatureId>,
    pub code: Option<String>,
    pub name: String,
    pub name_ru: Option<String>,
    pub kind: ConsumerKind,
    pub present_fuel: Option<PresentFuel>,
    pub coordinates: [f64; 2],
    /// As the row gives it, else derived.
    pub heat_demand_mwh_a: f64,
    pub peak_heat_mw: f64,
    pub from_plants_mwh_a: f64,
    /// Left to other heat.
    pub other_heat_mwh_a: f64,
    pub other_heat_rub_a: f64,
    /// Whether any candidate can heat it.
    pub within_reach: bool,
}

/// A deposit of the question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct DepositRow {
    pub deposit_id: FeatureId,
    pub name: String,
    pub name_ru: Option<String>,
    /// Fields that count.
    pub fields: usize,
    /// What they give a year.
    pub fuel_mwh_a: f64,
    /// What they still hold.
    pub stock_mwh: f64,
    pub used_mwh_a: f64,
    /// Years that the stock lasts at this use.
    pub years_at_use: Option<f64>,
}

/// A candidate with its place in the order of the weighted criteria.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CandidateRow {
    pub site_id: String,
    pub name: Option<String>,
    pub name_ru: Option<String>,
    pub plant_id: Option<FeatureId>,
    pub coordinates: [f64; 2],
    /// `network`, `plant` or `given`.
    pub origin: &'static str,
    pub status: SiteStatus,
    /// Whether the cheapest plan has a plant there.
    pub chosen: bool,
    /// Whether it lies on land under a constraint.
    pub on_constraint: bool,
    /// Need of the consumers that it can heat.
    pub heat_within_reach_mwh_a: f64,
    /// 1 is the best.
    pub rank: usize,
    pub score: f64,
    pub criteria: Vec<CriterionScore>,
    /// How firm the rank is.
    pub stability: RankStability,
}

/// How candidates were put in order.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Method {
    pub name: &'static str,
    /// Criteria in which all are alike.
    pub indifferent: Vec<Criterion>,
    pub weight_spread_share: f64,
    pub weight_draws: usize,
    pub seed: u64,
}

/// Another set of sites.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlternativeSites {
    /// Sites of the cheapest plan that it does without.
    pub left_out: Vec<String>,
    /// Sites that the cheapest plan does not have.
    pub instead: Vec<String>,
    /// Its cost over that of the cheapest plan, less one.
    pub extra_share: f64,
    /// What it costs more.
    pub extra_rub_a: f64,
    /// Its plan.
    #[serde(flatten)]
    pub plan: PlanOfSites,
}

/// A plan: sites with what they do, and what it costs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanOfSites {
    /// Sites with a plant, in the order of their identifiers.
    pub sites: Vec<OpenSite>,
    /// Cost a year by its parts.
    pub cost: AnnualCost,
    /// Investment of all plants.
    pub investment_rub: f64,
    /// Heat needed by all.
    pub heat_demand_mwh_a: f64,
    /// Share of it from the plants.
    pub served_share: f64,
    /// Cost of a MWh needed, wherever it comes from.
    pub heat_cost_rub_mwh: Option<f64>,
    /// No plan costs less.
    pub bound_rub_a: f64,
    /// Cost less bound, over cost.
    pub gap_share: f64,
    /// Whether the plan is proven to be the cheapest.
    pub proven: bool,
}

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct SitingStudy {
    /// The cheapest plan.
    #[serde(flatten)]
    pub plan: PlanOfSites,
    /// What all heat costs without any plant; none where plants must heat all.
    pub cost_without_plants_rub_a: Option<f64>,
    /// What the plan saves against that; below zero it costs more.
    pub saving_rub_a: Option<f64>,
    /// Other plans that cost hardly more.
    pub alternatives: Vec<AlternativeSites>,
    /// Candidates, best first by the weighted criteria.
    pub candidates: Vec<CandidateRow>,
    /// How they were put in order.
    pub method: Method,
    /// Who needs heat, and from where it comes.
    pub consumers: Vec<ConsumerRow>,
    /// Where fuel comes from.
    pub deposits: Vec<DepositRow>,
    /// Sizes that plants could have.
    pub sizes: Vec<SizeRow>,
    /// Every input with the value used.
    pub parameters: BTreeMap<&'static str, Value>,
    /// Defaults without a read source.
    pub rests_on: Vec<DefaultUsed>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
    /// Currency of the amounts.
    pub currency: &'static str,
    /// Price level of the amounts.
    pub price_year: i32,
    /// Whether anything it was computed from is invented.
    pub synthetic: bool,
    /// Fingerprint of the inputs.
    pub inputs_hash: String,
    /// Version of the software.
    pub software_version: &'static str,
    /// Plants, candidates and flows as GeoJSON.
    #[serde(skip)]
    pub drawing: Value,
}

/// A size that plants could have.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct SizeRow {
    pub heat_capacity_mw: f64,
    pub heat_capacity_mwh_a: f64,
    pub investment_rub: f64,
    /// Annuity of the investment.
    pub annuity_rub_a: f64,
    pub fixed_rub_a: f64,
    pub variable_rub_mwh: f64,
}

/// What names and places of a plan are looked up in.
pub(super) struct Known<'a> {
    pub sites: &'a [SitePlace],
    pub consumers: &'a [ConsumerPlace<'a>],
    pub fuel: &'a FuelSources<'a>,
    /// By site and deposit.
    pub delivered: &'a [Vec<Delivered>],
    pub sizes: &'a [SizeClass],
    pub sizes_mw: &'a [f64],
}

impl Known<'_> {
    pub(super) fn site(&self, id: &str) -> Option<usize> {
        self.sites.binary_search_by(|site| site.id.as_str().cmp(id)).ok()
    }

    /// A plan with names and places.
    pub(super) fn told(&self, plan: &SitingPlan) -> PlanOfSites {
        PlanOfSites {
            sites: plan.plants.iter().filter_map(|plant| self.open_site(plan, &plant.site)).collect(),
            cost: plan.cost,
            investment_rub: plan.investment_rub,
            heat_demand_mwh_a: plan.heat_demand_mwh_a,
            served_share: plan.served_share,
            heat_cost_rub_mwh: plan.heat_cost_rub_mwh,
            bound_rub_a: plan.bound_rub_a,
            gap_share: plan.gap_share,
            proven: plan.proven,
        }
    }

    fn open_site(&self, plan: &SitingPlan, id: &str) -> Option<OpenSite> {
        let place = self.site(id)?;
        let (site, plant) = (&self.sites[place], plan.plants.iter().find(|plant| plant.site == id)?);
        let class = self.sizes.iter().position(|size| size.id == plant.size)?;
        let heats = plan.heat.iter().filter(|flow| flow.site == id).filter_map(|flow| {
            let consumer = self.consumers.iter().find(|consumer| consumer.id == flow.consumer)?.consumer;
            Some(HeatedConsumer {
                consumer_id: consumer.id,
                name: consumer.name.clone(),
                name_ru: consumer.name_ru.clone(),
                delivered_mwh_a: flow.delivered_mwh_a,
                sent_mwh_a: flow.sent_mwh_a,
                distance_km: flow.distance_km,
                pipe_rub_a: flow.pipe_rub_a,
            })
        });
        let fed_by = plan.fuel.iter().filter(|flow| flow.site == id).filter_map(|flow| {
            let at = self.fuel.deposits.iter().position(|deposit| deposit.id == flow.deposit)?;
            let deposit = &self.fuel.deposits[at];
            let labels = &deposit.fields.first()?.entry.labels;
            Some(FeedingDeposit {
                deposit_id: deposit.deposit_id,
                name: labels.deposit_name.clone(),
                name_ru: labels.deposit_name_ru.clone(),
                fuel_mwh_a: flow.fuel_mwh_a,
                fuel_t_a: flow.fuel_mwh_a * deposit.fuel_t_a / deposit.fuel_mwh_a,
                delivered_cost_rub_mwh: flow.delivered_rub_mwh,
                fuel_rub_a: flow.fuel_rub_a,
                distance_km: self.delivered[place][at].distance_km,
            })
        });
        Some(OpenSite {
            site_id: site.id.clone(),
            name: site.name.clone(),
            name_ru: site.name_ru.clone(),
            plant_id: site.plant_id,
            coordinates: site.place.crs84,
            heat_capacity_mw: self.sizes_mw[class],
            heat_capacity_mwh_a: plant.heat_capacity_mwh_a,
            heat_sent_mwh_a: plant.heat_sent_mwh_a,
            heat_delivered_mwh_a: plant.heat_delivered_mwh_a,
            utilisation_share: plant.utilisation_share,
            electricity_mwh_a: plant.electricity_mwh_a,
            fuel_mwh_a: plant.fuel_mwh_a,
            mean_pipe_km: plant.mean_pipe_km,
            investment_rub: plant.investment_rub,
            cost: plant.cost,
            heat_cost_rub_mwh: plant.heat_cost_rub_mwh,
            heats: heats.collect(),
            fed_by: fed_by.collect(),
        })
    }

    /// Who needs heat, and from where it comes in a plan.
    pub(super) fn consumer_rows(&self, plan: &SitingPlan, reached: &dyn Fn(&str) -> bool) -> Vec<ConsumerRow> {
        let row = |place: &ConsumerPlace<'_>| {
            let consumer = place.consumer;
            let other = plan.other_heat.iter().find(|other| other.consumer == place.id);
            let from_plants = plan.heat.iter().filter(|flow| flow.consumer == place.id).map(|flow| flow.delivered_mwh_a);
            ConsumerRow {
                consumer_id: consumer.id,
                code: consumer.code.clone(),
                name: consumer.name.clone(),
                name_ru: consumer.name_ru.clone(),
                kind: consumer.kind,
                present_fuel: consumer.present_fuel,
                coordinates: place.place.crs84,
                heat_demand_mwh_a: place.heat_mwh_a,
                peak_heat_mw: place.peak_mw,
                // The sum of nothing is -0.0.
                from_plants_mwh_a: from_plants.sum::<f64>() + 0.0,
                other_heat_mwh_a: other.map_or(0.0, |other| other.heat_mwh_a),
                other_heat_rub_a: other.map_or(0.0, |other| other.other_heat_rub_a),
                within_reach: reached(&place.id),
            }
        };
        self.consumers.iter().map(row).collect()
    }

    /// Where fuel comes from in a plan.
    pub(super) fn deposit_rows(&self, plan: &SitingPlan) -> Vec<DepositRow> {
        let row = |deposit: &super::fuel::DepositFuel<'_>| {
            let labels = &deposit.fields.first()?.entry.labels;
            let used = plan.fuel.iter().filter(|flow| flow.deposit == deposit.id).map(|flow| flow.fuel_mwh_a).sum::<f64>() + 0.0;
            Some(DepositRow {
                deposit_id: deposit.deposit_id,
                name: labels.deposit_name.clone(),
                name_ru: labels.deposit_name_ru.clone(),
                fields: deposit.fields.len(),
                fuel_mwh_a: deposit.fuel_mwh_a,
                stock_mwh: deposit.stock_mwh,
                used_mwh_a: used,
                years_at_use: (used > 0.0).then(|| deposit.stock_mwh / used),
            })
        };
        self.fuel.deposits.iter().filter_map(row).collect()
    }
}
