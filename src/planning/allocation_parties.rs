//! Who gives and who takes peat in an allocation.

use super::allocation_request::{AllocationRequest, SourceKind};
use super::field_stocks::FieldEntry;
use crate::model::{FeatureId, FieldStatus, Plant};
use crate::supply::allocation::Reach;
use crate::supply::{FieldStock, FuelNeed, Haul, Place, seasonal_harvest};
use crate::units::{Share, Tonnes, TonnesPerHectare};
use std::collections::BTreeMap;

/// A plant that takes part.
pub(super) struct Taker {
    pub(super) plant: Plant,
    pub(super) need: FuelNeed,
    pub(super) gate: Place,
    /// What the study calls it.
    pub(super) key: String,
}

/// A field, or all counted fields of a deposit.
pub(super) struct Giver<'a> {
    pub(super) fields: Vec<&'a FieldEntry>,
    /// Places of the fields among all that count.
    pub(super) places: Vec<usize>,
    /// Of its fields, the one with the largest stock, by its place in `fields`.
    pub(super) main: usize,
    pub(super) stock_t: f64,
    pub(super) stock_mwh: f64,
    pub(super) prepared_ha: f64,
    pub(super) largest_ha: f64,
    pub(super) yield_mwh_ha: f64,
    pub(super) key: String,
}

impl Giver<'_> {
    pub(super) fn mwh_t(&self) -> f64 {
        self.stock_mwh / self.stock_t
    }

    /// A figure of the fields' hauls, weighted by their stock.
    pub(super) fn mean(&self, hauls: &[Haul], figure: impl Fn(&Haul) -> f64, share: Share) -> f64 {
        let sum: f64 =
            self.fields.iter().zip(&self.places).map(|(field, place)| field.stock.stock(share).0 * figure(&hauls[*place])).sum();
        sum / self.stock_t
    }

    /// What the prepared land lets be cut in seasons of these weathers, and what a hectare holds that is prepared later; none
    /// for a prepared field alone, whose stock says the same.
    pub(super) fn reach(&self, weather: &[f64], share: Share, default_yield: TonnesPerHectare) -> Option<Reach> {
        let (undeveloped, developed): (Vec<&FieldStock>, Vec<&FieldStock>) =
            self.fields.iter().map(|field| &field.stock).partition(|field| field.status == FieldStatus::Undeveloped);
        let held_mwh = |field: &FieldStock| field.energy(field.stock(share)).0;
        let fields: Vec<(f64, f64)> =
            developed.iter().map(|field| (held_mwh(field), season_mwh(field, share, default_yield))).collect();
        let cut_by = |seasons: f64| -> f64 { fields.iter().map(|(stock, season)| stock.min(season * seasons)).sum() };
        let mut seasons = 0.0;
        let by_year = |factor: &f64| {
            let before = seasons;
            seasons += factor;
            cut_by(seasons) - cut_by(before)
        };
        let prepared_mwh: Vec<f64> = weather.iter().map(by_year).collect();
        let area_ha: f64 = undeveloped.iter().map(|field| field.net_area(share).0).sum();
        let new_mwh_ha = if area_ha > 0.0 { undeveloped.iter().map(|field| held_mwh(field)).sum::<f64>() / area_ha } else { 0.0 };
        let alone = fields.len() == 1 && undeveloped.is_empty();
        (!alone).then_some(Reach { prepared_mwh, new_mwh_ha })
    }

    pub(super) fn crow_km(&self, plant: Place) -> f64 {
        let from = self.fields[self.main].place.working;
        (from[0] - plant.working[0]).hypot(from[1] - plant.working[1]) / 1_000.0
    }
}

/// Harvest of an average season.
fn season_mwh(field: &FieldStock, share: Share, default_yield: TonnesPerHectare) -> f64 {
    let harvest = seasonal_harvest(field.net_area(share), field.seasonal_yield.unwrap_or(default_yield), 1.0, field.loss_storage);
    field.energy(harvest).0
}

/// What errors and warnings call places: their names, with the number where a name stands for several.
pub(super) fn keys(named: impl Iterator<Item = (String, FeatureId)>) -> Vec<String> {
    let named: Vec<(String, FeatureId)> = named.collect();
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, _) in &named {
        *count.entry(name).or_default() += 1;
    }
    let alone = |name: &str| !name.is_empty() && count.get(name) == Some(&1);
    named.iter().map(|(name, id)| if alone(name) { name.clone() } else { format!("{name} #{id}").trim().to_owned() }).collect()
}

pub(super) fn givers<'a>(
    counted: &[&'a FieldEntry],
    by: SourceKind,
    share: Share,
    request: &AllocationRequest,
) -> Vec<Giver<'a>> {
    let mut groups: BTreeMap<(FeatureId, FeatureId), Vec<usize>> = BTreeMap::new();
    for (place, field) in counted.iter().enumerate() {
        let own = if by == SourceKind::Field { field.stock.field } else { 0 };
        groups.entry((field.stock.deposit, own)).or_default().push(place);
    }
    let default_yield = TonnesPerHectare(request.supply.numbers.get("seasonal_yield_t_ha"));
    let mut givers = Vec::with_capacity(groups.len());
    for places in groups.into_values() {
        let fields: Vec<&FieldEntry> = places.iter().map(|place| counted[*place]).collect();
        let (mut stock, mut energy, mut prepared, mut whole, mut season) = (Tonnes::ZERO, 0.0, 0.0, 0.0, 0.0);
        let mut main = (0, Tonnes::ZERO);
        for (place, field) in fields.iter().map(|field| &field.stock).enumerate() {
            let (own, area) = (field.stock(share), field.net_area(share));
            stock += own;
            energy += field.energy(own).0;
            season += season_mwh(field, share, default_yield);
            whole += area.0;
            if field.status != FieldStatus::Undeveloped {
                prepared += area.0;
            }
            if own.0 > main.1.0 {
                main = (place, own);
            }
        }
        givers.push(Giver {
            fields,
            places,
            main: main.0,
            stock_t: stock.0,
            stock_mwh: energy,
            prepared_ha: prepared,
            largest_ha: whole,
            yield_mwh_ha: if whole > 0.0 { season / whole } else { 0.0 },
            key: String::new(),
        });
    }
    let named = keys(givers.iter().map(|giver| {
        let (labels, stock) = (&giver.fields[0].labels, &giver.fields[0].stock);
        match by {
            SourceKind::Field => (labels.name.clone(), stock.field),
            SourceKind::Deposit => (labels.deposit_name.clone(), stock.deposit),
        }
    }));
    for (giver, key) in givers.iter_mut().zip(named) {
        giver.key = key;
    }
    givers
}
