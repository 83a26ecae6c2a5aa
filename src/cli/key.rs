//! `peatplan key`: makes keys of the service.

use clap::{Args, Subcommand};
use peatplan::access::{FreshKey, Role};
use peatplan::model::Layer;

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Makes a key: shows it once, and its entry for the keys file, which holds nothing but its SHA-256
    New(New),
}

#[derive(Debug, Args)]
struct New {
    /// Whose it will be; for the log and the journal
    name: String,
    /// What it opens: read, edit or admin
    #[arg(long, default_value = "read")]
    role: Role,
    /// A collection that it is limited to; may be given more than once
    #[arg(long = "collection", value_name = "LAYER")]
    collections: Vec<Layer>,
}

pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    let Action::New(New { name, role, collections }) = &options.action;
    let FreshKey { secret, entry } = FreshKey::new(name, *role, collections)?;
    say_aside!("the key of {name}, which is shown this once; send it as X-API-Key or as Authorization: Bearer:");
    say_aside!("{secret}");
    say_aside!("its entry, for the file that serve --keys names:");
    say!("{}", entry.trim_end());
    Ok(())
}
