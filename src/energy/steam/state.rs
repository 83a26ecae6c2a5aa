//! The state of water and steam: by pressure and temperature, dryness, enthalpy or entropy.
//!
//! The equations are those of the IAPWS Industrial Formulation 1997 (IAPWS R7-97(2012)), regions 1, 2 and 4. The region
//! is chosen here, from the saturation line and the boundary to region 3, so that a state outside of them is an error and
//! never a number. Around the critical point (region 3) no boiler house works: states there are refused.

use serde::Serialize;
use seuif97::{OCP, OH, OS, OT, OV, ph, ps, pt, px2t, tx2p};
use std::ops::RangeInclusive;
use thiserror::Error;

/// Pressures that are taken, MPa: from just above the triple point to the end of IF97.
const PRESSURES_MPA: RangeInclusive<f64> = 0.0007..=100.0;
/// Greatest pressure at which saturated steam is taken: there regions 1 and 2 end, MPa.
const SATURATED_PRESSURE_MAX_MPA: f64 = 16.529;
/// Temperatures that are taken, °C: region 2 would end at 800.
const TEMPERATURES_C: RangeInclusive<f64> = 0.0..=700.0;
/// Where region 1 ends and region 3 begins, °C.
const REGION_1_TOP_C: f64 = 350.0;
/// °C of 0 K.
const ZERO_KELVIN_C: f64 = -273.15;

/// Why there is no such state.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SteamError {
    #[error("the pressure must lie between {low} and {high} MPa absolute; it was {value}", low = PRESSURES_MPA.start(), high = PRESSURES_MPA.end())]
    Pressure { value: f64 },
    #[error(
        "saturated steam needs a pressure between {low} and {SATURATED_PRESSURE_MAX_MPA} MPa absolute; it was {value}",
        low = PRESSURES_MPA.start()
    )]
    SaturatedPressure { value: f64 },
    #[error("the temperature must lie between {low} and {high} °C; it was {value}", low = TEMPERATURES_C.start(), high = TEMPERATURES_C.end())]
    Temperature { value: f64 },
    #[error("saturated steam needs a temperature between 2 and {REGION_1_TOP_C} °C; it was {value}")]
    SaturatedTemperature { value: f64 },
    #[error("the dryness must lie between 0 and 1; it was {value}")]
    Dryness { value: f64 },
    #[error("at {pressure_mpa} MPa the enthalpy must lie between {low:.1} and {high:.1} kJ/kg (0 to 700 °C); it was {value}")]
    Enthalpy { pressure_mpa: f64, low: f64, high: f64, value: f64 },
    #[error("at {pressure_mpa} MPa the entropy must lie between {low:.4} and {high:.4} kJ/(kg K) (0 to 700 °C); it was {value}")]
    Entropy { pressure_mpa: f64, low: f64, high: f64, value: f64 },
    #[error(
        "at {pressure_mpa} MPa the state lies near the critical point of water, where it is not computed: use a lower pressure or a higher temperature"
    )]
    NearCritical { pressure_mpa: f64 },
    #[error("steam cannot expand from {inlet_mpa} to {outlet_mpa} MPa: the outlet pressure must be the lower one")]
    NoDrop { inlet_mpa: f64, outlet_mpa: f64 },
    #[error("{name} must lie above 0 and not above 1; it was {value}")]
    Efficiency { name: &'static str, value: f64 },
    #[error("{name} must lie between 0 and {high}{unit}; it was {value}")]
    Machine { name: &'static str, value: f64, high: f64, unit: &'static str },
    #[error("what enters the machine at {pressure_mpa} MPa must be steam, its dryness 0.5 at least; it was {dryness:.3}")]
    NotSteam { pressure_mpa: f64, dryness: f64 },
}

