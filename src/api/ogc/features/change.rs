//! Features made, replaced, changed and removed (OGC API Features, part 4), each in one durable transaction. Who edits may
//! say by `If-Match` which state of a feature it knows; when that is no longer the state, nothing is done.

use super::body::{Sending, SentFeature, Taken};
use super::collections::layer_named;
use super::item::{AskedItem, validator_of};
use super::reference_systems::system_named;
use crate::access::Role;
use crate::api::http::{Format, KnownState, access};
use crate::api::inputs::from_query;
use crate::api::ogc::check_stored;
use crate::api::ogc::link::check_parameters;
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use crate::catalogue::fingerprint_of;
use crate::crs::Published;
use crate::model::{Feature, FeatureId, Layer};
use crate::planning::Workbench;
use crate::store::{Change, Changed};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LOCATION, LOCATION};
use actix_web::web::{self, Bytes};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use std::sync::Arc;

/// Types of a whole feature.
pub(super) const WHOLE_TYPES: &str = "application/geo+json, application/vnd.ogc.fg+json, application/json";
/// Types of what changes of a feature.
pub(super) const PATCH_TYPES: &str = "application/merge-patch+json, application/geo+json, application/json";

pub(super) async fn create(
    state: web::Data<State>,
    name: web::Path<String>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let layer = layer_named(&name)?;
    let edit = Edit::begun(&state, &request, (layer, None), Taken::Whole)?;
    let sent = edit.read(&request, body).await?;
    let feature = sent.whole()?;
    check_stored(&state, layer, None, &feature)?;
    let (changed, bench) = state.into_inner().change(layer, None, move |_| Ok(Change::Insert(feature))).await?;
    edit.answer(&changed, &bench, StatusCode::CREATED)
}

pub(super) async fn replace(
    state: web::Data<State>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let layer = layer_named(&path.0)?;
    let id = id_named(layer, &path.1)?;
    let edit = Edit::begun(&state, &request, (layer, Some(id)), Taken::Whole)?;
    let feature = edit.read(&request, body).await?.whole()?;
    check_stored(&state, layer, None, &feature)?;
    let known = edit.known.clone();
    let decide = move |now: Option<&Feature>| checked(&known, layer, id, now).map(|_| Change::Replace(feature));
    let (changed, bench) = state.into_inner().change(layer, Some(id), decide).await?;
    edit.answer(&changed, &bench, StatusCode::NO_CONTENT)
}

pub(super) async fn update(
    state: web::Data<State>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let layer = layer_named(&path.0)?;
    let id = id_named(layer, &path.1)?;
    let edit = Edit::begun(&state, &request, (layer, Some(id)), Taken::Patch)?;
    let sent = edit.read(&request, body).await?;
    let known = edit.known.clone();
    let state = state.into_inner();
    let checking = Arc::clone(&state);
    let decide = move |now: Option<&Feature>| {
        let before = checked(&known, layer, id, now)?;
        let feature = sent.applied_to(before)?;
        check_stored(&checking, layer, Some(before), &feature)?;
        Ok(Change::Replace(feature))
    };
    let (changed, bench) = state.change(layer, Some(id), decide).await?;
    edit.answer(&changed, &bench, StatusCode::NO_CONTENT)
}

