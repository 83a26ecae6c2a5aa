//! The cheapest blend that a plant's boiler takes: the peat of its deposits as their cores describe it, wood chips and the backup
//! fuel, under limits of ash, moisture, sulphur and chlorine.
//!
//! A lot of peat is a field with its season's harvest, or a deposit where fields are many. The blend covers all fuel of the plant:
//! the share of peat is an answer here, not an input. Dry matter is what a field gives; water is what the fuel has when it is fired.

use super::field_stocks::FieldEntry;
use super::{PlanningError, Workbench};
use crate::model::{DefaultUsed, FeatureId, ParameterValues, Plant, blend_parameters};
use crate::supply::{
    BindingLimit, BlendAnswer, BlendError, BlendFuel, BlendLimits, BlendRelief, FieldDelivery, FuelFamily, FuelNeed, FuelSupply,
    LimitName, SupplyRequest, SupplyWarning, blend_relief, least_cost_blend,
};
use crate::units::{MassFraction, MegaJoulesPerKilogram, MegawattHours, Share, Tonnes};
use serde::Serialize;
use std::collections::BTreeMap;

/// With more fields than this their deposits stand as lots.
const MOST_FIELDS_ALONE: usize = 60;
/// Technologies of the layer whose fuel must be drier.
const GASIFIER: &str = "gasifier";

/// Where a quality comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityFrom {
    /// Cores of the deposit.
    Cores,
    /// The request.
    Request,
    /// A default, named in `rests_on`.
    Default,
}

/// What the fuel of a lot is. Shares of ash, sulphur and chlorine are of the dry mass.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LotQuality {
    /// Water as fired, share of the wet mass.
    pub moisture: f64,
    /// Ash.
    pub ash: f64,
    /// Sulphur.
    pub sulphur: f64,
    /// Chlorine.
    pub chlorine: f64,
    /// Net calorific value of the dry matter.
    pub net_calorific_value_dry_mj_kg: MegaJoulesPerKilogram,
    /// Net calorific value as fired.
    pub net_calorific_value_mj_kg: MegaJoulesPerKilogram,
}

/// Peat of a field, or of a deposit's fields, in the blend.
#[derive(Debug, Clone, Serialize)]
pub struct PeatLot {
    /// What limits and errors call it.
    pub fuel: String,
    /// Row in `deposits`.
    pub deposit_id: FeatureId,
    /// Name of the deposit.
    pub deposit_name: String,
    /// Name in Russian.
    pub deposit_name_ru: Option<String>,
    /// Its fields: rows in `fields`.
    pub field_ids: Vec<FeatureId>,
    /// What it is.
    #[serde(flatten)]
    pub quality: LotQuality,
    /// Where the ash comes from.
    pub ash_from: QualityFrom,
    /// Where the sulphur comes from.
    pub sulphur_from: QualityFrom,
    /// Where the calorific value comes from.
    pub calorific_value_from: QualityFrom,
    /// Cost at the gate.
    pub cost_rub_mwh: f64,
    /// What a season gives, by energy as fired.
    pub available_mwh_a: MegawattHours,
    /// What the blend takes.
    pub used_mwh_a: MegawattHours,
    /// The same as mass as fired.
    pub used_t_a: Tonnes,
    /// The same as dry matter.
    pub used_dry_t_a: Tonnes,
    /// Share of the plant's fuel by energy.
    pub energy_share: f64,
}

/// Another fuel in the blend.
#[derive(Debug, Clone, Serialize)]
pub struct OtherLot {
    /// `wood_chips` or `backup`.
    pub fuel: String,
    /// What it is.
    #[serde(flatten)]
    pub quality: LotQuality,
    /// Fired beside the mixture, so that it dilutes nothing.
    pub fired_apart: bool,
    /// Cost at the gate.
    pub cost_rub_mwh: f64,
    /// What is to be had.
    pub available_mwh_a: MegawattHours,
    /// What the blend takes.
    pub used_mwh_a: MegawattHours,
    /// The same as mass as fired.
    pub used_t_a: Tonnes,
    /// Share of the plant's fuel by energy.
    pub energy_share: f64,
}

/// What fuels mix to, with cost and shares.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mixture {
    /// Cost of a MWh of all fuels.
    pub cost_rub_mwh: f64,
    /// Cost of a year.
    pub cost_rub_a: f64,
    /// Cost of a MWh were there no limits of quality: the difference is what they cost.
    pub cost_without_limits_rub_mwh: f64,
    /// Peat in all fuel by energy.
    pub peat_share: f64,
    /// Mass of the mixture as fired, without what is fired apart.
    pub mass_t_a: Tonnes,
    /// Net calorific value of the mixture as fired.
    pub net_calorific_value_mj_kg: Option<MegaJoulesPerKilogram>,
    /// Water, share of the wet mass.
    pub moisture: Option<f64>,
    /// Ash, share of the dry mass.
    pub ash: Option<f64>,
    /// Sulphur, share of the dry mass.
    pub sulphur: Option<f64>,
    /// Sulphur by energy.
    pub sulphur_mg_mj: Option<f64>,
    /// Chlorine, share of the dry mass.
    pub chlorine: Option<f64>,
    /// Atoms of sulphur for one of chlorine.
    pub sulphur_to_chlorine: Option<f64>,
    /// Wood in the energy of the mixture.
    pub wood_share: Option<f64>,
}

