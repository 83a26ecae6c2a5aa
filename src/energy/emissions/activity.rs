//! What is burned, hauled and drained in a year, and the factors by which it emits.

use crate::model::{DefaultUsed, ParameterValues};
use crate::reserves::{CombustionFactors, SiteFactors, WarmingPotentials};
use crate::units::{GIGAJOULES_PER_MEGAWATT_HOUR, Hectares, MegawattHours, Share, Tonnes};
use serde::Serialize;
use thiserror::Error;

/// A fuel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Fuel {
    Peat,
    Wood,
    Gas,
    Oil,
    Coal,
}

impl Fuel {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Peat, Self::Wood, Self::Gas, Self::Oil, Self::Coal];

    /// Its name in inputs and results, which is that of `present_fuel` in the layer of consumers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Peat => "peat",
            Self::Wood => "wood",
            Self::Gas => "gas",
            Self::Oil => "oil",
            Self::Coal => "coal",
        }
    }

    /// The fuel of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fuel| fuel.name() == name)
    }

    /// Whether its carbon dioxide counts as biogenic.
    #[must_use]
    pub const fn is_biogenic(self) -> bool {
        matches!(self, Self::Wood)
    }

    /// Names of its factors in the reference tables: carbon dioxide, methane, nitrous oxide.
    const fn factor_names(self) -> [&'static str; 3] {
        match self {
            Self::Peat => ["combustion_co2_t_tj", "combustion_ch4_kg_tj", "combustion_n2o_kg_tj"],
            Self::Wood => ["wood_co2_t_tj", "wood_ch4_kg_tj", "wood_n2o_kg_tj"],
            Self::Gas => ["gas_co2_t_tj", "gas_ch4_kg_tj", "gas_n2o_kg_tj"],
            Self::Oil => ["oil_co2_t_tj", "oil_ch4_kg_tj", "oil_n2o_kg_tj"],
            Self::Coal => ["coal_co2_t_tj", "coal_ch4_kg_tj", "coal_n2o_kg_tj"],
        }
    }
}

/// Fuel burned in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FuelBurned {
    /// Which.
    pub fuel: Fuel,
    /// Energy by net calorific value as received.
    pub energy: MegawattHours,
    /// Its dry matter, which brings the sulphur; zero where sulphur is not asked for.
    pub dry_matter: Tonnes,
}

/// A year of a plant and its chain, and of what it takes the place of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct YearlyActivity {
    /// What the plant burns.
    pub burned: Vec<FuelBurned>,
    /// Haul, tonnes times kilometres of the loaded way.
    pub haul_t_km: f64,
    /// Drained land of the peat fields.
    pub drained: Hectares,
    /// Electricity delivered, which takes the place of power from the grid.
    pub electricity: MegawattHours,
    /// Electricity that the plant takes from the grid.
    pub bought_electricity: MegawattHours,
    /// What the consumers burn now for the same heat.
    pub present: Vec<FuelBurned>,
    /// Electricity that they use now for the same heat.
    pub present_electricity: MegawattHours,
}

/// A number that no activity can have.
#[derive(Debug, Error, Clone, PartialEq)]
#[error("{quantity} must be a number from zero on ({unit}); it was {value}")]
pub struct ActivityError {
    /// Which.
    pub quantity: String,
    /// Its unit.
    pub unit: &'static str,
    /// What was given.
    pub value: f64,
}

impl YearlyActivity {
    /// Whether every number is finite and not below zero.
    ///
    /// # Errors
    /// Names the first that is not.
    pub fn check(&self) -> Result<(), ActivityError> {
        let of = |burned: &FuelBurned| {
            let name = burned.fuel.name();
            [(format!("energy of {name}"), "MWh", burned.energy.0), (format!("dry matter of {name}"), "t", burned.dry_matter.0)]
        };
        let fuels = self.burned.iter().chain(&self.present).flat_map(of);
        let rest = [
            ("haul".to_owned(), "t·km", self.haul_t_km),
            ("drained area".to_owned(), "ha", self.drained.0),
            ("electricity".to_owned(), "MWh", self.electricity.0),
            ("bought electricity".to_owned(), "MWh", self.bought_electricity.0),
            ("present electricity".to_owned(), "MWh", self.present_electricity.0),
        ];
        let wrong = |(_, _, value): &(String, &str, f64)| !(value.is_finite() && *value >= 0.0);
        match fuels.chain(rest).find(wrong) {
            Some((quantity, unit, value)) => Err(ActivityError { quantity, unit, value }),
            None => Ok(()),
        }
    }
}

