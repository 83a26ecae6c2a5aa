//! Who heats whom and who feeds whom, once it is known what stands where.

use super::case::SitingError;
use super::instance::Instance;
use super::program;

/// What stands: at most one facility a site, in their order.
pub(super) type Opening = Vec<usize>;

/// Flows of heat and fuel, with their cost.
#[derive(Debug, Clone, Default)]
pub(super) struct Flows {
    /// Facility, place in the reach of its site, heat delivered.
    pub heat: Vec<(usize, usize, f64)>,
    /// Facility, place among the deposits of its site, fuel.
    pub fuel: Vec<(usize, usize, f64)>,
    /// Heat from elsewhere, by consumer.
    pub other: Vec<f64>,
    /// All of it, with the fixed cost of what stands.
    pub cost: f64,
}

/// Share of a limit that rounding may take.
const ROUNDING: f64 = 1e-9;

impl Instance {
    /// Fixed cost of what stands.
    pub fn fixed_cost(&self, opening: &[usize]) -> f64 {
        opening.iter().map(|facility| self.facilities[*facility].fixed).sum()
    }

    /// Whether number and budget allow it.
    pub fn allows(&self, opening: &[usize]) -> bool {
        let invested: f64 = opening.iter().map(|facility| self.facilities[*facility].investment).sum();
        let enough = (self.fewest..=self.most).contains(&opening.len());
        let all_required = self
            .required
            .iter()
            .enumerate()
            .all(|(site, required)| !required || opening.iter().any(|facility| self.facilities[*facility].site == site));
        enough && all_required && self.budget.is_none_or(|budget| invested <= budget * (1.0 + ROUNDING))
    }

    /// Heat and fuel by the cheapest way, each in turn, within what is left of capacity and fuel: consumers that lose most
    /// by their second choice come first. Exact where no limit is met; the second answer says whether that is so.
    pub fn by_regret(&self, opening: &[usize]) -> (Flows, bool) {
        let mut ways: Vec<Vec<(f64, usize, usize)>> = vec![Vec::new(); self.demand.len()];
        for facility in opening {
            let unit = self.least_unit(*facility);
            if self.facilities[*facility].capacity <= 0.0 {
                continue;
            }
            for (place, reach) in self.reach[self.facilities[*facility].site].iter().enumerate() {
                let cost = reach.pipe + reach.sent * unit;
                if cost < self.other[reach.consumer] {
                    ways[reach.consumer].push((cost, *facility, place));
                }
            }
        }
        let mut order: Vec<(f64, usize)> = Vec::with_capacity(ways.len());
        for (consumer, ways) in ways.iter_mut().enumerate() {
            ways.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            if let Some(first) = ways.first() {
                let second = ways.get(1).map_or(self.other[consumer], |way| way.0);
                order.push(((second - first.0) * self.demand[consumer], consumer));
            }
        }
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut left: Vec<f64> = opening.iter().map(|facility| self.facilities[*facility].capacity).collect();
        let mut supply = self.supply.clone();
        let mut flows = Flows { other: self.demand.clone(), cost: self.fixed_cost(opening), ..Flows::default() };
        let mut unlimited = true;
        for (_, consumer) in order {
            let need = self.demand[consumer];
            for (index, (_, facility, place)) in ways[consumer].iter().enumerate() {
                let open = flows.other[consumer];
                if open <= need * ROUNDING {
                    break;
                }
                let at = opening.partition_point(|other| other < facility);
                let (taken, first_choice) = self.send(&mut flows, *facility, *place, open, &mut left[at], &mut supply);
                unlimited &= index == 0 && first_choice && open - taken <= need * ROUNDING;
                flows.other[consumer] = if open - taken <= need * ROUNDING { 0.0 } else { open - taken };
            }
            unlimited &= flows.other[consumer] <= 0.0;
        }
        flows.cost += flows.other.iter().zip(&self.other).map(|(heat, cost)| heat * cost).sum::<f64>();
        (flows, unlimited)
    }

    /// Sends up to `open` along one way; says how much went, and whether the cheapest deposit gave all the fuel.
    fn send(
        &self,
        flows: &mut Flows,
        facility: usize,
        place: usize,
        open: f64,
        left: &mut f64,
        supply: &mut [f64],
    ) -> (f64, bool) {
        let plant = &self.facilities[facility];
        let reach = self.reach[plant.site][place];
        let wanted = open.min((*left / reach.sent).max(0.0));
        if !self.has_fuel {
            *left -= wanted * reach.sent;
            self.note(flows, facility, place, wanted);
            return (wanted, true);
        }
        let fuel_per_delivered = reach.sent * plant.fuel_per_heat;
        let (mut taken, mut first_choice) = (0.0, true);
        for (index, (deposit, cost)) in self.fuel[plant.site].iter().enumerate() {
            let missing = (wanted - taken) * fuel_per_delivered;
            if missing <= wanted * fuel_per_delivered * ROUNDING {
                break;
            }
            let burnt = missing.min(supply[*deposit]);
            if burnt <= 0.0 {
                continue;
            }
            // A dearer deposit pays only where it is still cheaper than heat from elsewhere.
            if reach.pipe + reach.sent * plant.unit + fuel_per_delivered * cost >= self.other[reach.consumer] {
                break;
            }
            first_choice &= index == 0;
            supply[*deposit] -= burnt;
            taken += burnt / fuel_per_delivered;
            flows.cost += burnt * cost;
            flows.fuel.push((facility, index, burnt));
        }
        *left -= taken * reach.sent;
        self.note(flows, facility, place, taken);
        (taken, first_choice)
    }

    fn note(&self, flows: &mut Flows, facility: usize, place: usize, delivered: f64) {
        if delivered > 0.0 {
            let plant = &self.facilities[facility];
            let reach = self.reach[plant.site][place];
            flows.cost += delivered * (reach.pipe + reach.sent * plant.unit);
            flows.heat.push((facility, place, delivered));
        }
    }

    /// The cheapest flows: by regret where no limit is met, else by the linear program, which `keep_going` can stop.
    pub fn best_flows(&self, opening: &[usize], keep_going: &mut dyn FnMut() -> bool) -> Result<Flows, SitingError> {
        let (flows, unlimited) = self.by_regret(opening);
        let mut best = if unlimited { flows } else { program::cheapest_flows(self, opening, keep_going)? };
        best.fuel.sort_by_key(|(facility, deposit, _)| (*facility, *deposit));
        best.fuel.dedup_by(|next, first| {
            let same = (next.0, next.1) == (first.0, first.1);
            if same {
                first.2 += next.2;
            }
            same
        });
        best.heat.sort_by_key(|(facility, place, _)| (*facility, *place));
        Ok(best)
    }

    /// Heat that must come from plants and does not.
    pub fn missing(&self, flows: &Flows) -> f64 {
        flows.other.iter().zip(&self.must).filter(|(_, must)| **must).map(|(heat, _)| *heat).sum()
    }
}
