//! What all requests share: the picture in force, which is swapped in whole when the project has changed. A request
//! takes it once and keeps it to its end. A request that changes a row is answered when the change is durable and the
//! picture has it, so whoever writes reads what he wrote.

use super::http::Validator;
use super::ogc::{Selections, TileKeeper};
use super::problem::Problem;
use crate::config::Config;
use crate::jobs::Jobs;
use crate::model::{Feature, FeatureId, Layer};
use crate::planning::Workbench;
use crate::store::{Change, ChangeOutcome, Changed, Store, StoreError};
use actix_web::web;
use arc_swap::ArcSwap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio::time::MissedTickBehavior;

/// Shared state.
pub(super) struct State {
    pub config: Config,
    /// Tells these settings from others.
    pub settings_tag: u64,
    store: Arc<dyn Store>,
    current: ArcSwap<Workbench>,
    /// The project's version that the picture in force has; who holds it alone may swap the picture.
    seen: Mutex<u64>,
    /// A change has made a picture for which nothing is derived yet.
    changed: Notify,
    /// Heavy computations, light ones that a map asks for many times a second, and looks at rows: none waits for another kind.
    estimates: Arc<Semaphore>,
    supplies: Arc<Semaphore>,
    filters: Arc<Semaphore>,
    /// Long computations.
    pub jobs: Jobs<Problem>,
    /// What requests for features have found lately.
    pub selections: Selections,
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
    /// What looks at rows of a layer one by one, or writes them as a file.
    Filters,
}

impl State {
    /// Loads the project for the first time.
    pub(super) fn new(config: Config, store: Arc<dyn Store>) -> Result<Self, StoreError> {
        // Taken before: what changes while it is loaded is seen as changed, at worst once too often.
        let version = store.version()?;
        let settings_tag = Validator::number_of(format!("{config:?}"));
        let bench = Arc::new(Workbench::new(store.load()?, config.estimate_cells));
        let queue = |at_once: usize| Arc::new(Semaphore::new(at_once.max(1)));
        let (estimates, supplies) = (queue(config.estimates_at_once), queue(config.supplies_at_once));
        let filters = queue(config.filters_at_once);
        let jobs = Jobs::new(config.jobs.clone())?;
        let tiles = TileKeeper::new(config.tile_geometry_bytes, config.tile_bytes);
        let (current, seen) = (ArcSwap::new(bench), Mutex::new(version));
        let selections = Selections::new(config.selection_bytes);
        Ok(Self {
            config,
            settings_tag,
            store,
            current,
            seen,
            changed: Notify::new(),
            estimates,
            supplies,
            filters,
            jobs,
            selections,
            tiles,
        })
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
            Queue::Filters => Arc::clone(&self.filters),
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

    /// Changes a row, one change after the other. `decide` is given the row as it is in the file now, none where there is no
    /// such row or none was named; its problem is the answer, and then nothing is done. The workbench that comes back has the
    /// change in it and is in force.
    ///
    /// Derived things that rest on the layer are derived afterwards: the writer does not wait for them.
    pub(super) async fn change(
        self: Arc<Self>,
        layer: Layer,
        id: Option<FeatureId>,
        decide: impl FnOnce(Option<&Feature>) -> Result<Change, Problem> + Send + 'static,
    ) -> Result<(Changed, Arc<Workbench>), Problem> {
        web::block(move || self.change_now(layer, id, decide)).await.map_err(|error| Problem::internal(&error))?
    }

    fn change_now(
        &self,
        layer: Layer,
        id: Option<FeatureId>,
        decide: impl FnOnce(Option<&Feature>) -> Result<Change, Problem>,
    ) -> Result<(Changed, Arc<Workbench>), Problem> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut decide, mut refusal) = (Some(decide), None);
        let outcome = self.store.change(layer, id, &mut |now| match decide.take()?(now) {
            Ok(change) => Some(change),
            Err(problem) => {
                refusal = Some(problem);
                None
            }
        });
        let outcome = outcome.map_err(|error| problem_of(&error))?;
        let Some(changed) = &outcome.changed else {
            return Err(refusal.unwrap_or_else(|| Problem::internal(&"a change was neither decided nor refused")));
        };
        let bench = self.bench_after(&mut seen, layer, changed, &outcome).map_err(|error| {
            // The change is durable, the picture has to be read anew: at the next look nothing is as it was seen.
            *seen = !outcome.version;
            Problem::internal(&error)
        })?;
        let bench = Arc::new(bench);
        self.current.store(Arc::clone(&bench));
        self.changed.notify_one();
        Ok((changed.clone(), bench))
    }

    /// The picture with the change: from the one in force where that is of the version that was changed, else read again.
    fn bench_after(
        &self,
        seen: &mut u64,
        layer: Layer,
        changed: &Changed,
        outcome: &ChangeOutcome,
    ) -> Result<Workbench, StoreError> {
        let before = self.bench();
        if outcome.version == *seen
            && outcome.project == before.catalogue().project
            && let Some(catalogue) = before.catalogue().with(layer, changed)?
        {
            return Ok(before.renewed(catalogue));
        }
        let version = self.store.version()?;
        let catalogue = self.store.load_again(before.catalogue())?;
        *seen = version;
        Ok(before.renewed(catalogue))
    }

    /// Follows the project: loads and swaps whenever others have changed it, for as long as the server runs; and derives
    /// beforehand what answers need.
    pub(super) async fn follow(self: Arc<Self>) {
        let mut tick = tokio::time::interval(Duration::from_millis(self.config.reload_every_milliseconds.max(50)));
        // After a long reading the looks that were missed are not made up for.
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.changed.notify_one();
        loop {
            let state = Arc::clone(&self);
            let step = tokio::select! {
                () = self.changed.notified() => web::block(move || {
                    state.bench().prepare();
                    Ok(())
                }).await,
                _ = tick.tick() => web::block(move || state.reload_if_changed()).await,
            };
            match step {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "the project could not be loaded again; the last picture stays"),
                Err(error) => tracing::error!(%error, "the project could not be followed; the last picture stays"),
            }
        }
    }

    fn reload_if_changed(&self) -> Result<(), StoreError> {
        let before = self.bench();
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let version = self.store.version()?;
        if version == seen {
            return Ok(());
        }
        let loaded = self.store.load_again(before.catalogue()).map(|catalogue| {
            let bench = Arc::new(before.renewed(catalogue));
            // Derived before it is shown, so that nobody waits for it.
            bench.prepare();
            bench
        });
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&before, &self.bench()) {
            // A row was changed meanwhile, and the picture of that change is the younger one: the next look decides.
            return Ok(());
        }
        // A version that cannot be loaded is not tried again and again: the next change is.
        *seen = version;
        let bench = loaded?;
        tracing::info!(version = bench.catalogue().data_version, "the project has changed and was loaded again");
        self.current.store(bench);
        Ok(())
    }
}

