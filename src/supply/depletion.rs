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
    let constant = |source: usize, _: usize| sources[source].yearly;
    followed(sources, groups, &constant, &|_| need, horizon)
}

/// The same where harvests or needs change from year to year, as fields come into production or seasons differ:
/// `yearly[source][year]` is the most that a source gives, which takes the place of [`Source::yearly`], and `needs` has a
/// number for each year. A year that a source's list does not reach gives nothing.
///
/// A source that is ready in the second year:
///
/// ```
/// use peatplan::{supply::{Source, depletion_by_year}, units::MegawattHours};
/// let source = Source { group: 0, yearly: MegawattHours(0.0), stock: MegawattHours(100.0) };
/// let years = [[0.0, 15.0, 30.0].map(MegawattHours).to_vec()];
/// let depletion = depletion_by_year(&[source], 1, &years, &[MegawattHours(20.0); 3]);
/// let supplied: Vec<f64> = depletion.years.iter().map(|year| year.supplied_mwh.0).collect();
/// assert_eq!(supplied, [0.0, 15.0, 20.0]);
/// ```
#[must_use]
pub fn depletion_by_year(sources: &[Source], groups: usize, yearly: &[Vec<MegawattHours>], needs: &[MegawattHours]) -> Depletion {
    let of_year = |source: usize, year: usize| {
        yearly.get(source).and_then(|years| years.get(year - 1)).copied().unwrap_or(MegawattHours::ZERO)
    };
    followed(sources, groups, &of_year, &|year| needs[year - 1], needs.len())
}

fn followed(
    sources: &[Source],
    groups: usize,
    yearly: &dyn Fn(usize, usize) -> MegawattHours,
    need: &dyn Fn(usize) -> MegawattHours,
    horizon: usize,
) -> Depletion {
    let mut left: Vec<MegawattHours> = sources.iter().map(|source| source.stock).collect();
    let first = held(sources, &left, groups);
    let mut worked_out_year = vec![None; groups];
    let mut years: Vec<DepletionYear> = Vec::with_capacity(horizon);
    for year in 1..=horizon {
        let need = need(year);
        let mut wanted = need;
        let mut by_deposit = vec![MegawattHours::ZERO; groups];
        for (place, (source, left)) in sources.iter().zip(&mut left).enumerate() {
            let taken = yearly(place, year).min(*left).min(wanted).max(MegawattHours::ZERO);
            *left -= taken;
            wanted -= taken;
            by_deposit[source.group] += taken;
        }
        let supplied: MegawattHours = by_deposit.iter().copied().sum();
        let remaining = held(sources, &left, groups);
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

/// What the sources of each group still hold.
fn held(sources: &[Source], left: &[MegawattHours], groups: usize) -> Vec<MegawattHours> {
    let mut held = vec![MegawattHours::ZERO; groups];
    for (source, left) in sources.iter().zip(left) {
        held[source.group] += *left;
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn years_that_are_alike_give_the_same_bits(
            sources in prop::collection::vec((0usize..3, 0.0..50.0f64, 0.0..900.0f64), 0..8), need in 0.0..200.0f64,
        ) {
            let sources: Vec<Source> = sources
                .into_iter()
                .map(|(group, yearly, stock)| Source { group, yearly: MegawattHours(yearly), stock: MegawattHours(stock) })
                .collect();
            let alike: Vec<Vec<MegawattHours>> = sources.iter().map(|source| vec![source.yearly; 20]).collect();
            let need = MegawattHours(need);
            prop_assert_eq!(depletion(&sources, 3, need, 20), depletion_by_year(&sources, 3, &alike, &[need; 20]));
        }

        #[test]
        fn nothing_is_supplied_that_is_not_there(
            sources in prop::collection::vec((0.0..900.0f64, prop::collection::vec(0.0..80.0f64, 0..12)), 1..6), needs in prop::collection::vec(0.0..200.0f64, 1..12),
        ) {
            let yearly: Vec<Vec<MegawattHours>> =
                sources.iter().map(|(_, years)| years.iter().copied().map(MegawattHours).collect()).collect();
            let stocks: Vec<Source> =
                sources.iter().map(|(stock, _)| Source { group: 0, yearly: MegawattHours::ZERO, stock: MegawattHours(*stock) }).collect();
            let needs: Vec<MegawattHours> = needs.into_iter().map(MegawattHours).collect();
            let followed = depletion_by_year(&stocks, 1, &yearly, &needs);
            let supplied: f64 = followed.years.iter().map(|year| year.supplied_mwh.0).sum();
            let stock: f64 = sources.iter().map(|(stock, _)| stock).sum();
            let left = followed.years.last().map_or(stock, |year| year.remaining_by_deposit[0].0);
            prop_assert!((supplied + left - stock).abs() < 1e-9 * (1.0 + stock));
            prop_assert!(left >= 0.0 && followed.years.iter().zip(&needs).all(|(year, need)| year.supplied_mwh.0 <= need.0 + 1e-9));
        }
    }
}
