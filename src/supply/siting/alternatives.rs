//! Other sets of sites that cost hardly more: the choice on the map is seldom the only one.
//!
//! Hop, skip and jump (Brill, Chang and Hopkins 1982): each alternative uses as little as can be of the sites that were used before, at
//! a cost within a slack of the optimum. Small cases are mixed-integer programs; in larger ones a surcharge on used sites is raised as
//! far as the slack lets it, each time with a search of its own.

use super::bound::{Domain, Prices};
use super::case::{SitingCase, SitingError};
use super::instance::Instance;
use super::plan::SitingPlan;
use super::program::{Choice, Instead, SitingProgram};
use super::search::{Found, SearchLimits, found_plan, search};
use crate::optimisation::{ProgramError, SolveLimits};
use serde::Serialize;
use std::collections::BTreeSet;

/// How many alternatives, and how dear they may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlternativeLimits {
    /// Alternatives at most, beside the cheapest plan: 1 to 5.
    pub count: usize,
    /// Share by which an alternative may cost more than the cheapest plan.
    pub slack_share: f64,
    /// Limits of each search.
    pub search: SearchLimits,
}

impl Default for AlternativeLimits {
    fn default() -> Self {
        Self { count: 3, slack_share: 0.05, search: SearchLimits::default() }
    }
}

/// Another set of sites, with its own flows at their least cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SiteAlternative {
    /// Sites of the cheapest plan that it does without.
    pub left_out: Vec<String>,
    /// Sites that the cheapest plan does not have.
    pub instead: Vec<String>,
    /// Its cost over that of the cheapest plan, less one.
    pub extra_share: f64,
    /// The plan.
    pub plan: SitingPlan,
}

/// Pairs of facility and consumer up to which a mixed-integer program is tried.
const SMALL: usize = 1_500;
/// Trials of a surcharge.
const TRIALS: usize = 9;

/// The cheapest plan and up to `count` alternatives whose sites differ from each other and, as far as the slack allows, from it.
///
/// With `C*` the cost of the cheapest plan, each alternative minimises the number of times its sites were used before,
/// under `C <= C* + slack |C*|`; among equals the cheapest is taken. There may be fewer than asked for, or none: then the
/// sites are without alternative at this slack. The gap of an alternative's plan is against the bound of the cheapest plan.
///
/// # Errors
/// Those of [`super::site_plan`]; a count or slack outside its limits.
pub fn site_alternatives(
    case: &SitingCase,
    limits: &AlternativeLimits,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<(SitingPlan, Vec<SiteAlternative>), SitingError> {
    #[expect(clippy::cast_precision_loss, reason = "a count far below 2^52")]
    let count = limits.count as f64;
    for (input, value, low, high, unit) in
        [("alternatives", count, 1.0, 5.0, ""), ("slack_share", limits.slack_share, 0.0, 1.0, "")]
    {
        if !(low..=high).contains(&value) {
            return Err(SitingError::OutOfRange { input: input.to_owned(), value, low, high, unit });
        }
    }
    let instance = Instance::new(case)?;
    let (instance, found) = found_plan(case, instance, &limits.search, keep_going)?;
    let best = SitingPlan::checked(case, &instance, &found)?;
    let most_cost = found.flows.cost + limits.slack_share * found.flows.cost.abs();
    let hop = Hop { instance: &instance, found: &found, most_cost, limits };
    let mut used = vec![0.0; instance.sites.len()];
    let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
    let mut alternatives = Vec::new();
    let mut opening = found.opening.clone();
    for _ in 0..limits.count {
        let sites = hop.sites(&opening);
        sites.iter().filter(|site| !instance.required[**site]).for_each(|site| used[*site] += 1.0);
        seen.insert(sites);
        let next = hop.next(&used, &seen, keep_going)?;
        let Some(next) = next else { break };
        let plan = SitingPlan::checked(case, &instance, &next)?;
        let missing = |of: &SitingPlan, from: &SitingPlan| -> Vec<String> {
            let there: BTreeSet<&str> = from.sites().into_iter().collect();
            of.sites().into_iter().filter(|site| !there.contains(site)).map(str::to_owned).collect()
        };
        let (cheapest, cost) = (best.cost.total_rub_a, plan.cost.total_rub_a);
        let extra_share = if cheapest.abs() > 0.0 { (cost - cheapest) / cheapest.abs() } else { 0.0 };
        let (left_out, instead) = (missing(&best, &plan), missing(&plan, &best));
        alternatives.push(SiteAlternative { left_out, instead, extra_share, plan });
        opening = next.opening;
    }
    Ok((best, alternatives))
}

/// What every hop starts from.
struct Hop<'a> {
    instance: &'a Instance,
    found: &'a Found,
    most_cost: f64,
    limits: &'a AlternativeLimits,
}

