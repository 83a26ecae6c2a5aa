//! The factors that a plan takes for uncertain where nobody says otherwise.

use super::{Distribution, Factor, UncertaintyError};
use crate::model::{DefaultUsed, InputError, ParameterValues, uncertainty_parameters};
use std::collections::BTreeMap;

/// Names of the factors in `geodata/reference/uncertainty.toml`, in its order.
pub const FACTOR_NAMES: &[&str] = &[
    "capital_cost_factor",
    "efficiency_factor",
    "availability",
    "harvest_factor",
    "fuel_price_factor",
    "electricity_price_factor",
    "heat_price_factor",
    "present_fuel_price_factor",
    "operation_cost_factor",
];

/// A factor from its numbers (`<name>`, `<name>_low`, `<name>_high`, `<name>_deviation`) and the word for its shape; the
/// default word where it is none.
///
/// The season's harvest is normal about 0.81, cut off at 0.5 and 1.1; one season in ten stays below 0.71:
///
/// ```
/// use peatplan::energy::uncertainty::default_factor;
/// use peatplan::model::{ParameterValues, uncertainty_parameters};
/// let harvest = default_factor("harvest_factor", None, &ParameterValues::defaults(uncertainty_parameters())).unwrap();
/// assert!((harvest.value_at(0.1) - 0.7075).abs() < 1e-3);
/// ```
///
/// # Errors
/// A factor or a word that does not exist, or numbers that make no distribution.
pub fn default_factor(name: &str, shape: Option<&str>, numbers: &ParameterValues) -> Result<Factor, UncertaintyError> {
    if !FACTOR_NAMES.contains(&name) {
        return Err(InputError::unknown(name, FACTOR_NAMES.iter().copied()).into());
    }
    let choice = format!("{name}_distribution");
    let choice =
        uncertainty_parameters().choice(&choice).ok_or_else(|| InputError::unknown(&choice, std::iter::empty::<&str>()))?;
    let shape = shape.or(choice.default.as_deref()).unwrap_or_default();
    let base = numbers.get(name);
    let more = |suffix: &str| numbers.get(&format!("{name}_{suffix}"));
    let (low, high, deviation) = (more("low"), more("high"), more("deviation"));
    let distribution = match shape {
        "fixed" => Distribution::Fixed { value: base },
        "uniform" => Distribution::Uniform { low, high },
        "triangular" => Distribution::Triangular { low, mode: base, high },
        "normal" => Distribution::Normal { mean: base, deviation, low, high },
        "lognormal" => Distribution::Lognormal { mean: base, variation: deviation },
        other => return Err(choice.refusal(other).into()),
    };
    Factor::new(name, "", base, distribution)
}

/// All factors of the reference file, with the shapes of `shapes` by factor and the default shapes for the others.
///
/// # Errors
/// As [`default_factor`].
pub fn default_factors(numbers: &ParameterValues, shapes: &BTreeMap<String, String>) -> Result<Vec<Factor>, UncertaintyError> {
    if let Some(unknown) = shapes.keys().find(|name| !FACTOR_NAMES.contains(&name.as_str())) {
        return Err(InputError::unknown(unknown, FACTOR_NAMES.iter().copied()).into());
    }
    FACTOR_NAMES.iter().map(|name| default_factor(name, shapes.get(*name).map(String::as_str), numbers)).collect()
}

/// The defaults without a read source on which these factors rest: of each the numbers that its shape uses.
///
/// # Errors
/// As [`default_factor`].
pub fn default_factors_rest_on(
    numbers: &ParameterValues,
    shapes: &BTreeMap<String, String>,
) -> Result<Vec<DefaultUsed>, UncertaintyError> {
    let mut names = Vec::new();
    for factor in default_factors(numbers, shapes)? {
        let suffixes: &[&str] = match factor.distribution() {
            Distribution::Uniform { .. } | Distribution::Triangular { .. } => &["_low", "_high"],
            Distribution::Normal { .. } => &["_low", "_high", "_deviation"],
            Distribution::Lognormal { .. } => &["_deviation"],
            Distribution::Fixed { .. } | Distribution::Quantiles { .. } => &[],
        };
        names.push(factor.name().to_owned());
        names.extend(suffixes.iter().map(|suffix| format!("{}{suffix}", factor.name())));
    }
    Ok(numbers.unsourced_defaults(&names.iter().map(String::as_str).collect::<Vec<_>>()))
}
