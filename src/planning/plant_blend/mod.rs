//! The cheapest blend that a plant's boiler takes: the peat of its deposits as their cores describe it, wood chips and the backup
//! fuel, under limits of ash, moisture, sulphur and chlorine.
//!
//! A lot of peat is a field with its season's harvest, or a deposit where fields are many. The blend covers all fuel of the plant:
//! the share of peat is an answer here, not an input. Dry matter is what a field gives; water is what the fuel has when it is fired.

mod answer;
mod lots;

pub use answer::{BlendPrice, BlendRefusal, LimitState, LotQuality, Mixture, OtherLot, PeatLot, PlantBlend, QualityFrom};

use super::field_stocks::FieldEntry;
use super::{PlanningError, Workbench};
use crate::model::{DefaultUsed, FeatureId, ParameterValues, Plant, blend_parameters};
use crate::supply::{
    BindingLimit, BlendAnswer, BlendError, BlendFuel, BlendLimits, FuelFamily, FuelNeed, FuelSupply, LimitName, SupplyRequest,
    SupplyWarning, blend_relief, least_cost_blend,
};
use crate::units::{MassFraction, MegawattHours, Share, Tonnes};
use lots::{Lot, by_deposit, lot, other_lot, peat_fuel, peat_lot};
use std::collections::BTreeMap;

/// With more fields than this their deposits stand as lots.
const MOST_FIELDS_ALONE: usize = 60;
/// Technologies of the layer whose fuel must be drier.
const GASIFIER: &str = "gasifier";

impl Workbench {
    /// The cheapest blend for all fuel of the plant: see [`least_cost_blend`].
    pub(super) fn plant_blend(
        &self,
        plant: &Plant,
        need: &FuelNeed,
        supply: &FuelSupply,
        request: &SupplyRequest,
    ) -> Result<PlantBlend, PlanningError> {
        let numbers = &request.blend_numbers;
        let need_mwh = need.fuel_power_mw * need.full_load_hours;
        let entries: BTreeMap<FeatureId, &FieldEntry> =
            self.field_stocks().fields.iter().map(|entry| (entry.stock.field, entry)).collect();
        let reference = MassFraction::new(request.reserve_numbers.get("reference_moisture")).unwrap_or_default();
        let mut lots: Vec<Lot> = supply
            .fields
            .iter()
            .filter(|field| field.harvest_t_a.0 > 0.0)
            .filter_map(|field| lot(field, entries.get(&field.field_id)?, reference, numbers))
            .collect();
        if lots.len() > MOST_FIELDS_ALONE {
            lots = by_deposit(lots);
        }
        let mut fuels: Vec<BlendFuel> = lots.iter().map(|lot| peat_fuel(lot, need_mwh, numbers)).collect();
        let peats = fuels.len();
        if request.wood_chips {
            let most = Share::new(request.wood_numbers.get(SupplyRequest::wood_name())).unwrap_or(Share::ONE);
            fuels.push(BlendFuel { most_share: most, ..BlendFuel::wood_chips(numbers) });
        }
        if request.backup {
            fuels.push(BlendFuel::backup(numbers));
        }
        let limits = limits(plant, numbers);
        let (answer, refused) = if fuels.is_empty() {
            (None, Some(missing(need_mwh, 0.0)))
        } else {
            match least_cost_blend(&fuels, &limits) {
                Ok(answer) => (Some(answer), None),
                Err(error) => (None, Some(refusal(error, &fuels, &limits, need_mwh)?)),
            }
        };
        let free = match &answer {
            Some(_) => least_cost_blend(&fuels, &BlendLimits::default())?.blend.cost_rub_mwh,
            None => 0.0,
        };
        let share = |place: usize| answer.as_ref().map_or(0.0, |answer| answer.blend.parts[place].energy_share);
        let mut peat: Vec<PeatLot> =
            lots.iter().enumerate().map(|(place, lot)| peat_lot(lot, &fuels[place], share(place), need_mwh, numbers)).collect();
        peat.sort_by(|a, b| a.cost_rub_mwh.total_cmp(&b.cost_rub_mwh).then_with(|| a.field_ids.cmp(&b.field_ids)));
        let other = (peats..fuels.len()).map(|place| other_lot(&fuels[place], share(place), need_mwh)).collect();
        let mut warnings = warnings(plant, &peat, answer.as_ref(), numbers);
        if let Some(refused) = &refused {
            warnings.push(SupplyWarning::new("no_blend", refused.message.clone()));
        }
        Ok(PlantBlend {
            need_mwh_a: need_mwh,
            limits: limit_states(&limits, answer.as_ref()),
            binding: binding(answer.as_ref(), need_mwh),
            mixture: answer.as_ref().map(|answer| mixture(answer, &fuels, free, need_mwh)),
            refused,
            peat,
            other,
            warnings,
            rests_on: rests_on(request, plant, &lots),
        })
    }
}

fn limits(plant: &Plant, numbers: &ParameterValues) -> BlendLimits {
    let mut limits = BlendLimits::from_numbers(numbers);
    if is_gasifier(plant) && numbers.given("moisture_limit").is_none() {
        limits.moisture = Some(numbers.get("gasifier_moisture_limit"));
    }
    limits
}

fn is_gasifier(plant: &Plant) -> bool {
    plant.technology.as_deref() == Some(GASIFIER)
}

fn missing(need: MegawattHours, share: f64) -> BlendRefusal {
    let short = need * (1.0 - share);
    let message = format!(
        "the fuels give {:.1} % of the need: {:.0} MWh a year are missing; allow the backup fuel, more wood chips or more fields",
        share * 100.0,
        short.0
    );
    BlendRefusal { code: "fuel_missing", message, relief: None, missing_mwh_a: Some(short) }
}

