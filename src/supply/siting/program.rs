//! The choice of sites as a mixed-integer program in its strong form, and the flows of a given choice as a linear one.
//!
//! Minimise `Σ f_t z_t + Σ p_ij x_ijt + Σ v_t s_jt + Σ c_dj y_djt + Σ o_i u_i` over facilities t (a size at a site j), consumers
//! i and deposits d, where `Σ x_ijt + u_i = D_i`, `Σ a_ij x_ijt <= Q_t z_t`, `x_ijt <= D_i z_t` (the strong form: without it
//! the relaxation opens hundredths of plants), `Σ y_djt = Σ a_ij x_ijt / η_t`, `Σ y_djt <= S_d`, one size a site, and limits on
//! number and investment.

use super::assignment::{Flows, Opening};
use super::case::SitingError;
use super::instance::Instance;
use crate::optimisation::{LinearProgram, ProgramError, SolveLimits, Variable};

/// A program with what its variables mean.
pub(super) struct SitingProgram {
    program: LinearProgram,
    heat: Vec<(usize, usize, Variable)>,
    fuel: Vec<(usize, usize, Variable)>,
    other: Vec<Variable>,
    stands: Vec<(usize, Variable)>,
}

/// Another objective than cost, which then has a limit.
#[derive(Clone, Copy)]
pub(super) struct Instead<'a> {
    /// Price of each facility; whole numbers.
    pub price: &'a [f64],
    /// Weight of cost, so small that it decides only between equals.
    pub weight: f64,
    pub most_cost: f64,
}

/// Whether it is decided what stands.
pub(super) enum Choice<'a> {
    /// These stand.
    Given(&'a [usize]),
    /// Some of these are to be chosen at the least cost, or else by another objective.
    Open { among: &'a [usize], instead: Option<Instead<'a>> },
}

impl SitingProgram {
    /// Writes it down.
    pub fn new(instance: &Instance, choice: &Choice<'_>) -> Self {
        let mut program = LinearProgram::new();
        let (facilities, decided, instead) = match choice {
            Choice::Given(opening) => (*opening, true, None),
            Choice::Open { among, instead } => (*among, false, *instead),
        };
        let weight = instead.map_or(1.0, |instead| instead.weight);
        let mut cost: Vec<(Variable, f64)> = Vec::new();
        let mut stands = Vec::new();
        for facility in facilities.iter().filter(|_| !decided) {
            let fixed = instance.facilities[*facility].fixed;
            let variable = program.binary(weight * fixed + instead.map_or(0.0, |instead| instead.price[*facility]));
            cost.push((variable, fixed));
            stands.push((*facility, variable));
        }
        let stand_of = |facility: usize| stands.iter().find(|(other, _)| *other == facility).map(|(_, variable)| *variable);
        let mut heat = Vec::new();
        let mut fuel = Vec::new();
        let mut to_consumer: Vec<Vec<(Variable, f64)>> = vec![Vec::new(); instance.demand.len()];
        let mut from_deposit: Vec<Vec<(Variable, f64)>> = vec![Vec::new(); instance.supply.len()];
        for facility in facilities {
            let plant = &instance.facilities[*facility];
            let stand = stand_of(*facility);
            let mut sent = Vec::new();
            for (place, reach) in instance.reach[plant.site].iter().enumerate() {
                let need = instance.demand[reach.consumer];
                let unit = reach.pipe + reach.sent * plant.unit;
                let variable = program.variable(weight * unit, 0.0, need);
                cost.push((variable, unit));
                heat.push((*facility, place, variable));
                to_consumer[reach.consumer].push((variable, 1.0));
                sent.push((variable, reach.sent));
                if let Some(stand) = stand {
                    let name = format!("plant {facility} heats consumer {} only if it stands", reach.consumer);
                    program.row(name, f64::NEG_INFINITY, [(variable, 1.0), (stand, -need)], 0.0);
                }
            }
            if sent.is_empty() {
                continue;
            }
            let capacity = sent.iter().copied().chain(stand.map(|stand| (stand, -plant.capacity)));
            let most = if stand.is_some() { 0.0 } else { plant.capacity };
            program.row(format!("capacity of plant {facility}"), f64::NEG_INFINITY, capacity, most);
            if instance.has_fuel {
                let mut burnt: Vec<(Variable, f64)> =
                    sent.iter().map(|(variable, sent)| (*variable, -sent * plant.fuel_per_heat)).collect();
                for (place, (deposit, delivered)) in instance.fuel[plant.site].iter().enumerate() {
                    let variable = program.variable(weight * delivered, 0.0, instance.supply[*deposit]);
                    cost.push((variable, *delivered));
                    fuel.push((*facility, place, variable));
                    burnt.push((variable, 1.0));
                    from_deposit[*deposit].push((variable, 1.0));
                }
                program.row(format!("fuel of plant {facility}"), 0.0, burnt, 0.0);
            }
        }
        let mut other = Vec::new();
        for (consumer, mut terms) in to_consumer.into_iter().enumerate() {
            let need = instance.demand[consumer];
            let variable = program.variable(weight * instance.other[consumer], 0.0, need);
            cost.push((variable, instance.other[consumer]));
            other.push(variable);
            terms.push((variable, 1.0));
            program.row(format!("heat of consumer {consumer}"), need, terms, need);
        }
        for (deposit, terms) in from_deposit.into_iter().enumerate().filter(|(_, terms)| !terms.is_empty()) {
            program.row(format!("fuel of deposit {deposit}"), f64::NEG_INFINITY, terms, instance.supply[deposit]);
        }
        let mut new = Self { program, heat, fuel, other, stands };
        if !decided {
            new.limit_plants(instance);
        }
        if let Some(instead) = instead {
            new.program.row("cost of all", f64::NEG_INFINITY, cost, instead.most_cost);
        }
        new
    }

