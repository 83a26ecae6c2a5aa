//! A study with its numbers checked, its defaults filled in, and everything in the order of ids.

use super::study::{AllocationStudy, AlternativeFuel, FuelPlant, FuelQuality, HarvestSource};
use super::{AllocationError, MOST_FLOWS, MOST_PLACES, MOST_YEARS};
use crate::model::DefaultUsed;
use std::collections::{BTreeMap, BTreeSet};

/// More energy than any study holds; keeps sums finite.
const MOST_MWH: f64 = 1e12;
const MOST_RUB_MWH: f64 = 1e7;

pub(super) struct Case<'a> {
    pub(super) first_year: i32,
    pub(super) years: usize,
    pub(super) discount_rate: f64,
    /// Discount factor by year.
    pub(super) factors: Vec<f64>,
    pub(super) weather: Vec<f64>,
    pub(super) preparation_most_ha_a: Option<f64>,
    pub(super) sources: Vec<CaseSource<'a>>,
    pub(super) plants: Vec<CasePlant<'a>>,
    pub(super) fuels: Vec<&'a AlternativeFuel>,
    pub(super) ways: Vec<CaseWay>,
    pub(super) offers: Vec<CaseOffer>,
    pub(super) rests_on: Vec<DefaultUsed>,
}

pub(super) struct CaseSource<'a> {
    pub(super) source: &'a HarvestSource,
    pub(super) ramp_ha_a: f64,
    pub(super) preparation_rub_ha: f64,
    pub(super) preparation_years: usize,
    pub(super) carry_over_most_mwh: f64,
    pub(super) loss_share: f64,
}

impl CaseSource<'_> {
    /// Whether its area can grow.
    pub(super) fn grows(&self) -> bool {
        self.ramp_ha_a > 0.0 && self.source.largest_ha > self.source.prepared_ha && self.source.yield_mwh_ha > 0.0
    }

    /// By how much the yield of a new hectare grows in each of its first years, as shares of the full one: they sum to one.
    pub(super) fn yield_steps(&self) -> Vec<f64> {
        let shares = self.source.first_yields.iter().copied().chain([1.0]);
        let before = std::iter::once(0.0).chain(self.source.first_yields.iter().copied());
        shares.zip(before).map(|(share, before)| share - before).collect()
    }

    /// By year, the most that a hectare can have given by its end that is prepared in a year: what its seasons give, and no more than
    /// it holds.
    pub(super) fn given_by_new_land(&self, weather: &[f64], prepared_in: usize) -> Vec<f64> {
        let holds_mwh = self.source.reach.as_ref().map_or(f64::INFINITY, |reach| reach.new_mwh_ha);
        let mut shares = self.source.first_yields.iter().copied().chain(std::iter::repeat(1.0));
        let mut given_mwh = 0.0;
        let by_year = |(year, weather): (usize, &f64)| {
            if year >= prepared_in + self.preparation_years {
                given_mwh += self.source.yield_mwh_ha * weather * shares.next().unwrap_or(1.0);
            }
            holds_mwh.min(given_mwh)
        };
        weather.iter().enumerate().map(by_year).collect()
    }

    /// Whether peat can lie over the year's end.
    pub(super) fn carries(&self) -> bool {
        self.carry_over_most_mwh > 0.0 || self.source.carry_over_first_mwh > 0.0
    }
}

pub(super) struct CasePlant<'a> {
    pub(super) plant: &'a FuelPlant,
    pub(super) need_mwh: Vec<f64>,
    /// Price of what is missing; none where nothing may be.
    pub(super) shortage_rub_mwh: Option<f64>,
}

pub(super) struct CaseWay {
    pub(super) source: usize,
    pub(super) plant: usize,
    pub(super) cost_rub_mwh: f64,
    pub(super) most_mwh_a: f64,
}

pub(super) struct CaseOffer {
    pub(super) fuel: usize,
    pub(super) plant: usize,
    pub(super) price_rub_mwh: f64,
    /// By year.
    pub(super) most_mwh: Vec<f64>,
}

