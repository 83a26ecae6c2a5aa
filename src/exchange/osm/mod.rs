//! Extracts of OpenStreetMap as a source of the haul network.

pub(super) mod pbf;
mod source;
pub(super) mod tags;

pub(super) use source::OsmSource;
