//! What a mixture is.

use super::fuel::{BlendFuel, FuelFamily};
use super::limits::{CHLORINE_G_MOL, MG_MJ_PER_T_MWH, SULPHUR_G_MOL};
use super::{BlendError, MOST_FUELS};
use crate::model::ParameterValues;
use crate::supply::SupplyWarning;
use crate::units::{GIGAJOULES_PER_MEGAWATT_HOUR, MegaJoulesPerKilogram};
use serde::Serialize;

/// A fuel's part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlendPart {
    /// Its name.
    pub fuel: String,
    /// Share of the energy.
    pub energy_share: f64,
    /// Share of the wet mass of the mixture; nothing for a fuel that is fired apart.
    pub mass_share: f64,
    /// Wet mass for a MWh of all fuels, t.
    pub mass_t_mwh: f64,
}

/// A blend with its qualities; those of the mixture are none where all fuels are fired apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlendQuality {
    /// Its parts, in the order of the fuels.
    pub parts: Vec<BlendPart>,
    /// Cost of a MWh of all fuels.
    pub cost_rub_mwh: f64,
    /// Net calorific value of the mixture as received.
    pub calorific_value_mj_kg: Option<MegaJoulesPerKilogram>,
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
    /// Atoms of sulphur for one of chlorine; none where there is no chlorine.
    pub sulphur_to_chlorine: Option<f64>,
    /// Wood in the energy of the mixture.
    pub wood_share: Option<f64>,
}

/// Qualities of a mixture with these shares of the energy: with `m_i = 3.6 / q_i` t of wet and `d_i = m_i (1 - W_i)` t of dry fuel
/// a MWh, `W = Σ m_i x_i W_i / Σ m_i x_i`, ash, sulphur and chlorine `A = Σ d_i x_i A_i / Σ d_i x_i`, and
/// `q = 3.6 Σ x_i / Σ m_i x_i`.
///
/// Half of the energy from peat at 40 % water and half from chips at 45 %:
///
/// ```
/// use peatplan::{model::{ParameterValues, blend_parameters}, supply::{BlendFuel, blend_quality}};
/// let numbers = ParameterValues::defaults(blend_parameters());
/// let fuels = [BlendFuel::peat(&numbers), BlendFuel::wood_chips(&numbers)];
/// let half = blend_quality(&fuels, &[0.5, 0.5]).unwrap();
/// // 0.3115 t of peat (11.563 MJ/kg) and 0.3966 t of chips (9.076 MJ/kg) a MWh each: 42.8 % water, 10.17 MJ/kg.
/// assert!((half.moisture.unwrap() - 0.428).abs() < 5e-4);
/// assert!((half.calorific_value_mj_kg.unwrap().0 - 10.170).abs() < 5e-3);
/// assert_eq!(half.cost_rub_mwh, 712.5);
/// ```
///
/// # Errors
/// [`BlendError`]: a fuel outside its limits, or shares that do not make one.
pub fn blend_quality(fuels: &[BlendFuel], energy_shares: &[f64]) -> Result<BlendQuality, BlendError> {
    check_fuels(fuels)?;
    let sum: f64 = energy_shares.iter().sum();
    let proper = energy_shares.iter().all(|share| *share >= 0.0) && (sum - 1.0).abs() < 1e-6;
    if energy_shares.len() != fuels.len() || !proper {
        return Err(BlendError::WrongShares { sum });
    }
    Ok(mixture(fuels, energy_shares))
}

pub(super) fn check_fuels(fuels: &[BlendFuel]) -> Result<(), BlendError> {
    if fuels.is_empty() || fuels.len() > MOST_FUELS {
        return Err(BlendError::FuelCount { count: fuels.len() });
    }
    for (place, fuel) in fuels.iter().enumerate() {
        if fuels[..place].iter().any(|other| other.name == fuel.name) {
            return Err(BlendError::FuelTwice { name: fuel.name.clone() });
        }
        fuel.check()?;
    }
    Ok(())
}

