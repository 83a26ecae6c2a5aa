//! Other people's answers: those of `HiGHS`, and of the mixed-integer program.

use super::*;
use crate::optimisation::SolveLimits;
use crate::supply::siting::instance::Instance;
use crate::supply::siting::program::{Choice, SitingProgram};
use serde_json::Value;

const CASES: &str = include_str!("../../../../tests/fixtures/siting/cases.json");

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap().to_owned()
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("{key}"))
}

fn list<T>(value: &Value, key: &str, read: impl Fn(&Value) -> T) -> Vec<T> {
    value[key].as_array().unwrap().iter().map(read).collect()
}

fn case_from(value: &Value) -> SitingCase {
    let count = |key: &str| value[key].as_u64().map(|count| usize::try_from(count).unwrap());
    SitingCase {
        sites: list(value, "sites", |site| Site {
            id: text(site, "id"),
            status: match site["status"].as_str().unwrap() {
                "required" => SiteStatus::Required,
                "forbidden" => SiteStatus::Forbidden,
                _ => SiteStatus::Optional,
            },
            site_rub_a: number(site, "site_rub_a"),
            sizes: list(site, "sizes", |size| size.as_str().unwrap().to_owned()),
        }),
        sizes: list(value, "sizes", |size| SizeClass {
            id: text(size, "id"),
            heat_capacity_mwh_a: number(size, "heat_capacity_mwh_a"),
            investment_rub: number(size, "investment_rub"),
            life_a: number(size, "life_a"),
            fixed_rub_a: number(size, "fixed_rub_a"),
            variable_rub_mwh: number(size, "variable_rub_mwh"),
            heat_efficiency: number(size, "heat_efficiency"),
            power_to_heat: number(size, "power_to_heat"),
        }),
        consumers: list(value, "consumers", |consumer| HeatConsumer {
            id: text(consumer, "id"),
            heat_mwh_a: number(consumer, "heat_mwh_a"),
            other_heat_rub_mwh: consumer["other_heat_rub_mwh"].as_f64(),
        }),
        deposits: list(value, "deposits", |deposit| FuelDeposit {
            id: text(deposit, "id"),
            fuel_mwh_a: number(deposit, "fuel_mwh_a"),
        }),
        heat_links: list(value, "heat_links", |link| HeatLink {
            site: text(link, "site"),
            consumer: text(link, "consumer"),
            pipe_rub_mwh: number(link, "pipe_rub_mwh"),
            loss_share: number(link, "loss_share"),
            distance_km: number(link, "distance_km"),
        }),
        fuel_links: list(value, "fuel_links", |link| {
            fuel_link(text(link, "deposit"), text(link, "site"), number(link, "delivered_rub_mwh"))
        }),
        limits: PlantLimits { fewest: count("fewest").unwrap(), most: count("most"), budget_rub: value["budget_rub"].as_f64() },
        discount_rate: number(value, "discount_rate"),
        power_price_rub_mwh: number(value, "power_price_rub_mwh"),
    }
}

/// Tolerance 2e-6: the gap of 1e-6 at which a plan counts as proven, and the solver's own rounding.
#[test]
fn optima_are_those_of_highs() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    for value in &cases {
        let answer = plan(&case_from(value));
        match value["optimum_rub_a"].as_f64() {
            Some(optimum) => {
                let plan = answer.unwrap_or_else(|error| panic!("{}: {error}", value["name"]));
                assert!(near(plan.cost.total_rub_a, optimum, 2e-6), "{}: {} {optimum}", value["name"], plan.cost.total_rub_a);
                assert!(plan.proven && plan.bound_rub_a <= optimum * (1.0 + 1e-9), "{}: {}", value["name"], plan.gap_share);
            }
            None => assert!(matches!(answer, Err(SitingError::Short { .. })), "{}", value["name"]),
        }
    }
}

#[test]
fn the_mixed_integer_program_has_the_same_optimum() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    for value in cases.iter().filter(|value| value["name"] != "everything" && !value["optimum_rub_a"].is_null()) {
        let instance = Instance::new(&case_from(value)).unwrap();
        let all: Vec<usize> = (0..instance.facilities.len()).collect();
        let program = SitingProgram::new(&instance, &Choice::Open { among: &all, instead: None });
        let (_, cost, _) = program.best_opening(&SolveLimits::default(), &mut |_| true).unwrap();
        assert!(near(cost * instance.money, number(value, "optimum_rub_a"), 1e-6), "{}", value["name"]);
    }
}

/// What is missing at the least is what is told: one plant of 50 MWh, 80 MWh of need.
#[test]
fn a_shortage_is_told_with_its_least_amount() {
    let case = SitingCase {
        sites: vec![site("A", 0.0)],
        sizes: vec![size("M", 50.0, 100.0)],
        consumers: vec![consumer("a", 30.0, None), consumer("b", 50.0, None)],
        heat_links: vec![heat_link("A", "a", 1.0), heat_link("A", "b", 2.0)],
        ..SitingCase::default()
    };
    let Err(SitingError::Short { missing_mwh_a, consumers }) = plan(&case) else { panic!("a plan") };
    assert!(near(missing_mwh_a, 30.0, 1e-6) && !consumers.is_empty());
}
