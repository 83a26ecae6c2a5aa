//! What an hour's heat costs, unit by unit: the pieces of a convex curve.

use super::{System, two_prices};
use crate::energy::plant::Conversion;

/// Who a piece of the curve belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A unit by its index.
    Unit(usize),
    /// All units together, where electricity has two prices.
    Units,
    /// Heat that is no longer thrown away.
    Undumped,
    /// Heat that is not served.
    Unserved,
}

/// Some heat at one cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece {
    pub(super) cost_rub_mwh: f64,
    pub(super) heat_mw: f64,
    pub(super) source: Source,
}

/// The heat that goes into the store in an hour, from the least to the most, by pieces of rising cost.
#[derive(Debug, Clone, Default)]
pub(super) struct HourCurve {
    /// Charge when no piece is taken: nothing made and as much as can be thrown away.
    pub(super) least_charge_mw: f64,
    pub(super) pieces: Vec<Piece>,
}

/// What a unit makes in an hour as the last of a chain of choices: with power at one price, each unit's cost of heat is a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct HeatLine {
    pub(super) cost_rub_mwh: f64,
    pub(super) heat_mw: f64,
    /// Electricity without heat, MW.
    pub(super) electric_mw: f64,
    /// Electricity for each MW of heat.
    pub(super) electric_share: f64,
}

/// The line of a unit in an hour with electricity at `power_rub_mwh`; full-load efficiency at every load.
///
/// A fixed ratio makes `P = (P_full / Q_full) Q`. An extraction turbine runs at full load where its electricity pays for the
/// fuel, and loses `Cv` of it with each MW of heat; else it follows the heat along `P = Cb Q`.
pub(super) fn heat_line(system: &System, unit: usize, hour: usize, power_rub_mwh: f64) -> HeatLine {
    let unit = &system.units[unit];
    let available = unit.available(hour);
    let power_gain = power_rub_mwh - unit.power_cost_rub_mwh;
    match &unit.conversion {
        Conversion::FixedRatio(ratio) => {
            let electric_share = ratio.electric_mw / ratio.heat_mw;
            // Own use of a boiler is paid for, but is not electricity made.
            let gain = if electric_share > 0.0 { power_gain } else { power_rub_mwh };
            let cost_rub_mwh = unit.full_hour_rub() / ratio.heat_mw + unit.heat_cost_rub_mwh - electric_share * gain;
            HeatLine { cost_rub_mwh, heat_mw: available * ratio.heat_mw, electric_mw: 0.0, electric_share }
        }
        Conversion::Extraction(turbine) => {
            let made = available * turbine.condensing_mw;
            let power_cost = unit.full_hour_rub() / turbine.condensing_mw;
            let heat_mw = turbine.heat_mw.min(made / (turbine.cb + turbine.cv));
            if power_gain > power_cost {
                let cost_rub_mwh = unit.heat_cost_rub_mwh + turbine.cv * power_gain;
                HeatLine { cost_rub_mwh, heat_mw, electric_mw: made, electric_share: -turbine.cv }
            } else {
                let fuel = power_cost * (turbine.cb + turbine.cv);
                let cost_rub_mwh = fuel + unit.heat_cost_rub_mwh - turbine.cb * power_gain;
                HeatLine { cost_rub_mwh, heat_mw, electric_mw: 0.0, electric_share: turbine.cb }
            }
        }
    }
}

/// The pieces of an hour by rising cost; at equal cost units in the order of their names.
pub(super) fn hour_curve(system: &System, order: &[usize], hour: usize, curve: &mut HourCurve) {
    let load = system.heat_load_mw[hour];
    curve.pieces.clear();
    let mut capacity = 0.0;
    let two_prices = system.own_power.as_ref().filter(|_| !system.one_power_price());
    if let Some(own) = two_prices {
        for (cost_rub_mwh, heat_mw) in two_prices::orders(system, own, order, hour).pieces(system) {
            capacity += heat_mw;
            curve.pieces.push(Piece { cost_rub_mwh, heat_mw, source: Source::Units });
        }
    }
    for &unit in order.iter().filter(|_| two_prices.is_none()) {
        let line = heat_line(system, unit, hour, system.power_price_rub_mwh[hour]);
        if line.heat_mw > 0.0 {
            capacity += line.heat_mw;
            curve.pieces.push(Piece { cost_rub_mwh: line.cost_rub_mwh, heat_mw: line.heat_mw, source: Source::Unit(unit) });
        }
    }
    let mut dumped = 0.0;
    if let Some(dump) = system.dump {
        // More than all that is made and stored can never be thrown away.
        let most = capacity + system.store.map_or(0.0, |store| store.size_mwh);
        dumped = dump.limit_mw.map_or(most, |limit| limit.min(most));
        curve.pieces.push(Piece { cost_rub_mwh: -dump.cost_rub_mwh, heat_mw: dumped, source: Source::Undumped });
    }
    curve.pieces.push(Piece { cost_rub_mwh: system.unserved_cost_rub_mwh, heat_mw: load, source: Source::Unserved });
    curve.pieces.sort_by(|a, b| a.cost_rub_mwh.total_cmp(&b.cost_rub_mwh));
    curve.least_charge_mw = -dumped - load;
}
