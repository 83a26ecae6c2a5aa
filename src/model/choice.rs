//! Inputs that are words: what may be said, and what each word means to readers of both languages.

use super::{InputError, Title};
use serde::{Deserialize, Serialize};

/// An input that is one of some words.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Name in requests and results.
    pub name: String,
    /// Word that holds where a request says none; none where the program chooses by the data.
    pub default: Option<String>,
    /// Label.
    pub title: Title,
    /// What it means.
    pub meaning: Title,
    /// The words.
    pub words: Vec<Word>,
}

/// One word of a choice.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// In requests and results.
    pub value: String,
    /// To readers of English.
    pub en: String,
    /// To readers of Russian.
    pub ru: String,
}

impl Choice {
    /// The words, in order.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.value.as_str())
    }

    /// Why a text is none of the words.
    #[must_use]
    pub fn refusal(&self, text: &str) -> InputError {
        InputError::not_one_of(&self.name, text, &self.values().collect::<Vec<_>>())
    }
}
