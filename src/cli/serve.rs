//! `peatplan serve`.

use super::ProjectFile;
use clap::Args;
use peatplan::api::{Running, serve};
use peatplan::config::Config;
use peatplan::store::Store;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Args)]
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
}

pub(super) fn run(options: Options) -> anyhow::Result<()> {
    let store: Arc<dyn Store> = Arc::new(options.file.open()?);
    let config = Config {
        project: options.file.project,
        listen: options.listen,
        map_folder: options.map,
        public_address: options.public_address,
        ..Config::default()
    };
    actix_web::rt::System::new().block_on(async move {
        let Running { address, server } = serve(config, store)?;
        say!("listening on http://{address}");
        server.await?;
        Ok(())
    })
}
