//! Claims about sizes.

use super::*;
use crate::energy::dispatch::{HeatStore, StoreEnd};
use crate::model::{plant_parameters, technology};

fn numbers() -> ParameterValues {
    ParameterValues::defaults(plant_parameters())
}

/// A town with a peak of 35 MW and a summer load of 4 MW, gas boilers, and electricity at 5,000 RUB/MWh.
fn town() -> SizingRequest {
    let heat_load_mw: Vec<f64> = (0..8_760)
        .map(|hour| {
            let (all, of_day) = (f64::from(hour), f64::from(hour % 24));
            let turn = 2.0 * std::f64::consts::PI;
            let outside = 4.5 - 15.0 * (turn * (all / 24.0 - 20.0) / 365.0).cos() - 3.0 * (turn * of_day / 24.0).cos();
            4.0 + if outside < 8.0 { 18.0 - outside } else { 0.0 }
        })
        .collect();
    let gas = PlantUnit::of_size(technology("gas_boiler").expect("a technology"), 10.0, &numbers()).expect("a unit");
    let system = System {
        power_price_rub_mwh: vec![5_000.0; heat_load_mw.len()],
        heat_load_mw,
        own_power: None,
        units: (1..=4).map(|k| DispatchUnit::of(&gas, format!("gas boiler {k}"), 5_000.0, None)).collect(),
        store: None,
        dump: None,
        unserved_cost_rub_mwh: 50_000.0,
    };
    let grate = technology("grate_boiler").expect("a technology");
    SizingRequest { least_full_load_hours: 0.0, ..SizingRequest::new(system, grate, 900.0, 0.10, &numbers()) }
}

#[test]
fn the_best_size_is_no_dearer_than_any_of_a_fine_sweep() {
    let request = town();
    let curve = size_curve(&request, &numbers(), &mut |_| true).expect("a curve");
    let best = curve.best.expect("a size");
    let fine = SizingRequest { steps: 90, ..request };
    let swept = size_curve(&fine, &numbers(), &mut |_| true).expect("a curve");
    let least = swept.points.iter().map(|point| point.total_rub_a).fold(f64::INFINITY, f64::min);
    assert!(best.total_rub_a <= least * 1.000_5, "{} against {least}", best.total_rub_a);
    assert!((0.2..0.9).contains(&best.alpha) && best.net_present_value_rub > 0.0, "{best:?}");
    let (low, high) = curve.as_good_mw.expect("a stretch");
    assert!(low <= best.size_mw && best.size_mw <= high);
    assert!((curve.first_guess.alpha - 0.45).abs() < 1e-9);
    assert!(curve.first_guess.total_rub_a >= best.total_rub_a - 1e-6);
}

#[test]
fn the_value_of_building_is_what_it_saves_over_its_life() {
    let curve = size_curve(&town(), &numbers(), &mut |_| true).expect("a curve");
    for point in &curve.points {
        let saved = curve.without_rub_a - point.operation_rub_a - point.fixed_rub_a;
        let value: f64 = (1..=25).map(|year| saved / 1.1_f64.powi(year)).sum::<f64>() - point.investment_rub;
        assert!((value - point.net_present_value_rub).abs() < 1e-6 * (1.0 + value.abs()));
        assert!((point.annuity_rub_a / point.investment_rub - 0.110_168_07).abs() < 1e-8, "10 % over 25 years");
    }
}

#[test]
fn full_load_hours_bind_the_choice() {
    let free = size_curve(&town(), &numbers(), &mut |_| true).expect("a curve").best.expect("a size");
    let bound = SizingRequest { least_full_load_hours: 5_500.0, ..town() };
    let bound = size_curve(&bound, &numbers(), &mut |_| true).expect("a curve");
    let best = bound.best.expect("a size");
    assert!(best.full_load_hours >= 5_500.0 && best.size_mw < free.size_mw, "{best:?}");
    let never = SizingRequest { least_full_load_hours: 8_700.0, ..town() };
    let never = size_curve(&never, &numbers(), &mut |_| true).expect("a curve");
    assert!(never.best.is_none() && never.warnings[0].contains("8700"));
}

#[test]
fn foresight_never_costs_more_and_heat_and_power_are_sized_too() {
    let mut request = town();
    request.technology = technology("back_pressure_medium").expect("a technology");
    request.system.store = Some(HeatStore {
        size_mwh: 100.0,
        loss_share_h: 7.75e-5,
        charge_mw: None,
        discharge_mw: None,
        start_mwh: 0.0,
        end: StoreEnd::Free,
    });
    let led = size_curve(&request, &numbers(), &mut |_| true).expect("a curve");
    let free = size_curve(&SizingRequest { rule: SizingRule::LeastCost, ..request }, &numbers(), &mut |_| true).expect("a curve");
    for (led, free) in led.points.iter().zip(&free.points).filter(|(led, free)| (led.size_mw - free.size_mw).abs() < 1e-12) {
        assert!(free.operation_rub_a <= led.operation_rub_a + 1e-6 * led.operation_rub_a.abs());
    }
    assert!(led.best.expect("a size").electric_mwh_a > 0.0);
}

#[test]
fn a_stop_and_bad_input_are_told() {
    assert_eq!(size_curve(&town(), &numbers(), &mut |_| false).err(), Some(SizingError::Cancelled));
    let mut short = town();
    short.system.heat_load_mw.truncate(168);
    assert!(matches!(size_curve(&short, &numbers(), &mut |_| true), Err(SizingError::NoYear { hours: 168 })));
    for bad in [
        SizingRequest { discount_rate: f64::NAN, ..town() },
        SizingRequest { steps: 1, ..town() },
        SizingRequest { smallest_mw: Some(9.0), largest_mw: Some(3.0), ..town() },
        SizingRequest { largest_mw: Some(1e9), ..town() },
        SizingRequest { fuel_price_rub_mwh: -1.0, ..town() },
    ] {
        assert!(size_curve(&bad, &numbers(), &mut |_| true).is_err());
    }
}
