//! How far a job is, and whether it should go on: written by the work, read by whoever asks.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

/// What a job says of itself while it runs.
///
/// ```
/// use peatplan::jobs::JobProgress;
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
    /// Notes that `done` of `total` steps are behind; `false` asks the work to stop. It never runs backwards, so that a
    /// second pass does not look like a loss of work.
    pub fn go_on(&self, done: usize, total: usize) -> bool {
        self.between(0, 100, done, total)
    }

    /// Whether somebody has cancelled the job.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Says in a sentence what is done now.
    pub fn say(&self, message: impl Into<String>) {
        *self.message.lock().unwrap_or_else(PoisonError::into_inner) = message.into();
    }

    /// A stretch of the whole way, such as 40 to 90 percent, for work of several passes that each count from nothing.
    #[must_use]
    pub fn part(&self, from_percent: u8, to_percent: u8) -> JobPart<'_> {
        JobPart { whole: self, from: from_percent.min(100), to: to_percent.clamp(from_percent.min(100), 100) }
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

    fn between(&self, from: u8, to: u8, done: usize, total: usize) -> bool {
        let span = u128::from(to - from);
        let along = if total == 0 { span } else { span * done.min(total) as u128 / total as u128 };
        // A span of at most a hundred.
        let percent = from + u8::try_from(along).unwrap_or(0);
        self.percent.fetch_max(percent, Ordering::Relaxed);
        !self.is_cancelled()
    }
}

/// A stretch of a job's way.
#[derive(Debug, Clone, Copy)]
pub struct JobPart<'a> {
    whole: &'a JobProgress,
    from: u8,
    to: u8,
}

impl JobPart<'_> {
    /// As [`JobProgress::go_on`], within the stretch.
    #[must_use]
    pub fn go_on(&self, done: usize, total: usize) -> bool {
        self.whole.between(self.from, self.to, done, total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_never_runs_backwards_and_parts_share_the_way() {
        let progress = JobProgress::default();
        assert!(progress.part(0, 40).go_on(1, 2));
        assert_eq!(progress.percent(), 20);
        assert!(progress.part(40, 90).go_on(0, 10));
        assert_eq!(progress.percent(), 40);
        assert!(progress.go_on(1, 10));
        assert_eq!(progress.percent(), 40, "an earlier figure is not taken");
        assert!(progress.go_on(7, 0), "no steps at all are all of them");
        assert_eq!(progress.percent(), 100);
        progress.cancel();
        assert!(!progress.go_on(1, 2) && !progress.part(0, 100).go_on(1, 2));
    }
}
