//! Cores from flat files: rows of one code are the layers of one core.

use crate::model::{CoreLayer, Feature, Layer, Value};
use std::collections::HashMap;

/// Cores that are being put together, in the order of their first row.
#[derive(Default)]
pub(super) struct CoreRows {
    cores: Vec<(u64, Feature, Vec<CoreLayer>)>,
    by_code: HashMap<String, usize>,
}

impl CoreRows {
    /// Adds a row: the core's own values with its geometry from the first row of a code, the layer from each.
    pub(super) fn add(&mut self, row: u64, feature: Feature, layer: CoreLayer) {
        let code = feature.text(Layer::Cores, "code").unwrap_or_default().to_owned();
        if let Some(place) = self.by_code.get(&code) {
            self.cores[*place].2.push(layer);
        } else {
            self.by_code.insert(code, self.cores.len());
            self.cores.push((row, feature, vec![layer]));
        }
    }

    /// The cores, each with its layers from the surface down; `Err` names what is wrong with one.
    pub(super) fn finish(self) -> impl Iterator<Item = (u64, Result<Feature, String>)> {
        self.cores.into_iter().map(|(row, mut feature, mut layers)| {
            layers.sort_by(|a, b| a.from_m.total_cmp(&b.from_m));
            let checked = CoreLayer::check_all(&layers);
            let core =
                checked.map_err(|error| format!("core {}: {error}", feature.text(Layer::Cores, "code").unwrap_or_default()));
            (
                row,
                core.map(|()| {
                    if let Some(place) = Layer::Cores.schema().index_of("layers") {
                        feature.values[place] = Value::Layers(layers);
                    }
                    feature
                }),
            )
        })
    }
}
