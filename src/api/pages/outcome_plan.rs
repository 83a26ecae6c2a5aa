//! What the page of each process's result shows, as `templates/outcomes.toml` says it: figures, and tables of the main lists.

use serde::Deserialize;
use std::sync::LazyLock;

/// The page of a process's result.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomePlan {
    pub process: String,
    /// Its output; in a document of several, the member.
    pub output: String,
    /// What no other process's result has.
    pub sign: String,
    /// Whose result it is.
    pub subject: Option<Subject>,
    pub figures: Vec<Figure>,
    #[serde(default, rename = "table")]
    pub tables: Vec<Table>,
}

/// The feature that a result is of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subject {
    pub path: String,
    pub layer: String,
}

/// How a value is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reading {
    /// With its unit.
    #[default]
    Number,
    /// A year, a count, a rank: digits without groups.
    Year,
    /// A month by its number.
    Month,
    /// Yes or no.
    Flag,
    /// One of the words `value_`.
    Word,
    /// A text in both languages.
    Title,
    /// A word of the layer of consumers.
    Consumers,
    /// What an entry is called; one without a name by its place.
    Name,
    /// Several of them.
    Places,
    /// Twelve columns.
    Months,
}

/// A value with its title.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Figure {
    #[serde(default)]
    pub path: String,
    #[serde(default)]
    pub unit: String,
    word: Option<String>,
    #[serde(default, rename = "as")]
    pub reading: Reading,
    #[serde(default)]
    pub main: bool,
    /// The list whose entry the value names.
    pub among: Option<String>,
    /// Where the number of an entry stands that it is found and linked by.
    #[serde(default = "own_id")]
    pub id: String,
    /// Layer that a name leads to.
    pub link: Option<String>,
}

fn own_id() -> String {
    "/id".to_owned()
}

impl Figure {
    /// The word that is its title.
    pub(super) fn word(&self) -> String {
        let last = || format!("result_{}", self.path.rsplit('/').next().unwrap_or_default());
        self.word.clone().unwrap_or_else(last)
    }

    /// Whether it stands to the right in its column.
    pub(super) fn is_number(&self) -> bool {
        matches!(self.reading, Reading::Number | Reading::Year | Reading::Months)
    }
}

/// A table of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub word: String,
    /// The list whose entries are its rows; of an object, its `members`.
    #[serde(default)]
    pub rows: String,
    #[serde(default)]
    pub members: Vec<String>,
    /// A list of years, or the months, that the lists of the columns stand beside.
    pub along: Option<String>,
    /// The list of which each entry has a table of its own.
    pub of_each: Option<String>,
    /// The figure that must be above zero.
    pub only: Option<String>,
    /// What is said in place of a table without rows; it is left out where nothing is.
    pub empty: Option<String>,
    #[serde(default)]
    pub folded: bool,
    pub columns: Vec<Figure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plans {
    outcome: Vec<OutcomePlan>,
}

/// The pages of all processes whose results have one.
pub(super) fn plans() -> &'static [OutcomePlan] {
    static PLANS: LazyLock<Plans> = LazyLock::new(|| {
        toml::from_str(include_str!("templates/outcomes.toml")).expect("the plans are part of the program and a test reads them")
    });
    &PLANS.outcome
}

#[cfg(test)]
mod tests {
    use super::super::templates::known_word;
    use super::*;
    use crate::api::language::Language;
    use crate::model::Layer;

    #[test]
    fn every_figure_and_column_has_its_words_and_its_unit() {
        let known = |name: &str| assert!(known_word(Language::Russian, name).is_some(), "{name}");
        for plan in plans() {
            known(&format!("process_{}", plan.process));
            let columns = plan.tables.iter().flat_map(|table| &table.columns);
            for figure in plan.figures.iter().chain(columns) {
                if figure.reading != Reading::Months {
                    known(&figure.word());
                }
                if !figure.unit.is_empty() {
                    known(&format!("unit_{}", figure.unit));
                }
                assert!(figure.link.as_ref().is_none_or(|layer| layer.parse::<Layer>().is_ok()), "{figure:?}");
            }
            for table in &plan.tables {
                known(&table.word);
                table.empty.iter().for_each(|word| known(word));
                table.members.iter().for_each(|member| known(&format!("state_of_{member}")));
            }
        }
    }
}
