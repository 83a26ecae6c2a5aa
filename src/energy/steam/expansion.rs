//! A tonne of steam through a machine instead of a valve.

use super::state::{SteamError, SteamState};
use serde::Serialize;

/// How good a machine is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MachineEfficiency {
    /// Enthalpy drop over that of an expansion without loss.
    pub isentropic: f64,
    /// Electricity at the generator's terminals over what the steam gives off: bearings, gearbox, generator.
    pub mechanical_electric: f64,
    /// Share of that electricity that the machine's own pumps and controls use.
    pub own_use_share: f64,
}

impl MachineEfficiency {
    /// Electricity sent out over what the steam gives off.
    #[must_use]
    pub fn net(&self) -> f64 {
        self.mechanical_electric * (1.0 - self.own_use_share)
    }

    fn checked(self) -> Result<Self, SteamError> {
        let shares = [("isentropic_efficiency", self.isentropic), ("mechanical_electric_efficiency", self.mechanical_electric)];
        let rest = ("the share left after own use, 1 - own_use_share,", 1.0 - self.own_use_share);
        match shares.into_iter().chain([rest]).find(|(_, share)| !(*share > 0.0 && *share <= 1.0)) {
            Some((name, value)) => Err(SteamError::Efficiency { name, value }),
            None => Ok(self),
        }
    }
}

/// What a tonne of steam gives on its way from inlet to outlet pressure, at full load.
///
/// Heat is counted down to boiling water at the outlet pressure, as a heater that drains its condensate uses it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Expansion {
    /// Steam before the machine.
    pub inlet: SteamState,
    /// Exhaust of an expansion without loss.
    pub ideal_exhaust: SteamState,
    /// Exhaust.
    pub exhaust: SteamState,
    /// What the reducing valve makes of the same steam: the same enthalpy at the outlet pressure.
    pub throttled: SteamState,
    /// Boiling water at the outlet pressure.
    pub condensate: SteamState,
    /// The machine.
    pub efficiency: MachineEfficiency,
    /// Enthalpy drop without loss.
    pub isentropic_drop_kj_kg: f64,
    /// Enthalpy drop.
    pub drop_kj_kg: f64,
    /// Work of a perfect machine on a tonne of steam.
    pub ideal_kwh_t: f64,
    /// Electricity at the terminals from a tonne of steam.
    pub gross_kwh_t: f64,
    /// Electricity sent out from a tonne of steam.
    pub net_kwh_t: f64,
    /// Heat that a tonne of exhaust leaves to its users.
    pub heat_kwh_t: f64,
    /// Electricity sent out over that heat.
    pub power_to_heat: f64,
    /// Tonnes of steam through the machine that bring the heat of a tonne through the valve.
    pub heat_neutral_steam_factor: f64,
}

impl Expansion {
    /// Follows a tonne of steam to the outlet pressure:
    /// `h2 = h1 - eta_is (h1 - h2s)` with `h2s` at the inlet's entropy; `w = (h1 - h2)/3.6` kWh/t, of which
    /// `eta_me (1 - own use)` are sent out; heat `(h2 - h')/3.6`; heat-neutral steam `(h1 - h')/(h2 - h')`, because a
    /// valve keeps the enthalpy and a machine does not (textbook thermodynamics, e.g. Moran and Shapiro, Fundamentals of
    /// Engineering Thermodynamics, ch. 6 and 8; the same balance as NREL's REopt uses for back-pressure turbines).
    ///
    /// A tonne of saturated steam of 1.3 MPa sends out 67.05 kWh on its way to 0.12 MPa:
    ///
    /// ```
    /// use peatplan::energy::steam::{Expansion, MachineEfficiency, SteamState};
    /// let turbine = MachineEfficiency { isentropic: 0.65, mechanical_electric: 0.94, own_use_share: 0.03 };
    /// let steam = SteamState::saturated_steam(1.3).unwrap();
    /// let expansion = Expansion::new(steam, 0.12, turbine).unwrap();
    /// assert!((expansion.net_kwh_t - 67.05).abs() < 0.005);
    /// assert!((expansion.exhaust.dryness() - 0.928).abs() < 5e-4);
    /// assert!((expansion.heat_neutral_steam_factor - 1.127).abs() < 5e-4);
    /// ```
    ///
    /// # Errors
    /// [`SteamError`]: an outlet pressure that is not below the inlet's or not within the formulation, efficiencies that
    /// are none, or water instead of steam.
    pub fn new(inlet: SteamState, outlet_pressure_mpa: f64, efficiency: MachineEfficiency) -> Result<Self, SteamError> {
        let efficiency = efficiency.checked()?;
        let condensate = SteamState::saturated_water(outlet_pressure_mpa)?;
        if inlet.dryness() < 0.5 {
            return Err(SteamError::NotSteam { pressure_mpa: inlet.pressure_mpa(), dryness: inlet.dryness() });
        }
        if outlet_pressure_mpa >= inlet.pressure_mpa() {
            return Err(SteamError::NoDrop { inlet_mpa: inlet.pressure_mpa(), outlet_mpa: outlet_pressure_mpa });
        }
        let ideal_exhaust = SteamState::at_entropy(outlet_pressure_mpa, inlet.entropy_kj_kg_k())?;
        let throttled = SteamState::at_enthalpy(outlet_pressure_mpa, inlet.enthalpy_kj_kg())?;
        Self::between(inlet, ideal_exhaust, throttled, condensate, efficiency)
    }

