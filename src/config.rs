//! Every setting of the service: typed, its unit in its name, with a default that is safe to run.

use crate::exchange::Limits;
use crate::jobs::JobLimits;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Settings of the service.
#[derive(Debug, Clone)]
pub struct Config {
    /// The project's file.
    pub project: PathBuf,
    /// Address to listen at.
    pub listen: SocketAddr,
    /// Address that the world calls the service by, such as `https://peat.example`; where none is given, links are built
    /// from the request's `Host`.
    pub public_address: Option<String>,
    /// Folder of the built map.
    pub map_folder: PathBuf,
    /// Features on a page where the client does not say.
    pub page_default: usize,
    /// Most features on a page.
    pub page_most: usize,
    /// Size of a page past which it ends early; the next one goes on from there.
    pub page_bytes: usize,
    /// Size of a request's body.
    pub body_bytes: usize,
    /// Size of a request's query string.
    pub query_bytes: usize,
    /// Vertices of an area drawn by a client.
    pub area_vertices: usize,
    /// Cells of an estimate's grid.
    pub estimate_cells: usize,
    /// Estimates that are computed at once; others wait.
    pub estimates_at_once: usize,
    /// Fuel supplies that are computed at once.
    pub supplies_at_once: usize,
    /// How long one waits before it is turned away.
    pub estimate_wait_seconds: u64,
    /// Caps on long computations.
    pub jobs: JobLimits,
    /// How long a request waits for a long computation before it is told where the answer will be.
    pub job_wait_seconds: u64,
    /// Size of a raster that a client sends.
    pub raster_bytes: usize,
    /// How often the project is asked whether somebody changed it.
    pub reload_every_milliseconds: u64,
    /// Size of the geometry, simplified by layer and zoom, that is kept for vector tiles.
    pub tile_geometry_bytes: u64,
    /// Size of the finished vector tiles that are kept.
    pub tile_bytes: u64,
    /// Caps on imported files.
    pub import: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            project: PathBuf::from("data/demo.gpkg"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_address: None,
            map_folder: PathBuf::from("static/dist"),
            page_default: 1_000,
            page_most: 10_000,
            page_bytes: 20_000_000,
            body_bytes: 2_000_000,
            query_bytes: 16_384,
            area_vertices: 2_000,
            estimate_cells: 4_000_000,
            estimates_at_once: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            supplies_at_once: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            estimate_wait_seconds: 30,
            jobs: JobLimits::default(),
            job_wait_seconds: 30,
            raster_bytes: 64_000_000,
            reload_every_milliseconds: 1_000,
            tile_geometry_bytes: 256_000_000,
            tile_bytes: 64_000_000,
            import: Limits::default(),
        }
    }
}