    fn limit_plants(&mut self, instance: &Instance) {
        let by_site = |site: usize| -> Vec<(Variable, f64)> {
            let here = self.stands.iter().filter(|(facility, _)| instance.facilities[*facility].site == site);
            here.map(|(_, variable)| (*variable, 1.0)).collect()
        };
        let rows: Vec<_> = (0..instance.sites.len()).map(|site| (site, by_site(site))).collect();
        for (site, terms) in rows {
            let fewest = if instance.required[site] { 1.0 } else { 0.0 };
            if terms.len() > 1 || (fewest > 0.0 && !terms.is_empty()) {
                self.program.row(format!("one size at site {site}"), fewest, terms, 1.0);
            }
        }
        let all = || self.stands.iter().map(|(_, variable)| (*variable, 1.0)).collect::<Vec<_>>();
        if instance.fewest > 0 || instance.most < instance.sites.len() {
            #[expect(clippy::cast_precision_loss, reason = "counts below ten thousand")]
            let (fewest, most) = (instance.fewest as f64, instance.most as f64);
            self.program.row("number of plants", fewest, all(), most);
        }
        if let Some(budget) = instance.budget {
            let money = self.stands.iter().map(|(facility, variable)| (*variable, instance.facilities[*facility].investment));
            let money: Vec<_> = money.collect();
            self.program.row("budget", f64::NEG_INFINITY, money, budget);
        }
    }

    /// What stands in the optimum, the optimum, and the gap that its proof leaves.
    pub fn best_opening(
        &self,
        limits: &SolveLimits,
        keep_going: &mut dyn FnMut(f64) -> bool,
    ) -> Result<(Opening, f64, f64), ProgramError> {
        let optimum = self.program.minimum_watched(limits, keep_going)?;
        let stands = self.stands.iter().filter(|(_, variable)| optimum.value(*variable) > 0.5);
        let mut opening: Opening = stands.map(|(facility, _)| *facility).collect();
        opening.sort_unstable();
        Ok((opening, optimum.objective(), optimum.proven_gap()))
    }
}

/// The cheapest flows of what stands; `keep_going` stops the search for them by `false`.
pub(super) fn cheapest_flows(
    instance: &Instance,
    opening: &[usize],
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<Flows, SitingError> {
    let program = SitingProgram::new(instance, &Choice::Given(opening));
    let optimum = program.program.minimum_watched(&SolveLimits::default(), &mut |_| keep_going());
    let optimum = optimum.map_err(|error| match error {
        ProgramError::Interrupted => SitingError::Cancelled,
        other => SitingError::Unproven(other.to_string()),
    })?;
    let positive = |variables: &[(usize, usize, Variable)]| {
        let flows = variables.iter().map(|(facility, place, variable)| (*facility, *place, optimum.value(*variable)));
        flows.filter(|(_, _, flow)| *flow > 1e-12).collect::<Vec<_>>()
    };
    let other = program.other.iter().map(|variable| optimum.value(*variable).max(0.0)).collect();
    let (heat, fuel) = (positive(&program.heat), positive(&program.fuel));
    Ok(Flows { heat, fuel, other, cost: instance.fixed_cost(opening) + optimum.objective() })
}
