//! The cheapest plan, with a bound that proves how good it is.
//!
//! A good plan comes first ([`super::interchange`]), then a bound ([`super::bound`]). What is open between the two is closed by branch
//! and bound on sites and sizes, with the Lagrangian bound at every node; flows of what stands are exact. The work is counted,
//! not timed: the same case has the same answer on any machine, and where the work ends before the proof the gap is told.

use super::assignment::{Flows, Opening};
use super::bound::{Domain, Prices, Relaxed, Steps};
use super::case::{SitingCase, SitingError};
use super::instance::Instance;
use super::interchange;
use super::plan::SitingPlan;
use std::collections::BTreeMap;

/// How far the search goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SearchLimits {
    /// Share by which the cost may exceed the bound for the plan to count as proven.
    pub gap: f64,
    /// Most nodes of branch and bound.
    pub nodes: usize,
    /// Most work, in millions of looks at a pair of site and consumer: some hundred a second.
    pub work: f64,
}

impl Default for SearchLimits {
    fn default() -> Self {
        Self { gap: 1e-6, nodes: 50_000, work: 2_000.0 }
    }
}

/// What a search found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub opening: Opening,
    pub flows: Flows,
    pub bound: f64,
    pub proven: bool,
    pub nodes: usize,
    pub prices: Prices,
}

/// The best plan so far, and every cost that was found.
struct Best<'a> {
    instance: &'a Instance,
    plan: Option<(Opening, Flows)>,
    seen: BTreeMap<Opening, f64>,
}

impl Best<'_> {
    fn cost(&self) -> f64 {
        self.plan.as_ref().map_or(f64::INFINITY, |(_, flows)| flows.cost)
    }

    /// Exact cost of an opening; keeps it where it is the best.
    fn offer(&mut self, opening: &Opening, keep_going: &mut dyn FnMut() -> bool) -> Result<f64, SitingError> {
        if let Some(cost) = self.seen.get(opening) {
            return Ok(*cost);
        }
        let flows = self.instance.best_flows(opening, keep_going)?;
        let cost = flows.cost;
        if self.instance.allows(opening) && cost < self.cost() {
            self.plan = Some((opening.clone(), flows));
        }
        if self.seen.len() < 100_000 {
            self.seen.insert(opening.clone(), cost);
        }
        Ok(cost)
    }

    /// Offers it where a quick look says that it may be the best.
    fn offer_if_promising(&mut self, opening: &Opening, keep_going: &mut dyn FnMut() -> bool) -> Result<(), SitingError> {
        if self.instance.allows(opening) && !self.seen.contains_key(opening) {
            let (quick, unlimited) = self.instance.by_regret(opening);
            let near = self.cost() + 0.05 * self.cost().abs();
            if quick.cost < if unlimited { self.cost() } else { near } || self.plan.is_none() {
                self.offer(opening, keep_going)?;
            }
        }
        Ok(())
    }
}

struct Node {
    domain: Domain,
    prices: Prices,
    bound: f64,
}

const ROOT: Steps = Steps { count: 800, first: 1.5, patience: 20 };
const CHILD: Steps = Steps { count: 70, first: 0.4, patience: 6 };
/// Facilities that the search within limits looks at.
const SHORTLIST: usize = 120;

