//! Models of how unlikeness grows with distance.
//!
//! A variogram here is a rule, not an observation: what samples show is an
//! [`ExperimentalVariogram`](super::ExperimentalVariogram), and a fit leads from one to the other.

use thiserror::Error;

/// How the variogram rises from the nugget to the sill, as the correlation left at distance `h` for the range `a`.
///
/// | shape | correlation | |
/// | --- | --- | --- |
/// | spherical | 1 − 1.5 h/a + 0.5 (h/a)³ below `a`, then 0 | linear at the origin |
/// | exponential | exp(−3 h/a) | linear at the origin, never quite 0 |
/// | Gaussian | exp(−3 h²/a²) | smooth at the origin; badly conditioned without a nugget |
/// | Matérn, ν = 0.5, 1.5, 2.5 | e⁻ˢ, (1 + s) e⁻ˢ, (1 + s + s²/3) e⁻ˢ with `s` = `h` · 3, 4.749, 5.924 / `a` | ν sets the smoothness; 0.5 is the exponential one |
///
/// Chilès & Delfiner 2012 (doi 10.1002/9781118136188), section 2.5; the Matérn forms after Stein 1999, section 2.7.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum VariogramShape {
    /// Reaches its sill at the range.
    Spherical,
    /// Reaches 1 − e⁻³ of its sill at the range.
    Exponential,
    /// The same, and flat at the origin.
    Gaussian,
    /// The same, with a chosen smoothness.
    Matern {
        /// ν: 0.5, 1.5 or 2.5.
        smoothness: f64,
    },
}

/// The argument at which `(1 + s) e⁻ˢ = e⁻³`.
const MATERN_3_2: f64 = 4.749_031_386_012_700_5;
/// The argument at which `(1 + s + s²/3) e⁻ˢ = e⁻³`.
const MATERN_5_2: f64 = 5.924_462_618_951_796;

/// `e` to minus this is 0 in double precision; beyond it the product with a power could be infinity times 0.
const NOTHING_LEFT: f64 = 800.0;

/// Two places nearer than this share of the range, squared, are one place: rounding of coordinates, not distance.
pub(super) const SAME_PLACE: f64 = 1e-16;

impl VariogramShape {
    /// Replaces squared distances, in units of the squared range, by `of(correlation)`; places that are the same get `here`.
    ///
    /// The choice of the shape stands outside the loop: this is the innermost work of kriging.
    pub(super) fn replace(self, squared: &mut [f64], here: f64, factor: f64) {
        fn each(squared: &mut [f64], here: f64, factor: f64, correlation: impl Fn(f64) -> f64) {
            for value in squared {
                *value = if *value <= SAME_PLACE { here } else { factor * correlation(*value) };
            }
        }
        match self {
            Self::Spherical => each(squared, here, factor, |squared| {
                let h = squared.sqrt();
                if h < 1.0 { 1.0 - h * (1.5 - 0.5 * squared) } else { 0.0 }
            }),
            Self::Exponential => each(squared, here, factor, |squared| (-3.0 * squared.sqrt()).exp()),
            Self::Gaussian => each(squared, here, factor, |squared| (-3.0 * squared).exp()),
            Self::Matern { smoothness } if smoothness < 1.0 => Self::Exponential.replace(squared, here, factor),
            Self::Matern { smoothness } if smoothness < 2.0 => each(squared, here, factor, |squared| {
                let s = (MATERN_3_2 * squared.sqrt()).min(NOTHING_LEFT);
                (1.0 + s) * (-s).exp()
            }),
            Self::Matern { .. } => each(squared, here, factor, |squared| {
                let s = (MATERN_5_2 * squared.sqrt()).min(NOTHING_LEFT);
                (1.0 + s + s * s / 3.0) * (-s).exp()
            }),
        }
    }

    /// The correlation at a distance in units of the range.
    pub(super) fn correlation(self, distance: f64) -> f64 {
        let mut value = [distance * distance];
        self.replace(&mut value, 1.0, 1.0);
        value[0]
    }
}

/// Likeness that reaches farther in one direction than across it: an ellipse of ranges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anisotropy {
    /// Where the long axis points, in degrees clockwise from north.
    pub azimuth_degrees: f64,
    /// Short range over long range, above 0 and at most 1.
    pub ratio: f64,
}