/// A kilogram of water or steam in equilibrium.
///
/// Dry saturated steam of 1.3 MPa has 191.61 °C, 2786.49 kJ/kg and 6.4936 kJ/(kg K):
///
/// ```
/// use peatplan::energy::steam::SteamState;
/// let steam = SteamState::saturated_steam(1.3).unwrap();
/// assert!((steam.temperature_c() - 191.61).abs() < 0.005);
/// assert!((steam.enthalpy_kj_kg() - 2786.49).abs() < 0.005);
/// assert!((steam.entropy_kj_kg_k() - 6.4936).abs() < 5e-5);
/// let error = SteamState::saturated_steam(25.0).unwrap_err();
/// assert_eq!(error.to_string(), "saturated steam needs a pressure between 0.0007 and 16.529 MPa absolute; it was 25");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SteamState {
    pressure_mpa: f64,
    temperature_c: f64,
    enthalpy_kj_kg: f64,
    entropy_kj_kg_k: f64,
    specific_volume_m3_kg: f64,
    dryness: f64,
    superheat_k: f64,
}

/// Region of IF97 whose equation is used.
#[derive(Clone, Copy)]
enum Region {
    Water = 1,
    Steam = 2,
}

/// Property `property` of region `region`, whatever the region of the state may be.
fn property(region: Region, pressure_mpa: f64, temperature_c: f64, property: i32) -> f64 {
    pt(pressure_mpa, temperature_c, (property, region as i32))
}

/// The temperature above which a pressure belongs to region 2 where it is past region 1's saturation, °C (equation B23 of
/// IF97, table 1).
fn steam_side_of_region_3_c(pressure_mpa: f64) -> f64 {
    let [a, b, c] = [0.101_929_703_397_82e-2, 0.572_544_598_627_46e3, 0.139_188_397_788_70e2];
    b + ((pressure_mpa - c) / a).sqrt() + ZERO_KELVIN_C
}

/// Where liquid ends and steam begins at a pressure: one temperature below the critical region, two around it.
fn phase_limits_c(pressure_mpa: f64) -> (f64, f64) {
    if pressure_mpa <= SATURATED_PRESSURE_MAX_MPA {
        let boiling = px2t(pressure_mpa, 0.0);
        (boiling, boiling)
    } else {
        (REGION_1_TOP_C, steam_side_of_region_3_c(pressure_mpa).max(REGION_1_TOP_C))
    }
}

/// Temperature at which water boils, °C: 191.61 °C at 1.3 MPa.
///
/// ```
/// let boiling = peatplan::energy::steam::saturation_temperature_c(0.1).unwrap();
/// assert!((boiling - 99.606).abs() < 5e-4);
/// ```
///
/// # Errors
/// [`SteamError::SaturatedPressure`].
pub fn saturation_temperature_c(pressure_mpa: f64) -> Result<f64, SteamError> {
    Ok(px2t(saturated(pressure_mpa)?, 0.0))
}

/// Pressure at which water boils at a temperature, MPa: 0.1013 MPa at 99.97 °C.
///
/// ```
/// let pressure = peatplan::energy::steam::saturation_pressure_mpa(226.85).unwrap();
/// assert!((pressure - 2.63889776).abs() < 5e-9);
/// ```
///
/// # Errors
/// [`SteamError::SaturatedTemperature`]: outside 2-350 °C.
pub fn saturation_pressure_mpa(temperature_c: f64) -> Result<f64, SteamError> {
    if (2.0..=REGION_1_TOP_C).contains(&temperature_c) {
        Ok(tx2p(temperature_c, 0.0))
    } else {
        Err(SteamError::SaturatedTemperature { value: temperature_c })
    }
}

fn saturated(pressure_mpa: f64) -> Result<f64, SteamError> {
    if (*PRESSURES_MPA.start()..=SATURATED_PRESSURE_MAX_MPA).contains(&pressure_mpa) {
        Ok(pressure_mpa)
    } else {
        Err(SteamError::SaturatedPressure { value: pressure_mpa })
    }
}

fn taken(pressure_mpa: f64) -> Result<f64, SteamError> {
    if PRESSURES_MPA.contains(&pressure_mpa) { Ok(pressure_mpa) } else { Err(SteamError::Pressure { value: pressure_mpa }) }
}

