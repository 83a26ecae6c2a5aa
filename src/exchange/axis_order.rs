//! The order in which an authority gives the axes of a coordinate system, as GDAL reads it from PROJ's database.

use super::vector::quiet_gdal;
use gdal::spatial_ref::SpatialRef;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

/// What was read already: looking a system up takes a fraction of a millisecond, and requests ask often.
static KNOWN: LazyLock<RwLock<HashMap<u32, bool>>> = LazyLock::new(RwLock::default);

/// Whether the northing or latitude comes first in a system of the EPSG's; `None` where there is no such system, or where
/// its axes do not run east and north.
///
/// ```
/// use peatplan::exchange::northing_first;
/// assert_eq!(northing_first(4326), Some(true));
/// assert_eq!(northing_first(3857), Some(false));
/// assert_eq!(northing_first(28407), Some(true));
/// assert_eq!(northing_first(32637), Some(false));
/// assert_eq!(northing_first(999_999), None);
/// ```
#[must_use]
pub fn northing_first(epsg: u32) -> Option<bool> {
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&epsg) {
        return Some(*known);
    }
    quiet_gdal();
    let described = SpatialRef::from_epsg(epsg).ok()?.to_projjson().ok()?;
    let described: serde_json::Value = serde_json::from_str(&described).ok()?;
    let axes = described["coordinate_system"]["axis"].as_array()?;
    let direction = |place: usize| axes.get(place).and_then(|axis| axis["direction"].as_str());
    let first = match (direction(0)?, direction(1)?) {
        ("north", "east") => true,
        ("east", "north") => false,
        _ => return None,
    };
    // Only numbers that there are come here, and those are some thousands.
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(epsg, first);
    Some(first)
}
