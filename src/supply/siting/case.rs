//! What a choice of sites is made from, checked once.

use serde::Serialize;
use std::collections::BTreeSet;
use thiserror::Error;

/// Most sites, consumers and deposits of a case, each.
pub const MOST_PLACES: usize = 10_000;
/// Most pairs of site and consumer, and of site and deposit, that may be linked.
pub const MOST_LINKS: usize = 2_000_000;
/// Most size classes.
pub const MOST_SIZES: usize = 20;

/// Whether a plant may, must or must not stand at a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteStatus {
    /// The plan decides.
    #[default]
    Optional,
    /// A plant stands there in every plan.
    Required,
    /// No plant stands there.
    Forbidden,
}

/// A place where a plant could stand.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Site {
    /// Its name, unique among sites.
    pub id: String,
    /// May, must or must not.
    pub status: SiteStatus,
    /// Cost of the place itself: land, road, grid connection, RUB a year.
    pub site_rub_a: f64,
    /// The sizes that fit there, by id; empty: every size.
    pub sizes: Vec<String>,
}

/// A size in which plants can be built.
#[derive(Debug, Clone, PartialEq)]
pub struct SizeClass {
    /// Its name, unique among sizes.
    pub id: String,
    /// Heat it can send out, MWh a year.
    pub heat_capacity_mwh_a: f64,
    /// Investment, RUB.
    pub investment_rub: f64,
    /// Years over which it is paid back.
    pub life_a: f64,
    /// Fixed operation and maintenance, RUB a year.
    pub fixed_rub_a: f64,
    /// Variable operation and maintenance, RUB for a MWh of heat sent out.
    pub variable_rub_mwh: f64,
    /// Heat sent out over fuel by net calorific value.
    pub heat_efficiency: f64,
    /// Electricity over heat sent out, both net; 0 for a boiler house.
    pub power_to_heat: f64,
}

/// Somebody who needs heat.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatConsumer {
    /// Its name, unique among consumers.
    pub id: String,
    /// Heat needed, MWh a year.
    pub heat_mwh_a: f64,
    /// What heat costs it without a new plant (its own boiler), RUB/MWh; none: plants must heat it.
    pub other_heat_rub_mwh: Option<f64>,
}

/// A deposit, or another source of fuel.
#[derive(Debug, Clone, PartialEq)]
pub struct FuelDeposit {
    /// Its name, unique among deposits.
    pub id: String,
    /// Fuel it can give, MWh a year by net calorific value.
    pub fuel_mwh_a: f64,
}

/// A site can heat a consumer.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatLink {
    /// The site.
    pub site: String,
    /// The consumer.
    pub consumer: String,
    /// Pipe and pumping, RUB for a MWh delivered.
    pub pipe_rub_mwh: f64,
    /// Share of the heat sent out that is lost on the way.
    pub loss_share: f64,
    /// Length of the pipe, km.
    pub distance_km: f64,
}

/// A deposit can feed a site.
#[derive(Debug, Clone, PartialEq)]
pub struct FuelLink {
    /// The deposit.
    pub deposit: String,
    /// The site.
    pub site: String,
    /// Cost at the gate: harvest, handling and haul, RUB for a MWh of fuel.
    pub delivered_rub_mwh: f64,
}

/// How many plants, and how much money.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PlantLimits {
    /// At least so many plants.
    pub fewest: usize,
    /// At most so many plants; none: as many as pay.
    pub most: Option<usize>,
    /// Investment of all plants together at most, RUB.
    pub budget_rub: Option<f64>,
}

/// All that a choice of sites is made from. Where `deposits` is empty, fuel is not modelled: its cost then belongs into the
/// variable cost of the sizes.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "the types say it")]
pub struct SitingCase {
    pub sites: Vec<Site>,
    pub sizes: Vec<SizeClass>,
    pub consumers: Vec<HeatConsumer>,
    pub deposits: Vec<FuelDeposit>,
    pub heat_links: Vec<HeatLink>,
    pub fuel_links: Vec<FuelLink>,
    pub limits: PlantLimits,
    /// Interest a year for the annuity of the investment.
    pub discount_rate: f64,
    /// What electricity sent out earns, RUB/MWh.
    pub power_price_rub_mwh: f64,
}

