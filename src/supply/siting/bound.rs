//! What no plan can cost less than: a Lagrangian bound.
//!
//! The rows "each consumer gets its heat", "a deposit gives no more than it has" and "the budget holds" are priced instead of kept.
//! Then every facility is a small knapsack of its own: which consumers it would heat at these prices. The bound is the prices'
//! worth plus the cheapest allowed set of facilities; its best value is that of the linear relaxation of the strong form
//! (Geoffrion 1974; Cornuéjols, Fisher and Nemhauser 1977; Beasley 1993), without any program to solve. Prices are improved
//! by subgradient steps with deflection (Held, Wolfe and Crowder 1974; Camerini, Fratta and Maffioli 1975).

use super::instance::Instance;

/// Prices of the rows that are left out.
#[derive(Debug, Clone)]
pub(super) struct Prices {
    /// Of heat delivered, by consumer.
    pub heat: Vec<f64>,
    /// Of fuel beyond what a deposit has.
    pub fuel: Vec<f64>,
    /// Of investment beyond the budget.
    pub budget: f64,
}

/// What is still open.
#[derive(Debug, Clone)]
pub(super) struct Domain {
    /// By facility: it may stand.
    pub allowed: Vec<bool>,
    /// By site: something stands there.
    pub must: Vec<bool>,
}

/// The answer at given prices.
#[derive(Debug, Clone)]
pub(super) struct Relaxed {
    pub bound: f64,
    /// Least worth of a facility, by site; infinite where none may stand.
    pub worth: Vec<f64>,
    pub facility_worth: Vec<f64>,
    /// That facility.
    pub best: Vec<Option<usize>>,
    pub chosen: Vec<bool>,
    /// Share of each row that is missing.
    heat_missing: Vec<f64>,
    fuel_beyond: Vec<f64>,
    budget_beyond: f64,
}

/// How steps are taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    pub count: usize,
    pub first: f64,
    pub patience: usize,
}

/// A facility's knapsack: what it would heat, at most its capacity.
#[derive(Default)]
struct Knapsack {
    /// Greatest price of heat.
    greatest: f64,
    /// Pairs looked at.
    looks: usize,
    /// Gain for a unit sent, unit sent, place in the reach.
    items: Vec<(f64, f64, usize)>,
}

impl Knapsack {
    /// Fills it; says the cost, less than or equal to nothing.
    fn fill(&mut self, instance: &Instance, prices: &Prices, facility: usize, unit: f64) -> f64 {
        let plant = &instance.facilities[facility];
        self.items.clear();
        let (mut total, mut cost) = (0.0, 0.0);
        if plant.capacity <= 0.0 {
            return 0.0;
        }
        let least = instance.least_delivered(plant.site, unit);
        for (place, reach) in instance.reach[plant.site].iter().enumerate() {
            self.looks += 1;
            if reach.pipe + least >= self.greatest {
                break;
            }
            let gain = reach.pipe + reach.sent * unit - prices.heat[reach.consumer];
            if gain < 0.0 {
                let sent = reach.sent * instance.demand[reach.consumer];
                cost += gain * instance.demand[reach.consumer];
                total += sent;
                self.items.push((gain / reach.sent, sent, place));
            }
        }
        if total <= plant.capacity {
            return cost;
        }
        self.items.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
        let mut left = plant.capacity;
        cost = 0.0;
        for item in &mut self.items {
            item.1 = item.1.min(left);
            left -= item.1;
            cost += item.0 * item.1;
        }
        cost
    }
}

impl Prices {
    /// Prices to begin with: what heat costs by the flows of a first plan.
    pub fn beginning(instance: &Instance, heat: Vec<f64>) -> Self {
        Self { heat, fuel: vec![0.0; instance.supply.len()], budget: 0.0 }
    }
}

impl Instance {
    /// The deposit of a site that is cheapest at these prices, as its place there, and the cost of heat sent out.
    fn priced_unit(&self, facility: usize, prices: &Prices) -> (Option<usize>, f64) {
        let plant = &self.facilities[facility];
        let costs =
            self.fuel[plant.site].iter().enumerate().map(|(place, (deposit, cost))| (place, cost + prices.fuel[*deposit]));
        let cheapest = costs.min_by(|a, b| a.1.total_cmp(&b.1));
        (cheapest.map(|(place, _)| place), plant.unit + plant.fuel_per_heat * cheapest.map_or(0.0, |(_, cost)| cost))
    }

