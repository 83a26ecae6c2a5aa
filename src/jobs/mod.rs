//! Long computations: a queue with caps, progress, cancelling, and results that are kept for a while.
//!
//! A job is a piece of work on a thread of its own, so that neither the requests of others nor the end of the
//! request that asked for it stand in its way. It is told apart by an id that cannot be guessed, and goes through
//! `accepted → running → successful | failed | dismissed`, the states of OGC API Processes. The room knows no HTTP
//! and nothing of what is computed: who starts a job says what it is called, does the work, and says what failed.

mod job;
mod progress;
mod queue;

/// How a work tells how far it is and asks whether to go on; [`JobProgress`] is one, and a stretch of another one.
pub use crate::geostat::{Progress, Stretch};
pub use job::{Job, JobAnswer, JobOutcome, JobState, JobStatus};
pub use progress::JobProgress;
pub use queue::{Jobs, QueueFull};

use std::time::Duration;

/// Caps on jobs.
#[derive(Debug, Clone)]
pub struct JobLimits {
    /// Jobs that are worked on at once, each on its own thread.
    pub running: usize,
    /// Jobs that wait for their turn; one more is refused.
    pub waiting: usize,
    /// Ended jobs that are remembered, of each owner, and of all strangers together.
    pub kept: usize,
    /// Size of all remembered results together; the last one is kept whatever its size.
    pub kept_bytes: usize,
    /// How long an ended job is remembered.
    pub kept_for: Duration,
}

impl Default for JobLimits {
    /// Two at once, 16 waiting; 100 results of together 256 MB for an hour.
    fn default() -> Self {
        Self { running: 2, waiting: 16, kept: 100, kept_bytes: 256_000_000, kept_for: Duration::from_secs(3_600) }
    }
}
