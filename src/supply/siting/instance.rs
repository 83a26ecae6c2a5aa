//! A case as arrays in one canonical order, in numbers near one.
//!
//! Everything is sorted by id, so the order of the inputs changes nothing. Money and energy are divided by powers of two near
//! their greatest values: that loses no digit, and the programs that follow are well scaled.

use super::case::{Site, SiteStatus, SitingCase, SitingError, SizeClass};
use std::collections::BTreeMap;
use std::ops::Range;

/// A size at a site.
#[derive(Debug, Clone)]
pub(super) struct Facility {
    pub site: usize,
    /// Place of the size in the case.
    pub size: usize,
    /// Cost a year of having it.
    pub fixed: f64,
    pub investment: f64,
    /// Heat sent out at most.
    pub capacity: f64,
    /// Variable cost less earnings from electricity, for heat sent out.
    pub unit: f64,
    pub fuel_per_heat: f64,
}

/// A consumer that a site can heat.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    pub consumer: usize,
    /// Cost of what is delivered.
    pub pipe: f64,
    /// Heat sent out for a unit delivered.
    pub sent: f64,
    /// Place of the link in the case.
    pub link: usize,
}

/// The case as arrays.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    /// RUB of one unit of money here.
    pub money: f64,
    /// MWh of one unit of energy here.
    pub energy: f64,
    /// Places in the case.
    pub consumers: Vec<usize>,
    pub sites: Vec<usize>,
    pub deposits: Vec<usize>,
    pub demand: Vec<f64>,
    /// Cost of heat from elsewhere; where there is none, a price that nothing else reaches.
    pub other: Vec<f64>,
    pub must: Vec<bool>,
    pub required: Vec<bool>,
    pub facilities: Vec<Facility>,
    pub of_site: Vec<Range<usize>>,
    /// Consumers of a site, cheapest pipe first: whoever looks for gains can stop early.
    pub reach: Vec<Vec<Reach>>,
    /// Deposits of a site, cheapest first.
    pub fuel: Vec<Vec<(usize, f64)>>,
    pub supply: Vec<f64>,
    pub has_fuel: bool,
    pub fewest: usize,
    pub most: usize,
    pub budget: Option<f64>,
}

/// Share of the investment that is paid back each year: `r (1+r)^n / ((1+r)^n - 1)`, and `1/n` without interest.
pub(super) fn capital_recovery(rate: f64, years: f64) -> f64 {
    if rate < 1e-12 {
        return 1.0 / years;
    }
    rate / -(-years * rate.ln_1p()).exp_m1()
}

impl SizeClass {
    /// Annuity of the investment, RUB a year.
    #[must_use]
    pub fn annuity_rub(&self, rate: f64) -> f64 {
        self.investment_rub * capital_recovery(rate, self.life_a)
    }

    /// Variable cost less the earnings from electricity, RUB for a MWh of heat sent out.
    pub(super) fn net_variable_rub_mwh(&self, power_price_rub_mwh: f64) -> f64 {
        self.variable_rub_mwh - self.power_to_heat * power_price_rub_mwh
    }
}

fn sorted<T>(items: &[T], id: impl Fn(&T) -> &String, keep: impl Fn(&T) -> bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items.len()).filter(|index| keep(&items[*index])).collect();
    order.sort_by(|a, b| id(&items[*a]).cmp(id(&items[*b])));
    order
}

fn places<'a, T>(items: &'a [T], order: &[usize], id: impl Fn(&'a T) -> &'a String) -> BTreeMap<&'a str, usize> {
    order.iter().enumerate().map(|(place, index)| (id(&items[*index]).as_str(), place)).collect()
}

fn power_of_two_near(value: f64) -> f64 {
    if value > 0.0 { value.log2().round().exp2() } else { 1.0 }
}

impl Instance {
    /// Arrays of a case, or why it cannot have a plan.
    pub fn new(case: &SitingCase) -> Result<Self, SitingError> {
        case.check()?;
        let allowed = |site: &Site| site.status != SiteStatus::Forbidden;
        let sites = sorted(&case.sites, |site| &site.id, allowed);
        let consumers = sorted(&case.consumers, |consumer| &consumer.id, |consumer| consumer.heat_mwh_a > 0.0);
        let deposits = sorted(&case.deposits, |deposit| &deposit.id, |deposit| deposit.fuel_mwh_a > 0.0);
        let energy = power_of_two_near(consumers.iter().map(|index| case.consumers[*index].heat_mwh_a).fold(0.0, f64::max));
        let mut new = Self {
            money: 1.0,
            energy,
            demand: consumers.iter().map(|index| case.consumers[*index].heat_mwh_a / energy).collect(),
            must: consumers.iter().map(|index| case.consumers[*index].other_heat_rub_mwh.is_none()).collect(),
            other: consumers.iter().map(|index| case.consumers[*index].other_heat_rub_mwh.unwrap_or(0.0) * energy).collect(),
            required: sites.iter().map(|index| case.sites[*index].status == SiteStatus::Required).collect(),
            supply: deposits.iter().map(|index| case.deposits[*index].fuel_mwh_a / energy).collect(),
            has_fuel: !case.deposits.is_empty(),
            facilities: Vec::new(),
            of_site: Vec::new(),
            reach: vec![Vec::new(); sites.len()],
            fuel: vec![Vec::new(); sites.len()],
            fewest: case.limits.fewest,
            most: case.limits.most.unwrap_or(sites.len()).min(sites.len()),
            budget: case.limits.budget_rub,
            consumers,
            sites,
            deposits,
        };
        new.add_links(case);
        new.add_facilities(case);
        new.scale_money();
        new.check_limits(case)?;
        new.check_reach(case)?;
        new.price_what_must_be(1.0);
        Ok(new)
    }

