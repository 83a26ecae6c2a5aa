//! What an allocation of the project's peat to its plants is asked for.

use crate::model::{
    InputError, ParameterValues, allocation_parameters, blend_parameters, economics_parameters, flag_from, number_from,
    season_parameters, supply_parameters,
};
use crate::supply::SupplyRequest;
use crate::supply::allocation::{AllocationNumbers, MOST_YEARS};

/// Numbers of the supply that an allocation does not use: it has years of its own.
const NOT_OF_SUPPLY: [&str; 1] = ["horizon_years"];
/// Numbers of the seasons that it uses.
const OF_SEASON: [&str; 6] = [
    "permit_years",
    "works_years",
    "preparation_ha_a",
    "preparation_cost_rub_ha",
    "first_year_yield_share",
    "second_year_yield_share",
];
/// Numbers of the blend that it uses.
const OF_BLEND: [&str; 2] = ["wood_chips_cost_rub_mwh", "backup_cost_rub_mwh"];
/// Numbers of the economics that it uses.
const OF_ECONOMICS: [&str; 1] = ["discount_rate"];
/// Inputs that are no numbers of the tables.
const OWN: [&str; 15] = [
    "plants",
    "by",
    "years",
    "first_year",
    "wet_years",
    "dry_years",
    "include_undeveloped",
    "carry_over",
    "wood_chips",
    "backup",
    "must_be_met",
    "routes",
    "narrow_gauge",
    "net_area_share",
    "discount_rate",
];

/// What stands as one source of peat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A field.
    Field,
    /// All counted fields of a deposit together.
    Deposit,
}

impl SourceKind {
    /// The words of the input.
    pub const WORDS: [&str; 2] = ["field", "deposit"];

    /// The word of the input.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Deposit => "deposit",
        }
    }
}

/// What is asked for, with its numbers checked against their limits.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is an input of its own that is yes or no")]
pub struct AllocationRequest {
    /// Plants by identifier, code or name; all of the project where none is named.
    pub plants: Vec<String>,
    /// What a source is; chosen by the number of fields where it is not said.
    pub by: Option<SourceKind>,
    /// Number of years.
    pub years: usize,
    /// Calendar year of the first one; 1 counts the years.
    pub first_year: i32,
    /// Years whose season is wet.
    pub wet_years: Vec<i32>,
    /// Years whose season is dry.
    pub dry_years: Vec<i32>,
    /// Whether peat can be carried over to later years in the stacks.
    pub carry_over: bool,
    /// Whether plants can buy wood chips.
    pub wood_chips: bool,
    /// Whether plants can burn the backup fuel, as much as they want.
    pub backup: bool,
    /// Whether nothing may be missing at any price.
    pub must_be_met: bool,
    /// Haul, yields, routes, whether undeveloped fields count.
    pub supply: SupplyRequest,
    /// Penalties, stacks, preparation, prices of other fuels.
    pub numbers: AllocationNumbers,
    /// The discount rate.
    pub economics: ParameterValues,
}

impl Default for AllocationRequest {
    fn default() -> Self {
        Self {
            plants: Vec::new(),
            by: None,
            years: 30,
            first_year: 1,
            wet_years: Vec::new(),
            dry_years: Vec::new(),
            carry_over: true,
            wood_chips: true,
            backup: false,
            must_be_met: false,
            supply: SupplyRequest::default(),
            numbers: AllocationNumbers::default(),
            economics: ParameterValues::defaults(economics_parameters()),
        }
    }
}

impl AllocationRequest {
    /// The names of its numbers, table by table: supply, seasons, allocation, blend, economics.
    pub fn number_names() -> impl Iterator<Item = &'static str> {
        let supply = supply_parameters().names().filter(|name| !NOT_OF_SUPPLY.contains(name));
        let season = season_parameters().names().filter(|name| OF_SEASON.contains(name));
        let blend = blend_parameters().names().filter(|name| OF_BLEND.contains(name));
        let economics = economics_parameters().names().filter(|name| OF_ECONOMICS.contains(name));
        supply.chain(season).chain(allocation_parameters().names()).chain(blend).chain(economics)
    }

    /// The value of one of its numbers.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        let tables = [&self.supply.numbers, &self.numbers.season, &self.numbers.allocation, &self.numbers.blend, &self.economics];
        tables.into_iter().find_map(|table| table.known(name))
    }

    /// Sets an input by its name.
    ///
    /// # Errors
    /// Names the input, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        match name {
            "plants" => self.plants = list(name, text, "plants by identifier, code or name", plant_name)?,
            "by" => {
                self.by = Some(match text.trim() {
                    "field" => SourceKind::Field,
                    "deposit" => SourceKind::Deposit,
                    _ => return Err(InputError::not_one_of(name, text, &SourceKind::WORDS)),
                });
            }
            "years" => {
                let years = whole(name, text, 1, i32::try_from(MOST_YEARS).unwrap_or(i32::MAX), "a")?;
                self.years = usize::try_from(years).unwrap_or(1);
            }
            "first_year" => self.first_year = whole(name, text, 1, 9_000, "calendar year")?,
            "wet_years" => self.wet_years = seasons(name, text)?,
            "dry_years" => self.dry_years = seasons(name, text)?,
            "carry_over" => self.carry_over = flag_from(name, text)?,
            "wood_chips" => self.wood_chips = flag_from(name, text)?,
            "backup" => self.backup = flag_from(name, text)?,
            "must_be_met" => self.must_be_met = flag_from(name, text)?,
            "include_undeveloped" | "routes" | "narrow_gauge" | "net_area_share" => self.supply.set(name, text)?,
            _ if NOT_OF_SUPPLY.contains(&name) => return Err(unknown(name)),
            _ if supply_parameters().get(name).is_some() => self.supply.numbers.set(name, text)?,
            _ if allocation_parameters().get(name).is_some() => self.numbers.allocation.set(name, text)?,
            _ if OF_SEASON.contains(&name) => self.numbers.season.set(name, text)?,
            _ if OF_BLEND.contains(&name) => self.numbers.blend.set(name, text)?,
            _ if OF_ECONOMICS.contains(&name) => self.economics.set(name, text)?,
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    /// Checks what inputs say together.
    ///
    /// # Errors
    /// Names the input and what it accepts.
    pub fn check(&self) -> Result<(), InputError> {
        let last = self.first_year + i32::try_from(self.years).unwrap_or(i32::MAX).saturating_sub(1);
        for (name, years) in [("wet_years", &self.wet_years), ("dry_years", &self.dry_years)] {
            if let Some(year) = years.iter().find(|year| !(self.first_year..=last).contains(*year)) {
                let detail =
                    format!("{name} must lie between {} and {last}, the years of the plan; one was {year}", self.first_year);
                return Err(InputError { parameter: name.into(), detail });
            }
        }
        if let Some(year) = self.dry_years.iter().find(|year| self.wet_years.contains(year)) {
            let detail = format!("dry_years: a season is wet or dry, not both; {year} is among wet_years, too");
            return Err(InputError { parameter: "dry_years".into(), detail });
        }
        Ok(())
    }
}

