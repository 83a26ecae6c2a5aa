//! An amount of peat as fuel.

use crate::units::{GigaJoules, MegawattHours, Tonnes, TonnesCoalEquivalent};
use serde::Serialize;

/// A volume as fuel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fuel {
    /// Dry matter.
    pub dry_mass_t: Tonnes,
    /// Mass at the reference moisture.
    pub mass_t: Tonnes,
    /// Energy by net calorific value as received.
    pub energy_gj: GigaJoules,
    /// The same in MWh.
    pub energy_mwh: MegawattHours,
    /// The same in tonnes of coal equivalent.
    pub tonnes_coal_equivalent: TonnesCoalEquivalent,
}
