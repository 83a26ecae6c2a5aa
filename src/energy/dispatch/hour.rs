//! What heat costs in an hour, by the set of units that run.

use super::System;
use crate::energy::plant::{Conversion, ExtractionTurbine};

/// Heat of a unit, or heat that is not served, at one marginal cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// None: it is not served.
    pub unit: Option<usize>,
    pub rub_mwh: f64,
    heat_mw: f64,
}

/// A unit that runs in an hour: what it gives and costs at least, and what more it can give, the cheaper piece first.
#[derive(Debug, Clone)]
pub(super) struct Running {
    pub heat_mw: f64,
    cost_rub: f64,
    pieces: Vec<Piece>,
}

/// What can serve an hour.
pub(super) struct Hour {
    pub load_mw: f64,
    /// By unit.
    pub running: Vec<Option<Running>>,
    /// Of all units, and heat that is not served; the cheapest first.
    pieces: Vec<Piece>,
}

impl Hour {
    pub fn new(system: &System, hour: usize, order: &[usize]) -> Self {
        let load_mw = system.heat_load_mw[hour];
        let running: Vec<Option<Running>> = (0..system.units.len()).map(|unit| running(system, unit, hour)).collect();
        let of_unit = |unit: &usize| running[*unit].iter().flat_map(|running| running.pieces.iter().copied());
        let mut pieces: Vec<Piece> = order.iter().flat_map(of_unit).collect();
        pieces.push(Piece { unit: None, rub_mwh: system.unserved_cost_rub_mwh, heat_mw: load_mw });
        pieces.sort_by(|a, b| a.rub_mwh.total_cmp(&b.rub_mwh));
        Self { load_mw, running, pieces }
    }

    /// What heat costs with these units running; none where one of them cannot run.
    pub fn curve(&self, runs: impl Fn(usize) -> bool) -> Option<HeatCurve> {
        let (mut least_mw, mut least_rub) = (0.0, 0.0);
        for (unit, running) in self.running.iter().enumerate().filter(|(unit, _)| runs(*unit)) {
            let running = running.as_ref()?;
            debug_assert!(running.heat_mw >= 0.0, "unit {unit} would cool");
            least_mw += running.heat_mw;
            least_rub += running.cost_rub;
        }
        let pieces = self.pieces.iter().filter(|piece| piece.unit.is_none_or(&runs)).copied().collect();
        Some(HeatCurve { least_mw, least_rub, pieces })
    }
}

/// What heat of an hour costs, RUB over MW: convex, so the cheapest pieces come first.
pub(super) struct HeatCurve {
    /// What the units give at least.
    pub least_mw: f64,
    least_rub: f64,
    pieces: Vec<Piece>,
}

impl HeatCurve {
    /// The heats at which the marginal cost changes, MW; the last one is the most that there is.
    pub fn corners(&self) -> impl Iterator<Item = f64> {
        self.pieces.iter().scan(self.least_mw, |heat, piece| {
            *heat += piece.heat_mw;
            Some(*heat)
        })
    }

    /// The most heat, what is not served with it.
    pub fn most_mw(&self) -> f64 {
        self.corners().last().unwrap_or(self.least_mw)
    }

    /// The least cost of a heat between the least and the most.
    pub fn cost(&self, heat_mw: f64) -> f64 {
        let mut cost_rub = self.least_rub;
        self.take(heat_mw, |piece, heat| cost_rub += heat * piece.rub_mwh);
        cost_rub
    }

    /// What is taken of each piece beyond the least.
    pub fn take(&self, heat_mw: f64, mut takes: impl FnMut(&Piece, f64)) {
        let mut left = heat_mw - self.least_mw;
        for piece in &self.pieces {
            let heat = piece.heat_mw.min(left);
            if heat > 0.0 {
                left -= heat;
                takes(piece, heat);
            }
        }
    }
}

