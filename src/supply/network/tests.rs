use super::*;
use crate::model::{ParameterValues, supply_parameters};
use crate::supply::HaulRates;
use proptest::prelude::*;
use std::collections::BTreeMap;

struct Length;
impl StretchCost for Length {
    fn cost(&self, _: HaulMode, length_m: f64, _: f64, _: Option<f64>) -> f64 {
        length_m
    }
    fn transfer(&self, _: HaulMode, _: f64) -> f64 {
        f64::INFINITY
    }
}

const SPEEDS: Speeds = Speeds { main_road: 50.0, local_road: 30.0, track: 12.0, narrow_gauge: 20.0 };

pub(in crate::supply) fn line(vertices: &[[f64; 2]]) -> NetworkLine {
    of_class(RoadClass::Primary, vertices)
}

pub(in crate::supply) fn rail(vertices: &[[f64; 2]]) -> NetworkLine {
    of_class(RoadClass::NarrowGauge, vertices)
}

fn of_class(class: RoadClass, vertices: &[[f64; 2]]) -> NetworkLine {
    NetworkLine { class, speed_km_h: None, cost_rub_t_km: None, vertices: vertices.to_vec(), vertices_crs84: vertices.to_vec() }
}

pub(in crate::supply) fn grid(count: u32, step_m: f64) -> Vec<NetworkLine> {
    let at = |i: u32| f64::from(i) * step_m;
    let row = |i: u32| line(&(0..count).map(|j| [at(j), at(i)]).collect::<Vec<_>>());
    let column = |i: u32| line(&(0..count).map(|j| [at(i), at(j)]).collect::<Vec<_>>());
    (0..count).flat_map(|i| [row(i), column(i)]).collect()
}

pub(in crate::supply) fn rates() -> HaulRates {
    HaulRates::from_numbers(&ParameterValues::defaults(supply_parameters()))
}

fn start(access: Access) -> [Start; 1] {
    [Start { access, cost: 0.0 }]
}

/// A square of 1 km with a detour, and a pocket that nothing leads to.
fn network() -> HaulNetwork {
    HaulNetwork::new(&[
        line(&[[0.0, 0.0], [1_000.0, 0.0], [1_000.0, 1_000.0]]),
        line(&[[0.0, 0.0], [0.0, 5_000.0], [1_000.0, 1_000.0]]),
        line(&[[50_000.0, 0.0], [51_000.0, 0.0]]),
    ])
}

fn way(from: [f64; 2], to: [f64; 2]) -> Option<Way> {
    let network = network();
    let paths = network.shortest_paths(&start(network.access(from).unwrap()), &Length, &SPEEDS);
    paths.way_to(&network.access(to).unwrap(), &Length, &SPEEDS)
}

#[test]
fn the_short_way_round_is_taken() {
    let way = way([1_000.0, 1_000.0], [0.0, 0.0]).expect("connected");
    assert!((way.length_m() - 2_000.0).abs() < 1e-6);
    assert!((way.hours() - 2.0 / 50.0).abs() < 1e-9);
    assert_eq!(way.vertices_crs84, [[0.0, 0.0], [1_000.0, 0.0], [1_000.0, 1_000.0]]);
}

#[test]
fn a_way_within_one_stretch_does_not_go_to_its_ends() {
    let way = way([200.0, 30.0], [700.0, -40.0]).expect("connected");
    assert!((way.length_m() - 500.0).abs() < 1e-6);
    assert_eq!(way.vertices_crs84, [[700.0, 0.0], [200.0, 0.0]]);
}

#[test]
fn a_way_starts_and_ends_within_stretches() {
    let way = way([1_010.0, 600.0], [400.0, 10.0]).expect("connected");
    assert!((way.length_m() - 1_200.0).abs() < 1e-6);
    assert_eq!(way.vertices_crs84, [[400.0, 0.0], [1_000.0, 0.0], [1_000.0, 600.0]]);
}

#[test]
fn a_pocket_without_a_road_to_it_is_not_reached() {
    assert_eq!(way([0.0, 0.0], [50_500.0, 0.0]), None);
}

