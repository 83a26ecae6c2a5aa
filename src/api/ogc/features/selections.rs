//! What requests have found lately, so that the tenth page of a filter costs no more than the first.

use crate::api::problem::Problem;
use crate::api::state::{Queue, State};
use crate::catalogue::LayerTable;
use crate::model::Layer;
use crate::query::{Query, Selection, Sort, select, select_unless};
use actix_web::web;
use moka::sync::Cache;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

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
    fn known(&self, layer: Layer, table: &LayerTable, query: &Query) -> Option<Arc<Selection>> {
        self.0.get(&(layer, table.version(), query.canonical()))
    }

    /// What a query finds. Requests that ask the same at once share one search.
    fn found(&self, layer: Layer, table: &LayerTable, query: &Query) -> Arc<Selection> {
        let asked = query.canonical();
        // Everything in the order of its numbers has no list and costs nothing.
        if asked.is_empty() {
            return Arc::new(select(table, query));
        }
        self.0.get_with((layer, table.version(), asked), || Arc::new(select(table, query)))
    }

    /// The same for what may take long; none once `stop` is set.
    fn found_unless(&self, layer: Layer, table: &LayerTable, query: &Query, stop: &AtomicBool) -> Option<Arc<Selection>> {
        let key = (layer, table.version(), query.canonical());
        let look = || select_unless(table, query, stop).map(Arc::new).ok_or(Stopped);
        loop {
            match self.0.try_get_with(key.clone(), look) {
                Ok(found) => return Some(found),
                Err(_) if stop.load(Ordering::Relaxed) => return None,
                // Another request looked for the same and was given up; this one goes on.
                Err(_) => {}
            }
        }
    }
}

/// Rows of which a list is made on the worker that has the request.
const FEW_ROWS: usize = 100_000;

/// A search that nobody wanted any longer.
#[derive(Debug)]
struct Stopped;

/// The rows that are asked for. A look into the index is done here; a filter, which looks at rows, off the workers, when its
/// turn comes, and no longer than anybody waits for it.
///
/// # Errors
/// 503 where it takes longer than the service lets it.
pub(in crate::api::ogc) async fn found(
    state: &web::Data<State>,
    layer: Layer,
    table: &Arc<LayerTable>,
    query: &Query,
) -> Result<Arc<Selection>, Problem> {
    let listed = query.place.is_some() || query.datetime.is_some();
    let light =
        query.filter.is_none() && query.search.is_none() && query.sort == Sort::default() && (!listed || table.len() <= FEW_ROWS);
    if light {
        return Ok(state.selections.found(layer, table, query));
    }
    if let Some(known) = state.selections.known(layer, table, query) {
        return Ok(known);
    }
    let wanted = Wanted(Arc::new(AtomicBool::new(false)));
    let (at, table, query, stop) = (state.clone(), Arc::clone(table), query.clone(), Arc::clone(&wanted.0));
    let seconds = state.config.filter_seconds;
    let late = || {
        let detail =
            format!("the filter takes longer than {seconds} s, its wait for others included; ask for a smaller bbox or less");
        Problem::busy(detail).retry_after(seconds)
    };
    let look = state.compute(Queue::Filters, move || Ok(at.selections.found_unless(layer, &table, &query, &stop)));
    let found = tokio::time::timeout(Duration::from_secs(seconds), look).await.map_err(|_| late())??;
    found.ok_or_else(late)
}

/// Dropped with the request, whose client may have gone: nobody waits for the answer then.
struct Wanted(Arc<AtomicBool>);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
