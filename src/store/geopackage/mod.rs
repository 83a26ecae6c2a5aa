//! A project as one GeoPackage file (OGC 12-128r18) that GIS programs open, show and edit.
//!
//! Every layer is a feature table with a spatial index; three attribute tables hold the project's settings and the
//! journals of imports and of changed rows. Write-ahead logging lets readers go on while an import writes, and lets an
//! import that is killed leave no trace.

mod binary;
mod change;
mod extent;
mod load;
mod read;
mod schema;
mod write;

use super::{Change, ChangeOutcome, ImportTransaction, ProjectSettings, Store, StoreError};
use crate::catalogue::{Catalogue, Fingerprint, ProjectDescription};
use crate::crs::Crs;
use crate::model::{Feature, FeatureId, Layer};
use load::Snapshot;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

/// How long a writer waits for another one before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// "GPKG", the application id of a GeoPackage.
const APPLICATION_ID: i32 = 0x4750_4B47;

/// A project in a GeoPackage file.
#[derive(Debug)]
pub struct GeoPackageStore {
    path: PathBuf,
    writer: Mutex<Writer>,
    /// The version that was seen last: what is answered while an import of ours is under way.
    seen: AtomicU64,
}

/// The only connection that writes. It watches too: SQLite tells a connection of the commits of all others, and not of
/// its own.
#[derive(Debug)]
struct Writer {
    connection: Connection,
    /// Device and number of the file it looks at.
    file: (u64, u64),
    /// How often another file was put in its place.
    replaced: u64,
    /// Imports and settings of ours: whoever has a picture has to read it anew after them.
    own: u64,
}

impl Writer {
    fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = connect(path)?;
        check_is_project(path, &mut connection)?;
        // Programs that edit the file may have taken write-ahead logging away; while one has it open, it stays as it is.
        if let Err(error) = connection.pragma_update(None, "journal_mode", "WAL") {
            tracing::debug!(%error, "the project's file keeps its way of logging");
        }
        // Durable when it is said to be: each commit waits for the disk.
        connection.pragma_update(None, "synchronous", "FULL")?;
        binary::register_functions(&connection)?;
        Ok(Self { connection, file: file_identity(path)?, replaced: 0, own: 0 })
    }

    /// Goes over to the file that has been put in the place of the one that was there: else it would look at the old one
    /// for ever, and write into it.
    fn follow(&mut self, path: &Path) -> Result<(), StoreError> {
        if file_identity(path)? != self.file {
            *self = Self { replaced: self.replaced + 1, own: self.own, ..Self::open(path)? };
        }
        Ok(())
    }

    fn version(&self) -> Result<u64, StoreError> {
        Ok(version_of(self.replaced, self.own, data_version(&self.connection)?))
    }
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
        let writer = Writer::open(path)?;
        let seen = AtomicU64::new(writer.version()?);
        Ok(Self { path: path.to_owned(), writer: Mutex::new(writer), seen })
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

    /// The writer, as soon as nobody else of ours writes.
    fn writer(&self) -> Result<MutexGuard<'_, Writer>, StoreError> {
        // A panic while the lock was held rolled its transaction back: the connection is sound.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.follow(&self.path)?;
        Ok(writer)
    }

    /// The same, for who does not wait for an import.
    fn writer_soon(&self) -> Result<MutexGuard<'_, Writer>, StoreError> {
        let deadline = Instant::now() + BUSY_TIMEOUT;
        let mut writer = loop {
            match self.writer.try_lock() {
                Ok(writer) => break writer,
                Err(TryLockError::Poisoned(writer)) => break writer.into_inner(),
                Err(TryLockError::WouldBlock) if Instant::now() > deadline => return Err(StoreError::Busy),
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        writer.follow(&self.path)?;
        Ok(writer)
    }

    /// What the project says of itself, completed by what it does not say.
    fn describe(&self, connection: &Connection) -> Result<ProjectDescription, StoreError> {
        let settings = read_settings(connection)?;
        let (longitude, latitude) = middle(connection)?.unwrap_or(EMPTY_MIDDLE);
        let working_crs = match settings.working_crs {
            Some(crs) => {
                // Another program may have set it, or the middle has moved: in degrees every volume would be nonsense.
                crs.check_metric_at(longitude, latitude)?;
                crs
            }
            None => Crs::utm_at(longitude, latitude),
        };
        let title = settings.title.unwrap_or_else(|| self.title_from_file());
        Ok(ProjectDescription { title, title_ru: settings.title_ru, working_crs })
    }

    fn title_from_file(&self) -> String {
        self.path.file_stem().map_or_else(|| "peatplan".to_owned(), |stem| stem.to_string_lossy().into_owned())
    }
}

impl Store for GeoPackageStore {
    fn load(&self) -> Result<Catalogue, StoreError> {
        let snapshot = Snapshot::take(&self.path)?;
        let project = self.describe(snapshot.connection())?;
        Ok(Catalogue::new(project, snapshot.tables()?)?)
    }

    fn load_again(&self, before: &Catalogue) -> Result<Catalogue, StoreError> {
        let snapshot = Snapshot::take(&self.path)?;
        let project = self.describe(snapshot.connection())?;
        Ok(before.renewed(project, snapshot.tables()?)?)
    }