/// The cheapest plan of a case: which sites, sizes, consumers and deposits.
///
/// It is the facility location problem with capacities, two layers (deposits → plants → consumers), sizes, number, budget and heat
/// from elsewhere, in its strong form `x_ij <= D_i z_j`. Found by greedy addition and interchange (Teitz and Bart 1968), proven by
/// Lagrangian branch and bound (Geoffrion 1974; Beasley 1993); flows between what stands are a linear program where capacities or
/// fuel bind. The answer is checked row by row before it is given.
///
/// `keep_going` is told the share of the work that is done; `false` stops the search.
///
/// Two sites at 100 RUB a year, two consumers of 10 MWh each next to one of them and 6 RUB/MWh apart. One plant costs
/// 100 + 60 RUB a year, two cost 200:
///
/// ```
/// use peatplan::supply::siting::*;
/// let site = |id: &str| Site { id: id.into(), site_rub_a: 100.0, ..Site::default() };
/// let consumer = |id: &str| HeatConsumer { id: id.into(), heat_mwh_a: 10.0, other_heat_rub_mwh: None };
/// let link = |site: &str, consumer: &str, cost| HeatLink {
///     site: site.into(), consumer: consumer.into(), pipe_rub_mwh: cost, loss_share: 0.0, distance_km: 1.0,
/// };
/// let size = SizeClass {
///     id: "M".into(), heat_capacity_mwh_a: 30.0, investment_rub: 0.0, life_a: 25.0, fixed_rub_a: 0.0,
///     variable_rub_mwh: 0.0, heat_efficiency: 0.85, power_to_heat: 0.0,
/// };
/// let case = SitingCase {
///     sites: vec![site("A"), site("B")],
///     sizes: vec![size],
///     consumers: vec![consumer("a"), consumer("b")],
///     heat_links: vec![link("A", "a", 0.0), link("A", "b", 6.0), link("B", "a", 6.0), link("B", "b", 0.0)],
///     ..SitingCase::default()
/// };
/// let plan = site_plan(&case, &SearchLimits::default(), &mut |_| true).unwrap();
/// assert_eq!((plan.plants.len(), plan.cost.total_rub_a, plan.proven), (1, 160.0, true));
/// ```
///
/// # Errors
/// [`SitingError`]: an input that is missing, unknown or outside its limits; consumers that cannot be reached, or plants that
/// cannot heat them within the limits, with what is missing at the least; `Cancelled`.
pub fn site_plan(
    case: &SitingCase,
    limits: &SearchLimits,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<SitingPlan, SitingError> {
    let instance = Instance::new(case)?;
    let (instance, found) = found_plan(case, instance, limits, keep_going)?;
    SitingPlan::checked(case, &instance, &found)
}

/// Searches, and makes sure that nobody who must be heated is left cold where that can be had.
pub(super) fn found_plan(
    case: &SitingCase,
    mut instance: Instance,
    limits: &SearchLimits,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<(Instance, Found), SitingError> {
    let total: f64 = instance.demand.iter().sum();
    let mut shortage = None;
    for factor in [1.0, 1e2, 1e4, 1e6] {
        instance.price_what_must_be(factor);
        let found = search(&instance, limits, keep_going)?;
        if instance.missing(&found.flows) <= 1e-7 * total {
            return Ok((instance, found));
        }
        // Is there a plan that heats all at all?
        if shortage.is_none() {
            let least = search(&instance.of_shortage(), limits, keep_going)?;
            if least.bound > 1e-6 * total {
                return Err(short(case, &instance, &least.flows, least.bound));
            }
            shortage = Some(least);
        }
    }
    // Neither a plan that heats all, nor a proof that there is none.
    let flows = shortage.map(|found| found.flows).unwrap_or_default();
    Err(short(case, &instance, &flows, instance.missing(&flows)))
}

fn short(case: &SitingCase, instance: &Instance, flows: &Flows, missing: f64) -> SitingError {
    let cold = flows.other.iter().enumerate().filter(|(consumer, heat)| instance.must[*consumer] && **heat > 1e-9);
    let consumers = cold.map(|(consumer, _)| case.consumers[instance.consumers[consumer]].id.clone()).collect();
    SitingError::Short { missing_mwh_a: missing * instance.energy, consumers }
}

/// Heuristics, bound, branch and bound.
pub(super) fn search(
    instance: &Instance,
    limits: &SearchLimits,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<Found, SitingError> {
    let most_work = limits.work * 1e6;
    let mut work = 0.0;
    let mut best = Best { instance, plan: None, seen: BTreeMap::new() };
    let start = interchange::without_limits(instance, &mut || keep_going(0.0))?;
    best.offer(&start, &mut || keep_going(0.0))?;
    let domain = Domain { allowed: vec![true; instance.facilities.len()], must: instance.required.clone() };
    let mut prices = Prices::beginning(instance, first_prices(instance, best.plan.as_ref()));
    let mut average = vec![0.5; instance.sites.len()];
    let watch = &mut |work: f64| keep_going((work / most_work).min(1.0));
    let gap = limits.gap.max(1e-9);
    let cutoff_of = |cost: f64| if cost.is_finite() { cost - gap * cost.abs() } else { cost };
    let target = |best: &Best<'_>| if best.cost().is_finite() { best.cost() } else { worst_cost(instance) };
    let steps = ROOT;
    let aim = target(&best);
    let root =
        instance.improved_bound(&domain, &mut prices, cutoff_of(best.cost()), aim, steps, &mut average, &mut work, watch)?;
    let Some(root) = root else {
        return Err(SitingError::Unproven("no set of sites fits the limits on number and budget".to_owned()));
    };
    if root.bound < cutoff_of(best.cost()) {
        best.offer_if_promising(&chosen(&root), &mut || watch(work))?;
        improve_within_limits(instance, &mut best, &start, &root, &mut || watch(0.0))?;
    }
    // Nodes still open; the deepest is taken first.
    let mut open = vec![Node { domain, prices: prices.clone(), bound: root.bound }];
    let root_prices = prices;
    let mut closed = f64::INFINITY;
    let mut nodes = 0;
    while let Some(mut node) = open.pop() {
        if node.bound >= cutoff_of(best.cost()) {
            closed = closed.min(node.bound);
            continue;
        }
        if nodes >= limits.nodes || work >= most_work {
            open.push(node);
            break;
        }
        nodes += 1;
        let mut average = vec![0.5; instance.sites.len()];
        let cutoff = cutoff_of(best.cost());
        let steps = if nodes == 1 { Steps { count: 300, first: 0.5, patience: 12 } } else { CHILD };
        let aim = target(&best);
        let relaxed =
            instance.improved_bound(&node.domain, &mut node.prices, cutoff, aim, steps, &mut average, &mut work, watch)?;
        let Some(relaxed) = relaxed else { continue };
        node.bound = node.bound.max(relaxed.bound);
        best.offer_if_promising(&chosen(&relaxed), &mut || watch(work))?;
        let cutoff = cutoff_of(best.cost());
        let left = if node.bound < cutoff { instance.narrow(&mut node.domain, &relaxed, cutoff) } else { None };
        let Some(taken_out) = left else {
            closed = closed.min(node.bound.max(cutoff));
            continue;
        };
        // Plans of what was taken out cost no less than the cutoff; they can cost less than the best plan.
        closed = closed.min(taken_out);
        if let Some(leaf) = only_opening(instance, &node.domain) {
            if instance.allows(&leaf) {
                closed = closed.min(best.offer(&leaf, &mut || watch(work))?);
            }
            continue;
        }
        open.extend(branches(instance, &node, &relaxed, &average));
    }
    let cost = best.cost();
    let still = open.iter().map(|node| node.bound).fold(f64::INFINITY, f64::min);
    // Rounding of sums of thousands of terms must not make a bound better than it is.
    let bound = still.min(closed).min(cost).max(root.bound.min(cost));
    let bound = bound - 1e-11 * bound.abs();
    let Some((opening, flows)) = best.plan else {
        return Err(SitingError::Unproven("no set of sites within number and budget was found; raise the budget".to_owned()));
    };
    Ok(Found { proven: bound >= cost - gap * cost.abs() - 1e-10 * cost.abs(), opening, flows, bound, nodes, prices: root_prices })
}

/// Greater than the cost of any plan worth having.
fn worst_cost(instance: &Instance) -> f64 {
    let heat: f64 = instance.demand.iter().zip(&instance.other).map(|(need, cost)| need * cost).sum();
    let fixed: f64 = instance.facilities.iter().map(|facility| facility.fixed).sum();
    heat.abs() + fixed + 1.0
}

fn first_prices(instance: &Instance, plan: Option<&(Opening, Flows)>) -> Vec<f64> {
    let mut prices = instance.other.clone();
    for (facility, place, _) in plan.iter().flat_map(|(_, flows)| &flows.heat) {
        let reach = instance.reach[instance.facilities[*facility].site][*place];
        let cost = reach.pipe + reach.sent * instance.least_unit(*facility);
        prices[reach.consumer] = prices[reach.consumer].min(cost);
    }
    prices
}

fn chosen(relaxed: &Relaxed) -> Opening {
    let mut opening: Opening =
        relaxed.chosen.iter().zip(&relaxed.best).filter(|(chosen, _)| **chosen).filter_map(|(_, best)| *best).collect();
    opening.sort_unstable();
    opening
}

/// Where capacity or fuel bind: interchange with flows, among the facilities of most worth to the relaxation.
fn improve_within_limits(
    instance: &Instance,
    best: &mut Best<'_>,
    start: &Opening,
    root: &Relaxed,
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<(), SitingError> {
    if instance.by_regret(start).1 && instance.allows(start) && instance.budget.is_none() {
        return Ok(());
    }
    let mut order: Vec<usize> = (0..instance.facilities.len()).collect();
    order.sort_by(|a, b| root.facility_worth[*a].total_cmp(&root.facility_worth[*b]).then(a.cmp(b)));
    let mut shortlist: Vec<usize> = order.into_iter().take(SHORTLIST).chain(start.iter().copied()).collect();
    shortlist.sort_unstable();
    shortlist.dedup();
    let mut work = 2e8;
    for start in [start.clone(), chosen(root), best.plan.as_ref().map(|(opening, _)| opening.clone()).unwrap_or_default()] {
        let better = interchange::within_limits(instance, &start, &shortlist, &mut work, keep_going)?;
        if instance.allows(&better) {
            best.offer(&better, keep_going)?;
        }
    }
    Ok(())
}

/// The one opening that a domain leaves.
fn only_opening(instance: &Instance, domain: &Domain) -> Option<Opening> {
    let mut opening = Vec::new();
    for (site, range) in instance.of_site.iter().enumerate() {
        let mut possible = range.clone().filter(|facility| domain.allowed[*facility]);
        match (domain.must[site], possible.next(), possible.next()) {
            (_, None, _) => {}
            (true, Some(facility), None) => opening.push(facility),
            _ => return None,
        }
    }
    Some(opening)
}

/// Two smaller domains: the site whose choice was least clear has a plant or has none; where all sites are decided, one has the
/// size of most worth or another.
fn branches(instance: &Instance, node: &Node, relaxed: &Relaxed, average: &[f64]) -> Vec<Node> {
    let possible = |site: usize| instance.of_site[site].clone().filter(|facility| node.domain.allowed[*facility]);
    let undecided = (0..instance.sites.len()).filter(|site| !node.domain.must[*site] && possible(*site).next().is_some());
    let unclear = |site: &usize| (average[*site] - 0.5).abs();
    let site = undecided.min_by(|a, b| unclear(a).total_cmp(&unclear(b)).then(a.cmp(b)));
    let copy = || Node { domain: node.domain.clone(), prices: node.prices.clone(), bound: node.bound };
    let (mut with, mut without) = (copy(), copy());
    if let Some(site) = site {
        with.domain.must[site] = true;
        possible(site).for_each(|facility| without.domain.allowed[facility] = false);
        return if average[site] > 0.5 { vec![without, with] } else { vec![with, without] };
    }
    let several = (0..instance.sites.len()).find(|site| possible(*site).count() > 1);
    let best = several.and_then(|site| {
        let worth = |facility: &usize| relaxed.facility_worth[*facility];
        possible(site).min_by(|a, b| worth(a).total_cmp(&worth(b)).then(a.cmp(b))).map(|best| (site, best))
    });
    let Some((site, best)) = best else { return Vec::new() };
    possible(site).filter(|facility| *facility != best).for_each(|facility| with.domain.allowed[facility] = false);
    without.domain.allowed[best] = false;
    vec![without, with]
}
