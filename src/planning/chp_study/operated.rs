//! A year of operation as it turns out: that of the plan, or one in which the plant runs less or more, on more or less fuel.

use super::heat_sold_mwh;
use super::money::{PlantMoney, operation_rub};
use crate::energy::plant::Conversion;

/// How the plant does against the plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Operation {
    /// Hours in which it can run over those of the plan.
    pub output: f64,
    /// Fuel for the same output over that of the plan.
    pub fuel_use: f64,
}

impl Operation {
    /// As planned.
    pub(super) const PLANNED: Self = Self { output: 1.0, fuel_use: 1.0 };
}

/// What is burned, made and sold in a year of operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct OperatedYear {
    /// Peat that the plant wants, MWh.
    pub peat_need_mwh: f64,
    /// Fuel that is no peat by the plant's own mix, MWh.
    pub wood_mwh: f64,
    /// Heat of the plant that arrives, MWh.
    pub plant_heat_mwh: f64,
    /// Operation of the plant by its output and its starts, RUB.
    pub plant_operation_rub: f64,
    /// Fuel of the backup boiler, MWh.
    pub backup_fuel_mwh: f64,
    /// Operation of the backup boiler by its output, RUB.
    pub backup_operation_rub: f64,
    /// Heat that the project sells, MWh.
    pub heat_sold_mwh: f64,
    /// Electricity of the project, net of what its boilers use, MWh; below nought it is bought.
    pub electricity_mwh: f64,
}

impl OperatedYear {
    /// A year in which the plant's hours and its fuel are those of the plan times a factor.
    ///
    /// More heat than the backup boiler makes cannot be taken from it, and no consumer takes more than he needs: so much is the
    /// most that a good year brings. Heat that the plant does not make is made by the boiler: of the project where it builds one,
    /// else of others, who sell it then. A turbine with a condenser makes its electricity whatever the heat.
    pub(super) fn of(money: &PlantMoney<'_>, by: Operation) -> Self {
        let [plant, backup] = [&money.year.units[0], &money.year.units[1]];
        let most = if plant.heat_mwh > 0.0 { 1.0 + backup.heat_mwh / plant.heat_mwh } else { 1.0 };
        let heat = by.output.min(most);
        let output = if matches!(money.unit.conversion, Conversion::Extraction(_)) { by.output } else { heat };
        let more_mwh = (heat - 1.0) * plant.heat_mwh;
        let boiler = &money.backup.conversion;
        let by_heat = |amount_mw: f64| -more_mwh * amount_mw / boiler.heat_mw();
        let built = money.query.build_backup;
        let own_use_mwh = if built { backup.electric_mwh + by_heat(boiler.electric_mw()) } else { 0.0 };
        let sold = heat_sold_mwh(money.year, money.query);
        Self {
            peat_need_mwh: money.peat_need_mwh * output * by.fuel_use,
            wood_mwh: money.wood_mwh * output * by.fuel_use,
            plant_heat_mwh: plant.heat_mwh * heat,
            plant_operation_rub: operation_rub(plant, money.unit) * output,
            backup_fuel_mwh: (backup.fuel_mwh + by_heat(boiler.fuel_mw())).max(0.0),
            backup_operation_rub: (operation_rub(backup, money.backup) - more_mwh * money.backup.variable_cost_rub_mwh).max(0.0),
            heat_sold_mwh: if built { sold } else { (sold + more_mwh).max(0.0) },
            electricity_mwh: plant.electric_mwh * output + own_use_mwh,
        }
    }
}
