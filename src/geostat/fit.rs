//! A variogram model laid through the lags that samples show.
//!
//! It knows lags, not samples: how well the model estimates is for cross-validation to say.

use super::experimental::ExperimentalVariogram;
use super::variogram::{Variogram, VariogramShape};

/// Ranges that are tried, evenly on a logarithmic scale, before the best one is refined.
const RANGES: u16 = 60;

/// Steps of the golden section; each leaves 0.618 of the interval.
const GOLDEN_STEPS: u16 = 60;

/// A model with how well it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FittedVariogram {
    /// The model.
    pub variogram: Variogram,
    /// Σ N/h² (γ(h) − model(h))² over the lags, which the fit makes least.
    pub weighted_squares: f64,
    /// Share of the weighted squares around the weighted mean of the lags that the model explains: 1 is perfect, 0 no
    /// better than a pure nugget.
    pub explained: f64,
}

/// The model of one of the candidate shapes that fits best by weighted least squares, with the weights N/h² of gstat's
/// default (fit method 7; Pebesma 2004, doi 10.1016/j.cageo.2004.03.012; after Cressie 1985, doi 10.1007/BF01032109).
///
/// For a given range the model is linear in nugget and partial sill, so these follow in closed form, neither below 0, and
/// only the range is searched, over a logarithmic grid and then by golden section: no starting values, no local minimum
/// between grid points, the same answer always. The range lies between half the first lag and twice the longest distance;
/// where the lags rise without bending it ends at its upper bound. Of equal fits the earlier candidate wins.
///
/// One lag gives a pure nugget. `None` without candidates or lags, for lags that are no numbers, and for constant values:
/// these have no variogram.
///
/// ```
/// use peatplan::geostat::*;
/// let model = Variogram::new(VariogramShape::Spherical, 0.2, 1.0, 50.0, None).unwrap();
/// let lag = |step: u32| f64::from(step) * 8.0;
/// let lags = (1..=12).map(|step| Lag { distance: lag(step), semivariance: model.semivariance(lag(step), 0.0), pairs: 100 });
/// let seen = ExperimentalVariogram { lags: lags.collect(), variance: 1.2, width: 8.0, cutoff: 96.0, samples_used: 100 };
/// let fitted = fitted_variogram(&seen, &[VariogramShape::Exponential, VariogramShape::Spherical]).unwrap().variogram;
/// assert_eq!(fitted.shape, VariogramShape::Spherical);
/// assert!((fitted.range - 50.0).abs() < 1e-4 && (fitted.nugget - 0.2).abs() < 1e-6);
/// ```
#[must_use]
pub fn fitted_variogram(experimental: &ExperimentalVariogram, candidates: &[VariogramShape]) -> Option<FittedVariogram> {
    let points = points(experimental)?;
    let scale = points.iter().map(|point| point.semivariance).fold(0.0, f64::max);
    if scale <= 0.0 {
        return None;
    }
    let mut best: Option<(VariogramShape, Linear, f64)> = None;
    for shape in candidates {
        let (range, linear) = best_range(*shape, &points, experimental.cutoff);
        // Rounding must not decide between equal fits.
        if best.is_none_or(|(_, known, _)| linear.squares < known.squares * (1.0 - 1e-9)) {
            best = Some((*shape, linear, range));
        }
    }
    let (shape, linear, range) = best?;
    let variogram = Variogram::new(shape, linear.nugget, linear.partial_sill, range, None).ok()?;
    let flat = nugget_only(&points).squares;
    let explained = if flat > 0.0 { 1.0 - linear.squares / flat } else { 0.0 };
    Some(FittedVariogram { variogram, weighted_squares: linear.squares, explained })
}

/// A lag as the fit sees it.
#[derive(Debug, Clone, Copy)]
struct Point {
    distance: f64,
    semivariance: f64,
    weight: f64,
}

