//! Computed areas and lines out: as GeoJSON, which maps read, or as a GeoPackage, which QGIS does.

use super::geometry::sound;
use super::raster::memory_path;
use gdal::DriverManager;
use gdal::errors::GdalError;
use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};
use gdal::vector::{
    Feature, FieldDefn, Geometry as OgrGeometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType, ToGdal,
};
use geo::orient::{Direction, Orient};
use geo::{Coord, LineString, MapCoords, MultiPolygon};
use serde_json::{Map, Value, json};
use thiserror::Error;

/// Media type of a GeoPackage.
pub const GPKG: &str = "application/geopackage+sqlite3";
/// Media type of GeoJSON.
pub const GEOJSON: &str = "application/geo+json";
/// Coordinates of GeoJSON are written to this many parts of a degree: a centimetre.
const DEGREE_PARTS: f64 = 1e7;

/// A computed area with its properties. Numbers, texts and truths become columns of their kind, whatever else JSON holds
/// becomes text.
#[derive(Debug, Clone)]
pub struct ResultArea {
    /// The area, CRS84.
    pub shape: MultiPolygon,
    /// Properties by name.
    pub properties: Map<String, Value>,
}

/// A computed line with its properties, which become columns as those of an area do.
#[derive(Debug, Clone)]
pub struct ResultLine {
    /// The line, CRS84.
    pub shape: LineString,
    /// Properties by name.
    pub properties: Map<String, Value>,
}

