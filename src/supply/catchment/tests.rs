use super::*;
use crate::supply::network::tests::{grid, line, rail, rates};
use proptest::prelude::*;

fn place(x: f64, y: f64) -> Place {
    Place { working: [x, y], crs84: [x, y] }
}

fn reached(network: &HaulNetwork, plants: &[Place], measure: CatchmentMeasure, most: f64) -> Catchment {
    catchment(network, plants, &rates(), measure, most, 0.0).unwrap()
}

fn drawn_km(lines: &[ReachedLine]) -> f64 {
    let length =
        |vertices: &[[f64; 2]]| -> f64 { vertices.windows(2).map(|p| super::super::network::distance(p[0], p[1])).sum() };
    lines.iter().map(|line| length(&line.vertices_crs84) / 1_000.0).sum()
}

#[test]
fn a_cost_limit_cuts_a_road_at_its_closed_form() {
    // 90 RUB/t of turnaround and 7.2 RUB/(t·km): 162 RUB/t reach 10 km both ways.
    let network = HaulNetwork::new(&[line(&[[-40_000.0, 0.0], [0.0, 0.0], [3_000.0, 0.0], [40_000.0, 0.0]])]);
    let found = reached(&network, &[place(0.0, 0.0)], CatchmentMeasure::CostRubT, 162.0);
    assert!((found.plants[0].roads_km - 20.0).abs() < 1e-9);
    assert_eq!(found.lines.len(), 2, "one line falling to the plant and one rising from it, joined over vertices");
    assert_eq!(found.lines.iter().map(|line| line.values).collect::<Vec<_>>(), [[162.0, 90.0], [90.0, 162.0]]);
    assert!((found.lines[0].vertices_crs84[0][0] + 10_000.0).abs() < 1e-6);
    assert_eq!(found.lines[1].vertices_crs84.len(), 3);
    assert!((found.lines[1].vertices_crs84[2][0] - 10_000.0).abs() < 1e-6);
}

#[test]
fn a_plant_within_a_stretch_reaches_both_its_sides() {
    let network = HaulNetwork::new(&[line(&[[0.0, 0.0], [40_000.0, 0.0]])]);
    let found = reached(&network, &[place(15_000.0, 0.0)], CatchmentMeasure::TimeH, 0.1);
    let ends: Vec<f64> = found.lines.iter().flat_map(|line| line.vertices_crs84.iter().map(|place| place[0])).collect();
    for (found, closed) in ends.iter().zip([10_000.0, 15_000.0, 15_000.0, 20_000.0]) {
        assert!((found - closed).abs() < 1e-6, "{ends:?}");
    }
}

#[test]
fn a_pocket_is_not_drawn_however_near_it_lies() {
    let network = HaulNetwork::new(&[line(&[[0.0, 0.0], [9_000.0, 0.0]]), line(&[[100.0, 50.0], [300.0, 50.0]])]);
    let found = reached(&network, &[place(0.0, 0.0)], CatchmentMeasure::DistanceKm, 500.0);
    assert!(found.lines.iter().all(|line| line.line == 0));
    assert!((drawn_km(&found.lines) - 9.0).abs() < 1e-9);
}

#[test]
fn on_a_grid_the_reach_is_a_square_on_its_corner() {
    // Streets within r of a crossing: two straight ones of 2 r, and at each whole step k up to r four times 2 (r - k).
    let network = HaulNetwork::new(&grid(41, 1_000.0));
    let found = reached(&network, &[place(20_000.0, 20_000.0)], CatchmentMeasure::DistanceKm, 7.5);
    let closed: f64 = 4.0 * 7.5 + (1..=7).map(|k| 8.0 * (7.5 - f64::from(k))).sum::<f64>();
    assert!((found.plants[0].roads_km - closed).abs() < 1e-6, "{} {closed}", found.plants[0].roads_km);
    assert!((drawn_km(&found.lines) - closed).abs() < 1e-6);
}

