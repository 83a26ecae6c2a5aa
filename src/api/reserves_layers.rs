//! What is drawn and kept of an estimate: areas, the grid of depths, picture tiles, the reserve table.

use super::http::{Format, Validator};
use super::inputs::{area, from_query};
use super::ogc::web_mercator;
use super::problem::Problem;
use super::server::{base_address, readable};
use super::state::{Queue, State};
use crate::crs::{Crs, Reprojection};
use crate::deliverables::{AreaFeatures, AreaForm, AreaLayer, TableForm, about, areas, table as table_file, thickness_geotiff};
use crate::exchange::{GEOJSON, GEOTIFF, GPKG, XLSX};
use crate::jobs::JobProgress;
use crate::planning::{Band, ReserveSurface, ReservesQuery, TableLanguage, Workbench, reserve_table};
use crate::tiles::{MOST_ZOOM, Ramp, TileAddress, empty_tile, surface_tile, vector_tile};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType, ETAG, IF_NONE_MATCH,
};
use actix_web::{HttpRequest, HttpResponse, web};
use geo::BoundingRect;
use serde_json::json;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/reserves/{deposit}/isopachs", isopachs))
        .service(readable("/reserves/{deposit}/blocks", blocks))
        .service(readable("/reserves/{deposit}/funnel", funnel))
        .service(readable("/reserves/{deposit}/{layer:isopachs|blocks|funnel}/{z}/{x}/{y}.mvt", area_tile))
        .service(readable("/reserves/{deposit}/thickness.tif", thickness_tif))
        .service(readable("/reserves/{deposit}/thickness", thickness))
        .service(readable("/reserves/{deposit}/thickness/{z}/{x}/{y}.png", tile))
        .service(readable("/reserves/{deposit}/table.csv", table_csv))
        .service(readable("/reserves/{deposit}/table.xlsx", table_xlsx));
}

/// A query with the inputs that are of the address and not of the estimate.
pub(super) struct Asked {
    pub query: ReservesQuery,
    own: Vec<(String, String)>,
    pub bench: Arc<Workbench>,
}

impl Asked {
    /// Reads the query string; `own` names the inputs that the address knows beside those of an estimate.
    pub(super) fn of(state: &State, request: &HttpRequest, deposit: String, own: &[&str]) -> Result<Self, Problem> {
        let inputs = from_query(request, state.config.query_bytes)?;
        let (own, inputs): (Vec<_>, Vec<_>) = inputs.into_iter().partition(|(name, _)| own.contains(&name.as_str()));
        let mut query = ReservesQuery { deposit: Some(deposit), ..ReservesQuery::default() };
        for (name, text) in inputs {
            if name == "area" {
                query.area = Some(area(&text, state.config.area_vertices)?);
            } else {
                query.set(&name, &text)?;
            }
        }
        Ok(Self { query, own, bench: state.bench() })
    }

    pub(super) fn own(&self, name: &str) -> Option<&str> {
        self.own.iter().rfind(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// One of some words, the first where none is given.
    fn word<'a>(&self, name: &str, words: &[&'a str]) -> Result<&'a str, Problem> {
        let given = self.own(name).unwrap_or(words[0]);
        let word = words.iter().find(|word| **word == given);
        word.copied()
            .ok_or_else(|| Problem::bad_request(name, format!("{name} must be one of {}; it was {given:?}", words.join(", "))))
    }

    /// The surface: at once where it was computed lately, else when the turn of this request comes.
    async fn surface(&self, state: &State) -> Result<Arc<ReserveSurface>, Problem> {
        if let Some(surface) = self.bench.reserve_surface_at_hand(&self.query) {
            return Ok(surface);
        }
        let (bench, query) = (Arc::clone(&self.bench), self.query.clone());
        state
            .compute(Queue::Estimates, move || bench.reserve_surface(&query, &JobProgress::default()).map_err(Problem::from))
            .await
    }
}

