//! Pictures of a surface for the map: web-mercator tiles, drawn from the cells of an estimate.
//!
//! Pure: a tile is a function of the surface and its address. It knows no HTTP and keeps nothing.

mod picture;
mod ramp;
mod web_mercator;

pub use picture::{TileError, empty_tile, surface_tile};
pub use ramp::{Ramp, Stop};
pub use web_mercator::{MOST_ZOOM, TileAddress};
