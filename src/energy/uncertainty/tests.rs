//! Claims about chance: against `SciPy` and `NumPy` (`tests/fixtures/economics/uncertainty.json`), closed forms, and properties.

use super::*;
use crate::energy::economics::{EconomicStudy, Multipliers, Stream, YearSeries, YearlyFlow};
use crate::model::{ParameterValues, economics_parameters, uncertainty_parameters};
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Fixtures {
    probabilities: Vec<f64>,
    distributions: Vec<Quantiles>,
    percentiles: Vec<Percentiles>,
    ranks: Vec<Ranks>,
}

#[derive(Deserialize)]
struct Quantiles {
    distribution: Distribution,
    values: Vec<f64>,
}

#[derive(Deserialize)]
struct Percentiles {
    sample: Vec<f64>,
    shares: Vec<f64>,
    values: Vec<f64>,
}

#[derive(Deserialize)]
struct Ranks {
    a: Vec<f64>,
    b: Vec<f64>,
    rho: f64,
}

fn fixtures() -> Fixtures {
    serde_json::from_str(include_str!("../../../tests/fixtures/economics/uncertainty.json")).unwrap()
}

fn uniform(name: &str) -> Factor {
    Factor::new(name, "", 0.5, Distribution::Uniform { low: 0.0, high: 1.0 }).unwrap()
}

fn defaults() -> Vec<Factor> {
    default_factors(&ParameterValues::defaults(uncertainty_parameters()), &BTreeMap::new()).unwrap()
}

fn run(factors: &[Factor], draws: usize, seed: u64, study: impl Fn(&[f64]) -> f64 + Sync) -> MonteCarlo {
    monte_carlo(factors, &["output"], draws, seed, &mut |_| true, |values| vec![study(values)]).unwrap()
}

#[test]
fn quantiles_are_those_of_scipy() {
    let fixtures = fixtures();
    for case in &fixtures.distributions {
        for (p, theirs) in fixtures.probabilities.iter().zip(&case.values) {
            let ours = case.distribution.quantile(*p).unwrap();
            assert!(
                (ours - theirs).abs() <= 1e-9 * theirs.abs().max(1e-3),
                "{:?} at {p}: {ours} against {theirs}",
                case.distribution
            );
        }
    }
}

#[test]
fn percentiles_are_those_of_numpy() {
    for case in fixtures().percentiles {
        for (share, theirs) in case.shares.iter().zip(&case.values) {
            let ours = percentile(&case.sample, *share).unwrap();
            assert!((ours - theirs).abs() <= 1e-13 * theirs, "{share}: {ours} against {theirs}");
        }
    }
}

#[test]
fn a_sample_is_a_distribution_with_its_own_percentiles() {
    for case in fixtures().percentiles.iter().filter(|case| case.sample.len() > 1) {
        let distribution = Distribution::from_sample(&case.sample).unwrap();
        for (share, theirs) in case.shares.iter().zip(&case.values) {
            assert!((distribution.quantile(*share).unwrap() - theirs).abs() <= 1e-12 * theirs);
        }
    }
    assert!(Distribution::from_sample(&[1.0]).is_err() && Distribution::from_sample(&[]).is_err());
    assert!(Distribution::from_sample(&[1.0, f64::NAN]).is_err());
}

#[test]
fn rank_correlations_are_those_of_scipy_with_ties() {
    for case in fixtures().ranks {
        assert!((spearman(&case.a, &case.b).unwrap() - case.rho).abs() < 1e-12);
    }
    assert_eq!(spearman(&[1.0], &[2.0]), None);
    assert_eq!(spearman(&[0.0, -0.0, 1.0], &[1.0, 1.0, 2.0]), Some(1.0), "both zeros are one value");
}

