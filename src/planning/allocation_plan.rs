//! The peat of the project's fields, allocated to its plants over years at the least discounted cost.

use super::allocation_answer::AllocationPlan;
use super::allocation_parties::{Giver, Taker, givers, keys};
use super::allocation_reading::{allocated_plant, allocated_source, flows, other_fuels, totals};
use super::allocation_request::{AllocationRequest, SourceKind};
use super::field_stocks::FieldEntry;
use super::inputs_hash::InputsHash;
use super::plant_supply::FARTHEST_PLANT_KM;
use super::{CURRENCY, PRICE_YEAR, PlanningError, SOFTWARE_VERSION, Workbench};
use crate::crs::{Crs, Reprojection};
use crate::geostat::{Progress, Stretch};
use crate::model::{DefaultUsed, InputError, Plant};
use crate::reserves::Warning;
use crate::supply::allocation::{
    Allocation, AllocationError, AllocationStudy, AlternativeFuel, AlternativeOffer, DeliveryWay, FuelPlant, HarvestSource,
    MOST_FLOWS, MOST_PLACES, allocation,
};
use crate::supply::{FieldSource, Haul, HaulOrigin, Place, PreparationRules, fuel_need, hauls_to, supply_defaults};
use crate::units::{Hectares, Share, TonnesPerHectare};
use std::collections::{BTreeMap, BTreeSet};

/// With more fields than this their deposits stand as sources, where the request does not say.
const MOST_FIELDS_ALONE: usize = 60;

