//! `peatplan import`: reads a file and writes it into the project in one transaction.

use super::ProjectFile;
use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use peatplan::catalogue::Catalogue;
use peatplan::config::Config;
use peatplan::crs::Crs;
use peatplan::exchange::{ImportError, ImportReport, ImportRequest, OnError, RowNote, import_features, row_fingerprint};
use peatplan::model::{Layer, UnknownLayer};
use peatplan::store::{GeoPackageStore, ImportRecord, ProjectSettings, Store, StoreError};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// Lines of a report that a terminal shows of each kind.
const LINES_SHOWN: usize = 20;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The layer that takes the rows; `weather` for `weather-years`
    #[arg(value_parser = layer_of)]
    layer: Layer,
    /// The file: gpkg, geojson, shp, zip (a shapefile), fgb, tab, mif, kml, gml, dxf, csv; osm.pbf for the haul network; epw or dat
    /// (TRY) for a weather year
    source: PathBuf,
    #[command(flatten)]
    file: ProjectFile,
    /// The layer in the file, where it has several
    #[arg(long, value_name = "NAME")]
    source_layer: Option<String>,
    /// Of an extract of OpenStreetMap, only ways that come into this box, in degrees; `project`: 30 km around the deposits,
    /// fields, plants and consumers of the project; whatever the file holds where left out
    #[arg(long, value_name = "WEST,SOUTH,EAST,NORTH|project", allow_hyphen_values = true)]
    within: Option<String>,
    /// System of the file's coordinates; it rules over what the file says
    #[arg(long, value_name = "EPSG:N|WKT")]
    crs: Option<String>,
    /// Which field becomes a property; x and y name columns of coordinates
    #[arg(long, value_name = "PROPERTY=FIELD", num_args = 1..)]
    map: Vec<String>,
    /// Unit of the file for a property
    #[arg(long, value_name = "PROPERTY=UNIT", num_args = 1..)]
    unit: Vec<String>,
    /// Value of a property for rows that do not give one
    #[arg(long, value_name = "PROPERTY=VALUE", num_args = 1..)]
    set: Vec<String>,
    /// Name of a weather year; that of the file where left out
    #[arg(long)]
    name: Option<String>,
    /// Code of a weather year; the number of its station where left out
    #[arg(long)]
    code: Option<String>,
    /// Where a weather year comes from
    #[arg(long = "source", value_name = "TEXT")]
    origin: Option<String>,
    /// On which terms a weather year may be used
    #[arg(long, visible_alias = "license", value_name = "TEXT")]
    licence: Option<String>,
    /// A TOML file with `crs`, `encoding`, `source_layer` and tables `map`, `unit` and `set`; options rule over it
    #[arg(long, value_name = "FILE.toml")]
    mapping: Option<PathBuf>,
    /// Encoding of text, such as CP1251, where the file does not say it
    #[arg(long)]
    encoding: Option<String>,
    /// What becomes of the import when a row is refused
    #[arg(long, value_enum, default_value = "reject")]
    on_error: RowErrors,
    /// Empties the layer first
    #[arg(long)]
    replace: bool,
    /// Title of the project
    #[arg(long)]
    title: Option<String>,
    /// Working system of the project, in metres
    #[arg(long, value_name = "EPSG:N")]
    working_crs: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RowErrors {
    /// Nothing is imported
    Reject,
    /// The good rows are imported, the others listed
    Skip,
}

/// A mapping file.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingFile {
    crs: Option<String>,
    encoding: Option<String>,
    source_layer: Option<String>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    #[serde(default)]
    unit: BTreeMap<String, String>,
    #[serde(default)]
    set: BTreeMap<String, String>,
}

pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    let mut request = request(options)?;
    let settings = ProjectSettings {
        title: options.title.clone(),
        title_ru: None,
        working_crs: options.working_crs.as_deref().map(Crs::parse).transpose()?,
    };
    let (store, is_new) = open_or_create(&options.file.project)?;
    let outcome = within(options, &store).and_then(|within| {
        request.within = within;
        import(&store, &request, options.replace)
    });
    if outcome.is_err() && is_new {
        // The project was made for this import: without it there is none.
        drop(store);
        remove_project(&options.file.project);
        return outcome.map(|_| ());
    }
    let report = outcome?;
    store.set_settings(&settings).context("the rows are imported; the title and working system were not set")?;
    print_report(&report, options);
    print_relations(&store.load()?, options.layer);
    Ok(())
}

