//! What must hold for any case.

use super::*;
use proptest::prelude::*;

/// A small case: sites and consumers on a plane, one or two sizes, sometimes fuel, sometimes other heat.
#[derive(Debug, Clone)]
struct Small {
    case: SitingCase,
}

prop_compose! {
    fn small()(
        sites in prop::collection::vec((0.0..10.0_f64, 0.0..10.0_f64, 0.0..3_000.0_f64), 2..6),
        consumers in prop::collection::vec((0.0..10.0_f64, 0.0..10.0_f64, 1.0..20.0_f64, prop::option::of(50.0..400.0_f64)), 1..6),
        deposits in prop::collection::vec((20.0..150.0_f64, 5.0..30.0_f64), 0..3),
        capacities in prop::collection::vec((8.0..60.0_f64, 0.0..2_000.0_f64), 1..3),
        power_to_heat in 0.0..0.3_f64,
        losses in 0.0..0.1_f64,
    ) -> Small {
        let mut case = SitingCase { power_price_rub_mwh: 40.0, discount_rate: 0.1, ..SitingCase::default() };
        for (index, (capacity, investment)) in capacities.iter().enumerate() {
            let mut class = size(&format!("k{index}"), *capacity, 100.0);
            class.investment_rub = *investment;
            class.power_to_heat = power_to_heat;
            class.variable_rub_mwh = 10.0;
            case.sizes.push(class);
        }
        for (index, (x, y, cost)) in sites.iter().enumerate() {
            case.sites.push(site(format!("s{index}"), *cost));
            for (other, (to_x, to_y, _, _)) in consumers.iter().enumerate() {
                let distance_km = (x - to_x).hypot(y - to_y);
                if distance_km < 9.0 {
                    let mut link = heat_link(format!("s{index}"), format!("c{other}"), 10.0 * distance_km);
                    link.loss_share = losses * distance_km / 10.0;
                    case.heat_links.push(link);
                }
            }
            for (deposit, (_, cost)) in deposits.iter().enumerate() {
                case.fuel_links.push(fuel_link(format!("d{deposit}"), format!("s{index}"), cost + (x - y).abs()));
            }
        }
        for (index, (_, _, heat, other)) in consumers.iter().enumerate() {
            case.consumers.push(consumer(format!("c{index}"), *heat, *other));
        }
        for (index, (fuel, _)) in deposits.iter().enumerate() {
            case.deposits.push(FuelDeposit { id: format!("d{index}"), fuel_mwh_a: *fuel });
        }
        Small { case }
    }
}

