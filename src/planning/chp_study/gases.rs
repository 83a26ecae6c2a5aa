//! A year's activity for the account of gases: what is burned and hauled, what is drained, and what the consumers burn now.

use super::{ChpQuery, StudyFuel};
use crate::energy::demand::TownDemand;
use crate::energy::dispatch::DispatchYear;
use crate::energy::emissions::{Fuel, FuelBurned, YearlyActivity};
use crate::model::PresentFuel;
use crate::planning::PlantSupply;
use crate::supply::FieldDelivery;
use crate::units::{Hectares, LATENT_HEAT_MJ_KG, MegawattHours, Tonnes};

/// A year's activity for the gases: the first year's fuel, and what the consumers burn now for the heat that is served.
pub(super) fn activity(
    supply: &PlantSupply,
    fuel: &StudyFuel,
    year: &DispatchYear,
    demand: &TownDemand,
    query: &ChpQuery,
) -> YearlyActivity {
    let burned = |fuel, energy: f64, dry: f64| FuelBurned { fuel, energy: MegawattHours(energy), dry_matter: Tonnes(dry) };
    let moisture = query.supply.request.reserve_numbers.get("reference_moisture");
    let mass = |field: &FieldDelivery| field.used_mwh_a.0 * field.delivered_cost_rub_mwh / field.delivered_cost_rub_t.0;
    let fields = &supply.supply.fields;
    let peat_t: f64 = fields.iter().map(mass).sum();
    let haul_t_km: f64 = fields.iter().map(|field| mass(field) * field.distance_km).sum();
    let used = |field: &&FieldDelivery| field.used_mwh_a.0 > 0.0;
    let drained: f64 = fields.iter().filter(used).map(|field| field.net_area_ha.0).sum();
    let efficiency = query.emissions.get("present_boiler_efficiency");
    let plant = &year.units[0];
    // What the boilers that stand go on burning for the peaks is no change.
    let own_backup = if query.build_backup { fuel.backup_mwh_a } else { 0.0 };
    let own_use = if query.build_backup { year.units[1].electric_mwh } else { 0.0 };
    let electricity = plant.electric_mwh + own_use;
    let own_heat = super::heat_sold_mwh(year, query);
    let served = if year.heat_load_mwh > 0.0 { (own_heat / year.heat_load_mwh).min(1.0) } else { 0.0 };
    let mut present = Vec::new();
    let mut present_electricity = 0.0;
    for consumer in &demand.consumers {
        let heat = consumer.heat.energy_mwh_a * served;
        let fuel = match consumer.present_fuel {
            Some(PresentFuel::Power) => {
                present_electricity += heat;
                continue;
            }
            Some(PresentFuel::Oil) => Fuel::Oil,
            Some(PresentFuel::Coal) => Fuel::Coal,
            Some(PresentFuel::Peat) => Fuel::Peat,
            Some(PresentFuel::Wood) => Fuel::Wood,
            // Most of the region burns gas.
            Some(PresentFuel::Gas | PresentFuel::Other) | None => Fuel::Gas,
        };
        present.push(burned(fuel, heat / efficiency, 0.0));
    }
    YearlyActivity {
        burned: vec![
            burned(Fuel::Peat, fuel.peat_mwh_a, peat_t * (1.0 - moisture)),
            burned(Fuel::Wood, fuel.wood_mwh_a, wood_dry_t(fuel.wood_mwh_a, query)),
            burned(Fuel::Gas, own_backup, 0.0),
        ],
        haul_t_km,
        drained: Hectares(drained),
        electricity: MegawattHours(electricity.max(0.0)),
        bought_electricity: MegawattHours((-electricity).max(0.0)),
        present,
        present_electricity: MegawattHours(present_electricity),
    }
}

/// Dry matter of wood chips by their energy, of net calorific value as received.
///
/// 1,000 MWh at 45 % moisture and 18.5 MJ/kg of dry matter are 3,600 GJ over 18.5 - 2.443 · 0.45 / 0.55 = 16.50 GJ/t, 218.2 t.
fn wood_dry_t(energy_mwh: f64, query: &ChpQuery) -> f64 {
    let moisture = query.blend.get("wood_chips_moisture");
    let dry = query.blend.get("wood_chips_net_calorific_value_dry_mj_kg");
    let by_dry_tonne = dry - LATENT_HEAT_MJ_KG * moisture / (1.0 - moisture);
    // Chips that would not burn at all have no mass by their energy.
    if by_dry_tonne > 0.0 { MegawattHours(energy_mwh).gigajoules().0 / by_dry_tonne } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{ChpQuery, wood_dry_t};

    #[test]
    fn dry_matter_of_wood_is_its_energy_over_that_of_a_dry_tonne() {
        let mut query = ChpQuery::default();
        assert!((wood_dry_t(1_000.0, &query) - 218.166).abs() < 1e-3);
        query.set("wood_chips_moisture", "0").unwrap();
        assert!((wood_dry_t(1_000.0, &query) - 3_600.0 / 18.5).abs() < 1e-9);
        query.set("wood_chips_moisture", "0.8").unwrap();
        query.set("wood_chips_net_calorific_value_dry_mj_kg", "5").unwrap();
        assert!(wood_dry_t(1_000.0, &query) < 1e-12);
    }
}