/// Why areas or lines were not written.
#[derive(Debug, Error)]
#[error("the layer could not be written: {0}")]
pub struct ResultLayerError(#[from] GdalError);

/// The areas as a GeoJSON `FeatureCollection` (RFC 7946): outer rings run anticlockwise. `about` stands beside the
/// features, for what holds of all of them.
#[must_use]
pub fn areas_geojson(areas: &[ResultArea], about: Map<String, Value>) -> Vec<u8> {
    geojson_of(areas, about)
}

/// The areas as a GeoPackage with one layer of that name, CRS84.
///
/// # Errors
/// What GDAL says.
pub fn areas_geopackage(name: &str, areas: &[ResultArea]) -> Result<Vec<u8>, ResultLayerError> {
    geopackage_of(name, areas)
}

/// The lines as a GeoJSON `FeatureCollection` (RFC 7946), `about` beside the features.
#[must_use]
pub fn lines_geojson(lines: &[ResultLine], about: Map<String, Value>) -> Vec<u8> {
    geojson_of(lines, about)
}

/// The lines as a GeoPackage with one layer of that name, CRS84.
///
/// # Errors
/// What GDAL says.
pub fn lines_geopackage(name: &str, lines: &[ResultLine]) -> Result<Vec<u8>, ResultLayerError> {
    geopackage_of(name, lines)
}

/// A row of a computed layer.
trait ResultRow {
    /// What its layer holds.
    const KIND: OGRwkbGeometryType::Type;

    fn properties(&self) -> &Map<String, Value>;

    fn for_geojson(&self) -> geojson::Geometry;

    fn for_gdal(&self) -> Result<OgrGeometry, GdalError>;
}

impl ResultRow for ResultArea {
    const KIND: OGRwkbGeometryType::Type = OGRwkbGeometryType::wkbMultiPolygon;

    fn properties(&self) -> &Map<String, Value> {
        &self.properties
    }

    fn for_geojson(&self) -> geojson::Geometry {
        (&sound(self.shape.map_coords(rounded)).orient(Direction::Default)).into()
    }

    fn for_gdal(&self) -> Result<OgrGeometry, GdalError> {
        sound(self.shape.clone()).orient(Direction::Default).to_gdal()
    }
}

impl ResultRow for ResultLine {
    const KIND: OGRwkbGeometryType::Type = OGRwkbGeometryType::wkbLineString;

    fn properties(&self) -> &Map<String, Value> {
        &self.properties
    }

    fn for_geojson(&self) -> geojson::Geometry {
        (&self.shape.map_coords(rounded)).into()
    }

    fn for_gdal(&self) -> Result<OgrGeometry, GdalError> {
        self.shape.to_gdal()
    }
}

fn rounded(place: Coord) -> Coord {
    let rounded = |degree: f64| (degree * DEGREE_PARTS).round() / DEGREE_PARTS;
    Coord { x: rounded(place.x), y: rounded(place.y) }
}

fn geojson_of(rows: &[impl ResultRow], about: Map<String, Value>) -> Vec<u8> {
    super::vector::quiet_gdal();
    let features = (1..).zip(rows).map(|(number, row)| -> Value {
        json!({ "type": "Feature", "id": number, "geometry": row.for_geojson(), "properties": row.properties() })
    });
    let features: Vec<Value> = features.collect();
    let mut collection = Map::from_iter([("type".to_owned(), Value::from("FeatureCollection"))]);
    collection.extend(about);
    collection.insert("features".into(), features.into());
    Value::Object(collection).to_string().into_bytes()
}

fn geopackage_of<Row: ResultRow>(name: &str, rows: &[Row]) -> Result<Vec<u8>, ResultLayerError> {
    super::vector::quiet_gdal();
    let path = memory_path().with_extension("gpkg");
    let written = write_geopackage(name, rows, &path);
    let bytes = gdal::vsi::get_vsi_mem_file_bytes_owned(&path);
    written?;
    Ok(bytes?)
}

fn write_geopackage<Row: ResultRow>(name: &str, rows: &[Row], path: &std::path::Path) -> Result<(), GdalError> {
    let mut dataset = DriverManager::get_driver_by_name("GPKG")?.create_vector_only(path)?;
    let mut wgs84 = SpatialRef::from_epsg(4326)?;
    wgs84.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let layer = dataset.create_layer(LayerOptions { name, srs: Some(&wgs84), ty: Row::KIND, options: None })?;
    let fields = fields(rows.iter().map(Row::properties));
    for (name, kind) in &fields {
        FieldDefn::new(name, *kind)?.add_to_layer(&layer)?;
    }
    for result in rows {
        let mut row = Feature::new(layer.defn())?;
        row.set_geometry(result.for_gdal()?)?;
        for (place, (name, kind)) in fields.iter().enumerate() {
            set_field(&mut row, place, *kind, result.properties().get(*name).unwrap_or(&Value::Null))?;
        }
        row.create(&layer)?;
    }
    dataset.close()
}

/// Names of all properties in the order of their first appearance, each with the kind that holds all its values.
fn fields<'a>(rows: impl Iterator<Item = &'a Map<String, Value>>) -> Vec<(&'a str, OGRFieldType::Type)> {
    let mut fields: Vec<(&str, Option<OGRFieldType::Type>)> = Vec::new();
    for (name, value) in rows.flatten() {
        let kind = match value {
            Value::Null => None,
            Value::Bool(_) => Some(OGRFieldType::OFTInteger),
            Value::Number(number) if number.is_f64() => Some(OGRFieldType::OFTReal),
            Value::Number(_) => Some(OGRFieldType::OFTInteger64),
            Value::String(_) | Value::Array(_) | Value::Object(_) => Some(OGRFieldType::OFTString),
        };
        match fields.iter_mut().find(|(known, _)| known == name) {
            None => fields.push((name, kind)),
            Some((_, known)) => *known = common(*known, kind),
        }
    }
    fields.into_iter().map(|(name, kind)| (name, kind.unwrap_or(OGRFieldType::OFTString))).collect()
}

fn common(one: Option<OGRFieldType::Type>, other: Option<OGRFieldType::Type>) -> Option<OGRFieldType::Type> {
    const NUMBERS: [OGRFieldType::Type; 3] = [OGRFieldType::OFTInteger, OGRFieldType::OFTInteger64, OGRFieldType::OFTReal];
    match (one, other) {
        (kind, None) | (None, kind) => kind,
        (Some(one), Some(other)) if one == other => Some(one),
        (Some(one), Some(other)) if NUMBERS.contains(&one) && NUMBERS.contains(&other) => Some(OGRFieldType::OFTReal),
        _ => Some(OGRFieldType::OFTString),
    }
}