impl SteamState {
    /// Water or superheated steam by pressure and temperature. At the boiling point itself it is dry steam.
    ///
    /// # Errors
    /// [`SteamError`]: a pressure outside 0.0007-100 MPa, a temperature outside 0-700 °C, or a state near the critical point.
    pub fn at_temperature(pressure_mpa: f64, temperature_c: f64) -> Result<Self, SteamError> {
        let pressure_mpa = taken(pressure_mpa)?;
        if !TEMPERATURES_C.contains(&temperature_c) {
            return Err(SteamError::Temperature { value: temperature_c });
        }
        let (liquid_to, steam_from) = phase_limits_c(pressure_mpa);
        if temperature_c >= steam_from {
            Ok(Self::of_region(Region::Steam, pressure_mpa, temperature_c))
        } else if temperature_c <= liquid_to {
            Ok(Self::of_region(Region::Water, pressure_mpa, temperature_c))
        } else {
            Err(SteamError::NearCritical { pressure_mpa })
        }
    }

    /// Dry saturated steam.
    ///
    /// # Errors
    /// [`SteamError::SaturatedPressure`].
    pub fn saturated_steam(pressure_mpa: f64) -> Result<Self, SteamError> {
        Self::at_dryness(pressure_mpa, 1.0)
    }

    /// Boiling water.
    ///
    /// # Errors
    /// [`SteamError::SaturatedPressure`].
    pub fn saturated_water(pressure_mpa: f64) -> Result<Self, SteamError> {
        Self::at_dryness(pressure_mpa, 0.0)
    }

    /// Wet steam by its dryness `x`, the share of vapour by mass: `h = h' + x (h'' - h')`, and likewise `s` and `v`.
    ///
    /// # Errors
    /// [`SteamError`]: a pressure without saturated steam, or a dryness outside 0-1.
    pub fn at_dryness(pressure_mpa: f64, dryness: f64) -> Result<Self, SteamError> {
        let pressure_mpa = saturated(pressure_mpa)?;
        if !(0.0..=1.0).contains(&dryness) {
            return Err(SteamError::Dryness { value: dryness });
        }
        Ok(Self::wet(pressure_mpa, px2t(pressure_mpa, 0.0), dryness))
    }

    /// A state by pressure and enthalpy, kJ/kg: what a valve leaves, or a machine.
    ///
    /// The backward equation of IF97 gives a first temperature; Newton's steps on the forward equation make the enthalpy
    /// right to 1e-9.
    ///
    /// # Errors
    /// [`SteamError`]: a pressure or an enthalpy outside the formulation, or a state near the critical point.
    pub fn at_enthalpy(pressure_mpa: f64, enthalpy_kj_kg: f64) -> Result<Self, SteamError> {
        let first = |region| ph(pressure_mpa, enthalpy_kj_kg, (OT, region as i32));
        let slope = |region, temperature| property(region, pressure_mpa, temperature, OCP);
        let refused = |low, high| SteamError::Enthalpy { pressure_mpa, low, high, value: enthalpy_kj_kg };
        Self::solve(pressure_mpa, enthalpy_kj_kg, OH, first, slope, refused)
    }

    /// A state by pressure and entropy, kJ/(kg K): where an expansion without loss ends.
    ///
    /// The temperature is found as in [`SteamState::at_enthalpy`].
    ///
    /// # Errors
    /// [`SteamError`]: a pressure or an entropy outside the formulation, or a state near the critical point.
    pub fn at_entropy(pressure_mpa: f64, entropy_kj_kg_k: f64) -> Result<Self, SteamError> {
        let first = |region| ps(pressure_mpa, entropy_kj_kg_k, (OT, region as i32));
        let slope = |region, temperature: f64| property(region, pressure_mpa, temperature, OCP) / (temperature - ZERO_KELVIN_C);
        let refused = |low, high| SteamError::Entropy { pressure_mpa, low, high, value: entropy_kj_kg_k };
        Self::solve(pressure_mpa, entropy_kj_kg_k, OS, first, slope, refused)
    }

