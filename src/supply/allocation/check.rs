//! The plan against the case, without the program that made it: fuel is conserved, no capacity, ramp, stock, stack, way or blend is
//! exceeded, and the cost is that of the flows.

use super::AllocationError;
use super::answer::Allocation;
use super::case::{Case, CaseWay};
use super::program::Quality;
use std::collections::BTreeMap;

/// A miss of this share of what is compared is rounding.
const CLOSE: f64 = 1e-6;

pub(super) fn check(case: &Case<'_>, plan: &Allocation) -> Result<(), AllocationError> {
    let largest_need = case.plants.iter().flat_map(|plant| &plant.need_mwh).copied().fold(0.0, f64::max);
    let ids = |way: &CaseWay| (case.sources[way.source].source.id.as_str(), case.plants[way.plant].plant.id.as_str());
    let ways = case.ways.iter().map(|way| (ids(way), way)).collect();
    let checker = Checker { case, plan, ways, fuel: largest_need.max(f64::MIN_POSITIVE) };
    checker.plants()?;
    checker.sources()?;
    checker.preparation()?;
    checker.ways()?;
    checker.blends()?;
    checker.cost()
}

struct Checker<'a> {
    case: &'a Case<'a>,
    plan: &'a Allocation,
    /// By the ids of source and plant.
    ways: BTreeMap<(&'a str, &'a str), &'a CaseWay>,
    /// Size of a fuel flow, MWh.
    fuel: f64,
}

fn at_most(what: impl FnOnce() -> String, value: f64, most: f64, size: f64) -> Result<(), AllocationError> {
    let size = size.max(most.abs());
    // A NaN is not at most anything.
    if value - most <= CLOSE * size {
        return Ok(());
    }
    Err(AllocationError::Unproven { what: what(), by: (value - most) / size })
}

fn equal(what: impl Fn() -> String, value: f64, expected: f64, size: f64) -> Result<(), AllocationError> {
    at_most(&what, value, expected, size)?;
    at_most(&what, -value, -expected, size)
}

