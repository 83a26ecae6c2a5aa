use super::*;
use serde::Deserialize;

/// Knuth's linear congruential numbers, upper 31 bits, seed 12,345.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 33).expect("31 bits")) / f64::from(1_u32 << 31)
    }
}

/// Stocks 200 + 3000 u, a twelfth of them a year; needs 100 + 200 u; costs 8 + 9.6 u; 60 for what is missing; 8 %.
pub(super) fn drawn(sources: usize, plants: usize, years: usize) -> AllocationStudy {
    let mut numbers = Numbers(12_345);
    let stocks: Vec<f64> = (0..sources).map(|_| 200.0 + 3000.0 * numbers.next()).collect();
    let mut study = bare(years, 0.08);
    study.sources = stocks.iter().enumerate().map(|(i, stock)| source(&format!("S{i:02}"), *stock, stock / 12.0, 0.0)).collect();
    study.plants = (0..plants).map(|j| plant(&format!("P{j:02}"), vec![100.0 + 200.0 * numbers.next()], 60.0)).collect();
    for i in 0..sources {
        for j in 0..plants {
            study.ways.push(way(&format!("S{i:02}"), &format!("P{j:02}"), 8.0 + 0.12 * 80.0 * numbers.next()));
        }
    }
    study
}

#[test]
fn twelve_deposits_and_four_plants_over_25_years_cost_what_three_solvers_found() {
    let plan = planned(&drawn(12, 4, 25));
    assert!((plan.cost.discounted_rub / 74_143.936_113_089 - 1.0).abs() < 1e-9, "{}", plan.cost.discounted_rub);
    assert!(plan.duality_gap.is_some_and(|gap| gap < 1e-9));
}

#[test]
fn sixty_deposits_and_ten_plants_over_30_years_cost_what_three_solvers_found() {
    let plan = planned(&drawn(60, 10, 30));
    assert!((plan.cost.discounted_rub / 192_327.280_063_683 - 1.0).abs() < 1e-9, "{}", plan.cost.discounted_rub);
    assert!(plan.duality_gap.is_some_and(|gap| gap < 1e-9));
}

#[derive(Deserialize)]
struct Flows {
    stock_mwh: Vec<f64>,
    yearly_mwh: Vec<f64>,
    harvest_rub_mwh: Vec<f64>,
    way_rub_mwh: Vec<Vec<f64>>,
    need_mwh: Vec<Vec<f64>>,
    shortage_rub_mwh: f64,
    cost_rub: f64,
}

#[test]
fn minimum_cost_flows_are_those_of_the_network_simplex() {
    let cases: Vec<Flows> =
        serde_json::from_str(include_str!("../../../../tests/fixtures/allocation/flows.json")).expect("the fixture is JSON");
    for case in cases {
        let mut study = bare(case.need_mwh[0].len(), 0.0);
        for (i, stock) in case.stock_mwh.iter().enumerate() {
            study.sources.push(source(&format!("S{i}"), *stock, case.yearly_mwh[i], case.harvest_rub_mwh[i]));
            for (j, cost) in case.way_rub_mwh[i].iter().enumerate() {
                study.ways.push(way(&format!("S{i}"), &format!("P{j}"), *cost));
            }
        }
        for (j, need) in case.need_mwh.iter().enumerate() {
            study.plants.push(plant(&format!("P{j}"), need.clone(), case.shortage_rub_mwh));
        }
        let plan = planned(&study);
        assert!((plan.cost.total_rub / case.cost_rub - 1.0).abs() < 1e-9, "{} {}", plan.cost.total_rub, case.cost_rub);
        assert!((plan.cost.discounted_rub / case.cost_rub - 1.0).abs() < 1e-9);
        // Whole numbers in, whole numbers out.
        assert!(plan.deliveries.iter().all(|one| (one.fuel_mwh - one.fuel_mwh.round()).abs() < 1e-6));
    }
}

#[derive(Deserialize)]
struct FullSource {
    stock_mwh: f64,
    yield_mwh_ha: f64,
    prepared_ha: f64,
    largest_ha: f64,
    preparation_ha_a: f64,
    preparation_cost_rub_ha: f64,
    preparation_years: usize,
    harvest_cost_rub_mwh: f64,
    carry_over_most_mwh: f64,
    carry_over_first_mwh: f64,
    carry_over_loss_share: f64,
    ways_rub_mwh: Vec<f64>,
    #[serde(flatten)]
    quality: Quality,
}

