//! Kriging: the best linear unbiased estimate from samples and a variogram, with its error.
//!
//! It takes the variogram as given and believes it; whether it suits the samples is for
//! [`leave_one_out`](super::leave_one_out) to say.

mod area;
mod global;
mod nearest;
mod places;
mod system;
mod target;
#[cfg(test)]
mod tests;
mod tiles;
mod trend;

use super::progress::{Cancelled, Progress, Steps};
use super::variogram::{Metric, Variogram, VariogramError};
use super::{Grid, Interpolator, Sample};
use global::{Global, numbered};
use kiddo::immutable::float::kdtree::ImmutableKdTree;
use nearest::Nearest;
use places::{DistinctPlaces, density, distinct};
use std::sync::OnceLock;
use system::System;
use target::{Likeness, Target};
use thiserror::Error;

/// Most samples of a global neighbourhood: their matrix takes 128 MB and a few seconds.
pub const GLOBAL_SAMPLES: usize = 4_000;

/// Most neighbours of a moving neighbourhood.
pub const MOST_NEIGHBOURS: usize = 500;

/// What is known of the mean besides the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drift {
    /// One unknown mean: ordinary kriging.
    Constant,
    /// A plane with unknown slopes: universal kriging.
    Linear,
    /// A polynomial of degree 2.
    Quadratic,
}

/// Which samples an estimate rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Neighbourhood {
    /// All, at most [`GLOBAL_SAMPLES`].
    Global,
    /// The nearest, as the variogram measures distance: with an anisotropy along its ellipses.
    Nearest {
        /// How many, from 1 to [`MOST_NEIGHBOURS`].
        count: usize,
        /// Only those within this distance (along the long axis); where there are none, the nearest one alone.
        radius: Option<f64>,
    },
}

/// What is estimated at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Support {
    /// The value there.
    Point,
    /// The mean of a square around it, by 4 × 4 points of Gauss's quadrature.
    Block {
        /// Edge of the square, in the unit of the coordinates.
        width: f64,
    },
}

/// How to krige.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the types say it")]
pub struct KrigingOptions {
    pub variogram: Variogram,
    pub drift: Drift,
    pub neighbourhood: Neighbourhood,
    pub support: Support,
}

/// An estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kriged {
    /// In the unit of the samples.
    pub value: f64,
    /// Kriging variance, in its square; never below 0.
    pub variance: f64,
}

/// The weights of samples that make the values of cells: `value(cell) = Σ weight · sample`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CellWeights {
    /// Where each cell's weights start in the other two, and the end of the last: one number more than cells.
    pub start: Vec<usize>,
    /// Indices of samples.
    pub samples: Vec<u32>,
    /// Their weights; those of a cell sum to one within the precision of 32 bits.
    pub weights: Vec<f32>,
}

impl CellWeights {
    /// The cells' values for values of the samples, in the order of the cells.
    ///
    /// # Panics
    /// With fewer values than samples.
    #[must_use]
    pub fn values(&self, samples: &[f64]) -> Vec<f64> {
        use rayon::prelude::*;
        let value = |bounds: &[usize]| {
            let cell = bounds[0]..bounds[1];
            let weighted = self.samples[cell.clone()].iter().zip(&self.weights[cell]);
            weighted.map(|(index, weight)| f64::from(*weight) * samples[*index as usize]).sum()
        };
        self.start.par_windows(2).map(value).collect()
    }
}

/// Why there is no kriging.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum KrigingError {
    #[error("kriging needs at least one sample")]
    NoSamples,
    #[error("the places and values of samples must be finite numbers")]
    NotFinite,
    #[error(transparent)]
    Variogram(#[from] VariogramError),
    #[error("a moving neighbourhood takes from 1 to {limit} neighbours")]
    Neighbours { limit: usize },
    #[error("the radius of a neighbourhood must be a positive number")]
    Radius,
    #[error("the width of a block must be a positive number")]
    Block,
    #[error("a global neighbourhood takes at most {limit} samples, not {samples}; take the nearest ones instead")]
    TooManySamples { samples: usize, limit: usize },
}

