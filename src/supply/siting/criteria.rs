//! Candidates in order by weighted criteria, with the reasons and with how firm the order is.

use crate::model::ParameterValues;
use rand::RngExt;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;
use serde::Serialize;
use thiserror::Error;

/// What a site is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Cost of fuel at the gate, RUB/MWh.
    DeliveredCost,
    /// Distance to the heat, mean by need, km.
    HeatDistance,
    /// Share of the land round the site under a constraint.
    ConstraintLand,
    /// Distance to a road that trucks can use, km.
    RoadDistance,
    /// Emissions of the chain, t of CO2 equivalent a year.
    Emissions,
    /// Jobs in the plant, harvest and haul.
    Jobs,
}

impl Criterion {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 6] =
        [Self::DeliveredCost, Self::HeatDistance, Self::ConstraintLand, Self::RoadDistance, Self::Emissions, Self::Jobs];

    /// Its unit.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::DeliveredCost => "RUB/MWh",
            Self::HeatDistance | Self::RoadDistance => "km",
            Self::ConstraintLand => "share",
            Self::Emissions => "t CO2e/a",
            Self::Jobs => "jobs",
        }
    }

    /// Whether more of it is better.
    #[must_use]
    pub fn more_is_better(self) -> bool {
        self == Self::Jobs
    }

    fn parameter(self) -> &'static str {
        match self {
            Self::DeliveredCost => "weight_delivered_cost",
            Self::HeatDistance => "weight_heat_distance",
            Self::ConstraintLand => "weight_constraint_land",
            Self::RoadDistance => "weight_road_distance",
            Self::Emissions => "weight_emissions",
            Self::Jobs => "weight_jobs",
        }
    }
}

/// Weight of each criterion, in the order of [`Criterion::ALL`]; they need not add up to one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights(pub [f64; 6]);

impl Weights {
    /// The weights of a request.
    #[must_use]
    pub fn from_numbers(numbers: &ParameterValues) -> Self {
        Self(Criterion::ALL.map(|criterion| numbers.get(criterion.parameter())))
    }
}

/// How far weights may be wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightSpread {
    /// Each weight is drawn evenly within this share round it.
    pub share: f64,
    /// Draws.
    pub draws: usize,
    /// Start of the random numbers.
    pub seed: u64,
}

/// What is known of a site, in the order of [`Criterion::ALL`] and its units.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteCriteria {
    /// The site.
    pub site: String,
    /// Its values; none only where the weight is zero.
    pub values: [Option<f64>; 6],
}

/// One criterion of one site.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CriterionScore {
    /// Which.
    pub criterion: Criterion,
    /// Its value.
    pub value: f64,
    /// The unit of the value.
    pub unit: &'static str,
    /// From 0, the worst of all sites, to 1, the best.
    pub scaled: f64,
    /// Weight, the sum of all being 1.
    pub weight: f64,
    /// What it adds to the score.
    pub contribution: f64,
}

/// What becomes of a rank where weights are a little different.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RankStability {
    /// Share of the draws in which the site comes first.
    pub first_share: f64,
    /// Share of the draws in which it keeps its rank.
    pub kept_share: f64,
    /// Best rank of all draws.
    pub best_rank: usize,
    /// Worst rank of all draws.
    pub worst_rank: usize,
    /// Mean rank.
    pub mean_rank: f64,
}

/// A site with its score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeighedSite {
    /// The site.
    pub site: String,
    /// 1 is the best.
    pub rank: usize,
    /// From 0 to 1.
    pub score: f64,
    /// Why: by criterion.
    pub criteria: Vec<CriterionScore>,
    /// How firm its rank is.
    pub stability: RankStability,
}

/// Sites in order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weighing {
    /// Name of the method.
    pub method: &'static str,
    /// Best first.
    pub sites: Vec<WeighedSite>,
    /// Criteria in which all sites are alike: they decide nothing.
    pub indifferent: Vec<Criterion>,
    /// Share by which weights were drawn apart.
    pub weight_spread_share: f64,
    /// Draws of weights.
    pub weight_draws: usize,
    /// Start of their random numbers.
    pub seed: u64,
}

