//! By which rule a year is run, as a word.

use super::{CommitmentLimits, DispatchError, Schedule, System, committed, heat_led, least_cost, on_off};
use serde::Serialize;

/// A way to a schedule, by the words of `dispatch_rule` in `geodata/reference/plants.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DispatchRule {
    /// [`on_off`], and [`committed`] where that has no answer.
    #[default]
    Committed,
    /// [`least_cost`], with fuel and electricity at part load as they are: minimum loads may be missed.
    LeastCost,
    /// [`heat_led`].
    HeatLed,
}

impl DispatchRule {
    const WORDS: [(&str, Self); 3] =
        [("committed", Self::Committed), ("least_cost", Self::LeastCost), ("heat_led", Self::HeatLed)];

    /// The rule of a word.
    ///
    /// ```
    /// use peatplan::energy::dispatch::DispatchRule;
    /// assert_eq!(DispatchRule::from_word("heat_led"), Some(DispatchRule::HeatLed));
    /// assert_eq!(DispatchRule::from_word("at_will"), None);
    /// ```
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, rule)| *rule)
    }

    /// The schedule of a system by this rule.
    ///
    /// # Errors
    /// [`DispatchError`]: input that makes no sense, a week that cannot be solved, or a stop.
    pub fn schedule(self, system: &System, keep_going: &mut dyn FnMut(f64) -> bool) -> Result<Schedule, DispatchError> {
        match self {
            Self::LeastCost => Ok(least_cost(system, keep_going)?.at_part_load(system)),
            Self::Committed => match on_off(system, keep_going)? {
                Some(schedule) => Ok(schedule),
                None => committed(system, &CommitmentLimits::default(), keep_going),
            },
            Self::HeatLed => heat_led(system),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plant_parameters;

    #[test]
    fn every_word_of_the_table_is_a_rule() {
        let choice = plant_parameters().choice("dispatch_rule").unwrap();
        let words: Vec<&str> = choice.values().collect();
        assert_eq!(words, DispatchRule::WORDS.map(|(word, _)| word));
        assert_eq!(choice.default.as_deref().and_then(DispatchRule::from_word), Some(DispatchRule::default()));
    }
}
