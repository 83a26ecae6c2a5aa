//! `peatplan project`.

use super::ProjectFile;
use super::table::print;
use clap::Args;
use peatplan::crs::Crs;
use peatplan::model::Layer;
use peatplan::store::{GeoPackageStore, ProjectSettings, Store};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    file: ProjectFile,
    /// Sets the title
    #[arg(long)]
    title: Option<String>,
    /// Sets the title for readers of Russian
    #[arg(long)]
    title_ru: Option<String>,
    /// Sets the working system, in metres, such as EPSG:32637
    #[arg(long, value_name = "EPSG:N")]
    working_crs: Option<String>,
}

pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    let setting = options.title.is_some() || options.title_ru.is_some() || options.working_crs.is_some();
    let store = if setting && !options.file.project.exists() {
        GeoPackageStore::create(&options.file.project)?
    } else {
        options.file.open()?
    };
    if setting {
        let working_crs = options.working_crs.as_deref().map(Crs::parse).transpose()?;
        store.set_settings(&ProjectSettings { title: options.title.clone(), title_ru: options.title_ru.clone(), working_crs })?;
    }
    let catalogue = store.load()?;
    say!("{}{}", catalogue.project.title, if catalogue.is_synthetic() { "  (with invented data)" } else { "" });
    say!("working system {}", catalogue.project.working_crs);
    let rows: Vec<Vec<String>> =
        Layer::ALL.iter().map(|layer| vec![layer.name().to_owned(), catalogue.table(*layer).len().to_string()]).collect();
    print(&["layer", "features"], &rows);
    Ok(())
}
