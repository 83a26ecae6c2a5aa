//! Year by year: what is taken, what is left, when a deposit is worked out.

use crate::units::MegawattHours;
use serde::Serialize;

/// Less than this of the first year's stock counts as nothing: rounding, not peat.
const EMPTY_SHARE: f64 = 1e-9;

/// A source of fuel in the order in which it is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Source {
    /// Which of the groups (deposits) it belongs to.
    pub group: usize,
    /// Most that it gives a year.
    pub yearly: MegawattHours,
    /// What it still holds.
    pub stock: MegawattHours,
}

/// One year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DepletionYear {
    /// Counted from one.
    pub year: usize,
    /// Fuel of the year.
    pub supplied_mwh: MegawattHours,
    /// Its share of the need.
    pub covered_share: f64,
    /// By group, in their order.
    pub by_deposit: Vec<MegawattHours>,
    /// Left at the end of the year by group, in their order.
    pub remaining_by_deposit: Vec<MegawattHours>,
}

/// The years up to the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Depletion {
    /// Year by year.
    pub years: Vec<DepletionYear>,
    /// By group, the year in which its last peat is burned; none where it outlasts the horizon.
    pub worked_out_year: Vec<Option<usize>>,
    /// Years from the first on in which the whole need is met.
    pub years_of_full_supply: usize,
}

/// Follows the stock over `horizon` years: each year the sources give in their order (the cheapest first), each no
/// more than its yearly harvest and what it still holds, until the need is met.
///
/// A source of 100 MWh that gives 30 a year lasts three years and a third: it is worked out in the fourth.
///
/// ```
/// use peatplan::{supply::depletion, units::MegawattHours};
/// let source = peatplan::supply::Source { group: 0, yearly: MegawattHours(30.0), stock: MegawattHours(100.0) };
/// let depletion = depletion(&[source], 1, MegawattHours(25.0), 10);
/// assert_eq!((depletion.worked_out_year[0], depletion.years_of_full_supply), (Some(4), 4));
/// ```
#[must_use]
pub fn depletion(sources: &[Source], groups: usize, need: MegawattHours, horizon: usize) -> Depletion {
    let mut left: Vec<MegawattHours> = sources.iter().map(|source| source.stock).collect();
    let first: Vec<MegawattHours> = (0..groups).map(|group| held(sources, &left, group)).collect();
    let mut worked_out_year = vec![None; groups];
    let mut years: Vec<DepletionYear> = Vec::with_capacity(horizon);
    for year in 1..=horizon {
        let mut wanted = need;
        let mut by_deposit = vec![MegawattHours::ZERO; groups];
        for (source, left) in sources.iter().zip(&mut left) {
            let taken = source.yearly.min(*left).min(wanted).max(MegawattHours::ZERO);
            *left -= taken;
            wanted -= taken;
            by_deposit[source.group] += taken;
        }
        let supplied: MegawattHours = by_deposit.iter().copied().sum();
        let remaining: Vec<MegawattHours> = (0..groups).map(|group| held(sources, &left, group)).collect();
        for group in 0..groups {
            let gone = remaining[group].0 <= first[group].0 * EMPTY_SHARE;
            if worked_out_year[group].is_none() && first[group].0 > 0.0 && gone {
                worked_out_year[group] = Some(year);
            }
        }
        years.push(DepletionYear {
            year,
            supplied_mwh: supplied,
            covered_share: if need.0 > 0.0 { (supplied / need).min(1.0) } else { 1.0 },
            by_deposit,
            remaining_by_deposit: remaining,
        });
    }
    let years_of_full_supply = years.iter().take_while(|year| year.covered_share >= 1.0 - 1e-9).count();
    Depletion { years, worked_out_year, years_of_full_supply }
}

fn held(sources: &[Source], left: &[MegawattHours], group: usize) -> MegawattHours {
    sources.iter().zip(left).filter(|(source, _)| source.group == group).map(|(_, left)| *left).sum()
}
