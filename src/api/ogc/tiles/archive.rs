//! A tileset as one file, made when it is asked for.

use super::wanted::Wanted;
use crate::api::answer_or_job::{Manner, answer_or_job};
use crate::api::http::{Format, Validator};
use crate::api::problem::Problem;
use crate::api::state::State;
use crate::deliverables::{TileArchiveError, tile_archive};
use crate::jobs::{JobAnswer, JobProgress, Progress};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use std::io::Cursor;
use std::ops::RangeInclusive;

/// Zooms of an archive; maps draw deeper ones from the last.
const ZOOMS: RangeInclusive<u8> = 0..=14;

/// Answers with the archive, or with the job that makes it.
///
/// # Errors
/// 400 where only some features are asked for; 422 where there is nothing to draw or too much.
pub(super) async fn archive(
    state: &State,
    request: &HttpRequest,
    wanted: Wanted,
    validator: &Validator,
) -> Result<HttpResponse, Problem> {
    if !wanted.query.is_everything() {
        return Err(Problem::bad_request("f", "f=pmtiles is of whole collections: it knows no filter and no datetime"));
    }
    if let Some(known) = validator.not_modified(request) {
        return Ok(known);
    }
    let (bench, most) = (state.bench(), state.config.archive_tiles);
    let name = wanted.collection.map_or("tiles", |layer| layer.name());
    let work = move |progress: &JobProgress| {
        progress.say("drawing tiles");
        let go_on = |done: u64, all: u64| {
            let number = |tiles: u64| usize::try_from(tiles).unwrap_or(usize::MAX);
            progress.go_on(number(done), number(all))
        };
        let mut bytes = Vec::new();
        match tile_archive(bench.catalogue(), &wanted.layers, ZOOMS, most, Cursor::new(&mut bytes), go_on) {
            Ok(_) => Ok(JobAnswer { media_type: Format::TileArchive.media_type().into(), bytes }),
            Err(TileArchiveError::Stopped) => Err(Problem::dismissed()),
            Err(error @ (TileArchiveError::Nothing | TileArchiveError::TooMany { .. })) => {
                Err(Problem::unprocessable(error.to_string()))
            }
            Err(error) => Err(Problem::internal(&error)),
        }
    };
    let mut response = answer_or_job(state, request, Manner::Ordinary, "tile-archive", work).await?;
    if response.status() == StatusCode::OK {
        let (name_of_tag, tag) = validator.header();
        response.headers_mut().insert(name_of_tag, tag);
        if let Ok(file) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.pmtiles\"")) {
            response.headers_mut().insert(CONTENT_DISPOSITION, file);
        }
    }
    Ok(response)
}
