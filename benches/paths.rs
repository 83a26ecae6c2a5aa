//! The hot paths, on the demo project: what a drag of a plant, a changed cut-off, a page of features cost.
#![expect(missing_docs, reason = "criterion's macros make items of their own")]

use criterion::{Criterion, criterion_group, criterion_main};
use geo::{LineString, MultiPolygon, Polygon};
use peatplan::catalogue::LayerTable;
use peatplan::config::Config;
use peatplan::geostat::{
    Bounds, Drift, Grid, Interpolator, InverseDistance, Kriging, KrigingOptions, Neighbourhood, Sample, Simulation, Support,
    Triangulation, Unwatched, Variogram, VariogramShape,
};
use peatplan::model::{Feature, Layer, PropertyType, RoadClass, Value};
use peatplan::planning::{ReservesQuery, SupplyQuery, Workbench};
use peatplan::query::{Bbox, Filter, Limits, Place, Position, Query, Sort, select};
use peatplan::store::{GeoPackageStore, Store};
use peatplan::supply::{HaulNetwork, HaulRates, NetworkLine, Start};
use peatplan::tiles::{Level, TileMatrixSet, vector_tile};
use std::hint::black_box;
use std::path::Path;

fn demo() -> Workbench {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo.gpkg");
    let store = GeoPackageStore::open(&project).expect("`make demo` has made the demo project");
    let bench = Workbench::new(store.load().expect("a sound project"), Config::default().estimate_cells);
    bench.prepare();
    bench
}

fn answers(criterion: &mut Criterion) {
    let bench = demo();
    let mut query = ReservesQuery { deposit: Some("D1".into()), ..ReservesQuery::default() };
    query.set("method", "idw").expect("a method");
    criterion.bench_function("reserves of the largest deposit", |b| {
        b.iter(|| black_box(bench.deposit_reserves(&query, &Unwatched)).is_ok());
    });

    let mut plant = SupplyQuery::default();
    for (name, text) in [("at", "40.66,55.62"), ("fuel_power_mw", "60")] {
        plant.set(name, text).expect("an input");
    }
    criterion
        .bench_function("supply of a plant while it is dragged", |b| b.iter(|| black_box(bench.plant_supply(&plant)).is_ok()));

    let table = bench.catalogue().table(Layer::Probes);
    let bbox = Some(Bbox::parse("40.5,55.5,40.7,55.6").expect("a box"));
    let query = Query { place: bbox.map(Place::Box), ..Query::default() };
    let first = Position::Start;
    criterion.bench_function("a page of probes in a box", |b| {
        b.iter(|| black_box(select(table, &query).page(table, &first, 1_000)).matched);
    });
}

/// A million probes, a metre or so apart, with a few words and many depths.
fn million_probes() -> LayerTable {
    let schema = Layer::Probes.schema();
    let place = |name: &str| schema.index_of(name).expect("a property of probes");
    let (depth, method, date) = (place("depth_m"), place("method"), place("date"));
    let one = |id: u32| {
        let mut values = vec![Value::Null; schema.properties.len()];
        values[depth] = Value::Number(f64::from(id * 7_919 % 100_003) / 10_000.3);
        values[method] = Value::Text(["probe", "auger", "gpr", "emi"][id as usize % 4].to_owned());
        values[date] = Value::Date(format!("20{:02}-0{}-1{}", id % 25, 1 + id % 9, id % 10));
        let at = geo::Point::new(40.0 + f64::from(id % 1_000) / 1_000.0, 55.0 + f64::from(id / 1_000) / 1_000.0);
        Feature { id: i64::from(id), geometry: Some(at.into()), values }
    };
    LayerTable::of_features(schema, (1..=1_000_000).map(one).collect())
}

