//! Closed forms, the balance, and what must always hold.

use super::*;
use crate::model::season_parameters;
use crate::supply::{HeatProfile, SeasonWeather, need_by_month};
use crate::units::Hours;
use proptest::prelude::*;

fn share(value: f64) -> Share {
    Share::new(value).expect("a share")
}

/// All harvested in one calendar month, counted from nothing.
fn at_once(month: usize) -> MonthlyShares {
    let mut weights = [0.0; 12];
    weights[month] = 1.0;
    MonthlyShares::new("harvest", weights).expect("one month")
}

fn vladimir(hours: f64) -> FuelYear {
    let numbers = ParameterValues::defaults(season_parameters());
    let need = need_by_month(&HeatProfile::from_numbers(&numbers), Hours(hours)).unwrap();
    FuelYear::from_numbers(Tonnes(86_700.0), &need, &numbers).unwrap()
}

#[test]
fn constant_burning_of_one_harvest_is_the_geometric_sum() {
    // H = b Σ r⁻ʲ, j = 0..11; at the end of the harvest's month S = H - b; eleven months later nothing.
    for loss in [0.0, 1e-12, 0.005, 0.01, 0.02, 0.2] {
        for month in 0..12 {
            let year = FuelYear::new(&at_once(month), [Tonnes(10.0); 12], share(loss), 0.0, 13.0).unwrap();
            let cycle = year.steady_cycle();
            let harvest: f64 = (0..12).map(|j| 10.0 * (1.0 - loss).powi(-j)).sum();
            assert!((cycle.harvest.0 - harvest).abs() < 1e-9, "{loss}: {} against {harvest}", cycle.harvest.0);
            assert!((cycle.largest.0 - (harvest - 10.0)).abs() < 1e-9);
            assert!(cycle.least.0.abs() < 1e-9 && cycle.year.short_t.0.abs() < 1e-8);
            assert_eq!(usize::from(cycle.largest_month), month + 1);
            assert_eq!(usize::from(cycle.least_month), (month + 11) % 12 + 1);
        }
    }
}

#[test]
fn a_safety_stock_costs_its_own_loss() {
    // Even harvest and even burning: the stock is the safety stock all the time, and a year loses 12 l B.
    let even = MonthlyShares::new("harvest", [1.0; 12]).unwrap();
    let year = FuelYear::new(&even, [Tonnes(31.0); 12], share(0.01), 28.0, 13.0).unwrap();
    let cycle = year.steady_cycle();
    let safety = 31.0 / 28.0 * 28.0;
    assert!((year.safety_stock().0 - safety).abs() < 1e-12);
    assert!((cycle.harvest.0 - (12.0 * 31.0 + 12.0 * 0.01 * safety)).abs() < 1e-9);
    assert!((cycle.largest.0 - safety).abs() < 1e-9 && (cycle.least.0 - safety).abs() < 1e-9);
}

#[test]
fn nearly_a_year_of_fuel_lies_in_the_stack_on_the_first_of_september() {
    // Vladimir, heat alone: 93-98 % of the year's fuel must be there, of which the season's end leaves none to come.
    let numbers = ParameterValues::defaults(season_parameters());
    for (hot_water_share, least, most) in [(0.0, 0.975, 0.99), (0.15, 0.945, 0.965), (0.25, 0.92, 0.94)] {
        let profile = HeatProfile { hot_water_share, ..HeatProfile::from_numbers(&numbers) };
        let need = need_by_month(&profile, Hours(100.0)).unwrap().values().map(|share| Tonnes(100_000.0 * share));
        let harvest = MonthlyShares::of_harvest(&numbers).unwrap();
        let cycle = FuelYear::new(&harvest, need, Share::ZERO, 0.0, 13.0).unwrap().steady_cycle();
        let august = cycle.year.months.iter().find(|month| month.month == 8).unwrap();
        assert!((least..most).contains(&(august.stock_t.0 / 1e5)), "{hot_water_share}: {}", august.stock_t.0);
        assert_eq!((cycle.largest_month, cycle.year.months[0].month), (8, 5));
    }
}

