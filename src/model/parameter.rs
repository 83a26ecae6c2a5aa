//! Parameters of the computations, as `geodata/reference/` gives them: value, range, unit, source, and how
//! strong that source is. A result lists the defaults it rests on.

use super::{Choice, Title, source_in_russian};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// How strong the source of a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum EvidenceTag {
    #[serde(rename = "sourced")]
    Sourced,
    #[serde(rename = "computed")]
    Computed,
    #[serde(rename = "general knowledge")]
    GeneralKnowledge,
}

/// A parameter with its default.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Name in requests and results.
    pub name: String,
    /// Default; none where the program chooses by the data.
    pub value: Option<f64>,
    /// Low end of its sensible range.
    pub low: Option<f64>,
    /// High end of its sensible range.
    pub high: Option<f64>,
    /// Least accepted value.
    pub minimum: f64,
    /// Greatest accepted value.
    pub maximum: f64,
    /// Whether it counts something, or names one of many.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
    /// Unit; empty where it has none.
    pub unit: String,
    /// Strength of the source.
    pub tag: EvidenceTag,
    /// The source.
    pub source: String,
    /// The source, to readers of Russian.
    #[serde(skip_deserializing)]
    pub source_ru: String,
    /// Label.
    pub title: Title,
    /// What it means.
    pub meaning: Title,
}

/// A default that a result used, for its `rests_on`.
#[derive(Debug, Clone, Serialize)]
pub struct DefaultUsed {
    /// Name of the parameter.
    pub parameter: &'static str,
    /// Value used.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Strength of the source.
    pub tag: EvidenceTag,
    /// The source.
    pub source: &'static str,
    /// The source, to readers of Russian.
    pub source_ru: &'static str,
}

impl DefaultUsed {
    /// The default of a name; its source is told in both languages.
    #[must_use]
    pub fn new(parameter: &'static str, value: f64, unit: &'static str, tag: EvidenceTag, source: &'static str) -> Self {
        Self { parameter, value, unit, tag, source, source_ru: source_in_russian(source) }
    }
}

/// The parameters of one computation.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(rename = "parameter")]
    list: Vec<Parameter>,
    #[serde(rename = "choice", default)]
    choices: Vec<Choice>,
}

impl Parameters {
    /// Reads tables one after the other.
    pub(super) fn read(tables: &[&str]) -> Self {
        let parse = |text: &&str| -> Self {
            toml::from_str(text).expect("the reference files are part of the program and a test reads them")
        };
        tables.iter().map(parse).fold(Self { list: Vec::new(), choices: Vec::new() }, |mut all, mut table| {
            for parameter in &mut table.list {
                source_in_russian(&parameter.source).clone_into(&mut parameter.source_ru);
            }
            all.list.extend(table.list);
            all.choices.extend(table.choices);
            all
        })
    }

