//! One consistent, read-only picture of every layer: columns and a packed R-tree for the map and its
//! clients, typed nouns for the computations. A value: it does no I/O, and once made it never changes.

mod column;
mod nouns;
mod table;
mod words;

pub use column::Column;
pub use nouns::Nouns;
pub use table::{LayerTable, bounds_of};
pub use words::Words;

use crate::crs::Crs;
use crate::model::{Feature, Layer};
use geo::Geometry;

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

/// A row as the store read it, with its geometry in the working system where computations need one.
#[derive(Debug, Clone)]
pub struct LoadedFeature {
    /// The row, CRS84.
    pub feature: Feature,
    /// Its geometry in the working system.
    pub working: Option<Geometry>,
}

/// Every layer of a project at one moment.
#[derive(Debug)]
pub struct Catalogue {
    /// The project.
    pub project: ProjectDescription,
    /// Grows with every change.
    pub data_version: u64,
    /// Typed nouns for the computations.
    pub nouns: Nouns,
    tables: Vec<LayerTable>,
}

impl Catalogue {
    /// Whether computations need this layer's geometry in the working system.
    #[must_use]
    pub fn needs_working_geometry(layer: Layer) -> bool {
        !matches!(layer, Layer::Settlements | Layer::Districts | Layer::Waters | Layer::Consumers | Layer::ReserveStatements)
    }

    /// Makes the picture from rows. `rows` gives a layer's rows in the order of their identifiers.
    ///
    /// # Errors
    /// Those of `rows`.
    pub fn new<E>(
        project: ProjectDescription,
        data_version: u64,
        mut rows: impl FnMut(Layer) -> Result<Vec<LoadedFeature>, E>,
    ) -> Result<Self, E> {
        let mut nouns = Nouns::default();
        let mut tables = Vec::with_capacity(Layer::ALL.len());
        for layer in Layer::ALL {
            let loaded = rows(*layer)?;
            nouns.read(*layer, &loaded);
            tables.push(LayerTable::new(layer.schema(), loaded));
        }
        nouns.relate();
        Ok(Self { project, data_version, nouns, tables })
    }

    /// A layer.
    #[must_use]
    pub fn table(&self, layer: Layer) -> &LayerTable {
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
        self.tables.iter().any(LayerTable::has_synthetic)
    }
}
