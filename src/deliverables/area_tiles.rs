//! The areas of an estimate as a layer of vector tiles.

use super::AreaLayer;
use crate::crs::{Crs, CrsError, Reprojection};
use crate::planning::{ReserveSurface, SurfaceArea};
use crate::tiles::{Tag, TileFeatures};
use geo::Geometry;
use serde_json::Value;
use std::borrow::Cow;

/// Isopachs, blocks or steps of the funnel as features of a tile, in their order and under the numbers of their GeoJSON.
/// Numbers, texts and truths are properties, as in the other forms; lists have no place in a tile.
pub struct AreaFeatures<'a> {
    layer: AreaLayer,
    areas: &'a [SurfaceArea],
    crs: &'a Crs,
    keys: Vec<&'a str>,
}

impl<'a> AreaFeatures<'a> {
    /// The areas of a surface.
    ///
    /// # Errors
    /// No way from the surface's system to longitude and latitude.
    pub fn new(surface: &'a ReserveSurface, layer: AreaLayer) -> Result<Self, CrsError> {
        Reprojection::new(&surface.crs, &Crs::crs84())?;
        let areas = layer.of(surface);
        let mut keys: Vec<&str> = Vec::new();
        for (name, value) in areas.iter().flat_map(|area| &area.properties) {
            if kind(value).is_some() && !keys.contains(&name.as_str()) {
                keys.push(name);
            }
        }
        Ok(Self { layer, areas, crs: &surface.crs, keys })
    }

    /// The fields of the features with their types, as `TileJSON` writes them.
    #[must_use]
    pub fn fields(&self) -> serde_json::Map<String, Value> {
        let properties = self.areas.iter().flat_map(|area| &area.properties);
        properties.filter_map(|(name, value)| Some((name.clone(), kind(value)?.into()))).collect()
    }
}

/// What a property is in a tile; none where it has no place there.
fn kind(value: &Value) -> Option<&'static str> {
    match value {
        Value::Number(_) => Some("Number"),
        Value::String(_) => Some("String"),
        Value::Bool(_) => Some("Boolean"),
        _ => None,
    }
}

impl TileFeatures for AreaFeatures<'_> {
    fn source(&self) -> &str {
        self.layer.name()
    }

    fn len(&self) -> usize {
        self.areas.len()
    }

    fn geometry(&self, row: usize) -> Option<Cow<'_, Geometry>> {
        // The way is cheap where this thread has taken it before.
        let way = Reprojection::new(self.crs, &Crs::crs84()).ok()?;
        let shape = way.shape(&self.areas[row].shape).ok()?;
        Some(Cow::Owned(Geometry::MultiPolygon(shape)))
    }

    fn id(&self, row: usize) -> Option<u64> {
        u64::try_from(row + 1).ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.keys.clone()
    }

    fn tags(&self, row: usize, take: &mut dyn FnMut(usize, Tag<'_>)) {
        for (name, value) in &self.areas[row].properties {
            let Some(key) = self.keys.iter().position(|key| key == name) else { continue };
            match value {
                Value::Bool(flag) => take(key, Tag::Boolean(*flag)),
                Value::String(text) => take(key, Tag::Text(text)),
                Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                    (Some(whole), _) => take(key, Tag::Integer(whole)),
                    (None, Some(number)) => take(key, Tag::Number(number)),
                    (None, None) => {}
                },
                _ => {}
            }
        }
    }
}
