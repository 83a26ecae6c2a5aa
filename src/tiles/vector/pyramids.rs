//! Levels that were made lately, kept within a bound of bytes.

use super::{Level, TileFeatures};
use crate::crs::CrsError;
use crate::tiles::TileMatrixSet;
use moka::sync::Cache;
use std::sync::Arc;

/// Which level: of what, in which state, on which grid, at which zoom.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct LevelKey {
    source: Arc<str>,
    version: u64,
    grid: u64,
    zoom: u8,
}

/// Levels by layer, version, grid and zoom. Each is made when it is first asked for, once however many ask at a time.
#[derive(Debug, Clone)]
pub struct Pyramids {
    levels: Cache<LevelKey, Arc<Level>>,
}

impl Pyramids {
    /// Levels of so many bytes in all.
    #[must_use]
    pub fn new(most_bytes: u64) -> Self {
        let weigh = |_: &LevelKey, level: &Arc<Level>| u32::try_from(level.size()).unwrap_or(u32::MAX);
        Self { levels: Cache::builder().max_capacity(most_bytes).weigher(weigh).build() }
    }

    /// A level where it is at hand.
    #[must_use]
    pub fn at_hand(&self, source: &str, version: u64, set: &TileMatrixSet, zoom: u8) -> Option<Arc<Level>> {
        self.levels.get(&LevelKey { source: source.into(), version, grid: set.fingerprint(), zoom })
    }

    /// The level of a zoom; of the deepest one for deeper zooms. `version` must differ whenever the features do.
    ///
    /// # Errors
    /// No way to the set's system.
    pub fn level(
        &self,
        features: &dyn TileFeatures,
        version: u64,
        set: &TileMatrixSet,
        zoom: u8,
    ) -> Result<Arc<Level>, CrsError> {
        let key = |zoom: u8| LevelKey { source: features.source().into(), version, grid: set.fingerprint(), zoom };
        if let Some(level) = self.levels.get(&key(zoom.min(set.deepest))) {
            return Ok(level);
        }
        let deepest = self.levels.try_get_with(key(set.deepest), || Level::deepest(features, set).map(Arc::new));
        let deepest = deepest.map_err(|error: Arc<CrsError>| CrsError::clone(&error))?;
        if zoom >= set.deepest {
            return Ok(deepest);
        }
        Ok(self.levels.get_with(key(zoom), || Arc::new(deepest.coarser(zoom))))
    }
}
