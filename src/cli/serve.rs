//! `peatplan serve`.

use super::ProjectFile;
use clap::Args;
use peatplan::api::{Running, serve};
use peatplan::config::{Config, RateLimit};
use peatplan::store::Store;
use peatplan::telemetry::LogFormat;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own at the command line")]
pub(super) struct Options {
    #[command(flatten)]
    file: ProjectFile,
    /// Address to listen at; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080", env = "PEATPLAN_LISTEN")]
    listen: SocketAddr,
    /// Folder of the built map
    #[arg(long, default_value = "static/dist", env = "PEATPLAN_MAP")]
    map: PathBuf,
    /// Address that the world calls the service by, such as `https://peat.example`, for links
    #[arg(long, env = "PEATPLAN_PUBLIC_ADDRESS")]
    public_address: Option<String>,
    /// File of the keys that open what is not for everybody; `peatplan key new` makes them
    #[arg(long, value_name = "FILE.toml", env = "PEATPLAN_KEYS")]
    keys: Option<PathBuf>,
    /// Reading needs a key, too
    #[arg(long, requires = "keys", env = "PEATPLAN_READS_NEED_A_KEY")]
    reads_need_a_key: bool,
    /// A change of a feature is taken only with `If-Match` and the `ETag` of the feature as it was read
    #[arg(long, env = "PEATPLAN_REQUIRE_IF_MATCH")]
    require_if_match: bool,
    /// Another site whose pages may write here, such as `https://maps.example`; may be given more than once
    #[arg(long = "allow-origin", value_name = "ORIGIN", env = "PEATPLAN_ALLOW_ORIGIN", value_delimiter = ',')]
    allowed_origins: Vec<String>,
    /// Pages of the sites named by --allow-origin alone may read
    #[arg(long, env = "PEATPLAN_ONLY_ALLOWED_ORIGINS")]
    only_allowed_origins: bool,
    /// Requests a second that one client may make, 0 for no limit; none at a loopback address, else 100
    #[arg(long, value_name = "PER_SECOND", env = "PEATPLAN_RATE")]
    rate: Option<u32>,
    /// Requests at once that one client may make after a while of silence; five times the rate
    #[arg(long, value_name = "REQUESTS", requires = "rate", env = "PEATPLAN_BURST")]
    burst: Option<u32>,
    /// Seconds that a request may take until its answer begins
    #[arg(long, value_name = "SECONDS", default_value_t = Config::default().request_seconds, env = "PEATPLAN_REQUEST_SECONDS",
        value_parser = clap::value_parser!(u64).range(1..=86_400))]
    request_seconds: u64,
    /// Seconds that a client may use a tile without asking whether it has changed
    #[arg(long, value_name = "SECONDS", default_value_t = 0, env = "PEATPLAN_TILE_MAX_AGE")]
    tile_max_age: u64,
    /// /metrics is for everybody; else, at an address that is not loopback, for admins
    #[arg(long, env = "PEATPLAN_METRICS_OPEN")]
    metrics_open: bool,
    /// How the log is written: text or json
    #[arg(long, value_name = "FORMAT", default_value = "text", env = "PEATPLAN_LOG_FORMAT")]
    log_format: LogFormat,
}

impl Options {
    pub(super) fn log_format(&self) -> LogFormat {
        self.log_format
    }
}

pub(super) fn run(options: Options) -> anyhow::Result<()> {
    let store: Arc<dyn Store> = Arc::new(options.file.open()?);
    let burst = |per_second: u32| options.burst.unwrap_or_else(|| per_second.saturating_mul(5));
    let config = Config {
        project: options.file.project,
        listen: options.listen,
        map_folder: options.map,
        public_address: options.public_address,
        keys_file: options.keys,
        reads_need_a_key: options.reads_need_a_key,
        require_if_match: options.require_if_match,
        allowed_origins: options.allowed_origins,
        reads_from_anywhere: !options.only_allowed_origins,
        rate: options.rate.map(|per_second| RateLimit { per_second, burst: burst(per_second) }),
        request_seconds: options.request_seconds,
        tile_max_age_seconds: options.tile_max_age,
        metrics_open: options.metrics_open,
        ..Config::default()
    };
    actix_web::rt::System::new().block_on(async move {
        let Running { address, server } = serve(config, store)?;
        say!("listening on http://{address}");
        server.await?;
        Ok(())
    })
}
