//! Other people's answers: HiGHS, the OR-Library, the mixed-integer program.

use super::*;
use crate::optimisation::SolveLimits;
use crate::supply::siting::instance::Instance;
use crate::supply::siting::program::{Choice, SitingProgram};
use serde_json::Value;
use std::collections::BinaryHeap;

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

/// Tolerance 2e-6: the gap of 1e-6 at which a plan counts as proven, and HiGHS's own rounding.
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
        let (_, cost) = program.best_opening(&SolveLimits::default()).unwrap();
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

fn or_library(name: &str) -> Vec<f64> {
    let folder = std::env::var("PEATPLAN_OR_LIBRARY").expect("PEATPLAN_OR_LIBRARY names a folder with files of the OR-Library");
    let text = std::fs::read_to_string(format!("{folder}/{name}.txt")).unwrap();
    text.split_whitespace().map(|word| word.parse().unwrap()).collect()
}

/// Facilities with capacities; the transport costs of the files cap41 ... cap134 of one shape are the same, so that others can be
/// had by another capacity and fixed cost.
fn capacitated(name: &str, other: Option<(f64, f64)>) -> SitingCase {
    let numbers = or_library(name);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts")]
    let (sites, consumers) = (numbers[0] as usize, numbers[1] as usize);
    let mut case = SitingCase::default();
    for site_index in 0..sites {
        let (mut capacity, mut fixed) = (numbers[2 + 2 * site_index], numbers[3 + 2 * site_index]);
        if let Some((other_capacity, other_fixed)) = other {
            capacity = other_capacity;
            // One of the sites costs nothing.
            fixed = if fixed > 0.0 { other_fixed } else { 0.0 };
        }
        let id = format!("{site_index:03}");
        case.sizes.retain(|size| size.heat_capacity_mwh_a <= capacity);
        if case.sizes.is_empty() {
            case.sizes.push(size("M", capacity, 0.0));
        }
        case.sites.push(site(id, fixed));
    }
    let mut rest = numbers[2 + 2 * sites..].iter();
    for consumer_index in 0..consumers {
        let id = format!("{consumer_index:03}");
        let need = *rest.next().unwrap();
        case.consumers.push(consumer(id.clone(), need, None));
        for site_index in 0..sites {
            case.heat_links.push(heat_link(format!("{site_index:03}"), id.clone(), rest.next().unwrap() / need));
        }
    }
    case
}

/// Optima of OR-Library's capopt.txt and uncapopt.txt; tolerance 1e-6.
#[test]
#[ignore = "needs files of the OR-Library"]
fn or_library_warehouses_have_their_published_optima() {
    let published = [
        ((5_000.0, 7_500.0), 1_040_444.375),
        ((5_000.0, 12_500.0), 1_098_000.45),
        ((5_000.0, 17_500.0), 1_153_000.45),
        ((5_000.0, 25_000.0), 1_235_500.45),
        ((10_000.0, 17_500.0), 1_025_208.225),
        ((15_000.0, 7_500.0), 932_615.75),
        ((15_000.0, 12_500.0), 977_799.4),
        ((15_000.0, 17_500.0), 1_014_062.05),
        ((15_000.0, 25_000.0), 1_045_650.25),
        ((58_268.0, 7_500.0), 932_615.75),
        ((58_268.0, 12_500.0), 977_799.4),
        ((58_268.0, 17_500.0), 1_010_641.45),
        ((58_268.0, 25_000.0), 1_034_976.975),
    ];
    for (shape, optimum) in published {
        let plan = plan(&capacitated("cap41", Some(shape))).unwrap();
        assert!(plan.proven && near(plan.cost.total_rub_a, optimum, 1e-6), "{shape:?}: {} {optimum}", plan.cost.total_rub_a);
    }
    let as_given = plan(&capacitated("cap41", None)).unwrap();
    assert!(near(as_given.cost.total_rub_a, 1_040_444.375, 1e-9));
    assert_eq!(as_given.plants.len(), 13);
}

/// Shortest ways between all nodes; of an edge that is there twice the last one counts, as the files' own note says.
fn medians(name: &str) -> SitingCase {
    let numbers = or_library(name);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts")]
    let whole: Vec<usize> = numbers.iter().map(|number| *number as usize).collect();
    let (nodes, plants) = (whole[0], whole[2]);
    let mut edges = std::collections::BTreeMap::new();
    for edge in whole[3..].chunks(3) {
        edges.insert((edge[0].min(edge[1]) - 1, edge[0].max(edge[1]) - 1), edge[2]);
    }
    let mut neighbours = vec![Vec::new(); nodes];
    for ((a, b), length) in edges {
        neighbours[a].push((b, length));
        neighbours[b].push((a, length));
    }
    let mut case = SitingCase { sizes: vec![size("M", 1e6, 0.0)], ..SitingCase::default() };
    case.limits = PlantLimits { fewest: plants, most: Some(plants), budget_rub: None };
    for from in 0..nodes {
        case.sites.push(site(format!("{from:03}"), 0.0));
        case.consumers.push(consumer(format!("{from:03}"), 1.0, None));
        let mut far = vec![usize::MAX; nodes];
        let mut queue = BinaryHeap::from([(std::cmp::Reverse(0), from)]);
        while let Some((std::cmp::Reverse(length), node)) = queue.pop() {
            if far[node] <= length {
                continue;
            }
            far[node] = length;
            queue.extend(neighbours[node].iter().map(|(next, step)| (std::cmp::Reverse(length + step), *next)));
        }
        #[expect(clippy::cast_precision_loss, reason = "lengths of some hundreds")]
        let link = |(to, length): (usize, &usize)| heat_link(format!("{from:03}"), format!("{to:03}"), *length as f64);
        case.heat_links.extend(far.iter().enumerate().map(link));
    }
    case
}

/// Optima of OR-Library's pmedopt.txt.
#[test]
#[ignore = "needs files of the OR-Library"]
fn or_library_medians_have_their_published_optima() {
    let published =
        [("pmed1", 5819.0), ("pmed5", 1355.0), ("pmed10", 1255.0), ("pmed20", 1789.0), ("pmed30", 1989.0), ("pmed40", 5128.0)];
    for (name, optimum) in published {
        let start = std::time::Instant::now();
        let plan = plan(&medians(name)).unwrap();
        let (cost, gap) = (plan.cost.total_rub_a, plan.gap_share);
        let said = format!("{name}: {cost} {optimum}, gap {gap:e}, {} nodes, {:?}", plan.nodes, start.elapsed());
        assert!(near(cost, optimum, 1e-9) && plan.proven, "{said}");
    }
}