/// Why there is no such variogram.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum VariogramError {
    #[error("the nugget must be a number not below 0")]
    Nugget,
    #[error("the partial sill must be a number not below 0, and nugget and partial sill not 0 together")]
    PartialSill,
    #[error("the range must be a positive number")]
    Range,
    #[error("the smoothness of a Matérn variogram must be 0.5, 1.5 or 2.5")]
    Smoothness,
    #[error("the ratio of the ranges must be above 0 and at most 1, and the azimuth a number of degrees")]
    Anisotropy,
}

/// A variogram model with one structure and a nugget: γ(h) = nugget + partial sill · (1 − correlation(h)) for h > 0, γ(0) = 0.
///
/// The nugget is what two samples at almost one place differ by; in the covariance it counts at distance 0 alone.
/// `range` is the practical range of every shape: the distance at which the structure has all of its sill (spherical)
/// or 1 − e⁻³ = 95 % of it (the others). With an anisotropy it is the range along the long axis.
///
/// ```
/// use peatplan::geostat::{Variogram, VariogramShape};
/// let variogram = Variogram::new(VariogramShape::Spherical, 0.1, 0.9, 60.0, None).unwrap();
/// // Half way to the range a spherical structure has 1.5 · 0.5 − 0.5 · 0.125 = 0.6875 of its sill.
/// assert!((variogram.semivariance(0.0, 30.0) - (0.1 + 0.9 * 0.6875)).abs() < 1e-12);
/// assert_eq!((variogram.semivariance(0.0, 0.0), variogram.covariance(0.0, 0.0)), (0.0, 1.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variogram {
    /// How it rises.
    pub shape: VariogramShape,
    /// The step at distance 0, in the squared unit of the values.
    pub nugget: f64,
    /// What the structure adds to the nugget, in the squared unit of the values.
    pub partial_sill: f64,
    /// The practical range, in the unit of the coordinates.
    pub range: f64,
    /// `None`: the same in every direction.
    pub anisotropy: Option<Anisotropy>,
}

impl Variogram {
    /// Checks and makes a variogram.
    ///
    /// # Errors
    /// Numbers that no variogram can have; the error names them.
    pub fn new(
        shape: VariogramShape,
        nugget: f64,
        partial_sill: f64,
        range: f64,
        anisotropy: Option<Anisotropy>,
    ) -> Result<Self, VariogramError> {
        Self { shape, nugget, partial_sill, range, anisotropy }.checked()
    }

    /// The same variogram, if it is one: its fields are open.
    pub(super) fn checked(self) -> Result<Self, VariogramError> {
        let not_negative = |value: f64| value.is_finite() && value >= 0.0;
        if !not_negative(self.nugget) {
            return Err(VariogramError::Nugget);
        }
        if !(not_negative(self.partial_sill) && self.sill().is_finite() && self.sill() > 0.0) {
            return Err(VariogramError::PartialSill);
        }
        if !(self.range.is_finite() && self.range > 0.0) {
            return Err(VariogramError::Range);
        }
        if let VariogramShape::Matern { smoothness } = self.shape
            && ![0.5, 1.5, 2.5].contains(&smoothness)
        {
            return Err(VariogramError::Smoothness);
        }
        if let Some(Anisotropy { azimuth_degrees, ratio }) = self.anisotropy
            && !(azimuth_degrees.is_finite() && ratio > 0.0 && ratio <= 1.0)
        {
            return Err(VariogramError::Anisotropy);
        }
        Ok(self)
    }

    /// γ: half the expected squared difference of two values this far apart, `dx` to the east and `dy` to the north.
    #[must_use]
    pub fn semivariance(&self, dx: f64, dy: f64) -> f64 {
        (self.sill() - self.covariance(dx, dy)).max(0.0)
    }

    /// C = sill − γ: the covariance of two values this far apart; the whole sill, nugget included, at distance 0.
    #[must_use]
    pub fn covariance(&self, dx: f64, dy: f64) -> f64 {
        let mut value = [self.metric().squared(dx, dy)];
        self.shape.replace(&mut value, self.sill(), self.partial_sill);
        value[0]
    }

    /// Nugget and partial sill together: what γ rises to.
    #[must_use]
    pub fn sill(&self) -> f64 {
        self.nugget + self.partial_sill
    }

    /// The map to coordinates in which likeness is the same in every direction and the range is 1.
    pub(super) fn metric(&self) -> Metric {
        let inverse = self.range.recip();
        let Some(Anisotropy { azimuth_degrees, ratio }) = self.anisotropy else {
            return Metric { along: [inverse, 0.0], across: [0.0, inverse] };
        };
        let (sin, cos) = azimuth_degrees.to_radians().sin_cos();
        let short = inverse / ratio;
        Metric { along: [sin * inverse, cos * inverse], across: [cos * short, -sin * short] }
    }
}

