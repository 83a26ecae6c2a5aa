//! peatplan: from probes in the bog to the fuel supply of a plant. Read from top to bottom: vocabulary,
//! maths, decisions, edges.

pub mod api;
pub mod catalogue;
pub mod config;
pub mod crs;
pub mod exchange;
pub mod geostat;
pub mod model;
pub mod planning;
pub mod query;
pub mod reserves;
pub mod store;
pub mod supply;
pub mod telemetry;
pub mod units;
