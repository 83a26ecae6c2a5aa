//! Pictures of a surface for the map.
