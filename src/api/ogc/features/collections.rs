//! The layers as collections.

use super::items::FORMATS;
use super::reference_systems::systems;
use crate::api::http::{Format, Validator};
use crate::api::inputs::from_query;
use crate::api::ogc::document::answer;
use crate::api::ogc::link::{JSON, Link, SCHEMA_JSON, check_parameters};
use crate::api::ogc::tiles::TILESETS;
use crate::api::problem::Problem;
use crate::api::server::base_address;
use crate::api::state::State;
use crate::catalogue::{Catalogue, Column, LayerTable};
use crate::model::Layer;
use crate::planning::SOFTWARE_VERSION;
use crate::query::primary_date;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

/// Relation of the properties that filters may ask for.
pub(super) const QUERYABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
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
    let validator = Validator::of(("collections", bench.catalogue().version(), &base, &inputs, SOFTWARE_VERSION));
    if let Some(known) = validator.not_modified(&request) {
        return Ok(known);
    }
    let list: Vec<Value> = Layer::ALL.iter().map(|layer| describe(bench.catalogue(), *layer, &base)).collect();
    let links = [Link::new(format!("{base}/ogc/collections"), "self", JSON, "This document")];
    let document = json!({ "links": links, "crs": addresses(bench.catalogue()), "collections": list });
    answer(&request, &inputs, Format::Json, Some(&validator), &document)
}

pub(super) async fn collection(
    state: web::Data<State>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let inputs = from_query(&request, state.config.query_bytes)?;
    check_parameters(&inputs, &[])?;
    let (bench, layer, base) = (state.bench(), layer_named(&name)?, base_address(&request));
    let validator = Validator::of((layer, bench.catalogue().version(), &base, &inputs, SOFTWARE_VERSION));
    if let Some(known) = validator.not_modified(&request) {
        return Ok(known);
    }
    let document = describe(bench.catalogue(), layer, &base);
    answer(&request, &inputs, Format::Json, Some(&validator), &document)
}

/// The addresses of the systems that features are offered in.
fn addresses(catalogue: &Catalogue) -> Vec<String> {
    systems(catalogue).iter().map(crate::crs::Published::uri).collect()
}

fn describe(catalogue: &Catalogue, layer: Layer, base: &str) -> Value {
    let (table, schema) = (catalogue.table(layer), layer.schema());
    let mut described = json!({
        "id": layer.name(),
        "title": schema.title.en,
        "title_ru": schema.title.ru,
        "description": schema.description,
        "itemType": "feature",
        "synthetic": table.has_synthetic(),
        "links": links(layer, base),
    });
    if !table.is_empty() && table.extent().is_none() {
        // None of its features has a place that could be brought to another system.
        described["crs"] = json!([CRS84]);
    } else {
        described["crs"] = addresses(catalogue).into();
        described["storageCrs"] = CRS84.into();
    }
    let mut extent = serde_json::Map::new();
    if let Some(bounds) = table.extent() {
        extent.insert("spatial".into(), json!({ "bbox": [bounds], "crs": CRS84 }));
    }
    if let Some([first, last]) = interval(table) {
        let trs = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";
        extent.insert("temporal".into(), json!({ "interval": [[first, last]], "trs": trs }));
    }
    if !extent.is_empty() {
        described["extent"] = extent.into();
    }
    described
}

/// The first and the last moment of a layer whose rows have a day.
fn interval(table: &LayerTable) -> Option<[String; 2]> {
    let column = table.column(&primary_date(table.schema())?.name)?;
    match column {
        Column::Date(days) => {
            let days = || days.iter().flatten();
            let (first, last) = (days().min()?, days().max()?);
            Some([format!("{first}T00:00:00Z"), format!("{last}T23:59:59Z")])
        }
        Column::Moment(moments) => {
            use time::format_description::well_known::Rfc3339;
            let moments = || moments.iter().flatten();
            Some([moments().min()?.format(&Rfc3339).ok()?, moments().max()?.format(&Rfc3339).ok()?])
        }
        _ => None,
    }
}

fn links(layer: Layer, base: &str) -> Vec<Link> {
    let address = format!("{base}/ogc/collections/{layer}");
    let at = |name: &str| format!("{address}/{name}");
    let mut links = vec![Link::new(&address, "self", JSON, "This document")];
    let title = &layer.schema().title.en;
    for (place, format) in FORMATS.iter().enumerate() {
        // Clients take the first; it is the one without a word in its address.
        let items = if place == 0 { at("items") } else { format!("{}?f={}", at("items"), format.name()) };
        links.push(Link::new(items, "items", format.media_type(), &format!("{title}, {}", format.title())));
    }
    links.extend([
        // GDAL takes the first, and before 3.9 knows no other spelling; it reads no types that may be null.
        Link::new(at("feature-schema?types=plain"), "describedBy", SCHEMA_JSON, "A feature, its values without null"),
        Link::new(at("feature-schema"), "describedby", SCHEMA_JSON, "A feature"),
    ]);
    // Some clients look for the address of a relation, others for its short form.
    for (name, long, short, title) in [
        ("schema", "http://www.opengis.net/def/rel/ogc/1.0/schema", "[ogc-rel:schema]", "Properties"),
        ("queryables", QUERYABLES, "[ogc-rel:queryables]", "What filters may ask for"),
        ("sortables", "http://www.opengis.net/def/rel/ogc/1.0/sortables", "[ogc-rel:sortables]", "What pages may be sorted by"),
    ] {
        links.push(Link::new(at(name), long, SCHEMA_JSON, title));
        links.push(Link::new(at(name), short, SCHEMA_JSON, title));
    }
    links.push(Link::new(at("tiles"), TILESETS, JSON, "Vector tiles"));
    links
}