impl Checker<'_> {
    fn plants(&self) -> Result<(), AllocationError> {
        for (plant, supply) in self.case.plants.iter().zip(&self.plan.plants) {
            for (year, need) in supply.years.iter().zip(&plant.need_mwh) {
                let what = || format!("the need of plant {:?} in {}", supply.plant, year.year);
                equal(what, year.peat_mwh + year.alternatives_mwh + year.unmet_mwh, *need, self.fuel)?;
                if plant.shortage_rub_mwh.is_none() {
                    at_most(what, year.unmet_mwh, 0.0, self.fuel)?;
                }
            }
        }
        Ok(())
    }

    fn sources(&self) -> Result<(), AllocationError> {
        for (source, used) in self.case.sources.iter().zip(&self.plan.sources) {
            let stated = source.source;
            let (mut harvested, mut new_ha, mut stack) = (0.0, 0.0, stated.carry_over_first_mwh);
            let (mut area, mut areas_later) = (stated.prepared_ha, vec![0.0; self.case.years]);
            let mut prepared_mwh = 0.0;
            for (index, year) in used.years.iter().enumerate() {
                let what = |what: &str| format!("{what} of source {:?} in {}", used.source, year.year);
                for (age, step) in source.yield_steps().into_iter().enumerate() {
                    if let Some(later) = areas_later.get_mut(index + source.preparation_years + age) {
                        *later += step * year.newly_prepared_ha;
                    }
                }
                let permitted = if index < stated.permit_years { 0.0 } else { source.ramp_ha_a };
                at_most(|| what("the ramp"), year.newly_prepared_ha, permitted, stated.largest_ha)?;
                new_ha += year.newly_prepared_ha;
                at_most(|| what("the new area"), stated.prepared_ha + new_ha, stated.largest_ha, stated.largest_ha)?;
                area += areas_later[index];
                at_most(|| what("the area"), year.area_ha, area.min(stated.largest_ha), stated.largest_ha)?;
                let capacity = stated.yield_mwh_ha * self.case.weather[index] * area;
                at_most(|| what("the harvest"), year.harvested_mwh, capacity, self.fuel)?;
                harvested += year.harvested_mwh;
                at_most(|| what("the stock"), harvested, stated.stock_mwh, self.fuel)?;
                if let Some(reach) = &stated.reach {
                    prepared_mwh += reach.prepared_mwh.get(index).copied().unwrap_or(0.0);
                    let new_mwh: f64 = used.years[..=index]
                        .iter()
                        .enumerate()
                        .filter(|(_, works)| works.newly_prepared_ha > 0.0)
                        .map(|(works, of)| of.newly_prepared_ha * source.given_by_new_land(&self.case.weather, works)[index])
                        .sum();
                    let reached = prepared_mwh + new_mwh;
                    at_most(|| what("the peat of prepared land"), harvested, reached, self.fuel)?;
                }
                equal(|| what("the remaining stock"), year.remaining_mwh, stated.stock_mwh - harvested, stated.stock_mwh)?;
                // The first stacks are counted when the first year begins: their loss lies behind them.
                let kept = if index == 0 { stack } else { stack * (1.0 - source.loss_share) };
                let size = self.fuel.max(stack);
                at_most(|| what("what leaves"), year.delivered_mwh + year.stack_mwh, kept + year.harvested_mwh, size)?;
                at_most(|| what("the stack"), year.stack_mwh, source.carry_over_most_mwh, self.fuel)?;
                let out = year.delivered_mwh + year.stack_mwh + year.lost_mwh;
                equal(|| what("the balance"), out, stack + year.harvested_mwh, size)?;
                stack = year.stack_mwh;
            }
        }
        Ok(())
    }

    fn preparation(&self) -> Result<(), AllocationError> {
        let Some(most) = self.case.preparation_most_ha_a else { return Ok(()) };
        for index in 0..self.case.years {
            let prepared: f64 =
                self.plan.sources.iter().filter_map(|used| used.years.get(index)).map(|year| year.newly_prepared_ha).sum();
            at_most(|| format!("the area prepared in year {}", index + 1), prepared, most, most)?;
        }
        Ok(())
    }

    fn ways(&self) -> Result<(), AllocationError> {
        let mut by_source: BTreeMap<(&str, i32), f64> = BTreeMap::new();
        let mut by_plant: BTreeMap<(&str, i32), f64> = BTreeMap::new();
        for delivery in &self.plan.deliveries {
            let stated = self.ways.get(&(delivery.source.as_str(), delivery.plant.as_str()));
            let most = stated.map_or(0.0, |way| way.most_mwh_a);
            let what = || format!("the way from {:?} to {:?} in {}", delivery.source, delivery.plant, delivery.year);
            at_most(what, delivery.fuel_mwh, most, self.fuel)?;
            *by_source.entry((&delivery.source, delivery.year)).or_default() += delivery.fuel_mwh;
            *by_plant.entry((&delivery.plant, delivery.year)).or_default() += delivery.fuel_mwh;
        }
        for used in &self.plan.sources {
            for year in &used.years {
                let sum = by_source.get(&(used.source.as_str(), year.year)).copied().unwrap_or(0.0);
                equal(|| format!("deliveries of {:?} in {}", used.source, year.year), sum, year.delivered_mwh, self.fuel)?;
            }
        }
        for supply in &self.plan.plants {
            for year in &supply.years {
                let sum = by_plant.get(&(supply.plant.as_str(), year.year)).copied().unwrap_or(0.0);
                equal(|| format!("deliveries to {:?} in {}", supply.plant, year.year), sum, year.peat_mwh, self.fuel)?;
            }
        }
        let mut bought: BTreeMap<(&str, i32), f64> = BTreeMap::new();
        for used in &self.plan.alternatives {
            *bought.entry((&used.fuel, used.year)).or_default() += used.fuel_mwh;
        }
        for ((id, year), sum) in bought {
            let most = self.case.fuels.iter().find(|fuel| fuel.id == id).and_then(|fuel| fuel.most_mwh_a);
            at_most(|| format!("alternative fuel {id:?} in {year}"), sum, most.unwrap_or(f64::MAX), self.fuel)?;
        }
        Ok(())
    }

    fn blends(&self) -> Result<(), AllocationError> {
        let sources: BTreeMap<&str, _> =
            self.case.sources.iter().map(|source| (source.source.id.as_str(), source.source.quality)).collect();
        let fuels: BTreeMap<&str, _> = self.case.fuels.iter().map(|fuel| (fuel.id.as_str(), fuel.quality)).collect();
        // Mass, and mass of ash, water and sulphur, by plant and year.
        let mut masses: BTreeMap<(&str, i32), [f64; 4]> = BTreeMap::new();
        let peat = self.plan.deliveries.iter().map(|one| (&one.plant, one.year, one.fuel_mwh, sources.get(one.source.as_str())));
        let other = self.plan.alternatives.iter().map(|one| (&one.plant, one.year, one.fuel_mwh, fuels.get(one.fuel.as_str())));
        for (plant, year, fuel, quality) in peat.chain(other) {
            let Some(quality) = quality.copied().flatten() else { continue };
            let tonnes = fuel / quality.net_calorific_value_mwh_t;
            let mass = masses.entry((plant, year)).or_default();
            mass[0] += tonnes;
            for (place, kind) in Quality::ALL.into_iter().enumerate() {
                mass[place + 1] += tonnes * kind.share(quality);
            }
        }
        for plant in &self.case.plants {
            let stated = plant.plant;
            for ((_, year), mass) in masses.iter().filter(|((id, _), _)| *id == stated.id) {
                for (place, kind) in Quality::ALL.into_iter().enumerate() {
                    let range = kind.range(stated.blend);
                    let what = || format!("{} of the blend of plant {:?} in {year}", kind.word(), stated.id);
                    at_most(what, mass[place + 1], range.most.unwrap_or(1.0) * mass[0], mass[0])?;
                    at_most(what, range.least.unwrap_or(0.0) * mass[0], mass[place + 1], mass[0])?;
                }
            }
        }
        Ok(())
    }

    /// The discounted cost again, from the tables of the plan.
    fn cost(&self) -> Result<(), AllocationError> {
        let factor = |year: i32| {
            let years = f64::from(year - self.case.first_year + 1);
            (1.0 + self.case.discount_rate).powf(-years)
        };
        let mut cost = 0.0;
        for delivery in &self.plan.deliveries {
            let way = self.ways.get(&(delivery.source.as_str(), delivery.plant.as_str()));
            cost += factor(delivery.year) * delivery.fuel_mwh * way.map_or(f64::NAN, |way| way.cost_rub_mwh);
        }
        for (source, used) in self.case.sources.iter().zip(&self.plan.sources) {
            for year in &used.years {
                let prepared = source.preparation_rub_ha * year.newly_prepared_ha;
                cost += factor(year.year) * (source.source.harvest_cost_rub_mwh * year.harvested_mwh + prepared);
            }
        }
        for used in &self.plan.alternatives {
            cost += factor(used.year) * used.fuel_mwh * used.price_rub_mwh;
        }
        for (plant, supply) in self.case.plants.iter().zip(&self.plan.plants) {
            for year in &supply.years {
                cost += factor(year.year) * year.unmet_mwh * plant.shortage_rub_mwh.unwrap_or(0.0);
            }
        }
        let stated = self.plan.cost.discounted_rub;
        equal(|| "the discounted cost".to_owned(), cost, stated, stated.abs().max(f64::MIN_POSITIVE))
    }
}