impl Workbench {
    /// Who burns whose peat, and when, at the least discounted cost: see [`allocation`].
    ///
    /// Sources are the fields that count in a plant's supply, or their deposits: stock, net area × seasonal yield less the loss in
    /// storage, haul along the network. Prepared fields and those in production are harvested from the first year on; the plan
    /// decides itself which undeveloped ones are prepared and when, behind the years of permits and works, with crews for so many
    /// hectares a year over all; their first seasons give less. A plant's need is that of its supply, the same each
    /// year; wood chips and the backup fuel take the place of peat.
    ///
    /// # Errors
    /// [`PlanningError`]: no such plant, a plant without a size, a number outside its limits, needs that cannot be met.
    pub fn allocation_plan(&self, request: &AllocationRequest, progress: &dyn Progress) -> Result<AllocationPlan, PlanningError> {
        request.check()?;
        let mut warnings = self.field_stocks().warnings.clone();
        let takers = self.takers(request, &mut warnings)?;
        let share = Share::new(request.supply.reserve_numbers.get("net_area_share")).unwrap_or(Share::ONE);
        let counted: Vec<&FieldEntry> = self
            .field_stocks()
            .fields
            .iter()
            .filter(|field| field.stock.counts(request.supply.include_undeveloped) && field.stock.stock(share).0 > 0.0)
            .filter(|field| field.stock.calorific_value.0 > 0.0)
            .collect();
        if counted.is_empty() {
            let text =
                "no field is prepared or in production; import fields, or count undeveloped ones with include_undeveloped=true";
            warnings.push(Warning::new("no_fields", text));
        }
        let alone = if counted.len() > MOST_FIELDS_ALONE { SourceKind::Deposit } else { SourceKind::Field };
        let by = request.by.unwrap_or(alone);
        let givers = givers(&counted, by, share, request);
        if counted.len() > givers.len() {
            let text = format!(
                "{} fields of {} deposits are counted together: hauls are their means, and peat that a field could not give in its own \
                 seasons counts as its deposit's; by=field takes them one by one",
                counted.len(),
                givers.len()
            );
            warnings.push(Warning::new("fields_together", text));
        }
        check_sizes(request, &takers, &givers)?;
        let hauls = self.hauls(request, &takers, &counted, &Stretch::new(progress, 0, 10))?;
        let study = study(request, &takers, &givers, &hauls, share);
        for taker in &takers {
            if !givers.is_empty() && !study.ways.iter().any(|way| way.plant == taker.key) {
                let text = format!(
                    "plant {} lies more than {FARTHEST_PLANT_KM} km from every field; no peat is hauled there",
                    taker.key
                );
                warnings.push(Warning::new("far_plant", text));
            }
        }
        let solving = Stretch::new(progress, 10, 100);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "thousandths of a share")]
        let mut keep_going = |done: f64| solving.go_on((1_000.0 * done.clamp(0.0, 1.0)) as usize, 1_000);
        let solved = allocation(&study, &mut keep_going)?;
        let synthetic = takers.iter().any(|taker| taker.plant.synthetic) || counted.iter().any(|field| field.labels.synthetic);
        if synthetic {
            warnings.push(Warning::new("synthetic", "the data are invented for demonstration"));
        }
        let short =
            solved.plants.iter().filter_map(|plant| Some((plant.first_short_year?, plant.plant.as_str()))).collect::<Vec<_>>();
        if !short.is_empty() {
            let told: Vec<String> = short.iter().map(|(year, plant)| format!("{plant} from year {year}")).collect();
            warnings.push(Warning::new("unmet_need", format!("fuel is missing at {}", told.join(", "))));
        }
        Ok(AllocationPlan {
            years: years(request),
            by,
            plants: takers.iter().filter_map(|taker| allocated_plant(taker, &solved)).collect(),
            sources: givers.iter().filter_map(|giver| allocated_source(giver, by, &study, &solved)).collect(),
            flows: flows(request, by, (&takers, &givers), &hauls, &solved, share),
            alternatives: other_fuels(request, &takers, &solved),
            totals: totals(&givers, &solved),
            cost: solved.cost.clone(),
            duality_gap: solved.duality_gap,
            parameters: parameters(request, by, &takers),
            rests_on: self.allocation_rests_on(request, &counted, &hauls, &solved),
            warnings,
            currency: CURRENCY,
            price_year: PRICE_YEAR,
            synthetic,
            inputs_hash: self.allocation_hash(&takers, request),
            software_version: SOFTWARE_VERSION,
        })
    }

    /// The plants that are named, or all that have a size.
    fn takers(&self, request: &AllocationRequest, warnings: &mut Vec<Warning>) -> Result<Vec<Taker>, PlanningError> {
        let nouns = &self.catalogue.nouns;
        let count = if request.plants.is_empty() { nouns.plants.len() } else { request.plants.len() };
        if count > MOST_PLACES {
            let detail =
                format!("plants: an allocation takes at most {MOST_PLACES} plants, there are {count}; name those that matter");
            return Err(InputError { parameter: "plants".into(), detail }.into());
        }
        let mut chosen: Vec<usize> = Vec::new();
        for name in &request.plants {
            let known = || nouns.plants.iter().filter_map(|plant| plant.name.clone()).collect();
            let missing = || {
                let detail = PlanningError::NoPlant { name: name.clone(), known: known() }.to_string();
                InputError { parameter: "plants".into(), detail }
            };
            let place = super::meant("plants", nouns.plant_meant(name))?.ok_or_else(missing)?;
            if chosen.contains(&place) {
                let detail = format!("plants: {name:?} is named twice");
                return Err(InputError { parameter: "plants".into(), detail }.into());
            }
            chosen.push(place);
        }
        let named = !chosen.is_empty();
        if !named {
            chosen = (0..nouns.plants.len()).collect();
        }
        let way = Reprojection::new(&Crs::crs84(), &self.catalogue.project.working_crs)?;
        let mut takers = Vec::with_capacity(chosen.len());
        let plants: Vec<&Plant> = chosen.iter().map(|place| &nouns.plants[*place]).collect();
        let name = |plant: &Plant| plant.name.clone().or_else(|| plant.code.clone()).unwrap_or_default();
        let keys = keys(plants.iter().map(|plant| (name(plant), plant.id.unwrap_or_default())));
        for (plant, key) in plants.into_iter().zip(keys) {
            let need = match fuel_need(plant, &request.supply.numbers) {
                Ok(need) => need,
                Err(error) if named => {
                    let detail = format!("plants: {key}: {error}");
                    return Err(InputError { parameter: "plants".into(), detail }.into());
                }
                Err(error) => {
                    warnings.push(Warning::new("plant_left_out", format!("plant {key} is left out: {error}")));
                    continue;
                }
            };
            let (longitude, latitude) = (plant.position_crs84.x(), plant.position_crs84.y());
            let (x, y) = way.point(longitude, latitude)?;
            let gate = Place { working: [x, y], crs84: [longitude, latitude] };
            takers.push(Taker { plant: plant.clone(), need, gate, key });
        }
        if takers.is_empty() {
            let detail = "plants: the project has no plant with a size; add one to the layer plants".into();
            return Err(InputError { parameter: "plants".into(), detail }.into());
        }
        Ok(takers)
    }

    /// The hauls from every field to each plant. Lines are kept only where routes are asked for: of many fields and plants they
    /// are most of the memory.
    fn hauls(
        &self,
        request: &AllocationRequest,
        takers: &[Taker],
        counted: &[&FieldEntry],
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<Haul>>, PlanningError> {
        let rates = request.supply.haul_rates();
        let origins: Vec<HaulOrigin> = counted.iter().map(|field| field.haul_origin()).collect();
        let mut all = Vec::with_capacity(takers.len());
        for (place, taker) in takers.iter().enumerate() {
            if !progress.go_on(place, takers.len()) {
                return Err(PlanningError::Cancelled);
            }
            let mut hauls = hauls_to(taker.gate, &origins, self.haul_network(), &rates);
            if !request.supply.routes {
                for haul in &mut hauls {
                    haul.line_crs84 = Vec::new();
                }
            }
            all.push(hauls);
        }
        Ok(all)
    }

    fn allocation_rests_on(
        &self,
        request: &AllocationRequest,
        counted: &[&FieldEntry],
        hauls: &[Vec<Haul>],
        solved: &Allocation,
    ) -> Vec<DefaultUsed> {
        let mut all = solved.rests_on.clone();
        if request.backup {
            all.extend(request.numbers.blend.unsourced_defaults(&["backup_cost_rub_mwh"]));
        }
        if solved.sources.iter().any(|used| used.years.iter().any(|year| year.newly_prepared_ha > 0.0)) {
            all.extend(request.numbers.season.unsourced_defaults(&[
                "permit_years",
                "first_year_yield_share",
                "second_year_yield_share",
            ]));
        }
        all.extend(request.economics.unsourced_defaults(&["discount_rate"]));
        for hauls in hauls {
            let sources: Vec<FieldSource<'_>> = counted
                .iter()
                .zip(hauls)
                .map(|(field, haul)| FieldSource { stock: &field.stock, labels: &field.labels, haul: haul.clone() })
                .collect();
            all.extend(supply_defaults(&request.supply, &sources));
        }
        all.extend(self.field_stocks().rests_on.iter().cloned());
        let mut seen = BTreeSet::new();
        all.retain(|used| {
            let unused = match used.parameter {
                "wet_season_factor" => request.wet_years.is_empty(),
                "dry_season_factor" => request.dry_years.is_empty(),
                _ => false,
            };
            !unused && seen.insert(used.parameter)
        });
        all
    }

    fn allocation_hash(&self, takers: &[Taker], request: &AllocationRequest) -> String {
        let mut hash = InputsHash::new();
        hash.text(&format!("{request:?}"));
        for taker in takers {
            hash.text(&format!("{:?}", taker.plant));
        }
        hash.text(self.supply_data_hash());
        hash.finish()
    }
}