enum Reach {
    Global(Box<Global>),
    Nearest(Box<Nearest>),
}

/// Ordinary and universal kriging (Matheron 1963, doi 10.2113/gsecongeo.58.8.1246; Cressie 1993, doi
/// 10.1002/9781119115151, sections 3.2 and 3.4) of points or blocks, with all samples or the nearest ones.
///
/// Point kriging is exact: at a sample's place its own value holds, with variance 0. The nugget is part of the
/// covariance at distance 0 and nowhere else, so with a nugget the surface jumps at the samples, as in GSLIB and
/// gstat. A block has no nugget in its covariances. Several samples at one place count as one with their mean.
///
/// Nothing here fails after [`Kriging::new`]: a drift that the neighbours cannot carry (too few, or all in one line)
/// gives way to the next simpler one, and a matrix that rounding made singular gets a small ridge, from 10⁻¹⁰ of
/// the sill on. A Gaussian variogram always has a nugget of at least 10⁻⁸ of its partial sill, for the same reason.
///
/// Half way between two samples ordinary kriging gives their mean, with variance C(0) − 2 C(h/2) + (C(0) + C(h)) / 2:
///
/// ```
/// use peatplan::geostat::*;
/// let samples = [Sample { x: 0.0, y: 0.0, value: 1.0 }, Sample { x: 10.0, y: 0.0, value: 3.0 }];
/// let variogram = Variogram::new(VariogramShape::Spherical, 0.0, 1.0, 20.0, None).unwrap();
/// let (neighbourhood, support) = (Neighbourhood::Global, Support::Point);
/// let kriging = Kriging::new(&samples, KrigingOptions { variogram, drift: Drift::Constant, neighbourhood, support }).unwrap();
/// let middle = kriging.at(5.0, 0.0);
/// let (half, whole) = (variogram.covariance(5.0, 0.0), variogram.covariance(10.0, 0.0));
/// assert!((middle.value - 2.0).abs() < 1e-12);
/// assert!((middle.variance - (1.0 - 2.0 * half + (1.0 + whole) / 2.0)).abs() < 1e-12);
/// assert_eq!(kriging.at(10.0, 0.0), Kriged { value: 3.0, variance: 0.0 });
/// ```
pub struct Kriging {
    drift: Drift,
    likeness: Likeness,
    metric: Metric,
    origin: [f64; 2],
    target: Target,
    /// Distinct places, in the metric of the variogram and around the origin.
    places: Vec<[f64; 2]>,
    /// The mean at each.
    values: Vec<f64>,
    /// Place of each sample.
    place_of_sample: Vec<u32>,
    sample_values: Vec<f64>,
    /// Samples of each place: `members[first_member[p]..first_member[p + 1]]`.
    first_member: Vec<u32>,
    members: Vec<u32>,
    /// Places in a square of one range's edge, on average.
    density: f64,
    mean: f64,
    reach: Reach,
    /// The system of all samples, for means over areas in a moving neighbourhood.
    all_samples: OnceLock<System>,
}

