//! A solved allocation in the words of the project: its plants, fields and deposits.

use super::allocation_answer::{AllocatedPlant, AllocatedSource, AllocationTotals, OtherFuel, PeatFlow};
use super::allocation_parties::{Giver, Taker};
use super::allocation_request::{AllocationRequest, SourceKind};
use super::plant_supply::label;
use crate::model::FeatureId;
use crate::supply::Haul;
use crate::supply::allocation::{Allocation, AllocationStudy, SourceUse, SourceYear};
use crate::units::Share;
use serde_json::json;
use std::collections::BTreeMap;

pub(super) fn allocated_plant(taker: &Taker, solved: &Allocation) -> Option<AllocatedPlant> {
    let supply = solved.plants.iter().find(|plant| plant.plant == taker.key)?;
    let years = &supply.years;
    Some(AllocatedPlant {
        plant: label(&taker.plant, &taker.need),
        need_mwh_a: years.iter().map(|year| year.need_mwh).collect(),
        peat_mwh_a: years.iter().map(|year| year.peat_mwh).collect(),
        alternatives_mwh_a: years.iter().map(|year| year.alternatives_mwh).collect(),
        unmet_mwh_a: years.iter().map(|year| year.unmet_mwh).collect(),
        mean_cost_rub_mwh: years.iter().map(|year| year.mean_cost_rub_mwh).collect(),
        marginal_cost_rub_mwh: years.iter().map(|year| year.marginal_cost_rub_mwh).collect(),
        first_short_year: supply.first_short_year,
    })
}

pub(super) fn allocated_source(
    giver: &Giver<'_>,
    by: SourceKind,
    study: &AllocationStudy,
    solved: &Allocation,
) -> Option<AllocatedSource> {
    let used: &SourceUse = solved.sources.iter().find(|source| source.source == giver.key)?;
    let stated = study.sources.iter().find(|source| source.id == giver.key)?;
    let main = giver.fields[giver.main];
    let labels = &main.labels;
    let of_field = by == SourceKind::Field;
    let by_year = |figure: &dyn Fn(&SourceYear) -> f64| used.years.iter().map(figure).collect::<Vec<f64>>();
    Some(AllocatedSource {
        id: source_id(giver, by),
        kind: by,
        code: labels.code.clone().filter(|_| of_field),
        name: if of_field { labels.name.clone() } else { labels.deposit_name.clone() },
        name_ru: if of_field { labels.name_ru.clone() } else { labels.deposit_name_ru.clone() },
        deposit_id: main.stock.deposit,
        deposit_name: labels.deposit_name.clone(),
        deposit_name_ru: labels.deposit_name_ru.clone(),
        coordinates: main.place.crs84,
        synthetic: giver.fields.iter().any(|field| field.labels.synthetic),
        stock_mwh: giver.stock_mwh,
        prepared_ha: giver.prepared_ha,
        largest_ha: giver.largest_ha,
        yield_mwh_ha: giver.yield_mwh_ha,
        production_cost_rub_mwh: stated.harvest_cost_rub_mwh,
        newly_prepared_ha: by_year(&|year| year.newly_prepared_ha),
        capacity_mwh_a: by_year(&|year| year.capacity_mwh),
        harvested_mwh_a: by_year(&|year| year.harvested_mwh),
        delivered_mwh_a: by_year(&|year| year.delivered_mwh),
        stack_mwh: by_year(&|year| year.stack_mwh),
        lost_mwh_a: by_year(&|year| year.lost_mwh),
        remaining_mwh: by_year(&|year| year.remaining_mwh),
        capacity_value_rub_mwh: used.years.iter().map(|year| year.capacity_value_rub_mwh).collect(),
        capacity_value_rub_mwh_a: used.capacity_value_rub_mwh_a,
        scarcity_rent_rub_mwh: used.scarcity_rent_rub_mwh,
        worked_out_year: used.worked_out_year,
    })
}

