//! Features as Mapbox vector tiles (MVT 2.1, github.com/mapbox/vector-tile-spec), 4096 units a side.
//!
//! For each zoom the geometry of a whole layer is brought to the integer grid of that zoom and simplified once; a tile
//! only cuts out of that and adds the properties. Neighbouring tiles are cut from the same lines, so they fit.
//!
//! - Tolerance: half a pixel, of 512 pixels a tile. At the deepest zoom nothing is simplified and nothing is left out.
//! - What is smaller than a pixel is drawn as one pixel, the first feature of each pixel and kind; dense points are thinned
//!   by the same rule. So a tile never holds more of them than pixels, and no place that has any looks empty.
//! - Rings are closed, simple where simplification and rounding allow it, wound as the specification says, holes after the
//!   ring that holds them.

mod clip;
mod encode;
mod layer_writer;
mod level;
mod pyramids;
mod shape;
mod simple_rings;
mod simplified;

pub use encode::{TileFeatures, vector_tile};
pub use layer_writer::Tag;
pub use level::Level;
pub use pyramids::Pyramids;

/// Units along a side of a tile.
pub const EXTENT: i32 = 4_096;
/// Units that a tile reaches over its sides, so that outlines are not drawn along them.
pub const BUFFER: i32 = 64;
/// Units of a pixel of a tile that is drawn 512 pixels wide.
pub const PIXEL: i32 = 8;
/// The power of two that [`EXTENT`] is.
const EXTENT_BITS: u8 = 12;
