//! What is kept between requests for tiles: the simplified geometry of layers, the grid of the project, finished tiles
//! before their compression.

use crate::api::problem::Problem;
use crate::catalogue::Catalogue;
use crate::crs::Crs;
use crate::model::Layer;
use crate::tiles::{MatrixAddress, Pyramids, TileMatrixSet};
use actix_web::web::Bytes;
use moka::sync::Cache;
use std::sync::{Arc, LazyLock};

/// A finished tile: of which layers, in which state, where, and of which features where it is not all of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct TileKey {
    pub layers: Vec<(Layer, u64)>,
    pub grid: u64,
    pub address: MatrixAddress,
    pub chosen: Option<String>,
}

/// Levels, grids and tiles made lately.
pub(in crate::api) struct TileKeeper {
    /// Geometry by layer and zoom.
    pub(in crate::api) pyramids: Pyramids,
    finished: Cache<TileKey, Bytes>,
    /// The project's own grid by its system and the extent of the data, as bits.
    grids: Cache<(Crs, [u64; 4]), Option<Arc<TileMatrixSet>>>,
}

impl TileKeeper {
    /// Room for so many bytes of geometry and of tiles.
    pub(in crate::api) fn new(geometry_bytes: u64, tile_bytes: u64) -> Self {
        /// What an entry takes beside its bytes.
        const ENTRY: usize = 200;
        let weigh = |key: &TileKey, tile: &Bytes| {
            let chosen = key.chosen.as_ref().map_or(0, String::len);
            u32::try_from(tile.len() + chosen + ENTRY).unwrap_or(u32::MAX)
        };
        Self {
            pyramids: Pyramids::new(geometry_bytes),
            finished: Cache::builder().max_capacity(tile_bytes).weigher(weigh).build(),
            grids: Cache::new(4),
        }
    }

    pub(super) fn finished(&self, key: &TileKey) -> Option<Bytes> {
        self.finished.get(key)
    }

    pub(super) fn keep(&self, key: TileKey, tile: Bytes) {
        self.finished.insert(key, tile);
    }

    /// Every grid that tiles of this project are made in.
    pub(super) fn matrix_sets(&self, catalogue: &Catalogue) -> Vec<Arc<TileMatrixSet>> {
        [Some(web_mercator()), self.working(catalogue)].into_iter().flatten().collect()
    }

    /// The grid of a name.
    pub(super) fn matrix_set(&self, catalogue: &Catalogue, id: &str) -> Result<Arc<TileMatrixSet>, Problem> {
        let web = web_mercator();
        if web.id == id {
            return Ok(web);
        }
        let working = self.working(catalogue);
        let names = if working.is_some() { "WebMercatorQuad, Working" } else { "WebMercatorQuad" };
        working
            .filter(|set| set.id == id)
            .ok_or_else(|| Problem::not_found(format!("there is no tile matrix set {id:?}; the tile matrix sets are {names}")))
    }

    /// The project's own grid; none where it has no data, or some that its system cannot hold.
    fn working(&self, catalogue: &Catalogue) -> Option<Arc<TileMatrixSet>> {
        let crs = &catalogue.project.working_crs;
        let extent = extent(catalogue, &Layer::of_the_land())?;
        let make = || TileMatrixSet::working(crs, extent).ok().map(Arc::new);
        self.grids.get_with((crs.clone(), extent.map(f64::to_bits)), make)
    }
}

/// The web's grid.
pub(in crate::api) fn web_mercator() -> Arc<TileMatrixSet> {
    static WEB: LazyLock<Arc<TileMatrixSet>> = LazyLock::new(|| Arc::new(TileMatrixSet::web_mercator()));
    Arc::clone(&WEB)
}

/// The box round some layers: west, south, east, north.
pub(super) fn extent(catalogue: &Catalogue, layers: &[Layer]) -> Option<[f64; 4]> {
    let extents = layers.iter().filter_map(|layer| catalogue.table(*layer).extent());
    extents.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}
