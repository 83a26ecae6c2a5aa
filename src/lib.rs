//! peatplan: from probes in the bog to the fuel supply of a plant. Read from top to bottom: vocabulary,
//! maths, decisions, edges.

pub mod crs;
pub mod geostat;
pub mod model;
pub mod reserves;
pub mod supply;
pub mod units;
