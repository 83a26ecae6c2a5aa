//! A feature that a client sends, as GeoJSON or JSON-FG: understood, checked like a row of an import, brought to CRS84.

use super::reference_systems::system_named;
use crate::api::problem::Problem;
use crate::catalogue::{Catalogue, bounds_of};
use crate::crs::Published;
use crate::exchange::{Refused, accept_geometry, accept_values, value_from_json};
use crate::model::{Feature, FeatureId, Layer, Value};
use crate::query::primary_date;
use geo::{Distance, Geometry, Haversine, MapCoordsInPlace, Point};
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
        check_members(&members)?;
        self.check_id(members.get("id"))?;
        let mut values = self.values(members.get("properties"))?;
        values.extend(self.moment(members.get("time"), members.get("properties"))?);
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

    /// JSON-FG: the day of a feature, where its properties do not say it themselves.
    fn moment(&self, time: Option<&Json>, properties: Option<&Json>) -> Result<Option<(usize, Value)>, Problem> {
        let wrong = |detail: &str| Problem::bad_request("time", detail);
        let Some(time) = time.filter(|time| !time.is_null()) else { return Ok(None) };
        let schema = self.layer.schema();
        let Some(property) = primary_date(schema) else {
            return Err(wrong(&format!("features of {} have no time", self.layer)));
        };
        if properties.is_some_and(|properties| properties.get(&property.name).is_some()) {
            return Ok(None);
        }
        let said = time.get("date").or_else(|| time.get("timestamp"));
        let said = said.ok_or_else(|| wrong("time must have a date or a timestamp; a feature has no interval"))?;
        let place = schema.index_of(&property.name).ok_or_else(|| wrong("the layer has no such property"))?;
        Ok(Some((place, value_from_json(property, said)?)))
    }

    fn geometry(&self, members: &mut Map<String, Json>) -> Result<SentGeometry, Problem> {
        // JSON-FG: the place rules over the geometry beside it, and says its own system.
        let place = members.remove("place").filter(|place| !place.is_null());
        let system = match (&place, members.get("coordRefSys").filter(|named| !named.is_null())) {
            (Some(_), Some(Json::String(name))) => system_named("coordRefSys", name, self.catalogue)?,
            (_, Some(Json::String(_)) | None) => self.system.clone(),
            (_, Some(other)) => {
                let detail = format!("coordRefSys must be the address of a system; it was {other}");
                return Err(Problem::bad_request("coordRefSys", detail.chars().take(300).collect::<String>()));
            }
        };
        let geometry = match (place, members.remove("geometry")) {
            (Some(place), _) => Some(place),
            (None, Some(Json::Null)) => None,
            (None, None) if self.taken == Taken::Patch => return Ok(SentGeometry::Unsaid),
            (None, geometry) => geometry,
        };
        let geometry = geometry.map(|json| drawn(json, &system)).transpose()?;
        let geometry = accept_geometry(self.layer, geometry, &system.crs, self.most_vertices)?;
        self.check_reach(geometry.as_ref())?;
        Ok(SentGeometry::Said(geometry))
    }

    /// A project is of one region: a feature far from it, or where its working system measures no metres, would spoil the grid
    /// of tiles and the choice of systems for everybody.
    fn check_reach(&self, geometry: Option<&Geometry>) -> Result<(), Problem> {
        let Some([west, south, east, north]) = geometry.and_then(bounds_of) else { return Ok(()) };
        let Some(region) = self.catalogue.extent() else { return Ok(()) };
        let middle = Point::new(f64::midpoint(region[0], region[2]), f64::midpoint(region[1], region[3]));
        let working = &self.catalogue.project.working_crs;
        for corner in [(west, south), (east, south), (east, north), (west, north)] {
            let away_km = Haversine.distance(middle, corner.into()) / 1_000.0;
            if away_km > REACH_KM || working.check_metric_at(corner.0, corner.1).is_err() {
                let (longitude, latitude) = corner;
                return Err(Problem::bad_request(
                    "geometry",
                    format!(
                        "the feature reaches longitude {longitude:.4}, latitude {latitude:.4}, {away_km:.0} km from the middle of the \
                         project, where at most {REACH_KM} km are taken and the working system {working} must be right to 5 %; look \
                         at the order of the axes"
                    ),
                ));
            }
        }
        Ok(())
    }
}

/// How far from the middle of a project its features may lie.
const REACH_KM: f64 = 2_000.0;

/// Members of a feature that mean something here, or that are known to say nothing that would be lost.
const MEMBERS: [&str; 13] = [
    "type",
    "id",
    "geometry",
    "properties",
    "place",
    "time",
    "coordRefSys",
    "bbox",
    "links",
    "conformsTo",
    "featureType",
    "featureSchema",
    "geometryDimension",
];

/// What is not known is refused rather than lost: most often a property that stands beside `properties`.
fn check_members(members: &Map<String, Json>) -> Result<(), Problem> {
    let unknown = members.iter().find(|(name, value)| !MEMBERS.contains(&name.as_str()) && !value.is_null());
    unknown.map_or(Ok(()), |(name, _)| {
        let shown: String = name.chars().take(80).collect();
        let known = MEMBERS.join(", ");
        Err(Problem::bad_request(
            &shown,
            match name.as_str() {
                "crs" => "a system is said by the header Content-Crs, or in JSON-FG by coordRefSys".to_owned(),
                _ => format!("a feature has no member {shown:?}: values stand in properties; the members are {known}"),
            },
        ))
    })
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