    fn add_links(&mut self, case: &SitingCase) {
        let sites = places(&case.sites, &self.sites, |site| &site.id);
        let consumers = places(&case.consumers, &self.consumers, |consumer| &consumer.id);
        let deposits = places(&case.deposits, &self.deposits, |deposit| &deposit.id);
        for (index, link) in case.heat_links.iter().enumerate() {
            if let (Some(site), Some(consumer)) = (sites.get(link.site.as_str()), consumers.get(link.consumer.as_str())) {
                let (pipe, sent) = (link.pipe_rub_mwh * self.energy, 1.0 / (1.0 - link.loss_share));
                self.reach[*site].push(Reach { consumer: *consumer, pipe, sent, link: index });
            }
        }
        for link in &case.fuel_links {
            if let (Some(site), Some(deposit)) = (sites.get(link.site.as_str()), deposits.get(link.deposit.as_str())) {
                self.fuel[*site].push((*deposit, link.delivered_rub_mwh * self.energy));
            }
        }
        for reach in &mut self.reach {
            reach.sort_by(|a, b| a.pipe.total_cmp(&b.pipe).then(a.consumer.cmp(&b.consumer)));
        }
        for fuel in &mut self.fuel {
            fuel.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        }
    }

    fn add_facilities(&mut self, case: &SitingCase) {
        let sizes = sorted(&case.sizes, |size| &size.id, |_| true);
        for (place, index) in self.sites.iter().enumerate() {
            let first = self.facilities.len();
            let site = &case.sites[*index];
            for size_index in &sizes {
                let class = &case.sizes[*size_index];
                let fits = site.sizes.is_empty() || site.sizes.contains(&class.id);
                if !fits || self.budget.is_some_and(|budget| class.investment_rub > budget) {
                    continue;
                }
                let fuelled = !self.has_fuel || !self.fuel[place].is_empty();
                self.facilities.push(Facility {
                    site: place,
                    size: *size_index,
                    fixed: class.annuity_rub(case.discount_rate) + class.fixed_rub_a + site.site_rub_a,
                    investment: class.investment_rub,
                    capacity: if fuelled { class.heat_capacity_mwh_a / self.energy } else { 0.0 },
                    unit: class.net_variable_rub_mwh(case.power_price_rub_mwh) * self.energy,
                    fuel_per_heat: 1.0 / class.heat_efficiency,
                });
            }
            self.of_site.push(first..self.facilities.len());
        }
    }

    fn scale_money(&mut self) {
        let unit = |facility: &Facility| facility.unit.abs();
        let pipes = self.reach.iter().flatten().map(|reach| reach.pipe);
        let fuels = self.fuel.iter().flatten().map(|fuel| fuel.1);
        let units = self.facilities.iter().map(unit);
        let greatest = pipes.chain(fuels).chain(units).chain(self.other.iter().copied()).fold(0.0, f64::max);
        let fixed = self.facilities.iter().map(|facility| facility.fixed).fold(0.0, f64::max);
        self.money = power_of_two_near(if greatest > 0.0 { greatest } else { fixed });
        let money = self.money;
        self.other.iter_mut().for_each(|cost| *cost /= money);
        self.reach.iter_mut().flatten().for_each(|reach| reach.pipe /= money);
        self.fuel.iter_mut().flatten().for_each(|fuel| fuel.1 /= money);
        for facility in &mut self.facilities {
            facility.fixed /= money;
            facility.investment /= money;
            facility.unit /= money;
        }
        self.budget = self.budget.map(|budget| budget / money);
    }

