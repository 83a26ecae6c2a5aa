//! The cheapest schedule by the value of stored heat, exact.

use super::merit::{HourCurve, Source, heat_line, hour_curve};
use super::{DispatchError, LoadModel, Schedule, StoreEnd, System, two_prices};

/// Hours between two looks at whether anybody still wants the answer.
const HOURS_A_LOOK: usize = 168;
/// Less heat than this from a unit is rounding.
const NO_HEAT_MW: f64 = 1e-9;
/// Pieces shorter than this, in MWh, are rounding and not heat.
const NO_LENGTH: f64 = 1e-12;

/// What the costs from some hour on fall by as more heat is stored: slopes over the heat in store, rising from piece to piece.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct StoredHeatValue {
    /// Least heat in store from which all later hours can be served.
    pub(super) least_mwh: f64,
    /// Slope (RUB/MWh, mostly below zero) and length (MWh) of each piece.
    pub(super) pieces: Vec<(f64, f64)>,
}

impl StoredHeatValue {
    fn most_mwh(&self) -> f64 {
        self.least_mwh + self.pieces.iter().map(|piece| piece.1).sum::<f64>()
    }

    /// Cuts away what lies outside of `low..=high`; none if nothing is left.
    fn within(mut self, low: f64, high: f64) -> Option<Self> {
        let most = self.most_mwh();
        if most < low - 1e-9 * (1.0 + low.abs()) || self.least_mwh > high + 1e-9 * (1.0 + high.abs()) {
            return None;
        }
        let mut ahead = (low - self.least_mwh).max(0.0);
        let mut room = (most.min(high) - self.least_mwh.max(low)).max(0.0);
        self.least_mwh = self.least_mwh.clamp(low, high);
        self.pieces.retain_mut(|(_, length)| {
            let cut = ahead.min(*length);
            ahead -= cut;
            *length = (*length - cut).min(room);
            room -= *length;
            *length > NO_LENGTH
        });
        Some(self)
    }
}

/// Takes pieces of stored value and of the hour's curve in the order of their slopes until `length` is used up.
/// Stored heat of the next hour falls short of its least by nothing, the charge of its most by nothing, at length zero.
struct Merge<'a> {
    value: &'a StoredHeatValue,
    /// Least charge, most charge, and pieces of the hour within them.
    curve: &'a TrimmedCurve,
}

/// The hour's curve within the limits of the store.
#[derive(Debug, Default)]
struct TrimmedCurve {
    most_charge: f64,
    pieces: Vec<(f64, f64)>,
}

impl TrimmedCurve {
    /// The curve between the greatest discharge and the greatest charge; none if it has nothing there.
    fn fill(&mut self, curve: &HourCurve, discharge: f64, charge: f64) -> bool {
        self.pieces.clear();
        let mut at = curve.least_charge_mw;
        let (low, high) = (-discharge, charge);
        if at > high {
            return false;
        }
        for piece in &curve.pieces {
            let end = at + piece.heat_mw;
            let length = end.min(high) - at.max(low);
            if length > NO_LENGTH {
                self.pieces.push((piece.cost_rub_mwh, length));
            }
            at = end;
        }
        self.most_charge = at.min(high);
        at >= low
    }
}

impl Merge<'_> {
    /// The value of heat in store before the hour, after the hour's loss is thought away.
    fn whole(&self) -> StoredHeatValue {
        let (value, curve) = (&self.value.pieces, &self.curve.pieces);
        let mut pieces: Vec<(f64, f64)> = Vec::with_capacity(value.len() + curve.len());
        let (mut i, mut j) = (0, curve.len());
        while i < value.len() || j > 0 {
            let stored_first = j == 0 || (i < value.len() && value[i].0 <= -curve[j - 1].0);
            let (slope, length) = if stored_first {
                i += 1;
                value[i - 1]
            } else {
                j -= 1;
                (-curve[j].0, curve[j].1)
            };
            match pieces.last_mut() {
                Some((last, total)) if last.total_cmp(&slope).is_eq() => *total += length,
                _ => pieces.push((slope, length)),
            }
        }
        StoredHeatValue { least_mwh: self.value.least_mwh - self.curve.most_charge, pieces }
    }

    /// Charge of the hour, and the price of its heat, when `before` is in store after the loss.
    fn at(&self, before: f64) -> (f64, f64) {
        let (value, curve) = (&self.value.pieces, &self.curve.pieces);
        let mut left = before - (self.value.least_mwh - self.curve.most_charge);
        let mut charge = self.curve.most_charge;
        let (mut i, mut j) = (0, curve.len());
        let mut slope = curve.last().map_or(0.0, |piece| -piece.0);
        while left > 0.0 && (i < value.len() || j > 0) {
            let stored_first = j == 0 || (i < value.len() && value[i].0 <= -curve[j - 1].0);
            if stored_first {
                slope = value[i].0;
                left -= value[i].1;
                i += 1;
            } else {
                j -= 1;
                slope = -curve[j].0;
                charge -= curve[j].1.min(left);
                left -= curve[j].1;
            }
        }
        (charge, -slope)
    }
}

