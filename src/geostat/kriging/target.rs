//! What is asked for: the value at a point, or the mean of a block; and the covariances that go with it.

use super::Support;
use crate::geostat::variogram::{Metric, Variogram, VariogramShape};

/// Gauss's quadrature with four points along each edge of a block, as gstat does: place from −1 to 1 and share (Abramowitz &
/// Stegun 1964, table 25.4). It is closer than as many points spread evenly.
const GAUSS: [(f64, f64); 4] = [
    (-0.861_136_311_594_052_6, 0.173_927_422_568_726_93),
    (-0.339_981_043_584_856_26, 0.326_072_577_431_273_07),
    (0.339_981_043_584_856_26, 0.326_072_577_431_273_07),
    (0.861_136_311_594_052_6, 0.173_927_422_568_726_93),
];

/// One of the points that stand for a target.
#[derive(Debug, Clone, Copy)]
pub(super) struct TargetPoint {
    /// Where it lies around the middle of the target.
    pub(super) offset: [f64; 2],
    /// Its share of the target; all together make 1.
    pub(super) share: f64,
}

/// A variogram in coordinates where its range is 1 in every direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Likeness {
    shape: VariogramShape,
    partial_sill: f64,
    sill: f64,
}

/// Smooth shapes make matrices that double precision cannot factor: they get at least this share of the partial sill as
/// nugget. A value moves by about as little.
fn least_nugget(shape: VariogramShape) -> f64 {
    match shape {
        VariogramShape::Gaussian => 1e-8,
        VariogramShape::Matern { smoothness } if smoothness > 2.0 => 1e-11,
        _ => 0.0,
    }
}

impl Likeness {
    pub(super) fn of(variogram: &Variogram) -> Self {
        let nugget = variogram.nugget.max(least_nugget(variogram.shape) * variogram.partial_sill);
        Self { shape: variogram.shape, partial_sill: variogram.partial_sill, sill: nugget + variogram.partial_sill }
    }

    pub(super) fn sill(&self) -> f64 {
        self.sill
    }

    /// Squared distances to covariances of points: the whole sill at one place.
    pub(super) fn covariances(&self, squared: &mut [f64]) {
        self.shape.replace(squared, self.sill, self.partial_sill);
    }

    /// Squared distances to covariances without the nugget.
    pub(super) fn structure(&self, squared: &mut [f64]) {
        self.shape.replace(squared, self.partial_sill, self.partial_sill);
    }

    /// The covariance matrix of some places, its lower half by columns.
    pub(super) fn matrix(&self, places: &[[f64; 2]], matrix: &mut [f64]) {
        use rayon::prelude::*;
        let n = places.len();
        let column = |(index, column): (usize, &mut [f64])| {
            let [x, y] = places[index];
            let lower = &mut column[index..];
            for (value, [u, v]) in lower.iter_mut().zip(&places[index..]) {
                *value = (u - x) * (u - x) + (v - y) * (v - y);
            }
            self.covariances(lower);
        };
        matrix.par_chunks_exact_mut(n.max(1)).with_min_len(64).enumerate().for_each(column);
    }
}

/// A point, or a block around one, as the points that stand for it.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) points: Vec<TargetPoint>,
    /// Its covariance with itself.
    pub(super) own: f64,
    pub(super) is_point: bool,
}

impl Target {
    pub(super) fn point(likeness: &Likeness) -> Self {
        Self { points: vec![TargetPoint { offset: [0.0, 0.0], share: 1.0 }], own: likeness.sill(), is_point: true }
    }

    pub(super) fn of(support: Support, likeness: &Likeness, metric: &Metric) -> Self {
        let Support::Block { width } = support else {
            return Self::point(likeness);
        };
        let along = |(place, _): (f64, f64)| 0.5 * width * place;
        let point = |east: (f64, f64), north: (f64, f64)| TargetPoint {
            offset: metric.place(along(east), along(north)),
            share: east.1 * north.1,
        };
        let points: Vec<TargetPoint> = GAUSS.iter().flat_map(|east| GAUSS.map(|north| point(*east, north))).collect();
        let own = points.iter().map(|one| one.share * mean_covariance(one.offset, &points, likeness)).sum();
        Self { points, own, is_point: false }
    }

    /// The covariances of samples and target: each number of `x` and `y` a sample's place, the middle of the target at
    /// `place`. A block has no nugget: the mean of infinitely many points leaves none.
    pub(super) fn covariances(
        &self,
        likeness: &Likeness,
        place: [f64; 2],
        samples: impl Iterator<Item = [f64; 2]> + Clone,
        scratch: &mut Vec<f64>,
        covariances: &mut Vec<f64>,
    ) {
        let squared = |[x, y]: [f64; 2]| move |[u, v]: [f64; 2]| (u - x) * (u - x) + (v - y) * (v - y);
        covariances.clear();
        if self.is_point {
            covariances.extend(samples.map(squared(place)));
            likeness.covariances(covariances);
            return;
        }
        covariances.extend(samples.clone().map(|_| 0.0));
        for TargetPoint { offset: [dx, dy], share } in &self.points {
            scratch.clear();
            scratch.extend(samples.clone().map(squared([place[0] + dx, place[1] + dy])));
            likeness.structure(scratch);
            covariances.iter_mut().zip(scratch.iter()).for_each(|(sum, covariance)| *sum += covariance * share);
        }
    }
}

/// The mean covariance of a place and the points of a block.
fn mean_covariance(place: [f64; 2], points: &[TargetPoint], likeness: &Likeness) -> f64 {
    let squared = |point: &TargetPoint| (point.offset[0] - place[0]).powi(2) + (point.offset[1] - place[1]).powi(2);
    let mut covariances: Vec<f64> = points.iter().map(squared).collect();
    likeness.structure(&mut covariances);
    covariances.iter().zip(points).map(|(covariance, point)| covariance * point.share).sum()
}
