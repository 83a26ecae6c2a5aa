//! Lots of fuel: the peat of fields or deposits as their cores describe it, and the other fuels.

use super::answer::{LotQuality, OtherLot, PeatLot, QualityFrom};
use crate::model::{FeatureId, ParameterValues};
use crate::planning::field_stocks::FieldEntry;
use crate::supply::{BlendFuel, FieldDelivery, FuelFamily};
use crate::units::{MassFraction, MegaJoulesPerKilogram, MegawattHours, Tonnes};
use std::collections::BTreeMap;

/// A lot before the blend: sums, so that lots can be put together.
#[derive(Debug, Clone)]
pub(super) struct Lot {
    pub(super) fields: Vec<FeatureId>,
    pub(super) fuel: String,
    pub(super) name: (String, Option<String>),
    pub(super) deposit: (FeatureId, String, Option<String>),
    pub(super) dry_t: f64,
    /// Heat of the dry matter, GJ.
    pub(super) dry_heat_gj: f64,
    pub(super) ash_t: f64,
    pub(super) sulphur_t: f64,
    pub(super) cost_rub_a: f64,
    pub(super) no_ash: bool,
    pub(super) no_sulphur: bool,
    pub(super) no_heat: bool,
}

pub(super) fn lot(field: &FieldDelivery, entry: &FieldEntry, reference: MassFraction, numbers: &ParameterValues) -> Option<Lot> {
    let content = &entry.content;
    let dry_t = field.harvest_t_a.dry_mass(reference).0;
    let heat = match numbers.given("peat_net_calorific_value_dry_mj_kg") {
        Some(given) => given,
        None => content.net_calorific_value_dry()?.0,
    };
    let known = content.mean_ash().map(MassFraction::value);
    // What the request gives holds for all peat; a default only where no core says anything.
    let quality = |name: &str, measured: Option<f64>| numbers.given(name).or(measured).unwrap_or_else(|| numbers.get(name));
    let labels = &field.labels;
    Some(Lot {
        fields: vec![field.field_id],
        fuel: format!("peat of {} (field {})", labels.name, field.field_id),
        name: (labels.name.clone(), labels.name_ru.clone()),
        deposit: (labels.deposit_id, labels.deposit_name.clone(), labels.deposit_name_ru.clone()),
        dry_t,
        dry_heat_gj: dry_t * heat,
        ash_t: dry_t * quality("peat_ash", known),
        sulphur_t: dry_t * quality("peat_sulphur", entry.sulphur),
        cost_rub_a: field.delivered_cost_rub_t.0 * field.harvest_t_a.0,
        no_ash: known.is_none(),
        no_sulphur: entry.sulphur.is_none(),
        no_heat: entry.heat_is_default,
    })
}

/// Lots of one deposit put together, by deposit.
pub(super) fn by_deposit(lots: Vec<Lot>) -> Vec<Lot> {
    let mut together: BTreeMap<FeatureId, Lot> = BTreeMap::new();
    for lot in lots {
        if let Some(whole) = together.get_mut(&lot.deposit.0) {
            whole.fields.extend(&lot.fields);
            whole.dry_t += lot.dry_t;
            whole.dry_heat_gj += lot.dry_heat_gj;
            whole.ash_t += lot.ash_t;
            whole.sulphur_t += lot.sulphur_t;
            whole.cost_rub_a += lot.cost_rub_a;
            whole.no_ash |= lot.no_ash;
            whole.no_sulphur |= lot.no_sulphur;
            whole.no_heat |= lot.no_heat;
        } else {
            let fuel = format!("peat of {} (deposit {})", lot.deposit.1, lot.deposit.0);
            let name = (lot.deposit.1.clone(), lot.deposit.2.clone());
            together.insert(lot.deposit.0, Lot { fuel, name, ..lot });
        }
    }
    together.into_values().collect()
}

pub(super) fn peat_fuel(lot: &Lot, need: MegawattHours, numbers: &ParameterValues) -> BlendFuel {
    let usual = BlendFuel::peat(numbers);
    let fuel = BlendFuel {
        name: lot.fuel.clone(),
        family: FuelFamily::Peat,
        ash: MassFraction::new(lot.ash_t / lot.dry_t).unwrap_or(usual.ash),
        sulphur: MassFraction::new(lot.sulphur_t / lot.dry_t).unwrap_or(usual.sulphur),
        calorific_value_dry: MegaJoulesPerKilogram(lot.dry_heat_gj / lot.dry_t),
        ..usual
    };
    let available = available(lot, &fuel);
    BlendFuel {
        cost_rub_mwh: if available.0 > 0.0 { lot.cost_rub_a / available.0 } else { 0.0 },
        ..fuel.available(available, need)
    }
}

/// Energy of a lot as it is fired; nothing where it is too wet to burn, which the blend says by name.
fn available(lot: &Lot, fuel: &BlendFuel) -> MegawattHours {
    let fired = Tonnes(lot.dry_t).wet_mass(fuel.moisture);
    (fired * fuel.calorific_value()).megawatt_hours().max(MegawattHours::ZERO)
}

fn quality(fuel: &BlendFuel) -> LotQuality {
    LotQuality {
        moisture: fuel.moisture.value(),
        ash: fuel.ash.value(),
        sulphur: fuel.sulphur.value(),
        chlorine: fuel.chlorine.value(),
        net_calorific_value_dry_mj_kg: fuel.calorific_value_dry,
        net_calorific_value_mj_kg: fuel.calorific_value(),
    }
}

pub(super) fn peat_lot(lot: &Lot, fuel: &BlendFuel, share: f64, need: MegawattHours, numbers: &ParameterValues) -> PeatLot {
    let from = |name: &str, missing: bool| match numbers.given(name) {
        Some(_) => QualityFrom::Request,
        None if missing => QualityFrom::Default,
        None => QualityFrom::Cores,
    };
    let used = need * share;
    PeatLot {
        fuel: lot.fuel.clone(),
        name: lot.name.0.clone(),
        name_ru: lot.name.1.clone(),
        deposit_id: lot.deposit.0,
        deposit_name: lot.deposit.1.clone(),
        deposit_name_ru: lot.deposit.2.clone(),
        field_ids: lot.fields.clone(),
        quality: quality(fuel),
        ash_from: from("peat_ash", lot.no_ash),
        sulphur_from: from("peat_sulphur", lot.no_sulphur),
        calorific_value_from: from("peat_net_calorific_value_dry_mj_kg", lot.no_heat),
        cost_rub_mwh: fuel.cost_rub_mwh,
        available_mwh_a: available(lot, fuel),
        used_mwh_a: used,
        used_t_a: Tonnes(used.0 * fuel.mass_t_mwh()),
        used_dry_t_a: Tonnes(used.0 * fuel.dry_mass_t_mwh()),
        energy_share: share,
    }
}

pub(super) fn other_lot(fuel: &BlendFuel, share: f64, need: MegawattHours) -> OtherLot {
    let used = need * share;
    OtherLot {
        fuel: fuel.name.clone(),
        quality: quality(fuel),
        fired_apart: fuel.fired_apart,
        cost_rub_mwh: fuel.cost_rub_mwh,
        available_mwh_a: need * fuel.most_share.value(),
        used_mwh_a: used,
        used_t_a: Tonnes(used.0 * fuel.mass_t_mwh()),
        energy_share: share,
    }
}
