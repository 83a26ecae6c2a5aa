//! What a fuel supply is asked for beside the plant.

use super::haul::HaulRates;
use crate::model::{InputError, ParameterValues, flag_from, reserve_parameters, supply_parameters};

/// A request, with its numbers checked against their limits.
#[derive(Debug, Clone)]
pub struct SupplyRequest {
    /// Numbers, by the names of `geodata/reference/supply.toml`.
    pub numbers: ParameterValues,
    /// The net share of a field's area, where the field does not say; a parameter of the reserves too.
    pub reserve_numbers: ParameterValues,
    /// Whether fields that are not prepared yet count.
    pub include_undeveloped: bool,
    /// Whether the routes are answered as lines.
    pub routes: bool,
    /// Whether narrow-gauge lines carry peat, too.
    pub narrow_gauge: bool,
}

impl Default for SupplyRequest {
    fn default() -> Self {
        Self {
            numbers: ParameterValues::defaults(supply_parameters()),
            reserve_numbers: ParameterValues::defaults(reserve_parameters()),
            include_undeveloped: false,
            routes: true,
            narrow_gauge: true,
        }
    }
}

impl SupplyRequest {
    /// What trucks cost, and trains where they are to be used.
    #[must_use]
    pub fn haul_rates(&self) -> HaulRates {
        let rates = HaulRates::from_numbers(&self.numbers);
        if self.narrow_gauge { rates } else { rates.without_narrow_gauge() }
    }

    /// Sets an input by its name.
    ///
    /// # Errors
    /// Names the input, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        match name {
            "include_undeveloped" => self.include_undeveloped = flag_from(name, text)?,
            "routes" => self.routes = flag_from(name, text)?,
            "narrow_gauge" => {
                self.narrow_gauge = match text.trim() {
                    "use" => true,
                    "ignore" => false,
                    _ => return Err(InputError::not_one_of(name, text, &["use", "ignore"])),
                }
            }
            "net_area_share" => self.reserve_numbers.set(name, text)?,
            _ if self.numbers.knows(name) => self.numbers.set(name, text)?,
            _ => {
                let known = ["at", "electric_capacity_mw", "heat_capacity_mw", "fuel_power_mw", "peat_share"];
                let own = ["include_undeveloped", "routes", "narrow_gauge", "net_area_share"];
                return Err(InputError::unknown(name, known.into_iter().chain(own).chain(supply_parameters().names())));
            }
        }
        Ok(())
    }
}
