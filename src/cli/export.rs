//! `peatplan export`.

use super::ProjectFile;
use clap::Args;
use peatplan::exchange::export_features;
use peatplan::model::Layer;
use peatplan::store::Store;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The layer
    layer: Layer,
    /// The file to make; its extension says the format: gpkg, geojson, fgb, shp, csv
    target: PathBuf,
    #[command(flatten)]
    file: ProjectFile,
}

pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    let catalogue = options.file.open()?.load()?;
    let table = catalogue.table(options.layer);
    let rows = (0..table.len()).map(|row| table.feature(row));
    let written = export_features(options.layer, rows, &options.target)?;
    say_aside!("{written} features of {} written to {}", options.layer, options.target.display());
    if table.has_synthetic() {
        say_aside!("note: rows with synthetic = true are invented for demonstration");
    }
    Ok(())
}