/// Lags with a weight. A lag of distance 0 alone would weigh infinitely much: it counts as one of a hundredth of the width.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn points(experimental: &ExperimentalVariogram) -> Option<Vec<Point>> {
    let least = 0.01 * experimental.width;
    let points: Vec<Point> = experimental
        .lags
        .iter()
        .filter(|lag| lag.pairs > 0)
        .map(|lag| Point {
            distance: lag.distance,
            semivariance: lag.semivariance,
            weight: lag.pairs as f64 / lag.distance.max(least).powi(2),
        })
        .collect();
    let sound = |point: &Point| {
        point.distance >= 0.0
            && point.semivariance >= 0.0
            && point.weight > 0.0
            && (point.distance + point.semivariance + point.weight).is_finite()
    };
    (!points.is_empty() && points.iter().all(sound)).then_some(points)
}

/// Nugget and partial sill for one range.
#[derive(Debug, Clone, Copy)]
struct Linear {
    nugget: f64,
    partial_sill: f64,
    squares: f64,
}

fn best_range(shape: VariogramShape, points: &[Point], cutoff: f64) -> (f64, Linear) {
    let farthest = points.iter().map(|point| point.distance).fold(0.0, f64::max);
    let first = points.iter().map(|point| point.distance).find(|distance| *distance > 0.0).unwrap_or(cutoff);
    let (low, high) = (0.5 * first, 2.0 * farthest.max(cutoff));
    let at = |logarithm: f64| (logarithm.exp(), linear(shape, points, logarithm.exp()));
    let better = |one: (f64, Linear), other: (f64, Linear)| if other.1.squares < one.1.squares { other } else { one };

    let step = (high.ln() - low.ln()) / f64::from(RANGES);
    let best = (0..=RANGES).map(|index| at(low.ln() + step * f64::from(index))).reduce(better);
    let Some(mut best) = best else { return (high, nugget_only(points)) };
    // Between the neighbours of the best range of the grid.
    let (mut left, mut right) = ((best.0.ln() - step).max(low.ln()), (best.0.ln() + step).min(high.ln()));
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    for _ in 0..GOLDEN_STEPS {
        let (inner, outer) = (right - golden * (right - left), left + golden * (right - left));
        let (one, other) = (at(inner), at(outer));
        if one.1.squares <= other.1.squares {
            right = outer;
        } else {
            left = inner;
        }
        best = better(better(best, one), other);
    }
    best
}

/// The best nugget and partial sill, neither below 0, for a shape and a range: the least of three closed forms, both free,
/// no nugget, nugget alone.
fn linear(shape: VariogramShape, points: &[Point], range: f64) -> Linear {
    let (mut w, mut wg, mut wgg, mut wz, mut wgz) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let rise = |point: &Point| 1.0 - shape.correlation(point.distance / range);
    for point in points {
        let g = rise(point);
        w += point.weight;
        wg += point.weight * g;
        wgg += point.weight * g * g;
        wz += point.weight * point.semivariance;
        wgz += point.weight * g * point.semivariance;
    }
    let squares = |nugget: f64, partial_sill: f64| {
        let square = |point: &Point| point.weight * (point.semivariance - nugget - partial_sill * rise(point)).powi(2);
        Linear { nugget, partial_sill, squares: points.iter().map(square).sum() }
    };
    let determinant = w * wgg - wg * wg;
    let mut best = nugget_only(points);
    if determinant > 1e-12 * w * wgg {
        let (nugget, partial_sill) = ((wgg * wz - wg * wgz) / determinant, (w * wgz - wg * wz) / determinant);
        if nugget >= 0.0 && partial_sill >= 0.0 {
            best = lesser(best, squares(nugget, partial_sill));
        }
    }
    if wgg > 0.0 { lesser(best, squares(0.0, wgz / wgg)) } else { best }
}

/// The pure nugget: the weighted mean of the lags.
fn nugget_only(points: &[Point]) -> Linear {
    let weight: f64 = points.iter().map(|point| point.weight).sum();
    let nugget = points.iter().map(|point| point.weight * point.semivariance).sum::<f64>() / weight;
    let squares = points.iter().map(|point| point.weight * (point.semivariance - nugget).powi(2)).sum();
    Linear { nugget, partial_sill: 0.0, squares }
}

