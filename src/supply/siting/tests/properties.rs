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
        let flows = cheapest_flows(&instance, opening).unwrap();
        (instance.missing(&flows) <= 1e-9 * total).then_some(flows.cost * instance.money)
    });
    costs.min_by(f64::total_cmp)
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
