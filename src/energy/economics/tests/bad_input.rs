//! Nonsense is refused, and the answer says what is allowed.

use super::super::*;
use super::{fixture_project, flow};
use crate::units::MegawattHours;

fn refusal(change: impl FnOnce(&mut EconomicStudy)) -> String {
    let mut study = fixture_project();
    change(&mut study);
    study.result().expect_err("nonsense").to_string()
}

#[test]
fn every_nonsense_is_a_sentence_that_names_the_input() {
    let cases: Vec<(&str, String)> = vec![
        ("operation_years must lie between 1 and 100 a", refusal(|study| study.operation_years = 0)),
        ("operation_years must lie between 1 and 100 a", refusal(|study| study.operation_years = 1_000)),
        ("construction_years", refusal(|study| study.construction_years = 0)),
        ("discount_rate must lie between", refusal(|study| study.discount_rate = -1.0)),
        ("discount_rate", refusal(|study| study.discount_rate = f64::NAN)),
        ("inflation", refusal(|study| study.inflation = f64::INFINITY)),
        ("first_year", refusal(|study| study.first_year = 3_000)),
        ("the price of \"ElectricitySales\"", refusal(|study| study.flows[3].price_rub = -1.0)),
        ("the price of \"Fuel\"", refusal(|study| study.flows[2].price_rub = f64::NAN)),
        ("the quantity of \"Fuel\"", refusal(|study| study.flows[2].quantity = YearSeries::Level(-5.0))),
        ("held 2", refusal(|study| study.flows[2].quantity = YearSeries::ByYear(vec![1.0, 2.0]))),
        ("price_escalation", refusal(|study| study.flows[2].escalation = 9.0)),
        ("yearly flow in this stream", refusal(|study| study.flows.push(flow(Stream::ProfitTax, 1.0, 1.0, 0.0)))),
        ("the cost of \"plant\"", refusal(|study| study.capital[0].cost_rub = -1.0)),
        ("the life of \"plant\" must lie between 1 and 100 years", refusal(|study| study.capital[0].life_years = 0)),
        ("investment_shares", refusal(|study| study.investment_shares = vec![1.0])),
        ("must add up to 1", refusal(|study| study.investment_shares = vec![0.5, 0.2, 0.2])),
        ("investment_shares", refusal(|study| study.investment_shares = vec![2.0, -1.0, 0.0])),
        ("electricity sells 30000 MWh", refusal(|study| study.electricity_mwh_a = YearSeries::Level(1.0))),
        ("heat_mwh_a", refusal(|study| study.heat_mwh_a = YearSeries::Level(f64::NAN))),
        ("loan_share", refusal(|study| study.loan = Some(Loan { share: 1.5, rate: 0.1, years: 5 }))),
        ("the years of operation", refusal(|study| study.loan = Some(Loan { share: 0.5, rate: 0.1, years: 21 }))),
        (
            "profit_tax_rate",
            refusal(|study| study.profit_tax = Some(ProfitTax { rate: 2.0, depreciation_years: 5, loss_use_share: 1.0 })),
        ),
        (
            "depreciation_years",
            refusal(|study| study.profit_tax = Some(ProfitTax { rate: 0.2, depreciation_years: 0, loss_use_share: 1.0 })),
        ),
        ("decommissioning_rub", refusal(|study| study.decommissioning_rub = f64::NAN)),
    ];
    for (expected, sentence) in cases {
        assert!(sentence.contains(expected), "{expected:?} is not in {sentence:?}");
    }
}

#[test]
fn functions_refuse_rates_and_years_that_are_none() {
    for rate in [-1.0, -2.0, f64::NAN, f64::INFINITY] {
        assert!(capital_recovery_factor(rate, 10).is_err());
        assert!(net_present_value(rate, &[1.0]).is_err());
        assert!(annuity_factor(10, 0.0, rate, EscalationStart::FirstYear).is_err());
        assert!(discounted_payback_years(rate, &[1.0]).is_err());
        assert!(nominal_rate(rate, 0.0).is_err() && real_rate(0.1, rate).is_err());
    }
    assert!(capital_recovery_factor(0.1, 0).is_err() && capital_recovery_factor(0.1, 1_000).is_err());
    assert!(rates_of_return(&[1.0, f64::NAN]).is_err() && payback_years(&[f64::INFINITY]).is_err());
    assert!(net_present_value(-0.98, &[1e15; 300]).is_err(), "beyond the numbers is an error, not an infinity");
    assert!(levelised_cost(0.1, &[1.0, 1.0], &[0.0, 0.0]).is_err());
    assert!(levelised_cost(0.1, &[1.0, 1.0], &[1.0]).is_err());
    assert!(levelised_cost(0.1, &[1.0, 1.0], &[-1.0, 3.0]).is_err());
    assert!(scaled_cost(1.0, 0.0, 5.0, &SizeExponents::single(0.7)).is_err());
    assert!(scaled_cost(1.0, 5.0, 5.0, &SizeExponents::single(f64::NAN)).is_err());
}

#[test]
fn fuel_is_not_shared_where_physics_forbids_it() {
    let plant = |fuel, electricity, heat| JointProduction {
        fuel_mwh: MegawattHours(fuel),
        electricity_mwh: MegawattHours(electricity),
        heat_mwh: MegawattHours(heat),
    };
    let physical = AllocationMethod::Physical { boiler_efficiency: 0.8 };
    assert!(allocate_fuel(plant(100.0, 5.0, 90.0), physical).is_err(), "heat alone would take 112.5");
    assert!(allocate_fuel(plant(100.0, 90.0, 90.0), AllocationMethod::Energy).is_err());
    assert!(allocate_fuel(plant(0.0, 1.0, 1.0), AllocationMethod::Energy).is_err());
    assert!(allocate_fuel(plant(100.0, 0.0, 0.0), AllocationMethod::Energy).is_err());
    assert!(allocate_fuel(plant(100.0, 20.0, 50.0), AllocationMethod::Physical { boiler_efficiency: 1.5 }).is_err());
    assert!(allocate_fuel(plant(100.0, 20.0, f64::NAN), AllocationMethod::Energy).is_err());
    assert!(carnot_factor(50.0, 60.0, 0.0).is_err() && carnot_factor(90.0, 60.0, 80.0).is_err());
}

#[test]
fn the_greatest_numbers_that_are_allowed_make_no_infinity_and_no_panic() {
    let mut study = fixture_project();
    (study.construction_years, study.operation_years, study.investment_shares) = (20, 100, Vec::new());
    (study.discount_rate, study.inflation, study.capital_escalation) = (-0.5, 1.0, 0.5);
    for flow in &mut study.flows {
        (flow.quantity, flow.price_rub, flow.escalation) = (YearSeries::Level(1e12), 1e5, 0.5);
    }
    (study.electricity_mwh_a, study.heat_mwh_a) = (YearSeries::Level(1e12), YearSeries::Level(1e12));
    match study.result() {
        Ok(result) => assert!(result.measures.npv_rub.is_finite()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
