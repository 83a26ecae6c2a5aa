//! A plan as it is answered: worked out again from the case in its own units, and checked row by row.

use super::case::{SiteStatus, SitingCase, SitingError};
use super::instance::Instance;
use super::search::Found;
use serde::Serialize;
use std::collections::BTreeMap;

/// Cost a year by its parts, RUB.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct AnnualCost {
    /// Annuity of the investment.
    pub investment_rub_a: f64,
    /// Fixed operation and maintenance.
    pub fixed_rub_a: f64,
    /// The sites themselves.
    pub site_rub_a: f64,
    /// Variable operation and maintenance.
    pub variable_rub_a: f64,
    /// Pipes and pumping.
    pub pipe_rub_a: f64,
    /// Fuel at the gates.
    pub fuel_rub_a: f64,
    /// What electricity earns; taken off.
    pub power_rub_a: f64,
    /// Heat from elsewhere.
    pub other_heat_rub_a: f64,
    /// All of it.
    pub total_rub_a: f64,
}

impl AnnualCost {
    fn summed(mut self) -> Self {
        let costs = self.investment_rub_a + self.fixed_rub_a + self.site_rub_a + self.variable_rub_a;
        self.total_rub_a = costs + self.pipe_rub_a + self.fuel_rub_a + self.other_heat_rub_a - self.power_rub_a;
        self
    }

    fn add(&mut self, other: &Self) {
        self.investment_rub_a += other.investment_rub_a;
        self.fixed_rub_a += other.fixed_rub_a;
        self.site_rub_a += other.site_rub_a;
        self.variable_rub_a += other.variable_rub_a;
        self.pipe_rub_a += other.pipe_rub_a;
        self.fuel_rub_a += other.fuel_rub_a;
        self.power_rub_a += other.power_rub_a;
    }
}

/// A plant of the plan.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct OpenPlant {
    /// Where it stands.
    pub site: String,
    /// Its size.
    pub size: String,
    /// Heat it could send out, MWh a year.
    pub heat_capacity_mwh_a: f64,
    /// Heat it sends out, MWh a year.
    pub heat_sent_mwh_a: f64,
    /// Of it delivered, MWh a year.
    pub heat_delivered_mwh_a: f64,
    /// Heat sent out over what it could.
    pub utilisation_share: f64,
    /// Electricity, MWh a year.
    pub electricity_mwh_a: f64,
    /// Fuel, MWh a year.
    pub fuel_mwh_a: f64,
    /// Consumers that it heats.
    pub consumers: usize,
    /// Length of pipe, mean by heat delivered, km.
    pub mean_pipe_km: f64,
    /// Investment, RUB.
    pub investment_rub: f64,
    /// Its cost.
    pub cost: AnnualCost,
    /// Cost of a MWh delivered, RUB/MWh; none where nothing is.
    pub heat_cost_rub_mwh: Option<f64>,
}

/// Heat from a plant to a consumer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeatFlow {
    /// Where the plant stands.
    pub site: String,
    /// Who is heated.
    pub consumer: String,
    /// Heat delivered, MWh a year.
    pub delivered_mwh_a: f64,
    /// Heat sent out for it, MWh a year.
    pub sent_mwh_a: f64,
    /// Length of the pipe, km.
    pub distance_km: f64,
    /// Cost of the pipe, RUB a year.
    pub pipe_rub_a: f64,
}

/// Fuel from a deposit to a plant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FuelFlow {
    /// Where it comes from.
    pub deposit: String,
    /// Where it is burnt.
    pub site: String,
    /// Fuel, MWh a year.
    pub fuel_mwh_a: f64,
    /// Cost at the gate, RUB/MWh.
    pub delivered_rub_mwh: f64,
    /// Cost at the gate, RUB a year.
    pub fuel_rub_a: f64,
}

/// Heat that a consumer has from elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OtherHeat {
    /// Who.
    pub consumer: String,
    /// Heat, MWh a year.
    pub heat_mwh_a: f64,
    /// Its cost, RUB a year.
    pub other_heat_rub_a: f64,
}