    /// All of them, in order.
    pub fn iter(&'static self) -> impl Iterator<Item = &'static Parameter> {
        self.list.iter()
    }

    /// Their names.
    pub fn names(&'static self) -> impl Iterator<Item = &'static str> {
        self.list.iter().map(|parameter| parameter.name.as_str())
    }

    /// The inputs that are words.
    #[must_use]
    pub fn choices(&'static self) -> &'static [Choice] {
        &self.choices
    }

    /// An input that is a word, by its name.
    #[must_use]
    pub fn choice(&'static self, name: &str) -> Option<&'static Choice> {
        self.choices.iter().find(|choice| choice.name == name)
    }

    /// One by its name.
    #[must_use]
    pub fn get(&'static self, name: &str) -> Option<&'static Parameter> {
        self.list.iter().find(|parameter| parameter.name == name)
    }
}

impl Parameter {
    /// This default as an entry of `rests_on`; none where it has no default.
    #[must_use]
    pub fn as_used(&'static self) -> Option<DefaultUsed> {
        let value = self.value?;
        Some(DefaultUsed::new(&self.name, value, &self.unit, self.tag, &self.source))
    }

    /// Whether a number is accepted; if not, says what is.
    ///
    /// # Errors
    /// A sentence that names the parameter, the limits with their unit, and the number.
    pub fn check(&self, value: f64) -> Result<(), String> {
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        if !(self.minimum..=self.maximum).contains(&value) {
            return Err(format!("{} must lie between {} and {}{unit}; it was {value}", self.name, self.minimum, self.maximum));
        }
        if self.whole && value.fract() != 0.0 {
            return Err(format!("{} must be a whole number; it was {value}", self.name));
        }
        Ok(())
    }
}

/// Numbers that a request gives for some parameters; the defaults hold for the others.
#[derive(Debug, Clone)]
pub struct ParameterValues {
    table: &'static Parameters,
    given: BTreeMap<&'static str, f64>,
}

impl ParameterValues {
    /// All defaults.
    #[must_use]
    pub fn defaults(table: &'static Parameters) -> Self {
        Self { table, given: BTreeMap::new() }
    }

    /// Whether there is a parameter of this name.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.table.get(name).is_some()
    }

    /// Sets a parameter from text.
    ///
    /// # Errors
    /// Names the parameter, what it was given and what it accepts.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), InputError> {
        let parameter = self.table.get(name).ok_or_else(|| InputError::unknown(name, self.table.names()))?;
        let value = number_from(name, text)?;
        parameter.check(value).map_err(|detail| InputError { parameter: name.to_owned(), detail })?;
        self.given.insert(&parameter.name, value);
        Ok(())
    }

    /// The value given, or else the default.
    ///
    /// # Panics
    /// Where the program asks for a name that its reference files do not hold, or that has no default; a test asks for each.
    #[must_use]
    pub fn get(&self, name: &str) -> f64 {
        self.known(name).expect("the reference files hold every name the program uses, with its default")
    }

    /// The value given, or else the default where there is one.
    #[must_use]
    pub fn known(&self, name: &str) -> Option<f64> {
        let parameter = self.table.get(name)?;
        self.given.get(parameter.name.as_str()).copied().or(parameter.value)
    }

    /// Every name with the value that holds; none where a default is missing.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, Option<f64>)> {
        let table: &'static Parameters = self.table;
        table.names().map(|name| (name, self.known(name)))
    }

    /// The value, where the request gave one.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<f64> {
        self.given.get(name).copied()
    }

    /// Of these parameters, the ones left at their default whose default has no read source.
    #[must_use]
    pub fn unsourced_defaults(&self, names: &[&str]) -> Vec<DefaultUsed> {
        let used = self.table.iter().filter(|p| names.contains(&p.name.as_str()) && !self.given.contains_key(p.name.as_str()));
        used.filter(|parameter| parameter.tag != EvidenceTag::Sourced).filter_map(Parameter::as_used).collect()
    }
}

/// An input that is not understood, or not allowed.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{detail}")]
pub struct InputError {
    /// The input.
    pub parameter: String,
    /// What is wrong with it and what is allowed.
    pub detail: String,
}

/// How a sentence on an unknown input begins.
const NO_INPUT: &str = "there is no input";

impl InputError {
    /// An input with this name does not exist.
    #[must_use]
    pub fn unknown<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        Self { parameter: name.to_owned(), detail: format!("{NO_INPUT} {name:?}; the inputs are {known}") }
    }

    /// Whether it was made by [`InputError::unknown`]: another table may know the name.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.detail.starts_with(NO_INPUT)
    }

    /// An input must be one of some words.
    #[must_use]
    pub fn not_one_of(name: &str, given: &str, allowed: &[&str]) -> Self {
        let allowed = allowed.join(", ");
        Self { parameter: name.to_owned(), detail: format!("{name} must be one of {allowed}; it was {given:?}") }
    }
}

/// A finite number from text; a decimal comma will do.
///
/// # Errors
/// Names the input and the text.
pub fn number_from(name: &str, text: &str) -> Result<f64, InputError> {
    let number = text.trim().replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| InputError { parameter: name.to_owned(), detail: format!("{name} must be a number; it was {text:?}") })
}

/// A yes or no from text.
///
/// # Errors
/// Names the input and the text.
pub fn flag_from(name: &str, text: &str) -> Result<bool, InputError> {
    match text.trim() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err(InputError::not_one_of(name, text, &["true", "false"])),
    }
}