impl<'a> Case<'a> {
    /// Fails on what is not allowed.
    pub(super) fn of(study: &'a AllocationStudy) -> Result<Self, AllocationError> {
        check_sizes(study)?;
        within("first_year", f64::from(study.first_year), 1.0, 9_999.0, "calendar year")?;
        within("discount_rate", study.discount_rate, 0.0, 1.0, "share a year")?;
        let years = study.years;
        let weather = match study.weather.len() {
            0 => vec![1.0; years],
            count if count == years => study.weather.clone(),
            count => return Err(AllocationError::WrongLength { name: "weather".into(), years, or: ", or none", count }),
        };
        for factor in &weather {
            within("weather", *factor, 0.0, 5.0, "times the average harvest")?;
        }
        within("preparation_most_ha_a", study.preparation_most_ha_a.unwrap_or(0.0), 0.0, 1e7, "ha/a")?;
        let mut defaults = Defaults { study, used: BTreeSet::new() };
        let sources = sorted(&study.sources, "source", |source| &source.id)?;
        let plants = sorted(&study.plants, "plant", |plant| &plant.id)?;
        let fuels = sorted(&study.alternatives, "alternative fuel", |fuel| &fuel.id)?;
        let place = |ids: Vec<&'a str>| -> BTreeMap<&'a str, usize> { ids.into_iter().zip(0..).collect() };
        let source_places = place(sources.iter().map(|source| source.id.as_str()).collect());
        let plant_places = place(plants.iter().map(|plant| plant.id.as_str()).collect());
        let ways = ways(study, &source_places, &plant_places)?;
        let plants: Vec<CasePlant<'a>> =
            plants.into_iter().map(|plant| case_plant(plant, years, &mut defaults)).collect::<Result<_, _>>()?;
        let offers = offers(&fuels, &plant_places, &plants, &mut defaults)?;
        let mut case = Self {
            first_year: study.first_year,
            years,
            discount_rate: study.discount_rate,
            factors: (1..=years).map(|year| (1.0 + study.discount_rate).powf(-count(year))).collect(),
            weather,
            preparation_most_ha_a: study.preparation_most_ha_a,
            sources: sources.into_iter().map(|source| case_source(source, years, &mut defaults)).collect::<Result<_, _>>()?,
            plants,
            fuels,
            ways,
            offers,
            rests_on: Vec::new(),
        };
        case.check_blends()?;
        let used: Vec<&str> = defaults.used.iter().copied().collect();
        case.rests_on = study.numbers.unsourced_defaults(&used);
        Ok(case)
    }

    pub(super) fn way_quality(&self, way: &CaseWay) -> Option<FuelQuality> {
        self.sources[way.source].source.quality
    }

    pub(super) fn offer_quality(&self, offer: &CaseOffer) -> Option<FuelQuality> {
        self.fuels[offer.fuel].quality
    }

    fn check_blends(&self) -> Result<(), AllocationError> {
        for way in &self.ways {
            let plant = self.plants[way.plant].plant;
            if plant.blend.limits_something() && self.way_quality(way).is_none() {
                let fuel = self.sources[way.source].source.id.clone();
                return Err(AllocationError::NoQuality { plant: plant.id.clone(), fuel });
            }
        }
        Ok(())
    }
}

struct Defaults<'a> {
    study: &'a AllocationStudy,
    used: BTreeSet<&'static str>,
}

impl Defaults<'_> {
    fn fill(&mut self, given: Option<f64>, name: &'static str) -> f64 {
        given.unwrap_or_else(|| {
            self.used.insert(name);
            self.study.numbers.get(name)
        })
    }
}

