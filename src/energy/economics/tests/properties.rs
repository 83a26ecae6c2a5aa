//! What must hold for every project.

use super::super::*;
use super::{fixture_project, flow, item};
use proptest::prelude::*;

/// A project with an outlay first, of any size within reason.
fn project() -> impl Strategy<Value = EconomicStudy> {
    let rates = (0.0..0.25_f64, 0.0..0.12_f64, -0.02..0.03_f64);
    let years = (1..6_u32, 1..40_u32, 1..30_u32);
    let money = (1e6..1e10_f64, 0.0..1e8_f64, 0.0..2_000.0_f64, 0.0..9_000.0_f64, 0.0..4_000.0_f64, 0.0..1e8_f64);
    (rates, years, money, 2020..2030_i32).prop_map(|(rates, years, money, first_year)| EconomicStudy {
        first_year,
        discount_rate: rates.0,
        inflation: rates.1,
        construction_years: years.0,
        operation_years: years.1,
        capital: vec![item("plant", money.0, years.2), item("rest", 0.2 * money.0, 12)],
        investment_shares: Vec::new(),
        working_capital_rub: money.5,
        flows: vec![
            flow(Stream::FixedOperation, 1.0, money.1, 0.0),
            flow(Stream::Fuel, 100e3, money.2, rates.2),
            flow(Stream::ElectricitySales, 20e3, money.3, 0.0),
            flow(Stream::HeatSales, 60e3, money.4, 0.0),
        ],
        electricity_mwh_a: YearSeries::Level(20e3),
        heat_mwh_a: YearSeries::Level(60e3),
        ..fixture_project()
    })
}

fn close(a: f64, b: f64, size: f64) -> bool {
    (a - b).abs() <= 1e-9 * size.max(1.0)
}