    /// Finds the state in which a property that grows with temperature has a value.
    fn solve(
        pressure_mpa: f64,
        target: f64,
        id: i32,
        first: impl Fn(Region) -> f64,
        slope: impl Fn(Region, f64) -> f64,
        refused: impl Fn(f64, f64) -> SteamError,
    ) -> Result<Self, SteamError> {
        let pressure_mpa = taken(pressure_mpa)?;
        let value = |region, temperature| property(region, pressure_mpa, temperature, id);
        let (lowest, highest) = (value(Region::Water, *TEMPERATURES_C.start()), value(Region::Steam, *TEMPERATURES_C.end()));
        if !(lowest..=highest).contains(&target) {
            return Err(refused(lowest, highest));
        }
        let (liquid_to, steam_from) = phase_limits_c(pressure_mpa);
        let (boiling, dry) = (value(Region::Water, liquid_to), value(Region::Steam, steam_from));
        let (region, from, to) = if target >= dry {
            (Region::Steam, steam_from, *TEMPERATURES_C.end())
        } else if target <= boiling {
            (Region::Water, *TEMPERATURES_C.start(), liquid_to)
        } else if pressure_mpa <= SATURATED_PRESSURE_MAX_MPA {
            return Ok(Self::wet(pressure_mpa, liquid_to, (target - boiling) / (dry - boiling)));
        } else {
            return Err(SteamError::NearCritical { pressure_mpa });
        };
        let guess = first(region);
        let mut temperature = if guess.is_finite() { guess.clamp(from, to) } else { 0.5 * (from + to) };
        for _ in 0..20 {
            let step = (value(region, temperature) - target) / slope(region, temperature);
            temperature = (temperature - step).clamp(from, to);
            if step.abs() < 1e-10 {
                break;
            }
        }
        Ok(Self::of_region(region, pressure_mpa, temperature))
    }

    fn of_region(region: Region, pressure_mpa: f64, temperature_c: f64) -> Self {
        let boils = pressure_mpa <= SATURATED_PRESSURE_MAX_MPA;
        Self {
            pressure_mpa,
            temperature_c,
            enthalpy_kj_kg: property(region, pressure_mpa, temperature_c, OH),
            entropy_kj_kg_k: property(region, pressure_mpa, temperature_c, OS),
            specific_volume_m3_kg: property(region, pressure_mpa, temperature_c, OV),
            dryness: match region {
                Region::Water => 0.0,
                Region::Steam => 1.0,
            },
            superheat_k: match region {
                Region::Steam if boils => (temperature_c - px2t(pressure_mpa, 0.0)).max(0.0),
                Region::Water | Region::Steam => 0.0,
            },
        }
    }

    fn wet(pressure_mpa: f64, boiling_c: f64, dryness: f64) -> Self {
        let (water, steam) =
            (Self::of_region(Region::Water, pressure_mpa, boiling_c), Self::of_region(Region::Steam, pressure_mpa, boiling_c));
        let mix = |water: f64, steam: f64| water + dryness * (steam - water);
        Self {
            pressure_mpa,
            temperature_c: boiling_c,
            enthalpy_kj_kg: mix(water.enthalpy_kj_kg, steam.enthalpy_kj_kg),
            entropy_kj_kg_k: mix(water.entropy_kj_kg_k, steam.entropy_kj_kg_k),
            specific_volume_m3_kg: mix(water.specific_volume_m3_kg, steam.specific_volume_m3_kg),
            dryness,
            superheat_k: 0.0,
        }
    }

    /// Absolute pressure in MPa.
    #[must_use]
    pub fn pressure_mpa(&self) -> f64 {
        self.pressure_mpa
    }
    /// Temperature in °C.
    #[must_use]
    pub fn temperature_c(&self) -> f64 {
        self.temperature_c
    }
    /// Enthalpy in kJ/kg, nothing for water at the triple point.
    #[must_use]
    pub fn enthalpy_kj_kg(&self) -> f64 {
        self.enthalpy_kj_kg
    }
    /// Entropy in kJ/(kg K).
    #[must_use]
    pub fn entropy_kj_kg_k(&self) -> f64 {
        self.entropy_kj_kg_k
    }
    /// Volume of a kilogram in m³.
    #[must_use]
    pub fn specific_volume_m3_kg(&self) -> f64 {
        self.specific_volume_m3_kg
    }
    /// Share of vapour by mass: 0 for water, 1 for dry and superheated steam.
    #[must_use]
    pub fn dryness(&self) -> f64 {
        self.dryness
    }
    /// Kelvin above the boiling point; nothing for water, for wet steam, and above 16.5 MPa.
    #[must_use]
    pub fn superheat_k(&self) -> f64 {
        self.superheat_k
    }
}