/// A linear map of the plane; see [`Variogram::metric`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Metric {
    along: [f64; 2],
    across: [f64; 2],
}

impl Metric {
    pub(super) fn place(&self, x: f64, y: f64) -> [f64; 2] {
        [self.along[0] * x + self.along[1] * y, self.across[0] * x + self.across[1] * y]
    }

    fn squared(&self, dx: f64, dy: f64) -> f64 {
        let [u, v] = self.place(dx, dy);
        u * u + v * v
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [VariogramShape; 6] = [
        VariogramShape::Spherical,
        VariogramShape::Exponential,
        VariogramShape::Gaussian,
        VariogramShape::Matern { smoothness: 0.5 },
        VariogramShape::Matern { smoothness: 1.5 },
        VariogramShape::Matern { smoothness: 2.5 },
    ];

    #[test]
    fn every_shape_has_its_sill_at_the_practical_range() {
        for shape in SHAPES {
            let variogram = Variogram::new(shape, 0.0, 2.0, 50.0, None).unwrap();
            let share = variogram.semivariance(50.0, 0.0) / 2.0;
            let expected = if shape == VariogramShape::Spherical { 1.0 } else { 1.0 - (-3.0_f64).exp() };
            assert!((share - expected).abs() < 1e-12, "{shape:?}: {share}");
        }
    }

    #[test]
    fn every_shape_rises_and_never_above_its_sill() {
        for shape in SHAPES {
            let variogram = Variogram::new(shape, 0.2, 0.8, 10.0, None).unwrap();
            let at = |step: u32| variogram.semivariance(f64::from(step) * 0.1, 0.0);
            assert!(at(0) == 0.0 && at(1) > 0.2);
            assert!((1..1_000).all(|step| at(step) <= at(step + 1) && at(step) <= 1.0), "{shape:?}");
        }
    }

    #[test]
    fn the_exponential_shape_is_the_matern_one_of_smoothness_one_half() {
        let exponential = Variogram::new(VariogramShape::Exponential, 0.0, 1.0, 7.0, None).unwrap();
        let matern = Variogram { shape: VariogramShape::Matern { smoothness: 0.5 }, ..exponential };
        assert!((exponential.covariance(2.0, 3.0) - matern.covariance(2.0, 3.0)).abs() < 1e-15);
    }

    #[test]
    fn an_anisotropy_shortens_the_range_across_its_azimuth() {
        let anisotropy = Some(Anisotropy { azimuth_degrees: 30.0, ratio: 0.25 });
        let turned = Variogram::new(VariogramShape::Spherical, 0.0, 1.0, 100.0, anisotropy).unwrap();
        let same = Variogram { anisotropy: None, ..turned };
        let (sin, cos) = 30.0_f64.to_radians().sin_cos();
        assert!((turned.covariance(40.0 * sin, 40.0 * cos) - same.covariance(40.0, 0.0)).abs() < 1e-12);
        assert!((turned.covariance(10.0 * cos, -10.0 * sin) - same.covariance(40.0, 0.0)).abs() < 1e-12);
    }

    #[test]
    fn numbers_that_no_variogram_can_have_are_refused() {
        let made = |shape, nugget, sill, range| Variogram::new(shape, nugget, sill, range, None).unwrap_err();
        assert_eq!(made(VariogramShape::Spherical, -0.1, 1.0, 1.0), VariogramError::Nugget);
        assert_eq!(made(VariogramShape::Spherical, 0.0, 0.0, 1.0), VariogramError::PartialSill);
        assert_eq!(made(VariogramShape::Spherical, 0.0, f64::NAN, 1.0), VariogramError::PartialSill);
        assert_eq!(made(VariogramShape::Spherical, 0.0, 1.0, 0.0), VariogramError::Range);
        assert_eq!(made(VariogramShape::Matern { smoothness: 1.0 }, 0.0, 1.0, 1.0), VariogramError::Smoothness);
        let flat = Some(Anisotropy { azimuth_degrees: 0.0, ratio: 0.0 });
        assert_eq!(Variogram::new(VariogramShape::Spherical, 0.0, 1.0, 1.0, flat), Err(VariogramError::Anisotropy));
    }
}