#[test]
fn the_fuel_year_begins_after_the_longest_gap() {
    let begins = |weights: [f64; 12]| {
        let shares = MonthlyShares::new("harvest", weights).unwrap();
        FuelYear::new(&shares, [Tonnes(1.0); 12], Share::ZERO, 0.0, 13.0).unwrap().first_month()
    };
    assert_eq!(begins([1.0; 12]), 1);
    let mut summer = [0.0; 12];
    summer[4..8].fill(1.0);
    assert_eq!(begins(summer), 5);
    summer[6] = 0.0;
    assert_eq!(begins(summer), 5, "a rest in July does not begin the year");
    let mut winter = [0.0; 12];
    (winter[11], winter[0]) = (1.0, 1.0);
    assert_eq!(begins(winter), 12);
}

#[test]
fn old_peat_is_seen() {
    // A stack that is not needed grows a year older each year; a steady one turns over within the year and the summer.
    let idle = FuelYear::new(&at_once(6), [Tonnes::ZERO; 12], Share::ZERO, 0.0, 13.0).unwrap();
    let years = idle.follow(&Pile::of(Tonnes(100.0), 10), &[Tonnes::ZERO; 2], None).unwrap();
    assert_eq!(years[1].months[11].oldest_age_months, Some(34));
    assert_eq!(years[0].months[1].too_old_t, Tonnes(0.0));
    assert_eq!(years[0].months[2].too_old_t, Tonnes(100.0), "thirteen months in the third");
    let cycle = vladimir(6_000.0).steady_cycle();
    let oldest = cycle.year.months.iter().filter_map(|month| month.oldest_age_months).max();
    assert!(oldest.is_some_and(|age| (8..=13).contains(&age)), "{oldest:?}");
}

#[test]
fn a_season_of_0_71_asks_for_a_quarter_to_a_third_of_a_year_in_advance() {
    // What lies there as safety stock counts: one less 0.71, less the part of it that would have been lost.
    let year = vladimir(6_000.0);
    let cycle = year.steady_cycle();
    let ahead = year.carry_over(&cycle, cycle.harvest * 0.71).unwrap() + year.safety_stock();
    assert!((0.25..0.33).contains(&(ahead / year.need_t_a())), "{}", ahead / year.need_t_a());
}

#[test]
fn a_full_stack_lets_the_fields_rest() {
    let year = FuelYear::new(&at_once(6), [Tonnes(10.0); 12], Share::ZERO, 0.0, 13.0).unwrap();
    let years = year.follow(&Pile::default(), &[Tonnes(500.0); 3], Some(Tonnes(130.0))).unwrap();
    assert!(years.iter().all(|year| year.months.iter().all(|month| month.stock_t.0 <= 130.0 + 1e-9)));
    assert_eq!((years[0].harvest_t, years[0].months[0].left_in_field_t), (Tonnes(140.0), Tonnes(360.0)));
    assert_eq!(years[1].harvest_t, Tonnes(120.0));
}

#[test]
fn bad_years_are_told_by_the_years_that_follow_them() {
    let year = vladimir(6_000.0);
    let cycle = year.steady_cycle();
    let seasons = [1.0, 0.37, 1.0, 1.2].map(|factor| cycle.harvest * factor);
    let years = year.follow(&cycle.start, &seasons, None).unwrap();
    let short: Vec<bool> = years.iter().map(|year| year.short_t.0 > 1.0).collect();
    // The third season has to live without the stock that the second one used up.
    assert!(!short[0] && short[1] && !short[3], "{short:?}");
    let more = year.carry_over(&cycle, seasons[1]).unwrap();
    let saved = year.follow(&Pile::of(cycle.start.mass() + more, 0), &seasons[1..2], None).unwrap();
    assert!(saved[0].short_t.0 < 1e-6);
    let almost = year.follow(&Pile::of(cycle.start.mass() + more * 0.999, 0), &seasons[1..2], None).unwrap();
    assert!(almost[0].short_t.0 > 1e-3);
}

