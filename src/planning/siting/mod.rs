//! Where plants should stand, as an answer: consumers, candidates, deposits and what lies between them are gathered from the project, the
//! cheapest plan and its alternatives are found, and the candidates are put in order by weighted criteria beside it.

mod answer;
mod criteria;
mod drawing;
mod fuel;
mod places;
mod query;

pub use answer::{
    AlternativeSites, CandidateRow, ConsumerRow, DepositRow, FeedingDeposit, HeatedConsumer, Method, OpenSite, PlanOfSites,
    SitingStudy, SizeRow,
};
pub use query::{CandidateSource, GivenSite, SitingQuery};

use super::inputs_hash::InputsHash;
use super::{CURRENCY, PRICE_YEAR, PlanningError, SOFTWARE_VERSION, Workbench};
use crate::crs::{Crs, Reprojection};
use crate::energy::demand::TownDemand;
use crate::geostat::{Progress, Stretch};
use crate::model::{DefaultUsed, siting_parameters};
use crate::reserves::Warning;
use crate::supply::siting::{
    AlternativeLimits, FuelDeposit, FuelLink, HeatConsumer, PipeRates, PlantLimits, SearchLimits, Site, SiteAlternative,
    SitingCase, SitingError, SitingPlan, SizeRates, Weighing, heat_links, site_alternatives, site_plan, size_classes,
};
use answer::Known;
use criteria::Judged;
use fuel::{Delivered, FuelSources};
use places::{ConsumerPlace, Land, SitePlace};
use std::collections::BTreeSet;

/// Steps by which a share of the work is told.
const STEPS: usize = 10_000;
/// Cost less bound over cost, at which a search ends: costs are not known better.
const GAP: f64 = 1e-4;

/// A share of the work, told to a watcher.
fn going(progress: &dyn Progress) -> impl FnMut(f64) -> bool + '_ {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "0 to 10,000")]
    let step = |share: f64| (share.clamp(0.0, 1.0) * STEPS as f64) as usize;
    move |share| progress.go_on(step(share), STEPS)
}

impl Workbench {
    /// Where plants should stand, of which size, whom they heat and what feeds them: the cheapest plan of
    /// [`site_plan`], other plans that cost hardly more, and the candidates by weighted criteria.
    ///
    /// Heat of a consumer is that of its row, else derived; heat that no plant delivers costs `heat_price_rub_mwh`. A
    /// deposit gives what its fields harvest a year, at the mean of their delivered costs by what they give. Costs are of a year:
    /// annuity of the investment by `discount_rate` over the plant's life, operation, pipes, fuel at the gate, less what
    /// electricity earns. A plant of 20 MW at 5,000 h sends out 100,000 MWh a year at most.
    ///
    /// # Errors
    /// [`PlanningError`]: no consumers, roads or fields to plan with, a candidate out of the world, no plan within the limits.
    pub fn siting_study(&self, query: &SitingQuery, progress: &dyn Progress) -> Result<SitingStudy, PlanningError> {
        let mut warnings = Vec::new();
        let way = Reprojection::new(&Crs::crs84(), &self.catalogue.project.working_crs)?;
        let (consumers, demand) = places::consumers(self, query, &way, &mut warnings)?;
        let land = Land::of(self.constraint_areas());
        let sites = places::sites(self, query, &consumers, &land, &way, &Stretch::new(progress, 0, 5))?;
        let fuel = FuelSources::of(self, query, &mut warnings)?;
        let (delivered, ways) = fuel.delivered(&sites, &Stretch::new(progress, 5, 25))?;

        let case = case(query, &sites, &consumers, &fuel, &delivered)?;
        let (plan, others) = plans(query, &case, &Stretch::new(progress, 25, 90))?;
        let network = self.haul_network();
        let judged =
            Judged { query, sites: &sites, consumers: &consumers, fuel: &fuel, delivered: &delivered, land: &land, network };
        let weighing = judged.weighing(&mut warnings, &Stretch::new(progress, 90, 100))?;

        let known = Known {
            sites: &sites,
            consumers: &consumers,
            fuel: &fuel,
            delivered: &delivered,
            sizes: &case.sizes,
            sizes_mw: &query.sizes_mw,
        };
        let candidates = candidate_rows(&known, &case, &plan, &weighing, &land);
        let reached: BTreeSet<&str> = case.heat_links.iter().map(|link| link.consumer.as_str()).collect();
        let without = (!query.heat_all).then(|| query.economics.get("heat_price_rub_mwh") * plan.heat_demand_mwh_a);
        let saving = without.map(|without| without - plan.cost.total_rub_a);
        let told = known.told(&plan);
        let synthetic = fuel.synthetic()
            || consumers.iter().any(|consumer| consumer.consumer.synthetic)
            || sites.iter().any(|site| site.synthetic);
        let deposits = known.deposit_rows(&plan);
        warnings.extend(remarks(query, &told, saving, &candidates, &deposits));
        if synthetic {
            warnings.push(Warning::new("synthetic", "the data are invented for demonstration"));
        }
        let mut rests_on = fuel.rests_on(query, ways);
        rests_on.extend(query.numbers.unsourced_defaults(&siting_parameters().names().collect::<Vec<_>>()));
        rests_on.extend(query.economics.unsourced_defaults(&query::ECONOMICS));
        rests_on.extend(judged.rests_on());
        rests_on.extend(demand.rests_on.iter().cloned());
        rests_on.extend(self.field_stocks().rests_on.iter().cloned());
        Ok(SitingStudy {
            drawing: drawing::drawing(&known, &told, &candidates),
            cost_without_plants_rub_a: without,
            saving_rub_a: saving,
            alternatives: others.iter().map(|other| alternative(&known, &plan, other)).collect(),
            candidates,
            method: Method {
                name: weighing.method,
                indifferent: weighing.indifferent,
                weight_spread_share: weighing.weight_spread_share,
                weight_draws: weighing.weight_draws,
                seed: weighing.seed,
            },
            consumers: known.consumer_rows(&plan, &|id| reached.contains(id)),
            deposits,
            sizes: size_rows(&case, &query.sizes_mw),
            plan: told,
            parameters: query.parameters(),
            rests_on: once_each(rests_on),
            warnings,
            currency: CURRENCY,
            price_year: PRICE_YEAR,
            synthetic,
            inputs_hash: self.siting_hash(query, &case, &demand, &judged, &weighing_values(&known)),
            software_version: SOFTWARE_VERSION,
        })
    }

