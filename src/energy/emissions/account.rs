//! The accounts of a year: stack, haul, land, and the difference to the present fuel.

use super::activity::{ActivityError, EmissionFactors, Fuel, FuelBurned, YearlyActivity};
use crate::reserves::{combustion_gases, site_gases};
use crate::units::{GIGAJOULES_PER_MEGAWATT_HOUR, MegawattHours, Share, Tonnes};
use serde::Serialize;

/// Mass of sulphur dioxide by the mass of its sulphur.
const SO2_OF_SULPHUR: f64 = 64.066 / 32.065;

/// Greenhouse gases of a stack in a year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Default)]
pub struct StackGases {
    /// Carbon dioxide of peat, gas, oil and coal.
    pub fossil_co2_t_a: Tonnes,
    /// Carbon dioxide of wood.
    pub biogenic_co2_t_a: Tonnes,
    /// Methane and nitrous oxide of all fuels, as carbon dioxide over 100 years.
    pub ch4_n2o_as_co2_t_a: Tonnes,
}

impl StackGases {
    /// What counts in an inventory: all but the biogenic carbon dioxide.
    #[must_use]
    pub fn inventory(&self) -> Tonnes {
        self.fossil_co2_t_a + self.ch4_n2o_as_co2_t_a
    }
}

/// What else leaves the stack of a plant on solid fuel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct AirPollutants {
    pub nitrogen_oxides_t_a: Tonnes,
    pub dust_t_a: Tonnes,
    pub sulphur_dioxide_t_a: Tonnes,
}

/// Emissions of a year. Gases other than carbon dioxide count by their warming over 100 years.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EmissionAccount {
    /// The plant's stack.
    pub stack: StackGases,
    /// Diesel of the haul.
    pub haul_co2_t_a: Tonnes,
    /// Drained peatland without its ditches: carbon dioxide, methane and nitrous oxide.
    pub drained_land_co2_equivalent_t_a: Tonnes,
    /// Methane of its ditches.
    pub ditches_co2_equivalent_t_a: Tonnes,
    /// Power that the plant takes from the grid.
    pub grid_co2_t_a: Tonnes,
    /// Stack without biogenic carbon dioxide, haul, land and grid together.
    pub total_co2_equivalent_t_a: Tonnes,
    /// The same with biogenic carbon dioxide.
    pub total_with_biogenic_t_a: Tonnes,
    /// The stacks of the present fuel, for the same heat.
    pub present: StackGases,
    /// Power that is taken from the grid now: for the same heat, and what the plant will deliver.
    pub present_grid_co2_t_a: Tonnes,
    /// The present in all, without biogenic carbon dioxide.
    pub present_co2_equivalent_t_a: Tonnes,
    /// The plan less the present; below zero it saves.
    pub change_co2_equivalent_t_a: Tonnes,
    /// What else leaves the plant's stack.
    pub air: AirPollutants,
}

