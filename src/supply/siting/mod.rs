//! Where plants should stand: which sites, of which size, which consumers they heat and which deposits feed them.
//!
//! The way of an answer: places of the haul network → [`candidate_sites`]; sites, sizes, consumers, deposits and what lies
//! between them are a [`SitingCase`] → [`site_plan`] finds the cheapest [`SitingPlan`] with a proven bound →
//! [`site_alternatives`] finds other sets of sites that cost hardly more. Beside it [`weigh_sites`] puts candidates in order by
//! weighted criteria. This room knows neither maps nor files: distances and costs are given to it.

mod alternatives;
mod assignment;
mod bound;
mod candidates;
mod case;
mod criteria;
mod instance;
mod interchange;
mod plan;
mod program;
mod rates;
mod search;
#[cfg(test)]
mod tests;

pub use alternatives::{AlternativeLimits, SiteAlternative, site_alternatives};
pub use candidates::{Candidate, CandidateError, CandidateRules, HeatPlace, candidate_sites};
pub use case::{
    FuelDeposit, FuelLink, HeatConsumer, HeatLink, MOST_PLACES, PlantLimits, Site, SiteStatus, SitingCase, SitingError, SizeClass,
};
pub use criteria::{
    Criterion, CriterionScore, RankStability, SiteCriteria, WeighError, WeighedSite, Weighing, WeightSpread, Weights, weigh_sites,
};
pub use plan::{AnnualCost, FuelFlow, HeatFlow, OpenPlant, OtherHeat, SitingPlan};
pub use rates::{PipeRates, SizeRates, heat_links, size_classes};
pub use search::{SearchLimits, site_plan};
