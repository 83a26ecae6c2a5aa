//! The cost of an hour's heat where electricity is dearer to buy than to sell and some of it is used on the spot.

use super::merit::{HeatLine, heat_line};
use super::{OwnPower, System};
use crate::energy::plant::Conversion;

/// More units than this make too many orders of merit; the linear program then serves.
pub(super) const MOST_UNITS: usize = 8;
/// Prices nearer to each other than this share are one.
const SAME_PRICE: f64 = 1e-12;

/// The orders of merit of an hour over the prices from sale to purchase, each with its lines.
pub(super) struct Orders {
    demand_mw: f64,
    sale: f64,
    purchase: f64,
    /// By rising price of electricity: units in their order, with their lines.
    by_price: Vec<Vec<(usize, HeatLine)>>,
}

/// What the units do for some heat at least cost.
pub(super) struct Output {
    /// Heat and electricity by unit of the system.
    pub(super) by_unit: Vec<(usize, f64, f64)>,
    electric_mw: f64,
}

/// The orders of an hour.
///
/// The least cost `C(Y)` of heat `Y` with use `D` of electricity is, by duality, the greatest over prices `p` between sale and
/// purchase of `g_p(Y) + p D`, with `g_p` the cost by merit at price `p`. The order of merit changes at few prices: where two units
/// cost the same, and where an extraction turbine begins to pay for its fuel. Electricity made never falls as `p` rises. So either the
/// sale price decides (more is made than used), or the purchase price (less), or two neighbouring orders are mixed such that as
/// much is made as is used.
pub(super) fn orders(system: &System, own: &OwnPower, names: &[usize], hour: usize) -> Orders {
    let (sale, purchase) = (system.power_price_rub_mwh[hour], own.purchase_price_rub_mwh[hour]);
    let mut prices = vec![sale];
    if purchase - sale > SAME_PRICE * (1.0 + purchase.abs()) {
        let mut kinks: Vec<f64> = names.iter().filter_map(|unit| switch_price(system, *unit)).collect();
        kinks.retain(|price| (sale..purchase).contains(price));
        kinks.extend([sale, purchase]);
        kinks.sort_by(f64::total_cmp);
        let mut critical = kinks.clone();
        for pair in kinks.windows(2) {
            crossings(system, names, hour, pair[0], pair[1], &mut critical);
        }
        critical.sort_by(f64::total_cmp);
        critical.dedup_by(|b, a| *b - *a <= SAME_PRICE * (1.0 + a.abs()));
        // Between two critical prices nothing changes: their middle stands for all of them.
        prices = critical.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])).collect();
    }
    let order = |price: f64| {
        let mut order: Vec<(usize, HeatLine)> = names.iter().map(|unit| (*unit, heat_line(system, *unit, hour, price))).collect();
        order.sort_by(|a, b| a.1.cost_rub_mwh.total_cmp(&b.1.cost_rub_mwh));
        order
    };
    Orders { demand_mw: own.demand_mw[hour], sale, purchase, by_price: prices.into_iter().map(order).collect() }
}

/// Price of electricity at which an extraction turbine begins to pay for its fuel without heat.
fn switch_price(system: &System, unit: usize) -> Option<f64> {
    let dispatched = &system.units[unit];
    match &dispatched.conversion {
        Conversion::FixedRatio(_) => None,
        Conversion::Extraction(turbine) => {
            Some(dispatched.full_hour_rub() / turbine.condensing_mw + dispatched.power_cost_rub_mwh)
        }
    }
}

/// Prices between two, without a kink between them, at which two units' heat costs the same.
fn crossings(system: &System, names: &[usize], hour: usize, from: f64, to: f64, found: &mut Vec<f64>) {
    let (one, other) = (from + (to - from) / 3.0, from + (to - from) * 2.0 / 3.0);
    let cost = |unit: usize, price: f64| heat_line(system, unit, hour, price).cost_rub_mwh;
    for (place, &a) in names.iter().enumerate() {
        for &b in &names[place + 1..] {
            let (gap, later) = (cost(a, one) - cost(b, one), cost(a, other) - cost(b, other));
            let price = one - gap * (other - one) / (later - gap);
            if price > from && price < to {
                found.push(price);
            }
        }
    }
}

