//! A fingerprint of what a result was computed from, so that two results can be told to be of the same inputs.

use super::SOFTWARE_VERSION;
use crate::reserves::{ReserveRequest, Survey};
use geo::CoordsIter;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Sixteen hexadecimal digits of the SHA-256 of everything fed in, the software's version first.
pub(super) struct InputsHash(Sha256);

impl InputsHash {
    pub(super) fn new() -> Self {
        let mut hash = Self(Sha256::new());
        hash.text(SOFTWARE_VERSION);
        hash
    }

    pub(super) fn text(&mut self, text: &str) {
        self.0.update(text.len().to_le_bytes());
        self.0.update(text);
    }

    pub(super) fn number(&mut self, number: f64) {
        self.0.update(number.to_le_bytes());
    }

    /// A survey with the request made of it.
    pub(super) fn survey(&mut self, survey: &Survey, request: &ReserveRequest) {
        self.text(&format!("{request:?} {:?} {} {:?}", survey.cores, survey.crs, survey.stated_mean_depth));
        // The lengths keep one list from running into the next.
        self.text(&format!("{} {} {}", survey.outline.coords_count(), survey.probes_inside.len(), survey.probes_outside.len()));
        for c in survey.outline.coords_iter() {
            self.number(c.x);
            self.number(c.y);
        }
        for probe in survey.probes_inside.iter().chain(&survey.probes_outside) {
            for number in [probe.x, probe.y, probe.depth.0] {
                self.number(number);
            }
            self.text(&format!("{:?} {:?} {:?}", probe.stopped, probe.year, probe.drained));
        }
        for constraint in &survey.constraints {
            for c in constraint.area.coords_iter() {
                self.number(c.x);
                self.number(c.y);
            }
        }
    }

    pub(super) fn finish(self) -> String {
        let digest = self.0.finalize();
        digest.iter().take(8).fold(String::with_capacity(16), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
