//! Progress of a long computation on the terminal.

use indicatif::{ProgressBar, ProgressStyle};
use peatplan::geostat::Progress;

/// A bar on standard error; none is drawn where that is no terminal.
pub(super) struct Bar(ProgressBar);

/// Steps of the bar.
const STEPS: u64 = 1_000;

impl Bar {
    pub(super) fn new(what: &str) -> Self {
        let bar = ProgressBar::new(STEPS);
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:40}] {percent} % {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        Self(bar)
    }

    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn go_on(&self, done: usize, total: usize) -> bool {
        let along = STEPS * done.min(total) as u64 / (total.max(1) as u64);
        if along > self.0.position() {
            self.0.set_position(along);
        }
        true
    }
}