/// A limit of quality.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LimitState {
    /// Which.
    pub limit: LimitName,
    /// Its value.
    pub value: f64,
    /// Unit of the value, empty for shares.
    pub unit: &'static str,
    /// Whether it is a least value.
    pub is_least: bool,
    /// What the mixture has; none where there is no mixture.
    pub mixture: Option<f64>,
    /// Whether the mixture touches it.
    pub binds: bool,
}

/// A limit or an amount that the cheapest blend touches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlendPrice {
    /// Which, what it is worth a MWh.
    #[serde(flatten)]
    pub limit: BindingLimit,
    /// What a year would be cheaper were it relaxed by a hundredth of itself.
    pub saving_rub_a: f64,
}

/// Why there is no blend, and what would make one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlendRefusal {
    /// Fixed word: `fuel_missing`, `limit_unreachable`, `limits_conflict`.
    pub code: &'static str,
    /// An English sentence.
    pub message: String,
    /// The smallest relief of the limits; none where fuel is missing.
    pub relief: Option<BlendRelief>,
    /// Fuel that is missing, where it is.
    pub missing_mwh_a: Option<MegawattHours>,
}

/// The blend of a plant.
#[derive(Debug, Clone, Serialize)]
pub struct PlantBlend {
    /// All fuel of the plant.
    pub need_mwh_a: MegawattHours,
    /// The mixture; none where there is none.
    pub mixture: Option<Mixture>,
    /// Why there is none.
    pub refused: Option<BlendRefusal>,
    /// Limits of quality.
    pub limits: Vec<LimitState>,
    /// What binds, and its price.
    pub binding: Vec<BlendPrice>,
    /// Peat, by cost.
    pub peat: Vec<PeatLot>,
    /// Other fuels.
    pub other: Vec<OtherLot>,
    /// What a reader should know.
    pub warnings: Vec<SupplyWarning>,
    /// Defaults that it rests on, beside those of the supply.
    pub rests_on: Vec<DefaultUsed>,
}

/// A lot before the blend: sums, so that lots can be put together.
#[derive(Debug, Clone)]
struct Lot {
    fields: Vec<FeatureId>,
    name: String,
    deposit: (FeatureId, String, Option<String>),
    dry_t: f64,
    /// Heat of the dry matter, GJ.
    dry_heat_gj: f64,
    ash_t: f64,
    sulphur_t: f64,
    cost_rub_a: f64,
    no_ash: bool,
    no_sulphur: bool,
    no_heat: bool,
}

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

fn lot(field: &FieldDelivery, entry: &FieldEntry, reference: MassFraction, numbers: &ParameterValues) -> Option<Lot> {
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
        name: format!("peat of {} (field {})", labels.name, field.field_id),
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
fn by_deposit(lots: Vec<Lot>) -> Vec<Lot> {
    let mut together: BTreeMap<FeatureId, Lot> = BTreeMap::new();
    for lot in lots {
        match together.get_mut(&lot.deposit.0) {
            Some(whole) => {
                whole.fields.extend(&lot.fields);
                whole.dry_t += lot.dry_t;
                whole.dry_heat_gj += lot.dry_heat_gj;
                whole.ash_t += lot.ash_t;
                whole.sulphur_t += lot.sulphur_t;
                whole.cost_rub_a += lot.cost_rub_a;
                whole.no_ash |= lot.no_ash;
                whole.no_sulphur |= lot.no_sulphur;
                whole.no_heat |= lot.no_heat;
            }
            None => {
                let name = format!("peat of {} (deposit {})", lot.deposit.1, lot.deposit.0);
                together.insert(lot.deposit.0, Lot { name, ..lot });
            }
        }
    }
    together.into_values().collect()
}

fn peat_fuel(lot: &Lot, need: MegawattHours, numbers: &ParameterValues) -> BlendFuel {
    let usual = BlendFuel::peat(numbers);
    let fuel = BlendFuel {
        name: lot.name.clone(),
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

fn peat_lot(lot: &Lot, fuel: &BlendFuel, share: f64, need: MegawattHours, numbers: &ParameterValues) -> PeatLot {
    let from = |name: &str, missing: bool| match numbers.given(name) {
        Some(_) => QualityFrom::Request,
        None if missing => QualityFrom::Default,
        None => QualityFrom::Cores,
    };
    let used = need * share;
    PeatLot {
        fuel: lot.name.clone(),
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

fn other_lot(fuel: &BlendFuel, share: f64, need: MegawattHours) -> OtherLot {
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
    let stands_in = |name: &&&str| !lots.is_empty() && numbers.given(name).is_none();
    let mut used: Vec<DefaultUsed> =
        stand_in.iter().filter(stands_in).filter_map(|name| blend_parameters().get(name)?.as_used()).collect();
    used.extend(numbers.unsourced_defaults(&names));
    if request.wood_chips {
        used.extend(request.wood_numbers.unsourced_defaults(&[SupplyRequest::wood_name()]));
    }
    used
}
