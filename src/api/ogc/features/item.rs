//! One feature.

use super::collections::layer_named;
use super::items::{CONTENT_CRS, form_of, json_fg_members};
use super::paging::Links;
use super::parameters::{OF_AN_ITEM, Shown};
use super::writers::{Rendering, TextForm, TextWriter};
use crate::api::http::{Format, Validator};
use crate::api::inputs::from_query;
use crate::api::ogc::link::{Link, check_parameters};
use crate::api::pages::{Visit, item_page, page_response, page_validator};
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::{Queue, State};
use crate::catalogue::{Catalogue, LayerTable};
use crate::model::Layer;
use crate::planning::SOFTWARE_VERSION;
use actix_web::http::header::VARY;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use geo::CoordsIter;
use std::sync::Arc;

/// The forms of one feature.
pub(super) const FORMATS: [Format; 3] = [Format::GeoJson, Format::JsonFg, Format::Html];

pub(super) async fn item(
    state: web::Data<State>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let layer = layer_named(&path.0)?;
    let inputs = from_query(&request, state.config.query_bytes)?;
    let format = form_of(&request, &inputs, &FORMATS)?;
    let bench = state.bench();
    let table = bench.catalogue().shared_table(layer);
    let row = row_named(layer, table, &path.1)?;
    let base = base_address(&request);
    let validator = validator_of(table, row, (layer, &inputs, format, &base));
    let asked = AskedItem { layer, row, inputs: &inputs, format, base: &base };
    if format == Format::Html {
        check_parameters(&inputs, &OF_AN_ITEM)?;
        return asked.to_read(&Visit::of(&request, &inputs), &request, &validator, table);
    }
    if let Some(known) = validator.not_modified(&request) {
        return Ok(known);
    }
    check_parameters(&inputs, &OF_AN_ITEM)?;
    let vertices = table.geometry(row).map_or(0, |geometry| geometry.coords_count());
    let body = if vertices <= FEW_VERTICES {
        asked.written(bench.catalogue())?
    } else {
        let (bench, inputs, base) = (Arc::clone(&bench), inputs.clone(), base.clone());
        let work = move || AskedItem { layer, row, inputs: &inputs, format, base: &base }.written(bench.catalogue());
        state.compute(Queue::Filters, work).await?
    };
    let mut response = HttpResponse::Ok();
    response.insert_header(validator.header()).insert_header((VARY, "Accept"));
    Ok(asked.answer(response, body))
}

/// Vertices up to which a feature is written on the worker that has the request.
const FEW_VERTICES: usize = 2_000;

/// The row of an identifier in an address.
pub(super) fn row_named(layer: Layer, table: &LayerTable, id: &str) -> Result<usize, Problem> {
    let row = id.parse().ok().and_then(|id| table.row_of(id));
    row.ok_or_else(|| Problem::not_found(format!("{layer} has no feature {id:?}")))
}

/// The validator of a form of a feature: it begins with the feature's own content, whichever form it is of, so that an edit
/// can ask whether the feature is still the one that was read.
pub(super) fn validator_of(table: &LayerTable, row: usize, form: (Layer, &[(String, String)], Format, &str)) -> Validator {
    // What a zoom leaves out depends on where the layer lies.
    let by_zoom = form.1.iter().any(|(name, _)| name == "zoom-level");
    let extent = table.extent().filter(|_| by_zoom).map(|extent| extent.map(f64::to_bits));
    Validator::of_content(table.fingerprint(row), (form, table.id(row), extent, SOFTWARE_VERSION))
}

/// A feature that is to be written.
pub(super) struct AskedItem<'a> {
    pub layer: Layer,
    pub row: usize,
    pub inputs: &'a [(String, String)],
    pub format: Format,
    pub base: &'a str,
}

/// A feature as bytes, and the address of its system.
pub(super) struct WrittenItem {
    pub bytes: Vec<u8>,
    pub system: String,
}

impl AskedItem<'_> {
    /// Writes the feature.
    ///
    /// # Errors
    /// 400 for an input; 422 where it has no place in the system.
    pub(super) fn written(&self, catalogue: &Catalogue) -> Result<WrittenItem, Problem> {
        let shown = Shown::read(self.layer, self.inputs, catalogue, true)?;
        let rendering = Rendering {
            layer: self.layer,
            table: Arc::clone(catalogue.shared_table(self.layer)),
            properties: shown.properties,
            with_geometry: shown.with_geometry,
            system: shown.system,
            tolerance: shown.tolerance,
        };
        let system = rendering.system.uri();
        let form = if self.format == Format::JsonFg { TextForm::JsonFg } else { TextForm::GeoJson };
        let row = u32::try_from(self.row).map_err(|error| Problem::internal(&error))?;
        let links = self.links(&rendering.table);
        let mut writer = TextWriter::new(rendering, form, vec![row], Vec::new(), Vec::new());
        let mut bytes = writer.piece(usize::MAX)?.unwrap_or_default();
        let links = serde_json::to_string(&links).map_err(|error| Problem::internal(&error))?;
        // The feature is written whole; what else is to be said goes before its closing brace.
        bytes.pop();
        if self.format == Format::JsonFg {
            let mut about = json_fg_members(self.layer, &system, self.base);
            if let Some(members) = about.as_object_mut() {
                members.remove("featureType");
            }
            let about = about.to_string();
            bytes.push(b',');
            bytes.extend_from_slice(about.trim_start_matches('{').trim_end_matches('}').as_bytes());
        }
        bytes.extend_from_slice(format!(",\"links\":{links}}}").as_bytes());
        Ok(WrittenItem { bytes, system })
    }

    /// The feature for people.
    fn to_read(
        &self,
        visit: &Visit,
        request: &HttpRequest,
        validator: &Validator,
        table: &LayerTable,
    ) -> Result<HttpResponse, Problem> {
        let validator = page_validator(visit, validator);
        if let Some(known) = validator.not_modified(request) {
            return Ok(known);
        }
        let page = item_page(visit, self.layer, table, self.row, &self.links(table))?;
        Ok(page_response(visit, Some(&validator), page))
    }

    fn links(&self, table: &LayerTable) -> Vec<Link> {
        let links = Links { base: self.base, layer: self.layer, inputs: self.inputs, format: self.format, offered: &FORMATS };
        links.of_item(table.id(self.row))
    }

    /// Fills an answer with it.
    pub(super) fn answer(&self, mut response: HttpResponseBuilder, item: WrittenItem) -> HttpResponse {
        response.insert_header((CONTENT_CRS, format!("<{}>", item.system))).content_type(self.format.media_type());
        response.body(item.bytes)
    }
}
