//! `peatplan estimate`.

use super::table::{figure, print, print_csv};
use super::watch::Bar;
use super::{Format, ProjectFile, inputs};
use anyhow::Context;
use clap::{ArgMatches, Args, ValueEnum};
use peatplan::config::Config;
use peatplan::deliverables::{AreaForm, AreaLayer, TableForm, areas, table, thickness_geotiff};
use peatplan::geostat::{Progress, Unwatched};
use peatplan::planning::{DepositReserves, ReservesQuery, TableLanguage, Workbench};
use peatplan::reserves::{BalanceClass, Method, ReserveEstimate};
use peatplan::store::Store;
use peatplan::units::MassFraction;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The deposit, by identifier, code or name
    deposit: String,
    #[command(flatten)]
    file: ProjectFile,
    /// A JSON file with inputs; options rule over it
    #[arg(long, value_name = "FILE.json")]
    request: Option<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Writes the grid of depths as a GeoTIFF
    #[arg(long, value_name = "FILE.tif")]
    thickness: Option<PathBuf>,
    /// Writes the isopachs, as GeoPackage or GeoJSON by the file's ending
    #[arg(long, value_name = "FILE.gpkg|.geojson")]
    isopachs: Option<PathBuf>,
    /// Writes the geological blocks, as GeoPackage or GeoJSON by the file's ending
    #[arg(long, value_name = "FILE.gpkg|.geojson")]
    blocks: Option<PathBuf>,
    /// Writes the land of each step of the funnel, as GeoPackage or GeoJSON by the file's ending
    #[arg(long, value_name = "FILE.gpkg|.geojson")]
    funnel: Option<PathBuf>,
    /// Writes the reserve table, as XLSX or CSV by the file's ending
    #[arg(long, value_name = "FILE.xlsx|.csv")]
    table: Option<PathBuf>,
    /// Language of the reserve table
    #[arg(long, value_enum, default_value = "en")]
    language: Language,
}

/// Language of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    /// English
    En,
    /// Russian
    Ru,
}

pub(super) fn run(options: &Options, given: Option<&ArgMatches>) -> anyhow::Result<()> {
    let mut query = ReservesQuery { deposit: Some(options.deposit.clone()), ..ReservesQuery::default() };
    for (name, text) in inputs::given(given, options.request.as_deref())? {
        query.set(&name, &text)?;
    }
    let bench = Workbench::new(options.file.open()?.load()?, Config::default().estimate_cells);
    let bar = query.request.is_long().then(|| Bar::new("estimating"));
    let reserves = bench.deposit_reserves(&query, bar.as_ref().map_or(&Unwatched as &dyn Progress, |bar| bar))?;
    if let Some(bar) = &bar {
        bar.finish();
    }
    write_files(options, &bench, &query)?;
    match options.format {
        Format::Json => say!("{}", serde_json::to_string_pretty(&reserves)?),
        Format::Csv => print_csv(&CSV_HEADER, &csv_rows(&reserves))?,
        Format::Table => print_table(&reserves),
    }
    Ok(())
}

/// Writes the files that were asked for.
fn write_files(options: &Options, bench: &Workbench, query: &ReservesQuery) -> anyhow::Result<()> {
    let layers =
        [(&options.isopachs, AreaLayer::Isopachs), (&options.blocks, AreaLayer::Blocks), (&options.funnel, AreaLayer::Funnel)];
    if options.thickness.is_some() || layers.iter().any(|(path, _)| path.is_some()) {
        let surface = bench.reserve_surface(query, &Unwatched)?;
        if let Some(path) = &options.thickness {
            ending(path, &["tif", "tiff"])?;
            write(path, &thickness_geotiff(&surface)?)?;
        }
        for (path, layer) in layers {
            if let Some(path) = path {
                let form =
                    if ending(path, &["gpkg", "geojson", "json"])? == "gpkg" { AreaForm::GeoPackage } else { AreaForm::GeoJson };
                write(path, &areas(&surface, layer, form)?)?;
            }
        }
    }
    if let Some(path) = &options.table {
        let form = if ending(path, &["xlsx", "csv"])? == "csv" { TableForm::Csv } else { TableForm::Xlsx };
        let language = if options.language == Language::Ru { TableLanguage::Russian } else { TableLanguage::English };
        write(path, &table(&bench.reserve_table(query, language, &Unwatched)?, form)?)?;
    }
    Ok(())
}