    fn siting_hash(
        &self,
        query: &SitingQuery,
        case: &SitingCase,
        demand: &TownDemand,
        judged: &Judged<'_>,
        places: &str,
    ) -> String {
        let mut hash = InputsHash::new();
        hash.text(&format!("{query:?}"));
        hash.text(self.supply_data_hash());
        hash.text(&format!("{case:?}"));
        hash.text(places);
        for consumer in &demand.consumers {
            hash.number(consumer.heat.energy_mwh_a);
        }
        for site in judged.sites {
            hash.number(judged.land.share_round(site.place.working, query.numbers.get("constraint_radius_m")));
        }
        hash.finish()
    }
}

/// Names and places that an answer tells, as a text.
fn weighing_values(known: &Known<'_>) -> String {
    format!("{:?} {:?}", known.sites, known.consumers)
}

/// The case in the terms of the search.
fn case(
    query: &SitingQuery,
    sites: &[SitePlace],
    consumers: &[ConsumerPlace<'_>],
    fuel: &FuelSources<'_>,
    delivered: &[Vec<Delivered>],
) -> Result<SitingCase, PlanningError> {
    let price = query.economics.get("heat_price_rub_mwh");
    let places = |site: &SitePlace| (site.id.clone(), site.place.working);
    let from: Vec<(String, [f64; 2])> = sites.iter().map(places).collect();
    let to: Vec<(String, [f64; 2])> = consumers.iter().map(|consumer| (consumer.id.clone(), consumer.place.working)).collect();
    let site =
        |site: &SitePlace| Site { id: site.id.clone(), status: site.status, site_rub_a: site.site_rub_a, sizes: Vec::new() };
    let consumer = |consumer: &ConsumerPlace<'_>| HeatConsumer {
        id: consumer.id.clone(),
        heat_mwh_a: consumer.heat_mwh_a,
        other_heat_rub_mwh: (!query.heat_all).then_some(price),
    };
    let links = sites.iter().zip(delivered).flat_map(|(site, delivered)| {
        fuel.deposits.iter().zip(delivered).map(|(deposit, delivered)| FuelLink {
            deposit: deposit.id.clone(),
            site: site.id.clone(),
            delivered_rub_mwh: delivered.cost_rub_mwh,
        })
    });
    let deposits = fuel.deposits.iter();
    Ok(SitingCase {
        sites: sites.iter().map(site).collect(),
        sizes: size_classes(&query.sizes_mw, &SizeRates::from_numbers(&query.numbers)),
        consumers: consumers.iter().map(consumer).collect(),
        deposits: deposits.map(|deposit| FuelDeposit { id: deposit.id.clone(), fuel_mwh_a: deposit.fuel_mwh_a }).collect(),
        heat_links: heat_links(&from, &to, &PipeRates::from_numbers(&query.numbers))?,
        fuel_links: links.collect(),
        limits: PlantLimits { fewest: query.fewest(), most: query.most_plants, budget_rub: query.budget_rub },
        discount_rate: query.economics.get("discount_rate"),
        power_price_rub_mwh: query.economics.get("electricity_sale_price_rub_mwh"),
    })
}

