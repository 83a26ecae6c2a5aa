//! A year of one size of machine, and the size with the largest net gain.

use super::expansion::Expansion;
use super::investment::SpecificCosts;
use super::load::SteamLoad;
use super::part_load::{MachineFlow, PartLoad};
use super::state::SteamError;
use serde::Serialize;

/// Sizes of the curve that results show.
const CURVE_SIZES: u16 = 40;
/// Sizes that the search looks at between its ends, before it looks closer.
const SEARCHED_SIZES: u16 = 160;
/// Flows of a load whose kinks the search looks at.
const SEARCHED_FLOWS: usize = 64;

/// A year with a machine of one size. Roubles are those of the price year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SizePoint {
    /// Power at the generator's terminals at full load.
    pub size_kw: f64,
    /// Steam at full load.
    pub design_steam_t_h: f64,
    /// Isentropic efficiency at full load.
    pub isentropic_efficiency: f64,
    /// Hours in which the machine runs.
    pub running_h_a: f64,
    /// Electricity sent out over what full load would send out.
    pub full_load_h_a: f64,
    /// Steam through the machine.
    pub machine_steam_t_a: f64,
    /// Steam that the boilers make more, for the same heat to the users.
    pub extra_steam_t_a: f64,
    /// Fuel that they burn more, net calorific value.
    pub extra_fuel_mwh_a: f64,
    /// Electricity sent out.
    pub electricity_mwh_a: f64,
    /// Of it beyond the own load.
    pub surplus_mwh_a: f64,
    /// What the electricity is worth.
    pub electricity_value_rub_a: f64,
    /// What the fuel costs.
    pub fuel_cost_rub_a: f64,
    /// Operation and maintenance.
    pub o_and_m_rub_a: f64,
    /// Machine and installation.
    pub investment_rub: f64,
    /// The investment as a yearly sum over the service life.
    pub capital_rub_a: f64,
    /// Electricity less fuel, operation and capital.
    pub net_gain_rub_a: f64,
    /// Investment over the gain before capital; none where there is no such gain.
    pub simple_payback_a: Option<f64>,
}

/// All of a boiler house that does not depend on the machine's size.
#[derive(Debug, Clone)]
pub(super) struct BoilerHouse {
    /// With an efficiency that each size replaces by its own.
    pub expansion: Expansion,
    pub load: SteamLoad,
    pub costs: SpecificCosts,
    pub no_load_steam_share: f64,
    pub minimum_load_share: f64,
    /// Infinite where there is none.
    pub boiler_limit_t_h: f64,
    pub boiler_heat_kj_kg: f64,
    pub boiler_efficiency: f64,
    pub availability: f64,
    pub fuel_cost_rub_mwh: f64,
    pub electricity_value_rub_mwh: f64,
    /// Infinite where all electricity saves bought one.
    pub own_electric_load_kw: f64,
    pub surplus_value_rub_mwh: f64,
    /// Yearly sum for a rouble of investment.
    pub capital_recovery: f64,
}

impl BoilerHouse {
    /// A tonne of steam through the machine of a size.
    fn expansion(&self, size_kw: f64) -> Result<Expansion, SteamError> {
        self.expansion.with_isentropic(self.costs.isentropic_efficiency(size_kw))
    }

    /// The machine of a size.
    pub fn machine(&self, size_kw: f64) -> Result<(Expansion, PartLoad), SteamError> {
        let expansion = self.expansion(size_kw)?;
        let design_steam_t_h = size_kw / expansion.gross_kwh_t;
        Ok((expansion, PartLoad::new(design_steam_t_h, self.no_load_steam_share, self.minimum_load_share)?))
    }

    /// How steam goes at a flow through the valve alone.
    pub fn flow(&self, expansion: &Expansion, machine: &PartLoad, steam_t_h: f64) -> MachineFlow {
        machine.flow(expansion, steam_t_h, self.boiler_limit_t_h)
    }

    /// A year of one size: the sum over the load's steps, times the availability.
    pub fn year(&self, size_kw: f64) -> Result<SizePoint, SteamError> {
        let (expansion, machine) = self.machine(size_kw)?;
        let (mut running, mut steam, mut extra, mut energy, mut surplus) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for step in self.load.steps() {
            let flow = self.flow(&expansion, &machine, step.steam_t_h);
            if flow.shaft_kw > 0.0 {
                let hours = step.hours_h_a * self.availability;
                let net_kw = flow.shaft_kw * expansion.efficiency.net();
                running += hours;
                steam += hours * flow.machine_t_h;
                extra += hours * (flow.machine_t_h + flow.valve_t_h - step.steam_t_h);
                energy += hours * net_kw / 1e3;
                surplus += hours * (net_kw - self.own_electric_load_kw).max(0.0) / 1e3;
            }
        }
        let extra_fuel_mwh_a = extra * self.boiler_heat_kj_kg / 3.6e3 / self.boiler_efficiency;
        let electricity_value_rub_a = (energy - surplus) * self.electricity_value_rub_mwh + surplus * self.surplus_value_rub_mwh;
        let fuel_cost_rub_a = extra_fuel_mwh_a * self.fuel_cost_rub_mwh;
        let o_and_m_rub_a = energy * self.costs.o_and_m_rub_mwh(size_kw);
        let investment_rub = size_kw * self.costs.installed_rub_kw(size_kw);
        let capital_rub_a = investment_rub * self.capital_recovery;
        let before_capital = electricity_value_rub_a - fuel_cost_rub_a - o_and_m_rub_a;
        Ok(SizePoint {
            size_kw,
            design_steam_t_h: machine.design_steam_t_h(),
            isentropic_efficiency: expansion.efficiency.isentropic,
            running_h_a: running,
            full_load_h_a: energy * 1e3 / (size_kw * (1.0 - expansion.efficiency.own_use_share)),
            machine_steam_t_a: steam,
            extra_steam_t_a: extra,
            extra_fuel_mwh_a,
            electricity_mwh_a: energy,
            surplus_mwh_a: surplus,
            electricity_value_rub_a,
            fuel_cost_rub_a,
            o_and_m_rub_a,
            investment_rub,
            capital_rub_a,
            net_gain_rub_a: before_capital - capital_rub_a,
            simple_payback_a: (before_capital > 0.0).then(|| investment_rub / before_capital),
        })
    }

