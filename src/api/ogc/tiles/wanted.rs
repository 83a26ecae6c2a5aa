//! Which layers a tileset is of, and which of their features.

use crate::api::ogc::features::{OF_ROWS, layer_named, rows_asked};
use crate::api::ogc::link::query_text;
use crate::api::problem::Problem;
use crate::catalogue::Catalogue;
use crate::model::Layer;
use crate::query::Query;

/// The layers of a tileset: one collection's, or some of the dataset's.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// The collection, where it is one's.
    pub collection: Option<Layer>,
    /// The layers, in the order of the project.
    pub layers: Vec<Layer>,
    /// Which features of the collection; all of them where none is said.
    pub query: Query,
    /// The inputs that say so, or which collections, as they were written.
    chosen: Vec<(String, String)>,
}

impl Wanted {
    /// A collection's own tileset.
    pub(super) fn collection(name: &str, inputs: &[(String, String)], catalogue: &Catalogue) -> Result<Self, Problem> {
        let layer = layer_named(name)?;
        let query = rows_asked(layer, inputs, catalogue)?;
        let chosen = inputs.iter().filter(|(name, _)| OF_ROWS.contains(&name.as_str())).cloned().collect();
        Ok(Self { collection: Some(layer), layers: vec![layer], query, chosen })
    }

    /// The dataset's, or of those of its layers that `collections` names.
    pub(super) fn dataset(inputs: &[(String, String)]) -> Result<Self, Problem> {
        let of_all = |layers: Vec<Layer>, chosen| Self { collection: None, layers, query: Query::default(), chosen };
        let Some((name, names)) = inputs.iter().find(|(name, _)| name == "collections") else {
            return Ok(of_all(Layer::of_the_land(), Vec::new()));
        };
        let mut layers = Vec::new();
        for name in names.split(',').map(str::trim) {
            layers.push(layer_named(name).map_err(|problem| Problem::bad_request("collections", problem.to_string()))?);
        }
        layers.sort_unstable();
        layers.dedup();
        Ok(of_all(layers, vec![(name.clone(), names.replace(' ', ""))]))
    }

    /// The address of its tilesets.
    pub(super) fn address(&self, base: &str) -> String {
        match self.collection {
            Some(layer) => format!("{base}/ogc/collections/{layer}/tiles"),
            None => format!("{base}/ogc/tiles"),
        }
    }

    /// What stands after the address of a tile or a tileset, so that it is of the same features: empty, or from the question
    /// mark on.
    pub(super) fn suffix(&self) -> String {
        if self.chosen.is_empty() { String::new() } else { format!("?{}", query_text(&self.chosen)) }
    }

    /// The same with one more input.
    pub(super) fn suffix_with(&self, more: &str) -> String {
        format!("{}{}{more}", self.suffix(), if self.chosen.is_empty() { '?' } else { '&' })
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
