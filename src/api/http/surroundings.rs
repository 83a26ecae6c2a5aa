//! What stands around all handlers and is shared by all workers: rights, limits, figures, finished answers.

use super::access::Rights;
use super::caching::Caching;
use super::kept::KeptAnswers;
use super::metrics::Metrics;
use super::origin::Origins;
use super::rate::Rates;
use crate::access::{Keys, KeysError};
use crate::api::state::State;
use crate::config::Config;
use crate::planning::Workbench;
use actix_web::web;
use std::path::Path;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime};
use thiserror::Error;

/// How often the house is kept: the keys file is looked at, clients that were quiet are forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(1);

/// The service cannot be set up.
#[derive(Debug, Error)]
pub enum SetupError {
    /// Its keys are no keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// Its figures cannot be kept.
    #[error("the service's figures cannot be kept: {0}")]
    Metrics(#[from] prometheus::Error),
}

/// All of it.
pub(in crate::api) struct Surroundings {
    pub(in crate::api) metrics: Metrics,
    pub(super) kept: KeptAnswers,
    pub(super) caching: Caching,
    pub(super) rights: Rights,
    pub(super) origins: Origins,
    pub(super) rates: Option<Rates>,
    pub(super) under_way: AtomicUsize,
    /// Bytes of large bodies that are being sent.
    pub(super) sending: AtomicUsize,
    pub(super) limits: Limits,
    catalogue: Mutex<(Weak<Workbench>, Instant)>,
}

/// Caps on a request.
pub(super) struct Limits {
    pub path_bytes: usize,
    pub query_bytes: usize,
    pub header_bytes: usize,
    pub requests_at_once: usize,
    pub sending_bytes: usize,
    pub request_seconds: u64,
}

impl Surroundings {
    /// Sets all up, and says in the log who may do what.
    pub(in crate::api) fn new(config: &Config) -> Result<Self, SetupError> {
        let keys = config.keys_file.as_deref().map(Keys::read).transpose()?;
        match &keys {
            Some(keys) => tracing::info!(keys = keys.len(), reads_need_a_key = config.reads_need_a_key, "writes need a key"),
            None if config.is_local() => tracing::info!("the service is for this machine: everything is allowed"),
            None => tracing::warn!("the service is read-only: it has no keys and is open to other machines; see --keys"),
        }
        if keys.is_none() && config.reads_need_a_key && !config.is_local() {
            tracing::warn!("reading needs a key and there are none: nobody can read");
        }
        Ok(Self {
            metrics: Metrics::new()?,
            kept: KeptAnswers::new(config.kept_answers_bytes),
            caching: Caching::new(config),
            rights: Rights::new(config, keys),
            origins: Origins::new(config),
            rates: config.rate_limit().and_then(|limit| Rates::new(limit, config.rate_clients)),
            under_way: AtomicUsize::new(0),
            sending: AtomicUsize::new(0),
            limits: Limits {
                path_bytes: config.path_bytes,
                query_bytes: config.query_bytes,
                header_bytes: config.header_bytes,
                requests_at_once: config.requests_at_once,
                sending_bytes: config.sending_bytes,
                request_seconds: config.request_seconds,
            },
            catalogue: Mutex::new((Weak::new(), Instant::now())),
        })
    }

    /// How long a picture of the project has been the one in force, as far as was seen.
    pub(in crate::api) fn catalogue_age(&self, bench: &Arc<Workbench>) -> Duration {
        let mut seen = self.catalogue.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Arc::downgrade(bench);
        if !seen.0.ptr_eq(&now) {
            *seen = (now, Instant::now());
        }
        seen.1.elapsed()
    }

    /// Bytes of finished answers, and clients whose rates are remembered.
    pub(in crate::api) fn sizes(&self) -> (u64, usize) {
        (self.kept.bytes(), self.rates.as_ref().map_or(0, Rates::clients))
    }

    /// Keeps the house for as long as the server runs: keys are read again when their file changes, so that one can be taken
    /// back without a restart.
    pub(in crate::api) async fn keep_house(self: Arc<Self>, state: Arc<State>) {
        let mut seen = state.config.keys_file.as_deref().and_then(changed);
        let mut tick = tokio::time::interval(HOUSEKEEPING);
        loop {
            tick.tick().await;
            self.catalogue_age(&state.bench());
            let (surroundings, keys_file) = (Arc::clone(&self), state.config.keys_file.clone());
            let done = web::block(move || {
                if let Some(rates) = &surroundings.rates {
                    rates.forget();
                }
                let path = keys_file?;
                let now = changed(&path);
                if now != seen {
                    surroundings.read_keys(&path);
                }
                now
            });
            seen = done.await.unwrap_or(seen);
        }
    }

    fn read_keys(&self, path: &Path) {
        match Keys::read(path) {
            Ok(keys) => {
                tracing::info!(keys = keys.len(), "the keys file has changed and was read again");
                self.rights.keys.store(Some(Arc::new(keys)));
            }
            // Half a file is no reason to let everybody out, or in.
            Err(error) => tracing::error!(%error, "the keys file could not be read again; the keys known before stay"),
        }
    }
}

fn changed(path: &Path) -> Option<(SystemTime, u64)> {
    let about = std::fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}
