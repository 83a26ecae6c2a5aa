//! One factor at a time.

use super::error::within;
use super::{Factor, UncertaintyError};
use serde::Serialize;

/// What each factor alone does to a number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tornado {
    /// The number with every factor at its base.
    pub base: f64,
    /// Probability at which factors are low: 0.1 for P10.
    pub low_probability: f64,
    /// Probability at which factors are high.
    pub high_probability: f64,
    /// The factors, the largest swing first.
    pub bars: Vec<TornadoBar>,
}

/// A factor low and high, all others at their base.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TornadoBar {
    /// The factor.
    pub factor: String,
    /// Unit of its values.
    pub unit: String,
    /// Its low value.
    pub low: f64,
    /// Its base.
    pub base: f64,
    /// Its high value.
    pub high: f64,
    /// The number with the factor low; none where the study gave none.
    pub output_low: Option<f64>,
    /// The number with the factor high; none where the study gave none.
    pub output_high: Option<f64>,
    /// Distance between the least and the greatest of low, base and high.
    pub swing: f64,
}

/// Takes one factor at a time to a low and a high probability of its distribution, the others at their base, and orders the
/// factors by their swing; equal ones by name. Usual probabilities are 0.1 and 0.9.
///
/// `10 a + b`, with a and b even between 0 and 1: from P10 to P90 a swings it by 8, b by 0.8.
///
/// ```
/// use peatplan::energy::uncertainty::{Distribution, Factor, tornado};
/// let uniform = |name| Factor::new(name, "", 0.5, Distribution::Uniform { low: 0.0, high: 1.0 }).unwrap();
/// let tornado = tornado(&[uniform("b"), uniform("a")], 0.1, 0.9, &mut |_| true, |v| 10.0 * v[1] + v[0]).unwrap();
/// assert_eq!(tornado.bars[0].factor, "a");
/// assert!((tornado.bars[0].swing - 8.0).abs() < 1e-12 && (tornado.base - 5.5).abs() < 1e-12);
/// ```
///
/// # Errors
/// Probabilities outside 0 to 1 or out of order, a study that has no number at the base, or [`UncertaintyError::Cancelled`].
pub fn tornado(
    factors: &[Factor],
    low_probability: f64,
    high_probability: f64,
    keep_going: &mut dyn FnMut(f64) -> bool,
    study: impl Fn(&[f64]) -> f64,
) -> Result<Tornado, UncertaintyError> {
    within("the low probability", low_probability, [0.0, 1.0])?;
    within("the high probability", high_probability, [low_probability, 1.0])?;
    let bases: Vec<f64> = factors.iter().map(Factor::base).collect();
    let number = |values: &[f64]| Some(study(values)).filter(|value| value.is_finite());
    let base = number(&bases).ok_or(UncertaintyError::NoBase)?;
    let mut bars = Vec::with_capacity(factors.len());
    for (place, factor) in factors.iter().enumerate() {
        if !keep_going(super::error::number(place) / super::error::number(factors.len())) {
            return Err(UncertaintyError::Cancelled);
        }
        let with = |value: f64| {
            let mut values = bases.clone();
            values[place] = value;
            number(&values)
        };
        let (low, high) = (factor.value_at(low_probability), factor.value_at(high_probability));
        let (output_low, output_high) = (with(low), with(high));
        let ends = [output_low, output_high].into_iter().flatten();
        let (least, most) = ends.fold((base, base), |(least, most), end| (least.min(end), most.max(end)));
        let (unit, swing) = (factor.unit().to_owned(), most - least);
        let bar =
            TornadoBar { factor: factor.name().to_owned(), unit, low, base: factor.base(), high, output_low, output_high, swing };
        bars.push(bar);
    }
    bars.sort_by(|a, b| b.swing.total_cmp(&a.swing).then_with(|| a.factor.cmp(&b.factor)));
    Ok(Tornado { base, low_probability, high_probability, bars })
}
