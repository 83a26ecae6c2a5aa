//! The supply curve: fields by delivered cost, cumulated until the need is met.

use crate::units::MegawattHours;

/// A step of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurveStep {
    /// Which of the sources it is, by its place in the input.
    pub source: usize,
    /// Delivered cost, RUB/MWh.
    pub cost: f64,
    /// What it can give a year.
    pub available: MegawattHours,
    /// What all steps up to here can give.
    pub cumulative: MegawattHours,
    /// What is taken of it to meet the need.
    pub used: MegawattHours,
    /// Whether it is the last, dearest one in use.
    pub marginal: bool,
}

/// Sorts sources `(cost RUB/MWh, MWh a year)` by cost and takes from the cheapest first until `need` is met; equal
/// costs keep their order. The marginal step is the last one in use: its cost is what the last MWh costs.
///
/// ```
/// use peatplan::{supply::supply_curve, units::MegawattHours};
/// let curve = supply_curve(&[(300.0, MegawattHours(50.0)), (200.0, MegawattHours(60.0))], MegawattHours(80.0));
/// assert_eq!((curve[0].source, curve[0].used.0, curve[0].marginal), (1, 60.0, false));
/// assert_eq!((curve[1].source, curve[1].used.0, curve[1].marginal), (0, 20.0, true));
/// ```
#[must_use]
pub fn supply_curve(sources: &[(f64, MegawattHours)], need: MegawattHours) -> Vec<CurveStep> {
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by(|a, b| sources[*a].0.total_cmp(&sources[*b].0));
    let (mut cumulative, mut left) = (MegawattHours::ZERO, need);
    let mut curve: Vec<CurveStep> = Vec::with_capacity(order.len());
    for source in order {
        let (cost, available) = sources[source];
        let used = available.min(left).max(MegawattHours::ZERO);
        cumulative += available;
        left -= used;
        curve.push(CurveStep { source, cost, available, cumulative, used, marginal: false });
    }
    if let Some(last) = curve.iter_mut().rev().find(|step| step.used > MegawattHours::ZERO) {
        last.marginal = true;
    }
    curve
}
