//! What a fuel supply is asked for beside the plant.

use super::haul::HaulRates;
use super::season::MonthlyShares;
use super::stock_months::twelve_numbers;
use crate::model::{InputError, ParameterValues, flag_from, reserve_parameters, season_parameters, supply_parameters};

/// A request, with its numbers checked against their limits.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is an input of its own that is yes or no")]
pub struct SupplyRequest {
    /// Numbers, by the names of `geodata/reference/supply.toml`.
    pub numbers: ParameterValues,
    /// The net share of a field's area, where the field does not say; a parameter of the reserves too.
    pub reserve_numbers: ParameterValues,
    /// Numbers of harvest and stockpile, by the names of `geodata/reference/season.toml`.
    pub season_numbers: ParameterValues,
    /// How the need spreads over the months; none where it follows the heat of a town.
    pub need_by_month: Option<MonthlyShares>,
    /// Whether yields that fields do not state come from cycles and drying days.
    pub yield_by_cycles: bool,
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
            season_numbers: ParameterValues::defaults(season_parameters()),
            need_by_month: None,
            yield_by_cycles: false,
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
            "yield_by_cycles" => self.yield_by_cycles = flag_from(name, text)?,
            "need_by_month" => {
                let detail =
                    || format!("need_by_month must be twelve numbers of nothing or more, January first; it was {text:?}");
                let shares = twelve_numbers(text).ok_or_else(|| InputError { parameter: name.to_owned(), detail: detail() })?;
                self.need_by_month = Some(shares);
            }
            "narrow_gauge" => {
                self.narrow_gauge = match text.trim() {
                    "use" => true,
                    "ignore" => false,
                    _ => return Err(InputError::not_one_of(name, text, &["use", "ignore"])),
                }
            }
            "net_area_share" => self.reserve_numbers.set(name, text)?,
            _ if self.numbers.knows(name) => self.numbers.set(name, text)?,
            _ if self.season_numbers.knows(name) => self.season_numbers.set(name, text)?,
            _ => {
                let known = ["at", "electric_capacity_mw", "heat_capacity_mw", "fuel_power_mw", "peat_share"];
                let own = ["include_undeveloped", "routes", "narrow_gauge", "net_area_share", "yield_by_cycles", "need_by_month"];
                let numbers = supply_parameters().names().chain(season_parameters().names());
                return Err(InputError::unknown(name, known.into_iter().chain(own).chain(numbers)));
            }
        }
        Ok(())
    }
}