/// The value of stored heat before each hour and after the last, last first in the making and first in the answer.
pub(super) fn stored_heat_values(
    system: &System,
    keep_going: &mut dyn FnMut(f64) -> bool,
) -> Result<Vec<StoredHeatValue>, DispatchError> {
    let hours = system.hours();
    let order = system.unit_order();
    let (size, start, end) =
        system.store.map_or((0.0, 0.0, StoreEnd::Free), |store| (store.size_mwh, store.start_mwh, store.end));
    let kept = system.kept_share();
    let least = if end == StoreEnd::AsStart { start } else { 0.0 };
    let mut values = vec![StoredHeatValue::default(); hours + 1];
    values[hours] = StoredHeatValue { least_mwh: least, pieces: vec![(0.0, size - least)] };
    let mut curve = HourCurve::default();
    let mut trimmed = TrimmedCurve::default();
    for hour in (0..hours).rev() {
        if hour % HOURS_A_LOOK == 0 && !keep_going(share(hours - hour, 2 * hours)) {
            return Err(DispatchError::Cancelled);
        }
        fill_hour(system, &order, hour, &mut curve, &mut trimmed)?;
        let merged = Merge { value: &values[hour + 1], curve: &trimmed }.whole();
        let mut before = merged.within(0.0, kept * size).ok_or(DispatchError::Impossible { hour })?;
        before.least_mwh /= kept;
        for (slope, length) in &mut before.pieces {
            *slope *= kept;
            *length /= kept;
        }
        values[hour] = before;
    }
    if values[0].least_mwh > start + 1e-9 * (1.0 + start) {
        return Err(DispatchError::Impossible { hour: 0 });
    }
    Ok(values)
}

fn fill_hour(
    system: &System,
    order: &[usize],
    hour: usize,
    curve: &mut HourCurve,
    trimmed: &mut TrimmedCurve,
) -> Result<(), DispatchError> {
    hour_curve(system, order, hour, curve);
    let limit = |limit: Option<f64>| limit.unwrap_or(f64::INFINITY);
    let (discharge, charge) = system.store.map_or((0.0, 0.0), |store| (limit(store.discharge_mw), limit(store.charge_mw)));
    if trimmed.fill(curve, discharge, charge) { Ok(()) } else { Err(DispatchError::Impossible { hour }) }
}