pub(super) async fn remove(
    state: web::Data<State>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let layer = layer_named(&path.0)?;
    let id = id_named(layer, &path.1)?;
    let edit = Edit::begun(&state, &request, (layer, Some(id)), Taken::Whole)?;
    let known = edit.known;
    let decide = move |now: Option<&Feature>| checked(&known, layer, id, now).map(|_| Change::Delete);
    state.into_inner().change(layer, Some(id), decide).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn id_named(layer: Layer, id: &str) -> Result<FeatureId, Problem> {
    id.parse().map_err(|_| Problem::not_found(format!("{layer} has no feature {id:?}")))
}

/// An edit under way.
struct Edit {
    layer: Layer,
    id: Option<FeatureId>,
    base: String,
    known: KnownState,
    /// Whether the client wants to see what became of it.
    represented: bool,
    taken: Taken,
    bench: Arc<Workbench>,
    most_vertices: usize,
}

impl Edit {
    /// Checks what can be checked before the body is read.
    fn begun(
        state: &State,
        request: &HttpRequest,
        (layer, id): (Layer, Option<FeatureId>),
        taken: Taken,
    ) -> Result<Self, Problem> {
        access::of(request).require(Role::Edit, Some(layer))?;
        check_parameters(&from_query(request, state.config.query_bytes)?, &[])?;
        let known = KnownState::of(request);
        if id.is_some() && known == KnownState::Unsaid && state.config.require_if_match {
            return Err(Problem::precondition_required(
                "this service takes an edit only with If-Match and the ETag of the feature as it was read",
            ));
        }
        let preferences = request.headers().get_all("prefer").filter_map(|value| value.to_str().ok());
        let represented = preferences.flat_map(|value| value.split(',')).any(|one| one.trim() == "return=representation");
        Ok(Self {
            layer,
            id,
            base: base_address(request),
            known,
            represented,
            taken,
            bench: state.bench(),
            most_vertices: state.config.feature_vertices,
        })
    }

    /// Reads the body off the workers: outlines of a hundred thousand vertices are checked for crossings.
    async fn read(&self, request: &HttpRequest, body: Bytes) -> Result<SentFeature, Problem> {
        let taken = self.taken;
        let types = if taken == Taken::Whole { WHOLE_TYPES } else { PATCH_TYPES };
        let given = request.content_type().to_ascii_lowercase();
        if !types.split(", ").any(|known| known == given) {
            return Err(Problem::unsupported_media(&given, types));
        }
        let bench = Arc::clone(&self.bench);
        let system = system_of(request, &bench)?;
        let (layer, id, most_vertices) = (self.layer, self.id, self.most_vertices);
        let read = move || {
            let catalogue = bench.catalogue();
            Sending { layer, taken, id, system, most_vertices, catalogue }.read(&body)
        };
        web::block(read).await.map_err(|error| Problem::internal(&error))?
    }

    /// Answers with what became of it.
    fn answer(&self, changed: &Changed, bench: &Workbench, status: StatusCode) -> Result<HttpResponse, Problem> {
        let (layer, id, base) = (self.layer, changed.id(), self.base.as_str());
        let table = bench.catalogue().table(layer);
        let row = table.row_of(id).ok_or_else(|| Problem::internal(&format!("{layer} {id} is not in the picture")))?;
        let address = format!("{base}/ogc/collections/{layer}/items/{id}");
        let status = if self.represented && status == StatusCode::NO_CONTENT { StatusCode::OK } else { status };
        let mut response = HttpResponse::build(status);
        if status == StatusCode::CREATED {
            response.insert_header((LOCATION, address.as_str()));
        }
        let format = Format::GeoJson;
        let validator = validator_of(table, row, (layer, &[], format, base));
        if self.represented {
            response.insert_header((CONTENT_LOCATION, address)).insert_header(validator.header());
            let asked = AskedItem { layer, row, inputs: &[], format, base };
            let item = asked.written(bench.catalogue())?;
            return Ok(asked.answer(response, item));
        }
        // Coordinates are brought to CRS84 and outlines turned: what is kept may differ from what a PUT has sent, and then its
        // tag must not come back (RFC 9110, 9.3.4). What is new or changed in parts has one.
        if self.taken == Taken::Patch || self.id.is_none() {
            response.insert_header(validator.header());
        }
        Ok(response.finish())
    }
}

/// The system of a body's coordinates.
fn system_of(request: &HttpRequest, bench: &Workbench) -> Result<Published, Problem> {
    let Some(given) = request.headers().get("content-crs") else { return Ok(Published::crs84()) };
    let text = given.to_str().map_err(|_| Problem::bad_request("Content-Crs", "Content-Crs must be the address of a system"))?;
    system_named("Content-Crs", text.trim().trim_start_matches('<').trim_end_matches('>'), bench.catalogue())
}

/// The row, where there is one and it is in the state that the client knows.
fn checked<'a>(known: &KnownState, layer: Layer, id: FeatureId, now: Option<&'a Feature>) -> Result<&'a Feature, Problem> {
    let now = now.ok_or_else(|| Problem::not_found(format!("{layer} has no feature {id}; POST to items makes one")))?;
    match known {
        KnownState::Contents(contents) if !contents.contains(&fingerprint_of(now)) => Err(Problem::precondition_failed(format!(
            "feature {id} of {layer} is no longer as it was read; read it again and decide anew"
        ))),
        _ => Ok(now),
    }
}
