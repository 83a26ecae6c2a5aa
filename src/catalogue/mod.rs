//! One consistent, read-only picture of every layer: columns and a packed tree of places for the map and its
//! clients, typed nouns for the computations. A value: it does no I/O, and once made it never changes. A picture of
//! changed data is made from the old one, and shares with it whatever has not changed.

mod column;
mod fingerprint;
mod naming;
mod nouns;
mod relations;
mod rows;
mod shapes;
mod spatial_index;
mod table;
mod words;

pub use column::Column;
pub use fingerprint::{Fingerprint, fingerprint_of};
pub use naming::Namesakes;
pub use nouns::Nouns;
pub use rows::LayerRows;
pub use table::{LayerTable, bounds_of};
pub use words::Words;

use crate::crs::{Crs, CrsError};
use crate::model::{Feature, FeatureId, Layer};
use std::hash::Hasher;
use std::sync::Arc;

/// What a project says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectDescription {
    /// Title.
    pub title: String,
    /// Title for readers of Russian.
    pub title_ru: Option<String>,
    /// Working system, in metres.
    pub working_crs: Crs,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Changed {
    Inserted(Feature),
    Replaced(Feature),
    Deleted(FeatureId),
}

impl Changed {
    /// Which row.
    #[must_use]
    pub fn id(&self) -> FeatureId {
        match self {
            Self::Inserted(feature) | Self::Replaced(feature) => feature.id,
            Self::Deleted(id) => *id,
        }
    }

    /// The row as it is now.
    #[must_use]
    pub fn feature(&self) -> Option<&Feature> {
        match self {
            Self::Inserted(feature) | Self::Replaced(feature) => Some(feature),
            Self::Deleted(_) => None,
        }
    }
}

/// Every layer of a project at one moment.
#[derive(Debug)]
pub struct Catalogue {
    /// The project.
    pub project: ProjectDescription,
    /// Grows with every change; it starts anew with the process.
    pub data_version: u64,
    /// Typed nouns for the computations.
    pub nouns: Nouns,
    tables: Vec<Arc<LayerTable>>,
    version: u64,
}

impl Catalogue {
    /// Whether computations need this layer's geometry in the working system.
    #[must_use]
    pub fn needs_working_geometry(layer: Layer) -> bool {
        !matches!(
            layer,
            Layer::Settlements
                | Layer::Districts
                | Layer::Waters
                | Layer::Consumers
                | Layer::ReserveStatements
                | Layer::Scenarios
                | Layer::WeatherYears
        )
    }

    /// The first picture, from a table a layer, in the order of [`Layer::ALL`].
    ///
    /// # Errors
    /// There is no way into the working system.
    pub fn new(project: ProjectDescription, tables: Vec<Arc<LayerTable>>) -> Result<Self, CrsError> {
        let nouns = Nouns::default().renewed(&tables, Layer::ALL, &project.working_crs)?;
        Ok(Self::of(project, 1, nouns, tables))
    }

    fn of(project: ProjectDescription, data_version: u64, nouns: Nouns, tables: Vec<Arc<LayerTable>>) -> Self {
        let version = fingerprint::word_of(|fingerprint| {
            for text in [&project.title, project.title_ru.as_deref().unwrap_or_default(), project.working_crs.definition()] {
                fingerprint.write(text.as_bytes());
            }
            for table in &tables {
                fingerprint.word(table.version());
            }
        });
        Self { project, data_version, nouns, tables, version }
    }

    /// The picture after this one, from tables as they are now. A layer whose table has the version that it has here keeps
    /// its table, and what rests on unchanged layers alone is shared.
    ///
    /// # Errors
    /// There is no way into the working system.
    pub fn renewed(&self, project: ProjectDescription, tables: Vec<Arc<LayerTable>>) -> Result<Self, CrsError> {
        let kept = tables
            .into_iter()
            .zip(&self.tables)
            .map(|(new, old)| if new.version() == old.version() { Arc::clone(old) } else { new });
        let tables: Vec<_> = kept.collect();
        let moved = project.working_crs != self.project.working_crs;
        let is_new = |layer: &&Layer| moved || !Arc::ptr_eq(&self.tables[**layer as usize], &tables[**layer as usize]);
        let changed: Vec<Layer> = Layer::ALL.iter().filter(is_new).copied().collect();
        let nouns = self.nouns.renewed(&tables, &changed, &project.working_crs)?;
        Ok(Self::of(project, self.data_version + 1, nouns, tables))
    }

    /// The picture after this one, in which one row has changed; none where the change does not fit what is here, and all
    /// has to be read again.
    ///
    /// # Errors
    /// There is no way into the working system.
    pub fn with(&self, layer: Layer, changed: &Changed) -> Result<Option<Self>, CrsError> {
        let Some(table) = self.table(layer).with(changed) else { return Ok(None) };
        let mut tables = self.tables.clone();
        tables[layer as usize] = Arc::new(table);
        let nouns = self.nouns.with(layer, changed, &self.project.working_crs)?;
        Ok(Some(Self::of(self.project.clone(), self.data_version + 1, nouns, tables)))
    }

    /// A number that differs whenever a layer, the title or the working system differs, and is the same for the same
    /// content in every process.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// A layer.
    #[must_use]
    pub fn table(&self, layer: Layer) -> &LayerTable {
        &self.tables[layer as usize]
    }

    /// A layer, to be kept beyond the picture.
    #[must_use]
    pub fn shared_table(&self, layer: Layer) -> &Arc<LayerTable> {
        &self.tables[layer as usize]
    }

    /// Extent of the layers that computations use: west, south, east, north.
    #[must_use]
    pub fn extent(&self) -> Option<[f64; 4]> {
        let used = Layer::ALL.iter().filter(|layer| Self::needs_working_geometry(**layer));
        used.filter_map(|layer| self.table(*layer).extent()).reduce(table::union)
    }

    /// Whether anything in the layers that computations use is invented.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        self.tables.iter().any(|table| table.has_synthetic())
    }
}