    /// The bound at these prices; none where the domain is empty.
    pub fn relaxed(&self, domain: &Domain, prices: &Prices, work: &mut f64) -> Option<Relaxed> {
        let sites = self.sites.len();
        let mut worth = vec![f64::INFINITY; sites];
        let mut best = vec![None; sites];
        let mut facility_worth = vec![f64::INFINITY; self.facilities.len()];
        let greatest = prices.heat.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut knapsack = Knapsack { greatest, ..Knapsack::default() };
        for (index, facility) in self.facilities.iter().enumerate().filter(|(index, _)| domain.allowed[*index]) {
            let (_, unit) = self.priced_unit(index, prices);
            knapsack.looks += 4;
            let cost = facility.fixed + prices.budget * facility.investment + knapsack.fill(self, prices, index, unit);
            facility_worth[index] = cost;
            if cost < worth[facility.site] {
                worth[facility.site] = cost;
                best[facility.site] = Some(index);
            }
        }
        let chosen = self.cheapest_sites(domain, &worth)?;
        let mut bound: f64 = prices.heat.iter().zip(&self.demand).map(|(price, need)| price * need).sum();
        bound -= prices.fuel.iter().zip(&self.supply).map(|(price, supply)| price * supply).sum::<f64>();
        bound -= self.budget.unwrap_or(0.0) * prices.budget;
        let mut heat_missing = vec![1.0; self.demand.len()];
        let mut burnt = vec![0.0; self.supply.len()];
        let mut invested = 0.0;
        for facility in chosen.iter().zip(&best).filter(|(chosen, _)| **chosen).filter_map(|(_, best)| *best) {
            let plant = &self.facilities[facility];
            bound += worth[plant.site];
            invested += plant.investment;
            let (deposit, unit) = self.priced_unit(facility, prices);
            knapsack.fill(self, prices, facility, unit);
            for (_, sent, place) in &knapsack.items {
                let reach = self.reach[plant.site][*place];
                heat_missing[reach.consumer] -= sent / reach.sent / self.demand[reach.consumer];
                if let Some(place) = deposit {
                    burnt[self.fuel[plant.site][place].0] += sent * plant.fuel_per_heat;
                }
            }
        }
        let fuel_beyond = burnt.iter().zip(&self.supply).map(|(burnt, supply)| burnt / supply - 1.0).collect();
        let budget_beyond = self.budget.filter(|budget| *budget > 0.0).map_or(0.0, |budget| invested / budget - 1.0);
        #[expect(clippy::cast_precision_loss, reason = "a count of work, not a result")]
        let looks = (knapsack.looks + 2 * self.demand.len()) as f64;
        *work += looks;
        Some(Relaxed { bound, worth, facility_worth, best, chosen, heat_missing, fuel_beyond, budget_beyond })
    }

    /// Sites that must, then those worth having, then as many as it takes to reach the fewest.
    fn cheapest_sites(&self, domain: &Domain, worth: &[f64]) -> Option<Vec<bool>> {
        let mut chosen = domain.must.clone();
        if domain.must.iter().zip(worth).any(|(must, worth)| *must && worth.is_infinite()) {
            return None;
        }
        let musts = chosen.iter().filter(|chosen| **chosen).count();
        let mut free: Vec<usize> = (0..worth.len()).filter(|site| !chosen[*site] && worth[*site].is_finite()).collect();
        if musts > self.most || musts + free.len() < self.fewest {
            return None;
        }
        free.sort_by(|a, b| worth[*a].total_cmp(&worth[*b]).then(a.cmp(b)));
        for (count, site) in (musts..).zip(free) {
            if count >= self.most || (count >= self.fewest && worth[site] >= 0.0) {
                break;
            }
            chosen[site] = true;
        }
        Some(chosen)
    }