impl Orders {
    /// Most heat.
    pub(super) fn most_heat_mw(&self) -> f64 {
        self.by_price.first().map_or(0.0, |order| order.iter().map(|(_, line)| line.heat_mw).sum())
    }

    fn by_order(order: &[(usize, HeatLine)], heat_mw: f64) -> Output {
        let mut left = heat_mw;
        let mut output = Output { by_unit: Vec::with_capacity(order.len()), electric_mw: 0.0 };
        for (unit, line) in order {
            let heat = line.heat_mw.min(left).max(0.0);
            left -= heat;
            let electric = line.electric_mw + line.electric_share * heat;
            output.electric_mw += electric;
            output.by_unit.push((*unit, heat, electric));
        }
        output
    }

    /// What the units do for this much heat.
    pub(super) fn output(&self, heat_mw: f64) -> Output {
        let mut before: Option<Output> = None;
        for order in &self.by_price {
            let output = Self::by_order(order, heat_mw);
            if output.electric_mw >= self.demand_mw {
                return match before {
                    Some(less) if output.electric_mw > less.electric_mw => self.mixed(&less, &output),
                    _ => output,
                };
            }
            before = Some(output);
        }
        before.unwrap_or(Output { by_unit: Vec::new(), electric_mw: 0.0 })
    }

    /// The part of one and the part of the other that make as much electricity as is used.
    fn mixed(&self, less: &Output, more: &Output) -> Output {
        let part = (self.demand_mw - less.electric_mw) / (more.electric_mw - less.electric_mw);
        let by_unit = more.by_unit.iter().map(|(unit, heat, electric)| {
            let of_less = less.by_unit.iter().find(|entry| entry.0 == *unit).map_or((0.0, 0.0), |entry| (entry.1, entry.2));
            (*unit, of_less.0 + part * (heat - of_less.0), of_less.1 + part * (electric - of_less.1))
        });
        Output { by_unit: by_unit.collect(), electric_mw: self.demand_mw }
    }

    /// Cost of an output, electricity bought and sold with it.
    fn cost(&self, system: &System, output: &Output) -> f64 {
        let of_unit = |(unit, heat, electric): &(usize, f64, f64)| {
            let dispatched = &system.units[*unit];
            let load = match &dispatched.conversion {
                Conversion::FixedRatio(ratio) => heat / ratio.heat_mw,
                Conversion::Extraction(turbine) => (electric + turbine.cv * heat) / turbine.condensing_mw,
            };
            load * dispatched.full_hour_rub()
                + heat * dispatched.heat_cost_rub_mwh
                + electric.max(0.0) * dispatched.power_cost_rub_mwh
        };
        let over = output.electric_mw - self.demand_mw;
        output.by_unit.iter().map(of_unit).sum::<f64>() - over * if over < 0.0 { self.purchase } else { self.sale }
    }

    /// The pieces (cost, heat) of the least cost over heat, from none to the most.
    pub(super) fn pieces(&self, system: &System) -> Vec<(f64, f64)> {
        let most = self.most_heat_mw();
        let mut corners = vec![0.0, most];
        for order in &self.by_price {
            let (mut heat, mut electric) = (0.0, order.iter().map(|(_, line)| line.electric_mw).sum::<f64>());
            for (_, line) in order {
                // Where as much electricity is made as is used.
                let balanced = (self.demand_mw - electric) / line.electric_share;
                if balanced > 0.0 && balanced < line.heat_mw {
                    corners.push(heat + balanced);
                }
                heat += line.heat_mw;
                electric += line.electric_share * line.heat_mw;
                corners.push(heat.min(most));
            }
        }
        corners.sort_by(f64::total_cmp);
        corners.dedup_by(|b, a| *b - *a <= 1e-9);
        let costs: Vec<f64> = corners.iter().map(|heat| self.cost(system, &self.output(*heat))).collect();
        let mut pieces: Vec<(f64, f64)> = Vec::with_capacity(corners.len());
        for (heat, cost) in corners.windows(2).zip(costs.windows(2)) {
            let length = heat[1] - heat[0];
            let slope = (cost[1] - cost[0]) / length;
            // The curve is convex; what falls is rounding.
            let slope = pieces.last().map_or(slope, |last| last.0.max(slope));
            pieces.push((slope, length));
        }
        pieces
    }
}
