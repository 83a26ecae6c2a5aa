//! What all requests share: the picture in force, which is swapped in whole when the project has changed. A request
//! takes it once and keeps it to its end.

use super::ogc::TileKeeper;
use super::problem::Problem;
use crate::config::Config;
use crate::jobs::Jobs;
use crate::planning::Workbench;
use crate::store::{Store, StoreError};
use actix_web::web;
use arc_swap::ArcSwap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Shared state.
pub(super) struct State {
    pub config: Config,
    store: Arc<dyn Store>,
    current: ArcSwap<Workbench>,
    /// Heavy computations, and light ones that a map asks for many times a second: neither waits for the other.
    estimates: Arc<Semaphore>,
    supplies: Arc<Semaphore>,
    /// Long computations.
    pub jobs: Jobs<Problem>,
    /// Vector tiles made lately.
    pub tiles: TileKeeper,
}

/// Which queue a computation stands in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Queue {
    /// Seconds at worst.
    Estimates,
    /// Milliseconds.
    Supplies,
}

impl State {
    /// Loads the project for the first time; gives its version, taken before, beside it.
    pub(super) fn new(config: Config, store: Arc<dyn Store>) -> Result<(Self, u64), StoreError> {
        let version = store.version()?;
        let bench = Arc::new(Workbench::new(store.load()?, config.estimate_cells));
        let queue = |at_once: usize| Arc::new(Semaphore::new(at_once.max(1)));
        let (estimates, supplies) = (queue(config.estimates_at_once), queue(config.supplies_at_once));
        let jobs = Jobs::new(config.jobs.clone())?;
        let tiles = TileKeeper::new(config.tile_geometry_bytes, config.tile_bytes);
        Ok((Self { config, store, current: ArcSwap::new(bench), estimates, supplies, jobs, tiles }, version))
    }

    /// The picture in force.
    pub(super) fn bench(&self) -> Arc<Workbench> {
        self.current.load_full()
    }

    /// Runs a computation off the workers, so many at once as the settings allow.
    pub(super) async fn compute<T: Send + 'static>(
        &self,
        queue: Queue,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let seconds = self.config.estimate_wait_seconds;
        let queue = match queue {
            Queue::Estimates => Arc::clone(&self.estimates),
            Queue::Supplies => Arc::clone(&self.supplies),
        };
        let turn = tokio::time::timeout(Duration::from_secs(seconds), queue.acquire_owned()).await;
        let turn = turn
            .map_err(|_| Problem::busy(format!("{seconds} s passed while other computations ran; try again")))?
            .map_err(|error| Problem::internal(&error))?;
        // The turn goes with the work: a client that hangs up does not let the next one in before it is done.
        let work = move || {
            let _turn = turn;
            work()
        };
        web::block(work).await.map_err(|error| Problem::internal(&error))?
    }

    /// Follows the project: loads and swaps whenever its version is no longer the one seen, for as long as the
    /// server runs.
    pub(super) async fn follow(self: Arc<Self>, mut seen: u64) {
        let bench = self.bench();
        if let Err(error) = web::block(move || bench.prepare()).await {
            tracing::error!(%error, "what answers need could not be derived beforehand");
        }
        let mut tick = tokio::time::interval(Duration::from_millis(self.config.reload_every_milliseconds.max(50)));
        loop {
            tick.tick().await;
            let state = Arc::clone(&self);
            match web::block(move || state.reload_if_changed(seen)).await {
                Ok((version, outcome)) => {
                    // A version that cannot be loaded is not tried again and again: the next change is.
                    seen = version;
                    if let Err(error) = outcome {
                        tracing::error!(%error, "the project could not be loaded again; the last picture stays");
                    }
                }
                Err(error) => tracing::error!(%error, "the project could not be loaded again; the last picture stays"),
            }
        }
    }

    /// The project's version now, and how the reload went where it was not the one seen.
    fn reload_if_changed(&self, seen: u64) -> (u64, Result<(), StoreError>) {
        match self.store.version() {
            Err(error) => (seen, Err(error)),
            Ok(version) if version == seen => (seen, Ok(())),
            Ok(version) => (version, self.reload()),
        }
    }

    fn reload(&self) -> Result<(), StoreError> {
        let bench = Arc::new(Workbench::new(self.store.load()?, self.config.estimate_cells));
        // Derived before it is shown, so that nobody waits for it.
        bench.prepare();
        tracing::info!(version = bench.catalogue().data_version, "the project has changed and was loaded again");
        self.current.store(bench);
        Ok(())
    }
}