fn cost(case: &SitingCase) -> Option<f64> {
    match plan(case) {
        Ok(plan) => {
            assert!(plan.proven, "gap {}", plan.gap_share);
            Some(plan.cost.total_rub_a)
        }
        Err(SitingError::Short { .. } | SitingError::NotReached { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Every set of sites and sizes, each with its flows by the linear program.
fn by_trying_all(case: &SitingCase) -> Option<f64> {
    use crate::supply::siting::instance::Instance;
    use crate::supply::siting::program::cheapest_flows;
    let instance = Instance::new(case).ok()?;
    let mut openings: Vec<Vec<usize>> = vec![Vec::new()];
    for range in &instance.of_site {
        let more =
            openings.iter().flat_map(|opening| range.clone().map(move |facility| [opening.as_slice(), &[facility]].concat()));
        let more: Vec<_> = more.collect();
        openings.extend(more);
    }
    let total: f64 = instance.demand.iter().sum();
    let costs = openings.iter().filter(|opening| instance.allows(opening)).filter_map(|opening| {
        let flows = cheapest_flows(&instance, opening, &mut || true).unwrap();
        (instance.missing(&flows) <= 1e-9 * total).then_some(flows.cost * instance.money)
    });
    costs.min_by(f64::total_cmp)
}

/// Sites for one consumer, as a knapsack: fixed cost, capacity and cost of the pipe of each.
type Knapsack = (f64, f64, &'static [(f64, f64, f64)]);

/// Gap, need, sites. The gap lets the search end at a plan that is dearer than the best one by a percent or so.
const KNAPSACKS: [Knapsack; 5] = [
    (
        0.02,
        60.0,
        &[(199.0, 19.0, 0.0), (210.0, 20.0, 0.0), (154.0, 15.0, 0.0), (266.0, 24.0, 0.0), (138.0, 12.0, 0.0), (215.0, 21.0, 0.0)],
    ),
    (
        0.04,
        86.0,
        &[(143.0, 11.0, 0.0), (210.0, 21.0, 0.0), (119.0, 11.0, 0.0), (273.0, 26.0, 1.0), (195.0, 17.0, 1.0), (270.0, 24.0, 1.0)],
    ),
    (
        0.02,
        81.0,
        &[(297.0, 29.0, 0.0), (111.0, 9.0, 0.0), (244.0, 22.0, 1.0), (125.0, 12.0, 1.0), (87.0, 8.0, 0.0), (268.0, 23.0, 0.0)],
    ),
    (
        0.04,
        40.0,
        &[(159.0, 12.0, 0.0), (198.0, 19.0, 1.0), (202.0, 19.0, 1.0), (181.0, 18.0, 1.0), (265.0, 23.0, 1.0), (91.0, 9.0, 0.0)],
    ),
    (
        0.04,
        71.0,
        &[
            (116.0, 9.0, 1.0),
            (168.0, 16.0, 1.0),
            (196.0, 16.0, 1.0),
            (233.0, 20.0, 1.0),
            (106.0, 8.0, 0.0),
            (120.0, 12.0, 0.0),
            (203.0, 19.0, 1.0),
        ],
    ),
];

#[test]
fn the_bound_holds_where_the_best_plan_was_not_found() {
    for (gap, need, sites) in KNAPSACKS {
        let mut case = SitingCase { consumers: vec![consumer("c", need, Some(1_000.0))], ..SitingCase::default() };
        for (index, (fixed, capacity, pipe)) in sites.iter().enumerate() {
            let (id, class) = (format!("s{index}"), format!("k{index}"));
            case.sizes.push(size(&class, *capacity, *fixed));
            case.heat_links.push(heat_link(id.as_str(), "c", *pipe));
            case.sites.push(Site { sizes: vec![class], ..site(id, 0.0) });
        }
        let limits = SearchLimits { gap, ..SearchLimits::default() };
        let plan = site_plan(&case, &limits, &mut |_| true).unwrap();
        let best = by_trying_all(&case).unwrap();
        assert!(plan.proven && plan.bound_rub_a <= best * (1.0 + 1e-6), "{} {best} {}", plan.bound_rub_a, plan.cost.total_rub_a);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Tolerance: the gap of 1e-6.
    #[test]
    fn the_plan_is_the_best_of_all(small in small(), most in 1_usize..5, fewest in 0_usize..2) {
        let mut case = small.case;
        case.limits = PlantLimits { fewest, most: Some(most), budget_rub: None };
        match (cost(&case), by_trying_all(&case)) {
            (Some(found), Some(best)) => prop_assert!(near(found, best, 3e-6), "{found} {best}"),
            (found, best) => prop_assert_eq!(found.is_some(), best.is_some(), "{:?} {:?}", found, best),
        }
    }

    /// A wide gap lets the search end at a plan that is not the best, where a bound is put to the test.
    #[test]
    fn no_plan_costs_less_than_the_bound(small in small(), gap in 0.001..0.2_f64, most in 1_usize..5) {
        let mut case = small.case;
        case.limits.most = Some(most);
        // Heat that must be had has a price so high that rounding is seen.
        case.consumers.iter_mut().for_each(|consumer| consumer.other_heat_rub_mwh = consumer.other_heat_rub_mwh.or(Some(300.0)));
        let limits = SearchLimits { gap, ..SearchLimits::default() };
        if let (Ok(plan), Some(best)) = (site_plan(&case, &limits, &mut |_| true), by_trying_all(&case)) {
            prop_assert!(plan.bound_rub_a <= best + 1e-6 * best.abs().max(1.0), "{} {best}", plan.bound_rub_a);
        }
    }

    #[test]
    fn one_more_candidate_never_raises_the_cost(small in small()) {
        let whole = cost(&small.case);
        let mut fewer = small.case.clone();
        let gone = fewer.sites.pop().unwrap().id;
        fewer.heat_links.retain(|link| link.site != gone);
        fewer.fuel_links.retain(|link| link.site != gone);
        if let Some(fewer) = cost(&fewer) {
            prop_assert!(whole.unwrap() <= fewer + 2e-6 * fewer.abs());
        }
    }

    #[test]
    fn a_larger_budget_never_raises_the_cost(small in small(), budget in 0.0..4_000.0_f64) {
        let mut case = small.case;
        case.limits.budget_rub = Some(budget);
        let tight = cost(&case);
        case.limits.budget_rub = Some(budget * 1.5);
        if let Some(tight) = tight {
            prop_assert!(cost(&case).unwrap() <= tight + 2e-6 * tight.abs());
        }
    }

    #[test]
    fn the_order_of_the_inputs_changes_nothing(small in small()) {
        let mut turned = small.case.clone();
        turned.sites.reverse();
        turned.sizes.reverse();
        turned.consumers.reverse();
        turned.deposits.reverse();
        turned.heat_links.reverse();
        let middle = turned.fuel_links.len() / 2;
        turned.fuel_links.rotate_left(middle);
        prop_assert_eq!(plan(&small.case), plan(&turned));
    }

    /// To the last bit for powers of two, to rounding for others.
    #[test]
    fn the_currency_changes_nothing_but_the_amounts(small in small(), doubled in -3..6_i32) {
        let scale = |factor: f64| {
            let mut case = small.case.clone();
            case.sites.iter_mut().for_each(|site| site.site_rub_a *= factor);
            case.power_price_rub_mwh *= factor;
            for size in &mut case.sizes {
                size.investment_rub *= factor;
                size.fixed_rub_a *= factor;
                size.variable_rub_mwh *= factor;
            }
            case.heat_links.iter_mut().for_each(|link| link.pipe_rub_mwh *= factor);
            case.fuel_links.iter_mut().for_each(|link| link.delivered_rub_mwh *= factor);
            case.consumers.iter_mut().for_each(|consumer| consumer.other_heat_rub_mwh = consumer.other_heat_rub_mwh.map(|cost| cost * factor));
            case
        };
        let (whole, factor) = (plan(&small.case), f64::from(doubled).exp2());
        if let Ok(whole) = whole {
            let other = plan(&scale(factor)).unwrap();
            prop_assert_eq!(whole.sites(), other.sites());
            prop_assert_eq!((whole.cost.total_rub_a * factor).to_bits(), other.cost.total_rub_a.to_bits());
            let euros = plan(&scale(0.0113)).unwrap();
            prop_assert!(near(whole.cost.total_rub_a * 0.0113, euros.cost.total_rub_a, 3e-6));
        }
    }
}
