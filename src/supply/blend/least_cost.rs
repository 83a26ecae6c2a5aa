//! The cheapest blend within limits, by looking at every corner, or by the simplex method where fuels are many.

use super::fuel::BlendFuel;
use super::limits::{BlendLimits, LimitName, coefficient};
use super::program::least_program;
use super::quality::{BlendQuality, check_fuels, mixture};
use super::{BlendError, MOST_BY_CORNERS, relief};
use serde::Serialize;

/// A row is met when it misses by no more than this share of its largest coefficient.
const MET: f64 = 1e-9;
/// Pivots below this share of a row's scale make the corner undefined.
const SINGULAR: f64 = 1e-12;
/// By this share of itself a limit is relaxed to see what it costs.
const RELAXED_BY: f64 = 0.01;

/// A limit that the cheapest blend touches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BindingLimit {
    /// Which.
    pub limit: LimitName,
    /// Whose share it is, for limits of shares.
    pub fuel: Option<String>,
    /// Its value.
    pub value: f64,
    /// What a MWh would be cheaper were it relaxed by a hundredth of itself.
    pub saving_rub_mwh: f64,
}

/// The cheapest blend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlendAnswer {
    /// The blend, its parts in the order of the fuels given.
    #[serde(flatten)]
    pub blend: BlendQuality,
    /// Limits that it touches: qualities first, then shares in the order of the fuels' names.
    pub binding: Vec<BindingLimit>,
}

/// `Σ a_i x_i <= b`, with what it stands for.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) limit: LimitName,
    pub(super) fuel: Option<usize>,
    pub(super) value: f64,
    pub(super) terms: Vec<f64>,
    most: f64,
}

/// The blend of least cost: `min Σ c_i x_i` over energy shares with `Σ x_i = 1`, the fuels' least and most shares, and the limits,
/// each a row `Σ a_i x_i <= 0` (dry matter × (ash - limit), wet mass × (moisture - limit), …).
///
/// A linear program with a bounded set of answers has its optimum at a corner, where as many rows are met exactly as there are
/// free shares. With six fuels at most all corners are solved: the answer is exact, and needs no tolerance of a solver, and among
/// corners of one cost the one with the most of the fuels first by name is taken. More fuels, up to 1,000, are left to the simplex
/// method, whose answer is put into all rows again and misses none by more than 1e-7 of what it adds up.
///
/// Peat with 30 % ash beside wood with 1 %, at equal dry calorific value and dry as bone, under a limit of 15 %: the lever rule
/// gives 14/29 peat.
///
/// ```
/// use peatplan::{model::{ParameterValues, blend_parameters}, supply::*, units::*};
/// let numbers = ParameterValues::defaults(blend_parameters());
/// let fraction = |value| MassFraction::new(value).unwrap();
/// let dry = |fuel: BlendFuel, ash| BlendFuel {
///     moisture: fraction(0.0), ash: fraction(ash), calorific_value_dry: MegaJoulesPerKilogram(18.0), ..fuel
/// };
/// let fuels = [dry(BlendFuel::peat(&numbers), 0.30), dry(BlendFuel::wood_chips(&numbers), 0.01)];
/// let limits = BlendLimits { ash: Some(0.15), ..BlendLimits::default() };
/// let answer = least_cost_blend(&fuels, &limits).unwrap();
/// assert!((answer.blend.parts[0].energy_share - 14.0 / 29.0).abs() < 1e-12);
/// assert_eq!(answer.binding[0].limit, LimitName::AshLimit);
/// ```
///
/// # Errors
/// [`BlendError`]: a fuel or limit outside its range, shares that cannot make one, a limit that no blend of the fuels meets
/// (with the nearest value), or limits that exclude each other (with those that would have to give way).
pub fn least_cost_blend(fuels: &[BlendFuel], limits: &BlendLimits) -> Result<BlendAnswer, BlendError> {
    check_fuels(fuels)?;
    limits.check()?;
    let sum = |of: fn(&BlendFuel) -> f64| fuels.iter().map(of).sum::<f64>();
    let (least, most) = (sum(|fuel| fuel.least_share.value()), sum(|fuel| fuel.most_share.value()));
    if least > 1.0 + MET || most < 1.0 - MET {
        return Err(BlendError::SharesDoNotFit { least, most });
    }
    // One order whatever the input's: the same bits for the same fuels.
    let mut order: Vec<usize> = (0..fuels.len()).collect();
    order.sort_by(|a, b| fuels[*a].name.cmp(&fuels[*b].name));
    let sorted: Vec<BlendFuel> = order.iter().map(|place| fuels[*place].clone()).collect();
    let rows = rows(&sorted, limits);
    let Some(shares) = cheapest(&sorted, &rows)? else { return Err(why_not(&sorted, limits, &rows)?) };
    let binding = binding(&sorted, &rows, &shares)?;
    let mut given = vec![0.0; fuels.len()];
    for (place, share) in order.iter().zip(&shares) {
        given[*place] = *share;
    }
    Ok(BlendAnswer { blend: mixture(fuels, &given), binding })
}

