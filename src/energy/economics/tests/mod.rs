//! Claims about money: against other programs (`tests/fixtures/economics`), published numbers, and properties.

mod bad_input;
mod outside_numbers;
mod properties;

use super::{CapitalItem, EconomicStudy, Stream, YearSeries, YearlyFlow};
use crate::model::{ParameterValues, economics_parameters};

fn flow(stream: Stream, quantity: f64, price_rub: f64, escalation: f64) -> YearlyFlow {
    YearlyFlow { stream, name: format!("{stream:?}"), quantity: YearSeries::Level(quantity), price_rub, escalation }
}

fn item(name: &str, cost_rub: f64, life_years: u32) -> CapitalItem {
    CapitalItem { name: name.to_owned(), cost_rub, life_years }
}

fn empty() -> EconomicStudy {
    EconomicStudy::from_numbers(&ParameterValues::defaults(economics_parameters()))
}

/// The project of the fixtures.
fn fixture_project() -> EconomicStudy {
    EconomicStudy {
        price_year: 2024,
        first_year: 2026,
        discount_rate: 0.08,
        inflation: 0.045,
        construction_years: 3,
        operation_years: 20,
        capital: vec![item("plant", 800e6, 25), item("machines", 100e6, 8)],
        capital_escalation: 0.005,
        investment_shares: vec![0.2, 0.5, 0.3],
        decommissioning_rub: 30e6,
        working_capital_rub: 40e6,
        flows: vec![
            flow(Stream::FixedOperation, 1.0, 30e6, 0.01),
            flow(Stream::VariableOperation, 30e3, 450.0, 0.0),
            flow(Stream::Fuel, 150e3, 620.0, 0.012),
            flow(Stream::ElectricitySales, 30e3, 5_200.0, 0.015),
            flow(Stream::HeatSales, 90e3, 1_900.0, -0.003),
        ],
        electricity_mwh_a: YearSeries::Level(30e3),
        heat_mwh_a: YearSeries::Level(90e3),
        ..empty()
    }
}