fn lesser(one: Linear, other: Linear) -> Linear {
    if other.squares < one.squares { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::super::{Lag, Sample, VariogramOptions, experimental_variogram};
    use super::*;
    use proptest::prelude::*;

    const SHAPES: [VariogramShape; 4] = [
        VariogramShape::Spherical,
        VariogramShape::Exponential,
        VariogramShape::Gaussian,
        VariogramShape::Matern { smoothness: 1.5 },
    ];

    fn seen(lags: &[(f64, f64, usize)]) -> ExperimentalVariogram {
        let lag = |(distance, semivariance, pairs): &(f64, f64, usize)| Lag {
            distance: *distance,
            semivariance: *semivariance,
            pairs: *pairs,
        };
        let cutoff = lags.iter().map(|lag| lag.0).fold(1.0, f64::max);
        ExperimentalVariogram {
            lags: lags.iter().map(lag).collect(),
            variance: 1.0,
            width: cutoff / 15.0,
            cutoff,
            samples_used: 50,
        }
    }

    #[test]
    fn a_model_is_found_again_in_its_own_lags() {
        for shape in SHAPES {
            let model = Variogram::new(shape, 0.3, 0.7, 55.0, None).unwrap();
            let lags: Vec<(f64, f64, usize)> =
                (1..=15).map(|i| f64::from(i) * 7.0).map(|h| (h, model.semivariance(h, 0.0), 80)).collect();
            let fitted = fitted_variogram(&seen(&lags), &SHAPES).unwrap();
            assert_eq!(fitted.variogram.shape, shape);
            let found = [fitted.variogram.nugget, fitted.variogram.partial_sill, fitted.variogram.range];
            for (found, known) in found.into_iter().zip([0.3, 0.7, 55.0]) {
                assert!((found / known - 1.0).abs() < 1e-5, "{shape:?}: {found} {known}");
            }
            assert!(fitted.explained > 0.999_999);
        }
    }

    #[test]
    fn lags_of_one_height_are_a_pure_nugget() {
        let fitted = fitted_variogram(&seen(&[(1.0, 2.0, 9), (2.0, 2.0, 9), (3.0, 2.0, 9)]), &SHAPES).unwrap();
        assert!((fitted.variogram.sill() - 2.0).abs() < 1e-9);
        // Whatever shape it is given, γ is 2 at each lag.
        assert!((fitted.variogram.semivariance(1.0, 0.0) - 2.0).abs() < 1e-9, "{fitted:?}");
    }

    #[test]
    fn falling_lags_are_no_steeper_than_flat() {
        let fitted = fitted_variogram(&seen(&[(1.0, 3.0, 9), (2.0, 2.0, 9), (3.0, 1.0, 9)]), &SHAPES).unwrap().variogram;
        assert!(
            fitted.nugget >= 0.0 && fitted.partial_sill >= 0.0 && fitted.semivariance(3.0, 0.0) >= fitted.semivariance(1.0, 0.0)
        );
    }

    #[test]
    fn constant_values_and_lags_that_are_no_numbers_have_no_variogram() {
        assert_eq!(fitted_variogram(&seen(&[(1.0, 0.0, 9), (2.0, 0.0, 9)]), &SHAPES), None);
        assert_eq!(fitted_variogram(&seen(&[(1.0, f64::NAN, 9)]), &SHAPES), None);
        assert_eq!(fitted_variogram(&seen(&[]), &SHAPES), None);
        assert_eq!(fitted_variogram(&seen(&[(1.0, 1.0, 9)]), &[]), None);
        let constant = (0..20).map(|i| Sample { x: f64::from(i), y: f64::from(i % 3), value: 4.2 }).collect::<Vec<_>>();
        let lags = experimental_variogram(&constant, VariogramOptions::default()).unwrap();
        assert_eq!(fitted_variogram(&lags, &SHAPES), None);
    }

    proptest! {
        #[test]
        fn any_lags_give_a_model_of_numbers(lags in prop::collection::vec((0.0..1e4_f64, 0.0..1e3_f64, 1_usize..1_000), 1..20)) {
            if let Some(fitted) = fitted_variogram(&seen(&lags), &SHAPES) {
                let Variogram { nugget, partial_sill, range, .. } = fitted.variogram;
                prop_assert!(fitted.variogram.checked().is_ok() && (nugget + partial_sill + range).is_finite());
                prop_assert!(fitted.weighted_squares.is_finite() && fitted.explained.is_finite());
            } else {
                prop_assert!(lags.iter().all(|lag| lag.1 == 0.0));
            }
        }
    }
}
