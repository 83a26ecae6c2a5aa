//! Another program's optima, the lever rule, and what must always hold.

use super::*;
use crate::model::{ParameterValues, blend_parameters};
use crate::units::{MassFraction, MegaJoulesPerKilogram, MegawattHours, Share};
use proptest::prelude::*;
use serde_json::Value;

fn fraction(value: f64) -> MassFraction {
    MassFraction::new(value).expect("a fraction below one")
}

fn numbers() -> ParameterValues {
    ParameterValues::defaults(blend_parameters())
}

fn drawn(place: usize, of: &dyn Fn(&str) -> f64) -> BlendFuel {
    BlendFuel {
        name: format!("fuel {place}"),
        family: FuelFamily::Other,
        cost_rub_mwh: of("cost"),
        moisture: fraction(of("moisture")),
        ash: fraction(of("ash")),
        sulphur: fraction(of("sulphur")),
        chlorine: fraction(of("chlorine")),
        calorific_value_dry: MegaJoulesPerKilogram(of("heat")),
        least_share: Share::new(of("least")).expect("a share"),
        most_share: Share::new(of("most")).expect("a share"),
        fired_apart: false,
    }
}

/// Cases that `scipy.optimize.linprog` solved, see the README beside them.
fn cases() -> Vec<(Vec<BlendFuel>, BlendLimits, Option<f64>)> {
    let text = include_str!("../../../tests/fixtures/blend/blends.json");
    let all: Vec<Value> = serde_json::from_str(text).expect("the fixture is JSON");
    all.into_iter()
        .map(|case| {
            let fuels = case["fuels"].as_array().expect("fuels").iter().enumerate();
            let fuels = fuels.map(|(place, fuel)| drawn(place, &|name| fuel[name].as_f64().expect("a number"))).collect();
            let limit = |name: &str| case["limits"][name].as_f64();
            let limits = BlendLimits {
                ash: limit("ash"),
                moisture: limit("moisture"),
                sulphur: limit("sulphur"),
                sulphur_mg_mj: limit("sulphur_mg_mj"),
                chlorine: limit("chlorine"),
                sulphur_to_chlorine: limit("sulphur_to_chlorine"),
                calorific_value_mj_kg: limit("heat"),
            };
            (fuels, limits, case["cost"].as_f64())
        })
        .collect()
}

#[test]
fn the_cheapest_blends_are_those_of_scipy() {
    let (mut solved, mut impossible) = (0, 0);
    for (place, (fuels, limits, cost)) in cases().into_iter().enumerate() {
        match (least_cost_blend(&fuels, &limits), cost) {
            (Ok(answer), Some(cost)) => {
                // HiGHS' own tolerance is 1e-7.
                assert!((answer.blend.cost_rub_mwh / cost - 1.0).abs() < 2e-6, "case {place}: {answer:?} {cost}");
                solved += 1;
            }
            (Err(BlendError::Unreachable { .. } | BlendError::Conflict { .. } | BlendError::SharesDoNotFit { .. }), None) => {
                impossible += 1;
            }
            (ours, theirs) => panic!("case {place}: {ours:?} against {theirs:?}"),
        }
    }
    assert!(solved > 30 && impossible > 20, "{solved} {impossible}");
}