fn source_id(giver: &Giver<'_>, by: SourceKind) -> FeatureId {
    let stock = &giver.fields[giver.main].stock;
    if by == SourceKind::Field { stock.field } else { stock.deposit }
}

pub(super) fn flows(
    request: &AllocationRequest,
    by: SourceKind,
    (takers, givers): (&[Taker], &[Giver<'_>]),
    hauls: &[Vec<Haul>],
    solved: &Allocation,
    share: Share,
) -> Vec<PeatFlow> {
    let mut by_way: BTreeMap<(&str, &str), (Vec<f64>, f64)> = BTreeMap::new();
    for one in &solved.deliveries {
        let way = by_way.entry((&one.source, &one.plant)).or_insert_with(|| (vec![0.0; request.years], one.cost_rub_mwh));
        let place = usize::try_from(one.year - request.first_year).unwrap_or(usize::MAX);
        if let Some(year) = way.0.get_mut(place) {
            *year += one.fuel_mwh;
        }
    }
    let mut flows = Vec::with_capacity(by_way.len());
    for giver in givers {
        for (taker, hauls) in takers.iter().zip(hauls) {
            let Some((mwh_a, cost)) = by_way.remove(&(giver.key.as_str(), taker.key.as_str())) else { continue };
            let haul = &hauls[giver.places[giver.main]];
            let total_mwh: f64 = mwh_a.iter().sum();
            flows.push(PeatFlow {
                source: source_id(giver, by),
                plant: taker.plant.id,
                mwh_a,
                total_mwh,
                total_t: total_mwh / giver.mwh_t(),
                delivered_cost_rub_mwh: cost,
                distance_km: giver.mean(hauls, |haul| haul.distance_km, share),
                route: haul.route,
                geometry: request.supply.routes.then(|| json!({ "type": "LineString", "coordinates": haul.line_crs84 })),
            });
        }
    }
    flows
}

pub(super) fn other_fuels(request: &AllocationRequest, takers: &[Taker], solved: &Allocation) -> Vec<OtherFuel> {
    let mut fuels: Vec<OtherFuel> = Vec::new();
    for one in &solved.alternatives {
        let plant = takers.iter().find(|taker| taker.key == one.plant).and_then(|taker| taker.plant.id);
        let place = fuels.iter().position(|fuel| fuel.fuel == one.fuel && fuel.plant == plant).unwrap_or_else(|| {
            let (fuel, mwh_a) = (one.fuel.clone(), vec![0.0; request.years]);
            fuels.push(OtherFuel { fuel, plant, price_rub_mwh: one.price_rub_mwh, mwh_a });
            fuels.len() - 1
        });
        let year = usize::try_from(one.year - request.first_year).unwrap_or(usize::MAX);
        if let Some(year) = fuels[place].mwh_a.get_mut(year) {
            *year += one.fuel_mwh;
        }
    }
    fuels
}

pub(super) fn totals(givers: &[Giver<'_>], solved: &Allocation) -> AllocationTotals {
    let mut totals = AllocationTotals::default();
    for year in solved.plants.iter().flat_map(|plant| &plant.years) {
        totals.need_mwh += year.need_mwh;
        totals.peat_mwh += year.peat_mwh;
        totals.alternatives_mwh += year.alternatives_mwh;
        totals.unmet_mwh += year.unmet_mwh;
    }
    totals.stock_mwh = givers.iter().map(|giver| giver.stock_mwh).sum();
    for source in &solved.sources {
        totals.harvested_mwh += source.years.iter().map(|year| year.harvested_mwh).sum::<f64>();
        totals.lost_mwh += source.years.iter().map(|year| year.lost_mwh).sum::<f64>();
        totals.remaining_mwh += source.years.last().map_or(0.0, |year| year.remaining_mwh);
    }
    totals.covered_share = if totals.need_mwh > 0.0 { 1.0 - totals.unmet_mwh / totals.need_mwh } else { 1.0 };
    totals
}