fn request(options: &Options) -> anyhow::Result<ImportRequest> {
    let file: MappingFile = match &options.mapping {
        None => MappingFile::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("mapping file {}", path.display()))?;
            toml::from_str(&text).with_context(|| format!("mapping file {}", path.display()))?
        }
    };
    let crs = options.crs.as_ref().or(file.crs.as_ref());
    let mut request = ImportRequest::new(options.layer, &options.source);
    request.crs = crs.map(|definition| Crs::parse(definition)).transpose()?;
    request.encoding = options.encoding.clone().or(file.encoding);
    request.source_layer = options.source_layer.clone().or(file.source_layer);
    request.map = pairs(&options.map, file.map, "--map")?;
    request.units = pairs(&options.unit, file.unit, "--unit")?;
    request.set = pairs(&options.set, file.set, "--set")?;
    let said = [("name", &options.name), ("code", &options.code), ("source", &options.origin), ("licence", &options.licence)];
    for (name, text) in said {
        let Some(text) = text else { continue };
        if options.layer != Layer::WeatherYears {
            bail!("--{name} is for weather years; of other layers give --set {name}=VALUE");
        }
        request.set.insert(name.to_owned(), text.clone());
    }
    request.on_error = if options.on_error == RowErrors::Skip { OnError::Skip } else { OnError::Reject };
    Ok(request)
}

/// A layer by its name, and the short one that weather years have here.
fn layer_of(name: &str) -> Result<Layer, UnknownLayer> {
    if name == "weather" { Ok(Layer::WeatherYears) } else { name.parse() }
}

/// How far beyond its data a project wants roads, km.
const MARGIN_KM: f64 = 30.0;

/// The box that the request names.
fn within(options: &Options, store: &GeoPackageStore) -> anyhow::Result<Option<[f64; 4]>> {
    let Some(text) = &options.within else { return Ok(None) };
    if text == "project" {
        let catalogue = store.load()?;
        // Not by the roads that it has: each import would reach farther.
        let extents =
            [Layer::Deposits, Layer::Fields, Layer::Plants, Layer::Consumers].map(|layer| catalogue.table(layer).extent());
        let extent =
            extents.into_iter().flatten().reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
        let extent = extent.ok_or_else(|| {
            anyhow!(
                "--within project: the project has no deposits, fields, plants or consumers; import deposits first, or give a box"
            )
        })?;
        return Ok(Some(widened(extent, MARGIN_KM)));
    }
    let degrees: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    match degrees.as_deref() {
        Some(&[west, south, east, north])
            if west < east && south < north && west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0 =>
        {
            Ok(Some([west, south, east, north]))
        }
        _ => bail!("--within {text}: give west,south,east,north in degrees, such as 40.1,55.2,41.3,56.1, or project"),
    }
}

/// A box in degrees, so many kilometres wider on each side.
fn widened([west, south, east, north]: [f64; 4], kilometres: f64) -> [f64; 4] {
    const KM_OF_A_DEGREE: f64 = 111.2;
    let high = kilometres / KM_OF_A_DEGREE;
    let narrowing = south.abs().max(north.abs()).to_radians().cos().max(0.05);
    let wide = high / narrowing;
    [(west - wide).max(-180.0), (south - high).max(-90.0), (east + wide).min(180.0), (north + high).min(90.0)]
}

fn pairs(given: &[String], mut from_file: BTreeMap<String, String>, option: &str) -> anyhow::Result<BTreeMap<String, String>> {
    for pair in given {
        let (name, value) = pair.split_once('=').ok_or_else(|| anyhow!("{option} {pair}: write it as PROPERTY=VALUE"))?;
        from_file.insert(name.trim().to_owned(), value.trim().to_owned());
    }
    Ok(from_file)
}

fn open_or_create(path: &Path) -> Result<(GeoPackageStore, bool), StoreError> {
    match GeoPackageStore::open(path) {
        Err(StoreError::NotThere(_)) => Ok((GeoPackageStore::create(path)?, true)),
        other => Ok((other?, false)),
    }
}