#[test]
fn a_sure_weather_has_no_band_and_the_seed_decides() {
    let year = vladimir(6_000.0);
    let cycle = year.steady_cycle();
    let risk = StockRisk { start: cycle.start.mass(), capacity: cycle.harvest, largest: None, years: 3, draws: 50, seed: 4 };
    let sure = SeasonWeather::new(1.0, 0.0, (0.2, 1.4)).unwrap();
    let band = stock_band(&year, &risk, &sure, &mut |_| true).unwrap();
    for (month, steady) in band.months.iter().zip(cycle.year.months.iter().cycle()) {
        assert_eq!((month.p10_t, month.p90_t, month.month), (month.p50_t, month.p50_t, steady.month));
        assert!((month.p50_t.0 - steady.stock_t.0).abs() < 1e-6);
    }
    assert!((band.never_short_share - 1.0).abs() < 1e-12 && (band.covered_share - 1.0).abs() < 1e-9);
    let weather = SeasonWeather::from_numbers(&ParameterValues::defaults(season_parameters())).unwrap();
    let drawn = |seed| stock_band(&year, &StockRisk { seed, ..risk }, &weather, &mut |_| true).unwrap();
    assert_eq!(drawn(4), drawn(4));
    assert_ne!(drawn(4), drawn(5));
    // A first season of factor k from the steady stock is short when k H does not reach: about as often as k < 0.9.
    let often = StockRisk { years: 1, draws: 4_000, ..risk };
    let first = stock_band(&year, &often, &weather, &mut |_| true).unwrap();
    let least = (0..=1_000).map(|i| f64::from(i) / 1_000.0);
    let enough = least.into_iter().find(|factor| year.carry_over(&cycle, cycle.harvest * *factor).unwrap().0 <= 0.0).unwrap();
    let expected = weather.probability(enough);
    // Four deviations of a share of 4,000, and the step of a thousandth.
    let tolerance = 4.0 * (expected * (1.0 - expected) / 4_000.0).sqrt() + 0.002;
    assert!((first.years[0].short_share - expected).abs() < tolerance, "{} {expected}", first.years[0].short_share);
}

#[test]
fn the_safety_stock_of_one_year_is_the_carry_over_of_its_bad_season() {
    let year = vladimir(6_000.0);
    let cycle = year.steady_cycle();
    let weather = SeasonWeather::from_numbers(&ParameterValues::defaults(season_parameters())).unwrap();
    let capacity = cycle.harvest * 1.2;
    let risk = StockRisk { start: Tonnes(0.0), capacity, largest: None, years: 1, draws: 4_000, seed: 9 };
    for certainty in [0.6, 0.8, 0.9, 0.95] {
        let store = certain_store(&year, &risk, &weather, certainty, &mut |_| true).unwrap();
        let found = store.safety_stock_t.expect("one bad season can be stored for");
        let bad = |certainty: f64| year.carry_over(&cycle, capacity * weather.quantile(1.0 - certainty)).unwrap().0;
        // Three deviations of a share of 4,000 draws either way.
        let off = 3.0 * (certainty * (1.0 - certainty) / 4_000.0_f64).sqrt();
        assert!((bad(certainty - off)..=bad(certainty + off)).contains(&found.0), "{certainty}: {found:?} {}", bad(certainty));
        assert_eq!(store.store_t, Some(cycle.largest + found));
    }
}

#[test]
fn a_store_of_the_size_found_covers_every_year_as_surely_as_was_asked() {
    let year = vladimir(6_000.0);
    let cycle = year.steady_cycle();
    let weather = SeasonWeather::from_numbers(&ParameterValues::defaults(season_parameters())).unwrap();
    let risk = StockRisk { start: Tonnes(0.0), capacity: cycle.harvest * 1.4, largest: None, years: 8, draws: 300, seed: 2 };
    let mut last = 0.0;
    for certainty in [0.6, 0.75, 0.9] {
        let store = certain_store(&year, &risk, &weather, certainty, &mut |_| true).unwrap();
        let safety = store.safety_stock_t.expect("ample fields");
        assert!(safety.0 >= last && store.reached >= certainty && store.without <= store.reached, "{store:?}");
        last = safety.0;
        assert!(last > 0.0 || certainty < 0.8, "{store:?}");
        let built = |safety: f64| StockRisk {
            start: Tonnes(cycle.start.mass().0 + safety),
            largest: Some(Tonnes(cycle.largest.0 + safety)),
            ..risk
        };
        let worst = |safety: f64| {
            let band = stock_band(&year, &built(safety), &weather, &mut |_| true).unwrap();
            band.years.iter().map(|year| year.short_share).fold(0.0, f64::max)
        };
        assert!(worst(safety.0) <= 1.0 - certainty + 1e-12, "{certainty}");
        assert!(safety.0 <= 0.0 || worst(safety.0 * 0.999) > 1.0 - certainty, "{certainty}: no less will do");
    }
    // Fields that give too little are helped by no store.
    let poor = StockRisk { capacity: cycle.harvest * 0.7, ..risk };
    let none = certain_store(&year, &poor, &weather, 0.9, &mut |_| true).unwrap();
    assert!(none.safety_stock_t.is_none() && none.store_t.is_none() && none.reached < 0.9, "{none:?}");
    assert_eq!(certain_store(&year, &risk, &weather, 0.9, &mut |_| false), Err(StockpileError::Cancelled));
    assert!(certain_store(&year, &risk, &weather, 1.5, &mut |_| true).unwrap_err().to_string().contains("stock_certainty"));
}

