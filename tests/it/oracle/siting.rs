//! Facility location of the OR-Library (J. E. Beasley): published optima. The larger of its files are not in this repository;
//! `tests/fixtures/siting/README.md` says how to name them.

use peatplan::supply::siting::*;
use std::collections::BinaryHeap;

fn plan(case: &SitingCase) -> Result<SitingPlan, SitingError> {
    site_plan(case, &SearchLimits::default(), &mut |_| true)
}

fn near(value: f64, wanted: f64, share: f64) -> bool {
    (value - wanted).abs() <= share * wanted.abs()
}

fn site(id: impl Into<String>, site_rub_a: f64) -> Site {
    Site { id: id.into(), site_rub_a, ..Site::default() }
}

fn size(id: &str, heat_capacity_mwh_a: f64, fixed_rub_a: f64) -> SizeClass {
    SizeClass {
        id: id.into(),
        heat_capacity_mwh_a,
        investment_rub: 0.0,
        life_a: 25.0,
        fixed_rub_a,
        variable_rub_mwh: 0.0,
        heat_efficiency: 0.8,
        power_to_heat: 0.0,
    }
}

fn consumer(id: impl Into<String>, heat_mwh_a: f64, other_heat_rub_mwh: Option<f64>) -> HeatConsumer {
    HeatConsumer { id: id.into(), heat_mwh_a, other_heat_rub_mwh }
}

fn heat_link(site: impl Into<String>, consumer: impl Into<String>, pipe_rub_mwh: f64) -> HeatLink {
    HeatLink { site: site.into(), consumer: consumer.into(), pipe_rub_mwh, loss_share: 0.0, distance_km: 1.0 }
}

fn or_library(name: &str) -> Vec<f64> {
    let text = match name {
        "cap41" => include_str!("../../fixtures/siting/or_library/cap41.txt").to_owned(),
        "pmed1" => include_str!("../../fixtures/siting/or_library/pmed1.txt").to_owned(),
        _ => {
            let folder =
                std::env::var("PEATPLAN_OR_LIBRARY").expect("PEATPLAN_OR_LIBRARY names a folder with files of the OR-Library");
            std::fs::read_to_string(format!("{folder}/{name}.txt")).unwrap()
        }
    };
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

fn has_optimum((name, optimum): (&str, f64)) {
    let plan = plan(&medians(name)).unwrap();
    let (cost, gap) = (plan.cost.total_rub_a, plan.gap_share);
    let said = format!("{name}: {cost} {optimum}, gap {gap:e}, {} nodes", plan.nodes);
    assert!(near(cost, optimum, 1e-9) && plan.proven, "{said}");
}

/// Optimum of OR-Library's pmedopt.txt.
#[test]
fn the_first_medians_of_the_or_library_have_their_published_optimum() {
    has_optimum(("pmed1", 5819.0));
}

/// Optima of OR-Library's pmedopt.txt.
#[test]
#[ignore = "needs files of the OR-Library"]
fn larger_medians_of_the_or_library_have_their_published_optima() {
    let published = [("pmed5", 1355.0), ("pmed10", 1255.0), ("pmed20", 1789.0), ("pmed30", 1989.0), ("pmed40", 5128.0)];
    published.into_iter().for_each(has_optimum);
}