#[test]
fn two_plants_part_the_road_where_they_cost_the_same() {
    let network = HaulNetwork::new(&[line(&[[0.0, 0.0], [30_000.0, 0.0]])]);
    let plants = [place(0.0, 0.0), place(20_000.0, 0.0)];
    let found = reached(&network, &plants, CatchmentMeasure::DistanceKm, 100.0);
    assert!((found.plants[0].roads_km - 10.0).abs() < 1e-9 && (found.plants[1].roads_km - 20.0).abs() < 1e-9);
    assert_eq!(found.lines.iter().map(|line| line.plant).collect::<Vec<_>>(), [0, 1, 1]);
    for (value, closed) in found.lines[1].values.into_iter().zip([10.0, 0.0]) {
        assert!((value - closed).abs() < 1e-9, "{:?}", found.lines[1]);
    }
}

#[test]
fn a_line_is_reached_over_its_station_and_not_where_it_is_ignored() {
    let network = HaulNetwork::new(&[line(&[[0.0, 0.0], [10_000.0, 0.0]]), rail(&[[10_000.0, 0.0], [40_000.0, 0.0]])]);
    // 90 + 72, 160 of reloading, 60 of loading wagons: 382; the rest at 6.2034 RUB/(t·km).
    let found = reached(&network, &[place(0.0, 0.0)], CatchmentMeasure::CostRubT, 482.0);
    let closed = 100.0 / (4.0 + crate::supply::track_cost(3e6, 0.1, 25.0, 150_000.0));
    assert!((found.plants[0].narrow_gauge_km - closed).abs() < 1e-9, "{:?}", found.plants);
    let trucks = rates().without_narrow_gauge();
    let found = catchment(&network, &[place(0.0, 0.0)], &trucks, CatchmentMeasure::CostRubT, 482.0, 0.0).unwrap();
    assert!(found.plants[0].narrow_gauge_km == 0.0 && (found.plants[0].roads_km - 10.0).abs() < 1e-9);
}

#[test]
fn a_plant_far_from_every_road_reaches_nothing() {
    let network = HaulNetwork::new(&grid(3, 1_000.0));
    let found = reached(&network, &[place(90_000.0, 0.0), place(0.0, 0.0)], CatchmentMeasure::DistanceKm, 1.0);
    assert!(!found.plants[0].reaches_network && found.plants[1].reaches_network);
    assert!(found.lines.iter().all(|line| line.plant == 1));
}