/// The schedule of least cost, minimum loads and starts left out, exact.
///
/// With `K_t(x)` the least cost of an hour in which `x` goes into the store (a convex curve of straight pieces: the units
/// by merit, heat thrown away, heat not served) the cost from hour `t` on with `s` in store is
/// `V_t(s) = min_x K_t(x) + V_(t+1)((1 - l) s + x)`. Both terms are convex, so that `V_t` has the pieces of both in the order
/// of their slopes (infimal convolution; Rockafellar, Convex Analysis, 1970, section 16): one merge an hour backwards and one
/// forwards, no solver. The slopes are what heat is worth in each hour.
///
/// Fuel is in proportion to the output, as at full load; running costs likewise; starts cost nothing. The answer
/// is the optimum of the linear program of [`super::least_cost_by_program`], and a lower bound for real operation.
///
/// A boiler at 25 RUB/MWh of fuel and 90 % makes 10 MW for two hours: 20 MWh at 27.78.
///
/// ```
/// use peatplan::energy::{dispatch::{DispatchUnit, System, least_cost}, plant::{Conversion, FixedRatio}};
/// let boiler = Conversion::FixedRatio(FixedRatio::straight(20.0 / 0.9, 20.0, 0.0));
/// let system = System {
///     heat_load_mw: vec![10.0; 2],
///     power_price_rub_mwh: vec![0.0; 2],
///     own_power: None,
///     units: vec![DispatchUnit::free("boiler", boiler, 25.0)],
///     store: None,
///     dump: None,
///     unserved_cost_rub_mwh: 1_000.0,
/// };
/// let schedule = least_cost(&system, &mut |_| true).unwrap();
/// assert!((schedule.cost(&system).total_rub - 20.0 * 25.0 / 0.9).abs() < 1e-9);
/// ```
///
/// # Errors
/// [`DispatchError`]: input that makes no sense, own use of power at a price of its own with more than eight units, a store that cannot end as it must,
/// or a stop.
pub fn least_cost(system: &System, keep_going: &mut dyn FnMut(f64) -> bool) -> Result<Schedule, DispatchError> {
    system.check()?;
    check_power_prices(system)?;
    let values = stored_heat_values(system, keep_going)?;
    let hours = system.hours();
    let order = system.unit_order();
    let (size, start) = system.store.map_or((0.0, 0.0), |store| (store.size_mwh, store.start_mwh));
    let kept = system.kept_share();
    let mut schedule = Schedule::empty(system, LoadModel::Proportional);
    let mut curve = HourCurve::default();
    let mut trimmed = TrimmedCurve::default();
    let mut stored = start;
    for hour in 0..hours {
        if hour % HOURS_A_LOOK == 0 && !keep_going(0.5 + share(hour, 2 * hours)) {
            return Err(DispatchError::Cancelled);
        }
        fill_hour(system, &order, hour, &mut curve, &mut trimmed)?;
        let (charge, price) = Merge { value: &values[hour + 1], curve: &trimmed }.at(kept * stored);
        let next = (kept * stored + charge).clamp(0.0, size);
        serve(system, &order, hour, &curve, next - kept * stored, &mut schedule);
        schedule.stored_mwh[hour] = next;
        schedule.heat_price_rub_mwh[hour] = price;
        stored = next;
    }
    schedule.check(system)?;
    Ok(schedule)
}

/// Whether the orders of merit can be counted.
pub(super) fn check_power_prices(system: &System) -> Result<(), DispatchError> {
    let (count, most) = (system.units.len(), two_prices::MOST_UNITS);
    if system.one_power_price() || count <= most { Ok(()) } else { Err(DispatchError::TwoPowerPrices { count, most }) }
}

/// Takes the hour's pieces in order until `charge` goes into the store.
fn serve(system: &System, order: &[usize], hour: usize, curve: &HourCurve, charge: f64, schedule: &mut Schedule) {
    let mut left = charge - curve.least_charge_mw;
    let mut together = 0.0;
    for piece in &curve.pieces {
        let taken = piece.heat_mw.min(left).max(0.0);
        left -= taken;
        match piece.source {
            // Rounding must not start a unit.
            Source::Unit(unit) => schedule.unit_heat_mw[unit][hour] = if taken > NO_HEAT_MW { taken } else { 0.0 },
            Source::Units => together += taken,
            Source::Undumped => schedule.dumped_mw[hour] = piece.heat_mw - taken,
            Source::Unserved => schedule.unserved_mw[hour] = taken,
        }
    }
    if let Some(own) = system.own_power.as_ref().filter(|_| !system.one_power_price()) {
        for (unit, heat, electric) in two_prices::orders(system, own, order, hour).output(together).by_unit {
            schedule.unit_heat_mw[unit][hour] = heat;
            schedule.unit_electric_mw[unit][hour] = electric;
            schedule.unit_on[unit][hour] = heat > 0.0 || electric > 0.0;
        }
        return;
    }
    for unit in 0..system.units.len() {
        let line = heat_line(system, unit, hour, system.power_price_rub_mwh[hour]);
        let heat = schedule.unit_heat_mw[unit][hour];
        schedule.unit_electric_mw[unit][hour] = line.electric_mw + line.electric_share * heat;
        schedule.unit_on[unit][hour] = heat > 0.0 || line.electric_mw > 0.0;
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of hours are small")]
fn share(done: usize, total: usize) -> f64 {
    done as f64 / total as f64
}