/// The cheapest plan that was found, and what no plan can cost less than.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct SitingPlan {
    /// Plants, by site.
    pub plants: Vec<OpenPlant>,
    /// Heat, by site and consumer.
    pub heat: Vec<HeatFlow>,
    /// Fuel, by deposit and site.
    pub fuel: Vec<FuelFlow>,
    /// Heat from elsewhere, by consumer.
    pub other_heat: Vec<OtherHeat>,
    /// Cost of all.
    pub cost: AnnualCost,
    /// Investment of all plants, RUB.
    pub investment_rub: f64,
    /// Heat needed, MWh a year.
    pub heat_demand_mwh_a: f64,
    /// Share of it from the plants.
    pub served_share: f64,
    /// Cost of a MWh needed, from wherever it comes, RUB/MWh; none where nobody needs heat.
    pub heat_cost_rub_mwh: Option<f64>,
    /// No plan costs less, RUB a year.
    pub bound_rub_a: f64,
    /// Cost less bound, over cost.
    pub gap_share: f64,
    /// Whether the gap is within the one asked for.
    pub proven: bool,
    /// Nodes of branch and bound.
    pub nodes: usize,
}

/// Share of a limit that may be missed by rounding.
const TOLERANCE: f64 = 1e-6;

impl SitingPlan {
    /// Ids of the sites with a plant.
    #[must_use]
    pub fn sites(&self) -> Vec<&str> {
        self.plants.iter().map(|plant| plant.site.as_str()).collect()
    }

    /// The plan of what was found, or why it cannot be right.
    pub(super) fn checked(case: &SitingCase, instance: &Instance, found: &Found) -> Result<Self, SitingError> {
        let mut plan = Self { proven: found.proven, nodes: found.nodes, ..Self::default() };
        let mut plants: BTreeMap<usize, OpenPlant> = BTreeMap::new();
        for facility in &found.opening {
            let plant = &instance.facilities[*facility];
            let (site, class) = (&case.sites[instance.sites[plant.site]], &case.sizes[plant.size]);
            let mut open = OpenPlant { site: site.id.clone(), size: class.id.clone(), ..OpenPlant::default() };
            open.heat_capacity_mwh_a = class.heat_capacity_mwh_a;
            open.investment_rub = class.investment_rub;
            open.cost.investment_rub_a = class.annuity_rub(case.discount_rate);
            open.cost.fixed_rub_a = class.fixed_rub_a;
            open.cost.site_rub_a = site.site_rub_a;
            plants.insert(*facility, open);
        }
        for (facility, place, delivered) in &found.flows.heat {
            let reach = instance.reach[instance.facilities[*facility].site][*place];
            let link = &case.heat_links[reach.link];
            let delivered_mwh_a = delivered * instance.energy;
            let flow = HeatFlow {
                site: link.site.clone(),
                consumer: link.consumer.clone(),
                delivered_mwh_a,
                sent_mwh_a: delivered_mwh_a / (1.0 - link.loss_share),
                distance_km: link.distance_km,
                pipe_rub_a: delivered_mwh_a * link.pipe_rub_mwh,
            };
            let size = &case.sizes[instance.facilities[*facility].size];
            let open = plants.get_mut(facility).ok_or_else(|| unproven("heat comes from a site without a plant"))?;
            open.add_heat(&flow, size.variable_rub_mwh, size.power_to_heat, case.power_price_rub_mwh);
            plan.heat.push(flow);
        }
        for (facility, place, burnt) in &found.flows.fuel {
            let plant = &instance.facilities[*facility];
            let (deposit, cost) = instance.fuel[plant.site][*place];
            let fuel_mwh_a = burnt * instance.energy;
            let delivered_rub_mwh = cost * instance.money / instance.energy;
            let open = plants.get_mut(facility).ok_or_else(|| unproven("fuel goes to a site without a plant"))?;
            let fuel_rub_a = fuel_mwh_a * delivered_rub_mwh;
            open.fuel_mwh_a += fuel_mwh_a;
            open.cost.fuel_rub_a += fuel_rub_a;
            let deposit = case.deposits[instance.deposits[deposit]].id.clone();
            plan.fuel.push(FuelFlow { deposit, site: open.site.clone(), fuel_mwh_a, delivered_rub_mwh, fuel_rub_a });
        }
        for (consumer, heat) in found.flows.other.iter().enumerate() {
            let consumer = &case.consumers[instance.consumers[consumer]];
            let heat_mwh_a = heat * instance.energy;
            if heat_mwh_a > TOLERANCE * consumer.heat_mwh_a {
                let other_heat_rub_a = heat_mwh_a * consumer.other_heat_rub_mwh.unwrap_or(0.0);
                plan.other_heat.push(OtherHeat { consumer: consumer.id.clone(), heat_mwh_a, other_heat_rub_a });
            }
        }
        plan.heat.sort_by(|a, b| (&a.site, &a.consumer).cmp(&(&b.site, &b.consumer)));
        plan.fuel.sort_by(|a, b| (&a.deposit, &a.site).cmp(&(&b.deposit, &b.site)));
        plan.plants = plants.into_values().map(|plant| plant.finished(case, instance.has_fuel)).collect();
        plan.heat_demand_mwh_a =
            instance.consumers.iter().map(|consumer| case.consumers[*consumer].heat_mwh_a).sum::<f64>() + 0.0;
        plan.sum_up();
        plan.bound_rub_a = (found.bound * instance.money).min(plan.cost.total_rub_a);
        let cost = plan.cost.total_rub_a;
        plan.gap_share = if cost.abs() > 0.0 { ((cost - plan.bound_rub_a) / cost.abs()).max(0.0) } else { 0.0 };
        plan.check(case)?;
        let promised = found.flows.cost * instance.money;
        if (promised - cost).abs() > TOLERANCE * (promised.abs() + cost.abs()) + TOLERANCE {
            return Err(unproven(&format!("the parts of the cost add up to {cost} RUB a year, the search found {promised}")));
        }
        Ok(plan)
    }

