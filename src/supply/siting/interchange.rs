//! Good plans soon: what stands is improved by adding, leaving out and changing one plant at a time.
//!
//! Without limits on capacity and fuel a change is priced by each consumer's first and second choice: greedy addition, then the
//! vertex substitution of Teitz and Bart (1968) by the fast interchange of Whitaker (1983). With limits every change is priced by
//! the flows that it would have.

use super::assignment::Opening;
use super::case::SitingError;
use super::instance::Instance;

/// First and second choice of each consumer among what stands.
struct Choices {
    first: Vec<(f64, Option<usize>)>,
    second: Vec<f64>,
}

/// What a change would do.
#[derive(Clone, Copy)]
struct Change {
    gain: f64,
    out: Option<usize>,
}

/// The search without limits on capacity and fuel.
struct Interchange<'a> {
    instance: &'a Instance,
    unit: Vec<f64>,
    stands: Vec<bool>,
    opening: Opening,
    choices: Choices,
    /// By facility, what would be lost without it.
    loss: Vec<f64>,
    invested: f64,
    /// Cost of what stands, and the size of the numbers it is made of.
    total: f64,
    size: f64,
    /// Greatest cost of a second choice: what is dearer changes nothing.
    greatest: f64,
}

impl<'a> Interchange<'a> {
    fn new(instance: &'a Instance) -> Self {
        let unit = (0..instance.facilities.len()).map(|facility| instance.least_unit(facility)).collect();
        let stands = vec![false; instance.facilities.len()];
        let choices = Choices { first: Vec::new(), second: Vec::new() };
        let loss = vec![0.0; instance.facilities.len()];
        let mut new = Self {
            instance,
            unit,
            stands,
            opening: Vec::new(),
            choices,
            loss,
            invested: 0.0,
            total: 0.0,
            size: 0.0,
            greatest: 0.0,
        };
        new.look_again();
        new
    }

    fn cost(&self, facility: usize, place: usize) -> f64 {
        let reach = self.instance.reach[self.instance.facilities[facility].site][place];
        reach.pipe + reach.sent * self.unit[facility]
    }

    fn look_again(&mut self) {
        let instance = self.instance;
        self.choices.first = instance.other.iter().map(|cost| (*cost, None)).collect();
        self.choices.second.clone_from(&instance.other);
        for facility in &self.opening {
            if instance.facilities[*facility].capacity <= 0.0 {
                continue;
            }
            for (place, reach) in instance.reach[instance.facilities[*facility].site].iter().enumerate() {
                let cost = self.cost(*facility, place);
                let first = &mut self.choices.first[reach.consumer];
                if cost < first.0 {
                    self.choices.second[reach.consumer] = first.0;
                    *first = (cost, Some(*facility));
                } else if cost < self.choices.second[reach.consumer] {
                    self.choices.second[reach.consumer] = cost;
                }
            }
        }
        self.greatest = self.choices.second.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        self.invested = self.opening.iter().map(|facility| instance.facilities[*facility].investment).sum();
        let fixed = instance.fixed_cost(&self.opening);
        let choices = || self.choices.first.iter().zip(&self.choices.second).zip(&instance.demand);
        self.total = fixed + choices().map(|((first, _), need)| first.0 * need).sum::<f64>();
        self.size = fixed + choices().map(|((first, second), need)| (first.0.abs() + second.abs()) * need).sum::<f64>();
        self.loss.iter_mut().for_each(|loss| *loss = 0.0);
        for (consumer, (cost, first)) in self.choices.first.iter().enumerate() {
            if let Some(first) = first {
                self.loss[*first] += (self.choices.second[consumer] - cost) * instance.demand[consumer];
            }
        }
    }

    /// The best way to bring a facility in: alone, or for another one.
    fn bring_in(&self, facility: usize, correction: &mut [f64]) -> Option<Change> {
        let instance = self.instance;
        let plant = &instance.facilities[facility];
        let mut gain = -plant.fixed;
        if plant.capacity > 0.0 {
            let least = instance.least_delivered(plant.site, self.unit[facility]);
            for (place, reach) in instance.reach[plant.site].iter().enumerate() {
                if reach.pipe + least >= self.greatest {
                    break;
                }
                let (first, of) = self.choices.first[reach.consumer];
                let cost = self.cost(facility, place);
                let second = self.choices.second[reach.consumer];
                let need = instance.demand[reach.consumer];
                if cost < first {
                    gain += (first - cost) * need;
                    // Without its first choice the consumer would lose the way back only, not the way to its second.
                    if let Some(of) = of {
                        correction[of] += (second - first) * need;
                    }
                } else if let Some(of) = of.filter(|_| cost < second) {
                    correction[of] += (second - cost) * need;
                }
            }
        }
        let here = self.opening.iter().copied().find(|other| instance.facilities[*other].site == plant.site);
        let fits =
            |out: f64| instance.budget.is_none_or(|budget| self.invested - out + plant.investment <= budget * (1.0 + 1e-12));
        let mut best: Option<Change> = None;
        let mut consider = |change: Change| {
            if best.is_none_or(|best| change.gain > best.gain) {
                best = Some(change);
            }
        };
        if here.is_none() && self.opening.len() < instance.most && fits(0.0) {
            consider(Change { gain, out: None });
        }
        for out in self.opening.iter().copied() {
            let leaving = &instance.facilities[out];
            let forced = instance.required[leaving.site] && leaving.site != plant.site;
            if here.is_some_and(|here| here != out) || forced || !fits(leaving.investment) {
                continue;
            }
            consider(Change { gain: gain + leaving.fixed - self.loss[out] + correction[out], out: Some(out) });
        }
        for out in &self.opening {
            correction[*out] = 0.0;
        }
        best
    }

