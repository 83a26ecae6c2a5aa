//! A tileset as `TileJSON` 3.0 (github.com/mapbox/tilejson-spec), for maps of the web.

use super::keeper::extent;
use super::tilesets::INVENTED;
use super::wanted::Wanted;
use crate::api::http::Validator;
use crate::catalogue::Catalogue;
use crate::deliverables::vector_layers;
use crate::planning::SOFTWARE_VERSION;
use crate::tiles::TileMatrixSet;
use serde_json::{Value, json};

/// The document. The addresses of its tiles carry the version of the data: such a tile never has to be asked for again.
pub(super) fn tilejson(catalogue: &Catalogue, wanted: &Wanted, set: &TileMatrixSet, base: &str) -> Value {
    let query = wanted.suffix_with(&format!("v={}", version_tag(catalogue, wanted)));
    let tiles = format!("{}/{}/{{z}}/{{y}}/{{x}}{query}", wanted.address(base), set.id);
    let mut document = json!({
        "tilejson": "3.0.0",
        "name": wanted.title(catalogue),
        "tiles": [tiles],
        "scheme": "xyz",
        "minzoom": 0,
        "maxzoom": set.deepest,
        "vector_layers": vector_layers(&wanted.layers, 0, set.deepest),
    });
    if let Some(layer) = wanted.collection {
        document["description"] = layer.schema().description.as_str().into();
    }
    if let Some(extent) = extent(catalogue, &wanted.layers) {
        document["bounds"] = json!(extent);
    }
    if wanted.layers.iter().any(|layer| catalogue.table(*layer).has_synthetic()) {
        document["attribution"] = INVENTED.into();
    }
    document
}

/// The version of the layers of a tileset, as `v` in the address of a tile.
pub(super) fn version_tag(catalogue: &Catalogue, wanted: &Wanted) -> String {
    Validator::of((wanted.versions(catalogue), SOFTWARE_VERSION)).tag().to_owned()
}
