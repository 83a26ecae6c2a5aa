//! Kriging with all samples: one factorisation, then panels of cells.

use super::system::System;
use super::target::Target;
use super::trend::Trend;
use super::{CellWeights, Kriged, Kriging};
use crate::geostat::Grid;
use crate::geostat::progress::{Cancelled, Steps};
use crate::geostat::variogram::SAME_PLACE;
use rayon::prelude::*;
use std::sync::OnceLock;

/// Cells whose triangular systems are solved together: enough that the factor is read once for many.
const PANEL: usize = 64;

/// The system of all samples.
pub(super) struct Global {
    pub(super) system: System,
    dual: Vec<f64>,
    /// The diagonal of the inverse that leaving out needs; made when first asked for.
    precision: OnceLock<Vec<f64>>,
}

impl Global {
    pub(super) fn of(kriging: &Kriging) -> Self {
        let mut system = System::default();
        let places = || kriging.places.iter().copied();
        let trend = Trend::around(kriging.drift, places());
        system
            .prepare(places(), kriging.values.iter().copied(), trend, |matrix| kriging.likeness.matrix(&kriging.places, matrix));
        let dual = system.dual();
        Self { system, dual, precision: OnceLock::new() }
    }
}

impl Kriging {
    /// The sample that a point target lies at.
    fn sample_at(&self, target: &Target, place: [f64; 2]) -> Option<usize> {
        let same = |[x, y]: &[f64; 2]| (x - place[0]).powi(2) + (y - place[1]).powi(2) <= SAME_PLACE;
        if target.is_point { self.places.iter().position(same) } else { None }
    }

    pub(super) fn global_at(&self, global: &Global, place: [f64; 2]) -> Kriged {
        if !place[0].is_finite() || !place[1].is_finite() {
            return self.nowhere();
        }
        if let Some(index) = self.sample_at(&self.target, place) {
            return Kriged { value: self.values[index], variance: 0.0 };
        }
        let (mut scratch, mut solved) = (Vec::new(), Vec::new());
        self.target.covariances(&self.likeness, place, self.places.iter().copied(), &mut scratch, &mut solved);
        global.system.solve(&mut solved);
        global.system.estimate(&solved, &global.system.drift_at(place, &self.target.points), self.target.own)
    }

    /// The value alone: a product with the dual weights instead of a triangular solve.
    pub(super) fn global_value(
        &self,
        global: &Global,
        place: [f64; 2],
        scratch: &mut Vec<f64>,
        covariances: &mut Vec<f64>,
    ) -> f64 {
        if !place[0].is_finite() || !place[1].is_finite() {
            return self.nowhere().value;
        }
        if let Some(index) = self.sample_at(&self.target, place) {
            return self.values[index];
        }
        self.target.covariances(&self.likeness, place, self.places.iter().copied(), scratch, covariances);
        global.system.dual_value(&global.dual, covariances, &global.system.drift_at(place, &self.target.points))
    }

    /// Point estimate at the place of a sample from all others, in closed form (Dubrule 1983, doi 10.1007/BF01036232): with
    /// B the inverse of the bordered kriging matrix, the error is (Bz)ᵢ / Bᵢᵢ and its variance 1 / Bᵢᵢ.
    pub(super) fn global_without(&self, global: &Global, index: usize) -> Kriged {
        let precision = global.precision.get_or_init(|| global.system.precision_diagonal())[index];
        if precision * self.likeness.sill() > 1e-9 {
            return Kriged { value: self.values[index] - global.dual[index] / precision, variance: precision.recip() };
        }
        // The others cannot carry the drift, or rounding ate the difference: ask the others themselves.
        let others = || (0..self.places.len()).filter(move |other| *other != index);
        let places: Vec<[f64; 2]> = others().map(|other| self.places[other]).collect();
        let trend = Trend::around(self.drift, places.iter().copied());
        let mut system = System::default();
        let values = others().map(|other| self.values[other]);
        system.prepare(places.iter().copied(), values, trend, |matrix| self.likeness.matrix(&places, matrix));
        let target = Target::point(&self.likeness);
        let (mut scratch, mut solved) = (Vec::new(), Vec::new());
        target.covariances(&self.likeness, self.places[index], places.iter().copied(), &mut scratch, &mut solved);
        system.solve(&mut solved);
        system.estimate(&solved, &system.drift_at(self.places[index], &target.points), target.own)
    }

