//! Archives of tiles in one file (`PMTiles` 3, github.com/protomaps/PMTiles), which maps read by pieces from any web server.

use pmtiles::{Compression, PmTilesStreamWriter, PmTilesWriter, PmtError, TileCoord, TileType};
use serde_json::Value;
use std::io::{Seek, Write};
use thiserror::Error;

/// Why an archive was not written.
#[derive(Debug, Error)]
#[error("the archive could not be written: {0}")]
pub struct ArchiveError(#[from] PmtError);

/// What stands at the head of an archive.
#[derive(Debug, Clone)]
pub struct ArchiveHead {
    /// Least and greatest zoom.
    pub zooms: (u8, u8),
    /// West, south, east, north.
    pub bounds: [f64; 4],
    /// Name, attribution, `vector_layers`.
    pub metadata: Value,
}

/// An archive that is being written: vector tiles of the web's grid, each compressed with gzip, equal ones once.
pub struct TileArchive<W: Write + Seek> {
    writer: PmTilesStreamWriter<W>,
}

impl<W: Write + Seek> TileArchive<W> {
    /// Begins an archive.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(target: W, head: &ArchiveHead) -> Result<Self, ArchiveError> {
        let [west, south, east, north] = head.bounds;
        let writer = PmTilesWriter::new(TileType::Mvt)
            .tile_compression(Compression::Gzip)
            .min_zoom(head.zooms.0)
            .max_zoom(head.zooms.1)
            .bounds(west, south, east, north)
            .center(f64::midpoint(west, east), f64::midpoint(south, north))
            .center_zoom(head.zooms.0)
            .metadata(head.metadata.to_string())
            .create(target)?;
        Ok(Self { writer })
    }

    /// Adds a tile.
    ///
    /// # Errors
    /// A tile that the grid has not, or what the system says.
    pub fn add(&mut self, zoom: u8, column: u32, row: u32, tile: &[u8]) -> Result<(), ArchiveError> {
        Ok(self.writer.add_tile(TileCoord::new(zoom, column, row)?, tile)?)
    }

    /// Writes the directories; without it the file is no archive.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> Result<(), ArchiveError> {
        Ok(self.writer.finalize()?)
    }
}

/// The order in which the format keeps the tiles of a zoom: along a curve of Hilbert (1891). An archive whose tiles come in
/// it is read with fewer requests.
///
/// # Errors
/// A tile that the grid has not.
pub fn place_in_archive(zoom: u8, column: u32, row: u32) -> Result<u64, ArchiveError> {
    Ok(pmtiles::TileId::from(TileCoord::new(zoom, column, row)?).value())
}