/// The account of a year's activity:
///
/// ```text
/// stack   = Σ E_fuel EF_fuel             fossil and biogenic apart
/// haul    = t·km EF_haul
/// land    = A (CO2 + CH4 + N2O)          2013 Wetlands Supplement, tier 1; ditches apart
/// grid    = bought power EF_grid
/// present = Σ E_present EF + (power that the grid need not give) EF_grid
/// SO2     = dry matter S (1 - kept in ash) 64.066/32.065
/// ```
///
/// 240,000 MWh of peat are 864 TJ; at 106 t/TJ they give 91,584 t of carbon dioxide, and the gas that they replace in boilers of
/// equal efficiency 48,470.4 t at 56.1 t/TJ:
///
/// ```
/// use peatplan::energy::emissions::*;
/// use peatplan::model::{ParameterValues, emission_parameters, reserve_parameters};
/// use peatplan::units::*;
/// let (own, peat) = (ParameterValues::defaults(emission_parameters()), ParameterValues::defaults(reserve_parameters()));
/// let burned = |fuel| vec![FuelBurned { fuel, energy: MegawattHours(240_000.0), dry_matter: Tonnes::ZERO }];
/// let year = YearlyActivity { burned: burned(Fuel::Peat), present: burned(Fuel::Gas), ..YearlyActivity::default() };
/// let account = emission_account(&year, &EmissionFactors::of(&own, &peat)).unwrap();
/// assert!((account.stack.fossil_co2_t_a.0 - 91_584.0).abs() < 1e-6);
/// assert!((account.present.fossil_co2_t_a.0 - 48_470.4).abs() < 1e-6);
/// ```
///
/// # Errors
/// A number that is not finite, or below zero.
pub fn emission_account(year: &YearlyActivity, factors: &EmissionFactors) -> Result<EmissionAccount, ActivityError> {
    year.check()?;
    let stack = stack_gases(&year.burned, factors);
    let haul = Tonnes(year.haul_t_km * factors.haul_co2_kg_t_km / 1e3);
    let land_without_ditches = crate::reserves::SiteFactors { ch4_ditch_kg_ha: 0.0, ..factors.site };
    let land = site_gases(year.drained, &land_without_ditches, &factors.warming).total();
    let ditches = site_gases(year.drained, &factors.site, &factors.warming).total() - land;
    let grid = Tonnes(year.bought_electricity.0 * factors.grid_co2_t_mwh);
    let total = stack.inventory() + haul + land + ditches + grid;
    let present = stack_gases(&year.present, factors);
    let from_grid: MegawattHours = year.present_electricity + year.electricity;
    let present_grid = Tonnes(from_grid.0 * factors.grid_co2_t_mwh);
    let present_total = present.inventory() + present_grid;
    Ok(EmissionAccount {
        stack,
        haul_co2_t_a: haul,
        drained_land_co2_equivalent_t_a: land,
        ditches_co2_equivalent_t_a: ditches,
        grid_co2_t_a: grid,
        total_co2_equivalent_t_a: total,
        total_with_biogenic_t_a: total + stack.biogenic_co2_t_a,
        present,
        present_grid_co2_t_a: present_grid,
        present_co2_equivalent_t_a: present_total,
        change_co2_equivalent_t_a: total - present_total,
        air: air_pollutants(&year.burned, factors),
    })
}

fn stack_gases(burned: &[FuelBurned], factors: &EmissionFactors) -> StackGases {
    let mut stack = StackGases::default();
    for FuelBurned { fuel, energy, .. } in burned {
        let gases = combustion_gases(energy.gigajoules(), &factors.combustion[*fuel as usize], &factors.warming);
        if fuel.is_biogenic() {
            stack.biogenic_co2_t_a += gases.co2;
        } else {
            stack.fossil_co2_t_a += gases.co2;
        }
        stack.ch4_n2o_as_co2_t_a += gases.co2_equivalent - gases.co2;
    }
    stack
}