#[test]
fn a_stray_track_beside_the_place_does_not_cut_it_off() {
    let lines = [line(&[[0.0, 0.0], [1_000.0, 0.0], [1_000.0, 1_000.0]]), line(&[[500.0, 100.0], [600.0, 100.0]])];
    let access = HaulNetwork::new(&lines).access([550.0, 90.0]).unwrap();
    assert!((access.off_road_m - 90.0).abs() < 1e-9, "the road, not the track: {access:?}");
}

#[test]
fn a_line_that_only_crosses_a_road_has_no_station_there() {
    let crossing = [line(&[[0.0, -9_000.0], [0.0, 9_000.0]]), rail(&[[-5_000.0, 0.0], [5_000.0, 0.0]])];
    assert_eq!(HaulNetwork::new(&crossing).station_count(), 0);
    let shared = [line(&[[0.0, -9_000.0], [0.0, 0.0], [0.0, 9_000.0]]), rail(&[[-5_000.0, 0.0], [0.0, 0.0], [5_000.0, 0.0]])];
    assert_eq!(HaulNetwork::new(&shared).station_count(), 1);
}

#[test]
fn the_end_of_a_line_near_a_road_is_a_station_and_cuts_the_road_without_lengthening_it() {
    let lines = [line(&[[0.0, 0.0], [3_000.0, 0.0]]), rail(&[[1_200.0, 250.0], [1_200.0, 9_000.0]])];
    let network = HaulNetwork::new(&lines);
    assert_eq!((network.station_count(), network.node_count()), (1, 5), "two ends of each and the node between");
    let roads: f64 = network.arcs().iter().filter(|arc| arc.to < network.rail_from).map(|arc| arc.length_m).sum();
    assert!((roads - 3_000.0).abs() < 1e-9);
    // From the road's start over the station to the far end of the line.
    let rates = rates();
    let paths = network.shortest_paths(&start(network.access([0.0, 0.0]).unwrap()), &rates, &rates.speeds);
    let way = paths.way_to(&network.siding([1_200.0, 9_000.0]).unwrap(), &rates, &rates.speeds).expect("connected");
    let (train, truck) = (way.legs[0], way.legs[1]);
    assert_eq!((way.legs.len(), train.mode, truck.mode), (2, HaulMode::NarrowGauge, HaulMode::Truck));
    assert!((train.length_m - 8_750.0).abs() < 1e-9 && (truck.length_m - 1_200.0).abs() < 1e-9);
    assert!((truck.off_road_m - 250.0).abs() < 1e-9 && train.off_road_m == 0.0);
    // Too far for a request that wants stations within 200 m.
    let mut near = rates;
    near.rail.as_mut().unwrap().station_reach_m = 200.0;
    let paths = network.shortest_paths(&start(network.access([0.0, 0.0]).unwrap()), &near, &near.speeds);
    assert_eq!(paths.way_to(&network.siding([1_200.0, 9_000.0]).unwrap(), &near, &near.speeds), None);
}

#[test]
fn two_lines_that_end_at_one_stretch_cut_it_twice() {
    let lines = [
        line(&[[0.0, 0.0], [3_000.0, 0.0]]),
        rail(&[[2_000.0, 100.0], [2_000.0, 7_000.0]]),
        rail(&[[1_000.0, -100.0], [1_000.0, -7_000.0]]),
        rail(&[[3_000.0, 50.0], [3_500.0, 7_000.0]]),
    ];
    let network = HaulNetwork::new(&lines);
    assert_eq!(network.station_count(), 3);
    let lengths: Vec<f64> = network.arcs().iter().filter(|arc| arc.to < network.rail_from).map(|arc| arc.length_m).collect();
    assert_eq!(lengths, [1_000.0, 1_000.0, 1_000.0]);
}

#[test]
fn vertices_that_are_no_numbers_and_lines_of_one_place_are_left_out() {
    let network = HaulNetwork::new(&[
        line(&[[0.0, 0.0], [f64::NAN, 5.0], [1_000.0, 0.0], [1e300, f64::INFINITY]]),
        line(&[[3.0, 3.0]]),
        rail(&[]),
        rail(&[[7.0, 7.0], [7.0, 7.0]]),
    ]);
    assert_eq!(network.arcs().len(), 1);
    assert_eq!(network.siding([7.0, 7.0]), None);
    assert!(HaulNetwork::new(&[]).is_empty());
}

