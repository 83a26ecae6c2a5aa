use super::*;
use crate::model::RoadClass;
use crate::supply::NetworkLine;
use crate::supply::network::tests::{line, rail, rates, scattered};
use proptest::prelude::*;

fn place(x: f64, y: f64) -> Place {
    Place { working: [x, y], crs84: [x, y] }
}

fn origin(network: &HaulNetwork, x: f64, y: f64) -> HaulOrigin {
    HaulOrigin { place: place(x, y), access: network.access([x, y]), siding: network.siding([x, y]) }
}

fn haul(lines: &[NetworkLine], from: [f64; 2], plant: [f64; 2], rates: &HaulRates) -> Haul {
    let network = HaulNetwork::new(lines);
    let origin = origin(&network, from[0], from[1]);
    hauls_to(place(plant[0], plant[1]), &[origin], &network, rates).remove(0)
}

/// A road of so many kilometres, the plant 5 km beyond; a narrow-gauge line from beside the field to the road's far end.
fn road_and_rail(kilometres: f64) -> Vec<NetworkLine> {
    let metres = kilometres * 1_000.0;
    let mut narrow = rail(&[[0.0, -150.0], [metres, 0.0]]);
    narrow.cost_rub_t_km = Some(4.5);
    vec![line(&[[0.0, 0.0], [metres, 0.0], [metres + 5_000.0, 0.0]]), narrow]
}

#[test]
fn rail_is_taken_from_the_break_even_distance_on() {
    // By truck 90 + 7.2 (d + 5); by rail 60 + 4.5 d, 160 of reloading, then a truck, 90 + 7.2 * 5: equal at 220 / 2.7 km.
    let break_even_km = 220.0 / 2.7;
    let at = |kilometres: f64| {
        let plant = [kilometres * 1_000.0 + 5_000.0, 0.0];
        haul(&road_and_rail(kilometres), [0.0, 0.0], plant, &rates())
    };
    let nearer = at(break_even_km - 0.1);
    assert_eq!(nearer.legs.len(), 1);
    assert!((nearer.cost.0 - (90.0 + 7.2 * (break_even_km - 0.1 + 5.0))).abs() < 1e-9);
    let farther = at(break_even_km + 0.1);
    let modes: Vec<HaulMode> = farther.legs.iter().map(|leg| leg.mode).collect();
    assert_eq!((modes, farther.transfers), (vec![HaulMode::NarrowGauge, HaulMode::Truck], 1));
    // The line is longer than the road by 150² / 2 d, some 0.14 m.
    assert!((farther.cost.0 - (346.0 + 4.5 * (break_even_km + 0.1))).abs() < 1e-3, "{farther:?}");
    assert!((farther.legs[1].cost_rub_t.0 - 126.0).abs() < 1e-9 && (farther.legs[1].distance_km - 5.0).abs() < 1e-9);
    assert!((farther.transfer_cost.0 - 160.0).abs() < 1e-12);
    let hours = (break_even_km + 0.1) / 14.5 + 5.0 / 50.0 + 1.0;
    assert!((farther.travel_h - hours).abs() < 1e-3, "{farther:?}");
}

#[test]
fn what_the_legs_and_reloading_cost_is_what_the_haul_costs() {
    let found = haul(&road_and_rail(120.0), [300.0, -400.0], [125_500.0, 700.0], &rates());
    let legs: f64 = found.legs.iter().map(|leg| leg.cost_rub_t.0).sum();
    assert!((legs + found.transfer_cost.0 - found.cost.0).abs() < 1e-9);
    let kilometres: f64 = found.legs.iter().map(|leg| leg.distance_km).sum();
    assert!((kilometres - found.distance_km).abs() < 1e-9);
}

