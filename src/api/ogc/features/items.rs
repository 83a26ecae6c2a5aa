//! Features of a collection, page by page, in every form.

use super::caps::Caps;
use super::collections::layer_named;
use super::paging::{Links, add_link_headers, page_of};
use super::parameters::ItemsRequest;
use super::response::{PIECE_BYTES, Pieces, named_file};
use super::selections::found;
use super::writers::{FilePart, Rendering, TextForm, TextWriter, csv_header, file_bytes};
use crate::api::http::{Format, Validator, negotiate};
use crate::api::inputs::from_query;
use crate::api::language::Language;
use crate::api::ogc::link::Link;
use crate::api::pages::{DEFAULT_ROWS, ItemsPage, Visit, items_page, page_response, page_validator};
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::{Queue, State};
use crate::catalogue::LayerTable;
use crate::model::Layer;
use crate::planning::SOFTWARE_VERSION;
use crate::query::{Page, Selection};
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
    let caps = Caps::of(format, &state.config);
    let validator = Validator::of((table.version(), layer, &inputs, format, &base, caps, SOFTWARE_VERSION));
    let visit = (format == Format::Html).then(|| Visit::of(&request, &inputs));
    let validator = visit.as_ref().map_or_else(|| validator.clone(), |visit| page_validator(visit, &validator));
    if let Some(known) = validator.not_modified(&request) {
        return Ok(known);
    }
    let mut wanted = ItemsRequest::read(layer, &inputs, caps, bench.catalogue())?;
    if visit.is_some() && !inputs.iter().any(|(name, _)| name == "limit") {
        wanted.limit = DEFAULT_ROWS;
    }
    let selection = found(&state, layer, &table, &wanted.query).await?;
    let query_bytes = request.query_string().len();
    let page = PageOf { layer, table, wanted, inputs, base, format, most_bytes: caps.most_bytes };
    if let Some(visit) = visit {
        let reader = visit.clone();
        let written = web::block(move || page.to_read(&selection, &visit)).await;
        return Ok(page_response(&reader, Some(&validator), written.map_err(|error| Problem::internal(&error))??));
    }
    let mut response = HttpResponse::Ok();
    response.insert_header(validator.header()).insert_header((VARY, "Accept")).content_type(format.media_type());
    match text_form(format) {
        Some(form) => page.written_as_text(form, &selection, response, query_bytes).await,
        None => page.made_as_file(&state, selection, response, query_bytes).await,
    }
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

    /// The rows that are given, about how many bytes they are, and the links from them.
    fn chosen(&self, selection: &Selection, rendering: &Rendering) -> (Page, usize, Vec<Link>) {
        let (mut page, bytes) = page_of(selection, &self.table, &self.wanted, rendering, self.most_bytes);
        if self.wanted.hits {
            page.rows.clear();
        }
        let links = self.links().of_page(&self.wanted, &page);
        (page, bytes, links)
    }

    /// What stands in the headers of every form.
    fn add_headers(&self, response: &mut HttpResponseBuilder, page: &Page, links: &[Link], query_bytes: usize) {
        response
            .insert_header(("OGC-NumberMatched", page.matched))
            .insert_header(("OGC-NumberReturned", page.rows.len()))
            .insert_header((CONTENT_CRS, format!("<{}>", self.wanted.shown.system.uri())));
        add_link_headers(response, links, &self.links().queryables(), query_bytes);
        if let Some(file) = named_file(self.layer, self.format) {
            response.insert_header((CONTENT_DISPOSITION, file));
        }
    }

    /// A form that is made in whole: in memory, so only so many at once.
    async fn made_as_file(
        self,
        state: &State,
        selection: Arc<Selection>,
        mut response: HttpResponseBuilder,
        query_bytes: usize,
    ) -> Result<HttpResponse, Problem> {
        let work = move || {
            let rendering = self.rendering();
            let (page, _, links) = self.chosen(&selection, &rendering);
            let next = links.iter().find(|link| link.rel() == "next").map(|link| link.href().to_owned());
            let about = FilePart { first: page.first, matched: page.matched, next, language: self.language() };
            let bytes = file_bytes(&rendering, &page.rows, self.format, self.wanted.sorted, &about)?;
            Ok((self, page, links, bytes))
        };
        let (asked, page, links, bytes) = state.compute(Queue::Filters, work).await?;
        asked.add_headers(&mut response, &page, &links, query_bytes);
        Ok(response.body(bytes))
    }

    /// The language that the address names: whoever keeps a file sends no headers for people.
    fn language(&self) -> Language {
        let russian = self.inputs.iter().any(|(name, word)| name == "lang" && word == Language::Russian.code());
        if russian { Language::Russian } else { Language::English }
    }

    async fn written_as_text(
        self,
        form: TextForm,
        selection: &Selection,
        mut response: HttpResponseBuilder,
        query_bytes: usize,
    ) -> Result<HttpResponse, Problem> {
        let rendering = self.rendering();
        let (page, bytes, links) = self.chosen(selection, &rendering);
        self.add_headers(&mut response, &page, &links, query_bytes);
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
