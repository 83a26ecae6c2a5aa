//! A project as one GeoPackage file (OGC 12-128r18) that GIS programs open, show and edit.
//!
//! Every layer is a feature table with a spatial index; two attribute tables hold the project's settings and
//! the journal of imports. Write-ahead logging lets readers go on while an import writes, and lets an import that
//! is killed leave no trace.

mod binary;
mod read;
mod schema;
mod write;

use super::{ImportTransaction, ProjectSettings, Store, StoreError};
use crate::catalogue::{Catalogue, ProjectDescription};
use crate::crs::Crs;
use crate::model::Layer;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a writer waits for another one before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// "GPKG", the application id of a GeoPackage.
const APPLICATION_ID: i32 = 0x4750_4B47;

/// A project in a GeoPackage file.
#[derive(Debug)]
pub struct GeoPackageStore {
    path: PathBuf,
    /// The only connection that writes.
    writer: Mutex<Connection>,
    /// Kept open to see the changes of others.
    watcher: Mutex<Watcher>,
    loads: AtomicU64,
}

/// Watches the file for changes by others.
#[derive(Debug)]
struct Watcher {
    connection: Connection,
    /// Device and number of the file it looks at.
    file: (u64, u64),
    /// How often another file was put in its place.
    replaced: u64,
}

impl GeoPackageStore {
    /// Opens a project that exists.
    ///
    /// # Errors
    /// [`StoreError::NotThere`], [`StoreError::NotAProject`], or the file's.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.is_file() {
            return Err(StoreError::NotThere(path.to_owned()));
        }
        let writer = connect(path)?;
        check_is_project(path, &writer)?;
        binary::register_functions(&writer)?;
        let watcher = Watcher { connection: connect(path)?, file: file_identity(path)?, replaced: 0 };
        Ok(Self { path: path.to_owned(), writer: Mutex::new(writer), watcher: Mutex::new(watcher), loads: AtomicU64::new(0) })
    }

    /// Makes a new, empty project; the folder it lies in is made too.
    ///
    /// # Errors
    /// [`StoreError::NotAProject`] when something is there already, or the file's.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        if path.exists() {
            return Err(StoreError::NotAProject { path: path.to_owned(), reason: "the file exists".into() });
        }
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        schema::create(&mut connection)?;
        drop(connection);
        Self::open(path)
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        // A panic while the lock was held rolled its transaction back: the connection is sound.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn title_from_file(&self) -> String {
        self.path.file_stem().map_or_else(|| "peatplan".to_owned(), |stem| stem.to_string_lossy().into_owned())
    }
}

impl Store for GeoPackageStore {
    fn load(&self) -> Result<Catalogue, StoreError> {
        let mut connection = connect(&self.path)?;
        // One transaction: every layer at the same moment.
        let snapshot = connection.transaction()?;
        let settings = read_settings(&snapshot)?;
        let working_crs = match settings.working_crs {
            Some(crs) => {
                // Another program may have set it: in degrees every volume would be nonsense.
                let (longitude, latitude) = middle(&snapshot)?;
                crs.check_metric_at(longitude, latitude)?;
                crs
            }
            None => default_working_crs(&snapshot)?,
        };
        let title = settings.title.unwrap_or_else(|| self.title_from_file());
        let version = self.loads.fetch_add(1, Ordering::Relaxed) + 1;
        let project = ProjectDescription { title, title_ru: settings.title_ru, working_crs: working_crs.clone() };
        Catalogue::new(project, version, |layer| read::layer_rows(&snapshot, layer, &working_crs))
    }

    fn version(&self) -> Result<u64, StoreError> {
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        let file = file_identity(&self.path)?;
        if file != watcher.file {
            // Somebody has put another file in its place: the old connections would look at the old one for ever.
            let writer = connect(&self.path)?;
            check_is_project(&self.path, &writer)?;
            binary::register_functions(&writer)?;
            *self.writer() = writer;
            *watcher = Watcher { connection: connect(&self.path)?, file, replaced: watcher.replaced + 1 };
        }
        let version: i64 = watcher.connection.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        Ok(watcher.replaced << 32 | (version.unsigned_abs() & 0xffff_ffff))
    }