#[test]
fn a_line_from_field_to_plant_needs_no_truck() {
    // 60 RUB/t of loading and 10 km at 4 RUB/(t·km) with 2.2034 of track: 122.034; the truck would take 162.
    let lines = [line(&[[0.0, 0.0], [10_000.0, 0.0]]), rail(&[[0.0, 100.0], [10_000.0, 100.0]])];
    let found = haul(&lines, [0.0, 50.0], [10_000.0, 50.0], &rates());
    assert_eq!(found.legs.len(), 1);
    assert!((found.cost.0 - 122.033_614).abs() < 1e-5, "{found:?}");
    assert!((found.travel_h - 10.0 / 14.5).abs() < 1e-12 && found.off_road_km == 0.0);
    assert_eq!(found.line_crs84, [[0.0, 50.0], [0.0, 100.0], [10_000.0, 100.0], [10_000.0, 50.0]]);
    // The road is 50 m off at both ends, 1.4 times that at 12 km/h.
    let by_truck = haul(&lines, [0.0, 50.0], [10_000.0, 50.0], &rates().without_narrow_gauge());
    let off_road = 2.0 * 0.14 * (2_500.0 / 12.0 + 40.0) / 25.0;
    assert!((by_truck.cost.0 - (162.0 + off_road)).abs() < 1e-9, "{by_truck:?}");
}

#[test]
fn a_field_that_only_a_line_reaches_is_reached() {
    let lines = [line(&[[0.0, 0.0], [5_000.0, 0.0]]), rail(&[[5_000.0, 0.0], [60_000.0, 0.0]])];
    let found = haul(&lines, [60_000.0, 100.0], [0.0, 0.0], &rates());
    assert_eq!(found.route, RouteKind::Network);
    assert_eq!(found.legs.iter().map(|leg| leg.mode).collect::<Vec<_>>(), [HaulMode::NarrowGauge, HaulMode::Truck]);
    let alone = haul(&lines, [60_000.0, 100.0], [0.0, 0.0], &rates().without_narrow_gauge());
    assert_eq!(alone.route, RouteKind::StraightLine);
}

#[test]
fn a_way_may_change_twice() {
    // Roads at both ends, a long and cheap line between them.
    let mut narrow = rail(&[[10_000.0, 0.0], [210_000.0, 0.0]]);
    narrow.cost_rub_t_km = Some(1.0);
    let lines = [
        line(&[[0.0, 0.0], [10_000.0, 0.0], [10_000.0, 40_000.0], [210_000.0, 40_000.0], [210_000.0, 0.0], [220_000.0, 0.0]]),
        narrow,
    ];
    let found = haul(&lines, [0.0, 0.0], [220_000.0, 0.0], &rates());
    assert_eq!(found.transfers, 2);
    assert!((found.cost.0 - (2.0 * (90.0 + 72.0) + 60.0 + 200.0 + 2.0 * 160.0)).abs() < 1e-9, "{found:?}");
}

#[test]
fn a_pocket_is_hauled_to_straight_and_an_empty_network_too() {
    let lines = [line(&[[0.0, 0.0], [9_000.0, 0.0], [9_000.0, 9_000.0]]), line(&[[90_000.0, 0.0], [91_000.0, 0.0]])];
    for lines in [&lines[..], &[]] {
        let found = haul(lines, [91_000.0, 0.0], [0.0, 0.0], &rates());
        assert_eq!((found.route, found.transfers, found.legs.len()), (RouteKind::StraightLine, 0, 1));
        assert!((found.distance_km - 1.4 * 91.0).abs() < 1e-9);
    }
}

#[test]
fn a_track_costs_its_capital_recovered_and_without_interest_its_capital_shared_out() {
    // CRF(8 %, 20 a) = 0.1018522, as tables of interest have it.
    assert!((track_cost(1.0, 0.08, 20.0, 1.0) - 0.101_852_2).abs() < 1e-7);
    assert!((track_cost(3e6, 0.0, 25.0, 100_000.0) - 1.2).abs() < 1e-12);
    assert!((track_cost(3e6, 1e-12, 25.0, 100_000.0) - 1.2).abs() < 1e-9);
}