fn set_field(row: &mut Feature<'_>, place: usize, kind: OGRFieldType::Type, value: &Value) -> Result<(), GdalError> {
    match (kind, value) {
        (_, Value::Null) => row.set_field_null(place),
        (OGRFieldType::OFTInteger, Value::Bool(flag)) => row.set_field_integer(place, i32::from(*flag)),
        (OGRFieldType::OFTInteger64, value) => match value.as_i64() {
            Some(number) => row.set_field_integer64(place, number),
            None => row.set_field_null(place),
        },
        (OGRFieldType::OFTReal, Value::Bool(flag)) => row.set_field_double(place, f64::from(u8::from(*flag))),
        (OGRFieldType::OFTReal, value) => match value.as_f64() {
            Some(number) => row.set_field_double(place, number),
            None => row.set_field_null(place),
        },
        (_, Value::String(text)) => row.set_field_string(place, text),
        (_, other) => row.set_field_string(place, &other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Winding, polygon};

    fn areas() -> Vec<ResultArea> {
        // Clockwise, with a hole that runs anticlockwise: both the wrong way round.
        let mut shape = polygon!(
            exterior: [(x: 40.0, y: 55.0), (x: 40.0, y: 56.0), (x: 41.0, y: 56.0), (x: 41.0, y: 55.0)],
            interiors: [[(x: 40.4, y: 55.4), (x: 40.6, y: 55.4), (x: 40.6, y: 55.6), (x: 40.4, y: 55.600_000_000_004)]],
        );
        assert!(shape.exterior().is_cw());
        shape.interiors_mut(|rings| assert!(rings[0].is_ccw()));
        let properties = |value: Value| value.as_object().cloned().expect("an object");
        let shape = MultiPolygon::new(vec![shape]);
        vec![
            ResultArea {
                shape: shape.clone(),
                properties: properties(json!({ "block": 1, "area_ha": 7, "class": "A", "rest": [1] })),
            },
            ResultArea { shape, properties: properties(json!({ "block": 2, "area_ha": 0.5, "class": null, "ok": true })) },
        ]
    }

    #[test]
    fn rings_run_as_rfc_7946_wants_them() {
        let about = Map::from_iter([("inputs_hash".to_owned(), Value::from("01"))]);
        let text = String::from_utf8(areas_geojson(&areas(), about)).expect("text");
        assert!(text.starts_with(r#"{"type":"FeatureCollection","inputs_hash":"01","features":["#), "{text}");
        let geojson::GeoJson::FeatureCollection(collection) = text.parse().expect("GeoJSON") else { panic!("{text}") };
        let shape = collection.features[0].geometry.clone().expect("a geometry");
        let shape = MultiPolygon::<f64>::try_from(shape).expect("polygons");
        assert!(shape.0[0].exterior().is_ccw() && shape.0[0].interiors()[0].is_cw());
        assert_eq!(collection.features[1].properties.as_ref().expect("properties")["area_ha"], 0.5);
        assert!(text.contains("55.6]") && !text.contains("55.6000"), "a centimetre is enough");
    }

    #[test]
    fn a_ring_that_touches_itself_is_mended() {
        let bow = polygon![(x: 40.0, y: 55.0), (x: 41.0, y: 56.0), (x: 41.0, y: 55.0), (x: 40.0, y: 56.0)];
        let area = ResultArea { shape: MultiPolygon::new(vec![bow]), properties: Map::new() };
        let text = String::from_utf8(areas_geojson(&[area], Map::new())).expect("text");
        let geojson::GeoJson::FeatureCollection(collection) = text.parse().expect("GeoJSON") else { panic!("{text}") };
        let shape =
            MultiPolygon::<f64>::try_from(collection.features[0].geometry.clone().expect("a geometry")).expect("polygons");
        assert!(geo::Validation::is_valid(&shape), "{text}");
        assert_eq!(shape.0.len(), 2, "two wings");
    }

    #[test]
    fn columns_hold_whatever_their_values_are() {
        let areas = areas();
        let kinds = fields(areas.iter().map(|area| &area.properties));
        assert_eq!(
            kinds,
            [
                ("block", OGRFieldType::OFTInteger64),
                ("area_ha", OGRFieldType::OFTReal),
                ("class", OGRFieldType::OFTString),
                ("rest", OGRFieldType::OFTString),
                ("ok", OGRFieldType::OFTInteger)
            ]
        );
        let bytes = areas_geopackage("blocks", &areas).expect("written");
        assert!(bytes.starts_with(b"SQLite format 3\0"));
    }
}
