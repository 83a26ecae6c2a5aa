//! Layers of a project as one archive of vector tiles.

use super::vector_layers;
use crate::catalogue::Catalogue;
use crate::crs::CrsError;
use crate::exchange::{ArchiveError, ArchiveHead, TileArchive, place_in_archive};
use crate::model::Layer;
use crate::planning::SOFTWARE_VERSION;
use crate::tiles::{Level, MatrixAddress, TileMatrixSet, vector_tile};
use rayon::prelude::*;
use serde_json::json;
use std::io::{Seek, Write};
use std::ops::RangeInclusive;
use thiserror::Error;

/// Tiles that are made at a time before they are written.
const BATCH: usize = 1_024;

/// Why there is no archive.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum TileArchiveError {
    #[error("there is nothing to draw in these layers")]
    Nothing,
    #[error(
        "{tiles} tiles would have to be looked at, {most} at most are; ask for fewer zooms (--max-zoom) or for layers of less land"
    )]
    TooMany { tiles: u64, most: u64 },
    #[error("the work was stopped")]
    Stopped,
    #[error(transparent)]
    Crs(#[from] CrsError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArchivedTiles {
    /// Tiles with something in them.
    pub tiles: u64,
    /// Their bytes before compression.
    pub bytes: u64,
}

/// Writes layers, in the web's grid, as an archive. Empty tiles are left out. `go_on` hears how many of all tiles were looked
/// at, and stops the work with `false`.
///
/// # Errors
/// Nothing to draw, more than `most` tiles to look at, work that was stopped, or what the system says.
pub fn tile_archive(
    catalogue: &Catalogue,
    layers: &[Layer],
    zooms: RangeInclusive<u8>,
    most: u64,
    target: impl Write + Seek,
    mut go_on: impl FnMut(u64, u64) -> bool,
) -> Result<ArchivedTiles, TileArchiveError> {
    let set = TileMatrixSet::web_mercator();
    let extents = layers.iter().filter_map(|layer| catalogue.table(*layer).extent());
    let extent = extents.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
    let extent = extent.ok_or(TileArchiveError::Nothing)?;
    let mut limits = zooms.clone().map(|zoom| set.limits(extent, zoom)).collect::<Result<Vec<_>, _>>()?;
    let tiles = limits.iter().map(|l| u64::from(l.max_row - l.min_row + 1) * u64::from(l.max_column - l.min_column + 1)).sum();
    if tiles > most {
        return Err(TileArchiveError::TooMany { tiles, most });
    }
    let synthetic = layers.iter().any(|layer| catalogue.table(*layer).has_synthetic());
    let mut metadata = json!({
        "name": catalogue.project.title,
        "type": "overlay",
        "format": "pbf",
        "generator": format!("peatplan {SOFTWARE_VERSION}"),
        "vector_layers": vector_layers(layers, *zooms.start(), *zooms.end()),
        "synthetic": synthetic,
    });
    if synthetic {
        metadata["attribution"] = "The peat data are invented for demonstration".into();
    }
    let head = ArchiveHead { zooms: zooms.into_inner(), bounds: extent, metadata };
    let mut archive = TileArchive::create(target, &head)?;
    let deepest = layers.iter().map(|layer| Level::deepest(catalogue.table(*layer), &set)).collect::<Result<Vec<_>, _>>()?;
    let mut written = ArchivedTiles { tiles: 0, bytes: 0 };
    let mut looked_at = 0;
    limits.sort_by_key(|limits| limits.zoom);
    for limits in limits {
        let zoom = limits.zoom;
        let levels: Vec<Level> = deepest.iter().map(|level| level.coarser(zoom)).collect();
        let mut addresses = Vec::new();
        for row in limits.min_row..=limits.max_row {
            for column in limits.min_column..=limits.max_column {
                addresses.push((place_in_archive(zoom, column, row)?, MatrixAddress { zoom, row, column }));
            }
        }
        addresses.sort_unstable_by_key(|(place, _)| *place);
        for batch in addresses.chunks(BATCH) {
            if !go_on(looked_at, tiles) {
                return Err(TileArchiveError::Stopped);
            }
            looked_at += batch.len() as u64;
            let made: Vec<Vec<u8>> = batch
                .par_iter()
                .map(|(_, address)| {
                    let parts = layers.iter().zip(&levels);
                    parts.flat_map(|(layer, level)| vector_tile(catalogue.table(*layer), level, *address)).collect()
                })
                .collect();
            for ((_, address), tile) in batch.iter().zip(made).filter(|(_, tile)| !tile.is_empty()) {
                archive.add(zoom, address.column, address.row, &tile)?;
                written.tiles += 1;
                written.bytes += tile.len() as u64;
            }
        }
    }
    archive.finish()?;
    Ok(written)
}
