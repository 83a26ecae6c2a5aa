//! The layers as collections.

use crate::api::http::Format;
use crate::api::inputs::from_query;
use crate::api::ogc::document::answer;
use crate::api::ogc::link::{GEOJSON, JSON, Link, SCHEMA_JSON, check_parameters};
use crate::api::ogc::tiles::TILESETS;
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use crate::catalogue::Catalogue;
use crate::model::Layer;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// The layer of a path, or a 404 that lists the layers.
pub(in crate::api) fn layer_named(name: &str) -> Result<Layer, Problem> {
    let found = Layer::ALL.iter().find(|layer| layer.name() == name).copied();
    found.ok_or_else(|| {
        let names = Layer::ALL.iter().map(|layer| layer.name()).collect::<Vec<_>>().join(", ");
        Problem::not_found(format!("there is no collection {name:?}; the collections are {names}"))
    })
}

pub(super) async fn collections(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let bench = state.bench();
    let base = base_address(&request);
    let list: Vec<Value> = Layer::ALL.iter().map(|layer| describe(bench.catalogue(), *layer, &base)).collect();
    let links = [Link::new(format!("{base}/ogc/collections"), "self", JSON, "This document")];
    answer(&request, &inputs, Format::Json, None, &json!({ "links": links, "collections": list }))
}

pub(super) async fn collection(
    state: web::Data<State>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let bench = state.bench();
    let document = describe(bench.catalogue(), layer_named(&name)?, &base_address(&request));
    answer(&request, &inputs, Format::Json, None, &document)
}

fn describe(catalogue: &Catalogue, layer: Layer, base: &str) -> Value {
    let (table, schema) = (catalogue.table(layer), layer.schema());
    let address = format!("{base}/ogc/collections/{layer}");
    let items = format!("{address}/items");
    let (schema_address, feature_schema) = (format!("{address}/schema"), format!("{address}/feature-schema"));
    let links = [
        Link::new(&address, "self", JSON, "This document"),
        Link::new(items, "items", GEOJSON, &schema.title.en),
        // GDAL before 3.9 knows only the second spelling.
        Link::new(&feature_schema, "describedby", SCHEMA_JSON, "A feature"),
        Link::new(&feature_schema, "describedBy", SCHEMA_JSON, "A feature"),
        Link::new(&schema_address, "http://www.opengis.net/def/rel/ogc/1.0/schema", SCHEMA_JSON, "Properties"),
        Link::new(format!("{address}/tiles"), TILESETS, JSON, "Vector tiles"),
    ];
    let mut described = json!({
        "id": layer.name(),
        "title": schema.title.en,
        "title_ru": schema.title.ru,
        "description": schema.description,
        "itemType": "feature",
        "crs": [CRS84],
        "storageCrs": CRS84,
        "synthetic": table.has_synthetic(),
        "links": links,
    });
    if let Some(extent) = table.extent() {
        described["extent"] = json!({ "spatial": { "bbox": [extent], "crs": CRS84 } });
    }
    described
}
