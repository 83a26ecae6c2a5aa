//! Archives of tiles in one file (`PMTiles` 3, github.com/protomaps/PMTiles), which maps read by pieces from any web server.

use pmtiles::{Compression, PmTilesStreamWriter, PmTilesWriter, PmtError, TileCoord, TileType};
use serde_json::Value;
use std::fs::File;
use std::path::Path;
use thiserror::Error;

/// Why an archive was not written.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ArchiveError {
    #[error("{path} could not be made: {error}")]
    File { path: String, error: std::io::Error },
    #[error("the archive could not be written: {0}")]
    Written(#[from] PmtError),
}

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
pub struct TileArchive {
    writer: PmTilesStreamWriter<File>,
}

impl TileArchive {
    /// Begins a file.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(path: &Path, head: &ArchiveHead) -> Result<Self, ArchiveError> {
        let made = File::create(path).map_err(|error| ArchiveError::File { path: path.display().to_string(), error })?;
        let [west, south, east, north] = head.bounds;
        let writer = PmTilesWriter::new(TileType::Mvt)
            .tile_compression(Compression::Gzip)
            .min_zoom(head.zooms.0)
            .max_zoom(head.zooms.1)
            .bounds(west, south, east, north)
            .center(f64::midpoint(west, east), f64::midpoint(south, north))
            .center_zoom(head.zooms.0)
            .metadata(head.metadata.to_string())
            .create(made)?;
        Ok(Self { writer })
    }

    /// The order in which the format keeps the tiles of a zoom: along a curve of Hilbert (1891). An archive whose tiles come in
    /// it is read with fewer requests.
    ///
    /// # Errors
    /// A tile that the grid has not.
    pub fn place(zoom: u8, column: u32, row: u32) -> Result<u64, ArchiveError> {
        Ok(pmtiles::TileId::from(TileCoord::new(zoom, column, row)?).value())
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
