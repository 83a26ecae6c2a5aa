//! What several tests need.

pub mod tydal;
