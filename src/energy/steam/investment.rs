//! Kinds of machines, and what a size of them costs.

use crate::model::{InputError, ParameterValues, steam_parameters};
use serde::Serialize;

/// What stands in place of the reducing valve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MachineKind {
    /// A back-pressure turbine.
    #[default]
    Turbine,
    /// A screw expander, which takes wet steam.
    Screw,
}

impl MachineKind {
    /// The kind by its word.
    ///
    /// # Errors
    /// The words that there are.
    pub fn parse(text: &str) -> Result<Self, InputError> {
        match text {
            "turbine" => Ok(Self::Turbine),
            "screw" => Ok(Self::Screw),
            _ => Err(steam_parameters()
                .choice("machine")
                .map_or_else(|| InputError::not_one_of("machine", text, &["turbine", "screw"]), |choice| choice.refusal(text))),
        }
    }
}

/// Middles of the classes up to 1, 1-5 and 5-25 MW in kW, the names' numbers. Cost and efficiency of a class stand there,
/// so that no size pays by stepping over the border of a class.
const CLASS_SIZES_KW: [f64; 3] = [500.0, 2_240.0, 11_200.0];
const EFFICIENCIES: [&str; 3] =
    ["isentropic_efficiency_500_kw", "isentropic_efficiency_2240_kw", "isentropic_efficiency_11200_kw"];
const INSTALLED: [&str; 3] = ["installed_cost_500_kw_usd_kw", "installed_cost_2240_kw_usd_kw", "installed_cost_11200_kw_usd_kw"];
const O_AND_M: [&str; 3] = ["o_and_m_500_kw_usd_mwh", "o_and_m_2240_kw_usd_mwh", "o_and_m_11200_kw_usd_mwh"];
/// From dollars of a source to roubles of the price year.
const CONVERSION: [&str; 2] = ["usd_price_factor", "exchange_rate_rub_usd"];

/// What machines of a kind cost and how good they are, by size.
///
/// A turbine of 500 kW costs 1,136 USD/kW, in roubles at 92 RUB/USD and with prices risen by 35 %:
///
/// ```
/// use peatplan::energy::steam::{MachineKind, SpecificCosts};
/// use peatplan::model::{ParameterValues, steam_parameters};
/// let costs = SpecificCosts::new(MachineKind::Turbine, &ParameterValues::defaults(steam_parameters()));
/// assert!((costs.installed_rub_kw(500.0) - 1136.0 * 1.35 * 92.0).abs() < 1e-6);
/// assert!((costs.isentropic_efficiency(500.0) - 0.525).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpecificCosts {
    kind: MachineKind,
    given_efficiency: Option<f64>,
    given_rub_kw: Option<f64>,
    efficiencies: [f64; 3],
    installed_rub_kw: [f64; 3],
    o_and_m_rub_mwh: [f64; 3],
}

impl SpecificCosts {
    /// Costs of a kind by the parameters `geodata/reference/steam.toml`.
    #[must_use]
    pub fn new(kind: MachineKind, numbers: &ParameterValues) -> Self {
        let get = |name: &str| numbers.get(name);
        let roubles: f64 = CONVERSION.map(get).iter().product();
        let (factor, efficiencies) = match kind {
            MachineKind::Turbine => (1.0, EFFICIENCIES.map(get)),
            MachineKind::Screw => (get("screw_cost_factor"), [get("screw_isentropic_efficiency"); 3]),
        };
        Self {
            kind,
            given_efficiency: numbers.given("isentropic_efficiency"),
            given_rub_kw: numbers.given("investment_rub_kw"),
            efficiencies,
            installed_rub_kw: INSTALLED.map(|name| get(name) * roubles * factor * get("local_cost_factor")),
            o_and_m_rub_mwh: O_AND_M.map(|name| get(name) * roubles),
        }
    }

    /// Names of the parameters that these costs were made of.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = O_AND_M.into_iter().chain(CONVERSION).collect();
        if self.given_rub_kw.is_none() {
            names.extend(INSTALLED);
            names.push("local_cost_factor");
        }
        match (self.kind, self.given_efficiency) {
            (MachineKind::Turbine, None) => names.extend(EFFICIENCIES),
            (MachineKind::Screw, None) => names.push("screw_isentropic_efficiency"),
            _ => {}
        }
        if self.kind == MachineKind::Screw && self.given_rub_kw.is_none() {
            names.push("screw_cost_factor");
        }
        names
    }

    /// Isentropic efficiency of a size, by the logarithm of the size between the classes and constant outside of them.
    #[must_use]
    pub fn isentropic_efficiency(&self, size_kw: f64) -> f64 {
        self.given_efficiency.unwrap_or_else(|| between(size_kw.max(CLASS_SIZES_KW[0]), &self.efficiencies))
    }

    /// Installed cost of a kW: a power of the size between the classes. Below the smallest class it goes on rising by the
    /// same power, above the largest it stays.
    #[must_use]
    pub fn installed_rub_kw(&self, size_kw: f64) -> f64 {
        self.given_rub_kw.unwrap_or_else(|| between(size_kw, &self.installed_rub_kw.map(f64::ln)).exp())
    }

    /// Operation and maintenance for a MWh sent out, by the logarithm of the size.
    #[must_use]
    pub fn o_and_m_rub_mwh(&self, size_kw: f64) -> f64 {
        between(size_kw.max(CLASS_SIZES_KW[0]), &self.o_and_m_rub_mwh)
    }
}

/// A straight line over the logarithm of the size through the classes; the first line goes on below, the last value above.
fn between(size_kw: f64, values: &[f64; 3]) -> f64 {
    let [small, medium, large] = CLASS_SIZES_KW.map(f64::ln);
    // A machine below 1 kW is no machine.
    let size = size_kw.max(1.0).ln();
    if size >= large {
        values[2]
    } else if size >= medium {
        values[1] + (values[2] - values[1]) * (size - medium) / (large - medium)
    } else {
        values[0] + (values[1] - values[0]) * (size - small) / (medium - small)
    }
}
