//! A study with parts of it multiplied: what an uncertain factor does to it.

use super::{EconomicStudy, Stream};
use serde::{Deserialize, Serialize};

/// Factors on parts of a study, for uncertainty; 1 leaves a part as it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Multipliers {
    /// On the cost of what is built, renewed and closed down.
    pub capital_cost: f64,
    /// On prices of fixed and variable operation.
    pub operation_cost: f64,
    /// On prices of fuel.
    pub fuel_price: f64,
    /// On quantities of fuel: one over the factor of efficiency.
    pub fuel_use: f64,
    /// On prices of electricity, sold, bought or no longer bought.
    pub electricity_price: f64,
    /// On prices of heat.
    pub heat_price: f64,
    /// On prices of the present fuel.
    pub present_fuel_price: f64,
    /// On what is produced and on all quantities that follow it: the factor of availability.
    pub output: f64,
}

impl Default for Multipliers {
    fn default() -> Self {
        Self {
            capital_cost: 1.0,
            operation_cost: 1.0,
            fuel_price: 1.0,
            fuel_use: 1.0,
            electricity_price: 1.0,
            heat_price: 1.0,
            present_fuel_price: 1.0,
            output: 1.0,
        }
    }
}

impl EconomicStudy {
    /// The same study with parts of it multiplied.
    #[must_use]
    pub fn multiplied(&self, by: &Multipliers) -> Self {
        let mut study = self.clone();
        for item in &mut study.capital {
            item.cost_rub *= by.capital_cost;
        }
        study.decommissioning_rub *= by.capital_cost;
        for flow in &mut study.flows {
            let (price, quantity) = match flow.stream {
                Stream::FixedOperation => (by.operation_cost, 1.0),
                Stream::VariableOperation => (by.operation_cost, by.output),
                Stream::Fuel => (by.fuel_price, by.output * by.fuel_use),
                Stream::Carbon => (1.0, by.output * by.fuel_use),
                Stream::ElectricitySales | Stream::AvoidedElectricity | Stream::ElectricityPurchase => {
                    (by.electricity_price, by.output)
                }
                Stream::HeatSales => (by.heat_price, by.output),
                // The plant's efficiency is not that of the boilers.
                Stream::BoilerFuel | Stream::AvoidedFuel => (by.present_fuel_price, by.output),
                _ => (1.0, 1.0),
            };
            flow.price_rub *= price;
            flow.quantity = flow.quantity.scaled(quantity);
        }
        study.electricity_mwh_a = study.electricity_mwh_a.scaled(by.output);
        study.heat_mwh_a = study.heat_mwh_a.scaled(by.output);
        study
    }
}
