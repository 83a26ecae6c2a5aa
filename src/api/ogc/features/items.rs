//! Features of a collection, page by page, in every form.

use super::collections::layer_named;
use super::paging::{Links, add_link_headers, page_of};
use super::parameters::ItemsRequest;
use super::response::{PIECE_BYTES, Pieces, named_file};
use super::selections::found;
use super::writers::{Rendering, TextForm, TextWriter, csv_header, file_bytes};
use crate::api::http::{Format, Validator, negotiate};
use crate::api::inputs::from_query;
use crate::api::ogc::link::Link;
use crate::api::pages::{DEFAULT_ROWS, ItemsPage, Visit, items_page, page_response, page_validator};
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use crate::catalogue::LayerTable;
use crate::model::Layer;
use crate::planning::SOFTWARE_VERSION;
use crate::query::Selection;
use actix_web::http::header::{CONTENT_DISPOSITION, HeaderName, VARY};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use serde_json::json;
use std::sync::Arc;

/// The forms of a page; the first is the one for clients that do not say.
pub(in crate::api) const FORMATS: [Format; 9] = [
    Format::GeoJson,
    Format::JsonFg,
    Format::Csv,
    Format::GeoJsonSequence,
    Format::FlatGeobuf,
    Format::GeoPackage,
    Format::Shapefile,
    Format::Xlsx,
    Format::Html,
];
/// Bytes below which a page is written on the worker that has the request: handing it to another thread costs more.
const SMALL_BYTES: usize = 65_536;
pub(super) const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

pub(super) async fn items(
    state: web::Data<State>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let layer = layer_named(&name)?;
    let inputs = from_query(&request, state.config.query_bytes)?;
    let format = form_of(&request, &inputs, &FORMATS)?;
    let bench = state.bench();
    let table = Arc::clone(bench.catalogue().shared_table(layer));
    let base = base_address(&request);
    let caps = (state.config.page_default, state.config.page_most, state.config.page_bytes);
    let validator = Validator::of((table.version(), layer, &inputs, format, &base, caps, SOFTWARE_VERSION));
    let visit = (format == Format::Html).then(|| Visit::of(&request, &inputs));
    let validator = visit.as_ref().map_or_else(|| validator.clone(), |visit| page_validator(visit, &validator));
    if let Some(known) = validator.not_modified(&request) {
        return Ok(known);
    }
    let mut wanted = ItemsRequest::read(layer, &inputs, &state.config, bench.catalogue())?;
    if visit.is_some() && !inputs.iter().any(|(name, _)| name == "limit") {
        wanted.limit = DEFAULT_ROWS;
    }
    let selection = found(&state, layer, &table, &wanted.query).await?;
    let query_bytes = request.query_string().len();
    let page = PageOf { layer, table, wanted, inputs, base, format, most_bytes: state.config.page_bytes };
    if let Some(visit) = visit {
        let reader = visit.clone();
        let written = web::block(move || page.to_read(&selection, &visit)).await;
        return Ok(page_response(&reader, Some(&validator), written.map_err(|error| Problem::internal(&error))??));
    }
    let mut response = HttpResponse::Ok();
    response.insert_header(validator.header()).insert_header((VARY, "Accept")).content_type(format.media_type());
    page.answer(&selection, response, query_bytes).await
}

/// The form that a request asks for. Whoever takes plain JSON takes GeoJSON.
pub(super) fn form_of(request: &HttpRequest, inputs: &[(String, String)], offered: &[Format]) -> Result<Format, Problem> {
    let with_json: Vec<Format> = offered.iter().copied().chain([Format::Json]).collect();
    negotiate(request, inputs, &with_json).map(|format| if format == Format::Json { Format::GeoJson } else { format })
}

/// A page that is to be answered.
struct PageOf {
    layer: Layer,
    table: Arc<LayerTable>,
    wanted: ItemsRequest,
    inputs: Vec<(String, String)>,
    base: String,
    format: Format,
    most_bytes: usize,
}

impl PageOf {
    fn rendering(&self) -> Rendering {
        let shown = &self.wanted.shown;
        Rendering {
            layer: self.layer,
            table: Arc::clone(&self.table),
            properties: shown.properties.clone(),
            with_geometry: shown.with_geometry,
            system: shown.system.clone(),
            tolerance: shown.tolerance,
        }
    }

