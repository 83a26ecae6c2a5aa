//! The money of a plant: what is built, and what flows each year.

use super::ChpQuery;
use super::peat_years::PeatYear;
use crate::energy::dispatch::{DispatchYear, HeatStore, UnitYear};
use crate::energy::economics::{CapitalItem, EconomicStudy, Stream, YearSeries, YearlyFlow};
use crate::energy::plant::PlantUnit;

/// What is built, burned and sold, as far as the money needs it.
pub(super) struct PlantMoney<'a> {
    pub query: &'a ChpQuery,
    pub unit: &'a PlantUnit,
    pub backup: &'a PlantUnit,
    pub store: Option<&'a HeatStore>,
    pub year: &'a DispatchYear,
    /// Peat that the plant wants a year.
    pub peat_need_mwh: f64,
    /// Delivered price of peat in the first year, for the stock that is bound.
    pub peat_rub_mwh: f64,
    /// Fuel that is no peat by the plant's own mix.
    pub wood_mwh: f64,
    /// Delivered price of wood chips, which also stand in for peat that is short.
    pub wood_rub_mwh: f64,
    /// Price of the backup boiler's fuel.
    pub backup_rub_mwh: f64,
    /// Length of pipe, mean by heat.
    pub mean_pipe_km: f64,
    /// Carbon dioxide of a year that a carbon price counts, t.
    pub fossil_co2_t_a: f64,
}

impl PlantMoney<'_> {
    /// Years of operation that are counted.
    pub(super) fn operation_years(&self) -> usize {
        whole(self.query.economics.get("operation_years")) as usize
    }

    /// The project, with the peat of each year of operation.
    pub(super) fn project(&self, peat: &[PeatYear]) -> EconomicStudy {
        let numbers = &self.query.economics;
        let mut study = EconomicStudy::from_numbers(numbers);
        self.capital(&mut study);
        let escalation = numbers.get("price_escalation");
        let mut flow = |stream, name: &str, quantity: YearSeries, price_rub: f64| {
            study.flows.push(YearlyFlow { stream, name: name.into(), quantity, price_rub, escalation });
        };
        let level = YearSeries::Level;
        // Dearer fields step in as cheap ones are worked out: the price is another one each year, so the amount is the cost.
        flow(Stream::Fuel, "peat", YearSeries::ByYear(peat.iter().map(|year| year.cost_rub).collect()), 1.0);
        let missing = |year: &PeatYear| (self.peat_need_mwh - year.supplied_mwh).max(0.0);
        let wood = peat.iter().map(|year| self.wood_mwh + missing(year)).collect();
        flow(Stream::Fuel, "wood chips", YearSeries::ByYear(wood), self.wood_rub_mwh);
        let [plant, backup] = [&self.year.units[0], &self.year.units[1]];
        flow(Stream::FixedOperation, "plant", level(1.0), self.unit.fixed_cost_rub_a);
        flow(Stream::VariableOperation, "plant", level(1.0), operation_rub(plant, self.unit));
        // Annuity, repair and pumping of the pipes for each MWh and kilometre.
        let moved_mwh_km = plant.heat_mwh * self.mean_pipe_km;
        flow(Stream::VariableOperation, "heat pipes", level(moved_mwh_km), self.query.pipes.get("pipe_cost_rub_mwh_km"));
        let heat = super::heat_sold_mwh(self.year, self.query);
        let mut electricity = plant.electric_mwh;
        if self.query.build_backup {
            flow(Stream::BoilerFuel, "fuel of the backup boiler", level(backup.fuel_mwh), self.backup_rub_mwh);
            flow(Stream::FixedOperation, "backup boiler", level(1.0), self.backup.fixed_cost_rub_a);
            flow(Stream::VariableOperation, "backup boiler", level(1.0), operation_rub(backup, self.backup));
            electricity += backup.electric_mwh;
        }
        let electricity = electricity.max(0.0);
        flow(Stream::ElectricitySales, "electricity", level(electricity), numbers.get("electricity_sale_price_rub_mwh"));
        flow(Stream::HeatSales, "heat", level(heat), numbers.get("heat_price_rub_mwh"));
        let carbon = numbers.get("carbon_price_rub_t");
        if carbon > 0.0 {
            flow(Stream::Carbon, "fossil carbon dioxide", level(self.fossil_co2_t_a), carbon);
        }
        study.working_capital_rub = numbers.get("working_capital_share") * self.peat_need_mwh * self.peat_rub_mwh;
        study.electricity_mwh_a = level(electricity);
        study.heat_mwh_a = level(heat);
        study
    }

    fn capital(&self, study: &mut EconomicStudy) {
        let mut item = |name: &str, cost_rub: f64, life_years: f64| {
            study.capital.push(CapitalItem { name: name.into(), cost_rub, life_years: whole(life_years) });
        };
        item("plant", self.unit.investment_rub, self.unit.life_a);
        if self.query.build_backup {
            item("backup boiler", self.backup.investment_rub, self.backup.life_a);
        }
        if let Some(store) = self.store {
            item("heat store", store.investment_rub(&self.query.plants), self.query.plants.get("store_life_a"));
        }
    }
}

/// Operation by output, with what its starts cost.
#[expect(clippy::cast_precision_loss, reason = "at most as many starts as hours")]
fn operation_rub(year: &UnitYear, unit: &PlantUnit) -> f64 {
    year.operation_rub + year.starts as f64 * unit.start_cost_rub
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the reference files keep these between 1 and 10⁶")]
pub(super) fn whole(number: f64) -> u32 {
    number.round().max(1.0) as u32
}
