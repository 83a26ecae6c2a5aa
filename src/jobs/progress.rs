//! How far a job is, and whether it should go on: written by the work, read by whoever asks.

use crate::geostat::Progress;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

/// What a job says of itself while it runs.
///
/// ```
/// use peatplan::{geostat::Progress, jobs::JobProgress};
/// let progress = JobProgress::default();
/// progress.say("kriging");
/// assert!(progress.go_on(30, 120), "nobody has cancelled it");
/// assert_eq!((progress.percent(), progress.message().as_str()), (25, "kriging"));
/// ```
#[derive(Debug, Default)]
pub struct JobProgress {
    percent: AtomicU8,
    cancelled: AtomicBool,
    message: Mutex<String>,
}

impl JobProgress {
    /// Whether somebody has cancelled the job.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Says in a sentence what is done now.
    pub fn say(&self, message: impl Into<String>) {
        *self.message.lock().unwrap_or_else(PoisonError::into_inner) = message.into();
    }

    /// How far it is, 0 to 100.
    pub fn percent(&self) -> u8 {
        self.percent.load(Ordering::Relaxed)
    }

    /// What is done now; empty where nothing was said.
    pub fn message(&self) -> String {
        self.message.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub(super) fn complete(&self) {
        self.percent.store(100, Ordering::Relaxed);
    }
}

impl Progress for JobProgress {
    /// Notes that `done` of `total` steps are behind; `false` asks the work to stop. It never runs backwards, so that a
    /// second pass does not look like a loss of work.
    fn go_on(&self, done: usize, total: usize) -> bool {
        let along = if total == 0 { 100 } else { 100 * done.min(total) as u128 / total as u128 };
        self.percent.fetch_max(u8::try_from(along).unwrap_or(0), Ordering::Relaxed);
        !self.is_cancelled()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geostat::Stretch;

    #[test]
    fn progress_never_runs_backwards_and_parts_share_the_way() {
        let progress = JobProgress::default();
        assert!(Stretch::new(&progress, 0, 40).go_on(1, 2));
        assert_eq!(progress.percent(), 20);
        assert!(Stretch::new(&progress, 40, 90).go_on(0, 10));
        assert_eq!(progress.percent(), 40);
        assert!(progress.go_on(1, 10));
        assert_eq!(progress.percent(), 40, "an earlier figure is not taken");
        assert!(progress.go_on(7, 0), "no steps at all are all of them");
        assert_eq!(progress.percent(), 100);
        progress.cancel();
        assert!(!progress.go_on(1, 2) && !Stretch::new(&progress, 0, 100).go_on(1, 2));
    }
}