    fn links(&self) -> Links<'_> {
        Links { base: &self.base, layer: self.layer, inputs: &self.inputs, format: self.format, offered: &FORMATS }
    }

    /// The page for people.
    fn to_read(&self, selection: &Selection, visit: &Visit) -> Result<String, Problem> {
        let (page, _) = page_of(selection, &self.table, &self.wanted, &self.rendering(), self.most_bytes);
        let links = self.links().of_page(&self.wanted, &page);
        let (rows, first, matched) = (&page.rows[..], page.first, page.matched);
        items_page(visit, &ItemsPage { layer: self.layer, table: &self.table, rows, first, matched, links: &links })
    }

    async fn answer(
        self,
        selection: &Selection,
        mut response: HttpResponseBuilder,
        query_bytes: usize,
    ) -> Result<HttpResponse, Problem> {
        let (layer, format) = (self.layer, self.format);
        let rendering = self.rendering();
        let (mut page, bytes) = page_of(selection, &self.table, &self.wanted, &rendering, self.most_bytes);
        if self.wanted.hits {
            page.rows.clear();
        }
        let links = self.links().of_page(&self.wanted, &page);
        response
            .insert_header(("OGC-NumberMatched", page.matched))
            .insert_header(("OGC-NumberReturned", page.rows.len()))
            .insert_header((CONTENT_CRS, format!("<{}>", rendering.system.uri())));
        add_link_headers(&mut response, &links, &self.links().queryables(), query_bytes);
        let Some(form) = text_form(format) else {
            let (rows, sorted) = (page.rows, self.wanted.sorted);
            if let Some(file) = named_file(layer, format) {
                response.insert_header((CONTENT_DISPOSITION, file));
            }
            let bytes = web::block(move || file_bytes(&rendering, &rows, format, sorted)).await;
            return Ok(response.body(bytes.map_err(|error| Problem::internal(&error))??));
        };
        if let Some(file) = named_file(layer, format) {
            response.insert_header((CONTENT_DISPOSITION, file));
        }
        let (head, tail) = self.around(form, &rendering, page.matched, page.rows.len(), &links)?;
        let plain = rendering.system.crs.is_crs84() && rendering.tolerance.is_none();
        let mut writer = TextWriter::new(rendering, form, page.rows, head, tail);
        if bytes <= SMALL_BYTES && plain {
            return Ok(response.body(writer.piece(usize::MAX)?.unwrap_or_default()));
        }
        if bytes <= PIECE_BYTES {
            let written = web::block(move || writer.piece(usize::MAX)).await;
            return Ok(response.body(written.map_err(|error| Problem::internal(&error))??.unwrap_or_default()));
        }
        Ok(response.body(Pieces::of(writer)))
    }

    /// What stands before and after the features.
    fn around(
        &self,
        form: TextForm,
        rendering: &Rendering,
        matched: usize,
        returned: usize,
        links: &[Link],
    ) -> Result<(Vec<u8>, Vec<u8>), Problem> {
        match form {
            TextForm::Csv => return Ok((csv_header(rendering), Vec::new())),
            TextForm::Sequence => return Ok((Vec::new(), Vec::new())),
            TextForm::GeoJson | TextForm::JsonFg => {}
        }
        let mut head = b"{\"type\":\"FeatureCollection\"".to_vec();
        if form == TextForm::JsonFg {
            let about = json_fg_members(self.layer, &rendering.system.uri(), &self.base).to_string();
            head.push(b',');
            head.extend_from_slice(about.trim_start_matches('{').trim_end_matches('}').as_bytes());
        }
        head.extend_from_slice(b",\"features\":[");
        let links = serde_json::to_string(links).map_err(|error| Problem::internal(&error))?;
        let synthetic = self.table.has_synthetic();
        // No `timeStamp`: two answers under one strong ETag are the same bytes, and the header `Date` tells the moment.
        let tail =
            format!("],\"numberMatched\":{matched},\"numberReturned\":{returned},\"synthetic\":{synthetic},\"links\":{links}}}");
        Ok((head, tail.into_bytes()))
    }
}

/// What JSON-FG says beside the features, or in a feature that stands alone.
pub(super) fn json_fg_members(layer: Layer, system: &str, base: &str) -> serde_json::Value {
    json!({
        "conformsTo": [
            "http://www.opengis.net/spec/json-fg-1/1.0/conf/core",
            "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas",
        ],
        "featureType": layer.name(),
        "featureSchema": format!("{base}/ogc/collections/{layer}/schema"),
        "coordRefSys": system,
    })
}

fn text_form(format: Format) -> Option<TextForm> {
    match format {
        Format::GeoJson => Some(TextForm::GeoJson),
        Format::JsonFg => Some(TextForm::JsonFg),
        Format::Csv => Some(TextForm::Csv),
        Format::GeoJsonSequence => Some(TextForm::Sequence),
        _ => None,
    }
}
