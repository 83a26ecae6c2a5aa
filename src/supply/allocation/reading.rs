//! The optimum, read as a plan.

use super::answer::{Allocation, AllocationCost, AlternativeUse, Delivery, PlantSupply, PlantYear, SourceUse, SourceYear};
use super::case::Case;
use super::program::{Built, Quality};
use super::study::FuelQuality;
use crate::optimisation::{Optimum, Prices, Variable};

/// Less than this share of the largest need is rounding, not fuel.
const NOTHING: f64 = 1e-10;

pub(super) fn read(case: &Case<'_>, built: &Built, optimum: &Optimum, prices: Option<&Prices>) -> Allocation {
    let largest = case.plants.iter().flat_map(|plant| &plant.need_mwh).copied().fold(0.0, f64::max);
    let reader = Reader { case, built, optimum, prices, nothing: NOTHING * largest };
    let sources: Vec<SourceUse> = (0..case.sources.len()).map(|source| reader.source(source)).collect();
    let plants: Vec<PlantSupply> = (0..case.plants.len()).map(|plant| reader.plant(plant)).collect();
    Allocation {
        cost: reader.cost(&sources, &plants),
        discount_rate: case.discount_rate,
        deliveries: reader.deliveries(),
        alternatives: reader.alternatives(),
        plants,
        sources,
        duality_gap: prices.map(Prices::duality_gap),
        steps: optimum.steps(),
        rests_on: case.rests_on.clone(),
    }
}

struct Reader<'a> {
    case: &'a Case<'a>,
    built: &'a Built,
    optimum: &'a Optimum,
    prices: Option<&'a Prices>,
    nothing: f64,
}

