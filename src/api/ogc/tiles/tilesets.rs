//! Lists of tilesets, and what a tileset is (17-083r4, clause 7).

use super::TILING_SCHEME;
use super::archive::archive;
use super::keeper::extent;
use super::matrix_sets::{crs_uri, set_uri};
use super::tilejson::tilejson;
use super::wanted::Wanted;
use crate::api::http::{Format, Validator};
use crate::api::inputs::from_query;
use crate::api::ogc::document::answer;
use crate::api::ogc::features::{OF_ROWS, property_schema};
use crate::api::ogc::link::{JSON, Link, check_parameters};
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use crate::catalogue::Catalogue;
use crate::model::{GeometryKind, Layer};
use crate::planning::SOFTWARE_VERSION;
use crate::tiles::{MatrixLimits, TileMatrixSet};
use actix_web::http::header::ACCEPT;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
/// Media type of a tile.
pub(super) const MVT: &str = Format::VectorTile.media_type();

pub(super) async fn of_dataset(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &["collections"])?;
    list(&state, &request, &inputs, &Wanted::dataset(&inputs)?, state.bench().catalogue())
}

pub(super) async fn of_collection(
    state: web::Data<State>,
    collection: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &OF_ROWS)?;
    let bench = state.bench();
    let wanted = Wanted::collection(&collection, &inputs, bench.catalogue())?;
    list(&state, &request, &inputs, &wanted, bench.catalogue())
}

pub(super) async fn one_of_dataset(
    state: web::Data<State>,
    set: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &["collections"])?;
    let wanted = Wanted::dataset(&inputs)?;
    one(state, &request, &inputs, wanted, &set).await
}

pub(super) async fn one_of_collection(
    state: web::Data<State>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &OF_ROWS)?;
    let wanted = Wanted::collection(&path.0, &inputs, state.bench().catalogue())?;
    one(state, &request, &inputs, wanted, &path.1).await
}

fn list(
    state: &State,
    request: &HttpRequest,
    inputs: &[(String, String)],
    wanted: &Wanted,
    catalogue: &Catalogue,
) -> Result<HttpResponse, Problem> {
    let base = base_address(request);
    let sets = state.tiles.matrix_sets(catalogue);
    let tilesets = sets.iter().map(|set| summary(catalogue, wanted, set, &base)).collect::<Result<Vec<Value>, _>>()?;
    let links = [Link::new(format!("{}{}", wanted.address(&base), wanted.suffix()), "self", JSON, "This document")];
    let document = json!({ "links": links, "tilesets": tilesets });
    let grids: Vec<u64> = sets.iter().map(|set| set.fingerprint()).collect();
    let (versions, title) = (wanted.versions(catalogue), wanted.title(catalogue));
    let validator =
        Validator::of(("tilesets", &base, versions, title, grids, wanted.suffix(), wanted.collection, SOFTWARE_VERSION));
    answer(request, inputs, Format::Json, Some(&validator), &document)
}

async fn one(
    state: web::Data<State>,
    request: &HttpRequest,
    inputs: &[(String, String)],
    wanted: Wanted,
    set: &str,
) -> Result<HttpResponse, Problem> {
    let (bench, base) = (state.bench(), base_address(request));
    let catalogue = bench.catalogue();
    let set = state.tiles.matrix_set(catalogue, set)?;
    let versions = wanted.versions(catalogue);
    let title = wanted.title(catalogue);
    let about = (&base, &versions, &title, set.fingerprint(), wanted.suffix(), wanted.collection, SOFTWARE_VERSION);
    let validator = |form: Format| Validator::of((form, &about));
    if let Some(form) = form_of_the_web(request, inputs) {
        if set.uri.is_none() {
            let only = format!("f={} is for WebMercatorQuad only: the format knows no other grid", form.name());
            return Err(Problem::bad_request("f", only));
        }
        if form == Format::TileArchive {
            let validator = validator(form);
            return archive(&state, request, wanted, &validator).await;
        }
        let document = tilejson(catalogue, &wanted, &set, &base);
        return answer(request, inputs, form, Some(&validator(form)), &document);
    }
    let document = described(catalogue, &wanted, &set, &base)?;
    answer(request, inputs, Format::Json, Some(&validator(Format::Json)), &document)
}

/// The form asked for, where it is one of those that know the web's grid only.
fn form_of_the_web(request: &HttpRequest, inputs: &[(String, String)]) -> Option<Format> {
    let mut forms = [Format::TileJson, Format::TileArchive].into_iter();
    if let Some((_, asked)) = inputs.iter().find(|(name, _)| name == "f") {
        return forms.find(|form| form.name() == asked);
    }
    let accepted = request.headers().get(ACCEPT).and_then(|accepted| accepted.to_str().ok())?;
    forms.find(|form| accepted.contains(form.media_type()))
}