async fn isopachs(state: web::Data<State>, deposit: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer_areas(&state, deposit.into_inner(), &request, AreaLayer::Isopachs).await
}

async fn blocks(state: web::Data<State>, deposit: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer_areas(&state, deposit.into_inner(), &request, AreaLayer::Blocks).await
}

async fn funnel(state: web::Data<State>, deposit: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer_areas(&state, deposit.into_inner(), &request, AreaLayer::Funnel).await
}

async fn answer_areas(state: &State, deposit: String, request: &HttpRequest, layer: AreaLayer) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(state, request, deposit, &["f"])?;
    let wanted = asked.word("f", &["geojson", "gpkg", "json", "tilejson"])?;
    let form = if wanted == "gpkg" { AreaForm::GeoPackage } else { AreaForm::GeoJson };
    let surface = asked.surface(state).await?;
    if wanted == "tilejson" {
        return area_tilejson(request, &surface, layer);
    }
    let shown = Arc::clone(&surface);
    let work = move || areas(&shown, layer, form).map_err(|error| Problem::internal(&error));
    let bytes = state.compute(Queue::Supplies, work).await?;
    Ok(match form {
        AreaForm::GeoPackage => file(GPKG, &format!("{}-{}.gpkg", file_stem(&surface), layer.name()), bytes),
        AreaForm::GeoJson => HttpResponse::Ok().content_type(GEOJSON).body(bytes),
    })
}

/// A name for a file of the surface.
fn file_stem(surface: &ReserveSurface) -> String {
    let name = surface.deposit.as_ref().map_or("area", |deposit| deposit.code.as_deref().unwrap_or(&deposit.name));
    plain_name(name)
}

/// A file to keep under a name.
pub(super) fn file(kind: &'static str, name: &str, bytes: Vec<u8>) -> HttpResponse {
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(name.to_owned())],
    };
    HttpResponse::Ok().content_type(kind).insert_header((CONTENT_DISPOSITION, disposition)).body(bytes)
}

async fn thickness_tif(
    state: web::Data<State>,
    deposit: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&state, &request, deposit.into_inner(), &[])?;
    let surface = asked.surface(&state).await?;
    let name = format!("{}-thickness.tif", file_stem(&surface));
    let work = move || thickness_geotiff(&surface).map_err(|error| Problem::internal(&error));
    Ok(file(GEOTIFF, &name, state.compute(Queue::Supplies, work).await?))
}

fn band(asked: &Asked) -> Result<Band, Problem> {
    Ok(if asked.word("band", &["depth", "error"])? == "error" { Band::Deviation } else { Band::Depth })
}

fn ramp(surface: &ReserveSurface, band: Band) -> Result<Ramp, Problem> {
    if surface.values(band).is_none() {
        return Err(Problem::bad_request("band", "this method gives no error of its depths; ask for method=kriging"));
    }
    Ok(Ramp::up_to(surface.most(band)))
}

/// What a map needs to show the tiles: a `TileJSON` 3.0 document with the legend.
async fn thickness(state: web::Data<State>, deposit: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&state, &request, deposit.clone(), &["band", "v"])?;
    let surface = asked.surface(&state).await?;
    let band = band(&asked)?;
    let ramp = ramp(&surface, band)?;
    let mut document = tileset(&request, &surface, "png")?;
    let own = json!({
        "band": if band == Band::Depth { "depth" } else { "error" },
        "unit": "m",
        "most_m": surface.most(band),
        "legend": ramp.legend(),
        "has_error": surface.deviations.is_some(),
        "tileMatrixSetURI": web_mercator().uri,
    });
    if let (Some(document), Some(own)) = (document.as_object_mut(), own.as_object()) {
        document.extend(own.clone());
    }
    if let Some(document) = document.as_object_mut() {
        document.extend(about(&surface));
    }
    Ok(HttpResponse::Ok().json(document))
}