fn queries(criterion: &mut Criterion) {
    let table = million_probes();
    let schema = table.schema();
    let filtered = |text: &str| {
        let filter = Filter::from_text(text, schema, &Limits::default(), None).expect("a filter");
        Query { filter: Some(filter), ..Query::default() }
    };
    let sorted = |text: &str| Query { sort: Sort::parse(text, schema).expect("an order"), ..Query::default() };
    let mut group = criterion.benchmark_group("of a million rows");
    group.sample_size(20);
    let circle = (0..64).map(|i| f64::from(i) * std::f64::consts::TAU / 63.0);
    let ring = circle.map(|a| format!("{:.6} {:.6}", 40.5 + 0.2 * a.sin(), 55.5 + 0.2 * a.cos())).collect::<Vec<_>>();
    let ring = [&ring[..63], &ring[..1]].concat().join(",");
    for (name, query) in [
        ("a comparison of numbers", filtered("depth_m > 9.9")),
        ("a comparison of texts", filtered("method LIKE 'g%' OR CASEI(method) = 'EMI'")),
        ("a comparison of dates", filtered("date BETWEEN DATE('2020-01-01') AND DATE('2020-03-01')")),
        ("arithmetic and three conditions", filtered("depth_m * 2 + 1 > 20 AND method <> 'gpr' AND date IS NOT NULL")),
        ("a box of a hundredth", filtered("S_INTERSECTS(geometry, BBOX(40.5,55.5,40.6,55.6))")),
        ("an area of 63 corners, an eighth", filtered(&format!("S_WITHIN(geometry, POLYGON(({ring})))"))),
        ("an order of numbers", sorted("-depth_m")),
        ("an order of texts and dates", sorted("method,-date")),
    ] {
        group.bench_function(name, |b| b.iter(|| black_box(select(&table, &query)).len()));
    }
    let selection = select(&table, &sorted("method,-date"));
    let middle = selection.row(500_000).expect("a row");
    let position = Position::After(selection.cursor(&table, middle));
    group.bench_function("a page of 1,000 after a cursor", |b| {
        b.iter(|| black_box(selection.page(&table, &position, 1_000)).rows.len());
    });
    group.finish();
}

fn interpolation(criterion: &mut Criterion) {
    // Survey lines 300 m apart, probes each 50 m, as in the field.
    let samples: Vec<Sample> = (0..5_000)
        .map(|i| (f64::from(i / 200) * 300.0, f64::from(i % 200) * 50.0))
        .map(|(x, y)| Sample { x, y, value: 2.0 + (x * 0.001).sin() + (y * 0.002).cos() })
        .collect();
    let depth = InverseDistance::new(&samples, 4.0, 20).expect("samples");
    criterion.bench_function("10,000 cells by inverse distance, 20 of 5,000 probes", |b| {
        b.iter(|| (0..10_000).map(|i| depth.value_at(f64::from(i % 100) * 70.0, f64::from(i / 100) * 95.0)).sum::<f64>());
    });
}

fn kriging(criterion: &mut Criterion) {
    // 1,000 probes over a square kilometre, a hundred cells to each.
    let samples: Vec<Sample> = (0..1_000_u32)
        .map(|i| (f64::from(i * 7_919 % 10_007) / 10.007, f64::from(i * 104_729 % 10_009) / 10.009))
        .map(|(x, y)| Sample { x, y, value: 2.0 + (x * 0.01).sin() + (y * 0.02).cos() })
        .collect();
    let bounds = Bounds { min_x: 0.0, min_y: 0.0, max_x: 1_000.0, max_y: 1_000.0 };
    let grid = Grid::covering(bounds, 1_000.0 / 316.0, 1_000_000).expect("a grid");
    let cells: Vec<usize> = (0..grid.len()).collect();
    let variogram = Variogram::new(VariogramShape::Spherical, 0.1, 0.9, 200.0, None).expect("a variogram");
    let neighbourhood = Neighbourhood::Nearest { count: 20, radius: None };
    let options = KrigingOptions { variogram, drift: Drift::Constant, neighbourhood, support: Support::Point };
    criterion.bench_function("100,000 cells by kriging, 20 of 1,000 probes", |b| {
        b.iter(|| {
            let kriging = Kriging::new(&samples, options).expect("samples");
            black_box(kriging.over_cells(&grid, &cells, &Unwatched)).is_ok()
        });
    });
}