fn remove_project(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        // What is not there need not go.
        let _ = std::fs::remove_file(name);
    }
}

fn import(store: &GeoPackageStore, request: &ImportRequest, replace: bool) -> anyhow::Result<ImportReport> {
    let known = if replace { HashSet::new() } else { known_rows(&store.load()?, request.layer) };
    let mut transaction = store.begin_import(request.layer, replace)?;
    let bar = ProgressBar::new_spinner();
    let limits = Config::default().import;
    let report = import_features(
        request,
        &limits,
        known,
        |feature| transaction.add(feature),
        |progress| {
            if let Some(of) = progress.of.filter(|_| bar.length().is_none()) {
                bar.set_length(of);
                if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} rows, {eta} left") {
                    bar.set_style(style);
                }
            }
            bar.set_position(progress.rows);
            if progress.of.is_none() {
                bar.set_message(format!("{} rows", progress.rows));
            }
        },
    );
    bar.finish_and_clear();
    let report = match report {
        Ok(report) => report,
        Err(ImportError::Rejected(report)) => {
            print_notes("refused", &report.rejected, report.rejected_total);
            bail!(ImportError::<StoreError>::Rejected(report));
        }
        Err(error) => return Err(error.into()),
    };
    let file = request.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let rejected = usize::try_from(report.rejected_total).unwrap_or(usize::MAX);
    transaction.commit(&ImportRecord { file, source_crs: report.source_crs.clone(), rejected })?;
    Ok(report)
}

fn known_rows(catalogue: &Catalogue, layer: Layer) -> HashSet<u64> {
    let table = catalogue.table(layer);
    (0..table.len()).map(|row| row_fingerprint(&table.feature(row))).collect()
}

fn print_report(report: &ImportReport, options: &Options) {
    say!("{} of {} rows imported into {} of {}", report.added, report.rows_read, options.layer, options.file.project.display());
    say!("coordinates read as {}", report.source_crs);
    let mapped: Vec<String> = report.mapped.iter().map(|(property, field)| format!("{property} from {field}")).collect();
    say!("properties: {}", if mapped.is_empty() { "none from the file".into() } else { mapped.join(", ") });
    if !report.unused_fields.is_empty() {
        say!("fields not used: {}", report.unused_fields.join(", "));
    }
    if report.heights_dropped > 0 {
        say!("heights dropped from {} rows", report.heights_dropped);
    }
    for remark in &report.remarks {
        say!("note: {remark}");
    }
    print_notes("repaired", &report.repaired, report.repaired_total);
    print_notes("duplicates", &report.duplicates, report.duplicates_total);
    print_notes("refused", &report.rejected, report.rejected_total);
}

fn print_notes(kind: &str, notes: &[RowNote], total: u64) {
    if total == 0 {
        return;
    }
    say_aside!("{kind}: {total}");
    for note in notes.iter().take(LINES_SHOWN) {
        say_aside!("  row {}: {}", note.row, note.text);
    }
    let shown = u64::try_from(notes.len().min(LINES_SHOWN)).unwrap_or(u64::MAX);
    if total > shown {
        say_aside!("  and {} more", total - shown);
    }
}

/// What hangs in the air after the import: it is no error, the other layer may come later.
fn print_relations(catalogue: &Catalogue, layer: Layer) {
    let nouns = &catalogue.nouns;
    let loose = |homes: &[Option<usize>]| homes.iter().filter(|home| home.is_none()).count();
    match layer {
        Layer::Probes => say_loose(loose(&nouns.deposit_of_probe), "probes lie in no deposit"),
        Layer::Cores => say_loose(loose(&nouns.deposit_of_core), "cores lie in no deposit"),
        Layer::Fields => say_loose(loose(&nouns.deposit_of_field), "fields belong to no deposit of the project"),
        Layer::ReserveStatements => {
            let unknown = nouns.reserve_statements.iter().filter(|s| nouns.deposit_named(&s.deposit, || None).is_none()).count();
            say_loose(unknown, "statements name a deposit that the project does not have");
        }
        _ => {}
    }
}

fn say_loose(count: usize, what: &str) {
    if count > 0 {
        say!("note: {count} {what}");
    }
}