#[test]
fn a_field_on_a_line_is_reached_at_its_outline() {
    let network = HaulNetwork::new(&[rail(&[[0.0, 0.0], [4_000.0, 0.0]]), rail(&[[0.0, 900.0], [4_000.0, 900.0]])]);
    let field = |south: f64| MultiPolygon::new(vec![geo::Rect::new((1_000.0, south), (3_000.0, south + 600.0)).to_polygon()]);
    let siding = network.siding_of(&field(-100.0), [2_000.0, 200.0]).unwrap();
    assert!(siding.off_road_m == 0.0 && distance(siding.reached_crs84, [2_000.0, 0.0]) < 1e-9, "{siding:?}");
    let siding = network.siding_of(&field(170.0), [2_000.0, 470.0]).unwrap();
    assert!((siding.off_road_m - 130.0).abs() < 1e-9 && distance(siding.reached_crs84, [2_000.0, 900.0]) < 1e-9, "{siding:?}");
    assert_eq!(network.siding_of(&field(9_000.0), [2_000.0, 9_300.0]), None);
    assert_eq!(network.siding_of(&MultiPolygon::new(vec![]), [0.0, 0.0]), None);
}

#[test]
fn distances_on_a_grid_are_those_of_streets() {
    let network = HaulNetwork::new(&grid(30, 100.0));
    let from = network.access([700.0, 1_100.0]).unwrap();
    let paths = network.shortest_paths(&start(from), &Length, &SPEEDS);
    for node in 0..index(network.node_count()) {
        let [x, y] = network.place(node);
        let streets = (x - 700.0).abs() + (y - 1_100.0).abs();
        assert!((paths.cost_at(node) - streets).abs() < 1e-6, "{x} {y}");
    }
}

/// Places of which no three lie in a row, so that no place is on a line between others by chance.
pub(in crate::supply) fn scattered(number: u32) -> [f64; 2] {
    let (i, j) = (f64::from(number % 5), f64::from(number / 5));
    [i * 7_919.0 + 700.0 * (i * 12.9898 + j * 78.233).sin(), j * 6_841.0 + 700.0 * (i * 39.425 + j * 11.135).cos()]
}

fn lines() -> impl Strategy<Value = Vec<NetworkLine>> {
    let class = prop_oneof![
        2 => Just(RoadClass::Primary),
        2 => Just(RoadClass::Track),
        1 => Just(RoadClass::Tertiary),
        3 => Just(RoadClass::NarrowGauge)
    ];
    let stated = proptest::option::weighted(0.3, 0.0..12.0_f64);
    let speed = proptest::option::weighted(0.3, 5.0..60.0_f64);
    let one = (class, stated, speed, proptest::collection::vec(0..20_u32, 2..6));
    let one = one.prop_map(|(class, cost_rub_t_km, speed_km_h, places)| NetworkLine {
        speed_km_h,
        cost_rub_t_km,
        ..of_class(class, &places.into_iter().map(scattered).collect::<Vec<_>>())
    });
    proptest::collection::vec(one, 1..9)
}

