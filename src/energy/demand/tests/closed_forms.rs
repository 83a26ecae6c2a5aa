//! Numbers that can be computed by hand, and tables.

use super::*;

/// alpha, hours at full load, share of space heat: Rossander's curve of Vladimir (20, -28, 213 d, -3.5), computed apart.
const TABLE: [(f64, f64, f64); 8] = [
    (0.25, 5_112.0, 0.5106),
    (0.30, 4_413.0, 0.6057),
    (0.40, 3_178.0, 0.7566),
    (0.50, 2_155.0, 0.8625),
    (0.60, 1_340.0, 0.9316),
    (0.70, 726.0, 0.9722),
    (0.80, 306.0, 0.9922),
    (1.00, 0.0, 1.0),
];

#[test]
fn the_closed_form_gives_the_table_to_its_digits() {
    let curve = Rossander::new(vladimir(), 20.0).unwrap();
    assert_eq!(curve.least_share, 0.25);
    assert!((curve.mean_share - 0.489_58).abs() < 5e-6);
    for (alpha, hours, share) in TABLE {
        let coverage = curve.coverage(alpha).unwrap();
        assert!((coverage.hours_at_full_load - hours).abs() <= 0.5, "{alpha}: {}", coverage.hours_at_full_load);
        assert!((coverage.heat_share - share).abs() <= 5e-5, "{alpha}: {}", coverage.heat_share);
    }
}

#[test]
fn the_closed_form_integrates_to_the_mean_load() {
    for climate in climates() {
        let curve = Rossander::new(climate, 20.0).unwrap();
        // The midpoint rule; the curve is steep at its beginning alone.
        let steps = 200_000;
        let width = curve.season_hours / f64::from(steps);
        let sum: f64 = (0..steps).map(|step| curve.load_ratio((f64::from(step) + 0.5) * width)).sum();
        assert!(close(sum * width, curve.full_load_hours(), 1e-5), "{}", climate.id);
        assert!((curve.coverage(1.0).unwrap().heat_share - 1.0).abs() < 1e-12);
        assert_eq!(curve.coverage(0.0).unwrap().heat_share, 0.0);
    }
}

#[test]
fn an_hourly_curve_of_rossanders_form_is_covered_as_the_closed_form_says() {
    let curve = Rossander::new(vladimir(), 20.0).unwrap();
    let hours = (0..8_760_u32).map(|hour| curve.load_ratio(f64::from(hour) + 0.5)).collect();
    let load = HourlyLoad::new(hours).unwrap();
    for (alpha, _, share) in TABLE {
        let coverage = hourly_coverage(&load, alpha).unwrap();
        // The greatest hour is the mean of the first hour, a little below the design load.
        assert!((coverage.heat_share - share).abs() < 0.01, "{alpha}: {}", coverage.heat_share);
    }
}

/// The chance of a year moves the share by up to six points; the mean of many years lies within three of the curve.
#[test]
fn synthetic_years_are_covered_much_as_the_closed_form_says() {
    const YEARS: u32 = 20;
    let law = SpaceHeatLaw::new(vladimir(), 20.0).unwrap();
    let load = |seed: u32| {
        let mut numbers = numbers();
        numbers.set("weather_seed", &seed.to_string()).unwrap();
        HourlyLoad::new(law.shape(&synthetic_weather(vladimir(), &numbers).unwrap())).unwrap()
    };
    let loads: Vec<HourlyLoad> = (1..=YEARS).map(load).collect();
    for (alpha, _, share) in TABLE {
        let covered: Vec<f64> = loads.iter().map(|load| hourly_coverage(load, alpha).unwrap().heat_share).collect();
        let mean = covered.iter().sum::<f64>() / f64::from(YEARS);
        assert!((mean - share).abs() < 0.03, "{alpha}: {mean} against {share}");
        assert!(covered.iter().all(|year| (year - share).abs() < 0.06), "{alpha}: {covered:?} against {share}");
    }
}