fn routing(criterion: &mut Criterion) {
    // A lattice of 100,000 nodes: what a county has.
    let place = |i: u32, j: u32| [f64::from(i) * 150.0 + f64::from((i * 7 + j * 13) % 40), f64::from(j) * 150.0];
    let line = |vertices: Vec<[f64; 2]>| NetworkLine {
        class: RoadClass::Tertiary,
        speed_km_h: None,
        cost_rub_t_km: None,
        vertices_crs84: vertices.clone(),
        vertices,
    };
    let lines: Vec<NetworkLine> = (0..316)
        .flat_map(|i| [line((0..316).map(|j| place(i, j)).collect()), line((0..316).map(|j| place(j, i)).collect())])
        .collect();
    let network = HaulNetwork::new(&lines);
    let rates = HaulRates::from_numbers(&peatplan::model::ParameterValues::defaults(peatplan::model::supply_parameters()));
    let gate = network.access([20_000.0, 20_000.0]).expect("roads");
    criterion.bench_function("one search over 100,000 nodes", |b| {
        b.iter(|| black_box(network.shortest_paths(&[Start { access: gate, cost: 0.0 }], &rates, &rates.speeds)));
    });
}

fn outlines(criterion: &mut Criterion) {
    let ring: Vec<(f64, f64)> = (0..5_000)
        .map(|i| f64::from(i) / 5_000.0 * std::f64::consts::TAU)
        .map(|a| ((3_000.0 + 400.0 * (9.0 * a).sin()) * a.cos(), 2_500.0 * a.sin()))
        .collect();
    let outline = MultiPolygon::new(vec![Polygon::new(LineString::from(ring), vec![])]);
    let rings = peatplan::reserves::rings(&outline);
    let bounds = peatplan::geostat::Bounds::of(&rings).expect("a ring");
    let grid = peatplan::geostat::Grid::covering(bounds, 10.0, 10_000_000).expect("a grid");
    criterion.bench_function("cells of 10 m inside an outline of 5,000 corners", |b| {
        b.iter(|| black_box(grid.cells_inside(&rings)).len());
    });
}

/// A square of 10⁵ cells of 10 m with 1,000 samples in it.
fn square_of_samples() -> (Grid, Vec<usize>, Vec<Sample>) {
    let grid = Grid::covering(Bounds { min_x: 0.0, min_y: 0.0, max_x: 3_160.0, max_y: 3_160.0 }, 10.0, 100_000).expect("a grid");
    let share = |i: u32, by: f64| 3_160.0 * (f64::from(i) * by).fract();
    let samples = (1..=1_000).map(|i| (share(i, 0.754_877_666), share(i, 0.569_840_291)));
    let samples = samples.map(|(x, y)| Sample { x, y, value: 2.0 + (x * 0.01).sin() + (y * 0.007).cos() }).collect();
    (grid, (0..grid.len()).collect(), samples)
}

fn triangles(criterion: &mut Criterion) {
    let (grid, cells, samples) = square_of_samples();
    let tin = Triangulation::new(&samples).expect("triangles");
    criterion.bench_function("100,000 cells over the triangles of 1,000 probes", |b| {
        b.iter(|| black_box(tin.over_cells(&grid, &cells)).len());
    });
    let many: Vec<Sample> = (0..100_000_u32)
        .map(|i| Sample { x: f64::from(i / 1_000) * 300.0, y: f64::from(i % 1_000) * 5.0, value: f64::from(i % 7) })
        .collect();
    let mut slow = criterion.benchmark_group("slow");
    slow.sample_size(10);
    slow.bench_function("triangles of 100,000 probes on lines", |b| b.iter(|| black_box(Triangulation::new(&many)).is_ok()));
    slow.finish();
}