fn years(request: &AllocationRequest) -> Vec<i32> {
    (request.first_year..).take(request.years).collect()
}

/// The sources that a plant can be fed from.
fn within_reach<'a>(taker: &'a Taker, givers: &'a [Giver<'a>]) -> impl Iterator<Item = &'a Giver<'a>> {
    givers.iter().filter(move |giver| giver.crow_km(taker.gate) <= FARTHEST_PLANT_KM)
}

/// Refuses what [`allocation`] would refuse: the hauls of so many sources and plants take long.
fn check_sizes(request: &AllocationRequest, takers: &[Taker], givers: &[Giver<'_>]) -> Result<(), AllocationError> {
    let ways: usize = takers.iter().map(|taker| within_reach(taker, givers).count()).sum();
    let fuels = [request.wood_chips, request.backup].into_iter().filter(|sold| *sold).count();
    check_counts(givers.len(), ways + fuels * takers.len(), request.years)
}

fn check_counts(sources: usize, ways_and_offers: usize, years: usize) -> Result<(), AllocationError> {
    let sizes = [
        ("sources", sources, MOST_PLACES),
        ("flows (ways and offers, times years)", ways_and_offers.saturating_mul(years), MOST_FLOWS),
    ];
    match sizes.into_iter().find(|(_, count, most)| count > most) {
        Some((what, count, most)) => Err(AllocationError::TooLarge { what, count, most }),
        None => Ok(()),
    }
}

fn study(
    request: &AllocationRequest,
    takers: &[Taker],
    givers: &[Giver<'_>],
    hauls: &[Vec<Haul>],
    share: Share,
) -> AllocationStudy {
    let number = |name: &str| request.supply.numbers.get(name);
    let rules = PreparationRules::from_numbers(&request.numbers.season);
    let Hectares(crews) = rules.yearly;
    let factor = |year: i32| {
        number(if request.wet_years.contains(&year) {
            "wet_season_factor"
        } else if request.dry_years.contains(&year) {
            "dry_season_factor"
        } else {
            "weather_factor"
        })
    };
    let weather: Vec<f64> = years(request).into_iter().map(factor).collect();
    let default_yield = TonnesPerHectare(number("seasonal_yield_t_ha"));
    let sources = givers.iter().map(|giver| HarvestSource {
        id: giver.key.clone(),
        stock_mwh: giver.stock_mwh,
        yield_mwh_ha: giver.yield_mwh_ha,
        prepared_ha: giver.prepared_ha,
        largest_ha: giver.largest_ha,
        reach: giver.reach(&weather, share, default_yield),
        permit_years: rules.permit_years,
        preparation_years: Some(rules.works_years),
        first_yields: rules.first_yields.iter().map(|share| share.value()).collect(),
        harvest_cost_rub_mwh: number("production_cost_rub_t") / giver.mwh_t(),
        carry_over_most_mwh: (!request.carry_over).then_some(0.0),
        ..HarvestSource::default()
    });
    let plants = takers.iter().map(|taker| FuelPlant {
        id: taker.key.clone(),
        need_mwh: vec![taker.need.fuel_mwh_a.0],
        must_be_met: request.must_be_met,
        ..FuelPlant::default()
    });
    let mut ways = Vec::with_capacity(takers.len() * givers.len());
    for (taker, hauls) in takers.iter().zip(hauls) {
        for giver in within_reach(taker, givers) {
            let haul_rub_t = giver.mean(hauls, |haul| haul.cost.0, share);
            let cost_rub_mwh = (number("handling_cost_rub_t") + haul_rub_t) / giver.mwh_t();
            ways.push(DeliveryWay { source: giver.key.clone(), plant: taker.key.clone(), cost_rub_mwh, most_mwh_a: None });
        }
    }
    let offers = |price_rub_mwh: Option<f64>, unlimited: bool| -> Vec<AlternativeOffer> {
        let offer = |taker: &Taker| AlternativeOffer { plant: taker.key.clone(), price_rub_mwh, most_mwh_a: None, unlimited };
        takers.iter().map(offer).collect()
    };
    let mut alternatives = Vec::new();
    if request.wood_chips {
        let offers = offers(None, false);
        alternatives.push(AlternativeFuel { id: "wood_chips".into(), offers, ..AlternativeFuel::default() });
    }
    if request.backup {
        let offers = offers(Some(request.numbers.get("backup_cost_rub_mwh")), true);
        alternatives.push(AlternativeFuel { id: "backup".into(), offers, ..AlternativeFuel::default() });
    }
    AllocationStudy {
        first_year: request.first_year,
        years: request.years,
        discount_rate: request.economics.get("discount_rate"),
        weather: weather.clone(),
        preparation_most_ha_a: Some(crews),
        sources: sources.collect(),
        plants: plants.collect(),
        ways,
        alternatives,
        numbers: request.numbers.clone(),
    }
}

fn parameters(request: &AllocationRequest, by: SourceKind, takers: &[Taker]) -> BTreeMap<&'static str, serde_json::Value> {
    let mut used: BTreeMap<&'static str, serde_json::Value> =
        AllocationRequest::number_names().map(|name| (name, request.number(name).into())).collect();
    used.insert("net_area_share", request.supply.reserve_numbers.get("net_area_share").into());
    used.insert("plants", takers.iter().map(|taker| taker.plant.id).collect::<Vec<_>>().into());
    used.insert("by", by.word().into());
    used.insert("years", request.years.into());
    used.insert("first_year", request.first_year.into());
    used.insert("wet_years", request.wet_years.clone().into());
    used.insert("dry_years", request.dry_years.clone().into());
    used.insert("include_undeveloped", request.supply.include_undeveloped.into());
    used.insert("carry_over", request.carry_over.into());
    used.insert("wood_chips", request.wood_chips.into());
    used.insert("backup", request.backup.into());
    used.insert("must_be_met", request.must_be_met.into());
    used.insert("routes", request.supply.routes.into());
    used.insert("narrow_gauge", if request.supply.narrow_gauge { "use" } else { "ignore" }.into());
    used
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supply::allocation::AllocationNumbers;

    /// What the plan says of a study of so many sources and ways over 30 years.
    fn refused(sources: usize, ways: usize) -> AllocationError {
        let study = AllocationStudy {
            first_year: 1,
            years: 30,
            discount_rate: 0.0,
            weather: Vec::new(),
            preparation_most_ha_a: None,
            sources: vec![HarvestSource::default(); sources],
            plants: Vec::new(),
            ways: vec![DeliveryWay::default(); ways],
            alternatives: Vec::new(),
            numbers: AllocationNumbers::default(),
        };
        allocation(&study, &mut |_| true).expect_err("it is too large")
    }

    #[test]
    fn what_is_too_large_is_refused_before_the_hauls_in_the_words_of_the_plan() {
        assert_eq!(check_counts(10, 3_334, 30), Err(refused(10, 3_334)));
        assert_eq!(check_counts(2_001, 0, 30), Err(refused(2_001, 0)));
        assert_eq!(check_counts(2_000, 3_333, 30), Ok(()));
    }
}