    /// Steps towards better prices, from `prices` on, which are left at their best. `Err` where the domain is empty;
    /// `average` follows how often each site was chosen.
    #[expect(clippy::too_many_arguments, reason = "a loop of one algorithm with its state")]
    pub fn improved_bound(
        &self,
        domain: &Domain,
        prices: &mut Prices,
        cutoff: f64,
        target: f64,
        steps: Steps,
        average: &mut [f64],
        work: &mut f64,
        keep_going: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Option<Relaxed>, super::SitingError> {
        let mut now = prices.clone();
        let mut best: Option<Relaxed> = None;
        let (mut step, mut without) = (steps.first, 0);
        let mut direction = (vec![0.0; self.demand.len()], vec![0.0; self.supply.len()], 0.0);
        for _ in 0..steps.count {
            if !keep_going(*work) {
                return Err(super::SitingError::Cancelled);
            }
            let Some(relaxed) = self.relaxed(domain, &now, work) else { return Ok(None) };
            for (average, chosen) in average.iter_mut().zip(&relaxed.chosen) {
                *average = 0.92 * *average + 0.08 * f64::from(u8::from(*chosen));
            }
            let deflect = |old: &mut f64, new: f64| *old = 0.7 * new + 0.3 * *old;
            direction.0.iter_mut().zip(&relaxed.heat_missing).for_each(|(old, new)| deflect(old, *new));
            direction.1.iter_mut().zip(&relaxed.fuel_beyond).for_each(|(old, new)| deflect(old, *new));
            deflect(&mut direction.2, relaxed.budget_beyond);
            // A price at its limit that would be pushed further does not count.
            for (consumer, direction) in direction.0.iter_mut().enumerate() {
                if now.heat[consumer] >= self.other[consumer] && *direction > 0.0 {
                    *direction = 0.0;
                }
            }
            for (deposit, direction) in direction.1.iter_mut().enumerate() {
                if now.fuel[deposit] <= 0.0 && *direction < 0.0 {
                    *direction = 0.0;
                }
            }
            if now.budget <= 0.0 && direction.2 < 0.0 {
                direction.2 = 0.0;
            }
            let norm = direction.0.iter().chain(&direction.1).map(|part| part * part).sum::<f64>() + direction.2 * direction.2;
            let value = relaxed.bound;
            if best.as_ref().is_none_or(|best| value > best.bound) {
                let gained = best.as_ref().is_none_or(|best| value > best.bound + 1e-4 * (target - best.bound).abs());
                without = if gained { 0 } else { without + 1 };
                prices.clone_from(&now);
                best = Some(relaxed);
            } else {
                without += 1;
            }
            let reached = best.as_ref().is_some_and(|best| best.bound >= cutoff);
            if reached || norm <= 1e-20 {
                break;
            }
            if without >= steps.patience {
                step *= 0.6;
                without = 0;
                now.clone_from(prices);
            }
            if step < 1e-3 {
                break;
            }
            let length = step * (1.02 * target.max(value) - 0.02 * value - value).max(1e-9 * target.abs()) / norm;
            for (consumer, direction) in direction.0.iter().enumerate() {
                now.heat[consumer] = (now.heat[consumer] + length * direction / self.demand[consumer]).min(self.other[consumer]);
            }
            for (deposit, direction) in direction.1.iter().enumerate() {
                now.fuel[deposit] = (now.fuel[deposit] + length * direction / self.supply[deposit]).max(0.0);
            }
            if let Some(budget) = self.budget.filter(|budget| *budget > 0.0) {
                now.budget = (now.budget + length * direction.2 / budget).max(0.0);
            }
        }
        Ok(best)
    }

    /// Takes out of the domain what cannot be part of a plan below `cutoff`, and says the least that any plan taken out can cost:
    /// infinity where none was. None where nothing is left.
    pub fn narrow(&self, domain: &mut Domain, relaxed: &Relaxed, cutoff: f64) -> Option<f64> {
        let mut taken_out = f64::INFINITY;
        let count = relaxed.chosen.iter().filter(|chosen| **chosen).count();
        let free = |site: &usize| !domain.must[*site] && relaxed.worth[*site].is_finite();
        let out = (0..self.sites.len()).filter(free).filter(|site| relaxed.chosen[*site]).map(|site| relaxed.worth[site]);
        let dearest_in = out.fold(f64::NEG_INFINITY, f64::max);
        let others = (0..self.sites.len()).filter(free).filter(|site| !relaxed.chosen[*site]).map(|site| relaxed.worth[site]);
        let cheapest_out = others.fold(f64::INFINITY, f64::min);
        for (index, facility) in self.facilities.iter().enumerate() {
            if !domain.allowed[index] {
                continue;
            }
            let worth = relaxed.facility_worth[index];
            let extra = if relaxed.chosen[facility.site] {
                worth - relaxed.worth[facility.site]
            } else if count >= self.most {
                worth - dearest_in
            } else {
                worth - dearest_in.max(0.0)
            };
            // Where nothing chosen can give way the extra is infinite.
            let least = relaxed.bound + extra;
            if least >= cutoff {
                domain.allowed[index] = false;
                taken_out = taken_out.min(least);
            }
        }
        for site in 0..self.sites.len() {
            if domain.must[site] || !relaxed.chosen[site] {
                continue;
            }
            let instead = if count <= self.fewest {
                cheapest_out
            } else if count >= self.most {
                cheapest_out.min(0.0)
            } else {
                0.0
            };
            let least = relaxed.bound - relaxed.worth[site] + instead;
            if least >= cutoff {
                domain.must[site] = true;
                taken_out = taken_out.min(least);
            }
        }
        let possible = |site: usize| self.of_site[site].clone().any(|facility| domain.allowed[facility]);
        let musts = domain.must.iter().filter(|must| **must).count();
        let all = (0..self.sites.len()).filter(|site| possible(*site)).count();
        let some_left =
            musts <= self.most && all >= self.fewest && (0..self.sites.len()).all(|site| !domain.must[site] || possible(site));
        some_left.then_some(taken_out)
    }
}
