//! Kriging in a moving neighbourhood: who the neighbours of a place are, and the system that they make.
//!
//! Neighbouring cells share most of their neighbours. One look into the tree finds candidates for many cells, their
//! covariances are computed once, and a cell whose neighbours are those of the cell before keeps its factored system.
//!
//! **The candidates hold the neighbours of every cell.** Let t be the middle of some cells, d the greatest distance from t
//! to one of them, and r the distance from t to its k-th nearest sample. For a cell p, the k samples within r of t lie
//! within r + d of p, so the k nearest of p lie within r + d of p, and hence within r + 2 d of t. With a greatest radius R
//! they also lie within R + d of t; and the nearest sample of p, which serves where none is within R, lies within
//! r₁ + 2 d, r₁ being the distance from t to its nearest sample.

use super::system::System;
use super::target::Target;
use super::trend::{MOST_TERMS, Trend};
use super::{Kriged, Kriging};
use crate::geostat::variogram::SAME_PLACE;
use kiddo::SquaredEuclidean;
use kiddo::immutable::float::kdtree::ImmutableKdTree;
use std::num::NonZero;

/// Where samples are searched.
pub(super) struct Nearest {
    pub(super) tree: ImmutableKdTree<f64, u32, 2, 32>,
    pub(super) count: usize,
    /// Squared, in units of the range; infinite where there is none.
    pub(super) squared_radius: f64,
}

impl Nearest {
    /// Indices, ascending, of samples among which every place within `reach` of the centre has its neighbours, even if
    /// `extra` samples do not count.
    fn candidates(&self, centre: [f64; 2], reach: f64, extra: usize, found: &mut Vec<u32>) {
        found.clear();
        let wanted = NonZero::new(self.count + extra).unwrap_or(NonZero::<usize>::MIN);
        let nearest = self.tree.nearest_n::<SquaredEuclidean>(&centre, wanted);
        let (Some(first), Some(last)) = (nearest.get(extra).or(nearest.last()), nearest.last()) else { return };
        let within = (last.distance.sqrt() + 2.0 * reach).min(self.squared_radius.sqrt() + reach);
        let within = within.max(first.distance.sqrt() + 2.0 * reach);
        // The tree may round a distance otherwise than the sums here: a hair more catches ties.
        let within = within * (1.0 + 1e-9);
        found.extend(self.tree.within_unsorted::<SquaredEuclidean>(&centre, within * within).iter().map(|near| near.item));
        found.sort_unstable();
    }
}

/// What a cell was answered from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Source {
    /// It lies at a sample.
    Sample(u32),
    /// The system of its neighbours.
    System,
    /// No sample could be found: the place is no number.
    Nowhere,
}

/// Memory that one thread uses for cell after cell.
#[derive(Default)]
pub(super) struct Workspace {
    pub(super) candidates: Vec<u32>,
    x: Vec<f64>,
    y: Vec<f64>,
    /// Covariances of the candidates, the lower half by rows.
    covariances: Vec<f64>,
    squared: Vec<f64>,
    order: Vec<u32>,
    /// The neighbours in force, as positions among the candidates, ascending.
    chosen: Vec<u32>,
    is_chosen: Vec<bool>,
    marks: Vec<bool>,
    system: System,
    target: Vec<f64>,
    scratch: Vec<f64>,
}

impl Workspace {
    /// Takes up new candidates; [`tabulate`](Self::tabulate) makes them ready for use.
    pub(super) fn gather(&mut self, kriging: &Kriging, nearest: &Nearest, centre: [f64; 2], reach: f64, extra: usize) {
        nearest.candidates(centre, reach, extra, &mut self.candidates);
        self.chosen.clear();
        self.x.clear();
        self.y.clear();
        self.x.extend(self.candidates.iter().map(|index| kriging.places[*index as usize][0]));
        self.y.extend(self.candidates.iter().map(|index| kriging.places[*index as usize][1]));
    }

    /// Computes the covariances of the candidates with each other.
    pub(super) fn tabulate(&mut self, kriging: &Kriging) {
        let count = self.candidates.len();
        self.is_chosen.clear();
        self.is_chosen.resize(count, false);
        self.covariances.resize(count * count, 0.0);
        for (row, covariances) in self.covariances.chunks_exact_mut(count.max(1)).enumerate() {
            let (x, y) = (self.x[row], self.y[row]);
            let lower = &mut covariances[..=row];
            for ((value, u), v) in lower.iter_mut().zip(&self.x).zip(&self.y) {
                *value = (u - x) * (u - x) + (v - y) * (v - y);
            }
            kriging.likeness.covariances(lower);
        }
    }