pub(super) fn mixture(fuels: &[BlendFuel], shares: &[f64]) -> BlendQuality {
    let mixed = |of: &dyn Fn(&BlendFuel) -> f64| -> f64 {
        fuels.iter().zip(shares).filter(|(fuel, _)| !fuel.fired_apart).map(|(fuel, share)| of(fuel) * share).sum()
    };
    let dry_mean = |of: &dyn Fn(&BlendFuel) -> f64| mixed(&|fuel| of(fuel) * fuel.dry_mass_t_mwh());
    let (energy, wet, dry) = (mixed(&|_| 1.0), mixed(&BlendFuel::mass_t_mwh), mixed(&BlendFuel::dry_mass_t_mwh));
    let there = |value: f64| (energy > 0.0).then_some(value);
    let sulphur = dry_mean(&|fuel| fuel.sulphur.value());
    let chlorine = dry_mean(&|fuel| fuel.chlorine.value());
    BlendQuality {
        parts: fuels
            .iter()
            .zip(shares)
            .map(|(fuel, share)| BlendPart {
                fuel: fuel.name.clone(),
                energy_share: *share,
                mass_share: if fuel.fired_apart || wet <= 0.0 { 0.0 } else { share * fuel.mass_t_mwh() / wet },
                mass_t_mwh: share * fuel.mass_t_mwh(),
            })
            .collect(),
        cost_rub_mwh: fuels.iter().zip(shares).map(|(fuel, share)| fuel.cost_rub_mwh * share).sum(),
        calorific_value_mj_kg: there(GIGAJOULES_PER_MEGAWATT_HOUR * energy / wet).map(MegaJoulesPerKilogram),
        moisture: there(mixed(&|fuel| fuel.moisture.value() * fuel.mass_t_mwh()) / wet),
        ash: there(dry_mean(&|fuel| fuel.ash.value()) / dry),
        sulphur: there(sulphur / dry),
        sulphur_mg_mj: there(sulphur * MG_MJ_PER_T_MWH / energy),
        chlorine: there(chlorine / dry),
        sulphur_to_chlorine: (chlorine > 0.0).then(|| (sulphur / SULPHUR_G_MOL) / (chlorine / CHLORINE_G_MOL)),
        wood_share: there(mixed(&|fuel| if fuel.family == FuelFamily::Wood { 1.0 } else { 0.0 }) / energy),
    }
}

impl BlendQuality {
    /// What to warn of, by the rules of `geodata/reference/blend.toml`: nearly pure wood under hot superheaters, and too little
    /// sulphur for the chlorine. `superheat_c` is the temperature of the steam; none for boilers of hot water or saturated steam.
    #[must_use]
    pub fn warnings(&self, superheat_c: Option<f64>, numbers: &ParameterValues) -> Vec<SupplyWarning> {
        let mut warnings = Vec::new();
        let Some(steam) = superheat_c.filter(|steam| *steam > numbers.get("superheat_limit_c")) else { return warnings };
        let most_wood = numbers.get("wood_share_limit");
        if let Some(wood) = self.wood_share.filter(|wood| *wood > most_wood + 1e-9) {
            let message = format!(
                "wood gives {:.0} % of the energy of the mixture; above {:.0} % its alkali corrodes superheaters at {steam:.0} °C, \
                 and some peat prevents that",
                wood * 100.0,
                most_wood * 100.0
            );
            warnings.push(SupplyWarning::new("alkali_corrosion", message));
        }
        let least = numbers.get("sulphur_chlorine_molar_least");
        if let Some(ratio) = self.sulphur_to_chlorine.filter(|ratio| *ratio < least - 1e-9) {
            let message = format!(
                "there are {ratio:.1} atoms of sulphur for one of chlorine; below {least:.1} chlorides reach superheaters at {steam:.0} °C"
            );
            warnings.push(SupplyWarning::new("chlorine_corrosion", message));
        }
        warnings
    }
}