/// The cheapest plan and its alternatives.
fn plans(
    query: &SitingQuery,
    case: &SitingCase,
    progress: &dyn Progress,
) -> Result<(SitingPlan, Vec<SiteAlternative>), PlanningError> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 5 by the table")]
    let count = query.numbers.get("alternative_count").round() as usize;
    let search = SearchLimits { gap: GAP, ..SearchLimits::default() };
    let found = if count == 0 {
        site_plan(case, &search, &mut going(progress)).map(|plan| (plan, Vec::new()))
    } else {
        let limits = AlternativeLimits { count, slack_share: query.numbers.get("alternative_slack"), search };
        site_alternatives(case, &limits, &mut going(progress))
    };
    found.map_err(|error| if error == SitingError::Cancelled { PlanningError::Cancelled } else { error.into() })
}

fn alternative(known: &Known<'_>, best: &SitingPlan, other: &SiteAlternative) -> AlternativeSites {
    AlternativeSites {
        left_out: other.left_out.clone(),
        instead: other.instead.clone(),
        extra_share: other.extra_share,
        extra_rub_a: other.plan.cost.total_rub_a - best.cost.total_rub_a,
        plan: known.told(&other.plan),
    }
}

fn candidate_rows(
    known: &Known<'_>,
    case: &SitingCase,
    plan: &SitingPlan,
    weighing: &Weighing,
    land: &Land<'_>,
) -> Vec<CandidateRow> {
    let mut within_reach = vec![0.0; known.sites.len()];
    let heat: std::collections::BTreeMap<&str, f64> =
        known.consumers.iter().map(|consumer| (consumer.id.as_str(), consumer.heat_mwh_a)).collect();
    for link in &case.heat_links {
        if let Some(place) = known.site(&link.site) {
            within_reach[place] += heat.get(link.consumer.as_str()).copied().unwrap_or(0.0);
        }
    }
    let chosen: BTreeSet<&str> = plan.sites().into_iter().collect();
    let row = |weighed: &crate::supply::siting::WeighedSite| {
        let place = known.site(&weighed.site)?;
        let site = &known.sites[place];
        Some(CandidateRow {
            site_id: site.id.clone(),
            name: site.name.clone(),
            name_ru: site.name_ru.clone(),
            plant_id: site.plant_id,
            coordinates: site.place.crs84,
            origin: site.origin,
            status: site.status,
            chosen: chosen.contains(site.id.as_str()),
            on_constraint: land.holds(site.place.working),
            heat_within_reach_mwh_a: within_reach[place],
            rank: weighed.rank,
            score: weighed.score,
            criteria: weighed.criteria.clone(),
            stability: weighed.stability,
        })
    };
    weighing.sites.iter().filter_map(row).collect()
}

fn size_rows(case: &SitingCase, sizes_mw: &[f64]) -> Vec<SizeRow> {
    let row = |(size, heat_capacity_mw): (&crate::supply::siting::SizeClass, &f64)| SizeRow {
        heat_capacity_mw: *heat_capacity_mw,
        heat_capacity_mwh_a: size.heat_capacity_mwh_a,
        investment_rub: size.investment_rub,
        annuity_rub_a: size.annuity_rub(case.discount_rate),
        fixed_rub_a: size.fixed_rub_a,
        variable_rub_mwh: size.variable_rub_mwh,
    };
    case.sizes.iter().zip(sizes_mw).map(row).collect()
}

/// What the reader of a plan should know.
fn remarks(
    query: &SitingQuery,
    plan: &PlanOfSites,
    saving: Option<f64>,
    candidates: &[CandidateRow],
    deposits: &[DepositRow],
) -> Vec<Warning> {
    let mut remarks = Vec::new();
    if let Some(loss) = saving.filter(|saving| *saving < 0.0 && !plan.sites.is_empty()) {
        let text = format!(
            "plants do not pay at these numbers: the plan costs {:.0} RUB a year more than other heat for all (heat_price_rub_mwh); \
             fewest_plants or a required site keeps them",
            -loss
        );
        remarks.push(Warning::new("plants_do_not_pay", text));
    }
    if !plan.proven {
        let text =
            format!("the search ended before the proof: a cheaper plan could save {:.3} % at the most", 100.0 * plan.gap_share);
        remarks.push(Warning::new("not_proven", text));
    }
    let on_land = candidates.iter().filter(|candidate| candidate.on_constraint).map(|candidate| candidate.site_id.as_str());
    let on_land: Vec<&str> = on_land.collect();
    if !on_land.is_empty() {
        let text = format!("{} candidates lie on land under a constraint: {}", on_land.len(), on_land.join("; "));
        remarks.push(Warning::new("candidates_on_constraints", text));
    }
    let life = query.numbers.get("plant_life_a");
    for deposit in deposits {
        if let Some(years) = deposit.years_at_use.filter(|years| *years < life) {
            let text = format!(
                "{} is worked out after {years:.0} years at this use, a plant lives {life:.0}; fuel_for_life plans with what lasts",
                deposit.name
            );
            remarks.push(Warning::new("fuel_ends_before_plant", text));
        }
    }
    remarks
}

/// Each default once, in the order of the first use.
fn once_each(mut used: Vec<DefaultUsed>) -> Vec<DefaultUsed> {
    let mut seen = BTreeSet::new();
    used.retain(|default| seen.insert(default.parameter));
    used
}