#[test]
fn the_sinusoid_has_the_norms_days_and_mean() {
    let sinusoid = SeasonalSinusoid::new(vladimir()).unwrap();
    assert!((sinusoid.amplitude_k - 14.626).abs() < 5e-4, "{}", sinusoid.amplitude_k);
    assert!((sinusoid.mean_c - 4.204).abs() < 5e-4, "{}", sinusoid.mean_c);
    let days: Vec<f64> = (1..=365).map(|day| sinusoid.daily_c(f64::from(day))).collect();
    let cold: Vec<f64> = days.iter().copied().filter(|day| *day < 8.0).collect();
    assert_eq!(cold.len(), 213);
    let mean = cold.iter().sum::<f64>() / 213.0;
    assert!((mean + 3.5001).abs() < 5e-5, "{mean}");
    assert!((sinusoid.daily_c(20.0) + 10.42).abs() < 0.005 && (sinusoid.daily_c(202.5) - 18.83).abs() < 0.005);
}

#[test]
fn every_synthetic_year_has_the_four_numbers_of_its_norm() {
    for climate in climates() {
        for seed in [0, 1, 2, 77, 4_000_000_000_u64] {
            let mut numbers = numbers();
            numbers.set("weather_seed", &seed.to_string()).unwrap();
            let year = synthetic_weather(climate, &numbers).unwrap();
            let days = year.daily_means_c();
            let cold: Vec<f64> = days.iter().copied().filter(|day| *day <= climate.heating_limit_c).collect();
            assert_eq!(cold.len() as f64, climate.heating_days, "{} {seed}", climate.id);
            let mean = cold.iter().sum::<f64>() / cold.len() as f64;
            assert!((mean - climate.heating_mean_c).abs() < 1e-9, "{} {seed}: {mean}", climate.id);
            let spell = |start: usize| (0..5).map(|day| days[(start + day) % 365]).sum::<f64>() / 5.0;
            let coldest = (0..365).map(spell).fold(f64::INFINITY, f64::min);
            assert!((coldest - climate.design_temperature_c).abs() < 1e-6, "{} {seed}: {coldest}", climate.id);
        }
    }
}

#[test]
fn a_year_without_chance_is_the_sinusoid_brought_to_the_norm() {
    let mut numbers = numbers();
    for name in ["winter_noise_c", "summer_noise_c", "winter_diurnal_c", "summer_diurnal_c"] {
        numbers.set(name, "0").unwrap();
    }
    let year = synthetic_weather(vladimir(), &numbers).unwrap();
    let days = year.daily_means_c();
    let coldest = days.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
    assert!((18..=20).contains(&coldest), "20 January is the coldest day: {coldest}");
    assert!(days.windows(2).skip(20).take(170).all(|pair| pair[0] <= pair[1] + 1e-9), "it only gets warmer until July");
}

#[test]
fn full_load_hours_of_the_synthetic_year_are_the_norms() {
    let law = SpaceHeatLaw::new(vladimir(), 20.0).unwrap();
    let hours: f64 = law.shape(&norm_year()).iter().sum();
    // 24 n q_m = 2,502.75 h; the days below the design temperature are held at the design load.
    assert!(hours <= 2_502.75 + 1e-6 && hours > 2_502.75 * 0.995, "{hours}");
    let degree_days = degree_days_of_weather(&norm_year(), 20.0, 8.0).unwrap();
    assert!(close(degree_days.degree_days_k_d, 5_005.5, 1e-9), "{degree_days:?}");
}

#[test]
fn hot_water_of_the_synthetic_year_runs_the_hours_of_the_closed_form() {
    let water = HotWater::from_numbers(&numbers()).unwrap();
    assert!((water.summer_ratio - 0.64).abs() < 1e-12);
    assert!((water.hours_of_day.iter().sum::<f64>() - 24.0).abs() < 1e-12);
    let winter: Vec<bool> = norm_year().daily_means_c().iter().map(|mean| *mean <= 8.0).collect();
    let sum: f64 = water.shape(&winter).iter().sum();
    assert!(close(sum, hot_water_hours(&water, 213.0), 1e-12), "{sum}");
    assert!(close(sum, 7_216.32, 1e-12), "{sum}");
}