/// What a map needs to show areas from vector tiles: a `TileJSON` 3.0 document.
fn area_tilejson(request: &HttpRequest, surface: &ReserveSurface, layer: AreaLayer) -> Result<HttpResponse, Problem> {
    let features = AreaFeatures::new(surface, layer).map_err(|error| Problem::internal(&error))?;
    let mut document = tileset(request, surface, "mvt")?;
    document["maxzoom"] = web_mercator().deepest.into();
    document["vector_layers"] = json!([{ "id": layer.name(), "fields": features.fields() }]);
    if let Some(document) = document.as_object_mut() {
        document.extend(about(surface));
    }
    Ok(HttpResponse::Ok().content_type(Format::TileJson.media_type()).body(document.to_string()))
}

async fn area_tile(
    state: web::Data<State>,
    path: web::Path<(String, String, String, String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (deposit, layer, zoom, column, row) = path.into_inner();
    let layer = match layer.as_str() {
        "isopachs" => AreaLayer::Isopachs,
        "blocks" => AreaLayer::Blocks,
        _ => AreaLayer::Funnel,
    };
    let set = web_mercator();
    let number = |text: &str| text.parse::<u32>().ok();
    let address = number(&zoom).and_then(|zoom| set.address(u8::try_from(zoom).ok()?, number(&row)?, number(&column)?));
    let address = address.ok_or_else(|| no_such_tile(set.deepest))?;
    let asked = Asked::of(&state, &request, deposit, &["v"])?;
    let surface = asked.surface(&state).await?;
    let validator = Validator::of((&surface.inputs_hash, layer.name(), address));
    if let Some(known) = validator.not_modified(&request) {
        return Ok(known);
    }
    let caching = caching(&asked, &surface);
    let work = move || {
        let features = AreaFeatures::new(&surface, layer).map_err(|error| Problem::internal(&error))?;
        // The fingerprint of the inputs is the version of what came of them.
        let version = hash_of(&surface.inputs_hash);
        let level = state.tiles.pyramids.level(&features, version, &set, address.zoom);
        let level = level.map_err(|error| Problem::internal(&error))?;
        Ok::<_, Problem>(vector_tile(&features, &level, address))
    };
    let tile = web::block(work).await.map_err(|error| Problem::internal(&error))??;
    let mut response = HttpResponse::Ok();
    response.content_type(Format::VectorTile.media_type()).insert_header(validator.header());
    Ok(response.insert_header((CACHE_CONTROL, caching)).body(tile))
}

fn hash_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn no_such_tile(most_zoom: u8) -> Problem {
    Problem::not_found(format!("there is no such tile; zooms go from 0 to {most_zoom}, columns and rows from 0 to 2^zoom - 1"))
}

/// How long a tile may be kept: for good where its address names what it was made from.
fn caching(asked: &Asked, surface: &ReserveSurface) -> &'static str {
    let lasting = asked.own("v") == Some(surface.inputs_hash.as_str());
    if lasting { "public, max-age=31536000, immutable" } else { "public, no-cache" }
}

/// The part of a `TileJSON` document that pictures and areas share.
fn tileset(request: &HttpRequest, surface: &ReserveSurface, ending: &str) -> Result<serde_json::Value, Problem> {
    let way = Reprojection::new(&surface.crs, &Crs::crs84()).map_err(|error| Problem::internal(&error))?;
    let outline = way.shape(&surface.outline).map_err(|error| Problem::internal(&error))?;
    let bounds = outline.bounding_rect().map(|rect| [rect.min().x, rect.min().y, rect.max().x, rect.max().y]);
    let is_input = |part: &&str| !part.is_empty() && !part.starts_with("v=") && !part.starts_with("f=");
    let inputs = request.query_string().split('&').filter(is_input);
    // The version makes the address of a tile the tile's own: it never has to be asked for again.
    let inputs = inputs.chain([format!("v={}", surface.inputs_hash).as_str()]).collect::<Vec<_>>().join("&");
    let path = request.path().trim_end_matches('/');
    Ok(json!({
        "tilejson": "3.0.0",
        "name": surface.deposit.as_ref().map_or("area", |deposit| deposit.name.as_str()),
        "tiles": [format!("{}{path}/{{z}}/{{x}}/{{y}}.{ending}?{inputs}", base_address(request))],
        "minzoom": 0,
        "maxzoom": MOST_ZOOM,
        "bounds": bounds,
        "scheme": "xyz",
    }))
}

