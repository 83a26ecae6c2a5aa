//! The collections' part of the OpenAPI document.

use super::operation;
use crate::api::http::Format;
use crate::api::ogc::features::{ITEMS_FORMATS, is_queryable, property_schema};
use crate::config::Config;
use crate::model::{Layer, Property};
use serde_json::{Map, Value, json};

pub(super) fn paths(paths: &mut Map<String, Value>) {
    for layer in Layer::ALL {
        collection_paths(paths, *layer);
    }
}

/// Parameters that stand once. QGIS reads the size of its pages from `components/parameters/limit`, and there alone.
pub(super) fn shared_parameters(config: &Config) -> Value {
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": config.page_most, "default": config.page_default });
    let about = format!(
        "Most features on a page: {} where it is not given, and never more than {}. Files hold all that is found: csv and \
         geojsonseq up to {} features, fgb, gpkg, shp and xlsx up to {}; they take greater limits, too",
        config.page_default, config.page_most, config.streamed_rows, config.file_rows
    );
    json!({ "limit": in_query("limit", &about, &limit) })
}

/// A feature of each layer.
pub(super) fn schemas() -> Map<String, Value> {
    let feature = |layer: &Layer| {
        let properties = layer.schema().properties.iter();
        let properties: Map<String, Value> = properties
            .map(|property| {
                let mut schema = property_schema(*layer, property);
                schema["nullable"] = true.into();
                if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
                    // OpenAPI 3.0: a value that may be null must be listed as one.
                    values.push(Value::Null);
                }
                (property.name.clone(), schema)
            })
            .collect();
        let feature = json!({
            "type": "object",
            "required": ["type", "geometry", "properties"],
            "properties": {
                "type": { "type": "string", "enum": ["Feature"] },
                "id": { "type": "integer" },
                "geometry": { "type": "object", "nullable": true },
                "properties": { "type": "object", "properties": properties },
            },
        });
        (layer.name().to_owned(), feature)
    };
    Layer::ALL.iter().map(feature).collect()
}

fn collection_paths(paths: &mut Map<String, Value>, layer: Layer) {
    let (name, title) = (layer.name(), &layer.schema().title.en);
    let base = format!("/ogc/collections/{name}");
    let object = json!({ "type": "object" });
    let about = operation(&format!("describe-{name}"), title, &[], "application/json", &object);
    paths.insert(base.clone(), json!({ "get": about }));
    for (resource, summary) in [
        ("schema", "Properties"),
        ("queryables", "Properties that filters may ask for"),
        ("sortables", "Properties that pages may be sorted by"),
    ] {
        let described = operation(&format!("{resource}-{name}"), summary, &[], "application/schema+json", &object);
        paths.insert(format!("{base}/{resource}"), json!({ "get": described }));
    }
    paths.insert(format!("{base}/items"), items_path(layer));
    paths.insert(format!("{base}/items/{{id}}"), item_path(layer));
}

fn items_path(layer: Layer) -> Value {
    let (name, title) = (layer.name(), &layer.schema().title.en);
    let feature = json!({ "$ref": format!("#/components/schemas/{name}") });
    let collection = json!({
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": { "type": "string", "enum": ["FeatureCollection"] },
            "features": { "type": "array", "items": feature },
            "numberMatched": { "type": "integer" },
            "numberReturned": { "type": "integer" },
            "links": { "type": "array", "items": { "type": "object" } },
        },
    });
    let mut parameters = of_a_page();
    // Some clients show the first few only; the day belongs to them.
    parameters.splice(3..3, of_rows());
    parameters.extend(of_writing());
    parameters.push(format_parameter(&ITEMS_FORMATS));
    let queryable = layer.schema().properties.iter().filter(|property| is_queryable(property));
    parameters.extend(queryable.map(|property| of_property(layer, property)));
    let mut get = operation(&format!("items-{name}"), title, &parameters, "application/geo+json", &collection);
    let content = &mut get["responses"]["200"]["content"];
    for format in &ITEMS_FORMATS[1..] {
        content[essence(*format)] = json!({ "schema": form_schema(*format, &collection) });
    }
    let mut post = edit(&format!("create-{name}"), "Make a feature", &[content_crs()], &WHOLE, &feature);
    let location = json!({ "Location": { "description": "Address of the feature", "schema": { "type": "string" } } });
    post["responses"]["201"] = json!({ "description": "The feature was made", "headers": location });
    json!({ "get": get, "post": post })
}

fn item_path(layer: Layer) -> Value {
    let name = layer.name();
    let feature = json!({ "$ref": format!("#/components/schemas/{name}") });
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } });
    let mut parameters = vec![id.clone()];
    parameters.extend(of_writing());
    parameters.push(format_parameter(&[Format::GeoJson, Format::JsonFg]));
    let mut get = operation(&format!("item-{name}"), "One feature", &parameters, "application/geo+json", &feature);
    get["responses"]["200"]["content"][essence(Format::JsonFg)] = json!({ "schema": { "type": "object" } });
    let done = json!({ "description": "Done" });
    let with_body = [id.clone(), if_match(), content_crs()];
    let mut put = edit(&format!("replace-{name}"), "Replace a feature", &with_body, &WHOLE, &feature);
    put["responses"]["204"] = done.clone();
    let part = json!({ "type": "object" });
    let mut patch = edit(&format!("update-{name}"), "Change a feature (RFC 7396)", &with_body, &PARTS, &part);
    patch["responses"]["204"] = done.clone();
    let mut delete = edit(&format!("delete-{name}"), "Remove a feature", &[id, if_match()], &[], &part);
    delete["responses"]["204"] = done;
    json!({ "get": get, "put": put, "patch": patch, "delete": delete })
}

