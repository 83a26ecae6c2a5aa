//! What a fuel supply is asked for beside the plant.

use super::haul::HaulRates;
use super::season::MonthlyShares;
use super::stock_months::twelve_numbers;
use crate::model::{
    InputError, ParameterValues, allocation_parameters, blend_parameters, flag_from, reserve_parameters, season_parameters,
    supply_parameters,
};
use serde::Serialize;

/// Inputs that ask for a part of the answer which takes its time.
const PARTS: [&str; 3] = ["stock_band", "preparation", "blend"];
/// Numbers of the seasons that only the band of the stack uses.
const OF_STOCK_BAND: [&str; 5] = ["season_draws", "season_years", "season_seed", "stock_certainty", "store_capacity_t"];
/// Those that only the preparation year by year uses.
const OF_PREPARATION: [&str; 1] = ["decision_year"];
/// Numbers of the blend that a supply does not use: its peat costs what it costs at the gate.
const NOT_OF_BLEND: [&str; 1] = ["peat_cost_rub_mwh"];
/// How much wood there is, a parameter of the allocation too.
const WOOD: &str = "wood_chips_most_share";

/// Parts of the answer beside the plain one, which stays fast while a plant is dragged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SupplyParts {
    /// The stack over drawn seasons.
    pub stock_band: bool,
    /// Fields year by year.
    pub preparation: bool,
    /// The cheapest blend.
    pub blend: bool,
}

impl SupplyParts {
    /// Whether anything is asked for that takes its time.
    #[must_use]
    pub fn any(self) -> bool {
        self.stock_band || self.preparation || self.blend
    }
}

/// When undeveloped fields are decided on, for the preparation year by year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldDecisions {
    /// As late as nothing is short for it.
    #[default]
    WhenNeeded,
    /// All in the year of decision.
    All,
    /// Never.
    None,
}

impl FieldDecisions {
    /// The words of the input.
    const WORDS: [(&str, Self); 3] = [("when_needed", Self::WhenNeeded), ("all", Self::All), ("none", Self::None)];

    fn parse(name: &str, text: &str) -> Result<Self, InputError> {
        let known = Self::WORDS.iter().find(|(word, _)| *word == text.trim());
        known
            .map(|(_, decisions)| *decisions)
            .ok_or_else(|| InputError::not_one_of(name, text, &Self::WORDS.map(|(word, _)| word)))
    }

    /// The word of the input.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, decisions)| *decisions == self).map_or("", |(word, _)| word)
    }
}

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
    /// What is answered beside the plain answer.
    pub parts: SupplyParts,
    /// When undeveloped fields are decided on.
    pub decisions: FieldDecisions,
    /// Fuels and limits of a blend, by the names of `geodata/reference/blend.toml`.
    pub blend_numbers: ParameterValues,
    /// How much wood there is, by the name of `geodata/reference/allocation.toml`.
    pub wood_numbers: ParameterValues,
    /// Whether a blend may have wood chips.
    pub wood_chips: bool,
    /// Whether it may have the backup fuel.
    pub backup: bool,
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
            parts: SupplyParts::default(),
            decisions: FieldDecisions::default(),
            blend_numbers: ParameterValues::defaults(blend_parameters()),
            wood_numbers: ParameterValues::defaults(allocation_parameters()),
            wood_chips: true,
            backup: true,
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
            "stock_band" => self.parts.stock_band = flag_from(name, text)?,
            "preparation" => self.parts.preparation = flag_from(name, text)?,
            "blend" => self.parts.blend = flag_from(name, text)?,
            "decisions" => self.decisions = FieldDecisions::parse(name, text)?,
            "wood_chips" => self.wood_chips = flag_from(name, text)?,
            "backup" => self.backup = flag_from(name, text)?,
            "net_area_share" => self.reserve_numbers.set(name, text)?,
            WOOD => self.wood_numbers.set(name, text)?,
            "season_draws" | "season_years" | "season_seed" | "decision_year" => self.set_whole(name, text)?,
            _ if self.numbers.knows(name) => self.numbers.set(name, text)?,
            _ if self.season_numbers.knows(name) => self.season_numbers.set(name, text)?,
            _ if Self::blend_names().any(|known| known == name) => self.blend_numbers.set(name, text)?,
            _ => {
                let known = ["at", "electric_capacity_mw", "heat_capacity_mw", "fuel_power_mw", "peat_share"];
                let own = ["include_undeveloped", "routes", "narrow_gauge", "net_area_share", "yield_by_cycles", "need_by_month"];
                let of_parts = PARTS.into_iter().chain(["decisions", "wood_chips", "backup", WOOD]);
                let numbers = supply_parameters().names().chain(season_parameters().names()).chain(Self::blend_names());
                return Err(InputError::unknown(name, known.into_iter().chain(own).chain(of_parts).chain(numbers)));
            }
        }
        Ok(())
    }

    /// Sets a number of a table that must be whole.
    fn set_whole(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        let before = self.season_numbers.clone();
        self.season_numbers.set(name, text)?;
        if self.season_numbers.get(name).fract() != 0.0 {
            self.season_numbers = before;
            let detail = format!("{name} must be a whole number; it was {text}");
            return Err(InputError { parameter: name.to_owned(), detail });
        }
        Ok(())
    }

    /// Inputs that ask for a part of the answer which takes its time.
    #[must_use]
    pub fn part_names() -> [&'static str; 3] {
        PARTS
    }

    /// The names of the blend's numbers.
    pub fn blend_names() -> impl Iterator<Item = &'static str> {
        blend_parameters().names().filter(|name| !NOT_OF_BLEND.contains(name))
    }

    /// The number that says how much wood there is.
    #[must_use]
    pub fn wood_name() -> &'static str {
        WOOD
    }

    /// Whether a number of the seasons says something about this answer: some are of parts that were not asked for.
    #[must_use]
    pub fn tells_season(&self, name: &str) -> bool {
        let unused = |names: &[&str], asked: bool| !asked && names.contains(&name);
        !unused(&OF_STOCK_BAND, self.parts.stock_band) && !unused(&OF_PREPARATION, self.parts.preparation)
    }
}
