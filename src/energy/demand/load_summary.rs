//! A load in few numbers: energy, peak, months, and the load duration curve.

use super::calendar::number;
use super::hourly_load::HourlyLoad;
use serde::Serialize;

/// Steps of the duration curve of a town at most: what a chart shows.
pub const DURATION_STEPS: usize = 200;

/// A step of the load duration curve: so many hours with this mean load, the greatest loads first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DurationStep {
    /// Hours before it.
    pub from_h: f64,
    /// Hours of it.
    pub hours: f64,
    /// Mean load over them.
    pub load_mw: f64,
}

/// A load in few numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoadSummary {
    /// Energy over the year.
    pub energy_mwh_a: f64,
    /// Greatest hour.
    pub peak_mw: f64,
    /// Least hour.
    pub least_mw: f64,
    /// Energy over peak; none without a load.
    pub full_load_hours: Option<f64>,
    /// Energy of the months, January first.
    pub monthly_mwh: [f64; 12],
    /// Load duration curve, thinned.
    pub duration: Vec<DurationStep>,
}

/// Summarises a load, its duration curve in at most so many steps.
///
/// 1 MW through the year has 8,760 full-load hours and 744 MWh in January:
///
/// ```
/// use peatplan::energy::demand::{DURATION_STEPS, HourlyLoad, load_summary};
/// let summary = load_summary(&HourlyLoad::new(vec![1.0; 8_760]).unwrap(), DURATION_STEPS);
/// assert_eq!((summary.full_load_hours, summary.monthly_mwh[0]), (Some(8_760.0), 744.0));
/// ```
#[must_use]
pub fn load_summary(load: &HourlyLoad, at_most_steps: usize) -> LoadSummary {
    let (energy_mwh_a, peak_mw) = (load.energy_mwh(), load.peak_mw());
    LoadSummary {
        energy_mwh_a,
        peak_mw,
        least_mw: load.hours_mw().iter().copied().fold(f64::INFINITY, f64::min),
        full_load_hours: (peak_mw > 0.0).then(|| energy_mwh_a / peak_mw),
        monthly_mwh: load.monthly_mwh(),
        duration: duration_steps(&load.sorted_mw(), at_most_steps),
    }
}

/// A falling curve of hours in at most so many steps, at least three. The first step is the greatest hour alone and the last one
/// the least, each step is the mean of its hours: peak, foot and integral are those of the hours, and the steps fall.
///
/// Steps end where the curve, drawn in a square, has come an equal part further along its hours and down its loads: a steep
/// peak gets many, a flat summer few.
#[must_use]
pub fn duration_steps(sorted_mw: &[f64], at_most: usize) -> Vec<DurationStep> {
    let (Some(&first), Some(&last)) = (sorted_mw.first(), sorted_mw.last()) else { return Vec::new() };
    let hours = sorted_mw.len();
    let inner = number(at_most.max(3) - 2);
    let along = |place: usize| {
        let fallen = if first > last { (first - sorted_mw[place]) / (first - last) } else { 0.0 };
        f64::midpoint(number(place) / number(hours), fallen)
    };
    let mut steps = Vec::with_capacity(at_most);
    let mut from = 0;
    let mut reached = 1.0;
    for place in 1..=hours {
        let after_first = place == 1;
        let before_last = place + 1 >= hours;
        // The inner steps share out the way between the first and the last hour.
        let cut = after_first || before_last || along(place) * inner >= reached;
        if !cut {
            continue;
        }
        while !after_first && along(place.min(hours - 1)) * inner >= reached {
            reached += 1.0;
        }
        let part = &sorted_mw[from..place];
        // The mean of equal numbers may differ from them by rounding; it must not leave them.
        let mean = (part.iter().sum::<f64>() / number(part.len())).clamp(part[part.len() - 1], part[0]);
        steps.push(DurationStep { from_h: number(from), hours: number(part.len()), load_mw: mean });
        from = place;
    }
    steps
}
