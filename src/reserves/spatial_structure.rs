//! How depth varies with distance: the experimental variogram of the probes, the model that kriging uses, and both as
//! figures to draw.

use super::choices::VariogramChoice;
use super::request::ReserveRequest;
use crate::geostat::{
    Anisotropy, ExperimentalVariogram, Lag, Sample, Variogram, VariogramOptions, VariogramShape, experimental_variogram,
    fitted_variogram,
};
use crate::model::InputError;
use serde::Serialize;

/// Fewer probes than this say nothing of how depth varies.
const LEAST_PROBES: usize = 10;
/// A lag of fewer pairs says little (Journel & Huijbregts 1978, chapter III: 30 to 50).
const LEAST_PAIRS: usize = 30;
/// Fewer lags than this fit any model.
const LEAST_LAGS: usize = 5;
/// Points of the drawn curve.
const CURVE_POINTS: usize = 60;

/// The variogram of an estimate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VariogramReport {
    /// Whether the model was fitted to the probes; if not, it was given whole.
    pub fitted: bool,
    /// Form of the model.
    pub shape: &'static str,
    /// Smoothness of a Matérn model.
    pub smoothness: Option<f64>,
    /// Nugget.
    pub nugget_m2: f64,
    /// Partial sill.
    pub partial_sill_m2: f64,
    /// Range, 95 % of the sill for models that only approach it.
    pub range_m: f64,
    /// Direction of the longest range, clockwise from north.
    pub azimuth_deg: Option<f64>,
    /// Shortest range over the longest.
    pub anisotropy_ratio: Option<f64>,
    /// Variance of the depths.
    pub sample_variance_m2: f64,
    /// Means over pairs of probes, by distance.
    pub experimental: Vec<LagReport>,
    /// The model, along its longest range.
    pub curve: Vec<CurvePoint>,
}

/// Pairs of probes of about one distance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct LagReport {
    pub lag_m: f64,
    pub semivariance_m2: f64,
    pub pairs: usize,
}

/// A point of the model's curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CurvePoint {
    pub lag_m: f64,
    pub semivariance_m2: f64,
}

/// The model, and what it was made from.
#[derive(Debug, Clone)]
pub(super) struct SpatialStructure {
    pub variogram: Variogram,
    experimental: Option<ExperimentalVariogram>,
    fitted: bool,
}

impl SpatialStructure {
    /// The structure of some depths: the model asked for, with the numbers asked for, and what is left open fitted to the
    /// experimental variogram (weights N/h², as gstat's default).
    ///
    /// With fewer than ten probes, or depths that are all the same, nothing can be fitted: a spherical model without a
    /// nugget stands in, its sill the variance of the depths and its range a third of their extent.
    ///
    /// # Errors
    /// Numbers that make no model.
    pub(super) fn of(samples: &[Sample], request: &ReserveRequest) -> Result<Self, InputError> {
        let experimental = experimental_variogram(samples, VariogramOptions::default());
        let numbers = &request.numbers;
        let asked = shape(request.choices.variogram, numbers.get("smoothness"));
        let anisotropy = anisotropy(request);
        let (nugget, sill, range) = (numbers.given("nugget_m2"), numbers.given("partial_sill_m2"), numbers.given("range_m"));
        let given_whole = asked.is_some() && nugget.is_some() && sill.is_some() && range.is_some();
        let candidates: &[VariogramShape] = match &asked {
            Some(shape) => std::slice::from_ref(shape),
            None => &[VariogramShape::Spherical, VariogramShape::Exponential, VariogramShape::Matern { smoothness: 1.5 }],
        };
        let fit = experimental
            .as_ref()
            .filter(|_| !given_whole && samples.len() >= LEAST_PROBES)
            .and_then(|experimental| fitted_variogram(&believed(experimental), candidates));
        let fitted = fit.is_some();
        let stand_in = stand_in(samples);
        let base = fit.map_or((asked.unwrap_or(VariogramShape::Spherical), stand_in), |fit| {
            (fit.variogram.shape, (fit.variogram.nugget, fit.variogram.partial_sill, fit.variogram.range))
        });
        let (shape, (base_nugget, base_sill, base_range)) = base;
        let variogram = Variogram::new(
            shape,
            nugget.unwrap_or(base_nugget),
            sill.unwrap_or(base_sill),
            range.unwrap_or(base_range),
            anisotropy,
        );
        let variogram =
            variogram.map_err(|error| InputError { parameter: "variogram".into(), detail: format!("variogram: {error}") })?;
        Ok(Self { variogram, experimental, fitted })
    }