fn check_sizes(study: &AllocationStudy) -> Result<(), AllocationError> {
    let offers: usize = study.alternatives.iter().map(|fuel| fuel.offers.len()).sum();
    let flows = (study.ways.len().saturating_add(offers)).saturating_mul(study.years);
    let sizes = [
        ("years", study.years, MOST_YEARS),
        ("sources", study.sources.len(), MOST_PLACES),
        ("plants", study.plants.len(), MOST_PLACES),
        ("alternative fuels", study.alternatives.len(), MOST_PLACES),
        ("flows (ways and offers, times years)", flows, MOST_FLOWS),
        ("needs (plants times years)", study.plants.len().saturating_mul(study.years), MOST_FLOWS),
    ];
    match sizes.into_iter().find(|(_, count, most)| count > most) {
        Some((what, count, most)) => Err(AllocationError::TooLarge { what, count, most }),
        None if study.years == 0 => {
            Err(AllocationError::OutOfRange { name: "years".into(), value: 0.0, low: 1.0, high: count(MOST_YEARS), unit: "a" })
        }
        None => Ok(()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of years")]
fn count(number: usize) -> f64 {
    number as f64
}

fn within(name: impl Into<String>, value: f64, low: f64, high: f64, unit: &'static str) -> Result<(), AllocationError> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(AllocationError::OutOfRange { name: name.into(), value, low, high, unit })
}

fn sorted<'a, T>(list: &'a [T], what: &'static str, id: impl Fn(&'a T) -> &'a str) -> Result<Vec<&'a T>, AllocationError> {
    let mut sorted: Vec<&T> = list.iter().collect();
    sorted.sort_by(|a, b| id(a).cmp(id(b)));
    match sorted.windows(2).find(|pair| id(pair[0]) == id(pair[1])) {
        Some(pair) => Err(AllocationError::NamedTwice { what, id: id(pair[0]).to_owned() }),
        None => Ok(sorted),
    }
}

fn ways(
    study: &AllocationStudy,
    sources: &BTreeMap<&str, usize>,
    plants: &BTreeMap<&str, usize>,
) -> Result<Vec<CaseWay>, AllocationError> {
    let mut ways = Vec::with_capacity(study.ways.len());
    for way in &study.ways {
        let name = format!("the way from {:?} to {:?}", way.source, way.plant);
        within(format!("cost_rub_mwh of {name}"), way.cost_rub_mwh, 0.0, MOST_RUB_MWH, "RUB/MWh")?;
        let most_mwh_a = way.most_mwh_a.unwrap_or(MOST_MWH);
        within(format!("most_mwh_a of {name}"), most_mwh_a, 0.0, MOST_MWH, "MWh/a")?;
        let source = found(sources, &way.source, &name, "source")?;
        let plant = found(plants, &way.plant, &name, "plant")?;
        ways.push(CaseWay { source, plant, cost_rub_mwh: way.cost_rub_mwh, most_mwh_a });
    }
    ways.sort_by_key(|way| (way.source, way.plant));
    match ways.windows(2).find(|pair| (pair[0].source, pair[0].plant) == (pair[1].source, pair[1].plant)) {
        Some(pair) => {
            let name = |places: &BTreeMap<&str, usize>, place: usize| {
                places.iter().find(|entry| *entry.1 == place).map_or_else(String::new, |entry| (*entry.0).to_owned())
            };
            let id = format!("{} to {}", name(sources, pair[0].source), name(plants, pair[0].plant));
            Err(AllocationError::NamedTwice { what: "way", id })
        }
        None => Ok(ways),
    }
}

fn offers(
    fuels: &[&AlternativeFuel],
    places: &BTreeMap<&str, usize>,
    plants: &[CasePlant<'_>],
    defaults: &mut Defaults<'_>,
) -> Result<Vec<CaseOffer>, AllocationError> {
    let mut offers = Vec::new();
    for (fuel, stated) in fuels.iter().enumerate() {
        let name = format!("alternative fuel {:?}", stated.id);
        within(format!("most_mwh_a of {name}"), stated.most_mwh_a.unwrap_or(0.0), 0.0, MOST_MWH, "MWh/a")?;
        check_quality(&name, stated.quality)?;
        let mut seen = BTreeSet::new();
        for offer in &stated.offers {
            let name = format!("{name} at plant {:?}", offer.plant);
            let plant = found(places, &offer.plant, &name, "plant")?;
            if !seen.insert(plant) {
                return Err(AllocationError::NamedTwice { what: "alternative fuel at a plant", id: offer.plant.clone() });
            }
            let price_rub_mwh = defaults.fill(offer.price_rub_mwh, "wood_chips_cost_rub_mwh");
            within(format!("price_rub_mwh of {name}"), price_rub_mwh, 0.0, MOST_RUB_MWH, "RUB/MWh")?;
            within(format!("most_mwh_a of {name}"), offer.most_mwh_a.unwrap_or(0.0), 0.0, MOST_MWH, "MWh/a")?;
            let needs = plants[plant].need_mwh.iter();
            let most_mwh = match offer.most_mwh_a {
                Some(most) => vec![most; plants[plant].need_mwh.len()],
                None if offer.unlimited => needs.map(|_| MOST_MWH).collect(),
                None => {
                    let share = defaults.fill(None, "wood_chips_most_share");
                    needs.map(|need| share * need).collect()
                }
            };
            offers.push(CaseOffer { fuel, plant, price_rub_mwh, most_mwh });
        }
    }
    offers.sort_by_key(|offer| (offer.fuel, offer.plant));
    Ok(offers)
}

fn found(places: &BTreeMap<&str, usize>, id: &str, what: &str, kind: &'static str) -> Result<usize, AllocationError> {
    let unknown = || AllocationError::Unknown { what: what.to_owned(), kind, id: id.to_owned() };
    places.get(id).copied().ok_or_else(unknown)
}

fn case_source<'a>(
    source: &'a HarvestSource,
    years: usize,
    defaults: &mut Defaults<'_>,
) -> Result<CaseSource<'a>, AllocationError> {
    let name = |what: &str| format!("{what} of source {:?}", source.id);
    if let Some(reach) = &source.reach {
        if reach.prepared_mwh.len() != years {
            let (name, count) = (name("reach.prepared_mwh"), reach.prepared_mwh.len());
            return Err(AllocationError::WrongLength { name, years, or: "", count });
        }
        for reached in &reach.prepared_mwh {
            within(name("reach.prepared_mwh"), *reached, 0.0, MOST_MWH, "MWh")?;
        }
        within(name("reach.new_mwh_ha"), reach.new_mwh_ha, 0.0, 1e7, "MWh/ha")?;
    }
    within(name("stock_mwh"), source.stock_mwh, 0.0, MOST_MWH, "MWh")?;
    within(name("yield_mwh_ha"), source.yield_mwh_ha, 0.0, 1e5, "MWh/ha")?;
    within(name("prepared_ha"), source.prepared_ha, 0.0, 1e7, "ha")?;
    within(name("largest_ha"), source.largest_ha, source.prepared_ha, 1e7, "ha")?;
    within(name("harvest_cost_rub_mwh"), source.harvest_cost_rub_mwh, 0.0, MOST_RUB_MWH, "RUB/MWh")?;
    let carry_over_most_mwh = source
        .carry_over_most_mwh
        .unwrap_or_else(|| defaults.fill(None, "carry_over_most_share") * source.yield_mwh_ha * source.largest_ha);
    within(name("carry_over_most_mwh"), carry_over_most_mwh, 0.0, MOST_MWH, "MWh")?;
    within(name("carry_over_first_mwh"), source.carry_over_first_mwh, 0.0, MOST_MWH, "MWh")?;
    check_quality(&name("quality"), source.quality)?;
    let mut case = CaseSource {
        source,
        ramp_ha_a: 0.0,
        preparation_rub_ha: 0.0,
        preparation_years: 0,
        carry_over_most_mwh,
        loss_share: 0.0,
    };
    if source.largest_ha > source.prepared_ha {
        case.ramp_ha_a = defaults.fill(source.preparation_ha_a, "preparation_ha_a");
        case.preparation_rub_ha = defaults.fill(source.preparation_cost_rub_ha, "preparation_cost_rub_ha");
        case.preparation_years = source.preparation_years.unwrap_or_else(|| {
            let years = defaults.fill(None, "works_years").round();
            (0..=MOST_YEARS).rev().find(|whole| count(*whole) <= years).unwrap_or(0)
        });
        within(name("preparation_ha_a"), case.ramp_ha_a, 0.0, 1e6, "ha/a")?;
        within(name("preparation_cost_rub_ha"), case.preparation_rub_ha, 0.0, 1e10, "RUB/ha")?;
        within(name("preparation_years"), count(case.preparation_years), 0.0, 100.0, "a")?;
        for share in &source.first_yields {
            within(name("first_yields"), *share, 0.0, 1.0, "share of the full yield")?;
        }
        within(name("permit_years"), count(source.permit_years), 0.0, 100.0, "a")?;
    }
    if case.carries() {
        case.loss_share = defaults.fill(source.carry_over_loss_share, "carry_over_loss_share");
        within(name("carry_over_loss_share"), case.loss_share, 0.0, 1.0, "share")?;
    }
    Ok(case)
}

fn case_plant<'a>(plant: &'a FuelPlant, years: usize, defaults: &mut Defaults<'_>) -> Result<CasePlant<'a>, AllocationError> {
    let name = |what: &str| format!("{what} of plant {:?}", plant.id);
    let need_mwh = match plant.need_mwh.as_slice() {
        [same] => vec![*same; years],
        each if each.len() == years => each.to_vec(),
        each => {
            let count = each.len();
            return Err(AllocationError::WrongLength { name: name("need_mwh"), years, or: ", or one for all", count });
        }
    };
    for need in &need_mwh {
        within(name("need_mwh"), *need, 0.0, MOST_MWH, "MWh/a")?;
    }
    for (what, range) in [("ash", plant.blend.ash), ("moisture", plant.blend.moisture), ("sulphur", plant.blend.sulphur)] {
        within(name(&format!("least {what}")), range.least.unwrap_or(0.0), 0.0, 1.0, "share")?;
        within(name(&format!("most {what}")), range.most.unwrap_or(1.0), range.least.unwrap_or(0.0), 1.0, "share")?;
    }
    let shortage_rub_mwh = (!plant.must_be_met).then(|| defaults.fill(plant.shortage_rub_mwh, "shortage_penalty_rub_mwh"));
    within(name("shortage_rub_mwh"), shortage_rub_mwh.unwrap_or(0.0), 0.0, MOST_RUB_MWH, "RUB/MWh")?;
    Ok(CasePlant { plant, need_mwh, shortage_rub_mwh })
}

fn check_quality(name: &str, quality: Option<FuelQuality>) -> Result<(), AllocationError> {
    let Some(quality) = quality else { return Ok(()) };
    let calorific = quality.net_calorific_value_mwh_t;
    within(format!("net_calorific_value_mwh_t in {name}"), calorific, 0.1, 50.0, "MWh/t")?;
    within(format!("ash_share in {name}"), quality.ash_share, 0.0, 1.0, "share")?;
    within(format!("moisture_share in {name}"), quality.moisture_share, 0.0, 1.0, "share")?;
    within(format!("sulphur_share in {name}"), quality.sulphur_share, 0.0, 1.0, "share")
}