async fn tile(
    state: web::Data<State>,
    path: web::Path<(String, String, String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (deposit, zoom, column, row) = path.into_inner();
    let (row, size) = row.strip_suffix("@2x").map_or((row.as_str(), 256), |row| (row, 512));
    let number = |text: &str| text.parse::<u32>().ok();
    let address = number(&zoom).and_then(|zoom| TileAddress::new(u8::try_from(zoom).ok()?, number(&column)?, number(row)?));
    let address = address.ok_or_else(|| no_such_tile(MOST_ZOOM))?;
    let asked = Asked::of(&state, &request, deposit, &["band", "v"])?;
    let surface = asked.surface(&state).await?;
    let band = band(&asked)?;
    let ramp = ramp(&surface, band)?;
    // A picture is told apart by its address and by what it was made from.
    let tag = format!("\"{}-{}-{size}\"", surface.inputs_hash, if band == Band::Depth { "depth" } else { "error" });
    let caching = caching(&asked, &surface);
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag)) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, caching)).finish());
    }
    let work = move || surface_tile(&surface, band, ramp, address, size).map_err(|error| Problem::internal(&error));
    let picture = web::block(work).await.map_err(|error| Problem::internal(&error))??;
    let mut response = HttpResponse::Ok();
    response.content_type("image/png").insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, caching));
    Ok(match picture {
        Some(picture) => response.body(picture),
        None => response.body(empty_tile()),
    })
}

async fn table_csv(state: web::Data<State>, deposit: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    table(&state, deposit.into_inner(), &request, TableForm::Csv).await
}

async fn table_xlsx(state: web::Data<State>, deposit: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    table(&state, deposit.into_inner(), &request, TableForm::Xlsx).await
}

async fn table(state: &State, deposit: String, request: &HttpRequest, form: TableForm) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(state, request, deposit, &["lang"])?;
    let language = if asked.word("lang", &["en", "ru"])? == "ru" { TableLanguage::Russian } else { TableLanguage::English };
    let (kind, ending) = match form {
        TableForm::Csv => ("text/csv; charset=utf-8", "csv"),
        TableForm::Xlsx => (XLSX, "xlsx"),
    };
    let name = format!("reserves-{}.{ending}", asked.query.deposit.as_deref().map(plain_name).unwrap_or_default());
    let work = move || {
        let book = asked.bench.reserve_table(&asked.query, language, &JobProgress::default()).map_err(Problem::from)?;
        table_file(&book, form).map_err(|error| Problem::internal(&error))
    };
    let bytes = state.compute(Queue::Estimates, work).await?;
    Ok(file(kind, &name, bytes))
}

/// The reserve table of a result that is there already.
pub(super) async fn table_of(
    result: serde_json::Value,
    language: TableLanguage,
    form: TableForm,
) -> Result<HttpResponse, Problem> {
    let deposit = &result["deposit"];
    let name = deposit["code"].as_str().or(deposit["name"].as_str()).map_or_else(|| "area".to_owned(), plain_name);
    let (kind, ending) = match form {
        TableForm::Csv => ("text/csv; charset=utf-8", "csv"),
        TableForm::Xlsx => (XLSX, "xlsx"),
    };
    let work = move || table_file(&reserve_table(&result, language), form).map_err(|error| Problem::internal(&error));
    let bytes = web::block(work).await.map_err(|error| Problem::internal(&error))??;
    Ok(file(kind, &format!("reserves-{name}.{ending}"), bytes))
}

/// A name of letters and digits that every system takes.
pub(super) fn plain_name(name: &str) -> String {
    name.chars().take(60).map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}