    /// The same steam through a machine of another isentropic efficiency.
    ///
    /// # Errors
    /// [`SteamError::Efficiency`].
    pub fn with_isentropic(&self, isentropic: f64) -> Result<Self, SteamError> {
        let efficiency = MachineEfficiency { isentropic, ..self.efficiency }.checked()?;
        Self::between(self.inlet, self.ideal_exhaust, self.throttled, self.condensate, efficiency)
    }

    fn between(
        inlet: SteamState,
        ideal_exhaust: SteamState,
        throttled: SteamState,
        condensate: SteamState,
        efficiency: MachineEfficiency,
    ) -> Result<Self, SteamError> {
        let isentropic_drop_kj_kg = inlet.enthalpy_kj_kg() - ideal_exhaust.enthalpy_kj_kg();
        let drop_kj_kg = efficiency.isentropic * isentropic_drop_kj_kg;
        let exhaust = SteamState::at_enthalpy(condensate.pressure_mpa(), inlet.enthalpy_kj_kg() - drop_kj_kg)?;
        let heat_kj_kg = exhaust.enthalpy_kj_kg() - condensate.enthalpy_kj_kg();
        Ok(Self {
            inlet,
            ideal_exhaust,
            exhaust,
            throttled,
            condensate,
            efficiency,
            isentropic_drop_kj_kg,
            drop_kj_kg,
            ideal_kwh_t: isentropic_drop_kj_kg / 3.6,
            gross_kwh_t: drop_kj_kg * efficiency.mechanical_electric / 3.6,
            net_kwh_t: drop_kj_kg * efficiency.net() / 3.6,
            heat_kwh_t: heat_kj_kg / 3.6,
            power_to_heat: drop_kj_kg * efficiency.net() / heat_kj_kg,
            heat_neutral_steam_factor: (inlet.enthalpy_kj_kg() - condensate.enthalpy_kj_kg()) / heat_kj_kg,
        })
    }

    /// Heat of the inlet steam above boiling water at the outlet pressure, kJ/kg: what the valve passes on.
    #[must_use]
    pub fn throttled_heat_kj_kg(&self) -> f64 {
        self.inlet.enthalpy_kj_kg() - self.condensate.enthalpy_kj_kg()
    }

    /// Heat that the boiler gives to a kilogram of steam, kJ/kg, where a share of the condensate returns at its boiling
    /// point and the rest is made up by fresh water.
    ///
    /// # Errors
    /// [`SteamError`]: a share outside 0-1, or a make-up water temperature outside the formulation.
    pub fn boiler_heat_kj_kg(&self, condensate_return_share: f64, make_up_temperature_c: f64) -> Result<f64, SteamError> {
        if !(0.0..=1.0).contains(&condensate_return_share) {
            return Err(SteamError::Efficiency { name: "condensate_return_share", value: condensate_return_share });
        }
        let make_up = SteamState::at_temperature(self.inlet.pressure_mpa(), make_up_temperature_c)?.enthalpy_kj_kg();
        let feed = condensate_return_share * self.condensate.enthalpy_kj_kg() + (1.0 - condensate_return_share) * make_up;
        Ok(self.inlet.enthalpy_kj_kg() - feed)
    }

    /// Electricity sent out over the fuel that the boiler burns for it, the users' heat unchanged:
    /// `eta = eta_me (1 - own use) eta_boiler (h1 - h') / q_boiler`, where `q_boiler` is
    /// [`boiler_heat_kj_kg`](Self::boiler_heat_kj_kg). With all condensate returned the last factor is 1: 0.94 × 0.97 ×
    /// 0.85 = 0.775, whatever the turbine's own efficiency, because what it wastes stays in the exhaust.
    #[must_use]
    pub fn marginal_electric_efficiency(&self, boiler_efficiency: f64, boiler_heat_kj_kg: f64) -> f64 {
        self.efficiency.net() * boiler_efficiency * self.throttled_heat_kj_kg() / boiler_heat_kj_kg
    }
}