    fn sum_up(&mut self) {
        for plant in &self.plants {
            self.cost.add(&plant.cost);
            self.investment_rub += plant.investment_rub;
        }
        // The sum of nothing is -0.0, which nobody wants to read.
        self.cost.other_heat_rub_a = self.other_heat.iter().map(|other| other.other_heat_rub_a).sum::<f64>() + 0.0;
        self.cost = self.cost.summed();
        let served = self.heat.iter().map(|flow| flow.delivered_mwh_a).sum::<f64>() + 0.0;
        if self.heat_demand_mwh_a > 0.0 {
            self.served_share = (served / self.heat_demand_mwh_a).min(1.0);
            self.heat_cost_rub_mwh = Some(self.cost.total_rub_a / self.heat_demand_mwh_a);
        }
    }

    /// Every row of the problem once more, by ids and in the case's own units.
    fn check(&self, case: &SitingCase) -> Result<(), SitingError> {
        let near = |value: f64, wanted: f64| (value - wanted).abs() <= TOLERANCE * (1.0 + value.abs().max(wanted.abs()));
        let within = |value: f64, most: f64| value <= most * (1.0 + TOLERANCE) + TOLERANCE;
        let mut got: BTreeMap<&str, f64> = BTreeMap::new();
        for flow in &self.heat {
            *got.entry(&flow.consumer).or_default() += flow.delivered_mwh_a;
        }
        for other in &self.other_heat {
            *got.entry(&other.consumer).or_default() += other.heat_mwh_a;
        }
        for consumer in &case.consumers {
            let heat = got.get(consumer.id.as_str()).copied().unwrap_or(0.0);
            if !near(heat, consumer.heat_mwh_a) {
                let need = consumer.heat_mwh_a;
                return Err(unproven(&format!("consumer {:?} needs {need} MWh a year and gets {heat}", consumer.id)));
            }
        }
        let needy = |id: &str| case.consumers.iter().any(|consumer| consumer.id == id && consumer.other_heat_rub_mwh.is_none());
        if let Some(cold) = self.other_heat.iter().find(|other| needy(&other.consumer)) {
            return Err(unproven(&format!("consumer {:?} must be heated by plants and is not", cold.consumer)));
        }
        let mut given: BTreeMap<&str, f64> = BTreeMap::new();
        for flow in &self.fuel {
            *given.entry(&flow.deposit).or_default() += flow.fuel_mwh_a;
        }
        for deposit in &case.deposits {
            let fuel = given.get(deposit.id.as_str()).copied().unwrap_or(0.0);
            if !within(fuel, deposit.fuel_mwh_a) {
                return Err(unproven(&format!("deposit {:?} gives {fuel} of {} MWh", deposit.id, deposit.fuel_mwh_a)));
            }
        }
        let sizes: BTreeMap<&str, f64> = case.sizes.iter().map(|size| (size.id.as_str(), size.heat_efficiency)).collect();
        for plant in &self.plants {
            let efficiency = sizes.get(plant.size.as_str()).copied().unwrap_or(1.0);
            let fuelled = near(plant.fuel_mwh_a * efficiency, plant.heat_sent_mwh_a);
            if !within(plant.heat_sent_mwh_a, plant.heat_capacity_mwh_a) || !fuelled {
                return Err(unproven(&format!("plant at {:?} sends out more than it can or burns", plant.site)));
            }
        }
        self.check_sites(case, within)
    }