/// A unit that runs in an hour; none where less of it is available than it must give.
fn running(system: &System, unit: usize, hour: usize) -> Option<Running> {
    let dispatched = &system.units[unit];
    let (available, power) = (dispatched.available(hour), system.power_price_rub_mwh[hour]);
    let fuel_rub = dispatched.conversion.fuel_mw() * dispatched.fuel_price_rub_mwh;
    let at_least = least_load(system, unit);
    if available < at_least {
        // A unit that is not to be chosen stands at no load.
        return (!dispatched.must_be_committed()).then(|| Running { heat_mw: 0.0, cost_rub: 0.0, pieces: Vec::new() });
    }
    let running_rub = dispatched.running_cost_rub_h;
    match &dispatched.conversion {
        Conversion::FixedRatio(ratio) => {
            let gain = if ratio.electric_mw > 0.0 { power - dispatched.power_cost_rub_mwh } else { power };
            let cost =
                |load: f64| fuel_rub * load + ratio.heat_at(load) * dispatched.heat_cost_rub_mwh - ratio.electric_at(load) * gain;
            let (heat_mw, most) = (ratio.heat_at(at_least).max(0.0), ratio.heat_at(available));
            let more = most - heat_mw;
            let piece = (more > 0.0).then(|| Piece {
                unit: Some(unit),
                rub_mwh: (cost(available) - cost(at_least)) / more,
                heat_mw: more,
            });
            Some(Running { heat_mw, cost_rub: running_rub + cost(at_least), pieces: piece.into_iter().collect() })
        }
        Conversion::Extraction(turbine) => {
            let gain = power - dispatched.power_cost_rub_mwh;
            let by_heat = dispatched.heat_cost_rub_mwh + gain * turbine.cv;
            let load = most_worthwhile(turbine, fuel_rub, gain, at_least, available);
            let cost_rub = running_rub + fuel_rub * load - gain * turbine.condensing_at(load);
            let first = most_heat(turbine, load);
            let mut pieces = vec![Piece { unit: Some(unit), rub_mwh: by_heat, heat_mw: first }];
            let more = most_heat(turbine, available) - first;
            if more > 0.0 {
                // Along the back-pressure line each MWh of heat takes `cb + cv` of the electricity without heat.
                let by_load = (fuel_rub - gain * steam_slope(turbine)) / steam_slope(turbine);
                let rub_mwh = by_heat + by_load * (turbine.cb + turbine.cv);
                pieces.push(Piece { unit: Some(unit), rub_mwh, heat_mw: more });
            }
            Some(Running { heat_mw: 0.0, cost_rub, pieces })
        }
    }
}

/// The least load at which a unit gives neither heat nor electricity below zero.
fn least_load(system: &System, unit: usize) -> f64 {
    let dispatched = &system.units[unit];
    let idle = match &dispatched.conversion {
        Conversion::FixedRatio(ratio) => ratio.load_for_heat(0.0),
        Conversion::Extraction(turbine) => turbine.load_for(0.0, 0.0),
    };
    dispatched.minimum_load_share.max(idle)
}

/// Electricity without heat by the load, MW.
fn steam_slope(turbine: &ExtractionTurbine) -> f64 {
    turbine.condensing_at(1.0) - turbine.condensing_at(0.0)
}

/// The load of a turbine that heat does not ask for: all of it where electricity pays for the fuel, else the least.
fn most_worthwhile(turbine: &ExtractionTurbine, fuel_rub: f64, gain: f64, at_least: f64, available: f64) -> f64 {
    if fuel_rub <= gain * steam_slope(turbine) { available } else { at_least }
}

/// Most heat at a load.
fn most_heat(turbine: &ExtractionTurbine, load: f64) -> f64 {
    (turbine.condensing_at(load) / (turbine.cb + turbine.cv)).clamp(0.0, turbine.heat_mw)
}

/// Electricity of a unit that runs with a heat in an hour, MW.
pub(super) fn electric_with(system: &System, unit: usize, hour: usize, heat_mw: f64) -> f64 {
    let dispatched = &system.units[unit];
    match &dispatched.conversion {
        Conversion::FixedRatio(ratio) => ratio.electric_at(ratio.load_for_heat(heat_mw)),
        Conversion::Extraction(turbine) => {
            let fuel_rub = turbine.fuel_mw * dispatched.fuel_price_rub_mwh;
            let gain = system.power_price_rub_mwh[hour] - dispatched.power_cost_rub_mwh;
            let (at_least, available) = (least_load(system, unit), dispatched.available(hour));
            let load = most_worthwhile(turbine, fuel_rub, gain, at_least.min(available), available);
            (turbine.condensing_at(load) - turbine.cv * heat_mw).max(turbine.cb * heat_mw)
        }
    }
}
