//! Blends of peat, wood and other fuels: what a mixture is, what a boiler takes, and the cheapest one it takes.
//!
//! Shares are of the energy by net calorific value as received, since that is what a plant needs a year of. Qualities weigh
//! in their own way: ash, sulphur and chlorine by dry matter, moisture by wet mass; all of them are linear in the energy shares.
//! A fuel that is fired apart (gas beside a grate) is no part of the mixture and dilutes nothing.

mod fuel;
mod least_cost;
mod limits;
mod program;
mod quality;
mod relief;

pub use fuel::{BlendFuel, FuelFamily};
pub use least_cost::{BindingLimit, BlendAnswer, least_cost_blend};
pub use limits::{BlendLimits, LimitName};
pub use quality::{BlendPart, BlendQuality, blend_quality};
pub use relief::{BlendRelief, LimitRelief, blend_relief};

use crate::optimisation::ProgramError;
use thiserror::Error;

/// Fuels of a blend at most.
pub const MOST_FUELS: usize = 1_000;
/// Up to so many fuels all corners of the possible blends are looked at; more are left to the simplex method.
const MOST_BY_CORNERS: usize = 6;

/// Why there is no blend.
#[derive(Debug, Error, Clone, PartialEq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum BlendError {
    #[error("a blend has one to {MOST_FUELS} fuels; {count} were given")]
    FuelCount { count: usize },
    #[error("fuel {name:?} is given twice")]
    FuelTwice { name: String },
    #[error("{name} of {fuel:?} must lie between {low} and {high}{unit}; it was {value}")]
    OutOfRange { fuel: String, name: &'static str, value: f64, low: f64, high: f64, unit: &'static str },
    #[error("{limit} must lie between {low} and {high}{unit}; it was {value}")]
    LimitOutOfRange { limit: LimitName, value: f64, low: f64, high: f64, unit: &'static str },
    #[error("{fuel:?} is too wet to burn: {moisture} of water leave {mj_kg:.2} MJ/kg")]
    TooWet { fuel: String, moisture: f64, mj_kg: f64 },
    #[error("the least shares of the fuels make {least}, the most {most}; one must lie between them")]
    SharesDoNotFit { least: f64, most: f64 },
    #[error("shares of the energy must be nothing or more, one a fuel, and make one; they make {sum}")]
    WrongShares { sum: f64 },
    #[error("no blend of these fuels meets {limit} of {allowed:.6}{unit}; the nearest has {best:.6}{unit}")]
    Unreachable { limit: LimitName, allowed: f64, best: f64, unit: &'static str },
    #[error("no blend of these fuels meets all limits together; a blend exists without one of: {}", names(.limits))]
    Conflict { limits: Vec<LimitName> },
    #[error("the blend was not found: {0}")]
    Unsolved(ProgramError),
}

fn names(limits: &[LimitName]) -> String {
    if limits.is_empty() {
        return "none of them alone, at least two must give way".to_owned();
    }
    limits.iter().map(LimitName::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
