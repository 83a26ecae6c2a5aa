//! Every setting of the service: typed, its unit in its name, with a default that is safe to run.

use crate::exchange::Limits;
use crate::jobs::JobLimits;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Settings of the service.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "switches, each by its name")]
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
    /// File of the keys. Without one everything is allowed at a loopback address, and nothing but reading elsewhere.
    pub keys_file: Option<PathBuf>,
    /// Whether reading needs a key, too.
    pub reads_need_a_key: bool,
    /// Sites whose pages may write here, such as `https://maps.example`.
    pub allowed_origins: Vec<String>,
    /// Whether pages of every other site may read.
    pub reads_from_anywhere: bool,
    /// Whether the service's figures are for everybody at an address that is not loopback.
    pub metrics_open: bool,
    /// How long a client may take for the head of a request.
    pub header_seconds: u64,
    /// How long a request may take, its body included, until its answer begins; work that takes longer is for jobs.
    pub request_seconds: u64,
    /// How long a connection without requests stays open.
    pub keep_alive_seconds: u64,
    /// Connections at once.
    pub connections: usize,
    /// Requests that are answered at once; one more is turned away.
    pub requests_at_once: usize,
    /// Size of all large answers that are being sent at once.
    pub sending_bytes: usize,
    /// How long a client may leave what was sent to it unread.
    pub stalled_seconds: u64,
    /// Requests of one client; where nothing is said, no limit at a loopback address and the usual one elsewhere.
    pub rate: Option<RateLimit>,
    /// Clients whose rates are remembered; those past it share one.
    pub rate_clients: usize,
    /// Size of a request's path.
    pub path_bytes: usize,
    /// Size of a request's head.
    pub header_bytes: usize,
    /// How long a client may use a tile without asking again.
    pub tile_max_age_seconds: u64,
    /// Size of all finished answers that are kept for the next client.
    pub kept_answers_bytes: u64,
    /// Features on a page where the client does not say.
    pub page_default: usize,
    /// Most features on a page.
    pub page_most: usize,
    /// Size of a page past which it ends early; the next one goes on from there.
    pub page_bytes: usize,
    /// Features in a download that is written while it is sent: where the client does not say, and at most.
    pub streamed_rows: usize,
    /// Features in a file that is made in memory: where the client does not say, and at most.
    pub file_rows: usize,
    /// Size of what stands in such a file past which it ends early; a link leads on from there.
    pub file_bytes: usize,
    /// Memory for what requests for features have found lately.
    pub selection_bytes: u64,
    /// Vertices of a feature that a client sends.
    pub feature_vertices: usize,
    /// Whether an edit of a feature must say, by `If-Match`, which state of it it changes.
    pub require_if_match: bool,
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
    /// Filters that are asked of rows, and pages that are written as files, at once.
    pub filters_at_once: usize,
    /// How long a filter may take, its wait included.
    pub filter_seconds: u64,
    /// Caps on long computations.
    pub jobs: JobLimits,
    /// How long a request waits for a long computation before it is told where the answer will be.
    pub job_wait_seconds: u64,
    /// Longest pause of the process that gives back what it is given; a pause keeps a job's thread.
    pub echo_pause_seconds: u64,
    /// Size of a raster that a client sends.
    pub raster_bytes: usize,
    /// How often the project is asked whether somebody changed it.
    pub reload_every_milliseconds: u64,
    /// Size of the geometry, simplified by layer and zoom, that is kept for vector tiles.
    pub tile_geometry_bytes: u64,
    /// Tiles that are looked at for an archive of a tileset.
    pub archive_tiles: u64,
    /// Size of the finished vector tiles that are kept.
    pub tile_bytes: u64,
    /// Caps on imported files.
    pub import: Limits,
}

/// How many requests a client may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests a second in the long run; 0 is no limit.
    pub per_second: u32,
    /// Requests at once after a while of silence.
    pub burst: u32,
}

impl RateLimit {
    /// A map that opens asks for some hundred things at once and is quiet then.
    pub const USUAL: Self = Self { per_second: 100, burst: 500 };
    /// No limit.
    pub const NONE: Self = Self { per_second: 0, burst: 0 };
}

impl Config {
    /// Whether the service is for this machine alone: it listens at a loopback address, and is not said to be known to the
    /// world by another one, as it is behind a proxy.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let known = self.public_address.as_deref().is_none_or(|address| is_loopback_host(host_of(address)));
        self.listen.ip().is_loopback() && known
    }

    /// How many requests a client may make here; none where there is no limit.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        let usual = if self.is_local() { RateLimit::NONE } else { RateLimit::USUAL };
        Some(self.rate.unwrap_or(usual)).filter(|rate| rate.per_second > 0)
    }
}

/// Host and port of an address: what stands between `://` and the next slash.
#[must_use]
pub fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Whether a host, with a port or without, is this machine by its own name: `localhost`, below it, or a loopback address.
///
/// ```
/// use peatplan::config::is_loopback_host;
/// assert!(is_loopback_host("localhost:8080") && is_loopback_host("127.0.0.1") && is_loopback_host("[::1]:80"));
/// assert!(!is_loopback_host("localhost.example") && !is_loopback_host("127.0.0.1.example") && !is_loopback_host(""));
/// ```
#[must_use]
pub fn is_loopback_host(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let address = name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    address || name == "localhost" || name.ends_with(".localhost")
}

impl Default for Config {
    fn default() -> Self {
        Self {
            project: PathBuf::from("data/demo.gpkg"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_address: None,
            map_folder: PathBuf::from("static/dist"),
            keys_file: None,
            reads_need_a_key: false,
            allowed_origins: Vec::new(),
            reads_from_anywhere: true,
            metrics_open: false,
            header_seconds: 10,
            request_seconds: 60,
            keep_alive_seconds: 30,
            connections: 10_000,
            requests_at_once: 1_000,
            sending_bytes: 500_000_000,
            stalled_seconds: 60,
            rate: None,
            rate_clients: 100_000,
            path_bytes: 4_096,
            header_bytes: 32_768,
            tile_max_age_seconds: 0,
            kept_answers_bytes: 64_000_000,
            page_default: 1_000,
            page_most: 10_000,
            page_bytes: 20_000_000,
            streamed_rows: 1_000_000,
            file_rows: 100_000,
            file_bytes: 200_000_000,
            selection_bytes: 64_000_000,
            feature_vertices: 100_000,
            require_if_match: false,
            body_bytes: 2_000_000,
            query_bytes: 16_384,
            area_vertices: 2_000,
            estimate_cells: 4_000_000,
            estimates_at_once: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            supplies_at_once: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            estimate_wait_seconds: 30,
            filters_at_once: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            filter_seconds: 10,
            jobs: JobLimits::default(),
            job_wait_seconds: 30,
            echo_pause_seconds: 10,
            raster_bytes: 64_000_000,
            reload_every_milliseconds: 1_000,
            archive_tiles: 1_000_000,
            tile_geometry_bytes: 256_000_000,
            tile_bytes: 64_000_000,
            import: Limits::default(),
        }
    }
}