#[test]
fn p10_p50_p90_of_a_reserve_come_out_as_they_went_in() {
    let reserve = Distribution::from_p10_p50_p90(80.0, 100.0, 130.0);
    let factor = Factor::new("reserve", "t", 100.0, reserve).unwrap();
    for (p, value) in [(0.1, 80.0), (0.3, 90.0), (0.5, 100.0), (0.9, 130.0), (0.0, 75.0), (1.0, 137.5)] {
        assert!((factor.value_at(p) - value).abs() < 1e-12, "{p}: {}", factor.value_at(p));
    }
    let drawn = run(&[factor], 1_000, 3, |values| values[0]).report();
    let summary = drawn.outputs[0].summary.unwrap();
    assert!((summary.p10 - 80.0).abs() < 0.1 && (summary.p50 - 100.0).abs() < 0.1 && (summary.p90 - 130.0).abs() < 0.1);
    // The tail of a broad band would go below zero: there is no such reserve.
    let broad = Distribution::from_p10_p50_p90(1.0, 100.0, 130.0);
    assert!(broad.quantile(0.0).unwrap().abs() < 1e-12);
}

#[test]
fn default_factors_are_those_of_the_file_and_every_shape_can_be_asked_for() {
    let factors = defaults();
    assert_eq!(factors.iter().map(Factor::name).collect::<Vec<_>>(), FACTOR_NAMES);
    assert_eq!(uncertainty_parameters().choices().len(), FACTOR_NAMES.len());
    assert_eq!(*factors[0].distribution(), Distribution::Triangular { low: 0.85, mode: 1.0, high: 1.3 });
    assert_eq!(*factors[2].distribution(), Distribution::Uniform { low: 0.75, high: 0.95 });
    assert_eq!(*factors[3].distribution(), Distribution::Normal { mean: 0.81, deviation: 0.08, low: 0.5, high: 1.1 });
    assert_eq!(*factors[5].distribution(), Distribution::Lognormal { mean: 1.0, variation: 0.2 });
    let numbers = ParameterValues::defaults(uncertainty_parameters());
    for name in FACTOR_NAMES {
        for shape in uncertainty_parameters().choice(&format!("{name}_distribution")).unwrap().values() {
            default_factor(name, Some(shape), &numbers).unwrap();
        }
        assert!(default_factor(name, Some("cauchy"), &numbers).unwrap_err().to_string().contains("triangular"));
    }
    let rests_on = default_factors_rest_on(&numbers, &BTreeMap::new()).unwrap();
    let names: Vec<&str> = rests_on.iter().map(|used| used.parameter).collect();
    assert!(names.contains(&"fuel_price_factor_deviation") && !names.contains(&"fuel_price_factor_low"), "{names:?}");
    assert!(default_factor("weather", None, &numbers).is_err());
    assert!(default_factors(&numbers, &BTreeMap::from([("weather".to_owned(), "fixed".to_owned())])).is_err());
}

#[test]
fn a_factor_draws_the_same_whatever_stands_beside_it() {
    let (a, b, c) = (uniform("a"), uniform("b"), uniform("c"));
    let alone = run(std::slice::from_ref(&b), 500, 9, |values| values[0]);
    let together = run(&[a.clone(), b.clone(), c.clone()], 500, 9, |values| values[1]);
    let turned = run(&[c, b, a], 500, 9, |values| values[1]);
    assert_eq!(alone.outputs, together.outputs);
    assert_eq!(alone.outputs, turned.outputs);
    assert_ne!(latin_hypercube("b", 500, 9), latin_hypercube("b", 500, 10), "another seed, other draws");
    assert_ne!(latin_hypercube("b", 500, 9), latin_hypercube("a", 500, 9), "another name, other draws");
}

#[test]
fn the_draws_are_the_same_bits_on_any_number_of_threads() {
    let factors = defaults();
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&factors, 997, 5, |values| values.iter().map(|value| value.ln()).sum::<f64>().exp()))
    };
    let (one, many) = (on(1), on(7));
    assert_eq!(one, many);
    let bits = |run: &MonteCarlo| run.outputs[0].values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&one), bits(&many));
}

