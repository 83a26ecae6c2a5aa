//! Pictures of a surface for the map: web-mercator tiles, drawn from the cells of an estimate.

mod address;
mod ramp;
mod surface;

pub use address::{MOST_ZOOM, TileAddress};
pub use ramp::{Ramp, Stop};
pub use surface::{TileError, empty_tile, surface_tile};