#[test]
fn a_road_that_costs_nothing_is_reached_whole() {
    let mut free = line(&[[0.0, 0.0], [30_000.0, 0.0], [60_000.0, 0.0]]);
    free.cost_rub_t_km = Some(0.0);
    let found = reached(&HaulNetwork::new(&[free]), &[place(0.0, 0.0)], CatchmentMeasure::CostRubT, 100.0);
    assert!((found.plants[0].roads_km - 60.0).abs() < 1e-9, "{found:?}");
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    let network = HaulNetwork::new(&grid(3, 1_000.0));
    let asked = |plants: &[Place], most, tolerance| {
        catchment(&network, plants, &rates(), CatchmentMeasure::TimeH, most, tolerance).unwrap_err()
    };
    assert_eq!(asked(&[], 1.0, 0.0), CatchmentError::NoPlant);
    assert_eq!(asked(&[place(0.0, 0.0)], 0.0, 0.0), CatchmentError::Limit { unit: "h", most: 0.0 });
    assert!(matches!(asked(&[place(0.0, 0.0)], f64::NAN, 0.0), CatchmentError::Limit { .. }));
    assert!(matches!(asked(&[place(f64::NAN, 0.0)], 1.0, 0.0), CatchmentError::Place { plant: 0, .. }));
    assert_eq!(asked(&[place(0.0, 0.0)], 1.0, -1.0), CatchmentError::Tolerance(-1.0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// A jittered grid with some streets of other speeds: what is drawn is what the ways over both ends of each stretch say.
    #[test]
    fn the_drawn_length_and_every_end_agree_with_the_ways(
        seed in 0..10_000_u32, x in 0.0..9_000.0_f64, y in 0.0..9_000.0_f64, most in 60.0..300.0_f64, two in any::<bool>()
    ) {
        let shift = |i: u32, j: u32| f64::from((i * 31 + j * 17 + seed) % 13) * 29.0;
        let at = |i: u32, j: u32| [f64::from(i) * 1_000.0 + shift(i, j), f64::from(j) * 1_000.0 + shift(j, i + 5)];
        let mut lines: Vec<_> = (0..10)
            .flat_map(|i| [line(&(0..10).map(|j| at(i, j)).collect::<Vec<_>>()), line(&(0..10).map(|j| at(j, i)).collect::<Vec<_>>())])
            .collect();
        for (number, line) in (0_u32..).zip(&mut lines) {
            line.speed_km_h = ((number + seed) % 3 == 0).then_some(15.0);
        }
        let network = HaulNetwork::new(&lines);
        let mut plants = vec![place(x, y)];
        plants.extend(two.then(|| place(9_500.0 - x, y)));
        let found = reached(&network, &plants, CatchmentMeasure::CostRubT, most);
        // The judge: a haul from many places of every stretch, by the search for fields.
        let rates = rates();
        let (mut judged_km, step) = (0.0, 16);
        for arc in network.arcs() {
            let (a, b) = (network.place(arc.from), network.place(arc.to));
            for part in 0..step {
                let middle = between(a, b, (f64::from(part) + 0.5) / f64::from(step));
                let cheapest = plants.iter().map(|plant| {
                    let starts = starts_at(*plant, &network, &rates);
                    let paths = network.shortest_paths(&starts, &rates, &rates.speeds);
                    paths.way_to(&network.access(middle).unwrap(), &rates, &rates.speeds).map_or(f64::INFINITY, |way| way.cost)
                });
                if seed % 20 == 0 && cheapest.fold(f64::INFINITY, f64::min) <= most {
                    judged_km += arc.length_m / f64::from(step) / 1_000.0;
                }
            }
            if seed % 20 != 0 { break; }
        }
        let drawn: f64 = found.plants.iter().map(|plant| plant.roads_km).sum();
        prop_assert!((drawn - drawn_km(&found.lines)).abs() < 1e-6);
        if seed % 20 == 0 {
            // A stretch is cut at most twice, each to within half a sixteenth of it.
            prop_assert!((drawn - judged_km).abs() < 0.03 * drawn + 0.5, "{drawn} {judged_km}");
        }
        for line in &found.lines {
            let (low, high) = (line.values[0].min(line.values[1]), line.values[0].max(line.values[1]));
            prop_assert!(low >= 89.9 && high <= most, "{line:?}");
            for (value, end) in line.values.into_iter().zip([line.vertices_crs84[0], line.vertices_crs84[line.vertices_crs84.len() - 1]]) {
                let costs = plants.iter().map(|plant| {
                    let starts = starts_at(*plant, &network, &rates);
                    let paths = network.shortest_paths(&starts, &rates, &rates.speeds);
                    paths.way_to(&network.access(end).unwrap(), &rates, &rates.speeds).map_or(f64::INFINITY, |way| way.cost)
                });
                let costs: Vec<f64> = costs.collect();
                prop_assert!((costs[line.plant as usize] - value).abs() < 1e-3, "{value} {costs:?}");
                prop_assert!(costs.iter().all(|cost| *cost >= value - 1e-3), "{value} {costs:?}");
            }
        }
    }

    #[test]
    fn a_higher_limit_never_reaches_less(seed in 0..1_000_u32, most in 60.0..200.0_f64, more in 0.0..100.0_f64) {
        let network = HaulNetwork::new(&grid(9, 800.0 + f64::from(seed)));
        let length = |most| reached(&network, &[place(900.0, 300.0)], CatchmentMeasure::CostRubT, most).plants[0].roads_km;
        prop_assert!(length(most + more) >= length(most) - 1e-9);
    }
}