fn problem_of(error: &StoreError) -> Problem {
    match error {
        StoreError::Busy => Problem::busy("another program is writing to the project; try again when it is done").retry_after(5),
        StoreError::NoRow { .. } => Problem::not_found(error.to_string()),
        StoreError::Geometry { .. } | StoreError::NotKept { .. } | StoreError::Crs(_) => {
            Problem::unprocessable(error.to_string())
        }
        _ => Problem::internal(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;
    use crate::store::GeoPackageStore;
    use actix_web::ResponseError;
    use geo::Point;

    fn probe(depth: f64) -> Feature {
        let schema = Layer::Probes.schema();
        let mut values = vec![Value::Null; schema.properties.len()];
        values[schema.index_of("depth_m").expect("probes have a depth")] = Value::Number(depth);
        Feature { id: 0, geometry: Some(Point::new(40.6, 55.6).into()), values }
    }

    fn state(folder: &tempfile::TempDir) -> Arc<State> {
        let store = GeoPackageStore::create(&folder.path().join("project.gpkg")).expect("a project");
        Arc::new(State::new(Config::default(), Arc::new(store)).expect("loaded"))
    }

    #[actix_web::test]
    async fn who_writes_reads_what_he_wrote_and_the_project_is_not_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = state(&folder);
        // The first probe sets the project's middle, and with it everything may be another.
        let insert = |depth| Arc::clone(&state).change(Layer::Probes, None, move |_| Ok(Change::Insert(probe(depth))));
        let (first, bench) = insert(1.0).await.expect("inserted");
        assert_eq!(bench.catalogue().table(Layer::Probes).len(), 1);
        let (second, bench) = insert(2.0).await.expect("inserted");
        assert!(Arc::ptr_eq(&bench, &state.bench()), "the picture is in force");
        assert!(second.id() > first.id());
        state.reload_if_changed().expect("nothing to do");
        assert!(Arc::ptr_eq(&bench, &state.bench()), "our own change is no change of others");
        let deposits = bench.catalogue().shared_table(Layer::Deposits);
        let (_, after) =
            Arc::clone(&state).change(Layer::Probes, Some(first.id()), |_| Ok(Change::Delete)).await.expect("deleted");
        assert!(Arc::ptr_eq(deposits, after.catalogue().shared_table(Layer::Deposits)));
        assert_eq!(after.catalogue().nouns.probes.len(), 1);
    }

    #[actix_web::test]
    async fn a_refusal_comes_out_as_it_is_and_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = state(&folder);
        let before = state.bench();
        let refused = Arc::clone(&state).change(Layer::Probes, Some(5), |now| match now {
            None => Err(Problem::not_found("there is no probe 5")),
            Some(_) => Ok(Change::Delete),
        });
        let problem = refused.await.expect_err("refused");
        assert_eq!((problem.status_code().as_u16(), problem.to_string().as_str()), (404, "there is no probe 5"));
        state.reload_if_changed().expect("nothing to do");
        assert!(Arc::ptr_eq(&before, &state.bench()));
    }

    #[actix_web::test]
    async fn a_change_after_one_of_another_program_shows_both() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = state(&folder);
        let other = GeoPackageStore::open(&folder.path().join("project.gpkg")).expect("the same project");
        let mut theirs = Some(Change::Insert(probe(3.0)));
        other.change(Layer::Probes, None, &mut |_| theirs.take()).expect("inserted");
        let ours = Arc::clone(&state).change(Layer::Probes, None, |_| Ok(Change::Insert(probe(4.0))));
        let (_, bench) = ours.await.expect("inserted");
        assert_eq!(bench.catalogue().table(Layer::Probes).len(), 2);
        let mut theirs = Some(Change::Delete);
        other.change(Layer::Probes, Some(1), &mut |_| theirs.take()).expect("deleted");
        state.reload_if_changed().expect("loaded");
        assert_eq!(state.bench().catalogue().table(Layer::Probes).len(), 1);
    }
}
