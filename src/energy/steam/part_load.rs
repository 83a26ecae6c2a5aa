//! A machine on less steam than it was built for, beside the valve that takes the rest.

use super::expansion::Expansion;
use super::state::SteamError;
use serde::Serialize;

/// A machine with its part load by Willans' line: `m = m0 + kappa P`, steam over power is a straight line from the steam
/// that the machine needs to turn at all to the full flow (P. W. Willans, Proc. Inst. Civil Engineers 114, 1893).
///
/// A quarter of the steam runs a machine that idles on 15 % at (0.25 - 0.15)/0.85 = 11.8 % of its power:
///
/// ```
/// use peatplan::energy::steam::{Expansion, MachineEfficiency, PartLoad, SteamState};
/// let turbine = MachineEfficiency { isentropic: 0.65, mechanical_electric: 0.94, own_use_share: 0.03 };
/// let expansion = Expansion::new(SteamState::saturated_steam(1.3).unwrap(), 0.12, turbine).unwrap();
/// let machine = PartLoad::new(10.0, 0.15, 0.1).unwrap();
/// let full = machine.shaft_kw(&expansion, 10.0);
/// assert!((full - 10.0 / 3.6 * expansion.drop_kj_kg).abs() < 1e-9);
/// assert!((machine.shaft_kw(&expansion, 2.5) / full - 0.1 / 0.85).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PartLoad {
    design_steam_t_h: f64,
    no_load_steam_share: f64,
    minimum_load_share: f64,
}

/// How the steam of a moment goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MachineFlow {
    /// Through the machine.
    pub machine_t_h: f64,
    /// Through the reducing valve.
    pub valve_t_h: f64,
    /// What the steam gives off in the machine.
    pub shaft_kw: f64,
}

impl PartLoad {
    /// A machine by its steam at full load, the share of it that turns the machine without giving power, and the least
    /// share of full power at which it runs.
    ///
    /// # Errors
    /// [`SteamError`]: a design flow outside 0-100,000 t/h, idle steam outside 0-0.5, a minimum load outside 0-1.
    pub fn new(design_steam_t_h: f64, no_load_steam_share: f64, minimum_load_share: f64) -> Result<Self, SteamError> {
        let limits = [
            ("design_steam_t_h", design_steam_t_h, 100_000.0, " t/h"),
            ("no_load_steam_share", no_load_steam_share, 0.5, ""),
            ("minimum_load_share", minimum_load_share, 1.0, ""),
        ];
        match limits.into_iter().find(|(_, value, high, _)| !(0.0..=*high).contains(value)) {
            Some((name, value, high, unit)) => Err(SteamError::Machine { name, value, high, unit }),
            None => Ok(Self { design_steam_t_h, no_load_steam_share, minimum_load_share }),
        }
    }

    /// Steam at full load, t/h.
    #[must_use]
    pub fn design_steam_t_h(&self) -> f64 {
        self.design_steam_t_h
    }

    /// Least steam flow at which the machine runs, t/h.
    #[must_use]
    pub fn least_steam_t_h(&self) -> f64 {
        let idle = self.no_load_steam_share;
        self.design_steam_t_h * (idle + self.minimum_load_share * (1.0 - idle))
    }

    /// What the steam gives off, kW: Willans' line between least and full flow; nothing below, no more above.
    #[must_use]
    pub fn shaft_kw(&self, expansion: &Expansion, steam_t_h: f64) -> f64 {
        if steam_t_h.is_nan() || steam_t_h < self.least_steam_t_h() || self.design_steam_t_h <= 0.0 {
            return 0.0;
        }
        let idle = self.no_load_steam_share * self.design_steam_t_h;
        (steam_t_h.min(self.design_steam_t_h) - idle) / (1.0 - self.no_load_steam_share) * expansion.drop_kj_kg / 3.6
    }

    /// Shares out the steam of a moment so that the users keep the heat of `demand_t_h` through the valve alone.
    ///
    /// With `q = h1 - h'`, each kW that the steam gives off takes heat away, so that the boilers make
    /// `D2 = D1 + 3.6 P/q`. On Willans' line that is one linear equation: with `k = (h1-h2)/((1-phi) q)`,
    /// `D2 = (D1 - k phi D_d)/(1 - k)`, up to the full flow `D_d`; beyond it the valve takes the rest. Where the boilers
    /// have a limit, the machine gives off what `limit - D1` can replace. A demand that is no number is no steam.
    #[must_use]
    pub fn flow(&self, expansion: &Expansion, demand_t_h: f64, boiler_limit_t_h: f64) -> MachineFlow {
        let demand_t_h = if demand_t_h.is_finite() { demand_t_h.max(0.0) } else { 0.0 };
        let by_valve = MachineFlow { machine_t_h: 0.0, valve_t_h: demand_t_h, shaft_kw: 0.0 };
        if self.design_steam_t_h <= 0.0 {
            return by_valve;
        }
        let heat = expansion.throttled_heat_kj_kg();
        let idle = self.no_load_steam_share * self.design_steam_t_h;
        // Tonnes of more steam for each tonne on Willans' line.
        let gain = expansion.drop_kj_kg / heat / (1.0 - self.no_load_steam_share);
        let alone = (demand_t_h - gain * idle) / (1.0 - gain);
        let spare = idle + (boiler_limit_t_h - demand_t_h).max(0.0) / gain;
        let machine = alone.min(self.design_steam_t_h).min(spare);
        if machine < self.least_steam_t_h() || !machine.is_finite() {
            return by_valve;
        }
        let shaft_kw = self.shaft_kw(expansion, machine);
        let total = demand_t_h + 3.6 * shaft_kw / heat;
        // Where the machine takes all, what rounding leaves is no steam through the valve.
        let valve = total - machine;
        let valve_t_h = if valve < 1e-12 * total { 0.0 } else { valve };
        MachineFlow { machine_t_h: machine, valve_t_h, shaft_kw }
    }

    /// The flow through the valve alone that this machine, running full, just replaces: `D1 = D_d (1 - (h1-h2)/q)`, t/h.
    #[must_use]
    pub fn filling_demand_t_h(&self, expansion: &Expansion) -> f64 {
        self.design_steam_t_h * (1.0 - expansion.drop_kj_kg / expansion.throttled_heat_kj_kg())
    }
}
