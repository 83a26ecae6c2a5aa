//! Who gives and who takes peat in an allocation.

use super::allocation_request::{AllocationRequest, SourceKind};
use super::field_stocks::FieldEntry;
use crate::model::{FeatureId, FieldStatus, Plant};
use crate::supply::{FuelNeed, Haul, Place, seasonal_harvest};
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

    pub(super) fn crow_km(&self, plant: Place) -> f64 {
        let from = self.fields[self.main].place.working;
        (from[0] - plant.working[0]).hypot(from[1] - plant.working[1]) / 1_000.0
    }
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
            let of_season = seasonal_harvest(area, field.seasonal_yield.unwrap_or(default_yield), 1.0, field.loss_storage);
            stock += own;
            energy += field.energy(own).0;
            season += field.energy(of_season).0;
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
