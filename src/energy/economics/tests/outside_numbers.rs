//! Numbers of others.

use super::super::error::parameter;
use super::super::*;
use super::{fixture_project, flow, item};
use crate::model::economics_parameters;
use crate::units::MegawattHours;
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixtures {
    rates: Vec<Rates>,
    several: Vec<Several>,
    values: Vec<Value>,
    loans: Vec<LoanNumbers>,
    project: Project,
}

#[derive(Deserialize)]
struct Rates {
    flows: Vec<f64>,
    irr: f64,
}

#[derive(Deserialize)]
struct Several {
    flows: Vec<f64>,
    all: Vec<f64>,
}

#[derive(Deserialize)]
struct Value {
    flows: Vec<f64>,
    rate: f64,
    npv: f64,
}

#[derive(Deserialize)]
struct LoanNumbers {
    rate: f64,
    years: u32,
    payment: f64,
    interest: Vec<f64>,
    repaid: Vec<f64>,
}

#[derive(Deserialize)]
struct Project {
    real: Vec<f64>,
    nominal: Vec<f64>,
    npv: f64,
    npv_by_nominal: f64,
    irr_real: f64,
    irr_nominal: f64,
    payback: f64,
    discounted_payback: f64,
    lcoe: f64,
    lcoh: f64,
    taxed: Taxed,
    owner: Taxed,
}

#[derive(Deserialize)]
struct Taxed {
    nominal: Vec<f64>,
    npv: f64,
    irr: f64,
}

fn fixtures() -> Fixtures {
    serde_json::from_str(include_str!("../../../../tests/fixtures/economics/economics.json")).unwrap()
}

fn near(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * b.abs().max(1e-300)
}

/// Rows in roubles agree to a millionth of a rouble in a milliard.
fn same_rows(ours: &[f64], theirs: &[f64]) {
    assert_eq!(ours.len(), theirs.len());
    for (year, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((a - b).abs() < 1e-4, "year {year}: {a} against {b}");
    }
}

#[test]
fn recovery_factors_are_the_tables() {
    for (rate, years, factor) in [(0.08, 20, 0.101_852_2), (0.10, 15, 0.131_473_8), (0.12, 25, 0.127_5)] {
        assert!((capital_recovery_factor(rate, years).unwrap() - factor).abs() < 5e-8);
    }
    assert!(near(capital_recovery_factor(1e-12, 20).unwrap(), 0.05, 1e-10), "small rates keep their digits");
    assert!(near(capital_recovery_factor(0.0, 20).unwrap(), 0.05, 1e-15));
}

#[test]
fn annuities_are_those_of_reopt_under_its_own_convention_which_is_ours() {
    // `annuity(25, e, 0.083)` of REopt.jl src/core/utils.jl: growth from year 1, rounded there to five digits.
    for (escalation, factor) in [(0.023, 12.948_87), (0.025, 13.208_86), (0.034, 14.470_32)] {
        let first = annuity_factor(25, escalation, 0.083, EscalationStart::FirstYear).unwrap();
        assert!((first - factor).abs() < 5.1e-6, "{first}");
        let second = annuity_factor(25, escalation, 0.083, EscalationStart::SecondYear).unwrap();
        assert!(near(second * (1.0 + escalation), first, 1e-14), "the other convention differs by one year of growth");
    }
    // Equal growth and discount: as many as there are years, where a closed form divides by zero.
    assert!(near(annuity_factor(25, 0.05, 0.05, EscalationStart::FirstYear).unwrap(), 25.0, 1e-14));
    // No growth: one over the recovery factor.
    let level = annuity_factor(20, 0.0, 0.08, EscalationStart::FirstYear).unwrap();
    assert!(near(level * capital_recovery_factor(0.08, 20).unwrap(), 1.0, 1e-14));
}

#[test]
fn a_study_grows_prices_as_reopt_does() {
    let mut study = super::empty();
    (study.discount_rate, study.construction_years, study.operation_years) = (0.083, 1, 25);
    study.flows = vec![flow(Stream::OtherIncome, 1.0, 1_000.0, 0.023)];
    assert!((study.result().unwrap().measures.npv_rub - 12_948.87).abs() < 0.01);
}

#[test]
fn the_textbook_project_returns_28_percent() {
    let flows = [-100.0, 39.0, 59.0, 55.0, 20.0];
    assert!((rates_of_return(&flows).unwrap().only().unwrap() - 0.280_948_4).abs() < 5e-8);
    assert!((net_present_value(0.281, &flows).unwrap() + 0.008_478_6).abs() < 5e-8);
}

