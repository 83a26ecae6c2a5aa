//! What several tests need.

pub mod files;
pub mod projects;
pub mod server;
pub mod tydal;
pub mod wire;
pub mod weather;