    /// Chooses the neighbours of a place among the candidates and makes their system, unless it is the one in force.
    pub(super) fn aim(&mut self, kriging: &Kriging, nearest: &Nearest, place: [f64; 2], without: Option<u32>) -> Source {
        let [x, y] = place;
        self.squared.clear();
        self.squared.extend(self.x.iter().zip(&self.y).map(|(u, v)| (u - x) * (u - x) + (v - y) * (v - y)));
        if let Some(without) = without
            && let Ok(position) = self.candidates.binary_search(&without)
        {
            self.squared[position] = f64::INFINITY;
        }
        let (mut farthest_in, mut nearest_out, mut nearest_in) = (0.0_f64, f64::INFINITY, f64::INFINITY);
        for (squared, chosen) in self.squared.iter().zip(&self.is_chosen) {
            if *chosen {
                farthest_in = farthest_in.max(*squared);
                nearest_in = nearest_in.min(*squared);
            } else {
                nearest_out = nearest_out.min(*squared);
            }
        }
        if kriging.target.is_point && without.is_none() && nearest_in.min(nearest_out) <= SAME_PLACE {
            let same = self.squared.iter().position(|squared| *squared <= SAME_PLACE);
            return same.map_or(Source::Nowhere, |position| Source::Sample(self.candidates[position]));
        }
        let radius = nearest.squared_radius;
        let full = self.chosen.len() == nearest.count || self.chosen.len() == self.candidates.len();
        let stands = farthest_in <= radius && ((full && farthest_in < nearest_out) || nearest_out > radius);
        if !self.chosen.is_empty() && stands && without.is_none() {
            return Source::System;
        }
        self.choose(nearest);
        if self.order.is_empty() {
            return Source::Nowhere;
        }
        if self.order != self.chosen {
            for position in &self.chosen {
                self.is_chosen[*position as usize] = false;
            }
            std::mem::swap(&mut self.order, &mut self.chosen);
            for position in &self.chosen {
                self.is_chosen[*position as usize] = true;
            }
            self.prepare(kriging);
        }
        Source::System
    }

    /// The nearest `count` within the radius, else the nearest alone. Of samples at one distance the one with the lower
    /// index comes first, so that the shape of a tile decides nothing.
    fn choose(&mut self, nearest: &Nearest) {
        let squared = &self.squared;
        let by_distance = |a: &u32, b: &u32| squared[*a as usize].total_cmp(&squared[*b as usize]).then(a.cmp(b));
        #[expect(clippy::cast_possible_truncation, reason = "candidates have indices of 32 bits")]
        let all = || (0..squared.len() as u32).filter(|position| squared[*position as usize] < f64::INFINITY);
        self.order.clear();
        self.order.extend(all().filter(|position| squared[*position as usize] <= nearest.squared_radius));
        if self.order.is_empty() {
            self.order.extend(all().min_by(by_distance));
        }
        if self.order.len() > nearest.count {
            self.order.select_nth_unstable_by(nearest.count - 1, by_distance);
            self.order.truncate(nearest.count);
            // Few of few: marking them and reading off the marks is quicker than sorting.
            self.marks.clear();
            self.marks.resize(self.squared.len(), false);
            for position in &self.order {
                self.marks[*position as usize] = true;
            }
            self.order.clear();
            self.order.extend(self.marks.iter().zip(0_u32..).filter(|(mark, _)| **mark).map(|(_, position)| position));
        }
    }

    fn prepare(&mut self, kriging: &Kriging) {
        let count = self.candidates.len();
        let Self { candidates, x, y, covariances, chosen, system, .. } = self;
        let places = chosen.iter().map(|position| [x[*position as usize], y[*position as usize]]);
        let values = chosen.iter().map(|position| kriging.values[candidates[*position as usize] as usize]);
        let trend = Trend::around(kriging.drift, places.clone());
        system.prepare(places, values, trend, |matrix| {
            for (index, (column, right)) in matrix.chunks_exact_mut(chosen.len()).zip(chosen.iter()).enumerate() {
                for (value, left) in column[index..].iter_mut().zip(&chosen[index..]) {
                    *value = covariances[*left as usize * count + *right as usize];
                }
            }
        });
    }

    /// Fills y for the place and gives the drift there.
    fn solve(&mut self, kriging: &Kriging, target: &Target, place: [f64; 2]) -> [f64; MOST_TERMS] {
        let Self { x, y, chosen, system, target: solved, scratch, .. } = self;
        let places = chosen.iter().map(|position| [x[*position as usize], y[*position as usize]]);
        target.covariances(&kriging.likeness, place, places, scratch, solved);
        system.solve(solved);
        system.drift_at(place, &target.points)
    }

    pub(super) fn kriged(&mut self, kriging: &Kriging, target: &Target, place: [f64; 2], source: Source) -> Kriged {
        match source {
            Source::Sample(index) => Kriged { value: kriging.values[index as usize], variance: 0.0 },
            Source::Nowhere => kriging.nowhere(),
            Source::System => {
                let drift = self.solve(kriging, target, place);
                self.system.estimate(&self.target, &drift, target.own)
            }
        }
    }

    /// The weights of distinct places at a target, as pairs of index and weight.
    pub(super) fn weights(&mut self, kriging: &Kriging, place: [f64; 2], source: Source, found: &mut Vec<(u32, f64)>) {
        found.clear();
        match source {
            Source::Sample(index) => found.push((index, 1.0)),
            Source::Nowhere => {}
            Source::System => {
                let drift = self.solve(kriging, &kriging.target, place);
                let Self { system, target, chosen, candidates, .. } = self;
                system.weights(target, &drift);
                found.extend(chosen.iter().map(|position| candidates[*position as usize]).zip(target.iter().copied()));
            }
        }
    }
}

impl Kriging {
    /// Estimate at one place, with the samples around it.
    pub(super) fn nearest_at(&self, nearest: &Nearest, place: [f64; 2]) -> Kriged {
        let mut work = Workspace::default();
        work.gather(self, nearest, place, 0.0, 0);
        work.tabulate(self);
        let source = work.aim(self, nearest, place, None);
        work.kriged(self, &self.target, place, source)
    }

    /// Point estimate at the place of a sample from the samples around it, without itself.
    pub(super) fn nearest_without(&self, nearest: &Nearest, index: u32) -> Kriged {
        let place = self.places[index as usize];
        let mut work = Workspace::default();
        work.gather(self, nearest, place, 0.0, 1);
        work.tabulate(self);
        let source = work.aim(self, nearest, place, Some(index));
        work.kriged(self, &Target::point(&self.likeness), place, source)
    }
}
