//! What a request for features asks for, from its query string: every word is understood here or refused.

use super::caps::Caps;
use super::reference_systems::{place_of_box, system_named};
use super::writers::at_zoom;
use crate::api::ogc::link::check_parameters;
use crate::api::problem::Problem;
use crate::catalogue::Catalogue;
use crate::crs::{Published, Reprojection};
use crate::model::{Layer, Property};
use crate::query::{Cursor, Datetime, Filter, Limits, Position, Query, Search, Sort};

/// What an item may be asked with.
pub(super) const OF_AN_ITEM: [&str; 6] =
    ["crs", "properties", "exclude-properties", "skipGeometry", "max-allowable-offset", "zoom-level"];
/// What a page may be asked with, beside each queryable property.
pub(super) const OF_A_PAGE: [&str; 18] = [
    "bbox",
    "limit",
    "offset",
    "cursor",
    "datetime",
    "bbox-crs",
    "crs",
    "filter",
    "filter-lang",
    "filter-crs",
    "sortby",
    "q",
    "properties",
    "exclude-properties",
    "skipGeometry",
    "max-allowable-offset",
    "zoom-level",
    "resultType",
];
/// What chooses rows wherever they are shown.
pub(in crate::api::ogc) const OF_ROWS: [&str; 4] = ["filter", "filter-lang", "filter-crs", "datetime"];
/// Zooms that anybody draws at.
const MOST_ZOOM: u8 = 30;
/// How a cursor says which way it leads.
pub(super) const AFTER: &str = "after.";
pub(super) const BEFORE: &str = "before.";
pub(super) const LAST: &str = "last";

/// How rows are to be written.
#[derive(Debug)]
pub(super) struct Shown {
    /// The system of the coordinates.
    pub system: Published,
    /// Places of the properties.
    pub properties: Vec<usize>,
    /// Whether geometry is written.
    pub with_geometry: bool,
    /// How far lines may be moved, in units of the system.
    pub tolerance: Option<f64>,
}

/// A request for a page of features.
#[derive(Debug)]
pub(super) struct ItemsRequest {
    /// Which rows.
    pub query: Query,
    /// Where the page begins.
    pub position: Position,
    /// Most rows on it.
    pub limit: usize,
    /// How they are written.
    pub shown: Shown,
    /// Whether only the count is wanted.
    pub hits: bool,
    /// Whether the client asked for an order of its own.
    pub sorted: bool,
}

/// Whether a property can stand in a filter.
pub(in crate::api) fn is_queryable(property: &Property) -> bool {
    property.is_plain()
}

/// Which rows [`OF_ROWS`] ask for.
///
/// # Errors
/// 400 that names the input that is wrong.
pub(in crate::api::ogc) fn rows_asked(
    layer: Layer,
    inputs: &[(String, String)],
    catalogue: &Catalogue,
) -> Result<Query, Problem> {
    let named = |name: &str| inputs.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
    let system =
        named("filter-crs").map_or_else(|| Ok(Published::crs84()), |text| system_named("filter-crs", text, catalogue))?;
    let filter = filter(named("filter"), named("filter-lang"), &system, layer)?;
    let datetime = named("datetime").map(Datetime::parse).transpose();
    let datetime = datetime.map_err(|error| Problem::bad_request("datetime", error.to_string()))?;
    Ok(Query { filter, datetime, ..Query::default() })
}