    fn check_sites(&self, case: &SitingCase, within: impl Fn(f64, f64) -> bool) -> Result<(), SitingError> {
        for site in &case.sites {
            let count = self.plants.iter().filter(|plant| plant.site == site.id).count();
            let right = match site.status {
                SiteStatus::Required => count == 1,
                SiteStatus::Forbidden => count == 0,
                SiteStatus::Optional => count <= 1,
            };
            if !right {
                return Err(unproven(&format!("site {:?} has {count} plants", site.id)));
            }
        }
        let most = case.limits.most.unwrap_or(usize::MAX);
        if !(case.limits.fewest..=most).contains(&self.plants.len()) {
            return Err(unproven(&format!("{} plants stand", self.plants.len())));
        }
        match case.limits.budget_rub {
            Some(budget) if !within(self.investment_rub, budget) => Err(unproven("the investment is above the budget")),
            _ => Ok(()),
        }
    }
}

impl OpenPlant {
    fn add_heat(&mut self, flow: &HeatFlow, variable_rub_mwh: f64, power_to_heat: f64, power_price_rub_mwh: f64) {
        self.heat_sent_mwh_a += flow.sent_mwh_a;
        self.heat_delivered_mwh_a += flow.delivered_mwh_a;
        self.electricity_mwh_a += flow.sent_mwh_a * power_to_heat;
        self.consumers += 1;
        self.mean_pipe_km += flow.distance_km * flow.delivered_mwh_a;
        self.cost.variable_rub_a += flow.sent_mwh_a * variable_rub_mwh;
        self.cost.power_rub_a += flow.sent_mwh_a * power_to_heat * power_price_rub_mwh;
        self.cost.pipe_rub_a += flow.pipe_rub_a;
    }

    fn finished(mut self, case: &SitingCase, has_fuel: bool) -> Self {
        if self.heat_capacity_mwh_a > 0.0 {
            self.utilisation_share = (self.heat_sent_mwh_a / self.heat_capacity_mwh_a).min(1.0);
        }
        if !has_fuel {
            let size = case.sizes.iter().find(|size| size.id == self.size);
            self.fuel_mwh_a = self.heat_sent_mwh_a / size.map_or(1.0, |size| size.heat_efficiency);
        }
        self.cost = self.cost.summed();
        if self.heat_delivered_mwh_a > 0.0 {
            self.mean_pipe_km /= self.heat_delivered_mwh_a;
            self.heat_cost_rub_mwh = Some(self.cost.total_rub_a / self.heat_delivered_mwh_a);
        }
        self
    }
}

fn unproven(what: &str) -> SitingError {
    SitingError::Unproven(what.to_owned())
}