    fn begin_import(&self, layer: Layer, replace: bool) -> Result<Box<dyn ImportTransaction + '_>, StoreError> {
        Ok(Box::new(write::Import::begin(self.writer(), layer, replace)?))
    }

    fn settings(&self) -> Result<ProjectSettings, StoreError> {
        read_settings(&self.writer())
    }

    fn set_settings(&self, settings: &ProjectSettings) -> Result<(), StoreError> {
        let mut writer = self.writer();
        if let Some(crs) = &settings.working_crs {
            let (longitude, latitude) = middle(&writer)?;
            crs.check_metric_at(longitude, latitude)?;
        }
        let change = writer.transaction()?;
        let working_crs = settings.working_crs.as_ref().map(Crs::definition);
        let named =
            [("title", settings.title.as_deref()), ("title_ru", settings.title_ru.as_deref()), ("working_crs", working_crs)];
        for (name, value) in named {
            if let Some(value) = value {
                change.execute(
                    "INSERT INTO peatplan_project (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
                    (name, value),
                )?;
            }
        }
        change.commit()?;
        Ok(())
    }
}

fn file_identity(path: &Path) -> Result<(u64, u64), StoreError> {
    use std::os::unix::fs::MetadataExt;
    let about = std::fs::metadata(path)?;
    Ok((about.dev(), about.ino()))
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}

fn check_is_project(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let not = |reason: &str| StoreError::NotAProject { path: path.to_owned(), reason: reason.to_owned() };
    let application: Result<i32, _> = connection.query_row("PRAGMA application_id", [], |row| row.get(0));
    match application {
        Ok(APPLICATION_ID) => {}
        Ok(_) => return Err(not("it is no GeoPackage")),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            return Err(not("it is no GeoPackage"));
        }
        Err(error) => return Err(error.into()),
    }
    let table = |name: &str| -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1";
        Ok(connection.query_row(sql, [name], |_| Ok(())).optional()?.is_some())
    };
    if !table("peatplan_project")? {
        return Err(not("it is a GeoPackage of another program; import its layers with `peatplan import`"));
    }
    match Layer::ALL.iter().find(|layer| !matches!(table(&layer.table()), Ok(true))) {
        Some(layer) => Err(not(&format!("its table {} is missing", layer.table()))),
        None => Ok(()),
    }
}

fn read_settings(connection: &Connection) -> Result<ProjectSettings, StoreError> {
    let value = |name: &str| -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM peatplan_project WHERE name = ?1";
        Ok(connection.query_row(sql, [name], |row| row.get(0)).optional()?)
    };
    let working_crs = value("working_crs")?.map(|definition| Crs::parse(&definition)).transpose()?;
    Ok(ProjectSettings { title: value("title")?, title_ru: value("title_ru")?, working_crs })
}

/// The UTM zone of the project's middle.
fn default_working_crs(connection: &Connection) -> Result<Crs, StoreError> {
    let (longitude, latitude) = middle(connection)?;
    Ok(Crs::utm_at(longitude, latitude))
}

/// The middle of what is in the project: longitude, latitude; Gus-Khrustalny while it is empty.
fn middle(connection: &Connection) -> Result<(f64, f64), StoreError> {
    let tables: Vec<String> = Layer::ALL
        .iter()
        .filter(|layer| Catalogue::needs_working_geometry(**layer))
        .map(|layer| format!("'{}'", layer.table()))
        .collect();
    let sql = format!(
        "SELECT avg(min_x + max_x) / 2, avg(min_y + max_y) / 2 FROM gpkg_contents WHERE min_x IS NOT NULL AND table_name IN ({})",
        tables.join(", ")
    );
    let middle: (Option<f64>, Option<f64>) = connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((middle.0.unwrap_or(40.66), middle.1.unwrap_or(55.62)))
}