pub(super) fn rows(fuels: &[BlendFuel], limits: &BlendLimits) -> Vec<Row> {
    let mut rows: Vec<Row> = limits.given().map(|(limit, value)| quality_row(fuels, limit, value)).collect();
    for (place, fuel) in fuels.iter().enumerate() {
        rows.push(share_row(fuels.len(), place, LimitName::LeastShare, fuel.least_share.value()));
        rows.push(share_row(fuels.len(), place, LimitName::MostShare, fuel.most_share.value()));
    }
    rows
}

/// Scaled to a largest coefficient of one, so that one tolerance fits all.
pub(super) fn quality_row(fuels: &[BlendFuel], limit: LimitName, value: f64) -> Row {
    let terms: Vec<f64> = fuels.iter().map(|fuel| coefficient(limit, value, fuel)).collect();
    let scale = terms.iter().fold(0.0f64, |largest, term| largest.max(term.abs()));
    let terms = terms.into_iter().map(|term| if scale > 0.0 { term / scale } else { 0.0 }).collect();
    Row { limit, fuel: None, value, terms, most: 0.0 }
}

fn share_row(count: usize, place: usize, limit: LimitName, value: f64) -> Row {
    let sign = if limit == LimitName::LeastShare { -1.0 } else { 1.0 };
    let terms = (0..count).map(|other| if other == place { sign } else { 0.0 }).collect();
    Row { limit, fuel: Some(place), value, terms, most: sign * value }
}

impl Row {
    pub(super) fn miss(&self, shares: &[f64]) -> f64 {
        self.terms.iter().zip(shares).map(|(term, share)| term * share).sum::<f64>() - self.most
    }
}

/// The cheapest shares; none where no shares meet all rows.
fn cheapest(fuels: &[BlendFuel], rows: &[Row]) -> Result<Option<Vec<f64>>, BlendError> {
    let best = if fuels.len() > MOST_BY_CORNERS { least_program(fuels, rows)? } else { cheapest_corner(fuels, rows) };
    // A share may miss its bound by rounding; what goes out does not.
    Ok(best.map(|shares| {
        let bounded = |(fuel, share): (&BlendFuel, f64)| share.clamp(fuel.least_share.value(), fuel.most_share.value());
        fuels.iter().zip(shares).map(bounded).collect()
    }))
}

fn cheapest_corner(fuels: &[BlendFuel], rows: &[Row]) -> Option<Vec<f64>> {
    let cost = |shares: &[f64]| fuels.iter().zip(shares).map(|(fuel, share)| fuel.cost_rub_mwh * share).sum::<f64>();
    let mut best: Option<(f64, Vec<f64>)> = None;
    each_corner(fuels.len(), rows, &mut |shares| {
        if rows.iter().any(|row| row.miss(shares) > MET) {
            return;
        }
        let cost = cost(shares);
        let better = best.as_ref().is_none_or(|(least, other)| {
            let alike = (cost - least).abs() <= 1e-12 * (1.0 + least.abs());
            if alike { lexicographically_more(shares, other) } else { cost < *least }
        });
        if better {
            best = Some((cost, shares.to_vec()));
        }
    });
    best.map(|(_, shares)| shares)
}

fn lexicographically_more(one: &[f64], other: &[f64]) -> bool {
    one.iter().zip(other).find(|(a, b)| (*a - *b).abs() > 1e-9).is_some_and(|(a, b)| a > b)
}

/// Solves every choice of `count - 1` rows met exactly, beside the shares' sum of one.
fn each_corner(count: usize, rows: &[Row], visit: &mut dyn FnMut(&[f64])) {
    let mut chosen: Vec<usize> = (0..count - 1).collect();
    if chosen.len() > rows.len() {
        return;
    }
    loop {
        if let Some(shares) = corner(count, rows, &chosen) {
            visit(&shares);
        }
        // The next combination in lexicographic order.
        let Some(place) = (0..chosen.len()).rev().find(|place| chosen[*place] < rows.len() - (chosen.len() - place)) else {
            return;
        };
        chosen[place] += 1;
        for later in place + 1..chosen.len() {
            chosen[later] = chosen[later - 1] + 1;
        }
    }
}

