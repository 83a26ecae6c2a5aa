use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Drawn {
    stocks: Vec<f64>,
    yearly: Vec<f64>,
    needs: Vec<Vec<f64>>,
    ways: Vec<f64>,
    weather: Vec<f64>,
    chips_price: f64,
    rate: f64,
    carry: f64,
    growth: f64,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (1_usize..5, 1_usize..4, 1_usize..5).prop_flat_map(|(sources, plants, years)| {
        (
            prop::collection::vec(0.0..5_000.0, sources),
            prop::collection::vec(1.0..900.0, sources),
            prop::collection::vec(prop::collection::vec(0.0..800.0, years), plants),
            prop::collection::vec(10.0..400.0, sources * plants),
            prop::collection::vec(0.3..1.3, years),
            (300.0..1_200.0, 0.0..0.15, 0.0..300.0, 0.0..1.5),
        )
            .prop_map(|(stocks, yearly, needs, ways, weather, (chips_price, rate, carry, growth))| Drawn {
                stocks,
                yearly,
                needs,
                ways,
                weather,
                chips_price,
                rate,
                carry,
                growth,
            })
    })
}

fn study(drawn: &Drawn) -> AllocationStudy {
    let mut study = bare(drawn.weather.len(), drawn.rate);
    study.weather.clone_from(&drawn.weather);
    let mut cost = drawn.ways.iter();
    for (i, (stock, yearly)) in drawn.stocks.iter().zip(&drawn.yearly).enumerate() {
        let mut field = source(&format!("S{i}"), *stock, *yearly, 150.0);
        field.carry_over_most_mwh = Some(drawn.carry);
        field.carry_over_loss_share = Some(0.1);
        field.largest_ha += drawn.growth;
        field.preparation_ha_a = Some(0.4);
        field.preparation_cost_rub_ha = Some(5_000.0);
        field.preparation_years = Some(1);
        study.sources.push(field);
        for j in 0..drawn.needs.len() {
            study.ways.push(way(&format!("S{i}"), &format!("P{j}"), *cost.next().expect("one for each pair")));
        }
    }
    let mut chips = AlternativeFuel { id: "chips".to_owned(), most_mwh_a: Some(400.0), ..AlternativeFuel::default() };
    for (j, need) in drawn.needs.iter().enumerate() {
        study.plants.push(plant(&format!("P{j}"), need.clone(), 3_000.0));
        chips.offers.push(AlternativeOffer {
            plant: format!("P{j}"),
            price_rub_mwh: Some(drawn.chips_price),
            most_mwh_a: Some(300.0),
            unlimited: false,
        });
    }
    study.alternatives.push(chips);
    study
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-7 * a.abs().max(b.abs()).max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fuel_is_conserved_and_nothing_exceeds_what_there_is(drawn in drawn()) {
        // The plan's own check has passed already; this one knows only the numbers that go out.
        let plan = planned(&study(&drawn));
        for supply in &plan.plants {
            for year in &supply.years {
                prop_assert!(close(year.peat_mwh + year.alternatives_mwh + year.unmet_mwh, year.need_mwh));
                prop_assert!(year.unmet_mwh >= 0.0 && year.peat_mwh >= 0.0 && year.alternatives_mwh >= 0.0);
            }
        }
        for (used, stock) in plan.sources.iter().zip(&drawn.stocks) {
            let harvested: f64 = used.years.iter().map(|year| year.harvested_mwh).sum();
            prop_assert!(harvested <= stock + 1e-6);
            let delivered: f64 = used.years.iter().map(|year| year.delivered_mwh).sum();
            let lost: f64 = used.years.iter().map(|year| year.lost_mwh).sum();
            prop_assert!(close(harvested, delivered + lost));
            for year in &used.years {
                prop_assert!(year.harvested_mwh <= year.capacity_mwh + 1e-6 && year.stack_mwh <= drawn.carry + 1e-6);
                prop_assert!(year.remaining_mwh >= 0.0 && year.newly_prepared_ha <= 0.4 + 1e-9);
            }
        }
        let all: f64 = plan.deliveries.iter().map(|one| one.fuel_mwh).sum();
        let received: f64 = plan.plants.iter().flat_map(|supply| &supply.years).map(|year| year.peat_mwh).sum();
        prop_assert!(close(all, received));
    }

    #[test]
    fn prices_are_proven_and_not_below_zero(drawn in drawn()) {
        let plan = planned(&study(&drawn));
        prop_assert!(plan.duality_gap.is_some_and(|gap| gap <= 1e-7));
        for year in plan.plants.iter().flat_map(|supply| &supply.years).filter(|year| year.need_mwh > 0.0) {
            let price = year.marginal_cost_rub_mwh.expect("proven");
            prop_assert!((-1e-6..=3_000.0 + 1e-6).contains(&price), "{price}");
        }
        for used in &plan.sources {
            prop_assert!(used.scarcity_rent_rub_mwh.is_some_and(|rent| rent >= 0.0));
            prop_assert!(used.years.iter().all(|year| year.capacity_value_rub_mwh.is_some_and(|value| value >= 0.0)));
        }
    }

    #[test]
    fn a_longer_road_never_lowers_cost(drawn in drawn(), which in 0_usize..100, longer in 0.0..500.0) {
        let before = study(&drawn);
        let mut after = before.clone();
        let which = which % after.ways.len();
        after.ways[which].cost_rub_mwh += longer;
        let (before, after) = (planned(&before).cost.discounted_rub, planned(&after).cost.discounted_rub);
        prop_assert!(after >= before - 1e-7 * before.abs().max(1.0));
    }

    #[test]
    fn one_more_deposit_never_raises_cost(drawn in drawn(), stock in 0.0..5_000.0, cost in 10.0..600.0) {
        let before = study(&drawn);
        let mut after = before.clone();
        after.sources.push(source("more", stock, 300.0, 0.0));
        after.ways.push(way("more", "P0", cost));
        let (before, after) = (planned(&before).cost.discounted_rub, planned(&after).cost.discounted_rub);
        prop_assert!(after <= before + 1e-7 * before.abs().max(1.0));
    }

    #[test]
    fn another_currency_changes_money_and_nothing_else(drawn in drawn(), rate in 0.01..200.0) {
        let here = study(&drawn);
        let mut there = here.clone();
        for source in &mut there.sources {
            source.harvest_cost_rub_mwh *= rate;
            source.preparation_cost_rub_ha = source.preparation_cost_rub_ha.map(|cost| cost * rate);
        }
        for way in &mut there.ways {
            way.cost_rub_mwh *= rate;
        }
        for plant in &mut there.plants {
            plant.shortage_rub_mwh = plant.shortage_rub_mwh.map(|cost| cost * rate);
        }
        for offer in there.alternatives.iter_mut().flat_map(|fuel| &mut fuel.offers) {
            offer.price_rub_mwh = offer.price_rub_mwh.map(|price| price * rate);
        }
        prop_assert!(close(planned(&there).cost.discounted_rub / rate, planned(&here).cost.discounted_rub));
    }

    #[test]
    fn the_order_of_inputs_changes_no_bit(drawn in drawn(), turn in 0_usize..20) {
        let here = study(&drawn);
        let mut there = here.clone();
        there.sources.reverse();
        let plants = there.plants.len();
        there.plants.rotate_left(turn % plants);
        let ways = there.ways.len();
        there.ways.rotate_left(turn % ways);
        there.alternatives[0].offers.reverse();
        let text = |study: &AllocationStudy| serde_json::to_string(&planned(study)).expect("a plan is JSON");
        prop_assert_eq!(text(&here), text(&there));
    }

    #[test]
    fn years_that_share_nothing_are_planned_one_by_one(drawn in drawn()) {
        // Without stacks, growth and scarce stocks a year knows nothing of the others.
        let mut together = study(&Drawn { carry: 0.0, growth: 0.0, rate: 0.0, ..drawn.clone() });
        for source in &mut together.sources {
            source.stock_mwh = 1e7;
        }
        let mut apart = 0.0;
        for year in 0..together.years {
            let mut one = together.clone();
            one.years = 1;
            one.weather = vec![together.weather[year]];
            for plant in &mut one.plants {
                plant.need_mwh = vec![plant.need_mwh[year]];
            }
            apart += planned(&one).cost.total_rub;
        }
        prop_assert!(close(planned(&together).cost.total_rub, apart));
    }

    #[test]
    fn half_years_cost_what_years_cost(drawn in drawn()) {
        let whole = study(&Drawn { carry: 0.0, growth: 0.0, rate: 0.0, ..drawn });
        let mut halves = whole.clone();
        halves.years *= 2;
        let half = |numbers: &[f64]| numbers.iter().flat_map(|number| [number / 2.0; 2]).collect::<Vec<f64>>();
        halves.weather = half(&whole.weather);
        for plant in &mut halves.plants {
            plant.need_mwh = half(&plant.need_mwh);
        }
        for fuel in &mut halves.alternatives {
            fuel.most_mwh_a = fuel.most_mwh_a.map(|most| most / 2.0);
            for offer in &mut fuel.offers {
                offer.most_mwh_a = offer.most_mwh_a.map(|most| most / 2.0);
            }
        }
        prop_assert!(close(planned(&halves).cost.total_rub, planned(&whole).cost.total_rub));
    }
}
