//! Inputs of a computation as names and texts, the same from a query string and from a JSON body.

use super::problem::Problem;
use actix_web::HttpRequest;
use actix_web::web::Query;
use geo::{CoordsIter, Geometry, MultiPolygon};
use serde_json::Value;

/// Names and texts of a query string, in order.
pub(super) fn from_query(request: &HttpRequest, most_bytes: usize) -> Result<Vec<(String, String)>, Problem> {
    let text = request.query_string();
    if text.len() > most_bytes {
        return Err(Problem::bad_request(
            "request",
            format!("the query string is longer than {most_bytes} bytes; send a JSON body by POST"),
        ));
    }
    check_encoding(text)?;
    let pairs = Query::<Vec<(String, String)>>::from_query(text);
    pairs
        .map(Query::into_inner)
        .map_err(|error| Problem::bad_request("request", format!("the query string could not be read: {error}")))
}

/// Codes that are no text would be read as other letters than were meant.
fn check_encoding(query: &str) -> Result<(), Problem> {
    let wrong = |part: &str| {
        let shown: String = part.chars().take(60).collect();
        let name = part.split('=').next().unwrap_or_default();
        Problem::bad_request(name, format!("{shown:?} is no text in UTF-8 with percent codes (RFC 3986, 2.1)"))
    };
    for part in query.split('&').filter(|part| part.contains('%')) {
        let mut codes = part.split('%').skip(1);
        let are_codes = codes.all(|code| code.as_bytes().get(..2).is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit)));
        if !are_codes || percent_encoding::percent_decode_str(part).decode_utf8().is_err() {
            return Err(wrong(part));
        }
    }
    Ok(())
}

/// Names and texts of a JSON object; `area` stays JSON text.
pub(super) fn from_body(body: &[u8]) -> Result<Vec<(String, String)>, Problem> {
    let wrong = |detail: String| Problem::bad_request("body", detail);
    let value: Value = serde_json::from_slice(body).map_err(|error| wrong(format!("the body is no JSON: {error}")))?;
    let Value::Object(object) = value else { return Err(wrong("the body must be a JSON object".into())) };
    let text = |(name, value): (String, Value)| match value {
        Value::String(text) => Ok(Some((name, text))),
        Value::Number(number) => Ok(Some((name, number.to_string()))),
        Value::Bool(flag) => Ok(Some((name, flag.to_string()))),
        Value::Null => Ok(None),
        Value::Object(_) if name == "area" => Ok(Some((name, value.to_string()))),
        Value::Array(numbers) if name == "at" => {
            Ok(Some((name, numbers.iter().map(Value::to_string).collect::<Vec<_>>().join(","))))
        }
        _ => Err(Problem::bad_request(&name, format!("{name} must be a number, a text, or true or false"))),
    };
    object.into_iter().filter_map(|pair| text(pair).transpose()).collect()
}

/// An area from GeoJSON: a polygon or multipolygon in CRS84, or a feature with one.
pub(super) fn area(text: &str, most_vertices: usize) -> Result<MultiPolygon, Problem> {
    let wrong = |detail: String| Problem::bad_request("area", detail);
    let json: geojson::GeoJson = text.parse().map_err(|error| wrong(format!("area is no GeoJSON: {error}")))?;
    let geometry = match json {
        geojson::GeoJson::Geometry(geometry) => Some(geometry),
        geojson::GeoJson::Feature(feature) => feature.geometry,
        geojson::GeoJson::FeatureCollection(_) => None,
    };
    let geometry = geometry.and_then(|geometry| Geometry::<f64>::try_from(geometry).ok());
    let area = match geometry {
        Some(Geometry::Polygon(polygon)) => MultiPolygon::new(vec![polygon]),
        Some(Geometry::MultiPolygon(polygons)) => polygons,
        _ => return Err(wrong("area must be a GeoJSON Polygon or MultiPolygon, or a Feature with one".into())),
    };
    let vertices = area.coords_count();
    if vertices == 0 || vertices > most_vertices {
        return Err(wrong(format!("area has {vertices} vertices; 4 to {most_vertices} are accepted")));
    }
    if area.coords_iter().any(|c| !(-180.0..=180.0).contains(&c.x) || !(-90.0..=90.0).contains(&c.y)) {
        return Err(wrong("area must be in longitude and latitude (CRS84)".into()));
    }
    if !geo::Validation::is_valid(&area) {
        return Err(wrong("area's boundary crosses itself; draw it without crossing".into()));
    }
    Ok(area)
}