#[derive(Deserialize, Clone, Copy)]
struct Quality {
    net_calorific_value_mwh_t: f64,
    ash_share: f64,
    moisture_share: f64,
    sulphur_share: f64,
}

impl From<Quality> for FuelQuality {
    fn from(stated: Quality) -> Self {
        Self {
            net_calorific_value_mwh_t: stated.net_calorific_value_mwh_t,
            ash_share: stated.ash_share,
            moisture_share: stated.moisture_share,
            sulphur_share: stated.sulphur_share,
        }
    }
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names of the fixture")]
struct Blend {
    most_ash_share: Option<f64>,
    most_moisture_share: Option<f64>,
    most_sulphur_share: Option<f64>,
    least_moisture_share: Option<f64>,
}

#[derive(Deserialize)]
struct FullPlant {
    shortage_rub_mwh: f64,
    chips_most_mwh: f64,
    blend: Blend,
}

#[derive(Deserialize)]
struct Chips {
    price_rub_mwh: f64,
    most_mwh_a: f64,
    #[serde(flatten)]
    quality: Quality,
}

#[derive(Deserialize)]
struct Full {
    years: usize,
    discount_rate: f64,
    weather: Vec<f64>,
    sources: Vec<FullSource>,
    plants: Vec<FullPlant>,
    chips: Chips,
    need_mwh: Vec<Vec<f64>>,
    discounted_rub: f64,
    slopes_rub_mwh: Vec<Vec<(f64, f64)>>,
}

fn full_study(case: &Full) -> AllocationStudy {
    let mut study = bare(case.years, case.discount_rate);
    study.weather.clone_from(&case.weather);
    for (i, stated) in case.sources.iter().enumerate() {
        let id = format!("S{i}");
        for (j, cost) in stated.ways_rub_mwh.iter().enumerate() {
            study.ways.push(way(&id, &format!("P{j}"), *cost));
        }
        study.sources.push(HarvestSource {
            id,
            stock_mwh: stated.stock_mwh,
            yield_mwh_ha: stated.yield_mwh_ha,
            prepared_ha: stated.prepared_ha,
            largest_ha: stated.largest_ha,
            reach: None,
            preparation_ha_a: Some(stated.preparation_ha_a),
            permit_years: 0,
            first_yields: Vec::new(),
            preparation_cost_rub_ha: Some(stated.preparation_cost_rub_ha),
            preparation_years: Some(stated.preparation_years),
            harvest_cost_rub_mwh: stated.harvest_cost_rub_mwh,
            quality: Some(stated.quality.into()),
            carry_over_most_mwh: Some(stated.carry_over_most_mwh),
            carry_over_first_mwh: stated.carry_over_first_mwh,
            carry_over_loss_share: Some(stated.carry_over_loss_share),
        });
    }
    let mut offers = Vec::new();
    for (j, stated) in case.plants.iter().enumerate() {
        let id = format!("P{j}");
        let most = |most: Option<f64>| ShareRange { least: None, most };
        let blend = BlendLimits {
            ash: most(stated.blend.most_ash_share),
            moisture: ShareRange { least: stated.blend.least_moisture_share, most: stated.blend.most_moisture_share },
            sulphur: most(stated.blend.most_sulphur_share),
        };
        offers.push(AlternativeOffer {
            plant: id.clone(),
            price_rub_mwh: Some(case.chips.price_rub_mwh),
            most_mwh_a: Some(stated.chips_most_mwh),
            unlimited: false,
        });
        study.plants.push(FuelPlant { blend, ..plant(&id, case.need_mwh[j].clone(), stated.shortage_rub_mwh) });
    }
    study.alternatives.push(AlternativeFuel {
        id: "chips".to_owned(),
        quality: Some(case.chips.quality.into()),
        most_mwh_a: Some(case.chips.most_mwh_a),
        offers,
    });
    study
}

#[test]
fn stacks_ramps_blends_and_chips_cost_what_highs_finds_and_prices_are_its_slopes() {
    let cases: Vec<Full> =
        serde_json::from_str(include_str!("../../../../tests/fixtures/allocation/full.json")).expect("the fixture is JSON");
    for case in cases {
        let plan = planned(&full_study(&case));
        assert!((plan.cost.discounted_rub / case.discounted_rub - 1.0).abs() < 1e-9, "{}", plan.cost.discounted_rub);
        for (supply, slopes) in plan.plants.iter().zip(&case.slopes_rub_mwh) {
            for (year, (less, more)) in supply.years.iter().zip(slopes) {
                let price = year.marginal_cost_rub_mwh.expect("proven");
                assert!(less - 1e-2 <= price && price <= more + 1e-2, "{} {}: {less} {price} {more}", supply.plant, year.year);
            }
        }
        let blended = &plan.plants[0].years;
        assert!(blended.iter().all(|year| year.ash_share.is_some_and(|ash| ash <= 0.06 + 1e-9)));
        assert!(plan.sources.iter().any(|source| source.years.iter().any(|year| year.newly_prepared_ha > 0.0)));
        assert!(plan.sources.iter().any(|source| source.years.iter().any(|year| year.stack_mwh > 0.0)));
    }
}

#[test]
fn a_scarce_reserve_earns_a_rent_that_grows_with_the_discount_rate() {
    // One cheap field of 100 MWh, two years of 80: it saves 500 a MWh whenever it is burnt, and 60 MWh are bought late.
    let mut study = bare(2, 0.25);
    study.sources.push(source("F", 100.0, 90.0, 200.0));
    study.plants.push(plant("P", vec![80.0], 5_000.0));
    study.ways.push(way("F", "P", 100.0));
    let offer = AlternativeOffer { plant: "P".to_owned(), price_rub_mwh: Some(800.0), most_mwh_a: None, unlimited: true };
    study.alternatives.push(AlternativeFuel { id: "gas".to_owned(), offers: vec![offer], ..AlternativeFuel::default() });
    let plan = planned(&study);
    let field = &plan.sources[0];
    assert!((field.years[0].harvested_mwh - 80.0).abs() < 1e-9 && (field.years[1].harvested_mwh - 20.0).abs() < 1e-9);
    assert_eq!(field.worked_out_year, Some(2027));
    // The last MWh of stock is burnt in the second year: 500 / 1.25^2.
    assert!((field.scarcity_rent_rub_mwh.expect("proven") - 320.0).abs() < 1e-6);
    assert!((field.years[0].scarcity_rent_rub_mwh.expect("proven") - 400.0).abs() < 1e-6);
    assert!((field.years[1].scarcity_rent_rub_mwh.expect("proven") - 500.0).abs() < 1e-6);
    // In the first year a MWh more is taken from the second: its price is 300 + 400.
    assert!((plan.plants[0].years[0].marginal_cost_rub_mwh.expect("proven") - 700.0).abs() < 1e-6);
    assert!((plan.plants[0].years[1].marginal_cost_rub_mwh.expect("proven") - 800.0).abs() < 1e-6);
    let cost = (80.0 * 300.0) / 1.25 + (20.0 * 300.0 + 60.0 * 800.0) / 1.25_f64.powi(2);
    assert!((plan.cost.discounted_rub - cost).abs() < 1e-6);
}

#[test]
fn a_good_season_is_carried_into_a_wet_one_with_its_loss() {
    let mut study = bare(2, 0.0);
    study.weather = vec![1.5, 0.5];
    let mut field = source("F", 1e6, 100.0, 200.0);
    field.carry_over_most_mwh = Some(60.0);
    field.carry_over_loss_share = Some(0.1);
    study.sources.push(field);
    study.plants.push(plant("P", vec![100.0], 5_000.0));
    study.ways.push(way("F", "P", 50.0));
    let years = &planned(&study).sources[0].years;
    // 50 MWh over, 45 of them left; 95 of 100 are met.
    assert!((years[0].stack_mwh - 50.0).abs() < 1e-9 && (years[1].lost_mwh - 5.0).abs() < 1e-9);
    assert!((years[1].delivered_mwh - 95.0).abs() < 1e-9);
}
