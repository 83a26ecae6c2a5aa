//! Which layers a tileset is of.

use crate::api::ogc::features::layer_named;
use crate::api::problem::Problem;
use crate::catalogue::Catalogue;
use crate::model::Layer;

/// The layers of a tileset: one collection's, or some of the dataset's.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// The collection, where it is one's.
    pub collection: Option<Layer>,
    /// The layers, in the order of the project.
    pub layers: Vec<Layer>,
    /// The `collections` that were asked for, as they were written.
    pub selection: Option<String>,
}

impl Wanted {
    /// A collection's own tileset.
    pub(super) fn collection(name: &str) -> Result<Self, Problem> {
        let layer = layer_named(name)?;
        Ok(Self { collection: Some(layer), layers: vec![layer], selection: None })
    }

    /// The dataset's, or of those of its layers that `collections` names.
    pub(super) fn dataset(inputs: &[(String, String)]) -> Result<Self, Problem> {
        let Some((_, names)) = inputs.iter().find(|(name, _)| name == "collections") else {
            return Ok(Self { collection: None, layers: Layer::ALL.to_vec(), selection: None });
        };
        let mut layers = Vec::new();
        for name in names.split(',').map(str::trim) {
            layers.push(layer_named(name).map_err(|problem| Problem::bad_request("collections", problem.to_string()))?);
        }
        layers.sort_unstable();
        layers.dedup();
        Ok(Self { collection: None, layers, selection: Some(names.clone()) })
    }

    /// The address of its tilesets.
    pub(super) fn address(&self, base: &str) -> String {
        match self.collection {
            Some(layer) => format!("{base}/ogc/collections/{layer}/tiles"),
            None => format!("{base}/ogc/tiles"),
        }
    }

    /// What stands after the address of a tile or a tileset, so that it is of the same layers: empty, or from the question mark on.
    pub(super) fn query(&self) -> String {
        let encoded = |names: &String| format!("?collections={}", names.replace(' ', ""));
        self.selection.as_ref().map(encoded).unwrap_or_default()
    }

    /// Label.
    pub(super) fn title(&self, catalogue: &Catalogue) -> String {
        match self.collection {
            Some(layer) => layer.schema().title.en.clone(),
            None => catalogue.project.title.clone(),
        }
    }

    /// The layers with the versions of what they hold.
    pub(super) fn versions(&self, catalogue: &Catalogue) -> Vec<(Layer, u64)> {
        self.layers.iter().map(|layer| (*layer, version(catalogue, *layer))).collect()
    }
}

/// What tells a layer's content from its content at other times.
fn version(catalogue: &Catalogue, layer: Layer) -> u64 {
    catalogue.table(layer).version()
}
