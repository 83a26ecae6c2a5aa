//! What engineers take away as files: of an estimate the grid of depths, areas and the reserve table, of a supply its layers. It joins what `planning`
//! computes with how `exchange` writes, for the service and the command line alike, and decides nothing itself.

mod area_tiles;
mod tile_archive;
mod tile_fields;

pub use area_tiles::AreaFeatures;
pub use tile_archive::{ArchivedTiles, TileArchiveError, tile_archive};
pub use tile_fields::vector_layers;

use crate::crs::{Crs, CrsError, Reprojection};
use crate::exchange::{
    RasterError, RasterResult, ResultArea, ResultLayerError, ResultLine, TableError, areas_geojson, areas_geopackage, geotiff,
    lines_geojson, lines_geopackage, table_book_csv, table_book_xlsx,
};
use crate::planning::{Band, ReserveSurface, SOFTWARE_VERSION, SupplyDrawing, SupplyShapes, SurfaceArea};
use crate::table_book::TableBook;
use serde_json::{Map, Value, json};
use thiserror::Error;

/// Why there is no file.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum DeliverableError {
    #[error(transparent)]
    Raster(#[from] RasterError),
    #[error(transparent)]
    Areas(#[from] ResultLayerError),
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    Crs(#[from] CrsError),
}

/// Which areas of a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaLayer {
    /// The ground between neighbouring isopachs.
    Isopachs,
    /// Geological blocks.
    Blocks,
    /// The land of each step of the funnel.
    Funnel,
}

impl AreaLayer {
    /// Its name in addresses and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Isopachs => "isopachs",
            Self::Blocks => "blocks",
            Self::Funnel => "funnel",
        }
    }

    fn of(self, surface: &ReserveSurface) -> &[SurfaceArea] {
        match self {
            Self::Isopachs => surface.isopachs(),
            Self::Blocks => &surface.blocks,
            Self::Funnel => &surface.funnel,
        }
    }
}

/// How areas and lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaForm {
    /// `GeoJSON`, CRS84.
    GeoJson,
    /// A `GeoPackage` of one layer.
    GeoPackage,
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableForm {
    /// Comma-separated values.
    Csv,
    /// A workbook with its sheets.
    Xlsx,
}

/// Areas of a surface, with properties under their public names.
///
/// # Errors
/// A coordinate that cannot be transformed, or what GDAL says.
pub fn areas(surface: &ReserveSurface, layer: AreaLayer, form: AreaForm) -> Result<Vec<u8>, DeliverableError> {
    let way = Reprojection::new(&surface.crs, &Crs::crs84())?;
    let area = |area: &SurfaceArea| way.shape(&area.shape).map(|shape| ResultArea { shape, properties: area.properties.clone() });
    let areas = layer.of(surface).iter().map(area).collect::<Result<Vec<ResultArea>, _>>()?;
    Ok(match form {
        AreaForm::GeoPackage => areas_geopackage(layer.name(), &areas)?,
        AreaForm::GeoJson => areas_geojson(&areas, about(surface)),
    })
}

/// A layer of a plant's supply, with properties under their public names. What holds of all of it stands in the `GeoJSON` alone.
///
/// # Errors
/// What GDAL says.
pub fn supply_layer(drawing: SupplyDrawing, form: AreaForm) -> Result<Vec<u8>, DeliverableError> {
    let name = drawing.layer.name();
    Ok(match drawing.shapes {
        SupplyShapes::Lines(lines) => {
            let line = |(shape, properties)| ResultLine { shape, properties };
            let lines: Vec<ResultLine> = lines.into_iter().map(line).collect();
            match form {
                AreaForm::GeoPackage => lines_geopackage(name, &lines)?,
                AreaForm::GeoJson => lines_geojson(&lines, drawing.about),
            }
        }
        SupplyShapes::Areas(areas) => {
            let area = |(shape, properties)| ResultArea { shape, properties };
            let areas: Vec<ResultArea> = areas.into_iter().map(area).collect();
            match form {
                AreaForm::GeoPackage => areas_geopackage(name, &areas)?,
                AreaForm::GeoJson => areas_geojson(&areas, drawing.about),
            }
        }
    })
}

/// The grid as a `GeoTIFF`: depth in metres, and the standard deviation of kriging where the method has one.
///
/// # Errors
/// What GDAL says.
pub fn thickness_geotiff(surface: &ReserveSurface) -> Result<Vec<u8>, DeliverableError> {
    let named = [(Band::Depth, "depth"), (Band::Deviation, "kriging standard deviation")];
    let bands = named.iter().filter_map(|(band, name)| Some((*name, "m", surface.raster(*band)?.to_vec()))).collect();
    let synthetic = if surface.synthetic { "the data are invented for demonstration" } else { "" };
    let software = format!("peatplan {SOFTWARE_VERSION}");
    let about = [("INPUTS_HASH", surface.inputs_hash.as_str()), ("TIFFTAG_SOFTWARE", &software), ("NOTE", synthetic)];
    Ok(geotiff(&RasterResult {
        crs: &surface.crs,
        origin: surface.grid.origin(),
        cell: surface.grid.cell(),
        size: (surface.grid.columns(), surface.grid.rows()),
        bands,
        about: about.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
    })?)
}

/// A reserve table as a file.
///
/// # Errors
/// A table too large for its format.
pub fn table(book: &TableBook, form: TableForm) -> Result<Vec<u8>, DeliverableError> {
    Ok(match form {
        TableForm::Csv => table_book_csv(book)?,
        TableForm::Xlsx => table_book_xlsx(book)?,
    })
}

/// What holds of everything that is drawn of a surface.
#[must_use]
pub fn about(surface: &ReserveSurface) -> Map<String, Value> {
    let about = json!({
        "deposit": surface.deposit,
        "crs_working": surface.crs,
        "cell_m": surface.grid.cell(),
        "synthetic": surface.synthetic,
        "inputs_hash": surface.inputs_hash,
        "software_version": SOFTWARE_VERSION,
    });
    about.as_object().cloned().unwrap_or_default()
}