/// A tileset in a list.
fn summary(catalogue: &Catalogue, wanted: &Wanted, set: &TileMatrixSet, base: &str) -> Result<Value, Problem> {
    let address = format!("{}/{}", wanted.address(base), set.id);
    let query = wanted.suffix();
    let grid = format!("{base}/ogc/tileMatrixSets/{}", set.id);
    let mut links = vec![
        Link::new(format!("{address}{query}"), "self", JSON, "The tileset"),
        Link::new(grid, TILING_SCHEME, JSON, &set.title),
        Link::new(format!("{address}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{query}"), "item", MVT, "Tiles").templated(),
    ];
    if set.uri.is_some() {
        let in_form = |form: Format| format!("{address}{}", wanted.suffix_with(&format!("f={}", form.name())));
        let (json, file) = (Format::TileJson, Format::TileArchive);
        links.push(Link::new(in_form(json), "describedby", json.media_type(), "The tileset as TileJSON"));
        links.push(Link::new(in_form(file), "enclosure", file.media_type(), "All tiles in one file, as PMTiles"));
    }
    let mut about = json!({
        "title": wanted.title(catalogue),
        "dataType": "vector",
        "crs": crs_uri(&set.crs),
        "tileMatrixSetId": set.id,
        "tileMatrixSetURI": set_uri(set, base),
    });
    if let Some(extent) = extent(catalogue, &wanted.layers) {
        about["boundingBox"] = bounding_box(extent);
        let limits = (0..=set.deepest).map(|zoom| Ok(limits(set.limits(extent, zoom)?)));
        let limits = limits.collect::<Result<Vec<Value>, crate::crs::CrsError>>().map_err(|error| Problem::internal(&error))?;
        about["tileMatrixSetLimits"] = limits.into();
    }
    about["links"] = json!(links);
    Ok(about)
}

fn described(catalogue: &Catalogue, wanted: &Wanted, set: &TileMatrixSet, base: &str) -> Result<Value, Problem> {
    let mut about = summary(catalogue, wanted, set, base)?;
    let layers: Vec<Value> = wanted.layers.iter().map(|layer| layer_in_tiles(catalogue, *layer, set, base)).collect();
    about["layers"] = layers.into();
    if wanted.layers.iter().any(|layer| catalogue.table(*layer).has_synthetic()) {
        about["synthetic"] = true.into();
        about["attribution"] = INVENTED.into();
    }
    Ok(about)
}

/// What stands beside invented data.
pub(super) const INVENTED: &str = "The peat data are invented for demonstration";

fn bounding_box([west, south, east, north]: [f64; 4]) -> Value {
    json!({ "lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84 })
}

fn limits(limits: MatrixLimits) -> Value {
    json!({
        "tileMatrix": limits.zoom.to_string(),
        "minTileRow": limits.min_row,
        "maxTileRow": limits.max_row,
        "minTileCol": limits.min_column,
        "maxTileCol": limits.max_column,
    })
}

fn layer_in_tiles(catalogue: &Catalogue, layer: Layer, set: &TileMatrixSet, base: &str) -> Value {
    let schema = layer.schema();
    let tagged = schema.properties.iter().filter(|property| property.is_plain());
    let properties: Map<String, Value> =
        tagged.map(|property| (property.name.clone(), property_schema(layer, property))).collect();
    let mut about = json!({
        "id": layer.name(),
        "title": schema.title.en,
        "description": schema.description,
        "dataType": "vector",
        "crs": crs_uri(&set.crs),
        "minTileMatrix": "0",
        "maxTileMatrix": set.deepest.to_string(),
        "propertiesSchema": { "type": "object", "properties": properties },
        "links": [Link::new(format!("{base}/ogc/collections/{layer}"), "http://www.opengis.net/def/rel/ogc/1.0/geodata", JSON, &schema.title.en)],
    });
    let mut dimensions = schema.geometry.iter().filter_map(|kind| match kind {
        GeometryKind::Point => Some(0),
        GeometryKind::Line => Some(1),
        GeometryKind::Polygon => Some(2),
        GeometryKind::None => None,
    });
    // A layer of several dimensions says none.
    if let (Some(dimension), None) = (dimensions.next(), dimensions.next()) {
        about["geometryDimension"] = dimension.into();
    }
    if let Some(extent) = catalogue.table(layer).extent() {
        about["boundingBox"] = bounding_box(extent);
    }
    about
}
