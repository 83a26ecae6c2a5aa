//! `peatplan export`.

use super::ProjectFile;
use super::watch::Bar;
use anyhow::{Context, bail};
use clap::Args;
use peatplan::catalogue::Catalogue;
use peatplan::deliverables::tile_archive;
use peatplan::exchange::{check_target, export_features};
use peatplan::geostat::Progress;
use peatplan::model::Layer;
use peatplan::store::Store;
use peatplan::tiles::TileMatrixSet;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Tiles of an archive that are looked at: at zoom 14 those of a land of a million square kilometres.
const MOST_TILES: u64 = 20_000_000;

#[derive(Debug, Args)]
#[command(
    override_usage = "peatplan export [OPTIONS] LAYER FILE\n       peatplan export [OPTIONS] --tiles FILE.pmtiles [--layer LAYER]..."
)]
pub(super) struct Options {
    /// The layer
    #[arg(required_unless_present = "tiles", conflicts_with = "tiles")]
    layer: Option<Layer>,
    /// The file to make; its extension says the format: gpkg, geojson, geojsons, fgb, shp, csv
    #[arg(required_unless_present = "tiles", conflicts_with = "tiles")]
    target: Option<PathBuf>,
    /// Writes vector tiles of the web's grid instead, all in one archive
    #[arg(long, value_name = "FILE.pmtiles")]
    tiles: Option<PathBuf>,
    /// A layer of the tiles; may be given several times. All layers where none is given
    #[arg(long = "layer", value_name = "LAYER", requires = "tiles")]
    layers: Vec<Layer>,
    /// Least zoom of the tiles
    #[arg(long, value_name = "ZOOM", default_value_t = 0, requires = "tiles")]
    min_zoom: u8,
    /// Greatest zoom of the tiles; maps draw deeper zooms from it
    #[arg(long, value_name = "ZOOM", default_value_t = 14, requires = "tiles")]
    max_zoom: u8,
    #[command(flatten)]
    file: ProjectFile,
}

pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    // Reading a project takes a while; who is refused is told so at once.
    match (&options.tiles, &options.target) {
        (Some(target), _) if target.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("pmtiles")) => {
            bail!("{}: tiles are written as PMTiles; give a name that ends in .pmtiles", target.display());
        }
        (None, Some(target)) => check_target(target)?,
        _ => {}
    }
    let catalogue = options.file.open()?.load()?;
    if let Some(target) = &options.tiles {
        return tiles(&catalogue, options, target);
    }
    let (Some(layer), Some(target)) = (options.layer, &options.target) else { bail!("a layer and a file are needed") };
    let table = catalogue.table(layer);
    let rows = (0..table.len()).map(|row| table.feature(row));
    let with_geometry = table.is_empty() || (0..table.len()).any(|row| table.geometry(row).is_some());
    let written = export_features(layer, rows, with_geometry, target)?;
    say_aside!("{written} features of {layer} written to {}", target.display());
    note_invented(table.has_synthetic());
    Ok(())
}

fn tiles(catalogue: &Catalogue, options: &Options, target: &Path) -> anyhow::Result<()> {
    let deepest = TileMatrixSet::web_mercator().deepest;
    let (least, most) = (options.min_zoom, options.max_zoom);
    if least > most || most > deepest {
        bail!("--min-zoom {least} and --max-zoom {most}: zooms go from 0 to {deepest}, the least before the greatest");
    }
    let mut layers = if options.layers.is_empty() { Layer::of_the_land() } else { options.layers.clone() };
    layers.sort_unstable();
    layers.dedup();
    let bar = Bar::new("drawing tiles");
    let number = |tiles: u64| usize::try_from(tiles).unwrap_or(usize::MAX);
    let go_on = |done: u64, all: u64| bar.go_on(number(done), number(all));
    // Under another name until it is whole: half an archive is none.
    let unfinished = target.with_extension("pmtiles.unfinished");
    let file = File::create(&unfinished).with_context(|| format!("{} could not be made", unfinished.display()))?;
    let written = tile_archive(catalogue, &layers, least..=most, MOST_TILES, file, go_on);
    bar.finish();
    if written.is_err() {
        // It may not have been begun.
        let _ = std::fs::remove_file(&unfinished);
    }
    let written = written?;
    std::fs::rename(&unfinished, target)?;
    say_aside!("{} tiles, {} bytes before compression, written to {}", written.tiles, written.bytes, target.display());
    note_invented(layers.iter().any(|layer| catalogue.table(*layer).has_synthetic()));
    Ok(())
}

fn note_invented(synthetic: bool) {
    if synthetic {
        say_aside!("note: rows with synthetic = true are invented for demonstration");
    }
}