#[test]
fn answers_keep_every_limit_and_name_what_binds() {
    for (fuels, limits, _) in cases() {
        let Ok(answer) = least_cost_blend(&fuels, &limits) else { continue };
        for (limit, value) in limits.given() {
            let has = limit.of(&answer.blend).unwrap();
            let beyond = if limit.is_least() { value - has } else { has - value };
            assert!(beyond <= 1e-6 * value, "{limit}: {has} against {value}");
            let touches = (has / value - 1.0).abs() < 1e-9;
            assert_eq!(touches, answer.binding.iter().any(|binding| binding.limit == limit), "{limit} {has} {value}");
        }
        assert!((answer.blend.parts.iter().map(|part| part.energy_share).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!((answer.blend.parts.iter().map(|part| part.mass_share).sum::<f64>() - 1.0).abs() < 1e-9);
        // Either something binds, or the cheapest fuel alone is taken.
        let alone = answer.blend.parts.iter().any(|part| part.energy_share > 1.0 - 1e-9);
        assert!(alone || !answer.binding.is_empty());
    }
}

#[test]
fn what_no_blend_meets_is_named_with_the_nearest() {
    let fuels = [BlendFuel::peat(&numbers()), BlendFuel::wood_chips(&numbers())];
    let dry = BlendLimits { moisture: Some(0.30), ..BlendLimits::default() };
    let error = least_cost_blend(&fuels, &dry).unwrap_err();
    let BlendError::Unreachable { limit, best, allowed, .. } = &error else { panic!("{error}") };
    assert_eq!((*limit, *allowed), (LimitName::MoistureLimit, 0.30));
    assert!((best - 0.40).abs() < 1e-12, "peat alone is the driest");
    // Little ash asks for wood, little water for peat.
    let both = BlendLimits { moisture: Some(0.41), ash: Some(0.02), ..BlendLimits::default() };
    let error = least_cost_blend(&fuels, &both).unwrap_err();
    assert_eq!(error, BlendError::Conflict { limits: vec![LimitName::AshLimit, LimitName::MoistureLimit] });
    assert!(error.to_string().contains("ash_limit, moisture_limit"), "{error}");
}

#[test]
fn by_default_cheap_peat_is_burned_alone_and_a_shortage_is_filled_by_the_next() {
    let numbers = numbers();
    let fuels = [BlendFuel::peat(&numbers), BlendFuel::wood_chips(&numbers), BlendFuel::backup(&numbers)];
    let limits = BlendLimits::from_numbers(&numbers);
    let alone = least_cost_blend(&fuels, &limits).unwrap();
    assert!((alone.blend.parts[0].energy_share - 1.0).abs() < 1e-12 && alone.binding.is_empty());
    // 104 mg of sulphur a MJ: 0.2 % of 0.187 t of dry matter a MWh.
    assert!((alone.blend.sulphur_mg_mj.unwrap() - 103.8).abs() < 0.1, "{:?}", alone.blend.sulphur_mg_mj);
    let [peat, wood, backup] = fuels;
    let peat = peat.available(MegawattHours(60.0), MegawattHours(100.0));
    let short = least_cost_blend(&[peat, wood, backup], &limits).unwrap();
    assert!((short.blend.parts[2].energy_share - 0.4).abs() < 1e-12, "gas at 800 RUB is cheaper than chips at 900");
    assert_eq!(short.binding[0].limit, LimitName::MostShare);
    assert_eq!(short.binding[0].fuel.as_deref(), Some("peat"));
    // 0.6 % of the energy more peat saves 0.006 × (800 - 525) RUB.
    assert!((short.binding[0].saving_rub_mwh - 0.006 * 275.0).abs() < 1e-9);
}

#[test]
fn gas_beside_the_grate_dilutes_no_ash() {
    let numbers = numbers();
    let ashy = BlendFuel { ash: fraction(0.30), ..BlendFuel::peat(&numbers) };
    let limits = BlendLimits { ash: Some(0.15), ..BlendLimits::default() };
    let gas = BlendFuel::backup(&numbers);
    let answer = least_cost_blend(&[ashy.clone(), gas.clone()], &limits).unwrap();
    assert!((answer.blend.parts[1].energy_share - 1.0).abs() < 1e-12, "none of the peat can be burned: {answer:?}");
    assert_eq!(answer.blend.ash, None);
    let mixed = BlendFuel { fired_apart: false, ..gas };
    assert!(least_cost_blend(&[ashy, mixed], &limits).unwrap().blend.parts[0].energy_share > 0.1);
}

#[test]
fn nearly_pure_wood_is_warned_of_under_hot_steam() {
    let numbers = numbers();
    let fuels = [BlendFuel::peat(&numbers), BlendFuel::wood_chips(&numbers)];
    let codes = |peat: f64, steam| -> Vec<&'static str> {
        let blend = blend_quality(&fuels, &[peat, 1.0 - peat]).unwrap();
        blend.warnings(steam, &numbers).into_iter().map(|warning| warning.code).collect()
    };
    assert_eq!(codes(0.19, Some(520.0)), ["alkali_corrosion"]);
    assert!(codes(0.2, Some(520.0)).is_empty(), "a fifth of peat is what is recommended");
    assert!(codes(0.0, Some(400.0)).is_empty() && codes(0.0, None).is_empty());
    // Pure chips: 0.02 % sulphur over 0.01 % chlorine are 2.2 atoms.
    assert_eq!(codes(0.0, Some(520.0)), ["alkali_corrosion", "chlorine_corrosion"]);
}

#[test]
fn wrong_fuels_and_limits_are_refused() {
    let peat = BlendFuel::peat(&numbers());
    let none = BlendLimits::default();
    assert_eq!(least_cost_blend(&[], &none), Err(BlendError::FuelCount { count: 0 }));
    assert!(matches!(least_cost_blend(&[peat.clone(), peat.clone()], &none), Err(BlendError::FuelTwice { .. })));
    let wet = BlendFuel { moisture: fraction(0.92), ..peat.clone() };
    assert!(least_cost_blend(&[wet], &none).unwrap_err().to_string().contains("too wet"));
    let free = BlendFuel { cost_rub_mwh: f64::NAN, ..peat.clone() };
    assert!(least_cost_blend(&[free], &none).unwrap_err().to_string().contains("RUB/MWh"));
    let half = BlendFuel { most_share: Share::new(0.5).unwrap(), ..peat.clone() };
    assert!(matches!(least_cost_blend(&[half], &none), Err(BlendError::SharesDoNotFit { .. })));
    let negative = BlendLimits { ash: Some(-0.1), ..none };
    assert!(least_cost_blend(std::slice::from_ref(&peat), &negative).unwrap_err().to_string().contains("ash_limit"));
    for shares in [&[0.4][..], &[f64::NAN], &[0.5, 0.5]] {
        assert!(matches!(blend_quality(std::slice::from_ref(&peat), shares), Err(BlendError::WrongShares { .. })));
    }
    assert!((least_cost_blend(&[peat], &none).unwrap().blend.parts[0].energy_share - 1.0).abs() < 1e-12);
}

#[test]
fn limits_that_exclude_each_other_give_way_alone_or_together() {
    let numbers = numbers();
    let dry = |fuel: BlendFuel, ash: f64, moisture: f64| BlendFuel { ash: fraction(ash), moisture: fraction(moisture), ..fuel };
    // Peat with much ash and little water beside chips with little ash and much water: one limit must give way.
    let fuels = [dry(BlendFuel::peat(&numbers), 0.3, 0.3), dry(BlendFuel::wood_chips(&numbers), 0.01, 0.55)];
    let limits = BlendLimits { ash: Some(0.05), moisture: Some(0.35), ..BlendLimits::default() };
    assert!(matches!(least_cost_blend(&fuels, &limits), Err(BlendError::Conflict { .. })));
    let relief = blend_relief(&fuels, &limits).unwrap();
    assert!(relief.together.is_empty() && relief.alone.len() == 2, "{relief:?}");
    for one in &relief.alone {
        let with = |value: f64| match one.limit {
            LimitName::AshLimit => BlendLimits { ash: Some(value), ..limits },
            _ => BlendLimits { moisture: Some(value), ..limits },
        };
        assert!(least_cost_blend(&fuels, &with(one.needed + 1e-9)).is_ok(), "{one:?}");
        assert!(least_cost_blend(&fuels, &with(one.needed - 1e-6)).is_err(), "{one:?}");
    }
    // Both out of reach: each goes to its nearest value, and then both by one share.
    let strict = BlendLimits { ash: Some(0.005), moisture: Some(0.2), ..limits };
    let relief = blend_relief(&fuels, &strict).unwrap();
    assert!(relief.alone.is_empty() && relief.together.len() == 2, "{relief:?}");
    let of = |limit: LimitName| relief.together.iter().find(|one| one.limit == limit).unwrap().needed;
    let (ash, moisture) = (of(LimitName::AshLimit), of(LimitName::MoistureLimit));
    assert!(
        least_cost_blend(&fuels, &BlendLimits { ash: Some(ash * 1.000_001), moisture: Some(moisture * 1.000_001), ..limits })
            .is_ok()
    );
    assert!(
        least_cost_blend(&fuels, &BlendLimits { ash: Some(ash * 0.999), moisture: Some(moisture * 0.999), ..limits }).is_err()
    );
    let none = blend_relief(&fuels, &BlendLimits::default()).unwrap();
    assert!(none.alone.is_empty() && none.together.is_empty());
}

#[test]
fn a_fuel_cut_into_lots_costs_what_it_did() {
    // Forty lots of peat of one quality and one price, beside chips and gas, are one peat: simplex against corners.
    let numbers = numbers();
    let share = |value: f64| Share::new(value).expect("a share");
    let ashy = BlendFuel { ash: fraction(0.2), most_share: share(0.6), ..BlendFuel::peat(&numbers) };
    let others = [BlendFuel::wood_chips(&numbers), BlendFuel::backup(&numbers)];
    let limits = BlendLimits::from_numbers(&numbers);
    let whole = least_cost_blend(&[std::slice::from_ref(&ashy), &others[..]].concat(), &limits).unwrap();
    let lots: Vec<BlendFuel> =
        (0..40).map(|lot| BlendFuel { name: format!("lot {lot:02}"), most_share: share(0.6 / 40.0), ..ashy.clone() }).collect();
    let cut = least_cost_blend(&[&lots[..], &others[..]].concat(), &limits).unwrap();
    assert!((whole.blend.cost_rub_mwh / cut.blend.cost_rub_mwh - 1.0).abs() < 1e-9);
    let ash =
        |answer: &BlendAnswer| answer.binding.iter().find(|one| one.limit == LimitName::AshLimit).map(|one| one.saving_rub_mwh);
    match (ash(&whole), ash(&cut)) {
        (Some(one), Some(other)) => assert!((one - other).abs() < 1e-6, "{one} {other}"),
        (one, other) => assert_eq!(one.is_some(), other.is_some()),
    }
    assert!(least_cost_blend(&vec![ashy; MOST_FUELS + 1], &limits).unwrap_err().to_string().contains("1000"));
}

fn fuels() -> impl Strategy<Value = Vec<BlendFuel>> {
    let fuel = (300.0..1500.0f64, 0.0..0.6f64, 0.0..0.3f64, 0.0..0.005f64, 0.0..0.001f64, 17.0..23.0f64);
    prop::collection::vec(fuel, 1..5).prop_map(|fuels| {
        let of = |(place, (cost, moisture, ash, sulphur, chlorine, heat))| {
            drawn(place, &move |name| match name {
                "cost" => cost,
                "moisture" => moisture,
                "ash" => ash,
                "sulphur" => sulphur,
                "chlorine" => chlorine,
                "heat" => heat,
                "most" => 1.0,
                _ => 0.0,
            })
        };
        fuels.into_iter().enumerate().map(of).collect()
    })
}

proptest! {
    #[test]
    fn the_calorific_value_of_a_mixture_is_that_of_its_dry_matter_and_water(
        fuels in fuels(), weights in prop::collection::vec(0.01..1.0f64, 5),
    ) {
        // Another way: q_dry weighted by dry matter, then brought to the mixture's water.
        let sum: f64 = weights[..fuels.len()].iter().sum();
        let shares: Vec<f64> = weights[..fuels.len()].iter().map(|weight| weight / sum).collect();
        let blend = blend_quality(&fuels, &shares).unwrap();
        let dry = |fuel: &BlendFuel, share: &f64| share * fuel.dry_mass_t_mwh();
        let all: f64 = fuels.iter().zip(&shares).map(|(fuel, share)| dry(fuel, share)).sum();
        let heat: f64 = fuels.iter().zip(&shares).map(|(fuel, share)| dry(fuel, share) * fuel.calorific_value_dry.0).sum();
        let received = MegaJoulesPerKilogram(heat / all).as_received(fraction(blend.moisture.unwrap()));
        prop_assert!((received.0 - blend.calorific_value_mj_kg.unwrap().0).abs() < 1e-9);
    }

    #[test]
    fn the_simplex_method_finds_what_the_corners_do(
        fuels in fuels(), ash in 0.02..0.3f64, moisture in 0.2..0.6f64, sulphur in 20.0..200.0f64,
    ) {
        let limits = BlendLimits { ash: Some(ash), moisture: Some(moisture), sulphur_mg_mj: Some(sulphur), ..BlendLimits::default() };
        let by_simplex = super::program::least_program(&fuels, &super::least_cost::rows(&fuels, &limits)).unwrap();
        let cost = by_simplex.map(|shares| fuels.iter().zip(shares).map(|(fuel, share)| fuel.cost_rub_mwh * share).sum::<f64>());
        match (least_cost_blend(&fuels, &limits), cost) {
            (Ok(corner), Some(cost)) => prop_assert!((corner.blend.cost_rub_mwh / cost - 1.0).abs() < 1e-7, "{corner:?} {cost}"),
            (Err(_), None) => {
                let relief = blend_relief(&fuels, &limits).unwrap();
                for one in &relief.alone {
                    let wider = match one.limit {
                        LimitName::AshLimit => BlendLimits { ash: Some(one.needed + 1e-9), ..limits },
                        LimitName::MoistureLimit => BlendLimits { moisture: Some(one.needed + 1e-9), ..limits },
                        _ => BlendLimits { sulphur_mg_mj: Some(one.needed + 1e-6), ..limits },
                    };
                    prop_assert!(least_cost_blend(&fuels, &wider).is_ok(), "{one:?}");
                }
            }
            (corner, cost) => prop_assert!(false, "{corner:?} against {cost:?}"),
        }
    }

    #[test]
    fn a_tighter_limit_never_makes_it_cheaper_and_the_order_of_fuels_changes_nothing(
        fuels in fuels(), ash in 0.02..0.3f64, tighter in 0.0..0.1f64, moisture in 0.2..0.6f64,
    ) {
        let limits = |ash| BlendLimits { ash: Some(ash), moisture: Some(moisture), ..BlendLimits::default() };
        let loose = least_cost_blend(&fuels, &limits(ash));
        let tight = least_cost_blend(&fuels, &limits((ash - tighter).max(0.0)));
        match (&loose, &tight) {
            (Ok(loose), Ok(tight)) => prop_assert!(tight.blend.cost_rub_mwh >= loose.blend.cost_rub_mwh - 1e-9),
            (Err(_), Ok(_)) => prop_assert!(false, "possible only under the tighter limit"),
            _ => {}
        }
        let back: Vec<BlendFuel> = fuels.iter().rev().cloned().collect();
        match (loose, least_cost_blend(&back, &limits(ash))) {
            (Ok(one), Ok(two)) => {
                prop_assert_eq!(one.binding, two.binding);
                let mut parts = two.blend.parts;
                parts.reverse();
                for (one, two) in one.blend.parts.iter().zip(&parts) {
                    prop_assert_eq!(one.energy_share.to_bits(), two.energy_share.to_bits());
                }
            }
            (one, two) => prop_assert_eq!(one.is_err(), two.is_err()),
        }
    }
}
