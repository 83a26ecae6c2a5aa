//! A tile.

use super::keeper::{TileKey, extent};
use super::tilejson::version_tag;
use super::wanted::Wanted;
use crate::api::http::{Format, Validator, negotiate};
use crate::api::inputs::from_query;
use crate::api::ogc::features::found;
use crate::api::ogc::link::check_parameters;
use crate::api::problem::Problem;
use crate::api::state::State;
use crate::planning::{SOFTWARE_VERSION, Workbench};
use crate::query::Selection;
use crate::tiles::{MatrixAddress, TileMatrixSet, vector_tile};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, VARY};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use std::sync::Arc;

/// What a tile of a collection may be asked with.
const OF_A_TILE: [&str; 5] = ["filter", "filter-lang", "filter-crs", "datetime", "v"];
/// Features of a tile that are written on the worker itself; more go off it.
const SMALL: usize = 400;
/// What a tile with the version of its data in its address is kept for: a year.
const LASTING: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub(super) async fn of_dataset(
    state: web::Data<State>,
    path: web::Path<(String, String, String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (set, zoom, row, column) = path.into_inner();
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &["collections", "v"])?;
    let wanted = Wanted::dataset(&inputs)?;
    tile(state, &request, &inputs, wanted, &set, [&zoom, &row, &column]).await
}

pub(super) async fn of_collection(
    state: web::Data<State>,
    path: web::Path<(String, String, String, String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (collection, set, zoom, row, column) = path.into_inner();
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &OF_A_TILE)?;
    let wanted = Wanted::collection(&collection, &inputs, state.bench().catalogue())?;
    tile(state, &request, &inputs, wanted, &set, [&zoom, &row, &column]).await
}

async fn tile(
    state: web::Data<State>,
    request: &HttpRequest,
    inputs: &[(String, String)],
    wanted: Wanted,
    set: &str,
    address: [&str; 3],
) -> Result<HttpResponse, Problem> {
    negotiate(request, inputs, &[Format::VectorTile])?;
    let bench = state.bench();
    let set = state.tiles.matrix_set(bench.catalogue(), set)?;
    let address = address_of(&set, address)?;
    let chosen = Some(wanted.query.canonical()).filter(|query| !query.is_empty());
    let key = TileKey { layers: wanted.versions(bench.catalogue()), grid: set.fingerprint(), address, chosen };
    let validator = Validator::of((&key, SOFTWARE_VERSION));
    if let Some(known) = validator.not_modified(request) {
        return Ok(known);
    }
    let bytes = match state.tiles.finished(&key) {
        Some(bytes) => bytes,
        None => made(&state, &bench, wanted.clone(), &set, key).await?,
    };
    let mut response = HttpResponse::Ok();
    response.content_type(Format::VectorTile.media_type()).insert_header(validator.header()).insert_header((VARY, "Accept"));
    let version = inputs.iter().find(|(name, _)| name == "v");
    if version.is_some_and(|(_, version)| *version == version_tag(bench.catalogue(), &wanted)) {
        response.insert_header((CACHE_CONTROL, LASTING));
    }
    Ok(response.body(bytes))
}

/// The tile of an address: a 400 where it is none, a 404 where the grid has no such tile.
fn address_of(set: &TileMatrixSet, address: [&str; 3]) -> Result<MatrixAddress, Problem> {
    let number = |place: usize, name: &str| -> Result<u64, Problem> {
        let text = address[place];
        let digits = !text.is_empty() && text.len() < 20 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits
            .then(|| text.parse().ok())
            .flatten()
            .ok_or_else(|| Problem::bad_request(name, format!("{name} must be a whole number from 0 on; it was {text:?}")))
    };
    let (zoom, row, column) = (number(0, "tileMatrix")?, number(1, "tileRow")?, number(2, "tileCol")?);
    let small = |number: u64| u32::try_from(number).ok();
    let found = u8::try_from(zoom).ok().and_then(|zoom| set.address(zoom, small(row)?, small(column)?));
    found.ok_or_else(|| {
        Problem::not_found(format!(
            "{} has no tile {zoom}/{row}/{column}; matrices go from 0 to {}, rows and columns from 0 to 2^matrix - 1",
            set.id, set.deepest
        ))
    })
}

/// A tile that was not at hand: small ones here, others off the workers.
async fn made(
    state: &web::Data<State>,
    bench: &Arc<Workbench>,
    wanted: Wanted,
    set: &Arc<TileMatrixSet>,
    key: TileKey,
) -> Result<Bytes, Problem> {
    if let Some(extent) = extent(bench.catalogue(), &wanted.layers) {
        let limits = set.limits(extent, key.address.zoom).map_err(|error| Problem::internal(&error))?;
        if !limits.hold(key.address) {
            return Err(Problem::not_found(format!(
                "the tileset has no such tile; of matrix {} it has the rows {} to {} and the columns {} to {}",
                limits.zoom, limits.min_row, limits.max_row, limits.min_column, limits.max_column
            )));
        }
    }
    let near = || -> Option<usize> {
        let near = key.layers.iter().map(|(layer, version)| {
            let level = state.tiles.pyramids.at_hand(layer.name(), *version, set, key.address.zoom)?;
            Some(level.features_near(key.address))
        });
        near.sum()
    };
    if key.chosen.is_none() && near().is_some_and(|near| near <= SMALL) {
        return made_now(state, bench, None, set, key);
    }
    let asked = match wanted.collection.filter(|_| key.chosen.is_some()) {
        Some(layer) => Some(found(state, layer, bench.catalogue().shared_table(layer), &wanted.query).await?),
        None => None,
    };
    let (state, bench, set) = (state.clone(), Arc::clone(bench), Arc::clone(set));
    let made = web::block(move || made_now(&state, &bench, asked.as_deref(), &set, key)).await;
    made.map_err(|error| Problem::internal(&error))?
}

fn made_now(
    state: &State,
    bench: &Workbench,
    asked: Option<&Selection>,
    set: &TileMatrixSet,
    key: TileKey,
) -> Result<Bytes, Problem> {
    let mut tile = Vec::new();
    for (layer, version) in &key.layers {
        let table = bench.catalogue().table(*layer);
        let level = |zoom: u8| state.tiles.pyramids.level(table, *version, set, zoom).map_err(|error| Problem::internal(&error));
        let part = match asked {
            None => vector_tile(table, &*level(key.address.zoom)?, key.address),
            // A coarse level has one feature a pixel, which need not be one of those asked for.
            Some(asked) => vector_tile(table, &level(set.deepest)?.selected(key.address, &|row| asked.holds(row)), key.address),
        };
        if tile.is_empty() { tile = part } else { tile.extend_from_slice(&part) }
    }
    let tile = Bytes::from(tile);
    state.tiles.keep(key, tile.clone());
    Ok(tile)
}
