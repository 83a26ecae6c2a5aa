//! What requests have found lately, so that the tenth page of a filter costs no more than the first.

use crate::catalogue::LayerTable;
use crate::model::Layer;
use crate::query::{Query, Selection, select};
use moka::sync::Cache;
use std::sync::Arc;

/// Selections in memory, by version of the layer and canonical query: a change of the layer lets the old ones age away.
#[derive(Debug, Clone)]
pub(in crate::api) struct Selections(Cache<(Layer, u64, String), Arc<Selection>>);

impl Selections {
    /// Room for so many bytes of row numbers.
    pub(in crate::api) fn new(bytes: u64) -> Self {
        let weight = |(_, _, query): &(Layer, u64, String), found: &Arc<Selection>| {
            // A selection of everything has no list; what it takes beside one is about as much as its key.
            u32::try_from(4 * found.len() + 2 * query.len() + 128).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(bytes).weigher(weight).build())
    }

    /// What a query finds, where that is known.
    pub(super) fn known(&self, layer: Layer, table: &LayerTable, query: &Query) -> Option<Arc<Selection>> {
        self.0.get(&(layer, table.version(), query.canonical()))
    }

    /// What a query finds. Requests that ask the same at once share one search.
    pub(super) fn found(&self, layer: Layer, table: &LayerTable, query: &Query) -> Arc<Selection> {
        let asked = query.canonical();
        // Everything in the order of its numbers has no list and costs nothing.
        if asked.is_empty() {
            return Arc::new(select(table, query));
        }
        self.0.get_with((layer, table.version(), asked), || Arc::new(select(table, query)))
    }
}