const WHOLE: [&str; 3] = ["application/geo+json", "application/vnd.ogc.fg+json", "application/json"];
const PARTS: [&str; 3] = ["application/merge-patch+json", "application/geo+json", "application/json"];

fn edit(id: &str, summary: &str, parameters: &[Value], types: &[&str], body: &Value) -> Value {
    let problem = json!({ "$ref": "#/components/responses/problem" });
    let statuses = ["400", "401", "403", "404", "412", "413", "415", "422", "428", "503"];
    let responses: Map<String, Value> = statuses.iter().map(|status| ((*status).to_owned(), problem.clone())).collect();
    let mut edit = json!({ "operationId": id, "summary": summary, "parameters": parameters, "responses": responses });
    if !types.is_empty() {
        let content: Map<String, Value> = types.iter().map(|kind| ((*kind).to_owned(), json!({ "schema": body }))).collect();
        edit["requestBody"] = json!({ "required": true, "content": content });
    }
    edit
}

/// The media type without its parameters.
fn essence(format: Format) -> &'static str {
    let kind = format.media_type();
    kind.split_once(';').map_or(kind, |(kind, _)| kind)
}

fn form_schema(format: Format, collection: &Value) -> Value {
    match format {
        Format::JsonFg => collection.clone(),
        Format::Csv | Format::GeoJsonSequence => json!({ "type": "string" }),
        _ => json!({ "type": "string", "format": "binary" }),
    }
}

fn in_query(name: &str, description: &str, schema: &Value) -> Value {
    json!({
        "name": name, "in": "query", "required": false, "style": "form", "explode": false,
        "description": description, "schema": schema,
    })
}

/// Which rows, wherever they are shown.
pub(super) fn of_rows() -> Vec<Value> {
    let text = json!({ "type": "string" });
    let languages = json!({ "type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text" });
    let when = "A moment or an interval of moments (RFC 3339), open ends as ..; features without a day match always";
    vec![
        in_query("datetime", when, &text),
        in_query("filter", "Which features, in CQL2; the names are those of the queryables", &text),
        in_query("filter-lang", "Spelling of filter", &languages),
        in_query("filter-crs", "System of the geometries in filter", &system()),
    ]
}

fn system() -> Value {
    json!({ "type": "string", "format": "uri", "default": "http://www.opengis.net/def/crs/OGC/1.3/CRS84" })
}

/// Where and in which order, and how many at once.
fn of_a_page() -> Vec<Value> {
    let text = json!({ "type": "string" });
    let corners = json!({ "type": "array", "minItems": 4, "maxItems": 6, "items": { "type": "number" } });
    let names = json!({ "type": "array", "items": { "type": "string" } });
    vec![
        in_query("bbox", "West, south, east, north in CRS84; in the order of the axes of bbox-crs otherwise", &corners),
        json!({ "$ref": "#/components/parameters/limit" }),
        in_query("offset", "Features before the page", &json!({ "type": "integer", "minimum": 0, "default": 0 })),
        in_query("cursor", "Where a page begins, as the links next, prev and last say", &text),
        in_query("bbox-crs", "System of bbox, one of those of the collection", &system()),
        in_query("sortby", "Sortables, each with + or - before it", &names),
        in_query("q", "Words, one of which a feature's texts must hold; separated by commas", &text),
        in_query(
            "resultType",
            "results, or hits for the count alone",
            &json!({ "type": "string", "enum": ["results", "hits"], "default": "results" }),
        ),
    ]
}

/// How rows are written.
fn of_writing() -> Vec<Value> {
    let names = json!({ "type": "array", "items": { "type": "string" } });
    let offset = "How far a line may be moved to save vertices, in units of the system of the answer";
    vec![
        in_query("crs", "System of the answer, one of those of the collection", &system()),
        in_query("properties", "Properties that are answered", &names),
        in_query("exclude-properties", "Properties that are not answered", &names),
        in_query("skipGeometry", "Whether the geometry is left out", &json!({ "type": "boolean", "default": false })),
        in_query("max-allowable-offset", offset, &json!({ "type": "number", "minimum": 0 })),
        in_query(
            "zoom-level",
            "The same as half a pixel of a web map",
            &json!({ "type": "integer", "minimum": 0, "maximum": 30 }),
        ),
    ]
}

fn format_parameter(formats: &[Format]) -> Value {
    let names: Vec<&str> = formats.iter().map(|format| format.name()).chain(["json"]).collect();
    in_query("f", "Form of the answer, before the header Accept", &json!({ "type": "string", "enum": names }))
}

fn of_property(layer: Layer, property: &Property) -> Value {
    let described = property_schema(layer, property);
    let mut schema = json!({ "type": described["type"] });
    if let Some(format) = described.get("format") {
        schema["format"] = format.clone();
    }
    in_query(&property.name, &format!("Features whose value is this: {}", property.meaning), &schema)
}

fn if_match() -> Value {
    json!({
        "name": "If-Match", "in": "header", "required": false, "schema": { "type": "string" },
        "description": "ETag of the feature as it was read; where it has changed since, nothing is done",
    })
}

fn content_crs() -> Value {
    json!({
        "name": "Content-Crs", "in": "header", "required": false, "schema": { "type": "string" },
        "description": "System of the body's coordinates, as <address>; CRS84 where nothing is said",
    })
}
