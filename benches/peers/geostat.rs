//! Peatplan's side of `geostat.py`: one computation a run, with its time and the most memory it took.
//!
//! `kriging | idw | simulation | methods`, then a CSV of samples (x, y, value), width and height of the area with its
//! lower left corner at 0 0, cell, and what the computation takes besides. Numbers go to standard output as
//! `name value`, cells as raw 64-bit numbers to the file named last.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for measurements: it prints, and stops at the first fault"
)]

use peatplan::geostat::{
    Bounds, DeclusteredMean, Drift, Grid, Interpolator, InverseDistance, Kriging, KrigingOptions, Mean, Nearest, Neighbourhood,
    Sample, Simulation, Support, Triangulation, Unwatched, Variogram, VariogramShape,
};
use rayon::prelude::*;
use std::path::Path;
use std::time::Instant;

/// The study that every computation is about.
struct Task {
    samples: Vec<Sample>,
    grid: Grid,
    cells: Vec<usize>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let Some((command, rest)) = arguments.split_first() else {
        println!("run benches/peers/run.sh: it says what to compute");
        return;
    };
    let task = Task::read(rest);
    let number = |index: usize| rest[index].parse::<f64>().unwrap();
    match command.as_str() {
        "kriging" => {
            let options = ordinary(exponential(number(4)), nearest_twenty());
            let started = Instant::now();
            let kriged = Kriging::new(&task.samples, options).unwrap().over_cells(&task.grid, &task.cells, &Unwatched).unwrap();
            report("seconds", started.elapsed().as_secs_f64());
            write(&rest[5], kriged.iter().flat_map(|cell| [cell.value, cell.variance]));
        }
        "idw" => {
            let started = Instant::now();
            let depths = task.by(&InverseDistance::new(&task.samples, number(4), 20).unwrap());
            report("seconds", started.elapsed().as_secs_f64());
            write(&rest[5], depths.into_iter());
        }
        "simulation" => task.simulate(exponential(number(4)), rest[5].parse().unwrap(), &rest[6]),
        "methods" => task.methods(number(4)),
        other => println!("no computation {other}"),
    }
    report("threads", f64::from(u32::try_from(rayon::current_num_threads()).unwrap()));
    report("peak_mb", peak_memory());
}

fn report(name: &str, value: f64) {
    println!("{name} {value}");
}

fn write(file: &str, numbers: impl Iterator<Item = f64>) {
    std::fs::write(Path::new(file), numbers.flat_map(f64::to_le_bytes).collect::<Vec<u8>>()).unwrap();
}

/// The most memory that this process has held, in MB.
fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(|rest| rest.split_whitespace().next());
    kilobytes.and_then(|text| text.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}

fn exponential(range: f64) -> Variogram {
    Variogram::new(VariogramShape::Exponential, 0.05, 0.45, range, None).unwrap()
}

fn nearest_twenty() -> Neighbourhood {
    Neighbourhood::Nearest { count: 20, radius: None }
}

fn ordinary(variogram: Variogram, neighbourhood: Neighbourhood) -> KrigingOptions {
    KrigingOptions { variogram, drift: Drift::Constant, neighbourhood, support: Support::Point }
}

impl Task {
    fn read(arguments: &[String]) -> Self {
        let row = |line: &str| {
            let numbers: Vec<f64> = line.split(',').map(|text| text.parse().unwrap()).collect();
            Sample { x: numbers[0], y: numbers[1], value: numbers[2] }
        };
        let samples = std::fs::read_to_string(&arguments[0]).unwrap().lines().skip(1).map(row).collect();
        let [max_x, max_y, cell] = [1, 2, 3].map(|index: usize| arguments[index].parse::<f64>().unwrap());
        let grid = Grid::covering(Bounds { min_x: 0.0, min_y: 0.0, max_x, max_y }, cell, 10_000_000).unwrap();
        let cells = (0..grid.len()).collect();
        Self { samples, grid, cells }
    }

    fn by(&self, interpolator: &impl Interpolator) -> Vec<f64> {
        let value = |cell: &usize| {
            let (x, y) = self.grid.centre(*cell);
            interpolator.value_at(x, y)
        };
        self.cells.par_iter().map(value).collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn simulate(&self, variogram: Variogram, realisations: usize, file: &str) {
        let started = Instant::now();
        let options = ordinary(variogram, nearest_twenty());
        let simulation = Simulation::new(&self.samples, &self.grid, &self.cells, options, &Unwatched).unwrap();
        report("preparation_seconds", started.elapsed().as_secs_f64());
        let mean = |_: usize, values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let (means, spread) = simulation.simulate_with_spread(realisations, 1, &Unwatched, mean).unwrap();
        report("seconds", started.elapsed().as_secs_f64());
        let middle = means.iter().sum::<f64>() / means.len() as f64;
        let squares: f64 = means.iter().map(|mean| (mean - middle).powi(2)).sum();
        report("mean", middle);
        report("deviation_of_means", (squares / (means.len() - 1).max(1) as f64).sqrt());
        report("places_honoured", simulation.places_honoured() as f64);
        write(file, spread.mean.iter().zip(&spread.deviation).flat_map(|(mean, deviation)| [*mean, *deviation]));
    }

    /// Every deterministic method on the same task, in milliseconds: preparation and all cells, the fastest of three.
    fn methods(&self, range: f64) {
        let samples = &self.samples;
        let variogram = exponential(range);
        let kriged = |options: KrigingOptions| {
            let cells = Kriging::new(samples, options).unwrap().over_cells(&self.grid, &self.cells, &Unwatched).unwrap();
            cells.iter().map(|cell| cell.value).sum::<f64>()
        };
        let total = |values: Vec<f64>| values.iter().sum::<f64>();
        let near = ordinary(variogram, nearest_twenty());
        let methods: [(&str, &dyn Fn() -> f64); 10] = [
            ("mean", &|| total(self.by(&Mean::new(samples).unwrap()))),
            ("declustered_mean", &|| DeclusteredMean::automatic(samples).unwrap().mean()),
            ("thiessen", &|| total(self.by(&Nearest::new(samples).unwrap()))),
            ("triangulation", &|| {
                Triangulation::new(samples).unwrap().over_cells(&self.grid, &self.cells).iter().flatten().sum()
            }),
            ("inverse_distance_20", &|| total(self.by(&InverseDistance::new(samples, 4.0, 20).unwrap()))),
            ("kriging_20", &|| kriged(near)),
            ("kriging_20_linear_drift", &|| kriged(KrigingOptions { drift: Drift::Linear, ..near })),
            ("kriging_20_blocks", &|| kriged(KrigingOptions { support: Support::Block { width: self.grid.cell() }, ..near })),
            ("kriging_all_samples", &|| kriged(ordinary(variogram, Neighbourhood::Global))),
            ("kriging_all_samples_values", &|| {
                let kriging = Kriging::new(samples, ordinary(variogram, Neighbourhood::Global)).unwrap();
                total(kriging.values_over_cells(&self.grid, &self.cells, &Unwatched).unwrap())
            }),
        ];
        for (name, method) in methods {
            let times = (0..3).map(|_| {
                let started = Instant::now();
                assert!(std::hint::black_box(method()).is_finite());
                started.elapsed().as_secs_f64() * 1e3
            });
            report(name, times.fold(f64::INFINITY, f64::min));
        }
    }
}