/// Gauss with partial pivoting.
fn corner(count: usize, rows: &[Row], chosen: &[usize]) -> Option<Vec<f64>> {
    let mut system: Vec<Vec<f64>> = vec![vec![1.0; count + 1]];
    for row in chosen {
        let mut line = rows[*row].terms.clone();
        line.push(rows[*row].most);
        system.push(line);
    }
    for column in 0..count {
        let pivot = (column..count).max_by(|a, b| system[*a][column].abs().total_cmp(&system[*b][column].abs()))?;
        if system[pivot][column].abs() < SINGULAR {
            return None;
        }
        system.swap(column, pivot);
        let (above, below) = system.split_at_mut(column + 1);
        let pivot = &above[column];
        for line in below {
            let factor = line[column] / pivot[column];
            for (value, of_pivot) in line.iter_mut().zip(pivot).skip(column) {
                *value -= factor * of_pivot;
            }
        }
    }
    let mut shares = vec![0.0; count];
    for column in (0..count).rev() {
        let known: f64 = (column + 1..count).map(|other| system[column][other] * shares[other]).sum();
        shares[column] = (system[column][count] - known) / system[column][column];
    }
    Some(shares)
}

fn binding(fuels: &[BlendFuel], rows: &[Row], shares: &[f64]) -> Result<Vec<BindingLimit>, BlendError> {
    let tolerance = if fuels.len() > MOST_BY_CORNERS { 100.0 * MET } else { 10.0 * MET };
    let cost = |shares: &[f64]| fuels.iter().zip(shares).map(|(fuel, share)| fuel.cost_rub_mwh * share).sum::<f64>();
    let touched = rows.iter().enumerate().filter(|(_, row)| {
        // Shares that may be anything bind nobody; a row without terms is none.
        let says_something = match row.limit {
            LimitName::LeastShare => row.value > 0.0,
            LimitName::MostShare => row.value < 1.0,
            _ => row.terms.iter().any(|term| term.abs() > 0.0),
        };
        says_something && row.miss(shares).abs() <= tolerance
    });
    touched
        .map(|(place, row)| {
            let relaxed = row.value * if row.limit.is_least() { 1.0 - RELAXED_BY } else { 1.0 + RELAXED_BY };
            let mut others = rows.to_vec();
            others[place] = match row.fuel {
                Some(fuel) => share_row(fuels.len(), fuel, row.limit, relaxed.min(1.0)),
                None => quality_row(fuels, row.limit, relaxed),
            };
            let least = least_cost(fuels, &others)?;
            let cheaper = least.map_or(0.0, |least| cost(shares) - least);
            // What the last digits of two solutions differ by is no saving.
            let cheaper = if cheaper > MET * cost(shares).abs() { cheaper } else { 0.0 };
            Ok(BindingLimit {
                limit: row.limit,
                fuel: row.fuel.map(|fuel| fuels[fuel].name.clone()),
                value: row.value,
                saving_rub_mwh: cheaper,
            })
        })
        .collect()
}

/// Cost of the cheapest shares as they were solved: bounds may be relaxed here.
fn least_cost(fuels: &[BlendFuel], rows: &[Row]) -> Result<Option<f64>, BlendError> {
    if fuels.len() <= MOST_BY_CORNERS {
        return Ok(corner_cost(fuels, rows));
    }
    let cost = |shares: Vec<f64>| fuels.iter().zip(shares).map(|(fuel, share)| fuel.cost_rub_mwh * share).sum();
    Ok(least_program(fuels, rows)?.map(cost))
}

fn corner_cost(fuels: &[BlendFuel], rows: &[Row]) -> Option<f64> {
    let mut least: Option<f64> = None;
    each_corner(fuels.len(), rows, &mut |shares| {
        if rows.iter().all(|row| row.miss(shares) <= MET) {
            let cost: f64 = fuels.iter().zip(shares).map(|(fuel, share)| fuel.cost_rub_mwh * share).sum();
            least = Some(least.map_or(cost, |least| least.min(cost)));
        }
    });
    least
}

/// Why no blend meets all rows: a limit that none meets, or those of which one must give way.
fn why_not(fuels: &[BlendFuel], limits: &BlendLimits, rows: &[Row]) -> Result<BlendError, BlendError> {
    let of_shares: Vec<Row> = rows.iter().filter(|row| row.fuel.is_some()).cloned().collect();
    for (limit, allowed) in limits.given() {
        let mut alone = of_shares.clone();
        alone.push(quality_row(fuels, limit, allowed));
        if least_cost(fuels, &alone)?.is_none() {
            let best = relief::nearest(fuels, &of_shares, limit, allowed)?.unwrap_or(allowed);
            return Ok(BlendError::Unreachable { limit, allowed, best, unit: limit.unit() });
        }
    }
    let mut helpful = Vec::new();
    for (limit, _) in limits.given() {
        let others: Vec<Row> = rows.iter().filter(|row| row.limit != limit).cloned().collect();
        if least_cost(fuels, &others)?.is_some() {
            helpful.push(limit);
        }
    }
    Ok(BlendError::Conflict { limits: helpful })
}