impl ItemsRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// 400 that names the input that is wrong.
    pub(super) fn read(layer: Layer, inputs: &[(String, String)], caps: Caps, catalogue: &Catalogue) -> Result<Self, Problem> {
        let schema = layer.schema();
        let queryable: Vec<&str> = schema.properties.iter().filter(|p| is_queryable(p)).map(|p| p.name.as_str()).collect();
        let known: Vec<&str> = OF_A_PAGE.into_iter().chain(["id"]).chain(queryable).collect();
        check_parameters(inputs, &known)?;
        let named = |name: &str| inputs.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
        let system_of = |name: &str| match named(name) {
            Some(text) => system_named(name, text, catalogue),
            None => Ok(Published::crs84()),
        };
        let place = match named("bbox") {
            Some(text) => Some(place_of_box(text, &system_of("bbox-crs")?)?),
            // A system that is not offered is wrong also where no box stands beside it.
            None => system_of("bbox-crs").map(|_| None)?,
        };
        let Query { mut filter, datetime, .. } = rows_asked(layer, inputs, catalogue)?;
        let reserved = |name: &str| OF_A_PAGE.contains(&name) || matches!(name, "f" | "lang");
        for (name, text) in inputs.iter().filter(|(name, _)| !reserved(name)) {
            let equal = Filter::equals(name, text, schema).map_err(|error| Problem::bad_request(name, error.to_string()))?;
            filter = Some(match filter {
                Some(filter) => filter.and(equal),
                None => equal,
            });
        }
        let refuse =
            |parameter: &'static str| move |error: &dyn std::fmt::Display| Problem::bad_request(parameter, error.to_string());
        let search = named("q").map(Search::parse).transpose().map_err(|error| refuse("q")(&error))?;
        let sort = named("sortby").map(|text| Sort::parse(text, schema)).transpose().map_err(|error| refuse("sortby")(&error))?;
        let sorted = sort.is_some();
        let query = Query { filter, place, datetime, search, sort: sort.unwrap_or_default() };
        let position = position(named("cursor"), named("offset"), layer, &query)?;
        let hits = match named("resultType") {
            None | Some("results") => false,
            Some("hits") => true,
            Some(other) => {
                return Err(Problem::bad_request("resultType", format!("resultType is results or hits; it was {other:?}")));
            }
        };
        let limit = named("limit").map(|text| limit(text, caps.most_rows)).transpose()?.unwrap_or(caps.usual_rows);
        Ok(Self { query, position, limit, shown: Shown::read(layer, inputs, catalogue, false)?, hits, sorted })
    }
}

impl Shown {
    /// Reads how rows are to be written, `whole` where there is one; which inputs there may be is checked by the caller.
    ///
    /// # Errors
    /// 400 that names the input that is wrong.
    pub(super) fn read(layer: Layer, inputs: &[(String, String)], catalogue: &Catalogue, whole: bool) -> Result<Self, Problem> {
        let named = |name: &str| inputs.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
        let system = named("crs").map_or_else(|| Ok(Published::crs84()), |text| system_named("crs", text, catalogue))?;
        let mut properties: Vec<usize> = if let Some(text) = named("properties") {
            places("properties", text, layer)?
        } else {
            let properties = layer.schema().properties.iter().enumerate();
            properties.filter(|(_, property)| whole || !property.on_request).map(|(place, _)| place).collect()
        };
        if let Some(text) = named("exclude-properties") {
            let left_out = places("exclude-properties", text, layer)?;
            properties.retain(|place| !left_out.contains(place));
        }
        let with_geometry = match named("skipGeometry") {
            None | Some("false") => true,
            Some("true") => false,
            Some(other) => {
                return Err(Problem::bad_request("skipGeometry", format!("skipGeometry is true or false; it was {other:?}")));
            }
        };
        let tolerance = tolerance(named("max-allowable-offset"), named("zoom-level"), &system, layer, catalogue)?;
        Ok(Self { system, properties, with_geometry, tolerance })
    }
}

fn filter(text: Option<&str>, language: Option<&str>, system: &Published, layer: Layer) -> Result<Option<Filter>, Problem> {
    let as_json = match language {
        // GDAL sends the name that the draft had.
        None | Some("cql2-text" | "cql-text") => false,
        Some("cql2-json") => true,
        Some(other) => {
            let detail = format!("filter-lang is cql2-text or cql2-json; it was {other:?}");
            return Err(Problem::bad_request("filter-lang", detail));
        }
    };
    let Some(text) = text else { return Ok(None) };
    let way = Reprojection::new(&system.crs, &crate::crs::Crs::crs84()).map_err(|error| Problem::internal(&error))?;
    let to_crs84 = |first: f64, second: f64| {
        let (x, y) = system.ordered((first, second));
        way.point(x, y).map_err(|error| error.to_string())
    };
    let read = if as_json { Filter::from_json } else { Filter::from_text };
    let filter = read(text, layer.schema(), &Limits::default(), Some(&to_crs84));
    filter.map(Some).map_err(|error| Problem::bad_request("filter", error.to_string()))
}