    fn check_limits(&self, case: &SitingCase) -> Result<(), SitingError> {
        let usable = self.of_site.iter().filter(|range| !range.is_empty()).count();
        let required = self.required.iter().filter(|required| **required).count();
        if required > self.most {
            return Err(SitingError::TooManyRequired { required, most: self.most });
        }
        if let Some(budget) = self.budget {
            let cheapest = |site: usize| {
                let facilities = self.facilities[self.of_site[site].clone()].iter();
                facilities.map(|facility| facility.investment).fold(f64::INFINITY, f64::min)
            };
            let forced = (0..self.sites.len()).filter(|site| self.required[*site]);
            let mut needed: f64 = forced.map(cheapest).sum();
            let mut free: Vec<f64> = (0..self.sites.len()).filter(|site| !self.required[*site]).map(cheapest).collect();
            free.sort_by(f64::total_cmp);
            needed += free.iter().take(self.fewest.saturating_sub(required)).sum::<f64>();
            if needed.is_finite() && needed > budget * (1.0 + 1e-12) {
                let budget_rub = budget * self.money;
                return Err(SitingError::BudgetTooSmall { needed_rub: needed * self.money, budget_rub });
            }
        }
        let impossible =
            self.required.iter().zip(&self.of_site).filter(|(required, range)| **required && range.is_empty()).count();
        if self.fewest > usable || impossible > 0 {
            // No size is cheap enough to be built anywhere: the budget is what keeps plants away.
            let cheapest = case.sizes.iter().map(|size| size.investment_rub).fold(f64::INFINITY, f64::min);
            if let Some(budget_rub) = case.limits.budget_rub.filter(|budget| *budget < cheapest) {
                #[expect(clippy::cast_precision_loss, reason = "a few sites")]
                let needed_rub = cheapest * self.fewest.max(required) as f64;
                return Err(SitingError::BudgetTooSmall { needed_rub, budget_rub });
            }
            return Err(SitingError::TooFewSites { fewest: self.fewest.max(required), sites: usable });
        }
        Ok(())
    }

    fn check_reach(&self, case: &SitingCase) -> Result<(), SitingError> {
        let mut reached = vec![false; self.consumers.len()];
        for (site, reaches) in self.reach.iter().enumerate() {
            if self.facilities[self.of_site[site].clone()].iter().any(|facility| facility.capacity > 0.0) {
                for reach in reaches {
                    reached[reach.consumer] = true;
                }
            }
        }
        let missing = (0..self.consumers.len()).filter(|consumer| self.must[*consumer] && !reached[*consumer]);
        let consumers: Vec<String> = missing.map(|consumer| case.consumers[self.consumers[consumer]].id.clone()).collect();
        if consumers.is_empty() { Ok(()) } else { Err(SitingError::NotReached { consumers }) }
    }

    /// Sets the price of heat that must come from plants and does not: above whatever a plan could save by it.
    pub fn price_what_must_be(&mut self, factor: f64) {
        let mut greatest =
            self.other.iter().zip(&self.must).filter(|(_, must)| !**must).map(|(cost, _)| *cost).fold(0.0, f64::max);
        for facility in &self.facilities {
            for reach in &self.reach[facility.site] {
                let dearest = self.fuel[facility.site].last().map_or(0.0, |fuel| fuel.1);
                let cost = reach.pipe + reach.sent * (facility.unit.abs() + facility.fuel_per_heat * dearest);
                greatest = greatest.max(cost);
            }
        }
        let fixed = self.facilities.iter().map(|facility| facility.fixed).fold(0.0, f64::max);
        let total: f64 = self.demand.iter().sum();
        #[expect(clippy::cast_precision_loss, reason = "a count below ten thousand")]
        let mean = (total / self.demand.len().max(1) as f64).max(f64::MIN_POSITIVE);
        let price = factor * 4.0 * (greatest + fixed / mean).max(1.0);
        for (other, must) in self.other.iter_mut().zip(&self.must) {
            if *must {
                *other = price;
            }
        }
    }

    /// The same places and limits, where nothing costs but heat that is missing.
    pub fn of_shortage(&self) -> Self {
        let mut new = self.clone();
        new.other = self.must.iter().map(|must| f64::from(u8::from(*must))).collect();
        new.reach.iter_mut().flatten().for_each(|reach| reach.pipe = 0.0);
        new.fuel.iter_mut().flatten().for_each(|fuel| fuel.1 = 0.0);
        for facility in &mut new.facilities {
            facility.fixed = 0.0;
            facility.unit = 0.0;
        }
        new
    }

    /// The least that heat of a site can cost where it is delivered, beside the pipe.
    pub fn least_delivered(&self, site: usize, unit: f64) -> f64 {
        // Losses make what costs dearer, and what earns earn more.
        if unit >= 0.0 { unit } else { unit * self.reach[site].iter().map(|reach| reach.sent).fold(1.0, f64::max) }
    }

    /// Cost of heat sent out, with fuel from the cheapest deposit whatever that can give.
    pub fn least_unit(&self, facility: usize) -> f64 {
        let facility = &self.facilities[facility];
        facility.unit + facility.fuel_per_heat * self.fuel[facility.site].first().map_or(0.0, |fuel| fuel.1)
    }
}
