//! Which consumers of the project an answer is about.

use super::{PlanningError, Workbench, known_names};
use crate::model::{Consumer, InputError};
use std::collections::BTreeSet;

/// Consumers that a request may name.
const MOST_NAMED: usize = 10_000;

impl Workbench {
    /// Consumers by identifier, code or name, each once, in the order of their rows; all of the project where none is named.
    ///
    /// # Errors
    /// [`PlanningError::Input`] of `consumers`: there is none of such a name; [`PlanningError::Nothing`]: the project has none at all.
    pub fn consumers_named(&self, names: &[String]) -> Result<Vec<&Consumer>, PlanningError> {
        let nouns = &self.catalogue.nouns;
        let place = |name: &String| {
            nouns.consumer_named(name).ok_or_else(|| {
                let known: Vec<String> = nouns.consumers.iter().map(|consumer| consumer.name.clone()).collect();
                let shown: String = name.chars().take(80).collect();
                let detail = format!("there is no consumer {shown:?}{}", known_names(&known));
                InputError { parameter: "consumers".to_owned(), detail }
            })
        };
        let chosen: Vec<&Consumer> = if names.is_empty() {
            nouns.consumers.iter().collect()
        } else {
            let places: BTreeSet<usize> = names.iter().map(place).collect::<Result<_, _>>()?;
            places.into_iter().map(|place| &nouns.consumers[place]).collect()
        };
        if chosen.is_empty() {
            return Err(PlanningError::Nothing("the project has no consumers of heat; import them into the layer consumers"));
        }
        Ok(chosen)
    }
}

/// Names from a JSON list, or from a text with commas between them.
///
/// # Errors
/// Names the input where there are too many.
pub(super) fn names_from(input: &str, text: &str) -> Result<Vec<String>, InputError> {
    let word = |value: serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let names: Vec<String> = match serde_json::from_str::<Vec<serde_json::Value>>(text) {
        Ok(list) => list.into_iter().map(word).collect(),
        Err(_) => text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect(),
    };
    if names.len() <= MOST_NAMED {
        return Ok(names);
    }
    Err(InputError {
        parameter: input.to_owned(),
        detail: format!("{input} may name {MOST_NAMED} at most; there were {}", names.len()),
    })
}