    pub(super) fn global_over(
        &self,
        global: &Global,
        grid: &Grid,
        cells: &[usize],
        steps: &Steps,
    ) -> Result<Vec<Kriged>, Cancelled> {
        let panel = |(scratch, column, solved): &mut (Vec<f64>, Vec<f64>, Vec<f64>), panel: &[usize]| {
            let places: Vec<[f64; 2]> = panel.iter().map(|cell| self.place_of(grid.centre(*cell))).collect();
            solved.clear();
            for place in &places {
                self.target.covariances(&self.likeness, *place, self.places.iter().copied(), scratch, column);
                solved.extend_from_slice(column);
            }
            global.system.solve_many(solved);
            let kriged = places.iter().zip(solved.chunks_exact(global.system.len())).map(|(place, solved)| {
                match self.sample_at(&self.target, *place) {
                    Some(index) => Kriged { value: self.values[index], variance: 0.0 },
                    None => global.system.estimate(solved, &global.system.drift_at(*place, &self.target.points), self.target.own),
                }
            });
            let kriged: Vec<Kriged> = kriged.collect();
            steps.advance(panel.len()).map(|()| kriged)
        };
        let panels: Result<Vec<Vec<Kriged>>, Cancelled> = cells.par_chunks(PANEL).map_init(Default::default, panel).collect();
        Ok(panels?.concat())
    }

    pub(super) fn global_values(
        &self,
        global: &Global,
        grid: &Grid,
        cells: &[usize],
        steps: &Steps,
    ) -> Result<Vec<f64>, Cancelled> {
        let panel = |(scratch, column): &mut (Vec<f64>, Vec<f64>), panel: &[usize]| {
            let value = |cell: &usize| self.global_value(global, self.place_of(grid.centre(*cell)), scratch, column);
            let values: Vec<f64> = panel.iter().map(value).collect();
            steps.advance(panel.len()).map(|()| values)
        };
        let panels: Result<Vec<Vec<f64>>, Cancelled> = cells.par_chunks(1_024).map_init(Default::default, panel).collect();
        Ok(panels?.concat())
    }

    pub(super) fn global_weights(
        &self,
        global: &Global,
        grid: &Grid,
        cells: &[usize],
        steps: &Steps,
    ) -> Result<CellWeights, Cancelled> {
        let panel = |(scratch, column): &mut (Vec<f64>, Vec<f64>), panel: &[usize]| {
            let mut part = CellWeights { start: Vec::with_capacity(panel.len()), ..CellWeights::default() };
            for cell in panel {
                part.start.push(part.samples.len());
                let place = self.place_of(grid.centre(*cell));
                if let Some(index) = self.sample_at(&self.target, place) {
                    self.share(numbered(index), 1.0, &mut part.samples, &mut part.weights);
                    continue;
                }
                self.target.covariances(&self.likeness, place, self.places.iter().copied(), scratch, column);
                global.system.solve(column);
                global.system.weights(column, &global.system.drift_at(place, &self.target.points));
                for (index, weight) in column.iter().enumerate() {
                    self.share(numbered(index), *weight, &mut part.samples, &mut part.weights);
                }
            }
            steps.advance(panel.len()).map(|()| part)
        };
        let panels: Result<Vec<CellWeights>, Cancelled> = cells.par_chunks(PANEL).map_init(Default::default, panel).collect();
        let mut all = CellWeights::default();
        for part in panels? {
            let before = all.samples.len();
            all.start.extend(part.start.iter().map(|start| before + start));
            all.samples.extend(part.samples);
            all.weights.extend(part.weights);
        }
        all.start.push(all.samples.len());
        Ok(all)
    }
}

/// Samples are numbered with 32 bits; more than these would not fit into memory.
pub(super) fn numbered(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
