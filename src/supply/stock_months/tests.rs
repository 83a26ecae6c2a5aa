//! The stockpile as the supply of a plant answers it.

use crate::model::{FeatureId, HarvestTechnology};
use crate::supply::season::tests_of_harvests::field;
use crate::supply::*;
use crate::units::{GigaJoules, Hours, MegawattHours, Megawatts, RoublesPerTonne, Tonnes};
use proptest::prelude::*;

/// MWh in a tonne of the test's fields: 10.84 MJ/kg.
const MWH_T: f64 = 10.84 / 3.6;

fn need(mwh: f64) -> FuelNeed {
    FuelNeed {
        fuel_power_mw: Megawatts(mwh / 6_000.0),
        total_efficiency: 0.85,
        full_load_hours: Hours(6_000.0),
        peat_share: 1.0,
        fuel_mwh_a: MegawattHours(mwh),
        fuel_gj_a: GigaJoules(mwh * 3.6),
    }
}

/// Fields of 100 ha that give 20,000 t each to the stack in an average season, ever farther away.
fn stocks(count: i64) -> Vec<FieldStock> {
    (1..=count).map(field).collect()
}

fn with_sources<T>(stocks: &[FieldStock], answer: impl FnOnce(&[FieldSource<'_>]) -> T) -> T {
    let label = |id: FeatureId| FieldLabels {
        code: None,
        name: format!("field {id}"),
        name_ru: None,
        deposit_id: 1,
        deposit_name: "deposit".into(),
        deposit_name_ru: None,
        synthetic: true,
    };
    let labels: Vec<FieldLabels> = stocks.iter().map(|stock| label(stock.field)).collect();
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let haul = |id: FeatureId| Haul {
        route: RouteKind::StraightLine,
        distance_km: id as f64,
        off_road_km: 0.0,
        travel_h: 0.1,
        cost: RoublesPerTonne(100.0 * id as f64),
        line_crs84: Vec::new(),
        legs: Vec::new(),
        transfers: 0,
        transfer_cost: RoublesPerTonne::ZERO,
    };
    let sources: Vec<FieldSource<'_>> =
        stocks.iter().zip(&labels).map(|(stock, labels)| FieldSource { stock, labels, haul: haul(stock.field) }).collect();
    answer(&sources)
}

fn supply_of(stocks: &[FieldStock], mwh: f64, request: &SupplyRequest) -> FuelSupply {
    with_sources(stocks, |sources| fuel_supply(&need(mwh), sources, request, MWH_T))
}

fn months(supply: &FuelSupply) -> &StockMonths {
    supply.months.as_ref().expect("the inputs make a year")
}

#[test]
fn ample_fields_keep_the_plant_warm_all_year() {
    // 50,000 t a year, four fields of 20,000 t.
    let supply = supply_of(&stocks(4), 50_000.0 * MWH_T, &SupplyRequest::default());
    let stock = months(&supply);
    assert!((stock.need_t_a.0 - 50_000.0).abs() < 1e-6);
    assert_eq!((stock.mean.short_t.0, stock.mean.covered_share), (0.0, 1.0));
    assert!((stock.mean.possible_harvest_t.0 - 80_000.0).abs() < 1e-6, "the stack loses what the yearly answer takes off");
    assert!((stock.planned_harvest_t_a.0 - 50_000.0 - stock.mean.lost_t.0).abs() < 1e-6);
    // A yearly 5 % for storage is about what 1 % a month comes to.
    assert!((0.03..0.07).contains(&stock.lost_share), "{}", stock.lost_share);
    assert_eq!((stock.size_needed_month, stock.mean.months[0].month, stock.mean.months.len()), (8, 5, 12));
    assert!((0.6..1.0).contains(&(stock.size_needed_t.0 / 50_000.0)), "{}", stock.size_needed_t.0);
    assert!((stock.size_needed_mwh.0 / stock.size_needed_t.0 - MWH_T).abs() < 1e-9);
    // 0.6 t dry of 0.54 t dry in 0.32 t: 3.47 m³ a tonne at 40 %.
    assert!((stock.size_needed_m3_loose.0 / stock.size_needed_t.0 - 0.6 / 0.54 / 0.32).abs() < 1e-9);
    let least = stock.mean.months.iter().map(|month| month.stock_t.0).fold(f64::INFINITY, f64::min);
    assert!((least - stock.safety_stock_t.0).abs() < 1e-6 && least > 0.0);
    // In the wet season 36,000 t of 53,000 can be brought; the plan would have to hold more.
    assert!((stock.wet.harvest_t.0 - 0.45 * 80_000.0).abs() < 1e-6);
    assert!(stock.wet.short_t.0 > 0.0 && stock.carry_over_t.0 > 0.0);
    assert!(stock.warnings.iter().any(|warning| warning.code == "wet_season_empties_stock"));
    // With fields for three plants the wet season is enough.
    let ample = supply_of(&stocks(8), 50_000.0 * MWH_T, &SupplyRequest::default());
    assert_eq!((months(&ample).wet.short_t.0, months(&ample).carry_over_t.0), (0.0, 0.0));
    assert!(months(&ample).warnings.is_empty());
}

#[test]
fn scarce_fields_cover_each_month_in_the_same_share() {
    let supply = supply_of(&stocks(2), 100_000.0 * MWH_T, &SupplyRequest::default());
    let stock = months(&supply);
    assert!((0.36..0.40).contains(&stock.mean.covered_share), "{}", stock.mean.covered_share);
    // The yearly answer, with its fixed 5 %: 38,000 t of 100,000.
    assert!((stock.mean.covered_share - supply.covered_share).abs() < 0.01);
    for month in &stock.mean.months {
        assert!((month.burned_t.0 - stock.mean.covered_share * month.need_t.0).abs() < 1e-6);
    }
    assert!(stock.warnings.iter().any(|warning| warning.code == "stock_below_need"));
    let none = supply_of(&[], 1_000.0, &SupplyRequest::default());
    assert!(months(&none).mean.covered_share.abs() < 1e-12 && months(&none).size_needed_t.0.abs() < 1e-12);
}

#[test]
fn what_was_answered_before_stays_as_it_is() {
    let plain = supply_of(&stocks(5), 200_000.0, &SupplyRequest::default());
    let mut request = SupplyRequest::default();
    request.set("stock_loss_month", "0.05").unwrap();
    request.set("need_by_month", "12 11 10 8 6 4 3 3 6 9 11 12").unwrap();
    let other = supply_of(&stocks(5), 200_000.0, &request);
    let old = |supply: &FuelSupply| {
        let mut value = serde_json::to_value(supply).expect("it is JSON");
        value.as_object_mut().expect("an object").remove("months");
        value
    };
    assert_eq!(old(&plain), old(&other));
    assert!(months(&other).lost_share > months(&plain).lost_share);
    let january = months(&other).mean.months.iter().find(|month| month.month == 1).expect("January");
    assert!((january.need_t.0 - 200_000.0 / MWH_T * 12.0 / 95.0).abs() < 1e-6);
    // By cycles the 200 t/ha become 200.2 and sod fields give their own.
    request.set("yield_by_cycles", "true").unwrap();
    let sod = [FieldStock { technology: Some(HarvestTechnology::Sod), ..field(1) }, field(2)];
    let cycles = supply_of(&sod, 200_000.0, &request);
    assert!((cycles.fields[0].harvest_t_a.0 - 100.0 * 3.0 * 33.5 / 0.6 * 0.95).abs() < 1e-6);
    assert!((cycles.fields[1].harvest_t_a.0 - 100.0 * 200.2 * 0.95).abs() < 1e-6);
}

#[test]
fn more_fields_make_a_surer_stack() {
    let band = |mut stocks: Vec<FieldStock>, back: bool| {
        if back {
            stocks.reverse();
        }
        let mut request = SupplyRequest::default();
        for (name, text) in [("season_years", "12"), ("season_draws", "150"), ("season_seed", "3")] {
            request.set(name, text).unwrap();
        }
        with_sources(&stocks, |sources| {
            let used = vec![MegawattHours(1.0); sources.len()];
            plant_stock_band(&need(50_000.0 * MWH_T), sources, &used, &request, MWH_T, &mut |_| true).unwrap()
        })
    };
    let all = [2, 3, 8].map(|count| band(stocks(count), false));
    let [scarce, enough, ample] = all.each_ref().map(|plant| &plant.band);
    assert!(scarce.covered_share < enough.covered_share && enough.covered_share < ample.covered_share);
    assert!(
        scarce.never_short_share < 0.01 && ample.never_short_share > 0.9,
        "{} {}",
        scarce.never_short_share,
        ample.never_short_share
    );
    assert!(ample.months.iter().all(|month| month.p10_t <= month.p50_t && month.p50_t <= month.p90_t));
    let back = band(stocks(3), true);
    assert_eq!((enough, &all[1].certain_store), (&back.band, &back.certain_store), "the order of fields changes nothing");
    // Fields that cannot feed the plant on average are helped by no store; ample ones need hardly any.
    assert!(all[0].certain_store.safety_stock_t.is_none() && all[0].warnings.iter().any(|w| w.code == "harvest_below_need"));
    let safety = |place: usize| all[place].certain_store.safety_stock_t.map(|safety| safety.0);
    assert!(safety(2).is_some() && (safety(1).is_none() || safety(1) >= safety(2)), "{:?}", all.map(|one| one.certain_store));
}

#[test]
fn inputs_that_make_no_year_are_told() {
    let mut request = SupplyRequest::default();
    for text in ["1 2 3", "a b c d e f g h i j k l", "0 0 0 0 0 0 0 0 0 0 0 0", "1 1 1 1 1 1 1 1 1 1 1 -1", ""] {
        let error = request.set("need_by_month", text).unwrap_err();
        assert!(error.to_string().contains("twelve numbers"), "{error}");
    }
    request.set("need_by_month", "[1,1,1,1,1,1,1,1,1,1,1,1]").unwrap();
    assert!(request.set("stock_loss_month", "0.9").is_err());
    for month in ["may", "june", "july", "august"] {
        request.set(&format!("harvest_weight_{month}"), "0").unwrap();
    }
    let supply = supply_of(&stocks(2), 50_000.0, &request);
    assert!(supply.months.is_none());
    assert!(supply.months_refused.as_deref().is_some_and(|text| text.contains("harvest_weight_april")));
    assert!(request.set("no_such", "1").unwrap_err().to_string().contains("safety_stock_days"));
}

proptest! {
    #[test]
    fn the_order_of_fields_changes_nothing_and_a_wetter_season_never_leaves_more(
        count in 1i64..7, tonnes in 1_000.0..200_000.0f64, wet in 0.0..1.0f64, wetter in 0.0..1.0f64, sod in 0i64..7,
    ) {
        let mut all = stocks(count);
        for stock in &mut all {
            stock.technology = (stock.field <= sod).then_some(HarvestTechnology::Sod);
        }
        let mut request = SupplyRequest::default();
        request.set("wet_season_factor", &wet.max(wetter).to_string()).unwrap();
        let one = supply_of(&all, tonnes * MWH_T, &request);
        all.reverse();
        let back = supply_of(&all, tonnes * MWH_T, &request);
        prop_assert_eq!(serde_json::to_string(&one.months).unwrap(), serde_json::to_string(&back.months).unwrap());
        request.set("wet_season_factor", &wet.min(wetter).to_string()).unwrap();
        let worse = supply_of(&all, tonnes * MWH_T, &request);
        let (one, worse) = (months(&one), months(&worse));
        prop_assert!(worse.wet.short_t.0 >= one.wet.short_t.0 - 1e-6);
        prop_assert!(worse.carry_over_t.0 >= one.carry_over_t.0 - 1e-6);
        for season in [&one.mean, &one.wet] {
            let scale = 1e-9 * (1.0 + one.need_t_a.0 + one.size_needed_t.0);
            let change = season.months[11].stock_t - (season.months[0].stock_t + season.months[0].burned_t
                + season.months[0].lost_t - season.months[0].harvest_t);
            prop_assert!((season.harvest_t.0 - season.burned_t.0 - season.lost_t.0 - change.0).abs() < scale);
            prop_assert!(season.months.iter().all(|month| month.stock_t.0 >= 0.0 && month.short_t >= Tonnes::ZERO));
        }
    }
}
