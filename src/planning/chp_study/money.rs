//! The money of a plant: what is built, and what flows each year.

use super::ChpQuery;
use super::operated::{OperatedYear, Operation};
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
    /// Delivered price of peat in the first year.
    pub peat_rub_mwh: f64,
    /// Fuel that is no peat by the plant's own mix.
    pub wood_mwh: f64,
    /// Delivered price of wood chips, which also stand in for peat that is short.
    pub wood_rub_mwh: f64,
    /// Price of the backup boiler's fuel.
    pub backup_rub_mwh: f64,
    /// Length of pipe, mean by heat.
    pub mean_pipe_km: f64,
    /// Carbon dioxide that a carbon price counts of a MWh of peat and of one of the backup boiler's fuel, t.
    pub fossil_co2_t_mwh: [f64; 2],
}

impl PlantMoney<'_> {
    /// Years of operation that are counted.
    pub(super) fn operation_years(&self) -> usize {
        whole(self.query.economics.get("operation_years")) as usize
    }

    /// What the years of operation burn, make and sell; every one alike but for its peat.
    pub(super) fn operated(&self, by: Operation) -> OperatedYear {
        OperatedYear::of(self, by)
    }

    /// The project of a year of operation, with the peat of each year.
    pub(super) fn project(&self, operated: &OperatedYear, peat: &[PeatYear]) -> EconomicStudy {
        let numbers = &self.query.economics;
        let mut study = EconomicStudy::from_numbers(numbers);
        self.capital(&mut study);
        let escalation = numbers.get("price_escalation");
        let mut flow = |stream, name: &str, quantity: YearSeries, price_rub: f64| {
            study.flows.push(YearlyFlow { stream, name: name.into(), quantity, price_rub, escalation });
        };
        let level = YearSeries::Level;
        let by_year = |of: &dyn Fn(&PeatYear) -> f64| YearSeries::ByYear(peat.iter().map(of).collect());
        // Dearer fields step in as cheap ones are worked out: the price is another one each year, so the amount is the cost.
        flow(Stream::Fuel, "peat", by_year(&|year| year.cost_rub), 1.0);
        let missing = |year: &PeatYear| (operated.peat_need_mwh - year.supplied_mwh).max(0.0);
        flow(Stream::Fuel, "wood chips", by_year(&|year| operated.wood_mwh + missing(year)), self.wood_rub_mwh);
        flow(Stream::FixedOperation, "plant", level(1.0), self.unit.fixed_cost_rub_a);
        flow(Stream::VariableOperation, "plant", level(1.0), operated.plant_operation_rub);
        // Annuity, repair and pumping of the pipes for each MWh and kilometre.
        let moved_mwh_km = operated.plant_heat_mwh * self.mean_pipe_km;
        flow(Stream::VariableOperation, "heat pipes", level(moved_mwh_km), self.query.pipes.get("pipe_cost_rub_mwh_km"));
        let built = self.query.build_backup;
        if built {
            flow(Stream::BoilerFuel, "fuel of the backup boiler", level(operated.backup_fuel_mwh), self.backup_rub_mwh);
            flow(Stream::FixedOperation, "backup boiler", level(1.0), self.backup.fixed_cost_rub_a);
            flow(Stream::VariableOperation, "backup boiler", level(1.0), operated.backup_operation_rub);
        }
        let [sold, bought] = [operated.electricity_mwh, -operated.electricity_mwh].map(|mwh| mwh.max(0.0));
        if bought > 0.0 {
            let price = numbers.get("electricity_purchase_price_rub_mwh");
            flow(Stream::ElectricityPurchase, "electricity of the boilers", level(bought), price);
        }
        flow(Stream::ElectricitySales, "electricity", level(sold), numbers.get("electricity_sale_price_rub_mwh"));
        flow(Stream::HeatSales, "heat", level(operated.heat_sold_mwh), numbers.get("heat_price_rub_mwh"));
        let carbon = numbers.get("carbon_price_rub_t");
        if carbon > 0.0 {
            let [of_peat, of_backup] = self.fossil_co2_t_mwh;
            let backup_t = if built { operated.backup_fuel_mwh * of_backup } else { 0.0 };
            let tonnes = by_year(&|year| year.supplied_mwh * of_peat + backup_t);
            flow(Stream::Carbon, "fossil carbon dioxide", tonnes, carbon);
        }
        study.electricity_mwh_a = level(sold);
        study.heat_mwh_a = level(operated.heat_sold_mwh);
        study
    }

    /// The project with the money that its stocks bind.
    pub(super) fn with_working_capital(&self, mut study: EconomicStudy) -> EconomicStudy {
        study.working_capital_rub = self.query.economics.get("working_capital_share") * study.operation_and_fuel_rub().max(0.0);
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
pub(super) fn operation_rub(year: &UnitYear, unit: &PlantUnit) -> f64 {
    year.operation_rub + year.starts as f64 * unit.start_cost_rub
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the reference files keep these between 1 and 10⁶")]
pub(super) fn whole(number: f64) -> u32 {
    number.round().max(1.0) as u32
}
