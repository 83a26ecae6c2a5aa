//! The consumers that a request names.

use super::{PlanningError, Workbench};
use crate::model::{Consumer, InputError};
use std::collections::BTreeSet;

impl Workbench {
    /// The consumers of these names (identifier, code or name), each once, in the order of the layer; all where none is named.
    pub(super) fn consumers_named(&self, names: &[String]) -> Result<Vec<&Consumer>, PlanningError> {
        let nouns = &self.catalogue.nouns;
        if nouns.consumers.is_empty() {
            return Err(PlanningError::Nothing("the project has no consumers of heat; import them into the layer consumers"));
        }
        if names.is_empty() {
            return Ok(nouns.consumers.iter().collect());
        }
        let mut places = BTreeSet::new();
        for name in names {
            let place = super::meant("consumers", nouns.consumer_meant(name))?.ok_or_else(|| {
                let known: Vec<String> = nouns.consumers.iter().map(|consumer| consumer.name.clone()).collect();
                let detail = format!("there is no consumer {name:?}{}", super::known_names(&known));
                InputError { parameter: "consumers".into(), detail }
            })?;
            places.insert(place);
        }
        Ok(places.into_iter().map(|place| &nouns.consumers[place]).collect())
    }
}