/// The factors of a study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmissionFactors {
    /// Of burning, by fuel in the order of [`Fuel::ALL`].
    pub combustion: [CombustionFactors; 5],
    /// Warming over 100 years.
    pub warming: WarmingPotentials,
    /// Of the drained land.
    pub site: SiteFactors,
    /// Of power from the grid, t CO2/MWh.
    pub grid_co2_t_mwh: f64,
    /// Of haul, kg CO2/(t·km).
    pub haul_co2_kg_t_km: f64,
    /// Nitrogen oxides, g/GJ of solid fuel.
    pub nox_g_gj: f64,
    /// Dust, g/GJ of solid fuel.
    pub dust_g_gj: f64,
    /// Sulphur in the dry matter of peat.
    pub peat_sulphur: Share,
    /// Sulphur in the dry matter of wood.
    pub wood_sulphur: Share,
    /// Share of it that stays in the ash.
    pub sulphur_retained: Share,
}

impl EmissionFactors {
    /// The factors of two requests: `emissions.toml`, and for peat and its site `reserves.toml`.
    #[must_use]
    pub fn of(emissions: &ParameterValues, reserves: &ParameterValues) -> Self {
        let number = |name: &str| if emissions.knows(name) { emissions.get(name) } else { reserves.get(name) };
        // The tables keep shares between 0 and 1.
        let share = |name: &str| Share::new(number(name)).unwrap_or(Share::ZERO);
        let combustion = Fuel::ALL.map(|fuel| {
            let [co2, ch4, n2o] = fuel.factor_names().map(number);
            CombustionFactors { co2_t_tj: co2, ch4_kg_tj: ch4, n2o_kg_tj: n2o }
        });
        Self {
            combustion,
            warming: WarmingPotentials { ch4: number("gwp_ch4"), n2o: number("gwp_n2o") },
            site: SiteFactors {
                co2_c_t_ha: number("site_co2_c_t_ha"),
                doc_t_ha: number("site_doc_t_ha"),
                ch4_land_kg_ha: number("site_ch4_land_kg_ha"),
                ch4_ditch_kg_ha: number("site_ch4_ditch_kg_ha"),
                ditch_share: share("ditch_share"),
                n2o_n_kg_ha: number("site_n2o_n_kg_ha"),
            },
            grid_co2_t_mwh: number("grid_co2_t_mwh"),
            haul_co2_kg_t_km: number("haul_co2_kg_t_km"),
            nox_g_gj: number("nox_g_gj"),
            dust_g_gj: number("dust_g_gj"),
            peat_sulphur: share("peat_sulphur_share"),
            wood_sulphur: share("wood_sulphur_share"),
            sulphur_retained: share("sulphur_retained_share"),
        }
    }

    /// Carbon dioxide of burning a MWh of a fuel, t.
    ///
    /// Peat at 106 t/TJ: 0.3816 t.
    #[must_use]
    pub fn co2_t_mwh(&self, fuel: Fuel) -> f64 {
        self.combustion[fuel as usize].co2_t_tj * GIGAJOULES_PER_MEGAWATT_HOUR / 1e3
    }

    /// Defaults without a read source that an activity rests on.
    #[must_use]
    pub fn rests_on(activity: &YearlyActivity, emissions: &ParameterValues, reserves: &ParameterValues) -> Vec<DefaultUsed> {
        let mut names = vec!["gwp_ch4", "gwp_n2o", "nox_g_gj", "dust_g_gj", "peat_sulphur_share", "sulphur_retained_share"];
        let fuels = activity.burned.iter().chain(&activity.present).filter(|burned| burned.energy.0 > 0.0);
        names.extend(fuels.flat_map(|burned| burned.fuel.factor_names()));
        if activity.haul_t_km > 0.0 {
            names.push("haul_co2_kg_t_km");
        }
        if (activity.electricity + activity.bought_electricity + activity.present_electricity).0 > 0.0 {
            names.push("grid_co2_t_mwh");
        }
        if activity.drained.0 > 0.0 {
            names.extend(["site_co2_c_t_ha", "site_doc_t_ha", "site_ch4_land_kg_ha"]);
            names.extend(["site_ch4_ditch_kg_ha", "ditch_share", "site_n2o_n_kg_ha"]);
        }
        let mut used = emissions.unsourced_defaults(&names);
        used.extend(reserves.unsourced_defaults(&names));
        used
    }
}