    fn apply(&mut self, facility: Option<usize>, out: Option<usize>) {
        if let Some(out) = out {
            self.stands[out] = false;
            self.opening.retain(|other| *other != out);
        }
        if let Some(facility) = facility {
            self.stands[facility] = true;
            let at = self.opening.partition_point(|other| *other < facility);
            self.opening.insert(at, facility);
        }
        self.look_again();
    }
}

/// What stands in a good plan where capacity and fuel have no limit.
pub(super) fn without_limits(instance: &Instance, keep_going: &mut dyn FnMut() -> bool) -> Result<Opening, SitingError> {
    let mut search = Interchange::new(instance);
    let mut correction = vec![0.0; instance.facilities.len()];
    // Required sites first, then whatever gains most.
    loop {
        let missing = (0..instance.sites.len()).find(|site| {
            instance.required[*site] && !search.opening.iter().any(|other| instance.facilities[*other].site == *site)
        });
        let few = search.opening.len() < instance.fewest;
        let candidates: Vec<usize> = match missing {
            Some(site) => instance.of_site[site].clone().collect(),
            None => (0..instance.facilities.len()).filter(|facility| !search.stands[*facility]).collect(),
        };
        let mut best: Option<(f64, usize)> = None;
        for facility in candidates {
            if !keep_going() {
                return Err(SitingError::Cancelled);
            }
            let alone = search.bring_in(facility, &mut correction).filter(|change| change.out.is_none());
            if let Some(change) = alone.filter(|change| best.is_none_or(|best| change.gain > best.0)) {
                best = Some((change.gain, facility));
            }
        }
        let Some((_, facility)) = best.filter(|best| missing.is_some() || few || best.0 > 0.0) else { break };
        search.apply(Some(facility), None);
    }
    // A change is taken as soon as it gains; the search ends after a whole round without one.
    let all = instance.facilities.len();
    let (mut since, mut facility) = (0, 0);
    while since < all {
        if !keep_going() {
            return Err(SitingError::Cancelled);
        }
        since += 1;
        let droppable = search.opening.len() > instance.fewest && !instance.required[instance.facilities[facility].site];
        let change = if !search.stands[facility] {
            search.bring_in(facility, &mut correction).map(|change| (change.gain, Some(facility), change.out))
        } else if droppable {
            Some((instance.facilities[facility].fixed - search.loss[facility], None, Some(facility)))
        } else {
            None
        };
        if let Some((gain, coming, leaving)) = change
            && gain > 1e-10 * search.size
        {
            let before = (search.total, search.size);
            search.apply(coming, leaving);
            debug_assert!((before.0 - search.total - gain).abs() <= 1e-9 * before.1.max(search.size), "{gain} {before:?}");
            since = 0;
        }
        facility = (facility + 1) % all.max(1);
    }
    Ok(search.opening)
}

/// Improves what stands where limits bind: each change among `shortlist` is priced by the flows by regret. `work` falls with every
/// price and ends the search at nothing.
pub(super) fn within_limits(
    instance: &Instance,
    start: &[usize],
    shortlist: &[usize],
    work: &mut f64,
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<Opening, SitingError> {
    let mut opening = start.to_vec();
    let price = |opening: &Opening| instance.by_regret(opening).0.cost;
    let mut cost = if instance.allows(&opening) { price(&opening) } else { f64::INFINITY };
    loop {
        let mut best: Option<(f64, Opening)> = None;
        for change in changes(instance, &opening, shortlist) {
            if !keep_going() {
                return Err(SitingError::Cancelled);
            }
            if *work <= 0.0 {
                break;
            }
            if !instance.allows(&change) {
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "a count of work, not a result")]
            let looked_at =
                change.iter().map(|facility| instance.reach[instance.facilities[*facility].site].len()).sum::<usize>() as f64;
            *work -= 20.0 + 4.0 * looked_at;
            let changed = price(&change);
            if best.as_ref().is_none_or(|best| changed < best.0) {
                best = Some((changed, change));
            }
        }
        match best {
            Some((changed, change)) if changed < cost - 1e-10 * cost.abs() || cost.is_infinite() => {
                (cost, opening) = (changed, change);
            }
            _ => return Ok(opening),
        }
    }
}

/// Every way to add, leave out or change one.
fn changes(instance: &Instance, opening: &Opening, shortlist: &[usize]) -> Vec<Opening> {
    let mut all = Vec::new();
    for out in opening {
        let mut without = opening.clone();
        without.retain(|other| other != out);
        all.push(without);
    }
    for facility in shortlist.iter().filter(|facility| !opening.contains(facility)) {
        let site = instance.facilities[*facility].site;
        let insert = |rest: &mut Opening| rest.insert(rest.partition_point(|other| other < facility), *facility);
        let here = opening.iter().find(|other| instance.facilities[**other].site == site);
        if here.is_none() {
            let mut more = opening.clone();
            insert(&mut more);
            all.push(more);
        }
        for out in opening.iter().filter(|out| here.is_none_or(|here| here == *out)) {
            let mut swapped = opening.clone();
            swapped.retain(|other| other != out);
            insert(&mut swapped);
            all.push(swapped);
        }
    }
    all
}
