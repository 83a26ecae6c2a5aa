//! What has to be built, and what it costs at another size.

use super::EconomicsError;
use super::error::{cost, finite, within};
use serde::{Deserialize, Serialize};

/// Something that is built and wears out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CapitalItem {
    /// What it is: `boiler`, `turbine`, `field preparation`.
    pub name: String,
    /// Cost without interest during construction, in money of the price year.
    pub cost_rub: f64,
    /// Years of operation after which it is replaced; what is left of its life at the end is its residual value.
    pub life_years: u32,
}

/// How cost grows with size: as a power that changes at a boundary.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SizeExponents {
    /// Size at which the exponent changes, in the unit of the sizes.
    pub boundary: f64,
    /// Exponent below the boundary.
    pub below: f64,
    /// Exponent above.
    pub above: f64,
}

impl SizeExponents {
    /// One exponent for all sizes.
    #[must_use]
    pub fn single(exponent: f64) -> Self {
        Self { boundary: 1.0, below: exponent, above: exponent }
    }
}

/// Cost at another size: `C = C_0 (P / P_0)^s`, with the exponent of each side of the boundary for the way that lies there.
///
/// The exponent below one says that a larger plant is cheaper by the megawatt. A constant one over too wide a range makes the best plant too large
/// (Jenkins 1997, Biomass and Bioenergy 13); hence the boundary.
///
/// A plant of 10 MW costs 1,000; one of 20 MW at s = 0.72 costs 1,647.
///
/// ```
/// use peatplan::energy::economics::{SizeExponents, scaled_cost};
/// let cost = scaled_cost(1_000.0, 10.0, 20.0, &SizeExponents { boundary: 25.0, below: 0.72, above: 0.95 }).unwrap();
/// assert!((cost - 1_647.18).abs() < 0.01);
/// ```
///
/// # Errors
/// A cost below zero, sizes that are not above zero, or exponents outside 0 to 1.5.
pub fn scaled_cost(
    reference_cost_rub: f64,
    reference_size: f64,
    size: f64,
    exponents: &SizeExponents,
) -> Result<f64, EconomicsError> {
    let reference_cost = cost("the reference cost", reference_cost_rub)?;
    let sizes = [1e-9, 1e9];
    let reference = within("the reference size", reference_size, sizes, "")?;
    let size = within("the size", size, sizes, "")?;
    let boundary = within("the boundary of the size exponents", exponents.boundary, sizes, "")?;
    let below = within("the size exponent below the boundary", exponents.below, [0.0, 1.5], "")?;
    let above = within("the size exponent above the boundary", exponents.above, [0.0, 1.5], "")?;
    // The logarithm of the cost of a size, up to a constant that falls out.
    let height = |size: f64| below * (size.min(boundary) / boundary).ln() + above * (size.max(boundary) / boundary).ln();
    finite("the scaled cost", reference_cost * (height(size) - height(reference)).exp())
}