#[test]
fn a_band_is_stopped_and_bounded() {
    let year = vladimir(6_000.0);
    let sure = SeasonWeather::new(1.0, 0.0, (0.2, 1.4)).unwrap();
    let risk = StockRisk { start: Tonnes(0.0), capacity: Tonnes(1.0), largest: None, years: 5, draws: 10, seed: 1 };
    assert_eq!(stock_band(&year, &risk, &sure, &mut |done| done < 0.5), Err(StockpileError::Cancelled));
    for (years, draws) in [(0, 1), (1, 0), (1_000, 1_000), (usize::MAX, 2)] {
        let error = stock_band(&year, &StockRisk { years, draws, ..risk }, &sure, &mut |_| true).unwrap_err();
        assert!(matches!(error, StockpileError::TooMany { .. }), "{error}");
    }
    let wrong = StockRisk { capacity: Tonnes(f64::NAN), ..risk };
    assert!(stock_band(&year, &wrong, &sure, &mut |_| true).unwrap_err().to_string().contains(" t"));
}

#[test]
fn wrong_years_are_refused() {
    let harvest = at_once(6);
    let new = |need, loss, days, age| FuelYear::new(&harvest, [Tonnes(need); 12], share(loss), days, age);
    assert!(new(-1.0, 0.0, 0.0, 13.0).is_err() && new(f64::NAN, 0.0, 0.0, 13.0).is_err());
    assert!(new(1.0, 0.6, 0.0, 13.0).unwrap_err().to_string().contains("stock_loss_month"));
    assert!(new(1.0, 0.0, 400.0, 13.0).unwrap_err().to_string().contains("safety_stock_days"));
    assert!(new(1.0, 0.0, 0.0, 0.0).is_err());
    let year = new(1.0, 0.0, 0.0, 13.0).unwrap();
    assert!(year.follow(&Pile::default(), &[Tonnes(-1.0)], None).is_err());
    assert!(year.follow(&Pile::default(), &[Tonnes(1.0)], Some(Tonnes(f64::NAN))).is_err());
    // Nothing needed, nothing kept: a cycle of nothing.
    let cycle = new(0.0, 0.01, 20.0, 13.0).unwrap().steady_cycle();
    assert_eq!((cycle.harvest, cycle.largest), (Tonnes(0.0), Tonnes(0.0)));
}

fn weights() -> impl Strategy<Value = [f64; 12]> {
    prop::array::uniform12(prop_oneof![Just(0.0), 0.0..5.0f64]).prop_filter("a harvest", |w| w.iter().sum::<f64>() > 0.1)
}