fn simulation(criterion: &mut Criterion) {
    let (grid, cells, samples) = square_of_samples();
    let variogram = Variogram::new(VariogramShape::Spherical, 0.1, 0.9, 300.0, None).expect("a variogram");
    let neighbourhood = Neighbourhood::Nearest { count: 24, radius: None };
    let options = KrigingOptions { variogram, drift: Drift::Constant, neighbourhood, support: Support::Point };
    let simulation = Simulation::new(&samples, &grid, &cells, options, &Unwatched).expect("a simulation");
    let mut slow = criterion.benchmark_group("slow");
    slow.sample_size(10);
    slow.bench_function("200 simulated surfaces of 100,000 cells", |b| {
        b.iter(|| simulation.simulate(200, 1, &Unwatched, |_, values| values.iter().sum::<f64>()).is_ok());
    });
    slow.finish();
}

/// 50,000 polygons of 12 to 96 vertices over a land of 1,500 by 1,300 km, as the peers' measurements have them.
fn many_polygons() -> LayerTable {
    let schema = Layer::Deposits.schema();
    let polygon = |i: u32| {
        // Two irrationals spread the places evenly.
        let share = |by: f64| (f64::from(i) * by).fract();
        let (longitude, latitude) = (30.0 + 24.0 * share(0.754_877_666), 50.0 + 12.0 * share(0.569_840_291));
        let (count, radius) = (12 + i * 7_919 % 85, 0.003 + 0.02 * share(0.618_033_988));
        let ring: LineString = (0..count)
            .map(|k| f64::from(k) / f64::from(count) * std::f64::consts::TAU)
            .map(|a| (a, radius * (1.0 + 0.25 * (5.0 * a + f64::from(i)).sin())))
            .map(|(a, r)| (longitude + 1.8 * r * a.cos(), latitude + r * a.sin()))
            .collect();
        let mut values = vec![Value::Null; schema.properties.len()];
        for (property, value) in schema.properties.iter().zip(&mut values) {
            *value = match property.kind {
                PropertyType::Text if property.name.starts_with("name") => Value::Text(format!("Deposit {i}")),
                PropertyType::Text if property.values.is_empty() => Value::Text(format!("{} {}", property.name, i % 100)),
                PropertyType::Text => Value::Text(property.values[i as usize % property.values.len()].value.clone()),
                PropertyType::Number => Value::Number(f64::from(i % 977) / 8.0),
                PropertyType::Integer => Value::Integer((1_950 + i % 70).into()),
                PropertyType::Boolean => Value::Boolean(true),
                _ => Value::Null,
            };
        }
        Feature { id: i.into(), geometry: Some(Polygon::new(ring, vec![]).into()), values }
    };
    LayerTable::of_features(schema, (1..=50_000).map(polygon).collect())
}

fn tiles(criterion: &mut Criterion) {
    let table = many_polygons();
    let web = TileMatrixSet::web_mercator();
    let mut slow = criterion.benchmark_group("tiles");
    slow.sample_size(10);
    slow.bench_function("geometry of 50,000 polygons on the deepest grid", |b| {
        b.iter(|| black_box(Level::deepest(&table, &web)).is_ok());
    });
    let deepest = Level::deepest(&table, &web).expect("a level");
    for zoom in [4, 8, 12] {
        slow.bench_function(format!("geometry of 50,000 polygons simplified for zoom {zoom}"), |b| {
            b.iter(|| black_box(deepest.coarser(zoom)).size());
        });
    }
    slow.finish();
    for zoom in [4, 6, 8, 10, 12, 14] {
        let level = deepest.coarser(zoom);
        let limits = web.limits([42.0, 56.0, 42.0, 56.0], zoom).expect("a place");
        let address = web.address(zoom, limits.min_row, limits.min_column).expect("a tile");
        let bytes = vector_tile(&table, &level, address).len();
        criterion.bench_function(&format!("vector tile of zoom {zoom}, {bytes} bytes, {} bytes of level", level.size()), |b| {
            b.iter(|| black_box(vector_tile(&table, &level, address)).len());
        });
    }
}

criterion_group!(hot_paths, answers, queries, interpolation, triangles, simulation, routing, outlines, kriging, tiles);
criterion_main!(hot_paths);