fn position(cursor: Option<&str>, offset: Option<&str>, layer: Layer, query: &Query) -> Result<Position, Problem> {
    let read = |text: &str| {
        Cursor::parse(text, layer.schema(), query).map_err(|error| Problem::bad_request("cursor", error.to_string()))
    };
    match (cursor, offset) {
        (Some(_), Some(_)) => Err(Problem::bad_request("offset", "a page begins at a cursor or at an offset, not at both")),
        (Some(LAST), None) => Ok(Position::Last),
        (Some(text), None) => match (text.strip_prefix(AFTER), text.strip_prefix(BEFORE)) {
            (Some(text), _) => read(text).map(Position::After),
            (None, Some(text)) => read(text).map(Position::Before),
            (None, None) => {
                Err(Problem::bad_request("cursor", "a cursor is what the links next, prev and last carry; it was none"))
            }
        },
        (None, Some(text)) => {
            let offset = text.parse().map_err(|_| {
                Problem::bad_request("offset", format!("offset must be a whole number from 0 on; it was {text:?}"))
            })?;
            Ok(if offset == 0 { Position::Start } else { Position::Offset(offset) })
        }
        (None, None) => Ok(Position::Start),
    }
}

/// A limit past the cap gets the cap (OGC API Features, recommendation 7), not an error.
fn limit(text: &str, most: usize) -> Result<usize, Problem> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let limit = text.parse().ok().or(digits.then_some(usize::MAX)).filter(|limit: &usize| *limit > 0);
    let limit =
        limit.ok_or_else(|| Problem::bad_request("limit", format!("limit must be a whole number from 1 on; it was {text:?}")))?;
    Ok(limit.min(most))
}

fn places(parameter: &str, text: &str, layer: Layer) -> Result<Vec<usize>, Problem> {
    let schema = layer.schema();
    let mut places: Vec<usize> = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty() && !matches!(*name, "id" | "geometry")) {
        let place = schema.index_of(name).ok_or_else(|| {
            let names = schema.properties.iter().map(|property| property.name.as_str()).collect::<Vec<_>>().join(", ");
            Problem::bad_request(parameter, format!("{layer} has no property {name:?}; it has {names}"))
        })?;
        places.push(place);
    }
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

fn tolerance(
    offset: Option<&str>,
    zoom: Option<&str>,
    system: &Published,
    layer: Layer,
    catalogue: &Catalogue,
) -> Result<Option<f64>, Problem> {
    match (offset, zoom) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => {
            Err(Problem::bad_request("zoom-level", "lines are simplified by max-allowable-offset or by zoom-level, not by both"))
        }
        (Some(text), None) => {
            let tolerance = text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
            let tolerance = tolerance.ok_or_else(|| {
                let detail = format!("max-allowable-offset must be a number from 0 on, in units of the system; it was {text:?}");
                Problem::bad_request("max-allowable-offset", detail)
            })?;
            Ok((tolerance > 0.0).then_some(tolerance))
        }
        (None, Some(text)) => {
            let zoom = text.parse().ok().filter(|zoom: &u8| *zoom <= MOST_ZOOM).ok_or_else(|| {
                let detail = format!("zoom-level must be a whole number from 0 to {MOST_ZOOM}; it was {text:?}");
                Problem::bad_request("zoom-level", detail)
            })?;
            let extent = catalogue.table(layer).extent();
            let latitude = extent.map_or(0.0, |[_, south, _, north]| f64::midpoint(south, north));
            Ok(Some(at_zoom(zoom, system.in_degrees, latitude)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_property_is_hidden_by_a_parameter_of_the_same_name() {
        for layer in Layer::ALL {
            for property in &layer.schema().properties {
                let name = property.name.as_str();
                assert!(!OF_A_PAGE.contains(&name) && !matches!(name, "f" | "lang" | "id" | "geometry"), "{layer}: {name}");
            }
        }
    }

    #[test]
    fn a_limit_past_the_cap_gets_the_cap() {
        assert_eq!(limit("99999999999999999999999", 10_000).ok(), Some(10_000));
        assert_eq!(limit("7", 10_000).ok(), Some(7));
        for text in ["", "0", "-1", "unlimited", "1.5"] {
            assert!(limit(text, 10_000).is_err(), "{text}");
        }
    }
}
