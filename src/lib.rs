//! peatplan: from probes in the bog to a plan of fuel supply. Read from top to bottom: vocabulary, maths, decisions,
//! edges. `ARCHITECTURE.md` says which room may use which, and why.

// Vocabulary.
pub mod units;
pub mod normal;
pub mod simplify;
pub mod table_book;
pub mod crs;
pub mod model;
// Maths.
pub mod geostat;
pub mod optimisation;
pub mod reserves;
pub mod supply;
pub mod energy;
// Decisions.
pub mod catalogue;
pub mod query;
pub mod planning;
pub mod tiles;
// Edges.
pub mod exchange;
pub mod deliverables;
pub mod store;
pub mod jobs;
pub mod access;
pub mod config;
pub mod telemetry;
pub mod api;