fn turnover(table: &CashFlow) -> f64 {
    table.streams.iter().flat_map(|row| &row.amounts_rub).map(|amount| amount.abs()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn another_currency_changes_nothing_relative(study in project(), factor in 0.01..100.0_f64) {
        let mut other = study.clone();
        for item in &mut other.capital {
            item.cost_rub *= factor;
        }
        for flow in &mut other.flows {
            flow.price_rub *= factor;
        }
        other.decommissioning_rub *= factor;
        other.working_capital_rub *= factor;
        let (a, b) = (study.result().unwrap(), other.result().unwrap());
        let size = turnover(&a.cash_flow);
        prop_assert!(close(b.measures.npv_rub / factor, a.measures.npv_rub, size));
        let rate = |result: &EconomicResult| result.measures.internal_rate_of_return.only();
        if let (Some(a), Some(b)) = (rate(&a), rate(&b)) {
            prop_assert!((a - b).abs() < 1e-7, "{a} {b}");
        }
        let payback = |result: &EconomicResult| result.measures.simple_payback_years;
        if let (Some(a), Some(b)) = (payback(&a), payback(&b)) {
            prop_assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
    }

    #[test]
    fn a_higher_rate_never_raises_the_value_of_an_outlay_that_comes_first(
        outlay in 1.0..1e9_f64, incomes in prop::collection::vec(0.0..1e8_f64, 1..60), low in 0.0..0.5_f64, more in 0.001..0.5_f64,
    ) {
        let flows: Vec<f64> = std::iter::once(-outlay).chain(incomes).collect();
        let size: f64 = flows.iter().map(|flow| flow.abs()).sum();
        let (a, b) = (net_present_value(low, &flows).unwrap(), net_present_value(low + more, &flows).unwrap());
        prop_assert!(b <= a + 1e-12 * size);
        // And at its only rate of return it is worth nothing, within a cent in a milliard.
        if let Some(rate) = rates_of_return(&flows).unwrap().only().filter(|rate| *rate > -0.5) {
            let worth = net_present_value(rate, &flows).unwrap();
            let sizes: Vec<f64> = flows.iter().map(|flow| flow.abs()).collect();
            prop_assert!(worth.abs() <= 1e-11 * net_present_value(rate, &sizes).unwrap(), "{worth}");
        }
    }

    #[test]
    fn a_levelised_cost_is_the_price_at_which_nothing_is_gained(study in project()) {
        let result = study.result().unwrap();
        let size = turnover(&result.cash_flow);
        for (stream, cost) in [
            (Stream::ElectricitySales, result.levelised_cost_electricity_rub_mwh.unwrap()),
            (Stream::HeatSales, result.levelised_cost_heat_rub_mwh.unwrap()),
        ] {
            let mut at_cost = study.clone();
            for flow in at_cost.flows.iter_mut().filter(|flow| flow.stream == stream) {
                flow.price_rub = cost;
            }
            // A cost below zero (the other product pays for more than all) is no price.
            if cost >= 0.0 {
                prop_assert!(close(at_cost.result().unwrap().measures.npv_rub, 0.0, size));
            }
        }
    }

    #[test]
    fn real_and_nominal_money_say_the_same(study in project(), taxed in any::<bool>(), borrowed in any::<bool>()) {
        let mut study = study;
        study.profit_tax = taxed.then_some(ProfitTax { rate: 0.25, depreciation_years: 12, loss_use_share: 0.5 });
        study.loan = borrowed.then_some(Loan { share: 0.5, rate: 0.13, years: study.operation_years.min(10) });
        let real = study.result().unwrap();
        let nominal = EconomicStudy { terms: Terms::Nominal, ..study.clone() }.result().unwrap();
        prop_assert!(close(real.measures.npv_rub, nominal.measures.npv_rub, turnover(&nominal.cash_flow)));
        let rate = |result: &EconomicResult| result.measures.internal_rate_of_return.only().filter(|rate| *rate > -0.5);
        if let (Some(a), Some(b)) = (rate(&real), rate(&nominal)) {
            prop_assert!((nominal_rate(a, study.inflation).unwrap() - b).abs() < 1e-6, "{a} {b}");
        }
        prop_assert_eq!(real.equity.is_some(), borrowed);
    }

    #[test]
    fn the_rows_add_up_and_no_number_is_lost(study in project()) {
        let result = study.result().unwrap();
        let table = &result.cash_flow;
        for year in 0..table.net_rub.len() {
            let sum: f64 = table.streams.iter().map(|row| row.amounts_rub[year]).sum();
            prop_assert!(close(sum, table.net_rub[year], turnover(table)));
        }
        let by_stream: f64 = table.streams.iter().map(|row| row.present_value_rub).sum();
        prop_assert!(close(by_stream, result.measures.npv_rub, turnover(table)));
        prop_assert!(!serde_json::to_string(&result).unwrap().contains("NaN"));
    }

    #[test]
    fn the_order_of_inputs_changes_no_bit(study in project()) {
        let mut turned = study.clone();
        turned.flows.reverse();
        turned.capital.reverse();
        prop_assert_eq!(study.result().unwrap(), turned.result().unwrap());
    }

    #[test]
    fn a_loan_at_the_discount_rate_changes_no_value_without_a_tax(study in project(), share in 0.1..1.0_f64) {
        let mut study = study;
        let rate = nominal_rate(study.discount_rate, study.inflation).unwrap();
        study.loan = Some(Loan { share, rate, years: study.operation_years.min(15) });
        let result = study.result().unwrap();
        let owner = result.equity.unwrap();
        prop_assert!(close(owner.measures.npv_rub, result.measures.npv_rub, turnover(&owner.cash_flow)));
    }

    #[test]
    fn a_tax_takes_from_profit_and_never_adds(study in project(), rate in 0.01..0.5_f64) {
        let before = study.result().unwrap().measures.npv_rub;
        let tax = ProfitTax { rate, depreciation_years: 10, loss_use_share: 1.0 };
        let after = EconomicStudy { profit_tax: Some(tax), ..study }.result().unwrap();
        prop_assert!(after.measures.npv_rub <= before + 1e-6);
    }

    #[test]
    fn every_rate_that_was_put_in_is_found(wanted in prop::collection::btree_set(-8..30_i32, 1..5)) {
        // Rates at least five points apart: closer ones lie within the rounding of the coefficients.
        let wanted: Vec<f64> = wanted.into_iter().map(|rate| 0.05 * f64::from(rate) + 0.007).collect();
        let mut flows = vec![1.0];
        for rate in &wanted {
            let mut next = vec![0.0; flows.len() + 1];
            for (place, flow) in flows.iter().enumerate() {
                next[place] += flow;
                next[place + 1] -= flow * (1.0 + rate);
            }
            flows = next;
        }
        let found = match rates_of_return(&flows).unwrap() {
            RateOfReturn::None => Vec::new(),
            RateOfReturn::One { rate } => vec![rate],
            RateOfReturn::Several { rates } => rates,
        };
        prop_assert_eq!(found.len(), wanted.len(), "{:?} {:?}", found, wanted);
        for (a, b) in found.iter().zip(&wanted) {
            prop_assert!((a - b).abs() < 1e-6, "{found:?} {wanted:?}");
        }
    }

    #[test]
    fn the_search_for_rates_ends_for_any_flows(flows in prop::collection::vec(-1e9..1e9_f64, 0..120)) {
        let rates = match rates_of_return(&flows).unwrap() {
            RateOfReturn::None => Vec::new(),
            RateOfReturn::One { rate } => vec![rate],
            RateOfReturn::Several { rates } => rates,
        };
        prop_assert!(rates.iter().all(|rate| *rate > -1.0 && rate.is_finite()));
        // A root more or less for each change of sign between the ends: an odd number where they differ.
        let ends = flows.first().zip(flows.last()).filter(|_| flows.len() > 1);
        if let Some((first, last)) = ends.filter(|(first, last)| **first != 0.0 && **last != 0.0) {
            prop_assert_eq!(rates.len() % 2 == 1, (*first > 0.0) != (*last > 0.0), "{:?}", rates);
        }
    }

    #[test]
    fn fuel_shares_add_up_and_lie_between_nothing_and_all(
        electricity in 0.0..40.0_f64, heat in 0.1..60.0_f64, factor in 0.0..1.0_f64, efficiency in 0.75..1.1_f64,
    ) {
        use crate::units::MegawattHours as Mwh;
        let plant = JointProduction { fuel_mwh: Mwh(100.0), electricity_mwh: Mwh(electricity), heat_mwh: Mwh(heat) };
        for method in [
            AllocationMethod::Physical { boiler_efficiency: efficiency },
            AllocationMethod::Exergy { carnot_factor: factor },
            AllocationMethod::Energy,
            AllocationMethod::SeparateProduction { heat_efficiency: efficiency, electric_efficiency: 0.4 },
        ] {
            let shares = allocate_fuel(plant, method).unwrap();
            prop_assert!((0.0..=1.0).contains(&shares.heat_share));
            prop_assert!((shares.electricity_fuel_mwh.0 + shares.heat_fuel_mwh.0 - 100.0).abs() < 1e-9);
        }
    }

    #[test]
    fn cost_grows_with_size_and_the_way_there_and_back_is_free(a in 0.1..500.0_f64, b in 0.1..500.0_f64) {
        let exponents = SizeExponents { boundary: 25.0, below: 0.72, above: 0.95 };
        let there = scaled_cost(1e9, a, b, &exponents).unwrap();
        prop_assert!((there > 1e9) == (b > a) || (a - b).abs() < 1e-9);
        prop_assert!((scaled_cost(there, b, a, &exponents).unwrap() / 1e9 - 1.0).abs() < 1e-12);
    }
}

#[test]
fn multipliers_of_one_change_nothing_and_each_moves_its_own() {
    let study = fixture_project();
    assert_eq!(study.multiplied(&Multipliers::default()), study);
    let npv = |by: Multipliers| study.multiplied(&by).result().unwrap().measures.npv_rub;
    let base = npv(Multipliers::default());
    assert!(npv(Multipliers { capital_cost: 1.1, ..Multipliers::default() }) < base);
    assert!(npv(Multipliers { fuel_use: 1.1, ..Multipliers::default() }) < base);
    assert!(npv(Multipliers { electricity_price: 1.1, ..Multipliers::default() }) > base);
    assert!(npv(Multipliers { output: 0.8, ..Multipliers::default() }) < base);
}