/// Why there is no plan.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SitingError {
    #[error("there are no {what}; give at least one")]
    Empty { what: &'static str },
    #[error("{count} {what} are more than {most}; thin them out or join neighbours")]
    TooMany { what: &'static str, count: usize, most: usize },
    #[error("{what} {id:?} is there twice; ids must differ")]
    Twice { what: &'static str, id: String },
    #[error("there is no {what} {id:?}, which {user} names")]
    Unknown { what: &'static str, id: String, user: String },
    #[error("{input} must lie between {low} and {high} {unit}; it was {value}")]
    OutOfRange { input: String, value: f64, low: f64, high: f64, unit: &'static str },
    #[error(
        "heat_efficiency and power_to_heat of size {size:?} give more than the fuel holds: heat_efficiency * (1 + power_to_heat) must be at \
         most {most}; with {heat_efficiency} and {power_to_heat} it was {total:.3}"
    )]
    TooEfficient { size: String, heat_efficiency: f64, power_to_heat: f64, total: f64, most: f64 },
    #[error("at least {fewest} plants are asked for, and at most {most}")]
    FewestAboveMost { fewest: usize, most: usize },
    #[error("at least {fewest} plants are asked for, but only {sites} sites can have one")]
    TooFewSites { fewest: usize, sites: usize },
    #[error("{required} sites are required, but at most {most} plants are allowed")]
    TooManyRequired { required: usize, most: usize },
    #[error(
        "the required sites, or the fewest plants asked for, need an investment of {needed_rub} RUB or more; budget_rub is {budget_rub} RUB"
    )]
    BudgetTooSmall { needed_rub: f64, budget_rub: f64 },
    #[error(
        "no permitted site can heat the consumers {consumers:?}; raise the greatest pipe distance, add sites, or give them other heat"
    )]
    NotReached { consumers: Vec<String> },
    #[error(
        "the plants cannot heat all who must be heated: {missing_mwh_a} MWh a year are missing at the least, in the best case found at \
         {consumers:?}; allow more plants, larger sizes, a larger budget or more fuel, or give those consumers other heat"
    )]
    Short { missing_mwh_a: f64, consumers: Vec<String> },
    #[error("the answer failed its own check: {0}")]
    Unproven(String),
    #[error("the search was stopped")]
    Cancelled,
}

const MOST_MONEY: f64 = 1e15;
const MOST_ENERGY: f64 = 1e12;
/// Heat and electricity over fuel by net calorific value: where flue gas condenses a little more than one.
const MOST_EFFICIENCY: f64 = 1.2;

impl SitingCase {
    /// Checks every number and every name.
    pub(super) fn check(&self) -> Result<(), SitingError> {
        let counts = [
            ("sites", self.sites.len(), MOST_PLACES, true),
            ("size classes", self.sizes.len(), MOST_SIZES, true),
            ("consumers", self.consumers.len(), MOST_PLACES, true),
            ("deposits", self.deposits.len(), MOST_PLACES, false),
            ("pairs of site and consumer", self.heat_links.len(), MOST_LINKS, false),
            ("pairs of deposit and site", self.fuel_links.len(), MOST_LINKS, false),
        ];
        for (what, count, most, needed) in counts {
            if count == 0 && needed {
                return Err(SitingError::Empty { what });
            }
            if count > most {
                return Err(SitingError::TooMany { what, count, most });
            }
        }
        within("discount_rate", self.discount_rate, 0.0, 1.0, "a year")?;
        within("power_price_rub_mwh", self.power_price_rub_mwh, 0.0, 1e9, "RUB/MWh")?;
        if let Some(budget) = self.limits.budget_rub {
            within("budget_rub", budget, 0.0, MOST_MONEY, "RUB")?;
        }
        if let Some(most) = self.limits.most.filter(|most| *most < self.limits.fewest) {
            return Err(SitingError::FewestAboveMost { fewest: self.limits.fewest, most });
        }
        let size_ids = self.check_sizes()?;
        let sites = self.check_sites(&size_ids)?;
        let consumers = self.check_consumers()?;
        let deposits = unique("deposit", self.deposits.iter().map(|deposit| &deposit.id))?;
        for deposit in &self.deposits {
            within(&format!("fuel_mwh_a of deposit {:?}", deposit.id), deposit.fuel_mwh_a, 0.0, MOST_ENERGY, "MWh a year")?;
        }
        let mut pairs = BTreeSet::new();
        for link in &self.heat_links {
            let user = format!("the pair of site {:?} and consumer {:?}", link.site, link.consumer);
            known("site", &link.site, &sites, &user)?;
            known("consumer", &link.consumer, &consumers, &user)?;
            within(&format!("pipe_rub_mwh of {user}"), link.pipe_rub_mwh, 0.0, 1e9, "RUB/MWh")?;
            within(&format!("loss_share of {user}"), link.loss_share, 0.0, 0.95, "")?;
            within(&format!("distance_km of {user}"), link.distance_km, 0.0, 1e5, "km")?;
            if !pairs.insert((&link.site, &link.consumer)) {
                return Err(SitingError::Twice { what: "the pair", id: format!("{}, {}", link.site, link.consumer) });
            }
        }
        pairs.clear();
        for link in &self.fuel_links {
            let user = format!("the pair of deposit {:?} and site {:?}", link.deposit, link.site);
            known("deposit", &link.deposit, &deposits, &user)?;
            known("site", &link.site, &sites, &user)?;
            within(&format!("delivered_rub_mwh of {user}"), link.delivered_rub_mwh, 0.0, 1e9, "RUB/MWh")?;
            if !pairs.insert((&link.deposit, &link.site)) {
                return Err(SitingError::Twice { what: "the pair", id: format!("{}, {}", link.deposit, link.site) });
            }
        }
        Ok(())
    }

