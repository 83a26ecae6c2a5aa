//! `peatplan difference`.

use super::table::{figure, print};
use super::{Format, ProjectFile};
use anyhow::Context;
use clap::Args;
use peatplan::config::Config;
use peatplan::crs::Crs;
use peatplan::exchange::surface_from_file;
use peatplan::model::Surface;
use peatplan::planning::{DepositDifference, DifferenceQuery, ReservesQuery, SurfaceSource, Workbench};
use peatplan::store::Store;
use peatplan::units::Metres;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The deposit, by identifier, code or name
    deposit: String,
    #[command(flatten)]
    file: ProjectFile,
    /// The surface now: a GeoTIFF of elevations in metres
    #[arg(long, value_name = "NEW.tif")]
    top: PathBuf,
    /// The surface before; from the elevations of the probes where left out
    #[arg(long, value_name = "OLD.tif")]
    before: Option<PathBuf>,
    /// The bottom of the peat; from the probes, their elevation less their depth, where left out
    #[arg(long, value_name = "BOTTOM.tif")]
    bottom: Option<PathBuf>,
    /// Coordinate system of rasters that do not say theirs
    #[arg(long, value_name = "EPSG:N")]
    raster_crs: Option<String>,
    /// Vertical error that all cells share, m: it moves a volume by itself times the area
    #[arg(long, value_name = "M", value_parser = error_metres)]
    surface_error_m: Option<f64>,
    /// Edge of a cell that is compared, m; from the new raster where left out
    #[arg(long, value_name = "M")]
    cell_m: Option<String>,
    /// Working system; the project's where left out
    #[arg(long, value_name = "EPSG:N")]
    crs: Option<String>,
    /// How the result is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

fn error_metres(text: &str) -> Result<f64, String> {
    let metres: f64 = text.parse().map_err(|_| format!("{text:?} is no number"))?;
    if (0.0..=10.0).contains(&metres) { Ok(metres) } else { Err("it must lie between 0 and 10 m".into()) }
}

pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    let mut reserves = ReservesQuery { deposit: Some(options.deposit.clone()), ..ReservesQuery::default() };
    for (name, text) in [("cell_m", &options.cell_m), ("crs", &options.crs)] {
        if let Some(text) = text {
            reserves.set(name, text)?;
        }
    }
    let given = options.raster_crs.as_deref().map(Crs::parse).transpose().context("--raster-crs")?;
    let config = Config::default();
    let surface = |path: &Path| -> anyhow::Result<Surface> {
        let own = surface_from_file(path, None, &config.import);
        let read = match (own, &given) {
            (Err(peatplan::exchange::RasterError::Crs(_)), Some(crs)) => surface_from_file(path, Some(crs), &config.import),
            (own, _) => own,
        };
        read.with_context(|| path.display().to_string())
    };
    let query = DifferenceQuery {
        reserves,
        new_top: surface(&options.top)?,
        old_top: options.before.as_deref().map(surface).transpose()?,
        bottom: options.bottom.as_deref().map(surface).transpose()?,
        surface_error: options.surface_error_m.map(Metres),
    };
    let bench = Workbench::new(options.file.open()?.load()?, config.estimate_cells);
    let found = bench.deposit_difference(&query)?;
    match options.format {
        Format::Json => say!("{}", serde_json::to_string_pretty(&found)?),
        Format::Csv => {
            super::table::print_csv(&["what", "area_ha", "volume_m3", "error_m3"], &rows(&found, |number| number.to_string()))?;
        }
        Format::Table => print_table(&found),
    }
    Ok(())
}

fn rows(found: &DepositDifference, number: fn(f64) -> String) -> Vec<Vec<String>> {
    let difference = &found.difference;
    let row = |what: &str, area: Option<f64>, volume: Option<f64>, error: Option<f64>| {
        let numbers = [area, volume, error].map(|value| value.map(number).unwrap_or_default());
        std::iter::once(what.to_owned()).chain(numbers).collect()
    };
    let error = |error: Option<peatplan::units::CubicMetres>| error.map(|error| error.0);
    let mut rows = vec![
        row(
            "extracted",
            Some(difference.extracted_area_ha.0),
            Some(difference.extracted_volume_m3.0),
            error(difference.extracted_error_m3),
        ),
        row("raised", Some(difference.raised_area_ha.0), Some(difference.raised_volume_m3.0), None),
    ];
    if let Some(volume) = difference.remaining_volume_m3 {
        let area = difference.remaining_area_ha.map(|area| area.0);
        rows.push(row("remaining", area, Some(volume.0), error(difference.remaining_error_m3)));
    }
    rows.push(row("without data", Some(difference.area_without_data_ha.0), None, None));
    rows
}

fn print_table(found: &DepositDifference) {
    if let Some(deposit) = &found.deposit {
        say!("{}{}", deposit.name, if found.synthetic { "  (invented for demonstration)" } else { "" });
    }
    let from = |source: SurfaceSource| match source {
        SurfaceSource::Raster => "a raster",
        SurfaceSource::Probes => "the probes",
        SurfaceSource::None => "nowhere",
    };
    say!(
        "the surface before from {}, the bottom from {}; cell {} m, {}; mean lowering {:.3} m",
        from(found.old_top_from),
        from(found.bottom_from),
        figure(found.cell_m),
        found.crs,
        found.difference.mean_lowering_m.0
    );
    say!("");
    print(&["what", "area ha", "volume m³", "error m³"], &rows(found, figure));
    for warning in &found.warnings {
        say!("note: {}", warning.message);
    }
}
