//! A scenario: the inputs of a computation under a name, kept to be computed again and compared.

use super::{Feature, FeatureId, Layer};

/// A stored scenario. Its results are not kept: they follow from the inputs and the project, and their fingerprint tells
/// whether they are still those of last time.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Row in `scenarios`.
    pub id: FeatureId,
    /// Short identifier.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Name in Russian.
    pub name_ru: Option<String>,
    /// Process whose inputs these are.
    pub process: String,
    /// Its inputs, a JSON object as text.
    pub inputs: String,
    /// Invented for demonstration.
    pub synthetic: bool,
}

impl Scenario {
    /// Reads a scenario from its row.
    #[must_use]
    pub fn from_feature(feature: &Feature) -> Option<Self> {
        let layer = Layer::Scenarios;
        let text = |name| feature.text(layer, name).map(str::to_owned);
        Some(Self {
            id: feature.id,
            code: text("code"),
            name: text("name")?,
            name_ru: text("name_ru"),
            process: text("process")?,
            inputs: text("inputs")?,
            synthetic: feature.flag(layer, "synthetic"),
        })
    }
}