proptest! {
    #[test]
    fn a_steady_cycle_ends_as_it_began_above_its_safety_stock(
        harvest in weights(), need in prop::array::uniform12(0.0..5_000.0f64), loss in prop_oneof![Just(0.0), 0.0..0.1f64],
        days in 0.0..60.0f64,
    ) {
        let shares = MonthlyShares::new("harvest", harvest).unwrap();
        let year = FuelYear::new(&shares, need.map(Tonnes), share(loss), days, 13.0).unwrap();
        let cycle = year.steady_cycle();
        let scale = year.need_t_a().0 + cycle.largest.0 + 1.0;
        prop_assert!((cycle.year.months[11].stock_t.0 - cycle.start.mass().0).abs() < 1e-9 * scale);
        prop_assert!((cycle.least.0 - year.safety_stock().0).abs() < 1e-8 * scale, "{} {}", cycle.least.0, year.safety_stock().0);
        prop_assert!(cycle.year.short_t.0 < 1e-8 * scale);
        let balance = cycle.harvest.0 - year.need_t_a().0 - cycle.year.lost_t.0;
        prop_assert!(balance.abs() < 1e-8 * scale, "what comes in goes out: {balance}");
    }

    #[test]
    fn stock_is_never_negative_and_mass_is_conserved(
        harvest in weights(), need in prop::array::uniform12(0.0..5_000.0f64), loss in 0.0..0.1f64,
        seasons in prop::collection::vec(0.0..60_000.0f64, 1..6), start in 0.0..50_000.0f64, largest in prop::option::of(0.0..80_000.0f64),
    ) {
        let shares = MonthlyShares::new("harvest", harvest).unwrap();
        let year = FuelYear::new(&shares, need.map(Tonnes), share(loss), 0.0, 13.0).unwrap();
        let seasons: Vec<Tonnes> = seasons.into_iter().map(Tonnes).collect();
        let years = year.follow(&Pile::of(Tonnes(start), 3), &seasons, largest.map(Tonnes)).unwrap();
        let (mut stock, mut scale) = (start, start + 1.0);
        for month in years.iter().flat_map(|year| &year.months) {
            scale += month.harvest_t.0 + month.need_t.0;
            let balance = stock + month.harvest_t.0 - month.burned_t.0 - month.lost_t.0 - month.stock_t.0;
            prop_assert!(balance.abs() < 1e-9 * scale, "{balance}");
            prop_assert!((month.lost_t.0 - stock * loss).abs() < 1e-9 * scale);
            prop_assert!((month.burned_t.0 + month.short_t.0 - month.need_t.0).abs() < 1e-9 * scale);
            prop_assert!(month.stock_t.0 >= 0.0 && month.short_t.0 >= 0.0 && month.left_in_field_t.0 >= 0.0);
            prop_assert!(month.short_t.0 < 1e-9 * scale || month.stock_t.0 < 1e-9 * scale, "nobody is short beside peat");
            stock = month.stock_t.0;
        }
    }

    #[test]
    fn more_loss_never_lowers_the_harvest_needed(
        harvest in weights(), need in prop::array::uniform12(0.0..5_000.0f64), loss in 0.0..0.05f64, more in 0.0..0.05f64, days in 0.0..60.0f64,
    ) {
        let shares = MonthlyShares::new("harvest", harvest).unwrap();
        let cycle = |loss| FuelYear::new(&shares, need.map(Tonnes), share(loss), days, 13.0).unwrap().steady_cycle();
        prop_assert!(cycle(loss + more).harvest.0 >= cycle(loss).harvest.0 * (1.0 - 1e-12));
    }

    /// With harvests all over the year it may: what comes in more in spring need not lie there in autumn.
    #[test]
    fn more_loss_never_lowers_the_size_needed_of_one_season(
        month in 0usize..12, need in prop::array::uniform12(0.0..5_000.0f64), loss in 0.0..0.05f64, more in 0.0..0.05f64, hours in 500.0..8_700.0f64,
    ) {
        let at_once = |loss| FuelYear::new(&at_once(month), need.map(Tonnes), share(loss), 20.0, 13.0).unwrap().steady_cycle();
        prop_assert!(at_once(loss + more).largest.0 >= at_once(loss).largest.0 * (1.0 - 1e-9));
        let town = vladimir(hours);
        let summer = |loss: f64| FuelYear { kept: 1.0 - loss, ..town }.steady_cycle().largest.0;
        prop_assert!(summer(loss + more) >= summer(loss) * (1.0 - 1e-9));
    }

    #[test]
    fn a_wetter_season_never_leaves_less_short(factor in 0.0..1.3f64, other in 0.0..1.3f64, hours in 1_000.0..8_500.0f64) {
        let year = vladimir(hours);
        let cycle = year.steady_cycle();
        let short = |factor: f64| year.follow(&cycle.start, &[cycle.harvest * factor], None).unwrap()[0].short_t.0;
        prop_assert!(short(factor.min(other)) >= short(factor.max(other)) - 1e-6);
        let more = |factor: f64| year.carry_over(&cycle, cycle.harvest * factor).unwrap().0;
        prop_assert!(more(factor.min(other)) >= more(factor.max(other)) - 1e-6);
    }
}
