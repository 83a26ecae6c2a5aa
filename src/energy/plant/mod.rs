//! Plants as units of known behaviour: from a technology and a size to fuel, heat and electricity at full and part load,
//! outages, life and costs.
//!
//! Figures of technologies are nominal and stand in `geodata/reference/technologies.toml`; monitored plants fall short of
//! theirs, so a [`PlantUnit`] is derated by `plants.toml` unless the plant itself says what it does.

mod conversion;
mod unit;

pub use conversion::{Conversion, ConversionError, ExtractionTurbine, FixedRatio};
pub use unit::{PlantError, PlantUnit};
