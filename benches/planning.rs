//! What a plan costs to compute: an allocation of the size that a region has, a year of dispatch, a study with a thousand draws.
#![expect(missing_docs, reason = "criterion's macros make items of their own")]

use criterion::{Criterion, criterion_group, criterion_main};
use peatplan::config::Config;
use peatplan::energy::dispatch::{DispatchUnit, HeatStore, System, availability_by_hour, least_cost, on_off};
use peatplan::energy::plant::PlantUnit;
use peatplan::geostat::Unwatched;
use peatplan::model::{ParameterValues, plant_parameters, technology};
use peatplan::planning::{ChpQuery, Workbench};
use peatplan::store::{GeoPackageStore, Store};
use peatplan::supply::allocation::{
    AllocationNumbers, AllocationStudy, DeliveryWay, FuelPlant, HarvestSource, Reach, allocation,
};
use std::hint::black_box;
use std::path::Path;

fn demo() -> Workbench {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo.gpkg");
    let store = GeoPackageStore::open(&project).expect("`make demo` has made the demo project");
    let bench = Workbench::new(store.load().expect("a sound project"), Config::default().estimate_cells);
    bench.prepare();
    bench
}

/// 60 fields, 10 plants, 30 years; every field can feed every plant.
fn region() -> AllocationStudy {
    // An irrational spreads the numbers evenly and makes them the same each time.
    let share = |i: usize| (f64::from(u32::try_from(i).expect("few")) * 0.754_877_666).fract();
    let sources = (0..60).map(|i| {
        let stock_mwh = 200.0 + 3_000.0 * share(i + 1);
        HarvestSource {
            id: format!("S{i:02}"),
            stock_mwh,
            yield_mwh_ha: 1.0,
            prepared_ha: stock_mwh / 12.0,
            largest_ha: stock_mwh / 12.0,
            carry_over_most_mwh: Some(0.0),
            ..HarvestSource::default()
        }
    });
    let plants = (0..10).map(|j| FuelPlant {
        id: format!("P{j:02}"),
        need_mwh: vec![100.0 + 200.0 * share(j + 101)],
        shortage_rub_mwh: Some(60.0),
        ..FuelPlant::default()
    });
    let ways = (0..600).map(|k| DeliveryWay {
        source: format!("S{:02}", k / 10),
        plant: format!("P{:02}", k % 10),
        cost_rub_mwh: 8.0 + 9.6 * share(k + 201),
        most_mwh_a: None,
    });
    AllocationStudy {
        first_year: 2025,
        years: 30,
        discount_rate: 0.08,
        weather: Vec::new(),
        preparation_most_ha_a: None,
        sources: sources.collect(),
        plants: plants.collect(),
        ways: ways.collect(),
        alternatives: Vec::new(),
        numbers: AllocationNumbers::default(),
    }
}

/// The same, each source of two fields: half of its land lasts 8 seasons, half 16.
fn region_of_parts() -> AllocationStudy {
    let mut study = region();
    for source in &mut study.sources {
        let season_mwh = source.yield_mwh_ha * source.prepared_ha;
        let left = |year: usize| f64::from(u8::from(year < 8) + u8::from(year < 16)) / 2.0;
        source.reach =
            Some(Reach { prepared_mwh: (0..study.years).map(|year| season_mwh * left(year)).collect(), new_mwh_ha: 0.0 });
    }
    study
}

/// A turbine that can take heat or leave it, and a boiler, over a load that follows the season and the hour.
fn town() -> System {
    let numbers = ParameterValues::defaults(plant_parameters());
    let unit = |name: &str, size: f64| PlantUnit::of_size(technology(name).expect("known"), size, &numbers).expect("a unit");
    let hour = |h: u32| std::f64::consts::TAU * f64::from(h) / 8_760.0;
    let heat_load_mw: Vec<f64> = (0..8_760).map(|h| 60.0 + 45.0 * hour(h).cos() + 10.0 * (365.0 * hour(h)).sin()).collect();
    let (turbine, boiler) = (unit("extraction_condensing", 25.0), unit("gas_boiler", 60.0));
    let available = availability_by_hour(&heat_load_mw, turbine.planned_outage_h, turbine.forced_outage_share).expect("a year");
    System {
        power_price_rub_mwh: (0..8_760).map(|h| 2_500.0 + 500.0 * (365.0 * hour(h)).sin()).collect(),
        own_power: None,
        units: vec![
            DispatchUnit::of(&turbine, "plant", 600.0, Some(available)),
            DispatchUnit::of(&boiler, "boiler", 800.0, None),
        ],
        store: None,
        dump: None,
        unserved_cost_rub_mwh: 50_000.0,
        heat_load_mw,
    }
}

fn plans(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plans");
    group.sample_size(10);
    for (name, study) in [("60 fields", region()), ("60 pairs of fields", region_of_parts())] {
        group.bench_function(format!("{name}, 10 plants, 30 years"), |b| {
            b.iter(|| black_box(allocation(&study, &mut |_| true)).is_ok());
        });
    }
    let system = town();
    group.bench_function("8,760 hours of dispatch", |b| b.iter(|| black_box(least_cost(&system, &mut |_| true)).is_ok()));
    group.bench_function("8,760 hours with minimum loads", |b| b.iter(|| black_box(on_off(&system, &mut |_| true)).is_ok()));
    let store = HeatStore::tank(200.0, &ParameterValues::defaults(plant_parameters()));
    let stored = System { store: Some(store), ..system };
    group.bench_function("8,760 hours with minimum loads and a store", |b| {
        b.iter(|| black_box(on_off(&stored, &mut |_| true)).is_ok());
    });
    let bench = demo();
    for plant in ["P-1", "P-2", "P-3"] {
        let mut query = ChpQuery::default();
        query.set("plant", plant).expect("a name");
        let draws = format!("study of {plant} with 1,000 draws");
        group.bench_function(draws, |b| b.iter(|| black_box(bench.chp_study(&query, &Unwatched)).is_ok()));
        query.set("uncertainty_drawn", "false").expect("a flag");
        let without = format!("study of {plant} without draws");
        group.bench_function(without, |b| b.iter(|| black_box(bench.chp_study(&query, &Unwatched)).is_ok()));
    }
    group.finish();
}

criterion_group!(planning, plans);
criterion_main!(planning);