    fn check_sizes(&self) -> Result<BTreeSet<&String>, SitingError> {
        for size in &self.sizes {
            let name = |input: &str| format!("{input} of size {:?}", size.id);
            within(&name("heat_capacity_mwh_a"), size.heat_capacity_mwh_a, 0.0, MOST_ENERGY, "MWh a year")?;
            within(&name("investment_rub"), size.investment_rub, 0.0, MOST_MONEY, "RUB")?;
            within(&name("life_a"), size.life_a, 1.0, 200.0, "years")?;
            within(&name("fixed_rub_a"), size.fixed_rub_a, 0.0, MOST_MONEY, "RUB a year")?;
            within(&name("variable_rub_mwh"), size.variable_rub_mwh, 0.0, 1e9, "RUB/MWh")?;
            within(&name("heat_efficiency"), size.heat_efficiency, 0.05, MOST_EFFICIENCY, "")?;
            within(&name("power_to_heat"), size.power_to_heat, 0.0, 5.0, "")?;
            size.check_efficiency()?;
        }
        unique("size", self.sizes.iter().map(|size| &size.id))
    }

    fn check_sites(&self, sizes: &BTreeSet<&String>) -> Result<BTreeSet<&String>, SitingError> {
        for site in &self.sites {
            within(&format!("site_rub_a of site {:?}", site.id), site.site_rub_a, 0.0, MOST_MONEY, "RUB a year")?;
            for size in &site.sizes {
                known("size", size, sizes, &format!("site {:?}", site.id))?;
            }
        }
        unique("site", self.sites.iter().map(|site| &site.id))
    }

    fn check_consumers(&self) -> Result<BTreeSet<&String>, SitingError> {
        for consumer in &self.consumers {
            let name = |input: &str| format!("{input} of consumer {:?}", consumer.id);
            within(&name("heat_mwh_a"), consumer.heat_mwh_a, 0.0, MOST_ENERGY, "MWh a year")?;
            if let Some(cost) = consumer.other_heat_rub_mwh {
                within(&name("other_heat_rub_mwh"), cost, 0.0, 1e9, "RUB/MWh")?;
            }
        }
        unique("consumer", self.consumers.iter().map(|consumer| &consumer.id))
    }
}

impl SizeClass {
    /// Each of the two can be right where both together are not.
    fn check_efficiency(&self) -> Result<(), SitingError> {
        let Self { heat_efficiency, power_to_heat, .. } = *self;
        let total = heat_efficiency * (1.0 + power_to_heat);
        // Rounding must not refuse a pair that makes just the most.
        if total <= MOST_EFFICIENCY * (1.0 + 1e-9) {
            return Ok(());
        }
        Err(SitingError::TooEfficient { size: self.id.clone(), heat_efficiency, power_to_heat, total, most: MOST_EFFICIENCY })
    }
}

fn within(input: &str, value: f64, low: f64, high: f64, unit: &'static str) -> Result<(), SitingError> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(SitingError::OutOfRange { input: input.to_owned(), value, low, high, unit })
}

fn unique<'a>(what: &'static str, ids: impl Iterator<Item = &'a String>) -> Result<BTreeSet<&'a String>, SitingError> {
    let mut known = BTreeSet::new();
    for id in ids {
        if !known.insert(id) {
            return Err(SitingError::Twice { what, id: id.clone() });
        }
    }
    Ok(known)
}

fn known(what: &'static str, id: &String, ids: &BTreeSet<&String>, user: &str) -> Result<(), SitingError> {
    if ids.contains(id) {
        return Ok(());
    }
    Err(SitingError::Unknown { what, id: id.clone(), user: user.to_owned() })
}