impl Hop<'_> {
    fn sites(&self, opening: &[usize]) -> Vec<usize> {
        opening.iter().map(|facility| self.instance.facilities[*facility].site).collect()
    }

    /// The next alternative, with its flows.
    fn next(
        &self,
        used: &[f64],
        seen: &BTreeSet<Vec<usize>>,
        keep_going: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Option<Found>, SitingError> {
        if !keep_going(0.0) {
            return Err(SitingError::Cancelled);
        }
        let among = self.possible();
        let pairs: usize = among.iter().map(|facility| self.instance.reach[self.instance.facilities[*facility].site].len()).sum();
        if pairs <= SMALL {
            let (answer, exact) = self.by_program(used, &among, keep_going)?;
            let new = answer.filter(|found| !seen.contains(&self.sites(&found.opening)));
            // Where the proven optimum is nothing new there is nothing new.
            if new.is_some() || exact {
                return Ok(new);
            }
        }
        self.by_surcharge(used, seen, keep_going)
    }

    /// Facilities that can be part of any plan within the slack.
    fn possible(&self) -> Vec<usize> {
        let instance = self.instance;
        let mut domain = Domain { allowed: vec![true; instance.facilities.len()], must: instance.required.clone() };
        let prices: &Prices = &self.found.prices;
        let mut work = 0.0;
        if let Some(relaxed) = instance.relaxed(&domain, prices, &mut work) {
            // A little above the limit, so that rounding leaves nothing out.
            instance.narrow(&mut domain, &relaxed, self.most_cost + 1e-6 * self.most_cost.abs());
        }
        (0..instance.facilities.len()).filter(|facility| domain.allowed[*facility]).collect()
    }

    /// The answer of the program, and whether it is proven; none where it has none within its limits.
    fn by_program(
        &self,
        used: &[f64],
        among: &[usize],
        keep_going: &mut dyn FnMut(f64) -> bool,
    ) -> Result<(Option<Found>, bool), SitingError> {
        let price: Vec<f64> = self.instance.facilities.iter().map(|facility| used[facility.site]).collect();
        let weight = 0.5 / (self.most_cost - self.found.bound).max(1e-6 * self.most_cost.abs()).max(1e-12);
        let instead = Instead { price: &price, weight, most_cost: self.most_cost };
        let program = SitingProgram::new(self.instance, &Choice::Open { among, instead: Some(instead) });
        let limits = SolveLimits { nodes: 2_000, ..SolveLimits::default() };
        match program.best_opening(&limits, keep_going) {
            Ok((opening, _, gap)) => {
                let found = self.within_slack(&opening, &mut || keep_going(0.0))?.filter(|_| self.instance.allows(&opening));
                Ok((found, gap <= 1e-6))
            }
            Err(ProgramError::Interrupted) => Err(SitingError::Cancelled),
            Err(_) => Ok((None, false)),
        }
    }

    fn within_slack(&self, opening: &[usize], keep_going: &mut dyn FnMut() -> bool) -> Result<Option<Found>, SitingError> {
        let flows = self.instance.best_flows(opening, keep_going)?;
        let within = flows.cost <= self.most_cost + 1e-9 * self.most_cost.abs();
        let heated = self.instance.missing(&flows) <= 1e-7 * self.instance.demand.iter().sum::<f64>();
        let bound = self.found.bound;
        let proven = bound >= flows.cost - self.limits.search.gap.max(1e-9) * flows.cost.abs();
        let found = Found { opening: opening.to_vec(), flows, bound, proven, nodes: 0, prices: self.found.prices.clone() };
        Ok(Some(found).filter(|_| within && heated))
    }

    /// The greatest surcharge on used sites whose plan stays within the slack.
    fn by_surcharge(
        &self,
        used: &[f64],
        seen: &BTreeSet<Vec<usize>>,
        keep_going: &mut dyn FnMut(f64) -> bool,
    ) -> Result<Option<Found>, SitingError> {
        let most = used.iter().copied().fold(1.0, f64::max);
        let mut limits = self.limits.search;
        limits.nodes = limits.nodes.min(50);
        limits.work /= 10.0;
        // Below `low` the plan stays within the slack, at `high` it does not.
        let (mut low, mut high) = (None, 2.0 * self.most_cost.abs() / most);
        let mut surcharge = high;
        let mut best: Option<(f64, Found)> = None;
        for _ in 0..TRIALS {
            let mut dearer = self.instance.clone();
            for facility in &mut dearer.facilities {
                facility.fixed += surcharge * used[facility.site];
            }
            let found = search(&dearer, &limits, keep_going)?;
            let sites = self.sites(&found.opening);
            let reuse: f64 = sites.iter().map(|site| used[*site]).sum();
            match self.within_slack(&found.opening, &mut || keep_going(0.0))? {
                Some(plan) => {
                    let fewer = best.as_ref().is_none_or(|best| (reuse, plan.flows.cost) < (best.0, best.1.flows.cost));
                    if fewer && !seen.contains(&sites) {
                        best = Some((reuse, plan));
                    }
                    if surcharge >= high {
                        break;
                    }
                    low = Some(surcharge);
                }
                None => high = surcharge,
            }
            surcharge = low.map_or(high / 4.0, |low| (low * high).sqrt());
        }
        Ok(best.map(|(_, found)| found))
    }
}