/// Why there is no order.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum WeighError {
    #[error("there are no sites to weigh")]
    Empty,
    #[error("site {0:?} is there twice")]
    Twice(String),
    #[error("{name} must lie between {low} and {high}; it was {value}")]
    OutOfRange { name: &'static str, value: f64, low: f64, high: f64 },
    #[error("all weights are zero; give at least one criterion a weight")]
    NoWeight,
    #[error("site {site:?} has no number for {criterion:?} ({unit}), which has a weight")]
    Missing { site: String, criterion: Criterion, unit: &'static str },
    #[error("{sites} sites times {draws} draws are more than {most}; draw fewer weights")]
    TooMany { sites: usize, draws: usize, most: usize },
    #[error("the computation was stopped")]
    Cancelled,
}

const METHOD: &str = "simple additive weighting of criteria scaled from their worst to their best value";
const MOST_SCORES: usize = 50_000_000;

/// Puts sites in order by simple additive weighting: each criterion is scaled over the sites, `s = (x - worst) / (best - worst)`,
/// and the score is `Σ w s / Σ w` (Churchman and Ackoff 1954; Hwang and Yoon 1981). A criterion in which all are alike counts 1 for
/// all. How firm the order is: weights are drawn evenly within `±share` of themselves, and the ranks counted.
///
/// The scores depend on which sites are compared: with another worst site every scale is another one.
///
/// Of two sites the first is cheaper (weight 3), the second nearer to the heat (weight 1): 0.75 to 0.25.
///
/// ```
/// use peatplan::supply::siting::*;
/// let site = |id: &str, cost, km| SiteCriteria { site: id.into(), values: [Some(cost), Some(km), None, None, None, None] };
/// let spread = WeightSpread { share: 0.2, draws: 100, seed: 1 };
/// let weights = Weights([3.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
/// let order = weigh_sites(&[site("A", 900.0, 5.0), site("B", 1000.0, 2.0)], &weights, &spread, &mut |_| true).unwrap();
/// assert_eq!((order.sites[0].site.as_str(), order.sites[0].score, order.sites[1].score), ("A", 0.75, 0.25));
/// assert_eq!(order.sites[0].stability.first_share, 1.0);
/// ```
///
/// # Errors
/// [`WeighError`]: no sites, a value that is missing where its criterion has a weight, numbers outside their limits, stopped.
pub fn weigh_sites(
    sites: &[SiteCriteria],
    weights: &Weights,
    spread: &WeightSpread,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<Weighing, WeighError> {
    let mut ordered: Vec<&SiteCriteria> = sites.iter().collect();
    ordered.sort_by(|a, b| a.site.cmp(&b.site));
    if ordered.is_empty() {
        return Err(WeighError::Empty);
    }
    if let Some(twice) = ordered.windows(2).find(|pair| pair[0].site == pair[1].site) {
        return Err(WeighError::Twice(twice[0].site.clone()));
    }
    for (criterion, weight) in Criterion::ALL.iter().zip(weights.0) {
        if !(0.0..=1e6).contains(&weight) {
            return Err(WeighError::OutOfRange { name: criterion.parameter(), value: weight, low: 0.0, high: 1e6 });
        }
    }
    if !(0.0..1.0).contains(&spread.share) {
        return Err(WeighError::OutOfRange { name: "weight_spread", value: spread.share, low: 0.0, high: 0.999 });
    }
    if ordered.len().saturating_mul(spread.draws) > MOST_SCORES {
        return Err(WeighError::TooMany { sites: ordered.len(), draws: spread.draws, most: MOST_SCORES });
    }
    let total: f64 = weights.0.iter().sum();
    if total <= 0.0 {
        return Err(WeighError::NoWeight);
    }
    let used: Vec<usize> = (0..6).filter(|index| weights.0[*index] > 0.0).collect();
    let mut scaled = vec![[0.0; 6]; ordered.len()];
    let mut indifferent = Vec::new();
    for index in &used {
        let values = criterion_values(&ordered, *index)?;
        if !scale(&values, Criterion::ALL[*index].more_is_better(), |site, value| scaled[site][*index] = value) {
            indifferent.push(Criterion::ALL[*index]);
        }
    }
    let score = |weights: &[f64; 6], site: usize| {
        let sum: f64 = weights.iter().sum();
        used.iter().map(|index| weights[*index] / sum * scaled[site][*index]).sum::<f64>()
    };
    let order = ranked(ordered.len(), |site| score(&weights.0, site));
    let rank = ranks(&order);
    let stability = stability(&rank, weights, spread, &score, keep_going)?;
    let weighed = |site: &usize| {
        let site = *site;
        let criteria = used.iter().map(|index| CriterionScore {
            criterion: Criterion::ALL[*index],
            value: ordered[site].values[*index].unwrap_or(0.0),
            unit: Criterion::ALL[*index].unit(),
            scaled: scaled[site][*index],
            weight: weights.0[*index] / total,
            contribution: weights.0[*index] / total * scaled[site][*index],
        });
        WeighedSite {
            site: ordered[site].site.clone(),
            rank: rank[site],
            score: score(&weights.0, site),
            criteria: criteria.collect(),
            stability: stability[site],
        }
    };
    Ok(Weighing {
        method: METHOD,
        sites: order.iter().map(weighed).collect(),
        indifferent,
        weight_spread_share: spread.share,
        weight_draws: spread.draws,
        seed: spread.seed,
    })
}

fn criterion_values(sites: &[&SiteCriteria], index: usize) -> Result<Vec<f64>, WeighError> {
    let criterion = Criterion::ALL[index];
    let value = |site: &&SiteCriteria| {
        let known = site.values[index].filter(|value| value.is_finite());
        known.ok_or_else(|| WeighError::Missing { site: site.site.clone(), criterion, unit: criterion.unit() })
    };
    sites.iter().map(value).collect()
}

/// Scales from worst to best; false where all are alike.
fn scale(values: &[f64], more_is_better: bool, mut keep: impl FnMut(usize, f64)) -> bool {
    let (low, high) =
        values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    // Halved, so that the greatest numbers that there are have a difference too.
    let range = high / 2.0 - low / 2.0;
    for (site, value) in values.iter().enumerate() {
        let share = if range > 0.0 { (value / 2.0 - low / 2.0) / range } else { 1.0 };
        keep(site, if more_is_better || range <= 0.0 { share } else { 1.0 - share });
    }
    range > 0.0
}

/// Sites, best first; equals by their names, which is their order.
fn ranked(count: usize, score: impl Fn(usize) -> f64) -> Vec<usize> {
    let scores: Vec<f64> = (0..count).map(score).collect();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    order
}

fn ranks(order: &[usize]) -> Vec<usize> {
    let mut ranks = vec![0; order.len()];
    for (rank, site) in order.iter().enumerate() {
        ranks[*site] = rank + 1;
    }
    ranks
}

#[expect(clippy::cast_precision_loss, reason = "counts below fifty million")]
fn stability(
    rank: &[usize],
    weights: &Weights,
    spread: &WeightSpread,
    score: &impl Fn(&[f64; 6], usize) -> f64,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<Vec<RankStability>, WeighError> {
    let mut chance = Pcg64::seed_from_u64(spread.seed);
    let count = rank.len();
    let (mut first, mut kept, mut sum) = (vec![0_usize; count], vec![0_usize; count], vec![0_usize; count]);
    let (mut best, mut worst) = (rank.to_vec(), rank.to_vec());
    for draw in 0..spread.draws {
        if !keep_going(draw as f64 / spread.draws as f64) {
            return Err(WeighError::Cancelled);
        }
        let drawn = weights.0.map(|weight| weight * (1.0 + spread.share * (2.0 * chance.random::<f64>() - 1.0)));
        for (site, now) in ranks(&ranked(count, |site| score(&drawn, site))).into_iter().enumerate() {
            first[site] += usize::from(now == 1);
            kept[site] += usize::from(now == rank[site]);
            sum[site] += now;
            best[site] = best[site].min(now);
            worst[site] = worst[site].max(now);
        }
    }
    let share = |part: usize, otherwise: f64| if spread.draws > 0 { part as f64 / spread.draws as f64 } else { otherwise };
    let of = |site: usize| RankStability {
        first_share: share(first[site], f64::from(u8::from(rank[site] == 1))),
        kept_share: share(kept[site], 1.0),
        best_rank: best[site],
        worst_rank: worst[site],
        mean_rank: share(sum[site], rank[site] as f64),
    };
    Ok((0..count).map(of).collect())
}