    fn version(&self) -> Result<u64, StoreError> {
        let mut writer = match self.writer.try_lock() {
            Ok(writer) => writer,
            Err(TryLockError::Poisoned(writer)) => writer.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(self.seen.load(Ordering::Relaxed)),
        };
        writer.follow(&self.path)?;
        let version = writer.version()?;
        self.seen.store(version, Ordering::Relaxed);
        Ok(version)
    }

    fn change(
        &self,
        layer: Layer,
        id: Option<FeatureId>,
        decide: &mut dyn FnMut(Option<&Feature>) -> Option<Change>,
    ) -> Result<ChangeOutcome, StoreError> {
        let mut writer = self.writer_soon()?;
        let writer = &mut *writer;
        let change = change::begin(&mut writer.connection)?;
        // Within the transaction nobody else can commit: this is the version of what is changed.
        let version = version_of(writer.replaced, writer.own, data_version(&change)?);
        let before = middle(&change)?;
        let changed = change::apply(&change, layer, id, decide)?;
        if changed.is_some() {
            settle_working_crs(&change, before)?;
        }
        let project = self.describe(&change)?;
        if changed.is_some() {
            change.commit()?;
        }
        Ok(ChangeOutcome { changed, version, project })
    }

    fn begin_import(&self, layer: Layer, replace: bool) -> Result<Box<dyn ImportTransaction + '_>, StoreError> {
        Ok(Box::new(write::Import::begin(self.writer()?, layer, replace)?))
    }

    fn settings(&self) -> Result<ProjectSettings, StoreError> {
        read_settings(&self.writer()?.connection)
    }

    fn set_settings(&self, settings: &ProjectSettings) -> Result<(), StoreError> {
        let mut writer = self.writer()?;
        if let Some(crs) = &settings.working_crs {
            let (longitude, latitude) = middle(&writer.connection)?.unwrap_or(EMPTY_MIDDLE);
            crs.check_metric_at(longitude, latitude)?;
        }
        let change = writer.connection.transaction()?;
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
        writer.own += 1;
        Ok(())
    }
}

fn version_of(replaced: u64, own: u64, data_version: u64) -> u64 {
    let mut version = Fingerprint::default();
    for word in [replaced, own, data_version] {
        version.word(word);
    }
    version.finish()
}

/// A number that changes with the commits of every other connection.
fn data_version(connection: &Connection) -> Result<u64, StoreError> {
    let version: i64 = connection.query_row("PRAGMA data_version", [], |row| row.get(0))?;
    Ok(version.cast_unsigned())
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

fn check_is_project(path: &Path, connection: &mut Connection) -> Result<(), StoreError> {
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
    if !has_table(connection, "peatplan_project")? {
        return Err(not("it is a GeoPackage of another program; import its layers with `peatplan import`"));
    }
    for layer in Layer::ALL {
        match has_table(connection, &layer.table())? {
            true => {}
            // It was made before there was this layer.
            false if schema::LATER_LAYERS.contains(layer) => schema::add_layer(connection, *layer)?,
            false => return Err(not(&format!("its table {} is missing", layer.table()))),
        }
    }
    Ok(())
}

fn has_table(connection: &Connection, name: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1";
    Ok(connection.query_row(sql, [name], |_| Ok(())).optional()?.is_some())
}

fn read_settings(connection: &Connection) -> Result<ProjectSettings, StoreError> {
    let value = |name: &str| -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM peatplan_project WHERE name = ?1";
        Ok(connection.query_row(sql, [name], |row| row.get(0)).optional()?)
    };
    let working_crs = value("working_crs")?.map(|definition| Crs::parse(&definition)).transpose()?;
    Ok(ProjectSettings { title: value("title")?, title_ru: value("title_ru")?, working_crs })
}

/// Longitude and latitude of Gus-Khrustalny, for a project that holds nothing yet.
const EMPTY_MIDDLE: (f64, f64) = (40.66, 55.62);

/// The middle of what the project computes with, longitude and latitude: that of its deposits, or while there are none of
/// everything that is brought to its working system; none where there is nothing of that kind.
fn middle(connection: &Connection) -> Result<Option<(f64, f64)>, StoreError> {
    let all = Layer::ALL.iter().filter(|layer| Catalogue::needs_working_geometry(**layer)).copied().collect();
    for layers in [vec![Layer::Deposits], all] {
        let tables: Vec<String> = layers.iter().map(|layer| format!("'{}'", layer.table())).collect();
        let sql = format!(
            "SELECT avg(min_x + max_x) / 2, avg(min_y + max_y) / 2 FROM gpkg_contents WHERE min_x IS NOT NULL AND table_name IN ({})",
            tables.join(", ")
        );
        let middle: (Option<f64>, Option<f64>) = connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if let (Some(longitude), Some(latitude)) = middle {
            return Ok(Some((longitude, latitude)));
        }
    }
    Ok(None)
}

/// Writes down the working system that the data have chosen: it stays, whatever is added later, and the figures with it.
/// `before` is the middle before what is written now.
fn settle_working_crs(connection: &Connection, before: Option<(f64, f64)>) -> Result<(), StoreError> {
    if read_settings(connection)?.working_crs.is_some() {
        return Ok(());
    }
    let middle = match before {
        Some(before) => Some(before),
        None => middle(connection)?,
    };
    if let Some((longitude, latitude)) = middle {
        let chosen = Crs::utm_at(longitude, latitude);
        let sql = "INSERT INTO peatplan_project (name, value) VALUES ('working_crs', ?1)";
        connection.execute(sql, [chosen.definition()])?;
    }
    Ok(())
}
