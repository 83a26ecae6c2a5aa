//! How far a long computation is, and whether anybody still wants it.
//!
//! It knows no clock and no thread: who watches decides how often to look and how to tell.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use thiserror::Error;

/// Told how far a long computation is, and asked whether to go on.
///
/// It is asked from several threads, each time with the work done so far by all of them. Numbers may come out of order
/// by a little.
///
/// ```
/// use peatplan::geostat::{Progress, Unwatched};
/// assert!(Unwatched.go_on(1, 2));
/// ```
pub trait Progress: Sync {
    /// Told that `done` of `total` steps are done; `false` stops the computation soon.
    fn go_on(&self, done: usize, total: usize) -> bool;
}

/// Nobody watches; nothing stops the computation.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn go_on(&self, _: usize, _: usize) -> bool {
        true
    }
}

/// A stretch of a longer way, for work of several passes that each count from nothing.
///
/// ```
/// use peatplan::geostat::{Progress, Stretch};
/// use std::sync::Mutex;
/// struct Seen(Mutex<(usize, usize)>);
/// impl Progress for Seen {
///     fn go_on(&self, done: usize, total: usize) -> bool {
///         *self.0.lock().unwrap() = (done, total);
///         true
///     }
/// }
/// let whole = Seen(Mutex::new((0, 0)));
/// Stretch::new(&whole, 40, 90).go_on(1, 2);
/// assert_eq!(*whole.0.lock().unwrap(), (6_500, 10_000), "half of the way from 40 to 90 percent");
/// ```
#[derive(Clone, Copy)]
pub struct Stretch<'a> {
    whole: &'a dyn Progress,
    from: usize,
    to: usize,
}

impl<'a> Stretch<'a> {
    /// The stretch between two percentages of the whole.
    #[must_use]
    pub fn new(whole: &'a dyn Progress, from_percent: u8, to_percent: u8) -> Self {
        let from = from_percent.min(100);
        Self { whole, from: usize::from(from), to: usize::from(to_percent.clamp(from, 100)) }
    }
}

impl Progress for Stretch<'_> {
    fn go_on(&self, done: usize, total: usize) -> bool {
        let total = total.max(1);
        let along = 100 * (self.to - self.from) * done.min(total) / total;
        self.whole.go_on(100 * self.from + along, 10_000)
    }
}

/// Who watched did not want the rest.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the computation was stopped before its end")]
pub struct Cancelled;

/// Counts steps that several threads do, and remembers that one of them was told to stop.
pub(super) struct Steps<'a> {
    progress: &'a dyn Progress,
    total: usize,
    done: AtomicUsize,
    stopped: AtomicBool,
}

impl<'a> Steps<'a> {
    pub(super) fn new(progress: &'a dyn Progress, total: usize) -> Self {
        Self { progress, total, done: AtomicUsize::new(0), stopped: AtomicBool::new(false) }
    }

    /// Whether the work should go on, after `steps` more of it.
    pub(super) fn advance(&self, steps: usize) -> Result<(), Cancelled> {
        if self.stopped.load(Ordering::Relaxed) {
            return Err(Cancelled);
        }
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        if self.progress.go_on(done, self.total) {
            Ok(())
        } else {
            self.stopped.store(true, Ordering::Relaxed);
            Err(Cancelled)
        }
    }
}