#[test]
fn the_german_sigmoid_is_the_published_formula_even_in_great_cold() {
    // Computed apart from the published constants with Python.
    let published = [
        (-38.0, 2.530_840_976_764),
        (-28.0, 2.504_186_003_925),
        (-20.0, 2.454_244_376_761),
        (0.0, 1.810_685_710_889),
        (8.0, 1.062_695_281_319),
        (20.0, 0.229_079_675_394),
    ];
    for (temperature, expected) in published {
        assert!((bdew_daily_factor(temperature) - expected).abs() < 1e-11, "{temperature}");
    }
    assert!((-60..60).all(|t| bdew_daily_factor(f64::from(t)) >= bdew_daily_factor(f64::from(t) + 1.0)));
}

#[test]
fn the_german_profile_stands_a_winter_of_38_below() {
    let year = WeatherYear::new(vec![-38.0; HOURS_OF_YEAR], WeatherKind::Synthetic, "cold").unwrap();
    let shape = bdew_shape(&year);
    assert!(shape.iter().all(|part| part.is_finite() && *part > 0.0));
    let day: f64 = shape[..24].iter().sum();
    // The published shares of the coldest class add up to 1.0001.
    assert!((day / bdew_daily_factor(-38.0) - 1.000_1).abs() < 1e-9);
    let hot = WeatherYear::new(vec![45.0; HOURS_OF_YEAR], WeatherKind::Synthetic, "hot").unwrap();
    assert!(bdew_shape(&hot).iter().all(|part| part.is_finite() && *part >= 0.0));
}

#[test]
fn shifts_have_the_hours_they_say() {
    let shape = |profile, weeks| OperatingTime::new(profile, weeks, 27.0).shape(0, 0.0, 0.0).iter().sum::<f64>();
    // A year that begins on a Monday has 53 Mondays and 52 of the other days.
    assert_eq!(shape(OperatingProfile::Continuous, 0.0), 8_760.0);
    assert_eq!(shape(OperatingProfile::ThreeShifts, 0.0), 24.0 * 261.0);
    assert_eq!(shape(OperatingProfile::OneShift, 0.0), 9.0 * 261.0);
    assert_eq!(shape(OperatingProfile::Continuous, 2.0), 8_760.0 - 14.0 * 24.0);
    assert_eq!(shape(OperatingProfile::TwoShifts, 3.0), 16.0 * (261.0 - 15.0));
    assert_eq!(shape(OperatingProfile::Continuous, 52.0), 24.0, "52 weeks leave a day");
    let night = OperatingTime { hours: [22, 6], weekdays: [true; 7], shutdown_from_day: 360, shutdown_days: 10 };
    assert_eq!(night.shape(3, 0.0, 0.0).iter().sum::<f64>(), 8.0 * 355.0, "over midnight and over New Year");
}

#[test]
fn a_network_that_loses_a_tenth_of_what_is_sent_sends_a_ninth_more() {
    let (law, water) = (SpaceHeatLaw::new(vladimir(), 20.0).unwrap(), WaterTemperatures::from_numbers(&numbers()).unwrap());
    let year = norm_year();
    let delivered = HourlyLoad::from_shape(9_000.0, &law.shape(&year)).unwrap();
    let loss = loss_from_share(&delivered, 0.1, &water, &law, &year).unwrap();
    assert!(close(loss.energy_mwh(), 1_000.0, 1e-12));
    let months = loss.monthly_mwh();
    assert!(months[0] > months[6] && months[6] > 0.0, "it loses in July, too, but more in January: {months:?}");
    // 95 and 70 °C over ground of 5 °C: 77.5 K on the design day; 65 and 20 °C: 37.5 K in summer.
    assert_eq!((water.mean_excess_k(&law, -28.0), water.mean_excess_k(&law, 15.0)), (77.5, 37.5));
}

#[test]
fn months_have_their_hours() {
    let months = HourlyLoad::new(vec![1.0; 8_760]).unwrap().monthly_mwh();
    assert_eq!(months, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].map(|days| f64::from(24 * days)));
}