#[test]
fn factors_are_drawn_independently() {
    let factors = defaults();
    let drawn = run(&factors, 2_000, 1, |_| 0.0);
    for (place, a) in drawn.factors.iter().enumerate() {
        for b in &drawn.factors[place + 1..] {
            // Four standard errors of a correlation of 2,000 independent pairs.
            let correlation = spearman(&a.values, &b.values).unwrap();
            assert!(correlation.abs() < 4.0 / 2_000_f64.sqrt(), "{} {} {correlation}", a.factor.name(), b.factor.name());
        }
    }
}

#[test]
fn draws_have_the_mean_and_the_spread_of_their_distribution() {
    // Uniform (a + b)/2 and (b - a)/sqrt 12; triangle (a + b + c)/3; lognormal its mean and variation times it.
    let triangle = 0.85_f64.powi(2) + 1.0 + 1.3_f64.powi(2) - 0.85 - 0.85 * 1.3 - 1.3;
    let cases = [
        (Distribution::Uniform { low: 0.75, high: 0.95 }, 0.85, 0.2 / 12_f64.sqrt()),
        (Distribution::Triangular { low: 0.85, mode: 1.0, high: 1.3 }, 1.05, (triangle / 18.0).sqrt()),
        (Distribution::Lognormal { mean: 3.0, variation: 0.2 }, 3.0, 0.6),
        (Distribution::Normal { mean: 5.0, deviation: 0.5, low: -20.0, high: 30.0 }, 5.0, 0.5),
    ];
    for (distribution, mean, deviation) in cases {
        let factor = Factor::new("x", "", mean, distribution).unwrap();
        let summary = run(&[factor], 10_000, 2, |values| values[0]).report().outputs[0].summary.unwrap();
        assert!((summary.mean - mean).abs() < 2e-4 * mean, "{}", summary.mean);
        assert!((summary.standard_deviation / deviation - 1.0).abs() < 5e-3, "{}", summary.standard_deviation);
        assert!((summary.standard_error * 100.0 / summary.standard_deviation - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_sum_of_normals_has_the_known_chance_to_be_above_zero() {
    // N(1, 1) + N(0, sqrt 3) is N(1, 2): above zero with probability 0.691462 (Abramowitz and Stegun, table 26.1).
    let normal = |name, mean, deviation: f64| {
        let far = 12.0 * deviation;
        Factor::new(name, "", mean, Distribution::Normal { mean, deviation, low: mean - far, high: mean + far }).unwrap()
    };
    let drawn = run(&[normal("a", 1.0, 1.0), normal("b", 0.0, 3_f64.sqrt())], 20_000, 4, |v| v[0] + v[1]);
    let report = drawn.report();
    let above = report.outputs[0].above_zero.unwrap();
    assert!((above.probability - 0.691_462).abs() < 3.0 * above.standard_error, "{above:?}");
    let summary = report.outputs[0].summary.unwrap();
    assert!((summary.p90 - (1.0 + 2.0 * 1.281_552)).abs() < 0.05, "{summary:?}");
    // Correlation with each part by ranks: (6 / pi) asin(r / 2), r = 1/2 and sqrt(3)/2 (Kruskal 1958).
    let expected = |r: f64| 6.0 / std::f64::consts::PI * (r / 2.0).asin();
    let by_rank = &report.outputs[0].rank_correlations;
    assert_eq!(by_rank[0].factor, "b");
    assert!((by_rank[0].rank_correlation.unwrap() - expected(0.75_f64.sqrt())).abs() < 0.02);
    assert!((by_rank[1].rank_correlation.unwrap() - expected(0.5)).abs() < 0.02);
}

#[test]
fn scenarios_under_the_same_chances_differ_by_what_they_are() {
    let price = Factor::new("price", "", 1.0, Distribution::Lognormal { mean: 1.0, variation: 0.5 }).unwrap();
    let first = run(std::slice::from_ref(&price), 400, 8, |values| 100.0 * values[0]);
    let second = run(&[price.clone(), uniform("more")], 400, 8, |values| 100.0 * values[0] + 1.0 + 0.1 * values[1]);
    let difference = paired_difference(&first, &second, "output").unwrap();
    let summary = difference.difference.unwrap();
    assert!(summary.least >= 1.0 - 1e-9 && summary.most <= 1.1 + 1e-9, "the noise of the price falls out: {summary:?}");
    assert!(difference.second_greater.unwrap().probability > 1.0 - 1e-12);
    let other_seed = run(&[price], 400, 9, |values| values[0]);
    assert!(matches!(paired_difference(&first, &other_seed, "output"), Err(UncertaintyError::NotPaired { .. })));
    assert!(paired_difference(&first, &second, "npv").unwrap_err().to_string().contains("output"));
}

#[test]
fn a_run_stops_when_it_is_told_to_and_says_how_far_it_is() {
    let mut shares = Vec::new();
    let mut keep_going = |share: f64| {
        shares.push(share);
        share < 0.5
    };
    let stopped = monte_carlo(&[uniform("a")], &["x"], 10_000, 1, &mut keep_going, |v| vec![v[0]]);
    assert_eq!(stopped.unwrap_err(), UncertaintyError::Cancelled);
    assert!(shares.windows(2).all(|pair| pair[0] < pair[1]) && shares[0].abs() < 1e-15);
    let stopped = tornado(&[uniform("a")], 0.1, 0.9, &mut |_| false, |v| v[0]);
    assert_eq!(stopped.unwrap_err(), UncertaintyError::Cancelled);
}

#[test]
fn outputs_that_do_not_exist_in_a_draw_are_counted_and_never_written() {
    let drawn = run(&[uniform("a")], 100, 1, |v| if v[0] < 0.25 { f64::NAN } else { 1.0 / (v[0] - v[0]) });
    assert_eq!(drawn.report().outputs[0].summary, None);
    let drawn = run(&[uniform("a")], 100, 1, |v| if v[0] < 0.25 { f64::NAN } else { v[0] });
    let report = drawn.report();
    let output = &report.outputs[0];
    assert_eq!(output.summary.map(|summary| (summary.defined, summary.undefined)), Some((75, 25)));
    assert!((output.above_zero.unwrap().probability - 0.75).abs() < 1e-12);
    assert_eq!(output.histogram.counts.iter().sum::<usize>(), 75);
    let text = serde_json::to_string(&report).unwrap();
    assert!(!text.contains("NaN") && text.contains("\"sampling\":\"latin_hypercube\""));
}

#[test]
fn a_tornado_puts_the_factor_that_matters_most_first() {
    let factors = [uniform("small"), uniform("large"), uniform("none"), uniform("also_none")];
    let tornado = tornado(&factors, 0.1, 0.9, &mut |_| true, |v| v[0] - 5.0 * v[1]).unwrap();
    let order: Vec<&str> = tornado.bars.iter().map(|bar| bar.factor.as_str()).collect();
    assert_eq!(order, ["large", "small", "also_none", "none"]);
    let first = &tornado.bars[0];
    assert!((first.output_low.unwrap() - 0.0).abs() < 1e-12 && (first.output_high.unwrap() + 4.0).abs() < 1e-12);
    assert!((first.swing - 4.0).abs() < 1e-12 && (first.low - 0.1).abs() < 1e-12);
    // A hump: both ends lie below the base, and the swing counts from it.
    let hump = super::tornado(&[uniform("a")], 0.0, 1.0, &mut |_| true, |v| v[0] * (1.0 - v[0])).unwrap();
    assert!((hump.bars[0].swing - 0.25).abs() < 1e-12);
    assert_eq!(super::tornado(&[uniform("a")], 0.1, 0.9, &mut |_| true, |_| f64::NAN).unwrap_err(), UncertaintyError::NoBase);
}

#[test]
fn nonsense_is_refused_with_the_name_of_the_factor() {
    let refused = |distribution: Distribution| Factor::new("price", "RUB", 1.0, distribution).unwrap_err().to_string();
    let quantiles = |points: &[(f64, f64)]| Distribution::Quantiles {
        points: points.iter().map(|(probability, value)| QuantilePoint { probability: *probability, value: *value }).collect(),
        least: Some(0.0),
        most: None,
    };
    let normal = |deviation, low, high| Distribution::Normal { mean: 1.0, deviation, low, high };
    for bad in [
        Distribution::Fixed { value: f64::NAN },
        Distribution::Uniform { low: 2.0, high: 1.0 },
        Distribution::Triangular { low: 0.0, mode: 3.0, high: 1.0 },
        Distribution::Triangular { low: 0.0, mode: f64::INFINITY, high: 1.0 },
        normal(-1.0, 0.0, 2.0),
        normal(0.1, 0.9, 0.5),
        normal(0.001, 90.0, 91.0),
        normal(0.0, 2.0, 3.0),
        Distribution::Lognormal { mean: 0.0, variation: 0.1 },
        Distribution::Lognormal { mean: 1.0, variation: -0.1 },
        quantiles(&[(0.5, 1.0)]),
        quantiles(&[(0.5, 1.0), (0.5, 2.0)]),
        quantiles(&[(0.1, 2.0), (0.5, 1.0)]),
        quantiles(&[(0.1, -2.0), (0.5, 1.0)]),
        quantiles(&[(-0.1, 0.0), (0.5, 1.0)]),
    ] {
        assert!(refused(bad).contains("price"));
    }
    let twice = monte_carlo(&[uniform("a"), uniform("a")], &["x"], 10, 1, &mut |_| true, |_| vec![0.0]);
    assert!(matches!(twice, Err(UncertaintyError::SameName { .. })));
    let wrong = monte_carlo(&[uniform("a")], &["x", "y"], 10, 1, &mut |_| true, |_| vec![0.0]);
    assert_eq!(wrong.unwrap_err(), UncertaintyError::WrongOutputs { expected: 2, given: 1 });
    assert!(monte_carlo(&[uniform("a")], &["x"], 0, 1, &mut |_| true, |_| vec![0.0]).is_err());
    assert!(tornado(&[uniform("a")], 0.9, 0.1, &mut |_| true, |v| v[0]).is_err());
}

/// A study of a small plant under the default factors.
fn plant_study(values: &[f64]) -> Vec<f64> {
    let factor = |name: &str| values[FACTOR_NAMES.iter().position(|known| *known == name).unwrap()];
    let flow = |stream: Stream, quantity, price_rub| YearlyFlow {
        stream,
        name: String::new(),
        quantity: YearSeries::Level(quantity),
        price_rub,
        escalation: 0.0,
    };
    let mut study = EconomicStudy::from_numbers(&ParameterValues::defaults(economics_parameters()));
    study.capital = vec![super::super::economics::CapitalItem { name: "plant".into(), cost_rub: 9e8, life_years: 25 }];
    study.flows = vec![
        flow(Stream::FixedOperation, 1.0, 3.6e7),
        flow(Stream::Fuel, 150e3, 600.0),
        flow(Stream::AvoidedElectricity, 18e3, 7_000.0),
        flow(Stream::HeatSales, 90e3, 1_900.0),
    ];
    (study.electricity_mwh_a, study.heat_mwh_a) = (YearSeries::Level(18e3), YearSeries::Level(90e3));
    let study = study.multiplied(&Multipliers {
        capital_cost: factor("capital_cost_factor"),
        operation_cost: factor("operation_cost_factor"),
        fuel_price: factor("fuel_price_factor"),
        fuel_use: 1.0 / factor("efficiency_factor"),
        electricity_price: factor("electricity_price_factor"),
        heat_price: factor("heat_price_factor"),
        present_fuel_price: factor("present_fuel_price_factor"),
        output: factor("availability"),
    });
    let result = study.result().unwrap();
    let rate = result.measures.internal_rate_of_return.only().unwrap_or(f64::NAN);
    vec![result.measures.npv_rub, rate, result.levelised_cost_heat_rub_mwh.unwrap_or(f64::NAN)]
}

#[test]
fn a_thousand_draws_of_a_plant_have_a_band_and_a_chance_to_pay() {
    let outputs = ["npv_rub", "internal_rate_of_return", "levelised_cost_heat_rub_mwh"];
    let drawn = monte_carlo(&defaults(), &outputs, 1_000, 1, &mut |_| true, plant_study).unwrap();
    let report = drawn.report();
    for output in &report.outputs {
        let summary = output.summary.unwrap();
        assert!(summary.least <= summary.p10 && summary.p10 <= summary.p50);
        assert!(summary.p50 <= summary.p90 && summary.p90 <= summary.most);
    }
    // The project pays in a draw if, and only if, it returns more than the discount rate.
    let above = probability_above(&drawn.output("internal_rate_of_return").unwrap().values, 0.10).unwrap();
    assert!((report.outputs[0].above_zero.unwrap().probability - above.probability).abs() < 1e-12);
    assert!(above.probability > 0.02 && above.probability < 0.98, "{above:?}");
    let harvest = report.outputs[0].rank_correlations.iter().find(|row| row.factor == "harvest_factor").unwrap();
    assert!(harvest.rank_correlation.unwrap().abs() < 0.1, "what the study does not use goes with nothing");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn one_draw_lies_in_every_layer(draws in 1..400_usize, seed in any::<u64>(), name in "[a-z_]{0,12}") {
        let mut layers: Vec<usize> = Vec::new();
        for p in latin_hypercube(&name, draws, seed) {
            prop_assert!(p > 0.0 && p < 1.0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small counts")]
            layers.push((p * draws as f64) as usize);
        }
        layers.sort_unstable();
        // Rounding may put a draw on the border of its layer.
        prop_assert!(layers.iter().enumerate().all(|(expected, layer)| expected.abs_diff(*layer) <= 1));
        prop_assert!(layers.len() == draws);
    }

    #[test]
    fn a_quantile_never_falls_and_stays_within_the_bounds(
        low in -100.0..100.0_f64, a in 0.0..50.0_f64, b in 0.0..50.0_f64, deviation in 0.1..40.0_f64, p in 0.0..1.0_f64, q in 0.0..1.0_f64,
    ) {
        let (mode, high) = (low + a, low + a + b);
        for distribution in [
            Distribution::Uniform { low, high },
            Distribution::Triangular { low, mode, high },
            Distribution::Normal { mean: mode, deviation, low, high },
            Distribution::Quantiles {
                points: vec![QuantilePoint { probability: 0.1, value: low }, QuantilePoint { probability: 0.7, value: mode },
                             QuantilePoint { probability: 0.9, value: high }],
                least: Some(low), most: Some(high),
            },
        ] {
            let (p, q) = (p.min(q), p.max(q));
            let (x, y) = (distribution.quantile(p).unwrap(), distribution.quantile(q).unwrap());
            prop_assert!(x <= y + 1e-9 && x >= low && y <= high, "{distribution:?} {p} {x} {q} {y}");
        }
    }

    #[test]
    fn a_summary_is_ordered_and_a_histogram_counts_all(values in prop::collection::vec(-1e9..1e9_f64, 1..300), classes in 1..60_usize) {
        let summary = summary(&values).unwrap();
        prop_assert!(summary.least <= summary.p10 && summary.p10 <= summary.p50 && summary.p50 <= summary.p90);
        prop_assert!(summary.p90 <= summary.most && summary.least <= summary.mean && summary.mean <= summary.most);
        let histogram = histogram(&values, classes);
        prop_assert_eq!(histogram.counts.iter().sum::<usize>(), values.len());
        prop_assert_eq!(histogram.bounds.len(), histogram.counts.len() + 1);
        let curve = exceedance(&values, 21);
        prop_assert!(curve.windows(2).all(|pair| pair[0].value <= pair[1].value && pair[0].probability > pair[1].probability));
    }
}
