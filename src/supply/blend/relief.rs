//! By how little the limits of an impossible blend must give way.

use super::fuel::BlendFuel;
use super::least_cost::{Row, quality_row, rows};
use super::limits::{BlendLimits, LimitName};
use super::program::{least_shares, possible_shares};
use super::quality::{check_fuels, mixture};
use super::{BlendError, MOST_FUELS};
use serde::Serialize;

/// Halvings of the bracket of a common relief: to 1e-12 of it.
const HALVINGS: usize = 40;
/// Steps towards the nearest value of a limit; each about doubles the digits that are right.
const STEPS: usize = 60;
/// A mixture that gains less than this on a row whose largest coefficient is one is the nearest.
const NEAREST: f64 = 1e-13;
/// The greatest common relief looked at, as a share of each limit.
const MOST_SHARE: f64 = 1e6;

/// A limit that would have to give way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LimitRelief {
    /// Which.
    pub limit: LimitName,
    /// Its value as given.
    pub given: f64,
    /// The nearest value with which there is a blend.
    pub needed: f64,
    /// Unit of both, empty for shares.
    pub unit: &'static str,
}

/// What would make a blend possible.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlendRelief {
    /// Limits of which each alone is enough, all others as they are.
    pub alone: Vec<LimitRelief>,
    /// Where none alone is enough: limits that must give way together. Those that no blend meets are moved to the nearest
    /// value that one meets; if that is not enough, all are moved by one share of themselves.
    pub together: Vec<LimitRelief>,
}

/// The smallest relief of the limits with which there is a blend of these fuels; nothing where there is one already.
///
/// Peat with 20 % ash alone under a limit of 15 %: the limit must be 20 %.
///
/// ```
/// use peatplan::{model::{ParameterValues, blend_parameters}, supply::*, units::*};
/// let peat = BlendFuel::peat(&ParameterValues::defaults(blend_parameters()));
/// let peat = BlendFuel { ash: MassFraction::new(0.20).unwrap(), ..peat };
/// let limits = BlendLimits { ash: Some(0.15), ..BlendLimits::default() };
/// let relief = blend_relief(&[peat], &limits).unwrap();
/// assert!((relief.alone[0].needed - 0.20).abs() < 1e-6 && relief.together.is_empty());
/// ```
///
/// # Errors
/// [`BlendError`]: a fuel or limit outside its range, shares that cannot make one.
pub fn blend_relief(fuels: &[BlendFuel], limits: &BlendLimits) -> Result<BlendRelief, BlendError> {
    check_fuels(fuels)?;
    limits.check()?;
    if fuels.len() > MOST_FUELS {
        return Err(BlendError::FuelCount { count: fuels.len() });
    }
    let all = rows(fuels, limits);
    let mut relief = BlendRelief { alone: Vec::new(), together: Vec::new() };
    if is_possible(fuels, &all)? {
        return Ok(relief);
    }
    for (limit, given) in limits.given() {
        let others: Vec<Row> = all.iter().filter(|row| row.limit != limit).cloned().collect();
        if let Some(needed) = nearest(fuels, &others, limit, given)? {
            relief.alone.push(LimitRelief { limit, given, needed, unit: limit.unit() });
        }
    }
    if relief.alone.is_empty() {
        relief.together = together(fuels, limits, &all)?;
    }
    Ok(relief)
}

fn is_possible(fuels: &[BlendFuel], rows: &[Row]) -> Result<bool, BlendError> {
    Ok(possible_shares(fuels.len(), rows)?.is_some())
}

/// The value of a limit, nearest to the one given, that shares under all other rows reach; none where the others allow no shares.
///
/// A quality is a ratio of two sums. From the value `L` of one mixture the next is that of the mixture with the least row of the
/// limit `L`, until none has less (Dinkelbach 1967, On nonlinear fractional programming).
pub(super) fn nearest(fuels: &[BlendFuel], others: &[Row], limit: LimitName, given: f64) -> Result<Option<f64>, BlendError> {
    let Some(mut shares) = possible_shares(fuels.len(), others)? else { return Ok(None) };
    let mut value = given;
    for _ in 0..STEPS {
        // Where nothing is mixed, or nothing stands below the line, the limit is met.
        let Some(reached) = limit.of(&mixture(fuels, &shares)) else { return Ok(Some(given)) };
        let is_met = if limit.is_least() { reached >= given } else { reached <= given };
        value = reached;
        if is_met {
            return Ok(Some(given));
        }
        let row = quality_row(fuels, limit, value);
        let next = least_shares(&row.terms, others)?;
        if row.miss(&next) >= -NEAREST {
            break;
        }
        shares = next;
    }
    Ok(Some(value))
}

/// Limits that no blend meets at their nearest values, and where that is not enough all limits relaxed by one share.
fn together(fuels: &[BlendFuel], limits: &BlendLimits, all: &[Row]) -> Result<Vec<LimitRelief>, BlendError> {
    let of_shares: Vec<Row> = all.iter().filter(|row| row.fuel.is_some()).cloned().collect();
    let mut moved: Vec<LimitRelief> = Vec::new();
    for (limit, given) in limits.given() {
        let needed = nearest(fuels, &of_shares, limit, given)?.unwrap_or(given);
        moved.push(LimitRelief { limit, given, needed, unit: limit.unit() });
    }
    let relaxed = |share: f64| -> Vec<LimitRelief> {
        let wider = |relief: &LimitRelief| {
            let by = if relief.limit.is_least() { 1.0 / (1.0 + share) } else { 1.0 + share };
            LimitRelief { needed: (relief.needed * by).min(relief.limit.greatest()), ..relief.clone() }
        };
        moved.iter().map(wider).collect()
    };
    let possible = |reliefs: &[LimitRelief]| {
        let mut rows = of_shares.clone();
        rows.extend(reliefs.iter().map(|relief| quality_row(fuels, relief.limit, relief.needed)));
        is_possible(fuels, &rows)
    };
    let (mut low, mut high) = (0.0, 0.0);
    if !possible(&moved)? {
        high = 1e-6;
        while high < MOST_SHARE && !possible(&relaxed(high))? {
            (low, high) = (high, high * 2.0);
        }
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if possible(&relaxed(middle))? { high = middle } else { low = middle }
        }
    }
    let changed = |relief: &LimitRelief| (relief.needed - relief.given).abs() > 1e-12 * (1.0 + relief.given);
    Ok(relaxed(high).into_iter().filter(changed).collect())
}