impl Reader<'_> {
    fn value(&self, variable: Option<Variable>) -> f64 {
        let value = variable.map_or(0.0, |variable| self.optimum.value(variable));
        if value > self.nothing { value } else { 0.0 }
    }

    fn calendar(&self, year: usize) -> i32 {
        self.case.first_year.saturating_add(i32::try_from(year).unwrap_or(i32::MAX))
    }

    fn deliveries(&self) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        for (way, flows) in self.case.ways.iter().zip(&self.built.flows) {
            let source = self.case.sources[way.source].source;
            for (year, flow) in flows.iter().enumerate() {
                let fuel_mwh = self.value(*flow);
                if fuel_mwh > 0.0 {
                    deliveries.push(Delivery {
                        source: source.id.clone(),
                        plant: self.case.plants[way.plant].plant.id.clone(),
                        year: self.calendar(year),
                        fuel_mwh,
                        fuel_t: source.quality.map(|quality| fuel_mwh / quality.net_calorific_value_mwh_t),
                        cost_rub_mwh: source.harvest_cost_rub_mwh + way.cost_rub_mwh,
                    });
                }
            }
        }
        deliveries
    }

    fn alternatives(&self) -> Vec<AlternativeUse> {
        let mut uses = Vec::new();
        for (offer, bought) in self.case.offers.iter().zip(&self.built.bought) {
            for (year, bought) in bought.iter().enumerate() {
                let fuel_mwh = self.value(*bought);
                if fuel_mwh > 0.0 {
                    uses.push(AlternativeUse {
                        fuel: self.case.fuels[offer.fuel].id.clone(),
                        plant: self.case.plants[offer.plant].plant.id.clone(),
                        year: self.calendar(year),
                        fuel_mwh,
                        price_rub_mwh: offer.price_rub_mwh,
                    });
                }
            }
        }
        uses
    }

    fn plant(&self, index: usize) -> PlantSupply {
        let plant = &self.case.plants[index];
        let mut years = Vec::with_capacity(self.case.years);
        for year in 0..self.case.years {
            let mut burnt: Vec<(f64, f64, Option<FuelQuality>)> = Vec::new();
            let mut peat_mwh = 0.0;
            for (way, flows) in self.case.ways.iter().zip(&self.built.flows).filter(|(way, _)| way.plant == index) {
                let source = &self.case.sources[way.source];
                let fuel = self.value(flows[year]);
                peat_mwh += fuel;
                burnt.push((fuel, source.source.harvest_cost_rub_mwh + way.cost_rub_mwh, self.case.way_quality(way)));
            }
            let mut alternatives_mwh = 0.0;
            for (offer, bought) in self.case.offers.iter().zip(&self.built.bought).filter(|(offer, _)| offer.plant == index) {
                let fuel = self.value(bought[year]);
                alternatives_mwh += fuel;
                burnt.push((fuel, offer.price_rub_mwh, self.case.offer_quality(offer)));
            }
            burnt.retain(|(fuel, _, _)| *fuel > 0.0);
            let total = peat_mwh + alternatives_mwh;
            let spent: f64 = burnt.iter().map(|(fuel, cost, _)| fuel * cost).sum();
            let price = self.prices.zip(self.built.needs[index][year]);
            years.push(PlantYear {
                year: self.calendar(year),
                need_mwh: plant.need_mwh[year],
                peat_mwh,
                alternatives_mwh,
                unmet_mwh: self.value(self.built.unmet[index][year]),
                mean_cost_rub_mwh: (total > 0.0).then(|| spent / total),
                marginal_cost_rub_mwh: price.map(|(prices, row)| prices.row(row) / self.case.factors[year]),
                ash_share: mean(&burnt, Quality::Ash),
                moisture_share: mean(&burnt, Quality::Moisture),
                sulphur_share: mean(&burnt, Quality::Sulphur),
            });
        }
        let first_short_year = years.iter().find(|year| year.unmet_mwh > 0.0).map(|year| year.year);
        PlantSupply { plant: plant.plant.id.clone(), years, first_short_year }
    }

    fn source(&self, index: usize) -> SourceUse {
        let source = &self.case.sources[index];
        let stated = source.source;
        let mut years: Vec<SourceYear> = Vec::with_capacity(self.case.years);
        let (mut remaining, mut stack, mut area) = (stated.stock_mwh, stated.carry_over_first_mwh, stated.prepared_ha);
        let mut worked_out_year = None;
        // A price below zero lowers the cost: what is worth something is its opposite.
        let rent = self.prices.map(|prices| self.built.stocks[index].map_or(0.0, |row| (-prices.row(row)).max(0.0)));
        let mut capacity_value = self.prices.map(|_| 0.0);
        for year in 0..self.case.years {
            let variables = &self.built.sources[index][year];
            let ways = self.case.ways.iter().zip(&self.built.flows).filter(|(way, _)| way.source == index);
            let delivered_mwh: f64 = ways.map(|(_, flows)| self.value(flows[year])).sum();
            let harvested_mwh = if source.carries() { self.value(variables.harvest) } else { delivered_mwh };
            if let Some(variable) = variables.area {
                area = self.optimum.value(variable) / stated.yield_mwh_ha;
            }
            let before = stack;
            stack = self.value(variables.stack);
            remaining = (remaining - harvested_mwh).max(0.0);
            if worked_out_year.is_none() && stated.stock_mwh > 0.0 && remaining <= stated.stock_mwh * 1e-9 {
                worked_out_year = Some(self.calendar(year));
                remaining = 0.0;
            }
            let value = self.prices.map(|prices| variables.harvest_row.map_or(0.0, |row| (-prices.row(row)).max(0.0)));
            capacity_value = capacity_value.zip(value).map(|(sum, value)| sum + value);
            years.push(SourceYear {
                year: self.calendar(year),
                area_ha: area,
                newly_prepared_ha: variables.prepared.map_or(0.0, |prepared| self.value(Some(prepared)) / stated.yield_mwh_ha),
                capacity_mwh: stated.yield_mwh_ha * self.case.weather[year] * area,
                harvested_mwh,
                delivered_mwh,
                stack_mwh: stack,
                lost_mwh: (before + harvested_mwh - delivered_mwh - stack).max(0.0),
                remaining_mwh: remaining,
                capacity_value_rub_mwh: value.map(|value| value / self.case.factors[year]),
                // In the deposit, and on the land that is prepared.
                scarcity_rent_rub_mwh: rent.zip(self.prices).map(|(rent, prices)| {
                    let within_reach = variables.reach_row.map_or(0.0, |row| (-prices.row(row)).max(0.0));
                    (rent + within_reach) / self.case.factors[year]
                }),
            });
        }
        SourceUse {
            source: stated.id.clone(),
            years,
            worked_out_year,
            scarcity_rent_rub_mwh: rent,
            capacity_value_rub_mwh_a: capacity_value,
        }
    }

    fn cost(&self, sources: &[SourceUse], plants: &[PlantSupply]) -> AllocationCost {
        let case = self.case;
        let mut harvest_rub = 0.0;
        let mut preparation_rub = 0.0;
        for (source, used) in case.sources.iter().zip(sources) {
            for year in &used.years {
                harvest_rub += source.source.harvest_cost_rub_mwh * year.harvested_mwh;
                preparation_rub += source.preparation_rub_ha * year.newly_prepared_ha;
            }
        }
        let over_years = |variables: &[Option<Variable>]| -> f64 { variables.iter().map(|variable| self.value(*variable)).sum() };
        let delivery_rub: f64 =
            case.ways.iter().zip(&self.built.flows).map(|(way, flows)| way.cost_rub_mwh * over_years(flows)).sum::<f64>() + 0.0;
        let alternatives_rub: f64 = case
            .offers
            .iter()
            .zip(&self.built.bought)
            .map(|(offer, bought)| offer.price_rub_mwh * over_years(bought))
            .sum::<f64>()
            + 0.0;
        let mut shortage_rub = 0.0;
        for (plant, supplied) in case.plants.iter().zip(plants) {
            let missing: f64 = supplied.years.iter().map(|year| year.unmet_mwh).sum();
            shortage_rub += plant.shortage_rub_mwh.unwrap_or(0.0) * missing;
        }
        AllocationCost {
            discounted_rub: self.optimum.objective(),
            total_rub: harvest_rub + delivery_rub + preparation_rub + alternatives_rub + shortage_rub,
            harvest_rub,
            delivery_rub,
            preparation_rub,
            alternatives_rub,
            shortage_rub,
        }
    }
}

/// Mean by mass as received of what a fuel's quality is known for; none where nothing is burnt or a quality is missing.
fn mean(burnt: &[(f64, f64, Option<FuelQuality>)], quality: Quality) -> Option<f64> {
    let (mut mass, mut sum) = (0.0, 0.0);
    for (fuel, _, known) in burnt {
        let known = (*known)?;
        let tonnes = fuel / known.net_calorific_value_mwh_t;
        mass += tonnes;
        sum += tonnes * quality.share(known);
    }
    (mass > 0.0).then(|| sum / mass)
}
