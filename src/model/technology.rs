//! Technologies of heat and electricity, as `geodata/reference/technologies.toml` gives them: figures with range, unit,
//! source, and for costs the currency and price year of that source.

use super::{EvidenceTag, Title};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// How a technology turns fuel into heat and electricity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TechnologyKind {
    /// Heat alone.
    Boiler,
    /// Heat and electricity in a ratio that only the load changes: back-pressure, organic Rankine cycle, engine.
    Coupled,
    /// Electricity with as much heat as is asked for: a turbine with controlled extraction and a condenser.
    Extraction,
}

/// One number of a technology.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Its name, such as `electric_efficiency`.
    pub name: String,
    /// The value.
    pub value: f64,
    /// Low end of its sensible range.
    pub low: f64,
    /// High end of its sensible range.
    pub high: f64,
    /// Unit; empty where it has none.
    pub unit: String,
    /// Strength of the source.
    pub tag: EvidenceTag,
    /// The source.
    pub source: String,
    /// Currency of a cost.
    pub currency: Option<Currency>,
    /// Year in whose prices a cost is stated.
    pub price_year: Option<u16>,
}

/// Currency of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Currency {
    #[serde(rename = "EUR")]
    Eur,
    #[serde(rename = "USD")]
    Usd,
    #[serde(rename = "RUB")]
    Rub,
}

/// A technology with its figures.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Technology {
    /// Name in requests and results.
    pub name: String,
    /// How it turns fuel into heat and electricity.
    pub kind: TechnologyKind,
    /// Label.
    pub title: Title,
    /// What it is.
    pub meaning: Title,
    figures: Vec<Figure>,
}

impl Technology {
    /// Its figures, in order.
    #[must_use]
    pub fn figures(&self) -> &[Figure] {
        &self.figures
    }

    /// A figure by its name.
    #[must_use]
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.name == name)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "technology")]
    list: Vec<Technology>,
}

static TECHNOLOGIES: LazyLock<Vec<Technology>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("../../geodata/reference/technologies.toml"))
        .expect("the reference files are part of the program and a test reads them");
    table.list
});

/// The technologies, in the order of their file.
///
/// ```
/// let organic = peatplan::model::technology("organic_rankine").unwrap();
/// assert_eq!(organic.figure("electric_efficiency").unwrap().value, 0.14);
/// ```
#[must_use]
pub fn technologies() -> &'static [Technology] {
    &TECHNOLOGIES
}

/// A technology by its name.
#[must_use]
pub fn technology(name: &str) -> Option<&'static Technology> {
    TECHNOLOGIES.iter().find(|technology| technology.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALWAYS: [&str; 13] = [
        "reference_size_mw",
        "smallest_size_mw",
        "largest_size_mw",
        "half_load_total_ratio",
        "minimum_load_share",
        "forced_outage_share",
        "planned_outage_weeks",
        "life_a",
        "build_a",
        "investment",
        "size_exponent",
        "fixed_cost",
        "variable_cost",
    ];

    #[test]
    fn every_technology_has_the_figures_that_its_kind_needs_within_their_ranges() {
        for technology in technologies() {
            let own: &[&str] = match technology.kind {
                TechnologyKind::Boiler => &["heat_efficiency", "own_use_share"],
                TechnologyKind::Coupled => &["electric_efficiency", "heat_efficiency", "half_load_electric_ratio"],
                TechnologyKind::Extraction => {
                    &["electric_efficiency", "cb", "cv", "largest_heat_share", "half_load_electric_ratio"]
                }
            };
            for name in ALWAYS.iter().chain(own).chain(&["start_cost"]) {
                assert!(technology.figure(name).is_some(), "{} lacks {name}", technology.name);
            }
            for figure in technology.figures() {
                let in_order = figure.low <= figure.value && figure.value <= figure.high;
                assert!(in_order && !figure.source.is_empty(), "{} {}", technology.name, figure.name);
                let money = figure.unit.contains("EUR") || figure.unit.contains("USD");
                assert!(figure.currency.is_some() == money && figure.price_year.is_some() == money, "{}", figure.name);
            }
            assert!(!technology.title.en.is_empty() && !technology.title.ru.is_empty());
        }
    }
}