fn coordinates() -> impl Strategy<Value = [f64; 2]> {
    (0..25_u32).prop_map(scattered)
}

fn networks() -> impl Strategy<Value = Vec<NetworkLine>> {
    let class = prop_oneof![Just(RoadClass::Primary), Just(RoadClass::Track), Just(RoadClass::NarrowGauge)];
    let one = (class, proptest::collection::vec(coordinates(), 2..6));
    proptest::collection::vec(one.prop_map(|(class, vertices)| NetworkLine { class, ..line(&vertices) }), 1..10)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_narrow_gauge_never_makes_a_haul_dearer(lines in networks(), from in coordinates(), to in coordinates()) {
        let with = haul(&lines, from, to, &rates());
        let without = haul(&lines, from, to, &rates().without_narrow_gauge());
        prop_assert!(with.cost.0 <= without.cost.0 + 1e-9, "{with:?} {without:?}");
        prop_assert!(with.cost.0.is_finite() && with.distance_km.is_finite() && with.travel_h.is_finite());
        prop_assert_eq!(with.transfers + 1, with.legs.len());
    }

    #[test]
    fn the_order_of_lines_changes_nothing(lines in networks(), from in coordinates(), to in coordinates()) {
        let straight = haul(&lines, from, to, &rates());
        let turned: Vec<NetworkLine> = lines.into_iter().rev().collect();
        let other = haul(&turned, from, to, &rates());
        prop_assert!((straight.cost.0 - other.cost.0).abs() < 1e-9, "{straight:?} {other:?}");
    }

    #[test]
    fn a_longer_road_never_lowers_cost(
        lines in networks(), from in coordinates(), to in coordinates(), which in 0..10_usize, detour in 0.0..9_000.0_f64
    ) {
        // The bulge may come near the end of a line, which is no station here.
        let mut rates = rates();
        rates.rail.as_mut().unwrap().station_reach_m = 0.0;
        let network = HaulNetwork::new(&lines);
        let mut longer = lines.clone();
        let place_on_it = which % lines.len();
        // A bulge between the first two vertices, at a place that no other line has.
        let [a, b] = [lines[place_on_it].vertices[0], lines[place_on_it].vertices[1]];
        let bulge = [f64::midpoint(a[0], b[0]) + 13.7, f64::midpoint(a[1], b[1]) + 100_000.0 + detour];
        longer[place_on_it].vertices.insert(1, bulge);
        longer[place_on_it].vertices_crs84.insert(1, bulge);
        let changed = HaulNetwork::new(&longer);
        // From and to a vertex that keeps its place: both reach the network there, however long the roads between.
        let (from, to) = (nearest_vertex(&lines, from), nearest_vertex(&lines, to));
        let cost = |network: &HaulNetwork| {
            let starts = [Start { access: network.access(to)?, cost: 0.0 }];
            let access = network.access(from)?;
            network.shortest_paths(&starts, &rates, &rates.speeds).way_to(&access, &rates, &rates.speeds).map(|way| way.cost)
        };
        // Off the network at either end, or in a piece that the other graph prefers not: another question.
        let on = |n: &HaulNetwork, place| n.access(place).is_some_and(|access| access.off_road_m < 1e-6);
        prop_assume!(on(&network, from) && on(&network, to) && on(&changed, from) && on(&changed, to));
        let (short, long) = (cost(&network).unwrap_or(f64::INFINITY), cost(&changed).unwrap_or(f64::INFINITY));
        prop_assert!(long >= short - 1e-9, "{short} {long}");
    }
}

fn nearest_vertex(lines: &[NetworkLine], place: [f64; 2]) -> [f64; 2] {
    let away = |vertex: &[f64; 2]| distance(*vertex, place);
    let vertices = lines.iter().flat_map(|line| line.vertices.iter().copied());
    vertices.min_by(|a, b| away(a).total_cmp(&away(b))).unwrap_or(place)
}