impl Kriging {
    /// Takes samples and factors what can be factored once.
    ///
    /// Time: n³/6 with all n samples, n log n with the nearest.
    ///
    /// # Errors
    /// No samples, numbers that are none, an impossible variogram, neighbourhood or block, or too many samples for a global
    /// neighbourhood.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub fn new(samples: &[Sample], options: KrigingOptions) -> Result<Self, KrigingError> {
        let variogram = options.variogram.checked()?;
        if samples.is_empty() {
            return Err(KrigingError::NoSamples);
        }
        if !samples.iter().all(|sample| sample.x.is_finite() && sample.y.is_finite() && sample.value.is_finite()) {
            return Err(KrigingError::NotFinite);
        }
        if let Support::Block { width } = options.support
            && !(width.is_finite() && width > 0.0)
        {
            return Err(KrigingError::Block);
        }
        let count = samples.len() as f64;
        let origin = [samples.iter().map(|s| s.x / count).sum::<f64>(), samples.iter().map(|s| s.y / count).sum::<f64>()];
        let metric = variogram.metric();
        let likeness = Likeness::of(&variogram);
        let DistinctPlaces { distinct: places, values, place_of_sample, first_member, members } =
            distinct(samples, origin, &metric);
        let density = density(&places);
        let mean = samples.iter().map(|sample| sample.value / count).sum();
        let unset =
            Reach::Nearest(Box::new(Nearest { tree: ImmutableKdTree::new_from_slice(&[]), count: 0, squared_radius: 0.0 }));
        let mut kriging = Self {
            drift: options.drift,
            likeness,
            metric,
            origin,
            target: Target::of(options.support, &likeness, &metric),
            sample_values: samples.iter().map(|sample| sample.value).collect(),
            places,
            values,
            place_of_sample,
            first_member,
            members,
            density,
            mean,
            reach: unset,
            all_samples: OnceLock::new(),
        };
        kriging.reach = kriging.reach_of(options.neighbourhood, variogram.range)?;
        Ok(kriging)
    }

    fn reach_of(&self, neighbourhood: Neighbourhood, range: f64) -> Result<Reach, KrigingError> {
        let samples = self.places.len();
        match neighbourhood {
            Neighbourhood::Global if samples > GLOBAL_SAMPLES => {
                Err(KrigingError::TooManySamples { samples, limit: GLOBAL_SAMPLES })
            }
            Neighbourhood::Nearest { count, .. } if count == 0 || count > MOST_NEIGHBOURS => {
                Err(KrigingError::Neighbours { limit: MOST_NEIGHBOURS })
            }
            Neighbourhood::Nearest { radius: Some(radius), .. } if radius.is_nan() || radius <= 0.0 => Err(KrigingError::Radius),
            Neighbourhood::Nearest { count, radius } if count < samples || radius.is_some() => {
                let tree = ImmutableKdTree::new_from_slice(&self.places);
                let squared_radius = radius.map_or(f64::INFINITY, |radius| (radius / range).powi(2));
                Ok(Reach::Nearest(Box::new(Nearest { tree, count: count.min(samples), squared_radius })))
            }
            // As many neighbours as samples are all samples.
            _ => Ok(Reach::Global(Box::new(Global::of(self)))),
        }
    }

    /// Value and variance at a place. Where the place is no number: the mean of the samples.
    #[must_use]
    pub fn at(&self, x: f64, y: f64) -> Kriged {
        let place = self.place_of((x, y));
        match &self.reach {
            Reach::Global(global) => self.global_at(global, place),
            Reach::Nearest(nearest) => self.nearest_at(nearest, place),
        }
    }

    /// Value and variance at the middle of each cell, in the order given, on all processors.
    ///
    /// A cell's answer is that of [`at`](Self::at) (to rounding, with all samples) on any number of threads. With k
    /// nearest samples the time is about k³/6 for each new set of neighbours and k²/2 for each cell; with all n samples
    /// n²/2 for each cell.
    ///
    /// # Errors
    /// When `progress` wants no more.
    pub fn over_cells(&self, grid: &Grid, cells: &[usize], progress: &dyn Progress) -> Result<Vec<Kriged>, Cancelled> {
        let steps = Steps::new(progress, cells.len());
        match &self.reach {
            Reach::Global(global) => self.global_over(global, grid, cells, &steps),
            Reach::Nearest(nearest) => self.nearest_over(nearest, grid, cells, &steps),
        }
    }

    /// The values alone. With all n samples this takes n steps for each cell instead of n²/2; with the nearest ones it is
    /// no cheaper.
    ///
    /// # Errors
    /// When `progress` wants no more.
    pub fn values_over_cells(&self, grid: &Grid, cells: &[usize], progress: &dyn Progress) -> Result<Vec<f64>, Cancelled> {
        let steps = Steps::new(progress, cells.len());
        match &self.reach {
            Reach::Global(global) => self.global_values(global, grid, cells, &steps),
            Reach::Nearest(nearest) => {
                self.nearest_over(nearest, grid, cells, &steps).map(|kriged| kriged.iter().map(|cell| cell.value).collect())
            }
        }
    }

    /// The weights that the samples have in each cell, in the order of the cells: who kriges many values at the same
    /// places, such as a conditional simulation, solves the systems once.
    ///
    /// With all n samples every cell has n weights: memory of 8 bytes each.
    ///
    /// # Errors
    /// When `progress` wants no more.
    pub fn weights_over_cells(&self, grid: &Grid, cells: &[usize], progress: &dyn Progress) -> Result<CellWeights, Cancelled> {
        let steps = Steps::new(progress, cells.len());
        match &self.reach {
            Reach::Global(global) => self.global_weights(global, grid, cells, &steps),
            Reach::Nearest(nearest) => self.nearest_weights(nearest, grid, cells, &steps),
        }
    }

    /// The mean over an area, given by places spread evenly over it, and the variance of that mean: block kriging of the
    /// area as one block. The errors of cells are alike, so their variances cannot simply be averaged.
    ///
    /// It rests on all samples also in a moving neighbourhood. More than 2,000 of those are first thinned: what is more
    /// than a range away from the area is left out, and then samples in one small square count as one; the
    /// variance is then a little too great. More than 3,000 places are gathered in small squares. The drift is that
    /// of the kriging, fitted to all these samples. Without places: the mean of the samples.
    #[must_use]
    pub fn mean_over(&self, places: &[[f64; 2]]) -> Kriged {
        self.area(places)
    }

    /// Value and variance at the place of the sample with this index, as if that sample had not been taken; always of
    /// the point. `None` where no other sample is left.
    ///
    /// Where several samples share the place, the mean of the others there holds, with variance 0.
    #[must_use]
    pub fn without(&self, index: usize) -> Option<Kriged> {
        let place = *self.place_of_sample.get(index)? as usize;
        let members = &self.members[self.first_member[place] as usize..self.first_member[place + 1] as usize];
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        if members.len() > 1 {
            let others = members.iter().filter(|member| **member as usize != index);
            let sum: f64 = others.map(|member| self.sample_values[*member as usize]).sum();
            return Some(Kriged { value: sum / (members.len() - 1) as f64, variance: 0.0 });
        }
        if self.places.len() < 2 {
            return None;
        }
        Some(match &self.reach {
            Reach::Global(global) => self.global_without(global, place),
            Reach::Nearest(nearest) => self.nearest_without(nearest, numbered(place)),
        })
    }

    /// A place in the variogram's metric, around the origin.
    fn place_of(&self, (x, y): (f64, f64)) -> [f64; 2] {
        self.metric.place(x - self.origin[0], y - self.origin[1])
    }

    /// The answer where there is no place: what is known without one.
    fn nowhere(&self) -> Kriged {
        Kriged { value: self.mean, variance: self.target.own }
    }

    /// Shares the weight of a place among its samples.
    #[expect(clippy::cast_possible_truncation, reason = "weights need seven digits")]
    fn share(&self, place: u32, weight: f64, samples: &mut Vec<u32>, weights: &mut Vec<f32>) {
        let place = place as usize;
        let members = &self.members[self.first_member[place] as usize..self.first_member[place + 1] as usize];
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let each = (weight / members.len() as f64) as f32;
        samples.extend_from_slice(members);
        weights.extend(members.iter().map(|_| each));
    }
}

impl Interpolator for Kriging {
    fn value_at(&self, x: f64, y: f64) -> f64 {
        match &self.reach {
            Reach::Global(global) => self.global_value(global, self.place_of((x, y)), &mut Vec::new(), &mut Vec::new()),
            Reach::Nearest(_) => self.at(x, y).value,
        }
    }

    fn value_without(&self, index: usize) -> Option<f64> {
        self.without(index).map(|kriged| kriged.value)
    }
}
