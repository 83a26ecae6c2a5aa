//! A feature that a client sends, as GeoJSON or JSON-FG: understood, checked like a row of an import, brought to CRS84.

use super::reference_systems::system_named;
use crate::api::problem::Problem;
use crate::catalogue::Catalogue;
use crate::crs::Published;
use crate::exchange::{Refused, accept_geometry, accept_values, value_from_json};
use crate::model::{Feature, FeatureId, Layer, Value};
use geo::{Geometry, MapCoordsInPlace};
use serde_json::{Map, Value as Json};

/// How a body is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// As the whole feature.
    Whole,
    /// As what changes (RFC 7396): what is not named stays, null removes.
    Patch,
}

/// What a body says of a feature.
#[derive(Debug)]
pub(super) struct SentFeature {
    layer: Layer,
    /// Values by the place of their property.
    values: Vec<(usize, Value)>,
    geometry: SentGeometry,
}

/// What a body says of the geometry.
#[derive(Debug)]
enum SentGeometry {
    /// Nothing: a patch leaves it as it is.
    Unsaid,
    /// This one, or none.
    Said(Option<Geometry>),
}

/// What is known of a body beside its bytes.
#[derive(Debug)]
pub(super) struct Sending<'a> {
    pub layer: Layer,
    pub taken: Taken,
    /// The feature that the address names.
    pub id: Option<FeatureId>,
    /// The system of the coordinates, by the header `Content-Crs`.
    pub system: Published,
    pub most_vertices: usize,
    pub catalogue: &'a Catalogue,
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Self::bad_request(&refused.property, refused.reason)
    }
}

impl Sending<'_> {
    /// Reads a body.
    ///
    /// # Errors
    /// 400 that names the member that is wrong.
    pub(super) fn read(&self, body: &[u8]) -> Result<SentFeature, Problem> {
        let wrong = |detail: String| Problem::bad_request("body", detail);
        let json: Json = serde_json::from_slice(body).map_err(|error| wrong(format!("the body is no JSON: {error}")))?;
        let Json::Object(mut members) = json else { return Err(wrong("the body must be a GeoJSON Feature".into())) };
        match members.get("type").and_then(Json::as_str) {
            Some("Feature") => {}
            None if self.taken == Taken::Patch => {}
            other => {
                let detail = format!("type must be Feature, one at a time; it was {:?}", other.unwrap_or_default());
                return Err(Problem::bad_request("type", detail));
            }
        }
        self.check_id(members.get("id"))?;
        let values = self.values(members.get("properties"))?;
        let geometry = self.geometry(&mut members)?;
        Ok(SentFeature { layer: self.layer, values, geometry })
    }

    /// A feature keeps its number: one that names another is a mistake. A new one is given its number here.
    fn check_id(&self, sent: Option<&Json>) -> Result<(), Problem> {
        let (Some(id), Some(sent)) = (self.id, sent.filter(|sent| !sent.is_null())) else { return Ok(()) };
        let same = sent.as_i64() == Some(id) || sent.as_str().and_then(|text| text.parse().ok()) == Some(id);
        same.then_some(()).ok_or_else(|| {
            Problem::bad_request("id", format!("the address names feature {id} and the body {sent}; a feature keeps its number"))
        })
    }

    fn values(&self, sent: Option<&Json>) -> Result<Vec<(usize, Value)>, Problem> {
        let schema = self.layer.schema();
        let properties = match sent {
            Some(Json::Object(properties)) => properties,
            None => return Ok(Vec::new()),
            Some(Json::Null) if self.taken == Taken::Whole => return Ok(Vec::new()),
            Some(_) => return Err(Problem::bad_request("properties", "properties must be an object")),
        };
        let value = |(name, json): (&String, &Json)| {
            let place = schema.index_of(name).ok_or_else(|| {
                let names = schema.properties.iter().map(|property| property.name.as_str()).collect::<Vec<_>>().join(", ");
                Problem::bad_request(name, format!("{} has no property {name:?}; it has {names}", self.layer))
            })?;
            Ok((place, value_from_json(&schema.properties[place], json)?))
        };
        properties.iter().map(value).collect()
    }

    fn geometry(&self, members: &mut Map<String, Json>) -> Result<SentGeometry, Problem> {
        // JSON-FG: the place rules over the geometry beside it, and says its own system.
        let place = members.remove("place").filter(|place| !place.is_null());
        let named = members.get("coordRefSys").and_then(Json::as_str);
        let system = match (&place, named) {
            (Some(_), Some(name)) => system_named("coordRefSys", name, self.catalogue)?,
            _ => self.system.clone(),
        };
        let geometry = match (place, members.remove("geometry")) {
            (Some(place), _) => Some(place),
            (None, Some(Json::Null)) => None,
            (None, None) if self.taken == Taken::Patch => return Ok(SentGeometry::Unsaid),
            (None, geometry) => geometry,
        };
        let geometry = geometry.map(|json| drawn(json, &system)).transpose()?;
        Ok(SentGeometry::Said(accept_geometry(self.layer, geometry, &system.crs, self.most_vertices)?))
    }
}

/// A geometry from GeoJSON, x = east.
fn drawn(json: Json, system: &Published) -> Result<Geometry, Problem> {
    let wrong = |reason: &dyn std::fmt::Display| {
        Problem::bad_request("geometry", format!("geometry must be a GeoJSON geometry with type and coordinates: {reason}"))
    };
    let geometry: geojson::Geometry = serde_json::from_value(json).map_err(|error| wrong(&error))?;
    let mut geometry = Geometry::<f64>::try_from(geometry).map_err(|error| wrong(&error))?;
    if system.northing_first {
        geometry.map_coords_in_place(|c| geo::Coord { x: c.y, y: c.x });
    }
    Ok(geometry)
}

impl SentFeature {
    /// The feature that a whole body describes; the store gives or keeps its number.
    ///
    /// # Errors
    /// 400 for the first value that is wrong.
    pub(super) fn whole(self) -> Result<Feature, Problem> {
        let mut values = vec![Value::Null; self.layer.schema().properties.len()];
        for (place, value) in self.values {
            values[place] = value;
        }
        let geometry = match self.geometry {
            SentGeometry::Said(geometry) => geometry,
            SentGeometry::Unsaid => None,
        };
        Ok(Feature { id: 0, geometry, values: accept_values(self.layer, values)? })
    }

    /// A row with the changes of a patch.
    ///
    /// # Errors
    /// 400 for the first value that is wrong.
    pub(super) fn applied_to(self, now: &Feature) -> Result<Feature, Problem> {
        let mut values = now.values.clone();
        values.resize(self.layer.schema().properties.len(), Value::Null);
        for (place, value) in self.values {
            values[place] = value;
        }
        let geometry = match self.geometry {
            SentGeometry::Said(geometry) => geometry,
            SentGeometry::Unsaid => now.geometry.clone(),
        };
        Ok(Feature { id: now.id, geometry, values: accept_values(self.layer, values)? })
    }
}