/// Years, each once and in order.
fn seasons(name: &str, text: &str) -> Result<Vec<i32>, InputError> {
    let year = |value: &serde_json::Value| value.as_i64().and_then(|year| i32::try_from(year).ok());
    let mut years = list(name, text, "years", year)?;
    years.sort_unstable();
    years.dedup();
    Ok(years)
}

fn unknown(name: &str) -> InputError {
    InputError::unknown(name, OWN.into_iter().chain(AllocationRequest::number_names().filter(|name| !OWN.contains(name))))
}

fn plant_name(value: &serde_json::Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|id| id.to_string()))
}

/// A JSON list, or one entry that stands alone.
fn list<T>(name: &str, text: &str, of: &str, read: impl Fn(&serde_json::Value) -> Option<T>) -> Result<Vec<T>, InputError> {
    let wrong = || InputError { parameter: name.to_owned(), detail: format!("{name} must be a list of {of}; it was {text:?}") };
    let value = serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::from(text.trim()));
    match value {
        serde_json::Value::Array(entries) if entries.is_empty() && name == "plants" => {
            let detail = "plants must name at least one; leave it out for all".to_owned();
            Err(InputError { parameter: name.to_owned(), detail })
        }
        serde_json::Value::Array(entries) => entries.iter().map(|entry| read(entry).ok_or_else(wrong)).collect(),
        alone => Ok(vec![read(&alone).ok_or_else(wrong)?]),
    }
}

fn whole(name: &str, text: &str, low: i32, high: i32, unit: &str) -> Result<i32, InputError> {
    let number = number_from(name, text)?;
    let detail = || format!("{name} must be a whole number between {low} and {high} {unit}; it was {text}");
    let wrong = || InputError { parameter: name.to_owned(), detail: detail() };
    if number.fract() != 0.0 || !(f64::from(low)..=f64::from(high)).contains(&number) {
        return Err(wrong());
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is a whole number between two others")]
    let whole = number as i32;
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_can_be_set_and_is_read_back() {
        for name in AllocationRequest::number_names() {
            let mut request = AllocationRequest::default();
            let value = request.number(name).unwrap_or_else(|| panic!("{name} has no default"));
            assert!(request.set(name, &value.to_string()).is_ok(), "{name}");
            assert!(request.number(name).is_some_and(|read| (read - value).abs() <= f64::EPSILON * value.abs()), "{name}");
        }
    }

    #[test]
    fn what_is_not_allowed_is_named() {
        for (name, text, said) in [
            ("years", "101", "years must be a whole number between 1 and 100 a; it was 101"),
            ("years", "2.5", "whole number"),
            ("by", "bog", "by must be one of field, deposit"),
            ("wet_years", "[2030, \"x\"]", "wet_years must be a list of years"),
            ("truck_payload_t", "-1", "truck_payload_t must lie between"),
            ("horizon_years", "5", "there is no input \"horizon_years\"; the inputs are plants, by, years"),
            ("stock_loss_month", "0.1", "there is no input"),
        ] {
            let error = AllocationRequest::default().set(name, text).expect_err(name);
            assert!(error.detail.contains(said) && error.parameter == name, "{}", error.detail);
        }
        let mut request = AllocationRequest { first_year: 2030, wet_years: vec![2029], ..AllocationRequest::default() };
        assert!(request.check().is_err_and(|error| error.detail.contains("between 2030 and 2059")));
        request.wet_years.clear();
        request.dry_years = vec![2060];
        assert_eq!(request.check().unwrap_err().parameter, "dry_years");
        (request.wet_years, request.dry_years) = (vec![2031], vec![2031]);
        assert!(request.check().unwrap_err().detail.contains("2031"));
        request.wet_years.clear();
        assert!(request.set("discount_rate", "-0.1").is_err() && request.check().is_ok());
    }
}