    /// As figures to draw.
    pub(super) fn report(&self) -> VariogramReport {
        let model = &self.variogram;
        let (shape, smoothness) = match model.shape {
            VariogramShape::Spherical => ("spherical", None),
            VariogramShape::Exponential => ("exponential", None),
            VariogramShape::Gaussian => ("gaussian", None),
            VariogramShape::Matern { smoothness } => ("matern", Some(smoothness)),
        };
        let lags = self.experimental.as_ref().map_or(&[][..], |experimental| &experimental.lags);
        let farthest = lags.iter().map(|lag| lag.distance).fold(model.range.min(1e6) * 1.2, f64::max);
        let azimuth = model.anisotropy.map_or(0.0, |anisotropy| anisotropy.azimuth_degrees.to_radians());
        #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
        let curve = (0..=CURVE_POINTS).map(|i| {
            let lag_m = farthest * i as f64 / CURVE_POINTS as f64;
            // The nugget is the limit towards zero; at zero itself the semivariance is zero.
            let at = lag_m.max(farthest * 1e-6);
            CurvePoint { lag_m, semivariance_m2: model.semivariance(at * azimuth.sin(), at * azimuth.cos()) }
        });
        VariogramReport {
            fitted: self.fitted,
            shape,
            smoothness,
            nugget_m2: model.nugget,
            partial_sill_m2: model.partial_sill,
            range_m: model.range,
            azimuth_deg: model.anisotropy.map(|anisotropy| anisotropy.azimuth_degrees),
            anisotropy_ratio: model.anisotropy.map(|anisotropy| anisotropy.ratio),
            sample_variance_m2: self.experimental.as_ref().map_or(0.0, |experimental| experimental.variance),
            experimental: lags
                .iter()
                .map(|lag| LagReport { lag_m: lag.distance, semivariance_m2: lag.semivariance, pairs: lag.pairs })
                .collect(),
            curve: curve.collect(),
        }
    }
}

/// The lags that a model is fitted to: those of few pairs are left out while enough others remain. They are shown all the same.
fn believed(experimental: &ExperimentalVariogram) -> ExperimentalVariogram {
    let many: Vec<Lag> = experimental.lags.iter().filter(|lag| lag.pairs >= LEAST_PAIRS).copied().collect();
    let lags = if many.len() >= LEAST_LAGS { many } else { experimental.lags.clone() };
    ExperimentalVariogram { lags, ..experimental.clone() }
}

fn shape(choice: VariogramChoice, smoothness: f64) -> Option<VariogramShape> {
    match choice {
        VariogramChoice::Fit => None,
        VariogramChoice::Spherical => Some(VariogramShape::Spherical),
        VariogramChoice::Exponential => Some(VariogramShape::Exponential),
        VariogramChoice::Gaussian => Some(VariogramShape::Gaussian),
        VariogramChoice::Matern => Some(VariogramShape::Matern { smoothness }),
    }
}

fn anisotropy(request: &ReserveRequest) -> Option<Anisotropy> {
    let ratio = request.numbers.get("anisotropy_ratio");
    (ratio < 1.0).then(|| Anisotropy { azimuth_degrees: request.numbers.get("azimuth_deg"), ratio })
}

/// Nugget, partial sill and range where nothing can be fitted.
fn stand_in(samples: &[Sample]) -> (f64, f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let n = samples.len().max(1) as f64;
    let mean = samples.iter().map(|sample| sample.value).sum::<f64>() / n;
    let variance = samples.iter().map(|sample| (sample.value - mean).powi(2)).sum::<f64>() / n;
    let span = |of: fn(&Sample) -> f64| {
        let (low, high) = samples.iter().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        (high - low).max(0.0)
    };
    let extent = span(|sample| sample.x).hypot(span(|sample| sample.y));
    // A sill above nothing keeps the equations solvable where all depths are the same.
    (0.0, variance.max(1e-6), (extent / 3.0).max(1.0))
}
