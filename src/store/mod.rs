//! The project on disk. [`Store`] is what the rest knows of it; [`GeoPackageStore`] keeps it in one GeoPackage
//! file, and a PostGIS store takes its place beside it. It is the only room that knows SQL; it knows no
//! other file formats and no HTTP.

mod geopackage;

pub use crate::catalogue::Changed;
pub use geopackage::GeoPackageStore;

use crate::catalogue::{Catalogue, ProjectDescription};
use crate::crs::{Crs, CrsError};
use crate::model::{Feature, FeatureId, Layer};
use std::path::PathBuf;
use thiserror::Error;

/// Why the project could not be read or written. `NotThere`, `NotAProject` and `Busy` are the user's to mend; the
/// others are the file's or the machine's.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum StoreError {
    #[error("project {} does not exist; `peatplan import LAYER FILE --project {}` makes it", .0.display(), .0.display())]
    NotThere(PathBuf),
    #[error("{} is not a peatplan project: {reason}", path.display())]
    NotAProject { path: PathBuf, reason: String },
    #[error("another program is writing to the project; try again when it is done")]
    Busy,
    #[error("the project's file: {0}")]
    Sqlite(rusqlite::Error),
    #[error("geometry of a row of {layer} cannot be written: {reason}")]
    Geometry { layer: Layer, reason: String },
    #[error("{layer} has no row {id}")]
    NoRow { layer: Layer, id: FeatureId },
    #[error("a row of {layer} would not be read back as it was given")]
    NotKept { layer: Layer },
    #[error("the project's working system: {0}")]
    Crs(#[from] CrsError),
    #[error("the project's file: {0}")]
    Io(#[from] std::io::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Sqlite(error),
        }
    }
}

/// What a project says of itself, as far as it was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectSettings {
    /// Title; the file's name where none was given.
    pub title: Option<String>,
    /// Title for readers of Russian.
    pub title_ru: Option<String>,
    /// Working system; the UTM zone of the project's middle where none was given.
    pub working_crs: Option<Crs>,
}

/// One line of the project's journal: an import that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRecord {
    /// The file's name, without its folder.
    pub file: String,
    /// Source system.
    pub source_crs: String,
    /// Rows that were refused.
    pub rejected: usize,
}

/// What to do with a row. The features must have passed the checks of their schema; their own identifiers do not matter.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A new row, under an identifier that no row ever had.
    Insert(Feature),
    /// All of the row is as this says from now on.
    Replace(Feature),
    /// The row goes, and its identifier with it for ever.
    Delete,
}

/// What became of a change, and what is needed to bring a picture up to date without reading the project again.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeOutcome {
    /// The row as it can be read back now: its geometry may have become multi-part. None where nothing was to be done.
    pub changed: Option<Changed>,
    /// The project's [`Store::version`] that the change was made to.
    pub version: u64,
    /// What the project says of itself after it: the working system may follow the project's middle.
    pub project: ProjectDescription,
}

/// A project on disk.
pub trait Store: Send + Sync {
    /// A fresh picture of the whole project at one moment.
    ///
    /// # Errors
    /// The file's.
    fn load(&self) -> Result<Catalogue, StoreError>;

    /// The picture after this one, the whole project at one moment again: layers that are the same keep their tables.
    ///
    /// # Errors
    /// The file's.
    fn load_again(&self, before: &Catalogue) -> Result<Catalogue, StoreError>;

    /// A number that changes whenever the project has changed otherwise than by [`Store::change`] of this store: who
    /// changes a row is told what came of it.
    ///
    /// # Errors
    /// The file's.
    fn version(&self) -> Result<u64, StoreError>;

    /// Changes a row. `decide` is given the row as it is in the file now, none where there is no such row or none was named,
    /// and is asked once; nobody else writes before its answer is durable. Where it wants nothing, nothing is done.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while another program writes; [`StoreError::NoRow`] where there is no row to replace or
    /// delete; [`StoreError::NotKept`]; [`StoreError::Crs`] where the working system would no longer do; the file's.
    /// Then nothing was done.
    fn change(
        &self,
        layer: Layer,
        id: Option<FeatureId>,
        decide: &mut dyn FnMut(Option<&Feature>) -> Option<Change>,
    ) -> Result<ChangeOutcome, StoreError>;

    /// Begins an import into a layer; `replace` empties it first. Nothing is seen by anybody until
    /// [`ImportTransaction::commit`]; dropped before, all is as it was.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while another import runs.
    fn begin_import(&self, layer: Layer, replace: bool) -> Result<Box<dyn ImportTransaction + '_>, StoreError>;

    /// What the project says of itself.
    ///
    /// # Errors
    /// The file's.
    fn settings(&self) -> Result<ProjectSettings, StoreError>;

    /// Says anew what is given, and leaves the rest.
    ///
    /// # Errors
    /// The file's.
    fn set_settings(&self, settings: &ProjectSettings) -> Result<(), StoreError>;
}

/// An import under way.
pub trait ImportTransaction {
    /// Adds a row; its identifier is given by the store.
    ///
    /// # Errors
    /// The file's.
    fn add(&mut self, feature: &Feature) -> Result<(), StoreError>;

    /// Makes it all durable and visible; returns how many rows were added.
    ///
    /// # Errors
    /// The file's; then nothing was done.
    fn commit(self: Box<Self>, record: &ImportRecord) -> Result<usize, StoreError>;
}