#[test]
fn present_values_and_rates_are_those_of_numpy_financial() {
    let fixtures = fixtures();
    for value in &fixtures.values {
        let size: f64 = value.flows.iter().map(|flow| flow.abs()).sum();
        let ours = net_present_value(value.rate, &value.flows).unwrap();
        assert!((ours - value.npv).abs() < 1e-12 * size.max(value.npv.abs()), "{ours} against {}", value.npv);
    }
    for case in &fixtures.rates {
        let ours = rates_of_return(&case.flows).unwrap().only().expect("one outlay first means one rate");
        assert!((ours - case.irr).abs() < 1e-9, "{ours} against {}", case.irr);
    }
}

#[test]
fn all_rates_are_found_where_there_are_several() {
    for case in fixtures().several {
        let RateOfReturn::Several { rates } = rates_of_return(&case.flows).unwrap() else {
            panic!("{:?} must have the rates {:?}", case.flows, case.all)
        };
        assert_eq!(rates.len(), case.all.len(), "{rates:?} against {:?}", case.all);
        for (a, b) in rates.iter().zip(&case.all) {
            assert!((a - b).abs() < 1e-6, "{rates:?} against {:?}", case.all);
        }
    }
}

#[test]
fn flows_that_touch_zero_return_one_rate_and_flows_that_miss_it_none() {
    // (1 - 1.1 v)^2 and a little more.
    let touching = rates_of_return(&[100.0, -220.0, 121.0]).unwrap();
    assert!((touching.only().unwrap() - 0.1).abs() < 1e-6, "{touching:?}");
    assert_eq!(rates_of_return(&[100.0, -220.0, 121.1]).unwrap(), RateOfReturn::None);
    // Twice at 0 %, and 0 % with another.
    assert!(rates_of_return(&[100.0, -200.0, 100.0]).unwrap().only().unwrap().abs() < 1e-12);
    let RateOfReturn::Several { rates } = rates_of_return(&[-100.0, 250.0, -150.0]).unwrap() else { panic!() };
    assert!(rates[0].abs() < 1e-15 && (rates[1] - 0.5).abs() < 1e-14);
    // 100 % lies in the middle of the search, -50 % in that of the other half.
    assert!((rates_of_return(&[-1.0, 2.0]).unwrap().only().unwrap() - 1.0).abs() < 1e-15);
    assert!((rates_of_return(&[-2.0, 1.0]).unwrap().only().unwrap() + 0.5).abs() < 1e-15);
    let RateOfReturn::Several { rates } = rates_of_return(&[-1.0, 7.0, -14.0, 8.0]).unwrap() else { panic!() };
    assert_eq!(rates.len(), 3, "0, 1 and 3: {rates:?}");
    // A works that is closed down at the end: the second rate, far below zero, says nothing.
    let closing = rates_of_return(&[-100.0, 60.0, 60.0, 60.0, -10.0]).unwrap();
    assert!(closing.only().is_none());
    let rate = closing.only_above_zero().unwrap();
    assert!((0.3..0.4).contains(&rate) && net_present_value(rate, &[-100.0, 60.0, 60.0, 60.0, -10.0]).unwrap().abs() < 1e-10);
    assert_eq!(rates_of_return(&[-100.0, 230.0, -132.0]).unwrap().only_above_zero(), None, "10 % and 20 %");
    // What rounding leaves in a last year is no flow.
    assert!((rates_of_return(&[-1e9, 1.1e9, -1e-7]).unwrap().only().unwrap() - 0.1).abs() < 1e-12);
    // Leading and closing years without flows change nothing.
    assert!((rates_of_return(&[0.0, -100.0, 110.0, 0.0]).unwrap().only().unwrap() - 0.1).abs() < 1e-14);
    for nothing in [&[][..], &[0.0, 0.0], &[5.0], &[-5.0, 0.0], &[1.0, 2.0]] {
        assert_eq!(rates_of_return(nothing).unwrap(), RateOfReturn::None);
    }
}

#[test]
fn a_loan_is_split_as_numpy_financial_splits_it() {
    for case in fixtures().loans {
        let loan = Loan { share: 1.0, rate: case.rate, years: case.years };
        let schedule = loan.schedule(&[1_000.0], 40).unwrap();
        for year in 0..case.years as usize {
            let (interest, repaid) = (schedule.paid_interest[year + 1], schedule.repaid[year + 1]);
            assert!((interest - case.interest[year]).abs() < 1e-9 && (repaid - case.repaid[year]).abs() < 1e-9);
            assert!((interest + repaid - case.payment).abs() < 1e-9);
        }
        assert!((schedule.repaid.iter().sum::<f64>() - 1_000.0).abs() < 1e-9, "all is paid back");
    }
}

