//! Tiles: pictures of a surface, and the features of a layer as Mapbox vector tiles, in the web's grid or in the
//! project's own.
//!
//! Pure: a tile is a function of what it shows and its address. It knows no HTTP, and keeps nothing but the geometry
//! that is simplified once for all tiles of a zoom.

mod matrix_set;
mod picture;
mod vector;

pub use matrix_set::{MatrixAddress, MatrixLimits, TileMatrix, TileMatrixSet};
pub use picture::{MOST_ZOOM, Ramp, Stop, TileAddress, TileError, empty_tile, surface_tile};
pub use vector::{BUFFER, EXTENT, Level, PIXEL, Pyramids, Tag, TileFeatures, vector_tile};
