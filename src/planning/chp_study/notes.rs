//! What a reader of a study is told beside its figures: the defaults that it rests on, and what is unusual.

use super::doubt::draws_rest_on;
use super::heat_pipes::HeatedConsumers;
use super::park::Park;
use super::{ChpQuery, PRICE_YEAR, PlanningError, PlantSupply};
use crate::energy::demand::TownDemand;
use crate::energy::dispatch::DispatchYear;
use crate::energy::economics::EconomicStudy;
use crate::energy::emissions::{EmissionFactors, YearlyActivity};
use crate::energy::sizing::SizeCurve;
use crate::model::DefaultUsed;
use crate::reserves::Warning;

pub(super) fn rests_on(
    supply: &PlantSupply,
    demand: &TownDemand,
    park: &Park,
    activity: &YearlyActivity,
    sized: bool,
    query: &ChpQuery,
) -> Result<Vec<DefaultUsed>, PlanningError> {
    let drawn = if query.uncertainty_drawn { draws_rest_on(query)? } else { Vec::new() };
    let mut priced =
        vec!["present_fuel_price_rub_mwh", "electricity_sale_price_rub_mwh", "heat_price_rub_mwh", "working_capital_share"];
    if park.buys_electricity() {
        priced.push("electricity_purchase_price_rub_mwh");
    }
    let mut of_park = vec!["unserved_heat_cost_rub_mwh"];
    if park.store.is_some() {
        of_park.extend(["store_hours", "store_loss_share_h", "store_investment_eur_mwh", "store_life_a"]);
    }
    if sized {
        of_park.extend(["least_full_load_hours", "first_alpha"]);
    }
    let all = supply
        .supply
        .rests_on
        .iter()
        .cloned()
        .chain(demand.rests_on.iter().cloned())
        .chain(park.unit.rests_on.iter().cloned())
        .chain(park.backup.rests_on.iter().filter(|_| query.build_backup).cloned())
        .chain(query.plants.unsourced_defaults(&of_park))
        .chain(EconomicStudy::rests_on(&query.economics))
        .chain(query.economics.unsourced_defaults(&priced))
        .chain(query.pipes.unsourced_defaults(&ChpQuery::PIPES))
        .chain(query.blend.unsourced_defaults(&ChpQuery::WOOD))
        .chain(query.emissions.unsourced_defaults(&["present_boiler_efficiency"]))
        .chain(drawn)
        .chain(EmissionFactors::rests_on(activity, &query.emissions, &query.supply.request.reserve_numbers));
    let mut once: Vec<DefaultUsed> = Vec::new();
    for used in all {
        if !once.iter().any(|known| known.parameter == used.parameter) {
            once.push(used);
        }
    }
    Ok(once)
}

pub(super) fn warnings(
    supply: &PlantSupply,
    demand: &TownDemand,
    heated: &HeatedConsumers,
    park: &Park,
    year: &DispatchYear,
    sizing: Option<&SizeCurve>,
    query: &ChpQuery,
) -> Vec<Warning> {
    let mut warnings = supply.warnings.clone();
    for consumer in &demand.consumers {
        let of = |text: &String| Warning::new("consumer", format!("{}: {text}", consumer.name));
        warnings.extend(consumer.warnings.iter().map(of));
    }
    // Boilers that stand are of several sizes.
    let units = [("plant", Some(&park.unit)), ("backup boiler", query.build_backup.then_some(&park.backup))];
    for (name, unit) in units.into_iter().filter_map(|(name, unit)| Some((name, unit?))) {
        warnings.extend(unit.warnings.iter().map(|text| Warning::new("unit", format!("{name}: {text}"))));
    }
    if park.replaced {
        let text = format!(
            "the plant's row is of another kind than {}: its fuel_power_mw and total_efficiency are left out; give them with the study to use others",
            park.technology.name
        );
        warnings.push(Warning::new("technology_replaced", text));
    }
    if supply.supply.short_mwh_a.0 > 0.0 {
        let text = format!(
            "the fields give {:.0} % of the peat that the plant wants; wood chips stand in for the rest at {} RUB/MWh",
            100.0 * supply.supply.covered_share,
            park.wood_rub_mwh
        );
        warnings.push(Warning::new("peat_is_short", text));
    }
    warnings.extend(sizing.and_then(|curve| size_warning(curve, park)));
    warnings.extend(crate::planning::demand_study::unlike_climate(demand));
    if !heated.far.is_empty() {
        let text = format!(
            "{} lie farther than {} km by pipe (greatest_pipe_km) and are heated because they were named",
            heated.far.join(", "),
            query.pipes.get("greatest_pipe_km")
        );
        warnings.push(Warning::new("consumers_far", text));
    }
    if year.unserved_mwh > 1e-6 * year.heat_load_mwh {
        let text = format!("{:.0} MWh of heat in {} hours are not served", year.unserved_mwh, year.unserved_h);
        warnings.push(Warning::new("heat_unserved", text));
    }
    let plant = &year.units[0];
    if plant.below_minimum_load_h > 0 {
        let text = format!(
            "the plant runs {} of its {} hours below its minimum load of {:.0} %; dispatch_rule=committed keeps it",
            plant.below_minimum_load_h,
            plant.running_h,
            100.0 * park.unit.minimum_load_share
        );
        warnings.push(Warning::new("plant_below_minimum_load", text));
    }
    let money_year = query.economics.get("price_year");
    if (money_year - f64::from(PRICE_YEAR)).abs() > 0.5 {
        let text = format!("price_year is {money_year}, the costs of the supply are of {PRICE_YEAR}: they are not converted");
        warnings.push(Warning::new("price_years_differ", text));
    }
    warnings
}

/// A number above zero by its first three figures: `0.0123`, `1.23`, `123`.
fn three_figures(number: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 9")]
    let decimals = (2.0 - number.log10().floor()).clamp(0.0, 9.0) as usize;
    format!("{number:.decimals$}")
}

/// Whether another size would serve this demand at less cost.
fn size_warning(curve: &SizeCurve, park: &Park) -> Option<Warning> {
    let size = park.unit.size_mw;
    let kind = if park.unit.conversion.electric_mw() > 0.0 { "electric" } else { "heat" };
    let text = match (&curve.best, curve.as_good_mw) {
        (Some(best), _) if best.net_present_value_rub < 0.0 => {
            "at these prices every size of this technology costs more than the heat that it takes from the boilers that stand; what heat sells for is not counted in that".to_owned()
        }
        (Some(best), Some((low, high))) if size < low || size > high => format!(
            "for this demand {} MW ({kind}) would cost least ({} to {} MW hardly more); the plant has {} MW",
            three_figures(best.size_mw),
            three_figures(low),
            three_figures(high),
            three_figures(size)
        ),
        (None, _) => {
            format!("for this demand no size of this technology is in use long enough; the plant has {} MW ({kind})", three_figures(size))
        }
        _ => return None,
    };
    Some(Warning::new("plant_size", text))
}
