//! The grids of tiles as documents of the standard (OGC 17-083r4, annex C).

use super::TILING_SCHEME;
use crate::api::http::{Format, Validator};
use crate::api::inputs::from_query;
use crate::api::ogc::document::answer;
use crate::api::ogc::link::{JSON, Link, check_parameters};
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use crate::crs::Crs;
use crate::exchange::northing_first;
use crate::planning::SOFTWARE_VERSION;
use crate::tiles::TileMatrixSet;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

pub(super) async fn list(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let (bench, base) = (state.bench(), base_address(&request));
    let sets = state.tiles.matrix_sets(bench.catalogue());
    let list: Vec<Value> = sets.iter().map(|set| about(set, &base)).collect();
    let links = [Link::new(format!("{base}/ogc/tileMatrixSets"), "self", JSON, "This document")];
    let document = json!({ "links": links, "tileMatrixSets": list });
    let validator =
        Validator::of(("matrix sets", SOFTWARE_VERSION, &base, sets.iter().map(|set| set.fingerprint()).collect::<Vec<_>>()));
    answer(&request, &inputs, Format::Json, Some(&validator), &document)
}

pub(super) async fn one(state: web::Data<State>, id: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let (bench, base) = (state.bench(), base_address(&request));
    let set = state.tiles.matrix_set(bench.catalogue(), &id)?;
    let validator = Validator::of(("matrix set", SOFTWARE_VERSION, &base, set.fingerprint()));
    answer(&request, &inputs, Format::Json, Some(&validator), &definition(&set, &base))
}

/// A grid in a list.
fn about(set: &TileMatrixSet, base: &str) -> Value {
    let address = format!("{base}/ogc/tileMatrixSets/{}", set.id);
    json!({
        "id": set.id,
        "title": set.title,
        "uri": set_uri(set, base),
        "crs": crs_uri(&set.crs),
        "links": [
            Link::new(&address, "self", JSON, &set.title),
            Link::new(&address, TILING_SCHEME, JSON, &set.title),
        ],
    })
}

/// The registered name of a grid, or where its definition is.
pub(super) fn set_uri(set: &TileMatrixSet, base: &str) -> String {
    set.uri.map_or_else(|| format!("{base}/ogc/tileMatrixSets/{}", set.id), str::to_owned)
}

/// A coordinate system as the standard writes it: by its registered name, else by its definition.
pub(super) fn crs_uri(crs: &Crs) -> Value {
    match crs.definition().split_once(':') {
        Some((authority @ ("EPSG" | "ESRI" | "IGNF"), code)) if code.chars().all(|c| c.is_ascii_alphanumeric()) => {
            format!("http://www.opengis.net/def/crs/{authority}/0/{code}").into()
        }
        _ => json!({ "wkt": crs.definition() }),
    }
}

/// Whether the authority of a system puts northings first, and coordinates in that order are the system's.
fn is_northing_first(crs: &Crs) -> bool {
    let code = crs.definition().strip_prefix("EPSG:").and_then(|code| code.parse().ok());
    code.and_then(northing_first).unwrap_or(false)
}

fn definition(set: &TileMatrixSet, base: &str) -> Value {
    let turned = is_northing_first(&set.crs);
    let matrices: Vec<Value> = set
        .matrices()
        .map(|matrix| {
            let (east, north) = matrix.top_left;
            json!({
                "id": matrix.zoom.to_string(),
                "scaleDenominator": matrix.scale_denominator,
                "cellSize": matrix.cell_size,
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": if turned { [north, east] } else { [east, north] },
                "tileWidth": 256,
                "tileHeight": 256,
                "matrixWidth": matrix.count,
                "matrixHeight": matrix.count,
            })
        })
        .collect();
    let mut document = json!({
        "id": set.id,
        "title": set.title,
        "uri": set_uri(set, base),
        "crs": crs_uri(&set.crs),
        "orderedAxes": match (set.uri.is_some(), turned) {
            (true, _) => ["X", "Y"],
            (false, true) => ["N", "E"],
            (false, false) => ["E", "N"],
        },
    });
    if set.uri.is_some() {
        document["wellKnownScaleSet"] = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible".into();
    }
    document["tileMatrices"] = matrices.into();
    document["links"] = json!([Link::new(format!("{base}/ogc/tileMatrixSets/{}", set.id), "self", JSON, "This document")]);
    document
}
