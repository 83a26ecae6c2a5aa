//! OGC API Tiles (20-057): every layer, and all of them together, as vector tiles in the web's grid and in the project's own.

mod archive;
mod keeper;
mod matrix_sets;
mod style;
mod tile;
mod tilejson;
mod tilesets;
mod wanted;

pub(in crate::api) use keeper::{TileKeeper, web_mercator};

use crate::api::server::readable;
use actix_web::web;

/// Relation of a list of vector tilesets.
pub(in crate::api) const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
/// Relation of the list of tile matrix sets.
pub(in crate::api) const TILING_SCHEMES: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";
/// Relation of a tile matrix set.
const TILING_SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";

/// Classes of OGC API Tiles and of tile matrix sets that are kept in full.
pub(in crate::api) const CONFORMANCE: [&str; 14] = [
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/collections-selection",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixsetlimits",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixsetlimits",
    "http://www.opengis.net/spec/tms/2.0/conf/tilesetmetadata",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
];

pub(super) fn routes(scope: &mut web::ServiceConfig) {
    scope
        .service(readable("/tileMatrixSets", matrix_sets::list))
        .service(readable("/tileMatrixSets/{tileMatrixSetId}", matrix_sets::one))
        .service(readable("/tiles", tilesets::of_dataset))
        .service(readable("/tiles/{tileMatrixSetId}", tilesets::one_of_dataset))
        .service(readable("/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", tile::of_dataset))
        .service(readable("/collections/{collectionId}/tiles", tilesets::of_collection))
        .service(readable("/collections/{collectionId}/tiles/{tileMatrixSetId}", tilesets::one_of_collection))
        .service(readable(
            "/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
            tile::of_collection,
        ))
        .service(readable("/style.json", style::style));
}
