//! What has been extracted since the survey: a new surface as the body of a request, against the old one.

use super::problem::Problem;
use super::reserves_layers::Asked;
use super::server::taking;
use super::state::{Queue, State};
use super::written_json::json_bytes;
use crate::crs::Crs;
use crate::exchange::{RasterError, surface_from_bytes};
use crate::model::number_from;
use crate::planning::DifferenceQuery;
use crate::units::Metres;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};

/// Vertical errors that are accepted, m.
const ERROR_RANGE_M: std::ops::RangeInclusive<f64> = 0.0..=10.0;

pub(super) fn routes(config: &mut web::ServiceConfig, raster_bytes: usize) {
    let resource = taking("POST, OPTIONS", "/reserves/{deposit}/difference");
    config.service(resource.app_data(web::PayloadConfig::new(raster_bytes)).route(web::post().to(difference)));
}

async fn difference(
    state: web::Data<State>,
    deposit: web::Path<String>,
    request: HttpRequest,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&state, &request, deposit.into_inner(), &["surface_error_m", "raster_crs"])?;
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/") || kind.contains("json") {
        return Err(Problem::bad_request("body", "send the GeoTIFF itself as the body, with Content-Type: image/tiff"));
    }
    let surface_error = asked.own("surface_error_m").map(surface_error).transpose()?;
    let raster_crs = asked.own("raster_crs").map(Crs::parse).transpose();
    let raster_crs = raster_crs.map_err(|error| Problem::bad_request("raster_crs", format!("raster_crs: {error}")))?;
    let limits = state.config.import;
    let work = move || {
        let new_top = surface_from_bytes(body.to_vec(), raster_crs.as_ref(), &limits)?;
        let query = DifferenceQuery { reserves: asked.query, new_top, old_top: None, bottom: None, surface_error };
        asked.bench.deposit_difference(&query).map_err(Problem::from)
    };
    let difference = state.compute(Queue::Estimates, work).await?;
    Ok(HttpResponse::Ok().content_type("application/json").body(json_bytes(&difference)?))
}

fn surface_error(text: &str) -> Result<Metres, Problem> {
    let metres = number_from("surface_error_m", text)?;
    if ERROR_RANGE_M.contains(&metres) {
        return Ok(Metres(metres));
    }
    let detail = format!("surface_error_m must lie between 0 and 10 m; it was {metres}");
    Err(Problem::bad_request("surface_error_m", detail))
}

impl From<RasterError> for Problem {
    fn from(error: RasterError) -> Self {
        match error {
            RasterError::Crs(detail) => {
                Self::bad_request("raster_crs", format!("{detail}; give it as raster_crs in the query string"))
            }
            RasterError::Limit(detail) => Self::too_large(detail),
            RasterError::Gdal(error) => Self::internal(&error),
            other => Self::bad_request("body", other.to_string()),
        }
    }
}