fn air_pollutants(burned: &[FuelBurned], factors: &EmissionFactors) -> AirPollutants {
    let solid = |burned: &&FuelBurned| matches!(burned.fuel, Fuel::Peat | Fuel::Wood | Fuel::Coal);
    let gigajoules: f64 = burned.iter().filter(solid).map(|burned| burned.energy.0 * GIGAJOULES_PER_MEGAWATT_HOUR).sum();
    let sulphur = |burned: &FuelBurned| {
        let share = match burned.fuel {
            Fuel::Peat => factors.peat_sulphur,
            Fuel::Wood => factors.wood_sulphur,
            // Not the plant's fuels: nothing is known of the sulphur in them.
            Fuel::Gas | Fuel::Oil | Fuel::Coal => Share::ZERO,
        };
        burned.dry_matter * share.value()
    };
    let sulphur: Tonnes = burned.iter().map(sulphur).sum();
    AirPollutants {
        nitrogen_oxides_t_a: Tonnes(gigajoules * factors.nox_g_gj / 1e6),
        dust_t_a: Tonnes(gigajoules * factors.dust_g_gj / 1e6),
        sulphur_dioxide_t_a: sulphur * (factors.sulphur_retained.rest().value() * SO2_OF_SULPHUR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ParameterValues, emission_parameters, reserve_parameters};
    use crate::units::Hectares;
    use proptest::prelude::*;

    fn factors() -> EmissionFactors {
        let (own, peat) = (ParameterValues::defaults(emission_parameters()), ParameterValues::defaults(reserve_parameters()));
        EmissionFactors::of(&own, &peat)
    }

    fn burned(fuel: Fuel, energy: f64, dry: f64) -> FuelBurned {
        FuelBurned { fuel, energy: MegawattHours(energy), dry_matter: Tonnes(dry) }
    }

    #[test]
    fn a_year_by_hand() {
        let year = YearlyActivity {
            burned: vec![burned(Fuel::Peat, 200_000.0, 35_000.0), burned(Fuel::Wood, 50_000.0, 10_000.0)],
            haul_t_km: 2_000_000.0,
            drained: Hectares(542.0),
            electricity: MegawattHours(40_000.0),
            bought_electricity: MegawattHours(1_000.0),
            present: vec![burned(Fuel::Gas, 150_000.0, 0.0)],
            present_electricity: MegawattHours::ZERO,
        };
        let account = emission_account(&year, &factors()).expect("sound");
        let near = |found: Tonnes, expected: f64| assert!((found.0 - expected).abs() < 0.5, "{found:?} {expected}");
        near(account.stack.fossil_co2_t_a, 720.0 * 106.0);
        near(account.stack.biogenic_co2_t_a, 180.0 * 112.0);
        // 720 TJ with 1 and 1.5 kg/TJ, 180 TJ with 30 and 4 kg/TJ; 27 and 273.
        near(account.stack.ch4_n2o_as_co2_t_a, 720.0 * (0.027 + 0.4095) + 180.0 * (0.81 + 1.092));
        near(account.haul_co2_t_a, 150.0);
        // The tier 1 example of the Wetlands Supplement's factors: 6,180.6 + 481.4 + 69.8 t, of them ditches 542 · 0.05 · 542 · 27 / 1000.
        near(account.ditches_co2_equivalent_t_a, 396.6);
        near(account.drained_land_co2_equivalent_t_a, 6_180.6 + 481.4 + 69.8 - 396.6);
        near(account.present_grid_co2_t_a, 14_400.0);
        near(account.grid_co2_t_a, 360.0);
        near(account.present.fossil_co2_t_a, 540.0 * 56.1);
        near(account.air.nitrogen_oxides_t_a, 900_000.0 * 60.0 / 1e6);
        near(account.air.sulphur_dioxide_t_a, (35_000.0 * 0.002 + 10_000.0 * 0.0002) * 0.9 * 64.066 / 32.065);
        let sum = account.stack.inventory() + account.haul_co2_t_a + account.drained_land_co2_equivalent_t_a;
        near(account.total_co2_equivalent_t_a, (sum + account.ditches_co2_equivalent_t_a + account.grid_co2_t_a).0);
        near(account.change_co2_equivalent_t_a, (account.total_co2_equivalent_t_a - account.present_co2_equivalent_t_a).0);
    }

    #[test]
    fn nothing_burned_is_nothing_emitted() {
        let account = emission_account(&YearlyActivity::default(), &factors()).expect("sound");
        assert_eq!(account.total_with_biogenic_t_a, Tonnes::ZERO);
        assert_eq!(account.change_co2_equivalent_t_a, Tonnes::ZERO);
    }

    #[test]
    fn a_number_that_cannot_be_is_refused_by_name() {
        let year = YearlyActivity { burned: vec![burned(Fuel::Peat, f64::NAN, 0.0)], ..YearlyActivity::default() };
        assert!(emission_account(&year, &factors()).expect_err("refused").to_string().starts_with("energy of peat must be"));
        let year = YearlyActivity { haul_t_km: -1.0, ..YearlyActivity::default() };
        assert_eq!(
            emission_account(&year, &factors()).expect_err("refused").to_string(),
            "haul must be a number from zero on (t·km); it was -1"
        );
    }

    #[test]
    fn every_fuel_has_its_place_among_the_factors() {
        for (place, fuel) in Fuel::ALL.into_iter().enumerate() {
            assert_eq!(fuel as usize, place);
            assert_eq!(Fuel::named(fuel.name()), Some(fuel));
        }
    }

    proptest! {
        #[test]
        fn emissions_are_additive_and_the_order_of_fuels_changes_nothing(
            energies in prop::collection::vec((0usize..5, 0.0..1e6f64), 0..8),
        ) {
            let all: Vec<FuelBurned> = energies.iter().map(|(fuel, energy)| burned(Fuel::ALL[*fuel], *energy, 0.0)).collect();
            let of = |burned: Vec<FuelBurned>| {
                let year = YearlyActivity { burned, ..YearlyActivity::default() };
                emission_account(&year, &factors()).expect("sound").total_with_biogenic_t_a.0
            };
            let apart: f64 = all.iter().map(|one| of(vec![*one])).sum();
            let together = of(all.clone());
            prop_assert!((apart - together).abs() <= 1e-9 * (1.0 + together));
            prop_assert!((of(all.into_iter().rev().collect()) - together).abs() <= 1e-9 * (1.0 + together));
        }
    }
}