    /// The size whose share `of` of the design flow (through the machine alone, as flow through the valve) is `demand_t_h`.
    /// Steam at full load grows with the size, so halving finds it.
    fn size_where(&self, demand_t_h: f64, of: impl Fn(&Expansion) -> f64) -> Result<f64, SteamError> {
        let (mut low, mut high) = (1e-3_f64.ln(), 1e6_f64.ln());
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            let size_kw = f64::exp(middle);
            let expansion = self.expansion(size_kw)?;
            if size_kw / expansion.gross_kwh_t * of(&expansion) < demand_t_h { low = middle } else { high = middle }
        }
        Ok(low.exp())
    }

    /// The size that a flow through the valve alone drives at full load.
    pub fn size_filled_by(&self, demand_t_h: f64) -> Result<f64, SteamError> {
        self.size_where(demand_t_h, |expansion| 1.0 - expansion.drop_kj_kg / expansion.throttled_heat_kj_kg())
    }

    /// The largest size that runs at a flow through the valve alone.
    fn size_kept_running_by(&self, demand_t_h: f64) -> Result<f64, SteamError> {
        let (idle, least) = (self.no_load_steam_share, self.minimum_load_share);
        self.size_where(demand_t_h, |expansion| {
            idle + least * (1.0 - idle) - least * expansion.drop_kj_kg / expansion.throttled_heat_kj_kg()
        })
    }

    /// Sizes for a chart: evenly up to `to_kw`.
    pub fn curve(&self, to_kw: f64) -> Result<Vec<SizePoint>, SteamError> {
        (1..=CURVE_SIZES).map(|size| self.year(to_kw * f64::from(size) / f64::from(CURVE_SIZES))).collect()
    }

    /// The size between two ends with the largest net gain; of equals the smallest.
    ///
    /// The gain is smooth but where a step of the load just fills a machine or its power just serves the own load (kinks),
    /// and where a step just keeps it running (a jump): these sizes are looked at, and a row of sizes between the ends; then golden sections look closer at both sides of
    /// the best of them.
    pub fn best_size(&self, from_kw: f64, to_kw: f64) -> Result<f64, SteamError> {
        let mut sizes: Vec<f64> = (0..=SEARCHED_SIZES)
            .map(|step| from_kw * (to_kw / from_kw).powf(f64::from(step) / f64::from(SEARCHED_SIZES)))
            .collect();
        let steps = self.load.steps();
        for index in 0..steps.len().min(SEARCHED_FLOWS) {
            let step = &steps[index * steps.len() / steps.len().min(SEARCHED_FLOWS)];
            sizes.push(self.size_filled_by(step.steam_t_h)?);
            // A hair below: rounding must not stop the machine there.
            sizes.push(self.size_kept_running_by(step.steam_t_h)? * (1.0 - 1e-9));
        }
        // The size that just serves the own load: beyond it the rest is sold.
        sizes.push(self.own_electric_load_kw / (1.0 - self.expansion.efficiency.own_use_share));
        sizes.retain(|size| (from_kw..=to_kw).contains(size));
        sizes.sort_by(f64::total_cmp);
        sizes.dedup();
        let mut best = (f64::NEG_INFINITY, 0);
        for (index, size) in sizes.iter().enumerate() {
            let gain = self.year(*size)?.net_gain_rub_a;
            if gain > best.0 {
                best = (gain, index);
            }
        }
        let (mut gain, index) = best;
        let mut chosen = sizes.get(index).copied().unwrap_or(to_kw);
        let neighbours = [(index.checked_sub(1), Some(index)), (Some(index), index.checked_add(1))];
        for (left, right) in neighbours {
            let ends = left.and_then(|left| sizes.get(left)).zip(right.and_then(|right| sizes.get(right)));
            if let Some((left, right)) = ends {
                let (size, closer) = self.golden_section(*left, *right)?;
                if closer > gain {
                    (chosen, gain) = (size, closer);
                }
            }
        }
        Ok(chosen)
    }

    /// The best size of a stretch without kinks, and its gain.
    fn golden_section(&self, mut left: f64, mut right: f64) -> Result<(f64, f64), SteamError> {
        let share = (5.0_f64.sqrt() - 1.0) / 2.0;
        let gain = |size: f64| self.year(size).map(|year| year.net_gain_rub_a);
        let mut best = (left, f64::NEG_INFINITY);
        for _ in 0..30 {
            let (a, b) = (right - share * (right - left), left + share * (right - left));
            let (gain_a, gain_b) = (gain(a)?, gain(b)?);
            for found in [(a, gain_a), (b, gain_b)] {
                if found.1 > best.1 {
                    best = found;
                }
            }
            if gain_a >= gain_b { right = b } else { left = a }
        }
        Ok(best)
    }
}