#[test]
fn a_whole_project_is_what_another_program_makes_of_it() {
    let theirs = fixtures().project;
    let mut study = fixture_project();
    let real = study.result().unwrap();
    same_rows(&real.cash_flow.net_rub, &theirs.real);
    assert!(near(real.measures.npv_rub, theirs.npv, 1e-12) && near(theirs.npv_by_nominal, theirs.npv, 1e-12));
    assert!((real.measures.internal_rate_of_return.only().unwrap() - theirs.irr_real).abs() < 1e-10);
    assert!((real.measures.simple_payback_years.unwrap() - theirs.payback).abs() < 1e-9);
    assert!((real.measures.discounted_payback_years.unwrap() - theirs.discounted_payback).abs() < 1e-9);
    assert!(near(real.levelised_cost_electricity_rub_mwh.unwrap(), theirs.lcoe, 1e-12));
    assert!(near(real.levelised_cost_heat_rub_mwh.unwrap(), theirs.lcoh, 1e-12));

    study.terms = Terms::Nominal;
    let nominal = study.result().unwrap();
    same_rows(&nominal.cash_flow.net_rub, &theirs.nominal);
    assert!(near(nominal.measures.npv_rub, theirs.npv, 1e-12), "one net present value in both terms");
    assert!((nominal.measures.internal_rate_of_return.only().unwrap() - theirs.irr_nominal).abs() < 1e-10);

    study.profit_tax = Some(ProfitTax { rate: 0.25, depreciation_years: 10, loss_use_share: 0.5 });
    study.loan = Some(Loan { share: 0.6, rate: 0.14, years: 12 });
    let financed = study.result().unwrap();
    same_rows(&financed.cash_flow.net_rub, &theirs.taxed.nominal);
    assert!(near(financed.measures.npv_rub, theirs.taxed.npv, 1e-11));
    assert!((financed.measures.internal_rate_of_return.only().unwrap() - theirs.taxed.irr).abs() < 1e-10);
    let owner = financed.equity.unwrap();
    same_rows(&owner.cash_flow.net_rub, &theirs.owner.nominal);
    assert!(near(owner.measures.npv_rub, theirs.owner.npv, 1e-11));
    assert!((owner.measures.internal_rate_of_return.only().unwrap() - theirs.owner.irr).abs() < 1e-10);
}

#[test]
fn size_exponents_reproduce_the_catalogue_they_come_from() {
    // Danish Energy Agency: wood-fired CHP of 2.93, 23.8 and 182.6 MWe at 6.32, 3.54 and 3.29 million EUR/MWe.
    let exponents = SizeExponents { boundary: 25.0, below: 0.72, above: 0.95 };
    let medium = scaled_cost(6.32 * 2.93, 2.93, 23.8, &exponents).unwrap();
    assert!(near(medium, 3.54 * 23.8, 0.01), "{medium}");
    let large = scaled_cost(3.54 * 23.8, 23.8, 182.6, &exponents).unwrap();
    assert!(near(large, 3.29 * 182.6, 0.05), "{large}: the exponent between the two sizes is 0.96");
    // Heat-only boilers of 6.84, 51.6 and 103.4 MW at 0.69, 0.494 and 0.439.
    let boiler = SizeExponents::single(0.83);
    assert!(near(scaled_cost(0.69 * 6.84, 6.84, 51.6, &boiler).unwrap(), 0.494 * 51.6, 0.02));
    assert!(near(scaled_cost(0.494 * 51.6, 51.6, 103.4, &boiler).unwrap(), 0.439 * 103.4, 0.02));
}

#[test]
fn the_largest_plant_worth_building_is_the_closed_form() {
    // Unit cost a M^(s-1) + b M^0.5 has its least at M* = (2 a (1-s) / b)^(1/(1.5-s)); a = 100 * 100000^0.3, b = 0.02, s = 0.7.
    let exponents = SizeExponents::single(0.7);
    let unit = |size: f64| scaled_cost(100.0 * 1e5, 1e5, size, &exponents).unwrap() / size + 0.02 * size.sqrt();
    assert!((unit(1_664_951.0) - 68.817_6).abs() < 5e-5, "{}", unit(1_664_951.0));
    assert!(unit(1_664_951.0 * 1.01) > unit(1_664_951.0) && unit(1_664_951.0 * 0.99) > unit(1_664_951.0));
}