/// What stands in the way, where it is the fuels and limits together; an input that is wrong by itself is an error.
fn refusal(
    error: BlendError,
    fuels: &[BlendFuel],
    limits: &BlendLimits,
    need: MegawattHours,
) -> Result<BlendRefusal, PlanningError> {
    let code = match &error {
        BlendError::SharesDoNotFit { most, .. } => return Ok(missing(need, *most)),
        BlendError::Unreachable { .. } => "limit_unreachable",
        BlendError::Conflict { .. } => "limits_conflict",
        _ => return Err(error.into()),
    };
    let relief = blend_relief(fuels, limits)?;
    Ok(BlendRefusal { code, message: error.to_string(), relief: Some(relief), missing_mwh_a: None })
}

fn mixture(answer: &BlendAnswer, fuels: &[BlendFuel], free: f64, need: MegawattHours) -> Mixture {
    let blend = &answer.blend;
    let sum = |which: &dyn Fn(&BlendFuel) -> bool, of: &dyn Fn(usize) -> f64| -> f64 {
        fuels.iter().enumerate().filter(|(_, fuel)| which(fuel)).map(|(place, _)| of(place)).fold(0.0, |sum, part| sum + part)
    };
    Mixture {
        cost_rub_mwh: blend.cost_rub_mwh,
        cost_rub_a: blend.cost_rub_mwh * need.0,
        cost_without_limits_rub_mwh: free,
        peat_share: sum(&|fuel| fuel.family == FuelFamily::Peat, &|place| blend.parts[place].energy_share),
        mass_t_a: Tonnes(sum(&|fuel| !fuel.fired_apart, &|place| blend.parts[place].mass_t_mwh) * need.0),
        net_calorific_value_mj_kg: blend.calorific_value_mj_kg,
        moisture: blend.moisture,
        ash: blend.ash,
        sulphur: blend.sulphur,
        sulphur_mg_mj: blend.sulphur_mg_mj,
        chlorine: blend.chlorine,
        sulphur_to_chlorine: blend.sulphur_to_chlorine,
        wood_share: blend.wood_share,
    }
}

fn limit_states(limits: &BlendLimits, answer: Option<&BlendAnswer>) -> Vec<LimitState> {
    let binds = |limit: LimitName| answer.is_some_and(|answer| answer.binding.iter().any(|binding| binding.limit == limit));
    let state = |(limit, value): (LimitName, f64)| LimitState {
        limit,
        value,
        unit: limit.unit().trim(),
        is_least: limit.is_least(),
        mixture: answer.and_then(|answer| limit.of(&answer.blend)),
        binds: binds(limit),
    };
    limits.given().map(state).collect()
}

fn binding(answer: Option<&BlendAnswer>, need: MegawattHours) -> Vec<BlendPrice> {
    let price = |limit: &BindingLimit| BlendPrice { limit: limit.clone(), saving_rub_a: limit.saving_rub_mwh * need.0 };
    answer.into_iter().flat_map(|answer| &answer.binding).map(price).collect()
}

fn warnings(plant: &Plant, peat: &[PeatLot], answer: Option<&BlendAnswer>, numbers: &ParameterValues) -> Vec<SupplyWarning> {
    let mut warnings = Vec::new();
    let without = peat.iter().filter(|lot| lot.ash_from == QualityFrom::Default).count();
    if without > 0 {
        let text = format!("{without} of {} lots of peat have no ash from cores; the default stands in", peat.len());
        warnings.push(SupplyWarning::new("default_ash", text));
    }
    if let Some(answer) = answer {
        let steam = plant.technology.as_deref().is_none_or(|technology| technology.ends_with("_steam"));
        warnings.extend(answer.blend.warnings(numbers.known("superheat_c").filter(|_| steam), numbers));
    }
    warnings
}

/// Limits, prices and qualities without a read source, and every default that stands in for what cores do not say.
fn rests_on(request: &SupplyRequest, plant: &Plant, lots: &[Lot]) -> Vec<DefaultUsed> {
    let numbers = &request.blend_numbers;
    let mut stand_in = vec!["peat_moisture", "peat_chlorine"];
    if lots.iter().any(|lot| lot.no_sulphur) {
        stand_in.push("peat_sulphur");
    }
    if lots.iter().any(|lot| lot.no_ash) {
        stand_in.push("peat_ash");
    }
    if lots.iter().any(|lot| lot.no_heat) {
        stand_in.push("peat_net_calorific_value_dry_mj_kg");
    }
    let mut names = vec!["ash_limit", "sulphur_limit", "sulphur_limit_mg_mj", "chlorine_limit", "sulphur_chlorine_molar_least"];
    let gasifier = is_gasifier(plant) && numbers.given("moisture_limit").is_none();
    names.push(if gasifier { "gasifier_moisture_limit" } else { "moisture_limit" });
    let of_fuel = |fuel: &str| blend_parameters().names().filter(|name| name.starts_with(fuel)).collect::<Vec<_>>();
    if request.wood_chips {
        names.extend(of_fuel("wood_chips_"));
    }
    if request.backup {
        names.extend(of_fuel("backup_"));
    }
    let is_used = |name: &&&str| !lots.is_empty() && numbers.given(name).is_none();
    let mut used: Vec<DefaultUsed> =
        stand_in.iter().filter(is_used).filter_map(|name| blend_parameters().get(name)?.as_used()).collect();
    used.extend(numbers.unsourced_defaults(&names));
    if request.wood_chips {
        used.extend(request.wood_numbers.unsourced_defaults(&[SupplyRequest::wood_name()]));
    }
    used
}
