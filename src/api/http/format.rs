//! In which form a client wants a resource: `f=` says it, else the `Accept` header.

use crate::api::problem::Problem;
use actix_web::HttpRequest;
use actix_web::http::header::{self, Header, Quality, QualityItem};
use actix_web::mime::Mime;

macro_rules! formats {
    ($($variant:ident = $name:literal, $media_type:literal;)*) => {
        /// A form that a resource may be had in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(in crate::api) enum Format { $($variant),* }

        impl Format {
            /// Its word in `f=`.
            pub(in crate::api) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What people call it.
            pub(in crate::api) const fn title(self) -> &'static str {
                match self {
                    Self::Json => "JSON",
                    Self::GeoJson => "GeoJSON",
                    Self::JsonFg => "JSON-FG",
                    Self::Html => "HTML",
                    Self::Csv => "CSV",
                    Self::GeoJsonSequence => "GeoJSON text sequence",
                    Self::FlatGeobuf => "FlatGeobuf",
                    Self::GeoPackage => "GeoPackage",
                    Self::Shapefile => "Shapefile",
                    Self::Xlsx => "Spreadsheet",
                    Self::OpenApi => "OpenAPI",
                    Self::SchemaJson => "JSON Schema",
                    Self::VectorTile => "Vector tile",
                    Self::TileJson => "TileJSON",
                    Self::TileArchive => "PMTiles",
                }
            }

            /// Its media type.
            pub(in crate::api) const fn media_type(self) -> &'static str {
                match self { $(Self::$variant => $media_type),* }
            }
        }
    };
}

formats! {
    Json = "json", "application/json";
    GeoJson = "geojson", "application/geo+json";
    JsonFg = "jsonfg", "application/vnd.ogc.fg+json";
    Html = "html", "text/html; charset=utf-8";
    Csv = "csv", "text/csv; charset=utf-8";
    GeoJsonSequence = "geojsonseq", "application/geo+json-seq";
    FlatGeobuf = "fgb", "application/flatgeobuf";
    GeoPackage = "gpkg", "application/geopackage+sqlite3";
    Shapefile = "shp", "application/x-shapefile+zip";
    Xlsx = "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    OpenApi = "openapi", "application/vnd.oai.openapi+json;version=3.0";
    SchemaJson = "schema", "application/schema+json";
    VectorTile = "mvt", "application/vnd.mapbox-vector-tile";
    TileJson = "tilejson", "application/vnd.mapbox.tilejson+json";
    TileArchive = "pmtiles", "application/vnd.pmtiles";
}

/// The form that a request asks for, of those offered; the first is the one for clients that do not say. `f=json` finds
/// whichever form is JSON.
///
/// # Errors
/// 400 where `f` names none of them; 406 where `Accept` allows none.
pub(in crate::api) fn negotiate(
    request: &HttpRequest,
    inputs: &[(String, String)],
    offered: &[Format],
) -> Result<Format, Problem> {
    let offers = || offered.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    if let Some((_, wanted)) = inputs.iter().find(|(name, _)| name == "f") {
        let named = offered.iter().find(|format| format.name() == wanted);
        let json = || offered.iter().find(|format| wanted == "json" && format.media_type().contains("json"));
        return named
            .or_else(json)
            .copied()
            .ok_or_else(|| Problem::bad_request("f", format!("f must be one of {}; it was {wanted:?}", offers())));
    }
    let accepted = header::Accept::parse(request).map(|accept| accept.0).unwrap_or_default();
    if accepted.is_empty() {
        return Ok(offered[0]);
    }
    let quality =
        |format: Format| accepted.iter().filter_map(|item| accepts(item, format)).max_by_key(|(exactness, _)| *exactness);
    let best = offered
        .iter()
        .enumerate()
        .filter_map(|(place, format)| quality(*format).map(|(_, quality)| (quality, std::cmp::Reverse(place), *format)))
        .filter(|(quality, ..)| *quality > Quality::ZERO)
        .max_by_key(|(quality, place, _)| (*quality, *place));
    best.map(|(.., format)| format).ok_or_else(|| Problem::not_acceptable(&offers()))
}

/// How exactly an item of `Accept` names a format, and its quality.
fn accepts(item: &QualityItem<Mime>, format: Format) -> Option<(u8, Quality)> {
    let offered: Mime = format.media_type().parse().ok()?;
    let wanted = &item.item;
    let quality = item.quality;
    if wanted.essence_str() == offered.essence_str() {
        Some((2, quality))
    } else if wanted.subtype() == "*" && wanted.type_() == offered.type_() {
        Some((1, quality))
    } else if wanted.type_() == "*" {
        Some((0, quality))
    } else {
        None
    }
}