#[test]
fn fuel_is_shared_as_the_rules_say() {
    // Directive (EU) 2018/2001, annex VI: heat of 150 °C has a Carnot factor of 0.3546.
    assert!((carnot_factor(150.0, 150.0, 0.0).unwrap() - 0.354_6).abs() < 2e-4);
    // Water of 100 to 50 °C: T_m = 50 / ln(373.15 / 323.15) = 347.55 K.
    assert!((carnot_factor(100.0, 50.0, 0.0).unwrap() - (1.0 - 273.15 * (373.15_f64 / 323.15).ln() / 50.0)).abs() < 1e-12);
    let plant =
        JointProduction { fuel_mwh: MegawattHours(100.0), electricity_mwh: MegawattHours(25.0), heat_mwh: MegawattHours(60.0) };
    let share = |method| allocate_fuel(plant, method).unwrap().heat_share;
    assert!((share(AllocationMethod::Exergy { carnot_factor: 0.25 }) - 15.0 / 40.0).abs() < 1e-12);
    assert!((share(AllocationMethod::Energy) - 60.0 / 85.0).abs() < 1e-12);
    let separate = AllocationMethod::SeparateProduction { heat_efficiency: 0.9, electric_efficiency: 0.4 };
    assert!((share(separate) - (60.0 / 0.9) / (60.0 / 0.9 + 25.0 / 0.4)).abs() < 1e-12);
    let physical = allocate_fuel(plant, AllocationMethod::Physical { boiler_efficiency: 0.9 }).unwrap();
    assert!((physical.electricity_fuel_mwh.0 + physical.heat_fuel_mwh.0 - 100.0).abs() < 1e-12);
    // By 100 % electricity takes 122.8 g of coal equivalent a kWh, heat 142.86 kg a Gcal: the constants of Russian statistics.
    let ideal = JointProduction { electricity_mwh: MegawattHours(40.0), ..plant };
    let ideal = allocate_fuel(ideal, AllocationMethod::Energy).unwrap();
    assert!((ideal.electricity_coal_equivalent_g_kwh.unwrap() - 122.8).abs() < 0.05);
    assert!((ideal.heat_coal_equivalent_kg_gcal.unwrap() - 142.86).abs() < 0.005);
}

#[test]
fn every_parameter_that_the_code_asks_for_is_in_the_file() {
    let asked = ["price_escalation", "loan_share", "loan_rate", "loan_years"];
    for name in asked.iter().chain(STUDY_PARAMETERS) {
        assert!(economics_parameters().get(name).is_some(), "{name}");
        assert!(parameter(name, f64::NAN).is_err(), "{name}");
    }
    let mut numbers = crate::model::ParameterValues::defaults(economics_parameters());
    let rests_on = |numbers: &_| EconomicStudy::rests_on(numbers).iter().map(|used| used.parameter).collect::<Vec<_>>();
    assert!(rests_on(&numbers).contains(&"discount_rate") && !rests_on(&numbers).contains(&"loan_rate"));
    numbers.set("loan_share", "0.5").unwrap();
    assert!(rests_on(&numbers).contains(&"loan_rate") && !rests_on(&numbers).contains(&"operation_years"));
    let result = fixture_project().result().unwrap();
    assert_eq!((result.money.currency, result.money.price_year), ("RUB", 2024));
    let text = serde_json::to_string(&result).unwrap();
    assert!(text.contains("levelised_cost_electricity_rub_mwh") && !text.contains("null,null"));
}

#[test]
fn what_is_left_of_a_long_life_comes_back_and_what_wears_out_is_renewed() {
    let mut study = super::empty();
    (study.discount_rate, study.construction_years, study.operation_years) = (0.0, 1, 10);
    study.capital = vec![item("pump", 80.0, 4), item("pipe", 300.0, 30)];
    let table = study.result().unwrap().cash_flow;
    // The pump is bought at 0, 4 and 8 and is half used at 10; the pipe has two thirds of its life left.
    let renewals = &table.stream(Stream::Replacement).unwrap().amounts_rub;
    assert_eq!(renewals.iter().filter(|amount| **amount < 0.0).count(), 2);
    assert!((renewals[4] + 80.0).abs() < 1e-12 && (renewals[8] + 80.0).abs() < 1e-12);
    let left = table.stream(Stream::ResidualValue).unwrap().amounts_rub[10];
    assert!((left - (40.0 + 200.0)).abs() < 1e-12, "{left}");
}