/// Labels by relaxing all steps until nothing changes, over states made from the lines by another way: (place, by rail).
fn slow_labels(lines: &[NetworkLine], rates: &HaulRates, from: [f64; 2], by_rail: bool) -> BTreeMap<([i64; 2], bool), f64> {
    #[expect(clippy::cast_possible_truncation, reason = "metres")]
    let key = |place: [f64; 2]| place.map(|metres| (metres * 10.0).round() as i64);
    let rail = rates.rail.unwrap();
    let mut steps = Vec::new();
    for line in lines {
        let is_rail = line.class == RoadClass::NarrowGauge;
        for pair in line.vertices.windows(2) {
            let km = distance(pair[0], pair[1]) / 1_000.0;
            let rate = line.cost_rub_t_km.unwrap_or_else(|| {
                if is_rail {
                    return rail.haul_rub_t_km + rail.track_rub_t_km;
                }
                let speed = line.speed_km_h.unwrap_or_else(|| rates.speeds.of(line.class));
                2.0 * (rates.cost_rub_h / speed + rates.cost_rub_km) / rates.payload_t
            });
            let (a, b) = ((key(pair[0]), is_rail), (key(pair[1]), is_rail));
            steps.extend([(a, b, rate * km), (b, a, rate * km)]);
        }
    }
    let mut labels: BTreeMap<([i64; 2], bool), f64> = steps.iter().map(|(from, ..)| (*from, f64::INFINITY)).collect();
    let turnaround = rates.turnaround_h * rates.cost_rub_h / rates.payload_t;
    for (place, is_rail) in labels.keys() {
        if !is_rail && labels.contains_key(&(*place, true)) {
            steps.push(((*place, false), (*place, true), rail.transfer_rub_t + rail.loading_rub_t));
            steps.push(((*place, true), (*place, false), rail.transfer_rub_t + turnaround));
        }
    }
    labels.insert((key(from), by_rail), 0.0);
    loop {
        let mut changed = false;
        for (from, to, cost) in &steps {
            let reached = labels[from] + cost;
            if reached < labels[to] - 1e-12 {
                labels.insert(*to, reached);
                changed = true;
            }
        }
        if !changed {
            return labels;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Bellman and Ford's slow way is the judge, over roads, lines and stations.
    #[test]
    fn every_cost_is_that_of_relaxing_all_steps_until_nothing_changes(lines in lines(), pick in 0..1_000_usize) {
        let mut rates = rates();
        rates.rail.as_mut().unwrap().station_reach_m = 0.0;
        let network = HaulNetwork::new(&lines);
        // A road cut for the end of a line has nodes that the judge does not know.
        let given = |arc: &Arc| lines.iter().any(|line| line.vertices.contains(&network.place(arc.from)));
        let known: Vec<u32> = (0_u32..).zip(network.arcs()).filter(|(_, arc)| given(arc)).map(|(n, _)| n).collect();
        prop_assume!(!known.is_empty());
        let number = known[pick % known.len()];
        let access = network.access_at_end(number);
        let from = network.place(network.arcs()[number as usize].from);
        let by_rail = network.mode_of(&access) == HaulMode::NarrowGauge;
        let paths = network.shortest_paths(&start(access), &rates, &rates.speeds);
        let slow = slow_labels(&lines, &rates, from, by_rail);
        for node in 0..index(network.node_count()) {
            let place = network.place(node);
            #[expect(clippy::cast_possible_truncation, reason = "metres")]
            let key = (place.map(|metres| (metres * 10.0).round() as i64), node >= network.rail_from);
            let (fast, judge) = (paths.cost_at(node), slow.get(&key).copied().unwrap_or(f64::INFINITY));
            if slow.contains_key(&key) {
                prop_assert!((fast.is_infinite() && judge.is_infinite()) || (fast - judge).abs() < 1e-6, "{key:?}: {fast} {judge}");
            }
        }
        // The way to a node costs what the search says.
        for arc in 0..index(network.arcs().len()) {
            let to = network.access_at_end(arc);
            if let Some(way) = paths.way_to(&to, &rates, &rates.speeds) {
                let mut cost = 0.0;
                for (place, leg) in way.legs.iter().enumerate() {
                    cost += leg.stated_cost_rub_t;
                    cost += match leg.mode {
                        HaulMode::Truck => 2.0 * (leg.rated_hours * rates.cost_rub_h
                            + leg.rated_length_m / 1_000.0 * rates.cost_rub_km) / rates.payload_t,
                        HaulMode::NarrowGauge => {
                            let rail = rates.rail.unwrap();
                            leg.rated_length_m / 1_000.0 * (rail.haul_rub_t_km + rail.track_rub_t_km)
                        }
                    };
                    if place + 1 < way.legs.len() {
                        cost += rates.transfer(leg.mode, 0.0);
                    }
                }
                prop_assert!((cost - way.cost).abs() < 1e-6, "{cost} {}", way.cost);
            }
        }
    }
}