/// The ending of a file's name, which must be one of some.
fn ending(path: &Path, allowed: &[&'static str]) -> anyhow::Result<&'static str> {
    let given = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    let found = allowed.iter().copied().find(|ending| *ending == given);
    found.with_context(|| format!("{}: the name must end in .{}", path.display(), allowed.join(" or .")))
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| path.display().to_string())?;
    say_aside!("wrote {}", path.display());
    Ok(())
}

const CSV_HEADER: [&str; 9] = [
    "step",
    "area_ha",
    "volume_m3",
    "dry_mass_t",
    "mass_t",
    "energy_gj",
    "energy_mwh",
    "tonnes_coal_equivalent",
    "lost_volume_m3",
];

fn csv_rows(reserves: &DepositReserves) -> Vec<Vec<String>> {
    let row = |step: &peatplan::reserves::LadderStep| {
        let fuel = &step.fuel;
        let numbers = [
            step.area_ha.0,
            step.volume_m3.0,
            fuel.dry_mass_t.0,
            fuel.mass_t.0,
            fuel.energy_gj.0,
            fuel.energy_mwh.0,
            fuel.tonnes_coal_equivalent.0,
            step.lost_volume_m3.0,
        ];
        std::iter::once(step_name(step)).chain(numbers.iter().map(f64::to_string)).collect()
    };
    reserves.estimate.ladder.iter().map(row).collect()
}

fn step_name(step: &peatplan::reserves::LadderStep) -> String {
    serde_json::to_value(step.step).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn print_table(reserves: &DepositReserves) {
    let estimate = &reserves.estimate;
    if let Some(deposit) = &reserves.deposit {
        say!("{}{}", deposit.name, if reserves.synthetic { "  (invented for demonstration)" } else { "" });
    }
    let used = &estimate.parameters;
    say!(
        "method {}, {} probes ({}), cell {} m, {}",
        estimate.method.word(),
        estimate.probes_used,
        used.choices.probes.word(),
        used.numbers.get("cell_m").copied().unwrap_or_default(),
        used.crs
    );
    say!(
        "area {:.2} m² planar, {:.2} m² on the ellipsoid; mean depth {:.3} m, deepest {:.2} m",
        estimate.area_ha.square_metres().0,
        estimate.area_ellipsoidal_ha.square_metres().0,
        estimate.mean_depth_m.0,
        estimate.max_depth_m.0
    );
    let error = estimate.volume_error_m3.map(|error| format!(" ± {:.2} (one standard deviation, by block kriging)", error.0));
    say!("geological volume {:.2} m³{}", estimate.geological_volume_m3.0, error.unwrap_or_default());
    if let Some(choice) = &estimate.method_choice {
        say!("why this method: {}", choice.reason);
    }
    if let Some(variogram) = estimate.variogram.as_ref().filter(|_| uses_variogram(estimate.method)) {
        say!(
            "variogram {}{}: nugget {:.4} m², partial sill {:.4} m², range {:.1} m",
            variogram.shape,
            if variogram.fitted { ", fitted" } else { "" },
            variogram.nugget_m2,
            variogram.partial_sill_m2,
            variogram.range_m
        );
    }
    if let Some(errors) = &estimate.cross_validation {
        say!(
            "left out in turn, {} probes are missed by {:.3} m (mean), {:.3} m (root mean square)",
            errors.probes,
            errors.mae_m,
            errors.rmse_m
        );
    }
    say!("");
    let header = [
        "step",
        "area ha",
        "volume m³",
        "dry t",
        &format!("t at {:.0} %", estimate.reference_moisture.value() * 100.0),
        "MWh",
        "t.c.e.",
    ];
    let rows: Vec<Vec<String>> = estimate
        .ladder
        .iter()
        .map(|step| {
            let fuel = &step.fuel;
            let numbers = [
                step.area_ha.0,
                step.volume_m3.0,
                fuel.dry_mass_t.0,
                fuel.mass_t.0,
                fuel.energy_mwh.0,
                fuel.tonnes_coal_equivalent.0,
            ];
            std::iter::once(step_name(step)).chain(numbers.iter().map(|number| figure(*number))).collect()
        })
        .collect();
    print(&header, &rows);
    print_uncertainty(estimate);
    print_blocks(estimate);
    print_products(estimate);
    for statement in &reserves.stated {
        let volume = statement.volume_m3.map_or_else(|| "-".into(), figure);
        let class = statement.balance_class.as_deref().unwrap_or("class not stated");
        say!("stated: category {}, {class}, {volume} m³", statement.category);
    }
    for warning in &estimate.warnings {
        say!("note: {}", warning.message);
    }
    if !estimate.rests_on.is_empty() {
        let names = estimate.rests_on.iter().map(|used| format!("{} = {}", used.parameter, used.value)).collect::<Vec<_>>();
        say!("rests on defaults without a read source: {}", names.join(", "));
    }
}

fn uses_variogram(method: Method) -> bool {
    matches!(method, Method::Kriging | Method::Simulation | Method::Isopach)
}

fn print_uncertainty(estimate: &ReserveEstimate) {
    let Some(uncertainty) = &estimate.uncertainty else { return };
    say!("");
    say!("{} realisations from seed {}; P10 is what one in ten stays below", uncertainty.realisations, uncertainty.seed);
    let rows = uncertainty.quantities.iter().map(|(name, q)| {
        let numbers = [q.p10, q.p50, q.p90, q.mean, q.standard_deviation];
        std::iter::once((*name).to_owned()).chain(numbers.iter().map(|number| figure(*number))).collect()
    });
    print(&["quantity", "P10", "P50", "P90", "mean", "deviation"], &rows.collect::<Vec<_>>());
    let bars = uncertainty.tornado.iter().map(|bar| {
        let numbers = [bar.low, bar.middle, bar.high, bar.energy_mwh_low, bar.energy_mwh_high];
        std::iter::once(format!("{}, {}", bar.factor, bar.unit)).chain(numbers.iter().map(|number| figure(*number))).collect()
    });
    say!("");
    print(&["factor alone", "P10", "middle", "P90", "MWh at P10", "MWh at P90"], &bars.collect::<Vec<_>>());
}

fn print_blocks(estimate: &ReserveEstimate) {
    if estimate.blocks.is_empty() {
        return;
    }
    let percent = |share: Option<f64>| share.map_or_else(|| "-".into(), |share| format!("{:.1}", share * 100.0));
    let rows = estimate.blocks.iter().map(|block| {
        vec![
            block.block.to_string(),
            format!("{:?}", block.category),
            if block.balance_class == BalanceClass::Balance { "balance".into() } else { "off-balance".into() },
            figure(block.area_ha.0),
            figure(block.mean_depth_m.0),
            figure(block.volume_m3.0),
            figure(block.mass_t.0),
            percent(block.ash.map(MassFraction::value)),
            percent(block.relative_error_95),
            block.unfc.clone(),
        ]
    });
    say!("");
    let header = ["block", "category", "class", "area ha", "depth m", "volume m³", "tonnes", "ash %", "error %", "UNFC"];
    print(&header, &rows.collect::<Vec<_>>());
}

fn print_products(estimate: &ReserveEstimate) {
    let rows: Vec<Vec<String>> = estimate
        .products
        .iter()
        .filter(|product| product.volume_m3.0 > 0.0)
        .map(|product| {
            let numbers =
                [product.area_ha.0, product.mean_thickness_m.0, product.volume_m3.0, product.dry_mass_t.0, product.mass_t.0];
            let name = format!("{:?}", product.product).to_lowercase();
            std::iter::once(name).chain(numbers.iter().map(|number| figure(*number))).collect()
        })
        .collect();
    if !rows.is_empty() {
        say!("");
        print(&["product", "area ha", "thickness m", "volume m³", "dry t", "tonnes"], &rows);
    }
}
